//! Whether a code is in a value set or a code system, and how far that is known: yes, no, or why not to be known here.
//! Value sets are worked out from what [`plumbline_conformance::Library`] holds and from what HL7 publishes with FHIR.
//! Not for sockets: a terminology server comes through the trait [`TerminologyServer`]. Displays are never judged.

mod answers;
mod coding;
mod compile;
mod filter;
mod form;
mod published;
mod server;
mod set;
mod system;
mod table;
mod terminology;
mod truth;

pub use answers::{Answers, AnswersError, KeptServer};
pub use coding::{Answer, Coding, Membership};
pub use server::{Says, ServerAnswer, Subject, TerminologyServer};
pub use terminology::{Expanded, Look, Terminology};
