//! Whether two trees of JSON say the same: numbers by their text, members in any order. Not for XML.

use plumbline_tree::{Kind, Node};

/// The first difference, with its place; `None` if there is none.
pub fn difference(a: Node<'_>, b: Node<'_>) -> Option<String> {
    let mut pairs = vec![(a, b)];
    while let Some((a, b)) = pairs.pop() {
        let differ = |what: &str| Some(format!("{}: {what}", a.path()));
        if a.kind() != b.kind() {
            return differ("another kind of value");
        }
        match a.kind() {
            Kind::Null | Kind::Bool => {
                if a.as_bool() != b.as_bool() {
                    return differ("another boolean");
                }
            }
            Kind::Number => {
                if a.number_text() != b.number_text() {
                    return differ("another number");
                }
            }
            Kind::String => {
                if a.as_str() != b.as_str() {
                    return differ("another text");
                }
            }
            Kind::Array => {
                if a.len() != b.len() {
                    return differ("another length");
                }
                pairs.extend(a.items().zip(b.items()));
            }
            Kind::Object => {
                if a.len() != b.len() {
                    return differ("another number of members");
                }
                for (name, value) in a.members() {
                    match b.get(name) {
                        Some(other) => pairs.push((value, other)),
                        None => return Some(format!("{}: it is gone", value.path())),
                    }
                }
            }
        }
    }
    None
}
