//! The form that the codes of a system must have, where the system itself is not here: SNOMED CT, LOINC, UCUM,
//! languages, media types, countries, currencies. A good form says nothing about whether the code exists.

use std::collections::HashSet;
use std::sync::{LazyLock, PoisonError, RwLock};

/// A code system whose codes have a known form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SystemForm {
    /// SNOMED CT: identifiers of concepts, and expressions of them.
    Snomed,
    /// The dictionary of medicines and devices of the NHS, whose codes are concepts of SNOMED CT.
    Dmd,
    /// LOINC, with its parts and answers.
    Loinc,
    /// Units of measure.
    Ucum,
    /// BCP 47.
    Language,
    /// BCP 13.
    MediaType,
    /// ISO 3166: countries and their parts.
    Country,
    /// ISO 4217.
    Currency,
}

/// Code systems whose codes have a known form, by address.
const SYSTEMS: [(&str, SystemForm); 9] = [
    ("http://snomed.info/sct", SystemForm::Snomed),
    ("https://dmd.nhs.uk", SystemForm::Dmd),
    ("http://loinc.org", SystemForm::Loinc),
    ("http://unitsofmeasure.org", SystemForm::Ucum),
    ("urn:ietf:bcp:47", SystemForm::Language),
    ("urn:ietf:bcp:13", SystemForm::MediaType),
    (
        "http://www.rfc-editor.org/bcp/bcp13.txt",
        SystemForm::MediaType,
    ),
    ("urn:iso:std:iso:3166", SystemForm::Country),
    ("urn:iso:std:iso:4217", SystemForm::Currency),
];

/// The address of SNOMED CT.
pub(crate) const SNOMED: &str = "http://snomed.info/sct";
/// The address of LOINC.
pub(crate) const LOINC: &str = "http://loinc.org";

impl SystemForm {
    /// The form of the codes of a system.
    pub(crate) fn of(system: &str) -> Option<Self> {
        let known = SYSTEMS.iter().find(|(url, _)| *url == system);
        known.map(|(_, form)| *form)
    }

    /// The systems whose codes have a known form.
    pub(crate) fn systems() -> impl Iterator<Item = &'static str> {
        SYSTEMS.iter().map(|(url, _)| *url)
    }

    /// Whether a code has it.
    pub(crate) fn fits(self, code: &str) -> bool {
        match self {
            Self::Snomed => is_snomed(code),
            Self::Dmd => is_concept_id(code),
            Self::Loinc => is_loinc(code),
            Self::Ucum => is_unit(code),
            Self::Language => is_language(code),
            Self::MediaType => is_media_type(code),
            Self::Country => is_country(code),
            Self::Currency => code.len() == 3 && code.bytes().all(|it| it.is_ascii_uppercase()),
        }
    }

    /// What the form is, for people.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Snomed => {
                "a concept identifier of SNOMED CT: 6 to 18 digits whose check digit and partition are right"
            }
            Self::Dmd => {
                "a concept identifier of dm+d: 6 to 18 digits whose check digit and partition are right"
            }
            Self::Loinc => "a code of LOINC: digits, a hyphen and a check digit that is right",
            Self::Ucum => "a unit of UCUM",
            Self::Language => "a language tag of BCP 47, such as en-GB",
            Self::MediaType => "a media type, such as text/plain",
            Self::Country => "a code of ISO 3166, such as GB",
            Self::Currency => "three letters of ISO 4217, such as GBP",
        }
    }
}

/// A concept, or an expression of several: every number in it is a concept.
fn is_snomed(code: &str) -> bool {
    if code.bytes().all(|byte| byte.is_ascii_digit()) {
        return is_concept_id(code);
    }
    let is_expression = code.contains([':', '+', '{', '=', '|']);
    is_expression && has_only_concepts(code)
}

/// Whether every number outside terms, texts and quantities is a concept, and there is one.
fn has_only_concepts(expression: &str) -> bool {
    let mut has_any = false;
    // Terms stand between bars, texts between quotes.
    for (at, part) in expression.split(['|', '"']).enumerate() {
        if at % 2 == 1 {
            continue;
        }
        let words = part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '#' || c == '.'));
        for word in words.filter(|it| !it.is_empty() && !it.starts_with('#')) {
            if !is_concept_id(word) {
                return false;
            }
            has_any = true;
        }
    }
    has_any
}

