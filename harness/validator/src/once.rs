//! One mistake, one finding: of a value that is wrong by the base and by a profile, and of a code that is wrong both by
//! its code system and by the binding of its element. Not the finding.

use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Counts, Issue, Outcome};
use std::collections::HashSet;

/// What the bindings of elements say.
const BINDING: &str = "FHIR-BINDING";
/// What a code itself is wrong by; that its system is none is another mistake.
const OF_CODE: [&str; 4] = [
    "FHIR-CODE-FORM",
    "FHIR-CODE-NO-SYSTEM",
    "FHIR-CODE-UNKNOWN",
    "FHIR-CODE-UNKNOWN-IN-PART",
];

/// Drops what is said twice: of one value, and of one code.
pub(crate) fn keep_one(base: &mut Outcome, issues: &mut Vec<Issue>, counts: &mut Counts) {
    of_one_value(base, issues, counts);
    of_one_code(base, issues, counts);
}

/// Drops what profiles say of a value with which something is wrong in the base.
fn of_one_value(base: &Outcome, issues: &mut Vec<Issue>, counts: &mut Counts) {
    let is_of_profile = |it: &Issue| it.severity == Severity::Error && is_repeated(&it.code);
    if !issues.iter().any(is_of_profile) {
        return;
    }
    let broken = base.issues.iter().filter(|it| is_about_value(it));
    let broken: HashSet<&str> = broken.map(|it| it.path.as_str()).collect();
    retain(issues, counts, |it| {
        !(is_of_profile(it) && broken.contains(it.path.as_str()))
    });
}

/// Drops what is said twice of one code: that its code system does not know it, where its binding forbids it anyway;
/// and that it is outside a set which it may leave, where its code system does not know it.
fn of_one_code(base: &mut Outcome, issues: &mut Vec<Issue>, counts: &mut Counts) {
    if !issues.iter().any(is_of_code) {
        return;
    }
    let is_strong = |it: &&Issue| it.severity == Severity::Error && is_of_binding(it);
    let all = base.issues.iter().chain(issues.iter());
    let bound: HashSet<String> = all.filter(is_strong).flat_map(places).collect();
    retain(issues, counts, |it| {
        !(is_of_code(it) && bound.contains(&it.path))
    });
    let unknown = issues
        .iter()
        .filter(|it| it.severity == Severity::Error && is_of_code(it));
    let unknown: HashSet<String> = unknown.map(|it| it.path.clone()).collect();
    let is_said = |it: &Issue| {
        let is_weak = it.severity == Severity::Information && is_of_binding(it);
        is_weak && places(it).any(|place| unknown.contains(&place))
    };
    for (all, counts) in [(issues, counts), (&mut base.issues, &mut base.counts)] {
        retain(all, counts, |it| !is_said(it));
    }
}

/// Keeps some of the issues, and counts the others no longer.
fn retain(issues: &mut Vec<Issue>, counts: &mut Counts, is_kept: impl Fn(&Issue) -> bool) {
    issues.retain(|it| {
        let is_kept = is_kept(it);
        if !is_kept {
            take_one(counts, it.severity);
        }
        is_kept
    });
}

/// Whether a base issue is about what an element is, so that nothing can be said of its value.
fn is_about_value(issue: &Issue) -> bool {
    issue.severity == Severity::Error && !issue.code.starts_with("FHIR-INVARIANT")
}

/// What a profile says of a value, and would say of any value that is none of its type.
fn is_repeated(code: &str) -> bool {
    matches!(
        code,
        "FHIR-PROFILE-FIXED"
            | "FHIR-PROFILE-PATTERN"
            | "FHIR-PROFILE-TYPE"
            | "FHIR-PROFILE-TARGET-TYPE"
            | "FHIR-PROFILE-LEAST"
            | "FHIR-PROFILE-GREATEST"
            | "FHIR-PROFILE-MIN"
            | "FHIR-PROFILE-VALUE-MISSING"
    )
}

fn is_of_binding(issue: &Issue) -> bool {
    issue.code.starts_with(BINDING)
}

fn is_of_code(issue: &Issue) -> bool {
    OF_CODE.contains(&&*issue.code)
}

