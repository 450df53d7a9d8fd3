//! Fetching a token: once for everybody, and every way in which it can fail.

use crate::service::{Both, TOKEN, Tokens, settings, signing_in};
use crate::support::{no_answer, request};
use plumbline_http::{Answer, Client, NoAnswer, OAuthError, SignInFault, SignedIn, Silence};
use std::time::Duration;
use wiremock::ResponseTemplate;

const OK: u16 = 200;

fn fault(answer: &Answer) -> SignInFault {
    match no_answer(answer) {
        Some(NoAnswer::SignIn(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_is_fetched_once_and_sent_as_bearer() {
    let both = Both::start().await;
    both.target(ResponseTemplate::new(OK)).await;
    let client = Client::new(both.config()).unwrap();
    assert!(client.credentials_end());
    for _ in 0..3 {
        let answer = client.clone().get(request("metadata")).await;
        assert_eq!(answer.response().unwrap().status, OK);
    }
    assert_eq!(both.forms().await.len(), 1);
    assert_eq!(
        both.authorizations().await,
        vec![format!("Bearer {TOKEN}1"); 3]
    );
    let SignedIn::Until { ends } = client.sign_in().await.unwrap() else {
        panic!("no end");
    };
    assert_eq!(ends, crate::service::START + 600);
}

#[tokio::test]
async fn twenty_at_once_share_one_token() {
    let slow = |tokens: Tokens| {
        move |request: &wiremock::Request| {
            wiremock::Respond::respond(&tokens, request).set_delay(Duration::from_millis(100))
        }
    };
    let both = Both::with_service(slow(Tokens::new("600"))).await;
    both.target(ResponseTemplate::new(OK)).await;
    let client = Client::new(both.config()).unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get(request("metadata")).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().response().is_some());
    }
    assert_eq!(both.forms().await.len(), 1);
    assert_eq!(
        both.authorizations().await,
        vec![format!("Bearer {TOKEN}1"); 20]
    );
}

#[tokio::test]
async fn twenty_at_once_share_one_refusal() {
    let refusal = || {
        ResponseTemplate::new(503)
            .set_delay(Duration::from_millis(100))
            .set_body_raw("{}", "application/json")
    };
    let both = Both::with_service(refusal()).await;
    both.target(ResponseTemplate::new(OK)).await;
    let client = Client::new(both.config()).unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get(request("metadata")).await })
        })
        .collect();
    for task in tasks {
        let fault = fault(&task.await.unwrap());
        assert!(fault.is_outage());
    }
    assert_eq!(both.forms().await.len(), 1);
    assert_eq!(both.authorizations().await.len(), 0);
}

#[tokio::test]
async fn without_signing_in_no_token_is_fetched() {
    let both = Both::start().await;
    both.target(ResponseTemplate::new(OK)).await;
    let client = Client::new(both.config()).unwrap();
    let mut wanted = request("metadata");
    wanted.sign_in = false;
    let answer = client.get(wanted).await;
    assert!(!answer.curl.contains("PLUMBLINE_SECRET"), "{}", answer.curl);
    assert_eq!(both.forms().await.len(), 0);
    assert_eq!(both.authorizations().await, [""]);
}

