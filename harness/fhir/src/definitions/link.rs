//! Works out what follows from other types: inherited children, children of references to content.
//! Not for reading text.

use super::error::DefinitionsError;
use super::facts::Texts;
use super::rows::{Content, Id, Line, NameRow, Owner, ShapeRow, Span, Tables, next_id};

/// Fills in the shapes of types and elements.
pub(super) fn link(tables: &mut Tables, texts: &Texts) -> Result<(), DefinitionsError> {
    let mut linker = Linker {
        is_done: vec![false; tables.types.len()],
        tables,
        texts,
    };
    for id in 0..next_id(&linker.tables.types) {
        linker.type_shape(id, 0)?;
    }
    for id in 0..next_id(&linker.tables.elements) {
        linker.inline(id)?;
    }
    for id in 0..next_id(&linker.tables.elements) {
        linker.reference(id)?;
    }
    Ok(())
}

struct Linker<'t> {
    is_done: Vec<bool>,
    tables: &'t mut Tables,
    texts: &'t Texts,
}

impl Linker<'_> {
    fn error(&self, line: Line, problem: String) -> DefinitionsError {
        DefinitionsError {
            file: self.texts.all()[line.file].name,
            line: line.number,
            problem,
        }
    }

    /// The shape of a type, after that of its base. `above` counts the types that wait for this one.
    fn type_shape(&mut self, id: Id, above: usize) -> Result<ShapeRow, DefinitionsError> {
        let row = self.tables.type_row(id);
        if self.is_done[id as usize] {
            return Ok(row.shape);
        }
        let (own, base, line) = (row.own, row.base, row.line);
        if above > self.tables.types.len() {
            return Err(self.error(line, "it derives from itself".to_owned()));
        }
        let inherited = match base {
            Some(base) => self.type_shape(base, above + 1)?,
            None => ShapeRow::default(),
        };
        let shape = self.shape(inherited, own)?;
        self.tables.types[id as usize].shape = shape;
        self.is_done[id as usize] = true;
        Ok(shape)
    }

    fn inline(&mut self, id: Id) -> Result<(), DefinitionsError> {
        let row = self.tables.element(id);
        if row.own.range().is_empty() {
            return Ok(());
        }
        let (own, line) = (row.own, row.line);
        let [only] = &self.tables.type_uses[row.types.range()] else {
            return Err(self.error(line, "an element with children has one type".to_owned()));
        };
        let inherited = self.tables.type_row(only.type_id).shape;
        let shape = self.shape(inherited, own)?;
        self.tables.elements[id as usize].content = Content::Inline(shape);
        Ok(())
    }

    /// Inherited children first; one of the same name takes the place of the inherited one, or with 0..0 removes it.
    fn shape(&mut self, inherited: ShapeRow, own: Span) -> Result<ShapeRow, DefinitionsError> {
        if own.range().is_empty() {
            return Ok(inherited);
        }
        let start = next_id(&self.tables.children);
        let own: Vec<Id> = self.tables.own[own.range()].to_vec();
        let mut children: Vec<Id> = self.tables.children[inherited.children.range()].to_vec();
        for id in own {
            let row = self.tables.element(id);
            let place = children
                .iter()
                .position(|&known| self.tables.element(known).name == row.name);
            match (place, row.max) {
                (Some(place), Some(0)) => {
                    children.remove(place);
                }
                (Some(place), _) if self.tables.element(children[place]).owner == row.owner => {
                    return Err(
                        self.error(row.line, format!("there are two elements `{}`", row.name))
                    );
                }
                (Some(place), _) => children[place] = id,
                (None, Some(0)) => {
                    return Err(self.error(
                        row.line,
                        format!("no inherited element is called `{}`", row.name),
                    ));
                }
                (None, _) => children.push(id),
            }
        }
        self.tables.children.append(&mut children);
        Ok(self.by_name(Span::since(start, &self.tables.children)))
    }

    fn by_name(&mut self, children: Span) -> ShapeRow {
        let rows = &self.tables.children[children.range()];
        let named = (0..).zip(rows).map(|(position, &element)| NameRow {
            name: self.tables.element(element).name,
            element,
            position,
        });
        let is_choice = |row: &NameRow| row.name.ends_with("[x]");
        let (choices, mut named): (Vec<_>, Vec<_>) = named.partition(is_choice);
        named.sort_unstable_by(|left, right| left.cmp_name(right.name));
        let mut add = |mut rows: Vec<NameRow>| {
            let start = next_id(&self.tables.by_name);
            self.tables.by_name.append(&mut rows);
            Span::since(start, &self.tables.by_name)
        };
        ShapeRow {
            children,
            named: add(named),
            choices: add(choices),
        }
    }

    fn reference(&mut self, id: Id) -> Result<(), DefinitionsError> {
        let row = self.tables.element(id);
        let Some(path) = row.reference else {
            return Ok(());
        };
        let Some(target) = self.find(path) else {
            return Err(self.error(row.line, format!("there is no element `{path}`")));
        };
        if !matches!(self.tables.element(target).content, Content::Inline(_)) {
            return Err(self.error(row.line, format!("`{path}` has no children of its own")));
        }
        self.tables.elements[id as usize].content = Content::Of(target);
        Ok(())
    }

    fn find(&self, path: &str) -> Option<Id> {
        let mut parts = path.split('.');
        let mut owner = Owner::Type(self.tables.type_id(parts.next()?)?);
        for name in parts {
            let own = match owner {
                Owner::Type(id) => self.tables.type_row(id).own,
                Owner::Element(id) => self.tables.element(id).own,
            };
            let found = self.tables.own[own.range()]
                .iter()
                .find(|&&id| self.tables.element(id).name == name)?;
            owner = Owner::Element(*found);
        }
        match owner {
            Owner::Element(id) => Some(id),
            Owner::Type(_) => None,
        }
    }
}
