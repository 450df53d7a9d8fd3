//! Codes of an element against the binding that a profile gives it. Not for those of the base specification.

use super::code::{Held, shown};
use super::coded::Coded;
use super::rules;
use crate::knowledge::Knowledge;
use crate::place::Place;
use crate::report::Report;
use plumbline_fhir::profile_facts::{BindingStrength, Bound};
use plumbline_fhir::{Assurance, Rule};
use plumbline_terminology::{Answer, Coding, Membership};

/// Who binds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binder<'p> {
    /// The address of the profile or extension.
    pub(crate) profile: &'p str,
    /// The id of the element in it, such as `Patient.identifier:nhsNumber.system`.
    pub(crate) element: &'p str,
    /// The same without the names of slices.
    pub(crate) path: &'p str,
}

/// Judges the codes of an element by the binding that a profile gives it. Bindings that only recommend are not judged.
pub(crate) fn check(
    knowledge: &Knowledge,
    at: &Place<'_>,
    bound: &Bound,
    binder: Binder<'_>,
    report: &mut Report,
    coded: &mut Coded,
) {
    let Some(held) = Held::of(at.element, knowledge.types) else {
        return;
    };
    let strong = match bound.strength {
        BindingStrength::Required => Some((&rules::PROFILE, &rules::FORM)),
        BindingStrength::Extensible => Some((&rules::EXTENSIBLE, &rules::EXTENSIBLE)),
        BindingStrength::Preferred | BindingStrength::Example => None,
    };
    let mut it = Check {
        knowledge,
        at,
        binder,
        report,
        coded,
    };
    if let (Some(set), Some(own)) = (bound.value_set.as_deref(), strong) {
        it.against(&held, set, own, bound.strength == BindingStrength::Required);
    }
    if let Some(set) = bound.greatest.as_deref() {
        it.against(&held, set, (&rules::GREATEST, &rules::GREATEST), false);
    }
}

struct Check<'c, 'a> {
    knowledge: &'c Knowledge,
    at: &'c Place<'a>,
    binder: Binder<'c>,
    report: &'c mut Report,
    coded: &'c mut Coded,
}

impl Check<'_, '_> {
    /// `rules` are those for a code that is not in the set, and for one that cannot be by its form.
    fn against(
        &mut self,
        held: &Held<'_>,
        set: &str,
        rules: (&'static Rule, &'static Rule),
        is_needed: bool,
    ) {
        let terminology = &self.knowledge.terminology;
        let answer = match held {
            Held::Code(code) => Some(terminology.contains_code(set, code)),
            Held::Coding(coding) => coding.map(|it| terminology.contains(set, it)),
            Held::Concept(all) => best(all.iter().map(|it| terminology.contains(set, *it))),
        };
        let Some(answer) = answer else {
            return self.without(held, set, is_needed);
        };
        let is_outside = answer.membership == Membership::Outside;
        if is_outside && matches!(held, Held::Concept(_)) && self.is_of_units(set) {
            // A choice that may be a quantity is bound for its unit.
            let reason = "the value set is of units, and the value is no quantity";
            let assurance = Assurance::NotChecked(reason.to_owned());
            return self.coded.add(self.binder.path, set, assurance, 1);
        }
        let is_form = answer.assurance == Assurance::SyntaxOnly;
        self.coded.add(self.binder.path, set, answer.assurance, 1);
        if answer.membership != Membership::Outside {
            return;
        }
        let rule = if is_form { rules.1 } else { rules.0 };
        let words = words_of(held);
        let gaps = [&words, set, self.binder.profile, self.binder.element];
        let expected = format!("a code of {set}");
        self.report.add(rule, self.at, &gaps, &expected, &words);
    }

    /// There is no code.
    fn without(&mut self, held: &Held<'_>, set: &str, is_needed: bool) {
        let body = self.at.element.body();
        let has = |name: &str| body.is_some_and(|it| it.get(name).is_some());
        let is_quantity = matches!(held, Held::Coding(_)) && !self.is_coding();
        // An extension says why there is none, or a quantity has no unit.
        let is_replaced = is_quantity || has("extension") && !has("text");
        if is_replaced {
            let reason = if is_quantity {
                "the quantity has no coded unit"
            } else {
                "an extension stands in place of the code"
            };
            let assurance = Assurance::NotChecked(reason.to_owned());
            self.coded.add(self.binder.path, set, assurance, 1);
        } else if is_needed {
            let gaps = [set, self.binder.profile, self.binder.element];
            let expected = format!("a code of {set}");
            self.report
                .add(&rules::NO_CODE, self.at, &gaps, &expected, "no code");
        }
    }

    /// Whether a value set holds units of UCUM and nothing else.
    fn is_of_units(&self, set: &str) -> bool {
        let terminology = &self.knowledge.terminology;
        terminology.draws_only_on(set, "http://unitsofmeasure.org")
    }

    fn is_coding(&self) -> bool {
        self.at.type_name(self.knowledge.types) == "Coding"
    }
}

/// What is held, as a message may show it.
fn words_of(held: &Held<'_>) -> String {
    match held {
        Held::Code(code) => shown(code),
        Held::Coding(coding) => coding.map(words).unwrap_or_default(),
        Held::Concept(all) => match all.as_slice() {
            [only] => words(*only),
            _ => "each of the codes".to_owned(),
        },
    }
}

/// The code, and what is odd about its system.
fn words(coding: Coding<'_>) -> String {
    let mut words = shown(coding.code);
    if coding.system.is_none() {
        words.push_str(" without a code system");
    }
    words
}

/// The best of several answers: one code that is in the set will do.
fn best(answers: impl Iterator<Item = Answer>) -> Option<Answer> {
    let rank = |answer: &Answer| match (answer.membership, &answer.assurance) {
        (Membership::Inside, _) => 0,
        (Membership::Unknown, Assurance::SyntaxOnly) => 1,
        (Membership::Unknown, _) => 2,
        (Membership::Outside, Assurance::SyntaxOnly) => 3,
        (Membership::Outside, _) => 4,
    };
    let mut found: Option<Answer> = None;
    for answer in answers {
        if found.as_ref().is_none_or(|it| rank(&answer) < rank(it)) {
            let is_best = rank(&answer) == 0;
            found = Some(answer);
            if is_best {
                break;
            }
        }
    }
    found
}
