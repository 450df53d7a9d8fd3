//! A synthetic country with known truths: invented trusts, suppliers, products, rules and results.
//! The same seed gives the same country on every machine. Nothing here is about anybody real.

mod country;
mod rules;
mod runs;
mod truths;

pub use truths::{Level, Step, Trend, TrueShare, Truths, Upgrade};

use crate::chance::{Chance, Purpose};
use crate::day::{Day, Month};
use crate::national::Options;
use crate::organisation::{MaturityScore, Organisation};
use crate::result::StoredRun;

/// Most organisations of a synthetic country.
pub const MOST_ORGANISATIONS: u32 = 999;
/// Most months of a synthetic country.
pub const MOST_MONTHS: u32 = 120;

/// What is to be invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    seed: u64,
    organisations: u32,
    months: u32,
    first: Month,
}

/// Why nothing can be invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Too few or too many organisations.
    #[error("a synthetic country has 1 to {MOST_ORGANISATIONS} organisations, not {0}")]
    Organisations(u32),
    /// Too few or too many months.
    #[error("a synthetic country has 1 to {MOST_MONTHS} months, not {0}")]
    Months(u32),
}

impl Plan {
    /// A plan; months are counted from January 2027.
    pub fn new(seed: u64, organisations: u32, months: u32) -> Result<Self, PlanError> {
        if !(1..=MOST_ORGANISATIONS).contains(&organisations) {
            return Err(PlanError::Organisations(organisations));
        }
        if !(1..=MOST_MONTHS).contains(&months) {
            return Err(PlanError::Months(months));
        }
        Ok(Self {
            seed,
            organisations,
            months,
            first: first_month(),
        })
    }
}

fn first_month() -> Month {
    Day::new(2027, 1, 1).map_or_else(|| unreachable!("a day of the calendar"), Day::month)
}

/// A synthetic country.
#[derive(Debug, Clone)]
pub struct World {
    /// Organisations, by code.
    pub organisations: Vec<Organisation>,
    /// Results of deployments and products, by organisation and month, products last.
    pub runs: Vec<StoredRun>,
    /// Published maturity scores.
    pub maturity: Vec<MaturityScore>,
    /// What is true of the country.
    pub truths: Truths,
    /// The 28th of the last month.
    pub as_of: Day,
}

impl World {
    /// Options for looking at this country: its last day, and the trust with a true step as the own one.
    pub fn options(&self) -> Options {
        let mut options = Options::new(self.as_of);
        options.own = self
            .truths
            .step
            .as_ref()
            .map(|step| step.code.clone())
            .or_else(|| self.organisations.first().map(|first| first.code.clone()));
        options
    }
}

/// Invents a country.
pub fn world(plan: Plan) -> World {
    let mut chance = Chance::new(plan.seed, Purpose::Truths);
    let trusts = country::trusts(&mut chance, plan.organisations, plan.months);
    let truths = truths::Hidden::new(&mut chance, &trusts, plan.months);
    let maturity = country::maturity(&mut chance, &trusts);
    let mut seen = Chance::new(plan.seed, Purpose::Runs);
    let last = plan.first.plus(plan.months - 1);
    World {
        runs: runs::runs(&mut seen, &plan, &trusts, &truths),
        maturity,
        truths: truths.told(&plan, &trusts),
        as_of: last
            .day(28)
            .unwrap_or_else(|| unreachable!("each month has 28 days")),
        organisations: trusts.into_iter().map(|trust| trust.organisation).collect(),
    }
}

#[cfg(test)]
mod tests;
