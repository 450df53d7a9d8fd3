//! `encode`, `decode`, `escape`, `unescape`. Not for other functions of strings: text.rs.

use crate::collection::Collection;
use crate::error::{Eval, EvalError};
use crate::evaluate::{Evaluator, Invocation};
use crate::text::{argument, input};
use crate::value::Value;
use std::fmt::Write as _;

type Result<'a> = Eval<Collection<'a>>;

const PLAIN: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Applies to the string what the argument names; nothing if one is missing.
fn apply<'a>(
    it: &Evaluator<'_, 'a>,
    call: &Invocation<'_, 'a>,
    by: impl Fn(&str, &str) -> Option<Option<String>>,
) -> Result<'a> {
    let (text, form) = (input(it, call)?, argument(it, call, 0)?);
    let (Some(text), Some(form)) = (text, form) else {
        return Ok(Collection::empty());
    };
    it.length(text.len().saturating_mul(6))?;
    match by(&text, &form) {
        Some(result) => Ok(Collection::maybe(result.map(Value::owned))),
        None => Err(EvalError::WrongValue {
            what: call.name(),
            problem: format!("`{form}` is no form that it knows"),
        }),
    }
}

pub(crate) fn encode<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    apply(it, &call, |text, form| {
        Some(Some(match form {
            "hex" => hex(text.as_bytes()),
            "base64" => base64(text.as_bytes(), PLAIN),
            "urlbase64" => base64(text.as_bytes(), URL),
            _ => return None,
        }))
    })
}

pub(crate) fn decode<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    apply(it, &call, |text, form| {
        let bytes = match form {
            "hex" => from_hex(text),
            "base64" => from_base64(text, PLAIN),
            "urlbase64" => from_base64(text, URL),
            _ => return None,
        };
        Some(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    })
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut bits = 0_u32;
        for at in 0..3 {
            bits = bits << 8 | u32::from(group.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            let index = (bits >> (18 - 6 * at)) & 63;
            let letter = alphabet.get(index as usize).copied().unwrap_or(b'=');
            out.push(if at <= group.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}

fn from_base64(text: &str, alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes() {
        let index = alphabet.iter().position(|it| *it == letter)?;
        bits = bits << 6 | u32::try_from(index).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 255).ok()?);
        }
        bits &= (1 << count) - 1;
    }
    (bits == 0 && count < 6).then_some(out)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

pub(crate) fn escape<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    apply(it, &call, |text, form| {
        Some(Some(match form {
            "html" => text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
            "json" => to_json(text),
            _ => return None,
        }))
    })
}

fn to_json(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

pub(crate) fn unescape<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    apply(it, &call, |text, form| match form {
        "html" => Some(Some(from_html(text))),
        "json" => Some(from_json(text)),
        _ => None,
    })
}

/// What is no entity stays as it is.
fn from_html(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let end = entity.find(';').filter(|end| *end <= 10);
        let found = end.and_then(|end| Some((character(entity.get(1..end)?)?, end)));
        let (c, end) = found.unwrap_or(('&', 0));
        out.push(c);
        rest = &entity[end + 1..];
    }
    out.push_str(rest);
    out
}

fn character(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let digits = entity.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

/// `None` if an escape is none of JSON.
fn from_json(text: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\u{8}',
                'f' => '\u{c}',
                c @ ('"' | '\\' | '/') => c,
                'u' => {
                    let digits: String = chars.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).ok()?);
                    continue;
                }
                _ => return None,
            },
            c => c,
        };
        units.extend(c.encode_utf16(&mut [0; 2]).iter());
    }
    String::from_utf16(&units).ok()
}
