//! Peers, intervals and control charts for results of many organisations. Not for storage or pages.
//!
//! Pure functions: no files, no clock, and the only chance is a generator whose seed is an input.

pub mod day;
pub mod evidence;
pub mod national;
pub mod spc;
pub mod synthetic;

mod bounds;
mod chance;
mod compare;
mod figures;
mod funnel;
mod normal;
mod number;
mod organisation;
mod ranks;
mod result;
mod spread;
mod wilson;

pub use bounds::{Bounds, bounds};
pub use compare::Prepared;
pub use day::{Day, Month};
pub use evidence::{Evidence, Shortfall};
pub use funnel::{FunnelCurve, FunnelLimit, FunnelZone, Z998};
pub use national::{Input, National, Options, World, national};
pub use number::{Finite, Interval, Proportion, Share};
pub use organisation::{MaturityScore, Organisation, OrganisationCode, SYNTHETIC_PREFIX};
pub use ranks::{Estimate, RankInterval, bands, rank_intervals};
pub use result::{
    Completed, DomainResult, Origin, PackKey, RESULT_FORMAT, ReduceError, RequirementVerdict,
    ResultKind, Rule, SampledMessages, StoredPack, StoredRun,
};
pub use spread::{Five, quantile};
pub use wilson::{SharesApart, Z95, difference, wilson};
