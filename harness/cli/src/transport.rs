//! Turns what a target file says of the connection into what the client takes, and reads the files
//! with client certificates.
//! Not for secrets of [auth]: see `load`.

use crate::load::Mistake;
use plumbline_http::{
    ClientIdentity, Connection, IdentityError, IdentityField, WrongCertificate, secret_from_file,
};
use plumbline_pack::{ClientCertificate, SecretSource};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The connection, and the passwords that must never be written.
pub(crate) fn connection(
    given: &plumbline_pack::Connection,
) -> Result<(Connection, Vec<String>), Mistake> {
    let mut passwords = Vec::new();
    let mut read = |certificate: &ClientCertificate, place: &str| {
        let (identity, password) = identity(certificate, place)?;
        passwords.extend(password);
        Ok(identity)
    };
    let client_certificate = match &given.client_certificate {
        Some(certificate) => Some(read(certificate, "connection.client_certificate")?),
        None => None,
    };
    let mut wrong_certificates = BTreeMap::new();
    for (key, certificate) in &given.wrong_certificates {
        let mut all = WrongCertificate::ALL.iter();
        if let Some(wrong) = all.find(|wrong| wrong.key() == key) {
            let place = format!("connection.wrong_certificates.{key}");
            wrong_certificates.insert(*wrong, read(certificate, &place)?);
        }
    }
    let hosts = given.hosts.iter().map(|(name, address)| {
        let port = address.port.unwrap_or(0);
        (name.clone(), SocketAddr::new(address.ip, port))
    });
    let connection = Connection {
        proxy: given.proxy.clone(),
        trust_roots: given.trust_roots.clone(),
        hosts: hosts.collect(),
        client_certificate,
        wrong_certificates,
    };
    Ok((connection, passwords))
}

/// A certificate with its key, and its password if it has one.
fn identity(
    certificate: &ClientCertificate,
    place: &str,
) -> Result<(ClientIdentity, Option<String>), Mistake> {
    match certificate {
        ClientCertificate::Pem { certificate, key } => {
            let identity = ClientIdentity::from_pem_files(certificate, key);
            Ok((
                identity.map_err(|error| mistake(&error, place, None))?,
                None,
            ))
        }
        ClientCertificate::Pkcs12 { file, password } => {
            let (secret, shown) = match password {
                None => (SecretString::default(), None),
                Some(source) => {
                    let secret = password_of(source, place)?;
                    let shown = secret.expose_secret().to_owned();
                    (secret, Some(shown))
                }
            };
            let identity = ClientIdentity::from_pkcs12_file(file, &secret)
                .map_err(|error| mistake(&error, place, password.as_ref()))?;
            Ok((identity, shown))
        }
    }
}

fn mistake(error: &IdentityError, place: &str, password: Option<&SecretSource>) -> Mistake {
    let key = match (error.field(), password) {
        (IdentityField::Password, Some(SecretSource::File(_))) => "password_file",
        (field, _) => field.key(),
    };
    Mistake::new(
        &format!("{place}.{key}"),
        format!("`{key}` in [{place}]: {error}"),
        error.next_step(),
    )
}

fn password_of(source: &SecretSource, place: &str) -> Result<SecretString, Mistake> {
    match source {
        SecretSource::Env(name) => match std::env::var(name) {
            Ok(value) if !value.is_empty() => Ok(SecretString::from(value)),
            _ => Err(Mistake::new(
                &format!("{place}.password_env"),
                format!("the environment variable {name} named in [{place}] is not set"),
                "set it to the password, or name a file in `password_file` instead; without either, \
                 the file is opened without a password",
            )),
        },
        SecretSource::File(path) => secret_from_file(path).map_err(|error| {
            Mistake::new(
                &format!("{place}.password_file"),
                error.to_string(),
                "name a file that can be read and holds nothing but the password",
            )
        }),
    }
}
