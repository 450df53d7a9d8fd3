//! How a path is read: a `.tgz`, a folder, or one file. Not for what becomes of what is found: take.rs.

use super::Loader;
use super::take::Unit;
use crate::archive;
use crate::content::{Content, sha256};
use crate::definition::{self, Found};
use crate::error::PackageError;
use crate::folder;
use crate::manifest::{FILE, Manifest, is_base};
use crate::name::Wanted;
use plumbline_fhir::profile_facts::Facts;
use std::fs;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

impl Loader {
    pub(super) fn read_path(&mut self, path: &Path, by: Option<&str>) -> Result<(), PackageError> {
        let place = path.display().to_string();
        let failed = |error: &std::io::Error| PackageError::of_io(&place, error);
        let kind = fs::metadata(path).map_err(|error| failed(&error))?;
        if kind.is_dir() {
            return self.read_folder(path, &place, by);
        }
        if !kind.is_file() {
            let problem = "this is no ordinary file but a device, a pipe or the like";
            return Err(PackageError::new(
                place,
                problem,
                "Name a file or a folder.",
            ));
        }
        let mut start = [0; 2];
        let mut file = fs::File::open(path).map_err(|error| failed(&error))?;
        let read = file.read(&mut start).map_err(|error| failed(&error))?;
        if read == 2 && start == archive::MAGIC {
            self.read_archive(path, &place, by)
        } else if start == *b"PK" {
            let problem = "this is a zip file, not a FHIR package";
            let fix = "Unpack it, and name the folder.";
            Err(PackageError::new(place, problem, fix))
        } else {
            self.read_single(path, &place, kind.len())
        }
    }

    /// One file, which must hold a resource.
    fn read_single(&mut self, path: &Path, place: &str, length: u64) -> Result<(), PackageError> {
        if length > self.bounds.max_file_bytes {
            let most = self.bounds.max_file_bytes >> 20;
            let problem = format!("this file is larger than the {most} MiB that are read");
            return Err(PackageError::new(place, problem, "Divide it."));
        }
        let bytes = fs::read(path).map_err(|error| PackageError::of_io(place, &error))?;
        let mut unit = Unit::new(place, &name_of(path), None);
        unit.used.sha256 = sha256(&bytes);
        let fix = "Name a StructureDefinition, ValueSet, CodeSystem or other resource of this version of FHIR, or choose \
                   the version with --fhir.";
        match definition::read(place, bytes, self.version)? {
            Found::Other => {
                let problem = format!("this is no resource of FHIR {}", self.version);
                return Err(PackageError::new(place, problem, fix));
            }
            Found::OtherVersion(other) => {
                let problem = format!("this is for FHIR {other}, not {}", self.version.number());
                return Err(PackageError::new(place, problem, fix));
            }
            Found::Unusable(problem) => {
                let fix = "Correct the definition, or fetch it again.";
                return Err(PackageError::new(place, problem, fix));
            }
            found @ (Found::Definition(_) | Found::Resource(..)) => {
                if let Found::Definition(facts) = &found
                    && let Facts::Profile(profile) = &**facts
                {
                    let given = (path.to_owned(), profile.url.clone());
                    self.loaded.given.push(given);
                }
                let sha256 = unit.used.sha256.clone();
                self.take(found, place, &sha256, &mut unit);
            }
        }
        self.close(unit);
        Ok(())
    }

    fn read_archive(
        &mut self,
        path: &Path,
        place: &str,
        by: Option<&str>,
    ) -> Result<(), PackageError> {
        // The manifest may stand anywhere in the archive, and says whether the rest is for this version.
        let open = || {
            let file = fs::File::open(path).map_err(|error| PackageError::of_io(place, &error))?;
            Ok(BufReader::with_capacity(1 << 16, file))
        };
        let mut content = Content::default();
        let mut manifest = None;
        archive::each_file(place, open()?, self.bounds, |name, bytes| {
            content.add(name, &bytes);
            if name == format!("package/{FILE}") {
                manifest = Some(Manifest::read(&format!("{place}: {name}"), &bytes)?);
            }
            Ok(())
        })?;
        let Some(manifest) = manifest else {
            let problem = "this archive holds no package/package.json, so it is no FHIR package";
            let fix = "Name a FHIR package, or unpack the archive and name the folder.";
            return Err(PackageError::new(place, problem, fix));
        };
        let Some(mut unit) = self.begin(place, &manifest, &content, by)? else {
            return Ok(());
        };
        let bounds = self.bounds;
        let passed_over = archive::each_file(place, open()?, bounds, |name, bytes| {
            self.file(&format!("{place}: {name}"), name, bytes, &mut unit);
            Ok(())
        })?;
        self.passed_over(place, passed_over);
        self.close(unit);
        Ok(())
    }

