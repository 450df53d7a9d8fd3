//! A token service to ask, a clock to turn, and keys made for the occasion.

use crate::support::config;
use plumbline_http::{Auth, ClientConfig, ClientCredentials, SigningAlgorithm, Surroundings};
use rcgen::{KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA512, RsaKeySize};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// When the tests begin, in seconds since 1970.
pub const START: i64 = 1_800_000_000;
/// What every token of the service begins with.
pub const TOKEN: &str = "c4n4ry-access-token-";

/// A clock that stands still until it is turned, and ids that count up.
#[derive(Debug)]
pub struct TestClock {
    seconds: AtomicI64,
    ids: AtomicU64,
}

impl TestClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            seconds: AtomicI64::new(START),
            ids: AtomicU64::new(0),
        })
    }

    /// Turns it to this many seconds after the start.
    pub fn turn_to(&self, seconds: i64) {
        self.seconds.store(START + seconds, Ordering::SeqCst);
    }
}

impl Surroundings for TestClock {
    fn now(&self) -> i64 {
        self.seconds.load(Ordering::SeqCst)
    }

    fn fresh_id(&self) -> String {
        format!("id-{}", self.ids.fetch_add(1, Ordering::SeqCst))
    }
}

pub static RSA: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::generate_rsa_for(&PKCS_RSA_SHA512, RsaKeySize::_2048).unwrap());
pub static EC: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap());

/// The settings of a client with the EC key.
pub fn settings(token_url: &str) -> ClientCredentials {
    ClientCredentials {
        token_url: token_url.parse().unwrap(),
        client_id: "plumbline-1".to_owned(),
        key_id: "k-1".to_owned(),
        algorithm: SigningAlgorithm::Es384,
        key: SecretString::from(EC.serialize_pem()),
        scopes: Vec::new(),
        audience: token_url.to_owned(),
    }
}

/// A configuration that signs in with these settings.
pub fn signing_in(base: &str, settings: ClientCredentials, clock: &Arc<TestClock>) -> ClientConfig {
    ClientConfig {
        auth: Auth::ClientCredentials {
            settings,
            surroundings: Arc::<TestClock>::clone(clock),
        },
        ..config(base)
    }
}

/// A target and a token service on one server: `/fhir` and `/token`.
pub struct Both {
    pub server: MockServer,
    pub clock: Arc<TestClock>,
}

impl Both {
    /// With a token service that gives a new token each time, good for ten minutes.
    pub async fn start() -> Self {
        Self::with_service(Tokens::new(r#""600""#)).await
    }

    /// With a token service of this kind.
    pub async fn with_service(service: impl Respond + 'static) -> Self {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/token"))
            .respond_with(service)
            .mount(&server)
            .await;
        Self {
            server,
            clock: TestClock::new(),
        }
    }

    /// How the target answers.
    pub async fn target(&self, respond: impl Respond + 'static) {
        Mock::given(method("GET"))
            .respond_with(respond)
            .mount(&self.server)
            .await;
    }

    pub fn config(&self) -> ClientConfig {
        let uri = self.server.uri();
        signing_in(
            &format!("{uri}/fhir"),
            settings(&format!("{uri}/token")),
            &self.clock,
        )
    }

    /// The forms that the token service received.
    pub async fn forms(&self) -> Vec<BTreeMap<String, String>> {
        let received = self.server.received_requests().await.unwrap();
        received
            .iter()
            .filter(|request| request.url.path() == "/token")
            .map(|request| {
                assert_eq!(
                    request.headers["content-type"],
                    "application/x-www-form-urlencoded"
                );
                url::form_urlencoded::parse(&request.body)
                    .into_owned()
                    .collect()
            })
            .collect()
    }

    /// The `authorization` headers that the target received.
    pub async fn authorizations(&self) -> Vec<String> {
        let received = self.server.received_requests().await.unwrap();
        received
            .iter()
            .filter(|request| request.url.path() != "/token")
            .map(|request| {
                request
                    .headers
                    .get("authorization")
                    .map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
            })
            .collect()
    }
}

/// Gives numbered tokens, good for as long as this JSON says; empty says nothing.
pub struct Tokens {
    expires_in: String,
    given: AtomicU64,
}

impl Tokens {
    pub fn new(expires_in: &str) -> Self {
        Self {
            expires_in: expires_in.to_owned(),
            given: AtomicU64::new(0),
        }
    }
}

impl Respond for Tokens {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let life = if self.expires_in.is_empty() {
            String::new()
        } else {
            format!(r#","expires_in":{}"#, self.expires_in)
        };
        let body = format!(r#"{{"access_token":"{TOKEN}{number}","token_type":"bearer"{life}}}"#);
        ResponseTemplate::new(200).set_body_raw(body, "application/json")
    }
}
