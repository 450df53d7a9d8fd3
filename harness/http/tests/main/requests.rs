//! What is sent, and what comes back whole.

use crate::support::{SECRET, config, get, no_answer, request};
use plumbline_http::{Client, Method, NoAnswer, Payload, Request};
use url::Url;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

#[tokio::test]
async fn returns_status_headers_and_body_and_keeps_duplicates_apart() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/fhir/Patient/123"))
        .respond_with(
            ResponseTemplate::new(404)
                .append_header("X-Two", "b")
                .append_header("X-Two", "a")
                .set_body_raw("{}", "application/fhir+json"),
        )
        .mount(&server)
        .await;
    let answer = get(
        config(&format!("{}/fhir/", server.uri())),
        request("Patient/123"),
    )
    .await;
    let response = answer.response().unwrap();
    assert_eq!(response.status, 404);
    assert_eq!(response.body, b"{}");
    assert_eq!(
        response.header("content-type"),
        Some("application/fhir+json")
    );
    let two: Vec<_> = response
        .headers
        .iter()
        .filter(|(n, _)| n == "x-two")
        .collect();
    assert_eq!(
        two.iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>(),
        ["b", "a"]
    );
    assert!(response.headers.is_sorted_by(|a, b| a.0 <= b.0));
    assert_eq!(answer.method, "GET");
}

#[tokio::test]
async fn encodes_queries_so_that_they_survive_the_round_trip() {
    let server = MockServer::start().await;
    let query = vec![
        (
            "identifier".to_owned(),
            "https://fhir.nhs.uk/Id/nhs-number|9990000018".to_owned(),
        ),
        (
            "family:exact".to_owned(),
            "O'Hara & Söhne +1 50% #x".to_owned(),
        ),
        ("empty".to_owned(), String::new()),
    ];
    let mut wanted = request("Patient");
    wanted.query.clone_from(&query);
    let answer = get(config(&server.uri()), wanted).await;
    let received = server.received_requests().await.unwrap();
    let back: Vec<(String, String)> = received[0].url.query_pairs().into_owned().collect();
    assert_eq!(back, query);
    let text = answer.url.query().unwrap();
    assert!(text.contains("%7C9990000018"), "{text}");
    assert!(text.contains("%20%2B1%20"), "{text}");
    assert!(!text.contains('+'), "{text}");
}

#[tokio::test]
async fn picks_the_base_url_by_capability_and_never_leaves_it() {
    let mut config = config("http://127.0.0.1:1/default");
    config.total_requests = 0;
    let own = Url::parse("http://127.0.0.1:2/own").unwrap();
    config.base_urls.insert("patient-index".to_owned(), own);
    let client = Client::new(config).unwrap();
    for (capability, path, expected) in [
        (None, "metadata", "http://127.0.0.1:1/default/metadata"),
        (
            Some("patient-index"),
            "Patient",
            "http://127.0.0.1:2/own/Patient",
        ),
        (
            Some("unlisted"),
            "Patient",
            "http://127.0.0.1:1/default/Patient",
        ),
        (
            None,
            "Patient/../../x?y=1",
            "http://127.0.0.1:1/default/Patient/x%3Fy=1",
        ),
    ] {
        let mut wanted = request(path);
        wanted.capability = capability.map(str::to_owned);
        let answer = client.get(wanted).await;
        assert_eq!(answer.url.as_str(), expected);
        assert_eq!(no_answer(&answer), Some(NoAnswer::TotalReached));
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(302).insert_header("location", "/elsewhere"))
        .expect(1)
        .mount(&server)
        .await;
    let answer = get(config(&server.uri()), request("metadata")).await;
    let response = answer.response().unwrap();
    assert_eq!(
        (response.status, response.header("location")),
        (302, Some("/elsewhere"))
    );
}

#[tokio::test]
async fn other_origins_get_neither_a_request_nor_the_key() {
    let home = MockServer::start().await;
    let elsewhere = MockServer::start().await;
    let client = Client::new(config(&format!("{}/fhir", home.uri()))).unwrap();

    let next = Url::parse(&format!("{}/fhir?page=2#top", home.uri())).unwrap();
    assert!(client.origin_allowed(&next));
    let mut wanted = request("");
    wanted.absolute = Some(next);
    assert!(client.get(wanted.clone()).await.response().is_some());
    assert_eq!(
        home.received_requests().await.unwrap()[0].headers["apikey"],
        SECRET
    );

    let port = home.address().port();
    for text in [
        format!("{}/fhir?page=2", elsewhere.uri()),
        format!("https://127.0.0.1:{port}/fhir"),
        format!("http://localhost:{port}/fhir"),
        format!("http://user:word@127.0.0.1:{port}/fhir"),
        "data:text/plain,x".to_owned(),
    ] {
        let url = Url::parse(&text).unwrap();
        assert!(!client.origin_allowed(&url), "{text}");
        wanted.absolute = Some(url);
        let answer = client.get(wanted.clone()).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::Other), "{text}");
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
    assert_eq!(home.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn sends_every_method_and_what_goes_with_it() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let client = Client::new(config(&server.uri())).unwrap();
    for sent in [
        Method::Get,
        Method::Head,
        Method::Options,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ] {
        let answer = client
            .send(Request {
                method: sent,
                body: Some(Payload {
                    content_type: "application/fhir+json".to_owned(),
                    bytes: b"{\"name\":\"somebody\"}".to_vec(),
                }),
                ..request("Patient")
            })
            .await;
        assert_eq!(answer.response().unwrap().status, 200);
        assert_eq!(answer.method, sent.name());
        let shown = format!("{answer:?} {}", answer.curl);
        assert!(!shown.contains("somebody"), "{shown}");
        let seen = server.received_requests().await.unwrap();
        let last = seen.last().unwrap();
        assert_eq!(last.method.as_str(), sent.name());
        assert_eq!(last.body, b"{\"name\":\"somebody\"}");
        assert_eq!(last.headers["content-type"], "application/fhir+json");
    }
}

#[tokio::test]
async fn a_request_can_leave_open_what_it_accepts() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_string("{}"))
        .mount(&server)
        .await;
    let client = Client::new(config(&server.uri())).unwrap();
    let silent = Request {
        accept: String::new(),
        query: vec![("a".to_owned(), "b c".to_owned())],
        ..request("Patient")
    };
    let answer = client.send(silent).await;
    assert_eq!(answer.response().unwrap().body, b"{}");
    assert!(
        !answer
            .request_headers
            .iter()
            .any(|(name, _)| name == "accept")
    );
    assert!(
        answer.curl.contains("--header 'accept:'"),
        "{}",
        answer.curl
    );
    let seen = server.received_requests().await.unwrap();
    let last = seen.last().unwrap();
    assert!(!last.headers.contains_key("accept"), "{:?}", last.headers);
    assert!(last.headers.contains_key("user-agent"));
    assert_eq!(last.url.path(), "/Patient");
    assert_eq!(last.url.query(), Some("a=b%20c"));
}
