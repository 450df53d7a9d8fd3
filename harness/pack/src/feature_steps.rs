//! The steps of a feature against the vocabulary and the pack, and whether each step of a scenario
//! finds what it needs in the steps before it. Not for tags and shape, which `features` checks.

use crate::diagnostic::DiagnosticKind;
use crate::features::Checker;
use crate::outline::unfilled;
use crate::pack::PlannedStep;
use crate::source::Source;
use crate::steps::{Needed, StepEffect, StepMatch};
use crate::suggest::closest;
use plumbline_model::{ActorRole, DirectoryKind, StepKind};
use std::collections::BTreeSet;
use std::ops::Range;

impl Checker<'_> {
    pub(crate) fn check_step(&self, source: &Source<'_>, step: &PlannedStep, example: Option<u32>) {
        let range = source.line_range(step.line);
        let with_row = |cause: String| of_example(cause, example);
        match self.steps.resolve(step.kind, &step.text) {
            StepMatch::One => self.check_table_and_arguments(source, step, example),
            StepMatch::None { closest } => {
                let fix = match closest {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "see `plumbline steps` for the steps that there are".to_owned(),
                };
                source.error(
                    range,
                    with_row(format!("no step reads `{}`", step.text)),
                    fix,
                );
            }
            StepMatch::WrongKeyword(kind) => source.error(
                range,
                format!(
                    "this step stands under {} but belongs under {}",
                    word(step.kind),
                    word(kind)
                ),
                format!("begin it with {}", word(kind)),
            ),
            StepMatch::Ambiguous(steps) => source.error(
                range,
                format!(
                    "the text could mean more than one step: {}",
                    steps.join("; ")
                ),
                "word it so that it means one of them",
            ),
            StepMatch::BadArgument { message, hint } => {
                source.error(range, with_row(message), hint);
            }
        }
        if let Some((place, role)) = actor(&step.text) {
            self.check_actor(source, step, place, role);
        }
    }

    /// Says so if a step asks for changes to data and the scenario does not.
    pub(crate) fn check_harmless(&self, source: &Source<'_>, steps: &[PlannedStep]) {
        let mutating = steps.iter().find(|step| {
            let known = self.steps.resolve(step.kind, &step.text) == StepMatch::One;
            known && self.steps.examine(step).is_some_and(|facts| facts.mutates)
        });
        if let Some(step) = mutating {
            source.error(
                source.line_range(step.line),
                "this step can change data of the target, and the scenario is not tagged @mutates",
                "add the tag @mutates; such scenarios run only where target.toml says read_only = false",
            );
        }
    }

    fn check_table_and_arguments(
        &self,
        source: &Source<'_>,
        step: &PlannedStep,
        example: Option<u32>,
    ) {
        for fault in self.steps.examine(step).unwrap_or_default().faults {
            let range = fault.row.map_or_else(
                || source.line_range(step.line),
                |row| row_range(source, step.line, row),
            );
            // A row of the table is the same for every example, unless it shows a value of its own.
            let cause = of_example(fault.cause, example.filter(|_| fault.row.is_none()));
            match fault.severity {
                DiagnosticKind::Error => source.error(range, cause, fault.fix),
                DiagnosticKind::Warning => source.warning(range, cause, fault.fix),
            }
        }
    }

    /// Whether the scenario asks for anything, and whether each step finds what it needs.
    /// Says nothing about a scenario with a step that is not understood.
    pub(crate) fn check_flow(&self, source: &Source<'_>, line: u32, steps: &[PlannedStep]) {
        let mut examined = Vec::new();
        for step in steps {
            match self.steps.resolve(step.kind, &step.text) {
                StepMatch::One => examined.push((step, self.steps.examine(step))),
                StepMatch::None { .. }
                | StepMatch::WrongKeyword(_)
                | StepMatch::Ambiguous(_)
                | StepMatch::BadArgument { .. } => return,
            }
        }
        let has = |kind| steps.iter().any(|step| step.kind == kind);
        if has(StepKind::Assertion) && !has(StepKind::Action) {
            source.error(
                source.line_range(line),
                "the scenario asks for nothing",
                "add a When step that sends a request",
            );
            return;
        }
        let mut given = BTreeSet::new();
        for (step, facts) in examined {
            let Some(facts) = facts else { return };
            let missing = facts.needs.into_iter().find(|n| !given.contains(&n.needed));
            if let Some(need) = missing {
                source.error(source.line_range(step.line), need.cause, need.fix);
                // One mistake gives one message: the rest of the scenario may rest on it.
                return;
            }
            match facts.effect {
                StepEffect::Nothing => {}
                StepEffect::PutsNobody => {
                    given.remove(&Needed::OwnId);
                    given.remove(&Needed::Patient);
                    given.insert(Needed::Number);
                }
                StepEffect::PutsPatient => {
                    given.remove(&Needed::OwnId);
                    given.extend([Needed::Number, Needed::Patient]);
                }
                StepEffect::PutsPractitioner => {
                    given.remove(&Needed::OwnId);
                    given.insert(Needed::Practitioner);
                }
                StepEffect::PutsOrganisation => {
                    given.remove(&Needed::OwnId);
                    given.insert(Needed::Organisation);
                }
                StepEffect::PutsLocation | StepEffect::FindsId => {
                    given.insert(Needed::OwnId);
                }
                StepEffect::Asks => {
                    given.insert(Needed::Answer);
                }
                StepEffect::AsksAndFindsId => {
                    given.extend([Needed::Answer, Needed::OwnId]);
                }
            }
        }
    }

    fn check_actor(&self, source: &Source<'_>, step: &PlannedStep, place: Place, role: &str) {
        let Some(pack) = self.pack else { return };
        let key = ActorRole::new(role);
        let line = source.line_range(step.line);
        let start = source.text[line.clone()]
            .find(role)
            .map_or(line.start, |at| line.start + at);
        let known: Vec<&str> = pack.actors.iter().map(|(a, _)| a.as_str()).collect();
        let kind = self.directory.get(&key).map(|fact| fact.kind);
        let (title, folder) = match place {
            Place::Patient => ("patient", "_people"),
            Place::Directory(kind) => (kind.title(), "_directory"),
        };
        if known.contains(&role) {
            let wanted = match place {
                Place::Patient => None,
                Place::Directory(kind) => Some(kind),
            };
            if kind != wanted && (kind.is_some() || self.people.contains_key(&key)) {
                let title_of = kind.map_or("patient", DirectoryKind::title);
                source.error(
                    start..start + role.len(),
                    format!("the role `{role}` is that of a {title_of}, not of a {title}"),
                    format!("write the {title_of} \"{role}\", or name another role"),
                );
            }
            return;
        }
        let fix = match closest(role, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if kind.is_some() || self.people.contains_key(&key) => {
                format!("add `{role}` to the actors of pack.toml")
            }
            None => format!("add scenarios/{folder}/{role}.toml and list the role in pack.toml"),
        };
        source.error(
            start..start + role.len(),
            format!("the {title} `{role}` is not among the actors of pack.toml"),
            fix,
        );
    }
}

