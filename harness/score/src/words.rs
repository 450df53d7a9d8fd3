//! The sentences of a scorecard. Every one names counts with their denominator, and the edition.
//! Not for pages: `reports` has its own words around these.

use plumbline_model::scorecard::{RequirementResult, Tally};
use plumbline_model::{Completion, Level, RunRecord, RunStatus, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// What ends every sentence about a mock.
pub(crate) const MOCK: &str =
    "This was a mock system: the result says nothing about a real product.";

/// The kinds of code whose form a step judges, with the text of that step.
pub const CODE_FORM_STEPS: [(&str, &str); 2] = [
    (
        "SNOMED CT codes",
        "every SNOMED CT code in the result is well formed",
    ),
    ("ODS codes", "every ODS code in the result is well formed"),
];

/// Required rules in scope without a scored scenario in the run, by the reason for it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Untested {
    pub(crate) by_pack: usize,
    pub(crate) by_selection: usize,
}

/// "1 required rule", "3 required rules".
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

/// The status as one sentence, followed by what it does not cover.
pub(crate) fn status_sentence(
    record: &RunRecord,
    status: RunStatus,
    required: Tally,
    untested: Untested,
    results: &[RequirementResult],
) -> String {
    let subject = format!("{} {}", record.subject.product, record.subject.version);
    let subject = subject.trim();
    let edition = record.pack.edition_words();
    let tested = required.tested();
    let mut sentences = Vec::new();
    match status {
        RunStatus::NotConformant => {
            sentences.push(format!(
                "{subject} does not conform to {edition}: {} of {} {}.",
                required.fail,
                count(tested, "required rule", "required rules"),
                if required.fail == 1 { "fails" } else { "fail" }
            ));
            if required.undecided > 0 {
                sentences.push(format!(
                    "{} of {tested} could not be decided.",
                    required.undecided
                ));
            }
        }
        RunStatus::Conformant => sentences.push(format!(
            "{subject} conforms to {edition}: {} of {} {}.",
            required.pass,
            count(tested, "tested required rule", "tested required rules"),
            if tested == 1 { "passes" } else { "pass" }
        )),
        RunStatus::InsufficientEvidence => {
            sentences.push(format!(
                "There is not enough evidence to say whether {subject} conforms to {edition}: {}.",
                missing(required, results)
            ));
        }
    }
    if let Completion::Incomplete { why } = &record.completion {
        sentences.push(format!(
            "The run did not come to its end: {}.",
            why.trim_end_matches('.')
        ));
    }
    if !record.deselected.is_empty() {
        sentences.push(format!(
            "{} left out of this run.",
            count(record.deselected.len(), "scenario was", "scenarios were")
        ));
    }
    if untested.by_pack > 0 {
        sentences.push(format!(
            "{} not tested by this pack.",
            count(untested.by_pack, "required rule is", "required rules are")
        ));
    }
    if untested.by_selection > 0 {
        sentences.push(format!(
            "{} not tested in this run.",
            count(
                untested.by_selection,
                "further required rule was",
                "further required rules were"
            )
        ));
    }
    if record.mock_name().is_some() {
        sentences.push(MOCK.to_owned());
    }
    sentences.join(" ")
}

/// Why a decision is missing: "2 of 41 required rules could not be decided (…)".
fn missing(required: Tally, results: &[RequirementResult]) -> String {
    let tested = required.tested();
    if tested == 0 {
        return "no required rule was tested".to_owned();
    }
    if required.undecided == 0 {
        return format!(
            "{} of {} {}, but not everything was run",
            required.pass,
            count(tested, "tested required rule", "tested required rules"),
            if tested == 1 { "passes" } else { "pass" }
        );
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for result in results {
        if result.requirement.level == Level::Shall
            && result.in_scope
            && let Some(verdict @ (Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review)) =
                result.verdict
        {
            let why = verdict.reason().unwrap_or("a person must judge");
            *reasons.entry(why).or_default() += 1;
        }
    }
    let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(why, number)| (std::cmp::Reverse(*number), *why));
    let words: Vec<String> = reasons
        .iter()
        .map(|(why, number)| format!("{why}: {number}"))
        .collect();
    format!(
        "{} of {} could not be decided ({})",
        required.undecided,
        count(tested, "required rule", "required rules"),
        words.join("; ")
    )
}

