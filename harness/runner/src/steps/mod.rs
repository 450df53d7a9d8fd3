//! The families of steps. Adding a step is adding one entry to one family.

pub mod action;
mod asking;
pub mod assertion;
pub(crate) mod clock;
pub mod documents;
pub(crate) mod examine;
mod following;
pub mod form;
mod parameters;
pub mod provider;
mod referred;
pub(crate) mod register;
pub mod sending;
pub mod setup;
mod transport;
mod words;

use crate::placeholder;
use crate::step::StepDef;
use regex::Regex;

/// What is wrong with the arguments of a matching line, as (message, how to fix it).
pub(crate) fn argument_problem(
    def: &StepDef,
    regex: &Regex,
    text: &str,
) -> Option<(String, String)> {
    let found = regex.captures(text)?;
    for argument in found.iter().skip(1).flatten() {
        if let Some(unknown) = placeholder::unknown(argument.as_str()) {
            return Some((
                format!("the placeholder {{{unknown}}} does not exist"),
                format!("use one of {}", placeholder::list()),
            ));
        }
        if argument.as_str().is_empty() {
            return Some((
                "an argument is empty".to_owned(),
                format!("write it as in: {}", def.example),
            ));
        }
    }
    None
}
