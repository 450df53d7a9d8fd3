//! Whether a search by id gives exactly the record with that id. Not for a read by id.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};

pub(crate) const CHECK: Check = Check {
    code: "RESULT-ID",
    name: "The record with the id",
    doc: CheckDoc {
        what: "After a search by _id, the result holds exactly one match: a record of the searched type with that id.",
        why: "A client that opens a record by its id and gets none, or another, shows the wrong record.",
        conformant: "a search with _id=im-1 that returns Immunization im-1 and nothing else",
        not_conformant: "a search with _id=im-1 that returns nothing, all vaccinations, or im-1 twice",
        source: "FHIR R4, search, parameter _id",
    },
    next_step: "Let a search by _id return the record with that id, once, and no other",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let mut ids = observed
        .request
        .params
        .iter()
        .filter(|(name, _)| name == "_id")
        .map(|(_, value)| value.as_str());
    let id = match (ids.next(), ids.next()) {
        (Some(id), None) if !id.trim().is_empty() && !id.contains([',', '\\']) => id,
        _ => {
            sheet.misused("the last search was not by one _id");
            return sheet.finish();
        }
    };
    if refused(&mut sheet, observed) {
        return sheet.finish();
    }
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    let wanted_type = observed.request.resource_type;
    let mut count = 0_usize;
    for hit in reading.matches() {
        sheet.saw(1);
        let same = hit.resource_type == wanted_type && text(hit.resource, "id") == Some(id);
        if !same {
            let message = "a record of the result is not the one that was asked for by id";
            sheet.broken(hit.at(), message, expected(wanted_type, id), shown(hit));
            continue;
        }
        count += 1;
        if count > 1 {
            let message = "the record that was asked for by id is in the result twice";
            let actual = Shown::ours("the same type and id again");
            sheet.broken(hit.at(), message, expected(wanted_type, id), actual);
        }
    }
    // Without a Bundle, or with pages or entries unread, the record may be where nobody looked.
    if count == 0 && reading.is_whole() && !reading.searchsets.is_empty() {
        let place = reading
            .searchsets
            .first()
            .map_or(At::page(0), |(page, bundle)| At::node(*page, *bundle));
        sheet.saw(1);
        let message = "the record that was asked for by id is not in the result";
        let actual = Shown::ours("no match with that type and id");
        sheet.broken(place, message, expected(wanted_type, id), actual);
    }
    sheet.finish()
}

fn expected(resource_type: &str, id: &str) -> Shown {
    Shown::ours(format!("only one match, {resource_type} with id ")).value(ValueKind::Id, id)
}

fn shown(hit: &Hit<'_>) -> Shown {
    let shown = Shown::ours("").value(ValueKind::Code, hit.resource_type);
    match text(hit.resource, "id") {
        Some(id) => shown.and(" with id ").value(ValueKind::Id, id),
        None => shown.and(" without an id"),
    }
}
