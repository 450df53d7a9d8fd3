//! How far the answers were checked against FHIR, for the first page, and what was found, for its own section.
//! Not for counting: `crate::validity` does that.

use super::marks::Mark;
use super::words::{count, sentence, thousands};
use crate::validity::{IssueGroup, Validity};
use plumbline_model::IssueSeverity;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many groups of findings are shown from the start.
pub(crate) const OPEN: usize = 10;
/// How many are on the page at all; all that are kept apart are in report.json.
pub(crate) const MOST: usize = 200;
/// How many profiles the first page names.
const FIRST_PROFILES: usize = 3;
/// How many profiles the section names.
const MOST_PROFILES: usize = 50;

/// The first page and the section.
#[derive(Serialize)]
pub(crate) struct ValidityView {
    title: String,
    lines: Vec<LineView>,
    effect: &'static str,
    section_title: String,
    found: bool,
    folded: String,
    more: Vec<String>,
    profiles: Vec<String>,
}

#[derive(Serialize)]
struct LineView {
    name: &'static str,
    text: String,
}

/// A row of the table of findings.
#[derive(Serialize)]
pub(crate) struct GroupView {
    mark: Mark,
    code: String,
    message: String,
    place: String,
    often: String,
    number: u32,
    position: String,
    meaning: String,
    fix: String,
}

const EFFECT: &str =
    "None of this changes the verdicts above, unless a scenario asks for valid FHIR.";

/// The view; none if no answer came.
pub(crate) fn view(all: &Validity) -> Option<ValidityView> {
    if all.answers == 0 {
        return None;
    }
    let shown = all.issues.len().min(MOST);
    Some(ValidityView {
        title: title(all),
        lines: vec![
            LineView {
                name: "Answers.",
                text: answers(all),
            },
            LineView {
                name: "Codes.",
                text: codes(all),
            },
            LineView {
                name: "Profiles.",
                text: profiles(all),
            },
        ],
        effect: EFFECT,
        section_title: section_title(all),
        found: !all.issues.is_empty(),
        folded: match shown.saturating_sub(OPEN) {
            0 => String::new(),
            more => format!("Show {}", count(more, "more finding", "more findings")),
        },
        more: more(all),
        profiles: profile_list(all),
    })
}

fn title(all: &Validity) -> String {
    match (all.checked, all.with_errors) {
        (0, _) => "No answer was checked against the FHIR specification".to_owned(),
        (_, 0) => "No checked answer breaks FHIR or a profile".to_owned(),
        (checked, errors) => format!(
            "{} of {} {} FHIR or a profile",
            thousands(errors),
            count(checked, "checked answer", "checked answers"),
            if errors == 1 { "breaks" } else { "break" }
        ),
    }
}

fn answers(all: &Validity) -> String {
    let mut text = match all.checked {
        0 => format!(
            "None of {} was checked.",
            count(all.answers, "answer", "answers")
        ),
        checked => format!(
            "{} of {} {} checked against {} and the profiles that they claim, as far as those are known: {}.",
            thousands(checked),
            count(all.answers, "answer", "answers"),
            if checked == 1 { "was" } else { "were" },
            all.specification(),
            results(all)
        ),
    };
    if !all.not_checked.is_empty() {
        let reasons: Vec<String> = all
            .not_checked
            .iter()
            .map(|(reason, number)| format!("{} ({})", reason.label(), thousands(*number)))
            .collect();
        let number = all.unchecked();
        text = format!(
            "{text} {} {} not checked: {}.",
            thousands(number),
            if number == 1 { "was" } else { "were" },
            reasons.join("; ")
        );
    }
    text
}

fn results(all: &Validity) -> String {
    let have = |number: usize, what: &str| {
        let verb = if number == 1 { "has" } else { "have" };
        format!("{} {verb} {what}", thousands(number))
    };
    match (all.with_errors, all.with_warnings) {
        (0, 0) => "none has errors or warnings".to_owned(),
        (0, warned) => format!("none has errors, {}", have(warned, "warnings")),
        (broken, 0) => have(broken, "errors"),
        (broken, warned) => format!(
            "{}, {}",
            have(broken, "errors"),
            have(warned, "warnings alone")
        ),
    }
}

fn codes(all: &Validity) -> String {
    let codes = &all.codes;
    let unchecked = codes.unchecked();
    let mut parts = Vec::new();
    if codes.checked > 0 {
        parts.push(format!(
            "{} looked up in the value sets of FHIR",
            words(codes.checked, "code was", "codes were")
        ));
    }
    if codes.form_only > 0 {
        parts.push(format!(
            "of {} only the form was checked",
            words(codes.form_only, "code", "codes")
        ));
    }
    if unchecked > 0 {
        let reasons: Vec<String> = codes
            .not_checked
            .iter()
            .map(|(reason, number)| format!("{reason} ({})", wide(*number)))
            .collect();
        parts.push(format!(
            "{} not checked: {}",
            words(unchecked, "code was", "codes were"),
            reasons.join("; ")
        ));
    }
    let never = "Whether a code means what was meant is never checked.";
    if parts.is_empty() {
        format!("No code was checked. {never}")
    } else {
        format!("{} {never}", sentence(&parts.join("; ")))
    }
}

