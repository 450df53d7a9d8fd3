//! Values of primitives: kind in JSON, form, range. Not codes against value sets.

use super::format::{Fault, address, date, number, text};
use super::key::NONE;
use super::outcome::{ExampleAddresses, Options};
use super::plan::{ChildPlan, Kind};
use super::rules::{self, Rule};
use super::walk::Walk;
use crate::definitions::FhirVersion;
use crate::view;
use plumbline_tree::{Form, Node};

/// The primitives of FHIR, by how they are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Primitive {
    Base64,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Oid,
    PositiveInt,
    Text,
    Time,
    UnsignedInt,
    Address,
    Uuid,
    Xhtml,
}

impl Primitive {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "boolean" => Self::Boolean,
            "code" => Self::Code,
            "uri" | "url" => Self::Address,
            "canonical" => Self::Canonical,
            "dateTime" => Self::DateTime,
            "date" => Self::Date,
            "decimal" => Self::Decimal,
            "id" => Self::Id,
            "instant" => Self::Instant,
            "integer" => Self::Integer,
            "positiveInt" => Self::PositiveInt,
            "unsignedInt" => Self::UnsignedInt,
            "base64Binary" => Self::Base64,
            "time" => Self::Time,
            "oid" => Self::Oid,
            "uuid" => Self::Uuid,
            "xhtml" => Self::Xhtml,
            _ => Self::Text,
        }
    }

    /// How JSON writes it.
    fn form(self) -> (Form, &'static str) {
        match self {
            Self::Boolean => (Form::Bool, "true or false"),
            Self::Decimal | Self::Integer | Self::PositiveInt | Self::UnsignedInt => {
                (Form::Number, "a number")
            }
            Self::Base64
            | Self::Canonical
            | Self::Code
            | Self::Date
            | Self::DateTime
            | Self::Id
            | Self::Instant
            | Self::Oid
            | Self::Text
            | Self::Time
            | Self::Address
            | Self::Uuid
            | Self::Xhtml => (Form::String, "a string"),
        }
    }

    /// Whether nothing can be said against a text, found out as quickly as can be.
    fn allows(self, text: &str, version: FhirVersion, options: Options) -> bool {
        match self {
            Self::Text => text::is_ordinary(text),
            Self::Code => text::code(text).is_ok(),
            Self::Id => text::id(text).is_ok(),
            Self::Address => {
                address::is_ordinary(text) && options.example_addresses == ExampleAddresses::Accept
            }
            Self::Canonical => {
                address::is_ordinary(text)
                    && address::is_absolute(text)
                    && options.example_addresses == ExampleAddresses::Accept
            }
            Self::Xhtml => false,
            Self::Base64
            | Self::Boolean
            | Self::Date
            | Self::DateTime
            | Self::Decimal
            | Self::Instant
            | Self::Integer
            | Self::Oid
            | Self::PositiveInt
            | Self::Time
            | Self::UnsignedInt
            | Self::Uuid => self.judge(text, version).is_none(),
        }
    }

    /// The rule that a text breaks, and how.
    fn judge(self, text: &str, version: FhirVersion) -> Option<(&'static Rule, Fault)> {
        // Years before the common era are a part of STU3 alone.
        let dated = match version {
            FhirVersion::Stu3 => text.strip_prefix('-').unwrap_or(text),
            FhirVersion::R4 => text,
        };
        let (rule, judged) = match self {
            Self::Base64 => (&rules::BASE64, text::base64(text)),
            Self::Boolean => (&rules::BOOLEAN, boolean(text)),
            Self::Canonical => (&rules::URI, address::canonical(text)),
            Self::Code => (&rules::CODE, text::code(text)),
            Self::Date => (&rules::DATE, date::date(dated)),
            Self::DateTime => (&rules::DATETIME, date::date_time(dated)),
            Self::Decimal => (&rules::DECIMAL, number::decimal(text, version)),
            Self::Id => (&rules::ID, text::id(text)),
            Self::Instant => (&rules::INSTANT, date::instant(text)),
            Self::Integer => (&rules::INTEGER, number::integer(text, number::Range::Any)),
            Self::PositiveInt => {
                let range = number::Range::Positive;
                (&rules::INTEGER, number::integer(text, range))
            }
            Self::UnsignedInt => {
                let range = number::Range::NotNegative;
                (&rules::INTEGER, number::integer(text, range))
            }
            Self::Oid => (&rules::OID, address::oid(text)),
            Self::Time => (&rules::TIME, date::time(text)),
            Self::Address => (&rules::URI, address::uri(text)),
            Self::Uuid => (&rules::UUID, address::uuid(text)),
            Self::Text => return string(text),
            Self::Xhtml => return None,
        };
        judged.err().map(|fault| (rule, fault))
    }
}

fn boolean(text: &str) -> Result<(), Fault> {
    if matches!(text, "true" | "false") {
        Ok(())
    } else {
        Err("it is neither true nor false")
    }
}

fn string(text: &str) -> Option<(&'static Rule, Fault)> {
    match text::string(text) {
        text::Text::Good => None,
        text::Text::Blank => Some((&rules::STRING_BLANK, "only white space")),
        text::Text::Control => Some((&rules::STRING_CONTROL, "a control character")),
        text::Text::TooLong => Some((&rules::STRING_LENGTH, "more than 1,048,576 characters")),
    }
}

