//! Credentials that are missing, wrong or at their end, and token services that refuse.

use super::{Case, KEY, NONE, check, doctor, target};
use crate::stand_in::{Asked, CANARY, StandIn, has_token, nowhere, statement, token, well};
use crate::support::{KEY_VARIABLE, TEMPLATE, temp};
use rcgen::{KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA512, RsaKeySize};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

fn api_key() -> String {
    format!("method = \"api-key\"\nheader = \"apikey\"\nenv = \"{KEY_VARIABLE}\"")
}

fn bearer(expires: &str) -> String {
    format!("method = \"bearer\"\nenv = \"{KEY_VARIABLE}\"\nexpires = \"{expires}\"")
}

fn signed(token_url: &str, algorithm: &str) -> String {
    format!(
        "method = \"oauth2-client-credentials\"\ntoken_url = \"{token_url}\"\n\
         client_id = \"plumbline-1\"\nkey_id = \"k-1\"\nalgorithm = \"{algorithm}\"\n\
         key_file = \"key.pem\""
    )
}

/// Where the token service of a stand-in is.
fn token_url(address: SocketAddr) -> String {
    format!("http://{address}/token")
}

fn write_key(folder: &Path) -> String {
    let pem = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)
        .unwrap()
        .serialize_pem();
    fs::write(folder.join("key.pem"), &pem).unwrap();
    pem
}

/// Whether the request carries our key, in the header `apikey` or as a token.
fn has_key(asked: &Asked) -> bool {
    asked.header("apikey") == Some(KEY)
        || asked.header("authorization") == Some(&format!("Bearer {KEY}"))
}

const LATER: &str = "2999-01-01T00:00:00Z";

#[test]
fn wrong_keys_are_named() {
    let folder = temp();
    let folder = folder.path();
    let system = StandIn::plain(|asked| well(asked, has_key));
    let in_env = format!("env = \"{KEY_VARIABLE}\"");
    let in_file = api_key().replace(&in_env, "file = \"absent\"");
    let other_header = api_key().replace("\"apikey\"", "\"x-api-key\"");
    for (name, auth, key, field, seen) in [
        ("no variable", api_key(), None, "auth.env", KEY_VARIABLE),
        ("no file", in_file, None, "auth.file", "absent"),
        (
            "wrong",
            api_key(),
            Some("another"),
            "auth.env",
            "status 401",
        ),
        (
            "two lines",
            api_key(),
            Some("a\nb"),
            "auth.env",
            "cannot carry",
        ),
        ("header", other_header, Some(KEY), "auth.env", "status 401"),
        ("none", NONE.to_owned(), None, "auth.method", "status 401"),
    ] {
        let target = target(&system.base("http"), &auth, "");
        let code = 2;
        check(
            folder,
            Case {
                name,
                target,
                key,
                field,
                code,
                seen,
            },
        );
    }
    let closed = StandIn::plain(|asked| {
        if has_key(asked) {
            well(asked, has_key)
        } else {
            (401, "", CANARY.to_owned())
        }
    });
    for (name, auth, key, field) in [
        ("closed, none", NONE.to_owned(), None, "auth.method"),
        ("closed, wrong", api_key(), Some("another"), "auth.env"),
    ] {
        let target = target(&closed.base("http"), &auth, "");
        let (code, seen) = (2, "status 401");
        check(
            folder,
            Case {
                name,
                target,
                key,
                field,
                code,
                seen,
            },
        );
    }
    let good = target(&closed.base("http"), &api_key(), "");
    let (text, _) = doctor(folder, &good, Some(KEY));
    text.code(0).prints("FHIR version: the system says 4.0.1");
    let good = target(&system.base("http"), &api_key(), "");
    let (text, _) = doctor(folder, &good, Some(KEY));
    text.code(0)
        .prints("signed-in search: not refused (status 200)");
}

#[test]
fn wrong_pasted_tokens_are_named() {
    let folder = temp();
    let folder = folder.path();
    let system = StandIn::plain(|asked| well(asked, has_key));
    let over = "2020-01-01T00:00:00Z";
    let scheme = format!("Bearer {KEY}");
    for (name, expires, key, field, seen) in [
        ("expired", over, Some(KEY), "auth.expires", over),
        ("no variable", LATER, None, "auth.env", KEY_VARIABLE),
        ("wrong", LATER, Some("another"), "auth.env", "status 401"),
        (
            "scheme",
            LATER,
            Some(scheme.as_str()),
            "auth.env",
            "the word Bearer",
        ),
    ] {
        let target = target(&system.base("http"), &bearer(expires), "");
        let code = 2;
        check(
            folder,
            Case {
                name,
                target,
                key,
                field,
                code,
                seen,
            },
        );
    }
    let good = target(&system.base("http"), &bearer(LATER), "");
    let (text, _) = doctor(folder, &good, Some(KEY));
    text.code(0)
        .prints("token: good until 2999-01-01T00:00:00Z");
}

