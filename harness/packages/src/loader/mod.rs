//! [`Loader`]: reads packages, folders and files into one library. Not for single files: definition.rs.

mod read;
mod take;

use crate::bounds::Bounds;
use crate::cache::Cache;
use crate::content::sha256;
use crate::error::PackageError;
use crate::kept::{Loaded, Used};
use crate::lock::Lock;
use crate::name::{PackageId, Wanted};
use plumbline_conformance::Library;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::{Derivation, Facts, FactsFile, ProfileFacts};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// Reads packages, folders and files for one version of FHIR.
#[derive(Debug)]
pub struct Loader {
    version: FhirVersion,
    bounds: Bounds,
    cache: Option<Cache>,
    lock: Lock,
    loaded: Loaded,
    /// Definitions in the order of reading. Of two with one address the library takes the one that is added last, and
    /// the one read first is meant.
    pending: Vec<Pending>,
    /// Places in `pending`, by kind, address and version.
    origins: BTreeMap<(&'static str, String, Option<String>), usize>,
    /// Packages that were read, with the place.
    read: BTreeMap<PackageId, String>,
    /// Dependencies that are still to be read, with the package that has them.
    waiting: VecDeque<(Wanted, String)>,
    absent: BTreeSet<String>,
    kept: usize,
}

/// A definition that is not in the library yet.
#[derive(Debug)]
struct Pending {
    facts: Facts,
    /// The package, folder or file, for messages of the library.
    origin: String,
    /// The file.
    place: String,
    sha256: String,
}

impl Loader {
    /// The place of facts that came as text.
    pub const INSIDE: &str = "inside Plumbline";

    /// Nothing read so far; the library has what HL7 publishes with the specification.
    pub fn new(version: FhirVersion) -> Self {
        Self {
            version,
            bounds: Bounds::default(),
            cache: None,
            lock: Lock::default(),
            loaded: Loaded {
                library: Library::new(version),
                resources: Vec::new(),
                packages: Vec::new(),
                notes: Vec::new(),
                errors: Vec::new(),
                given: Vec::new(),
            },
            pending: Vec::new(),
            origins: BTreeMap::new(),
            read: BTreeMap::new(),
            waiting: VecDeque::new(),
            absent: BTreeSet::new(),
            kept: 0,
        }
    }

    /// Looks for packages by name, and for what packages depend on, in this folder.
    #[must_use]
    pub fn with_cache(mut self, cache: Cache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// Refuses a package that holds something else than is pinned.
    #[must_use]
    pub fn with_lock(mut self, lock: Lock) -> Self {
        self.lock = lock;
        self
    }

    /// Reads no more than this.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Reads a `.tgz`, a folder or a file. What is wrong is in [`Loaded::errors`] at the end.
    pub fn add(&mut self, path: &Path) {
        if let Err(error) = self.read_path(path, None) {
            self.loaded.errors.push(error);
        }
    }

    /// Reads a package of the cache.
    pub fn add_named(&mut self, wanted: &Wanted) {
        if let Err(error) = self.read_named(wanted, None) {
            self.loaded.errors.push(error);
        }
    }

    /// Reads a text of facts, as the packs have them. Whatever else is read goes before it.
    pub fn add_facts(&mut self, name: &str, text: &str) {
        let wrong = |problem: String| {
            PackageError::new(
                name,
                problem,
                "Make the file again with `cargo xtask definitions`.",
            )
        };
        let file = match FactsFile::read(text) {
            Ok(file) => file,
            Err(error) => return self.loaded.errors.push(wrong(error.to_string())),
        };
        let count = file.profiles.len() + file.value_sets.len() + file.code_systems.len();
        self.loaded.packages.push(Used {
            name: name.to_owned(),
            version: None,
            sha256: sha256(text.as_bytes()),
            place: Self::INSIDE.to_owned(),
            wanted_by: None,
            definitions: count,
            resources: 0,
            other_files: 0,
            profiles: file
                .profiles
                .iter()
                .filter(|it| is_profile(it))
                .map(|it| it.url.clone())
                .collect(),
            is_pinned: false,
        });
        self.loaded.library.add_file_from(file, name);
    }

    /// Reads what packages depend on, as far as the cache has it, and gives everything.
    pub fn finish(mut self) -> Loaded {
        while let Some((wanted, by)) = self.waiting.pop_front() {
            if self.read.len() >= self.bounds.max_packages {
                let most = self.bounds.max_packages;
                let problem = format!("more than {most} packages depend on one another");
                let fix = "Name the packages that are needed, and no others.";
                self.loaded.errors.push(PackageError::new(by, problem, fix));
                break;
            }
            if let Err(error) = self.read_named(&wanted, Some(&by)) {
                self.loaded.errors.push(error);
            }
        }
        for pending in self.pending.into_iter().rev() {
            let library = &mut self.loaded.library;
            library.add_from(pending.facts, &pending.origin);
        }
        self.loaded
    }

    fn read_named(&mut self, wanted: &Wanted, by: Option<&str>) -> Result<(), PackageError> {
        // A dependency may have been read from elsewhere.
        let versions = self.read.keys().filter(|it| it.name == wanted.name);
        let versions = versions.map(|it| it.version.as_str());
        let pattern = wanted.version.as_deref().unwrap_or("latest");
        if by.is_some() && crate::release::fitting(pattern, versions).is_some() {
            return Ok(());
        }
        let add = format!("plumbline packages add {wanted}");
        let Some(cache) = self.cache.clone() else {
            return self.is_absent(
                wanted,
                by,
                "there is no folder of packages to look in",
                &add,
            );
        };
        if let Some(id) = cache.find(wanted)? {
            return self.read_path(&cache.path(&id), by);
        }
        let folder = cache.folder().display();
        self.is_absent(wanted, by, &format!("it is not in {folder}"), &add)
    }

    /// An absent package that was asked for is an error; a dependency is told.
    fn is_absent(
        &mut self,
        wanted: &Wanted,
        by: Option<&str>,
        why: &str,
        add: &str,
    ) -> Result<(), PackageError> {
        match by {
            None => {
                let fix = format!("Fetch it first: {add}");
                Err(PackageError::new(wanted.to_string(), why, fix))
            }
            Some(by) => {
                if self.absent.insert(wanted.to_string()) {
                    let text = format!(
                        "depends on {wanted}, and {why}; what it defines is not known ({add})"
                    );
                    self.note(by, text);
                }
                Ok(())
            }
        }
    }
}

/// Whether it is a profile on a resource or a datatype, and no extension.
fn is_profile(facts: &ProfileFacts) -> bool {
    facts.derivation == Some(Derivation::Constraint) && facts.of != "Extension"
}
