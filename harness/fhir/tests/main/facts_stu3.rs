//! Single facts of STU3, those above all in which it differs from R4. Not for what holds of every type.

use plumbline_fhir::{Child, Definitions, Element, Form, Membership, Strength, Type};

fn at(path: &str) -> Child<'static> {
    let found = Definitions::stu3().element_at(path);
    found.unwrap_or_else(|| panic!("{path} is not found"))
}

fn has(version: &Definitions, path: &str) -> bool {
    version.element_at(path).is_some()
}

fn codes(path: &str) -> Vec<&'static str> {
    let element = at(path).element();
    let binding = element.bindings().next().unwrap();
    binding
        .value_set
        .systems()
        .flat_map(|it| it.codes().iter().copied())
        .collect()
}

#[test]
fn differs_from_r4_where_the_specifications_do() {
    let (r4, stu3) = (Definitions::r4(), Definitions::stu3());
    for path in [
        "Patient.animal.species",
        "Observation.comment",
        "Encounter.incomingReferral",
        "MedicationStatement.taken",
    ] {
        assert!(has(stu3, path) && !has(r4, path), "{path}");
    }
    for path in [
        "Observation.note",
        "Meta.source",
        "Observation.value[x].low.value",
        "Reference.type",
    ] {
        assert!(has(r4, path), "{path}");
    }
    for path in ["Observation.note", "Meta.source", "Reference.type"] {
        assert!(!has(stu3, path), "{path}");
    }
    for name in ["canonical", "url", "ServiceRequest", "Expression"] {
        assert!(
            r4.type_named(name).is_some() && stu3.type_named(name).is_none(),
            "{name}"
        );
    }
    for name in [
        "ReferralRequest",
        "ProcedureRequest",
        "DataElement",
        "BodySite",
    ] {
        assert!(
            stu3.resource(name).is_some() && r4.resource(name).is_none(),
            "{name}"
        );
    }
}

#[test]
fn intent_of_a_medication_request_is_required() {
    let intent = at("MedicationRequest.intent").element();
    assert_eq!((intent.min(), intent.max()), (1, Some(1)));
    assert_eq!(
        codes("MedicationRequest.intent"),
        ["instance-order", "order", "plan", "proposal"]
    );
    let r4 = Definitions::r4()
        .element_at("MedicationRequest.intent")
        .unwrap();
    let wider = r4.element().bindings().next().unwrap().value_set;
    assert_eq!(wider.contains_code("original-order"), Membership::Inside);
    assert_eq!(
        codes("Patient.gender"),
        ["female", "male", "other", "unknown"]
    );
}

#[test]
fn value_sets_are_expanded_from_hierarchies() {
    let incidents = codes("Claim.accident.type");
    assert!(
        incidents.contains(&"MVA") && incidents.contains(&"SPT"),
        "{incidents:?}"
    );
    assert!(!incidents.contains(&"_ActIncidentCode"), "{incidents:?}");
    let confidentiality = codes("Composition.confidentiality");
    assert_eq!(confidentiality, ["L", "M", "N", "R", "U", "V"]);
    // A group that no questionnaire may hold.
    assert!(!codes("Questionnaire.item.type").contains(&"question"));
    assert!(codes("Questionnaire.item.type").contains(&"choice"));
}

#[test]
fn some_code_systems_ignore_case() {
    let set = "http://hl7.org/fhir/ValueSet/v2-0131";
    let set = Definitions::stu3().value_set(set).unwrap();
    assert_eq!(
        set.contains("http://hl7.org/fhir/v2/0131", "C"),
        Membership::Inside
    );
    assert_eq!(
        set.contains("http://hl7.org/fhir/v2/0131", "c"),
        Membership::Inside
    );
    assert_eq!(
        set.contains("http://hl7.org/fhir/v2/0131", "cc"),
        Membership::Outside
    );
}

#[test]
fn open_sets_say_why() {
    let of = |path: &str| at(path).element().bindings().next().unwrap();
    let mime = of("Attachment.contentType");
    assert_eq!(mime.strength, Strength::Required);
    assert_eq!(mime.value_set.open().unwrap().0, Form::Mime);
    let uses = of("ExpansionProfile.designation.include.designation.use").value_set;
    assert!(uses.open().unwrap().1.contains("snomed"));
}

#[test]
fn types_are_those_of_stu3() {
    assert_eq!(at("Patient.id").type_use().unwrap().of().name(), "id");
    assert_eq!(
        at("Patient.name.id").type_use().unwrap().of().name(),
        "string"
    );
    assert_eq!(at("Extension.value[x]").element().types().len(), 38);
    let subject = at("Observation.subject").type_use().unwrap();
    let targets: Vec<_> = subject.targets().map(Type::name).collect();
    assert_eq!(targets, ["Patient", "Group", "Device", "Location"]);
    let link = at("Bundle.entry.link").element();
    assert_eq!(
        link.content_reference().map(Element::path).unwrap(),
        "Bundle.link"
    );
    let narrative: Vec<_> = Definitions::stu3()
        .type_named("Patient")
        .unwrap()
        .invariants()
        .map(|it| it.key)
        .collect();
    assert_eq!(narrative, ["dom-2", "dom-1", "dom-4", "dom-3"]);
}
