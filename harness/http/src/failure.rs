//! Errors in setting a client up, and the sorting of transport errors into [`NoAnswer`].
//! Not for passing on the transport's own words: they may hold a URL or what the target sent.

use crate::no_answer::{NoAnswer, ProxyFault, TlsFault};
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
    /// A pasted token begins with the word that the client adds.
    #[error(
        "the access token begins with the word Bearer, which belongs to the header and not to the token"
    )]
    TokenWithScheme,
    /// The private key cannot sign.
    #[error("the private key {0}")]
    SigningKey(KeyFault),
    /// A file of trusted certificates cannot be read.
    #[error("cannot read the certificate file {}", path.display())]
    TrustRootFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file of trusted certificates holds something else.
    #[error("the certificate file {} {problem}", path.display())]
    TrustRoot {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Why a private key cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// It needs a passphrase.
    #[error("is locked with a passphrase")]
    Encrypted,
    /// An EC key in the form of RFC 5915.
    #[error("has the form EC PRIVATE KEY, and PKCS#8 is needed")]
    OldEcForm,
    /// A public key or certificate.
    #[error("is a public key or certificate")]
    Public,
    /// Something else.
    #[error("is not a private key in PEM form")]
    NotPem,
    /// A key for another algorithm, or one too small for this.
    #[error("does not fit the algorithm")]
    WrongKind,
}

/// How a request travels, as far as errors need to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Travel {
    /// Tells a failed handshake from other broken data.
    pub(crate) https: bool,
    /// Whether the first connection is to the proxy.
    pub(crate) proxied: bool,
}

/// Sorts an error of the transport.
pub(crate) fn classify(error: &reqwest::Error, travel: Travel) -> NoAnswer {
    let reason = sort(error, travel.https);
    if !travel.proxied {
        return reason;
    }
    // The target's name is looked up and its port is connected to by the proxy alone.
    match reason {
        NoAnswer::Dns | NoAnswer::Refused => NoAnswer::Proxy(ProxyFault::Unreachable),
        _ if says(&causes(error), "tunnel error: proxy authorization required") => {
            NoAnswer::Proxy(ProxyFault::Login)
        }
        _ if says(&causes(error), "tunnel error") => NoAnswer::Proxy(ProxyFault::NoTunnel),
        reason => reason,
    }
}

type Causes<'a> = Vec<&'a (dyn Error + 'static)>;

fn causes(error: &reqwest::Error) -> Causes<'_> {
    std::iter::successors(error.source(), |cause| below(*cause)).collect()
}

/// hyper's and rustls's error types are not part of reqwest's promises, their texts are; the tests
/// pin them.
fn says(causes: &Causes<'_>, text: &str) -> bool {
    causes
        .iter()
        .any(|cause| cause.to_string().starts_with(text))
}

fn sort(error: &reqwest::Error, https: bool) -> NoAnswer {
    if error.is_timeout() {
        return NoAnswer::Timeout;
    }
    if error.is_dns() {
        return NoAnswer::Dns;
    }
    let causes = causes(error);
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
        NoAnswer::Tls(tls_fault(&causes))
    } else if says(&causes, "connection closed before message completed")
        || kind_is(io::ErrorKind::ConnectionReset)
        || kind_is(io::ErrorKind::ConnectionAborted)
        || kind_is(io::ErrorKind::BrokenPipe)
        // Without this text the end of file is inside the compression: the body came whole.
        || kind_is(io::ErrorKind::UnexpectedEof) && says(&causes, "error reading a body from connection")
    {
        NoAnswer::Reset
    } else {
        NoAnswer::Other
    }
}

/// The alerts by which a server says what it has against our certificate.
const OF_OUR_CERTIFICATE: [&str; 8] = [
    "CertificateRequired",
    "BadCertificate",
    "UnsupportedCertificate",
    "CertificateRevoked",
    "CertificateExpired",
    "CertificateUnknown",
    "UnknownCA",
    // For an issuer of the right name with another key.
    "DecryptError",
];

fn tls_fault(causes: &Causes<'_>) -> TlsFault {
    let of_certificate = |text: &str| says(causes, &format!("invalid peer certificate: {text}"));
    // A bad signature is what an issuer's old certificate gives: the name fits, the key does not.
    if of_certificate("UnknownIssuer") || of_certificate("BadSignature") {
        TlsFault::UnknownIssuer
    } else if of_certificate("certificate not valid for name") {
        TlsFault::WrongName
    } else if of_certificate("certificate expired") || of_certificate("certificate not valid yet") {
        TlsFault::Dates
    } else if says(causes, "received corrupt message") {
        TlsFault::NotTls
    } else if OF_OUR_CERTIFICATE
        .iter()
        .any(|alert| says(causes, &format!("received fatal alert: {alert}")))
    {
        TlsFault::ClientCertificate
    } else {
        TlsFault::Other
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
