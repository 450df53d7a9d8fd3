//! Predicates over the form of codes and identifiers, anywhere in a document. None looks a code up.

use super::{Case, wrong};
use crate::coded::{Named, is_expression, misspelling};
use crate::codes::{CODE, IDENTIFIER};
use crate::result::CodedCounts;
use crate::sheet::Sheet;
use crate::view::El;
use plumbline_model::{NumberFault, nhs_number_fault, snomed_code_fault};

/// The identifiers of the systems that the rule names, however the system is written, and the system that is meant.
fn identifiers<'a, 't>(
    case: &'a Case<'_, 't>,
) -> impl Iterator<Item = (Named<'t>, &'a str)> + use<'a, 't> {
    let named = case.shared.named().iter().copied();
    // A coding may be of such a system too; it has a code and no value.
    let named = named.filter(|it| it.value.is_some() || it.code.is_none());
    let values = case.values;
    named.filter_map(|it| {
        let mut known = values.iter().map(String::as_str);
        let meant = known.find(|known| is_meant(it.system, known))?;
        Some((it, meant))
    })
}

/// Whether a system is meant, rightly written or not.
fn is_meant(written: &str, known: &str) -> bool {
    written == known || misspelling(written, known).is_some()
}

/// A system that is nearly right is wrong: receivers compare it letter by letter.
fn system(sheet: &mut Sheet<'_>, code: &'static str, named: &Named<'_>, meant: &str) {
    if let Some(actual) = misspelling(named.system, meant) {
        wrong(
            sheet,
            code,
            named.holder,
            &format!("the system {meant}"),
            actual,
        );
    }
}

/// What is wrong with the values of identifiers, by a test that describes the fault.
fn each(
    sheet: &mut Sheet<'_>,
    case: &Case<'_, '_>,
    expected: &str,
    fault: impl Fn(&str) -> Option<String>,
) {
    for (named, meant) in identifiers(case) {
        sheet.saw(1);
        system(sheet, IDENTIFIER, &named, meant);
        match named.value.and_then(El::text) {
            None => wrong(sheet, IDENTIFIER, named.holder, expected, "no value"),
            Some(value) => {
                if let (Some(actual), Some(at)) = (fault(value), named.value) {
                    wrong(sheet, IDENTIFIER, at, expected, &actual);
                }
            }
        }
    }
}

pub(super) fn nhs_number(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let expected = "10 digits without spaces, with a right check digit, not all the same";
    each(sheet, case, expected, |value| {
        let fault = nhs_number_fault(value)?;
        Some(match fault {
            NumberFault::Form => described(value),
            NumberFault::Repeated => "10 digits, all the same".to_owned(),
            NumberFault::CheckDigit | NumberFault::NotAConcept => {
                "10 digits, check digit wrong".to_owned()
            }
        })
    });
}

/// A value by its form only.
fn described(value: &str) -> String {
    let count = value.chars().count();
    let kind = if value.bytes().all(|b| b.is_ascii_digit()) {
        "digits"
    } else if value.contains(char::is_whitespace) {
        "characters with white space among them"
    } else if value
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    {
        "capital letters and digits"
    } else {
        "characters of other kinds"
    };
    format!("{count} {kind}")
}

pub(super) fn snomed(sheet: &mut Sheet<'_>, case: &Case<'_, '_>, systems: &[&str]) {
    let expected =
        "the identifier of a concept: 6 to 18 digits, no leading zero, a right check digit";
    for named in case.shared.named() {
        let meant = systems.iter().find(|it| is_meant(named.system, it));
        let (Some(meant), Some(at)) = (meant, named.code) else {
            continue;
        };
        let Some(code) = at.text() else { continue };
        sheet.saw(1);
        system(sheet, CODE, named, meant);
        if is_expression(code) {
            sheet.coded.not_checked += 1;
            continue;
        }
        let fault = match snomed_code_fault(code) {
            None if is_strange_product(systems, code) => {
                "the identifier of a concept, but of no drug of the United Kingdom".to_owned()
            }
            None => {
                sheet.coded.syntax_only += 1;
                continue;
            }
            Some(NumberFault::Form) => described(code),
            Some(NumberFault::Repeated | NumberFault::CheckDigit) => {
                format!("{} digits, check digit wrong", code.len())
            }
            Some(NumberFault::NotAConcept) => {
                "the identifier of a description or the like, not of a concept".to_owned()
            }
        };
        sheet.coded.add(CodedCounts {
            wrong: 1,
            ..CodedCounts::default()
        });
        wrong(sheet, CODE, at, expected, &fault);
    }
}

