//! A `QuestionnaireResponse` against its questionnaire: which items stand where, how often, in which order.
//! Not for single answers: answer.rs.

use super::answer;
use super::compare::compare;
use super::enabled::{Spot, is_enabled};
use super::find::Forms;
use super::form::{Form, Item, Operator};
use super::given::{Given, GivenItem};
use super::kind::Kind;
use super::limits::{Limits, referred};
use super::rules::{
    DISABLED, MAX_OCCURS, MIN_OCCURS, NESTING, NO_ANSWER, NOT_FOUND, ORDER, PERIOD, PLACE, REPEATS,
    REQUIRED, SUBJECT, TEXT, UNKNOWN_LINK,
};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::profile::{Findings, shown_address};
use crate::report::Report;
use plumbline_fhir::TypeTable;
use std::collections::BTreeMap;

/// Judges a response.
pub(super) fn check<'a>(
    knowledge: &'a Knowledge,
    forms: &Forms<'a>,
    response: &Place<'a>,
    found: &mut Findings,
) {
    let types = knowledge.types;
    let Some(named) = response.first(types, "questionnaire") else {
        return;
    };
    // R4 has a canonical address, STU3 a reference.
    let Some(address) = named.value().or_else(|| named.word("reference")) else {
        return;
    };
    let Some(body) = response.element.body() else {
        return;
    };
    let Some(form) = forms.of(knowledge, body, address) else {
        let shown = shown_address(address);
        found
            .not_checked
            .insert(format!("answers: the questionnaire {shown} is not known"));
        found.report.add(
            &NOT_FOUND,
            &named,
            &[],
            "a questionnaire that is known",
            "not checked",
        );
        return;
    };
    let form = &*form;
    check_subject(form, response, types, &mut found.report);
    check_period(form, response, types, &mut found.report);
    let given = Given::read(response, form, types);
    let status = response.word("status");
    let mut check = Check {
        knowledge,
        form,
        given: &given,
        is_complete: matches!(status, Some("completed" | "amended")),
        has_same_language: has_same_language(form, response),
        findings: found,
    };
    let root = Level {
        place: response,
        beneath: None,
        item: None,
        end: given.items.len(),
    };
    let mut waiting = check.level(&root, &given.top);
    // Depth first, so that issues come in the order of the body.
    waiting.reverse();
    while let Some(at) = waiting.pop() {
        let mut more = check.beneath(at);
        more.reverse();
        waiting.extend(more);
    }
}

