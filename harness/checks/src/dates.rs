//! Partial FHIR dates and Periods as ranges of days, and how a search prefix compares them.
//! Times of day only decide which day it is; where that depends on a time zone, nothing is decided.

/// A range of days, both ends included. An end that is not known lies beyond every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// A search value such as `ge2020-05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    prefix: Prefix,
    days: Days,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Eq,
    Ne,
    Ge,
    Le,
    Gt,
    Lt,
    /// Starts after.
    Sa,
    /// Ends before.
    Eb,
}

impl Wanted {
    /// Reads a search value; `None` for a form that is not compared here.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let prefix = match value.get(..2) {
            Some("eq") => Some(Prefix::Eq),
            Some("ne") => Some(Prefix::Ne),
            Some("ge") => Some(Prefix::Ge),
            Some("le") => Some(Prefix::Le),
            Some("gt") => Some(Prefix::Gt),
            Some("lt") => Some(Prefix::Lt),
            Some("sa") => Some(Prefix::Sa),
            Some("eb") => Some(Prefix::Eb),
            _ => None,
        };
        let (prefix, date) = match prefix {
            Some(prefix) => (prefix, value.get(2..)?),
            None => (Prefix::Eq, value),
        };
        let days = partial(date)?;
        Some(Self { prefix, days })
    }

    /// Whether the days of a record are wanted, by the range rules of FHIR search.
    pub(crate) const fn fits(self, of: Days) -> Fits {
        let within = self.days.first <= of.first && of.last <= self.days.last;
        let (starts_before, ends_after) = (of.first < self.days.first, of.last > self.days.last);
        let holds = match self.prefix {
            Prefix::Eq => within,
            Prefix::Ne => !within,
            Prefix::Ge => within || ends_after,
            Prefix::Le => within || starts_before,
            Prefix::Gt => ends_after,
            Prefix::Lt => starts_before,
            Prefix::Sa => of.first > self.days.last,
            Prefix::Eb => of.last < self.days.first,
        };
        let overlaps = self.days.first <= of.last && of.first <= self.days.last;
        match self.prefix {
            // FHIR's words leave these out, but "at least" in plain English does not.
            Prefix::Ge | Prefix::Le if !holds && overlaps => Fits::Unclear,
            _ if holds => Fits::Yes,
            _ => Fits::No,
        }
    }
}

/// What comparing the days of a record with a search value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fits {
    Yes,
    No,
    /// The record lies partly within the value, and servers differ on whether that is enough.
    Unclear,
}

/// Reads a `date` or `dateTime` as the days that it may mean; empty if it is no date.
/// A time with a zone may fall on other days elsewhere, so that several ranges come back.
pub(crate) fn read(value: &str) -> Vec<Days> {
    if let Some(days) = partial(value) {
        return vec![days];
    }
    instant(value).unwrap_or_default()
}

/// The days that a Period may span; empty if it has neither end, or one that is no date.
/// Without a start it has always been, without an end it goes on (FHIR R4, Period).
pub(crate) fn period(start: Option<&str>, end: Option<&str>) -> Vec<Days> {
    if start.is_none() && end.is_none() {
        return Vec::new();
    }
    let starts = start.map_or_else(|| vec![i64::MIN], |text| ends(text, |days| days.first));
    let lasts = end.map_or_else(|| vec![i64::MAX], |text| ends(text, |days| days.last));
    starts
        .iter()
        .flat_map(|first| lasts.iter().map(move |last| (*first, *last)))
        .filter(|(first, last)| first <= last)
        .map(|(first, last)| Days { first, last })
        .collect()
}

fn ends(text: &str, end: fn(Days) -> i64) -> Vec<i64> {
    read(text).into_iter().map(end).collect()
}

/// A date of which the day or month may be missing, as the days that it may mean.
pub(crate) fn partial(value: &str) -> Option<Days> {
    let bytes = value.as_bytes();
    let dash = |at: usize| bytes.get(at) == Some(&b'-');
    match value.len() {
        4 => {
            let year = digits(value)?;
            Some(Days {
                first: day_number(year, 1, 1),
                last: day_number(year, 12, 31),
            })
        }
        7 if dash(4) => {
            let year = digits(value.get(..4)?)?;
            let month = month(value.get(5..)?)?;
            Some(Days {
                first: day_number(year, month, 1),
                last: day_number(year, month, month_length(year, month)),
            })
        }
        10 if dash(4) && dash(7) => {
            let year = digits(value.get(..4)?)?;
            let month = month(value.get(5..7)?)?;
            let day = digits(value.get(8..)?)?;
            let in_month = (1..=month_length(year, month)).contains(&day);
            let number = day_number(year, month, day);
            in_month.then_some(Days {
                first: number,
                last: number,
            })
        }
        _ => None,
    }
}

