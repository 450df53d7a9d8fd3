//! The system that keeps to GP Connect foundations: FHIR STU3, JSON and XML, with registrations.
//! Not for faults, which come after it; they may name checks that it then leaves out.
//!
//! A request goes through `routes`, `negotiation`, `headers` and `token`, then to `find`, a read,
//! or `register` with `pds`. Every reason to refuse is one of `checks`.

mod capability;
mod checks;
mod clock;
mod definitions;
mod directory;
mod find;
mod headers;
mod negotiation;
mod pds;
mod profiles;
mod register;
mod resources;
mod routes;
mod sheet;
mod spine;
mod system;
mod token;
mod xml_reader;
mod xml_writer;

pub(crate) use checks::ALL as CHECKS;
pub(crate) use negotiation::Format;
pub(crate) use resources::entry;
pub(crate) use sheet::data_sheet;
pub(crate) use spine::faulty_outcome;
pub(crate) use system::{Effect, Gp, Settings};
pub(crate) use xml_writer::write as write_xml;
