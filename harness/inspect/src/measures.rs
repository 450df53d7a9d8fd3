//! Figures of live operation from a CSV file: aggregate counts, never rows about people. Small numbers are withheld
//! before anything is saved. Not for judging a figure: no threshold is known here.

use crate::assessment::Assessment;
use crate::checklist::{Checklist, ItemId};
use crate::day::Day;
use crate::evidence::Measure;
use crate::fill::{Additions, line, measure_id};
use crate::mistake::{Mistake, Mistakes};
use crate::reading::{Text, instead, quoted};
use crate::scan::{Scanner, refuse_identifiers, refuse_identifiers_in};
use crate::wilson::wilson;
use crate::words::{MeasureKind, SuppliedBy, Withheld};
use std::collections::BTreeMap;

/// The columns, each once, in any order.
pub(crate) const COLUMNS: [&str; 10] = [
    "item",
    "measure",
    "kind",
    "numerator",
    "denominator",
    "unit",
    "period_from",
    "period_to",
    "source",
    "supplied_by",
];

/// Counts of events below this could point to somebody.
const SMALLEST: u64 = 5;

pub(crate) fn fill(
    assessment: &Assessment,
    checklist: &Checklist,
    place: &str,
    bytes: &[u8],
) -> Result<Additions, Mistakes> {
    refuse_identifiers(place, bytes)?;
    let rows = read(checklist, place, bytes)?;
    let mut added = Additions::default();
    let mut new = 0;
    for (row, measure) in &rows {
        let known = assessment
            .measures
            .iter()
            .find(|m| m.evidence == measure.evidence);
        match known {
            Some(known) if known == measure => continue,
            Some(_) => {
                return Err(Mistake::new(
                    place,
                    *row,
                    "this measure of this time was filled in before, with other figures",
                    "evidence is only added, never changed: correct it by a record of your own that \
                     names the old one in `replaces`",
                )
                .into());
            }
            None => {}
        }
        added.block("measures.toml", &measure_block(measure));
        let name = format!("evidence/{}.toml", measure.item);
        let states = assessment.evidence(&measure.evidence).is_some();
        if !states {
            added.block(&name, &evidence_block(measure));
        }
        new += 1;
    }
    added.told.push(match (new, rows.len()) {
        (0, all) => format!("All {all} measures of {place} were there already."),
        (new, all) => format!("{new} of {all} measures of {place} are new."),
    });
    Ok(added)
}

fn read(
    checklist: &Checklist,
    place: &str,
    bytes: &[u8],
) -> Result<Vec<(usize, Measure)>, Mistakes> {
    let text = Text::new(place, bytes)?.text;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = columns(place, &mut reader)?;
    let mut rows = Vec::new();
    let mut mistakes = Vec::new();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                mistakes.push(uneven(place, &error));
                continue;
            }
        };
        let at = record.position().map_or(1, csv::Position::line);
        let at = usize::try_from(at).unwrap_or(1);
        let row = Row {
            place,
            line: at,
            values: columns
                .iter()
                .map(|(name, index)| (*name, record.get(*index).unwrap_or_default()))
                .collect(),
        };
        match row.measure(checklist) {
            Ok(measure) => {
                if let Some(before) = first.insert(measure.evidence.clone(), at) {
                    mistakes.push(row.wrong(
                        &format!("this measure of this time stands in line {before} already"),
                        "remove one of the two rows",
                    ));
                }
                rows.push((at, measure));
            }
            Err(found) => mistakes.extend(found.list().iter().cloned()),
        }
    }
    if rows.is_empty() && mistakes.is_empty() {
        mistakes.push(Mistake::new(
            place,
            1,
            "the file has no row",
            "write one row for each measure and period",
        ));
    }
    Mistakes::none(mistakes)?;
    Ok(rows)
}

fn uneven(place: &str, error: &csv::Error) -> Mistake {
    let at = error.position().map_or(1, csv::Position::line);
    Mistake::new(
        place,
        usize::try_from(at).unwrap_or(1),
        "this row has more or fewer values than there are columns",
        "put quotation marks around a value that holds a comma",
    )
}

fn columns(
    place: &str,
    reader: &mut csv::Reader<&[u8]>,
) -> Result<Vec<(&'static str, usize)>, Mistakes> {
    let header = reader.headers().cloned().unwrap_or_default();
    let mut mistakes = Vec::new();
    let mut wrong = |cause: String, fix: String| {
        mistakes.push(Mistake::new(place, 1, cause, fix));
    };
    if header.len() == 1 && header.get(0).is_some_and(|all| all.contains(';')) {
        wrong(
            "the columns are separated by semicolons".to_owned(),
            "save the file as CSV with commas".to_owned(),
        );
        return Err(Mistakes::none(mistakes).err().unwrap_or_else(|| {
            Mistake::new(
                place,
                1,
                "the columns cannot be read",
                "save the file as CSV",
            )
            .into()
        }));
    }
    for (at, name) in header.iter().enumerate() {
        if !COLUMNS.contains(&name) {
            wrong(
                format!("column {} is none that is known here", at + 1),
                instead(name, &COLUMNS),
            );
        } else if header.iter().take(at).any(|earlier| earlier == name) {
            wrong(
                format!("there are two columns `{name}`"),
                "remove one of the two".to_owned(),
            );
        }
    }
    let mut found = Vec::new();
    for name in COLUMNS {
        match header.iter().position(|h| h == name) {
            Some(at) => found.push((name, at)),
            None => wrong(
                format!("the column `{name}` is missing"),
                format!("the columns are {}", COLUMNS.join(", ")),
            ),
        }
    }
    Mistakes::none(mistakes)?;
    Ok(found)
}

