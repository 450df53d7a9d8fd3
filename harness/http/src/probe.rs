//! The TLS probe: what a place accepts before any HTTP is spoken. It answers what the HTTP client
//! cannot: protocol versions, cipher suites, the chain of certificates, alerts, and whether a
//! connection is refused without a client certificate or with a wrong one.
//! Not for judging: whatever the other side does is a value here, never an error. Not for signing
//! in: a probe sends the headers that it is given, and no key or token of anybody's.
//!
//! Every connection is bounded by a deadline and by the size of what is read, and counts towards
//! the rate and the total of its client.
//!
//! ```no_run
//! # use plumbline_http::{Client, Request};
//! # use plumbline_http::probe::Protocol;
//! # async fn look(client: Client) {
//! if let Some(probe) = client.probe(&Request::default()) {
//!     let report = probe.survey().await;
//!     assert_ne!(report.accepts(Protocol::Tls10), Some(true));
//!     assert_ne!(report.refuses_without_certificate(), Some(false));
//! }
//! # }
//! ```

pub(crate) mod dial;
mod glance;
pub(crate) mod handshake;
mod hello;
mod report;
mod suites;
mod verifier;

pub use report::{
    Agreed, Alert, Asked, Offered, PlainHttp, Presented, ProbeReport, Protocol, Reception, Refusal,
    Trust, Unclear,
};
pub use suites::{suite_name, suite_number};

use crate::client::Client;
use crate::config::WrongCertificate;
use crate::identity::ClientIdentity;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// How long a whole survey may take, unless its caller says otherwise.
const SURVEY_DEADLINE: Duration = Duration::from_mins(2);

/// Looks at the TLS of one place. Made by [`Client::probe`].
#[derive(Debug, Clone)]
pub struct Probe {
    client: Client,
    url: Url,
    headers: Vec<(String, String)>,
    deadline: Duration,
}

impl Probe {
    pub(crate) const fn new(client: Client, url: Url, headers: Vec<(String, String)>) -> Self {
        Self {
            client,
            url,
            headers,
            deadline: SURVEY_DEADLINE,
        }
    }

    /// The same, with another limit for a whole [`Probe::survey`]; it is two minutes otherwise.
    #[must_use]
    pub const fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The client certificate of target.toml, if it names one.
    pub(crate) fn own_certificate(&self) -> Option<&ClientIdentity> {
        self.client.connection().client_certificate.as_ref()
    }

    /// Looks at everything, with about ten connections. If the place cannot be reached at all, the
    /// report says so and nothing more is tried.
    pub async fn survey(&self) -> ProbeReport {
        let end = Instant::now() + self.deadline;
        let own = self.client.connection().client_certificate.as_ref();
        let presented = until(end, self.connect(own)).await;
        let mut report = ProbeReport {
            has_certificate: own.is_some(),
            presented,
            without_certificate: None,
            wrong_certificates: BTreeMap::new(),
            protocols: BTreeMap::new(),
        };
        if matches!(
            report.presented.reception,
            Reception::Unclear(why) if why.is_out_of_reach()
        ) {
            return report;
        }
        for protocol in Protocol::ALL {
            let offered = timeout_at(end, self.offer(*protocol, protocol.suites()));
            let offered = offered.await.unwrap_or(Offered::Unclear(Unclear::Timeout));
            report.protocols.insert(*protocol, offered);
        }
        if own.is_some() {
            report.without_certificate = Some(until(end, self.connect(None)).await);
        }
        for (wrong, identity) in self.wrong_certificates() {
            let presented = until(end, self.connect(Some(&identity))).await;
            report.wrong_certificates.insert(wrong, presented);
        }
        report
    }

    /// As [`Probe::connect`], with the certificate of target.toml if it names one.
    pub async fn connect_as_configured(&self) -> Presented {
        let own = self.client.connection().client_certificate.as_ref();
        self.connect(own).await
    }

    /// Connects with TLS 1.2 or 1.3, with this certificate if the other side asks for one, and sends
    /// one GET: some servers say only in their answer that they want another certificate.
    pub async fn connect(&self, identity: Option<&ClientIdentity>) -> Presented {
        handshake::connect(self, identity).await
    }

    /// As [`Probe::connect`] with the certificate of target.toml, if it names one.
    pub async fn connect_rightly(&self) -> Presented {
        self.connect(self.client.connection().client_certificate.as_ref())
            .await
    }

    /// As [`Probe::connect`] with a certificate that must be refused; `None` if target.toml names
    /// none of this kind.
    pub async fn connect_wrongly(&self, wrong: WrongCertificate) -> Option<Presented> {
        let identity = self.wrong_certificates().remove(&wrong)?;
        Some(self.connect(Some(&identity)).await)
    }

    /// Offers one protocol version and these cipher suites (by their numbers at IANA), reads the
    /// first answer, and ends the connection. No secure connection comes about.
    pub async fn offer(&self, protocol: Protocol, suites: &[u16]) -> Offered {
        hello::offer(self, protocol, suites).await
    }

    /// Sends one GET without encryption to a port of the same host; the port of the address itself
    /// if none is given.
    pub async fn plain_http(&self, port: Option<u16>) -> PlainHttp {
        glance::plain_http(self, port).await
    }

    /// Those of target.toml, and one of an unknown issuer if it names none.
    fn wrong_certificates(&self) -> BTreeMap<WrongCertificate, ClientIdentity> {
        let mut all = self.client.connection().wrong_certificates.clone();
        if !all.contains_key(&WrongCertificate::UnknownIssuer)
            && let Some(unknown) = ClientIdentity::unknown()
        {
            all.insert(WrongCertificate::UnknownIssuer, unknown);
        }
        all
    }
}

async fn until(end: Instant, connecting: impl Future<Output = Presented>) -> Presented {
    timeout_at(end, connecting)
        .await
        .unwrap_or_else(|_| Presented::unclear(Unclear::Timeout))
}
