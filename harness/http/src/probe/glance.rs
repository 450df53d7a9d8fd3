//! One GET by hand, over whatever stream there is, and a glance at the answer: its status, and
//! whether it is FHIR.
//! Not for judging or keeping the answer: nothing of it leaves this file but those facts.

use super::report::{PlainHttp, Reception, Refusal, Unclear};
use super::{Probe, dial, hello};
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// How much of an answer is read, in bytes.
const MOST_READ: usize = 64 * 1024;

/// What was seen of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glance {
    pub(super) status: u16,
    pub(super) fhir: bool,
    to_https: bool,
    hsts: bool,
}

impl Glance {
    /// Whether this answer lets us in.
    pub(super) const fn reception(self) -> Reception {
        let Self { status, fhir, .. } = self;
        match status {
            _ if fhir => Reception::LetIn { status, fhir },
            0..400 => Reception::LetIn { status, fhir },
            400..500 => Reception::Refused(Refusal::Status(status)),
            _ => Reception::Unclear(Unclear::Status(status)),
        }
    }
}

/// Sends the GET and looks at the answer; `None` if what came is not HTTP. An error only if
/// nothing came at all.
pub(super) async fn glance<S>(stream: &mut S, request: &[u8]) -> io::Result<Option<Glance>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // What the other side said before it hung up can still be read.
    let _ = stream.write_all(request).await;
    let _ = stream.flush().await;
    let mut seen = Vec::new();
    let mut buffer = vec![0; 8 * 1024];
    while seen.len() < MOST_READ && !is_whole(&seen) {
        match stream.read(&mut buffer).await {
            Ok(0) if seen.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(0) => break,
            Ok(count) => seen.extend_from_slice(&buffer[..count]),
            Err(error) if seen.is_empty() => return Err(error),
            // Many servers end TLS without saying so; what came has come.
            Err(_) => break,
        }
    }
    Ok(look(&seen))
}

/// The GET, with the headers of the probe. `scheme` only matters for the host's usual port.
pub(super) fn request(probe: &Probe) -> Vec<u8> {
    let url = &probe.url;
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let query = url.query().map(|query| format!("?{query}"));
    let path = url.path();
    let mut text = format!(
        "GET {path}{} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
        query.unwrap_or_default()
    );
    for (name, value) in &probe.headers {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// Sends the GET without encryption.
pub(super) async fn plain_http(probe: &Probe, port: Option<u16>) -> PlainHttp {
    let mut stream = match dial::dial_port(probe, port).await {
        Ok(stream) => stream,
        Err(Unclear::NothingListens) => return PlainHttp::NothingListens,
        Err(why) => return PlainHttp::Unclear(why),
    };
    let request = request(probe);
    let seen = timeout(probe.client.timeout(), glance(&mut stream, &request)).await;
    match seen {
        Err(_) => PlainHttp::Unclear(Unclear::Timeout),
        Ok(Ok(None)) => PlainHttp::Dropped,
        Ok(Ok(Some(glance))) => PlainHttp::Answered {
            status: glance.status,
            fhir: glance.fhir,
            to_https: glance.to_https,
            hsts: glance.hsts,
        },
        Ok(Err(error)) => match hello::ended(&error) {
            Ok(_) => PlainHttp::Dropped,
            Err(why) => PlainHttp::Unclear(why),
        },
    }
}

/// Whether the head is there, and as much of the body as it promises.
fn is_whole(seen: &[u8]) -> bool {
    let Some(end) = head_end(seen) else {
        return false;
    };
    let head = String::from_utf8_lossy(&seen[..end]).to_lowercase();
    header(&head, "content-length")
        .and_then(|length| length.parse::<usize>().ok())
        .is_some_and(|length| seen.len() - end >= length)
}

fn head_end(seen: &[u8]) -> Option<usize> {
    let at = seen.windows(4).position(|part| part == b"\r\n\r\n")?;
    Some(at + 4)
}

fn look(seen: &[u8]) -> Option<Glance> {
    let end = head_end(seen).unwrap_or(seen.len());
    let head = String::from_utf8_lossy(&seen[..end]).to_lowercase();
    let status = head.strip_prefix("http/1.")?.get(2..5)?.parse().ok()?;
    let body = String::from_utf8_lossy(&seen[end..]);
    let fhir = header(&head, "content-type").is_some_and(|kind| kind.contains("fhir"))
        || body.contains("\"resourceType\"")
        || body.contains("http://hl7.org/fhir");
    Some(Glance {
        status,
        fhir,
        to_https: header(&head, "location").is_some_and(|place| place.starts_with("https://")),
        hsts: header(&head, "strict-transport-security").is_some(),
    })
}

/// The value of a header in a head in lower case.
fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split("\r\n").skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reception(answer: &str) -> Option<Reception> {
        look(answer.as_bytes()).map(Glance::reception)
    }

    #[test]
    fn what_lets_in_and_what_does_not() {
        let fhir = "content-type: application/fhir+json\r\n\r\n{}";
        for (answer, expected) in [
            (
                format!("HTTP/1.1 200 OK\r\n{fhir}"),
                Reception::LetIn {
                    status: 200,
                    fhir: true,
                },
            ),
            // The system itself answered, so nothing in front of it turned us away.
            (
                format!("HTTP/1.1 400 Bad Request\r\n{fhir}"),
                Reception::LetIn {
                    status: 400,
                    fhir: true,
                },
            ),
            (
                "HTTP/1.1 500 Oops\r\n\r\n{\"resourceType\": \"OperationOutcome\"}".to_owned(),
                Reception::LetIn {
                    status: 500,
                    fhir: true,
                },
            ),
            (
                "HTTP/1.0 302 Found\r\nlocation: /login\r\n\r\n".to_owned(),
                Reception::LetIn {
                    status: 302,
                    fhir: false,
                },
            ),
            (
                "HTTP/1.1 496 SSL Certificate Required\r\ncontent-type: text/html\r\n\r\n<html>"
                    .to_owned(),
                Reception::Refused(Refusal::Status(496)),
            ),
            (
                "HTTP/1.1 503 Down\r\n\r\n".to_owned(),
                Reception::Unclear(Unclear::Status(503)),
            ),
        ] {
            assert_eq!(reception(&answer), Some(expected), "{answer}");
        }
        for other in [
            "",
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 two hundred\r\n\r\n",
            "HTTP/1.",
        ] {
            assert_eq!(reception(other), None, "{other}");
        }
    }
}