fn of_example(cause: String, example: Option<u32>) -> String {
    match example {
        Some(line) => format!("{cause} (with the example of line {line})"),
        None => cause,
    }
}

/// A row of the table below a step.
fn row_range(source: &Source<'_>, step: u32, row: usize) -> Range<usize> {
    let below = source.line_range(step).end;
    (step + 1..)
        .zip(source.text[below..].lines().skip(1))
        .filter(|(_, text)| text.trim_start().starts_with('|'))
        .nth(row)
        .map_or_else(
            || source.line_range(step),
            |(line, _)| source.line_range(line),
        )
}

/// What a role is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Patient,
    Directory(DirectoryKind),
}

/// The role in `the patient "<role>"`, `the practitioner "<role>"` and so on.
fn actor(text: &str) -> Option<(Place, &str)> {
    let directory = DirectoryKind::ALL
        .iter()
        .map(|kind| (Place::Directory(*kind), kind.title()));
    let mut all = std::iter::once((Place::Patient, "patient")).chain(directory);
    all.find_map(|(place, title)| {
        let (_, rest) = text.split_once(&format!("the {title} \""))?;
        let (role, _) = rest.split_once('"')?;
        Some((place, role))
    })
}

pub(crate) fn check_placeholders(source: &Source<'_>, step: &PlannedStep) {
    let cells = step.table.iter().flatten().flatten();
    for text in std::iter::once(&step.text).chain(cells) {
        if let Some(placeholder) = unfilled(text) {
            source.error(
                source.line_range(step.line),
                format!("`{placeholder}` is not a column of the examples"),
                "add the column, or correct the placeholder",
            );
        }
    }
}

const fn word(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Setup => "Given",
        StepKind::Action => "When",
        StepKind::Assertion => "Then",
    }
}
