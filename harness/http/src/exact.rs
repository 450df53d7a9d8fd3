//! Sends a request without the header `accept`: the client below us adds one to every request that
//! has none, and a request for anything is not a request that does not say. HTTP/1.1, one connection.
//! Not for anything else: it keeps no connection and repeats nothing.

use crate::client::Client;
use crate::no_answer::NoAnswer;
use crate::probe::dial::connect;
use crate::probe::handshake::judge;
use crate::probe::{Probe, Unclear};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use reqwest::Body;
use std::sync::Arc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::sign::SingleCertAndKey;
use url::Url;

/// Sends the request with its own headers and `host`; an answer is still to be read.
pub(crate) async fn send(
    client: &Client,
    request: reqwest::Request,
) -> Result<reqwest::Response, NoAnswer> {
    let url = request.url().clone();
    let probe = Probe::new(client.clone(), url.clone(), Vec::new());
    let connecting = async {
        let stream = connect(&probe, None).await.map_err(no_answer)?;
        if url.scheme() != "https" {
            return talk(&url, request, TokioIo::new(stream)).await;
        }
        let (connector, name) = connector(&probe, &url).ok_or(NoAnswer::Other)?;
        let stream = connector.connect(name, stream).await;
        talk(
            &url,
            request,
            TokioIo::new(stream.map_err(|_| NoAnswer::Other)?),
        )
        .await
    };
    timeout(client.timeout(), connecting)
        .await
        .unwrap_or(Err(NoAnswer::Timeout))
}

async fn talk<S>(
    url: &Url,
    request: reqwest::Request,
    stream: S,
) -> Result<reqwest::Response, NoAnswer>
where
    S: Read + Write + Unpin + Send + 'static,
{
    let mut request = hyper::Request::<Body>::try_from(request).map_err(|_| NoAnswer::Other)?;
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let host = HeaderValue::from_str(&host).map_err(|_| NoAnswer::Other)?;
    request.headers_mut().insert(HOST, host);
    // To the server itself only the path is sent.
    let query = url.query().map(|query| format!("?{query}"));
    let target = format!("{}{}", url.path(), query.unwrap_or_default());
    *request.uri_mut() = target.parse().map_err(|_| NoAnswer::Other)?;
    let (mut sender, connection) = http1::handshake(stream)
        .await
        .map_err(|_| NoAnswer::Reset)?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await;
    let response = response.map_err(|_| NoAnswer::Reset)?;
    Ok(response.map(Body::wrap).into())
}

fn connector(probe: &Probe, url: &Url) -> Option<(TlsConnector, ServerName<'static>)> {
    let host = url.host_str()?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).ok()?;
    let provider = Arc::new(default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(judge(probe, provider)?);
    let mut config = match probe.own_certificate() {
        Some(identity) => {
            let key = SingleCertAndKey::from(identity.key.as_ref().clone());
            builder.with_client_cert_resolver(Arc::new(key))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Some((TlsConnector::from(Arc::new(config)), name))
}

const fn no_answer(why: Unclear) -> NoAnswer {
    match why {
        Unclear::Dns => NoAnswer::Dns,
        Unclear::NothingListens => NoAnswer::Refused,
        Unclear::Timeout => NoAnswer::Timeout,
        Unclear::TotalReached => NoAnswer::TotalReached,
        Unclear::Proxy
        | Unclear::NotTls
        | Unclear::OurSide
        | Unclear::Status(_)
        | Unclear::NotHttp
        | Unclear::Network => NoAnswer::Other,
    }
}
