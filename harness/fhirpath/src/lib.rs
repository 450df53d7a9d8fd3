//! The `FHIRPath` language over trees. Not for FHIR definitions.
//!
//! An [`Expression`] is compiled once and evaluated often, over elements that borrow from a
//! [`plumbline_tree::Tree`], of JSON or of XML. What FHIR's types are comes from the trait [`TypeInfo`]; what only
//! somebody else can answer (where a reference leads, whether a code is in a value set) from the trait [`Host`].
//! "Cannot know" is an answer: [`EvalError::Unknown`] reaches the caller, unless the rest of the expression decides
//! without it.
//!
//! The language is `FHIRPath` N1 (2.0) with the additions of FHIR R4, and the functions of `FHIRPath` 3.0 that the
//! official R4 suite uses. Decimals are exact to 28 digits and never binary fractions; what they cannot hold is an
//! error. Dates keep their precision, and what it leaves open is empty. No clock: `now()` is what the
//! [`Environment`] says. [`Limits`] bound the work, so that no expression hangs or grows without end.
//!
//! ```
//! use plumbline_fhirpath::{Alone, Element, Environment, Expression, Untyped};
//! use plumbline_tree::{Limits, Tree};
//!
//! let body = br#"{"resourceType": "Patient", "name": [{"family": "Example", "given": ["Anna", "Bea"]}]}"#;
//! let tree = Tree::parse(body.to_vec(), &Limits::default())?;
//! let expression = Expression::parse("name.given.count() = 2 and name.family.startsWith('Ex')")?;
//! let patient = Element::root(&tree, &Untyped);
//! let environment = Environment::new(&Untyped, &Alone, patient);
//! assert_eq!(expression.holds(&environment, patient)?, Some(true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "the functions of the language share one signature: some use up their input, some cannot fail"
)]

mod arithmetic;
mod boundary;
mod calendar;
mod collection;
mod compare;
mod convert;
mod decimal;
mod element;
mod encode;
mod environment;
mod equal;
mod error;
mod evaluate;
mod existence;
mod expression;
mod fhir;
mod function;
mod hash;
mod host;
mod kind;
mod literal;
mod logic;
mod maths;
mod moment;
mod navigate;
mod neighbours;
mod outline;
mod parse;
mod parse_call;
mod problems;
mod quantity;
mod regex_text;
mod returns;
mod sort;
mod subset;
mod syntax;
mod text;
mod token;
mod types;
mod unit;
mod value;

pub use collection::Collection;
pub use element::{ChildName, Element};
pub use environment::{Environment, Limits, Strictness};
pub use error::{EvalError, ParseError};
pub use expression::Expression;
pub use host::{Alone, Answer, Host, Resolved};
pub use moment::{Date, DateTime, Time};
pub use neighbours::Neighbours;
pub use outline::{Part, Presence, TextTest};
pub use problems::Problem;
pub use quantity::Quantity;
pub use rust_decimal::Decimal;
pub use types::{ChildType, SystemType, TypeId, TypeInfo, Untyped};
pub use unit::{CalendarUnit, Unit};
pub use value::Value;
