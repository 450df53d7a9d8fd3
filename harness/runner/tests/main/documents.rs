//! Documents: nothing passes because the way to one went wrong, what comes does not depend on scheduling,
//! and nothing that a document says reaches the journal.

use crate::proxy::{Proxy, Spoil};
use crate::support::{Bench, runtime, serve};
use plumbline_model::{SkipReason, StepKind, Verdict};
use plumbline_runner::Selection;
use std::future::pending;
use std::time::Duration;

const PACK: &str = "transfer-of-care";
const TEN: Duration = Duration::from_secs(10);

/// The scored scenarios are guarded in parts, so that the parts run side by side.
const PARTS: usize = 3;

#[test]
fn no_document_passes_because_a_request_went_wrong() {
    guard(0);
}

#[test]
fn no_document_passes_because_a_request_went_wrong_second_part() {
    guard(1);
}

#[test]
fn no_document_passes_because_a_request_went_wrong_third_part() {
    guard(2);
}

fn guard(part: usize) {
    let bench = Bench::of(PACK);
    let mut wrong = Vec::new();
    let scored = bench.pack.features.iter().flat_map(|f| &f.scenarios);
    for (number, scenario) in scored.filter(|s| s.scored).enumerate() {
        if number % PARTS != part {
            continue;
        }
        let selection = Selection::tags(&format!("@id:{}", scenario.id)).unwrap();
        runtime().block_on(async {
            let upstream = serve(&[]).await;
            let clean = Proxy::start(upstream, None).await;
            let record = bench
                .run(clean.address, 1, &selection, TEN, pending())
                .await;
            assert_eq!(
                record.scenarios[0].verdict,
                Verdict::Pass,
                "{}",
                scenario.id
            );
            assert_eq!(
                clean.requests(),
                4,
                "metadata, patient, composition, document"
            );
            // The requests before the document are the same in every scenario.
            let first = if number == part { 1 } else { 3 };
            for request in first..4 {
                // Every way of going wrong meets every third scenario, and the first of a part meets all.
                let spoils = Spoil::ALL.into_iter().enumerate();
                let spoils = spoils
                    .filter(|(at, _)| number == part || (at + number / PARTS).is_multiple_of(3));
                for (_, spoil) in spoils {
                    let proxy = Proxy::start(upstream, Some((request, spoil))).await;
                    let patience = if spoil == Spoil::Timeout {
                        Duration::from_millis(150)
                    } else {
                        TEN
                    };
                    let record = bench
                        .run(proxy.address, 1, &selection, patience, pending())
                        .await;
                    let got = &record.scenarios[0];
                    let assertions = got.steps.iter().filter(|s| s.kind == StepKind::Assertion);
                    let passed = assertions
                        .filter(|s| s.verdict == Some(Verdict::Pass))
                        .count();
                    if got.verdict == Verdict::Pass || passed > 0 {
                        wrong.push(format!(
                            "{} with {spoil:?} in request {request}",
                            scenario.id
                        ));
                    }
                }
            }
        });
    }
    assert!(wrong.is_empty(), "these pass:\n{}", wrong.join("\n"));
}

#[test]
fn without_a_document_nothing_is_tested_and_nothing_fails() {
    let bench = Bench::of(PACK);
    runtime().block_on(async {
        let upstream = serve(&[]).await;
        // A system without the operation answers as one without the type.
        let selection = Selection::tags("@id:toc-sec-diagnoses-r4").unwrap();
        let proxy = Proxy::start(upstream, Some((2, Spoil::EmptySearchset))).await;
        let record = bench
            .run(proxy.address, 1, &selection, TEN, pending())
            .await;
        let scenario = &record.scenarios[0];
        assert!(
            matches!(scenario.verdict, Verdict::Skip(_)),
            "{}",
            scenario.verdict
        );
        let found = scenario
            .steps
            .iter()
            .flat_map(|s| &s.findings)
            .next()
            .unwrap();
        assert_eq!(found.code.as_str(), "SETUP-DOCUMENT");
        assert!(found.next_step.contains("plumbline content"));
    });
}

#[test]
fn a_document_of_another_kind_is_told_and_is_never_a_pass() {
    let bench = Bench::of(PACK);
    runtime().block_on(async {
        for fault in ["collection-r4", "outpatient-r4"] {
            let fault = format!("another-kind-of-document/TOC-DOC-001/{fault}");
            let upstream = serve(&[&fault]).await;
            let selection = Selection::all();
            let record = bench.run(upstream, 4, &selection, TEN, pending()).await;
            let of = |id: &str| {
                record
                    .scenarios
                    .iter()
                    .find(|s| s.id.as_str() == id)
                    .unwrap()
            };
            assert_eq!(of("toc-doc-kind-r4").verdict, Verdict::Fail);
            assert_eq!(of("toc-doc-kind-stu3").verdict, Verdict::Pass);
        }
    });
}

#[test]
fn the_record_is_the_same_at_any_concurrency_and_in_any_order() {
    let bench = Bench::of(PACK);
    runtime().block_on(async {
        let address = serve(&["section-missing/EDIS-SEC-05/r4"]).await;
        let mut records = Vec::new();
        for (concurrency, seed) in [(1, None), (4, Some(3)), (16, Some(5))] {
            let mut options = bench.options(address, concurrency, &Selection::all(), TEN);
            if let Some(seed) = seed {
                options.plan = options.plan.shuffled(seed);
            }
            let output = plumbline_runner::run(options, pending()).await.unwrap();
            let mut record = output.record;
            record.exchanges.iter_mut().for_each(|it| it.elapsed_ms = 0);
            records.push(record);
        }
        let failed = records[0]
            .scenarios
            .iter()
            .filter(|s| s.verdict == Verdict::Fail);
        assert_eq!(failed.count(), 1);
        assert!(records.iter().all(|record| *record == records[0]));
    });
}

#[test]
fn each_body_is_checked_by_the_version_that_its_media_type_names() {
    let bench = Bench::of(PACK);
    runtime().block_on(async {
        let address = serve(&[]).await;
        let record = bench
            .run(address, 4, &Selection::all(), TEN, pending())
            .await;
        let documents: Vec<_> = record
            .exchanges
            .iter()
            .filter(|it| it.url.contains("/Composition/"))
            .collect();
        for version in ["3.0.2", "4.0.1"] {
            let of_version = documents.iter().filter(|it| match &it.fhir {
                plumbline_model::BodyCheck::Checked(body) => {
                    assert_eq!(body.errors, 0, "{}: {:?}", it.url, body.issues);
                    body.version == version
                }
                plumbline_model::BodyCheck::NotChecked { .. } => false,
            });
            assert!(of_version.count() >= 12, "{version}");
        }
    });
}

#[test]
fn a_patient_of_the_vendors_own_shows_nothing_of_what_is_held() {
    let mut bench = Bench::of(PACK);
    bench
        .people
        .values_mut()
        .for_each(|person| person.discharge = None);
    runtime().block_on(async {
        let address = serve(&[]).await;
        let record = bench
            .run(address, 4, &Selection::all(), TEN, pending())
            .await;
        for scenario in &record.scenarios {
            let skipped = Verdict::Skip(SkipReason::NothingObserved);
            assert!(
                matches!(scenario.verdict, Verdict::Skip(_)) || scenario.verdict == skipped,
                "{}: {}",
                scenario.id,
                scenario.verdict
            );
        }
    });
}
