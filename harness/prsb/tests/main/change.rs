//! Small changes to a document, as the rows of fixtures/changes.csv write them. Not for judging.
//!
//! | change | does |
//! |---|---|
//! | `remove Encounter/period/end` | removes the element of the first resource of that type (`Practitioner#2/..`: of the third) |
//! | `set Encounter/status "planned"` | sets it |
//! | `grow Binary/content 100` | sets it to so many letters |
//! | `remove-section Title`, `repeat-section Title` | removes the section; puts it there twice |
//! | `relabel Title \| Label`, `blank Title \| Label` | another name for the sub-heading; nothing under it |
//! | `only-label Title \| Label` | the sub-heading is the whole text |
//! | `row Title \| Label \| Text`, `replace Title \| From \| To` | adds a row to the text; changes words of it |

use serde_json::Value;

pub fn apply(document: &mut Value, changes: &str) {
    for change in changes.split(" ;; ") {
        let (word, rest) = change.split_once(' ').unwrap();
        match word {
            "remove" => remove(document, rest),
            "set" => {
                let (path, value) = rest.split_once(' ').unwrap();
                set(document, path, serde_json::from_str(value).unwrap());
            }
            "grow" => {
                let (path, count) = rest.split_once(' ').unwrap();
                set(
                    document,
                    path,
                    Value::String("A".repeat(count.parse().unwrap())),
                );
            }
            "remove-section" => sections(document).retain(|section| section["title"] != rest),
            "repeat-section" => {
                let again = section(document, rest).clone();
                sections(document).push(again);
            }
            _ => text(document, word, rest),
        }
    }
}

fn text(document: &mut Value, word: &str, rest: &str) {
    let parts: Vec<&str> = rest.split(" | ").collect();
    let div = &mut section(document, parts[0])["text"]["div"];
    let before = div.as_str().unwrap().to_owned();
    let label = format!("<th>{}</th>", parts[1]);
    let after = match word {
        "relabel" => before.replace(&label, "<th>Something else</th>"),
        "blank" => {
            let at = before.find(&label).unwrap_or_else(|| panic!("{rest}")) + label.len();
            let end = at + before[at..].find("</td>").unwrap();
            format!("{}<td>{}", &before[..at], &before[end..])
        }
        "only-label" => format!(
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{}</p></div>",
            parts[1]
        ),
        "row" => before.replace(
            "</tbody>",
            &format!(
                "<tr><th>{}</th><td>{}</td></tr></tbody>",
                parts[1], parts[2]
            ),
        ),
        "replace" => before.replace(parts[1], parts[2]),
        other => panic!("no such change: {other}"),
    };
    assert_ne!(before, after, "the change does nothing: {word} {rest}");
    *div = Value::String(after);
}

fn sections(document: &mut Value) -> &mut Vec<Value> {
    document["entry"][0]["resource"]["section"]
        .as_array_mut()
        .unwrap()
}

fn section<'d>(document: &'d mut Value, title: &str) -> &'d mut Value {
    let found = sections(document)
        .iter_mut()
        .find(|section| section["title"] == title);
    found.unwrap_or_else(|| panic!("no section {title}"))
}

/// The resource that a path begins with, and the rest of it.
fn resource<'d, 'p>(document: &'d mut Value, path: &'p str) -> (&'d mut Value, Vec<&'p str>) {
    let mut steps = path.split('/');
    let first = steps.next().unwrap();
    let (kind, number) = first.split_once('#').unwrap_or((first, "0"));
    let entries = document["entry"].as_array_mut().unwrap().iter_mut();
    let mut of_kind = entries
        .map(|entry| &mut entry["resource"])
        .filter(|it| it["resourceType"] == kind);
    (
        of_kind.nth(number.parse().unwrap()).unwrap(),
        steps.collect(),
    )
}

fn down<'d>(mut at: &'d mut Value, steps: &[&str]) -> &'d mut Value {
    for step in steps {
        at = match step.parse::<usize>() {
            Ok(number) => &mut at[number],
            Err(_) => &mut at[*step],
        };
    }
    at
}

fn remove(document: &mut Value, path: &str) {
    let (resource, steps) = resource(document, path);
    let (last, before) = steps.split_last().unwrap();
    let holder = down(resource, before);
    let is_gone = match last.parse::<usize>() {
        Ok(number) => holder
            .as_array_mut()
            .map(|list| list.remove(number))
            .is_some(),
        Err(_) => holder.as_object_mut().unwrap().remove(*last).is_some(),
    };
    assert!(is_gone, "nothing to remove at {path}");
}

fn set(document: &mut Value, path: &str, value: Value) {
    let (resource, steps) = resource(document, path);
    let at = down(resource, &steps);
    assert_ne!(*at, value, "the change does nothing: {path}");
    *at = value;
}
