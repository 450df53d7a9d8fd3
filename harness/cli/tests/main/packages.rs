//! `plumbline packages` against a registry on this machine: fetching, pinning, refusing. Not for what packages define:
//! `validate_profiles`.

use crate::support::{Ran, plumbline, temp};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

/// A package of these files, as a `.tgz`.
pub fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder
            .append_data(&mut header, name, text.as_bytes())
            .unwrap();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&builder.into_inner().unwrap()).unwrap();
    encoder.finish().unwrap()
}

/// The manifest of a package for R4.
pub fn manifest(name: &str, version: &str, dependencies: &Value) -> String {
    json!({"name": name, "version": version, "fhirVersions": ["4.0.1"], "dependencies": dependencies}).to_string()
}

fn sha1(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha1::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

type Answers = Arc<Mutex<BTreeMap<String, (u16, Vec<u8>)>>>;

/// A registry that ends with the test.
pub struct Registry {
    address: SocketAddr,
    answers: Answers,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Answers::default();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (known, seen) = (Arc::clone(&answers), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (known, seen) = (Arc::clone(&known), Arc::clone(&seen));
                thread::spawn(move || answer(stream, &known, &seen));
            }
        });
        Self {
            address,
            answers,
            asked,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn put(&self, path: &str, status: u16, body: &[u8]) {
        let mut answers = self.answers.lock().unwrap();
        answers.insert(path.to_owned(), (status, body.to_vec()));
    }

    /// Offers versions of a package, the last as the latest, each with the right fingerprint.
    pub fn offer(&self, name: &str, versions: &[(&str, &[u8])]) {
        let mut all = serde_json::Map::new();
        for (version, packed) in versions {
            let path = format!("/tarballs/{name}/{version}");
            let tarball = format!("{}{path}", self.url());
            let dist = json!({"dist": {"tarball": tarball, "shasum": sha1(packed)}});
            all.insert((*version).to_owned(), dist);
            self.put(&path, 200, packed);
        }
        let latest = versions.last().unwrap().0;
        let about = json!({"name": name, "dist-tags": {"latest": latest}, "versions": all});
        self.put(&format!("/{name}"), 200, about.to_string().as_bytes());
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, answers: &Answers, asked: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, body) = answers
        .lock()
        .unwrap()
        .get(&path)
        .cloned()
        .unwrap_or((404, Vec::new()));
    asked.lock().unwrap().push(path);
    let location = match status {
        302 => format!("location: {}\r\n", String::from_utf8_lossy(&body)),
        _ => String::new(),
    };
    let start = format!(
        "HTTP/1.1 {status} X\r\n{location}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream
        .write_all(start.as_bytes())
        .and_then(|()| stream.write_all(&body));
}

fn packages(folder: &Path, arguments: &[&str]) -> Ran {
    let cache = ["--cache", "cache"];
    let all: Vec<&str> = ["packages"]
        .iter()
        .chain(arguments)
        .chain(&cache)
        .copied()
        .collect();
    plumbline(folder, &all)
}

fn add(folder: &Path, registry: &Registry, names: &[&str]) -> Ran {
    let url = registry.url();
    let all: Vec<&str> = ["add"]
        .iter()
        .chain(names)
        .chain(&["--registry", &url])
        .copied()
        .collect();
    packages(folder, &all)
}

fn own(version: &str, dependencies: &Value) -> Vec<u8> {
    let set = r#"{"resourceType":"ValueSet","url":"https://example.org/V","status":"draft"}"#;
    let manifest = manifest("own.package", version, dependencies);
    archive(&[("package/package.json", &manifest), ("package/v.json", set)])
}

fn other(version: &str) -> Vec<u8> {
    archive(&[(
        "package/package.json",
        &manifest("other.package", version, &json!({})),
    )])
}

#[test]
fn a_package_is_fetched_with_what_it_depends_on_and_pinned() {
    let folder = temp();
    let root = folder.path();
    let registry = Registry::start();
    let needs = json!({"other.package": "2.x", "hl7.fhir.r4.core": "4.0.1"});
    registry.offer(
        "own.package",
        &[
            ("1.0.0", &own("1.0.0", &needs)),
            ("1.1.0", &own("1.1.0", &needs)),
        ],
    );
    registry.offer(
        "other.package",
        &[("2.1.0", &other("2.1.0")), ("3.0.0", &other("3.0.0"))],
    );
    add(root, &registry, &["own.package"])
        .code(0)
        .prints("own.package@1.1.0: fetched from http://127.0.0.1")
        .prints("checked against its SHA-1")
        .prints("other.package@2.1.0: fetched")
        .prints("needed by own.package@1.1.0")
        .prints("Pinned in plumbline-packages.lock");
    assert!(
        root.join("cache/own.package#1.1.0/package/v.json")
            .is_file()
    );
    let lock = fs::read_to_string(root.join("plumbline-packages.lock")).unwrap();
    for part in [
        "format 1\n",
        "package other.package 2.1.0\n  sha256 ",
        "package own.package 1.1.0\n",
        "  archive ",
        "  source http://127.0.0.1",
    ] {
        assert!(lock.contains(part), "{part}: {lock}");
    }
    assert!(
        !registry
            .asked()
            .iter()
            .any(|path| path.contains("hl7.fhir"))
    );
    // The second time nobody is asked, and nothing changes.
    let before = registry.asked().len();
    add(root, &registry, &["own.package@1.1.0"])
        .code(0)
        .prints("was there already");
    assert_eq!(registry.asked().len(), before);
    assert_eq!(
        fs::read_to_string(root.join("plumbline-packages.lock")).unwrap(),
        lock
    );
    packages(root, &["list"])
        .code(0)
        .prints("own.package@1.1.0")
        .prints("  pinned\n");
    let listed = packages(root, &["list", "--format", "json"]).code(0).stdout;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(
        (&listed[1]["name"], &listed[1]["lock"]),
        (&"own.package".into(), &"pinned".into())
    );
    packages(root, &["lock", "--check"])
        .code(0)
        .prints("All 2 pinned packages are there");
}

#[test]
fn what_differs_from_the_lock_is_told() {
    let folder = temp();
    let root = folder.path();
    let registry = Registry::start();
    registry.offer(
        "own.package",
        &[("1.0.0", &own("1.0.0", &json!({"other.package": "2.0.0"})))],
    );
    registry.offer("other.package", &[("2.0.0", &other("2.0.0"))]);
    packages(root, &["lock", "--check"])
        .code(2)
        .says("there is no plumbline-packages.lock");
    add(root, &registry, &["own.package"]).code(0);
    fs::write(root.join("cache/own.package#1.0.0/package/v.json"), "{}").unwrap();
    fs::remove_dir_all(root.join("cache/other.package#2.0.0")).unwrap();
    packages(root, &["lock", "--check"])
        .code(1)
        .prints("other.package@2.0.0 is pinned, and not in the cache")
        .prints("own.package@1.0.0 holds something else than was pinned");
    packages(root, &["list"])
        .code(0)
        .prints("pinned with another content");
    packages(root, &["lock"])
        .code(2)
        .says("something else than the lock pins");
    // Without a lock, what is there is pinned, and the missing dependency told.
    fs::remove_file(root.join("plumbline-packages.lock")).unwrap();
    packages(root, &["lock"])
        .code(0)
        .prints("1 pinned, 1 of them new");
    packages(root, &["lock", "--check"])
        .code(1)
        .prints("own.package@1.0.0 depends on other.package@2.0.0, which is not pinned");
    packages(root, &["lock", "absent.package"])
        .code(2)
        .says("is not in cache");
}

#[test]
fn a_registry_that_gives_something_else_is_refused() {
    let folder = temp();
    let root = folder.path();
    let registry = Registry::start();
    registry.offer("own.package", &[("1.0.0", &own("1.0.0", &json!({})))]);
    // Not what the registry's own fingerprint is of.
    registry.put(
        "/tarballs/own.package/1.0.0",
        200,
        &own("1.0.0", &json!({"x": "1"})),
    );
    add(root, &registry, &["own.package"])
        .code(2)
        .says("shasum (SHA-1)");
    assert!(!root.join("cache").join("own.package#1.0.0").exists());
    // Another package under the name.
    registry.offer("own.package", &[("1.0.0", &other("1.0.0"))]);
    add(root, &registry, &["own.package"])
        .code(2)
        .says("holds the package other.package@1.0.0");
    // Another archive than was pinned.
    registry.offer("own.package", &[("1.0.0", &own("1.0.0", &json!({})))]);
    add(root, &registry, &["own.package"]).code(0);
    fs::remove_dir_all(root.join("cache")).unwrap();
    registry.offer(
        "own.package",
        &[("1.0.0", &own("1.0.0", &json!({"other.package": "1"})))],
    );
    add(root, &registry, &["own.package"])
        .code(2)
        .says("another archive than the lock pins");
    assert!(!root.join("cache").join("own.package#1.0.0").exists());
    // A file that would stand outside.
    let evil = archive(&[(
        "package/package.json",
        &manifest("evil", "1.0.0", &json!({})),
    )]);
    registry.offer("evil", &[("1.0.0", &evil[..evil.len() / 2])]);
    add(root, &registry, &["evil"])
        .code(2)
        .says("archive is broken");
    assert_eq!(
        fs::read_dir(root.join("cache")).map_or(0, Iterator::count),
        0
    );
}

#[test]
fn wrong_names_versions_and_registries() {
    let folder = temp();
    let root = folder.path();
    let registry = Registry::start();
    registry.offer("own.package", &[("1.0.0", &own("1.0.0", &json!({})))]);
    registry.put("/page", 200, b"<html>");
    registry.put("/broken", 500, b"");
    for (names, says) in [
        (["nothing.there"], "no package of this name"),
        (["own.package@9.0.0"], "The newest are 1.0.0."),
        (["own.package@current"], "changes from day to day"),
        (["../x"], "no name of a package"),
        (["page"], "no JSON"),
        (["broken"], "status 500"),
    ] {
        add(root, &registry, &names).code(2).says(says);
    }
    let at = |url: &str| packages(root, &["add", "own.package", "--registry", url]);
    at("nonsense").code(2).says("no address");
    at("http://127.0.0.1:9").code(2).says("there was no answer");
    assert!(!root.join("plumbline-packages.lock").exists());
}

#[test]
fn answers_that_lead_elsewhere_are_followed_within_bounds() {
    let folder = temp();
    let root = folder.path();
    let registry = Registry::start();
    registry.offer("own.package", &[("1.0.0", &own("1.0.0", &json!({})))]);
    let elsewhere = format!("{}/elsewhere", registry.url());
    registry.put("/elsewhere", 200, &own("1.0.0", &json!({})));
    registry.put("/tarballs/own.package/1.0.0", 302, elsewhere.as_bytes());
    add(root, &registry, &["own.package"]).code(0);
    registry.put(
        "/round",
        302,
        format!("{}/round", registry.url()).as_bytes(),
    );
    add(root, &registry, &["round"])
        .code(2)
        .says("lead on more than");
    registry.put("/file", 302, b"file:///etc/hostname");
    add(root, &registry, &["file"])
        .code(2)
        .says("without encryption");
}

#[test]
fn settings_come_from_a_file() {
    let folder = temp();
    let root = folder.path();
    let registry = Registry::start();
    registry.offer("own.package", &[("1.0.0", &own("1.0.0", &json!({})))]);
    let settings = format!("registry = \"{}\"\ncache = \"here\"\n", registry.url());
    fs::write(root.join("plumbline-packages.toml"), settings).unwrap();
    plumbline(root, &["packages", "add", "own.package"]).code(0);
    assert!(root.join("here/own.package#1.0.0").is_dir());
    fs::write(root.join("plumbline-packages.toml"), "\nnonsense = 1\n").unwrap();
    plumbline(root, &["packages", "list"])
        .code(2)
        .says("plumbline-packages.toml:2")
        .says("registry, cache, proxy and trust_roots");
    fs::write(
        root.join("plumbline-packages.lock"),
        "format 1\npackage x\n",
    )
    .unwrap();
    plumbline(root, &["packages", "list", "--settings", "none.toml"])
        .code(2)
        .says("none.toml");
    packages(root, &["list", "--settings", "/dev/null"])
        .code(2)
        .says("plumbline-packages.lock:2");
}
