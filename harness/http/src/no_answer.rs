//! Why there is no complete response, in words of our own.
//! Not for the transport's or the target's own words: they may hold a URL or what was sent.

use std::fmt;

/// Why there is no complete response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The deadline passed.
    Timeout,
    /// Nothing listens there.
    Refused,
    /// The connection ended before the whole answer was there.
    Reset,
    /// No TLS connection could be agreed.
    Tls(TlsFault),
    /// The target showed another certificate than in the first answer; what it sent was not taken.
    CertificateChanged,
    /// The host name could not be resolved.
    Dns,
    /// The proxy of target.toml stood in the way.
    Proxy(ProxyFault),
    /// The body is larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The target still answered 429 after the bounded wait.
    RateLimited,
    /// The agreed number of requests has been used up; nothing was sent.
    TotalReached,
    /// There were no credentials to send; nothing was sent to the target.
    SignIn(SignInFault),
    /// The request has a header that cannot or may not be sent; nothing was sent.
    NotSent,
    /// The body came, but is not packed as its `content-encoding` says.
    Encoding,
    /// Anything else: an answer that is not HTTP, a URL outside the target.
    Other,
}

/// Why no TLS connection could be agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFault {
    /// Nobody whom this machine or target.toml trusts vouches for the certificate.
    UnknownIssuer,
    /// The certificate is for other host names.
    WrongName,
    /// The certificate is over, or not valid yet.
    Dates,
    /// What came back is not TLS.
    NotTls,
    /// The other side wants a certificate of ours, and there is none, or it refused it.
    ClientCertificate,
    /// Anything else.
    Other,
}

/// What the proxy did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFault {
    /// It could not be reached.
    Unreachable,
    /// It opened no connection to the target.
    NoTunnel,
    /// It asks for a user name and password.
    Login,
}

/// Why there are no credentials to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// The pasted token has come to its end.
    Expired,
    /// The token address gave no answer.
    NoAnswer(Silence),
    /// The token address gave no token.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The OAuth error code, if it is a registered one.
        code: Option<OAuthError>,
    },
    /// The token address answered with success, but without a token that can be used.
    NoToken,
    /// The request for a token could not be signed.
    Unsigned,
}

/// Why the token address gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The deadline passed.
    Timeout,
    /// Nothing listens there.
    Refused,
    /// No TLS connection could be agreed.
    Tls(TlsFault),
    /// The host name could not be resolved.
    Dns,
    /// The proxy of target.toml stood in the way.
    Proxy(ProxyFault),
    /// The connection ended early, or what came was not HTTP.
    Broken,
}

/// An error code of a token endpoint, as registered with IANA ("OAuth Extensions Error", and RFC 6749
/// section 5.2). Any other text is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuthError {
    /// `invalid_request`
    InvalidRequest,
    /// `invalid_client`
    InvalidClient,
    /// `invalid_grant`
    InvalidGrant,
    /// `unauthorized_client`
    UnauthorizedClient,
    /// `unsupported_grant_type`
    UnsupportedGrantType,
    /// `invalid_scope`
    InvalidScope,
    /// `invalid_target`
    InvalidTarget,
    /// `access_denied`
    AccessDenied,
    /// `server_error`
    ServerError,
    /// `temporarily_unavailable`
    TemporarilyUnavailable,
}

impl OAuthError {
    /// Every code that is known.
    pub const ALL: &[Self] = &[
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::InvalidScope,
        Self::InvalidTarget,
        Self::AccessDenied,
        Self::ServerError,
        Self::TemporarilyUnavailable,
    ];

    /// The code as it is sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The code with this text, if it is a registered one.
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.code() == text)
    }
}

