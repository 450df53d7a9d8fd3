//! The error model of GP Connect: status, issue and Spine code go together.
//! Not for errors of other standards, which OPERATION-OUTCOME judges by FHIR alone.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed, Page};
use crate::reading::{Reading, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};
use plumbline_tree::Node;

/// The code system of the codes, as two pages of GP Connect 1.6.2-beta name it: the examples of the
/// error handling guidance give the address of the value set.
const SYSTEMS: [&str; 2] = [
    "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1",
    "https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1",
];

/// The last argument of a step that also takes a refusal as RFC 6750 words it.
const OR_UNAUTHORISED: &str = "or-unauthorised";

/// Stands for the code of the last status of a step that takes any code with it.
const ANY_CODE: &str = "any-code";

/// Which issue types go with a code (GP Connect 1.6.2-beta, error handling guidance).
/// Its table and its example differ for `INTERNAL_SERVER_ERROR`: both are accepted.
const ISSUE_TYPES: &[(&str, &[&str])] = &[
    ("INVALID_IDENTIFIER_SYSTEM", &["value"]),
    ("INVALID_IDENTIFIER_VALUE", &["value"]),
    ("INVALID_NHS_NUMBER", &["value"]),
    ("INVALID_PATIENT_DEMOGRAPHICS", &["business-rule"]),
    ("ORGANISATION_NOT_FOUND", &["not-found"]),
    ("PATIENT_NOT_FOUND", &["not-found"]),
    ("PRACTITIONER_NOT_FOUND", &["not-found"]),
    ("NO_RECORD_FOUND", &["not-found"]),
    ("NO_PATIENT_CONSENT", &["forbidden"]),
    ("NO_ORGANISATION_CONSENT", &["forbidden"]),
    ("ACCESS DENIED", &["forbidden"]),
    ("NO_RELATIONSHIP", &["forbidden"]),
    ("DUPLICATE_REJECTED", &["duplicate"]),
    ("INVALID_RESOURCE", &["invalid"]),
    ("INVALID_PARAMETER", &["invalid"]),
    ("REFERENCE_NOT_FOUND", &["invalid"]),
    ("BAD_REQUEST", &["invalid"]),
    ("CONFLICTING_VALUES", &["invalid"]),
    ("NOT_IMPLEMENTED", &["not-supported"]),
    ("INTERNAL_SERVER_ERROR", &["processing", "exception"]),
];

pub(crate) const CHECK: Check = Check {
    code: "SPINE-ERROR",
    name: "GP Connect error",
    doc: CheckDoc {
        what: "The answer has the status that the step names, or one of several, and is an OperationOutcome with an issue of severity error, the issue type that goes with the code, and the code that the step names, from the code system of GP Connect. Where the step allows it, 401 or 403 with a WWW-Authenticate header for a bearer token does as well.",
        why: "The system that asked decides by code and status what to tell its user: a wrong one sends a clinician to look for the wrong cause.",
        conformant: r#"400 with {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "BAD_REQUEST"}]}}]}"#,
        not_conformant: "200 with a result, or 400 with an HTML page",
        source: "GP Connect 1.6.2-beta, error handling guidance",
    },
    next_step: "Refuse the request with this status and an OperationOutcome that carries the code in issue.details.coding",
    run,
};

/// A status and a code that go together, with the issue types of the code.
#[derive(Clone, Copy)]
struct Allowed {
    status: u16,
    code: &'static str,
    types: &'static [&'static str],
}

impl Allowed {
    fn read(status: &str, code: &str) -> Option<Self> {
        let status = status.parse().ok()?;
        let (code, types) = *ISSUE_TYPES.iter().find(|(own, _)| *own == code)?;
        Some(Self {
            status,
            code,
            types,
        })
    }

    fn words(self) -> String {
        format!("status {} with the code {}", self.status, self.code)
    }
}

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let (or_unauthorised, args) = match expectation.args.split_last() {
        Some((last, rest)) if last == OR_UNAUTHORISED => (true, rest),
        _ => (false, expectation.args.as_slice()),
    };
    let (any_code, args) = match args {
        [rest @ .., status, last] if last == ANY_CODE => (status.parse::<u16>().ok(), rest),
        _ => (None, args),
    };
    let pairs = args.chunks(2).map(|pair| match pair {
        [status, code] => Allowed::read(status, code),
        _ => None,
    });
    let Some(allowed) = pairs
        .collect::<Option<Vec<_>>>()
        .filter(|allowed| !allowed.is_empty())
    else {
        sheet.misused("the step names no status, or a code that GP Connect does not have");
        return sheet.finish();
    };
    let Some(page) = observed.pages.first() else {
        sheet.gaps(&Reading::of(observed));
        return sheet.finish();
    };
    sheet.saw(1);
    let plain = any_code == Some(page.status) && has_error_issue(page);
    let challenged = or_unauthorised && is_challenge(page);
    if !(plain || challenged) {
        judge(&mut sheet, observed, page, &allowed);
    }
    sheet.finish()
}

