//! Numbers and names of the dashboard as people read them.
//! Not for sentences about one page: each page has its own.

use crate::charts::Reading;
use crate::charts::canvas::place;
use crate::view::marks::Mark;
use crate::view::words::{inside, thousands};
use plumbline_benchmark::national::Difference;
use plumbline_benchmark::{FunnelZone, Month, Proportion, Share};
use plumbline_model::Domain;

/// Counts are far below what a `usize` holds.
pub(crate) fn many(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// "1,902 of 2,160".
pub(crate) fn counts(part: Proportion) -> String {
    format!(
        "{} of {}",
        thousands(many(part.met())),
        thousands(many(part.of()))
    )
}

/// "86.4" or "93.0", out of 100, so that figures in a column stand under each other; "0" and "100" only if exact.
pub(crate) fn points(share: Share) -> String {
    points_of(share.percent())
}

/// As `points`, of a number that is out of 100 already and may lie outside.
#[expect(
    clippy::float_cmp,
    reason = "only none and all are said without a decimal"
)]
pub(crate) fn points_of(percent: f64) -> String {
    if percent == 0.0 || percent == 100.0 {
        return place(percent);
    }
    format!("{percent:.1}")
}

/// A published score with at least one decimal: "3.0", "3.25".
pub(crate) fn one_decimal(score: f64) -> String {
    let text = score.to_string();
    if text.contains('.') {
        return text;
    }
    format!("{text}.0")
}

/// "52 of 60 (86.7%)"; "none" of nothing.
pub(crate) fn counts_and_share(part: Proportion) -> String {
    part.share().map_or_else(
        || "none".to_owned(),
        |share| format!("{} ({}%)", counts(part), points(share)),
    )
}

/// "2026-11" as "Nov 2026".
pub(crate) fn month(month: Month) -> String {
    const SHORT: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let text = month.to_string();
    let read = || {
        let (year, number) = text.split_once('-')?;
        let number: usize = number.parse().ok()?;
        Some(format!("{} {year}", SHORT.get(number.checked_sub(1)?)?))
    };
    read().unwrap_or_else(|| text.clone())
}

/// "identity", "identity and transport", "identity, transport and structure".
pub(crate) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// The names of domains inside a sentence.
pub(crate) fn domains(all: &[Domain]) -> String {
    let names: Vec<String> = all.iter().map(|domain| inside(domain.label())).collect();
    listed(&names)
}

/// What trouble in a domain can mean for a patient.
pub(crate) const fn consequence(domain: Domain) -> &'static str {
    match domain {
        Domain::Identity => {
            "A result or a letter may be filed under the wrong person, or not be found."
        }
        Domain::Transport => "A message may not arrive, and nobody may notice.",
        Domain::Structure => "What is sent may not open in the next system.",
        Domain::Terminology => {
            "A diagnosis or a result may arrive as words that the next system cannot use."
        }
        Domain::MedicinesAllergies => {
            "A clinician elsewhere may not see an allergy, or a change of medicine."
        }
        Domain::Transfer => "The next team may not learn what was done, or what it must do.",
        Domain::Access => "A clinician may not find a record that exists.",
        Domain::SecurityPrivacy => {
            "Somebody may see a record who should not, or be refused one that they need."
        }
        Domain::Operations => "When the service is down or slow, care goes on without the record.",
    }
}

/// How a comparison is drawn.
pub(crate) const fn reading(difference: Difference) -> Reading {
    match difference {
        Difference::Better => Reading::Better,
        Difference::Worse => Reading::Worse,
        Difference::WithinNoise => Reading::Same,
        Difference::Unknown => Reading::Unsure,
    }
}

/// How a comparison with others is said.
pub(crate) const fn compared(difference: Difference) -> &'static str {
    match difference {
        Difference::Better => "higher",
        Difference::Worse => "lower",
        Difference::WithinNoise => "not distinguishable",
        Difference::Unknown => "too little evidence",
    }
}

/// How a change is said.
pub(crate) const fn changed(difference: Difference) -> &'static str {
    match difference {
        Difference::Better => "real improvement",
        Difference::Worse => "real fall",
        Difference::WithinNoise => "within noise",
        Difference::Unknown => "too little evidence",
    }
}

/// Where a point of a funnel lies, in words.
pub(crate) const fn zone(of: FunnelZone) -> &'static str {
    match of {
        FunnelZone::FarAbove => "above the 99.8% limit",
        FunnelZone::Above => "above the 95% limit",
        FunnelZone::Within => "within the 95% limits",
        FunnelZone::Below => "below the 95% limit",
        FunnelZone::FarBelow => "below the 99.8% limit",
    }
}

/// The mark of a reading, with its word.
pub(crate) fn mark(of: Reading, word: &str) -> Mark {
    let (shape, tone) = match of {
        Reading::Better => ("circle", "good"),
        Reading::Worse => ("diamond", "concern"),
        Reading::Neutral => ("triangle", "neutral"),
        Reading::Same => ("open-circle", "quiet"),
        Reading::Unsure => ("dash", "quiet"),
    };
    Mark {
        shape,
        tone,
        word: word.to_owned(),
        reason: "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_well() {
        let part = Proportion::new(1902, 2160).expect("a part");
        assert_eq!(counts_and_share(part), "1,902 of 2,160 (88.1%)");
        assert_eq!(counts_and_share(Proportion::default()), "none");
        for (met, words) in [(93, "93.0"), (100, "100"), (0, "0")] {
            let share = Proportion::new(met, 100).and_then(Proportion::share);
            assert_eq!(share.map(points).as_deref(), Some(words));
        }
        let november = Month::parse("2026-11").expect("a month");
        assert_eq!(month(november), "Nov 2026");
        assert_eq!(
            domains(&[Domain::Identity, Domain::Transport, Domain::Structure]),
            "identity, transport and structure"
        );
        assert_eq!(domains(&[]), "");
    }

    #[test]
    fn every_domain_has_its_own_consequence() {
        let all: std::collections::BTreeSet<&str> = Domain::ALL
            .iter()
            .map(|domain| consequence(*domain))
            .collect();
        assert_eq!(all.len(), Domain::ALL.len());
    }
}
