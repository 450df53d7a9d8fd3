//! An invented pack of about sixty rules over all domains, of an edition that is in force only in the
//! synthetic country. Not a standard, and not taken from one.

use crate::result::{Rule, StoredPack};
use plumbline_model::{Domain, EditionStatus, Level, PackId, RequirementId, Severity};
use std::sync::Arc;

/// What the rules of each domain are about, in the order of [`Domain`]. A star marks good practice.
const ABOUT: [(&str, &[&str]); 9] = [
    (
        "IDN",
        &[
            "a search by number finds exactly one person",
            "a wrong check digit is refused",
            "two people of one name are kept apart",
            "a merged record points to the one that is kept",
            "the date of birth is returned as it was sent",
            "an unknown number gives an empty result",
            "*former names are returned as former",
        ],
    ),
    (
        "TRN",
        &[
            "a message is acknowledged",
            "a message that was sent twice is stored once",
            "a broken message is refused with a reason",
            "an old message does not undo a newer one",
            "a long answer comes in pages that join up",
            "times carry their zone",
            "*a busy system says when to come back",
        ],
    ),
    (
        "STR",
        &[
            "required elements are present",
            "references lead to something",
            "dates have the form that the format asks for",
            "identifiers name their system",
            "narrative and data say the same",
            "lists keep their order",
            "*unknown extensions are passed on",
        ],
    ),
    (
        "TRM",
        &[
            "diagnoses carry a code and the words of the clinician",
            "codes belong to the system that they name",
            "withdrawn codes are marked",
            "units are given as codes",
            "free text is not offered as a code",
            "local codes keep their own system",
            "*a code carries its edition",
        ],
    ),
    (
        "MED",
        &[
            "a stopped medicine is shown as stopped",
            "a dose keeps its unit",
            "no known allergies differs from nothing recorded",
            "the reaction is returned with the allergy",
            "a change of dose carries its reason",
            "medicines given once are told from regular ones",
            "*the source of each medicine is named",
        ],
    ),
    (
        "TOC",
        &[
            "a discharge names the practice",
            "diagnoses at discharge are in their section",
            "the person who completed the record is named",
            "actions for the practice are set apart",
            "results to come are listed",
            "a corrected discharge replaces the first",
            "*the patient's own words have a place",
        ],
    ),
    (
        "ACC",
        &[
            "a record opens from the clinician's own screen",
            "the newest entry is returned first",
            "documents open in the form that was sent",
            "an empty section says that it is empty",
            "a record of another service is marked as such",
            "*a search by date returns that span only",
        ],
    ),
    (
        "SEC",
        &[
            "a request without a token is refused",
            "an expired token is refused",
            "a restricted entry is withheld and said to be",
            "each view of a record leaves a trace",
            "an answer never holds another patient",
            "*old ciphers are refused",
        ],
    ),
    (
        "OPS",
        &[
            "the system says which version it is",
            "an outage is announced at the agreed address",
            "queued messages are sent after an outage",
            "a new version passes the same tests",
            "the clock is right to the second",
            "*planned work is announced a week before",
        ],
    ),
];

/// Severities, taken in turn.
const SEVERITIES: [u8; 7] = [4, 3, 5, 2, 3, 4, 1];

/// How readily each rule of a domain breaks as the share of good messages falls, taken in turn.
pub(super) const FRAILTY: [f64; 7] = [0.4, 0.8, 1.3, 0.6, 2.2, 1.0, 1.7];

/// The rules, by domain.
pub(super) fn rules() -> Vec<Arc<Rule>> {
    Domain::ALL
        .iter()
        .zip(ABOUT)
        .flat_map(|(domain, (letters, about))| {
            about.iter().enumerate().map(move |(number, words)| {
                let level = if words.starts_with('*') {
                    Level::Should
                } else {
                    Level::Shall
                };
                Arc::new(Rule {
                    id: RequirementId::new(format!("SYN-{letters}-{:03}", number + 1)),
                    title: format!("Synthetic rule: {}", words.trim_start_matches('*')),
                    level,
                    severity: Severity::new(SEVERITIES[number % SEVERITIES.len()])
                        .unwrap_or_else(|| unreachable!("from 1 to 5")),
                    domain: *domain,
                })
            })
        })
        .collect()
}

/// The invented pack.
pub(super) fn pack() -> StoredPack {
    StoredPack {
        id: PackId::new("synthetic-common-core"),
        title: "Synthetic common core 2027".to_owned(),
        version: "1.0.0".to_owned(),
        edition: "synthetic-common-core 2027".to_owned(),
        edition_status: EditionStatus::InForce,
        fingerprint: "synthetic-common-core-2027".to_owned(),
    }
}
