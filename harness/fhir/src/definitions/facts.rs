//! [`Definitions`]: all facts of one version of FHIR. Not for the facts of one type: types.rs, element.rs.

use super::child::Child;
use super::error::DefinitionsError;
use super::rows::{Tables, next_id};
use super::types::Type;
use super::value_set::ValueSet;
use super::version::FhirVersion;
use super::{link, read_sets, read_types};
use plumbline_tree::by_length;
use std::fmt;
use std::sync::OnceLock;

/// A text of facts and its path from the top folder, which errors name.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// The path.
    pub name: &'static str,
    /// The text.
    pub text: &'static str,
}

/// The three texts of one version; `profiles/_fhir/README.md` has their format.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// Value sets.
    pub value_sets: Text,
    /// Primitives and datatypes.
    pub datatypes: Text,
    /// Resources.
    pub resources: Text,
}

macro_rules! text {
    ($path:literal) => {
        Text {
            name: concat!("profiles/_fhir/", $path),
            text: include_str!(concat!("../../../../profiles/_fhir/", $path)),
        }
    };
}

const R4: Texts = Texts {
    value_sets: text!("r4/valuesets.txt"),
    datatypes: text!("r4/datatypes.txt"),
    resources: text!("r4/resources.txt"),
};

const STU3: Texts = Texts {
    value_sets: text!("stu3/valuesets.txt"),
    datatypes: text!("stu3/datatypes.txt"),
    resources: text!("stu3/resources.txt"),
};

impl Texts {
    /// The texts inside the binary.
    pub fn embedded(version: FhirVersion) -> Self {
        match version {
            FhirVersion::Stu3 => STU3,
            FhirVersion::R4 => R4,
        }
    }

    /// In the order in which they are read.
    pub(super) fn all(&self) -> [Text; 3] {
        [self.value_sets, self.datatypes, self.resources]
    }
}

/// The types, elements and value sets of one version of FHIR.
pub struct Definitions {
    version: FhirVersion,
    tables: Tables,
}

impl fmt::Debug for Definitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Definitions")
            .field("version", &self.version)
            .field("types", &self.tables.types.len())
            .finish_non_exhaustive()
    }
}

impl Definitions {
    /// The facts of a version, from the text inside the binary. The first call reads it, in a few milliseconds,
    /// and every later one, on any thread, gives the same; nothing else outlives a call.
    ///
    /// # Panics
    ///
    /// If the text inside the binary is broken, which the tests of this crate rule out.
    pub fn of(version: FhirVersion) -> &'static Self {
        static R4: OnceLock<Definitions> = OnceLock::new();
        static STU3: OnceLock<Definitions> = OnceLock::new();
        let slot = match version {
            FhirVersion::Stu3 => &STU3,
            FhirVersion::R4 => &R4,
        };
        slot.get_or_init(|| match Self::read(version, &Texts::embedded(version)) {
            Ok(definitions) => definitions,
            Err(error) => panic!("the facts inside the binary are broken: {error}"),
        })
    }

    /// R4: [`Definitions::of`] 4.0.1.
    pub fn r4() -> &'static Self {
        Self::of(FhirVersion::R4)
    }

    /// STU3: [`Definitions::of`] 3.0.2.
    pub fn stu3() -> &'static Self {
        Self::of(FhirVersion::Stu3)
    }

    /// Reads texts. The first thing that does not keep to the format is the error.
    pub fn read(version: FhirVersion, texts: &Texts) -> Result<Self, DefinitionsError> {
        let mut tables = Tables::default();
        let [value_sets, datatypes, resources] = texts.all();
        read_sets::read(&mut tables, value_sets, 0)?;
        read_types::names(&mut tables, datatypes, 1)?;
        read_types::names(&mut tables, resources, 2)?;
        tables
            .type_names
            .sort_unstable_by_key(|(name, _)| by_length(name));
        let mut open_choice = None;
        read_types::read(&mut tables, &mut open_choice, datatypes, 1)?;
        read_types::read(&mut tables, &mut open_choice, resources, 2)?;
        link::link(&mut tables, texts)?;
        Ok(Self { version, tables })
    }

    /// The version of FHIR.
    pub fn version(&self) -> FhirVersion {
        self.version
    }

    /// A type by its exact name: `Patient`, `HumanName`, `code`, `SimpleQuantity`.
    pub fn type_named(&self, name: &str) -> Option<Type<'_>> {
        self.tables.type_id(name).map(|id| Type::new(self, id))
    }

    /// A resource that an instance can be: no datatype, and neither `Resource` nor `DomainResource`.
    pub fn resource(&self, name: &str) -> Option<Type<'_>> {
        self.type_named(name)
            .filter(|it| it.is_resource() && !it.is_abstract())
    }

    /// All types: primitives, datatypes, profiles of datatypes, resources; by name within each.
    pub fn types(&self) -> impl Iterator<Item = Type<'_>> {
        (0..next_id(&self.tables.types)).map(|id| Type::new(self, id))
    }

    /// A value set by its address, with or without `|version`; another version than ours is `None`.
    /// There is one for every binding that [`super::Element::bindings`] gives.
    pub fn value_set(&self, url: &str) -> Option<ValueSet<'_>> {
        let (url, version) = match url.split_once('|') {
            Some((url, version)) => (url, Some(version)),
            None => (url, None),
        };
        let sets = &self.tables.sets;
        let at = sets.binary_search_by(|set| set.url.cmp(url)).ok()?;
        let set = ValueSet::new(self, sets.get(at)?);
        version
            .is_none_or(|version| set.version() == Some(version))
            .then_some(set)
    }

    /// All value sets, by address.
    pub fn value_sets(&self) -> impl Iterator<Item = ValueSet<'_>> {
        let rows = self.tables.sets.iter();
        rows.map(|row| ValueSet::new(self, row))
    }

    /// The element at a path such as `Patient.contact.name.family`: into datatypes, through references to content,
    /// and with a choice as `value[x]` or as `valueQuantity`. Below an open `value[x]` every type is tried in turn.
    pub fn element_at(&self, path: &str) -> Option<Child<'_>> {
        let (name, rest) = path.split_once('.')?;
        self.type_named(name)?.shape().find(rest)
    }

    /// Bytes of memory that the facts take beside the text inside the binary.
    pub fn bytes(&self) -> usize {
        self.tables.bytes()
    }

    pub(super) fn tables(&self) -> &Tables {
        &self.tables
    }
}
