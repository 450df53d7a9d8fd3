//! What is still in a target file and should not be: tokens, and the words of the template.
//! Not for reading it: that is `target`.

use crate::source::Source;
use crate::toml_reader::At;
use std::ops::Range;

/// What the template says where the user's own words belong.
const PLACEHOLDERS: [&str; 2] = ["Your company", "Your record system"];

/// How long the word after "Bearer" must be to be taken for a token.
const LEAST_TOKEN: usize = 16;

/// How long a word that begins as a JWT must be to be taken for one.
const LEAST_JWT: usize = 20;

/// Warns where the template was not filled in.
pub(super) fn check_placeholders(source: &Source<'_>, texts: [Option<&At<String>>; 2]) {
    for text in texts.into_iter().flatten() {
        if PLACEHOLDERS.contains(&text.value.as_str()) {
            source.warning(
                text.range.clone(),
                "this is still the text of the template, and it would be printed on the report",
                "write the name of the supplier and of the product",
            );
        }
    }
}

/// Looks for tokens in the whole text, comments too: a secret is as readable there.
pub(super) fn check_secrets(source: &Source<'_>) {
    for (range, what) in secrets(source.text) {
        source.error(
            range,
            format!(
                "what stands here looks like {what}, and a secret may not be written into this file"
            ),
            "replace the secret now, since it may have been seen; then keep the new one in an \
             environment variable or a file of its own, and name that under [auth]",
        );
    }
}

/// The words of a text that look like secrets, at most one for each line.
fn secrets(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let secret = words(line).scan("", |before, (at, word)| {
            let what = secret_of(before, word);
            *before = word;
            Some(what.map(|what| (at..at + word.len(), what)))
        });
        if let Some((range, what)) = secret.flatten().next() {
            found.push((start + range.start..start + range.end, what));
        }
        start += line.len();
    }
    found
}

/// What a word would be, after the word before it.
fn secret_of(before: &str, word: &str) -> Option<&'static str> {
    let has_digit = word.bytes().any(|b| b.is_ascii_digit());
    if word.starts_with("eyJ") && word.contains('.') && word.len() >= LEAST_JWT {
        Some("a JWT")
    } else if before.eq_ignore_ascii_case("bearer") && has_digit && word.len() >= LEAST_TOKEN {
        Some("a bearer token")
    } else {
        None
    }
}

/// The runs of characters that tokens are made of (RFC 6750, section 2.1), with their places.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    line.split(move |c| !is_token(c))
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr().addr() - line.as_ptr().addr(), word))
}

#[cfg(test)]
mod tests {
    use super::secrets;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";

    fn found(text: &str) -> Vec<(&str, &'static str)> {
        let all = secrets(text).into_iter();
        all.map(|(range, what)| (&text[range], what)).collect()
    }

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        for text in [
            format!("key_id = \"{JWT}\""),
            format!("# the old one: {JWT}"),
            format!("default = \"https://a.example/fhir\"\nbuild = 'Bearer {JWT}'"),
        ] {
            assert_eq!(found(&text), [(JWT, "a JWT")], "{text}");
        }
        let opaque = "bearer 0a1b2c3d4e5f6a7b8c9d";
        assert_eq!(
            found(&format!("header = \"{opaque}\"")),
            [("0a1b2c3d4e5f6a7b8c9d", "a bearer token")]
        );
    }

    #[test]
    fn ordinary_words_are_not_taken_for_secrets() {
        for text in [
            "method = \"none\"   # none, api-key, bearer or oauth2-client-credentials",
            "# A bearer token, and how long it lasts: 2026-11-22T18:00:00Z",
            "client_id = \"3f1c9a52-7d0e-4b7f-9a51-0c1d2e3f4a5b\"",
            "supplier = \"eyJay Systems\"",
            "# eyJ is how a JWT begins",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
