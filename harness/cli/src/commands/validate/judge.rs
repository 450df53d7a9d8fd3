//! One file: reads it within bounds, and asks the library. Not for printing.

use super::at_hand::AtHand;
use super::explain;
use super::inputs::{Input, Trouble};
use super::shown::{counted, shown};
use plumbline_fhir::CodedCheck;
use plumbline_fhir::validate::{Counts, Severity};
use plumbline_tree::{Limits, ParseError, ParseErrorKind, Syntax, Tree};
use plumbline_validator::{ProfileCheck, ProfileState};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Of files larger than this, one is read at a time, so that memory does not grow with the number of processors.
const LARGE: u64 = 4 << 20;
static LARGE_FILE: Mutex<()> = Mutex::new(());

/// What to do with a file beyond the limits.
const DIVIDE: &str =
    "Divide it, for instance a Bundle into smaller ones; nothing in the file was checked";

/// How a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Checked, without an error.
    NoErrors,
    /// Checked, with errors; one that is neither JSON nor XML has one.
    Errors,
    /// It could not be read, or is beyond our limits: nothing is known about it.
    NotRead,
    /// Plumbline failed.
    Fault,
}

/// One problem, in words that may be shown.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) code: Cow<'static, str>,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) path: Option<String>,
    pub(super) offset: Option<u64>,
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) fix: String,
}

/// What is known of a file.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) syntax: Option<Syntax>,
    pub(super) resource_type: Option<String>,
    /// By position.
    pub(super) problems: Vec<Problem>,
    /// Also of problems that are not listed.
    pub(super) counts: Counts,
    pub(super) coded: Vec<CodedCheck>,
    /// Profiles that resources of the file were checked against, by address.
    pub(super) profiles_checked: Vec<String>,
    /// Profiles that they should have been checked against, and were not.
    pub(super) profiles_not_checked: Vec<NotChecked>,
    /// What else was not checked: fragments of sentences.
    pub(super) not_checked: Vec<String>,
}

/// A profile that a file was not checked against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NotChecked {
    /// Its address.
    pub(super) profile: String,
    /// Why: a fragment of a sentence.
    pub(super) reason: String,
}

/// Reads and checks a file.
pub(super) fn judge(input: &Input, at_hand: &AtHand) -> Judged {
    guarded(input, || read_and_check(input, at_hand))
}

/// A fault of our own is a state, so that one file never takes the others with it.
fn guarded(input: &Input, work: impl FnOnce() -> Judged) -> Judged {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let problem = lone(
            "FILE-FAULT",
            "Plumbline itself failed on this file",
            "Report it to the authors of Plumbline",
        );
        Judged::alone(input, State::Fault, problem)
    })
}

fn read_and_check(input: &Input, at_hand: &AtHand) -> Judged {
    let not_read = |trouble: &Trouble| {
        let problem = lone("FILE-UNREADABLE", &trouble.problem, trouble.fix);
        Judged::alone(input, State::NotRead, problem)
    };
    if let Some(trouble) = &input.trouble {
        return not_read(trouble);
    }
    let limits = Limits::default();
    let length = match length(&input.path, &limits) {
        Ok(length) => length,
        Err(trouble) => return not_read(&trouble),
    };
    let turn = (length > LARGE).then(|| LARGE_FILE.lock().unwrap_or_else(PoisonError::into_inner));
    let bytes = match read(&input.path, &limits) {
        Ok(bytes) => bytes,
        Err(error) => return not_read(&Trouble::of_io(&error)),
    };
    let syntax = Syntax::guess(&bytes);
    let judged = match Tree::parse_as(syntax.unwrap_or(Syntax::Json), bytes, &limits) {
        Ok(tree) => check(input, &tree, at_hand),
        Err(error) => malformed(input, &error, &limits),
    };
    drop(turn);
    judged
}

/// The length in bytes of an ordinary file of bearable size.
fn length(path: &Path, limits: &Limits) -> Result<u64, Trouble> {
    let kind = std::fs::metadata(path).map_err(|error| Trouble::of_io(&error))?;
    if !kind.is_file() {
        return Err(Trouble::new(
            "this is no ordinary file but a device, a pipe or the like",
            "Write the content to a file, and name that",
        ));
    }
    if kind.len() > limits.max_bytes as u64 {
        return Err(Trouble::new(too_large(limits), DIVIDE));
    }
    Ok(kind.len())
}

fn too_large(limits: &Limits) -> String {
    format!(
        "this file is larger than the {} MiB that are read",
        limits.max_bytes >> 20
    )
}

/// The bytes; one more than the limit at most, which the reader of trees then refuses.
fn read(path: &Path, limits: &Limits) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = limits.max_bytes as u64 + 1;
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Text that is neither JSON nor XML is invalid; text beyond our limits may be valid, and we cannot tell.
fn malformed(input: &Input, error: &ParseError, limits: &Limits) -> Judged {
    let beyond = match error.kind {
        ParseErrorKind::TooDeep => Some((
            format!(
                "this is nested deeper than the {} levels that are read",
                limits.max_depth
            ),
            "Nest less deeply; nothing in the file was checked",
        )),
        ParseErrorKind::TooManyNodes => Some((
            format!(
                "there are more than the {} values that are read",
                limits.max_nodes
            ),
            DIVIDE,
        )),
        ParseErrorKind::TooLarge => Some((too_large(limits), DIVIDE)),
        _ => None,
    };
    let (state, mut problem) = if let Some((message, fix)) = beyond {
        (State::NotRead, lone("FILE-LIMIT", &message, fix))
    } else {
        let message = error.kind.to_string();
        let problem = lone("FILE-SYNTAX", &message, error.kind.cure());
        (State::Errors, problem)
    };
    problem.offset = Some(error.offset as u64);
    problem.line = Some(error.line);
    problem.column = Some(error.column);
    Judged::alone(input, state, problem)
}

