//! What is true of the synthetic country, so that tests can ask whether the statistics find it.
//! Not for what the runs happen to see.

use super::Plan;
use super::country::{HARMFUL, SUPPLIERS, Trust};
use crate::chance::Chance;
use crate::number::{Finite, Share};
use crate::organisation::OrganisationCode;
use plumbline_model::Domain;
use serde::Serialize;

/// True shares of an ordinary trust, by domain.
const ORDINARY: [f64; 9] = [0.955, 0.945, 0.935, 0.915, 0.93, 0.92, 0.94, 0.95, 0.935];
/// By how much trusts differ from one another for no special reason (standard deviation).
const SPREAD: f64 = 0.007;
const BETTER_BY: f64 = 0.045;
const WORSE_BY: f64 = -0.07;
const STEP_MONTH: u32 = 10;
const STEP_BY: f64 = 0.11;
const TREND_EACH_MONTH: f64 = 0.007;
const HARM_BY: f64 = -0.06;
/// Messages of a trust that shows a change of its own, so that one can see it.
const PLENTY: u32 = 420;

/// A trust that is truly better or worse in every domain and month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// The trust.
    pub code: OrganisationCode,
    /// By how much, in shares.
    pub by: Finite,
}

/// A trust with a true step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The trust.
    pub code: OrganisationCode,
    /// The domain.
    pub domain: Domain,
    /// First month at the new level, from 1.
    pub from_month: u32,
    /// By how much, in shares.
    pub by: Finite,
}

/// A trust with a true trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trend {
    /// The trust.
    pub code: OrganisationCode,
    /// The domain.
    pub domain: Domain,
    /// By how much each month, in shares.
    pub each_month: Finite,
}

/// A new version that truly changes a domain at everybody who moves to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upgrade {
    /// Supplier.
    pub supplier: String,
    /// Product.
    pub product: String,
    /// Version before.
    pub from: String,
    /// Version after.
    pub to: String,
    /// First month with the new version, from 1.
    pub from_month: u32,
    /// The domain.
    pub domain: Domain,
    /// By how much, in shares.
    pub by: Finite,
}

/// The true share of a trust in a domain in the last month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrueShare {
    /// The trust.
    pub code: OrganisationCode,
    /// The domain.
    pub domain: Domain,
    /// The share.
    pub share: Share,
}

/// Everything that is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truths {
    /// The seed of the country.
    pub seed: u64,
    /// Months of the country.
    pub months: u32,
    /// Truly better, by code.
    pub better: Vec<Level>,
    /// Truly worse, by code.
    pub worse: Vec<Level>,
    /// The true step; `None` in a very small country.
    pub step: Option<Step>,
    /// The true trend; `None` in a very small country.
    pub trend: Option<Trend>,
    /// The new version that does harm.
    pub upgrade: Upgrade,
    /// Trusts in every domain of which nothing changes, apart from that new version.
    pub steady: Vec<OrganisationCode>,
    /// True shares in the last month, by trust and domain.
    pub last_month: Vec<TrueShare>,
}

/// What sets a trust apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Ordinary,
    Better,
    Worse,
    Step,
    Trend,
    /// Samples enough for a comparison and not for a rank.
    FewMessages,
    /// Samples too little.
    VeryFewMessages,
    /// Many rules remain undecided.
    ManyUnknown,
    /// Sent nothing for more than a year.
    Silent,
}

/// Parts given out, in this order, as far as the country is large enough.
const PARTS: &[Part] = &[
    Part::Step,
    Part::Better,
    Part::Worse,
    Part::Trend,
    Part::FewMessages,
    Part::VeryFewMessages,
    Part::ManyUnknown,
    Part::Silent,
    Part::Better,
    Part::Worse,
    Part::Better,
    Part::Worse,
    Part::FewMessages,
    Part::FewMessages,
    Part::VeryFewMessages,
];

/// The truths as the generator uses them.
pub(super) struct Hidden {
    parts: Vec<Part>,
    /// Ordinary difference of each trust and domain.
    differences: Vec<[f64; 9]>,
    pub(super) months: u32,
}

const STEP_DOMAIN: Domain = Domain::Transfer;
const TREND_DOMAIN: Domain = Domain::Access;
const HARMED_DOMAIN: Domain = Domain::MedicinesAllergies;

impl Hidden {
    pub(super) fn new(chance: &mut Chance, trusts: &[Trust], months: u32) -> Self {
        let mut parts = vec![Part::Ordinary; trusts.len()];
        // Places in a random order; those who change by themselves are not customers of the harmful version.
        let mut places: Vec<usize> = (0..trusts.len()).collect();
        for end in (1..places.len()).rev() {
            let other = chance.below(u32::try_from(end + 1).unwrap_or(1)) as usize;
            places.swap(end, other);
        }
        places.retain(|place| trusts[*place].supplier != HARMFUL);
        for (place, part) in places.iter().take(trusts.len() / 3).zip(PARTS) {
            parts[*place] = *part;
        }
        let differences = parts
            .iter()
            .map(|part| {
                let whole = chance.normal() * SPREAD;
                let mut each = [0.0; 9];
                for one in &mut each {
                    *one = whole + chance.normal() * SPREAD;
                }
                match part {
                    Part::Better | Part::Worse | Part::Step | Part::Trend => [0.0; 9],
                    Part::Ordinary
                    | Part::FewMessages
                    | Part::VeryFewMessages
                    | Part::ManyUnknown
                    | Part::Silent => each,
                }
            })
            .collect();
        Self {
            parts,
            differences,
            months,
        }
    }

