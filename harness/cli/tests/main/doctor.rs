//! `plumbline doctor`: for each misconfiguration the key to change, and never a word of the system.

mod credentials;

use crate::stand_in::{Asked, CANARY, Issuer, Reply, StandIn, nowhere, silent, statement, well};
use crate::support::{self, KEY_VARIABLE, Ran, command, ran, temp};
use serde_json::Value;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

const KEY: &str = "c4n4ry-key-9271";

/// The template for a base address, with its [auth] replaced and [connection] added.
fn target(base: &str, auth: &str, connection: &str) -> String {
    let text = support::target(base, "sandbox");
    let given = format!("{auth}\n{connection}\n[limits]");
    let text = text
        .replacen("method = \"none\" ", "#", 1)
        .replacen("[limits]", &given, 1);
    assert!(text.contains(auth));
    text
}

const NONE: &str = "method = \"none\"";

/// Runs the doctor in both forms. Variables that name proxies point nowhere, and nothing secret or
/// of the system's own is printed.
fn doctor(folder: &Path, target: &str, key: Option<&str>) -> (Ran, Value) {
    support::write_target(folder, target);
    let run = |form: &str| {
        let mut command = command(folder);
        command.args(["doctor", "--target", "target.toml", "--format", form]);
        for name in [
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            command.env(name, "http://127.0.0.1:1");
        }
        if let Some(key) = key {
            command.env(KEY_VARIABLE, key);
        }
        let ran = ran(command);
        let key_line = fs::read_to_string(folder.join("key.pem"))
            .ok()
            .and_then(|pem| pem.lines().nth(1).map(str::to_owned));
        for secret in [Some(CANARY), Some(KEY), key_line.as_deref()]
            .into_iter()
            .flatten()
        {
            assert!(!ran.stdout.contains(secret), "{}", ran.stdout);
            assert!(!ran.stderr.contains(secret), "{}", ran.stderr);
        }
        ran
    };
    let (text, json) = (run("text"), run("json"));
    assert_eq!(text.code, json.code);
    let value: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["exit_code"].as_i64(), json.code.map(i64::from));
    (text, value)
}

fn problems(diagnosis: &Value) -> Vec<&Value> {
    let findings = diagnosis["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| finding["outcome"] == "problem")
        .collect()
}

/// One misconfiguration: what is given, and what must be said.
struct Case<'a> {
    name: &'a str,
    target: String,
    key: Option<&'a str>,
    field: &'a str,
    code: i32,
    seen: &'a str,
}

fn check(folder: &Path, case: Case<'_>) {
    let Case {
        name,
        target,
        key,
        field,
        code,
        seen,
    } = case;
    let (text, diagnosis) = doctor(folder, &target, key);
    let text = text.code(code);
    let problems = problems(&diagnosis);
    assert!(!problems.is_empty(), "{name}: {}", text.stdout);
    for problem in &problems {
        let wanted = (!field.is_empty()).then_some(field);
        assert_eq!(problem["field"].as_str(), wanted, "{name}: {}", text.stdout);
        assert!(
            problem["next"].as_str().unwrap().ends_with('.'),
            "{name}: {problem}"
        );
    }
    let all: String = problems
        .iter()
        .map(|p| p["seen"].as_str().unwrap())
        .collect();
    assert!(all.contains(seen), "{name}: {all}");
    if !field.is_empty() {
        assert!(
            text.stdout.contains(&format!("change: {field}\n")),
            "{name}: {}",
            text.stdout
        );
    }
    for word in ["Fail", "failure", "conform"] {
        assert!(!text.stdout.contains(word), "{}", text.stdout);
    }
    // What was not looked at is said in every case.
    for unchecked in [
        "versions and ciphers of TLS",
        "rate limits",
        "records of the test patients",
        "write access",
    ] {
        assert!(
            text.stdout.contains(&format!("not checked  {unchecked}: ")),
            "{name}"
        );
    }
}

