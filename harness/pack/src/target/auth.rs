//! [auth] of target.toml: how to sign in.
//! Not for secrets themselves: only for where they are found.

use super::gp_connect::read_gp_connect;
use super::secret_source::{SecretSource, read_secret};
use super::web_address;
use crate::dates::is_date;
use crate::source::Source;
use crate::toml_reader::{At, Reader};
use jiff::Timestamp;
use plumbline_model::GpConnect;
use url::{Host, Url};

/// How to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// Not at all.
    None,
    /// With a key in a header.
    ApiKey {
        /// Name of the header.
        header: String,
        /// Where the key is found.
        secret: SecretSource,
    },
    /// With an access token that somebody obtained.
    Bearer {
        /// Where the token is found.
        secret: SecretSource,
        /// When it ends.
        expires: Timestamp,
    },
    /// With access tokens that are asked for with a signed JWT.
    ClientCredentials(ClientCredentials),
    /// With the headers and the unsigned tokens of GP Connect.
    GpConnect(Box<GpConnect>),
}

/// OAuth 2 client credentials with a private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// Where tokens are issued: https, or http on this machine.
    pub token_url: Url,
    /// The client, as registered there.
    pub client_id: String,
    /// The key, as registered there.
    pub key_id: String,
    /// The algorithm of the signature.
    pub algorithm: SigningAlgorithm,
    /// Where the private key is found.
    pub key: SecretSource,
    /// What to ask for; may be empty.
    pub scopes: Vec<String>,
    /// Whom the JWT is meant for; the token address if none was given.
    pub audience: String,
}

/// The algorithms with which a request for a token can be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSA with SHA-512.
    Rs512,
    /// ECDSA on the curve P-384 with SHA-384.
    Es384,
}

/// What messages call this table.
const PLACE: &str = "[auth]";
const NONE: &str = "none";
const API_KEY: &str = "api-key";
const BEARER: &str = "bearer";
const CLIENT_CREDENTIALS: &str = "oauth2-client-credentials";
const GP_CONNECT: &str = "gp-connect";
const METHODS: &[&str] = &[NONE, API_KEY, BEARER, CLIENT_CREDENTIALS, GP_CONNECT];
const ALGORITHMS: &[&str] = &["RS512", "ES384"];

/// Every key but `method`, and the methods that it belongs to.
const KEYS: [(&str, &[&str]); 19] = [
    ("header", &[API_KEY]),
    ("env", &[API_KEY, BEARER]),
    ("file", &[API_KEY, BEARER]),
    ("expires", &[BEARER]),
    ("token_url", &[CLIENT_CREDENTIALS]),
    ("client_id", &[CLIENT_CREDENTIALS]),
    ("key_id", &[CLIENT_CREDENTIALS]),
    ("algorithm", &[CLIENT_CREDENTIALS]),
    ("key_file", &[CLIENT_CREDENTIALS]),
    ("key_env", &[CLIENT_CREDENTIALS]),
    ("scopes", &[CLIENT_CREDENTIALS]),
    ("audience", &[CLIENT_CREDENTIALS, GP_CONNECT]),
    ("from_asid", &[GP_CONNECT]),
    ("to_asid", &[GP_CONNECT]),
    ("issuer", &[GP_CONNECT]),
    ("reason", &[GP_CONNECT]),
    ("organisation", &[GP_CONNECT]),
    ("practitioner", &[GP_CONNECT]),
    ("device", &[GP_CONNECT]),
];

pub(super) fn read_auth(mut table: Reader<'_, '_>) -> Option<Auth> {
    let method = table.word("method", METHODS);
    for (key, methods) in KEYS {
        let given = table.has(key);
        table.mark(key);
        if let Some(method) = method.as_ref().map(|m| m.value.as_str())
            && given
            && !methods.contains(&method)
        {
            table.source.error(
                table.key_range(key),
                format!("`{key}` is only for the method {}", methods.join(" or ")),
                format!("remove it, or write method = \"{}\"", methods[0]),
            );
        }
    }
    let auth = match method?.value.as_str() {
        API_KEY => read_api_key(&mut table),
        BEARER => read_bearer(&mut table),
        CLIENT_CREDENTIALS => read_client_credentials(&mut table).map(Auth::ClientCredentials),
        GP_CONNECT => read_gp_connect(&mut table).map(|read| Auth::GpConnect(Box::new(read))),
        _ => Some(Auth::None),
    };
    table.finish();
    auth
}

fn read_api_key(table: &mut Reader<'_, '_>) -> Option<Auth> {
    let header = table.text("header");
    if let Some(header) = &header
        && !header
            .value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    {
        table.source.error(
            header.range.clone(),
            "`header` is not the name of a header",
            "write the name only, in letters, digits and hyphens",
        );
    }
    let secret = read_secret(
        table,
        PLACE,
        "the key",
        ["env", "file"],
        "PLUMBLINE_API_KEY",
    );
    Some(Auth::ApiKey {
        header: header?.value,
        secret: secret?,
    })
}

