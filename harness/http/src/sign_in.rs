//! The credentials of a client while it runs: none, fixed, with an end, fetched, or made each time.
//! Not for fetching them: see [`crate::token`].

use crate::assertion::SigningKey;
use crate::config::{Auth, Surroundings};
use crate::failure::HttpError;
use crate::gp_connect::Token;
use crate::token::TokenSource;
use plumbline_model::GpConnect;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// The word before a token (RFC 6750).
const BEARER: &str = "Bearer ";

/// How a client signs in.
#[derive(Debug)]
pub(crate) enum Credentials {
    None,
    Fixed(Credential),
    /// Fixed, but only until it ends.
    Ending(Credential, Arc<dyn Surroundings>),
    Fetched(Box<TokenSource>),
    /// Made anew for each request, and not secret.
    Unsigned(Box<GpConnect>, Arc<dyn Surroundings>),
}

/// A header that signs in, ready to send; its value is marked so that it never prints.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) name: HeaderName,
    pub(crate) value: HeaderValue,
    pub(crate) secret: SecretString,
    /// When it ends, in seconds since 1970; `None` if it does not.
    pub(crate) ends: Option<i64>,
    /// What an unsigned token says.
    pub(crate) claims: Option<String>,
}

/// What the header of the credentials looks like, without the secret.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) name: HeaderName,
    /// What stands before the secret.
    pub(crate) prefix: &'static str,
}

/// What signing in came to; see [`crate::Client::sign_in`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedIn {
    /// There are no credentials.
    Not,
    /// With credentials that do not end.
    Fixed,
    /// With an access token that ends.
    Until {
        /// When, in seconds since 1970-01-01T00:00:00Z.
        ends: i64,
    },
    /// With a token that is made for each request, and needs nothing from anybody.
    EachTime,
}

impl Credentials {
    pub(crate) fn new(auth: &Auth) -> Result<Self, HttpError> {
        Ok(match auth {
            Auth::None => Self::None,
            Auth::ApiKey { header, secret } => Self::Fixed(key(header, secret)?),
            Auth::Bearer {
                token,
                expires,
                surroundings,
            } => {
                check_pasted(token)?;
                let mut credential = bearer(token).ok_or(HttpError::SecretValue)?;
                credential.ends = Some(*expires);
                Self::Ending(credential, Arc::clone(surroundings))
            }
            Auth::ClientCredentials {
                settings,
                surroundings,
            } => {
                let key = SigningKey::new(&settings.key, settings.algorithm)?;
                Self::Fetched(Box::new(TokenSource::new(
                    settings,
                    key,
                    Arc::clone(surroundings),
                )))
            }
            Auth::GpConnect {
                settings,
                surroundings,
            } => Self::Unsigned(settings.clone(), Arc::clone(surroundings)),
        })
    }

    /// The header that carries the credentials, if there are any.
    pub(crate) fn shape(&self) -> Option<Shape> {
        match self {
            Self::None => None,
            Self::Fixed(credential) => Some(Shape {
                name: credential.name.clone(),
                prefix: "",
            }),
            Self::Ending(..) | Self::Fetched(_) | Self::Unsigned(..) => Some(Shape {
                name: AUTHORIZATION,
                prefix: BEARER,
            }),
        }
    }

    /// Whether the credential has come to its end by our clock.
    pub(crate) fn has_ended(&self, credential: &Credential) -> bool {
        let surroundings = match self {
            Self::None | Self::Fixed(_) | Self::Unsigned(..) => return false,
            Self::Ending(_, surroundings) => surroundings,
            Self::Fetched(source) => source.surroundings(),
        };
        credential
            .ends
            .is_some_and(|ends| surroundings.now() >= ends)
    }
}

fn key(header: &str, secret: &SecretString) -> Result<Credential, HttpError> {
    let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| HttpError::AuthHeader {
        header: header.to_owned(),
    })?;
    if secret.expose_secret().is_empty() {
        return Err(HttpError::SecretValue);
    }
    let mut value =
        HeaderValue::from_str(secret.expose_secret()).map_err(|_| HttpError::SecretValue)?;
    value.set_sensitive(true);
    Ok(Credential {
        name,
        value,
        secret: secret.clone(),
        ends: None,
        claims: None,
    })
}

/// A token as a header; `None` if it has another form than RFC 6750 section 2.1 gives it.
pub(crate) fn bearer(token: &SecretString) -> Option<Credential> {
    let text = token.expose_secret();
    let formed = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b));
    if !formed {
        return None;
    }
    let mut value = HeaderValue::from_str(&format!("{BEARER}{text}")).ok()?;
    value.set_sensitive(true);
    Some(Credential {
        name: AUTHORIZATION,
        value,
        secret: token.clone(),
        ends: None,
        claims: None,
    })
}

/// The token of GP Connect as a header; `None` if a header cannot carry it.
pub(crate) fn unsigned(token: &Token) -> Option<Credential> {
    Some(Credential {
        name: AUTHORIZATION,
        value: HeaderValue::from_str(&token.value).ok()?,
        secret: SecretString::default(),
        ends: None,
        claims: token.claims.clone(),
    })
}

/// The commonest slip in pasting a token has a message of its own.
fn check_pasted(token: &SecretString) -> Result<(), HttpError> {
    let word = token.expose_secret().split_whitespace().next();
    if word.is_some_and(|w| w.trim_end_matches(':').eq_ignore_ascii_case("bearer")) {
        return Err(HttpError::TokenWithScheme);
    }
    Ok(())
}
