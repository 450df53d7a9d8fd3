//! Carries out a fault's actions on an answer that was right.
//! Not for deciding whether a fault is meant, which `fault` does.

use crate::fault::{Action, DropEntries, Patch, PatchOp};
use crate::resources::{entry, outcome};
use crate::search::Problem;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An answer before it is sent.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
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

    /// No body.
    pub(crate) fn empty(status: u16) -> Reply {
        Reply {
            status,
            headers: BTreeMap::new(),
            body: Body::Text(String::new()),
            ending: Ending::Whole,
            delay_ms: 0,
        }
    }

    /// An outcome in place of what was there; the headers stay.
    fn answer_with(&mut self, problem: &Problem) {
        self.status = problem.status;
        self.body = Body::Json(outcome(problem));
        let kind = self.headers.entry("content-type".to_owned());
        kind.or_insert_with(|| FHIR_JSON.to_owned());
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
    pub(crate) fn into_text(self) -> String {
        match self {
            Body::Json(value) => value.to_string(),
            Body::Text(text) => text,
        }
    }
}

/// Spoils the answer. `others` are the resources that `add_others` brings in.
pub(crate) fn apply(reply: &mut Reply, action: &Action, base: &str, others: &[Value]) {
    if let Body::Json(value) = &mut reply.body {
        change_bundle(value, action, base, others);
        for patch in action.patch.iter().flatten() {
            apply_patch(value, patch);
        }
    }
    if let Some(status) = action.status.filter(|status| *status < 300) {
        reply.status = status;
    } else if let Some(status) = action.status {
        let problem = Problem::new(status, "exception", "the request could not be completed");
        reply.answer_with(&problem);
    }
    if let Some(refuse) = &action.refuse {
        let (status, code) = (refuse.status, refuse.code.clone());
        reply.answer_with(&Problem::new(status, code, "the request is refused"));
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
        reply.body = Body::Text(first_half(&body.into_text()));
    }
    if action.reset == Some(true) {
        reply.ending = Ending::Reset;
    }
    reply.delay_ms += action.delay_ms.unwrap_or(0);
}

fn first_half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}

fn change_bundle(bundle: &mut Value, action: &Action, base: &str, others: &[Value]) {
    if bundle["resourceType"] != "Bundle" {
        return;
    }
    let mut entries: Vec<Value> = bundle["entry"].as_array().cloned().unwrap_or_default();
    let before = entries.len();
    for other in others {
        let added = entry(base, other);
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
    // The system believes in its own answer, so the total follows.
    let total = bundle["total"].as_u64().unwrap_or(0) + entries.len() as u64;
    bundle["total"] = json!(total.saturating_sub(before as u64));
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
    let steps: Vec<String> = patch
        .path
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
    walk(target, &steps, patch);
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
