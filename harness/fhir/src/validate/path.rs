//! The place in a resource, kept while it is walked, and written only when an issue needs it.
//! Not the place in the body: that is the node's.

use std::fmt::Write;

/// One step of a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    /// The name; of a choice without its type.
    pub(super) name: &'a str,
    /// Which item, if the element repeats.
    pub(super) index: Option<usize>,
    /// The type of a choice.
    pub(super) chosen: Option<&'a str>,
}

/// Where the walk is.
#[derive(Debug, Default)]
pub(super) struct Path<'a>(Vec<Step<'a>>);

impl<'a> Path<'a> {
    pub(super) fn push(&mut self, step: Step<'a>) {
        self.0.push(step);
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// In `FHIRPath`, with another step if there is one.
    pub(super) fn text(&self, last: Option<Step<'a>>) -> String {
        let mut text = String::with_capacity(64);
        for step in self.0.iter().chain(last.as_ref()) {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(step.name);
            // Writing to a string cannot fail.
            if let Some(index) = step.index {
                let _ = write!(text, "[{index}]");
            }
            if let Some(chosen) = step.chosen {
                let _ = write!(text, ".ofType({chosen})");
            }
        }
        if text.is_empty() {
            text.push('$');
        }
        text
    }
}