/// An identifier of SNOMED CT that is one of a concept: its partition is 00 or 10.
fn is_concept_id(code: &str) -> bool {
    let bytes = code.as_bytes();
    let is_number = (6..=18).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes.first() != Some(&b'0');
    if !is_number || !has_verhoeff_digit(bytes) {
        return false;
    }
    let partition = bytes.len().checked_sub(3).and_then(|at| bytes.get(at..));
    match partition {
        Some([b'0', b'0', _]) => true,
        // The long form has a namespace of seven digits before the partition.
        Some([b'1', b'0', _]) => bytes.len() > 10,
        Some(_) | None => false,
    }
}

/// The multiplication of the dihedral group of ten elements.
const fn multiplied(left: u8, right: u8) -> u8 {
    match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right) % 5,
        (false, true) => 5 + (left + 5 - right) % 5,
        (false, false) => (left + 5 - right) % 5,
    }
}

/// The permutation of the check digit, applied as often as the position says.
const PERMUTED: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// Whether the last digit is the check digit of Verhoeff.
fn has_verhoeff_digit(digits: &[u8]) -> bool {
    let mut check = 0;
    for (at, digit) in digits.iter().rev().enumerate() {
        let mut value = digit.wrapping_sub(b'0');
        for _ in 0..at % 8 {
            value = PERMUTED.get(usize::from(value)).copied().unwrap_or(0);
        }
        check = multiplied(check, value);
    }
    check == 0
}

/// A code of LOINC, or one of its parts (LP), answers (LA), lists (LL) and groups (LG).
fn is_loinc(code: &str) -> bool {
    let letters = ["LP", "LA", "LL", "LG"];
    let of_part = letters.iter().find_map(|it| code.strip_prefix(it));
    let number = of_part.unwrap_or(code);
    let Some((digits, [check])) = number
        .split_once('-')
        .map(|(digits, check)| (digits, check.as_bytes()))
    else {
        return false;
    };
    let is_number = (1..=8).contains(&digits.len())
        && digits.bytes().all(|it| it.is_ascii_digit())
        && check.is_ascii_digit();
    is_number && (of_part.is_some() || has_luhn_digit(digits.as_bytes(), *check))
}

/// Whether the check digit is that of Luhn (mod 10).
fn has_luhn_digit(digits: &[u8], check: u8) -> bool {
    let mut sum = u32::from(check.wrapping_sub(b'0'));
    for (at, digit) in digits.iter().rev().enumerate() {
        let value = u32::from(digit.wrapping_sub(b'0'));
        let doubled = if at % 2 == 0 { value * 2 } else { value };
        sum += doubled / 10 + doubled % 10;
    }
    sum.is_multiple_of(10)
}

/// Whether a code is a unit of UCUM. Few units are written again and again: those that are right are kept.
fn is_unit(code: &str) -> bool {
    static KNOWN: LazyLock<RwLock<HashSet<Box<str>>>> = LazyLock::new(RwLock::default);
    const MOST_KNOWN: usize = 1024;
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if known.contains(code) {
        return true;
    }
    let has_room = known.len() < MOST_KNOWN && code.len() <= 32;
    drop(known);
    let is_right = is_expression_of_units(code);
    if is_right && has_room {
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(code.into());
    }
    is_right
}

fn is_expression_of_units(code: &str) -> bool {
    // Its parser goes deeper for each bracket.
    const DEEPEST: usize = 32;
    let is_short = code.len() <= 256 && code.matches('(').count() <= DEEPEST;
    let parsed = is_short.then(|| octofhir_ucum::parse_expression(code).ok());
    let parsed = parsed.flatten();
    parsed.is_some_and(|it| octofhir_ucum::evaluate(&it).is_ok())
}

