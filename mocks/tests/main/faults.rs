//! Faults: what each action does to an answer, and which request it is done to.
//! Not for the faults of a pack, which are data.

use crate::client::{Answer, Mock};
use crate::{NHS, good};
use plumbline_mocks::{MockOptions, fault_catalogue};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with one fault family `f` whose cases act on the same request, each under its name.
pub fn family(cases: &[(&str, &str)]) -> TempDir {
    family_of("uk-core", cases)
}

/// The same for systems of another kind.
pub fn family_of(kind: &str, cases: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut text = format!("id = 'f'\nkind = '{kind}'\ntitle = 'is wrong'\ncode = 'X'\n");
    for (name, rest) in cases {
        let case =
            format!("[[case]]\nname = '{name}'\nrequirement = 'R'\nscenario = 's'\n{rest}\n");
        text.push_str(&case);
    }
    std::fs::create_dir(folder.path().join("pack")).unwrap();
    std::fs::write(folder.path().join("pack/f.toml"), text).unwrap();
    folder
}

pub fn with_faults(folder: &TempDir, names: &[&str]) -> MockOptions {
    MockOptions {
        faults: names.iter().map(|name| format!("f/R/{name}")).collect(),
        faults_dir: Some(folder.path().to_owned()),
        ..good()
    }
}

pub const ACTIVE: &str = "AllergyIntolerance?patient=p-1001&clinical-status=active";

async fn spoiled(action: &str) -> (Mock, Answer) {
    let case = format!(
        "path = 'AllergyIntolerance'\nkeys = ['patient', 'clinical-status']\naction = {{ {action} }}"
    );
    let folder = family(&[("a", &case)]);
    let mock = Mock::start(&with_faults(&folder, &["a"])).await;
    let answer = mock.get(ACTIVE).await;
    (mock, answer)
}

#[tokio::test]
async fn changes_the_entries_of_a_result() {
    let all = ["a-1001-1", "a-1001-2", "a-1001-3"];
    let cases: &[(&str, &[&str])] = &[
        ("ignore_params = ['clinical-status']", &all),
        (
            "add_others = 'patient-basic'",
            &["a-1001-1", "a-1001-2", "a-1000-1"],
        ),
        ("add_others = 'patient-with-allergies'", &all),
        ("drop_entries = 'all'", &[]),
        ("drop_entries = 'first'", &all[1..2]),
        ("drop_entries = 'last'", &all[..1]),
        ("drop_text = 'aspirin'", &all[..1]),
        (
            "duplicate_entry = true",
            &["a-1001-1", "a-1001-2", "a-1001-1"],
        ),
        (
            "drop_entries = 'first', duplicate_entry = true",
            &["a-1001-2", "a-1001-2"],
        ),
    ];
    for (action, expected) in cases {
        let (_, answer) = spoiled(action).await;
        assert_eq!(answer.ids(), *expected, "{action}");
        assert_eq!(answer.json()["total"], expected.len(), "{action}");
    }
}

#[tokio::test]
async fn changes_the_answer_as_a_whole() {
    let (_, answer) = spoiled("drop_link = 'self'").await;
    assert_eq!(answer.link("self"), None);

    let patch = "patch = [{ op = 'set', path = '/type', value = 'collection' }, \
                 { op = 'remove', path = '/entry/*/search' }]";
    let (_, answer) = spoiled(patch).await;
    assert_eq!(answer.json()["type"], "collection");
    assert!(answer.json()["entry"][0].get("search").is_none());

    let (_, answer) = spoiled("status = 500").await;
    assert_eq!(
        (answer.status, &answer.json()["resourceType"]),
        (500, &"OperationOutcome".into())
    );

    let (_, answer) =
        spoiled("status = 502, body = '<html>', headers = { Content-Type = 'text/html' }").await;
    assert_eq!((answer.status, answer.body.as_str()), (502, "<html>"));
    assert_eq!(answer.headers["content-type"], "text/html");

    let (_, answer) = spoiled("headers = { content-type = '' }").await;
    assert!(!answer.headers.contains_key("content-type"));

    let (_, answer) = spoiled("truncate = true").await;
    assert!(!answer.body.is_empty());
    assert!(serde_json::from_str::<serde_json::Value>(&answer.body).is_err());
}

#[tokio::test]
async fn delays_and_resets() {
    let case = "path = 'Patient/*'\nkeys = []\naction = { delay_ms = 150 }";
    let reset = "path = 'metadata'\nkeys = []\nno_auth = true\naction = { reset = true }";
    let folder = family(&[("slow", case), ("gone", reset)]);
    let mock = Mock::start(&with_faults(&folder, &["slow", "gone"])).await;

    let start = Instant::now();
    assert_eq!(mock.get("Patient/p-1001").await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));

    assert!(mock.send("GET", "metadata", "").await.is_none());
    let signed_in = mock
        .send("GET", "metadata", "Authorization: Bearer x\r\n")
        .await;
    assert_eq!(signed_in.unwrap().status, 200);
}

