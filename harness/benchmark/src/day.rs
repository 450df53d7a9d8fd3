//! Days and months as facts that come from the input. Not for asking what day it is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day of the calendar; written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// Reads `YYYY-MM-DD`, also at the head of a longer time such as `2027-03-01T09:00:00Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let head = text.get(..10)?;
        let rest = text.get(10..)?;
        let shape = head.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if !shape || !(rest.is_empty() || rest.starts_with('T')) {
            return None;
        }
        head.parse().ok().map(Self)
    }

    /// A day by its numbers.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self)
    }

    /// The month that it lies in.
    pub fn month(self) -> Month {
        Month {
            year: self.0.year(),
            month: self.0.month(),
        }
    }

    /// How many days this day is after another; negative if it is before.
    pub fn days_after(self, other: Self) -> i64 {
        (self.0 - other.0).get_days().into()
    }

    /// The day a number of months earlier; the last day of that month if it has no such day.
    #[must_use]
    pub fn months_earlier(self, months: u32) -> Self {
        let span = jiff::Span::new().months(i64::from(months.min(1200)));
        Self(self.0.saturating_sub(span))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0.year(), self.0.month(), self.0.day());
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a day; write YYYY-MM-DD"))
    }
}

/// A month of a year; written `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// Reads `YYYY-MM`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 7)
            .then(|| Day::parse(&format!("{text}-01")))
            .flatten()
            .map(Day::month)
    }

    /// The month that many months later.
    #[must_use]
    pub fn plus(self, months: u32) -> Self {
        let all = i32::from(self.year) * 12 + i32::from(self.month) - 1
            + i32::try_from(months.min(1200)).unwrap_or(1200);
        Self {
            year: i16::try_from(all.div_euclid(12)).unwrap_or(i16::MAX),
            month: i8::try_from(all.rem_euclid(12) + 1).unwrap_or(1),
        }
    }

    /// A day of it; the first if it has no such day.
    pub fn day(self, day: i8) -> Option<Day> {
        Day::new(self.year, self.month, day).or_else(|| Day::new(self.year, self.month, 1))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.year, self.month))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a month; write YYYY-MM"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_days() {
        for (text, good) in [
            ("2027-02-28", true),
            ("2027-02-29", false),
            ("2028-02-29T10:00:00Z", true),
            ("2027-2-8", false),
            ("2027-02-281", false),
            ("", false),
            ("2027/02/28", false),
        ] {
            assert_eq!(Day::parse(text).is_some(), good, "{text}");
        }
        let day = Day::parse("2028-02-29").expect("a day");
        assert_eq!(day.to_string(), "2028-02-29");
        assert_eq!(day.months_earlier(12).to_string(), "2027-02-28");
        assert_eq!(day.days_after(day.months_earlier(12)), 366);
    }

    #[test]
    fn counts_months_over_the_end_of_the_year() {
        let month = Month::parse("2026-11").expect("a month");
        assert_eq!(month.plus(0).to_string(), "2026-11");
        assert_eq!(month.plus(2).to_string(), "2027-01");
        assert_eq!(month.plus(26).to_string(), "2029-01");
        assert!(Month::parse("2026-13").is_none());
    }
}
