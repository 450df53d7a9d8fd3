//! Private keys and the assertions that they sign.

use crate::service::{Both, EC, RSA, START, TestClock, settings, signing_in};
use crate::support::request;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use plumbline_http::{Client, HttpError, KeyFault, SigningAlgorithm};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use secrecy::SecretString;
use serde_json::json;

/// The key of a PKCS#8 file as PKCS#1: what the octet string at its end holds.
pub fn pkcs1(pair: &KeyPair) -> String {
    let pkcs8 = pair.serialize_der();
    // Sequence, version and algorithm take 22 octets, the head of the octet string four.
    assert_eq!(pkcs8[22], 4);
    let body = base64(&pkcs8[26..]);
    format!("-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\n")
}

pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (at, group) in bytes.chunks(3).enumerate() {
        let mut bits = [0; 3];
        bits[..group.len()].copy_from_slice(group);
        let [a, b, c] = bits.map(usize::from);
        let sextets = [
            a >> 2,
            (a & 3) << 4 | b >> 4,
            (b & 15) << 2 | c >> 6,
            c & 63,
        ];
        for (index, sextet) in sextets.into_iter().enumerate() {
            let is_padding = index > group.len();
            text.push(if is_padding {
                '='
            } else {
                char::from(LETTERS[sextet])
            });
        }
        if at % 16 == 15 {
            text.push('\n');
        }
    }
    text.trim_end().to_owned() + "\n"
}

#[tokio::test]
async fn assertions_are_signed_as_the_service_verifies_them() {
    let public = |pair: &KeyPair| pair.public_key_pem();
    let rsa = DecodingKey::from_rsa_pem(public(&RSA).as_bytes()).unwrap();
    let ec = DecodingKey::from_ec_pem(public(&EC).as_bytes()).unwrap();
    for (algorithm, pem, jwt, key) in [
        (
            SigningAlgorithm::Rs512,
            RSA.serialize_pem(),
            Algorithm::RS512,
            &rsa,
        ),
        (SigningAlgorithm::Rs512, pkcs1(&RSA), Algorithm::RS512, &rsa),
        (
            SigningAlgorithm::Es384,
            EC.serialize_pem(),
            Algorithm::ES384,
            &ec,
        ),
    ] {
        let both = Both::start().await;
        let uri = both.server.uri();
        let mut settings = settings(&format!("{uri}/token"));
        settings.algorithm = algorithm;
        settings.key = SecretString::from(pem);
        settings.audience = "https://auth.example/audience".to_owned();
        settings.scopes = vec!["system/*.read".to_owned(), "openid".to_owned()];
        let client = Client::new(signing_in(&uri, settings, &both.clock)).unwrap();
        client.sign_in().await.unwrap();
        let form = &both.forms().await[0];
        let assertion = &form["client_assertion"];
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(
            form["client_assertion_type"],
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        assert_eq!(form["scope"], "system/*.read openid");
        assert_eq!(form.len(), 4);

        let header = decode_header(assertion).unwrap();
        assert_eq!(header.alg, jwt);
        assert_eq!(header.typ.as_deref(), Some("JWT"));
        assert_eq!(header.kid.as_deref(), Some("k-1"));
        let mut validation = Validation::new(jwt);
        validation.set_audience(&["https://auth.example/audience"]);
        validation.validate_exp = false;
        let claims = decode::<serde_json::Value>(assertion, key, &validation)
            .unwrap()
            .claims;
        assert_eq!(
            claims,
            json!({
                "iss": "plumbline-1",
                "sub": "plumbline-1",
                "aud": "https://auth.example/audience",
                "jti": "id-0",
                "iat": START,
                "exp": START + 240,
            })
        );

        // The proof that verification can fail: one letter of the claims changed.
        let mut parts: Vec<String> = assertion.split('.').map(str::to_owned).collect();
        let other = if parts[1].ends_with('A') { "B" } else { "A" };
        parts[1].pop();
        parts[1].push_str(other);
        let changed = decode::<serde_json::Value>(parts.join("."), key, &validation);
        assert_eq!(changed.unwrap_err().kind(), &ErrorKind::InvalidSignature);
    }
}

#[tokio::test]
async fn every_request_for_a_token_has_an_id_of_its_own() {
    let both = Both::start().await;
    let client = Client::new(both.config()).unwrap();
    for minutes in [0, 10, 20] {
        both.clock.turn_to(minutes * 60);
        client.get(request("metadata")).await;
    }
    let forms = both.forms().await;
    assert_eq!(forms.len(), 3);
    let ids: Vec<String> = forms
        .iter()
        .map(|form| {
            assert!(!form.contains_key("scope"));
            let assertion = &form["client_assertion"];
            jsonwebtoken::dangerous::insecure_decode::<serde_json::Value>(assertion)
                .unwrap()
                .claims["jti"]
                .to_string()
        })
        .collect();
    assert_eq!(ids, ["\"id-0\"", "\"id-1\"", "\"id-2\""]);
}

#[test]
fn a_key_that_cannot_sign_is_refused_before_anything_is_sent() {
    let p256 = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let named = |kind: &str| format!("-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n");
    let (rs512, es384) = (SigningAlgorithm::Rs512, SigningAlgorithm::Es384);
    for (algorithm, pem, fault) in [
        (rs512, EC.serialize_pem(), KeyFault::WrongKind),
        (es384, RSA.serialize_pem(), KeyFault::WrongKind),
        (es384, pkcs1(&RSA), KeyFault::WrongKind),
        (es384, p256.serialize_pem(), KeyFault::WrongKind),
        (rs512, RSA.public_key_pem(), KeyFault::Public),
        (es384, EC.public_key_pem(), KeyFault::Public),
        (rs512, named("CERTIFICATE"), KeyFault::Public),
        (rs512, named("ENCRYPTED PRIVATE KEY"), KeyFault::Encrypted),
        (es384, named("EC PRIVATE KEY"), KeyFault::OldEcForm),
        (rs512, named("PRIVATE KEY"), KeyFault::NotPem),
        (rs512, "c4n4ry-not-a-key".to_owned(), KeyFault::NotPem),
        (rs512, String::new(), KeyFault::NotPem),
    ] {
        let mut settings = settings("https://auth.example/token");
        settings.algorithm = algorithm;
        settings.key = SecretString::from(pem.clone());
        let config = signing_in("https://fhir.example", settings, &TestClock::new());
        let error = Client::new(config).unwrap_err();
        let HttpError::SigningKey(found) = error else {
            panic!("{error}");
        };
        assert_eq!(
            found,
            fault,
            "{algorithm:?} {}",
            pem.lines().next().unwrap_or("")
        );
        assert!(!format!("{error} {error:?}").contains("c4n4ry"));
    }
}
