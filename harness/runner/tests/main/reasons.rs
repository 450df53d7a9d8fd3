//! Why a scenario was not tested: what is said must be so. Not for what the target did.

use crate::support::{Bench, runtime, serve};
use plumbline_model::{ScenarioRecord, SkipReason, Verdict};
use plumbline_runner::Selection;
use std::sync::Arc;
use std::time::Duration;

/// Runs one scenario of the pack without the steps that `leave_out` names.
fn without(id: &str, leave_out: &str) -> ScenarioRecord {
    let mut bench = Bench::new();
    let scenarios = bench
        .pack
        .features
        .iter_mut()
        .flat_map(|f| &mut f.scenarios);
    for scenario in scenarios.filter(|s| s.id.as_str() == id) {
        let before = scenario.steps.len();
        Arc::make_mut(&mut scenario.steps).retain(|step| !step.text.contains(leave_out));
        assert!(scenario.steps.len() < before, "{leave_out}");
    }
    let selection = Selection::tags(&format!("@id:{id}")).unwrap();
    runtime().block_on(async {
        let address = serve(&[]).await;
        let patience = Duration::from_secs(10);
        let record = bench
            .run(address, 1, &selection, patience, std::future::pending())
            .await;
        record
            .scenarios
            .into_iter()
            .find(|s| s.id.as_str() == id)
            .unwrap()
    })
}

#[test]
fn a_role_that_is_mapped_is_not_called_missing() {
    for (id, leave_out, message) in [
        (
            "uka-imm-patient",
            "own id for the patient",
            "was not found out",
        ),
        ("uka-pat-name", "the patient \"", "no patient is in play"),
    ] {
        let scenario = without(id, leave_out);
        assert_eq!(
            scenario.verdict,
            Verdict::Skip(SkipReason::EarlierStep),
            "{id}"
        );
        let said = scenario.steps.iter().flat_map(|s| &s.findings);
        let said: Vec<&str> = said.map(|f| f.message.as_str()).collect();
        assert!(said.iter().any(|m| m.contains(message)), "{said:?}");
    }
}
