//! Arguments that are one of a few words, such as an HTTP method. Not for types, roles and parameters.

use crate::step::StepDef;
use crate::steps::sending::{may_change, method};
use crate::steps::transport::{families, versions};
use plumbline_pack::closest;

const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
const CERTIFICATES: [&str; 5] = [
    "none",
    "expired",
    "other-name",
    "revoked",
    "unknown-authority",
];

/// Headers that a step may not name, and the step that says the same.
const OTHERWISE: [(&str, &str); 4] = [
    ("accept", "the request asks for \"application/fhir+xml\""),
    ("accept-encoding", "the answer may be compressed with gzip"),
    ("authorization", "the request has no token"),
    ("content-type", "the patient is registered as XML"),
];

/// The words that the first argument of a step can be; none if it can be anything.
fn words(pattern: &str) -> Vec<&'static str> {
    match pattern {
        "the client certificate is {string}" => CERTIFICATES.to_vec(),
        "a connection is offered with {string} alone" => versions().collect(),
        "a connection is offered with only {string}" => families().collect(),
        _ if pattern.starts_with("{string} is sent to") => METHODS.to_vec(),
        "the request has no {string} header" => plumbline_http::SspHeader::ALL
            .iter()
            .map(|header| header.name())
            .collect(),
        _ => Vec::new(),
    }
}

/// Cause and cure, if the first argument is not one of the words of its step.
pub(crate) fn problem(def: &StepDef, captures: &[String]) -> Option<(String, String)> {
    let given = captures.first()?;
    if def.pattern == "the request has the header {string} {string}"
        || def.pattern == "the request has no {string} header"
    {
        let own = OTHERWISE
            .iter()
            .find(|(name, _)| given.eq_ignore_ascii_case(name));
        if let Some((_, step)) = own {
            let cause = format!("the header `{given}` is set by another step");
            return Some((cause, format!("use steps such as: {step}")));
        }
    }
    let words = words(def.pattern);
    if words.is_empty() || words.contains(&given.as_str()) {
        return None;
    }
    let fix = match closest(given, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {}", words.join(", ")),
    };
    Some((format!("`{given}` is not a word that this step knows"), fix))
}

/// Whether a step asks the target to change data.
pub(crate) fn mutates(def: &StepDef, captures: &[String]) -> bool {
    if def.pattern.starts_with("the patient is registered") {
        return true;
    }
    def.pattern.starts_with("{string} is sent to")
        && captures
            .first()
            .and_then(|name| method(name))
            .is_some_and(may_change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::provider::certificate;

    #[test]
    fn every_word_means_something() {
        assert!(CERTIFICATES.iter().all(|name| certificate(name).is_some()));
        assert!(METHODS.iter().all(|name| method(name).is_some()));
        assert!(
            METHODS
                .iter()
                .filter(|name| method(name).is_some_and(may_change))
                .count()
                == 4
        );
    }
}
