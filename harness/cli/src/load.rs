//! Loads packs, people and target files, and turns their diagnostics into failures.

use crate::arguments::PackSource;
use crate::failure::Failure;
use crate::surroundings::Machine;
use crate::transport::connection;
use anyhow::Context;
use plumbline_http::{
    Auth, Client, ClientConfig, ClientCredentials, HttpError, KeyFault, SigningAlgorithm,
    Surroundings, private_key_from_file, secret_from_file,
};
use plumbline_model::{ActorRole, DirectoryFact, PackId, Person};
use plumbline_pack::{Files, Pack, Report, SecretSource, TargetFile};
use plumbline_prsb::{RowError, Standard};
use plumbline_runner::Table;
use plumbline_validator::Validators;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The embedded files, overlaid by those of `--packs`.
pub(crate) fn files(source: &PackSource) -> Result<Files, Failure> {
    let embedded = Files::embedded();
    let Some(dir) = &source.dir else {
        return Ok(embedded);
    };
    if !dir.join("profiles").is_dir() && !dir.join("scenarios").is_dir() && dir.is_dir() {
        return Err(no_packs(dir));
    }
    let own = Files::from_dir(dir)
        .map_err(|error| Failure::usage(format!("error: failed to read --packs: {error}")))?;
    Ok(embedded.overlay(own))
}

/// A folder without packs, which would otherwise be passed over in silence.
fn no_packs(dir: &Path) -> Failure {
    let whole = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    let above = whole.ancestors().skip(1).take(2).find(|above| {
        whole.starts_with(above.join("profiles")) || whole.starts_with(above.join("scenarios"))
    });
    let help = match above {
        Some(above) => format!("name the folder above: --packs {}", above.display()),
        None => "a pack `my-pack` is profiles/my-pack/pack.toml and its neighbours, and \
                 scenarios/my-pack/*.feature; name the folder that holds profiles and scenarios"
            .to_owned(),
    };
    Failure::usage(format!(
        "error: `{}` holds neither profiles/ nor scenarios/, so --packs finds nothing there\n  help: {help}",
        dir.display()
    ))
}

/// The folder of people that `--packs` adds, for a mock system to serve.
pub(crate) fn people_dir(source: &PackSource) -> Option<PathBuf> {
    let folder = source.dir.as_ref()?.join("scenarios").join("_people");
    folder.is_dir().then_some(folder)
}

/// One pack, without a mistake.
pub(crate) fn pack(files: &Files, id: &str) -> Result<Pack, Failure> {
    let known = plumbline_pack::list(files);
    let wanted = PackId::from(id);
    if !known.contains(&wanted) {
        let names: Vec<_> = known.iter().map(PackId::as_str).collect();
        return Err(Failure::usage(format!(
            "error: there is no pack `{id}`\n  help: the packs are {}; see plumbline packs",
            names.join(", ")
        )));
    }
    plumbline_pack::load(files, &wanted, &Table::standard()).map_err(|r| mistakes(&r, files))
}

/// The synthetic people.
pub(crate) fn people(files: &Files) -> Result<BTreeMap<ActorRole, Person>, Failure> {
    plumbline_pack::people(files).map_err(|report| mistakes(&report, files))
}

/// Everybody and everything synthetic that scenarios speak of.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The people, by role.
    pub people: BTreeMap<ActorRole, Person>,
    /// Practitioners, organisations and locations, by role.
    pub directory: BTreeMap<ActorRole, DirectoryFact>,
    /// The content rules of the packs that have some.
    pub content: BTreeMap<PackId, Arc<Standard>>,
    /// What the packs say of profiles, for those that bring some.
    definitions: BTreeMap<PackId, PackTexts>,
}

/// The definitions of a pack as texts, and what judges by them once that was asked for.
#[derive(Debug, Default)]
struct PackTexts {
    texts: Vec<(String, String)>,
    made: OnceLock<Arc<Validators>>,
}

impl Facts {
    /// What judges bodies in a run of a pack. The first thing in its definitions that cannot be read is the error.
    pub fn validators(&self, pack: &PackId) -> Result<Arc<Validators>, Failure> {
        let Some(of) = self.definitions.get(pack) else {
            return Ok(Arc::default());
        };
        if let Some(made) = of.made.get() {
            return Ok(Arc::clone(made));
        }
        let texts = of
            .texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()));
        let made = Validators::new(&texts.collect::<Vec<_>>());
        let made = made.map_err(|(path, error)| wrong_facts(&path, &error.to_string()))?;
        Ok(Arc::clone(of.made.get_or_init(|| Arc::new(made))))
    }
}

