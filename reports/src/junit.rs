//! The report for build servers: one test suite a feature, one test case a scenario, as `JUnit` XML
//! after the schema of the Jenkins xUnit plugin. Not for the score: it stays in the other formats.

use crate::format::{ReportError, ReportInput};
use crate::validity::Validity;
use plumbline_model::scorecard::RequirementResult;
use plumbline_model::{
    Completion, ExchangeId, Finding, FindingKind, RequirementId, ScenarioRecord, StepRecord,
    Verdict,
};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

/// What a suite says where the target was a mock.
const MOCK: &str = "This result says nothing about a real product.";

/// Sets the properties of a suite apart from those of other tools.
const PREFIX: &str = "plumbline.";

/// How the library begins a suite, and ends the root element.
const SUITE: &str = "<testsuite ";
const END: &str = "</testsuites>";
/// How far it indents a suite.
const INDENT: &[u8] = b"    ";

pub(crate) fn write(input: &ReportInput<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    let record = input.record;
    let facts = Facts::new(input);
    let mut features: BTreeMap<&str, Vec<&ScenarioRecord>> = BTreeMap::new();
    for scenario in &record.scenarios {
        features
            .entry(&scenario.feature)
            .or_default()
            .push(scenario);
    }
    // The root element comes first and holds the sums; a suite is made, and dropped, twice.
    let mut whole = Report::new(clean(&name(input)));
    let mut total = Duration::ZERO;
    for (feature, scenarios) in &features {
        let suite = suite(input, &facts, feature, scenarios);
        total += suite.time.unwrap_or_default();
        whole.tests += suite.tests;
        whole.failures += suite.failures;
        whole.errors += suite.errors;
        whole.skipped += suite.skipped;
    }
    whole.set_time(total);
    // The schema knows no such attribute of the root element, which the library always writes.
    let skipped = format!(" skipped=\"{}\"", whole.skipped);
    let text = whole.to_string()?.replacen(&skipped, "", 1);
    let (start, end) = text.split_once(END).unwrap_or((&text, ""));
    out.write_all(start.as_bytes())?;
    for (feature, scenarios) in &features {
        let mut alone = Report::new("");
        alone.add_test_suite(suite(input, &facts, feature, scenarios));
        let text = alone.to_string()?;
        // No value holds a bracket, so these are the elements themselves.
        let inside = text.find(SUITE).zip(text.rfind(END));
        let inside = inside.and_then(|(start, end)| text.get(start..end));
        out.write_all(INDENT)?;
        out.write_all(inside.unwrap_or_default().as_bytes())?;
    }
    out.write_all(END.as_bytes())?;
    out.write_all(end.as_bytes())?;
    Ok(())
}

/// The scenarios of a feature.
fn suite(
    input: &ReportInput<'_>,
    facts: &Facts<'_>,
    feature: &str,
    scenarios: &[&ScenarioRecord],
) -> TestSuite {
    let record = input.record;
    let mut suite = TestSuite::new(clean(stem(feature)));
    if is_stamp(&record.started) {
        suite
            .extra
            .insert("timestamp".into(), record.started.as_str().into());
    }
    for (name, value) in properties(input, &facts.validity) {
        suite.add_property((clean(&format!("{PREFIX}{name}")), clean(&value)));
    }
    let mut time = Duration::ZERO;
    for scenario in scenarios {
        let took = facts.time(scenario);
        time += took;
        suite.add_test_case(case(input, facts, scenario, took));
    }
    suite.set_time(time);
    suite
}

/// What cases look up.
struct Facts<'a> {
    rules: BTreeMap<&'a RequirementId, &'a RequirementResult>,
    elapsed: BTreeMap<ExchangeId, u64>,
    /// How far answers were checked against FHIR, in one line.
    validity: String,
}

impl<'a> Facts<'a> {
    fn new(input: &ReportInput<'a>) -> Self {
        let rules = input.scorecard.requirements.iter();
        let exchanges = input.record.exchanges.iter();
        Self {
            rules: rules.map(|r| (&r.requirement.id, r)).collect(),
            elapsed: exchanges.map(|e| (e.id, e.elapsed_ms)).collect(),
            validity: Validity::of(input.record).line(),
        }
    }

    /// How long the target took to answer what the scenario asked.
    fn time(&self, scenario: &ScenarioRecord) -> Duration {
        let asked = scenario.steps.iter().flat_map(|s| &s.exchanges);
        let elapsed = asked.filter_map(|id| self.elapsed.get(id));
        Duration::from_millis(elapsed.fold(0, |sum: u64, ms| sum.saturating_add(*ms)))
    }
}

