//! What a probe puts into a TLS handshake: it takes any certificate of the other side and notes it,
//! and notes whether one of ours was asked for.
//! Not for a connection that anything depends on: only a probe may go on with a certificate that
//! nobody trusts.

use super::report::{Asked, Trust};
use crate::certificate::{CertificateFacts, name_from_der};
use crate::no_answer::TlsFault;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

/// The most certificates of a chain that are kept.
const MOST_CERTIFICATES: usize = 20;
/// The most names of accepted issuers that are kept.
const MOST_ISSUERS: usize = 50;

/// What was noted.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) chain: Vec<CertificateFacts>,
    pub(super) trust: Trust,
    /// `None` if nobody asked.
    pub(super) issuers: Option<Vec<String>>,
}

/// Notes what happens in one handshake.
#[derive(Debug)]
pub(super) struct Witness {
    provider: Arc<CryptoProvider>,
    /// As the HTTP client trusts; `None` if this machine trusts nobody.
    judge: Option<Arc<dyn ServerCertVerifier>>,
    ours: Option<Arc<CertifiedKey>>,
    seen: Mutex<Seen>,
}

impl Witness {
    pub(super) fn new(
        provider: Arc<CryptoProvider>,
        judge: Option<Arc<dyn ServerCertVerifier>>,
        ours: Option<Arc<CertifiedKey>>,
    ) -> Self {
        Self {
            provider,
            judge,
            ours,
            seen: Mutex::new(Seen {
                chain: Vec::new(),
                trust: Trust::NotChecked,
                issuers: None,
            }),
        }
    }

    pub(super) fn seen(&self) -> Seen {
        self.with_seen(|seen| seen.clone())
    }

    fn with_seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        // Nothing in here panics half-way, so what is in a poisoned lock is sound.
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Seen {
    /// Whether a certificate was asked for; `finished` says whether the handshake came to its end.
    pub(super) fn asked(&self, finished: Finished) -> Asked {
        match (&self.issuers, finished) {
            (Some(issuers), _) => Asked::Yes {
                issuers: issuers.clone(),
            },
            (None, Finished::Yes) => Asked::No,
            (None, Finished::No) => Asked::Unknown,
        }
    }
}

/// Whether a handshake came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finished {
    Yes,
    No,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.judge.as_ref().map(|judge| {
            judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        });
        let chain = std::iter::once(end_entity)
            .chain(intermediates)
            .take(MOST_CERTIFICATES)
            .filter_map(|one| CertificateFacts::from_der(one))
            .collect();
        self.with_seen(|seen| {
            seen.chain = chain;
            seen.trust = match verdict {
                None => Trust::NotChecked,
                Some(Ok(_)) => Trust::Trusted,
                Some(Err(error)) => Trust::NotTrusted(fault(&error)),
            };
        });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl ResolvesClientCert for Witness {
    fn resolve(
        &self,
        root_hint_subjects: &[&[u8]],
        _sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let issuers = root_hint_subjects
            .iter()
            .take(MOST_ISSUERS)
            .filter_map(|der| name_from_der(der))
            .collect();
        self.with_seen(|seen| seen.issuers = Some(issuers));
        // Also to a server that says it accepts other issuers only: what it does then is the question.
        self.ours.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

fn fault(error: &Error) -> TlsFault {
    let Error::InvalidCertificate(why) = error else {
        return TlsFault::Other;
    };
    match why {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsFault::UnknownIssuer,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsFault::WrongName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => TlsFault::Dates,
        _ => TlsFault::Other,
    }
}
