//! Rank intervals of many organisations: between which places each could stand, given the uncertainty.
//! Not a ranking: the lines overlap, and that is what the chart is for.

use super::canvas::{Anchor, BAND, Canvas, GREY, HEAD, Plate, RULE, TEXT, stroke};
use super::scale::Scale;

/// The ranks between which one organisation lies, 1 is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ranks {
    pub(crate) best: u32,
    pub(crate) worst: u32,
}

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = WIDTH - 16.0;
const TOP: f64 = HEAD + 12.0;
const BOTTOM: f64 = HEIGHT - 34.0;

/// Draws one line for each organisation, by the middle of its interval.
pub(crate) fn draw(all: &[Ranks], plate: &Plate) -> String {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX).max(1);
    let y = Scale::new((1.0, f64::from(count.max(2))), (TOP, BOTTOM));
    for quarter in 0..=4_u32 {
        let rank = (1 + (count - 1) * quarter / 4).max(1);
        let at = y.at(f64::from(rank));
        canvas.line((LEFT, at), (RIGHT, at), stroke(RULE, 1.0));
        canvas.words(&rank.to_string(), (LEFT - 8.0, at + 5.0), Anchor::End, GREY);
    }
    let mut order = all.to_vec();
    order.sort_by_key(|ranks| (ranks.best + ranks.worst, ranks.best));
    let step = (RIGHT - LEFT) / f64::from(count);
    let mut x = LEFT + step / 2.0;
    let wide = (step * 0.55).clamp(1.2, 10.0);
    for ranks in order {
        let (best, worst) = (y.at(f64::from(ranks.best)), y.at(f64::from(ranks.worst)));
        canvas.line((x, best - 0.8), (x, worst + 0.8), stroke(BAND, wide));
        let middle = f64::midpoint(best, worst);
        canvas.line(
            (x - wide / 2.0, middle),
            (x + wide / 2.0, middle),
            stroke(TEXT, 1.5),
        );
        x += step;
    }
    let below = BOTTOM + 26.0;
    canvas.words(
        "each line is one organisation: best place above, worst below",
        (LEFT, below),
        Anchor::Start,
        GREY,
    );
    canvas.finish(plate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    #[test]
    fn one_line_for_each_and_none_divides_nothing() {
        let plate = Plate {
            id: "ranks".to_owned(),
            title: "Few can be told apart".to_owned(),
            description: String::new(),
            stamp: Stamp::Synthetic,
        };
        let ranks = |best, worst| Ranks { best, worst };
        let made = draw(&[ranks(1, 3), ranks(1, 3), ranks(2, 3)], &plate);
        assert_eq!(made.matches(BAND).count(), 3);
        assert!(!draw(&[], &plate).contains("NaN"));
        assert!(!draw(&[ranks(1, 1)], &plate).contains("NaN"));
    }
}
