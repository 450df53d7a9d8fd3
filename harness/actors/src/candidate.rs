//! What a patient of the target is like, read from its answers: only what a role can ask for.
//! Values stay in memory: nothing here prints, and types that hold names have no `Debug`.

use crate::area::Area;
use plumbline_model::{NumberFault, StatusForm, clinical_type, nhs_number_fault};
use plumbline_tree::{Node, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// The naming system of the NHS number.
pub const NHS_NUMBER_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// Candidates that are looked at, at most.
pub const MOST_CANDIDATES: usize = 50;
/// The code system of an allergy's clinical status.
const ALLERGY_STATUS: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const SNOMED_CT: &str = "http://snomed.info/sct";

/// A patient of the target who could play a role.
#[derive(Clone)]
pub struct Candidate {
    /// The NHS number.
    pub nhs_number: String,
    /// Who it is.
    pub details: Details,
    /// What it holds, for the areas that were read.
    pub held: BTreeMap<Area, Held>,
}

/// What a role can ask of a Patient.
#[derive(Clone, PartialEq, Eq)]
pub struct Details {
    /// The target's own id.
    pub id: String,
    /// Family name.
    pub family: Option<String>,
    /// Administrative gender.
    pub gender: Option<String>,
    /// Date of birth as written.
    pub birth_date: Option<String>,
    /// Whether there is an address with some content.
    pub has_address: bool,
}

/// The records of one area.
#[derive(Clone, PartialEq, Eq)]
pub enum Held {
    /// All of them were read.
    All(Vec<Seen>),
    /// They could not be read; why, in our words.
    Unknown(String),
}

/// One record of the patient.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its status, if it has one.
    pub status: Option<String>,
    /// Its SNOMED CT codes.
    pub codes: Vec<String>,
}

/// A line of a file of candidates that is no NHS number. Never holds the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateFileFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub cause: &'static str,
}

/// The NHS numbers in a file, one a line, each once, in order. Empty lines and what follows a `#`
/// do not count.
pub fn candidate_numbers(text: &str) -> Result<Vec<String>, CandidateFileFault> {
    let mut numbers = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, text) in (1..).zip(text.lines()) {
        let number = text.split('#').next().unwrap_or_default().trim();
        if number.is_empty() || numbers.iter().any(|known| known == number) {
            continue;
        }
        let cause = match nhs_number_fault(number) {
            None => {
                numbers.push(number.to_owned());
                continue;
            }
            Some(NumberFault::Form | NumberFault::NotAConcept) => {
                "this is not an NHS number of ten digits"
            }
            Some(NumberFault::Repeated) => "the NHS number is one digit ten times",
            Some(NumberFault::CheckDigit) => "the check digit of the NHS number is wrong",
        };
        return Err(CandidateFileFault { line, cause });
    }
    Ok(numbers)
}

/// The patients on a page of a list of patients.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// NHS numbers of the test range, each once, in order.
    pub numbers: Vec<String>,
    /// How many other patients there are on the page.
    pub ignored: usize,
}

/// Reads a page of a list of patients; `None` if it is not a searchset.
pub fn listed(page: &Tree) -> Option<Listed> {
    let mut listed = Listed::default();
    for patient in matches(page.root())?.filter(|r| text(*r, "resourceType") == Some("Patient")) {
        let numbers: BTreeSet<String> = nhs_numbers(patient)
            .filter(|number| nhs_number_fault(number).is_none() && number.starts_with("999"))
            .collect();
        match (numbers.len(), numbers.into_iter().next()) {
            (1, Some(number)) if !listed.numbers.contains(&number) => listed.numbers.push(number),
            _ => listed.ignored += 1,
        }
    }
    Some(listed)
}

