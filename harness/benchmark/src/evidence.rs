//! The minimum evidence that a comparison needs. Below it: no band, no rank, findings still listed.
//! Not for the statistics themselves.

use crate::figures;
use crate::number::Proportion;
use crate::result::{Completed, RequirementVerdict, ResultKind, StoredRun};
use plumbline_model::{Domain, Level, Verdict};
use serde::Serialize;
use std::collections::BTreeSet;

/// Sampled messages in each domain below which a deployment has no comparison.
pub const FEWEST_MESSAGES: u32 = 30;
/// Sampled messages in each domain below which a deployment has no rank.
pub const FEWEST_MESSAGES_RANKED: u32 = 100;
/// Days over which the messages must be drawn.
pub const FEWEST_DAYS: u16 = 14;
/// Independent runs of one build that a product needs.
pub const FEWEST_PRODUCT_RUNS: usize = 2;
/// Decided required rules, in percent of those tested.
pub const LEAST_COVERAGE_PERCENT: u32 = 95;
/// Required rules that ended as an error, in percent of those tested, must be fewer than this.
pub const ERRORS_UNDER_PERCENT: u32 = 2;

/// Whether there is enough evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Evidence {
    /// Enough for intervals, comparisons and a rank.
    Ranked,
    /// Enough for intervals and comparisons, not for a rank.
    Compared {
        /// Why not for a rank.
        shortfalls: Vec<Shortfall>,
    },
    /// Not enough.
    Insufficient {
        /// What is missing; never empty.
        shortfalls: Vec<Shortfall>,
    },
}

impl Evidence {
    /// Whether it may stand among others.
    pub const fn may_be_compared(&self) -> bool {
        match self {
            Self::Ranked | Self::Compared { .. } => true,
            Self::Insufficient { .. } => false,
        }
    }

    /// Whether it may have a rank.
    pub const fn may_be_ranked(&self) -> bool {
        match self {
            Self::Ranked => true,
            Self::Compared { .. } | Self::Insufficient { .. } => false,
        }
    }

    /// What is missing.
    pub fn shortfalls(&self) -> &[Shortfall] {
        match self {
            Self::Ranked => &[],
            Self::Compared { shortfalls } | Self::Insufficient { shortfalls } => shortfalls,
        }
    }
}

/// One thing that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Shortfall {
    /// No result that counts.
    NoResult,
    /// Too few messages in a domain.
    Messages {
        /// The domain with the fewest.
        domain: Domain,
        /// How many.
        sampled: u32,
        /// How many it takes.
        needed: u32,
    },
    /// Messages drawn over too few days.
    Days {
        /// How many.
        days: u16,
        /// How many it takes.
        needed: u16,
    },
    /// Too few required rules decided.
    Coverage {
        /// Decided, of tested.
        decided: Proportion,
        /// Percent that it takes.
        needed_percent: u32,
    },
    /// Too many errors.
    Errors {
        /// Errors, of tested.
        errors: Proportion,
        /// Percent that they must stay under.
        under_percent: u32,
    },
    /// Too few runs of one build of a product.
    Runs {
        /// How many.
        runs: usize,
        /// How many it takes.
        needed: usize,
    },
}

impl Shortfall {
    /// One sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::NoResult => "No result of the last 12 months can be compared.".to_owned(),
            Self::Messages {
                domain,
                sampled,
                needed,
            } => format!("{domain}: {sampled} messages sampled, {needed} needed."),
            Self::Days { days, needed } => {
                format!("Messages drawn over {days} days, {needed} needed.")
            }
            Self::Coverage {
                decided,
                needed_percent,
            } => format!(
                "{} of {} required rules decided, {needed_percent} % needed.",
                decided.met(),
                decided.of()
            ),
            Self::Errors {
                errors,
                under_percent,
            } => format!(
                "{} of {} required rules ended as an error, under {under_percent} % allowed.",
                errors.met(),
                errors.of()
            ),
            Self::Runs { runs, needed } => {
                format!("{runs} run of this build, {needed} independent runs needed.")
            }
        }
    }
}

