//! What a loader found: the library, other resources, the packages with their fingerprints, and what is odd.
//! Not for finding it.

use crate::error::PackageError;
use plumbline_conformance::Library;
use plumbline_tree::Tree;

/// Everything that was read.
#[derive(Debug)]
pub struct Loaded {
    /// Profiles, extensions, value sets and code systems.
    pub library: Library,
    /// Other resources, which references may lead to.
    pub resources: Vec<Kept>,
    /// The packages, folders and files that were read, in the order of reading; each once.
    pub packages: Vec<Used>,
    /// What is odd, and what was not read, in the order of reading.
    pub notes: Vec<Note>,
    /// What could not be read. Whoever goes on without it must say so.
    pub errors: Vec<PackageError>,
    /// The canonical addresses of profiles and extensions by the path that was given; for single files.
    pub given: Vec<(std::path::PathBuf, String)>,
}

/// A resource that is no definition.
#[derive(Debug)]
pub struct Kept {
    /// The file.
    pub origin: String,
    /// The resource.
    pub tree: Tree,
}

/// A package, a folder or a file that definitions came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The name of the package; of a folder or file that is none, its own.
    pub name: String,
    /// The version of the package.
    pub version: Option<String>,
    /// SHA-256 of what it holds: for a package the same whether it is packed or not; for a single file, that of the file.
    pub sha256: String,
    /// Where it was read from.
    pub place: String,
    /// The package that depends on it, if it was not asked for.
    pub wanted_by: Option<String>,
    /// Definitions that were taken.
    pub definitions: usize,
    /// Other resources that were kept for references.
    pub resources: usize,
    /// Files that hold neither, or that a package keeps beside its definitions.
    pub other_files: usize,
    /// The addresses of the profiles among the definitions; not of extensions.
    pub profiles: Vec<String>,
    /// Whether the lock names it, with this fingerprint.
    pub is_pinned: bool,
}

/// Something that a user should know, and that is no error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The package, folder or file.
    pub place: String,
    /// What is odd, as a sentence without a full stop.
    pub text: String,
}

impl Used {
    /// Name and version.
    pub fn title(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }
}
