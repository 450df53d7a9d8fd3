//! The page of the method: versions, seed, weights, formulas, what was left out, what is not known.

use crate::compare::Prepared;
use crate::evidence;
use crate::result::ResultKind;
use plumbline_model::Domain;
use serde::Serialize;
use std::collections::BTreeSet;

/// How everything was made.
#[derive(Debug, Clone, Serialize)]
pub struct Method {
    /// Versions of Plumbline that made the results that count.
    pub plumbline_versions: Vec<String>,
    /// Version of this crate, which computed the view.
    pub computed_by: String,
    /// Seed of the rank simulation.
    pub seed: u64,
    /// Its draws.
    pub draws: u32,
    /// Weight of every domain.
    pub weights: Vec<(Domain, u32)>,
    /// Results that were left out, by reason.
    pub excluded: Vec<Excluded>,
    /// Each formula: what, how, source.
    pub formulas: Vec<Formula>,
    /// What is not known, each one sentence.
    pub not_known: Vec<String>,
    /// The minimum evidence, in words, each one sentence.
    pub minimum_evidence: Vec<String>,
}

/// Results that were left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Kind of result.
    pub kind: ResultKind,
    /// Why.
    pub reason: ExclusionReason,
    /// How many.
    pub runs: usize,
}

/// Why a result is not compared. The first that applies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExclusionReason {
    /// It is of a mock.
    Mock,
    /// It is invented while others are real, and the two are never mixed.
    OtherWorld,
    /// It is of a kind that this view does not show.
    OtherKind,
    /// It is later than the day of the view.
    Later,
    /// It did not come to its end.
    Incomplete,
    /// A tag expression chose among the scenarios.
    Selection,
    /// Another pack, version, edition or set of files.
    OtherPack,
    /// Another environment.
    OtherEnvironment,
    /// Another declared scope than most others.
    OtherScope,
    /// Its organisation is not in the organisation file.
    UnknownOrganisation,
    /// Older than 12 months: it counts for trends only.
    TooOld,
    /// A later result of the same subject counts instead; it counts for trends only.
    Superseded,
}

impl ExclusionReason {
    /// Why, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mock => "a run against a mock",
            Self::OtherWorld => "invented, while others are real",
            Self::OtherKind => "a kind that this view does not show",
            Self::Later => "later than the day of this view",
            Self::Incomplete => "did not come to its end",
            Self::Selection => "only some scenarios were chosen",
            Self::OtherPack => "another pack, version or edition",
            Self::OtherEnvironment => "another environment",
            Self::OtherScope => "another declared scope",
            Self::UnknownOrganisation => "the organisation is not in the organisation file",
            Self::TooOld => "older than 12 months (counts for trends only)",
            Self::Superseded => "a later result counts instead (counts for trends only)",
        }
    }
}

/// One formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Formula {
    /// What it gives.
    pub what: String,
    /// How, in words.
    pub how: String,
    /// Where it comes from.
    pub source: String,
}

/// What, how, source.
const FORMULAS: &[(&str, &str, &str)] = &[
    (
        "Interval of a sample",
        "Wilson score interval, 95 %. Only for sampled messages, never for a fixed list of rules.",
        "Wilson 1927",
    ),
    (
        "Bounds of rules",
        "Low: everything undecided is broken. High: everything undecided is met. No probability is assumed.",
        "Plumbline's own rule",
    ),
    (
        "Overall value",
        "Weighted geometric mean of the domains' shares of sampled messages, 0.01 added to each before and \
         taken off after. Interval: delta method on the logarithms, 95 %.",
        "OECD and JRC, Handbook on constructing composite indicators",
    ),
    (
        "Funnel limits",
        "Centre: all messages together. Normal limits at 95 % and 99.8 %, cut off at 0 and 1. Variance between \
         organisations that chance does not explain is added (tau squared, method of moments, scores winsorised \
         at 10 %).",
        "Spiegelhalter 2005",
    ),
    (
        "Rank interval",
        "Each overall value is drawn anew from a normal distribution around its estimate, all are ranked, and the \
         middle 95 % of an organisation's ranks are shown. Each interval holds by itself, not all of them at once.",
        "Goldstein and Spiegelhalter 1996",
    ),
    (
        "Bands",
        "Inside a band no two organisations differ in a test at 95 %. Bands overlap.",
        "Plumbline's own rule",
    ),
    (
        "Control chart",
        "XmR: mean and 2.66 times the average moving range, all moving ranges kept, as the Excel tool of Making Data \
         Count does. Points: outside the limits; trend of seven; two in three close to a limit; shift of seven; the \
         first that applies is shown. Under 12 points the limits are on trial.",
        "NHS England, Making Data Count; NHSRplotthedots",
    ),
    (
        "Assurance",
        "The target against the limits of the last group. Exactly on a limit counts as hit or miss.",
        "NHSRplotthedots",
    ),
    (
        "Change since the last run",
        "Interval of the difference of two proportions; the level of 95 % is shared among the rows of the page.",
        "Newcombe 1998, method 10",
    ),
    (
        "Change with a new version",
        "Each organisation is compared with itself, up to six results before and after; Student's distribution over \
         organisations; the level of 95 % is shared among all comparisons.",
        "Paired t test with Bonferroni's correction",
    ),
    (
        "Spine and quarters",
        "Quantiles by linear interpolation (type 7). On the spine the median is in the middle and right is better; \
         the marker is filled only outside the 95 % funnel limits.",
        "Hyndman and Fan 1996",
    ),
];

/// What nobody should conclude from the pages.
const NOT_KNOWN: &[&str] = &[
    "Sampled messages are treated as independent; messages of one site or one day are more alike, so true intervals \
     are somewhat wider.",
    "Winsorising makes funnel limits slightly narrow: in synthetic countries up to 1 % of ordinary organisations lie \
     beyond the 99.8 % limits, where 0.2 % are expected.",
    "A control chart is a signal to ask why. Of series of 24 points without any cause, about 6 % have a point outside \
     the limits, 1 % a trend, 3 % two in three close to a limit and 9 % a shift.",
    "A fixed set of rules is not a random sample of all that could go wrong; its score has bounds, not an interval.",
    "Severities are planning defaults until somebody has signed them off.",
    "An organisation with several sites is represented by its latest result alone.",
    "Organisations are compared under the codes that they have today; mergers are not followed.",
    "A difference between organisations says nothing about its cause.",
];

impl Prepared<'_> {
    /// The page of the method.
    pub fn method(&self) -> Method {
        let options = &self.input.options;
        let counted = self
            .members
            .values()
            .map(|member| member.run)
            .chain(self.products.iter().copied());
        let versions: BTreeSet<&str> = counted.map(|run| run.plumbline.as_str()).collect();
        Method {
            plumbline_versions: versions.into_iter().map(str::to_owned).collect(),
            computed_by: env!("CARGO_PKG_VERSION").to_owned(),
            seed: options.seed,
            draws: options.draws,
            weights: Domain::ALL
                .iter()
                .map(|domain| (*domain, options.weights.get(domain).copied().unwrap_or(1)))
                .collect(),
            excluded: self.excluded.clone(),
            formulas: FORMULAS
                .iter()
                .map(|(what, how, source)| Formula {
                    what: (*what).to_owned(),
                    how: (*how).to_owned(),
                    source: (*source).to_owned(),
                })
                .collect(),
            not_known: NOT_KNOWN.iter().map(|text| (*text).to_owned()).collect(),
            minimum_evidence: evidence::in_words(),
        }
    }
}
