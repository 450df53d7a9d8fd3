//! Narrative: one div of XHTML with basic formatting, in an element of XML or in a string of JSON.
//! Not which elements and attributes those are: xhtml.rs.

use super::rules::{self, Rule};
use super::unknown::shown;
use super::walk::Walk;
use super::xhtml::{is_attribute, is_element, is_surely_good, is_xml_attribute};
use crate::view::XHTML;
use plumbline_tree::{Form, Limits, Node, Tree};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// One thing that is wrong with narrative, and where in it.
struct Fault<'t> {
    rule: &'static Rule,
    node: Node<'t>,
    words: Vec<&'t str>,
    expected: &'static str,
    actual: &'t str,
}

/// Judges a div and all in it.
fn faults<'t>(div: Node<'t>, mut report: impl FnMut(Fault<'t>)) {
    if div.name() != Some("div") || div.namespace() != Some(XHTML) {
        let actual = if div.name() == Some("div") {
            "a div in another namespace"
        } else {
            "another element"
        };
        report(Fault {
            rule: &rules::XHTML_ROOT,
            node: div,
            words: vec![actual],
            expected: "a div in the namespace of XHTML",
            actual,
        });
        return;
    }
    let mut has_content = false;
    for node in div.with_descendants() {
        match node.form() {
            Form::Element => {
                let name = node.name().unwrap_or_default();
                if node.namespace() != Some(XHTML) || !is_element(name) {
                    let name = shown(name);
                    report(Fault {
                        rule: &rules::XHTML_ELEMENT,
                        node,
                        words: vec![name],
                        expected: "elements of basic formatting",
                        actual: name,
                    });
                    continue;
                }
                has_content |= name == "img";
                for attribute in node.attributes() {
                    if !is_allowed(name, attribute) {
                        let own = shown(attribute.name().unwrap_or_default());
                        report(Fault {
                            rule: &rules::XHTML_ATTRIBUTE,
                            node: attribute,
                            words: vec![own, name],
                            expected: "attributes of basic formatting",
                            actual: own,
                        });
                    }
                }
            }
            Form::Text => has_content = true,
            _ => {}
        }
    }
    if !has_content {
        report(Fault {
            rule: &rules::XHTML_EMPTY,
            node: div,
            words: Vec::new(),
            expected: "text or an image",
            actual: "neither",
        });
    }
}

fn is_allowed(element: &str, attribute: Node<'_>) -> bool {
    let name = attribute.name().unwrap_or_default();
    match attribute.namespace() {
        None => is_attribute(element, name),
        Some(XML) => is_xml_attribute(name),
        Some(_) => false,
    }
}

impl<'a> Walk<'a, '_> {
    /// Narrative in XML.
    pub(super) fn narrative_element(&mut self, div: Node<'a>) {
        faults(div, |fault| {
            let Fault {
                rule,
                node,
                words,
                expected,
                actual,
            } = fault;
            self.issue(rule, node, &words, expected, actual);
        });
    }

    /// Narrative in a string of JSON. What is wrong in it has the place of the string.
    pub(super) fn narrative_string(&mut self, node: Node<'a>, text: &str) {
        if is_surely_good(text) {
            return;
        }
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        match Tree::parse_xml(text.as_bytes().to_vec(), &Limits::default()) {
            Err(error) => {
                let fault = error.kind.to_string();
                let rule = &rules::XHTML_SYNTAX;
                self.issue(rule, node, &[&fault], "well-formed XML", &fault);
            }
            Ok(tree) => faults(tree.root(), |fault| {
                self.issue(fault.rule, node, &fault.words, fault.expected, fault.actual);
            }),
        }
    }
}
