//! The list of all checks: one line each, ordered by code.
//! Not for the rules themselves.

use crate::check::Check;

static CHECKS: &[Check] = &[
    crate::allergy_held::CHECK,
    crate::allergy_status::CHECK,
    crate::bundle_entry_type::CHECK,
    crate::bundle_searchset::CHECK,
    crate::bundle_self_link::CHECK,
    crate::capability_fhir_version::CHECK,
    crate::capability_instantiates::CHECK,
    crate::capability_kind::CHECK,
    crate::capability_search::CHECK,
    crate::fhir_json::CHECK,
    crate::fhir_type::CHECK,
    crate::http_status::CHECK,
    crate::nhs_number::CHECK,
    crate::operation_outcome::CHECK,
    crate::paging_end::CHECK,
    crate::patient_shape::CHECK,
    crate::result_duplicate::CHECK,
    crate::result_empty::CHECK,
    crate::result_held::CHECK,
    crate::result_match::CHECK,
    crate::result_other_patient::CHECK,
];

/// Every check, ordered by code.
pub fn registry() -> &'static [Check] {
    CHECKS
}

/// The check with that finding code.
pub fn find(code: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.code == code)
}
