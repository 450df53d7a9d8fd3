//! The rules of references that need the other resource. Not those of their form, which the base rules have.

use plumbline_fhir::Rule;
use plumbline_fhir::validate::Severity::{Error, Warning};

/// references.html: a reference SHALL be resolvable, and a URN can be resolved within its bundle only
/// (bundle.html#references). A document, message, transaction or batch is complete by itself; anything else is a
/// selection, of which this is a warning.
pub(super) const URN: Rule = Rule {
    code: "FHIR-REFERENCE-URN",
    severity: Error,
    meaning: "A reference by urn:uuid or urn:oid leads to an entry of the same bundle, since nothing else can resolve it.",
    message: "no entry has the fullUrl that this {} names",
    fix: "Add the resource as an entry with this fullUrl, or refer to it by its address on a server.",
};

/// bundle.html#references leaves it open which of several is meant.
pub(super) const AMBIGUOUS: Rule = Rule {
    code: "FHIR-REFERENCE-AMBIGUOUS",
    severity: Warning,
    meaning: "A reference leads to one entry of a bundle.",
    message: "{} resources match this reference, and nothing says which is meant",
    fix: "Give each entry another fullUrl, or name the version with /_history/ and the versionId of the entry.",
};

/// The definition of the element: the types that a reference may lead to.
pub(super) const FOUND_TYPE: Rule = Rule {
    code: "FHIR-REFERENCE-FOUND-TYPE",
    severity: Error,
    meaning: "The resource that a reference leads to has one of the types that the element allows.",
    message: "this leads to a resource of type {}, and {} may lead to {} only",
    fix: "Point to a resource of an allowed type, or send the statement in the element that is meant for this type.",
};

/// The definition of `Reference.type`: both SHALL agree. Of an address such as `Patient/1` the type is part of the identity
/// (http.html#general).
pub(super) const SAID_TYPE: Rule = Rule {
    code: "FHIR-REFERENCE-SAID-TYPE",
    severity: Error,
    meaning: "A reference leads to a resource of the type that the reference itself says.",
    message: "this says {} and leads to a resource of type {}",
    fix: "Correct Reference.type or the address, or the fullUrl of the entry.",
};

/// No rule of the specification: a caller asks for it, of data that is to be complete by itself.
pub(super) const ELSEWHERE: Rule = Rule {
    code: "FHIR-REFERENCE-ELSEWHERE",
    severity: Error,
    meaning: "Every relative reference leads to a resource that is at hand. This is asked for with --references at-hand.",
    message: "the {} that this leads to is neither in the same body nor supplied",
    fix: "Add the resource, or supply it with --package.",
};

/// references.html#contained, bundle.html#references.
pub(super) const FRAGMENT: Rule = Rule {
    code: "FHIR-REFERENCE-FRAGMENT",
    severity: Error,
    meaning: "What follows # in a reference is the id of a resource that the other resource contains.",
    message: "the resource of type {} that this leads to contains no resource with this id",
    fix: "Add the contained resource, correct the id after #, or leave it out to mean the whole resource.",
};

/// bundle.html#references: a relative reference is relative to the base of the fullUrl of its entry.
pub(super) const BASE: Rule = Rule {
    code: "FHIR-REFERENCE-BASE",
    severity: Warning,
    meaning: "A relative reference in a bundle is completed with the base of the fullUrl of its own entry.",
    message: "a resource of type {} with this id is in the bundle, but this reference does not lead to it: {}",
    fix: "Refer to it by its fullUrl, or give both entries a fullUrl that differs in type and id only.",
};

/// bundle.html#references gives such a reference no meaning.
pub(super) const RELATIVE: Rule = Rule {
    code: "FHIR-REFERENCE-RELATIVE",
    severity: Warning,
    meaning: "A relative reference stands in an entry whose fullUrl is the address of a resource on a server.",
    message: "this relative reference has no meaning, since the fullUrl of its entry is no address on a server that ends with {}",
    fix: "Refer by an absolute address or by the fullUrl of another entry, or give this entry a fullUrl such as https://server/Type/id.",
};

/// bundle.html#references: the version is held against `meta.versionId`.
pub(super) const VERSION: Rule = Rule {
    code: "FHIR-REFERENCE-VERSION",
    severity: Warning,
    meaning: "A reference that names a version leads to an entry with that version in meta.versionId.",
    message: "the bundle has this {}, but not in the version that is named: {}",
    fix: "Add the version to the bundle, put it into meta.versionId of the entry, or refer without /_history/.",
};

/// references.html#contained: a contained resource has no existence apart from its container.
pub(super) const ISLAND: Rule = Rule {
    code: "FHIR-REFERENCE-ISLAND",
    severity: Warning,
    meaning: "A contained resource is linked to the resource that contains it, directly or through other contained ones.",
    message: "only contained resources refer to this {}, and nothing leads to them from the resource around",
    fix: "Refer to it from the resource that contains it, or leave it out.",
};

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    AMBIGUOUS, BASE, ELSEWHERE, FOUND_TYPE, FRAGMENT, ISLAND, RELATIVE, SAID_TYPE, URN, VERSION,
];
