//! Whether a base address is reached: name, connection, TLS.
//! Not for what it answers.

use crate::certificate::{fault_words, is_turned_away, shown};
use crate::finding::{Blame, Finding};
use plumbline_http::probe::Presented;
use plumbline_http::{Answer, NoAnswer, Outcome, ProxyFault, TlsFault};
use plumbline_pack::TargetFile;
use url::Url;

/// One base address under examination.
pub(crate) struct Place<'a> {
    pub(crate) capability: &'a str,
    pub(crate) url: &'a Url,
    pub(crate) proxied: bool,
    pub(crate) target: &'a TargetFile,
}

impl Place<'_> {
    /// The name of a check, with the address if it is not the default one.
    pub(crate) fn check(&self, name: &str) -> String {
        if self.capability == "default" {
            name.to_owned()
        } else {
            format!("{name} ({})", self.capability)
        }
    }

    /// The key of target.toml that holds the address.
    pub(crate) fn field(&self) -> String {
        format!("base_urls.{}", self.capability)
    }

    fn has_own_address(&self) -> bool {
        self.url
            .domain()
            .is_some_and(|name| self.target.connection.hosts.contains_key(name))
    }

    /// The key that decides which machine and port are connected to.
    fn address_field(&self) -> String {
        if self.has_own_address() {
            "connection.hosts".to_owned()
        } else {
            self.field()
        }
    }

    /// Three findings: name, connection, TLS. `presented` is what a TLS connection showed.
    pub(crate) fn reach(
        &self,
        answer: &Answer,
        presented: Option<&Presented>,
        now: i64,
    ) -> Vec<Finding> {
        let reached = || {
            let tls = self.encrypted(&shown(presented, now));
            vec![self.name_ok(), self.connected(), tls]
        };
        match &answer.outcome {
            Outcome::Response(_) => reached(),
            // The finding on our own certificate says why.
            Outcome::NoAnswer(_) if is_turned_away(presented) => reached(),
            Outcome::NoAnswer(why) => self.unreached(*why, presented, now),
        }
    }

    fn unreached(&self, why: NoAnswer, presented: Option<&Presented>, now: i64) -> Vec<Finding> {
        let words = why.to_string();
        match why {
            NoAnswer::Dns => vec![
                self.problem(
                    HOST_NAME,
                    Blame::Unreachable,
                    &words,
                    &self.field(),
                    NEXT_NAME,
                ),
                self.not_reached(CONNECTION),
                self.not_reached(TLS),
            ],
            NoAnswer::Refused => {
                let field = self.address_field();
                vec![
                    self.name_ok(),
                    self.problem(CONNECTION, Blame::Unreachable, &words, &field, NEXT_PORT),
                    self.not_reached(TLS),
                ]
            }
            NoAnswer::Timeout => {
                let field = self.address_field();
                vec![
                    Finding::not_checked(
                        self.check(HOST_NAME),
                        "the time was over before it was clear whether the name was found",
                    ),
                    self.problem(CONNECTION, Blame::Unreachable, &words, &field, NEXT_TIME),
                    self.not_reached(TLS),
                ]
            }
            NoAnswer::Proxy(fault) => vec![
                self.name_ok(),
                self.problem(
                    CONNECTION,
                    proxy_blame(fault),
                    &words,
                    "connection.proxy",
                    NEXT_PROXY,
                ),
                self.not_reached(TLS),
            ],
            NoAnswer::Tls(fault) => {
                let (field, next) = self.tls_advice(fault);
                let words = fault_words(fault, presented, now);
                vec![
                    self.name_ok(),
                    self.connected(),
                    self.problem(TLS, Blame::Configuration, &words, &field, next),
                ]
            }
            NoAnswer::CertificateChanged => {
                let field = self.address_field();
                vec![
                    self.name_ok(),
                    self.connected(),
                    self.problem(TLS, Blame::Configuration, &words, &field, NEXT_CHANGED),
                ]
            }
            NoAnswer::TooLarge { .. } => self.reached_but(&words, "limits.max_body_mb", NEXT_SIZE),
            NoAnswer::Encoding => self.reached_but(&words, &self.field(), NEXT_ENCODING),
            NoAnswer::RateLimited => {
                self.reached_but(&words, "limits.requests_per_second", NEXT_RATE)
            }
            NoAnswer::TotalReached => {
                let problem = self.problem(
                    CONNECTION,
                    Blame::Unreachable,
                    &words,
                    "limits.total",
                    NEXT_TOTAL,
                );
                vec![self.not_reached(HOST_NAME), problem, self.not_reached(TLS)]
            }
            NoAnswer::Reset | NoAnswer::Other | NoAnswer::NotSent | NoAnswer::SignIn(_) => {
                let next = if self.url.scheme() == "http" {
                    NEXT_SCHEME
                } else {
                    NEXT_HTTP
                };
                vec![
                    self.name_ok(),
                    self.problem(
                        CONNECTION,
                        Blame::Configuration,
                        &words,
                        &self.field(),
                        next,
                    ),
                    self.not_reached(TLS),
                ]
            }
        }
    }

    /// The system was reached, but its answer could not be taken.
    fn reached_but(&self, words: &str, field: &str, next: &str) -> Vec<Finding> {
        vec![
            self.name_ok(),
            self.problem(CONNECTION, Blame::Unreachable, words, field, next),
            self.encrypted(""),
        ]
    }

    fn problem(&self, check: &str, blame: Blame, seen: &str, field: &str, next: &str) -> Finding {
        Finding::problem(self.check(check), blame, seen, next).in_field(field)
    }

    fn not_reached(&self, check: &str) -> Finding {
        Finding::not_checked(self.check(check), "the connection did not come this far")
    }

    fn name_ok(&self) -> Finding {
        let check = self.check(HOST_NAME);
        if self.url.domain().is_none() {
            Finding::ok(
                check,
                "the base address holds the address of the machine itself",
            )
        } else if self.proxied {
            Finding::not_checked(check, "the proxy looks the name up")
        } else if self.has_own_address() {
            Finding::ok(check, "[connection.hosts] gives the address")
        } else {
            Finding::ok(check, "the name was found")
        }
    }

    fn connected(&self) -> Finding {
        let seen = if self.proxied {
            "connected through the proxy"
        } else {
            "connected"
        };
        Finding::ok(self.check(CONNECTION), seen)
    }

    fn encrypted(&self, details: &str) -> Finding {
        if self.url.scheme() == "https" {
            Finding::ok(
                self.check(TLS),
                format!("the certificate was accepted{details}"),
            )
        } else {
            Finding::not_checked(
                self.check(TLS),
                "the base address begins with http://, so nothing is encrypted",
            )
        }
    }

    fn tls_advice(&self, fault: TlsFault) -> (String, &'static str) {
        match fault {
            TlsFault::UnknownIssuer => (
                "connection.trust_roots".to_owned(),
                "If the certificate is from an issuer of your own, name the issuer's certificate in \
                 `trust_roots`; otherwise have the system send its whole chain of certificates.",
            ),
            TlsFault::WrongName => (
                self.field(),
                "Write the host name that the certificate is for; if that name cannot be looked up, \
                 give its address in [connection.hosts].",
            ),
            TlsFault::Dates => (
                self.field(),
                "Have the certificate of this address renewed, or write the address of a system \
                 whose certificate is valid; check the clock of this machine as well.",
            ),
            TlsFault::NotTls => (
                self.field(),
                "Check the port; if this system really offers no encryption, write http://.",
            ),
            TlsFault::ClientCertificate => (
                "connection.client_certificate".to_owned(),
                "Name a certificate from an issuer that the system accepts in \
                 [connection.client_certificate], and check that it is not over and that the system \
                 knows it.",
            ),
            TlsFault::Other => (
                self.field(),
                "Check that this port speaks TLS 1.2 or 1.3; if the system asks for a client \
                 certificate, name it in [connection.client_certificate].",
            ),
        }
    }
}

