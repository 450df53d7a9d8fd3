//! The words for what a tree holds: syntax, form, kind, anomaly. Not the values themselves.

/// The language of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// JSON, RFC 8259.
    Json,
    /// XML 1.0 with namespaces, without a document type.
    Xml,
}

impl Syntax {
    /// Guesses by the first character that is no white space, after a byte-order mark:
    /// `<` is XML, anything else JSON. `None` for a body without any.
    pub fn guess(bytes: &[u8]) -> Option<Self> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace())?;
        Some(match first {
            b'<' => Self::Xml,
            _ => Self::Json,
        })
    }
}

/// What a node is in its text. [`Kind`] is the coarser word for what can be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `null` of JSON.
    Null,
    /// `true` or `false` of JSON.
    Bool,
    /// A number of JSON, kept as written.
    Number,
    /// A string of JSON.
    String,
    /// An array of JSON.
    Array,
    /// An object of JSON.
    Object,
    /// An element of XML.
    Element,
    /// An attribute of XML, declarations of namespaces among them.
    Attribute,
    /// Text of XML between tags, if there is more to it than white space.
    Text,
}

impl Form {
    /// The type of value that it acts as.
    #[inline]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool => Kind::Bool,
            Self::Number => Kind::Number,
            Self::String | Self::Attribute | Self::Text => Kind::String,
            Self::Array => Kind::Array,
            Self::Object | Self::Element => Kind::Object,
        }
    }
}

/// The type of a value, in the words of JSON.
///
/// An element of XML is an `Object`, since it has named children; attributes and text are
/// `String`s. Code that must tell them apart asks for the [`Form`] or the [`Syntax`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, kept as written.
    Number,
    /// A string; of XML an attribute or text.
    String,
    /// An array.
    Array,
    /// An object; of XML an element.
    Object,
}

/// Something legal but suspicious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// A name that its object already has.
    DuplicateKey,
    /// A byte-order mark before the value.
    ByteOrderMark,
    /// A tab or line break as such in an attribute: XML reads it as a space.
    BreakInAttribute,
}

/// Something legal but suspicious, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anomaly {
    /// What it is.
    pub kind: AnomalyKind,
    /// Byte offset in the body.
    pub offset: usize,
}

/// What XML may hold beside its content. It is counted and left out of the tree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asides {
    /// Comments, those outside the outermost element included.
    pub comments: u32,
    /// Processing instructions; the XML declaration is none.
    pub instructions: u32,
    /// `CDATA` sections. Their text is in the tree as any other.
    pub cdata_sections: u32,
}
