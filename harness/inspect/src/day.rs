//! Days as files write them: `YYYY-MM-DD`, and real days only. Not for the clock: there is none here.

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A day of the calendar, not before 1990.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Day(String);

impl Day {
    /// The day, if the text is one.
    pub fn parse(text: &str) -> Option<Self> {
        is_day(text).then(|| Self(text.to_owned()))
    }

    /// As `YYYY-MM-DD`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(NO_DAY))
    }
}

/// What the reader says of a text that is no day; `reading` knows these words.
pub(crate) const NO_DAY: &str = "this is no day of the calendar";

/// A day, or nothing where the text is empty.
pub(crate) fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    Day::parse(&text)
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom(NO_DAY))
}

fn is_day(text: &str) -> bool {
    plumbline_model::year_of_day(text).is_some_and(|year| year >= 1990)
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn only_days_of_the_calendar_are_days() {
        assert!(Day::parse("2024-02-29").is_some());
        for wrong in [
            "2023-02-29",
            "2026-13-01",
            "2026-1-1",
            "01/02/2026",
            "",
            "1948-05-07",
        ] {
            assert!(Day::parse(wrong).is_none(), "{wrong}");
        }
    }
}
