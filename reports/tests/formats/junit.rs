//! The `JUnit` file: cases, totals, words and what a target may send. Whether the schema accepts it
//! is for `cargo xtask ci`, which has the schema.

use crate::made;
use crate::sample::{self, Sample};
use plumbline_model::{ErrorKind, FindingCode, FindingKind, Verdict};
use plumbline_reports::Format;

fn junit(sample: &Sample) -> String {
    made(Format::Junit, sample)
}

/// The value of an attribute in the opening tag that `text` begins with.
fn number(text: &str, attribute: &str) -> usize {
    let tag = text.split('>').next().unwrap_or_default();
    let value = tag.split(&format!(" {attribute}=\"")).nth(1);
    let value = value.and_then(|rest| rest.split('"').next());
    value
        .and_then(|value| value.parse().ok())
        .unwrap_or_else(|| panic!("no number {attribute} in {tag}"))
}

/// The parts of a text that begin with an opening tag.
fn parts<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    text.split(&format!("<{tag} ")).skip(1).collect()
}

/// The case of a scenario, with what is in it.
fn case<'a>(text: &'a str, id: &str) -> &'a str {
    let start = text
        .find(&format!("<testcase name=\"{id}:"))
        .unwrap_or_else(|| panic!("no case {id}"));
    let rest = &text[start..];
    let empty = rest
        .find("/>")
        .filter(|at| *at < rest.find('>').unwrap_or(0));
    let end = empty.or_else(|| rest.find("</testcase>"));
    &rest[..end.unwrap_or(rest.len())]
}

#[test]
fn totals_agree_with_the_cases_and_the_cases_with_the_record() {
    for sample in sample::all() {
        let text = junit(&sample);
        let root = text.split("<testsuites ").nth(1).expect("a root element");
        assert_eq!(
            parts(&text, "testcase").len(),
            sample.record.scenarios.len()
        );
        assert_eq!(number(root, "tests"), sample.record.scenarios.len());
        let scored = |wanted: fn(&Verdict) -> bool| {
            let scenarios = sample.record.scenarios.iter();
            scenarios.filter(|s| s.scored && wanted(&s.verdict)).count()
        };
        assert_eq!(
            number(root, "failures"),
            scored(|v| matches!(v, Verdict::Fail)),
            "{}",
            sample.name
        );
        assert_eq!(
            number(root, "errors"),
            scored(|v| matches!(v, Verdict::Error(_)))
        );
        for (attribute, element) in [("failures", "failure"), ("errors", "error")] {
            let mut sum = 0;
            for suite in parts(&text, "testsuite") {
                let count = number(suite, attribute);
                assert_eq!(count, parts(suite, element).len(), "{attribute}");
                sum += count;
            }
            assert_eq!(number(root, attribute), sum);
        }
        for suite in parts(&text, "testsuite") {
            assert_eq!(number(suite, "tests"), parts(suite, "testcase").len());
            assert_eq!(number(suite, "skipped"), parts(suite, "skipped").len());
        }
        assert!(
            !root
                .split('>')
                .next()
                .unwrap_or_default()
                .contains("skipped")
        );
    }
}

#[test]
fn a_failure_says_what_was_expected_seen_and_to_be_done() {
    let text = junit(&sample::faulty());
    let broken = case(&text, "uka-alg-002");
    for wanted in [
        "<failure message=\"an allergy that the patient holds is missing from the result\" type=\"ALLERGY-HELD\">",
        "classname=\"uk-core-access.clinical-allergy-intolerance\"",
        "Rule UKA-ALG-002 (required): A search by clinical status returns every allergy of that status",
        "1. ALLERGY-HELD: an allergy that the patient holds is missing from the result",
        "Step: Then every record the patient holds is in the result (clinical-allergy-intolerance.feature:",
        "Where: Bundle.entry[0], line 3, column 3 of the response",
        "Expected: 2 active allergies held by",
        "Seen: searchset with 0 entries, HTTP 200",
        "What to do: Return every allergy of the patient",
        "3. ALLERGY-HELD",
        "time=\"0.042\"",
    ] {
        assert!(broken.contains(wanted), "no `{wanted}` in {broken}");
    }
}

