//! Tests of the rules. Numbers of people outside the 999 range are computed, never written.

use crate::detect::{nhs_number_is_valid, snomed_concept_is_valid};
use crate::{KnownValue, Policy};
use plumbline_model::{Environment, Shown, StoredBody, ValueKind};
use plumbline_tree::{Limits, Tree};

const NUMBER: &str = "9990000026";
const BASE: &str = "https://target.example/base/fhir";

/// A valid number outside the 999 range, beginning with `prefix`.
fn strange_number(prefix: &str) -> String {
    (0..1000)
        .map(|n| format!("{prefix}{n:0width$}", width = 10 - prefix.len()))
        .find(|number| nhs_number_is_valid(number))
        .unwrap()
}

fn known(value: &str, label: &str, synthetic: bool) -> KnownValue {
    KnownValue {
        value: value.to_owned(),
        label: format!("{label} of patient-basic"),
        synthetic,
    }
}

fn policy(environment: Environment) -> Policy {
    Policy::new(
        environment,
        vec![
            known(NUMBER, "nhs-number", true),
            known("Thistlewood", "family", true),
            known("Margery Ann", "given", true),
            known("1951-03-14", "birth-date", true),
            known("p-1001", "id", true),
            known("ZZ99 3WZ", "postcode", true),
            known("Allergy to penicillin", "display", true),
            known("female", "gender", true),
            known("VENDOR-77", "local-identifier", false),
        ],
    )
    .with_base_urls(vec![BASE.to_owned()])
    .with_secrets(vec!["s3cr3t+value/x".to_owned()])
}

fn text(policy: &Policy, body: &str) -> String {
    match policy.body(body.as_bytes()) {
        StoredBody::Json {
            text,
            received_bytes,
        } => {
            assert_eq!(received_bytes, body.len() as u64);
            serde_json::from_str::<serde_json::Value>(&text).expect("stored body is JSON");
            text.to_string()
        }
        StoredBody::Empty | StoredBody::Opaque { .. } => panic!("not stored as JSON"),
    }
}

fn one(environment: Environment, kind: ValueKind, value: &str) -> String {
    policy(environment).shown(&Shown::default().value(kind, value))
}

#[test]
fn check_digits() {
    assert!(nhs_number_is_valid(NUMBER));
    for wrong in [
        "9990000027",
        "999000002",
        "99900000266",
        "0000000000",
        "",
        "999000002x",
    ] {
        assert!(!nhs_number_is_valid(wrong), "{wrong}");
    }
    for right in [
        "91936005",
        "300916003",
        "716186003",
        "83821000000107",
        "73211009",
    ] {
        let concept = right != "83821000000107";
        assert_eq!(
            snomed_concept_is_valid(right),
            concept || right.ends_with("107"),
            "{right}"
        );
    }
    for wrong in ["91936004", "12345678", "091936005", "91936", "x1936005"] {
        assert!(!snomed_concept_is_valid(wrong), "{wrong}");
    }
}

#[test]
fn every_pattern_and_table_builds() {
    let policy = policy(Environment::Integration);
    assert_eq!(policy.second_net(""), "");
    assert_eq!(
        one(Environment::Sandbox, ValueKind::Code, "new-code"),
        "new-code"
    );
    assert_eq!(
        one(
            Environment::Sandbox,
            ValueKind::Uri,
            "https://fhir.nhs.uk/Id/anything"
        ),
        "https://fhir.nhs.uk/Id/anything"
    );
    assert!(crate::allow_list::class("_gender").is_some());
    assert!(crate::allow_list::has_loinc_form("1234-5"));
}

