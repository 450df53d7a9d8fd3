//! Where references lead, and what is reported of them.

use super::testing::{bundle, entry, expect, expect_of, expect_with, found};
use super::{Hint, Index, Resolved, Why};
use crate::knowledge::Knowledge;
use plumbline_conformance::Library;
use plumbline_fhir::FhirVersion::{R4, Stu3};
use plumbline_fhirpath::{Environment, Expression};
use plumbline_tree::{Limits, Tree};

const A: &str = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
const B: &str = "urn:uuid:b3a8bd9d-9ab4-4a7a-8cb4-7b5ff2bd2d0a";
const NONE: &str = "urn:uuid:11111111-1cbf-4d64-b04d-cd9187a4c6e0";

fn patient(id: &str) -> String {
    format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#)
}

fn observation(subject: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"o","status":"final","code":{{"text":"t"}},"subject":{{"reference":"{subject}"}}}}"#
    )
}

/// A collection with a patient and an observation about somebody.
fn about(patient_url: &str, observation_url: &str, subject: &str) -> String {
    bundle(
        "collection",
        &[
            &entry(patient_url, &patient("1")),
            &entry(observation_url, &observation(subject)),
        ],
    )
}

const SUBJECT: &str = "Bundle.entry[1].resource.subject.reference";

#[test]
fn a_urn_leads_to_an_entry() {
    expect(&about(A, B, A), &[]);
    expect(&about(A, B, NONE), &[("FHIR-REFERENCE-URN", SUBJECT)]);
    expect(&about("urn:oid:1.2.3", B, "urn:oid:1.2.3"), &[]);
    expect(
        &about(A, B, "urn:oid:1.2.4"),
        &[("FHIR-REFERENCE-URN", SUBJECT)],
    );
    // A resource by itself may have been taken out of its bundle.
    expect(&observation(A), &[]);
}

#[test]
fn a_relative_reference_is_completed_with_the_base_of_its_entry() {
    let own = "https://x.example/fhir/Observation/o";
    expect(
        &about("https://x.example/fhir/Patient/1", own, "Patient/1"),
        &[],
    );
    expect(
        &about("https://x.example/fhir/Patient/1", own, "Patient/2"),
        &[],
    );
    let other = about("https://y.example/fhir/Patient/1", own, "Patient/1");
    expect(&other, &[("FHIR-REFERENCE-BASE", SUBJECT)]);
    expect(
        &about(A, own, "Patient/1"),
        &[("FHIR-REFERENCE-BASE", SUBJECT)],
    );
    let mixed = about("https://x.example/fhir/Patient/1", B, "Patient/1");
    expect(&mixed, &[("FHIR-REFERENCE-BASE", SUBJECT)]);
    expect(
        &about(A, B, "Patient/2"),
        &[("FHIR-REFERENCE-RELATIVE", SUBJECT)],
    );
}

#[test]
fn in_a_transaction_relative_references_are_meant_for_the_server() {
    let request = r#""request":{"method":"POST","url":"Observation"}"#;
    let entry = format!(
        r#"{{"fullUrl":"{B}","resource":{},{request}}}"#,
        observation("Patient/1")
    );
    expect(&bundle("transaction", &[&entry]), &[]);
}

#[test]
fn the_resource_that_is_found_has_an_allowed_type() {
    let wrong = bundle(
        "collection",
        &[
            &entry(A, r#"{"resourceType":"Organization","id":"1","name":"n"}"#),
            &entry(B, &observation(A)),
        ],
    );
    expect(&wrong, &[("FHIR-REFERENCE-FOUND-TYPE", SUBJECT)]);
}

#[test]
fn the_resource_that_is_found_has_the_type_that_is_said() {
    let said = |of: &str| {
        let observation =
            observation(A).replace(r#""reference""#, &format!(r#""type":"{of}","reference""#));
        bundle(
            "collection",
            &[&entry(A, &patient("1")), &entry(B, &observation)],
        )
    };
    expect_of(R4, &said("Patient"), &[]);
    expect_of(R4, &said("Group"), &[("FHIR-REFERENCE-SAID-TYPE", SUBJECT)]);
    // The address says one type, and the entry with this address holds another.
    let url = "https://x.example/Patient/1";
    let group = r#"{"resourceType":"Group","id":"1","type":"person","actual":true}"#;
    let json = bundle(
        "collection",
        &[&entry(url, group), &entry(B, &observation(url))],
    );
    let id = ("FHIR-BUNDLE-FULLURL-ID", "Bundle.entry[0].fullUrl");
    expect(&json, &[id, ("FHIR-REFERENCE-SAID-TYPE", SUBJECT)]);
}

#[test]
fn several_matches_are_ambiguous_and_a_version_decides() {
    let url = "https://x.example/Patient/1";
    let version = |it: &str| {
        let patient =
            format!(r#"{{"resourceType":"Patient","id":"1","meta":{{"versionId":"{it}"}}}}"#);
        entry(url, &patient)
    };
    let subject = "Bundle.entry[2].resource.subject.reference";
    let json = |subject: &str| {
        let own = entry("https://x.example/Observation/o", &observation(subject));
        bundle("collection", &[&version("1"), &version("2"), &own])
    };
    expect(&json(url), &[("FHIR-REFERENCE-AMBIGUOUS", subject)]);
    expect(&json("Patient/1"), &[("FHIR-REFERENCE-AMBIGUOUS", subject)]);
    expect(&json("Patient/1/_history/2"), &[]);
    expect(
        &json("Patient/1/_history/3"),
        &[("FHIR-REFERENCE-VERSION", subject)],
    );
}

#[test]
fn a_fragment_of_another_resource_is_one_that_it_contains() {
    let holder = r##"{"resourceType":"Patient","id":"1","contained":[{"resourceType":"Group","id":"g","type":"person","actual":true,
        "member":[{"entity":{"reference":"#"}}]}]}"##;
    let json = |fragment: &str| {
        let url = "https://x.example/Patient/1";
        let own = observation(&format!("{url}#{fragment}"));
        bundle("collection", &[&entry(url, holder), &entry(B, &own)])
    };
    expect_of(R4, &json("g"), &[]);
    expect_of(R4, &json("h"), &[("FHIR-REFERENCE-FRAGMENT", SUBJECT)]);
}

