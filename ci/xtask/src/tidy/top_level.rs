//! What may lie where: the top folder, and the folders of knowledge. Not for what files say.

use super::repository::{Repository, extension};
use super::rules::Problem;
use crate::gates::Gates;

/// The top folder holds only what gates.toml lists.
pub(super) fn check(repository: &Repository, gates: &Gates) -> Vec<Problem> {
    repository
        .top_level
        .iter()
        .filter(|name| !gates.tidy.top_level.contains(name))
        .map(|name| {
            Problem::file(
                name,
                "the top folder is fixed; put this below a folder of it",
            )
        })
        .collect()
}

/// Folders of knowledge hold no Rust.
pub(super) fn check_knowledge(repository: &Repository, gates: &Gates) -> Vec<Problem> {
    repository
        .paths
        .iter()
        .filter(|path| extension(path) == "rs" || path.ends_with("/Cargo.toml"))
        .filter(|path| {
            let top = path.split('/').next().unwrap_or_default();
            gates.tidy.knowledge.iter().any(|folder| folder == top)
        })
        .map(|path| {
            Problem::file(
                path,
                "knowledge is text; Rust belongs in harness, reports or mocks",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    #[test]
    fn rejects_a_new_name_in_the_top_folder() {
        let mut repository = Repository::of(&[]);
        repository.top_level = vec!["harness".into(), "notes.md".into()];
        let problems = check(&repository, &gates());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].place, "notes.md");
    }

    #[test]
    fn rejects_rust_among_knowledge() {
        let repository = Repository::of(&[
            ("scenarios/a/steps.rs", ""),
            ("profiles/a/pack.toml", ""),
            ("mocks/src/lib.rs", ""),
        ]);
        let problems = check_knowledge(&repository, &gates());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].place, "scenarios/a/steps.rs");
    }
}
