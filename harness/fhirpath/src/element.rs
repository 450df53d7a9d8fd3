//! One element of a resource in JSON or XML, and its value. Not for its children: navigate.rs.
//!
//! | | value | body, which holds the children |
//! |---|---|---|
//! | JSON, primitive | the string, number or boolean named `x` | the object named `_x` |
//! | JSON, other | none | the object |
//! | XML | the attribute `value` | the element |

use crate::collection::Collection;
use crate::decimal;
use crate::error::{Eval, EvalError};
use crate::moment::{Date, DateTime, Time};
use crate::navigate;
use crate::quantity::Quantity;
use crate::syntax::{IsFirst, Member};
use crate::types::{SystemType, TypeId, TypeInfo};
use crate::unit::Unit;
use crate::value::Value;
use plumbline_tree::{Form, Node, Tree};
use std::borrow::Cow;

/// The address of UCUM.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// The name of a child, compiled once for looking it up often.
#[derive(Debug)]
pub struct ChildName(Member);

impl ChildName {
    /// The name without type or `_`.
    pub fn new(name: &str) -> Self {
        Self(Member::new(name, IsFirst::No))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.name()
    }
}

/// An element: its value, what holds its children, and its type, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    value: Option<Node<'a>>,
    body: Option<Node<'a>>,
    of: Option<TypeId>,
}

impl<'a> Element<'a> {
    /// An element. `value` is the node of a primitive's value, `body` the one that holds the children.
    pub const fn new(value: Option<Node<'a>>, body: Option<Node<'a>>, of: Option<TypeId>) -> Self {
        Self { value, body, of }
    }

    /// The outermost resource of a tree.
    pub fn root(tree: &'a Tree, types: &dyn TypeInfo) -> Self {
        Self::resource(tree.root(), types)
    }

    /// A resource, of the type that it names.
    pub fn resource(node: Node<'a>, types: &dyn TypeInfo) -> Self {
        let of = resource_type(node).and_then(|name| types.named(name));
        Self::new(None, Some(node), of)
    }

    /// A node that is an item, a member or an element of XML.
    pub(crate) fn of_node(node: Node<'a>, of: Option<TypeId>) -> Self {
        match node.form() {
            Form::Element => Self::new(node.attribute("value"), Some(node), of),
            Form::Object => Self::new(None, Some(node), of),
            Form::Null => Self::new(None, None, of),
            Form::Bool
            | Form::Number
            | Form::String
            | Form::Array
            | Form::Attribute
            | Form::Text => Self::new(Some(node), None, of),
        }
    }

    /// The same with what is said beside its value.
    pub(crate) fn beside(mut self, node: Option<Node<'a>>) -> Self {
        let object = node.filter(|node| node.form() == Form::Object);
        self.body = self.body.or(object);
        self
    }

