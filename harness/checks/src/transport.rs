//! The connection that a step tried, and whether it shows anything. Not for judging it: that is for
//! the checks.

use crate::observed::{Observed, Reached, Transport};
use crate::sheet::{At, Sheet};
use plumbline_model::{Shown, SkipReason};

/// How a connection ended.
pub(crate) enum Ended<'o> {
    /// It was let in.
    LetIn {
        /// How that showed.
        how: &'o str,
    },
    /// It was refused.
    TurnedAway {
        /// How that showed.
        how: &'o str,
    },
}

/// What was tried and how it ended; without either there is nothing to judge, which the sheet is told.
pub(crate) fn tried<'o>(
    sheet: &mut Sheet,
    observed: &'o Observed<'_>,
) -> Option<(&'o Transport, Ended<'o>)> {
    let Some(transport) = &observed.transport else {
        sheet.undecided(
            SkipReason::EarlierStep,
            At::page(0),
            "no connection was tried",
            Shown::ours("nothing"),
            "Put a When step that tries a connection before it",
        );
        return None;
    };
    match &transport.outcome {
        Reached::Accepted { how } => Some((transport, Ended::LetIn { how })),
        Reached::Refused { how } => Some((transport, Ended::TurnedAway { how })),
        Reached::Unclear { why } => {
            sheet.undecided(
                SkipReason::NotObservable,
                At::page(0),
                "the connection was neither let in nor refused",
                Shown::ours(why.clone()),
                "See what stands between Plumbline and the system, and run again",
            );
            None
        }
    }
}
