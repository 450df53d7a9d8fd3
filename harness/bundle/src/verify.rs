//! Says whether a bundle is what its signer made, and what it is about. Needs no network and no clock.
//! Not for judging the run again: it reads the result that the signer stands by.

use crate::canonical;
use crate::container::{self, Container, Entry, MOST_BYTES};
use crate::facts::{self, Facts, MOCK_STATEMENT, RecordError, Report};
use crate::hash;
use crate::key::PublicKey;
use crate::layout::{
    ATTESTATION, BUNDLE_FORMAT, EXCHANGES, FROM_THE_RUN, MANIFEST, PUBLIC_KEY, README, RECORD,
    REPORT, SUBJECT,
};
use crate::manifest::{Listed, Manifest};
use crate::problem::{Part, Problem, Wrong};
use crate::statement::{Sealed, SignerName, Statement};
use crate::words;
use plumbline_model::RunRecord;
use serde::Serialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// These bytes are no bundle that this version reads. Nothing is said about alterations.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotABundle {
    /// Something else.
    #[error("this is not an evidence bundle of Plumbline")]
    Stranger,
    /// Too large to be looked at.
    #[error("it is larger than {} MiB, the most that is read", MOST_BYTES >> 20)]
    TooLarge,
    /// A bundle of a later version.
    #[error(
        "the bundle has format {0}, and this version reads {BUNDLE_FORMAT}; use a newer Plumbline"
    )]
    Newer(u32),
    /// The record in it is of a format that this version does not read.
    #[error("the record in the bundle cannot be read: it has record format {0}")]
    Record(u64),
}

/// Who signed, as far as the bundle and the given keys say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignerSeen {
    /// What the signer calls itself.
    pub name: String,
    /// Fingerprint of the key in the bundle.
    pub fingerprint: String,
}

/// How a bundle stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Unaltered, and signed with a key that the reader gave.
    KnownSigner,
    /// Unaltered since it was signed; the reader gave no key.
    UnknownSigner,
    /// Signed with another key than the reader gave.
    WrongKey,
    /// Its files fit together; nobody signed.
    Unsigned,
    /// Something is not as it was.
    Altered,
    /// As it was signed, and its files contradict one another.
    Contradicts,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How it stands.
    pub standing: Standing,
    /// What is wrong, by part.
    pub problems: Vec<Problem>,
    /// Who signed, if the signature fits.
    pub signer: Option<SignerSeen>,
    /// Which of the given keys it was, from 0.
    pub key: Option<usize>,
    /// What the bundle is about; `None` where nothing in it can be relied on.
    pub facts: Option<Facts>,
    /// Its files with their hashes.
    pub files: Vec<Listed>,
}

impl Verification {
    fn broken(standing: Standing, problems: Vec<Problem>) -> Self {
        Self {
            standing,
            problems,
            signer: None,
            key: None,
            facts: None,
            files: Vec::new(),
        }
    }
}

/// A bundle in which nothing is wrong but, possibly, who signed it.
#[derive(Debug, Clone)]
pub struct Opened<'a> {
    /// The files by name.
    pub files: BTreeMap<&'a str, &'a [u8]>,
    /// The record of the run, with its exchanges.
    pub record: RunRecord,
    /// What the bundle is about.
    pub facts: Facts,
    /// Who signed it; `None` where nobody did.
    pub signer: Option<SignerSeen>,
}

/// A bundle cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It is none.
    #[error(transparent)]
    NotABundle(#[from] NotABundle),
    /// It was altered, cut off, or contradicts itself.
    #[error("the bundle is altered or contradicts itself: {}", listed(.0))]
    Broken(Vec<Problem>),
}

fn listed(problems: &[Problem]) -> String {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    all.join("; ")
}

/// Whether these bytes are a bundle, or the rest of one.
pub fn is_bundle(bytes: &[u8]) -> bool {
    container::is_marked(bytes)
}

