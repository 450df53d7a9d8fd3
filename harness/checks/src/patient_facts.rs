//! Whether the patient in play is sent with the details of the data sheet. Not for clinical records.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::fold::fold;
use crate::held;
use crate::identity::{Owner, has_local_identifier, identifiers, patient_owner};
use crate::observed::{Expectation, Observed};
use crate::reading::{Hit, Reading, text};
use crate::refusal::refused;
use crate::sheet::{At, Sheet};
use plumbline_model::{Identity, Shown, SkipReason, ValueKind};
use plumbline_tree::{Kind, Node};

pub(crate) const CHECK: Check = Check {
    code: "PATIENT-FACTS",
    name: "Details of the patient",
    doc: CheckDoc {
        what: "The Patient with the NHS number of the patient in play has the family name, given names, gender and birth date of the facts, no birth date if the facts have none, and the postcode, in an address that is not an old one, and local identifier if the facts have them. Case and accents of names, and spaces in postcodes, do not count.",
        why: "A clinician knows a patient by name and birth date; if those are another's, the record is put aside or the wrong one is used. And every other rule is judged against these facts.",
        conformant: r#"{"name": [{"family": "Thistlewood", "given": ["Margery", "Ann"]}], "gender": "female", "birthDate": "1951-03-14"}"#,
        not_conformant: r#"the same person with "birthDate": "1951-04-13""#,
        source: "FHIR R4, Patient; the data sheet of the test patient",
    },
    next_step: "Load the test patient as on its data sheet; if it is loaded so, find out why this element is sent otherwise",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(person) = held::person(&mut sheet, expectation) else {
        return sheet.finish();
    };
    let Some(number) = expectation.nhs_number else {
        sheet.undecided(
            SkipReason::NoActor,
            At::page(0),
            "no identifier of the patient is known",
            Shown::ours("no NHS number in target.toml"),
            "Map the role to a test patient in target.toml",
        );
        return sheet.finish();
    };
    if refused(&mut sheet, observed) {
        return sheet.finish();
    }
    let reading = Reading::of(observed);
    sheet.gaps(&reading);
    let mut own = Vec::new();
    let mut unknown = 0_usize;
    for hit in reading
        .matches()
        .filter(|hit| hit.resource_type == "Patient")
    {
        match patient_owner(hit.resource, number) {
            Owner::Same => own.push(hit),
            Owner::Unknown(_) => unknown += 1,
            Owner::Other(_) | Owner::Missing => {}
        }
    }
    for hit in &own {
        let details = Details {
            hit,
            identity: &person.identity,
        };
        details.judge(&mut sheet, expectation.local_identifier);
    }
    if own.is_empty() {
        absent(&mut sheet, &reading, unknown);
    }
    sheet.finish()
}

fn absent(sheet: &mut Sheet, reading: &Reading<'_>, unknown: usize) {
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
    } else if !reading.searchsets.is_empty() || !reading.hits.is_empty() {
        sheet.saw(1);
        let place = reading
            .searchsets
            .first()
            .map_or(At::page(0), |(page, bundle)| At::node(*page, *bundle));
        let count = reading.matches().count();
        sheet.broken(
            place,
            "the result does not hold the patient",
            Shown::ours("a Patient with the NHS number of the patient in play"),
            Shown::ours(format!("{count} records, none of which is the patient")),
        );
    }
}

/// One Patient beside the facts.
struct Details<'a> {
    hit: &'a Hit<'a>,
    identity: &'a Identity,
}

impl<'a> Details<'a> {
    fn judge(&self, sheet: &mut Sheet, local: Option<&str>) {
        self.name(sheet);
        self.gender(sheet);
        self.birth_date(sheet);
        self.postcode(sheet);
        self.local_identifier(sheet, local);
    }

