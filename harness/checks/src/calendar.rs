//! Dates and times held to the letter of FHIR, and which of two is earlier for certain.
//! Not for comparing with a search: `dates` does that, and reads more leniently.

use crate::dates::partial;

/// A primitive type of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `date`: a day, month or year.
    Date,
    /// `dateTime`: the same, or a day with a time.
    DateTime,
    /// `instant`: a day with a time.
    Instant,
}

impl Form {
    /// The type's name, for messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::Instant => "instant",
        }
    }
}

/// What is wrong with a value, in our words; none if it is right (FHIR R4, primitive types).
pub(crate) fn fault(value: &str, form: Form) -> Option<&'static str> {
    let (date, time) = value
        .split_once('T')
        .map_or((value, None), |(date, time)| (date, Some(time)));
    if !["dddd", "dddd-dd", "dddd-dd-dd"]
        .iter()
        .any(|shape| has_shape(date, shape))
    {
        return Some("a date has not the form of FHIR");
    }
    if partial(date).is_none() || date.starts_with("0000") {
        return Some("a date is not in the calendar");
    }
    match (form, time) {
        (Form::Date, Some(_)) => Some("a date of a day has a time"),
        (Form::Instant, None) => Some("an instant has no time"),
        (Form::Date | Form::DateTime, None) => None,
        (Form::DateTime | Form::Instant, Some(_)) if date.len() != 10 => {
            Some("a time stands behind no whole day")
        }
        (Form::DateTime | Form::Instant, Some(time)) => time_fault(time),
    }
}

/// Letters `d` for digits, everything else as it is.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| {
            if wanted == b'd' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        })
}

fn time_fault(time: &str) -> Option<&'static str> {
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let (whole, fraction) = clock
        .split_once('.')
        .map_or((clock, None), |(whole, fraction)| (whole, Some(fraction)));
    if has_shape(whole, "dd:dd") {
        return Some("a time has no seconds");
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !has_shape(whole, "dd:dd:dd") || !fraction.is_none_or(digits) {
        return Some("a time has not the form of FHIR");
    }
    if pair(whole, 0) > 23 || pair(whole, 3) > 59 || pair(whole, 6) > 60 {
        return Some("a time is not on the clock");
    }
    if zone.is_empty() {
        return Some("a time has no zone");
    }
    if zone == "Z" {
        return None;
    }
    let offset = zone.get(1..).unwrap_or_default();
    if !has_shape(offset, "dd:dd") || pair(offset, 3) > 59 {
        return Some("the zone of a time has not the form of FHIR");
    }
    (pair(offset, 0) * 60 + pair(offset, 3) > 14 * 60).then_some("there is no such time zone")
}

/// The two digits at a place; 0 where there are none.
fn pair(text: &str, at: usize) -> i64 {
    text.get(at..at + 2)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

/// A second of some day, and its fraction in billionths.
type Moment = (i64, i64);

const DAY: i64 = 24 * 60 * 60;

/// The first and last moment that a value may mean, and whether a time zone fixes them.
struct Span {
    first: Moment,
    last: Moment,
    is_zoned: bool,
}

fn span(value: &str) -> Option<Span> {
    fault(value, Form::DateTime).is_none().then_some(())?;
    let Some((date, time)) = value.split_once('T') else {
        let days = partial(value)?;
        return Some(Span {
            first: (days.first * DAY, 0),
            last: (days.last * DAY + DAY - 1, 999_999_999),
            is_zoned: false,
        });
    };
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone_at);
    let offset = match zone.get(1..) {
        Some(size) if zone.starts_with('+') => pair(size, 0) * 60 + pair(size, 3),
        Some(size) if zone.starts_with('-') => -(pair(size, 0) * 60 + pair(size, 3)),
        _ => 0,
    };
    let seconds = pair(clock, 0) * 3600 + pair(clock, 3) * 60 + pair(clock, 6) - offset * 60;
    let fraction = clock.split_once('.').map_or("", |(_, fraction)| fraction);
    let billionths: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let moment = (
        partial(date)?.first * DAY + seconds,
        billionths.parse().unwrap_or(0),
    );
    Some(Span {
        first: moment,
        last: moment,
        is_zoned: true,
    })
}

