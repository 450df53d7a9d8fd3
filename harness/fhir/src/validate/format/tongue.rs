//! The forms of codes whose sets are too large to list: media types, languages, units.
//! A good form says nothing about whether the code exists.

/// A media type: `type/subtype`, with parameters. Their values are not judged but for white space: many that are
/// in use should be in quotes and are not.
pub(in crate::validate) fn is_media_type(text: &str) -> bool {
    let mut parts = text.split(';');
    let essence = parts.next().unwrap_or_default().trim_end_matches(' ');
    let is_essence = essence
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    is_essence
        && parts.all(|parameter| {
            let named = parameter.trim_matches(' ').split_once('=');
            named.is_some_and(|(name, value)| is_token(name) && is_value(value))
        })
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn is_value(text: &str) -> bool {
    let is_quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
    is_quoted || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A language tag of BCP 47: subtags of 1 to 8 letters and digits, the first a language of 2 to 8 letters, or
/// `x` or `i` with more behind it.
pub(in crate::validate) fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let first = subtags.next().unwrap_or_default();
    let rest_is_good = subtags.all(|subtag| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let is_language = (2..=8).contains(&first.len());
    let is_special = matches!(first, "x" | "X" | "i" | "I") && text.len() > 2;
    rest_is_good
        && (is_language || is_special)
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// A unit of UCUM, roughly: visible ASCII, brackets in pairs, nothing nested inside braces.
pub(in crate::validate) fn is_unit(text: &str) -> bool {
    let mut open = 0_usize;
    let mut inside = None;
    for byte in text.bytes() {
        if !byte.is_ascii_graphic() {
            return false;
        }
        match (inside, byte) {
            (Some(b'{'), b'}') | (Some(b'['), b']') => inside = None,
            (Some(_), b'{' | b'[') | (None, b'}' | b']') => return false,
            (None, b'{' | b'[') => inside = Some(byte),
            (None, b'(') => open += 1,
            (None, b')') => match open.checked_sub(1) {
                Some(fewer) => open = fewer,
                None => return false,
            },
            (Some(_) | None, _) => {}
        }
    }
    !text.is_empty() && inside.is_none() && open == 0
}
