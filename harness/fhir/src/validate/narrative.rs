//! Narrative: one div of XHTML with basic formatting, in an element of XML or in a string of JSON.
//! Not which elements and attributes those are: xhtml.rs; nor the quick look that nearly always is enough: glance.rs.

use super::glance::is_surely_good;
use super::rules::{self, Rule};
use super::unknown::shown;
use super::walk::Walk;
use super::xhtml::{is_attribute, is_element, is_xml_attribute};
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
                if node.namespace() != Some(XHTML) || !is_element(name.as_bytes()) {
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
        None => is_attribute(element.as_bytes(), name.as_bytes()),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The quick look may say that narrative is good only where reading it finds no fault.
    #[test]
    fn what_is_surely_good_has_no_faults() {
        let div = |inner: &str| format!("<div xmlns=\"{XHTML}\">{inner}</div>");
        let texts = [
            div("plain text"),
            div("<p class=\"a\" title='b'>a &amp; b &#160;<br/></p><img src=\"#a\" alt=\"b\"/>"),
            div("<table border=\"1\"><tr><td colspan=\"2\">\u{e9}\u{10348}</td></tr></table>"),
        ];
        let bits = [
            "<",
            ">",
            "/",
            "&",
            ";",
            "\"",
            "'",
            "=",
            " ",
            "p",
            "<p>",
            "</p>",
            "<!--",
            "]]>",
            "&#0;",
            "&#x41;",
            "&nbsp;",
            "\u{1}",
            "\u{ffff}",
            "xmlns=\"x\"",
            "a:b",
            "<script>",
            "\n",
            "#",
        ];
        // A small generator of numbers; the high bits are the good ones.
        let mut seed: u64 = 1;
        let mut below = |end: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % end
        };
        let mut good = 0;
        for _ in 0..60_000 {
            let mut text = texts[below(texts.len())].clone();
            let from = below(text.len());
            let to = (from + below(4)).min(text.len());
            if !text.is_char_boundary(from) || !text.is_char_boundary(to) {
                continue;
            }
            text.replace_range(from..to, bits[below(bits.len())]);
            if !is_surely_good(&text) {
                continue;
            }
            good += 1;
            let tree = Tree::parse_xml(text.clone().into_bytes(), &Limits::default());
            let tree = tree.unwrap_or_else(|error| panic!("{error}: {text}"));
            faults(tree.root(), |fault| panic!("{}: {text}", fault.rule.code));
        }
        assert!(good > 2000, "{good}");
    }
}
