//! Every fixture folder of a check belongs to a check, and proves both a pass and a failure.
//! Not for running the fixtures: the tests of the checks do that.

use super::repository::Repository;
use super::rules::Problem;
use crate::gates::Gates;
use std::collections::{BTreeMap, BTreeSet};

const FIXTURES: &str = "harness/checks/fixtures/";
const SOURCE: &str = "harness/checks/src/";

/// Compares the folders with the codes that the checks name.
pub(super) fn check(repository: &Repository, _: &Gates) -> Vec<Problem> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in &repository.paths {
        if let Some((code, file)) = path
            .strip_prefix(FIXTURES)
            .and_then(|rest| rest.split_once('/'))
        {
            folders.entry(code).or_default().insert(file);
        }
    }
    let mut problems = Vec::new();
    for (code, files) in folders {
        let place = format!("{FIXTURES}{code}");
        let quoted = format!("\"{code}\"");
        let is_known = repository
            .texts
            .iter()
            .any(|(path, text)| path.starts_with(SOURCE) && text.contains(&quoted));
        if !is_known {
            problems.push(Problem::file(
                &place,
                format!("no check has the code {code}"),
            ));
        }
        for start in ["pass-", "fail-"] {
            if !files.iter().any(|file| file.starts_with(start)) {
                problems.push(Problem::file(&place, format!("has no {start}* file")));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    #[test]
    fn rejects_fixtures_without_a_check() {
        let repository = Repository::of(&[
            ("harness/checks/src/a.rs", "code: \"HTTP-STATUS\""),
            ("harness/checks/fixtures/HTTP-STATUS/pass-200.json", ""),
            ("harness/checks/fixtures/HTTP-STATUS/fail-500.json", ""),
            ("harness/checks/fixtures/GONE/pass-1.json", ""),
            ("harness/checks/fixtures/GONE/fail-1.json", ""),
        ]);
        let problems = check(&repository, &gates());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].place, "harness/checks/fixtures/GONE");
    }

    #[test]
    fn rejects_fixtures_that_prove_no_failure() {
        let repository = Repository::of(&[
            ("harness/checks/src/a.rs", "code: \"A\""),
            ("harness/checks/fixtures/A/pass-1.json", ""),
        ]);
        assert_eq!(check(&repository, &gates()).len(), 1);
    }
}
