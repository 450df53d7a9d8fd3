//! What a mock needs to know of an HTTP request.
//! Not for answering it, which `server` and the systems behind it do.

use crate::fault::RequestFacts;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use serde_json::Value;
use std::collections::BTreeMap;

const API_KEY_HEADER: &str = "apikey";

/// Where a system listens, as its clients address it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// The path that every request begins with.
    pub(crate) base_path: String,
}

/// What the mock needs to know of a request.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The path as it was sent, decoded.
    pub(crate) whole_path: String,
    /// Below the base path, without its first slash; the whole path if it does not begin with that.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// Absolute URL of the base path, as the client knows it.
    pub(crate) base: String,
    /// Names in lower case; several values of one name are joined by commas.
    headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

impl Request {
    pub(crate) fn read(
        place: &Place,
        method: Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Request {
        let mut held: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            held.entry(name.as_str().to_owned())
                .and_modify(|before| *before = format!("{before}, {value}"))
                .or_insert_with(|| value.into_owned());
        }
        let host = held.get("host").map_or("localhost", String::as_str);
        let base = format!("{}://{host}{}", place.scheme, place.base_path);
        let whole_path = decoded(uri.path());
        let below_base = whole_path
            .strip_prefix(&place.base_path)
            .and_then(|rest| rest.strip_prefix('/'));
        let path = below_base.unwrap_or(&whole_path).to_owned();
        let query = uri.query().unwrap_or_default();
        Request {
            method,
            whole_path,
            path,
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            base,
            headers: held,
            body,
        }
    }

    /// A header by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn api_key(&self) -> Option<&str> {
        self.header(API_KEY_HEADER)
    }

    /// Whether a browser asks if it may send a request.
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS
            && self.header("origin").is_some()
            && self.header("access-control-request-method").is_some()
    }

    /// Whether the client has the version with this tag already (RFC 9110, If-None-Match).
    pub(crate) fn has_already(&self, tag: &str) -> bool {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let mut held = self
            .header("if-none-match")
            .into_iter()
            .flat_map(|tags| tags.split(','));
        held.any(|held| held.trim() == "*" || bare(held) == bare(tag))
    }

    /// What faults look at; `claims` are those of the token, with what is derived from them.
    pub(crate) fn facts<'a>(&'a self, path: &'a str, claims: &'a Value) -> RequestFacts<'a> {
        RequestFacts {
            method: self.method.as_str(),
            path,
            query: &self.query,
            headers: &self.headers,
            body: &self.body,
            claims,
            has_auth: self.header("authorization").is_some() || self.api_key().is_some(),
        }
    }

    /// The URL of this search, on the same page or on the one that `cursor` begins.
    pub(crate) fn url(&self, path: &str, cursor: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept = |key: &str| cursor.is_none() || key != "_cursor";
        query.extend_pairs(self.query.iter().filter(|(key, _)| kept(key)));
        if let Some(cursor) = cursor {
            query.append_pair("_cursor", cursor);
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{path}{mark}{query}", self.base)
    }
}

/// A path without percent encoding; what is no such encoding stays.
fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                plain.push(code);
                at += 3;
            }
            (byte, _) => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_paths() {
        for (sent, plain) in [
            ("/a/b", "/a/b"),
            (
                "/Patient/%24gpc.registerpatient",
                "/Patient/$gpc.registerpatient",
            ),
            ("/a%2Fb%", "/a/b%"),
            ("/%zz", "/%zz"),
        ] {
            assert_eq!(decoded(sent), plain);
        }
    }
}
