//! Carries out a fault's actions on an answer that was right.
//! Not for deciding whether a fault is meant, which `fault` does.

use crate::action::{Action, DropEntries, Patch, PatchOp};
use crate::gp::{self, Format};
use crate::resources;
use crate::search::Problem;
use crate::vendor::SystemKind;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An answer before it is sent.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
    /// How a resource in the body is written.
    pub(crate) format: Format,
    /// Whether the client takes a packed body.
    pub(crate) may_gzip: bool,
    pub(crate) ending: Ending,
    pub(crate) delay_ms: u64,
}

const FHIR_JSON: &str = "application/fhir+json;charset=utf-8";

impl Reply {
    /// A FHIR resource.
    pub(crate) fn json(status: u16, value: Value) -> Reply {
        let body = Body::Json(value);
        let mut reply = Reply {
            body,
            ..Reply::empty(status)
        };
        reply.header("content-type", FHIR_JSON);
        reply
    }

    /// A FHIR resource in the format that was asked for.
    pub(crate) fn resource(status: u16, value: Value, format: Format) -> Reply {
        let mut reply = Reply::json(status, value);
        reply.format = format;
        reply.header("content-type", format.content_type());
        reply
    }

    /// No body.
    pub(crate) fn empty(status: u16) -> Reply {
        Reply {
            status,
            headers: BTreeMap::new(),
            body: Body::Text(String::new()),
            format: Format::Json,
            may_gzip: false,
            ending: Ending::Whole,
            delay_ms: 0,
        }
    }

    /// An outcome in place of what was there; the headers stay.
    fn answer_with(&mut self, status: u16, outcome: Value) {
        self.status = status;
        self.body = Body::Json(outcome);
        let kind = self.headers.entry("content-type".to_owned());
        kind.or_insert_with(|| FHIR_JSON.to_owned());
    }

    /// The body as it is sent, but for packing.
    pub(crate) fn text(self) -> String {
        self.body.into_text(self.format)
    }

    /// Adds a header; the name is in lower case.
    pub(crate) fn header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.insert(name.to_owned(), value.into());
    }
}

pub(crate) enum Body {
    Json(Value),
    Text(String),
}

/// How the sending ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Whole,
    Reset,
}

impl Body {
    fn into_text(self, format: Format) -> String {
        match (self, format) {
            (Body::Json(value), Format::Json) => value.to_string(),
            (Body::Json(value), Format::Xml) => gp::write_xml(&value),
            (Body::Text(text), _) => text,
        }
    }
}

/// What a fault needs to know of the system that it spoils.
pub(crate) struct Spoiled<'a> {
    pub(crate) kind: SystemKind,
    /// Absolute URL of the base path.
    pub(crate) base: &'a str,
    /// The resources that `add_others` brings in.
    pub(crate) others: &'a [Value],
}

impl Spoiled<'_> {
    fn entry(&self, resource: &Value) -> Value {
        match self.kind {
            SystemKind::UkCore => resources::entry(self.base, resource),
            SystemKind::GpConnect => gp::entry(resource),
        }
    }

    fn outcome(&self, problem: &Problem, details: Option<&str>) -> Value {
        match self.kind {
            SystemKind::UkCore => resources::outcome(problem),
            SystemKind::GpConnect => gp::faulty_outcome(&problem.code, details, &problem.text),
        }
    }
}

