//! Conditions in `FHIRPath` of profiles, and who is asked while they are evaluated. Not those of the base.

use super::compiled::Law;
use super::judge::{Around, Judge, Pair, Titled};
use super::rules;
use super::values::Known;
use crate::knowledge::Knowledge;
use crate::place::{around, holder, resource_of};
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{BestPractice, FhirVersion};
use plumbline_fhirpath::{
    Answer, Element, Environment, EvalError, Expression, Host, Resolved, Value,
};

/// Who is asked.
struct Asked<'s> {
    knowledge: &'s Knowledge,
    around: &'s Around<'s>,
    /// What is being judged.
    open: &'s [Pair],
}

/// How many conditions may ask about profiles within each other.
const MOST_ASKED: usize = 16;

impl<'s> Host<'s> for Asked<'s> {
    fn resolve(&self, reference: &str, from: Option<Element<'s>>) -> Resolved<'s> {
        self.around.resolve(reference, from)
    }

    fn member_of(&self, coded: Element<'s>, value_set: &str) -> Answer {
        crate::binding::member_of(self.knowledge, coded, value_set)
    }

    fn conforms_to(&self, element: Element<'s>, profile: &str) -> Answer {
        if self.open.len() > MOST_ASKED {
            return Answer::Unknown;
        }
        let mut judge = Judge::asked(self.knowledge, self.around, self.open);
        answer(&judge.conforms(profile, element))
    }
}

fn answer(known: &Known) -> Answer {
    match known {
        Known::Yes => Answer::Yes,
        Known::No => Answer::No,
        Known::Unknown(_) => Answer::Unknown,
    }
}

/// What an expression gives for an element, with one variable. The resource is that which the second element is, or is
/// in: a condition on a resource within another belongs to the other if the profile of that one has it.
pub(super) fn holds<'s>(
    knowledge: &'s Knowledge,
    (around, open): (&'s Around<'s>, &'s [Pair]),
    expression: &'s Expression,
    (element, around_of): (Element<'s>, Element<'s>),
    variable: Option<(&'s str, Element<'s>)>,
) -> Result<Option<bool>, EvalError> {
    let types = knowledge.types;
    let asked = Asked {
        knowledge,
        around,
        open,
    };
    let own = resource_of(types, around_of).unwrap_or(element);
    let is_outermost = own.body().is_some_and(|it| it.parent().is_none());
    let outer = if is_outermost {
        own
    } else {
        holder(types, around_of).unwrap_or(own)
    };
    let resource = match knowledge.version() {
        FhirVersion::Stu3 => outer,
        FhirVersion::R4 => own,
    };
    evaluate(
        types,
        &asked,
        expression,
        element,
        (resource, outer),
        variable,
    )
}

fn evaluate<'s>(
    types: &'s plumbline_fhir::TypeTable,
    asked: &'s Asked<'s>,
    expression: &'s Expression,
    element: Element<'s>,
    (resource, outer): (Element<'s>, Element<'s>),
    variable: Option<(&'s str, Element<'s>)>,
) -> Result<Option<bool>, EvalError> {
    let mut environment = Environment::new(types, asked, resource).within(outer);
    if let Some((name, value)) = variable {
        environment = environment.with(name, Value::Element(value));
    }
    expression.holds(&environment, element)
}

impl<'a> Judge<'_, 'a> {
    /// Where a condition on an element belongs: a resource that is not what the profile is of, in the one around it.
    fn subject_of(&self, element: Element<'a>) -> Element<'a> {
        let is_inner = element.resource_type().is_some() && self.subject != Some(element);
        let node = element.body().filter(|_| is_inner).and_then(around);
        node.map_or(element, |it| Element::new(None, Some(it), None))
    }

    /// Judges an element by a condition.
    pub(super) fn law(&mut self, of: &Titled<'_>, id: &str, law: &Law, element: Element<'a>) {
        let is_advice = law.severity == plumbline_fhir::Severity::BestPractice;
        if is_advice && self.best_practice == BestPractice::Ignore {
            return;
        }
        let key = law.key.as_str();
        let expression = match &law.expression {
            Ok(expression) => expression,
            Err(problem) => return self.law_not_checked(of, id, key, problem, element),
        };
        let asked = (self.around, self.open.as_slice());
        let at = (element, self.subject_of(element));
        match holds(self.knowledge, asked, expression, at, None) {
            // What cannot be read was reported by the base.
            Ok(Some(true)) | Err(EvalError::Unreadable { .. }) => {}
            // Nothing is not true; of the base specification see `RulePlan::is_about_something` there.
            Ok(Some(false) | None) => self.law_broken(of, id, law, element),
            Err(problem) => self.law_not_checked(of, id, key, &problem.to_string(), element),
        }
    }

    fn law_broken(&mut self, of: &Titled<'_>, id: &str, law: &Law, element: Element<'a>) {
        let severity = match law.severity {
            plumbline_fhir::Severity::Error => Severity::Error,
            plumbline_fhir::Severity::Warning | plumbline_fhir::Severity::BestPractice => {
                Severity::Warning
            }
        };
        let code = format!("{}-{}", rules::INVARIANT.code, law.key);
        let words = [law.key.as_str(), &law.text, of.title, id];
        let rule = &rules::INVARIANT;
        self.add(
            code.into(),
            rule,
            severity,
            element,
            None,
            &words,
            &law.text,
            "false",
        );
    }

    fn law_not_checked(
        &mut self,
        of: &Titled<'_>,
        id: &str,
        key: &str,
        reason: &str,
        element: Element<'a>,
    ) {
        self.cannot_know(reason);
        let words = [key, reason, of.title, id];
        self.find(
            &rules::INVARIANT_NOT_CHECKED,
            element,
            &words,
            "to be checked",
            "not checked",
        );
    }
}

/// Whether an expression about a resource finds an element of it.
pub(super) fn found_by<'s>(
    knowledge: &'s Knowledge,
    around: &'s Around<'s>,
    expression: &'s Expression,
    resource: Element<'s>,
    wanted: Element<'s>,
) -> Result<bool, EvalError> {
    let asked = Asked {
        knowledge,
        around,
        open: &[],
    };
    found_among(knowledge, &asked, expression, resource, wanted)
}

fn found_among<'s>(
    knowledge: &'s Knowledge,
    asked: &'s Asked<'s>,
    expression: &'s Expression,
    resource: Element<'s>,
    wanted: Element<'s>,
) -> Result<bool, EvalError> {
    let environment = Environment::new(knowledge.types, asked, resource);
    let found = expression.evaluate(&environment, resource)?;
    let nodes = |it: Element<'s>| it.body().or(it.value());
    let is_it = |it: &Value<'s>| match it {
        Value::Element(it) => nodes(*it) == nodes(wanted),
        // A condition instead of a path: it holds or not.
        Value::Boolean(is_so) => *is_so,
        _ => false,
    };
    Ok(found.as_slice().iter().any(is_it))
}
