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
    if let Some(status) = action.status {
        reply.status = status;
        let problem = Problem::new(status, "exception", "the request could not be completed");
        reply.body = Body::Json(outcome(&problem));
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
        Value::Array(items) => {
            let index = step.parse().ok();
            let wanted = |at| step == "*" || index == Some(at);
            items
                .iter_mut()
                .enumerate()
                .filter(|(at, _)| wanted(*at))
                .map(|(_, item)| item)
                .collect()
        }
        Value::Object(fields) => fields.get_mut(step).into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
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
        Value::Array(items) if last == "*" => items.clear(),
        Value::Array(items) => {
            if let Some(index) = last
                .parse::<usize>()
                .ok()
                .filter(|index| *index < items.len())
            {
                items.remove(index);
            }
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
