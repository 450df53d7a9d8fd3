//! Whether the capability statement comes, speaks the right FHIR version, and at what time.
//! Not for what it says: the packs test that.

use crate::finding::{Blame, Finding};
use crate::reach::Place;
use jiff::fmt::rfc2822::DateTimeParser;
use plumbline_http::Response;
use plumbline_tree::{Limits, Node, Tree};

/// Clocks may differ by this many seconds.
const MOST_SKEW: i64 = 5 * 60;

/// Findings on the capability statement, the FHIR version and the clock.
pub(crate) fn statement(place: &Place<'_>, response: &Response, now: i64) -> Vec<Finding> {
    let (statement, version) = match read(place, response) {
        Ok(tree) => (
            Finding::ok(STATEMENT, seen(response)),
            version(place, &tree),
        ),
        Err(problem) => (problem, Finding::not_checked(VERSION, NO_STATEMENT)),
    };
    vec![statement, version, clock(response, now)]
}

/// What was seen of a good statement. A mock says so here too.
fn seen(response: &Response) -> String {
    let mock = match response.header("x-plumbline-mock") {
        Some(_) => "; this is a mock system, so what a run finds says nothing about a real product",
        None => "",
    };
    format!("status 200 and a CapabilityStatement in JSON, not of another kind than instance{mock}")
}

/// The same where there is no answer to look at.
pub(crate) fn nothing(why: &str) -> Vec<Finding> {
    CHECKS
        .into_iter()
        .map(|check| Finding::not_checked(check, why))
        .collect()
}

fn read(place: &Place<'_>, response: &Response) -> Result<Tree, Finding> {
    let status = response.status;
    let problem = |blame, seen: String, next: &str| {
        Err(Finding::problem(STATEMENT, blame, seen, next).in_field(place.field()))
    };
    match status {
        200 => {}
        // Whether the credentials are at fault is the finding of the signed-in request.
        401 | 403 => {
            return Err(Finding::not_checked(
                STATEMENT,
                format!("status {status}: it is shown only to those who have signed in"),
            ));
        }
        300..=399 => {
            return problem(
                Blame::Configuration,
                format!("status {status}: the address sends us on to another one"),
                "Write the address at which the FHIR interface itself answers.",
            );
        }
        500.. => {
            return problem(
                Blame::Unreachable,
                format!("status {status}: the system, or what stands before it, is in trouble"),
                "Find out from its log why it cannot answer metadata, then try again.",
            );
        }
        _ => {
            return problem(
                Blame::Configuration,
                format!("status {status}"),
                "Correct the path: metadata must be found below the base address. Check the port and \
                 https:// as well.",
            );
        }
    }
    let is_html = response
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let parsed = Tree::parse(response.body.clone(), &Limits::default());
    let seen = match parsed {
        Ok(tree) => {
            let text = |name| tree.root().get(name).and_then(Node::as_str);
            if text("resourceType") != Some("CapabilityStatement") {
                "status 200, but JSON that is no CapabilityStatement"
            } else if text("kind").is_some_and(|kind| !is_of_a_system(kind, place)) {
                return problem(
                    Blame::Configuration,
                    "status 200, but a CapabilityStatement of another kind than instance"
                        .to_owned(),
                    "Write the address of the running system: what answers describes a kind of system, \
                     or rules for one. If it is the system, have it say so in kind.",
                );
            } else {
                return Ok(tree);
            }
        }
        Err(_) if is_html => "status 200, but a web page (HTML)",
        Err(_) => "status 200, but no JSON that can be read",
    };
    problem(
        Blame::Configuration,
        seen.to_owned(),
        "Write the base address of the FHIR interface, below which metadata answers in FHIR JSON.",
    )
}