fn check(input: &Input, tree: &Tree, at_hand: &AtHand) -> Judged {
    let found = at_hand
        .validator
        .judge(tree, &at_hand.profiles, &at_hand.options);
    let (profiles_checked, profiles_not_checked) = profiles(&found.profiles);
    let not_checked = also_not_checked(&found);
    let outcome = found.outcome;
    let state = if outcome.is_valid() {
        State::NoErrors
    } else {
        State::Errors
    };
    let mut problems: Vec<Problem> = outcome
        .issues
        .iter()
        .map(|issue| Problem {
            code: issue.code.clone(),
            severity: issue.severity,
            message: shown(&issue.message),
            path: (issue.path != "$").then(|| shown(&issue.path)),
            offset: issue.offset,
            line: issue.line,
            column: issue.column,
            expected: shown(&issue.expected),
            actual: shown(&issue.actual),
            fix: explain::fix(&issue.code).to_owned(),
        })
        .collect();
    problems.sort_by_key(|problem| problem.offset);
    Judged {
        name: input.name(),
        state,
        syntax: Some(tree.syntax()),
        resource_type: outcome.resource_type,
        problems,
        counts: outcome.counts,
        coded: outcome.coded,
        profiles_checked,
        profiles_not_checked,
        not_checked,
    }
}

/// The profiles that were checked, and those that were not, or not wholly, with the reason; each once.
fn profiles(all: &[ProfileCheck]) -> (Vec<String>, Vec<NotChecked>) {
    let mut checked = BTreeSet::new();
    let mut not_checked = BTreeSet::new();
    for it in all {
        let profile = match &it.version {
            Some(version) if !it.url.contains('|') => shown(&format!("{}|{version}", it.url)),
            _ => shown(&it.url),
        };
        match &it.state {
            ProfileState::Checked { not_checked: parts } => {
                let parts = parts.iter().map(|part| NotChecked {
                    profile: profile.clone(),
                    reason: shown(&format!("checked, but for one part: {part}")),
                });
                not_checked.extend(parts);
                checked.insert(profile);
            }
            ProfileState::NotChecked(reason) => {
                let reason = shown(reason);
                not_checked.insert(NotChecked { profile, reason });
            }
        }
    }
    (
        checked.into_iter().collect(),
        not_checked.into_iter().collect(),
    )
}

/// What else was not checked: fragments of sentences.
fn also_not_checked(found: &plumbline_validator::Judged) -> Vec<String> {
    let invariants = found.outcome.invariants_not_checked.iter();
    let mut all: Vec<String> = invariants
        .map(|(key, reason)| shown(&format!("the invariant {key}: {reason}")))
        .collect();
    let extensions = found.unknown_extensions.iter();
    all.extend(extensions.map(|url| {
        let url = shown(url);
        format!("the extension {url}: its definition is not known")
    }));
    if found.targets_not_checked > 0 {
        let references = counted(found.targets_not_checked, "reference");
        all.push(format!(
            "{references}: whether what is there keeps to the right profile"
        ));
    }
    all.extend(found.not_checked.iter().map(|it| shown(it)));
    all
}

fn lone(code: &'static str, message: &str, fix: &str) -> Problem {
    Problem {
        code: code.into(),
        severity: Severity::Error,
        message: shown(message),
        path: None,
        offset: None,
        line: None,
        column: None,
        expected: String::new(),
        actual: String::new(),
        fix: if fix.ends_with('.') {
            fix.to_owned()
        } else {
            format!("{fix}.")
        },
    }
}

impl Judged {
    /// A file of which one problem is all that is known.
    fn alone(input: &Input, state: State, problem: Problem) -> Self {
        Self {
            name: input.name(),
            state,
            syntax: None,
            resource_type: None,
            problems: vec![problem],
            counts: Counts {
                errors: 1,
                ..Counts::default()
            },
            coded: Vec::new(),
            profiles_checked: Vec::new(),
            profiles_not_checked: Vec::new(),
            not_checked: Vec::new(),
        }
    }

    /// How many problems are not listed.
    pub(super) fn unlisted(&self) -> u64 {
        self.counts
            .total()
            .saturating_sub(self.problems.len() as u64)
    }
}

impl State {
    /// For programs to read.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::NoErrors => "no-errors",
            Self::Errors => "errors",
            Self::NotRead => "not-checked",
            Self::Fault => "fault",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_our_own_is_told_and_stops_nothing() {
        let input = Input {
            path: "a.json".into(),
            trouble: None,
        };
        let judged = guarded(&input, || panic!("on purpose"));
        assert_eq!(
            (judged.state, judged.name.as_str()),
            (State::Fault, "a.json")
        );
        assert_eq!(judged.problems[0].code, "FILE-FAULT");
    }
}