impl<'a, 'd> Walk<'a, 'd> {
    /// Whether a member of JSON is a primitive that certainly is as it should be, its code included, which is then
    /// counted. Where it says no, nothing has been done, and the member is judged in full.
    pub(super) fn is_surely_good(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        node: Node<'a>,
    ) -> bool {
        let Kind::Primitive(primitive) = child.kind else {
            return false;
        };
        if node.form() != primitive.form().0
            || child.repeats
            || child.is_attribute
            || child.rules != NONE
        {
            return false;
        }
        let plan = self.plan;
        let Some(text) = view::primitive_text(node).filter(|text| !text.is_empty()) else {
            return false;
        };
        if !primitive.allows(text, plan.definitions.version(), self.options) {
            return false;
        }
        child.bound == NONE || self.is_in_every_set(number, child, text)
    }

    /// A value of JSON: its kind, then its text.
    pub(super) fn json_primitive(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        primitive: Primitive,
        value: Node<'a>,
    ) {
        let (form, words) = primitive.form();
        if value.form() != form {
            return self.kind(value, words);
        }
        // The reader of JSON has judged it.
        if form != Form::Bool {
            self.primitive_text(number, child, primitive, value);
        }
    }

    /// The text of a value: its form, then its code.
    pub(super) fn primitive_text(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        primitive: Primitive,
        node: Node<'a>,
    ) {
        let Some(text) = view::primitive_text(node) else {
            return;
        };
        if text.is_empty() {
            let expected = "a value, or no element";
            return self.issue(&rules::STRING_EMPTY, node, &[], expected, "an empty value");
        }
        if primitive == Primitive::Xhtml {
            return self.narrative_string(node, text);
        }
        if let Some((rule, fault)) = primitive.judge(text, self.plan.definitions.version()) {
            return self.malformed(child, primitive, rule, fault, node);
        }
        match primitive {
            Primitive::Address | Primitive::Canonical => {
                if let Some(id) = text.strip_prefix('#') {
                    self.scope.refer(id);
                } else if address::is_capital_uuid(text) {
                    let expected = "urn:uuid: and a UUID in small letters";
                    self.issue(&rules::URI_CASE, node, &[], expected, "capital letters");
                } else if primitive == Primitive::Canonical && !address::is_absolute(text) {
                    let expected = "an absolute address, or # and an id";
                    let rule = &rules::CANONICAL_RELATIVE;
                    self.issue(rule, node, &[], expected, "a relative address");
                }
                self.example_address(child, text, node);
            }
            Primitive::Text if child.is_attribute => self.element_id(number, text, node),
            Primitive::Text => self.markup(child, text, node),
            _ => {}
        }
        if child.bound != NONE {
            self.bound_code(number, child, text, node);
        }
    }

    /// The id of an element: no white space, and no other of the same resource.
    fn element_id(&mut self, number: u32, text: &'a str, node: Node<'a>) {
        if text.contains(char::is_whitespace) {
            let expected = "an id without white space";
            self.issue(&rules::ELEMENT_ID, node, &[], expected, "white space in it");
        }
        // A structure has the same elements in its snapshot and in its differential; invariants of its own say that
        // ids differ within each.
        if self.plan.definition_id != Some(number) && !self.element_ids.insert(text) {
            let rule = &rules::ELEMENT_ID_DUPLICATE;
            let expected = "an id that no other element of the resource has";
            self.issue(rule, node, &[], expected, "the id of another one");
        }
    }

    fn malformed(
        &mut self,
        child: &ChildPlan<'d>,
        primitive: Primitive,
        rule: &'static Rule,
        fault: Fault,
        node: Node<'a>,
    ) {
        let expected = expected(primitive);
        let actual = fault.strip_prefix("it ").unwrap_or(fault);
        let of = child.child.type_use().map_or("", |it| it.of().name());
        let two = [of, fault];
        let words = if rule == &rules::INTEGER {
            &two[..]
        } else {
            &two[1..]
        };
        self.issue(rule, node, words, expected, actual);
    }
}

fn expected(primitive: Primitive) -> &'static str {
    match primitive {
        Primitive::Base64 => "base64 with padding",
        Primitive::Boolean => "true or false",
        Primitive::Code => "a code: no white space but single spaces inside",
        Primitive::Date => "YYYY, YYYY-MM or YYYY-MM-DD",
        Primitive::DateTime => "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz",
        Primitive::Decimal => "a decimal",
        Primitive::Id => "1 to 64 of A-Z, a-z, 0-9, - and .",
        Primitive::Instant => "YYYY-MM-DDThh:mm:ss+zz:zz",
        Primitive::Integer => "a whole number from -2147483648 to 2147483647",
        Primitive::PositiveInt => "a whole number from 1 to 2147483647",
        Primitive::UnsignedInt => "a whole number from 0 to 2147483647",
        Primitive::Oid => "urn:oid: and an OID",
        Primitive::Time => "hh:mm:ss",
        Primitive::Address => "a uri",
        Primitive::Canonical => "a canonical address",
        Primitive::Uuid => "urn:uuid: and a UUID in small letters",
        Primitive::Xhtml => "narrative",
        Primitive::Text => "text",
    }
}
