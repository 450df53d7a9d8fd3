//! A quick look at narrative in a string, which says of nearly all of it that it is good.
//! Not what is wrong with the rest: narrative.rs reads that as XML.

use super::format::bytes;
use super::xhtml::{is_attribute, is_element};

const OPENING: &[u8] = b"<div xmlns=\"http://www.w3.org/1999/xhtml\"";

/// More open elements than nearly any narrative has.
const MOST_OPEN: usize = 32;
/// More attributes than any element of narrative has.
const MOST_ATTRIBUTES: usize = 8;

/// Whether narrative in a string is certainly as it should be. Comments, prefixes and all that is unusual is
/// not certain: then the narrative is read as XML.
pub(super) fn is_surely_good(text: &str) -> bool {
    let bytes = text.as_bytes();
    let after = bytes.get(1..).unwrap_or_default();
    // Without a way out before the end, many bytes are looked at at once. The last byte is that of an end tag.
    let mut has_low = false;
    let mut has_reference = false;
    let mut has_section_end = false;
    let mut all = 0;
    for (byte, next) in bytes.iter().zip(after) {
        has_low |= *byte < b' ';
        has_reference |= *byte == b'&';
        has_section_end |= (byte ^ b']') | (next ^ b']') == 0;
        all |= byte;
    }
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Two characters that XML does not have begin with this byte, among many that it has.
    let is_doubtful = |byte: &u8| *byte == 0xEF;
    let is_wild = has_section_end
        || has_low && bytes.iter().any(is_control)
        || !all.is_ascii()
            && bytes.iter().any(is_doubtful)
            && text.contains(['\u{fffe}', '\u{ffff}']);
    // From here on only tags, quotes and references need a look.
    !is_wild && through(bytes, has_reference).is_some()
}

/// An element that is open.
#[derive(Clone, Copy)]
struct Open<'t> {
    name: &'t [u8],
    /// The name and the bracket that ends its tag, at the top of the word; of a long name nothing.
    word: u64,
    /// How many bits of the word are below them.
    below: u32,
}

/// The longest name with its bracket that is kept in a word, behind which one byte is free.
const SHORT: usize = 7;

/// The bits of a word that are below so many bytes at its top.
fn bits_below(bytes: usize) -> u32 {
    u64::BITS - 8 * u32::try_from(bytes).unwrap_or(0)
}

/// The eight bytes at the beginning.
fn word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk::<8>().map(|it| u64::from_le_bytes(*it))
}

/// Goes from the beginning to the end. Each step is `None` for what is not certainly good.
fn through(bytes: &[u8], has_reference: bool) -> Option<()> {
    let (is_closed, mut at) = attributes(
        bytes,
        b"div",
        bytes.starts_with(OPENING).then_some(OPENING.len())?,
    )?;
    if is_closed {
        return None;
    }
    let none = Open {
        name: b"",
        word: 0,
        below: 0,
    };
    // Those inside the div.
    let mut open = [none; MOST_OPEN];
    let mut depth = 0;
    let mut has_content = false;
    loop {
        let begun = at;
        at = if has_reference {
            beyond_text(bytes, at)?
        } else {
            at + bytes::find(bytes.get(at..)?, [b'<'])? + 1
        };
        has_content = has_content || bytes.get(begun..at - 1)?.iter().any(|it| *it > b' ');
        let rest = bytes.get(at..)?;
        let Some(word) = word(rest) else {
            // Only the end of the div is so near the end of all.
            return (has_content && depth == 0 && rest == b"/div>").then_some(());
        };
        if word & 0xff == u64::from(b'/') {
            depth = usize::checked_sub(depth, 1)?;
            let Open {
                name,
                word: opened,
                below,
            } = *open.get(depth)?;
            let is_same = if opened == 0 {
                let (written, rest) = rest.get(1..)?.split_at_checked(name.len())?;
                written == name && rest.first() == Some(&b'>')
            } else {
                (word >> 8) << below == opened
            };
            is_same.then_some(())?;
            at += name.len() + 2;
            continue;
        }
        // Most tags are a short name and nothing else.
        let bare = bytes::place(word, b'>').and_then(|length| rest.get(..length));
        if let Some(name) = bare.filter(|name| name.len() < SHORT && is_element(name)) {
            let below = bits_below(name.len() + 1);
            *open.get_mut(depth)? = Open {
                name,
                word: word << below,
                below,
            };
            depth += 1;
            at += name.len() + 1;
            continue;
        }
        let name = name(rest)?;
        is_element(name).then_some(())?;
        has_content |= name == b"img";
        let (is_closed, next) = attributes(bytes, name, at + name.len())?;
        at = next;
        if !is_closed {
            *open.get_mut(depth)? = Open { name, ..none };
            depth += 1;
        }
    }
}