/// Opens a bundle for somebody who needs what is in it. Nothing is given out of a bundle that was altered.
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, OpenError> {
    match examine(bytes) {
        Ok(sound) => Ok(sound.into()),
        Err(Stop::NotABundle(why)) => Err(why.into()),
        Err(Stop::Broken(_, problems)) => Err(OpenError::Broken(problems)),
    }
}

/// Verifies a bundle; with `keys`, also that one of them signed it. Opens it as well, where nothing in it
/// is wrong.
pub fn verify<'a>(
    bytes: &'a [u8],
    keys: &[PublicKey],
) -> Result<(Verification, Option<Opened<'a>>), NotABundle> {
    let sound = match examine(bytes) {
        Ok(sound) => sound,
        Err(Stop::NotABundle(why)) => return Err(why),
        Err(Stop::Broken(standing, problems)) => {
            return Ok((Verification::broken(standing, problems), None));
        }
    };
    let key = sound
        .signed
        .as_ref()
        .and_then(|signed| keys.iter().position(|key| *key == signed.key));
    let standing = match (&sound.signed, key) {
        (None, _) => Standing::Unsigned,
        (Some(_), Some(_)) => Standing::KnownSigner,
        (Some(_), None) if keys.is_empty() => Standing::UnknownSigner,
        (Some(_), None) => Standing::WrongKey,
    };
    let files = sound.manifest.files.clone();
    let opened = Opened::from(sound);
    let verification = Verification {
        standing,
        problems: Vec::new(),
        signer: opened.signer.clone(),
        key,
        facts: Some(opened.facts.clone()),
        files,
    };
    Ok((verification, Some(opened)))
}

impl<'a> From<Box<Sound<'a>>> for Opened<'a> {
    fn from(sound: Box<Sound<'a>>) -> Self {
        Self {
            files: sound.entries.iter().map(|e| (e.name, e.data)).collect(),
            record: sound.record,
            facts: sound.facts,
            signer: sound.signed.map(|signed| signed.seen),
        }
    }
}

impl Verification {
    /// What is said first: of a mock that it was one, then how the bundle stands. `key` is what the reader
    /// called the key that fits.
    pub fn headline(&self, key: &str) -> Vec<String> {
        let (signer, fingerprint) = self.signer.as_ref().map_or(("", ""), |signer| {
            (signer.name.as_str(), signer.fingerprint.as_str())
        });
        let values = [
            ("signer", signer),
            ("fingerprint", fingerprint),
            ("key", key),
        ];
        let template = match self.standing {
            Standing::KnownSigner => words::KNOWN,
            Standing::UnknownSigner => words::UNKNOWN,
            Standing::WrongKey => words::WRONG_KEY,
            Standing::Unsigned => words::UNSIGNED,
            Standing::Altered => words::ALTERED,
            Standing::Contradicts => words::CONTRADICTS,
        };
        let mock = self.facts.as_ref().and_then(words::mock);
        mock.into_iter()
            .chain([words::fill(template, &values)])
            .collect()
    }

    /// Everything that is said below it.
    pub fn lines(&self) -> Vec<words::Line> {
        let Some(facts) = &self.facts else {
            return Vec::new();
        };
        words::all_lines(facts, self.signer.as_ref(), &self.files)
    }
}

struct Signed {
    key: PublicKey,
    seen: SignerSeen,
    statement: Statement,
    payload: Vec<u8>,
}

struct Sound<'a> {
    entries: Vec<Entry<'a>>,
    manifest: Manifest,
    signed: Option<Signed>,
    record: RunRecord,
    facts: Facts,
}

/// Why an examination ends before its end.
enum Stop {
    NotABundle(NotABundle),
    Broken(Standing, Vec<Problem>),
}

impl Stop {
    fn altered(name: &str, wrong: Wrong, detail: &str) -> Self {
        Self::Broken(Standing::Altered, vec![Problem::file(name, wrong, detail)])
    }

