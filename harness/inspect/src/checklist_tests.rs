//! Tests of the reader of checklists: one good file, and each way to be wrong.

use super::*;

const GOOD: &str = r#"id = "small"
title = "Small"
version = "1"
owner = "us"
last_checked = "2026-11-22"

[[document]]
id = "one"
title = "A document"
edition = "1"
url = "https://a.example/one"

[[group]]
id = "A"
title = "First"

[[characteristic]]
rating = "fully-met"
pattern = "all is well"

[[item]]
id = "A1"
short = "short"
question = "A question?"
help = "help"
evidence_wanted = ["a document"]
level = "essential"
severity = 4
reach = "one"
harm = "harm"
sources = [{ document = "one" }]
key_question = "safe"
cqc_2018_22 = ["S3.4"]
demand = "F1"

[[item.automated]]
tag = "a.tag"
pack = "p"
requirements = ["P-1"]
limits = "limits"

[[item.automated]]
tag = "another.tag"
not_yet = "no pack does"
"#;

fn packs() -> KnownPacks {
    let rule = Requirement {
        id: RequirementId::from("P-1"),
        level: plumbline_model::Level::Shall,
        title: "title".into(),
        domain: Domain::Identity,
        interop_level: plumbline_model::InteropLevel::Structural,
        severity: Severity::new(3).expect("a severity"),
        harm: "harm".into(),
        capability: plumbline_model::Capability::from("c"),
        source: plumbline_model::Source {
            document: "d".into(),
            section: "s".into(),
            url: "https://a.example".into(),
            read_first: String::new(),
            read_second: String::new(),
        },
        not_tested_reason: String::new(),
        legal_basis: String::new(),
        applies_to: String::new(),
    };
    KnownPacks::from([(PackId::from("p"), vec![rule])])
}

fn told(text: &str) -> String {
    let error = read(
        "profiles/x/checklists/small.toml",
        text.as_bytes(),
        &packs(),
    );
    error.expect_err("a mistake").to_string()
}

#[test]
fn a_good_checklist_is_read_with_its_fingerprint() {
    let bom = format!("\u{feff}{GOOD}");
    for text in [GOOD, &bom] {
        let read = read("a/small.toml", text.as_bytes(), &packs()).expect("a checklist");
        assert_eq!(read.items.len(), 1);
        assert_eq!(read.fingerprint, sha256(text.as_bytes()));
        let Link::Pack { requirements, .. } = &read.items[0].automated[0].link else {
            panic!("a pack");
        };
        assert_eq!(requirements, &[RequirementId::from("P-1")]);
    }
}

#[test]
fn a_domain_stands_for_its_requirements() {
    let text = GOOD.replace("requirements = [\"P-1\"]", "domains = [\"identity\"]");
    let read = read("small.toml", text.as_bytes(), &packs()).expect("a checklist");
    let Link::Pack { requirements, .. } = &read.items[0].automated[0].link else {
        panic!("a pack");
    };
    assert_eq!(requirements, &[RequirementId::from("P-1")]);
}

#[test]
fn each_mistake_has_its_line_and_its_cure() {
    let line = |part: &str| {
        1 + GOOD[..GOOD.find(part).expect("the part")]
            .matches('\n')
            .count()
    };
    for (from, to, what, cure) in [
        (
            "severity = 4",
            "severty = 4",
            "no key `severty`",
            "did you mean `severity`?",
        ),
        (
            "severity = 4",
            "severity = 6",
            "from 1 to 5",
            "possible death",
        ),
        (
            "level = \"essential\"",
            "level = \"SHALL\"",
            "none of the words",
            "`essential`, `expected`",
        ),
        (
            "id = \"A1\"",
            "id = \"B1\"",
            "`B1` belongs to no group",
            "letter of a group",
        ),
        (
            "id = \"A1\"",
            "id = \"A-1\"",
            "capital letter and a number",
            "\"A1\"",
        ),
        (
            "pack = \"p\"",
            "pack = \"q\"",
            "no pack `q`",
            "write one of `p`",
        ),
        (
            "requirements = [\"P-1\"]",
            "requirements = [\"P-2\"]",
            "no requirement `P-2`",
            "requirements.csv",
        ),
        (
            "requirements = [\"P-1\"]",
            "domains = [\"transfer\"]",
            "no requirement of the domain `transfer`",
            "`identity`",
        ),
        (
            "document = \"one\"",
            "document = \"two\"",
            "no document `two`",
            "`one`",
        ),
        (
            "cqc_2018_22 = [\"S3.4\"]",
            "cqc_2018_22 = [\"S9\"]",
            "none of the words",
            "`S3.4`",
        ),
        (
            "tag = \"a.tag\"",
            "tag = \"A tag\"",
            "no name of a test",
            "small letters",
        ),
        (
            "id = \"small\"",
            "id = \"other\"",
            "name of its file",
            "id = \"small\"",
        ),
        (
            "url = \"https://a.example/one\"",
            "url = \"a.example\"",
            "https://",
            "public address",
        ),
    ] {
        let told = told(&GOOD.replacen(from, to, 1));
        assert!(told.contains(what) && told.contains(cure), "{to}: {told}");
        // A document is a table, and its mistake is told at the head of the table.
        let near =
            line(from).abs_diff(place(&told, what)) <= if from.starts_with("url") { 4 } else { 0 };
        assert!(near, "{to}: {told}");
    }
}

/// Line of the mistake that says this.
fn place(told: &str, what: &str) -> usize {
    let line = told.lines().find(|line| line.contains(what));
    let rest = line
        .and_then(|line| line.split("small.toml:").nth(1))
        .expect("a place");
    rest.split(':')
        .next()
        .and_then(|n| n.parse().ok())
        .expect("a line")
}

#[test]
fn what_is_there_twice_or_not_at_all_is_refused() {
    let item = &GOOD[GOOD.find("[[item]]").expect("an item")..];
    let twice = format!("{GOOD}\n{item}");
    let said = told(&twice);
    assert!(said.contains("there is an item `A1` already"), "{said}");
    assert!(said.contains("the test `a.tag` is there already"), "{said}");
    let said = told(&GOOD.replace("limits = \"limits\"\n", ""));
    assert!(said.contains("either `pack`"), "{said}");
    let said = told(&GOOD.replace(
        "title = \"First\"",
        "title = \"First\"\n\n[[group]]\nid = \"Z\"\ntitle = \"Empty\"",
    ));
    assert!(said.contains("this group has no item"), "{said}");
    let said = told(&GOOD.replace("harm = \"harm\"\n", ""));
    assert!(said.contains("`harm` is missing"), "{said}");
    let said = told(&GOOD.replace("evidence_wanted = [\"a document\"]", "evidence_wanted = []"));
    assert!(said.contains("no evidence wanted"), "{said}");
}
