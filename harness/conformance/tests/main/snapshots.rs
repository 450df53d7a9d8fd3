//! What a snapshot is made of, case by case, with profiles that were made for these tests. Not official ones:
//! official.rs.

use plumbline_conformance::{Cause, Library, Snapshot, SnapshotError, snapshot};
use plumbline_fhir::profile_facts::{FactsFile, Most};
use plumbline_fhir::{Definitions, FhirVersion};
use std::fmt::Write as _;

/// A library with profiles in the format of profiles/_fhir.
fn library(version: FhirVersion, profiles: &str) -> Library {
    let mut library = Library::empty(version);
    let text = format!("fhir {}\n{profiles}", version.number());
    library.add_file(FactsFile::read(&text).unwrap());
    library
}

fn of(library: &Library, name: &str) -> Result<Snapshot, SnapshotError> {
    let profile = library.profile(&format!("https://example.org/{name}"));
    snapshot(
        profile.unwrap(),
        library,
        Definitions::of(library.version()),
    )
}

fn head(name: &str, of: &str, base: &str) -> String {
    format!(
        "profile https://example.org/{name} 1 active\n  kind resource {of}\n  derivation constraint\n  base {base}\n"
    )
}

fn hl7(name: &str) -> String {
    format!("http://hl7.org/fhir/StructureDefinition/{name}")
}

/// The elements at or below a path: id, range, types.
fn lines(snapshot: &Snapshot, below: &str) -> String {
    let mut text = String::new();
    for it in &snapshot.elements {
        if it.path == below || it.path.starts_with(&format!("{below}.")) {
            let types: Vec<&str> = it.types.iter().map(|it| it.code.as_str()).collect();
            let max = it.max.unwrap();
            let min = it.min.unwrap();
            writeln!(text, "{} {min}..{max} {}", it.id, types.join(" ")).unwrap();
        }
    }
    text
}

#[test]
fn a_profile_has_every_element_and_says_where_each_part_is_from() {
    let library = library(
        FhirVersion::R4,
        &(head("A", "Patient", &hl7("Patient"))
            + "  element Patient\n    ^ ex-1 error name.exists()\n  element Patient.name 1..2 must-support\n"
            + &head("B", "Patient", "https://example.org/A")
            + "  element Patient\n    ^ ex-1 error name.exists()\n    ^ ex-2 warning id.exists()\n  element Patient.name 2..\n  element Patient.gender\n    fixed code \"other\"\n"),
    );
    let found = of(&library, "B").unwrap();
    assert_eq!(found.problems, []);
    assert_eq!(found.elements.len(), found.sources.len());
    let plain = Definitions::r4().type_named("Patient").unwrap().shape();
    assert!(found.elements.len() > plain.len());
    let at = found.position("Patient.name").unwrap();
    let (name, sources) = (&found.elements[at], &found.sources[at]);
    assert_eq!((name.min, name.max), (Some(2), Some(Most::Times(2))));
    assert!(name.is_must_support);
    assert_eq!(sources.min.as_deref(), Some("https://example.org/B"));
    assert_eq!(sources.max.as_deref(), Some("https://example.org/A"));
    assert_eq!(sources.types, None);
    let root = &found.elements[0];
    let source = |key: &str| {
        let found = root.invariants.iter().find(|it| it.key == key).unwrap();
        found.source.as_deref()
    };
    assert_eq!(source("dom-2"), None);
    assert_eq!(source("ex-1"), Some("https://example.org/A"));
    assert_eq!(source("ex-2"), Some("https://example.org/B"));
    let gender = found.element("Patient.gender").unwrap();
    assert_eq!(gender.fixed.as_ref().unwrap().json, "\"other\"");
    assert!(gender.binding.is_some());
}