struct Row<'a> {
    place: &'a str,
    line: usize,
    values: BTreeMap<&'static str, &'a str>,
}

impl Row<'_> {
    fn wrong(&self, cause: &str, fix: &str) -> Mistake {
        Mistake::new(self.place, self.line, cause, fix)
    }

    fn text(&self, column: &str) -> Result<&str, Mistakes> {
        match self.values.get(column).copied().unwrap_or_default() {
            "" => Err(self
                .wrong(&format!("`{column}` is empty"), "fill it in")
                .into()),
            text => Ok(text),
        }
    }

    fn number(&self, column: &str) -> Result<u64, Mistakes> {
        self.text(column)?.parse().map_err(|_| {
            self.wrong(
                &format!("`{column}` is no whole number"),
                "write digits only, without a comma, a percent sign or a unit",
            )
            .into()
        })
    }

    fn day(&self, column: &str) -> Result<Day, Mistakes> {
        Day::parse(self.text(column)?).ok_or_else(|| {
            self.wrong(
                &format!("`{column}` is no day of the calendar"),
                "write the day as 2026-11-22; a spreadsheet may have changed it on saving",
            )
            .into()
        })
    }

    fn word<T: Copy>(
        &self,
        column: &str,
        all: &[T],
        key: impl Fn(T) -> &'static str,
    ) -> Result<T, Mistakes> {
        let text = self.text(column)?;
        let known: Vec<&str> = all.iter().map(|word| key(*word)).collect();
        match all.iter().find(|word| key(**word) == text) {
            Some(word) => Ok(*word),
            None => Err(self
                .wrong(
                    &format!("`{column}` is none of the words that may stand here"),
                    &instead(text, &known),
                )
                .into()),
        }
    }

    fn measure(&self, checklist: &Checklist) -> Result<Measure, Mistakes> {
        for text in self.values.values() {
            refuse_identifiers_in(self.place, text)
                .map_err(|_| Mistakes::from(self.hidden(text)))?;
        }
        let items: Vec<&str> = checklist.items.iter().map(|i| i.id.as_str()).collect();
        let text = self.text("item")?;
        let Some(item) = ItemId::parse(text).filter(|id| checklist.item(id).is_some()) else {
            return Err(self
                .wrong(
                    &format!("the checklist {} has no such item", checklist.id),
                    &instead(text, &items),
                )
                .into());
        };
        let kind = self.word("kind", MeasureKind::ALL, MeasureKind::key)?;
        let givers = [
            SuppliedBy::Organisation,
            SuppliedBy::Supplier,
            SuppliedBy::Partner,
        ];
        let supplied_by = self.word("supplied_by", &givers, SuppliedBy::key)?;
        let (numerator, denominator) = (self.number("numerator")?, self.number("denominator")?);
        if denominator == 0 || numerator > denominator {
            return Err(self
                .wrong(
                    "the numerator is greater than the denominator, or the denominator is 0",
                    "the numerator counts a part of what the denominator counts",
                )
                .into());
        }
        let (from, to) = (self.day("period_from")?, self.day("period_to")?);
        if from > to {
            return Err(self
                .wrong("the period ends before it begins", "exchange the two days")
                .into());
        }
        let name = self.text("measure")?.to_owned();
        let evidence = measure_id(&item, &format!("{item}\n{name}\n{from}\n{to}"));
        let withheld = withheld(kind, numerator, denominator);
        let stated = |number: u64, kept: bool| kept.then_some(number);
        let all = matches!(withheld, Withheld::Nothing);
        Ok(Measure {
            item,
            name,
            kind,
            numerator: stated(numerator, all),
            denominator: stated(denominator, withheld != Withheld::Both),
            withheld,
            unit: self.text("unit")?.to_owned(),
            from,
            to,
            source: self.text("source")?.to_owned(),
            supplied_by,
            evidence,
        })
    }

    /// A value that is quoted over several lines can hide what the look at each line does not find.
    fn hidden(&self, text: &str) -> Mistake {
        let kinds = Scanner::new().kinds(text);
        let kind = kinds.iter().next().map_or("an identifier", |k| k.label());
        self.wrong(
            &format!("this holds what looks like {kind}; nothing was saved"),
            "remove it; measures are counts, and never about one person",
        )
    }
}

