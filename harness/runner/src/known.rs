//! The values that redaction must know: those of the actor map and of our synthetic people.
//! Not a policy: whether a value stays visible is decided by `redact` for the environment.

use crate::plan::Plan;
use plumbline_model::{ActorRole, DirectoryFact, DischargeFacts, GpFacts, Person, StepKind};
use plumbline_pack::TargetFile;
use plumbline_redact::KnownValue;
use std::collections::{BTreeMap, BTreeSet};

/// Every known value with the label that stands for it where it may not be shown.
pub fn known_values(
    target: &TargetFile,
    people: &BTreeMap<ActorRole, Person>,
    directory: &BTreeMap<ActorRole, DirectoryFact>,
) -> Vec<KnownValue> {
    let mut known = Vec::new();
    let mut add = |role: &str, what: &str, value: &str, synthetic: bool| {
        if !value.is_empty() {
            known.push(KnownValue {
                value: value.to_owned(),
                label: format!("{what} of {role}"),
                synthetic,
            });
        }
    };
    for (role, actor) in &target.actors {
        let in_test_range = actor.nhs_number.starts_with("999");
        add(
            role.as_str(),
            "nhs-number",
            &actor.nhs_number,
            in_test_range,
        );
        if let Some(local) = &actor.local_identifier {
            add(role.as_str(), "local-identifier", &local.value, false);
        }
    }
    of_directory(target, directory, &mut add);
    for (role, person) in people {
        let role = role.as_str();
        let identity = &person.identity;
        add(role, "nhs-number", &identity.nhs_number, true);
        add(role, "id", &person.id, true);
        add(role, "family", &identity.family, true);
        identity
            .given
            .iter()
            .for_each(|given| add(role, "given", given, true));
        add(
            role,
            "prefix",
            identity.prefix.as_deref().unwrap_or_default(),
            true,
        );
        add(
            role,
            "birth-date",
            identity.birth_date.as_deref().unwrap_or_default(),
            true,
        );
        if let Some(local) = &identity.local_identifier {
            add(role, "local-identifier", &local.value, true);
            // The address of a naming system hides nobody elsewhere; here it is made up like the rest.
            if target.environment.shows_synthetic_people() {
                add(role, "system of local-identifier", &local.system, true);
            }
        }
        if let Some(address) = &identity.address {
            address
                .line
                .iter()
                .for_each(|line| add(role, "address", line, true));
            add(role, "city", &address.city, true);
            add(role, "postcode", &address.postcode, true);
        }
        if let Some(gp) = &person.gp {
            of_practice(role, gp, &mut add);
        }
        if let Some(facts) = &person.discharge {
            of_stay(role, facts, &mut add);
        }
        of_record(role, person, &mut add);
    }
    if let Some(nobody) = &target.nobody_nhs_number {
        add("nobody", "nhs-number", nobody, nobody.starts_with("999"));
    }
    add("nobody", "nhs-number", crate::context::NOBODY, true);
    known
}

/// Takes whose it is, what it is, the value, and whether it is that of somebody made up.
type Add<'a> = dyn FnMut(&str, &str, &str, bool) + 'a;

/// Identifiers and names of practitioners, organisations and locations.
fn of_directory(
    target: &TargetFile,
    directory: &BTreeMap<ActorRole, DirectoryFact>,
    add: &mut Add<'_>,
) {
    for (role, entry) in &target.directory {
        let fact = directory.get(role);
        let ours = |value: &Option<String>, of_fact: Option<&String>| {
            value.is_some() && value.as_ref() == of_fact
        };
        let identifier = entry.identifier.as_deref().unwrap_or_default();
        let synthetic = ours(&entry.identifier, fact.and_then(|f| f.identifier.as_ref()));
        add(role.as_str(), "identifier", identifier, synthetic);
        let synthetic = ours(&entry.id, fact.map(|f| &f.id));
        add(
            role.as_str(),
            "id",
            entry.id.as_deref().unwrap_or_default(),
            synthetic,
        );
    }
    for (role, fact) in directory {
        let role = role.as_str();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        add(role, "identifier", &text(&fact.identifier), true);
        add(role, "id", &fact.id, true);
        add(role, "name", &text(&fact.name), true);
        add(role, "family", &text(&fact.family), true);
        add(role, "prefix", &text(&fact.prefix), true);
        fact.given
            .iter()
            .for_each(|given| add(role, "given", given, true));
    }
}

