//! [auth] and [connection] of target files: what is read from them, and what is never shown.
//! Not for single mistakes, which are cases in `lint`.

use super::{TARGET, good, hints};
use plumbline_pack::{
    Auth, ClientCertificate, ClientCredentials, SecretSource, SigningAlgorithm, TargetFile, target,
};
use std::path::PathBuf;

const API_KEY: &str = "method = \"api-key\"\nheader = \"apikey\"\nenv = \"PLUMBLINE_API_KEY\"\n";
const BEARER: &str =
    "method = \"bearer\"\nfile = \"token\"\nexpires = \"2026-11-22T19:00:00+01:00\"\n";
const SIGNED: &str = "method = \"oauth2-client-credentials\"\n\
    token_url = \"https://auth.example/token?realm=test\"\nclient_id = \"plumbline-1\"\n\
    key_id = \"k-1\"\nalgorithm = \"ES384\"\nkey_env = \"PLUMBLINE_PRIVATE_KEY\"\n\
    scopes = [\"system/*.read\", \"openid\"]\n";
const CONNECTION: &str = "[connection]\nproxy = \"http://proxy.example:3128\"\n\
    trust_roots = [\"our-ca.pem\"]\n[connection.hosts]\n\"Riverside.example\" = \"[::1]:8443\"\n\
    \"auth.example\" = \"127.0.0.1\"\n[limits]\n";

fn with(auth: &str, limits: &str) -> String {
    String::from_utf8(good().remove(TARGET).unwrap())
        .unwrap()
        .replacen(API_KEY, auth, 1)
        .replacen("[limits]\n", limits, 1)
}

