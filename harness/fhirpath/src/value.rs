//! What an expression works with: elements of a resource, and values of the language. Not for many of them:
//! collection.rs.

use crate::element::Element;
use crate::moment::{Date, DateTime, Time};
use crate::quantity::Quantity;
use crate::types::{SystemType, TypeInfo};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// One item of a collection.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// An element of a resource.
    Element(Element<'a>),
    /// `true` or `false`.
    Boolean(bool),
    /// Of 32 bits; what does not fit is a decimal or nothing.
    Integer(i64),
    /// Exact.
    Decimal(Decimal),
    /// Text.
    String(Cow<'a, str>),
    /// A date.
    Date(Date),
    /// A date, perhaps with a time.
    DateTime(DateTime),
    /// A time of day.
    Time(Time),
    /// A value with a unit.
    Quantity(Quantity),
    /// What `type()` gives.
    Type {
        /// `System` or `FHIR`.
        namespace: &'static str,
        /// The name.
        name: Cow<'a, str>,
    },
}

impl<'a> Value<'a> {
    /// The element, if it is one.
    pub fn into_element(self) -> Option<Element<'a>> {
        match self {
            Self::Element(element) => Some(element),
            _ => None,
        }
    }

    /// A string that borrows.
    pub(crate) fn text(text: &'a str) -> Self {
        Self::String(Cow::Borrowed(text))
    }

    /// A string that does not borrow.
    pub(crate) fn owned(text: String) -> Self {
        Self::String(Cow::Owned(text))
    }

    /// The type of a value of the language; `None` for elements.
    pub(crate) fn system_type(&self) -> Option<SystemType> {
        match self {
            Self::Element(_) | Self::Type { .. } => None,
            Self::Boolean(_) => Some(SystemType::Boolean),
            Self::Integer(_) => Some(SystemType::Integer),
            Self::Decimal(_) => Some(SystemType::Decimal),
            Self::String(_) => Some(SystemType::String),
            Self::Date(_) => Some(SystemType::Date),
            Self::DateTime(_) => Some(SystemType::DateTime),
            Self::Time(_) => Some(SystemType::Time),
            Self::Quantity(_) => Some(SystemType::Quantity),
        }
    }

    /// The name of its type, for messages.
    pub(crate) fn type_name(&self, types: &dyn TypeInfo) -> String {
        match self {
            Self::Element(element) => match element.type_id() {
                Some(of) => types.name(of).to_owned(),
                None => "an element without a known type".to_owned(),
            },
            Self::Type { .. } => "the name of a type".to_owned(),
            other => other.system_type().map_or("", SystemType::name).to_owned(),
        }
    }

    /// The same value, its strings borrowed from it.
    pub(crate) fn borrowed(&'a self) -> Self {
        match self {
            Self::String(text) => Self::text(text),
            other => other.clone(),
        }
    }

    /// The text of what is no element, as `toString()` gives it.
    pub fn to_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Element(_) | Self::Type { .. } => return None,
            Self::Boolean(true) => Cow::Borrowed("true"),
            Self::Boolean(false) => Cow::Borrowed("false"),
            Self::String(text) => Cow::Borrowed(text),
            Self::Integer(it) => Cow::Owned(it.to_string()),
            Self::Decimal(it) => Cow::Owned(it.to_string()),
            Self::Date(it) => Cow::Owned(it.to_string()),
            Self::DateTime(it) => Cow::Owned(it.to_string()),
            Self::Time(it) => Cow::Owned(it.to_string()),
            Self::Quantity(it) => Cow::Owned(it.to_string()),
        })
    }
}
