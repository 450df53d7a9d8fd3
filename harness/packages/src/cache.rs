//! [`Cache`]: the folder where packages are kept unpacked, `<name>#<version>` each, as FHIR tools share it.
//! Not for where that folder is: the caller says so.

use crate::archive;
use crate::bounds::Bounds;
use crate::content::{Content, sha256};
use crate::error::PackageError;
use crate::folder;
use crate::manifest::{FILE, Manifest};
use crate::name::{PackageId, Wanted};
use crate::release;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder of unpacked packages.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// A cache in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every package in it, by name and version. An absent folder holds none.
    pub fn packages(&self) -> Result<Vec<PackageId>, PackageError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(PackageError::of_io(
                    self.folder.display().to_string(),
                    &error,
                ));
            }
        };
        let mut all: Vec<PackageId> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_dir())
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let (name, version) = name.split_once('#')?;
                PackageId::new(name, version)
            })
            .collect();
        all.sort_by(|a, b| {
            let versions =
                release::Release::new(&a.version).cmp(&release::Release::new(&b.version));
            a.name.cmp(&b.name).then(versions)
        });
        Ok(all)
    }

    /// The package that is wanted, if it is there: the version itself, the newest that fits a pattern, or the newest.
    pub fn find(&self, wanted: &Wanted) -> Result<Option<PackageId>, PackageError> {
        let all = self.packages()?;
        let versions = all
            .iter()
            .filter(|it| it.name == wanted.name)
            .map(|it| it.version.as_str());
        let version = match &wanted.version {
            Some(version) => release::fitting(version, versions),
            None => release::newest(versions),
        };
        Ok(version.and_then(|version| PackageId::new(&wanted.name, version)))
    }

    /// The folder of a package.
    pub fn path(&self, id: &PackageId) -> PathBuf {
        self.folder.join(id.folder())
    }

    /// SHA-256 of what a package in the cache holds.
    pub fn fingerprint(&self, id: &PackageId, bounds: Bounds) -> Result<String, PackageError> {
        let mut content = Content::default();
        let top = self.path(id);
        folder::each_file(&top, bounds, |path, bytes| {
            content.add(path, &bytes);
            Ok(())
        })?;
        Ok(content.fingerprint())
    }

    /// What the package says of itself.
    pub(crate) fn manifest(&self, id: &PackageId) -> Result<Manifest, PackageError> {
        let path = self.path(id).join("package").join(FILE);
        let place = path.display().to_string();
        let bytes = fs::read(&path).map_err(|error| PackageError::of_io(&place, &error))?;
        Manifest::read(&place, &bytes)
    }

    /// Unpacks an archive whose package must be `id`, and whose fingerprint `accept` must take. It appears in the cache
    /// whole or not at all, and nothing is written over. Gives the fingerprint.
    pub(crate) fn store(
        &self,
        id: &PackageId,
        packed: &[u8],
        bounds: Bounds,
        accept: impl FnOnce(&str) -> Result<(), PackageError>,
    ) -> Result<String, PackageError> {
        let target = self.path(id);
        let place = target.display().to_string();
        if target.exists() {
            let fix = "Remove the folder, or use the package that is in it.";
            return Err(PackageError::new(place, "the folder exists already", fix));
        }
        let failed = |error: &io::Error| PackageError::of_io(&place, error);
        fs::create_dir_all(&self.folder).map_err(|error| failed(&error))?;
        let unfinished = Unfinished::new(&self.folder, id).map_err(|error| failed(&error))?;
        let mut content = Content::default();
        let mut manifest = None;
        archive::each_file(&id.to_string(), packed, bounds, |path, bytes| {
            content.add(path, &bytes);
            if path == format!("package/{FILE}") {
                manifest = Some(Manifest::read(&format!("{id}: {path}"), &bytes)?);
            }
            let file = unfinished.path.join(path);
            let folder = file.parent().unwrap_or(&unfinished.path);
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&file, &bytes))
                .map_err(|error| failed(&error))
        })?;
        let fix =
            "Do not use it: the registry gives another package than the one that was asked for.";
        match manifest {
            Some(manifest) if manifest.id == *id => {}
            Some(manifest) => {
                let problem = format!("the archive holds the package {}", manifest.id);
                return Err(PackageError::new(id.to_string(), problem, fix));
            }
            None => {
                let problem = "the archive holds no package/package.json";
                return Err(PackageError::new(id.to_string(), problem, fix));
            }
        }
        let sha256 = content.fingerprint();
        accept(&sha256)?;
        // On every system this fails if somebody else has put a package there in the meantime.
        fs::rename(&unfinished.path, &target).map_err(|error| failed(&error))?;
        Ok(sha256)
    }
}

/// A folder that is removed unless it was renamed.
struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    fn new(folder: &Path, id: &PackageId) -> io::Result<Self> {
        let of_process = std::process::id();
        let path = folder.join(format!(".unfinished-{}-{of_process}", id.folder()));
        fs::create_dir(&path)?;
        Ok(Self { path })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // It may have been renamed, and if it cannot be removed, nobody reads it.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// SHA-256 of an archive as it came.
pub(crate) fn of_archive(packed: &[u8]) -> String {
    sha256(packed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::tests::{packed, profile};

    fn archive(name: &str, version: &str) -> Vec<u8> {
        let manifest = format!(r#"{{"name":"{name}","version":"{version}"}}"#);
        packed(&[
            ("package/package.json", manifest.as_bytes()),
            ("package/a.json", profile("A", 1).as_bytes()),
        ])
    }

    fn id(version: &str) -> PackageId {
        PackageId::new("own.package", version).unwrap()
    }

    #[test]
    fn packages_are_stored_found_and_never_written_over() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(home.path().join("packages"));
        assert_eq!(cache.packages().unwrap(), []);
        for version in ["1.10.0", "1.9.0", "2.0.0-beta"] {
            let packed = archive("own.package", version);
            let store = || cache.store(&id(version), &packed, Bounds::default(), |_| Ok(()));
            let stored = store().unwrap();
            let found = cache.fingerprint(&id(version), Bounds::default()).unwrap();
            assert_eq!(stored, found);
            assert!(store().unwrap_err().problem.contains("exists already"));
        }
        let versions: Vec<String> = cache
            .packages()
            .unwrap()
            .into_iter()
            .map(|it| it.version)
            .collect();
        assert_eq!(versions, ["1.9.0", "1.10.0", "2.0.0-beta"]);
        let find = |text| cache.find(&Wanted::parse(text).unwrap()).unwrap();
        assert_eq!(find("own.package"), Some(id("1.10.0")));
        assert_eq!(find("own.package@1.9.x"), Some(id("1.9.0")));
        assert_eq!(find("own.package@3.0.0"), None);
        assert_eq!(find("other.package"), None);
    }

    #[test]
    fn another_package_is_refused_and_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(home.path());
        let error = cache
            .store(
                &id("1.0.0"),
                &archive("other.package", "1.0.0"),
                Bounds::default(),
                |_| Ok(()),
            )
            .unwrap_err();
        assert!(error.problem.contains("other.package@1.0.0"), "{error}");
        let empty = packed(&[("package/a", b"")]);
        let none = cache.store(&id("1.0.0"), &empty, Bounds::default(), |_| Ok(()));
        assert!(none.unwrap_err().problem.contains("package.json"));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
