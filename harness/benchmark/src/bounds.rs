//! Best and worst case where something is undecided. No probability is assumed for the unknown.
//! Not for samples: those have intervals.

use crate::number::{Proportion, Share};
use serde::Serialize;

/// What a share can be, given what is undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// If everything undecided were broken.
    pub low: Share,
    /// If everything undecided were met.
    pub high: Share,
    /// Decided, of all.
    pub coverage: Proportion,
}

/// The bounds of a checklist; `None` if there is nothing on it.
pub fn bounds(met: u32, broken: u32, undecided: u32) -> Option<Bounds> {
    let decided = met.checked_add(broken)?;
    let all = decided.checked_add(undecided)?;
    Some(Bounds {
        low: Proportion::new(met, all)?.share()?,
        high: Proportion::new(met.checked_add(undecided)?, all)?.share()?,
        coverage: Proportion::new(decided, all)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_every_outcome() {
        let found = bounds(6, 2, 2).expect("bounds");
        assert_eq!((found.low.get(), found.high.get()), (0.6, 0.8));
        assert_eq!((found.coverage.met(), found.coverage.of()), (8, 10));
        assert_eq!(bounds(0, 0, 0), None);
        assert_eq!(bounds(u32::MAX, 1, 0), None);
        let nothing = bounds(0, 0, 3).expect("bounds");
        assert_eq!((nothing.low, nothing.high), (Share::NONE, Share::ALL));
        let all = bounds(3, 0, 0).expect("bounds");
        assert_eq!((all.low, all.high), (Share::ALL, Share::ALL));
    }
}