#[test]
fn values_by_kind() {
    use Environment::{Live, Mock, Sandbox};
    use ValueKind::{Code, Date, Id, Identifier, Name, Number, Protocol, Reference, Text, Uri};
    let table = [
        (Mock, Code, "active", "active"),
        (Live, Code, "Male", "Male"),
        (Live, Code, "Patient", "Patient"),
        (Live, Code, "Thistlewood", "{family of patient-basic}"),
        (Live, Code, "Hargreaves", "{code}"),
        (Live, Code, "hargreaves", "{code}"),
        (Mock, Code, "Hargreaves", "{code}"),
        (Live, Code, "91936005", "91936005"),
        (Live, Code, "91936004", "{code}"),
        (Mock, Date, "1951-03-14", "1951-03-14"),
        (Mock, Date, "1951-03-15", "{date}"),
        (Live, Date, "1951-03-14", "{birth-date of patient-basic}"),
        (Live, Number, "12", "12"),
        (Live, Number, "1234567", "{number}"),
        (
            Live,
            Uri,
            "https://fhir.nhs.uk/Id/nhs-number",
            "https://fhir.nhs.uk/Id/nhs-number",
        ),
        (
            Live,
            Uri,
            "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient",
            "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient",
        ),
        (Live, Uri, "https://fhir.nhs.uk/Id/Hargreaves", "{uri}"),
        (Mock, Uri, "https://elsewhere.example/x", "{uri}"),
        (Mock, Uri, "http://hl7.org/fhirx", "{uri}"),
        (
            Live,
            Uri,
            "http://hl7.org/fhir/StructureDefinition/Patient|2.0.0",
            "http://hl7.org/fhir/StructureDefinition/Patient|{version}",
        ),
        (
            Live,
            Uri,
            "http://terminology.hl7.org/CodeSystem/v2-0203",
            "http://terminology.hl7.org/CodeSystem/v2-0203",
        ),
        (Mock, Identifier, NUMBER, NUMBER),
        (Mock, Identifier, "999 000 0026", "999 000 0026"),
        (Sandbox, Identifier, "9990000034", "{identifier}"),
        (Live, Identifier, NUMBER, "{nhs-number of patient-basic}"),
        (
            Mock,
            Identifier,
            "VENDOR-77",
            "{local-identifier of patient-basic}",
        ),
        (Mock, Name, "thistlewood", "thistlewood"),
        (Mock, Name, "Hargreaves", "{name}"),
        (Live, Text, "some words", "{text, 10 characters}"),
        (Mock, Id, "p-1001", "p-1001"),
        (Mock, Id, "p-1002", "{id}"),
        (Mock, Reference, "Patient/p-1001", "Patient/p-1001"),
        (Live, Reference, "Patient/77", "Patient/{id}"),
        (Live, Reference, "Hargreaves", "{reference}"),
        (Live, Reference, "#inner", "#{id}"),
        (
            Live,
            Protocol,
            "application/fhir+json; charset=utf-8",
            "application/fhir+json; charset=utf-8",
        ),
        (Live, Protocol, "application/hargreaves", "{protocol word}"),
    ];
    for (environment, kind, value, wanted) in table {
        assert_eq!(
            one(environment, kind, value),
            wanted,
            "{environment} {kind} {value}"
        );
    }
    let sentence = Shown::ours("status ")
        .value(ValueKind::Number, "404")
        .and(" was seen");
    assert_eq!(
        policy(Environment::Live).shown(&sentence),
        "status 404 was seen"
    );
}

const PATIENT: &str = r#"{"resourceType":"Bundle","type":"searchset","total":1,
 "link":[{"relation":"self","url":"https://target.example/base/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990000026"}],
 "entry":[{"fullUrl":"https://target.example/base/fhir/Patient/p-1001","resource":{"resourceType":"Patient","id":"p-1001","active":true,
 "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000026"}],
 "name":[{"use":"official","family":"Thistlewood","given":["Margery Ann"]}],"gender":"female","birthDate":"1951-03-14",
 "address":[{"postalCode":"ZZ99 3WZ"}],"multipleBirthInteger":2},"search":{"mode":"match"}}]}"#;