#[test]
fn contained_resources_are_linked_to_their_container() {
    let json = |managing: &str| {
        format!(
            r##"{{"resourceType":"Patient","id":"1","contained":[
                {{"resourceType":"Organization","id":"a","name":"n","partOf":{{"reference":"#b"}}}},
                {{"resourceType":"Organization","id":"b","name":"n","partOf":{{"reference":"#a"}}}}]{managing}}}"##
        )
    };
    expect(
        &json(r##","managingOrganization":{"reference":"#a"}"##),
        &[],
    );
    let island = "FHIR-REFERENCE-ISLAND";
    expect(
        &json(""),
        &[
            (island, "Patient.contained[0]"),
            (island, "Patient.contained[1]"),
        ],
    );
}

#[test]
fn what_is_named_reference_and_is_none_is_left_alone() {
    let json = bundle(
        "collection",
        &[&entry(
            A,
            r#"{"resourceType":"Basic","id":"1","code":{"text":"t"},"reference":"urn:uuid:x"}"#,
        )],
    );
    for version in [Stu3, R4] {
        let tree = Tree::parse(json.as_bytes().to_vec(), &Limits::default()).unwrap();
        let knowledge = Knowledge::new(Library::empty(version));
        assert!(super::testing::issues(&tree, &knowledge).is_empty());
    }
}

#[test]
fn an_inner_bundle_is_looked_in_first() {
    let inner = bundle(
        "collection",
        &[&entry(A, &patient("2")), &entry(B, &observation(A))],
    );
    let json = bundle(
        "collection",
        &[&entry(A, &patient("1")), &entry(NONE, &inner)],
    );
    expect(&json, &[]);
    let tree = Tree::parse(json.into_bytes(), &Limits::default()).unwrap();
    let knowledge = Knowledge::new(Library::empty(R4));
    let index = Index::of(&tree, &knowledge);
    let is_observation = |it: &usize| index.home(*it).unwrap().of == Some("Observation");
    let home = (0..index.len()).find(is_observation).unwrap();
    let Resolved::To(found) = index.locate(A, home) else {
        panic!("not found");
    };
    assert_eq!(super::reading::text(found.node, "id"), Some("2"));
}

