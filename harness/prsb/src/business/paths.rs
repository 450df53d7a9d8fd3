//! Predicates over what paths lead to. Not for the text of sections.

use super::{Case, wrong};
use crate::codes::BUSINESS;
use crate::document::Base;
use crate::locator::Path;
use crate::narrative::fold;
use crate::sheet::Sheet;
use crate::view::Coding;
use plumbline_tree::Form;

/// How many resources there are that a path could begin with.
fn possible(case: &Case<'_, '_>, path: &Path) -> usize {
    let count = |base| match base {
        Base::All => case.document().of_kind(path.kind()).len(),
        Base::Of(section) => section.of_kind(path.kind()).len(),
        Base::One(_) => 1,
    };
    case.bases().into_iter().map(count).sum()
}

pub(super) fn absent(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for path in case.paths {
        sheet.saw(possible(case, path));
        for found in case.find(path) {
            wrong(
                sheet,
                BUSINESS,
                found.el,
                "the element is not used",
                "the element is there",
            );
        }
    }
}

pub(super) fn code_in(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let expected = format!("one of: {}", case.values.join(", "));
    codes(sheet, case, |is_in| is_in, &expected, "another code");
}

/// Each thing at the first path has the code at the second, in its system, and none of that system beside it.
pub(super) fn code_demanded(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let [holders, wanted, ..] = case.paths else {
        return;
    };
    let values: Vec<(Option<&str>, &str)> = case.values.iter().map(|it| with_system(it)).collect();
    let codes: Vec<&str> = values.iter().map(|(_, code)| *code).collect();
    let systems: Vec<&str> = values.iter().filter_map(|(system, _)| *system).collect();
    let of_system = if systems.is_empty() {
        String::new()
    } else {
        format!(" of the system {}", systems.join(" or "))
    };
    let expected = format!("{}: {}{of_system}", wanted.shown(), codes.join(" or "));
    for holder in case.find(holders) {
        sheet.saw(1);
        let found = wanted.find(case.document(), Base::One(holder.entry));
        let codings: Vec<Coding<'_>> = found.iter().flat_map(|it| it.el.codings()).collect();
        let ours = codings
            .iter()
            .filter(|it| it.code.is_some() && (systems.is_empty() || is_of(it.system, &systems)));
        let ours: Vec<&Coding<'_>> = ours.collect();
        let strange = ours
            .iter()
            .find(|it| it.code.is_some_and(|code| !codes.contains(&code)));
        match (strange, ours.first()) {
            (Some(strange), _) => wrong(sheet, BUSINESS, strange.at, &expected, "another code"),
            (None, Some(_)) => {}
            (None, None) => {
                let has_code = codings.iter().any(|it| it.code.is_some());
                let actual = if has_code {
                    "no code of that system"
                } else {
                    "no code"
                };
                let at = found.first().map_or(holder.el, |it| it.el);
                wrong(sheet, BUSINESS, at, &expected, actual);
            }
        }
    }
}

fn is_of(system: Option<&str>, systems: &[&str]) -> bool {
    system.is_some_and(|it| systems.contains(&it))
}

/// A value of a row: a code, or `system#code`.
fn with_system(value: &str) -> (Option<&str>, &str) {
    match value.rsplit_once('#') {
        Some((system, code)) => (Some(system), code),
        None => (None, value),
    }
}

pub(super) fn code_not_in(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let expected = format!("none of: {}", case.values.join(", "));
    codes(sheet, case, |is_in| !is_in, &expected, "one of them");
}

fn codes(
    sheet: &mut Sheet<'_>,
    case: &Case<'_, '_>,
    is_right: impl Fn(bool) -> bool,
    expected: &str,
    actual: &str,
) {
    for path in case.paths {
        for found in case.find(path) {
            for coding in found.el.codings() {
                let Some(code) = coding.code else { continue };
                sheet.saw(1);
                if !is_right(case.has_value(code)) {
                    wrong(sheet, BUSINESS, coding.at, expected, actual);
                }
            }
        }
    }
}

pub(super) fn present(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let [holders, wanted, ..] = case.paths else {
        return;
    };
    for holder in case.find(holders) {
        sheet.saw(1);
        let found = wanted.find(case.document(), Base::One(holder.entry));
        if !found.iter().any(|it| it.el.has_content()) {
            let expected = format!("{} with content", wanted.shown());
            wrong(sheet, BUSINESS, holder.el, &expected, "nothing of it");
        }
    }
}

pub(super) fn coded_needs_text(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let [coded, text, ..] = case.paths else {
        return;
    };
    for found in case.find(coded) {
        let codings = found.el.codings();
        if !codings
            .iter()
            .filter_map(|it| it.code)
            .any(|code| case.has_value(code))
        {
            continue;
        }
        sheet.saw(1);
        let texts = text.find(case.document(), Base::One(found.entry));
        if !texts.iter().any(|it| it.el.has_content()) {
            let expected = format!("{} with the words that have no code", text.shown());
            wrong(
                sheet,
                BUSINESS,
                found.el,
                &expected,
                "a code that says only that there is none",
            );
        }
    }
}

pub(super) fn differ(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let [first, second, ..] = case.paths else {
        return;
    };
    let others: Vec<String> = case
        .find(second)
        .iter()
        .map(|it| words(it.el))
        .filter(|it| !it.is_empty())
        .collect();
    for found in case.find(first) {
        sheet.saw(1);
        if others.contains(&words(found.el)) {
            wrong(
                sheet,
                BUSINESS,
                found.el,
                "sent only if it differs",
                "the same as the other",
            );
        }
    }
}

/// The texts of an element, folded, without those that say only how it is used.
fn words(el: crate::view::El<'_>) -> String {
    let texts = el.node().with_descendants().filter(|node| {
        let holder = if node.form() == Form::Attribute {
            node.parent()
        } else {
            Some(*node)
        };
        let name = holder
            .and_then(plumbline_tree::Node::name)
            .unwrap_or_default();
        !matches!(name, "use" | "type" | "id" | "country" | "text")
    });
    let texts: Vec<String> = texts
        .filter_map(|node| node.value_text().map(fold))
        .collect();
    texts.join(" ")
}

pub(super) fn text_holds(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for path in case.paths {
        for found in case.find(path) {
            let Some(text) = found.el.text().map(fold) else {
                continue;
            };
            sheet.saw(1);
            if !case.values.iter().all(|value| text.contains(&fold(value))) {
                let expected = format!("text with: {}", case.values.join(", "));
                wrong(sheet, BUSINESS, found.el, &expected, "other text");
            }
        }
    }
}

/// Each thing at the first path has, at the others, a code of the values.
pub(super) fn traced(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let Some((numbers, statuses)) = case.paths.split_first() else {
        return;
    };
    for number in case.find(numbers) {
        sheet.saw(1);
        let found = statuses
            .iter()
            .flat_map(|path| path.find(case.document(), Base::One(number.entry)));
        let codings: Vec<_> = found.flat_map(|it| it.el.codings()).collect();
        let codes: Vec<&str> = codings.iter().filter_map(|it| it.code).collect();
        let expected = format!("a verification status of {}", case.values.join(" or "));
        if codes.is_empty() {
            wrong(
                sheet,
                BUSINESS,
                number.el,
                &expected,
                "no verification status",
            );
        } else if !codes.iter().any(|code| case.has_value(code)) {
            wrong(
                sheet,
                BUSINESS,
                number.el,
                &expected,
                "another verification status",
            );
        }
    }
}
