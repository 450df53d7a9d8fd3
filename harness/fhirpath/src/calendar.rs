//! Adding time to dates and times. Not for comparing them: moment.rs.

use crate::error::EvalError;
use crate::moment::{Date, DateTime, Detail, Time, days_in};
use crate::quantity::Quantity;
use crate::unit::{CalendarUnit, Unit};
use jiff::Span;
use jiff::civil;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

/// Days later; `None` outside the years 1 to 9999. A date without a day stays as it is.
pub(crate) fn plus_days(date: Date, days: i64) -> Option<Date> {
    if days == 0 || date.day == 0 {
        return Some(date);
    }
    let start = civil::Date::new(date.year, signed(date.month)?, signed(date.day)?).ok()?;
    let end = start.checked_add(Span::new().try_days(days).ok()?).ok()?;
    (end.year() > 0).then(|| Date {
        year: end.year(),
        month: end.month().unsigned_abs(),
        day: end.day().unsigned_abs(),
    })
}

fn signed(field: u8) -> Option<i8> {
    i8::try_from(field).ok()
}

/// Months later, the day cut to the end of its month.
fn plus_months(date: Date, months: i64) -> Option<Date> {
    let month = i64::from(date.month.max(1)) - 1;
    let sum = (i64::from(date.year) * 12 + month).checked_add(months)?;
    let year = i16::try_from(sum.div_euclid(12)).ok()?;
    if !(1..=9999).contains(&year) {
        return None;
    }
    if date.month == 0 {
        return Some(Date { year, ..date });
    }
    let month = u8::try_from(sum.rem_euclid(12) + 1).ok()?;
    let day = date.day.min(days_in(year, month));
    Some(Date { year, month, day })
}

/// What is added: a unit of the calendar, and how many of it.
pub(crate) struct Amount {
    unit: CalendarUnit,
    value: Decimal,
}

impl Amount {
    /// A quantity as time; `negative` to subtract it. An error if its unit is none of time, or an average of UCUM.
    pub(crate) fn of(
        what: &'static str,
        quantity: &Quantity,
        sign: Decimal,
    ) -> Result<Self, EvalError> {
        let unit = match quantity.unit() {
            Unit::Calendar(unit) => Some(*unit),
            Unit::Ucum(code) => CalendarUnit::from_ucum(code),
            Unit::Other { .. } => None,
        };
        match unit {
            Some(unit) => Ok(Self {
                unit,
                value: quantity.value() * sign,
            }),
            None => Err(EvalError::WrongValue {
                what,
                problem: format!("{} is no time that can be added to a date", quantity.unit()),
            }),
        }
    }

    /// Whole units.
    fn whole(&self) -> Option<i64> {
        self.value.trunc().to_i64()
    }

    /// In nanoseconds, of what is always as long. Only seconds and less may be fractions.
    fn nanoseconds(&self) -> Option<i128> {
        let each = match self.unit {
            CalendarUnit::Year | CalendarUnit::Month => return None,
            CalendarUnit::Week => 7 * DAY,
            CalendarUnit::Day => DAY,
            CalendarUnit::Hour => 3600 * SECOND,
            CalendarUnit::Minute => 60 * SECOND,
            CalendarUnit::Second => return self.fraction(SECOND),
            CalendarUnit::Millisecond => return self.fraction(SECOND / 1000),
        };
        i128::from(self.whole()?).checked_mul(each)
    }

    fn fraction(&self, each: i128) -> Option<i128> {
        self.value.checked_mul(each.into())?.trunc().to_i128()
    }

    /// Whole days, of what is always as long.
    fn days(&self) -> Option<i64> {
        i64::try_from(self.nanoseconds()? / DAY).ok()
    }

    /// Whole months, with 30 days for one: for dates that have no day.
    fn months(&self) -> Option<i64> {
        match self.unit {
            CalendarUnit::Year => self.whole()?.checked_mul(12),
            CalendarUnit::Month => self.whole(),
            _ => Some(self.days()? / 30),
        }
    }

    /// Whole years, with 365 days for one: for dates that have no month.
    fn years(&self) -> Option<i64> {
        match self.unit {
            CalendarUnit::Year => self.whole(),
            CalendarUnit::Month => Some(self.whole()? / 12),
            _ => Some(self.days()? / 365),
        }
    }

    /// The date so much later; `None` outside the years 1 to 9999.
    pub(crate) fn after_date(&self, date: Date) -> Option<Date> {
        if date.month == 0 {
            return plus_months(date, self.years()?.checked_mul(12)?);
        }
        if date.day == 0 {
            return plus_months(date, self.months()?);
        }
        match self.unit {
            CalendarUnit::Year | CalendarUnit::Month => plus_months(date, self.months()?),
            _ => plus_days(date, self.days()?),
        }
    }

    /// The time so much later, after midnight again from the beginning; `None` for years and months.
    pub(crate) fn after_time(&self, time: Time) -> Option<Time> {
        Some(self.roll(time)?.1)
    }

    /// How many days later, and which time of that day.
    fn roll(&self, time: Time) -> Option<(i64, Time)> {
        let step = match time.detail {
            Detail::Hour => 3600 * SECOND,
            Detail::Minute => 60 * SECOND,
            Detail::Second => 1,
        };
        // What is finer than the time itself does not count.
        let added = self.nanoseconds()? / step * step;
        let seconds =
            i128::from(time.hour) * 3600 + i128::from(time.minute) * 60 + i128::from(time.second);
        let sum = (seconds * SECOND + i128::from(time.nanosecond)).checked_add(added)?;
        let (days, within) = (
            i64::try_from(sum.div_euclid(DAY)).ok()?,
            sum.rem_euclid(DAY),
        );
        let nanosecond = u32::try_from(within % SECOND).ok()?;
        let needed = if nanosecond == 0 {
            0
        } else if nanosecond.is_multiple_of(1_000_000) {
            3
        } else {
            9
        };
        let field = |value: i128| u8::try_from(value).ok();
        let later = Time {
            hour: field(within / SECOND / 3600)?,
            minute: field(within / SECOND / 60 % 60)?,
            second: field(within / SECOND % 60)?,
            nanosecond,
            digits: time.digits.max(needed),
            detail: time.detail,
        };
        Some((days, later))
    }

    /// The date with time so much later; `None` outside the years 1 to 9999.
    pub(crate) fn after(&self, moment: DateTime) -> Option<DateTime> {
        let Some(time) = moment.time else {
            let date = self.after_date(moment.date)?;
            return Some(DateTime { date, ..moment });
        };
        if self.unit.is_uneven() {
            let date = plus_months(moment.date, self.months()?)?;
            return Some(DateTime { date, ..moment });
        }
        let (days, time) = self.roll(time)?;
        Some(DateTime {
            date: plus_days(moment.date, days)?,
            time: Some(time),
            ..moment
        })
    }
}
