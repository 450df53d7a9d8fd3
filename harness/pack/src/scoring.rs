//! scoring.toml: weights, bands, the evidence that a band needs, and the sign-off.
//! Not for computing scores.

use crate::source::Source;
use crate::suggest::instead;
use crate::toml_reader::{Reader, parse};
use plumbline_model::Domain;
use plumbline_model::scoring::{ScoringPolicy, SignOff};

/// Reads the policy; what is wrong is reported, and the default stands in for it.
pub(crate) fn read(source: &Source<'_>) -> ScoringPolicy {
    let mut policy = ScoringPolicy::default();
    let Some(table) = parse(source) else {
        return policy;
    };
    let mut root = Reader::root(source, &table);
    if let Some(weights) = root.opt_table("weights") {
        read_weights(weights, &mut policy);
    }
    if let Some(bands) = root.table("bands") {
        policy.bands = read_bands(bands);
    }
    if let Some(mut evidence) = root.table("minimum_evidence") {
        if let Some(percent) = evidence.number("coverage_percent", 1..=100) {
            policy.minimum_coverage_percent = u16::try_from(percent).unwrap_or(100);
        }
        evidence.finish();
    }
    if let Some(severity) = root.table("severity") {
        policy.severities_signed_off = read_sign_off(severity);
    }
    root.finish();
    policy
}

fn read_weights(mut table: Reader<'_, '_>, policy: &mut ScoringPolicy) {
    let words: Vec<&str> = Domain::ALL.iter().map(|d| d.key()).collect();
    for key in table.keys() {
        let weight = table.opt_number(&key.value, 0..=100);
        match (Domain::from_key(&key.value), weight) {
            (Some(domain), Some(weight)) => {
                policy
                    .weights
                    .insert(domain, u32::try_from(weight).unwrap_or(100));
            }
            (Some(_), None) => {}
            (None, _) => table.source.error(
                key.range,
                format!("`{}` is not a domain", key.value),
                instead(&key.value, &words),
            ),
        }
    }
    table.finish();
}

fn read_bands(mut table: Reader<'_, '_>) -> Vec<(String, u16)> {
    let mut bands: Vec<(String, u16)> = Vec::new();
    for key in table.keys() {
        let Some(lowest) = table.opt_number(&key.value, 0..=100) else {
            continue;
        };
        let lowest = u16::try_from(lowest).unwrap_or(100);
        if let Some((other, _)) = bands.iter().find(|(_, score)| *score == lowest) {
            table.source.error(
                key.range,
                format!(
                    "the bands `{}` and `{other}` begin at the same score",
                    key.value
                ),
                "give each band its own lowest score",
            );
        }
        bands.push((key.value, lowest));
    }
    table.finish();
    bands.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    bands
}

fn read_sign_off(mut table: Reader<'_, '_>) -> Option<SignOff> {
    let signed = table.opt_flag("signed_off").unwrap_or(false);
    let sign_off = if signed {
        let by = table.text("by");
        let on = table.text("on");
        let on = table.checked_date("on", on);
        by.zip(on).map(|(by, on)| SignOff { by: by.value, on })
    } else {
        table.opt_text("by");
        table.opt_text("on");
        None
    };
    table.finish();
    sign_off
}
