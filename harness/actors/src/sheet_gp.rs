//! What the data sheet says of a practice: how each person stands to it and to PDS, and the
//! practitioners, organisations and locations that it must hold. Not for clinical records.

use crate::sheet_text::Page;
use plumbline_model::{DirectoryFact, GpFacts};

/// What must be done with a person, and what else is held.
pub(crate) fn person(out: &mut Page, gp: &GpFacts) {
    let held = match gp.registration.as_str() {
        "active" => "registered and active: load the person",
        "left" => "registered once, and gone since: load the person, and end the registration",
        _ => "none: do NOT load the person, who is registered during the test",
    };
    out.field("Registration", held);
    if gp.registration != "none" {
        let number = match gp.number.as_str() {
            "verified" => "verified",
            _ => "never verified against PDS",
        };
        out.field("State of number", number);
    }
    let pds = match gp.pds.as_str() {
        "verified" => "the same person, with these details",
        "differs" => "another name and date of birth under this number",
        "never-verified" => "never asked",
        "deceased" => "these details, and that the person has died",
        "sensitive" => "these details, marked as sensitive",
        "superseded" => "these details; the number is superseded by another",
        "invalid" => "the number is invalid",
        _ => "nobody under this number",
    };
    out.field("PDS must hold", pds);
    for telecom in &gp.telecom {
        let words = format!("{} ({}, {})", telecom.value, telecom.system, telecom.r#use);
        out.field("Reached at", &words);
    }
    if let Some(contact) = &gp.contact {
        let words = format!(
            "{} {}, {}, {}",
            contact.given.join(" "),
            contact.family,
            contact.relationship,
            contact.phone
        );
        out.field("Contact", &words);
    }
    if let Some(role) = &gp.practitioner {
        out.field("Practitioner", role.as_str());
    }
    if let Some(role) = &gp.branch {
        out.field("Surgery", role.as_str());
    }
}

/// One practitioner, organisation or location.
pub(crate) fn entry(out: &mut Page, fact: &DirectoryFact) {
    out.line(fact.role.as_str());
    out.hanging(3, 3, &fact.summary);
    out.field("Kind", fact.kind.title());
    out.field("Name", &fact.shown_name());
    let key = match (fact.kind.identifier_system(), &fact.identifier) {
        (Some(system), Some(identifier)) => {
            out.field("Identifier", identifier);
            out.field("System", system);
            format!("identifier = \"{identifier}\"")
        }
        _ => "id = \"the id that your system gives it\"".to_owned(),
    };
    if let Some(role) = &fact.managing {
        out.field("Belongs to", role.as_str());
    }
    out.field("In target.toml", &format!("{} = {{ {key} }}", fact.role));
}
