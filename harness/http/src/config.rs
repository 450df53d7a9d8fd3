//! What a client is told about its target, and the checks on it.
//! Not for reading target.toml or the environment: `pack` and `cli` do that.

use crate::failure::HttpError;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
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
    /// Longest time for one whole exchange, from connecting to the end of the body.
    pub timeout: Duration,
    /// Longest time for connecting, TLS handshake included.
    pub connect_timeout: Duration,
    /// Largest body taken, counted after decompression.
    pub max_body_bytes: usize,
    /// Requests per second, shared by all clones of the client.
    pub requests_per_second: u32,
    /// Requests in total, shared by all clones; repeats after a 429 and control requests count.
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
}

/// A header that signs in, ready to send; its value is marked so that it never prints.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) name: HeaderName,
    pub(crate) value: HeaderValue,
    pub(crate) secret: SecretString,
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

impl Auth {
    pub(crate) fn sign_in(&self) -> Result<Option<SignIn>, HttpError> {
        match self {
            Self::None => Ok(None),
            Self::ApiKey { header, secret } => {
                let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| {
                    HttpError::AuthHeader {
                        header: header.clone(),
                    }
                })?;
                if secret.expose_secret().is_empty() {
                    return Err(HttpError::SecretValue);
                }
                let mut value = HeaderValue::from_str(secret.expose_secret())
                    .map_err(|_| HttpError::SecretValue)?;
                value.set_sensitive(true);
                Ok(Some(SignIn {
                    name,
                    value,
                    secret: secret.clone(),
                }))
            }
        }
    }
}
