//! A run of the size that a pack grows to: eight capabilities, more than three hundred rules, many
//! failures, warnings and obstacles. Not for numbers of any real pack: all of it is invented.

use super::{Sample, base, finding, requirement, scored};
use crate::sample::rules::RULES;
use plumbline_model::*;
use std::collections::BTreeMap;

/// Capability, title, how many rules.
const CAPABILITIES: &[(&str, &str, usize)] = &[
    (
        "clinical-allergy-intolerance",
        "Allergies and adverse reactions",
        46,
    ),
    ("clinical-immunization", "Immunisations", 42),
    ("clinical-medication-administration", "Medicines given", 40),
    ("clinical-medication-dispense", "Medicines dispensed", 40),
    ("clinical-medication-request", "Medicines prescribed", 44),
    (
        "clinical-medication-statement",
        "Medicines the patient says they take",
        40,
    ),
    (
        "clinical-patient",
        "Patients of a clinical data provider",
        22,
    ),
    ("metadata", "Capability statement", 24),
    ("patient-index", "Patient index", 52),
];

/// Required by two rules of three, as in the guides that we know.
const LEVELS: &[Level] = &[
    Level::Shall,
    Level::Should,
    Level::Shall,
    Level::Shall,
    Level::May,
];

const DOMAINS: &[Domain] = &[
    Domain::Identity,
    Domain::Structure,
    Domain::MedicinesAllergies,
    Domain::Transport,
    Domain::Terminology,
    Domain::SecurityPrivacy,
];

const MESSAGES: &[&str] = &[
    "a record is held but not sent in a search by patient and status",
    "a record has another status than the one that was asked for",
    "the total does not agree with the number of matches over all pages",
    "a SNOMED CT code has a wrong check digit",
];

pub(crate) fn grown() -> Sample {
    let (_, mut run) = base("grown");
    super::validity::many(&mut run);
    let template = run.scenarios[0].clone();
    run.scenarios.clear();
    run.scope = CAPABILITIES.iter().map(|c| Capability::from(c.0)).collect();
    // One is left out of the declared scope.
    run.scope
        .retain(|c| c.as_str() != "clinical-medication-statement");
    let mut rules = Vec::new();
    let mut number = 0;
    for (area, (capability, title, count)) in CAPABILITIES.iter().enumerate() {
        for own in 1..=*count {
            number += 1;
            let mut rule = requirement(&RULES[number % RULES.len()]);
            rule.id = RequirementId::new(format!("UKA-{}-{own:03}", short(capability)));
            rule.capability = Capability::from(*capability);
            rule.level = LEVELS[number % LEVELS.len()];
            rule.domain = DOMAINS[(number * (area + 2) + own) % DOMAINS.len()];
            rule.title = format!("{}: {}", title, rule.title.to_lowercase());
            rule.not_tested_reason.clear();
            if own % 3 == 0 {
                rule.not_tested_reason =
                    "waits for the profile validator, which this version does not have yet".into();
            } else {
                run.scenarios.push(scenario(&template, &rule, number));
            }
            rules.push(rule);
        }
    }
    let mut sample = scored("grown", run, &rules);
    sample.titles = CAPABILITIES
        .iter()
        .map(|(id, title, _)| (Capability::from(*id), (*title).to_owned()))
        .collect::<BTreeMap<_, _>>();
    sample
}

fn short(capability: &str) -> String {
    let last = capability.rsplit('-').next().unwrap_or(capability);
    last.chars().take(3).collect::<String>().to_uppercase()
}

fn scenario(template: &ScenarioRecord, rule: &Requirement, number: usize) -> ScenarioRecord {
    let mut scenario = template.clone();
    let required = rule.level == Level::Shall;
    scenario.id = ScenarioId::new(rule.id.as_str().to_lowercase());
    scenario.name.clone_from(&rule.title);
    scenario.requirement = rule.id.clone();
    scenario.capability = rule.capability.clone();
    scenario.feature = format!("{}.feature", rule.capability);
    scenario.line = 10 + u32::try_from(number).unwrap_or(0) * 8;
    let outside = rule.capability.as_str() == "clinical-medication-statement";
    let broken = number.is_multiple_of(7);
    scenario.verdict = match (outside, broken, number.is_multiple_of(13)) {
        (true, _, _) => Verdict::NotApplicable(NotApplicableReason::OutOfScope),
        (false, true, _) if required => Verdict::Fail,
        (false, true, _) => Verdict::Warning,
        (false, false, true) => Verdict::Skip(SkipReason::NoActor),
        (false, false, false) => Verdict::Pass,
    };
    scenario.steps[2].verdict = Some(scenario.verdict);
    let mut found = finding(
        "RECORD-HELD",
        &format!(
            "{} of {}",
            MESSAGES[number / 7 % MESSAGES.len()],
            rule.capability.as_str().replace('-', " ")
        ),
        "2 records held by \"patient-with-records\": 1324681000000101, 1324691000000104",
        "searchset with 0 entries, HTTP 200",
        "Return every record of the patient when patient and status are combined.",
        "Bundle.entry[0]",
    );
    match scenario.verdict {
        Verdict::Fail | Verdict::Warning => scenario.steps[2].findings = vec![found],
        Verdict::Skip(reason) => {
            found.kind = FindingKind::Undecided(reason);
            found.code = FindingCode::from("SETUP-ACTOR");
            found.message = format!("no test patient plays \"patient-{}\"", number % 5);
            scenario.steps[2].findings = vec![found];
        }
        Verdict::Pass | Verdict::Error(_) | Verdict::Review | Verdict::NotApplicable(_) => {}
    }
    scenario
}
