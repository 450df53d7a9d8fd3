//! Whether an expression in a definition is `FHIRPath`, and names elements that there are. Not what it means.

use super::rules::{EXPRESSION, EXPRESSION_NAME, EXPRESSION_TYPE};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use plumbline_fhir::TypeUse;
use plumbline_fhir::validate::Severity;
use plumbline_fhirpath::{Expression, Problem, TypeId, TypeInfo as _};

/// An expression and what it is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'s> {
    /// What it belongs to, for messages.
    pub(super) of: &'s str,
    /// The types that it begins at; none if they are not known.
    pub(super) types: &'s [TypeId],
    /// How grave it is that it asks for what there is not.
    pub(super) severity: Severity,
}

impl<'s> Subject<'s> {
    /// One that may begin at any type.
    pub(super) const fn of_any(of: &'s str) -> Self {
        Self {
            of,
            types: &[],
            severity: Severity::Error,
        }
    }
}

/// Judges an expression.
pub(super) fn check(
    knowledge: &Knowledge,
    at: &Place<'_>,
    subject: Subject<'_>,
    report: &mut Report,
) {
    let Some(text) = at.value() else {
        return;
    };
    let label = shown(subject.of);
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            let words = [label, &error.to_string()];
            report.add(&EXPRESSION, at, &words, "FHIRPath", "another text");
            return;
        }
    };
    for problem in expression.problems(knowledge.types, subject.types) {
        match problem {
            Problem::UnknownName { name, of } => {
                let words = [label, &of, shown(&name)];
                let expected = format!("an element of {of}");
                report.add_as(
                    &EXPRESSION_NAME,
                    subject.severity,
                    at,
                    &words,
                    &expected,
                    shown(&name),
                );
            }
            Problem::NotBoolean { function, of } => {
                let words = [label, function, &of];
                let expected = "true or false";
                report.add_as(
                    &EXPRESSION_TYPE,
                    subject.severity,
                    at,
                    &words,
                    expected,
                    &of,
                );
            }
        }
    }
}

/// The types that an element of a definition may have: its own, else those of the specification. None if that is
/// not certain.
pub(super) fn types_of(knowledge: &Knowledge, at: &Place<'_>, path: &str) -> Vec<TypeId> {
    let types = knowledge.types;
    if !path.contains('.') {
        return types.named(path).into_iter().collect();
    }
    let Some(child) = knowledge.definitions.element_at(path) else {
        return Vec::new();
    };
    let element = child.element();
    if let Some(inside) = types.inline(element) {
        return vec![inside];
    }
    let own = at.all(types, "type");
    let own: Option<Vec<TypeId>> = own.iter().map(|it| types.named(it.word("code")?)).collect();
    let base = || {
        if let Some(one) = child.type_use() {
            return types.named(one.of().name()).into_iter().collect();
        }
        let all = element.types().map(TypeUse::of);
        let all: Option<Vec<TypeId>> = all.map(|it| types.named(it.name())).collect();
        all.unwrap_or_default()
    };
    match own {
        Some(own) if own.is_empty() => base(),
        Some(own) => own,
        None => Vec::new(),
    }
}
