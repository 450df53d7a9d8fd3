//! That an answer gives nothing away about the patient in play. Not for the patient's NHS number,
//! which the client sent itself.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::fold::fold;
use crate::held;
use crate::observed::{BodyState, Expectation, Observed, Page};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Person, Shown, SkipReason};

pub(crate) const CHECK: Check = Check {
    code: "NO-TRACE",
    name: "Nothing given away",
    doc: CheckDoc {
        what: "Whatever the status, no answer holds a Patient, and no text in body or headers holds the family name, a given name, the date of birth, the postcode or a telephone number of the patient in play. An answer that is neither a searchset nor a refusal is not judged.",
        why: "The whereabouts of some patients are kept secret because somebody means them harm; a system that names them, even in an error, gives them away.",
        conformant: "an empty searchset, or an OperationOutcome that says nothing about the person",
        not_conformant: "a Patient without address, or diagnostics with the name",
        source: "The requirement names the section of the standard",
    },
    next_step: "Answer as if the patient were not held, in every part of the answer",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(person) = held::person(&mut sheet, expectation) else {
        return sheet.finish();
    };
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
        return sheet.finish();
    }
    let secrets = Secrets::of(person);
    for (index, page) in observed.pages.iter().enumerate() {
        for (name, value) in page.all_headers() {
            if let Some(what) = secrets.found_in(value) {
                let message = format!("the header {name} gives away the {what} of the patient");
                told(&mut sheet, At::page(index), message);
            }
        }
        if !is_an_answer(page) {
            sheet.undecided(
                SkipReason::NotObservable,
                At::page(index),
                "the answer is neither a result nor a refusal, so it does not show what the system gives away",
                Shown::ours(format!("status {}", page.status)),
                "Answer with a searchset Bundle or an OperationOutcome first; then this rule can be judged",
            );
        }
        match &page.body {
            BodyState::Empty => sheet.saw(1),
            BodyState::NotJson { .. } => {}
            BodyState::Tree(tree) => {
                sheet.saw(1);
                for node in tree.nodes() {
                    if text(node, "resourceType") == Some("Patient") {
                        told(
                            &mut sheet,
                            At::node(index, node),
                            "the answer holds a Patient",
                        );
                    } else if let Some(what) = node.as_str().and_then(|own| secrets.found_in(own)) {
                        let message = format!("the answer gives away the {what} of the patient");
                        told(&mut sheet, At::node(index, node), message);
                    }
                }
            }
        }
    }
    sheet.finish()
}

/// Whether a page is a searchset, or a refusal without a body or with an `OperationOutcome`.
fn is_an_answer(page: &Page<'_>) -> bool {
    let refuses = (400..500).contains(&page.status);
    match &page.body {
        BodyState::Empty => refuses,
        BodyState::NotJson { .. } => false,
        BodyState::Tree(tree) => {
            let root = tree.root();
            let is_searchset = text(root, "type") == Some("searchset");
            !page.has_duplicate_names()
                && match text(root, "resourceType") {
                    Some("Bundle") => page.is_success() && is_searchset,
                    Some("OperationOutcome") => refuses,
                    _ => false,
                }
        }
    }
}

fn told(sheet: &mut Sheet, at: At<'_>, message: impl Into<String>) {
    let expected = Shown::ours("nothing about the patient");
    sheet.broken(
        at,
        message,
        expected,
        Shown::ours("something about the patient"),
    );
}

/// What must not be told, with what it is.
struct Secrets {
    /// Folded words of at least three letters.
    words: Vec<(&'static str, String)>,
    /// Texts without spaces.
    runs: Vec<(&'static str, String)>,
}

impl Secrets {
    fn of(person: &Person) -> Self {
        let identity = &person.identity;
        let given = identity.given.iter().map(|name| ("given name", name));
        let mut words: Vec<_> = given
            .chain([("family name", &identity.family)])
            .flat_map(|(what, name)| {
                let folded = fold(name);
                let parts = folded.split(|c: char| !c.is_alphanumeric());
                let parts: Vec<_> = parts.map(|part| (what, part.to_owned())).collect();
                parts
            })
            .collect();
        words.retain(|(_, word)| word.chars().count() >= 3);
        let dates = identity.birth_date.iter();
        let mut runs: Vec<_> = dates.map(|date| ("date of birth", date.clone())).collect();
        let address = identity.address.iter();
        runs.extend(address.map(|address| ("postcode", squeezed(&address.postcode))));
        let telecoms = person.gp.iter().flat_map(|gp| &gp.telecom);
        runs.extend(telecoms.map(|telecom| ("telephone number", squeezed(&telecom.value))));
        Self { words, runs }
    }

    /// What of it stands in a text.
    fn found_in(&self, text: &str) -> Option<&'static str> {
        let folded = fold(text);
        let mut words = folded.split(|c: char| !c.is_alphanumeric());
        let word = words.find_map(|word| self.words.iter().find(|(_, own)| own == word));
        let squeezed = squeezed(text);
        let run = || {
            self.runs
                .iter()
                .find(|(_, own)| squeezed.contains(own.as_str()))
        };
        word.or_else(run).map(|(what, _)| *what)
    }
}

fn squeezed(text: &str) -> String {
    let mut squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    squeezed.make_ascii_uppercase();
    squeezed
}
