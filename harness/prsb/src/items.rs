//! Judges the rule of one item: there in every thing that it belongs to, with content, in its list of codes.
//! Not for sections, nor for rules that look at more than one place.

use crate::codes;
use crate::dates::{has_day, is_date};
use crate::document::{Base, Document, Section};
use crate::held::Held;
use crate::locator::{Carrier, Place};
use crate::narrative::{fold, fold_label, says_something};
use crate::recognise::Version;
use crate::result::NotExercised;
use crate::rule::{Conformance, Item, Most, Severity, ValueType};
use crate::sheet::{Sheet, Wrong, nowhere};
use crate::standard::Standard;
use crate::value_list::{List, Membership};
use crate::view::El;

/// Everything that is needed to judge items.
pub(crate) struct Around<'a, 't> {
    pub(crate) document: &'a Document<'t>,
    pub(crate) standard: &'a Standard,
    pub(crate) version: Version,
    pub(crate) held: &'a Held,
}

/// No sub-heading is longer, in bytes.
const LONGEST_LABEL: usize = 200;

/// What is looked for: an item, where it is in this way of carrying documents, and what its codes are held to.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    item: &'a Item,
    place: &'a Place,
    list: Option<&'a List>,
}

/// What was found of an item in one section.
#[derive(Default)]
struct Seen<'d, 't> {
    /// Elements with content.
    full: Vec<El<'t>>,
    /// What stands under its sub-headings, if anything does.
    told: Vec<&'d str>,
    /// Things that it belongs to and is not in.
    without: Vec<El<'t>>,
    /// Things that it belongs to.
    instances: usize,
    /// Whether it was told already that it has no content.
    is_reported: bool,
}

pub(crate) fn judge(sheet: &mut Sheet<'_>, around: &Around<'_, '_>, item: &Item) {
    let place = match around.version {
        Version::Stu3 => &item.stu3,
        Version::R4 => &item.r4,
    };
    let rule = sheet.rule();
    if place.carrier == Carrier::Nothing {
        let version = around.version.name();
        return sheet.cannot(format!("no place for it is known in {version} documents"));
    }
    if rule.conformance == Conformance::Prohibited {
        return prohibited(sheet, around, item, place);
    }
    let list = item
        .values
        .as_deref()
        .filter(|_| item.value_type == ValueType::Code);
    let lists = &around.standard.lists;
    let list = list.and_then(|name| lists.of(name, around.version));
    let wanted = Wanted { item, place, list };
    let mut all: Vec<Seen<'_, '_>> = Vec::new();
    let mut sections = 0_usize;
    for section in around.document.under(&rule.section) {
        sections += 1;
        let seen = look(sheet, around, wanted, section);
        decide(sheet, around, place, section, &seen);
        all.push(seen);
    }
    held(sheet, around, &all, sections);
    let is_told = all
        .iter()
        .any(|it| !it.full.is_empty() || !it.told.is_empty());
    if !is_told {
        sheet.nothing(match rule.conformance {
            _ if sections == 0 => NotExercised::NoParent,
            Conformance::Mandatory => NotExercised::NoParent,
            Conformance::Required => NotExercised::NotKnownToBeHeld,
            Conformance::Optional | Conformance::Prohibited => NotExercised::Optional,
        });
    }
}

fn look<'d, 't>(
    sheet: &mut Sheet<'_>,
    around: &Around<'_, 't>,
    wanted: Wanted<'_>,
    section: &'d Section<'t>,
) -> Seen<'d, 't> {
    let Wanted { item, place, .. } = wanted;
    let mut seen = Seen::default();
    if place.carrier == Carrier::WholeText {
        whole_text(sheet, item, section, &mut seen);
        return seen;
    }
    if place.carrier != Carrier::SubHeading {
        let base = Base::Of(section);
        if place.each.is_empty() {
            look_in(sheet, around, wanted, (section.el, base), &mut seen);
        } else {
            let instances = section.instances(around.document, &place.each);
            for entry in instances.iter() {
                let holder = around.document.entries[*entry].el;
                let place_of_it = (holder, Base::One(*entry));
                look_in(sheet, around, wanted, place_of_it, &mut seen);
            }
            seen.instances = instances.len();
        }
    }
    if place.carrier != Carrier::Elements {
        sub_headings(sheet, item, section, &mut seen);
    }
    seen
}

