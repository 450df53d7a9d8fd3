//! Predicates over the text of sections beside elements. Not for sub-headings of items: [`crate::items`].

use super::{Case, wrong};
use crate::codes::BUSINESS;
use crate::document::{Base, Section};
use crate::narrative::{Narrative, fold, fold_label};
use crate::sheet::Sheet;

fn sections<'a, 't>(case: &'a Case<'_, 't>) -> Vec<&'a Section<'t>> {
    case.document().under(case.section).collect()
}

/// What the paths hold, section by section, has to be readable in its text.
pub(super) fn in_narrative(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for section in sections(case) {
        for path in case.paths {
            for found in path.find(case.document(), Base::Of(section)) {
                let Some(text) = found.el.text() else {
                    continue;
                };
                sheet.saw(1);
                if !holds(section.narrative(), text) {
                    wrong(
                        sheet,
                        BUSINESS,
                        found.el,
                        "the same words in the text of the section",
                        "words that the text does not hold",
                    );
                }
            }
        }
    }
}

/// Whether a text holds words. The sign for micro is written as one of two characters, which look the same.
fn holds(narrative: &Narrative, words: &str) -> bool {
    const MICRO: char = '\u{b5}';
    const MU: char = '\u{3bc}';
    let is_either = |c: char| matches!(c, MICRO | MU);
    narrative.holds(words)
        || words.contains(is_either)
            && [MICRO, MU].iter().any(|sign| {
                let other = words.replace(is_either, sign.encode_utf8(&mut [0; 4]));
                narrative.holds(&other)
            })
}

/// Identifiers that receivers read from elements are not in the text.
pub(super) fn not_in_narrative(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for section in sections(case) {
        let narrative = section.narrative();
        for path in case.paths {
            for found in path.find(case.document(), Base::Of(section)) {
                let Some(value) = found.el.text() else {
                    continue;
                };
                sheet.saw(1);
                if narrative.holds_word(value) {
                    wrong(
                        sheet,
                        BUSINESS,
                        section.el,
                        "the identifier in its element only",
                        "the identifier in the text as well",
                    );
                }
            }
        }
        let label = case
            .values
            .iter()
            .find(|label| narrative.has_label(&fold_label(label)));
        if label.is_some() {
            wrong(
                sheet,
                BUSINESS,
                section.el,
                "no sub-heading for the identifier",
                "a sub-heading for it",
            );
        }
    }
}

/// Whether words stand at the beginning, with nothing behind them that belongs to the last: the next sub-heading may
/// follow in the same line.
fn begins_with(content: &str, words: &str) -> bool {
    let rest = content.trim_start().strip_prefix(words);
    rest.is_some_and(|rest| {
        let mut after = rest.chars();
        match after.next() {
            None => true,
            // A compound, or a choice that was never made, is another word.
            Some('-' | '/' | '\'') => false,
            Some(c) => !c.is_alphanumeric(),
        }
    })
}

/// The text under a sub-heading is one of a few.
pub(super) fn label_content_in(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let Some((label, allowed)) = case.values.split_first() else {
        return;
    };
    let allowed: Vec<String> = allowed.iter().map(|it| fold(it)).collect();
    for section in sections(case) {
        for content in section.narrative().under(&fold_label(label)) {
            if content.trim().is_empty() {
                continue;
            }
            sheet.saw(1);
            if !allowed.iter().any(|it| begins_with(content, it)) {
                let expected = format!("one of: {}", case.values[1..].join(", "));
                wrong(sheet, BUSINESS, section.el, &expected, "another text");
            }
        }
    }
}

/// The text under a sub-heading says the same as the code beside it.
pub(super) fn label_agrees(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let Some((label, pairs)) = case.values.split_first() else {
        return;
    };
    let label = fold_label(label);
    for section in sections(case) {
        let told: Vec<&str> = section.narrative().under(&label).map(str::trim).collect();
        for path in case.paths {
            for found in path.find(case.document(), Base::Of(section)) {
                let Some(code) = found.el.text() else {
                    continue;
                };
                let words = pairs
                    .iter()
                    .find_map(|pair| pair.split_once('=').filter(|(it, _)| *it == code));
                let (Some((_, words)), false) = (words, told.is_empty()) else {
                    continue;
                };
                sheet.saw(1);
                let words = fold(words);
                if !told.iter().any(|it| begins_with(it, &words)) {
                    wrong(
                        sheet,
                        BUSINESS,
                        section.el,
                        "the words that belong to the code",
                        "other words",
                    );
                }
            }
        }
    }
}
