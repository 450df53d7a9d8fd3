//! The types of clinical record beside allergies: one row each says where FHIR R4 puts what a person's file holds.
//! Not for allergies, whose facts are richer, and not shared with the harness, which has a table of its own.

use serde_json::{Value, json};

/// One type of clinical record.
pub(crate) struct Clinical {
    /// The FHIR type.
    pub(crate) name: &'static str,
    /// The element that refers to the patient.
    pub(crate) patient: &'static str,
    pub(crate) code: Code,
    pub(crate) status: Status,
    pub(crate) date: Date,
    pub(crate) text: Text,
    /// What the type, or its profile in UK Core, requires of a record with this status, and no person's file says.
    pub(crate) fixed: fn(status: &str) -> Value,
}

/// Where the code is and how it is searched for.
pub(crate) struct Code {
    pub(crate) parameter: &'static str,
    pub(crate) element: &'static str,
    pub(crate) many: Many,
}

/// How often an element may occur.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Many {
    One,
    List,
}

/// Where the status is and how it is searched for.
pub(crate) struct Status {
    pub(crate) parameter: &'static str,
    pub(crate) system: &'static str,
    pub(crate) form: StatusForm,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusForm {
    /// A code in `status`.
    Code,
    /// A coding in `clinicalStatus`.
    Concept,
}

/// Where the date is and how it is searched for.
pub(crate) struct Date {
    pub(crate) parameter: &'static str,
    pub(crate) form: DateForm,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateForm {
    /// A `dateTime`.
    Point(&'static str),
    /// A `dateTime`, or a `Period` if the record has an end.
    Either {
        point: &'static str,
        period: &'static str,
    },
    /// A `Period`; without an end it goes on.
    Period(&'static str),
}

impl DateForm {
    /// Whether a record of the type may have an end.
    pub(crate) const fn can_last(self) -> bool {
        !matches!(self, DateForm::Point(_))
    }
}

/// Where the text is.
#[derive(Clone, Copy)]
pub(crate) enum Text {
    /// As a string.
    Plain(&'static str),
    /// As the `text` of the only item of a list.
    Listed(&'static str),
}

const fn code(parameter: &'static str, element: &'static str, many: Many) -> Code {
    Code {
        parameter,
        element,
        many,
    }
}

const fn status(system: &'static str) -> Status {
    Status {
        parameter: "status",
        system,
        form: StatusForm::Code,
    }
}

const fn date(parameter: &'static str, form: DateForm) -> Date {
    Date { parameter, form }
}

const MEDICINE: Code = code("code", "medicationCodeableConcept", Many::One);
const EFFECTIVE: DateForm = DateForm::Either {
    point: "effectiveDateTime",
    period: "effectivePeriod",
};

fn nothing(_: &str) -> Value {
    json!({})
}

/// Every type, by name. Source: the page of each type in FHIR R4 (4.0.1).
pub(crate) static CLINICAL: [Clinical; 8] = [
    Clinical {
        name: "Condition",
        patient: "subject",
        code: code("code", "code", Many::One),
        status: Status {
            parameter: "clinical-status",
            system: "http://terminology.hl7.org/CodeSystem/condition-clinical",
            form: StatusForm::Concept,
        },
        date: date("recorded-date", DateForm::Point("recordedDate")),
        text: Text::Listed("note"),
        fixed: condition,
    },
    Clinical {
        name: "Encounter",
        patient: "subject",
        code: code("type", "type", Many::List),
        status: status("http://hl7.org/fhir/encounter-status"),
        date: date("date", DateForm::Period("period")),
        text: Text::Listed("reasonCode"),
        fixed: encounter,
    },
    Clinical {
        name: "Immunization",
        patient: "patient",
        code: code("vaccine-code", "vaccineCode", Many::One),
        status: status("http://hl7.org/fhir/event-status"),
        date: date("date", DateForm::Point("occurrenceDateTime")),
        text: Text::Listed("note"),
        fixed: immunization,
    },
    Clinical {
        name: "MedicationAdministration",
        patient: "subject",
        code: MEDICINE,
        status: status("http://terminology.hl7.org/CodeSystem/medication-admin-status"),
        date: date("effective-time", EFFECTIVE),
        // Not `dosage`, which must hold an amount beside its text (invariant mad-1).
        text: Text::Listed("note"),
        fixed: nothing,
    },
    Clinical {
        name: "MedicationDispense",
        patient: "subject",
        code: MEDICINE,
        status: status("http://terminology.hl7.org/CodeSystem/medicationdispense-status"),
        date: date("whenprepared", DateForm::Point("whenPrepared")),
        text: Text::Listed("dosageInstruction"),
        fixed: nothing,
    },
    Clinical {
        name: "MedicationRequest",
        patient: "subject",
        code: MEDICINE,
        status: status("http://hl7.org/fhir/CodeSystem/medicationrequest-status"),
        date: date("authoredon", DateForm::Point("authoredOn")),
        text: Text::Listed("dosageInstruction"),
        fixed: medicine_request,
    },
    Clinical {
        name: "MedicationStatement",
        patient: "subject",
        code: MEDICINE,
        status: status("http://hl7.org/fhir/CodeSystem/medication-statement-status"),
        date: date("effective", EFFECTIVE),
        text: Text::Listed("dosage"),
        fixed: nothing,
    },
    Clinical {
        name: "Observation",
        patient: "subject",
        code: code("code", "code", Many::One),
        status: status("http://hl7.org/fhir/observation-status"),
        date: date("date", EFFECTIVE),
        text: Text::Plain("valueString"),
        fixed: nothing,
    },
];

/// The row of that type.
pub(crate) fn clinical(name: &str) -> Option<&'static Clinical> {
    CLINICAL.iter().find(|kind| kind.name == name)
}

fn condition(_: &str) -> Value {
    let coded = |list: &str, code: &str| {
        let system = format!("http://terminology.hl7.org/CodeSystem/{list}");
        json!({"coding": [{"system": system, "code": code}]})
    };
    json!({
        "verificationStatus": coded("condition-ver-status", "confirmed"),
        "category": [coded("condition-category", "problem-list-item")],
    })
}

fn encounter(_: &str) -> Value {
    json!({"class": {
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "code": "AMB",
        "display": "ambulatory",
    }})
}

/// UK Core asks for the reason of what was not given.
fn immunization(status: &str) -> Value {
    match status {
        "not-done" => json!({"statusReason": {"text": "Patient objection"}}),
        _ => json!({}),
    }
}

/// UK Core asks for a word on substitution.
fn medicine_request(_: &str) -> Value {
    json!({"intent": "order", "substitution": {"allowedBoolean": false}})
}