/// The text of the section as a whole is the item; a sub-heading alone is no text.
fn whole_text<'d>(
    sheet: &mut Sheet<'_>,
    item: &Item,
    section: &'d Section<'_>,
    seen: &mut Seen<'d, '_>,
) {
    let text = &section.narrative().text;
    if section.narrative().is_empty() {
        // The rule of the section says so.
        return;
    }
    if text.len() <= LONGEST_LABEL && item.labels.contains(&fold_label(text)) {
        seen.is_reported = true;
        return empty(sheet, section.el);
    }
    sheet.saw(1);
    seen.told.push(text);
}

/// Looks in one thing that the item belongs to.
fn look_in<'t>(
    sheet: &mut Sheet<'_>,
    around: &Around<'_, 't>,
    wanted: Wanted<'_>,
    (holder, from): (El<'t>, Base<'_, 't>),
    seen: &mut Seen<'_, 't>,
) {
    let begin = seen.full.len();
    let mut full = 0_usize;
    let mut most = 0_usize;
    let mut extra = None;
    for path in &wanted.place.paths {
        let mut of_path = 0_usize;
        path.each(around.document, from, &mut |it| {
            let offset = it.el.node().offset();
            // Two paths may lead to one element.
            let known = seen.full.get(begin..).unwrap_or_default();
            if known.iter().any(|el| el.node().offset() == offset) {
                return;
            }
            if !says(sheet.rule().conformance, it.el) {
                empty(sheet, it.el);
                seen.is_reported = true;
                full += 1;
                return;
            }
            value(sheet, wanted, it.el);
            of_path += 1;
            if of_path == 2 {
                extra = Some(it.el);
            }
            seen.full.push(it.el);
        });
        full += of_path;
        most = most.max(of_path);
    }
    sheet.saw(full);
    if full == 0 {
        seen.without.push(holder);
    }
    if wanted.item.most == Most::One && most > 1 {
        repeated(sheet, extra.unwrap_or(holder), most);
    }
}

/// Whether an element has content. That it is not known is no value of what is Mandatory.
fn says(conformance: Conformance, el: El<'_>) -> bool {
    match conformance {
        Conformance::Mandatory => el.has_value(),
        Conformance::Required | Conformance::Optional | Conformance::Prohibited => el.has_content(),
    }
}

fn empty(sheet: &mut Sheet<'_>, at: El<'_>) {
    let rule = sheet.rule();
    sheet.wrong(
        at,
        Wrong {
            code: codes::ITEM_EMPTY,
            severity: rule.severity,
            message: format!(
                "{} in {} is sent without content",
                rule.title, rule.section_title
            ),
            expected: "a code, a text or a date",
            actual: "an element that says nothing",
        },
    );
}

fn repeated(sheet: &mut Sheet<'_>, at: El<'_>, count: usize) {
    let rule = sheet.rule();
    sheet.wrong(
        at,
        Wrong {
            code: codes::ITEM_REPEATED,
            severity: Severity::Should,
            message: format!(
                "{} in {} is sent more than once",
                rule.title, rule.section_title
            ),
            expected: "one for each thing that it belongs to",
            actual: &format!("{count} of them"),
        },
    );
}

/// Looks for the sub-headings of an item in the text of its section.
fn sub_headings<'d>(
    sheet: &mut Sheet<'_>,
    item: &Item,
    section: &'d Section<'_>,
    seen: &mut Seen<'d, '_>,
) {
    let narrative = section.narrative();
    let is_mandatory = sheet.rule().conformance == Conformance::Mandatory;
    let mut is_empty = false;
    for label in &item.labels {
        for content in narrative.under(label) {
            if says_something(content) {
                sheet.saw(1);
                seen.told.push(content);
            } else {
                // A dash is how tables say that there is none, which what is Mandatory must not.
                is_empty |= is_mandatory || !content.contains(['-', '\u{2013}', '\u{2014}']);
            }
        }
    }
    if is_empty && seen.told.is_empty() {
        seen.is_reported = true;
        let rule = sheet.rule();
        let severity = if seen.full.is_empty() {
            rule.severity
        } else {
            Severity::Should
        };
        sheet.wrong(
            section.el,
            Wrong {
                code: codes::ITEM_EMPTY,
                severity,
                message: format!(
                    "{} has the sub-heading {} with nothing under it",
                    rule.section_title, rule.title
                ),
                expected: "text under the sub-heading",
                actual: "a sub-heading with nothing under it",
            },
        );
    }
}

