//! The mock systems as a client sees them, and the text files behind them.
//! Not for the harness's own view of the mocks, which selftest gives.

#![cfg(test)]

mod browser;
mod client;
mod documents;
mod faults;
mod gp;
mod records;
mod sheet;
mod tls;

use client::Mock;
use faults::{ACTIVE, family, with_faults};
use plumbline_mocks::{MockError, MockOptions, MockSystem};
use plumbline_mocks::{expected, fault_catalogue, good_vendor, vendor_facts, vendor_names};
use std::collections::BTreeSet;
use tempfile::TempDir;

const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";
const LOCAL: &str = "https://riverside.example/id/hospital-number";

fn good() -> MockOptions {
    MockOptions::vendor("riverside-epr")
}

#[tokio::test]
async fn finds_patients_by_every_parameter() {
    let mock = Mock::start(&good()).await;
    let cases: &[(String, &[&str])] = &[
        (format!("identifier={NHS}|9990000026"), &["p-1001"]),
        ("identifier=9990000026".into(), &["p-1001"]),
        (format!("identifier={LOCAL}|RV-1001"), &["p-1001"]),
        (
            "identifier=https://elsewhere.example|9990000026".into(),
            &[],
        ),
        (format!("identifier={NHS}|9990009996"), &[]),
        ("_id=p-1003".into(), &["p-1003"]),
        ("family=thistle".into(), &["p-1001"]),
        ("family=wood".into(), &[]),
        ("given=Ann".into(), &["p-1001", "p-1004"]),
        ("name=Dr".into(), &["p-1004"]),
        ("name=Ravenhill-Moss".into(), &["p-1004"]),
        ("family=Quillfeather&given=Tob".into(), &["p-1005"]),
        (
            "family=Quillfeather,Larkspur&gender=male".into(),
            &["p-1000", "p-1005", "p-1006"],
        ),
        (
            "birthdate=2001-08-19".into(),
            &["p-1005", "p-1006", "p-1017"],
        ),
        ("birthdate=2001&birthdate=lt2001-08".into(), &[]),
        (
            "birthdate=ge1951-03&birthdate=le1968".into(),
            &["p-1000", "p-1001"],
        ),
        (
            "birthdate=1951-03-14&family=T&gender=female".into(),
            &["p-1001"],
        ),
        ("birthdate=1951-03-14&gender=male".into(), &[]),
        (
            "gender=http://hl7.org/fhir/administrative-gender|female&family=Penny".into(),
            &["p-1002"],
        ),
    ];
    for (query, expected) in cases {
        let answer = mock.get(&format!("Patient?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        assert_eq!(answer.ids(), *expected, "{query}");
        assert_eq!(answer.json()["total"], expected.len(), "{query}");
        assert_eq!(
            answer.headers["content-type"],
            "application/fhir+json;charset=utf-8"
        );
    }
}

#[tokio::test]
async fn finds_allergies_by_every_parameter() {
    let mock = Mock::start(&good()).await;
    let base = mock.base();
    let dated = ["a-1011-1", "a-1011-2", "a-1011-3"];
    let cases: &[(String, &[&str])] = &[
        ("patient=p-1001".into(), &["a-1001-1", "a-1001-2", "a-1001-3"]),
        (format!("patient={base}/Patient/p-1001&clinical-status=resolved"), &["a-1001-3"]),
        ("patient=Patient/p-1001&clinical-status=active".into(), &["a-1001-1", "a-1001-2"]),
        (
            "patient=p-1007&clinical-status=http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical|inactive".into(),
            &["a-1007-3"],
        ),
        (format!("patient.identifier={NHS}|9990000093"), &["a-1008-1"]),
        ("patient=p-1009".into(), &[]),
        ("patient=nobody".into(), &[]),
        ("patient=Practitioner/p-1001".into(), &[]),
        ("patient=p-1011&date=ge2020-01-01".into(), &dated[1..]),
        ("patient=p-1011&date=2018".into(), &dated[..1]),
        ("patient=p-1011&last-date=gt2020".into(), &dated[2..]),
        ("_id=a-1010-7".into(), &["a-1010-7"]),
    ];
    for (query, expected) in cases {
        let answer = mock.get(&format!("AllergyIntolerance?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        assert_eq!(answer.ids(), *expected, "{query}");
    }
}

#[tokio::test]
async fn gives_every_record_once_over_all_pages() {
    let mock = Mock::start(&good()).await;
    let mut seen = Vec::new();
    let mut next = Some("AllergyIntolerance?patient=p-1010&_count=5".to_owned());
    let mut pages = 0;
    while let Some(url) = next {
        let page = mock.get(&url).await;
        assert!(
            page.link("self")
                .unwrap()
                .contains("patient=p-1010&_count=5")
        );
        assert_eq!(page.json()["total"], 12);
        assert_eq!(page.json()["entry"][0]["search"]["mode"], "match");
        seen.extend(page.ids());
        next = page.link("next");
        pages += 1;
    }
    assert_eq!((pages, seen.len()), (3, 12));
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 12);
}

#[tokio::test]
async fn reads_what_it_found() {
    let mock = Mock::start(&good()).await;
    for (path, name) in [
        ("Patient/p-1002", "Patient"),
        ("AllergyIntolerance/a-1001-1", "AllergyIntolerance"),
    ] {
        let resource = mock.get(path).await.json();
        assert_eq!(resource["resourceType"], name);
        assert_eq!(
            resource["meta"]["profile"][0]
                .as_str()
                .unwrap()
                .rsplit('-')
                .next(),
            Some(name)
        );
    }
    let found = mock.get("Patient?family=Pennywell").await.json();
    assert_eq!(
        found["entry"][0]["fullUrl"],
        format!("{}/Patient/p-1002", mock.base())
    );
    assert_eq!(
        found["entry"][0]["resource"],
        mock.get("Patient/p-1002").await.json()
    );
}

#[tokio::test]
async fn refuses_what_it_should() {
    let mock = Mock::start(&good()).await;
    let cases = [
        ("GET", "Patient/nobody", 404),
        ("GET", "Procedure?patient=p-1001", 404),
        ("GET", "Patient/p-1001/_history", 404),
        ("GET", "Patient", 400),
        ("GET", "Patient?family=", 400),
        ("GET", "Patient?_count=5", 400),
        ("GET", "Patient?shoe-size=9&family=L", 400),
        ("GET", "Patient?birthdate=soon", 400),
        ("GET", "Patient?family=L&_cursor=2", 400),
        ("GET", "Patient?family=L&_count=many", 400),
        ("GET", "AllergyIntolerance?clinical-status=active", 400),
        (
            "GET",
            "AllergyIntolerance?patient=p-1009&date=2019-02-30",
            400,
        ),
        ("POST", "Patient", 405),
        ("DELETE", "Patient/p-1001", 405),
    ];
    for (method, path, status) in cases {
        let answer = mock.send(method, path, "").await.unwrap();
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(
            answer.json()["resourceType"],
            "OperationOutcome",
            "{method} {path}"
        );
        assert_eq!(answer.headers["x-plumbline-mock"], "riverside-epr");
    }
}

#[tokio::test]
async fn says_what_it_is_and_can_do() {
    let mock = Mock::start(&good()).await;
    let answer = mock.get("metadata").await;
    let statement = answer.json();
    assert_eq!(statement["kind"], "instance");
    assert_eq!(statement["fhirVersion"], "4.0.1");
    assert_eq!(statement["instantiates"].as_array().unwrap().len(), 2);
    assert!(
        statement["software"]["name"]
            .as_str()
            .unwrap()
            .contains("mock")
    );
    assert_eq!(answer.headers["x-plumbline-mock"], "riverside-epr");
    assert_eq!(statement["rest"][0]["security"]["cors"], true);
    let types = statement["rest"][0]["resource"].as_array().unwrap();
    let names: Vec<&str> = types
        .iter()
        .map(|of| of["type"].as_str().unwrap())
        .collect();
    let clinical = records::TYPES.iter().map(|of| of.name);
    let expected: Vec<&str> = ["Patient", "AllergyIntolerance"]
        .into_iter()
        .chain(clinical)
        .chain(["Composition"])
        .collect();
    assert_eq!(names, expected);
    for of in types {
        let codes: Vec<&str> = of["interaction"]
            .as_array()
            .unwrap()
            .iter()
            .map(|interaction| interaction["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["read", "search-type"]);
        for parameter in of["searchParam"].as_array().unwrap() {
            assert!(parameter["name"].is_string() && parameter["type"].is_string());
        }
    }

    let silent = Mock::start(&MockOptions {
        announce: false,
        ..good()
    })
    .await;
    let answer = silent.get("metadata").await;
    assert!(!answer.headers.contains_key("x-plumbline-mock"));
    assert!(!answer.body.contains("mock"), "{}", answer.body);
}

#[tokio::test]
async fn wants_its_key_for_everything_but_metadata() {
    let mock = Mock::start(&MockOptions {
        api_key: Some("k".into()),
        ..good()
    })
    .await;
    assert_eq!(mock.get("metadata").await.status, 200);
    let refused = mock.get("Patient/p-1001").await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["resourceType"], "OperationOutcome");
    let wrong = mock
        .send("GET", "Patient/p-1001", "apikey: other\r\n")
        .await
        .unwrap();
    assert_eq!(wrong.status, 401);
    let right = mock
        .send("GET", "Patient/p-1001", "apikey: k\r\n")
        .await
        .unwrap();
    assert_eq!(right.status, 200);
}

#[test]
fn an_unknown_name_is_an_error_that_helps() {
    let message = |options: &MockOptions| MockSystem::load(options).err().unwrap().to_string();
    let unknown = message(&MockOptions::vendor("riverside"));
    assert!(unknown.contains("riverside-epr-faulty"), "{unknown}");
    assert!(message(&MockOptions::vendor("riverside-epr.expected")).contains("unknown vendor"));

    let case = "path = 'Patient'\nkeys = []\naction = { add_others = 'nobody' }";
    let folder = family(&[("a", case), ("b", case)]);
    let unknown = message(&with_faults(&folder, &["c"]));
    assert!(unknown.contains("f/R/a, f/R/b"), "{unknown}");
    assert!(message(&with_faults(&folder, &["a"])).contains("nobody"));

    let twice = family(&[("a", case), ("a", case)]);
    assert!(matches!(
        fault_catalogue(Some(twice.path())),
        Err(MockError::DuplicateFault { id, .. }) if id == "f/R/a"
    ));
}

#[tokio::test]
async fn lays_people_of_a_folder_over_its_own() {
    let folder = TempDir::new().unwrap();
    let person = "summary = 's'\nid = 'p-1'\n[identity]\nnhs_number = '9990000190'\n\
                  family = 'Newcomer'\ngiven = ['Una']\ngender = 'female'\n";
    let file = folder.path().join("patient-extra.toml");
    std::fs::write(&file, person).unwrap();
    let options = MockOptions {
        people_dir: Some(folder.path().to_owned()),
        ..good()
    };
    let mock = Mock::start(&options).await;
    assert_eq!(mock.get("Patient?family=Newcomer").await.ids(), ["p-1"]);
    assert_eq!(mock.get("Patient?family=Larkspur").await.ids(), ["p-1000"]);

    std::fs::write(&file, person.replace("9990000190", "9990000191")).unwrap();
    let message = MockSystem::load(&options).err().unwrap().to_string();
    assert!(message.contains("patient-extra.toml"), "{message}");
}

#[tokio::test]
async fn every_person_is_served_and_distinct() {
    let mock = Mock::start(&good()).await;
    let files = std::fs::read_dir("../scenarios/_people").unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let roles = texts.filter(|text| !text.contains("[gp]")).count();
    let everybody = mock
        .get("Patient?gender=male,female,other,unknown&_count=100")
        .await;
    let bundle = everybody.json();
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!((roles, entries.len()), (23, 23));
    let of = |pointer: &str| -> BTreeSet<String> {
        entries
            .iter()
            .map(|entry| entry.pointer(pointer).unwrap().to_string())
            .collect()
    };
    assert_eq!(of("/resource/identifier/0/value").len(), 23);
    assert_eq!(of("/resource/identifier/1/value").len(), 23);
    assert_eq!(
        of("/resource/name/0/family").len(),
        22,
        "the twins share theirs"
    );
    let mut records = BTreeSet::new();
    let clinical = records::TYPES.iter().map(|of| of.name);
    for name in std::iter::once("AllergyIntolerance").chain(clinical) {
        for id in everybody.ids() {
            let found = mock.get(&format!("{name}?patient={id}&_count=50")).await;
            for record in found.ids() {
                assert!(records.insert(record.clone()), "{record} is there twice");
            }
        }
    }
}

#[tokio::test]
async fn every_fault_and_vendor_loads() {
    let catalogue = fault_catalogue(None).unwrap();
    assert!(
        catalogue
            .iter()
            .zip(catalogue.iter().skip(1))
            .all(|(a, b)| a.id < b.id)
    );
    for (kind, vendor) in [("uk-core", "riverside-epr"), ("gp-connect", "beacon-gp")] {
        let of_kind = catalogue.iter().filter(|fault| fault.kind == kind);
        let options = MockOptions {
            faults: of_kind.map(|fault| fault.id.clone()).collect(),
            ..MockOptions::vendor(vendor)
        };
        assert!(!options.faults.is_empty(), "{kind}");
        MockSystem::load(&options).unwrap_or_else(|error| panic!("{error}"));
    }
    let names = vendor_names();
    for name in ["beacon-gp", "riverside-epr", "riverside-epr-faulty"] {
        assert!(names.iter().any(|known| known == name), "{name}");
        vendor_facts(name).unwrap();
    }
    let good = |pack| good_vendor(pack).unwrap();
    assert_eq!(good("uk-core-access").as_deref(), Some("riverside-epr"));
    assert_eq!(good("gp-connect-foundations").as_deref(), Some("beacon-gp"));
    assert_eq!(good("nothing"), None);
    assert!(expected("riverside-epr").unwrap().is_empty());
    assert!(!expected("riverside-epr-faulty").unwrap().is_empty());
    assert!(expected("nobody").is_err());

    let faulty = Mock::start(&MockOptions::vendor("riverside-epr-faulty")).await;
    let active = faulty.get(ACTIVE).await;
    assert_eq!(active.ids(), ["a-1001-2"], "a held allergy is hidden");
    assert_eq!(active.headers["x-plumbline-mock"], "riverside-epr-faulty");
}
