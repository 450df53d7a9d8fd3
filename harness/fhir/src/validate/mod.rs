//! Validation against the base specification: structure, formats, required codes, references within a resource,
//! narrative. One pass over the tree, for JSON and XML alike, with the same findings.
//! Invariants are evaluated, but for those that are part of the structure and have rules of their own
//! (ele-1, ext-1, dom-2, dom-3, ref-1, sqty-1, txt-1, txt-2). Not profiles.
//!
//! What could not be checked is said: [`Outcome::coded`] tells of every element with codes how far they were
//! checked, [`Outcome::invariants_not_checked`] which invariants could not be evaluated, and
//! [`Outcome::profiles_not_checked`] which profiles a resource claims.
//!
//! ```
//! use plumbline_fhir::{Definitions, Options, validate};
//! use plumbline_tree::{Limits, Tree};
//!
//! let body = br#"{"resourceType": "Patient", "gender": "man", "birthDate": "2001-02-30"}"#;
//! let tree = Tree::parse(body.to_vec(), &Limits::default())?;
//! let outcome = validate(&tree, Definitions::r4(), &Options::default());
//! let found: Vec<(&str, &str)> = outcome.issues.iter().map(|it| (&*it.code, it.path.as_str())).collect();
//! assert_eq!(
//!     found,
//!     [("FHIR-BINDING", "Patient.gender"), ("FHIR-DATE", "Patient.birthDate")]
//! );
//! # Ok::<(), plumbline_tree::ParseError>(())
//! ```

mod attachment;
mod binding;
mod coded;
mod codes;
mod datatype;
mod entries;
mod format;
mod gather;
mod glance;
mod invariant;
mod invariants;
mod json;
mod key;
mod markup;
mod meanings;
mod narrative;
mod outcome;
mod path;
mod plan;
mod primitive;
mod reference;
mod report;
mod resource;
mod rules;
mod scope;
mod survey;
mod unknown;
mod walk;
mod xhtml;
mod xml;

pub use outcome::{
    Assurance, BestPractice, CodedCheck, Counts, EmbeddedHtml, ExampleAddresses, Issue, Options,
    Outcome, References, Severity,
};
pub use rules::{Rule, rule, rules};
pub use survey::{
    CodeHolder, Survey, SurveyedCode, SurveyedExtension, SurveyedReference, SurveyedResource,
};

use crate::definitions::Definitions;
use plan::Plan;
use plumbline_tree::Tree;
use walk::Walk;

/// Validates the resource in a tree, and every resource in it, against the base specification of one version.
///
/// Time and memory grow with the tree and no faster. Any tree is judged; none is refused.
pub fn validate(tree: &Tree, definitions: &Definitions, options: &Options) -> Outcome {
    with_plan(definitions, |plan| validate_by(tree, plan, *options))
}

/// Validates as [`validate`] does, and lists the resources, extensions and references on the way.
pub fn survey<'a>(
    tree: &'a Tree,
    definitions: &Definitions,
    options: &Options,
) -> (Outcome, Survey<'a>) {
    with_plan(definitions, |plan| survey_by(tree, plan, *options))
}

/// Does something by the plan of some definitions: by that which is kept, if they are those inside the binary.
fn with_plan<T>(definitions: &Definitions, work: impl FnOnce(&Plan<'_>) -> T) -> T {
    let version = definitions.version();
    if std::ptr::eq(definitions, Definitions::of(version)) {
        return work(Plan::embedded(version));
    }
    work(&Plan::new(definitions))
}

fn survey_by<'a>(tree: &'a Tree, plan: &Plan<'_>, options: Options) -> (Outcome, Survey<'a>) {
    let mut walk = Walk::new(tree, plan, options);
    walk.survey = Some(Box::default());
    let of = walk.outermost(tree.root()).map(str::to_owned);
    let found = walk.survey.take().map(|it| it.found);
    (walk.finish(of), found.unwrap_or_default())
}

fn validate_by(tree: &Tree, plan: &Plan<'_>, options: Options) -> Outcome {
    let mut walk = Walk::new(tree, plan, options);
    let of = walk.outermost(tree.root());
    walk.finish(of.map(str::to_owned))
}
