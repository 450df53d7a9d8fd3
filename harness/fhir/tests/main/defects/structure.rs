//! Defects of structure: which elements there are, how often, in which form of JSON.

use super::edit::{renamed, replaced, with, without};
use super::random::Random;
use super::sites::{Doc, Kind, Site};
use super::{Defect, Mutant, mutant};
use plumbline_tree::Form;

pub const DEFECTS: &[Defect] = &[
    Defect {
        name: "unknown element",
        break_: unknown,
    },
    Defect {
        name: "misspelt element",
        break_: misspelt,
    },
    Defect {
        name: "required element missing",
        break_: missing,
    },
    Defect {
        name: "too many",
        break_: too_many,
    },
    Defect {
        name: "array around a single",
        break_: array,
    },
    Defect {
        name: "repeating without array",
        break_: no_array,
    },
    Defect {
        name: "empty array",
        break_: empty_array,
    },
    Defect {
        name: "empty object",
        break_: empty_object,
    },
    Defect {
        name: "only an id",
        break_: only_id,
    },
    Defect {
        name: "null",
        break_: null,
    },
    Defect {
        name: "null in an array",
        break_: null_item,
    },
    Defect {
        name: "number as string",
        break_: number_as_string,
    },
    Defect {
        name: "boolean as string",
        break_: boolean_as_string,
    },
    Defect {
        name: "string as number",
        break_: string_as_number,
    },
    Defect {
        name: "object as string",
        break_: object_as_string,
    },
    Defect {
        name: "string as object",
        break_: string_as_object,
    },
    Defect {
        name: "two of a choice",
        break_: two_of_choice,
    },
    Defect {
        name: "choice without a known type",
        break_: choice_unknown,
    },
    Defect {
        name: "choice of a forbidden type",
        break_: choice_forbidden,
    },
    Defect {
        name: "member twice",
        break_: duplicate,
    },
    Defect {
        name: "underscore at an object",
        break_: underscore,
    },
    Defect {
        name: "empty object beside a value",
        break_: empty_beside,
    },
    Defect {
        name: "arrays of different length",
        break_: misaligned,
    },
    Defect {
        name: "modifierExtension in a datatype",
        break_: modifier,
    },
    Defect {
        name: "no resourceType",
        break_: no_type,
    },
    Defect {
        name: "unknown resourceType",
        break_: unknown_type,
    },
    Defect {
        name: "resource that is none",
        break_: no_resource,
    },
];

/// One site for which a condition holds.
pub fn site<'d, 't>(
    doc: &'d Doc<'t>,
    random: &mut Random,
    good: impl Fn(&Site<'t>) -> bool,
) -> Option<&'d Site<'t>> {
    let all: Vec<&Site<'t>> = doc.sites.iter().filter(|it| good(it)).collect();
    random.pick(&all).copied()
}

/// Whether something is said beside a primitive.
fn has_beside(doc: &Doc<'_>, it: &Site<'_>) -> bool {
    let beside = format!("_{}", it.name);
    doc.holder(it).node.get(&beside).is_some()
}

fn is_complex(it: &Site<'_>) -> bool {
    !it.of.is_primitive() && it.of.name() != "Resource"
}

fn unknown(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let holder = random.pick(&doc.holders)?;
    let text = with(doc.tree, holder.node, "plumbline", "\"x\"");
    mutant(
        text,
        "FHIR-UNKNOWN-ELEMENT",
        format!("{}.plumbline", holder.path),
    )
}

fn misspelt(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| !it.child.element().is_choice())?;
    let wrong = match random.below(3) {
        0 => format!("{}z", it.name),
        1 => it.name.to_uppercase(),
        _ => format!("x{}", it.name),
    };
    let path = format!("{}.{wrong}", doc.holder(it).path);
    let holder = doc.holder(it);
    if holder.shape.child(&wrong).is_some() || holder.shape.choice_for(&wrong).is_some() {
        return None;
    }
    mutant(
        renamed(doc.tree, it.member, &wrong),
        "FHIR-UNKNOWN-ELEMENT",
        path,
    )
}

fn missing(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        // A body that is left empty is another defect.
        it.child.element().min() > 0 && doc.holder(it).len > 1
    })?;
    let beside = format!("_{}", it.name);
    let text = without(doc.tree, doc.holder(it).node, &[it.name, &beside]);
    mutant(text, "FHIR-MIN", doc.stem_path(it))
}

