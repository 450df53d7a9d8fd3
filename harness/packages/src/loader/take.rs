//! What becomes of a file: a definition in the library, a resource that is kept, or a count. Not for finding files:
//! read.rs.

use super::{Loader, Pending, is_profile};
use crate::content::sha256;
use crate::definition::{self, Found};
use crate::kept::{Kept, Note, Used};
use crate::manifest::FILE;
use plumbline_fhir::profile_facts::Facts;
use std::collections::BTreeMap;

/// Bytes of other resources that are kept for references, in all.
const MOST_KEPT: usize = 256 << 20;
/// Of one place, this many files of a kind that cannot be used are named.
const MOST_NAMED: usize = 10;

/// Files of one package or folder that cannot be used, by reason.
pub(super) type Odd = BTreeMap<String, Vec<String>>;

/// What is read at one place.
pub(super) struct Unit<'a> {
    place: &'a str,
    pub(super) used: Used,
    pub(super) odd: Odd,
    /// Whether files of the package's own folders are definitions: in a package only those right in `package/`.
    pub(super) is_package: bool,
}

impl Loader {
    /// One file of a package or folder.
    pub(super) fn file(&mut self, place: &str, name: &str, bytes: Vec<u8>, unit: &mut Unit<'_>) {
        // A package keeps examples and other things in folders of their own.
        let below = name.strip_prefix("package/").unwrap_or(name);
        let is_aside = unit.is_package && (below.contains('/') || below == name);
        let is_hidden = name
            .rsplit('/')
            .next()
            .is_some_and(|it| it.starts_with('.'));
        if is_hidden || below == FILE {
            return;
        }
        if is_aside || !definition::is_candidate(name) {
            unit.used.other_files += 1;
            return;
        }
        let sha256 = sha256(&bytes);
        match definition::read(place, bytes, self.version) {
            Ok(found) => self.take(found, place, &sha256, unit),
            Err(error) => self.loaded.errors.push(error),
        }
    }

    pub(super) fn take(&mut self, found: Found, place: &str, sha256: &str, unit: &mut Unit<'_>) {
        match found {
            Found::Definition(facts) => self.define(*facts, place, sha256, unit),
            Found::Resource(kind, tree) => {
                if unit.is_package && !is_kept_of_package(&kind) {
                    unit.used.other_files += 1;
                    return;
                }
                let size = tree.source().len() + tree.arena_bytes();
                if self.kept + size > MOST_KEPT {
                    let reason = format!(
                        "other resources beyond {} MiB are not kept for references",
                        MOST_KEPT >> 20
                    );
                    unit.odd.entry(reason).or_default().push(place.to_owned());
                    return;
                }
                self.kept += size;
                unit.used.resources += 1;
                self.loaded.resources.push(Kept {
                    origin: place.to_owned(),
                    tree: *tree,
                });
            }
            Found::OtherVersion(version) => {
                let reason = format!("definitions for FHIR {version} are not used");
                unit.odd.entry(reason).or_default().push(place.to_owned());
            }
            Found::Unusable(why) => unit.odd.entry(why).or_default().push(place.to_owned()),
            Found::Other => unit.used.other_files += 1,
        }
    }

    fn define(&mut self, facts: Facts, place: &str, sha256: &str, unit: &mut Unit<'_>) {
        let (kind, url, version) = match &facts {
            Facts::Profile(it) => ("StructureDefinition", &it.url, &it.version),
            Facts::ValueSet(it) => ("ValueSet", &it.url, &it.version),
            Facts::CodeSystem(it) => ("CodeSystem", &it.url, &it.version),
        };
        let key = (kind, url.clone(), version.clone());
        if let Some(earlier) = self.origins.get(&key).and_then(|at| self.pending.get(*at)) {
            if earlier.sha256 != sha256 && earlier.facts != facts {
                let version = version
                    .as_deref()
                    .map_or(String::new(), |it| format!("|{it}"));
                let text = format!(
                    "the {kind} {url}{version} is also in {}, and says something else; the one read first is used",
                    earlier.place
                );
                self.note(place, text);
            }
            return;
        }
        self.origins.insert(key, self.pending.len());
        unit.used.definitions += 1;
        if let Facts::Profile(profile) = &facts
            && is_profile(profile)
        {
            unit.used.profiles.push(profile.url.clone());
        }
        self.pending.push(Pending {
            facts,
            origin: unit.used.title(),
            place: place.to_owned(),
            sha256: sha256.to_owned(),
        });
    }

    pub(super) fn note(&mut self, place: &str, text: String) {
        self.loaded.notes.push(Note {
            place: place.to_owned(),
            text,
        });
    }

    pub(super) fn passed_over(&mut self, place: &str, count: usize) {
        if count > 0 {
            let text = format!("{count} links and the like in it were not followed");
            self.note(place, text);
        }
    }

    pub(super) fn close(&mut self, unit: Unit<'_>) {
        for (reason, places) in unit.odd {
            let named: Vec<&str> = places.iter().take(MOST_NAMED).map(String::as_str).collect();
            let more = places.len() - named.len();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let text = format!("{reason}: {}{more}", named.join(", "));
            self.note(unit.place, text);
        }
        self.loaded.packages.push(unit.used);
    }
}

impl<'a> Unit<'a> {
    pub(super) fn new(place: &'a str, name: &str, by: Option<&str>) -> Self {
        Self {
            place,
            used: Used {
                name: name.to_owned(),
                version: None,
                sha256: String::new(),
                place: place.to_owned(),
                wanted_by: by.map(str::to_owned),
                definitions: 0,
                resources: 0,
                other_files: 0,
                profiles: Vec::new(),
                is_pinned: false,
            },
            odd: Odd::new(),
            is_package: false,
        }
    }
}

/// Of a package, resources that say how to use it and that no record refers to are not kept.
fn is_kept_of_package(kind: &str) -> bool {
    !matches!(
        kind,
        "CapabilityStatement"
            | "CompartmentDefinition"
            | "ConceptMap"
            | "DataElement"
            | "ExpansionProfile"
            | "GraphDefinition"
            | "ImplementationGuide"
            | "MessageDefinition"
            | "NamingSystem"
            | "OperationDefinition"
            | "SearchParameter"
            | "StructureMap"
            | "TerminologyCapabilities"
            | "TestScript"
    )
}
