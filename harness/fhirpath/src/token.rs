//! An expression as tokens. Not for what they mean together: parse.rs.

use crate::error::ParseError;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier as written, without back quotes and with escapes resolved.
    Name { text: String, is_quoted: bool },
    /// A string, with escapes resolved.
    String(String),
    /// Digits, with a fraction if it is a decimal.
    Number(String),
    /// After the `@`, as written.
    Moment(String),
    /// After the `%`, without quotes.
    Variable(String),
    /// `$this`, `$index`, `$total`: without the `$`.
    Dollar(String),
    /// An operator or a bracket.
    Sign(&'static str),
    /// Nothing follows.
    End,
}

/// A token and where it begins, in bytes.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) at: usize,
}

/// Longer ones before those that they begin with.
const SIGNS: [&str; 23] = [
    "<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|",
    "<", ">", "=", "~", ";",
];

/// Reads a whole expression. The last token is [`Kind::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut reader = Reader { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        reader.skip_space()?;
        let at = reader.at;
        let kind = reader.next()?;
        let is_end = kind == Kind::End;
        tokens.push(Token { kind, at });
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error<T>(&self, at: usize, problem: &str) -> Result<T, ParseError> {
        Err(ParseError::at(self.text, at, problem))
    }

    fn skip_space(&mut self) -> Result<(), ParseError> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{a0}']);
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find(['\n', '\r']).unwrap_or(trimmed.len());
            } else if let Some(inside) = trimmed.strip_prefix("/*") {
                let Some(end) = inside.find("*/") else {
                    return self.error(self.at, "the comment does not end");
                };
                self.at += end + 4;
            } else {
                return Ok(());
            }
        }
    }

    fn next(&mut self) -> Result<Kind, ParseError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Kind::End);
        };
        match first {
            'A'..='Z' | 'a'..='z' | '_' => Ok(Kind::Name {
                text: self.word().to_owned(),
                is_quoted: false,
            }),
            '`' => Ok(Kind::Name {
                text: self.quoted(first)?,
                is_quoted: true,
            }),
            '\'' => Ok(Kind::String(self.quoted(first)?)),
            '0'..='9' => Ok(Kind::Number(self.number().to_owned())),
            '@' => self.moment(),
            '%' => self.variable(),
            '$' => {
                self.at += 1;
                Ok(Kind::Dollar(self.word().to_owned()))
            }
            _ => match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
                Some(sign) => {
                    self.at += sign.len();
                    Ok(Kind::Sign(sign))
                }
                None => self.error(self.at, &format!("{first:?} has no meaning here")),
            },
        }
    }

    fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !accepts(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn word(&mut self) -> &'t str {
        self.take_while(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    /// Digits, and a fraction if a digit follows the point.
    fn number(&mut self) -> &'t str {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        let mut after = self.rest().chars();
        if after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        &self.text[start..self.at]
    }

    fn moment(&mut self) -> Result<Kind, ParseError> {
        let start = self.at;
        self.at += 1;
        let from = self.at;
        if self.rest().starts_with('T') {
            self.at += 1;
            self.clock_time();
        } else {
            self.take_while(|c| c.is_ascii_digit() || c == '-');
            if self.rest().starts_with('T') {
                self.at += 1;
                self.clock_time();
                self.zone();
            }
        }
        let text = &self.text[from..self.at];
        if text.is_empty() {
            return self.error(start, "a date or a time follows `@`");
        }
        Ok(Kind::Moment(text.to_owned()))
    }

    /// A point belongs to the time only if a digit follows: `@T10:00.is(Time)`.
    fn clock_time(&mut self) {
        self.take_while(|c| c.is_ascii_digit() || c == ':');
        let mut after = self.rest().chars();
        if after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
    }

    fn zone(&mut self) {
        let rest = self.rest().as_bytes();
        match rest {
            [b'Z', ..] => self.at += 1,
            [b'+' | b'-', a, b, b':', c, d, ..]
                if [a, b, c, d].into_iter().all(u8::is_ascii_digit) =>
            {
                self.at += 6;
            }
            _ => {}
        }
    }

    fn variable(&mut self) -> Result<Kind, ParseError> {
        let start = self.at;
        self.at += 1;
        let name = match self.rest().chars().next() {
            Some(quote @ ('`' | '"' | '\'')) => self.quoted(quote)?,
            // The specification of FHIR writes %vs-name without quotes in places.
            _ => self
                .take_while(|c| c.is_ascii_alphanumeric() || c == '_')
                .to_owned(),
        };
        if name.is_empty() {
            return self.error(start, "the name of a variable follows `%`");
        }
        Ok(Kind::Variable(name))
    }

    fn quoted(&mut self, quote: char) -> Result<String, ParseError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.rest().chars().next() else {
                return self.error(start, &format!("what begins with {quote} does not end"));
            };
            self.at += c.len_utf8();
            match c {
                '\\' => text.push(self.escaped()?),
                c if c == quote => return Ok(text),
                c => text.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, ParseError> {
        let at = self.at - 1;
        let Some(c) = self.rest().chars().next() else {
            return self.error(at, "a character follows `\\`");
        };
        self.at += c.len_utf8();
        Ok(match c {
            '\'' | '"' | '`' | '\\' | '/' => c,
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(at),
            _ => return self.error(at, &format!("`\\{c}` is no escape of FHIRPath")),
        })
    }

    /// Four digits after `\u`; of a pair of surrogates both.
    fn unicode(&mut self, at: usize) -> Result<char, ParseError> {
        let Some(high) = self.four_digits() else {
            return self.error(at, "four hexadecimal digits follow `\\u`");
        };
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
            self.at += 2;
            let low = self.four_digits().unwrap_or_default();
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                if let Some(c) = char::from_u32(code) {
                    return Ok(c);
                }
            }
        }
        self.error(at, "this is no character of Unicode")
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        let found = tokens(text).unwrap();
        found.into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn a_point_after_digits_is_a_fraction_only_before_a_digit() {
        assert_eq!(kinds("1.5")[0], Kind::Number("1.5".to_owned()));
        assert_eq!(kinds("1.abs()")[1], Kind::Sign("."));
        assert_eq!(kinds("@T10.is(Time)")[0], Kind::Moment("T10".to_owned()));
    }

    #[test]
    fn escapes_are_resolved() {
        let text = kinds(r"'\u0041\ud83d\ude00\n\''");
        assert_eq!(text[0], Kind::String("A\u{1f600}\n'".to_owned()));
    }

    #[test]
    fn what_does_not_end_is_an_error_at_its_beginning() {
        for (text, column) in [("a = 'b", 5), ("a /* b", 3), ("`a", 1), ("%", 1), ("@", 1)] {
            assert_eq!(tokens(text).unwrap_err().column, column, "{text}");
        }
        for text in [r"'\u12'", r"'\ud800'", r"'\x'", "a # b", "a ? b", "'\\"] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }
}
