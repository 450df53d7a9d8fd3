//! How long judging the content of a discharge takes beside reading it: the aim is at most 3 times.
//! Not a test: it states figures, and a person judges them.
//!
//! Ratios are medians of several, each of two times taken one after the other, so that they mean something on a busy
//! machine too.
#![expect(clippy::print_stdout, reason = "this is a program that prints figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be set up must stop"
)]

use plumbline_fhir::{Definitions, json_to_xml};
use plumbline_prsb::{Held, Standard, judge};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use serde_json::Value;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 201;

fn standard() -> Standard {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles/transfer-of-care/prsb");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push((name, std::fs::read_to_string(path).unwrap()));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    Standard::read("edischarge", &files).unwrap()
}

/// What a document is made longer by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    /// More medicines in its list, with their text: the worst case, since each has many items.
    Medicines,
    /// More paragraphs in its clinical summary.
    Text,
}

/// The good document, made longer.
fn longer(name: &str, bytes: usize, by: By) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    let mut document: Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let medicine = document["entry"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["resource"]["resourceType"] == "MedicationStatement")
        .unwrap()
        .clone();
    let mut number = 0;
    while document.to_string().len() < bytes {
        if by == By::Text {
            let sections = document["entry"][0]["resource"]["section"]
                .as_array_mut()
                .unwrap();
            let div = &mut sections[3]["text"]["div"];
            let more = "<p>Came with pain in the chest, was treated, and had no further pain.</p>"
                .repeat(50);
            let text = div
                .as_str()
                .unwrap()
                .replace("</div>", &format!("{more}</div>"));
            *div = Value::String(text);
            continue;
        }
        number += 1;
        let url = format!("urn:uuid:20000000-0000-4000-8000-{number:012}");
        let mut more = medicine.clone();
        more["fullUrl"] = Value::String(url.clone());
        let entries = document["entry"].as_array_mut().unwrap();
        let list = entries
            .iter_mut()
            .find(|it| it["resource"]["code"]["coding"][0]["code"] == "1102411000000102")
            .unwrap();
        list["resource"]["entry"]
            .as_array_mut()
            .unwrap()
            .push(serde_json::json!({"item": {"reference": url}}));
        entries.push(more);
        let sections = document["entry"][0]["resource"]["section"]
            .as_array_mut()
            .unwrap();
        let div = &mut sections[12]["text"]["div"];
        let text = div.as_str().unwrap().replace("</tbody>", "<tr><th>Medication name</th><td>Bisoprolol 5mg tablets</td></tr><tr><th>Dose directions description</th><td>One tablet in the morning</td></tr></tbody>");
        *div = Value::String(text);
    }
    document.to_string()
}

fn time(work: &dyn Fn()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn measure(name: &str, syntax: Syntax, body: &[u8], standard: &Standard) {
    let tree = Tree::parse_as(syntax, body.to_vec(), &Limits::default()).unwrap();
    let read = || {
        black_box(Tree::parse_as(syntax, black_box(body.to_vec()), &Limits::default()).unwrap());
    };
    let content = || {
        black_box(judge(black_box(&tree), standard, &Held::nothing_known()).unwrap());
    };
    let mut ratios = Vec::new();
    let (mut reading, mut judging) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (a, b) = (time(&read).as_secs_f64(), time(&content).as_secs_f64());
        ratios.push(b / a);
        reading.push(a * 1e6);
        judging.push(b * 1e6);
    }
    let findings = judge(&tree, standard, &Held::nothing_known())
        .unwrap()
        .findings()
        .count();
    println!(
        "{name:5} {syntax:?} {:7} bytes: reading {:7.1} us, judging {:7.1} us, {:.2} times reading; {findings} findings",
        body.len(),
        median(reading),
        median(judging),
        median(ratios),
    );
}

fn main() {
    let standard = standard();
    for (name, file, definitions) in [
        ("STU3", "good-stu3.json", Definitions::stu3()),
        ("R4", "good-r4.json", Definitions::r4()),
    ] {
        for (bytes, by) in [(0, By::Text), (200_000, By::Text), (200_000, By::Medicines)] {
            let json = longer(file, bytes, by);
            let tree = Tree::parse(json.clone().into_bytes(), &Limits::default()).unwrap();
            let xml = json_to_xml(&tree, definitions, Layout::Compact).unwrap();
            println!("{name}, lengthened by {by:?}:");
            measure(name, Syntax::Json, json.as_bytes(), &standard);
            measure(name, Syntax::Xml, xml.as_bytes(), &standard);
        }
    }
}
