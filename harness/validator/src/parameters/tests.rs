//! Parameters of operations: a passing and a failing instance of every rule.

use crate::reference::testing::{bundle, expect_with};
use plumbline_fhir::FhirVersion::{self, R4, Stu3};

const OPERATION: &str = r#"{"resourceType":"OperationDefinition","id":"o","code":"find","inputProfile":"https://x.example/in",
    "outputProfile":"https://x.example/out","parameter":[
    {"name":"patient","use":"in","min":1,"max":"1","type":"Patient"},
    {"name":"date","use":"in","min":0,"max":"1","type":"date"},
    {"name":"any","use":"in","min":0,"max":"*","type":"Any"},
    {"name":"options","use":"in","min":0,"max":"*","part":[{"name":"code","min":1,"max":"1","type":"code"}]},
    {"name":"return","use":"out","min":1,"max":"1","type":"Bundle"}]}"#;
const PATIENT: &str = r#"{"name":"patient","resource":{"resourceType":"Patient","id":"1"}}"#;

/// The body of a request to the operation.
fn sent(parameters: &[&str]) -> String {
    let parameters = parameters.join(",");
    let resource = format!(r#"{{"resourceType":"Parameters","parameter":[{parameters}]}}"#);
    bundle(
        "batch",
        &[&format!(
            r#"{{"resource":{resource},"request":{{"method":"POST","url":"Patient/$find"}}}}"#
        )],
    )
}

fn expect(version: FhirVersion, parameters: &[&str], wanted: &[(&str, &str)]) {
    expect_with(version, &sent(parameters), &[OPERATION], wanted);
}

const AT: &str = "Bundle.entry[0].resource";

#[test]
fn parameters_are_those_of_the_operation() {
    for version in [Stu3, R4] {
        let date = r#"{"name":"date","valueDate":"2020-01-01"}"#;
        let options = r#"{"name":"options","part":[{"name":"code","valueCode":"a"}]}"#;
        let any = r#"{"name":"any","valueString":"a"}"#;
        expect(version, &[PATIENT, date, options, any, any], &[]);
        let unknown = r#"{"name":"return","valueString":"a"}"#;
        let at = "Bundle.entry[0].resource.parameter[1].name";
        expect(
            version,
            &[PATIENT, unknown],
            &[("FHIR-PARAMETERS-UNKNOWN", at)],
        );
        expect(version, &[date], &[("FHIR-PARAMETERS-MIN", AT)]);
        expect(version, &[PATIENT, PATIENT], &[("FHIR-PARAMETERS-MAX", AT)]);
        for wrong in [
            r#"{"name":"date","valueString":"a"}"#,
            r#"{"name":"date","resource":{"resourceType":"Group","type":"person","actual":true}}"#,
            r#"{"name":"date","part":[{"name":"a","valueCode":"a"}]}"#,
        ] {
            let at = "Bundle.entry[0].resource.parameter[1]";
            expect(version, &[PATIENT, wrong], &[("FHIR-PARAMETERS-TYPE", at)]);
        }
        let part = r#"{"name":"options","part":[{"name":"other","valueCode":"a"}]}"#;
        let at = "Bundle.entry[0].resource.parameter[1]";
        let name = "Bundle.entry[0].resource.parameter[1].part[0].name";
        let wanted = [
            ("FHIR-PARAMETERS-MIN", at),
            ("FHIR-PARAMETERS-UNKNOWN", name),
        ];
        expect(version, &[PATIENT, part], &wanted);
    }
}

#[test]
fn a_profile_names_the_operation() {
    let json = |way: &str, parameter: &str| {
        format!(
            r#"{{"resourceType":"Parameters","meta":{{"profile":["https://x.example/{way}"]}},"parameter":[{parameter}]}}"#
        )
    };
    expect_with(R4, &json("in", PATIENT), &[OPERATION], &[]);
    let wanted = [
        ("FHIR-PARAMETERS-MIN", "Parameters"),
        ("FHIR-PARAMETERS-UNKNOWN", "Parameters.parameter[0].name"),
    ];
    expect_with(R4, &json("out", PATIENT), &[OPERATION], &wanted);
    // Without the operation nothing is known.
    expect_with(R4, &json("out", PATIENT), &[], &[]);
}
