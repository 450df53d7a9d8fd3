//! Finds the medicine that a medication record names: in itself, contained, or elsewhere in the result.
//! Not for fetching it: a reference that leads out of the result stays unresolved.

use crate::reading::{Hit, Reading, text};
use plumbline_model::ClinicalType;
use plumbline_tree::Node;

/// What a record refers to as its medicine.
#[derive(Debug)]
pub(crate) enum Medicine<'a> {
    /// It refers to none.
    None,
    /// It refers to one that is not in the result.
    Unresolved,
    /// It refers to these; more than one if several pages hold it.
    Found(Vec<Node<'a>>),
}

/// The medicine that a record refers to. Only types with a medication have one.
pub(crate) fn of<'a>(record: Node<'a>, kind: &ClinicalType, reading: &Reading<'a>) -> Medicine<'a> {
    if kind.code_element != "medicationCodeableConcept" {
        return Medicine::None;
    }
    let Some(node) = record.get("medicationReference") else {
        return Medicine::None;
    };
    let Some(reference) = text(node, "reference") else {
        // An identifier may name the medicine; a display is only text.
        return if node.get("identifier").is_some() {
            Medicine::Unresolved
        } else {
            Medicine::None
        };
    };
    let found: Vec<Node<'a>> = if let Some(id) = reference.strip_prefix('#') {
        contained(record, id)
    } else {
        let is_medicine = |hit: &&Hit<'_>| hit.resource_type == "Medication";
        let hits = reading.hits.iter().filter(is_medicine);
        hits.filter(|hit| is_named(hit, reference))
            .map(|hit| hit.resource)
            .collect()
    };
    if found.is_empty() {
        Medicine::Unresolved
    } else {
        Medicine::Found(found)
    }
}

fn contained<'a>(record: Node<'a>, id: &str) -> Vec<Node<'a>> {
    record
        .get("contained")
        .into_iter()
        .flat_map(Node::items)
        .filter(|own| text(*own, "resourceType") == Some("Medication"))
        .filter(|own| text(*own, "id") == Some(id))
        .collect()
}

/// Whether a reference leads to this record of the result: by its address, or by type and id
/// where the reference is relative or the entry has no address.
fn is_named(hit: &Hit<'_>, reference: &str) -> bool {
    let versionless = reference
        .split_once("/_history/")
        .map_or(reference, |(before, _)| before);
    let address = hit.entry().and_then(|entry| text(entry, "fullUrl"));
    if address == Some(versionless) {
        return true;
    }
    let Some(id) = text(hit.resource, "id") else {
        return false;
    };
    let Some((before, last)) = versionless.rsplit_once('/') else {
        return false;
    };
    let relative = before == "Medication";
    last == id && (relative || (address.is_none() && before.ends_with("/Medication")))
}
