//! Sets up the connection: proxy, trusted certificates, our own certificate, host names with an
//! address of our own.
//! Not for the environment: the variables that name proxies elsewhere are not read.

use crate::config::{Auth, ClientConfig, Connection};
use crate::failure::HttpError;
use reqwest::{Certificate, ClientBuilder, Identity, Proxy, redirect, retry};
use secrecy::ExposeSecret;
use std::path::Path;
use std::time::Duration;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use url::{Host, Url};

/// The HTTP client for a configuration. It keeps a connection that long for the next request, or
/// opens one for each if that is zero.
pub(crate) fn http_client(
    config: &ClientConfig,
    kept_for: Duration,
) -> Result<reqwest::Client, HttpError> {
    let connection = &config.connection;
    let mut builder = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .tls_info(true)
        // Also turns off the proxy that the environment names.
        .no_proxy()
        .connect_timeout(config.connect_timeout)
        .pool_idle_timeout(kept_for);
    if kept_for.is_zero() {
        builder = builder.pool_max_idle_per_host(0);
    }
    if let Some(proxy) = &connection.proxy {
        let (proxy, through) = (proxy.clone(), connection.clone());
        builder = builder.proxy(Proxy::custom(move |url| {
            through.proxied(url).then(|| proxy.clone())
        }));
    }
    for (name, address) in &connection.hosts {
        builder = builder.resolve(name, *address);
    }
    for path in &connection.trust_roots {
        builder = builder.tls_certs_merge(trust_roots(path)?);
    }
    if is_plain(config) {
        // Nothing is ever asked over TLS, so the certificates of the system need not be read.
        builder = builder.tls_certs_only([]);
    }
    if let Some(identity) = &connection.client_certificate {
        let pem = identity.pem();
        let identity = Identity::from_pem(pem.expose_secret().as_bytes());
        builder = builder.identity(identity.map_err(HttpError::Setup)?);
    }
    builder.build().map_err(HttpError::Setup)
}

/// Whether every address that the client may ask is plain HTTP. It follows no redirect and asks no other origin.
fn is_plain(config: &ClientConfig) -> bool {
    let token_url = match &config.auth {
        Auth::ClientCredentials { settings, .. } => Some(&settings.token_url),
        Auth::None | Auth::ApiKey { .. } | Auth::Bearer { .. } | Auth::GpConnect { .. } => None,
    };
    let mut asked = config
        .base_urls
        .values()
        .chain(token_url)
        .chain(&config.connection.proxy);
    config.connection.trust_roots.is_empty() && asked.all(|url| url.scheme() == "http")
}

impl Connection {
    /// Whether requests for this URL go through the proxy. This machine, and hosts whose address is
    /// given, are reached directly: a proxy would look the name up for itself.
    pub(crate) fn proxied(&self, url: &Url) -> bool {
        let is_here = match url.host() {
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let has_address = url.host_str().is_some_and(|host| {
            self.hosts
                .keys()
                .any(|name| name.eq_ignore_ascii_case(host))
        });
        self.proxy.is_some() && !is_here && !has_address
    }
}

/// The certificates of a file that [`http_client`] has taken; none if it is not there any more.
pub(crate) fn trusted(path: &Path) -> Vec<CertificateDer<'static>> {
    let content = std::fs::read(path).unwrap_or_default();
    CertificateDer::pem_slice_iter(&content)
        .filter_map(Result::ok)
        .collect()
}

/// The certificates of a PEM file, each of which can be trusted.
fn trust_roots(path: &Path) -> Result<Vec<Certificate>, HttpError> {
    let content = std::fs::read(path).map_err(|source| HttpError::TrustRootFile {
        path: path.to_owned(),
        source,
    })?;
    let refused = |problem| HttpError::TrustRoot {
        path: path.to_owned(),
        problem,
    };
    let certificates = Certificate::from_pem_bundle(&content)
        .map_err(|_| refused("holds a certificate that cannot be read"))?;
    if certificates.is_empty() {
        return Err(refused("holds no certificate in PEM form"));
    }
    // Certificates are read only when a client is built, whose error names no file.
    ClientBuilder::new()
        .no_proxy()
        .tls_certs_only(certificates.clone())
        .build()
        .map_err(|_| refused("holds a certificate that cannot be read"))?;
    Ok(certificates)
}
