//! The list of all checks: one line each, ordered by code.
//! Not for the rules themselves.

use crate::check::Check;

static CHECKS: &[Check] = &[
    crate::allergy_held::CHECK,
    crate::allergy_status::CHECK,
    crate::bundle_entry_type::CHECK,
    crate::bundle_full_url::CHECK,
    crate::bundle_searchset::CHECK,
    crate::bundle_self_link::CHECK,
    crate::bundle_total::CHECK,
    crate::capability_fhir_version::CHECK,
    crate::capability_format::CHECK,
    crate::capability_instantiates::CHECK,
    crate::capability_interaction::CHECK,
    crate::capability_kind::CHECK,
    crate::capability_operation::CHECK,
    crate::capability_profile::CHECK,
    crate::capability_search::CHECK,
    crate::contact_held::CHECK,
    crate::content_charset::CHECK,
    crate::content_held::CHECK,
    crate::content_item::CHECK,
    crate::content_rule::CHECK,
    crate::content_section::CHECK,
    crate::document_kind::CHECK,
    crate::document_patient::CHECK,
    crate::element_absent::CHECK,
    crate::etag_version::CHECK,
    crate::fhir_base::CHECK,
    crate::fhir_date::CHECK,
    crate::fhir_json::CHECK,
    crate::fhir_type::CHECK,
    crate::fhir_xml::CHECK,
    crate::http_compressed::CHECK,
    crate::http_header::CHECK,
    crate::http_header_contains::CHECK,
    crate::http_status::CHECK,
    crate::meta_profile::CHECK,
    crate::nhs_number::CHECK,
    crate::no_trace::CHECK,
    crate::ods_code::CHECK,
    crate::operation_outcome::CHECK,
    crate::paging_end::CHECK,
    crate::patient_facts::CHECK,
    crate::patient_shape::CHECK,
    crate::record_held::CHECK,
    crate::record_status::CHECK,
    crate::refused::CHECK,
    crate::resource_shape::CHECK,
    crate::result_duplicate::CHECK,
    crate::result_empty::CHECK,
    crate::result_held::CHECK,
    crate::result_id::CHECK,
    crate::result_identifier::CHECK,
    crate::result_match::CHECK,
    crate::result_other_patient::CHECK,
    crate::snomed_code::CHECK,
    crate::spine_error::CHECK,
    crate::strict_transport::CHECK,
    crate::tls_accepted::CHECK,
    crate::tls_refused::CHECK,
];

/// Every check, ordered by code.
pub fn registry() -> &'static [Check] {
    CHECKS
}

/// The check with that finding code.
pub fn find(code: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.code == code)
}