/// What must not be stated. What is left over can point to somebody as well as the count itself.
fn withheld(kind: MeasureKind, numerator: u64, denominator: u64) -> Withheld {
    let small = |number: u64| (1..SMALLEST).contains(&number);
    if !kind.counts_events() {
        Withheld::Nothing
    } else if small(denominator) {
        Withheld::Both
    } else if small(numerator) {
        Withheld::Numerator
    } else if small(denominator - numerator) {
        Withheld::Remainder
    } else {
        Withheld::Nothing
    }
}

impl Measure {
    /// The figure in words: "930 of 1,000 letters (93.0 %, 95 % interval 91.2 to 94.4)".
    pub fn words(&self) -> String {
        let unit = &self.unit;
        match (self.numerator, self.denominator, self.withheld) {
            (Some(part), Some(whole), _) => {
                let interval = self.interval().map_or(String::new(), |(low, high)| {
                    format!(", 95 % interval {low} to {high}")
                });
                format!(
                    "{} of {} {unit} ({} %{interval})",
                    thousands(part),
                    thousands(whole),
                    self.percent().unwrap_or_default()
                )
            }
            (_, Some(whole), Withheld::Remainder) => {
                format!(
                    "all but fewer than {SMALLEST} of {} {unit}",
                    thousands(whole)
                )
            }
            (_, Some(whole), _) => {
                format!("fewer than {SMALLEST} of {} {unit}", thousands(whole))
            }
            (_, None, _) => format!("fewer than {SMALLEST} {unit} in all; no figure is stated"),
        }
    }

    /// As [`Measure::words`], without the interval.
    pub fn counts(&self) -> String {
        match (self.numerator, self.denominator, self.percent()) {
            (Some(part), Some(whole), Some(percent)) => format!(
                "{} of {} {} ({percent} %)",
                thousands(part),
                thousands(whole),
                self.unit
            ),
            _ => self.words(),
        }
    }

    /// The share as a percentage; availability has two decimals, everything else one.
    pub fn percent(&self) -> Option<String> {
        let (part, whole) = (self.numerator?, self.denominator?);
        let share = |scale: u128| {
            // Rounded down: 99.996 % in service is not 100 %.
            u128::from(part) * 100 * scale / u128::from(whole)
        };
        Some(if self.kind.counts_events() {
            let tenths = (u128::from(part) * 2000 + u128::from(whole)) / (2 * u128::from(whole));
            format!("{}.{}", tenths / 10, tenths % 10)
        } else {
            let hundredths = share(100);
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        })
    }

    /// The ends of the 95 % interval as percentages; only where events were counted and both counts are stated.
    pub fn interval(&self) -> Option<(String, String)> {
        if !self.kind.counts_events() {
            return None;
        }
        let (low, high) = wilson(self.numerator?, self.denominator?)?;
        Some((
            format!("{:.1}", low * 100.0),
            format!("{:.1}", high * 100.0),
        ))
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn measure_block(measure: &Measure) -> String {
    let mut text = String::from("[[measure]]\n");
    line(&mut text, "item", &quoted(measure.item.as_str()));
    line(&mut text, "name", &quoted(&measure.name));
    line(&mut text, "kind", &quoted(measure.kind.key()));
    if let Some(number) = measure.numerator {
        line(&mut text, "numerator", &number.to_string());
    }
    if let Some(number) = measure.denominator {
        line(&mut text, "denominator", &number.to_string());
    }
    for (key, value) in [
        ("withheld", measure.withheld.key()),
        ("unit", &measure.unit),
        ("from", measure.from.as_str()),
        ("to", measure.to.as_str()),
        ("source", &measure.source),
        ("supplied_by", measure.supplied_by.key()),
        ("evidence", &measure.evidence),
    ] {
        line(&mut text, key, &quoted(value));
    }
    text
}

fn evidence_block(measure: &Measure) -> String {
    let finding = format!(
        "{}: {}, from {} to {}; {}.",
        measure.name,
        measure.words(),
        measure.from,
        measure.to,
        measure.kind.direction()
    );
    let mut text = String::from("[[evidence]]\n");
    for (key, value) in [
        ("id", measure.evidence.as_str()),
        ("category", "outcomes"),
        ("type", "outcome"),
        ("supplied_by", measure.supplied_by.key()),
        ("source_role", measure.supplied_by.label()),
        ("captured_at", measure.to.as_str()),
        ("captured_by", "plumbline inspect fill"),
        ("method", "aggregate counts from a file"),
        ("environment", "live operation"),
        ("finding", &finding),
        ("strength", "asserted"),
        ("weighs", "neutral"),
        ("reference", &measure.source),
    ] {
        line(&mut text, key, &quoted(value));
    }
    text
}

#[cfg(test)]
#[path = "measures_tests.rs"]
mod tests;
