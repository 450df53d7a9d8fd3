//! Why a body could not be read. Holds places and kinds only, never text of the source,
//! so that an error can be stored without redaction.

use std::fmt;

/// A character encoding that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, lower byte first.
    Utf16LittleEndian,
    /// UTF-16, higher byte first.
    Utf16BigEndian,
    /// UTF-16, the byte order not told.
    Utf16,
    /// UTF-32 of either byte order.
    Utf32,
    /// ISO-8859-1, also called Latin-1.
    Latin1,
    /// ISO-8859-15, also called Latin-9.
    Latin9,
    /// The Western code page of Windows.
    Windows1252,
    /// ASCII.
    Ascii,
    /// Any other; its name is text of the source and therefore not kept.
    Other,
}

impl Encoding {
    /// The encoding of that name in an XML declaration; `None` for UTF-8.
    pub(crate) fn declared(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Some(match name.as_str() {
            "utf-8" | "utf8" => return None,
            "utf-16" => Self::Utf16,
            "utf-16le" => Self::Utf16LittleEndian,
            "utf-16be" => Self::Utf16BigEndian,
            "utf-32" | "utf-32le" | "utf-32be" | "ucs-4" | "iso-10646-ucs-4" => Self::Utf32,
            "iso-8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "l1" => Self::Latin1,
            "iso-8859-15" | "iso_8859-15" | "latin9" | "latin-9" => Self::Latin9,
            "windows-1252" | "cp1252" | "cp-1252" => Self::Windows1252,
            "us-ascii" | "ascii" => Self::Ascii,
            _ => Self::Other,
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16LittleEndian => "UTF-16 (little-endian)",
            Self::Utf16BigEndian => "UTF-16 (big-endian)",
            Self::Utf16 => "UTF-16",
            Self::Utf32 => "UTF-32",
            Self::Latin1 => "ISO-8859-1",
            Self::Latin9 => "ISO-8859-15",
            Self::Windows1252 => "windows-1252",
            Self::Ascii => "US-ASCII",
            Self::Other => "an encoding other than UTF-8",
        })
    }
}

/// What was wrong. The first group can befall any body, the second JSON, the third XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// Nothing but white space, or for XML nothing but comments and the like.
    #[error("there is no value")]
    Empty,
    /// The text stops before the value is complete.
    #[error("the text ends too early")]
    UnexpectedEnd,
    /// More than one value.
    #[error("something follows the value")]
    TrailingContent,
    /// The bytes are not UTF-8.
    #[error("bytes that are not UTF-8")]
    InvalidUtf8,
    /// The first bytes are those of another encoding.
    #[error("the text is in {0}, and only UTF-8 is read")]
    ForeignEncoding(Encoding),
    /// The first bytes are those of a ZIP archive.
    #[error("this is a ZIP archive and not text")]
    ZipArchive,
    /// The first bytes are those of gzip.
    #[error("this is compressed with gzip and not text")]
    Gzip,
    /// A byte of value 0.
    #[error("a NUL character")]
    Nul,
    /// Deeper than [`crate::Limits::max_depth`].
    #[error("nested too deeply")]
    TooDeep,
    /// Longer than [`crate::Limits::max_bytes`].
    #[error("too long")]
    TooLarge,
    /// More values than [`crate::Limits::max_nodes`].
    #[error("too many values")]
    TooManyNodes,

    /// A character that JSON does not allow at this place.
    #[error("a character that JSON does not allow here")]
    UnexpectedCharacter,
    /// A comment; JSON has none.
    #[error("a comment, which JSON does not have")]
    Comment,
    /// The first character is that of XML or HTML.
    #[error("this is XML or HTML and not JSON")]
    NotJson,
    /// A control character inside a string that is not escaped.
    #[error("a control character inside a string")]
    ControlCharacter,
    /// A backslash that starts no known escape.
    #[error("an unknown escape in a string")]
    InvalidEscape,
    /// Half of a surrogate pair.
    #[error("half of a surrogate pair in a string")]
    LoneSurrogate,
    /// A number that JSON does not allow, such as one with a leading zero.
    #[error("a malformed number")]
    InvalidNumber,

    /// The first character is that of JSON.
    #[error("this is JSON and not XML")]
    NotXml,
    /// Text before or after the outermost element.
    #[error("text outside the outermost element")]
    TextOutside,
    /// A control character or a code point that XML never allows.
    #[error("a character that XML does not allow")]
    InvalidCharacter,
    /// A tag, comment or section that is not closed before the text ends; its place is where
    /// it begins.
    #[error("markup that is never closed")]
    Unclosed,
    /// Markup that XML does not allow at this place.
    #[error("markup that XML does not allow here")]
    InvalidMarkup,
    /// A name that is none, or with more than one colon.
    #[error("a malformed name")]
    InvalidName,
    /// An attribute without a value, without quotes, or with `<` in it.
    #[error("a malformed attribute")]
    InvalidAttribute,
    /// An attribute that the element already has.
    #[error("an attribute that the element already has")]
    DuplicateAttribute,
    /// More attributes on one element than any sensible text has.
    #[error("too many attributes on one element")]
    TooManyAttributes,
    /// An end tag of another name than the element that is open, or of none.
    #[error("an end tag that closes no open element")]
    MismatchedEndTag,
    /// `&` that starts no reference, or a reference to a character that XML does not allow.
    #[error("a malformed reference")]
    InvalidReference,
    /// A reference to an entity that XML itself does not define.
    #[error("an entity other than amp, lt, gt, quot and apos")]
    UnknownEntity,
    /// A document type declaration. It could define entities and name files.
    #[error("a document type declaration, which is refused")]
    DocumentType,
    /// A prefix that no attribute declares.
    #[error("a name with an undeclared prefix")]
    UndeclaredPrefix,
    /// A declaration of a namespace that XML does not allow.
    #[error("a namespace declaration that XML does not allow")]
    InvalidNamespace,
    /// More prefixes in scope at one place than any sensible text has.
    #[error("too many namespace prefixes at one place")]
    TooManyNamespaces,
    /// An XML declaration that is malformed or not at the very beginning.
    #[error("a malformed or misplaced XML declaration")]
    InvalidDeclaration,
    /// An XML declaration that names a version other than 1.0.
    #[error("a version of XML other than 1.0")]
    UnsupportedVersion,
    /// An XML declaration that names another encoding.
    #[error("the XML declaration names {0}, and only UTF-8 is read")]
    DeclaredEncoding(Encoding),
}

