//! The result as FHIR: one `OperationOutcome` a line, with the name of its file. Not our own JSON: json.rs.

use super::Form;
use super::at_hand::AtHand;
use super::judge::{Judged, Problem, State};
use super::summary::Summary;
use super::text::codes_not_checked;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) struct Lines;

impl Form for Lines {
    fn begin(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, file: &Judged, at_hand: &AtHand, out: &mut dyn Write) -> io::Result<()> {
        let line = json!({"file": file.name, "outcome": outcome(file, at_hand)});
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)
    }

    fn end(&mut self, _: &Summary, _: &AtHand, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn outcome(file: &Judged, at_hand: &AtHand) -> Value {
    let mut issues: Vec<Value> = file.problems.iter().map(issue).collect();
    if file.unlisted() > 0 {
        let more = format!("{} more issues are counted but not listed", file.unlisted());
        issues.push(information("incomplete", &more));
    }
    if file.state == State::NoErrors {
        let all_good = "No error against the base specification and the profiles that were checked";
        issues.push(information("informational", all_good));
    }
    for profile in &file.profiles_checked {
        let text = format!("Checked: the profile {profile}");
        issues.push(information("informational", &text));
    }
    for it in &file.profiles_not_checked {
        let text = format!("Not checked: the profile {}: {}", it.profile, it.reason);
        issues.push(information("not-supported", &text));
    }
    if matches!(file.state, State::NoErrors | State::Errors) {
        for line in at_hand.definitions() {
            issues.push(information(
                "informational",
                &format!("Definitions: {line}"),
            ));
        }
    }
    let others = file.not_checked.iter().cloned();
    for line in others.chain(codes_not_checked(file)) {
        issues.push(information(
            "informational",
            &format!("Not checked: {line}"),
        ));
    }
    json!({"resourceType": "OperationOutcome", "issue": issues})
}

fn information(code: &str, diagnostics: &str) -> Value {
    json!({"severity": "information", "code": code, "diagnostics": diagnostics})
}

fn issue(problem: &Problem) -> Value {
    let mut diagnostics = format!("{}: {}", problem.code, problem.message);
    // Writing to a string cannot fail.
    if let (Some(line), Some(column)) = (problem.line, problem.column) {
        let _ = write!(diagnostics, " (line {line}, column {column})");
    }
    for (label, text) in [
        ("Expected", &problem.expected),
        ("Found", &problem.actual),
        ("Fix", &problem.fix),
    ] {
        if !text.is_empty() {
            let _ = write!(diagnostics, ". {label}: {}", text.trim_end_matches('.'));
        }
    }
    let mut issue = json!({
        "severity": problem.severity.to_string(),
        "code": issue_type(&problem.code),
        "diagnostics": diagnostics,
    });
    if let Some(path) = &problem.path {
        issue["expression"] = json!([path]);
    }
    issue
}

/// What HL7's code system of issue types calls a breach of a rule; the same in R4 and STU3.
fn issue_type(code: &str) -> &'static str {
    let rule = code.strip_prefix("FHIR-").unwrap_or(code);
    let family = rule.split('-').next().unwrap_or(rule);
    match rule {
        "FILE-UNREADABLE" | "FILE-FAULT" => "exception",
        "FILE-LIMIT" | "TOO-DEEP" => "too-costly",
        "STRING-LENGTH" => "too-long",
        "CONTAINED-MISSING" => "not-found",
        "MIN" | "BINDING-NO-CODE" => "required",
        "MODIFIER-EXTENSION" => "extension",
        _ => match family {
            "INVARIANT" => "invariant",
            _ if rule.ends_with("-MIN") || rule.ends_with("-MISSING") => "required",
            "BINDING" => "code-invalid",
            "EXTENSION" => "extension",
            "PROFILE" | "SLICE" | "BUNDLE" | "QUESTIONNAIRE" | "DEFINITION" => "business-rule",
            "CHOICE" | "CONTAINED" | "EMPTY" | "FILE" | "JSON" | "MAX" | "NO" | "RESOURCE"
            | "UNKNOWN" | "XHTML" | "XML" => "structure",
            _ => "value",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::issue_type;
    use plumbline_fhir::{Definitions, FhirVersion, Membership};
    use plumbline_validator::rules;

    #[test]
    fn every_rule_has_a_type_that_both_versions_know() {
        let ours = ["FILE-UNREADABLE", "FILE-FAULT", "FILE-LIMIT", "FILE-SYNTAX"];
        let codes = rules().map(|rule| rule.code).chain(ours);
        let more = ["informational", "incomplete", "not-supported"];
        for kind in codes.map(issue_type).chain(more) {
            for version in FhirVersion::ALL {
                let types = "http://hl7.org/fhir/ValueSet/issue-type";
                let set = Definitions::of(version).value_set(types).unwrap();
                assert_eq!(
                    set.contains_code(kind),
                    Membership::Inside,
                    "{kind} {version}"
                );
            }
        }
        assert_eq!(issue_type("FHIR-MIN"), "required");
        assert_eq!(issue_type("FHIR-PROFILE-MIN"), "required");
        assert_eq!(issue_type("FHIR-INVARIANT-dom-2"), "invariant");
        assert_eq!(issue_type("FHIR-UNKNOWN-ELEMENT"), "structure");
        assert_eq!(issue_type("FHIR-BINDING"), "code-invalid");
        assert_eq!(issue_type("FHIR-DATE"), "value");
    }
}