#[tokio::test]
async fn spoils_only_the_request_that_was_meant() {
    let one = "path = 'Patient'\nkeys = ['identifier']\nwhere = { identifier = '9990000026' }\naction = { status = 500 }";
    let two =
        "path = 'Patient'\nkeys = ['_count', 'identifier']\naction = { drop_entries = 'all' }";
    let folder = family(&[("one", one), ("two", two)]);
    let mock = Mock::start(&with_faults(&folder, &["one", "two"])).await;
    assert_eq!(
        mock.get(&format!("Patient?identifier={NHS}|9990000026"))
            .await
            .status,
        500
    );
    assert_eq!(
        mock.get(&format!("Patient?identifier={NHS}|9990000018"))
            .await
            .ids(),
        ["p-1000"]
    );
    assert!(
        mock.get("Patient?identifier=9990000026&_count=9")
            .await
            .ids()
            .is_empty()
    );
    assert_eq!(
        mock.get("Patient?identifier=9990000026&family=T")
            .await
            .ids(),
        ["p-1001"]
    );
    assert_eq!(mock.get("Patient/p-1001").await.status, 200);
}

#[test]
fn a_wrong_fault_file_is_an_error_that_names_it() {
    let metadata = "path = 'metadata'\nkeys = []\n";
    let cases = [
        ("colour = 'red'".to_owned(), "colour"),
        (format!("{metadata}action = {{ stauts = 500 }}"), "stauts"),
        (format!("{metadata}action = {{ status = 99 }}"), "status 99"),
        (
            format!("{metadata}action = {{ drop_link = 'last' }}"),
            "drop_link",
        ),
        (
            format!("{metadata}action = {{ patch = [{{ op = 'set', path = '/a' }}] }}"),
            "needs a value",
        ),
        (
            format!("{metadata}where = {{ _id = 'x' }}\naction = {{ status = 500 }}"),
            "_id",
        ),
        (metadata.to_owned(), "would do nothing"),
        (
            format!("{metadata}action = {{ answer_wide = false }}"),
            "would do nothing",
        ),
        (
            format!("{metadata}action = {{ refuse = {{ status = 200, code = 'value' }} }}"),
            "status 200",
        ),
        (
            format!("{metadata}action = {{ refuse = {{ status = 400, code = 'unfit' }} }}"),
            "no FHIR issue type",
        ),
        (
            format!("{metadata}action = {{ refuse = {{ status = 400 }} }}"),
            "code",
        ),
        (
            format!(
                "{metadata}action = {{ status = 500, refuse = {{ status = 400, code = 'value' }} }}"
            ),
            "keep one",
        ),
        (
            "path = 'Patient/p-1001'\nkeys = []\naction = { status = 500 }".to_owned(),
            "for reads",
        ),
        (
            "path = 'Medication'\nkeys = []\naction = { status = 500 }".to_owned(),
            "Medication",
        ),
    ];
    for (case, part) in cases {
        let folder = family(&[("a", &case)]);
        let message = fault_catalogue(Some(folder.path()))
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("f.toml") && message.contains(part),
            "{message}"
        );
    }
}

/// A mock whose only fault does this to requests of that path and those keys.
async fn wrong(path: &str, keys: &str, action: &str) -> Mock {
    let case = format!("path = '{path}'\nkeys = [{keys}]\naction = {{ {action} }}");
    let folder = family(&[("a", &case)]);
    Mock::start(&with_faults(&folder, &["a"])).await
}

