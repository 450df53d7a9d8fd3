//! The false-pass guard: whatever goes wrong with a request of the pack, nothing passes because of it.

use crate::proxy::{Proxy, Spoil};
use crate::support::{Bench, runtime, serve};
use plumbline_model::{StepKind, Verdict};
use plumbline_runner::Selection;
use std::collections::BTreeMap;
use std::time::Duration;

/// Statements that are true of the spoiled answer itself, by the check that makes them:
/// such an assertion may pass, but never the scenario around it.
const TRUE_OF: &[(Spoil, &[&str], &str)] = &[
    (
        Spoil::EmptyBody,
        &["the request succeeds"],
        "the status really is 200",
    ),
    (
        Spoil::Html,
        &["the request succeeds"],
        "the status really is 200",
    ),
    (
        Spoil::WrongType,
        &["the request succeeds", "the response is FHIR JSON"],
        "it really is a FHIR resource with status 200",
    ),
    (
        Spoil::Truncated,
        &["the request succeeds"],
        "the status really is 200",
    ),
    (
        Spoil::SomeoneElse,
        &[
            "the request succeeds",
            "the response is FHIR JSON",
            "the response is a searchset Bundle",
            "every result is a",
            "the result has a self link",
            "no record appears twice",
            "the last page has been reached",
            "every NHS number in the result is valid",
            "the response is a \"Patient\" resource",
            "every result has clinical status \"active\"",
            "every result matches the \"clinical-status\"",
            // The twin has the same family name.
            "every result matches the \"family\"",
            "every result matches the \"name\"",
        ],
        "the answer has the right form and status; only whose record it is is wrong",
    ),
    (
        Spoil::EmptySearchset,
        &[
            "the request succeeds",
            "the response is FHIR JSON",
            "the response is a searchset Bundle",
            "the result has a self link",
            // Of the pages before the spoiled one.
            "no result belongs to another patient",
            "the last page has been reached",
        ],
        "the answer has the right form",
    ),
];

/// Scenarios for which the spoiled answer is a right one.
fn right_answer(spoil: Spoil, last_assertions: &[String]) -> bool {
    spoil == Spoil::EmptySearchset
        && last_assertions
            .iter()
            .any(|t| t.contains("the result holds nobody"))
}

/// The pack is guarded in parts, so that the parts run side by side.
const PARTS: usize = 4;

#[test]
fn no_assertion_passes_because_a_request_went_wrong() {
    guard(0);
}

#[test]
fn no_assertion_passes_because_a_request_went_wrong_second_part() {
    guard(1);
}

#[test]
fn no_assertion_passes_because_a_request_went_wrong_third_part() {
    guard(2);
}

#[test]
fn no_assertion_passes_because_a_request_went_wrong_fourth_part() {
    guard(3);
}

#[expect(
    clippy::print_stdout,
    reason = "the table is for whoever reads the test"
)]
fn guard(part: usize) {
    let bench = Bench::new();
    let runtime = runtime();
    let patience = Duration::from_millis(150);
    let mut wrong = Vec::new();
    let mut table: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for scenario in bench
        .pack
        .features
        .iter()
        .flat_map(|f| &f.scenarios)
        .filter(|s| s.scored)
        .skip(part)
        .step_by(PARTS)
    {
        let selection = Selection::tags(&format!("@id:{}", scenario.id)).unwrap();
        let assertions: Vec<String> = scenario
            .steps
            .iter()
            .filter(|s| s.kind == StepKind::Assertion)
            .map(|s| s.text.clone())
            .collect();
        runtime.block_on(async {
            let upstream = serve(&[]).await;
            let clean = Proxy::start(upstream, None).await;
            let ten = Duration::from_secs(10);
            let record = bench
                .run(clean.address, 1, &selection, ten, std::future::pending())
                .await;
            assert_eq!(
                record.scenarios[0].verdict,
                Verdict::Pass,
                "{}",
                scenario.id
            );
            // Request 0 is the control request that opens every run.
            for number in 1..clean.requests() {
                for spoil in Spoil::ALL {
                    let proxy = Proxy::start(upstream, Some((number, spoil))).await;
                    let patience = if spoil == Spoil::Timeout {
                        patience
                    } else {
                        ten
                    };
                    let record = bench
                        .run(
                            proxy.address,
                            1,
                            &selection,
                            patience,
                            std::future::pending(),
                        )
                        .await;
                    let got = &record.scenarios[0];
                    *table
                        .entry(format!("{spoil:?}"))
                        .or_default()
                        .entry(got.verdict.key())
                        .or_default() += 1;
                    if right_answer(spoil, &assertions) {
                        continue;
                    }
                    if got.verdict == Verdict::Pass {
                        wrong.push(format!(
                            "{} passes with {spoil:?} in request {number}",
                            scenario.id
                        ));
                    }
                    let last = number + 1 == clean.requests();
                    for step in got
                        .steps
                        .iter()
                        .filter(|s| s.kind == StepKind::Assertion && last)
                    {
                        let allowed = TRUE_OF
                            .iter()
                            .filter(|(s, _, _)| *s == spoil)
                            .any(|(_, texts, _)| texts.iter().any(|t| step.text.contains(t)));
                        if step.verdict == Some(Verdict::Pass) && !allowed {
                            wrong.push(format!(
                                "{} / {} passes with {spoil:?}",
                                scenario.id, step.text
                            ));
                        }
                    }
                }
            }
        });
    }
    println!("verdicts of the scenario whose request was spoiled:");
    for (spoil, verdicts) in &table {
        println!("  {spoil}: {verdicts:?}");
    }
    for line in &wrong {
        println!("{line}");
    }
    assert!(wrong.is_empty(), "{} false passes", wrong.len());
    assert_eq!(table.len(), Spoil::ALL.len());
}
