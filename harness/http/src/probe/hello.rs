//! The first message of a TLS client, written by hand, and the first answer to it: which versions
//! and cipher suites a place accepts, among them those that a careful TLS library cannot offer.
//! Not for a secure connection: none comes about, and nothing secret is sent.
//!
//! What is written here is in RFC 8446 section 4.1.2 and RFC 5246 section 7.4.1.2; what is read is
//! the head of a record, an alert, or the fixed part of a `ServerHello`.

use super::report::{Alert, Offered, Protocol, Refusal, Unclear};
use super::{Probe, dial};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// Kinds of records.
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
/// Kinds of handshake messages.
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// The longest record that the protocol allows, with what encryption may add.
const LONGEST_RECORD: usize = 16 * 1024 + 2048;
/// A `ServerHello` is shorter than this; nothing after it is read.
const LONGEST_HELLO: usize = 64 * 1024;

/// Extensions, by their numbers at IANA.
mod extension {
    pub(super) const SERVER_NAME: u16 = 0;
    pub(super) const SUPPORTED_GROUPS: u16 = 10;
    pub(super) const EC_POINT_FORMATS: u16 = 11;
    pub(super) const SIGNATURE_ALGORITHMS: u16 = 13;
    pub(super) const SUPPORTED_VERSIONS: u16 = 43;
    pub(super) const KEY_SHARE: u16 = 51;
}

/// The curve x25519, and P-256, P-384, P-521, and two groups for TLS 1.3 without curves.
const GROUPS: [u16; 6] = [0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101];
/// ECDSA, RSA-PSS and RSA with SHA-256, 384 and 512, Ed25519, and RSA and ECDSA with SHA-1.
const SIGNATURES: [u16; 12] = [
    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0807, 0x0201, 0x0203,
];
/// Says that renegotiation is secure here (RFC 5746); some servers hang up on others.
const RENEGOTIATION_INFO: u16 = 0x00ff;
/// A public key on x25519 that everybody has: its base point. No secret comes of it.
const BASE_POINT: [u8; 32] = [
    9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];
/// In the place of random bytes, which protect nothing here.
const RANDOM: &[u8; 32] = b"Plumbline looks at versions only";

/// Offers a version and reads the answer.
pub(super) async fn offer(probe: &Probe, protocol: Protocol, suites: &[u16]) -> Offered {
    let mut stream = match dial::dial(probe).await {
        Ok(stream) => stream,
        Err(why) => return Offered::Unclear(why),
    };
    let hello = client_hello(protocol, suites, probe.url.domain());
    let talk = async {
        stream.write_all(&hello).await?;
        read_answer(&mut stream).await
    };
    match timeout(probe.client.timeout(), talk).await {
        Err(_) => Offered::Unclear(Unclear::Timeout),
        Ok(Err(error)) => Offered::from(ended(&error)),
        Ok(Ok(first)) => first.to(protocol),
    }
}

/// The first thing that a server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Hello { version: u16, suite: u16 },
    Alert(u8),
    NotTls,
}

impl First {
    /// What it says about the version that was offered.
    fn to(self, protocol: Protocol) -> Offered {
        match self {
            Self::Hello { version, suite } if version == protocol.number() => {
                Offered::Accepted { suite }
            }
            // A server may not choose what was not offered.
            Self::Hello { .. } | Self::NotTls => Offered::Unclear(Unclear::NotTls),
            Self::Alert(number) => Offered::Refused(Refusal::Alert(Alert(number))),
        }
    }
}

impl From<Result<Refusal, Unclear>> for Offered {
    fn from(ended: Result<Refusal, Unclear>) -> Self {
        match ended {
            Ok(refusal) => Self::Refused(refusal),
            Err(why) => Self::Unclear(why),
        }
    }
}

/// A connection that ended before any answer: the other side's doing, or trouble on the way.
pub(super) fn ended(error: &io::Error) -> Result<Refusal, Unclear> {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Ok(Refusal::Closed),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => Ok(Refusal::Reset),
        io::ErrorKind::TimedOut => Err(Unclear::Timeout),
        _ => Err(Unclear::Network),
    }
}

