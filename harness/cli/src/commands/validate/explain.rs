//! `plumbline validate --explain CODE`: what a code of the result means, how grave it is and what to do about it.
//! Not for the rules themselves, which are the library's.

use super::shown::shown;
use crate::Outcome;
use crate::failure::Failure;
use plumbline_conformance::Library;
use plumbline_fhir::definitions::Severity as Grade;
use plumbline_fhir::{Definitions, FhirVersion, Invariant, Type};
use plumbline_model::ExitCode;
use plumbline_validator::{rule, rules};
use std::collections::{BTreeMap, BTreeSet};

/// What the codes of invariants begin with; the key of the invariant follows.
const INVARIANT: &str = "FHIR-INVARIANT-";
/// Of the places of an invariant, this many are named.
const MOST_PLACES: usize = 12;

/// Codes of files, not of FHIR: code, meaning, fix.
pub(super) const FILES: [(&str, &str, &str); 4] = [
    (
        "FILE-FAULT",
        "Plumbline itself failed on this file; nothing is known about it.",
        "Report it to the authors of Plumbline.",
    ),
    (
        "FILE-LIMIT",
        "The file is larger, or nested deeper, than Plumbline reads; nothing in it was checked.",
        "Divide it, for instance a Bundle into smaller ones.",
    ),
    (
        "FILE-SYNTAX",
        "The file is neither JSON nor XML that can be read.",
        "Correct it at the line and column that are given; the rest is checked once it can be read.",
    ),
    (
        "FILE-UNREADABLE",
        "The file could not be opened or read; nothing is known about it.",
        "Check the name, the folder in which the command is started, and the right to read it.",
    ),
];

/// What to do about a broken rule.
pub(super) fn fix(code: &str) -> &'static str {
    match rule(code) {
        Some(rule) => rule.fix,
        None if code.starts_with(INVARIANT) => {
            "Change the resource so that the condition holds; --explain with this code shows the condition."
        }
        None => "",
    }
}

/// An invariant, wherever it stands.
#[derive(Default)]
struct Places {
    /// Paths of elements, or addresses of profiles with the id of the element, by severity and expression.
    by_rule: BTreeMap<(&'static str, String), Vec<String>>,
}

/// Prints what a code means. Unknown codes end with the nearest ones.
pub(super) fn perform(code: &str, version: FhirVersion, library: &Library) -> Outcome {
    let code = code.trim();
    if let Some((code, meaning, fix)) = FILES.iter().find(|it| it.0.eq_ignore_ascii_case(code)) {
        println!("{code} (error)");
        println!();
        println!("Meaning:  {meaning}");
        println!("Fix:      {fix}");
        return Ok(ExitCode::Success);
    }
    if let Some(rule) = rules().find(|it| it.code.eq_ignore_ascii_case(code)) {
        println!("{} ({})", rule.code, rule.severity);
        println!();
        println!("Meaning:  {}", rule.meaning);
        println!("Message:  {}", rule.message.replace("{}", "..."));
        println!("Fix:      {}", rule.fix);
        if let Some(example) = example(rule.code) {
            println!("Example:  {example}");
        }
        return Ok(ExitCode::Success);
    }
    let prefix = code.get(..INVARIANT.len());
    if prefix.is_some_and(|it| it.eq_ignore_ascii_case(INVARIANT)) {
        return invariant(
            code.get(INVARIANT.len()..).unwrap_or_default(),
            version,
            library,
        );
    }
    Err(unknown(code, version, library))
}

/// Prints an invariant with its condition and its places.
fn invariant(key: &str, version: FhirVersion, library: &Library) -> Outcome {
    let (key, places) = places(key, version, library);
    if places.by_rule.is_empty() {
        return Err(unknown(&format!("{INVARIANT}{key}"), version, library));
    }
    println!("{INVARIANT}{key}");
    println!();
    println!(
        "Meaning:  A condition of the specification or of a profile, written in FHIRPath, holds for the element."
    );
    for ((severity, expression), places) in &places.by_rule {
        println!();
        println!("Severity: {severity}");
        let shown = if expression.is_empty() {
            "(it has none, so it cannot be checked)"
        } else {
            expression
        };
        println!("FHIRPath: {shown}");
        let named: Vec<&str> = places
            .iter()
            .take(MOST_PLACES)
            .map(String::as_str)
            .collect();
        let more = places.len() - named.len();
        let more = if more > 0 {
            format!(", and {more} more")
        } else {
            String::new()
        };
        println!("On:       {}{more}", named.join(", "));
    }
    println!();
    println!(
        "Fix:      Change the resource so that the condition is true. In the condition, %resource is the resource"
    );
    println!(
        "          itself; names that begin with a small letter are elements below the one named under `On`."
    );
    Ok(ExitCode::Success)
}

/// The key as it is written, and where it stands in the specification and in profiles.
fn places(wanted: &str, version: FhirVersion, library: &Library) -> (String, Places) {
    let mut all = Places::default();
    let mut key = wanted.to_owned();
    for kind in Definitions::of(version).types() {
        for (path, invariant) in of_type(kind) {
            if invariant.key.eq_ignore_ascii_case(wanted) {
                invariant.key.clone_into(&mut key);
                let rule = (word(invariant.severity), invariant.expression.to_owned());
                let places = all.by_rule.entry(rule).or_default();
                if !places.contains(&path) {
                    places.push(path);
                }
            }
        }
    }
    for profile in library.profiles() {
        for element in &profile.elements {
            for invariant in &element.invariants {
                if invariant.key.eq_ignore_ascii_case(wanted) {
                    key.clone_from(&invariant.key);
                    let expression = invariant.expression.clone().unwrap_or_default();
                    let rule = (word(invariant.severity), expression);
                    let place = format!("{} ({})", element.id, profile.url);
                    all.by_rule.entry(rule).or_default().push(place);
                }
            }
        }
    }
    (key, all)
}

const fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Error => "error",
        Grade::Warning => "warning",
        Grade::BestPractice => "best practice",
    }
}