/// Spoils the answer.
pub(crate) fn apply(reply: &mut Reply, action: &Action, spoiled: &Spoiled<'_>) {
    if let Body::Json(value) = &mut reply.body {
        change_bundle(value, action, spoiled);
        for patch in action.patch.iter().flatten() {
            apply_patch(value, patch);
        }
    }
    if let Some(status) = action.status.filter(|status| *status < 300) {
        reply.status = status;
    } else if let Some(status) = action.status {
        let problem = Problem::new(status, "exception", "the request could not be completed");
        reply.answer_with(status, spoiled.outcome(&problem, None));
    }
    if let Some(refuse) = &action.refuse {
        let problem = Problem::new(refuse.status, refuse.code.clone(), "the request is refused");
        let outcome = spoiled.outcome(&problem, refuse.details.as_deref());
        reply.answer_with(refuse.status, outcome);
    }
    if action.answer_json_always == Some(true) {
        reply.format = Format::Json;
        reply.header("content-type", Format::Json.content_type());
    }
    if action.no_gzip == Some(true) {
        reply.may_gzip = false;
    }
    if action.not_no_store == Some(true) {
        reply.headers.remove("cache-control");
    }
    for (name, value) in action.headers.iter().flatten() {
        let name = name.to_ascii_lowercase();
        if value.is_empty() {
            reply.headers.remove(&name);
        } else {
            reply.headers.insert(name, value.clone());
        }
    }
    if let Some(text) = &action.body {
        reply.body = Body::Text(text.clone());
    }
    if action.truncate == Some(true) {
        let body = std::mem::replace(&mut reply.body, Body::Text(String::new()));
        reply.body = Body::Text(first_half(&body.into_text(reply.format)));
    }
    if action.reset == Some(true) {
        reply.ending = Ending::Reset;
    }
    reply.delay_ms += action.delay_ms.unwrap_or(0);
}

fn first_half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}

fn change_bundle(bundle: &mut Value, action: &Action, spoiled: &Spoiled<'_>) {
    if bundle["resourceType"] != "Bundle" {
        return;
    }
    let mut entries: Vec<Value> = bundle["entry"].as_array().cloned().unwrap_or_default();
    let before = entries.len();
    for other in spoiled.others {
        let added = spoiled.entry(other);
        if !entries.contains(&added) {
            entries.push(added);
        }
    }
    match action.drop_entries {
        Some(DropEntries::All) => entries.clear(),
        Some(DropEntries::First) if !entries.is_empty() => drop(entries.remove(0)),
        Some(DropEntries::Last) => drop(entries.pop()),
        Some(DropEntries::First) | None => {}
    }
    if let Some(text) = &action.drop_text {
        entries.retain(|entry| !entry.to_string().contains(text));
    }
    if action.duplicate_entry == Some(true)
        && let Some(first) = entries.first().cloned()
    {
        entries.push(first);
    }
    // The system believes in its own answer, so the total follows, where there is one.
    if let Some(total) = bundle["total"].as_u64() {
        let total = total + entries.len() as u64;
        bundle["total"] = json!(total.saturating_sub(before as u64));
    }
    if let Some(fields) = bundle.as_object_mut() {
        if entries.is_empty() {
            fields.remove("entry");
        } else {
            fields.insert("entry".to_owned(), Value::Array(entries));
        }
    }
    if let Some(dropped) = &action.drop_link
        && let Some(links) = bundle["link"].as_array_mut()
    {
        links.retain(|link| link["relation"] != dropped.as_str());
    }
}

fn apply_patch(target: &mut Value, patch: &Patch) {
    // Undo the escapes of JSON pointers, the slash first.
    let steps: Vec<String> = steps(&patch.path)
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
    walk(target, &steps, patch);
}

/// The steps of a path; the slashes of an address between brackets do not part steps.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    path.split(move |letter| {
        match letter {
            '[' => is_inside = true,
            ']' => is_inside = false,
            _ => {}
        }
        letter == '/' && !is_inside
    })
}

fn walk(target: &mut Value, steps: &[String], patch: &Patch) {
    match steps {
        [] => {}
        [last] => change(target, last, patch),
        [step, rest @ ..] => {
            for child in children(target, step) {
                walk(child, rest, patch);
            }
        }
    }
}

