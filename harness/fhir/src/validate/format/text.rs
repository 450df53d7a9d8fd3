//! Texts: id, code, string, base64Binary.

use super::{Fault, bytes, is_plain};

/// 1 to 64 letters, digits, hyphens and full stops.
pub(in crate::validate) fn id(text: &str) -> Result<(), Fault> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    if !text.bytes().all(allowed) {
        return Err("it holds a character other than letters, digits, - and .");
    }
    if text.len() > 64 {
        return Err("it is longer than 64 characters");
    }
    Ok(())
}

/// No white space around, and single spaces inside.
pub(in crate::validate) fn code(text: &str) -> Result<(), Fault> {
    if is_plain(text) {
        return Ok(());
    }
    let mut last = ' ';
    let mut found = None;
    for c in text.chars() {
        if c.is_whitespace() {
            if last.is_whitespace() {
                found =
                    Some("it has white space at the beginning, or more than one space in a row");
                break;
            }
            if c != ' ' {
                return Err("it holds white space other than a space");
            }
        }
        last = c;
    }
    match found {
        Some(fault) => Err(fault),
        None if last.is_whitespace() => Err("it has white space at the end"),
        None => Ok(()),
    }
}

/// What can be said of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::validate) enum Text {
    Good,
    Blank,
    Control,
    TooLong,
}

const MOST_CHARACTERS: usize = 1024 * 1024;

/// Whether a string is good, begins with a visible character of ASCII, and has no `<`, as nearly every one.
pub(in crate::validate) fn is_ordinary(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= MOST_CHARACTERS
        && bytes.first().is_some_and(u8::is_ascii_graphic)
        && !bytes::has_control_or_tag(bytes)
}

/// Whether something looks like a tag of HTML: `<` or `</`, a letter, and `>` somewhere behind.
pub(in crate::validate) fn has_tag(text: &str) -> bool {
    let mut begins = text.match_indices('<').map(|(at, _)| at + 1);
    let begin = begins.find_map(|at| {
        let rest = text.get(at..)?;
        let name = rest.strip_prefix('/').unwrap_or(rest);
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            .then_some(name)
    });
    // Behind a later beginning there is no > that is not also behind the first.
    begin.is_some_and(|rest| rest.contains('>'))
}

/// Length, blankness, control characters.
pub(in crate::validate) fn string(text: &str) -> Text {
    if text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS {
        return Text::TooLong;
    }
    let bytes = text.as_bytes();
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Looking for any low byte first is quick, and there is seldom one.
    if bytes::has_control(bytes) && bytes.iter().any(is_control) {
        return Text::Control;
    }
    let begins = bytes
        .first()
        .is_some_and(|byte| (b'!'..0x80).contains(byte));
    if !begins && text.chars().all(char::is_whitespace) {
        return Text::Blank;
    }
    Text::Good
}

/// Groups of four characters, white space between them allowed, padding at the end.
pub(in crate::validate) fn base64(text: &str) -> Result<(), Fault> {
    let mut characters: usize = 0;
    let mut padding = 0;
    for byte in text.bytes() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'=' => padding += 1,
            b'+' | b'/' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                if padding > 0 {
                    return Err("something follows the = of the end");
                }
            }
            _ => return Err("it holds a character that base64 does not use"),
        }
        characters += 1;
    }
    if padding > 2 || !characters.is_multiple_of(4) {
        return Err("its length is no multiple of four, or it is not padded");
    }
    if characters == 0 {
        return Err("it holds only white space");
    }
    Ok(())
}
