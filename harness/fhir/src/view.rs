//! One view of a resource in JSON and in XML: elements with FHIR's names, values and children.
//! Not for judging it: [`mod@crate::validate`]. It needs no definitions, so what a definition alone can tell,
//! such as whether an element may repeat, is not here.
//!
//! What an element is made of:
//!
//! | | value | body |
//! |---|---|---|
//! | JSON, primitive | the string, number or boolean named `x` | the object named `_x` |
//! | JSON, other | none | the object |
//! | XML | the attribute `value` | the element |

use plumbline_tree::{Form, Kind, Node, Position, Syntax, Tree};

/// The namespace of FHIR in XML.
pub const FHIR: &str = "http://hl7.org/fhir";
/// The namespace of narrative.
pub const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// How a part of an element is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A member of an object, or an element of XML.
    Plain,
    /// A member of an object whose name begins with `_`: what is said about the primitive of that name.
    Beside,
    /// An attribute of XML, declarations of namespaces left out.
    Attribute,
}

/// One member of an object, or one attribute or child element of XML, as written: not yet paired with the
/// member beside it, nor divided into items.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The name without `_` or prefix.
    pub name: &'a str,
    /// How it is written.
    pub role: Role,
    /// Its value.
    pub node: Node<'a>,
}

/// The parts of an object or of an element, in the order of the body; none for anything else.
/// Attributes come first.
pub fn parts(body: Node<'_>) -> impl Iterator<Item = Part<'_>> {
    let attributes = body.attributes().map(|node| Part {
        name: node.name().unwrap_or_default(),
        role: Role::Attribute,
        node,
    });
    let is_json = body.form() == Form::Object;
    let members = body
        .members()
        .map(move |(name, node)| match name.strip_prefix('_') {
            Some(name) if is_json => Part {
                name,
                role: Role::Beside,
                node,
            },
            _ => Part {
                name,
                role: Role::Plain,
                node,
            },
        });
    attributes.chain(members)
}

/// The resource in an element of XML such as `contained`: its first child. Other elements begin with a small letter.
pub fn resource_inside(element: Node<'_>) -> Option<Node<'_>> {
    let (name, node) = element.members().next()?;
    let is_resource =
        node.form() == Form::Element && name.starts_with(|c: char| c.is_ascii_uppercase());
    is_resource.then_some(node)
}

/// The text of a primitive as written: of a string with escapes resolved, of a number its digits.
/// `None` for `null`, arrays, objects and elements.
pub fn primitive_text(node: Node<'_>) -> Option<&str> {
    node.value_text()
}

/// The text of the first child of this name that is a primitive: of `value` or `_value` in JSON the former.
pub(crate) fn child_text<'a>(body: Node<'a>, name: &str) -> Option<&'a str> {
    let child = body.get(name)?;
    match child.form() {
        Form::Element => child.attribute("value").and_then(primitive_text),
        _ => primitive_text(child),
    }
}

/// An element of a resource: a value, what is said about the value, or both.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    name: &'a str,
    index: Option<usize>,
    value: Option<Node<'a>>,
    body: Option<Node<'a>>,
}

impl<'a> Element<'a> {
    /// The outermost resource.
    pub fn root(tree: &'a Tree) -> Self {
        let node = tree.root();
        let mut root = Self::of(node, node.name().unwrap_or_default(), None);
        root.name = root.resource_type().unwrap_or_default();
        root
    }

    fn of(node: Node<'a>, name: &'a str, index: Option<usize>) -> Self {
        let (value, body) = match node.form() {
            Form::Element => match resource_inside(node) {
                Some(resource) => (None, Some(resource)),
                None => (node.attribute("value"), Some(node)),
            },
            Form::Object => (None, Some(node)),
            Form::Null => (None, None),
            _ => (Some(node), None),
        };
        Self {
            name,
            index,
            value,
            body,
        }
    }

