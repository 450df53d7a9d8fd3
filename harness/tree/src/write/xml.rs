//! Writes XML piece by piece. Not for JSON, and not for reading.

use super::{Layout, WriteError, new_line};
use crate::children::Content;
use crate::kind::Form;
use crate::node::Node;
use crate::xml::{is_allowed, is_blank, is_qualified_name};
use std::collections::BTreeSet;
use std::fmt::{self, Write};

/// An element that is not yet closed.
struct Open {
    name: String,
    /// It has content, so that its start tag is complete.
    filled: bool,
    /// It has text, or was copied with its white space: no line may be begun inside it.
    mixed: bool,
    /// How many namespaces were in scope outside it.
    scope: usize,
}

/// Writes XML. What is out of place is told by [`XmlWriter::finish`].
///
/// ```
/// use plumbline_tree::{Layout, XmlWriter};
///
/// let mut xml = XmlWriter::new(Layout::Compact);
/// xml.start("birthDate");
/// xml.attribute("value", "1970-01-01");
/// xml.end();
/// assert_eq!(xml.finish().unwrap(), r#"<birthDate value="1970-01-01"/>"#);
/// ```
pub struct XmlWriter {
    out: String,
    layout: Layout,
    open: Vec<Open>,
    /// Prefixes and their namespaces, innermost last; the default has an empty prefix.
    scope: Vec<(String, String)>,
    /// The names in the start tag that is being written: of the element and its attributes.
    names: Vec<String>,
    error: Option<WriteError>,
}

impl fmt::Debug for XmlWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::debug("XmlWriter", self.out.len(), self.open.len(), f)
    }
}

