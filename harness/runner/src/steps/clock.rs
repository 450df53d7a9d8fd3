//! Whether the clock of the target agrees with ours: rules about the times of a token can be judged
//! only then. Not for setting any clock.

use crate::exchange::{Purpose, get};
use crate::world::World;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_model::SkipReason;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads the capability statement and compares the time in its header Date with that of our token.
pub(crate) fn agree(world: &mut World, within: i64) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        let request = run.request("metadata", Vec::new(), None);
        let Some(page) = get(world, request, Purpose::Setup).await else {
            return;
        };
        let Some(ahead) = page.clock_ahead else {
            world.stop(
                SkipReason::NotObservable,
                "SETUP-CLOCK",
                "the answer does not say what time it is there, so nothing that depends on the time can be judged",
                "Let the system send the header Date, as HTTP has it.",
            );
            return;
        };
        if ahead.abs() > within {
            world.stop(
                SkipReason::EarlierStep,
                "SETUP-CLOCK",
                &format!("the clock of the system and ours differ by more than {within} seconds"),
                "Set both clocks by a time service, and run again.",
            );
        }
    }
    .boxed_local()
}

/// By how many seconds the header Date is ahead of the time at which we sent the request.
pub(crate) fn ahead(headers: &[(String, String)], sent_at: Option<i64>) -> Option<i64> {
    let (_, date) = headers.iter().find(|(name, _)| name == "date")?;
    Some(seconds(date)? - sent_at?)
}

/// Seconds since 1970-01-01T00:00:00Z of a date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn seconds(text: &str) -> Option<i64> {
    let mut words = text.split_once(", ")?.1.split(' ');
    let day: i64 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = i64::try_from(MONTHS.iter().position(|month| *month == name)?).ok()? + 1;
    let year: i64 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(str::parse::<i64>);
    let mut part = || clock.next()?.ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    if words.next() != Some("GMT") || !(1970..=9999).contains(&year) {
        return None;
    }
    Some(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_of_http_are_read() {
        for (text, expected) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
            ("Sun, 22 Nov 2026 10:00:00 GMT", Some(1_795_341_600)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