/// A long identifier of dm+d is of the drug namespace; short ones are international.
fn is_strange_product(systems: &[&str], code: &str) -> bool {
    let is_long = code.len() > 10 && code.as_bytes()[code.len() - 3] == b'1';
    systems.contains(&crate::coded::DMD) && is_long && !code[..code.len() - 3].ends_with("1000001")
}

pub(super) fn ods(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    each(sheet, case, "3 to 9 capital letters and digits", |value| {
        let is_word = is_placeholder(value);
        let seen = || {
            described(value)
                + if is_word {
                    ", a word in place of a code"
                } else {
                    ""
                }
        };
        (!is_ods(value)).then(seen)
    });
}

fn is_ods(value: &str) -> bool {
    (3..=9).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && !is_placeholder(value)
}

/// Letters alone are at most the five of a site of a trust, and no code says "unknown" or is one letter again and again.
fn is_placeholder(value: &str) -> bool {
    const WORDS: &[&str] = &["UNK", "NIL", "NONE", "NULL", "TEST", "ODS", "OTHER"];
    let is_letters = value.bytes().all(|b| b.is_ascii_uppercase());
    let first = value.bytes().next();
    let is_same = value.bytes().all(|b| Some(b) == first);
    is_letters && (value.len() > 5 || is_same || WORDS.contains(&value))
}

/// The ODS code of a general practice: a letter and five digits; the codes for "none" and "not known" are of that form.
pub(super) fn practice_code(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for path in case.paths {
        for found in case.find(path) {
            let Some(value) = found.el.text() else {
                continue;
            };
            sheet.saw(1);
            // Codes of no good form at all are another rule's.
            if is_ods(value) && !is_practice(value) {
                let expected = "a capital letter and 5 digits";
                wrong(sheet, IDENTIFIER, found.el, expected, &described(value));
            }
        }
    }
}

fn is_practice(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 6 && bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit)
}

pub(super) fn professional(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for (named, meant) in identifiers(case) {
        let Some(at) = named.value else { continue };
        let Some(value) = at.text() else { continue };
        sheet.saw(1);
        system(sheet, IDENTIFIER, &named, meant);
        let register = meant.rsplit('/').next().unwrap_or_default();
        if !is_professional(register, value) {
            let expected = "a number of the form of its register";
            wrong(sheet, IDENTIFIER, at, expected, &described(value));
        }
    }
}

/// The forms of registers; where sources differ, all of their forms are taken.
fn is_professional(register: &str, value: &str) -> bool {
    let digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let capital = |text: &str| text.bytes().next().is_some_and(|b| b.is_ascii_uppercase());
    if !value.is_ascii() {
        return false;
    }
    match register {
        "gmc-number" | "gmc-reference-number" => {
            digits(value, 7)
                || value.strip_prefix('C').is_some_and(|rest| digits(rest, 7))
                || capital(value) && digits(&value[1..], 6)
        }
        "gmp-number" => value.strip_prefix('G').is_some_and(|rest| digits(rest, 7)),
        "din-number" => digits(value, 6),
        "nmc-number" => {
            let bytes = value.as_bytes();
            bytes.len() == 8
                && bytes.iter().enumerate().all(|(at, b)| {
                    if matches!(at, 2 | 7) {
                        b.is_ascii_uppercase()
                    } else {
                        b.is_ascii_digit()
                    }
                })
        }
        "gphc-number" => digits(value, 7) && value.starts_with('2'),
        _ => true,
    }
}

pub(super) fn sds(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    each(sheet, case, "digits only", |value| {
        let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        (!is_number).then(|| described(value))
    });
}

const ICD_10: &str = "http://hl7.org/fhir/sid/icd-10";

pub(super) fn icd10(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let all = case.shared.named().iter();
    for named in all.filter(|it| is_meant(it.system, ICD_10)) {
        let Some(at) = named.code else { continue };
        let Some(code) = at.text() else { continue };
        sheet.saw(1);
        system(sheet, CODE, named, ICD_10);
        if is_icd10(code) {
            sheet.coded.syntax_only += 1;
            continue;
        }
        sheet.coded.wrong += 1;
        wrong(
            sheet,
            CODE,
            at,
            "a letter, 2 digits and what stands after them",
            &described(code),
        );
    }
}

