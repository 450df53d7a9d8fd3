//! Dates and times: date, dateTime, instant, time. Real days of the calendar only.

use super::{Fault, are_digits};

/// Year, year and month, or a whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    Year,
    Month,
    Day,
}

const FORM: Fault = "it does not have the form YYYY-MM-DD";
const DATE_ONLY: Fault = "it has a time of day, which this type does not have";

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
pub(in crate::validate) fn date(text: &str) -> Result<(), Fault> {
    let (_, rest) = day(text.as_bytes())?;
    match rest.first() {
        None => Ok(()),
        Some(b'T' | b't' | b' ') => Err(DATE_ONLY),
        Some(_) => Err(FORM),
    }
}

/// A date, or a day with time and zone.
pub(in crate::validate) fn date_time(text: &str) -> Result<(), Fault> {
    let (precision, rest) = day(text.as_bytes())?;
    if rest.is_empty() {
        return Ok(());
    }
    time_of_day(precision, rest)
}

/// A day with time and zone.
pub(in crate::validate) fn instant(text: &str) -> Result<(), Fault> {
    let (precision, rest) = day(text.as_bytes())?;
    if rest.is_empty() {
        return Err("it has no time of day");
    }
    time_of_day(precision, rest)
}

/// `hh:mm:ss` with or without a fraction.
pub(in crate::validate) fn time(text: &str) -> Result<(), Fault> {
    match clock(text.as_bytes())? {
        [] => Ok(()),
        [b'Z' | b'+' | b'-', ..] => Err("it has a time zone, which a time does not have"),
        _ => Err("something follows the seconds"),
    }
}

fn time_of_day(precision: Precision, rest: &[u8]) -> Result<(), Fault> {
    let Some((b'T', rest)) = rest.split_first() else {
        return Err("something other than T follows the date");
    };
    if precision != Precision::Day {
        return Err("a time stands after a date that is no whole day");
    }
    zone(clock(rest)?)
}

/// The date at the beginning, and what follows it.
fn day(bytes: &[u8]) -> Result<(Precision, &[u8]), Fault> {
    let Some((year, rest)) = number(bytes, 4) else {
        return Err("it does not begin with a year of four digits");
    };
    if year == 0 {
        return Err("there is no year 0000");
    }
    let Some(rest) = rest.strip_prefix(b"-") else {
        return if rest.first().is_some_and(u8::is_ascii_digit) {
            Err(FORM)
        } else {
            Ok((Precision::Year, rest))
        };
    };
    let Some((month, rest)) = number(rest, 2) else {
        return Err("the month does not have two digits");
    };
    if !(1..=12).contains(&month) {
        return Err("there is no such month");
    }
    let Some(rest) = rest.strip_prefix(b"-") else {
        return Ok((Precision::Month, rest));
    };
    let Some((day, rest)) = number(rest, 2) else {
        return Err("the day does not have two digits");
    };
    if day == 0 || day > days(year, month) {
        return Err("the month does not have such a day");
    }
    Ok((Precision::Day, rest))
}

fn days(year: u32, month: u32) -> u32 {
    let leaps = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leaps => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A time at the beginning, and what follows it.
fn clock(bytes: &[u8]) -> Result<&[u8], Fault> {
    const CLOCK: Fault = "the time does not have the form hh:mm:ss";
    let (hour, rest) = number(bytes, 2).ok_or(CLOCK)?;
    let rest = rest.strip_prefix(b":").ok_or(CLOCK)?;
    let (minute, rest) = number(rest, 2).ok_or(CLOCK)?;
    let rest = rest.strip_prefix(b":").ok_or("the time has no seconds")?;
    let (second, rest) = number(rest, 2).ok_or(CLOCK)?;
    if hour > 23 {
        return Err("the hour is above 23");
    }
    if minute > 59 {
        return Err("the minute is above 59");
    }
    // A leap second is the 60th.
    if second > 60 {
        return Err("the second is above 60");
    }
    let Some(fraction) = rest.strip_prefix(b".") else {
        return Ok(rest);
    };
    let length = fraction
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if length == 0 {
        return Err("no digits follow the point of the seconds");
    }
    Ok(&fraction[length..])
}

fn zone(bytes: &[u8]) -> Result<(), Fault> {
    const ZONE: Fault = "the time zone does not have the form +hh:mm, -hh:mm or Z";
    let rest = match bytes {
        [] => return Err("it has a time but no time zone"),
        [b'Z'] => return Ok(()),
        [b'+' | b'-', rest @ ..] => rest,
        _ => return Err(ZONE),
    };
    let (hour, rest) = number(rest, 2).ok_or(ZONE)?;
    let rest = rest.strip_prefix(b":").ok_or(ZONE)?;
    let (minute, rest) = number(rest, 2).ok_or(ZONE)?;
    if !rest.is_empty() {
        return Err(ZONE);
    }
    if minute > 59 || hour > 14 || hour == 14 && minute > 0 {
        return Err("the time zone is beyond 14 hours");
    }
    Ok(())
}

/// A number of so many digits at the beginning, and what follows it.
fn number(bytes: &[u8], digits: usize) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_at_checked(digits)?;
    are_digits(number).then(|| {
        let value = number
            .iter()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        (value, rest)
    })
}
