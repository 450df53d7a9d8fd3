//! What linting is told of a step: mistakes in its arguments and its table, what it needs from the
//! steps before it, and what it gives to those after it. Not for running it.

use crate::placeholder;
use crate::step::{StepDef, StepRun};
use crate::steps::parameters::{bare, parameters};
use crate::steps::{register, words};
use plumbline_model::{CLINICAL_TYPES, StepKind};
use plumbline_pack::{
    DiagnosticKind, Needed, PlannedStep, StepEffect, StepFacts, StepFault, StepNeed, closest,
};

/// What the first row of a table must be, but for tables of changes.
pub(crate) const HEADING: [&str; 2] = ["parameter", "value"];

/// What an argument of a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// The role of a test patient, practitioner, organisation or location.
    Role,
    /// A FHIR resource type.
    Type,
    /// A FHIR resource type about which facts are kept.
    FactType,
    /// A search parameter.
    Parameter,
    /// A whole number.
    Number,
    /// Something else.
    Text,
}

/// What the arguments of a pattern are, in order.
pub fn arguments(pattern: &str) -> Vec<Argument> {
    let mut kinds = Vec::new();
    let mut at = 0;
    while let Some(found) = pattern[at..].find('{') {
        let start = at + found;
        let end = pattern[start..]
            .find('}')
            .map_or(pattern.len(), |length| start + length + 1);
        kinds.push(argument(
            &pattern[..start],
            &pattern[start..end],
            &pattern[end..],
        ));
        at = end;
    }
    kinds
}

fn argument(before: &str, name: &str, after: &str) -> Argument {
    let facts = before.ends_with("{int} ") || after.contains("the patient holds");
    if name == "{int}" {
        Argument::Number
    } else if [
        "the patient ",
        "the practitioner ",
        "the organisation ",
        "the location ",
    ]
    .contains(&before)
    {
        Argument::Role
    } else if after.starts_with(" record") && facts {
        Argument::FactType
    } else if after.starts_with(" record")
        || after.starts_with(" resource")
        || after.starts_with(" with id")
        || after.starts_with(" or an OperationOutcome")
        || before.ends_with("search of ")
        || before.ends_with(" offers {string} of ")
        || after == " in play"
        || (before == "every " && (after.starts_with(" has ") || after.starts_with(" names ")))
        || (before == "no " && after.starts_with(" has "))
    {
        Argument::Type
    } else if before.ends_with(" by ") || after.starts_with(" that was asked for") {
        Argument::Parameter
    } else {
        Argument::Text
    }
}

/// Everything that linting is told of a step, given its arguments.
pub(crate) fn examine(def: &StepDef, captures: &[String], step: &PlannedStep) -> StepFacts {
    let mut facts = StepFacts {
        effect: effect(def),
        mutates: words::mutates(def, captures),
        ..StepFacts::default()
    };
    if let Some((cause, fix)) = words::problem(def, captures) {
        facts.faults.push(fault(None, cause, fix));
    }
    check_arguments(def, captures, &mut facts.faults);
    check_table(def, captures, step, &mut facts.faults);
    if step.docstring.is_some() {
        facts.faults.push(fault(
            None,
            "no step reads a text between quotation marks on lines of their own",
            "remove it, or write what it says as a comment with #",
        ));
    }
    let cells = step.table.iter().flatten().flatten();
    let used: Vec<&str> = captures
        .iter()
        .chain(cells)
        .flat_map(|text| placeholder::names(text))
        .collect();
    needs(def, &used, &mut facts.needs);
    facts
}

fn fault(row: Option<usize>, cause: impl Into<String>, fix: impl Into<String>) -> StepFault {
    StepFault {
        severity: DiagnosticKind::Error,
        row,
        cause: cause.into(),
        fix: fix.into(),
    }
}

fn check_arguments(def: &StepDef, captures: &[String], faults: &mut Vec<StepFault>) {
    let kinds = arguments(def.pattern);
    for (kind, given) in kinds.iter().zip(captures) {
        match kind {
            Argument::Type => check_type(given, faults),
            Argument::FactType => check_fact_type(given, faults),
            Argument::Parameter => {
                if let Some(resource_type) = searched_type(def, captures) {
                    check_parameter(resource_type, given, None, faults);
                }
            }
            Argument::Role | Argument::Number | Argument::Text => {}
        }
    }
}

/// The type that a step searches, where the step says it.
fn searched_type<'a>(def: &StepDef, captures: &'a [String]) -> Option<&'a str> {
    if def.pattern.starts_with("patients are searched") {
        return Some("Patient");
    }
    arguments(def.pattern)
        .iter()
        .zip(captures)
        .find(|(kind, _)| **kind == Argument::Type)
        .map(|(_, given)| given.as_str())
}

