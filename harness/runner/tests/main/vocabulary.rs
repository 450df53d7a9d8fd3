//! The step table: enough steps, each with an example that means exactly that step.

use plumbline_model::StepKind;
use plumbline_pack::Needed::{Answer, Number, OwnId, Patient};
use plumbline_pack::{DiagnosticKind, Needed, PlannedStep, StepFacts, StepMatch, StepTable};
use plumbline_runner::{Argument, StepRun, Table, arguments, heading};

#[test]
fn every_step_has_an_example_that_means_it_alone() {
    let table = Table::standard();
    assert!(table.defs().count() >= 30);
    for def in table.defs() {
        assert!(!def.doc.is_empty(), "{}", def.pattern);
        assert!(
            matches!(table.resolve(def.kind, def.example), StepMatch::One),
            "the example of `{}` does not mean exactly that step",
            def.pattern
        );
        let (found, _) = table.find(def.kind, def.example).unwrap();
        assert_eq!(found.pattern, def.pattern);
    }
}

#[test]
fn every_assertion_names_a_check_of_the_registry() {
    for def in Table::standard().defs() {
        if let StepRun::Check { code, .. } = def.run {
            assert!(
                plumbline_checks::find(code).is_some(),
                "{code} of `{}`",
                def.pattern
            );
        }
    }
}

#[test]
fn unknown_steps_suggest_the_closest() {
    let table = Table::standard();
    let kind = plumbline_model::StepKind::Assertion;
    match table.resolve(kind, "the answer is a searchset Bundle") {
        StepMatch::None { closest } => {
            assert_eq!(
                closest.as_deref(),
                Some("the response is a searchset Bundle")
            );
        }
        other => panic!("{other:?}"),
    }
    let misplaced = table.resolve(plumbline_model::StepKind::Setup, "the request succeeds");
    assert!(matches!(misplaced, StepMatch::WrongKeyword(_)));
    let unknown = table.resolve(
        plumbline_model::StepKind::Action,
        "patients are searched by \"family\" \"{surname}\"",
    );
    assert!(matches!(unknown, StepMatch::BadArgument { .. }));
}