/// The invariants of a type and of every element in it, with the path. Inherited ones stand at the type they are from.
fn of_type(kind: Type<'_>) -> Vec<(String, Invariant)> {
    let inherited: Vec<Invariant> = kind
        .base()
        .map(|base| base.invariants().collect())
        .unwrap_or_default();
    let mut all: Vec<(String, Invariant)> = kind
        .invariants()
        .filter(|it| !inherited.contains(it))
        .map(|it| (kind.name().to_owned(), it))
        .collect();
    let mut waiting = vec![kind.shape()];
    // What refers to an element around it, such as the parts of a questionnaire, leads round in a circle.
    let mut seen = BTreeSet::new();
    while let Some(shape) = waiting.pop() {
        for element in shape.children() {
            if !seen.insert(element.number()) {
                continue;
            }
            // Of children that a type inherits, the path begins with the type they are from.
            all.extend(element.invariants().map(|it| (element.path(), it)));
            waiting.extend(element.inline_shape());
        }
    }
    all
}

/// Where a code is found in a small example that breaks the rule.
fn example(code: &str) -> Option<String> {
    let (path, text) = EXAMPLES
        .iter()
        .find(|it| it.0 == code)
        .map(|it| (it.1, it.2))?;
    Some(format!("{path} in {text}"))
}

