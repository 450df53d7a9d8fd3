//! Turns a type of the base specification into elements. Not for profiles.

use super::arena::{Arena, Full, Id, Node};
use plumbline_fhir::profile_facts::{
    BindingStrength, Bound, ElementFacts, InvariantFacts, Most, TypeFacts,
};
use plumbline_fhir::{Binding, Element, Invariant, Shape, Strength, Type, TypeKind, TypeUse};

/// Before the names of HL7's types in their addresses.
pub(super) const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

/// A type as a tree of its own.
pub(super) fn of_type(of: Type<'static>) -> Result<Arena, Full> {
    let mut arena = Arena::default();
    let name = instance_type(of).name();
    let facts = ElementFacts {
        min: Some(0),
        max: Some(Most::Unlimited),
        binding: binding(of.bindings()),
        invariants: invariants(of.invariants()),
        ..ElementFacts::default()
    };
    let root = arena.push(Node {
        name: name.to_owned(),
        facts,
        is_unfolded: true,
        ..Node::default()
    })?;
    children(&mut arena, root, of.shape())?;
    if of.is_primitive() {
        value(&mut arena, root)?;
    }
    Ok(arena)
}

/// The type that instances have: of `SimpleQuantity` it is `Quantity`.
pub(super) fn instance_type(of: Type<'static>) -> Type<'static> {
    let mut ancestry = of.ancestry();
    let found = ancestry.find(|it| it.kind() != TypeKind::Profile);
    found.unwrap_or(of)
}

/// Puts the children of a shape below a node, all the way down to datatypes.
pub(super) fn children(arena: &mut Arena, of: Id, shape: Shape<'static>) -> Result<(), Full> {
    for element in shape.children() {
        let own = element.inline_shape();
        let own = own.filter(|_| element.content_reference().is_none());
        let child = arena.push(Node {
            name: element.name().to_owned(),
            facts: facts(element),
            is_unfolded: own.is_some(),
            ..Node::default()
        })?;
        arena.get_mut(of).children.push(child);
        if let Some(own) = own {
            children(arena, child, own)?;
        }
    }
    arena.get_mut(of).is_unfolded = true;
    Ok(())
}

/// The value of a primitive, which profiles may name; it has no type that an instance knows.
pub(super) fn value(arena: &mut Arena, of: Id) -> Result<(), Full> {
    let child = arena.push(Node {
        name: "value".to_owned(),
        facts: ElementFacts {
            min: Some(0),
            max: Some(Most::Times(1)),
            ..ElementFacts::default()
        },
        is_unfolded: true,
        ..Node::default()
    })?;
    arena.get_mut(of).children.push(child);
    Ok(())
}

fn facts(element: Element<'static>) -> ElementFacts {
    let content = element.content_reference();
    let types = match content {
        Some(_) => Vec::new(),
        None => element.types().map(type_facts).collect(),
    };
    ElementFacts {
        min: Some(element.min()),
        max: Some(element.max().map_or(Most::Unlimited, Most::Times)),
        is_modifier: element.is_modifier(),
        content: content.map(|it| format!("#{}", it.path())),
        types,
        binding: binding(element.bindings()),
        invariants: invariants(element.invariants()),
        ..ElementFacts::default()
    }
}

/// A type of an element, with the addresses of what narrows it.
pub(super) fn type_facts(of: TypeUse<'static>) -> TypeFacts {
    let address = |it: Type<'static>| format!("{HL7}{}", it.name());
    TypeFacts {
        code: of.of().name().to_owned(),
        profiles: of.profile().map(address).into_iter().collect(),
        targets: of.targets().map(address).collect(),
        aggregation: Vec::new(),
    }
}

/// The binding, and the greatest set beside it. Of one that is only preferred the set is not known.
fn binding<'d>(all: impl Iterator<Item = Binding<'d>>) -> Option<Bound> {
    let mut bound: Option<Bound> = None;
    for binding in all {
        let of = bound.get_or_insert(Bound {
            strength: BindingStrength::Preferred,
            value_set: None,
            greatest: None,
        });
        let url = Some(binding.value_set.url().to_owned());
        match binding.strength {
            Strength::Required => (of.strength, of.value_set) = (BindingStrength::Required, url),
            Strength::Extensible => {
                (of.strength, of.value_set) = (BindingStrength::Extensible, url);
            }
            Strength::Greatest => of.greatest = url,
        }
    }
    bound
}

fn invariants(all: impl Iterator<Item = Invariant>) -> Vec<InvariantFacts> {
    let own = all.map(|it| InvariantFacts {
        key: it.key.to_owned(),
        severity: it.severity,
        expression: Some(it.expression.to_owned()),
        source: None,
    });
    own.collect()
}