/// A token service that refuses.
fn refusing(status: u16, error: &str) -> StandIn {
    let body = format!(r#"{{"error":"{error}","error_description":"{CANARY}"}}"#);
    StandIn::plain(move |_| (status, "", body.clone()))
}

#[test]
fn refusals_of_the_token_service_are_named() {
    let folder = temp();
    let folder = folder.path();
    write_key(folder);
    let system = StandIn::plain(|asked| well(asked, has_token));
    let client = refusing(401, "invalid_client");
    let scope = refusing(400, "invalid_scope");
    let unknown = refusing(400, CANARY);
    let absent = refusing(404, CANARY);
    let page = StandIn::plain(|_| (200, "", format!("<html>{CANARY}</html>")));
    let url = "auth.token_url";
    for (address, field, code, seen) in [
        (
            client.address,
            "auth.client_id",
            2,
            "401 and the error invalid_client",
        ),
        (
            scope.address,
            "auth.scopes",
            2,
            "400 and the error invalid_scope",
        ),
        (unknown.address, url, 2, "status 400"),
        (absent.address, url, 2, "status 404"),
        (page.address, url, 2, "no token that can be used"),
        (nowhere(), url, 4, "refused"),
    ] {
        let auth = signed(&token_url(address), "ES384");
        let target = target(&system.base("http"), &auth, "");
        let (name, key) = (seen, None);
        check(
            folder,
            Case {
                name,
                target,
                key,
                field,
                code,
                seen,
            },
        );
    }
    assert!(system.asked().iter().all(|asked| !has_token(asked)));
}

#[test]
fn private_keys_that_cannot_sign_are_named() {
    let folder = temp();
    let folder = folder.path();
    write_key(folder);
    let rsa = KeyPair::generate_rsa_for(&PKCS_RSA_SHA512, RsaKeySize::_2048).unwrap();
    fs::write(folder.join("rsa.pem"), rsa.serialize_pem()).unwrap();
    fs::write(folder.join("public.pem"), rsa.public_key_pem()).unwrap();
    let system = StandIn::plain(|asked| well(asked, has_token));
    for (file, algorithm, field, seen) in [
        (
            "key.pem",
            "RS512",
            "auth.algorithm",
            "does not fit the algorithm",
        ),
        (
            "rsa.pem",
            "ES384",
            "auth.algorithm",
            "does not fit the algorithm",
        ),
        ("public.pem", "RS512", "auth.key_file", "public key"),
        ("absent.pem", "RS512", "auth.key_file", "absent.pem"),
    ] {
        let auth = signed(&token_url(nowhere()), algorithm).replace("key.pem", file);
        let target = target(&system.base("http"), &auth, "");
        let (name, key, code) = (file, None, 2);
        check(
            folder,
            Case {
                name,
                target,
                key,
                field,
                code,
                seen,
            },
        );
    }
    assert!(system.asked().is_empty(), "nothing is sent");
}

#[test]
fn a_token_is_obtained_and_tried() {
    let folder = temp();
    let folder = folder.path();
    write_key(folder);
    let service = StandIn::plain(|_| token());
    let system = StandIn::plain(|asked| well(asked, has_token));
    let auth = signed(&token_url(service.address), "ES384");
    let (text, _) = doctor(folder, &target(&system.base("http"), &auth, ""), None);
    text.code(0)
        .prints("ok           test patients: 18 of 18 are found by their NHS numbers")
        .prints("ok           token: good until ")
        .prints("for 9 minutes more");
    let posted = service.asked();
    assert_eq!(posted.len(), 2, "once for each form of the output");
    for asked in posted {
        assert_eq!(asked.method, "POST");
        assert!(asked.body.contains("grant_type=client_credentials&"));
    }
    let searches: Vec<_> = system
        .asked()
        .into_iter()
        .filter(|asked| !asked.place.ends_with("/metadata"))
        .collect();
    let asked_for = |search: &Asked| search.place.rsplit_once("%7C").unwrap().1.to_owned();
    let numbers: Vec<String> = searches.iter().map(asked_for).collect();
    assert_eq!(numbers[0], "9990009996", "first of all, nobody");
    for number in &numbers {
        assert!(
            number == "9990009996" || TEMPLATE.contains(number.as_str()),
            "{number} is no test patient of the target file"
        );
    }
    let narrow = StandIn::plain(|asked| match asked.place.as_str() {
        "/fhir/metadata" => statement("4.0.1"),
        _ => (403, "", CANARY.to_owned()),
    });
    let target = target(&narrow.base("http"), &auth, "");
    let (name, key, field, code, seen) = ("scopes", None, "auth.scopes", 2, "status 403");
    check(
        folder,
        Case {
            name,
            target,
            key,
            field,
            code,
            seen,
        },
    );
}