/// For codes that are met often: code, place, and a resource that has it.
const EXAMPLES: [(&str, &str, &str); 13] = [
    (
        "FHIR-BINDING",
        "Patient.gender",
        r#"{"resourceType": "Patient", "gender": "f"}"#,
    ),
    (
        "FHIR-CANONICAL-RELATIVE",
        "QuestionnaireResponse.questionnaire",
        r#"{"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "Questionnaire/1"}"#,
    ),
    (
        "FHIR-JSON-KIND",
        "Patient.active",
        r#"{"resourceType": "Patient", "active": "yes"}"#,
    ),
    (
        "FHIR-DATE",
        "Patient.birthDate",
        r#"{"resourceType": "Patient", "birthDate": "01/02/1970"}"#,
    ),
    (
        "FHIR-EMPTY",
        "Patient.name[0]",
        r#"{"resourceType": "Patient", "name": [{}]}"#,
    ),
    (
        "FHIR-JSON-ARRAY",
        "Patient.gender",
        r#"{"resourceType": "Patient", "gender": ["female"]}"#,
    ),
    (
        "FHIR-JSON-EMPTY-ARRAY",
        "Patient.name",
        r#"{"resourceType": "Patient", "name": []}"#,
    ),
    (
        "FHIR-JSON-NOT-ARRAY",
        "Patient.name",
        r#"{"resourceType": "Patient", "name": {"family": "X"}}"#,
    ),
    (
        "FHIR-MIN",
        "Observation.code",
        r#"{"resourceType": "Observation", "status": "final"}"#,
    ),
    ("FHIR-NO-RESOURCE-TYPE", "the whole file", r#"{"id": "1"}"#),
    (
        "FHIR-REFERENCE-FORM",
        "Observation.subject.reference",
        r#"{"resourceType": "Observation", "subject": {"reference": "patient 1"}, ...}"#,
    ),
    (
        "FHIR-UNKNOWN-ELEMENT",
        "Patient.sex",
        r#"{"resourceType": "Patient", "sex": "female"}"#,
    ),
    (
        "FHIR-UNKNOWN-RESOURCE",
        "the whole file",
        r#"{"resourceType": "Person2"}"#,
    ),
];

/// The code is not known: the nearest that are.
fn unknown(code: &str, version: FhirVersion, library: &Library) -> Failure {
    let mut all: Vec<String> = rules().map(|it| it.code.to_owned()).collect();
    all.extend(FILES.iter().map(|it| it.0.to_owned()));
    let is_invariant = code.to_uppercase().contains("INVARIANT")
        || code.contains('-') && !code.starts_with("FHIR");
    if is_invariant {
        all.extend(
            keys(version, library)
                .into_iter()
                .map(|key| format!("{INVARIANT}{key}")),
        );
    }
    let wanted = code.to_lowercase();
    let distance = |known: &str| {
        let whole = strsim::damerau_levenshtein(&wanted, &known.to_lowercase());
        // A key alone, or a code without its family, stands for the code that ends with it.
        let is_end = known.to_lowercase().ends_with(&format!("-{wanted}"));
        if is_end { 0 } else { whole }
    };
    let mut near: Vec<(usize, String)> = all.into_iter().map(|it| (distance(&it), it)).collect();
    near.sort();
    near.dedup();
    let near: Vec<&str> = near.iter().take(5).map(|(_, code)| code.as_str()).collect();
    Failure::usage(format!(
        "error: {} is no code of a result\n  help: near it are {}",
        shown(code),
        near.join(", ")
    ))
}

/// The keys of all invariants.
fn keys(version: FhirVersion, library: &Library) -> BTreeSet<String> {
    let base = Definitions::of(version).types().flat_map(of_type);
    let mut all: BTreeSet<String> = base.map(|(_, it)| it.key.to_owned()).collect();
    for profile in library.profiles() {
        let invariants = profile.elements.iter().flat_map(|it| &it.invariants);
        all.extend(invariants.map(|it| it.key.clone()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_fhir::{Options, validate};
    use plumbline_tree::{Limits, Tree};

    #[test]
    fn every_example_has_its_code() {
        for (code, path, text) in EXAMPLES {
            let text = text.replace(", ...", "");
            let tree = Tree::parse(text.into_bytes(), &Limits::default()).unwrap();
            let outcome = validate(&tree, Definitions::r4(), &Options::default());
            let mut found = outcome.issues.iter().filter(|it| it.code == code);
            let is_whole = path == "the whole file";
            assert!(
                found.any(|it| is_whole || it.path == path),
                "{code}: {:?}",
                outcome.issues
            );
        }
    }

    #[test]
    fn an_invariant_is_found_where_it_stands() {
        let library = Library::empty(FhirVersion::R4);
        let (key, places) = places("DOM-2", FhirVersion::R4, &library);
        assert_eq!(key, "dom-2");
        let (rule, places) = places.by_rule.first_key_value().unwrap();
        assert!(rule.1.contains("contained"), "{rule:?}");
        assert_eq!(places, &["DomainResource"]);
        assert!(keys(FhirVersion::Stu3, &library).contains("dom-2"));
    }
}
