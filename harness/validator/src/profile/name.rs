//! The name of a child, and where its items are: looked up once for each type, since a profile asks for the same
//! children of the same types again and again. Not for what is said of them.

use plumbline_fhir::TypeTable;
use plumbline_fhirpath::{ChildName, ChildType, Element, TypeId, TypeInfo as _};
use plumbline_tree::{Form, Node, is_same};
use smallvec::SmallVec;
use std::sync::OnceLock;

/// The children of one name: most often one.
pub(super) type Items<'a> = SmallVec<[Element<'a>; 2]>;

/// What the type of an element says of its children of a name.
#[derive(Debug, Clone, Copy)]
struct Known {
    parent: TypeId,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Sole {
        of: TypeId,
        is_primitive: bool,
    },
    Choice,
    /// Of a resource, and what the type does not have.
    Other,
}

/// The members of an element in JSON, gone through once for all that is asked of it.
pub(super) struct Members<'a> {
    pub(super) parent: Element<'a>,
    all: Option<SmallVec<[(&'a str, Node<'a>); 16]>>,
}

impl<'a> Members<'a> {
    pub(super) fn of(parent: Element<'a>) -> Self {
        let body = parent.body().filter(|it| it.form() == Form::Object);
        Self {
            parent,
            all: body.map(|it| it.members().collect()),
        }
    }
}

/// The name of a child as a path has it: of a choice without its type.
#[derive(Debug)]
pub(super) struct Name {
    plain: ChildName,
    /// For the type that asked first, which is most often the only one.
    known: OnceLock<Option<Known>>,
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        Self {
            plain: ChildName::new(name),
            known: OnceLock::new(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        self.plain.as_str()
    }

    /// The children of an element.
    pub(super) fn of<'a>(&self, types: &TypeTable, parent: Element<'a>) -> Items<'a> {
        let body = parent.body().filter(|it| it.form() == Form::Object);
        let quick = body.and_then(|body| self.quick(types, parent, body.members()));
        quick.unwrap_or_else(|| parent.named(types, &self.plain).into())
    }

    /// The children among members.
    pub(super) fn among<'a>(&self, types: &TypeTable, members: &Members<'a>) -> Items<'a> {
        let all = members.all.as_ref();
        let quick = all.and_then(|all| self.quick(types, members.parent, all.iter().copied()));
        quick.unwrap_or_else(|| members.parent.named(types, &self.plain).into())
    }

    /// The same in JSON where nothing is said beside them.
    fn quick<'a>(
        &self,
        types: &TypeTable,
        parent: Element<'a>,
        mut members: impl Iterator<Item = (&'a str, Node<'a>)>,
    ) -> Option<Items<'a>> {
        let known = self.known.get_or_init(|| self.look_up(types, parent));
        let known = known.filter(|it| Some(it.parent) == parent.type_id())?;
        let own = self.as_str();
        let (node, of) = match known.kind {
            Kind::Other => return None,
            Kind::Sole {
                of,
                is_primitive: false,
            } => (members.find(|it| is_same(it.0, own)).map(|it| it.1), of),
            Kind::Sole { of, .. } => {
                let mut found = None;
                for (name, node) in members {
                    if is_same(name, own) {
                        found = found.or(Some(node));
                    } else if name.strip_prefix('_') == Some(own) {
                        return None;
                    }
                }
                (found, of)
            }
            Kind::Choice => {
                let mut found = None;
                for (name, node) in members {
                    if name.strip_prefix('_').is_some_and(|it| it.starts_with(own)) {
                        return None;
                    }
                    // Most differ in the first letter.
                    if name.as_bytes().first() != own.as_bytes().first() {
                        continue;
                    }
                    let ending = name.strip_prefix(own).filter(|it| !it.is_empty());
                    let of = ending.and_then(|it| types.choice(known.parent, own, it));
                    // Two of a choice are one too many: the slow way has both.
                    if let Some(of) = of
                        && found.replace((node, of)).is_some()
                    {
                        return None;
                    }
                }
                match found {
                    Some((node, of)) => (Some(node), of),
                    None => return Some(Items::new()),
                }
            }
        };
        let Some(node) = node else {
            return Some(Items::new());
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
        let kind = match types.child(parent, self.as_str()) {
            Some(ChildType::Sole(of)) => Kind::Sole {
                of,
                is_primitive: types.primitive(of).is_some(),
            },
            Some(ChildType::Choice) => Kind::Choice,
            Some(ChildType::Resource) | None => Kind::Other,
        };
        Some(Known { parent, kind })
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
            "multipleBirth",
            "x",
        ];
        for body in [
            r#"{"resourceType":"Patient","id":"1","name":[{"text":"a"},null,{"text":"b"}],"gender":"male","birthDate":null}"#,
            r#"{"resourceType":"Patient","name":{"text":"a"},"birthDate":"2000","_birthDate":{"id":"a"},"_gender":{"id":"b"}}"#,
            r#"{"resourceType":"Patient","deceasedBoolean":true,"contained":[{"resourceType":"Group"}],"x":1,"name":[[1]]}"#,
            r#"{"resourceType":"Patient","deceasedBoolean":true,"_deceasedBoolean":{"id":"a"},"multipleBirthInteger":[2]}"#,
            r#"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2000","_multipleBirthInteger":{"id":"a"}}"#,
            r#"{"resourceType":"Patient","deceasedNothing":true,"multipleBirth":2,"deceasedBoolean":{"a":1}}"#,
            r#"{"resourceType":"Patient","name":[{"text":"a"}],"name":[{"text":"b"}],"extension":[{"url":"a"}]}"#,
        ] {
            let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap();
            let root = Element::root(&tree, types);
            for text in names {
                let name = Name::new(text);
                let wanted = root.named(types, &ChildName::new(text));
                assert_eq!(name.of(types, root).to_vec(), wanted, "{text} of {body}");
                let among = name.among(types, &Members::of(root));
                assert_eq!(among.to_vec(), wanted, "{text} of {body}");
            }
        }
    }
}
