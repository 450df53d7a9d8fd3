//! When: what is asked of the target. Each keeps the answer for the assertions that follow.

use crate::context::NHS_NUMBER_SYSTEM;
use crate::step::{StepDef, StepRun};
use crate::steps::asking::{
    end_if_refused, for_patient, read, read_first, read_metadata, rows, search, search_first,
    search_with_second_form,
};
use crate::steps::following::follow;
use plumbline_model::StepKind;

/// A When step.
pub(crate) const fn when(
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    needs_table: bool,
    act: crate::step::Act,
) -> StepDef {
    StepDef {
        kind: StepKind::Action,
        pattern,
        doc,
        example,
        needs_table,
        run: StepRun::Act(act),
    }
}

/// The When steps.
pub const STEPS: &[StepDef] = &[
    when(
        "the capability statement is read",
        "Reads metadata.",
        "the capability statement is read",
        false,
        |world, _| read_metadata(world, true),
    ),
    when(
        "the capability statement is read without signing in",
        "Reads metadata without credentials.",
        "the capability statement is read without signing in",
        false,
        |world, _| read_metadata(world, false),
    ),
    when(
        "patients are searched by NHS number",
        "Searches Patient by identifier, with the naming system of the NHS number.",
        "patients are searched by NHS number",
        false,
        |world, _| {
            let value = format!("{NHS_NUMBER_SYSTEM}|{{nhs-number}}");
            search(world, "Patient", vec![("identifier".to_owned(), value)])
        },
    ),
    when(
        "patients are searched by NHS number without its system",
        "Searches Patient by identifier with the bare number.",
        "patients are searched by NHS number without its system",
        false,
        |world, _| {
            search(
                world,
                "Patient",
                vec![("identifier".to_owned(), "{nhs-number}".to_owned())],
            )
        },
    ),
    when(
        "patients are searched by local identifier",
        "Searches Patient by the target's own identifier of the patient.",
        "patients are searched by local identifier",
        false,
        |world, _| {
            search(
                world,
                "Patient",
                vec![("identifier".to_owned(), "{local-identifier}".to_owned())],
            )
        },
    ),
    when(
        "patients are searched by {string} {string}",
        "Searches Patient by one parameter; the value may hold placeholders.",
        "patients are searched by \"family\" \"{family}\"",
        false,
        |world, args| {
            search(
                world,
                "Patient",
                vec![(args.get(0).to_owned(), args.get(1).to_owned())],
            )
        },
    ),
    when(
        "patients are searched with:",
        "Searches Patient by the parameters of the table below.",
        "patients are searched with:",
        true,
        |world, args| search(world, "Patient", rows(&args)),
    ),
    when(
        "the patient is read by id",
        "Reads the patient in play by the target's own id.",
        "the patient is read by id",
        false,
        |world, _| read(world, "Patient", "{id}"),
    ),
    when(
        "{string} records are searched for the patient",
        "Searches a type of clinical record by patient.",
        "\"AllergyIntolerance\" records are searched for the patient",
        false,
        |world, args| search(world, args.get(0), for_patient(Vec::new())),
    ),
    when(
        "{string} records are searched for the patient by {string} {string}",
        "Searches a type of clinical record by patient and one more parameter.",
        "\"AllergyIntolerance\" records are searched for the patient by \"clinical-status\" \"active\"",
        false,
        |world, args| {
            let more = vec![(args.get(1).to_owned(), args.get(2).to_owned())];
            search(world, args.get(0), for_patient(more))
        },
    ),
    when(
        "{string} records are searched for the patient by {string} {string}, or by that alone",
        "As above; if the target refuses the two parameters together, asks for the second alone and reads every page.",
        "\"Immunization\" records are searched for the patient by \"status\" \"completed\", or by that alone",
        false,
        |world, args| {
            let second = (args.get(1).to_owned(), args.get(2).to_owned());
            search_with_second_form(world, args.get(0), second)
        },
    ),
    when(
        "{string} records are searched for the patient with:",
        "Searches a type of clinical record by patient and the parameters of the table below.",
        "\"AllergyIntolerance\" records are searched for the patient with:",
        true,
        |world, args| search(world, args.get(0), for_patient(rows(&args))),
    ),
    when(
        "{string} records are searched with:",
        "Searches a type of record by the parameters of the table below and nothing else.",
        "\"AllergyIntolerance\" records are searched with:",
        true,
        |world, args| search(world, args.get(0), rows(&args)),
    ),
    when(
        "every page of the result is followed",
        "Follows the next links of the last search to the end, at most 20 pages, within the target.",
        "every page of the result is followed",
        false,
        |world, _| follow(world),
    ),
    when(
        "the first result is read by its id",
        "Reads the first record of the last search by its type and id.",
        "the first result is read by its id",
        false,
        |world, _| read_first(world),
    ),
    when(
        "the scenario does not apply if the search is refused",
        "For what a system may leave out but must do rightly: after a refusal (4xx, 501) the scenario ends as not applicable.",
        "the scenario does not apply if the search is refused",
        false,
        |world, _| end_if_refused(world),
    ),
    when(
        "the first result is searched for by its id",
        "Searches the type of the last search by _id, with the id of the patient's first record in it.",
        "the first result is searched for by its id",
        false,
        |world, _| search_first(world),
    ),
    when(
        "the {string} with id {string} is read",
        "Reads one record by type and id; the id may hold placeholders.",
        "the \"Patient\" with id \"{id}\" is read",
        false,
        |world, args| read(world, args.get(0), args.get(1)),
    ),
];
