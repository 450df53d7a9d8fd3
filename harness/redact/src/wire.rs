//! URLs, headers, references and media types.

use crate::allow_list::{self, HeaderRule};
use crate::policy::Policy;
use plumbline_model::{Environment, Header};
use std::borrow::Cow;

/// Who chose the host of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    /// The tester: it is the target's own and may be kept.
    Ours,
    /// The target: kept only if it is one of the base URLs.
    Theirs,
}

pub(crate) fn url(policy: &Policy, url: &str, host: Host) -> String {
    match (url.split_once('#'), host) {
        (None, _) => without_fragment(policy, url, host),
        (Some((before, _)), Host::Ours) => without_fragment(policy, before, host),
        // The target wrote it, so it must not look as if it had not been there.
        (Some((before, _)), Host::Theirs) => without_fragment(policy, before, host) + "#{fragment}",
    }
}

fn without_fragment(policy: &Policy, url: &str, host: Host) -> String {
    let (place, query) = match url.split_once('?') {
        Some((place, query)) => (place, Some(query)),
        None => (url, None),
    };
    let base = policy.base_urls().iter().find(|base| {
        place
            .strip_prefix(base.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let (mut text, path) = if let Some(base) = base {
        (base.clone(), place.get(base.len()..).unwrap_or_default())
    } else if let Some((scheme, rest)) = place.split_once("://") {
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        (origin(policy, scheme, authority, host), path)
    } else if place.starts_with("urn:") {
        return policy.uri(place).unwrap_or_else(|| "{uri}".to_owned());
    } else {
        (String::new(), place)
    };
    for (at, segment) in path.split('/').enumerate() {
        if at > 0 {
            text.push('/');
        }
        text.push_str(&path_segment(policy, segment, host));
    }
    if let Some(query) = query {
        text.push('?');
        let pieces: Vec<String> = query
            .split('&')
            .filter(|piece| !piece.is_empty())
            .map(|piece| parameter(policy, piece))
            .collect();
        text.push_str(&pieces.join("&"));
    }
    text
}

fn origin(policy: &Policy, scheme: &str, authority: &str, host: Host) -> String {
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" => "https",
        "http" => "http",
        _ => return "{uri}".to_owned(),
    };
    let (user, name) = match authority.rsplit_once('@') {
        Some((_, name)) => ("{redacted}@", name),
        None => ("", authority),
    };
    let own = format!("{scheme}://{name}");
    let is_base = policy.base_urls().iter().any(|base| {
        base.strip_prefix(own.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let formed = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    if formed && (is_base || host == Host::Ours) && policy.second_net(name) == name {
        format!("{scheme}://{user}{name}")
    } else {
        format!("{scheme}://{user}{{host}}")
    }
}

fn path_segment(policy: &Policy, segment: &str, host: Host) -> String {
    if segment.is_empty() || allow_list::is_path_word(segment) {
        return segment.to_owned();
    }
    let plain = decoded(segment);
    // What the target wrote in an odd way must not look as if it had been written plainly.
    let is_odd = host == Host::Theirs && plain != segment;
    policy
        .known(&plain)
        .filter(|known| !is_odd || *known != plain)
        .unwrap_or_else(|| "{id}".to_owned())
}

fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    // A piece without `=` and `&` is one key; the decoder does the rest.
    let text = text.replace('=', "%3D").replace('&', "%26");
    match url::form_urlencoded::parse(text.as_bytes()).next() {
        Some((key, _)) => Cow::Owned(key.into_owned()),
        None => Cow::Borrowed(""),
    }
}

fn parameter(policy: &Policy, piece: &str) -> String {
    let (key, value) = match piece.split_once('=') {
        Some((key, value)) => (decoded(key), Some(decoded(value))),
        None => (decoded(piece), None),
    };
    let known_key = key.split([':', '.']).all(|word| {
        allow_list::is_search_parameter(word)
            || allow_list::is_path_word(word)
            || allow_list::is_code(word)
    }) && key
        .split([':', '.'])
        .next()
        .is_some_and(allow_list::is_search_parameter);
    let shown_key = if known_key { &key } else { "{parameter}" };
    let Some(value) = value else {
        return shown_key.to_owned();
    };
    let counts = matches!(&*key, "_count" | "_offset" | "_page" | "page");
    let values: Vec<String> = match policy.known(&value) {
        Some(known) if !allow_list::is_code(&value) => vec![known],
        _ => value
            .split(',')
            .map(|value| parameter_value(policy, value, counts))
            .collect(),
    };
    let values = values.join(",");
    format!("{shown_key}={}", encoded(&values))
}

/// Encodes what would end a URL or a parameter, outside tokens.
fn encoded(text: &str) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        inside = c == '{' || (inside && c != '}');
        match c {
            ' ' if !inside => out.push_str("%20"),
            '&' if !inside => out.push_str("%26"),
            '#' if !inside => out.push_str("%23"),
            other => out.push(other),
        }
    }
    out
}

fn parameter_value(policy: &Policy, value: &str, counts: bool) -> String {
    if let Some((system, code)) = value.split_once('|') {
        let system = match system {
            "" => String::new(),
            _ => policy
                .uri(system)
                .or_else(|| policy.known(system))
                .unwrap_or_else(|| "{uri}".to_owned()),
        };
        return format!("{system}|{}", plain_value(policy, code));
    }
    if counts && value.len() <= 4 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.to_owned();
    }
    if value.contains('/') {
        if let Some(media) = protocol(value) {
            return media;
        }
        return reference(policy, value);
    }
    // `_include=AllergyIntolerance:patient`, `_sort=-date`
    let words = |text: &str| {
        text.split(':')
            .all(|word| allow_list::is_resource_type(word) || allow_list::is_search_parameter(word))
    };
    if words(value.strip_prefix('-').unwrap_or(value)) || protocol(value).is_some() {
        return value.to_owned();
    }
    plain_value(policy, value)
}

fn plain_value(policy: &Policy, value: &str) -> String {
    if value.is_empty() || allow_list::is_code(value) {
        return value.to_owned();
    }
    if let Some(known) = policy.known(value) {
        return known;
    }
    // A date with a prefix such as `ge`.
    if let Some((prefix, rest)) = value.split_at_checked(2)
        && matches!(
            prefix,
            "eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap"
        )
        && let Some(known) = policy.known(rest)
    {
        return format!("{prefix}{known}");
    }
    "{value}".to_owned()
}

/// `Patient/{id}`, with what is not a type or a known id replaced.
pub(crate) fn reference(policy: &Policy, value: &str) -> String {
    if let Some(local) = value.strip_prefix('#') {
        return format!(
            "#{}",
            policy.known(local).unwrap_or_else(|| "{id}".to_owned())
        );
    }
    if value.contains(':') {
        return url(policy, value, Host::Theirs);
    }
    let mut segments = value.split('/');
    match segments.next() {
        Some(first) if allow_list::is_resource_type(first) && value.contains('/') => {
            url(policy, value, Host::Theirs)
        }
        _ => policy
            .known(value)
            .unwrap_or_else(|| "{reference}".to_owned()),
    }
}

/// Half a year, one and two, in seconds: longer than any other number that stays, and the same for everybody.
const YEARS: [&str; 4] = ["15552000", "15768000", "31536000", "63072000"];

/// A media type or a list of protocol words, if all of them are known.
pub(crate) fn protocol(value: &str) -> Option<String> {
    let formed = (1..=160).contains(&value.len())
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/+.;=, *-".contains(c));
    let known = formed
        && value.split([',', ';']).all(|piece| {
            let piece = piece.trim().to_ascii_lowercase();
            match piece.split_once('=') {
                Some((name, value)) => {
                    allow_list::MEDIA_PARAMETERS
                        .iter()
                        .any(|(own, values)| *own == name && values.contains(&value))
                        || (name == "max-age" && YEARS.contains(&value))
                        || (matches!(name, "max-age" | "s-maxage")
                            && value.len() <= 6
                            && value.bytes().all(|byte| byte.is_ascii_digit()))
                }
                None => allow_list::MEDIA_WORDS.contains(&piece.as_str()),
            }
        });
    known.then(|| value.to_owned())
}

pub(crate) fn headers<'a>(
    policy: &Policy,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<Header> {
    let mut kept = Vec::new();
    let mut others = 0_usize;
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        let value = value.trim();
        let shown = match allow_list::header(&name) {
            None => {
                others += 1;
                continue;
            }
            Some(HeaderRule::Dropped) => continue,
            Some(HeaderRule::Protocol) => protocol(value),
            Some(HeaderRule::Number(digits)) => (value.len() <= digits
                && value.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| value.to_owned()),
            Some(HeaderRule::Url) => Some(url(policy, value, Host::Theirs)),
            Some(HeaderRule::Mock) => (policy.environment() == Environment::Mock
                && allow_list::has_code_form(value)
                && policy.clean(value))
            .then(|| value.to_owned()),
            Some(HeaderRule::Client) => value
                .strip_prefix("plumbline/")
                .is_some_and(allow_list::has_version_form)
                .then(|| value.to_owned()),
            Some(HeaderRule::Token(token)) => Some(token.to_owned()),
        };
        kept.push(Header {
            name,
            value: shown.unwrap_or_else(|| "{redacted}".to_owned()),
        });
    }
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    if others > 0 {
        kept.push(Header {
            name: "other".to_owned(),
            value: format!("{others} not kept"),
        });
    }
    kept
}

/// A FHIRPath-like place with names that are not FHIR's replaced.
pub(crate) fn place(path: &str) -> String {
    let mut text = String::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (name, after) = next_segment(rest);
        let (name, index) = match name.split_once('[') {
            Some((name, index)) if !name.starts_with('`') => (name, index),
            _ => (name, ""),
        };
        if !text.is_empty() {
            text.push('.');
        }
        let kept = if text.is_empty() {
            name == "$" || allow_list::is_resource_type(name) || allow_list::class(name).is_some()
        } else {
            allow_list::class(name).is_some()
        };
        text.push_str(if kept { name } else { "{element}" });
        for index in index.split('[') {
            let digits = index.trim_end_matches(']');
            if !digits.is_empty()
                && digits.len() <= 7
                && digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                text.push('[');
                text.push_str(digits);
                text.push(']');
            }
        }
        rest = after;
    }
    text
}

/// The text up to the next dot that is not inside backticks, and the text after it.
fn next_segment(path: &str) -> (&str, &str) {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in path.char_indices() {
        match c {
            '`' if !escaped => quoted = !quoted,
            '.' if !quoted => return (&path[..at], &path[at + 1..]),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    (path, "")
}
