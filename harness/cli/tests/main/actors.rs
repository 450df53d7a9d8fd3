//! Whether a system holds the people of the data sheet, and whom it has who would fit.

use crate::canary::{Dice, number};
use crate::detector::Detector;
use crate::hostile::{Answer, Asked, Hostile};
use crate::support::{self, Mock, PACK, Ran, files, plumbline, temp};
use plumbline_model::{ActorRole, Person};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// The people of the pack.
fn people() -> BTreeMap<ActorRole, Person> {
    let files = plumbline_pack::Files::embedded();
    let people = plumbline_pack::people(&files).unwrap_or_else(|_| panic!("the people are wrong"));
    let pack = toml(&files.text(&format!("profiles/{PACK}/pack.toml")).unwrap());
    let roles = pack["actors"].as_array().unwrap();
    let listed = |role: &ActorRole| roles.iter().any(|r| r.as_str() == Some(role.as_str()));
    people
        .into_iter()
        .filter(|(role, _)| listed(role))
        .collect()
}

fn toml(text: &str) -> toml::Table {
    text.parse().unwrap()
}

/// A target file that claims every capability of the pack and maps everybody, then changed.
fn write(folder: &Path, base_url: &str, environment: &str, change: impl FnOnce(&mut toml::Table)) {
    let mut target = toml(&support::target(base_url, environment));
    let files = plumbline_pack::Files::embedded();
    let pack = toml(&files.text(&format!("profiles/{PACK}/pack.toml")).unwrap());
    let mut scope: Vec<toml::Value> = Vec::new();
    for profile in pack["scope_profiles"].as_array().unwrap() {
        for capability in profile["capabilities"].as_array().unwrap() {
            if !scope.contains(capability) {
                scope.push(capability.clone());
            }
        }
    }
    target.insert("scope".to_owned(), scope.into());
    let mut actors = toml::Table::new();
    for (role, person) in people() {
        let mut entry = toml::Table::new();
        let number = person.identity.nhs_number;
        entry.insert("nhs_number".to_owned(), number.into());
        actors.insert(role.to_string(), entry.into());
    }
    target.insert("actors".to_owned(), actors.into());
    change(&mut target);
    support::write_target(folder, &target.to_string());
}

fn check(folder: &Path) -> Ran {
    let arguments = ["actors", "check", "--pack", PACK, "--target", "target.toml"];
    plumbline(folder, &arguments)
}

/// The comparison as JSON, with its exit code asserted.
fn compared(folder: &Path, code: i32) -> Value {
    let arguments = ["actors", "check", "--pack", PACK, "--target", "target.toml"];
    let json = [&arguments[..], &["--format", "json"]].concat();
    serde_json::from_str(&plumbline(folder, &json).code(code).stdout).unwrap()
}

/// Roles in a state.
fn roles(report: &Value, state: &str) -> Vec<String> {
    let people = report["people"].as_array().unwrap().iter();
    let chosen = people.filter(|person| person["state"] == state);
    chosen
        .map(|person| person["role"].as_str().unwrap().to_owned())
        .collect()
}

/// Every difference with its role and type.
fn differences(report: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for person in report["people"].as_array().unwrap() {
        for area in person["areas"].as_array().unwrap() {
            for difference in area["differences"].as_array().unwrap() {
                found.push((
                    person["role"].as_str().unwrap().to_owned(),
                    area["type"].as_str().unwrap().to_owned(),
                    difference.clone(),
                ));
            }
        }
    }
    found
}

/// Nothing but what the test wrote is in the folder.
fn only(folder: &Path, names: &[&str]) {
    let found = files(folder);
    let found: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(found, names);
}

#[test]
fn the_good_mock_is_as_in_the_data_sheet() {
    let (folder, mock) = (temp(), Mock::start("riverside-epr"));
    write(folder.path(), &mock.base_url, "sandbox", |_| {});
    let report = compared(folder.path(), 0);
    assert_eq!(report["state"], "same", "{report:#}");
    assert_eq!(roles(&report, "same").len(), people().len());
    let whole = report.to_string();
    for kind in [
        "Patient",
        "AllergyIntolerance",
        "Immunization",
        "MedicationRequest",
    ] {
        assert!(whole.contains(&format!("\"{kind}\"")), "{kind}");
    }
    let text = check(folder.path())
        .code(0)
        .prints("Mock system (riverside-epr)");
    for role in people().keys() {
        let line = format!("{role}: as in the data sheet\n");
        assert!(text.stdout.contains(&line), "{line}");
    }
    only(folder.path(), &["target.toml"]);
}