/// The people, the directory and the content rules.
pub(crate) fn facts(files: &Files) -> Result<Facts, Failure> {
    Ok(Facts {
        content: content(files)?,
        definitions: definitions(files)?,
        people: people(files)?,
        directory: plumbline_pack::directory(files).map_err(|report| mistakes(&report, files))?,
    })
}

/// The content rules of each pack that has a folder `prsb`: the first standard that it tells of.
fn content(files: &Files) -> Result<BTreeMap<PackId, Arc<Standard>>, Failure> {
    let mut found = BTreeMap::new();
    for pack in plumbline_pack::list(files) {
        let folder = format!("profiles/{pack}/prsb/");
        let rows: Vec<(&str, String)> = files
            .under(&folder)
            .map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).into_owned()))
            .collect();
        let rows: Vec<(&str, &str)> = rows
            .iter()
            .map(|(path, text)| (*path, text.as_str()))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let ids = Standard::list(&rows).map_err(|errors| wrong_rows(&errors))?;
        if let Some(id) = ids.first() {
            let standard = Standard::read(id, &rows).map_err(|errors| wrong_rows(&errors))?;
            found.insert(pack, Arc::new(standard));
        }
    }
    Ok(found)
}

/// The texts of the folder `fhir` of each pack that has one. They are read when a run needs them.
fn definitions(files: &Files) -> Result<BTreeMap<PackId, PackTexts>, Failure> {
    let mut found = BTreeMap::new();
    for pack in plumbline_pack::list(files) {
        let folder = format!("profiles/{pack}/fhir/");
        let mut texts = Vec::new();
        for (path, bytes) in files
            .under(&folder)
            .filter(|(path, _)| Path::new(path).extension().is_some_and(|it| it == "txt"))
        {
            let text = String::from_utf8(bytes.to_vec());
            let text = text.map_err(|_| wrong_facts(path, "it is no UTF-8"))?;
            texts.push((path.to_owned(), text));
        }
        if !texts.is_empty() {
            let made = OnceLock::new();
            found.insert(pack, PackTexts { texts, made });
        }
    }
    Ok(found)
}

/// A mistake in the facts of profiles.
fn wrong_facts(path: &str, problem: &str) -> Failure {
    Failure::usage(format!(
        "error: {path}: {problem}\n  help: cargo xtask definitions writes these files; profiles/_fhir/README.md has the format"
    ))
}

/// Mistakes in rows of content rules, each with its file and line.
fn wrong_rows(errors: &[RowError]) -> Failure {
    let lines = errors.iter().map(|error| {
        let RowError {
            path,
            line,
            cause,
            fix,
            ..
        } = error;
        format!("error: {path}:{line}: {cause}\n  help: {fix}")
    });
    Failure::usage(lines.collect::<Vec<_>>().join("\n"))
}

/// A target file, checked against the pack.
pub(crate) fn target(path: &Path, pack: Option<&Pack>) -> Result<TargetFile, Failure> {
    let text = fs::read(path).with_context(|| {
        format!(
            "failed to read the target file `{}`; plumbline init writes one",
            path.display()
        )
    })?;
    target_text(&path.display().to_string(), &text, pack)
}

/// What is wrong with a target file as a failure; what only looks unfinished goes to standard error.
pub(crate) fn lint_target(path: &Path, pack: Option<&Pack>) -> Result<(), Failure> {
    // Reads it as a run does, so that both say the same of a file that is not there or wrong.
    target(path, pack)?;
    let text = fs::read(path)
        .with_context(|| format!("failed to read the target file `{}`", path.display()))?;
    let hints = pack.map(Pack::target_hints);
    let report = plumbline_pack::lint_target(&path.display().to_string(), &text, hints.as_ref());
    if !report.is_empty() {
        eprintln!(
            "{}",
            mistakes(&report, &Files::default()).message.trim_end()
        );
    }
    Ok(())
}

/// The text of a target file, checked against the pack.
pub(crate) fn target_text(
    path: &str,
    text: &[u8],
    pack: Option<&Pack>,
) -> Result<TargetFile, Failure> {
    let hints = pack.map(Pack::target_hints);
    plumbline_pack::target(path, text, hints.as_ref())
        .map_err(|report| mistakes(&report, &Files::default()))
}

