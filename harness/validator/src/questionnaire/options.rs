//! Whether an answer is one of those that a question offers. Not for its type.

use super::find::local;
use super::form::{Form, Item, Key, key};
use super::kind::Kind;
use super::rules::{OPTION, OPTION_EXCLUSIVE, OPTIONS_UNKNOWN};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::profile::Findings;
use crate::report::Report;
use plumbline_fhir::Assurance;
use plumbline_fhirpath::Element;
use plumbline_terminology::{Coding, Membership};
use std::collections::BTreeSet;

const OPTION_EXCLUSIVE_URL: &str =
    "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";

/// The element that holds answers, as the specification names it.
const ANSWERS: &str = "QuestionnaireResponse.item.answer.value[x]";

/// The answers that one question offers.
#[derive(Debug)]
pub(super) struct Options<'a> {
    listed: BTreeSet<Key<'a>>,
    exclusive: BTreeSet<Key<'a>>,
}

impl<'a> Options<'a> {
    /// Those of a question.
    pub(super) fn of(item: &Item<'a>, knowledge: &Knowledge) -> Self {
        let alone = item.options.iter().filter(|it| {
            let extension = it.place.extension(knowledge.types, OPTION_EXCLUSIVE_URL);
            extension.and_then(|it| it.value()) == Some("true")
        });
        Self {
            listed: item.keys(),
            exclusive: alone.filter_map(|it| key(&it.value, it.of)).collect(),
        }
    }

    /// Judges an answer of the right type; `count` answers stand with it.
    pub(super) fn check(
        &self,
        item: &Item<'_>,
        value: &Place<'_>,
        of: &'static str,
        count: usize,
        report: &mut Report,
    ) {
        let is_free = item.kind == Some(Kind::OpenChoice) && of == "string";
        if self.listed.is_empty() || is_free {
            return;
        }
        let Some(key) = key(value, of) else {
            return;
        };
        let link = shown(item.link);
        if !self.listed.contains(&key) {
            let expected = "one of the options of the question";
            report.add(&OPTION, value, &[link], expected, "another answer");
        } else if count > 1 && self.exclusive.contains(&key) {
            let actual = format!("{count} answers");
            report.add(
                &OPTION_EXCLUSIVE,
                value,
                &[link],
                "this answer alone",
                &actual,
            );
        }
    }
}

/// Judges a code against the value set of its question.
pub(super) fn check_value_set(
    knowledge: &Knowledge,
    form: &Form<'_>,
    item: &Item<'_>,
    value: &Place<'_>,
    findings: &mut Findings,
) {
    let Some(value_set) = item.value_set else {
        return;
    };
    let Some(code) = value.word("code") else {
        return;
    };
    let coding = Coding {
        system: value.word("system"),
        version: value.word("version"),
        code,
        display: None,
    };
    let (membership, assurance) = membership(knowledge, form, value_set, coding);
    let listed = shown_address(value_set);
    findings.coded.add(ANSWERS, listed, assurance.clone(), 1);
    let report = &mut findings.report;
    let link = shown(item.link);
    match membership {
        Membership::Inside => {}
        Membership::Outside => {
            let expected = format!("a code of {}", shown_address(value_set));
            report.add(&OPTION, value, &[link], &expected, "another code");
        }
        Membership::Unknown => {
            let why = match assurance {
                Assurance::NotChecked(why) => why,
                Assurance::SyntaxOnly => "only the form of its codes is known".to_owned(),
                Assurance::Checked { .. } => "the value set is not known".to_owned(),
            };
            let expected = format!("a code of {}", shown_address(value_set));
            report.add(
                &OPTIONS_UNKNOWN,
                value,
                &[link, &why],
                &expected,
                "not checked",
            );
        }
    }
}

/// A canonical address as messages show it; of a contained value set nothing but that.
fn shown_address(value_set: &str) -> &str {
    if value_set.starts_with('#') {
        "the contained value set"
    } else {
        value_set
    }
}

