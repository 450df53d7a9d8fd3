//! A pack as the rest of Plumbline sees it: read, linted, and free of doubt.
//! Not for reading files: [`crate::load`] makes it.

use plumbline_model::scoring::ScoringPolicy;
use plumbline_model::{
    ActorRole, Capability, DirectoryKind, PackId, PackRef, Requirement, RequirementId, ScenarioId,
    StandardRef, StepKind,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One tested standard: its rules, its scenarios and its policy.
#[derive(Debug, Clone)]
pub struct Pack {
    /// The id; the name of its folders.
    pub id: PackId,
    /// Title.
    pub title: String,
    /// Version of the pack, not of the standard.
    pub version: String,
    /// The FHIR version it speaks.
    pub fhir_version: String,
    /// Who keeps it.
    pub owner: String,
    /// Licence note.
    pub licence: String,
    /// When the sources were last read, `YYYY-MM-DD`.
    pub last_checked: String,
    /// The standards it tests.
    pub standards: Vec<StandardRef>,
    /// The test patients it needs.
    pub actors: Vec<ActorRole>,
    /// The practitioners, organisations and locations that it needs, by role.
    pub directory: BTreeMap<ActorRole, DirectoryKind>,
    /// Named sets of capabilities that a vendor declares.
    pub scope_profiles: Vec<ScopeProfile>,
    /// What people call the capabilities, where the pack says so.
    pub capability_titles: BTreeMap<Capability, String>,
    /// Search parameters that a system may refuse when they are sent alone, such as `gender`.
    pub unbounded_parameters: Vec<String>,
    /// What the standard calls its requests, if it gives them names.
    pub interactions: Vec<Interaction>,
    /// FHIR packages wanted.
    pub fhir_packages: Vec<FhirPackage>,
    /// Every rule, by id.
    pub requirements: Vec<Requirement>,
    /// Every feature, by file name.
    pub features: Vec<Feature>,
    /// Where the sources contradict one another, and the side taken.
    pub deviations: Vec<Deviation>,
    /// Weights, bands and the like.
    pub scoring: ScoringPolicy,
    /// SHA-256 over the pack's files and the people it uses, lower-case hexadecimal.
    pub fingerprint: String,
}

impl Pack {
    /// What a record says about the pack.
    pub fn reference(&self) -> PackRef {
        PackRef {
            id: self.id.clone(),
            title: self.title.clone(),
            version: self.version.clone(),
            standards: self.standards.clone(),
            fingerprint: self.fingerprint.clone(),
        }
    }

    /// The rule with this id.
    pub fn requirement(&self, id: &RequirementId) -> Option<&Requirement> {
        self.requirements.iter().find(|r| &r.id == id)
    }

    /// Every capability of every scope profile, sorted, each once.
    pub fn capabilities(&self) -> std::collections::BTreeSet<Capability> {
        self.scope_profiles
            .iter()
            .flat_map(|p| p.capabilities.iter().cloned())
            .collect()
    }

    /// What the standard calls a request of this method and path (below the base address). A method
    /// that it does not have there is taken for a read.
    pub fn interaction(&self, method: &str, path: &str) -> Option<&Interaction> {
        crate::interactions::find(&self.interactions, method, path)
    }

    /// What [`crate::target()`] should know in order to check roles and capabilities.
    pub fn target_hints(&self) -> crate::TargetHints {
        crate::TargetHints {
            pack: self.id.to_string(),
            actors: self.actors.iter().cloned().collect(),
            directory: self.directory.clone(),
            capabilities: self.capabilities(),
        }
    }
}

/// What a standard calls the requests of one method and path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interaction {
    /// The HTTP method.
    pub method: String,
    /// The path below the base address; `*` stands for one whole part.
    pub path: String,
    /// The name, such as that of the header `Ssp-InteractionID`.
    pub id: String,
    /// What the token asks for, such as `patient/*.read`.
    pub scope: String,
}

/// A named set of capabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeProfile {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What a vendor of this profile claims.
    pub capabilities: Vec<Capability>,
}

/// A FHIR package that validation wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhirPackage {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
}

/// One section of deviations.md.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// Its heading.
    pub title: String,
    /// Line of the heading.
    pub line: u32,
}

/// One feature file.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Name within the pack, such as `patient-index.feature`.
    pub file: String,
    /// The name after `Feature:`.
    pub name: String,
    /// The scenarios in the order of the file; each example row of an outline is one of its own.
    pub scenarios: Vec<Scenario>,
}

/// One scenario, ready to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// From the `@id:` tag; rows of an outline add `-1`, `-2` and so on.
    pub id: ScenarioId,
    /// Its name.
    pub name: String,
    /// The rule it judges.
    pub requirement: RequirementId,
    /// Whether it counts; `@advisory` scenarios do not.
    pub scored: bool,
    /// The ability it belongs to.
    pub capability: Capability,
    /// Whether it changes data.
    pub mutates: bool,
    /// Every tag, without `@`; those of the feature first.
    pub tags: Vec<String>,
    /// Line of the scenario, or of the example row.
    pub line: u32,
    /// Background steps first. A plan shares them with its pack.
    pub steps: Arc<Vec<PlannedStep>>,
}

/// One step, with its kind made plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// What it is for; And and But have the kind of the step before.
    pub kind: StepKind,
    /// The keyword as written, without the space after it.
    pub keyword: String,
    /// The text after the keyword.
    pub text: String,
    /// The rows of its table.
    pub table: Option<Vec<Vec<String>>>,
    /// Its doc string.
    pub docstring: Option<String>,
    /// Line in the feature file.
    pub line: u32,
}
