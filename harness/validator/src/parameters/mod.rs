//! `Parameters` against the `OperationDefinition` that the caller hands over: names, cardinalities, types, parts.
//! Not for inv-1, which is an invariant, nor for profiles on `Parameters`, which the profile engine judges.
//!
//! Which operation they are of is known if `meta.profile` is the input or output profile that the operation names (R4),
//! or if they are the body of an operation in a transaction or batch. Otherwise nothing is checked here.

mod operation;
pub(crate) mod rules;

use crate::named::shown;
use crate::reference::reading::{items, resource_in, resource_type, text, value};
use crate::reference::{Home, Index, spot};
use crate::report::Report;
use operation::{Operation, Parameter, Way, way_of};
use plumbline_fhir::{Definitions, Rule};
use plumbline_tree::Node;

/// How deep parameters may hold parts.
const MOST_DEPTH: usize = 32;

/// Reports what is wrong with the parameters of operations.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    for (_, home) in index.homes_of(["Parameters"]) {
        if let Some(operation) = operation_of(index, &home) {
            let mut check = Check {
                index,
                operation: &operation,
                report,
            };
            check.list(home.node, "parameter", &operation.parameters, 0);
        }
    }
}

/// The operation that parameters belong to, as far as that can be known.
fn operation_of<'a>(index: &Index<'a>, home: &Home<'a>) -> Option<Operation<'a>> {
    let all = || {
        let all = index.knowledge.supplied.all();
        all.filter(|it| resource_type(*it) == Some("OperationDefinition"))
    };
    let meta = home.node.get("meta");
    for profile in meta
        .into_iter()
        .flat_map(|it| items(it, "profile"))
        .filter_map(value)
    {
        let found = all().find_map(|it| Some((it, way_of(it, profile)?)));
        if let Some((definition, way)) = found {
            return Some(Operation::of(definition, way));
        }
    }
    let request = home.entry?.get("request")?;
    let path = text(request, "url")?.split('?').next()?;
    let code = path.rsplit('/').next()?.strip_prefix('$')?;
    let definition = all().find(|it| text(*it, "code") == Some(code))?;
    Some(Operation::of(definition, Way::In))
}

struct Check<'c, 'a> {
    index: &'c Index<'a>,
    operation: &'c Operation<'a>,
    report: &'c mut Report,
}

impl<'a> Check<'_, 'a> {
    /// The parameters of a list against those that the operation has there.
    fn list(&mut self, body: Node<'a>, name: &str, wanted: &[Parameter<'a>], depth: usize) {
        let mut counts = vec![0_usize; wanted.len()];
        let (code, way) = (shown(self.operation.code), self.operation.way.name());
        for node in items(body, name) {
            let Some(own) = text(node, "name") else {
                continue;
            };
            let Some(at) = wanted.iter().position(|it| it.name == own) else {
                let node = node.get("name").unwrap_or(node);
                let expected = "a parameter of the operation";
                self.add(
                    &rules::UNKNOWN,
                    node,
                    &[code, way],
                    expected,
                    "another name",
                );
                continue;
            };
            if let (Some(count), Some(parameter)) = (counts.get_mut(at), wanted.get(at)) {
                *count += 1;
                self.one(node, parameter, depth);
            }
        }
        for (parameter, count) in wanted.iter().zip(counts) {
            let least = parameter.min.to_string();
            let (name, found) = (shown(parameter.name), count.to_string());
            if count < parameter.min {
                let words = [code, way, name, &least, &found];
                self.add(
                    &rules::MIN,
                    body,
                    &words,
                    &format!("at least {least}"),
                    &found,
                );
            }
            if let Some(max) = parameter.max.filter(|max| count > *max) {
                let most = max.to_string();
                let words = [code, way, name, &most, &found];
                self.add(
                    &rules::MAX,
                    body,
                    &words,
                    &format!("at most {most}"),
                    &found,
                );
            }
        }
    }

    /// One parameter against its definition.
    fn one(&mut self, node: Node<'a>, parameter: &Parameter<'a>, depth: usize) {
        let definitions = self.index.knowledge.definitions;
        let actual = content(node, definitions);
        if let Some(of) = parameter.of {
            if !fits(of, &actual, definitions) {
                let expected = format!("a {}", shown(of));
                let words = [
                    shown(self.operation.code),
                    &expected,
                    shown(parameter.name),
                    &actual.words(),
                ];
                self.add(&rules::TYPE, node, &words, &expected, &actual.words());
            }
            return;
        }
        if depth < MOST_DEPTH && !parameter.parts.is_empty() {
            self.list(node, "part", &parameter.parts, depth + 1);
        }
    }

    fn add(
        &mut self,
        rule: &'static Rule,
        node: Node<'a>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        let place = spot::place(node, self.index.knowledge.types);
        self.report.add(rule, &place, words, expected, actual);
    }
}

/// What a parameter holds.
#[derive(Debug, PartialEq, Eq)]
enum Content {
    /// A value of a type, as the name of the element ends.
    Value(String),
    /// A resource.
    Resource(String),
    Parts,
    Nothing,
}

impl Content {
    fn words(&self) -> String {
        match self {
            Self::Value(of) => format!("a value of type {}", shown(of)),
            Self::Resource(of) => format!("a {}", shown(of)),
            Self::Parts => "made of parts".to_owned(),
            Self::Nothing => "nothing".to_owned(),
        }
    }
}

fn content(node: Node<'_>, definitions: &Definitions) -> Content {
    if let Some(resource) = node.get("resource").and_then(resource_in) {
        return Content::Resource(resource_type(resource).unwrap_or_default().to_owned());
    }
    if node.get("part").is_some() {
        return Content::Parts;
    }
    for (name, _) in node.members() {
        let name = name.strip_prefix('_').unwrap_or(name);
        let Some(ending) = name.strip_prefix("value").filter(|it| !it.is_empty()) else {
            continue;
        };
        let mut letters = ending.chars();
        let first = letters.next().map(|it| it.to_ascii_lowercase());
        let small: String = first.into_iter().chain(letters).collect();
        let is_primitive = definitions
            .type_named(&small)
            .is_some_and(plumbline_fhir::Type::is_primitive);
        return Content::Value(if is_primitive {
            small
        } else {
            ending.to_owned()
        });
    }
    Content::Nothing
}

/// Whether content has the type that an operation wants.
fn fits(of: &str, actual: &Content, definitions: &Definitions) -> bool {
    match actual {
        Content::Resource(it) => {
            let wanted = matches!(of, "Any" | "Resource" | "DomainResource");
            wanted
                || it == of
                || definitions.resource(of).is_none() && definitions.type_named(of).is_none()
        }
        Content::Value(it) => matches!(of, "Any" | "Element" | "Type") || it == of,
        Content::Parts => false,
        // inv-1 reports it.
        Content::Nothing => true,
    }
}

#[cfg(test)]
mod tests;
