//! [connection] of target.toml: what lies between this machine and the target.
//! Not for connecting.

use super::auth::Auth;
use super::client_certificate::{
    ClientCertificate, read_client_certificate, read_wrong_certificates,
};
use super::web_address;
use crate::source::Source;
use crate::toml_reader::{At, Reader};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::path::PathBuf;
use url::Url;

/// What lies between this machine and the target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    /// The proxy: an http or https address without a password.
    pub proxy: Option<Url>,
    /// PEM files with certificates to trust besides those of the machine.
    pub trust_roots: Vec<PathBuf>,
    /// Where to find a host, by its name in lower case. Each is the host of an address of the file.
    pub hosts: BTreeMap<String, HostAddress>,
    /// The certificate to show where the other side asks for one (mutual TLS).
    pub client_certificate: Option<ClientCertificate>,
    /// Certificates that the target must refuse, by a word of
    /// [`WRONG_CERTIFICATES`](super::WRONG_CERTIFICATES).
    pub wrong_certificates: BTreeMap<String, ClientCertificate>,
}

/// Where a host is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostAddress {
    /// The address.
    pub ip: IpAddr,
    /// The port; `None` leaves it to the URL. If the URL has one, it is the same.
    pub port: Option<u16>,
}

/// The table with the places of its host entries, for checks that need the whole file.
pub(super) struct ReadConnection {
    pub(super) connection: Connection,
    hosts: Vec<At<String>>,
    /// The place of the client certificate.
    certificate: Option<Range<usize>>,
}

pub(super) fn read_connection(mut table: Reader<'_, '_>) -> ReadConnection {
    let proxy = if table.has("proxy") {
        table
            .text("proxy")
            .and_then(|text| check_proxy(table.source, &text))
    } else {
        table.mark("proxy");
        None
    };
    let trust_roots = if table.has("trust_roots") {
        table.texts("trust_roots").unwrap_or_default()
    } else {
        table.mark("trust_roots");
        Vec::new()
    };
    for path in &trust_roots {
        if path.value.contains("-----BEGIN") || path.value.contains('\n') {
            table.source.error(
                path.range.clone(),
                "`trust_roots` holds a certificate, and not the path of a file",
                "keep the certificate in a file of its own and write its path",
            );
        }
    }
    let (hosts, places) = table
        .opt_table("hosts")
        .map(|hosts| read_hosts(hosts.with_data_keys()))
        .unwrap_or_default();
    let certificate = table.opt_table("client_certificate");
    let place = certificate.as_ref().map(|table| table.range.clone());
    let client_certificate = certificate
        .and_then(|table| read_client_certificate(table, "[connection.client_certificate]"));
    let wrong_certificates = table
        .opt_table("wrong_certificates")
        .map(read_wrong_certificates)
        .unwrap_or_default();
    table.finish();
    ReadConnection {
        connection: Connection {
            proxy,
            trust_roots: trust_roots
                .into_iter()
                .map(|path| PathBuf::from(path.value))
                .collect(),
            hosts,
            client_certificate,
            wrong_certificates,
        },
        hosts: places,
        certificate: place,
    }
}

fn check_proxy(source: &Source<'_>, text: &At<String>) -> Option<Url> {
    let Ok(url) = Url::parse(&text.value) else {
        source.error(
            text.range.clone(),
            "the proxy is not a web address",
            "write it as http://proxy.example:3128",
        );
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        source.error(
            text.range.clone(),
            "the proxy holds a user name or password",
            "remove what stands before the @; a proxy that wants a password cannot be used, so ask for \
             a way around it",
        );
        return None;
    }
    let url = web_address(source, text, "the proxy")?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        source.error(
            text.range.clone(),
            "the proxy has more than host and port",
            "write it as http://proxy.example:3128",
        );
        return None;
    }
    Some(url)
}

fn read_hosts(mut table: Reader<'_, '_>) -> (BTreeMap<String, HostAddress>, Vec<At<String>>) {
    let (mut hosts, mut places) = (BTreeMap::new(), Vec::new());
    for key in table.keys() {
        if table.is_table(&key.value) {
            table.mark(&key.value);
            table.source.error(
                key.range,
                "a host name stands without quotation marks",
                "write \"fhir.example.nhs.uk\" = \"127.0.0.1:8443\"",
            );
            continue;
        }
        let Some(text) = table.text(&key.value) else {
            continue;
        };
        let Some(address) = host_address(&text.value) else {
            table.source.error(
                text.range,
                "a host is not given as an address",
                "write an IP address, with a port if needed: \"127.0.0.1:8443\" or \"[::1]:8443\"",
            );
            continue;
        };
        let name = key.value.to_lowercase();
        if hosts.insert(name.clone(), address).is_some() {
            table.source.error(
                key.range.clone(),
                "a host is given twice",
                "remove one of the two",
            );
        }
        places.push(At {
            value: name,
            range: key.range,
        });
    }
    table.finish();
    (hosts, places)
}

/// `127.0.0.1`, `127.0.0.1:8443`, `::1` or `[::1]:8443`.
fn host_address(text: &str) -> Option<HostAddress> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return (address.port() != 0).then(|| HostAddress {
            ip: address.ip(),
            port: Some(address.port()),
        });
    }
    let ip = text.parse().ok()?;
    Some(HostAddress { ip, port: None })
}

/// What needs the whole file. Each host must belong to an address of this file, and their ports may not contradict each other.
/// Never shows the name: a secret may have been put there.
pub(super) fn check_hosts<'u>(
    source: &Source<'_>,
    read: &ReadConnection,
    base_urls: impl Iterator<Item = &'u Url>,
    auth: Option<&'u Auth>,
) {
    let token_url = match auth {
        Some(Auth::ClientCredentials(credentials)) => Some(&credentials.token_url),
        Some(Auth::None | Auth::ApiKey { .. } | Auth::Bearer { .. } | Auth::GpConnect(_))
        | None => None,
    };
    let urls: Vec<&Url> = base_urls.chain(token_url).collect();
    if let Some(range) = &read.certificate
        && !urls.iter().any(|url| url.scheme() == "https")
    {
        source.warning(
            range.clone(),
            "no address in this file begins with https://, so the client certificate is never shown",
            "write https:// in base_urls, or remove the table",
        );
    }
    for host in &read.hosts {
        let named = |url: &&&Url| url.domain() == Some(host.value.as_str());
        let mut own = urls.iter().filter(named).peekable();
        if own.peek().is_none() {
            source.error(
                host.range.clone(),
                "no address in this file has this host name",
                "write the name as it stands in base_urls or token_url, or remove the line",
            );
            continue;
        }
        let port = read.connection.hosts.get(&host.value).and_then(|a| a.port);
        if let Some(port) = port
            && own.any(|url| url.port().is_some_and(|own| own != port))
        {
            source.error(
                host.range.clone(),
                "a host has one port here and another in its web address",
                "remove one of the two ports",
            );
        }
    }
}
