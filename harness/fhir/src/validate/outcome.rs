//! What validation says: issues, checks of codes, and what was not checked. Not how it finds them.

use std::borrow::Cow;
use std::fmt;

/// How grave an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The resource breaks the specification.
    Error,
    /// It keeps to the specification, against its advice.
    Warning,
    /// Worth a look; the specification allows it.
    Information,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        })
    }
}

/// One thing that validation found.
///
/// No field holds a value of the resource, but for names of elements and types, and for codes: short words
/// without long numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The rule: [`super::rules`] has its meaning and its cure.
    pub code: Cow<'static, str>,
    /// How grave.
    pub severity: Severity,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// `FHIRPath` with indexes, such as `Patient.name[0].given[1]`; of something missing, where it should be.
    /// `$` if there is no resource type to begin with.
    pub path: String,
    /// Where in the body, in bytes from its start.
    pub offset: Option<u64>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
    /// What the specification asks for.
    pub expected: String,
    /// What there is, in our words.
    pub actual: String,
}

/// How far a code was checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    /// Looked up in a complete list of codes.
    Checked {
        /// Where the list comes from.
        source: Cow<'static, str>,
        /// Which version of that.
        version: Cow<'static, str>,
    },
    /// Only its form was checked.
    SyntaxOnly,
    /// Not checked, and why: a fragment of a sentence.
    NotChecked(String),
}

/// Codes of one element, and how far they were checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodedCheck {
    /// The element as the specification names it, without indexes: `Patient.gender`.
    pub path: String,
    /// The address of the value set; empty if the element is bound to none that binds.
    pub value_set: Cow<'static, str>,
    /// The version of the value set, if known.
    pub value_set_version: Option<Cow<'static, str>>,
    /// How far.
    pub assurance: Assurance,
    /// How many codes; at least 1.
    pub count: u64,
}

/// How many issues there are of each severity, whether or not they are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Information.
    pub information: u64,
}

impl Counts {
    /// All of them.
    pub fn total(self) -> u64 {
        self.errors + self.warnings + self.information
    }
}

/// What validation says of one body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The type of the outermost resource, if the specification knows it.
    pub resource_type: Option<String>,
    /// What was found, in the order of the body; at most [`Options::most_issues`] of each severity.
    pub issues: Vec<Issue>,
    /// How many were found, also those that are not listed.
    pub counts: Counts,
    /// Every element with codes, and how far they were checked, in the order of the specification.
    pub coded: Vec<CodedCheck>,
    /// The values of `meta.profile`, at every depth, sorted, each once: the base specification alone was checked.
    /// Most are addresses; one that is none, and may not be shown either, is `…` in backquotes.
    pub profiles_not_checked: Vec<String>,
    /// Invariants that could not be evaluated on some element, by key, each with the reason; sorted, each once.
    /// They are neither kept nor broken.
    pub invariants_not_checked: Vec<(String, String)>,
}

impl Outcome {
    /// Whether the body keeps to the base specification, as far as it was checked: no error.
    pub fn is_valid(&self) -> bool {
        self.counts.errors == 0
    }
}

/// What becomes of invariants that the specification marks as best practice, such as that there is narrative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BestPractice {
    /// They are not evaluated. Most answers of a server to another have reasons not to follow them.
    #[default]
    Ignore,
    /// One that is broken is a warning.
    Warn,
}

/// What becomes of text that looks like a tag of HTML in `string` and `markdown`: `<`, a letter and a later `>`.
///
/// Neither type has tags by the specification, though nothing there forbids the letters: who shows them must escape
/// them, and who refuses them is safe from those who do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EmbeddedHtml {
    /// In a `string` a warning; in `markdown` nothing, as many dialects of it allow tags.
    #[default]
    Warn,
    /// In both an error.
    Refuse,
    /// Nothing is said of it.
    Ignore,
}

/// What becomes of addresses that are reserved for examples (RFC 2606): below `example.org`, `example.com`,
/// `example.net` and `.example`, in a `uri`, `url` or `canonical`. The system of a code or an identifier is a name
/// and no place, and is left alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExampleAddresses {
    /// They are like any others.
    #[default]
    Accept,
    /// Each is an error. For data that somebody is to use.
    Refuse,
}

/// What becomes of relative references to a resource that is neither in the body nor supplied beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum References {
    /// They lead elsewhere, which is not checked.
    #[default]
    Anywhere,
    /// Each is an error. For data that is to be complete by itself.
    AtHand,
}

/// What a caller can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many issues of each severity are listed; the rest is counted.
    pub most_issues: usize,
    /// What becomes of best practice.
    pub best_practice: BestPractice,
    /// What becomes of tags in texts.
    pub embedded_html: EmbeddedHtml,
    /// What becomes of addresses for examples.
    pub example_addresses: ExampleAddresses,
    /// What becomes of references that lead outside; only whole validation looks where references lead.
    pub references: References,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            most_issues: 200,
            best_practice: BestPractice::Ignore,
            embedded_html: EmbeddedHtml::Warn,
            example_addresses: ExampleAddresses::Accept,
            references: References::Anywhere,
        }
    }
}