/// A letter and two digits; then a digit or `X`; then at most a supplement and a dagger or asterisk. With or without dot.
fn is_icd10(code: &str) -> bool {
    let plain: Vec<u8> = code.bytes().filter(|b| *b != b'.').collect();
    let dots = code.len() - plain.len();
    let is_dotted = dots == 0 || dots == 1 && code.as_bytes().get(3) == Some(&b'.');
    let fits = |at: usize, test: fn(u8) -> bool| plain.get(at).is_none_or(|b| test(*b));
    is_dotted
        && (3..=6).contains(&plain.len())
        && plain[0].is_ascii_uppercase()
        && plain[1..3].iter().all(u8::is_ascii_digit)
        && fits(3, |b| b.is_ascii_digit() || b == b'X')
        && fits(4, |b| b.is_ascii_digit() || b == b'-')
        && fits(5, |b| b == b'A' || b == b'D')
}

pub(super) fn postcode(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for entry in &case.document().entries {
        for address in entry.el.children("address") {
            let country = address
                .child_text("country")
                .unwrap_or("GB")
                .to_ascii_uppercase();
            let is_ours = matches!(
                country.as_str(),
                "GB" | "GBR" | "UK" | "UNITED KINGDOM" | "ENGLAND" | "WALES"
            );
            let Some(at) = address.child("postalCode").filter(|_| is_ours) else {
                continue;
            };
            let Some(text) = at.text() else { continue };
            sheet.saw(1);
            if !is_postcode(text) {
                wrong(
                    sheet,
                    IDENTIFIER,
                    at,
                    "a postcode of the United Kingdom",
                    "text of another form",
                );
            }
        }
    }
}

fn is_postcode(text: &str) -> bool {
    let plain: Vec<u8> = text
        .bytes()
        .filter(|b| *b != b' ')
        .map(|b| b.to_ascii_uppercase())
        .collect();
    if plain == b"GIR0AA" {
        return true;
    }
    let Some((outward, inward)) = plain.len().checked_sub(3).map(|at| plain.split_at(at)) else {
        return false;
    };
    let is_inward = inward[0].is_ascii_digit() && inward[1..].iter().all(u8::is_ascii_uppercase);
    let letters = outward
        .iter()
        .take_while(|b| b.is_ascii_uppercase())
        .count();
    let rest = &outward[letters.min(outward.len())..];
    let is_outward = (1..=2).contains(&letters)
        && match rest {
            [first] => first.is_ascii_digit(),
            [first, second] => first.is_ascii_digit() && second.is_ascii_alphanumeric(),
            _ => false,
        };
    is_inward && is_outward
}

/// Systems that are retired or misspelt.
pub(super) fn no_system(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for named in case.shared.named() {
        sheet.saw(1);
        if case.has_value(named.system) {
            wrong(
                sheet,
                CODE,
                named.holder,
                "a system that is in use, as it is written in the register",
                "a retired or misspelt system",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_forms() {
        assert!(
            is_practice("V81999")
                && !is_practice("GP123456")
                && is_ods("GP123456")
                && ["RGT", "RWPXX", "V81998"].iter().all(|it| is_ods(it))
                && !["UNKNOWN", "XXX", "UNK", "TEST"]
                    .iter()
                    .any(|it| is_ods(it))
                && !is_ods("g7h8j")
        );
        assert!(
            is_professional("gmc-number", "6122477") && is_professional("gmc-number", "C6122477")
        );
        assert!(
            !is_professional("gmc-number", "612247") && is_professional("nmc-number", "12A3456B")
        );
        for code in ["I21.9", "I219", "A00", "I21X", "E112D", "M0100A", "I21.9-D"] {
            assert_eq!(is_icd10(code), !matches!(code, "E112D"), "{code}");
        }
        assert!(!is_icd10("i219") && !is_icd10("I2.19") && !is_icd10("I2199999"));
        for text in ["LS1 4AP", "SW1A 1AA", "ZZ99 3VZ", "gir 0aa", "M11AE"] {
            assert!(is_postcode(text), "{text}");
        }
        for text in ["", "LS1", "12345", "ABC 1AA", "LS1 AAA", "é", "Bé1 1AA"] {
            assert!(!is_postcode(text), "{text}");
        }
    }

    #[test]
    fn values_are_described_and_never_shown() {
        assert_eq!(described("1234567890"), "10 digits");
        assert_eq!(
            described("123 456 7890"),
            "12 characters with white space among them"
        );
        assert!(is_strange_product(
            &[crate::coded::DMD],
            "71078501000000104"
        ));
        assert!(!is_strange_product(&[crate::coded::DMD], "322236009"));
    }
}
