//! `plumbline validate --watch`: checks again whenever a file or a package changes, and shows a short summary.
//! Not for the checking. It ends with Ctrl-C.

use super::at_hand::{self, AtHand};
use super::judge::{self, Judged, State};
use super::shown::counted;
use super::summary::Summary;
use super::text::{place, verdict};
use super::{in_order, inputs};
use crate::Outcome;
use crate::arguments::Validate;
use crate::failure::Failure;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::validate::Severity;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(400);
/// Errors beyond these are counted and not shown.
const MOST_SHOWN: usize = 20;
/// Files beyond these in a package folder are not watched.
const MOST_WATCHED: usize = 20_000;

/// When each file was changed last, and how long it was; `None` for one that is not there.
type Times = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

pub(super) fn perform(arguments: &Validate, version: FhirVersion) -> Outcome {
    let mut packages = Times::new();
    let mut files = Times::new();
    let mut at_hand: Option<Result<AtHand, Failure>> = None;
    loop {
        let packages_now = times(&watched_packages(arguments));
        let files_now = times(&arguments.files);
        let is_other = packages_now != packages;
        if is_other {
            at_hand = None;
        }
        if is_other || files_now != files || at_hand.is_none() {
            packages = packages_now;
            files = files_now;
            let at_hand = at_hand.get_or_insert_with(|| at_hand::load(arguments, version));
            let text = match at_hand {
                Ok(at_hand) => checked(arguments, at_hand, version)?,
                Err(failure) => format!("{}\n", failure.message.trim_end()),
            };
            show(&text)?;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Clears the terminal, if there is one, and shows the text.
fn show(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let clear = if out.is_terminal() {
        "\u{1b}[2J\u{1b}[3J\u{1b}[H"
    } else {
        ""
    };
    let shown = write!(out, "{clear}{text}\nWatching for changes; Ctrl-C ends.\n\n");
    let failed = |error: io::Error| Failure::usage(format!("error: failed to print: {error}"));
    shown.and_then(|()| out.flush()).map_err(failed)
}

/// The summary, and the first errors in one line each.
fn checked(
    arguments: &Validate,
    at_hand: &AtHand,
    version: FhirVersion,
) -> Result<String, Failure> {
    let inputs = inputs::collect(&arguments.files);
    let jobs = super::jobs(arguments);
    let mut summary = Summary::new(version);
    let mut lines = Vec::new();
    let mut more = 0_u64;
    let checked = in_order::each(
        &inputs,
        jobs,
        |input| judge::judge(input, at_hand),
        |judged| {
            summary.count(&judged);
            lines_of(&judged, &mut lines, &mut more);
            Ok(())
        },
    );
    checked.map_err(|error| Failure::internal(format!("error: {error}")))?;
    let mut text = format!("{}\n", summary.sentence());
    if !lines.is_empty() {
        text.push('\n');
    }
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    if more > 0 {
        text.push_str("and ");
        text.push_str(&counted(more, "more error"));
        text.push('\n');
    }
    Ok(text)
}

fn lines_of(file: &Judged, lines: &mut Vec<String>, more: &mut u64) {
    match file.state {
        State::NoErrors => return,
        State::Errors => {}
        State::NotRead | State::Fault => lines.push(format!("{}: {}", file.name, verdict(file))),
    }
    let errors = file
        .problems
        .iter()
        .filter(|it| it.severity == Severity::Error);
    let mut shown = 0;
    for problem in errors {
        if lines.len() >= MOST_SHOWN {
            break;
        }
        shown += 1;
        let path = problem
            .path
            .as_deref()
            .map_or(String::new(), |it| format!(" ({it})"));
        let place = place(&file.name, problem);
        lines.push(format!(
            "{place}: {}: {}{path}",
            problem.code, problem.message
        ));
    }
    *more += file.counts.errors.saturating_sub(shown);
}

/// What a change of would change the definitions.
fn watched_packages(arguments: &Validate) -> Vec<PathBuf> {
    let named = arguments.package.iter().chain(&arguments.profile);
    let mut all: Vec<PathBuf> = named.map(PathBuf::from).filter(|it| it.exists()).collect();
    all.push(PathBuf::from(crate::commands::packages::LOCK));
    all
}

fn times(paths: &[PathBuf]) -> Times {
    let mut all = Times::new();
    let mut waiting: Vec<PathBuf> = paths.to_vec();
    while let Some(path) = waiting.pop() {
        if all.len() >= MOST_WATCHED {
            break;
        }
        let about = fs::metadata(&path);
        if about.as_ref().is_ok_and(fs::Metadata::is_dir) && !is_link(&path, paths) {
            let entries = fs::read_dir(&path).into_iter().flatten();
            waiting.extend(entries.filter_map(Result::ok).map(|it| it.path()));
        }
        let seen = about.ok();
        let seen = seen.and_then(|it| Some((it.modified().ok()?, it.len())));
        all.insert(path, seen);
    }
    all
}

/// Links to folders are followed where the user names them, and nowhere else.
fn is_link(path: &Path, named: &[PathBuf]) -> bool {
    !named.iter().any(|it| it == path) && fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink())
}
