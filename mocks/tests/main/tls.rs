//! The encrypted door: who is let in, who is not, and what each fault changes in that.

use plumbline_mocks::{MockError, MockOptions, MockSystem, P12_PASSWORD, Tls, serve_tls};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

struct Door {
    address: SocketAddr,
    folder: TempDir,
}

const GUESTS: [Option<&str>; 5] = [
    Some("client"),
    None,
    Some("expired-client"),
    Some("other-name-client"),
    Some("unknown-ca-client"),
];

impl Door {
    async fn open(vendor: &str, fault: Option<&str>) -> Door {
        let mut options = MockOptions::vendor(vendor);
        options.faults = fault.map(str::to_owned).into_iter().collect();
        let system = MockSystem::load(&options).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(system.needs_tls(), fault.is_some());
        let folder = tempfile::tempdir().unwrap();
        let tls = Tls::make(folder.path()).unwrap();
        assert_eq!(tls.folder(), folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve_tls(system, listener, tls));
        Door { address, folder }
    }

    /// The status of an answer, if we are let in.
    async fn status(&self, guest: Option<&str>, connection: &str) -> Option<u16> {
        let file = |name: &str| self.folder.path().join(name);
        let mut roots = RootCertStore::empty();
        let ca = CertificateDer::from_pem_file(file("ca.pem")).unwrap();
        roots.add(ca).unwrap();
        let builder = ClientConfig::builder().with_root_certificates(roots);
        let config = match guest {
            None => builder.with_no_client_auth(),
            Some(name) => {
                let chain = CertificateDer::from_pem_file(file(&format!("{name}.pem"))).unwrap();
                let key = PrivateKeyDer::from_pem_file(file(&format!("{name}.key"))).unwrap();
                builder.with_client_auth_cert(vec![chain], key).unwrap()
            }
        };
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::from(self.address.ip());
        let connector = TlsConnector::from(Arc::new(config));
        let mut stream = connector.connect(name, stream).await.ok()?;
        ask(&mut stream, connection).await
    }

