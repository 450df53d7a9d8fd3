//! Which crate may depend on which, from ci/gates.toml. Not for versions: manifests.rs.

use super::repository::Repository;
use super::rules::Problem;
use crate::gates::Gates;
use crate::workspace::{Package, short};

/// Compares every edge that cargo knows with the allowed ones.
pub(super) fn check(repository: &Repository, gates: &Gates) -> Vec<Problem> {
    repository
        .packages
        .iter()
        .flat_map(|package| package_problems(package, gates))
        .collect()
}

fn package_problems(package: &Package, gates: &Gates) -> Vec<Problem> {
    let name = package.short();
    let place = package.manifest_path.to_string_lossy();
    let Some(allowed) = gates.layers.get(name) else {
        let message = format!("`{name}` has no layer; add it to [layers] of ci/gates.toml");
        return vec![Problem::file(&place, message)];
    };
    let none = Vec::new();
    let in_tests = gates.dev_layers.get(name).unwrap_or(&none);
    let mut problems = Vec::new();
    for dependency in &package.dependencies {
        let other = dependency.name.as_str();
        let is_dev = dependency.kind.as_deref() == Some("dev");
        let problem = match short(other) {
            Some(ours) => {
                let ours = ours.to_owned();
                let known = allowed.contains(&ours) || (is_dev && in_tests.contains(&ours));
                (!known).then(|| {
                    let table = if is_dev { "dev_layers" } else { "layers" };
                    format!(
                        "`{name}` may not depend on `{ours}`; if it must, add the edge to [{table}] of ci/gates.toml in its own commit"
                    )
                })
            }
            None if is_dev => None,
            None => outside_problem(name, other, gates),
        };
        problems.extend(problem.map(|message| Problem::file(&place, message)));
    }
    problems
}

fn outside_problem(name: &str, other: &str, gates: &Gates) -> Option<String> {
    let is_listed = |list: &Vec<String>, item: &str| list.iter().any(|entry| entry == item);
    if let Some(users) = gates.reserved.get(other)
        && !is_listed(users, name)
    {
        return Some(format!(
            "only {} may depend on `{other}` ([reserved] of ci/gates.toml)",
            users.join(", ")
        ));
    }
    if let Some(only) = gates.outside_only.get(name)
        && !is_listed(only, other)
    {
        return Some(format!(
            "`{name}` may depend on nothing from outside but {} ([outside_only] of ci/gates.toml)",
            only.join(", ")
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::repository::gates;
    use super::*;

    fn problems(name: &str, dependencies: &[(Option<&str>, &str)]) -> Vec<String> {
        let repository = Repository::of(&[]).with_package(name, "harness/x", dependencies);
        check(&repository, &gates())
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn accepts_the_edges_of_the_architecture() {
        assert!(problems("http", &[(None, "plumbline-redact"), (None, "reqwest")]).is_empty());
        assert!(problems("runner", &[(Some("dev"), "plumbline-mocks")]).is_empty());
    }

    #[test]
    fn rejects_an_edge_upwards_and_says_where_to_add_it() {
        let found = problems("model", &[(None, "plumbline-http")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("[layers] of ci/gates.toml"), "{found:?}");
    }

    #[test]
    fn rejects_an_edge_for_tests_used_outside_them() {
        assert_eq!(problems("runner", &[(None, "plumbline-mocks")]).len(), 1);
    }

    #[test]
    fn only_http_opens_outgoing_sockets() {
        assert_eq!(problems("pack", &[(None, "reqwest")]).len(), 1);
    }

    #[test]
    fn model_depends_on_serde_only() {
        assert!(problems("model", &[(None, "serde"), (Some("dev"), "insta")]).is_empty());
        assert_eq!(problems("model", &[(None, "tokio")]).len(), 1);
    }

    #[test]
    fn rejects_a_crate_without_a_layer() {
        assert_eq!(problems("newcomer", &[]).len(), 1);
    }
}