fn children<'a>(target: &'a mut Value, step: &str) -> Vec<&'a mut Value> {
    match target {
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .filter(|(at, item)| is_meant(step, *at, item))
            .map(|(_, item)| item)
            .collect(),
        Value::Object(fields) => fields.get_mut(step).into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Whether a step of a path means this item of an array: `*`, its index, or `[name=value]`.
fn is_meant(step: &str, at: usize, item: &Value) -> bool {
    let pair = step
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match pair.and_then(|pair| pair.split_once('=')) {
        Some((name, value)) => item[name] == value,
        None => step == "*" || step.parse() == Ok(at),
    }
}

fn change(target: &mut Value, last: &str, patch: &Patch) {
    let value = patch.value.clone().unwrap_or_default();
    match patch.op {
        PatchOp::Remove => remove(target, last),
        PatchOp::Append => {
            for array in children(target, last)
                .into_iter()
                .filter_map(Value::as_array_mut)
            {
                array.push(value.clone());
            }
        }
        PatchOp::Set => match target {
            Value::Object(fields) => {
                fields.insert(last.to_owned(), value);
            }
            Value::Array(items) if last.parse() == Ok(items.len()) => items.push(value),
            other => {
                for child in children(other, last) {
                    *child = value.clone();
                }
            }
        },
    }
}

fn remove(target: &mut Value, last: &str) {
    match target {
        Value::Array(items) => {
            let mut at = 0;
            items.retain(|item| {
                let kept = !is_meant(last, at, item);
                at += 1;
                kept
            });
        }
        Value::Object(fields) => drop(fields.remove(last)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(start: &Value, patch: &str) -> Value {
        let mut value = start.clone();
        apply_patch(&mut value, &toml::from_str(patch).unwrap());
        value
    }

    #[test]
    fn patches_by_pointer() {
        let start = json!({"a": [{"b": 1, "c": 2}, {"b": 3}], "x/y": true});
        let cases = [
            (
                "op = 'remove'\npath = '/a/*/b'",
                json!({"a": [{"c": 2}, {}], "x/y": true}),
            ),
            (
                "op = 'remove'\npath = '/a/0'",
                json!({"a": [{"b": 3}], "x/y": true}),
            ),
            (
                "op = 'remove'\npath = '/x~1y'",
                json!({"a": [{"b": 1, "c": 2}, {"b": 3}]}),
            ),
            (
                "op = 'set'\npath = '/a'\nvalue = 7",
                json!({"a": 7, "x/y": true}),
            ),
            (
                "op = 'set'\npath = '/a/*'\nvalue = 7",
                json!({"a": [7, 7], "x/y": true}),
            ),
            (
                "op = 'append'\npath = '/a'\nvalue = { d = 'e' }",
                json!({"a": [{"b": 1, "c": 2}, {"b": 3}, {"d": "e"}], "x/y": true}),
            ),
        ];
        for (patch, expected) in cases {
            assert_eq!(patched(&start, patch), expected, "{patch}");
        }
    }

    #[test]
    fn patches_an_item_by_what_it_holds() {
        let start = json!({"r": [{"t": "A", "p": [{"n": "x"}, {"n": "y"}]}, {"t": "B", "p": [{"n": "x"}]}]});
        let expected = json!({"r": [{"t": "A", "p": [{"n": "y"}]}, {"t": "B", "p": [{"n": "x"}]}]});
        let patch = "op = 'remove'\npath = '/r/[t=A]/p/[n=x]'";
        assert_eq!(patched(&start, patch), expected);
        let addressed = json!({"e": [{"url": "https://a/b", "v": 1}, {"url": "https://a/c"}]});
        let expected = json!({"e": [{"url": "https://a/b"}, {"url": "https://a/c"}]});
        let patch = "op = 'remove'\npath = '/e/[url=https://a/b]/v'";
        assert_eq!(patched(&addressed, patch), expected);
        let patch = "op = 'remove'\npath = '/r/[t=C]/p/[n=x]'";
        assert_eq!(patched(&start, patch), start);
    }

    #[test]
    fn ignores_a_path_that_does_not_exist() {
        let start = json!({"a": [1]});
        for patch in [
            "op = 'remove'\npath = '/b/c'",
            "op = 'set'\npath = '/b/c'\nvalue = 1",
            "op = 'append'\npath = '/b'\nvalue = 1",
            "op = 'set'\npath = '/a/5'\nvalue = 1",
        ] {
            assert_eq!(patched(&start, patch), start, "{patch}");
        }
    }
}
