//! The facts of one version, laid out for the walk: one step from a name to all that is asked of its element.
//! Made once from [`Definitions`]. Not for facts that the walk does not need often.

use super::codes::{Codes, SetNumbers};
use super::entries::EntryPlan;
use super::invariant::{RuleNumbers, RuleSets};
use super::key::{Key, NONE, small, table};
use super::primitive::Primitive;
use super::survey::{CodeHolder, HolderNames};
use crate::definitions::{Binding, Child, Definitions, FhirVersion, Invariant, Shape, Type};
use crate::type_table::TypeTable;
use plumbline_fhirpath::{TypeId, TypeInfo as _};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What an element is, as far as it is treated in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Primitive(Primitive),
    Resource,
    Extension,
    Reference,
    Concept,
    Coding,
    Identifier,
    Meta,
    Attachment,
    /// A quantity whose unit is bound.
    Unit,
    /// Any other datatype, and the parts of resources.
    Other,
}

/// One child of a shape; of a choice, one type of it.
#[derive(Clone, Copy)]
pub(super) struct ChildPlan<'d> {
    /// The name without type.
    pub(super) stem: &'static str,
    /// The type of a choice.
    pub(super) chosen: Option<&'static str>,
    /// The shape that it is a child of, and its name in an instance.
    key: Key,
    /// The shape of what it holds; none for a resource.
    pub(super) shape: u32,
    /// The place in its own shape.
    pub(super) position: u32,
    /// The most that there may be; `u32::MAX` is without limit.
    pub(super) max: u32,
    /// Where counts of its codes are kept; none without binding.
    pub(super) bound: u32,
    pub(super) kind: Kind,
    /// It may repeat, so that JSON has an array.
    pub(super) repeats: bool,
    pub(super) is_attribute: bool,
    /// Its children are its own, not those of its type.
    pub(super) is_inline: bool,
    /// What holds a code with its system, for the survey.
    pub(super) codes: Option<CodeHolder>,
    /// Its type for `FHIRPath`; none if the facts are not those inside the binary.
    pub(super) type_id: Option<TypeId>,
    /// Its invariants; none if it has none that are judged as such.
    pub(super) rules: u32,
    /// All else.
    pub(super) child: Child<'d>,
}

/// Children that single datatypes are judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Code,
    Data,
    Extension,
    Hash,
    Reference,
    Size,
    System,
    Text,
    Type,
    Url,
}

const KNOWN: [(Known, &str); 10] = [
    (Known::Code, "code"),
    (Known::Data, "data"),
    (Known::Extension, "extension"),
    (Known::Hash, "hash"),
    (Known::Reference, "reference"),
    (Known::Size, "size"),
    (Known::System, "system"),
    (Known::Text, "text"),
    (Known::Type, "type"),
    (Known::Url, "url"),
];

/// The children of a shape with no more than this can be the bits of a number.
pub(super) const MOST_PLAIN: u32 = u64::BITS;

/// The children that one body may have.
pub(super) struct ShapePlan<'d> {
    pub(super) shape: Shape<'d>,
    /// How many there are, choices counted once.
    pub(super) len: u32,
    /// Positions and least numbers of those that are required.
    pub(super) required: Vec<(u32, u32)>,
    /// Their positions as bits; every bit if they must be counted, since one is not enough.
    pub(super) required_bits: u64,
    /// The numbers of its [`Known`] children.
    known: [u32; KNOWN.len()],
}

/// What the codes of a child are bound to.
pub(super) struct BoundPlan<'d> {
    /// The path of the element.
    pub(super) path: Box<str>,
    /// Its own bindings, then those of its type.
    pub(super) bindings: Vec<BindingPlan<'d>>,
}

/// A binding, and its set among [`Plan::codes`].
#[derive(Clone, Copy)]
pub(super) struct BindingPlan<'d> {
    pub(super) binding: Binding<'d>,
    pub(super) set: u32,
}

/// A resource that an instance can be.
#[derive(Clone, Copy)]
pub(super) struct ResourcePlan<'d> {
    key: Key,
    pub(super) of: Type<'d>,
    pub(super) shape: u32,
    /// Its type for `FHIRPath`; none if the facts are not those inside the binary.
    pub(super) type_id: Option<TypeId>,
    /// Its invariants; none if it has none that are judged as such.
    pub(super) rules: u32,
}

