//! Whether the test patients of target.toml are held, and born when the data sheet says.
//! Not for the rest of their records, which `plumbline actors check` compares. Of an answer, nothing
//! is passed on but whether it fits.

use crate::finding::{Blame, Finding};
use plumbline_http::{Answer, NoAnswer, Outcome};
use plumbline_model::{ActorRole, Person};
use plumbline_pack::{ActorEntry, TargetFile};
use plumbline_tree::{Limits, Node, Tree};
use std::collections::BTreeMap;

/// The check.
pub(crate) const PATIENTS: &str = "test patients";

/// More than this many missing patients are told in one finding.
const MOST_TOLD: usize = 3;

/// What a search for one patient showed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    /// Held, and nothing speaks against it being the person of the data sheet.
    Held,
    /// Held, but born at another time.
    OtherBirthDate,
    /// Not in the result.
    Absent,
    /// The answer shows neither.
    Unclear(String),
}

/// The findings, from the answers to a search by NHS number for each role.
pub(crate) fn findings(
    target: &TargetFile,
    people: &BTreeMap<ActorRole, Person>,
    answers: &BTreeMap<ActorRole, Answer>,
) -> Vec<Finding> {
    let mut held = 0_usize;
    let (mut absent, mut findings, mut unclear) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut hidden = 0_usize;
    for (role, entry) in &target.actors {
        if people.get(role).is_some_and(|person| !may_be_found(person)) {
            hidden += 1;
            continue;
        }
        let seen = match answers.get(role) {
            Some(answer) => look(answer, entry, people.get(role)),
            None => Seen::Unclear("the agreed number of requests has been used up".to_owned()),
        };
        match seen {
            Seen::Held => held += 1,
            Seen::Absent => absent.push(role),
            Seen::OtherBirthDate => findings.push(problem(
                format!("actors.{role}"),
                "the patient under this NHS number has another birth date than the data sheet".to_owned(),
                "Load the person again from the data sheet, or give the number of the patient who was \
                 loaded; for a patient of your own, add data_sheet = false.",
            )),
            Seen::Unclear(why) => *unclear.entry(why).or_insert(0_usize) += 1,
        }
    }
    let all = target.actors.len();
    if absent.len() > MOST_TOLD {
        let seen = format!(
            "{} of {all} are not found by their NHS numbers",
            absent.len()
        );
        findings.push(problem("actors".to_owned(), seen, NEXT_ABSENT));
    } else {
        findings.extend(absent.into_iter().map(|role| {
            let seen = "no patient is found by this NHS number".to_owned();
            problem(format!("actors.{role}"), seen, NEXT_ABSENT)
        }));
    }
    findings.extend(unclear.into_iter().map(|(why, count)| {
        Finding::not_checked(
            PATIENTS,
            format!("{count} of {all} could not be looked up: {why}"),
        )
    }));
    if hidden > 0 {
        findings.push(Finding::not_checked(
            PATIENTS,
            format!(
                "{hidden} of {all} must not be found by a search, or not before the run, so whether \
                 they are as on the data sheet does not show"
            ),
        ));
    }
    if held > 0 {
        let seen = format!(
            "{held} of {all} are found by their NHS numbers; plumbline actors check compares their records"
        );
        findings.insert(0, Finding::ok(PATIENTS, seen));
    }
    if findings.is_empty() {
        findings.push(Finding::not_checked(PATIENTS, "[actors] names none"));
    }
    findings
}

/// Whether a search may find the person before a run: not who has left, or whom PDS does not bear
/// out, or who is to be registered.
fn may_be_found(person: &Person) -> bool {
    person
        .gp
        .as_ref()
        .is_none_or(|gp| gp.registration == "active" && gp.pds == "verified")
}

const NEXT_ABSENT: &str = "Load the person from the data sheet (plumbline datasheet), or give the NHS number under which your \
     test system holds the patient.";

fn problem(field: String, seen: String, next: &str) -> Finding {
    Finding::problem(PATIENTS, Blame::Configuration, seen, next).in_field(field)
}

fn look(answer: &Answer, entry: &ActorEntry, person: Option<&Person>) -> Seen {
    let response = match &answer.outcome {
        Outcome::Response(response) => response,
        Outcome::NoAnswer(why) => return Seen::Unclear(words(*why)),
    };
    if response.status != 200 {
        return Seen::Unclear(format!("status {}", response.status));
    }
    let Ok(tree) = Tree::parse(response.body.clone(), &Limits::default()) else {
        return Seen::Unclear("no JSON that can be read".to_owned());
    };
    if text(tree.root(), "resourceType") != Some("Bundle") {
        return Seen::Unclear("an answer that is no Bundle".to_owned());
    }
    let entries = tree.root().get("entry").into_iter().flat_map(Node::items);
    let patient = entries
        .filter_map(|entry| entry.get("resource"))
        .filter(|resource| text(*resource, "resourceType") == Some("Patient"))
        .find(|patient| has_number(*patient, &entry.nhs_number));
    let Some(patient) = patient else {
        return Seen::Absent;
    };
    let sheet = person.filter(|_| entry.data_sheet);
    // A date that is not shown says nothing: leaving it out may be the system's fault.
    match (sheet, text(patient, "birthDate")) {
        (Some(person), Some(date)) if person.identity.birth_date.as_deref() != Some(date) => {
            Seen::OtherBirthDate
        }
        _ => Seen::Held,
    }
}

fn words(why: NoAnswer) -> String {
    why.to_string()
}

fn text<'t>(node: Node<'t>, name: &str) -> Option<&'t str> {
    node.get(name).and_then(Node::as_str)
}

fn has_number(patient: Node<'_>, number: &str) -> bool {
    let mut identifiers = patient.get("identifier").into_iter().flat_map(Node::items);
    identifiers.any(|one| text(one, "value").is_some_and(|value| value.replace(' ', "") == number))
}
