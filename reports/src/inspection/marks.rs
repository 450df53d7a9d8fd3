//! Standings, answers and gaps as people see them: a shape, a word and a colour, never one of them alone.
//! Not for verdicts of runs: see `view/marks`.

use crate::view::marks::Mark;
use plumbline_inspect::{Gap, GroupRating, RunStanding, Standing, Status, Urgency, Weighs};

fn made(shape: &'static str, tone: &'static str, word: &str) -> Mark {
    Mark {
        shape,
        tone,
        word: word.to_owned(),
        reason: "",
    }
}

/// What is shown for an item.
pub(super) fn standing(standing: Standing) -> Mark {
    let (shape, tone) = match standing {
        Standing::Met => ("circle", "good"),
        Standing::PartlyMet => ("triangle", "concern"),
        Standing::NotMet => ("diamond", "concern"),
        Standing::NotEnough => ("open-square", "neutral"),
        Standing::NotApplicable => ("dash", "quiet"),
        Standing::NotAssessed => ("open-circle", "quiet"),
    };
    made(shape, tone, standing.label())
}

/// The organisation's own answer, or a view that differs.
pub(super) fn status(status: Status) -> Mark {
    let standing_of = match status {
        Status::Met => Standing::Met,
        Status::PartlyMet => Standing::PartlyMet,
        Status::NotMet => Standing::NotMet,
        Status::NotApplicable => Standing::NotApplicable,
        Status::NotAssessed => Standing::NotAssessed,
    };
    Mark {
        word: status.label().to_owned(),
        ..standing(standing_of)
    }
}

/// The inspector's rating of a group; `None` is too little evidence for one.
pub(super) fn rating(rating: Option<GroupRating>) -> Mark {
    match rating {
        Some(given) => {
            let (shape, tone) = match given {
                GroupRating::FullyMet | GroupRating::MostlyMet => ("circle", "good"),
                GroupRating::PartlyMet => ("triangle", "concern"),
                GroupRating::NotMet => ("diamond", "concern"),
                GroupRating::NotRated => ("open-circle", "quiet"),
            };
            made(shape, tone, given.label())
        }
        None => standing(Standing::NotEnough),
    }
}

/// How pressing an action is.
pub(super) fn urgency(urgency: Urgency) -> Mark {
    let (shape, tone) = match urgency {
        Urgency::Must => ("diamond", "concern"),
        Urgency::Should => ("triangle", "concern"),
        Urgency::Could => ("open-circle", "quiet"),
    };
    made(shape, tone, urgency.label())
}

/// What is no evidence.
pub(super) fn aside(standing: RunStanding) -> Mark {
    let word = match standing {
        RunStanding::Evidence => "Evidence",
        RunStanding::SupplierClaim => "Supplier's claim, not evidence",
        RunStanding::Mock => "Mock system, not evidence",
    };
    made("open-square", "neutral", word)
}

/// Which way evidence points.
pub(super) fn weighs(weighs: Weighs) -> Mark {
    let (shape, tone, word) = match weighs {
        Weighs::Supports => ("circle", "good", "Supports"),
        Weighs::Contradicts => ("diamond", "concern", "Contradicts"),
        Weighs::Neutral => ("dash", "quiet", "Neither"),
    };
    made(shape, tone, word)
}

/// The gap between the two answers, in words.
pub(super) fn gap(gap: Gap) -> String {
    let steps = |n: u8| if n == 1 { "1 step" } else { "2 steps" };
    match gap {
        Gap::Same => "the same".to_owned(),
        Gap::OwnHigher(n) => format!("own answer {} higher", steps(n)),
        Gap::OwnLower(n) => format!("own answer {} lower", steps(n)),
        Gap::NotComparable => "not comparable".to_owned(),
    }
}
