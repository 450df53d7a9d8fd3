//! Opens the TCP connection of a probe: straight, or through an HTTP proxy.
//! Not for TLS.

use super::Probe;
use super::report::Unclear;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Url};

/// The longest answer of a proxy that is read, in bytes.
const LONGEST_ANSWER: usize = 8 * 1024;

/// Connects to the place of the probe, within its time to connect, when its turn comes.
pub(super) async fn dial(probe: &Probe) -> Result<TcpStream, Unclear> {
    dial_port(probe, None).await
}

/// As [`dial`], to another port of the same host.
pub(super) async fn dial_port(probe: &Probe, port: Option<u16>) -> Result<TcpStream, Unclear> {
    if !probe.client.take_turn().await {
        return Err(Unclear::TotalReached);
    }
    timeout(probe.client.connect_timeout(), connect(probe, port))
        .await
        .unwrap_or(Err(Unclear::Timeout))
}

/// Connects at once, without waiting for a turn.
pub(crate) async fn connect(probe: &Probe, port: Option<u16>) -> Result<TcpStream, Unclear> {
    let url = &probe.url;
    let own = url.port_or_known_default().unwrap_or(443);
    let connection = probe.client.connection();
    let stream = match &connection.proxy {
        Some(proxy) if connection.proxied(url) => {
            let stream = to_proxy(proxy).await?;
            tunnel(stream, url, port.unwrap_or(own)).await?
        }
        _ => {
            let address = url.host_str().and_then(|host| {
                connection
                    .hosts
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(host))
                    .map(|(_, address)| *address)
            });
            match address {
                Some(address) => {
                    let given =
                        (url.port().is_none() && address.port() != 0).then(|| address.port());
                    let port = port.or(given).unwrap_or(own);
                    open(&[SocketAddr::new(address.ip(), port)]).await?
                }
                None => open(&look_up(url, port.unwrap_or(own)).await?).await?,
            }
        }
    };
    // Without this, small messages wait for the other side's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

async fn look_up(url: &Url, port: u16) -> Result<Vec<SocketAddr>, Unclear> {
    match url.host() {
        Some(Host::Ipv4(ip)) => Ok(vec![(ip, port).into()]),
        Some(Host::Ipv6(ip)) => Ok(vec![(ip, port).into()]),
        Some(Host::Domain(name)) => {
            let found = tokio::net::lookup_host((name, port)).await;
            let all: Vec<_> = found.map_err(|_| Unclear::Dns)?.collect();
            if all.is_empty() {
                Err(Unclear::Dns)
            } else {
                Ok(all)
            }
        }
        None => Err(Unclear::Dns),
    }
}

async fn open(addresses: &[SocketAddr]) -> Result<TcpStream, Unclear> {
    TcpStream::connect(addresses)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => Unclear::NothingListens,
            io::ErrorKind::TimedOut => Unclear::Timeout,
            _ => Unclear::Network,
        })
}

/// Only a proxy that is spoken to without encryption itself can be used.
async fn to_proxy(proxy: &Url) -> Result<TcpStream, Unclear> {
    if proxy.scheme() != "http" {
        return Err(Unclear::Proxy);
    }
    let port = proxy.port_or_known_default().unwrap_or(80);
    let addresses = look_up(proxy, port).await.map_err(|_| Unclear::Proxy)?;
    open(&addresses).await.map_err(|_| Unclear::Proxy)
}

/// Asks the proxy for a tunnel (RFC 9110, CONNECT).
async fn tunnel(mut stream: TcpStream, url: &Url, port: u16) -> Result<TcpStream, Unclear> {
    let place = format!("{}:{port}", url.host_str().unwrap_or_default());
    let request = format!("CONNECT {place} HTTP/1.1\r\nhost: {place}\r\n\r\n");
    let written = stream.write_all(request.as_bytes()).await;
    written.map_err(|_| Unclear::Proxy)?;
    let mut head = Vec::new();
    // Byte by byte: what follows the head belongs to the tunnel.
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.map_err(|_| Unclear::Proxy)?;
        head.push(byte);
        if head.len() == LONGEST_ANSWER {
            return Err(Unclear::Proxy);
        }
    }
    let opened = head.starts_with(b"HTTP/1.1 2") || head.starts_with(b"HTTP/1.0 2");
    opened.then_some(stream).ok_or(Unclear::Proxy)
}
