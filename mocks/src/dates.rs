//! FHIR dates as spans of time, and how a search prefix compares them (FHIR R4, search, date).
//! Not for telling the time: the mock has no clock. Where no zone is given, UTC is meant.

use crate::search::Problem;

/// A span of time in seconds, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    first: i64,
    last: i64,
}

const DAY: i64 = 24 * 60 * 60;

impl Span {
    /// Reads `2019`, `2019-05`, `2019-05-02` or a moment such as `2019-05-02T10:30:00Z`.
    pub(crate) fn read(text: &str) -> Option<Span> {
        match text.split_once('T') {
            None => days(text),
            Some((day, time)) => moment(days(day).filter(|_| day.len() == 10)?.first, time),
        }
    }

    /// From the beginning of one span to the end of another, or for ever.
    pub(crate) fn until(self, end: Option<Span>) -> Span {
        let first = self.first;
        let last = end.map_or(i64::MAX, |end| end.last);
        Span { first, last }
    }

    pub(crate) const fn is_before(self, other: Span) -> bool {
        self.last < other.first
    }

    const fn contains(self, other: Span) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

/// Whether a record's span is wanted by a search value with an optional prefix.
/// A record without the date never is.
pub(crate) fn matches(wanted: &str, held: Option<Span>) -> Result<bool, Problem> {
    let (prefix, date) = match wanted.get(..2) {
        Some(prefix) if prefix.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            (prefix, &wanted[2..])
        }
        _ => ("eq", wanted),
    };
    let Some(wanted) = Span::read(date) else {
        let text = format!("`{wanted}` is not a date");
        return Err(Problem::new(400, "value", text));
    };
    let compare: fn(Span, Span) -> bool = match prefix {
        "eq" => |wanted, held| wanted.contains(held),
        "ne" => |wanted, held| !wanted.contains(held),
        "gt" => |wanted, held| held.last > wanted.last,
        "lt" => |wanted, held| held.first < wanted.first,
        "ge" => |wanted, held| held.last > wanted.last || wanted.contains(held),
        "le" => |wanted, held| held.first < wanted.first || wanted.contains(held),
        "sa" => |wanted, held| wanted.is_before(held),
        "eb" => |wanted, held| held.is_before(wanted),
        _ => {
            let text = format!("the date prefix `{prefix}` is not supported");
            return Err(Problem::new(400, "not-supported", text));
        }
    };
    Ok(held.is_some_and(|held| compare(wanted, held)))
}

fn number(text: &str, length: usize) -> Option<i64> {
    let right = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

/// A date that may lack day or month.
fn days(text: &str) -> Option<Span> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let mut part = || parts.next().map(|part| number(part, 2));
    let (month, day) = (part(), part());
    if parts.next().is_some() || month.is_some_and(|month| !matches!(month, Some(1..=12))) {
        return None;
    }
    let (first_month, last_month) = month.flatten().map_or((1, 12), |month| (month, month));
    let length = month_length(year, last_month);
    let (first_day, last_day) = match day {
        None => (1, length),
        Some(day) => {
            let day = day.filter(|day| (1..=length).contains(day))?;
            (day, day)
        }
    };
    Some(Span {
        first: day_number(year, first_month, first_day) * DAY,
        last: day_number(year, last_month, last_day) * DAY + DAY - 1,
    })
}

