//! The policy by which verdicts become scores: a pack's scoring.toml, or the defaults.
//! Not for computing anything: `score` does that.

use crate::domain::Domain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Weights, bands and the evidence that a band needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoringPolicy {
    /// Weight of a domain in the overall score; a domain that is not listed weighs 1.
    pub weights: BTreeMap<Domain, u32>,
    /// Bands with the lowest score that earns them, in percent, highest first.
    pub bands: Vec<(String, u16)>,
    /// The share of tested required rules that must be decided before one band is named.
    pub minimum_coverage_percent: u16,
    /// Who signed the severities off; without it they are planning defaults.
    pub severities_signed_off: Option<SignOff>,
}

/// A signature under a set of severities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// Who.
    pub by: String,
    /// When, `YYYY-MM-DD`.
    pub on: String,
}

impl Default for ScoringPolicy {
    fn default() -> Self {
        Self {
            weights: BTreeMap::new(),
            bands: vec![("mostly met".to_owned(), 80), ("partly met".to_owned(), 50)],
            minimum_coverage_percent: 95,
            severities_signed_off: None,
        }
    }
}

impl ScoringPolicy {
    /// The weight of a domain in the overall score.
    pub fn weight(&self, domain: Domain) -> u32 {
        self.weights.get(&domain).copied().unwrap_or(1)
    }
}
