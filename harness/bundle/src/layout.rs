//! Which files a bundle has, in which order, and how much weight its evidence has.
//! Not for what stands in them.

use serde::{Deserialize, Serialize};

/// The format number of bundles that this version writes and reads. A verifier makes manifest, facts and
/// statement again from the record and compares them to the byte, so any change of what stands in them
/// needs a new number, and the old way must stay for bundles that are out in the world.
pub const BUNDLE_FORMAT: u32 = 1;

/// What to read first.
pub const README: &str = "README.txt";
/// What was tested, as facts.
pub const SUBJECT: &str = "subject.json";
/// The record of the run.
pub const RECORD: &str = "record.json";
/// The exchanges of the run, one a line.
pub const EXCHANGES: &str = "exchanges.ndjson";
/// The scorecard, for programs.
pub const REPORT: &str = "reports/report.json";
/// The key that the signature is verified with.
pub const PUBLIC_KEY: &str = "public-key.pem";
/// The hash of every other file.
pub const MANIFEST: &str = "manifest.json";
/// The signed statement about the manifest.
pub const ATTESTATION: &str = "attestation.dsse.json";

/// The files that come from the run folder, with the names that they have there.
pub const FROM_THE_RUN: [&str; 6] = [
    RECORD,
    EXCHANGES,
    "reports/report.html",
    REPORT,
    "reports/report.junit.xml",
    "reports/verdicts.ndjson",
];

/// How strong evidence is, as far as a bundle can say. Stronger tiers, where somebody else watched the
/// run or inspected the system, need more signatures than a bundle of this format has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// A mock system: evidence about nothing but Plumbline.
    Demonstration,
    /// The tests were run by a program; nobody else watched.
    Automated,
}

/// Whether the reports were compared with what record and pack give when the bundle was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Compared {
    /// They were, and are the same to the byte.
    Same,
    /// They were not.
    Not {
        /// Why, in our words.
        why: String,
    },
}
