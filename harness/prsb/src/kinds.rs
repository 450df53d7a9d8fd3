//! The kinds of document that can be told apart. Not for telling them apart: [`mod@crate::recognise`].

/// One kind of document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The standard that speaks of it and whose rows are here; empty if none is.
    pub(crate) standard: String,
    pub(crate) title: String,
    /// SNOMED CT codes of `Composition.type`.
    pub(crate) type_codes: Vec<String>,
    /// Ends of the addresses of profiles that a Composition of this kind names.
    pub(crate) profiles: Vec<String>,
    /// Keys of headings that no other kind of the same type code has.
    pub(crate) marks: Vec<String>,
    /// Words in the title that no other kind of the same type code has, in small letters.
    pub(crate) title_words: Vec<String>,
}

/// All kinds, in the order of the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kinds(pub(crate) Vec<Kind>);
