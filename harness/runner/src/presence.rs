//! Presence requests: whether the target is there at all, and whether what answers at its address is
//! FHIR. They keep a wrong address from looking like a failing product.
//! Not for verdicts: what follows from them is decided where the judged answer is.

use crate::context::Context;
use crate::journal::Event;
use plumbline_http::{Outcome, Request, Response};
use plumbline_tree::{Limits, Node, Tree};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// A target that lets the deadline pass in this many rounds of control requests in a row, for each
/// scenario that runs at a time, is not asked any more: a run against it would take hours.
const MOST_SILENT_ROUNDS: usize = 3;

/// What control requests have shown so far.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    /// By the key of a base address, whether FHIR is taken to answer there.
    speaks: RefCell<BTreeMap<String, bool>>,
    /// Rounds in a row that brought nothing before the deadline.
    silent: Cell<usize>,
}

/// What an answer to a control request says of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// FHIR answers here.
    Fhir,
    /// Something else answers here, or FHIR at another path.
    Other,
    /// Neither is certain, so the target is judged.
    Unclear,
}

impl Context {
    /// Ends the whole run; the first reason stays.
    pub fn halt(&self, why: &str) {
        let mut halted = self.halted.borrow_mut();
        if halted.is_none() {
            let why = why.to_owned();
            self.journal.push(Event::Halted { why: why.clone() });
            *halted = Some(why);
        }
    }

    /// Whether the target has been silent for so long that nothing more is sent.
    pub fn is_gone(&self) -> bool {
        let most = MOST_SILENT_ROUNDS * self.target.limits.concurrency.max(1);
        self.presence.silent.get() >= most
    }

    /// Notes that an answer has come, whatever it says.
    pub fn has_answered(&self) {
        self.presence.silent.set(0);
    }

    /// Notes that the deadline passed in a request and in the control requests after it.
    pub fn stayed_silent(&self) {
        self.presence.silent.set(self.presence.silent.get() + 1);
    }

    /// Notes that FHIR answers below a base address.
    pub fn has_spoken(&self, base: &str) {
        let mut speaks = self.presence.speaks.borrow_mut();
        if speaks.get(base) != Some(&true) {
            speaks.insert(base.to_owned(), true);
        }
    }

    /// Whether FHIR answers below a base address, as far as this is certain. A target is not judged
    /// where every control request shows that something else is there.
    pub async fn speaks_fhir(&self, base: &str) -> bool {
        let known = self.presence.speaks.borrow().get(base).copied();
        if let Some(known) = known {
            return known;
        }
        let mut speaks = false;
        for probe in self.probes(base) {
            let sign = match self.send(probe).await.map(|answer| answer.outcome) {
                Some(Outcome::Response(response)) => sign(response),
                Some(Outcome::NoAnswer(_)) | None => Sign::Unclear,
            };
            if sign != Sign::Other {
                speaks = true;
                break;
            }
        }
        // Another scenario may have had an answer in the meantime.
        *self
            .presence
            .speaks
            .borrow_mut()
            .entry(base.to_owned())
            .or_insert(speaks)
    }

    /// Requests that any working target answers below a base address: control requests around a
    /// failed one.
    pub fn probes(&self, base: &str) -> Vec<Request> {
        let base = Some(base.to_owned());
        let number = match self.target.actors.values().next() {
            Some(actor) => &actor.nhs_number,
            None => self.nobody(),
        };
        let identifier = format!("{}|{number}", crate::context::NHS_NUMBER_SYSTEM);
        let query = vec![("identifier".to_owned(), identifier)];
        vec![
            self.request("metadata", Vec::new(), base.clone()),
            self.request("Patient", query, base),
        ]
    }
}

fn sign(response: Response) -> Sign {
    match response.status {
        // Whether they are let in, and how fast they may ask, is decided elsewhere.
        401 | 403 | 408 | 429 | 500.. => return Sign::Unclear,
        300..=499 => return Sign::Other,
        _ => {}
    }
    let is_page = is_web_page(&response);
    match Tree::parse(response.body, &Limits::default()) {
        Ok(tree)
            if tree
                .root()
                .get("resourceType")
                .and_then(Node::as_str)
                .is_some() =>
        {
            Sign::Fhir
        }
        Ok(_) => Sign::Other,
        Err(_) if is_page => Sign::Other,
        Err(_) => Sign::Unclear,
    }
}

/// Whether it is a page for a browser, by what it begins with: its media type may say otherwise.
fn is_web_page(response: &Response) -> bool {
    let start: Vec<u8> = response
        .body
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take(9)
        .map(u8::to_ascii_lowercase)
        .collect();
    start == b"<!doctype" || start.starts_with(b"<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certainly_no_fhir_speaks_against_the_address() {
        for (status, body, wanted) in [
            (200, r#"{"resourceType":"Bundle"}"#, Sign::Fhir),
            (200, r#"{"hello":"world"}"#, Sign::Other),
            (200, "\n <!DOCTYPE html><html></html>", Sign::Other),
            (200, "<HTML></HTML>", Sign::Other),
            // FHIR in XML, where JSON was asked for, is the target's fault and judged as such.
            (
                200,
                r#"<Bundle xmlns="http://hl7.org/fhir"/>"#,
                Sign::Unclear,
            ),
            (200, r#"{"resourceType":"Bund"#, Sign::Unclear),
            (200, "", Sign::Unclear),
            (302, "", Sign::Other),
            (404, r#"{"resourceType":"OperationOutcome"}"#, Sign::Other),
            (401, "<html></html>", Sign::Unclear),
            (429, "", Sign::Unclear),
            (503, "<html></html>", Sign::Unclear),
        ] {
            let response = Response {
                status,
                headers: Vec::new(),
                body: body.as_bytes().to_vec(),
            };
            assert_eq!(sign(response), wanted, "{status} {body}");
        }
    }
}
