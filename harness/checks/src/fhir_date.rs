//! Whether the dates of a result have the form of FHIR and exist. Not for whether they are the right ones.

use crate::calendar::{Form, ends_before_start, fault};
use crate::check::{Check, CheckDoc, CheckResult};
use crate::clinical_record::is_period;
use crate::identity::strangers_undecided;
use crate::observed::{Expectation, Observed};
use crate::reading::{Reading, everything, text};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, ValueKind};
use plumbline_tree::{Kind, Node};

pub(crate) const CHECK: Check = Check {
    code: "FHIR-DATE",
    name: "Real dates",
    doc: CheckDoc {
        what: "Every date and time in the elements of FHIR R4 that this check knows, anywhere in the result, has the form of its type and is a day of the calendar; a time has seconds and a zone. No Period ends before it starts. The elements: birthDate, deceasedDateTime, recordedDate, lastOccurrence, onsetDateTime, authoredOn, whenPrepared, whenHandedOver, occurrenceDateTime, effectiveDateTime, effectiveInstant, date, issued, meta.lastUpdated, and start and end of Periods.",
        why: "A date that cannot be read is dropped or guessed, and a record without its date is sorted to the wrong place.",
        conformant: r#"{"birthDate": "1951-03-14", "recordedDate": "2019-05-02T10:15:00+01:00"}"#,
        not_conformant: r#"{"birthDate": "14/03/1951", "recordedDate": "2019-02-30"}"#,
        source: "FHIR R4, primitive types date, dateTime and instant, and Period",
    },
    next_step: "Write dates as YYYY-MM-DD, and times with seconds and their zone; the place in the response is named below",
    run,
};

fn run(observed: &Observed<'_>, expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let reading = Reading::of(observed);
    sheet.gaps_and_unseen(&reading);
    strangers_undecided(&mut sheet, &reading, expectation);
    let mut count = 0_usize;
    for (page, node) in everything(observed) {
        for (name, member) in node.members() {
            if let Some(form) = form(node, name) {
                count += 1;
                judge(&mut sheet, page, member, form);
            } else if is_period(name) {
                count += period(&mut sheet, page, member);
            }
        }
    }
    sheet.saw(count);
    if count == 0 && reading.is_whole() {
        sheet.nothing(
            "the result holds no date",
            "Load the test patient and its records, then run again",
        );
    }
    sheet.finish()
}

/// The type of an element that is a date by its name, wherever it stands.
fn form(parent: Node<'_>, name: &str) -> Option<Form> {
    match name {
        "birthDate" => Some(Form::Date),
        "deceasedDateTime" | "recordedDate" | "lastOccurrence" | "onsetDateTime" | "authoredOn"
        | "whenPrepared" | "whenHandedOver" | "occurrenceDateTime" | "effectiveDateTime"
        | "date" => Some(Form::DateTime),
        "lastUpdated" | "effectiveInstant" => Some(Form::Instant),
        // An instant in these two, a dateTime elsewhere.
        "issued" => match text(parent, "resourceType") {
            Some("Observation" | "DiagnosticReport") => Some(Form::Instant),
            _ => Some(Form::DateTime),
        },
        _ => None,
    }
}

/// Judges the ends of a Period, and says how many there are. A number may have the same name.
fn period(sheet: &mut Sheet, page: usize, node: Node<'_>) -> usize {
    if node.kind() == Kind::Array {
        return node.items().map(|item| period(sheet, page, item)).sum();
    }
    let ends = [node.get("start"), node.get("end")];
    for end in ends.into_iter().flatten() {
        judge(sheet, page, end, Form::DateTime);
    }
    if let [Some(start), Some(end)] = ends
        && let (Some(first), Some(last)) = (start.as_str(), end.as_str())
        && ends_before_start(first, last)
    {
        sheet.broken(
            At::node(page, end),
            "a Period ends before it starts",
            Shown::ours("an end that is not before ").value(ValueKind::Date, first),
            Shown::ours("").value(ValueKind::Date, last),
        );
    }
    ends.into_iter().flatten().count()
}

fn judge(sheet: &mut Sheet, page: usize, node: Node<'_>, form: Form) {
    let at = At::node(page, node);
    let expected = Shown::ours(format!("a FHIR {} that exists", form.name()));
    let Some(value) = node.as_str() else {
        let actual = Shown::ours("no text");
        return sheet.broken(at, "a date is not a text", expected, actual);
    };
    if let Some(message) = fault(value, form) {
        let actual = Shown::ours("").value(ValueKind::Date, value);
        sheet.broken(at, message, expected, actual);
    }
}