fn judge(sheet: &mut Sheet, observed: &Observed<'_>, page: &Page<'_>, allowed: &[Allowed]) {
    let words: Vec<String> = allowed.iter().map(|one| one.words()).collect();
    let expected = || Shown::ours(words.join(", or "));
    if !allowed.iter().any(|one| one.status == page.status) {
        let message = "the response has another status";
        let actual = Shown::ours(format!("status {}", page.status));
        sheet.broken(At::page(0), message, expected(), actual);
    }
    let root = match page.json() {
        Ok(root) => root,
        Err((message, actual)) => {
            return sheet.broken(At::page(0), message, expected(), Shown::ours(actual));
        }
    };
    if page.has_duplicate_names() {
        sheet.gaps(&Reading::of(observed));
    }
    if text(root, "resourceType") != Some("OperationOutcome") {
        let message = "the response is not an OperationOutcome";
        let actual = Shown::ours("another type of resource");
        return sheet.broken(At::node(0, root), message, expected(), actual);
    }
    let issues: Vec<Node<'_>> = root
        .get("issue")
        .map(Node::items)
        .into_iter()
        .flatten()
        .collect();
    // The code that goes with the status, or, if the status is wrong, any that is allowed.
    let with_status = allowed.iter().filter(|one| one.status == page.status);
    let found = with_status.chain(allowed).find_map(|one| {
        let issue = issues
            .iter()
            .find(|issue| codings(**issue).any(|own| own == one.code))?;
        Some((one, *issue))
    });
    let Some((one, issue)) = found else {
        let shown = issues.iter().flat_map(|issue| codings(*issue)).next();
        let known = shown.and_then(|own| ISSUE_TYPES.iter().find(|(known, _)| *known == own));
        let actual = match (shown, known) {
            (None, _) => Shown::ours("no code of GP Connect"),
            (Some(_), Some((known, _))) => Shown::ours(format!("the code {known}")),
            (Some(own), None) => Shown::ours("").value(ValueKind::Code, own),
        };
        let message = "no issue of the OperationOutcome has the code";
        return sheet.broken(At::node(0, root), message, expected(), actual);
    };
    let at = At::node(0, issue);
    let is_allowed = allowed.iter().any(|one| one.status == page.status);
    if is_allowed && one.status != page.status {
        let message = "status and code of the refusal do not go together";
        let actual = Shown::ours(format!("status {} with the code {}", page.status, one.code));
        sheet.broken(at, message, expected(), actual);
    }
    let severity = text(issue, "severity");
    if !matches!(severity, Some("error" | "fatal")) {
        let message = "the issue does not have the severity of an error";
        sheet.broken(at, message, Shown::ours("severity error"), of(severity));
    }
    let kind = text(issue, "code");
    if !kind.is_some_and(|own| one.types.contains(&own)) {
        let message = "the issue has another type than goes with the code";
        let expected = Shown::ours(format!("issue type {}", one.types.join(" or ")));
        sheet.broken(at, message, expected, of(kind));
    }
}

fn of(value: Option<&str>) -> Shown {
    value.map_or_else(
        || Shown::ours("none"),
        |value| Shown::ours("").value(ValueKind::Code, value),
    )
}

/// Whether the answer is an `OperationOutcome` with an issue that is an error.
fn has_error_issue(page: &Page<'_>) -> bool {
    page.json().is_ok_and(|root| {
        let mut issues = root.get("issue").map(Node::items).into_iter().flatten();
        text(root, "resourceType") == Some("OperationOutcome")
            && issues.any(|issue| matches!(text(issue, "severity"), Some("error" | "fatal")))
    })
}

/// Whether a faulty token is refused as RFC 6750 does it: 401 or 403 with a challenge for a bearer
/// token. The audit page of GP Connect asks for this, the error page for a bad request.
fn is_challenge(page: &Page<'_>) -> bool {
    let bearer = |value: &str| {
        let scheme = value.split_whitespace().next().unwrap_or_default();
        scheme.trim_end_matches(',').eq_ignore_ascii_case("bearer")
    };
    matches!(page.status, 401 | 403) && page.header("www-authenticate").any(bearer)
}

/// The codes of GP Connect that an issue carries.
fn codings(issue: Node<'_>) -> impl Iterator<Item = &str> {
    issue
        .get("details")
        .and_then(|details| details.get("coding"))
        .map(Node::items)
        .into_iter()
        .flatten()
        .filter(|coding| text(*coding, "system").is_some_and(|own| SYSTEMS.contains(&own)))
        .filter_map(|coding| text(coding, "code"))
}
