//! Looks for what could identify a person, before anything is saved or shown: numbers, addresses, secrets.
//! Cannot find names. Not for repairing: a hit stops the command, and nothing is saved.

use crate::mistake::{Mistake, Mistakes};
use plumbline_model::{Environment, nhs_number_fault};
use plumbline_redact::Policy;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What was found. The value is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Ten digits with the check digit of an NHS number; numbers of the test range too.
    NhsNumber,
    /// The same, beginning with a date, as Scottish numbers do.
    ChiNumber,
    /// A postcode.
    Postcode,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A date of birth, or a full date so long ago that it could be one.
    BirthDate,
    /// A National Insurance number.
    NationalInsurance,
    /// An access token.
    Token,
    /// A password or key, with the word that says so.
    Secret,
    /// A private key.
    PrivateKey,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::NhsNumber,
        Self::ChiNumber,
        Self::Postcode,
        Self::Email,
        Self::Phone,
        Self::BirthDate,
        Self::NationalInsurance,
        Self::Token,
        Self::Secret,
        Self::PrivateKey,
    ];

    /// What it is, with its article.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NhsNumber => "an NHS number",
            Self::ChiNumber => "a CHI number",
            Self::Postcode => "a postcode",
            Self::Email => "an e-mail address",
            Self::Phone => "a telephone number",
            Self::BirthDate => "a date of birth",
            Self::NationalInsurance => "a National Insurance number",
            Self::Token => "an access token",
            Self::Secret => "a password or key",
            Self::PrivateKey => "a private key",
        }
    }

    const fn fix(self) -> &'static str {
        match self {
            Self::NhsNumber | Self::ChiNumber | Self::NationalInsurance => {
                "remove it: say what was seen without saying of whom; test numbers may not stand here either"
            }
            Self::Postcode | Self::Email | Self::Phone => {
                "remove it, and name the role or the organisation instead"
            }
            Self::BirthDate => {
                "remove it; if it is the date of something else, write the month and the year only"
            }
            Self::Token | Self::Secret | Self::PrivateKey => {
                "remove it, and have it replaced where it is used: it is no secret any more"
            }
        }
    }
}

/// What the detectors of `redact` write in place of what they find.
const TOKENS: [(&str, Kind); 5] = [
    ("{nhs number}", Kind::NhsNumber),
    ("{chi number}", Kind::ChiNumber),
    ("{postcode}", Kind::Postcode),
    ("{token}", Kind::Token),
    ("{secret}", Kind::Secret),
];

const MONTH: &str = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";

fn pattern(text: &str) -> Regex {
    #[expect(
        clippy::expect_used,
        reason = "the patterns are constants of this file, and a test builds them all"
    )]
    Regex::new(text).expect("constant pattern")
}

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}"));
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\(?\+44\)?|\b0044)[\s()-]*[0-9](?:[\s()-]*[0-9]){8,9}\b|\(?\b0[0-9]{2,4}\)?[\s-]?[0-9]{3,4}[\s-]?[0-9]{3,4}\b",
    )
});
/// Without a digit and an at sign, nothing is found but what has one of these words.
static WORD_OF_SECRETS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)bearer|basic|key|token|secret|password|eyj"));
/// Postcodes of people without an address, which the detectors of `redact` let pass.
static NO_ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bzz99\s?[0-9][a-z]{2}\b"));
static NATIONAL_INSURANCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b[a-ceghj-prtw-z][a-ceghj-nprtw-z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d]\b")
});
static PRIVATE_KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"-----BEGIN [A-Z ]*PRIVATE KEY"));
static BORN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|birth ?date|birthday|born)[^0-9]{{0,30}}(?:[0-9]{{1,2}}\s?[/.-]\s?[0-9]{{1,2}}\s?[/.-]\s?[0-9]{{2,4}}|[0-9]{{4}}[/.-][0-9]{{1,2}}[/.-][0-9]{{1,2}}|[0-9]{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH},?\s[0-9]{{2,4}})"
    ))
});
static LONG_AGO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-](?:19[0-9]{{2}}|200[0-9])|(?:19[0-9]{{2}}|200[0-9])[/.-][0-9]{{1,2}}[/.-][0-9]{{1,2}}|[0-9]{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH},?\s(?:19[0-9]{{2}}|200[0-9]))\b"
    ))
});