#[test]
fn synthetic_people_stay_visible_in_a_mock() {
    let text = text(&policy(Environment::Mock), PATIENT);
    for kept in [
        "Thistlewood",
        "Margery Ann",
        "1951-03-14",
        "\"9990000026\"",
        "ZZ99 3WZ",
        "female",
        "Patient/p-1001",
        "nhs-number|9990000026",
        "\"total\": 1",
        "official",
        "match",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    assert!(!text.contains("{element}"), "{text}");
}

#[test]
fn synthetic_people_become_tokens_in_integration() {
    let text = text(&policy(Environment::Integration), PATIENT);
    for gone in ["Thistlewood", "Margery", "1951", NUMBER, "ZZ99", "p-1001"] {
        assert!(!text.contains(gone), "{gone}\n{text}");
    }
    for kept in [
        "{nhs-number of patient-basic}",
        "{family of patient-basic}",
        "female",
        "searchset",
        "https://target.example/base/fhir/Patient/{id of patient-basic}",
        "\"active\": true",
        "https://fhir.nhs.uk/Id/nhs-number",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
}

/// Bodies that try to smuggle a canary through every place that keeps something.
fn hostile(canary: &str) -> Vec<String> {
    let places = [
        r#"{"resourceType":"Patient","gender":"@"}"#,
        r#"{"resourceType":"@"}"#,
        r#"{"@":true}"#,
        r#"{"@":{"@":["@"]}}"#,
        r#"{"_@":1}"#,
        r#"{"status":"@","use":"@","mode":"@","kind":"@","type":"@","relation":"@","severity":"@"}"#,
        r#"{"coding":[{"system":"http://snomed.info/sct","code":"@","display":"@"}]}"#,
        r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/@","code":"@"}]}"#,
        r#"{"coding":[{"system":"http://loinc.org","code":"@"}]}"#,
        r#"{"coding":[{"system":"@","code":"@","version":"@"}]}"#,
        r#"{"meta":{"profile":["https://fhir.hl7.org.uk/StructureDefinition/@"],"versionId":"@"}}"#,
        r#"{"link":[{"relation":"next","url":"https://target.example/base/fhir/Patient/@?@=@&family=@&_count=@"}]}"#,
        r#"{"link":[{"relation":"@","url":"https://@.example/Patient?identifier=@|@"}]}"#,
        r#"{"fullUrl":"https://@/Patient/@#@","reference":"Patient/@"}"#,
        r##"{"reference":"#@","url":"urn:oid:@"}"##,
        r#"{"reference":"@/@/@"}"#,
        r#"{"reference":"https://user:@target.example/@"}"#,
        r#"{"contained":[{"resourceType":"Patient","contained":[{"name":[{"family":"@","text":"@"}]}]}]}"#,
        r#"{"text":{"status":"generated","div":"<div>@</div>"}}"#,
        r#"{"data":"@","contentType":"@","title":"@"}"#,
        r#"{"valueString":"{\"family\":\"@\"}"}"#,
        r#"{"name":"@","version":"@","fhirVersion":"@","software":{"name":"@","version":"@"}}"#,
        r#"{"issue":[{"severity":"error","code":"@","diagnostics":"@","expression":["Patient.@","@","Patient.name[@]"]}]}"#,
        r#"{"birthDate":"@","active":"@","total":"@","id":"@"}"#,
        r#"["@",["@"]]"#,
        r#""@""#,
        r#"{"gender":"female","gender":"@"}"#,
        r#"{"instantiates":["http://hl7.org/fhir/@"],"implementation":{"url":"@"}}"#,
        r#"{"format":["@"],"searchParam":[{"name":"@","type":"@","definition":"@"}]}"#,
    ];
    places
        .iter()
        .map(|place| place.replace('@', canary))
        .collect()
}

fn canaries() -> Vec<String> {
    let number = strange_number("600000");
    let chi = strange_number("140351");
    let spaced = |n: &str, by: &str| format!("{}{by}{}{by}{}", &n[..3], &n[3..6], &n[6..]);
    vec![
        "Hargreaves".into(),
        "hargreaves".into(),
        "Thistlewood".into(),
        "thistlewood".into(),
        "Zo\u{eb}-Hargreaves".into(),
        "SGFyZ3JlYXZlcw==".into(),
        "LS1 4AP".into(),
        "LS14AP".into(),
        "ls14ap".into(),
        "1951-03-14".into(),
        "14.03.1951".into(),
        "14031951".into(),
        "07700900123".into(),
        NUMBER.into(),
        spaced(NUMBER, " "),
        spaced(NUMBER, "-"),
        number.clone(),
        spaced(&number, " "),
        spaced(&number, "."),
        spaced(&number, "/"),
        chi,
        "VENDOR-77".into(),
        "s3cr3t+value/x".into(),
    ]
}

#[test]
fn no_canary_survives_integration() {
    for environment in [Environment::Integration, Environment::Live] {
        let policy = policy(environment);
        for canary in canaries() {
            for body in hostile(&canary) {
                let StoredBody::Json { text, .. } = policy.body(body.as_bytes()) else {
                    panic!("{body}");
                };
                assert!(!text.contains(&canary), "{canary} in {body}\n{text}");
                serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
            }
        }
    }
}

#[test]
fn no_number_survives_as_a_number() {
    let number = strange_number("700000");
    for body in [
        format!(r#"{{"identifier":[{{"value":{number}}}],"total":{number},"id":{number}}}"#),
        format!(r#"{{"total":{number}.0,"count":-{number},"valueInteger":1{number}}}"#),
        number.clone(),
    ] {
        assert!(
            !text(&policy(Environment::Mock), &body).contains(&number),
            "{body}"
        );
    }
}

#[test]
fn bodies_that_are_not_json() {
    let live = policy(Environment::Live);
    assert_eq!(live.body(b""), StoredBody::Empty);
    let StoredBody::Opaque { bytes, sha256, why } = live.body(b"Hargreaves 14.03.1951") else {
        panic!("not opaque");
    };
    assert_eq!((bytes, sha256.as_str()), (21, ""));
    assert!(
        why.contains("too short") && !why.contains("Hargreaves"),
        "{why}"
    );
    let long = "<html>".repeat(50);
    for body in [long.as_bytes(), &b"\xff\xfe{"[..]] {
        let StoredBody::Opaque { sha256, .. } = policy(Environment::Sandbox).body(body) else {
            panic!("not opaque");
        };
        assert_eq!(sha256.len(), 64);
    }
    assert!(
        matches!(live.body(long.as_bytes()), StoredBody::Opaque { sha256, .. } if sha256.len() == 64)
    );
}

#[test]
fn a_body_that_is_our_secret_has_no_fingerprint() {
    for body in ["s3cr3t+value/x", "<p>key=s3cr3t%2Bvalue%2Fx</p>"] {
        let stored = policy(Environment::Sandbox).body(body.as_bytes());
        assert!(matches!(stored, StoredBody::Opaque { sha256, .. } if sha256.is_empty()));
    }
}

#[test]
fn urls() {
    let table = [
        (
            Environment::Mock,
            "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000026",
            "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000026",
        ),
        (
            Environment::Live,
            "Patient?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9990000026",
            "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{nhs-number of patient-basic}",
        ),
        (
            Environment::Live,
            "Patient?family:exact=Hargreaves&gender=female&_count=5&Hargreaves=1",
            "Patient?family:exact={value}&gender=female&_count=5&{parameter}={value}",
        ),
        (
            Environment::Mock,
            "Patient?birthdate=ge1951-03-14&given=Margery+Ann",
            "Patient?birthdate=ge1951-03-14&given=Margery%20Ann",
        ),
        (
            Environment::Live,
            "AllergyIntolerance?patient=Patient/77&clinical-status=active,resolved&_include=AllergyIntolerance:patient",
            "AllergyIntolerance?patient=Patient/{id}&clinical-status=active,resolved&_include=AllergyIntolerance:patient",
        ),
        (
            Environment::Live,
            "Patient/77/_history/2",
            "Patient/{id}/_history/{id}",
        ),
        (
            Environment::Live,
            "metadata?_format=application/fhir%2Bjson",
            "metadata?_format=application/fhir+json",
        ),
    ];
    for (environment, path, wanted) in table {
        let url = policy(environment).url(&format!("{BASE}/{path}"));
        assert_eq!(url, format!("{BASE}/{wanted}"));
    }
    let live = policy(Environment::Live);
    assert_eq!(
        live.url("https://u:p@other.example/Hargreaves/Patient#x"),
        "https://{redacted}@other.example/{id}/Patient"
    );
    assert_eq!(
        live.url("http://127.0.0.1:8080/metadata"),
        "http://127.0.0.1:8080/metadata"
    );
}

#[test]
fn headers_by_allow_list() {
    let kept = policy(Environment::Live).headers([
        ("Content-Type", "application/fhir+json"),
        ("Authorization", "Bearer abc"),
        ("Date", "today"),
        ("X-Hargreaves", "1"),
        ("X-Patient", "Hargreaves"),
        ("ETag", "W/\"Hargreaves\""),
        ("Location", "https://hargreaves.example/Patient/77"),
        ("X-Plumbline-Mock", "hargreaves"),
        ("User-Agent", "plumbline/0.1.0"),
        ("Cache-Control", "no-store, max-age=60"),
    ]);
    let kept: Vec<String> = kept
        .iter()
        .map(|h| format!("{}: {}", h.name, h.value))
        .collect();
    assert_eq!(
        kept,
        [
            "authorization: {redacted}",
            "cache-control: no-store, max-age=60",
            "content-type: application/fhir+json",
            "etag: {etag}",
            "location: https://{host}/Patient/{id}",
            "user-agent: plumbline/0.1.0",
            "x-plumbline-mock: {redacted}",
            "other: 2 not kept",
        ]
    );
}

#[test]
fn second_net_catches() {
    let number = strange_number("450000");
    let chi = strange_number("140351");
    let live = policy(Environment::Live);
    let table = [
        (format!("n {number}."), "n {nhs number}.".to_owned()),
        (
            format!("n {} {} {}", &number[..3], &number[3..6], &number[6..]),
            "n {nhs number}".into(),
        ),
        (format!("x{number}y"), "x{nhs number}y".into()),
        (format!("{chi},"), "{chi number},".into()),
        (
            format!("{} {}", &chi[..6], &chi[6..]),
            "{chi number}".into(),
        ),
        (NUMBER.into(), "{nhs-number of patient-basic}".into()),
        (
            "999 000 0026".into(),
            "{nhs-number of patient-basic}".into(),
        ),
        ("at LS1 4AP now".into(), "at {postcode} now".into()),
        ("at ls1 4ap now".into(), "at {postcode} now".into()),
        (
            "Mrs THISTLEWOOD came".into(),
            "Mrs {family of patient-basic} came".into(),
        ),
        ("is female".into(), "is female".into()),
        (
            "Bearer abcdefghijklmnop1234".into(),
            "Bearer {token}".into(),
        ),
        ("eyJhbGciOi.eyJzdWIi.c2ln".into(), "{token}".into()),
        ("apikey: abcdef123".into(), "apikey: {secret}".into()),
        (
            "key s3cr3t+value/x s3cr3t%2Bvalue%2Fx".into(),
            "key {secret} {secret}".into(),
        ),
    ];
    for (text, wanted) in table {
        let once = live.second_net(&text);
        assert_eq!(once, wanted);
        assert_eq!(live.second_net(&once), once, "not stable");
    }
    let mock = policy(Environment::Mock);
    assert_eq!(
        mock.second_net("Thistlewood 9990000026 ZZ99 3WZ VENDOR-77"),
        "Thistlewood 9990000026 ZZ99 3WZ {local-identifier of patient-basic}"
    );
}

#[test]
fn second_net_leaves_our_own_words() {
    let live = policy(Environment::Live);
    let number = strange_number("450000");
    for text in [
        &format!(
            "sha256 {}a{number}b",
            "0123456789abcdef".repeat(4).get(..52).unwrap()
        ),
        "2026-11-22T10:11:12.123456789Z",
        "20261122T101112Z-3f9a1b",
        "5f0c1a9e-1d2b-4c3d-8e4f-0a1b2c3d4e5f",
        "UKA-PAT-001 W1 2nd page, Bearer authentication, apikey: $PLUMBLINE_API_KEY",
        "{nhs-number of patient-basic}",
        "authorization: {redacted}",
    ] {
        assert_eq!(live.second_net(text), text);
    }
}

fn tripped(body: &str) -> Option<String> {
    let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap();
    policy(Environment::Mock)
        .tripwire(&tree)
        .map(|tripped| tripped.fhirpath)
}

#[test]
fn tripwire_stops_at_strangers_only() {
    let number = strange_number("450000");
    let spaced = format!("{} {} {}", &number[..3], &number[3..6], &number[6..]);
    let patient = |system: &str, value: &str| {
        format!(
            r#"{{"resourceType":"Patient","Hargreaves":[{{"identifier":[{{"system":"{system}","value":{value}}}]}}]}}"#
        )
    };
    let system = "https://fhir.nhs.uk/Id/nhs-number";
    let place = Some("Patient.{element}[0].identifier[0].value".to_owned());
    for (system, value, wanted) in [
        (system, format!("\"{number}\""), place.clone()),
        (system, number.clone(), place.clone()),
        (system, format!("\"{spaced}\""), place.clone()),
        (
            "http://fhir.nhs.net/Id/nhs-number",
            format!("\"{number}\""),
            place.clone(),
        ),
        (
            "urn:oid:2.16.840.1.113883.2.1.4.1",
            format!("\"{number}\""),
            place,
        ),
        (system, format!("\"{NUMBER}\""), None),
        (system, "\"9990000034\"".to_owned(), None),
        (
            system,
            format!("\"{}0\"", &number[..9]),
            if number.ends_with('0') {
                Some(String::new())
            } else {
                None
            },
        ),
        ("https://elsewhere.example", format!("\"{number}\""), None),
    ] {
        assert_eq!(tripped(&patient(system, &value)), wanted, "{system}");
    }
    let mapped = Policy::new(
        Environment::Integration,
        vec![known(&number, "nhs-number", false)],
    );
    let tree = Tree::parse(
        patient(system, &format!("\"{number}\"")).into_bytes(),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(mapped.tripwire(&tree), None);
}

#[test]
fn names_of_mocks_are_not_taken_on_trust() {
    for (environment, announced, kept) in [
        (Environment::Mock, "riverside-epr", "riverside-epr"),
        (Environment::Sandbox, "riverside-epr", "riverside-epr"),
        (Environment::Mock, "Margery Thistlewood", "unnamed"),
        (Environment::Mock, NUMBER, "unnamed"),
        (Environment::Mock, "", "unnamed"),
        (Environment::Integration, "riverside-epr", "unnamed"),
        (Environment::Live, "thistlewood", "unnamed"),
    ] {
        assert_eq!(policy(environment).mock_name(announced), kept);
    }
}

#[test]
fn numbers_in_headers_are_too_short_for_a_person() {
    for (name, value) in [
        ("retry-after", "19510314"),
        ("cache-control", "max-age=19510314"),
        ("content-length", "1234567890"),
    ] {
        let kept = policy(Environment::Integration).headers([(name, value)]);
        assert_eq!(kept[0].value, "{redacted}", "{name}");
    }
}

#[test]
fn places() {
    let live = policy(Environment::Live);
    for (path, wanted) in [
        (
            "Bundle.entry[0].resource.gender",
            "Bundle.entry[0].resource.gender",
        ),
        ("$[3].`Har.greaves`.name[1][2]", "$[3].{element}.name[1][2]"),
        ("Hargreaves.gender", "{element}.gender"),
        ("Patient.name[Hargreaves]", "Patient.name"),
        ("$", "$"),
    ] {
        assert_eq!(live.place(path), wanted);
    }
}
