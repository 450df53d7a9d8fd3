//! A whole TLS handshake and one GET after it.
//! Not for deciding which certificate is right: the caller says which one to show.

use super::glance::{glance, request};
use super::report::{Agreed, Alert, Presented, Protocol, Reception, Refusal, Trust, Unclear};
use super::verifier::{Finished, Witness};
use super::{Probe, dial, hello};
use crate::connection::trusted;
use crate::identity::ClientIdentity;
use std::io;
use std::sync::Arc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, Error};

/// What is spoken after the handshake.
const HTTP: &[u8] = b"http/1.1";

pub(super) async fn connect(probe: &Probe, identity: Option<&ClientIdentity>) -> Presented {
    let provider = Arc::new(default_provider());
    let witness = Arc::new(Witness::new(
        Arc::clone(&provider),
        judge(probe, Arc::clone(&provider)),
        identity.map(|identity| Arc::clone(&identity.key)),
    ));
    let Some((connector, name)) = connector(probe, provider, &witness) else {
        return Presented::unclear(Unclear::OurSide);
    };
    let stream = match dial::dial(probe).await {
        Ok(stream) => stream,
        Err(why) => return Presented::unclear(why),
    };
    let (agreed, finished, reception) = match timeout(
        probe.client.connect_timeout(),
        connector.connect(name, stream),
    )
    .await
    {
        Err(_) => (None, Finished::No, Reception::Unclear(Unclear::Timeout)),
        Ok(Err(error)) => (None, Finished::No, turned_away(&error)),
        Ok(Ok(mut stream)) => {
            let agreed = agreed(stream.get_ref().1);
            let request = request(probe);
            let seen = timeout(probe.client.timeout(), glance(&mut stream, &request)).await;
            // In TLS 1.3 the other side looks at our certificate only after our handshake is
            // done, so its alert comes in the place of the answer.
            let reception = match seen {
                Err(_) => Reception::Unclear(Unclear::Timeout),
                Ok(Ok(Some(glance))) => glance.reception(),
                Ok(Ok(None)) => Reception::Unclear(Unclear::NotHttp),
                Ok(Err(error)) => turned_away(&error),
            };
            (agreed, Finished::Yes, reception)
        }
    };
    let seen = witness.seen();
    Presented {
        asked: seen.asked(finished),
        agreed,
        trust: if seen.chain.is_empty() {
            Trust::NotChecked
        } else {
            seen.trust
        },
        chain: seen.chain,
        reception,
    }
}

fn connector(
    probe: &Probe,
    provider: Arc<CryptoProvider>,
    witness: &Arc<Witness>,
) -> Option<(TlsConnector, ServerName<'static>)> {
    let host = probe.url.host_str()?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).ok()?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(witness) as Arc<dyn ServerCertVerifier>)
        .with_client_cert_resolver(Arc::clone(witness) as _);
    // Each connection shows everything anew.
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![HTTP.to_vec()];
    Some((TlsConnector::from(Arc::new(config)), name))
}

/// Trusts as the HTTP client does: this machine's certificates, and those of target.toml. Reading
/// them takes a while, so each client does it once.
pub(crate) fn judge(
    probe: &Probe,
    provider: Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    let read = || read_trusted(probe, provider);
    probe.client.judge().get_or_init(read).clone()
}

fn read_trusted(
    probe: &Probe,
    provider: Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    let paths = &probe.client.connection().trust_roots;
    let roots: Vec<CertificateDer<'static>> = paths.iter().flat_map(|path| trusted(path)).collect();
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, provider);
    Some(Arc::new(verifier.ok()?))
}

fn agreed(connection: &ClientConnection) -> Option<Agreed> {
    Some(Agreed {
        protocol: Protocol::from_number(u16::from(connection.protocol_version()?))?,
        suite: u16::from(connection.negotiated_cipher_suite()?.suite()),
    })
}

/// What an error of the stream says: whose doing it is.
fn turned_away(error: &io::Error) -> Reception {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>());
    let Some(inner) = inner else {
        return match hello::ended(error) {
            Ok(refusal) => Reception::Refused(refusal),
            Err(why) => Reception::Unclear(why),
        };
    };
    match inner {
        Error::AlertReceived(alert) => Reception::Refused(Refusal::Alert(Alert(u8::from(*alert)))),
        Error::InvalidMessage(_) => Reception::Unclear(Unclear::NotTls),
        _ => Reception::Unclear(Unclear::OurSide),
    }
}
