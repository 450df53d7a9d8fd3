//! Reads TOML into types, and says in our own words what is wrong and where.
//! Not for what the values mean. Never quotes a value of a file.

use crate::day::NO_DAY;
use crate::mistake::Mistake;
use serde::de::DeserializeOwned;

/// One text file with its name, without a byte-order mark.
pub(crate) struct Text<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl<'a> Text<'a> {
    pub(crate) fn new(file: &'a str, bytes: &'a [u8]) -> Result<Self, Mistake> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { file, text }),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = before.split(|byte| *byte == b'\n').count();
                Err(Mistake::new(
                    file,
                    line,
                    "the file is not UTF-8 from this line on",
                    "save it as UTF-8",
                ))
            }
        }
    }

    /// Line of a byte, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(self.text);
        1 + before.matches('\n').count()
    }

    pub(crate) fn mistake(
        &self,
        offset: usize,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) -> Mistake {
        Mistake::new(self.file, self.line(offset), cause, fix)
    }

    /// Reads the whole file into a type.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Mistake> {
        toml::from_str(self.text).map_err(|error| self.explained(&error))
    }

    fn explained(&self, error: &toml::de::Error) -> Mistake {
        let (cause, fix) = explain(error.message());
        let offset = error.span().map_or(0, |span| span.start);
        self.mistake(offset, cause, fix)
    }
}

/// Cause and cure for what the reader of TOML says. Its words hold names of keys, and in one case a value.
fn explain(message: &str) -> (String, String) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with("unknown field") {
        return unknown(
            &quoted,
            |near| format!("there is no key `{near}` here"),
            "this key is not known here",
        );
    }
    if message.starts_with("unknown variant") {
        return unknown(
            &quoted,
            |near| format!("`{near}` is none of the words that may stand here"),
            "this is none of the words that may stand here",
        );
    }
    if message.starts_with("missing field") {
        let key = quoted.first().copied().unwrap_or_default();
        return (
            format!("`{key}` is missing"),
            format!("add a line that begins with `{key} =`"),
        );
    }
    if message.contains(NO_DAY) {
        return (
            NO_DAY.to_owned(),
            "write the day as \"2026-11-22\"".to_owned(),
        );
    }
    if message.contains("duplicate key") {
        return (
            "the same key is given twice".to_owned(),
            "remove one of the two".to_owned(),
        );
    }
    let typed = ["invalid type", "wanted "]
        .iter()
        .any(|start| message.starts_with(start));
    if typed {
        let wanted = message.rsplit("expected ").next().unwrap_or_default();
        return (
            "this value has the wrong type".to_owned(),
            format!("write {}", wanted_words(wanted)),
        );
    }
    if message.starts_with("invalid value") {
        return (
            "this value cannot stand here".to_owned(),
            "look at the comment above it, or at a new assessment, for what may".to_owned(),
        );
    }
    (
        "this is not valid TOML".to_owned(),
        "look for a missing quotation mark, bracket or equals sign".to_owned(),
    )
}

/// A wrong word, which stands first, among those that would be right. One that is far from all of them may be
/// anything, a name too, and is not repeated.
fn unknown(
    quoted: &[&str],
    repeated: impl Fn(&str) -> String,
    unrepeated: &str,
) -> (String, String) {
    let (wrong, known) = quoted.split_first().map_or(("", &[][..]), |(w, k)| (*w, k));
    match closest(wrong, known) {
        Some(near) => (repeated(wrong), format!("did you mean `{near}`?")),
        None => (unrepeated.to_owned(), one_of(known, "remove it")),
    }
}

fn wanted_words(wanted: &str) -> &str {
    if wanted.contains("string") || wanted.contains("enum") {
        "a text in quotation marks"
    } else if wanted.contains("sequence") {
        "a list in square brackets"
    } else if wanted.contains("u8") || wanted.contains("u64") || wanted.contains("integer") {
        "a whole number without quotation marks"
    } else {
        "a table, such as [inspector]"
    }
}

/// The nearest known word, if it is near enough to be what was meant.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let lower = word.to_lowercase();
    let limit = (word.chars().count() / 3).min(3);
    known
        .iter()
        .map(|k| (strsim::osa_distance(&lower, &k.to_lowercase()), *k))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, near)| near)
}

/// "write one of `a`, `b`".
pub(crate) fn one_of(known: &[&str], otherwise: &str) -> String {
    if known.is_empty() {
        return otherwise.to_owned();
    }
    let list: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
    format!("write one of {}", list.join(", "))
}

/// "did you mean `a`?", or all that there are.
pub(crate) fn instead(word: &str, known: &[&str]) -> String {
    match closest(word, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => one_of(known, "remove it"),
    }
}

/// A text as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => {}
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A list of texts as TOML writes it.
pub(crate) fn quoted_list<T: AsRef<str>>(texts: &[T]) -> String {
    let list: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use crate::words::Status;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Sample {
        status: Status,
        on: Day,
    }

    fn told(text: &str) -> String {
        let text = Text {
            file: "a.toml",
            text,
        };
        let mistake = text.read::<Sample>().expect_err("a mistake");
        format!("{}: {}; {}", mistake.line, mistake.cause, mistake.fix)
    }

    #[test]
    fn every_mistake_has_place_cause_and_cure() {
        assert_eq!(
            told("status = \"met\"\nom = \"2026-01-01\"\n"),
            "2: this key is not known here; write one of `status`, `on`"
        );
        assert_eq!(
            told("statu = \"met\"\non = \"2026-01-01\"\n"),
            "1: there is no key `statu` here; did you mean `status`?"
        );
        assert_eq!(
            told("on = \"2026-01-01\"\nstatus = \"mett\"\n"),
            "2: `mett` is none of the words that may stand here; did you mean `met`?"
        );
        assert_eq!(
            told("status = \"met\"\non = \"1/2/2026\"\n"),
            "2: this is no day of the calendar; write the day as \"2026-11-22\""
        );
        assert_eq!(
            told("status = \"met\"\nstatus = \"met\"\n"),
            "2: the same key is given twice; remove one of the two"
        );
        assert!(told("status = \"met\"\n").contains("`on` is missing"));
        assert!(told("status = 3\non = \"2026-01-01\"\n").contains("quotation marks"));
        assert!(told("status = \"met\n").contains("not valid TOML"));
    }

    #[test]
    fn a_word_far_from_all_known_ones_is_not_repeated() {
        let told = told("on = \"2026-01-01\"\nstatus = \"Jane Example\"\n");
        assert!(!told.contains("Jane"), "{told}");
        assert!(told.contains("`not-applicable`"), "{told}");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "a \"b\" \\ c\nd\te é";
        let toml = format!("key = {}\n", quoted(text));
        let table: toml::Table = toml::from_str(&toml).expect("TOML");
        assert_eq!(table["key"].as_str(), Some(text));
    }

    #[test]
    fn a_byte_order_mark_is_no_mistake_and_bad_bytes_are_one() {
        assert_eq!(
            Text::new("a", b"\xef\xbb\xbfx = 1").map(|t| t.text).ok(),
            Some("x = 1")
        );
        let mistake = Text::new("a", b"x = 1\n\xff").err().expect("a mistake");
        assert_eq!(mistake.line, 2);
    }
}
