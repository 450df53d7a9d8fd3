//! The rules of `Parameters` that the definition of an operation makes. Not inv-1, which is an invariant.

use plumbline_fhir::Rule;
use plumbline_fhir::validate::Severity::Error;

/// The definition of `OperationDefinition.parameter.name`.
pub(super) const UNKNOWN: Rule = Rule {
    code: "FHIR-PARAMETERS-UNKNOWN",
    severity: Error,
    meaning: "Each parameter of an operation is one that its OperationDefinition has, in the same direction.",
    message: "the operation {} has no {} parameter with this name",
    fix: "Use a name that the OperationDefinition gives, exactly as written there.",
};

/// The definition of `OperationDefinition.parameter.min`: a SHALL.
pub(super) const MIN: Rule = Rule {
    code: "FHIR-PARAMETERS-MIN",
    severity: Error,
    meaning: "A parameter that an operation requires is there, as often as its OperationDefinition says.",
    message: "the operation {} requires the {} parameter {} at least {} times, and it is here {} times",
    fix: "Add the parameter.",
};

/// The definition of `OperationDefinition.parameter.max`.
pub(super) const MAX: Rule = Rule {
    code: "FHIR-PARAMETERS-MAX",
    severity: Error,
    meaning: "A parameter of an operation is there no more often than its OperationDefinition allows.",
    message: "the operation {} allows the {} parameter {} {} times at most, and it is here {} times",
    fix: "Send it once, or as often as the OperationDefinition allows.",
};

/// The definition of `OperationDefinition.parameter.type`; a parameter without one consists of parts.
pub(super) const TYPE: Rule = Rule {
    code: "FHIR-PARAMETERS-TYPE",
    severity: Error,
    meaning: "A parameter of an operation has the type that its OperationDefinition says.",
    message: "the operation {} wants {} for {}, and this is {}",
    fix: "Send value[x] of that type, resource with a resource of that type, or part, as the OperationDefinition says.",
};

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[MAX, MIN, TYPE, UNKNOWN];
