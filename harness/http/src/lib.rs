//! The only crate that opens outgoing sockets: one careful GET at a time, with every limit on.
//! Not for judging or storing: what it returns is live, may hold patient data, and stays in memory
//! until the runner has redacted it.

mod client;
mod config;
mod curl;
mod exchange;
mod failure;
mod limits;
mod secret;

pub use client::Client;
pub use config::{Auth, ClientConfig, DEFAULT_BASE_URL};
pub use exchange::{Answer, NoAnswer, Outcome, Request, Response};
pub use failure::HttpError;
pub use secret::secret_from_file;