/// How far the run looked at codes, by the steps that judge their form and came to a verdict.
fn codes(record: &RunRecord) -> String {
    let judged = |text: &str| {
        let steps = record.scenarios.iter().flat_map(|s| &s.steps);
        steps
            .filter(|step| step.text.ends_with(text))
            .any(|step| match step.verdict {
                Some(Verdict::Pass | Verdict::Warning | Verdict::Fail) => step.observations > 0,
                Some(
                    Verdict::Error(_)
                    | Verdict::Skip(_)
                    | Verdict::Review
                    | Verdict::NotApplicable(_),
                )
                | None => false,
            })
    };
    let kinds: Vec<&str> = CODE_FORM_STEPS
        .iter()
        .filter(|(_, step)| judged(step))
        .map(|(kind, _)| *kind)
        .collect();
    let looked_up = record.exchanges.iter().any(|exchange| {
        let body = exchange.fhir.checked();
        body.is_some_and(|body| body.codes.checked > 0)
    });
    let apart = "codes of FHIR's own value sets were looked up, apart from the verdicts";
    match (kinds.is_empty(), looked_up) {
        (true, false) => "The form of codes was not checked, and nobody looked up whether they \
                          exist or fit their value set."
            .to_owned(),
        (true, true) => format!(
            "No verdict rests on the form of codes, or on whether they exist or fit their value \
             set; {apart}."
        ),
        (false, false) => format!(
            "{} were checked for form only: nobody looked up whether they exist or fit their value \
             set.",
            kinds.join(" and ")
        ),
        (false, true) => format!(
            "{} were checked for form only: no verdict rests on whether they exist or fit their \
             value set; {apart}.",
            kinds.join(" and ")
        ),
    }
}

/// What was not checked, each one sentence.
pub(crate) fn not_checked(
    record: &RunRecord,
    results: &[RequirementResult],
    untested: Untested,
) -> Vec<String> {
    let mut sentences = vec![
        "FHIR profiles were not checked: no profile validator is built in yet.".to_owned(),
        codes(record),
    ];
    if untested.by_pack > 0 {
        sentences.push(format!(
            "{} not tested by this pack; the reasons are listed with the rules.",
            count(untested.by_pack, "required rule is", "required rules are")
        ));
    }
    if !record.deselected.is_empty() {
        sentences.push(format!(
            "{} left out by the selection \u{201c}{}\u{201d}.",
            count(record.deselected.len(), "scenario was", "scenarios were"),
            record.selection
        ));
    }
    let outside: BTreeSet<&str> = results
        .iter()
        .filter(|r| !r.in_scope && r.requirement.level == Level::Shall)
        .map(|r| r.requirement.capability.as_str())
        .collect();
    if !outside.is_empty() {
        let outside: Vec<&str> = outside.into_iter().collect();
        sentences.push(format!(
            "The declared scope leaves out: {}.",
            outside.join(", ")
        ));
    }
    let advisory = record.scenarios.iter().filter(|s| !s.scored).count();
    if advisory > 0 {
        sentences.push(format!(
            "{} run and shown, but never counted: the source has not been read twice.",
            count(advisory, "advisory scenario was", "advisory scenarios were")
        ));
    }
    let known: BTreeSet<_> = results.iter().map(|r| &r.requirement.id).collect();
    let strays = record
        .scenarios
        .iter()
        .filter(|s| !known.contains(&s.requirement))
        .count();
    if strays > 0 {
        sentences.push(format!(
            "{} a rule that the pack does not hold, and {} not counted.",
            count(strays, "scenario names", "scenarios name"),
            if strays == 1 { "is" } else { "are" }
        ));
    }
    sentences
}
