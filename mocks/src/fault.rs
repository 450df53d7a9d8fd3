//! Ways to be wrong, as data: mocks/faults/<pack>/<family>.toml.
//! Not for carrying them out, which `apply` does.
//!
//! A family says what happens (`[action]`); each `[[case]]` says to which request, which
//! requirement that breaks and which scenario must notice.

use crate::error::MockError;
use crate::files::{TextFile, bad_file, parse, toml_files};
use crate::kinds::Kind;
use crate::suggest::closest;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

static FAULTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/faults");

/// The capability statement; the other paths are those of the types.
const METADATA: &str = "metadata";

/// The codes of an issue (FHIR R4, issue-type).
const ISSUE_CODES: [&str; 31] = [
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "security",
    "login",
    "unknown",
    "expired",
    "forbidden",
    "suppressed",
    "processing",
    "not-supported",
    "duplicate",
    "multiple-matches",
    "not-found",
    "deleted",
    "too-long",
    "code-invalid",
    "extension",
    "too-costly",
    "business-rule",
    "conflict",
    "transient",
    "lock-error",
    "no-store",
    "exception",
    "timeout",
    "incomplete",
    "throttled",
    "informational",
];

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
    keys: BTreeSet<String>,
    conditions: BTreeMap<String, String>,
    only_without_auth: bool,
    pub(crate) action: Action,
    file: String,
}

/// The parts of a request that a fault looks at.
pub(crate) struct RequestFacts<'a> {
    /// Below the base path, without slashes at the ends.
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(String, String)],
    pub(crate) has_auth: bool,
}

impl Fault {
    /// Whether this is a request that the fault spoils.
    pub(crate) fn matches(&self, request: &RequestFacts<'_>) -> bool {
        let keys: BTreeSet<&str> = request.query.iter().map(|(key, _)| key.as_str()).collect();
        path_matches(&self.info.path, request.path)
            && keys == self.keys.iter().map(String::as_str).collect()
            && !(self.only_without_auth && request.has_auth)
            && self.conditions.iter().all(|(wanted, text)| {
                request
                    .query
                    .iter()
                    .any(|(key, value)| key == wanted && says(value, text))
            })
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
    if path == METADATA || Kind::of(read_of(path).unwrap_or(path)).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = Kind::all().map(Kind::name).collect();
    Err(format!(
        "the path `{path}` is none of {METADATA}, {}, and for reads these with a `/` at the end",
        names.join(", ")
    ))
}

/// What a faulty system does, in the order of these fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    /// Query keys that have no effect, although they were sent.
    pub(crate) ignore_params: Option<Vec<String>>,
    /// A search that asks for everybody is answered.
    pub(crate) answer_wide: Option<bool>,
    /// The role of a person whose records come as well.
    pub(crate) add_others: Option<String>,
    pub(crate) drop_entries: Option<DropEntries>,
    /// Entries whose JSON holds this text are dropped.
    pub(crate) drop_text: Option<String>,
    pub(crate) duplicate_entry: Option<bool>,
    pub(crate) drop_link: Option<String>,
    pub(crate) patch: Option<Vec<Patch>>,
    /// From 300 on, an `OperationOutcome` comes with it.
    pub(crate) status: Option<u16>,
    /// An `OperationOutcome` in place of the answer.
    pub(crate) refuse: Option<Refuse>,
    /// An empty value takes the header away.
    pub(crate) headers: Option<BTreeMap<String, String>>,
    pub(crate) body: Option<String>,
    /// Half of the body, as if it were all.
    pub(crate) truncate: Option<bool>,
    /// The connection ends without an answer.
    pub(crate) reset: Option<bool>,
    pub(crate) delay_ms: Option<u64>,
}

/// A refusal: its HTTP status and its FHIR issue type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refuse {
    pub(crate) status: u16,
    pub(crate) code: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DropEntries {
    All,
    First,
    Last,
}

/// One change to the JSON of the answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patch {
    pub(crate) op: PatchOp,
    /// A JSON pointer in which `*` stands for every index, and `[name=value]` for the items that
    /// have that text.
    pub(crate) path: String,
    pub(crate) value: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PatchOp {
    Remove,
    Set,
    Append,
}

