//! The result as one page to read, print or send, which needs nothing beside itself and runs nothing.
//! Not for how the page looks: templates/validate.hbs.

use super::Form;
use super::at_hand::AtHand;
use super::judge::{Judged, Problem, State};
use super::shown::counted;
use super::summary::Summary;
use super::text::{codes_not_checked, place, verdict};
use handlebars::Handlebars;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::validate::Severity;
use serde::Serialize;
use std::io::{self, Write};

const TEMPLATE: &str = include_str!("../../../templates/validate.hbs");
/// A page with more problems than this is not read, and slow to open.
const MOST_PROBLEMS: usize = 2_000;
/// The same for files without a problem.
const MOST_FILES: usize = 5_000;
/// And for profiles of one file.
const MOST_PROFILES: usize = 50;

pub(super) struct Page {
    view: View,
    problems: usize,
    unlisted_files: u64,
}

#[derive(Serialize)]
struct View {
    version: String,
    sentence: String,
    checked: String,
    profiles: Vec<String>,
    looked_up: Vec<String>,
    definitions: Vec<String>,
    notes: Vec<String>,
    not_checked: Vec<String>,
    help: Option<String>,
    more: Option<String>,
    files: Vec<FileView>,
    /// Files of which nothing more is to be said than that they have no errors.
    clean: Vec<CleanView>,
}

#[derive(Serialize)]
struct CleanView {
    name: String,
    verdict: String,
    checked: String,
}

#[derive(Serialize)]
struct FileView {
    name: String,
    verdict: String,
    kind: &'static str,
    problems: Vec<ProblemView>,
    more: Option<String>,
    checked: Vec<String>,
    not_checked: Vec<String>,
}

#[derive(Serialize)]
struct ProblemView {
    severity: String,
    kind: &'static str,
    code: String,
    message: String,
    place: String,
    rows: Vec<(&'static str, String)>,
}

impl Page {
    pub(super) fn new(version: FhirVersion) -> Self {
        Self {
            view: View {
                version: format!("{version} ({})", version.number()),
                sentence: String::new(),
                checked: String::new(),
                profiles: Vec::new(),
                looked_up: Vec::new(),
                definitions: Vec::new(),
                notes: Vec::new(),
                not_checked: Vec::new(),
                help: None,
                more: None,
                files: Vec::new(),
                clean: Vec::new(),
            },
            problems: 0,
            unlisted_files: 0,
        }
    }
}

impl Form for Page {
    fn begin(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, file: &Judged, _: &AtHand, _: &mut dyn Write) -> io::Result<()> {
        let files = self.view.files.len() + self.view.clean.len();
        let is_full = self.problems >= MOST_PROBLEMS || files >= MOST_FILES;
        if is_full {
            self.unlisted_files += 1;
            return Ok(());
        }
        let room = MOST_PROBLEMS - self.problems;
        let problems: Vec<ProblemView> = file
            .problems
            .iter()
            .take(room)
            .map(|it| problem(&file.name, it))
            .collect();
        self.problems += problems.len();
        let unlisted = file.counts.total().saturating_sub(problems.len() as u64);
        let profiles = file.profiles_checked.iter();
        let profiles = profiles.take(MOST_PROFILES);
        let checked: Vec<String> = profiles.map(|it| format!("the profile {it}")).collect();
        let profiles = file.profiles_not_checked.iter();
        let profiles = profiles.map(|it| format!("the profile {}: {}", it.profile, it.reason));
        let mut not_checked: Vec<String> = profiles.take(MOST_PROFILES).collect();
        let more = file
            .profiles_not_checked
            .len()
            .saturating_sub(MOST_PROFILES);
        if more > 0 {
            not_checked.push(counted(more as u64, "more profile"));
        }
        not_checked.extend(file.not_checked.iter().take(MOST_PROFILES).cloned());
        not_checked.extend(codes_not_checked(file));
        let kind = match file.state {
            State::NoErrors => "good",
            State::Errors => "concern",
            State::NotRead | State::Fault => "neutral",
        };
        let is_clean = problems.is_empty() && unlisted == 0 && not_checked.is_empty();
        if is_clean && file.state == State::NoErrors {
            self.view.clean.push(CleanView {
                name: file.name.clone(),
                verdict: verdict(file),
                checked: checked.join(", "),
            });
            return Ok(());
        }
        self.view.files.push(FileView {
            name: file.name.clone(),
            verdict: verdict(file),
            kind,
            problems,
            more: (unlisted > 0).then(|| format!("{unlisted} more are counted but not listed.")),
            checked,
            not_checked,
        });
        Ok(())
    }

    fn end(&mut self, summary: &Summary, at_hand: &AtHand, out: &mut dyn Write) -> io::Result<()> {
        self.view.profiles = summary.profiles();
        self.view.looked_up = summary.looked_up();
        self.view.definitions = at_hand.definitions();
        self.view.notes = summary.notes(at_hand);
        self.view.sentence = summary.sentence();
        self.view.checked = summary.checked();
        self.view.not_checked = summary.not_checked();
        self.view.help = summary.help();
        self.view.more = (self.unlisted_files > 0).then(|| {
            format!(
                "{} not shown, because the page would be too long to read; they are counted above. \
                 Check fewer at once, or use --format json.",
                counted(self.unlisted_files, "more file")
            )
        });
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        let page = engine.render_template(TEMPLATE, &self.view);
        out.write_all(page.map_err(io::Error::other)?.as_bytes())
    }
}

fn problem(file: &str, it: &Problem) -> ProblemView {
    let rows = [
        ("Where", it.path.clone().unwrap_or_default()),
        ("Expected", it.expected.clone()),
        ("Found", it.actual.clone()),
        ("Fix", it.fix.clone()),
    ];
    ProblemView {
        severity: match it.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
            Severity::Information => "Information",
        }
        .to_owned(),
        kind: match it.severity {
            Severity::Error => "concern",
            Severity::Warning => "neutral",
            Severity::Information => "quiet",
        },
        code: it.code.to_string(),
        message: it.message.clone(),
        place: place(file, it),
        rows: rows
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect(),
    }
}
