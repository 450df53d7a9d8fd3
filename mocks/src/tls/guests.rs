//! Which client certificates are let in: the one that was made for the client, and what the faults
//! let in besides.
//! Not for names or dates of any other certificate: the mock knows those that it has made.

use crate::action::TlsFault;
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    SignatureScheme,
};

/// The certificates that were made for clients.
#[derive(Debug)]
pub(super) struct Certificates {
    pub(super) right: CertificateDer<'static>,
    pub(super) expired: CertificateDer<'static>,
    pub(super) other_name: CertificateDer<'static>,
    pub(super) unknown: CertificateDer<'static>,
}

#[derive(Debug)]
pub(super) struct Guests {
    strict: Arc<dyn ClientCertVerifier>,
    known: Certificates,
    faults: BTreeSet<TlsFault>,
}

impl Guests {
    pub(super) fn new(
        provider: Arc<CryptoProvider>,
        roots: RootCertStore,
        known: Certificates,
        faults: BTreeSet<TlsFault>,
    ) -> io::Result<Guests> {
        let strict = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(io::Error::other)?;
        Ok(Guests {
            strict,
            known,
            faults,
        })
    }

    /// Whether a fault lets this certificate in.
    fn is_spared(&self, certificate: &CertificateDer<'_>) -> bool {
        let spared = |fault, known: &CertificateDer<'_>| {
            self.faults.contains(&fault) && known == certificate
        };
        spared(TlsFault::ExpiredAccepted, &self.known.expired)
            || spared(TlsFault::OtherNameAccepted, &self.known.other_name)
            || spared(TlsFault::UnknownAuthorityAccepted, &self.known.unknown)
    }
}

impl ClientCertVerifier for Guests {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.strict.root_hint_subjects()
    }

    fn client_auth_mandatory(&self) -> bool {
        !self.faults.contains(&TlsFault::NoClientCertificate)
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if self.is_spared(end_entity) {
            return Ok(ClientCertVerified::assertion());
        }
        let verified = self
            .strict
            .verify_client_cert(end_entity, intermediates, now)?;
        if *end_entity == self.known.right {
            return Ok(verified);
        }
        Err(CertificateError::NotValidForName.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}