#[test]
fn every_verdict_has_its_own_form() {
    let text = junit(&sample::faulty());
    let warning = case(&text, "uka-alg-004");
    assert!(warning.contains("<system-out>Good practice was broken."));
    assert!(warning.contains("BUNDLE-SELF-LINK: the result has no self link"));
    assert!(!warning.contains("<failure") && !warning.contains("<skipped"));
    let skip = case(&text, "uka-pat-004");
    assert!(skip.contains(
        "<skipped message=\"Not tested (no test patient for this role): no test patient plays"
    ));
    assert!(skip.contains("type=\"skip\""));
    let outside = case(&text, "uka-imm-001");
    assert!(outside.contains("<skipped message=\"Not applicable (outside the declared scope)\""));
    let passed = case(&text, "uka-cap-001");
    assert_eq!(passed.matches('<').count(), 1, "{passed}");
    let advisory = case(&text, "uka-pat-001-advisory");
    assert!(advisory.contains("<skipped message=\"advisory, not counted: Needs review\""));

    let mut sample = sample::good();
    let scenario = &mut sample.record.scenarios[3];
    scenario.verdict = Verdict::Error(ErrorKind::Unreachable);
    let id = scenario.id.clone();
    let text = junit(&sample);
    let error = case(&text, id.as_str());
    let wanted = format!(
        "<error message=\"{}\" type=\"error\">",
        ErrorKind::Unreachable.label()
    );
    assert!(error.contains(&wanted), "{error}");
}

#[test]
fn an_advisory_failure_does_not_turn_a_build_red() {
    let mut sample = sample::good();
    let advisory = sample.record.scenarios.iter_mut().find(|s| !s.scored);
    advisory.expect("the sample has one").verdict = Verdict::Fail;
    let text = junit(&sample);
    assert!(!text.contains("<failure"));
    assert!(text.contains("<skipped message=\"advisory, not counted: Fail\""));
}

#[test]
fn every_suite_says_what_it_speaks_of() {
    let text = junit(&sample::faulty());
    let suites = parts(&text, "testsuite");
    assert!(suites.len() >= 3, "one suite a feature");
    for suite in suites {
        for wanted in [
            "name=\"plumbline.pack\" value=\"uk-core-access 0.1.0\"",
            "name=\"plumbline.edition\" value=\"draft 0.1.0 of UK Core Access\"",
            "name=\"plumbline.edition-status\" value=\"draft\"",
            "name=\"plumbline.target-kind\"",
            "name=\"plumbline.status\" value=\"not-conformant\"",
            "name=\"plumbline.sentence\" value=\"Riverside EPR 4.2",
            "name=\"plumbline.mock\" value=\"riverside-epr-faulty: This result says nothing about a real product.\"",
            "timestamp=\"2026-11-22T09:14:03Z\"",
        ] {
            assert!(suite.contains(wanted), "no `{wanted}` in {suite}");
        }
    }
    assert!(!junit(&sample::real()).contains("plumbline.mock"));
}

#[test]
fn nothing_that_a_target_sends_breaks_the_file() {
    let evil = "\u{0}\u{8}\u{1b}]0;\u{1b}[31m</failure>]]><![CDATA[ & \"'\u{ffff}\u{fffe}\u{9b}31m\u{7f} end";
    let mut sample = sample::faulty();
    sample.record.subject.product = evil.to_owned();
    sample.record.started = evil.to_owned();
    sample.record.pack.title = evil.to_owned();
    for scenario in &mut sample.record.scenarios {
        scenario.name = evil.to_owned();
        for step in &mut scenario.steps {
            step.text = evil.to_owned();
            for finding in &mut step.findings {
                finding.code = FindingCode::from(evil);
                finding.message = evil.to_owned();
                finding.actual = evil.to_owned();
                finding.location.fhirpath = evil.to_owned();
                finding.next_step = "What follows is not swallowed.".to_owned();
            }
        }
    }
    let text = junit(&sample);
    let allowed =
        |c: char| matches!(c, '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    assert_eq!(text.chars().find(|c| !allowed(*c)), None);
    assert!(!text.contains("<!["), "markup of the target is escaped");
    assert!(text.contains("What to do: What follows is not swallowed."));
    assert_eq!(
        text.matches("<failure ").count(),
        text.matches("</failure>").count()
    );
    assert!(
        !text.contains("timestamp="),
        "what is no moment is left out"
    );
    for part in text.split('&').skip(1) {
        let entity = part.split(';').next().unwrap_or_default();
        assert!(
            ["amp", "lt", "gt", "quot", "apos"].contains(&entity),
            "&{entity};"
        );
    }
}

#[test]
fn a_note_is_told_but_decides_nothing() {
    let mut sample = sample::faulty();
    let finding = sample
        .record
        .scenarios
        .iter_mut()
        .flat_map(|s| &mut s.steps)
        .flat_map(|s| &mut s.findings)
        .next()
        .expect("a finding");
    finding.kind = FindingKind::Note;
    finding.message = "only a note".to_owned();
    let text = junit(&sample);
    assert!(text.contains(": only a note"));
    assert!(!text.contains("message=\"only a note\""));
}
