//! The text of a section: which sub-headings it has, and what stands under each. Not for rendering.
//! It reads XHTML with a scanner that never fails: what it cannot read is text.

mod labels;

use crate::view::El;
use labels::{Block, Content, Kind, Page};
use plumbline_tree::Form;
use std::collections::HashMap;

/// The text of a section.
#[derive(Debug, Default)]
pub(crate) struct Narrative {
    /// Everything in small letters, white space made one space.
    pub(crate) text: String,
    /// What stands under its sub-headings, which are in small letters without colon; in order for each.
    /// Only ever asked for one sub-heading, never walked.
    labels: HashMap<String, Vec<Content>>,
}

impl Narrative {
    /// Reads the text of a section.
    pub(crate) fn of(section: El<'_>) -> Self {
        let Some(div) = section.child("text").and_then(|text| text.child("div")) else {
            return Self::default();
        };
        let node = div.node();
        match node.form() {
            Form::Element => Self::read(node.raw()),
            _ => Self::read(node.as_str().unwrap_or_default()),
        }
    }

    /// Reads XHTML.
    pub(crate) fn read(xhtml: &str) -> Self {
        let page = Scanner::default().scan(xhtml);
        let labels = page.labels();
        Self {
            text: page.text,
            labels,
        }
    }

    /// What stands under a sub-heading, which is given in small letters.
    pub(crate) fn under<'n>(&'n self, label: &str) -> impl Iterator<Item = &'n str> {
        let same = self.labels.get(label).into_iter().flatten();
        same.map(|content| match content {
            Content::Part(part) => &self.text[part.clone()],
            Content::Joined(text) => text.as_str(),
        })
    }

    /// Whether it has a sub-heading, which is given in small letters.
    pub(crate) fn has_label(&self, label: &str) -> bool {
        self.labels.contains_key(label)
    }

    /// Whether there is nothing to read: no letter and no digit.
    pub(crate) fn is_empty(&self) -> bool {
        !says_something(&self.text)
    }

    /// Whether it holds nothing but these words, which are in small letters: a heading with nothing under it.
    pub(crate) fn is_only(&self, words: &[&str]) -> bool {
        let mut rest = self.text.as_str();
        loop {
            rest = rest.trim_start_matches(|c| !is_said(c));
            let begins = words.iter().filter(|word| begins_with_word(rest, word));
            match begins.map(|word| word.len()).max() {
                Some(length) => rest = &rest[length..],
                None => return rest.is_empty(),
            }
        }
    }

    /// Whether it holds a text as a word of its own: neither a letter nor a digit stands beside it.
    pub(crate) fn holds_word(&self, wanted: &str) -> bool {
        let wanted = fold(wanted);
        if wanted.is_empty() {
            return false;
        }
        self.text.match_indices(&wanted).any(|(at, found)| {
            is_edge(self.text[..at].chars().next_back())
                && is_edge(self.text[at + found.len()..].chars().next())
        })
    }

    /// Whether it holds a text as words of its own; punctuation and white space at its ends do not matter.
    /// A number is not held by a longer one, such as 1 by 10, 1.5 or 1/2.
    pub(crate) fn holds(&self, wanted: &str) -> bool {
        let wanted = fold(wanted);
        let wanted = wanted.trim_matches(|c: char| !c.is_alphanumeric());
        let mut found = self.text.match_indices(wanted);
        !wanted.is_empty()
            && found.any(|(at, found)| {
                let mut before = self.text[..at].chars().rev();
                let mut after = self.text[at + found.len()..].chars();
                let (near, far) = (before.next(), before.next());
                let (next, over) = (after.next(), after.next());
                is_edge(near)
                    && is_edge(next)
                    && !is_one_number(found.chars().next(), near, far)
                    && !is_one_number(found.chars().next_back(), next, over)
            })
    }
}

/// Whether a word may end beside this.
fn is_edge(beside: Option<char>) -> bool {
    !beside.is_some_and(char::is_alphanumeric)
}

/// Whether a digit goes on past a sign that is written within numbers.
fn is_one_number(end: Option<char>, beside: Option<char>, beyond: Option<char>) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    is_digit(end) && matches!(beside, Some('.' | ',' | '/' | '-')) && is_digit(beyond)
}

