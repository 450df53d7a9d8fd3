//! For every rule a document that meets it and one that breaks it, in both versions and both syntaxes.
//! Not for the official examples.

use crate::change;
use crate::inputs::{both, fixture, good, judged, standard};
use plumbline_prsb::{Content, Held, Standard, State, Subject, Version};
use std::collections::{BTreeMap, BTreeSet};

struct Change {
    rule: String,
    version: Version,
    words: String,
    held: Held,
    also: BTreeSet<String>,
}

fn changes() -> Vec<Change> {
    let text = fixture("changes.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut changes = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let versions: &[Version] = match &record[1] {
            "both" => &[Version::Stu3, Version::R4],
            "stu3" => &[Version::Stu3],
            "r4" => &[Version::R4],
            other => panic!("no such version: {other}"),
        };
        assert_eq!(
            record[4].is_empty(),
            record[5].is_empty(),
            "an exception carries its reason"
        );
        for version in versions {
            let held = match &record[3] {
                "" => Held::nothing_known(),
                "something" => Held::nothing_known().something(&record[0]),
                value => Held::nothing_known().value(&record[0], value),
            };
            changes.push(Change {
                rule: record[0].to_owned(),
                version: *version,
                words: record[2].to_owned(),
                held,
                also: record[4].split_whitespace().map(str::to_owned).collect(),
            });
        }
    }
    changes
}

fn broken(content: &Content) -> BTreeSet<String> {
    let broken = content
        .results
        .iter()
        .filter(|result| result.state == State::Broken);
    broken
        .map(|result| result.rule.id.as_str().to_owned())
        .collect()
}

fn is_testable(standard: &Standard, rule: &str) -> bool {
    let rule = standard.rule(rule).unwrap();
    !matches!(rule.subject, Subject::Untestable { .. })
}

#[test]
fn each_breaking_document_breaks_exactly_its_rule_in_both_syntaxes() {
    let standard = standard();
    let mut wrong = Vec::new();
    for it in changes() {
        let mut document = good(it.version);
        change::apply(&mut document, &it.words);
        let expected: BTreeSet<String> = it.also.iter().cloned().chain([it.rule.clone()]).collect();
        let mut seen = Vec::new();
        for tree in both(&document, it.version) {
            let content = judged(&tree, &standard, &it.held);
            let broken = broken(&content);
            if broken != expected {
                wrong.push(format!("{} {:?}: broke {broken:?}", it.rule, it.version));
            }
            let findings: Vec<(String, String, String)> = content
                .findings()
                // Only a definition tells that a single element of XML may repeat.
                .map(|it| {
                    (
                        it.code.to_string(),
                        it.path.replace("[0]", ""),
                        it.actual.clone(),
                    )
                })
                .collect();
            seen.push(findings);
        }
        if seen[0] != seen[1] && it.words.split(' ').next() != Some("grow") {
            wrong.push(format!(
                "{} {:?}: JSON and XML differ: {:#?}",
                it.rule, it.version, seen
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The rules that a document can show, met and broken, by version. Where a rule has no place in a version, neither is
/// wanted; the good documents show which those are.
#[test]
fn no_rule_is_without_a_meeting_and_a_breaking_document() {
    let standard = standard();
    let mut with_change: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for it in changes() {
        *with_change.entry((it.rule, it.version.name())).or_default() += 1;
    }
    for version in [Version::Stu3, Version::R4] {
        let tree = crate::inputs::parsed(good(version).to_string());
        let content = judged(&tree, &standard, &Held::nothing_known());
        for result in &content.results {
            let id = result.rule.id.as_str();
            let has_breaking = with_change
                .remove(&(id.to_owned(), version.name()))
                .is_some();
            let has_place = match &result.state {
                State::CannotTest(_) => false,
                state => {
                    assert_eq!(state, &State::Met, "{id} is not met by the good document");
                    true
                }
            };
            assert_eq!(has_breaking, has_place, "{id} {}", version.name());
            if version == Version::Stu3 {
                assert_eq!(has_place, is_testable(&standard, id), "{id}");
            }
        }
    }
    assert!(
        with_change.is_empty(),
        "changes of rules that are not there: {with_change:?}"
    );
}

#[test]
fn what_is_held_has_to_be_among_what_is_sent() {
    let standard = standard();
    let tree = crate::inputs::parsed(good(Version::Stu3).to_string());
    let sent = Held::nothing_known()
        .value("EDIS-ALG-03", "2026-11-02")
        .value("EDIS-SAF-01", " falls ")
        .value("EDIS-DIS-07", "65")
        .something("EDIS-SEC-12");
    assert!(broken(&judged(&tree, &standard, &sent)).is_empty());
    let not_sent = sent
        .value("EDIS-SAF-01", "Wanders at night")
        .value("EDIS-DIS-07", "54");
    let expected: BTreeSet<String> = ["EDIS-DIS-07", "EDIS-SAF-01"].map(str::to_owned).into();
    assert_eq!(broken(&judged(&tree, &standard, &not_sent)), expected);
}
