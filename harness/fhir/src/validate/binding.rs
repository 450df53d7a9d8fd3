//! Codes against value sets. Not the form of a code, and not what becomes of the counts: coded.rs.

use super::coded::{How, address};
use super::codes::Codes;
use super::format::tongue;
use super::key::NONE;
use super::plan::{BindingPlan, ChildPlan, Known};
use super::rules;
use super::walk::{Frame, Walk};
use crate::definitions::{Binding, Element, Form, Membership, Strength, ValueSet};
use crate::view::child_text;
use plumbline_tree::{Form as Written, Node};

/// A code and its system.
#[derive(Debug, Clone, Copy)]
struct Coding<'a> {
    system: Option<&'a str>,
    code: &'a str,
}

/// The codes that were judged, for messages.
#[derive(Debug, Clone, Copy)]
enum Found<'a> {
    /// A code by itself.
    Code(&'a str),
    /// A coding.
    Coding(Coding<'a>),
    /// More than one coding.
    Several,
}

impl Found<'_> {
    fn words(self, set: ValueSet<'_>) -> String {
        let (code, system) = match self {
            Self::Code(code) => (code, None),
            Self::Coding(coding) => (coding.code, Some(coding.system)),
            Self::Several => return "each of the codes".to_owned(),
        };
        let mut words =
            shown_code(code).map_or("this code".to_owned(), |code| format!("the code {code}"));
        // The code alone would do; its system is what is wrong.
        let is_known = set.contains_code(code) == Membership::Inside;
        match system {
            Some(Some(system)) if is_known || is_foreign(set, system) => {
                words.push_str(" of another code system");
            }
            Some(None) => words.push_str(" without a code system"),
            Some(Some(_)) | None => {}
        }
        words
    }
}

/// Whether an open set has no code of a code system, whatever its codes are.
fn is_foreign(set: ValueSet<'_>, system: &str) -> bool {
    let own = set.open().and_then(|(form, _)| form.system());
    own.is_some_and(|own| own != system)
}

/// What a value set says of codes, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Inside,
    GoodForm,
    Unknown,
    BadForm,
    Outside,
}

impl Verdict {
    fn how(self) -> How {
        match self {
            Self::Inside | Self::Outside => How::Listed,
            Self::GoodForm | Self::BadForm => How::Form,
            Self::Unknown => How::Open,
        }
    }
}

fn judge(codes: &Codes<'_>, bound: BindingPlan<'_>, coding: Coding<'_>) -> Verdict {
    // A code without its system is in no list, whatever it is.
    let set = bound.binding.value_set;
    let is_outside = match coding.system {
        Some(system) => is_foreign(set, system),
        None => set.open().is_none(),
    };
    let membership = if is_outside {
        Membership::Outside
    } else {
        codes.contains(bound.set, coding.system, coding.code)
    };
    of_membership(membership, coding.code)
}

fn of_membership(membership: Membership, code: &str) -> Verdict {
    let form = match membership {
        Membership::Inside => return Verdict::Inside,
        Membership::Outside => return Verdict::Outside,
        Membership::Unknown { form, .. } => form,
    };
    let is_good = match form {
        Form::Any => return Verdict::Unknown,
        Form::Mime => tongue::is_media_type(code),
        Form::Language => tongue::is_language(code),
        Form::Ucum => tongue::is_unit(code),
    };
    if is_good {
        Verdict::GoodForm
    } else {
        Verdict::BadForm
    }
}

impl<'a, 'd> Walk<'a, 'd> {
    /// A primitive that is a code by itself.
    pub(super) fn bound_code(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        code: &'a str,
        node: Node<'a>,
    ) {
        let plan = self.plan;
        for (at, bound) in plan.bindings(child).iter().enumerate() {
            let mut verdict = of_membership(plan.codes.contains(bound.set, None, code), code);
            if verdict == Verdict::BadForm && is_short_format(child.child.element(), code) {
                verdict = Verdict::GoodForm;
            }
            self.coded.add(number, child, at, verdict.how(), plan);
            self.conclude(bound.binding, verdict, Found::Code(code), node);
        }
    }

