//! Who a record belongs to: NHS numbers, local identifiers and references to a Patient.
//! Not for demographics: two people may share everything but the number.

use crate::observed::Expectation;
use crate::reading::{Hit, Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason};
use plumbline_tree::{Kind, Node};

/// The naming system of the NHS number.
pub const NHS_NUMBER_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// What a record says about whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner<'a> {
    /// The person in play.
    Same,
    /// Somebody else; the value that says so.
    Other(Node<'a>),
    /// It cannot be told.
    Unknown(&'static str),
    /// A clinical record without a reference to a patient.
    Missing,
}

/// The identifiers of a resource, also where they were not put into a list.
pub(crate) fn identifiers(resource: Node<'_>) -> Vec<Node<'_>> {
    resource.get("identifier").map_or_else(Vec::new, |node| {
        if node.kind() == Kind::Array {
            node.items().collect()
        } else {
            vec![node]
        }
    })
}

/// The same number, however it is spaced.
fn same_number(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect()
    };
    let one = plain(one);
    !one.is_empty() && one == plain(other)
}

/// Whose Patient this is, by NHS number alone. A second, different number makes it another's.
pub(crate) fn patient_owner<'a>(patient: Node<'a>, nhs_number: &str) -> Owner<'a> {
    let mut seen = Owner::Unknown("the Patient has no NHS number");
    for identifier in identifiers(patient) {
        if text(identifier, "system") != Some(NHS_NUMBER_SYSTEM) {
            continue;
        }
        match text(identifier, "value") {
            Some(value) if same_number(value, nhs_number) => seen = Owner::Same,
            Some(_) => return Owner::Other(identifier.get("value").unwrap_or(identifier)),
            None => return Owner::Unknown("an NHS number of the Patient has no value"),
        }
    }
    seen
}

/// Whose clinical record this is, by its reference to a Patient.
pub(crate) fn record_owner<'a>(
    resource: Node<'a>,
    resource_id: Option<&str>,
    nhs_number: Option<&str>,
) -> Owner<'a> {
    let references: Vec<Node<'a>> = resource
        .members()
        .filter(|(name, _)| *name == "patient" || *name == "subject")
        .map(|(_, node)| node)
        .collect();
    let owners = references
        .iter()
        .map(|node| reference_owner(resource, *node, resource_id, nhs_number));
    let mut joined = Owner::Missing;
    for owner in owners {
        joined = match (joined, owner) {
            (Owner::Other(node), _) | (_, Owner::Other(node)) => Owner::Other(node),
            (Owner::Unknown(why), _) | (_, Owner::Unknown(why)) => Owner::Unknown(why),
            (Owner::Missing, Owner::Missing) => Owner::Missing,
            (Owner::Same, _) | (_, Owner::Same) => Owner::Same,
        };
    }
    joined
}

fn reference_owner<'a>(
    resource: Node<'a>,
    node: Node<'a>,
    resource_id: Option<&str>,
    nhs_number: Option<&str>,
) -> Owner<'a> {
    let identifier = node.get("identifier").filter(|identifier| {
        text(*identifier, "system") == Some(NHS_NUMBER_SYSTEM)
            && text(*identifier, "value").is_some()
    });
    let by_number = match (identifier, nhs_number) {
        (Some(identifier), Some(number)) => {
            if text(identifier, "value").is_some_and(|value| same_number(value, number)) {
                Some(Owner::Same)
            } else {
                return Owner::Other(identifier.get("value").unwrap_or(identifier));
            }
        }
        _ => None,
    };
    let Some(reference) = text(node, "reference") else {
        return by_number.unwrap_or(Owner::Missing);
    };
    if let Some(id) = reference.strip_prefix('#') {
        let contained = contained_owner(resource, id, nhs_number);
        return match (by_number, contained) {
            (Some(_), Owner::Unknown(_)) => Owner::Same,
            (_, contained) => contained,
        };
    }
    if reference.starts_with("urn:") {
        return by_number.unwrap_or(Owner::Unknown(
            "the reference names no address of a Patient",
        ));
    }
    let Some(resource_id) = resource_id else {
        return Owner::Unknown("the target's own id for the patient is not known");
    };
    let place = node.get("reference").unwrap_or(node);
    match patient_id(reference) {
        Some(id) if id == resource_id => Owner::Same,
        _ => Owner::Other(place),
    }
}

