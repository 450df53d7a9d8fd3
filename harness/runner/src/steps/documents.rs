//! Fetches a discharge summary as a FHIR document, and names the content rules that judge it.
//! No NHS interface serves such documents, so the way is base FHIR's own: search Composition, then `$document`.
//! What comes of that way is never held against a target: without a document nothing was tested.

use crate::exchange::{Purpose, get};
use crate::step::ArgSource::{Capture, Fixed};
use crate::step::{Args, StepDef, StepRun};
use crate::steps::action::when;
use crate::steps::asking::{fill, is_id};
use crate::steps::assertion::then;
use crate::steps::setup::put_in_play;
use crate::world::{Answered, Body, Followed, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_model::{SkipReason, StepKind};
use plumbline_tree::Node;

/// SNOMED CT: discharge summary.
const DISCHARGE_SUMMARY: &str = "http://snomed.info/sct|373942005";

/// The steps about documents.
pub const STEPS: &[StepDef] = &[
    StepDef {
        kind: StepKind::Setup,
        pattern: "the patient {string} had a stay in hospital",
        doc: "Puts a test patient in play and makes sure that the facts about the person tell of a stay.",
        example: "the patient \"discharged-patient\" had a stay in hospital",
        needs_table: false,
        run: StepRun::Act(had_a_stay),
    },
    when(
        "the discharge summary is fetched for the patient in FHIR R4",
        "Searches Composition by patient and type, and makes a document of the newest with $document, in FHIR 4.0.",
        "the discharge summary is fetched for the patient in FHIR R4",
        false,
        |world, _| fetch(world, "4.0"),
    ),
    when(
        "the discharge summary is fetched for the patient in FHIR STU3",
        "As above, in FHIR 3.0: the media type that is asked for says so.",
        "the discharge summary is fetched for the patient in FHIR STU3",
        false,
        |world, _| fetch(world, "3.0"),
    ),
    then(
        "the document is a discharge summary",
        "DOCUMENT-KIND",
        &[],
        "It is a FHIR document whose Composition says that it is a discharge summary.",
        "the document is a discharge summary",
    ),
    then(
        "the document is valid FHIR",
        "FHIR-BASE",
        &[Fixed("document")],
        "The document keeps to the base specification of its version; profiles and the meaning of codes are not checked.",
        "the document is valid FHIR",
    ),
    then(
        "the document is about the patient",
        "DOCUMENT-PATIENT",
        &[],
        "The subject of the document is the patient in play, by NHS number.",
        "the document is about the patient",
    ),
    then(
        "the discharge summary has the section {string}",
        "CONTENT-SECTION",
        &[Capture(0)],
        "The section is there, once, with text. A section that is only Required, and is not there: not tested.",
        "the discharge summary has the section \"Diagnoses\"",
    ),
    then(
        "the section {string} has the item {string}",
        "CONTENT-ITEM",
        &[Capture(0), Capture(1)],
        "Wherever what the item belongs to is there, the item is there in the right place. Nothing there: not tested.",
        "the section \"GP practice\" has the item \"GP practice identifier\"",
    ),
    then(
        "every medicine in the discharge summary has a name",
        "CONTENT-ITEM",
        &[
            Fixed("Medications and medical devices"),
            Fixed("Medication name"),
        ],
        "Each medicine that is taken is named. No medicine: not tested.",
        "every medicine in the discharge summary has a name",
    ),
    then(
        "every stopped medicine in the discharge summary has a name",
        "CONTENT-ITEM",
        &[
            Fixed("Medications and medical devices"),
            Fixed("Name of discontinued medication"),
        ],
        "Each medicine that is no longer taken is named. No such medicine: not tested.",
        "every stopped medicine in the discharge summary has a name",
    ),
    then(
        "every allergy in the discharge summary says what causes it",
        "CONTENT-ITEM",
        &[
            Fixed("Allergies and adverse reactions"),
            Fixed("Causative agent"),
        ],
        "Each allergy names its cause. No allergy: not tested.",
        "every allergy in the discharge summary says what causes it",
    ),
    then(
        "the discharge summary tells the section {string} that the hospital holds",
        "CONTENT-HELD",
        &[Capture(0)],
        "Where the facts about the patient have something for this section, it is in the document. Nothing held: not tested.",
        "the discharge summary tells the section \"Safety alerts\" that the hospital holds",
    ),
    then(
        "the section {string} tells the {string} that the hospital holds",
        "CONTENT-HELD",
        &[Capture(0), Capture(1)],
        "Every code, date or text that the facts about the patient have for this item is in the document. Nothing held: not tested.",
        "the section \"Legal information\" tells the \"Mental capacity assessment\" that the hospital holds",
    ),
    then(
        "the allergies that the hospital holds are in the discharge summary",
        "CONTENT-HELD",
        &[
            Fixed("Allergies and adverse reactions"),
            Fixed("Causative agent"),
        ],
        "The code of every allergy in the facts about the patient is in the document.",
        "the allergies that the hospital holds are in the discharge summary",
    ),
    then(
        "the discharge summary keeps the content rule {string}",
        "CONTENT-RULE",
        &[Capture(0)],
        "A rule of the whole document, by its id; `plumbline content` lists them. Nothing that it speaks of: not tested.",
        "the discharge summary keeps the content rule \"EDIS-RULE-01\"",
    ),
];

fn had_a_stay(world: &mut World, args: Args) -> LocalBoxFuture<'_, ()> {
    async move {
        put_in_play(world, args.get(0));
        let person = world.actor.as_ref().and_then(|a| a.person.as_ref());
        if world.stop.is_none() && person.is_none_or(|person| person.discharge.is_none()) {
            world.stop(
                SkipReason::NothingObserved,
                "SETUP-ACTOR",
                "the facts about this person do not tell of a stay in hospital",
                "Add the table [discharge] to the person's file; a patient with data_sheet = false has no facts.",
            );
        }
    }
    .boxed_local()
}

