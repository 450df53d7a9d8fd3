//! The connection that a step tried. Not for judging it: that is for the checks.

use crate::observed::{Observed, Transport};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason};

/// What was tried; without it there is nothing to judge, which the sheet is told.
pub(crate) fn tried<'o>(sheet: &mut Sheet, observed: &'o Observed<'_>) -> Option<&'o Transport> {
    if observed.transport.is_none() {
        sheet.undecided(
            SkipReason::EarlierStep,
            At::page(0),
            "no connection was tried",
            Shown::ours("nothing"),
            "Put a When step that tries a connection before it",
        );
    }
    observed.transport.as_ref()
}
