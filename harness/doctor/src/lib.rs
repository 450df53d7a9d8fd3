//! Looks over a target before a run: connection, certificates, sign-in, capability statement, test
//! patients.
//! Not for printing, which the command line does, and not for judging: a problem found here is no
//! verdict on the system, and nothing that the system sends is passed on but a FHIR version and what
//! its certificates say.

mod certificate;
mod examine;
mod finding;
mod patients;
mod reach;
mod sign_in;
mod statement;
mod unchecked;

pub use examine::{Examined, examine, not_examined};
pub use finding::{Blame, Diagnosis, Finding, Outcome};
