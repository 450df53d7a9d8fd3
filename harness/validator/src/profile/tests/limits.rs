//! Conditions: best practice, nothing as an answer, nested content, depth; and how often an extension stands.

use super::{errors, judged, lines, profile, tree, validator};
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{BestPractice, FhirVersion, Options};
use plumbline_tree::{Limits, Tree};

fn condition(path: &str, expression: &str, rest: &str) -> String {
    format!(
        r#"{{"id":"{path}","path":"{path}","constraint":[{{"key":"x-1","severity":"error","human":"x","expression":"{expression}"{rest}}}]}}"#
    )
}

#[test]
fn a_condition_that_gives_nothing_does_not_hold() {
    let elements = condition("Patient", "gender = 'male'", "");
    let validator = validator(FhirVersion::R4, &[profile("Patient", "p", &elements)]);
    let male = r#"{"resourceType":"Patient","gender":"male"}"#;
    assert_eq!(errors(&validator, male), [""; 0]);
    let nothing = r#"{"resourceType":"Patient","active":true}"#;
    assert_eq!(errors(&validator, nothing), ["FHIR-INVARIANT-x-1 Patient"]);
    // The base specification has the same rule of what is there: a day and a year cannot be compared.
    let period = r#"{"resourceType":"Patient","gender":"male","name":[{"text":"a","period":{"start":"2020-01-05","end":"2020"}}]}"#;
    assert_eq!(
        errors(&validator, period),
        ["FHIR-INVARIANT-per-1 Patient.name[0].period"]
    );
}

#[test]
fn best_practice_is_said_only_if_it_is_asked_for() {
    let advice = r#","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice","valueBoolean":true}]"#;
    let elements = condition("Patient", "gender.exists()", advice);
    let elements = elements.replace(r#""severity":"error""#, r#""severity":"warning""#);
    let validator = validator(FhirVersion::R4, &[profile("Patient", "p", &elements)]);
    let body = tree(r#"{"resourceType":"Patient","active":true}"#);
    let profiles = ["https://x.example/p".to_owned()];
    for (best_practice, wanted) in [(BestPractice::Ignore, 0), (BestPractice::Warn, 1)] {
        let options = Options {
            best_practice,
            ..Options::default()
        };
        let found = validator.judge(&body, &profiles, &options);
        let found = lines(&found, Severity::Warning);
        let found = found.iter().filter(|it| it.contains("x-1"));
        assert_eq!(found.count(), wanted);
    }
}

#[test]
fn a_condition_reaches_what_has_the_same_content() {
    let elements = condition("Questionnaire.item", "text.exists()", "");
    let validator = validator(FhirVersion::R4, &[profile("Questionnaire", "p", &elements)]);
    let item = |id: &str, rest: &str| format!(r#"{{"linkId":"{id}","type":"group"{rest}}}"#);
    let deep = item("4", "");
    let deep = item("3", &format!(r#","text":"c","item":[{deep}]"#));
    let deep = item("2", &format!(r#","item":[{deep}]"#));
    let deep = item("1", &format!(r#","text":"a","item":[{deep}]"#));
    let body = format!(r#"{{"resourceType":"Questionnaire","status":"draft","item":[{deep}]}}"#);
    let found = errors(&validator, &body);
    let found: Vec<&String> = found.iter().filter(|it| it.contains("x-1")).collect();
    assert_eq!(
        found,
        [
            "FHIR-INVARIANT-x-1 Questionnaire.item[0].item[0]",
            "FHIR-INVARIANT-x-1 Questionnaire.item[0].item[0].item[0].item[0]"
        ]
    );
}

#[test]
fn what_is_nested_too_deep_is_said() {
    let elements = condition("Questionnaire.item", "linkId.exists()", "");
    let validator = validator(FhirVersion::R4, &[profile("Questionnaire", "p", &elements)]);
    let nested = |depth: usize| {
        let open =
            r#"<item><linkId value="1"/><text value="a"/><type value="group"/>"#.repeat(depth);
        let inner = r#"<item><linkId value="1"/><text value="a"/><type value="string"/></item>"#;
        let close = "</item>".repeat(depth);
        format!(
            r#"<Questionnaire xmlns="http://hl7.org/fhir"><status value="draft"/>{open}{inner}{close}</Questionnaire>"#
        )
    };
    // JSON is not read so deep.
    let said = |depth: usize| {
        let body = Tree::parse_xml(nested(depth).into_bytes(), &Limits::default()).unwrap();
        let found = validator.judge(
            &body,
            &["https://x.example/p".to_owned()],
            &Options::default(),
        );
        let found = lines(&found, Severity::Warning);
        let found = found.iter();
        found
            .filter(|it| it.starts_with("FHIR-PROFILE-TOO-DEEP"))
            .count()
    };
    assert_eq!(said(20), 0);
    assert_eq!(said(150), 1);
}

#[test]
fn an_extension_stands_as_often_as_its_definition_says() {
    let definition = |max: &str| {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"https://x.example/e","kind":"complex-type","abstract":false,"type":"Extension",
                "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","context":[{{"type":"element","expression":"Element"}}],
                "differential":{{"element":[{{"id":"Extension","path":"Extension","min":0,"max":"{max}"}},
                    {{"id":"Extension.url","path":"Extension.url","fixedUri":"https://x.example/e"}}]}}}}"#
        )
    };
    let item = r#"{"url":"https://x.example/e","valueString":"a"}"#;
    let body = format!(
        r#"{{"resourceType":"Patient","extension":[{item}],"name":[{{"text":"a","extension":[{item},{item},{item}]}}]}}"#
    );
    let plain = profile("Patient", "p", "");
    let once = validator(FhirVersion::R4, &[plain.clone(), definition("1")]);
    let repeated = |validator: &crate::Validator| {
        let found = judged(validator, &body, &["p"]);
        let mut warnings = lines(&found, Severity::Warning);
        warnings.retain(|it| it.starts_with("FHIR-EXTENSION"));
        warnings
    };
    assert_eq!(
        repeated(&once),
        ["FHIR-EXTENSION-MAX Patient.name[0].extension[1]"]
    );
    let often = validator(FhirVersion::R4, &[plain, definition("*")]);
    assert_eq!(repeated(&often), [""; 0]);
}

#[test]
fn a_place_of_another_version_of_fhir_does_not_count() {
    let limit = |start: &str| {
        format!(
            r#","extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/version-specific-use","extension":[{{"url":"startFhirVersion","valueCode":"{start}"}}]}}]"#
        )
    };
    let definition = |start: &str| {
        let limit = limit(start);
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"https://x.example/e","kind":"complex-type","abstract":false,"type":"Extension",
                "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint",
                "context":[{{"type":"element","expression":"Practitioner"}},{{"type":"element","expression":"Patient"{limit}}}],
                "differential":{{"element":[{{"id":"Extension","path":"Extension"}},
                    {{"id":"Extension.url","path":"Extension.url","fixedUri":"https://x.example/e"}}]}}}}"#
        )
    };
    let body = r#"{"resourceType":"Patient","extension":[{"url":"https://x.example/e","valueString":"a"}]}"#;
    let plain = profile("Patient", "p", "");
    for (start, wanted) in [
        ("3.0", &[][..]),
        ("4.0", &[][..]),
        ("5.0", &["FHIR-EXTENSION-CONTEXT Patient.extension[0]"][..]),
    ] {
        let validator = validator(FhirVersion::R4, &[plain.clone(), definition(start)]);
        assert_eq!(errors(&validator, body), wanted, "{start}");
    }
}
