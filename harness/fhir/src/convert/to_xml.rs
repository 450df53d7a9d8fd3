//! FHIR JSON to FHIR XML. Not for the other way.

use super::error::{ConvertError, ConvertProblem};
use super::members::{Member, of_object, of_resource, resource_type};
use super::text::{Written, is_xml};
use super::{FHIR, narrative};
use crate::definitions::{Definitions, Shape};
use plumbline_tree::{Items, Kind, Layout, Node, Syntax, Tree, XmlWriter};

/// What stands in for a narrative until the rest is written.
const NARRATIVE: &str = "<div/>";

/// Writes a resource of FHIR JSON as FHIR XML, without an XML declaration.
///
/// What has no place in XML is refused with its path: elements that the definitions do not have, values of another
/// type, empty objects and lists, names twice, narrative that is not well-formed XML.
pub fn json_to_xml(
    tree: &Tree,
    definitions: &Definitions,
    layout: Layout,
) -> Result<String, ConvertError> {
    let root = tree.root();
    if tree.syntax() != Syntax::Json {
        return Err(ConvertError::at(root, ConvertProblem::SameSyntax));
    }
    let mut writing = Writing {
        definitions,
        xml: XmlWriter::new(layout),
        narratives: Vec::new(),
        open: Vec::new(),
    };
    let kind = resource_type(root, definitions)?;
    writing.xml.start(kind.name());
    writing.xml.attribute("xmlns", FHIR);
    writing.enter(of_resource(root, kind.shape())?, 1);
    writing.run()?;
    writing
        .finish()
        .ok_or_else(|| ConvertError::at(root, ConvertProblem::Writer))
}

struct Writing<'t, 'd> {
    definitions: &'d Definitions,
    xml: XmlWriter,
    narratives: Vec<&'t str>,
    open: Vec<Open<'t, 'd>>,
}

/// An object that is being written.
struct Open<'t, 'd> {
    members: std::vec::IntoIter<Member<'t, 'd>>,
    /// The member whose items are being written.
    list: Option<List<'t, 'd>>,
    /// How many elements it closes.
    elements: usize,
}

struct List<'t, 'd> {
    member: Member<'t, 'd>,
    values: Option<Items<'t>>,
    besides: Option<Items<'t>>,
}

impl<'t, 'd> Open<'t, 'd> {
    /// The next element to write: a member with one value and what is beside it.
    fn next(&mut self) -> Result<Option<Member<'t, 'd>>, ConvertError> {
        loop {
            if let Some(list) = &mut self.list {
                if let Some(item) = list.next()? {
                    return Ok(Some(item));
                }
                self.list = None;
            }
            let Some(member) = self.members.next() else {
                return Ok(None);
            };
            if !member.child.element().is_repeating() {
                return member.single().map(Some);
            }
            self.list = Some(List {
                member,
                values: items(member.value)?,
                besides: items(member.beside)?,
            });
        }
    }
}

impl<'t, 'd> List<'t, 'd> {
    fn next(&mut self) -> Result<Option<Member<'t, 'd>>, ConvertError> {
        let value = self.values.as_mut().and_then(Iterator::next);
        let beside = self.besides.as_mut().and_then(Iterator::next);
        let Some(either) = value.or(beside) else {
            return Ok(None);
        };
        let item = Member {
            value: value.filter(|node| !node.is_null()),
            beside: beside.filter(|node| !node.is_null()),
            ..self.member
        };
        if item.value.is_none() && item.beside.is_none() {
            return Err(ConvertError::at(either, ConvertProblem::Empty));
        }
        Ok(Some(item))
    }
}

impl Member<'_, '_> {
    fn single(self) -> Result<Self, ConvertError> {
        for node in self.value.into_iter().chain(self.beside) {
            let problem = match node.kind() {
                Kind::Array => ConvertProblem::NotSingle,
                Kind::Null => ConvertProblem::Empty,
                Kind::Bool | Kind::Number | Kind::String | Kind::Object => continue,
            };
            return Err(ConvertError::at(node, problem));
        }
        Ok(self)
    }
}

