//! The rate, the total, and the waits after a 429.

use crate::support::{config, get, no_answer, request};
use plumbline_http::{Client, NoAnswer};
use std::time::{Duration, Instant};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

#[tokio::test]
async fn clones_share_the_rate() {
    let server = MockServer::start().await;
    let mut config = config(&server.uri());
    config.requests_per_second = 20;
    let client = Client::new(config).unwrap();
    let started = Instant::now();
    let tasks: Vec<_> = (0..11)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get(request("metadata")).await })
        })
        .collect();
    for task in tasks {
        let answer = task.await.unwrap();
        assert!(
            answer.elapsed < Duration::from_millis(400),
            "waiting is not counted"
        );
    }
    assert!(started.elapsed() >= Duration::from_millis(495));
}

#[tokio::test]
async fn clones_share_the_total() {
    let server = MockServer::start().await;
    let mut config = config(&server.uri());
    config.total_requests = 3;
    let client = Client::new(config).unwrap();
    let mut refused = 0;
    for _ in 0..5 {
        let answer = client.clone().get(request("metadata")).await;
        refused += usize::from(no_answer(&answer) == Some(NoAnswer::TotalReached));
    }
    assert_eq!(refused, 2);
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

fn too_many(retry_after: &str) -> ResponseTemplate {
    ResponseTemplate::new(429).insert_header("retry-after", retry_after)
}

#[tokio::test]
async fn waits_after_a_429_as_asked() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(too_many("1"))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let started = Instant::now();
    let answer = get(config(&server.uri()), request("metadata")).await;
    assert_eq!(answer.response().unwrap().status, 200);
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert!(answer.elapsed < Duration::from_secs(1));
}

#[tokio::test]
async fn gives_up_after_two_waits_or_a_long_one() {
    for (retry_after, requests) in [("0", 3), ("6", 1), ("86400", 1)] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(too_many(retry_after))
            .mount(&server)
            .await;
        let answer = get(config(&server.uri()), request("metadata")).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::RateLimited));
        assert_eq!(server.received_requests().await.unwrap().len(), requests);
    }
}

#[tokio::test]
async fn repeats_after_a_429_count_towards_the_total() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(too_many("0"))
        .mount(&server)
        .await;
    let mut config = config(&server.uri());
    config.total_requests = 2;
    let answer = get(config, request("metadata")).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::TotalReached));
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}
