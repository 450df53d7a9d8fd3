//! What the engine asks about FHIR's types. Whoever knows FHIR implements it; not for the definitions themselves.

/// A type, or the content that an element defines for itself, as the implementor numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// A type of the language itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemType {
    /// `true` or `false`.
    Boolean,
    /// Of 32 bits.
    Integer,
    /// Exact.
    Decimal,
    /// Text.
    String,
    /// A date.
    Date,
    /// A date, perhaps with a time.
    DateTime,
    /// A time of day.
    Time,
    /// A value with a unit.
    Quantity,
}

impl SystemType {
    const ALL: [Self; 8] = [
        Self::Boolean,
        Self::Integer,
        Self::Decimal,
        Self::String,
        Self::Date,
        Self::DateTime,
        Self::Time,
        Self::Quantity,
    ];

    /// Its name in expressions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::Integer => "Integer",
            Self::Decimal => "Decimal",
            Self::String => "String",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::Time => "Time",
            Self::Quantity => "Quantity",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The type of the values of a primitive of FHIR; of `xhtml` a string. `None` if the name is no primitive's.
    pub fn of_primitive(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "integer" | "positiveInt" | "unsignedInt" => Self::Integer,
            "decimal" => Self::Decimal,
            "date" => Self::Date,
            "dateTime" | "instant" => Self::DateTime,
            "time" => Self::Time,
            "string" | "code" | "id" | "markdown" | "uri" | "url" | "canonical" | "oid"
            | "uuid" | "base64Binary" | "xhtml" => Self::String,
            _ => return None,
        })
    }
}

/// What a child of a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildType {
    /// It has one type.
    Sole(TypeId),
    /// Any resource: the instance says which.
    Resource,
    /// Its name in an instance ends with its type, as `valueQuantity` does.
    Choice,
}

/// What FHIR's types are. Names are those of the specification.
pub trait TypeInfo {
    /// The type of a name: `Patient`, `HumanName`, `code`, `BackboneElement`.
    fn named(&self, name: &str) -> Option<TypeId>;

    /// The name of a type; of content that an element defines for itself, `BackboneElement` or `Element`.
    fn name(&self, of: TypeId) -> &str;

    /// Whether a type is another or derives from it.
    fn is_a(&self, of: TypeId, ancestor: TypeId) -> bool;

    /// The type of the values of a primitive; `None` for types with children.
    fn primitive(&self, of: TypeId) -> Option<SystemType>;

    /// The child that a path names: of a choice the name without its type.
    fn child(&self, of: TypeId, name: &str) -> Option<ChildType>;

    /// The type that a choice has in an instance: of `value` with the ending `Quantity`.
    fn choice(&self, of: TypeId, stem: &str, ending: &str) -> Option<TypeId>;

    /// The child that an instance names: of a choice the name with its type. Never [`ChildType::Choice`].
    fn child_in_instance(&self, of: TypeId, name: &str) -> Option<ChildType>;
}

/// Knows no types: children are found by the names that the instance has, and values are what their syntax says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Untyped;

impl TypeInfo for Untyped {
    fn named(&self, _: &str) -> Option<TypeId> {
        None
    }

    fn name(&self, _: TypeId) -> &'static str {
        ""
    }

    fn is_a(&self, _: TypeId, _: TypeId) -> bool {
        false
    }

    fn primitive(&self, _: TypeId) -> Option<SystemType> {
        None
    }

    fn child(&self, _: TypeId, _: &str) -> Option<ChildType> {
        None
    }

    fn choice(&self, _: TypeId, _: &str, _: &str) -> Option<TypeId> {
        None
    }

    fn child_in_instance(&self, _: TypeId, _: &str) -> Option<ChildType> {
        None
    }
}
