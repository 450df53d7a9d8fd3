//! The words of a line: plain where they can be, else in quotes as JSON has them. Not for what they mean.

use plumbline_tree::{JsonWriter, Layout, Limits, Tree};

/// Stands for a word that is not there.
pub(super) const NONE: &str = "-";

/// Whether a text can stand without quotes.
fn is_plain(text: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    !text.is_empty() && text != NONE && !text.starts_with('"') && !text.contains(is_odd)
}

/// Writes a word.
pub(super) fn push(text: &mut String, word: &str) {
    if is_plain(word) {
        text.push_str(word);
    } else {
        text.push_str(&quoted(word));
    }
}

/// Writes a word, or what stands for none.
pub(super) fn push_option(text: &mut String, word: Option<&str>) {
    match word {
        Some(word) => push(text, word),
        None => text.push_str(NONE),
    }
}

/// Writes what is left of a line, which may hold spaces.
pub(super) fn push_rest(text: &mut String, rest: &str) {
    let is_line = rest.trim() == rest && !rest.contains(char::is_control);
    if is_line && !rest.is_empty() && rest != NONE && !rest.starts_with('"') {
        text.push_str(rest);
    } else {
        text.push_str(&quoted(rest));
    }
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut json = JsonWriter::new(Layout::Compact);
    json.string(text);
    // One string is always complete.
    json.finish().unwrap_or_default()
}

/// The text of a string of JSON.
fn unquoted(json: &str) -> Option<String> {
    let tree = Tree::parse(json.as_bytes().to_vec(), &Limits::default()).ok()?;
    tree.root().as_str().map(str::to_owned)
}

/// A word that may stand for none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Optional(pub(super) Option<String>);

/// The words of a line, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'t> {
    rest: &'t str,
}

impl<'t> Words<'t> {
    pub(super) fn of(line: &'t str) -> Self {
        Self { rest: line }
    }

    /// The next word; `None` at the end, and for one that cannot be read.
    pub(super) fn next(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            return None;
        }
        let end = if self.rest.starts_with('"') {
            end_of_string(self.rest)?
        } else {
            self.rest.find(' ').unwrap_or(self.rest.len())
        };
        let (word, after) = self.rest.split_at(end);
        self.rest = match after.strip_prefix(' ') {
            Some(rest) if !rest.is_empty() => rest,
            None if after.is_empty() => "",
            Some(_) | None => return None,
        };
        if word.starts_with('"') {
            unquoted(word)
        } else {
            (!word.is_empty()).then(|| word.to_owned())
        }
    }

    /// The next word, which may be `-` for none.
    pub(super) fn next_option(&mut self) -> Option<Optional> {
        if let Some(rest) = self.rest.strip_prefix(NONE)
            && (rest.is_empty() || rest.starts_with(' '))
        {
            self.rest = rest.strip_prefix(' ').unwrap_or(rest);
            return Some(Optional(None));
        }
        self.next().map(|word| Optional(Some(word)))
    }

    /// All that is left, which is something.
    pub(super) fn rest(self) -> Option<String> {
        if self.rest.starts_with('"') {
            unquoted(self.rest)
        } else {
            (!self.rest.is_empty()).then(|| self.rest.to_owned())
        }
    }

    /// All that is left as written: a value of JSON.
    pub(super) fn json(self) -> Option<String> {
        let tree = Tree::parse(self.rest.as_bytes().to_vec(), &Limits::default()).ok()?;
        let json = tree.root().to_json(Layout::Compact).ok()?;
        (json == self.rest).then_some(json)
    }

    pub(super) fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// All words that are left.
    pub(super) fn all(mut self) -> Option<Vec<String>> {
        let mut words = Vec::new();
        while !self.is_empty() {
            words.push(self.next()?);
        }
        Some(words)
    }
}

/// Where a string of JSON at the beginning ends.
fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_went() {
        let words = [
            "a",
            "",
            "-",
            "--",
            "two words",
            "\"",
            "\"a\" b",
            "a\"b",
            "\\",
            "tab\t",
            "line\nbreak",
            "\u{a0}",
            "é",
        ];
        let mut line = String::new();
        for word in words {
            if !line.is_empty() {
                line.push(' ');
            }
            push(&mut line, word);
        }
        assert!(!line.contains('\n'), "{line}");
        let back = Words::of(&line).all().unwrap();
        assert_eq!(back, words, "{line}");
        for rest in ["a b c", "-", "\"x\" = 1", " a", "a\nb", "a | b"] {
            let mut line = String::new();
            push_rest(&mut line, rest);
            assert_eq!(Words::of(&line).rest().unwrap(), rest, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_word() {
        for line in ["a ", "\"a", "\"a\"b", "a  b", " a"] {
            assert_eq!(Words::of(line).all(), None, "{line}");
        }
        assert_eq!(Words::of("- a").next_option(), Some(Optional(None)));
        assert_eq!(
            Words::of("a").next_option(),
            Some(Optional(Some("a".to_owned())))
        );
        assert_eq!(Words::of("").next_option(), None);
        assert_eq!(Words::of("{\"a\": 1}").json(), None);
        assert_eq!(Words::of("{\"a\":1.50}").json().unwrap(), "{\"a\":1.50}");
    }
}