fn too_many(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| !it.child.element().is_repeating())?;
    let raw = it.member.raw();
    let text = replaced(doc.tree, it.member, &format!("[{raw},{raw}]"));
    mutant(text, "FHIR-MAX", doc.member_path(it))
}

fn array(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| !it.child.element().is_repeating())?;
    let text = replaced(doc.tree, it.member, &format!("[{}]", it.member.raw()));
    mutant(text, "FHIR-JSON-ARRAY", doc.member_path(it))
}

fn no_array(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        it.child.element().is_repeating() && !it.node.is_null()
    })?;
    let text = replaced(doc.tree, it.member, it.node.raw());
    mutant(text, "FHIR-JSON-NOT-ARRAY", doc.member_path(it))
}

fn empty_array(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.child.element().is_repeating())?;
    let text = replaced(doc.tree, it.member, "[]");
    mutant(text, "FHIR-JSON-EMPTY-ARRAY", doc.member_path(it))
}

fn empty_object(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, is_complex)?;
    mutant(
        replaced(doc.tree, it.node, "{}"),
        "FHIR-EMPTY",
        it.path.clone(),
    )
}

fn only_id(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, is_complex)?;
    let text = replaced(doc.tree, it.node, r#"{"id":"x"}"#);
    mutant(text, "FHIR-EMPTY", it.path.clone())
}

fn null(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| !it.child.element().is_repeating())?;
    mutant(
        replaced(doc.tree, it.member, "null"),
        "FHIR-JSON-NULL",
        it.path.clone(),
    )
}

fn null_item(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        it.child.element().is_repeating() && !has_beside(doc, it)
    })?;
    mutant(
        replaced(doc.tree, it.node, "null"),
        "FHIR-JSON-NULL",
        it.path.clone(),
    )
}

fn kind(doc: &Doc<'_>, random: &mut Random, form: Form, by: &str) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        it.node.form() == form && it.of.is_primitive()
    })?;
    let by = by.replace("{}", it.node.raw());
    mutant(
        replaced(doc.tree, it.node, &by),
        "FHIR-JSON-KIND",
        it.path.clone(),
    )
}

fn number_as_string(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    kind(doc, random, Form::Number, "\"{}\"")
}

fn boolean_as_string(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    kind(doc, random, Form::Bool, "\"{}\"")
}

fn string_as_number(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let by = ["1", "true", "-0.5"];
    let by = random.pick(&by)?;
    kind(doc, random, Form::String, by)
}

fn string_as_object(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    kind(doc, random, Form::String, r#"{"value":{}}"#)
}

fn object_as_string(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, is_complex)?;
    mutant(
        replaced(doc.tree, it.node, "\"x\""),
        "FHIR-JSON-KIND",
        it.path.clone(),
    )
}

/// A value of a primitive.
fn sample(of: &str) -> Option<&'static str> {
    Some(match of {
        "boolean" => "true",
        "string" | "markdown" | "code" | "id" => "\"x\"",
        "integer" | "positiveInt" | "unsignedInt" | "decimal" => "1",
        "date" | "dateTime" => "\"2020-01-01\"",
        "uri" | "url" | "canonical" => "\"https://example.org\"",
        "Period" => r#"{"start":"2020"}"#,
        "CodeableConcept" => r#"{"text":"x"}"#,
        "Quantity" | "Age" | "Range" => {
            r#"{"id":"x","extension":[{"url":"https://example.org","valueCode":"x"}]}"#
        }
        "Reference" => r#"{"display":"x"}"#,
        _ => return None,
    })
}

fn composed(stem: &str, of: &str) -> String {
    format!("{stem}{}{}", of[..1].to_uppercase(), &of[1..])
}

fn two_of_choice(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.child.element().is_choice())?;
    let others: Vec<&str> = it
        .child
        .element()
        .types()
        .map(|other| other.of().name())
        .filter(|other| *other != it.of.name() && sample(other).is_some())
        .collect();
    let other = random.pick(&others)?;
    let name = composed(it.child.element().stem(), other);
    let text = with(doc.tree, doc.holder(it).node, &name, sample(other)?);
    // The new one stands before the old one, which is therefore the second.
    mutant(text, "FHIR-CHOICE-MANY", it.path.clone())
}

