//! A pack of any size, made in memory: every scenario has six steps and makes one request.
//! Not a pack that tests anything: its rule and its capability are made up.

use plumbline_model::{ActorRole, PackId, Person};
use plumbline_pack::{Files, Pack};
use plumbline_runner::Table;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The roles that take turns, so that requests and answers differ.
pub const ROLES: [&str; 10] = [
    "patient-basic",
    "patient-with-address",
    "patient-without-birth-date",
    "patient-with-hyphenated-name",
    "patient-twin-a",
    "patient-twin-b",
    "patient-with-allergies",
    "patient-with-resolved-allergy",
    "patient-with-no-known-allergies",
    "patient-with-many-allergies",
];
/// The parser of feature files is slow on long ones.
const SCENARIOS_A_FILE: usize = 250;

/// The embedded people, and a pack with that many scenarios.
pub fn files(scenarios: usize) -> Files {
    let mut made: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut put = |path: String, text: String| made.insert(path, text.into_bytes());
    put(
        "profiles/synthetic/pack.toml".to_owned(),
        format!(
            "id = \"synthetic\"\ntitle = \"Synthetic\"\nversion = \"1.0.0\"\nfhir_version = \"4.0.1\"\n\
             owner = \"Plumbline project\"\nlicence = \"ours\"\nlast_checked = \"2026-01-01\"\n\
             actors = {ROLES:?}\n\
             [[standards]]\nid = \"synthetic\"\ntitle = \"Synthetic\"\nedition = \"1\"\n\
             edition_status = \"draft\"\nurl = \"https://example.org/synthetic\"\n\
             [[scope_profiles]]\nid = \"all\"\ntitle = \"All\"\ncapabilities = [\"synthetic\"]\n"
        ),
    );
    put(
        "profiles/synthetic/requirements.csv".to_owned(),
        "id,level,title,domain,interop_level,severity,harm,capability,source_document,source_section,source_url,read_first,read_second,not_tested_reason,legal_basis,applies_to\n\
         SYN-ONE-001,SHALL,A search finds the patient,transport,foundational,1,None.,synthetic,synthetic,One,https://example.org/synthetic,2026-01-01,2026-01-01,,,\n"
            .to_owned(),
    );
    put(
        "profiles/synthetic/deviations.md".to_owned(),
        "# Deviations\n\nNone.\n".to_owned(),
    );
    put(
        "profiles/synthetic/scoring.toml".to_owned(),
        "[weights]\n[bands]\n\"mostly met\" = 80\n[minimum_evidence]\ncoverage_percent = 95\n\
         [severity]\nsigned_off = false\nby = \"\"\non = \"\"\n"
            .to_owned(),
    );
    for first in (0..scenarios).step_by(SCENARIOS_A_FILE) {
        let mut text = String::from("# Source: none.\nFeature: Searches\n");
        for number in first..scenarios.min(first + SCENARIOS_A_FILE) {
            let role = ROLES[number % ROLES.len()];
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n  @id:syn-{number:05} @req:SYN-ONE-001 @capability:synthetic\n  \
                 Scenario: Search number {number}\n    \
                 Given the patient \"{role}\"\n    \
                 When patients are searched by NHS number\n    \
                 Then the request succeeds\n    \
                 And the response is FHIR JSON\n    \
                 And the response is a searchset Bundle\n    \
                 And the result holds the patient\n"
            );
        }
        put(format!("scenarios/synthetic/part-{first:05}.feature"), text);
    }
    Files::embedded().overlay(Files::from_map(made))
}

/// That pack, read and linted as any other.
pub fn pack(files: &Files) -> Pack {
    plumbline_pack::load(files, &PackId::from("synthetic"), &Table::standard())
        .unwrap_or_else(|report| panic!("{}", report.render(&|path| files.text(path), false)))
}

/// The NHS number of a role.
fn nhs_number(role: &str, people: &BTreeMap<ActorRole, Person>) -> String {
    people[&ActorRole::from(role)].identity.nhs_number.clone()
}

/// The request of each scenario, in order.
pub fn paths(scenarios: usize) -> Vec<String> {
    let people = plumbline_pack::people(&Files::embedded()).expect("people");
    let by_role: Vec<String> = ROLES
        .iter()
        .map(|role| {
            format!(
                "Patient?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C{}",
                nhs_number(role, &people)
            )
        })
        .collect();
    by_role.iter().cycle().take(scenarios).cloned().collect()
}

/// Every request that a run of any size makes.
pub fn every_path() -> Vec<String> {
    let mut all = paths(ROLES.len());
    all.push("metadata".to_owned());
    all
}