/// The facts of one version.
pub(super) struct Plan<'d> {
    pub(super) definitions: &'d Definitions,
    /// The types for `FHIRPath`; none if the facts are not those inside the binary.
    pub(super) types: Option<&'static TypeTable>,
    pub(super) children: Vec<ChildPlan<'d>>,
    pub(super) shapes: Vec<ShapePlan<'d>>,
    resources: Vec<ResourcePlan<'d>>,
    /// Their numbers, in the manner of `table`.
    resource_table: Vec<u32>,
    /// Numbers of children, by a hash of shape and name; a power of two long, and at most half full.
    table: Vec<u32>,
    /// The children that have codes which are counted, by [`ChildPlan::bound`].
    pub(super) bound: Vec<BoundPlan<'d>>,
    /// The codes of all sets that something is bound to.
    pub(super) codes: Codes<'d>,
    /// The invariants of all places, by [`ChildPlan::rules`].
    pub(super) rules: RuleSets<'d>,
    /// The entries of bundles.
    pub(super) entry: Option<EntryPlan>,
    /// The number of `ElementDefinition.id`.
    pub(super) definition_id: Option<u32>,
    /// What the elements of extensions are called, for the survey.
    pub(super) holder_names: HolderNames,
}

impl<'d> Plan<'d> {
    /// The plan of the facts inside the binary, made once.
    pub(super) fn embedded(version: FhirVersion) -> &'static Plan<'static> {
        static R4: OnceLock<Plan<'static>> = OnceLock::new();
        static STU3: OnceLock<Plan<'static>> = OnceLock::new();
        let slot = match version {
            FhirVersion::Stu3 => &STU3,
            FhirVersion::R4 => &R4,
        };
        slot.get_or_init(|| Plan::new(Definitions::of(version)))
    }

    pub(super) fn new(definitions: &'d Definitions) -> Self {
        let is_embedded = std::ptr::eq(definitions, Definitions::of(definitions.version()));
        let mut plan = Self {
            definitions,
            types: is_embedded.then(|| TypeTable::of(definitions.version())),
            children: Vec::new(),
            shapes: Vec::new(),
            resources: Vec::new(),
            resource_table: Vec::new(),
            table: Vec::new(),
            bound: Vec::new(),
            codes: Codes::default(),
            rules: RuleSets::default(),
            entry: None,
            definition_id: None,
            holder_names: HolderNames::default(),
        };
        let mut numbers = Numbers::default();
        for of in definitions.types() {
            let shape = plan.shape(of.shape(), Origin::Type(of.name()), &mut numbers);
            if of.is_resource() && !of.is_abstract() {
                let key = Key::new(0, of.name());
                let type_id = plan.types.and_then(|types| types.named(of.name()));
                let rules =
                    plan.rule_set(of.invariants(), (shape, of.shape()), type_id, &mut numbers);
                plan.resources.push(ResourcePlan {
                    key,
                    of,
                    shape,
                    type_id,
                    rules,
                });
            }
        }
        // Filling a shape may find others, which are added at the end.
        let mut next = 0;
        while next < plan.shapes.len() {
            plan.fill(next, &mut numbers);
            next += 1;
        }
        plan.index();
        plan.entry = EntryPlan::of(&plan);
        let definition = *numbers.slot(Origin::Type("ElementDefinition"));
        plan.definition_id = plan.child(definition, "id").map(|(number, _)| number);
        plan
    }

    /// The child of a name in JSON or XML.
    pub(super) fn child(&self, shape: u32, name: &str) -> Option<(u32, &ChildPlan<'d>)> {
        let key = Key::new(shape, name);
        let mask = self.table.len() - 1;
        let mut at = key.hash() as usize & mask;
        loop {
            let number = *self.table.get(at)?;
            if number == NONE {
                return None;
            }
            let child = &self.children[number as usize];
            // The key of a short name is the name.
            if child.key == key && (key.is_whole() || child.is_named(name)) {
                return Some((number, child));
            }
            at = (at + 1) & mask;
        }
    }

    /// The number of a known child of a shape.
    pub(super) fn known(&self, shape: u32, name: Known) -> Option<u32> {
        let shape = self.shapes.get(shape as usize)?;
        let number = *shape.known.get(name as usize)?;
        (number != NONE).then_some(number)
    }

    /// The bindings of a child; none if it has none.
    pub(super) fn bindings(&self, child: &ChildPlan<'_>) -> &[BindingPlan<'d>] {
        let bound = self.bound.get(child.bound as usize);
        bound.map_or(&[], |bound| &bound.bindings)
    }

    pub(super) fn resource(&self, name: &str) -> Option<ResourcePlan<'d>> {
        let key = Key::new(0, name);
        let mask = self.resource_table.len() - 1;
        let mut at = key.hash() as usize & mask;
        loop {
            let number = *self.resource_table.get(at)?;
            let found = self.resources.get(number as usize)?;
            if found.key == key && (key.is_whole() || found.of.name() == name) {
                return Some(*found);
            }
            at = (at + 1) & mask;
        }
    }
}

