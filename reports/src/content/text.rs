//! The result to read in a terminal. Not for programs.

use super::letter::rule_name;
use super::tally::{gaps, tallies};
use super::{ContentInput, MOCK, NOT_ASSURED, Origin};
use crate::view::words::{count, sentence};
use plumbline_prsb::{Content, Severity, Standing, State};
use std::fmt::Write;

pub(super) fn write(input: &ContentInput<'_>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = compose(input, &mut out);
    out
}

fn compose(input: &ContentInput<'_>, out: &mut String) -> std::fmt::Result {
    if input.origin == Origin::Mock {
        writeln!(out, "{MOCK}")?;
    }
    writeln!(out, "{}", input.standard_name())?;
    for (file, content, fhir) in input.judged() {
        writeln!(out, "\n{}", file.name)?;
        let validity = if fhir.errors == 0 {
            format!("valid FHIR {}", fhir.version)
        } else {
            format!(
                "NOT VALID FHIR {}: {}",
                fhir.version,
                count(fhir.errors, "error", "errors")
            )
        };
        let musts = content.broken(Severity::Must).count();
        let shoulds = content.broken(Severity::Should).count();
        writeln!(
            out,
            "  {validity}; breaks {} and {}",
            count(musts, "must rule", "must rules"),
            count(shoulds, "should rule", "should rules")
        )?;
        grid(content, out)?;
        findings(content, out)?;
        for warning in &content.warnings {
            writeln!(out, "  note: {}", sentence(warning))?;
        }
    }
    rest(input, out)
}

/// One line a section: its own state, and those of its items.
fn grid(content: &Content, out: &mut String) -> std::fmt::Result {
    let mut sections: Vec<&str> = Vec::new();
    for result in &content.results {
        if !sections.contains(&result.rule.section_title.as_str()) {
            sections.push(&result.rule.section_title);
        }
    }
    writeln!(
        out,
        "  {:52} met  broken  not exercised  cannot be tested",
        "section"
    )?;
    for section in sections {
        let of = |key: &str| {
            let results = content
                .results
                .iter()
                .filter(|it| it.rule.section_title == section);
            results.filter(|it| it.state.key() == key).count()
        };
        writeln!(
            out,
            "  {section:52} {:3}  {:6}  {:13}  {:16}",
            of("met"),
            of("broken"),
            of("not-exercised"),
            of("cannot-test")
        )?;
    }
    Ok(())
}

fn findings(content: &Content, out: &mut String) -> std::fmt::Result {
    for result in content
        .results
        .iter()
        .filter(|it| it.state == State::Broken)
    {
        let advisory = if result.standing == Standing::Advisory {
            ", advisory"
        } else {
            ""
        };
        for finding in &result.findings {
            writeln!(
                out,
                "  {} {}{advisory}: {}",
                finding.severity.key(),
                finding.rule,
                sentence(&finding.message)
            )?;
            writeln!(
                out,
                "    at line {}, column {}: {}",
                finding.line, finding.column, finding.path
            )?;
            writeln!(
                out,
                "    expected {}; seen {}",
                finding.expected, finding.actual
            )?;
            writeln!(out, "    {}", sentence(&finding.next_step))?;
        }
    }
    Ok(())
}

fn rest(input: &ContentInput<'_>, out: &mut String) -> std::fmt::Result {
    for (file, what, fix) in input.refused() {
        writeln!(
            out,
            "\n{}\n  not judged: this is {what}\n  {}",
            file.name,
            sentence(fix)
        )?;
        if let super::ContentOutcome::Refused { codes, .. } = &file.outcome {
            for finding in codes.iter().flat_map(|it| &it.findings) {
                writeln!(
                    out,
                    "  its codes: {} {}: {} at line {}",
                    finding.severity.key(),
                    finding.rule,
                    finding.actual,
                    finding.line
                )?;
            }
        }
    }
    if input.files.len() > 1 {
        let judged = input.judged().count();
        let with_musts = input
            .judged()
            .filter(|(_, content, _)| content.broken(Severity::Must).next().is_some())
            .count();
        writeln!(
            out,
            "\n{} of {} files were judged; {with_musts} of {judged} break a must rule.",
            judged,
            input.files.len()
        )?;
        let tallies = tallies(input);
        for gap in gaps(&tallies, 5) {
            writeln!(
                out,
                "  {} of {}: {} ({})",
                gap.broken,
                gap.documents(),
                rule_name(gap),
                gap.rule.id
            )?;
        }
    }
    writeln!(out, "\n{NOT_ASSURED}")
}