fn profiles(all: &Validity) -> String {
    if all.checked == 0 {
        return "Not checked.".to_owned();
    }
    let checked = named(&all.profiles_checked, "checked");
    let not_checked = named(&all.profiles_not_checked, "named and not checked");
    let mut text = match (checked, not_checked) {
        (None, None) => {
            return "No checked answer names a profile, and no profile was checked.".to_owned();
        }
        (Some(checked), None) => format!("{checked}."),
        (None, Some(not_checked)) => format!("{not_checked}; no profile was checked."),
        (Some(checked), Some(not_checked)) => format!("{checked}. {not_checked}."),
    };
    if all.more_profiles {
        text.push_str(" There are others.");
    }
    text
}

/// How many profiles, what became of them, and the first of them.
fn named(all: &BTreeMap<String, usize>, what: &str) -> Option<String> {
    let first: Vec<&str> = all
        .keys()
        .take(FIRST_PROFILES)
        .map(String::as_str)
        .collect();
    let number = all.len();
    let rest = match number.saturating_sub(FIRST_PROFILES) {
        0 => String::new(),
        more => format!(", and {} more", thousands(more)),
    };
    let counted = count(number, "profile was", "profiles were");
    (number > 0).then(|| format!("{counted} {what}: {}{rest}", first.join(", ")))
}

fn section_title(all: &Validity) -> String {
    if all.checked == 0 {
        return "Validity of the answers: not checked".to_owned();
    }
    let number = |severity| {
        let of = all.issues.iter().filter(|it| it.severity == severity);
        of.count()
    };
    let kinds = |number, one: &str, many: &str| (number > 0).then(|| count(number, one, many));
    let parts: Vec<String> = [
        kinds(
            number(IssueSeverity::Error),
            "kind of error",
            "kinds of error",
        ),
        kinds(
            number(IssueSeverity::Warning),
            "kind of warning",
            "kinds of warning",
        ),
        kinds(
            number(IssueSeverity::Information),
            "kind of remark",
            "kinds of remark",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.as_slice() {
        [] => "Validity of the answers: nothing was found".to_owned(),
        parts => format!("Validity of the answers: {}", parts.join(", ")),
    }
}

/// What the table leaves out.
fn more(all: &Validity) -> Vec<String> {
    let mut lines = Vec::new();
    let left = all.issues.len().saturating_sub(MOST);
    if left > 0 {
        lines.push(format!(
            "{} left out here and listed in report.json.",
            count(left, "more kind of finding is", "more kinds of finding are")
        ));
    }
    if all.unlisted > 0 {
        lines.push(format!(
            "{} counted but not listed, because one answer or the run had too many.",
            words(all.unlisted, "more finding is", "more findings are")
        ));
    }
    lines
}

fn profile_list(all: &Validity) -> Vec<String> {
    let named = &all.profiles_not_checked;
    let mut list: Vec<String> = named
        .iter()
        .take(MOST_PROFILES)
        .map(|(url, number)| {
            let answers = count(*number, "answer", "answers");
            format!("{url}: not checked, named in {answers}")
        })
        .collect();
    let more = named.len().saturating_sub(MOST_PROFILES);
    if more > 0 {
        list.push(format!(
            "{} named and not checked; report.json lists them",
            count(more, "more profile is", "more profiles are")
        ));
    }
    list
}

/// A row of the table.
pub(crate) fn group(group: &IssueGroup) -> GroupView {
    let example = &group.example;
    let position = match (example.line, example.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}"),
        (Some(line), None) => format!("line {line}"),
        (None, _) => String::new(),
    };
    let place = match group.findings.saturating_sub(1) {
        0 => example.fhirpath.clone(),
        more => format!(
            "{} and {}",
            example.fhirpath,
            words(more, "more place", "more places")
        ),
    };
    GroupView {
        mark: mark(group.severity),
        code: group.code.to_string(),
        message: sentence(&example.message),
        place,
        often: format!(
            "{} in {}",
            words(group.findings, "time", "times"),
            count(group.answers, "answer", "answers")
        ),
        number: example.exchange.0,
        position,
        meaning: group.meaning.to_owned(),
        fix: group.fix.to_owned(),
    }
}

/// Not the words of verdicts, since none of this is one.
fn mark(severity: IssueSeverity) -> Mark {
    let (shape, tone, word) = match severity {
        IssueSeverity::Error => ("diamond", "concern", "Invalid"),
        IssueSeverity::Warning => ("triangle", "concern", "Against advice"),
        IssueSeverity::Information => ("open-circle", "quiet", "Remark"),
    };
    Mark {
        shape,
        tone,
        word: word.to_owned(),
        reason: "",
    }
}

fn wide(number: u64) -> String {
    thousands(usize::try_from(number).unwrap_or(usize::MAX))
}

fn words(number: u64, one: &str, many: &str) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), one, many)
}
