//! What extensions of the specification ask of the answers to a question: least and greatest value, length, form,
//! places, media type, size, units, types of resources, number of answers. Not for extensions of others.

use super::compare::compare;
use super::form::{Form, Item, Operator, key};
use super::options::membership;
use super::rules::{
    ANSWER_MEDIA_TYPE, ANSWER_SIZE, MAX_DECIMALS, MAX_VALUE, MIN_LENGTH, MIN_VALUE, REFERENCE,
    REGEX, UNIT, UNIT_INCOMPARABLE,
};
use crate::knowledge::Knowledge;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use plumbline_fhir::Rule;
use plumbline_fhirpath::Decimal;
use plumbline_terminology::{Coding, Membership};
use regex::Regex;

/// Where the extensions of the specification are defined.
const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Where those of Structured Data Capture are.
const CAPTURE: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/";

/// The units that can be compared with each other.
const UCUM: &str = "http://unitsofmeasure.org";

/// Bytes that a compiled form may take.
const REGEX_SIZE: usize = 1 << 20;

/// One end of a range.
#[derive(Debug)]
struct End {
    name: &'static str,
    operator: Operator,
    rule: &'static Rule,
    expected: &'static str,
}

static LEAST: End = End {
    name: "least",
    operator: Operator::AtLeast,
    rule: &MIN_VALUE,
    expected: "the least value or more",
};

static GREATEST: End = End {
    name: "greatest",
    operator: Operator::AtMost,
    rule: &MAX_VALUE,
    expected: "the greatest value or less",
};

/// What is asked of the answers to one question.
#[derive(Debug, Default)]
pub(super) struct Limits<'a> {
    least: Option<Place<'a>>,
    greatest: Option<Place<'a>>,
    /// The same of quantities; answers are compared after conversion by UCUM, and in no other way.
    least_quantity: Option<Place<'a>>,
    greatest_quantity: Option<Place<'a>>,
    min_length: Option<usize>,
    decimals: Option<usize>,
    form: Option<Regex>,
    /// In bytes.
    size: Option<Decimal>,
    media_types: Vec<&'a str>,
    units: Vec<Place<'a>>,
    unit_set: Option<&'a str>,
    resources: Vec<&'a str>,
    /// How many answers or groups at least.
    pub(super) min_occurs: Option<usize>,
    /// And at most.
    pub(super) max_occurs: Option<usize>,
}

fn count(value: &Place<'_>) -> Option<usize> {
    value.value()?.parse().ok()
}

impl<'a> Limits<'a> {
    /// What an item asks for.
    pub(super) fn of(item: &Item<'a>, knowledge: &Knowledge) -> Self {
        let types = knowledge.types;
        let mut limits = Self::default();
        for extension in item.place.all(types, "extension") {
            let Some(url) = extension.word("url") else {
                continue;
            };
            let name = url.strip_prefix(BASE).or_else(|| url.strip_prefix(CAPTURE));
            let Some((name, value)) = name.zip(extension.first(types, "value")) else {
                continue;
            };
            match name {
                "sdc-questionnaire-minQuantity" => limits.least_quantity = Some(value),
                "sdc-questionnaire-maxQuantity" => limits.greatest_quantity = Some(value),
                "minValue" => limits.least = Some(value),
                "maxValue" => limits.greatest = Some(value),
                "minLength" => limits.min_length = count(&value),
                "maxDecimalPlaces" => limits.decimals = count(&value),
                "regex" => limits.form = value.value().and_then(form),
                "maxSize" => limits.size = value.value().and_then(megabytes),
                "mimeType" => limits.media_types.extend(value.value()),
                "questionnaire-unitOption" => limits.units.push(value),
                "questionnaire-unitValueSet" => limits.unit_set = address(&value),
                "questionnaire-referenceResource" => limits.resources.extend(value.value()),
                "questionnaire-minOccurs" => limits.min_occurs = count(&value),
                "questionnaire-maxOccurs" => limits.max_occurs = count(&value),
                _ => {}
            }
        }
        limits
    }

