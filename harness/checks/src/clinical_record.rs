//! Reads one clinical record through what is known of its type: its code, its status and its date.
//! Not for facts about people or for searches: those compare what is read here.

use crate::dates::{self, Days};
use crate::medicine::{self, Medicine};
use crate::reading::{Reading, text};
use plumbline_model::{ClinicalType, StatusForm, clinical_type};
use plumbline_tree::{Kind, Node};

/// The code system of SNOMED CT.
pub(crate) const SNOMED_CT: &str = "http://snomed.info/sct";

/// Allergies, described as the other types are; their facts are kept apart (FHIR R4, `AllergyIntolerance`).
pub(crate) static ALLERGY: ClinicalType = ClinicalType {
    name: "AllergyIntolerance",
    title: "allergy",
    code_element: "code",
    status_form: StatusForm::ClinicalStatus {
        system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
    },
    status_parameter: "clinical-status",
    statuses: &["active", "inactive", "resolved"],
    date_parameter: "date",
    date_elements: &["recordedDate"],
};

/// What is known of a type of clinical record, allergies among them.
pub(crate) fn known_type(name: &str) -> Option<&'static ClinicalType> {
    clinical_type(name).or_else(|| (name == ALLERGY.name).then_some(&ALLERGY))
}

/// Whether a record is about what a SNOMED CT code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coded {
    Yes,
    No,
    /// The record names its medicine by a reference that leads nowhere in the result.
    Unresolved,
}

/// Whether a record has a SNOMED CT code, in itself or in the medicine that it refers to.
pub(crate) fn coded<'a>(
    record: Node<'a>,
    kind: &ClinicalType,
    code: &str,
    reading: &Reading<'a>,
) -> Coded {
    if record
        .get(kind.code_element)
        .is_some_and(|element| has_code(element, code))
    {
        return Coded::Yes;
    }
    match medicine::of(record, kind, reading) {
        Medicine::None => Coded::No,
        Medicine::Unresolved => Coded::Unresolved,
        Medicine::Found(found) => {
            let any = found
                .iter()
                .filter_map(|medicine| medicine.get("code"))
                .any(|element| has_code(element, code));
            if any { Coded::Yes } else { Coded::No }
        }
    }
}

/// Whether a concept, or one of a list of them, has that SNOMED CT code.
fn has_code(element: Node<'_>, code: &str) -> bool {
    let concepts = if element.kind() == Kind::Array {
        element.items().collect()
    } else {
        vec![element]
    };
    concepts
        .iter()
        .filter_map(|concept| concept.get("coding"))
        .flat_map(Node::items)
        .any(|coding| {
            text(coding, "system") == Some(SNOMED_CT) && text(coding, "code") == Some(code)
        })
}

/// Whether a record says that it does not mean what its code and status say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    No,
    /// It has a modifier extension, which may say so.
    Perhaps,
    /// It does, in these words of ours.
    Yes(&'static str),
}

/// Whether a record denies itself. `verification` is the status that the facts give it: a record
/// that is refuted by the facts may say so.
pub(crate) fn denial(record: Node<'_>, kind: &ClinicalType, verification: Option<&str>) -> Denial {
    let system = match kind.name {
        "AllergyIntolerance" => {
            Some("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification")
        }
        "Condition" => Some("http://terminology.hl7.org/CodeSystem/condition-ver-status"),
        _ => None,
    };
    let codings = record
        .get("verificationStatus")
        .and_then(|status| status.get("coding"));
    let refuted = codings
        .into_iter()
        .flat_map(Node::items)
        .filter(|coding| system.is_some() && text(*coding, "system") == system)
        .filter_map(|coding| text(coding, "code"))
        .any(|code| matches!(code, "entered-in-error" | "refuted") && verification != Some(code));
    let not_to_do = kind.name == "MedicationRequest"
        && record.get("doNotPerform").and_then(Node::as_bool) == Some(true);
    if refuted {
        Denial::Yes("refuted or entered in error")
    } else if not_to_do {
        Denial::Yes("not to be given")
    } else if record.get("modifierExtension").is_some() {
        Denial::Perhaps
    } else {
        Denial::No
    }
}

