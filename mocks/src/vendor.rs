//! Who a mock pretends to be: mocks/vendors.
//! Not for what it holds (people) or how it is wrong (faults).

use crate::error::MockError;
use crate::files::{TextFile, parse, toml_files};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

static VENDORS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/vendors");
const EXPECTED: &str = ".expected";

/// The file `vendors/<name>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vendor {
    pub(crate) title: String,
    pub(crate) software: Software,
    pub(crate) faults: Vec<String>,
    pub(crate) page_size: NonZeroUsize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Software {
    pub(crate) name: String,
    pub(crate) version: String,
}

/// A requirement whose verdict for a mock vendor is not Pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedVerdict {
    /// The requirement's id.
    pub requirement: String,
    /// The verdict's name, in lower case.
    pub verdict: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFile {
    expected: Vec<ExpectedVerdict>,
}

/// The names of the mock vendors, in order.
pub fn vendor_names() -> Vec<String> {
    let stems = VENDORS
        .files()
        .filter_map(|file| file.path().to_str()?.strip_suffix(".toml"));
    let mut names: Vec<String> = stems
        .filter(|stem| !stem.ends_with(EXPECTED))
        .map(str::to_owned)
        .collect();
    names.sort();
    names
}

/// The exceptions to Pass that a mock vendor is known for: none if it has no such file.
pub fn expected(vendor: &str) -> Result<Vec<ExpectedVerdict>, MockError> {
    let mut files = vendor_files()?;
    if !files.contains_key(&format!("{vendor}.toml")) {
        return Err(unknown(vendor));
    }
    match files.remove(&format!("{vendor}{EXPECTED}.toml")) {
        Some(file) => Ok(parse::<ExpectedFile>(&file)?.expected),
        None => Ok(Vec::new()),
    }
}

pub(crate) fn load(name: &str) -> Result<Vendor, MockError> {
    match vendor_files()?.remove(&format!("{name}.toml")) {
        Some(file) if !name.ends_with(EXPECTED) => parse(&file),
        _ => Err(unknown(name)),
    }
}

fn vendor_files() -> Result<BTreeMap<String, TextFile>, MockError> {
    toml_files(&VENDORS, "mocks/vendors", None)
}

fn unknown(name: &str) -> MockError {
    MockError::UnknownVendor {
        name: name.to_owned(),
        known: vendor_names(),
    }
}
