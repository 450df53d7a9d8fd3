//! Every place of a resource where a defect can be put: found by a walk of its own, so that it shares no mistake
//! with the one that is tested. JSON and XML.

use plumbline_fhir::{Child, Definitions, Shape, Type};
use plumbline_tree::{Form, Node, Tree};
use std::fmt::Write as _;

/// An element of a resource.
#[derive(Clone)]
pub struct Site<'t> {
    /// The value, or the item of an array; of XML the element.
    pub node: Node<'t>,
    /// The value of the member: the array or the value itself; of XML the element.
    pub member: Node<'t>,
    /// Which holder it is in.
    pub holder: usize,
    pub name: &'t str,
    pub child: Child<'static>,
    pub of: Type<'static>,
    pub path: String,
}

/// A body that has elements.
#[derive(Clone)]
pub struct Holder<'t> {
    pub node: Node<'t>,
    pub shape: Shape<'static>,
    /// A resource or a datatype; of parts of resources the backbone.
    pub of: Type<'static>,
    pub path: String,
    pub kind: Kind,
    /// The type around it.
    pub outer: &'static str,
    /// How many elements it has.
    pub len: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Resource,
    Contained,
    Datatype,
    Part,
    Beside,
}

pub struct Doc<'t> {
    pub tree: &'t Tree,
    pub definitions: &'static Definitions,
    pub sites: Vec<Site<'t>>,
    pub holders: Vec<Holder<'t>>,
}

impl<'t> Doc<'t> {
    pub fn new(tree: &'t Tree, definitions: &'static Definitions) -> Self {
        let mut doc = Self {
            tree,
            definitions,
            sites: Vec::new(),
            holders: Vec::new(),
        };
        doc.resource(tree.root(), "", Kind::Resource);
        doc
    }

    pub fn holder(&self, site: &Site<'t>) -> &Holder<'t> {
        &self.holders[site.holder]
    }

    /// The path of a site without its index, as issues about a whole member have it.
    pub fn member_path(&self, site: &Site<'t>) -> String {
        let holder = &self.holder(site).path;
        step(holder, site.child, site.of, None)
    }

    /// The path of a site without index and type.
    pub fn stem_path(&self, site: &Site<'t>) -> String {
        format!("{}.{}", self.holder(site).path, site.child.element().stem())
    }

    fn resource(&mut self, node: Node<'t>, path: &str, kind: Kind) {
        let name = match node.form() {
            Form::Element => node.name(),
            _ => node.get("resourceType").and_then(Node::as_str),
        };
        let of = self.definitions.resource(name.unwrap()).unwrap();
        let path = if path.is_empty() { of.name() } else { path };
        self.body(node, of.shape(), of, path, kind, "");
    }

    fn body(
        &mut self,
        node: Node<'t>,
        shape: Shape<'static>,
        of: Type<'static>,
        path: &str,
        kind: Kind,
        outer: &'static str,
    ) {
        let number = self.holders.len();
        self.holders.push(Holder {
            node,
            shape,
            of,
            path: path.to_owned(),
            kind,
            outer,
            len: node.len(),
        });
        for (name, member) in node.members() {
            if name == "resourceType" && node.form() == Form::Object {
                continue;
            }
            if let Some(name) = name.strip_prefix('_') {
                self.beside(member, name, shape, path);
                continue;
            }
            let child = shape.child(name).unwrap();
            let items: Vec<Node<'t>> = if member.form() == Form::Array {
                member.items().collect()
            } else {
                vec![member]
            };
            for (at, item) in items.into_iter().enumerate() {
                let index = if member.form() == Form::Element {
                    member.index()
                } else {
                    Some(at)
                };
                self.site(number, name, member, item, child, index);
            }
        }
    }

    fn site(
        &mut self,
        holder: usize,
        name: &'t str,
        member: Node<'t>,
        node: Node<'t>,
        child: Child<'static>,
        index: Option<usize>,
    ) {
        let of = child.type_use().unwrap().of();
        let index = index.filter(|_| child.element().is_repeating());
        let path = step(&self.holders[holder].path, child, of, index);
        self.sites.push(Site {
            node,
            member,
            holder,
            name,
            child,
            of,
            path: path.clone(),
        });
        let outer = self.holders[holder].of.name();
        let is_xml = node.form() == Form::Element;
        if of.name() == "Resource" {
            let inner = if is_xml {
                node.members().next().unwrap().1
            } else {
                node
            };
            let kind = if name == "contained" {
                Kind::Contained
            } else {
                Kind::Resource
            };
            self.resource(inner, &path, kind);
        } else if of.is_primitive() {
            if is_xml && of.name() != "xhtml" && !node.is_empty() {
                self.body(node, of.shape(), of, &path, Kind::Beside, outer);
            }
        } else {
            let kind = if child.element().inline_shape().is_some() {
                Kind::Part
            } else {
                Kind::Datatype
            };
            self.body(node, child.shape().unwrap(), of, &path, kind, outer);
        }
    }

    fn beside(&mut self, member: Node<'t>, name: &'t str, shape: Shape<'static>, path: &str) {
        let child = shape.child(name).unwrap();
        let of = child.type_use().unwrap().of();
        let items: Vec<Node<'t>> = if member.form() == Form::Array {
            member.items().collect()
        } else {
            vec![member]
        };
        for (at, item) in items.into_iter().enumerate() {
            if item.is_null() {
                continue;
            }
            let index = child.element().is_repeating().then_some(at);
            let path = step(path, child, of, index);
            self.body(item, of.shape(), of, &path, Kind::Beside, "");
        }
    }
}

fn step(parent: &str, child: Child<'_>, of: Type<'_>, index: Option<usize>) -> String {
    let element = child.element();
    let mut path = format!("{parent}.{}", element.stem());
    if let Some(index) = index {
        let _ = write!(path, "[{index}]");
    }
    if element.is_choice() {
        let _ = write!(path, ".ofType({})", of.name());
    }
    path
}
