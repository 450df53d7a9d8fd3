//! Detectors over running text: numbers of people, postcodes, tokens. They miss names, so
//! they are the second net behind the allow-list and never the first.

use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Ten digits that pass the modulus 11 check of NHS numbers, other than one digit repeated.
pub(crate) fn nhs_number_is_valid(text: &str) -> bool {
    plumbline_model::nhs_number_fault(text).is_none()
}

/// A SNOMED CT concept id: 6 to 18 digits, a concept partition, and a valid Verhoeff digit.
pub(crate) fn snomed_concept_is_valid(text: &str) -> bool {
    plumbline_model::snomed_code_fault(text).is_none()
}

fn constant(pattern: &str) -> Regex {
    // The patterns are constants of this file, and a test builds them all.
    Regex::new(pattern).expect("constant pattern")
}

/// Runs of digits, joined by separators in the groupings in which people write NHS and CHI numbers.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"[0-9]{3}[\s\-./_\u{2010}-\u{2015}]{1,3}[0-9]{3}[\s\-./_\u{2010}-\u{2015}]{1,3}[0-9]{4}|[0-9]{6}[\s\-./]{1,3}[0-9]{4}|[0-9]+",
    )
});
/// Our own fingerprints and random ids, in which ten digits in a row mean nothing.
static FINGERPRINT: LazyLock<Regex> =
    LazyLock::new(|| constant(r"\b(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"));
static POSTCODE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b(?:[A-Z]{1,2}[0-9][A-Z0-9]?(?:\s|%20|\+)?[0-9][ABD-HJLNP-UW-Z]{2}|[a-z]{1,2}[0-9][a-z0-9]?(?:\s|%20|\+)[0-9][abd-hjlnp-uw-z]{2}|[Gg][Ii][Rr] ?0[Aa]{2})\b",
    )
});
static POSTCODE_ANY_CASE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\b[a-z]{1,2}[0-9][a-z0-9]?[\s_.-]?[0-9][abd-hjlnp-uw-z]{2}\b"));
static JWT: LazyLock<Regex> =
    LazyLock::new(|| constant(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*"));
static AUTHORISATION: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\b(bearer|basic)(?:\s|%20|\+)+[A-Za-z0-9._~+/=-]{16,}"));
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r#"(?i)\b((?:x-)?api[-_]?key|access_token|refresh_token|client_secret|password|secret)(\\?["']?\s*[:=]\s*\\?["']?)([^\s"',&{}$\\]{6,})"#,
    )
});

/// Replaces what looks like a number of a person, a postcode or a secret. `keep` names values
/// that may stay; `known` gives the token of a value that has its own.
pub(crate) fn replace(
    text: &str,
    keep: impl Fn(&str) -> bool,
    known: impl Fn(&str) -> Option<String>,
) -> String {
    let exempt: Vec<(usize, usize)> = FINGERPRINT
        .find_iter(text)
        .map(|found| (found.start(), found.end()))
        .collect();
    let text = NUMBER.replace_all(text, |found: &Captures<'_>| {
        let whole = &found[0];
        let place = found.get(0).map_or(0, |m| m.start());
        let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
        let at = exempt.partition_point(|(_, end)| *end <= place);
        let is_exempt = exempt.get(at).is_some_and(|(start, _)| *start <= place);
        if is_exempt || !nhs_number_is_valid(&digits) || keep(&digits) {
            return whole.to_owned();
        }
        known(&digits).unwrap_or_else(|| {
            if has_date_shape(&digits) {
                "{chi number}".to_owned()
            } else {
                "{nhs number}".to_owned()
            }
        })
    });
    let text = POSTCODE.replace_all(&text, |found: &Captures<'_>| {
        let whole = &found[0];
        let ordinal = ["st", "nd", "rd", "th"]
            .iter()
            .any(|end| whole.ends_with(end));
        if ordinal || keep(whole) {
            return whole.to_owned();
        }
        known(whole).unwrap_or_else(|| "{postcode}".to_owned())
    });
    let text = JWT.replace_all(&text, "{token}");
    let text = AUTHORISATION.replace_all(&text, "$1 {token}");
    SECRET.replace_all(&text, "$1$2{secret}").into_owned()
}

/// Stricter than [`replace`]: for a short value that is about to be kept as a code or URI.
pub(crate) fn looks_personal(value: &str) -> bool {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    nhs_number_is_valid(&digits) || POSTCODE_ANY_CASE.is_match(value) || JWT.is_match(value)
}

/// Day, month and two digits of a year, as Scottish CHI numbers begin.
fn has_date_shape(digits: &str) -> bool {
    let part = |from: usize| -> u32 {
        digits
            .get(from..from + 2)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    };
    (1..=31).contains(&part(0)) && (1..=12).contains(&part(2))
}
