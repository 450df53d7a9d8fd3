//! Which searches a server says it offers. Not for whether they work.

use crate::capability::statement;
use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::reading::text;
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;
use plumbline_tree::Node;

pub(crate) const CHECK: Check = Check {
    code: "CAPABILITY-SEARCH",
    name: "Offered search",
    doc: CheckDoc {
        what: "In its server role the capability statement lists the type with the interaction search-type and the search parameter that the step names.",
        why: "Clients that read the statement use only the searches that it lists.",
        conformant: r#"{"type": "Patient", "interaction": [{"code": "search-type"}], "searchParam": [{"name": "identifier", "type": "token"}]}"#,
        not_conformant: "a Patient entry without that search parameter",
        source: "FHIR R4, CapabilityStatement; UK Core Access, the requirement names the section",
    },
    next_step: "List the search parameter and the interaction search-type for this type in the capability statement",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let (Some(wanted), Some(parameter)) = (expectation.arg(0), expectation.arg(1)) else {
        sheet.misused("the step names no type or no search parameter");
        return sheet.finish();
    };
    let Some(root) = statement(&mut sheet, observed, "rest") else {
        return sheet.finish();
    };
    sheet.saw(1);
    let resources: Vec<Node<'_>> = list(root, "rest")
        .filter(|rest| text(*rest, "mode") == Some("server"))
        .flat_map(|rest| list(rest, "resource"))
        .filter(|resource| text(*resource, "type") == Some(wanted))
        .collect();
    let has = |resource: Node<'_>, items: &str, name: &str, value: &str| {
        list(resource, items).any(|item| text(item, name) == Some(value))
    };
    let actual = if resources.is_empty() {
        "the type is not listed for the server role"
    } else if !resources
        .iter()
        .any(|r| has(*r, "interaction", "code", "search-type"))
    {
        "the type is listed without the interaction search-type"
    } else if !resources.iter().any(|r| {
        has(*r, "interaction", "code", "search-type") && has(*r, "searchParam", "name", parameter)
    }) {
        "the type is listed without this search parameter"
    } else {
        return sheet.finish();
    };
    sheet.broken(
        At::node(0, resources.first().copied().unwrap_or(root)),
        "the capability statement does not offer this search",
        Shown::ours(format!("search of {wanted} by {parameter}")),
        Shown::ours(actual),
    );
    sheet.finish()
}

fn list<'a>(node: Node<'a>, name: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
    node.get(name).into_iter().flat_map(Node::items)
}
