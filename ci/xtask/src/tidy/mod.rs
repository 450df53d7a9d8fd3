//! Rules about files, names and layers that no compiler checks; their data is in ci/gates.toml.
//! Not for formatting or lints: rustfmt and clippy do that.

mod architecture;
mod claims;
mod features;
mod fixtures;
mod forbidden;
mod layers;
mod links;
mod manifests;
mod names;
mod repository;
mod rules;
mod rust_files;
mod top_level;

pub(crate) use rules::run;
