//! A request as asked for and the live answer to it.
//! Not for storage: values here are unredacted, so none of them prints its content.

use std::fmt;
use std::time::Duration;
use url::Url;

/// A read to make.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Picks the base URL; without one, or without a URL of its own, the default.
    pub capability: Option<String>,
    /// Path below the base URL, such as `Patient/123`.
    pub path: String,
    /// Query parameters in order, not yet encoded.
    pub query: Vec<(String, String)>,
    /// A whole URL (a next link) in place of path and query; only sent within the target's origins.
    pub absolute: Option<Url>,
    /// The `accept` header.
    pub accept: String,
    /// Whether to sign in.
    pub sign_in: bool,
}

/// What became of a request.
#[derive(Clone)]
pub struct Answer {
    /// The URL that was asked for.
    pub url: Url,
    /// The HTTP method.
    pub method: &'static str,
    /// Headers as requested, lower-case and sorted, with `{secret}` in place of a secret.
    pub request_headers: Vec<(String, String)>,
    /// The response, or why there is none.
    pub outcome: Outcome,
    /// From sending the last attempt to the end of its body; waiting for our own limits is not in it.
    pub elapsed: Duration,
    /// A command that repeats the request, with `$PLUMBLINE_SECRET` in place of a secret.
    pub curl: String,
}

/// The response, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A complete response of any status.
    Response(Response),
    /// No complete response.
    NoAnswer(NoAnswer),
}

/// A complete response.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers with lower-case names, sorted by name; duplicates stay apart, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body after decompression.
    pub body: Vec<u8>,
}

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
    Tls,
    /// The host name could not be resolved.
    Dns,
    /// The body is larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The target still answered 429 after the bounded wait.
    RateLimited,
    /// The agreed number of requests has been used up; nothing was sent.
    TotalReached,
    /// Anything else: an answer that is not HTTP, a broken compression, a URL outside the target.
    Other,
}

impl NoAnswer {
    /// The reason in plain English. Never holds anything that the target sent.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Timeout => "no complete answer came within the time limit",
            Self::Refused => "the connection was refused",
            Self::Reset => "the connection ended before the whole answer had arrived",
            Self::Tls => "no secure (TLS) connection could be agreed",
            Self::Dns => "the host name could not be found",
            Self::TooLarge { .. } => "the answer is larger than the agreed limit",
            Self::RateLimited => "the target kept asking for fewer requests (status 429)",
            Self::TotalReached => "the agreed number of requests has been used up",
            Self::Other => "no answer that could be read as HTTP",
        }
    }
}

impl Answer {
    /// The response, if there is one.
    pub fn response(&self) -> Option<&Response> {
        match &self.outcome {
            Outcome::Response(response) => Some(response),
            Outcome::NoAnswer(_) => None,
        }
    }
}

impl Response {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(candidate, _)| candidate == name)
            .map(|(_, value)| value.as_str())
    }
}

// Paths, queries, headers and bodies may identify a person, so debug output leaves them out.

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("capability", &self.capability)
            .field("sign_in", &self.sign_in)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("method", &self.method)
            .field("outcome", &self.outcome)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
