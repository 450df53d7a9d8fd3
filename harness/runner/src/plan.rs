//! The plan: which scenarios of a pack will run, which are left out, which do not apply.
//! Made before anything is sent; verdicts are given over the plan, not over what happened to run.

use gherkin::tagexpr::TagOperation;
use plumbline_model::ScenarioId;
use plumbline_pack::{Pack, Scenario, TargetFile};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use thiserror::Error;

/// Why no plan could be made.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The tag expression cannot be read.
    #[error(
        "the tag expression `{expression}` cannot be read: write it like `@req:UKA-PAT-001 or not @advisory`"
    )]
    Expression {
        /// As given.
        expression: String,
    },
    /// A scenario changes data, and the target file forbids it.
    #[error(
        "scenario {scenario} changes data, and read_only is true in the target file: set it to false for a test system, or leave the scenario out with --tags \"not @mutates\""
    )]
    ReadOnly {
        /// The first such scenario.
        scenario: ScenarioId,
    },
    /// No scenario has the tags.
    #[error(
        "no scenario of the pack matches `{expression}`: plumbline packs --scenarios lists ids and tags"
    )]
    NothingSelected {
        /// As given.
        expression: String,
    },
}

/// Which scenarios to run.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    text: String,
    operation: Option<TagOperation>,
    only: Option<BTreeSet<ScenarioId>>,
}

impl Selection {
    /// All of them.
    pub fn all() -> Self {
        Self::default()
    }

    /// Those whose tags match a cucumber tag expression.
    pub fn tags(expression: &str) -> Result<Self, PlanError> {
        let operation = expression.parse().map_err(|_| PlanError::Expression {
            expression: expression.to_owned(),
        })?;
        Ok(Self {
            text: expression.to_owned(),
            operation: Some(operation),
            only: None,
        })
    }

    /// Those with these ids.
    pub fn scenarios(ids: BTreeSet<ScenarioId>) -> Self {
        Self {
            text: format!("{} scenarios by id", ids.len()),
            operation: None,
            only: Some(ids),
        }
    }

    fn takes(&self, scenario: &Scenario) -> bool {
        let chosen = self
            .only
            .as_ref()
            .is_none_or(|ids| ids.contains(&scenario.id));
        let tagged = self
            .operation
            .as_ref()
            .is_none_or(|operation| eval(operation, scenario));
        chosen && tagged
    }
}

fn eval(operation: &TagOperation, scenario: &Scenario) -> bool {
    match operation {
        TagOperation::And(a, b) => eval(a, scenario) && eval(b, scenario),
        TagOperation::Or(a, b) => eval(a, scenario) || eval(b, scenario),
        TagOperation::Not(a) => !eval(a, scenario),
        TagOperation::Tag(tag) => scenario
            .tags
            .iter()
            .any(|t| t.trim_start_matches('@') == tag.trim_start_matches('@')),
    }
}

/// The next number of the generator `SplitMix64` (Steele, Lea and Flood 2014), which is not for secrets.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// One scenario of the plan.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub scenario: Arc<Scenario>,
    pub in_scope: bool,
}

/// What is left of a plan while it runs; the pack has the rest.
#[derive(Debug)]
pub(crate) struct Outline {
    pub selection: String,
    /// In the order of the pack.
    pub planned: Vec<Place>,
    pub deselected: Vec<ScenarioId>,
}

/// A planned scenario by its id.
#[derive(Debug)]
pub(crate) struct Place {
    pub scenario: ScenarioId,
    pub in_scope: bool,
}

/// What will run.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) selection: String,
    pub(crate) planned: Vec<Planned>,
    pub(crate) deselected: Vec<ScenarioId>,
    /// The seed of [`Plan::shuffled`].
    shuffle: Option<u64>,
}

impl Plan {
    /// Chooses from the pack, in its order.
    pub fn new(pack: &Pack, target: &TargetFile, selection: &Selection) -> Result<Self, PlanError> {
        let mut planned = Vec::new();
        let mut deselected = Vec::new();
        for feature in &pack.features {
            for scenario in &feature.scenarios {
                if selection.takes(scenario) {
                    if scenario.mutates && target.limits.read_only {
                        return Err(PlanError::ReadOnly {
                            scenario: scenario.id.clone(),
                        });
                    }
                    planned.push(Planned {
                        scenario: Arc::new(scenario.clone()),
                        in_scope: target.scope.contains(&scenario.capability),
                    });
                } else {
                    deselected.push(scenario.id.clone());
                }
            }
        }
        if planned.is_empty() {
            return Err(PlanError::NothingSelected {
                expression: selection.text.clone(),
            });
        }
        Ok(Self {
            selection: selection.text.clone(),
            planned,
            deselected,
            shuffle: None,
        })
    }

    /// The same plan with its scenarios run in another order: the same for the same seed, on every
    /// machine. What is planned, and the order of the record, stay as they are. For tests that
    /// verdicts do not depend on the order of the scenarios.
    #[must_use]
    pub fn shuffled(mut self, seed: u64) -> Self {
        self.shuffle = Some(seed);
        self
    }

    /// The first planned scenario that a pack does not hold.
    pub(crate) fn not_of(&self, pack: &Pack) -> Option<ScenarioId> {
        let held: BTreeSet<_> = pack
            .features
            .iter()
            .flat_map(|f| &f.scenarios)
            .map(|s| &s.id)
            .collect();
        self.planned
            .iter()
            .map(|p| &p.scenario.id)
            .find(|id| !held.contains(id))
            .cloned()
    }

    /// What is planned and what is left out, for a fingerprint. The order of running is no part of it.
    pub(crate) fn outline_text(&self) -> String {
        let mut text = format!("{}\n", self.selection);
        for one in &self.planned {
            let scope = if one.in_scope { "in" } else { "out of" };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} is {scope} scope", one.scenario.id);
        }
        for id in &self.deselected {
            let _ = writeln!(text, "{id} is left out");
        }
        text
    }

    /// What is planned, and the scenarios that will be sent to the target in the order in which they
    /// are begun. The second part holds the only copies, so that a scenario is gone when it has run.
    pub(crate) fn into_parts(self) -> (Outline, Vec<Arc<Scenario>>) {
        let mut order = Vec::new();
        let mut planned = Vec::new();
        for one in self.planned {
            planned.push(Place {
                scenario: one.scenario.id.clone(),
                in_scope: one.in_scope,
            });
            if one.in_scope {
                order.push(one.scenario);
            }
        }
        if let Some(mut state) = self.shuffle {
            for last in (1..order.len()).rev() {
                let below = u64::try_from(last).map_or(u64::MAX, |last| last + 1);
                let chosen = usize::try_from(split_mix(&mut state) % below).unwrap_or(last);
                order.swap(last, chosen);
            }
        }
        let outline = Outline {
            selection: self.selection,
            planned,
            deselected: self.deselected,
        };
        (outline, order)
    }

    /// How many scenarios will be sent to the target.
    pub fn to_run(&self) -> usize {
        self.planned.iter().filter(|p| p.in_scope).count()
    }
}
