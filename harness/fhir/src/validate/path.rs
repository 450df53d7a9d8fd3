//! The place in a resource, kept while it is walked, and written only when an issue needs it.
//! Not the place in the body: that is the node's.

use super::key::NONE;
use super::plan::Plan;
use std::fmt::Write;

/// One step of a path, as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    /// The name; of a choice without its type.
    pub(super) name: &'a str,
    /// Which item, if the element repeats.
    pub(super) index: Option<u32>,
    /// The type of a choice.
    pub(super) chosen: Option<&'a str>,
}

impl<'a> Step<'a> {
    /// A name that stands once.
    pub(super) fn plain(name: &'a str) -> Self {
        Self {
            name,
            index: None,
            chosen: None,
        }
    }

    fn write(self, text: &mut String) {
        text.push('.');
        text.push_str(self.name);
        // Writing to a string cannot fail.
        if let Some(index) = self.index {
            let _ = write!(text, "[{index}]");
        }
        if let Some(chosen) = self.chosen {
            let _ = write!(text, ".ofType({chosen})");
        }
    }
}

/// Where the walk is: the type of the outermost resource, then children of the plan with their index.
#[derive(Debug, Default)]
pub(super) struct Path {
    root: Option<&'static str>,
    steps: Vec<(u32, u32)>,
}

impl Path {
    pub(super) fn begin(&mut self, root: &'static str) {
        self.root = Some(root);
    }

    pub(super) fn push(&mut self, child: u32, index: Option<u32>) {
        self.steps.push((child, index.unwrap_or(NONE)));
    }

    pub(super) fn pop(&mut self) {
        self.steps.pop();
    }

    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The index of the last step.
    pub(super) fn last_index(&self) -> Option<u32> {
        let index = self.steps.last().map(|(_, index)| *index);
        index.filter(|index| *index != NONE)
    }

    /// Children of the plan from the outermost resource, each with its index.
    pub(super) fn steps(&self) -> &[(u32, u32)] {
        &self.steps
    }

    /// In `FHIRPath`, with another step if there is one; `$` stands for a resource of no known type.
    pub(super) fn text(&self, plan: &Plan<'_>, last: Option<Step<'_>>) -> String {
        let mut text = written(self.root.unwrap_or("$"), &self.steps, plan);
        if let Some(last) = last {
            last.write(&mut text);
        }
        text
    }
}

/// The path from an outermost resource of a type, in `FHIRPath`.
pub(super) fn written(root: &str, steps: &[(u32, u32)], plan: &Plan<'_>) -> String {
    let mut text = String::with_capacity(64);
    text.push_str(root);
    for (child, index) in steps {
        let index = Some(*index).filter(|index| *index != NONE);
        step(plan, *child, index).write(&mut text);
    }
    text
}

/// The step to a child of the plan.
pub(super) fn step(plan: &Plan<'_>, child: u32, index: Option<u32>) -> Step<'static> {
    match plan.children.get(child as usize) {
        Some(child) => Step {
            name: child.stem,
            index,
            chosen: child.chosen,
        },
        None => Step::plain(""),
    }
}
