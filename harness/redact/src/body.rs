//! Response bodies: JSON keeps its structure and what the allow-list names; anything else
//! keeps its length and fingerprint.

use crate::allow_list::{self, Class};
use crate::policy::Policy;
use crate::wire;
use plumbline_model::{StoredBody, ValueKind, hexadecimal};
use plumbline_tree::{Kind, Limits, Node, Tree};
use sha2::{Digest, Sha256};

/// A shorter body could be one identifier or one token, to which its fingerprint would be a key.
const SHORTEST_FINGERPRINTED: usize = 256;

pub(crate) fn stored(policy: &Policy, bytes: &[u8]) -> StoredBody {
    if bytes.is_empty() {
        return StoredBody::Empty;
    }
    match Tree::parse(bytes.to_vec(), &Limits::default()) {
        Ok(tree) => json(policy, &tree, bytes.len() as u64),
        Err(error) => opaque(policy, bytes, &format!("not readable as JSON: {error}")),
    }
}

pub(crate) fn json(policy: &Policy, tree: &Tree, received_bytes: u64) -> StoredBody {
    let mut text = String::new();
    let context = Context {
        class: Some(Class::Structure),
        system: None,
    };
    write_value(policy, tree.root(), context, 0, &mut text);
    text.push('\n');
    StoredBody::Json {
        text: text.into(),
        received_bytes,
    }
}

fn opaque(policy: &Policy, bytes: &[u8], why: &str) -> StoredBody {
    let long_enough =
        policy.environment().shows_synthetic_people() || bytes.len() >= SHORTEST_FINGERPRINTED;
    let secret = policy.holds_secret(bytes);
    let fingerprinted = long_enough && !secret;
    let mut sha256 = String::new();
    if fingerprinted {
        sha256 = hexadecimal(&Sha256::digest(bytes));
    }
    let why = if fingerprinted {
        why.to_owned()
    } else if secret {
        format!("{why}; not fingerprinted, because it holds a secret of ours")
    } else {
        format!("{why}; too short to fingerprint without giving it away")
    };
    StoredBody::Opaque {
        bytes: bytes.len() as u64,
        sha256,
        why,
    }
}

/// How the value at hand is treated.
#[derive(Clone, Copy)]
struct Context<'t> {
    /// `None` below a name that is not FHIR's.
    class: Option<Class>,
    /// The code system of a coding.
    system: Option<&'t str>,
}

/// Depth is bounded by the limits of the reader.
fn write_value(
    policy: &Policy,
    node: Node<'_>,
    context: Context<'_>,
    depth: usize,
    out: &mut String,
) {
    match node.kind() {
        Kind::Null | Kind::Bool => out.push_str(node.raw()),
        Kind::Number => {
            let text = node.number_text().unwrap_or_default();
            let kept = (context.class == Some(Class::Number))
                .then(|| policy.number(text))
                .flatten();
            match kept {
                Some(number) => out.push_str(&number),
                None => write_string("{number}", out),
            }
        }
        Kind::String => {
            let value = node.as_str().unwrap_or_default();
            write_string(&string(policy, value, context), out);
        }
        Kind::Array if node.is_empty() => out.push_str("[]"),
        Kind::Object if node.is_empty() => out.push_str("{}"),
        Kind::Array => {
            out.push('[');
            for (at, item) in node.items().enumerate() {
                new_line(at, depth + 1, out);
                write_value(policy, item, context, depth + 1, out);
            }
            new_line(0, depth, out);
            out.push(']');
        }
        Kind::Object => {
            let system = node.get("system").and_then(Node::as_str);
            out.push('{');
            for (at, (name, value)) in node.members().enumerate() {
                new_line(at, depth + 1, out);
                let class = allow_list::class(name);
                write_string(if class.is_some() { name } else { "{element}" }, out);
                out.push_str(": ");
                let context = Context { class, system };
                write_value(policy, value, context, depth + 1, out);
            }
            new_line(0, depth, out);
            out.push('}');
        }
    }
}

/// Ends a line, after a comma unless it is the first of its container or the end of it.
fn new_line(at: usize, depth: usize, out: &mut String) {
    out.push_str(if at > 0 { ",\n" } else { "\n" });
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn write_string(text: &str, out: &mut String) {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        // Nothing in it needs an escape.
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

fn string(policy: &Policy, value: &str, context: Context<'_>) -> String {
    let kept = match context.class {
        Some(Class::Code) => policy.code(value, context.system),
        Some(Class::Uri) => policy
            .uri(value)
            .or_else(|| allow_list::is_code(value).then(|| value.to_owned())),
        Some(Class::Url) => Some(
            policy
                .uri(value)
                .or_else(|| policy.word(value))
                .unwrap_or_else(|| wire::url(policy, value, wire::Host::Theirs)),
        ),
        Some(Class::Version) => policy.version(value),
        Some(Class::Reference) => Some(
            policy
                .uri(value)
                .unwrap_or_else(|| wire::reference(policy, value)),
        ),
        Some(Class::Place) => Some(wire::place(value)),
        Some(Class::MediaType) => wire::protocol(value),
        // A structure holds text in CapabilityStatement.rest.resource.searchParam.name.
        Some(Class::SearchParameter | Class::Structure) => search_parameter(value),
        Some(
            Class::Date | Class::Number | Class::Id | Class::Identifier | Class::Name | Class::Text,
        )
        | None => None,
    };
    kept.or_else(|| policy.known(value))
        .unwrap_or_else(|| format!("{{{}}}", token(context.class)))
}

/// A search parameter, perhaps with its resource type: `AllergyIntolerance:patient`.
fn search_parameter(value: &str) -> Option<String> {
    value
        .split(':')
        .all(|word| allow_list::is_search_parameter(word) || allow_list::is_resource_type(word))
        .then(|| value.to_owned())
}

fn token(class: Option<Class>) -> &'static str {
    match class {
        Some(Class::Code) => ValueKind::Code.label(),
        Some(Class::Uri | Class::Url) => ValueKind::Uri.label(),
        Some(Class::Date) => ValueKind::Date.label(),
        Some(Class::Number) => ValueKind::Number.label(),
        Some(Class::Version) => "version",
        Some(Class::Reference) => ValueKind::Reference.label(),
        Some(Class::Id) => ValueKind::Id.label(),
        Some(Class::Identifier) => ValueKind::Identifier.label(),
        Some(Class::Name) => ValueKind::Name.label(),
        Some(Class::MediaType) => ValueKind::Protocol.label(),
        Some(Class::Structure | Class::Text | Class::SearchParameter | Class::Place) | None => {
            ValueKind::Text.label()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_as_json() {
        let every = (0..0x100_u32).filter_map(char::from_u32);
        for text in every.map(|c| format!("a{c}b")).chain([String::new()]) {
            let mut out = String::new();
            write_string(&text, &mut out);
            assert_eq!(out, serde_json::Value::from(text).to_string());
        }
    }
}