/// Reads the answer to a search by NHS number; the error says in our words why it tells nothing.
pub fn details(page: &Tree, nhs_number: &str) -> Result<Details, &'static str> {
    let found =
        matches(page.root()).ok_or("the answer to the search by NHS number is no result")?;
    let own = |patient: &Node<'_>| {
        let mut numbers = nhs_numbers(*patient);
        text(*patient, "resourceType") == Some("Patient") && numbers.any(|n| n == nhs_number)
    };
    let mut own = found.filter(own);
    let patient = own
        .next()
        .ok_or("the search by NHS number does not return the patient")?;
    if own.next().is_some() {
        return Err("the search by NHS number returns more than one record");
    }
    let id = text(patient, "id").filter(|id| {
        let safe = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        id.chars().all(safe)
    });
    let owned = |name: &str| text(patient, name).map(str::to_owned);
    let names = || patient.get("name").into_iter().flat_map(Node::items);
    let official = names().find(|name| text(*name, "use") == Some("official"));
    let name = official.or_else(|| names().next());
    let addresses = patient.get("address").into_iter().flat_map(Node::items);
    Ok(Details {
        id: id
            .ok_or("the Patient has no id that can be used")?
            .to_owned(),
        family: name.and_then(|n| text(n, "family")).map(str::to_owned),
        gender: owned("gender"),
        birth_date: owned("birthDate"),
        has_address: addresses.into_iter().any(|a| !a.is_empty()),
    })
}

/// The patient's own records of an area on all pages of a search; `None` if a page is no result.
/// Records that do not refer to the patient are not counted.
pub fn records(
    pages: &[Tree],
    area: Area,
    details: &Details,
    nhs_number: &str,
) -> Option<Vec<Seen>> {
    let mut seen = Vec::new();
    let mut ids = BTreeSet::new();
    for page in pages {
        let of_type = |r: &Node<'_>| text(*r, "resourceType") == Some(area.resource_type());
        for record in matches(page.root())?.filter(of_type) {
            let again = text(record, "id").is_some_and(|id| !ids.insert(id.to_owned()));
            if !again && refers_to(record, &details.id, nhs_number) {
                seen.push(read(record, area));
            }
        }
    }
    Some(seen)
}

fn read(record: Node<'_>, area: Area) -> Seen {
    let kind = clinical_type(area.resource_type());
    let status = match kind.map(|kind| kind.status_form) {
        Some(StatusForm::Code) => text(record, "status"),
        Some(StatusForm::ClinicalStatus { system }) => clinical_status(record, system),
        None => clinical_status(record, ALLERGY_STATUS),
    };
    let element = kind.map_or("code", |kind| kind.code_element);
    // Encounter.type repeats; the others stand alone.
    let concepts = record.get(element).into_iter();
    let concepts = concepts.flat_map(|node| node.items().chain(std::iter::once(node)));
    Seen {
        status: status.map(str::to_owned),
        codes: concepts
            .flat_map(|concept| concept.get("coding").into_iter().flat_map(Node::items))
            .filter(|coding| text(*coding, "system") == Some(SNOMED_CT))
            .filter_map(|coding| text(coding, "code").map(str::to_owned))
            .collect(),
    }
}

fn clinical_status<'t>(record: Node<'t>, system: &str) -> Option<&'t str> {
    let status = record.get("clinicalStatus")?.get("coding")?;
    let coding = status
        .items()
        .find(|c| text(*c, "system") == Some(system))?;
    text(coding, "code")
}

fn refers_to(record: Node<'_>, id: &str, nhs_number: &str) -> bool {
    let reference = record.get("patient").or_else(|| record.get("subject"));
    let Some(reference) = reference else {
        return false;
    };
    let by_id = text(reference, "reference").is_some_and(|address| {
        let versionless = address.split("/_history/").next().unwrap_or_default();
        let own = format!("Patient/{id}");
        versionless == own || versionless.ends_with(&format!("/{own}"))
    });
    let by_number = reference.get("identifier").is_some_and(|identifier| {
        text(identifier, "system") == Some(NHS_NUMBER_SYSTEM)
            && text(identifier, "value") == Some(nhs_number)
    });
    by_id || by_number
}

/// What comes after a page of a result.
#[derive(Clone, PartialEq, Eq)]
pub enum Next {
    /// A further page, by its address as sent.
    Page(String),
    /// Nothing: this is the end.
    End,
    /// The page is no searchset, or its link has no address.
    Unreadable,
}

