//! How often an element occurs in every resource of a type. Not for the form of elements:
//! base validation judges that, and PATIENT-SHAPE for what UK Core Access says of a Patient.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::element_path::ElementPath;
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, Role};
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;

pub(crate) const CHECK: Check = Check {
    code: "RESOURCE-SHAPE",
    name: "Elements of a resource",
    doc: CheckDoc {
        what: "Every resource of the type that the step names, among the results or read, has the element as often as the step says. The element may be a path with a condition, such as name[use=official].family; each parent on the path is counted by itself.",
        why: "Software that expects an element and gets none, or two, shows the wrong thing or fails.",
        conformant: r#"at least one name in each Organization: {"resourceType": "Organization", "name": "Marl Pit Surgery"}"#,
        not_conformant: r#"{"resourceType": "Organization"}"#,
        source: "The requirement names the section of the standard",
    },
    next_step: "Send the element as often as the rule wants; the place in the response is named below",
    run,
};

/// Which numbers are allowed, and how that is said.
type Allowed = (fn(usize) -> bool, &'static str);

fn allows(word: &str) -> Option<Allowed> {
    match word {
        "at-least-one" => Some((|count| count >= 1, "at least one")),
        "exactly-one" => Some((|count| count == 1, "exactly one")),
        "at-most-one" => Some((|count| count <= 1, "at most one")),
        _ => None,
    }
}

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let count = expectation.arg(0).and_then(allows);
    let path = expectation.arg(2).and_then(ElementPath::read);
    let (Some((allowed, words)), Some(wanted), Some(path), Some(named)) =
        (count, expectation.arg(1), path, expectation.arg(2))
    else {
        sheet.misused("the step does not say how often which element of which type occurs");
        return sheet.finish();
    };
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    let last = path.last();
    let mut seen = 0_usize;
    let hits = reading.hits.iter().filter(|hit| hit.role != Role::Outcome);
    for hit in hits.filter(|hit| hit.resource_type == wanted) {
        let parents = path.parents(hit.resource);
        if parents.is_empty() && !path.is_short() && allowed(0) {
            continue;
        }
        seen += 1;
        let lacks = |sheet: &mut Sheet, at: At<'_>, count: usize| {
            sheet.broken(
                at,
                format!("{wanted} has another number of {named} than it must"),
                Shown::ours(format!("{words} {named} in each {wanted}")),
                Shown::ours(if count == 0 {
                    "none".to_owned()
                } else {
                    format!("{count} of them")
                }),
            );
        };
        if parents.is_empty() {
            lacks(&mut sheet, hit.at(), 0);
        }
        for parent in parents {
            let count = last.find(parent).len();
            if !allowed(count) {
                lacks(&mut sheet, hit.at_node(parent), count);
            }
        }
    }
    sheet.saw(seen);
    if seen == 0 && reading.is_whole() {
        sheet.nothing(
            "the result holds nothing of which the rule speaks",
            "Load the test data with these elements",
        );
    }
    sheet.finish()
}
