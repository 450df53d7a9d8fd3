//! Arrows from one run to the next, grey where the change is within noise.
//! Not for deciding what is noise: the reading comes ready-made.

use super::canvas::{Anchor, BAND, Canvas, GREY, HEAD, Plate, RULE, Reading, TEXT, stroke};
use super::labels::shortened;
use super::scale::{Scale, axis_share, ends, share_ticks};

/// One measure before and now, from 0 to 1.
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) before: Option<f64>,
    pub(crate) now: Option<f64>,
    pub(crate) reading: Reading,
    /// "36 of 41, was 33 of 41".
    pub(crate) words: String,
}

const WIDTH: f64 = 880.0;
const LEFT: f64 = 208.0;
const RIGHT: f64 = 580.0;
const ROW: f64 = 30.0;
const TOP: f64 = HEAD + 4.0;

/// Draws the rows in their order.
pub(crate) fn draw(rows: &[Row], plate: &Plate) -> String {
    let count = f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    let bottom = TOP + count * ROW;
    let mut canvas = Canvas::new(WIDTH, bottom + 48.0);
    let shares = share_ticks(rows.iter().flat_map(|row| [row.before, row.now]).flatten());
    let x = Scale::new(ends(&shares), (LEFT, RIGHT));
    for share in &shares {
        let at = x.at(*share);
        canvas.line((at, TOP), (at, bottom), stroke(RULE, 1.0));
        canvas.words(
            &axis_share(*share),
            (at, bottom + 18.0),
            Anchor::Middle,
            GREY,
        );
    }
    canvas.words(
        "lower, out of 100",
        (LEFT, bottom + 40.0),
        Anchor::Start,
        GREY,
    );
    canvas.words("higher, better", (RIGHT, bottom + 40.0), Anchor::End, GREY);
    let mut middle = TOP + ROW / 2.0;
    for row in rows {
        let label = shortened(&row.label, LEFT - 20.0);
        canvas.words(&label, (0.0, middle + 5.0), Anchor::Start, TEXT);
        arrow(&mut canvas, row, middle, x);
        canvas.words(
            &row.words,
            (RIGHT + 20.0, middle + 5.0),
            Anchor::Start,
            GREY,
        );
        middle += ROW;
    }
    canvas.finish(plate)
}

fn arrow(canvas: &mut Canvas, row: &Row, middle: f64, x: Scale) {
    let Some(now) = row.now else {
        return;
    };
    let to = x.at(now);
    if let Some(before) = row.before {
        let from = x.at(before);
        let ink = match row.reading {
            Reading::Same | Reading::Unsure => BAND,
            Reading::Better | Reading::Worse | Reading::Neutral => row.reading.ink(),
        };
        if (to - from).abs() > 1.0 {
            canvas.line((from, middle), (to, middle), stroke(ink, 2.5));
        }
        canvas.line((from, middle - 6.0), (from, middle + 6.0), stroke(ink, 2.5));
    }
    canvas.mark(row.reading, (to, middle), 5.5);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    fn row(before: Option<f64>, now: Option<f64>, reading: Reading) -> Row {
        Row {
            label: "Identity".to_owned(),
            before,
            now,
            reading,
            words: "3 of 4, was 2 of 4".to_owned(),
        }
    }

    #[test]
    fn a_change_within_noise_is_grey_and_a_first_run_has_no_line() {
        let plate = Plate {
            id: "change".to_owned(),
            title: "Nothing changed".to_owned(),
            description: String::new(),
            stamp: Stamp::Real,
        };
        let made = draw(&[row(Some(0.5), Some(0.75), Reading::Same)], &plate);
        assert!(made.contains(BAND) && !made.contains("#005eb8"));
        let made = draw(&[row(Some(0.5), Some(0.75), Reading::Better)], &plate);
        assert!(made.contains("#005eb8"));
        let made = draw(&[row(None, Some(0.75), Reading::Same)], &plate);
        assert!(!made.contains("stroke-width=\"2.5\""));
        assert!(!draw(&[row(None, None, Reading::Unsure)], &plate).contains("<circle"));
    }
}
