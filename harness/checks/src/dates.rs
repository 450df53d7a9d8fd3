//! Partial FHIR dates as ranges of days, and how a search prefix compares them.
//! Times of day only decide which day it is; where that depends on a time zone, nothing is decided.

/// A range of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    first: i64,
    last: i64,
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
    Ge,
    Le,
    Gt,
    Lt,
}

impl Wanted {
    /// Reads a search value; `None` for a form that is not compared here.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let (prefix, date) = match value.get(..2) {
            Some("eq") => (Prefix::Eq, value.get(2..)?),
            Some("ge") => (Prefix::Ge, value.get(2..)?),
            Some("le") => (Prefix::Le, value.get(2..)?),
            Some("gt") => (Prefix::Gt, value.get(2..)?),
            Some("lt") => (Prefix::Lt, value.get(2..)?),
            _ => (Prefix::Eq, value),
        };
        let days = partial(date)?;
        Some(Self { prefix, days })
    }

    /// Whether the days of a record are wanted, by the range rules of FHIR search.
    pub(crate) const fn holds(self, of: Days) -> bool {
        let within = self.days.first <= of.first && of.last <= self.days.last;
        match self.prefix {
            Prefix::Eq => within,
            Prefix::Ge => within || of.last > self.days.last,
            Prefix::Le => within || of.first < self.days.first,
            Prefix::Gt => of.last > self.days.last,
            Prefix::Lt => of.first < self.days.first,
        }
    }
}

/// Reads a `date` or `dateTime` as the days that it may mean; empty if it is no date.
/// A time with a zone may fall on other days elsewhere, so that several ranges come back.
pub(crate) fn read(value: &str) -> Vec<Days> {
    if let Some(days) = partial(value) {
        return vec![days];
    }
    instant(value).unwrap_or_default()
}

fn partial(value: &str) -> Option<Days> {
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
