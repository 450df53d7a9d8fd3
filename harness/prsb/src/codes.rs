//! The codes of findings, each once. Not for their wording: that is in the rows.

/// A Mandatory section is not in the document.
pub const SECTION_MISSING: &str = "PRSB-SECTION-MISSING";
/// A section is known to be held and is not in the document.
pub const SECTION_HELD: &str = "PRSB-SECTION-HELD";
/// A section is there twice.
pub const SECTION_TWICE: &str = "PRSB-SECTION-TWICE";
/// A section has no readable text.
pub const SECTION_EMPTY: &str = "PRSB-SECTION-EMPTY";
/// A Mandatory item is not in something that is in the document.
pub const ITEM_MISSING: &str = "PRSB-ITEM-MISSING";
/// An item is known to be held and is not in the document.
pub const ITEM_HELD: &str = "PRSB-ITEM-HELD";
/// An item is there without content.
pub const ITEM_EMPTY: &str = "PRSB-ITEM-EMPTY";
/// An item is there more often than it may be.
pub const ITEM_REPEATED: &str = "PRSB-ITEM-REPEATED";
/// An item that must not be sent is there.
pub const ITEM_PROHIBITED: &str = "PRSB-ITEM-PROHIBITED";
/// A value of an item is not in its list, or has not the form that it must have.
pub const VALUE: &str = "PRSB-VALUE";
/// A rule of business is broken.
pub const BUSINESS: &str = "PRSB-BUSINESS";
/// A reference between entries leads nowhere.
pub const REFERENCE: &str = "PRSB-REFERENCE";
/// An identifier, such as an NHS number, has not the form that it must have.
pub const IDENTIFIER: &str = "PRSB-IDENTIFIER";
/// A code of a code system has not the form that it must have.
pub const CODE: &str = "PRSB-CODE";

/// All of them.
pub const ALL: &[&str] = &[
    SECTION_MISSING,
    SECTION_HELD,
    SECTION_TWICE,
    SECTION_EMPTY,
    ITEM_MISSING,
    ITEM_HELD,
    ITEM_EMPTY,
    ITEM_REPEATED,
    ITEM_PROHIBITED,
    VALUE,
    BUSINESS,
    REFERENCE,
    IDENTIFIER,
    CODE,
];
