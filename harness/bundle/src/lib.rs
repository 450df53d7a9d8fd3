//! Evidence bundles: archive, manifest, signature, verification, comparison. Not for judging.
//! Opens no file, knows no clock and draws no random number: the caller brings bytes and keys.

mod assemble;
mod canonical;
mod container;
mod diff;
mod facts;
mod hash;
mod key;
mod layout;
mod manifest;
mod page;
mod problem;
mod readme;
mod statement;
mod verify;
pub mod words;

pub use assemble::{AssembleError, RunFiles, Signing, assemble};
pub use canonical::CanonicalError;
pub use container::{ContainerError, MOST_BYTES};
pub use diff::{Allow, Change, Diff, Incomparable, Row, Side, diff};
pub use facts::{
    EvidenceFacts, Facts, MockStamp, RecordError, ResultFacts, RunFacts, hidden_mock, record,
};
pub use key::{KeyError, PrivateKey, PublicKey};
pub use layout::{BUNDLE_FORMAT, Compared, FROM_THE_RUN, RECORD, REPORT, Tier};
pub use manifest::Listed;
pub use page::{said_page, verifier_page};
pub use problem::{Part, Problem, Wrong};
pub use readme::{HASH_RECIPE, SIGNATURE_RECIPE};
pub use statement::{SignerName, SignerNameError};
pub use verify::{
    NotABundle, OpenError, Opened, SignerSeen, Standing, Verification, is_bundle, open, verify,
};
