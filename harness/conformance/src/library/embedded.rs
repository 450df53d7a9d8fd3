//! The texts inside the binary. Not those of packs.

use plumbline_fhir::FhirVersion;

/// A text and its path from the top folder.
pub(super) struct Text {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

macro_rules! text {
    ($path:literal) => {
        Text {
            name: concat!("profiles/_fhir/", $path),
            text: include_str!(concat!("../../../../profiles/_fhir/", $path)),
        }
    };
}

const R4: &[Text] = &[text!("r4/extensions.txt"), text!("r4/profiles.txt")];

const STU3: &[Text] = &[text!("stu3/extensions.txt"), text!("stu3/profiles.txt")];

/// What HL7 publishes with the specification.
pub(super) fn texts(version: FhirVersion) -> &'static [Text] {
    match version {
        FhirVersion::Stu3 => STU3,
        FhirVersion::R4 => R4,
    }
}
