//! Dates, dates with time, and times, as exact as they are written. Not for adding to them: calendar.rs.

use std::cmp::Ordering;
use std::fmt;

/// A date: a year, a month of it or a day of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    pub(crate) year: i16,
    /// 0 if it is not said.
    pub(crate) month: u8,
    /// 0 if it is not said.
    pub(crate) day: u8,
}

/// How exact a time is. Milliseconds are a part of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Detail {
    Hour,
    Minute,
    Second,
}

/// A time of day: an hour, a minute of it, or a second of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
    /// Of a second; digits beyond the ninth are not kept.
    pub(crate) nanosecond: u32,
    /// Digits after the point.
    pub(crate) digits: u8,
    pub(crate) detail: Detail,
}

/// A date, perhaps with a time, which perhaps has an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    /// Minutes east of Greenwich.
    pub(crate) offset: Option<i16>,
    pub(crate) zone: Zone,
}

/// How an offset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Zone {
    /// As `Z`, or not at all.
    Letter,
    /// As `+00:00`.
    Digits,
}

/// So many digits as a number.
fn digits(text: &str, length: usize) -> Option<u32> {
    let fits = text.len() == length && text.bytes().all(|it| it.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn two(text: &str) -> Option<u8> {
    u8::try_from(digits(text, 2)?).ok()
}

/// The days of a month, 0 for none.
pub(crate) fn days_in(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

impl Date {
    /// Reads `2015`, `2015-02` or `2015-02-04`. `None` for anything else, and for a day that is in no calendar.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = i16::try_from(digits(parts.next()?, 4)?).ok()?;
        let month = parts.next().map(two);
        let day = parts.next().map(two);
        let is_more = parts.next().is_some();
        let date = Self {
            year,
            month: month.unwrap_or(Some(0))?,
            day: day.unwrap_or(Some(0))?,
        };
        let is_month = month.is_none() || (1..=12).contains(&date.month);
        let is_day = day.is_none() || (1..=days_in(year, date.month)).contains(&date.day);
        (!is_more && is_month && is_day && year > 0).then_some(date)
    }

    fn fields(self) -> [Option<i64>; 3] {
        let said = |field: u8| (field > 0).then_some(i64::from(field));
        [Some(i64::from(self.year)), said(self.month), said(self.day)]
    }

    /// How many digits it is written with: 4, 6 or 8.
    pub(crate) fn precision(self) -> u8 {
        4 + 2 * u8::from(self.month > 0) + 2 * u8::from(self.day > 0)
    }
}

impl Time {
    /// Reads `14`, `14:30`, `14:30:15` or `14:30:15.123`. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (clock, fraction) = match text.split_once('.') {
            Some((clock, fraction)) => (clock, Some(fraction)),
            None => (text, None),
        };
        let mut parts = clock.split(':');
        let hour = two(parts.next()?)?;
        let minute = parts.next().map(two);
        let second = parts.next().map(two);
        let (nanosecond, digits) = match fraction {
            Some(fraction) => nanoseconds(fraction)?,
            None => (0, 0),
        };
        let detail = match (minute, second) {
            (None, _) => Detail::Hour,
            (Some(_), None) => Detail::Minute,
            (Some(_), Some(_)) => Detail::Second,
        };
        let time = Self {
            hour,
            minute: minute.unwrap_or(Some(0))?,
            second: second.unwrap_or(Some(0))?,
            nanosecond,
            digits,
            detail,
        };
        let is_whole = fraction.is_none() || detail == Detail::Second;
        let is_over = parts.next().is_some();
        // FHIR lets a second be the sixtieth, for leap seconds.
        let fits = time.hour < 24 && time.minute < 60 && time.second <= 60;
        (is_whole && !is_over && fits).then_some(time)
    }

    fn fields(self) -> [Option<i64>; 3] {
        let minute = (self.detail >= Detail::Minute).then_some(i64::from(self.minute));
        let second = i64::from(self.second) * 1_000_000_000 + i64::from(self.nanosecond);
        let second = (self.detail == Detail::Second).then_some(second);
        [Some(i64::from(self.hour)), minute, second]
    }

    /// Which is later. `None` if they are equal as far as both go and one goes further.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        compare_fields(&self.fields(), &other.fields())
    }

    /// What is equal has the same.
    pub(crate) fn key(self) -> [Option<i64>; 3] {
        self.fields()
    }

    /// How many digits it is written with: 2, 4, 6, or 9 with milliseconds.
    pub(crate) fn precision(self) -> u8 {
        match self.detail {
            Detail::Hour => 2,
            Detail::Minute => 4,
            Detail::Second => 6 + self.digits,
        }
    }
}

