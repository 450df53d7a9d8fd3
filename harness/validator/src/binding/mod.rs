//! Codes against the bindings of profiles, and codes by themselves: whether their code system knows them.
//! Not for the bindings of the base specification, which `fhir` judges, and not for what is in a value set, which
//! `terminology` knows.

mod code;
mod coded;
mod codings;
mod profile;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use code::Held;
pub(crate) use coded::Coded;
pub(crate) use codings::check as check_codings;
pub(crate) use profile::{Binder, check};
pub(crate) use rules::RULES;

use crate::knowledge::Knowledge;
use plumbline_fhirpath::{Answer, Element};
use plumbline_terminology::Membership;

/// Whether an element with codes is in a value set: of a concept, whether one of its codes is.
pub(crate) fn member_of(knowledge: &Knowledge, coded: Element<'_>, value_set: &str) -> Answer {
    let terminology = &knowledge.terminology;
    let answer = |membership| match membership {
        Membership::Inside => Answer::Yes,
        Membership::Outside => Answer::No,
        Membership::Unknown => Answer::Unknown,
    };
    match Held::of(coded, knowledge.types) {
        None => Answer::Unknown,
        Some(Held::Code(code)) => answer(terminology.member_of_code(value_set, code)),
        Some(Held::Coding(coding)) => coding.map_or(Answer::No, |it| {
            answer(terminology.member_of(value_set, it))
        }),
        Some(Held::Concept(all)) => {
            let all = all.iter().map(|it| terminology.member_of(value_set, *it));
            all.fold(Answer::No, |known, next| match (known, next) {
                (Answer::Yes, _) | (_, Membership::Inside) => Answer::Yes,
                (Answer::Unknown, _) | (_, Membership::Unknown) => Answer::Unknown,
                (known, Membership::Outside) => known,
            })
        }
    }
}
