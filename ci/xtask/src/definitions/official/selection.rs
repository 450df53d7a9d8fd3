//! Which resources of a folder a pack needs, and their facts. Not for reading the folder: folder.rs.

use super::folder::{Folder, Resource};
use anyhow::{Result, bail, ensure};
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
    /// Files that do not keep to FHIR, and what is wrong with them.
    pub(super) broken: BTreeSet<String>,
}

/// The profiles that are asked for, or all, with what they need to be checked: profiles of types and extensions,
/// bases, value sets and code systems. What references may point to is not followed.
pub(super) fn select(folder: &Folder, only: &[String], version: FhirVersion) -> Result<Selected> {
    let mut selection = Selection {
        folder,
        version,
        wanted: roots(folder, only)?,
        only,
        selected: Selected {
            file: FactsFile::new(version),
            sources: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
            broken: BTreeSet::new(),
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
        let is_meant = |url: &&str| {
            let last = url.rsplit('/').next();
            *url == name
                || match name.strip_suffix('*') {
                    Some(start) => last.is_some_and(|last| last.starts_with(start)),
                    None => last == Some(name),
                }
        };
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
    only: &'f [String],
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
        self.selected.sources.insert(key.clone());
        let facts = match facts(first, self.version)? {
            Ok(facts) => facts,
            Err(broken) => {
                // What is asked for by its name must be there.
                let mut only = self.only.iter();
                ensure!(!only.any(|name| url.ends_with(name.as_str())), broken);
                self.selected.sources.remove(&key);
                self.selected.broken.insert(broken);
                return Ok(());
            }
        };
        for other in others {
            ensure!(
                Ok(&facts) == self::facts(other, self.version)?.as_ref(),
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

/// The facts, or what is wrong with the file. It is an error if it is of another version.
fn facts(resource: &Resource, version: FhirVersion) -> Result<Result<Facts, String>> {
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
    let facts = reduce(&resource.tree, Definitions::of(version));
    Ok(facts.map_err(|error| format!("{file}: {error}")))
}
