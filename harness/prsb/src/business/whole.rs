//! Predicates over a document as a whole: references, replacement, attachments, length.
//! Not for codes and identifiers: `forms`.

use super::{Case, wrong};
use crate::codes::{BUSINESS, REFERENCE};
use crate::document::{Document, Target};
use crate::sheet::Sheet;
use crate::view::El;

/// Every reference within the document leads to a resource of it.
pub(super) fn references_resolve(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let document = case.document();
    // Both are in order of place, so that the resource of a reference is the last that begins before it.
    let mut number = 0;
    for el in case.shared.references() {
        let at = el.node().offset();
        while document.entries[..document.outer]
            .get(number + 1)
            .is_some_and(|next| next.el.node().offset() <= at)
        {
            number += 1;
        }
        sheet.saw(1);
        let text = el.text().unwrap_or_default();
        if text.is_empty() || text.contains(char::is_whitespace) {
            let actual = if text.is_empty() {
                "an empty reference"
            } else {
                "a reference with white space in it"
            };
            wrong(sheet, REFERENCE, *el, "a resource of this document", actual);
            continue;
        }
        match document.target(number, text) {
            Target::Entry(_) => {}
            // Only what the Composition and its lists lead to has to be inside of a document.
            Target::Outside if number != document.composition && !is_item(*el) => {}
            Target::Outside => wrong(
                sheet,
                REFERENCE,
                *el,
                "a resource of this document",
                "an address outside of the document",
            ),
            Target::Nowhere => wrong(
                sheet,
                REFERENCE,
                *el,
                "a resource of this document",
                "a reference that leads to none",
            ),
        }
    }
    items_lead_on(sheet, document);
}

/// Whether a reference is that of an item of a list.
fn is_item(reference: El<'_>) -> bool {
    let item = reference.node().parent();
    item.is_some_and(|it| it.name() == Some("item"))
}

/// An item of a list that is only words, or marked as deleted, leads receivers to nothing.
fn items_lead_on(sheet: &mut Sheet<'_>, document: &Document<'_>) {
    let lists = document.of_kind("List").iter();
    for entry in lists.flat_map(|list| document.entries[*list].el.children("entry")) {
        let item = entry.child("item");
        let actual = if item.is_some_and(|it| it.child("reference").is_none()) {
            "an item without a reference"
        } else if entry.child_text("deleted") == Some("true") {
            "an item that is marked as deleted"
        } else {
            continue;
        };
        let at = item.unwrap_or(entry);
        wrong(sheet, REFERENCE, at, "a resource of this document", actual);
    }
}

/// A document that replaces another says so with `replaces` and the identifier of the other.
pub(super) fn replaces(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let composition = case.document().composition();
    let own = composition
        .child("identifier")
        .and_then(|it| it.child_text("value"));
    for relation in composition.children("relatesTo") {
        sheet.saw(1);
        if relation.child_text("code") != Some("replaces") {
            wrong(
                sheet,
                BUSINESS,
                relation,
                "the code replaces",
                "another code, or none",
            );
            continue;
        }
        let target = relation
            .child("targetIdentifier")
            .and_then(|it| it.child_text("value"));
        match target {
            None => wrong(
                sheet,
                BUSINESS,
                relation,
                "the identifier of the document that is replaced",
                "no identifier",
            ),
            Some(target) if !is_uuid(target) => {
                wrong(sheet, BUSINESS, relation, "a UUID", "text of another form");
            }
            Some(target) if Some(target) == own => wrong(
                sheet,
                BUSINESS,
                relation,
                "the identifier of another document",
                "its own identifier",
            ),
            Some(_) => {}
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn attachments<'t>(case: &Case<'_, 't>) -> Vec<El<'t>> {
    let document = case.document();
    let numbers = document.of_kind("Binary");
    numbers
        .iter()
        .map(|number| document.entries[*number].el)
        .collect()
}

pub(super) fn attachment_types(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for binary in attachments(case) {
        sheet.saw(1);
        let kind = binary
            .child_text("contentType")
            .map(str::to_ascii_lowercase);
        let plain = kind
            .as_deref()
            .and_then(|it| it.split(';').next())
            .map(str::trim);
        if !plain.is_some_and(|it| case.has_value(it)) {
            wrong(
                sheet,
                BUSINESS,
                binary,
                "a kind of file that receivers can be expected to open",
                "another kind, or none",
            );
        }
    }
}

pub(super) fn attachment_coded(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    for binary in attachments(case) {
        sheet.saw(1);
        let data = binary.child("content").or_else(|| binary.child("data"));
        let text = data.and_then(El::text);
        if !text.is_some_and(is_base64) {
            wrong(
                sheet,
                BUSINESS,
                data.unwrap_or(binary),
                "the file in base64",
                "nothing, or text of another form",
            );
        }
    }
}

fn is_base64(text: &str) -> bool {
    let mut count = 0_usize;
    let mut padding = 0_usize;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        count += 1;
    }
    count > 0 && count.is_multiple_of(4) && padding <= 2
}

pub(super) fn most_bytes(sheet: &mut Sheet<'_>, case: &Case<'_, '_>) {
    let most = case.values.first().and_then(|it| it.parse::<usize>().ok());
    let length = case.document().tree.source().len();
    sheet.saw(1);
    if most.is_some_and(|most| length > most) {
        let expected = format!("at most {} bytes", most.unwrap_or_default());
        let root = El::new(case.document().tree.root());
        wrong(sheet, BUSINESS, root, &expected, &format!("{length} bytes"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_form_of_identifiers_and_of_base64() {
        assert!(is_uuid("2b5d459b-df79-4a2b-9b0c-95b2a7ee2ca4"));
        assert!(is_uuid("urn:uuid:2b5d459b-df79-4a2b-9b0c-95b2a7ee2ca4"));
        assert!(!is_uuid("2b5d459b") && !is_uuid("xb5d459b-df79-4a2b-9b0c-95b2a7ee2ca4"));
        assert!(is_base64("AAAA") && is_base64("AA\nA=") && !is_base64("AAA") && !is_base64(""));
        assert!(!is_base64("A=AA") && !is_base64("AAAé"));
    }
}
