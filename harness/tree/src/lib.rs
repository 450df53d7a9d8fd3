//! Reads JSON and XML into one arena: byte offsets, line and column, numbers as written,
//! duplicate names, order and repetition of elements. Writes both.
//! Knows nothing of FHIR, and never puts text of the source into an error.
//!
//! # What a tree is
//!
//! A [`Tree`] owns the body and one record of 28 bytes for each [`Node`], in source order. A
//! node is a value of JSON, or an element, attribute or text of XML; [`Node::form`] says which.
//! Reading takes one pass and no recursion. [`Limits`] bound depth, length and number of nodes.
//!
//! What is not well-formed is a [`ParseError`] with a place and a cure. What is legal but
//! suspicious is an [`Anomaly`]: a name twice in an object, a byte-order mark, a line break in
//! an attribute. What depends on the meaning of a name is neither, and can be asked for: text
//! between elements ([`Node::texts`]), a name that is taken up again after another
//! ([`Node::resumes`]), namespaces, attributes.
//!
//! XML is strict: one root, namespaces resolved, no document type, no entities but the five of
//! XML itself. Comments and processing instructions are counted ([`Tree::asides`]). White space
//! between tags is no node, but it is not lost: the source keeps it, and [`Node::to_xml`] writes
//! it.
//!
//! # One view of both
//!
//! The crate that knows FHIR can walk both syntaxes with one validator, without copying
//! anything. Its view of an element is two nodes, either of which may be missing:
//!
//! | | value | what holds the children |
//! |---|---|---|
//! | JSON, primitive | the string, number or boolean named `x` | the object named `_x` |
//! | JSON, other | none | the object |
//! | XML | the attribute `value` | the element |
//!
//! Its children of one name are the items of an array, paired with those of the array beside it;
//! in XML the elements of that name, and the attribute for `id` and `url`. A resource within
//! another is the object itself in JSON, and the only child of the element in XML. "Is a list"
//! is [`Node::is_repeated`], which holds for each item of an array, however short, and for each
//! of several elements; a definition decides what a single element is. Narrative is a string in
//! JSON and an element in XML; [`Node::to_xml`] gives the string for the element. The view in
//! `tests/main/one_view.rs` does all this and proves that both syntaxes answer alike.
//!
//! ```
//! use plumbline_tree::{Form, Limits, Node, Tree};
//!
//! fn value(node: Node<'_>) -> Option<&str> {
//!     match node.form() {
//!         Form::Element => node.attribute("value")?.as_str(),
//!         _ => node.as_str(),
//!     }
//! }
//!
//! let limits = Limits::default();
//! let json = Tree::parse(br#"{"name": [{"family": "Example"}]}"#.to_vec(), &limits)?;
//! let xml = Tree::parse_xml(
//!     br#"<Patient><name><family value="Example"/></name></Patient>"#.to_vec(),
//!     &limits,
//! )?;
//! for tree in [json, xml] {
//!     let family = tree.at("name/0/family").and_then(value);
//!     assert_eq!(family, Some("Example"));
//! }
//! # Ok::<(), plumbline_tree::ParseError>(())
//! ```

mod arena;
mod children;
mod element;
mod error;
mod json;
mod kind;
mod limits;
mod node;
mod path;
mod position;
mod receive;
mod same;
mod tree;
mod veil;
mod write;
mod xml;

pub use children::{Attributes, Content, Items, Members};
pub use error::{Encoding, ParseError, ParseErrorKind};
pub use kind::{Anomaly, AnomalyKind, Asides, Form, Kind, Syntax};
pub use limits::Limits;
pub use node::Node;
pub use position::Position;
pub use same::{by_length, is_same};
pub use tree::Tree;
pub use veil::{Lookout, Veil};
pub use write::{JsonWriter, Layout, WriteError, XmlWriter};

#[cfg(test)]
mod tests;
