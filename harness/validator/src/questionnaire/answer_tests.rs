//! Answers against what one question asks for: units, options, value sets. Not for where items stand: tests.rs.

use super::tests::{FORM, RESPONSE, codes};
use crate::edited::{edited, found};
use plumbline_fhir::FhirVersion;

const CAPTURE: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";

/// What one item of R4 and one answer to it give.
fn of_item(item: &str, answer: &str) -> Vec<String> {
    let form = format!(
        r#"{{"resourceType": "Questionnaire", "url": "https://example.org/one", "status": "active",
            "item": [{{"linkId": "q", {item}}}]}}"#
    );
    let response = format!(
        r#"{{"resourceType": "QuestionnaireResponse", "questionnaire": "https://example.org/one",
            "status": "completed", "item": [{{"linkId": "q", "answer": [{{{answer}}}]}}]}}"#
    );
    codes(found(
        FhirVersion::R4,
        "FHIR-QUESTIONNAIRE",
        &[&form],
        &response,
    ))
}

#[test]
fn quantities_are_compared_after_conversion() {
    let ucum = |value: &str, code: &str| {
        format!(r#"{{"value": {value}, "system": "http://unitsofmeasure.org", "code": "{code}"}}"#)
    };
    let item = |least: &str| {
        format!(
            r#""type": "quantity", "extension": [{{"url": "{CAPTURE}minQuantity", "valueQuantity": {least}}}]"#
        )
    };
    let plain = r#"{"value": 10, "unit": "kg"}"#.to_owned();
    for (least, answer, wanted) in [
        (ucum("5", "kg"), ucum("6", "kg"), None),
        (ucum("5", "kg"), ucum("5500", "g"), None),
        (ucum("5", "kg"), ucum("4500", "g"), Some("MIN-VALUE")),
        (
            ucum("5", "kg"),
            ucum("6", "[mi_i]"),
            Some("UNIT-INCOMPARABLE"),
        ),
        (ucum("5", "kg"), plain.clone(), Some("UNIT-INCOMPARABLE")),
        (plain.clone(), plain.clone(), Some("UNIT-INCOMPARABLE")),
    ] {
        let found = of_item(&item(&least), &format!(r#""valueQuantity": {answer}"#));
        let wanted: Vec<&str> = wanted.into_iter().collect();
        assert_eq!(found, wanted, "{answer} against {least}");
    }
    let form = format!(
        r#"{{"resourceType": "Questionnaire", "status": "active", "item": [{{"linkId": "q", {}}}]}}"#,
        item(&plain)
    );
    let found = codes(found(FhirVersion::R4, "FHIR-QUESTIONNAIRE", &[], &form));
    assert_eq!(found, ["LIMIT-UNIT"]);
}

#[test]
fn a_choice_has_the_type_of_its_options() {
    let coding = r#""valueCoding": {"system": "https://example.org/cs", "code": "a"}"#;
    let text = r#""valueString": "a""#;
    let of = |kind: &str, option: &str, answer: &str| {
        let options = match option {
            "" => String::new(),
            option => format!(r#", "answerOption": [{{{option}}}]"#),
        };
        of_item(&format!(r#""type": "{kind}"{options}"#), answer)
    };
    let none: [&str; 0] = [];
    assert_eq!(of("choice", coding, coding), none);
    assert_eq!(of("choice", coding, text), ["ANSWER-TYPE"]);
    assert_eq!(of("choice", text, text), none);
    assert_eq!(of("choice", text, coding), ["ANSWER-TYPE"]);
    assert_eq!(
        of("choice", r#""valueInteger": 3"#, r#""valueInteger": 3"#),
        none
    );
    assert_eq!(
        of("choice", r#""valueInteger": 3"#, r#""valueInteger": 4"#),
        ["OPTION"]
    );
    assert_eq!(
        of(
            "choice",
            r#""valueDate": "2020-01-01""#,
            r#""valueDate": "2020-01-01""#
        ),
        none
    );
    // Without options the type of the item is all that is known, and that is Coding.
    assert_eq!(of("choice", "", coding), none);
    assert_eq!(of("choice", "", text), ["ANSWER-TYPE"]);
    assert_eq!(of("open-choice", coding, text), none);
    assert_eq!(of("open-choice", "", text), none);
    assert_eq!(of("open-choice", text, coding), ["OPTION"]);
    assert_eq!(
        of("open-choice", coding, r#""valueInteger": 3"#),
        ["ANSWER-TYPE"]
    );
    let computed = format!(
        r#""type": "choice", "extension": [{{"url": "{CAPTURE}answerExpression",
            "valueExpression": {{"language": "text/fhirpath", "expression": "1"}}}}]"#
    );
    assert_eq!(of_item(&computed, text), none);
    // Numbers and days of options of another type are compared by what they say.
    let whole = r#""valueInteger": 3"#;
    assert_eq!(of("decimal", whole, r#""valueDecimal": 3.0"#), none);
    assert_eq!(of("decimal", whole, r#""valueDecimal": 3.5"#), ["OPTION"]);
    let unit =
        r#""valueQuantity": {"value": 1, "system": "http://unitsofmeasure.org", "code": "kg"}"#;
    assert_eq!(of("quantity", coding, unit), none);
}

#[test]
fn what_could_not_be_looked_up_is_said() {
    use crate::{Judged, Library, Options, Validator};
    use plumbline_tree::{Limits, Tree};
    let judged = |form: Option<&str>, response: &str| -> Judged {
        let tree = |text: &str| Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        let mut validator = Validator::new(Library::empty(FhirVersion::R4));
        if let Some(form) = form {
            validator.supply(tree(form));
        }
        validator.judge(&tree(response), &[], &Options::default())
    };
    let unknown = judged(None, RESPONSE);
    assert_eq!(unknown.not_checked.len(), 1);
    assert!(unknown.not_checked[0].starts_with("answers: the questionnaire https://"));
    let set = "\"https://example.org/unknown\"";
    let form = edited(FORM, &[("/item/0/item/10/answerValueSet", Some(set))]);
    let found = judged(Some(&form), RESPONSE);
    assert_eq!(found.not_checked, [""; 0]);
    let of_set = |found: &Judged, set: &str| -> Vec<bool> {
        let all = found.outcome.coded.iter().filter(|it| it.value_set == set);
        all.map(|it| matches!(it.assurance, plumbline_fhir::Assurance::NotChecked(_)))
            .collect()
    };
    assert_eq!(of_set(&found, "https://example.org/unknown"), [true]);
    let found = judged(Some(FORM), RESPONSE);
    assert_eq!(of_set(&found, "the contained value set"), [false]);
}