fn begins_with_word(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word).filter(|_| !word.is_empty());
    rest.is_some_and(|rest| is_edge(rest.chars().next()))
}

/// Whether a text holds a letter or a digit: neither dashes nor what nobody sees says anything.
pub(crate) fn says_something(text: &str) -> bool {
    text.chars().any(is_said)
}

/// Whether a character can say something. The fillers of Hangul are letters by name only.
fn is_said(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Small letters, white space made one space, none at the ends.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut folded, c);
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Folds a sub-heading: no colon, full stop or star at its end.
pub(crate) fn fold_label(text: &str) -> String {
    label_of(&fold(text)).to_owned()
}

/// A sub-heading of text that is folded already.
fn label_of(folded: &str) -> &str {
    folded.trim_end_matches(|c: char| matches!(c, ':' | '.' | '*' | '-') || c.is_whitespace())
}

fn push(text: &mut String, c: char) {
    if c.is_whitespace() || c == '\u{a0}' {
        if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    } else if c.is_ascii() {
        text.push(c.to_ascii_lowercase());
    } else {
        text.extend(c.to_lowercase());
    }
}

#[derive(Debug, Default)]
struct Scanner {
    blocks: Vec<Block>,
    kind: Option<Kind>,
    /// All blocks with one space after each, then the block that is open.
    text: String,
    /// Where the open block begins.
    begin: usize,
    strong: usize,
    strong_open: usize,
    tables: Vec<usize>,
    table_count: usize,
    row: usize,
    column: usize,
}

impl Scanner {
    fn scan(mut self, xhtml: &str) -> Page {
        self.text.reserve(xhtml.len() / 2);
        let mut rest = xhtml;
        while !rest.is_empty() {
            let end = find_byte(rest.as_bytes(), b'<').unwrap_or(rest.len());
            self.text(&rest[..end]);
            rest = &rest[end..];
            if rest.is_empty() {
                break;
            }
            let close = if rest.starts_with("<!--") {
                rest.find("-->").map(|at| at + 3)
            } else {
                tag_end(rest)
            };
            let Some(close) = close else { break };
            self.tag(&rest[1..close - 1]);
            rest = &rest[close..];
        }
        self.end_block();
        let end = self.blocks.last().map_or(0, |block| block.end);
        self.text.truncate(end);
        Page {
            text: self.text,
            blocks: self.blocks,
        }
    }

    fn text(&mut self, raw: &str) {
        let before = if self.strong_open > 0 {
            self.text[self.begin..].trim_end().len()
        } else {
            0
        };
        let mut rest = raw;
        while let Some(at) = find_byte(rest.as_bytes(), b'&') {
            self.chars(&rest[..at]);
            rest = &rest[at..];
            let end = rest.bytes().take(12).position(|b| b == b';');
            let Some(end) = end else {
                self.chars("&");
                rest = &rest[1..];
                continue;
            };
            push(&mut self.text, entity(&rest[1..end]).unwrap_or(' '));
            rest = &rest[end + 1..];
        }
        self.chars(rest);
        if self.strong_open > 0 && self.strong >= before {
            self.strong = self.text.len() - self.begin;
        }
    }

    fn chars(&mut self, raw: &str) {
        let is_after_space = self.text.is_empty() || self.text.ends_with(' ');
        let is_beside_space = is_after_space && raw.starts_with(' ');
        if !is_beside_space && is_plain(raw.as_bytes()) {
            let begin = self.text.len();
            self.text.push_str(raw);
            self.text[begin..].make_ascii_lowercase();
        } else if raw.is_ascii() {
            self.ascii(raw, is_after_space);
        } else {
            raw.chars().for_each(|c| push(&mut self.text, c));
        }
    }

    fn ascii(&mut self, raw: &str, mut is_after_space: bool) {
        for byte in raw.bytes() {
            if byte.is_ascii_whitespace() {
                if !is_after_space {
                    self.text.push(' ');
                }
                is_after_space = true;
            } else {
                self.text.push(char::from(byte.to_ascii_lowercase()));
                is_after_space = false;
            }
        }
    }

