//! What a client is told about its target, and the checks on it.
//! Not for reading target.toml or the environment: `pack` and `cli` do that.

use crate::assertion::SigningAlgorithm;
use crate::failure::HttpError;
use crate::identity::ClientIdentity;
use plumbline_model::GpConnect;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The key in [`ClientConfig::base_urls`] that serves every capability without a URL of its own.
pub const DEFAULT_BASE_URL: &str = "default";

/// How the target is reached and what it is spared.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Base URL by capability; `default` must be there.
    pub base_urls: BTreeMap<String, Url>,
    /// How to sign in.
    pub auth: Auth,
    /// What lies between this machine and the target.
    pub connection: Connection,
    /// Longest time for one whole exchange, from connecting to the end of the body.
    pub timeout: Duration,
    /// Longest time for connecting, TLS handshake included.
    pub connect_timeout: Duration,
    /// Largest body taken, counted after decompression.
    pub max_body_bytes: usize,
    /// Requests per second, shared by all clones of the client.
    pub requests_per_second: u32,
    /// Requests in total, shared by all clones; repeats after a 429, control requests and requests
    /// for a token count.
    pub total_requests: u32,
    /// The `user-agent` header.
    pub user_agent: String,
}

/// How to sign in to the target.
#[derive(Debug, Clone)]
pub enum Auth {
    /// Not at all.
    None,
    /// A fixed key in a header.
    ApiKey {
        /// Name of the header.
        header: String,
        /// The key.
        secret: SecretString,
    },
    /// An access token that somebody else obtained (RFC 6750).
    Bearer {
        /// The token.
        token: SecretString,
        /// When it ends, in seconds since 1970-01-01T00:00:00Z; it is not sent from then on.
        expires: i64,
        /// Tells when that is.
        surroundings: Arc<dyn Surroundings>,
    },
    /// Access tokens that the client obtains for itself (RFC 6749 section 4.4, RFC 7523).
    ClientCredentials {
        /// Where and as whom.
        settings: ClientCredentials,
        /// Time and ids for the signed requests.
        surroundings: Arc<dyn Surroundings>,
    },
    /// The headers and the unsigned token that GP Connect asks for on every request.
    GpConnect {
        /// Who asks, and on whose behalf.
        settings: Box<GpConnect>,
        /// Time for the tokens, and ids for the requests.
        surroundings: Arc<dyn Surroundings>,
    },
}

/// OAuth 2 client credentials with a signed JWT in place of a client secret.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    /// Where tokens are issued.
    pub token_url: Url,
    /// The client, as it is registered there.
    pub client_id: String,
    /// The key, as it is registered there.
    pub key_id: String,
    /// The algorithm of the signature.
    pub algorithm: SigningAlgorithm,
    /// The private key: PEM, PKCS#8, or PKCS#1 for RSA.
    pub key: SecretString,
    /// What to ask for; none leaves it to the service.
    pub scopes: Vec<String>,
    /// Whom the JWT is meant for; usually the token URL.
    pub audience: String,
}

/// What a client needs from the machine and may not take for itself, so that tests can decide it.
pub trait Surroundings: fmt::Debug + Send + Sync {
    /// Seconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64;
    /// An id that no other call has returned or will return, in this process or another.
    fn fresh_id(&self) -> String;
}

/// What lies between this machine and the target. The environment is never asked.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// A proxy for everything but this machine and the names in `hosts`.
    pub proxy: Option<Url>,
    /// PEM files with certificates to trust besides those that the machine trusts.
    pub trust_roots: Vec<PathBuf>,
    /// Where to find a host, by name. With port 0 the port is that of the URL; another port is used
    /// only if the URL names none.
    pub hosts: BTreeMap<String, SocketAddr>,
    /// The certificate to show where the other side asks for one (mutual TLS).
    pub client_certificate: Option<ClientIdentity>,
    /// Certificates that the target must refuse, for the TLS probe only.
    pub wrong_certificates: BTreeMap<WrongCertificate, ClientIdentity>,
}

/// What is wrong with a certificate that a target must refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WrongCertificate {
    /// It is over, and right in every other way.
    Expired,
    /// It is for another client, and right in every other way.
    OtherName,
    /// Its issuer has revoked it.
    Revoked,
    /// Its issuer is not one that the target knows. The probe makes one if none is given.
    UnknownIssuer,
}

impl WrongCertificate {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Expired,
        Self::OtherName,
        Self::Revoked,
        Self::UnknownIssuer,
    ];

    /// The key of target.toml below `connection.wrong_certificates`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::OtherName => "other_name",
            Self::Revoked => "revoked",
            Self::UnknownIssuer => "unknown_issuer",
        }
    }
}

impl ClientConfig {
    /// Refuses what could not work, or would send a request somewhere by accident.
    pub(crate) fn check(&self) -> Result<(), HttpError> {
        if !self.base_urls.contains_key(DEFAULT_BASE_URL) {
            return Err(HttpError::NoDefaultBaseUrl);
        }
        for (capability, url) in &self.base_urls {
            let problem = if !matches!(url.scheme(), "http" | "https") {
                "it must begin with http:// or https://"
            } else if !url.username().is_empty() || url.password().is_some() {
                "it must not hold a user name or password"
            } else if url.query().is_some() || url.fragment().is_some() {
                "it must not hold a question mark or a hash sign"
            } else {
                continue;
            };
            return Err(HttpError::BaseUrl {
                capability: capability.clone(),
                problem,
            });
        }
        if self.requests_per_second == 0 {
            return Err(HttpError::ZeroRate);
        }
        Ok(())
    }
}
