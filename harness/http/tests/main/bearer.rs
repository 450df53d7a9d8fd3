//! A pasted access token: sent until it ends, and never after.

use crate::service::{START, TestClock};
use crate::support::{config, no_answer, request};
use plumbline_http::{Auth, Client, ClientConfig, HttpError, NoAnswer, SignInFault, SignedIn};
use secrecy::SecretString;
use std::sync::Arc;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const TOKEN: &str = "eyJhbGciOiJub25lIn0.c4n4ry.x-_~+/==";

fn pasted(base: &str, token: &str, clock: &Arc<TestClock>) -> ClientConfig {
    ClientConfig {
        auth: Auth::Bearer {
            token: SecretString::from(token),
            expires: START + 60,
            surroundings: Arc::<TestClock>::clone(clock),
        },
        ..config(base)
    }
}

async fn server(status: u16) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(status))
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_pasted_token_is_sent_until_it_ends() {
    let (server, clock) = (server(200).await, TestClock::new());
    let client = Client::new(pasted(&server.uri(), TOKEN, &clock)).unwrap();
    assert!(client.credentials_end());
    for seconds in [0, 59] {
        clock.turn_to(seconds);
        assert!(client.get(request("metadata")).await.response().is_some());
        let ends = START + 60;
        assert_eq!(client.sign_in().await, Ok(SignedIn::Until { ends }));
    }
    clock.turn_to(60);
    let answer = client.get(request("metadata")).await;
    let expired = NoAnswer::SignIn(SignInFault::Expired);
    assert_eq!(no_answer(&answer), Some(expired));
    assert_eq!(client.sign_in().await, Err(expired));
    let received = server.received_requests().await.unwrap();
    assert_eq!(received.len(), 2, "nothing is sent after the end");
    for request in received {
        assert_eq!(request.headers["authorization"], format!("Bearer {TOKEN}"));
    }
    // A request that needs no credentials still goes out.
    let mut anonymous = request("metadata");
    anonymous.sign_in = false;
    assert!(client.get(anonymous).await.response().is_some());
}

#[tokio::test]
async fn a_token_that_ended_on_the_way_is_not_the_targets_refusal() {
    for (seconds, is_refusal) in [(59, true), (60, false)] {
        let clock = TestClock::new();
        let there = Arc::clone(&clock);
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(move |_: &wiremock::Request| {
                there.turn_to(seconds);
                ResponseTemplate::new(401)
            })
            .mount(&server)
            .await;
        let client = Client::new(pasted(&server.uri(), TOKEN, &clock)).unwrap();
        let answer = client.get(request("metadata")).await;
        assert_eq!(answer.response().is_some(), is_refusal);
        if !is_refusal {
            let expired = NoAnswer::SignIn(SignInFault::Expired);
            assert_eq!(no_answer(&answer), Some(expired));
        }
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_pasted_token_is_shown_nowhere() {
    let (server, clock) = (server(200).await, TestClock::new());
    let config = pasted(&server.uri(), TOKEN, &clock);
    let client = Client::new(config.clone()).unwrap();
    let answer = client.get(request("metadata")).await;
    let shown = format!(
        "{config:?} {client:?} {answer:?} {} {:?}",
        answer.curl, answer.request_headers
    );
    assert!(!shown.contains("c4n4ry"), "{shown}");
    let expected = "--header 'authorization: Bearer '\"$PLUMBLINE_SECRET\"";
    assert!(answer.curl.contains(expected), "{}", answer.curl);
}

#[test]
fn a_token_that_cannot_be_one_is_refused() {
    let clock = TestClock::new();
    let refused = |token: &str| {
        let error = Client::new(pasted("http://127.0.0.1:1", token, &clock)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("c4n4ry"));
        error
    };
    for token in ["Bearer c4n4ry", "bearer c4n4ry", "Bearer: c4n4ry"] {
        assert!(
            matches!(refused(token), HttpError::TokenWithScheme),
            "{token}"
        );
    }
    for token in [
        "",
        "c4n4ry ",
        "c4n4ry c4n4ry",
        "\"c4n4ry\"",
        "c4n4ry\r\nx: y",
    ] {
        assert!(matches!(refused(token), HttpError::SecretValue), "{token}");
    }
}