/// What comes after a page of a result.
pub fn next_link(page: &Tree) -> Next {
    let root = page.root();
    if matches(root).is_none() {
        return Next::Unreadable;
    }
    let mut links = root.get("link").into_iter().flat_map(Node::items);
    match links.find(|link| text(*link, "relation") == Some("next")) {
        None => Next::End,
        Some(link) => text(link, "url").map_or(Next::Unreadable, |url| Next::Page(url.to_owned())),
    }
}

/// The records of a searchset that were searched for; `None` if it is none.
fn matches(root: Node<'_>) -> Option<impl Iterator<Item = Node<'_>>> {
    let is_searchset =
        text(root, "resourceType") == Some("Bundle") && text(root, "type") == Some("searchset");
    let entries = root.get("entry").into_iter().flat_map(Node::items);
    is_searchset.then(|| {
        entries
            .filter(|entry| {
                let mode = entry.get("search").and_then(|search| text(search, "mode"));
                mode != Some("include")
            })
            .filter_map(|entry| entry.get("resource"))
    })
}

fn nhs_numbers(patient: Node<'_>) -> impl Iterator<Item = String> {
    let identifiers = patient.get("identifier").into_iter().flat_map(Node::items);
    identifiers
        .filter(|identifier| text(*identifier, "system") == Some(NHS_NUMBER_SYSTEM))
        .filter_map(|identifier| text(identifier, "value"))
        .map(|value| value.replace([' ', '-'], ""))
}

/// A member that is a text with content.
fn text<'t>(node: Node<'t>, name: &str) -> Option<&'t str> {
    node.get(name)?
        .as_str()
        .filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_tree::Limits;

    fn tree(json: &str) -> Tree {
        Tree::parse(json.as_bytes().to_vec(), &Limits::default()).unwrap()
    }

    fn bundle(resources: &[&str]) -> Tree {
        let entries: Vec<_> = resources
            .iter()
            .map(|resource| format!("{{\"resource\": {resource}}}"))
            .collect();
        let entries = entries.join(",");
        tree(&format!(
            r#"{{"resourceType": "Bundle", "type": "searchset", "entry": [{entries}]}}"#
        ))
    }

    fn patient(number: &str, rest: &str) -> String {
        format!(
            r#"{{"resourceType": "Patient", "id": "p1", "identifier": [{{"system": "{NHS_NUMBER_SYSTEM}", "value": "{number}"}}]{rest}}}"#
        )
    }

    #[test]
    fn a_file_of_numbers() {
        let good = "\u{feff}9990000018\n\n# mine\n 9990000026  # second\r\n9990000018\n";
        assert_eq!(
            candidate_numbers(good).unwrap(),
            ["9990000018", "9990000026"]
        );
        for (text, line, words) in [
            ("9990000018\n9990000019", 2, "check digit"),
            ("999 000 0018", 1, "ten digits"),
            ("\nMargery", 2, "ten digits"),
            ("9999999999", 1, "ten times"),
        ] {
            let fault = candidate_numbers(text).unwrap_err();
            assert_eq!(fault.line, line);
            assert!(fault.cause.contains(words), "{}", fault.cause);
        }
    }

    #[test]
    fn a_list_gives_numbers_of_the_test_range_only() {
        let page = bundle(&[
            &patient("999 000 0018", ""),
            &patient("9990000018", ""),
            &patient("9990000019", ""),
            r#"{"resourceType": "Patient", "id": "x"}"#,
            &patient("9434765919", ""),
            r#"{"resourceType": "OperationOutcome"}"#,
        ]);
        let found = listed(&page).unwrap();
        assert_eq!(found.numbers, ["9990000018"]);
        assert_eq!(found.ignored, 4);
        assert!(listed(&tree(r#"{"resourceType": "Bundle", "type": "batch"}"#)).is_none());
    }

    #[test]
    fn details_of_one_patient() {
        let whole = r#", "gender": "male", "birthDate": "1968-11-23", "address": [{"city": "X"}],
            "name": [{"use": "old", "family": "No"}, {"use": "official", "family": "Yes"}]"#;
        let found = details(&bundle(&[&patient("9990000018", whole)]), "9990000018");
        let found = found.unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(found.family.as_deref(), Some("Yes"));
        assert_eq!(found.birth_date.as_deref(), Some("1968-11-23"));
        assert!(found.has_address && found.id == "p1");
        let bare = details(
            &bundle(&[&patient("9990000018", ", \"address\": [{}]")]),
            "9990000018",
        );
        let bare = bare.unwrap_or_else(|why| panic!("{why}"));
        assert!(!bare.has_address && bare.birth_date.is_none() && bare.family.is_none());
        let one = patient("9990000018", "");
        for (page, words) in [
            (bundle(&[]), "does not return"),
            (bundle(&[&patient("9990000026", "")]), "does not return"),
            (bundle(&[&one, &one]), "more than one"),
            (bundle(&[&one.replace("p1", "../x")]), "no id"),
            (tree("{}"), "no result"),
        ] {
            let why = details(&page, "9990000018").err().unwrap();
            assert!(why.contains(words), "{why}");
        }
    }

    #[test]
    fn only_the_patients_own_records_count_once() {
        let own = details(&bundle(&[&patient("9990000018", "")]), "9990000018");
        let own = own.unwrap_or_else(|why| panic!("{why}"));
        let record = |id: &str, status: &str, reference: &str| {
            format!(
                r#"{{"resourceType": "Immunization", "id": "{id}", "status": "{status}", "patient": {reference},
                "vaccineCode": {{"coding": [{{"system": "{SNOMED_CT}", "code": "1"}}, {{"code": "2"}}]}}}}"#
            )
        };
        let page = bundle(&[
            &record("a", "completed", r#"{"reference": "Patient/p1"}"#),
            &record("a", "completed", r#"{"reference": "Patient/p1"}"#),
            &record(
                "b",
                "not-done",
                r#"{"reference": "http://x/Patient/p1/_history/2"}"#,
            ),
            &record("c", "completed", r#"{"reference": "Patient/p10"}"#),
            &record("d", "completed", "{}"),
        ]);
        let area = Area::Records("Immunization");
        let seen = records(&[page], area, &own, "9990000018").unwrap();
        let statuses: Vec<_> = seen.iter().filter_map(|s| s.status.as_deref()).collect();
        assert_eq!(statuses, ["completed", "not-done"]);
        assert_eq!(seen[0].codes, ["1"]);
        assert!(records(&[tree("{}")], area, &own, "9990000018").is_none());
    }

    #[test]
    fn statuses_of_allergies_and_types_of_encounters() {
        let own = details(&bundle(&[&patient("9990000018", "")]), "9990000018");
        let own = own.unwrap_or_else(|why| panic!("{why}"));
        let allergy = format!(
            r#"{{"resourceType": "AllergyIntolerance", "patient": {{"identifier": {{"system": "{NHS_NUMBER_SYSTEM}", "value": "9990000018"}}}},
            "clinicalStatus": {{"coding": [{{"system": "other", "code": "x"}}, {{"system": "{ALLERGY_STATUS}", "code": "resolved"}}]}}}}"#
        );
        let seen = records(&[bundle(&[&allergy])], Area::Allergies, &own, "9990000018").unwrap();
        assert_eq!(seen[0].status.as_deref(), Some("resolved"));
        let encounter = format!(
            r#"{{"resourceType": "Encounter", "status": "finished", "subject": {{"reference": "Patient/p1"}},
            "type": [{{"coding": [{{"system": "{SNOMED_CT}", "code": "7"}}]}}]}}"#
        );
        let area = Area::Records("Encounter");
        let seen = records(&[bundle(&[&encounter])], area, &own, "9990000018").unwrap();
        assert_eq!(seen[0].codes, ["7"]);
    }

    #[test]
    fn the_next_page() {
        let with = |link: &str| {
            tree(&format!(
                r#"{{"resourceType": "Bundle", "type": "searchset", "link": [{link}]}}"#
            ))
        };
        let self_link = r#"{"relation": "self", "url": "a"}"#;
        assert!(next_link(&with(self_link)) == Next::End);
        let next = format!(r#"{self_link}, {{"relation": "next", "url": "b"}}"#);
        assert!(next_link(&with(&next)) == Next::Page("b".to_owned()));
        assert!(next_link(&with(r#"{"relation": "next"}"#)) == Next::Unreadable);
        assert!(next_link(&tree("[]")) == Next::Unreadable);
    }
}
