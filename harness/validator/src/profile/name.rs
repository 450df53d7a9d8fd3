//! The name of a child, and where its items are: looked up once for each type, since a profile asks for the same
//! children of the same types again and again. Not for what is said of them.

use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{ChildName, ChildType, Element, TypeId, TypeInfo as _};
use plumbline_tree::{Form, Node};
use std::sync::OnceLock;

/// What the type of an element says of its children of a name.
#[derive(Debug, Clone, Copy)]
struct Known {
    parent: TypeId,
    /// None of a choice, of a resource, and of what the type does not have.
    of: Option<TypeId>,
    is_primitive: bool,
}

/// The name of a child as a path has it: of a choice without its type.
#[derive(Debug)]
pub(super) struct Name {
    plain: ChildName,
    /// The name of what JSON says beside it.
    beside: String,
    /// For the type that asked first, which is most often the only one.
    known: OnceLock<Option<Known>>,
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        Self {
            plain: ChildName::new(name),
            beside: format!("_{name}"),
            known: OnceLock::new(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        self.plain.as_str()
    }

    /// The children of an element.
    pub(super) fn of<'a>(&self, types: &TypeTable, parent: Element<'a>) -> Vec<Element<'a>> {
        let quick = self.quick(types, parent);
        quick.unwrap_or_else(|| parent.named(types, &self.plain))
    }

    /// The same in JSON where the children are of one type and nothing is said beside them.
    fn quick<'a>(&self, types: &TypeTable, parent: Element<'a>) -> Option<Vec<Element<'a>>> {
        let body = parent.body().filter(|it| it.form() == Form::Object)?;
        let known = self.known.get_or_init(|| self.look_up(types, parent));
        let known = known.filter(|it| Some(it.parent) == parent.type_id())?;
        let of = known.of?;
        let mut found = None;
        for (name, node) in body.members() {
            if name == self.as_str() {
                found = found.or(Some(node));
            } else if known.is_primitive && name == self.beside {
                return None;
            }
        }
        let Some(node) = found else {
            return Some(Vec::new());
        };
        let element = |node: Node<'a>| match node.form() {
            Form::Null => None,
            Form::Object => Some(Element::new(None, Some(node), Some(of))),
            _ => Some(Element::new(Some(node), None, Some(of))),
        };
        Some(if node.form() == Form::Array {
            node.items().filter_map(element).collect()
        } else {
            element(node).into_iter().collect()
        })
    }

    fn look_up(&self, types: &TypeTable, parent: Element<'_>) -> Option<Known> {
        let parent = parent.type_id()?;
        let of = match types.child(parent, self.as_str()) {
            Some(ChildType::Sole(of)) => Some(of),
            Some(ChildType::Choice | ChildType::Resource) | None => None,
        };
        Some(Known {
            parent,
            of,
            is_primitive: of.is_some_and(|of| types.primitive(of).is_some()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_fhir::FhirVersion;
    use plumbline_tree::{Limits, Tree};

    #[test]
    fn the_quick_way_finds_what_the_language_finds() {
        let types = TypeTable::of(FhirVersion::R4);
        let names = [
            "name",
            "gender",
            "birthDate",
            "deceased",
            "contained",
            "extension",
            "id",
            "value",
            "x",
        ];
        for body in [
            r#"{"resourceType":"Patient","id":"1","name":[{"text":"a"},null,{"text":"b"}],"gender":"male","birthDate":null}"#,
            r#"{"resourceType":"Patient","name":{"text":"a"},"birthDate":"2000","_birthDate":{"id":"a"},"_gender":{"id":"b"}}"#,
            r#"{"resourceType":"Patient","deceasedBoolean":true,"contained":[{"resourceType":"Group"}],"x":1,"name":[[1]]}"#,
            r#"{"resourceType":"Patient","name":[{"text":"a"}],"name":[{"text":"b"}],"extension":[{"url":"a"}]}"#,
        ] {
            let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap();
            let root = Element::root(&tree, types);
            for text in names {
                let name = Name::new(text);
                let wanted = root.named(types, &ChildName::new(text));
                assert_eq!(name.of(types, root), wanted, "{text} of {body}");
            }
        }
    }
}
