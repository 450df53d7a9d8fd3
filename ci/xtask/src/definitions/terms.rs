//! The code systems and value sets that HL7 defines with the specification, as text; profiles/_fhir/README.md has the
//! format. Only what is HL7's own. Not for the sets that elements are bound to and whose codes are listed: sets.rs.

use super::{Release, official, packages};
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow, ensure};
use plumbline_fhir::Definitions;
use plumbline_fhir::profile_facts::{
    CodeSystemFacts, Facts, FactsFile, Picked, ValueSetFacts, reduce,
};
use plumbline_tree::{Limits, Tree};
use std::collections::BTreeSet;
use std::path::Path;

/// What HL7's own addresses begin with.
const OF_HL7: [&str; 2] = ["http://hl7.org/fhir/", "http://terminology.hl7.org/"];

/// The terminology of one version.
#[derive(Debug)]
pub(super) struct Terms {
    /// The lines.
    pub(super) text: String,
    /// How many code systems.
    pub(super) systems: usize,
    /// How many value sets.
    pub(super) sets: usize,
}

/// The facts of every code system and value set of HL7 in the package of a version. `listed` are the sets that are
/// elsewhere already.
pub(super) fn text(
    workspace: &Workspace,
    release: &Release,
    listed: &BTreeSet<String>,
) -> Result<Terms> {
    let folder = packages::folder(workspace, release.package)?;
    let mut file = FactsFile::new(release.version);
    let entries = std::fs::read_dir(&folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_wanted = name.starts_with("CodeSystem-") || name.starts_with("ValueSet-");
        if is_wanted && name.ends_with(".json") {
            match facts(&path, release)? {
                Facts::CodeSystem(system) if has_codes(&system) => file.code_systems.push(system),
                Facts::ValueSet(set) if !listed.contains(&set.url) && is_ours(&set.url) => {
                    file.value_sets.push(set);
                }
                Facts::CodeSystem(_) | Facts::ValueSet(_) | Facts::Profile(_) => {}
            }
        }
    }
    official::withhold(&mut file);
    file.code_systems.retain(|it| !it.is_withheld);
    keep_needed_properties(&mut file);
    file.value_sets.retain(says_something);
    ensure!(
        !file.code_systems.is_empty() && !file.value_sets.is_empty(),
        "{} holds no terminology",
        folder.display()
    );
    Ok(Terms {
        systems: file.code_systems.len(),
        sets: file.value_sets.len(),
        text: file.to_text(),
    })
}

fn facts(path: &Path, release: &Release) -> Result<Facts> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let tree = Tree::parse(bytes, &Limits::default())
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let facts = reduce(&tree, Definitions::of(release.version));
    facts.map_err(|error| anyhow!("{}: {error}", path.display()))
}

fn is_ours(url: &str) -> bool {
    OF_HL7.iter().any(|start| url.starts_with(start))
}

fn has_codes(system: &CodeSystemFacts) -> bool {
    is_ours(&system.url) && system.content != "supplement" && !system.codes.is_empty()
}

/// Keeps the properties that a value set asks for.
fn keep_needed_properties(file: &mut FactsFile) {
    let parts = file.value_sets.iter().flat_map(ValueSetFacts::parts);
    let mut needed: BTreeSet<(String, String)> = BTreeSet::new();
    for part in parts {
        if let (Some(system), Picked::Filters(filters)) = (&part.system, &part.picked) {
            needed.extend(
                filters
                    .iter()
                    .map(|it| (system.clone(), it.property.clone())),
            );
        }
    }
    for system in &mut file.code_systems {
        let url = system.url.clone();
        let is_needed = |name: &String| needed.contains(&(url.clone(), name.clone()));
        system.properties.retain(|it| is_needed(&it.name));
    }
}

/// Whether any part can be decided, if only by the form of a code.
fn says_something(set: &ValueSetFacts) -> bool {
    let is_known = |picked: &Picked| *picked != Picked::Withheld;
    let mut parts = set.include.iter().chain(&set.expansion);
    parts.any(|part| is_known(&part.picked) || part.system.is_some())
}