#[tokio::test]
async fn spoils_the_searches_of_every_type() {
    for (name, own, other, status) in [
        (
            "AllergyIntolerance",
            vec!["a-1012-1"],
            "a-1000-1",
            "clinical-status",
        ),
        (
            "Condition",
            vec!["co-1012-1", "co-1012-2"],
            "",
            "clinical-status",
        ),
        ("Encounter", vec!["en-1012-1", "en-1012-2"], "", "status"),
        (
            "Immunization",
            vec!["im-1012-1", "im-1012-2", "im-1012-3"],
            "im-1014-1",
            "status",
        ),
        (
            "MedicationAdministration",
            vec!["ma-1012-1", "ma-1012-2", "ma-1012-3"],
            "ma-1014-1",
            "status",
        ),
        (
            "MedicationDispense",
            vec!["md-1012-1", "md-1012-2", "md-1012-3"],
            "md-1014-1",
            "status",
        ),
        (
            "MedicationRequest",
            vec!["mr-1012-1", "mr-1012-2", "mr-1012-3"],
            "mr-1014-1",
            "status",
        ),
        (
            "MedicationStatement",
            vec!["ms-1012-1", "ms-1012-2", "ms-1012-3"],
            "ms-1014-1",
            "status",
        ),
        ("Observation", vec!["ob-1012-1", "ob-1012-2"], "", "status"),
    ] {
        let keys = format!("'patient', '{status}'");
        let search = format!("{name}?patient=p-1012&{status}=nonsense");
        let ignores = format!("ignore_params = ['{status}']");
        assert_eq!(
            wrong(name, &keys, &ignores).await.get(&search).await.ids(),
            own
        );
        let ignores = format!("ignore_params = ['patient', '{status}']");
        let everybody = wrong(name, &keys, &ignores).await.get(&search).await;
        assert!(everybody.json()["total"].as_u64().unwrap() >= own.len() as u64);

        let role = if name == "AllergyIntolerance" {
            "patient-basic"
        } else {
            "patient-with-other-records"
        };
        let search = format!("{name}?patient=p-1015");
        let more = wrong(name, "'patient'", &format!("add_others = '{role}'")).await;
        let expected: Vec<&str> = Some(other)
            .into_iter()
            .filter(|id| !id.is_empty())
            .collect();
        assert_eq!(more.get(&search).await.ids(), expected, "{name}");

        let refuses = "refuse = { status = 400, code = 'not-supported' }";
        for (path, request) in [
            (name.to_owned(), search.clone()),
            (format!("{name}/"), format!("{name}/{}", own[0])),
            (format!("{name}/*"), format!("{name}/{}", own[0])),
        ] {
            let keys = if request.contains('?') {
                "'patient'"
            } else {
                ""
            };
            let answer = wrong(&path, keys, refuses).await.get(&request).await;
            assert_eq!(answer.status, 400, "{request}");
            let outcome = answer.json();
            assert_eq!(outcome["resourceType"], "OperationOutcome");
            assert_eq!(outcome["issue"][0]["code"], "not-supported");
        }
    }
}

#[tokio::test]
async fn answers_a_search_that_is_too_wide() {
    let search = "MedicationRequest?status=stopped";
    let right = Mock::start(&good()).await;
    assert_eq!(right.get(search).await.status, 400);
    let wide = wrong("MedicationRequest", "'status'", "answer_wide = true").await;
    assert_eq!(
        wide.get(search).await.ids(),
        ["mr-1012-3", "mr-1016-11", "mr-1016-12", "mr-1017-3"]
    );
    let all = wide.get("MedicationRequest?status=active,completed").await;
    assert_eq!(all.json()["total"], 18);
    assert!(all.link("next").is_none());
    // What is wrong is refused all the same.
    assert_eq!(
        wide.get("MedicationRequest?authoredon=2019").await.status,
        400
    );
    let less = "answer_wide = true, drop_entries = 'first'";
    let less = wrong("MedicationRequest", "'status'", less).await;
    assert_eq!(
        less.get(search).await.ids(),
        ["mr-1016-11", "mr-1016-12", "mr-1017-3"]
    );
}

#[tokio::test]
async fn acts_on_reads_of_one_type_only() {
    let patch = "patch = [{ op = 'set', path = '/gender', value = 'other' }]";
    let mock = wrong("Patient/", "", patch).await;
    for id in ["p-1000", "p-1012"] {
        assert_eq!(
            mock.get(&format!("Patient/{id}")).await.json()["gender"],
            "other"
        );
    }
    let searched = mock.get("Patient?_id=p-1000").await.json();
    assert_eq!(searched["entry"][0]["resource"]["gender"], "male");
    assert!(
        mock.get("Condition/co-1012-1")
            .await
            .json()
            .get("gender")
            .is_none()
    );
}

#[tokio::test]
async fn takes_away_what_a_browser_needs() {
    let action = "headers = { Access-Control-Allow-Origin = '' }";
    let mock = wrong("metadata", "", action).await;
    let origin = "Origin: https://example.org\r\n";
    let answer = mock.send("GET", "metadata", origin).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    let other = mock.send("GET", "Patient/p-1000", origin).await.unwrap();
    assert_eq!(other.headers["access-control-allow-origin"], "*");

    let action = "headers = { access-control-allow-origin = 'https://other.example' }";
    let mock = wrong("metadata", "", action).await;
    let answer = mock.send("GET", "metadata", origin).await.unwrap();
    assert_eq!(
        answer.headers["access-control-allow-origin"],
        "https://other.example"
    );
}
