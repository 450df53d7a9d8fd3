//! What every Rust file keeps to: a header, a length, and no silenced lints. Not for formatting.

use super::repository::{Repository, is_test_file, without_tests};
use super::rules::Problem;
use crate::gates::Gates;

// Written in two parts so that this file keeps to its own rule.
const SILENCERS: &[&str] = &[concat!("#[", "allow("), concat!("#![", "allow(")];

/// Header, length, silenced lints.
pub(super) fn check(repository: &Repository, gates: &Gates) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in repository.with_extension("rs") {
        if !text.starts_with("//!") {
            let message = "starts without `//!`; say what the file is for and what it is not for";
            problems.push(Problem::file(path, message));
        }
        let lines = without_tests(text).lines().count();
        if lines > gates.tidy.most_lines && !is_test_file(path) {
            let most = gates.tidy.most_lines;
            let message = format!("{lines} lines without tests, at most {most}; split it by unit");
            problems.push(Problem::file(path, message));
        }
        for (index, line) in text.lines().enumerate() {
            if SILENCERS.iter().any(|silencer| line.contains(silencer)) {
                let message = "write `#[expect(…, reason = \"…\")]` instead";
                problems.push(Problem::line(path, index, message));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<Problem> {
        check(&Repository::of(&[(path, text)]), &gates())
    }

    #[test]
    fn rejects_a_file_without_a_header() {
        assert_eq!(problems("mocks/src/lib.rs", "mod a;\n").len(), 1);
        assert!(problems("mocks/src/lib.rs", "//! What.\nmod a;\n").is_empty());
    }

    #[test]
    fn rejects_a_long_file_but_not_long_tests() {
        let long = format!("//! What.\n{}", "// line\n".repeat(600));
        assert_eq!(problems("mocks/src/a.rs", &long).len(), 1);
        assert!(problems("mocks/tests/a.rs", &long).is_empty());
        let tests = format!(
            "//! What.\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            "// l\n".repeat(700)
        );
        assert!(problems("mocks/src/a.rs", &tests).is_empty());
    }

    #[test]
    fn rejects_a_silenced_lint() {
        for silencer in SILENCERS {
            let text = format!("//! What.\n{silencer}dead_code)]\nfn a() {{}}\n");
            let found = problems("mocks/src/a.rs", &text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].place, "mocks/src/a.rs:2");
        }
    }
}