async fn read_answer(stream: &mut (impl AsyncReadExt + Unpin)) -> io::Result<First> {
    let mut hello = Vec::new();
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head).await?;
        let [kind, major, _, high, low] = head;
        let length = usize::from(u16::from_be_bytes([high, low]));
        if major != 3 || length == 0 || length > LONGEST_RECORD {
            return Ok(First::NotTls);
        }
        let mut record = vec![0; length];
        stream.read_exact(&mut record).await?;
        match kind {
            ALERT => return Ok(record.get(1).map_or(First::NotTls, |n| First::Alert(*n))),
            HANDSHAKE => hello.extend_from_slice(&record),
            _ => return Ok(First::NotTls),
        }
        match server_hello(&hello) {
            Parsed::Is(first) => return Ok(first),
            Parsed::Short if hello.len() < LONGEST_HELLO => {}
            Parsed::Short => return Ok(First::NotTls),
        }
    }
}

enum Parsed {
    Is(First),
    /// More bytes are needed.
    Short,
}

fn server_hello(bytes: &[u8]) -> Parsed {
    let Some([kind, a, b, c]) = bytes.first_chunk::<4>() else {
        return Parsed::Short;
    };
    if *kind != SERVER_HELLO {
        return Parsed::Is(First::NotTls);
    }
    let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
    if length > LONGEST_HELLO {
        return Parsed::Is(First::NotTls);
    }
    let Some(body) = bytes.get(4..4 + length) else {
        return Parsed::Short;
    };
    Parsed::Is(hello_body(&mut Bytes(body)).unwrap_or(First::NotTls))
}

fn hello_body(body: &mut Bytes<'_>) -> Option<First> {
    let mut version = body.number()?;
    body.take(RANDOM.len())?;
    body.take_with_length()?;
    let suite = body.number()?;
    body.take(1)?;
    // Before TLS 1.2 there need be no extensions.
    if let Some(length) = body.number() {
        let mut extensions = Bytes(body.take(usize::from(length))?);
        while let Some(kind) = extensions.number() {
            let length = extensions.number()?;
            let mut value = Bytes(extensions.take(usize::from(length))?);
            if kind == extension::SUPPORTED_VERSIONS {
                version = value.number()?;
            }
        }
    }
    Some(First::Hello { version, suite })
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn take_with_length(&mut self) -> Option<&'a [u8]> {
        let length = *self.take(1)?.first()?;
        self.take(usize::from(length))
    }

    fn number(&mut self) -> Option<u16> {
        let bytes = self.take(2)?;
        Some(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]))
    }
}

/// The whole record. `name` is the host name, if the host has one.
fn client_hello(protocol: Protocol, suites: &[u16], name: Option<&str>) -> Vec<u8> {
    let mut body = Vec::new();
    // TLS 1.3 calls itself 1.2 here, and says what it is in an extension.
    let version = protocol.number().min(Protocol::Tls12.number());
    put(&mut body, version);
    body.extend_from_slice(RANDOM);
    body.push(0);
    let mut offered: Vec<u16> = suites.to_vec();
    if protocol != Protocol::Tls13 {
        offered.push(RENEGOTIATION_INFO);
    }
    put_list(&mut body, &numbers(&offered));
    body.extend_from_slice(&[1, 0]);
    if protocol != Protocol::Ssl3 {
        put_list(&mut body, &extensions(protocol, name));
    }

    let mut message = vec![CLIENT_HELLO, 0];
    put_list(&mut message, &body);
    let record_version = version.min(Protocol::Tls10.number());
    let mut record = vec![HANDSHAKE];
    put(&mut record, record_version);
    put_list(&mut record, &message);
    record
}

