//! The result for programs, with every rule of every document. Not for people.

use super::tally::{gaps, tallies};
use super::{
    ATTRIBUTION, CONTENT_FORMAT, ContentFile, ContentInput, ContentOutcome, MOCK, NOT_ASSURED,
    Origin,
};
use crate::format::ReportError;
use plumbline_prsb::{Finding, RuleResult, Severity, Standing, State};
use serde_json::{Value, json};

pub(super) fn write(input: &ContentInput<'_>) -> Result<String, ReportError> {
    let tallies = tallies(input);
    let gaps: Vec<Value> = gaps(&tallies, 5)
        .into_iter()
        .map(|gap| json!({"rule": gap.rule.id.as_str(), "section": gap.rule.section_title, "title": gap.rule.title, "broken": gap.broken, "documents": gap.documents()}))
        .collect();
    let value = json!({
        "format": CONTENT_FORMAT,
        "standard": {"id": input.standard.id(), "title": input.standard.title(), "version": input.standard.version()},
        "mock": match input.origin { Origin::Mock => Some(MOCK), Origin::Exported => None },
        "date": Some(input.date).filter(|date| !date.is_empty()),
        "judged": input.judged().count(),
        "with_broken_musts": input.judged().filter(|(_, content, _)| content.broken(Severity::Must).next().is_some()).count(),
        "most_frequent_gaps": gaps,
        "files": input.files.iter().map(file).collect::<Vec<_>>(),
        "notes": [NOT_ASSURED, ATTRIBUTION],
    });
    let mut text = serde_json::to_string_pretty(&value).map_err(|error| ReportError::Template {
        template: "content.json".to_owned(),
        cause: error.to_string(),
    })?;
    text.push('\n');
    Ok(text)
}

fn file(file: &ContentFile) -> Value {
    match &file.outcome {
        ContentOutcome::Refused { what, fix, codes } => json!({
            "file": file.name,
            "result": "refused",
            "what": what,
            "fix": fix,
            "codes": codes.iter().map(result).collect::<Vec<_>>(),
        }),
        ContentOutcome::Judged { content, fhir } => json!({
            "file": file.name,
            "result": "judged",
            "kind": content.document.kind,
            "fhir_version": content.document.version.name(),
            "carried_by": content.document.pattern.words(),
            "fhir_valid": fhir.errors == 0,
            "fhir_errors": fhir.errors,
            "fhir_warnings": fhir.warnings,
            "must_broken": content.broken(Severity::Must).count(),
            "should_broken": content.broken(Severity::Should).count(),
            "codes": {
                "checked": content.coded.checked,
                "syntax_only": content.coded.syntax_only,
                "not_checked": content.coded.not_checked,
                "wrong": content.coded.wrong,
            },
            "warnings": content.warnings,
            "rules": content.results.iter().map(result).collect::<Vec<_>>(),
        }),
    }
}

fn result(result: &RuleResult) -> Value {
    let why = match &result.state {
        State::Met | State::Broken => None,
        State::NotExercised(why) => Some(why.words()),
        State::CannotTest(reason) => Some(reason.as_str()),
    };
    json!({
        "rule": result.rule.id.as_str(),
        "section": result.rule.section_title,
        "title": result.rule.title,
        "conformance": result.rule.conformance.word(),
        "standing": match result.standing { Standing::Scored => "scored", Standing::Advisory => "advisory" },
        "state": result.state.key(),
        "why": why,
        "observed": result.observed,
        "findings": result.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code.as_str(),
        "severity": finding.severity.key(),
        "message": finding.message,
        "path": finding.path,
        "offset": finding.offset,
        "line": finding.line,
        "column": finding.column,
        "expected": finding.expected,
        "actual": finding.actual,
        "next_step": finding.next_step,
    })
}