/// `hh:mm`, `hh:mm:ss` or with fractions, then a zone or none; a minute or a second of the day.
fn moment(midnight: i64, time: &str) -> Option<Span> {
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = (time.get(..zone_at)?, time.get(zone_at..)?);
    let whole = match clock.split_once('.') {
        None => clock,
        Some((whole, fraction)) => {
            let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
            Some(whole).filter(|_| digits && whole.len() == 8)?
        }
    };
    let mut parts = whole.split(':');
    let hour = number(parts.next()?, 2).filter(|hour| *hour < 24)?;
    let minute = number(parts.next()?, 2).filter(|minute| *minute < 60)?;
    let (second, length) = match parts.next() {
        None => (0, 60),
        Some(second) => (number(second, 2).filter(|second| *second < 60)?, 1),
    };
    if parts.next().is_some() {
        return None;
    }
    let first = midnight + hour * 3600 + minute * 60 + second - offset(zone)?;
    let last = first + length - 1;
    Some(Span { first, last })
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone == "Z" {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let hours = number(hours, 2).filter(|hours| *hours <= 14)?;
    let size = hours * 3600 + number(minutes, 2).filter(|minutes| *minutes < 60)? * 60;
    Some(if zone.starts_with('-') { -size } else { size })
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

/// A number that grows by one a day.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: i64 = (1..month).map(|month| month_length(year, month)).sum();
    before * 365 + leap_days + months + day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(start: &str, end: Option<&str>) -> Span {
        let start = Span::read(start).unwrap();
        end.map_or(start, |end| start.until(Some(Span::read(end).unwrap())))
    }

    #[test]
    fn compares_a_day_by_prefix_and_precision() {
        let day = held("2019-05-02", None);
        for right in [
            "2019-05-02",
            "eq2019-05",
            "2019",
            "ge2019-05-02",
            "ge2019-05",
            "ge2019",
            "le2019",
            "le2019-05-02",
            "gt2018",
            "gt2019-05-01",
            "sa2019-05-01",
            "lt2019-06",
            "eb2019-06",
            "ne2020",
            "ne2019-05-01",
            "le2019-05-02T10:00:00Z",
            "ge2019-05-02T10:00:00Z",
            "ne2019-05-02T10:00:00Z",
            "gt2019-05-02T23:30:00Z",
        ] {
            assert!(matches(right, Some(day)).unwrap(), "{right}");
        }
        for wrong in [
            "2019-05-03",
            "2019-05-02T10:00:00Z",
            // In UTC this is the next day.
            "gt2019-05-02T23:30:00-01:00",
            "gt2019",
            "gt2019-05-02",
            "sa2019-05",
            "lt2019",
            "lt2019-05-02",
            "eb2019-05-02",
            "ge2019-06",
            "le2018-12",
            "ne2019-05",
            "ne2019",
        ] {
            assert!(!matches(wrong, Some(day)).unwrap(), "{wrong}");
        }
        assert!(!matches("ge1900", None).unwrap());
    }

    /// Every prefix against a period that begins before, in and after the month that is asked for.
    #[test]
    fn compares_periods_by_the_range_rules() {
        let periods = [
            ("2020-01-10", Some("2020-01-20")),
            ("2020-02-20", Some("2020-03-10")),
            ("2020-03-05", Some("2020-03-15")),
            ("2020-03-20", Some("2020-04-10")),
            ("2020-04-10", Some("2020-04-20")),
            ("2020-02-20", Some("2020-04-10")),
        ];
        let table = [
            ("eq2020-03", [0, 0, 1, 0, 0, 0]),
            ("ne2020-03", [1, 1, 0, 1, 1, 1]),
            ("gt2020-03", [0, 0, 0, 1, 1, 1]),
            ("lt2020-03", [1, 1, 0, 0, 0, 1]),
            ("ge2020-03", [0, 0, 1, 1, 1, 1]),
            ("le2020-03", [1, 1, 1, 0, 0, 1]),
            ("sa2020-03", [0, 0, 0, 0, 1, 0]),
            ("eb2020-03", [1, 0, 0, 0, 0, 0]),
        ];
        for (wanted, expected) in table {
            let found = periods
                .map(|(start, end)| i32::from(matches(wanted, Some(held(start, end))).unwrap()));
            assert_eq!(found, expected, "{wanted}");
        }
        let lasting = Span::read("2020-01-10").unwrap().until(None);
        assert!(matches("gt2030", Some(lasting)).unwrap());
        assert!(!matches("eq2020", Some(lasting)).unwrap());
        assert!(!matches("eb2030", Some(lasting)).unwrap());
    }

    #[test]
    fn refuses_what_is_no_date() {
        for refused in [
            "yesterday",
            "2019-13",
            "2019-00",
            "2019-02-29",
            "2019-04-31",
            "19-05-02",
            "ap2019",
            "xx2019",
            "",
            "ge",
            "2019-05-02-01",
            "2019-05T10:00",
            "2019-05-02T25:00",
            "2019-05-02T10",
            "2019-05-02T10:00:00.",
            "2019-05-02T10:00:00+1",
            "2019-5-2",
            "€2019",
        ] {
            assert!(matches(refused, None).is_err(), "{refused}");
        }
        for right in [
            "2020-02-29",
            "2019-05-02T10:00",
            "2019-05-02T10:00:00.25+01:00",
        ] {
            assert!(Span::read(right).is_some(), "{right}");
        }
    }
}
