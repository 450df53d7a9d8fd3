//! Whether an item is enabled by the answers to others. Not for judging the answers.

use super::compare::compare;
use super::form::{Behaviour, Condition, Form, Item, Operator, Test};
use super::given::Given;
use plumbline_fhir::TypeTable;

/// Where an item stands, or would stand, in a response.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// The item of the response that it is beneath.
    pub(super) beneath: Option<usize>,
    /// Its number among the items of the response.
    pub(super) at: usize,
}

/// Whether the conditions of an item enable it; `None` if that is open. Those above are not looked at.
pub(super) fn is_enabled(
    item: &Item<'_>,
    spot: Spot,
    form: &Form<'_>,
    given: &Given<'_>,
    types: &'static TypeTable,
) -> Option<bool> {
    let mut is_open = false;
    let decisive = item.behaviour == Behaviour::Any;
    for condition in &item.conditions {
        match holds(condition, spot, form, given, types) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => is_open = true,
        }
    }
    if item.conditions.is_empty() {
        return Some(true);
    }
    (!is_open).then_some(!decisive)
}

fn holds(
    condition: &Condition<'_>,
    spot: Spot,
    form: &Form<'_>,
    given: &Given<'_>,
    types: &'static TypeTable,
) -> Option<bool> {
    let question = form.find(condition.question)?;
    let found = given.nearest(question, spot.beneath, spot.at);
    let answers = found.map_or(&[][..], |it| &it.answers);
    let values: Vec<_> = answers.iter().filter_map(|it| it.value.as_ref()).collect();
    let (operator, wanted) = match &condition.test {
        Test::Exists(wanted) => return Some(values.is_empty() != *wanted),
        Test::Compare(operator, wanted) => (*operator, wanted),
        Test::Unclear => return None,
    };
    let is_negated = operator == Operator::Differs;
    if is_negated && values.is_empty() {
        // No answer is equal, but no answer differs either: the specification is open to both.
        return None;
    }
    let tested = if is_negated {
        Operator::Equal
    } else {
        operator
    };
    let mut is_open = false;
    for value in values {
        match compare(value, tested, wanted, types) {
            Some(true) => return Some(!is_negated),
            Some(false) => {}
            None => is_open = true,
        }
    }
    (!is_open).then_some(is_negated)
}