/// The element of the record that holds its status.
pub(crate) fn status_element(kind: &ClinicalType) -> &'static str {
    match kind.status_form {
        StatusForm::Code => "status",
        StatusForm::ClinicalStatus { .. } => "clinicalStatus",
    }
}

/// The name of a status of the type, in our words.
pub(crate) fn status_title(kind: &ClinicalType) -> &'static str {
    match kind.status_form {
        StatusForm::Code => "status",
        StatusForm::ClinicalStatus { .. } => "clinical status",
    }
}

/// The codes of the status that the record gives in the proper place and code system.
pub(crate) fn status_codes<'a>(record: Node<'a>, kind: &ClinicalType) -> Vec<&'a str> {
    match kind.status_form {
        StatusForm::Code => text(record, "status").into_iter().collect(),
        StatusForm::ClinicalStatus { system } => record
            .get("clinicalStatus")
            .and_then(|status| status.get("coding"))
            .into_iter()
            .flat_map(Node::items)
            .filter(|coding| text(*coding, "system") == Some(system))
            .filter_map(|coding| text(coding, "code"))
            .collect(),
    }
}

/// Whether the record has that status and none that contradicts it.
pub(crate) fn has_status(record: Node<'_>, kind: &ClinicalType, wanted: &str) -> bool {
    let found = status_codes(record, kind);
    // In their code systems these are kinds of a wider status: the two may stand together.
    let wider = match wanted {
        "resolved" | "remission" => Some("inactive"),
        "recurrence" | "relapse" => Some("active"),
        _ => None,
    };
    found.contains(&wanted)
        && found
            .iter()
            .all(|code| *code == wanted || Some(*code) == wider)
}

/// The system that FHIR R4 binds to a status that is a plain code: what a search may name before `|`.
pub(crate) fn status_system(kind: &ClinicalType) -> Option<&'static str> {
    if let StatusForm::ClinicalStatus { system } = kind.status_form {
        return Some(system);
    }
    match kind.name {
        "Encounter" => Some("http://hl7.org/fhir/encounter-status"),
        "Immunization" => Some("http://hl7.org/fhir/event-status"),
        "MedicationAdministration" => {
            Some("http://terminology.hl7.org/CodeSystem/medication-admin-status")
        }
        "MedicationDispense" => {
            Some("http://terminology.hl7.org/CodeSystem/medicationdispense-status")
        }
        "MedicationRequest" => Some("http://hl7.org/fhir/CodeSystem/medicationrequest-status"),
        "MedicationStatement" => Some("http://hl7.org/fhir/CodeSystem/medication-statement-status"),
        "Observation" => Some("http://hl7.org/fhir/observation-status"),
        _ => None,
    }
}

/// When a record says that it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum When {
    /// It does not say, or not as a date.
    Never,
    /// The ranges of days that it may mean.
    Days(Vec<Days>),
    /// In a form that is not compared here, such as a Timing.
    NotCompared,
}

/// Whether an element holds a Period rather than a date.
pub(crate) fn is_period(element: &str) -> bool {
    element == "period" || element.ends_with("Period")
}

/// When a record was, by the first of these elements that it has.
pub(crate) fn when(record: Node<'_>, elements: &[&str]) -> When {
    for element in elements {
        let Some(node) = record.get(element) else {
            continue;
        };
        let days = if is_period(element) {
            dates::period(text(node, "start"), text(node, "end"))
        } else {
            dates::read(node.as_str().unwrap_or_default())
        };
        return if days.is_empty() {
            When::Never
        } else {
            When::Days(days)
        };
    }
    if !elements.contains(&"effectiveDateTime") {
        return When::Never;
    }
    // Observations may also have an instant or a Timing, and a search by date finds both.
    let instant = text(record, "effectiveInstant").map(dates::read);
    match instant {
        Some(days) if !days.is_empty() => When::Days(days),
        None if record.get("effectiveTiming").is_some() => When::NotCompared,
        Some(_) | None => When::Never,
    }
}
