//! The inside of a start tag or declaration: names, white space, quoted values, references.
//! Strict, since the tokens of quick-xml are not. Not for what belongs to which namespace.

use super::characters::{is_allowed, is_space, name_length};
use crate::error::ParseErrorKind as Problem;

/// What was wrong, and at which byte.
pub(super) type Fault = (Problem, usize);

/// A name as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) prefixed: bool,
}

/// A value in quotes; the range is that between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quoted {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where the first tab or line break is.
    pub(super) first_break: Option<usize>,
    /// Whether the text differs from what is written.
    pub(super) escaped: bool,
}

/// What may end a stretch of plain text in a quoted value.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut left: &[u8] = b"\"'<&\t\n\r";
    while let [byte, rest @ ..] = left {
        table[*byte as usize] = true;
        left = rest;
    }
    table
};

/// Reads along one tag.
pub(super) struct Cursor<'s> {
    pub(super) source: &'s str,
    pub(super) at: usize,
    /// Where `>`, `/>` or `?>` begins.
    pub(super) end: usize,
}

impl Cursor<'_> {
    fn byte(&self) -> Option<u8> {
        let byte = self.source.as_bytes().get(self.at).copied();
        byte.filter(|_| self.at < self.end)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    /// Skips white space and tells whether there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let before = self.at;
        while self.byte().is_some_and(is_space) {
            self.at += 1;
        }
        self.at > before
    }

    /// A name without colon.
    fn plain_name(&mut self) -> Result<(), Fault> {
        let rest = self.source.get(self.at..self.end).unwrap_or_default();
        match name_length(rest) {
            0 => Err((Problem::InvalidName, self.at)),
            length => {
                self.at += length;
                Ok(())
            }
        }
    }

    /// A name with at most one prefix.
    pub(super) fn name(&mut self) -> Result<Name, Fault> {
        let start = self.at;
        self.plain_name()?;
        let prefixed = self.byte() == Some(b':');
        if prefixed {
            self.at += 1;
            self.plain_name()?;
            if self.byte() == Some(b':') {
                return Err((Problem::InvalidName, self.at));
            }
        }
        Ok(Name {
            start,
            end: self.at,
            prefixed,
        })
    }

    /// A name that may have no prefix.
    pub(super) fn name_without_prefix(&mut self) -> Result<Name, Fault> {
        let start = self.at;
        self.plain_name()?;
        Ok(Name {
            start,
            end: self.at,
            prefixed: false,
        })
    }

    /// `=` and a value in quotes, `unescaped` receiving its text if that differs.
    pub(super) fn value(&mut self, unescaped: &mut String) -> Result<Quoted, Fault> {
        self.skip_space();
        if self.byte() != Some(b'=') {
            return Err((Problem::InvalidAttribute, self.at));
        }
        self.at += 1;
        self.skip_space();
        let Some(quote @ (b'"' | b'\'')) = self.byte() else {
            return Err((Problem::InvalidAttribute, self.at));
        };
        self.at += 1;
        self.quoted(quote, unescaped)
    }

    fn quoted(&mut self, quote: u8, unescaped: &mut String) -> Result<Quoted, Fault> {
        let start = self.at;
        let mut quoted = Quoted {
            start,
            end: start,
            first_break: None,
            escaped: false,
        };
        let mut from = start;
        loop {
            let rest = self.source.as_bytes().get(self.at..self.end);
            let special = rest
                .unwrap_or_default()
                .iter()
                .position(|byte| SPECIAL[usize::from(*byte)]);
            let Some(length) = special else {
                return Err((Problem::InvalidAttribute, start - 1));
            };
            self.at += length;
            match self.byte() {
                Some(byte) if byte == quote => break,
                Some(b'"' | b'\'') => {
                    self.at += 1;
                    continue;
                }
                Some(b'<') => return Err((Problem::InvalidAttribute, self.at)),
                Some(b'&') => {
                    keep(self.source, from, self.at, unescaped);
                    let (c, after) = reference(self.source, self.at)?;
                    unescaped.push(c);
                    self.at = after;
                }
                _ => {
                    keep(self.source, from, self.at, unescaped);
                    quoted.first_break.get_or_insert(self.at);
                    unescaped.push(' ');
                    let pair = self.source.as_bytes().get(self.at..self.at + 2);
                    self.at += if pair == Some(b"\r\n") { 2 } else { 1 };
                }
            }
            quoted.escaped = true;
            from = self.at;
        }
        if quoted.escaped {
            keep(self.source, from, self.at, unescaped);
        }
        quoted.end = self.at;
        self.at += 1;
        Ok(quoted)
    }
}

fn keep(source: &str, from: usize, to: usize, unescaped: &mut String) {
    if let Some(text) = source.get(from..to) {
        unescaped.push_str(text);
    }
}

/// The character of the reference that begins at `at` with `&`, and where the text goes on.
pub(super) fn reference(source: &str, at: usize) -> Result<(char, usize), Fault> {
    let invalid = (Problem::InvalidReference, at);
    let body = source.get(at + 1..).ok_or(invalid)?;
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skipped) = match number.strip_prefix('x') {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits
            .bytes()
            .take_while(|byte| char::from(*byte).is_digit(radix))
            .count();
        let c = digits
            .get(..length)
            .and_then(|digits| u32::from_str_radix(digits, radix).ok())
            .and_then(char::from_u32)
            .filter(|c| is_allowed(*c));
        return match c {
            Some(c) if digits.as_bytes().get(length) == Some(&b';') => {
                Ok((c, at + skipped + length + 1))
            }
            _ => Err(invalid),
        };
    }
    let length = name_length(body);
    if length == 0 || body.as_bytes().get(length) != Some(&b';') {
        return Err(invalid);
    }
    let c = match body.get(..length) {
        Some("amp") => '&',
        Some("lt") => '<',
        Some("gt") => '>',
        Some("quot") => '"',
        Some("apos") => '\'',
        _ => return Err((Problem::UnknownEntity, at)),
    };
    Ok((c, at + 1 + length + 1))
}
