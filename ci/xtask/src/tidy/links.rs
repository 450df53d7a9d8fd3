//! Links between our own pages lead somewhere. Not for addresses on the network.

use super::repository::Repository;
use super::rules::Problem;
use crate::gates::Gates;

/// Looks at every `](target)` of every Markdown file.
pub(super) fn check(repository: &Repository, _: &Gates) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in repository.with_extension("md") {
        for (index, line) in text.lines().enumerate() {
            for target in targets(line) {
                let path_only = target.split('#').next().unwrap_or_default();
                if path_only.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                    continue;
                }
                let wanted = resolve(path, path_only);
                let folder = format!("{wanted}/");
                let exists = repository.paths.contains(&wanted)
                    || repository
                        .paths
                        .iter()
                        .any(|other| other.starts_with(&folder));
                if !exists {
                    problems.push(Problem::line(
                        path,
                        index,
                        format!("`{wanted}` does not exist"),
                    ));
                }
            }
        }
    }
    problems
}

fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
}

fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    #[test]
    fn rejects_a_link_that_leads_nowhere() {
        let text =
            "[a](b.md) [c](../README.md#top)\n[d](missing.md) [e](https://x.example/) [f](#g)\n";
        let repository = Repository::of(&[
            ("docs/a.md", text),
            ("docs/b.md", ""),
            ("README.md", "[folder](docs/)\n"),
        ]);
        let problems = check(&repository, &gates());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].place, "docs/a.md:2");
    }
}
