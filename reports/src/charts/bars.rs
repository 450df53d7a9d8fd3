//! Bars of counts, each with its words at the end: what fails most often.
//! Not for shares without counts: the words carry both.

use super::canvas::{Anchor, Canvas, FONT, GREY, HEAD, Plate, Reading, TEXT, stroke};
use super::labels::wrapped;
use super::scale::Scale;

/// One bar.
pub(crate) struct Bar {
    pub(crate) label: String,
    /// Under the label, smaller: the id, and whether it is marked safety-relevant.
    pub(crate) note: String,
    pub(crate) part: u32,
    pub(crate) whole: u32,
    /// "46 of 215 fail".
    pub(crate) words: String,
    pub(crate) reading: Reading,
}

const WIDTH: f64 = 880.0;
const LEFT: f64 = 372.0;
const RIGHT: f64 = 720.0;
const ROW: f64 = 62.0;
const TOP: f64 = HEAD + 4.0;

/// Draws the bars from a line at zero; the full width is all.
pub(crate) fn draw(bars: &[Bar], plate: &Plate) -> String {
    let rows = f64::from(u32::try_from(bars.len()).unwrap_or(u32::MAX));
    let bottom = TOP + rows * ROW;
    let mut canvas = Canvas::new(WIDTH, bottom + 28.0);
    let mut top = TOP;
    for bar in bars {
        let x = Scale::new((0.0, f64::from(bar.whole.max(1))), (LEFT, RIGHT));
        let lines = wrapped(&bar.label, LEFT - 28.0, 2);
        let many = f64::from(u32::try_from(lines.len()).unwrap_or(2));
        let mut base = top + ROW / 2.0 - many * 8.0 + 4.0;
        for line in &lines {
            canvas.words(line, (0.0, base), Anchor::Start, TEXT);
            base += FONT + 2.0;
        }
        canvas.words(&bar.note, (0.0, base), Anchor::Start, GREY);
        let middle = top + ROW / 2.0;
        let end = x.at(f64::from(bar.part));
        canvas.bar((LEFT, middle - 9.0), (end, middle + 9.0), bar.reading.ink());
        canvas.words(&bar.words, (end + 8.0, middle + 5.0), Anchor::Start, TEXT);
        top += ROW;
    }
    canvas.line((LEFT, TOP), (LEFT, bottom), stroke(TEXT, 1.0));
    canvas.words("none", (LEFT, bottom + 20.0), Anchor::Start, GREY);
    canvas.words("all", (RIGHT, bottom + 20.0), Anchor::End, GREY);
    canvas.finish(plate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    #[test]
    fn bars_start_at_zero_and_say_their_counts() {
        let plate = Plate {
            id: "failed".to_owned(),
            title: "One rule fails most".to_owned(),
            description: String::new(),
            stamp: Stamp::Synthetic,
        };
        let bar = Bar {
            label: "Allergies are returned".to_owned(),
            note: "UKA-ALG-003".to_owned(),
            part: 46,
            whole: 0,
            words: "46 of 215 fail".to_owned(),
            reading: Reading::Worse,
        };
        let made = draw(&[bar], &plate);
        assert!(made.contains("46 of 215 fail") && made.contains("SYNTHETIC DATA"));
        assert!(!made.contains("NaN") && made.contains("class=\"bar-concern\""));
    }
}
