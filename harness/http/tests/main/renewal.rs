//! Renewing a token before its end, and once after it.

use crate::service::{Both, START, TOKEN, Tokens};
use crate::support::request;
use plumbline_http::{Client, SignedIn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::ResponseTemplate;

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end_or_at_half_its_life() {
    for (expires_in, last_good, renewed) in [
        ("600", 539, 540),
        (r#""599""#, 538, 539),
        ("100", 49, 50),
        ("1", 0, 1),
        // Five minutes are assumed where the service says nothing that can be used.
        ("", 239, 240),
        ("null", 239, 240),
        ("-5", 239, 240),
        (r#""soon""#, 239, 240),
        // No longer than a day is believed.
        ("99999999999", 86_339, 86_340),
    ] {
        let both = Both::with_service(Tokens::new(expires_in)).await;
        both.target(ResponseTemplate::new(200)).await;
        let client = Client::new(both.config()).unwrap();
        for (seconds, tokens) in [(0, 1), (last_good, 1), (renewed, 2)] {
            both.clock.turn_to(seconds);
            client.get(request("metadata")).await;
            assert_eq!(
                both.forms().await.len(),
                tokens,
                "{expires_in} at {seconds}"
            );
        }
        let last = both.authorizations().await.pop().unwrap();
        assert_eq!(last, format!("Bearer {TOKEN}2"));
    }
}

/// A target that turns the clock before it answers 401, the given number of times.
async fn refusing(times: usize, seconds: i64) -> (Both, Client) {
    let both = Both::start().await;
    let clock = Arc::clone(&both.clock);
    let refused = AtomicUsize::new(0);
    both.target(move |_: &wiremock::Request| {
        if refused.fetch_add(1, Ordering::SeqCst) < times {
            clock.turn_to(seconds);
            ResponseTemplate::new(401)
        } else {
            ResponseTemplate::new(200)
        }
    })
    .await;
    let client = Client::new(both.config()).unwrap();
    (both, client)
}

#[tokio::test]
async fn a_token_that_ended_on_the_way_is_renewed_once() {
    let (both, client) = refusing(1, 600).await;
    let answer = client.get(request("metadata")).await;
    assert_eq!(answer.response().unwrap().status, 200);
    assert_eq!(both.forms().await.len(), 2);
    assert_eq!(
        both.authorizations().await,
        [format!("Bearer {TOKEN}1"), format!("Bearer {TOKEN}2")]
    );
    assert_eq!(
        client.sign_in().await.unwrap(),
        SignedIn::Until {
            ends: START + 600 + 600
        }
    );
}

#[tokio::test]
async fn a_refusal_of_a_good_token_is_the_targets_answer() {
    let (both, client) = refusing(1, 599).await;
    let answer = client.get(request("metadata")).await;
    assert_eq!(answer.response().unwrap().status, 401);
    assert_eq!(both.forms().await.len(), 1);
    assert_eq!(both.authorizations().await.len(), 1);
}

#[tokio::test]
async fn a_second_refusal_is_the_targets_answer() {
    let (both, client) = refusing(9, 600).await;
    let answer = client.get(request("metadata")).await;
    assert_eq!(answer.response().unwrap().status, 401);
    assert_eq!(both.forms().await.len(), 2);
    assert_eq!(both.authorizations().await.len(), 2);
}
