//! Whether what was searched for by its identifier, or read by its id, is there: a practitioner,
//! an organisation, a location. Not for patients, whom RESULT-HELD finds.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::identifiers;
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, Role, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason};

pub(crate) const CHECK: Check = Check {
    code: "RESULT-IDENTIFIER",
    name: "What was asked for is there",
    doc: CheckDoc {
        what: "A search result holds exactly one resource of the type with the identifier in play, and no other of that type; what is read by id is that resource. A resource without identifiers is told by its id.",
        why: "A letter for the wrong practice, or in the name of the wrong clinician, goes astray.",
        conformant: "a search by ODS code that returns the organisation with that code",
        not_conformant: "an empty searchset, or another organisation",
        source: "FHIR, search and read; the requirement names the interaction",
    },
    next_step: "Load what the data sheet names, and check that this search or read finds it",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(wanted) = expectation.arg(0) else {
        sheet.misused("the step does not say what type of resource is looked for");
        return sheet.finish();
    };
    if expectation.identifier.is_none() && expectation.resource_id.is_none() {
        sheet.undecided(
            SkipReason::NoActor,
            At::page(0),
            "no identifier of what is looked for is known",
            Shown::ours("nothing in target.toml"),
            "Map the role in target.toml",
        );
        return sheet.finish();
    }
    if refused(&mut sheet, observed) {
        return sheet.finish();
    }
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    if !reading.gaps.is_empty() && reading.hits.is_empty() {
        return sheet.finish();
    }
    sheet.saw(1);
    let mut found = 0_usize;
    for hit in reading
        .hits
        .iter()
        .filter(|hit| hit.resource_type == wanted)
    {
        let mine = match expectation.identifier {
            Some((system, value)) => identifiers(hit.resource).iter().any(|identifier| {
                text(*identifier, "system") == Some(system)
                    && text(*identifier, "value") == Some(value)
            }),
            None => text(hit.resource, "id") == expectation.resource_id,
        };
        if mine {
            found += 1;
        } else if hit.role == Role::Match {
            let message = format!("the result holds another {wanted}");
            let expected = Shown::ours(format!("only the {wanted} that was asked for"));
            let actual = Shown::ours(format!("a {wanted} with another identifier"));
            sheet.broken(hit.at(), message, expected, actual);
        }
    }
    let expected = || Shown::ours(format!("exactly one {wanted} with the identifier in play"));
    if found == 0 && reading.unseen.is_none() {
        let message = format!("the {wanted} is not in the result");
        sheet.broken(At::page(0), message, expected(), Shown::ours("none"));
    } else if found > 1 {
        let message = format!("the {wanted} is in the result more than once");
        let actual = Shown::ours(format!("{found} of them"));
        sheet.broken(At::page(0), message, expected(), actual);
    }
    sheet.finish()
}
