//! Makes a bundle of the files of a run. Says nothing that is not in them.
//! Not for reading folders: the caller brings the bytes.

use crate::canonical::{self, CanonicalError};
use crate::container::{self, ContainerError};
use crate::facts::{self, Facts, RecordError, Report};
use crate::hash;
use crate::key::{KeyError, PrivateKey};
use crate::layout::{
    ATTESTATION, Compared, EXCHANGES, FROM_THE_RUN, MANIFEST, PUBLIC_KEY, README, RECORD, REPORT,
    SUBJECT,
};
use crate::manifest::Manifest;
use crate::readme;
use crate::statement::{self, SignerName, Statement};
use std::collections::BTreeMap;
use thiserror::Error;

/// The files of a run folder that a bundle takes, by the names of [`FROM_THE_RUN`].
pub type RunFiles = BTreeMap<&'static str, Vec<u8>>;

/// Who signs.
#[derive(Debug, Clone, Copy)]
pub enum Signing<'a> {
    /// Somebody with a key.
    By {
        /// The key.
        key: &'a PrivateKey,
        /// What the signer calls itself.
        name: &'a SignerName,
    },
    /// Nobody.
    Nobody,
}

/// No bundle can be made of these files.
#[derive(Debug, Error)]
pub enum AssembleError {
    /// A file that must be there is not.
    #[error("{0} is not there")]
    Missing(&'static str),
    /// The record cannot be read.
    #[error("{RECORD} cannot be used: {0}")]
    Record(#[from] RecordError),
    /// The report cannot be read.
    #[error("{REPORT} cannot be used: {0}")]
    Report(String),
    /// The two forms of the exchanges differ.
    #[error(
        "{EXCHANGES} and {RECORD} differ at exchange {0}: one of them was changed after the run"
    )]
    Exchanges(usize),
    /// The archive would be too large.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// The key cannot be written down.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Something has no canonical form.
    #[error("a file of the bundle cannot be written: {0}")]
    Canonical(#[from] CanonicalError),
}

/// Makes the bundle: the same files, signer and key give the same bytes.
pub fn assemble(
    run: &RunFiles,
    compared: Compared,
    signing: Signing<'_>,
) -> Result<Vec<u8>, AssembleError> {
    let facts = facts_of(run, compared)?;
    let subject = canonical::text(&facts)?;
    let key = match signing {
        Signing::By { key, .. } => Some(key.public().to_pem()?),
        Signing::Nobody => None,
    };
    let readme = readme::text(&facts, signing);
    let mut files: Vec<(&str, &[u8])> =
        vec![(README, readme.as_bytes()), (SUBJECT, subject.as_bytes())];
    for name in FROM_THE_RUN {
        if let Some(data) = run.get(name) {
            files.push((name, data));
        }
    }
    if let Some(pem) = &key {
        files.push((PUBLIC_KEY, pem.as_bytes()));
    }
    let attestation = key.as_ref().map(|_| ATTESTATION.to_owned());
    let manifest = Manifest::new(&files, attestation).text()?;
    files.push((MANIFEST, manifest.as_bytes()));
    let sealed = match signing {
        Signing::By { key, name } => {
            let hash = hash::hex(manifest.as_bytes());
            let statement = Statement::new(&facts, hash, name.clone());
            Some(statement::seal(&statement, key)?)
        }
        Signing::Nobody => None,
    };
    if let Some(sealed) = &sealed {
        files.push((ATTESTATION, sealed.as_bytes()));
    }
    Ok(container::write(&files)?)
}

/// What follows from the files of a run.
fn facts_of(run: &RunFiles, compared: Compared) -> Result<Facts, AssembleError> {
    let needed = |name| run.get(name).ok_or(AssembleError::Missing(name));
    let record = facts::record(needed(RECORD)?)?;
    let report: Report = serde_json::from_slice(needed(REPORT)?).map_err(|error| {
        AssembleError::Report(format!("it has not the form of a report: {error}"))
    })?;
    if let Some(why) = report.stranger_to(&record) {
        return Err(AssembleError::Report(why.to_owned()));
    }
    let lines = run.get(EXCHANGES);
    if let Some(at) = lines.and_then(|lines| facts::differing_exchange(&record, lines)) {
        return Err(AssembleError::Exchanges(at));
    }
    let left_out = FROM_THE_RUN.iter().filter(|name| !run.contains_key(*name));
    let left_out = left_out.map(|name| (*name).to_owned()).collect();
    Ok(Facts::new(&record, report.scorecard, left_out, compared))
}
