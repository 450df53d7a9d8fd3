//! What is wrong with expressions whatever a resource holds: what is certain is told, and nothing else.
//! Not for what is no expression at all: cases.rs.

use crate::types::Facts;
use crate::{R4, STU3};
use plumbline_fhirpath::{Expression, Problem, TypeInfo as _};

fn problems(facts: &Facts, contexts: &[&str], text: &str) -> Vec<String> {
    let contexts: Vec<_> = contexts.iter().map(|it| facts.named(it).unwrap()).collect();
    let expression = Expression::parse(text).unwrap();
    let found = expression.problems(facts, &contexts);
    found.iter().map(Problem::to_string).collect()
}

/// Type, expression, problem.
const NAMES: &[(&str, &str, &str)] = &[
    (
        "Patient",
        "colour.exists()",
        "Patient has no element `colour`",
    ),
    (
        "Patient",
        "name.where(colour = 'x')",
        "HumanName has no element `colour`",
    ),
    (
        "Patient",
        "name.select(given | colour)",
        "HumanName has no element `colour`",
    ),
    (
        "Patient",
        "birthDate.colour",
        "date has no element `colour`",
    ),
    (
        "Patient",
        "birthDate.value.colour",
        "Date has no element `colour`",
    ),
    (
        "Patient",
        "name.count().colour",
        "Integer has no element `colour`",
    ),
    (
        "Patient",
        "Patient.colour",
        "Patient has no element `colour`",
    ),
    (
        "Patient",
        "Observation.value",
        "Patient has no element `Observation`",
    ),
    (
        "Observation",
        "valueQuantity.exists()",
        "Observation has no element `valueQuantity`",
    ),
    (
        "Observation",
        "value.ofType(Quantity).colour",
        "Quantity has no element `colour`",
    ),
    (
        "Observation",
        "(value as Quantity).colour",
        "Quantity has no element `colour`",
    ),
    (
        "Patient",
        "name.first().colour",
        "HumanName has no element `colour`",
    ),
    (
        "Patient",
        "name[0].colour",
        "HumanName has no element `colour`",
    ),
    (
        "Patient",
        "extension('https://x.example').colour",
        "Extension has no element `colour`",
    ),
    (
        "Patient",
        "iif(active, name, contact).colour",
        "BackboneElement or HumanName has no element `colour`",
    ),
    (
        "Questionnaire",
        "repeat(item).colour",
        "BackboneElement has no element `colour`",
    ),
    (
        "Patient",
        "%context.colour",
        "Patient has no element `colour`",
    ),
    (
        "Patient",
        "name.all($this.colour)",
        "HumanName has no element `colour`",
    ),
];

#[test]
fn names_that_no_type_has_are_told() {
    for (context, text, wanted) in NAMES {
        let found = problems(&R4, &[context], text);
        // The numbers of types, and so their order, are those of the table.
        let turned: Vec<String> = found
            .iter()
            .map(|it| {
                it.replace(
                    "HumanName or BackboneElement",
                    "BackboneElement or HumanName",
                )
            })
            .collect();
        assert_eq!(turned, [*wanted], "{text}");
    }
    let found = problems(&STU3, &["Patient"], "animal.species.coding.colour");
    assert_eq!(found, ["Coding has no element `colour`"]);
}

#[test]
fn criteria_that_are_no_truth_values_are_told() {
    for (text, wanted) in [
        (
            "entry.where(fullUrl)",
            "`where` asks for a truth value and gets uri",
        ),
        (
            "entry.exists('a')",
            "`exists` asks for a truth value and gets String",
        ),
        (
            "entry.all(link)",
            "`all` asks for a truth value and gets BackboneElement",
        ),
        (
            "iif(type, 1, 2)",
            "`iif` asks for a truth value and gets code",
        ),
    ] {
        assert_eq!(problems(&R4, &["Bundle"], text), [wanted], "{text}");
    }
    for text in [
        "contact.where(%resource.active)",
        "contact.where($this.is(Patient))",
        "link.where(other.resolve())",
        "name.where({})",
        "name.where(true)",
        "iif(active, 1, 2)",
    ] {
        assert!(problems(&R4, &["Patient"], text).is_empty(), "{text}");
    }
}

#[test]
fn what_may_be_is_no_problem() {
    for (contexts, text) in [
        (&["Observation"][..], "value.colour"),
        (&["Observation"], "subject.resolve().colour"),
        (&["Bundle"], "entry.resource.colour"),
        (&["Patient"], "%resource.colour"),
        (&["Patient"], "descendants().colour"),
        (&["Patient"], "children().colour"),
        (&["Resource"], "colour"),
        (&["DomainResource"], "colour.exists()"),
        (&["Patient", "Observation"], "birthDate"),
        (&["Patient"], "(name | telecom).system"),
        (&["Patient"], "(name | telecom).where(system = 'x')"),
        (&["Resource"], "Patient.name"),
        (&["Patient"], "Resource.id"),
        (&["Patient"], "DomainResource.text"),
        (&[], "colour"),
        (&["Patient"], "name.aggregate($this.colour + $total, 0)"),
        (&["Patient"], "name.as(Nothing).colour"),
        (&["Patient"], "id.exists() and name.extension.value.colour"),
        (&["Questionnaire"], "repeat(item).linkId"),
        (&["Questionnaire"], "repeat(item | answerOption).linkId"),
    ] {
        let found = problems(&R4, contexts, text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    assert_eq!(problems(&R4, &[], "Patient.colour").len(), 1);
}

#[test]
fn deep_and_long_expressions_take_no_long() {
    let deep = format!("{}name{}", "repeat(".repeat(40), ")".repeat(40));
    let wide = vec!["colour"; 5_000].join(" | ");
    let many: Vec<String> = (0..100).map(|it| format!("colour{it}")).collect();
    for text in [deep, wide, many.join(" | ")] {
        assert!(problems(&R4, &["Patient"], &text).len() <= 20);
    }
}
