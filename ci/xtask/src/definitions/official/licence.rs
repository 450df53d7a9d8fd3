//! What may be given away: codes of HL7 and of the NHS. Of other code systems the address is kept and nothing else.
//! Not for what their publishers say of it: attribution.rs.

use plumbline_fhir::profile_facts::{FactsFile, Part, Picked, ValueSetFacts};
use std::collections::BTreeSet;

/// The code systems of HL7, HL7 UK and the NHS, by what their addresses begin with.
const OURS_TO_GIVE: [&str; 5] = [
    "http://hl7.org/fhir/",
    "http://terminology.hl7.org/",
    "https://fhir.hl7.org.uk/",
    "https://fhir.nhs.uk/",
    "https://fhir.nhs.net/",
];

/// Addresses below those above that stand for code systems of others, such as ICD-10.
const OF_OTHERS: [&str; 1] = ["http://hl7.org/fhir/sid/"];

/// Whether the codes of a code system may be given away.
fn may_be_given(system: &str) -> bool {
    let begins = |all: &[&str]| all.iter().any(|start| system.starts_with(start));
    begins(&OURS_TO_GIVE) && !begins(&OF_OTHERS)
}

/// Takes out the codes, and conditions on codes, that may not be given away.
pub(in crate::definitions) fn withhold(file: &mut FactsFile) {
    for system in &mut file.code_systems {
        if !may_be_given(&system.url) {
            system.is_withheld = true;
            system.codes.clear();
            system.groups.clear();
            system.below.clear();
            system.properties.clear();
        }
    }
    keep_what_filters_need(file);
    for set in &mut file.value_sets {
        let composed = set.include.iter_mut().chain(&mut set.exclude);
        for part in composed.chain(&mut set.expansion) {
            withhold_part(part);
        }
    }
}

/// What a code system says of its codes beside their order may be prose: only what a filter asks for stays.
fn keep_what_filters_need(file: &mut FactsFile) {
    let mut needed = BTreeSet::new();
    for part in file.value_sets.iter().flat_map(ValueSetFacts::parts) {
        if let (Some(system), Picked::Filters(filters)) = (&part.system, &part.picked) {
            let names = filters.iter().map(|it| it.property.clone());
            needed.extend(names.map(|name| (system.clone(), name)));
        }
    }
    for system in &mut file.code_systems {
        let url = &system.url;
        let is_needed = |name: &String| needed.contains(&(url.clone(), name.clone()));
        system.properties.retain(|it| is_needed(&it.name));
    }
}

/// A whole code system is only its address, which may stay.
fn withhold_part(part: &mut Part) {
    let is_given = part.system.as_deref().is_none_or(may_be_given);
    if !is_given && part.picked != Picked::All {
        part.picked = Picked::Withheld;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_hl7_and_the_nhs_are_given() {
        for system in [
            "http://hl7.org/fhir/administrative-gender",
            "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
            "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland",
            "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1",
        ] {
            assert!(may_be_given(system), "{system}");
        }
        for system in [
            "http://snomed.info/sct",
            "https://dmd.nhs.uk",
            "http://hl7.org/fhir/sid/icd-10",
            "http://loinc.org",
            "http://unitsofmeasure.org",
            "http://hl7.org/fhirs/",
            "",
        ] {
            assert!(!may_be_given(system), "{system}");
        }
    }

    #[test]
    fn codes_that_were_listed_are_withheld_too() {
        let text = "fhir 4.0.1\nset https://example.org/ValueSet/listed -\n  expansion http://snomed.info/sct -\n    \
                    codes CONTENT\n  expansion https://fhir.nhs.uk/CodeSystem/kinds -\n    codes a\n";
        let mut file = FactsFile::read(text).unwrap();
        withhold(&mut file);
        let text = file.to_text();
        assert!(
            text.contains("  expansion http://snomed.info/sct - withheld\n"),
            "{text}"
        );
        assert!(
            text.contains("    codes a\n") && !text.contains("CONTENT"),
            "{text}"
        );
    }
}
