//! [`Registry`]: an npm-style registry of FHIR packages: which versions there are, and their archives, checked against
//! what the registry says of them. Not for keeping them: [`crate::Cache`].

use crate::content::hex;
use crate::error::PackageError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plumbline_http::{
    Auth, Client, ClientConfig, Compression, Connection, DEFAULT_BASE_URL, Outcome, Request,
    Response,
};
use serde_json::Value;
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha384, Sha512};
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// The largest answer that is taken.
const MOST_BYTES: usize = 512 << 20;
/// How long one exchange may take.
const LONGEST: Duration = Duration::from_mins(5);
/// How often an answer may send us on.
const MOST_HOPS: usize = 4;
/// How many requests one command may make.
const MOST_REQUESTS: u32 = 2_000;

/// A registry, by its address.
#[derive(Debug, Clone)]
pub struct Registry {
    base: Url,
    connection: Connection,
    user_agent: String,
}

/// What a registry says of one version of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dist {
    tarball: String,
    /// SHA-1 in hexadecimal digits.
    shasum: Option<String>,
    /// `sha512-` and base64, or other algorithms; several with spaces between.
    integrity: Option<String>,
}

/// What a registry says of a package.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) latest: Option<String>,
    pub(crate) versions: BTreeMap<String, Dist>,
}

impl Registry {
    /// A registry at this address, reached over this connection. Nothing is sent yet.
    pub fn new(base: &str, connection: Connection, user_agent: &str) -> Result<Self, PackageError> {
        let fix = "Give the address of an npm-style registry, such as https://packages.fhir.org.";
        let url = Url::parse(base).map_err(|error| {
            PackageError::new(base, format!("this is no address: {error}"), fix)
        })?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
            let problem =
                "the address of a registry begins with https:// (or http://) and names no user";
            return Err(PackageError::new(base, problem, fix));
        }
        Ok(Self {
            base: url,
            connection,
            user_agent: user_agent.to_owned(),
        })
    }

    /// Its address.
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// What there is under a name.
    pub(crate) async fn offer(&self, name: &str) -> Result<Offer, PackageError> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(name);
        }
        let response = self.get(url, "application/json").await?;
        let place = format!("{}/{name}", self.address());
        match response.status {
            200 => offer_of(&place, &response.body),
            404 => Err(PackageError::new(
                place,
                "the registry has no package of this name",
                "Check the name, or name another registry with --registry.",
            )),
            status => Err(refused(&place, status)),
        }
    }

    /// The archive of a version, as the registry promised it. What it was checked against is given with it.
    pub(crate) async fn archive(
        &self,
        place: &str,
        dist: &Dist,
    ) -> Result<(Vec<u8>, Option<&'static str>), PackageError> {
        let url = self.base.join(&dist.tarball).map_err(|_| {
            PackageError::new(
                place,
                "the registry names no address that can be read for the archive",
                "Name another registry with --registry.",
            )
        })?;
        self.is_safe(place, &url)?;
        let response = self.get(url.clone(), "*/*").await?;
        if response.status != 200 {
            return Err(refused(url.as_str(), response.status));
        }
        let checked = dist.check(&response.body).map_err(|problem| {
            PackageError::new(
                place,
                problem,
                "Do not use it. Try again; if it stays so, tell whoever runs the registry.",
            )
        })?;
        Ok((response.body, checked))
    }

    /// A registry that is reached with encryption sends nobody elsewhere without.
    fn is_safe(&self, place: &str, url: &Url) -> Result<(), PackageError> {
        let is_encrypted = url.scheme() == "https";
        let is_plain_too = url.scheme() == "http" && self.base.scheme() == "http";
        if is_encrypted || is_plain_too {
            return Ok(());
        }
        let problem = "the registry leads to an address without encryption";
        let fix = "Name another registry with --registry.";
        Err(PackageError::new(place, problem, fix))
    }

    /// Asks, and follows where the answer leads.
    async fn get(&self, mut url: Url, accept: &str) -> Result<Response, PackageError> {
        for _ in 0..=MOST_HOPS {
            let response = self.get_once(&url, accept).await?;
            let next = match response.status {
                301 | 302 | 303 | 307 | 308 => response.header("location"),
                _ => None,
            };
            let Some(next) = next else {
                return Ok(response);
            };
            let Ok(next) = url.join(next) else {
                let problem = "the answer leads to something that is no address";
                let fix = "Name another registry with --registry.";
                return Err(PackageError::new(url.as_str(), problem, fix));
            };
            self.is_safe(url.as_str(), &next)?;
            url = next;
        }
        let problem = format!("the answers lead on more than {MOST_HOPS} times");
        let fix = "Name another registry with --registry.";
        Err(PackageError::new(self.address(), problem, fix))
    }

    async fn get_once(&self, url: &Url, accept: &str) -> Result<Response, PackageError> {
        let mut base = url.clone();
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        let place = url.as_str();
        let client = Client::new(ClientConfig {
            base_urls: BTreeMap::from([(DEFAULT_BASE_URL.to_owned(), base)]),
            auth: Auth::None,
            connection: self.connection.clone(),
            timeout: LONGEST,
            connect_timeout: Duration::from_secs(20),
            max_body_bytes: MOST_BYTES,
            requests_per_second: 50,
            total_requests: MOST_REQUESTS,
            user_agent: self.user_agent.clone(),
        });
        let client = client.map_err(|error| {
            let fix = "Check the address of the registry, the proxy and the trust roots.";
            PackageError::new(place, error.to_string(), fix)
        })?;
        let request = Request {
            absolute: Some(url.clone()),
            accept: accept.to_owned(),
            sign_in: false,
            // An archive is packed already.
            compression: Compression::None,
            ..Request::default()
        };
        match client.get(request).await.outcome {
            Outcome::Response(response) => Ok(response),
            Outcome::NoAnswer(why) => Err(PackageError::new(
                place,
                format!("there was no answer: {why}"),
                "Check the network and the address; behind a proxy, name it in the settings.",
            )),
        }
    }
}