#[test]
fn slices_stand_behind_what_they_are_slices_of_and_have_its_children() {
    let library = library(
        FhirVersion::R4,
        &(head("A", "Patient", &hl7("Patient"))
            + "  element Patient.identifier 1..5\n    slicing open\n      by value system\n"
            + "  element Patient.identifier.system 1..\n"
            + "  element Patient.identifier:one ..1\n"
            + "  element Patient.identifier:one.system\n    fixed uri \"urn:one\"\n"
            + "  element Patient.identifier:two 1..\n    slicing open\n      by value type\n"
            + "  element Patient.identifier:two/inner ..3\n"
            + &head("B", "Patient", "https://example.org/A")
            + "  element Patient.identifier:one 1..\n  element Patient.identifier:one.value 1..\n  element Patient.identifier:three\n    slicing -\n"),
    );
    let found = of(&library, "A").unwrap();
    assert_eq!(found.problems, []);
    let ids: Vec<&str> = found
        .elements
        .iter()
        .filter(|it| it.path == "Patient.identifier")
        .map(|it| it.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "Patient.identifier",
            "Patient.identifier:one",
            "Patient.identifier:two",
            "Patient.identifier:two/inner"
        ]
    );
    // What a slice does not say is as in the base: what the profile says of all holds beside it.
    let one = found.element("Patient.identifier:one").unwrap();
    assert_eq!((one.min, one.max), (Some(0), Some(Most::Times(1))));
    assert_eq!(one.slicing, None);
    let system = found.element("Patient.identifier:one.system").unwrap();
    assert_eq!(system.min, Some(0));
    assert!(system.fixed.is_some());
    assert!(found.element("Patient.identifier:one.period").is_some());
    assert!(found.element("Patient.identifier:two.system").is_none());
    let inner = found.element("Patient.identifier:two/inner").unwrap();
    assert_eq!(inner.slice.as_deref(), Some("two/inner"));
    assert_eq!(inner.max, Some(Most::Times(3)));

    let found = of(&library, "B").unwrap();
    assert_eq!(found.problems, []);
    let one = found.element("Patient.identifier:one").unwrap();
    assert_eq!((one.min, one.max), (Some(1), Some(Most::Times(1))));
    assert!(
        found
            .element("Patient.identifier:one.system")
            .unwrap()
            .fixed
            .is_some()
    );
    let three = found.element("Patient.identifier:three").unwrap();
    // The base of B is A, which allows five.
    assert_eq!(three.max, Some(Most::Times(5)));
    assert_eq!(
        found
            .element("Patient.identifier:three.system")
            .unwrap()
            .min,
        Some(1)
    );
    assert_eq!(
        found
            .elements
            .iter()
            .filter(|it| it.id.contains("inner"))
            .count(),
        1
    );
}

#[test]
fn a_choice_that_is_named_by_type_keeps_that_type() {
    let differential =
        "  element Observation.valueQuantity 1..\n  element Observation.valueQuantity.unit 1..\n";
    let r4 = library(
        FhirVersion::R4,
        &(head("A", "Observation", &hl7("Observation")) + differential),
    );
    let found = of(&r4, "A").unwrap();
    assert_eq!(
        lines(&found, "Observation.value[x]"),
        "Observation.value[x] 0..1 Quantity\n\
         Observation.value[x]:valueQuantity 1..1 Quantity\n\
         Observation.value[x]:valueQuantity.id 0..1 string\n\
         Observation.value[x]:valueQuantity.extension 0..* Extension\n\
         Observation.value[x]:valueQuantity.value 0..1 decimal\n\
         Observation.value[x]:valueQuantity.comparator 0..1 code\n\
         Observation.value[x]:valueQuantity.unit 1..1 string\n\
         Observation.value[x]:valueQuantity.system 0..1 uri\n\
         Observation.value[x]:valueQuantity.code 0..1 code\n"
    );
    let slicing = &found.element("Observation.value[x]").unwrap().slicing;
    assert!(format!("{slicing:?}").contains("Closed"), "{slicing:?}");

    let stu3 = library(
        FhirVersion::Stu3,
        &(head("A", "Observation", &hl7("Observation")) + differential),
    );
    let found = of(&stu3, "A").unwrap();
    let found = lines(&found, "Observation.value[x]");
    assert!(
        found.starts_with("Observation.value[x] 1..1 Quantity\nObservation.value[x].id"),
        "{found}"
    );

    let two = "  element Observation.valueQuantity.unit 1..\n  element Observation.valueString\n    max-length 5\n";
    for version in FhirVersion::ALL {
        let library = library(
            version,
            &(head("A", "Observation", &hl7("Observation")) + two),
        );
        let found = of(&library, "A").unwrap();
        assert_eq!(found.problems, []);
        let value = found.element("Observation.value[x]").unwrap();
        assert_eq!(value.types.len(), 2);
        let string = found.element("Observation.value[x]:valueString").unwrap();
        assert_eq!(string.max_length, Some(5));
        assert_eq!(string.types[0].code, "string");
    }
}