/// Whether a code is in a value set, which may be contained in the questionnaire.
pub(super) fn membership(
    knowledge: &Knowledge,
    form: &Form<'_>,
    value_set: &str,
    coding: Coding<'_>,
) -> (Membership, Assurance) {
    let Some(id) = value_set.strip_prefix('#') else {
        let answer = knowledge.terminology.contains(value_set, coding);
        return (answer.membership, answer.assurance);
    };
    let body = form.place.element.body();
    let Some(node) = body.and_then(|it| local(it, id)) else {
        let why = "the questionnaire contains no such value set".to_owned();
        return (Membership::Unknown, Assurance::NotChecked(why));
    };
    let set = Place {
        element: Element::resource(node, knowledge.types),
        path: "ValueSet".to_owned(),
    };
    let version = form.place.word("version").unwrap_or_default();
    let membership = in_contained(knowledge, &set, coding);
    let assurance = match membership {
        Membership::Inside | Membership::Outside => Assurance::Checked {
            source: "the questionnaire".into(),
            version: version.to_owned().into(),
        },
        Membership::Unknown => Assurance::NotChecked(
            "the contained value set can only be worked out in part".to_owned(),
        ),
    };
    (membership, assurance)
}

fn in_contained(knowledge: &Knowledge, set: &Place<'_>, coding: Coding<'_>) -> Membership {
    let types = knowledge.types;
    let Some(compose) = set.first(types, "compose") else {
        return in_expansion(knowledge, set, coding);
    };
    let any = |name: &str| {
        let parts = compose.all(types, name);
        let found = parts.iter().map(|it| in_part(knowledge, it, coding));
        found.fold(Membership::Outside, |so_far, it| match (so_far, it) {
            (Membership::Inside, _) | (_, Membership::Inside) => Membership::Inside,
            (Membership::Unknown, _) | (_, Membership::Unknown) => Membership::Unknown,
            (Membership::Outside, Membership::Outside) => Membership::Outside,
        })
    };
    match (any("include"), any("exclude")) {
        (Membership::Outside, _) | (_, Membership::Inside) => Membership::Outside,
        (Membership::Unknown, _) | (_, Membership::Unknown) => Membership::Unknown,
        (Membership::Inside, Membership::Outside) => Membership::Inside,
    }
}

/// Whether a code is in one include or exclude: in its system and in all of its value sets.
fn in_part(knowledge: &Knowledge, part: &Place<'_>, coding: Coding<'_>) -> Membership {
    let types = knowledge.types;
    let mut result = Membership::Inside;
    if let Some(system) = part.word("system") {
        if coding.system.is_some_and(|it| it != system) {
            return Membership::Outside;
        }
        let concepts = part.all(types, "concept");
        if !part.all(types, "filter").is_empty() {
            result = Membership::Unknown;
        } else if concepts.is_empty() {
            let known = &knowledge.terminology;
            let answer = known.code_in_system(system, part.word("version"), coding.code);
            result = answer.membership;
        } else if !concepts
            .iter()
            .any(|it| it.word("code") == Some(coding.code))
        {
            return Membership::Outside;
        }
        if coding.system.is_none() && result == Membership::Inside {
            return Membership::Outside;
        }
    }
    for set in part.all(types, "valueSet") {
        let Some(url) = set.value() else {
            return Membership::Unknown;
        };
        match knowledge.terminology.contains(url, coding).membership {
            Membership::Inside => {}
            Membership::Outside => return Membership::Outside,
            Membership::Unknown => result = Membership::Unknown,
        }
    }
    result
}

/// Whether a code is listed in an expansion.
fn in_expansion(knowledge: &Knowledge, set: &Place<'_>, coding: Coding<'_>) -> Membership {
    let types = knowledge.types;
    let Some(expansion) = set.first(types, "expansion") else {
        return Membership::Unknown;
    };
    let mut waiting = expansion.all(types, "contains");
    while let Some(at) = waiting.pop() {
        if at.word("code") == Some(coding.code) && at.word("system") == coding.system {
            return Membership::Inside;
        }
        waiting.extend(at.all(types, "contains"));
    }
    Membership::Outside
}
