//! A `Questionnaire` by itself: conditions, options, initial values. Not the answers to it.

use super::find::local;
use super::form::{Behaviour, Choice, Condition, Form, Item, Operator, Test, key};
use super::kind::{Kind, Plain};
use super::limits::Limits;
use super::rules::{
    DERIVED_FROM_ITSELF, ENABLE_BEHAVIOUR, ENABLE_OPERATOR, ENABLE_OPTION, ENABLE_QUESTION,
    ENABLE_SELF, ENABLE_TYPE, INITIAL_MANY, INITIAL_TYPE, LIMIT_UNIT, NO_OPTIONS, OPTION_DUPLICATE,
    OPTION_TYPE, VALUE_SET_MISSING,
};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use plumbline_fhir::{FhirVersion, TypeTable};
use std::collections::BTreeSet;

/// Judges a questionnaire.
pub(super) fn check(knowledge: &Knowledge, resource: &Place<'_>, report: &mut Report) {
    let types = knowledge.types;
    derived_from(resource, types, report);
    let form = Form::read(resource.clone(), types);
    for (number, item) in form.items.iter().enumerate() {
        if knowledge.version() == FhirVersion::R4 {
            behaviour(item, report);
        }
        for condition in &item.conditions {
            check_condition(&form, number, item, condition, types, report);
        }
        options(&form, item, types, report);
        for bound in Limits::of(item, knowledge).without_unit() {
            let link = shown(item.link);
            report.add(&LIMIT_UNIT, bound, &[link], "a unit of UCUM", "none");
        }
        initial(item, types, report);
    }
}

fn derived_from(resource: &Place<'_>, types: &'static TypeTable, report: &mut Report) {
    let Some(url) = resource.word("url") else {
        return;
    };
    for derived in resource.all(types, "derivedFrom") {
        let address = derived.value().unwrap_or_default();
        if address.split('|').next() == Some(url) {
            let expected = "another questionnaire";
            report.add(
                &DERIVED_FROM_ITSELF,
                &derived,
                &[],
                expected,
                "its own address",
            );
        }
    }
}

/// Three conditions or more are for the invariant que-12.
fn behaviour(item: &Item<'_>, report: &mut Report) {
    let says = item.place.word("enableBehavior").is_some();
    if item.conditions.len() == 2 && !says && item.behaviour == Behaviour::Any {
        let link = shown(item.link);
        report.add(
            &ENABLE_BEHAVIOUR,
            &item.place,
            &[link],
            "all or any",
            "nothing",
        );
    }
}

fn check_condition(
    form: &Form<'_>,
    number: usize,
    item: &Item<'_>,
    condition: &Condition<'_>,
    types: &'static TypeTable,
    report: &mut Report,
) {
    if condition.question.is_empty() {
        return;
    }
    let named = shown(condition.question);
    let found = form.find(condition.question);
    let question = found.and_then(|it| Some((it, form.item(it)?)));
    let at = || condition.place.at(types, "question");
    let Some((found, question)) = question else {
        report.add(
            &ENABLE_QUESTION,
            &at(),
            &[named],
            "the linkId of a question",
            named,
        );
        return;
    };
    if (number..item.end).contains(&found) {
        let link = shown(item.link);
        report.add(
            &ENABLE_SELF,
            &at(),
            &[link, named],
            "another question",
            named,
        );
        return;
    }
    let Some(kind) = question.kind else {
        return;
    };
    if !kind.is_question() {
        let actual = "a group or a display text";
        report.add(
            &ENABLE_QUESTION,
            &at(),
            &[named],
            "the linkId of a question",
            actual,
        );
        return;
    }
    if let Test::Compare(operator, answer) = &condition.test {
        check_comparison(question, kind, *operator, answer, types, report);
    }
}

