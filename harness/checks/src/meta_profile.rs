//! Whether resources name the profile that they claim. Not for whether they keep to it.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use crate::version_suffix::without_version;
use plumbline_model::Shown;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "META-PROFILE",
    name: "Profile that is named",
    doc: CheckDoc {
        what: "Every resource of the type that the step names, among the results or the response itself, names the profile in meta.profile, with or without a version. It is judged for an OperationOutcome of a refusal too.",
        why: "A reader chooses by the profile which rules the resource keeps to.",
        conformant: r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}}"#,
        not_conformant: r#"{"resourceType": "Patient"}"#,
        source: "FHIR, Resource.meta.profile; the requirement names the section of the standard",
    },
    next_step: "Name the profile in meta.profile of the resource",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let (Some(wanted), Some(profile)) = (expectation.arg(0), expectation.arg(1)) else {
        sheet.misused("the step does not say which type names which profile");
        return sheet.finish();
    };
    let mut seen = 0_usize;
    // The response itself, a Bundle too. Only an OperationOutcome is one whatever the status.
    for (index, page) in observed.pages.iter().enumerate() {
        if !page.is_success() && wanted != "OperationOutcome" {
            continue;
        }
        let Ok(root) = page.json() else { continue };
        if text(root, "resourceType") == Some(wanted) {
            seen += 1;
            if page.has_duplicate_names() {
                sheet.gaps(&Reading::of(observed));
            }
            judge(&mut sheet, At::node(index, root), root, wanted, profile);
        }
    }
    let reading = Reading::of(observed);
    let is_outcome = wanted == "OperationOutcome";
    if seen == 0 && !is_outcome {
        sheet.gaps_and_unseen(&reading);
        for hit in reading.hits.iter().filter(|h| h.resource_type == wanted) {
            seen += 1;
            judge(&mut sheet, hit.at(), hit.resource, wanted, profile);
        }
    }
    sheet.saw(seen);
    if seen == 0 && (is_outcome || reading.is_whole()) {
        sheet.nothing(
            "the response holds no resource of which the rule speaks",
            "See what the response should hold first; then this rule can be judged",
        );
    }
    sheet.finish()
}

fn judge(sheet: &mut Sheet, at: At<'_>, resource: Node<'_>, wanted: &str, profile: &str) {
    let list = resource.get("meta").and_then(|meta| meta.get("profile"));
    let names = list.is_some_and(|list| {
        list.items()
            .filter_map(Node::as_str)
            .any(|own| without_version(own) == profile)
    });
    if !names {
        sheet.broken(
            at,
            format!("{wanted} does not name the profile"),
            Shown::ours(format!("meta.profile with {profile}")),
            Shown::ours(match list {
                None => "no meta.profile",
                Some(_) => "other profiles",
            }),
        );
    }
}
