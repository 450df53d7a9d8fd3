//! Which resources of a folder a pack needs, and their facts. Not for reading the folder: folder.rs.

use super::folder::{Folder, Resource};
use anyhow::{Result, anyhow, bail, ensure};
use plumbline_fhir::profile_facts::{CodeSystemFacts, ValueSetFacts};
use plumbline_fhir::profile_facts::{ElementFacts, Facts, FactsFile, Picked, ProfileFacts, reduce};
use plumbline_fhir::{Definitions, FhirVersion};
use std::collections::BTreeSet;

const PROFILE: &str = "StructureDefinition";
const SET: &str = "ValueSet";
const SYSTEM: &str = "CodeSystem";

/// The facts, and the files that they are from.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) file: FactsFile,
    /// Type and address of each.
    pub(super) sources: BTreeSet<(String, String)>,
    /// Profiles that are named and are not in the folder.
    pub(super) elsewhere: BTreeSet<String>,
}

/// The profiles that are asked for, or all, with what they need to be checked: profiles of types and extensions,
/// bases, value sets and code systems. What references may point to is not followed.
pub(super) fn select(folder: &Folder, only: &[String], version: FhirVersion) -> Result<Selected> {
    let mut selection = Selection {
        folder,
        version,
        wanted: roots(folder, only)?,
        selected: Selected {
            file: FactsFile::new(version),
            sources: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
        },
    };
    while let Some((resource_type, url)) = selection.wanted.pop() {
        selection.take(resource_type, &url)?;
    }
    Ok(selection.selected)
}

fn roots(folder: &Folder, only: &[String]) -> Result<Vec<(&'static str, String)>> {
    if only.is_empty() {
        let of = |it: &'static str| folder.urls(it).map(move |url| (it, url.to_owned()));
        return Ok(of(PROFILE).chain(of(SET)).chain(of(SYSTEM)).collect());
    }
    let mut roots = Vec::new();
    for name in only {
        let is_meant = |url: &&str| *url == name || url.rsplit('/').next() == Some(name);
        let before = roots.len();
        roots.extend(
            folder
                .urls(PROFILE)
                .filter(is_meant)
                .map(|url| (PROFILE, url.to_owned())),
        );
        ensure!(
            roots.len() > before,
            "no StructureDefinition has the url `{name}`, nor one that ends with it"
        );
    }
    Ok(roots)
}

struct Selection<'f> {
    folder: &'f Folder,
    version: FhirVersion,
    wanted: Vec<(&'static str, String)>,
    selected: Selected,
}

impl Selection<'_> {
    /// Takes the facts of a resource, unless that was done.
    fn take(&mut self, resource_type: &'static str, url: &str) -> Result<()> {
        // A version that is named is that of the folder, or none is.
        let url = url.split('|').next().unwrap_or_default();
        let key = (resource_type.to_owned(), url.to_owned());
        if self.selected.sources.contains(&key) {
            return Ok(());
        }
        let Some((first, others)) = self.folder.find(resource_type, url).split_first() else {
            if resource_type == PROFILE {
                self.selected.elsewhere.insert(url.to_owned());
            }
            return Ok(());
        };
        let facts = facts(first, self.version)?;
        for other in others {
            ensure!(
                facts == self::facts(other, self.version)?,
                "{} and {} differ, and both define {url}; leave one of them out of the folder",
                first.file,
                other.file
            );
        }
        match &facts {
            Facts::Profile(profile) => self.want_of_profile(profile),
            Facts::ValueSet(set) => self.want_of_set(set),
            Facts::CodeSystem(CodeSystemFacts { .. }) => {}
        }
        self.selected.sources.insert(key);
        self.selected.file.add(facts);
        Ok(())
    }

    fn want_of_profile(&mut self, profile: &ProfileFacts) {
        self.want(PROFILE, profile.base.as_deref());
        for element in &profile.elements {
            self.want_of_element(element);
        }
    }

    fn want_of_element(&mut self, element: &ElementFacts) {
        for url in element.types.iter().flat_map(|it| &it.profiles) {
            self.want(PROFILE, Some(url));
        }
        if let Some(binding) = &element.binding {
            self.want(SET, binding.value_set.as_deref());
            self.want(SET, binding.greatest.as_deref());
        }
    }

    fn want_of_set(&mut self, set: &ValueSetFacts) {
        for part in set.parts() {
            for url in &part.value_sets {
                self.want(SET, Some(url));
            }
            // Codes that are listed need no code system.
            if !matches!(part.picked, Picked::Codes(_)) {
                self.want(SYSTEM, part.system.as_deref());
            }
        }
    }

    fn want(&mut self, resource_type: &'static str, url: Option<&str>) {
        if let Some(url) = url {
            self.wanted.push((resource_type, url.to_owned()));
        }
    }
}

fn facts(resource: &Resource, version: FhirVersion) -> Result<Facts> {
    let file = &resource.file;
    if let Some(number) = &resource.claim.fhir_version {
        match FhirVersion::from_text(number) {
            Some(other) if other == version => {}
            Some(other) => bail!(
                "{file}: this is a profile of FHIR {number} ({other}), and {version} is asked for; \
                 leave it out of the folder, or give --fhir {}",
                other.to_string().to_lowercase()
            ),
            None => bail!(
                "{file}: this is a profile of FHIR {number}, and there are facts for r4 and stu3 only"
            ),
        }
    }
    reduce(&resource.tree, Definitions::of(version)).map_err(|error| anyhow!("{file}: {error}"))
}
