//! Every `StructureDefinition` of the base specification as lines of text; profiles/_fhir/README.md has the format.
//! Not for value sets: sets.rs.

use super::structure::{Constraint, Element, Structure, TypeEntry};
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const STRUCTURES: &str = "http://hl7.org/fhir/StructureDefinition/";
const VALUE_SETS: &str = "http://hl7.org/fhir/ValueSet/";
/// The element whose types are those of an open choice.
const OPEN_CHOICE: &str = "value[x]";

/// The facts about types as text, and what they lead to.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Primitives, datatypes and the profiles of datatypes that elements name.
    pub(super) datatypes: String,
    /// Resources.
    pub(super) resources: String,
    /// The value sets that elements are bound to, with their versions where given.
    pub(super) bindings: BTreeMap<String, BTreeSet<Option<String>>>,
    /// What was written.
    pub(super) counts: Counts,
}

/// How many of each were written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    /// Primitive types.
    pub(super) primitives: usize,
    /// Datatypes, the abstract ones among them.
    pub(super) datatypes: usize,
    /// Profiles of datatypes.
    pub(super) profiles: usize,
    /// Resources, the abstract ones among them.
    pub(super) resources: usize,
    /// Elements, not counting inherited ones.
    pub(super) elements: usize,
    /// Invariants, not counting inherited ones.
    pub(super) invariants: usize,
}

/// The facts of all types of one version of FHIR.
pub(super) fn facts(structures: &[Structure]) -> Result<Facts> {
    let mut writer = Writer::new(structures)?;
    let mut order: Vec<&Structure> = writer.types.values().copied().collect();
    order.sort_by_key(|it| {
        (
            it.kind == "resource",
            it.kind != "primitive-type",
            it.is_constraint(),
            it.name(),
        )
    });
    let mut facts = Facts::default();
    for structure in order {
        let text = writer
            .type_text(structure)
            .with_context(|| format!("StructureDefinition {}", structure.name()))?;
        let counts = &mut writer.counts;
        let (place, count) = match structure.kind.as_str() {
            "resource" => (&mut facts.resources, &mut counts.resources),
            "primitive-type" => (&mut facts.datatypes, &mut counts.primitives),
            _ if structure.is_constraint() => (&mut facts.datatypes, &mut counts.profiles),
            _ => (&mut facts.datatypes, &mut counts.datatypes),
        };
        place.push_str(&text);
        *count += 1;
    }
    facts
        .datatypes
        .insert_str(0, &format!("choice {}\n", writer.open_choice));
    for line in facts.datatypes.lines().chain(facts.resources.lines()) {
        let counts = &mut writer.counts;
        match line.trim_start().split(' ').next() {
            Some("^") => counts.invariants += 1,
            Some("~") => {}
            _ if line.starts_with(' ') => counts.elements += 1,
            _ => {}
        }
    }
    facts.bindings = writer.bindings;
    facts.counts = writer.counts;
    Ok(facts)
}

struct Writer<'s> {
    types: BTreeMap<&'s str, &'s Structure>,
    open_choice: String,
    bindings: BTreeMap<String, BTreeSet<Option<String>>>,
    counts: Counts,
}

impl<'s> Writer<'s> {
    fn new(structures: &'s [Structure]) -> Result<Self> {
        let mut types: BTreeMap<&str, &Structure> = BTreeMap::new();
        for structure in structures {
            if structure.kind != "logical" && !structure.is_constraint() {
                types.insert(structure.name(), structure);
            }
        }
        let named: BTreeSet<&str> = types
            .values()
            .flat_map(|it| it.elements())
            .flat_map(|element| &element.types)
            .flat_map(TypeEntry::profiles)
            .filter_map(|url| url.strip_prefix(STRUCTURES))
            .collect();
        for structure in structures {
            if structure.is_constraint() && named.contains(structure.name()) {
                types.insert(structure.name(), structure);
            }
        }
        let mut writer = Self {
            types,
            open_choice: String::new(),
            bindings: BTreeMap::new(),
            counts: Counts::default(),
        };
        let extension = writer.structure("Extension")?;
        let value = extension
            .elements()
            .iter()
            .find(|element| element.tail() == OPEN_CHOICE)
            .context("Extension has no value[x]")?;
        writer.open_choice = writer.types_text(value)?;
        Ok(writer)
    }

