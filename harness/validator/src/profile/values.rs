//! Values against those that a profile gives: fixed, patterns, limits, length. Not codes.

use super::compiled::{Demand, Given, Node};
use super::judge::{Judge, Titled};
use super::rules;
use crate::binding;
use crate::knowledge::Knowledge;
use crate::place::child_text;
use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{Alone, Answer, Element, Environment, Expression, TypeInfo as _, Value};
use plumbline_tree::Form;
use std::sync::OnceLock;

/// What is known of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    Yes,
    No,
    /// And why not.
    Unknown(String),
}

/// The text of a primitive with nothing said beside its value.
fn plain(element: Element<'_>) -> Option<&str> {
    let is_alone = element.body().is_none_or(|body| {
        let is_value = |it: plumbline_tree::Node<'_>| it.name() == Some("value");
        body.form() == Form::Element
            && body.members().next().is_none()
            && body.attributes().all(is_value)
    });
    element.value().filter(|_| is_alone)?.value_text()
}

/// Whether two values are the same, with all that is within them.
pub(super) fn same(types: &TypeTable, given: Element<'_>, actual: Element<'_>) -> bool {
    if let (Some(given), Some(actual)) = (plain(given), plain(actual)) {
        return given == actual;
    }
    if given.text(types) != actual.text(types) {
        return false;
    }
    let mut wanted = given.children(types);
    let mut found = actual.children(types);
    if wanted.len() != found.len() {
        return false;
    }
    wanted.sort_by_key(|(name, _)| *name);
    found.sort_by_key(|(name, _)| *name);
    let mut pairs = wanted.iter().zip(&found);
    pairs.all(|((name, given), (other, actual))| name == other && same(types, *given, *actual))
}

/// Whether a value has all that a pattern has; an item of the pattern is one of the items.
pub(super) fn contains(types: &TypeTable, pattern: Element<'_>, actual: Element<'_>) -> bool {
    if let (Some(pattern), Some(actual)) = (plain(pattern), plain(actual)) {
        return pattern == actual;
    }
    let text = pattern.text(types);
    if text.is_some() && text != actual.text(types) {
        return false;
    }
    let wanted = pattern.children(types);
    if wanted.is_empty() {
        return true;
    }
    let found = actual.children(types);
    wanted.iter().all(|(name, pattern)| {
        let mut same_name = found.iter().filter(|(other, _)| other == name);
        same_name.any(|(_, actual)| contains(types, *pattern, *actual))
    })
}

/// Whether a value can be of the type of one that is given: a choice may be of another.
fn is_of(types: &TypeTable, given: &Given, actual: Element<'_>) -> bool {
    match (given.type_id, actual.type_id()) {
        (Some(given), Some(actual)) => types.is_a(actual, given) || types.is_a(given, actual),
        _ => true,
    }
}

