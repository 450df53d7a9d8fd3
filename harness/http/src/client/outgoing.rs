//! What goes out, but for the credentials: the URL and the headers of a request.
//! Not for sending it.

use super::{Client, SECRET};
use crate::body::sorted;
use crate::config::DEFAULT_BASE_URL;
use crate::exchange::{Method, Request};
use crate::gp_connect::{Asking, SspHeader};
use crate::sign_in::{Credentials, Shape};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST,
    HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION, TRANSFER_ENCODING, USER_AGENT,
};
use std::collections::BTreeMap;
use url::Url;

/// Headers that a request may not bring along: the client or the transport sets them.
const OWN_HEADERS: [HeaderName; 9] = [
    ACCEPT,
    ACCEPT_ENCODING,
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    HOST,
    PROXY_AUTHORIZATION,
    TRANSFER_ENCODING,
    USER_AGENT,
];
impl Client {
    pub(super) fn url(&self, request: &Request) -> Url {
        built(request, self.base_of(request))
    }

    /// The base URL that its capability asks for.
    fn base_of(&self, request: &Request) -> &Url {
        let bases = &self.inner.config.base_urls;
        own_base(request, bases).unwrap_or(&bases[DEFAULT_BASE_URL])
    }

    /// The base URL that a URL is below; for a whole URL one may have to be found.
    pub(super) fn base(&self, request: &Request, url: &Url) -> &Url {
        let all = self.inner.config.base_urls.values();
        let above = all.filter(|base| {
            request.absolute.is_some()
                && has_origin_of(url, base)
                && url.path().starts_with(base.path())
        });
        let found = above.max_by_key(|base| base.path().len());
        found.unwrap_or_else(|| self.base_of(request))
    }

    /// The headers to send but for the credentials, or `None` if one of them cannot or may not be
    /// sent, or if what is asked of GP Connect cannot be done.
    pub(super) fn headers(&self, request: &Request, asking: &Asking<'_>) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        let key = self.inner.credentials.shape().map(|shape| shape.name);
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            if OWN_HEADERS.contains(&name) || key.as_ref() == Some(&name) {
                return None;
            }
            headers.append(name, HeaderValue::from_str(value).ok()?);
        }
        match &self.inner.credentials {
            Credentials::Unsigned(settings, surroundings) => {
                let own = |header: &SspHeader| headers.contains_key(header.lower_case());
                if SspHeader::ALL.iter().any(own) || asking.contradicts_itself() {
                    return None;
                }
                for (name, value) in asking.headers(settings, &surroundings.fresh_id()) {
                    headers.append(name, HeaderValue::from_str(&value).ok()?);
                }
            }
            _ if request.gp_connect.is_empty() => {}
            _ => return None,
        }
        if let Some(body) = &request.body {
            headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_str(&body.content_type).ok()?,
            );
        }
        if !request.accept.is_empty() {
            headers.insert(ACCEPT, HeaderValue::from_str(&request.accept).ok()?);
        }
        headers.insert(USER_AGENT, self.inner.user_agent.clone());
        Some(headers)
    }
}

/// The URL that a request is for, as [`Client::send`] would ask for it, without a client: for what is
/// read from evidence. `None` without a default base URL.
pub fn address(request: &Request, base_urls: &BTreeMap<String, Url>) -> Option<Url> {
    let base = own_base(request, base_urls).or_else(|| base_urls.get(DEFAULT_BASE_URL))?;
    Some(built(request, base))
}

/// As [`Client::origin_allowed`], without a client.
pub fn is_within(url: &Url, base_urls: &BTreeMap<String, Url>) -> bool {
    url.username().is_empty()
        && url.password().is_none()
        && base_urls.values().any(|base| has_origin_of(url, base))
}

/// Whether two URLs of HTTP have the same origin.
fn has_origin_of(url: &Url, other: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.scheme() == other.scheme()
        && url.host() == other.host()
        && url.port_or_known_default() == other.port_or_known_default()
}

fn own_base<'b>(request: &Request, base_urls: &'b BTreeMap<String, Url>) -> Option<&'b Url> {
    request.capability.as_ref().and_then(|c| base_urls.get(c))
}

fn built(request: &Request, base: &Url) -> Url {
    if let Some(url) = &request.absolute {
        let mut url = url.clone();
        url.set_fragment(None);
        return url;
    }
    let mut url = base.clone();
    // http and https URLs always have path segments; a segment is encoded whole, so an id from
    // the target can neither climb out of the base nor add a query.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty();
        segments.extend(request.path.split('/').filter(|s| !s.is_empty()));
    }
    if !request.query.is_empty() {
        url.set_query(Some(&encode_query(&request.query)));
    }
    url
}

/// What a request asks for, as GP Connect wants to know it.
pub(super) fn asking<'a>(request: &'a Request, base: &'a Url) -> Asking<'a> {
    Asking {
        is_get: request.method == Method::Get,
        path: &request.path,
        base: base.as_str(),
        signs_in: request.sign_in,
        call: &request.gp_connect,
    }
}

/// The headers, with the name of the one that carries the credentials but not its value.
pub(super) fn as_requested(
    headers: Option<&HeaderMap>,
    shape: Option<&Shape>,
) -> Vec<(String, String)> {
    let Some(headers) = headers else {
        return Vec::new();
    };
    let mut list = sorted(headers);
    list.extend(shape.map(|shape| (shape.name.as_str().to_owned(), SECRET.to_owned())));
    list.sort_by(|a, b| a.0.cmp(&b.0));
    list
}

/// Percent-encodes everything but RFC 3986's unreserved characters; a space becomes `%20`.
fn encode_query(query: &[(String, String)]) -> String {
    // Three bytes for each at most.
    let most = |(name, value): &(String, String)| 3 * (name.len() + value.len()) + 2;
    let mut text = String::with_capacity(query.iter().map(most).sum());
    for (name, value) in query {
        if !text.is_empty() {
            text.push('&');
        }
        encode_onto(&mut text, name);
        text.push('=');
        encode_onto(&mut text, value);
    }
    text
}

fn encode_onto(text: &mut String, raw: &str) {
    for byte in raw.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let digit = |four: u8| char::from(b"0123456789ABCDEF"[usize::from(four)]);
            text.push('%');
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
    }
}
