//! Moments as FHIR and HTTP write them, from seconds since 1970.
//! Not a clock: who makes the system says what time it is.

/// A FHIR dateTime or instant.
pub(crate) fn fhir(seconds: i64) -> String {
    let Parts {
        year,
        month,
        day,
        hour,
        minute,
        second,
        ..
    } = parts(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00")
}

/// As `Last-Modified` has it (RFC 9110).
pub(crate) fn http(seconds: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let at = parts(seconds);
    let name = |names: &[&'static str], place: i64| {
        let place = usize::try_from(place).unwrap_or_default();
        names.get(place).copied().unwrap_or_default()
    };
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        name(&DAYS, at.weekday),
        at.day,
        name(&MONTHS, at.month - 1),
        at.year,
        at.hour,
        at.minute,
        at.second
    )
}

struct Parts {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    /// 0 is Thursday.
    weekday: i64,
}

/// The date in the Gregorian calendar: years begin in March, so that the leap day comes last.
fn parts(seconds: i64) -> Parts {
    const DAYS_TO_MARCH_OF_YEAR_0: i64 = 719_468;
    const DAYS_OF_400_YEARS: i64 = 146_097;
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + DAYS_TO_MARCH_OF_YEAR_0;
    let era = shifted.div_euclid(DAYS_OF_400_YEARS);
    let day_of_era = shifted.rem_euclid(DAYS_OF_400_YEARS);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    Parts {
        year: year_of_era + era * 400 + i64::from(month >= 10),
        month: if month < 10 { month + 3 } else { month - 9 },
        day: day_of_year - (153 * month + 2) / 5 + 1,
        hour: rest / 3600,
        minute: rest % 3600 / 60,
        second: rest % 60,
        weekday: days.rem_euclid(7),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_moments() {
        for (seconds, as_fhir, as_http) in [
            (
                0,
                "1970-01-01T00:00:00+00:00",
                "Thu, 01 Jan 1970 00:00:00 GMT",
            ),
            (
                951_827_696,
                "2000-02-29T12:34:56+00:00",
                "Tue, 29 Feb 2000 12:34:56 GMT",
            ),
            (
                1_767_603_600,
                "2026-01-05T09:00:00+00:00",
                "Mon, 05 Jan 2026 09:00:00 GMT",
            ),
            (
                4_107_542_399,
                "2100-02-28T23:59:59+00:00",
                "Sun, 28 Feb 2100 23:59:59 GMT",
            ),
        ] {
            assert_eq!(
                (fhir(seconds).as_str(), http(seconds).as_str()),
                (as_fhir, as_http)
            );
        }
    }
}
