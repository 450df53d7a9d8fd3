//! Makes of a snapshot what is checked: for each element what it asks for beyond the base specification, and of a
//! slice what it asks for beyond all items. Not what tells slices apart: discriminate.rs.

use super::compiled::{
    Child, ExtensionRules, Given, Law, Node, Place, Profile, Range, Slice, Sliced, Target,
    TypeRule, parse,
};
use super::contexts;
use super::discriminate::Discriminators;
use super::name::Name;
use super::outline::{Group, Outline};
use crate::knowledge::Knowledge;
use plumbline_fhir::profile_facts::{
    BindingStrength, Bound, ContextKind, Discriminator, DiscriminatorKind, ElementFacts,
    InvariantFacts, Most, ProfileFacts, Rules, Slicing, TypeFacts, Value,
};
use plumbline_fhir::{Element, Shape, Strength, Type, TypeUse};
use plumbline_fhirpath::TypeInfo as _;
use plumbline_tree::{Limits, Tree};
use std::sync::Arc;

/// Where the elements of the base specification have their addresses.
pub(super) const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

/// What an element is compared with: the base specification, and of an item of a slice what holds for all items.
#[derive(Clone, Copy, Default)]
struct Ground<'o> {
    base: Option<Element<'static>>,
    /// The children that the base gives.
    shape: Option<Shape<'static>>,
    /// The element that the same items are judged by anyway.
    general: Option<usize>,
    /// Its facts.
    known: Option<&'o ElementFacts>,
}

/// Compiles one snapshot.
pub(super) struct Compiler<'c> {
    pub(super) knowledge: &'c Knowledge,
    pub(super) outline: &'c Arc<Outline>,
}

impl<'c> Compiler<'c> {
    pub(super) fn new(knowledge: &'c Knowledge, outline: &'c Arc<Outline>) -> Self {
        Self { knowledge, outline }
    }

    /// The whole profile.
    pub(super) fn profile(&self, of: &ProfileFacts, problems: Vec<String>) -> Profile {
        let shape = self
            .knowledge
            .definitions
            .type_named(&self.outline.of)
            .map(Type::shape);
        let ground = Ground {
            shape,
            ..Ground::default()
        };
        let extension = (self.outline.of == "Extension").then(|| self.extension(of));
        Profile {
            url: self.outline.url.clone(),
            title: self.outline.title.clone(),
            version: of.version.clone(),
            of: self.outline.of.clone(),
            type_id: self.knowledge.types.named(&self.outline.of),
            root: self.node(0, ground),
            extension,
            problems,
        }
    }

    fn extension(&self, of: &ProfileFacts) -> ExtensionRules {
        let contexts = contexts::of(of, self.knowledge.version());
        let contexts = contexts.into_iter().map(|context| Place {
            expression: (context.kind == ContextKind::Fhirpath).then(|| parse(&context.expression)),
            context,
        });
        let laws = of.context_invariants.iter();
        let laws = laws.map(|text| Law::new("", plumbline_fhir::Severity::Error, text));
        ExtensionRules {
            is_modifier: self.outline.facts(0).is_modifier,
            contexts: contexts.collect(),
            laws: laws.collect(),
            most: match self.outline.facts(0).max {
                Some(Most::Times(most)) => Some(most),
                Some(Most::Unlimited) | None => None,
            },
            parts: self.outline.fixed_urls(),
        }
    }

    fn node(&self, at: usize, ground: Ground<'_>) -> Node {
        let facts = self.outline.facts(at);
        let known = ground.known;
        let value = |value: &Option<Value>, known: Option<&Option<Value>>| {
            let is_new = known != Some(value);
            value
                .as_ref()
                .filter(|_| is_new)
                .and_then(|it| self.given(it))
        };
        Node {
            id: facts.id.clone(),
            path: stems(&facts.id),
            types: self.types(facts, ground),
            fixed: value(&facts.fixed, known.map(|it| &it.fixed)),
            pattern: value(&facts.pattern, known.map(|it| &it.pattern)),
            least: value(&facts.least, known.map(|it| &it.least)),
            greatest: value(&facts.greatest, known.map(|it| &it.greatest)),
            max_length: facts
                .max_length
                .filter(|_| known.is_none_or(|it| it.max_length != facts.max_length)),
            binding: binding(facts, ground),
            laws: self.laws(at, facts, ground),
            children: self.children(at, ground),
            again: None,
        }
    }

    /// A value as the profile gives it.
    pub(super) fn given(&self, value: &Value) -> Option<Given> {
        let tree = Tree::parse(value.json.clone().into_bytes(), &Limits::default()).ok()?;
        Some(Given {
            of: value.of.clone(),
            type_id: self.knowledge.types.named(&value.of),
            tree,
        })
    }

