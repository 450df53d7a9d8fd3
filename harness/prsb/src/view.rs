//! One light view of JSON and XML for reading documents: children by name, text, codings, places.
//! Not a validator, and not for types: what a definition alone can tell is not here.

use crate::narrative::says_something;
use plumbline_tree::{Form, Node};
use std::fmt::Write;

/// What never counts as content by itself: it says where or how, not what.
const NO_CONTENT: &[&str] = &[
    "id",
    "url",
    "system",
    "use",
    "status",
    "mode",
    "version",
    "userSelected",
    "rank",
];

/// The extension that says why there is no value, which is no value.
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The systems of codes that say only why there is no value.
const NULL_SYSTEMS: &[&str] = &[
    "http://hl7.org/fhir/v3/NullFlavor",
    "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
    "http://hl7.org/fhir/data-absent-reason",
    "http://terminology.hl7.org/CodeSystem/data-absent-reason",
];

/// A value of JSON (never an array), or an element of XML.
#[derive(Debug, Clone, Copy)]
pub(crate) struct El<'t>(Node<'t>);

/// A code with its system, as written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coding<'t> {
    /// The system; `None` for a code without one.
    pub(crate) system: Option<&'t str>,
    /// The code; `None` for a coding without one.
    pub(crate) code: Option<&'t str>,
    /// Where it is.
    pub(crate) at: El<'t>,
}

impl<'t> El<'t> {
    pub(crate) fn new(node: Node<'t>) -> Self {
        Self(node)
    }

    pub(crate) fn node(self) -> Node<'t> {
        self.0
    }

    /// Its children of this name, in order, items of arrays one by one.
    #[inline]
    pub(crate) fn children<'n>(self, name: &'n str) -> impl Iterator<Item = Self> + use<'n, 't> {
        self.0.named(name).flat_map(each).map(Self)
    }

    /// The same, given to a function: faster where all are wanted.
    #[inline]
    pub(crate) fn each_child(self, name: &str, mut take: impl FnMut(Self)) {
        let nodes = self.0.named(name);
        nodes.for_each(|node| Self::each_of(node, &mut take));
    }

    /// The value itself, or the items of an array; none of `null`.
    #[inline]
    pub(crate) fn each_of(node: Node<'t>, take: &mut impl FnMut(Self)) {
        match node.form() {
            Form::Null => {}
            Form::Array => {
                let items = node.items().filter(|item| !item.is_null());
                items.for_each(|item| take(Self(item)));
            }
            _ => take(Self(node)),
        }
    }

    /// Its first child of this name.
    #[inline]
    pub(crate) fn child(self, name: &str) -> Option<Self> {
        for node in self.0.named(name) {
            let first = if node.form() == Form::Array {
                node.items().find(|item| !item.is_null())
            } else {
                Some(node).filter(|node| !node.is_null())
            };
            if first.is_some() {
                return first.map(Self);
            }
        }
        None
    }

    /// Its children whose name is `stem` and a type, such as `onsetDateTime`.
    pub(crate) fn choice<'n>(self, stem: &'n str) -> impl Iterator<Item = Self> + use<'n, 't> {
        let members = self.0.members();
        members
            .filter(move |(name, _)| is_choice(name, stem))
            .flat_map(|(_, node)| each(node))
            .map(Self)
    }

    /// The text of a primitive, which is not blank.
    #[inline]
    pub(crate) fn text(self) -> Option<&'t str> {
        let text = match self.0.form() {
            Form::Element => self.0.attribute("value")?.as_str(),
            _ => self.0.value_text(),
        };
        text.filter(|text| !text.trim().is_empty())
    }

    /// The text of its first child of this name.
    #[inline]
    pub(crate) fn child_text(self, name: &str) -> Option<&'t str> {
        self.child(name)?.text()
    }

    /// The address of an extension: an attribute in XML.
    pub(crate) fn url(self) -> Option<&'t str> {
        match self.0.form() {
            Form::Element => self.0.attribute("url")?.as_str(),
            _ => self.0.get("url")?.as_str(),
        }
    }

    /// The resource in an element such as `resource` or `contained`.
    pub(crate) fn resource(self) -> Option<Self> {
        match self.0.form() {
            Form::Element => self.0.members().next().map(|(_, node)| Self(node)),
            Form::Object => Some(self),
            _ => None,
        }
    }

    /// The type that a resource names.
    pub(crate) fn resource_type(self) -> Option<&'t str> {
        match self.0.form() {
            Form::Element => self.0.name(),
            _ => self.0.get("resourceType")?.as_str(),
        }
    }

    /// Whether anything in it says what it is: a system, an address or a use alone does not.
    pub(crate) fn has_content(self) -> bool {
        self.has(|_| true)
    }

    /// The same, where a code that says only that a value is not known is no content.
    pub(crate) fn has_value(self) -> bool {
        self.has(|holder| {
            let system = holder.child_text("system");
            !system.is_some_and(|system| NULL_SYSTEMS.contains(&system))
        })
    }

    /// Whether there is content below it; whatever is not kept, and all in it, is none.
    fn has(self, is_kept: impl Fn(Self) -> bool) -> bool {
        if self.text().is_some_and(says_something) {
            return true;
        }
        let below = self.0.with_descendants();
        let mut content = below.skip(1).filter(|node| is_content(*node));
        content.any(|node| {
            let mut at = node;
            while at != self.0 {
                let Some(holder) = at.parent() else { break };
                at = holder;
                let el = Self(at);
                if el.url() == Some(ABSENT) || !is_kept(el) {
                    return false;
                }
            }
            true
        })
    }

    /// The codes in it: of a concept, of one coding, or of a primitive.
    pub(crate) fn codings(self) -> Vec<Coding<'t>> {
        let mut codings = Vec::new();
        self.each_coding(|coding| codings.push(coding));
        codings
    }

    /// The same, given to a function.
    pub(crate) fn each_coding(self, mut take: impl FnMut(Coding<'t>)) {
        if let Some(text) = self.text() {
            return take(Coding {
                system: None,
                code: Some(text),
                at: self,
            });
        }
        let mut is_concept = false;
        self.each_child("coding", |coding| {
            is_concept = true;
            take(coding.coding());
        });
        if !is_concept && self.child("code").is_some() && self.child("system").is_some() {
            take(self.coding());
        }
    }

    fn coding(self) -> Coding<'t> {
        Coding {
            system: self.child_text("system"),
            code: self.child_text("code"),
            at: self,
        }
    }

    /// Where it is, like `Bundle.entry[3].resource.period.end`. Never holds a value, nor a name that is no plain word.
    pub(crate) fn path(self) -> String {
        path(self.0)
    }
}

