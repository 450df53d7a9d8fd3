//! Runs with tokens: an ending token is nobody's failure, and no token reaches the disk.

use crate::stand_in::{CANARY, Reply, StandIn, has_token, token, well};
use crate::support::{self, KEY_VARIABLE, PACK, command, files, ran, record, temp};
use rcgen::{KeyPair, PKCS_ECDSA_P384_SHA384};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

fn target(base: &str, auth: &str) -> String {
    support::target(base, "sandbox")
        .replacen("method = \"none\" ", &format!("{auth}\n#"), 1)
        .replacen("concurrency = 4", "concurrency = 1", 1)
}

fn signed(server: &StandIn) -> String {
    format!(
        "method = \"oauth2-client-credentials\"\ntoken_url = \"http://{}/token\"\n\
         client_id = \"plumbline-1\"\nkey_id = \"k-1\"\nalgorithm = \"ES384\"\nkey_file = \"key.pem\"",
        server.address
    )
}

fn bearer() -> String {
    format!("method = \"bearer\"\nenv = \"{KEY_VARIABLE}\"\nexpires = \"2999-01-01T00:00:00Z\"")
}

/// Runs the patient index with a target file, and gives the record.
fn run(folder: &Path, target: &str) -> (Option<i32>, Value) {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    support::write_target(folder, target);
    let mut command = command(folder);
    command
        .env(KEY_VARIABLE, format!("{CANARY}-token"))
        .args([
            "run",
            "--target",
            "target.toml",
            "--pack",
            PACK,
            "--out",
            "run",
        ])
        .args(["--tags", "@capability:patient-index"]);
    let ran = ran(command);
    assert!(folder.join("run").is_dir(), "{}", ran.stderr);
    let pem = key.serialize_pem();
    let key_line = pem.lines().nth(1).unwrap();
    for (name, content) in files(&folder.join("run")) {
        let text = String::from_utf8_lossy(&content);
        for secret in [CANARY, key_line, "client_assertion"] {
            assert!(!text.contains(secret), "{name} holds {secret}");
        }
    }
    (ran.code, record(&folder.join("run")))
}

/// The codes of all findings of one kind.
fn codes(record: &Value, kind: &str) -> Vec<String> {
    let mut codes = Vec::new();
    collect(record, kind, &mut codes);
    codes
}

fn collect(value: &Value, kind: &str, codes: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, kind, codes)),
        Value::Object(members) => {
            if let (Some(code), Some(found)) = (members.get("code"), members.get("kind"))
                && found == kind
            {
                codes.extend(code.as_str().map(str::to_owned));
            }
            members
                .values()
                .for_each(|member| collect(member, kind, codes));
        }
        _ => {}
    }
}

#[test]
fn a_token_that_is_over_is_refused_before_the_run() {
    let folder = temp();
    let folder = folder.path();
    let server = StandIn::plain(|asked| well(asked, has_token));
    let over = bearer().replace("2999", "2020");
    support::write_target(folder, &target(&server.base("http"), &over));
    let mut command = command(folder);
    command.env(KEY_VARIABLE, format!("{CANARY}-token")).args([
        "run",
        "--target",
        "target.toml",
        "--pack",
        PACK,
        "--out",
        "run",
    ]);
    ran(command)
        .code(2)
        .says("came to its end at 2020-01-01T00:00:00Z")
        .says("get a new access token for this system")
        .says(KEY_VARIABLE);
    assert!(!folder.join("run").exists());
    assert!(server.asked().is_empty());
}

/// A token service beside a system that echoes the token wherever it can.
fn echoing() -> StandIn {
    StandIn::plain(|asked| {
        if asked.place == "/token" {
            return token();
        }
        let (status, _, body) = well(asked, has_token);
        let link = format!(
            r#""link":[{{"relation":"self","url":"http://x.example/{CANARY}-token?t={CANARY}-token"}}],"#
        );
        let body = body.replacen('{', &format!("{{{link}"), 1);
        (status, "etag: W/\"c4n4ry-of-the-stand-in-token\"\r\n", body)
    })
}

#[test]
fn a_run_with_tokens_leaves_none_behind() {
    let folder = temp();
    let server = echoing();
    let (_, record) = run(
        folder.path(),
        &target(&server.base("http"), &signed(&server)),
    );
    assert_eq!(codes(&record, "error"), Vec::<String>::new());
    let asked = server.asked();
    let fetched = asked.iter().filter(|a| a.place == "/token").count();
    assert_eq!(fetched, 1);
    let let_in = asked.iter().filter(|a| has_token(a)).count();
    assert!(let_in > 10, "{let_in}");
    assert_eq!(let_in + fetched, asked.len(), "every request was signed in");
}

#[test]
fn a_refused_token_request_is_an_error_and_no_failure() {
    let folder = temp();
    let server = StandIn::plain(|asked| {
        if asked.place == "/token" {
            let body = format!(r#"{{"error":"invalid_client","error_description":"{CANARY}"}}"#);
            return (401, "", body);
        }
        well(asked, |_| false)
    });
    let (code, record) = run(
        folder.path(),
        &target(&server.base("http"), &signed(&server)),
    );
    assert_eq!(code, Some(4));
    assert_eq!(codes(&record, "broken"), Vec::<String>::new());
    let errors = codes(&record, "error");
    assert!(errors.len() > 10, "{errors:?}");
    assert!(
        errors.iter().all(|code| code == "HTTP-SIGN-IN"),
        "{errors:?}"
    );
    let text = record.to_string();
    assert!(text.contains("status 401 and the error invalid_client"));
    assert_eq!(
        server.asked().len(),
        1,
        "the token service is asked once, the system never"
    );
}

/// Lets the first searches in but for one refusal, and from some search on nobody.
fn ending(signed_in_until: usize) -> StandIn {
    let count = AtomicUsize::new(0);
    StandIn::plain(move |asked| -> Reply {
        if asked.place == "/token" {
            return token();
        }
        // The first search is refused; the control request after it, another search, is let in.
        let let_in = || {
            let number = count.fetch_add(1, Ordering::SeqCst);
            number != 0 && number < signed_in_until
        };
        // The search that a web page makes is about CORS and comes before the others.
        well(asked, |asked| asked.header("origin").is_some() || let_in())
    })
}

#[test]
fn a_token_that_ends_during_a_run_is_an_error_and_no_failure() {
    for with_service in [false, true] {
        let folder = temp();
        let server = ending(2);
        let auth = if with_service {
            signed(&server)
        } else {
            bearer()
        };
        let (_, record) = run(folder.path(), &target(&server.base("http"), &auth));
        let errors = codes(&record, "error");
        assert!(errors.len() > 10, "{errors:?}");
        assert!(
            errors.iter().all(|code| code == "HTTP-REFUSED-LOGIN"),
            "{errors:?}"
        );
        let scenarios = record["scenarios"].as_array().unwrap();
        let failed = scenarios
            .iter()
            .filter(|scenario| scenario["feature"] != "metadata.feature")
            .filter(|scenario| scenario["verdict"]["verdict"] == "fail")
            .count();
        assert_eq!(failed, 1, "what was refused while others were let in");
    }
}
