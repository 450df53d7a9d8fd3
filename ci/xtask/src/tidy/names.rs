//! No crate or module has a name that says nothing. Not for other names: clippy and review look at those.

use super::repository::{Repository, extension};
use super::rules::Problem;
use crate::gates::Gates;
use std::collections::BTreeSet;

/// Looks at folders and files of Rust code.
pub(super) fn check(repository: &Repository, gates: &Gates) -> Vec<Problem> {
    let mut problems = BTreeSet::new();
    for path in repository
        .paths
        .iter()
        .filter(|path| extension(path) == "rs")
    {
        let mut place = String::new();
        for part in path.split('/') {
            place.push_str(part);
            let name = part.strip_suffix(".rs").unwrap_or(part);
            if gates.tidy.vague_names.iter().any(|vague| vague == name) {
                let message = format!("`{name}` says nothing; name what it does");
                problems.insert(Problem::file(&place, message));
            }
            place.push('/');
        }
    }
    problems.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    #[test]
    fn rejects_vague_names_of_files_and_folders() {
        let repository = Repository::of(&[
            ("harness/common/src/lib.rs", ""),
            ("harness/pack/src/utils.rs", ""),
            ("harness/pack/src/people.rs", ""),
        ]);
        let places: Vec<_> = check(&repository, &gates())
            .into_iter()
            .map(|problem| problem.place)
            .collect();
        assert_eq!(places, ["harness/common", "harness/pack/src/utils.rs"]);
    }
}
