//! Finds values in files, however they are written: other case, percent-encoded, escaped,
//! without spaces, in base64 or as a bare fingerprint.

use crate::canary::{base64, percent};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A shorter needle would be found by chance.
const KEY: usize = 6;

#[derive(Default)]
pub struct Detector {
    /// By their first bytes.
    needles: BTreeMap<[u8; KEY], Vec<(usize, Vec<u8>)>>,
    starts: BTreeSet<[u8; 2]>,
}

impl Detector {
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut detector = Self::default();
        for (at, value) in values.into_iter().enumerate() {
            for form in forms(value) {
                let key: [u8; KEY] = form.as_bytes().get(..KEY).unwrap().try_into().unwrap();
                detector.starts.insert([key[0], key[1]]);
                detector
                    .needles
                    .entry(key)
                    .or_default()
                    .push((at, form.into_bytes()));
            }
        }
        detector
    }

    /// The positions of the values that occur in a text.
    pub fn found(&self, text: &[u8]) -> BTreeSet<usize> {
        let text = String::from_utf8_lossy(text);
        let lower = text.to_lowercase();
        let decoded = decode(lower.as_bytes());
        let squeezed: String = lower
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        let mut starts = vec![false; 1 << 16];
        for [a, b] in &self.starts {
            starts[usize::from(*a) << 8 | usize::from(*b)] = true;
        }
        let mut found = BTreeSet::new();
        for hay in [
            text.as_bytes(),
            lower.as_bytes(),
            &decoded,
            squeezed.as_bytes(),
        ] {
            for at in 0..hay.len().saturating_sub(KEY - 1) {
                if starts[usize::from(hay[at]) << 8 | usize::from(hay[at + 1])]
                    && let Some(needles) = self.needles.get(&hay[at..at + KEY])
                {
                    let here = needles
                        .iter()
                        .filter(|(_, needle)| hay[at..].starts_with(needle));
                    found.extend(here.map(|(value, _)| *value));
                }
            }
        }
        found
    }
}

/// What a value may look like in a file.
fn forms(value: &str) -> BTreeSet<String> {
    let json = serde_json::Value::from(value).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let twice = serde_json::Value::from(json.as_str()).to_string();
    let html = value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let squeeze = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect()
    };
    let mut fingerprint = String::new();
    for byte in Sha256::digest(value.as_bytes()) {
        write!(fingerprint, "{byte:02x}").unwrap();
    }
    let coded = base64(value);
    let bare = coded.trim_end_matches('=').to_owned();
    // The last digit before the padding depends on what follows.
    let bare = bare[..bare.len() - 1].to_owned();
    let mut forms: BTreeSet<String> = [
        value.to_lowercase(),
        json.to_lowercase(),
        twice[1..twice.len() - 1].to_lowercase(),
        percent(value).to_lowercase(),
        percent(value).replace("%20", "+").to_lowercase(),
        value.replace(' ', "%20").to_lowercase(),
        html.to_lowercase(),
        html.replace('"', "&quot;")
            .replace('\'', "&#x27;")
            .to_lowercase(),
        squeeze(&value.to_lowercase()),
        fingerprint,
        bare.replace('+', "-").replace('/', "_"),
        bare,
    ]
    .into();
    forms.retain(|form| form.len() >= KEY);
    forms
}

/// Undoes percent-encoding, as far as it is one.
fn decode(text: &[u8]) -> Vec<u8> {
    let hex = |at: usize| text.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'%'
            && let (Some(a), Some(b)) = (hex(at + 1), hex(at + 2))
        {
            out.push(u8::try_from(a << 4 | b).unwrap());
            at += 3;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

#[test]
fn finds_every_form() {
    let value = "Zorvax \"Ab\" 12/3";
    let detector = Detector::new(["something else", value]);
    for text in [
        "x zorVAX \"ab\" 12/3 y".to_owned(),
        serde_json::Value::from(value).to_string(),
        serde_json::Value::from(serde_json::Value::from(value).to_string()).to_string(),
        percent(value),
        "Zorvax%20%22Ab%22%2012%2F3".to_owned(),
        "zorvax\"ab\"12/3".to_owned(),
        base64(value),
        "Zorvax &quot;Ab&quot; 12/3".to_owned(),
    ] {
        assert_eq!(
            detector.found(text.as_bytes()),
            BTreeSet::from([1]),
            "{text}"
        );
    }
    assert!(detector.found(b"zorva x \"ab 12/3").is_empty());
    let number = Detector::new(["999 123 4567"]);
    assert_eq!(number.found(b"n: 9991234567.").len(), 1);
    assert_eq!(number.found(b"n: 999-123-4567.").len(), 1);
}
