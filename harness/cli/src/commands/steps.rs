//! `plumbline steps`: what scenarios are written with.

use crate::Outcome;
use crate::arguments::{Form, Steps};
use crate::failure::Failure;
use plumbline_model::{CLINICAL_TYPES, ExitCode, StepKind};
use plumbline_runner::{Argument, PLACEHOLDERS, StepDef, StepRun, Table, arguments, heading};
use std::fmt::Write;

pub(crate) fn perform(wanted: &Steps) -> Outcome {
    let table = Table::standard();
    let words: Vec<&str> = wanted
        .words
        .iter()
        .flat_map(|word| word.split_whitespace())
        .collect();
    let found: Vec<&StepDef> = table
        .defs()
        .filter(|step| speaks_of(step, &words))
        .collect();
    if found.is_empty() {
        return Err(Failure::usage(format!(
            "error: no step speaks of {}\n  help: try fewer words; plumbline steps lists all",
            words.join(" and of ")
        )));
    }
    match wanted.format {
        Form::Text => print!("{}", text(&found)),
        Form::Json => println!("{}", json(&found).map_err(anyhow::Error::from)?),
    }
    Ok(ExitCode::Success)
}

/// A kind of step: its keyword, its heading, and its topics in order.
struct Kind {
    of: StepKind,
    word: &'static str,
    title: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        of: StepKind::Setup,
        word: "Given",
        title: "Preparing: a missing precondition makes the scenario not tested.",
    },
    Kind {
        of: StepKind::Action,
        word: "When",
        title: "Asking the system.",
    },
    Kind {
        of: StepKind::Assertion,
        word: "Then",
        title: "Judging: one observable each.",
    },
];

/// Topics in the order in which they are listed.
const TOPICS: [&str; 11] = [
    "The patient in play",
    "How requests are made",
    "The capability statement",
    "Finding patients",
    "Records of a patient",
    "From one answer to the next",
    "The answer",
    "The result of a search",
    "Patients in the result",
    "Records in the result",
    "Codes and dates",
];

/// The topic of a step, one of [`TOPICS`].
fn topic(step: &StepDef) -> &'static str {
    let has = |text: &str| step.pattern.contains(text);
    match step.run {
        StepRun::Act(_) if step.kind == StepKind::Setup => {
            if has("patient") {
                "The patient in play"
            } else {
                "How requests are made"
            }
        }
        StepRun::Act(_) => {
            if has("capability statement") {
                "The capability statement"
            } else if has("result") || has("is refused") {
                "From one answer to the next"
            } else if has("patients are searched") || has("the patient is read") {
                "Finding patients"
            } else {
                "Records of a patient"
            }
        }
        StepRun::Check { code, .. } => match code.split('-').next().unwrap_or(code) {
            "FHIR" if code == "FHIR-DATE" => "Codes and dates",
            "HTTP" | "OPERATION" | "FHIR" => "The answer",
            "CAPABILITY" => "The capability statement",
            "BUNDLE" | "PAGING" => "The result of a search",
            "PATIENT" | "NHS" => "Patients in the result",
            "ALLERGY" | "RECORD" => "Records in the result",
            "SNOMED" | "ODS" => "Codes and dates",
            _ if has("the patient") || has("another patient") || has("nobody") => {
                "Patients in the result"
            }
            _ => "The result of a search",
        },
    }
}

fn check(step: &StepDef) -> Option<&'static str> {
    match step.run {
        StepRun::Act(_) => None,
        StepRun::Check { code, .. } => Some(code),
    }
}

/// Whether each word is in what is said of the step, whatever its ending: allergy, allergies.
fn speaks_of(step: &StepDef, words: &[&str]) -> bool {
    let kind = KINDS.iter().find(|k| k.of == step.kind);
    let said = format!(
        "{} {} {} {} {} {}",
        kind.map_or("", |k| k.word),
        step.pattern,
        step.doc,
        step.example,
        topic(step),
        check(step).unwrap_or_default()
    )
    .to_lowercase();
    words
        .iter()
        .all(|word| said.contains(stem(&word.to_lowercase())))
}