/// Diagnostics as a failure.
pub(crate) fn mistakes(report: &Report, files: &Files) -> Failure {
    Failure::usage(report.render(&|path| files.text(path), std::io::stderr().is_terminal()))
}

/// A client for the target, with its secret, and the secrets that must never be written.
pub(crate) fn client(target: &TargetFile) -> Result<(Client, Vec<String>), Failure> {
    prepared(target).map_err(|mistake| {
        Failure::usage(format!("error: {}\n  help: {}", mistake.cause, mistake.fix))
    })
}

/// What in a target file, or in what it names, keeps a client from being made.
#[derive(Debug)]
pub(crate) struct Mistake {
    /// The key of the target file.
    pub field: String,
    /// What is wrong; never holds a secret.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl Mistake {
    pub fn new(field: &str, cause: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            cause: cause.into(),
            fix: fix.into(),
        }
    }
}

/// As [`client`], with the key of the target file that a mistake is in.
pub(crate) fn prepared(target: &TargetFile) -> Result<(Client, Vec<String>), Mistake> {
    let (auth, mut secrets) = auth(&target.auth)?;
    let (connection, passwords) = connection(&target.connection)?;
    secrets.extend(passwords);
    let limits = &target.limits;
    let config = ClientConfig {
        base_urls: target.base_urls.clone(),
        auth,
        connection,
        timeout: Duration::from_secs(limits.timeout_seconds),
        connect_timeout: Duration::from_secs(limits.timeout_seconds.min(10)),
        max_body_bytes: usize::try_from(limits.max_body_mb)
            .unwrap_or(usize::MAX)
            .saturating_mul(1 << 20),
        requests_per_second: limits.requests_per_second,
        total_requests: limits.total,
        user_agent: concat!("plumbline/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let client = Client::new(config).map_err(|error| refused(&error, &target.auth))?;
    Ok((client, secrets))
}

/// The credentials, and what of them must never be written.
fn auth(auth: &plumbline_pack::Auth) -> Result<(Auth, Vec<String>), Mistake> {
    let plain = |secret: &SecretString| vec![secret.expose_secret().to_owned()];
    Ok(match auth {
        plumbline_pack::Auth::None => (Auth::None, Vec::new()),
        plumbline_pack::Auth::ApiKey { header, secret } => {
            let secret = secret_of(secret, "the key")?;
            let secrets = plain(&secret);
            let header = header.clone();
            (Auth::ApiKey { header, secret }, secrets)
        }
        plumbline_pack::Auth::Bearer { secret, expires } => {
            if Machine.now() >= expires.as_second() {
                return Err(Mistake::new(
                    "auth.expires",
                    format!(
                        "the access token of [auth] in the target file came to its end at {expires}"
                    ),
                    format!(
                        "get a new access token for this system, put it into {}, and write when it ends \
                         in `expires`",
                        place(secret)
                    ),
                ));
            }
            let token = secret_of(secret, "the access token")?;
            let secrets = plain(&token);
            let bearer = Auth::Bearer {
                token,
                expires: expires.as_second(),
                surroundings: Arc::new(Machine),
            };
            (bearer, secrets)
        }
        plumbline_pack::Auth::ClientCredentials(given) => {
            let settings = ClientCredentials {
                token_url: given.token_url.clone(),
                client_id: given.client_id.clone(),
                key_id: given.key_id.clone(),
                algorithm: match given.algorithm {
                    plumbline_pack::SigningAlgorithm::Rs512 => SigningAlgorithm::Rs512,
                    plumbline_pack::SigningAlgorithm::Es384 => SigningAlgorithm::Es384,
                },
                key: private_key_of(&given.key)?,
                scopes: given.scopes.clone(),
                audience: given.audience.clone(),
            };
            let secrets = plain(&settings.key);
            let auth = Auth::ClientCredentials {
                settings,
                surroundings: Arc::new(Machine),
            };
            (auth, secrets)
        }
        plumbline_pack::Auth::GpConnect(given) => {
            let auth = Auth::GpConnect {
                settings: given.clone(),
                surroundings: Arc::new(Machine),
            };
            (auth, Vec::new())
        }
    })
}

/// One line, from where the target file says.
fn secret_of(source: &SecretSource, what: &str) -> Result<SecretString, Mistake> {
    match source {
        SecretSource::Env(name) => variable("auth.env", name, what),
        SecretSource::File(path) => {
            secret_from_file(path).map_err(|error| in_file("auth.file", &error))
        }
    }
}

fn private_key_of(source: &SecretSource) -> Result<SecretString, Mistake> {
    match source {
        SecretSource::Env(name) => variable("auth.key_env", name, "the private key"),
        SecretSource::File(path) => {
            private_key_from_file(path).map_err(|error| in_file("auth.key_file", &error))
        }
    }
}

fn variable(field: &str, name: &str, what: &str) -> Result<SecretString, Mistake> {
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(SecretString::from(value)),
        _ => Err(Mistake::new(
            field,
            format!(
                "the environment variable {name} named in [auth] of the target file is not set"
            ),
            format!("set it to {what}, or name a file instead"),
        )),
    }
}

fn in_file(field: &str, error: &HttpError) -> Mistake {
    Mistake::new(
        field,
        error.to_string(),
        "name a file that can be read and holds nothing but the secret; a path is taken from the \
         folder in which plumbline is started",
    )
}

/// Where a secret is kept, in words.
fn place(source: &SecretSource) -> String {
    match source {
        SecretSource::Env(name) => format!("the environment variable {name}"),
        SecretSource::File(path) => format!("the file {}", path.display()),
    }
}

/// An error of the client, with the key of the target file that led to it.
fn refused(error: &HttpError, auth: &plumbline_pack::Auth) -> Mistake {
    let (field, fix) = match error {
        HttpError::SigningKey(fault) => (
            match fault {
                KeyFault::WrongKind => "auth.algorithm",
                _ => secret_field(auth),
            },
            key_advice(*fault),
        ),
        HttpError::TrustRootFile { .. } | HttpError::TrustRoot { .. } => (
            "connection.trust_roots",
            "name files that hold certificates in PEM form; a path is taken from the folder in which \
             plumbline is started",
        ),
        HttpError::AuthHeader { .. } => ("auth.header", "write the name of the header only"),
        HttpError::TokenWithScheme => (secret_field(auth), "keep the token only, without the word"),
        HttpError::SecretValue => (
            secret_field(auth),
            "copy the secret again, without line breaks, spaces or quotation marks",
        ),
        HttpError::SecretFile { .. } | HttpError::SecretFileContent { .. } => (
            secret_field(auth),
            "name a file that holds nothing but the secret",
        ),
        HttpError::NoDefaultBaseUrl | HttpError::BaseUrl { .. } => {
            ("base_urls.default", "correct the base address")
        }
        HttpError::ZeroRate => ("limits.requests_per_second", "write at least 1"),
        HttpError::UserAgent | HttpError::Setup(_) => (
            "connection.trust_roots",
            "install the trusted certificates of your operating system (on Debian: ca-certificates), \
             or name the issuer's certificate in `trust_roots`",
        ),
    };
    Mistake::new(field, error.to_string(), fix)
}

const fn key_advice(fault: KeyFault) -> &'static str {
    match fault {
        KeyFault::Encrypted => {
            "remove the passphrase: openssl pkcs8 -topk8 -nocrypt -in locked.pem -out private.pem"
        }
        KeyFault::OldEcForm => {
            "convert it: openssl pkcs8 -topk8 -nocrypt -in old.pem -out private.pem"
        }
        KeyFault::Public => {
            "name the private key, which begins with -----BEGIN PRIVATE KEY-----; the public one is for \
             the token service"
        }
        KeyFault::NotPem => {
            "name a private key in PEM form, which begins with -----BEGIN PRIVATE KEY-----"
        }
        KeyFault::WrongKind => {
            "RS512 needs an RSA key of at least 2048 bits, ES384 an EC key on the curve P-384; correct \
             `algorithm` or the key"
        }
    }
}

fn secret_field(auth: &plumbline_pack::Auth) -> &'static str {
    match auth {
        plumbline_pack::Auth::None | plumbline_pack::Auth::GpConnect(_) => "auth.method",
        plumbline_pack::Auth::ApiKey { secret, .. }
        | plumbline_pack::Auth::Bearer { secret, .. } => match secret {
            SecretSource::Env(_) => "auth.env",
            SecretSource::File(_) => "auth.file",
        },
        plumbline_pack::Auth::ClientCredentials(given) => match given.key {
            SecretSource::Env(_) => "auth.key_env",
            SecretSource::File(_) => "auth.key_file",
        },
    }
}
