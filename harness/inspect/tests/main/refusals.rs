//! Every way in which an assessment can be wrong: it is refused, with its place and a cure.

use crate::example::{changed, checklist, folder, load};
use plumbline_inspect::{NewAssessment, Organisation, create};

/// File, what stands there, what is written instead, where the mistake is told, and what is said.
const MISTAKES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "answers/A1.toml",
        "item = \"A1\"",
        "item = \"A4\"",
        "answers/A1.toml:1",
        "speaks of another item",
    ),
    (
        "answers/A1.toml",
        "[self]\nstatus = \"met\"",
        "[self]\nstatus = \"mett\"",
        "answers/A1.toml:4",
        "did you mean `met`?",
    ),
    (
        "answers/A1.toml",
        "[self]\nstatus",
        "[self]\nstate",
        "answers/A1.toml:4",
        "write one of",
    ),
    (
        "answers/A1.toml",
        "\"A1-01\"",
        "\"A1-99\"",
        "answers/A1.toml:11",
        "there is no evidence `A1-99`",
    ),
    (
        "answers/A1.toml",
        "\"A1-01\"",
        "\"A1-02\"",
        "answers/A1.toml:11",
        "cited twice",
    ),
    (
        "answers/A1.toml",
        "confidence = \"high\"",
        "confidence = \"not-stated\"",
        "answers/A1.toml:9",
        "how sure",
    ),
    (
        "answers/A1.toml",
        "judged_by = \"Lead inspector\"",
        "judged_by = \"\"",
        "answers/A1.toml:9",
        "no `judged_by`",
    ),
    (
        "answers/A1.toml",
        "judged_on = \"2026-10-30\"",
        "judged_on = \"\"",
        "answers/A1.toml:9",
        "no `judged_on`",
    ),
    (
        "answers/A1.toml",
        "judged_on = \"2026-10-30\"",
        "judged_on = \"30/10/2026\"",
        "answers/A1.toml:14",
        "no day of the calendar",
    ),
    (
        "answers/D2.toml",
        "role = \"Digital inspector\"",
        "role = \"\"",
        "answers/D2.toml:17",
        "no role",
    ),
    (
        "evidence/A1.toml",
        "id = \"A1-02\"",
        "id = \"A1-01\"",
        "evidence/A1.toml:19",
        "a record `A1-01` already",
    ),
    (
        "evidence/A1.toml",
        "id = \"A1-02\"",
        "id = \"B1-02\"",
        "evidence/A1.toml:19",
        "id of its item",
    ),
    (
        "evidence/A1.toml",
        "source_role = \"Digital inspector\"",
        "source_role = \"\"",
        "evidence/A1.toml:3",
        "`source_role`",
    ),
    (
        "evidence/A1.toml",
        "type = \"observation\"",
        "type = \"automated\"",
        "evidence/A1.toml:3",
        "plumbline inspect fill",
    ),
    (
        "evidence/A1.toml",
        "type = \"observation\"",
        "type = \"interview\"",
        "evidence/A1.toml:3",
        "what somebody said",
    ),
    (
        "evidence/A1.toml",
        "strength = \"direct\"",
        "strength = \"strong\"",
        "evidence/A1.toml",
        "`corroborated`",
    ),
    (
        "evidence/A1.toml",
        "weighs = \"supports\"\n",
        "weighs = \"supports\"\nreplaces = [\"A1-03\"]\n",
        "evidence/A1.toml:3",
        "does not stand before it",
    ),
    (
        "groups.toml",
        "id = \"A\"",
        "id = \"Z\"",
        "groups.toml:4",
        "no group `Z`",
    ),
    (
        "groups.toml",
        "rating = \"mostly-met\"",
        "rating = \"good\"",
        "groups.toml:5",
        "`mostly-met`",
    ),
    (
        "actions.toml",
        "owner = \"Chief medical officer\"",
        "owner = \"\"",
        "actions.toml:3",
        "no owner",
    ),
    (
        "actions.toml",
        "items = [\"D3\"]",
        "items = [\"Z9\"]",
        "actions.toml:3",
        "no item `Z9`",
    ),
    (
        "actions.toml",
        "id = \"ACT-2\"",
        "id = \"ACT-1\"",
        "actions.toml",
        "an action `ACT-1` already",
    ),
    (
        "supplier.toml",
        "\"D1-02\"",
        "\"D1-77\"",
        "supplier.toml:3",
        "no evidence `D1-77`",
    ),
    (
        "response.toml",
        "item = \"B6\"",
        "item = \"B7\"",
        "response.toml",
        "no item `B7`",
    ),
    (
        "assessment.toml",
        "code = \"ZZ001\"",
        "code = \"\"",
        "assessment.toml",
        "`code` is empty",
    ),
    (
        "assessment.toml",
        "format = 1",
        "format = 2",
        "assessment.toml:2",
        "format 2",
    ),
    (
        "assessment.toml",
        "version = \"1.0.0\"",
        "version = \"0.9.0\"",
        "assessment.toml",
        "made with the checklist interop-core 0.9.0",
    ),
];

fn refused(folder: &plumbline_inspect::Folder) -> String {
    load(folder).expect_err("a mistake").to_string()
}

