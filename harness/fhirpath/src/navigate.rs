//! The children of an element, in JSON and XML. Not for its value: element.rs.

use crate::collection::Collection;
use crate::element::Element;
use crate::syntax::Member;
use crate::types::{ChildType, TypeId, TypeInfo};
use crate::value::Value;
use plumbline_tree::{Form, Node};

/// Whether the type of an element has a child of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Yes,
    No,
}

/// What type the nodes get.
#[derive(Debug, Clone, Copy)]
enum Typing {
    Sole(TypeId),
    Resource,
    Nothing,
}

/// The children of one element.
pub(crate) struct Children<'t, 'a> {
    types: &'t dyn TypeInfo,
    body: Node<'a>,
}

/// Adds the children of a name.
pub(crate) fn member<'a>(
    types: &dyn TypeInfo,
    parent: Element<'a>,
    member: &Member,
    out: &mut Collection<'a>,
) -> Known {
    let name = member.name();
    let child = match parent.type_id() {
        None => None,
        Some(of) => match types.child(of, name) {
            Some(child) => Some((of, child)),
            None if name == "value" && types.primitive(of).is_some() => {
                if let Ok(Some(value)) = parent.system(types) {
                    out.push(value);
                }
                return Known::Yes;
            }
            // What the instance calls it is no name of the language, but its meaning is plain.
            None => {
                if let Some(child) = types.child_in_instance(of, name) {
                    named(types, parent, member, typing(child), out);
                }
                return Known::No;
            }
        },
    };
    match child {
        None => named(types, parent, member, Typing::Nothing, out),
        Some((of, ChildType::Choice)) => {
            if let Some(body) = parent.body() {
                Children { types, body }.choice(of, name, out);
            }
        }
        Some((_, child)) => named(types, parent, member, typing(child), out),
    }
    Known::Yes
}

fn typing(child: ChildType) -> Typing {
    match child {
        ChildType::Sole(of) => Typing::Sole(of),
        ChildType::Resource => Typing::Resource,
        ChildType::Choice => Typing::Nothing,
    }
}

fn named<'a>(
    types: &dyn TypeInfo,
    parent: Element<'a>,
    member: &Member,
    typing: Typing,
    out: &mut Collection<'a>,
) {
    let Some(body) = parent.body() else {
        return;
    };
    let children = Children { types, body };
    if body.form() == Form::Element {
        children.elements(member.name(), typing, out);
        return;
    }
    let value = body.get(member.name());
    let beside = if children.may_have_beside(typing) {
        body.get(member.beside())
    } else {
        None
    };
    children.join(value, beside, typing, out);
}

/// Adds all children, in the order of the body, and their names.
pub(crate) fn all<'a>(
    types: &dyn TypeInfo,
    parent: Element<'a>,
    out: &mut Collection<'a>,
    names: &mut Vec<&'a str>,
) {
    let Some(body) = parent.body() else {
        return;
    };
    let children = Children { types, body };
    let typing_of = |name: &str| {
        let child = parent
            .type_id()
            .and_then(|of| types.child_in_instance(of, name));
        child.map_or(Typing::Nothing, typing)
    };
    let is_xml = body.form() == Form::Element;
    let of = parent.type_id();
    if is_xml && of.is_some_and(|of| types.name(of) == "xhtml") {
        return;
    }
    if is_xml {
        for attribute in body.attributes() {
            let name = attribute.name().unwrap_or_default();
            if name != "value" && attribute.prefix().is_none() {
                children.join(Some(attribute), None, typing_of(name), out);
                names.resize(out.len(), name);
            }
        }
    }
    for (name, node) in body.members() {
        if is_xml {
            children.push(node, typing_of(name), out);
        } else if let Some(plain) = name.strip_prefix('_') {
            if body.get(plain).is_none() {
                children.join(None, Some(node), typing_of(plain), out);
            }
        } else if name != "resourceType" {
            let typing = typing_of(name);
            let beside = children.beside(name, typing);
            children.join(Some(node), beside, typing, out);
        }
        names.resize(out.len(), name.strip_prefix('_').unwrap_or(name));
    }
}

