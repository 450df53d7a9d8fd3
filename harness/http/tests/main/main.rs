//! The client against servers that behave and servers that do not.
//! Not for real targets: every server here is on this machine.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod bearer;
mod bodies;
mod failures;
mod gp_connect;
mod headers;
mod identity;
mod keys;
mod limits;
mod mutual;
mod proxy;
mod renewal;
mod requests;
mod secrets;
mod service;
mod support;
mod tls;
mod token;