fn read(text: &str) -> TargetFile {
    target(TARGET, text.as_bytes(), Some(&hints())).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn a_pasted_token_is_read_as_written() {
    let Auth::Bearer { secret, expires } = read(&with(BEARER, "[limits]\n")).auth else {
        panic!("another method");
    };
    assert_eq!(secret, SecretSource::File(PathBuf::from("token")));
    assert_eq!(expires.to_string(), "2026-11-22T18:00:00Z");
}

#[test]
fn client_credentials_are_read_as_written() {
    let wanted = ClientCredentials {
        token_url: "https://auth.example/token?realm=test".parse().unwrap(),
        client_id: "plumbline-1".to_owned(),
        key_id: "k-1".to_owned(),
        algorithm: SigningAlgorithm::Es384,
        key: SecretSource::Env("PLUMBLINE_PRIVATE_KEY".to_owned()),
        scopes: vec!["system/*.read".to_owned(), "openid".to_owned()],
        audience: "https://auth.example/token?realm=test".to_owned(),
    };
    assert_eq!(
        read(&with(SIGNED, "[limits]\n")).auth,
        Auth::ClientCredentials(wanted.clone())
    );
    let bare = SIGNED.replace(
        "https://auth.example/token?realm=test",
        "https://Auth.example",
    );
    let Auth::ClientCredentials(read_back) = read(&with(&bare, "[limits]\n")).auth else {
        panic!("another method");
    };
    assert_eq!(read_back.audience, "https://Auth.example");
    let other = SIGNED.replace(
        "scopes =",
        "audience = \"https://auth.example\"\n# scopes =",
    );
    assert_eq!(
        read(&with(&other, "[limits]\n")).auth,
        Auth::ClientCredentials(ClientCredentials {
            scopes: Vec::new(),
            audience: "https://auth.example".to_owned(),
            ..wanted
        })
    );
}

#[test]
fn a_token_address_on_this_machine_may_be_unencrypted() {
    for host in ["127.0.0.1:9000", "localhost", "[::1]:9000"] {
        let local = SIGNED.replace("https://auth.example", &format!("http://{host}"));
        read(&with(&local, "[limits]\n"));
    }
}

#[test]
fn the_connection_is_read_as_written() {
    let connection = read(&with(SIGNED, CONNECTION)).connection;
    assert_eq!(
        connection.proxy.unwrap().as_str(),
        "http://proxy.example:3128/"
    );
    assert_eq!(connection.trust_roots, [PathBuf::from("our-ca.pem")]);
    let hosts: Vec<_> = connection
        .hosts
        .iter()
        .map(|(name, address)| (name.as_str(), address.ip.to_string(), address.port))
        .collect();
    assert_eq!(
        hosts,
        [
            ("auth.example", "127.0.0.1".to_owned(), None),
            ("riverside.example", "::1".to_owned(), Some(8443)),
        ]
    );
    assert_eq!(
        read(&with(SIGNED, "[limits]\n")).connection,
        plumbline_pack::Connection::default()
    );
}

#[test]
fn a_patient_is_of_the_data_sheet_unless_it_says_otherwise() {
    let own = |text: &str| read(text).actors.into_values().next().unwrap().data_sheet;
    let text = with(API_KEY, "[limits]\n");
    assert!(own(&text));
    for (flag, wanted) in [("true", true), ("false", false)] {
        let local = "local_identifier = \"RV-1001\"";
        let text = text.replace(local, &format!("{local}, data_sheet = {flag}"));
        assert_eq!(own(&text), wanted);
    }
}

#[test]
fn no_secret_of_sign_in_or_connection_is_ever_shown() {
    const SECRET: &str = "hunter2correcthorse";
    let edits = [
        (BEARER, "file = \"token\"", format!("env = \"{SECRET}\"")),
        (BEARER, "file = \"token\"", format!("token = \"{SECRET}\"")),
        (
            BEARER,
            "file = \"token\"",
            format!("file = \"-----BEGIN {SECRET}\""),
        ),
        (BEARER, "2026-11-22T19:00:00+01:00", SECRET.to_owned()),
        (SIGNED, "https://auth", format!("https://me:{SECRET}@auth")),
        (
            SIGNED,
            "https://auth.example",
            format!("http://{SECRET}.example"),
        ),
        (
            SIGNED,
            "https://auth.example/token?realm=test",
            SECRET.to_owned(),
        ),
        (SIGNED, "?realm=test", format!("#{SECRET}")),
        (SIGNED, "\"ES384\"", format!("\"{SECRET}\"")),
        (SIGNED, "PLUMBLINE_PRIVATE_KEY", SECRET.to_owned()),
        (
            SIGNED,
            "key_env = \"PLUMBLINE",
            format!("key_file = \"-----BEGIN{SECRET}"),
        ),
        (SIGNED, "key_id =", format!("{SECRET} =")),
        (SIGNED, "\"openid\"", format!("\"open id {SECRET}\"")),
        (
            SIGNED,
            "scopes = [",
            format!("audience = [\"{SECRET}\"]\nscopes = ["),
        ),
        (CONNECTION, "http://proxy.example:3128", SECRET.to_owned()),
        (
            CONNECTION,
            "http://proxy",
            format!("http://me:{SECRET}@proxy"),
        ),
        (CONNECTION, ":3128", format!(":3128/{SECRET}")),
        (
            CONNECTION,
            "\"our-ca.pem\"",
            format!("\"-----BEGIN {SECRET}\""),
        ),
        (CONNECTION, "[\"our-ca.pem\"]", format!("\"{SECRET}\"")),
        (CONNECTION, "[::1]:8443", SECRET.to_owned()),
        (CONNECTION, "Riverside.example", SECRET.to_owned()),
        (
            CONNECTION,
            "\"Riverside.example\"",
            format!("{SECRET}.example"),
        ),
        (CONNECTION, "trust_roots =", format!("{SECRET} =")),
    ];
    let good = with(SIGNED, CONNECTION);
    read(&good);
    for (block, find, replace) in edits {
        let text = if block == BEARER {
            with(&BEARER.replacen(find, &replace, 1), "[limits]\n")
        } else {
            good.replacen(find, &replace, 1)
        };
        assert!(text.contains(SECRET), "{find} is not there");
        let Err(report) = target(TARGET, text.as_bytes(), Some(&hints())) else {
            panic!("accepted: {replace}");
        };
        let lookup = |_: &str| Some(text.clone());
        let shown = format!("{}{report}{report:?}", report.render(&lookup, false));
        assert!(!shown.contains("hunter2"), "{replace}:\n{shown}");
    }
}

const GP_CONNECT: &str =
    "method = \"gp-connect\"\nfrom_asid = \"200000000359\"\nto_asid = \"918999198993\"\n";

#[test]
fn who_asks_over_gp_connect_is_made_up_unless_it_is_said() {
    let read_auth = |text: &str| match read(&with(text, "[limits]\n")).auth {
        Auth::GpConnect(auth) => auth,
        other => panic!("{other:?}"),
    };
    let usual = read_auth(GP_CONNECT);
    assert_eq!(usual.from_asid, "200000000359");
    assert_eq!(usual.to_asid, "918999198993");
    assert_eq!(usual.audience, None);
    assert_eq!(usual.reason, "directcare");
    assert_eq!(usual.practitioner.sds_user_id, "555000000009");
    assert!(!usual.organisation.name.is_empty() && !usual.device.version.is_empty());
    let own = read_auth(&format!(
        "{GP_CONNECT}reason = \"migration\"\naudience = \"https://a.example/STU3/1\"\n\
         [auth.organisation]\nods_code = \"A11111\"\n[auth.practitioner]\nsds_user_id = \"G1\"\n\
         [auth.device]\nmodel = \"Desk\"\n"
    ));
    assert_eq!(own.reason, "migration");
    assert_eq!(own.audience.as_deref(), Some("https://a.example/STU3/1"));
    assert_eq!(own.organisation.ods_code, "A11111");
    assert_eq!(own.organisation.name, usual.organisation.name);
    assert_eq!(own.practitioner.sds_user_id, "G1");
    assert_eq!(own.device.model, "Desk");
}

#[test]
fn client_certificates_are_read_as_written() {
    let text = "[connection.client_certificate]\npkcs12 = \"client.p12\"\n\
        password_file = \"password\"\n[connection.wrong_certificates.expired]\n\
        certificate = \"old.pem\"\nkey = \"old.key\"\n\
        [connection.wrong_certificates.revoked]\npkcs12 = \"gone.p12\"\n[limits]\n";
    let connection = read(&with(API_KEY, text)).connection;
    let pkcs12 = |file: &str, password: Option<&str>| ClientCertificate::Pkcs12 {
        file: PathBuf::from(file),
        password: password.map(|file| SecretSource::File(PathBuf::from(file))),
    };
    assert_eq!(
        connection.client_certificate,
        Some(pkcs12("client.p12", Some("password")))
    );
    let wrong: Vec<_> = connection.wrong_certificates.into_iter().collect();
    let old = ClientCertificate::Pem {
        certificate: PathBuf::from("old.pem"),
        key: PathBuf::from("old.key"),
    };
    assert_eq!(
        wrong,
        [
            ("expired".to_owned(), old),
            ("revoked".to_owned(), pkcs12("gone.p12", None)),
        ]
    );
}
