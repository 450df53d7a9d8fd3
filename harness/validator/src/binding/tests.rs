//! Bindings of invented profiles and codes of invented systems, in JSON and XML.

use super::{Binder, Coded, RULES, check, check_codings};
use crate::knowledge::Knowledge;
use crate::place::Place;
use crate::report::Report;
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::{BindingStrength, Bound, FactsFile};
use plumbline_fhir::validate::survey;
use plumbline_fhir::{Assurance, CodedCheck, Definitions, FhirVersion, Options, json_to_xml};
use plumbline_fhirpath::ChildName;
use plumbline_tree::{Layout, Limits, Tree};

const FACTS: &str = "\
system urn:pets 1 complete case
  codes cat dog
system urn:part - fragment case
  codes red
set urn:set 2
  include urn:pets -
    codes cat
set urn:snomed -
  include http://snomed.info/sct - withheld
set urn:units -
  include http://unitsofmeasure.org -
    codes mg
set urn:mixed -
  include urn:pets -
  include urn:elsewhere -
";

fn knowledge(version: FhirVersion) -> Knowledge {
    let mut library = Library::empty(version);
    let text = format!("fhir {}\n{FACTS}", version.number());
    library.add_file(FactsFile::read(&text).unwrap());
    Knowledge::new(library)
}

/// A body as JSON, and the same as XML.
fn both(json: &str, version: FhirVersion) -> [Tree; 2] {
    let parse = |text: &str| Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
    let tree = parse(json);
    let xml = json_to_xml(&tree, Definitions::of(version), Layout::Compact).unwrap();
    let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
    [tree, xml]
}

fn bound(strength: BindingStrength, set: &str, greatest: Option<&str>) -> Bound {
    Bound {
        strength,
        value_set: Some(set.to_owned()),
        greatest: greatest.map(str::to_owned),
    }
}

