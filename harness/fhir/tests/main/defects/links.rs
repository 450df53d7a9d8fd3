//! Defects of extensions, references and contained resources.

use super::edit::{replaced, with, without};
use super::random::Random;
use super::sites::{Doc, Holder, Kind};
use super::structure::site;
use super::{Defect, Mutant, mutant};
use plumbline_fhir::FhirVersion;

pub const DEFECTS: &[Defect] = &[
    Defect {
        name: "extension without url",
        break_: no_url,
    },
    Defect {
        name: "extension with a relative url",
        break_: relative_url,
    },
    Defect {
        name: "extension with value and extensions",
        break_: both,
    },
    Defect {
        name: "extension with nothing",
        break_: neither,
    },
    Defect {
        name: "reference of no form",
        break_: form,
    },
    Defect {
        name: "reference to a wrong type",
        break_: target,
    },
    Defect {
        name: "reference with another type",
        break_: kind,
    },
    Defect {
        name: "reference to nothing contained",
        break_: dangling,
    },
    Defect {
        name: "contained without id",
        break_: no_id,
    },
    Defect {
        name: "contained and not used",
        break_: unused,
    },
    Defect {
        name: "contained twice",
        break_: twice,
    },
    Defect {
        name: "contained in contained",
        break_: nested,
    },
];

fn extension<'d, 't>(
    doc: &'d Doc<'t>,
    random: &mut Random,
    good: impl Fn(&Holder<'t>) -> bool,
) -> Option<&'d Holder<'t>> {
    let all: Vec<&Holder<'t>> = doc
        .holders
        .iter()
        .filter(|it| it.of.name() == "Extension" && good(it))
        .collect();
    random.pick(&all).copied()
}

fn no_url(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = extension(doc, random, |_| true)?;
    mutant(
        without(doc.tree, it.node, &["url"]),
        "FHIR-MIN",
        format!("{}.url", it.path),
    )
}

fn relative_url(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = extension(doc, random, |it| it.outer != "Extension")?;
    let bad = ["\"part\"", "\"StructureDefinition/x\"", "\"#x\""];
    let text = replaced(doc.tree, it.node.get("url")?, random.pick(&bad)?);
    mutant(text, "FHIR-EXTENSION-URL", format!("{}.url", it.path))
}

fn both(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = extension(doc, random, |it| it.node.get("extension").is_none())?;
    let inner = r#"[{"url":"part","valueCode":"x"}]"#;
    let text = with(doc.tree, it.node, "extension", inner);
    mutant(text, "FHIR-EXTENSION-CONTENT", it.path.clone())
}

fn neither(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = extension(doc, random, |_| true)?;
    let text = replaced(doc.tree, it.node, r#"{"url":"https://example.org/x"}"#);
    mutant(text, "FHIR-EXTENSION-CONTENT", it.path.clone())
}

fn form(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.of.name() == "Reference")?;
    let bad = [
        "Patient",
        "patient/1",
        "Patient/",
        "Patient/a b",
        "/Patient/1",
        "Plumbline/1",
        "123",
        "Patient/1/2",
        "Patient/a_b",
        "urn:oid:x",
    ];
    let text = format!(r#"{{"reference":"{}"}}"#, random.pick(&bad)?);
    let text = replaced(doc.tree, it.node, &text);
    mutant(
        text,
        "FHIR-REFERENCE-FORM",
        format!("{}.reference", it.path),
    )
}

const TYPES: [&str; 6] = [
    "Patient",
    "Observation",
    "Device",
    "Linkage",
    "Slot",
    "Organization",
];

fn target(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.of.name() == "Reference")?;
    let type_use = it.child.type_use()?;
    let wrong: Vec<&str> = TYPES
        .into_iter()
        .filter(|name| type_use.can_point_to(name) == Some(false))
        .collect();
    let name = random.pick(&wrong)?;
    let forms = [
        format!(r#"{{"reference":"{name}/1"}}"#),
        format!(r#"{{"reference":"https://example.org/fhir/{name}/1"}}"#),
        format!(r#"{{"reference":"{name}/1/_history/2"}}"#),
    ];
    let text = replaced(doc.tree, it.node, random.pick(&forms)?);
    mutant(text, "FHIR-REFERENCE-TARGET", it.path.clone())
}

fn kind(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    if doc.definitions.version() == FhirVersion::Stu3 {
        return None;
    }
    let it = site(doc, random, |it| it.of.name() == "Reference")?;
    let text = r#"{"reference":"Patient/1","type":"Group"}"#;
    mutant(
        replaced(doc.tree, it.node, text),
        "FHIR-REFERENCE-TYPE",
        it.path.clone(),
    )
}

fn dangling(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.of.name() == "Reference")?;
    let text = replaced(doc.tree, it.node, r##"{"reference":"#plumbline"}"##);
    mutant(
        text,
        "FHIR-CONTAINED-MISSING",
        format!("{}.reference", it.path),
    )
}

/// A resource that can contain others and contains none.
fn container<'d, 't>(doc: &'d Doc<'t>, random: &mut Random, kind: Kind) -> Option<&'d Holder<'t>> {
    let all: Vec<&Holder<'t>> = doc
        .holders
        .iter()
        .filter(|it| it.kind == kind && it.of.is_a("DomainResource"))
        .filter(|it| it.node.get("contained").is_none())
        .collect();
    random.pick(&all).copied()
}

fn contain(
    doc: &Doc<'_>,
    random: &mut Random,
    value: &str,
    code: &'static str,
    path: &str,
) -> Option<Mutant> {
    let it = container(doc, random, Kind::Resource)?;
    let text = with(doc.tree, it.node, "contained", value);
    mutant(text, code, format!("{}.{path}", it.path))
}

fn no_id(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let value = r#"[{"resourceType":"Organization","name":"x"}]"#;
    contain(doc, random, value, "FHIR-CONTAINED-ID", "contained[0]")
}

fn unused(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let value = r#"[{"resourceType":"Organization","id":"plumbline","name":"x"}]"#;
    contain(doc, random, value, "FHIR-CONTAINED-UNUSED", "contained[0]")
}

fn twice(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let one = r#"{"resourceType":"Organization","id":"plumbline","name":"x"}"#;
    let value = format!("[{one},{one}]");
    contain(
        doc,
        random,
        &value,
        "FHIR-CONTAINED-DUPLICATE",
        "contained[1]",
    )
}

fn nested(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = container(doc, random, Kind::Contained)?;
    let value = r#"[{"resourceType":"Organization","id":"plumbline","name":"x"}]"#;
    let text = with(doc.tree, it.node, "contained", value);
    mutant(
        text,
        "FHIR-CONTAINED-NESTED",
        format!("{}.contained[0]", it.path),
    )
}