/// Whose the Patient is that a record contains under that id. An id given twice is held against it.
fn contained_owner<'a>(resource: Node<'a>, id: &str, nhs_number: Option<&str>) -> Owner<'a> {
    let Some(number) = nhs_number else {
        return Owner::Unknown("no NHS number is known for the patient");
    };
    let mut joined = None;
    let patients = resource
        .get("contained")
        .into_iter()
        .flat_map(Node::items)
        .filter(|own| text(*own, "resourceType") == Some("Patient"))
        .filter(|own| text(*own, "id") == Some(id));
    for patient in patients {
        joined = match (joined, patient_owner(patient, number)) {
            (_, Owner::Other(node)) => return Owner::Other(node),
            (Some(Owner::Unknown(why)), _) => Some(Owner::Unknown(why)),
            (_, owner) => Some(owner),
        };
    }
    joined.unwrap_or(Owner::Unknown(
        "the reference leads to no Patient in the record",
    ))
}

/// The id in `Patient/<id>` or an absolute address that ends so, with or without a version.
fn patient_id(reference: &str) -> Option<&str> {
    let versionless = reference
        .split_once("/_history/")
        .map_or(reference, |(before, _)| before);
    let (before, id) = versionless.rsplit_once('/')?;
    let named = before == "Patient"
        || (before.ends_with("/Patient")
            && (before.starts_with("http://") || before.starts_with("https://")));
    (named && !id.is_empty()).then_some(id)
}

/// Whether a Patient carries the local identifier, given as `value` or `system|value`.
pub(crate) fn has_local_identifier(patient: Node<'_>, local: &str) -> bool {
    let (system, value) = local
        .split_once('|')
        .map_or((None, local), |(system, value)| (Some(system), value));
    identifiers(patient).into_iter().any(|identifier| {
        let own = text(identifier, "system");
        text(identifier, "value") == Some(value)
            && own != Some(NHS_NUMBER_SYSTEM)
            && (system.is_none() || own == system)
    })
}

/// Every search is made of the patient's own values. One that finds only somebody else says nothing:
/// without this, the wrong patient's well-formed record would pass.
pub(crate) fn strangers_undecided(
    sheet: &mut Sheet,
    reading: &Reading<'_>,
    expectation: &Expectation<'_>,
) {
    let matches: Vec<Hit<'_>> = reading.matches().copied().collect();
    strangers_among(sheet, &matches, expectation);
}

/// As [`strangers_undecided`], for a rule that judges these records of the result.
pub(crate) fn strangers_among(sheet: &mut Sheet, hits: &[Hit<'_>], expectation: &Expectation<'_>) {
    let stranger = |hit: &Hit<'_>| {
        let owner = owner(hit, expectation.resource_id, expectation.nhs_number);
        matches!(owner, Owner::Other(_))
    };
    if !hits.is_empty() && hits.iter().all(stranger) {
        sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            "every result belongs to another patient",
            Shown::ours("no record of the patient that was asked for"),
            "Return the patient's own records first; then this rule can be judged",
        );
    }
}

/// Whose record a hit is.
pub(crate) fn owner<'a>(
    hit: &Hit<'a>,
    resource_id: Option<&str>,
    nhs_number: Option<&str>,
) -> Owner<'a> {
    if hit.resource_type == "Patient" {
        nhs_number.map_or(
            Owner::Unknown("no NHS number is known for the patient"),
            |number| patient_owner(hit.resource, number),
        )
    } else {
        record_owner(hit.resource, resource_id, nhs_number)
    }
}