/// Compares with a system that spoils some answers.
fn spoilt(environment: &str, spoil: impl FnMut(&Asked, &mut Answer) + Send + 'static) -> Value {
    let (folder, server) = (temp(), Hostile::start(spoil));
    write(folder.path(), &server.base_url, environment, |_| {});
    let report = compared(folder.path(), 1);
    only(folder.path(), &["target.toml"]);
    report
}

#[test]
fn a_changed_name_is_named_with_its_person_and_element() {
    for environment in ["sandbox", "integration"] {
        let report = spoilt(environment, |asked, answer| {
            if asked.path.contains("/Patient?") && asked.path.contains("9990000018") {
                let mut bundle = answer.json().unwrap();
                bundle["entry"][0]["resource"]["name"][0]["family"] = json!("Zorvaxley");
                answer.set_json(&bundle);
            }
        });
        assert_eq!(roles(&report, "different"), ["patient-basic"]);
        assert_eq!(roles(&report, "same").len(), people().len() - 1);
        let found = differences(&report);
        assert_eq!(found.len(), 1, "{found:?}");
        let (role, kind, difference) = &found[0];
        assert_eq!((role.as_str(), kind.as_str()), ("patient-basic", "Patient"));
        let element = difference["element"].as_str().unwrap();
        assert!(element.contains("name"), "{element}");
        // What came belongs to nobody we know; our own value shows only where it may.
        assert!(!report.to_string().contains("Zorvaxley"));
        let shows_own = report.to_string().contains("Larkspur");
        assert_eq!(shows_own, environment == "sandbox", "{difference}");
    }
}

#[test]
fn a_hidden_allergy_is_named_with_its_person() {
    let report = spoilt("sandbox", |asked, answer| {
        if asked.path.contains("/AllergyIntolerance?") && asked.path.contains("p-1001") {
            let mut bundle = answer.json().unwrap();
            bundle["entry"].as_array_mut().unwrap().remove(0);
            bundle["total"] = json!(bundle["entry"].as_array().unwrap().len());
            answer.set_json(&bundle);
        }
    });
    assert_eq!(roles(&report, "different"), ["patient-with-allergies"]);
    let found = differences(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1, "AllergyIntolerance");
    let expected = found[0].2["expected"].as_str().unwrap();
    assert!(expected.contains("91936005"), "{expected}");
}

#[test]
fn a_hidden_record_is_named_with_its_person() {
    let report = spoilt("sandbox", |asked, answer| {
        if asked.path.contains("/Immunization?")
            && let Some(mut bundle) = answer.json()
            && bundle.to_string().contains("im-1012-1")
        {
            let own = |entry: &Value| entry["resource"]["id"] == "im-1012-1";
            bundle["entry"].as_array_mut().unwrap().retain(|e| !own(e));
            answer.set_json(&bundle);
        }
    });
    assert_eq!(roles(&report, "different"), ["patient-with-records"]);
    assert_eq!(differences(&report)[0].1, "Immunization");
}

#[test]
fn a_record_of_somebody_without_any_is_a_difference() {
    let stray = json!({"resource": {"resourceType": "AllergyIntolerance", "id": "stray"}});
    let number = people()[&ActorRole::from("patient-without-allergy-record")]
        .id
        .clone();
    let report = spoilt("sandbox", move |asked, answer| {
        if asked.path.contains("/AllergyIntolerance?") && asked.path.contains(&number) {
            let mut bundle = answer.json().unwrap();
            bundle["entry"] = json!([stray]);
            bundle["total"] = json!(1);
            answer.set_json(&bundle);
        }
    });
    let different = roles(&report, "different");
    assert_eq!(different, ["patient-without-allergy-record"]);
}

