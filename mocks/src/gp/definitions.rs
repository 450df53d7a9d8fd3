//! What FHIR STU3 says of its types: the order, number and type of their elements.
//! Not for judging a resource: it serves the XML form, and tells an element that a type does not have.
//!
//! The facts are those of `profiles/_fhir/stu3`, read as data; the README there has the format.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const DATATYPES: &str = include_str!("../../../profiles/_fhir/stu3/datatypes.txt");
const RESOURCES: &str = include_str!("../../../profiles/_fhir/stu3/resources.txt");

static STU3: LazyLock<Definitions> = LazyLock::new(|| Definitions::read(&[DATATYPES, RESOURCES]));

/// FHIR STU3, read when it is first asked for.
pub(super) fn stu3() -> &'static Definitions {
    &STU3
}

/// Types by name; the children of an element within a type are a type named by their path.
#[derive(Default)]
pub(super) struct Definitions {
    types: BTreeMap<String, Type>,
    /// What `*` stands for.
    any: Vec<String>,
}

#[derive(Default)]
struct Type {
    is_resource: bool,
    base: Option<String>,
    elements: Vec<Element>,
}

/// An element of a type.
pub(super) struct Element {
    /// Without `[x]`.
    pub(super) name: String,
    pub(super) form: Form,
    pub(super) number: Number,
    /// The types it may have.
    kinds: Vec<String>,
    is_choice: bool,
}

/// How an element is written in XML.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Element,
    Attribute,
}

/// Whether JSON writes an element as an array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    One,
    List,
}

impl Definitions {
    fn read(texts: &[&str]) -> Definitions {
        let mut all = Definitions::default();
        for text in texts {
            let mut owners: Vec<String> = Vec::new();
            for line in text.lines() {
                all.read_line(line, &mut owners);
            }
        }
        all
    }

    fn read_line(&mut self, line: &str, owners: &mut Vec<String>) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let depth = (line.len() - line.trim_start().len()) / 2;
        match words.as_slice() {
            [] | ["#" | "^" | "~", ..] => {}
            ["choice", kinds @ ..] if depth == 0 => {
                self.any = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            }
            [first, rest @ ..] if depth == 0 => {
                let rest = if *first == "abstract" { rest } else { &words };
                if let [sort, name, more @ ..] = rest {
                    let base = more.get(1).map(|base| (*base).to_owned());
                    let kind = Type {
                        is_resource: *sort == "resource",
                        base,
                        elements: Vec::new(),
                    };
                    self.types.insert((*name).to_owned(), kind);
                    *owners = vec![(*name).to_owned()];
                }
            }
            [name, range, rest @ ..] => self.read_element(depth, name, range, rest, owners),
            [_] => {}
        }
    }

    fn read_element(
        &mut self,
        depth: usize,
        name: &str,
        range: &str,
        rest: &[&str],
        owners: &mut Vec<String>,
    ) {
        owners.truncate(depth);
        let Some(owner) = owners.last().cloned() else {
            return;
        };
        let path = format!("{owner}.{name}");
        let kinds = rest
            .iter()
            .take_while(|word| !word.starts_with(['?', ':', '!', '+', '<']))
            .flat_map(|word| match *word {
                "*" => self.any.clone(),
                "BackboneElement" | "Element" => {
                    let base = Some((*word).to_owned());
                    let kind = Type {
                        base,
                        ..Type::default()
                    };
                    self.types.insert(path.clone(), kind);
                    vec![path.clone()]
                }
                word => {
                    let bare = word.strip_prefix('@').unwrap_or(word);
                    let end = bare.find(['(', '{']).unwrap_or(bare.len());
                    vec![bare[..end].to_owned()]
                }
            })
            .collect();
        let element = Element {
            name: name.strip_suffix("[x]").unwrap_or(name).to_owned(),
            form: if rest.contains(&":attr") {
                Form::Attribute
            } else {
                Form::Element
            },
            number: if range.ends_with('*') {
                Number::List
            } else {
                Number::One
            },
            kinds,
            is_choice: name.ends_with("[x]"),
        };
        if let Some(owner) = self.types.get_mut(&owner) {
            owner.elements.push(element);
        }
        owners.push(path);
    }

    /// Whether FHIR has a resource of this name.
    pub(super) fn is_resource(&self, name: &str) -> bool {
        self.types.get(name).is_some_and(|kind| kind.is_resource)
    }

    /// Every element of a type, inherited ones first, as XML orders them.
    pub(super) fn elements(&self, name: &str) -> Vec<&Element> {
        let Some(kind) = self.types.get(name) else {
            return Vec::new();
        };
        let mut elements = match &kind.base {
            Some(base) => self.elements(base),
            None => Vec::new(),
        };
        elements.extend(&kind.elements);
        elements
    }

    /// The element of a type that JSON calls so, and the type that it has then.
    pub(super) fn element(&self, owner: &str, key: &str) -> Option<(&Element, &str)> {
        self.elements(owner)
            .into_iter()
            .find_map(|element| element.kind(key).map(|kind| (element, kind)))
    }
}

impl Element {
    /// The type of this element under the name `key`, if it may be called so.
    pub(super) fn kind(&self, key: &str) -> Option<&str> {
        if !self.is_choice {
            return (key == self.name).then(|| self.kinds.first().map_or("string", String::as_str));
        }
        let suffix = key.strip_prefix(&self.name)?;
        let kinds = self.kinds.iter().map(String::as_str);
        kinds.into_iter().find(|kind| capital(kind) == suffix)
    }
}

fn capital(kind: &str) -> String {
    let mut letters = kind.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(kind: &str) -> Vec<&str> {
        let elements = stu3().elements(kind);
        elements.iter().map(|e| e.name.as_str()).collect()
    }

    #[test]
    fn orders_inherited_elements_first() {
        assert_eq!(
            names("Patient")[..10],
            [
                "id",
                "meta",
                "implicitRules",
                "language",
                "text",
                "contained",
                "extension",
                "modifierExtension",
                "identifier",
                "active"
            ]
        );
        assert_eq!(
            names("Patient.contact")[..4],
            ["id", "extension", "modifierExtension", "relationship"]
        );
    }

    #[test]
    fn knows_what_an_element_is() {
        let kind = |owner, key| stu3().element(owner, key).map(|(_, kind)| kind);
        assert_eq!(kind("Patient", "contact"), Some("Patient.contact"));
        assert_eq!(
            kind("Parameters.parameter", "part"),
            Some("Parameters.parameter")
        );
        assert_eq!(kind("Extension", "valueReference"), Some("Reference"));
        assert_eq!(kind("Extension", "valueBoolean"), Some("boolean"));
        assert_eq!(kind("Patient", "deceasedString"), None);
        assert_eq!(kind("Patient", "shoeSize"), None);
        let (url, _) = stu3().element("Extension", "url").unwrap();
        assert!(url.form == Form::Attribute && url.number == Number::One);
        assert!(stu3().is_resource("Slot") && !stu3().is_resource("HumanName"));
    }
}