impl<'a> Children<'_, 'a> {
    fn may_have_beside(&self, typing: Typing) -> bool {
        match typing {
            Typing::Sole(of) => self.types.primitive(of).is_some(),
            Typing::Resource => false,
            Typing::Nothing => true,
        }
    }

    /// The member beside the one of a name.
    fn beside(&self, name: &str, typing: Typing) -> Option<Node<'a>> {
        if !self.may_have_beside(typing) {
            return None;
        }
        let mut members = self.body.members();
        let found = members.find(|(other, _)| other.strip_prefix('_') == Some(name));
        found.map(|(_, node)| node)
    }

    /// Adds the elements of XML of a name, or the attribute.
    fn elements(&self, name: &str, typing: Typing, out: &mut Collection<'a>) {
        let before = out.len();
        for node in self.body.named(name) {
            self.push(node, typing, out);
        }
        if out.len() == before && matches!(name, "id" | "url") {
            self.join(self.body.attribute(name), None, typing, out);
        }
    }

    /// Adds what a choice has in the instance.
    fn choice(&self, of: TypeId, stem: &str, out: &mut Collection<'a>) {
        for (name, node) in self.body.members() {
            let plain = name.strip_prefix('_').unwrap_or(name);
            let Some(ending) = plain.strip_prefix(stem).filter(|it| !it.is_empty()) else {
                continue;
            };
            let Some(chosen) = self.types.choice(of, stem, ending) else {
                continue;
            };
            let typing = Typing::Sole(chosen);
            if node.form() == Form::Element {
                self.push(node, typing, out);
            } else if plain.len() == name.len() {
                self.join(Some(node), self.beside(name, typing), typing, out);
            } else if self.body.get(plain).is_none() {
                self.join(None, Some(node), typing, out);
            }
        }
    }

    /// Adds the elements of a member of JSON and of the one beside it.
    fn join(
        &self,
        value: Option<Node<'a>>,
        beside: Option<Node<'a>>,
        typing: Typing,
        out: &mut Collection<'a>,
    ) {
        let is_list = |node: Option<Node<'a>>| node.is_some_and(|it| it.form() == Form::Array);
        if !is_list(value) && !is_list(beside) {
            self.pair(value, beside, typing, out);
            return;
        }
        let (mut values, mut besides) = (items(value), items(beside));
        loop {
            let (value, beside) = (values.next(), besides.next());
            if value.is_none() && beside.is_none() {
                return;
            }
            self.pair(value, beside, typing, out);
        }
    }

    fn pair(
        &self,
        value: Option<Node<'a>>,
        beside: Option<Node<'a>>,
        typing: Typing,
        out: &mut Collection<'a>,
    ) {
        let element = match value {
            Some(node) if matches!(typing, Typing::Resource) => Element::resource(node, self.types),
            Some(node) => Element::of_node(node, typing.sole()).beside(beside),
            None => Element::new(None, None, typing.sole()).beside(beside),
        };
        if element.value().is_some() || element.body().is_some() {
            out.push(Value::Element(element));
        }
    }

    /// Adds an element of XML; of one that holds a resource that resource.
    fn push(&self, node: Node<'a>, typing: Typing, out: &mut Collection<'a>) {
        let is_untyped = || {
            node.members()
                .next()
                .is_some_and(|(name, _)| is_resource(name))
        };
        if matches!(typing, Typing::Resource) || matches!(typing, Typing::Nothing) && is_untyped() {
            for (_, inside) in node.members() {
                out.push(Value::Element(Element::resource(inside, self.types)));
            }
            return;
        }
        out.push(Value::Element(Element::of_node(node, typing.sole())));
    }
}

impl Typing {
    fn sole(self) -> Option<TypeId> {
        match self {
            Self::Sole(of) => Some(of),
            Self::Resource | Self::Nothing => None,
        }
    }
}

/// The items of an array, or the one value.
fn items(node: Option<Node<'_>>) -> impl Iterator<Item = Node<'_>> {
    let single = node.filter(|node| node.form() != Form::Array);
    let list = node.map(Node::items).into_iter().flatten();
    single.into_iter().chain(list)
}

/// Whether an element of XML is a resource: others begin with a small letter.
fn is_resource(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}
