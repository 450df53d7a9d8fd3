//! The step table: enough steps, each with an example that means exactly that step.

use plumbline_pack::{StepMatch, StepTable};
use plumbline_runner::{StepRun, Table};

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
