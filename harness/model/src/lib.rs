//! The vocabulary of Plumbline, shared by every other crate.
//! No IO, no async, no clock, no network: only types and the pure rules that join them.

pub mod calendar;
pub mod clinical;
pub mod discharge;
pub mod domain;
pub mod evidence;
pub mod exit;
pub mod facts;
pub mod finding;
pub mod gp_connect;
pub mod hexadecimal;
pub mod ids;
pub mod numbers;
pub mod record;
pub mod rejudge;
pub mod requirement;
pub mod scorecard;
pub mod scoring;
pub mod subject;
pub mod validity;
pub mod verdict;

pub use calendar::year_of_day;
pub use clinical::{CLINICAL_TYPES, ClinicalType, StatusForm, clinical_type};
pub use discharge::DischargeFacts;
pub use domain::{Domain, InteropLevel};
pub use evidence::{Created, ExchangeRecord, Header, StoredBody};
pub use exit::ExitCode;
pub use facts::{
    AllergyFact, ContactFact, DirectoryFact, DirectoryKind, GpFacts, Identity, Person, RecordFact,
    TelecomFact,
};
pub use finding::{Draft, Finding, FindingKind, Location, Part, Shown, ValueKind};
pub use gp_connect::{GpConnect, GpConnectDevice, GpConnectOrganisation, GpConnectPractitioner};
pub use hexadecimal::hexadecimal;
pub use ids::{ActorRole, Capability, ExchangeId, FindingCode, PackId, RequirementId, ScenarioId};
pub use numbers::{NumberFault, nhs_number_fault, snomed_code_fault};
pub use record::{
    Completion, PackRef, RunRecord, ScenarioRecord, Software, StandardRef, StepKind, StepRecord,
};
pub use rejudge::{
    BodyForm, Capture, ConnectionOutcome, EntryInPlay, PatientInPlay, Purpose, Rejudged, SignIn,
    TargetFacts, TriedConnection,
};
pub use requirement::{EditionStatus, Level, Requirement, Severity, Source};
pub use scorecard::Scorecard;
pub use scoring::{ScoringPolicy, SignOff};
pub use subject::{Environment, Subject, SubjectKind};
pub use validity::{BodyCheck, BodyIssue, CheckedBody, CodeChecks, IssueSeverity, Unchecked};
pub use verdict::{
    ErrorKind, NotApplicableReason, RunStatus, RunStatusInputs, SkipReason, Verdict, roll_up,
    run_status,
};
