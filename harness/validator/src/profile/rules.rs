//! The rules of profiles, slices, extensions and targets of references. Not the checking.

use plumbline_fhir::Rule;
use plumbline_fhir::validate::Severity::{self, Error, Information, Warning};

const fn rule(
    severity: Severity,
    code: &'static str,
    meaning: &'static str,
    message: &'static str,
    fix: &'static str,
) -> Rule {
    Rule {
        code,
        severity,
        meaning,
        fix,
        message,
    }
}

macro_rules! rules {
    ($($name:ident $severity:ident $code:literal $meaning:literal $message:literal $fix:literal)*) => {
        $(pub(super) const $name: Rule = rule($severity, $code, $meaning, $message, $fix);)*
        /// All of them, by code.
        pub(crate) const RULES: &[Rule] = &[$($name),*];
    };
}

// In the order of the codes. Of those of a profile, the last two gaps are its address and the id of the element in it.
rules! {
    EXTENSION_CONTEXT Error "FHIR-EXTENSION-CONTEXT"
        "An extension stands only where its definition allows."
        "the extension {} does not belong on {}"
        "Move the extension to an element that its definition names, or use another extension."
    EXTENSION_CONTEXT_INVARIANT Error "FHIR-EXTENSION-CONTEXT-INVARIANT"
        "What the definition of an extension asks of the place where it stands holds."
        "the extension {} stands where its condition does not hold: {}"
        "Look at the condition of the extension's definition: the element around the extension breaks it."
    EXTENSION_IS_MODIFIER Error "FHIR-EXTENSION-IS-MODIFIER"
        "An extension that is defined as a modifier is sent as modifierExtension."
        "the extension {} changes the meaning of what is around it, so it is a modifierExtension"
        "Send it in modifierExtension, so that receivers know that they must understand it."
    EXTENSION_MAX Warning "FHIR-EXTENSION-MAX"
        "An extension stands no more often on one element than the root element of its definition allows."
        "the extension {} stands more often on this element than its definition allows, which is {}"
        "Send it once, or use an extension that may repeat."
    EXTENSION_MODIFIER_UNKNOWN Warning "FHIR-EXTENSION-MODIFIER-UNKNOWN"
        "A receiver must understand each modifierExtension or refuse the resource, so its definition is at hand."
        "the modifierExtension {} is not known, so it was not checked and the resource cannot be understood safely"
        "Load the package that defines it (--package), or leave it out if it is not needed."
    EXTENSION_NO_MODIFIER Error "FHIR-EXTENSION-NO-MODIFIER"
        "An extension that is not defined as a modifier is not sent as modifierExtension."
        "the extension {} is no modifier, so it does not belong in modifierExtension"
        "Send it in extension."
    EXTENSION_PART Error "FHIR-EXTENSION-PART"
        "An extension within another that has no address of its own is defined by the one around it."
        "the extension {} defines no part with this url"
        "Use one of the parts that the definition of the extension names."
    EXTENSION_UNKNOWN Information "FHIR-EXTENSION-UNKNOWN"
        "An extension is checked against its definition."
        "the extension {} is not known, so it was not checked"
        "Load the package that defines it (--package) to have it checked."
    INVARIANT Error "FHIR-INVARIANT"
        "Each condition of a profile holds. The end of the code is the key of the condition."
        "the condition {} does not hold: {} (profile {}, element {})"
        "Look at the expression, which says in FHIRPath what must be true, and correct the elements that it names."
    INVARIANT_NOT_CHECKED Information "FHIR-INVARIANT-NOT-CHECKED"
        "A condition that depends on what is not known here is neither kept nor broken."
        "the condition {} was not checked: {} (profile {}, element {})"
        "Give the validator what the condition needs: the resources that are referred to, value sets, profiles."
    AGGREGATION Error "FHIR-PROFILE-AGGREGATION"
        "A reference leads to a resource that is kept where the profile asks for it."
        "the resource that is referred to is {}, and it must be {} (profile {}, element {})"
        "Put the resource where the profile wants it: contained, in the same Bundle, or on a server."
    DATATYPE Error "FHIR-PROFILE-DATATYPE"
        "A value keeps to one of the profiles that are given for it."
        "this keeps to none of the profiles {}; nearest is {}, but {} (profile {}, element {})"
        "Correct what keeps the value from fitting the nearest of the profiles."
    FIXED Error "FHIR-PROFILE-FIXED"
        "A value that a profile fixes is exactly that."
        "this is not the value that is fixed: {} (profile {}, element {})"
        "Send exactly the fixed value, nothing more and nothing less."
    GREATEST Error "FHIR-PROFILE-GREATEST"
        "A value is not greater than the greatest that a profile allows."
        "the value is greater than allowed (profile {}, element {})"
        "Check the value and its unit."
    LEAST Error "FHIR-PROFILE-LEAST"
        "A value is not less than the least that a profile allows."
        "the value is less than allowed (profile {}, element {})"
        "Check the value and its unit."
    LENGTH Error "FHIR-PROFILE-LENGTH"
        "A text is not longer than a profile allows."
        "the text is longer than allowed (profile {}, element {})"
        "Shorten the text."
    MAX Error "FHIR-PROFILE-MAX"
        "An element stands no more often than a profile allows."
        "{} stands more often than allowed (profile {}, element {})"
        "Leave out what is too much, or send it where the profile has a place for it."
    MIN Error "FHIR-PROFILE-MIN"
        "An element stands as often as a profile asks for."
        "{} is missing or too few (profile {}, element {})"
        "Send the element."
    NOT_ALLOWED Error "FHIR-PROFILE-NOT-ALLOWED"
        "An element that a profile rules out does not stand."
        "{} is not allowed (profile {}, element {})"
        "Leave the element out."
    OTHER_RESOURCE Error "FHIR-PROFILE-OTHER-RESOURCE"
        "A resource is of the type that the profile is for."
        "the profile {} is for {}, and this is {}"
        "Name a profile for this type of resource, or send the resource that the profile is for."
    PATTERN Error "FHIR-PROFILE-PATTERN"
        "A value has at least what the pattern of a profile has."
        "this does not have what the profile asks for: {} (profile {}, element {})"
        "Add what the pattern asks for; more may stand beside it."
    RANGE_UNKNOWN Information "FHIR-PROFILE-RANGE-NOT-CHECKED"
        "A value that cannot be compared with a limit is neither within nor beyond it."
        "the value was not compared with the limit of the profile: {} (profile {}, element {})"
        "Send the value as exactly, and in the same unit, as the limit of the profile."
    TARGET Error "FHIR-PROFILE-TARGET"
        "A resource that is referred to keeps to one of the profiles that are given for it."
        "the resource that is referred to does not keep to {}: {} (profile {}, element {})"
        "Correct the resource that is referred to, or refer to another."
    TARGET_TYPE Error "FHIR-PROFILE-TARGET-TYPE"
        "A reference leads to a resource of a type that the profile allows."
        "a reference to {} is not allowed here (profile {}, element {})"
        "Refer to a resource of a type that the profile allows."
    TOO_DEEP Warning "FHIR-PROFILE-TOO-DEEP"
        "What is nested deeper than this program looks is not checked against a profile."
        "what is within this is nested too deep, so it was not checked against the profile (profile {}, element {})"
        "Nest less: no clinical content needs this depth."
    TYPE Error "FHIR-PROFILE-TYPE"
        "A value is of a type that the profile allows."
        "the type {} is not allowed here (profile {}, element {})"
        "Send the value as one of the types that the profile allows."
    VALUE_MISSING Error "FHIR-PROFILE-VALUE-MISSING"
        "A primitive whose value a profile fixes has a value."
        "there is no value, and the profile fixes it (profile {}, element {})"
        "Send the fixed value; an extension does not stand in for it."
    SLICE_AMBIGUOUS Error "FHIR-SLICE-AMBIGUOUS"
        "An item belongs to one slice, not to several."
        "this item belongs to the slice {} and to the slice {} (profile {}, element {})"
        "Leave out what makes it fit the other slice; if it must fit both, the profile does not tell its slices apart."
    SLICE_AT_END Error "FHIR-SLICE-AT-END"
        "Items beside the slices stand behind them where a profile says so."
        "this item belongs to no slice, so it stands behind those that do (profile {}, element {})"
        "Move the item to the end."
    SLICE_CLOSED Error "FHIR-SLICE-CLOSED"
        "Each item belongs to a slice where a profile allows no others."
        "this item belongs to none of the slices {} (profile {}, element {})"
        "Correct what tells the slices apart, or leave the item out."
    SLICE_MAX Error "FHIR-SLICE-MAX"
        "A slice has no more items than a profile allows."
        "the slice {} has more items than allowed (profile {}, element {})"
        "Leave out what is too much."
    SLICE_MIN Error "FHIR-SLICE-MIN"
        "A slice has as many items as a profile asks for."
        "the slice {} of {} is missing or has too few items (profile {}, element {})"
        "Send the item; what tells it apart must be exactly as the profile says."
    SLICE_NOT_ALLOWED Error "FHIR-SLICE-NOT-ALLOWED"
        "A slice that a profile rules out has no items."
        "an item of the slice {} is not allowed (profile {}, element {})"
        "Leave the item out."
    SLICE_NOT_CHECKED Information "FHIR-SLICE-NOT-CHECKED"
        "An item whose slice cannot be known is judged by none."
        "it is not known which slice this is: {} (profile {}, element {})"
        "Give the validator what it needs to tell: the resource that is referred to, the value set, the profile."
    SLICE_ORDER Error "FHIR-SLICE-ORDER"
        "Slices come in their order where a profile says so."
        "the slice {} stands behind a later one (profile {}, element {})"
        "Put the items in the order of the slices."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_what_it_means_and_what_to_do() {
        let mut codes = Vec::new();
        for rule in RULES {
            assert!(
                rule.meaning.ends_with('.') && rule.fix.ends_with('.'),
                "{}",
                rule.code
            );
            assert!(!rule.message.ends_with('.'), "{}", rule.code);
            codes.push(rule.code);
        }
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
