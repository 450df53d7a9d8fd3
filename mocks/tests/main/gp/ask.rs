//! Requests to the GP system with everything that it wants, to be changed one by one.
//! Not a test.

use super::{NOW, beacon, fact, number};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use plumbline_mocks::{MockOptions, MockSystem, serve};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const BASE: &str = "/Z9X01/STU3/1/gpconnect";

pub struct Practice {
    address: String,
}

/// What came back, unpacked.
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    /// The Spine code of an outcome.
    pub fn code(&self) -> String {
        let outcome = self.json();
        let code = outcome.pointer("/issue/0/details/coding/0/code");
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Ids of the entries of a result.
    pub fn ids(&self) -> Vec<String> {
        let bundle = self.json();
        assert_eq!(bundle["type"], "searchset", "{bundle}");
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let id = |entry: &Value| entry["resource"]["id"].as_str().unwrap().to_owned();
        entries.iter().map(id).collect()
    }
}

/// A request that can be changed before it is sent.
#[derive(Clone)]
pub struct Ask {
    pub method: String,
    pub base: String,
    /// Below the base path, with its query.
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub claims: Value,
    /// In place of the header made of the claims; `{claims}` stands for them, encoded.
    pub token: Option<String>,
    pub body: Vec<u8>,
    pub chunked: bool,
}

impl Ask {
    /// A read or a search, or the capability statement.
    pub fn get(path: &str) -> Ask {
        let first = path.split(['/', '?']).next().unwrap();
        let name = first.to_lowercase();
        let id = match path {
            "metadata" => "rest:read:metadata-1".to_owned(),
            path if path.starts_with("metadata?") => "rest:read:metadata-1".to_owned(),
            path if path.contains('/') && !path.contains('?') => format!("rest:read:{name}-1"),
            _ => format!("rest:search:{name}-1"),
        };
        let scope = match first {
            "Patient" => "patient/*.read",
            _ => "organization/*.read",
        };
        Ask::new("GET", path, &id, scope)
    }

    /// The registration of a role of `scenarios/_people`.
    pub fn register(role: &str) -> Ask {
        Ask::registering(&parameters(&patient(role)))
    }

    /// A registration with any body.
    pub fn registering(body: &Value) -> Ask {
        let path = "Patient/$gpc.registerpatient";
        let id = "operation:gpc.registerpatient-1";
        let ask = Ask::new("POST", path, id, "patient/*.write");
        let ask = ask.header("content-type", "application/fhir+json");
        ask.body(body.to_string())
    }

    fn new(method: &str, path: &str, interaction: &str, scope: &str) -> Ask {
        let headers = [
            ("accept", "application/fhir+json".to_owned()),
            (
                "ssp-traceid",
                "09a01679-2564-4fb4-9129-aecc81ea2706".to_owned(),
            ),
            ("ssp-from", "200000099999".to_owned()),
            ("ssp-to", "200000099901".to_owned()),
            (
                "ssp-interactionid",
                format!("urn:nhs:names:services:gpconnect:fhir:{interaction}"),
            ),
        ];
        Ask {
            method: method.to_owned(),
            base: BASE.to_owned(),
            path: path.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            claims: claims(scope),
            token: None,
            body: Vec::new(),
            chunked: false,
        }
    }