fn stem(word: &str) -> &str {
    ["ies", "y", "es", "s"]
        .iter()
        .find_map(|end| word.strip_suffix(end).filter(|rest| rest.len() > 2))
        .unwrap_or(word)
}

/// The steps of a kind by topic; topics without a step are left out.
fn by_topic<'a>(
    steps: &[&'a StepDef],
    kind: StepKind,
) -> impl Iterator<Item = (&'static str, Vec<&'a StepDef>)> {
    let of_kind: Vec<&StepDef> = steps.iter().copied().filter(|s| s.kind == kind).collect();
    TOPICS.into_iter().filter_map(move |name| {
        let own: Vec<&StepDef> = of_kind
            .iter()
            .copied()
            .filter(|s| topic(s) == name)
            .collect();
        (!own.is_empty()).then_some((name, own))
    })
}

fn text(steps: &[&StepDef]) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for kind in &KINDS {
        if !steps.iter().any(|step| step.kind == kind.of) {
            continue;
        }
        let _ = writeln!(text, "{}: {}\n", kind.word, kind.title);
        for (name, steps) in by_topic(steps, kind.of) {
            let _ = writeln!(text, "  {name}\n");
            for step in steps {
                let _ = writeln!(text, "    {} {}", kind.word, step.pattern);
                let _ = writeln!(text, "        {}", step.doc);
                if let Some(code) = check(step) {
                    let _ = writeln!(text, "        check: {code}");
                }
                let _ = writeln!(text, "        e.g. {} {}", kind.word, step.example);
                for row in sample_table(step) {
                    let _ = writeln!(text, "               {row}");
                }
                text.push('\n');
            }
        }
    }
    let _ = writeln!(text, "What stands in a step\n");
    for (name, meaning) in ARGUMENTS {
        let _ = writeln!(text, "    {name:<10} {meaning}");
    }
    let _ = writeln!(
        text,
        "\nValues of the patient in play, for quoted texts and tables\n"
    );
    for (name, meaning) in PLACEHOLDERS {
        let _ = writeln!(text, "    {name:<19} {meaning}");
    }
    let _ = writeln!(
        text,
        "\nTypes of record whose facts the test patients have\n\n    {}\n\
         \nEvery other type of FHIR R4 can be searched and read as well.",
        fact_types().join("\n    ")
    );
    text
}

/// Example rows of the table below a step that needs one.
fn sample_table(step: &StepDef) -> &'static [&'static str] {
    if step.needs_table && step.pattern.starts_with("the patient is registered") {
        return &[
            "| element       | value    |",
            "| birthDate     | absent   |",
            "| identifier.0  | repeated |",
            "| name.0.family | Other    |",
        ];
    }
    match (step.needs_table, step.pattern.starts_with("patients")) {
        (false, _) => &[],
        (true, true) => &[
            "| parameter | value        |",
            "| family    | {family}     |",
            "| birthdate | {birth-date} |",
        ],
        (true, false) => &[
            "| parameter | value  |",
            "| date      | ge2020 |",
            "| date      | le2021 |",
        ],
    }
}

const ARGUMENTS: [(&str, &str); 3] = [
    (
        "{string}",
        "a text between quotation marks, as in the example; it may hold the values below",
    ),
    ("{int}", "a whole number, without quotation marks"),
    (
        "with:",
        "a table on the lines below; its first row is | parameter | value |, and | element | value | for changes to a registration",
    ),
];

/// Allergies have facts and steps of its own.
fn fact_types() -> Vec<&'static str> {
    std::iter::once("AllergyIntolerance")
        .chain(CLINICAL_TYPES.iter().map(|kind| kind.name))
        .collect()
}