/// The evidence of a deployment's result.
pub fn of_deployment(run: &StoredRun) -> Evidence {
    let mut missing = rule_shortfalls(run);
    let fewest = fewest_messages(run);
    let few = |needed: u32| {
        fewest
            .filter(|(_, sampled)| *sampled < needed)
            .map(|(domain, sampled)| Shortfall::Messages {
                domain,
                sampled,
                needed,
            })
    };
    missing.extend(few(FEWEST_MESSAGES));
    let days = run.samples.iter().map(|sample| sample.days).min();
    missing.extend(
        days.filter(|days| *days < FEWEST_DAYS)
            .map(|days| Shortfall::Days {
                days,
                needed: FEWEST_DAYS,
            }),
    );
    if !missing.is_empty() {
        return Evidence::Insufficient {
            shortfalls: missing,
        };
    }
    match few(FEWEST_MESSAGES_RANKED) {
        Some(shortfall) => Evidence::Compared {
            shortfalls: vec![shortfall],
        },
        None => Evidence::Ranked,
    }
}

/// The evidence of a product, from its latest run and the number of independent runs of that build.
pub fn of_product(latest: &StoredRun, runs: usize) -> Evidence {
    let mut missing = rule_shortfalls(latest);
    if runs < FEWEST_PRODUCT_RUNS {
        missing.push(Shortfall::Runs {
            runs,
            needed: FEWEST_PRODUCT_RUNS,
        });
    }
    if missing.is_empty() {
        Evidence::Ranked
    } else {
        Evidence::Insufficient {
            shortfalls: missing,
        }
    }
}

/// The minimum evidence in words, for the method page.
pub fn in_words() -> Vec<String> {
    vec![
        format!(
            "Deployment: at least {FEWEST_MESSAGES} sampled messages in every domain of the pack \
             ({FEWEST_MESSAGES_RANKED} for a rank), drawn over at least {FEWEST_DAYS} days."
        ),
        format!(
            "Product: at least {FEWEST_PRODUCT_RUNS} complete runs of one build on the same pack."
        ),
        format!(
            "Both: at least {LEAST_COVERAGE_PERCENT} % of the tested required rules decided, and under \
             {ERRORS_UNDER_PERCENT} % ended as an error."
        ),
        "Below the minimum there is no band and no rank; what was found is still listed."
            .to_owned(),
    ]
}

/// The domain with the fewest messages; a domain with required rules and no sample has none.
fn fewest_messages(run: &StoredRun) -> Option<(Domain, u32)> {
    let domains: BTreeSet<Domain> = run
        .domains
        .iter()
        .map(|domain| domain.domain)
        .chain(run.samples.iter().map(|sample| sample.domain))
        .collect();
    domains
        .into_iter()
        .map(|domain| {
            let sampled = figures::sampled(run, domain).of();
            (domain, sampled)
        })
        .min_by_key(|(domain, sampled)| (*sampled, *domain))
        .or(match run.kind {
            ResultKind::Deployment => Some((Domain::Identity, 0)),
            ResultKind::Product | ResultKind::Inspection | ResultKind::Performance => None,
        })
}

fn rule_shortfalls(run: &StoredRun) -> Vec<Shortfall> {
    let required = || {
        run.requirements
            .iter()
            .filter(|rule| rule.rule.level == Level::Shall)
            .filter(|rule| !matches!(rule.verdict, Verdict::NotApplicable(_)))
    };
    let count = |wanted: fn(&RequirementVerdict) -> bool| {
        u32::try_from(required().filter(|rule| wanted(rule)).count()).unwrap_or(u32::MAX)
    };
    let tested = count(|_| true);
    let part = |met: u32| Proportion::new(met, tested).unwrap_or_default();
    let decided = part(count(|rule| rule.verdict.is_decided()));
    let errors = part(count(|rule| matches!(rule.verdict, Verdict::Error(_))));
    let mut missing = Vec::new();
    let whole = match run.completed {
        Completed::Whole => true,
        Completed::Partly => false,
    };
    let percent_of = |part: Proportion| u64::from(part.met()) * 100;
    let least = u64::from(tested) * u64::from(LEAST_COVERAGE_PERCENT);
    if tested == 0 || !whole || percent_of(decided) < least {
        missing.push(Shortfall::Coverage {
            decided,
            needed_percent: LEAST_COVERAGE_PERCENT,
        });
    }
    if tested > 0 && percent_of(errors) >= u64::from(tested) * u64::from(ERRORS_UNDER_PERCENT) {
        missing.push(Shortfall::Errors {
            errors,
            under_percent: ERRORS_UNDER_PERCENT,
        });
    }
    missing
}
