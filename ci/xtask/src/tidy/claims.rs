//! No page that people read claims an assurance that only national bodies can give.
//! Not for words in Rust: the report tests look at what is rendered.

use super::repository::Repository;
use super::rules::Problem;
use crate::gates::Gates;

/// Looks for the claims of gates.toml, without regard to case.
pub(super) fn check(repository: &Repository, gates: &Gates) -> Vec<Problem> {
    let mut problems = Vec::new();
    for extension in &gates.tidy.read_by_people {
        for (path, text) in repository.with_extension(extension) {
            for (index, line) in text.lines().enumerate() {
                let line = line.to_lowercase();
                for claim in gates
                    .tidy
                    .claims
                    .iter()
                    .filter(|claim| line.contains(*claim))
                {
                    let message =
                        format!("`{claim}`: Plumbline gives evidence, national bodies assure");
                    problems.push(Problem::line(path, index, message));
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
    fn rejects_a_claim_of_approval() {
        let repository = Repository::of(&[
            ("README.md", "Good.\nThis product is NHS Approved.\n"),
            ("reports/templates/a.hbs", "Certified by us\n"),
        ]);
        let places: Vec<_> = check(&repository, &gates())
            .into_iter()
            .map(|problem| problem.place)
            .collect();
        assert_eq!(places, ["README.md:2", "reports/templates/a.hbs:1"]);
    }
}
