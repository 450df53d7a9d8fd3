//! Defects that only XML can have.

use super::edit::{content_start, replaced, spliced, with_attribute};
use super::random::Random;
use super::sites::{Doc, Holder, Site};
use super::structure::site;
use super::{Defect, Mutant, mutant};
use plumbline_tree::Node;

pub const DEFECTS: &[Defect] = &[
    Defect {
        name: "XML: order",
        break_: order,
    },
    Defect {
        name: "XML: namespace",
        break_: namespace,
    },
    Defect {
        name: "XML: namespace of the root",
        break_: root_namespace,
    },
    Defect {
        name: "XML: attribute",
        break_: attribute,
    },
    Defect {
        name: "XML: value of an object",
        break_: value_of_object,
    },
    Defect {
        name: "XML: text",
        break_: text,
    },
    Defect {
        name: "XML: too many",
        break_: too_many,
    },
    Defect {
        name: "XML: id as an element",
        break_: id_element,
    },
    Defect {
        name: "XML: two resources",
        break_: two_resources,
    },
    Defect {
        name: "XML: no resource",
        break_: no_resource,
    },
    Defect {
        name: "XML: no value",
        break_: no_value,
    },
    Defect {
        name: "XML: empty value",
        break_: empty_value,
    },
    Defect {
        name: "XML: boolean",
        break_: boolean,
    },
    Defect {
        name: "XML: integer",
        break_: integer,
    },
    Defect {
        name: "XML: decimal",
        break_: decimal,
    },
    Defect {
        name: "XML: unknown element",
        break_: unknown,
    },
    Defect {
        name: "XML: root of narrative",
        break_: narrative,
    },
];

fn holder<'d, 't>(
    doc: &'d Doc<'t>,
    random: &mut Random,
    good: impl Fn(&Holder<'t>) -> bool,
) -> Option<&'d Holder<'t>> {
    let all: Vec<&Holder<'t>> = doc.holders.iter().filter(|it| good(it)).collect();
    random.pick(&all).copied()
}

fn is_plain(it: &Site<'_>) -> bool {
    it.of.name() != "xhtml" && it.of.name() != "Resource"
}

/// The element after this one.
fn next(node: Node<'_>) -> Option<Node<'_>> {
    let mut siblings = node.parent()?.members().map(|(_, node)| node);
    siblings.find(|it| *it == node)?;
    siblings.next()
}

fn order(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        let next = next(it.node);
        next.is_some_and(|next| next.name() != Some(it.name) && !it.node.is_repeated())
    })?;
    let other = next(it.node)?;
    let span = it.node.span().start..other.span().end;
    let by = format!("{}{}", other.raw(), it.node.raw());
    mutant(
        spliced(doc.tree, span, &by),
        "FHIR-XML-ORDER",
        it.path.clone(),
    )
}

fn namespace(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, is_plain)?;
    let bad = [
        "xmlns=\"urn:x\"",
        "xmlns=\"\"",
        "xmlns=\"http://www.w3.org/1999/xhtml\"",
        "xmlns=\"http://hl7.org/FHIR\"",
    ];
    let text = with_attribute(doc.tree, it.node, random.pick(&bad)?);
    mutant(text, "FHIR-XML-NAMESPACE", doc.member_path(it))
}

fn root_namespace(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let root = doc.tree.root();
    let declared = root.namespace_declarations().next()?;
    let bad = ["\"urn:hl7-org:v3\"", "\"\"", "\"http://hl7.org/fhir/\""];
    let text = replaced(doc.tree, declared, random.pick(&bad)?);
    mutant(text, "FHIR-XML-NAMESPACE", doc.holders[0].path.clone())
}

fn attribute(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = holder(doc, random, |_| true)?;
    let text = with_attribute(doc.tree, it.node, "plumbline=\"x\"");
    mutant(text, "FHIR-XML-ATTRIBUTE", format!("{}.plumbline", it.path))
}