    fn name(&self, sheet: &mut Sheet) {
        let patient = self.hit.resource;
        let names = listed(patient, "name");
        let facts = self.identity;
        let given = facts.given.join(" ");
        let is_right = |name: &Node<'_>| {
            fold_words(&family(*name)) == fold_words(&facts.family)
                && fold_words(&given_names(*name)) == fold_words(&given)
        };
        sheet.saw(2);
        let current: Vec<Node<'_>> = names.iter().copied().filter(|n| is_current(*n)).collect();
        if current.iter().any(is_right) {
            return;
        }
        // The difference is told of the name that stands for the patient today.
        let with_use = |wanted| current.iter().find(|n| text(**n, "use") == Some(wanted));
        let shown = with_use("official")
            .or_else(|| with_use("usual"))
            .or_else(|| current.first());
        let parts = [
            (
                "family",
                "family name",
                facts.family.as_str(),
                shown.map(|n| family(*n)),
            ),
            (
                "given",
                "given names",
                given.as_str(),
                shown.map(|n| given_names(*n)),
            ),
        ];
        for (element, title, wanted, found) in parts {
            let found = found.unwrap_or_default();
            if fold_words(&found) == fold_words(wanted) {
                continue;
            }
            let place = shown.map_or(patient, |name| name.get(element).unwrap_or(*name));
            let found = Some(found).filter(|found| !found.is_empty());
            self.differs(
                sheet,
                place,
                title,
                (ValueKind::Name, wanted),
                found.as_deref(),
            );
        }
    }

    fn gender(&self, sheet: &mut Sheet) {
        sheet.saw(1);
        let wanted = self.identity.gender.as_str();
        let found = text(self.hit.resource, "gender");
        if found != Some(wanted) {
            let place = self.element("gender");
            self.differs(sheet, place, "gender", (ValueKind::Code, wanted), found);
        }
    }

    fn birth_date(&self, sheet: &mut Sheet) {
        sheet.saw(1);
        let place = self.element("birthDate");
        let found = text(self.hit.resource, "birthDate");
        match self.identity.birth_date.as_deref() {
            Some(wanted) if found != Some(wanted) => {
                self.differs(sheet, place, "birth date", (ValueKind::Date, wanted), found);
            }
            None if self.hit.resource.get("birthDate").is_some() => {
                let actual = found.map_or_else(
                    || Shown::ours("a birth date that is no text"),
                    |date| Shown::ours("birth date ").value(ValueKind::Date, date),
                );
                sheet.broken(
                    self.hit.at_node(place),
                    "the birth date of the patient is not that of the facts",
                    Shown::ours("no birth date"),
                    actual,
                );
            }
            Some(_) | None => {}
        }
    }

    fn postcode(&self, sheet: &mut Sheet) {
        let Some(address) = &self.identity.address else {
            return;
        };
        sheet.saw(1);
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(|c| !c.is_whitespace());
            letters.flat_map(char::to_uppercase).collect()
        };
        let found: Vec<&str> = listed(self.hit.resource, "address")
            .into_iter()
            .filter(|address| text(*address, "use") != Some("old"))
            .filter_map(|address| text(address, "postalCode"))
            .collect();
        let wanted = address.postcode.as_str();
        if !found.iter().any(|own| plain(own) == plain(wanted)) {
            let place = self.element("address");
            let first = found.first().copied();
            self.differs(sheet, place, "postcode", (ValueKind::Text, wanted), first);
        }
    }

    fn local_identifier(&self, sheet: &mut Sheet, local: Option<&str>) {
        let Some(fact) = &self.identity.local_identifier else {
            return;
        };
        sheet.saw(1);
        // What the target file says of this target goes before the data sheet.
        let sheet_form = format!("{}|{}", fact.system, fact.value);
        let wanted = local.unwrap_or(&sheet_form);
        if !has_local_identifier(self.hit.resource, wanted) {
            let (system, value) = wanted
                .split_once('|')
                .map_or((None, wanted), |(system, value)| (Some(system), value));
            let place = self.element("identifier");
            let same_system = |node: &Node<'_>| {
                system.is_some_and(|system| text(*node, "system") == Some(system))
            };
            let found = identifiers(self.hit.resource)
                .into_iter()
                .find(same_system)
                .and_then(|node| text(node, "value"));
            let kind = ValueKind::Identifier;
            self.differs(sheet, place, "local identifier", (kind, value), found);
        }
    }

    /// The element, or the Patient where it is missing.
    fn element(&self, name: &str) -> Node<'a> {
        self.hit.resource.get(name).unwrap_or(self.hit.resource)
    }

    fn differs(
        &self,
        sheet: &mut Sheet,
        place: Node<'_>,
        title: &str,
        (kind, wanted): (ValueKind, &str),
        found: Option<&str>,
    ) {
        let actual = found.map_or_else(
            || Shown::ours(format!("no {title}")),
            |value| Shown::ours(format!("{title} ")).value(kind, value),
        );
        sheet.broken(
            self.hit.at_node(place),
            format!("the {title} of the patient {} of the facts", verb(title)),
            Shown::ours(format!("{title} ")).value(kind, wanted),
            actual,
        );
    }
}

fn verb(title: &str) -> &'static str {
    if title.ends_with('s') {
        "are not those"
    } else {
        "is not that"
    }
}

/// The values of an element, also where they were not put into a list.
fn listed<'a>(patient: Node<'a>, element: &str) -> Vec<Node<'a>> {
    patient.get(element).map_or_else(Vec::new, |node| {
        if node.kind() == Kind::Array {
            node.items().collect()
        } else {
            vec![node]
        }
    })
}

/// Whether a name is one that the patient has today.
fn is_current(name: Node<'_>) -> bool {
    !matches!(
        text(name, "use"),
        Some("old" | "maiden" | "nickname" | "anonymous")
    )
}

fn family(name: Node<'_>) -> String {
    text(name, "family").unwrap_or_default().to_owned()
}

fn given_names(name: Node<'_>) -> String {
    let given = listed(name, "given");
    let texts: Vec<&str> = given.iter().filter_map(|node| node.as_str()).collect();
    texts.join(" ")
}

/// Folded, with one space between words, so that "Margery Ann" is the same as two names.
fn fold_words(text: &str) -> String {
    let folded = fold(text);
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
