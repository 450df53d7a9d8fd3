//! Single facts of R4, each read in the specification. Not for what holds of every type.

use plumbline_fhir::{
    Binding, Child, Definitions, Element, FhirVersion, Form, Membership, Severity, Shape, Strength,
    Type, TypeKind, TypeUse,
};

fn type_named(name: &str) -> Type<'static> {
    Definitions::r4().type_named(name).unwrap()
}

fn shape(name: &str) -> Shape<'static> {
    type_named(name).shape()
}

fn at(path: &str) -> Child<'static> {
    let found = Definitions::r4().element_at(path);
    found.unwrap_or_else(|| panic!("{path} is not found"))
}

fn type_names(element: Element<'_>) -> Vec<&'static str> {
    element.types().map(|it| it.of().name()).collect()
}

fn targets(use_of: TypeUse<'_>) -> Vec<&'static str> {
    use_of.targets().map(Type::name).collect()
}

fn names(shape: Shape<'_>) -> Vec<&'static str> {
    shape.children().map(Element::name).collect()
}

#[test]
fn gender_is_bound_to_four_codes() {
    let element = at("Patient.gender").element();
    let bindings: Vec<Binding> = element.bindings().collect();
    assert_eq!(bindings.len(), 1);
    let set = bindings[0].value_set;
    assert_eq!(bindings[0].strength, Strength::Required);
    assert_eq!(
        set.url(),
        "http://hl7.org/fhir/ValueSet/administrative-gender"
    );
    assert_eq!(set.version(), Some("4.0.1"));
    let systems: Vec<_> = set.systems().collect();
    assert_eq!(systems.len(), 1);
    assert_eq!(
        systems[0].url(),
        "http://hl7.org/fhir/administrative-gender"
    );
    assert_eq!(systems[0].codes(), ["female", "male", "other", "unknown"]);
    assert_eq!(set.contains_code("male"), Membership::Inside);
    assert_eq!(set.contains_code("Male"), Membership::Outside);
    assert_eq!(set.contains_code(""), Membership::Outside);
    let system = "http://hl7.org/fhir/administrative-gender";
    assert_eq!(set.contains(system, "male"), Membership::Inside);
    assert_eq!(
        set.contains("http://hl7.org/fhir/other", "male"),
        Membership::Outside
    );
    assert_eq!((element.min(), element.max()), (0, Some(1)));
    assert_eq!(type_names(element), ["code"]);
}

#[test]
fn children_are_inherited_in_order() {
    let patient = names(shape("Patient"));
    let inherited = [
        "id",
        "meta",
        "implicitRules",
        "language",
        "text",
        "contained",
        "extension",
        "modifierExtension",
    ];
    assert_eq!(patient[..8], inherited);
    assert_eq!(patient[8..11], ["identifier", "active", "name"]);
    assert_eq!(patient.len(), 8 + 16);
    let contact = at("Patient.contact").shape().unwrap();
    assert_eq!(
        names(contact),
        [
            "id",
            "extension",
            "modifierExtension",
            "relationship",
            "name",
            "telecom",
            "address",
            "gender",
            "organization",
            "period"
        ]
    );
    let family = at("Patient.contact.name.family");
    assert_eq!(family.element().path(), "HumanName.family");
    assert_eq!(family.position(), 4);
}

#[test]
fn an_observation_has_eleven_types_of_value() {
    let element = at("Observation.value[x]").element();
    assert_eq!(
        type_names(element),
        [
            "Quantity",
            "CodeableConcept",
            "string",
            "boolean",
            "integer",
            "Range",
            "Ratio",
            "SampledData",
            "time",
            "dateTime",
            "Period"
        ]
    );
    let child = shape("Observation").child("valueDateTime").unwrap();
    assert_eq!(child.element(), element);
    assert_eq!(child.type_use().unwrap().of().name(), "dateTime");
    for wrong in [
        "value[x]",
        "value",
        "valueDatetime",
        "valueMoney",
        "valuedateTime",
        "_value",
        "values",
    ] {
        assert!(shape("Observation").child(wrong).is_none(), "{wrong}");
    }
    assert_eq!(shape("Observation").choice_for("valueMoney"), Some(element));
    assert_eq!(shape("Observation").choice_for("value"), Some(element));
    assert_eq!(shape("Observation").choice_for("values"), None);
    let deceased = shape("Patient").child("deceasedBoolean").unwrap();
    assert_eq!(deceased.element().name(), "deceased[x]");
    assert_eq!(deceased.element().stem(), "deceased");
    assert_eq!(deceased.type_use().unwrap().of().name(), "boolean");
    assert!(deceased.element().is_modifier());
}

#[test]
fn content_of_another_element_is_followed() {
    let link = at("Bundle.entry.link");
    assert!(link.element().is_repeating());
    assert_eq!(
        link.element().content_reference().unwrap().path(),
        "Bundle.link"
    );
    assert_eq!(names(link.shape().unwrap())[3..], ["relation", "url"]);
    assert_eq!(type_names(link.element()), ["BackboneElement"]);
    let deep = at("Questionnaire.item.item.item.answerOption.valueCoding");
    assert_eq!(
        deep.element().path(),
        "Questionnaire.item.answerOption.value[x]"
    );
    let keys: Vec<_> = at("Questionnaire.item.item")
        .element()
        .invariants()
        .map(|it| it.key)
        .collect();
    assert!(keys.contains(&"que-6"), "{keys:?}");
}

#[test]
fn ids_have_the_types_of_the_specification() {
    let of = |path: &str| at(path).type_use().unwrap().of().name();
    assert_eq!(of("Patient.id"), "id");
    assert_eq!(of("Patient.name.id"), "string");
    assert_eq!(of("Patient.birthDate.id"), "string");
    assert_eq!(of("Patient.contact.id"), "string");
    assert_eq!(of("Extension.url"), "uri");
    assert!(at("Patient.name.id").element().is_attribute());
    assert!(at("Extension.url").element().is_attribute());
    assert!(!at("Patient.id").element().is_attribute());
}

#[test]
fn extensions_hold_any_datatype() {
    let extension = shape("Extension");
    assert_eq!(names(extension), ["id", "extension", "url", "value[x]"]);
    let value = at("Extension.value[x]").element();
    assert_eq!(value.types().len(), 50);
    assert_eq!(at("Extension.url").element().min(), 1);
    let keys: Vec<_> = type_named("Extension")
        .invariants()
        .map(|it| it.key)
        .collect();
    assert_eq!(keys, ["ext-1", "ele-1"]);
    assert!(extension.child("valueReference").is_some());
    assert!(extension.child("valueHumanName").is_some());
    assert!(extension.child("valueNarrative").is_none());
}

#[test]
fn references_name_their_targets() {
    let subject = at("AllergyIntolerance.patient").type_use().unwrap();
    assert_eq!(subject.of().name(), "Reference");
    assert_eq!(targets(subject), ["Patient"]);
    assert_eq!(subject.can_point_to("Patient"), Some(true));
    assert_eq!(subject.can_point_to("Group"), Some(false));
    assert_eq!(subject.can_point_to("Nobody"), None);
    let any = at("Composition.section.entry").type_use().unwrap();
    assert_eq!(targets(any), ["Resource"]);
    assert_eq!(any.can_point_to("Observation"), Some(true));
    let canonical = at("Questionnaire.derivedFrom").type_use().unwrap();
    assert_eq!(
        (canonical.of().name(), targets(canonical)),
        ("canonical", vec!["Questionnaire"])
    );
}

#[test]
fn types_derive_from_one_another() {
    assert!(type_named("positiveInt").is_a("integer"));
    assert!(type_named("Patient").is_a("DomainResource"));
    assert!(!type_named("Bundle").is_a("DomainResource"));
    assert!(type_named("Age").is_a("Quantity"));
    assert!(type_named("Timing").is_a("BackboneElement"));
    assert_eq!(type_named("Patient").kind(), TypeKind::Resource);
    assert_eq!(type_named("code").kind(), TypeKind::Primitive);
    assert!(type_named("DomainResource").is_abstract());
    assert!(Definitions::r4().resource("Patient").is_some());
    for wrong in [
        "DomainResource",
        "Resource",
        "HumanName",
        "patient",
        "Patient ",
        "",
        "MetadataResource",
    ] {
        assert!(Definitions::r4().resource(wrong).is_none(), "{wrong}");
    }
    assert_eq!(type_named("id").pattern(), Some(r"[A-Za-z0-9\-\.]{1,64}"));
}

#[test]
fn a_simple_quantity_has_no_comparator() {
    let low = at("Range.low");
    assert_eq!(low.type_use().unwrap().of().name(), "Quantity");
    assert_eq!(
        low.type_use().unwrap().profile().unwrap().name(),
        "SimpleQuantity"
    );
    assert!(low.shape().unwrap().child("comparator").is_none());
    assert!(shape("Quantity").child("comparator").is_some());
    assert_eq!(
        names(shape("SimpleQuantity")),
        ["id", "extension", "value", "unit", "system", "code"]
    );
    assert_eq!(names(shape("xhtml")), ["id"]);
    assert_eq!(names(shape("string")), ["id", "extension"]);
}

#[test]
fn invariants_stand_where_they_are_defined() {
    let contact: Vec<_> = at("Patient.contact").element().invariants().collect();
    assert_eq!(contact.len(), 1);
    assert_eq!(
        (contact[0].key, contact[0].severity),
        ("pat-1", Severity::Error)
    );
    assert!(
        contact[0]
            .expression
            .starts_with("name.exists() or telecom.exists()")
    );
    let patient: Vec<_> = type_named("Patient")
        .invariants()
        .map(|it| it.key)
        .collect();
    assert_eq!(patient, ["dom-2", "dom-3", "dom-4", "dom-5", "dom-6"]);
    let narrative = type_named("DomainResource")
        .invariants()
        .find(|it| it.key == "dom-6")
        .unwrap();
    assert_eq!(narrative.severity, Severity::BestPractice);
    assert_eq!(narrative.expression, "text.`div`.exists()");
}

#[test]
fn open_sets_say_why() {
    let set = at("Attachment.contentType")
        .element()
        .bindings()
        .next()
        .unwrap();
    assert_eq!(set.strength, Strength::Required);
    let Membership::Unknown { form, reason } = set.value_set.contains_code("text/plain") else {
        panic!("media types are not listed");
    };
    assert_eq!(form, Form::Mime);
    assert!(reason.contains("urn:ietf:bcp:13"), "{reason}");
    let language: Vec<_> = at("Patient.language").element().bindings().collect();
    assert_eq!(language.len(), 1);
    assert_eq!(language[0].strength, Strength::Greatest);
    assert_eq!(language[0].value_set.open().unwrap().0, Form::Language);
    let cut = Definitions::r4()
        .value_set("http://hl7.org/fhir/ValueSet/ucum-units")
        .unwrap();
    assert_eq!(cut.open().unwrap().0, Form::Ucum);
}

#[test]
fn sets_are_found_by_address_and_version() {
    let url = "http://hl7.org/fhir/ValueSet/bundle-type";
    let found = |url: &str| Definitions::r4().value_set(url).is_some();
    assert!(found(url) && found(&format!("{url}|4.0.1")));
    assert!(!found(&format!("{url}|4.0.0")) && !found("bundle-type"));
    let currencies = Definitions::r4()
        .value_set("http://hl7.org/fhir/ValueSet/currencies")
        .unwrap();
    assert_eq!(
        currencies.contains("urn:iso:std:iso:4217", "GBP"),
        Membership::Inside
    );
    let age: Vec<_> = type_named("Age").bindings().map(|it| it.strength).collect();
    assert_eq!(age, [Strength::Extensible, Strength::Greatest]);
}

#[test]
fn r4_is_4_0_1() {
    assert_eq!(Definitions::r4().version(), FhirVersion::R4);
    assert_eq!(Definitions::of(FhirVersion::R4).version().number(), "4.0.1");
}