fn refused(place: &str, status: u16) -> PackageError {
    PackageError::new(
        place,
        format!("the registry answered with status {status}"),
        "Try again later, or name another registry with --registry.",
    )
}

/// What the answer under a name says.
fn offer_of(place: &str, body: &[u8]) -> Result<Offer, PackageError> {
    let fix = "Check that the address is that of an npm-style registry of FHIR packages.";
    let wrong = |problem: &str| PackageError::new(place, problem, fix);
    let json: Value = serde_json::from_slice(body)
        .map_err(|_| wrong("the answer is no JSON that can be read"))?;
    let versions = json.get("versions").and_then(Value::as_object);
    let versions = versions.ok_or_else(|| wrong("the answer lists no versions"))?;
    let mut offer = Offer {
        latest: json
            .pointer("/dist-tags/latest")
            .and_then(Value::as_str)
            .map(str::to_owned),
        versions: BTreeMap::new(),
    };
    for (version, about) in versions {
        let text = |name: &str| {
            let value = about.get("dist")?.get(name)?;
            value.as_str().map(str::to_owned)
        };
        if let Some(tarball) = text("tarball") {
            let dist = Dist {
                tarball,
                shasum: text("shasum"),
                integrity: text("integrity"),
            };
            offer.versions.insert(version.clone(), dist);
        }
    }
    Ok(offer)
}

impl Dist {
    /// Checks the archive against every fingerprint that is given and known. The strongest that was, if any.
    fn check(&self, packed: &[u8]) -> Result<Option<&'static str>, String> {
        let mut checked = None;
        if let Some(shasum) = self.shasum.as_deref().filter(|it| !it.is_empty()) {
            if !hex(&Sha1::digest(packed)).eq_ignore_ascii_case(shasum.trim()) {
                return Err(
                    "the archive is not the one that the registry's shasum (SHA-1) is of"
                        .to_owned(),
                );
            }
            checked = Some("SHA-1");
        }
        // Of several, each is of another algorithm and must hold.
        for part in self.integrity.iter().flat_map(|it| it.split_whitespace()) {
            let (algorithm, wanted) = part.split_once('-').unwrap_or((part, ""));
            let (name, found) = match algorithm {
                "sha512" => ("SHA-512", STANDARD.encode(Sha512::digest(packed))),
                "sha384" => ("SHA-384", STANDARD.encode(Sha384::digest(packed))),
                "sha256" => ("SHA-256", STANDARD.encode(Sha256::digest(packed))),
                _ => continue,
            };
            // Options may stand behind a question mark.
            if wanted.split('?').next() != Some(found.as_str()) {
                return Err(format!(
                    "the archive is not the one that the registry's integrity ({name}) is of"
                ));
            }
            checked = Some(name);
        }
        Ok(checked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dist(shasum: Option<&str>, integrity: Option<&str>) -> Dist {
        Dist {
            tarball: "x".to_owned(),
            shasum: shasum.map(str::to_owned),
            integrity: integrity.map(str::to_owned),
        }
    }

    #[test]
    fn archives_are_checked_against_all_that_is_given() {
        let sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
        let sha512 = format!("sha512-{}", STANDARD.encode(Sha512::digest(b"abc")));
        assert_eq!(dist(None, None).check(b"abc"), Ok(None));
        assert_eq!(dist(Some(sha1), None).check(b"abc"), Ok(Some("SHA-1")));
        let both = dist(Some(sha1), Some(&sha512));
        assert_eq!(both.check(b"abc"), Ok(Some("SHA-512")));
        assert!(both.check(b"abd").unwrap_err().contains("SHA-1"));
        let wrong = dist(None, Some(&sha512));
        assert!(wrong.check(b"abd").unwrap_err().contains("SHA-512"));
        assert_eq!(dist(None, Some("md5-x")).check(b"abc"), Ok(None));
    }

    #[test]
    fn an_offer_lists_versions() {
        let body = br#"{"dist-tags":{"latest":"2.0.0"},"versions":{
            "1.0.0":{"dist":{"tarball":"https://x.example/1.tgz","shasum":"aa"}},"0.1.0":{}}}"#;
        let offer = offer_of("x", body).unwrap();
        assert_eq!(offer.latest.as_deref(), Some("2.0.0"));
        assert_eq!(offer.versions.len(), 1);
        assert!(
            offer_of("x", b"<html>")
                .unwrap_err()
                .problem
                .contains("no JSON")
        );
        assert!(
            offer_of("x", b"{}")
                .unwrap_err()
                .problem
                .contains("no versions")
        );
    }

    #[test]
    fn no_way_leads_out_of_encryption() {
        let new = |base| Registry::new(base, Connection::default(), "x").unwrap();
        let plain = Url::parse("http://x.example/a").unwrap();
        let encrypted = Url::parse("https://x.example/a").unwrap();
        assert!(new("https://r.example").is_safe("x", &plain).is_err());
        assert!(new("https://r.example").is_safe("x", &encrypted).is_ok());
        assert!(new("http://r.example").is_safe("x", &plain).is_ok());
        let file = Url::parse("file:///etc/hostname").unwrap();
        assert!(new("http://r.example").is_safe("x", &file).is_err());
        for wrong in ["nonsense", "ftp://x.example", "https://me@x.example"] {
            assert!(
                Registry::new(wrong, Connection::default(), "x").is_err(),
                "{wrong}"
            );
        }
    }
}