fn check_comparison(
    question: &Item<'_>,
    kind: Kind,
    operator: Operator,
    answer: &Place<'_>,
    types: &'static TypeTable,
    report: &mut Report,
) {
    let link = shown(question.link);
    let of = answer.type_name(types);
    let asks_for_order = match operator {
        Operator::Equal | Operator::Differs => false,
        Operator::Greater | Operator::Less | Operator::AtLeast | Operator::AtMost => true,
    };
    if asks_for_order && (!kind.has_order() || of == "Coding") {
        let name = question.place.word("type").unwrap_or_default();
        let sign = operator.sign();
        let words = [sign, link, shown(name)];
        report.add(&ENABLE_OPERATOR, answer, &words, "=, != or exists", sign);
        return;
    }
    let allowed = question.comparable_types();
    if !of.is_empty() && !allowed.is_empty() && !allowed.contains(&of) {
        let expected = allowed.join(" or ");
        report.add(&ENABLE_TYPE, answer, &[of, link, &expected], &expected, of);
        return;
    }
    let is_open = kind == Kind::OpenChoice && of != "Coding";
    if question.options.is_empty() || asks_for_order || is_open {
        return;
    }
    if let Some(wanted) = key(answer, of)
        && !question
            .options
            .iter()
            .any(|it| key(&it.value, it.of) == Some(wanted))
    {
        let expected = "one of the options of the question";
        report.add(&ENABLE_OPTION, answer, &[link], expected, "another answer");
    }
}

fn options(form: &Form<'_>, item: &Item<'_>, types: &'static TypeTable, report: &mut Report) {
    let link = shown(item.link);
    if let Some(id) = item.value_set.and_then(|it| it.strip_prefix('#')) {
        let body = form.place.element.body();
        if body.and_then(|it| local(it, id)).is_none() {
            let at = match item.place.first(types, "answerValueSet") {
                Some(at) => at,
                None => item.place.at(types, "options"),
            };
            let expected = "the id of a contained value set";
            report.add(
                &VALUE_SET_MISSING,
                &at,
                &[],
                expected,
                "no contained resource",
            );
        }
    }
    let is_choice = matches!(item.kind, Some(Kind::Choice | Kind::OpenChoice));
    let offers = item.has_options();
    if is_choice && !offers && item.place.word("definition").is_none() {
        report.add(
            &NO_OPTIONS,
            &item.place,
            &[link],
            "options or a value set",
            "neither",
        );
    }
    let mut seen = BTreeSet::new();
    for option in &item.options {
        option_type(item, link, option, report);
        if let Some(key) = key(&option.value, option.of)
            && !seen.insert(key)
        {
            report.add(
                &OPTION_DUPLICATE,
                &option.value,
                &[link],
                "each answer once",
                "twice",
            );
        }
    }
    let selected = item
        .options
        .iter()
        .filter(|it| it.place.is_set("initialSelected"));
    let selected = selected.count();
    if selected > 1 && !item.repeats {
        let actual = format!("{selected} selected");
        report.add(&INITIAL_MANY, &item.place, &[link], "one at most", &actual);
    }
}

fn option_type(item: &Item<'_>, link: &str, option: &Choice<'_>, report: &mut Report) {
    // An option has no type for decimals, quantities and times of a day; que-5 allows options for them all the same.
    let Some(Kind::Plain(plain)) = item.kind else {
        return;
    };
    // Of a quantity they can only say which units there are.
    if plain == Plain::Quantity && option.of == "Coding" {
        return;
    }
    let allowed = plain.comparable();
    if !option.of.is_empty() && !allowed.contains(&option.of) {
        let expected = plain.answer();
        let words = [option.of, link, expected];
        report.add(&OPTION_TYPE, &option.value, &words, expected, option.of);
    }
}

/// Values to begin with: in R4 many, each with a value; in STU3 one choice.
fn initial(item: &Item<'_>, types: &'static TypeTable, report: &mut Report) {
    if !item.kind.is_some_and(Kind::is_question) {
        return;
    }
    let wanted = item.answer_types();
    if wanted.is_empty() {
        return;
    }
    for initial in item.place.all(types, "initial") {
        let value = initial.first(types, "value").unwrap_or(initial);
        let of = value.type_name(types);
        let is_whole = matches!(of, "" | "BackboneElement" | "Element");
        if !is_whole && !wanted.contains(&of) {
            let expected = wanted.join(" or ");
            let words = [of, shown(item.link), &expected];
            report.add(&INITIAL_TYPE, &value, &words, &expected, of);
        }
    }
}
