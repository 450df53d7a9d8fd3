//! Which key of target.toml a line belongs to.
//! Not for values, and not for keys that nobody has heard of: a secret may have been put there.

use plumbline_model::{ActorRole, Person};
use std::collections::BTreeMap;

/// The words of the template are no secrets.
const TEMPLATE: &str = include_str!("../../../templates/target.toml");

/// The key at a line, from 1, such as `auth.env`: as much of it as is known to be a key.
pub(crate) fn key_at(
    text: &str,
    line: u32,
    people: &BTreeMap<ActorRole, Person>,
) -> Option<String> {
    let known = |word: &str| {
        words(TEMPLATE).any(|known| known == word) || people.contains_key(&ActorRole::from(word))
    };
    let (mut table, mut key) = ("", "");
    for line in text.lines().take(line as usize) {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[')
            && let Some((name, _)) = header.split_once(']')
            && !name.contains(['"', '\'', ','])
        {
            (table, key) = (name, "");
        } else if !line.starts_with('#')
            && let Some((name, _)) = line.split_once('=')
            && words(name).next() == Some(name.trim())
        {
            key = name.trim();
        }
    }
    let segments: Vec<&str> = table.split('.').chain([key]).collect();
    let safe: Vec<&str> = segments
        .into_iter()
        .filter(|segment| !segment.is_empty())
        .take_while(|segment| known(segment))
        .collect();
    (!safe.is_empty()).then(|| safe.join("."))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# a comment
fhir_version = \"5\"
scope = [
  \"metadata\",
]
[limits]
requests_per_second = 0
s3cr3t-k3y = 1
[connection.hosts]
\"s3cr3t.example\" = \"127.0.0.1\"
[s3cr3t]
env = \"X\"
";

    #[test]
    fn keys_are_named_and_nothing_else() {
        let people = BTreeMap::new();
        for (line, key) in [
            (1, None),
            (2, Some("fhir_version")),
            (4, Some("scope")),
            (6, Some("limits")),
            (7, Some("limits.requests_per_second")),
            (8, Some("limits")),
            (10, Some("connection.hosts")),
            (12, None),
            (99, None),
        ] {
            assert_eq!(key_at(TEXT, line, &people).as_deref(), key, "{line}");
        }
    }

    #[test]
    fn every_key_of_the_template_is_known() {
        let people = BTreeMap::new();
        let at = TEMPLATE.lines().position(|line| line.starts_with("total"));
        let line = u32::try_from(at.unwrap() + 1).unwrap();
        let key = key_at(TEMPLATE, line, &people);
        assert_eq!(key.as_deref(), Some("limits.total"));
    }
}