/// What a shape is known by while the plan is made.
#[derive(Debug, Clone, Copy)]
enum Origin {
    Type(&'static str),
    /// The number of an element with children of its own.
    Element(usize),
}

/// The numbers of shapes that are known while the plan is made.
#[derive(Default)]
struct Numbers {
    types: HashMap<&'static str, u32>,
    elements: Vec<u32>,
    sets: SetNumbers,
    rules: RuleNumbers,
}

impl Numbers {
    fn slot(&mut self, origin: Origin) -> &mut u32 {
        match origin {
            Origin::Type(name) => self.types.entry(name).or_insert(NONE),
            Origin::Element(number) => {
                if self.elements.len() <= number {
                    self.elements.resize(number + 1, NONE);
                }
                &mut self.elements[number]
            }
        }
    }
}

impl<'d> Plan<'d> {
    /// The number of a shape, which is made if it is new.
    fn shape(&mut self, shape: Shape<'d>, origin: Origin, numbers: &mut Numbers) -> u32 {
        let slot = numbers.slot(origin);
        if *slot == NONE {
            *slot = small(self.shapes.len());
            let required = shape.children().enumerate();
            let required = required.filter(|(_, element)| element.min() > 0);
            let required: Vec<(u32, u32)> = required
                .map(|(at, element)| (small(at), element.min()))
                .collect();
            self.shapes.push(ShapePlan {
                shape,
                len: small(shape.len()),
                required_bits: bits(&required),
                required,
                known: [NONE; KNOWN.len()],
            });
        }
        *slot
    }

    /// The number of the set of invariants. Without types there is nothing to evaluate them with.
    fn rule_set(
        &mut self,
        invariants: impl Iterator<Item = Invariant>,
        shape: (u32, Shape<'d>),
        of: Option<TypeId>,
        numbers: &mut Numbers,
    ) -> u32 {
        let Some(types) = self.types else { return NONE };
        let known = &mut numbers.rules;
        self.rules.number(invariants, shape, types, of, known)
    }

    /// Makes the children of a shape.
    fn fill(&mut self, owner: usize, numbers: &mut Numbers) {
        let Some(shape) = self.shapes.get(owner).map(|it| it.shape) else {
            return;
        };
        let is_concept = *numbers.slot(Origin::Type("CodeableConcept")) == small(owner);
        for element in shape.children() {
            if !element.is_choice() {
                if let Some(child) = shape.child(element.name()) {
                    self.add(child, element.name(), small(owner), is_concept, numbers);
                }
                continue;
            }
            for of in element.types() {
                let name = composed(element.stem(), of.of().name());
                if let Some(child) = shape.child(&name) {
                    self.add(child, &name, small(owner), is_concept, numbers);
                }
            }
        }
    }

    fn add(
        &mut self,
        child: Child<'d>,
        name: &str,
        owner: u32,
        is_concept: bool,
        numbers: &mut Numbers,
    ) {
        let element = child.element();
        let (Some(type_use), Some(shape)) = (child.type_use(), child.shape()) else {
            return;
        };
        let of = type_use.of();
        let is_inline = element.inline_shape().is_some();
        let origin = if is_inline {
            let chain = std::iter::successors(Some(element), |it| it.content_reference());
            Origin::Element(chain.last().unwrap_or(element).number())
        } else {
            Origin::Type(type_use.profile().unwrap_or(of).name())
        };
        let has_binding = element.bindings().chain(of.bindings()).next().is_some();
        let kind = if is_inline {
            Kind::Other
        } else {
            kind(of, has_binding)
        };
        let is_counted = match kind {
            Kind::Concept => true,
            // The codings of a concept are judged together.
            Kind::Coding => !is_concept,
            Kind::Primitive(_) | Kind::Unit => has_binding,
            Kind::Resource
            | Kind::Extension
            | Kind::Reference
            | Kind::Identifier
            | Kind::Meta
            | Kind::Attachment
            | Kind::Other => false,
        };
        let mut bound = NONE;
        if is_counted {
            bound = small(self.bound.len());
            let codes = &mut self.codes;
            let bindings = element.bindings().chain(of.bindings());
            let bindings = bindings.map(|binding| BindingPlan {
                binding,
                set: codes.number(binding.value_set, &mut numbers.sets),
            });
            self.bound.push(BoundPlan {
                path: element.path().into_boxed_str(),
                bindings: bindings.collect(),
            });
        }
        let held = shape;
        let shape = match kind {
            Kind::Resource => NONE,
            _ => self.shape(shape, origin, numbers),
        };
        let type_id = self.types.and_then(|types| {
            let inline = is_inline.then(|| types.inline(element)).flatten();
            inline.or_else(|| types.named(of.name()))
        });
        let rules = if kind == Kind::Resource {
            NONE
        } else {
            let narrow = type_use.profile().unwrap_or(of);
            let all = narrow.invariants().chain(element.invariants());
            self.rule_set(all, (shape, held), type_id, numbers)
        };
        self.children.push(ChildPlan {
            stem: element.stem(),
            chosen: element.is_choice().then(|| of.name()),
            key: Key::new(owner, name),
            shape,
            position: small(child.position()),
            max: element.max().unwrap_or(u32::MAX),
            bound,
            kind,
            repeats: element.is_repeating(),
            is_attribute: element.is_attribute(),
            is_inline,
            codes: CodeHolder::of(of.name()).filter(|_| !is_inline),
            type_id,
            rules,
            child,
        });
    }

    fn index(&mut self) {
        self.codes.index();
        self.table = table(self.children.iter().map(|child| child.key.hash()));
        self.resource_table = table(self.resources.iter().map(|it| it.key.hash()));
        for at in 0..self.shapes.len() {
            for (known, name) in KNOWN {
                if let Some((number, _)) = self.child(small(at), name) {
                    self.shapes[at].known[known as usize] = number;
                }
            }
        }
    }
}

/// See [`ShapePlan::required_bits`].
fn bits(required: &[(u32, u32)]) -> u64 {
    let bit =
        |(position, min): &(u32, u32)| (*min == 1 && *position < MOST_PLAIN).then(|| 1 << position);
    required
        .iter()
        .try_fold(0, |bits, it| Some(bits | bit(it)?))
        .unwrap_or(u64::MAX)
}

fn kind(of: Type<'_>, has_binding: bool) -> Kind {
    if of.is_primitive() {
        return Kind::Primitive(Primitive::of(of.name()));
    }
    match of.name() {
        "Resource" => Kind::Resource,
        "Extension" => Kind::Extension,
        "Reference" => Kind::Reference,
        "CodeableConcept" => Kind::Concept,
        "Coding" => Kind::Coding,
        "Identifier" => Kind::Identifier,
        "Meta" => Kind::Meta,
        "Attachment" => Kind::Attachment,
        _ if has_binding && of.is_a("Quantity") => Kind::Unit,
        _ => Kind::Other,
    }
}

impl ChildPlan<'_> {
    /// Whether it is a primitive with invariants.
    pub(super) fn has_own_rules(&self) -> bool {
        self.rules != NONE && matches!(self.kind, Kind::Primitive(_))
    }

