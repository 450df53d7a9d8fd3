//! The values that redaction must know: those of the actor map and of our synthetic people.
//! Not a policy: whether a value stays visible is decided by `redact` for the environment.

use crate::plan::Plan;
use plumbline_model::{ActorRole, Person, StepKind};
use plumbline_pack::TargetFile;
use plumbline_redact::KnownValue;
use std::collections::{BTreeMap, BTreeSet};

/// Every known value with the label that stands for it where it may not be shown.
pub fn known_values(target: &TargetFile, people: &BTreeMap<ActorRole, Person>) -> Vec<KnownValue> {
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
        }
        if let Some(address) = &identity.address {
            address
                .line
                .iter()
                .for_each(|line| add(role, "address", line, true));
            add(role, "city", &address.city, true);
            add(role, "postcode", &address.postcode, true);
        }
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
    if let Some(nobody) = &target.nobody_nhs_number {
        add("nobody", "nhs-number", nobody, nobody.starts_with("999"));
    }
    add("nobody", "nhs-number", crate::context::NOBODY, true);
    known
}

/// The values that scenarios themselves ask with, such as `ge2020-01-01`: they are public text.
/// Only where synthetic people may be seen, so that a stored request can be sent again.
pub(crate) fn scenario_values(target: &TargetFile, plan: &Plan) -> Vec<KnownValue> {
    if !target.environment.shows_synthetic_people() {
        return Vec::new();
    }
    let mut values = BTreeSet::new();
    for step in plan.planned.iter().flat_map(|p| &p.scenario.steps) {
        if step.kind == StepKind::Action {
            values.extend(step.text.split('"').skip(1).step_by(2));
            let cells = step.table.iter().flatten().flatten();
            values.extend(cells.map(String::as_str));
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
