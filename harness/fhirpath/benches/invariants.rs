//! How long the invariants of a Patient take beside reading the same body with `serde_json`.
//! Not a test: it states figures, and a person judges them.
//!
//! Ratios are medians of several, each of two times taken one after the other. The body is the official example where
//! the package lies beside the target folder (`cargo xtask definitions --check` fetches it), else our own.
#![expect(clippy::print_stdout, reason = "this is a program that prints figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be set up must stop"
)]

#[path = "../tests/support/types.rs"]
mod types;

use plumbline_fhir::{Definitions, Severity};
use plumbline_fhirpath::{Alone, Element, Environment, Expression, Value};
use plumbline_tree::{Limits, Tree};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use types::Facts;

/// Invariants that the validator checks natively, since they are part of the structure or of narrative.
const NATIVE: &[&str] = &[
    "ele-1", "ext-1", "dom-2", "dom-3", "ref-1", "txt-1", "txt-2",
];

/// Rules with the elements that they are about.
struct Work<'a> {
    rules: Vec<(&'a Expression, Vec<Element<'a>>)>,
}

/// The elements of a tree, each with the rules of its type.
///
/// The expressions stay to the end of the program.
fn collect<'a>(facts: &'a Facts, root: Element<'a>, wanted: impl Fn(&str) -> bool) -> Work<'a> {
    let environment = Environment::new(facts, &Alone, root);
    let all = Box::leak(Box::new(
        Expression::parse("$this.combine(descendants())").unwrap(),
    ));
    let elements = all.evaluate(&environment, root).unwrap();
    let mut work = Work { rules: Vec::new() };
    for of in Definitions::r4().types() {
        let is_of = |value: &Value<'a>| match value {
            Value::Element(element) => {
                let id = element.type_id()?;
                let name = plumbline_fhirpath::TypeInfo::name(facts, id);
                (name == of.name()).then_some(*element)
            }
            _ => None,
        };
        let found: Vec<_> = elements.iter().filter_map(is_of).collect();
        for rule in of.invariants() {
            let counts = rule.severity != Severity::BestPractice && wanted(rule.key);
            if counts && !found.is_empty() {
                let rule = Expression::parse(rule.expression).unwrap();
                work.rules.push((Box::leak(Box::new(rule)), found.clone()));
            }
        }
    }
    work
}

fn best(rounds: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

fn body() -> (&'static str, Vec<u8>) {
    let corpus = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = corpus.unwrap_or_else(|| here.join("../../target/corpus"));
    let official = corpus.join("hl7.fhir.r4.examples-4.0.1/package/Patient-example.json");
    match std::fs::read(official) {
        Ok(bytes) => ("official Patient", bytes),
        Err(_) => (
            "our own Patient",
            std::fs::read(here.join("tests/data/inputs/patient.json")).unwrap(),
        ),
    }
}

/// A bundle of so many patients.
fn bundle(entries: usize) -> Vec<u8> {
    let entry = |at| {
        format!(
            r#"{{"fullUrl":"https://example.org/fhir/Patient/{at}","resource":{{"resourceType":"Patient","id":"{at}","active":true,"identifier":[{{"system":"https://example.org/id","value":"{at}"}}],"name":[{{"use":"official","family":"Example","given":["Anna"],"period":{{"start":"2001-02-03"}}}}],"telecom":[{{"system":"phone","value":"01632 960001"}}],"gender":"female","birthDate":"1970-01-01","contact":[{{"name":{{"family":"Specimen"}}}}],"managingOrganization":{{"reference":"Organization/1"}}}}}}"#
        )
    };
    let entries: Vec<String> = (0..entries).map(entry).collect();
    let entries = entries.join(",");
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#).into_bytes()
}

fn measure<'a>(name: &str, body: &[u8], work: &Work<'a>, environment: &Environment<'a>) {
    let mut ratios = Vec::new();
    let mut times = Vec::new();
    let rounds = (2_000_000 / body.len()).clamp(5, 200);
    for _ in 0..15 {
        let ours = best(rounds, || {
            for (rule, elements) in &work.rules {
                for element in elements {
                    let _ = black_box(rule.holds(environment, *element));
                }
            }
        });
        let theirs = best(rounds, || {
            black_box(serde_json::from_slice::<serde_json::Value>(black_box(body)).unwrap());
        });
        ratios.push(ours.as_secs_f64() / theirs.as_secs_f64());
        times.push(ours);
    }
    ratios.sort_by(f64::total_cmp);
    times.sort();
    let count: usize = work.rules.iter().map(|it| it.1.len()).sum();
    println!(
        "{name}, {} bytes: {count} evaluations in {:.1} us, {:.2} of serde_json's parse ({:.2} to {:.2})",
        body.len(),
        times[7].as_secs_f64() * 1e6,
        ratios[7],
        ratios[0],
        ratios[14]
    );
}

fn main() {
    let texts: Vec<_> = Definitions::r4()
        .types()
        .flat_map(|of| of.invariants().map(|it| it.expression))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let compiling = best(20, || {
        for text in &texts {
            black_box(Expression::parse(text).unwrap());
        }
    });
    println!(
        "compiling {} expressions: {:.0} us",
        texts.len(),
        compiling.as_secs_f64() * 1e6
    );
    let facts = Facts::new(Definitions::r4());
    let (name, official) = body();
    let bodies = [
        (name.to_owned(), official),
        ("a bundle of 50".to_owned(), bundle(50)),
        ("a bundle of 1000".to_owned(), bundle(1000)),
    ];
    for (name, body) in bodies {
        let tree = Tree::parse(body.clone(), &Limits::default()).unwrap();
        let root = Element::root(&tree, &facts);
        let environment = Environment::new(&facts, &Alone, root);
        for (which, is_all) in [("all", true), ("without the native", false)] {
            let work = collect(&facts, root, |key| is_all || !NATIVE.contains(&key));
            measure(&format!("{name}, {which}"), &body, &work, &environment);
        }
    }
}