fn items(node: Option<Node<'_>>) -> Result<Option<Items<'_>>, ConvertError> {
    let Some(node) = node else {
        return Ok(None);
    };
    match node.kind() {
        Kind::Array if node.is_empty() => Err(ConvertError::at(node, ConvertProblem::Empty)),
        Kind::Array => Ok(Some(node.items())),
        Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Object => {
            Err(ConvertError::at(node, ConvertProblem::NotAList))
        }
    }
}

impl<'t, 'd> Writing<'t, 'd> {
    fn run(&mut self) -> Result<(), ConvertError> {
        while let Some(open) = self.open.last_mut() {
            if let Some(item) = open.next()? {
                self.item(item)?;
                continue;
            }
            for _ in 0..open.elements {
                self.xml.end();
            }
            self.open.pop();
        }
        Ok(())
    }

    fn enter(&mut self, members: Vec<Member<'t, 'd>>, elements: usize) {
        self.open.push(Open {
            members: members.into_iter(),
            list: None,
            elements,
        });
    }

    fn item(&mut self, item: Member<'t, 'd>) -> Result<(), ConvertError> {
        let Some(node) = item.value.or(item.beside) else {
            return Ok(());
        };
        if item.of.name() == "xhtml" {
            return self.narrative(node);
        }
        let Some(shape) = item.child.shape() else {
            return Err(ConvertError::at(node, ConvertProblem::UnknownElement));
        };
        self.xml.start(item.name);
        if item.of.is_primitive() {
            self.primitive(item, shape)
        } else if item.of.is_resource() {
            let kind = resource_type(node, self.definitions)?;
            self.xml.start(kind.name());
            let members = of_resource(node, kind.shape())?;
            self.enter(members, 2);
            Ok(())
        } else {
            let members = self.attributes(of_object(node, shape)?)?;
            self.enter(members, 1);
            Ok(())
        }
    }

    fn primitive(&mut self, item: Member<'t, 'd>, shape: Shape<'d>) -> Result<(), ConvertError> {
        let below = match item.beside {
            Some(beside) => self.attributes(of_object(beside, shape)?)?,
            None => Vec::new(),
        };
        if let Some(value) = item.value {
            let text = text(value, Written::of(item.of))?;
            self.xml.attribute("value", text);
        }
        self.enter(below, 1);
        Ok(())
    }

    /// Writes the members that are attributes, and gives the others.
    fn attributes(
        &mut self,
        members: Vec<Member<'t, 'd>>,
    ) -> Result<Vec<Member<'t, 'd>>, ConvertError> {
        let (attributes, elements): (Vec<_>, Vec<_>) = members
            .into_iter()
            .partition(|member| member.child.element().is_attribute());
        for member in attributes {
            if let Some(value) = member.single()?.value {
                self.xml
                    .attribute(member.name, text(value, Written::String)?);
            }
        }
        Ok(elements)
    }

    fn narrative(&mut self, node: Node<'t>) -> Result<(), ConvertError> {
        let string = text(node, Written::String)?;
        let div = narrative::of_string(string)
            .map_err(|problem| ConvertError::at(node, ConvertProblem::Narrative(problem)))?;
        self.narratives.push(div);
        self.xml.start("div");
        self.xml.end();
        Ok(())
    }

    /// The text, with each narrative in its place: no other element has the name `div`, and `<` of a value
    /// is written as a reference, so that what stands in for one is found by its text.
    fn finish(self) -> Option<String> {
        let text = self.xml.finish().ok()?;
        let more: usize = self.narratives.iter().map(|div| div.len()).sum();
        let mut out = String::with_capacity(text.len() + more);
        let mut narratives = self.narratives.into_iter();
        for (at, part) in text.split(NARRATIVE).enumerate() {
            if at > 0 {
                out.push_str(narratives.next()?);
            }
            out.push_str(part);
        }
        narratives.next().is_none().then_some(out)
    }
}

/// The text of a value of JSON in XML.
fn text(value: Node<'_>, written: Written) -> Result<&str, ConvertError> {
    let text = match (value.kind(), written) {
        (Kind::Bool, Written::Boolean) | (Kind::Number, Written::Number) => Some(value.raw()),
        (Kind::String, Written::String) => value.as_str(),
        _ => None,
    };
    let wrong = || ConvertError::at(value, ConvertProblem::WrongKind(written.words()));
    let text = text.ok_or_else(wrong)?;
    if is_xml(text) {
        Ok(text)
    } else {
        Err(ConvertError::at(value, ConvertProblem::Character))
    }
}
