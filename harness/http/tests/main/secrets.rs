//! Keys: sent to the target, and shown nowhere.

use crate::support::{SECRET, config, get, request};
use plumbline_http::{Auth, Client, ClientConfig, HttpError, secret_from_file};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

#[tokio::test]
async fn the_key_is_sent_and_shown_nowhere() {
    let server = MockServer::start().await;
    let config = config(&server.uri());
    let client = Client::new(config.clone()).unwrap();
    let answer = client.get(request("metadata")).await;
    let received = server.received_requests().await.unwrap();
    assert_eq!(received[0].headers["apikey"], SECRET);
    assert_eq!(received[0].headers["user-agent"], "plumbline-test");
    let expected = [
        ("accept", "application/fhir+json"),
        ("apikey", "{secret}"),
        ("user-agent", "plumbline-test"),
    ];
    let headers: Vec<_> = answer
        .request_headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    assert_eq!(headers, expected);
    assert!(
        answer
            .curl
            .contains("--header 'apikey: '\"$PLUMBLINE_SECRET\""),
        "{}",
        answer.curl
    );
    for text in [
        format!("{config:?} {client:?} {answer:?} {answer:#?}"),
        answer.curl,
    ] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn the_key_stays_at_home_without_signing_in() {
    let server = MockServer::start().await;
    let mut wanted = request("metadata");
    wanted.sign_in = false;
    let answer = get(config(&server.uri()), wanted).await;
    let received = server.received_requests().await.unwrap();
    assert!(!received[0].headers.contains_key("apikey"));
    assert!(!answer.curl.contains("PLUMBLINE_SECRET"));
}

#[tokio::test]
async fn debug_output_holds_no_query_and_no_body() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_string("Thistlewood"))
        .mount(&server)
        .await;
    let mut wanted = request("Patient");
    wanted.query = vec![("family".to_owned(), "Thistlewood".to_owned())];
    let debug = format!("{wanted:?}");
    let answer = get(config(&server.uri()), wanted).await;
    assert!(!format!("{debug} {answer:?}").contains("Thistlewood"));
}

#[test]
fn refuses_a_configuration_that_cannot_work() {
    let good = config("http://127.0.0.1:1");
    let refused = |change: fn(&mut ClientConfig)| {
        let mut config = good.clone();
        change(&mut config);
        Client::new(config).unwrap_err()
    };
    assert!(matches!(
        refused(|c| c.base_urls.clear()),
        HttpError::NoDefaultBaseUrl
    ));
    assert!(matches!(
        refused(|c| c.requests_per_second = 0),
        HttpError::ZeroRate
    ));
    assert!(matches!(
        refused(|c| c.user_agent = "a\nb".to_owned()),
        HttpError::UserAgent
    ));
    for text in [
        "ftp://x.example",
        "http://u:p@x.example",
        "http://x.example?a",
        "data:x",
    ] {
        let mut config = good.clone();
        config
            .base_urls
            .insert("a".to_owned(), Url::parse(text).unwrap());
        let error = Client::new(config).unwrap_err();
        assert!(matches!(error, HttpError::BaseUrl { .. }), "{text}");
    }
    for (header, secret) in [("a b", "x"), ("apikey", ""), ("apikey", "a\r\nb: c")] {
        let mut config = good.clone();
        config.auth = Auth::ApiKey {
            header: header.to_owned(),
            secret: SecretString::from(secret),
        };
        let error = Client::new(config).unwrap_err();
        assert!(matches!(
            error,
            HttpError::AuthHeader { .. } | HttpError::SecretValue
        ));
    }
}

#[test]
fn reads_one_line_from_a_secret_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "s3cr3t-k3y\r\n").unwrap();
    assert_eq!(secret_from_file(&file).unwrap().expose_secret(), SECRET);
    for content in ["", "\n", "a\nb\n"] {
        std::fs::write(&file, content).unwrap();
        let error = secret_from_file(&file).unwrap_err();
        assert!(
            matches!(error, HttpError::SecretFileContent { .. }),
            "{content:?}"
        );
    }
    let error = secret_from_file(&folder.path().join("absent")).unwrap_err();
    assert!(matches!(error, HttpError::SecretFile { .. }));
}