impl NoAnswer {
    /// The reason in plain English. Never holds anything that the target sent.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Timeout => "no complete answer came within the time limit",
            Self::Refused => "the connection was refused",
            Self::Reset => "the connection ended before the whole answer had arrived",
            Self::Tls(fault) => fault.words(),
            Self::CertificateChanged => "the system showed another certificate than at first",
            Self::Dns => "the host name could not be found",
            Self::Proxy(fault) => fault.words(),
            Self::TooLarge { .. } => "the answer is larger than the agreed limit",
            Self::RateLimited => "the target kept asking for fewer requests (status 429)",
            Self::TotalReached => "the agreed number of requests has been used up",
            Self::SignIn(fault) => fault.words(),
            Self::NotSent => "the request has a header that cannot or may not be sent",
            Self::Encoding => "the body is not packed as its Content-Encoding says",
            Self::Other => "no answer that could be read as HTTP",
        }
    }
}

impl TlsFault {
    /// The fault in plain English.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::UnknownIssuer => "the certificate's issuer is not trusted here",
            Self::WrongName => "the certificate is for another host name",
            Self::Dates => "the certificate is not valid at this time",
            Self::NotTls => "what answered does not speak TLS",
            Self::ClientCertificate => {
                "the system asks for a client certificate: it got none, or refused ours"
            }
            Self::Other => "no secure (TLS) connection could be agreed",
        }
    }
}

impl ProxyFault {
    /// The fault in plain English.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Unreachable => "the proxy could not be reached",
            Self::NoTunnel => "the proxy opened no connection to the system",
            Self::Login => "the proxy asks for a user name and password",
        }
    }
}

impl Silence {
    /// The reason in plain English.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Timeout => NoAnswer::Timeout.words(),
            Self::Refused => NoAnswer::Refused.words(),
            Self::Tls(fault) => fault.words(),
            Self::Dns => NoAnswer::Dns.words(),
            Self::Proxy(fault) => fault.words(),
            Self::Broken => NoAnswer::Other.words(),
        }
    }
}

