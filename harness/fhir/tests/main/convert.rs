//! FHIR JSON to XML and back: what is hard about it, and what is refused. Not for official examples: `convert_corpus`.

use crate::same::difference;
use plumbline_fhir::{
    ConvertError, ConvertProblem, Definitions, FhirVersion, json_to_xml, xml_to_json,
};
use plumbline_tree::{Layout, Limits, Tree};

fn limits() -> Limits {
    Limits {
        max_depth: 20_000,
        ..Limits::default()
    }
}

pub fn json(text: &str) -> Tree {
    Tree::parse(text.as_bytes().to_vec(), &limits()).unwrap_or_else(|e| panic!("{e}: {text}"))
}

pub fn xml(text: &str) -> Tree {
    Tree::parse_xml(text.as_bytes().to_vec(), &limits()).unwrap_or_else(|e| panic!("{e}: {text}"))
}

pub fn to_xml(text: &str) -> Result<String, ConvertError> {
    json_to_xml(&json(text), Definitions::r4(), Layout::Compact)
}

pub fn to_json(text: &str) -> Result<String, ConvertError> {
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

pub fn patient(members: &str) -> String {
    format!(r#"{{"resourceType":"Patient",{members}}}"#)
}

pub fn patient_xml(children: &str) -> String {
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
        &patient_xml(
            r#"<name><given id="a"/><given><extension url="u"><valueString value="v"/></extension></given></name>"#,
        ),
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
        for kind in definitions.types().filter(|it| it.name() != "Narrative") {
            let mut shapes = vec![kind.shape()];
            while let Some(shape) = shapes.pop() {
                assert!(shape.child("div").is_none(), "{version}: {}", kind.name());
                let own = shape
                    .children()
                    .filter(|it| it.content_reference().is_none());
                shapes.extend(own.filter_map(plumbline_fhir::Element::inline_shape));
            }
        }
    }
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