impl Action {
    /// The family's action with the case's own keys in place of the family's.
    fn overridden_by(&self, case: &Action) -> Action {
        let (family, case) = (self.clone(), case.clone());
        Action {
            ignore_params: case.ignore_params.or(family.ignore_params),
            answer_wide: case.answer_wide.or(family.answer_wide),
            add_others: case.add_others.or(family.add_others),
            drop_entries: case.drop_entries.or(family.drop_entries),
            drop_text: case.drop_text.or(family.drop_text),
            duplicate_entry: case.duplicate_entry.or(family.duplicate_entry),
            drop_link: case.drop_link.or(family.drop_link),
            patch: case.patch.or(family.patch),
            status: case.status.or(family.status),
            refuse: case.refuse.or(family.refuse),
            headers: case.headers.or(family.headers),
            body: case.body.or(family.body),
            truncate: case.truncate.or(family.truncate),
            reset: case.reset.or(family.reset),
            delay_ms: case.delay_ms.or(family.delay_ms),
        }
    }

    fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status.filter(|status| !(200..=599).contains(status)) {
            return Err(format!("status {status} is not between 200 and 599"));
        }
        if let Some(refuse) = &self.refuse {
            self.check_refuse(refuse)?;
        }
        if let Some(link) = self
            .drop_link
            .as_ref()
            .filter(|link| *link != "next" && *link != "self")
        {
            return Err(format!("drop_link is `next` or `self`, not `{link}`"));
        }
        for (name, value) in self.headers.iter().flatten() {
            let right = axum::http::HeaderName::try_from(name.as_str()).is_ok()
                && axum::http::HeaderValue::try_from(value.as_str()).is_ok();
            if !right {
                return Err(format!("`{name}: {value}` cannot be sent as a header"));
            }
        }
        self.patch.iter().flatten().try_for_each(Patch::check)
    }

    fn check_refuse(&self, refuse: &Refuse) -> Result<(), String> {
        let Refuse { status, code } = refuse;
        if self.status.is_some() {
            return Err("`status` and `refuse` are both given: keep one".to_owned());
        }
        if !(400..=599).contains(status) {
            return Err(format!(
                "refuse: status {status} is not between 400 and 599"
            ));
        }
        if !ISSUE_CODES.contains(&code.as_str()) {
            return Err(format!(
                "refuse: `{code}` is no FHIR issue type; they are {}",
                ISSUE_CODES.join(", ")
            ));
        }
        Ok(())
    }

    fn does_something(&self) -> bool {
        let lists = [
            self.ignore_params
                .as_ref()
                .is_some_and(|keys| !keys.is_empty()),
            self.patch
                .as_ref()
                .is_some_and(|patches| !patches.is_empty()),
            self.headers
                .as_ref()
                .is_some_and(|headers| !headers.is_empty()),
        ];
        let flags = [
            self.answer_wide,
            self.duplicate_entry,
            self.truncate,
            self.reset,
        ];
        let texts = [
            &self.add_others,
            &self.drop_text,
            &self.drop_link,
            &self.body,
        ];
        lists.contains(&true)
            || flags.contains(&Some(true))
            || texts.iter().any(|text| text.is_some())
            || self.drop_entries.is_some()
            || self.status.is_some()
            || self.refuse.is_some()
            || self.delay_ms.is_some()
    }
}

impl Patch {
    fn check(&self) -> Result<(), String> {
        let path = &self.path;
        if !path.starts_with('/') {
            return Err(format!("patch path `{path}` does not start with `/`"));
        }
        match (self.op, &self.value) {
            (PatchOp::Remove, None) | (PatchOp::Set | PatchOp::Append, Some(_)) => Ok(()),
            (PatchOp::Remove, Some(_)) => {
                Err(format!("patch of `{path}` removes: it has no value"))
            }
            (PatchOp::Set | PatchOp::Append, None) => {
                Err(format!("patch of `{path}` needs a value"))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    id: String,
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
    check_case(case, &action).map_err(|message| {
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
        },
        keys,
        conditions: case.conditions.clone(),
        only_without_auth: case.no_auth,
        action,
        file: file.shown.clone(),
    })
}

fn check_case(case: &Case, action: &Action) -> Result<(), String> {
    check_path(&case.path)?;
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