/// The codes of issues about one element of an Observation, and how far its codes were checked; of JSON and XML the same.
fn found(element: &str, json: &str, bound: &Bound) -> (Vec<String>, Vec<Assurance>) {
    let knowledge = knowledge(FhirVersion::R4);
    let body = format!(r#"{{"resourceType": "Observation", "status": "final", {json}}}"#);
    let of = |tree: &Tree| {
        let (mut report, mut coded) = (Report::new(Options::default()), Coded::default());
        let binder = Binder {
            profile: "urn:profile",
            element: &format!("Observation.{element}:slice"),
            path: &format!("Observation.{element}"),
        };
        for at in
            Place::root(tree, knowledge.types).named(knowledge.types, &ChildName::new(element))
        {
            check(&knowledge, &at, bound, binder, &mut report, &mut coded);
        }
        let (issues, _) = report.finish();
        for issue in &issues {
            assert!(issue.message.contains("urn:profile"), "{}", issue.message);
            assert!(
                issue
                    .message
                    .contains(&format!("Observation.{element}:slice"))
            );
        }
        let mut checks = Vec::new();
        coded.add_to(&mut checks);
        for check in &checks {
            assert_eq!(check.path, format!("Observation.{element}"));
        }
        let found: Vec<String> = issues.iter().map(|it| it.code.to_string()).collect();
        (found, checks.into_iter().map(|it| it.assurance).collect())
    };
    let [json, xml] = both(&body, FhirVersion::R4);
    let result = of(&json);
    assert_eq!(result, of(&xml));
    result
}

fn concept(codes: &[(&str, &str)]) -> String {
    let all = codes
        .iter()
        .map(|(system, code)| format!(r#"{{"system": "{system}", "code": "{code}"}}"#));
    let all: Vec<String> = all.collect();
    format!(r#""code": {{"coding": [{}]}}"#, all.join(", "))
}

fn codes(element: &str, json: &str, strength: BindingStrength, set: &str) -> Vec<String> {
    found(element, json, &bound(strength, set, None)).0
}

#[test]
fn a_required_set_needs_one_code_of_it() {
    let required =
        |all: &[(&str, &str)]| codes("code", &concept(all), BindingStrength::Required, "urn:set");
    assert!(required(&[("urn:pets", "cat")]).is_empty());
    assert!(required(&[("urn:pets", "dog"), ("urn:pets", "cat")]).is_empty());
    assert_eq!(required(&[("urn:pets", "dog")]), ["FHIR-BINDING-PROFILE"]);
    assert_eq!(required(&[("urn:other", "cat")]), ["FHIR-BINDING-PROFILE"]);
    let text = r#""code": {"text": "cat"}"#;
    assert_eq!(
        codes("code", text, BindingStrength::Required, "urn:set"),
        ["FHIR-BINDING-PROFILE-NO-CODE"]
    );
    let absent = r#""code": {"extension": [{"url": "urn:absent", "valueCode": "unknown"}]}"#;
    assert!(codes("code", absent, BindingStrength::Required, "urn:set").is_empty());
    let no_system = r#""code": {"coding": [{"code": "cat"}]}"#;
    assert_eq!(
        codes("code", no_system, BindingStrength::Required, "urn:set"),
        ["FHIR-BINDING-PROFILE"]
    );
}

#[test]
fn weaker_bindings_say_less() {
    let dog = concept(&[("urn:pets", "dog")]);
    assert_eq!(
        codes("code", &dog, BindingStrength::Extensible, "urn:set"),
        ["FHIR-BINDING-PROFILE-EXTENSIBLE"]
    );
    assert!(
        codes(
            "code",
            r#""code": {"text": "cat"}"#,
            BindingStrength::Extensible,
            "urn:set"
        )
        .is_empty()
    );
    assert!(codes("code", &dog, BindingStrength::Preferred, "urn:set").is_empty());
    assert!(codes("code", &dog, BindingStrength::Example, "urn:set").is_empty());
    let greatest = bound(BindingStrength::Preferred, "urn:set", Some("urn:set"));
    assert_eq!(
        found("code", &dog, &greatest).0,
        ["FHIR-BINDING-PROFILE-GREATEST"]
    );
    assert!(
        found("code", &concept(&[("urn:pets", "cat")]), &greatest)
            .0
            .is_empty()
    );
}

#[test]
fn what_cannot_be_known_is_said_and_is_no_error() {
    let of = |set: &str, all: &[(&str, &str)]| {
        found(
            "code",
            &concept(all),
            &bound(BindingStrength::Required, set, None),
        )
    };
    let (issues, assured) = of("urn:nowhere", &[("urn:pets", "cat")]);
    assert!(issues.is_empty() && matches!(&assured[..], [Assurance::NotChecked(_)]));
    let (issues, assured) = of("urn:mixed", &[("urn:elsewhere", "x")]);
    assert!(issues.is_empty() && matches!(&assured[..], [Assurance::NotChecked(_)]));
    let (issues, assured) = of("urn:snomed", &[("http://snomed.info/sct", "404684003")]);
    assert!(issues.is_empty() && assured == [Assurance::SyntaxOnly]);
    let (issues, assured) = of("urn:snomed", &[("http://snomed.info/sct", "404684004")]);
    assert_eq!(issues, ["FHIR-BINDING-PROFILE-FORM"]);
    assert_eq!(assured, [Assurance::SyntaxOnly]);
    // One code that may be in the set is enough.
    let (issues, _) = of("urn:mixed", &[("urn:stray", "x"), ("urn:elsewhere", "x")]);
    assert!(issues.is_empty());
    let (_, assured) = of("urn:set", &[("urn:pets", "cat")]);
    assert!(matches!(&assured[..], [Assurance::Checked { version, .. }] if version == "2"));
}

#[test]
fn codes_units_and_strings_are_judged_too() {
    let quantity = |unit: &str| {
        let json = format!(r#""valueQuantity": {{"value": 1{unit}}}"#);
        codes("value", &json, BindingStrength::Required, "urn:units")
    };
    assert!(quantity(r#", "system": "http://unitsofmeasure.org", "code": "mg""#).is_empty());
    assert_eq!(
        quantity(r#", "system": "http://unitsofmeasure.org", "code": "kg""#),
        ["FHIR-BINDING-PROFILE"]
    );
    assert!(quantity("").is_empty());
    let text = |code: &str| {
        codes(
            "value",
            &format!(r#""valueString": "{code}""#),
            BindingStrength::Required,
            "urn:set",
        )
    };
    assert!(text("cat").is_empty());
    assert_eq!(text("dog"), ["FHIR-BINDING-PROFILE"]);
    assert!(
        codes(
            "value",
            r#""valueBoolean": true"#,
            BindingStrength::Required,
            "urn:set"
        )
        .is_empty()
    );
}

/// The findings about codes by themselves, of JSON and XML the same.
fn by_themselves(version: FhirVersion, json: &str) -> (Vec<String>, Vec<CodedCheck>) {
    let knowledge = knowledge(version);
    let of = |tree: &Tree| {
        let (mut report, mut coded) = (Report::new(Options::default()), Coded::default());
        let (_, survey) = survey(tree, knowledge.definitions, &Options::default());
        check_codings(&knowledge, &survey, &mut report, &mut coded);
        let (issues, _) = report.finish();
        let issues = issues.iter().map(|it| format!("{} {}", it.code, it.path));
        // As if the base had left every code open.
        let mut checks: Vec<CodedCheck> = ["Observation.code", "Observation.value[x]", "Meta.tag"]
            .iter()
            .map(|path| CodedCheck {
                path: (*path).to_owned(),
                value_set: "".into(),
                value_set_version: None,
                assurance: Assurance::NotChecked("open".to_owned()),
                count: 1,
            })
            .collect();
        coded.add_to(&mut checks);
        (issues.collect::<Vec<String>>(), checks)
    };
    let [json, xml] = both(json, version);
    let result = of(&json);
    assert_eq!(result, of(&xml));
    result
}

fn observation(coding: &str) -> Vec<String> {
    let all = [FhirVersion::R4, FhirVersion::Stu3].map(|version| {
        let json =
            format!(r#"{{"resourceType": "Observation", "code": {{"coding": [{coding}]}}}}"#);
        by_themselves(version, &json).0
    });
    assert_eq!(all[0], all[1]);
    all[0].clone()
}

#[test]
fn codes_are_held_against_their_code_system() {
    let path = "Observation.code.coding[0]";
    for (coding, code) in [
        (r#"{"system": "urn:pets", "code": "cat"}"#, ""),
        (
            r#"{"system": "urn:pets", "code": "cow"}"#,
            "FHIR-CODE-UNKNOWN",
        ),
        (
            r#"{"system": "urn:pets", "code": "cow", "version": "9"}"#,
            "",
        ),
        (
            r#"{"system": "urn:part", "code": "grey"}"#,
            "FHIR-CODE-UNKNOWN-IN-PART",
        ),
        (r#"{"system": "urn:elsewhere", "code": "x"}"#, ""),
        (
            r#"{"system": "urn:set", "code": "cat"}"#,
            "FHIR-CODE-SYSTEM-VALUE-SET",
        ),
        (r#"{"system": "urn:set"}"#, "FHIR-CODE-SYSTEM-VALUE-SET"),
        (
            r#"{"system": "pets", "code": "cat"}"#,
            "FHIR-CODE-SYSTEM-RELATIVE",
        ),
        (
            r#"{"system": "http://snomed.info/sct", "code": "404684003"}"#,
            "",
        ),
        (
            r#"{"system": "http://snomed.info/sct", "code": "404684004"}"#,
            "FHIR-CODE-FORM",
        ),
        (
            r#"{"system": "http://loinc.org", "code": "8867-5"}"#,
            "FHIR-CODE-FORM",
        ),
        (r#"{"code": "cat"}"#, "FHIR-CODE-NO-SYSTEM"),
        (r#"{"display": "Cat"}"#, ""),
    ] {
        let wanted: Vec<String> = if code.is_empty() {
            Vec::new()
        } else {
            vec![format!("{code} {path}")]
        };
        assert_eq!(observation(coding), wanted, "{coding}");
    }
}

#[test]
fn units_are_judged_and_what_is_no_coding_is_not() {
    let json = r#"{"resourceType": "Observation",
        "identifier": [{"system": "pets", "value": "1"}],
        "valueQuantity": {"value": 1, "system": "http://unitsofmeasure.org", "code": "nonsense"},
        "component": [{"valueQuantity": {"value": 1, "code": "mg"}}]}"#;
    let (issues, _) = by_themselves(FhirVersion::R4, json);
    assert_eq!(
        issues,
        ["FHIR-CODE-FORM Observation.value.ofType(Quantity)"]
    );
}

#[test]
fn how_far_is_told_for_the_element_that_holds_the_codings() {
    let json = r#"{"resourceType": "Observation",
        "meta": {"tag": [{"system": "urn:elsewhere", "code": "a"}, {"system": "urn:pets", "code": "cat"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "404684003"}]},
        "method": {"coding": [{"system": "urn:pets", "code": "cat"}]}}"#;
    let (_, checks) = by_themselves(FhirVersion::R4, json);
    let told: Vec<String> = checks
        .iter()
        .map(|it| format!("{} {:?}", it.path, it.assurance))
        .collect();
    // That of the value stays, since there is none; that of the method is told with its binding, if it has one.
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].starts_with("Observation.value[x] NotChecked(\"open\")"));
    assert!(told[1].starts_with("Meta.tag Checked"));
    assert!(told[2].starts_with("Meta.tag NotChecked(\"the code system is not here\")"));
    assert!(told[3].starts_with("Observation.code SyntaxOnly"));
}

#[test]
fn no_code_that_could_be_a_number_of_somebody_is_shown() {
    let json = r#"{"resourceType": "Observation", "code": {"coding": [{"system": "urn:pets", "code": "9990000018"}]}}"#;
    let knowledge = knowledge(FhirVersion::R4);
    let [tree, _] = both(json, FhirVersion::R4);
    let (mut report, mut coded) = (Report::new(Options::default()), Coded::default());
    let (_, survey) = survey(&tree, knowledge.definitions, &Options::default());
    check_codings(&knowledge, &survey, &mut report, &mut coded);
    let (issues, _) = report.finish();
    assert_eq!(issues.len(), 1);
    assert!(!format!("{issues:?} {coded:?}").contains("9990000018"));
}

#[test]
fn rules_stand_in_order() {
    assert!(RULES.is_sorted_by(|one, other| one.code < other.code));
}
