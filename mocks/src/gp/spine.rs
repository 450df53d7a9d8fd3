//! The error model of GP Connect: Spine error codes, and the outcome that carries one.
//! Not for when an error is due, which `checks` names.
//!
//! Source: GP Connect 1.6.2-beta, error handling guidance.

use super::profiles;
use serde_json::{Value, json};

const CODES: &str = "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1";

/// A Spine error code with the status and the issue type that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spine {
    InvalidIdentifierSystem,
    InvalidNhsNumber,
    InvalidPatientDemographics,
    PatientNotFound,
    PractitionerNotFound,
    OrganisationNotFound,
    NoRecordFound,
    AccessDenied,
    DuplicateRejected,
    InvalidResource,
    InvalidParameter,
    BadRequest,
    /// The status is that of the general guidance; the error table has no row for it.
    UnsupportedMediaType,
    NotImplemented,
    InternalServerError,
}

impl Spine {
    /// The HTTP status.
    pub(crate) const fn status(self) -> u16 {
        self.row().0
    }

    /// The code in the outcome.
    pub(crate) const fn code(self) -> &'static str {
        self.row().2
    }

    const fn row(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            Spine::InvalidIdentifierSystem => (
                400,
                "value",
                "INVALID_IDENTIFIER_SYSTEM",
                "Invalid identifier system",
            ),
            Spine::InvalidNhsNumber => (400, "value", "INVALID_NHS_NUMBER", "Invalid NHS number"),
            Spine::InvalidPatientDemographics => (
                400,
                "business-rule",
                "INVALID_PATIENT_DEMOGRAPHICS",
                "Invalid patient demographics",
            ),
            Spine::PatientNotFound => (404, "not-found", "PATIENT_NOT_FOUND", "Patient not found"),
            Spine::PractitionerNotFound => (
                404,
                "not-found",
                "PRACTITIONER_NOT_FOUND",
                "Practitioner not found",
            ),
            Spine::OrganisationNotFound => (
                404,
                "not-found",
                "ORGANISATION_NOT_FOUND",
                "Organisation not found",
            ),
            Spine::NoRecordFound => (404, "not-found", "NO_RECORD_FOUND", "No record found"),
            Spine::AccessDenied => (403, "forbidden", "ACCESS DENIED", "Access has been denied"),
            Spine::DuplicateRejected => {
                (409, "duplicate", "DUPLICATE_REJECTED", "Duplicate rejected")
            }
            Spine::InvalidResource => (422, "invalid", "INVALID_RESOURCE", "Invalid resource"),
            Spine::InvalidParameter => (422, "invalid", "INVALID_PARAMETER", "Invalid parameter"),
            Spine::BadRequest => (400, "invalid", "BAD_REQUEST", "Bad request"),
            Spine::UnsupportedMediaType => (
                415,
                "not-supported",
                "UNSUPPORTED_MEDIA_TYPE",
                "Unsupported media type",
            ),
            Spine::NotImplemented => (501, "not-supported", "NOT_IMPLEMENTED", "Not implemented"),
            Spine::InternalServerError => (
                500,
                "processing",
                "INTERNAL_SERVER_ERROR",
                "Internal server error",
            ),
        }
    }
}

/// The outcome of an error.
pub(crate) fn outcome(spine: Spine, diagnostics: &str) -> Value {
    let (_, issue, code, display) = spine.row();
    with_code(issue, code, display, diagnostics)
}

/// The outcome that a fault asks for: its own issue type and, if it gives one, its own code.
pub(crate) fn faulty_outcome(issue: &str, code: Option<&str>, diagnostics: &str) -> Value {
    let code = code.unwrap_or(Spine::InternalServerError.code());
    with_code(issue, code, "As the fault has it", diagnostics)
}

fn with_code(issue: &str, code: &str, display: &str, diagnostics: &str) -> Value {
    let coding = json!({"system": CODES, "code": code, "display": display});
    json!({
        "resourceType": "OperationOutcome",
        "meta": {"profile": [profiles::OPERATION_OUTCOME]},
        "issue": [{
            "severity": "error",
            "code": issue,
            "details": {"coding": [coding]},
            "diagnostics": diagnostics,
        }],
    })
}
