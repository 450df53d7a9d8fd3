//! What web pages and caching clients need: cross-origin headers, entity tags, conditional reads.
//! Not for FHIR content.

use crate::client::Mock;
use crate::good;
use plumbline_mocks::MockOptions;

const ORIGIN: &str = "Origin: https://example.org\r\n";
const ALLOW: &str = "access-control-allow-origin";

#[tokio::test]
async fn any_web_page_may_read_every_answer() {
    let options = MockOptions {
        api_key: Some("k".into()),
        ..good()
    };
    let mock = Mock::start(&options).await;
    for (method, path, status) in [
        ("GET", "metadata", 200),
        ("GET", "Patient/p-1000", 401),
        ("GET", "Patient?family=Larkspur", 401),
        ("POST", "Patient", 405),
        ("OPTIONS", "Patient", 405),
    ] {
        let answer = mock.send(method, path, ORIGIN).await.unwrap();
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.headers[ALLOW], "*", "{method} {path}");
        let answer = mock.send(method, path, "").await.unwrap();
        assert!(!answer.headers.contains_key(ALLOW), "{method} {path}");
    }
    let signed_in = format!("{ORIGIN}apikey: k\r\n");
    for (path, status) in [
        ("Patient/p-1000", 200),
        ("Patient?family=Larkspur", 200),
        ("Patient/nobody", 404),
        ("Patient", 400),
    ] {
        let answer = mock.send("GET", path, &signed_in).await.unwrap();
        assert_eq!(
            (answer.status, answer.headers[ALLOW].as_str()),
            (status, "*"),
            "{path}"
        );
    }
    // A browser asks without the key what it may send.
    let asks = format!("{ORIGIN}Access-Control-Request-Method: GET\r\n");
    let answer = mock.send("OPTIONS", "Patient/p-1000", &asks).await.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(answer.headers[ALLOW], "*");
    assert_eq!(
        answer.headers["access-control-allow-methods"],
        "GET, OPTIONS"
    );
    assert!(answer.headers["access-control-allow-headers"].contains("apikey"));
}

#[tokio::test]
async fn a_read_can_be_conditional() {
    let mock = Mock::start(&good()).await;
    for path in [
        "Patient/p-1000",
        "AllergyIntolerance/a-1000-1",
        "Encounter/en-1012-1",
        "MedicationRequest/mr-1012-1",
    ] {
        let first = mock.get(path).await;
        assert_eq!(first.status, 200);
        assert_eq!(first.headers["etag"], "W/\"1\"");
        assert_eq!(first.json()["meta"]["versionId"], "1");
        assert_eq!(
            first.headers["last-modified"],
            "Mon, 05 Jan 2026 09:00:00 GMT"
        );
        assert_eq!(
            first.json()["meta"]["lastUpdated"],
            "2026-01-05T09:00:00+00:00"
        );

        for (tags, status) in [
            ("W/\"1\"", 304),
            ("\"1\"", 304),
            ("W/\"0\", W/\"1\"", 304),
            ("*", 304),
            ("W/\"2\"", 200),
            ("W/\"11\"", 200),
        ] {
            let header = format!("If-None-Match: {tags}\r\n{ORIGIN}");
            let again = mock.send("GET", path, &header).await.unwrap();
            assert_eq!(again.status, status, "{tags}");
            assert_eq!(again.headers["etag"], "W/\"1\"");
            assert_eq!(again.headers[ALLOW], "*");
            assert_eq!(again.body.is_empty(), status == 304);
            assert_eq!(again.headers.contains_key("content-type"), status == 200);
        }
    }
    for path in ["metadata", "Patient?family=Larkspur", "Patient/nobody"] {
        let answer = mock
            .send("GET", path, "If-None-Match: *\r\n")
            .await
            .unwrap();
        assert_ne!(answer.status, 304, "{path}");
        assert!(!answer.headers.contains_key("etag"), "{path}");
    }
}
