//! Every reason to refuse a request, by name, and the error that goes with it.
//! Not for deciding: the files beside this one ask [`Checks::hold`] where they decide.
//!
//! A fault may skip a check by its name; the system then behaves as if it had none.
//! `mocks/faults/README.md` lists the names.

use super::spine::Spine;
use std::collections::BTreeSet;

/// One reason to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Check {
    /// As faults name it.
    pub(crate) name: &'static str,
    /// What a refused client gets.
    pub(crate) error: Spine,
    /// When it refuses, to follow "refuses".
    pub(crate) refuses: &'static str,
}

macro_rules! checks {
    ($($constant:ident = $name:literal $error:ident $refuses:literal;)*) => {
        $(pub(crate) const $constant: Check = Check {
            name: $name,
            error: Spine::$error,
            refuses: $refuses,
        };)*
        /// Every check, in the order in which a request meets them.
        pub(crate) const ALL: &[Check] = &[$($constant),*];
    };
}

checks! {
    ENABLED = "enabled" AccessDenied "everything, where GP Connect is switched off for the organisation";
    PATH = "path" NoRecordFound "a path that the system does not have, wrong case included";
    IMPLEMENTED = "implemented" NotImplemented "a resource of FHIR that the system does not serve";
    METHOD = "method" BadRequest "a method that does not go with the path";
    FORMAT = "format" UnsupportedMediaType "a `_format` other than FHIR JSON and XML";
    ACCEPT = "accept" UnsupportedMediaType "an `Accept` without FHIR JSON and XML";
    CONTENT_TYPE = "content-type" UnsupportedMediaType "a body that is not FHIR JSON or XML by its type";

    SSP_TRACEID = "ssp-traceid" BadRequest "no `Ssp-TraceID`";
    SSP_FROM = "ssp-from" BadRequest "no `Ssp-From`";
    SSP_TO = "ssp-to" BadRequest "no `Ssp-To`";
    SSP_TO_OTHER = "ssp-to-other" BadRequest "an `Ssp-To` that is another system's ASID";
    SSP_INTERACTION = "ssp-interaction" BadRequest "no `Ssp-InteractionID`";
    SSP_INTERACTION_OTHER = "ssp-interaction-other" BadRequest "an `Ssp-InteractionID` that is not the request's";

    TOKEN = "token" BadRequest "no `Authorization`";
    TOKEN_SCHEME = "token-scheme" BadRequest "an `Authorization` other than `Bearer`";
    TOKEN_PARTS = "token-parts" BadRequest "a token that has not three parts";
    TOKEN_BASE64 = "token-base64" BadRequest "a token that is not base64url";
    TOKEN_JSON = "token-json" BadRequest "a token whose parts are not JSON objects";
    TOKEN_ALG = "token-alg" BadRequest "a token whose `alg` is not `none`";
    TOKEN_SIGNATURE = "token-signature" BadRequest "a token with a signature";
    TOKEN_CLAIM_ISS = "token-claim-iss" BadRequest "a token without `iss`";
    TOKEN_CLAIM_SUB = "token-claim-sub" BadRequest "a token without `sub`";
    TOKEN_CLAIM_AUD = "token-claim-aud" BadRequest "a token without `aud`";
    TOKEN_CLAIM_EXP = "token-claim-exp" BadRequest "a token without a whole number as `exp`";
    TOKEN_CLAIM_REASON = "token-claim-reason_for_request" BadRequest "a token without `reason_for_request`";
    TOKEN_CLAIM_SCOPE = "token-claim-requested_scope" BadRequest "a token without `requested_scope`";
    TOKEN_CLAIM_DEVICE = "token-claim-requesting_device" BadRequest "a token without `requesting_device`";
    TOKEN_CLAIM_ORGANIZATION = "token-claim-requesting_organization" BadRequest "a token without `requesting_organization`";
    TOKEN_CLAIM_PRACTITIONER = "token-claim-requesting_practitioner" BadRequest "a token without `requesting_practitioner`";
    TOKEN_EXP = "token-exp" BadRequest "a token whose time is over";
    TOKEN_AUD = "token-aud" BadRequest "a token for another address";
    TOKEN_REASON = "token-reason" BadRequest "a reason other than `directcare` and `migration`";
    TOKEN_SCOPE_WORD = "token-scope-word" BadRequest "a scope that GP Connect does not have";
    TOKEN_SCOPE = "token-scope" BadRequest "a scope that does not go with the request";
    TOKEN_DEVICE_TYPE = "token-device-type" BadRequest "a requesting device of another resource type";
    TOKEN_DEVICE = "token-device" InvalidResource "a requesting device without identifier, model or version, or with an element that FHIR does not know";
    TOKEN_ORGANIZATION_TYPE = "token-organization-type" BadRequest "a requesting organisation of another resource type";
    TOKEN_ORGANIZATION = "token-organization" InvalidResource "a requesting organisation with an element that FHIR does not know";
    TOKEN_ORGANIZATION_ODS = "token-organization-ods" BadRequest "a requesting organisation without ODS code";
    TOKEN_ORGANIZATION_NAME = "token-organization-name" BadRequest "a requesting organisation without name";
    TOKEN_PRACTITIONER_TYPE = "token-practitioner-type" BadRequest "a requesting practitioner of another resource type";
    TOKEN_PRACTITIONER = "token-practitioner" InvalidResource "a requesting practitioner with an element that FHIR does not know";
    TOKEN_PRACTITIONER_SDS = "token-practitioner-sds" BadRequest "a requesting practitioner without SDS user id";
    TOKEN_PRACTITIONER_NAME = "token-practitioner-name" BadRequest "a requesting practitioner without family or given name";
    TOKEN_SUB = "token-sub" BadRequest "a `sub` that is not the id of the requesting practitioner";

    IDENTIFIER_MISSING = "identifier-missing" BadRequest "a search without `identifier`, wrong case included";
    IDENTIFIER_TWICE = "identifier-twice" BadRequest "a search with `identifier` more than once";
    IDENTIFIER_FORM = "identifier-form" InvalidParameter "an `identifier` without system, bar or value";
    IDENTIFIER_SYSTEM = "identifier-system" InvalidIdentifierSystem "an `identifier` of a system that the system does not know";
    IDENTIFIER_VALUE = "identifier-value" InvalidNhsNumber "an `identifier` that is no NHS number by its form";
    PATIENT_UNKNOWN = "patient-unknown" PatientNotFound "to read a patient that there never was";
    PATIENT_LEFT = "patient-left" PatientNotFound "to show a patient who has left";
    PATIENT_NEVER_VERIFIED = "patient-never-verified" PatientNotFound "to show a patient whose NHS number was never verified and is not on PDS so";
    PATIENT_DECEASED = "patient-deceased" PatientNotFound "to show a patient who is deceased";
    PATIENT_SENSITIVE = "patient-sensitive" PatientNotFound "to show a patient whose record on PDS is sensitive";
    PATIENT_SUPERSEDED = "patient-superseded" PatientNotFound "to show a patient whose NHS number is superseded";
    PATIENT_INVALID = "patient-invalid" PatientNotFound "to show a patient whose record on PDS is invalid";
    PRACTITIONER_UNKNOWN = "practitioner-unknown" PractitionerNotFound "to read a practitioner that there is not";
    ORGANIZATION_UNKNOWN = "organization-unknown" OrganisationNotFound "to read an organisation that there is not";
    LOCATION_UNKNOWN = "location-unknown" NoRecordFound "to read a location that there is not";

    REGISTER_BODY = "register-body" BadRequest "a body that is not well-formed";
    REGISTER_RESOURCE = "register-resource" InvalidResource "a body that is no Parameters";
    REGISTER_PARAMETER_MISSING = "register-parameter-missing" InvalidResource "no parameter";
    REGISTER_PARAMETER = "register-parameter" InvalidParameter "a parameter with another name than `registerPatient`, or none";
    REGISTER_PARAMETER_TWICE = "register-parameter-twice" InvalidResource "more than one parameter";
    REGISTER_PATIENT = "register-patient" InvalidResource "a parameter that is no Patient";
    REGISTER_ELEMENT = "register-element" InvalidResource "an element that may not be sent";
    REGISTER_IDENTIFIER = "register-identifier" InvalidResource "no NHS number";
    REGISTER_IDENTIFIER_TWICE = "register-identifier-twice" InvalidResource "more than one NHS number";
    REGISTER_NHS_NUMBER = "register-nhs-number" InvalidNhsNumber "an NHS number with a wrong form or check digit";
    REGISTER_NAME = "register-name" InvalidResource "no official name";
    REGISTER_NAME_TWICE = "register-name-twice" InvalidResource "more than one official name";
    REGISTER_FAMILY = "register-family" InvalidResource "an official name without family name";
    REGISTER_GIVEN = "register-given" InvalidResource "an official name without given name";
    REGISTER_BIRTH_DATE = "register-birth-date" InvalidResource "no date of birth";
    REGISTER_BIRTH_DATE_FORM = "register-birth-date-form" InvalidResource "a date of birth that is no date";
    REGISTER_GENDER = "register-gender" InvalidResource "a gender that FHIR does not know";
    REGISTER_ADDRESS_USE = "register-address-use" InvalidResource "an address that is neither home nor temp";
    REGISTER_ADDRESS_TWICE = "register-address-twice" InvalidResource "two addresses of one use";
    REGISTER_TELECOM_USE = "register-telecom-use" InvalidResource "a telecom with a system or use that may not be sent";
    REGISTER_TELECOM_TWICE = "register-telecom-twice" InvalidResource "two telecoms of one use, or two email addresses";
    REGISTER_COMMUNICATION_TWICE = "register-communication-twice" InvalidResource "nhsCommunication more than once";

    PDS_UNKNOWN = "pds-unknown" InvalidPatientDemographics "a number that PDS does not know";
    PDS_MATCH = "pds-match" InvalidPatientDemographics "details that do not verify against PDS";
    PDS_DECEASED = "pds-deceased" InvalidPatientDemographics "a patient who is deceased on PDS";
    PDS_SENSITIVE = "pds-sensitive" InvalidPatientDemographics "a patient whose record on PDS is sensitive";
    PDS_SUPERSEDED = "pds-superseded" InvalidNhsNumber "a number that PDS has superseded";
    PDS_INVALID = "pds-invalid" InvalidNhsNumber "a record that is invalid on PDS";
    DUPLICATE = "duplicate" DuplicateRejected "a patient who is registered already";
}

