//! Detectors over running text: numbers of people, postcodes, tokens. They miss names, so
//! they are the second net behind the allow-list and never the first.

use regex::{Captures, Regex};
use std::borrow::Cow;
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

/// A word without which neither [`AUTHORISATION`] nor [`SECRET`] matches.
static WORD_OF_SECRETS: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)bearer|basic|key|token|secret|password"));

/// Replaces what looks like a number of a person, a postcode or a secret. `keep` names values
/// that may stay; `known` gives the token of a value that has its own.
pub(crate) fn replace(
    text: &str,
    keep: impl Fn(&str) -> bool,
    known: impl Fn(&str) -> Option<String>,
) -> String {
    let text = numbers(text, &keep, &known);
    let text = postcodes(&text, &keep, &known);
    secrets(&text).into_owned()
}

/// Replaces tokens and secrets. Each has a word of its own, which most text does not hold.
fn secrets(text: &str) -> Cow<'_, str> {
    let text = if text.as_bytes().windows(3).any(|part| part == b"eyJ") {
        JWT.replace_all(text, "{token}")
    } else {
        Cow::Borrowed(text)
    };
    if !WORD_OF_SECRETS.is_match(&text) {
        return text;
    }
    let text = AUTHORISATION.replace_all(&text, "$1 {token}");
    Cow::Owned(SECRET.replace_all(&text, "$1$2{secret}").into_owned())
}

