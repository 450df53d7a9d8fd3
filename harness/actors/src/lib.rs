//! Which test patients a target needs, whether it holds them, and whom it has that would fit.
//! Not for printing, files or the network: the command line does those.

mod area;
mod candidate;
mod check_pack;
mod check_report;
mod fit;
mod need;
mod sheet;
mod sheet_csv;
mod sheet_discharge;
mod sheet_gp;
mod sheet_text;
mod suggest;
mod tiers;
mod wrap;

pub use area::{Area, Asked};
pub use candidate::{
    Candidate, CandidateFileFault, Details, Held, Listed, MOST_CANDIDATES, NHS_NUMBER_SYSTEM, Next,
    Seen, candidate_numbers, details, listed, next_link, records,
};
pub use check_pack::{CheckPlan, NotAsked, PACK_ID, Question, WhyNot, plan_check};
pub use check_report::{
    AreaOutcome, AreaReport, CheckReport, CheckState, Difference, PersonReport,
};
pub use fit::{Fit, fit};
pub use need::{Need, needs};
pub use sheet::{DataSheet, Sheet};
pub use sheet_csv::{people_csv, records_csv};
pub use sheet_text::{sheet_text, tiers_text};
pub use suggest::{Suggestion, suggest};
pub use tiers::{Tier, roles_in, tiers};
pub use wrap::wrapped;

#[cfg(test)]
mod hand_made;
