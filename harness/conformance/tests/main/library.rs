//! The library: what is found by which address, and where it is from. Not what it says.

use plumbline_conformance::{Library, snapshot};
use plumbline_fhir::profile_facts::FactsFile;
use plumbline_fhir::{Definitions, FhirVersion};

fn text(version: &str, more: &str) -> String {
    format!(
        "fhir 4.0.1\nprofile https://example.org/P {version} active\n  kind resource Patient\n{more}"
    )
}

#[test]
fn a_version_finds_itself_and_none_finds_what_was_added_last() {
    let mut library = Library::empty(FhirVersion::R4);
    for (version, origin) in [
        ("1", "first"),
        ("3", "second"),
        ("2", "third"),
        ("-", "fourth"),
    ] {
        library.add_text(origin, &text(version, "")).unwrap();
    }
    let origin = |canonical: &str| library.profile_origin(canonical);
    assert_eq!(origin("https://example.org/P"), Some("fourth"));
    assert_eq!(origin("https://example.org/P|1"), Some("first"));
    assert_eq!(origin("https://example.org/P|3"), Some("second"));
    assert_eq!(origin("https://example.org/P|4"), None);
    assert_eq!(origin("https://example.org/Q"), None);
    assert_eq!(
        library.profile_versions("https://example.org/P"),
        ["2", "3", "1"]
    );
    library.add_text("again", &text("3", "  base x\n")).unwrap();
    assert_eq!(
        library.profile_origin("https://example.org/P|3"),
        Some("again")
    );
    let found = library.profile("https://example.org/P|3").unwrap();
    assert_eq!(found.base.as_deref(), Some("x"));
    assert_eq!(library.profile_count(), 5);
    assert_eq!(library.profiles_of_type("Patient").count(), 5);
    assert_eq!(library.profiles_of_type("Observation").count(), 0);
}

#[test]
fn a_text_that_breaks_the_format_adds_nothing() {
    let mut library = Library::empty(FhirVersion::R4);
    let error = library
        .add_text("x", &text("1", "  odd line\n"))
        .unwrap_err();
    assert_eq!(error.line, 4);
    assert_eq!(library.profile_count(), 0);
}

#[test]
fn what_hl7_publishes_is_there_and_read_when_it_is_asked_for() {
    for (version, number, other, least) in [
        (FhirVersion::R4, "4.0.1", "3.0.2", 430),
        (FhirVersion::Stu3, "3.0.2", "4.0.1", 400),
    ] {
        let library = Library::new(version);
        assert!(library.profile_count() > least);
        let url = "http://hl7.org/fhir/StructureDefinition/vitalsigns";
        let vital = library.profile(url).unwrap();
        assert_eq!(vital.of, "Observation");
        assert!(library.profile(&format!("{url}|{number}")).is_some());
        assert!(library.profile(&format!("{url}|{other}")).is_none());
        let origin = library.profile_origin(url).unwrap();
        assert!(origin.ends_with("/profiles.txt"), "{origin}");
        let mut extensions = library.profiles_of_type("Extension");
        assert!(extensions.any(|it| it.url.ends_with("irthPlace")));
        assert_eq!(library.broken(), []);
        assert!(library.profiles_of_type("Observation").count() > 10);
        let found = snapshot(vital, &library, Definitions::of(version)).unwrap();
        assert_eq!(found.problems, []);
    }
}

#[test]
fn a_library_reads_alike_on_many_threads() {
    let library = Library::new(FhirVersion::R4);
    let count = || {
        library
            .profiles()
            .map(|it| it.elements.len())
            .sum::<usize>()
    };
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert!(counts[0] > 1000 && counts.iter().all(|it| *it == counts[0]));
}

/// The index over a text finds the same as reading all of it.
#[test]
fn looking_through_finds_what_reading_finds() {
    for name in ["extensions", "profiles"] {
        let path = format!(
            "{}/../../profiles/_fhir/r4/{name}.txt",
            env!("CARGO_MANIFEST_DIR")
        );
        let text: &'static str = std::fs::read_to_string(path).unwrap().leak();
        let mut library = Library::empty(FhirVersion::R4);
        library.add_embedded(name, text);
        let mut read = FactsFile::read(text).unwrap().profiles;
        read.sort_by(|one, other| one.url.cmp(&other.url));
        assert!(library.profiles().eq(&read));
    }
}
