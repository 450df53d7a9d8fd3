//! Which characters XML 1.0, fifth edition, allows where. Not for what they mean there.

/// White space of XML.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Nothing but white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

/// Whether XML can hold the character at all, production 2.
pub(crate) const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Production 4 without the colon, which namespaces keep for prefixes.
const fn starts_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// Production 4a without the colon.
const fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c,
            '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// [`continues_name`] of the characters that are one byte.
static CONTINUES_NAME: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = continues_name(byte as char);
        byte += 1;
    }
    table
};

/// How many bytes of a name without colon the text begins with; 0 for none.
pub(crate) fn name_length(text: &str) -> usize {
    let is_simple = |byte: &u8| CONTINUES_NAME.get(usize::from(*byte)) == Some(&true);
    let bytes = text.as_bytes();
    let simple = bytes.iter().position(|byte| !is_simple(byte));
    let simple = simple.unwrap_or(bytes.len());
    let rest = match bytes.get(simple) {
        // The usual case: a name of simple characters, and after it one that belongs to none.
        Some(128..) => text.get(simple..).unwrap_or_default(),
        Some(_) | None => "",
    };
    let length = simple
        + rest
            .chars()
            .take_while(|c| continues_name(*c))
            .map(char::len_utf8)
            .sum::<usize>();
    match text.chars().next() {
        Some(first) if starts_name(first) => length,
        _ => 0,
    }
}

/// Whether the text is a name with at most one prefix.
pub(crate) fn is_qualified_name(text: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && name_length(part) == part.len();
    match text.split_once(':') {
        Some((prefix, local)) => is_name(prefix) && is_name(local),
        None => is_name(text),
    }
}

/// Byte offset of the first character that XML does not allow anywhere.
pub(crate) fn first_disallowed(source: &str) -> Option<usize> {
    const STRIDE: usize = 64;
    let bytes = source.as_bytes();
    for (number, chunk) in bytes.chunks(STRIDE).enumerate() {
        // A pass over what is nearly always clean, in a form that compiles to few instructions.
        let suspects = chunk
            .iter()
            .map(|byte| u8::from((*byte < 0x20 && !is_space(*byte)) || *byte == 0xef))
            .sum::<u8>();
        if suspects == 0 {
            continue;
        }
        let start = number * STRIDE;
        let bad = (start..start + chunk.len()).find(|at| {
            match bytes.get(*at..).unwrap_or_default() {
                // U+FFFE and U+FFFF.
                [0xef, 0xbf, last, ..] => *last >= 0xbe,
                [byte, ..] => *byte < 0x20 && !is_space(*byte),
                [] => false,
            }
        });
        if bad.is_some() {
            return bad;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_no_text_may_hold() {
        for (text, wanted) in [
            ("", None),
            ("a\tb\nc\rd", None),
            ("\u{feff}\u{fffd}\u{ffef}\u{f8ff}", None),
            ("a\u{b}", Some(1)),
            ("\u{0}", Some(0)),
            ("\u{7f}\u{85}", None),
            ("ab\u{fffe}", Some(2)),
            ("\u{e9}\u{ffff}", Some(2)),
        ] {
            assert_eq!(first_disallowed(text), wanted, "{text:?}");
            let padded = format!("{}{text}", "x".repeat(63));
            assert_eq!(
                first_disallowed(&padded),
                wanted.map(|at| at + 63),
                "{text:?}"
            );
        }
        for c in (0..=0x11_0000).filter_map(char::from_u32) {
            assert_eq!(
                first_disallowed(&c.to_string()).is_none(),
                is_allowed(c),
                "{c:?}"
            );
        }
    }

    #[test]
    fn knows_names() {
        for name in [
            "a",
            "_",
            "a-1.b",
            "\u{e9}t\u{e9}",
            "p:a",
            "a\u{b7}",
            "\u{10000}",
        ] {
            assert!(is_qualified_name(name), "{name}");
        }
        for no_name in [
            "",
            "1",
            "-a",
            ".a",
            ":",
            ":a",
            "a:",
            "a:b:c",
            "a b",
            "\u{b7}",
            "a:1",
            "\u{d7}",
            "\u{f0000}",
        ] {
            assert!(!is_qualified_name(no_name), "{no_name}");
        }
    }
}