impl<'a> Judge<'_, 'a> {
    /// Everything that a profile says of the value itself, but codes.
    pub(super) fn values(&mut self, of: &Titled<'_>, node: &Node, element: Element<'a>) {
        let types = self.knowledge.types;
        let id = node.id.as_str();
        if let Some(fixed) = node.fixed.as_ref() {
            let is_same = is_of(types, fixed, element) && same(types, fixed.element(), element);
            if !is_same {
                self.not_given(&rules::FIXED, fixed, of, id, element);
            }
        }
        if let Some(pattern) = node.pattern.as_ref() {
            let is_there =
                is_of(types, pattern, element) && contains(types, pattern.element(), element);
            if !is_there {
                self.not_given(&rules::PATTERN, pattern, of, id, element);
            }
        }
        if let Some(most) = node.max_length {
            let text = element.text(types);
            let length = text.map_or(0, |it| it.chars().count());
            if length > most as usize {
                let expected = format!("at most {most} characters");
                let words = [of.title, id];
                self.find(
                    &rules::LENGTH,
                    element,
                    &words,
                    &expected,
                    &format!("{length} characters"),
                );
            }
        }
        self.limits(of, node, element);
    }

    fn not_given(
        &mut self,
        rule: &'static plumbline_fhir::Rule,
        given: &Given,
        of: &Titled<'_>,
        id: &str,
        element: Element<'a>,
    ) {
        let types = self.knowledge.types;
        let shown = given.shown(types);
        let is_primitive = given
            .type_id
            .is_some_and(|it| types.primitive(it).is_some());
        if is_primitive && element.text(types).is_none() {
            let words = [of.title, id];
            return self.find(&rules::VALUE_MISSING, element, &words, &shown, "no value");
        }
        let what = if is_primitive {
            "another value"
        } else {
            "something else"
        };
        self.find(rule, element, &[&shown, of.title, id], &shown, what);
    }

    fn limits(&mut self, of: &Titled<'_>, node: &Node, element: Element<'a>) {
        let least = node
            .least
            .as_ref()
            .map(|it| (it, at_least(), &rules::LEAST, "at least"));
        let greatest = node
            .greatest
            .as_ref()
            .map(|it| (it, at_most(), &rules::GREATEST, "at most"));
        for (limit, expression, rule, word) in least.into_iter().chain(greatest) {
            let types = self.knowledge.types;
            let is_there = element.text(types).is_some() || child_text(element, "value").is_some();
            if !is_there {
                continue;
            }
            let shown = limit.shown(types);
            let answer = compare(types, expression, limit, element);
            let words = [of.title, node.id.as_str()];
            match answer {
                Known::Yes => {}
                Known::No => {
                    let expected = format!("{word} {shown}");
                    self.find(rule, element, &words, &expected, "a value beyond that");
                }
                Known::Unknown(reason) => {
                    let words = [reason.as_str(), of.title, node.id.as_str()];
                    self.find(
                        &rules::RANGE_UNKNOWN,
                        element,
                        &words,
                        &format!("{word} {shown}"),
                        "not compared",
                    );
                }
            }
        }
    }

    /// Whether a value has what tells a slice apart.
    pub(super) fn meets(&mut self, demand: &Demand, element: Element<'a>) -> Known {
        let types = self.knowledge.types;
        if let Some(fixed) = &demand.fixed {
            let is_same = is_of(types, fixed, element) && same(types, fixed.element(), element);
            return if is_same { Known::Yes } else { Known::No };
        }
        if let Some(pattern) = &demand.pattern {
            let is_there =
                is_of(types, pattern, element) && contains(types, pattern.element(), element);
            return if is_there { Known::Yes } else { Known::No };
        }
        let mut all = match &demand.value_set {
            Some(set) => is_member(self.knowledge, element, set),
            None => Known::Yes,
        };
        for (name, child) in &demand.children {
            let mut any = Known::No;
            for item in name.of(types, element) {
                match self.meets(child, item) {
                    Known::Yes => {
                        any = Known::Yes;
                        break;
                    }
                    Known::No => {}
                    unknown @ Known::Unknown(_) => any = unknown,
                }
            }
            match any {
                Known::Yes => {}
                Known::No => return Known::No,
                unknown @ Known::Unknown(_) => all = unknown,
            }
        }
        all
    }
}

/// Whether the codes of an element are in a value set.
pub(super) fn is_member(knowledge: &Knowledge, element: Element<'_>, value_set: &str) -> Known {
    match binding::member_of(knowledge, element, value_set) {
        Answer::Yes => Known::Yes,
        Answer::No => Known::No,
        Answer::Unknown | Answer::Wrong => Known::Unknown(format!(
            "it is not known whether the code is in the value set {value_set}"
        )),
    }
}

fn compiled(
    slot: &'static OnceLock<Option<Expression>>,
    text: &str,
) -> Option<&'static Expression> {
    slot.get_or_init(|| Expression::parse(text).ok()).as_ref()
}

fn at_least() -> Option<&'static Expression> {
    static SLOT: OnceLock<Option<Expression>> = OnceLock::new();
    compiled(&SLOT, "$this >= %limit")
}

fn at_most() -> Option<&'static Expression> {
    static SLOT: OnceLock<Option<Expression>> = OnceLock::new();
    compiled(&SLOT, "$this <= %limit")
}

/// Whether a value is within a limit.
fn compare(
    types: &TypeTable,
    expression: Option<&'static Expression>,
    limit: &Given,
    element: Element<'_>,
) -> Known {
    let is_relative = limit.of == "Duration" || limit.of == "Quantity";
    let is_date = element
        .type_id()
        .is_some_and(|it| matches!(types.name(it), "date" | "dateTime" | "instant"));
    if is_relative && is_date {
        return Known::Unknown("the limit is relative to today".to_owned());
    }
    let alone = Alone;
    let environment = Environment::new(types, &alone, element);
    let environment = environment.with("limit", Value::Element(limit.element()));
    let Some(expression) = expression else {
        return Known::Unknown("the comparison is not known".to_owned());
    };
    match expression.holds(&environment, element) {
        Ok(Some(true)) => Known::Yes,
        Ok(Some(false)) => Known::No,
        Ok(None) => Known::Unknown("the two cannot be compared".to_owned()),
        // What is no value of its type was reported by the base.
        Err(_) => Known::Unknown("the value cannot be read".to_owned()),
    }
}