/// Where the code stands that a binding speaks of: at its element, or in the only coding of it.
fn places(issue: &Issue) -> impl Iterator<Item = String> {
    let is_one = !issue.actual.starts_with("each of");
    let coding = is_one.then(|| format!("{}.coding[0]", issue.path));
    std::iter::once(issue.path.clone()).chain(coding)
}

fn take_one(counts: &mut Counts, severity: Severity) {
    let count = match severity {
        Severity::Error => &mut counts.errors,
        Severity::Warning => &mut counts.warnings,
        Severity::Information => &mut counts.information,
    };
    *count = count.saturating_sub(1);
}

#[cfg(test)]
mod tests {
    use crate::{Library, Options, Validator};
    use plumbline_fhir::profile_facts::FactsFile;
    use plumbline_fhir::{Definitions, FhirVersion, json_to_xml};
    use plumbline_tree::{Layout, Limits, Tree};

    const FACTS: &str = "fhir 4.0.1
profile https://x.example/p - active
  kind resource Observation
  derivation constraint
  base http://hl7.org/fhir/StructureDefinition/Observation
  element Observation
  element Observation.code
    binding required https://x.example/pets
  element Observation.method
    binding extensible https://x.example/pets
system https://x.example/animals - complete case
  codes cat dog
set https://x.example/pets -
  include https://x.example/animals -
    codes cat
";

    /// Codes and paths, errors only, and how many issues there are of which severity.
    fn found(code: &str, method: &str) -> (Vec<String>, u64, u64) {
        let mut library = Library::empty(FhirVersion::R4);
        library.add_file(FactsFile::read(FACTS).unwrap());
        let validator = Validator::new(library);
        let coding =
            |code: &str| format!(r#"{{"system":"https://x.example/animals","code":"{code}"}}"#);
        let all = |codes: &str| codes.split(' ').map(coding).collect::<Vec<_>>().join(",");
        let json = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{}]}},"method":{{"coding":[{}]}}}}"#,
            all(code),
            all(method)
        );
        let json = Tree::parse(json.into_bytes(), &Limits::default()).unwrap();
        let xml = json_to_xml(&json, Definitions::r4(), Layout::Compact).unwrap();
        let xml = Tree::parse_xml(xml.into_bytes(), &Limits::default()).unwrap();
        let [one, other] = [json, xml].map(|tree| {
            let profiles = ["https://x.example/p".to_owned()];
            let outcome = validator.validate(&tree, &profiles, &Options::default());
            let own = outcome.issues.iter();
            let own = own.filter(|it| {
                it.code.starts_with("FHIR-BINDING") || it.code.starts_with("FHIR-CODE")
            });
            let own: Vec<String> = own.map(|it| format!("{} {}", it.code, it.path)).collect();
            (own, outcome.counts.errors, outcome.counts.information)
        });
        assert_eq!(one, other);
        one
    }

    #[test]
    fn a_code_that_is_wrong_twice_is_one_mistake() {
        let none: &[&str] = &[];
        assert_eq!(
            found("cat", "cat"),
            (none.iter().map(ToString::to_string).collect(), 0, 0)
        );
        // Outside the set, and known or unknown to its code system: the same mistake.
        for code in ["dog", "cow"] {
            let (all, errors, _) = found(code, "cat");
            assert_eq!(
                (all, errors),
                (vec!["FHIR-BINDING-PROFILE Observation.code".to_owned()], 1)
            );
        }
        // A set that may be left: what is unknown to its code system is an error, and only that.
        assert_eq!(
            found("cat", "dog"),
            (
                vec!["FHIR-BINDING-PROFILE-EXTENSIBLE Observation.method".to_owned()],
                0,
                1
            )
        );
        assert_eq!(
            found("cat", "cow"),
            (
                vec!["FHIR-CODE-UNKNOWN Observation.method.coding[0]".to_owned()],
                1,
                0
            )
        );
        // Of several codings each is a matter of its own.
        let (all, errors, _) = found("cow dog", "cat");
        assert_eq!(
            (all, errors),
            (
                vec![
                    "FHIR-BINDING-PROFILE Observation.code".to_owned(),
                    "FHIR-CODE-UNKNOWN Observation.code.coding[0]".to_owned()
                ],
                2
            )
        );
    }
}
