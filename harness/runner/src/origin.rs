//! What a journal is of: the pack, the target, the test patients and the plan. A run goes on from a
//! journal only if all of them are the same, or its record would say of one run what two found.
//! Not for telling what changed inside them: fingerprints do not say that.

use crate::plan::Plan;
use plumbline_model::{PackId, hexadecimal};
use plumbline_pack::{Limits, Pack, TargetFile};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many digits are kept of the fingerprint of the test patients: enough to notice a change, and
/// too few to find an NHS number by trying all of them.
const DIGITS_OF_PATIENTS: usize = 4;

/// What a run is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Version of Plumbline.
    pub plumbline: String,
    /// Id of the pack.
    pub pack: PackId,
    /// Version of the pack.
    pub pack_version: String,
    /// Fingerprint of the pack's files and its people.
    pub pack_fingerprint: String,
    /// SHA-256 of the target file without patients and without what only makes a run slow or fast.
    pub target: String,
    /// The first digits of a fingerprint of the target's patients and staff.
    pub patients: String,
    /// SHA-256 of what is planned and what is left out.
    pub plan: String,
}

/// What is not the same, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// As the end of "it belongs to".
    pub what: String,
    /// How to go on.
    pub fix: &'static str,
}

impl Origin {
    pub(crate) fn new(pack: &Pack, target: &TargetFile, plan: &Plan) -> Self {
        let (target, patients) = of_target(target);
        Self {
            plumbline: env!("CARGO_PKG_VERSION").to_owned(),
            pack: pack.id.clone(),
            pack_version: pack.version.clone(),
            pack_fingerprint: pack.fingerprint.clone(),
            target,
            patients,
            plan: sha256(&plan.outline_text()),
        }
    }

    /// In what the origin of a journal differs from `self`, that of the run that should go on.
    pub(crate) fn difference(&self, journal: &Self) -> Option<Difference> {
        let (what, fix) = if self.plumbline != journal.plumbline {
            (
                format!(
                    "Plumbline {}, and this is {}",
                    journal.plumbline, self.plumbline
                ),
                "use that version",
            )
        } else if self.pack != journal.pack {
            (
                format!("the pack {}", journal.pack),
                "give that pack with --pack",
            )
        } else if self.pack_version != journal.pack_version {
            (
                format!("version {} of the pack", journal.pack_version),
                "use that version of the pack",
            )
        } else if self.pack_fingerprint != journal.pack_fingerprint {
            (
                "other files of the pack or its people".to_owned(),
                "put the files back as they were",
            )
        } else if self.target != journal.target {
            (
                "another target file".to_owned(),
                "put it back as it was; only requests_per_second, total and concurrency may change",
            )
        } else if self.patients != journal.patients {
            (
                "other test patients or staff in the target file".to_owned(),
                "put them back as they were",
            )
        } else if self.plan != journal.plan {
            (
                "another choice of scenarios".to_owned(),
                "give the same --tags",
            )
        } else {
            return None;
        };
        Some(Difference { what, fix })
    }
}

/// The fingerprint of what is said about the target, and that of whom it holds. The target file holds
/// no secret, only the places of secrets. The text behind a fingerprint is that of this version of
/// Plumbline, which is part of the origin.
fn of_target(target: &TargetFile) -> (String, String) {
    let mut about = target.clone();
    let people = (
        std::mem::take(&mut about.actors),
        std::mem::take(&mut about.directory),
        about.nobody_nhs_number.take(),
    );
    about.limits = Limits {
        requests_per_second: 0,
        total: 0,
        concurrency: 0,
        ..about.limits
    };
    let mut patients = sha256(&format!("{people:?}"));
    patients.truncate(DIGITS_OF_PATIENTS);
    (sha256(&format!("{about:?}")), patients)
}

/// In lower-case hexadecimal digits.
pub(crate) fn sha256(text: &str) -> String {
    hexadecimal(&Sha256::digest(text))
}