/// The checks of a base address, in order.
pub(crate) const CHECKS: [&str; 3] = [HOST_NAME, CONNECTION, TLS];
const HOST_NAME: &str = "host name";
const CONNECTION: &str = "connection";
const TLS: &str = "TLS";

const NEXT_NAME: &str = "Correct the host name, or give its address in [connection.hosts]; if only a proxy knows it, name \
     the proxy in [connection].";
const NEXT_PORT: &str = "Correct host and port, and check that the system is running.";
const NEXT_TIME: &str = "Correct host and port; check that a firewall lets this machine through, name the proxy in \
     [connection], or raise timeout_seconds under [limits] if the system is that slow.";
const NEXT_PROXY: &str = "Correct the proxy, check that it is running and may connect to this system, or remove the line \
     if the system is reached without it.";
const NEXT_CHANGED: &str = "If several machines with a certificate each answer at this address, name one of them under \
     [connection.hosts].";
const NEXT_SIZE: &str = "Raise the limit, or have the system send a smaller capability statement.";
const NEXT_ENCODING: &str = "Have the system, or the proxy before it, send the body as Content-Encoding says; or write the \
     address of another system.";
const NEXT_RATE: &str = "Lower the rate to what the system allows, and try again later.";
const NEXT_TOTAL: &str =
    "Raise the limit; the doctor needs about ten requests, and one for each test patient.";
const NEXT_SCHEME: &str =
    "Check the port; if the system speaks TLS, as most do, write https:// in place of http://.";
const NEXT_HTTP: &str = "Check the port: what listens there does not speak HTTP.";

const fn proxy_blame(fault: ProxyFault) -> Blame {
    match fault {
        ProxyFault::Login => Blame::Configuration,
        ProxyFault::Unreachable | ProxyFault::NoTunnel => Blame::Unreachable,
    }
}
