//! What holds for any text as an expression: no panic, no hang, and the same result again. The fuzz target uses it.

use plumbline_fhirpath::{Alone, DateTime, Element, Environment, Expression, Limits, TypeInfo};
use plumbline_tree::Tree;

/// Parses and evaluates a text. The error says what does not hold.
pub fn check(text: &str, tree: &Tree, types: &dyn TypeInfo) -> Result<(), String> {
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            let is_inside = error.offset <= text.len() && text.is_char_boundary(error.offset);
            return if is_inside {
                Ok(())
            } else {
                Err(format!("an error outside the text: {error}"))
            };
        }
    };
    let root = Element::root(tree, types);
    let limits = Limits {
        steps: 50_000,
        text: 64 * 1024,
    };
    let mut environment = Environment::new(types, &Alone, root).limited(limits);
    if let Some(now) = DateTime::parse("2026-11-22T12:00:00.000Z") {
        environment = environment.at(now);
    }
    let show = || format!("{:?}", expression.evaluate(&environment, root));
    let (first, second) = (show(), show());
    if first == second {
        Ok(())
    } else {
        Err("the same expression gives two results".to_owned())
    }
}
