//! Profiles that hold although neither the resource nor the caller names them: those of vital signs, by the code of an
//! observation, and those that an `ImplementationGuide` has for all resources of a type. Not the judging.
//!
//! Vital signs: observation-vitalsigns.html of R4 and STU3 says that an observation of one of the vital signs SHALL keep
//! to the profile. Which codes those are is read from the profiles: each asks for a coding with a fixed system and code.

use super::compile::{HL7, without_version};
use crate::knowledge::Knowledge;
use crate::reference::reading::{items, text, value};
use crate::supplied::resource_type;
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::{ElementFacts, ProfileFacts};
use plumbline_fhir::validate::SurveyedResource;
use plumbline_tree::is_same;

/// How many profiles may be based on each other.
const MOST_HOPS: usize = 16;

/// The profile of all vital signs.
const VITAL_SIGNS: &str = "http://hl7.org/fhir/StructureDefinition/vitalsigns";

/// What is known of such profiles: made once.
#[derive(Debug, Default)]
pub(crate) struct Implied {
    /// System, code, profile.
    vital_signs: Vec<(String, String, String)>,
    /// Type, profile.
    global: Vec<(String, String)>,
}

impl Implied {
    pub(crate) fn of(knowledge: &Knowledge) -> Self {
        let profiles = knowledge.library.profiles_of_type("Observation");
        let of_signs = profiles.filter(|it| {
            it.url.starts_with(HL7) && is_based_on(&knowledge.library, &it.url, VITAL_SIGNS)
        });
        let guides = knowledge.supplied.all();
        let guides = guides.filter(|it| resource_type(*it) == Some("ImplementationGuide"));
        let global = guides.flat_map(|it| items(it, "global")).filter_map(|it| {
            // STU3 has a reference.
            let profile = it.get("profile")?;
            let profile = value(profile).or_else(|| text(profile, "reference"))?;
            Some((text(it, "type")?.to_owned(), profile.to_owned()))
        });
        Self {
            vital_signs: of_signs.flat_map(codes).collect(),
            global: global.collect(),
        }
    }

    /// The profiles that hold for a resource.
    pub(super) fn profiles<'k>(
        &'k self,
        knowledge: &Knowledge,
        resource: &SurveyedResource<'_>,
    ) -> Vec<&'k str> {
        let global = self.global.iter().filter(|(of, _)| of == resource.of);
        let mut found: Vec<&str> = global.map(|(_, profile)| profile.as_str()).collect();
        if resource.of == "Observation" && !self.vital_signs.is_empty() {
            self.of_code(resource, &mut found);
        }
        // One that a claimed profile is based on is judged with that.
        found.retain(|profile| {
            let mut claimed = resource.profiles.iter();
            !claimed.any(|it| is_based_on(&knowledge.library, it, profile))
        });
        found
    }

    fn of_code<'k>(&'k self, resource: &SurveyedResource<'_>, found: &mut Vec<&'k str>) {
        let code = resource.element.body().and_then(|it| it.get("code"));
        for coding in code.into_iter().flat_map(|it| items(it, "coding")) {
            let (Some(system), Some(code)) = (text(coding, "system"), text(coding, "code")) else {
                continue;
            };
            let mut all = self.vital_signs.iter();
            let sign = all.find(|(of, own, _)| is_same(own, code) && is_same(of, system));
            if let Some((_, _, profile)) = sign
                && !found.contains(&profile.as_str())
            {
                found.push(profile);
            }
        }
    }
}

/// Whether a profile is another one or narrows it, over however many between them.
fn is_based_on(library: &Library, canonical: &str, wanted: &str) -> bool {
    let wanted = without_version(wanted);
    let mut next = Some(canonical);
    for _ in 0..MOST_HOPS {
        let Some(canonical) = next else {
            return false;
        };
        if without_version(canonical) == wanted {
            return true;
        }
        next = library.profile(canonical).and_then(|it| it.base.as_deref());
    }
    false
}

/// The codings of `Observation.code` that a profile asks for: system, code, and its address.
fn codes(profile: &ProfileFacts) -> Vec<(String, String, String)> {
    let slices = profile
        .elements
        .iter()
        .filter(|it| it.path == "Observation.code.coding" && it.min.is_some_and(|min| min > 0));
    let fixed = |of: &ElementFacts, name: &str| {
        let id = format!("{}.{name}", of.id);
        let element = profile.elements.iter().find(|it| it.id == id)?;
        let json = element.fixed.as_ref()?.json.as_str();
        Some(json.trim_matches('"').to_owned())
    };
    slices
        .filter_map(|it| {
            Some((
                fixed(it, "system")?,
                fixed(it, "code")?,
                profile.url.clone(),
            ))
        })
        .collect()
}
