//! The registry of tidy rules, and the loop that applies them all. Not for any one rule.

use super::repository::Repository;
use super::{
    architecture, claims, features, fixtures, forbidden, layers, links, manifests, names,
    rust_files, top_level,
};
use crate::gates::Gates;
use crate::workspace::Workspace;
use anyhow::{Result, bail};

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    /// Path from the top folder, with a line where there is one.
    pub(super) place: String,
    /// What is wrong and what to do.
    pub(super) message: String,
}

impl Problem {
    /// A problem with a whole file or folder.
    pub(super) fn file(path: &str, message: impl Into<String>) -> Self {
        Self {
            place: path.to_owned(),
            message: message.into(),
        }
    }

    /// A problem with one line; `index` counts from zero.
    pub(super) fn line(path: &str, index: usize, message: impl Into<String>) -> Self {
        Self::file(&format!("{path}:{}", index + 1), message)
    }
}

type Rule = fn(&Repository, &Gates) -> Vec<Problem>;

const RULES: &[(&str, Rule)] = &[
    ("top level", top_level::check),
    ("knowledge folders", top_level::check_knowledge),
    ("names", names::check),
    ("rust files", rust_files::check),
    ("manifests", manifests::check),
    ("layers", layers::check),
    ("forbidden text", forbidden::check),
    ("claims", claims::check),
    ("links", links::check),
    ("features", features::check),
    ("check fixtures", fixtures::check),
    ("architecture", architecture::check),
];

/// Applies every rule and fails when one is broken.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let gates = Gates::read(&workspace.root)?;
    let repository = Repository::read(workspace, &gates.tidy.ignored)?;
    let mut broken = 0;
    for (name, rule) in RULES {
        for problem in rule(&repository, &gates) {
            broken += 1;
            println!("{}: {} [{name}]", problem.place, problem.message);
        }
    }
    if broken > 0 {
        bail!("{broken} places break the rules of ci/gates.toml and ci/xtask/src/tidy");
    }
    println!(
        "{} rules hold over {} files",
        RULES.len(),
        repository.paths.len()
    );
    Ok(())
}
