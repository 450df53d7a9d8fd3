//! The data sheet in each of its forms: complete, safe to open, and never written over anything.

use crate::support::{PACK, files, plumbline, temp};
use plumbline_model::{ActorRole, Person};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

fn people() -> BTreeMap<ActorRole, Person> {
    let files = plumbline_pack::Files::embedded();
    let people = plumbline_pack::people(&files).unwrap_or_else(|_| panic!("the people are wrong"));
    let roles: BTreeSet<ActorRole> = pack_roles().into_iter().collect();
    people
        .into_iter()
        .filter(|(role, _)| roles.contains(role))
        .collect()
}

/// The roles of the pack, from the table of its own file.
fn pack_roles() -> Vec<ActorRole> {
    let files = plumbline_pack::Files::embedded();
    let text = files.text(&format!("profiles/{PACK}/pack.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let roles = table["actors"].as_array().unwrap();
    roles
        .iter()
        .map(|role| ActorRole::new(role.as_str().unwrap()))
        .collect()
}

#[test]
fn as_text_it_names_everybody_in_a_hundred_columns() {
    let folder = temp();
    let ran = plumbline(folder.path(), &["datasheet", "--pack", PACK]).code(0);
    for line in ran.stdout.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    for person in people().values() {
        let identity = &person.identity;
        let number = &identity.nhs_number;
        let spaced = format!("{} {} {}", &number[..3], &number[3..6], &number[6..]);
        for wanted in [person.role.as_str(), &spaced, &identity.family] {
            assert!(ran.stdout.contains(wanted), "{wanted}");
        }
        let allergies = person.allergies.iter().map(|fact| &fact.code);
        for code in allergies.chain(person.records.iter().map(|fact| &fact.code)) {
            assert!(ran.stdout.contains(code), "{code}");
        }
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn tiers_show_numerator_and_denominator() {
    let folder = temp();
    let ran = plumbline(folder.path(), &["datasheet", "--pack", PACK, "--tiers"]).code(0);
    let shares: Vec<(usize, usize)> = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("Tier"))
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let of = words.iter().position(|word| *word == "of").unwrap();
            (
                words[of - 1].parse().unwrap(),
                words[of + 1].parse().unwrap(),
            )
        })
        .collect();
    let (last, first) = (shares.last().unwrap(), shares[0]);
    assert_eq!(last.0, last.1, "all people unlock all scenarios");
    assert!(first.0 > 0 && first.0 < first.1);
    assert!(shares.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    let named: Vec<&str> = ran
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .collect();
    let mut sorted = named.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let roles = pack_roles();
    let mut wanted: Vec<&str> = roles.iter().map(ActorRole::as_str).collect();
    wanted.sort_unstable();
    assert_eq!(named.len(), sorted.len());
    assert_eq!(sorted, wanted);
}

#[test]
fn as_tables_it_has_a_row_for_everybody_and_every_record() {
    let folder = temp();
    let csv = ["datasheet", "--pack", PACK, "--format", "csv"];
    plumbline(folder.path(), &csv).code(2).says("--out");
    let with_out = [&csv[..], &["--out", "sheet"]].concat();
    plumbline(folder.path(), &with_out)
        .code(0)
        .prints("import every column as text");
    let read = |name: &str| fs::read_to_string(folder.path().join("sheet").join(name)).unwrap();
    let people = people();
    let records: usize = people
        .values()
        .map(|person| person.allergies.len() + person.records.len())
        .sum();
    assert_eq!(read("people.csv").lines().count(), people.len() + 1);
    assert_eq!(read("records.csv").lines().count(), records + 1);
    for text in [read("people.csv"), read("records.csv")] {
        for field in text.split([',', '\n']) {
            assert!(!field.starts_with(['=', '+', '-', '@']), "{field}");
        }
    }
    let before = files(folder.path());
    plumbline(folder.path(), &with_out)
        .code(2)
        .says("not empty");
    assert_eq!(files(folder.path()), before);
}

#[test]
fn as_fhir_it_has_a_bundle_for_everybody() {
    let folder = temp();
    let fhir = [
        "datasheet",
        "--pack",
        PACK,
        "--format",
        "fhir",
        "--out",
        "sheet",
    ];
    plumbline(folder.path(), &fhir[..5]).code(2).says("--out");
    plumbline(folder.path(), &fhir).code(0).prints("README.txt");
    let written = files(&folder.path().join("sheet"));
    let people = people();
    assert_eq!(written.len(), people.len() + 1);
    let mut seen = BTreeSet::new();
    for (name, bytes) in &written {
        if name == "README.txt" {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains("curl") && text.contains("synthetic"));
            continue;
        }
        let stem = name.strip_suffix(".json").unwrap();
        let (number, role) = stem.split_once('-').unwrap();
        assert!(number.len() == 2 && number.parse::<u8>().is_ok(), "{name}");
        let person = &people[&ActorRole::from(role)];
        let bundle: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        assert_eq!(bundle["resourceType"], "Bundle");
        assert_eq!(bundle["type"], "transaction");
        let entries = bundle["entry"].as_array().unwrap();
        let whole = bundle.to_string();
        assert!(whole.contains(&person.identity.nhs_number));
        let wanted = 1 + person.allergies.len() + person.records.len();
        assert!(
            entries.len() >= wanted,
            "{name}: {} of {wanted}",
            entries.len()
        );
        for entry in entries {
            assert_eq!(entry["request"]["method"], "PUT");
            let kind = entry["resource"]["resourceType"].as_str().unwrap();
            let id = entry["resource"]["id"].as_str().unwrap();
            assert_eq!(entry["request"]["url"], format!("{kind}/{id}"));
        }
        for fact in &person.records {
            assert!(whole.contains(&fact.code), "{name}: {}", fact.code);
        }
        seen.insert(role.to_owned());
    }
    assert_eq!(seen.len(), people.len());
    plumbline(folder.path(), &fhir).code(2).says("not empty");
}

#[test]
fn options_that_do_nothing_are_refused() {
    let folder = temp();
    for wrong in [
        vec!["--out", "sheet"],
        vec!["--format", "text", "--out", "sheet"],
        vec!["--tiers", "--out", "sheet"],
        vec!["--tiers", "--format", "csv"],
        vec!["--format", "html"],
    ] {
        let arguments = [vec!["datasheet", "--pack", PACK], wrong].concat();
        plumbline(folder.path(), &arguments).code(2);
    }
    plumbline(folder.path(), &["datasheet", "--pack", "no-such-pack"])
        .code(2)
        .says(PACK);
    assert!(files(folder.path()).is_empty());
}