    /// The bounds of quantities that have no unit of UCUM, so that nothing can be compared with them.
    pub(super) fn without_unit(&self) -> impl Iterator<Item = &Place<'a>> {
        let bounds = [&self.least_quantity, &self.greatest_quantity];
        bounds.into_iter().flatten().filter(|it| !has_ucum(it))
    }

    /// Judges an answer of the right type.
    pub(super) fn check(
        &self,
        knowledge: &Knowledge,
        form: &Form<'_>,
        item: &Item<'_>,
        value: &Place<'_>,
        of: &str,
        report: &mut Report,
    ) {
        let link = shown(item.link);
        self.check_range(knowledge, link, value, report);
        if let Some(text) = value.value() {
            self.check_text(link, value, text, of, report);
        }
        match of {
            "Attachment" => self.check_attachment(link, value, report),
            "Quantity" => self.check_unit(knowledge, form, link, value, report),
            "Reference" => self.check_reference(link, value, report),
            _ => {}
        }
    }

    fn check_range(
        &self,
        knowledge: &Knowledge,
        link: &str,
        value: &Place<'_>,
        report: &mut Report,
    ) {
        let bounds = [
            (&self.least, &LEAST),
            (&self.greatest, &GREATEST),
            (&self.least_quantity, &LEAST),
            (&self.greatest_quantity, &GREATEST),
        ];
        for (at, (bound, end)) in bounds.into_iter().enumerate() {
            let Some(bound) = bound else {
                continue;
            };
            let answer = compare(value, end.operator, bound, knowledge.types);
            let is_by_units = at > 1;
            let is_settled = answer.is_some() && !is_by_units;
            if !is_settled && is_other_unit(value, bound, answer) {
                let expected = "a unit that can be compared";
                let words = [link, end.name];
                report.add(&UNIT_INCOMPARABLE, value, &words, expected, "another unit");
            } else if answer == Some(false) {
                report.add(end.rule, value, &[link], end.expected, "a value beyond it");
            }
        }
    }

    fn check_text(&self, link: &str, value: &Place<'_>, text: &str, of: &str, report: &mut Report) {
        let length = text.chars().count();
        if let Some(least) = self.min_length.filter(|least| length < *least) {
            let expected = format!("{least} characters or more");
            report.add(
                &MIN_LENGTH,
                value,
                &[link],
                &expected,
                &format!("{length} characters"),
            );
        }
        if self.form.as_ref().is_some_and(|it| !it.is_match(text)) {
            let expected = "the form of the question";
            report.add(&REGEX, value, &[link], expected, "another form");
        }
        let places = text.split_once('.').map_or(0, |(_, places)| places.len());
        if let Some(most) = self
            .decimals
            .filter(|most| of == "decimal" && places > *most)
        {
            let expected = format!("{most} places at most");
            report.add(
                &MAX_DECIMALS,
                value,
                &[link],
                &expected,
                &format!("{places} places"),
            );
        }
    }

    fn check_attachment(&self, link: &str, value: &Place<'_>, report: &mut Report) {
        if !self.media_types.is_empty() {
            let of = value.word("contentType");
            // Parameters such as the character set do not change the type.
            let of = of.map(|it| it.split(';').next().unwrap_or(it).trim());
            let is_allowed = of.is_some_and(|of| {
                let mut allowed = self.media_types.iter();
                allowed.any(|it| it.eq_ignore_ascii_case(of))
            });
            if !is_allowed {
                let expected = self.media_types.join(", ");
                let actual = of.map_or("no contentType", shown);
                report.add(&ANSWER_MEDIA_TYPE, value, &[link], &expected, actual);
            }
        }
        let size = value.word("size").and_then(|it| it.parse::<Decimal>().ok());
        let size = size.or_else(|| value.word("data").map(decoded));
        if let (Some(most), Some(size)) = (self.size, size)
            && size > most
        {
            let expected = format!("{} bytes at most", most.trunc());
            report.add(
                &ANSWER_SIZE,
                value,
                &[link],
                &expected,
                &format!("{size} bytes"),
            );
        }
    }

    fn check_unit(
        &self,
        knowledge: &Knowledge,
        form: &Form<'_>,
        link: &str,
        value: &Place<'_>,
        report: &mut Report,
    ) {
        let unit = key_of_unit(value);
        if !self.units.is_empty() {
            let mut allowed = self.units.iter();
            let is_offered = allowed.any(|it| {
                let offered = key(it, "Coding").map(|(_, system, code)| (system, code));
                offered.is_some() && offered == unit
            });
            if !is_offered {
                report.add(
                    &UNIT,
                    value,
                    &[link],
                    "one of the units of the question",
                    "another unit",
                );
                return;
            }
        }
        let Some(set) = self.unit_set else {
            return;
        };
        let is_outside = unit.is_none_or(|(system, code)| {
            let coding = Coding {
                system: Some(system).filter(|it| !it.is_empty()),
                version: None,
                code,
                display: None,
            };
            membership(knowledge, form, set, coding).0 == Membership::Outside
        });
        if is_outside {
            report.add(
                &UNIT,
                value,
                &[link],
                "a unit of the value set of the question",
                "another unit",
            );
        }
    }

    fn check_reference(&self, link: &str, value: &Place<'_>, report: &mut Report) {
        if self.resources.is_empty() {
            return;
        }
        let Some(of) = referred(value) else {
            return;
        };
        if !self.resources.contains(&of) {
            let expected = self.resources.join(", ");
            report.add(&REFERENCE, value, &[link, shown(of)], &expected, shown(of));
        }
    }
}