fn choice_unknown(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.child.element().is_choice())?;
    let stem = it.child.element().stem();
    let wrong = if random.below(2) == 0 {
        composed(stem, "plumbline")
    } else {
        stem.to_owned()
    };
    if doc.holder(it).shape.child(&wrong).is_some() {
        return None;
    }
    mutant(
        renamed(doc.tree, it.member, &wrong),
        "FHIR-CHOICE-TYPE",
        doc.stem_path(it),
    )
}

fn choice_forbidden(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.child.element().is_choice())?;
    let types = [
        "Narrative",
        "Ratio",
        "Money",
        "instant",
        "Attachment",
        "HumanName",
        "oid",
    ];
    let wrong = composed(it.child.element().stem(), random.pick(&types)?);
    if doc.holder(it).shape.child(&wrong).is_some() {
        return None;
    }
    mutant(
        renamed(doc.tree, it.member, &wrong),
        "FHIR-CHOICE-TYPE",
        doc.stem_path(it),
    )
}

fn duplicate(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |_| true)?;
    let holder = doc.holder(it);
    let text = with(doc.tree, holder.node, it.name, it.member.raw());
    mutant(
        text,
        "FHIR-JSON-DUPLICATE",
        format!("{}.{}", holder.path, it.name),
    )
}

fn underscore(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| !it.of.is_primitive())?;
    let name = format!("_{}", it.name);
    let text = with(doc.tree, doc.holder(it).node, &name, r#"{"id":"x"}"#);
    mutant(text, "FHIR-JSON-UNDERSCORE", doc.member_path(it))
}

fn empty_beside(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        let element = it.child.element();
        it.of.is_primitive()
            && !element.is_repeating()
            && !element.is_attribute()
            && !has_beside(doc, it)
    })?;
    let text = with(
        doc.tree,
        doc.holder(it).node,
        &format!("_{}", it.name),
        "{}",
    );
    mutant(text, "FHIR-EMPTY", it.path.clone())
}

fn misaligned(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| {
        it.of.is_primitive() && it.child.element().is_repeating() && !has_beside(doc, it)
    })?;
    let nulls = "null,".repeat(it.member.len());
    let beside = format!(
        r#"[{nulls}{{"id":"x","extension":[{{"url":"https://example.org","valueCode":"x"}}]}}]"#
    );
    let text = with(
        doc.tree,
        doc.holder(it).node,
        &format!("_{}", it.name),
        &beside,
    );
    mutant(text, "FHIR-JSON-ALIGN", doc.member_path(it))
}

fn modifier(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let all: Vec<_> = doc
        .holders
        .iter()
        .filter(|it| it.shape.child("modifierExtension").is_none())
        .collect();
    let holder = random.pick(&all)?;
    let value = r#"[{"url":"https://example.org/x","valueBoolean":true}]"#;
    let text = with(doc.tree, holder.node, "modifierExtension", value);
    mutant(
        text,
        "FHIR-MODIFIER-EXTENSION",
        format!("{}.modifierExtension", holder.path),
    )
}

fn resources<'d, 't>(doc: &'d Doc<'t>) -> Vec<&'d super::sites::Holder<'t>> {
    let all = doc.holders.iter();
    all.filter(|it| matches!(it.kind, Kind::Resource | Kind::Contained))
        .collect()
}

/// The path of issues about the type of a resource.
fn type_path(doc: &Doc<'_>, path: &str) -> String {
    if path == doc.holders[0].path {
        "$".to_owned()
    } else {
        path.to_owned()
    }
}

fn no_type(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let all = resources(doc);
    let it = random.pick(&all)?;
    let text = without(doc.tree, it.node, &["resourceType"]);
    mutant(text, "FHIR-NO-RESOURCE-TYPE", type_path(doc, &it.path))
}

fn unknown_type(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let all = resources(doc);
    let it = random.pick(&all)?;
    let named = it.node.get("resourceType")?;
    let wrong = [
        "\"Plumbline\"",
        "\"patient\"",
        "\"HumanName\"",
        "\"DomainResource\"",
        "\"Ingredient\"",
    ];
    let text = replaced(doc.tree, named, random.pick(&wrong)?);
    mutant(text, "FHIR-UNKNOWN-RESOURCE", type_path(doc, &it.path))
}

fn no_resource(doc: &Doc<'_>, random: &mut Random) -> Option<Mutant> {
    let it = site(doc, random, |it| it.of.name() == "Resource")?;
    mutant(
        replaced(doc.tree, it.node, "\"x\""),
        "FHIR-RESOURCE",
        it.path.clone(),
    )
}
