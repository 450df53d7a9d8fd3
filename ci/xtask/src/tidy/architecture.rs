//! Keeps harness/ARCHITECTURE.md true: every crate is on its map and every invariant names tests that exist.
//! Not for what those tests prove.

use super::repository::Repository;
use super::rules::Problem;
use crate::gates::Gates;

const PAGE: &str = "harness/ARCHITECTURE.md";
const INVARIANTS: &str = "## Invariants";

/// Looks at the code map and at the section on invariants.
pub(super) fn check(repository: &Repository, _: &Gates) -> Vec<Problem> {
    let Some(text) = repository.texts.get(PAGE) else {
        return vec![Problem::file(PAGE, "is missing")];
    };
    let mut problems = Vec::new();
    for (name, folder) in repository.package_folders() {
        if !text.contains(&format!("`{folder}`")) {
            let message = format!("the code map does not name `{folder}`, the crate `{name}`");
            problems.push(Problem::file(PAGE, message));
        }
    }
    problems.extend(invariants(repository, text));
    problems
}

fn invariants(repository: &Repository, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = 0;
    let section = text
        .lines()
        .enumerate()
        .skip_while(|(_, line)| line.trim_end() != INVARIANTS)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with("## "))
        .filter(|(_, line)| starts_with_number(line));
    for (index, line) in section {
        seen += 1;
        let named: Vec<&str> = tests_named(line).collect();
        if named.is_empty() {
            problems.push(Problem::line(PAGE, index, "the invariant names no test"));
        }
        for path in named {
            if !is_test(repository, path) {
                let message = format!("`{path}` is no function of that crate");
                problems.push(Problem::line(PAGE, index, message));
            }
        }
    }
    if seen == 0 {
        let message = format!("has no numbered lines below `{INVARIANTS}`");
        problems.push(Problem::file(PAGE, message));
    }
    problems
}

/// Whether `crate::…::function` is declared in a file of that crate.
fn is_test(repository: &Repository, path: &str) -> bool {
    let crate_name = path.split("::").next().unwrap_or(path);
    let function = path.rsplit("::").next().unwrap_or(path);
    let declared = format!("fn {function}(");
    repository
        .package_folders()
        .filter(|(name, _)| *name == crate_name)
        .any(|(_, folder)| {
            let inside = format!("{folder}/");
            repository
                .with_extension("rs")
                .any(|(file, source)| file.starts_with(&inside) && source.contains(&declared))
        })
}

fn starts_with_number(line: &str) -> bool {
    line.split_once(". ")
        .is_some_and(|(number, _)| number.parse::<u8>().is_ok())
}

fn tests_named(line: &str) -> impl Iterator<Item = &str> {
    line.split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.contains("::"))
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    fn problems(page: &str) -> Vec<Problem> {
        let repository =
            Repository::of(&[(PAGE, page), ("mocks/src/a.rs", "fn a_rule_holds() {}")])
                .with_package("mocks", "mocks", &[]);
        check(&repository, &gates())
    }

    #[test]
    fn accepts_a_page_that_is_true() {
        let page =
            "`mocks`\n## Invariants\n1. A rule. `mocks::a_rule_holds`\n## Glossary\n2. Not this.\n";
        assert_eq!(problems(page), []);
    }

    #[test]
    fn rejects_an_invariant_without_a_test_that_exists() {
        let page = "`mocks`\n## Invariants\n1. A rule. `mocks::gone`\n2. Another rule.\n";
        assert_eq!(problems(page).len(), 2);
        let page = "`mocks`\n## Invariants\n1. A rule. `cli::a_rule_holds`\n";
        assert_eq!(problems(page).len(), 1);
    }

    #[test]
    fn rejects_a_map_without_a_crate_and_a_page_without_invariants() {
        assert_eq!(problems("nothing").len(), 2);
        assert_eq!(check(&Repository::of(&[]), &gates()).len(), 1);
    }
}