    fn children(&self, at: usize, ground: Ground<'_>) -> Vec<Child> {
        let mut children = Vec::new();
        for group in &self.outline.entry(at).groups {
            let general = ground
                .general
                .and_then(|it| self.outline.group(it, &group.name));
            let child = self.child(group, ground, general);
            let says_nothing =
                child.node.is_empty() && child.range.is_empty() && child.slicing.is_none();
            if !says_nothing {
                children.push(child);
            }
        }
        children
    }

    fn child(&self, group: &Group, around: Ground<'_>, general: Option<&Group>) -> Child {
        let stem = group.name.strip_suffix("[x]").unwrap_or(&group.name);
        let base = around.shape.and_then(|shape| {
            let mut all = shape.children();
            all.find(|it| it.name() == group.name || it.stem() == group.name)
        });
        let general = general.and_then(|it| it.all);
        let facts = group.all.map(|at| self.outline.facts(at));
        let ground = Ground {
            base,
            shape: shape_of(self.knowledge, base, facts),
            general,
            known: general.map(|at| self.outline.facts(at)),
        };
        let mut node = group
            .all
            .map(|at| self.node(at, ground))
            .unwrap_or_default();
        if let Some(content) = facts.and_then(|it| it.content.as_deref()) {
            self.content(content, &mut node, stem);
        }
        Child {
            name: Name::new(stem),
            range: facts.map(|facts| range(facts, ground)).unwrap_or_default(),
            node,
            slicing: self.slicing(group.all, &group.slices, stem, ground),
        }
    }

    /// What has the content of another element keeps to the conditions of that one too, and so does what is nested in
    /// it the same way.
    fn content(&self, content: &str, node: &mut Node, stem: &str) {
        let path = content.trim_start_matches('#');
        let Some(at) = self.outline.element_at(path) else {
            return;
        };
        let base = self.knowledge.definitions.element_at(path);
        let ground = Ground {
            base: base.map(plumbline_fhir::Child::element),
            ..Ground::default()
        };
        let laws = self.laws(at, self.outline.facts(at), ground);
        let is_known = |law: &Law, known: &[Law]| known.iter().any(|it| it.key == law.key);
        for law in laws {
            if !is_known(&law, &node.laws) {
                node.laws.push(law);
            }
        }
        let is_nested = node
            .id
            .strip_prefix(path)
            .is_some_and(|it| it.strip_prefix('.') == Some(stem));
        if is_nested && !node.laws.is_empty() {
            node.again = Some(Name::new(stem));
        }
    }

    /// Slices of the items of an element, or of a slice.
    fn slicing(
        &self,
        sliced: Option<usize>,
        members: &[usize],
        stem: &str,
        ground: Ground<'_>,
    ) -> Option<Sliced> {
        if members.is_empty() {
            return None;
        }
        let given = sliced.and_then(|at| self.outline.facts(at).slicing.clone());
        let is_type = self.is_choice(sliced, members);
        let given = given.unwrap_or(Slicing {
            rules: None,
            is_ordered: false,
            discriminators: Vec::new(),
        });
        let mut discriminators = given.discriminators;
        if discriminators.is_empty()
            && (is_type || stem == "extension" || stem == "modifierExtension")
        {
            discriminators.push(implied(is_type));
        }
        let mut all = Vec::new();
        let mut other = None;
        for at in members {
            let slice = self.slice(*at, sliced, stem, &discriminators, ground);
            if slice.name == "@default" {
                other = Some(Box::new(slice.node));
            } else {
                all.push(slice);
            }
        }
        Some(Sliced {
            rules: given.rules.unwrap_or(Rules::Open),
            is_ordered: given.is_ordered,
            is_needed: all
                .iter()
                .any(|it| it.min > 0 || it.inner.as_ref().is_some_and(|it| it.is_needed)),
            is_deep: all.iter().any(|it| it.inner.is_some()),
            slices: all,
            other,
        })
    }

    /// Whether each slice is one type of a choice.
    fn is_choice(&self, sliced: Option<usize>, all: &[usize]) -> bool {
        let path = |at: usize| self.outline.facts(at).path.ends_with("[x]");
        sliced.into_iter().chain(all.iter().copied()).any(path)
    }