    /// Its name in FHIR, of a choice with its type: `birthDate`, `valueQuantity`. Of the outermost resource its type.
    pub fn name(self) -> &'a str {
        self.name
    }

    /// Which item of its array it is, or which of the elements with its name, from 0.
    /// In JSON `None` for what is in no array.
    pub fn index(self) -> Option<usize> {
        self.index
    }

    /// The type that a resource names. In XML that is the name of its element, if that begins with a capital letter.
    pub fn resource_type(self) -> Option<&'a str> {
        let body = self.body?;
        match body.form() {
            Form::Element => body
                .name()
                .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase())),
            _ => body.get("resourceType").and_then(Node::as_str),
        }
    }

    /// The value of a primitive as text: numbers and booleans as written. Of narrative in XML there is none:
    /// [`Element::body`] holds it.
    pub fn text(self) -> Option<&'a str> {
        self.value.and_then(primitive_text)
    }

    /// What kind of value this is in JSON; in XML a string, or an object for what has no value.
    pub fn kind(self) -> Kind {
        self.value.or(self.body).map_or(Kind::Null, Node::kind)
    }

    /// The node of the value of a primitive.
    pub fn value(self) -> Option<Node<'a>> {
        self.value
    }

    /// The node that holds the children.
    pub fn body(self) -> Option<Node<'a>> {
        self.body
    }

    /// Its children in the order of the body, arrays divided into items and primitives joined with what is beside
    /// them. `resourceType` and namespaces are no children; attributes `id` and `url` are.
    pub fn children(self) -> Vec<Element<'a>> {
        let Some(body) = self.body else {
            return Vec::new();
        };
        if body.form() != Form::Object {
            let children = parts(body).filter(|part| {
                part.role == Role::Plain || part.name != "value" && part.node.prefix().is_none()
            });
            return children
                .map(|part| Self::of(part.node, part.name, part.node.index()))
                .collect();
        }
        let mut beside: Vec<Part<'a>> = parts(body)
            .filter(|part| part.role == Role::Beside)
            .collect();
        beside.sort_by_key(|part| part.name);
        let mut names: Vec<&str> = Vec::new();
        if !beside.is_empty() {
            let plain = parts(body).filter(|part| part.role == Role::Plain);
            names.extend(plain.map(|part| part.name));
            names.sort_unstable();
        }
        let mut children = Vec::new();
        for part in parts(body) {
            match part.role {
                Role::Plain if part.name == "resourceType" => {}
                Role::Plain => {
                    let at = beside.binary_search_by(|other| other.name.cmp(part.name));
                    let about = at.ok().and_then(|at| beside.get(at)).map(|it| it.node);
                    join(part.name, Some(part.node), about, &mut children);
                }
                Role::Beside if names.binary_search(&part.name).is_err() => {
                    join(part.name, None, Some(part.node), &mut children);
                }
                Role::Beside | Role::Attribute => {}
            }
        }
        children
    }

    /// Its children of this name. Looks at every child, so it is not for asking after each of many.
    pub fn children_named(self, name: &str) -> Vec<Element<'a>> {
        let mut children = self.children();
        children.retain(|child| child.name == name);
        children
    }

    /// JSON or XML; `None` for `null` with nothing beside it.
    pub fn syntax(self) -> Option<Syntax> {
        self.node().map(|node| node.tree().syntax())
    }

    /// The namespace of an element or attribute of XML.
    pub fn namespace(self) -> Option<&'a str> {
        self.body.or(self.value)?.namespace()
    }

    /// The node that stands for it in messages: its value, or what holds its children.
    pub fn node(self) -> Option<Node<'a>> {
        self.value.or(self.body)
    }

    /// Line and column of [`Element::node`].
    pub fn position(self) -> Option<Position> {
        self.node().map(Node::position)
    }
}