fn open(asked: &Asked) -> Reply {
    well(asked, |_| true)
}

#[test]
fn a_wrong_address_is_named() {
    let folder = temp();
    let folder = folder.path();
    let issuer = Issuer::new();
    let plain = StandIn::plain(open);
    let encrypted = StandIn::encrypted(issuer.certify("127.0.0.1"), open);
    let web = StandIn::plain(|_| {
        let page = format!("<html>{CANARY}</html>");
        (200, "content-type: text/html\r\n", page)
    });
    let other = StandIn::plain(|_| {
        let body = format!(r#"{{"resourceType":"{CANARY}"}}"#);
        (200, "content-type: application/json\r\n", body)
    });
    let moved = StandIn::plain(|_| (301, "location: /c4n4ry-of-the-stand-in\r\n", String::new()));
    let (wrong_port, mail) = (nowhere(), silent());
    for (name, base, code, seen) in [
        (
            "wrong port",
            format!("http://{wrong_port}/fhir"),
            4,
            "refused",
        ),
        (
            "wrong host name",
            "http://nowhere.invalid/fhir".to_owned(),
            4,
            "",
        ),
        ("http instead of https", encrypted.base("http"), 2, ""),
        (
            "https instead of http",
            plain.base("https"),
            2,
            "does not speak TLS",
        ),
        (
            "port of another service",
            format!("http://{mail}/fhir"),
            2,
            "HTTP",
        ),
        (
            "wrong path",
            format!("http://{}/r4", plain.address),
            2,
            "status 404",
        ),
        ("a web page", web.base("http"), 2, "a web page (HTML)"),
        (
            "another kind of JSON",
            other.base("http"),
            2,
            "no CapabilityStatement",
        ),
        ("an address that moved", moved.base("http"), 2, "status 301"),
    ] {
        let target = target(&base, NONE, "");
        let field = "base_urls.default";
        check(
            folder,
            Case {
                name,
                target,
                key: None,
                field,
                code,
                seen,
            },
        );
    }
}

#[test]
fn a_wrong_connection_is_named() {
    let folder = temp();
    let folder = folder.path();
    let issuer = Issuer::new();
    let ca = issuer.write(folder).display().to_string();
    fs::write(folder.join("empty.pem"), "nothing").unwrap();
    let encrypted = StandIn::encrypted(issuer.certify("127.0.0.1"), open);
    let named = StandIn::encrypted(issuer.certify("fhir.example"), open);
    let roots = format!("[connection]\ntrust_roots = [\"{ca}\"]");
    let hosts = |address: SocketAddr| {
        format!("{roots}\n[connection.hosts]\n\"fhir.example\" = \"{address}\"")
    };
    let by_name = "https://fhir.example/fhir".to_owned();
    let proxy = |scheme: &str| format!("[connection]\nproxy = \"{scheme}://{}\"", nowhere());
    for (name, base, connection, field, code, seen) in [
        (
            "untrusted issuer",
            encrypted.base("https"),
            String::new(),
            "connection.trust_roots",
            2,
            "issuer",
        ),
        (
            "no certificate in the file",
            encrypted.base("https"),
            "[connection]\ntrust_roots = [\"empty.pem\"]".to_owned(),
            "connection.trust_roots",
            2,
            "no certificate",
        ),
        (
            "no such file",
            encrypted.base("https"),
            "[connection]\ntrust_roots = [\"absent.pem\"]".to_owned(),
            "connection.trust_roots",
            2,
            "absent.pem",
        ),
        (
            "certificate for another name",
            named.base("https"),
            roots.clone(),
            "base_urls.default",
            2,
            "another host name",
        ),
        (
            "host at a dead address",
            by_name.clone(),
            hosts(nowhere()),
            "connection.hosts",
            4,
            "refused",
        ),
        (
            "dead proxy",
            "http://fhir.invalid/fhir".to_owned(),
            proxy("http"),
            "connection.proxy",
            4,
            "the proxy could not be reached",
        ),
        (
            "dead proxy, encrypted",
            by_name.clone(),
            proxy("http"),
            "connection.proxy",
            4,
            "the proxy could not be reached",
        ),
    ] {
        let target = target(&base, NONE, &connection);
        check(
            folder,
            Case {
                name,
                target,
                key: None,
                field,
                code,
                seen,
            },
        );
    }
    // The same two servers are well once their issuer and address are known.
    let (text, _) = doctor(
        folder,
        &target(&encrypted.base("https"), NONE, &roots),
        None,
    );
    text.code(0)
        .prints("ok           TLS: the certificate was accepted: for 127.0.0.1; from ")
        .prints("; TLS 1.3")
        .prints("ok           client certificate: the system asks for none");
    let (text, _) = doctor(folder, &target(&by_name, NONE, &hosts(named.address)), None);
    text.code(0).prints("[connection.hosts] gives the address");
}

#[test]
fn a_system_of_another_kind_is_named() {
    let folder = temp();
    let folder = folder.path();
    let version = |version: &'static str| {
        StandIn::plain(move |asked| match asked.place.as_str() {
            "/fhir/metadata" => statement(version),
            _ => open(asked),
        })
    };
    let (older, odd) = (version("3.0.2"), version(CANARY));
    let large = StandIn::plain(|_| (200, "", " ".repeat(2_000_000)));
    let slow = StandIn::plain(|asked| {
        let (_, _, body) = statement("4.0.1");
        match asked.place.as_str() {
            "/fhir/metadata" => (200, "date: Sat, 01 Jan 2000 00:00:00 GMT\r\n", body),
            _ => open(asked),
        }
    });
    let ill = StandIn::plain(|_| (503, "", CANARY.to_owned()));
    for (name, server, field, code, seen) in [
        (
            "older version",
            &older,
            "fhir_version",
            2,
            "the system says 3.0.2, target.toml says 4.0.1",
        ),
        (
            "version of another form",
            &odd,
            "fhir_version",
            2,
            "no version of the form",
        ),
        ("large statement", &large, "limits.max_body_mb", 4, "larger"),
        ("slow clock", &slow, "", 2, "minutes behind"),
        (
            "system in trouble",
            &ill,
            "base_urls.default",
            4,
            "status 503",
        ),
    ] {
        let target = target(&server.base("http"), NONE, "").replacen(
            "max_body_mb = 20",
            "max_body_mb = 1",
            1,
        );
        check(
            folder,
            Case {
                name,
                target,
                key: None,
                field,
                code,
                seen,
            },
        );
    }
}

