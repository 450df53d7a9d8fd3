//! The dashboard: a site of pages that compare organisations, readable without scripts, each with its figures as CSV.
//! Not for statistics: every number comes ready-made from `benchmark`. Not for writing files: `cli` does that.

mod engine;
mod failed;
mod figure;
mod frame;
mod home;
mod league;
mod map;
mod method;
mod own;
mod own_figures;
mod own_words;
mod peers;
mod products;
mod site;
mod trend;
mod words;

pub use site::{Dashboard, DashboardPage, RuleLink};
