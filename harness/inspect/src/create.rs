//! A new assessment: text files with the questions in them, for people to fill in. Writes nothing itself.

use crate::assessment::{ASSESSMENT_FORMAT, Folder, Organisation};
use crate::checklist::{Checklist, Item, Link};
use crate::day::Day;
use crate::load::FRAME;
use crate::mistake::{Mistake, Mistakes};
use crate::reading::quoted;
use crate::scan::refuse_identifiers;
use std::fmt::Write;

/// What a new assessment starts from.
#[derive(Debug, Clone)]
pub struct NewAssessment<'a> {
    /// The checklist.
    pub checklist: &'a Checklist,
    /// Who is assessed.
    pub organisation: Organisation,
    /// What is looked at; may be empty, and is then asked for in the file.
    pub scope: String,
    /// When it begins.
    pub opened: Option<Day>,
}

/// The files of a new assessment, by name.
pub fn create(new: &NewAssessment<'_>) -> Result<Folder, Mistakes> {
    let code = new.organisation.code.as_str();
    let form = (3..=8).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !form {
        return Err(Mistake::new(
            "--organisation",
            1,
            "this is no ODS code",
            "write 3 to 8 capital letters and digits, such as ZZ001",
        )
        .into());
    }
    if new.organisation.name.trim().is_empty() {
        return Err(Mistake::new(
            "--name",
            1,
            "the organisation has no name",
            "write the name as the board knows it",
        )
        .into());
    }
    let mut files = vec![
        (FRAME.to_owned(), frame(new)),
        ("groups.toml".to_owned(), groups(new.checklist)),
        ("actions.toml".to_owned(), ACTIONS.to_owned()),
        ("practice.toml".to_owned(), PRACTICE.to_owned()),
        ("supplier.toml".to_owned(), SUPPLIER.to_owned()),
        ("response.toml".to_owned(), RESPONSE.to_owned()),
        ("runs.toml".to_owned(), RUNS.to_owned()),
        ("measures.toml".to_owned(), MEASURES.to_owned()),
    ];
    for item in &new.checklist.items {
        files.push((format!("answers/{}.toml", item.id), answer(item)));
        files.push((format!("evidence/{}.toml", item.id), evidence(item)));
    }
    for (name, text) in &files {
        refuse_identifiers(name, text.as_bytes())?;
    }
    let bytes = |(name, text): (String, String)| (name, text.into_bytes());
    Ok(files.into_iter().map(bytes).collect())
}

const WIDTH: usize = 100;

