//! What a client offers in its first message, and what a faulty door says to that.
//! Not for a right door: that leaves the whole handshake to the TLS library, which knows neither
//! old versions nor weak ciphers. So what a faulty door accepts is only its first answer; no
//! connection comes of it.

use crate::action::TlsFault;
use std::collections::BTreeSet;

const TLS_1_2: u16 = 0x0303;
/// Not a cipher suite, but sent as one (RFC 5746, RFC 7507).
const SIGNALS: [u16; 2] = [0x00ff, 0x5600];
/// ECDHE with AES-GCM.
const PREFERRED: [u16; 4] = [0xc02b, 0xc02c, 0xc02f, 0xc030];
/// Static RSA with AES-128 and CBC.
const OUTSIDE: [u16; 2] = [0x002f, 0x003c];
/// The extension in which TLS 1.3 says what it is.
const SUPPORTED_VERSIONS: u16 = 43;
/// The alerts "handshake failure" and "protocol version".
const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;

/// What becomes of a connection after the client's first message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The handshake goes its way.
    GoOn,
    /// These bytes are sent, and the connection ends.
    Say(Vec<u8>),
}

/// What a client offers.
#[derive(Debug, PartialEq, Eq)]
struct Offer {
    newest: u16,
    suites: Vec<u16>,
}

/// What the door says to a first record.
pub(super) fn verdict(record: &[u8], faults: &BTreeSet<TlsFault>) -> Verdict {
    match offer(record) {
        Some(offer) => faults
            .iter()
            .find_map(|fault| offer.answer(*fault))
            .map_or(Verdict::GoOn, Verdict::Say),
        None => Verdict::GoOn,
    }
}

impl Offer {
    fn answer(&self, fault: TlsFault) -> Option<Vec<u8>> {
        let is_12 = self.newest == TLS_1_2;
        let only = |suites: &[u16]| self.suites.iter().all(|suite| suites.contains(suite));
        match fault {
            TlsFault::OldVersionAnswered => (self.newest < TLS_1_2).then(|| self.accepted()),
            TlsFault::BrokenCipherAnswered => (is_12
                && self.suites.iter().all(|suite| is_broken(*suite)))
            .then(|| self.accepted()),
            TlsFault::OutsideCipherAnswered => (is_12 && only(&OUTSIDE)).then(|| self.accepted()),
            // A client that offers TLS 1.2 with the preferred ciphers alone asks about those.
            TlsFault::Version12Refused => {
                (is_12 && !only(&PREFERRED)).then(|| alert(self.newest, PROTOCOL_VERSION))
            }
            TlsFault::PreferredCipherRefused => {
                (is_12 && only(&PREFERRED)).then(|| alert(self.newest, HANDSHAKE_FAILURE))
            }
            TlsFault::NoClientCertificate
            | TlsFault::ExpiredAccepted
            | TlsFault::UnknownAuthorityAccepted
            | TlsFault::OtherNameAccepted => None,
        }
    }

    /// A server's hello that takes the newest version and the first suite.
    fn accepted(&self) -> Vec<u8> {
        let mut body = self.newest.to_be_bytes().to_vec();
        body.extend_from_slice(&[0; 32]);
        body.push(0);
        body.extend_from_slice(&self.suites.first().unwrap_or(&0).to_be_bytes());
        body.push(0);
        let mut message = vec![2, 0];
        with_length(&mut message, &body);
        let mut record = vec![22];
        record.extend_from_slice(&self.newest.to_be_bytes());
        with_length(&mut record, &message);
        record
    }
}

/// NULL, RC4, 3DES, DES, export and anonymous suites, by their numbers at IANA.
fn is_broken(suite: u16) -> bool {
    match suite {
        0x0000..=0x001b | 0x002c..=0x002e | 0x003b => true,
        // For each key exchange on curves: NULL, RC4, 3DES, and two with AES.
        0xc001..=0xc019 => (suite - 0xc001) % 5 < 3,
        _ => false,
    }
}

fn alert(version: u16, number: u8) -> Vec<u8> {
    let [major, minor] = version.to_be_bytes();
    vec![21, major, minor, 0, 2, 2, number]
}

