//! Why a resource cannot be written in the other syntax, and where. Not for judging resources.

use plumbline_tree::{Node, ParseErrorKind};

/// What is wrong with a narrative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NarrativeProblem {
    /// It is not well-formed XML.
    NotWellFormed(ParseErrorKind),
    /// Its outermost element is no `div` of XHTML.
    NotADiv,
    /// There is more than the `div`.
    More,
}

/// What cannot be carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConvertProblem {
    /// The tree is of the syntax that it was to be turned into.
    #[error("the text is in the wanted syntax already")]
    SameSyntax,
    /// No `resourceType`, or one that is no resource of this version of FHIR.
    #[error("no resource of this version of FHIR")]
    NotAResource,
    /// Of XML: another namespace than that of FHIR.
    #[error("an element outside the namespace of FHIR")]
    ForeignNamespace,
    /// An element that the definitions do not have here.
    #[error("an element that the definitions do not have here")]
    UnknownElement,
    /// Of XML: an attribute that the definitions do not have here.
    #[error("an attribute that the definitions do not have here")]
    UnknownAttribute,
    /// Of JSON: `fhir_comments`, which this version of FHIR does not have.
    #[error("comments, which JSON of FHIR no longer has")]
    Comments,
    /// Of JSON: a name that its object already has.
    #[error("a name that the object already has")]
    DuplicateName,
    /// Of JSON: one value where the definitions have a list.
    #[error("no list, where the definitions have one")]
    NotAList,
    /// More than one value, or a list, where the definitions have a single value.
    #[error("a list, where the definitions have a single value")]
    NotSingle,
    /// Of JSON: a value of another type than this one, which is the one that the element has.
    #[error("a value that is not {0}")]
    WrongKind(&'static str),
    /// Nothing at all: `{}`, `[]`, `null`, or an element without a value and children.
    #[error("an element with nothing in it")]
    Empty,
    /// Of JSON: something about a value that is an attribute in XML, such as `_id` of a name.
    #[error("something about a value that has no room for it in XML")]
    NoRoom,
    /// Of JSON: a character that XML cannot hold.
    #[error("a character that XML cannot hold")]
    Character,
    /// Of XML: a number that JSON does not have, such as one with a leading zero.
    #[error("a number that JSON cannot hold")]
    Number,
    /// Of XML: a boolean that is neither `true` nor `false`.
    #[error("a boolean that is neither true nor false")]
    Boolean,
    /// Of XML: text between elements.
    #[error("text between elements")]
    Text,
    /// Of XML: not exactly one resource in an element for one.
    #[error("not exactly one resource inside the element")]
    NotOneResource,
    /// A narrative that is not one `div` of XHTML.
    #[error("{}", narrative(*.0))]
    Narrative(NarrativeProblem),
    /// The writer refused; the cases above should leave none.
    #[error("a text that cannot be written")]
    Writer,
}

const fn narrative(problem: NarrativeProblem) -> &'static str {
    match problem {
        NarrativeProblem::NotWellFormed(_) => "a narrative that is not well-formed XML",
        NarrativeProblem::NotADiv => "a narrative that is no div of XHTML",
        NarrativeProblem::More => "a narrative with more than one div",
    }
}

impl ConvertProblem {
    /// What its author can do about it: a sentence without a full stop.
    pub const fn cure(self) -> &'static str {
        match self {
            Self::SameSyntax => "Leave it as it is",
            Self::NotAResource => {
                "Name a resource type of this version, or choose the other version"
            }
            Self::ForeignNamespace => {
                "Declare xmlns=\"http://hl7.org/fhir\" on the outermost element"
            }
            Self::UnknownElement | Self::UnknownAttribute => {
                "Correct the name, or move the content into an extension"
            }
            Self::Comments => "Remove fhir_comments",
            Self::DuplicateName => "Keep one of the members",
            Self::NotAList => "Put the value into square brackets",
            Self::NotSingle => "Keep one value, without square brackets",
            Self::WrongKind(_) => "Write the value as FHIR JSON has it for this type",
            Self::Empty => "Leave the element out",
            Self::NoRoom => "Remove the id or extension",
            Self::Character => "Remove the control character",
            Self::Number => "Write the number without plus sign, leading zero or spaces",
            Self::Boolean => "Write true or false",
            Self::Text => "Move the text into an attribute named value",
            Self::NotOneResource => "Put exactly one resource into the element",
            Self::Narrative(NarrativeProblem::NotWellFormed(kind)) => kind.cure(),
            Self::Narrative(NarrativeProblem::NotADiv) => {
                "Begin with <div xmlns=\"http://www.w3.org/1999/xhtml\">"
            }
            Self::Narrative(NarrativeProblem::More) => "Put everything into one div",
            Self::Writer => "Tell the authors of Plumbline",
        }
    }
}

/// A resource that cannot be written in the other syntax without loss.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}: {path}, at line {line}, column {column}")]
pub struct ConvertError {
    /// What cannot be carried over.
    pub problem: ConvertProblem,
    /// Where, such as `Bundle.entry[0].resource.gender`. It may hold names of the body.
    pub path: String,
    /// Byte offset in the body.
    pub offset: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl ConvertError {
    pub(super) fn at(node: Node<'_>, problem: ConvertProblem) -> Self {
        let position = node.position();
        Self {
            problem,
            path: node.path(),
            offset: node.offset(),
            line: position.line,
            column: position.column,
        }
    }
}
