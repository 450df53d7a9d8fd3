//! The result for programs: one array with every field. Not FHIR: `operation_outcome`.

use super::Form;
use super::at_hand::AtHand;
use super::judge::{Judged, Problem};
use super::summary::Summary;
use plumbline_fhir::{Assurance, CodedCheck, FhirVersion};
use plumbline_packages::Used;
use plumbline_tree::Syntax;
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) struct Json {
    version: FhirVersion,
    is_first: bool,
}

impl Json {
    pub(super) fn new(version: FhirVersion) -> Self {
        Self {
            version,
            is_first: true,
        }
    }

    fn value(&self, file: &Judged, at_hand: &AtHand) -> Value {
        let not_checked = file.profiles_not_checked.iter();
        let not_checked = not_checked.map(|it| json!({"profile": it.profile, "reason": it.reason}));
        json!({
            "file": file.name,
            "fhir_version": self.version.number(),
            "result": file.state.key(),
            "syntax": file.syntax.map(|syntax| match syntax {
                Syntax::Json => "json",
                Syntax::Xml => "xml",
            }),
            "resource_type": file.resource_type,
            "errors": file.counts.errors,
            "warnings": file.counts.warnings,
            "information": file.counts.information,
            "not_listed": file.unlisted(),
            "issues": file.problems.iter().map(problem).collect::<Vec<_>>(),
            "coded": file.coded.iter().map(coded).collect::<Vec<_>>(),
            "profiles_checked": file.profiles_checked,
            "profiles_not_checked": not_checked.collect::<Vec<_>>(),
            "not_checked": file.not_checked,
            "definitions": at_hand.used.iter().map(used).collect::<Vec<_>>(),
        })
    }
}

impl Form for Json {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "[")
    }

    /// Ends with the line: a progress bar clears the one that it stands on.
    fn file(&mut self, file: &Judged, at_hand: &AtHand, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            writeln!(out, ",")?;
        }
        serde_json::to_writer_pretty(&mut *out, &self.value(file, at_hand))?;
        writeln!(out)
    }

    fn end(&mut self, _: &Summary, _: &AtHand, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "]")
    }
}

fn used(it: &Used) -> Value {
    json!({
        "name": it.name,
        "version": it.version,
        "sha256": it.sha256,
        "definitions": it.definitions,
        "needed_by": it.wanted_by,
        "pinned": it.is_pinned,
    })
}

fn problem(it: &Problem) -> Value {
    json!({
        "code": it.code,
        "severity": it.severity.to_string(),
        "message": it.message,
        "path": it.path,
        "offset": it.offset,
        "line": it.line,
        "column": it.column,
        "expected": it.expected,
        "actual": it.actual,
        "fix": it.fix,
    })
}

fn coded(it: &CodedCheck) -> Value {
    let (assurance, source, version, reason) = match &it.assurance {
        Assurance::Checked { source, version } => ("checked", Some(source), Some(version), None),
        Assurance::SyntaxOnly => ("syntax-only", None, None, None),
        Assurance::NotChecked(reason) => ("not-checked", None, None, Some(reason)),
    };
    json!({
        "path": it.path,
        "value_set": it.value_set,
        "count": it.count,
        "assurance": assurance,
        "source": source,
        "version": version,
        "reason": reason,
    })
}