    /// The node of its value.
    pub const fn value(self) -> Option<Node<'a>> {
        self.value
    }

    /// The node that holds its children.
    pub const fn body(self) -> Option<Node<'a>> {
        self.body
    }

    /// Its type, if it is known.
    pub const fn type_id(self) -> Option<TypeId> {
        self.of
    }

    /// The type that a resource names.
    pub fn resource_type(self) -> Option<&'a str> {
        resource_type(self.body?)
    }

    /// The text of a primitive: of narrative in XML its markup.
    pub fn text(self, types: &dyn TypeInfo) -> Option<Cow<'a, str>> {
        if let Some(value) = self.value {
            return value.value_text().map(Cow::Borrowed);
        }
        let body = self.body.filter(|it| it.form() == Form::Element)?;
        let is_narrative = self.of.is_some_and(|of| types.name(of) == "xhtml");
        is_narrative.then(|| body.to_xml().ok().map(Cow::Owned))?
    }

    /// Whether a primitive has a value.
    pub(crate) fn has_value(self, types: &dyn TypeInfo) -> bool {
        match self.value {
            Some(value) => value.value_text().is_some_and(|text| !text.is_empty()),
            None => self.text(types).is_some(),
        }
    }

    /// Its value in the language. `None` for what has children instead, and for a primitive without a value.
    /// An error if the value is none of its type.
    pub(crate) fn system(self, types: &dyn TypeInfo) -> Eval<Option<Value<'a>>> {
        let Some(of) = self.of else {
            return Ok(self.untyped());
        };
        if let Some(primitive) = types.primitive(of) {
            let Some(text) = self.text(types) else {
                return Ok(None);
            };
            let of = primitive.name();
            let read = read(primitive, text);
            return read.map(Some).ok_or(EvalError::Unreadable { of });
        }
        Ok(None)
    }

    /// A value as its syntax has it.
    fn untyped(self) -> Option<Value<'a>> {
        let value = self.value?;
        let text = value.value_text()?;
        match value.form() {
            Form::Bool => Some(Value::Boolean(text == "true")),
            Form::Number => crate::literal::number(text)
                .or_else(|| text.parse().ok().map(Value::Integer))
                .or_else(|| decimal::parse(text).map(Value::Decimal)),
            _ => Some(Value::text(text)),
        }
    }

    /// As a quantity, if it is one of FHIR: a value, a unit and no comparator.
    pub(crate) fn quantity(self, types: &dyn TypeInfo) -> Option<Quantity> {
        let quantity = types.named("Quantity")?;
        if !self.of.is_some_and(|of| types.is_a(of, quantity)) {
            return None;
        }
        if self.child_text("comparator").is_some() {
            return None;
        }
        let value = decimal::parse(self.child_text("value")?)?;
        let system = self.child_text("system").unwrap_or_default();
        let other = |code: &str| Unit::Other {
            system: system.into(),
            code: code.into(),
        };
        let unit = match (self.child_text("code"), self.child_text("unit")) {
            (Some(code), _) if system == UCUM => Unit::Ucum(code.into()),
            (Some(code), _) => other(code),
            // What is shown to people is no code, so that it compares with itself only.
            (None, Some(unit)) => other(unit),
            (None, None) => Unit::one(),
        };
        Some(Quantity::new(value, unit))
    }

    /// Its children in the order of the body, each with its name in the instance (`valueQuantity`). `null` in an array
    /// with nothing beside it is none; of XML, attributes `id` and `url` are children.
    pub fn children(self, types: &dyn TypeInfo) -> Vec<(&'a str, Self)> {
        let (mut found, mut names) = (Collection::empty(), Vec::new());
        navigate::all(types, self, &mut found, &mut names);
        let elements = found.into_iter().zip(names);
        let elements = elements.filter_map(|(value, name)| Some((name, value.into_element()?)));
        elements.collect()
    }

    /// Its children of a name as a path has it: of a choice without the type. The name is compiled once.
    pub fn named(self, types: &dyn TypeInfo, name: &ChildName) -> Vec<Self> {
        let mut found = Collection::empty();
        navigate::member(types, self, &name.0, &mut found);
        found.into_iter().filter_map(Value::into_element).collect()
    }

    /// The text of a child that is a primitive.
    pub(crate) fn child_text(self, name: &str) -> Option<&'a str> {
        let body = self.body?;
        match body.get(name) {
            Some(child) if child.form() == Form::Element => child.attribute("value")?.value_text(),
            Some(child) => child.value_text(),
            None if name == "url" || name == "id" => body.attribute(name)?.value_text(),
            None => None,
        }
    }
}

/// The type that a resource names: a member of JSON, the name of the element in XML.
fn resource_type(node: Node<'_>) -> Option<&str> {
    match node.form() {
        Form::Element => node
            .name()
            .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase())),
        _ => node.get("resourceType").and_then(Node::as_str),
    }
}

/// Reads the text of a primitive.
fn read(primitive: SystemType, text: Cow<'_, str>) -> Option<Value<'_>> {
    match primitive {
        SystemType::String => Some(Value::String(text)),
        SystemType::Boolean => match &*text {
            "true" => Some(Value::Boolean(true)),
            "false" => Some(Value::Boolean(false)),
            _ => None,
        },
        SystemType::Integer => text.parse().ok().map(Value::Integer),
        SystemType::Decimal => decimal::parse(&text).map(Value::Decimal),
        SystemType::Date => Date::parse(&text).map(Value::Date),
        SystemType::DateTime => DateTime::parse(&text).map(Value::DateTime),
        SystemType::Time => Time::parse(&text).map(Value::Time),
        SystemType::Quantity => None,
    }
}