    fn read_folder(
        &mut self,
        path: &Path,
        place: &str,
        by: Option<&str>,
    ) -> Result<(), PackageError> {
        let inner = path.join("package");
        let (manifest_path, prefix) = if inner.join(FILE).is_file() {
            (inner.join(FILE), "")
        } else {
            (path.join(FILE), "package/")
        };
        let mut content = Content::default();
        let bounds = self.bounds;
        folder::each_file(path, bounds, |name, bytes| {
            content.add(&format!("{prefix}{name}"), &bytes);
            Ok(())
        })?;
        let manifest = if manifest_path.is_file() {
            let place = manifest_path.display().to_string();
            let bytes = fs::read(&manifest_path);
            let bytes = bytes.map_err(|error| PackageError::of_io(&place, &error))?;
            // A folder of files may hold a package.json that is not of a FHIR package.
            match Manifest::read(&place, &bytes) {
                Err(error) if prefix.is_empty() => return Err(error),
                other => other.ok(),
            }
        } else {
            None
        };
        let mut unit = if let Some(manifest) = &manifest {
            let Some(unit) = self.begin(place, manifest, &content, by)? else {
                return Ok(());
            };
            unit
        } else {
            let mut unit = Unit::new(place, &name_of(path), by);
            unit.used.sha256 = content.fingerprint();
            unit
        };
        let passed_over = folder::each_file(path, bounds, |name, bytes| {
            let inner = path.join(name).display().to_string();
            self.file(&inner, &format!("{prefix}{name}"), bytes, &mut unit);
            Ok(())
        })?;
        if unit.used.definitions + unit.used.resources == 0 && unit.odd.is_empty() {
            let others = unit.used.other_files;
            let problem = format!(
                "there is no definition of FHIR {} in it; other files: {others}",
                self.version
            );
            self.note(place, problem);
        }
        self.passed_over(place, passed_over);
        self.close(unit);
        Ok(())
    }

    /// A package about to be read; `None` if it has been read already, or is the base specification.
    fn begin<'p>(
        &mut self,
        place: &'p str,
        manifest: &Manifest,
        content: &Content,
        by: Option<&str>,
    ) -> Result<Option<Unit<'p>>, PackageError> {
        let id = &manifest.id;
        if let Some(earlier) = self.read.get(id) {
            if by.is_none() {
                let text = format!("is {id}, which was read from {earlier} already");
                self.note(place, text);
            }
            return Ok(None);
        }
        self.read.insert(id.clone(), place.to_owned());
        let sha256 = content.fingerprint();
        let is_pinned = self.lock.check(id, &sha256)?;
        if is_base(&id.name) {
            let text = "is the base specification, which is inside Plumbline; it was not read";
            self.note(place, text.to_owned());
            return Ok(None);
        }
        if !manifest.is_for(self.version) {
            let versions = manifest.fhir_versions.join(", ");
            let text = format!(
                "is for FHIR {versions}, not {}; of its definitions those are used that do not say so themselves",
                self.version.number()
            );
            self.note(place, text);
        }
        for (name, version) in &manifest.dependencies {
            match Wanted::parse(&format!("{name}@{version}")) {
                _ if is_base(name) => {}
                Ok(wanted) => self.waiting.push_back((wanted, id.to_string())),
                Err(_) => {
                    let text =
                        "depends on a package whose name or version is none; it was not read";
                    self.note(place, text.to_owned());
                }
            }
        }
        let mut unit = Unit::new(place, &id.name, by);
        unit.used.version = Some(id.version.clone());
        unit.used.sha256 = sha256;
        unit.used.is_pinned = is_pinned;
        unit.is_package = true;
        Ok(Some(unit))
    }
}

/// The last part of a path.
fn name_of(path: &Path) -> String {
    let whole: PathBuf = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = whole.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
