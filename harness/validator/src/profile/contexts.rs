//! Where an extension may stand: what its definition says, and for a few of HL7's own what HL7 corrected later.
//! Not whether it stands there: extension.rs.

use super::compile::HL7;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::{Context, ContextKind, ProfileFacts};

/// Places that R4 forgot: its own definitions of every type use these extensions there, and HL7's later definitions of
/// the extensions name them (<https://hl7.org/fhir/extensions/>).
const CORRECTED: &[(&str, &[&str])] = &[
    ("regex", &["ElementDefinition.type"]),
    ("structuredefinition-fhir-type", &["ElementDefinition.type"]),
    (
        "structuredefinition-normative-version",
        &[
            "CodeSystem",
            "ElementDefinition",
            "OperationDefinition",
            "ValueSet",
        ],
    ),
];

/// All of them.
pub(super) fn of(facts: &ProfileFacts, version: FhirVersion) -> Vec<Context> {
    let mut all = facts.contexts.clone();
    let name = match version {
        FhirVersion::R4 => facts.url.strip_prefix(HL7),
        FhirVersion::Stu3 => None,
    };
    let corrected = CORRECTED.iter().filter(|it| Some(it.0) == name);
    all.extend(corrected.flat_map(|it| it.1).map(|place| Context {
        kind: ContextKind::Element,
        expression: (*place).to_owned(),
    }));
    all
}
