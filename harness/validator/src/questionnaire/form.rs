//! A `Questionnaire` as a list of items, of R4 or STU3. Not for judging it or the answers to it.

use super::kind::{Kind, Plain};
use crate::place::Place;
use plumbline_fhir::TypeTable;
use std::collections::{BTreeMap, BTreeSet};

/// Structured Data Capture: an expression gives the answers to choose from.
const ANSWER_EXPRESSION: &str =
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-answerExpression";

/// A questionnaire.
#[derive(Debug)]
pub(super) struct Form<'a> {
    /// The resource.
    pub(super) place: Place<'a>,
    /// Its items: each before those beneath it, in the order of the body.
    pub(super) items: Vec<Item<'a>>,
    /// The items of the outermost level.
    pub(super) top: Vec<usize>,
    by_link: BTreeMap<&'a str, usize>,
}

/// An item.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) place: Place<'a>,
    pub(super) link: &'a str,
    /// `None` if the type is missing or no type.
    pub(super) kind: Option<Kind>,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    /// The first item that is not beneath it.
    pub(super) end: usize,
    pub(super) is_required: bool,
    pub(super) repeats: bool,
    pub(super) max_length: Option<u64>,
    /// The value set of the answers.
    pub(super) value_set: Option<&'a str>,
    pub(super) options: Vec<Choice<'a>>,
    /// Whether an expression makes the options, so that their type is not known (extension answerExpression).
    has_computed_options: bool,
    pub(super) conditions: Vec<Condition<'a>>,
    pub(super) behaviour: Behaviour,
}

/// An answer that a question offers.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    /// `answerOption`, in STU3 `option`.
    pub(super) place: Place<'a>,
    /// Its value.
    pub(super) value: Place<'a>,
    /// The type of the value.
    pub(super) of: &'static str,
}

/// Whether all or any of the conditions must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// All.
    All,
    /// Any, as in STU3.
    Any,
}

/// An `enableWhen`.
#[derive(Debug)]
pub(super) struct Condition<'a> {
    pub(super) place: Place<'a>,
    pub(super) question: &'a str,
    pub(super) test: Test<'a>,
}

/// What a condition tests.
#[derive(Debug)]
pub(super) enum Test<'a> {
    /// Whether there is an answer.
    Exists(bool),
    /// How an answer compares with a value.
    Compare(Operator, Place<'a>),
    /// It is incomplete, which the base specification or an invariant reports.
    Unclear,
}

/// How an answer compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `=`
    Equal,
    /// `!=`
    Differs,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
}

impl Operator {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "=" => Self::Equal,
            "!=" => Self::Differs,
            ">" => Self::Greater,
            "<" => Self::Less,
            ">=" => Self::AtLeast,
            "<=" => Self::AtMost,
            _ => return None,
        })
    }

    /// As the specification writes it.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Differs => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
        }
    }
}

/// What tells one answer from another.
pub(super) type Key<'a> = (&'static str, &'a str, &'a str);

/// What tells the value from others: type, code system, and code or text. `None` for what cannot be an option.
pub(super) fn key<'a>(value: &Place<'a>, of: &'static str) -> Option<Key<'a>> {
    match of {
        "Coding" => {
            let system = value.word("system").unwrap_or_default();
            // Without a code only the display tells it from others.
            let code = value.word("code").or_else(|| value.word("display"));
            Some((of, system, code.unwrap_or_default()))
        }
        "Reference" => Some((of, "", value.word("reference")?)),
        // Options have neither decimals nor times of a day: those of such questions are whole numbers and days.
        "integer" | "decimal" => Some(("decimal", "", plain_number(value.value()?))),
        "date" | "dateTime" => Some(("dateTime", "", value.value()?)),
        _ => Some((of, "", value.value()?)),
    }
}

/// A number without noughts at the end that do not count.
fn plain_number(text: &str) -> &str {
    if text.contains('.') && !text.contains(['e', 'E']) {
        return text.trim_end_matches('0').trim_end_matches('.');
    }
    text
}

impl<'a> Form<'a> {
    /// Reads a questionnaire. What is wrong in it is left out here and judged elsewhere.
    pub(super) fn read(place: Place<'a>, types: &'static TypeTable) -> Self {
        let mut items: Vec<Item<'a>> = Vec::new();
        let mut top = Vec::new();
        let mut by_link = BTreeMap::new();
        let begin = place.all(types, "item").into_iter().rev();
        let mut waiting: Vec<(Place<'a>, Option<usize>)> = begin.map(|it| (it, None)).collect();
        while let Some((at, parent)) = waiting.pop() {
            let number = items.len();
            match parent.and_then(|it| items.get_mut(it)) {
                Some(parent) => parent.children.push(number),
                None => top.push(number),
            }
            let inner = at.all(types, "item").into_iter().rev();
            waiting.extend(inner.map(|it| (it, Some(number))));
            let item = Item::read(at, parent, number, types);
            if !item.link.is_empty() {
                by_link.entry(item.link).or_insert(number);
            }
            items.push(item);
        }
        close(&mut items);
        Self {
            place,
            items,
            top,
            by_link,
        }
    }

    /// The item of a `linkId`; of two with the same the first.
    pub(super) fn find(&self, link: &str) -> Option<usize> {
        self.by_link.get(link).copied()
    }

    /// An item.
    pub(super) fn item(&self, at: usize) -> Option<&Item<'a>> {
        self.items.get(at)
    }

