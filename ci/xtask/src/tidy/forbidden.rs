//! Text that some crates may not hold outside their tests, from ci/gates.toml.
//! Not for edges between crates: layers.rs.

use super::repository::{Repository, extension, is_test_file, without_tests};
use super::rules::Problem;
use crate::gates::Gates;

/// Looks for the text in the sources of the named crates; comments do not count.
pub(super) fn check(repository: &Repository, gates: &Gates) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, folder) in repository.package_folders() {
        let source = format!("{folder}/src/");
        let files = repository.texts.iter().filter(|(path, _)| {
            path.starts_with(&source) && extension(path) == "rs" && !is_test_file(path)
        });
        for (path, text) in files {
            for (index, line) in without_tests(text).lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for rule in &gates.forbidden {
                    let applies = rule.crates.iter().any(|entry| entry == name);
                    if !applies {
                        continue;
                    }
                    if let Some(found) = rule.text.iter().find(|found| code.contains(*found)) {
                        let message = format!("`{found}` in `{name}`: {}", rule.reason);
                        problems.push(Problem::line(path, index, message));
                    }
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    fn places(name: &str, text: &str) -> Vec<String> {
        let path = format!("harness/{name}/src/a.rs");
        let folder = format!("harness/{name}");
        let repository = Repository::of(&[(&path, text)]).with_package(name, &folder, &[]);
        check(&repository, &gates())
            .into_iter()
            .map(|problem| problem.place)
            .collect()
    }

    #[test]
    fn libraries_do_not_read_the_environment() {
        let text = "//! What.\nlet a = std::env::var(\"A\");\n";
        assert_eq!(places("http", text), ["harness/http/src/a.rs:2"]);
        assert!(places("cli", text).is_empty());
    }

    #[test]
    fn model_does_no_io_and_knows_no_clock() {
        assert_eq!(places("model", "use std::fs;\n").len(), 1);
        assert_eq!(places("score", "let now = SystemTime::now();\n").len(), 1);
    }

    #[test]
    fn comments_and_tests_may_name_it() {
        assert!(places("model", "// not std::fs\n").is_empty());
        let text = "//! What.\n#[cfg(test)]\nmod tests {\nuse std::fs;\n}\n";
        assert!(places("model", text).is_empty());
    }
}
