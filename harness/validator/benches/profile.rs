//! How long whole validation takes beside reading the same body with `serde_json`: without a profile and with one of
//! UK Core; whether it stays linear to a bundle of 100,000 entries; how much memory everything takes.
//! Not a test: it states figures, and a person judges them.
//!
//! | Argument | What |
//! |---|---|
//! | none | the table of ratios, growth and memory |
//! | `growth` | only whether it stays linear |
//! | `flat` | resident memory over 1,000,000 validations of small bodies |
//! | `repeat FILE TIMES [PROFILE]` | one file so many times, to look at with a profiler |
//! | `bundle ENTRIES TIMES` | a bundle of so many entries, read once and judged so many times, for the same |
//!
//! Ratios are medians of several, each of two times taken one after the other, so that they mean something on a busy
//! machine too. With the official examples and those of UK Core beside the repository they are measured too.
#![expect(clippy::print_stdout, reason = "this is a program that prints figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be set up must stop"
)]

#[path = "../../fhir/benches/measure/beside.rs"]
mod beside;
#[path = "measure/growth.rs"]
mod growth;
#[path = "../../fhir/benches/measure/mod.rs"]
mod measure;
#[path = "../../fhir/benches/measure/own.rs"]
mod own;

use beside::{Beside, beside};
use growth::{bundle, growth};
use measure::resident;
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::FactsFile;
use plumbline_fhir::{Definitions, FhirVersion, Options, validate, xml_to_json};
use plumbline_tree::{Layout, Limits, Tree};
use plumbline_validator::Validator;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where the profiles of UK Core have their addresses.
const UK_CORE: &str = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-";

/// How many validations `flat` does, and how many between two looks at the memory.
const FLAT: (u32, u32) = (1_000_000, 100_000);

const PATIENT: &str = r#"{"resourceType":"Patient","id":"example","identifier":[{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
    "valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus","code":"01"}]}}],
    "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],"active":true,"name":[{"use":"official","family":"Example","given":["Anna"],"prefix":["Ms"]}],
    "telecom":[{"system":"phone","value":"01632 960000","use":"home"}],"gender":"female","birthDate":"1970-01-01","address":[{"use":"home","line":["1 Example Road"],"city":"Exampletown","postalCode":"ZZ99 3CZ"}],
    "contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"N"}]}],"name":{"family":"Example"}}],
    "managingOrganization":{"reference":"Organization/1"}}"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles")
}

fn repository(variable: &str, path: &str) -> PathBuf {
    let named = std::env::var_os(variable).map(PathBuf::from);
    named.unwrap_or_else(|| root().join(path))
}

/// The definitions that come with the program.
fn library(version: FhirVersion, packs: &[&str]) -> Library {
    let mut library = Library::empty(version);
    let own = match version {
        FhirVersion::R4 => "_fhir/r4",
        FhirVersion::Stu3 => "_fhir/stu3",
    };
    let own = ["extensions.txt", "profiles.txt", "terms.txt"].map(|it| root().join(own).join(it));
    let packs = packs.iter().flat_map(|pack| {
        ["structures.txt", "terms.txt"].map(|it| root().join(pack).join("fhir").join(it))
    });
    for path in own.into_iter().chain(packs) {
        let text = std::fs::read_to_string(path).unwrap();
        library.add_file(FactsFile::read(&text).unwrap());
    }
    library
}

fn read(body: &[u8]) -> Tree {
    Tree::parse(body.to_vec(), &Limits::default()).unwrap()
}

/// Reads and judges beside reading with `serde_json`.
fn whole(body: &[u8], judge: impl Fn(&Tree)) -> Beside {
    let rounds = (20_000_000 / body.len()).clamp(20, 2000);
    beside(
        rounds,
        || judge(&read(black_box(body))),
        || {
            black_box(serde_json::from_slice::<serde_json::Value>(black_box(body)).unwrap());
        },
    )
}

/// One row: without a profile, and with one if it is named.
fn compare(name: &str, body: &[u8], validator: &Validator, profile: Option<&str>) {
    let options = Options::default();
    let base = whole(body, |tree| {
        black_box(validate(tree, Definitions::r4(), &options));
    });
    let plain = whole(body, |tree| {
        black_box(validator.judge(tree, &[], &options));
    });
    let profiles: Vec<String> = profile.iter().map(|it| format!("{UK_CORE}{it}")).collect();
    let judged = validator.judge(&read(body), &profiles, &options);
    let errors = judged.outcome.counts.errors;
    println!(
        "{name:47} {:6} bytes, serde_json {:5.1} us; parse + base {:.2}; + everything without a profile {:.2} ({:.2} to {:.2}) of it, {:.1} us; {errors} errors",
        body.len(),
        plain.second.as_secs_f64() * 1e6,
        base.ratio,
        plain.ratio,
        plain.range.0,
        plain.range.1,
        plain.first.as_secs_f64() * 1e6,
    );
    let Some(profile) = profile else {
        return;
    };
    let with = whole(body, |tree| {
        black_box(validator.judge(tree, &profiles, &options));
    });
    let checks = judged.profiles.iter();
    let checked = checks.filter(|it| it.reason().is_none()).count();
    println!(
        "{:47} with UKCore-{profile}: {:.2} ({:.2} to {:.2}) of it; {checked} profiles checked",
        "", with.ratio, with.range.0, with.range.1,
    );
}

/// An observation of a body weight with codes of LOINC for which no profile of HL7 stands.
fn without_sign(body: &str) -> String {
    body.replace("29463-7", "11502-2")
        .replace("3141-9", "8251-1")
}