/// Nanoseconds, and with how many digits they are written.
fn nanoseconds(fraction: &str) -> Option<(u32, u8)> {
    if fraction.is_empty() || !fraction.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let kept = fraction.get(..9).unwrap_or(fraction);
    let length = u8::try_from(kept.len()).ok()?;
    let scale = 10_u32.pow(9 - u32::from(length));
    Some((kept.parse::<u32>().ok()? * scale, length))
}

/// Compares field by field, until they differ or end.
fn compare_fields(left: &[Option<i64>], right: &[Option<i64>]) -> Option<Ordering> {
    for (left, right) in left.iter().zip(right) {
        match (left, right) {
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => return Some(left.cmp(right)),
            (None, None) => return Some(Ordering::Equal),
            _ => return None,
        }
    }
    Some(Ordering::Equal)
}

impl DateTime {
    /// Reads a date, a date followed by `T`, or one followed by `T`, a time and perhaps `Z` or an offset.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = match text.split_once('T') {
            Some((date, rest)) => (Date::parse(date)?, rest),
            None => (Date::parse(text)?, ""),
        };
        if rest.is_empty() {
            return Some(Self::from(date));
        }
        if date.day == 0 {
            return None;
        }
        let (time, offset, zone) = if let Some(time) = rest.strip_suffix('Z') {
            (time, Some(0), Zone::Letter)
        } else if let Some(at) = rest.find(['+', '-']) {
            let (time, zone) = rest.split_at(at);
            (time, Some(offset(zone)?), Zone::Digits)
        } else {
            (rest, None, Zone::Letter)
        };
        Some(Self {
            date,
            time: Some(Time::parse(time)?),
            offset,
            zone,
        })
    }

    /// Seven fields, the last of which is what the offset leaves open.
    fn fields(self) -> [Option<i64>; 6] {
        let [year, month, day] = self.date.fields();
        let [hour, minute, second] = self.time.map_or([None; 3], Time::fields);
        [year, month, day, hour, minute, second]
    }

    /// Which is later. `None` if what is not said decides: a field, or an offset.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self.offset, other.offset) {
            (Some(left), Some(right)) if left != right => {
                compare_fields(&self.shifted(left)?, &other.shifted(right)?)
            }
            (None, Some(right)) if self.time.is_some() => self.compare_unzoned(other, right),
            (Some(left), None) if other.time.is_some() => {
                other.compare_unzoned(self, left).map(Ordering::reverse)
            }
            _ => compare_fields(&self.fields(), &other.fields()),
        }
    }

    /// Compares one without an offset: decided if it comes out alike in every zone, from 12 west to 14 east.
    fn compare_unzoned(self, other: Self, offset: i16) -> Option<Ordering> {
        let known = other.shifted(offset)?;
        let east = compare_fields(&self.shifted(14 * 60)?, &known)?;
        let west = compare_fields(&self.shifted(-12 * 60)?, &known)?;
        (east == west).then_some(east)
    }

    /// Its fields in Greenwich.
    fn shifted(self, offset: i16) -> Option<[Option<i64>; 6]> {
        let Some(time) = self.time else {
            return Some(self.fields());
        };
        let minutes = i64::from(time.hour) * 60 + i64::from(time.minute) - i64::from(offset);
        let days = minutes.div_euclid(24 * 60);
        let within = minutes.rem_euclid(24 * 60);
        let day = crate::calendar::plus_days(self.date, days)?;
        let [_, minute, second] = time.fields();
        let [year, month, day] = day.fields();
        let minute = minute.map(|_| within % 60);
        Some([year, month, day, Some(within / 60), minute, second])
    }

    /// What is equal has the same.
    pub(crate) fn key(self) -> [Option<i64>; 6] {
        let offset = self.offset.unwrap_or_default();
        self.shifted(offset).unwrap_or_else(|| self.fields())
    }

    /// How many digits it is written with, offset left out.
    pub(crate) fn precision(self) -> u8 {
        self.date.precision() + self.time.map_or(0, Time::precision)
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self {
            date,
            time: None,
            offset: None,
            zone: Zone::Letter,
        }
    }
}