/// A refusal: the check that refuses, and why.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) check: Check,
    pub(crate) diagnostics: String,
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Right,
    Wrong,
}

impl From<bool> for Found {
    fn from(is_right: bool) -> Found {
        if is_right { Found::Right } else { Found::Wrong }
    }
}

/// The checks that this request meets: all but those that a fault skips.
pub(crate) struct Checks<'a> {
    pub(crate) skipped: &'a BTreeSet<&'a str>,
}

impl Checks<'_> {
    /// Refuses what was found wrong, unless a fault skips the check.
    pub(crate) fn hold(
        &self,
        check: Check,
        found: impl Into<Found>,
        diagnostics: impl Into<String>,
    ) -> Result<(), Refusal> {
        if found.into() == Found::Right || self.skips(check) {
            return Ok(());
        }
        let diagnostics = diagnostics.into();
        Err(Refusal { check, diagnostics })
    }

    /// Whether a fault skips this check.
    pub(crate) fn skips(&self, check: Check) -> bool {
        self.skipped.contains(check.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_to_faults_lists_every_check() {
        let guide = include_str!("../../faults/README.md");
        let (_, below) = guide.split_once("## The checks of a GP system").unwrap();
        let (table, _) = below.split_once("\n## ").unwrap();
        let lines = table.lines();
        let listed: Vec<&str> = lines.filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<String> = ALL.iter().map(row).collect();
        assert_eq!(listed, expected);
    }

    fn row(check: &Check) -> String {
        let Check {
            name,
            error,
            refuses,
        } = check;
        format!(
            "| `{name}` | {refuses} | {} | {} |",
            error.status(),
            error.code()
        )
    }
}
