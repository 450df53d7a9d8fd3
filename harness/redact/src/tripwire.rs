//! Stops a run that has met a number of a real person.
//! Ten-digit strings elsewhere do not stop it: one in eleven passes the check digit by chance.

use crate::detect::nhs_number_is_valid;
use crate::policy::Policy;
use plumbline_tree::{Kind, Node, Tree};

/// An identifier of somebody who is not one of the test people. Never holds the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tripped {
    /// Where it was.
    pub fhirpath: String,
}

const NHS_NUMBER_SYSTEMS: [&str; 6] = [
    "//fhir.nhs.uk/id/nhs-number",
    "//fhir.nhs.net/id/nhs-number",
    "//fhir.hl7.org.uk/id/nhs-number",
    "//fhir.nhs.uk/nhs-number",
    "urn:oid:2.16.840.1.113883.2.1.4.1",
    "2.16.840.1.113883.2.1.4.1",
];

pub(crate) fn tripwire(policy: &Policy, tree: &Tree) -> Option<Tripped> {
    tree.nodes()
        .filter(|node| node.kind() == Kind::Object)
        .find_map(|object| stranger(policy, object))
        .map(|value| Tripped {
            fhirpath: policy.place(&value.path()),
        })
}

/// The value of an identifier object that is a valid number of nobody we know.
fn stranger<'t>(policy: &Policy, object: Node<'t>) -> Option<Node<'t>> {
    let mut is_nhs_number = false;
    for (name, node) in object.members() {
        if name == "system" && node.as_str().is_some_and(names_nhs_numbers) {
            is_nhs_number = true;
        }
    }
    if !is_nhs_number {
        return None;
    }
    object
        .members()
        .filter(|(name, _)| *name == "value")
        .map(|(_, node)| node)
        .find(|node| {
            let written = node.as_str().or(node.number_text()).unwrap_or_default();
            let digits: String = written
                .chars()
                .filter(|c| !c.is_whitespace() && !"-./_".contains(*c))
                .collect();
            nhs_number_is_valid(&digits) && !digits.starts_with("999") && !policy.knows(&digits)
        })
}

fn names_nhs_numbers(system: &str) -> bool {
    let system = system.trim().to_ascii_lowercase();
    let system = system.trim_end_matches('/');
    let system = system
        .strip_prefix("https:")
        .or_else(|| system.strip_prefix("http:"))
        .unwrap_or(system);
    NHS_NUMBER_SYSTEMS.contains(&system)
}
