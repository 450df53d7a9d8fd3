//! Whether a test patient who was not found is held at all, and as the data sheet says. A role that is
//! mapped to nobody, or to somebody else, is a mistake in target.toml and no failure of the target.
//! Not for what the target does to a patient whom it does hold: that stays as the checks found it.

use crate::context::{Context, NHS_NUMBER_SYSTEM};
use crate::exchange::{Purpose, get};
use crate::world::{Body, World};
use plumbline_model::facts::Identity;
use plumbline_model::{Draft, ErrorKind, FindingCode, FindingKind, Shown};
use plumbline_tree::{Node, Tree};

/// The check that misses the patient.
const MISSES_PATIENT: &str = "RESULT-HELD";
/// The check that misses any result, among other things.
const MISSES_RESULTS: &str = "RESULT-MATCH";

/// What control requests show of the patient.
enum Held {
    /// By this search or another, as the data sheet says in everything that was searched for; or
    /// nothing can be said, because control requests are not answered as they should be.
    AsOnTheSheet,
    /// Under the NHS number, but with another value of this element.
    Otherwise(&'static str),
    /// By no search.
    Not,
}

/// Takes back that a search did not find the patient in play, if no other search does either.
/// Not where the standard gives every request a name: it has one way to find a patient, so nothing
/// can be held against that.
pub(crate) async fn doubt(world: &mut World) {
    if world
        .run
        .as_ref()
        .is_some_and(|run| !run.interactions.is_empty())
    {
        return;
    }
    let misses = |draft: &Draft, code: &str| {
        draft.kind == FindingKind::Broken && draft.code.as_str() == code
    };
    let misses_any = |draft| misses(draft, MISSES_PATIENT) || misses(draft, MISSES_RESULTS);
    if !world.drafts.iter().any(misses_any) {
        return;
    }
    let is_empty = match searched(world) {
        Some(Searched::Empty) => true,
        Some(Searched::Some) => false,
        None => return,
    };
    let is_missing =
        |draft: &Draft| misses(draft, MISSES_PATIENT) || is_empty && misses(draft, MISSES_RESULTS);
    if !world.drafts.iter().any(is_missing) {
        return;
    }
    let drafts = std::mem::take(&mut world.drafts);
    let held = look(world).await;
    world.drafts = drafts;
    let (message, next) = match held {
        Held::AsOnTheSheet => return,
        Held::Otherwise(element) => (
            format!(
                "the system holds the test patient with another {element} than the data sheet, so it \
                 is right not to find the patient"
            ),
            "Load the person again from the data sheet, or map the role to another patient; plumbline \
             actors check compares them. If the system changed what was loaded, that is its fault.",
        ),
        Held::Not => (
            "no search finds the test patient, neither by NHS number nor by name, so the system does \
             not seem to hold the person"
                .to_owned(),
            "Load the person from the data sheet, or correct the NHS number of the role under [actors] \
             in target.toml; plumbline doctor lists all that are missing.",
        ),
    };
    world.drafts.retain(|draft| !is_missing(draft));
    world.drafts.push(Draft {
        code: FindingCode::from("SETUP-NOT-HELD"),
        kind: FindingKind::Error(ErrorKind::Configuration),
        message,
        expected: Shown::default(),
        actual: Shown::default(),
        next_step: next.to_owned(),
        page: 0,
        location: plumbline_model::Location::default(),
    });
}

/// What a search for patients brought.
enum Searched {
    Empty,
    Some,
}

/// What the judged answer brought, if it is the result of a search for patients.
fn searched(world: &World) -> Option<Searched> {
    let answer = world.answer.as_ref()?;
    if answer.resource_type != "Patient" || answer.params.is_empty() || answer.pages.is_empty() {
        return None;
    }
    let mut found = Searched::Empty;
    for page in &answer.pages {
        let Body::Tree(tree) = &page.body else {
            return None;
        };
        let kind = tree.root().get("resourceType").and_then(Node::as_str);
        if page.status != 200 || kind != Some("Bundle") {
            return None;
        }
        if patients(tree).next().is_some() {
            found = Searched::Some;
        }
    }
    Some(found)
}

/// Asks for the patient by NHS number, and where that finds nobody in the ways of the data sheet.
async fn look(world: &mut World) -> Held {
    let Some(actor) = world.actor.clone() else {
        return Held::AsOnTheSheet;
    };
    // Of a patient without a data sheet nothing else is known, so nothing speaks against the check.
    let Some(person) = actor.person else {
        return Held::AsOnTheSheet;
    };
    let (sheet, number) = (&person.identity, actor.nhs_number.as_str());
    let asked: Vec<String> = world
        .answer
        .iter()
        .flat_map(|answer| &answer.params)
        .map(|(name, _)| name.clone())
        .collect();
    let mut others = 0_usize;
    for (way, query) in ways(sheet, number).into_iter().enumerate() {
        let found = ask(world, query).await;
        for patient in found.iter().flat_map(|tree| patients(tree)) {
            if !has_number(patient, number) {
                continue;
            }
            // Found by what the data sheet says, so that much is held.
            if way > 0 {
                return Held::AsOnTheSheet;
            }
            return match differs(patient, sheet, &asked) {
                Some(element) => Held::Otherwise(element),
                None => Held::AsOnTheSheet,
            };
        }
        // A system that does not hold the patient answers this search with an empty result. One that
        // answers it with somebody else, or not at all, is wrong in any case.
        if way == 0 && !found.as_deref().is_some_and(is_empty_result) {
            return Held::AsOnTheSheet;
        }
        others += usize::from(way > 0 && found.is_some());
    }
    // Where the system serves no other search, the one that is judged is all there is.
    if others == 0 {
        Held::AsOnTheSheet
    } else {
        Held::Not
    }
}

type Query = Vec<(String, String)>;

/// The searches that a system is likely to offer, that by NHS number first.
fn ways(sheet: &Identity, number: &str) -> Vec<Query> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let family = pair("family", &sheet.family);
    let mut ways = vec![vec![pair(
        "identifier",
        &format!("{NHS_NUMBER_SYSTEM}|{number}"),
    )]];
    ways.extend(
        sheet
            .birth_date
            .as_deref()
            .map(|date| vec![family.clone(), pair("birthdate", date)]),
    );
    ways.push(vec![family, pair("gender", &sheet.gender)]);
    ways.push(vec![pair("name", &sheet.family)]);
    ways
}

