//! Who a mock pretends to be: mocks/vendors.
//! Not for what it holds (people) or how it is wrong (faults).

use crate::error::MockError;
use crate::files::{TextFile, bad_file, parse, toml_files};
use crate::gp::Settings;
use crate::server::BASE_PATH;
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
    /// How it behaves.
    #[serde(default)]
    kind: SystemKind,
    /// The packs whose rules it keeps, but for its faults.
    #[serde(default)]
    good_for: Vec<String>,
    #[serde(default)]
    tls: Tls,
    gp_connect: Option<Settings>,
}

/// What a mock system is: this word in a vendor's file chooses the code that answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SystemKind {
    /// FHIR R4, read-only: `uk_core`.
    #[default]
    UkCore,
    /// GP Connect foundations, STU3: `gp`.
    GpConnect,
}

impl SystemKind {
    /// As files write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            SystemKind::UkCore => "uk-core",
            SystemKind::GpConnect => "gp-connect",
        }
    }
}

/// What the connection asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tls {
    /// Whether a client must show a certificate.
    #[serde(default)]
    client_certificate: bool,
}

/// A vendor with the section that its kind needs.
#[derive(Debug, Clone)]
pub(crate) enum Kinded {
    UkCore,
    GpConnect(Settings),
}

impl Vendor {
    /// Whether a client must show a certificate, where the connection is encrypted.
    pub(crate) const fn wants_client_certificate(&self) -> bool {
        self.tls.client_certificate
    }

    /// The kind, with what it needs.
    pub(crate) fn kinded(&self) -> Kinded {
        match (self.kind, &self.gp_connect) {
            (SystemKind::GpConnect, Some(settings)) => Kinded::GpConnect(settings.clone()),
            (SystemKind::UkCore | SystemKind::GpConnect, _) => Kinded::UkCore,
        }
    }
}

/// What there is to know of a mock vendor before it is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorFacts {
    /// The name of its file.
    pub name: String,
    /// `uk-core` or `gp-connect`.
    pub kind: String,
    /// The path that every request begins with.
    pub base_path: String,
    /// The ids of the packs whose rules it keeps, but for its faults.
    pub good_for: Vec<String>,
    /// Whether it has no faults.
    pub is_faultless: bool,
    /// Whether a client must show a certificate, where the connection is encrypted.
    pub client_certificate: bool,
    /// Its own ASID, of a GP system.
    pub asid: Option<String>,
    /// The edition of GP Connect that it says it keeps to.
    pub specification: Option<String>,
}

/// What there is to know of a mock vendor.
pub fn vendor_facts(name: &str) -> Result<VendorFacts, MockError> {
    let vendor = load(name)?;
    let settings = vendor.gp_connect.as_ref();
    let base_path = settings.map_or(BASE_PATH, |settings| &settings.base_path);
    Ok(VendorFacts {
        name: name.to_owned(),
        kind: vendor.kind.name().to_owned(),
        base_path: base_path.to_owned(),
        is_faultless: vendor.faults.is_empty(),
        client_certificate: vendor.tls.client_certificate,
        asid: settings.map(|settings| settings.asid.clone()),
        specification: settings.map(|settings| settings.specification.clone()),
        good_for: vendor.good_for,
    })
}

/// The vendor without faults that keeps the rules of a pack: the first by name, if there is one.
pub fn good_vendor(pack: &str) -> Result<Option<String>, MockError> {
    for name in vendor_names() {
        let facts = vendor_facts(&name)?;
        if facts.is_faultless && facts.good_for.iter().any(|good| good == pack) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Software {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The date of the release.
    pub(crate) released: Option<String>,
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
        Some(file) if !name.ends_with(EXPECTED) => {
            let vendor: Vendor = parse(&file)?;
            if vendor.gp_connect.is_some() != (vendor.kind == SystemKind::GpConnect) {
                let message = "the kind gp-connect and the section [gp_connect] go together";
                return Err(bad_file(&file.shown, message));
            }
            Ok(vendor)
        }
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