/// Whether the texts of both are of one language, as far as they say.
fn has_same_language(form: &Form<'_>, response: &Place<'_>) -> bool {
    match (form.place.word("language"), response.word("language")) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn check_subject(
    form: &Form<'_>,
    response: &Place<'_>,
    types: &'static TypeTable,
    report: &mut Report,
) {
    let allowed = form.place.all(types, "subjectType");
    let allowed: Vec<&str> = allowed.iter().filter_map(Place::value).collect();
    let Some(subject) = response.first(types, "subject") else {
        return;
    };
    let Some(of) = referred(&subject) else {
        return;
    };
    if !allowed.is_empty() && !allowed.contains(&of) {
        report.add(
            &SUBJECT,
            &subject,
            &[shown(of)],
            &allowed.join(", "),
            shown(of),
        );
    }
}

fn check_period(
    form: &Form<'_>,
    response: &Place<'_>,
    types: &'static TypeTable,
    report: &mut Report,
) {
    let Some(authored) = response.first(types, "authored") else {
        return;
    };
    let Some(period) = form.place.first(types, "effectivePeriod") else {
        return;
    };
    let bounds = [
        ("start", Operator::Less, "before"),
        ("end", Operator::Greater, "after"),
    ];
    for (bound, operator, when) in bounds {
        let bound = period.first(types, bound);
        if bound.and_then(|it| compare(&authored, operator, &it, types)) == Some(true) {
            report.add(
                &PERIOD,
                &authored,
                &[when],
                "a day of the period",
                "another day",
            );
        }
    }
}

/// What items stand in: the response, a group, or an answer.
struct Level<'p, 'a> {
    place: &'p Place<'a>,
    /// The item of the response that it is or belongs to.
    beneath: Option<usize>,
    /// The item of the questionnaire.
    item: Option<usize>,
    /// The number of the first item of the response behind it.
    end: usize,
}

struct Check<'c, 'a> {
    knowledge: &'a Knowledge,
    form: &'c Form<'a>,
    given: &'c Given<'a>,
    is_complete: bool,
    has_same_language: bool,
    findings: &'c mut Findings,
}

impl<'a> Check<'_, 'a> {
    /// Judges which items stand in a level; gives those to look into.
    fn level(&mut self, level: &Level<'_, 'a>, there: &[usize]) -> Vec<usize> {
        let (form, given) = (self.form, self.given);
        let mut by_item: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut inside = Vec::new();
        let mut furthest: Option<usize> = None;
        for &at in there {
            let Some(found) = given.get(at) else {
                continue;
            };
            let Some(number) = found.item else {
                self.unknown(found);
                continue;
            };
            let Some(item) = form.item(number) else {
                continue;
            };
            inside.push(at);
            if item.parent != level.item {
                let actual = "another place";
                let expected = "the place that the questionnaire has";
                let link = shown(item.link);
                self.findings
                    .report
                    .add(&PLACE, &found.place, &[link], expected, actual);
                continue;
            }
            if let Some(before) = furthest.filter(|it| *it > number) {
                self.order(found, item, before);
            }
            furthest = furthest.max(Some(number));
            by_item.entry(number).or_default().push(at);
        }
        for &number in form.beneath(level.item) {
            let Some(item) = form.item(number) else {
                continue;
            };
            let stand = by_item.get(&number).map_or(&[][..], Vec::as_slice);
            self.often(level, &by_item, number, item, stand);
        }
        inside
    }

    fn unknown(&mut self, found: &GivenItem<'_>) {
        // Without a linkId there is nothing to look for; the base specification asks for one.
        if found.link.is_empty() {
            return;
        }
        let expected = "a linkId of the questionnaire";
        let link = shown(found.link);
        self.findings
            .report
            .add(&UNKNOWN_LINK, &found.place, &[link], expected, link);
    }

    fn order(&mut self, found: &GivenItem<'_>, item: &Item<'_>, before: usize) {
        let other = self.form.item(before).map_or("", |it| shown(it.link));
        let expected = format!("before {other}");
        let link = shown(item.link);
        let actual = format!("behind {other}");
        self.findings
            .report
            .add(&ORDER, &found.place, &[link], &expected, &actual);
    }

    /// How often an item stands in a level.
    fn often(
        &mut self,
        level: &Level<'_, 'a>,
        by_item: &BTreeMap<usize, Vec<usize>>,
        number: usize,
        item: &Item<'a>,
        stand: &[usize],
    ) {
        let given = self.given;
        let is_group = item.kind == Some(Kind::Group);
        let found: Vec<_> = stand.iter().filter_map(|it| given.get(*it)).collect();
        let answers: usize = found.iter().map(|it| it.answers.len()).sum();
        let count = if is_group { found.len() } else { answers };
        let link = shown(item.link);
        let place = found.get(1).or(found.first()).map(|it| it.place.clone());
        let at = place.unwrap_or_else(|| level.place.clone());
        let is_twice = found.len() > 1 && !(is_group && item.repeats);
        if is_twice || (count > 1 && !item.repeats) {
            let actual = format!("{} times", count.max(found.len()));
            self.findings
                .report
                .add(&REPEATS, &at, &[link], "once", &actual);
        }
        let limits = Limits::of(item, self.knowledge);
        if let Some(most) = limits.max_occurs.filter(|most| count > *most) {
            let (wanted, is) = (format!("{most} times at most"), format!("{count} times"));
            self.findings
                .report
                .add(&MAX_OCCURS, &at, &[link], &wanted, &is);
        }
        if !self.is_complete || item.kind == Some(Kind::Display) {
            return;
        }
        let least = limits.min_occurs.unwrap_or(0);
        let is_missing = item.is_required && !found.iter().any(|it| is_answered(it, is_group));
        if !is_missing && count >= least {
            return;
        }
        let spot = Spot {
            beneath: level.beneath,
            at: stand
                .first()
                .copied()
                .unwrap_or_else(|| behind(by_item, number, level.end)),
        };
        let is_on = is_enabled(item, spot, self.form, given, self.knowledge.types);
        match is_on {
            Some(true) if is_missing => {
                self.findings
                    .report
                    .add(&REQUIRED, &at, &[link], "an answer", "none");
            }
            Some(true) => {
                let (wanted, is) = (format!("{least} times at least"), format!("{count} times"));
                self.findings
                    .report
                    .add(&MIN_OCCURS, &at, &[link], &wanted, &is);
            }
            Some(false) | None => {}
        }
    }

    /// Judges an item and what is right beneath it; gives the items to look into.
    fn beneath(&mut self, at: usize) -> Vec<usize> {
        let (form, given, types) = (self.form, self.given, self.knowledge.types);
        let Some(found) = given.get(at) else {
            return Vec::new();
        };
        let Some((number, item)) = found.item.and_then(|it| Some((it, form.item(it)?))) else {
            return Vec::new();
        };
        self.text(found, item);
        let spot = Spot {
            beneath: found.parent,
            at,
        };
        let has_content = !found.answers.is_empty() || found.end > at + 1;
        if has_content && is_enabled(item, spot, form, given, types) == Some(false) {
            let link = shown(item.link);
            self.findings
                .report
                .add(&DISABLED, &found.place, &[link], "no answer", "an answer");
            return Vec::new();
        }
        let level = Level {
            place: &found.place,
            beneath: Some(at),
            item: Some(number),
            end: found.end,
        };
        match item.kind {
            Some(kind @ (Kind::Group | Kind::Display | Kind::Question)) => {
                self.no_answers(found, item, kind);
                let mut inside = self.level(&level, &found.children);
                let answers = found.answers.iter();
                inside.extend(answers.flat_map(|it| it.children.iter().copied()));
                inside
            }
            Some(Kind::Choice | Kind::OpenChoice | Kind::Plain(_)) => {
                self.question(found, item, &level)
            }
            None => Vec::new(),
        }
    }

    fn no_answers(&mut self, found: &GivenItem<'_>, item: &Item<'_>, kind: Kind) {
        if found.answers.is_empty() {
            return;
        }
        let name = match kind {
            Kind::Group => "group",
            Kind::Display => "display",
            _ => "question",
        };
        let link = shown(item.link);
        self.findings.report.add(
            &NO_ANSWER,
            &found.place,
            &[link, name],
            "no answer",
            "an answer",
        );
    }

    fn question(
        &mut self,
        found: &GivenItem<'a>,
        item: &Item<'a>,
        level: &Level<'_, 'a>,
    ) -> Vec<usize> {
        let limits = Limits::of(item, self.knowledge);
        answer::check(
            self.knowledge,
            self.form,
            item,
            &limits,
            found,
            self.findings,
        );
        // With answers beside them, qrs-1 says the same.
        if found.answers.is_empty()
            && let Some(first) = found.children.first().and_then(|it| self.given.get(*it))
        {
            let link = shown(item.link);
            let expected = "within an answer";
            self.findings
                .report
                .add(&NESTING, &first.place, &[link], expected, "in no answer");
        }
        let mut inside = found.children.clone();
        for answer in &found.answers {
            let level = Level {
                place: &answer.place,
                ..*level
            };
            inside.extend(self.level(&level, &answer.children));
        }
        inside
    }

    fn text(&mut self, found: &GivenItem<'_>, item: &Item<'_>) {
        let (Some(ours), Some(theirs)) = (found.place.word("text"), item.place.word("text")) else {
            return;
        };
        if ours != theirs && self.has_same_language {
            let at = found.place.at(self.knowledge.types, "text");
            let expected = "the text of the questionnaire";
            self.findings
                .report
                .add(&TEXT, &at, &[shown(item.link)], expected, "another text");
        }
    }
}

/// Whether an item holds something: a group items, a question an answer.
fn is_answered(found: &GivenItem<'_>, is_group: bool) -> bool {
    if is_group {
        !found.children.is_empty()
    } else {
        !found.answers.is_empty()
    }
}

/// Where an item that is missing would stand: before the first that follows it in the questionnaire.
fn behind(by_item: &BTreeMap<usize, Vec<usize>>, number: usize, end: usize) -> usize {
    let mut following = by_item.range(number..);
    let next = following.next().and_then(|(_, stand)| stand.first());
    next.copied().unwrap_or(end)
}