    pub(super) fn part(&self, trust: usize) -> Part {
        self.parts[trust]
    }

    /// Messages sampled in each domain each month.
    pub(super) fn messages(&self, trust: usize, usual: u32) -> u32 {
        match self.parts[trust] {
            Part::Step | Part::Trend => PLENTY,
            Part::FewMessages => 45 + usual % 40,
            Part::VeryFewMessages => 12 + usual % 10,
            Part::Ordinary | Part::Better | Part::Worse | Part::ManyUnknown | Part::Silent => usual,
        }
    }

    /// The true share of a trust in a domain in a month from 1.
    pub(super) fn share(&self, trust: usize, supplier: usize, domain: usize, month: u32) -> f64 {
        let is = |of: Domain| Domain::ALL[domain] == of;
        let own = match self.parts[trust] {
            Part::Better => BETTER_BY,
            Part::Worse => WORSE_BY,
            // The step begins below the others and ends above.
            Part::Step if is(STEP_DOMAIN) && month >= STEP_MONTH => STEP_BY / 2.0,
            Part::Step if is(STEP_DOMAIN) => -STEP_BY / 2.0,
            Part::Trend if is(TREND_DOMAIN) => {
                let middle = f64::midpoint(f64::from(self.months), 1.0);
                // The trend stays where it is as a share, however many months there are.
                (TREND_EACH_MONTH * (f64::from(month) - middle)).clamp(-0.3, 0.05)
            }
            Part::Step
            | Part::Trend
            | Part::Ordinary
            | Part::FewMessages
            | Part::VeryFewMessages
            | Part::ManyUnknown
            | Part::Silent => 0.0,
        };
        let version = if supplier == HARMFUL && is(HARMED_DOMAIN) && has_moved(supplier, month) {
            HARM_BY
        } else {
            0.0
        };
        (ORDINARY[domain] + self.differences[trust][domain] + own + version).clamp(0.01, 0.999)
    }

    fn of(&self, trusts: &[Trust], part: Part) -> Vec<OrganisationCode> {
        trusts
            .iter()
            .zip(&self.parts)
            .filter(|(_, of)| **of == part)
            .map(|(trust, _)| trust.organisation.code.clone())
            .collect()
    }

    /// The truths for those who read them.
    pub(super) fn told(&self, plan: &Plan, trusts: &[Trust]) -> Truths {
        let levels = |part: Part, by: f64| -> Vec<Level> {
            self.of(trusts, part)
                .into_iter()
                .map(|code| Level {
                    code,
                    by: Finite::held(by),
                })
                .collect()
        };
        let harmful = &SUPPLIERS[HARMFUL];
        Truths {
            seed: plan.seed,
            months: plan.months,
            better: levels(Part::Better, BETTER_BY),
            worse: levels(Part::Worse, WORSE_BY),
            step: self.of(trusts, Part::Step).pop().map(|code| Step {
                code,
                domain: STEP_DOMAIN,
                from_month: STEP_MONTH,
                by: Finite::held(STEP_BY),
            }),
            trend: self.of(trusts, Part::Trend).pop().map(|code| Trend {
                code,
                domain: TREND_DOMAIN,
                each_month: Finite::held(TREND_EACH_MONTH),
            }),
            upgrade: Upgrade {
                supplier: harmful.name.to_owned(),
                product: harmful.product.to_owned(),
                from: harmful.before.to_owned(),
                to: harmful.after.to_owned(),
                from_month: harmful.moves.unwrap_or(0),
                domain: HARMED_DOMAIN,
                by: Finite::held(HARM_BY),
            },
            steady: self.of(trusts, Part::Ordinary),
            last_month: self.last_month(trusts),
        }
    }

    fn last_month(&self, trusts: &[Trust]) -> Vec<TrueShare> {
        trusts
            .iter()
            .enumerate()
            .flat_map(|(place, trust)| {
                Domain::ALL
                    .iter()
                    .enumerate()
                    .map(move |(number, domain)| TrueShare {
                        code: trust.organisation.code.clone(),
                        domain: *domain,
                        share: Share::clipped(self.share(
                            place,
                            trust.supplier,
                            number,
                            self.months,
                        )),
                    })
            })
            .collect()
    }
}

/// Whether customers of a supplier have the new version in a month from 1.
fn has_moved(supplier: usize, month: u32) -> bool {
    SUPPLIERS[supplier]
        .moves
        .is_some_and(|first| month >= first)
}
