//! The facts of one version as the `FHIRPath` engine asks for them. Not for facts that it does not ask for.

use crate::definitions::{Definitions, Element, FhirVersion, Shape, Type, TypeUse};
use plumbline_fhirpath::{ChildType, SystemType, TypeId, TypeInfo};
use plumbline_tree::by_length;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A type, or the content that an element defines for itself.
struct Row {
    name: &'static str,
    ancestry: Vec<TypeId>,
    primitive: Option<SystemType>,
    shape: Shape<'static>,
    /// Found out when it is asked for first: few types are.
    links: OnceLock<Links>,
}

/// What the children of a type are, each list by the length of names and by name.
struct Links {
    children: Box<[(&'static str, ChildType)]>,
    /// The types of choices, with their names.
    choices: Box<[(&'static str, Choice)]>,
}

/// The types of a choice.
type Choice = Box<[(&'static str, TypeId)]>;

impl Links {
    fn child(&self, name: &str) -> Option<ChildType> {
        found(&self.children, name).copied()
    }
}

fn found<'r, T>(rows: &'r [(&'static str, T)], name: &str) -> Option<&'r T> {
    let at = rows.binary_search_by_key(&by_length(name), |it| by_length(it.0));
    let at = at.ok()?;
    rows.get(at).map(|it| &it.1)
}

/// The type of a choice that is named with this ending.
fn chosen(choice: &Choice, ending: &str) -> Option<TypeId> {
    let found = choice.iter().find(|(name, _)| is_ending(ending, name));
    found.map(|it| it.1)
}

/// The types of one version of FHIR.
pub struct TypeTable {
    rows: Vec<Row>,
    by_name: HashMap<&'static str, TypeId>,
    inline: HashMap<usize, TypeId>,
}

impl std::fmt::Debug for TypeTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("TypeTable");
        shown
            .field("types", &self.rows.len())
            .finish_non_exhaustive()
    }
}

/// Whether this is the name of a type as it ends a choice: with a capital letter.
fn is_ending(ending: &str, name: &str) -> bool {
    let (ending, name) = (ending.as_bytes(), name.as_bytes());
    ending.len() == name.len()
        && ending.first().copied() == name.first().map(u8::to_ascii_uppercase)
        && ending.get(1..) == name.get(1..)
}

impl TypeTable {
    /// The types of a version, put together once.
    pub fn of(version: FhirVersion) -> &'static Self {
        static R4: OnceLock<TypeTable> = OnceLock::new();
        static STU3: OnceLock<TypeTable> = OnceLock::new();
        let slot = match version {
            FhirVersion::Stu3 => &STU3,
            FhirVersion::R4 => &R4,
        };
        slot.get_or_init(|| Self::new(Definitions::of(version)))
    }

    /// The children that a type has.
    pub fn shape(&self, of: TypeId) -> Option<Shape<'static>> {
        self.row(of).map(|row| row.shape)
    }

    /// The type that content which an element defines for itself has; of a reference to content, that of its target.
    pub fn inline(&self, element: Element<'_>) -> Option<TypeId> {
        let owner = element.content_reference().unwrap_or(element);
        self.inline.get(&owner.number()).copied()
    }

    fn new(definitions: &'static Definitions) -> Self {
        let mut table = Self {
            rows: Vec::new(),
            by_name: HashMap::new(),
            inline: HashMap::new(),
        };
        for of in definitions.types() {
            table.add_type(of);
        }
        let shapes: Vec<Shape<'static>> = table.rows.iter().map(|row| row.shape).collect();
        for shape in shapes {
            table.add_inline(shape);
        }
        table
    }

    fn next(&self) -> TypeId {
        // There are a few thousand.
        TypeId(u32::try_from(self.rows.len()).unwrap_or(u32::MAX))
    }

    fn row(&self, of: TypeId) -> Option<&Row> {
        self.rows.get(of.0 as usize)
    }

    fn add(
        &mut self,
        name: &'static str,
        base: Option<TypeId>,
        primitive: Option<SystemType>,
        shape: Shape<'static>,
    ) -> TypeId {
        let id = self.next();
        let base = base.and_then(|base| self.row(base));
        let mut ancestry = base.map_or(Vec::new(), |base| base.ancestry.clone());
        ancestry.push(id);
        self.rows.push(Row {
            name,
            ancestry,
            primitive,
            shape,
            links: OnceLock::new(),
        });
        id
    }

    fn add_type(&mut self, of: Type<'static>) -> TypeId {
        if let Some(known) = self.by_name.get(of.name()) {
            return *known;
        }
        let base = of.base().map(|base| self.add_type(base));
        let primitive = SystemType::of_primitive(of.name());
        let id = self.add(of.name(), base, primitive, of.shape());
        self.by_name.insert(of.name(), id);
        id
    }

    /// The contents that elements define for themselves, all the way down.
    fn add_inline(&mut self, shape: Shape<'static>) {
        for element in shape.children() {
            let Some(own) = element.inline_shape() else {
                continue;
            };
            let number = element.number();
            if element.content_reference().is_some() || self.inline.contains_key(&number) {
                continue;
            }
            let name = element.sole_type().map_or("Element", |it| it.of().name());
            let base = self.by_name.get(name).copied();
            let id = self.add(name, base, None, own);
            self.inline.insert(number, id);
            self.add_inline(own);
        }
    }

    fn child_type(
        &self,
        element: Element<'static>,
        of: Option<Type<'static>>,
    ) -> Option<ChildType> {
        if let Some(id) = self.inline(element) {
            return Some(ChildType::Sole(id));
        }
        let name = of.map_or("Element", Type::name);
        if name == "Resource" {
            return Some(ChildType::Resource);
        }
        self.by_name.get(name).copied().map(ChildType::Sole)
    }

    fn links(&self, of: TypeId) -> Option<&Links> {
        let row = self.row(of)?;
        Some(row.links.get_or_init(|| self.link(row.shape)))
    }

    fn link(&self, shape: Shape<'static>) -> Links {
        let mut children = Vec::with_capacity(shape.len());
        let mut choices = Vec::new();
        for element in shape.children() {
            let child = if element.is_choice() {
                let types = element.types().map(|it| it.of().name());
                let known = types.filter_map(|it| Some((it, *self.by_name.get(it)?)));
                choices.push((element.stem(), known.collect()));
                Some(ChildType::Choice)
            } else {
                self.child_type(element, element.types().next().map(TypeUse::of))
            };
            children.extend(child.map(|child| (element.stem(), child)));
        }
        children.sort_by_key(|it: &(&str, ChildType)| by_length(it.0));
        choices.sort_by_key(|it: &(&str, Choice)| by_length(it.0));
        Links {
            children: children.into(),
            choices: choices.into(),
        }
    }
}

impl TypeInfo for TypeTable {
    fn named(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    fn name(&self, of: TypeId) -> &str {
        self.row(of).map_or("", |row| row.name)
    }

    fn is_a(&self, of: TypeId, ancestor: TypeId) -> bool {
        self.row(of)
            .is_some_and(|row| row.ancestry.contains(&ancestor))
    }

    fn primitive(&self, of: TypeId) -> Option<SystemType> {
        self.row(of)?.primitive
    }

    fn child(&self, of: TypeId, name: &str) -> Option<ChildType> {
        self.links(of)?.child(name)
    }

    fn choice(&self, of: TypeId, stem: &str, ending: &str) -> Option<TypeId> {
        chosen(found(&self.links(of)?.choices, stem)?, ending)
    }

    fn child_in_instance(&self, of: TypeId, name: &str) -> Option<ChildType> {
        let links = self.links(of)?;
        match links.child(name) {
            Some(ChildType::Choice) => None,
            Some(child) => Some(child),
            None => links.choices.iter().find_map(|(stem, choice)| {
                let ending = name.strip_prefix(stem)?;
                chosen(choice, ending).map(ChildType::Sole)
            }),
        }
    }
}