    fn contradicts(name: &str, detail: &str) -> Self {
        let problem = Problem::file(name, Wrong::Contradicts, detail);
        Self::Broken(Standing::Contradicts, vec![problem])
    }
}

/// The whole examination: archive, then manifest, then signature, then what the files say.
fn examine(bytes: &[u8]) -> Result<Box<Sound<'_>>, Stop> {
    if bytes.len() > MOST_BYTES {
        return Err(Stop::NotABundle(NotABundle::TooLarge));
    }
    if !container::is_marked(bytes) {
        return Err(Stop::NotABundle(NotABundle::Stranger));
    }
    let Container { entries, problems } = container::read(bytes);
    if !problems.is_empty() {
        return Err(Stop::Broken(Standing::Altered, problems));
    }
    let Some(manifest_bytes) = file(&entries, MANIFEST) else {
        return Err(Stop::altered(
            MANIFEST,
            Wrong::Missing,
            "every bundle has one",
        ));
    };
    if let Some(format) = later_format(manifest_bytes) {
        return Err(Stop::NotABundle(NotABundle::Newer(format)));
    }
    let manifest = Manifest::read(manifest_bytes)
        .ok_or_else(|| Stop::altered(MANIFEST, Wrong::Altered, NOT_OURS))?;
    let problems = manifest.problems(&entries);
    if !problems.is_empty() {
        return Err(Stop::Broken(Standing::Altered, problems));
    }
    if !manifest.is_order_of(&entries) {
        let problem = Problem {
            part: Part::Container,
            wrong: Wrong::Altered,
            detail: "its files are not in the order of the manifest".to_owned(),
        };
        return Err(Stop::Broken(Standing::Altered, vec![problem]));
    }
    let signed = signature(&manifest, &entries, manifest_bytes)?;
    let record = record_of(&entries)?;
    let facts = facts_of(&entries, &record)?;
    if let Some(signed) = &signed
        && !signed.agrees(&facts)
    {
        let detail = format!("its statement does not say what {SUBJECT} says");
        return Err(Stop::contradicts(ATTESTATION, &detail));
    }
    Ok(Box::new(Sound {
        entries,
        manifest,
        signed,
        record,
        facts,
    }))
}

const NOT_OURS: &str = "it is not as Plumbline writes it";

fn file<'a>(entries: &[Entry<'a>], name: &str) -> Option<&'a [u8]> {
    entries.iter().find(|e| e.name == name).map(|e| e.data)
}

/// The format of a manifest of a later version.
fn later_format(bytes: &[u8]) -> Option<u32> {
    #[derive(serde::Deserialize)]
    struct Head {
        format: u32,
    }
    let head: Head = serde_json::from_slice(bytes).ok()?;
    (head.format > BUNDLE_FORMAT).then_some(head.format)
}