fn check_type(given: &str, faults: &mut Vec<StepFault>) {
    if plumbline_redact::resource_types().any(|name| name == given) {
        return;
    }
    let fix = closest(given, plumbline_redact::resource_types()).map_or_else(
        || "write the name of a FHIR resource type, such as \"AllergyIntolerance\"".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    let cause = format!("`{given}` is not a FHIR resource type that Plumbline knows");
    faults.push(fault(None, cause, fix));
}

fn check_fact_type(given: &str, faults: &mut Vec<StepFault>) {
    let known = || CLINICAL_TYPES.iter().map(|kind| kind.name);
    if known().any(|name| name == given) {
        return;
    }
    let fix = if given == "AllergyIntolerance" {
        "use the step about allergies: see `plumbline steps allergies`".to_owned()
    } else {
        match closest(given, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", known().collect::<Vec<_>>().join(", ")),
        }
    };
    let cause = format!("the test patients have no facts of the type `{given}`");
    faults.push(fault(None, cause, fix));
}

fn check_parameter(
    resource_type: &str,
    given: &str,
    row: Option<usize>,
    faults: &mut Vec<StepFault>,
) {
    let Some(known) = parameters(resource_type) else {
        return;
    };
    if known.contains(&bare(given)) {
        return;
    }
    let fix = closest(bare(given), known.iter().copied()).map_or_else(
        || "look it up among the search parameters of the type; a typing error here makes every system fail".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    faults.push(StepFault {
        severity: DiagnosticKind::Warning,
        row,
        cause: format!("`{given}` is not a search parameter of {resource_type} in FHIR R4"),
        fix,
    });
}

fn check_table(
    def: &StepDef,
    captures: &[String],
    step: &PlannedStep,
    faults: &mut Vec<StepFault>,
) {
    let heading = heading(def);
    let heading_text = format!("| {} |", heading.join(" | "));
    let table = match (&step.table, def.needs_table) {
        (None, false) => return,
        (None, true) => {
            faults.push(fault(
                None,
                "this step needs a table",
                format!(
                    "write {heading_text} on the line below, and one row for each {}",
                    heading[0]
                ),
            ));
            return;
        }
        (Some(_), false) => {
            faults.push(fault(
                Some(0),
                "this step takes no table, so nobody would read it",
                "remove it, or use a step that ends in `with:`",
            ));
            return;
        }
        (Some(table), true) => table,
    };
    if table.first().is_none_or(|row| row != &heading) {
        faults.push(fault(
            Some(0),
            format!("the table must begin with {heading_text}"),
            "write that as its first row; the first row is never sent",
        ));
        return;
    }
    if table.len() == 1 {
        faults.push(fault(
            Some(0),
            format!("the table holds no {}", heading[0]),
            format!("add a row for each {}", heading[0]),
        ));
    }
    let searched = searched_type(def, captures);
    for (number, row) in table.iter().enumerate().skip(1) {
        if row.iter().any(|cell| cell.trim().is_empty()) {
            faults.push(fault(
                Some(number),
                "a cell of the table is empty",
                format!("write a {} and its value", heading[0]),
            ));
        }
        for unknown in row.iter().filter_map(|cell| placeholder::unknown(cell)) {
            faults.push(fault(
                Some(number),
                format!("the placeholder {{{unknown}}} does not exist"),
                format!("use one of {}", placeholder::list()),
            ));
        }
        if let (Some(searched), Some(name)) = (searched, row.first())
            && heading == HEADING
        {
            check_parameter(searched, name, Some(number), faults);
        }
    }
}

/// What the first row of a step's table must be.
pub fn heading(def: &StepDef) -> [&'static str; 2] {
    if def.pattern == "the patient is registered with:" {
        register::HEADING
    } else {
        HEADING
    }
}

fn effect(def: &StepDef) -> StepEffect {
    match (def.kind, def.pattern) {
        (StepKind::Setup, "the practitioner {string}") => StepEffect::PutsPractitioner,
        (StepKind::Setup, "the organisation {string}") => StepEffect::PutsOrganisation,
        (StepKind::Setup, "the location {string}") => StepEffect::PutsLocation,
        (StepKind::Setup, pattern) if pattern.starts_with("the target's own id for the ") => {
            StepEffect::FindsId
        }
        (StepKind::Action, pattern) if pattern.starts_with("the patient is registered") => {
            StepEffect::AsksAndFindsId
        }
        (StepKind::Action, pattern) if pattern.starts_with("the scenario does not apply") => {
            StepEffect::Nothing
        }
        (StepKind::Setup, pattern) if pattern.starts_with("the patient ") => {
            StepEffect::PutsPatient
        }
        (StepKind::Setup, "an NHS number that belongs to no patient") => StepEffect::PutsNobody,
        (StepKind::Action, _) => StepEffect::Asks,
        (StepKind::Setup | StepKind::Assertion, _) => StepEffect::Nothing,
    }
}

const PATIENT_FIX: &str = "put `Given the patient \"...\"` before it, with a role of the pack";
const ID_FIX: &str = "put `Given the target's own id for the patient is known` after the patient, or the same \
     for a practitioner or an organisation";

fn needs(def: &StepDef, placeholders: &[&str], out: &mut Vec<StepNeed>) {
    of_placeholders(placeholders, out);
    let mut need = |needed, cause: String, fix: &str| {
        let fix = fix.to_owned();
        out.push(StepNeed { needed, cause, fix });
    };
    let by_number =
        def.kind == StepKind::Action && def.pattern.starts_with("patients are searched by NHS");
    if by_number {
        need(
            Needed::Number,
            "this step sends an NHS number, and no patient is in play".to_owned(),
            PATIENT_FIX,
        );
    }
    let about_patient = def.kind != StepKind::Assertion
        && (def.pattern == "patients are searched by local identifier"
            || def.pattern == "the target's own id for the patient is known"
            || def.pattern.starts_with("the patient is registered")
            || by_id(def));
    if about_patient || check_needs(def) == Some(Needed::Patient) {
        need(
            Needed::Patient,
            "this step is about a patient, and no patient is in play".to_owned(),
            PATIENT_FIX,
        );
    }
    if by_id(def) {
        need(
            Needed::OwnId,
            "this step asks by the target's own id for the patient, and no step before it finds it"
                .to_owned(),
            ID_FIX,
        );
    }
    if check_needs(def) == Some(Needed::Number) {
        need(
            Needed::Number,
            "this step is about a patient, and no patient is in play".to_owned(),
            PATIENT_FIX,
        );
    }
    for (pattern, needed, title) in [
        (
            "the target's own id for the practitioner is known",
            Needed::Practitioner,
            "practitioner",
        ),
        (
            "the target's own id for the organisation is known",
            Needed::Organisation,
            "organisation",
        ),
    ] {
        if def.pattern == pattern {
            need(
                needed,
                format!("this step is about a {title}, and none is in play"),
                "put the Given step before it that names one by its role",
            );
        }
    }
    let looks_back = def.kind == StepKind::Assertion
        || (def.kind == StepKind::Action
            && (def.pattern.contains(" result ")
                || def.pattern.starts_with("the scenario does not apply")));
    if looks_back {
        need(
            Needed::Answer,
            "this step looks at an answer, and nothing was asked before it".to_owned(),
            "put a When step that sends a request before it",
        );
    }
}

/// What the values between braces need.
fn of_placeholders(placeholders: &[&str], out: &mut Vec<StepNeed>) {
    let mut need = |needed, cause: String, fix: &str| {
        let fix = fix.to_owned();
        out.push(StepNeed { needed, cause, fix });
    };
    for name in placeholders {
        match *name {
            "nhs-number" | "nhs-number:wrong" => need(
                Needed::Number,
                "{nhs-number} stands for that of a patient, and no patient is in play".to_owned(),
                PATIENT_FIX,
            ),
            "sds-user-id" => need(
                Needed::Practitioner,
                "{sds-user-id} is a value of a practitioner, and none is in play".to_owned(),
                "put `Given the practitioner \"...\"` before it, with a role of the pack",
            ),
            "ods-code" => need(
                Needed::Organisation,
                "{ods-code} is a value of an organisation, and none is in play".to_owned(),
                "put `Given the organisation \"...\"` before it, with a role of the pack",
            ),
            "id" => need(
                Needed::OwnId,
                "{id} is the target's own id of what is in play, and no step before this finds it"
                    .to_owned(),
                ID_FIX,
            ),
            name => need(
                Needed::Patient,
                format!("{{{name}}} is a value of a patient, and no patient is in play"),
                PATIENT_FIX,
            ),
        }
    }
}

/// Whether the step sends the target's id for the patient.
fn by_id(def: &StepDef) -> bool {
    def.kind == StepKind::Action
        && (def.pattern.contains(" for the patient") || def.pattern == "the patient is read by id")
}

/// What the check of an assertion compares with.
fn check_needs(def: &StepDef) -> Option<Needed> {
    match def.run {
        StepRun::Check { code, .. } => match code {
            "RESULT-HELD" | "RESULT-OTHER-PATIENT" => Some(Needed::Number),
            "ALLERGY-HELD" | "RECORD-HELD" | "PATIENT-FACTS" => Some(Needed::Patient),
            _ => None,
        },
        StepRun::Act(_) => None,
    }
}
