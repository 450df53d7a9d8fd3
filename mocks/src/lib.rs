//! Mock vendor systems: they serve the synthetic people over FHIR, rightly or with known faults.
//! Not for judging anybody, and not a FHIR server: it knows some resource types and no more of them than a test needs.
//!
//! Everything is data. `scenarios/_people` says what the system holds, `mocks/vendors` says who it
//! pretends to be, and `mocks/faults` says how it may be wrong. All three are embedded; people and
//! faults can also come from a directory, whose files are laid over the embedded ones by file name.
//!
//! ```no_run
//! use plumbline_mocks::{MockOptions, MockSystem, serve};
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let system = MockSystem::load(&MockOptions::vendor("riverside-epr"))?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! serve(system, listener).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The word `kind` in a vendor's file chooses the code that answers: `uk-core` is `uk_core` and
//! what it uses, `gp-connect` is the folder `gp`. [`vendor_facts`] gives the base path. A mock announces itself in the header [`MOCK_HEADER`] and in
//! `CapabilityStatement.software`.

mod action;
mod apply;
mod clinical;
mod dates;
mod documents;
mod error;
mod fault;
mod files;
mod gp;
mod kinds;
mod people;
mod request;
mod resources;
mod search;
mod server;
mod sheet;
mod suggest;
mod tls;
mod uk_core;
mod vendor;

pub use documents::discharge_documents;
pub use error::MockError;
pub use fault::{FaultInfo, fault_catalogue};
pub use server::{BASE_PATH, MOCK_HEADER, MockOptions, MockSystem, serve};
pub use sheet::data_sheet_bundle;
pub use tls::{P12_PASSWORD, Tls, serve_tls};
pub use vendor::{ExpectedVerdict, VendorFacts, expected, good_vendor, vendor_facts, vendor_names};