impl XmlWriter {
    /// A writer of one element. It writes no XML declaration.
    pub fn new(layout: Layout) -> Self {
        Self {
            out: String::new(),
            layout,
            open: Vec::new(),
            scope: Vec::new(),
            names: Vec::new(),
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

    /// Opens an element; the name may have a prefix, which [`XmlWriter::attribute`] declares.
    pub fn start(&mut self, name: &str) {
        if !is_qualified_name(name) {
            return self.fail(WriteError::NotAName);
        }
        if self.open.is_empty() && !self.out.is_empty() {
            return self.fail(WriteError::OutOfPlace);
        }
        self.complete_start_tag();
        let is_line = self.open.last().is_some_and(|open| !open.mixed);
        if is_line && self.layout == Layout::Indented {
            new_line(self.open.len(), &mut self.out);
        }
        self.out.push('<');
        self.out.push_str(name);
        self.names.push(name.to_owned());
        self.open.push(Open {
            name: name.to_owned(),
            filled: false,
            mixed: false,
            scope: self.scope.len(),
        });
    }

    /// An attribute of the element that was just opened.
    pub fn attribute(&mut self, name: &str, value: &str) {
        if !is_qualified_name(name) {
            return self.fail(WriteError::NotAName);
        }
        if self.open.last().is_none_or(|open| open.filled) {
            return self.fail(WriteError::OutOfPlace);
        }
        // The first is the name of the element itself.
        if self.names.iter().skip(1).any(|own| own == name) {
            return self.fail(WriteError::DuplicateAttribute);
        }
        self.names.push(name.to_owned());
        self.push_attribute(name, value);
    }

    fn push_attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.push_escaped(value, true);
        self.out.push('"');
        if let Some(prefix) = declared_prefix(name) {
            self.scope.push((prefix.to_owned(), value.to_owned()));
        }
    }

    /// Text inside the innermost element.
    pub fn text(&mut self, text: &str) {
        self.complete_start_tag();
        match self.open.last_mut() {
            Some(open) => open.mixed = true,
            None => return self.fail(WriteError::OutOfPlace),
        }
        self.push_escaped(text, false);
    }

    /// Closes the innermost element.
    pub fn end(&mut self) {
        self.check_prefixes();
        let Some(open) = self.open.pop() else {
            return self.fail(WriteError::OutOfPlace);
        };
        if open.filled {
            if !open.mixed && self.layout == Layout::Indented {
                new_line(self.open.len(), &mut self.out);
            }
            self.out.push_str("</");
            self.out.push_str(&open.name);
            self.out.push('>');
        } else {
            self.out.push_str("/>");
        }
        self.scope.truncate(open.scope);
    }

    /// A whole element with all in it, or a text. See [`Node::to_xml`].
    pub fn node(&mut self, node: Node<'_>) {
        match node.form() {
            Form::Text => return self.copy_text(node),
            Form::Element => {}
            Form::Null
            | Form::Bool
            | Form::Number
            | Form::String
            | Form::Array
            | Form::Object
            | Form::Attribute => return self.fail(WriteError::OtherSyntax),
        }
        let mut copied = vec![self.start_copy(node, true)];
        while let Some(Copied { content, end, at }) = copied.last_mut() {
            if self.error.is_some() {
                return;
            }
            let child = content.next();
            let gap = *at..child.map_or(*end, |child| child.span().start);
            *at = child.map_or(*end, |child| child.span().end);
            self.blanks(node.tree().source().get(gap).unwrap_or_default());
            match child {
                Some(child) if child.form() == Form::Element => {
                    copied.push(self.start_copy(child, false));
                }
                Some(text) => self.copy_text(text),
                None => {
                    self.end();
                    copied.pop();
                }
            }
        }
    }

    fn start_copy<'t>(&mut self, element: Node<'t>, is_top: bool) -> Copied<'t> {
        self.start(element.qualified_name().unwrap_or_default());
        for attribute in element.attributes_as_written() {
            let name = attribute.qualified_name().unwrap_or_default();
            self.push_attribute(name, attribute.as_str().unwrap_or_default());
        }
        if is_top {
            self.declare_inherited(element);
        }
        // What could be read needs no check of its prefixes, however many names there are.
        self.names.clear();
        if let Some(open) = self.open.last_mut() {
            open.mixed = true;
        }
        let inside = element.inside();
        Copied {
            content: element.content(),
            at: inside.start,
            end: inside.end,
        }
    }

    /// Text that is a node stays one: white space that was written as a reference or section
    /// begins with a reference.
    fn copy_text(&mut self, node: Node<'_>) {
        let text = node.as_str().unwrap_or_default();
        let first = text.chars().next().filter(|_| is_blank(text));
        let Some(first) = first else {
            return self.text(text);
        };
        self.text("");
        // Writing to a string cannot fail.
        let _ = write!(self.out, "&#{};", u32::from(first));
        self.text(text.get(first.len_utf8()..).unwrap_or_default());
    }

    /// Declares what names below need and only ancestors of the element declare.
    fn declare_inherited(&mut self, element: Node<'_>) {
        for prefix in prefixes_used(element) {
            let inherited = std::iter::successors(Some(element), |node| node.parent())
                .flat_map(Node::namespace_declarations)
                .find(|declaration| {
                    declaration.qualified_name().and_then(declared_prefix) == Some(prefix)
                })
                .and_then(Node::as_str)
                .unwrap_or_default();
            let written = self.scope.iter().rev().find(|(own, _)| own == prefix);
            let written = written.map_or("", |(_, namespace)| namespace.as_str());
            if written == inherited {
                continue;
            }
            match prefix {
                "" => self.attribute("xmlns", inherited),
                _ => self.attribute(&format!("xmlns:{prefix}"), inherited),
            }
        }
    }

    /// Whether the names of the start tag, which is now complete, have only declared prefixes.
    fn check_prefixes(&mut self) {
        for name in std::mem::take(&mut self.names) {
            let Some((prefix, _)) = name.split_once(':') else {
                continue;
            };
            let is_known = matches!(prefix, "xml" | "xmlns")
                || self.scope.iter().any(|(declared, _)| declared == prefix);
            if !is_known {
                self.fail(WriteError::UndeclaredPrefix);
            }
        }
    }

    /// Ends the start tag of the innermost element, since content follows.
    fn complete_start_tag(&mut self) {
        self.check_prefixes();
        if let Some(open) = self.open.last_mut()
            && !std::mem::replace(&mut open.filled, true)
        {
            self.out.push('>');
        }
    }

    /// The white space between nodes, without the comments and the like among it.
    fn blanks(&mut self, gap: &str) {
        let mut rest = gap;
        while !rest.is_empty() {
            let blank = rest.find('<').unwrap_or(rest.len());
            let (white, markup) = rest.split_at(blank);
            if !white.is_empty() {
                self.complete_start_tag();
                self.out
                    .push_str(&white.replace("\r\n", "\n").replace('\r', "\n"));
            }
            let (open, close) = match markup.as_bytes() {
                [b'<', b'?', ..] => ("<?", "?>"),
                [b'<', b'!', b'-', ..] => ("<!--", "-->"),
                _ => ("<![CDATA[", "]]>"),
            };
            // The end of `<!-->` is not that of a comment.
            let inside = markup.get(open.len()..).unwrap_or_default();
            rest = inside.split_once(close).map_or("", |(_, after)| after);
        }
    }

    fn push_escaped(&mut self, text: &str, in_quotes: bool) {
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let reference = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\r' => "&#13;",
                '"' if in_quotes => "&quot;",
                '\n' if in_quotes => "&#10;",
                '\t' if in_quotes => "&#9;",
                _ if is_allowed(c) => continue,
                _ => return self.fail(WriteError::NotACharacter),
            };
            self.out.push_str(text.get(from..at).unwrap_or_default());
            self.out.push_str(reference);
            from = at + c.len_utf8();
        }
        self.out.push_str(text.get(from..).unwrap_or_default());
    }

    fn fail(&mut self, error: WriteError) {
        self.error.get_or_insert(error);
    }
}

/// An element that is being copied.
struct Copied<'t> {
    content: Content<'t>,
    /// How far its source was dealt with, and where its end tag begins.
    at: usize,
    end: usize,
}

/// The prefix that an attribute of that name declares, empty for the default namespace.
fn declared_prefix(name: &str) -> Option<&str> {
    match name.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    }
}

/// The prefixes of the names of an element and all below it, empty for elements without.
fn prefixes_used(top: Node<'_>) -> BTreeSet<&str> {
    let declared_always = |prefix: &str| matches!(prefix, "xml" | "xmlns");
    top.with_descendants()
        .filter(|node| node.form() == Form::Element || node.prefix().is_some())
        .map(|node| node.prefix().unwrap_or_default())
        .filter(|prefix| !declared_always(prefix))
        .collect()
}