#[test]
fn every_address_is_looked_at() {
    let folder = temp();
    let folder = folder.path();
    let system = StandIn::plain(open);
    let index = format!("patient-index = \"http://{}/fhir\"\n[auth]", nowhere());
    let target = target(&system.base("http"), NONE, "").replacen("[auth]", &index, 1);
    let field = "base_urls.patient-index";
    let name = "address of one capability";
    check(
        folder,
        Case {
            name,
            target: target.clone(),
            key: None,
            field,
            code: 4,
            seen: "refused",
        },
    );
    let (text, _) = doctor(folder, &target, None);
    text.prints("ok           connection: connected")
        .prints("PROBLEM      connection (patient-index): the connection was refused");
}

#[test]
fn mistakes_in_the_file_are_named_by_line() {
    let folder = temp();
    let folder = folder.path();
    let text = target(
        "http://127.0.0.1:9/fhir",
        "method = \"bearer\"\ntoken = \"c4n4ry-key-9271\"",
        "",
    );
    let (ran, diagnosis) = doctor(folder, &text, None);
    ran.code(2)
        .prints("a secret may not be written into this file");
    assert_eq!(problems(&diagnosis).len(), 3);
    let mut command = command(folder);
    command.args(["doctor", "--target", "absent.toml"]);
    support::ran(command)
        .code(2)
        .prints("plumbline init writes one");
}
