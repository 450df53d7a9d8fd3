//! What a probe saw, as values.
//! Not for the words of a report, and not for verdicts. What may be concluded is in the methods of
//! [`ProbeReport`]: a refusal counts only if the same place accepts something else, so that a
//! place that is down is never taken for one that is safe.

use crate::certificate::CertificateFacts;
use crate::config::WrongCertificate;
use crate::no_answer::TlsFault;
use std::collections::BTreeMap;
use std::fmt;
use tokio_rustls::rustls::AlertDescription;

/// A protocol version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// SSL 3.0 (RFC 6101).
    Ssl3,
    /// TLS 1.0 (RFC 2246).
    Tls10,
    /// TLS 1.1 (RFC 4346).
    Tls11,
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// Everything that [`super::Probe::survey`] looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    /// Whether target.toml names a client certificate.
    pub has_certificate: bool,
    /// A connection with the client certificate of target.toml, if it names one.
    pub presented: Presented,
    /// A connection without; `None` if [`ProbeReport::presented`] is without already.
    pub without_certificate: Option<Presented>,
    /// Connections with certificates that must be refused.
    pub wrong_certificates: BTreeMap<WrongCertificate, Presented>,
    /// What became of each protocol version when it was offered alone; empty if the place was not
    /// reached.
    pub protocols: BTreeMap<Protocol, Offered>,
}

/// One TLS connection, and the GET on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// Whether the other side asked for a client certificate.
    pub asked: Asked,
    /// Version and cipher suite; `None` if it did not come so far.
    pub agreed: Option<Agreed>,
    /// The certificates of the other side in the order in which it sent them, its own first.
    /// Those that cannot be read are left out.
    pub chain: Vec<CertificateFacts>,
    /// Whether its certificate is trusted here; the connection goes on if it is not.
    pub trust: Trust,
    /// Whether we were let in.
    pub reception: Reception,
}

/// Whether the other side asked for a client certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It did.
    Yes {
        /// The names of the issuers that it says it accepts; the first 50. It need not say any.
        issuers: Vec<String>,
    },
    /// It did not.
    No,
    /// The handshake did not come so far.
    Unknown,
}

/// What a handshake agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// The protocol version.
    pub protocol: Protocol,
    /// The cipher suite, by its number at IANA; see [`suite_name`](super::suite_name).
    pub suite: u16,
}

/// Whether a certificate of the other side is trusted by this machine or target.toml.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It is, and it is for this host.
    Trusted,
    /// It is not.
    NotTrusted(TlsFault),
    /// There was none to look at, or this machine trusts nobody.
    NotChecked,
}

/// Whether a connection was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reception {
    /// The GET was answered by something that lets us in: with FHIR of any status, or with a
    /// status below 400.
    LetIn {
        /// The HTTP status.
        status: u16,
        /// Whether the answer is FHIR, which an `OperationOutcome` is too.
        fhir: bool,
    },
    /// We were turned away.
    Refused(Refusal),
    /// Neither can be said.
    Unclear(Unclear),
}

/// How the other side turned us away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// With an alert of TLS.
    Alert(Alert),
    /// It ended the connection without a word.
    Closed,
    /// It broke the connection off (TCP reset).
    Reset,
    /// With an HTTP status from 400 to 499 and no FHIR, as proxies in front of a system do.
    Status(u16),
}

/// An alert of TLS, by its number at IANA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert(pub u8);

/// Why something cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    /// The host name could not be resolved.
    Dns,
    /// Nothing listens there.
    NothingListens,
    /// The proxy of target.toml stood in the way, or is of a kind that the probe cannot use.
    Proxy,
    /// The deadline passed.
    Timeout,
    /// What answered does not speak TLS, or not as it should.
    NotTls,
    /// Our side ended the handshake: it knows no version, suite or signature that was offered.
    OurSide,
    /// An HTTP status from 500 on without FHIR: something behind it may be down.
    Status(u16),
    /// What came after the handshake is not HTTP.
    NotHttp,
    /// The agreed number of requests has been used up; nothing was sent.
    TotalReached,
    /// Anything else on the way.
    Network,
}

/// What became of a version when it was offered alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// It was accepted, with this cipher suite.
    Accepted {
        /// Its number at IANA; see [`suite_name`](super::suite_name).
        suite: u16,
    },
    /// It was refused; see [`ProbeReport::accepts`] for what that is worth.
    Refused(Refusal),
    /// Neither can be said.
    Unclear(Unclear),
}

/// What became of a request without encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainHttp {
    /// Nothing listens at that port.
    NothingListens,
    /// The connection was ended without an answer in HTTP.
    Dropped,
    /// It was answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// Whether the answer is FHIR.
        fhir: bool,
        /// Whether it leads to an https address.
        to_https: bool,
        /// Whether it has the header `Strict-Transport-Security`.
        hsts: bool,
    },
    /// Nothing can be said.
    Unclear(Unclear),
}