fn extensions(protocol: Protocol, name: Option<&str>) -> Vec<u8> {
    let mut all = Vec::new();
    let mut add = |kind: u16, value: &[u8]| {
        put(&mut all, kind);
        put_list(&mut all, value);
    };
    if let Some(name) = name {
        let mut entry = vec![0];
        put_list(&mut entry, name.as_bytes());
        add(extension::SERVER_NAME, &listed(&entry));
    }
    add(extension::SUPPORTED_GROUPS, &listed(&numbers(&GROUPS)));
    if protocol != Protocol::Tls13 {
        add(extension::EC_POINT_FORMATS, &[1, 0]);
    }
    if protocol >= Protocol::Tls12 {
        let signatures = listed(&numbers(&SIGNATURES));
        add(extension::SIGNATURE_ALGORITHMS, &signatures);
    }
    if protocol == Protocol::Tls13 {
        let [high, low] = protocol.number().to_be_bytes();
        add(extension::SUPPORTED_VERSIONS, &[2, high, low]);
        let mut share = numbers(&GROUPS[..1]);
        put_list(&mut share, &BASE_POINT);
        add(extension::KEY_SHARE, &listed(&share));
    }
    all
}

fn numbers(list: &[u16]) -> Vec<u8> {
    list.iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

fn listed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_list(&mut out, bytes);
    out
}

fn put(out: &mut Vec<u8>, number: u16) {
    out.extend_from_slice(&number.to_be_bytes());
}

/// The bytes with their length before them in two bytes; what is written here is far below that.
fn put_list(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, u16::try_from(bytes.len()).unwrap_or(u16::MAX));
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server's hello in one record.
    fn answer(version: u16, supported: Option<u16>) -> Vec<u8> {
        let mut body = Vec::new();
        put(&mut body, version);
        body.extend_from_slice(&[7; 32]);
        body.extend_from_slice(&[2, 1, 1]);
        put(&mut body, 0x002f);
        body.push(0);
        if let Some(supported) = supported {
            let mut extension = Vec::new();
            put(&mut extension, extension::SUPPORTED_VERSIONS);
            put_list(&mut extension, &numbers(&[supported]));
            put_list(&mut body, &extension);
        }
        let mut message = vec![SERVER_HELLO, 0];
        put_list(&mut message, &body);
        record(HANDSHAKE, &message)
    }

    fn record(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut record = vec![kind, 3, 1];
        put_list(&mut record, content);
        record
    }

    async fn first(mut bytes: &[u8]) -> Result<First, io::ErrorKind> {
        read_answer(&mut bytes).await.map_err(|error| error.kind())
    }

    #[tokio::test]
    async fn reads_what_a_server_chose() {
        let hello = |version| {
            Ok(First::Hello {
                version,
                suite: 0x002f,
            })
        };
        assert_eq!(first(&answer(0x0301, None)).await, hello(0x0301));
        assert_eq!(first(&answer(0x0303, Some(0x0304))).await, hello(0x0304));
        assert_eq!(first(&record(ALERT, &[2, 70])).await, Ok(First::Alert(70)));
        // In as many records as there are bytes.
        let mut split = Vec::new();
        for byte in &answer(0x0302, None)[5..] {
            split.extend_from_slice(&record(HANDSHAKE, &[*byte]));
        }
        assert_eq!(first(&split).await, hello(0x0302));
    }

    #[tokio::test]
    async fn what_is_not_tls_is_not_taken_for_a_refusal() {
        let endless = record(HANDSHAKE, &[SERVER_HELLO, 0xff, 0xff, 0xff, 0, 0]);
        for bytes in [
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            &record(ALERT, &[2]),
            &record(HANDSHAKE, &[99, 0, 0, 0]),
            &record(HANDSHAKE, &[SERVER_HELLO, 0, 0, 1, 3]),
            &record(23, b"data"),
            &record(HANDSHAKE, &[]),
            &endless,
        ] {
            assert_eq!(first(bytes).await, Ok(First::NotTls), "{bytes:?}");
        }
        for bytes in [&[][..], &[22, 3], &answer(0x0301, None)[..20]] {
            assert_eq!(first(bytes).await, Err(io::ErrorKind::UnexpectedEof));
        }
    }

    #[test]
    fn only_the_version_that_was_offered_counts_as_accepted() {
        let hello = First::Hello {
            version: 0x0303,
            suite: 1,
        };
        assert_eq!(hello.to(Protocol::Tls12), Offered::Accepted { suite: 1 });
        let other = Offered::Unclear(Unclear::NotTls);
        assert_eq!(hello.to(Protocol::Tls10), other);
        assert_eq!(hello.to(Protocol::Tls13), other);
    }
}
