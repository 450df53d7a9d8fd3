//! One answer to one question: its type, length, and whether the question offers it. Not for where it stands.

use super::form::{Form, Item};
use super::given::GivenItem;
use super::kind::Kind;
use super::limits::Limits;
use super::options::{self, Options};
use super::rules::{ANSWER_TYPE, MAX_LENGTH, ONE_LINE};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::profile::Findings;
use crate::report::Report;

/// Judges the answers to a question.
pub(super) fn check(
    knowledge: &Knowledge,
    form: &Form<'_>,
    item: &Item<'_>,
    limits: &Limits<'_>,
    given: &GivenItem<'_>,
    findings: &mut Findings,
) {
    let options = Options::of(item, knowledge);
    let wanted = item.answer_types();
    let values: Vec<_> = given
        .answers
        .iter()
        .filter_map(|it| it.value.as_ref())
        .collect();
    for value in &values {
        let of = value.type_name(knowledge.types);
        // A type that answers cannot have is no answer at all to the base specification.
        if of.is_empty() {
            continue;
        }
        if !wanted.is_empty() && !wanted.contains(&of) {
            let expected = wanted.join(" or ");
            let link = shown(item.link);
            findings
                .report
                .add(&ANSWER_TYPE, value, &[of, link, &expected], &expected, of);
            continue;
        }
        options.check(item, value, of, values.len(), &mut findings.report);
        if of == "Coding" && matches!(item.kind, Some(Kind::Choice | Kind::OpenChoice)) {
            options::check_value_set(knowledge, form, item, value, findings);
        }
        let report = &mut findings.report;
        check_length(item, value, report);
        if item.is_one_line() && value.value().is_some_and(|it| it.contains(['\n', '\r'])) {
            report.add(
                &ONE_LINE,
                value,
                &[shown(item.link)],
                "one line",
                "several lines",
            );
        }
        limits.check(knowledge, form, item, value, of, report);
    }
}

fn check_length(item: &Item<'_>, value: &Place<'_>, report: &mut Report) {
    let (Some(most), Some(text)) = (item.max_length, value.value()) else {
        return;
    };
    let length = text.chars().count() as u64;
    if length > most {
        let expected = format!("{most} characters at most");
        let actual = format!("{length} characters");
        report.add(&MAX_LENGTH, value, &[shown(item.link)], &expected, &actual);
    }
}
