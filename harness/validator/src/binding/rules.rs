//! The rules of codes: against the bindings of profiles, and by themselves. Not the checking.

use plumbline_fhir::Rule;
use plumbline_fhir::validate::Severity::{Error, Information, Warning};

macro_rules! rules {
    ($($name:ident $severity:ident $code:literal $meaning:literal $message:literal $fix:literal)*) => {
        $(pub(super) const $name: Rule = Rule {
            code: $code,
            severity: $severity,
            meaning: $meaning,
            message: $message,
            fix: $fix,
        };)*
        /// All of them, by code.
        pub(crate) const RULES: &[Rule] = &[$($name),*];
    };
}

// In the order of the codes. Of those of a profile, the last two gaps are its address and the id of the element in it.
rules! {
    PROFILE Error "FHIR-BINDING-PROFILE"
        "An element that a profile binds to a value set with strength required holds a code of the set."
        "{} is not in the value set {} (profile {}, element {})"
        "Send one of the codes of the value set, with its code system where the element is more than a code."
    EXTENSIBLE Information "FHIR-BINDING-PROFILE-EXTENSIBLE"
        "An element that a profile binds to a value set with strength extensible holds a code of the set if one of them fits."
        "{} is not in the value set {} (profile {}, element {})"
        "Check that no code of the value set fits; then this is allowed."
    FORM Error "FHIR-BINDING-PROFILE-FORM"
        "A code of a value set whose codes are not here has at least the form of the codes of its system."
        "{} cannot be in the value set {}: no code of its system has this form (profile {}, element {})"
        "Correct the code: look for a digit that is missing or wrong, white space, or the display in place of the code."
    GREATEST Error "FHIR-BINDING-PROFILE-GREATEST"
        "An element holds no code outside the greatest value set that a profile allows, however weak the binding."
        "{} is not in the value set {}, which no code may leave (profile {}, element {})"
        "Send one of the codes of the greatest value set."
    NO_CODE Error "FHIR-BINDING-PROFILE-NO-CODE"
        "An element that a profile binds to a value set with strength required has a code, not text alone."
        "there is no code, and one of the value set {} is required (profile {}, element {})"
        "Add a coding with a code of the value set; text may stay beside it."
    CODE_FORM Error "FHIR-CODE-FORM"
        "A code has the form of the codes of its code system: check digit, length, grammar."
        "{} is not {}"
        "Correct the code: look for a digit that is missing or wrong, white space, or the display in place of the code."
    CODE_NO_SYSTEM Warning "FHIR-CODE-NO-SYSTEM"
        "A coding with a code names its code system, since a code alone has no meaning."
        "{} has no code system"
        "Add the system of the code."
    CODE_SYSTEM_RELATIVE Error "FHIR-CODE-SYSTEM-RELATIVE"
        "The system of a coding is an absolute address."
        "the system of {} is not an absolute address"
        "Give the whole address of the code system, such as http://snomed.info/sct, or an urn:oid: or urn:uuid:."
    CODE_SYSTEM_VALUE_SET Error "FHIR-CODE-SYSTEM-VALUE-SET"
        "The system of a coding is the address of a code system, not that of a value set."
        "the system of {} is the value set {}"
        "Give the address of the code system that the code is from; the value set is only a choice of its codes."
    CODE_UNKNOWN Error "FHIR-CODE-UNKNOWN"
        "A code is one of its code system."
        "{} is not in the code system {}"
        "Send a code that the code system has, or correct the system."
    CODE_UNKNOWN_IN_PART Warning "FHIR-CODE-UNKNOWN-IN-PART"
        "A code is one of its code system; of some code systems only a part is known here."
        "{} is not in the part of the code system {} that is known here"
        "Check the code against the whole code system."
}
