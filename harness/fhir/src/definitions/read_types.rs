//! Reads types and their elements from their texts. Not for what follows from other types: link.rs.

use super::element::{Severity, Strength};
use super::error::DefinitionsError;
use super::facts::Text;
use super::line::{TextLine, lines};
use super::rows::{
    BindingRow, Content, ElementRow, Id, InvariantRow, Owner, ShapeRow, Span, Tables, TypeRow,
    TypeUseRow, next_id,
};
use super::types::TypeKind;
use std::cmp::Ordering;

const VALUE_SETS: &str = "http://hl7.org/fhir/ValueSet/";
/// Every type that Extension.value[x] may have.
const OPEN_CHOICE: &str = "*";

/// Notes the name of every type of the text, so that elements can point to types that come later.
pub(super) fn names(tables: &mut Tables, text: Text, file: usize) -> Result<(), DefinitionsError> {
    for line in lines(text, file) {
        let line = line?;
        if line.depth > 0 || line.text.starts_with("choice ") {
            continue;
        }
        let name = Head::of(line)?.name;
        let id = next_id(&tables.type_names);
        tables.type_names.push((name, id));
    }
    Ok(())
}

/// Adds the types of the text to the tables; their names are there already.
pub(super) fn read(
    tables: &mut Tables,
    open_choice: &mut Option<Span>,
    text: Text,
    file: usize,
) -> Result<(), DefinitionsError> {
    let mut reader = Reader {
        tables,
        open_choice,
        scopes: Vec::new(),
        last: None,
    };
    let mut end = None;
    for line in lines(text, file) {
        let line = line?;
        reader.line(line)?;
        end = Some(line);
    }
    if let Some(line) = end {
        reader.close(0, line)?;
    }
    Ok(())
}

/// The first line of a type.
struct Head {
    is_abstract: bool,
    kind: TypeKind,
    name: &'static str,
    base: Option<&'static str>,
    bindings: &'static str,
}

impl Head {
    fn of(line: TextLine) -> Result<Self, DefinitionsError> {
        let wrong = || line.error("not `[abstract] KIND NAME [< BASE] [BINDING …]`");
        let rest = line.text.strip_prefix("abstract ");
        let is_abstract = rest.is_some();
        let (kind, rest) = rest
            .unwrap_or(line.text)
            .split_once(' ')
            .ok_or_else(wrong)?;
        let kind = match kind {
            "primitive" => TypeKind::Primitive,
            "datatype" => TypeKind::Datatype,
            "profile" => TypeKind::Profile,
            "resource" => TypeKind::Resource,
            _ => return Err(wrong()),
        };
        let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let (base, bindings) = match rest.strip_prefix("< ") {
            Some(rest) => {
                let (base, bindings) = rest.split_once(' ').unwrap_or((rest, ""));
                (Some(base), bindings)
            }
            None => (None, rest),
        };
        if !is_name(name) {
            return Err(wrong());
        }
        Ok(Self {
            is_abstract,
            kind,
            name,
            base,
            bindings,
        })
    }
}

/// Something that is being read, with the children found so far.
struct Scope {
    owner: Owner,
    children: Vec<Id>,
}

struct Reader<'t> {
    tables: &'t mut Tables,
    open_choice: &'t mut Option<Span>,
    /// The type, and the elements that the last line stands in.
    scopes: Vec<Scope>,
    /// What invariants belong to, if the next line holds one.
    last: Option<Owner>,
}

