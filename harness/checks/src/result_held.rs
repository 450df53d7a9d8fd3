//! Whether the patient in play is in the result, or is the record that was read. Not for whether others are.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::{Owner, has_local_identifier, patient_owner};
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, Role, content, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "RESULT-HELD",
    name: "The patient is there",
    doc: CheckDoc {
        what: "A search result holds a Patient with the NHS number of the patient; what is read by id is that Patient itself.",
        why: "A patient who is not found is treated without their record.",
        conformant: "a search by NHS number that returns the Patient with that number",
        not_conformant: "an empty searchset for a patient that the system holds",
        source: "FHIR R4, search and read; the requirement names the interaction",
    },
    next_step: "Load the test patient as on its data sheet, and check that this search or read finds it",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let read = match expectation.arg(0) {
        Some("read") => true,
        Some("search") => false,
        // A search always has parameters; a read has none.
        _ => observed.request.params.is_empty(),
    };
    if expectation.nhs_number.is_none() && expectation.local_identifier.is_none() {
        sheet.undecided(
            SkipReason::NoActor,
            At::page(0),
            "no identifier of the patient is known",
            Shown::ours("no NHS number in target.toml"),
            "Map the role to a test patient in target.toml",
        );
    } else if read {
        own_record(&mut sheet, observed, expectation);
    } else {
        search(&mut sheet, observed, expectation);
    }
    sheet.finish()
}

fn holder<'a>(hit: &Hit<'a>, expectation: &Expectation<'_>) -> Owner<'a> {
    let local = expectation.local_identifier;
    let by_local = local.is_some_and(|local| has_local_identifier(hit.resource, local));
    match expectation
        .nhs_number
        .map(|number| patient_owner(hit.resource, number))
    {
        Some(Owner::Unknown(why)) => {
            // A local identifier counts only with its system where the NHS number should decide.
            if by_local && local.is_some_and(|local| local.contains('|')) {
                Owner::Same
            } else {
                Owner::Unknown(why)
            }
        }
        Some(owner) => owner,
        None if by_local => Owner::Same,
        None => Owner::Other(hit.resource),
    }
}

fn expected() -> Shown {
    Shown::ours("a Patient with the NHS number of the patient in play")
}

fn search(sheet: &mut Sheet, observed: &Observed<'_>, expectation: &Expectation<'_>) {
    if refused(sheet, observed) {
        return;
    }
    let reading = Reading::of(observed);
    if reading.searchsets.is_empty() {
        sheet.gaps(&reading);
        if reading.gaps.is_empty() {
            sheet.undecided(
                SkipReason::NotObservable,
                At::page(0),
                "the response to the search is not a Bundle",
                Shown::ours("another type of resource"),
                "Answer a search with a Bundle of type searchset",
            );
        }
        return;
    }
    sheet.gaps(&reading);
    let mut unknown = 0_usize;
    for hit in reading
        .matches()
        .filter(|hit| hit.resource_type == "Patient")
    {
        match holder(hit, expectation) {
            Owner::Same => return sheet.saw(1),
            Owner::Unknown(_) => unknown += 1,
            Owner::Other(_) | Owner::Missing => {}
        }
    }
    if reading.unseen.is_some() || unknown > 0 {
        sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            "the patient was not seen, but the result does not show everything",
            Shown::ours(format!(
                "{unknown} Patients without an NHS number, or pages that were not read"
            )),
            "Send the NHS number of every Patient, and follow every page",
        );
        return;
    }
    sheet.saw(1);
    let count = reading.matches().count();
    let actual = Shown::ours(format!("{count} records, none of which is the patient"));
    let place = reading
        .searchsets
        .first()
        .map_or(At::page(0), |(page, bundle)| At::node(*page, *bundle));
    sheet.broken(
        place,
        "the result does not hold the patient",
        expected(),
        actual,
    );
}

fn own_record(sheet: &mut Sheet, observed: &Observed<'_>, expectation: &Expectation<'_>) {
    let found = observed.pages.first().map_or(
        Err(("there is no response to judge", "no response".to_owned())),
        |page| {
            if page.has_duplicate_names() {
                Err((
                    "the body repeats a member name",
                    "a repeated member name".to_owned(),
                ))
            } else {
                content(page)
            }
        },
    );
    let root = match found {
        Ok(root) => root,
        Err((message, actual)) => {
            return sheet.undecided(
                SkipReason::NotObservable,
                At::page(0),
                message,
                Shown::ours(actual),
                "Correct the status and the form of the response first",
            );
        }
    };
    sheet.saw(1);
    let hit = Hit {
        page: 0,
        resource: root,
        resource_type: text(root, "resourceType").unwrap_or_default(),
        role: Role::Match,
    };
    if hit.resource_type != "Patient" {
        let actual = Shown::ours("another body");
        return sheet.broken(
            hit.at(),
            "the response is not a Patient",
            expected(),
            actual,
        );
    }
    if let Some(wanted) = expectation.resource_id
        && text(root, "id") != Some(wanted)
    {
        let expected = Shown::ours("the id that was read: ").value(ValueKind::Id, wanted);
        let actual = text(root, "id").map_or_else(
            || Shown::ours("no id"),
            |id| Shown::ours("id ").value(ValueKind::Id, id),
        );
        let at = hit.at_node(root.get("id").unwrap_or(root));
        sheet.broken(
            at,
            "the record has another id than the one read",
            expected,
            actual,
        );
    }
    match holder(&hit, expectation) {
        Owner::Same => {}
        Owner::Unknown(_) | Owner::Missing => sheet.undecided(
            SkipReason::NotObservable,
            hit.at(),
            "it cannot be told whose record this is",
            Shown::ours("no NHS number with a value"),
            "Load the test patient with its NHS number",
        ),
        Owner::Other(node) => sheet.broken(
            hit.at_node(node),
            "the record belongs to another patient",
            expected(),
            Shown::ours("another identifier"),
        ),
    }
}
