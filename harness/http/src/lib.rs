//! The only crate that opens outgoing sockets: one careful request at a time, with every limit on.
//! Not for judging or storing: what it returns is live, may hold patient data, and stays in memory
//! until the runner has redacted it.

mod assertion;
mod client;
mod config;
mod connection;
mod curl;
mod exchange;
mod failure;
mod kept;
mod limits;
mod no_answer;
mod secret;
mod sign_in;
mod token;

pub use assertion::SigningAlgorithm;
pub use client::Client;
pub use config::{
    Auth, ClientConfig, ClientCredentials, Connection, DEFAULT_BASE_URL, Surroundings,
};
pub use exchange::{Answer, Outcome, Request, Response};
pub use failure::{HttpError, KeyFault};
pub use no_answer::{NoAnswer, OAuthError, ProxyFault, SignInFault, Silence, TlsFault};
pub use secret::{private_key_from_file, secret_from_file};
pub use sign_in::SignedIn;
