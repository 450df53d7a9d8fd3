//! Clinical records of every type beside allergies: how they look, and how they are found.
//! Not for allergies and patients, whose tests are in `main`.

use crate::client::Mock;
use crate::{NHS, good};
use plumbline_mocks::{MockOptions, MockSystem};
use serde_json::Value;
use std::collections::BTreeSet;
use tempfile::TempDir;

/// What a type is to look like, as FHIR R4 says.
pub struct Type {
    pub name: &'static str,
    /// How the ids of its records begin.
    short: &'static str,
    /// The parameters for status, date and code.
    parameters: [&'static str; 3],
    /// The elements that must be there.
    required: &'static [&'static str],
    /// The element that refers to the patient.
    patient: &'static str,
}

const DATED: &[&str] = &["status", "medicationCodeableConcept", "subject"];

pub const TYPES: &[Type] = &[
    Type {
        name: "Condition",
        short: "co",
        parameters: ["clinical-status", "recorded-date", "code"],
        required: &[
            "clinicalStatus",
            "verificationStatus",
            "code",
            "subject",
            "recordedDate",
        ],
        patient: "subject",
    },
    Type {
        name: "Encounter",
        short: "en",
        parameters: ["status", "date", "type"],
        required: &["status", "class", "type", "subject", "period"],
        patient: "subject",
    },
    Type {
        name: "Immunization",
        short: "im",
        parameters: ["status", "date", "vaccine-code"],
        required: &["status", "vaccineCode", "patient", "occurrenceDateTime"],
        patient: "patient",
    },
    Type {
        name: "MedicationAdministration",
        short: "ma",
        parameters: ["status", "effective-time", "code"],
        required: DATED,
        patient: "subject",
    },
    Type {
        name: "MedicationDispense",
        short: "md",
        parameters: ["status", "whenprepared", "code"],
        required: &[
            "status",
            "medicationCodeableConcept",
            "subject",
            "whenPrepared",
        ],
        patient: "subject",
    },
    Type {
        name: "MedicationRequest",
        short: "mr",
        parameters: ["status", "authoredon", "code"],
        required: &[
            "status",
            "intent",
            "medicationCodeableConcept",
            "subject",
            "authoredOn",
        ],
        patient: "subject",
    },
    Type {
        name: "MedicationStatement",
        short: "ms",
        parameters: ["status", "effective", "code"],
        required: DATED,
        patient: "subject",
    },
    Type {
        name: "Observation",
        short: "ob",
        parameters: ["status", "date", "code"],
        required: &[
            "status",
            "code",
            "subject",
            "effectiveDateTime",
            "valueString",
        ],
        patient: "subject",
    },
];

/// The ids of `patient-with-records` that a search of a type finds beside `patient=p-1012`.
async fn found(mock: &Mock, of: &Type, more: &str) -> Vec<String> {
    let query = format!("{}?patient=p-1012{more}", of.name);
    let answer = mock.get(&query).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    let ids = answer.ids();
    assert_eq!(answer.json()["total"], ids.len(), "{query}");
    ids
}

/// The status, the date and the code of a record, wherever its type has them.
fn facts(resource: &Value) -> [String; 3] {
    let text = |pointers: &[&str]| {
        let found = pointers
            .iter()
            .find_map(|at| resource.pointer(at)?.as_str());
        found.unwrap_or_else(|| panic!("{resource}")).to_owned()
    };
    [
        text(&["/status", "/clinicalStatus/coding/0/code"]),
        text(&[
            "/recordedDate",
            "/period/start",
            "/occurrenceDateTime",
            "/effectiveDateTime",
            "/effectivePeriod/start",
            "/whenPrepared",
            "/authoredOn",
        ]),
        text(&[
            "/medicationCodeableConcept/coding/0/code",
            "/vaccineCode/coding/0/code",
            "/code/coding/0/code",
            "/type/0/coding/0/code",
        ]),
    ]
}

#[tokio::test]
async fn every_record_has_what_its_type_requires() {
    let mock = Mock::start(&good()).await;
    for of in TYPES {
        let bundle = mock
            .get(&format!("{}?patient=p-1012", of.name))
            .await
            .json();
        let entries = bundle["entry"].as_array().unwrap();
        assert!(entries.len() >= 2, "{}", of.name);
        let mut statuses = BTreeSet::new();
        for entry in entries {
            let resource = &entry["resource"];
            assert_eq!(resource["resourceType"], of.name);
            let id = resource["id"].as_str().unwrap();
            let address = format!("{}/{}/{id}", mock.base(), of.name);
            assert_eq!(entry["fullUrl"], address);
            assert_eq!(mock.get(&address).await.json(), *resource);
            let profile = format!(
                "https://fhir.hl7.org.uk/StructureDefinition/UKCore-{}",
                of.name
            );
            assert_eq!(resource["meta"]["profile"][0], profile);
            assert_eq!(resource[of.patient]["reference"], "Patient/p-1012");
            for element in of.required {
                assert!(!resource[*element].is_null(), "{id} has no {element}");
            }
            statuses.insert(facts(resource)[0].clone());
        }
        assert_eq!(statuses.len(), 2, "{}: {statuses:?}", of.name);
    }
}