fn name(rest: &[u8]) -> Option<&[u8]> {
    let ends = |byte: &u8| !byte.is_ascii_alphanumeric();
    let length = rest.iter().position(ends)?;
    rest.get(..length)
}

/// Attributes and the end of a start tag. Says whether the element is closed with it, and where it ends.
fn attributes(bytes: &[u8], element: &[u8], mut at: usize) -> Option<(bool, usize)> {
    let mut names: [&[u8]; MOST_ATTRIBUTES] = [b""; MOST_ATTRIBUTES];
    let mut count = 0;
    loop {
        let rest = bytes.get(at..)?;
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let spaces = rest.iter().position(|byte| !is_space(byte))?;
        let rest = rest.get(spaces..)?;
        at += spaces;
        match rest {
            [b'>', ..] => return Some((false, at + 1)),
            [b'/', b'>', ..] => return Some((true, at + 2)),
            _ if spaces == 0 => return None,
            _ => {}
        }
        let name = name(rest)?;
        if !is_attribute(element, name) || names.get(..count)?.contains(&name) {
            return None;
        }
        *names.get_mut(count)? = name;
        count += 1;
        let [b'=', quote @ (b'"' | b'\''), ..] = rest.get(name.len()..)? else {
            return None;
        };
        at = beyond_value(bytes, at + name.len() + 2, *quote)?;
    }
}

/// Goes beyond the quote that ends a value.
fn beyond_value(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        let length = bytes::find(rest, [quote, b'<', b'&'])?;
        at += length + 1;
        match rest.get(length)? {
            b'<' => return None,
            b'&' => is_reference(bytes.get(at..)?).then_some(())?,
            _ => return Some(at),
        }
    }
}

/// Goes beyond the bracket that begins a tag.
fn beyond_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        let length = bytes::find(rest, [b'<', b'&'])?;
        at += length + 1;
        if rest.get(length) == Some(&b'<') {
            return Some(at);
        }
        is_reference(bytes.get(at..)?).then_some(())?;
    }
}

/// Whether a reference to a character follows that every reader of XML knows.
fn is_reference(rest: &[u8]) -> bool {
    // The longest that is known here has seven digits and a #.
    let rest = rest.get(..9).unwrap_or(rest);
    let Some(end) = rest.iter().position(|byte| *byte == b';') else {
        return false;
    };
    let name = &rest[..end];
    if matches!(name, b"amp" | b"lt" | b"gt" | b"quot" | b"apos") {
        return true;
    }
    let Some((b'#', digits)) = name.split_first() else {
        return false;
    };
    let is_number = digits.iter().all(u8::is_ascii_digit);
    let number = digits.iter().fold(0, |number: u32, digit| {
        number * 10 + u32::from(digit & 0x0f)
    });
    // Visible characters of the first plane, below the surrogates.
    is_number && (0x21..0xd800).contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_narrative_is_surely_good() {
        let div =
            |inner: &str| format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        for inner in [
            "text",
            "<p>a &amp; b &#160;</p>",
            "<table border=\"1\"><tr><td colspan='2'>x</td></tr></table>",
            "<img src=\"#a\" alt=\"b\"/>",
            "a<br/>b",
            "\u{feff}zero",
        ] {
            assert!(is_surely_good(&div(inner)), "{inner}");
        }
        for inner in [
            "",
            " ",
            "<p></p>",
            "<script>x</script>",
            "<p onclick=\"x\">a</p>",
            "<p class=\"a\" class=\"b\">a</p>",
            "<p>a",
            "a</p>",
            "&nbsp;",
            "a & b",
            "&#0;",
            "]]>",
            "\u{1}a",
            "\u{ffff}a",
            "<!-- c -->a",
            "<P>a</P>",
            "</div><div>a",
        ] {
            assert!(!is_surely_good(&div(inner)), "{inner}");
        }
        for text in [
            "",
            "text",
            "<div>a</div>",
            "<p>a</p>",
            "<div xmlns=\"x\">a</div>",
        ] {
            assert!(!is_surely_good(text), "{text}");
        }
    }
}
