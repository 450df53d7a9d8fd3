//! A body that can be changed anywhere, also into what is no FHIR: members keep their order and may repeat,
//! numbers keep their digits. Not for judging it.

use plumbline_tree::{Form, Node};
use std::fmt::Write as _;

/// A value of JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Members in order.
    Object(Vec<(String, Body)>),
    /// Items.
    Array(Vec<Body>),
    /// A string, without its escapes.
    Text(String),
    /// A number, a truth value or null, as written.
    Raw(String),
}

/// A step to a member or an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A member.
    Name(String),
    /// An item.
    Index(usize),
}

/// Where something is.
pub type Pointer = Vec<Key>;

/// One change.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Puts another value there.
    Set(Pointer, Body),
    /// Takes a member or an item away.
    Remove(Pointer),
    /// Adds a member to an object, also one that it has.
    Add(Pointer, String, Body),
    /// Adds an item to an array.
    Append(Pointer, Body),
    /// Gives a member another name.
    Rename(Pointer, String),
}

impl Body {
    /// A copy of a node.
    pub fn of(node: Node<'_>) -> Self {
        match node.form() {
            Form::Object => {
                let members = node.members();
                Self::Object(
                    members
                        .map(|(name, it)| (name.to_owned(), Self::of(it)))
                        .collect(),
                )
            }
            Form::Array => Self::Array(node.items().map(Self::of).collect()),
            Form::String => Self::Text(node.as_str().unwrap_or_default().to_owned()),
            Form::Bool
            | Form::Number
            | Form::Null
            | Form::Element
            | Form::Attribute
            | Form::Text => Self::Raw(node.raw().to_owned()),
        }
    }

    /// A string.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A number, truth value or null.
    pub fn raw(text: &str) -> Self {
        Self::Raw(text.to_owned())
    }

    /// An object.
    pub fn object<const N: usize>(members: [(&str, Body); N]) -> Self {
        let members = members.into_iter();
        Self::Object(members.map(|(name, it)| (name.to_owned(), it)).collect())
    }

    /// The text of a string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Object(_) | Self::Array(_) | Self::Raw(_) => None,
        }
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Body)] {
        match self {
            Self::Object(members) => members,
            Self::Array(_) | Self::Text(_) | Self::Raw(_) => &[],
        }
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Body] {
        match self {
            Self::Array(items) => items,
            Self::Object(_) | Self::Text(_) | Self::Raw(_) => &[],
        }
    }

    /// The member of a name.
    pub fn get(&self, name: &str) -> Option<&Body> {
        let mut members = self.members().iter();
        members.find(|(known, _)| known == name).map(|(_, it)| it)
    }

    /// The text of the member of a name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Self::as_text)
    }

    /// What is at a place.
    pub fn at(&self, pointer: &[Key]) -> Option<&Body> {
        pointer.iter().try_fold(self, |body, key| match key {
            Key::Name(name) => body.get(name),
            Key::Index(index) => body.items().get(*index),
        })
    }

    fn at_mut(&mut self, pointer: &[Key]) -> Option<&mut Body> {
        let Some((key, rest)) = pointer.split_first() else {
            return Some(self);
        };
        let next = match (self, key) {
            (Self::Object(members), Key::Name(name)) => {
                let mut members = members.iter_mut();
                members.find(|(known, _)| known == name).map(|(_, it)| it)
            }
            (Self::Array(items), Key::Index(index)) => items.get_mut(*index),
            _ => None,
        };
        next?.at_mut(rest)
    }

    /// Makes a change. `None` if there is nothing at its place.
    pub fn change(&mut self, edit: &Edit) -> Option<()> {
        match edit {
            Edit::Set(at, value) => *self.at_mut(at)? = value.clone(),
            Edit::Remove(at) => {
                let (last, around) = at.split_last()?;
                match (self.at_mut(around)?, last) {
                    (Self::Object(members), Key::Name(name)) => {
                        let before = members.len();
                        members.retain(|(known, _)| known != name);
                        (members.len() < before).then_some(())?;
                    }
                    (Self::Array(items), Key::Index(index)) if *index < items.len() => {
                        items.remove(*index);
                    }
                    _ => return None,
                }
            }
            Edit::Add(at, name, value) => match self.at_mut(at)? {
                Self::Object(members) => members.push((name.clone(), value.clone())),
                Self::Array(_) | Self::Text(_) | Self::Raw(_) => return None,
            },
            Edit::Append(at, value) => match self.at_mut(at)? {
                Self::Array(items) => items.push(value.clone()),
                Self::Object(_) | Self::Text(_) | Self::Raw(_) => return None,
            },
            Edit::Rename(at, new) => {
                let (last, around) = at.split_last()?;
                let (Self::Object(members), Key::Name(name)) = (self.at_mut(around)?, last) else {
                    return None;
                };
                let mut members = members.iter_mut();
                members.find(|(known, _)| known == name)?.0.clone_from(new);
            }
        }
        Some(())
    }

    /// As JSON.
    pub fn json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    quote(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
            Self::Array(items) => {
                out.push('[');
                for (at, value) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    value.write(out);
                }
                out.push(']');
            }
            Self::Text(text) => quote(text, out),
            Self::Raw(text) => out.push_str(text),
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A place one step further.
pub fn below(pointer: &[Key], name: &str) -> Pointer {
    let mut below = pointer.to_vec();
    below.push(Key::Name(name.to_owned()));
    below
}

/// The item of an array.
pub fn item(pointer: &[Key], index: usize) -> Pointer {
    let mut below = pointer.to_vec();
    below.push(Key::Index(index));
    below
}
