//! Whether a text is a date as FHIR writes them. Not for comparing dates.

/// A date of FHIR: a year, a month, a day, or a day with a time and its zone.
pub(crate) fn is_date(text: &str) -> bool {
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let parts: Vec<&str> = day.split('-').collect();
    let is_day = match parts.as_slice() {
        [year] => number(year, 4).is_some(),
        [year, month] => number(year, 4).is_some() && in_range(month, 1, 12),
        [year, month, day] => number(year, 4)
            .zip(number(month, 2))
            .is_some_and(|(year, month)| {
                number(day, 2).is_some_and(|day| day >= 1 && day <= days_of(year, month))
            }),
        _ => false,
    };
    match time {
        None => is_day,
        Some(time) => is_day && parts.len() == 3 && is_time(time),
    }
}

/// Whether a date says at least which day.
pub(crate) fn has_day(text: &str) -> bool {
    is_date(text) && text.len() >= 10
}

fn is_time(text: &str) -> bool {
    let zone = text.rfind(['Z', '+', '-']);
    let Some(at) = zone else { return false };
    let (clock, zone) = text.split_at(at);
    let is_zone = zone == "Z" || is_clock(&zone[1..], 14);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let has_seconds = clock.len() == 8;
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    is_zone
        && is_fraction
        && has_seconds
        && clock.is_ascii()
        && is_clock(&clock[..5], 24)
        && clock[5..]
            .strip_prefix(':')
            .is_some_and(|s| in_range(s, 0, 60))
}

fn is_clock(text: &str, most: u32) -> bool {
    text.split_once(':')
        .is_some_and(|(hour, minute)| in_range(hour, 0, most) && in_range(minute, 0, 59))
}

fn in_range(text: &str, least: u32, most: u32) -> bool {
    number(text, 2).is_some_and(|n| (least..=most).contains(&n))
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let is_number = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn days_of(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_dates_of_fhir() {
        for text in [
            "2026",
            "2026-02",
            "2024-02-29",
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00.5+01:00",
        ] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "",
            "26",
            "2026-13",
            "2026-02-29",
            "22/11/2026",
            "2026-11-22T10:00Z",
            "2026-11-22T10:00:00",
            "2026-11T10:00:00Z",
            "2026-11-22T1é:00:00Z",
        ] {
            assert!(!is_date(text), "{text}");
        }
        assert!(has_day("2026-11-22") && !has_day("2026-11"));
    }
}