/// Allergies and clinical records.
fn of_record(role: &str, person: &Person, add: &mut Add<'_>) {
    for allergy in &person.allergies {
        add(role, "allergy id", &allergy.id, true);
        add(role, "allergy", &allergy.display, true);
        add(role, "allergy code", &allergy.code, true);
        add(
            role,
            "reaction",
            allergy.reaction.as_deref().unwrap_or_default(),
            true,
        );
        add(role, "recorded", &allergy.recorded, true);
        add(
            role,
            "last occurrence",
            allergy.last_occurrence.as_deref().unwrap_or_default(),
            true,
        );
    }
    for record in &person.records {
        let kind = record.resource_type.as_str();
        let what = |part: &str| format!("{kind} {part}");
        add(role, &what("id"), &record.id, true);
        add(role, kind, &record.display, true);
        add(role, &what("code"), &record.code, true);
        add(role, &what("date"), &record.date, true);
        let end = record.end.as_deref().unwrap_or_default();
        add(role, &what("end"), end, true);
        let text = record.text.as_deref().unwrap_or_default();
        add(role, &what("text"), text, true);
    }
}

/// How to reach somebody, and somebody to turn to.
fn of_practice(role: &str, gp: &GpFacts, add: &mut Add<'_>) {
    for telecom in &gp.telecom {
        add(role, "telecom", &telecom.value, true);
    }
    if let Some(contact) = &gp.contact {
        add(role, "contact", &contact.family, true);
        let given = contact.given.iter();
        given.for_each(|given| add(role, "contact", given, true));
        add(role, "contact", &contact.relationship, true);
        add(role, "contact", &contact.phone, true);
    }
}

/// Who and what a discharge summary names. What it tells in words is never kept, so it need not be known.
fn of_stay(role: &str, facts: &DischargeFacts, add: &mut Add<'_>) {
    let author = &facts.author;
    add(role, "clinician", &author.family, true);
    add(role, "clinician", &author.given, true);
    add(role, "clinician number", &author.gmc, true);
    add(role, "practitioner", &facts.gp_name, true);
    for organisation in [&facts.hospital, &facts.gp_practice] {
        add(role, "organisation", &organisation.name, true);
        add(role, "organisation code", &organisation.ods, true);
    }
    if let Some(address) = &facts.stay.address {
        let lines = address.line.iter();
        lines.for_each(|line| add(role, "address", line, true));
        add(role, "city", &address.city, true);
    }
}

/// The values that scenarios themselves ask with, such as `ge2020-01-01`: they are public text.
/// Only where synthetic people may be seen, so that a stored request can be sent again.
pub(crate) fn scenario_values(target: &TargetFile, plan: &Plan) -> Vec<KnownValue> {
    if !target.environment.shows_synthetic_people() {
        return Vec::new();
    }
    let mut values = BTreeSet::new();
    for step in plan.planned.iter().flat_map(|p| p.scenario.steps.iter()) {
        if step.kind == StepKind::Action {
            values.extend(step.text.split('"').skip(1).step_by(2));
            let cells = step.table.iter().flatten().flatten();
            values.extend(cells.map(String::as_str));
            // The parts of a path that a step sends something to.
            let paths = step.text.split('"').skip(1).step_by(2);
            values.extend(
                paths
                    .filter(|text| text.contains('/'))
                    .flat_map(|path| path.split('/')),
            );
        }
    }
    values
        .into_iter()
        .filter(|value| !value.is_empty() && !value.contains('{'))
        .map(|value| KnownValue {
            value: value.to_owned(),
            label: "value of a scenario".to_owned(),
            synthetic: true,
        })
        .collect()
}