fn read_bearer(table: &mut Reader<'_, '_>) -> Option<Auth> {
    let secret = read_secret(
        table,
        PLACE,
        "the token",
        ["env", "file"],
        "PLUMBLINE_TOKEN",
    );
    let expires = table.text("expires").and_then(|text| {
        let expires = instant(&text.value);
        if expires.is_none() {
            table.source.error(
                text.range,
                "`expires` is not a point in time",
                "write date, time and time zone as \"2026-11-22T18:00:00Z\"",
            );
        }
        expires
    });
    Some(Auth::Bearer {
        secret: secret?,
        expires: expires?,
    })
}

fn read_client_credentials(table: &mut Reader<'_, '_>) -> Option<ClientCredentials> {
    let address = table.text("token_url");
    let token_url = address
        .as_ref()
        .and_then(|text| check_token_url(table.source, text));
    let client_id = table.text("client_id");
    let key_id = table.text("key_id");
    let algorithm = table
        .word("algorithm", ALGORITHMS)
        .map(|word| match word.value.as_str() {
            "RS512" => SigningAlgorithm::Rs512,
            _ => SigningAlgorithm::Es384,
        });
    let key = read_secret(
        table,
        PLACE,
        "the private key",
        ["key_env", "key_file"],
        "PLUMBLINE_PRIVATE_KEY",
    );
    let scopes = read_scopes(table);
    let audience = if table.has("audience") {
        table.text("audience").map(|text| text.value)
    } else {
        // As it is written: a service compares it letter by letter.
        address.map(|text| text.value)
    };
    Some(ClientCredentials {
        token_url: token_url?,
        client_id: client_id?.value,
        key_id: key_id?.value,
        algorithm: algorithm?,
        key: key?,
        scopes: scopes?,
        audience: audience?,
    })
}

/// A scope as RFC 6749 section 3.3 forms it: printable, without space, quotation mark or backslash.
fn read_scopes(table: &mut Reader<'_, '_>) -> Option<Vec<String>> {
    if !table.has("scopes") {
        return Some(Vec::new());
    }
    let scopes = table.texts("scopes")?;
    for scope in &scopes {
        let formed = scope
            .value
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
        if !formed {
            table.source.error(
                scope.range.clone(),
                "an item of `scopes` is not a scope",
                "write each scope as a text of its own, such as [\"system/*.read\", \"openid\"]",
            );
        }
    }
    Some(scopes.into_iter().map(|scope| scope.value).collect())
}

/// What is sent to this address can be turned into access, so it must be encrypted on the way.
fn check_token_url(source: &Source<'_>, text: &At<String>) -> Option<Url> {
    let url = web_address(source, text, "the token address")?;
    let error = |cause: &str, fix: &str| {
        source.error(
            text.range.clone(),
            format!("the token address {cause}"),
            fix,
        );
        None
    };
    if url.fragment().is_some() {
        return error("holds a fragment", "remove everything from `#` on");
    }
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !is_here {
        return error(
            "is not encrypted",
            "write https://; http is for services on this machine only",
        );
    }
    Some(url)
}

/// An instant as RFC 3339 writes it.
fn instant(text: &str) -> Option<Timestamp> {
    let (date, time) = (text.get(..10)?, text.get(10..)?);
    let time = time.strip_prefix(['T', 't'])?;
    let digits = |at: usize| time.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let clock = [0, 1, 3, 4, 6, 7].into_iter().all(digits)
        && time.as_bytes().get(2) == Some(&b':')
        && time.as_bytes().get(5) == Some(&b':');
    let zone = time.ends_with(['Z', 'z'])
        || time
            .len()
            .checked_sub(6)
            .and_then(|at| time.get(at..))
            .is_some_and(|zone| zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':');
    if !is_date(date) || !clock || !zone {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, instant};

    #[test]
    fn reads_instants_with_a_time_zone_only() {
        for (text, seconds) in [
            ("1970-01-01T00:00:10Z", 10),
            ("1970-01-01T01:00:10+01:00", 10),
            ("1970-01-01t00:00:10.75z", 10),
        ] {
            assert_eq!(
                instant(text).map(Timestamp::as_second),
                Some(seconds),
                "{text}"
            );
        }
        for wrong in [
            "",
            "2026-11-22",
            "2026-11-22T18:00:00",
            "2026-11-22 18:00:00Z",
            "2026-11-22T18:00Z",
            "2026-02-30T18:00:00Z",
            "2026-11-22T25:00:00Z",
            "2026-11-22T18:00:00+0100",
            "2026-11-22T18:00:00[Europe/London]",
            "22 November 2026",
            "2026-11-22T18:00:00Zé",
        ] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }
}
