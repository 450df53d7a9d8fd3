//! A scenario id names one scenario in the whole repository. Not for other rules of packs: `plumbline lint`.

use super::repository::Repository;
use super::rules::Problem;
use crate::gates::Gates;
use std::collections::BTreeMap;

/// Looks at the tags of every feature file.
pub(super) fn check(repository: &Repository, _: &Gates) -> Vec<Problem> {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, text) in repository.with_extension("feature") {
        let tag_lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.trim_start().starts_with('@'));
        for (index, line) in tag_lines {
            for id in line
                .split_whitespace()
                .filter_map(|tag| tag.strip_prefix("@id:"))
            {
                let place = format!("{path}:{}", index + 1);
                if let Some(first) = seen.get(id) {
                    let message = format!("`@id:{id}` is taken by {first}");
                    problems.push(Problem::line(path, index, message));
                } else {
                    seen.insert(id, place);
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

    #[test]
    fn rejects_an_id_used_twice() {
        let repository = Repository::of(&[
            ("scenarios/p/a.feature", "  @id:one @req:A\n  Scenario: a\n"),
            (
                "scenarios/p/b.feature",
                "@id:two\nScenario: b\n@req:B @id:one\nScenario: c\n",
            ),
        ]);
        let problems = check(&repository, &gates());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].place, "scenarios/p/b.feature:3");
        assert!(problems[0].message.contains("scenarios/p/a.feature:1"));
    }
}