#[test]
fn a_choice_that_is_sliced_openly_keeps_its_types() {
    let library = library(
        FhirVersion::R4,
        &(head("A", "Observation", &hl7("Observation"))
            + "  element Observation.value[x]\n    slicing open\n      by type $this\n"
            + "  element Observation.valueQuantity\n    slice valueQuantity\n    id Observation.value[x]:valueQuantity\n    type Quantity\n"
            + "  element Observation.value[x]:valueQuantity.unit 1..\n"),
    );
    let found = of(&library, "A").unwrap();
    assert_eq!(found.problems, []);
    assert_eq!(
        found.element("Observation.value[x]").unwrap().types.len(),
        11
    );
    let unit = found
        .element("Observation.value[x]:valueQuantity.unit")
        .unwrap();
    assert_eq!(unit.min, Some(1));
}

const EXTENSION: &str = "profile https://example.org/Ext 1 active\n  kind complex-type Extension\n  derivation constraint\n  base http://hl7.org/fhir/StructureDefinition/Extension\n  element Extension ..1\n    ^ ext-x error value.exists()\n  element Extension.extension ..0\n  element Extension.url\n    fixed uri \"https://example.org/Ext\"\n  element Extension.value[x] 1..\n    type Coding\n";

#[test]
fn an_extension_brings_its_children_its_rules_and_how_often_it_may_stand() {
    let library = library(
        FhirVersion::R4,
        &(EXTENSION.to_owned()
            + &head("A", "Patient", &hl7("Patient"))
            + "  element Patient.extension:ours\n    type Extension\n      profile https://example.org/Ext\n"
            + "  element Patient.extension:ours.value[x].code 1..\n"
            + "  element Patient.birthDate.extension:ours\n    type Extension\n      profile https://example.org/Ext\n"),
    );
    let found = of(&library, "A").unwrap();
    assert_eq!(found.problems, []);
    let sliced = found.element("Patient.extension").unwrap();
    let slicing = sliced.slicing.as_ref().unwrap();
    assert_eq!(slicing.discriminators[0].path, "url");
    let at = found.position("Patient.extension:ours").unwrap();
    let ours = &found.elements[at];
    assert_eq!(ours.max, Some(Most::Times(1)));
    assert_eq!(
        found.sources[at].max.as_deref(),
        Some("https://example.org/Ext")
    );
    assert!(ours.invariants.iter().any(|it| it.key == "ext-x"));
    let url = found.element("Patient.extension:ours.url").unwrap();
    assert_eq!(
        url.fixed.as_ref().unwrap().json,
        "\"https://example.org/Ext\""
    );
    let code = found
        .element("Patient.extension:ours.value[x].code")
        .unwrap();
    assert_eq!(code.min, Some(1));
    // Nobody goes into this one: whoever validates asks for the extension itself.
    assert!(found.element("Patient.birthDate.extension:ours").is_some());
    assert!(
        found
            .element("Patient.birthDate.extension:ours.url")
            .is_none()
    );
    assert!(found.element("Patient.birthDate.value").is_some());
}

