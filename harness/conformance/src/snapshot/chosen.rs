//! Choices that a differential names by type: `valueQuantity` for `value[x]`. Not slices by other names: slices.rs.

use super::apply::{Applying, Place, Stop};
use super::arena::{Arena, Id};
use super::problem::Cause;
use super::steps::Step;
use plumbline_fhir::FhirVersion;
use plumbline_fhir::profile_facts::{
    Discriminator, DiscriminatorKind, ElementFacts, Rules, Slicing, TypeFacts,
};

/// The choice below a node that a name stands for, and the type that it names.
pub(super) fn choice(arena: &Arena, of: Id, name: &str) -> Option<(Id, String)> {
    let mut children = arena.get(of).children.iter().copied();
    children.find_map(|id| {
        let node = arena.get(id);
        let ending = name.strip_prefix(node.name.strip_suffix("[x]")?)?;
        let types = &node.facts.types;
        let known = types.iter().find(|it| is_capital(ending, &it.code));
        known.map(|it| (id, it.code.clone()))
    })
}

/// Whether the text is the name of the type with a capital letter.
fn is_capital(text: &str, code: &str) -> bool {
    let mut letters = code.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.is_some_and(|first| text.strip_prefix(first) == Some(letters.as_str()))
}

/// Slices by type.
pub(super) fn by_type(rules: Rules) -> Slicing {
    Slicing {
        rules: Some(rules),
        is_ordered: false,
        discriminators: vec![Discriminator {
            kind: DiscriminatorKind::Type,
            path: "$this".to_owned(),
        }],
    }
}

impl Applying<'_, '_> {
    /// The slice of a choice that a name with a type stands for.
    ///
    /// Where nobody has said how the choice is sliced, it keeps only the types that the differential names so, as HL7's
    /// snapshots of 4.0.1 and 3.0.2 have it. STU3 has no slice for the only type: there it is the choice itself.
    pub(super) fn chosen(
        &mut self,
        choice: Id,
        code: &str,
        outer: &[Step],
        step: &Step,
        element: &ElementFacts,
        place: Place,
    ) -> Result<Id, Stop> {
        let own = step.slice.as_deref().unwrap_or(&step.name);
        for name in [own, step.name.as_str()] {
            if let Some(slice) = self.arena().slice(choice, name) {
                return Ok(slice);
            }
        }
        let node = self.whole.arena.get(choice);
        let is_sliced = node.facts.slicing.is_some();
        if !is_sliced {
            self.narrow(choice, outer);
            let is_only = self.whole.arena.get(choice).facts.types.len() == 1;
            if is_only && self.work.definitions.version() == FhirVersion::Stu3 {
                return Ok(choice);
            }
            let source = self.source.clone();
            let node = self.arena().get_mut(choice);
            node.facts.slicing = Some(by_type(Rules::Closed));
            node.sources.slicing = Some(source);
        }
        let slice = self.slice(choice, own, element, Place::Last)?;
        let source = self.source.clone();
        let node = self.arena().get_mut(slice);
        node.facts.types.retain(|it| it.code == code);
        node.sources.types = Some(source);
        if node.facts.types.is_empty() && place == Place::Last {
            let code = code.to_owned();
            self.list(element, Cause::WrongType { code });
        }
        Ok(slice)
    }

    /// Leaves a choice the types that the differential names.
    fn narrow(&mut self, choice: Id, outer: &[Step]) {
        let Some(names) = self.names_below(outer).cloned() else {
            return;
        };
        let source = self.source.clone();
        self.keep(choice);
        let node = self.arena().get_mut(choice);
        let Some(stem) = node.name.strip_suffix("[x]") else {
            return;
        };
        let is_named = |it: &TypeFacts| {
            let mut endings = names.iter().filter_map(|name| name.strip_prefix(stem));
            endings.any(|ending| is_capital(ending, &it.code))
        };
        node.facts.types.retain(is_named);
        node.sources.types = Some(source);
    }
}
