//! Headers that a request brings along: they add, and replace nothing.

use crate::support::{SECRET, config, get, no_answer, request};
use plumbline_http::{Auth, NoAnswer};
use wiremock::MockServer;

#[tokio::test]
async fn headers_of_the_request_are_sent_and_shown() {
    let server = MockServer::start().await;
    let mut wanted = request("metadata");
    wanted.headers = vec![
        ("origin".to_owned(), "https://example.org".to_owned()),
        ("X-Two".to_owned(), "b".to_owned()),
        ("x-two".to_owned(), "a".to_owned()),
    ];
    let answer = get(config(&server.uri()), wanted).await;
    let received = &server.received_requests().await.unwrap()[0];
    assert_eq!(received.headers["origin"], "https://example.org");
    let two: Vec<_> = received.headers.get_all("x-two").iter().collect();
    assert_eq!(two, ["b", "a"]);
    assert_eq!(received.headers["apikey"], SECRET);
    let names: Vec<_> = answer
        .request_headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let expected = ["accept", "apikey", "origin", "user-agent", "x-two", "x-two"];
    assert_eq!(names, expected);
    let shown = "--header 'origin: https://example.org'";
    assert!(answer.curl.contains(shown), "{}", answer.curl);
}

#[tokio::test]
async fn a_request_cannot_bring_what_the_client_sets() {
    let server = MockServer::start().await;
    let long = "x".repeat(10);
    for (name, value) in [
        ("authorization", "Bearer mine"),
        ("Authorization", "Bearer mine"),
        ("proxy-authorization", "Basic mine"),
        ("apikey", "mine"),
        ("ApiKey", "mine"),
        ("accept", "text/html"),
        ("user-agent", "another"),
        ("host", "elsewhere.example"),
        ("content-length", "5"),
        ("transfer-encoding", "chunked"),
        ("two words", long.as_str()),
        ("", long.as_str()),
        ("x-split", "a\r\nauthorization: b"),
    ] {
        let mut wanted = request("metadata");
        wanted.headers = vec![(name.to_owned(), value.to_owned())];
        let answer = get(config(&server.uri()), wanted.clone()).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::NotSent), "{name}");
        // Also where there are no credentials that could be replaced.
        wanted.sign_in = false;
        let answer = get(config(&server.uri()), wanted).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::NotSent), "{name}");
    }
    let mut wanted = request("metadata");
    wanted.headers = vec![("authorization".to_owned(), "Bearer mine".to_owned())];
    let mut config = config(&server.uri());
    config.auth = Auth::None;
    assert_eq!(
        no_answer(&get(config, wanted).await),
        Some(NoAnswer::NotSent)
    );
    assert!(server.received_requests().await.unwrap().is_empty());
}
