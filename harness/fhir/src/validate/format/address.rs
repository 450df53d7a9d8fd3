//! Addresses: uri and its kin, oid, uuid, and the forms of a reference.

use super::{Fault, are_digits, is_plain};

const SPACE: Fault = "it holds white space";
/// What stands after `urn:uuid:` is something else.
pub(in crate::validate) const NO_UUID: Fault = "what follows urn:uuid: is no UUID";

/// `canonical`: an address, and perhaps a version after `|`.
pub(in crate::validate) fn canonical(text: &str) -> Result<(), Fault> {
    if has_space(text) {
        return Err(SPACE);
    }
    uri(text.split(['|', '#']).next().unwrap_or_default())
}

/// Whether an address is a UUID with capital letters, which only small ones should have.
pub(in crate::validate) fn is_capital_uuid(text: &str) -> bool {
    let uuid = text.strip_prefix("urn:uuid:");
    uuid.is_some_and(|uuid| uuid.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// Whether this is the address of a web page, as nearly every one is: good as `uri`, `url` and `canonical`.
pub(in crate::validate) fn is_ordinary(text: &str) -> bool {
    text.starts_with("http") && is_plain(text)
}

/// `uri` and `url`.
pub(in crate::validate) fn uri(text: &str) -> Result<(), Fault> {
    if has_space(text) {
        return Err(SPACE);
    }
    if text.starts_with("http") {
        return Ok(());
    }
    if text.starts_with("oid:") {
        return Err("an OID begins with urn:oid:");
    }
    if text.starts_with("uuid:") {
        return Err("a UUID begins with urn:uuid:");
    }
    if let Some(rest) = text.strip_prefix("urn:uuid:") {
        return is_uuid(rest).then_some(()).ok_or(NO_UUID);
    }
    if text.starts_with("urn:oid:") {
        return oid(text);
    }
    Ok(())
}

fn has_space(text: &str) -> bool {
    !is_plain(text) && text.contains(|c: char| c <= ' ' || c.is_whitespace())
}

/// `urn:oid:` and numbers with dots.
pub(in crate::validate) fn oid(text: &str) -> Result<(), Fault> {
    let Some(arcs) = text.strip_prefix("urn:oid:") else {
        return Err("it does not begin with urn:oid:");
    };
    let mut arcs = arcs.split('.');
    if !matches!(arcs.next(), Some("0" | "1" | "2")) {
        return Err("its first number is not 0, 1 or 2");
    }
    let mut count = 0;
    for arc in arcs {
        if !are_digits(arc.as_bytes()) {
            return Err("it holds something other than numbers with dots");
        }
        if arc.len() > 1 && arc.starts_with('0') {
            return Err("one of its numbers has leading zeros");
        }
        count += 1;
    }
    if count == 0 {
        return Err("it has one number only");
    }
    Ok(())
}

/// `urn:uuid:` and a UUID in small letters.
pub(in crate::validate) fn uuid(text: &str) -> Result<(), Fault> {
    let Some(rest) = text.strip_prefix("urn:uuid:") else {
        return Err("it does not begin with urn:uuid:");
    };
    if !is_uuid(rest) {
        return Err(NO_UUID);
    }
    if rest.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err("it has capital letters");
    }
    Ok(())
}

fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether an address is on a host that is reserved for examples (RFC 2606, section 2 and 3).
pub(in crate::validate) fn is_example(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#', '|']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    let mut labels = host.trim_end_matches('.').rsplit('.');
    let is = |label: Option<&str>, wanted: &[&str]| {
        label.is_some_and(|label| wanted.iter().any(|it| label.eq_ignore_ascii_case(it)))
    };
    let top = labels.next();
    is(top, &["example"]) || is(top, &["org", "com", "net"]) && is(labels.next(), &["example"])
}

/// Whether an address says where it begins: a scheme and a colon.
pub(in crate::validate) fn is_absolute(text: &str) -> bool {
    if text.starts_with("http://") || text.starts_with("https://") {
        return true;
    }
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut letters = scheme.bytes();
    let begins = letters
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic());
    let goes_on = letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    begins && goes_on && !rest.is_empty()
}
