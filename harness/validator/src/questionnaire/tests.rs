//! Every rule of questionnaires and responses, broken and kept, in JSON and XML, R4 and STU3.

use crate::edited::{Edit, edited, found};
use plumbline_fhir::FhirVersion;

/// A questionnaire of R4 without fault.
pub(super) const FORM: &str = include_str!("../../tests/data/questionnaire/form-r4.json");
/// A response of R4 to it without fault.
pub(super) const RESPONSE: &str = include_str!("../../tests/data/questionnaire/response-r4.json");
const FORM_STU3: &str = include_str!("../../tests/data/questionnaire/form-stu3.json");
const RESPONSE_STU3: &str = include_str!("../../tests/data/questionnaire/response-stu3.json");

pub(super) fn codes(found: Vec<(String, String)>) -> Vec<String> {
    let short = |it: String| it.trim_start_matches("FHIR-QUESTIONNAIRE-").to_owned();
    found.into_iter().map(|(code, _)| short(code)).collect()
}

fn of_form(edits: &[Edit<'_>]) -> Vec<String> {
    let form = edited(FORM, edits);
    codes(found(FhirVersion::R4, "FHIR-QUESTIONNAIRE", &[], &form))
}

fn of_response(edits: &[Edit<'_>]) -> Vec<String> {
    let response = edited(RESPONSE, edits);
    codes(found(
        FhirVersion::R4,
        "FHIR-QUESTIONNAIRE",
        &[FORM],
        &response,
    ))
}

#[test]
fn what_has_no_fault_has_no_finding() {
    assert_eq!(of_form(&[]), [""; 0]);
    assert_eq!(of_response(&[]), [""; 0]);
}

/// What each change of the response breaks: code, place, and what stands there afterwards.
const FAULTS: &[(&str, &str, Option<&str>)] = &[
    (
        "ANSWER-TYPE",
        "/item/0/item/0/answer/0",
        Some(r#"{"valueString": "yes"}"#),
    ),
    (
        "MIN-VALUE",
        "/item/0/item/1/answer/0",
        Some(r#"{"valueInteger": 0}"#),
    ),
    (
        "MAX-VALUE",
        "/item/0/item/1/answer/0",
        Some(r#"{"valueInteger": 11}"#),
    ),
    (
        "MAX-LENGTH",
        "/item/0/item/2/answer/0",
        Some(r#"{"valueString": "abcdefghijk"}"#),
    ),
    (
        "MIN-LENGTH",
        "/item/0/item/2/answer/0",
        Some(r#"{"valueString": "a"}"#),
    ),
    (
        "REGEX",
        "/item/0/item/2/answer/0",
        Some(r#"{"valueString": "abc1"}"#),
    ),
    (
        "OPTION",
        "/item/0/item/3/answer/0/valueCoding/code",
        Some("\"z\""),
    ),
    (
        "OPTION",
        "/item/0/item/3/answer/0/valueCoding/system",
        Some("\"https://example.org/other\""),
    ),
    (
        "OPTION",
        "/item/0/item/4/answer/0",
        Some(r#"{"valueCoding": {"code": "z"}}"#),
    ),
    (
        "MAX-DECIMALS",
        "/item/0/item/5/answer/0",
        Some(r#"{"valueDecimal": 1.25}"#),
    ),
    (
        "UNIT",
        "/item/0/item/6/answer/0/valueQuantity/code",
        Some("\"g\""),
    ),
    (
        "ANSWER-MEDIA-TYPE",
        "/item/0/item/7/answer/0/valueAttachment/contentType",
        Some("\"text/plain\""),
    ),
    (
        "ANSWER-SIZE",
        "/item/0/item/7/answer/0/valueAttachment/size",
        Some("2000000"),
    ),
    (
        "REFERENCE",
        "/item/0/item/8/answer/0/valueReference/reference",
        Some("\"Device/1\""),
    ),
    (
        "OPTION",
        "/item/0/item/10/answer/0/valueCoding/code",
        Some("\"z\""),
    ),
    ("REQUIRED", "/item/0/item/0/answer", None),
    ("UNKNOWN-LINK", "/item/0/item/2/linkId", Some("\"nowhere\"")),
    (
        "PLACE",
        "/item/-",
        Some(r#"{"linkId": "s", "answer": [{"valueString": "abc"}]}"#),
    ),
    (
        "REPEATS",
        "/item/0/item/2/answer/-",
        Some(r#"{"valueString": "abc"}"#),
    ),
    (
        "REPEATS",
        "/item/-",
        Some(r#"{"linkId": "h", "answer": [{"valueBoolean": true}]}"#),
    ),
    ("TEXT", "/item/0/item/0/text", Some("\"Another question?\"")),
    ("SUBJECT", "/subject/reference", Some("\"Device/1\"")),
    ("PERIOD", "/authored", Some("\"2019-12-31\"")),
    ("PERIOD", "/authored", Some("\"2031-01-01\"")),
    (
        "NOT-FOUND",
        "/questionnaire",
        Some("\"https://example.org/unknown\""),
    ),
    (
        "NO-ANSWER",
        "/item/0/answer",
        Some(r#"[{"valueString": "abc"}]"#),
    ),
    (
        "ORDER",
        "/item/0/item/0",
        Some(r#"{"linkId": "late", "answer": [{"valueString": "abc"}]}"#),
    ),
];

#[test]
fn each_fault_of_a_response_is_found() {
    for (code, pointer, text) in FAULTS {
        let found = of_response(&[(pointer, *text)]);
        assert!(
            found.iter().any(|it| it == code),
            "{code} of {pointer}: {found:?}"
        );
    }
}

#[test]
fn one_fault_is_one_finding() {
    let age = "/item/0/item/1/answer/0";
    assert_eq!(
        of_response(&[(age, Some(r#"{"valueInteger": 11}"#))]),
        ["MAX-VALUE"]
    );
    assert_eq!(
        of_response(&[(age, Some(r#"{"valueDecimal": 11.5}"#))]),
        ["ANSWER-TYPE"]
    );
    let text = "/item/0/item/2/answer/-";
    assert_eq!(
        of_response(&[(text, Some(r#"{"valueString": "abc"}"#))]),
        ["REPEATS"]
    );
}

#[test]
fn an_answer_that_excludes_others_stands_alone() {
    let alone = r#"{"valueCoding": {"system": "https://example.org/cs", "code": "none"}}"#;
    let c = "/item/0/item/3/answer";
    let one = format!("[{alone}]");
    assert_eq!(of_response(&[(c, Some(&one))]), [""; 0]);
    assert_eq!(
        of_response(&[(&format!("{c}/-"), Some(alone))]),
        ["OPTION-EXCLUSIVE"]
    );
}

#[test]
fn numbers_of_answers_are_counted() {
    let b = r#"{"valueCoding": {"system": "https://example.org/cs", "code": "b"}}"#;
    let c = "/item/0/item/3/answer/-";
    assert_eq!(of_response(&[(c, Some(b))]), [""; 0]);
    assert_eq!(of_response(&[(c, Some(b)), (c, Some(b))]), ["MAX-OCCURS"]);
    assert_eq!(of_response(&[("/item/0/item/9", None)]), ["MIN-OCCURS"]);
}

#[test]
fn required_questions_wait_until_the_response_is_complete() {
    let no_answer = ("/item/0/item/0/answer", None);
    for (status, wanted) in [
        ("completed", true),
        ("amended", true),
        ("in-progress", false),
        ("stopped", false),
    ] {
        let status = format!("\"{status}\"");
        let found = of_response(&[no_answer, ("/status", Some(&status))]);
        assert_eq!(found.iter().any(|it| it == "REQUIRED"), wanted, "{status}");
    }
}

#[test]
fn a_question_is_required_only_if_others_enable_it() {
    let no_age = ("/item/0/item/1", None);
    assert_eq!(of_response(&[no_age]), ["REQUIRED"]);
    let no_smoker = (
        "/item/0/item/0/answer/0",
        Some(r#"{"valueBoolean": false}"#),
    );
    assert_eq!(of_response(&[no_age, no_smoker]), [""; 0]);
    assert_eq!(of_response(&[no_smoker]), ["DISABLED"]);
}

#[test]
fn all_conditions_hold_or_any() {
    let late = r#"{"linkId": "late", "answer": [{"valueString": "abc"}]}"#;
    let add = ("/item/0/item/-", Some(late));
    // Enabled if the age is 5 or more and there is a decimal.
    assert_eq!(of_response(&[add]), [""; 0]);
    let young = ("/item/0/item/1/answer/0", Some(r#"{"valueInteger": 2}"#));
    assert_eq!(of_response(&[add, young]), ["DISABLED"]);
    let no_decimal = ("/item/0/item/5", None);
    assert_eq!(of_response(&[add, no_decimal]), ["DISABLED"]);
    let any = edited(FORM, &[("/item/0/item/11/enableBehavior", Some("\"any\""))]);
    let response = edited(RESPONSE, &[add, young]);
    let found = codes(found(
        FhirVersion::R4,
        "FHIR-QUESTIONNAIRE",
        &[&any],
        &response,
    ));
    assert_eq!(found, [""; 0]);
}

#[test]
fn items_beneath_a_question_stand_in_its_answers() {
    let inside = "/item/1/answer/0/item/0/answer/0";
    assert_eq!(
        of_response(&[(inside, Some(r#"{"valueInteger": 1}"#))]),
        ["ANSWER-TYPE"]
    );
    let beside =
        r#"{"linkId": "h", "item": [{"linkId": "h1", "answer": [{"valueString": "abc"}]}]}"#;
    assert_eq!(of_response(&[("/item/1", Some(beside))]), ["NESTING"]);
}

#[test]
fn lines_and_units_are_looked_at() {
    let lines = (
        "/item/1/answer/0/item/0/answer/0",
        Some(r#"{"valueString": "one\ntwo"}"#),
    );
    assert_eq!(of_response(&[lines]), ["ONE-LINE"]);
    let length =
        r#"{"valueQuantity": {"value": 2, "system": "http://unitsofmeasure.org", "code": "m"}}"#;
    let found = of_response(&[("/item/0/item/6/answer/0", Some(length))]);
    assert!(
        found.iter().any(|it| it == "UNIT-INCOMPARABLE"),
        "{found:?}"
    );
}

#[test]
fn the_questionnaire_may_be_contained_or_in_the_same_bundle() {
    let wrong = ("/item/0/item/0/answer/0", Some(r#"{"valueString": "yes"}"#));
    let form = edited(FORM, &[("/id", Some("\"form\""))]);
    let form = edited(&form, &[("/contained", None), ("/item/0/item/10", None)]);
    let contained = format!("[{form}]");
    let response = edited(
        RESPONSE,
        &[
            wrong,
            ("/item/0/item/10", None),
            ("/questionnaire", Some("\"#form\"")),
            ("/contained", Some(&contained)),
        ],
    );
    let alone = codes(found(FhirVersion::R4, "FHIR-QUESTIONNAIRE", &[], &response));
    assert_eq!(alone, ["ANSWER-TYPE", "DISABLED"]);
    let bundle = format!(
        r#"{{"resourceType": "Bundle", "type": "collection", "entry": [
            {{"fullUrl": "urn:uuid:c1f5d7b6-37a1-4b44-9c5b-0b1f6f0f3a01", "resource": {}}},
            {{"fullUrl": "urn:uuid:c1f5d7b6-37a1-4b44-9c5b-0b1f6f0f3a02", "resource": {}}}]}}"#,
        edited(RESPONSE, &[wrong]),
        FORM
    );
    let together = codes(found(FhirVersion::R4, "FHIR-QUESTIONNAIRE", &[], &bundle));
    assert_eq!(together, ["ANSWER-TYPE", "DISABLED"]);
}

#[test]
fn an_unknown_value_set_is_said() {
    let form = edited(
        FORM,
        &[(
            "/item/0/item/10/answerValueSet",
            Some("\"https://example.org/unknown\""),
        )],
    );
    let found = codes(found(
        FhirVersion::R4,
        "FHIR-QUESTIONNAIRE",
        &[&form],
        RESPONSE,
    ));
    assert_eq!(found, ["OPTIONS-UNKNOWN"]);
}

#[test]
fn each_fault_of_a_questionnaire_is_found() {
    const I: &str = "/item/0/item";
    let when = |question: &str, operator: &str, answer: &str| {
        format!(r#"[{{"question": "{question}", "operator": "{operator}", {answer}}}]"#)
    };
    let cases: Vec<(&str, String, String)> = vec![
        (
            "DERIVED",
            "/derivedFrom".into(),
            r#"["https://example.org/form|1"]"#.into(),
        ),
        (
            "ENABLE-QUESTION",
            format!("{I}/1/enableWhen"),
            when("nowhere", "=", r#""answerBoolean": true"#),
        ),
        (
            "ENABLE-QUESTION",
            format!("{I}/1/enableWhen"),
            when("g", "=", r#""answerBoolean": true"#),
        ),
        (
            "ENABLE-SELF",
            format!("{I}/1/enableWhen"),
            when("i", "=", r#""answerInteger": 1"#),
        ),
        (
            "ENABLE-SELF",
            "/item/0/enableWhen".into(),
            when("b", "=", r#""answerBoolean": true"#),
        ),
        (
            "ENABLE-OPERATOR",
            format!("{I}/1/enableWhen"),
            when("b", ">", r#""answerBoolean": true"#),
        ),
        (
            "ENABLE-TYPE",
            format!("{I}/1/enableWhen"),
            when("b", "=", r#""answerString": "true""#),
        ),
        (
            "ENABLE-OPTION",
            format!("{I}/1/enableWhen"),
            when("c", "=", r#""answerCoding": {"code": "z"}"#),
        ),
        (
            "INITIAL-TYPE",
            format!("{I}/1/initial"),
            r#"[{"valueString": "1"}]"#.into(),
        ),
        (
            "OPTION-TYPE",
            format!("{I}/1/answerOption"),
            r#"[{"valueString": "1"}]"#.into(),
        ),
        (
            "OPTION-DUPLICATE",
            format!("{I}/3/answerOption/-"),
            r#"{"valueCoding": {"system": "https://example.org/cs", "code": "a"}}"#.into(),
        ),
        (
            "VALUE-SET-MISSING",
            format!("{I}/10/answerValueSet"),
            "\"#nothing\"".into(),
        ),
    ];
    for (code, pointer, text) in cases {
        let found = of_form(&[(&pointer, Some(&text))]);
        assert_eq!(found, [code], "{pointer}: {text}");
    }
    assert_eq!(
        of_form(&[("/item/0/item/11/enableBehavior", None)]),
        ["ENABLE-BEHAVIOR"]
    );
    assert_eq!(
        of_form(&[("/item/0/item/4/answerOption", None)]),
        ["NO-OPTIONS"]
    );
    let selected = Some("true");
    let options = "/item/0/item/4/answerOption";
    let twice = [
        (&*format!("{options}/-"), Some(r#"{"valueString": "more"}"#)),
        (&*format!("{options}/0/initialSelected"), selected),
        (&*format!("{options}/1/initialSelected"), selected),
    ];
    assert_eq!(of_form(&twice), ["INITIAL-MANY"]);
}

#[test]
fn stu3_has_another_shape_and_the_same_rules() {
    let of = |form: &[Edit<'_>], response: &[Edit<'_>]| {
        let (form, response) = (edited(FORM_STU3, form), edited(RESPONSE_STU3, response));
        let mut all = codes(found(FhirVersion::Stu3, "FHIR-QUESTIONNAIRE", &[], &form));
        all.extend(codes(found(
            FhirVersion::Stu3,
            "FHIR-QUESTIONNAIRE",
            &[&form],
            &response,
        )));
        all
    };
    assert_eq!(of(&[], &[]), [""; 0]);
    let text = Some(r#"{"valueString": "abc"}"#);
    assert_eq!(
        of(&[], &[("/item/0/answer/0", text)]),
        ["ANSWER-TYPE", "DISABLED"]
    );
    assert_eq!(
        of(&[], &[("/item/1/answer/0/valueCoding/code", Some("\"z\""))]),
        ["OPTION"]
    );
    assert_eq!(
        of(&[], &[("/item/2", None), ("/item/1", None)]),
        ["REQUIRED"]
    );
    assert_eq!(
        of(
            &[],
            &[
                ("/item/2", None),
                ("/item/1", None),
                ("/item/0/answer/0", Some(r#"{"valueBoolean": false}"#))
            ]
        ),
        [""; 0]
    );
    assert_eq!(
        of(
            &[("/item/2/enableWhen/0/question", Some("\"nowhere\""))],
            &[]
        ),
        ["ENABLE-QUESTION"]
    );
    assert_eq!(of(&[("/item/1/option/0", text)], &[]), ["ANSWER-TYPE"]);
    assert_eq!(
        of(&[("/item/0/initialString", Some("\"x\""))], &[]),
        ["INITIAL-TYPE"]
    );
    assert_eq!(
        of(
            &[],
            &[("/questionnaire/reference", Some("\"Questionnaire/other\""))]
        ),
        ["NOT-FOUND"]
    );
}

#[test]
fn many_items_take_no_long() {
    let coding = r#"{"system": "https://example.org/cs", "code": "a"}"#;
    let item = format!(r#"{{"linkId": "c", "answer": [{{"valueCoding": {coding}}}]}}"#);
    let all = format!("[{}]", vec![item; 2_000].join(","));
    let response = edited(RESPONSE, &[("/item/0/item", Some(&all))]);
    let found = found(FhirVersion::R4, "FHIR-QUESTIONNAIRE", &[FORM], &response);
    assert!(!found.is_empty());
}
