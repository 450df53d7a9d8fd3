//! Reads what a resource of the last answer refers to. Not for references that lead out of the target.

use crate::steps::asking::{Question, ask, is_id};
use crate::world::{Body, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_checks::ElementPath;
use plumbline_model::SkipReason;
use plumbline_tree::{Node, Tree};

/// Reads what the first result refers to in the element at this path.
pub(crate) fn read(world: &mut World, path: String) -> LocalBoxFuture<'_, ()> {
    async move {
        let found = world.answer.as_ref().and_then(|answer| {
            let Body::Tree(tree) = &answer.pages.first()?.body else {
                return None;
            };
            let resource = first(tree, &answer.resource_type)?;
            let element = ElementPath::read(&path)?;
            let reference = element.find(resource).into_iter().next()?;
            let text = reference.get("reference").and_then(Node::as_str)?;
            target(text)
        });
        let Some((resource_type, id)) = found else {
            world.stop(
                SkipReason::NothingObserved,
                "SETUP-RESULT",
                &format!("the first result has no reference at {path} that could be read"),
                "See the rules on this element.",
            );
            return;
        };
        let question = Question {
            path: format!("{resource_type}/{id}"),
            resource_type,
            ..Question::default()
        };
        ask(world, question).await;
    }
    .boxed_local()
}

/// The resource that was read, or the first of the type in a Bundle.
fn first<'t>(tree: &'t Tree, resource_type: &str) -> Option<Node<'t>> {
    let named =
        |node: Node<'_>, name: &str| node.get("resourceType").and_then(Node::as_str) == Some(name);
    let root = tree.root();
    if !named(root, "Bundle") {
        return named(root, resource_type).then_some(root);
    }
    let mut entries = root.get("entry").into_iter().flat_map(Node::items);
    entries.find_map(|entry| {
        let resource = entry.get("resource")?;
        named(resource, resource_type).then_some(resource)
    })
}

/// Type and id of a reference, relative or not; the address before them is never used.
fn target(reference: &str) -> Option<(String, String)> {
    let (reference, _) = reference
        .split_once("/_history/")
        .unwrap_or((reference, ""));
    let mut parts = reference.rsplit('/');
    let (id, resource_type) = (parts.next()?, parts.next()?);
    let named = resource_type.starts_with(|c: char| c.is_ascii_uppercase())
        && resource_type.chars().all(|c| c.is_ascii_alphabetic());
    (named && is_id(id)).then(|| (resource_type.to_owned(), id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn references_give_type_and_id_and_nothing_else() {
        let of = |text| target(text).map(|(kind, id)| format!("{kind} {id}"));
        let expected = Some("Organization o-1".to_owned());
        assert_eq!(of("Organization/o-1"), expected);
        assert_eq!(of("https://x.example/a/Organization/o-1"), expected);
        assert_eq!(of("Organization/o-1/_history/3"), expected);
        for none in [
            "#o",
            "urn:uuid:1",
            "o-1",
            "organization/o-1",
            "Organization/a b",
            "/",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
