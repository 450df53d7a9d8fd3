//! The client: builds a URL, waits for its turn, sends once, reads within the limits.
//! Not for following redirects or retrying: a tester must see what the target really does. The one
//! request that is repeated is one whose kept connection came to its end (kept.rs).

use crate::config::{ClientConfig, DEFAULT_BASE_URL};
use crate::curl;
use crate::exchange::{Answer, Outcome, Request, Response};
use crate::failure::{HttpError, Travel, classify};
use crate::kept::Connections;
use crate::limits::Limits;
use crate::no_answer::{NoAnswer, ProxyFault, SignInFault};
use crate::sign_in::{Credential, Credentials, Shape, SignedIn};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST,
    HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION, RETRY_AFTER, TRANSFER_ENCODING,
    USER_AGENT,
};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
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
/// The largest answer taken from a token service.
const LARGEST_TOKEN_ANSWER: usize = 64 * 1024;
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
/// What stands in the place of a secret.
const SECRET: &str = "{secret}";

/// Sends requests to one target. Clones share the rate and the total.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: ClientConfig,
    credentials: Credentials,
    user_agent: HeaderValue,
    connections: Connections,
    limits: Limits,
}

impl Client {
    /// Checks the configuration and sets up TLS; opens no connection.
    pub fn new(config: ClientConfig) -> Result<Self, HttpError> {
        config.check()?;
        let credentials = Credentials::new(&config.auth)?;
        let user_agent =
            HeaderValue::from_str(&config.user_agent).map_err(|_| HttpError::UserAgent)?;
        let connections = Connections::new(&config)?;
        let limits = Limits::new(config.requests_per_second, config.total_requests);
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                credentials,
                user_agent,
                connections,
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

    /// Sends a GET and reads the whole answer. A 429 is waited out within bounds, a 401 to a fetched
    /// token that has come to its end is asked again with a new one, and a request whose kept
    /// connection ends before any answer is repeated once ([`Answer::repeated`]); nothing else is
    /// sent twice. A URL outside the target's origins is not sent at all ([`NoAnswer::Other`]).
    pub async fn get(&self, request: Request) -> Answer {
        let url = self.url(&request);
        let shape = self.inner.credentials.shape().filter(|_| request.sign_in);
        let headers = self.headers(&request);
        let request_headers = as_requested(headers.as_ref(), shape.as_ref());
        let mut repeated = false;
        let (outcome, elapsed) = match headers {
            None => (Outcome::NoAnswer(NoAnswer::NotSent), Duration::ZERO),
            Some(headers) if self.origin_allowed(&url) => {
                self.exchange(&url, &headers, shape.is_some(), &mut repeated)
                    .await
            }
            Some(_) => (Outcome::NoAnswer(NoAnswer::Other), Duration::ZERO),
        };
        let secret = self.secret();
        let curl = curl::command(
            &url,
            &request_headers,
            shape.as_ref(),
            secret.as_ref().map(ExposeSecret::expose_secret),
        );
        tracing::debug!(?outcome, ?elapsed, "exchange");
        Answer {
            url,
            method: "GET",
            request_headers,
            outcome,
            elapsed,
            curl,
            repeated,
        }
    }

    /// Obtains the credentials, as the next signed-in request would; asks the token service if they
    /// come from there and none are at hand.
    pub async fn sign_in(&self) -> Result<SignedIn, NoAnswer> {
        Ok(match self.credential().await? {
            None => SignedIn::Not,
            Some(credential) => match credential.ends {
                None => SignedIn::Fixed,
                Some(ends) => SignedIn::Until { ends },
            },
        })
    }

    /// Whether the credentials come to an end, so that having been let in once does not mean to be
    /// let in again.
    pub fn credentials_end(&self) -> bool {
        match self.inner.credentials {
            Credentials::None | Credentials::Fixed(_) => false,
            Credentials::Ending(..) | Credentials::Fetched(_) => true,
        }
    }

    /// Whether requests for this URL go through the proxy.
    pub fn proxied(&self, url: &Url) -> bool {
        self.inner.config.connection.proxied(url)
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

    /// The headers to send but for the credentials, or `None` if one of them cannot or may not be sent.
    fn headers(&self, request: &Request) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        let key = self.inner.credentials.shape().map(|shape| shape.name);
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            if OWN_HEADERS.contains(&name) || key.as_ref() == Some(&name) {
                return None;
            }
            headers.append(name, HeaderValue::from_str(value).ok()?);
        }
        headers.insert(ACCEPT, HeaderValue::from_str(&request.accept).ok()?);
        headers.insert(USER_AGENT, self.inner.user_agent.clone());
        Some(headers)
    }