/// `YYYY-MM-DDThh:mm:ss[.fff]zone`: the day as written, in UTC, and in British summer time.
fn instant(value: &str) -> Option<Vec<Days>> {
    let (date, time) = value.split_once('T')?;
    if date.len() != 10 {
        return None;
    }
    let day = partial(date)?.first;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = (time.get(..zone_at)?, time.get(zone_at..)?);
    let whole = clock.split('.').next()?;
    let mut parts = whole.split(':').map(digits);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = if zone == "Z" {
        0
    } else {
        let (hours, minutes) = zone.get(1..)?.split_once(':')?;
        let size = digits(hours)? * 60 + digits(minutes)?;
        if zone.starts_with('-') { -size } else { size }
    };
    let local = hour * 60 + minute;
    let utc = local - offset;
    let days = [local, utc, utc + 60].map(|minutes| {
        let number = day + minutes.div_euclid(24 * 60);
        Days {
            first: number,
            last: number,
        }
    });
    Some(days.to_vec())
}

fn digits(text: &str) -> Option<i64> {
    let all = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

fn month(text: &str) -> Option<i64> {
    digits(text).filter(|month| (1..=12).contains(month))
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn month_length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A number that grows by one a day; years before 1 do not occur.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let years =
        before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: i64 = (1..month).map(|m| month_length(year, m)).sum();
    years + months + day
}

#[cfg(test)]
mod tests {
    use super::Fits::{No, Unclear, Yes};
    use super::*;

    #[test]
    fn compares_ranges_as_fhir_does() {
        let table = [
            ("2020", Some("2020-05-01"), Some("2020-05-02"), Yes),
            ("2020", Some("2020-05-01"), None, No),
            ("2020", None, Some("2020-05-02"), No),
            ("ne2020", Some("2020-05-01"), None, Yes),
            ("ge2020", Some("2018-01-01"), None, Yes),
            ("ge2020", Some("2018-01-01"), Some("2019-01-01"), No),
            ("ge2020", Some("2018-01-01"), Some("2020-05-01"), Unclear),
            (
                "ge2020-05-01",
                Some("2018-01-01"),
                Some("2020-05-01"),
                Unclear,
            ),
            ("ge2020-05-01", Some("2020-05-01"), Some("2020-05-01"), Yes),
            (
                "le2020-05-01",
                Some("2020-05-01"),
                Some("2020-05-02"),
                Unclear,
            ),
            ("le2020", None, Some("2025-01-01"), Yes),
            ("le2020", Some("2021-01-01"), None, No),
            ("gt2020", Some("2020-01-01"), Some("2020-12-31"), No),
            ("gt2020", Some("2020-01-01"), Some("2021-01-01"), Yes),
            ("lt2020", Some("2019-12-31"), None, Yes),
            ("lt2020", Some("2020-01-01"), None, No),
            ("sa2020", Some("2021-01-01"), None, Yes),
            ("sa2020", Some("2020-12-31"), None, No),
            ("sa2020", None, Some("2030-01-01"), No),
            ("eb2020", None, Some("2019-12-31"), Yes),
            ("eb2020", Some("2019-01-01"), None, No),
        ];
        for (value, start, end, fits) in table {
            let days = period(start, end);
            assert_eq!(days.len(), 1, "{start:?} to {end:?}");
            let wanted = Wanted::read(value).unwrap();
            assert_eq!(
                wanted.fits(days[0]),
                fits,
                "{value} of {start:?} to {end:?}"
            );
        }
    }

    #[test]
    fn reads_no_value_that_it_does_not_know() {
        for value in [
            "",
            "ap2020",
            "xx2020",
            "2020-13",
            "eq",
            "\u{e9}2020",
            "ge2020-01-01T00:00:00Z",
        ] {
            assert_eq!(Wanted::read(value), None, "{value}");
        }
        assert!(period(None, None).is_empty());
        assert!(period(Some("soon"), None).is_empty());
        assert!(period(Some("2020-02-01"), Some("2020-01-01")).is_empty());
    }
}
