//! FHIR JSON to XML and back: what is hard about it, and what is refused. Not for official examples: `convert_corpus`.

use crate::same::difference;
use plumbline_fhir::{
    ConvertError, ConvertProblem, Definitions, FhirVersion, NarrativeProblem, json_to_xml,
    xml_to_json,
};
use plumbline_tree::{Layout, Limits, ParseErrorKind, Tree};

fn limits() -> Limits {
    Limits {
        max_depth: 20_000,
        ..Limits::default()
    }
}

fn json(text: &str) -> Tree {
    Tree::parse(text.as_bytes().to_vec(), &limits()).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn xml(text: &str) -> Tree {
    Tree::parse_xml(text.as_bytes().to_vec(), &limits()).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn to_xml(text: &str) -> Result<String, ConvertError> {
    json_to_xml(&json(text), Definitions::r4(), Layout::Compact)
}

fn to_json(text: &str) -> Result<String, ConvertError> {
    xml_to_json(&xml(text), Definitions::r4(), Layout::Compact)
}

/// Both ways, and both ways laid out over lines.
#[track_caller]
fn is_carried(json_text: &str, xml_text: &str) {
    assert_eq!(to_xml(json_text).unwrap(), xml_text);
    let back = to_json(xml_text).unwrap();
    assert_eq!(difference(json(json_text).root(), json(&back).root()), None);
    let laid_out = json_to_xml(&json(json_text), Definitions::r4(), Layout::Indented).unwrap();
    let back = xml_to_json(&xml(&laid_out), Definitions::r4(), Layout::Indented).unwrap();
    assert_eq!(difference(json(json_text).root(), json(&back).root()), None);
}

fn patient(members: &str) -> String {
    format!(r#"{{"resourceType":"Patient",{members}}}"#)
}

fn patient_xml(children: &str) -> String {
    format!(r#"<Patient xmlns="http://hl7.org/fhir">{children}</Patient>"#)
}

#[test]
fn elements_take_the_order_of_the_definitions() {
    is_carried(
        &patient(
            r#""gender":"female","name":[{"given":["B","A"],"family":"F","id":"n"}],"active":true,"id":"p""#,
        ),
        &patient_xml(concat!(
            r#"<id value="p"/><active value="true"/>"#,
            r#"<name id="n"><family value="F"/><given value="B"/><given value="A"/></name><gender value="female"/>"#
        )),
    );
}

#[test]
fn a_resource_without_members_is_one() {
    is_carried(
        r#"{"resourceType":"Patient"}"#,
        r#"<Patient xmlns="http://hl7.org/fhir"/>"#,
    );
}

#[test]
fn what_is_about_a_primitive_stays_with_it() {
    is_carried(
        &patient(concat!(
            r#""name":[{"given":["Anna",null,"Zoë"],"_given":[null,{"extension":[{"url":"u","valueCode":"masked"}]},{"id":"g"}]}],"#,
            r#""_gender":{"extension":[{"id":"e","url":"t","valueDecimal":1.50}]},"#,
            r#""birthDate":"1970-01-01","_birthDate":{"id":"b"}"#
        )),
        &patient_xml(concat!(
            r#"<name><given value="Anna"/><given><extension url="u"><valueCode value="masked"/></extension></given>"#,
            r#"<given id="g" value="Zoë"/></name>"#,
            r#"<gender><extension id="e" url="t"><valueDecimal value="1.50"/></extension></gender>"#,
            r#"<birthDate id="b" value="1970-01-01"/>"#
        )),
    );
}

#[test]
fn only_what_has_values_is_a_list_of_values() {
    is_carried(
        &patient(
            r#""name":[{"_given":[{"id":"a"},{"extension":[{"url":"u","valueString":"v"}]}]}]"#,
        ),
        &patient_xml(concat!(
            r#"<name><given id="a"/><given><extension url="u"><valueString value="v"/></extension></given></name>"#
        )),
    );
}

#[test]
fn numbers_stay_as_written() {
    for number in [
        "0",
        "-0",
        "1.50",
        "0.00",
        "1e2",
        "-1.5E+10",
        "123456789012345678901234567890.10",
    ] {
        is_carried(
            &format!(
                r#"{{"resourceType":"Observation","valueQuantity":{{"value":{number}}},"component":[{{"valueInteger":{number}}}]}}"#
            ),
            &format!(
                r#"<Observation xmlns="http://hl7.org/fhir"><valueQuantity><value value="{number}"/></valueQuantity><component><valueInteger value="{number}"/></component></Observation>"#
            ),
        );
    }
}

#[test]
fn text_stays_as_it_is() {
    is_carried(
        &patient(
            r#""name":[{"text":" a  \"<b>\" & 'c'\t\n\r\nd\u00a0\ud83d\ude00 "},{"text":""},{"text":"<div/>"}]"#,
        ),
        &patient_xml(concat!(
            r#"<name><text value=" a  &quot;&lt;b&gt;&quot; &amp; 'c'&#9;&#10;&#13;&#10;d"#,
            "\u{a0}\u{1f600}",
            r#" "/></name><name><text value=""/></name><name><text value="&lt;div/&gt;"/></name>"#
        )),
    );
}

#[test]
fn resources_stand_in_resources() {
    is_carried(
        concat!(
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":"#,
            r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"},{"resourceType":"Patient"}],"managingOrganization":{"reference":"#o"}}},"##,
            r#"{"resource":{"resourceType":"Parameters","parameter":[{"name":"r","resource":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic"}}]}}]}}]}"#
        ),
        concat!(
            r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><fullUrl value="urn:uuid:1"/><resource>"#,
            r#"<Patient><contained><Organization><id value="o"/></Organization></contained><contained><Patient/></contained>"#,
            r##"<managingOrganization><reference value="#o"/></managingOrganization></Patient></resource></entry>"##,
            r#"<entry><resource><Parameters><parameter><name value="r"/><resource><Bundle><entry><resource><Basic/></resource></entry></Bundle>"#,
            r#"</resource></parameter></Parameters></resource></entry></Bundle>"#
        ),
    );
}

/// `ExampleScenario.instance` has an element of the name that resources have their type in.
#[test]
fn a_resource_type_can_be_an_element() {
    is_carried(
        r#"{"resourceType":"ExampleScenario","instance":[{"resourceId":"a","resourceType":"Patient"}]}"#,
        concat!(
            r#"<ExampleScenario xmlns="http://hl7.org/fhir"><instance><resourceId value="a"/>"#,
            r#"<resourceType value="Patient"/></instance></ExampleScenario>"#
        ),
    );
}

#[test]
fn narrative_keeps_every_character() {
    let divs = [
        r#"<div xmlns="http://www.w3.org/1999/xhtml"><b>A</b> <i>B</i></div>"#,
        r#"<div xmlns='http://www.w3.org/1999/xhtml' id="x" lang='cy'>a &amp; b &#233; &#x27; > "q" 'q'</div>"#,
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">\r\n\t<p>\n one</p><!-- a > b --><![CDATA[<x>]]>\r\n</div>",
        r#"<div xmlns="http://www.w3.org/1999/xhtml"/>"#,
        r#"<div xmlns="http://www.w3.org/1999/xhtml"></div>"#,
        r#"<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>x</h:p></h:div>"#,
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><div/></div>\u{1f600}</div >",
    ];
    for div in divs {
        let written: String = div
            .chars()
            .flat_map(|c| match c {
                '"' => vec!['\\', '"'],
                '\r' => vec!['\\', 'r'],
                '\n' => vec!['\\', 'n'],
                '\t' => vec!['\\', 't'],
                c => vec![c],
            })
            .collect();
        is_carried(
            &patient(&format!(
                r#""text":{{"status":"generated","div":"{written}"}},"contained":[{{"resourceType":"Basic","text":{{"div":"{written}"}}}}]"#
            )),
            &patient_xml(&format!(
                r#"<text><status value="generated"/>{div}</text><contained><Basic><text>{div}</text></Basic></contained>"#
            )),
        );
    }
}

#[test]
fn narrative_takes_its_namespace_along() {
    let text = concat!(
        r#"<Patient xmlns="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml"><text><status value="empty"/>"#,
        r#"<h:div>a<h:br/></h:div></text></Patient>"#
    );
    let wanted = r#"{"resourceType":"Patient","text":{"status":"empty","div":"<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\">a<h:br/></h:div>"}}"#;
    assert_eq!(to_json(text).unwrap(), wanted);
}

#[test]
fn prefixes_comments_and_hints_are_no_content() {
    let text = concat!(
        r#"<?xml version="1.0"?><!-- a --><f:Patient xmlns:f="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" "#,
        r#"xsi:schemaLocation="http://hl7.org/fhir ../fhir.xsd"> <!-- b --><f:active value="true"/><?p i?>"#,
        r#"<f:name><f:family xsi:nil="false" value="F"/></f:name></f:Patient>"#
    );
    let wanted = r#"{"resourceType":"Patient","active":true,"name":[{"family":"F"}]}"#;
    assert_eq!(to_json(text).unwrap(), wanted);
}

/// What a definition does not allow but both syntaxes can hold is not for this to judge.
#[test]
fn what_is_merely_wrong_is_carried() {
    is_carried(
        &patient(
            r#""gender":" nobody","birthDate":"soon","deceasedBoolean":false,"deceasedDateTime":"x""#,
        ),
        &patient_xml(
            r#"<gender value=" nobody"/><birthDate value="soon"/><deceasedBoolean value="false"/><deceasedDateTime value="x"/>"#,
        ),
    );
}

#[test]
fn versions_differ() {
    let text = r#"{"resourceType":"MedicationRequest","requester":{"agent":{"reference":"Practitioner/1"}}}"#;
    let stu3 = json_to_xml(&json(text), Definitions::stu3(), Layout::Compact).unwrap();
    assert!(stu3.contains("<requester><agent><reference"), "{stu3}");
    let error = to_xml(text).unwrap_err();
    assert_eq!(error.problem, ConvertProblem::UnknownElement);
    assert_eq!(error.path, "MedicationRequest.requester.agent");
}

/// The narrative is put in by its name, which nothing else may therefore have.
#[test]
fn nothing_but_narrative_has_its_name() {
    for version in FhirVersion::ALL {
        let definitions = Definitions::of(version);
        assert!(definitions.element_at("Narrative.div").is_some());
        let owners = definitions
            .types()
            .filter(|it| it.shape().child("div").is_some());
        let owners: Vec<&str> = owners.map(|it| it.name()).collect();
        assert_eq!(owners, ["Narrative"]);
        for kind in definitions.types() {
            for element in kind.shape().children() {
                let inline = element.inline_shape();
                assert!(inline.is_none_or(|it| it.child("div").is_none()));
            }
        }
    }
}

#[test]
fn refuses_json_that_xml_cannot_hold() {
    use ConvertProblem as P;
    let div = |text: &str| format!(r#""text":{{"div":"{text}"}}"#);
    let not_well_formed = P::Narrative(NarrativeProblem::NotWellFormed(
        ParseErrorKind::UnknownEntity,
    ));
    let cases: Vec<(String, P, &str)> = vec![
        (r#""sex":"x""#.into(), P::UnknownElement, "Patient.sex"),
        (
            r#""name":[{"x":1}]"#.into(),
            P::UnknownElement,
            "Patient.name[0].x",
        ),
        (
            r#""deceased":true"#.into(),
            P::UnknownElement,
            "Patient.deceased",
        ),
        (
            r#""deceased[x]":true"#.into(),
            P::UnknownElement,
            "Patient.`deceased[x]`",
        ),
        (
            r#""deceasedString":"x""#.into(),
            P::UnknownElement,
            "Patient.deceasedString",
        ),
        (
            r#""_name":[{"id":"x"}]"#.into(),
            P::UnknownElement,
            "Patient._name",
        ),
        (
            r#""name":[{"resourceType":"HumanName"}]"#.into(),
            P::UnknownElement,
            "Patient.name[0].resourceType",
        ),
        (
            r#""fhir_comments":["x"]"#.into(),
            P::Comments,
            "Patient.fhir_comments",
        ),
        (
            r#""_gender":{"fhir_comments":["x"]}"#.into(),
            P::Comments,
            "Patient._gender.fhir_comments",
        ),
        (
            r#""active":true,"active":true"#.into(),
            P::DuplicateName,
            "Patient.active",
        ),
        (
            r#""resourceType":"Patient""#.into(),
            P::DuplicateName,
            "Patient.resourceType",
        ),
        (
            r#""name":{"family":"x"}"#.into(),
            P::NotAList,
            "Patient.name",
        ),
        (
            r#""name":[{"given":"x"}]"#.into(),
            P::NotAList,
            "Patient.name[0].given",
        ),
        (
            r#""name":[{"given":["x"],"_given":{"id":"x"}}]"#.into(),
            P::NotAList,
            "Patient.name[0]._given",
        ),
        (
            r#""gender":["male"]"#.into(),
            P::NotSingle,
            "Patient.gender",
        ),
        (
            r#""maritalStatus":[{"text":"x"}]"#.into(),
            P::NotSingle,
            "Patient.maritalStatus",
        ),
        (
            r#""active":"true""#.into(),
            P::WrongKind("true or false"),
            "Patient.active",
        ),
        (
            r#""multipleBirthInteger":"2""#.into(),
            P::WrongKind("a number"),
            "Patient.multipleBirthInteger",
        ),
        (
            r#""gender":1"#.into(),
            P::WrongKind("a string"),
            "Patient.gender",
        ),
        (
            r#""gender":{"id":"x"}"#.into(),
            P::WrongKind("a string"),
            "Patient.gender",
        ),
        (
            r#""_gender":"x""#.into(),
            P::WrongKind("an object"),
            "Patient._gender",
        ),
        (
            r#""maritalStatus":"x""#.into(),
            P::WrongKind("an object"),
            "Patient.maritalStatus",
        ),
        (
            r#""name":[["x"]]"#.into(),
            P::WrongKind("an object"),
            "Patient.name[0]",
        ),
        (
            r#""contained":["x"]"#.into(),
            P::WrongKind("a resource"),
            "Patient.contained[0]",
        ),
        (
            r#""contained":[{"id":"x"}]"#.into(),
            P::NotAResource,
            "Patient.contained[0]",
        ),
        (
            r#""contained":[{"resourceType":"HumanName"}]"#.into(),
            P::NotAResource,
            "Patient.contained[0].resourceType",
        ),
        (r#""name":[]"#.into(), P::Empty, "Patient.name"),
        (r#""name":[{}]"#.into(), P::Empty, "Patient.name[0]"),
        (r#""gender":null"#.into(), P::Empty, "Patient.gender"),
        (r#""_gender":{}"#.into(), P::Empty, "Patient._gender"),
        (r#""name":[null]"#.into(), P::Empty, "Patient.name[0]"),
        (
            r#""name":[{"given":["x",null],"_given":[{"id":"x"}]}]"#.into(),
            P::Empty,
            "Patient.name[0].given[1]",
        ),
        (
            r#""name":[{"_id":{"extension":[]}}]"#.into(),
            P::NoRoom,
            "Patient.name[0]._id",
        ),
        (
            r#""text":{"_div":{"id":"x"}}"#.into(),
            P::NoRoom,
            "Patient.text._div",
        ),
        (
            r#""gender":"a\u0000b""#.into(),
            P::Character,
            "Patient.gender",
        ),
        (
            r#""name":[{"id":"a\u0008b"}]"#.into(),
            P::Character,
            "Patient.name[0].id",
        ),
        (
            div("a &nbsp; b"),
            P::Narrative(NarrativeProblem::NotWellFormed(ParseErrorKind::TextOutside)),
            "Patient.text.div",
        ),
        (
            div("<div xmlns='http://www.w3.org/1999/xhtml'>&nbsp;</div>"),
            not_well_formed,
            "Patient.text.div",
        ),
        (
            div("<div>no namespace</div>"),
            P::Narrative(NarrativeProblem::NotADiv),
            "Patient.text.div",
        ),
        (
            div("<p xmlns='http://www.w3.org/1999/xhtml'/>"),
            P::Narrative(NarrativeProblem::NotADiv),
            "Patient.text.div",
        ),
        (
            div("<?xml version='1.0'?><div xmlns='http://www.w3.org/1999/xhtml'/>"),
            P::Narrative(NarrativeProblem::More),
            "Patient.text.div",
        ),
        (
            div("<div xmlns='http://www.w3.org/1999/xhtml'/><!-- x -->"),
            P::Narrative(NarrativeProblem::More),
            "Patient.text.div",
        ),
        (
            r#""text":{"div":1}"#.into(),
            P::WrongKind("a string"),
            "Patient.text.div",
        ),
    ];
    for (members, problem, path) in cases {
        let error = to_xml(&patient(&members)).expect_err(&members);
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
    use ConvertProblem as P;
    let cases = [
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
    for (children, problem, path) in cases {
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

/// Deep and long bodies cost memory and time in proportion, and no stack.
#[test]
fn deep_and_long_bodies_are_carried() {
    let depth = 5_000;
    let open = r#"{"url":"u","extension":["#.repeat(depth);
    let deep = patient(&format!(
        r#""extension":[{open}{{"url":"u","valueCode":"x"}}{}]"#,
        "]}".repeat(depth)
    ));
    let back = to_json(&to_xml(&deep).unwrap()).unwrap();
    assert_eq!(difference(json(&deep).root(), json(&back).root()), None);

    let names = vec![r#"{"given":["a",null],"_given":[null,{"id":"x"}]}"#; 50_000].join(",");
    let long = patient(&format!(r#""name":[{names}]"#));
    let back = to_json(&to_xml(&long).unwrap()).unwrap();
    assert_eq!(difference(json(&long).root(), json(&back).root()), None);
}