#[test]
fn what_is_not_compared_is_never_a_success() {
    let (folder, mock) = (temp(), Mock::start("riverside-epr"));
    let folder = folder.path();
    let actors = |target: &mut toml::Table, change: fn(&mut toml::Table)| {
        change(target["actors"].as_table_mut().unwrap());
    };
    // A patient of the vendor's own is left out by intention.
    write(folder, &mock.base_url, "sandbox", |target| {
        actors(target, |actors| {
            let entry = actors["patient-basic"].as_table_mut().unwrap();
            entry.insert("data_sheet".to_owned(), false.into());
        });
    });
    check(folder)
        .code(0)
        .prints("patient-basic: not checked")
        .prints("data_sheet = false");
    // A role that nobody plays is a gap.
    write(folder, &mock.base_url, "sandbox", |target| {
        actors(target, |actors| drop(actors.remove("patient-basic")));
    });
    check(folder)
        .code(4)
        .prints("maps nobody to it, and your scope needs it");
    // Nothing compared, nothing known.
    write(folder, &mock.base_url, "sandbox", |target| {
        actors(target, |actors| {
            for (_, entry) in actors.iter_mut() {
                let entry = entry.as_table_mut().unwrap();
                entry.insert("data_sheet".to_owned(), false.into());
            }
        });
    });
    check(folder).code(4);
    // A record type outside the scope is told.
    write(folder, &mock.base_url, "sandbox", |target| {
        target.insert("scope".to_owned(), vec!["patient-index"].into());
    });
    check(folder)
        .code(0)
        .prints("no scenario of your scope reads them");
    write(folder, "http://127.0.0.1:9/fhir", "sandbox", |_| {});
    check(folder).code(4).prints("could not be reached");
    write(folder, "http://127.0.0.1:9/fhir", "sandbox", |target| {
        target.insert("scope".to_owned(), vec!["metadata"].into());
    });
    check(folder).code(4);
    suggest(folder, Some("9990000018")).code(2).says("scope");
    check(temp().path()).code(2).says("target.toml");
}

#[test]
fn a_stranger_stops_the_comparison() {
    let folder = temp();
    let stranger = number(&mut Dice::new(7), "47");
    let planted = stranger.clone();
    let server = Hostile::start(move |asked, answer| {
        if asked.path.contains("/Patient?") {
            let mut bundle = answer.json().unwrap();
            bundle["entry"][0]["resource"]["identifier"] =
                json!([{"system": SYSTEM, "value": planted}]);
            answer.set_json(&bundle);
        }
    });
    write(folder.path(), &server.base_url, "integration", |_| {});
    let ran = check(folder.path())
        .code(4)
        .prints("Not completed: a valid");
    hidden(&ran, &stranger);
}

/// The number is nowhere in what was printed.
fn hidden(ran: &Ran, number: &str) {
    let shown = [ran.stdout.as_bytes(), ran.stderr.as_bytes()].concat();
    assert!(Detector::new([number]).found(&shown).is_empty());
}

fn suggest(folder: &Path, candidates: Option<&str>) -> Ran {
    let mut arguments = vec![
        "actors",
        "suggest",
        "--pack",
        PACK,
        "--target",
        "target.toml",
    ];
    if let Some(text) = candidates {
        fs::write(folder.join("candidates.txt"), text).unwrap();
        arguments.extend(["--candidates", "candidates.txt"]);
    }
    plumbline(folder, &arguments)
}

/// The lines that the command proposes for target.toml, read as such.
fn proposed(ran: &Ran) -> BTreeMap<String, String> {
    let lines = ran
        .stdout
        .lines()
        .filter(|line| line.contains(" = { nhs_number = "));
    let table = toml(&lines.collect::<Vec<_>>().join("\n"));
    let entries = table.iter().map(|(role, entry)| {
        assert_eq!(entry["data_sheet"].as_bool(), Some(false));
        (
            role.clone(),
            entry["nhs_number"].as_str().unwrap().to_owned(),
        )
    });
    entries.collect()
}

#[test]
fn everybody_is_proposed_for_their_own_role() {
    let (folder, mock) = (temp(), Mock::start("riverside-epr"));
    write(folder.path(), &mock.base_url, "sandbox", |_| {});
    let people = people();
    let mut numbers: Vec<&str> = people
        .values()
        .map(|person| person.identity.nhs_number.as_str())
        .collect();
    numbers.reverse();
    let ran = suggest(folder.path(), Some(&numbers.join("\n")))
        .code(0)
        .prints("Mock system (riverside-epr)")
        .prints("are then not tested");
    let wanted: BTreeMap<String, String> = people
        .iter()
        .map(|(role, person)| (role.to_string(), person.identity.nhs_number.clone()))
        .collect();
    assert_eq!(proposed(&ran), wanted, "{}", ran.stdout);
    // Names stay where they are: only numbers that the user gave are shown.
    for person in people.values() {
        assert!(!ran.stdout.contains(&person.identity.family));
    }
    only(folder.path(), &["candidates.txt", "target.toml"]);
}

#[test]
fn near_misses_say_what_is_missing() {
    let (folder, mock) = (temp(), Mock::start("riverside-epr"));
    write(folder.path(), &mock.base_url, "sandbox", |_| {});
    // A plain record, one twin without the other, and a number that nobody has.
    let ran = suggest(
        folder.path(),
        Some("9990000018\n9990000069 # twin\n9990009996\n"),
    )
    .code(0);
    for words in [
        "2 candidates were read",
        "9990009996 could not be used: the search by NHS number does not return the patient",
        "lacks: family name, date of birth and gender shared with another candidate (no candidate",
        "at least 2 allergies of status active (has 1)",
        "# patient-twin-a: nobody",
        "patient-basic = { nhs_number = \"9990000018\", data_sheet = false }",
    ] {
        assert!(
            ran.stdout.contains(words),
            "no `{words}` in:\n{}",
            ran.stdout
        );
    }
}

