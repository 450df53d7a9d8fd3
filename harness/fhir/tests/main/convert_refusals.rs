//! What FHIR JSON and XML cannot say in one another, and how that is told. Not for what is carried: convert.rs.

use crate::convert::{json, patient, patient_xml, to_json, to_xml, xml};
use plumbline_fhir::{
    ConvertProblem as P, Definitions, NarrativeProblem, json_to_xml, xml_to_json,
};
use plumbline_tree::{Layout, ParseErrorKind};

/// Members of a patient in JSON, what is wrong with them, and where.
const JSON_REFUSED: &[(&str, P, &str)] = &[
    (r#""sex":"x""#, P::UnknownElement, "Patient.sex"),
    (
        r#""name":[{"x":1}]"#,
        P::UnknownElement,
        "Patient.name[0].x",
    ),
    (r#""deceased":true"#, P::UnknownElement, "Patient.deceased"),
    (
        r#""deceased[x]":true"#,
        P::UnknownElement,
        "Patient.`deceased[x]`",
    ),
    (
        r#""deceasedString":"x""#,
        P::UnknownElement,
        "Patient.deceasedString",
    ),
    (
        r#""_name":[{"id":"x"}]"#,
        P::UnknownElement,
        "Patient._name",
    ),
    (
        r#""name":[{"resourceType":"HumanName"}]"#,
        P::UnknownElement,
        "Patient.name[0].resourceType",
    ),
    (
        r#""fhir_comments":["x"]"#,
        P::Comments,
        "Patient.fhir_comments",
    ),
    (
        r#""_gender":{"fhir_comments":["x"]}"#,
        P::Comments,
        "Patient._gender.fhir_comments",
    ),
    (
        r#""active":true,"active":true"#,
        P::DuplicateName,
        "Patient.active",
    ),
    (
        r#""resourceType":"Patient""#,
        P::DuplicateName,
        "Patient.resourceType",
    ),
    (r#""name":{"family":"x"}"#, P::NotAList, "Patient.name"),
    (
        r#""name":[{"given":"x"}]"#,
        P::NotAList,
        "Patient.name[0].given",
    ),
    (
        r#""name":[{"given":["x"],"_given":{"id":"x"}}]"#,
        P::NotAList,
        "Patient.name[0]._given",
    ),
    (r#""gender":["male"]"#, P::NotSingle, "Patient.gender"),
    (
        r#""maritalStatus":[{"text":"x"}]"#,
        P::NotSingle,
        "Patient.maritalStatus",
    ),
    (
        r#""active":"true""#,
        P::WrongKind("true or false"),
        "Patient.active",
    ),
    (
        r#""multipleBirthInteger":"2""#,
        P::WrongKind("a number"),
        "Patient.multipleBirthInteger",
    ),
    (r#""gender":1"#, P::WrongKind("a string"), "Patient.gender"),
    (
        r#""gender":{"id":"x"}"#,
        P::WrongKind("a string"),
        "Patient.gender",
    ),
    (
        r#""_gender":"x""#,
        P::WrongKind("an object"),
        "Patient._gender",
    ),
    (
        r#""maritalStatus":"x""#,
        P::WrongKind("an object"),
        "Patient.maritalStatus",
    ),
    (
        r#""name":[["x"]]"#,
        P::WrongKind("an object"),
        "Patient.name[0]",
    ),
    (
        r#""contained":["x"]"#,
        P::WrongKind("a resource"),
        "Patient.contained[0]",
    ),
    (
        r#""contained":[{"id":"x"}]"#,
        P::NotAResource,
        "Patient.contained[0]",
    ),
    (
        r#""contained":[{"resourceType":"HumanName"}]"#,
        P::NotAResource,
        "Patient.contained[0].resourceType",
    ),
    (r#""name":[]"#, P::Empty, "Patient.name"),
    (r#""name":[{}]"#, P::Empty, "Patient.name[0]"),
    (r#""gender":null"#, P::Empty, "Patient.gender"),
    (r#""_gender":{}"#, P::Empty, "Patient._gender"),
    (r#""name":[null]"#, P::Empty, "Patient.name[0]"),
    (
        r#""name":[{"given":["x",null],"_given":[{"id":"x"}]}]"#,
        P::Empty,
        "Patient.name[0].given[1]",
    ),
    (
        r#""name":[{"_id":{"extension":[]}}]"#,
        P::NoRoom,
        "Patient.name[0]._id",
    ),
    (
        r#""text":{"_div":{"id":"x"}}"#,
        P::NoRoom,
        "Patient.text._div",
    ),
    (r#""gender":"a\u0000b""#, P::Character, "Patient.gender"),
    (
        r#""name":[{"id":"a\u0008b"}]"#,
        P::Character,
        "Patient.name[0].id",
    ),
    (
        r#""text":{"div":"a &nbsp; b"}"#,
        P::Narrative(NarrativeProblem::NotWellFormed(ParseErrorKind::TextOutside)),
        "Patient.text.div",
    ),
    (
        r#""text":{"div":"<div xmlns='http://www.w3.org/1999/xhtml'>&nbsp;</div>"}"#,
        P::Narrative(NarrativeProblem::NotWellFormed(
            ParseErrorKind::UnknownEntity,
        )),
        "Patient.text.div",
    ),
    (
        r#""text":{"div":"<div>no namespace</div>"}"#,
        P::Narrative(NarrativeProblem::NotADiv),
        "Patient.text.div",
    ),
    (
        r#""text":{"div":"<p xmlns='http://www.w3.org/1999/xhtml'/>"}"#,
        P::Narrative(NarrativeProblem::NotADiv),
        "Patient.text.div",
    ),
    (
        r#""text":{"div":"<?xml version='1.0'?><div xmlns='http://www.w3.org/1999/xhtml'/>"}"#,
        P::Narrative(NarrativeProblem::More),
        "Patient.text.div",
    ),
    (
        r#""text":{"div":"<div xmlns='http://www.w3.org/1999/xhtml'/><!-- x -->"}"#,
        P::Narrative(NarrativeProblem::More),
        "Patient.text.div",
    ),
    (
        r#""text":{"div":1}"#,
        P::WrongKind("a string"),
        "Patient.text.div",
    ),
];

/// Children of a patient in XML, what is wrong with them, and where.
const XML_REFUSED: &[(&str, P, &str)] = &[
    ("<sex value='x'/>", P::UnknownElement, "Patient.sex"),
    (
        "<name><id value='x'/></name>",
        P::UnknownElement,
        "Patient.name.id",
    ),
    (
        "<deceased value='true'/>",
        P::UnknownElement,
        "Patient.deceased",
    ),
    (
        "<gender code='male'/>",
        P::UnknownAttribute,
        "Patient.gender.@code",
    ),
    (
        "<name value='x'/>",
        P::UnknownAttribute,
        "Patient.name.@value",
    ),
    (
        "<name xml:id='x'><text value='x'/></name>",
        P::UnknownAttribute,
        "Patient.name.@`xml:id`",
    ),
    (
        "<contained id='x'><Basic/></contained>",
        P::UnknownAttribute,
        "Patient.contained.@id",
    ),
    (
        "<gender value='male'/><gender value='male'/>",
        P::NotSingle,
        "Patient.gender[1]",
    ),
    ("<gender/>", P::Empty, "Patient.gender"),
    ("<name/>", P::Empty, "Patient.name"),
    ("<name> <!-- x --> </name>", P::Empty, "Patient.name"),
    ("<gender>male</gender>", P::Empty, "Patient.gender"),
    (
        "<gender value='male'>x</gender>",
        P::Text,
        "Patient.gender.text()",
    ),
    (
        "<gender id='a' value='male'>x</gender>",
        P::Text,
        "Patient.gender.text()",
    ),
    ("text", P::Text, "Patient.text()"),
    (
        "<contained>x<Basic/></contained>",
        P::Text,
        "Patient.contained.text()",
    ),
    ("<contained/>", P::NotOneResource, "Patient.contained"),
    (
        "<contained><Basic/><Basic/></contained>",
        P::NotOneResource,
        "Patient.contained",
    ),
    (
        "<contained><Sex/></contained>",
        P::NotAResource,
        "Patient.contained.Sex",
    ),
    (
        "<contained><Basic xmlns='x'/></contained>",
        P::ForeignNamespace,
        "Patient.contained.Basic",
    ),
    (
        "<gender xmlns='x' value='male'/>",
        P::ForeignNamespace,
        "Patient.gender",
    ),
    (
        "<text><div>x</div></text>",
        P::ForeignNamespace,
        "Patient.text.div",
    ),
    ("<active value='1'/>", P::Boolean, "Patient.active.@value"),
    (
        "<active value=' true'/>",
        P::Boolean,
        "Patient.active.@value",
    ),
    (
        "<multipleBirthInteger value='+1'/>",
        P::Number,
        "Patient.multipleBirthInteger.@value",
    ),
    (
        "<multipleBirthInteger value=''/>",
        P::Number,
        "Patient.multipleBirthInteger.@value",
    ),
    (
        "<multipleBirthInteger value='01'/>",
        P::Number,
        "Patient.multipleBirthInteger.@value",
    ),
];

#[test]
fn refuses_json_that_xml_cannot_hold() {
    for &(members, problem, path) in JSON_REFUSED {
        let error = to_xml(&patient(members)).expect_err(members);
        assert_eq!(
            (error.problem, error.path.as_str()),
            (problem, path),
            "{members}"
        );
        assert!(error.line == 1 && error.column > 1, "{members}");
        assert!(!problem.cure().is_empty() && !error.to_string().is_empty());
    }
    for root in [
        r#"{"id":"x"}"#,
        r#"{"resourceType":1}"#,
        "{}",
        r#"{"resourceType":"Resource"}"#,
    ] {
        assert_eq!(to_xml(root).unwrap_err().problem, P::NotAResource, "{root}");
    }
    for root in ["[]", "1", "null"] {
        assert_eq!(
            to_xml(root).unwrap_err().problem,
            P::WrongKind("a resource"),
            "{root}"
        );
    }
    let again = json_to_xml(&xml(&patient_xml("")), Definitions::r4(), Layout::Compact);
    assert_eq!(again.unwrap_err().problem, P::SameSyntax);
}

#[test]
fn refuses_xml_that_json_cannot_hold() {
    for &(children, problem, path) in XML_REFUSED {
        let error = to_json(&patient_xml(children)).expect_err(children);
        assert_eq!(
            (error.problem, error.path.as_str()),
            (problem, path),
            "{children}"
        );
        assert!(!problem.cure().is_empty());
    }
    assert_eq!(
        to_json("<Patient/>").unwrap_err().problem,
        P::ForeignNamespace
    );
    let unknown = to_json("<Sex xmlns='http://hl7.org/fhir'/>");
    assert_eq!(unknown.unwrap_err().problem, P::NotAResource);
    let again = xml_to_json(
        &json(&patient(r#""active":true"#)),
        Definitions::r4(),
        Layout::Compact,
    );
    assert_eq!(again.unwrap_err().problem, P::SameSyntax);
}
