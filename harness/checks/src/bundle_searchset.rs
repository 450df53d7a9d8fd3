//! Whether every page is a searchset Bundle of sound form. Not for what the entries are about.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, content, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason, ValueKind};
use plumbline_tree::{Kind, Node};

pub(crate) const CHECK: Check = Check {
    code: "BUNDLE-SEARCHSET",
    name: "Searchset Bundle",
    doc: CheckDoc {
        what: "Every page is a Bundle of type searchset whose links and entries, if any, are lists, in which each entry holds a resource, and whose total, if any, is a whole number.",
        why: "Clients find the results of a search by this form and by nothing else.",
        conformant: r#"{"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {...}}]}"#,
        not_conformant: r#"{"resourceType": "Bundle", "type": "collection"}"#,
        source: "FHIR R4, search and Bundle",
    },
    next_step: "Answer a search with a Bundle of type searchset, also when nothing is found, and give each entry its resource",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    if observed.pages.is_empty() {
        sheet.gaps(&Reading::of(observed));
    }
    for (index, page) in observed.pages.iter().enumerate() {
        let expected = || Shown::ours("a Bundle of type searchset");
        sheet.saw(1);
        match content(page) {
            Ok(root) if page.has_duplicate_names() => sheet.undecided(
                SkipReason::NotObservable,
                At::node(index, root),
                "an object of the body has two members of one name, which readers take differently",
                Shown::ours("a repeated member name"),
                "Send each member of an object once",
            ),
            Ok(_) => {}
            Err((message, actual)) => {
                sheet.broken(At::page(index), message, expected(), Shown::ours(actual));
                continue;
            }
        }
        if let Ok(root) = page.json() {
            form(&mut sheet, index, root, expected());
        }
    }
    sheet.finish()
}

fn form(sheet: &mut Sheet, index: usize, root: Node<'_>, expected: Shown) {
    let Some("Bundle") = text(root, "resourceType") else {
        let actual = Shown::ours("something else");
        let message = "the response to the search is not a Bundle";
        return sheet.broken(At::node(index, root), message, expected, actual);
    };
    if text(root, "type") != Some("searchset") {
        let at = At::node(index, root.get("type").unwrap_or(root));
        let actual = text(root, "type").map_or_else(
            || Shown::ours("no type"),
            |kind| Shown::ours("type ").value(ValueKind::Code, kind),
        );
        sheet.broken(at, "the Bundle is not a searchset", expected, actual);
    }
    if let Some(total) = root.get("total")
        && total.as_i64().is_none_or(|number| number < 0)
    {
        sheet.broken(
            At::node(index, total),
            "the total of the Bundle is not a count",
            Shown::ours("a whole number, zero or more"),
            Shown::ours("another form of value"),
        );
    }
    if let Some(links) = root.get("link")
        && (links.kind() != Kind::Array || links.items().any(|link| link.kind() != Kind::Object))
    {
        sheet.broken(
            At::node(index, links),
            "the links of the Bundle are not a list of objects",
            Shown::ours("a list of links"),
            Shown::ours("another form of value"),
        );
    }
    let Some(entries) = root.get("entry") else {
        return;
    };
    if entries.kind() != Kind::Array {
        let wanted = Shown::ours("a list of entries");
        let actual = Shown::ours("another form of value");
        let message = "the entries of the Bundle are not a list";
        return sheet.broken(At::node(index, entries), message, wanted, actual);
    }
    for entry in entries.items() {
        let typed = entry
            .get("resource")
            .is_some_and(|resource| text(resource, "resourceType").is_some());
        if !typed {
            sheet.broken(
                At::node(index, entry),
                "an entry of the Bundle holds no resource with a type",
                Shown::ours("a resource in every entry"),
                Shown::ours("an entry without one"),
            );
        }
    }
}
