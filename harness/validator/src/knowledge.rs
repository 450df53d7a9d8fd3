//! What a validation goes by: the base specification, what others publish, and the types for `FHIRPath`.
//! Not the judging.

use crate::profile::{Implied, Profiles};
use crate::supplied::Supplied;
use plumbline_conformance::Library;
use plumbline_fhir::{Definitions, FhirVersion, TypeTable};
use plumbline_terminology::Terminology;
use plumbline_tree::Tree;
use std::sync::{Arc, OnceLock};

/// What is known: made once, used for many resources and by many threads.
#[derive(Debug)]
pub(crate) struct Knowledge {
    /// The base specification.
    pub(crate) definitions: &'static Definitions,
    /// Its types.
    pub(crate) types: &'static TypeTable,
    /// Profiles, extensions, value sets, code systems.
    pub(crate) library: Arc<Library>,
    /// Which codes are in which value sets.
    pub(crate) terminology: Terminology,
    /// Other resources that the caller hands over.
    pub(crate) supplied: Supplied,
    /// The profiles of the library that were needed so far, ready to be checked.
    pub(crate) profiles: Profiles,
    /// Those that nobody names.
    implied: OnceLock<Implied>,
}

impl Knowledge {
    pub(crate) fn new(library: Library) -> Self {
        let version = library.version();
        let library = Arc::new(library);
        Self {
            definitions: Definitions::of(version),
            types: TypeTable::of(version),
            terminology: Terminology::new(Arc::clone(&library), Definitions::of(version)),
            library,
            supplied: Supplied::default(),
            profiles: Profiles::default(),
            implied: OnceLock::new(),
        }
    }

    /// The profiles that hold although nobody names them.
    pub(crate) fn implied(&self) -> &Implied {
        self.implied.get_or_init(|| Implied::of(self))
    }

    /// Adds a resource beside the library.
    pub(crate) fn supply(&mut self, tree: Tree) {
        self.supplied.add(tree);
        self.implied = OnceLock::new();
    }

    pub(crate) fn version(&self) -> FhirVersion {
        self.definitions.version()
    }
}