/// `+01:00` in minutes.
fn offset(text: &str) -> Option<i16> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (i16::from(two(hours)?), i16::from(two(minutes)?));
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.hour)?;
        if self.detail >= Detail::Minute {
            write!(f, ":{:02}", self.minute)?;
        }
        if self.detail == Detail::Second {
            write!(f, ":{:02}", self.second)?;
        }
        if self.digits > 0 {
            let fraction = format!("{:09}", self.nanosecond);
            let kept = fraction.get(..usize::from(self.digits));
            write!(f, ".{}", kept.unwrap_or(&fraction))?;
        }
        Ok(())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        let Some(time) = self.time else {
            return Ok(());
        };
        write!(f, "T{time}")?;
        match (self.offset, self.zone) {
            (None, _) => Ok(()),
            (Some(0), Zone::Letter) => f.write_str("Z"),
            (Some(offset), _) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(left: &str, right: &str) -> Option<Ordering> {
        DateTime::parse(left)
            .unwrap()
            .compare(DateTime::parse(right).unwrap())
    }

    #[test]
    fn what_is_written_comes_back() {
        for text in [
            "2015",
            "2015-02",
            "2015-02-04",
            "2015-02-04T14",
            "2015-02-04T14:34",
            "2015-02-04T14:34:28.120",
            "2015-02-04T14:34:28Z",
            "2015-02-04T14:34:28+00:00",
            "2015-02-04T14:34:28-10:30",
        ] {
            assert_eq!(DateTime::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_in_no_calendar_is_refused() {
        for text in [
            "",
            "15",
            "2015-13",
            "2015-02-29",
            "2015-1-1",
            "0000",
            "2015-02-04-01",
            "2015-02T10",
            "2015-02-04T24:00",
            "2015-02-04T10:60",
            "2015-02-04T10:00:00.",
            "2015-02-04T10.5",
            "2015-02-04T10:00+15:00",
            "2015-02-04T10:00+1:00",
            "+015",
        ] {
            assert_eq!(DateTime::parse(text), None, "{text}");
        }
        assert!(Date::parse("2016-02-29").is_some());
    }

    #[test]
    fn what_is_not_said_decides_nothing() {
        use Ordering::{Equal, Greater, Less};
        let at = "2018-03-01T10:00:00";
        assert_eq!(compare("2018-03", "2018-03-01"), None);
        assert_eq!(compare("2018-03", "2018-04-01"), Some(Less));
        assert_eq!(compare(at, "2018-03-01T10:00:00.0"), Some(Equal));
        assert_eq!(
            compare("2018-03-01T10:00Z", "2018-03-01T11:00+01:00"),
            Some(Equal)
        );
        assert_eq!(compare(at, "2018-03-01T10:00:00Z"), None);
        assert_eq!(compare(at, "2018-03-03T10:00:00Z"), Some(Less));
        assert_eq!(compare(at, "2018-02-01T10:00:00Z"), Some(Greater));
    }
}
