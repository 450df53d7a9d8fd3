//! Bodies that are compressed, large, endless or cut short.

use crate::support::{After, config, get, no_answer, raw_server, request};
use plumbline_http::{Compression, Method, NoAnswer, Request};
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// `{"a":1}`, compressed.
const GZIPPED: [u8; 27] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 84, 178, 50, 172, 5, 0, 175, 172, 27, 86, 7, 0,
    0, 0,
];

/// A gzip stream of `bytes` zeros or a few more, written by hand: fixed Huffman codes, each of
/// 13 bits repeating the byte before 258 times.
fn gzip_bomb(bytes: usize) -> Vec<u8> {
    let mut out = vec![31, 139, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut byte, mut used) = (0_u8, 0);
    let mut push = |code: &str| {
        for bit in code.chars() {
            byte |= u8::from(bit == '1') << used;
            used += 1;
            if used == 8 {
                out.push(byte);
                (byte, used) = (0, 0);
            }
        }
    };
    push("0");
    push("10");
    push("00110000");
    for _ in 0..=bytes / 258 {
        push("1100010100000");
    }
    out
}

#[tokio::test]
async fn unpacks_gzip() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("content-encoding", "gzip")
                .set_body_bytes(GZIPPED),
        )
        .mount(&server)
        .await;
    let answer = get(config(&server.uri()), request("metadata")).await;
    assert_eq!(answer.response().unwrap().body, b"{\"a\":1}");
    // How it came stays visible, and so does whether it was asked for.
    let encoding = answer.response().unwrap().header("content-encoding");
    assert_eq!(encoding, Some("gzip"));
    assert!(answer.curl.contains("--compressed"), "{}", answer.curl);
    let plainly = Request {
        compression: Compression::None,
        ..request("metadata")
    };
    let answer = get(config(&server.uri()), plainly).await;
    assert_eq!(answer.response().unwrap().body, b"{\"a\":1}");
    assert!(!answer.curl.contains("--compressed"), "{}", answer.curl);
    let seen = server.received_requests().await.unwrap();
    let asked = |index: usize| seen[index].headers.get("accept-encoding").cloned();
    assert_eq!(asked(0).unwrap(), "gzip");
    assert_eq!(asked(1), None);
}

#[tokio::test]
async fn an_empty_body_has_nothing_to_unpack() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).insert_header("content-encoding", "gzip");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    for method in [Method::Get, Method::Head] {
        let request = Request {
            method,
            ..request("metadata")
        };
        let answer = get(config(&server.uri()), request).await;
        assert_eq!(answer.response().unwrap().body, b"", "{method:?}");
    }
}

#[tokio::test]
async fn broken_compression_is_not_taken_for_a_reset() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("content-encoding", "gzip")
                .set_body_bytes(&GZIPPED[..15]),
        )
        .mount(&server)
        .await;
    let answer = get(config(&server.uri()), request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::Encoding));
}

#[tokio::test]
async fn bounds_a_gzip_bomb_by_its_unpacked_size() {
    let bomb = gzip_bomb(64 * 1024 * 1024);
    assert!(
        bomb.len() < 1024 * 1024,
        "the packed size is within the limit"
    );
    let mut bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        bomb.len()
    )
    .into_bytes();
    bytes.extend(bomb);
    let (base, _) = raw_server(bytes, After::Close).await;
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(
        no_answer(&answer),
        Some(NoAnswer::TooLarge { limit: 1024 * 1024 })
    );
}

#[tokio::test]
async fn takes_a_body_of_exactly_the_limit_and_no_more() {
    for (size, too_large) in [(1000, false), (1001, true)] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; size]))
            .mount(&server)
            .await;
        let mut config = config(&server.uri());
        config.max_body_bytes = 1000;
        let answer = get(config, request("metadata")).await;
        assert_eq!(no_answer(&answer).is_some(), too_large, "{size}");
    }
}

#[tokio::test]
async fn bounds_an_endless_body() {
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(vec![b' '; 0x10000]);
    chunk.extend(b"\r\n");
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let (base, _) = raw_server(head, After::Repeat(chunk, Duration::ZERO)).await;
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(
        no_answer(&answer),
        Some(NoAnswer::TooLarge { limit: 1024 * 1024 })
    );
}

#[tokio::test]
async fn a_promised_length_alone_is_not_too_large() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{}";
    let (base, _) = raw_server(head, After::Close).await;
    let answer = get(config(&base), request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::Reset));
}
