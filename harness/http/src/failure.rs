//! Errors in setting a client up, and the sorting of transport errors into [`NoAnswer`].
//! Not for passing on the transport's own words: they may hold a URL or what the target sent.

use crate::exchange::NoAnswer;
use std::error::Error;
use std::io;
use std::path::PathBuf;

/// Why a client or a secret could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// There is no default base URL.
    #[error("base_urls has no \"default\"")]
    NoDefaultBaseUrl,
    /// A base URL cannot be used.
    #[error("the base URL \"{capability}\" cannot be used: {problem}")]
    BaseUrl {
        /// Its key.
        capability: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The header for the key has no valid name.
    #[error("\"{header}\" is not a header name")]
    AuthHeader {
        /// The name given.
        header: String,
    },
    /// The secret cannot be sent in a header.
    #[error("the secret is empty or holds characters that a header cannot carry")]
    SecretValue,
    /// The user agent cannot be sent.
    #[error("the user agent holds characters that a header cannot carry")]
    UserAgent,
    /// A rate of nothing per second would wait for ever.
    #[error("requests_per_second is 0")]
    ZeroRate,
    /// The TLS library could not be set up, for example without any trusted certificates.
    #[error("the HTTP client cannot be set up")]
    Setup(#[source] reqwest::Error),
    /// The file with the secret cannot be read.
    #[error("cannot read the secret file {}", path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file does not hold one line of text.
    #[error("the secret file {} does not hold exactly one line of text", path.display())]
    SecretFileContent {
        /// The file.
        path: PathBuf,
    },
}

/// Sorts an error of the transport; `https` tells a failed handshake from other broken data.
pub(crate) fn classify(error: &reqwest::Error, https: bool) -> NoAnswer {
    if error.is_timeout() {
        return NoAnswer::Timeout;
    }
    if error.is_dns() {
        return NoAnswer::Dns;
    }
    let causes: Vec<_> = std::iter::successors(error.source(), |cause| below(*cause)).collect();
    // hyper's error type is not part of reqwest's promises, its texts are; the tests pin them.
    let says = |text: &str| {
        causes
            .iter()
            .any(|cause| cause.to_string().starts_with(text))
    };
    let kind_is = |kind: io::ErrorKind| {
        causes
            .iter()
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .any(|cause| cause.kind() == kind)
    };

    if kind_is(io::ErrorKind::ConnectionRefused) {
        NoAnswer::Refused
    } else if kind_is(io::ErrorKind::TimedOut) {
        NoAnswer::Timeout
    } else if https
        && (kind_is(io::ErrorKind::InvalidData) && !error.is_decode()
            || error.is_connect() && kind_is(io::ErrorKind::UnexpectedEof))
    {
        NoAnswer::Tls
    } else if says("connection closed before message completed")
        || kind_is(io::ErrorKind::ConnectionReset)
        || kind_is(io::ErrorKind::ConnectionAborted)
        || kind_is(io::ErrorKind::BrokenPipe)
        // Without this text the end of file is inside the compression: the body came whole.
        || kind_is(io::ErrorKind::UnexpectedEof) && says("error reading a body from connection")
    {
        NoAnswer::Reset
    } else {
        NoAnswer::Other
    }
}

/// The next cause. An `io::Error` that wraps another leaves it out of `source`, so it is opened by hand.
fn below<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match cause.downcast_ref::<io::Error>() {
        Some(outer) => outer.get_ref().map(|inner| {
            let inner: &(dyn Error + 'static) = inner;
            inner
        }),
        None => cause.source(),
    }
}