/// A language tag: subtags of 1 to 8 letters and digits, the first a language of 2 to 8 letters, or `x` or `i` with
/// more behind it.
fn is_language(code: &str) -> bool {
    let mut subtags = code.split('-');
    let first = subtags.next().unwrap_or_default();
    let rest_is_good = subtags.all(|it| {
        (1..=8).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let is_special = matches!(first, "x" | "X" | "i" | "I") && code.len() > 2;
    rest_is_good
        && ((2..=8).contains(&first.len()) || is_special)
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// A media type with or without parameters.
fn is_media_type(code: &str) -> bool {
    let essence = code.split(';').next().unwrap_or_default().trim_end();
    let is_token = |text: &str| {
        let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !text.is_empty() && text.bytes().all(is_good)
    };
    let parts = essence.split_once('/');
    parts.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// Two or three letters, three digits, or a part of a country: `GB`, `GBR`, `826`, `GB-ENG`.
fn is_country(code: &str) -> bool {
    let are = |text: &str, kind: fn(&u8) -> bool| text.as_bytes().iter().all(kind);
    match code.split_once('-') {
        Some((country, part)) => {
            country.len() == 2
                && are(country, u8::is_ascii_alphabetic)
                && (1..=3).contains(&part.len())
                && are(part, u8::is_ascii_alphanumeric)
        }
        None => match code.len() {
            2 | 4 => are(code, u8::is_ascii_alphabetic),
            3 => are(code, u8::is_ascii_alphabetic) || are(code, u8::is_ascii_digit),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(form: SystemForm, good: &[&str], bad: &[&str]) {
        for code in good {
            assert!(form.fits(code), "{form:?} {code}");
        }
        for code in bad {
            assert!(!form.fits(code), "{form:?} {code}");
        }
    }

    #[test]
    fn identifiers_of_snomed_ct_have_check_digit_and_partition() {
        fit(
            SystemForm::Snomed,
            &["138875005", "404684003", "999000011000000103", "73211009"],
            &[
                "138875006",
                "0138875005",
                "13887",
                "abc",
                "",
                "138875005 ",
                "1388750051388750051",
                // A description.
                "680946014",
            ],
        );
    }

    #[test]
    fn expressions_of_snomed_ct_hold_concepts_only() {
        fit(
            SystemForm::Snomed,
            &[
                "73211009 |Term, 5| : 404684003 = 138875005",
                "138875005+404684003",
                "138875005:404684003=#5.5",
            ],
            &["138875006+404684003", "+", "a:b", "138875005 404684003"],
        );
    }

    #[test]
    fn dmd_codes_are_concepts() {
        fit(SystemForm::Dmd, &["138875005"], &["138875006", "a"]);
    }

    #[test]
    fn codes_of_loinc_have_a_check_digit() {
        fit(
            SystemForm::Loinc,
            &[
                "8867-4", "85354-9", "8480-6", "55284-4", "LA6576-8", "LP7839-6",
            ],
            &["8867-5", "8867", "88674", "-4", "8867-44", "LX12-3", ""],
        );
    }

    #[test]
    fn units_languages_media_types_countries_and_currencies() {
        let deep = "(".repeat(5000);
        fit(
            SystemForm::Ucum,
            &["mg", "mm[Hg]", "/min", "{score}", "10*9/L", "%", "1"],
            &["mmHg", "nosuchunit", "", "mg/", &deep],
        );
        fit(
            SystemForm::Language,
            &["en", "en-GB", "x-a"],
            &["e", "en_GB", ""],
        );
        fit(
            SystemForm::MediaType,
            &["text/plain", "text/html; charset=utf-8"],
            &["text", "text/", "a b/c"],
        );
        fit(
            SystemForm::Country,
            &["GB", "GBR", "826", "GB-ENG"],
            &["G", "82", "G1", "GB-"],
        );
        fit(SystemForm::Currency, &["GBP"], &["gbp", "GB", "POUND"]);
    }

    #[test]
    fn a_slash_too_many_is_another_system() {
        assert_eq!(SystemForm::of("https://dmd.nhs.uk/"), None);
        assert_eq!(SystemForm::of(SNOMED), Some(SystemForm::Snomed));
        assert_eq!(SystemForm::of(LOINC), Some(SystemForm::Loinc));
    }
}
