//! Loads packs, people and target files, and turns their diagnostics into failures.

use crate::arguments::PackSource;
use crate::failure::Failure;
use anyhow::Context;
use plumbline_http::{Auth, Client, ClientConfig, secret_from_file};
use plumbline_model::{ActorRole, PackId, Person};
use plumbline_pack::{Files, Pack, Report, SecretSource, TargetFile};
use plumbline_runner::Table;
use std::collections::BTreeMap;
use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

/// The embedded files, overlaid by those of `--packs`.
pub(crate) fn files(source: &PackSource) -> Result<Files, Failure> {
    let embedded = Files::embedded();
    let Some(dir) = &source.dir else {
        return Ok(embedded);
    };
    let own = Files::from_dir(dir)
        .map_err(|error| Failure::usage(format!("error: failed to read --packs: {error}")))?;
    Ok(embedded.overlay(own))
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
    use secrecy::ExposeSecret;
    let (auth, secrets) = match &target.auth {
        plumbline_pack::Auth::None => (Auth::None, Vec::new()),
        plumbline_pack::Auth::ApiKey { header, secret } => {
            let secret = match secret {
                SecretSource::Env(name) => match std::env::var(name) {
                    Ok(value) if !value.is_empty() => secrecy::SecretString::from(value),
                    _ => {
                        return Err(Failure::usage(format!(
                            "error: the environment variable {name} named in [auth] of the target \
                             file is not set\n  help: set it to the key, or name a file instead"
                        )));
                    }
                },
                SecretSource::File(path) => {
                    secret_from_file(path).map_err(|e| Failure::usage(format!("error: {e}")))?
                }
            };
            let plain = secret.expose_secret().to_owned();
            (
                Auth::ApiKey {
                    header: header.clone(),
                    secret,
                },
                vec![plain],
            )
        }
    };
    let limits = &target.limits;
    let config = ClientConfig {
        base_urls: target.base_urls.clone(),
        auth,
        timeout: Duration::from_secs(limits.timeout_seconds),
        connect_timeout: Duration::from_secs(limits.timeout_seconds.min(10)),
        max_body_bytes: usize::try_from(limits.max_body_mb)
            .unwrap_or(usize::MAX)
            .saturating_mul(1 << 20),
        requests_per_second: limits.requests_per_second,
        total_requests: limits.total,
        user_agent: concat!("plumbline/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let client = Client::new(config).map_err(|e| Failure::usage(format!("error: {e}")))?;
    Ok((client, secrets))
}