#[test]
fn each_mistake_is_refused_with_its_place_and_a_cure() {
    for (name, from, to, place, what) in MISTAKES {
        let said = refused(&changed(name, from, to));
        assert!(said.contains(&format!("dir/{place}")), "{to}: {said}");
        assert!(
            said.contains(what) && said.contains("\n  help: "),
            "{to}: {said}"
        );
    }
}

#[test]
fn a_judgement_needs_a_reason_and_evidence() {
    let text = |folder: &plumbline_inspect::Folder| {
        String::from_utf8(folder["answers/A1.toml"].clone()).expect("UTF-8")
    };
    let mut folder = folder();
    let (own, judged) = {
        let text = text(&folder);
        let (own, judged) = text.split_once("[inspector]").expect("both");
        (own.to_owned(), judged.to_owned())
    };
    let without = |key: &str, value: &str| {
        let lines = judged
            .lines()
            .map(|line| if line.starts_with(key) { value } else { line });
        let lines: Vec<&str> = lines.collect();
        format!("{own}[inspector]{}\n", lines.join("\n")).into_bytes()
    };
    folder.insert("answers/A1.toml".into(), without("reason", "reason = \"\""));
    assert!(refused(&folder).contains("the judgement has no `reason`"));
    folder.insert(
        "answers/A1.toml".into(),
        without("evidence", "evidence = []"),
    );
    assert!(refused(&folder).contains("the judgement cites no evidence"));
    folder.insert(
        "answers/A1.toml".into(),
        without("status", "status = \"not-assessed\""),
    );
    assert!(refused(&folder).contains("cites evidence and says \"not assessed\""));
}

#[test]
fn files_that_would_not_be_read_are_refused() {
    for (name, what) in [
        ("answers/Z9.toml", "has no item `Z9`"),
        ("evidence/a1.toml", "did you mean `A1`?"),
        ("action.toml", "did you mean `actions.toml`?"),
    ] {
        let mut folder = folder();
        folder.insert(name.into(), b"item = \"Z9\"\n".to_vec());
        let said = refused(&folder);
        assert!(
            said.contains(what) && said.contains(&format!("dir/{name}:1")),
            "{said}"
        );
    }
    let mut folder = folder();
    folder.remove("answers/K8.toml");
    assert!(refused(&folder).contains("dir/answers/K8.toml:1: the file of this item is missing"));
    let mut folder = crate::example::folder();
    folder.remove("assessment.toml");
    assert!(refused(&folder).contains("this folder is no assessment"));
}

#[test]
fn no_identifier_gets_in_and_none_is_repeated() {
    let canaries = [
        ("9990000018", "an NHS number"),
        ("999 000 0026", "an NHS number"),
        ("0101701004", "a CHI number"),
        ("ZZ99 3CZ", "a postcode"),
        ("someone@trust.example", "an e-mail address"),
        ("0113 496 0000", "a telephone number"),
        ("born 3 April 1951", "a date of birth"),
        ("AB123456C", "a National Insurance number"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.x", "an access token"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
    ];
    let names: Vec<String> = folder().keys().cloned().collect();
    // Each file holds each of them once in ten files, and one file holds them all.
    for (at, name) in names.iter().enumerate() {
        let turn = canaries.len();
        let all = if name == "answers/A1.toml" { turn } else { 1 };
        for (value, kind) in canaries.iter().cycle().skip(at).take(all) {
            let mut folder = folder();
            let mut bytes = folder[name].clone();
            bytes.extend(format!("# {value}\n").bytes());
            let line = String::from_utf8_lossy(&bytes).lines().count();
            folder.insert(name.clone(), bytes);
            let said = refused(&folder);
            assert!(said.contains(&format!("dir/{name}:{line}: ")), "{said}");
            assert!(
                said.contains(*kind) && said.contains("nothing was saved"),
                "{said}"
            );
            assert!(!said.contains(*value), "{said}");
        }
    }
}

#[test]
fn a_new_assessment_is_good_and_asks_everything() {
    let checklist = checklist();
    let new = |code: &str, name: &str, scope: &str| {
        create(&NewAssessment {
            checklist: &checklist,
            organisation: Organisation {
                code: code.into(),
                name: name.into(),
            },
            scope: scope.into(),
            opened: None,
        })
    };
    let made = new("ZZ002", "St \"Invented\" \\ Hospitals", "two wards").expect("an assessment");
    let assessment = load(&made).expect("a good assessment");
    assert_eq!(
        assessment.frame.organisation.name,
        "St \"Invented\" \\ Hospitals"
    );
    assert_eq!(assessment.answers.len(), 28);
    assert_eq!(
        made,
        new("ZZ002", "St \"Invented\" \\ Hospitals", "two wards").expect("the same")
    );
    let overview = plumbline_inspect::overview(&assessment, &checklist);
    assert_eq!(overview.tally.not_assessed, 28);
    assert!(
        new("zz 2", "x", "")
            .expect_err("no code")
            .to_string()
            .contains("ODS code")
    );
    assert!(
        new("ZZ002", " ", "")
            .expect_err("no name")
            .to_string()
            .contains("--name")
    );
    let said = new("ZZ002", "x", "the record of 9990000018").expect_err("a number");
    assert!(said.to_string().contains("assessment.toml:"), "{said}");
}
