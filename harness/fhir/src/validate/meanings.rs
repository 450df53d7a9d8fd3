//! What invariants mean in our words, and the rule that each is: code, message, cure. Not for judging them.

use super::outcome::Severity;
use super::rules::Rule;
use crate::definitions::{self, Definitions, FhirVersion, Invariant, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What the code of an invariant begins with; its key follows.
pub(super) const CODE: &str = "FHIR-INVARIANT-";

const MEANINGS: &str = include_str!("invariants.txt");

/// What the invariants of names ask for, whose keys all end alike.
const NAME: &str =
    "the name is one that programs can use: a capital letter, then letters, digits and _";

/// What an invariant asks for, as a clause, if it is one of those that are met often.
fn meaning(key: &str, version: FhirVersion) -> Option<&'static str> {
    let version = match version {
        FhirVersion::R4 => "R4",
        FhirVersion::Stu3 => "STU3",
    };
    if key.ends_with("-0") {
        return Some(NAME);
    }
    let mut lines = MEANINGS.lines().filter(|line| !line.starts_with('#'));
    lines.find_map(|line| {
        let (first, rest) = line.split_once(' ')?;
        if first == key {
            return Some(rest);
        }
        let (second, rest) = rest.split_once(' ')?;
        (first == version && second == key).then_some(rest)
    })
}

/// Calls for every invariant of a version.
fn each(definitions: &Definitions, mut see: impl FnMut(Invariant)) {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Shape<'_>> = Vec::new();
    for of in definitions.types() {
        of.invariants().for_each(&mut see);
        waiting.push(of.shape());
    }
    while let Some(shape) = waiting.pop() {
        for element in shape.children() {
            if seen.insert(element.number()) {
                element.invariants().for_each(&mut see);
                waiting.extend(element.inline_shape());
            }
        }
    }
}

type Key = (FhirVersion, &'static str, definitions::Severity);

/// Every invariant of the specification as a rule, made when one is needed first.
fn table() -> &'static BTreeMap<Key, Rule> {
    static TABLE: OnceLock<BTreeMap<Key, Rule>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = BTreeMap::new();
        for version in FhirVersion::ALL {
            each(Definitions::of(version), |it| {
                table
                    .entry((version, it.key, it.severity))
                    .or_insert_with(|| rule(it, version));
            });
        }
        table
    })
}

fn rule(invariant: Invariant, version: FhirVersion) -> Rule {
    let key = invariant.key;
    let severity = match invariant.severity {
        definitions::Severity::Error => Severity::Error,
        definitions::Severity::Warning | definitions::Severity::BestPractice => Severity::Warning,
    };
    let advice = match invariant.severity {
        definitions::Severity::BestPractice => " (best practice)",
        definitions::Severity::Error | definitions::Severity::Warning => "",
    };
    let (meaning, message) = match meaning(key, version) {
        Some(meaning) => (
            format!("Invariant {key} of the specification{advice}: {meaning}."),
            format!("{{}} does not keep to {key}{advice}: {meaning}"),
        ),
        None => (
            format!("Invariant {key} of the specification{advice}: its expression holds."),
            format!(
                "{{}} does not keep to the invariant {key}{advice} of the specification, whose expression is given as expected"
            ),
        ),
    };
    // Made once for the life of the program, as many as the specification has.
    let keep = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    Rule {
        code: keep(format!("{CODE}{key}")),
        severity,
        meaning: keep(meaning),
        fix: "Change the elements that the expression names so that it holds; the page of the type in the specification lists its invariants under Constraints.",
        message: keep(message),
    }
}

/// The rule of an invariant.
pub(super) fn rule_of(
    key: &'static str,
    severity: definitions::Severity,
    version: FhirVersion,
) -> Option<&'static Rule> {
    table().get(&(version, key, severity))
}

/// The rule of a code that begins with [`CODE`]: that of R4 if both versions have one, the gravest if it has several.
pub(super) fn named(code: &str) -> Option<&'static Rule> {
    let key = code.strip_prefix(CODE)?;
    let of = |version: FhirVersion| {
        let rules = table().iter();
        let mut rules = rules.filter(move |it| it.0.0 == version && it.0.1 == key);
        rules.next().map(|(_, rule)| rule)
    };
    of(FhirVersion::R4).or_else(|| of(FhirVersion::Stu3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invariant_is_a_rule() {
        let rules = table();
        assert!(rules.len() > 400, "{}", rules.len());
        for ((version, key, _), rule) in rules {
            assert_eq!(rule.code, format!("{CODE}{key}"));
            assert_eq!(rule.message.matches("{}").count(), 1);
            assert!(named(rule.code).is_some());
            assert!(
                rule_of(key, definitions::Severity::Error, *version)
                    .is_none_or(|it| it.severity == Severity::Error)
            );
        }
        assert!(named("FHIR-INVARIANT-none-1").is_none());
        assert!(named("pat-1").is_none());
        let patient = named("FHIR-INVARIANT-pat-1").unwrap();
        assert!(patient.message.contains("a contact of a patient"));
    }

    #[test]
    fn every_meaning_is_of_an_invariant_and_says_one_thing() {
        let mut expressions: BTreeMap<(FhirVersion, &str), BTreeSet<&str>> = BTreeMap::new();
        for version in FhirVersion::ALL {
            each(Definitions::of(version), |it| {
                let all = expressions.entry((version, it.key)).or_default();
                all.insert(it.expression);
            });
        }
        let mut seen = BTreeSet::new();
        let lines = MEANINGS.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let words: Vec<&str> = line.splitn(3, ' ').collect();
            let (versions, key) = match words[0] {
                "R4" => (vec![FhirVersion::R4], words[1]),
                "STU3" => (vec![FhirVersion::Stu3], words[1]),
                key => (FhirVersion::ALL.to_vec(), key),
            };
            let known = versions
                .iter()
                .filter_map(|it| expressions.get(&(*it, key)));
            let known: Vec<_> = known.collect();
            assert!(!known.is_empty(), "{line}");
            assert!(
                known.iter().all(|it| it.len() == 1),
                "{key} says several things"
            );
            for version in versions {
                assert!(seen.insert((version, key)), "{line} stands twice");
            }
            assert!(!line.ends_with('.'), "{line}");
        }
        let of_names = expressions.iter().filter(|it| it.0.1.ends_with("-0"));
        assert!(
            of_names
                .flat_map(|it| it.1)
                .all(|it| it.starts_with("name.matches("))
        );
        assert!(seen.len() > 120, "{}", seen.len());
    }
}
