//! Where an element stands in a resource, as a step writes it: `name[use=official].family`.
//! Not `FHIRPath`: names, dots, and one condition in brackets.

use plumbline_tree::{Kind, Node};

/// A path from a resource to elements in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementPath<'t> {
    steps: Vec<PathStep<'t>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PathStep<'t> {
    name: &'t str,
    /// A member that must have this text; `None` for the value asks that the member is absent.
    condition: Option<(&'t str, &'t str)>,
}

impl<'t> ElementPath<'t> {
    /// Reads a path. An address may stand for the extension with that address.
    pub fn read(text: &'t str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with("http://") || text.starts_with("https://") || text.starts_with("urn:") {
            let condition = Some(("url", text));
            let name = "extension";
            return Some(Self {
                steps: vec![PathStep { name, condition }],
            });
        }
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let name = &rest[..end];
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return None;
            }
            rest = &rest[end..];
            let mut condition = None;
            if let Some(inside) = rest.strip_prefix('[') {
                let close = inside.find(']')?;
                let (member, value) = inside[..close].split_once('=')?;
                if member.is_empty() || value.is_empty() {
                    return None;
                }
                condition = Some((member, value));
                rest = &inside[close + 1..];
            }
            steps.push(PathStep { name, condition });
            match rest.strip_prefix('.') {
                Some(more) => rest = more,
                None if rest.is_empty() => return Some(Self { steps }),
                None => return None,
            }
        }
    }

    /// Every element that the path leads to. An element with nothing in it is none.
    pub fn find<'a>(&self, resource: Node<'a>) -> Vec<Node<'a>> {
        let mut found = vec![resource];
        for step in &self.steps {
            found = found
                .iter()
                .flat_map(|parent| children(*parent, step.name))
                .filter(|node| step.meets(*node))
                .collect();
        }
        found
    }

    /// The elements that the last step of the path would be a part of: all there are of its parent.
    pub(crate) fn parents<'a>(&self, resource: Node<'a>) -> Vec<Node<'a>> {
        let steps = self.steps[..self.steps.len() - 1].to_vec();
        Self { steps }.find(resource)
    }

    /// The path without the part that leads to the parent.
    pub(crate) fn last(&self) -> Self {
        let steps = self.steps.last().copied().into_iter().collect();
        Self { steps }
    }

    /// Whether the path has a single step.
    pub(crate) const fn is_short(&self) -> bool {
        self.steps.len() == 1
    }
}

impl PathStep<'_> {
    fn meets(self, node: Node<'_>) -> bool {
        self.condition.is_none_or(|(member, value)| {
            children(node, member)
                .iter()
                .any(|found| found.as_str() == Some(value))
        })
    }
}

/// The members of that name, lists opened, empty ones left out.
fn children<'a>(parent: Node<'a>, name: &str) -> Vec<Node<'a>> {
    parent
        .members()
        .filter(|(own, _)| *own == name)
        .flat_map(|(_, value)| match value.kind() {
            Kind::Array => value.items().collect(),
            _ => vec![value],
        })
        .filter(|node| has_content(*node))
        .collect()
}

fn has_content(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Null => false,
        Kind::Bool | Kind::Number => true,
        Kind::String => node.as_str().is_some_and(|text| !text.trim().is_empty()),
        Kind::Array => node.items().any(has_content),
        Kind::Object => node.members().any(|(_, value)| has_content(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_tree::{Limits, Tree};

    fn count(path: &str, json: &str) -> usize {
        let tree = Tree::parse(json.as_bytes().to_vec(), &Limits::default()).unwrap();
        ElementPath::read(path).unwrap().find(tree.root()).len()
    }

    #[test]
    fn a_path_goes_through_lists_and_conditions() {
        let json = r#"{"name": [{"use": "official", "given": ["A", "B", ""]}, {"use": "usual"}],
            "extension": [{"url": "https://e.example/x.y", "extension": [{"url": "k", "valueCode": "T"}]}]}"#;
        assert_eq!(count("name", json), 2);
        assert_eq!(count("name[use=official]", json), 1);
        assert_eq!(count("name[use=official].given", json), 2);
        assert_eq!(count("https://e.example/x.y", json), 1);
        let deep = "extension[url=https://e.example/x.y].extension[url=k].valueCode";
        assert_eq!(count(deep, json), 1);
        assert_eq!(
            count("extension[url=https://e.example/x].extension", json),
            0
        );
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in [
            "", "a..b", "a[", "a[b]", "a[b=]", "a]", "a b", "a[b=c]d", ".a",
        ] {
            assert_eq!(ElementPath::read(text), None, "{text}");
        }
    }

    #[test]
    fn an_element_with_nothing_in_it_is_none() {
        assert_eq!(count("name", r#"{"name": [{}, {"family": " "}, null]}"#), 0);
        assert_eq!(count("active", r#"{"active": false}"#), 1);
    }
}