    /// The credentials to send now.
    async fn credential(&self) -> Result<Option<Credential>, NoAnswer> {
        let credentials = &self.inner.credentials;
        match credentials {
            Credentials::None => Ok(None),
            Credentials::Ending(credential, _) if credentials.has_ended(credential) => {
                Err(NoAnswer::SignIn(SignInFault::Expired))
            }
            Credentials::Fixed(credential) | Credentials::Ending(credential, _) => {
                Ok(Some(credential.clone()))
            }
            Credentials::Fetched(source) => self.token(source).await.map(Some),
        }
    }

    /// The secret to keep out of whatever is shown.
    fn secret(&self) -> Option<SecretString> {
        match &self.inner.credentials {
            Credentials::None => None,
            Credentials::Fixed(credential) | Credentials::Ending(credential, _) => {
                Some(credential.secret.clone())
            }
            Credentials::Fetched(source) => source.latest(),
        }
    }

    async fn exchange(
        &self,
        url: &Url,
        headers: &HeaderMap,
        sign_in: bool,
        repeated: &mut bool,
    ) -> (Outcome, Duration) {
        let credentials = &self.inner.credentials;
        let connections = &self.inner.connections;
        let mut client = connections.keeping();
        let mut waits = 0;
        let mut renewed = false;
        loop {
            let credential = match self.turn(sign_in).await {
                Ok(credential) => credential,
                Err(reason) => return (Outcome::NoAnswer(reason), Duration::ZERO),
            };
            let mut headers = headers.clone();
            if let Some(credential) = &credential {
                headers.insert(credential.name.clone(), credential.value.clone());
            }
            let request = client.get(url.clone()).headers(headers);
            let limit = self.inner.config.max_body_bytes;
            let started = Instant::now();
            let attempt = self.attempt(request, url, limit).await;
            let elapsed = started.elapsed();
            let response = match attempt {
                Err(failed) if failed.on_kept && !*repeated => {
                    let Some(opening) = connections.opening(&self.inner.config) else {
                        return (Outcome::NoAnswer(failed.reason), elapsed);
                    };
                    client = opening;
                    *repeated = true;
                    continue;
                }
                Err(failed) => return (Outcome::NoAnswer(failed.reason), elapsed),
                Ok(response) => self.without_token(response),
            };
            if response.status == StatusCode::UNAUTHORIZED.as_u16()
                && !renewed
                && credential.is_some_and(|credential| credentials.has_ended(&credential))
            {
                renewed = true;
                continue;
            }
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

    /// Waits for a turn, with credentials that are good when it comes.
    async fn turn(&self, sign_in: bool) -> Result<Option<Credential>, NoAnswer> {
        let credential = if sign_in {
            self.credential().await?
        } else {
            None
        };
        if !self.inner.limits.take().await {
            return Err(NoAnswer::TotalReached);
        }
        match credential {
            Some(credential) if self.inner.credentials.has_ended(&credential) => {
                self.credential().await
            }
            credential => Ok(credential),
        }
    }

    /// Sends a form and reads the whole answer, once.
    pub(crate) async fn post_form(&self, url: &Url, form: String) -> Result<Response, NoAnswer> {
        if !self.inner.limits.take().await {
            return Err(NoAnswer::TotalReached);
        }
        // Never on a kept connection: a POST cannot be repeated, should that come to its end.
        let client = self.inner.connections.opening(&self.inner.config);
        let request = client
            .ok_or(NoAnswer::Other)?
            .post(url.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(USER_AGENT, self.inner.user_agent.clone())
            .body(form);
        self.attempt(request, url, LARGEST_TOKEN_ANSWER)
            .await
            .map_err(|failed| failed.reason)
    }

    async fn attempt(
        &self,
        request: RequestBuilder,
        url: &Url,
        limit: usize,
    ) -> Result<Response, Failed> {
        let travel = Travel {
            https: url.scheme() == "https",
            proxied: self.proxied(url),
        };
        let receiving = self.receive(request, travel, limit);
        timeout(self.inner.config.timeout, receiving)
            .await
            .unwrap_or(Err(Failed::from(NoAnswer::Timeout)))
    }

    async fn receive(
        &self,
        request: RequestBuilder,
        travel: Travel,
        limit: usize,
    ) -> Result<Response, Failed> {
        let connections = &self.inner.connections;
        let response = request.send().await.map_err(|error| {
            let reason = classify(&error, travel);
            let on_kept = reason == NoAnswer::Reset && connections.was_kept(&error);
            Failed { reason, on_kept }
        })?;
        connections.has_carried(&response);
        Ok(read(response, travel, limit).await?)
    }

    /// The response without the fetched token, should the target echo it. A fixed secret is known
    /// to whoever stores the response; a fetched one is known here only.
    fn without_token(&self, mut response: Response) -> Response {
        let Credentials::Fetched(source) = &self.inner.credentials else {
            return response;
        };
        let Some(token) = source.to_hide() else {
            return response;
        };
        let token = token.expose_secret();
        for (_, value) in &mut response.headers {
            if value.contains(token) {
                *value = value.replace(token, SECRET);
            }
        }
        response.body = without(response.body, token.as_bytes());
        response
    }
}

/// The bytes with something shown in the place of each `secret`, which is not empty.
fn without(bytes: Vec<u8>, secret: &[u8]) -> Vec<u8> {
    let next = |from: usize| {
        let rest = bytes.get(from..)?;
        let found = rest.windows(secret.len()).position(|part| part == secret)?;
        Some(from + found)
    };
    let (mut out, mut from) = (Vec::new(), 0);
    while let Some(at) = next(from) {
        out.extend_from_slice(&bytes[from..at]);
        out.extend_from_slice(SECRET.as_bytes());
        from = at + secret.len();
    }
    if from == 0 {
        return bytes;
    }
    out.extend_from_slice(&bytes[from..]);
    out
}

/// Why an attempt brought no answer.
struct Failed {
    reason: NoAnswer,
    /// A kept connection ended before any answer, which need not be the target's fault.
    on_kept: bool,
}

impl From<NoAnswer> for Failed {
    fn from(reason: NoAnswer) -> Self {
        let on_kept = false;
        Self { reason, on_kept }
    }
}

/// Reads the rest of an answer whose head is there.
async fn read(
    mut response: reqwest::Response,
    travel: Travel,
    limit: usize,
) -> Result<Response, NoAnswer> {
    let sort = |error: reqwest::Error| classify(&error, travel);
    // Only a proxy asks for this, and it says nothing about the target.
    if travel.proxied && response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(NoAnswer::Proxy(ProxyFault::Login));
    }
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

/// The headers, with the name of the one that carries the credentials but not its value.
fn as_requested(headers: Option<&HeaderMap>, shape: Option<&Shape>) -> Vec<(String, String)> {
    let Some(headers) = headers else {
        return Vec::new();
    };
    let mut list = sorted(headers);
    list.extend(shape.map(|shape| (shape.name.as_str().to_owned(), SECRET.to_owned())));
    list.sort_by(|a, b| a.0.cmp(&b.0));
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