/// Adds the elements of a member of JSON and of the one beside it.
fn join<'a>(
    name: &'a str,
    value: Option<Node<'a>>,
    beside: Option<Node<'a>>,
    children: &mut Vec<Element<'a>>,
) {
    let is_list = |node: Option<Node<'a>>| node.is_some_and(|node| node.form() == Form::Array);
    if !is_list(value) && !is_list(beside) {
        children.push(pair(name, None, value, beside));
        return;
    }
    let mut values = items(value);
    let mut besides = items(beside);
    for index in 0.. {
        let (value, beside) = (values.next(), besides.next());
        if value.is_none() && beside.is_none() {
            return;
        }
        children.push(pair(name, Some(index), value, beside));
    }
}

/// The items of an array, or the one value.
fn items(node: Option<Node<'_>>) -> impl Iterator<Item = Node<'_>> {
    let single = node.filter(|node| node.form() != Form::Array);
    let list = node.map(Node::items).into_iter().flatten();
    single.into_iter().chain(list)
}

fn pair<'a>(
    name: &'a str,
    index: Option<usize>,
    value: Option<Node<'a>>,
    beside: Option<Node<'a>>,
) -> Element<'a> {
    let mut element = Element {
        name,
        index,
        value: None,
        body: None,
    };
    if let Some(value) = value {
        element = Element::of(value, name, index);
    }
    if let Some(beside) = beside.filter(|node| node.form() == Form::Object) {
        element.body = element.body.or(Some(beside));
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_tree::Limits;

    const JSON: &str = r#"{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Group","id":"g"}],
        "name":[{"id":"n","given":["A",null,"B"],"_given":[null,{"id":"x"}]}],
        "_birthDate":{"id":"b"},"birthDate":"1970","_active":{"id":"a"}}"#;
    const XML: &str = r#"<Patient xmlns="http://hl7.org/fhir"><id value="p"/><contained><Group><id value="g"/></Group></contained>
        <active id="a"/><name id="n"><given value="A"/><given id="x"/><given value="B"/></name>
        <birthDate id="b" value="1970"/></Patient>"#;

    fn lines(element: Element<'_>, path: &str, lines: &mut Vec<String>) {
        let value = element.text().unwrap_or("-");
        lines.push(format!("{path} {value}"));
        let resource = element.resource_type().unwrap_or("-");
        if resource != "-" {
            lines.push(format!("{path} is a {resource}"));
        }
        for child in element.children() {
            lines_of(child, path, lines);
        }
    }

    fn lines_of(child: Element<'_>, path: &str, out: &mut Vec<String>) {
        lines(
            child,
            &format!("{path}.{}[{}]", child.name(), child.index().unwrap_or(0)),
            out,
        );
    }

    #[test]
    fn both_syntaxes_show_the_same_elements() {
        let mut all = Vec::new();
        for (syntax, text) in [(Syntax::Json, JSON), (Syntax::Xml, XML)] {
            let tree =
                Tree::parse_as(syntax, text.as_bytes().to_vec(), &Limits::default()).unwrap();
            let root = Element::root(&tree);
            let mut found = Vec::new();
            lines(root, root.name(), &mut found);
            found.sort();
            all.push(found);
        }
        assert_eq!(all[0], all[1]);
        assert!(all[0].contains(&"Patient.name[0].given[2] B".to_owned()));
        assert!(all[0].contains(&"Patient.contained[0] is a Group".to_owned()));
        assert!(all[0].contains(&"Patient.birthDate[0].id[0] b".to_owned()));
        assert_eq!(all[0].len(), 16, "{:#?}", all[0]);
    }

    #[test]
    fn anything_can_be_looked_at() {
        for text in ["[]", "null", "1", r#"{"a":[[1],{}],"_a":3,"_b":[null,4]}"#] {
            let tree = Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
            let root = Element::root(&tree);
            assert_eq!(root.resource_type(), None);
            for child in root.children() {
                let _ = (child.kind(), child.position(), child.children());
            }
        }
    }
}