    fn slice(
        &self,
        at: usize,
        sliced: Option<usize>,
        stem: &str,
        discriminators: &[Discriminator],
        around: Ground<'_>,
    ) -> Slice {
        let facts = self.outline.facts(at);
        let ground = Ground {
            base: around.base,
            shape: shape_of(self.knowledge, around.base, Some(facts)),
            general: sliced,
            known: sliced.map(|it| self.outline.facts(it)),
        };
        let tests = Discriminators { compiler: self }.tests(at, discriminators);
        let mut told_by = String::new();
        for test in &tests {
            test.fact.tell(&mut told_by);
        }
        let inner = &self.outline.entry(at).slices;
        Slice {
            name: facts
                .slice
                .clone()
                .unwrap_or_else(|| facts.id.rsplit(':').next().unwrap_or_default().to_owned()),
            min: facts.min.unwrap_or(0),
            max: match facts.max {
                Some(Most::Times(max)) => Some(max),
                Some(Most::Unlimited) | None => None,
            },
            told_by,
            is_by_set: tests.iter().any(|it| it.fact.has_set()),
            tests,
            node: self.node(at, ground),
            inner: self.slicing(Some(at), inner, stem, ground).map(Box::new),
        }
    }

    /// Types, if they say more than is known.
    fn types(&self, facts: &ElementFacts, ground: Ground<'_>) -> Option<Vec<TypeRule>> {
        let is_known =
            facts.types.is_empty() || ground.known.is_some_and(|it| it.types == facts.types);
        if is_known
            || ground
                .base
                .is_some_and(|base| is_of_base(&facts.types, base))
        {
            return None;
        }
        // Those of the root, and the values of primitives, are of the specification itself.
        let is_system = facts
            .types
            .iter()
            .any(|it| self.knowledge.types.named(&it.code).is_none());
        if is_system || ground.base.is_none() && !facts.path.contains('.') {
            return None;
        }
        Some(
            facts
                .types
                .iter()
                .map(|it| self.type_rule(it, ground))
                .collect(),
        )
    }

    fn type_rule(&self, facts: &TypeFacts, ground: Ground<'_>) -> TypeRule {
        let base = ground
            .base
            .and_then(|base| base.types().find(|it| it.of().name() == facts.code));
        let is_reference = facts.code == "Reference";
        let same_targets = base.is_some_and(|base| {
            let names: Vec<&str> = base.targets().map(Type::name).collect();
            names.len() == facts.targets.len()
                && facts
                    .targets
                    .iter()
                    .all(|it| it.strip_prefix(HL7).is_some_and(|it| names.contains(&it)))
        });
        let known = ground
            .known
            .and_then(|it| it.types.iter().find(|it| it.code == facts.code));
        let same_profiles = known.is_some_and(|it| it.profiles == facts.profiles)
            || base.and_then(TypeUse::profile).is_some_and(|it| {
                facts.profiles.len() == 1
                    && facts
                        .profiles
                        .iter()
                        .all(|url| url.strip_prefix(HL7) == Some(it.name()))
            });
        let same_targets = same_targets || known.is_some_and(|it| it.targets == facts.targets);
        // STU3 profiles that came from DSTU2 give the profile of the target in place of that of the reference.
        let is_target = |it: &&String| {
            is_reference
                && super::target::type_of(self.knowledge, it).is_some_and(|of| of != "Reference")
        };
        let (misplaced, profiles): (Vec<&String>, Vec<&String>) =
            facts.profiles.iter().partition(is_target);
        let mut targets = facts.targets.clone();
        targets.extend(misplaced.into_iter().cloned());
        let any = format!("{HL7}Resource");
        let is_any = targets.contains(&any);
        let target = |canonical: String| Target {
            of: super::target::type_of(self.knowledge, &canonical),
            is_base: super::target::base_type(self.knowledge, &canonical).is_some(),
            canonical,
        };
        let says_nothing = same_targets && targets.len() == facts.targets.len();
        TypeRule {
            name: facts.code.clone(),
            type_id: self.knowledge.types.named(&facts.code),
            profiles: if same_profiles {
                Vec::new()
            } else {
                profiles.into_iter().cloned().collect()
            },
            targets: if says_nothing || is_any || !is_reference {
                Vec::new()
            } else {
                targets.into_iter().map(target).collect()
            },
            aggregation: facts.aggregation.clone(),
        }
    }

