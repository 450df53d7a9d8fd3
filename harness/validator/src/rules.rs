//! Every rule of validation by its code: those of the base specification, and one table for each family here.
//! Not the checking.

use plumbline_fhir::Rule;

/// Makes the rules of a family, and the table of them: for each its name, severity, code, meaning, message and fix, in
/// the order of the codes.
macro_rules! family {
    ($($(#[$doc:meta])* $name:ident $severity:ident $code:literal $meaning:literal $message:literal $fix:literal)*) => {
        $($(#[$doc])* pub(super) const $name: plumbline_fhir::Rule = plumbline_fhir::Rule {
            code: $code,
            severity: $severity,
            meaning: $meaning,
            message: $message,
            fix: $fix,
        };)*
        /// The rules of this family, by code.
        pub(crate) const RULES: &[plumbline_fhir::Rule] = &[$($name),*];
    };
}
pub(crate) use family;

/// One table of rules for each family.
const FAMILIES: &[&[Rule]] = &[
    crate::profile::rules::RULES,
    crate::binding::RULES,
    crate::reference::rules::RULES,
    crate::bundle::rules::RULES,
    crate::parameters::rules::RULES,
    crate::definition::RULES,
    crate::questionnaire::RULES,
];

/// Every rule, those of the base specification first.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let own = FAMILIES.iter().flat_map(|family| family.iter());
    plumbline_fhir::rules().iter().chain(own)
}

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    rules()
        .find(|rule| rule.code == code)
        .or_else(|| plumbline_fhir::rule(code))
}
