//! The step table: pattern, keyword, documentation, example and what to do.
//! Nothing is registered by link-time magic: [`Table::standard`] lists the families.

use crate::steps;
use crate::world::World;
use futures::future::LocalBoxFuture;
use plumbline_model::StepKind;
use plumbline_pack::{PlannedStep, StepFacts, StepMatch, StepTable};
use regex::Regex;
use std::sync::LazyLock;

/// What a step is given: quoted arguments in order, and a data table if there is one.
#[derive(Debug, Clone, Default)]
pub struct Args {
    /// Quoted texts and numbers of the step, in order.
    pub captures: Vec<String>,
    /// Rows of the data table, header first.
    pub table: Option<Vec<Vec<String>>>,
}

impl Args {
    /// The argument at `index`; the pattern guarantees that it is there.
    pub fn get(&self, index: usize) -> &str {
        self.captures.get(index).map_or("", String::as_str)
    }
}

/// A setup or action: changes the world, reports through it.
pub type Act = for<'a> fn(&'a mut World, Args) -> LocalBoxFuture<'a, ()>;

/// Where an argument of a check comes from.
#[derive(Debug, Clone, Copy)]
pub enum ArgSource {
    /// A fixed text.
    Fixed(&'static str),
    /// The quoted argument at this position.
    Capture(usize),
}

/// What a step does.
#[derive(Clone, Copy)]
pub enum StepRun {
    /// Given and When.
    Act(Act),
    /// Then: one check of the registry.
    Check {
        /// Its finding code.
        code: &'static str,
        /// Its arguments.
        args: &'static [ArgSource],
    },
}

/// One line of the step table.
#[derive(Clone, Copy)]
pub struct StepDef {
    /// Given, When or Then.
    pub kind: StepKind,
    /// The text, with `{string}` for a quoted argument and `{int}` for a number.
    pub pattern: &'static str,
    /// What it does, for authors of scenarios.
    pub doc: &'static str,
    /// A line that matches.
    pub example: &'static str,
    /// Whether it needs a data table.
    pub needs_table: bool,
    /// What it does, for us.
    pub run: StepRun,
}

/// All steps, compiled.
pub struct Table {
    entries: &'static [(StepDef, Regex)],
}

/// Compiled once for the process: to compile them takes longer than to lint a pack.
static STANDARD: LazyLock<Vec<(StepDef, Regex)>> = LazyLock::new(|| {
    let families = [
        steps::setup::STEPS,
        steps::action::STEPS,
        steps::assertion::STEPS,
        steps::form::STEPS,
        steps::provider::STEPS,
        steps::sending::STEPS,
        steps::documents::STEPS,
    ];
    let all = families.iter().flat_map(|family| family.iter());
    all.map(|def| (*def, compile(def.pattern))).collect()
});

impl Table {
    /// The steps of this version.
    pub fn standard() -> Self {
        Self { entries: &STANDARD }
    }

    /// The steps in order.
    pub fn defs(&self) -> impl Iterator<Item = &'static StepDef> {
        self.entries.iter().map(|(def, _)| def)
    }

    /// The step that a line means, with its arguments.
    pub fn find(&self, kind: StepKind, text: &str) -> Option<(&'static StepDef, Vec<String>)> {
        self.entries
            .iter()
            .filter(|(def, _)| def.kind == kind)
            .find_map(|(def, regex)| {
                regex.captures(text).map(|found| {
                    let captures = found
                        .iter()
                        .skip(1)
                        .map(|m| m.map_or_else(String::new, |m| m.as_str().to_owned()))
                        .collect();
                    (def, captures)
                })
            })
    }
}

impl StepTable for Table {
    fn resolve(&self, kind: StepKind, text: &str) -> StepMatch {
        let hits: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, r)| r.is_match(text))
            .collect();
        let same: Vec<_> = hits.iter().filter(|(def, _)| def.kind == kind).collect();
        match (same.as_slice(), hits.first()) {
            ([(def, regex)], _) => match steps::argument_problem(def, regex, text) {
                Some((message, hint)) => StepMatch::BadArgument { message, hint },
                None => StepMatch::One,
            },
            ([], Some((def, _))) => StepMatch::WrongKeyword(def.kind),
            ([], None) => StepMatch::None {
                closest: self.closest(text),
            },
            (many, _) => {
                StepMatch::Ambiguous(many.iter().map(|(def, _)| def.pattern.to_owned()).collect())
            }
        }
    }

    fn examine(&self, step: &PlannedStep) -> Option<StepFacts> {
        let (def, captures) = self.find(step.kind, &step.text)?;
        Some(steps::examine::examine(def, &captures, step))
    }
}

impl Table {
    fn closest(&self, text: &str) -> Option<String> {
        let bare = |s: &str| -> Vec<String> {
            s.split('"')
                .step_by(2)
                .flat_map(str::split_whitespace)
                .map(str::to_lowercase)
                .collect()
        };
        let wanted = bare(text);
        self.entries
            .iter()
            .map(|(def, _)| {
                let have = bare(def.example);
                let shared = have.iter().filter(|w| wanted.contains(w)).count();
                (
                    2 * shared * 100 / (have.len() + wanted.len()).max(1),
                    def.example,
                )
            })
            .max_by_key(|(score, example)| (*score, std::cmp::Reverse(*example)))
            .filter(|(score, _)| *score >= 50)
            .map(|(_, example)| example.to_owned())
    }
}

/// Turns a pattern into an anchored expression.
fn compile(pattern: &str) -> Regex {
    let escaped = regex::escape(pattern)
        .replace(r"\{string\}", "\"([^\"]*)\"")
        .replace(r"\{int\}", r"(\d+)");
    let anchored = format!("^{escaped}$");
    #[expect(
        clippy::expect_used,
        reason = "patterns are ours; a test compiles every one"
    )]
    Regex::new(&anchored).expect("pattern of the step table compiles")
}