fn fetch<'a>(world: &'a mut World, version: &'static str) -> LocalBoxFuture<'a, ()> {
    async move {
        world.answer = None;
        let Some(run) = world.run.clone() else { return };
        let Some(patient) = fill(world, "{id}") else {
            return;
        };
        let capability = world.scenario.as_ref().map(|s| s.capability.to_string());
        let params = vec![
            ("patient".to_owned(), patient),
            ("type".to_owned(), DISCHARGE_SUMMARY.to_owned()),
        ];
        let search = run.request("Composition", params.clone(), capability.clone());
        let Some(page) = get(world, search, Purpose::Setup).await else {
            return;
        };
        let found = match &page.body {
            Body::Tree(tree) => newest(tree.root()),
            Body::Empty | Body::NotJson { .. } => None,
        };
        let Some(id) = found else {
            world.stop(
                SkipReason::NotObservable,
                "SETUP-DOCUMENT",
                "the search for a discharge summary of the patient finds none",
                "Load the person from the data sheet. A system that gives its documents in another way is tested \
                 with plumbline content on exported files.",
            );
            return;
        };
        let path = format!("Composition/{id}/$document");
        let mut request = run.request(&path, Vec::new(), capability);
        request.accept = format!("application/fhir+json; fhirVersion={version}");
        let Some(page) = get(world, request, Purpose::Setup).await else {
            return;
        };
        world.answer = Some(Answered {
            pages: vec![page],
            followed: Followed::No,
            resource_type: "Bundle".to_owned(),
            params,
            may_be_refused: false,
            transport: None,
            tried: None,
        });
    }
    .boxed_local()
}

/// The id of the discharge summary with the latest date.
fn newest(root: Node<'_>) -> Option<String> {
    let entries = root.get("entry")?;
    let compositions = entries.items().filter_map(|entry| {
        let resource = entry.get("resource")?;
        let text = |name: &str| resource.get(name).and_then(Node::as_str);
        let is_one = text("resourceType") == Some("Composition");
        let id = text("id").filter(|id| is_one && is_id(id))?;
        Some((text("date").unwrap_or_default(), id))
    });
    // Dates of one form sort as texts; of two with the same date the last one is taken.
    compositions
        .max_by_key(|(date, _)| *date)
        .map(|(_, id)| id.to_owned())
}
