//! What the page says of good practice without required rules, and of how scores come about.
//! Not for its looks.

use crate::{html, sample};
use plumbline_model::{Capability, Level, Requirement, RequirementId, ScoringPolicy, Verdict};
use plumbline_score::{FLOOR, scorecard};
use sample::Sample;

const RULE: &str = "UKA-CAP-002";

/// The good run, with one of its rules, now of this level, in a capability of its own.
fn with_rule_alone(level: Level, verdict: Verdict) -> Sample {
    let mut sample = sample::good();
    let advice = Capability::from("advice");
    let mut rules: Vec<Requirement> = sample
        .scorecard
        .requirements
        .iter()
        .map(|r| r.requirement.clone())
        .collect();
    for rule in rules.iter_mut().filter(|r| r.id.as_str() == RULE) {
        rule.capability = advice.clone();
        rule.level = level;
    }
    let id = RequirementId::from(RULE);
    for scenario in &mut sample.record.scenarios {
        if scenario.requirement == id {
            scenario.capability = advice.clone();
            scenario.verdict = verdict;
        }
    }
    sample.record.scope.push(advice);
    sample.scorecard = scorecard(&sample.record, &rules, &ScoringPolicy::default());
    sample
}

/// What stands between two marks of a page.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let rest = page.split_once(start).expect(start).1;
    rest.split_once(end).expect(end).0
}

#[test]
fn a_capability_with_good_practice_alone_is_not_headed_not_tested() {
    for (verdict, words) in [
        (Verdict::Pass, "good practice: 1 of 1 met"),
        (Verdict::Warning, "good practice: 0 of 1 met"),
    ] {
        let page = html(&with_rule_alone(Level::Should, verdict));
        let head = between(&page, "id=\"rules-advice\"", "</summary>");
        assert!(head.contains("No required rule"), "{head}");
        assert!(head.contains(words), "{head}");
        assert!(!head.contains("Not tested"), "{head}");
        let matrix = between(&page, "<section id=\"heat\"", "</section>");
        let row = between(matrix, "<th scope=\"row\">Advice</th>", "</tr>");
        assert!(row.contains(words), "{row}");
        assert!(matrix.contains("good practice is counted apart"));
    }
    let page = html(&with_rule_alone(Level::May, Verdict::Pass));
    let head = between(&page, "id=\"rules-advice\"", "</summary>");
    assert!(head.contains("optional rules alone"), "{head}");
    let usual = html(&sample::good());
    assert!(
        !usual.contains("No required rule<") && !usual.contains("good practice is counted apart")
    );
}

#[test]
fn the_method_states_the_formula_that_gives_the_score() {
    let sample = sample::faulty();
    let page = html(&sample);
    let method = between(&page, "<section id=\"method\"", "</section>");
    for words in [
        "divided by the severity",
        "geometric mean",
        "harness/score",
        &format!("{FLOOR} is added to each share"),
    ] {
        assert!(method.contains(words), "{words}");
    }
    // The stated formula, computed again from what the page shows of the domains.
    let shares: Vec<f64> = sample
        .scorecard
        .domains
        .iter()
        .filter_map(|d| Some(f64::from(d.score.decided_tenths?) / 1000.0))
        .collect();
    assert!(shares.iter().any(|share| *share < 1.0));
    let count = f64::from(u32::try_from(shares.len()).expect("few domains"));
    let logs: f64 = shares.iter().map(|share| (share + FLOOR).ln()).sum();
    let expected = ((logs / count).exp() - FLOOR) * 1000.0;
    let shown = f64::from(sample.scorecard.overall.decided_tenths.expect("decided"));
    assert!((expected - shown).abs() <= 0.5, "{expected} {shown}");
}
