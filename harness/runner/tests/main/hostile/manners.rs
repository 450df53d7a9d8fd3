//! The hostile manners, one row each: what is sent, what must become of it, what ends it.
//! The page harness/docs/hostile-targets.md shows these rows.

use super::front::{self, After, Script, gzip_bomb, sized};
use crate::proxy::someone_else;
use plumbline_model::{ErrorKind, Verdict};
use std::fmt::Write as _;
use std::time::Duration;

/// What becomes of the scenario: its verdict, and the code of the finding that says why.
pub type Told = (Verdict, &'static str);

/// What puts an end to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It ends by itself.
    Itself,
    /// `timeout_seconds`.
    Deadline,
    /// `max_body_mb`.
    Size,
    /// The bound on the number of JSON values.
    Values,
    /// The bound on a head of an answer.
    Head,
    /// Two waits of a second each.
    Waits,
}

pub struct Manner {
    pub id: &'static str,
    pub what: &'static str,
    pub script: front::Manner,
    /// If the judged request alone is answered so.
    pub judged: Told,
    /// If every request is.
    pub everything: Told,
    pub end: End,
}

const TOO_LARGE: Told = (Verdict::Error(ErrorKind::TooLarge), "HTTP-TOO-LARGE");
const LIMITED: Told = (Verdict::Error(ErrorKind::RateLimited), "HTTP-RATE-LIMITED");
const UNREACHABLE: Told = (Verdict::Error(ErrorKind::Unreachable), "HTTP-UNREACHABLE");
const NOT_FHIR: Told = (Verdict::Error(ErrorKind::Configuration), "HTTP-NOT-FHIR");
const NO_ANSWER: Told = (Verdict::Fail, "HTTP-NO-ANSWER");
const ENCODING: Told = (Verdict::Fail, "HTTP-ENCODING");
const NOT_HTTP: Told = (Verdict::Error(ErrorKind::Configuration), "HTTP-NOT-HTTP");
const STATUS: Told = (Verdict::Fail, "HTTP-STATUS");
const NOT_JSON: Told = (Verdict::Fail, "BUNDLE-SEARCHSET");

const FHIR: &str = "content-type: application/fhir+json;charset=utf-8\r\n";
const HTML: &str = "content-type: text/html\r\n";
const PAGE: &[u8] = b"<!DOCTYPE html><html><body>Something is wrong</body></html>";
const EMPTY: &[u8] = br#"{"resourceType":"Bundle","type":"searchset","total":0,"link":[{"relation":"self","url":"http://x.example/"}]}"#;

#[expect(
    clippy::unnecessary_wraps,
    reason = "the rows hold functions of one type"
)]
fn raw(text: &[u8], after: After) -> Option<Script> {
    Some((text.to_vec(), after))
}

const AT_ONCE: Duration = Duration::ZERO;

