//! How two values compare, with what their precision and units leave open. Not for whole conditions.

use super::form::{Operator, key};
use crate::place::Place;
use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{Alone, Environment, Expression, Value};
use std::sync::LazyLock;

static EXPRESSIONS: LazyLock<Vec<(Operator, Expression)>> = LazyLock::new(|| {
    let all = [
        (Operator::Equal, "$this = %other"),
        (Operator::Greater, "$this > %other"),
        (Operator::Less, "$this < %other"),
        (Operator::AtLeast, "$this >= %other"),
        (Operator::AtMost, "$this <= %other"),
    ];
    let parsed = all.into_iter();
    parsed
        .filter_map(|(operator, text)| Some((operator, Expression::parse(text).ok()?)))
        .collect()
});

/// Whether `left operator right`; `None` if that is open. Codes are equal if code and code system are.
pub(super) fn compare<'a>(
    left: &Place<'a>,
    operator: Operator,
    right: &Place<'a>,
    types: &'static TypeTable,
) -> Option<bool> {
    let of = [left.type_name(types), right.type_name(types)];
    match operator {
        Operator::Differs => return compare(left, Operator::Equal, right, types).map(|it| !it),
        Operator::Equal if of == ["Coding", "Coding"] || of == ["Reference", "Reference"] => {
            return Some(key(left, of[0]) == key(right, of[1]));
        }
        Operator::Equal
        | Operator::Greater
        | Operator::Less
        | Operator::AtLeast
        | Operator::AtMost => {}
    }
    let mut all = EXPRESSIONS.iter();
    let (_, expression) = all.find(|(it, _)| *it == operator)?;
    let environment = Environment::new(types, &Alone, left.element);
    let environment = environment.with("other", Value::Element(right.element));
    expression.holds(&environment, left.element).ok().flatten()
}