#[tokio::test]
async fn a_refusal_is_told_by_status_and_registered_code_only() {
    for (status, body, code) in [
        (
            401,
            r#"{"error":"invalid_client"}"#,
            Some(OAuthError::InvalidClient),
        ),
        (
            400,
            r#"{"error":"invalid_scope","error_description":"c4n4ry"}"#,
            Some(OAuthError::InvalidScope),
        ),
        (400, r#"{"error":"c4n4ry"}"#, None),
        (400, r#"{"error":["invalid_client"]}"#, None),
        (404, "<html>c4n4ry</html>", None),
        (302, "", None),
        (
            201,
            r#"{"access_token":"c4n4ry","token_type":"bearer"}"#,
            None,
        ),
    ] {
        let answer = ResponseTemplate::new(status)
            .insert_header("location", "/elsewhere")
            .set_body_raw(body, "application/json");
        let both = Both::with_service(answer).await;
        both.target(ResponseTemplate::new(OK)).await;
        let client = Client::new(both.config()).unwrap();
        for _ in 0..3 {
            let answer = client.get(request("metadata")).await;
            let fault = fault(&answer);
            assert_eq!(fault, SignInFault::Refused { status, code }, "{body}");
            assert!(!fault.is_outage());
            let shown = format!("{fault} {answer:?} {client:?} {}", answer.curl);
            assert!(shown.contains(&status.to_string()), "{shown}");
            assert!(!shown.contains("c4n4ry"), "{shown}");
        }
        // Asking again changes nothing, so it is not done; and the target hears of none of it.
        assert_eq!(both.forms().await.len(), 1, "{body}");
        assert_eq!(both.authorizations().await.len(), 0, "{body}");
    }
}

#[tokio::test]
async fn an_answer_without_a_usable_token_is_no_token() {
    let long = format!(
        r#"{{"access_token":"{}","token_type":"Bearer"}}"#,
        "a".repeat(70_000)
    );
    for body in [
        "",
        "<html>signed in</html>",
        r#"{"token_type":"Bearer"}"#,
        r#"{"access_token":"","token_type":"Bearer"}"#,
        r#"{"access_token":7,"token_type":"Bearer"}"#,
        r#"{"access_token":"a token","token_type":"Bearer"}"#,
        r#"{"access_token":"a\r\nb: c","token_type":"Bearer"}"#,
        r#"{"access_token":"abc","token_type":"mac"}"#,
        &long,
    ] {
        let both = Both::with_service(ResponseTemplate::new(200).set_body_string(body)).await;
        let client = Client::new(both.config()).unwrap();
        let answer = client.get(request("metadata")).await;
        assert_eq!(fault(&answer), SignInFault::NoToken, "{body}");
    }
}

#[tokio::test]
async fn an_outage_is_asked_again_but_not_for_ever() {
    let both = Both::with_service(ResponseTemplate::new(503)).await;
    let client = Client::new(both.config()).unwrap();
    for _ in 0..10 {
        let answer = client.get(request("metadata")).await;
        let (status, code) = (503, None);
        assert_eq!(fault(&answer), SignInFault::Refused { status, code });
    }
    assert_eq!(both.forms().await.len(), 3);
}

#[tokio::test]
async fn a_service_that_comes_back_is_used() {
    let both = Both::start().await;
    both.target(ResponseTemplate::new(OK)).await;
    // Mounted last, and so asked last: the first two answers are outages.
    let uri = both.server.uri();
    wiremock::Mock::given(wiremock::matchers::path("/flaky"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(2)
        .mount(&both.server)
        .await;
    wiremock::Mock::given(wiremock::matchers::path("/flaky"))
        .respond_with(Tokens::new("600"))
        .mount(&both.server)
        .await;
    let settings = settings(&format!("{uri}/flaky"));
    let client = Client::new(signing_in(&uri, settings, &both.clock)).unwrap();
    for wanted in [false, false, true, true] {
        let answer = client.get(request("metadata")).await;
        assert_eq!(answer.response().is_some(), wanted);
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_is_said_to_be_silent() {
    let both = Both::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for (url, silence) in [
        (format!("http://{address}/token"), Silence::Refused),
        ("http://nowhere.invalid/token".to_owned(), Silence::Dns),
    ] {
        let config = signing_in(&both.server.uri(), settings(&url), &both.clock);
        let answer = Client::new(config).unwrap().get(request("metadata")).await;
        let fault = fault(&answer);
        let timed_out = SignInFault::NoAnswer(Silence::Timeout);
        assert!(
            fault == SignInFault::NoAnswer(silence)
                || silence == Silence::Dns && fault == timed_out
        );
        assert!(fault.is_outage());
        assert_eq!(fault.field(), "auth.token_url");
        assert!(
            answer
                .request_headers
                .iter()
                .any(|(n, v)| n == "authorization" && v == "{secret}")
        );
    }
    assert_eq!(both.authorizations().await.len(), 0);
}

#[tokio::test]
async fn requests_for_a_token_count_towards_rate_and_total() {
    for (total, answered) in [(0, false), (1, false), (2, true)] {
        let both = Both::start().await;
        both.target(ResponseTemplate::new(OK)).await;
        let mut config = both.config();
        config.total_requests = total;
        let answer = Client::new(config).unwrap().get(request("metadata")).await;
        assert_eq!(answer.response().is_some(), answered, "{total}");
        if !answered {
            assert_eq!(no_answer(&answer), Some(NoAnswer::TotalReached), "{total}");
        }
        assert_eq!(both.forms().await.len(), usize::from(total > 0));
    }
    let both = Both::start().await;
    both.target(ResponseTemplate::new(OK)).await;
    let mut config = both.config();
    config.requests_per_second = 5;
    let started = std::time::Instant::now();
    Client::new(config).unwrap().get(request("metadata")).await;
    assert!(started.elapsed() >= Duration::from_millis(195));
}

#[tokio::test]
async fn token_and_key_are_shown_nowhere() {
    let both = Both::start().await;
    both.target(|request: &wiremock::Request| {
        let echo = request.headers["authorization"]
            .to_str()
            .unwrap()
            .to_owned();
        ResponseTemplate::new(400)
            .insert_header("x-echo", echo.as_str())
            .set_body_string(format!("{echo}|{echo}!"))
    })
    .await;
    let config = both.config();
    let client = Client::new(config.clone()).unwrap();
    client.get(request("metadata")).await;
    // A URL of the target that holds the token, as a careless next link may.
    let mut wanted = request("");
    wanted.absolute = Some(
        format!("{}/fhir?page=2&token={TOKEN}1", both.server.uri())
            .parse()
            .unwrap(),
    );
    let answer = client.get(wanted).await;
    let response = answer.response().unwrap();
    assert_eq!(response.body, b"Bearer {secret}|Bearer {secret}!");
    assert_eq!(response.header("x-echo"), Some("Bearer {secret}"));
    let expected = "--header 'authorization: Bearer '\"$PLUMBLINE_SECRET\"";
    assert!(answer.curl.contains(expected), "{}", answer.curl);
    let headers = format!("{:?}", answer.request_headers);
    assert!(
        headers.contains("(\"authorization\", \"{secret}\")"),
        "{headers}"
    );
    let assertion = both.forms().await[0]["client_assertion"].clone();
    let signature = assertion.rsplit('.').next().unwrap();
    let pem = crate::service::EC.serialize_pem();
    let key_line = pem.lines().nth(1).unwrap();
    let shown = format!(
        "{config:?} {client:?} {client:#?} {answer:?} {answer:#?} {} {headers} {:?}",
        answer.curl,
        client.sign_in().await
    );
    for secret in [
        TOKEN,
        signature,
        key_line,
        &format!("{:?}", key_line.as_bytes()),
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