/// The value itself, or the items of an array; none of `null`.
fn each(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let single = (node.form() != Form::Array).then_some(node);
    let all = single.into_iter().chain(node.items());
    all.filter(|node| !node.is_null())
}

fn is_choice(name: &str, stem: &str) -> bool {
    let rest = name.strip_prefix(stem);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn is_content(node: Node<'_>) -> bool {
    let (holder, text) = match node.form() {
        Form::String | Form::Number | Form::Bool => {
            let in_list = node.parent().filter(|parent| parent.form() == Form::Array);
            (in_list.unwrap_or(node), node.value_text())
        }
        Form::Attribute if node.name() == Some("value") => match node.parent() {
            Some(parent) => (parent, node.as_str()),
            None => return false,
        },
        Form::Text => return true,
        Form::Attribute | Form::Element | Form::Object | Form::Array | Form::Null => return false,
    };
    let name = holder.name().unwrap_or_default();
    !NO_CONTENT.contains(&name) && text.is_some_and(says_something)
}

fn path(node: Node<'_>) -> String {
    let mut chain = vec![node];
    let mut at = node;
    while let Some(parent) = at.parent() {
        chain.push(parent);
        at = parent;
    }
    let mut path = String::new();
    for node in chain.into_iter().rev() {
        push_segment(node, &mut path);
    }
    path
}

fn push_segment(node: Node<'_>, path: &mut String) {
    let is_attribute = node.form() == Form::Attribute;
    let name = match (node.name(), node.parent()) {
        (None, None) => El(node).resource_type(),
        // A resource within another is an element of its own in XML only.
        (Some(name), Some(_)) if node.form() == Form::Element && begins_big(name) => None,
        (Some("value"), _) if is_attribute => None,
        (name, _) => name,
    };
    if let Some(name) = name {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(if is_plain(name) { name } else { "element" });
    }
    if node.is_repeated() && !is_attribute {
        // Writing to a string cannot fail.
        let _ = write!(path, "[{}]", node.index().unwrap_or_default());
    }
}

fn begins_big(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

fn is_plain(name: &str) -> bool {
    name.len() <= 64
        && name
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_tree::{Limits, Tree};

    fn both() -> [Tree; 2] {
        let json = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","name":[{"use":"usual"},{"given":["A",null]}],"onsetAge":{"value":3},"code":{"coding":[{"system":"s","code":"c"}]}}}]}"#;
        let xml = r#"<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Patient><name><use value="usual"/></name><name><given value="A"/></name><onsetAge><value value="3"/></onsetAge><code><coding><system value="s"/><code value="c"/></coding></code></Patient></resource></entry></Bundle>"#;
        let limits = Limits::default();
        [
            Tree::parse(json.as_bytes().to_vec(), &limits).unwrap(),
            Tree::parse_xml(xml.as_bytes().to_vec(), &limits).unwrap(),
        ]
    }

    #[test]
    fn both_syntaxes_look_alike() {
        for tree in both() {
            let bundle = El::new(tree.root());
            let entry = bundle.child("entry").unwrap();
            let patient = entry.child("resource").and_then(El::resource).unwrap();
            assert_eq!(patient.resource_type(), Some("Patient"));
            let names: Vec<El<'_>> = patient.children("name").collect();
            assert_eq!(names.len(), 2);
            assert!(!names[0].has_content() && names[1].has_content());
            assert!(names[1].path().ends_with("resource.name[1]"));
            assert_eq!(patient.choice("onset").count(), 1);
            let code = patient.child("code").unwrap().codings()[0];
            assert_eq!((code.system, code.code), (Some("s"), Some("c")));
        }
    }
}
