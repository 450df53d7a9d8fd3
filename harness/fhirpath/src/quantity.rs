//! Quantities: equal, equivalent, smaller, and the arithmetic that units allow. Not for units alone: unit.rs.

use crate::decimal;
use crate::unit::Unit;
use octofhir_ucum::Number;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// A value with a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity(Box<(Decimal, Unit)>);

impl Quantity {
    /// A quantity.
    pub fn new(value: Decimal, unit: Unit) -> Self {
        Self(Box::new((value, unit)))
    }

    /// A number as quantity.
    pub(crate) fn number(value: Decimal) -> Self {
        Self::new(value, Unit::one())
    }

    /// Its value.
    pub fn value(&self) -> Decimal {
        self.0.0
    }

    /// Its unit.
    pub fn unit(&self) -> &Unit {
        &self.0.1
    }

    pub(crate) fn with_value(&self, value: Decimal) -> Self {
        Self::new(value, self.unit().clone())
    }

    /// In base units, if both units measure the same: exact to 28 digits.
    fn in_base(&self, other: &Self) -> Option<(Number, Number)> {
        let (left, right) = (self.unit().meaning()?, other.unit().meaning()?);
        if !left.is_comparable(&right) {
            return None;
        }
        let base = |value: Decimal, factor: Number| number(value)?.checked_mul(factor);
        Some((
            base(self.value(), left.factor())?,
            base(other.value(), right.factor())?,
        ))
    }

    /// Whether one is a year or a month of the calendar and the other is not of the calendar: those are never equal.
    fn is_uneven_beside(&self, other: &Self) -> bool {
        let uneven = |unit: &Unit| matches!(unit, Unit::Calendar(it) if it.is_uneven());
        let (left, right) = (uneven(self.unit()), uneven(other.unit()));
        left != right
    }

    /// Which is more. `None` if the units do not compare.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.unit() == other.unit() {
            return Some(self.value().cmp(&other.value()));
        }
        if self.is_uneven_beside(other) {
            return None;
        }
        let (left, right) = self.in_base(other)?;
        Some(left.cmp(&right))
    }

    /// Whether the units measure the same.
    pub(crate) fn is_comparable(&self, other: &Self) -> bool {
        if self.unit() == other.unit() {
            return true;
        }
        match (self.unit().meaning(), other.unit().meaning()) {
            (Some(left), Some(right)) => left.is_comparable(&right),
            _ => false,
        }
    }

    /// Equal as exactly as the coarser of them is given, in the greater of both units.
    pub(crate) fn is_equivalent(&self, other: &Self) -> bool {
        if self.unit() == other.unit() {
            return decimal::equivalent(self.value(), other.value());
        }
        let (Some(left), Some(right)) = (self.unit().meaning(), other.unit().meaning()) else {
            return false;
        };
        let (greater, smaller) = if left.factor() >= right.factor() {
            (self, other)
        } else {
            (other, self)
        };
        match smaller.in_unit_of(greater) {
            Some(value) => decimal::equivalent(greater.value(), value),
            None => false,
        }
    }

    /// The value in the unit of the other.
    fn in_unit_of(&self, other: &Self) -> Option<Decimal> {
        if self.unit() == other.unit() {
            return Some(self.value());
        }
        let (own, _) = self.in_base(other)?;
        let value = own.checked_div(other.unit().meaning()?.factor())?;
        decimal_of(value)
    }

    /// The same quantity in another unit.
    pub(crate) fn to_unit(&self, unit: &Unit) -> Option<Self> {
        let one = Self::new(Decimal::ONE, unit.clone());
        Some(one.with_value(self.in_unit_of(&one)?))
    }

    /// Both in the unit of the first; `None` if the units do not compare.
    pub(crate) fn add(&self, other: &Self) -> Option<Self> {
        let sum = self.value().checked_add(other.in_unit_of(self)?)?;
        Some(self.with_value(sum))
    }

    /// Both in the unit of the first; `None` if the units do not compare.
    pub(crate) fn subtract(&self, other: &Self) -> Option<Self> {
        let difference = self.value().checked_sub(other.in_unit_of(self)?)?;
        Some(self.with_value(difference))
    }

    /// The codes of both units, if UCUM knows them.
    fn codes<'q>(&'q self, other: &'q Self) -> Option<(&'q str, &'q str)> {
        self.unit().meaning()?;
        other.unit().meaning()?;
        Some((self.unit().code()?, other.unit().code()?))
    }

    /// The product, in the product of the units.
    pub(crate) fn multiply(&self, other: &Self) -> Option<Self> {
        let product = self.value().checked_mul(other.value())?;
        let (left, right) = self.codes(other)?;
        let unit = octofhir_ucum::unit_multiply(left, right).ok()?;
        Some(Self::new(product, Unit::Ucum(unit.expression.into())))
    }

    /// The quotient, in the quotient of the units; `None` also for a divisor of zero.
    pub(crate) fn divide(&self, other: &Self) -> Option<Self> {
        let quotient = self.value().checked_div(other.value())?;
        if self.unit() == other.unit() {
            return Some(Self::number(quotient));
        }
        let (left, right) = self.codes(other)?;
        let unit = octofhir_ucum::unit_divide(left, right).ok()?;
        Some(Self::new(quotient, Unit::Ucum(unit.expression.into())))
    }
}

fn number(value: Decimal) -> Option<Number> {
    Number::parse(&value.to_string())
}

fn decimal_of(value: Number) -> Option<Decimal> {
    let text = value.to_string();
    // What has more digits than a decimal holds was rounded to 28 already.
    decimal::parse(&text).or_else(|| text.parse().ok())
}

/// As in an expression: `4 days`, `1.5 'mg'`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value(), self.unit())?;
        match self.unit() {
            Unit::Calendar(_) if self.value() != Decimal::ONE => f.write_str("s"),
            _ => Ok(()),
        }
    }
}
