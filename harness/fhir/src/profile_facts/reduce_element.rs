//! Takes the facts from an `ElementDefinition`. Not for what a `StructureDefinition` says of itself: reduce.rs.

use super::element::{
    BindingStrength, Bound, Discriminator, DiscriminatorKind, ElementFacts, InvariantFacts, Most,
    Rules, Slicing, TypeFacts, Value,
};
use super::reduce::{ReduceError, extension, is_true, list, one_of, owned, required, text, texts};
use crate::definitions::{Definitions, Severity};
use plumbline_tree::{Layout, Node};

/// What is prose, help for editors, or repeats the base specification.
const LEFT_OUT: &[&str] = &[
    "alias",
    "base",
    "code",
    "comment",
    "condition",
    "constraint",
    "definition",
    "example",
    "extension",
    "id",
    "isModifierReason",
    "isSummary",
    "label",
    "mapping",
    "meaningWhenMissing",
    "modifierExtension",
    "orderMeaning",
    "path",
    "representation",
    "requirements",
    "short",
    "sliceIsConstraining",
    "sliceName",
    "type",
];

pub(super) fn element(
    node: Node<'_>,
    definitions: &Definitions,
) -> Result<ElementFacts, ReduceError> {
    let mut element = ElementFacts {
        path: required(node, "path")?.to_owned(),
        slice: owned(node, "sliceName"),
        types: types(node)?,
        invariants: invariants(node)?,
        ..ElementFacts::default()
    };
    element.id = owned(node, "id").unwrap_or_else(|| element.plain_id());
    for (name, child) in node.members() {
        match name {
            "min" => element.min = Some(number(child)?),
            "max" => {
                let max = child.as_str().and_then(Most::from_word);
                element.max =
                    Some(max.ok_or_else(|| ReduceError::at(child, "not a number and not *"))?);
            }
            "mustSupport" => element.is_must_support = is_true(node, name),
            "isModifier" => element.is_modifier = is_true(node, name),
            "slicing" => element.slicing = Some(slicing(child)?),
            "contentReference" => element.content = owned(node, name),
            "maxLength" => element.max_length = Some(number(child)?),
            "binding" => element.binding = Some(binding(child)?),
            // Beside a primitive stand its extensions.
            _ if name.starts_with('_') || LEFT_OUT.contains(&name) => {}
            _ => typed(name, child, &mut element, definitions)?,
        }
    }
    Ok(element)
}

fn number(node: Node<'_>) -> Result<u32, ReduceError> {
    let number = node.value_text().and_then(|text| text.parse().ok());
    number.ok_or_else(|| ReduceError::at(node, "this is no whole number"))
}

/// A member whose name ends with a type.
fn typed(
    name: &str,
    node: Node<'_>,
    element: &mut ElementFacts,
    definitions: &Definitions,
) -> Result<(), ReduceError> {
    let places = [
        ("fixed", Some(&mut element.fixed)),
        ("pattern", Some(&mut element.pattern)),
        ("minValue", Some(&mut element.least)),
        ("maxValue", Some(&mut element.greatest)),
        ("defaultValue", None),
    ];
    for (stem, place) in places {
        let Some(of) = name
            .strip_prefix(stem)
            .and_then(|of| type_name(of, definitions))
        else {
            continue;
        };
        if let Some(place) = place {
            let json = node.to_json(Layout::Compact);
            let json = json.map_err(|_| ReduceError::at(node, "it cannot be written"))?;
            *place = Some(Value { of, json });
        }
        return Ok(());
    }
    Err(ReduceError::at(
        node,
        "this part of an element is not known",
    ))
}

/// The type that a name ends with: `Uri` is the type `uri`.
fn type_name(end: &str, definitions: &Definitions) -> Option<String> {
    if let Some(known) = definitions.type_named(end) {
        return Some(known.name().to_owned());
    }
    let mut letters = end.chars();
    let small = letters.next()?.to_ascii_lowercase().to_string() + letters.as_str();
    definitions
        .type_named(&small)
        .map(|it| it.name().to_owned())
}

/// STU3 gives each target a type of its own, R4 a list to one.
fn types(node: Node<'_>) -> Result<Vec<TypeFacts>, ReduceError> {
    let mut types: Vec<TypeFacts> = Vec::new();
    for node in list(node, "type") {
        let code = required(node, "code")?;
        let at = types.iter().position(|it| it.code == code);
        let at = at.unwrap_or_else(|| {
            types.push(TypeFacts {
                code: code.to_owned(),
                profiles: Vec::new(),
                targets: Vec::new(),
                aggregation: Vec::new(),
            });
            types.len() - 1
        });
        let of = &mut types[at];
        for (all, name) in [
            (&mut of.profiles, "profile"),
            (&mut of.targets, "targetProfile"),
            (&mut of.aggregation, "aggregation"),
        ] {
            let more: Vec<String> = texts(node, name);
            let new = more.into_iter().filter(|it| !all.contains(it));
            let new: Vec<String> = new.collect();
            all.extend(new);
        }
    }
    Ok(types)
}

fn slicing(node: Node<'_>) -> Result<Slicing, ReduceError> {
    let rules = match text(node, "rules") {
        Some(word) => Some(one_of(node, word, &Rules::ALL, Rules::word)?),
        None => None,
    };
    let mut discriminators = Vec::new();
    for node in list(node, "discriminator") {
        let kind = required(node, "type")?;
        discriminators.push(Discriminator {
            kind: one_of(node, kind, &DiscriminatorKind::ALL, DiscriminatorKind::word)?,
            path: required(node, "path")?.to_owned(),
        });
    }
    Ok(Slicing {
        rules,
        is_ordered: is_true(node, "ordered"),
        discriminators,
    })
}

fn binding(node: Node<'_>) -> Result<Bound, ReduceError> {
    let strength = required(node, "strength")?;
    let reference = node
        .get("valueSetReference")
        .and_then(|it| text(it, "reference"));
    let value_set = text(node, "valueSet")
        .or_else(|| text(node, "valueSetUri"))
        .or(reference);
    Ok(Bound {
        strength: one_of(node, strength, &BindingStrength::ALL, BindingStrength::word)?,
        value_set: value_set.map(str::to_owned),
        greatest: extension(node, "/elementdefinition-maxValueSet").map(str::to_owned),
    })
}

fn invariants(node: Node<'_>) -> Result<Vec<InvariantFacts>, ReduceError> {
    let mut invariants = Vec::new();
    for node in list(node, "constraint") {
        let severity = required(node, "severity")?;
        let severity = one_of(node, severity, &Severity::ALL, Severity::word)?;
        let is_best = extension(node, "/elementdefinition-bestpractice") == Some("true");
        invariants.push(InvariantFacts {
            key: required(node, "key")?.to_owned(),
            severity: if is_best && severity == Severity::Warning {
                Severity::BestPractice
            } else {
                severity
            },
            expression: owned(node, "expression"),
            source: owned(node, "source"),
        });
    }
    Ok(invariants)
}
