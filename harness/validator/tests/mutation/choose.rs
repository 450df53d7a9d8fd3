//! Which resources mutants are made of: `resources.txt`, by name. Not for opening them.

use super::mutant::Instance;
use super::{load, places};
use plumbline_conformance::Library;
use plumbline_fhir::FhirVersion;
use plumbline_validator::Validator;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a resource is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The package of HL7's R4 examples.
    R4,
    /// The package of HL7's STU3 examples.
    Stu3,
    /// UK Core.
    UkCore,
    /// GP Connect, `CareConnect` and others of the NHS.
    Nhs,
    /// Invented, in the repository, R4.
    OwnR4,
    /// Invented, in the repository, STU3.
    OwnStu3,
}

impl Source {
    const ALL: [(&'static str, Self); 6] = [
        ("r4", Self::R4),
        ("stu3", Self::Stu3),
        ("uk-core", Self::UkCore),
        ("nhs-stu3", Self::Nhs),
        ("own-r4", Self::OwnR4),
        ("own-stu3", Self::OwnStu3),
    ];

    /// The version of its resources.
    pub fn version(self) -> FhirVersion {
        match self {
            Self::R4 | Self::UkCore | Self::OwnR4 => FhirVersion::R4,
            Self::Stu3 | Self::Nhs | Self::OwnStu3 => FhirVersion::Stu3,
        }
    }

    /// The folder of its examples, if it is there.
    pub fn folder(self) -> Option<PathBuf> {
        match self {
            Self::R4 | Self::Stu3 | Self::UkCore | Self::Nhs if places::is_invented_only() => None,
            Self::R4 => places::package("hl7.fhir.r4.examples-4.0.1"),
            Self::Stu3 => places::package("hl7.fhir.r3.examples-3.0.2"),
            Self::UkCore => Some(places::shared("uk-core")?.join("examples")),
            Self::Nhs => Some(places::shared("nhs-stu3")?.join("Examples")),
            Self::OwnR4 => Some(places::own().join("r4")),
            Self::OwnStu3 => Some(places::own().join("stu3")),
        }
    }
}

/// The resources, as far as they are there.
pub fn instances(known: &Known) -> Vec<Instance> {
    let mut all = Vec::new();
    let mut snapshots = BTreeMap::new();
    for (word, source) in Source::ALL {
        let lines = include_str!("resources.txt").lines();
        let lines = lines.filter(|line| !line.starts_with('#'));
        let lines = lines.map(|line| line.split(' ').collect::<Vec<&str>>());
        let mut lines = lines.filter(|line| line.first() == Some(&word)).peekable();
        let folder = lines.peek().and_then(|_| source.folder());
        let Some(folder) = folder else { continue };
        for line in lines {
            let [_, file, profiles @ ..] = line.as_slice() else {
                continue;
            };
            let profiles = profiles.iter().map(|it| (*it).to_owned()).collect();
            let path = folder.join(file);
            all.push(load::instance(
                &path,
                file,
                known.library(source.version()),
                profiles,
                snapshots.entry(source.version()).or_default(),
            ));
        }
    }
    all
}

/// The folders of definitions that resources of a version are judged by, as far as they are there.
pub fn definitions(version: FhirVersion) -> Vec<PathBuf> {
    let (folder, parts) = match version {
        FhirVersion::R4 => (
            "uk-core",
            ["structuredefinitions", "valuesets", "codesystems"],
        ),
        FhirVersion::Stu3 => (
            "nhs-stu3",
            ["StructureDefinitions", "ValueSets", "CodeSystems"],
        ),
    };
    let own = match version {
        FhirVersion::R4 => "r4/definitions",
        FhirVersion::Stu3 => "stu3/definitions",
    };
    let is_wanted = !places::is_invented_only();
    let folder = is_wanted.then(|| places::shared(folder)).flatten();
    let folder = folder.into_iter();
    let shared = folder.flat_map(|folder| parts.map(|part| folder.join(part)));
    shared.chain([places::own().join(own)]).collect()
}

/// The pack that has the profiles of the NHS for a version.
fn pack(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::R4 => "uk-core-access",
        FhirVersion::Stu3 => "gp-connect-foundations",
    }
}

/// What is known of each version, and the validator that goes by it.
pub struct Known {
    r4: (Arc<Library>, Validator),
    stu3: (Arc<Library>, Validator),
}

impl Known {
    /// HL7's definitions, and those of UK Core and the NHS, as far as they are there.
    pub fn load() -> Self {
        let of = |version: FhirVersion| {
            let mut library = Library::new(version);
            // Of two definitions of one address the last counts: a pack holds back codes that the folders beside have.
            load::facts(&places::pack(pack(version)), &mut library);
            for folder in definitions(version) {
                load::definitions(&folder, &mut library);
            }
            (Arc::new(library.clone()), Validator::new(library))
        };
        Self {
            r4: of(FhirVersion::R4),
            stu3: of(FhirVersion::Stu3),
        }
    }

    fn of(&self, version: FhirVersion) -> &(Arc<Library>, Validator) {
        match version {
            FhirVersion::R4 => &self.r4,
            FhirVersion::Stu3 => &self.stu3,
        }
    }

    /// The definitions of a version.
    pub fn library(&self, version: FhirVersion) -> &Arc<Library> {
        &self.of(version).0
    }

    /// The validator of a version.
    pub fn validator(&self, version: FhirVersion) -> &Validator {
        &self.of(version).1
    }
}

/// The head of a list for the Java validator, with the word for the version.
pub fn list_head(version: FhirVersion) -> (&'static str, String) {
    let word = match version {
        FhirVersion::R4 => "r4",
        FhirVersion::Stu3 => "stu3",
    };
    let mut head = format!("version\t{word}\n");
    for folder in definitions(version) {
        let _ = writeln!(head, "folder\t{}", folder.display());
    }
    (word, head)
}