/// Ten digits with something between each two, as boxes on paper forms are read.
static SPACED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[0-9](?:[\s.-][0-9]){9}\b"));

/// The text with plain digits and at signs in place of wide ones, and without letters that are not seen, which
/// text out of a word processor may hold; nothing if it is so already.
fn plainly(text: &str) -> Option<String> {
    let unseen = |c| {
        matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
    };
    let wide = |c| matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{ff20}');
    let plain = |c: char| match u32::from(c) {
        code @ (0xff10..=0xff19 | 0xff20) => char::from_u32(code - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.contains(|c| unseen(c) || wide(c))
        .then(|| text.chars().filter(|c| !unseen(*c)).map(plain).collect())
}

/// The detectors.
pub(crate) struct Scanner(Policy);

impl Scanner {
    pub(crate) fn new() -> Self {
        Self(Policy::new(Environment::Live, Vec::new()))
    }

    /// The kinds found in one piece of text.
    pub(crate) fn kinds(&self, text: &str) -> BTreeSet<Kind> {
        let plain = plainly(text);
        let text = plain.as_deref().unwrap_or(text);
        let may_hold = text.bytes().any(|b| b.is_ascii_digit() || b == b'@');
        if !may_hold && !WORD_OF_SECRETS.is_match(text) {
            return BTreeSet::new();
        }
        let netted = self.0.second_net(text);
        let mut found: BTreeSet<Kind> = TOKENS
            .iter()
            .filter(|(token, _)| netted.matches(token).count() > text.matches(token).count())
            .map(|(_, kind)| *kind)
            .collect();
        let phone = |found: &str| {
            let digits: String = found.chars().filter(char::is_ascii_digit).collect();
            // A number of a patient is told as that.
            (10..=14).contains(&digits.len()) && nhs_number_fault(&digits).is_some()
        };
        let spaced = |found: &str| {
            let digits: String = found.chars().filter(char::is_ascii_digit).collect();
            nhs_number_fault(&digits).is_none()
        };
        let more = [
            (
                SPACED.find_iter(text).any(|m| spaced(m.as_str())),
                Kind::NhsNumber,
            ),
            (EMAIL.is_match(text), Kind::Email),
            (NO_ADDRESS.is_match(text), Kind::Postcode),
            (
                PHONE.find_iter(text).any(|m| phone(m.as_str())),
                Kind::Phone,
            ),
            (NATIONAL_INSURANCE.is_match(text), Kind::NationalInsurance),
            (PRIVATE_KEY.is_match(text), Kind::PrivateKey),
            (
                BORN.is_match(text) || LONG_AGO.is_match(text),
                Kind::BirthDate,
            ),
        ];
        found.extend(more.into_iter().filter(|(hit, _)| *hit).map(|(_, k)| k));
        found
    }

    /// Every place of a file where something was found: each line, each two lines together, and each value
    /// that is written with escapes.
    pub(crate) fn places(&self, bytes: &[u8]) -> BTreeSet<(usize, Kind)> {
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<&str> = text.lines().collect();
        let mut found = BTreeSet::new();
        let mut before: BTreeSet<Kind> = BTreeSet::new();
        for (at, line) in lines.iter().enumerate() {
            let kinds = self.kinds(line);
            // What is broken over two lines goes on with a digit, if it is a number, a date or a postcode.
            if at > 0 && line.bytes().any(|b| b.is_ascii_digit()) {
                let both = self.kinds(&format!("{}\n{line}", lines[at - 1]));
                let new = both
                    .difference(&kinds)
                    .filter(|kind| !before.contains(kind));
                found.extend(new.map(|kind| (at, *kind)));
            }
            found.extend(kinds.iter().map(|kind| (at + 1, *kind)));
            before = kinds;
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if let Ok(table) = DeTable::parse(text) {
            self.escaped(text, &table, &mut found);
        }
        found
    }

    fn escaped(
        &self,
        text: &str,
        table: &Spanned<DeTable<'_>>,
        found: &mut BTreeSet<(usize, Kind)>,
    ) {
        let mut left: Vec<&Spanned<DeValue<'_>>> = table.get_ref().values().collect();
        while let Some(value) = left.pop() {
            match value.get_ref() {
                DeValue::String(decoded) => {
                    let span = value.span();
                    let raw = text.get(span.clone()).unwrap_or_default();
                    if raw.contains('\\') {
                        let before = text.get(..span.start).unwrap_or_default();
                        let line = 1 + before.matches('\n').count();
                        found.extend(self.kinds(decoded).into_iter().map(|kind| (line, kind)));
                    }
                }
                DeValue::Array(values) => left.extend(values.iter()),
                DeValue::Table(inner) => left.extend(inner.values()),
                DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_) => {}
            }
        }
    }
}

/// Refuses a file that holds what could identify a person; says file, line and kind, never the value.
pub fn refuse_identifiers(file: &str, bytes: &[u8]) -> Result<(), Mistakes> {
    let found = Scanner::new().places(bytes).into_iter();
    Mistakes::none(
        found
            .map(|(line, kind)| mistake(file, line, kind))
            .collect(),
    )
}

fn mistake(file: &str, line: usize, kind: Kind) -> Mistake {
    Mistake::new(
        file,
        line,
        format!(
            "this holds what looks like {}; nothing was saved",
            kind.label()
        ),
        kind.fix(),
    )
}

/// The same for a text that has no file, such as an option of the command line; `place` says what it is.
pub fn refuse_identifiers_in(place: &str, text: &str) -> Result<(), Mistakes> {
    let kinds = Scanner::new().kinds(text).into_iter();
    Mistakes::none(kinds.map(|kind| mistake(place, 1, kind)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        Scanner::new().kinds(text).into_iter().collect()
    }

    #[test]
    fn each_kind_is_found() {
        for (text, kind) in [
            ("patient 9990000018 was seen", Kind::NhsNumber),
            ("999 000 0018", Kind::NhsNumber),
            ("999-000-0018", Kind::NhsNumber),
            ("9 9 9 0 0 0 0 0 1 8", Kind::NhsNumber),
            ("999\u{200b}000\u{ad}0018", Kind::NhsNumber),
            ("\u{ff19}\u{ff19}\u{ff19}0000018", Kind::NhsNumber),
            ("0101701004", Kind::ChiNumber),
            ("lives at ZZ99 3CZ", Kind::Postcode),
            ("write to a.person@trust.example", Kind::Email),
            ("call 0113 496 0000", Kind::Phone),
            ("call (020) 7946 0018", Kind::Phone),
            ("call 07700 900123", Kind::Phone),
            ("call +44 7700 900123", Kind::Phone),
            ("DOB 3/4/51", Kind::BirthDate),
            ("born on the 3rd of April 2015", Kind::BirthDate),
            ("date of birth: 2015-04-03", Kind::BirthDate),
            ("a man (12.03.1948)", Kind::BirthDate),
            ("a man, 12 March 1948", Kind::BirthDate),
            (
                "QQ123456C is not issued, AB123456C is",
                Kind::NationalInsurance,
            ),
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", Kind::Token),
            ("password = correct-horse", Kind::Secret),
            ("-----BEGIN RSA PRIVATE KEY-----", Kind::PrivateKey),
        ] {
            assert_eq!(kinds(text), [kind], "{text}");
        }
    }

    #[test]
    fn what_an_assessment_holds_is_no_hit() {
        for text in [
            "reviewed_on = \"2026-11-22\", 12 November 2026, run 20261122T091403Z",
            "948 of 1,000 letters arrived within 24 hours in 09/2026; 9990000019 is no NHS number",
            "DCB0160 v3.2, edition 1.6.2-beta, UKA-PAT-001, GPC-JWT-216, S3.4, ZZ001, item E5",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "in 2015/16 and since 1948, patients born abroad",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn places_are_lines_and_the_value_is_not_repeated() {
        let text = "a = 1\nb = \"999 000\n0018\"\n# 9990000026\nc = \"\\u0039990000034\"\n";
        let error = refuse_identifiers("x.toml", text.as_bytes()).expect_err("hits");
        let lines: Vec<usize> = error.list().iter().map(|m| m.line).collect();
        // The first is broken over two lines, which TOML refuses, so the escaped one is not decoded.
        assert_eq!(lines, [2, 4]);
        let text = "b = \"x\"\nc = \"\\u0039990000034\"\n";
        let error = refuse_identifiers("x.toml", text.as_bytes()).expect_err("a hit");
        assert_eq!(error.list()[0].line, 2);
        assert!(!error.to_string().contains("0034"), "{error}");
        assert!(error.to_string().starts_with(
            "error: x.toml:2: this holds what looks like an NHS number; nothing was saved"
        ));
    }
}