/// Replaces NHS and CHI numbers. Most text holds many digits and no such number, so only a run of
/// digits that could be one, or begin one, is looked at closely.
fn numbers<'t>(
    text: &'t str,
    keep: &impl Fn(&str) -> bool,
    known: &impl Fn(&str) -> Option<String>,
) -> Cow<'t, str> {
    let bytes = text.as_bytes();
    let mut exempt: Option<Vec<(usize, usize)>> = None;
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(start) = digit_from(bytes, at) {
        let run = bytes[start..].iter().take_while(|b| b.is_ascii_digit());
        let run_end = start + run.count();
        at = match run_end - start {
            10 => run_end,
            3 | 6 if bytes.get(run_end).is_some_and(|b| may_separate(*b)) => {
                NUMBER.find_at(text, start).map_or(run_end, |m| m.end())
            }
            _ => {
                at = run_end;
                continue;
            }
        };
        let digits: String = text[start..at]
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        if !nhs_number_is_valid(&digits) || keep(&digits) {
            continue;
        }
        let exempt = exempt.get_or_insert_with(|| {
            let found = FINGERPRINT.find_iter(text);
            found.map(|m| (m.start(), m.end())).collect()
        });
        let after = exempt.partition_point(|(_, end)| *end <= start);
        if exempt.get(after).is_some_and(|(from, _)| *from <= start) {
            continue;
        }
        out.push_str(&text[copied..start]);
        copied = at;
        match known(&digits) {
            Some(token) => out.push_str(&token),
            None if has_date_shape(&digits) => out.push_str("{chi number}"),
            None => out.push_str("{nhs number}"),
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

fn digit_from(bytes: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.iter().position(u8::is_ascii_digit)?;
    Some(from + found)
}

/// Whether a byte can begin one of the separators of [`NUMBER`].
fn may_separate(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"-./_\x0b".contains(&byte) || !byte.is_ascii()
}

/// Replaces postcodes. Each ends with a digit and two letters, which most text does not hold; and
/// none holds a quotation mark, so only what stands between two of them is looked at closely.
fn postcodes<'t>(
    text: &'t str,
    keep: &impl Fn(&str) -> bool,
    known: &impl Fn(&str) -> Option<String>,
) -> Cow<'t, str> {
    let ends_one = |b: &[u8]| {
        b[0].is_ascii_digit() && b[1].is_ascii_alphabetic() && b[2].is_ascii_alphabetic()
    };
    let may_hold_one = |text: &str| text.as_bytes().windows(3).any(ends_one);
    if !may_hold_one(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive('"') {
        if may_hold_one(part) {
            out.push_str(&postcodes_in(part, keep, known));
        } else {
            out.push_str(part);
        }
    }
    Cow::Owned(out)
}

fn postcodes_in<'t>(
    text: &'t str,
    keep: &impl Fn(&str) -> bool,
    known: &impl Fn(&str) -> Option<String>,
) -> Cow<'t, str> {
    POSTCODE.replace_all(text, |found: &Captures<'_>| {
        let whole = &found[0];
        let ordinal = ["st", "nd", "rd", "th"]
            .iter()
            .any(|end| whole.ends_with(end));
        if ordinal || keep(whole) {
            return whole.to_owned();
        }
        known(whole).unwrap_or_else(|| "{postcode}".to_owned())
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`replace`] says in its own words: every expression over the whole text.
    fn plainly(text: &str, keep: &dyn Fn(&str) -> bool) -> String {
        let exempt: Vec<_> = FINGERPRINT.find_iter(text).map(|m| m.range()).collect();
        let text = NUMBER.replace_all(text, |found: &Captures<'_>| {
            let place = found.get(0).map_or(0, |m| m.start());
            let digits: String = found[0].chars().filter(char::is_ascii_digit).collect();
            if exempt.iter().any(|range| range.contains(&place))
                || !nhs_number_is_valid(&digits)
                || keep(&digits)
            {
                found[0].to_owned()
            } else if has_date_shape(&digits) {
                "{chi number}".to_owned()
            } else {
                "{nhs number}".to_owned()
            }
        });
        let text = postcodes_in(&text, &keep, &|_: &str| None);
        let text = JWT.replace_all(&text, "{token}");
        let text = AUTHORISATION.replace_all(&text, "$1 {token}");
        SECRET.replace_all(&text, "$1$2{secret}").into_owned()
    }

    #[test]
    fn a_close_look_at_a_few_places_finds_what_a_look_at_all_finds() {
        const PIECES: [&str; 58] = [
            "943 476 5919",
            "9434765919",
            "943-476-5919",
            "943476 5919",
            "943",
            "476",
            "5919",
            "0101701230",
            "010170 1230",
            "9990000018",
            "1",
            "12",
            "123456",
            "12345678901",
            " ",
            "-",
            ".",
            "/",
            "_",
            "  ",
            "\u{2010}",
            "\u{a0}",
            "\u{b}",
            "\n",
            "\"",
            "é",
            "a",
            "AB1",
            "2CD",
            "1AA",
            "SW1A 1AA",
            "sw1a 1aa",
            "GIR 0AA",
            "M1+1AE",
            "M1%201AE",
            "21st",
            "0af",
            "e3b0c44298fc1c149afbf4c8996fb924",
            "27ae41e4649b934ca495991b7852b855",
            "00000000-0000-4000-8000-943476591900",
            "eyJhbGciOi",
            "eyJzdWIiOiIxIn0",
            "Bearer ",
            "bearer%20",
            "BASIC+",
            "ba\u{17f}ic ",
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            "api_key",
            "X-API-Key",
            "x-api-\u{212a}ey",
            "access_token",
            "client_secret",
            "Password",
            "=",
            ": ",
            "\": \"",
            "hunter2hunter2",
            "{",
        ];
        // SplitMix64 with a fixed seed.
        let mut state = 20_261_122_u64;
        let mut next = |below: usize| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            usize::try_from((mixed ^ (mixed >> 31)) % (below as u64)).unwrap()
        };
        let keep = |text: &str| text == "9990000018" || text == "SW1A 1AA";
        let mut changed = 0;
        for _ in 0..50_000 {
            let text: String = (0..=next(9)).map(|_| PIECES[next(PIECES.len())]).collect();
            let quick = replace(&text, keep, |_: &str| None);
            assert_eq!(quick, plainly(&text, &keep), "{text:?}");
            changed += usize::from(quick != text);
        }
        assert!(changed > 5_000, "{changed} texts held something");
    }
}