    /// Whether this is its name in an instance.
    fn is_named(&self, name: &str) -> bool {
        let Some(chosen) = self.chosen else {
            return self.stem == name;
        };
        let Some(rest) = name.strip_prefix(self.stem) else {
            return false;
        };
        let (rest, chosen) = (rest.as_bytes(), chosen.as_bytes());
        rest.len() == chosen.len()
            && rest.first().copied() == chosen.first().map(u8::to_ascii_uppercase)
            && rest.get(1..) == chosen.get(1..)
    }
}

/// The name of a choice with its type.
fn composed(stem: &str, of: &str) -> String {
    let mut name = stem.to_owned();
    let mut letters = of.chars();
    name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    name.push_str(letters.as_str());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::TypeUse;

    #[test]
    fn the_plan_finds_what_the_definitions_find_and_nothing_else() {
        for version in FhirVersion::ALL {
            let plan = Plan::embedded(version);
            let mut longest = 0;
            for (number, shape) in plan.shapes.iter().enumerate() {
                let number = small(number);
                for element in shape.shape.children() {
                    let stem = element.stem();
                    let mut names = vec![stem.to_owned(), format!("{stem}s"), stem.to_uppercase()];
                    names.extend(element.types().map(|it| composed(stem, it.of().name())));
                    names.push(format!("{stem}String"));
                    for name in names {
                        let wanted = shape.shape.child(&name);
                        let found = plan.child(number, &name).map(|(_, it)| it.child);
                        assert_eq!(
                            found.map(|it| (it.position(), it.type_use().map(TypeUse::of))),
                            wanted.map(|it| (it.position(), it.type_use().map(TypeUse::of))),
                            "{name}"
                        );
                    }
                }
            }
            let mut run = 0;
            for slot in &plan.table {
                run = if *slot == NONE { 0 } else { run + 1 };
                longest = longest.max(run);
            }
            assert!(longest < 40, "{version}: {longest} neighbours in the table");
        }
    }
}
