//! Finds the capability statement in an answer. Not a check itself.

use crate::observed::Observed;
use crate::reading::{content, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason};
use plumbline_tree::Node;

/// The parts of the statement that speak of a server. One that does not say whether it speaks of
/// a server or a client counts too.
pub(crate) fn servers(statement: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let rest = statement.get("rest").map(Node::items).into_iter().flatten();
    rest.filter(|rest| text(*rest, "mode") != Some("client"))
}

/// The capability statement, or a draft that says why there is none to judge.
/// A body under another type name is judged where it has the element: that its type is wrong
/// is FHIR-TYPE's to say, and each rule speaks of one observable.
pub(crate) fn statement<'a>(
    sheet: &mut Sheet,
    observed: &Observed<'a>,
    element: &str,
) -> Option<Node<'a>> {
    let found = observed.pages.first().map_or(
        Err(("there is no response to judge", "no response".to_owned())),
        |page| {
            let root = content(page)?;
            if page.has_duplicate_names() {
                Err((
                    "the body repeats a member name",
                    "a repeated member name".to_owned(),
                ))
            } else if text(root, "resourceType") == Some("CapabilityStatement")
                || root.get(element).is_some()
            {
                Ok(root)
            } else {
                let actual = "another type of body".to_owned();
                Err(("the response is not a capability statement", actual))
            }
        },
    );
    found
        .map_err(|(message, actual)| {
            sheet.undecided(
                SkipReason::NotObservable,
                At::page(0),
                message,
                Shown::ours(actual),
                "Answer GET metadata with a CapabilityStatement first; then this rule can be judged",
            );
        })
        .ok()
}