/// "UK Core Access 0.1.0: Riverside EPR 4.2 (mock system)".
fn name(input: &ReportInput<'_>) -> String {
    let record = input.record;
    let subject = &record.subject;
    let mock = match record.mock_name() {
        Some(_) => " (mock system)",
        None => "",
    };
    format!(
        "{} {}: {} {}{mock}",
        record.pack.title, record.pack.version, subject.product, subject.version
    )
}

/// The name of a feature file without its ending.
fn stem(feature: &str) -> &str {
    feature.strip_suffix(".feature").unwrap_or(feature)
}

/// What every suite says of the run, so that a suite that is read alone says it too.
fn properties(input: &ReportInput<'_>, validity: &str) -> Vec<(&'static str, String)> {
    let (record, card) = (input.record, input.scorecard);
    let statuses: Vec<&str> = record
        .pack
        .standards
        .iter()
        .map(|s| s.edition_status.label())
        .collect();
    let mut all = vec![
        (
            "pack",
            format!("{} {}", record.pack.id, record.pack.version),
        ),
        ("edition", record.pack.edition_words()),
        ("edition-status", statuses.join("; ")),
        ("target-kind", record.subject.kind.label().to_owned()),
        ("environment", record.environment.label().to_owned()),
        ("status", card.status.key().to_owned()),
        ("sentence", card.sentence.clone()),
        ("validity", validity.to_owned()),
        ("judgement", crate::view::JUDGEMENT.to_owned()),
        ("run", record.run_id.clone()),
        ("version", record.plumbline.clone()),
        ("selection", record.selection.clone()),
    ];
    if let Some(words) = record.rejudged_words() {
        all.push(("rejudged", words));
    }
    if let Some(mock) = record.mock_name() {
        all.push(("mock", format!("{mock}: {MOCK}")));
    }
    if let Completion::Incomplete { why } = &record.completion {
        all.push(("incomplete", why.clone()));
    }
    all.retain(|(_, value)| !value.is_empty());
    all
}

fn case(
    input: &ReportInput<'_>,
    facts: &Facts<'_>,
    scenario: &ScenarioRecord,
    took: Duration,
) -> TestCase {
    let told = told(facts, scenario);
    let (status, aside) = outcome(scenario, &told);
    let title = format!("{}: {}", scenario.id, scenario.name);
    let mut case = TestCase::new(clean(&title), status);
    let class = format!("{}.{}", input.record.pack.id, stem(&scenario.feature));
    case.set_classname(clean(&class));
    case.set_time(took);
    if let Some(aside) = aside {
        case.set_system_out(clean(&aside));
    }
    case
}

/// How a scenario stands as a test case, and what it prints beside that.
fn outcome(scenario: &ScenarioRecord, told: &str) -> (TestCaseStatus, Option<String>) {
    let verdict = scenario.verdict;
    // What is never counted in the status of the run must not turn a build red either.
    if !scenario.scored && !matches!(verdict, Verdict::Pass | Verdict::Warning) {
        let message = format!(
            "advisory, not counted: {}",
            with_reason(verdict, leading(scenario))
        );
        return (skipped("advisory", &message, told), None);
    }
    match verdict {
        Verdict::Fail => (
            broken(
                NonSuccessKind::Failure,
                scenario,
                told,
                "the rule is broken",
            ),
            None,
        ),
        Verdict::Error(kind) => (
            broken(NonSuccessKind::Error, scenario, told, kind.label()),
            None,
        ),
        Verdict::Skip(_) | Verdict::Review | Verdict::NotApplicable(_) => {
            let message = with_reason(verdict, leading(scenario));
            (skipped(verdict.key(), &message, told), None)
        }
        Verdict::Warning => (
            TestCaseStatus::success(),
            Some(format!(
                "Good practice was broken. It is recommended, not required, and does not change the status.\n{told}"
            )),
        ),
        Verdict::Pass => (TestCaseStatus::success(), None),
    }
}

fn broken(
    kind: NonSuccessKind,
    scenario: &ScenarioRecord,
    told: &str,
    otherwise: &str,
) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    let (code, message) = leading(scenario).map_or((scenario.verdict.key(), otherwise), |f| {
        (f.code.as_str(), f.message.as_str())
    });
    status.set_type(clean(code));
    status.set_message(clean(message));
    status.set_description(clean(told));
    status
}

fn skipped(kind: &str, message: &str, told: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_type(clean(kind));
    status.set_message(clean(message));
    status.set_description(clean(told));
    status
}

/// "Not tested (no test patient for this role): nobody plays the role".
fn with_reason(verdict: Verdict, finding: Option<&Finding>) -> String {
    match finding {
        Some(finding) => format!("{verdict}: {}", finding.message),
        None => verdict.to_string(),
    }
}