/// Whether what is Mandatory is missing, as far as that can be told.
fn decide(
    sheet: &mut Sheet<'_>,
    around: &Around<'_, '_>,
    place: &Place,
    section: &Section<'_>,
    seen: &Seen<'_, '_>,
) {
    if sheet.rule().conformance != Conformance::Mandatory {
        return;
    }
    let is_told = !seen.told.is_empty();
    if seen.instances > 0 {
        // An empty sub-heading that was told already does not hide what is without the item.
        for holder in &seen.without {
            lacking(sheet, *holder, place);
        }
        return;
    }
    if is_told || seen.is_reported || !seen.full.is_empty() {
        return;
    }
    let is_by_section = place.each.is_empty();
    match place.carrier {
        Carrier::Elements if is_by_section => lacking(sheet, section.el, place),
        // It belongs to entries, and there is none; or the section is empty, which its own rule tells.
        Carrier::Elements | Carrier::Entry | Carrier::Nothing | Carrier::WholeText => {}
        Carrier::Either | Carrier::SubHeading => {
            let is_carried = is_by_section && leads_to_any(around.document, place, section);
            if is_carried || uses_sub_headings(around, section) {
                lacking(sheet, section.el, place);
            } else {
                sheet.cannot("the section is text without the sub-headings of the standard; a person has to read it");
            }
        }
    }
}

fn lacking(sheet: &mut Sheet<'_>, at: El<'_>, place: &Place) {
    let rule = sheet.rule();
    let wanted: Vec<String> = place
        .paths
        .iter()
        .map(crate::locator::Path::shown)
        .collect();
    let expected = match (wanted.is_empty(), place.carrier) {
        (true, _) => "text under its sub-heading".to_owned(),
        (false, Carrier::Elements) => format!("{} with content", wanted.join(" or ")),
        (false, _) => format!("{}, or text under its sub-heading", wanted.join(" or ")),
    };
    sheet.wrong(
        at,
        Wrong {
            code: codes::ITEM_MISSING,
            severity: rule.severity,
            message: format!("{} is missing in {}", rule.title, rule.section_title),
            expected: &expected,
            actual: "nothing of it",
        },
    );
}

/// Whether the text of a section is divided by any sub-heading that the standard has for it.
fn uses_sub_headings(around: &Around<'_, '_>, section: &Section<'_>) -> bool {
    let Some(labels) = section
        .heading
        .as_ref()
        .and_then(|key| around.standard.labels.get(key))
    else {
        return false;
    };
    let narrative = section.narrative();
    labels.iter().any(|label| narrative.has_label(label))
}

/// Whether a section leads to a resource that could hold the item.
fn leads_to_any(document: &Document<'_>, place: &Place, section: &Section<'_>) -> bool {
    place.paths.iter().any(|path| match path.kind() {
        // Every document has one: what counts is whether it leads on.
        "Composition" => path.leads_on(document, document.composition),
        kind => !section.of_kind(kind).is_empty(),
    })
}

/// Whether a value has its form, and whether its codes are in their list.
fn value(sheet: &mut Sheet<'_>, wanted: Wanted<'_>, el: El<'_>) {
    let Wanted { item, list, .. } = wanted;
    let form = match item.value_type {
        ValueType::Date => el.text().map(is_date),
        ValueType::Day => el.text().map(has_day),
        ValueType::Text | ValueType::Code => None,
    };
    if form == Some(false) {
        let expected = match item.value_type {
            ValueType::Day => "a date that says at least which day",
            _ => "a date as FHIR writes it",
        };
        wrong_value(sheet, el, expected, "text of another form");
    }
    if item.value_type != ValueType::Code {
        return;
    }
    el.each_coding(|coding| {
        let Some(code) = coding.code else { return };
        let judged = list.map(|list| list.judge(coding.system, code));
        match judged {
            Some(Membership::In) => sheet.coded.checked += 1,
            Some(Membership::NotIn) => {
                sheet.coded.wrong += 1;
                wrong_value(
                    sheet,
                    coding.at,
                    "a code of the list of its system",
                    "a code that is not in the list",
                );
            }
            Some(Membership::OtherSystem) | None => crate::coded::count(coding, &mut sheet.coded),
        }
    });
}

