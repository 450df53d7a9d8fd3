//! `[[interactions]]` of pack.toml: what a request of a method and path is called by a standard that
//! gives its interactions names. Not for sending anything.

use crate::pack::Interaction;
use crate::toml_reader::Reader;
use std::collections::BTreeSet;

/// Methods that an interaction may have.
const METHODS: &[&str] = &["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/// The interactions, without those that have mistakes.
pub(crate) fn read(root: &mut Reader<'_, '_>) -> Vec<Interaction> {
    let mut interactions = Vec::new();
    let mut seen = BTreeSet::new();
    for mut table in root.tables("interactions") {
        let method = table.word("method", METHODS);
        let path = table.text("path");
        let id = table.text("id");
        let scope = table.text("scope");
        table.finish();
        if let Some(path) = &path
            && !is_path(&path.value)
        {
            table_error(root, path.range.clone());
            continue;
        }
        let (Some(method), Some(path), Some(id), Some(scope)) = (method, path, id, scope) else {
            continue;
        };
        if !seen.insert((method.value.clone(), path.value.clone())) {
            root.source.error(
                path.range,
                "the interaction of this method and path is given twice",
                "remove one of the two tables",
            );
            continue;
        }
        interactions.push(Interaction {
            method: method.value,
            path: path.value,
            id: id.value,
            scope: scope.value,
        });
    }
    interactions
}

fn table_error(root: &Reader<'_, '_>, range: std::ops::Range<usize>) {
    root.source.error(
        range,
        "this is not a path below the base address",
        "write it without a slash at either end and without a query, such as Patient or Patient/*; \
         an asterisk stands for one whole part, such as an id",
    );
}

fn is_path(text: &str) -> bool {
    let part =
        |part: &str| part == "*" || (!part.is_empty() && !part.contains(['*', '?', '#', '{', ' ']));
    text.split('/').all(part)
}

impl Interaction {
    /// Whether a request for this path, below the base address, is of this interaction.
    fn has_path(&self, path: &str) -> bool {
        let (own, asked) = (self.path.split('/'), path.trim_matches('/').split('/'));
        own.clone().count() == asked.clone().count()
            && own
                .zip(asked)
                .all(|(own, asked)| own == "*" || own == asked)
    }
}

/// The interaction of a request. A path without an asterisk goes before one with; for a method
/// that no interaction of the path has, it is that of GET.
pub fn find<'i>(
    interactions: &'i [Interaction],
    method: &str,
    path: &str,
) -> Option<&'i Interaction> {
    let of = |method: &str| {
        let mut all: Vec<&Interaction> = interactions
            .iter()
            .filter(|one| one.method == method && one.has_path(path))
            .collect();
        all.sort_by_key(|one| one.path.matches('*').count());
        all.first().copied()
    };
    of(method).or_else(|| of("GET"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interaction(method: &str, path: &str) -> Interaction {
        Interaction {
            method: method.to_owned(),
            path: path.to_owned(),
            id: format!("{method} {path}"),
            scope: "patient/*.read".to_owned(),
        }
    }

    #[test]
    fn the_exact_path_goes_first_and_another_method_is_taken_for_a_read() {
        let all = [
            interaction("GET", "Patient"),
            interaction("GET", "Patient/*"),
            interaction("GET", "Patient/$everything"),
            interaction("POST", "Patient/$gpc.registerpatient"),
        ];
        let id = |method, path| find(&all, method, path).map(|one| one.id.as_str());
        assert_eq!(id("GET", "Patient"), Some("GET Patient"));
        assert_eq!(id("GET", "/Patient/1/"), Some("GET Patient/*"));
        assert_eq!(
            id("GET", "Patient/$everything"),
            Some("GET Patient/$everything")
        );
        assert_eq!(id("PATCH", "Patient/1"), Some("GET Patient/*"));
        assert_eq!(
            id("POST", "Patient/$gpc.registerpatient"),
            Some("POST Patient/$gpc.registerpatient")
        );
        assert_eq!(id("GET", "patient/1"), None, "paths have capitals");
        assert_eq!(id("GET", "Patient/1/2"), None);
    }
}