fn official(validator: &Validator) {
    let corpus = repository("PLUMBLINE_CORPUS", "../target/corpus");
    for name in [
        "Patient-example",
        "Observation-example",
        "Observation-blood-pressure",
    ] {
        let path = format!("hl7.fhir.r4.examples-4.0.1/package/{name}.json");
        match std::fs::read_to_string(corpus.join(path)) {
            Ok(body) => {
                compare(name, body.as_bytes(), validator, None);
                if name == "Observation-example" {
                    let other = "the same without the code of a vital sign";
                    compare(other, without_sign(&body).as_bytes(), validator, None);
                }
            }
            Err(_) => println!("{name}: not there"),
        }
    }
    compare(
        "Bundle of 50 entries",
        bundle(50, None).as_bytes(),
        validator,
        None,
    );
}

fn uk_core(validator: &Validator) {
    let shared = repository("PLUMBLINE_SHARED", "../../shared");
    compare(
        "invented patient",
        PATIENT.as_bytes(),
        validator,
        Some("Patient"),
    );
    for (name, profile) in [
        ("UKCore-Patient-Sn-MultipleLanguages-Example", "Patient"),
        (
            "UKCore-Observation-Lab-RedCellCount-Example",
            "Observation-Lab",
        ),
        (
            "UKCore-Observation-VitalSigns-HeartRate-Example",
            "Observation-VitalSigns-HeartRate",
        ),
        (
            "UKCore-MedicationRequest-CiprofloxacinOral-Example",
            "MedicationRequest",
        ),
        (
            "UKCore-Appointment-OrthopaedicSurgery-Example",
            "Appointment",
        ),
    ] {
        let path = format!("testdata/uk-core/examples/{name}.xml");
        let Ok(xml) = std::fs::read(shared.join(path)) else {
            println!("{name}: not there");
            continue;
        };
        let xml = Tree::parse_xml(xml, &Limits::default()).unwrap();
        let json = xml_to_json(&xml, Definitions::r4(), Layout::Indented).unwrap();
        compare(name, json.as_bytes(), validator, Some(profile));
    }
}

/// Resident memory while small bodies are judged again and again.
fn flat(validator: &Validator) {
    let bodies = [PATIENT.to_owned(), bundle(2, Some("Patient"))];
    let (all, step) = FLAT;
    for at in 0..=all {
        let profiles = [format!("{UK_CORE}Patient")];
        let asked: &[String] = if at.is_multiple_of(2) { &profiles } else { &[] };
        let body = bodies[at as usize % 2].replace("example", &format!("example{at}"));
        let judged = validator.judge(&read(body.as_bytes()), asked, &Options::default());
        black_box(judged);
        if at.is_multiple_of(step) {
            println!(
                "{at:8} validations: {} KiB of resident memory",
                resident().unwrap_or_default()
            );
        }
    }
}

fn repeat(validator: &Validator, words: &[String]) {
    let mut body = std::fs::read(&words[0]).unwrap();
    if body.starts_with(b"<") {
        let xml = Tree::parse_xml(body, &Limits::default()).unwrap();
        body = xml_to_json(&xml, Definitions::r4(), Layout::Indented)
            .unwrap()
            .into_bytes();
    }
    let profiles: Vec<String> = words.get(2).into_iter().cloned().collect();
    for _ in 0..words[1].parse().unwrap() {
        black_box(validator.judge(&read(&body), &profiles, &Options::default()));
    }
}

fn one_bundle(validator: &Validator, words: &[String]) {
    let tree = read(bundle(words[0].parse().unwrap(), None).as_bytes());
    for _ in 0..words[1].parse().unwrap() {
        black_box(validator.judge(&tree, &[], &Options::default()));
    }
    println!("{} KiB of resident memory", resident().unwrap_or_default());
}

/// Everything loaded and used once: how long, and how much memory.
fn loading() -> Validator {
    let before = resident();
    let begun = Instant::now();
    let validator = Validator::new(library(FhirVersion::R4, &["uk-core-access"]));
    println!(
        "definitions of R4 and UK Core read from text in {:.1} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    let profile = [format!("{UK_CORE}Patient")];
    let begun = Instant::now();
    black_box(validator.judge(&read(PATIENT.as_bytes()), &profile, &Options::default()));
    println!(
        "the first validation takes {:.1} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    let begun = Instant::now();
    let old = Validator::new(library(FhirVersion::Stu3, &[]));
    black_box(old.judge(
        &read(br#"{"resourceType":"Patient"}"#),
        &[],
        &Options::default(),
    ));
    println!(
        "definitions of STU3 read, and a first validation, in {:.1} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    if let Some((before, after)) = before.zip(resident()) {
        println!(
            "R4, STU3 and UK Core loaded and used: {after} KiB of resident memory, {} of them for that",
            after.saturating_sub(before)
        );
    }
    black_box(old);
    validator
}

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    match words.first().map(String::as_str) {
        Some("flat") => flat(&Validator::new(library(
            FhirVersion::R4,
            &["uk-core-access"],
        ))),
        Some("repeat") => repeat(
            &Validator::new(library(FhirVersion::R4, &["uk-core-access"])),
            &words[1..],
        ),
        Some("bundle") => one_bundle(
            &Validator::new(library(FhirVersion::R4, &["uk-core-access"])),
            &words[1..],
        ),
        Some("growth") => {
            let validator = Validator::new(library(FhirVersion::R4, &["uk-core-access"]));
            growth(&validator, None);
            growth(&validator, Some("Patient"));
        }
        _ => {
            let validator = loading();
            official(&validator);
            uk_core(&validator);
            growth(&validator, None);
            growth(&validator, Some("Patient"));
        }
    }
}
