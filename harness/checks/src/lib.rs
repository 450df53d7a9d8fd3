//! The registry of checks over a response: one file per rule, each proved by fixtures.
//! Not for talking to a target, for verdicts, or for storing what was seen.

mod allergy_held;
mod allergy_status;
mod bundle_entry_type;
mod bundle_searchset;
mod bundle_self_link;
mod capability;
mod capability_fhir_version;
mod capability_instantiates;
mod capability_kind;
mod capability_search;
mod check;
mod dates;
mod fhir_json;
mod fhir_type;
mod fold;
mod http_status;
mod identity;
mod nhs_number;
mod observed;
mod operation_outcome;
mod paging_end;
mod patient_shape;
mod reading;
mod refusal;
mod registry;
mod result_duplicate;
mod result_empty;
mod result_held;
mod result_match;
mod result_other_patient;
mod sheet;

pub use check::{Check, CheckDoc, CheckFn, CheckResult};
pub use identity::NHS_NUMBER_SYSTEM;
pub use observed::{BodyState, Expectation, Observed, Page, Paging, RequestFacts};
pub use registry::{find, registry};
