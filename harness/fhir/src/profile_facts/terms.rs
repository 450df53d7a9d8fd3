//! What a `CodeSystem` and a `ValueSet` say. Not whether a code is in a set.

/// The facts of one `CodeSystem`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeSystemFacts {
    /// Its canonical address.
    pub url: String,
    /// Its version.
    pub version: Option<String>,
    /// How much of it there is: `complete`, `fragment`, `not-present` and others.
    pub content: String,
    /// Whether `a` and `A` are two codes; not every code system says.
    pub is_case_sensitive: Option<bool>,
    /// Its codes may not be given away, so they are not here.
    pub is_withheld: bool,
    /// Its codes, in order.
    pub codes: Vec<String>,
    /// Codes that only group others: no record may hold them.
    pub groups: Vec<String>,
    /// Codes and those right below them.
    pub below: Vec<(String, Vec<String>)>,
    /// What else is said of codes; `child`, `parent`, `subsumedBy` and `notSelectable` are told by the lists above.
    pub properties: Vec<PropertyFacts>,
}

/// A property that codes have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PropertyFacts {
    /// Its name, such as `status`.
    pub name: String,
    /// Each value as text, of a coding its code, and the codes that have it, in order.
    pub values: Vec<(String, Vec<String>)>,
}

/// A condition on the codes of a code system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyFilter {
    /// Such as `concept`.
    pub property: String,
    /// Such as `is-a`.
    pub operator: String,
    /// Such as a code.
    pub value: String,
}

/// What a value set picks from a code system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// Everything.
    All,
    /// These codes.
    Codes(Vec<String>),
    /// What keeps to all of these conditions.
    Filters(Vec<PropertyFilter>),
    /// What it picks may not be given away, so it is not here.
    Withheld,
}

/// One include or exclude of a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The address of the code system.
    pub system: Option<String>,
    /// The version of the code system.
    pub version: Option<String>,
    /// What is picked from it.
    pub picked: Picked,
    /// Addresses of value sets, in each of which the codes are, too.
    pub value_sets: Vec<String>,
}

/// The facts of one `ValueSet`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueSetFacts {
    /// Its canonical address.
    pub url: String,
    /// Its version.
    pub version: Option<String>,
    /// What it holds; empty also for a set that does not say.
    pub include: Vec<Part>,
    /// What it holds not.
    pub exclude: Vec<Part>,
    /// Its codes as its publisher listed them: all of them, kept only where `include` says nothing.
    pub expansion: Vec<Part>,
}

impl ValueSetFacts {
    /// All its parts.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        let composed = self.include.iter().chain(&self.exclude);
        composed.chain(&self.expansion)
    }
}
