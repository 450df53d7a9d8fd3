//! An operation as its `OperationDefinition` has it, reduced to its parameters. Not for finding it.

use crate::reference::reading::{items, text, value};
use plumbline_tree::Node;

/// How deep parameters may hold parts.
const MOST_DEPTH: usize = 32;

/// In which direction parameters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

impl Way {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) min: usize,
    /// `None` without limit.
    pub(super) max: Option<usize>,
    /// `None` if it consists of parts.
    pub(super) of: Option<&'a str>,
    pub(super) parts: Vec<Parameter<'a>>,
}

/// An operation in one direction.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    /// Its code.
    pub(super) code: &'a str,
    pub(super) way: Way,
    pub(super) parameters: Vec<Parameter<'a>>,
}

impl<'a> Operation<'a> {
    pub(super) fn of(definition: Node<'a>, way: Way) -> Self {
        Self {
            code: text(definition, "code").unwrap_or_default(),
            way,
            parameters: parameters(definition, "parameter", Some(way), 0),
        }
    }
}

/// The direction for which an operation names this profile of `Parameters`.
pub(super) fn way_of(definition: Node<'_>, profile: &str) -> Option<Way> {
    let plain = |it: &str| it.split('|').next().unwrap_or_default().to_owned();
    let is_that = |name: &str| text(definition, name).is_some_and(|it| plain(it) == plain(profile));
    if is_that("inputProfile") {
        return Some(Way::In);
    }
    is_that("outputProfile").then_some(Way::Out)
}

fn parameters<'a>(
    body: Node<'a>,
    name: &str,
    way: Option<Way>,
    depth: usize,
) -> Vec<Parameter<'a>> {
    if depth > MOST_DEPTH {
        return Vec::new();
    }
    let all = items(body, name).filter(|it| {
        // Parts go where the whole goes.
        way.is_none_or(|way| text(*it, "use") == Some(way.name()))
    });
    let all = all.filter_map(|it| {
        Some(Parameter {
            name: text(it, "name")?,
            min: text(it, "min").and_then(|it| it.parse().ok()).unwrap_or(0),
            max: text(it, "max")
                .filter(|it| *it != "*")
                .and_then(|it| it.parse().ok()),
            of: it.get("type").and_then(value),
            parts: parameters(it, "part", None, depth + 1),
        })
    });
    all.collect()
}