fn wrong_value(sheet: &mut Sheet<'_>, at: El<'_>, expected: &str, actual: &str) {
    let rule = sheet.rule();
    sheet.wrong(
        at,
        Wrong {
            code: codes::VALUE,
            severity: rule.severity,
            message: format!(
                "{} in {} has a value that it may not have",
                rule.title, rule.section_title
            ),
            expected,
            actual,
        },
    );
}

/// What the system is known to hold has to be among what was sent.
fn held(sheet: &mut Sheet<'_>, around: &Around<'_, '_>, all: &[Seen<'_, '_>], sections: usize) {
    let rule = sheet.rule();
    let Some(values) = around.held.of(&rule.id) else {
        return;
    };
    if rule.conformance == Conformance::Optional {
        return;
    }
    let is_sent = all
        .iter()
        .any(|it| !it.full.is_empty() || !it.told.is_empty());
    let missing = values
        .iter()
        .filter(|value| !is_among(value, around, all))
        .count();
    if is_sent && missing == 0 {
        return;
    }
    let actual = if values.len() > 1 && is_sent {
        format!(
            "{missing} of {} values that are held are not there",
            values.len()
        )
    } else {
        "nothing of what is held".to_owned()
    };
    let first = around.document.under(&rule.section).next();
    let at = first
        .filter(|_| sections > 0)
        .map_or_else(|| nowhere(around.document), |it| it.el);
    sheet.wrong(
        at,
        Wrong {
            code: codes::ITEM_HELD,
            severity: rule.severity,
            message: format!(
                "the system holds {} for {} and did not send it",
                rule.title, rule.section_title
            ),
            expected: "what the system holds",
            actual: &actual,
        },
    );
}

fn is_among(value: &str, around: &Around<'_, '_>, all: &[Seen<'_, '_>]) -> bool {
    let wanted = fold(value);
    let in_elements = all
        .iter()
        .flat_map(|it| &it.full)
        .any(|el| holds(*el, &wanted));
    in_elements
        || all
            .iter()
            .flat_map(|it| &it.told)
            .any(|text| text.contains(&wanted))
        || around
            .document
            .sections
            .iter()
            .any(|section| section.narrative().text.contains(&wanted))
}

/// Whether an element holds a text, or a date or time that begins with it.
fn holds(el: El<'_>, wanted: &str) -> bool {
    el.node().with_descendants().any(|node| {
        let text = node.value_text().map(fold);
        text.is_some_and(|text| text == wanted || text.starts_with(wanted) && wanted.len() >= 10)
    })
}

/// What must not be sent: neither as an element nor under a sub-heading.
fn prohibited(sheet: &mut Sheet<'_>, around: &Around<'_, '_>, item: &Item, place: &Place) {
    let rule = sheet.rule();
    let wrong = |actual| Wrong {
        code: codes::ITEM_PROHIBITED,
        severity: rule.severity,
        message: format!(
            "{} is sent in {}, where it is not to be used",
            rule.title, rule.section_title
        ),
        expected: "nothing of it",
        actual,
    };
    for section in around.document.under(&rule.section) {
        sheet.saw(1);
        let base = Base::Of(section);
        for path in &place.paths {
            for found in path.find(around.document, base) {
                sheet.wrong(found.el, wrong("the element"));
            }
        }
        let narrative = section.narrative();
        let is_told = item.labels.iter().any(|label| narrative.has_label(label));
        if is_told && place.carrier != Carrier::Elements {
            sheet.wrong(section.el, wrong("a sub-heading of this name"));
        }
    }
    sheet.nothing(NotExercised::NoParent);
}