fn with_length(out: &mut Vec<u8>, bytes: &[u8]) {
    // What is written here has less than a hundred bytes.
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// What a record with a client's hello offers (RFC 8446 section 4.1.2).
fn offer(record: &[u8]) -> Option<Offer> {
    // The head of the record, kind and length of the message.
    let mut rest = record.get(9..)?;
    let legacy = number(&mut rest)?;
    take(&mut rest, 32)?;
    let session = usize::from(*take(&mut rest, 1)?.first()?);
    take(&mut rest, session)?;
    let mut list = listed(&mut rest)?;
    let mut suites = Vec::new();
    while let Some(suite) = number(&mut list) {
        suites.push(suite);
    }
    suites.retain(|suite| !SIGNALS.contains(suite));
    let compressions = usize::from(*take(&mut rest, 1)?.first()?);
    take(&mut rest, compressions)?;
    let mut newest = legacy;
    if let Some(mut extensions) = listed(&mut rest) {
        while let Some(kind) = number(&mut extensions) {
            let value = listed(&mut extensions)?;
            if kind == SUPPORTED_VERSIONS {
                let mut versions = value.get(1..)?;
                while let Some(version) = number(&mut versions) {
                    // Values that no version has are sent to keep servers from breaking on them.
                    if version & 0xff00 == 0x0300 {
                        newest = newest.max(version);
                    }
                }
            }
        }
    }
    Some(Offer { newest, suites })
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

fn number(rest: &mut &[u8]) -> Option<u16> {
    let bytes = take(rest, 2)?;
    Some(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]))
}

fn listed<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(rest)?;
    take(rest, usize::from(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(version: u16, suites: &[u16], supported: &[u16]) -> Vec<u8> {
        let numbers = |list: &[u16]| -> Vec<u8> {
            list.iter()
                .flat_map(|number| number.to_be_bytes())
                .collect()
        };
        let mut body = version.to_be_bytes().to_vec();
        body.extend_from_slice(&[7; 32]);
        body.push(0);
        with_length(&mut body, &numbers(suites));
        body.extend_from_slice(&[1, 0]);
        if !supported.is_empty() {
            let versions = numbers(supported);
            let mut value = vec![u8::try_from(versions.len()).unwrap()];
            value.extend_from_slice(&versions);
            let mut extension = SUPPORTED_VERSIONS.to_be_bytes().to_vec();
            with_length(&mut extension, &value);
            with_length(&mut body, &extension);
        }
        let mut message = vec![1, 0];
        with_length(&mut message, &body);
        let mut record = vec![22, 3, 1];
        with_length(&mut record, &message);
        record
    }

    #[test]
    fn reads_what_is_offered() {
        let read = offer(&record(
            0x0303,
            &[0x1301, 0x00ff],
            &[0x7a7a, 0x0304, 0x0303],
        ));
        let wanted = Offer {
            newest: 0x0304,
            suites: vec![0x1301],
        };
        assert_eq!(read, Some(wanted));
        let whole = record(0x0301, &[5], &[]);
        for end in 0..whole.len() {
            assert_eq!(offer(&whole[..end]).filter(|o| o.suites.is_empty()), None);
        }
    }

    #[test]
    fn each_fault_has_its_own_offers() {
        let (old, broken, outside, preferred) = (
            record(0x0302, &[0x002f], &[]),
            record(0x0303, &[0x0005, 0xc012, 0x00ff], &[]),
            record(0x0303, &[0x002f, 0x003c], &[]),
            record(0x0303, &[0xc02c, 0xc030], &[]),
        );
        let all = record(0x0303, &[0xc02c, 0x002f, 0x0005], &[]);
        let modern = record(0x0303, &[0x1301, 0xc02c], &[0x0304, 0x0303]);
        let offers = [&old, &broken, &outside, &preferred, &all, &modern];
        for (fault, acted_on) in [
            (TlsFault::OldVersionAnswered, vec![&old]),
            (TlsFault::BrokenCipherAnswered, vec![&broken]),
            (TlsFault::OutsideCipherAnswered, vec![&outside]),
            (TlsFault::PreferredCipherRefused, vec![&preferred]),
            (TlsFault::Version12Refused, vec![&broken, &outside, &all]),
            (TlsFault::NoClientCertificate, vec![]),
        ] {
            for offer in offers {
                let says = verdict(offer, &BTreeSet::from([fault])) != Verdict::GoOn;
                assert_eq!(says, acted_on.contains(&offer), "{fault:?} {offer:?}");
            }
        }
        for offer in offers {
            assert_eq!(verdict(offer, &BTreeSet::new()), Verdict::GoOn);
        }
    }
}
