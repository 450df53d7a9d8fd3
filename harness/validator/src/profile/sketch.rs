//! Conditions that ask only which children are there: decided without evaluating them. Not for any others: laws.rs.

use super::name::{Members, Name};
use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{Expression, Presence};

/// What can be told of a condition by the children that are there.
#[derive(Debug)]
pub(super) enum Sketch {
    Any(Vec<Name>),
    Known(bool),
    Not(Box<Sketch>),
    And(Box<(Sketch, Sketch)>),
    Or(Box<(Sketch, Sketch)>),
    Xor(Box<(Sketch, Sketch)>),
    Implies(Box<(Sketch, Sketch)>),
    /// Only an evaluation tells.
    Other,
}

impl Sketch {
    /// `None` if every answer needs an evaluation.
    pub(super) fn of(expression: &Expression) -> Option<Self> {
        let sketch = Self::from(&expression.presence());
        (!sketch.is_other()).then_some(sketch)
    }

    fn from(presence: &Presence<'_>) -> Self {
        let both =
            |it: &(Presence<'_>, Presence<'_>)| Box::new((Self::from(&it.0), Self::from(&it.1)));
        match presence {
            Presence::Any(names) => Self::Any(names.iter().map(|it| Name::new(it)).collect()),
            Presence::Known(is_true) => Self::Known(*is_true),
            Presence::Not(inner) => Self::Not(Box::new(Self::from(inner))),
            Presence::And(sides) => Self::And(both(sides)),
            Presence::Or(sides) => Self::Or(both(sides)),
            Presence::Xor(sides) => Self::Xor(both(sides)),
            Presence::Implies(sides) => Self::Implies(both(sides)),
            Presence::Text(..) | Presence::Other(_) => Self::Other,
        }
    }

    /// Whether it can tell nothing: the left side is always needed, as an evaluation begins with it.
    fn is_other(&self) -> bool {
        match self {
            Self::Any(_) | Self::Known(_) => false,
            Self::Not(inner) => inner.is_other(),
            Self::And(sides) | Self::Or(sides) | Self::Implies(sides) => sides.0.is_other(),
            Self::Xor(sides) => sides.0.is_other() || sides.1.is_other(),
            Self::Other => true,
        }
    }

    /// Whether it holds; `None` if only an evaluation tells.
    pub(super) fn decide(&self, types: &TypeTable, members: &Members<'_>) -> Option<bool> {
        let decide = |it: &Self| it.decide(types, members);
        match self {
            Self::Any(names) => Some(names.iter().any(|it| !it.among(types, members).is_empty())),
            Self::Known(is_true) => Some(*is_true),
            Self::Not(inner) => decide(inner).map(|it| !it),
            Self::And(sides) => {
                if decide(&sides.0)? {
                    decide(&sides.1)
                } else {
                    Some(false)
                }
            }
            Self::Or(sides) => {
                if decide(&sides.0)? {
                    Some(true)
                } else {
                    decide(&sides.1)
                }
            }
            Self::Xor(sides) => Some(decide(&sides.0)? != decide(&sides.1)?),
            Self::Implies(sides) => {
                if decide(&sides.0)? {
                    decide(&sides.1)
                } else {
                    Some(true)
                }
            }
            Self::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_fhir::FhirVersion;
    use plumbline_fhirpath::{Alone, Element, Environment};
    use plumbline_tree::{Limits, Tree};

    #[test]
    fn what_is_decided_is_what_an_evaluation_gives() {
        let types = TypeTable::of(FhirVersion::R4);
        let bodies = [
            r#"{"resourceType":"Observation","component":[{}],"valueString":"a"}"#,
            r#"{"resourceType":"Observation","component":[],"_valueString":{"id":"a"}}"#,
            r#"{"resourceType":"Observation","component":null,"dataAbsentReason":{"text":"a"}}"#,
            r#"{"resourceType":"Observation"}"#,
        ];
        let mut decided = 0;
        for text in [
            "(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())",
            "value.exists() xor dataAbsentReason.exists()",
            "component.exists() or code.coding.where(code = 'a').exists()",
            "component.exists() implies code.coding.exists()",
            "(component | value).exists().not()",
        ] {
            let expression = Expression::parse(text).unwrap();
            let sketch = Sketch::of(&expression).unwrap();
            for body in bodies {
                let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap();
                let root = Element::root(&tree, types);
                let environment = Environment::new(types, &Alone, root);
                let wanted = expression.holds(&environment, root).unwrap();
                if let Some(found) = sketch.decide(types, &Members::of(root)) {
                    assert_eq!(Some(found), wanted, "{text} of {body}");
                    decided += 1;
                }
            }
        }
        assert_eq!(decided, 16);
        let expression = Expression::parse("code.coding.exists() or value.exists()").unwrap();
        assert!(Sketch::of(&expression).is_none());
    }
}