#[test]
fn the_content_of_another_element_is_that_of_the_base() {
    let library = library(
        FhirVersion::R4,
        &(head("A", "Questionnaire", &hl7("Questionnaire"))
            + "  element Questionnaire.item.text 1..\n  element Questionnaire.item.item.item.prefix 1..\n"),
    );
    let found = of(&library, "A").unwrap();
    assert_eq!(found.problems, []);
    let min = |id: &str| found.element(id).unwrap().min;
    assert_eq!(min("Questionnaire.item.text"), Some(1));
    assert_eq!(min("Questionnaire.item.item.text"), Some(0));
    assert_eq!(min("Questionnaire.item.item.item.prefix"), Some(1));
    let inner = found.element("Questionnaire.item.item.item.item").unwrap();
    assert_eq!(inner.content.as_deref(), Some("#Questionnaire.item"));
}

#[test]
fn slices_without_ids_are_those_that_came_last() {
    let mut file = FactsFile::read(&format!(
        "fhir 3.0.2\n{}  element Patient.identifier\n    slicing open\n      by value system\n  element Patient.identifier:one ..1\n  element Patient.identifier:one.period.start 1..\n  element Patient.identifier:two\n    slicing -\n  element Patient.identifier:two.value 1..\n  element Patient.name 1..\n",
        head("A", "Patient", &hl7("Patient"))
    ))
    .unwrap();
    for element in &mut file.profiles[0].elements {
        element.id.clone_from(&element.path);
    }
    let mut library = Library::empty(FhirVersion::Stu3);
    library.add_file(file);
    let found = of(&library, "A").unwrap();
    // Without an id there is nothing but the path to go by, and that of the slice is what the id says too.
    assert!(found.element("Patient.identifier:one").is_some());
    let mut file = library.profile("https://example.org/A").unwrap().clone();
    for element in &mut file.elements {
        element.id = "no id".to_owned();
    }
    let found = snapshot(&file, &library, Definitions::stu3()).unwrap();
    assert_eq!(found.problems, []);
    let min = |id: &str| found.element(id).unwrap().min;
    assert_eq!(min("Patient.identifier:one.period.start"), Some(1));
    assert_eq!(min("Patient.identifier:two.value"), Some(1));
    assert!(
        found
            .element("Patient.identifier:two.period.start")
            .is_none()
    );
}

#[test]
fn what_cannot_be_placed_is_listed_and_the_rest_is_there() {
    let library = library(
        FhirVersion::R4,
        &(head("A", "Patient", &hl7("Patient"))
            + "  element Patient.nothing 1..\n  element Practitioner.name 1..\n  element Patient.gender\n    type Quantity\n"
            + "  element Patient.name:none.given 1..\n  element Patient.maritalStatus\n    type CodeableConcept\n      profile https://example.org/Unknown\n"
            + "  element Patient.maritalStatus.text 1..\n  element Patient.photo\n    type Attachment\n      profile https://example.org/A\n  element Patient.photo.url 1..\n"
            + "  element Patient.birthDate 1..\n"),
    );
    let found = of(&library, "A").unwrap();
    let causes: Vec<&Cause> = found.problems.iter().map(|it| &it.cause).collect();
    let url = "https://example.org/Unknown".to_owned();
    assert!(
        matches!(
            causes.as_slice(),
            [
                Cause::UnknownElement { .. },
                Cause::OtherRoot { .. },
                Cause::WrongType { .. },
                Cause::UndeclaredSlice { .. },
                Cause::UnknownProfile { url: unknown },
                Cause::ProfileCycle { .. },
            ] if *unknown == url
        ),
        "{causes:?}"
    );
    assert_eq!(
        found.problems[0].to_string(),
        "Patient.nothing of https://example.org/A: Patient has no element nothing"
    );
    let min = |id: &str| found.element(id).unwrap().min;
    assert_eq!(
        found.element("Patient.gender").unwrap().types[0].code,
        "code"
    );
    assert_eq!(min("Patient.name:none.given"), Some(1));
    assert_eq!(min("Patient.maritalStatus.text"), Some(1));
    assert_eq!(min("Patient.photo.url"), Some(1));
    assert_eq!(min("Patient.birthDate"), Some(1));
}

