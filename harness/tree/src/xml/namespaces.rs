//! Which prefix stands for which namespace at the place that is being read.
//! Namespaces in XML 1.0, third edition.

use super::tag::Fault;
use crate::arena::{Arena, NONE, XML_NAMESPACE, XML_PREFIX, flag, small};
use crate::error::ParseErrorKind as Problem;
use crate::kind::Form;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

const XMLNS: &str = "xmlns";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";
/// A bound on the work that looking up a prefix can be. Real documents have under ten.
const MOST_PREFIXES: usize = 100;
/// Elements with more attributes than this look for duplicates by hashing.
const FEW_ATTRIBUTES: usize = 12;

/// Stands for the namespace of declarations when looking for duplicates.
const DECLARATIONS: u32 = XML_PREFIX - 1;

/// The prefixes in scope, innermost last, and the default namespace.
///
/// A namespace is told by the first attribute that declares it, so that comparing two costs
/// nothing, however long their names are.
#[derive(Debug)]
pub(super) struct Scope<'s> {
    prefixes: Vec<(&'s str, u32)>,
    default: u32,
    first_declarations: HashMap<String, u32>,
}

/// What to go back to when an element ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    prefixes: usize,
    default: u32,
}

/// Whether the name of an attribute declares a namespace.
pub(super) fn declares(name: &str) -> bool {
    name.strip_prefix(XMLNS)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

impl<'s> Scope<'s> {
    pub(super) fn new() -> Self {
        Self {
            prefixes: Vec::new(),
            default: NONE,
            first_declarations: HashMap::new(),
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            prefixes: self.prefixes.len(),
            default: self.default,
        }
    }

    pub(super) fn leave(&mut self, mark: Mark) {
        self.prefixes.truncate(mark.prefixes);
        self.default = mark.default;
    }

    /// Takes in the declarations of an element whose attributes were all read, and binds the
    /// names of the element and its attributes.
    pub(super) fn enter(
        &mut self,
        arena: &mut Arena,
        source: &'s str,
        element: u32,
    ) -> Result<(), Fault> {
        // They are the last that were read.
        let attributes = element + 1..small(arena.nodes.len());
        let is_plain = |id| {
            let odd = flag::PREFIXED | flag::DECLARATION;
            arena.get(id).is_none_or(|raw| !raw.has(odd))
        };
        if attributes.len() < 2 && attributes.clone().all(is_plain) && is_plain(element) {
            // Nearly every element.
            arena.bind(element, self.default);
            return Ok(());
        }
        for id in attributes.clone() {
            if arena.get(id).is_some_and(|raw| raw.has(flag::DECLARATION)) {
                self.declare(arena, source, id)?;
            }
        }
        for id in std::iter::once(element).chain(attributes.clone()) {
            let binding = self.binding_of(arena, source, id)?;
            arena.bind(id, binding);
        }
        if attributes.len() > 1 {
            find_duplicates(arena, source, attributes)?;
        }
        Ok(())
    }

    fn declare(&mut self, arena: &Arena, source: &'s str, id: u32) -> Result<(), Fault> {
        let start = arena.get(id).map_or(0, |raw| raw.key_start() as usize);
        let invalid = Err((Problem::InvalidNamespace, start));
        let namespace = arena.text(source, id).unwrap_or_default();
        let name = arena.name(source, id);
        let Some((_, prefix)) = name.split_once(':') else {
            if namespace == XML_NAMESPACE || namespace == XMLNS_NAMESPACE {
                return invalid;
            }
            self.default = if namespace.is_empty() {
                NONE
            } else {
                self.first_declaration(namespace, id)
            };
            return Ok(());
        };
        match (prefix, namespace) {
            ("xml", XML_NAMESPACE) => Ok(()),
            ("xml" | XMLNS, _) | (_, "" | XML_NAMESPACE | XMLNS_NAMESPACE) => invalid,
            _ if self.prefixes.len() >= MOST_PREFIXES => Err((Problem::TooManyNamespaces, start)),
            _ => {
                let first = self.first_declaration(namespace, id);
                self.prefixes.push((prefix, first));
                Ok(())
            }
        }
    }

    fn first_declaration(&mut self, namespace: &str, id: u32) -> u32 {
        if let Some(first) = self.first_declarations.get(namespace) {
            return *first;
        }
        self.first_declarations.insert(namespace.to_owned(), id);
        id
    }

    fn binding_of(&self, arena: &Arena, source: &'s str, id: u32) -> Result<u32, Fault> {
        let Some(raw) = arena.get(id) else {
            return Ok(NONE);
        };
        if raw.has(flag::DECLARATION) {
            return Ok(NONE);
        }
        if !raw.has(flag::PREFIXED) {
            // The default namespace is not for attributes.
            return Ok(match raw.form {
                Form::Element => self.default,
                _ => NONE,
            });
        }
        let name = arena.name(source, id);
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        if prefix == "xml" {
            return Ok(XML_PREFIX);
        }
        let declared = self.prefixes.iter().rev().find(|(own, _)| *own == prefix);
        match declared {
            Some((_, id)) => Ok(*id),
            None => Err((Problem::UndeclaredPrefix, raw.key_start() as usize)),
        }
    }
}

/// Two attributes are the same if they are written alike, or have the same name in the same
/// namespace through different prefixes.
fn find_duplicates(arena: &Arena, source: &str, ids: Range<u32>) -> Result<(), Fault> {
    let mut many = HashSet::new();
    for id in ids.clone() {
        let name = expanded(arena, source, id);
        let is_duplicate = if ids.len() > FEW_ATTRIBUTES {
            !many.insert(name)
        } else {
            (ids.start..id).any(|other| expanded(arena, source, other) == name)
        };
        if is_duplicate {
            let start = arena.get(id).map_or(0, |raw| raw.key_start() as usize);
            return Err((Problem::DuplicateAttribute, start));
        }
    }
    Ok(())
}

/// The local name and namespace of an attribute.
fn expanded<'s>(arena: &Arena, source: &'s str, id: u32) -> (&'s str, u32) {
    let is_declaration = arena.get(id).is_some_and(|raw| raw.has(flag::DECLARATION));
    let namespace = if is_declaration {
        DECLARATIONS
    } else {
        arena.binding(id)
    };
    (arena.local(source, id), namespace)
}