    fn structure(&self, name: &str) -> Result<&'s Structure> {
        self.types
            .get(name)
            .copied()
            .with_context(|| format!("there is no StructureDefinition {name}"))
    }

    fn type_text(&mut self, structure: &Structure) -> Result<String> {
        let (root, rest) = structure
            .elements()
            .split_first()
            .context("it has no snapshot")?;
        let word = match structure.kind.as_str() {
            "resource" => "resource",
            "primitive-type" => "primitive",
            "complex-type" if structure.is_constraint() => "profile",
            "complex-type" => "datatype",
            other => bail!("kind {other}"),
        };
        let mut text = if structure.is_abstract {
            "abstract ".to_owned()
        } else {
            String::new()
        };
        write!(text, "{word} {}", structure.name())?;
        if let Some(base) = structure.base() {
            write!(text, " < {base}")?;
        }
        text.push_str(&bindings_text(root)?);
        text.push('\n');
        self.count_bindings(root);
        let inherited = match structure.base() {
            Some(base) => self.structure(base)?.elements(),
            None => &[],
        };
        let known = inherited.first().map_or(&[][..], |it| &it.constraint);
        text.push_str(&invariants_text(&root.constraint, known, 1)?);
        if word == "primitive" {
            text.push_str(&pattern(rest)?);
        }
        text.push_str(&self.children_text(rest, inherited)?);
        Ok(text)
    }

    /// The elements that the base type does not have, or not so.
    fn children_text(&mut self, elements: &[Element], inherited: &[Element]) -> Result<String> {
        let mut given = BTreeMap::new();
        for element in inherited.iter().skip(1) {
            if self.is_value_of_primitive(element) {
                continue;
            }
            given.insert(element.tail(), self.element_text(element)?);
        }
        in_order(elements, inherited)?;
        let mut text = String::new();
        for element in elements {
            if self.is_value_of_primitive(element) {
                continue;
            }
            let lines = self.element_text(element)?;
            if given.get(element.tail()) == Some(&lines)
                || self.is_of_inline_base(element, &lines, elements)?
            {
                continue;
            }
            self.count_bindings(element);
            text.push_str(&lines);
        }
        Ok(text)
    }

    fn is_value_of_primitive(&self, element: &Element) -> bool {
        let owner = element.path.split('.').next().unwrap_or_default();
        let is_primitive = self
            .types
            .get(owner)
            .is_some_and(|it| it.kind == "primitive-type");
        is_primitive && element.tail() == "value"
    }

    /// Whether it is a child that an element with children of its own has from `Element` or `BackboneElement`.
    fn is_of_inline_base(&self, element: &Element, lines: &str, all: &[Element]) -> Result<bool> {
        let Some((parent, name)) = element.path.rsplit_once('.') else {
            return Ok(false);
        };
        let Some(parent) = all.iter().find(|it| it.path == parent) else {
            return Ok(false);
        };
        let [only] = parent.types.as_slice() else {
            bail!("{} has children and not one type", parent.path);
        };
        let base = self.structure(&only.fhir_type()?)?;
        let Some(given) = base.elements().iter().find(|it| it.tail() == name) else {
            return Ok(false);
        };
        let depth = element.path.matches('.').count();
        let same = self.element_text_at(given, depth)? == lines;
        ensure!(same, "{} is not as in {}", element.path, base.name());
        Ok(true)
    }

    fn element_text(&self, element: &Element) -> Result<String> {
        self.element_text_at(element, element.path.matches('.').count())
    }

    fn element_text_at(&self, element: &Element, depth: usize) -> Result<String> {
        let mut text = "  ".repeat(depth);
        write!(text, "{} {}..{}", element.name(), element.min, element.max)?;
        if element.max != "0" {
            let types = self
                .types_text(element)
                .with_context(|| element.path.clone())?;
            let shown = if !self.open_choice.is_empty() && types == self.open_choice {
                "*"
            } else {
                &types
            };
            write!(text, " {shown}")?;
            if element.is_modifier {
                text.push_str(" ?!");
            }
            if element.representation.iter().any(|it| it == "xmlAttr") {
                text.push_str(" :attr");
            }
            text.push_str(&bindings_text(element)?);
        }
        text.push('\n');
        let known = self.invariants_of_types(element)?;
        text.push_str(&invariants_text(&element.constraint, &known, depth + 1)?);
        Ok(text)
    }

    fn types_text(&self, element: &Element) -> Result<String> {
        if let Some(reference) = &element.content_reference {
            let path = reference
                .strip_prefix('#')
                .context("a content reference without #")?;
            return Ok(format!("@{path}"));
        }
        let mut seen: Vec<(String, Vec<String>, Vec<String>)> = Vec::new();
        for entry in &element.types {
            let code = self.corrected(element, entry.fhir_type()?);
            self.structure(&code)?;
            let mut profiles = self.names(entry.profiles())?;
            let mut targets = self.names(entry.targets())?;
            match seen.iter_mut().find(|(name, _, _)| *name == code) {
                Some((_, known_profiles, known_targets)) => {
                    known_profiles.append(&mut profiles);
                    known_targets.append(&mut targets);
                }
                None => seen.push((code, profiles, targets)),
            }
        }
        ensure!(!seen.is_empty(), "it has no type");
        let mut words = Vec::new();
        for (code, profiles, targets) in seen {
            let mut word = code;
            if !profiles.is_empty() {
                write!(word, "{{{}}}", profiles.join("|"))?;
            }
            if !targets.is_empty() {
                write!(word, "({})", targets.join("|"))?;
            }
            words.push(word);
        }
        Ok(words.join(" "))
    }

    /// The packages of R4 call the id of a resource a string; the specification, and STU3, an id.
    fn corrected(&self, element: &Element, code: String) -> String {
        let owner = element.path.split('.').next().unwrap_or_default();
        let is_resource = self
            .types
            .get(owner)
            .is_some_and(|it| it.kind == "resource");
        if is_resource && element.tail() == "id" && code == "string" {
            return "id".to_owned();
        }
        code
    }

    fn names(&self, urls: &[String]) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for url in urls {
            let name = url
                .strip_prefix(STRUCTURES)
                .with_context(|| format!("{url} is not of the base specification"))?;
            self.structure(name)?;
            names.push(name.to_owned());
        }
        Ok(names)
    }

    fn count_bindings(&mut self, element: &Element) {
        for (_, url) in bound(element) {
            let version = url.split_once('|').map(|(_, version)| version.to_owned());
            self.bindings
                .entry(without_version(&url).to_owned())
                .or_default()
                .insert(version);
        }
    }

    /// The invariants that an element has because of its types.
    fn invariants_of_types(&self, element: &Element) -> Result<Vec<Constraint>> {
        let mut known = Vec::new();
        for entry in &element.types {
            let name = entry.fhir_type()?;
            let profiles = self.names(entry.profiles())?;
            for name in profiles.iter().chain([&name]) {
                let root = self.structure(name)?.elements().first();
                known.extend(
                    root.into_iter()
                        .flat_map(|it| it.constraint.iter().cloned()),
                );
            }
        }
        if let Some(reference) = &element.content_reference {
            let path = reference.trim_start_matches('#');
            let owner = path.split('.').next().unwrap_or_default();
            let all = self.structure(owner)?.elements();
            let target = all.iter().find(|it| it.path == path);
            let target = target.with_context(|| format!("there is no element {path}"))?;
            known.extend(target.constraint.iter().cloned());
        }
        Ok(known)
    }
}

