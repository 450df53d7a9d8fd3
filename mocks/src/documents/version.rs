//! What the two versions of FHIR say differently in a discharge document.
//! Not for what they share, which the other files of this folder write once.

use crate::documents::facts::Change;
use crate::resources::SNOMED_CT;
use serde_json::{Value, json};

/// A version that a document can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Stu3,
    R4,
}

/// A list of codes that has another name in each version.
#[derive(Clone, Copy)]
pub(crate) enum List {
    AdmissionMethod,
    AdmissionSource,
    DischargeDestination,
    JobRole,
}

impl Version {
    /// The version that a client asks for with the parameter `fhirVersion` of the media type; R4, if
    /// it asks for none; nothing, if it asks for another one.
    pub(crate) fn asked(accept: &str) -> Option<Version> {
        let Some((_, after)) = accept.split_once("fhirVersion=") else {
            return Some(Version::R4);
        };
        let wanted = after.split([';', ',', ' ']).next().unwrap_or_default();
        match wanted.trim_matches('"') {
            "4.0" => Some(Version::R4),
            "3.0" => Some(Version::Stu3),
            _ => None,
        }
    }

    /// The media type of an answer in this version.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Version::Stu3 => "application/fhir+json; fhirVersion=3.0",
            Version::R4 => "application/fhir+json; fhirVersion=4.0",
        }
    }

    /// The profile that a resource of this type says it keeps to.
    pub(crate) fn profile(self, kind: &str) -> String {
        const ITK: [&str; 6] = [
            "AllergyIntolerance",
            "Condition",
            "Encounter",
            "MedicationStatement",
            "Procedure",
            "Medication",
        ];
        match (self, kind) {
            (Version::R4, _) => {
                format!("https://fhir.hl7.org.uk/StructureDefinition/UKCore-{kind}")
            }
            (Version::Stu3, "Composition") => {
                "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"
                    .to_owned()
            }
            (Version::Stu3, kind) if ITK.contains(&kind) => {
                format!("https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-{kind}-1")
            }
            (Version::Stu3, kind) => {
                format!("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-{kind}-1")
            }
        }
    }

    /// The code of a section.
    pub(crate) fn heading(self, section: &Heading) -> Value {
        match self {
            Version::Stu3 => snomed(section.concept, section.title),
            Version::R4 => json!({"coding": [{
                "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-RecordStandardHeadings",
                "code": section.key,
                "display": section.title,
            }]}),
        }
    }

    /// The name of a list of codes.
    pub(crate) const fn system(self, list: List) -> &'static str {
        match (self, list) {
            (Version::Stu3, List::AdmissionMethod) => {
                "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-AdmissionMethod-1"
            }
            (Version::Stu3, List::AdmissionSource) => {
                "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-SourceOfAdmission-1"
            }
            (Version::Stu3, List::DischargeDestination) => {
                "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-DischargeDestination-1"
            }
            (Version::Stu3, List::JobRole) => {
                "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1"
            }
            (Version::R4, List::AdmissionMethod) => {
                "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland"
            }
            (Version::R4, List::AdmissionSource) => {
                "https://fhir.hl7.org.uk/CodeSystem/UKCore-SourceOfAdmissionEngland"
            }
            (Version::R4, List::DischargeDestination) => {
                "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland"
            }
            (Version::R4, List::JobRole) => {
                "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName"
            }
        }
    }

    /// The address of an extension of the NHS.
    pub(crate) fn extension(self, name: &str) -> String {
        match self {
            Version::Stu3 => format!(
                "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-{name}-1"
            ),
            Version::R4 => {
                format!("https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-{name}")
            }
        }
    }

    /// A status: a code in STU3, a concept in R4.
    pub(crate) fn status(self, system: &str, code: &str) -> Value {
        match self {
            Version::Stu3 => json!(code),
            Version::R4 => {
                let system = format!("http://terminology.hl7.org/CodeSystem/{system}");
                json!({"coding": [{"system": system, "code": code}]})
            }
        }
    }

    /// The list of where a medicine is taken.
    pub(crate) const fn category(self) -> &'static str {
        match self {
            Version::Stu3 => "http://hl7.org/fhir/medication-statement-category",
            Version::R4 => "http://terminology.hl7.org/CodeSystem/medication-statement-category",
        }
    }

    /// A code list of HL7 version 3.
    pub(crate) fn v3(self, name: &str) -> String {
        match self {
            Version::Stu3 => format!("http://hl7.org/fhir/v3/{name}"),
            Version::R4 => format!("http://terminology.hl7.org/CodeSystem/v3-{name}"),
        }
    }

    /// The word for what happened to a medicine; the versions differ in the case of its letters.
    pub(crate) const fn change(self, change: Change) -> &'static str {
        match (self, change) {
            (Version::Stu3, Change::Continued) => "Continued",
            (Version::Stu3, Change::Added) => "Added",
            (Version::Stu3, Change::Amended) => "Amended",
            (Version::Stu3, Change::OnHold) => "On-hold",
            (Version::R4, Change::Continued) => "continued",
            (Version::R4, Change::Added) => "added",
            (Version::R4, Change::Amended) => "amended",
            (Version::R4, Change::OnHold) => "on-hold",
            (Version::Stu3 | Version::R4, Change::Stopped) => "stopped",
        }
    }
}

