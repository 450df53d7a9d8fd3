//! The members of an object of JSON by what they are in the definitions, in the order of XML.
//! Not for writing them.

use super::error::{ConvertError, ConvertProblem};
use crate::definitions::{Child, Definitions, Shape, Type};
use plumbline_tree::{Kind, Node};

/// A member, with the one beside it whose name begins with `_`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'t, 'd> {
    pub(super) name: &'t str,
    pub(super) child: Child<'d>,
    pub(super) of: Type<'d>,
    pub(super) value: Option<Node<'t>>,
    pub(super) beside: Option<Node<'t>>,
}

/// The resource type that an object names.
pub(super) fn resource_type<'d>(
    object: Node<'_>,
    definitions: &'d Definitions,
) -> Result<Type<'d>, ConvertError> {
    if object.kind() != Kind::Object {
        return Err(ConvertError::at(
            object,
            ConvertProblem::WrongKind("a resource"),
        ));
    }
    let named = object.get("resourceType");
    let name = named.and_then(Node::as_str);
    name.and_then(|name| definitions.resource(name))
        .ok_or_else(|| ConvertError::at(named.unwrap_or(object), ConvertProblem::NotAResource))
}

/// The members of an object that is no resource.
pub(super) fn of_object<'t, 'd>(
    object: Node<'t>,
    shape: Shape<'d>,
) -> Result<Vec<Member<'t, 'd>>, ConvertError> {
    let found = gathered(object, shape, false)?;
    if found.is_empty() {
        return Err(ConvertError::at(object, ConvertProblem::Empty));
    }
    Ok(found)
}

/// The members of a resource, without `resourceType`.
pub(super) fn of_resource<'t, 'd>(
    object: Node<'t>,
    shape: Shape<'d>,
) -> Result<Vec<Member<'t, 'd>>, ConvertError> {
    gathered(object, shape, true)
}

fn gathered<'t, 'd>(
    object: Node<'t>,
    shape: Shape<'d>,
    is_resource: bool,
) -> Result<Vec<Member<'t, 'd>>, ConvertError> {
    if object.kind() != Kind::Object {
        return Err(ConvertError::at(
            object,
            ConvertProblem::WrongKind("an object"),
        ));
    }
    let mut found: Vec<Member<'t, 'd>> = Vec::new();
    let mut has_type = false;
    for (key, node) in object.members() {
        let refuse = |problem| ConvertError::at(node, problem);
        if is_resource && key == "resourceType" {
            if std::mem::replace(&mut has_type, true) {
                return Err(refuse(ConvertProblem::DuplicateName));
            }
            continue;
        }
        let (name, is_beside) = match key.strip_prefix('_') {
            Some(name) => (name, true),
            None => (key, false),
        };
        if name == "fhir_comments" {
            return Err(refuse(ConvertProblem::Comments));
        }
        let unknown = || refuse(ConvertProblem::UnknownElement);
        let child = shape.child(name).ok_or_else(unknown)?;
        let of = child.type_use().ok_or_else(unknown)?.of();
        if is_beside && !of.is_primitive() {
            return Err(unknown());
        }
        if is_beside && (child.element().is_attribute() || of.name() == "xhtml") {
            return Err(refuse(ConvertProblem::NoRoom));
        }
        let at = found.iter().position(|member| member.name == name);
        let at = at.unwrap_or_else(|| {
            found.push(Member {
                name,
                child,
                of,
                value: None,
                beside: None,
            });
            found.len() - 1
        });
        let slot = if is_beside {
            &mut found[at].beside
        } else {
            &mut found[at].value
        };
        if slot.replace(node).is_some() {
            return Err(refuse(ConvertProblem::DuplicateName));
        }
    }
    found.sort_by_key(|member| member.child.position());
    Ok(found)
}