const fn key(argument: Argument) -> &'static str {
    match argument {
        Argument::Role => "role",
        Argument::Type => "resource-type",
        Argument::FactType => "resource-type-with-facts",
        Argument::Parameter => "search-parameter",
        Argument::Number => "number",
        Argument::Text => "text",
    }
}

fn json(steps: &[&StepDef]) -> serde_json::Result<String> {
    let rows: Vec<_> = steps
        .iter()
        .map(|step| {
            let arguments: Vec<_> = arguments(step.pattern).into_iter().map(key).collect();
            serde_json::json!({
                "kind": step.kind, "topic": topic(step), "pattern": step.pattern, "doc": step.doc,
                "example": step.example, "needs_table": step.needs_table,
                "table": sample_table(step), "arguments": arguments, "check": check(step),
            })
        })
        .collect();
    let named = |all: &[(&str, &str)]| -> Vec<serde_json::Value> {
        all.iter()
            .map(|(name, meaning)| serde_json::json!({ "name": name, "meaning": meaning }))
            .collect()
    };
    serde_json::to_string_pretty(&serde_json::json!({
        "steps": rows, "arguments": named(&ARGUMENTS), "placeholders": named(PLACEHOLDERS),
        "types_with_facts": fact_types(),
    }))
}

/// The list as Markdown, for docs/generated.
pub(crate) fn markdown() -> String {
    let mut text = String::from("# Steps\n\nGenerated by `cargo xtask gen`; do not edit.\n");
    let table = Table::standard();
    let all: Vec<&StepDef> = table.defs().collect();
    for kind in &KINDS {
        let (word, title) = (kind.word, kind.title);
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {word}\n\n{title}\n");
        for (name, steps) in by_topic(&all, kind.of) {
            let _ = write!(
                text,
                "\n### {word}: {name}\n\n| Step | Meaning | Example | Check |\n|---|---|---|---|\n"
            );
            for step in steps {
                let check = check(step).map_or_else(String::new, |code| format!("`{code}`"));
                let table = step.needs_table.then(|| {
                    let heading = heading(step).join(" \\| ");
                    format!(" and below it a table that begins with `\\| {heading} \\|`")
                });
                let table = table.unwrap_or_default();
                let _ = writeln!(
                    text,
                    "| {word} {} | {} | `{word} {}`{table} | {check} |",
                    step.pattern, step.doc, step.example,
                );
            }
        }
    }
    let _ = write!(
        text,
        "\n## What stands in a step\n\n| Word | Meaning |\n|---|---|\n"
    );
    for (name, meaning) in ARGUMENTS.iter().chain(PLACEHOLDERS) {
        let _ = writeln!(text, "| `{name}` | {} |", meaning.replace('|', "\\|"));
    }
    let _ = writeln!(
        text,
        "\nThe words from `{{nhs-number}}` on stand for values of the patient in play.\n\
         The test patients have facts of these types: {}.",
        fact_types().join(", ")
    );
    text
}

#[cfg(test)]
mod tests {
    use super::{TOPICS, speaks_of, topic};
    use plumbline_runner::Table;

    #[test]
    fn every_step_has_a_topic_that_is_listed() {
        for step in Table::standard().defs() {
            assert!(TOPICS.contains(&topic(step)), "{}", step.pattern);
        }
    }

    #[test]
    fn words_narrow_the_list() {
        let found = |words: &[&str]| {
            Table::standard()
                .defs()
                .filter(|step| speaks_of(step, words))
                .count()
        };
        let all = Table::standard().defs().count();
        assert_eq!(found(&[]), all);
        let allergies = found(&["allergies"]);
        assert!((4..all / 2).contains(&allergies), "{allergies}");
        assert_eq!(found(&["Allergy"]), allergies);
        assert!(found(&["allergies", "then"]) < allergies);
        assert_eq!(found(&["zebra"]), 0);
    }
}
