//! Paths to a node and from one. Not FHIR's: those leave out what only its syntax has.

use crate::kind::Form;
use crate::node::Node;
use std::fmt::Write;

impl<'t> Node<'t> {
    /// The value below at a path of names and indexes, such as `entry/0/resource`.
    ///
    /// In XML an index chooses among the elements of the name before it, so that one path often
    /// serves both syntaxes, and `@name` is an attribute.
    pub fn at(self, path: &str) -> Option<Node<'t>> {
        path.split('/')
            .filter(|segment| !segment.is_empty())
            .try_fold(self, Node::step)
    }

    fn step(self, segment: &str) -> Option<Node<'t>> {
        match self.form() {
            Form::Array => self.items().nth(segment.parse().ok()?),
            Form::Element => {
                if let Some(name) = segment.strip_prefix('@') {
                    return self.attribute(name);
                }
                // No name of XML begins with a digit.
                match segment.parse() {
                    Ok(index) => self.repetition(index),
                    Err(_) => self.get(segment),
                }
            }
            _ => self.get(segment),
        }
    }

    /// Of the siblings with the name and namespace of this element, the one with that index.
    fn repetition(self, index: usize) -> Option<Node<'t>> {
        let Some(parent) = self.parent() else {
            return (index == 0).then_some(self);
        };
        parent
            .members()
            .map(|(_, node)| node)
            .find(|node| node.index() == Some(index) && node.has_name_of(self))
    }

    fn has_name_of(self, other: Node<'_>) -> bool {
        self.name() == other.name() && self.namespace() == other.namespace()
    }

    /// Where this is, such as `Bundle.entry[0].resource.gender`, or in XML
    /// `Bundle.entry[0].resource.Patient.gender.@value`.
    ///
    /// The root of JSON has the name in its `resourceType`, or `$`. An element has an index if
    /// its name is repeated. Names of the body appear in it, so it is not safe to store as is.
    pub fn path(self) -> String {
        let mut chain = vec![self];
        let mut at = self;
        while let Some(parent) = at.parent() {
            chain.push(parent);
            at = parent;
        }
        let mut path = String::new();
        for node in chain.into_iter().rev() {
            node.push_segment(&mut path);
        }
        path
    }

    fn push_segment(self, path: &mut String) {
        match (self.parent(), self.name()) {
            (None, None) => path.push_str(root_name(self)),
            (None, Some(name)) => push_name(name, path),
            (Some(_), Some(name)) => {
                path.push('.');
                if self.form() == Form::Attribute {
                    path.push('@');
                    push_name(self.qualified_name().unwrap_or(name), path);
                } else {
                    push_name(name, path);
                }
            }
            (Some(_), None) if self.form() == Form::Text => path.push_str(".text()"),
            (Some(_), None) => {}
        }
        if self.is_repeated() {
            // Writing to a string cannot fail.
            let _ = write!(path, "[{}]", self.raw_node().place);
        }
    }
}

fn push_name(name: &str, path: &mut String) {
    if plain(name) {
        path.push_str(name);
    } else {
        path.push('`');
        path.push_str(&name.replace('`', "\\`"));
        path.push('`');
    }
}

fn root_name(root: Node<'_>) -> &str {
    root.get("resourceType")
        .and_then(Node::as_str)
        .filter(|name| plain(name))
        .unwrap_or("$")
}

fn plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