    /// Whether a code by itself is in each set that it is bound to. If so it is counted.
    pub(super) fn is_in_every_set(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        code: &str,
    ) -> bool {
        let plan = self.plan;
        let bindings = plan.bindings(child);
        let is_inside = |bound: &BindingPlan<'d>| {
            plan.codes.contains(bound.set, None, code) == Membership::Inside
        };
        if !bindings.iter().all(is_inside) {
            return false;
        }
        for at in 0..bindings.len() {
            self.coded
                .add(number, child, at, Verdict::Inside.how(), plan);
        }
        true
    }

    /// A concept: one of its codes must do.
    pub(super) fn bound_concept(
        &mut self,
        body: Node<'a>,
        number: u32,
        child: &ChildPlan<'d>,
        frame: Frame,
    ) {
        let is_replaced = |walk: &Self| {
            walk.field_named(frame, Known::Extension).is_some()
                && walk.field_named(frame, Known::Text).is_none()
        };
        self.bound(number, child, codings_of(body), is_replaced, body);
    }

    /// A coding that is no part of a concept.
    pub(super) fn bound_coding(
        &mut self,
        body: Node<'a>,
        number: u32,
        child: &ChildPlan<'d>,
        frame: Frame,
    ) {
        if child.bound == NONE {
            return;
        }
        let coding = coding_of(body).into_iter();
        let is_replaced = |walk: &Self| walk.field_named(frame, Known::Extension).is_some();
        self.bound(number, child, coding, is_replaced, body);
    }

    /// A quantity whose unit is bound; by its type or by its element.
    pub(super) fn bound_unit(
        &mut self,
        body: Node<'a>,
        number: u32,
        child: &ChildPlan<'d>,
        frame: Frame,
    ) {
        let coding = coding_of(body).into_iter();
        // A quantity may leave its unit out.
        let is_replaced = |walk: &Self| walk.field_named(frame, Known::Code).is_none();
        self.bound(number, child, coding, is_replaced, body);
    }

    /// Judges codings by the bindings of their element. Without any, `is_replaced` says whether that is all right.
    fn bound(
        &mut self,
        number: u32,
        child: &ChildPlan<'d>,
        mut codings: impl Iterator<Item = Coding<'a>> + Clone,
        is_replaced: impl Fn(&Self) -> bool,
        body: Node<'a>,
    ) {
        let plan = self.plan;
        let bindings = plan.bindings(child);
        for (at, bound) in bindings.iter().enumerate() {
            let binding = bound.binding;
            let mut all = codings.clone();
            let verdicts = all.clone().map(|it| judge(&plan.codes, *bound, it));
            if let Some(verdict) = verdicts.min() {
                let found = match (all.next(), all.next()) {
                    (Some(only), None) => Found::Coding(only),
                    _ => Found::Several,
                };
                self.coded.add(number, child, at, verdict.how(), plan);
                self.conclude(binding, verdict, found, body);
            } else if is_replaced(self) {
                self.coded.add(number, child, at, How::NoCode, plan);
            } else if binding.strength == Strength::Required {
                let set = address(binding.value_set);
                let expected = format!("a code of {set}");
                self.issue(&rules::BINDING_NO_CODE, body, &[&set], &expected, "no code");
            }
        }
        if bindings.is_empty() && codings.next().is_some() {
            self.coded.add(number, child, 0, How::NotRequired, plan);
        }
    }

    /// Reports a code that should not be there.
    fn conclude(
        &mut self,
        binding: Binding<'d>,
        verdict: Verdict,
        found: Found<'_>,
        node: Node<'a>,
    ) {
        let rule = match (verdict, binding.strength) {
            (Verdict::Inside | Verdict::GoodForm | Verdict::Unknown, _) => return,
            (Verdict::Outside | Verdict::BadForm, Strength::Extensible) => {
                &rules::BINDING_EXTENSIBLE
            }
            (Verdict::Outside, Strength::Required | Strength::Greatest) => &rules::BINDING,
            (Verdict::BadForm, Strength::Required | Strength::Greatest) => &rules::BINDING_FORM,
        };
        let set = address(binding.value_set);
        let expected = format!("a code of {set}");
        let actual = found.words(binding.value_set);
        self.issue(rule, node, &[&actual, &set], &expected, &actual);
    }
}

/// The names of formats that a capability statement may use in place of media types.
fn is_short_format(element: Element<'_>, code: &str) -> bool {
    matches!(code, "xml" | "json" | "ttl") && element.path() == "CapabilityStatement.format"
}

/// A code as it may be shown: short, and no long number.
fn shown_code(code: &str) -> Option<&str> {
    let is_plain = code
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/*<>=".contains(&byte));
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    (is_plain && !code.is_empty() && code.len() <= 32 && digits < 6).then_some(code)
}

/// The codings of a concept that have a code.
fn codings_of(concept: Node<'_>) -> impl Iterator<Item = Coding<'_>> + Clone {
    let all = concept.named("coding").flat_map(|node| {
        let single = (node.form() != Written::Array).then_some(node);
        single.into_iter().chain(node.items())
    });
    all.filter_map(coding_of)
}

/// The code of an object or element that is a coding, and its system.
fn coding_of(node: Node<'_>) -> Option<Coding<'_>> {
    let code = child_text(node, "code").filter(|code| !code.is_empty())?;
    Some(Coding {
        system: child_text(node, "system"),
        code,
    })
}