/// Rows of a table of two columns.
type Rows<'a> = &'a [[&'a str; 2]];

/// What linting is told of a step with these table rows.
fn examined(kind: StepKind, text: &str, table: Option<Rows<'_>>) -> StepFacts {
    let step = PlannedStep {
        kind,
        keyword: String::new(),
        text: text.to_owned(),
        table: table.map(|rows| {
            rows.iter()
                .map(|row| row.map(str::to_owned).to_vec())
                .collect()
        }),
        docstring: None,
        line: 1,
    };
    let standard = Table::standard();
    assert!(
        matches!(standard.resolve(kind, text), StepMatch::One),
        "{text}"
    );
    standard.examine(&step).unwrap()
}

#[test]
fn every_argument_of_every_step_has_a_kind() {
    let roles = [Argument::Role, Argument::Number, Argument::FactType];
    assert_eq!(
        arguments("the patient {string} holds at least {int} {string} records"),
        roles
    );
    for (pattern, kinds) in [
        (
            "{string} records are searched for the patient by {string} {string}",
            vec![Argument::Type, Argument::Parameter, Argument::Text],
        ),
        (
            "the {string} with id {string} is read",
            vec![Argument::Type, Argument::Text],
        ),
        ("the response is a {string} resource", vec![Argument::Type]),
        (
            "every result is a {string} or an OperationOutcome",
            vec![Argument::Type],
        ),
        (
            "the capability statement offers search of {string} by {string}",
            vec![Argument::Type, Argument::Parameter],
        ),
        (
            "every {string} record the patient holds is in the result",
            vec![Argument::FactType],
        ),
        (
            "patients are searched by {string} {string}",
            vec![Argument::Parameter, Argument::Text],
        ),
        (
            "every result matches the {string} that was asked for",
            vec![Argument::Parameter],
        ),
    ] {
        assert!(
            Table::standard().defs().any(|def| def.pattern == pattern),
            "{pattern}"
        );
        assert_eq!(arguments(pattern), kinds, "{pattern}");
    }
}

#[test]
fn the_examples_have_no_mistake() {
    for def in Table::standard().defs() {
        let rows = [heading(def), ["_id", "x"]];
        let table = def.needs_table.then_some(rows.as_slice());
        let facts = examined(def.kind, def.example, table);
        assert_eq!(facts.faults, [], "{}", def.pattern);
    }
}

#[test]
fn tables_are_neither_forgotten_nor_dropped() {
    let text = "\"Immunization\" records are searched for the patient with:";
    let heading = ["parameter", "value"];
    let wrong: [(&str, Option<Rows<'_>>, &str); 7] = [
        (text, None, "this step needs a table"),
        (
            text,
            Some(&[["status", "completed"], ["date", "ge2020"]]),
            "the table must begin with | parameter | value |",
        ),
        (text, Some(&[heading]), "holds no parameter"),
        (
            text,
            Some(&[heading, ["status", ""]]),
            "a cell of the table is empty",
        ),
        (
            text,
            Some(&[heading, ["status", "{state}"]]),
            "{state} does not exist",
        ),
        (
            text,
            Some(&[heading, ["sattus", "completed"]]),
            "`sattus` is not a search parameter of Immunization",
        ),
        (
            "the patient is read by id",
            Some(&[heading, ["_id", "x"]]),
            "this step takes no table",
        ),
    ];
    for (text, table, cause) in wrong {
        let faults = examined(StepKind::Action, text, table).faults;
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].cause.contains(cause), "{faults:#?}");
    }
}

#[test]
fn types_and_parameters_are_checked() {
    let error = DiagnosticKind::Error;
    let warning = DiagnosticKind::Warning;
    let wrong = [
        (
            StepKind::Action,
            "\"Immunisation\" records are searched for the patient",
            error,
            "did you mean `Immunization`?",
        ),
        (
            StepKind::Action,
            "the \"Patients\" with id \"x\" is read",
            error,
            "did you mean `Patient`?",
        ),
        (
            StepKind::Assertion,
            "the response is a \"Capability\" resource",
            error,
            "FHIR resource type",
        ),
        (
            StepKind::Assertion,
            "every \"Procedure\" record the patient holds is in the result",
            error,
            "write one of Condition",
        ),
        (
            StepKind::Setup,
            "the patient \"p\" holds at least 2 \"AllergyIntolerance\" records",
            error,
            "plumbline steps allergies",
        ),
        (
            StepKind::Action,
            "patients are searched by \"birth-date\" \"2000\"",
            warning,
            "did you mean `birthdate`?",
        ),
        (
            StepKind::Action,
            "patients are searched by \"shoe\" \"42\"",
            warning,
            "look it up",
        ),
        (
            StepKind::Assertion,
            "the capability statement offers search of \"Patient\" by \"famly\"",
            warning,
            "did you mean `family`?",
        ),
    ];
    for (kind, text, severity, fix) in wrong {
        let faults = examined(kind, text, None).faults;
        assert_eq!(faults.len(), 1, "{text}: {faults:#?}");
        assert_eq!(faults[0].severity, severity, "{text}");
        assert!(faults[0].fix.contains(fix), "{faults:#?}");
    }
    for right in [
        "patients are searched by \"family:exact\" \"x\"",
        "patients are searched by \"general-practitioner.name\" \"x\"",
        "\"Procedure\" records are searched for the patient by \"anything\" \"x\"",
    ] {
        assert_eq!(
            examined(StepKind::Action, right, None).faults,
            [],
            "{right}"
        );
    }
}

#[test]
fn steps_say_what_they_need() {
    let needs = |kind, text: &str| -> Vec<Needed> {
        examined(kind, text, None)
            .needs
            .iter()
            .map(|need| need.needed)
            .collect()
    };
    let action = StepKind::Action;
    let then = StepKind::Assertion;
    assert_eq!(needs(action, "the capability statement is read"), []);
    assert_eq!(
        needs(action, "patients are searched by NHS number"),
        [Number]
    );
    assert_eq!(
        needs(action, "patients are searched by \"family\" \"{family}\""),
        [Patient]
    );
    assert_eq!(
        needs(action, "patients are searched by \"_id\" \"{id}\""),
        [OwnId]
    );
    assert_eq!(needs(action, "the patient is read by id"), [Patient, OwnId]);
    let records = "\"Immunization\" records are searched for the patient";
    assert_eq!(needs(action, records), [Patient, OwnId]);
    assert_eq!(
        needs(action, "every page of the result is followed"),
        [Answer]
    );
    assert_eq!(
        needs(action, "the first result is read by its id"),
        [Answer]
    );
    let refused = "the scenario does not apply if the search is refused";
    assert_eq!(needs(action, refused), [Answer]);
    assert_eq!(needs(then, "the request succeeds"), [Answer]);
    assert_eq!(
        needs(then, "the result holds the patient"),
        [Number, Answer]
    );
    assert_eq!(
        needs(then, "every allergy the patient holds is in the result"),
        [Patient, Answer]
    );
    let known = "the target's own id for the patient is known";
    assert_eq!(needs(StepKind::Setup, known), [Patient]);
}