    /// Invariants that neither the base has nor, of a slice, all items.
    fn laws(&self, at: usize, facts: &ElementFacts, ground: Ground<'_>) -> Vec<Law> {
        let mut known: Vec<&str> = vec!["ele-1", "ext-1"];
        if let Some(base) = ground.base {
            known.extend(base.invariants().map(|it| it.key));
        }
        let of_root = (at == 0).then_some(self.outline.of.as_str());
        let names = facts.types.iter().map(|it| it.code.as_str()).chain(of_root);
        for of in names.filter_map(|it| self.knowledge.definitions.type_named(it)) {
            known.extend(of.invariants().map(|it| it.key));
        }
        let is_new = |it: &&InvariantFacts| {
            let is_general = ground
                .known
                .is_some_and(|general| general.invariants.contains(it));
            !known.contains(&it.key.as_str()) && !is_general
        };
        let new = facts.invariants.iter().filter(is_new);
        let laws = new.filter_map(|it| {
            let text = it.expression.as_deref()?;
            Some(Law::new(&it.key, it.severity, text))
        });
        laws.collect()
    }
}

/// Whether the base says the same of the types.
fn is_of_base(types: &[TypeFacts], base: Element<'static>) -> bool {
    let count = base.types().len();
    let same = |it: &TypeFacts| {
        let Some(base) = base.types().find(|base| base.of().name() == it.code) else {
            return false;
        };
        let profile = base.profile().map(|it| format!("{HL7}{}", it.name()));
        let is_profile = it.profiles.is_empty()
            || profile.as_ref() == it.profiles.first() && it.profiles.len() == 1;
        let targets: Vec<&str> = base.targets().map(Type::name).collect();
        let is_target = it.targets.is_empty()
            || it.targets.len() == targets.len()
                && it
                    .targets
                    .iter()
                    .all(|it| it.strip_prefix(HL7).is_some_and(|it| targets.contains(&it)));
        is_profile && is_target && it.aggregation.is_empty()
    };
    types.len() == count && types.iter().all(same)
}

/// What tells slices apart where the profile need not say.
fn implied(is_type: bool) -> Discriminator {
    if is_type {
        return Discriminator {
            kind: DiscriminatorKind::Type,
            path: "$this".to_owned(),
        };
    }
    Discriminator {
        kind: DiscriminatorKind::Value,
        path: "url".to_owned(),
    }
}

/// The children that the base gives an element.
fn shape_of(
    known: &Knowledge,
    base: Option<Element<'static>>,
    facts: Option<&ElementFacts>,
) -> Option<Shape<'static>> {
    if let Some(own) = base.and_then(Element::inline_shape) {
        return Some(own);
    }
    let sole = match facts.map(|it| it.types.as_slice()) {
        Some([sole]) => known.definitions.type_named(&sole.code).map(Type::shape),
        Some(_) | None => None,
    };
    sole.or_else(|| base.and_then(Element::sole_type).map(TypeUse::shape))
}

/// How often, where that is narrower than what is known.
fn range(facts: &ElementFacts, ground: Ground<'_>) -> Range {
    let base_min = ground.base.map_or(0, Element::min);
    let base_max = ground.base.and_then(Element::max);
    let max = match facts.max {
        Some(Most::Times(max)) => Some(max),
        Some(Most::Unlimited) | None => None,
    };
    let is_known = |same: fn(&ElementFacts, &ElementFacts) -> bool| {
        ground.known.is_some_and(|known| same(known, facts))
    };
    Range {
        min: facts
            .min
            .filter(|it| *it > base_min && !is_known(|one, other| one.min == other.min)),
        max: max.filter(|it| {
            base_max.is_none_or(|base| *it < base) && !is_known(|one, other| one.max == other.max)
        }),
        base_min,
        base_max,
    }
}

/// The binding, if it says more than is known.
fn binding(facts: &ElementFacts, ground: Ground<'_>) -> Option<Bound> {
    let bound = facts.binding.as_ref()?;
    if ground
        .known
        .is_some_and(|it| it.binding.as_ref() == Some(bound))
    {
        return None;
    }
    let set = bound.value_set.as_deref()?;
    let of_base = ground.base.into_iter().flat_map(Element::bindings);
    let is_same = |url: &str| without_version(url) == without_version(set);
    let is_base = of_base.into_iter().any(|it| {
        let strength = match it.strength {
            Strength::Required => BindingStrength::Required,
            Strength::Extensible => BindingStrength::Extensible,
            Strength::Greatest => return false,
        };
        strength == bound.strength && is_same(it.value_set.url())
    });
    (!is_base || bound.greatest.is_some()).then(|| bound.clone())
}

/// An id without the names of slices.
fn stems(id: &str) -> String {
    let stems = id
        .split('.')
        .map(|part| part.split(':').next().unwrap_or(part));
    stems.collect::<Vec<&str>>().join(".")
}

/// The address of a canonical.
pub(super) fn without_version(canonical: &str) -> &str {
    canonical.split('|').next().unwrap_or(canonical)
}
