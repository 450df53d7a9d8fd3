//! A minimal HTTP/1.1 client for the tests, and a way to start a mock.
//! Not a test.

use plumbline_mocks::{MockOptions, MockSystem, serve};
use serde_json::Value;
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Ids of the entries, in order.
    pub fn ids(&self) -> Vec<String> {
        let bundle = self.json();
        assert_eq!(bundle["type"], "searchset", "{bundle}");
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned())
            .collect()
    }

    pub fn link(&self, relation: &str) -> Option<String> {
        let links = self.json()["link"].as_array().cloned().unwrap_or_default();
        let link = links.iter().find(|link| link["relation"] == relation)?;
        Some(link["url"].as_str().unwrap().to_owned())
    }
}

pub struct Mock {
    address: String,
}

impl Mock {
    pub async fn start(options: &MockOptions) -> Mock {
        let system = MockSystem::load(options).unwrap_or_else(|error| panic!("{error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(serve(system, listener));
        Mock { address }
    }

    pub fn base(&self) -> String {
        format!("http://{}/fhir", self.address)
    }

    /// GET of a path below the base path, or of one of our absolute URLs.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await.expect("an answer")
    }

    /// `None` if the connection ends before a whole answer has come.
    pub async fn send(&self, method: &str, path: &str, headers: &str) -> Option<Answer> {
        let below = path
            .strip_prefix(&format!("{}/", self.base()))
            .unwrap_or(path);
        let below = below.replace('|', "%7C");
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request = format!(
            "{method} /fhir/{below} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.ok()?;
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
        let headers: BTreeMap<String, String> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        // Without a length the body is sent in chunks, which only a reset does here.
        let length: usize = match status {
            204 | 304 => 0,
            _ => headers.get("content-length")?.parse().unwrap(),
        };
        (length == body.len()).then(|| Answer {
            status,
            headers,
            body: body.to_owned(),
        })
    }
}
