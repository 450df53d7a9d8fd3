//! A request as asked for and the live answer to it.
//! Not for storage: values here are unredacted, so none of them prints its content.

use crate::no_answer::NoAnswer;
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
    /// Headers on top of the usual ones, in order. They can add, never replace: a request that names
    /// the header of the credentials or one that the client sets itself is not sent.
    pub headers: Vec<(String, String)>,
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
    /// Whether it was sent a second time, because a connection kept from an earlier request ended
    /// before any of the answer had come. The outcome is that of the second time.
    pub repeated: bool,
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
