//! Reads and lints everything that is knowledge as text: packs, people and target files.
//! Not for running scenarios, and not for the network; it reads files and nothing else.

mod csv_fields;
mod dates;
mod deviations;
mod diagnostic;
mod directory;
mod discharge;
mod feature_scan;
mod feature_steps;
mod features;
mod files;
mod interactions;
mod lint;
mod outline;
mod pack;
mod pack_file;
mod people;
mod requirements;
mod scoring;
mod source;
mod steps;
mod suggest;
mod target;
mod toml_reader;

pub use diagnostic::{Diagnostic, DiagnosticKind, Echo, Report};
pub use directory::directory;
pub use files::{Files, FilesError};
pub use interactions::find as interaction;
pub use lint::{lint, list, load};
pub use pack::{
    Deviation, Feature, FhirPackage, Interaction, Pack, PlannedStep, Scenario, ScopeProfile,
};
pub use people::people;
pub use steps::{Needed, StepEffect, StepFacts, StepFault, StepMatch, StepNeed, StepTable};
pub use suggest::closest;
pub use target::{
    ActorEntry, Auth, ClientCertificate, ClientCredentials, Connection, DirectoryEntry,
    HostAddress, Limits, SecretSource, SigningAlgorithm, TargetFile, TargetHints,
    WRONG_CERTIFICATES, lint_target, target,
};