fn bindings_text(element: &Element) -> Result<String> {
    let mut text = String::new();
    for (mark, url) in bound(element) {
        let key = without_version(&url);
        let key = key.strip_prefix(VALUE_SETS).unwrap_or(key);
        ensure!(!key.contains(char::is_whitespace), "{url} has white space");
        write!(text, " {mark}{key}")?;
    }
    Ok(text)
}

fn invariants_text(all: &[Constraint], known: &[Constraint], depth: usize) -> Result<String> {
    let mut text = String::new();
    for constraint in all {
        let same = |it: &&Constraint| it.key == constraint.key;
        if let Some(other) = known.iter().find(same) {
            ensure!(
                other.expression == constraint.expression && other.severity == constraint.severity,
                "invariant {} is not as in its type: {} / {}",
                constraint.key,
                constraint.expression,
                other.expression
            );
            continue;
        }
        ensure!(
            !constraint.expression.is_empty(),
            "invariant {} has no expression",
            constraint.key
        );
        let line = &constraint.expression;
        ensure!(
            line.trim() == line && !line.contains(['\n', '\r', '\t']),
            "invariant {} does not fit on a line",
            constraint.key
        );
        let severity = constraint.severity()?;
        writeln!(
            text,
            "{}^ {} {severity} {line}",
            "  ".repeat(depth),
            constraint.key
        )?;
    }
    Ok(text)
}

fn pattern(elements: &[Element]) -> Result<String> {
    let value = elements.iter().find(|element| element.tail() == "value");
    let pattern = value
        .and_then(|element| element.types.first())
        .and_then(TypeEntry::pattern);
    match pattern {
        Some(pattern) => {
            ensure!(
                pattern.trim() == pattern && !pattern.contains('\n'),
                "pattern {pattern:?}"
            );
            Ok(format!("  ~ {pattern}\n"))
        }
        None => Ok(String::new()),
    }
}

/// The bindings that matter: marks as in the text, and the addresses.
fn bound(element: &Element) -> Vec<(char, String)> {
    let Some(binding) = &element.binding else {
        return Vec::new();
    };
    let mut bound = Vec::new();
    let mark = match binding.strength.as_str() {
        "required" => Some('!'),
        "extensible" => Some('+'),
        _ => None,
    };
    if let (Some(mark), Some(url)) = (mark, binding.url()) {
        bound.push((mark, url.to_owned()));
    }
    if let Some(url) = binding.greatest() {
        bound.push(('<', url));
    }
    bound
}

pub(super) fn without_version(url: &str) -> &str {
    url.split_once('|').map_or(url, |(url, _)| url)
}

/// Inherited elements come first and in the same order, so that the order of a type follows from its base.
fn in_order(elements: &[Element], inherited: &[Element]) -> Result<()> {
    for (element, given) in elements.iter().zip(inherited.iter().skip(1)) {
        ensure!(
            element.tail() == given.tail(),
            "{} stands where the base type has {}",
            element.path,
            given.path
        );
    }
    ensure!(
        elements.len() + 1 >= inherited.len(),
        "it has fewer elements than its base type"
    );
    Ok(())
}

#[cfg(test)]
mod tests;