    pub fn method(mut self, method: &str) -> Ask {
        method.clone_into(&mut self.method);
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Ask {
        self.body = body.into();
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Ask {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn without(mut self, name: &str) -> Ask {
        self.headers.remove(name).unwrap();
        self
    }

    /// Changes a claim by JSON pointer; null takes it away.
    pub fn claim(mut self, pointer: &str, value: Value) -> Ask {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = self.claims.pointer_mut(parent).unwrap();
        match value {
            Value::Null => drop(parent.as_object_mut().unwrap().remove(name).unwrap()),
            value => parent[name] = value,
        }
        self
    }

    pub fn token(mut self, token: &str) -> Ask {
        self.token = Some(token.to_owned());
        self
    }

    /// The token, with what stands for the address in it replaced.
    fn bearer(&self, address: &str) -> String {
        let head = json!({"alg": "none", "typ": "JWT"}).to_string();
        let claims = self.claims.to_string().replace("{address}", address);
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", part(&head), part(&claims))
    }
}

pub fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// What a right token says; `{address}` stands for the host.
pub fn claims(scope: &str) -> Value {
    json!({
        "iss": "https://consumer.example/token",
        "sub": "10019",
        "aud": format!("http://{{address}}{BASE}"),
        "iat": NOW,
        "exp": NOW + 300,
        "reason_for_request": "directcare",
        "requested_scope": scope,
        "requesting_device": {
            "resourceType": "Device",
            "identifier": [{"system": "https://consumer.example/device", "value": "1"}],
            "model": "Consumer",
            "version": "1",
        },
        "requesting_organization": {
            "resourceType": "Organization",
            "identifier": [{"system": super::ODS, "value": "Z9X50"}],
            "name": "Wexley Hub",
        },
        "requesting_practitioner": {
            "resourceType": "Practitioner",
            "id": "10019",
            "identifier": [
                {"system": super::SDS, "value": "555000000050"},
                {"system": "https://fhir.nhs.uk/Id/sds-role-profile-id", "value": "UNK"},
                {"system": "https://consumer.example/user", "value": "10019"},
            ],
            "name": [{"family": "Thorn", "given": ["Rosa"], "prefix": ["Ms"]}],
        },
    })
}

/// A Patient as it is sent to register a role of `scenarios/_people`.
pub fn patient(role: &str) -> Value {
    json!({
        "resourceType": "Patient",
        "meta": {"profile": [
            "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1",
        ]},
        "identifier": [{"system": super::NHS, "value": number(role)}],
        "name": [{
            "use": "official",
            "family": fact(role, "family"),
            "given": ["Someone"],
        }],
        "birthDate": fact(role, "birth_date"),
    })
}

pub fn parameters(patient: &Value) -> Value {
    json!({
        "resourceType": "Parameters",
        "parameter": [{"name": "registerPatient", "resource": patient}],
    })
}

impl Practice {
    pub async fn open() -> Practice {
        Practice::with(&beacon()).await
    }

    pub async fn with(options: &MockOptions) -> Practice {
        let system = MockSystem::load(options).unwrap_or_else(|error| panic!("{error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(serve(system, listener));
        Practice { address }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(&Ask::get(path)).await
    }

    pub async fn send(&self, ask: &Ask) -> Answer {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let Ask { method, base, .. } = ask;
        let path = ask.path.replace('|', "%7C");
        let mut head = format!(
            "{method} {base}/{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.address
        );
        let token = match &ask.token {
            None => format!("Bearer {}", ask.bearer(&self.address)),
            Some(text) => {
                let bearer = ask.bearer(&self.address);
                text.replace("{claims}", bearer.split('.').nth(1).unwrap())
            }
        };
        if !token.is_empty() {
            write!(head, "Authorization: {token}\r\n").unwrap();
        }
        for (name, value) in &ask.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        let mut bytes;
        if ask.chunked {
            head.push_str("Transfer-Encoding: chunked\r\n\r\n");
            bytes = head.into_bytes();
            for chunk in ask.body.chunks(100) {
                bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
                bytes.extend(chunk);
                bytes.extend(b"\r\n");
            }
            bytes.extend(b"0\r\n\r\n");
        } else {
            write!(head, "Content-Length: {}\r\n\r\n", ask.body.len()).unwrap();
            bytes = head.into_bytes();
            bytes.extend(&ask.body);
        }
        stream.write_all(&bytes).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        answer(&bytes)
    }
}

fn answer(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers: BTreeMap<String, String> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut body = bytes[end + 4..].to_vec();
    if headers
        .get("transfer-encoding")
        .is_some_and(|it| it == "chunked")
    {
        body = joined(&body);
    }
    if headers
        .get("content-encoding")
        .is_some_and(|it| it == "gzip")
    {
        let mut plain = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(body.as_slice());
        reader.read_to_end(&mut plain).unwrap();
        body = plain;
    }
    Answer {
        status: status.parse().unwrap(),
        headers,
        body,
    }
}

/// Chunks to a whole; panics if the last is missing.
fn joined(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = std::str::from_utf8(&bytes[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.extend(&bytes[end + 2..end + 2 + length]);
        bytes = &bytes[end + 4 + length..];
    }
}
