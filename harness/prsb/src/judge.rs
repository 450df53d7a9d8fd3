//! Judges a document by the rules of a standard, one after the other. Not for what a rule does: that is in its module.

use crate::business::{self, Shared};
use crate::coded;
use crate::document::Document;
use crate::held::Held;
use crate::items::{self, Around};
use crate::recognise::{Recognised, Refusal, Version, recognise};
use crate::result::{CodedCounts, Content, RuleResult};
use crate::rule::{Rule, Subject};
use crate::sections;
use crate::sheet::Sheet;
use crate::standard::Standard;
use crate::view::{Coding, El};
use plumbline_tree::Tree;
use std::sync::Arc;

/// Judges a document by every rule of a standard.
///
/// # Errors
/// What is no document of this standard.
pub fn judge(tree: &Tree, standard: &Standard, held: &Held) -> Result<Content, Refusal> {
    let recognised = recognise(tree, standard)?;
    let document = Document::of(tree, &standard.headings).ok_or_else(|| Refusal {
        what: "a Bundle of type document without a Composition".to_owned(),
        fix: "Send the Composition as the first resource of the document".to_owned(),
    })?;
    let shared = Shared::new(&document, recognised.version);
    let around = Around {
        document: &document,
        standard,
        version: recognised.version,
        held,
    };
    let results = standard.rules.iter().map(|rule| {
        let mut sheet = Sheet::new(rule);
        one(&mut sheet, rule, &around, &shared);
        sheet.finish(recognised.version)
    });
    Ok(Content {
        results: results.collect(),
        coded: codes(&shared, standard),
        warnings: warnings(&document, standard, &recognised),
        document: recognised,
    })
}

/// Judges only the form of codes and identifiers, which needs no document: of any resource, and so of what
/// [`judge`] refuses. Gives the rules that found something to look at.
pub fn judge_codes(tree: &Tree, standard: &Standard) -> Vec<RuleResult> {
    let document = Document::of(tree, &standard.headings).unwrap_or_else(|| Document::loose(tree));
    // The form of a code is the same in all versions.
    let version = Version::Stu3;
    let shared = Shared::new(&document, version);
    let results = standard.rules.iter().filter_map(|rule| {
        let Subject::Business(business) = &rule.subject else {
            return None;
        };
        let is_by_section = !rule.section.is_empty() && document.sections.is_empty();
        if !business.predicate.is_of_form() || is_by_section {
            return None;
        }
        let mut sheet = Sheet::new(rule);
        business::judge(&mut sheet, &shared, business);
        Some(sheet.finish(version))
    });
    results.filter(|result| result.observed > 0).collect()
}

fn one(sheet: &mut Sheet<'_>, rule: &Arc<Rule>, around: &Around<'_, '_>, shared: &Shared<'_, '_>) {
    match &rule.subject {
        Subject::Section => sections::judge(sheet, around),
        Subject::Item(item) => items::judge(sheet, around, item),
        Subject::Business(rule) => business::judge(sheet, shared, rule),
        Subject::Untestable { reason } => sheet.cannot(reason.clone()),
    }
}

/// How far all codes of the document could be checked.
fn codes(shared: &Shared<'_, '_>, standard: &Standard) -> CodedCounts {
    let mut counts = CodedCounts::default();
    for named in shared.named() {
        let Some(code) = named.code.and_then(El::text) else {
            continue;
        };
        match standard.lists.anywhere(named.system, code) {
            Some(true) => counts.checked += 1,
            Some(false) => counts.wrong += 1,
            None => {
                let coding = Coding {
                    system: Some(named.system),
                    code: Some(code),
                    at: named.holder,
                };
                coded::count(coding, &mut counts);
            }
        }
    }
    counts
}

/// What was accepted although it should be better.
fn warnings(document: &Document<'_>, standard: &Standard, recognised: &Recognised) -> Vec<String> {
    let mut warnings = Vec::new();
    for section in &document.sections {
        match &section.heading {
            Some(key) if section.older_code => {
                let title = standard
                    .headings
                    .get(key)
                    .map_or("", |it| it.title.as_str());
                warnings.push(format!(
                    "the section {title} is told by a code for which another is preferred; it was accepted"
                ));
            }
            Some(key) if !standard.rules.iter().any(|rule| rule.section == *key) => {
                let title = standard
                    .headings
                    .get(key)
                    .map_or("", |it| it.title.as_str());
                warnings.push(format!(
                    "the section {title} is none of this standard; it was not judged"
                ));
            }
            Some(_) => {}
            None => warnings.push(format!(
                "a section has no code of a heading that is known, and was not judged: {}",
                section.el.path()
            )),
        }
    }
    if recognised.version == Version::R4 {
        warnings.push(
            "for R4 no published table says where each item lives: the places are our own reading, and results of items are advisory"
                .to_owned(),
        );
    }
    warnings
}