fn value_of_object(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = holder(doc, random, |it| !it.of.is_primitive())?;
    let text = with_attribute(doc.tree, it.node, "value=\"x\"");
    mutant(text, "FHIR-XML-ATTRIBUTE", format!("{}.value", it.path))
}

fn text(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = holder(doc, random, |it| content_start(it.node).is_some())?;
    let at = content_start(it.node)?;
    let text = spliced(doc.tree, at..at, "stray");
    mutant(text, "FHIR-XML-TEXT", it.path.clone())
}

fn too_many(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| !it.child.element().is_repeating())?;
    let raw = it.node.raw();
    let text = replaced(doc.tree, it.node, &format!("{raw}{raw}"));
    mutant(text, "FHIR-MAX", doc.member_path(it))
}

fn id_element(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = holder(doc, random, |it| {
        let child = it.shape.child("id");
        let has_id = it.node.attribute("id").is_some();
        child.is_some_and(|child| child.element().is_attribute())
            && !has_id
            && content_start(it.node).is_some()
    })?;
    let at = content_start(it.node)?;
    let text = spliced(doc.tree, at..at, "<id value=\"x\"/>");
    mutant(text, "FHIR-XML-ATTRIBUTE", format!("{}.id", it.path))
}

fn two_resources(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.of.name() == "Resource")?;
    let inner = it.node.members().next()?.1;
    let at = inner.span().end;
    let text = spliced(
        doc.tree,
        at..at,
        "<Basic><code><text value=\"x\"/></code></Basic>",
    );
    mutant(text, "FHIR-XML-RESOURCE", it.path.clone())
}

fn no_resource(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.of.name() == "Resource")?;
    let text = replaced(doc.tree, it.node, &format!("<{}/>", it.name));
    mutant(text, "FHIR-XML-RESOURCE", it.path.clone())
}

fn primitive<'d, 't>(doc: &'d Doc<'t>, random: &mut Random) -> Option<&'d Site<'t>> {
    site(doc, random, |it| {
        it.of.is_primitive() && it.of.name() != "xhtml" && it.node.is_empty()
    })
}

fn no_value(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = primitive(doc, random)?;
    let text = replaced(doc.tree, it.node, &format!("<{}/>", it.name));
    mutant(text, "FHIR-EMPTY", it.path.clone())
}

fn value(
    doc: &Doc<'_>,
    random: &mut Random,
    of: &str,
    code: &'static str,
    bad: &[&str],
) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        (it.of.name() == of || of.is_empty() && it.of.is_primitive())
            && it.node.attribute("value").is_some()
    })?;
    let bad = random.pick(bad)?;
    let text = replaced(doc.tree, it.node.attribute("value")?, &format!("\"{bad}\""));
    mutant(text, code, it.path.clone())
}

fn empty_value(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    value(doc, random, "", "FHIR-STRING-EMPTY", &[""])
}

fn boolean(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    value(
        doc,
        random,
        "boolean",
        "FHIR-BOOLEAN",
        &["True", "1", "yes", " true", "FALSE"],
    )
}

fn integer(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    value(
        doc,
        random,
        "integer",
        "FHIR-INTEGER",
        &["+1", "01", "1.0", " 1", "one", "2147483648", "1e1", "--1"],
    )
}

fn decimal(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    value(
        doc,
        random,
        "decimal",
        "FHIR-DECIMAL",
        &[
            ".5", "1.", "01.0", "+1.0", "1,5", "NaN", "1.0e", " 1.0", "-",
        ],
    )
}

fn unknown(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = holder(doc, random, |it| content_start(it.node).is_some())?;
    let at = content_start(it.node)?;
    let text = spliced(doc.tree, at..at, "<plumbline value=\"x\"/>");
    mutant(
        text,
        "FHIR-UNKNOWN-ELEMENT",
        format!("{}.plumbline", it.path),
    )
}

fn narrative(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.of.name() == "xhtml")?;
    let text = replaced(doc.tree, it.node, "<div>x</div>");
    mutant(text, "FHIR-XHTML-ROOT", it.path.clone())
}