#[test]
fn without_a_base_there_is_no_snapshot() {
    let library = library(
        FhirVersion::R4,
        &(head("A", "Patient", "https://example.org/B")
            + &head("B", "Patient", "https://example.org/A")
            + &head("C", "Patient", "https://example.org/Z")
            + &head("D", "Patient", "https://example.org/C")
            + &head("E", "Patient", &hl7("Observation"))
            + "profile https://example.org/F 1 active\n  kind resource Patient\n  derivation constraint\n"
            + &head(
                "G",
                "Patient",
                "http://hl7.org/fhir/StructureDefinition/Patient|4.0.1",
            )),
    );
    let error = |name: &str| of(&library, name).unwrap_err();
    assert!(matches!(error("A"), SnapshotError::Cycle { .. }));
    for name in ["C", "D"] {
        let SnapshotError::UnknownBase { url, profile } = error(name) else {
            panic!("{name}");
        };
        assert_eq!(url, "https://example.org/Z");
        assert_eq!(profile, "https://example.org/C");
    }
    assert!(matches!(error("E"), SnapshotError::OtherType { .. }));
    assert!(matches!(error("F"), SnapshotError::NoBase { .. }));
    assert!(of(&library, "G").is_ok());
}

#[test]
fn a_type_of_its_own_has_the_elements_that_it_defines() {
    let library = library(
        FhirVersion::R4,
        &("profile https://example.org/Thing 1 active\n  kind logical Thing\n  derivation specialization\n  base "
            .to_owned()
            + &hl7("Element")
            + "\n  element Thing 0..*\n  element Thing.name 1..1\n    type HumanName\n  element Thing.part 0..*\n    type BackboneElement\n  element Thing.part.size 0..1\n    type Quantity\n  element Thing.part.part 0..*\n    content #Thing.part\n"
            + &head("A", "Thing", "https://example.org/Thing").replace("resource", "logical")
            + "  element Thing.part.part.size 1..\n  element Thing.name.family 1..\n"),
    );
    let found = of(&library, "A").unwrap();
    assert_eq!(found.problems, []);
    assert_eq!(found.of, "Thing");
    let min = |id: &str| found.element(id).unwrap().min;
    assert_eq!(min("Thing.part.size"), Some(0));
    assert_eq!(min("Thing.part.part.size"), Some(1));
    assert_eq!(min("Thing.name.family"), Some(1));
}

#[test]
fn what_grows_without_end_is_refused() {
    // Each slice copies all slices in it.
    let mut text = head("A", "Questionnaire", &hl7("Questionnaire"));
    let mut path = "Questionnaire".to_owned();
    for _ in 0..12 {
        path.push_str(".item");
        writeln!(text, "  element {path}.code.coding.extension 1..").unwrap();
    }
    let mut base = "A".to_owned();
    for depth in (1..12).rev() {
        let name = format!("N{depth}");
        text += &head(
            &name,
            "Questionnaire",
            &format!("https://example.org/{base}"),
        );
        let path = format!("Questionnaire{}", ".item".repeat(depth));
        for slice in ["a", "b", "c"] {
            writeln!(text, "  element {path}:{slice} 1..").unwrap();
        }
        base = name;
    }
    let library = library(FhirVersion::R4, &text);
    assert!(of(&library, "A").is_ok());
    assert!(matches!(
        of(&library, "N1").unwrap_err(),
        SnapshotError::TooLarge { .. }
    ));
    let mut deep = head("D", "Questionnaire", &hl7("Questionnaire"));
    writeln!(deep, "  element Questionnaire{} 1..", ".item".repeat(5000)).unwrap();
    let library = self::library(FhirVersion::R4, &deep);
    let found = of(&library, "D").unwrap();
    assert_eq!(found.problems[0].cause, Cause::TooDeep);
}
