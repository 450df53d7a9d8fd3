//! A profile as it is checked: what it adds to the base specification, and nothing else. Not how it comes about:
//! compile.rs; nor the checking: judge.rs.

use super::name::Name;
use super::sketch::Sketch;
use plumbline_fhir::profile_facts::{Bound, Context, Rules};
use plumbline_fhir::{Severity, TypeTable};
use plumbline_fhirpath::{Element, Expression, TypeId};
use plumbline_tree::{Form, Tree};

/// A profile.
#[derive(Debug)]
pub(super) struct Profile {
    /// Its address without version.
    pub(super) url: String,
    /// Its address with its version, for messages.
    pub(super) title: String,
    /// Its version.
    pub(super) version: Option<String>,
    /// The type that it is for.
    pub(super) of: String,
    pub(super) type_id: Option<TypeId>,
    /// What it says of the resource or value itself.
    pub(super) root: Node,
    /// Of an extension.
    pub(super) extension: Option<ExtensionRules>,
    /// Parts of it that are not checked, and why.
    pub(super) problems: Vec<String>,
}

/// What the definition of an extension says beside its elements.
#[derive(Debug)]
pub(super) struct ExtensionRules {
    /// Whether it changes the meaning of what is around it.
    pub(super) is_modifier: bool,
    /// Where it may stand.
    pub(super) contexts: Vec<Place>,
    /// What holds where it stands.
    pub(super) laws: Vec<Law>,
    /// How often it may stand on one element.
    pub(super) most: Option<u32>,
    /// The addresses of the extensions within it that it defines.
    pub(super) parts: Vec<String>,
}

/// A place where an extension may stand.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) context: Context,
    /// If it is an expression.
    pub(super) expression: Option<Result<Expression, String>>,
}

/// What holds for one element.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Its id in the snapshot.
    pub(super) id: String,
    /// The id without the names of slices.
    pub(super) path: String,
    /// The types that it may have, if they are fewer than those of the base, or more is said of one.
    pub(super) types: Option<Vec<TypeRule>>,
    pub(super) fixed: Option<Given>,
    pub(super) pattern: Option<Given>,
    pub(super) least: Option<Given>,
    pub(super) greatest: Option<Given>,
    pub(super) max_length: Option<u32>,
    pub(super) binding: Option<Bound>,
    pub(super) laws: Vec<Law>,
    pub(super) children: Vec<Child>,
    /// The child of the same name that the same holds for, however deep: the content of what is around it is its own.
    pub(super) again: Option<Name>,
}

/// The children of one name.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) name: Name,
    pub(super) range: Range,
    pub(super) node: Node,
    pub(super) slicing: Option<Sliced>,
}

/// How often something stands, where the profile asks for more than the base.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Range {
    pub(super) min: Option<u32>,
    pub(super) max: Option<u32>,
    /// What the base asks for: what breaks that too was reported with it.
    pub(super) base_min: u32,
    pub(super) base_max: Option<u32>,
}

/// How items are told apart.
#[derive(Debug)]
pub(super) struct Sliced {
    pub(super) rules: Rules,
    pub(super) is_ordered: bool,
    pub(super) slices: Vec<Slice>,
    /// Whether a slice must have an item.
    pub(super) is_needed: bool,
    /// Whether a slice is sliced again.
    pub(super) is_deep: bool,
    /// What holds for items of no slice.
    pub(super) other: Option<Box<Node>>,
}

/// One slice.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) name: String,
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    /// All must hold; with none, an item belongs to it if it keeps to what is said of it.
    pub(super) tests: Vec<Test>,
    /// What tells it apart, as text: slices with the same cannot be told apart.
    pub(super) told_by: String,
    /// Whether a value set tells it apart; value sets may have codes in common.
    pub(super) is_by_set: bool,
    pub(super) node: Node,
    /// The slices of the slice.
    pub(super) inner: Option<Box<Sliced>>,
}

/// What tells a slice apart.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) steps: Vec<Step>,
    pub(super) fact: Fact,
    /// Where one child has this text, and no other will do.
    pub(super) text: Option<Text>,
}

/// A text that one child must have.
#[derive(Debug)]
pub(super) struct Text {
    /// The children on the way to what holds it.
    pub(super) before: Vec<Name>,
    pub(super) name: String,
    pub(super) value: String,
}

/// A step from an item to what tells it apart.
#[derive(Debug)]
pub(super) enum Step {
    Child(Name),
    OfType(String),
    Extension(String),
    Resolve,
}