    fn tag(&mut self, inside: &str) {
        let is_end = inside.starts_with('/');
        let mut room = [0; LONGEST_TAG];
        let Some(name) = tag_name(inside, &mut room) else {
            return;
        };
        match name {
            b"b" | b"strong" | b"em" | b"u" => {
                self.strong_open = if is_end {
                    self.strong_open.saturating_sub(1)
                } else {
                    self.strong_open + 1
                };
            }
            b"th" => self.cell(Kind::Head, is_end),
            b"td" => self.cell(Kind::Cell, is_end),
            b"tr" => {
                self.end_block();
                if !is_end {
                    self.row += 1;
                    self.column = 0;
                }
            }
            b"table" => self.table(is_end),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"dt" | b"caption" => {
                self.end_block();
                self.kind = (!is_end).then_some(Kind::Heading);
            }
            b"br" | b"p" | b"div" | b"li" | b"ul" | b"ol" | b"dl" | b"dd" | b"pre" | b"hr"
            | b"thead" | b"tbody" => self.end_block(),
            _ => {}
        }
    }

    fn table(&mut self, is_end: bool) {
        self.end_block();
        if is_end {
            self.tables.pop();
        } else {
            self.table_count += 1;
            self.tables.push(self.table_count);
        }
    }

    fn cell(&mut self, kind: Kind, is_end: bool) {
        self.end_block();
        if is_end {
            self.kind = None;
            self.column += 1;
        } else {
            self.kind = Some(kind);
        }
    }

    fn end_block(&mut self) {
        let begin = self.begin;
        let strong = std::mem::take(&mut self.strong);
        if self.text.len() == begin {
            return;
        }
        let open = &self.text[begin..];
        let lead = open.len() - open.trim_start().len();
        if lead > 0 {
            self.text.drain(begin..begin + lead);
        }
        let end = begin + self.text[begin..].trim_end().len();
        self.text.truncate(end);
        if end == begin {
            return;
        }
        self.text.push(' ');
        self.begin = self.text.len();
        let table = self.tables.last().copied().unwrap_or_default();
        self.blocks.push(Block {
            kind: self.kind.unwrap_or(Kind::Plain),
            row: if table == 0 { 0 } else { self.row },
            table,
            column: self.column,
            begin,
            end,
            strong: strong.min(end - begin),
        });
    }
}

/// No name of a tag that matters is longer, in bytes.
const LONGEST_TAG: usize = 8;

/// Where a byte is first. It looks at many bytes at once, which compilers make fast.
fn find_byte(bytes: &[u8], wanted: u8) -> Option<usize> {
    let (chunks, _) = bytes.as_chunks::<16>();
    let is_in = |chunk: &[u8; 16]| chunk.iter().fold(0, |is, b| is | u8::from(*b == wanted)) > 0;
    let passed = 16 * chunks.iter().take_while(|chunk| !is_in(chunk)).count();
    let at = bytes[passed..].iter().position(|b| *b == wanted)?;
    Some(passed + at)
}

/// Whether a text is of ASCII without white space but single spaces: nothing to fold but its letters.
fn is_plain(bytes: &[u8]) -> bool {
    let strange = |b: u8| u8::from(!(b' '..0x80).contains(&b));
    let mut wrong = bytes.iter().fold(0, |is, b| is | strange(*b));
    if let Some(later) = bytes.get(1..) {
        let pairs = bytes.iter().zip(later);
        // Of bytes that are not strange, only two spaces give a space.
        wrong |= pairs.fold(0, |is, (a, b)| is | u8::from(a | b == b' '));
    }
    wrong == 0
}

/// The name of a tag in small letters without its prefix; `None` for one that is too long to matter.
fn tag_name<'r>(inside: &str, room: &'r mut [u8; LONGEST_TAG]) -> Option<&'r [u8]> {
    let name = inside.trim_start_matches('/');
    let mut length = 0;
    for c in name.chars() {
        if c == '/' || c.is_whitespace() {
            break;
        }
        if c == ':' {
            length = 0;
            continue;
        }
        // What is no ASCII is in no name that matters.
        let byte = u8::try_from(c).unwrap_or(u8::MAX);
        if let Some(place) = room.get_mut(length) {
            *place = byte.to_ascii_lowercase();
        }
        length += 1;
    }
    room.get(..length)
}

