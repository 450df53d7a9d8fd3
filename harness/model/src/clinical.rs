//! The types of clinical record about which facts are kept: where FHIR R4 puts their code, status and date.
//! Not for allergies, which have facts of their own, and not for FHIR in general.

/// Where a type keeps its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusForm {
    /// As a code in `status`.
    Code,
    /// As a coding of this system in `clinicalStatus`.
    ClinicalStatus {
        /// The code system.
        system: &'static str,
    },
}

/// What Plumbline knows of one type of clinical record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClinicalType {
    /// The FHIR type.
    pub name: &'static str,
    /// In words, for one record.
    pub title: &'static str,
    /// The element with the SNOMED CT code; `Medication*` types may have a reference in its place.
    pub code_element: &'static str,
    /// Where the status is.
    pub status_form: StatusForm,
    /// The search parameter for the status.
    pub status_parameter: &'static str,
    /// Every status code.
    pub statuses: &'static [&'static str],
    /// The search parameter for the date.
    pub date_parameter: &'static str,
    /// The elements that may hold the date: a `dateTime`, or a `Period` where the name ends so.
    pub date_elements: &'static [&'static str],
}

const MEDICATION: &str = "medicationCodeableConcept";
const EFFECTIVE: &[&str] = &["effectiveDateTime", "effectivePeriod"];

/// Every type, by name (FHIR R4, the page of each type).
pub const CLINICAL_TYPES: &[ClinicalType] = &[
    ClinicalType {
        name: "Condition",
        title: "condition",
        code_element: "code",
        status_form: StatusForm::ClinicalStatus {
            system: "http://terminology.hl7.org/CodeSystem/condition-clinical",
        },
        status_parameter: "clinical-status",
        statuses: &[
            "active",
            "recurrence",
            "relapse",
            "inactive",
            "remission",
            "resolved",
        ],
        date_parameter: "recorded-date",
        date_elements: &["recordedDate"],
    },
    ClinicalType {
        name: "Encounter",
        title: "encounter",
        code_element: "type",
        status_form: StatusForm::Code,
        status_parameter: "status",
        statuses: &[
            "planned",
            "arrived",
            "triaged",
            "in-progress",
            "onleave",
            "finished",
            "cancelled",
            "entered-in-error",
            "unknown",
        ],
        date_parameter: "date",
        date_elements: &["period"],
    },
    ClinicalType {
        name: "Immunization",
        title: "vaccination record",
        code_element: "vaccineCode",
        status_form: StatusForm::Code,
        status_parameter: "status",
        statuses: &["completed", "entered-in-error", "not-done"],
        date_parameter: "date",
        date_elements: &["occurrenceDateTime"],
    },
    ClinicalType {
        name: "MedicationAdministration",
        title: "medicine administration",
        code_element: MEDICATION,
        status_form: StatusForm::Code,
        status_parameter: "status",
        statuses: &[
            "in-progress",
            "not-done",
            "on-hold",
            "completed",
            "entered-in-error",
            "stopped",
            "unknown",
        ],
        date_parameter: "effective-time",
        date_elements: EFFECTIVE,
    },
    ClinicalType {
        name: "MedicationDispense",
        title: "medicine dispense",
        code_element: MEDICATION,
        status_form: StatusForm::Code,
        status_parameter: "status",
        statuses: &[
            "preparation",
            "in-progress",
            "cancelled",
            "on-hold",
            "completed",
            "entered-in-error",
            "stopped",
            "declined",
            "unknown",
        ],
        date_parameter: "whenprepared",
        date_elements: &["whenPrepared"],
    },
    ClinicalType {
        name: "MedicationRequest",
        title: "medicine request",
        code_element: MEDICATION,
        status_form: StatusForm::Code,
        status_parameter: "status",
        statuses: &[
            "active",
            "on-hold",
            "cancelled",
            "completed",
            "entered-in-error",
            "stopped",
            "draft",
            "unknown",
        ],
        date_parameter: "authoredon",
        date_elements: &["authoredOn"],
    },
    ClinicalType {
        name: "MedicationStatement",
        title: "medicine statement",
        code_element: MEDICATION,
        status_form: StatusForm::Code,
        status_parameter: "status",
        statuses: &[
            "active",
            "completed",
            "entered-in-error",
            "intended",
            "stopped",
            "on-hold",
            "unknown",
            "not-taken",
        ],
        date_parameter: "effective",
        date_elements: EFFECTIVE,
    },
    ClinicalType {
        name: "Observation",
        title: "observation",
        code_element: "code",
        status_form: StatusForm::Code,
        status_parameter: "status",
        statuses: &[
            "registered",
            "preliminary",
            "final",
            "amended",
            "corrected",
            "cancelled",
            "entered-in-error",
            "unknown",
        ],
        date_parameter: "date",
        date_elements: EFFECTIVE,
    },
];

/// The type of that name.
pub fn clinical_type(name: &str) -> Option<&'static ClinicalType> {
    CLINICAL_TYPES.iter().find(|kind| kind.name == name)
}
