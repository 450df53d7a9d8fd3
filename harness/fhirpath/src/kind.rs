//! `is`, `as`, `ofType` and `type`. Not for what the types are: types.rs.

use crate::collection::Collection;
use crate::error::{Eval, EvalError};
use crate::evaluate::{Evaluator, Invocation};
use crate::syntax::TypeName;
use crate::types::{SystemType, TypeId};
use crate::value::Value;
use std::borrow::Cow;

type Result<'a> = Eval<Collection<'a>>;

/// What a name may mean.
#[derive(Debug, Clone, Copy)]
struct Named {
    system: Option<SystemType>,
    fhir: Option<TypeId>,
    /// The type of the language that FHIR's primitives with such values count as.
    loose: Option<SystemType>,
}

impl<'a> Evaluator<'_, 'a> {
    /// Without a namespace, a name means both a type of FHIR and one of the language.
    fn named(&self, of: &TypeName) -> Eval<Named> {
        let namespace = of.namespace.as_deref();
        let system = match namespace {
            Some("FHIR") => None,
            _ => SystemType::named(&of.name),
        };
        let fhir = match namespace {
            Some("System") => None,
            _ => self.environment.types.named(&of.name),
        };
        // Nothing is of a type that the language does not have; but FHIR's types are all known.
        if system.is_none() && fhir.is_none() && namespace != Some("System") {
            return Err(EvalError::UnknownType {
                name: of.name.to_string(),
            });
        }
        let is_loose = namespace.is_none() && !self.is_strict();
        Ok(Named {
            system,
            fhir,
            loose: system.filter(|_| is_loose),
        })
    }

    fn has_type(&self, value: &Value<'a>, named: Named) -> bool {
        match value {
            Value::Element(element) => {
                let types = self.environment.types;
                let (Some(of), fhir) = (element.type_id(), named.fhir) else {
                    return false;
                };
                // An invariant of R4 asks `answer is Boolean` and means FHIR's type of that name.
                let is_meant = named.loose.is_some() && types.primitive(of) == named.loose;
                is_meant || fhir.is_some_and(|fhir| types.is_a(of, fhir))
            }
            other => named.system.is_some() && other.system_type() == named.system,
        }
    }

    /// As [`Self::has_type`], but a primitive is of its own type only: the official suite casts no `code` to `string`.
    fn has_exact_type(&self, value: &Value<'a>, named: Named) -> bool {
        let types = self.environment.types;
        match value {
            Value::Element(element) => match (element.type_id(), named.fhir) {
                (Some(of), Some(named)) if types.primitive(of).is_some() => of == named,
                (Some(of), Some(named)) => types.is_a(of, named),
                _ => false,
            },
            other => self.has_type(other, named),
        }
    }

    /// `x is T`
    pub(crate) fn is(&self, values: &Collection<'a>, of: &TypeName) -> Result<'a> {
        let named = self.named(of)?;
        let value = values.single("is")?;
        Ok(Collection::truth(
            value.map(|value| self.has_type(value, named)),
        ))
    }

    /// `x as T`
    pub(crate) fn cast(&self, values: Collection<'a>, of: &TypeName) -> Result<'a> {
        let named = self.named(of)?;
        // Invariants of STU3 and R4 cast many at once, as `ofType` does.
        if self.is_strict() {
            values.single("as")?;
        }
        Ok(self.chosen(values, named))
    }

    fn chosen(&self, values: Collection<'a>, named: Named) -> Collection<'a> {
        let of_type = |value: &Value<'a>| self.has_exact_type(value, named);
        values.into_iter().filter(of_type).collect()
    }
}

/// The type that a function names.
fn argument<'a>(call: &Invocation<'_, 'a>) -> Eval<&'a TypeName> {
    call.call.of.as_ref().ok_or_else(|| EvalError::WrongValue {
        what: call.name(),
        problem: "the name of a type is missing".to_owned(),
    })
}

pub(crate) fn is_type<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    it.is(&call.input, argument(&call)?)
}

pub(crate) fn as_type<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let of = argument(&call)?;
    it.cast(call.input, of)
}

pub(crate) fn of_type<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let named = it.named(argument(&call)?)?;
    Ok(it.chosen(call.input, named))
}

/// `type()`
pub(crate) fn type_of<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let types = it.environment.types;
    let type_of = |value: &Value<'a>| match value {
        Value::Element(element) => element.type_id().map(|of| Value::Type {
            namespace: "FHIR",
            name: Cow::Borrowed(types.name(of)),
        }),
        other => other.system_type().map(|of| Value::Type {
            namespace: "System",
            name: Cow::Borrowed(of.name()),
        }),
    };
    Ok(call.input.iter().filter_map(type_of).collect())
}
