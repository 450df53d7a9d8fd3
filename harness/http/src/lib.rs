//! The only crate that opens outgoing sockets: one careful request at a time, with every limit on.
//! Not for judging or storing: what it returns is live, may hold patient data, and stays in memory
//! until the runner has redacted it.

mod assertion;
mod body;
mod certificate;
mod client;
mod config;
mod connection;
mod curl;
mod exact;
mod exchange;
mod failure;
mod gp_connect;
mod identity;
mod kept;
mod limits;
mod no_answer;
pub mod probe;
mod secret;
mod shown;
mod sign_in;
mod token;

pub use assertion::SigningAlgorithm;
pub use certificate::{CertificateFacts, KeyKind, Validity};
pub use client::{Client, address, is_within};
pub use config::{
    Auth, ClientConfig, ClientCredentials, Connection, DEFAULT_BASE_URL, Surroundings,
    WrongCertificate,
};
pub use exchange::{Answer, Compression, Method, Outcome, Payload, Request, Response};
pub use failure::{HttpError, KeyFault};
pub use gp_connect::{ClaimChange, GpConnectCall, HeaderChange, SspHeader, TokenForm};
pub use identity::{ClientIdentity, IdentityError, IdentityFault, IdentityField};
pub use no_answer::{NoAnswer, OAuthError, ProxyFault, SignInFault, Silence, TlsFault};
pub use secret::{private_key_from_file, secret_from_file};
pub use sign_in::SignedIn;
