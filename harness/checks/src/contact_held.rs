//! Whether the contact that is held for a patient is sent. Not for what contacts must look like.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::fold::fold;
use crate::held;
use crate::identity::{Owner, patient_owner};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{ContactFact, Shown, SkipReason};
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "CONTACT-HELD",
    name: "Contact of the patient",
    doc: CheckDoc {
        what: "The Patient with the NHS number of the patient in play has a contact with the family name and the telephone number of the facts. Case and accents of the name, and spaces and the country code in the number, do not count.",
        why: "When a patient comes to harm, somebody must be told; a contact that does not come through is not called.",
        conformant: r#"{"resourceType": "Patient", "contact": [{"name": {"family": "Marchbank"}, "telecom": [{"system": "phone", "value": "01632 960002"}]}]}"#,
        not_conformant: r#"{"resourceType": "Patient"}"#,
        source: "FHIR, Patient.contact; the data sheet of the test patient; the requirement names the section of the standard",
    },
    next_step: "Load the contact as on the data sheet; if it is loaded so, find out why it is not sent",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(person) = held::person(&mut sheet, expectation) else {
        return sheet.finish();
    };
    let contact = person.gp.as_ref().and_then(|gp| gp.contact.as_ref());
    let (Some(contact), Some(number)) = (contact, expectation.nhs_number) else {
        sheet.undecided(
            SkipReason::NoActor,
            At::page(0),
            "the facts about the patient name no contact",
            Shown::ours("no contact"),
            "Use a test patient whose facts have a contact",
        );
        return sheet.finish();
    };
    if refused(&mut sheet, observed) {
        return sheet.finish();
    }
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    let mut own = reading.hits.iter().filter(|hit| {
        hit.resource_type == "Patient" && matches!(patient_owner(hit.resource, number), Owner::Same)
    });
    let Some(hit) = own.next() else {
        if reading.is_whole() {
            sheet.nothing(
                "the patient in play is not in the result",
                "Make the search find the patient first; then this rule can be judged",
            );
        }
        return sheet.finish();
    };
    sheet.saw(1);
    let contacts = hit.resource.get("contact");
    let found = contacts.is_some_and(|list| list.items().any(|own| is_of(own, contact)));
    if !found {
        sheet.broken(
            hit.at_node(contacts.unwrap_or(hit.resource)),
            "the contact of the patient is not sent",
            Shown::ours("a contact with the name and telephone number of the data sheet"),
            Shown::ours(match contacts {
                None => "no contact",
                Some(_) => "other contacts",
            }),
        );
    }
    sheet.finish()
}

fn is_of(contact: Node<'_>, fact: &ContactFact) -> bool {
    let family = contact.get("name").and_then(|name| text(name, "family"));
    let mut numbers = contact
        .get("telecom")
        .map(Node::items)
        .into_iter()
        .flatten()
        .filter_map(|telecom| text(telecom, "value"));
    family.is_some_and(|family| fold(family) == fold(&fact.family))
        && numbers.any(|own| digits(own) == digits(&fact.phone))
}

/// The digits of a telephone number, without the country code or the leading zero.
fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("44").unwrap_or(&digits);
    national.trim_start_matches('0').to_owned()
}
