//! A mock system with the target file for it, as demo and self-test share them.
//! Not for a system of anybody else: `plumbline init` writes target files for those.

use crate::commands::init;
use crate::failure::Failure;
use crate::load::Facts;
use crate::mock_child::{MockChild, MockChoice};
use anyhow::Context;
use plumbline_mocks::{MockError, VendorFacts, vendor_facts};
use plumbline_pack::Pack;
use std::fs;
use tempfile::TempDir;

/// A running mock.
pub(crate) struct MockTarget {
    /// The target file.
    pub text: String,
    // In this order: the mock ends before its certificates go.
    _child: MockChild,
    _certificates: Option<TempDir>,
}

/// Who the mock is said to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product<'a> {
    pub name: &'a str,
    pub version: &'a str,
}

impl MockTarget {
    /// Starts it, with encryption where the vendor asks for a client certificate.
    pub async fn start(
        choice: MockChoice<'_>,
        product: Product<'_>,
        pack: &Pack,
        facts: &Facts,
    ) -> Result<Self, Failure> {
        let vendor = vendor_facts(choice.vendor).map_err(|error| wrong(&error))?;
        let certificates = if vendor.client_certificate {
            Some(certificates()?)
        } else {
            None
        };
        let child = MockChild::start(MockChoice {
            tls_dir: certificates.as_ref().map(TempDir::path),
            ..choice
        })
        .await?;
        let connection = certificates.as_ref().map(connection).transpose()?;
        let connection = connection.unwrap_or_default();
        let text = text(&child.base_url, product, &vendor, &connection, pack, facts)?;
        Ok(Self {
            text,
            _child: child,
            _certificates: certificates,
        })
    }
}

fn wrong(error: &MockError) -> Failure {
    Failure::internal(format!("error: {error}"))
}

/// What `plumbline init` writes for the pack, filled in.
fn text(
    base_url: &str,
    product: Product<'_>,
    vendor: &VendorFacts,
    connection: &str,
    pack: &Pack,
    facts: &Facts,
) -> Result<String, Failure> {
    let Product { name, version } = product;
    let asid = vendor.asid.as_deref().unwrap_or_default();
    let supplier = name.split(' ').next().unwrap_or(name);
    Ok(init::text(pack, facts)?
        .replace("environment = \"sandbox\"", "environment = \"mock\"")
        .replace("http://127.0.0.1:8080/fhir", base_url)
        .replace(
            "\"Your company\"",
            &format!("\"{supplier} Systems (invented)\""),
        )
        .replace("\"Your record system\"", &format!("\"{name}\""))
        .replace("version = \"1.0\"", &format!("version = \"{version}\""))
        .replace("\"918999198993\"", &format!("\"{asid}\""))
        .replace("requests_per_second = 20\n", "requests_per_second = 1000\n")
        .replace("read_only = true ", "read_only = false")
        .replace("\n[limits]\n", &format!("\n{connection}\n[limits]\n")))
}

/// A folder for the certificates of one mock, which goes with it.
fn certificates() -> anyhow::Result<TempDir> {
    let made = tempfile::Builder::new().prefix("plumbline-mock-").tempdir();
    made.context("failed to make a folder for the certificates of the mock")
}

/// The part of a target file that names them.
fn connection(certificates: &TempDir) -> anyhow::Result<String> {
    let path = certificates.path().join("connection.toml");
    fs::read_to_string(&path).with_context(|| format!("failed to read `{}`", path.display()))
}