impl SignInFault {
    /// The fault in plain English, without status and code.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Expired => "sign-in failed: the access token has come to its end",
            Self::NoAnswer(_) => "sign-in failed: the token address gave no answer",
            Self::Refused { .. } => "sign-in failed: the token address gave no token",
            Self::NoToken => "sign-in failed: the token address sent no token that can be used",
            Self::Unsigned => "sign-in failed: the request for a token could not be signed",
        }
    }

    /// The key of target.toml to look at first.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Expired => "auth.expires",
            Self::NoAnswer(Silence::Tls(TlsFault::UnknownIssuer)) => "connection.trust_roots",
            Self::NoAnswer(Silence::Tls(TlsFault::ClientCertificate)) => {
                "connection.client_certificate"
            }
            Self::NoAnswer(Silence::Proxy(_)) => "connection.proxy",
            Self::NoAnswer(_) | Self::NoToken => "auth.token_url",
            Self::Unsigned => "auth.algorithm",
            Self::Refused { code, .. } => match code {
                Some(OAuthError::InvalidClient) => "auth.client_id",
                Some(OAuthError::InvalidScope | OAuthError::AccessDenied) => "auth.scopes",
                Some(
                    OAuthError::InvalidGrant
                    | OAuthError::InvalidRequest
                    | OAuthError::InvalidTarget,
                ) => "auth.audience",
                Some(OAuthError::UnauthorizedClient | OAuthError::UnsupportedGrantType) => {
                    "auth.method"
                }
                Some(OAuthError::ServerError | OAuthError::TemporarilyUnavailable) | None => {
                    "auth.token_url"
                }
            },
        }
    }

    /// What to do about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::Expired => {
                "Get a new access token, put it where [auth] of target.toml says, and write when it \
                 ends in `expires`."
            }
            Self::NoAnswer(Silence::Tls(TlsFault::UnknownIssuer)) => {
                "Name the issuer's certificate in `trust_roots` under [connection] of target.toml."
            }
            Self::NoAnswer(Silence::Tls(TlsFault::ClientCertificate)) => {
                "Name a certificate that the token service accepts in [connection.client_certificate] of \
                 target.toml."
            }
            Self::NoAnswer(Silence::Proxy(_)) => "Check `proxy` under [connection] of target.toml.",
            Self::NoAnswer(_) => {
                "Check `token_url` under [auth] of target.toml and that the token service is running."
            }
            Self::NoToken => {
                "Check that `token_url` under [auth] of target.toml is the address that issues access \
                 tokens of the type Bearer."
            }
            Self::Unsigned => "Check `algorithm` and the private key under [auth] of target.toml.",
            Self::Refused { status, code } => match code {
                Some(OAuthError::InvalidClient) => {
                    "Check under [auth] of target.toml that `client_id`, `key_id` and `algorithm` are \
                     as registered with the token service, that the private key belongs to the \
                     registered public key, and that `audience` is what the service expects."
                }
                Some(OAuthError::InvalidScope | OAuthError::AccessDenied) => {
                    "Check `scopes` under [auth] of target.toml against what this client may ask for."
                }
                Some(
                    OAuthError::InvalidGrant
                    | OAuthError::InvalidRequest
                    | OAuthError::InvalidTarget,
                ) => {
                    "Check `audience`, `client_id` and `key_id` under [auth] of target.toml, and that \
                     the clock of this machine is right."
                }
                Some(OAuthError::UnauthorizedClient | OAuthError::UnsupportedGrantType) => {
                    "Have the token service allow this client to use client credentials with a signed \
                     JWT, or choose another `method` under [auth] of target.toml."
                }
                Some(OAuthError::ServerError | OAuthError::TemporarilyUnavailable) => {
                    "Find out from the log of the token service why it gives no token."
                }
                None if *status >= 500 => {
                    "Find out from the log of the token service why it gives no token."
                }
                None => {
                    "Check that `token_url` under [auth] of target.toml is the address that issues \
                     access tokens, and that this client is registered there."
                }
            },
        }
    }

    /// Whether the token service is in trouble, and not what target.toml says.
    pub const fn is_outage(&self) -> bool {
        match self {
            Self::NoAnswer(silence) => !matches!(
                silence,
                Silence::Tls(
                    TlsFault::UnknownIssuer
                        | TlsFault::WrongName
                        | TlsFault::NotTls
                        | TlsFault::ClientCertificate
                ) | Silence::Proxy(ProxyFault::Login)
            ),
            Self::Refused { status, .. } => *status >= 500 || *status == 429 || *status == 408,
            Self::Expired | Self::NoToken | Self::Unsigned => false,
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn(fault) => fault.fmt(f),
            _ => f.write_str(self.words()),
        }
    }
}

impl fmt::Display for SignInFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())?;
        match self {
            Self::NoAnswer(silence) => write!(f, ": {}", silence.words()),
            Self::Refused { status, code } => {
                write!(f, " but status {status}")?;
                match code {
                    Some(code) => write!(f, " and the error {}", code.code()),
                    None => Ok(()),
                }
            }
            Self::Expired | Self::NoToken | Self::Unsigned => Ok(()),
        }
    }
}

/// The same from the side of the token address, where it is one of its silences.
impl From<NoAnswer> for SignInFault {
    fn from(reason: NoAnswer) -> Self {
        Self::NoAnswer(match reason {
            NoAnswer::Timeout => Silence::Timeout,
            NoAnswer::Refused => Silence::Refused,
            NoAnswer::Tls(fault) => Silence::Tls(fault),
            NoAnswer::Dns => Silence::Dns,
            NoAnswer::Proxy(fault) => Silence::Proxy(fault),
            NoAnswer::TooLarge { .. } | NoAnswer::Encoding => return Self::NoToken,
            NoAnswer::SignIn(fault) => return fault,
            NoAnswer::Reset
            | NoAnswer::CertificateChanged
            | NoAnswer::RateLimited
            | NoAnswer::TotalReached
            | NoAnswer::NotSent
            | NoAnswer::Other => Silence::Broken,
        })
    }
}
