//! The client: builds a URL, waits for its turn, sends once, reads within the limits.
//! Not for following redirects or retrying: a tester must see what the target really does.

use crate::config::{ClientConfig, DEFAULT_BASE_URL, SignIn};
use crate::curl;
use crate::exchange::{Answer, NoAnswer, Outcome, Request, Response};
use crate::failure::{HttpError, classify};
use crate::limits::Limits;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT};
use reqwest::{StatusCode, redirect, retry};
use secrecy::ExposeSecret;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use url::Url;

/// The longest `Retry-After` that is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// The wait after a 429 that names none.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);
/// How often a request is sent again after a 429.
const WAITS: u32 = 2;

/// Sends requests to one target. Clones share the rate and the total.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: ClientConfig,
    sign_in: Option<SignIn>,
    user_agent: HeaderValue,
    http: reqwest::Client,
    limits: Limits,
}

impl Client {
    /// Checks the configuration and sets up TLS; opens no connection.
    pub fn new(config: ClientConfig) -> Result<Self, HttpError> {
        config.check()?;
        let sign_in = config.auth.sign_in()?;
        let user_agent =
            HeaderValue::from_str(&config.user_agent).map_err(|_| HttpError::UserAgent)?;
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(config.connect_timeout)
            // A connection per request: a server that drops an idle connection just as the next
            // request goes out would look like a reset, and one exchange must not spoil the next.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(HttpError::Setup)?;
        let limits = Limits::new(config.requests_per_second, config.total_requests);
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                sign_in,
                user_agent,
                http,
                limits,
            }),
        })
    }

    /// Whether the URL has scheme, host and port of one of the base URLs, and no user name or password.
    /// Links to anywhere else are not followed and never get our credentials.
    pub fn origin_allowed(&self, url: &Url) -> bool {
        url.username().is_empty()
            && url.password().is_none()
            && self
                .inner
                .config
                .base_urls
                .values()
                .any(|base| base.origin() == url.origin())
    }

    /// Sends a GET and reads the whole answer. A 429 is waited out within bounds; nothing else is
    /// sent twice. A URL outside the target's origins is not sent at all ([`NoAnswer::Other`]).
    pub async fn get(&self, request: Request) -> Answer {
        let url = self.url(&request);
        let sign_in = self.inner.sign_in.as_ref().filter(|_| request.sign_in);
        let headers = self.headers(&request, sign_in);
        let request_headers = headers.as_ref().map(as_requested).unwrap_or_default();
        let curl = curl::command(
            &url,
            &request_headers,
            sign_in.map(|s| s.name.as_str()),
            self.inner
                .sign_in
                .as_ref()
                .map(|s| s.secret.expose_secret()),
        );
        let (outcome, elapsed) = match headers {
            Some(headers) if self.origin_allowed(&url) => self.exchange(&url, &headers).await,
            _ => (Outcome::NoAnswer(NoAnswer::Other), Duration::ZERO),
        };
        tracing::debug!(?outcome, ?elapsed, "exchange");
        Answer {
            url,
            method: "GET",
            request_headers,
            outcome,
            elapsed,
            curl,
        }
    }

    /// Whether any of the control requests is answered with a status below 500.
    /// They count towards rate and total; a target that answers 429 throughout does not count as alive.
    pub async fn is_alive(&self, probes: &[Request]) -> bool {
        for probe in probes {
            let answer = self.get(probe.clone()).await;
            if answer.response().is_some_and(|r| r.status < 500) {
                return true;
            }
        }
        false
    }

    fn url(&self, request: &Request) -> Url {
        if let Some(url) = &request.absolute {
            let mut url = url.clone();
            url.set_fragment(None);
            return url;
        }
        let bases = &self.inner.config.base_urls;
        let own = request.capability.as_ref().and_then(|c| bases.get(c));
        let mut url = own.unwrap_or(&bases[DEFAULT_BASE_URL]).clone();
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

    /// The headers to send, or `None` if `accept` cannot be sent.
    fn headers(&self, request: &Request, sign_in: Option<&SignIn>) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(&request.accept).ok()?);
        headers.insert(USER_AGENT, self.inner.user_agent.clone());
        if let Some(sign_in) = sign_in {
            headers.insert(sign_in.name.clone(), sign_in.value.clone());
        }
        Some(headers)
    }

    async fn exchange(&self, url: &Url, headers: &HeaderMap) -> (Outcome, Duration) {
        let mut waits = 0;
        loop {
            if !self.inner.limits.take().await {
                return (Outcome::NoAnswer(NoAnswer::TotalReached), Duration::ZERO);
            }
            let started = Instant::now();
            let attempt = timeout(self.inner.config.timeout, self.attempt(url, headers)).await;
            let elapsed = started.elapsed();
            let response = match attempt {
                Err(_) => return (Outcome::NoAnswer(NoAnswer::Timeout), elapsed),
                Ok(Err(reason)) => return (Outcome::NoAnswer(reason), elapsed),
                Ok(Ok(response)) => response,
            };
            if response.status != StatusCode::TOO_MANY_REQUESTS.as_u16() {
                return (Outcome::Response(response), elapsed);
            }
            let wait = wait_asked_for(&response);
            if waits == WAITS || wait > LONGEST_WAIT {
                return (Outcome::NoAnswer(NoAnswer::RateLimited), elapsed);
            }
            waits += 1;
            self.inner.limits.hold_back(wait);
        }
    }

    async fn attempt(&self, url: &Url, headers: &HeaderMap) -> Result<Response, NoAnswer> {
        let limit = self.inner.config.max_body_bytes;
        let https = url.scheme() == "https";
        let sort = |error: reqwest::Error| classify(&error, https);
        let request = self.inner.http.get(url.clone()).headers(headers.clone());
        let mut response = request.send().await.map_err(sort)?;
        let mut body = Vec::new();
        // A promised length is not believed: only what really arrives, unpacked, is counted.
        while let Some(chunk) = response.chunk().await.map_err(sort)? {
            if chunk.len() > limit - body.len() {
                return Err(NoAnswer::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status: response.status().as_u16(),
            headers: sorted(response.headers()),
            body,
        })
    }
}

/// How long a 429 asks us to wait. A date is not read: it counts as the longest wait.
fn wait_asked_for(response: &Response) -> Duration {
    match response.header(RETRY_AFTER.as_str()) {
        None => DEFAULT_WAIT,
        Some(text) => text
            .trim()
            .parse()
            .map_or(LONGEST_WAIT, Duration::from_secs),
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters; a space becomes `%20`.
fn encode_query(query: &[(String, String)]) -> String {
    let mut text = String::new();
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
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

fn as_requested(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut list = sorted(headers);
    for (name, value) in &mut list {
        if headers
            .get(name.as_str())
            .is_some_and(HeaderValue::is_sensitive)
        {
            "{secret}".clone_into(value);
        }
    }
    list
}

fn sorted(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut list: Vec<_> = headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    // Stable, so that duplicates keep the order in which they came.
    list.sort_by(|a, b| a.0.cmp(&b.0));
    list
}