/// A section of the standard.
pub(crate) struct Heading {
    /// UK Core heading code.
    pub(crate) key: &'static str,
    pub(crate) title: &'static str,
    /// SNOMED CT concept.
    pub(crate) concept: &'static str,
}

const fn heading(key: &'static str, title: &'static str, concept: &'static str) -> Heading {
    Heading {
        key,
        title,
        concept,
    }
}

/// The sections in the order in which the guide lists them.
pub(crate) const HEADINGS: [Heading; 22] = [
    heading("admission-details", "Admission details", "886781000000108"),
    heading(
        "allergies-and-adverse-reaction",
        "Allergies and adverse reactions",
        "886921000000105",
    ),
    heading("assessment-scales", "Assessment scales", "887141000000103"),
    heading("clinical-summary", "Clinical summary", "887181000000106"),
    heading("diagnoses", "Diagnoses", "887161000000102"),
    heading("discharge-details", "Discharge details", "886811000000106"),
    heading("distribution-list", "Distribution list", "887261000000109"),
    heading("gp-practice", "GP practice", "886711000000101"),
    heading(
        "individual-requirements",
        "Individual requirements",
        "1078911000000106",
    ),
    heading(
        "information-and-advice-given",
        "Information and advice given",
        "1052951000000105",
    ),
    heading(
        "investigation-results",
        "Investigation results",
        "1082101000000102",
    ),
    heading("legal-information", "Legal information", "886961000000102"),
    heading(
        "medications-and-medical-devices",
        "Medications and medical devices",
        "933361000000108",
    ),
    heading(
        "participation-in-research",
        "Participation in research",
        "886751000000102",
    ),
    heading(
        "patient-and-carer-concerns-expectations-and-wishes",
        "Patient and carer concerns, expectations and wishes",
        "1052941000000107",
    ),
    heading(
        "person-demographics",
        "Patient demographics",
        "886731000000109",
    ),
    heading(
        "person-completing-record",
        "Person completing record",
        "887231000000104",
    ),
    heading(
        "plan-and-requested-actions",
        "Plan and requested actions",
        "887201000000105",
    ),
    heading("procedures", "Procedures", "887171000000109"),
    heading("referrer-details", "Referrer details", "1052891000000108"),
    heading("safety-alerts", "Safety alerts", "886931000000107"),
    heading("social-context", "Social context", "887051000000101"),
];

/// A concept of SNOMED CT.
pub(crate) fn snomed(code: &str, display: &str) -> Value {
    json!({"coding": [{"system": SNOMED_CT, "code": code, "display": display}]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_asks_for_a_version_in_the_media_type() {
        for (accept, version) in [
            ("application/fhir+json", Some(Version::R4)),
            (
                "application/fhir+json; fhirVersion=3.0",
                Some(Version::Stu3),
            ),
            (
                "application/fhir+json;fhirVersion=\"4.0\", */*",
                Some(Version::R4),
            ),
            ("application/fhir+json; fhirVersion=1.0", None),
        ] {
            assert_eq!(Version::asked(accept), version, "{accept}");
        }
    }
}