/// The result of a control request, if it is served; it is kept as evidence and judged by nobody.
async fn ask(world: &mut World, query: Query) -> Option<std::sync::Arc<Tree>> {
    let run = world.run.clone()?;
    let request = Context::request(&run, "Patient", query, None);
    let page = get(world, request, Purpose::Control).await?;
    match page.body {
        Body::Tree(tree) if page.status == 200 && is_bundle(&tree) => Some(tree),
        Body::Tree(_) | Body::Empty | Body::NotJson { .. } => None,
    }
}

fn is_bundle(tree: &Tree) -> bool {
    text(tree.root(), "resourceType") == Some("Bundle")
}

fn is_empty_result(tree: &Tree) -> bool {
    is_bundle(tree) && patients(tree).next().is_none()
}

/// The patients of a result.
fn patients(tree: &Tree) -> impl Iterator<Item = Node<'_>> {
    let entries = tree.root().get("entry").into_iter().flat_map(Node::items);
    entries
        .filter_map(|entry| entry.get("resource"))
        .filter(|resource| text(*resource, "resourceType") == Some("Patient"))
}

fn text<'t>(node: Node<'t>, name: &str) -> Option<&'t str> {
    node.get(name).and_then(Node::as_str)
}

fn has_number(patient: Node<'_>, number: &str) -> bool {
    let mut identifiers = patient.get("identifier").into_iter().flat_map(Node::items);
    identifiers.any(|one| text(one, "value").is_some_and(|value| value.replace(' ', "") == number))
}

/// The first element that was searched for and that the patient has otherwise than the data sheet.
/// One that is not shown says nothing: leaving it out may be the system's fault.
fn differs(patient: Node<'_>, sheet: &Identity, asked: &[String]) -> Option<&'static str> {
    let was_asked = |names: &[&str]| asked.iter().any(|name| names.contains(&name.as_str()));
    let shown = |name: &str| text(patient, name);
    if was_asked(&["birthdate"])
        && shown("birthDate").is_some_and(|date| sheet.birth_date.as_deref() != Some(date))
    {
        return Some("birth date");
    }
    if was_asked(&["gender"]) && shown("gender").is_some_and(|gender| gender != sheet.gender) {
        return Some("gender");
    }
    let names = patient.get("name").into_iter().flat_map(Node::items);
    let mut families = names
        .filter_map(|name| text(name, "family"))
        .map(str::to_lowercase)
        .peekable();
    if was_asked(&["family", "name"])
        && families.peek().is_some()
        && families.all(|family| family != sheet.family.to_lowercase())
    {
        return Some("family name");
    }
    None
}