fn version(place: &Place<'_>, tree: &Tree) -> Finding {
    let declared = &place.target.fhir_version;
    let problem = |seen: String, next: &str| {
        Finding::problem(VERSION, Blame::Configuration, seen, next).in_field("fhir_version")
    };
    let said = tree.root().get("fhirVersion").and_then(Node::as_str);
    match said.filter(|version| is_version(version)) {
        None => problem(
            "the capability statement names no version of the form n.n.n".to_owned(),
            "Have the system name its FHIR version, and check that it is the one written here.",
        ),
        Some(said) if release(said) == release(declared) => {
            Finding::ok(VERSION, format!("the system says {said}"))
        }
        Some(said) => problem(
            format!("the system says {said}, target.toml says {declared}"),
            "Correct the version, or write the base address of the right version in base_urls.",
        ),
    }
}

/// Whether a statement of that kind can be what a running system says of itself. The example of GP
/// Connect, which is STU3, says capability, and systems have followed it.
fn is_of_a_system(kind: &str, place: &Place<'_>) -> bool {
    kind == "instance" || kind == "capability" && release(&place.target.fhir_version) == Some("3.0")
}

/// The first two numbers: the third only counts corrections.
fn release(version: &str) -> Option<&str> {
    version.rsplit_once('.').map(|(release, _)| release)
}

/// Three numbers of at most two digits: short enough to hold nothing else.
fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

fn clock(response: &Response, now: i64) -> Finding {
    let Some(date) = response.header("date") else {
        return Finding::not_checked(CLOCK, "the answer has no header Date");
    };
    let Ok(there) = DateTimeParser::new().parse_timestamp(date.trim()) else {
        return Finding::not_checked(CLOCK, "the header Date cannot be read");
    };
    let skew = there.as_second() - now;
    if skew.abs() <= MOST_SKEW {
        return Finding::ok(
            CLOCK,
            "this machine and the system agree within five minutes",
        );
    }
    let direction = if skew > 0 { "ahead of" } else { "behind" };
    Finding::problem(
        CLOCK,
        Blame::Configuration,
        format!(
            "the system's clock is {} minutes {direction} the clock of this machine",
            skew.abs() / 60
        ),
        "Set the clock that is wrong; tokens and certificates are refused by clocks that disagree.",
    )
}

/// The checks of the capability statement, in order.
pub(crate) const CHECKS: [&str; 3] = [STATEMENT, VERSION, CLOCK];
const STATEMENT: &str = "capability statement";
const VERSION: &str = "FHIR version";
const CLOCK: &str = "clock";
const NO_STATEMENT: &str = "there is no capability statement to read it from";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;

    fn at(date: Option<&str>, now: i64) -> Finding {
        let headers = date.map(|date| ("date".to_owned(), date.to_owned()));
        let response = Response {
            status: 200,
            headers: headers.into_iter().collect(),
            body: Vec::new(),
        };
        clock(&response, now)
    }

    #[test]
    fn clocks_may_differ_by_five_minutes() {
        let date = Some("Sun, 22 Nov 2026 18:00:00 GMT");
        let same = 1_795_370_400;
        for skew in [-300, 0, 300] {
            assert_eq!(at(date, same + skew).outcome, Outcome::Ok, "{skew}");
        }
        let ahead = at(date, same - 301);
        assert_eq!(ahead.outcome, Outcome::Problem(Blame::Configuration));
        assert!(ahead.seen.contains("5 minutes ahead"), "{}", ahead.seen);
        let behind = at(date, same + 7200);
        assert!(
            behind.seen.contains("120 minutes behind"),
            "{}",
            behind.seen
        );
        for unreadable in [None, Some("yesterday"), Some("")] {
            assert_eq!(at(unreadable, same).outcome, Outcome::NotChecked);
        }
    }

    #[test]
    fn a_version_holds_nothing_but_a_version() {
        assert!(is_version("4.0.1") && is_version("10.11.12"));
        for other in [
            "4.0",
            "4.0.1-ballot",
            "9990000018",
            "4.0.x",
            "",
            "..",
            "4.0.199",
        ] {
            assert!(!is_version(other), "{other}");
        }
    }
}
