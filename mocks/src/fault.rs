//! Ways to be wrong, as data: mocks/faults/<pack>/<family>.toml.
//! Not for what they do (`action`), nor for doing it (`apply`).
//!
//! A family says what happens (`[action]`); each `[[case]]` says to which request, which
//! requirement that breaks and which scenario must notice.

use crate::action::{Action, check_name, only_gp};
use crate::documents::serve::Asked;
use crate::error::MockError;
use crate::files::{TextFile, bad_file, parse, toml_files};
use crate::kinds::Kind;
use crate::suggest::closest;
use crate::vendor::SystemKind;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

static FAULTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/faults");

/// The capability statement; the other paths are those of the types.
const METADATA: &str = "metadata";

/// What a fault is for, to list it and to plan with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultInfo {
    /// `<family>/<requirement>` or `<family>/<requirement>/<name>`.
    pub id: String,
    /// What the faulty system does, to follow "the system".
    pub title: String,
    /// The finding code that must catch it.
    pub code: String,
    /// The requirement that it breaks.
    pub requirement: String,
    /// The id tag of the scenario whose assertion it kills.
    pub scenario: String,
    /// The requests it acts on: `metadata`, `Patient` for searches, `Patient/` or `Patient/*` for
    /// reads of any patient, and so on.
    pub path: String,
    /// The exact set of query keys of those requests.
    pub keys: Vec<String>,
    /// The method of those requests; nothing for any.
    pub method: Option<String>,
    /// The kind of system that can have it, as vendors' files call it.
    pub kind: String,
}

/// Every fault there is, by id: the embedded ones, with the files of `faults_dir` laid over them.
pub fn fault_catalogue(faults_dir: Option<&Path>) -> Result<Vec<FaultInfo>, MockError> {
    Ok(load_all(faults_dir)?
        .into_values()
        .map(|fault| fault.info)
        .collect())
}

/// A fault that can be switched on.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) info: FaultInfo,
    pub(crate) kind: SystemKind,
    keys: BTreeSet<String>,
    conditions: BTreeMap<String, String>,
    only_without_auth: bool,
    /// Request headers by name in lower case.
    header: BTreeMap<String, String>,
    /// Claims of the token by dotted path.
    claim: BTreeMap<String, String>,
    body_has: Option<String>,
    /// The check that must have stood in the way of the right answer.
    pub(crate) refused_by: Option<String>,
    pub(crate) action: Action,
    file: String,
}

/// The parts of a request that a fault looks at.
pub(crate) struct RequestFacts<'a> {
    pub(crate) method: &'a str,
    /// Below the base path, without slashes at the ends.
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(String, String)],
    /// Names in lower case.
    pub(crate) headers: &'a BTreeMap<String, String>,
    pub(crate) body: &'a [u8],
    /// Null without a token that can be read.
    pub(crate) claims: &'a Value,
    pub(crate) has_auth: bool,
}

impl Fault {
    /// Whether this is a request that the fault spoils. `refused_by` is not looked at.
    pub(crate) fn matches(&self, request: &RequestFacts<'_>) -> bool {
        let keys: BTreeSet<&str> = request.query.iter().map(|(key, _)| key.as_str()).collect();
        let is_method = |method: &String| method == request.method;
        path_matches(&self.info.path, request.path)
            && self.info.method.as_ref().is_none_or(is_method)
            && keys == self.keys.iter().map(String::as_str).collect()
            && !(self.only_without_auth && request.has_auth)
            && self.conditions.iter().all(|(wanted, text)| {
                request
                    .query
                    .iter()
                    .any(|(key, value)| key == wanted && says(value, text))
            })
            && self.header.iter().all(|(name, text)| {
                let sent = request.headers.get(name).map(String::as_str);
                is_said(sent, text)
            })
            && self.claim.iter().all(|(path, text)| {
                let pointer = format!("/{}", path.replace('.', "/"));
                let claim = request.claims.pointer(&pointer).map(|claim| match claim {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                });
                is_said(claim.as_deref(), text)
            })
            && self
                .body_has
                .as_ref()
                .is_none_or(|text| String::from_utf8_lossy(request.body).contains(text.as_str()))
    }
}

/// As [`says`]; an empty text wants nothing to be there.
fn is_said(value: Option<&str>, text: &str) -> bool {
    match value {
        Some(value) => !text.is_empty() && says(value, text),
        None => text.is_empty(),
    }
}

/// The type whose reads a path means, if it means reads.
fn read_of(path: &str) -> Option<&str> {
    path.strip_suffix("/*").or_else(|| path.strip_suffix('/'))
}

/// Whether a value of the query has the text of a condition; after `=` it must be the whole value.
fn says(value: &str, text: &str) -> bool {
    match text.strip_prefix('=') {
        Some(whole) => value == whole,
        None => value.contains(text),
    }
}

fn path_matches(pattern: &str, path: &str) -> bool {
    match read_of(pattern) {
        Some(folder) => path
            .split_once('/')
            .is_some_and(|(name, id)| name == folder && !id.is_empty()),
        None => path == pattern,
    }
}

fn check_path(path: &str) -> Result<(), String> {
    if path == METADATA
        || Asked::of(path).is_some()
        || Kind::of(read_of(path).unwrap_or(path)).is_some()
    {
        return Ok(());
    }
    let names: Vec<&str> = Kind::all().map(Kind::name).collect();
    Err(format!(
        "the path `{path}` is none of {METADATA}, {}, for reads these with a `/` at the end, Composition, and Composition/<id>/$document",
        names.join(", ")
    ))
}

