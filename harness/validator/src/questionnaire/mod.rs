//! `Questionnaire`, and `QuestionnaireResponse` against the questionnaire that it answers, of R4 and STU3.
//! Not for single elements, which the base specification judges.
//!
//! Invariants are judged with the base specification and not again here:
//! R4 que-0 (name), que-1 (groups have items, display texts none), que-2 (linkId is unique), que-3, que-6, que-9
//! (display texts have no code, required, repeats, readOnly), que-4 (options or value set), que-5 (types with options),
//! que-7 (exists has a boolean), que-8 (groups and display texts have no initial), que-10 (types with maxLength),
//! que-11 (options or initial), que-12 (enableBehavior with three conditions or more), que-13 (one initial),
//! qrs-1 (answers or items); STU3 que-1 to que-10 and qrs-1. Types of answers that an element does not have at all,
//! such as `valueCode`, are judged with the base specification, too.

mod answer;
mod compare;
mod enabled;
mod find;
mod form;
mod given;
mod itself;
mod kind;
mod limits;
mod options;
mod response;
mod rules;

pub(crate) use rules::RULES;

use crate::knowledge::Knowledge;
use crate::place::Place;
use crate::profile::Findings;
use find::Forms;
use plumbline_fhir::validate::Survey;
use plumbline_tree::Tree;

/// Judges every questionnaire and every response to one of a body.
pub(crate) fn check<'a>(
    knowledge: &'a Knowledge,
    tree: &'a Tree,
    survey: &Survey<'a>,
    found: &mut Findings,
) {
    let forms = Forms::new(tree);
    for (at, resource) in survey.resources.iter().enumerate() {
        let place = || Place {
            element: resource.element,
            path: survey.path(at, knowledge.definitions),
        };
        match resource.of {
            "Questionnaire" => itself::check(knowledge, &place(), &mut found.report),
            "QuestionnaireResponse" => response::check(knowledge, &forms, &place(), found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod answer_tests;
#[cfg(test)]
mod tests;
