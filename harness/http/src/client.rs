//! The client: builds a URL, waits for its turn, sends once, reads within the limits.
//! Not for following redirects or retrying: a tester must see what the target really does. The one
//! request that is repeated is one whose kept connection came to its end (kept.rs).

use crate::body::{read, sorted};
use crate::certificate::CertificateFacts;
use crate::config::{ClientConfig, Connection};
use crate::curl;
use crate::exact;
use crate::exchange::{Answer, Compression, Outcome, Request, Response};
use crate::failure::{HttpError, Travel, classify};
use crate::gp_connect::Asking;
use crate::identity::ClientIdentity;
use crate::kept::Connections;
use crate::limits::Limits;
use crate::no_answer::{NoAnswer, SignInFault};
use crate::probe::Probe;
use crate::shown::Shown;
use crate::sign_in::{Credential, Credentials, Shape, SignedIn, unsigned};
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
    USER_AGENT,
};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use url::Url;

mod outgoing;

pub use outgoing::{address, is_within};
use outgoing::{as_requested, asking};

/// The longest `Retry-After` that is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// The wait after a 429 that names none.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);
/// How often a request is sent again after a 429.
const WAITS: u32 = 2;
/// The largest answer taken from a token service.
const LARGEST_TOKEN_ANSWER: usize = 64 * 1024;
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
    shown: Shown,
    limits: Limits,
    /// Whom connections that are made by hand trust; `None` inside if nobody can be read.
    judge: OnceLock<Option<Arc<dyn ServerCertVerifier>>>,
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
                shown: Shown::default(),
                limits,
                judge: OnceLock::new(),
            }),
        })
    }

    /// Whether the URL has scheme, host and port of one of the base URLs, and no user name or password.
    /// Links to anywhere else are not followed and never get our credentials.
    pub fn origin_allowed(&self, url: &Url) -> bool {
        is_within(url, &self.inner.config.base_urls)
    }

    /// As [`Client::send`].
    pub async fn get(&self, request: Request) -> Answer {
        self.send(request).await
    }

    /// Sends a request and reads the whole answer. A 429 is waited out within bounds, a 401 to a
    /// fetched token that has come to its end is asked again with a new one, and a GET, HEAD or
    /// OPTIONS whose kept connection ends before any answer is repeated once ([`Answer::repeated`]);
    /// nothing else is sent twice. A URL outside the target's origins is not sent at all
    /// ([`NoAnswer::Other`]).
    pub async fn send(&self, request: Request) -> Answer {
        let url = self.url(&request);
        let base = self.base(&request, &url).clone();
        let asking = asking(&request, &base);
        let shape = self.shape(&asking);
        let headers = self.headers(&request, &asking);
        let request_headers = as_requested(headers.as_ref(), shape.as_ref());
        let mut trail = Trail::default();
        let (outcome, elapsed) = match headers {
            None => (Outcome::NoAnswer(NoAnswer::NotSent), Duration::ZERO),
            Some(headers) if self.origin_allowed(&url) => {
                let sending = Sending {
                    url: &url,
                    headers: &headers,
                    request: &request,
                    asking: shape.is_some().then_some(asking),
                };
                self.exchange(sending, &mut trail).await
            }
            Some(_) => (Outcome::NoAnswer(NoAnswer::Other), Duration::ZERO),
        };
        let secret = self.secret();
        let manner = curl::Manner {
            method: request.method,
            compression: request.compression,
            has_body: request.body.is_some(),
            has_certificate: url.scheme() == "https"
                && self.connection().client_certificate.is_some(),
        };
        let curl = curl::command(
            manner,
            &url,
            &request_headers,
            shape.as_ref(),
            secret.as_ref().map(ExposeSecret::expose_secret),
        );
        tracing::debug!(?outcome, ?elapsed, "exchange");
        Answer {
            url,
            method: request.method.name(),
            request_headers,
            outcome,
            elapsed,
            curl,
            repeated: trail.repeated,
            claims: trail.claims,
        }
    }

    /// A look at the TLS of the place that a request would go to; `None` if that is not encrypted or
    /// not of this target. Its GET has the headers of the request, but no credentials other than
    /// the unsigned token of GP Connect.
    pub fn probe(&self, request: &Request) -> Option<Probe> {
        let url = self.url(request);
        let base = self.base(request, &url).clone();
        let asking = asking(request, &base);
        if url.scheme() != "https" || !self.origin_allowed(&url) {
            return None;
        }
        let mut headers = self.headers(request, &asking)?;
        if let Credentials::Unsigned(settings, surroundings) = &self.inner.credentials
            && asking.has_token()
        {
            let token = asking.token(settings, surroundings.now())?;
            headers.insert(AUTHORIZATION, HeaderValue::from_str(&token.value).ok()?);
        }
        Some(Probe::new(self.clone(), url, sorted(&headers)))
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.inner.config.connection
    }

    /// Where what a connection by hand trusts is kept.
    pub(crate) fn judge(&self) -> &OnceLock<Option<Arc<dyn ServerCertVerifier>>> {
        &self.inner.judge
    }

    /// Longest time for one exchange.
    pub(crate) fn timeout(&self) -> Duration {
        self.inner.config.timeout
    }

    /// Longest time for connecting.
    pub(crate) fn connect_timeout(&self) -> Duration {
        self.inner.config.connect_timeout
    }

    /// Waits until something may be sent; false if the total is used up.
    pub(crate) async fn take_turn(&self) -> bool {
        self.inner.limits.take().await
    }

    /// Obtains the credentials, as the next signed-in request would; asks the token service if they
    /// come from there and none are at hand.
    pub async fn sign_in(&self) -> Result<SignedIn, NoAnswer> {
        if matches!(self.inner.credentials, Credentials::Unsigned(..)) {
            return Ok(SignedIn::EachTime);
        }
        Ok(match self.credential(None).await? {
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
            Credentials::None | Credentials::Fixed(_) | Credentials::Unsigned(..) => false,
            Credentials::Ending(..) | Credentials::Fetched(_) => true,
        }
    }

    /// Whether requests for this URL go through the proxy.
    pub fn proxied(&self, url: &Url) -> bool {
        self.inner.config.connection.proxied(url)
    }

    /// Expects these certificates, as from [`Client::certificates`] of an earlier client: an answer
    /// under another one is not taken.
    pub fn expect_certificates(&self, certificates: &BTreeMap<String, String>) {
        for (key, fingerprint) in certificates {
            if let Some(url) = self.inner.config.base_urls.get(key) {
                self.inner.shown.expect(url, fingerprint);
            }
        }
    }

    /// What our own certificate says, if target.toml names one.
    pub fn client_certificate(&self) -> Option<&CertificateFacts> {
        let own = self.connection().client_certificate.as_ref();
        own.map(ClientIdentity::facts)
    }

    /// SHA-256 of the certificate that each base URL showed first, in hexadecimal digits, by the key
    /// of the base URL. Those without TLS, or without an answer so far, are not in it.
    pub fn certificates(&self) -> BTreeMap<String, String> {
        let bases = self.inner.config.base_urls.iter();
        bases
            .filter_map(|(key, url)| Some((key.clone(), self.inner.shown.of(url)?)))
            .collect()
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

    /// The header that will carry the credentials of this request.
    fn shape(&self, asking: &Asking<'_>) -> Option<Shape> {
        self.inner
            .credentials
            .shape()
            .filter(|_| asking.has_token())
    }

    /// The credentials to send now. `asking` is what they are for.
    async fn credential(
        &self,
        asking: Option<&Asking<'_>>,
    ) -> Result<Option<Credential>, NoAnswer> {
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
            Credentials::Unsigned(settings, surroundings) => {
                let token = asking.and_then(|asking| asking.token(settings, surroundings.now()));
                let token = token.ok_or(NoAnswer::NotSent)?;
                unsigned(&token).map(Some).ok_or(NoAnswer::NotSent)
            }
        }
    }

    /// The secret to keep out of whatever is shown.
    fn secret(&self) -> Option<SecretString> {
        match &self.inner.credentials {
            Credentials::None | Credentials::Unsigned(..) => None,
            Credentials::Fixed(credential) | Credentials::Ending(credential, _) => {
                Some(credential.secret.clone())
            }
            Credentials::Fetched(source) => source.latest(),
        }
    }

    async fn exchange(&self, sending: Sending<'_>, trail: &mut Trail) -> (Outcome, Duration) {
        let credentials = &self.inner.credentials;
        let connections = &self.inner.connections;
        let no_client = (Outcome::NoAnswer(NoAnswer::Other), Duration::ZERO);
        // What may not be sent twice never goes out on a kept connection.
        let mut client = if sending.request.method.is_safe() {
            connections.keeping()
        } else if let Some(opening) = connections.opening(&self.inner.config) {
            opening
        } else {
            return no_client;
        };
        let url = sending.url;
        let mut waits = 0;
        let mut renewed = false;
        loop {
            let credential = match self.turn(sending.asking.as_ref()).await {
                Ok(credential) => credential,
                Err(reason) => return (Outcome::NoAnswer(reason), Duration::ZERO),
            };
            let mut headers = sending.headers.clone();
            if let Some(credential) = &credential {
                headers.insert(credential.name.clone(), credential.value.clone());
                trail.claims.clone_from(&credential.claims);
            }
            let request = sending.build(headers);
            let limit = self.inner.config.max_body_bytes;
            let started = Instant::now();
            let attempt = self.attempt(client, request, url, limit).await;
            let elapsed = started.elapsed();
            let response = match attempt {
                Err(failed) if failed.on_kept && !trail.repeated => {
                    let Some(opening) = connections.opening(&self.inner.config) else {
                        return (Outcome::NoAnswer(failed.reason), elapsed);
                    };
                    client = opening;
                    trail.repeated = true;
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
    async fn turn(&self, asking: Option<&Asking<'_>>) -> Result<Option<Credential>, NoAnswer> {
        let credential = match asking {
            Some(_) => self.credential(asking).await?,
            None => None,
        };
        if !self.inner.limits.take().await {
            return Err(NoAnswer::TotalReached);
        }
        match credential {
            Some(credential) if self.inner.credentials.has_ended(&credential) => {
                self.credential(asking).await
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
        let client = client.ok_or(NoAnswer::Other)?;
        let mut request = reqwest::Request::new(reqwest::Method::POST, url.clone());
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form_type);
        headers.insert(USER_AGENT, self.inner.user_agent.clone());
        *request.body_mut() = Some(form.into());
        self.attempt(client, request, url, LARGEST_TOKEN_ANSWER)
            .await
            .map_err(|failed| failed.reason)
    }

    async fn attempt(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
        url: &Url,
        limit: usize,
    ) -> Result<Response, Failed> {
        let travel = Travel {
            https: url.scheme() == "https",
            proxied: self.proxied(url),
        };
        let receiving = self.receive(client, request, url, travel, limit);
        timeout(self.inner.config.timeout, receiving)
            .await
            .unwrap_or(Err(Failed::from(NoAnswer::Timeout)))
    }

    async fn receive(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
        url: &Url,
        travel: Travel,
        limit: usize,
    ) -> Result<Response, Failed> {
        let connections = &self.inner.connections;
        if !request.headers().contains_key(ACCEPT) {
            // On the heap: it is seldom needed, and would make every future of a request large.
            let response = Box::pin(exact::send(self, request)).await?;
            return Ok(read(response, travel, limit).await?);
        }
        let response = client.execute(request).await.map_err(|error| {
            let reason = classify(&error, travel);
            let on_kept = reason == NoAnswer::Reset && connections.was_kept(&error);
            Failed { reason, on_kept }
        })?;
        connections.has_carried(&response);
        if self.origin_allowed(url) && !self.inner.shown.is_same(url, &response) {
            return Err(Failed::from(NoAnswer::CertificateChanged));
        }
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

/// A request on its way.
struct Sending<'a> {
    url: &'a Url,
    headers: &'a HeaderMap,
    request: &'a Request,
    /// What the credentials are for; `None` if none are sent.
    asking: Option<Asking<'a>>,
}

impl Sending<'_> {
    fn build(&self, mut headers: HeaderMap) -> reqwest::Request {
        if self.request.compression == Compression::Gzip {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let method = self.request.method.of_reqwest();
        let mut request = reqwest::Request::new(method, self.url.clone());
        *request.headers_mut() = headers;
        if let Some(body) = &self.request.body {
            *request.body_mut() = Some(body.bytes.clone().into());
        }
        request
    }
}

/// What happened to a request on its way.
#[derive(Default)]
struct Trail {
    repeated: bool,
    claims: Option<String>,
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
