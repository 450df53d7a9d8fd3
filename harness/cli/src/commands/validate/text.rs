//! The result for a person at a terminal: one block a file, the sentence last. Not for programs: json.rs.

use super::Form;
use super::at_hand::AtHand;
use super::judge::{Judged, Problem, State};
use super::shown::{counted, shown};
use super::summary::{Summary, problems};
use plumbline_fhir::Assurance;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Of a file, this many elements with codes that were not checked are named.
const MOST_ELEMENTS: usize = 5;

pub(super) struct Text;

impl Form for Text {
    fn begin(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, file: &Judged, _: &AtHand, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}: {}", file.name, verdict(file))?;
        for problem in &file.problems {
            write_problem(&file.name, problem, out)?;
        }
        if file.unlisted() > 0 {
            writeln!(
                out,
                "  and {} more of the same file, which are counted but not listed",
                file.unlisted()
            )?;
        }
        for profile in &file.profiles_checked {
            writeln!(out, "  checked: the profile {profile}")?;
        }
        for it in &file.profiles_not_checked {
            writeln!(
                out,
                "  not checked: the profile {}: {}",
                it.profile, it.reason
            )?;
        }
        for line in &file.not_checked {
            writeln!(out, "  not checked: {line}")?;
        }
        for line in codes_not_checked(file) {
            writeln!(out, "  not checked: {line}")?;
        }
        writeln!(out)
    }

    fn end(&mut self, summary: &Summary, at_hand: &AtHand, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", summary.sentence())?;
        writeln!(out, "{}", summary.checked())?;
        let parts = [
            ("Profiles checked", summary.profiles()),
            ("Codes looked up", summary.looked_up()),
            ("Definitions", at_hand.definitions()),
            ("Notes on the definitions", summary.notes(at_hand)),
            ("Not checked", summary.not_checked()),
        ];
        for (title, lines) in parts {
            if !lines.is_empty() {
                writeln!(out, "{title}:")?;
            }
            for line in lines {
                writeln!(out, "  {line}")?;
            }
        }
        if let Some(help) = summary.help() {
            writeln!(out, "{help}")?;
        }
        Ok(())
    }
}

/// How a file was found, in words.
pub(super) fn verdict(file: &Judged) -> String {
    let counts = problems(
        file.counts.errors,
        file.counts.warnings,
        file.counts.information,
    );
    let verdict = match file.state {
        State::NoErrors if counts.is_empty() => "no errors".to_owned(),
        State::NoErrors => format!("no errors, {counts}"),
        State::Errors => counts,
        State::NotRead => "not checked".to_owned(),
        State::Fault => "not checked, because Plumbline failed".to_owned(),
    };
    match &file.resource_type {
        Some(kind) => format!("{verdict} ({kind})"),
        None => verdict,
    }
}

/// The element, counted, and the reason, of codes that nobody looked up.
pub(super) fn codes_not_checked(file: &Judged) -> Vec<String> {
    let mut elements: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for check in &file.coded {
        let reason = match &check.assurance {
            Assurance::Checked { .. } => continue,
            Assurance::SyntaxOnly => "only its form was checked",
            Assurance::NotChecked(reason) => reason.as_str(),
        };
        *elements.entry((&check.path, reason)).or_default() += check.count;
    }
    let all = elements.len();
    let mut lines: Vec<String> = elements
        .into_iter()
        .take(MOST_ELEMENTS)
        .map(|((path, reason), count)| {
            format!(
                "{} in {}: {}",
                counted(count, "code"),
                shown(path),
                shown(reason)
            )
        })
        .collect();
    if all > MOST_ELEMENTS {
        lines.push(format!(
            "codes in {} more; --format json lists all",
            counted((all - MOST_ELEMENTS) as u64, "element")
        ));
    }
    lines
}

fn write_problem(file: &str, problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  {}: ", place(file, problem))?;
    writeln!(
        out,
        "{} {}: {}",
        problem.severity, problem.code, problem.message
    )?;
    let lines = [
        ("where", problem.path.as_deref().unwrap_or_default()),
        ("expected", &problem.expected),
        ("found", &problem.actual),
        ("fix", &problem.fix),
    ];
    for (label, text) in lines {
        if !text.is_empty() {
            writeln!(out, "    {:<10}{text}", format!("{label}:"))?;
        }
    }
    Ok(())
}

/// `file:line:column`, as editors understand it.
pub(super) fn place(file: &str, problem: &Problem) -> String {
    match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        (None, _) => file.to_owned(),
    }
}