#[test]
fn every_answer_is_given() {
    let url = "https://x.example/fhir/Patient/1";
    let json = bundle(
        "collection",
        &[
            &entry(url, &patient("1")),
            &entry("https://x.example/fhir/Observation/o", &observation(url)),
        ],
    );
    let tree = Tree::parse(json.into_bytes(), &Limits::default()).unwrap();
    let mut knowledge = Knowledge::new(Library::empty(R4));
    let questionnaire =
        r#"{"resourceType":"Questionnaire","id":"q","url":"https://x.example/q","version":"2"}"#;
    let questionnaire = Tree::parse(questionnaire.as_bytes().to_vec(), &Limits::default());
    knowledge.supplied.add(questionnaire.unwrap());
    let index = Index::of(&tree, &knowledge);
    assert!(matches!(index.locate("Patient/1", 2), Resolved::To(_)));
    assert_eq!(index.locate("#x", 2), Resolved::Nowhere(Why::NotContained));
    assert_eq!(
        index.locate("Patient/2", 2),
        Resolved::Elsewhere(Hint::None)
    );
    assert_eq!(
        index.locate("Patient?a=b", 2),
        Resolved::Elsewhere(Hint::None)
    );
    assert_eq!(index.locate("", 2), Resolved::Elsewhere(Hint::None));
    assert!(matches!(index.locate("#", 2), Resolved::To(it) if it.home == Some(2)));
    assert!(matches!(
        index.canonical("https://x.example/q|2", 2),
        Resolved::To(_)
    ));
    assert!(matches!(
        index.canonical("https://x.example/q|3", 2),
        Resolved::Elsewhere(_)
    ));
    let body = index.home(2).unwrap().node;
    for (text, wanted) in [
        ("subject.resolve().id = '1'", Ok(Some(true))),
        ("subject.resolve() is Patient", Ok(Some(true))),
        ("'#x'.resolve().empty()", Ok(Some(true))),
        ("'Patient/2'.resolve().exists()", Err(())),
        (
            "'https://x.example/q'.resolve().version = '2'",
            Ok(Some(true)),
        ),
    ] {
        let expression = Expression::parse(text).unwrap();
        let element = plumbline_fhirpath::Element::resource(body, knowledge.types);
        let environment = Environment::new(knowledge.types, &index, element);
        let found = expression.holds(&environment, element).map_err(|_| ());
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn resources_of_parameters_know_each_other() {
    let json = |subject: &str| {
        format!(
            r#"{{"resourceType":"Parameters","parameter":[
                {{"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/parameters-fullUrl","valueUri":"{A}"}}],
                "name":"a","resource":{}}},{{"name":"b","resource":{}}}]}}"#,
            patient("1"),
            observation(subject)
        )
    };
    expect(&json("Patient/1"), &[]);
    expect(&json("Patient/2"), &[]);
    expect(&json(A), &[]);
    let at = "Parameters.parameter[1].resource.subject.reference";
    expect(&json(B), &[("FHIR-REFERENCE-URN", at)]);
}

#[test]
fn what_was_handed_over_is_found() {
    let group = r#"{"resourceType":"Group","id":"1","url":"https://x.example/g","type":"person","actual":true}"#;
    expect_with(R4, &observation("Group/1"), &[group], &[]);
    let organization = r#"{"resourceType":"Organization","id":"1","url":"https://x.example/g"}"#;
    let at = "Observation.subject.reference";
    let wanted = [("FHIR-REFERENCE-FOUND-TYPE", at)];
    expect_with(
        R4,
        &observation("https://x.example/g"),
        &[organization],
        &wanted,
    );
}

#[test]
fn anything_can_be_looked_at() {
    let knowledge = Knowledge::new(Library::empty(R4));
    for text in [
        "[]",
        "null",
        "1",
        r#"{"resourceType":"Bundle","type":"document","entry":[1,null,[],{"resource":[]},{"resource":{"resourceType":3}}]}"#,
        r#"{"resourceType":"Bundle","type":"transaction","entry":{"fullUrl":1,"resource":{"contained":{"id":"x"}},"request":[{}]}}"#,
        r#"{"resourceType":"Parameters","parameter":[[],{"part":{"part":1}}]}"#,
        r##"{"resourceType":"Composition","section":[{"section":3}],"text":{"div":"<a href='#x'"},"reference":"#"}"##,
    ] {
        let tree = Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        let _ = super::testing::issues(&tree, &knowledge);
    }
}

/// One entry takes the same work however many there are: what is looked at again and again would show.
#[test]
fn time_grows_with_the_number_of_entries() {
    let time = |count: usize| {
        let entries = (0..count).map(|at| {
            let patient = entry(
                &format!("https://x.example/Patient/{at}"),
                &patient(&at.to_string()),
            );
            let subject = format!("Patient/{}", (at * 7919) % count);
            let observation =
                observation(&subject).replace(r#""id":"o""#, &format!(r#""id":"{at}""#));
            format!(
                "{patient},{}",
                entry(&format!("https://x.example/Observation/{at}"), &observation)
            )
        });
        let entries: Vec<String> = entries.collect();
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let json = bundle("collection", &entries);
        let tree = Tree::parse(json.into_bytes(), &Limits::default()).unwrap();
        let knowledge = Knowledge::new(Library::empty(R4));
        let best = (0..3).map(|_| {
            let before = std::time::Instant::now();
            assert!(super::testing::issues(&tree, &knowledge).is_empty());
            before.elapsed()
        });
        best.min().unwrap().as_secs_f64() / f64::from(u32::try_from(count).unwrap())
    };
    let (few, many) = (time(1_000), time(50_000));
    // What is quadratic would take fifty times as long; caches and noise are allowed for.
    assert!(
        many < few * 6.0,
        "{few:e} s an entry of 1,000, {many:e} s of 50,000"
    );
}

#[test]
fn both_versions_are_looked_at() {
    assert!(found(Stu3, &patient("1"), &[]).is_empty());
}