/// Whether a path can be one below the base path of a GP system. What it does not serve may be
/// meant all the same: a system that answers it is wrong.
fn check_gp_path(path: &str) -> Result<(), String> {
    let is_right = !path.is_empty() && !path.starts_with('/') && !path.contains(['?', ' ']);
    is_right.then_some(()).ok_or_else(|| {
        format!("the path `{path}` is no path below the base path, such as Patient, Patient/* or Patient/p-2001")
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    id: String,
    #[serde(default)]
    kind: SystemKind,
    title: String,
    code: String,
    #[serde(default)]
    action: Action,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    requirement: String,
    scenario: String,
    path: String,
    keys: Vec<String>,
    #[serde(default, rename = "where")]
    conditions: BTreeMap<String, String>,
    method: Option<String>,
    #[serde(default)]
    header: BTreeMap<String, String>,
    #[serde(default)]
    claim: BTreeMap<String, String>,
    body_has: Option<String>,
    refused_by: Option<String>,
    #[serde(default)]
    no_auth: bool,
    #[serde(default)]
    action: Action,
    name: Option<String>,
}

/// Every fault by id.
pub(crate) fn load_all(faults_dir: Option<&Path>) -> Result<BTreeMap<String, Fault>, MockError> {
    let mut faults: BTreeMap<String, Fault> = BTreeMap::new();
    for file in toml_files(&FAULTS, "mocks/faults", faults_dir)?.into_values() {
        let family: Family = parse(&file)?;
        if family.id != file.stem {
            let message = format!("the id `{}` is not the name of the file", family.id);
            return Err(bad_file(&file.shown, &message));
        }
        for case in &family.case {
            let fault = case_fault(&family, case, &file)?;
            let id = fault.info.id.clone();
            if let Some(first) = faults.get(&id) {
                let (first, second) = (first.file.clone(), file.shown);
                return Err(MockError::DuplicateFault { id, first, second });
            }
            faults.insert(id, fault);
        }
    }
    Ok(faults)
}

fn case_fault(family: &Family, case: &Case, file: &TextFile) -> Result<Fault, MockError> {
    let mut id = format!("{}/{}", family.id, case.requirement);
    if let Some(name) = &case.name {
        id = format!("{id}/{name}");
    }
    let action = family.action.overridden_by(&case.action);
    check_case(family.kind, case, &action).map_err(|message| {
        let message = format!("in the case `{id}`, {message}");
        bad_file(&file.shown, &message)
    })?;
    let keys: BTreeSet<String> = case.keys.iter().cloned().collect();
    Ok(Fault {
        info: FaultInfo {
            id,
            title: family.title.clone(),
            code: family.code.clone(),
            requirement: case.requirement.clone(),
            scenario: case.scenario.clone(),
            path: case.path.clone(),
            keys: keys.iter().cloned().collect(),
            method: method(family.kind, case),
            kind: family.kind.name().to_owned(),
        },
        kind: family.kind,
        keys,
        conditions: case.conditions.clone(),
        only_without_auth: case.no_auth,
        header: lower_case(&case.header),
        claim: case.claim.clone(),
        body_has: case.body_has.clone(),
        refused_by: case.refused_by.clone(),
        action,
        file: file.shown.clone(),
    })
}

/// Any method for a system that only reads; GET for one that knows several, unless the case says.
fn method(kind: SystemKind, case: &Case) -> Option<String> {
    match kind {
        SystemKind::UkCore => case.method.clone(),
        SystemKind::GpConnect => Some(case.method.clone().unwrap_or_else(|| "GET".to_owned())),
    }
}

fn lower_case(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let pairs = headers.iter();
    pairs
        .map(|(name, text)| (name.to_ascii_lowercase(), text.clone()))
        .collect()
}

fn check_case(kind: SystemKind, case: &Case, action: &Action) -> Result<(), String> {
    match kind {
        SystemKind::UkCore => {
            check_path(&case.path)?;
            check_uk_core(case, action)?;
        }
        SystemKind::GpConnect => {
            check_gp_path(&case.path)?;
            case.refused_by
                .iter()
                .try_for_each(|name| check_name(name))?;
            action.check_for_gp()?;
        }
    }
    if let Some(key) = case.conditions.keys().find(|key| !case.keys.contains(key)) {
        return Err(format!(
            "`where` looks at `{key}`, which is not among the keys"
        ));
    }
    if !action.does_something() {
        return Err("no action is given: the fault would do nothing".to_owned());
    }
    action.check()
}

/// Refuses what only a GP system knows.
fn check_uk_core(case: &Case, action: &Action) -> Result<(), String> {
    let words = [
        ("claim", !case.claim.is_empty()),
        ("body_has", case.body_has.is_some()),
        ("refused_by", case.refused_by.is_some()),
    ];
    match words.iter().find(|(_, is_there)| *is_there) {
        Some((word, _)) => Err(only_gp(word)),
        None => action.check_without_gp(),
    }
}

/// The faults with these ids, each once.
pub(crate) fn choose(
    mut all: BTreeMap<String, Fault>,
    ids: impl Iterator<Item = String>,
) -> Result<Vec<Fault>, MockError> {
    let mut chosen: Vec<Fault> = Vec::new();
    for id in ids {
        if let Some(fault) = all.remove(&id) {
            chosen.push(fault);
        } else if !chosen.iter().any(|fault| fault.info.id == id) {
            let closest = closest(&id, all.keys());
            return Err(MockError::UnknownFault { id, closest });
        }
    }
    Ok(chosen)
}
