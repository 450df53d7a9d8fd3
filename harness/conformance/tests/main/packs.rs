//! The facts in the repository: all can be read, and every profile can be worked out but for what is listed.
//! Not whether they agree with official snapshots: official.rs.

use plumbline_conformance::{Cause, Library, snapshot};
use plumbline_fhir::{Definitions, FhirVersion};
use std::path::Path;

fn library(version: FhirVersion, pack: &str) -> Library {
    let mut library = Library::new(version);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../profiles")
        .join(pack)
        .join("fhir");
    for name in ["structures.txt", "terms.txt"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let origin = format!("profiles/{pack}/fhir/{name}");
        library.add_text(&origin, &text).unwrap();
    }
    library
}

/// What cannot be worked out, but for children of a type whose profile nobody publishes.
fn problems(library: &Library) -> Vec<String> {
    let definitions = Definitions::of(library.version());
    let mut all = Vec::new();
    for profile in library.profiles() {
        match snapshot(profile, library, definitions) {
            Ok(snapshot) => {
                let problems = snapshot.problems.iter();
                let known = problems.filter(|it| !matches!(it.cause, Cause::UnknownProfile { .. }));
                all.extend(known.map(ToString::to_string));
            }
            Err(error) => all.push(error.to_string()),
        }
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn every_profile_of_uk_core_is_worked_out() {
    let library = library(FhirVersion::R4, "uk-core-access");
    assert!(library.broken().is_empty());
    assert!(library.profiles_of_type("Patient").count() > 0);
    assert!(library.profile_count() > 590);
    assert_eq!(problems(&library), Vec::<String>::new());
}

/// Defects of the official profiles, by what begins the sentence that tells them.
const OF_STU3: &[(&str, &str)] = &[
    (
        "of http://hl7.org/fhir/StructureDefinition/consentdirective",
        "the profile is on an older Contract",
    ),
    (
        "of http://hl7.org/fhir/StructureDefinition/example:",
        "an example in the package that is on an older DiagnosticReport",
    ),
];

#[test]
fn every_profile_of_care_connect_is_worked_out_but_for_its_defects() {
    let library = library(FhirVersion::Stu3, "gp-connect-foundations");
    assert!(library.broken().is_empty());
    assert!(library.profile_count() > 450);
    let found = problems(&library);
    for (begin, reason) in OF_STU3 {
        let is_there = found.iter().any(|it| it.contains(begin));
        assert!(is_there, "no longer so: {reason}");
    }
    let other = |it: &&String| OF_STU3.iter().all(|(begin, _)| !it.contains(begin));
    assert_eq!(found.iter().find(other), None);
    assert!(found.len() < 25, "{found:#?}");
}