/// What must be found there.
#[derive(Debug)]
pub(super) enum Fact {
    /// One of these.
    Any(Vec<Demand>),
    Exists,
    Absent,
    /// One of these types.
    Type(Vec<String>),
    /// One of these profiles.
    Profile(Vec<String>),
    /// The profile does not say, so it cannot be known.
    Undecidable(String),
}

/// What a value has, here and below.
#[derive(Debug, Default)]
pub(super) struct Demand {
    pub(super) fixed: Option<Given>,
    pub(super) pattern: Option<Given>,
    pub(super) value_set: Option<String>,
    /// Of each of these one item keeps to the demand.
    pub(super) children: Vec<(Name, Demand)>,
}

/// A type, and what is said of it.
#[derive(Debug)]
pub(super) struct TypeRule {
    pub(super) name: String,
    pub(super) type_id: Option<TypeId>,
    /// One of these must be kept.
    pub(super) profiles: Vec<String>,
    /// What is referred to keeps to one of these.
    pub(super) targets: Vec<Target>,
    pub(super) aggregation: Vec<String>,
}

/// A profile, or the definition of a type, that what is referred to may keep to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) canonical: String,
    /// The type that it is for, if that is known.
    pub(super) of: Option<String>,
    /// Whether it is the definition of the type itself.
    pub(super) is_base: bool,
}

/// A value that a profile gives.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) of: String,
    pub(super) type_id: Option<TypeId>,
    pub(super) tree: Tree,
}

/// A condition.
#[derive(Debug)]
pub(super) struct Law {
    pub(super) key: String,
    pub(super) severity: Severity,
    pub(super) text: String,
    /// Or why it cannot be read.
    pub(super) expression: Result<Expression, String>,
    /// What can be told without evaluating it.
    pub(super) sketch: Option<Sketch>,
}

/// An expression, or why it cannot be read.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    Expression::parse(text).map_err(|error| error.to_string())
}

impl Law {
    pub(super) fn new(key: &str, severity: Severity, text: &str) -> Self {
        let expression = parse(text);
        Self {
            key: key.to_owned(),
            severity,
            text: text.to_owned(),
            sketch: expression.as_ref().ok().and_then(Sketch::of),
            expression,
        }
    }
}

impl Given {
    /// The value as an element.
    pub(super) fn element(&self) -> Element<'_> {
        let root = self.tree.root();
        if root.form() == Form::Object {
            Element::new(None, Some(root), self.type_id)
        } else {
            Element::new(Some(root), None, self.type_id)
        }
    }

    /// As it may be shown: short codes and addresses, since they are the profile's own.
    pub(super) fn shown(&self, types: &TypeTable) -> String {
        let text = self.element().text(types).map(std::borrow::Cow::into_owned);
        let text = text.unwrap_or_else(|| self.tree.root().raw().to_owned());
        match text.char_indices().nth(120) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }
}

impl Demand {
    fn tell(&self, text: &mut String) {
        for given in self.fixed.iter().chain(&self.pattern) {
            text.push_str(given.tree.root().raw());
        }
        text.push_str(self.value_set.as_deref().unwrap_or_default());
        for (name, child) in &self.children {
            text.push_str(name.as_str());
            child.tell(text);
        }
        text.push(';');
    }

    fn has_set(&self) -> bool {
        self.value_set.is_some() || self.children.iter().any(|(_, it)| it.has_set())
    }
}

impl Fact {
    /// What must be found, as text.
    pub(super) fn tell(&self, text: &mut String) {
        match self {
            Self::Any(demands) => demands.iter().for_each(|it| it.tell(text)),
            Self::Exists => text.push_str("exists"),
            Self::Absent => text.push_str("absent"),
            Self::Type(names) | Self::Profile(names) => text.push_str(&names.join("|")),
            Self::Undecidable(_) => {}
        }
        text.push('\n');
    }

    /// Whether a value set decides.
    pub(super) fn has_set(&self) -> bool {
        match self {
            Self::Any(demands) => demands.iter().any(Demand::has_set),
            Self::Exists
            | Self::Absent
            | Self::Type(_)
            | Self::Profile(_)
            | Self::Undecidable(_) => false,
        }
    }
}

impl Node {
    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        let has_value = self.fixed.is_some()
            || self.pattern.is_some()
            || self.least.is_some()
            || self.greatest.is_some();
        self.types.is_none()
            && !has_value
            && self.max_length.is_none()
            && self.binding.is_none()
            && self.laws.is_empty()
            && self.children.is_empty()
    }
}

impl Range {
    pub(super) fn is_empty(self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}
