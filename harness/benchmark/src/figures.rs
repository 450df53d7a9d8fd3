//! The figures of one result: its domains, and their geometric mean with the error that the samples give it.
//! Not for comparing results.

use crate::bounds::bounds;
use crate::national::{DomainFigures, Figures, Overall};
use crate::number::{Finite, Interval, Proportion, Share};
use crate::ranks::Estimate;
use crate::result::StoredRun;
use crate::wilson::{Z95, wilson};
use plumbline_model::Domain;
use std::collections::BTreeMap;

/// Added to each share before the geometric mean and taken off after it, as scorecards do, so that one zero
/// does not erase the rest.
const FLOOR: f64 = 0.01;

/// Domains of a result that have a required rule or a sample, in the order of [`Domain`].
pub(crate) fn domains(run: &StoredRun) -> Vec<DomainFigures> {
    Domain::ALL
        .iter()
        .filter_map(|domain| {
            let sampled = sampled(run, *domain);
            let rules = run.domains.iter().find(|rules| rules.domain == *domain);
            if sampled.of() == 0 && rules.is_none() {
                return None;
            }
            let (met, broken, undecided) = rules.map_or((0, 0, 0), |rules| {
                (rules.met, rules.broken, rules.undecided)
            });
            Some(DomainFigures {
                domain: *domain,
                figures: Figures {
                    sampled,
                    interval: wilson(sampled),
                    rules: Proportion::new(met, met.saturating_add(broken)).unwrap_or_default(),
                    undecided,
                    bounds: bounds(met, broken, undecided),
                },
            })
        })
        .collect()
}

/// The sampled messages of a domain.
pub(crate) fn sampled(run: &StoredRun, domain: Domain) -> Proportion {
    run.samples
        .iter()
        .filter(|sample| sample.domain == domain)
        .map(|sample| sample.messages)
        .sum()
}

/// The weighted geometric mean of the sampled domains; `None` if a domain has rules and no sample, or if
/// no domain has any weight.
pub(crate) fn overall(
    domains: &[DomainFigures],
    weights: &BTreeMap<Domain, u32>,
) -> Option<Estimate> {
    let weight = |domain: Domain| f64::from(weights.get(&domain).copied().unwrap_or(1));
    let all: f64 = domains.iter().map(|one| weight(one.domain)).sum();
    if all <= 0.0 {
        return None;
    }
    let (mut logarithm, mut variance) = (0.0, 0.0);
    for one in domains {
        let counts = one.figures.sampled;
        let part = weight(one.domain) / all;
        let share = counts.share()?.get();
        logarithm += part * libm::log(share + FLOOR);
        // Half a message each way, so that "all of them" still has an error.
        let n = f64::from(counts.of()) + 1.0;
        let p = (f64::from(counts.met()) + 0.5) / n;
        variance += part * part * p * (1.0 - p) / n / (p + FLOOR).powi(2);
    }
    let mean = libm::exp(logarithm);
    Some(Estimate {
        value: Share::clipped(mean - FLOOR).into(),
        error: Finite::held(mean * variance.sqrt()),
    })
}

/// A value and its 95 % interval.
pub(crate) fn shown(estimate: Estimate) -> Overall {
    spread_around(estimate, Z95)
}

/// A value and the interval that a quantile gives it.
pub(crate) fn spread_around(estimate: Estimate, quantile: f64) -> Overall {
    let share = Share::clipped(estimate.value.get());
    let reach = quantile * estimate.error.get().max(0.0);
    Overall {
        share,
        interval: Interval {
            low: Share::clipped(share.get() - reach),
            high: Share::clipped(share.get() + reach),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(domain: Domain, met: u32, of: u32) -> DomainFigures {
        let sampled = Proportion::new(met, of).expect("counts");
        DomainFigures {
            domain,
            figures: Figures {
                sampled,
                interval: wilson(sampled),
                rules: Proportion::default(),
                undecided: 0,
                bounds: None,
            },
        }
    }

    /// Five domains .95, .95, .95, .95, .20: the geometric mean is .70 where the arithmetic one is .80.
    #[test]
    fn golden_geometric_mean() {
        let five: Vec<DomainFigures> = Domain::ALL
            .iter()
            .zip([95, 95, 95, 95, 20])
            .map(|(name, met)| domain(*name, met, 100))
            .collect();
        let found = overall(&five, &BTreeMap::new()).expect("a mean");
        assert_eq!(format!("{:.2}", found.value.get()), "0.70");
        let weights = BTreeMap::from([(five[4].domain, 0)]);
        let without = overall(&five, &weights).expect("a mean");
        assert_eq!(format!("{:.4}", without.value.get()), "0.9500");
    }

    #[test]
    fn one_domain_has_the_error_of_its_sample() {
        let one = [domain(Domain::Identity, 900, 1000)];
        let found = overall(&one, &BTreeMap::new()).expect("a mean");
        assert!((found.error.get() - 0.0095).abs() < 0.0001, "{found:?}");
        let shown = shown(found);
        assert!(shown.interval.contains(shown.share));
        let wilson = wilson(one[0].figures.sampled).expect("an interval");
        assert!((shown.interval.low.get() - wilson.low.get()).abs() < 0.002);
    }

    #[test]
    fn a_domain_without_a_sample_leaves_no_overall_value() {
        let two = [
            domain(Domain::Identity, 9, 10),
            domain(Domain::Access, 0, 0),
        ];
        assert_eq!(overall(&two, &BTreeMap::new()), None);
        assert_eq!(overall(&[], &BTreeMap::new()), None);
        let all = [domain(Domain::Identity, 10, 10)];
        let found = overall(&all, &BTreeMap::new()).expect("a mean");
        assert!(
            found.error > Finite::ZERO,
            "a perfect sample is still a sample"
        );
    }
}