/// Whether a Period ends before it starts, in every reading of its two values.
/// A day without a zone may begin or end up to 14 hours away from the same day elsewhere.
pub(crate) fn ends_before_start(start: &str, end: &str) -> bool {
    let (Some(start), Some(end)) = (span(start), span(end)) else {
        return false;
    };
    let slack = if start.is_zoned == end.is_zoned {
        0
    } else {
        14 * 60 * 60
    };
    (end.last.0 + slack, end.last.1) < start.first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_values_to_the_letter() {
        let table = [
            ("2020", Form::Date, true),
            ("2020-02", Form::Date, true),
            ("2020-02-29", Form::Date, true),
            ("2021-02-29", Form::Date, false),
            ("1900-02-29", Form::DateTime, false),
            ("2020-13", Form::Date, false),
            ("2020-00-10", Form::Date, false),
            ("0000", Form::Date, false),
            ("2020-1-1", Form::Date, false),
            ("20200101", Form::Date, false),
            ("01/02/2020", Form::Date, false),
            (" 2020-01-01", Form::Date, false),
            ("2020-01-01T10:00:00Z", Form::Date, false),
            ("2020-01-01T10:00:00Z", Form::DateTime, true),
            ("2020-01-01T10:00:60.123+14:00", Form::DateTime, true),
            ("2020-01-01T10:00:00-13:59", Form::Instant, true),
            ("2020-01-01T10:00:00+14:01", Form::Instant, false),
            ("2020-01-01T10:00:00+01:60", Form::Instant, false),
            ("2020-01-01T10:00:00+0100", Form::Instant, false),
            ("2020-01-01T10:00Z", Form::DateTime, false),
            ("2020-01-01T10:00:00", Form::DateTime, false),
            ("2020-01-01T24:00:00Z", Form::DateTime, false),
            ("2020-01-01T10:60:00Z", Form::DateTime, false),
            ("2020-01-01T10:00:00.Z", Form::DateTime, false),
            ("2020-01-01T10:00:00z", Form::DateTime, false),
            ("2020-01-01 10:00:00Z", Form::DateTime, false),
            ("2020-01T10:00:00Z", Form::DateTime, false),
            ("2020-01-01T", Form::DateTime, false),
            ("2020-01-01", Form::Instant, false),
            ("", Form::DateTime, false),
            ("\u{e9}\u{e9}20-01-01", Form::DateTime, false),
            ("2020-01-01T1\u{e9}:00:00Z", Form::DateTime, false),
            ("2020-01-01T10:00:00+\u{e9}\u{e9}", Form::DateTime, false),
        ];
        for (value, form, right) in table {
            assert_eq!(fault(value, form).is_none(), right, "{value} as {form:?}");
        }
    }

    #[test]
    fn tells_an_end_before_the_start_only_for_certain() {
        let table = [
            ("2020-05-02", "2020-05-01", true),
            ("2020-05-02", "2020-05-02", false),
            ("2020-05-02", "2020-05", false),
            ("2020-05", "2020-04", true),
            ("2020-05-02T10:00:00Z", "2020-05-02T09:59:59Z", true),
            ("2020-05-02T10:00:00.5Z", "2020-05-02T10:00:00.25Z", true),
            ("2020-05-02T10:00:00+01:00", "2020-05-02T09:30:00Z", false),
            ("2020-05-02T10:00:00Z", "2020-05-02T10:30:00+01:00", true),
            ("2020-05-02T10:00:00Z", "2020-05-01", false),
            ("2020-05-02T20:00:00Z", "2020-05-01", true),
            ("2020-05-02", "2020-05-01T12:00:00Z", false),
            ("x", "2020-05-01", false),
        ];
        for (start, end, before) in table {
            assert_eq!(ends_before_start(start, end), before, "{start} to {end}");
        }
    }
}