impl Reader<'_> {
    fn line(&mut self, line: TextLine) -> Result<(), DefinitionsError> {
        if line.depth == 0 {
            self.close(0, line)?;
            return match line.text.strip_prefix("choice ") {
                Some(types) => self.choice(types, line),
                None => self.head(line),
            };
        }
        if let Some(rest) = line.text.strip_prefix("^ ") {
            return self.invariant(rest, line);
        }
        if let Some(pattern) = line.text.strip_prefix("~ ") {
            return self.pattern(pattern, line);
        }
        self.close(line.depth, line)?;
        self.element(line)
    }

    /// Ends everything that stands at this depth or deeper.
    fn close(&mut self, depth: usize, line: TextLine) -> Result<(), DefinitionsError> {
        while self.scopes.len() > depth {
            let Some(scope) = self.scopes.pop() else {
                break;
            };
            let start = next_id(&self.tables.own);
            self.tables.own.extend(&scope.children);
            let own = Span::since(start, &self.tables.own);
            match scope.owner {
                Owner::Type(id) => self.tables.types[id as usize].own = own,
                Owner::Element(id) => self.tables.elements[id as usize].own = own,
            }
        }
        if self.scopes.len() < depth {
            return Err(line.error("it stands too deep"));
        }
        Ok(())
    }

    fn choice(&mut self, types: &'static str, line: TextLine) -> Result<(), DefinitionsError> {
        if self.open_choice.is_some() {
            return Err(line.error("the open choice is there already"));
        }
        let start = next_id(&self.tables.type_uses);
        for word in types.split(' ') {
            self.type_use(word, line)?;
        }
        *self.open_choice = Some(Span::since(start, &self.tables.type_uses));
        Ok(())
    }

    fn head(&mut self, line: TextLine) -> Result<(), DefinitionsError> {
        let head = Head::of(line)?;
        let id = next_id(&self.tables.types);
        if self.tables.type_id(head.name) != Some(id) {
            return Err(line.error(format!("there are two types `{}`", head.name)));
        }
        let base = match head.base {
            Some(base) => Some(self.type_named(base, line)?),
            None => None,
        };
        let start = next_id(&self.tables.bindings);
        for word in head.bindings.split(' ').filter(|word| !word.is_empty()) {
            self.binding(word, line)?;
        }
        let bindings = Span::since(start, &self.tables.bindings);
        let none = Span::since(next_id(&self.tables.invariants), &self.tables.invariants);
        self.tables.types.push(TypeRow {
            name: head.name,
            kind: head.kind,
            is_abstract: head.is_abstract,
            base,
            pattern: None,
            bindings,
            invariants: none,
            own: Span::default(),
            shape: ShapeRow::default(),
            line: line.place,
        });
        self.open(Owner::Type(id));
        Ok(())
    }

    fn open(&mut self, owner: Owner) {
        self.scopes.push(Scope {
            owner,
            children: Vec::new(),
        });
        self.last = Some(owner);
    }

    fn element(&mut self, line: TextLine) -> Result<(), DefinitionsError> {
        let (name, rest) = line.first_word()?;
        let (range, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let (min, max) = cardinality(range)
            .ok_or_else(|| line.error(format!("`{range}` is no range such as 0..1 or 1..*")))?;
        if !is_name(name.strip_suffix("[x]").unwrap_or(name)) {
            return Err(line.error(format!("`{name}` is no name of an element")));
        }
        let mut row = ElementRow {
            name,
            owner: Owner::Type(0),
            min,
            max,
            is_modifier: false,
            is_attribute: false,
            types: Span::default(),
            bindings: Span::default(),
            invariants: Span::since(next_id(&self.tables.invariants), &self.tables.invariants),
            own: Span::default(),
            content: Content::OfType,
            reference: None,
            line: line.place,
        };
        self.types_and_marks(&mut row, rest, line)?;
        let id = next_id(&self.tables.elements);
        let Some(parent) = self.scopes.last_mut() else {
            return Err(line.error("an element outside a type"));
        };
        parent.children.push(id);
        row.owner = parent.owner;
        self.tables.elements.push(row);
        self.open(Owner::Element(id));
        Ok(())
    }

    /// What follows the range: types first, then marks.
    fn types_and_marks(
        &mut self,
        row: &mut ElementRow,
        rest: &'static str,
        line: TextLine,
    ) -> Result<(), DefinitionsError> {
        let first_type = next_id(&self.tables.type_uses);
        let first_binding = next_id(&self.tables.bindings);
        let mut has_marks = false;
        for word in rest.split(' ').filter(|word| !word.is_empty()) {
            let is_mark = match word {
                "?!" => {
                    row.is_modifier = true;
                    true
                }
                ":attr" => {
                    row.is_attribute = true;
                    true
                }
                _ if word.starts_with(['!', '+', '<']) => {
                    self.binding(word, line)?;
                    true
                }
                _ => false,
            };
            if !is_mark && has_marks {
                return Err(line.error(format!("the type `{word}` stands behind a mark")));
            }
            has_marks |= is_mark;
            if is_mark {
                continue;
            }
            if word == OPEN_CHOICE {
                row.types = self
                    .open_choice
                    .ok_or_else(|| line.error("no line `choice …` says what `*` is"))?;
            } else if let Some(path) = word.strip_prefix('@') {
                row.reference = Some(path);
            } else {
                self.type_use(word, line)?;
            }
        }
        let types = Span::since(first_type, &self.tables.type_uses);
        let kinds = usize::from(!row.types.range().is_empty())
            + usize::from(row.reference.is_some())
            + usize::from(!types.range().is_empty());
        let is_removed = row.max == Some(0);
        if kinds != usize::from(!is_removed) {
            return Err(
                line.error("an element has types, or `*`, or `@PATH`, and with 0..0 none of them")
            );
        }
        if !types.range().is_empty() {
            row.types = types;
        }
        let is_choice = row.name.ends_with("[x]");
        if !is_removed && !is_choice && row.types.range().len() > 1 {
            return Err(line.error("only a name that ends with [x] has more than one type"));
        }
        row.bindings = Span::since(first_binding, &self.tables.bindings);
        Ok(())
    }

    /// `Type`, `Type{Profile}` or `Type(Target|Target)`.
    fn type_use(&mut self, word: &'static str, line: TextLine) -> Result<(), DefinitionsError> {
        let start = next_id(&self.tables.targets);
        let mut rest = word;
        if let Some((before, targets)) = rest.split_once('(') {
            let targets = targets
                .strip_suffix(')')
                .ok_or_else(|| line.error(format!("`{word}` has no closing bracket")))?;
            for target in targets.split('|') {
                let id = self.type_named(target, line)?;
                self.tables.targets.push(id);
            }
            rest = before;
        }
        let mut profile = None;
        if let Some((before, name)) = rest.split_once('{') {
            let name = name
                .strip_suffix('}')
                .ok_or_else(|| line.error(format!("`{word}` has no closing brace")))?;
            profile = Some(self.type_named(name, line)?);
            rest = before;
        }
        let type_id = self.type_named(rest, line)?;
        self.tables.type_uses.push(TypeUseRow {
            type_id,
            profile,
            targets: Span::since(start, &self.tables.targets),
        });
        Ok(())
    }

    fn type_named(&self, name: &str, line: TextLine) -> Result<Id, DefinitionsError> {
        self.tables
            .type_id(name)
            .ok_or_else(|| line.error(format!("there is no type `{name}`")))
    }

    fn binding(&mut self, word: &'static str, line: TextLine) -> Result<(), DefinitionsError> {
        let (mark, key) = word.split_at(1);
        let strength = match mark {
            "!" => Strength::Required,
            "+" => Strength::Extensible,
            "<" => Strength::Greatest,
            _ => return Err(line.error(format!("`{word}` is no binding"))),
        };
        let sets = &self.tables.sets;
        let at = sets
            .binary_search_by(|set| compare(set.url, key))
            .map_err(|_| line.error(format!("there is no value set `{key}`")))?;
        self.tables.bindings.push(BindingRow {
            strength,
            set: Id::try_from(at).unwrap_or(Id::MAX),
        });
        Ok(())
    }

    fn invariant(&mut self, rest: &'static str, line: TextLine) -> Result<(), DefinitionsError> {
        let owner = self.followed(line)?;
        let mut parts = rest.splitn(3, ' ');
        let (Some(key), Some(severity), Some(expression)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(line.error("not `^ KEY SEVERITY EXPRESSION`"));
        };
        let severity = Severity::from_word(severity)
            .ok_or_else(|| line.error(format!("no severity is called `{severity}`")))?;
        self.tables.invariants.push(InvariantRow {
            key,
            severity,
            expression,
        });
        let span = match owner {
            Owner::Type(id) => &mut self.tables.types[id as usize].invariants,
            Owner::Element(id) => &mut self.tables.elements[id as usize].invariants,
        };
        *span = Span::since(span.first(), &self.tables.invariants);
        Ok(())
    }

    fn pattern(&mut self, pattern: &'static str, line: TextLine) -> Result<(), DefinitionsError> {
        match self.followed(line)? {
            Owner::Type(id) if self.tables.type_row(id).kind == TypeKind::Primitive => {
                self.tables.types[id as usize].pattern = Some(pattern);
                Ok(())
            }
            Owner::Type(_) | Owner::Element(_) => Err(line.error("only a primitive has a pattern")),
        }
    }

    /// The type or element right above this line.
    fn followed(&self, line: TextLine) -> Result<Owner, DefinitionsError> {
        match self.last {
            Some(owner) if self.scopes.len() == line.depth => Ok(owner),
            _ => Err(line.error("it does not stand right below a type or an element")),
        }
    }
}

/// Compares the address of a set with a key, which is an address or the last part of one.
fn compare(url: &str, key: &str) -> Ordering {
    if key.contains("://") {
        return url.cmp(key);
    }
    match url.strip_prefix(VALUE_SETS) {
        Some(end) => end.cmp(key),
        None => url.cmp(VALUE_SETS),
    }
}

fn cardinality(range: &str) -> Option<(u32, Option<u32>)> {
    let (min, max) = range.split_once("..")?;
    let min = min.parse().ok()?;
    let max = match max {
        "*" => None,
        number => Some(number.parse().ok()?),
    };
    max.is_none_or(|max| min <= max).then_some((min, max))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