impl ParseErrorKind {
    /// What its author can do about it: a sentence without a full stop.
    pub const fn cure(self) -> &'static str {
        match self {
            Self::Empty => "Send a body",
            Self::UnexpectedEnd => {
                "Check that the whole body was sent, and that each bracket, quote or element is closed"
            }
            Self::TrailingContent => "Send one value only, with nothing after it",
            Self::InvalidUtf8 => {
                "Write the body as UTF-8; a single byte above 127 often means ISO-8859-1 or windows-1252"
            }
            Self::ForeignEncoding(_) => "Write the body as UTF-8",
            Self::ZipArchive => "Unpack the archive and give the file inside it",
            Self::Gzip => "Unpack it, or name gzip in the Content-Encoding header",
            Self::Nul => "Remove the byte; a NUL often means another encoding or a binary file",
            Self::TooDeep | Self::TooLarge | Self::TooManyNodes => {
                "Send less at once, or raise the limit"
            }
            Self::UnexpectedCharacter => {
                "Compare with the grammar of JSON: double quotes, no comma before a closing bracket"
            }
            Self::Comment => "Remove the comment",
            Self::NotJson => {
                "Send JSON; a page of HTML often comes from a proxy or a sign-in page in between"
            }
            Self::ControlCharacter => "Escape it, for instance a line break as \\n",
            Self::InvalidEscape => {
                "Escape with \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four digits"
            }
            Self::LoneSurrogate => "Write both halves of the pair, or the character itself",
            Self::InvalidNumber => {
                "Write it as JSON does: no leading zero, no plus sign, digits on both sides of the point"
            }
            Self::NotXml => "Send XML",
            Self::TextOutside => "Put everything into one outermost element",
            Self::InvalidCharacter => {
                "Remove the character; XML cannot hold it, not even as a reference"
            }
            Self::Unclosed => {
                "Close the tag, quote, comment or section that begins here, and check that the whole body was sent"
            }
            Self::InvalidMarkup => "Compare with the grammar of XML 1.0",
            Self::InvalidName => "Begin the name with a letter and use at most one colon",
            Self::InvalidAttribute => {
                "Write each attribute as name=\"value\", with space before it and &lt; for <"
            }
            Self::DuplicateAttribute => "Keep one of the attributes",
            Self::TooManyAttributes | Self::TooManyNamespaces => "Write fewer of them",
            Self::MismatchedEndTag => {
                "Close each element, in the order inside out, with its own name"
            }
            Self::InvalidReference => "Write &amp; for a plain &",
            Self::UnknownEntity => "Write the character itself or its number, such as &#160;",
            Self::DocumentType => "Remove the <!DOCTYPE> declaration",
            Self::UndeclaredPrefix => "Declare the prefix with an xmlns attribute, or remove it",
            Self::InvalidNamespace => {
                "Give the prefix a namespace of its own, and leave xml and xmlns as they are"
            }
            Self::InvalidDeclaration => {
                "Write <?xml version=\"1.0\" encoding=\"UTF-8\"?> as the very first characters, or nothing"
            }
            Self::UnsupportedVersion => "Declare version 1.0",
            Self::DeclaredEncoding(_) => "Write the body as UTF-8 and declare that",
        }
    }
}

/// A body that cannot be read, or beyond the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind}, at line {line}, column {column}")]
pub struct ParseError {
    /// What was wrong.
    pub kind: ParseErrorKind,
    /// Byte offset in the body.
    pub offset: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}
