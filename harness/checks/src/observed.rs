//! What a check is given: the pages of an answer, what was asked, and what is expected.
//! Not for bodies that could not be read: their text never gets this far.

use plumbline_fhir::FhirVersion;
use plumbline_model::Person;
use plumbline_prsb::Standard;
use plumbline_tree::{Lookout, Tree};

/// The body of an answer.
#[derive(Debug, Clone)]
pub enum BodyState<'a> {
    /// It is JSON.
    Tree(&'a Tree),
    /// There is none.
    Empty,
    /// It is not JSON.
    NotJson {
        /// Its length.
        bytes: usize,
        /// Why it cannot be read, without text of the body.
        why: String,
    },
}

/// How the body of an answer was written. Checks look at FHIR XML as the JSON that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Written {
    /// JSON, or nothing that could be read.
    #[default]
    Json,
    /// XML.
    Xml,
}

/// One answer of the target.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// HTTP status.
    pub status: u16,
    /// Headers, with names in lower case.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: BodyState<'a>,
    /// How the body was written.
    pub written: Written,
    /// Where the headers are those of stored evidence, of which some were replaced or left out.
    pub veil: Option<HeaderVeil<'a>>,
}

/// What is known of headers that went through redaction.
#[derive(Debug, Clone, Copy)]
pub struct HeaderVeil<'a> {
    /// Where it is noted that somebody looked at a header that was replaced or left out.
    pub lookout: &'a Lookout,
    /// Whether redaction leaves a header of that name, in lower case, in its place.
    pub keeps: fn(&str) -> bool,
}

impl<'a> Page<'a> {
    /// The values of a header, in order, without spaces at their ends; upper and lower case of the
    /// name are the same.
    pub(crate) fn header(&self, name: &str) -> impl Iterator<Item = &'a str> {
        if let Some(veil) = &self.veil {
            let asked = name.to_ascii_lowercase();
            let own = self.headers.iter().filter(|(own, _)| *own == asked);
            if !(veil.keeps)(&asked) || own.clone().any(|(_, value)| value.contains('{')) {
                veil.lookout.note();
            }
        }
        self.headers
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// Every header as it came. Of stored evidence some are always left out.
    pub(crate) fn all_headers(&self) -> &'a [(String, String)] {
        if let Some(veil) = &self.veil {
            veil.lookout.note();
        }
        self.headers
    }
}

/// How far the result was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// Only the first page was asked for.
    NotFollowed,
    /// There was no further page.
    ReachedEnd,
    /// A page could not be had, or the limit was reached.
    Stopped {
        /// Why, in our words.
        why: String,
    },
    /// Our own limits ended the following: there may be more.
    LeftOff {
        /// Why, in our words.
        why: String,
    },
}

/// What was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestFacts<'a> {
    /// The type in the address, such as `Patient`.
    pub resource_type: &'a str,
    /// The search parameters as sent, not percent-encoded; none for a read.
    pub params: &'a [(String, String)],
    /// Whether a refusal is for a person to judge, such as of a search that bounds nothing;
    /// the pack says so for each search. False: refusing breaks the rule.
    pub may_be_refused: bool,
}

/// A connection that was tried for its own sake, and not for an answer of FHIR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// What was offered or shown, in our words.
    pub tried: String,
    /// What came of it.
    pub outcome: Reached,
    /// Whether the right way of connecting was let in, before and after; the error says what came
    /// of it instead.
    pub control: Result<(), String>,
}

/// What came of a connection, in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// It was let in.
    Accepted {
        /// By what that was seen.
        how: String,
    },
    /// It was turned away.
    Refused {
        /// In which way.
        how: String,
    },
    /// Neither can be said.
    Unclear {
        /// Why not.
        why: String,
    },
}

/// The answer to the last search or read.
#[derive(Debug, Clone)]
pub struct Observed<'a> {
    /// The answer, then the pages that were followed.
    pub pages: Vec<Page<'a>>,
    /// How far the result was followed.
    pub paging: Paging,
    /// What was asked.
    pub request: RequestFacts<'a>,
    /// What came of a connection, if the step before tried one.
    pub transport: Option<Transport>,
}

/// What the step and the scenario expect.
#[derive(Debug, Clone, Default)]
pub struct Expectation<'a> {
    /// The facts about the person in play.
    pub person: Option<&'a Person>,
    /// The NHS number that the target has for the person in play.
    pub nhs_number: Option<&'a str>,
    /// The target's own identifier, as `value` or `system|value`.
    pub local_identifier: Option<&'a str>,
    /// The target's own id of what is in play.
    pub resource_id: Option<&'a str>,
    /// System and value of the identifier of the practitioner or organisation in play.
    pub identifier: Option<(&'a str, &'a str)>,
    /// The content rules of the pack, if it has any.
    pub content: Option<&'a Standard>,
    /// The version of FHIR that the media type of the answer names, else that of the target file;
    /// none if there are no definitions of it.
    pub fhir_version: Option<FhirVersion>,
    /// The arguments of the step, in order.
    pub args: Vec<String>,
}

impl Expectation<'_> {
    /// The argument of the step at that place; an empty one counts as absent.
    pub(crate) fn arg(&self, index: usize) -> Option<&str> {
        self.args
            .get(index)
            .map(String::as_str)
            .filter(|arg| !arg.is_empty())
    }
}