impl ProbeReport {
    /// Whether a version is accepted. `Some(false)` only if another version was accepted by the
    /// same place: otherwise a refusal may have another cause, and nothing is known.
    pub fn accepts(&self, protocol: Protocol) -> Option<bool> {
        match self.protocols.get(&protocol)? {
            Offered::Accepted { .. } => Some(true),
            Offered::Refused(_) => self
                .protocols
                .values()
                .any(|other| matches!(other, Offered::Accepted { .. }))
                .then_some(false),
            Offered::Unclear(_) => None,
        }
    }

    /// Whether a connection without client certificate is refused. `Some(true)` only if the one
    /// with the certificate of target.toml was let in. `None` also for a 401 or 403 in FHIR that the
    /// one with the certificate does not get: it is a refusal, but one by the system behind.
    pub fn refuses_without_certificate(&self) -> Option<bool> {
        let without = match &self.without_certificate {
            Some(without) => without,
            None if self.has_certificate => return None,
            None => &self.presented,
        };
        self.refuses(without)
    }

    /// Whether a connection with this certificate is refused; the same conditions. `None` also if
    /// there was no such certificate to try, or if nobody asked for it.
    pub fn refuses_certificate(&self, wrong: WrongCertificate) -> Option<bool> {
        let presented = self.wrong_certificates.get(&wrong)?;
        match (self.refuses(presented), &presented.asked) {
            (Some(true), Asked::No) => None,
            (refuses, _) => refuses,
        }
    }

    fn refuses(&self, presented: &Presented) -> Option<bool> {
        let ours = match self.presented.reception {
            Reception::LetIn { status, .. } if self.has_certificate => Some(status),
            _ => None,
        };
        match presented.reception {
            Reception::LetIn {
                status: status @ (401 | 403),
                fhir: true,
            } if ours.is_some_and(|ours| ours != status) => None,
            Reception::LetIn { .. } => Some(false),
            Reception::Refused(_) => ours.map(|_| true),
            Reception::Unclear(_) => None,
        }
    }
}

impl Presented {
    /// Nothing was seen.
    pub(crate) const fn unclear(why: Unclear) -> Self {
        Self {
            asked: Asked::Unknown,
            agreed: None,
            chain: Vec::new(),
            trust: Trust::NotChecked,
            reception: Reception::Unclear(why),
        }
    }
}

impl Protocol {
    /// Every version, the oldest first.
    pub const ALL: &[Self] = &[
        Self::Ssl3,
        Self::Tls10,
        Self::Tls11,
        Self::Tls12,
        Self::Tls13,
    ];

    /// Its number in the protocol.
    pub const fn number(self) -> u16 {
        match self {
            Self::Ssl3 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// The version with this number.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.number() == number)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ssl3 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

impl Alert {
    /// Its name at IANA in words, such as "handshake failure".
    pub fn name(self) -> String {
        let name = format!("{:?}", AlertDescription::from(self.0));
        if name.contains('(') {
            return format!("number {}", self.0);
        }
        let mut words = String::new();
        let mut before_is_lower = false;
        for letter in name.chars() {
            if letter.is_uppercase() && before_is_lower {
                words.push(' ');
            }
            before_is_lower = letter.is_lowercase();
            words.extend(letter.to_lowercase());
        }
        words
    }
}

impl Unclear {
    /// Whether the place could not be reached, so that nothing else need be tried.
    pub const fn is_out_of_reach(self) -> bool {
        match self {
            Self::Dns | Self::NothingListens | Self::Proxy | Self::TotalReached => true,
            Self::Timeout
            | Self::NotTls
            | Self::OurSide
            | Self::Status(_)
            | Self::NotHttp
            | Self::Network => false,
        }
    }

    /// The reason in plain English. Never holds anything that the other side sent.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dns => "the host name could not be found",
            Self::NothingListens => "the connection was refused",
            Self::Proxy => "the proxy opened no connection to the system",
            Self::Timeout => "no answer came within the time limit",
            Self::NotTls => "what answered does not speak TLS",
            Self::OurSide => "what was offered is not known to Plumbline",
            Self::Status(_) => "the system answered with a server error",
            Self::NotHttp => "what answered does not speak HTTP",
            Self::TotalReached => "the agreed number of requests has been used up",
            Self::Network => "the connection failed on the way",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alert(alert) => write!(f, "refused with the TLS alert {}", alert.name()),
            Self::Closed => f.write_str("the connection was ended without a word"),
            Self::Reset => f.write_str("the connection was broken off"),
            Self::Status(status) => write!(f, "refused with status {status}"),
        }
    }
}

impl fmt::Display for Unclear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())?;
        match self {
            Self::Status(status) => write!(f, ", {status}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