#[tokio::test]
async fn finds_every_type_by_each_parameter() {
    let mock = Mock::start(&good()).await;
    for of in TYPES {
        let id = |number: u32| format!("{}-1012-{number}", of.short);
        let [status, date, code] = of.parameters;
        let all = found(&mock, of, "").await;
        let first = mock.get(&format!("{}/{}", of.name, id(1))).await.json();
        let [first_status, first_date, first_code] = facts(&first);
        let same = found(&mock, of, &format!("&{status}={first_status}")).await;
        assert!(same.contains(&id(1)) && same.len() < all.len(), "{same:?}");
        let other: Vec<&String> = all.iter().filter(|id| !same.contains(id)).collect();

        let read = mock.get(&format!("{}/{}", of.name, other[0])).await.json();
        let either = format!("&{status}={first_status},{}", facts(&read)[0]);
        assert_eq!(found(&mock, of, &either).await, all);
        let both = format!("&{status}={first_status}&{status}={}", facts(&read)[0]);
        assert!(found(&mock, of, &both).await.is_empty(), "{both}");

        for (more, right) in [
            (format!("&_id={}", id(1)), true),
            (format!("&_id={},{}", id(1), id(99)), true),
            (format!("&_id={}", id(99)), false),
            (
                format!("&patient.identifier={NHS}|9990000131&_id={}", id(1)),
                true,
            ),
            (format!("&patient.identifier={NHS}|9990000018"), false),
            (format!("&{code}=http://snomed.info/sct|{first_code}"), true),
            (format!("&{code}={first_code}"), true),
            (format!("&{code}=http://loinc.org|{first_code}"), false),
            (format!("&{date}={first_date}"), true),
            (
                format!("&{date}=ge{first_date}&{date}=le{first_date}"),
                true,
            ),
            (
                format!("&{date}=gt{first_date}&{date}=le{first_date}"),
                false,
            ),
            (format!("&{date}=eb1950"), false),
            (
                format!("&{status}=http://elsewhere.example|{first_status}"),
                false,
            ),
        ] {
            let ids = found(&mock, of, &more).await;
            assert_eq!(ids.contains(&id(1)), right, "{}{more}: {ids:?}", of.name);
        }

        let alone = format!("{}?_id={}", of.name, id(1));
        assert_eq!(mock.get(&alone).await.ids(), [id(1)]);
        let refused = [
            of.name.to_owned(),
            format!("{}?{status}={first_status}", of.name),
            format!("{}?{date}=2020", of.name),
            format!("{}?{code}={first_code}", of.name),
            format!("{}?patient=p-1012&shoe-size=9", of.name),
            format!("{}?patient=p-1012&{date}=soon", of.name),
            format!("{}?patient=p-1015&{date}=ap2020", of.name),
        ];
        for request in refused {
            assert_eq!(mock.get(&request).await.status, 400, "{request}");
        }
        assert_eq!(
            mock.get(&format!("{}/{}", of.name, id(99))).await.status,
            404
        );
        let nobody = mock.get(&format!("{}?patient=p-1015", of.name)).await;
        assert_eq!(nobody.json()["total"], 0);
        assert!(nobody.json().get("entry").is_none());
    }
}

#[tokio::test]
async fn declares_every_parameter() {
    let mock = Mock::start(&good()).await;
    let statement = mock.get("metadata").await.json();
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    for of in TYPES {
        let resource = resources.iter().find(|r| r["type"] == of.name).unwrap();
        let declared: Vec<[&str; 2]> = resource["searchParam"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| ["name", "type"].map(|key| p[key].as_str().unwrap()))
            .collect();
        let [status, date, code] = of.parameters;
        let expected = [
            ["_id", "token"],
            ["patient", "reference"],
            [status, "token"],
            [date, "date"],
            [code, "token"],
        ];
        assert_eq!(declared, expected, "{}", of.name);
    }
}

#[tokio::test]
async fn finds_dated_records_by_every_prefix() {
    let mock = Mock::start(&good()).await;
    let guide = [
        "Immunization",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
    ];
    let table: &[(&[&str], &[u32])] = &[
        (&["2018"], &[1]),
        (&["eq2020"], &[2]),
        (&["2021"], &[]),
        (&["2018,2023"], &[1, 3]),
        (&["ne2020"], &[1, 3]),
        (&["ge2020-01-01"], &[2, 3]),
        (&["gt2020"], &[3]),
        (&["le2019-12-31"], &[1]),
        (&["lt2020-01"], &[1]),
        (&["sa2018"], &[2, 3]),
        (&["eb2023"], &[1, 2]),
        (&["ge2019-01-01", "le2021-12-31"], &[2]),
        (&["ge2018-01-01T00:00:00Z", "lt2023"], &[1, 2]),
        (&["2018", "2023"], &[]),
    ];
    for of in TYPES.iter().filter(|of| guide.contains(&of.name)) {
        for (values, numbers) in table {
            let dates: Vec<String> = values
                .iter()
                .map(|value| format!("&{}={value}", of.parameters[1]))
                .collect();
            let query = format!("{}?patient=p-1013{}", of.name, dates.concat());
            let expected: Vec<String> = numbers
                .iter()
                .map(|number| format!("{}-1013-{number}", of.short))
                .collect();
            assert_eq!(mock.get(&query).await.ids(), expected, "{query}");
        }
    }
}

