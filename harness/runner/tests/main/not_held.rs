//! Test patients whom the target does not hold, or holds otherwise than the data sheet says: a
//! mistake of target.toml, which fails nothing. A patient who is held and not found is a failure.

use crate::hostile::front::{Front, Reach, sized};
use crate::support::{Bench, runtime, serve};
use plumbline_model::{ErrorKind, RunRecord, Verdict};
use plumbline_runner::{RunOptions, Selection};
use std::time::Duration;

/// A run of the searches for patients, after a change to what it begins with.
fn run(faults: &[&str], change: impl FnOnce(&mut RunOptions<'_>)) -> RunRecord {
    let bench = Bench::new();
    let searches = Selection::tags("@capability:patient-index").unwrap();
    runtime().block_on(async {
        let address = serve(faults).await;
        let mut options = bench.options(address, 4, &searches, Duration::from_secs(10));
        change(&mut options);
        plumbline_runner::run(options, std::future::pending())
            .await
            .unwrap()
            .record
    })
}

/// The scenarios that were given up because the patient is not held so.
fn given_up(record: &RunRecord) -> Vec<&str> {
    let told = |code: &str| code == "SETUP-NOT-HELD";
    let scenarios = record.scenarios.iter().filter(|scenario| {
        let mut findings = scenario.steps.iter().flat_map(|step| &step.findings);
        findings.any(|finding| told(finding.code.as_str()))
    });
    scenarios.map(|scenario| scenario.id.as_str()).collect()
}

fn assert_no_accusation(record: &RunRecord) {
    for scenario in &record.scenarios {
        let accused = matches!(scenario.verdict, Verdict::Fail | Verdict::Warning);
        assert!(!accused, "{} is {}", scenario.id, scenario.verdict);
    }
    for id in given_up(record) {
        let scenario = record.scenarios.iter().find(|s| s.id.as_str() == id);
        let told = Verdict::Error(ErrorKind::Configuration);
        assert_eq!(scenario.unwrap().verdict, told, "{id}");
    }
}

#[test]
fn a_patient_whom_no_search_finds_is_not_held() {
    let record = run(&[], |options| {
        let role = "patient-basic".into();
        let entry = options.target.actors.get_mut(&role).unwrap();
        entry.nhs_number = "9990009988".to_owned();
    });
    assert_no_accusation(&record);
    assert!(given_up(&record).contains(&"uka-pat-identifier"));
    let passes = record.scenarios.iter();
    let passes = passes.filter(|s| s.verdict == Verdict::Pass).count();
    assert!(passes > 20, "the other patients are tested: {passes}");
}

#[test]
fn a_patient_with_another_birth_date_is_rightly_not_found_by_that_of_the_data_sheet() {
    let record = run(&[], |options| {
        for person in options.people.values_mut() {
            if let Some(date) = &mut person.identity.birth_date {
                "1955-05-05".clone_into(date);
            }
        }
    });
    assert_no_accusation(&record);
    let given_up = given_up(&record);
    assert!(given_up.contains(&"uka-pat-birthdate"), "{given_up:?}");
    assert!(!given_up.contains(&"uka-pat-identifier"), "{given_up:?}");
}

#[test]
fn a_patient_who_is_held_and_not_found_is_a_failure() {
    for (fault, id) in [
        ("hides-the-patient/UKA-PAT-001", "uka-pat-identifier"),
        ("hides-the-patient/UKA-PAT-004", "uka-pat-name"),
    ] {
        let record = run(&[fault], |_| ());
        assert_eq!(given_up(&record), Vec::<&str>::new(), "{fault}");
        let scenario = record.scenarios.iter().find(|s| s.id.as_str() == id);
        assert_eq!(scenario.unwrap().verdict, Verdict::Fail, "{fault}");
    }
}

/// What a search that is not offered is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OtherSearches {
    Refused,
    Empty,
}

/// A system whose search by NHS number finds nobody, whatever its other searches do.
fn finds_nobody(others: OtherSearches) -> RunRecord {
    let bench = Bench::new();
    let selection = Selection::tags("@id:uka-pat-identifier").unwrap();
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        let front = Front::start(upstream, Reach::Everything, move |path, _| {
            let kind = "content-type: application/fhir+json\r\n";
            let empty = br#"{"resourceType":"Bundle","type":"searchset","total":0}"#;
            match (path.contains("/Patient?"), path.contains("identifier=")) {
                (false, _) => None,
                (true, false) if others == OtherSearches::Refused => Some(sized(400, kind, b"{}")),
                (true, _) => Some(sized(200, kind, empty)),
            }
        })
        .await;
        let ten = Duration::from_secs(10);
        let pending = std::future::pending();
        bench.run(front.address, 1, &selection, ten, pending).await
    })
}

#[test]
fn without_another_search_the_one_that_is_judged_is_all_there_is() {
    let told = |others| finds_nobody(others).scenarios[0].verdict;
    assert_eq!(told(OtherSearches::Refused), Verdict::Fail);
    let configuration = Verdict::Error(ErrorKind::Configuration);
    assert_eq!(told(OtherSearches::Empty), configuration);
}