    /// The items right beneath an item, or of the outermost level.
    pub(super) fn beneath(&self, at: Option<usize>) -> &[usize] {
        match at {
            Some(at) => self.item(at).map_or(&[], |it| &it.children),
            None => &self.top,
        }
    }
}

/// Writes where what is beneath each item ends.
fn close(items: &mut [Item<'_>]) {
    for at in (0..items.len()).rev() {
        let last = items.get(at).and_then(|it| it.children.last().copied());
        let end = last.and_then(|it| items.get(it)).map(|it| it.end);
        if let Some(item) = items.get_mut(at) {
            item.end = end.unwrap_or(at + 1);
        }
    }
}

impl<'a> Item<'a> {
    fn read(
        place: Place<'a>,
        parent: Option<usize>,
        number: usize,
        types: &'static TypeTable,
    ) -> Self {
        let mut options = place.all(types, "answerOption");
        options.extend(place.all(types, "option"));
        let options = options.into_iter().filter_map(|it| {
            let value = it.first(types, "value")?;
            let of = value.type_name(types);
            Some(Choice {
                place: it,
                value,
                of,
            })
        });
        let of_stu3 = place.first(types, "options");
        let conditions = place.all(types, "enableWhen").into_iter();
        let behaviour = match place.word("enableBehavior") {
            Some("all") => Behaviour::All,
            _ => Behaviour::Any,
        };
        Self {
            link: place.word("linkId").unwrap_or_default(),
            kind: place.word("type").and_then(Kind::of),
            parent,
            children: Vec::new(),
            end: number + 1,
            is_required: place.is_set("required"),
            repeats: place.is_set("repeats"),
            max_length: place.number("maxLength"),
            value_set: place
                .word("answerValueSet")
                .or_else(|| of_stu3.and_then(|it| it.word("reference"))),
            options: options.collect(),
            has_computed_options: place.extension(types, ANSWER_EXPRESSION).is_some(),
            conditions: conditions.map(|it| Condition::read(it, types)).collect(),
            behaviour,
            place,
        }
    }

    /// The types that an answer may have; empty if any may, or if that cannot be known.
    pub(super) fn answer_types(&self) -> Vec<&'static str> {
        let mut of_options: Vec<&'static str> = self.options.iter().map(|it| it.of).collect();
        of_options.sort_unstable();
        of_options.dedup();
        match self.kind {
            Some(Kind::Plain(plain)) => vec![plain.answer()],
            Some(Kind::Choice | Kind::OpenChoice) if self.has_computed_options => Vec::new(),
            Some(Kind::Choice) if of_options.is_empty() => vec!["Coding"],
            Some(Kind::Choice) => of_options,
            Some(Kind::OpenChoice) => {
                for more in ["Coding", "string"] {
                    if !of_options.contains(&more) {
                        of_options.push(more);
                    }
                }
                of_options
            }
            Some(Kind::Group | Kind::Display | Kind::Question) | None => Vec::new(),
        }
    }

    /// The types that a condition may compare an answer with; empty if any may.
    pub(super) fn comparable_types(&self) -> Vec<&'static str> {
        match self.kind {
            Some(Kind::Plain(plain)) => plain.comparable().to_vec(),
            _ => self.answer_types(),
        }
    }

    /// Whether it says which answers there are.
    pub(super) fn has_options(&self) -> bool {
        !self.options.is_empty() || self.value_set.is_some() || self.has_computed_options
    }

    /// The answers that it offers.
    pub(super) fn keys(&self) -> BTreeSet<Key<'a>> {
        let options = self.options.iter();
        options.filter_map(|it| key(&it.value, it.of)).collect()
    }

    /// Whether its answers are text of several lines.
    pub(super) fn is_one_line(&self) -> bool {
        self.kind == Some(Kind::Plain(Plain::String))
    }
}

impl<'a> Condition<'a> {
    fn read(place: Place<'a>, types: &'static TypeTable) -> Self {
        let answer = place.first(types, "answer");
        let of_stu3 = place.word("hasAnswer").map(|it| it == "true");
        let test = match (place.word("operator"), of_stu3, answer) {
            (Some("exists"), _, Some(answer)) => match answer.value() {
                Some("true") => Test::Exists(true),
                Some("false") => Test::Exists(false),
                _ => Test::Unclear,
            },
            (Some(operator), _, Some(answer)) => match Operator::of(operator) {
                Some(operator) => Test::Compare(operator, answer),
                None => Test::Unclear,
            },
            (None, Some(exists), None) => Test::Exists(exists),
            (None, None, Some(answer)) => Test::Compare(Operator::Equal, answer),
            _ => Test::Unclear,
        };
        Self {
            question: place.word("question").unwrap_or_default(),
            place,
            test,
        }
    }
}
