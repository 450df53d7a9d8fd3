//! Versions and lints live in the root Cargo.toml only. Not for which crates may be used: layers.rs.

use super::repository::Repository;
use super::rules::Problem;
use crate::gates::Gates;
use toml::{Table, Value};

const DEPENDENCIES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// Every manifest below the root takes versions and lints from the workspace.
pub(super) fn check(repository: &Repository, _: &Gates) -> Vec<Problem> {
    repository
        .texts
        .iter()
        .filter(|(path, _)| path.ends_with("/Cargo.toml"))
        .flat_map(|(path, text)| manifest(path, text))
        .collect()
}

fn manifest(path: &str, text: &str) -> Vec<Problem> {
    let table: Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => return vec![Problem::file(path, error.to_string())],
    };
    let mut problems = Vec::new();
    if !is_from_workspace(table.get("lints")) {
        problems.push(Problem::file(path, "add `[lints] workspace = true`"));
    }
    let version = table
        .get("package")
        .and_then(|package| package.get("version"));
    if !is_from_workspace(version) {
        problems.push(Problem::file(path, "write `version.workspace = true`"));
    }
    for kind in DEPENDENCIES {
        let Some(Value::Table(dependencies)) = table.get(*kind) else {
            continue;
        };
        for (name, value) in dependencies {
            if !is_from_workspace(Some(value)) || value.get("version").is_some() {
                let message = format!(
                    "`{name}`: write `{name}.workspace = true` and the version in the root Cargo.toml"
                );
                problems.push(Problem::file(path, message));
            }
        }
    }
    problems
}

fn is_from_workspace(value: Option<&Value>) -> bool {
    value
        .and_then(|value| value.get("workspace"))
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    fn problems(text: &str) -> usize {
        check(&Repository::of(&[("mocks/Cargo.toml", text)]), &gates()).len()
    }

    const GOOD: &str = "[package]\nversion.workspace = true\n[lints]\nworkspace = true\n";

    #[test]
    fn accepts_a_manifest_that_takes_all_from_the_workspace() {
        assert_eq!(
            problems(&format!("{GOOD}[dependencies]\nserde.workspace = true\n")),
            0
        );
    }

    #[test]
    fn rejects_versions_paths_and_own_lints() {
        assert_eq!(
            problems(&format!("{GOOD}[dependencies]\nserde = \"1\"\n")),
            1
        );
        assert_eq!(
            problems(&format!(
                "{GOOD}[dev-dependencies]\na = {{ path = \"..\" }}\n"
            )),
            1
        );
        assert_eq!(problems("[package]\nversion = \"1.0.0\"\n"), 2);
        assert_eq!(problems("not toml"), 1);
    }
}
