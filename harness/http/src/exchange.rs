//! A request as asked for and the live answer to it.
//! Not for storage: values here are unredacted, so none of them prints its content.

use crate::gp_connect::GpConnectCall;
use crate::no_answer::NoAnswer;
use std::fmt;
use std::time::Duration;
use url::Url;

/// The media type of FHIR as JSON.
const FHIR_JSON: &str = "application/fhir+json";

/// A request to make. The default is a signed-in GET of the base URL itself that asks for FHIR as
/// JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// Picks the base URL; without one, or without a URL of its own, the default.
    pub capability: Option<String>,
    /// Path below the base URL, such as `Patient/123`.
    pub path: String,
    /// Query parameters in order, not yet encoded.
    pub query: Vec<(String, String)>,
    /// A whole URL (a next link) in place of path and query; only sent within the target's origins.
    pub absolute: Option<Url>,
    /// The `accept` header; if empty, none is sent.
    pub accept: String,
    /// Headers on top of the usual ones, in order. They can add, never replace: a request that names
    /// the header of the credentials or one that the client sets itself is not sent.
    pub headers: Vec<(String, String)>,
    /// Whether to sign in.
    pub sign_in: bool,
    /// What is sent along.
    pub body: Option<Payload>,
    /// Whether the answer may come compressed.
    pub compression: Compression,
    /// For targets of GP Connect only; any other client does not send a request that asks for this.
    pub gp_connect: GpConnectCall,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// GET
    #[default]
    Get,
    /// HEAD
    Head,
    /// OPTIONS
    Options,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

/// A body to send, with its media type.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    /// The `content-type` header.
    pub content_type: String,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Whether the answer may come compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compression {
    /// `accept-encoding: gzip` is sent.
    #[default]
    Gzip,
    /// No `accept-encoding` is sent.
    None,
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
    /// The claims of the unsigned token that was sent, as JSON; for targets of GP Connect only.
    pub claims: Option<String>,
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
    /// The body after decompression; the header `content-encoding` says how it came.
    pub body: Vec<u8>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: Method::Get,
            capability: None,
            path: String::new(),
            query: Vec::new(),
            absolute: None,
            accept: FHIR_JSON.to_owned(),
            headers: Vec::new(),
            sign_in: true,
            body: None,
            compression: Compression::Gzip,
            gp_connect: GpConnectCall::default(),
        }
    }
}

impl Method {
    /// Its name as it is sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether sending it twice does the same as sending it once (RFC 9110: safe).
    pub(crate) const fn is_safe(self) -> bool {
        match self {
            Self::Get | Self::Head | Self::Options => true,
            Self::Post | Self::Put | Self::Patch | Self::Delete => false,
        }
    }

    pub(crate) const fn of_reqwest(self) -> reqwest::Method {
        match self {
            Self::Get => reqwest::Method::GET,
            Self::Head => reqwest::Method::HEAD,
            Self::Options => reqwest::Method::OPTIONS,
            Self::Post => reqwest::Method::POST,
            Self::Put => reqwest::Method::PUT,
            Self::Patch => reqwest::Method::PATCH,
            Self::Delete => reqwest::Method::DELETE,
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
            .field("method", &self.method)
            .field("capability", &self.capability)
            .field("sign_in", &self.sign_in)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload")
            .field("bytes", &self.bytes.len())
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
