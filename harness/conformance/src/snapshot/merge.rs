//! What a differential says of an element, put over what its base says. Not for finding the element: apply.rs.

use super::Sources;
use super::apply::Applying;
use super::arena::{Arena, Id};
use super::problem::Cause;
use plumbline_fhir::profile_facts::{ElementFacts, InvariantFacts, Most, Slicing, TypeFacts};

impl Applying<'_, '_> {
    /// Puts what is said over what is there.
    pub(super) fn merge(&mut self, id: Id, said: &ElementFacts) {
        self.keep(id);
        self.types(id, said);
        let own = self.source.clone();
        let source = Some(own.clone());
        let node = self.arena().get_mut(id);
        let (facts, sources) = (&mut node.facts, &mut node.sources);
        if said.min.is_some() {
            (facts.min, sources.min) = (said.min, source.clone());
        }
        if said.max.is_some() {
            (facts.max, sources.max) = (said.max, source.clone());
        }
        if said.fixed.is_some() {
            facts.fixed.clone_from(&said.fixed);
            sources.fixed.clone_from(&source);
        }
        if said.pattern.is_some() {
            facts.pattern.clone_from(&said.pattern);
            sources.pattern.clone_from(&source);
        }
        if said.least.is_some() {
            facts.least.clone_from(&said.least);
            sources.range.clone_from(&source);
        }
        if said.greatest.is_some() {
            facts.greatest.clone_from(&said.greatest);
            sources.range.clone_from(&source);
        }
        if said.max_length.is_some() {
            (facts.max_length, sources.max_length) = (said.max_length, source.clone());
        }
        if said.binding.is_some() {
            facts.binding.clone_from(&said.binding);
            sources.binding.clone_from(&source);
        }
        if said.is_must_support {
            facts.is_must_support = true;
            sources.must_support.clone_from(&source);
        }
        facts.is_modifier |= said.is_modifier;
        if said.content.is_some() && facts.content.is_none() && facts.types.is_empty() {
            facts.content.clone_from(&said.content);
        }
        if let Some(said) = &said.slicing {
            facts.slicing = Some(slicing(facts.slicing.take(), said));
            sources.slicing = source;
        }
        for said in &said.invariants {
            invariant(&mut facts.invariants, said, &own);
        }
    }

    /// The types take the place of those that were there, unless the base does not allow them.
    fn types(&mut self, id: Id, said: &ElementFacts) {
        if said.types.is_empty() {
            return;
        }
        let node = self.whole.arena.get(id);
        let known = &node.facts.types;
        let is_new = known.is_empty() && node.facts.content.is_none();
        let mut types: Vec<TypeFacts> = Vec::new();
        let mut wrong = Vec::new();
        for of in &said.types {
            // What the specification calls a system type is the value of a primitive, which has its type already.
            if of.code.starts_with("http://hl7.org/fhirpath/") {
                continue;
            }
            if is_new || known.iter().any(|it| self.is_kind_of(&of.code, &it.code)) {
                types.push(of.clone());
            } else {
                wrong.push(of.code.clone());
            }
        }
        if node.facts.content.is_some() {
            return;
        }
        for code in wrong {
            self.list(said, Cause::WrongType { code });
        }
        let source = self.source.clone();
        let node = self.whole.arena.get(id);
        if types.is_empty() || types == node.facts.types {
            return;
        }
        let is_other = !node.facts.types.iter().any(|it| {
            let mut all = types.iter();
            all.any(|new| new.code == it.code && new.profiles == it.profiles)
        });
        let is_silent = is_other && is_silent(&self.whole.arena, id);
        let node = self.arena().get_mut(id);
        if is_silent {
            node.children.clear();
            node.is_unfolded = false;
        }
        node.facts.types = types;
        node.sources.types = Some(source);
        self.extension(id);
    }

    /// An extension says of itself how often it may stand in one place; a profile may say less.
    fn extension(&mut self, id: Id) {
        let node = self.whole.arena.get(id);
        let [only] = node.facts.types.as_slice() else {
            return;
        };
        let ([url], "Extension", Some(_)) = (
            only.profiles.as_slice(),
            only.code.as_str(),
            node.slice.as_ref(),
        ) else {
            return;
        };
        let library = self.work.library;
        let own = library.profile(url).and_then(|it| it.elements.first());
        let most = own.filter(|it| it.path == only.code).and_then(|it| it.max);
        if let Some(Most::Times(number)) = most
            && node.facts.max.is_none_or(|known| is_more(known, number))
        {
            let source = url.as_str().into();
            let node = self.arena().get_mut(id);
            (node.facts.max, node.sources.max) = (most, Some(source));
        }
    }

    /// Whether the first type is the second or derives from it.
    fn is_kind_of(&self, code: &str, above: &str) -> bool {
        let of = self.work.definitions.type_named(code);
        code == above || of.is_some_and(|it| it.is_a(above))
    }
}

fn is_more(most: Most, number: u32) -> bool {
    match most {
        Most::Times(known) => known > number,
        Most::Unlimited => true,
    }
}

/// Whether no profile says anything of what is below.
fn is_silent(arena: &Arena, id: Id) -> bool {
    let node = arena.get(id);
    let mut below = node.children.iter().chain(&node.slices);
    below.all(|id| {
        let node = arena.get(*id);
        let is_base = node.facts.invariants.iter().all(|it| it.source.is_none());
        node.sources == Sources::default() && is_base && is_silent(arena, *id)
    })
}

/// What is not said of a slicing stays.
fn slicing(known: Option<Slicing>, said: &Slicing) -> Slicing {
    let Some(known) = known else {
        return said.clone();
    };
    Slicing {
        rules: said.rules.or(known.rules),
        is_ordered: said.is_ordered,
        discriminators: if said.discriminators.is_empty() {
            known.discriminators
        } else {
            said.discriminators.clone()
        },
    }
}

/// Adds an invariant, unless it is there. One with a known key takes its place.
fn invariant(all: &mut Vec<InvariantFacts>, said: &InvariantFacts, source: &str) {
    let new = InvariantFacts {
        source: said.source.clone().or_else(|| Some(source.to_owned())),
        ..said.clone()
    };
    match all.iter_mut().find(|it| it.key == said.key) {
        Some(known) if known.expression == said.expression && known.severity == said.severity => {}
        Some(known) => *known = new,
        None => all.push(new),
    }
}
