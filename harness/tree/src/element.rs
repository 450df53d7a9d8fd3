//! What only XML has: attributes, namespaces, prefixes, text between elements, repeated names.
//! Of JSON every answer is none. Not for reading XML: xml.rs.

use crate::arena::{NONE, flag};
use crate::children::{Attributes, Content, Wanted};
use crate::kind::Form;
use crate::node::Node;
use std::ops::Range;

impl<'t> Node<'t> {
    /// The attributes of an element in source order, declarations of namespaces left out.
    pub fn attributes(self) -> Attributes<'t> {
        Attributes::of(self, Wanted::Ordinary)
    }

    /// The attribute of that name that has no prefix.
    pub fn attribute(self, name: &str) -> Option<Node<'t>> {
        self.attributes().find(|attribute| {
            !attribute.raw_node().has(flag::PREFIXED) && attribute.name() == Some(name)
        })
    }

    /// The attributes of an element that declare namespaces: `xmlns` and `xmlns:prefix`.
    pub fn namespace_declarations(self) -> Attributes<'t> {
        Attributes::of(self, Wanted::Declarations)
    }

    /// All attributes of an element, declarations of namespaces among them.
    pub(crate) fn attributes_as_written(self) -> Attributes<'t> {
        Attributes::of(self, Wanted::All)
    }

    /// Elements and text inside an element, in source order.
    ///
    /// Text is a node if there is more to it than white space written as such; comments inside
    /// it do not divide it. White space alone is not lost: it is what [`Node::span`]s of
    /// neighbours leave over, and [`Node::to_xml`] writes it.
    pub fn content(self) -> Content<'t> {
        Content::of(self)
    }

    /// The text between the child elements of an element. There is none where an element has
    /// nothing but elements, attributes and white space.
    pub fn texts(self) -> impl Iterator<Item = Node<'t>> {
        self.content().filter(|node| node.form() == Form::Text)
    }

    /// The name of an element or attribute as written, with its prefix.
    pub fn qualified_name(self) -> Option<&'t str> {
        matches!(self.form(), Form::Element | Form::Attribute).then(|| {
            self.look_at_name();
            self.tree.arena.key(self.tree.text(), self.id)
        })
    }

    /// The prefix of an element or attribute as written.
    pub fn prefix(self) -> Option<&'t str> {
        let name = self.qualified_name()?;
        name.split_once(':').map(|(prefix, _)| prefix)
    }

    /// The namespace of an element or attribute. `None` if it has none, as attributes without
    /// a prefix, and for declarations of namespaces.
    pub fn namespace(self) -> Option<&'t str> {
        let arena = &self.tree.arena;
        let binding = arena.binding(self.id);
        (binding != NONE)
            .then(|| arena.namespace(self.tree.text(), binding))
            .filter(|namespace| !namespace.is_empty())
    }

    /// Whether this is one of several: of JSON an item of an array, however long; of XML an
    /// element with a sibling of its name and namespace.
    pub fn is_repeated(self) -> bool {
        match self.form() {
            Form::Element => self.raw_node().has(flag::REPEATED),
            Form::Attribute | Form::Text => false,
            Form::Null | Form::Bool | Form::Number | Form::String | Form::Array | Form::Object => {
                self.parent()
                    .is_some_and(|parent| parent.form() == Form::Array)
            }
        }
    }

    /// How often its name occurs among its siblings, this one counted; of JSON the length of
    /// its array, otherwise 1. Looks at every sibling of a repeated element, so it is not for
    /// a loop over them.
    pub fn repeat_count(self) -> usize {
        match (self.form(), self.parent()) {
            (Form::Element, Some(parent)) if self.is_repeated() => parent
                .members()
                .filter(|(name, node)| {
                    Some(*name) == self.name() && node.namespace() == self.namespace()
                })
                .count(),
            (_, Some(parent)) if parent.form() == Form::Array => parent.len(),
            _ => 1,
        }
    }

    /// Whether this element takes up the name of an earlier sibling after one of another name,
    /// as the second `a` in `<a/><b/><a/>`.
    pub fn resumes(self) -> bool {
        self.raw_node().has(flag::RESUMES)
    }

    /// Where the content of an element is in the body, in bytes: between its tags.
    /// Empty if there is but one tag, and for anything but an element.
    pub fn inside(self) -> Range<usize> {
        let span = self.span();
        let nothing = span.end..span.end;
        let Some(name) = self.name_span().filter(|_| self.form() == Form::Element) else {
            return nothing;
        };
        let last = self.attributes_as_written().last();
        let after = last.map_or(name.end, |it| it.span().end);
        let source = self.tree.text();
        let opened = source.get(after..span.end).and_then(|rest| rest.find('>'));
        let start = opened.map_or(span.end, |length| after + length + 1);
        let closed = source
            .get(start..span.end)
            .and_then(|rest| rest.rfind("</"));
        closed.map_or(nothing, |length| start..start + length)
    }
}