    /// The first bytes that answer a message.
    async fn says(&self, message: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(message).await.unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while seen.len() < 6 {
            match stream.read(&mut buffer).await {
                Ok(count) if count > 0 => seen.extend_from_slice(&buffer[..count]),
                _ => break,
            }
        }
        seen
    }
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), connection: &str) -> Option<u16> {
    let request = format!("GET /metadata HTTP/1.1\r\nhost: a\r\nconnection: {connection}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.ok()?;
    String::from_utf8_lossy(&head[9..]).parse().ok()
}

/// A client's hello: the newest version that it offers, and its cipher suites.
fn hello(version: u16, suites: &[u16]) -> Vec<u8> {
    let list = |bytes: Vec<u8>| {
        let length = u16::try_from(bytes.len()).unwrap();
        [length.to_be_bytes().to_vec(), bytes].concat()
    };
    let numbers = |all: &[u16]| -> Vec<u8> { all.iter().flat_map(|n| n.to_be_bytes()).collect() };
    let extension = |kind: u16, value: Vec<u8>| [kind.to_be_bytes().to_vec(), list(value)].concat();
    let extensions = [
        extension(10, list(numbers(&[0x001d, 0x0017]))),
        extension(11, vec![1, 0]),
        extension(13, list(numbers(&[0x0403, 0x0804, 0x0401]))),
    ]
    .concat();
    let body = [
        version.to_be_bytes().to_vec(),
        vec![7; 32],
        vec![0],
        list(numbers(suites)),
        vec![1, 0],
        list(extensions),
    ]
    .concat();
    let message = [vec![1, 0], list(body)].concat();
    [vec![22, 3, 1], list(message)].concat()
}

const OLD: (u16, &[u16]) = (0x0302, &[0xc014, 0x002f]);
const BROKEN: (u16, &[u16]) = (0x0303, &[0x0005, 0x000a]);
const OUTSIDE: (u16, &[u16]) = (0x0303, &[0x002f]);
const PREFERRED: (u16, &[u16]) = (0x0303, &[0xc02b, 0xc02c]);
const ALL_OF_12: (u16, &[u16]) = (0x0303, &[0xc02b, 0xc014, 0x002f, 0x0005]);
const OFFERS: [(u16, &[u16]); 5] = [OLD, BROKEN, OUTSIDE, PREFERRED, ALL_OF_12];

/// Which offers are answered with a server's hello, in order.
async fn accepted(door: &Door) -> Vec<bool> {
    let mut all = Vec::new();
    for (version, suites) in OFFERS {
        let said = door.says(&hello(version, suites)).await;
        let is_hello = said.first() == Some(&22) && said.get(5) == Some(&2);
        assert!(is_hello || said.first() == Some(&21), "{said:?}");
        all.push(is_hello);
    }
    all
}

async fn let_in(door: &Door) -> Vec<bool> {
    let mut all = Vec::new();
    for guest in GUESTS {
        all.push(door.status(guest, "keep-alive").await.is_some());
    }
    all
}

#[tokio::test]
async fn only_the_right_client_is_let_in() {
    let door = Door::open("beacon-gp", None).await;
    assert_eq!(let_in(&door).await, [true, false, false, false, false]);
    assert_eq!(accepted(&door).await, [false, false, false, true, true]);
    let plainly = door
        .says(b"GET /metadata HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    assert_eq!(plainly, b"");
    assert!(door.status(Some("client"), "close").await.is_some());
}

#[tokio::test]
async fn a_vendor_that_asks_for_no_certificate_lets_everybody_in() {
    let door = Door::open("riverside-epr", None).await;
    assert_eq!(let_in(&door).await, [true; 5]);
}

#[tokio::test]
async fn each_fault_lets_in_one_more() {
    for (index, fault) in [
        (1, "connection-too-lenient/GPC-SEC-005"),
        (2, "connection-too-lenient/GPC-SEC-006"),
        (3, "connection-too-lenient/GPC-SEC-007"),
        (4, "connection-too-lenient/GPC-SEC-008"),
    ] {
        let door = Door::open("beacon-gp", Some(fault)).await;
        let mut wanted = [true, false, false, false, false];
        wanted[index] = true;
        assert_eq!(let_in(&door).await, wanted, "{fault}");
    }
}

#[tokio::test]
async fn each_fault_changes_the_answer_to_one_offer() {
    let right = [false, false, false, true, true];
    for (index, fault) in [
        (0, "connection-too-lenient/GPC-SEC-002"),
        (1, "connection-too-lenient/GPC-SEC-004"),
        (2, "connection-too-lenient/GPC-SEC-104"),
        (3, "connection-too-strict/GPC-SEC-003"),
        (4, "connection-too-strict/GPC-SEC-001"),
    ] {
        let door = Door::open("beacon-gp", Some(fault)).await;
        let mut wanted = right;
        wanted[index] = !wanted[index];
        assert_eq!(accepted(&door).await, wanted, "{fault}");
        let inside = door.status(Some("client"), "keep-alive").await;
        assert!(inside.is_some(), "{fault}");
    }
}

#[tokio::test]
async fn a_fault_answers_without_encryption() {
    let door = Door::open("beacon-gp", Some("connection-too-lenient/GPC-SEC-010")).await;
    let mut stream = TcpStream::connect(door.address).await.unwrap();
    assert!(ask(&mut stream, "close").await.is_some());
    assert_eq!(let_in(&door).await, [true, false, false, false, false]);
}

#[tokio::test]
async fn a_client_that_says_nothing_keeps_nobody_out() {
    let door = Door::open("beacon-gp", None).await;
    let mut silent = Vec::new();
    for _ in 0..80 {
        silent.push(TcpStream::connect(door.address).await.unwrap());
    }
    assert!(door.status(Some("client"), "close").await.is_some());
}

#[test]
fn the_folder_has_what_a_client_needs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("tls");
    Tls::make(&path).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "ca.pem",
            "client-legacy.p12",
            "client.key",
            "client.p12",
            "client.pem",
            "connection.toml",
            "expired-client.key",
            "expired-client.pem",
            "made-by-plumbline-mock.txt",
            "other-name-client.key",
            "other-name-client.pem",
            "unknown-ca-client.key",
            "unknown-ca-client.pem",
        ]
    );
    let text = std::fs::read_to_string(path.join("connection.toml")).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let own = &table["connection"]["client_certificate"]["certificate"];
    assert!(Path::new(own.as_str().unwrap()).is_file());
    for name in ["client.p12", "client-legacy.p12"] {
        let bytes = std::fs::read(path.join(name)).unwrap();
        let archive = p12_keystore::Pkcs12Archive::from_pkcs12(&bytes, P12_PASSWORD).unwrap();
        assert_eq!((archive.keys.len(), archive.certs.len()), (1, 1), "{name}");
    }
    // A second start makes new ones; a folder of somebody else is left alone.
    let before = std::fs::read(path.join("client.key")).unwrap();
    Tls::make(&path).unwrap();
    assert_ne!(std::fs::read(path.join("client.key")).unwrap(), before);
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("ca.pem"), "ours").unwrap();
    let error = Tls::make(other.path()).err();
    assert!(matches!(error, Some(MockError::FolderInUse { .. })));
    assert_eq!(std::fs::read(other.path().join("ca.pem")).unwrap(), b"ours");
}