/// Where a tag ends, past its `>`; quotes are respected.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "micro" => Some('\u{b5}'),
        "mu" => Some('\u{3bc}'),
        "deg" => Some('\u{b0}'),
        "frac12" => Some('\u{bd}'),
        "frac14" => Some('\u{bc}'),
        "frac34" => Some('\u{be}'),
        "times" => Some('\u{d7}'),
        "pound" => Some('\u{a3}'),
        "ndash" => Some('\u{2013}'),
        "mdash" => Some('\u{2014}'),
        "lsquo" => Some('\u{2018}'),
        "rsquo" => Some('\u{2019}'),
        "ldquo" => Some('\u{201c}'),
        "rdquo" => Some('\u{201d}'),
        "le" => Some('\u{2264}'),
        "ge" => Some('\u{2265}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(xhtml: &str, label: &str) -> Option<String> {
        let narrative = Narrative::read(xhtml);
        narrative.under(label).next().map(str::to_owned)
    }

    #[test]
    fn finds_sub_headings_in_many_ways_of_writing() {
        let ways = [
            "<div><table><tr><th>GP name</th><td>Dr <p>A</p></td></tr></table></div>",
            "<table><tr><th>Other</th><th>GP name</th></tr><tr><td>x</td><td>dr a</td></tr></table>",
            "<table><tr><td>GP name:</td><td>dr a</td></tr></table>",
            "<table><tr><td>GP name</td><td>dr a</td></tr></table>",
            "<div><h3>GP&#160;name</h3><p>dr a</p><h3>More</h3><p>y</p></div>",
            "<div><p><b>GP name</b>: dr a</p></div>",
            "<div><p><strong>GP name:</strong><br/>dr a</p><p><b>Next</b> z</p></div>",
            "<p>GP name: dr a</p>",
            "<dl><dt>GP name</dt><dd>dr a</dd></dl>",
        ];
        for way in ways {
            assert_eq!(content(way, "gp name").as_deref(), Some("dr a"), "{way}");
        }
    }

    #[test]
    fn a_sub_heading_with_nothing_under_it_is_empty() {
        let ways = [
            "<table><tr><th>GP name</th><td> &nbsp; </td></tr><tr><th>Role</th><td>x</td></tr></table>",
            "<div><h3>GP name</h3><h3>More</h3><p>y</p></div>",
            "<p>GP name:</p><p><b>Role</b> x</p>",
        ];
        for way in ways {
            assert_eq!(content(way, "gp name").as_deref(), Some(""), "{way}");
        }
        assert_eq!(content("<p>the gp name is known</p>", "gp name"), None);
    }

    #[test]
    fn nothing_hostile_stops_it() {
        for text in [
            "<",
            "<<<<",
            "&#xFFFFFFFF;",
            "<a b='>",
            "<!-- ",
            "<td><th></",
            "&",
            "</table></table>",
            "<b>\u{b}</b>é",
        ] {
            Narrative::read(text);
        }
        let deep = "<table><tr><td>".repeat(20_000);
        assert!(Narrative::read(&deep).is_empty());
    }

    #[test]
    fn words_are_whole_words() {
        let narrative = Narrative::read("<p>Practice A81001, &amp; more</p>");
        assert!(narrative.holds_word("a81001") && !narrative.holds_word("a8100"));
        assert!(narrative.holds("& MORE") && !narrative.is_empty());
        let narrative =
            Narrative::read("<p>take 10, or 1.5, or 1/2 a day; take 12. Then rest.</p>");
        assert!(
            !narrative.holds("Take 1") && !narrative.holds("1 ") && !narrative.holds("5, or 1")
        );
        assert!(narrative.holds("Take 12.") && narrative.holds("a day") && narrative.holds("10"));
    }

    #[test]
    fn what_nobody_can_read_is_empty() {
        for text in [
            "&#8203;\u{200b}",
            "\u{ad}&shy;",
            "<p>-</p>&#8212;",
            "...",
            "\u{3164}",
        ] {
            assert!(Narrative::read(text).is_empty(), "{text}");
        }
        let narrative = Narrative::read("<h2>Diagnoses</h2><p>Diagnosis name: -</p>");
        let words = ["diagnoses", "diagnosis", "diagnosis name"];
        assert!(
            narrative.is_only(&words) && !narrative.is_only(&words[..2]) && !narrative.is_empty()
        );
        assert!(!Narrative::read("<h2>Diagnoses</h2><p>Gout</p>").is_only(&words));
    }
}