/// The first finding that explains the verdict of the scenario.
fn leading(scenario: &ScenarioRecord) -> Option<&Finding> {
    let explains = |kind: FindingKind| match (scenario.verdict, kind) {
        (Verdict::Fail | Verdict::Warning, FindingKind::Broken)
        | (Verdict::Review, FindingKind::Review) => true,
        (Verdict::Error(wanted), FindingKind::Error(kind)) => wanted == kind,
        (Verdict::Skip(wanted), FindingKind::Undecided(reason)) => wanted == reason,
        (
            Verdict::Fail
            | Verdict::Warning
            | Verdict::Review
            | Verdict::Error(_)
            | Verdict::Skip(_)
            | Verdict::Pass
            | Verdict::NotApplicable(_),
            _,
        ) => false,
    };
    scenario
        .steps
        .iter()
        .flat_map(|step| &step.findings)
        .find(|finding| explains(finding.kind))
}

/// The rule, and every finding with step, place, expected, seen and what to do.
fn told(facts: &Facts<'_>, scenario: &ScenarioRecord) -> String {
    let mut text = format!("\nRule {}", scenario.requirement);
    if let Some(rule) = facts.rules.get(&scenario.requirement) {
        let rule = &rule.requirement;
        line(
            &mut text,
            "",
            &format!(" ({}): {}", rule.level.label(), rule.title),
        );
    }
    line(
        &mut text,
        "\nScenario: ",
        &format!("{}:{}", scenario.feature, scenario.line),
    );
    let mut number = 0;
    for step in &scenario.steps {
        for finding in &step.findings {
            number += 1;
            finding_told(&mut text, number, scenario, step, finding);
        }
    }
    text.push('\n');
    text
}

fn finding_told(
    text: &mut String,
    number: usize,
    scenario: &ScenarioRecord,
    step: &StepRecord,
    finding: &Finding,
) {
    line(
        text,
        "\n\n",
        &format!("{number}. {}: {}", finding.code, finding.message),
    );
    let place = format!("{} ({}:{})", step.text, scenario.feature, step.line);
    line(text, "\n   Step: ", &place);
    line(text, "\n   Where: ", &place_words(finding));
    line(text, "\n   Expected: ", &finding.expected);
    line(text, "\n   Seen: ", &finding.actual);
    line(text, "\n   What to do: ", &finding.next_step);
}

/// A labelled line, unless it has nothing to say.
fn line(text: &mut String, label: &str, value: &str) {
    if !value.is_empty() {
        text.push_str(label);
        text.push_str(value);
    }
}

/// "Bundle.entry\[0\].resource, line 1, column 77 of the response of exchange 9".
fn place_words(finding: &Finding) -> String {
    let location = &finding.location;
    let mut words = location.fhirpath.clone();
    let mut add = |part: String| {
        if !words.is_empty() {
            words.push_str(", ");
        }
        words.push_str(&part);
    };
    match (location.line, location.column) {
        (Some(line), Some(column)) => add(format!("line {line}, column {column} of the response")),
        (Some(line), None) => add(format!("line {line} of the response")),
        (None, _) => {}
    }
    if let Some(exchange) = location.exchange {
        add(format!("exchange {exchange}"));
    }
    words
}

/// Whether a text of the record is a date with a time, fit for an attribute that is read as one.
fn is_stamp(text: &str) -> bool {
    text.len() >= 20
        && text.as_bytes().get(10) == Some(&b'T')
        && text.ends_with('Z')
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | 'T' | 'Z'))
}

/// Text that XML may hold. What it may not, such as control characters, is shown as U+FFFD:
/// nothing that a target sends can break the file or swallow what stands after it.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| match c {
            '\n' => '\n',
            '\t' => ' ',
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_swallow_nothing() {
        assert_eq!(
            clean("a\u{0}b\u{1b}]c\td\r\ne"),
            "a\u{fffd}b\u{fffd}]c d\ne"
        );
        assert_eq!(
            clean("\u{9b}2J\u{ffff}\u{7f}"),
            "\u{fffd}2J\u{fffd}\u{fffd}"
        );
        assert_eq!(clean("plain é ☃"), "plain é ☃");
    }

    #[test]
    fn only_a_moment_in_utc_is_a_stamp() {
        assert!(is_stamp("2026-11-22T09:14:03Z"));
        for bad in ["", "soon", "2026-11-22 09:14:03Z", "2026-11-22T09:14:03\"Z"] {
            assert!(!is_stamp(bad), "{bad}");
        }
    }
}
