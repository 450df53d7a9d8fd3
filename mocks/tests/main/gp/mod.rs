//! The GP system as a client sees it: what it answers, what it refuses, how it may be wrong.
//! Not for the connection below HTTP.

mod answers;
mod ask;
mod checks;
mod faults;
mod register;

use plumbline_mocks::MockOptions;

/// The time of the tests, in seconds since 1970: 18 May 2026, 5:33:20.
pub const NOW: i64 = 1_779_082_400;

pub fn beacon() -> MockOptions {
    MockOptions {
        now: || NOW,
        ..MockOptions::vendor("beacon-gp")
    }
}

pub const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";
pub const SDS: &str = "https://fhir.nhs.uk/Id/sds-user-id";
pub const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

/// The NHS number of a role of `scenarios/_people`.
pub fn number(role: &str) -> String {
    fact(role, "nhs_number")
}

/// A text of a role of `scenarios/_people`, or the first of several.
pub fn fact(role: &str, key: &str) -> String {
    let text = std::fs::read_to_string(format!("../scenarios/_people/{role}.toml")).unwrap();
    let start = format!("{key} = ");
    let line = text.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap().split('"').nth(1).unwrap().to_owned()
}
