//! The search parameters of FHIR R4 for the types about which facts are kept (FHIR R4, the page of
//! each type, "Search Parameters"). Not for what a target must serve: the pack says that.

use plumbline_model::clinical_type;

/// Parameters of every type, and those that steer a result.
const COMMON: &str = "_id _lastUpdated _tag _profile _security _text _content _list _has _type _count \
    _sort _summary _elements _include _revinclude _total _format _pretty";

const BY_TYPE: &[(&str, &str)] = &[
    (
        "AllergyIntolerance",
        "asserter category clinical-status code criticality date identifier last-date manifestation \
         onset patient recorder route severity type verification-status",
    ),
    (
        "Condition",
        "abatement-age abatement-date abatement-string asserter body-site category clinical-status \
         code encounter evidence evidence-detail identifier onset-age onset-date onset-info patient \
         recorded-date severity stage subject verification-status",
    ),
    (
        "Encounter",
        "account appointment based-on class date diagnosis episode-of-care identifier length location \
         location-period part-of participant participant-type patient practitioner reason-code \
         reason-reference service-provider special-arrangement status subject type",
    ),
    (
        "Immunization",
        "date identifier location lot-number manufacturer patient performer reaction reaction-date \
         reason-code reason-reference series status status-reason target-disease vaccine-code",
    ),
    (
        "MedicationAdministration",
        "code context device effective-time identifier medication patient performer reason-given \
         reason-not-given request status subject",
    ),
    (
        "MedicationDispense",
        "code context destination identifier medication patient performer prescription receiver \
         responsibleparty status subject type whenhandedover whenprepared",
    ),
    (
        "MedicationRequest",
        "authoredon code date encounter identifier intended-dispenser intended-performer \
         intended-performertype intent medication patient priority requester status subject",
    ),
    (
        "MedicationStatement",
        "category code context effective identifier medication part-of patient source status subject",
    ),
    (
        "Observation",
        "based-on category code code-value-concept code-value-date code-value-quantity \
         code-value-string combo-code combo-code-value-concept combo-code-value-quantity \
         combo-data-absent-reason combo-value-concept combo-value-quantity component-code \
         component-code-value-concept component-code-value-quantity component-data-absent-reason \
         component-value-concept component-value-quantity data-absent-reason date derived-from device \
         encounter focus has-member identifier method part-of patient performer specimen status subject \
         value-concept value-date value-quantity value-string",
    ),
    (
        "Patient",
        "active address address-city address-country address-postalcode address-state address-use \
         birthdate death-date deceased email family gender general-practitioner given identifier \
         language link name organization phone phonetic telecom",
    ),
];

/// Every parameter of a type; `None` for a type whose parameters are not known here.
pub(crate) fn parameters(resource_type: &str) -> Option<Vec<&'static str>> {
    let (_, own) = BY_TYPE.iter().find(|(name, _)| *name == resource_type)?;
    let facts = clinical_type(resource_type)
        .into_iter()
        .flat_map(|kind| [kind.status_parameter, kind.date_parameter]);
    Some(
        own.split_whitespace()
            .chain(COMMON.split_whitespace())
            .chain(facts)
            .collect(),
    )
}

/// The name without modifier (`name:exact`) and chain (`patient.name`).
pub(crate) fn bare(parameter: &str) -> &str {
    parameter.split([':', '.']).next().unwrap_or(parameter)
}
