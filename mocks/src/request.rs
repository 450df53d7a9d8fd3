//! What a mock needs to know of an HTTP request.
//! Not for answering it, which `server` does.

use crate::fault::RequestFacts;
use crate::kinds::Kind;
use crate::server::BASE_PATH;
use axum::http::{HeaderMap, Method, Uri};

const API_KEY_HEADER: &str = "apikey";

/// What the mock needs to know of a request.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Below the base path; the whole path if it does not begin with that.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// Absolute URL of the base path, as the client knows it.
    pub(crate) base: String,
    pub(crate) api_key: Option<String>,
    has_auth: bool,
    /// The web page's address, from a browser.
    pub(crate) origin: Option<String>,
    /// A browser's question before the request proper.
    preflight: bool,
    if_none_match: Option<String>,
}

impl Request {
    pub(crate) fn read(method: Method, uri: &Uri, headers: &HeaderMap) -> Request {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text("host").unwrap_or("localhost");
        let below_base = uri
            .path()
            .strip_prefix(BASE_PATH)
            .filter(|rest| rest.starts_with('/'));
        let path = below_base
            .map_or(uri.path(), |rest| rest.trim_matches('/'))
            .to_owned();
        let query = uri.query().unwrap_or_default();
        Request {
            method,
            path,
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            base: format!("http://{host}{BASE_PATH}"),
            api_key: text(API_KEY_HEADER).map(str::to_owned),
            has_auth: headers.contains_key("authorization") || headers.contains_key(API_KEY_HEADER),
            origin: text("origin").map(str::to_owned),
            preflight: headers.contains_key("access-control-request-method"),
            if_none_match: text("if-none-match").map(str::to_owned),
        }
    }

    /// Whether a browser asks if it may send a request.
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS && self.origin.is_some() && self.preflight
    }

    /// Whether this is a read by id of one of the types that the mock serves.
    pub(crate) fn is_read(&self) -> bool {
        let name = self.path.split_once('/').map(|(name, _)| name);
        name.and_then(Kind::of).is_some()
    }

    /// Whether the client has the version with this tag already (RFC 9110, If-None-Match).
    pub(crate) fn has_already(&self, tag: &str) -> bool {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let mut held = self.if_none_match.iter().flat_map(|tags| tags.split(','));
        held.any(|held| held.trim() == "*" || bare(held) == bare(tag))
    }

    pub(crate) fn facts(&self) -> RequestFacts<'_> {
        RequestFacts {
            path: &self.path,
            query: &self.query,
            has_auth: self.has_auth,
        }
    }

    /// The URL of this search, on the same page or on the one that `cursor` begins.
    pub(crate) fn url(&self, cursor: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept = |key: &str| cursor.is_none() || key != "_cursor";
        query.extend_pairs(self.query.iter().filter(|(key, _)| kept(key)));
        if let Some(cursor) = cursor {
            query.append_pair("_cursor", cursor);
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{}{mark}{query}", self.base, self.path)
    }
}