/// A comment, broken into lines.
fn comment(text: &mut String, words: &str) {
    let mut line = String::from("#");
    for word in words.split_whitespace() {
        if line.len() + word.len() + 1 > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

fn frame(new: &NewAssessment<'_>) -> String {
    let mut text = String::new();
    comment(
        &mut text,
        "An assessment. Roles, never names; no word about a patient who could be known.",
    );
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "format = {ASSESSMENT_FORMAT}\nnature = \"assessment\"\n\n\
         # What was looked at: services, sites, systems.\nscope = {}\n\
         # Days as \"2026-11-22\"; leave \"\" where a day is not known yet.\n\
         opened = {}\nvisited = []\nreported = \"\"\n\
         # What was not looked at, one sentence each. The report says it on its first page.\n\
         not_looked_at = []\n\n[organisation]\ncode = {}\nname = {}\n\n\
         # Answers belong to this checklist and to no other; do not change these three.\n\
         [checklist]\nid = {}\nversion = {}\nfingerprint = {}\n\n\
         # [[team]]\n# role = \"Lead inspector\"\n# did = \"visited two sites, judged groups A to F\"\n\n\
         # One page in plain English, written by the inspector when everything else is done.\n\
         [summary]\nwritten_by = \"\"\ntext = []\npatients = []\n",
        quoted(if new.scope.trim().is_empty() {
            "to be written"
        } else {
            &new.scope
        }),
        quoted(new.opened.as_ref().map_or("", Day::as_str)),
        quoted(&new.organisation.code),
        quoted(&new.organisation.name),
        quoted(&new.checklist.id),
        quoted(&new.checklist.version),
        quoted(&new.checklist.fingerprint),
    );
    text
}

fn groups(checklist: &Checklist) -> String {
    let mut text = String::new();
    comment(
        &mut text,
        "The inspector's rating of each group, with the reason. Nothing computes it.",
    );
    for characteristic in &checklist.characteristics {
        let words = format!(
            "{}: {}",
            characteristic.rating.key(),
            characteristic.pattern
        );
        comment(&mut text, &words);
    }
    for group in &checklist.groups {
        let _ = write!(
            text,
            "\n# {}\n[[group]]\nid = {}\nrating = \"not-rated\"\nreason = \"\"\n",
            group.title,
            quoted(&group.id)
        );
    }
    text
}

fn answer(item: &Item) -> String {
    let mut text = String::new();
    comment(&mut text, &format!("{}. {}", item.id, item.question));
    comment(
        &mut text,
        &format!(
            "{}. What good looks like: {}",
            item.level.label(),
            item.help
        ),
    );
    comment(&mut text, &format!("What can happen: {}", item.harm));
    let _ = write!(
        text,
        "item = {}\n\n\
         # The organisation's own answer: met, partly-met, not-met, not-applicable (with a reason), not-assessed.\n\
         [self]\nstatus = \"not-assessed\"\nreason = \"\"\nevidence = []\n\n\
         # The inspector's judgement, with the ids of the evidence it rests on.\n\
         # It is shown only if that is of two categories, one of them not supplied by the organisation.\n\
         [inspector]\nstatus = \"not-assessed\"\nreason = \"\"\nevidence = []\n\
         confidence = \"not-stated\"\njudged_by = \"\"\njudged_on = \"\"\nreviewed_by = \"\"\n\n\
         # A view within the team that differs:\n\
         # [[dissent]]\n# role = \"\"\n# status = \"\"\n# reason = \"\"\n",
        quoted(item.id.as_str())
    );
    text
}

fn evidence(item: &Item) -> String {
    let mut text = String::new();
    comment(
        &mut text,
        &format!("Evidence for {}: {}", item.id, item.question),
    );
    for wanted in &item.evidence_wanted {
        comment(&mut text, &format!("Wanted: {wanted}."));
    }
    for automated in &item.automated {
        let words = match &automated.link {
            Link::Pack { pack, .. } => {
                format!(
                    "A run of the pack {pack} on the organisation's own system fills {} in.",
                    automated.tag
                )
            }
            Link::NotYet { reason } => format!("Nothing fills {} in yet: {reason}.", automated.tag),
        };
        comment(&mut text, &words);
    }
    comment(
        &mut text,
        "Records are only added. To correct one, add another that names it in `replaces`.",
    );
    let _ = write!(
        text,
        "#\n# [[evidence]]\n# id = \"{id}-01\"\n\
         # category = \"\"     # people-experience, staff-leaders, partners, observation, processes, outcomes\n\
         # type = \"\"         # document, interview, observation, survey, outcome\n\
         # supplied_by = \"\"  # organisation, supplier, partner, patient, inspector\n\
         # source_role = \"\"  # a role, never a name\n\
         # captured_at = \"\"  # a day\n\
         # captured_by = \"\"  # a role\n\
         # method = \"\"\n# environment = \"\"\n# sample_n = 10\n# sample_frame = \"\"\n# finding = \"\"\n\
         # strength = \"\"     # direct, corroborated, asserted\n\
         # weighs = \"\"       # supports, contradicts, neutral\n\
         # reference = \"\"\n# hash = \"\"\n# replaces = []\n",
        id = item.id
    );
    text
}

const ACTIONS: &str = "\
# What is to be done: must (patients may be harmed), should, could.
# [[action]]
# id = \"M1\"
# urgency = \"must\"
# text = \"\"
# owner = \"\"   # a role
# due = \"\"     # a day
# items = []
";

const PRACTICE: &str = "\
# What others could copy.
# [[practice]]
# text = \"\"
# items = []
";

const SUPPLIER: &str = "\
# How the organisation and its suppliers work together.
# [[finding]]
# about = \"\"   # a supplier or product
# text = \"\"
# evidence = []
";

const RESPONSE: &str = "\
# The check for factual accuracy: what the organisation said of the draft, and what became of it.
sent = \"\"
closes = \"\"

# [[point]]
# item = \"\"      # empty for the report as a whole
# kind = \"\"      # fact, judgement, completeness
# says = \"\"
# by = \"\"        # a role
# on = \"\"        # a day
# outcome = \"\"   # accepted, partly-accepted, not-accepted, open
# answer = \"\"
";

const RUNS: &str = "\
# Runs of packs, written by `plumbline inspect fill`. Do not edit.
";

const MEASURES: &str = "\
# Figures of live operation, written by `plumbline inspect fill --measures`. Do not edit.
";
