//! Writes JSON piece by piece. Not for XML, and not for reading.

use super::{Layout, WriteError, new_line};
use crate::json::is_number;
use crate::kind::Form;
use crate::node::Node;
use std::fmt::{self, Write};

/// An array or object that is not yet closed.
#[derive(Debug, Clone, Copy)]
struct Open {
    object: bool,
    filled: bool,
}

/// Writes JSON. What is out of place is told by [`JsonWriter::finish`].
///
/// ```
/// use plumbline_tree::{JsonWriter, Layout};
///
/// let mut json = JsonWriter::new(Layout::Compact);
/// json.begin_object();
/// json.name("value");
/// json.number("1.50");
/// json.end();
/// assert_eq!(json.finish().unwrap(), r#"{"value":1.50}"#);
/// ```
pub struct JsonWriter {
    out: String,
    layout: Layout,
    open: Vec<Open>,
    /// A name waits for its value.
    named: bool,
    error: Option<WriteError>,
}

impl fmt::Debug for JsonWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::debug("JsonWriter", self.out.len(), self.open.len(), f)
    }
}

impl JsonWriter {
    /// A writer of one value.
    pub fn new(layout: Layout) -> Self {
        Self {
            out: String::new(),
            layout,
            open: Vec::new(),
            named: false,
            error: None,
        }
    }

    /// The text, or what first went wrong.
    pub fn finish(self) -> Result<String, WriteError> {
        match self.error {
            Some(error) => Err(error),
            None if !self.open.is_empty() || self.out.is_empty() => Err(WriteError::Incomplete),
            None => Ok(self.out),
        }
    }

    /// Opens an object.
    pub fn begin_object(&mut self) {
        self.begin('{', true);
    }

    /// Opens an array.
    pub fn begin_array(&mut self) {
        self.begin('[', false);
    }

    /// Closes the innermost object or array.
    pub fn end(&mut self) {
        match self.open.pop() {
            Some(open) if !self.named => {
                if open.filled && self.layout == Layout::Indented {
                    new_line(self.open.len(), &mut self.out);
                }
                self.out.push(if open.object { '}' } else { ']' });
            }
            _ => self.fail(WriteError::OutOfPlace),
        }
    }

    /// The name of the next member.
    pub fn name(&mut self, name: &str) {
        if self.separate(true) {
            push_string(name, &mut self.out);
            self.colon();
        }
    }

    /// A string.
    pub fn string(&mut self, text: &str) {
        if self.value() {
            push_string(text, &mut self.out);
        }
    }

    /// A number as it is to be written.
    pub fn number(&mut self, text: &str) {
        if !is_number(text) {
            self.fail(WriteError::NotANumber);
        } else if self.value() {
            self.out.push_str(text);
        }
    }

    /// `true` or `false`
    pub fn boolean(&mut self, value: bool) {
        if self.value() {
            self.out.push_str(if value { "true" } else { "false" });
        }
    }

    /// `null`
    pub fn null(&mut self) {
        if self.value() {
            self.out.push_str("null");
        }
    }

    /// A whole value of JSON with all below it, as it was read but for white space.
    pub fn node(&mut self, node: Node<'_>) {
        let mut at = node;
        loop {
            match at.form() {
                Form::Object => self.begin_object(),
                Form::Array => self.begin_array(),
                Form::Null | Form::Bool | Form::Number | Form::String => {
                    if self.value() {
                        self.out.push_str(at.raw());
                    }
                }
                Form::Element | Form::Attribute | Form::Text => {
                    self.fail(WriteError::OtherSyntax);
                }
            }
            if self.error.is_some() {
                return;
            }
            if let Some(child) = at.first_child() {
                self.member_name(child);
                at = child;
                continue;
            }
            if matches!(at.form(), Form::Object | Form::Array) {
                self.end();
            }
            // Upwards until there is a next sibling, without leaving what is to be written.
            loop {
                if at == node {
                    return;
                }
                if let Some(sibling) = at.next_sibling() {
                    self.member_name(sibling);
                    at = sibling;
                    break;
                }
                self.end();
                let Some(parent) = at.parent() else {
                    return;
                };
                at = parent;
            }
        }
    }

    /// The name of a node in its object, as it was written.
    fn member_name(&mut self, node: Node<'_>) {
        let Some(span) = node.name_span() else {
            return;
        };
        if self.separate(true) {
            let quoted = node.tree().source().get(span.start - 1..=span.end);
            self.out.push_str(quoted.unwrap_or("\"\""));
            self.colon();
        }
    }

    fn begin(&mut self, bracket: char, object: bool) {
        if self.value() {
            self.out.push(bracket);
            self.open.push(Open {
                object,
                filled: false,
            });
        }
    }

    /// Makes room for a value: after its name, as an item, or as the root.
    fn value(&mut self) -> bool {
        if std::mem::take(&mut self.named) {
            return self.error.is_none();
        }
        self.separate(false)
    }

    /// Makes room for a name or an item.
    fn separate(&mut self, is_name: bool) -> bool {
        let depth = self.open.len();
        let fits = match self.open.last_mut() {
            Some(open) if open.object == is_name && !self.named => {
                if std::mem::replace(&mut open.filled, true) {
                    self.out.push(',');
                }
                if self.layout == Layout::Indented {
                    new_line(depth, &mut self.out);
                }
                true
            }
            None => !is_name && self.out.is_empty(),
            Some(_) => false,
        };
        if !fits {
            self.fail(WriteError::OutOfPlace);
        }
        self.error.is_none()
    }

    fn colon(&mut self) {
        self.out.push(':');
        if self.layout == Layout::Indented {
            self.out.push(' ');
        }
        self.named = true;
    }

    fn fail(&mut self, error: WriteError) {
        self.error.get_or_insert(error);
    }
}

/// In quotes, with the escapes that JSON demands.
fn push_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c| matches!(c, '"' | '\\' | '\0'..='\u{1f}')) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = from.chars();
        match chars.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            Some(c) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}
