//! Proves that one view can serve both syntaxes: the same questions about a patient have the
//! same answers. The view is a sketch for the crate that knows FHIR; here it shows only that
//! the tree lacks nothing for it.

use plumbline_tree::{Form, Limits, Node, Syntax, Tree};

/// One element of FHIR: a value, what is said about the value, or both.
#[derive(Clone, Copy)]
struct Item<'t> {
    /// The string, number or boolean of JSON; the attribute `value` of XML.
    scalar: Option<Node<'t>>,
    /// What holds the children: an object of JSON, that of `_name` for a primitive; an element.
    body: Option<Node<'t>>,
}

impl<'t> Item<'t> {
    fn root(tree: &'t Tree) -> Self {
        Self::of(tree.root())
    }

    fn of(node: Node<'t>) -> Self {
        match node.form() {
            Form::Element => Self {
                scalar: node.attribute("value"),
                body: Some(node),
            },
            Form::Object => Self {
                scalar: None,
                body: Some(node),
            },
            _ => Self {
                scalar: Some(node).filter(|node| !node.is_null()),
                body: None,
            },
        }
    }

    /// The text of the value. Which type it must have, a definition says.
    fn value(self) -> Option<&'t str> {
        let scalar = self.scalar?;
        scalar
            .as_str()
            .or_else(|| scalar.number_text())
            .or_else(|| scalar.as_bool().map(|_| scalar.raw()))
    }

    fn children(self, name: &str) -> Vec<Item<'t>> {
        let Some(body) = self.body else {
            return Vec::new();
        };
        if body.form() == Form::Element {
            // `id` of anything and `url` of an extension are attributes.
            let attribute = body.attribute(name).filter(|_| name != "value");
            let attribute = attribute.map(|node| Item {
                scalar: Some(node),
                body: None,
            });
            let elements = body
                .named(name)
                .map(|element| match element.get("Patient") {
                    // A resource within another has an element of its own name around it.
                    Some(resource) if element.len() == 1 => Item::of(resource),
                    _ => Item::of(element),
                });
            return attribute.into_iter().chain(elements).collect();
        }
        let beside = format!("_{name}");
        let values = listed(body.get(name));
        let bodies = listed(body.get(&beside));
        (0..values.len().max(bodies.len()))
            .map(|at| {
                let value = values.get(at).copied().map(Item::of);
                let about = bodies.get(at).copied().filter(|node| !node.is_null());
                Item {
                    scalar: value.and_then(|item| item.scalar),
                    body: about.or_else(|| value.and_then(|item| item.body)),
                }
            })
            .collect()
    }

    fn child(self, name: &str) -> Option<Item<'t>> {
        self.children(name).into_iter().next()
    }
}

fn listed(node: Option<Node<'_>>) -> Vec<Node<'_>> {
    match node {
        Some(node) if node.form() == Form::Array => node.items().collect(),
        other => other.into_iter().collect(),
    }
}

const JSON: &str = r#"{
  "resourceType": "Patient",
  "id": "p-1",
  "contained": [{"resourceType": "Patient", "id": "inner"}],
  "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><b>A</b> <i>B</i></div>"},
  "active": true,
  "name": [
    {"id": "n1", "given": ["Anna", null, "Zo\u00eb"], "_given": [null, {"extension": [{"url": "u", "valueCode": "masked"}]}]},
    {"family": "Example"}
  ],
  "birthDate": "1970-01-01",
  "_birthDate": {"id": "b", "extension": [{"url": "t", "valueDecimal": 1.50}]}
}"#;

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Patient xmlns="http://hl7.org/fhir">
  <id value="p-1"/>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><b>A</b> <i>B</i></div></text>
  <contained><Patient><id value="inner"/></Patient></contained>
  <active value="true"/>
  <name id="n1">
    <given value="Anna"/>
    <given><extension url="u"><valueCode value="masked"/></extension></given>
    <given value="Zo&#235;"/>
  </name>
  <name><family value="Example"/></name>
  <birthDate id="b" value="1970-01-01"><extension url="t"><valueDecimal value="1.50"/></extension></birthDate>
</Patient>
"#;

fn both() -> [Tree; 2] {
    [(Syntax::Json, JSON), (Syntax::Xml, XML)].map(|(syntax, text)| {
        Tree::parse_as(syntax, text.as_bytes().to_vec(), &Limits::default()).unwrap()
    })
}

/// Every value below, with the names that lead to it.
fn values(item: Item<'_>, path: &[&str]) -> Vec<Option<String>> {
    match path.split_first() {
        None => vec![item.value().map(str::to_owned)],
        Some((name, rest)) => item
            .children(name)
            .into_iter()
            .flat_map(|child| values(child, rest))
            .collect(),
    }
}

#[test]
fn the_same_questions_have_the_same_answers() {
    let some = |text: &str| Some(text.to_owned());
    let questions: [(&str, &[Option<String>]); 12] = [
        ("id", &[some("p-1")]),
        ("active", &[some("true")]),
        ("name/id", &[some("n1")]),
        ("name/given", &[some("Anna"), None, some("Zo\u{eb}")]),
        ("name/given/extension/url", &[some("u")]),
        ("name/given/extension/valueCode", &[some("masked")]),
        ("name/family", &[some("Example")]),
        ("birthDate", &[some("1970-01-01")]),
        ("birthDate/id", &[some("b")]),
        ("birthDate/extension/valueDecimal", &[some("1.50")]),
        ("contained/id", &[some("inner")]),
        ("nothing/at/all", &[]),
    ];
    for tree in &both() {
        for (path, wanted) in &questions {
            let path: Vec<&str> = path.split('/').collect();
            assert_eq!(
                values(Item::root(tree), &path),
                *wanted,
                "{:?} {path:?}",
                tree.syntax()
            );
        }
        assert_eq!(Item::root(tree).children("name").len(), 2);
    }
}

#[test]
fn narrative_keeps_its_white_space() {
    let [json, xml] = both();
    let div = |tree| {
        Item::root(tree)
            .child("text")
            .and_then(|text| text.child("div"))
    };
    let written = xml.at("text/div").unwrap().to_xml().unwrap();
    assert_eq!(div(&json).unwrap().value(), Some(written.as_str()));
    // And as a tree of its own, with places inside the narrative.
    let narrative = Tree::parse_xml(written.into_bytes(), &Limits::default()).unwrap();
    assert_eq!(narrative.at("b").unwrap().position().column, 43);
}

#[test]
fn every_answer_has_a_place() {
    for tree in &both() {
        let date = Item::root(tree).child("birthDate").unwrap();
        let place = date.scalar.unwrap().position();
        let line = tree.source().lines().nth(place.line as usize - 1).unwrap();
        let column = place.column as usize - 1;
        assert!(line[column..].starts_with("\"1970-01-01\""), "{line}");
    }
}

#[test]
fn one_path_serves_both() {
    for tree in &both() {
        let family = tree.at("name/1/family").unwrap();
        assert_eq!(Item::of(family).value(), Some("Example"));
        assert_eq!(
            Item::of(tree.at("name/0/given/2").unwrap()).value(),
            Some("Zo\u{eb}")
        );
        assert!(tree.at("name/2").is_none());
        assert!(tree.at("name/0").unwrap().is_repeated());
    }
}

/// Trees are made and walked on threads that may block.
#[test]
fn trees_can_be_sent_and_shared() {
    fn can<T: Send + Sync>() {}
    can::<Tree>();
    can::<Node<'static>>();
}