#[tokio::test]
async fn finds_periods_by_their_days() {
    let mock = Mock::start(&good()).await;
    // From 3 May to 21 June 2016.
    for (wanted, right) in [
        ("2016-05-03", false),
        ("2016", true),
        ("2016-05", false),
        // By the letter: it ends in that month and not after it, and began before.
        ("ge2016-06", false),
        ("ge2016-05-31", true),
        ("gt2016-06-20", true),
        ("gt2016-06-21", false),
        ("lt2016-05-04", true),
        ("lt2016-05-03", false),
        // By the letter: nothing of the period is before that day, nor is all of it in it.
        ("le2016-05-03", false),
        ("le2016-05-04", true),
        ("sa2016-05-02", true),
        ("sa2016-05-03", false),
        ("eb2016-06-22", true),
        ("eb2016-06-21", false),
        ("ne2016-05", true),
    ] {
        let query = format!("MedicationStatement?_id=ms-1012-3&effective={wanted}");
        let found = mock.get(&query).await.ids();
        assert_eq!(!found.is_empty(), right, "{wanted}");
    }
    let stay = mock.get("MedicationAdministration/ma-1012-2").await.json();
    assert_eq!(stay["effectivePeriod"]["start"], "2022-03-08");
    assert_eq!(stay["effectivePeriod"]["end"], "2022-03-10");
    assert!(stay.get("effectiveDateTime").is_none());
}

#[tokio::test]
async fn gives_many_records_over_pages() {
    let mock = Mock::start(&good()).await;
    for (name, short, status, of_status) in [
        ("MedicationRequest", "mr", "active", 10),
        ("Immunization", "im", "completed", 11),
    ] {
        for (more, total) in [
            (String::new(), 12),
            (format!("&status={status}"), of_status),
        ] {
            let mut next = Some(format!("{name}?patient=p-1016&_count=5{more}"));
            let (mut seen, mut pages) = (BTreeSet::new(), 0);
            while let Some(url) = next {
                let page = mock.get(&url).await;
                assert_eq!(page.json()["total"], total);
                seen.extend(page.ids());
                next = page.link("next");
                pages += 1;
            }
            assert_eq!(seen.len(), total);
            assert_eq!(pages, total.div_ceil(5));
            assert!(
                seen.iter()
                    .all(|id| id.starts_with(&format!("{short}-1016-")))
            );
        }
    }
}

#[tokio::test]
async fn an_encounter_without_an_end_goes_on() {
    let mock =
        with_record("type = 'Encounter'\nid = 'r-1'\nstatus = 'in-progress'\ndate = '2020-05-04'")
            .await
            .unwrap();
    let period = &mock.get("Encounter/r-1").await.json()["period"];
    assert_eq!(period["start"], "2020-05-04");
    assert!(period.get("end").is_none());
    for (wanted, right) in [
        ("gt2024", true),
        ("2020", false),
        ("eb2024", false),
        ("lt2020-05-04", false),
    ] {
        let found = mock
            .get(&format!("Encounter?_id=r-1&date={wanted}"))
            .await
            .ids();
        assert_eq!(!found.is_empty(), right, "{wanted}");
    }
}

#[tokio::test]
async fn refuses_a_wrong_record() {
    let right = "type = 'Immunization'\nid = 'r-1'\nstatus = 'completed'\ndate = '2020-05-04'";
    with_record(right).await.unwrap();
    for (record, part) in [
        (right.replace("Immunization", "Vaccination"), "Vaccination"),
        (right.replace("05-04", "02-30"), "2020-02-30"),
        (format!("{right}\nend = '2020-05-05'"), "has no end"),
        (
            format!("{right}\nend = '2020-05-03'").replace("Immunization", "Observation"),
            "ends before it begins",
        ),
        (format!("{right}\ncolour = 'red'"), "colour"),
    ] {
        let message = with_record(&record).await.err().unwrap();
        assert!(
            message.contains("patient-extra.toml") && message.contains(part),
            "{message}"
        );
    }
}

/// A mock that also holds a person with this record.
async fn with_record(record: &str) -> Result<Mock, String> {
    let folder = TempDir::new().unwrap();
    let person = format!(
        "summary = 's'\nid = 'p-1'\n[identity]\nnhs_number = '9990000190'\nfamily = 'Newcomer'\n\
         given = ['Una']\ngender = 'female'\n[[records]]\ncode = '185349003'\ndisplay = 'd'\n{record}\n"
    );
    std::fs::write(folder.path().join("patient-extra.toml"), person).unwrap();
    let options = MockOptions {
        people_dir: Some(folder.path().to_owned()),
        ..good()
    };
    match MockSystem::load(&options) {
        Ok(_) => Ok(Mock::start(&options).await),
        Err(error) => Err(error.to_string()),
    }
}