#[test]
fn the_systems_own_list_is_used_where_there_is_one() {
    let (folder, mock) = (temp(), Mock::start("riverside-epr"));
    write(folder.path(), &mock.base_url, "sandbox", |_| {});
    suggest(folder.path(), None)
        .code(4)
        .says("does not list its patients: status 400")
        .says("--candidates");

    let listed = |numbers: Vec<String>| {
        Hostile::start(move |asked, answer| {
            if asked.path.ends_with("/Patient?_count=50") {
                let entries = numbers.iter().map(|number| {
                    json!({"resource": {"resourceType": "Patient", "id": number,
                        "identifier": [{"system": SYSTEM, "value": number}]}})
                });
                answer.status = 200;
                answer.set_json(&json!({"resourceType": "Bundle", "type": "searchset",
                    "entry": entries.collect::<Vec<_>>()}));
            }
        })
    };
    let texts = |numbers: &[&str]| numbers.iter().map(|n| (*n).to_owned()).collect();
    let server = listed(texts(&[
        "9990000018",
        "9990000019",
        "1234567890",
        "9990000026",
    ]));
    write(folder.path(), &server.base_url, "integration", |_| {});
    let ran = suggest(folder.path(), None)
        .code(0)
        .prints("2 candidates were read from the system's own list")
        .prints("2 patients of the list have no NHS number in the 999 range");
    assert_eq!(proposed(&ran)["patient-with-allergies"], "9990000026");
    hidden(&ran, "9990000019");

    // Somebody who may be real: everything ends at once.
    let stranger = number(&mut Dice::new(7), "47");
    let server = listed(texts(&["9990000018", &stranger]));
    write(folder.path(), &server.base_url, "integration", |_| {});
    let ran = suggest(folder.path(), None)
        .code(4)
        .says("outside the test range");
    hidden(&ran, &stranger);
    assert_eq!(ran.stdout, "");
    assert_eq!(server.asked().len(), 1);
    only(folder.path(), &["target.toml"]);
}

#[test]
fn a_number_that_the_user_names_is_no_stranger() {
    let folder = temp();
    let own = number(&mut Dice::new(9), "47");
    let planted = own.clone();
    let server = Hostile::start(move |asked, answer| {
        if asked.path.contains(&planted) {
            answer.set_json(
                &json!({"resourceType": "Bundle", "type": "searchset", "entry": [
                {"resource": {"resourceType": "Patient", "id": "p-1000", "gender": "male",
                    "address": [{"city": "X"}],
                    "identifier": [{"system": SYSTEM, "value": planted}]}}]}),
            );
        }
    });
    write(folder.path(), &server.base_url, "integration", |_| {});
    let ran = suggest(folder.path(), Some(&own)).code(0);
    assert!(proposed(&ran).values().any(|number| *number == own));
    only(folder.path(), &["candidates.txt", "target.toml"]);
}

#[test]
fn a_bad_list_of_candidates_is_refused_and_not_repeated() {
    let folder = temp();
    write(folder.path(), "http://127.0.0.1:9/fhir", "sandbox", |_| {});
    for (text, words, secret) in [
        ("9990000018\nMargery\n", "candidates.txt:2", "Margery"),
        ("9990000019\n", "check digit", "9990000019"),
        ("# none\n", "holds no NHS number", "# none"),
    ] {
        let ran = suggest(folder.path(), Some(text)).code(2).says(words);
        assert!(!ran.stderr.contains(secret), "{}", ran.stderr);
    }
    let mut dice = Dice::new(3);
    let many: Vec<String> = (0..51).map(|_| number(&mut dice, "999")).collect();
    suggest(folder.path(), Some(&many.join("\n")))
        .code(2)
        .says("more than 50");
    suggest(folder.path(), Some("9990000018"))
        .code(4)
        .says("could not be reached");
}

#[test]
fn a_live_system_is_never_asked_for_a_list() {
    let folder = temp();
    write(folder.path(), "http://127.0.0.1:9/fhir", "live", |target| {
        let mut authority = toml::Table::new();
        authority.insert("written_authority".to_owned(), "A letter".into());
        target.insert("authority".to_owned(), authority.into());
    });
    suggest(folder.path(), None).code(2).says("--candidates");
}
