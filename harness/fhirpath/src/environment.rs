//! What an evaluation is given beside the expression: types, host, resource, variables, time, limits.
//! Not for evaluating: evaluate.rs.

use crate::collection::Collection;
use crate::element::Element;
use crate::host::Host;
use crate::moment::DateTime;
use crate::types::TypeInfo;
use crate::value::Value;
use std::collections::BTreeMap;
use std::fmt;

/// How close to its letter the specification is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// As published invariants need it: a name that the type does not have is empty, since `descendants()` has items
    /// of all types; a choice may be named with its type (`valueQuantity`); `as` may take many items; `is Boolean`
    /// may mean FHIR's boolean; and the criterion of `iif` need not be a truth value.
    Lenient,
    /// As the specification has it: all that is an error, and so is to ask for the first of what has no order.
    Strict,
}

/// How much an evaluation may do, so that none hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Items that are looked at.
    pub steps: u64,
    /// Bytes of one string that is made.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 100_000_000,
            text: 16 * 1024 * 1024,
        }
    }
}

/// What an evaluation is given.
#[derive(Clone)]
pub struct Environment<'a> {
    pub(crate) types: &'a dyn TypeInfo,
    pub(crate) host: &'a dyn Host<'a>,
    pub(crate) resource: Element<'a>,
    pub(crate) root_resource: Element<'a>,
    pub(crate) now: Option<DateTime>,
    pub(crate) strictness: Strictness,
    pub(crate) limits: Limits,
    variables: BTreeMap<&'a str, Value<'a>>,
}

impl fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("resource", &self.resource)
            .field("now", &self.now)
            .field("strictness", &self.strictness)
            .finish_non_exhaustive()
    }
}

impl<'a> Environment<'a> {
    /// For expressions about `resource`, or about elements of it. Lenient, without a clock.
    pub fn new(types: &'a dyn TypeInfo, host: &'a dyn Host<'a>, resource: Element<'a>) -> Self {
        Self {
            types,
            host,
            resource,
            root_resource: resource,
            now: None,
            strictness: Strictness::Lenient,
            limits: Limits::default(),
            variables: BTreeMap::new(),
        }
    }

    /// What `%rootResource` is, where the resource is contained in another. STU3 knows no such name: its invariants
    /// mean the outer one with `%resource`, also for what is contained.
    #[must_use]
    pub fn within(mut self, root: Element<'a>) -> Self {
        self.root_resource = root;
        self
    }

    /// What `now()` and `today()` are. It has an offset, a time and a day.
    #[must_use]
    pub fn at(mut self, now: DateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// How close to its letter the specification is taken.
    #[must_use]
    pub fn read(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// How much may be done.
    #[must_use]
    pub fn limited(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What `%name` is.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: Value<'a>) -> Self {
        self.variables.insert(name, value);
        self
    }

    pub(crate) fn variable(&self, name: &str) -> Option<Collection<'a>> {
        let value = match name {
            "ucum" => Value::text(crate::element::UCUM),
            "sct" => Value::text("http://snomed.info/sct"),
            "loinc" => Value::text("http://loinc.org"),
            "resource" => Value::Element(self.resource),
            "rootResource" => Value::Element(self.root_resource),
            _ => match self.variables.get(name) {
                Some(value) => value.clone(),
                None => return address(name).map(|it| Collection::one(Value::owned(it))),
            },
        };
        Some(Collection::one(value))
    }
}

/// The address that `%vs-name` or `%ext-name` stands for.
fn address(name: &str) -> Option<String> {
    let (folder, name) = if let Some(name) = name.strip_prefix("vs-") {
        ("ValueSet", name)
    } else {
        ("StructureDefinition", name.strip_prefix("ext-")?)
    };
    Some(format!("http://hl7.org/fhir/{folder}/{name}"))
}
