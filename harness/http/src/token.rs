//! Fetches access tokens for a client, keeps the current one in memory, and renews it in time.
//! Not for storing them or the exchange with the token service: neither leaves this process.

use crate::assertion::SigningKey;
use crate::client::Client;
use crate::config::{ClientCredentials, Surroundings};
use crate::exchange::Response;
use crate::no_answer::{NoAnswer, OAuthError, SignInFault};
use crate::sign_in::{Credential, bearer};
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Lock, PoisonError};
use tokio::sync::Mutex;
use url::Url;
use url::form_urlencoded::Serializer;

/// A token is renewed this long before its end, in seconds, or at half its life if that is less.
const MARGIN: i64 = 60;
/// How long a token is used if the service does not say, in seconds.
const ASSUMED_LIFETIME: i64 = 300;
/// A longer life than this is not believed, in seconds.
const LONGEST_LIFETIME: i64 = 24 * 60 * 60;
/// After this many outages in a row the service is left alone.
const MOST_OUTAGES: u32 = 3;
/// The shortest token that is looked for in answers; a shorter one could be an ordinary word.
const SHORTEST_TO_HIDE: usize = 16;

/// Where tokens come from, and the current one.
#[derive(Debug)]
pub(crate) struct TokenSource {
    settings: ClientCredentials,
    key: SigningKey,
    surroundings: Arc<dyn Surroundings>,
    /// How often the service has been asked.
    asked: AtomicU64,
    state: Mutex<State>,
    /// The latest token, for whoever must not show it.
    latest: Lock<Option<SecretString>>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Token>,
    failure: Option<SignInFault>,
    outages: u32,
}

#[derive(Debug, Clone)]
struct Token {
    credential: Credential,
    renew_at: i64,
}

impl TokenSource {
    pub(crate) fn new(
        settings: &ClientCredentials,
        key: SigningKey,
        surroundings: Arc<dyn Surroundings>,
    ) -> Self {
        Self {
            settings: settings.clone(),
            key,
            surroundings,
            asked: AtomicU64::new(0),
            state: Mutex::default(),
            latest: Lock::default(),
        }
    }

    pub(crate) fn surroundings(&self) -> &Arc<dyn Surroundings> {
        &self.surroundings
    }

    pub(crate) fn url(&self) -> &Url {
        &self.settings.token_url
    }

    /// The latest token, whether or not it has ended.
    pub(crate) fn latest(&self) -> Option<SecretString> {
        self.latest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The latest token if an answer may be searched for it.
    pub(crate) fn to_hide(&self) -> Option<SecretString> {
        self.latest()
            .filter(|token| token.expose_secret().len() >= SHORTEST_TO_HIDE)
    }

    /// The body of the request for a token.
    fn form(&self) -> Result<String, NoAnswer> {
        let (now, id) = (self.surroundings.now(), self.surroundings.fresh_id());
        let assertion = self
            .key
            .assertion(&self.settings, now, &id)
            .ok_or(NoAnswer::SignIn(SignInFault::Unsigned))?;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials")
            .append_pair(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            )
            .append_pair("client_assertion", assertion.expose_secret());
        if !self.settings.scopes.is_empty() {
            form.append_pair("scope", &self.settings.scopes.join(" "));
        }
        Ok(form.finish())
    }
}

impl Client {
    /// The current token, or a new one if that nears its end. Whoever comes while one is being
    /// fetched waits for that one, and shares its failure.
    pub(crate) async fn token(&self, source: &TokenSource) -> Result<Credential, NoAnswer> {
        let asked = source.asked.load(Ordering::SeqCst);
        let mut state = source.state.lock().await;
        let now = source.surroundings.now();
        if let Some(token) = state.token.as_ref().filter(|token| now < token.renew_at) {
            return Ok(token.credential.clone());
        }
        let failed_meanwhile = source.asked.load(Ordering::SeqCst) > asked;
        if let Some(fault) = state.failure
            && (failed_meanwhile || !fault.is_outage() || state.outages >= MOST_OUTAGES)
        {
            return Err(NoAnswer::SignIn(fault));
        }
        let form = source.form()?;
        let answer = match self.post_form(source.url(), form).await {
            // Our own limit says nothing about the service.
            Err(NoAnswer::TotalReached) => return Err(NoAnswer::TotalReached),
            Err(reason) => Err(SignInFault::from(reason)),
            Ok(response) => read(&response, now),
        };
        source.asked.fetch_add(1, Ordering::SeqCst);
        match answer {
            Ok(token) => {
                *source.latest.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some(token.credential.secret.clone());
                let credential = token.credential.clone();
                *state = State {
                    token: Some(token),
                    ..State::default()
                };
                Ok(credential)
            }
            Err(fault) => {
                state.failure = Some(fault);
                state.outages += u32::from(fault.is_outage());
                Err(NoAnswer::SignIn(fault))
            }
        }
    }
}

/// The token in an answer; `asked_at` is when it was asked for, which is before it was issued.
fn read(response: &Response, asked_at: i64) -> Result<Token, SignInFault> {
    let body: Option<serde_json::Value> = serde_json::from_slice(&response.body).ok();
    let text = |name: &str| body.as_ref()?.get(name)?.as_str();
    if response.status != 200 {
        return Err(SignInFault::Refused {
            status: response.status,
            code: text("error").and_then(OAuthError::from_code),
        });
    }
    // The type must be there, but it is not the token service that is tested.
    let is_bearer = text("token_type").is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    let mut credential = text("access_token")
        .filter(|_| is_bearer)
        .and_then(|token| bearer(&SecretString::from(token)))
        .ok_or(SignInFault::NoToken)?;
    let lifetime = body
        .as_ref()
        .and_then(|body| body.get("expires_in"))
        .and_then(seconds)
        .unwrap_or(ASSUMED_LIFETIME)
        .min(LONGEST_LIFETIME);
    credential.ends = Some(asked_at.saturating_add(lifetime));
    Ok(Token {
        credential,
        renew_at: asked_at.saturating_add(lifetime - MARGIN.min(lifetime / 2)),
    })
}

/// A number of seconds; some services write it as a text.
fn seconds(value: &serde_json::Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
        .filter(|seconds| *seconds >= 0)
}