/// Verifies the signature with the key in the bundle. `None` where the manifest says that there is none.
fn signature(
    manifest: &Manifest,
    entries: &[Entry<'_>],
    manifest_bytes: &[u8],
) -> Result<Option<Signed>, Stop> {
    if manifest.attestation.is_none() {
        return Ok(None);
    }
    let wrong = |name: &str, detail: &str| Stop::altered(name, Wrong::Altered, detail);
    let pem = file(entries, PUBLIC_KEY)
        .ok_or_else(|| Stop::altered(PUBLIC_KEY, Wrong::Missing, "a signed bundle has one"))?;
    let key = std::str::from_utf8(pem)
        .ok()
        .and_then(|pem| PublicKey::from_pem(pem).ok())
        .ok_or_else(|| wrong(PUBLIC_KEY, "it is no Ed25519 key in PEM form"))?;
    let sealed = file(entries, ATTESTATION)
        .and_then(Sealed::read)
        .ok_or_else(|| wrong(ATTESTATION, NOT_OURS))?;
    if sealed.key_id != key.fingerprint() {
        return Err(wrong(
            ATTESTATION,
            "it names another key than public-key.pem",
        ));
    }
    if !key.verifies(&sealed.message(), &sealed.signature) {
        return Err(wrong(ATTESTATION, "its signature does not fit"));
    }
    let statement: Statement = serde_json::from_slice(&sealed.payload)
        .map_err(|_| wrong(ATTESTATION, "it holds no statement that this version reads"))?;
    if statement.manifest_sha256() != Some(hash::hex(manifest_bytes).as_str()) {
        return Err(wrong(MANIFEST, "it is not the manifest that was signed"));
    }
    let seen = SignerSeen {
        name: statement.signer().as_str().to_owned(),
        fingerprint: key.fingerprint(),
    };
    Ok(Some(Signed {
        key,
        seen,
        statement,
        payload: sealed.payload,
    }))
}

/// The record, whose exchanges are those of the file beside it.
fn record_of(entries: &[Entry<'_>]) -> Result<RunRecord, Stop> {
    let record = match facts::record(file(entries, RECORD).unwrap_or_default()) {
        Ok(record) => record,
        Err(RecordError::Format(format)) => {
            return Err(Stop::NotABundle(NotABundle::Record(format)));
        }
        Err(
            error @ (RecordError::Form(_) | RecordError::NoFormat | RecordError::MockHidden(_)),
        ) => {
            return Err(Stop::contradicts(RECORD, &error.to_string()));
        }
    };
    let lines = file(entries, EXCHANGES);
    if let Some(at) = lines.and_then(|lines| facts::differing_exchange(&record, lines)) {
        let detail = format!("its exchange {at} is not that of {RECORD}");
        return Err(Stop::contradicts(EXCHANGES, &detail));
    }
    Ok(record)
}

/// The facts, if report, subject.json and README say what the record says.
fn facts_of(entries: &[Entry<'_>], record: &RunRecord) -> Result<Facts, Stop> {
    let data = |name| file(entries, name).unwrap_or_default();
    let report: Report = serde_json::from_slice(data(REPORT))
        .map_err(|_| Stop::contradicts(REPORT, "it has not the form of a report"))?;
    if let Some(why) = report.stranger_to(record) {
        return Err(Stop::contradicts(REPORT, why));
    }
    let said: Facts = serde_json::from_slice(data(SUBJECT))
        .map_err(|_| Stop::contradicts(SUBJECT, "it has not the form of facts of a run"))?;
    let left_out = FROM_THE_RUN
        .iter()
        .filter(|name| file(entries, name).is_none());
    let left_out = left_out.map(|name| (*name).to_owned()).collect();
    let facts = Facts::new(record, report.scorecard, left_out, said.evidence.reports);
    let derived = canonical::text(&facts).unwrap_or_default();
    if derived.as_bytes() != data(SUBJECT) {
        let detail = format!("it does not say what {RECORD} and {REPORT} say");
        return Err(Stop::contradicts(SUBJECT, &detail));
    }
    let readme = in_one_line(&String::from_utf8_lossy(data(README))).to_lowercase();
    let statement = MOCK_STATEMENT.trim_end_matches('.').to_lowercase();
    if facts.mock.is_some() && !readme.contains(&statement) {
        let detail = "it does not say that this was a mock system";
        return Err(Stop::contradicts(README, detail));
    }
    Ok(facts)
}

/// A text without its line breaks, which a README has between any two words.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Signed {
    /// Whether the statement is, to the byte, the one that follows from the facts.
    fn agrees(&self, facts: &Facts) -> bool {
        let Some(hash) = self.statement.manifest_sha256() else {
            return false;
        };
        let Ok(name) = SignerName::new(&self.seen.name) else {
            return false;
        };
        let wanted = Statement::new(facts, hash.to_owned(), name);
        canonical::text(&wanted).is_ok_and(|text| text.as_bytes() == self.payload)
    }
}