/// System and code of the unit of a quantity; `None` without a code.
fn key_of_unit<'a>(quantity: &Place<'a>) -> Option<(&'a str, &'a str)> {
    let code = quantity.word("code")?;
    Some((quantity.word("system").unwrap_or_default(), code))
}

/// Whether a quantity cannot be turned into the unit of a bound; `answer` is how they compare.
fn is_other_unit(value: &Place<'_>, bound: &Place<'_>, answer: Option<bool>) -> bool {
    let is_number = |it: &Place<'_>| it.word("value").is_some();
    // With a comparator it is open what the value is.
    if !is_number(value) || !is_number(bound) || value.word("comparator").is_some() {
        return false;
    }
    answer.is_none() || !has_ucum(value) || !has_ucum(bound)
}

/// Whether a quantity has a unit of UCUM as code.
fn has_ucum(quantity: &Place<'_>) -> bool {
    key_of_unit(quantity).is_some_and(|(system, _)| system == UCUM)
}

/// The type of the resource that a reference names, where it says.
pub(super) fn referred<'a>(reference: &Place<'a>) -> Option<&'a str> {
    if let Some(of) = reference.word("type") {
        return Some(of);
    }
    let address = reference.word("reference")?;
    let address = address.split("/_history/").next()?;
    let (before, _) = address.rsplit_once('/')?;
    let name = before.rsplit('/').next()?;
    let is_type = name.starts_with(|it: char| it.is_ascii_uppercase());
    is_type.then_some(name)
}

/// The whole of a text has the form. `None` for a form that cannot be compiled.
fn form(pattern: &str) -> Option<Regex> {
    let whole = format!("^(?:{pattern})$");
    let mut builder = regex::RegexBuilder::new(&whole);
    builder.size_limit(REGEX_SIZE).build().ok()
}

/// Bytes of a number of megabytes, in which `maxSize` is.
fn megabytes(text: &str) -> Option<Decimal> {
    let number: Decimal = text.parse().ok()?;
    number.checked_mul(Decimal::from(1_048_576))
}

/// How many bytes base64 stands for.
fn decoded(text: &str) -> Decimal {
    let letters = text.bytes().filter(|it| !it.is_ascii_whitespace());
    let (all, padding) = letters.fold((0_u64, 0_u64), |(all, padding), it| {
        (all + 1, padding + u64::from(it == b'='))
    });
    Decimal::from((all / 4 * 3).saturating_sub(padding))
}

/// A canonical address, in STU3 within a reference.
fn address<'a>(value: &Place<'a>) -> Option<&'a str> {
    value.value().or_else(|| value.word("reference"))
}
