//! Units: of UCUM, of the calendar, and those of others. Not for values with units: quantity.rs.

use octofhir_ucum::{EvalResult, Number};
use std::fmt;

/// A unit of the calendar, which is not always as long: a year, a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarUnit {
    /// 365 or 366 days.
    Year,
    /// 28 to 31 days.
    Month,
    /// 7 days.
    Week,
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds.
    Minute,
    /// The base.
    Second,
    /// A thousandth.
    Millisecond,
}

impl CalendarUnit {
    const ALL: [Self; 8] = [
        Self::Year,
        Self::Month,
        Self::Week,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Millisecond,
    ];

    /// The unit of a word, one or many: `day`, `days`.
    pub fn from_word(word: &str) -> Option<Self> {
        let one = word.strip_suffix('s').unwrap_or(word);
        Self::ALL.into_iter().find(|it| it.word() == one)
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Millisecond => "millisecond",
        }
    }

    /// The unit of UCUM that is as long. Of a year and a month it is an average, which is equivalent and not equal.
    pub const fn ucum(self) -> &'static str {
        match self {
            Self::Year => "a",
            Self::Month => "mo",
            Self::Week => "wk",
            Self::Day => "d",
            Self::Hour => "h",
            Self::Minute => "min",
            Self::Second => "s",
            Self::Millisecond => "ms",
        }
    }

    /// The unit of the calendar for one of UCUM; a year and a month are none, since those of UCUM are averages.
    pub(crate) fn from_ucum(code: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|it| it.ucum() == code)?;
        (!found.is_uneven()).then_some(found)
    }

    /// Whether it is not always as long.
    pub const fn is_uneven(self) -> bool {
        matches!(self, Self::Year | Self::Month)
    }
}

/// The unit of a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// A code of UCUM; `1` for a number.
    Ucum(Box<str>),
    /// A word of the calendar.
    Calendar(CalendarUnit),
    /// The code of another system, or a text without any: comparable with the very same only.
    Other {
        /// The system; may be empty.
        system: Box<str>,
        /// The code or text.
        code: Box<str>,
    },
}

impl Unit {
    /// The unit of numbers.
    pub fn one() -> Self {
        Self::Ucum("1".into())
    }

    /// What stands in quotes after a number: UCUM, or a word of the calendar.
    pub(crate) fn quoted(text: &str) -> Self {
        match CalendarUnit::from_word(text) {
            Some(unit) => Self::Calendar(unit),
            None => Self::Ucum(text.into()),
        }
    }

    /// What it measures and how much of it; `None` for units of others, and for what UCUM does not know.
    pub(crate) fn meaning(&self) -> Option<Meaning> {
        let code = match self {
            Self::Ucum(code) => code,
            Self::Calendar(unit) => unit.ucum(),
            Self::Other { .. } => return None,
        };
        let parsed = octofhir_ucum::parse_expression(code).ok()?;
        let result = octofhir_ucum::evaluate(&parsed).ok()?;
        Meaning::of(result)
    }

    /// As an expression of UCUM, for products and quotients.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Ucum(code) => Some(code),
            Self::Calendar(unit) => Some(unit.ucum()),
            Self::Other { .. } => None,
        }
    }
}

/// As in an expression: `'mg'`, `day`.
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ucum(code) | Self::Other { code, .. } => write!(f, "'{code}'"),
            Self::Calendar(unit) => f.write_str(unit.word()),
        }
    }
}

/// A unit in base units.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    result: EvalResult,
}

impl Meaning {
    /// Units on a scale with a zero or a logarithm of their own (`Cel`, `[pH]`) are left out: they are equal to
    /// themselves only.
    fn of(result: EvalResult) -> Option<Self> {
        result.special.is_none().then_some(Self { result })
    }

    /// Whether both measure the same.
    pub(crate) fn is_comparable(&self, other: &Self) -> bool {
        self.result.is_commensurable(&other.result)
    }

    /// How many base units it is.
    pub(crate) fn factor(&self) -> Number {
        self.result.factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_calendar_are_one_or_many() {
        assert_eq!(CalendarUnit::from_word("days"), Some(CalendarUnit::Day));
        assert_eq!(CalendarUnit::from_word("day"), Some(CalendarUnit::Day));
        assert_eq!(CalendarUnit::from_word("dayss"), None);
        assert_eq!(CalendarUnit::from_word("d"), None);
        assert_eq!(CalendarUnit::from_ucum("a"), None);
    }

    #[test]
    fn what_ucum_does_not_know_has_no_meaning() {
        for code in ["", "tablet", "((((", "Cel", "m/", "\u{b5}g"] {
            assert!(Unit::Ucum(code.into()).meaning().is_none(), "{code}");
        }
        let cm = Unit::Ucum("cm".into()).meaning().unwrap();
        assert!(cm.is_comparable(&Unit::Ucum("[in_i]".into()).meaning().unwrap()));
        assert!(!cm.is_comparable(&Unit::Ucum("s".into()).meaning().unwrap()));
    }
}
