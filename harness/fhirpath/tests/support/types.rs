//! The facts of `plumbline-fhir` as the engine asks for them. For the tests and the measurements of this crate only.

use plumbline_fhir::definitions::Shape;
use plumbline_fhir::{Definitions, Element, Type, TypeUse};
use plumbline_fhirpath::{ChildType, SystemType, TypeId, TypeInfo};
use std::collections::BTreeMap;

/// A type, or the content that an element defines for itself.
pub struct Row {
    name: &'static str,
    ancestry: Vec<TypeId>,
    primitive: Option<SystemType>,
    /// The children that it has.
    pub shape: Shape<'static>,
    children: BTreeMap<&'static str, ChildType>,
    choices: BTreeMap<&'static str, BTreeMap<String, TypeId>>,
}

/// One version of FHIR.
pub struct Facts {
    rows: Vec<Row>,
    by_name: BTreeMap<&'static str, TypeId>,
    inline: BTreeMap<usize, TypeId>,
}

fn ending(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

impl Facts {
    /// Builds the tables.
    pub fn new(definitions: &'static Definitions) -> Self {
        let mut facts = Self {
            rows: Vec::new(),
            by_name: BTreeMap::new(),
            inline: BTreeMap::new(),
        };
        for of in definitions.types() {
            facts.add_type(of);
        }
        for at in 0..facts.rows.len() {
            facts.add_inline(facts.rows[at].shape);
        }
        for at in 0..facts.rows.len() {
            facts.link(at);
        }
        facts
    }

    fn add(&mut self, row: Row) -> TypeId {
        let id = TypeId(u32::try_from(self.rows.len()).unwrap());
        self.rows.push(row);
        id
    }

    fn add_type(&mut self, of: Type<'static>) -> TypeId {
        if let Some(known) = self.by_name.get(of.name()) {
            return *known;
        }
        let mut ancestry = of.base().map_or(Vec::new(), |base| {
            let base = self.add_type(base);
            self.rows[base.0 as usize].ancestry.clone()
        });
        ancestry.push(TypeId(u32::try_from(self.rows.len()).unwrap()));
        let id = self.add(Row {
            name: of.name(),
            ancestry,
            primitive: SystemType::of_primitive(of.name()),
            shape: of.shape(),
            children: BTreeMap::new(),
            choices: BTreeMap::new(),
        });
        self.by_name.insert(of.name(), id);
        id
    }

    /// The contents that elements define for themselves, all the way down.
    fn add_inline(&mut self, shape: Shape<'static>) {
        for element in shape.children() {
            let Some(own) = element.inline_shape() else {
                continue;
            };
            if element.content_reference().is_some() || self.inline.contains_key(&element.number())
            {
                continue;
            }
            let base = element.sole_type().map_or("Element", |it| it.of().name());
            let base = self.by_name[base];
            let mut ancestry = self.rows[base.0 as usize].ancestry.clone();
            ancestry.push(TypeId(u32::try_from(self.rows.len()).unwrap()));
            let id = self.add(Row {
                name: self.rows[base.0 as usize].name,
                ancestry,
                primitive: None,
                shape: own,
                children: BTreeMap::new(),
                choices: BTreeMap::new(),
            });
            self.inline.insert(element.number(), id);
            self.add_inline(own);
        }
    }

    fn child_type(&self, element: Element<'static>, of: Option<Type<'static>>) -> ChildType {
        let owner = element.content_reference().unwrap_or(element);
        if let Some(id) = self.inline.get(&owner.number()) {
            return ChildType::Sole(*id);
        }
        let name = of.map_or("Element", Type::name);
        if name == "Resource" {
            return ChildType::Resource;
        }
        ChildType::Sole(self.by_name[name])
    }

    fn link(&mut self, at: usize) {
        let shape = self.rows[at].shape;
        for element in shape.children() {
            let child = if element.is_choice() {
                let types = element.types().map(|it| it.of().name());
                let endings = types.map(|name| (ending(name), self.by_name[name]));
                let endings = endings.collect();
                self.rows[at].choices.insert(element.stem(), endings);
                ChildType::Choice
            } else {
                self.child_type(element, element.types().next().map(TypeUse::of))
            };
            self.rows[at].children.insert(element.stem(), child);
        }
    }

    /// What is known of a type.
    pub fn row(&self, of: TypeId) -> &Row {
        &self.rows[of.0 as usize]
    }
}

impl TypeInfo for Facts {
    fn named(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    fn name(&self, of: TypeId) -> &str {
        self.row(of).name
    }

    fn is_a(&self, of: TypeId, ancestor: TypeId) -> bool {
        self.row(of).ancestry.contains(&ancestor)
    }

    fn primitive(&self, of: TypeId) -> Option<SystemType> {
        self.row(of).primitive
    }

    fn child(&self, of: TypeId, name: &str) -> Option<ChildType> {
        self.row(of).children.get(name).copied()
    }

    fn choice(&self, of: TypeId, stem: &str, ending: &str) -> Option<TypeId> {
        self.row(of).choices.get(stem)?.get(ending).copied()
    }

    fn child_in_instance(&self, of: TypeId, name: &str) -> Option<ChildType> {
        let row = self.row(of);
        match row.children.get(name) {
            Some(ChildType::Choice) => None,
            Some(child) => Some(*child),
            None => row.choices.iter().find_map(|(stem, endings)| {
                let ending = name.strip_prefix(stem)?;
                endings.get(ending).copied().map(ChildType::Sole)
            }),
        }
    }
}