/// Every row, in the order of the page.
pub const MANNERS: &[Manner] = &[
    Manner {
        id: "endless-body",
        what: "a body that never ends, as fast as it is read",
        script: |_, _| {
            let part = [&b"10000\r\n"[..], &vec![b' '; 0x10000], b"\r\n"].concat();
            let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\ntransfer-encoding: chunked\r\n\r\n";
            raw(head, After::Repeat(part, AT_ONCE))
        },
        judged: TOO_LARGE,
        everything: TOO_LARGE,
        end: End::Size,
    },
    Manner {
        id: "slow-drip",
        what: "a body of which one byte comes now and then",
        script: |_, _| {
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            let drip = After::Repeat(b"1\r\n \r\n".to_vec(), Duration::from_millis(50));
            raw(head, drip)
        },
        judged: NO_ANSWER,
        everything: UNREACHABLE,
        end: End::Deadline,
    },
    Manner {
        id: "slow-head",
        what: "a head of which one byte comes now and then",
        script: |_, _| {
            let drip = After::Repeat(b"x".to_vec(), Duration::from_millis(50));
            raw(b"HTTP/1.1 200 OK\r\nx-drip: ", drip)
        },
        judged: NO_ANSWER,
        everything: UNREACHABLE,
        end: End::Deadline,
    },
    Manner {
        id: "silence",
        what: "nothing at all, on an open connection",
        script: |_, _| raw(b"", After::Hang),
        judged: NO_ANSWER,
        everything: UNREACHABLE,
        end: End::Deadline,
    },
    Manner {
        id: "gzip-bomb",
        what: "a small body that unpacks to 100 MB",
        script: |_, _| {
            let headers = format!("{FHIR}content-encoding: gzip\r\n");
            Some(sized(200, &headers, &gzip_bomb(100)))
        },
        judged: TOO_LARGE,
        everything: TOO_LARGE,
        end: End::Size,
    },
    Manner {
        id: "huge-answer",
        what: "a well-formed answer of 50 MB",
        script: |_, _| {
            let length = 50 << 20;
            let head = format!("HTTP/1.1 200 OK\r\n{FHIR}content-length: {length}\r\n\r\n");
            let rest = After::Fill(length - EMPTY.len());
            raw(&[head.as_bytes(), EMPTY].concat(), rest)
        },
        judged: TOO_LARGE,
        everything: TOO_LARGE,
        end: End::Size,
    },
    Manner {
        id: "many-values",
        what: "JSON with more values than are read",
        script: |_, _| {
            let body = format!(
                r#"{{"resourceType":"Bundle","x":[{}0]}}"#,
                "0,".repeat(4_100_000)
            );
            Some(sized(200, FHIR, body.as_bytes()))
        },
        judged: TOO_LARGE,
        everything: TOO_LARGE,
        end: End::Values,
    },
    Manner {
        id: "deep-json",
        what: "JSON with a million brackets in one another",
        script: |_, _| Some(sized(200, FHIR, &[b'['; 1_000_000])),
        judged: NOT_JSON,
        everything: NOT_JSON,
        end: End::Itself,
    },
    Manner {
        id: "reset-in-body",
        what: "a TCP reset in the middle of the body",
        script: |_, _| {
            raw(
                b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{",
                After::Reset,
            )
        },
        judged: NO_ANSWER,
        everything: UNREACHABLE,
        end: End::Itself,
    },
    Manner {
        id: "length-too-long",
        what: "a Content-Length above what comes",
        script: |_, _| {
            raw(
                b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{}",
                After::Close,
            )
        },
        judged: NO_ANSWER,
        everything: UNREACHABLE,
        end: End::Itself,
    },
    Manner {
        id: "length-too-short",
        what: "a Content-Length below what comes",
        script: |_, _| {
            let head = format!("HTTP/1.1 200 OK\r\n{FHIR}content-length: 20\r\n\r\n");
            raw(&[head.as_bytes(), EMPTY].concat(), After::Close)
        },
        judged: NOT_JSON,
        everything: NOT_JSON,
        end: End::Itself,
    },
    Manner {
        id: "two-lengths",
        what: "two Content-Length headers that contradict each other",
        script: |_, _| {
            raw(
                b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} ",
                After::Close,
            )
        },
        judged: NO_ANSWER,
        everything: NOT_HTTP,
        end: End::Itself,
    },
    Manner {
        id: "truncated-chunks",
        what: "a chunked body that ends within a chunk",
        script: |_, _| {
            raw(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{\"resourceType\"",
                After::Close,
            )
        },
        judged: NO_ANSWER,
        everything: UNREACHABLE,
        end: End::Itself,
    },
    Manner {
        id: "trailer-flood",
        what: "a chunked body with trailers that never end",
        script: |_, _| {
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n";
            raw(head, After::Repeat(b"x-more: 1\r\n".repeat(1000), AT_ONCE))
        },
        judged: NO_ANSWER,
        everything: NOT_HTTP,
        end: End::Head,
    },
    Manner {
        id: "html-as-json",
        what: "status 200 and a FHIR media type, but a web page",
        script: |_, _| Some(sized(200, FHIR, PAGE)),
        judged: NOT_JSON,
        everything: NOT_FHIR,
        end: End::Itself,
    },
    Manner {
        id: "html-not-found",
        what: "status 404 and a web page",
        script: |_, _| Some(sized(404, HTML, PAGE)),
        judged: STATUS,
        everything: NOT_FHIR,
        end: End::Itself,
    },
    Manner {
        id: "html-server-error",
        what: "status 500 and a web page",
        script: |_, _| Some(sized(500, HTML, PAGE)),
        judged: STATUS,
        everything: UNREACHABLE,
        end: End::Itself,
    },
    Manner {
        id: "utf-16",
        what: "good JSON in UTF-16",
        script: |_, _| {
            let text: Vec<u8> = EMPTY.iter().flat_map(|byte| [*byte, 0]).collect();
            Some(sized(200, FHIR, &[&[0xff, 0xfe], text.as_slice()].concat()))
        },
        judged: NOT_JSON,
        everything: NOT_JSON,
        end: End::Itself,
    },
    Manner {
        id: "latin-1",
        what: "JSON with a letter in Latin-1",
        script: |_, _| {
            let body = [&EMPTY[..EMPTY.len() - 1], b",\"id\":\"caf\xe9\"}"].concat();
            Some(sized(200, FHIR, &body))
        },
        judged: NOT_JSON,
        everything: NOT_JSON,
        end: End::Itself,
    },
    Manner {
        id: "not-packed",
        what: "Content-Encoding gzip, but the body is not packed",
        script: |_, _| {
            let headers = format!("{FHIR}content-encoding: gzip\r\n");
            Some(sized(200, &headers, EMPTY))
        },
        judged: ENCODING,
        everything: ENCODING,
        end: End::Itself,
    },
    Manner {
        id: "packed-unasked",
        what: "Content-Encoding br, which nobody asked for",
        script: |_, _| {
            let headers = format!("{FHIR}content-encoding: br\r\n");
            Some(sized(200, &headers, b"\x8b\x03\x80{}\x03"))
        },
        judged: NOT_JSON,
        everything: NOT_JSON,
        end: End::Itself,
    },
    Manner {
        id: "redirect-loop",
        what: "a redirect to the same place",
        script: |path, _| {
            let headers = format!("location: {path}\r\n");
            Some(sized(302, &headers, b""))
        },
        judged: STATUS,
        everything: NOT_FHIR,
        end: End::Itself,
    },
    Manner {
        id: "rate-limit-zero",
        what: "429 each time, with Retry-After 0",
        script: |_, _| Some(sized(429, "retry-after: 0\r\n", b"")),
        judged: LIMITED,
        everything: LIMITED,
        end: End::Itself,
    },
    Manner {
        id: "rate-limit-long",
        what: "429 with a Retry-After of a day",
        script: |_, _| Some(sized(429, "retry-after: 86400\r\n", b"")),
        judged: LIMITED,
        everything: LIMITED,
        end: End::Itself,
    },
    Manner {
        id: "rate-limit-bare",
        what: "429 each time, without Retry-After",
        script: |_, _| Some(sized(429, "", b"")),
        judged: LIMITED,
        everything: LIMITED,
        end: End::Waits,
    },
    Manner {
        id: "unavailable",
        what: "503 with Retry-After",
        script: |_, _| Some(sized(503, "retry-after: 1\r\n", b"")),
        judged: STATUS,
        everything: UNREACHABLE,
        end: End::Itself,
    },
    Manner {
        id: "another-patient",
        what: "a well-formed answer about another patient",
        script: |path, _| Some(sized(200, FHIR, someone_else(path).as_bytes())),
        judged: (Verdict::Fail, "ALLERGY-HELD"),
        everything: (Verdict::Fail, "RESULT-HELD"),
        end: End::Itself,
    },
    Manner {
        id: "header-flood",
        what: "headers that never end",
        script: |_, _| {
            let part = After::Repeat(b"x-more: 1\r\n".repeat(1000), AT_ONCE);
            raw(b"HTTP/1.1 200 OK\r\n", part)
        },
        judged: NO_ANSWER,
        everything: NOT_HTTP,
        end: End::Head,
    },
    Manner {
        id: "header-line",
        what: "one header line that never ends",
        script: |_, _| {
            let part = After::Repeat(vec![b'x'; 0x10000], AT_ONCE);
            raw(b"HTTP/1.1 200 OK\r\nx-long: ", part)
        },
        judged: NO_ANSWER,
        everything: NOT_HTTP,
        end: End::Head,
    },
    Manner {
        id: "interim-flood",
        what: "status 100 again and again",
        script: |_, _| {
            let part = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
            raw(b"", After::Repeat(part, Duration::from_millis(1)))
        },
        judged: NO_ANSWER,
        everything: UNREACHABLE,
        end: End::Deadline,
    },
    Manner {
        id: "not-http",
        what: "a body without any head, as HTTP/0.9 had it",
        script: |_, _| raw(EMPTY, After::Close),
        judged: NO_ANSWER,
        everything: NOT_HTTP,
        end: End::Itself,
    },
];

/// The rows as the page shows them.
pub fn table() -> String {
    let told = |(verdict, code): Told| {
        let reason = verdict.reason().map(|why| format!(", {why}"));
        format!(
            "{}{} (`{code}`)",
            verdict.label(),
            reason.unwrap_or_default()
        )
    };
    let mut text = String::from(
        "| Manner | The target sends | Only to the judged request | To every request | What ends it |\n\
         |---|---|---|---|---|\n",
    );
    for manner in MANNERS {
        let end = match manner.end {
            End::Itself => "it ends",
            End::Deadline => "`timeout_seconds`",
            End::Size => "`max_body_mb`",
            End::Values => "the bound on values",
            End::Head => "the bound on a head",
            End::Waits => "two waits of 1 s",
        };
        let (judged, everything) = (told(manner.judged), told(manner.everything));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {judged} | {everything} | {end} |",
            manner.id, manner.what
        );
    }
    text
}
