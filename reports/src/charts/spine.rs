//! The spine: many measures of one organisation against its peers, each scaled so that right is better
//! and the average of the peers is the line in the middle.
//! Not for deciding what differs: the reading comes ready-made.

use super::canvas::{
    Anchor, BAND, Canvas, FONT, GREY, HEAD, Plate, RULE, Reading, TEXT, WASH, stroke,
};
use super::labels::wrapped;
use super::scale::Scale;

/// One measure.
pub(crate) struct Row {
    pub(crate) label: String,
    /// Where everything lies; none where there is too little evidence.
    pub(crate) places: Option<Places>,
    pub(crate) reading: Reading,
    /// "39 of 60".
    pub(crate) own_words: String,
    /// "55".
    pub(crate) others_words: String,
    /// "higher".
    pub(crate) reading_words: String,
}

/// Places on the line of a measure, from 0 (worst) to 1 (best); the middle of the others is at 0.5.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    pub(crate) worst: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
    pub(crate) best: f64,
    pub(crate) own: f64,
}

const WIDTH: f64 = 880.0;
const ROW: f64 = 40.0;
const LEFT: f64 = 208.0;
const RIGHT: f64 = 520.0;
const OWN: f64 = 618.0;
const OTHERS: f64 = 706.0;
const READING: f64 = 722.0;
const TOP: f64 = HEAD + 30.0;

/// Draws the rows in their order.
pub(crate) fn draw(rows: &[Row], plate: &Plate) -> String {
    let count = f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    let bottom = TOP + count * ROW;
    let mut canvas = Canvas::new(WIDTH, bottom + 30.0);
    let head = TOP - 12.0;
    let middle = f64::midpoint(LEFT, RIGHT);
    canvas.words("This trust", (OWN, head), Anchor::End, GREY);
    canvas.words("Median", (OTHERS, head), Anchor::End, GREY);
    canvas.words("Reading", (READING, head), Anchor::Start, GREY);
    canvas.words("median of all", (middle, head), Anchor::Middle, GREY);
    let mut top = TOP;
    for row in rows {
        canvas.line((0.0, top), (WIDTH, top), stroke(RULE, 1.0));
        one(&mut canvas, row, top + ROW / 2.0);
        top += ROW;
    }
    canvas.line((0.0, bottom), (WIDTH, bottom), stroke(RULE, 1.0));
    canvas.words("worse", (LEFT, bottom + 20.0), Anchor::Start, GREY);
    canvas.words("better", (RIGHT, bottom + 20.0), Anchor::End, GREY);
    canvas.finish(plate)
}

fn one(canvas: &mut Canvas, row: &Row, middle: f64) {
    let lines = wrapped(&row.label, LEFT - 24.0, 2);
    let first = if lines.len() == 1 { 5.0 } else { -3.0 };
    let mut line_at = middle + first;
    for line in &lines {
        canvas.words(line, (0.0, line_at), Anchor::Start, TEXT);
        line_at += FONT + 2.0;
    }
    if let Some(places) = row.places {
        let x = Scale::new((0.0, 1.0), (LEFT, RIGHT));
        let bar = |canvas: &mut Canvas, low: f64, high: f64, ink| {
            canvas.bar((x.at(low), middle - 6.0), (x.at(high), middle + 6.0), ink);
        };
        bar(canvas, places.worst, places.best, WASH);
        bar(canvas, places.lower, places.upper, BAND);
        let centre = x.at(0.5);
        canvas.line(
            (centre, middle - 14.0),
            (centre, middle + 14.0),
            stroke(TEXT, 2.0),
        );
        canvas.mark(row.reading, (x.at(places.own), middle), 6.5);
    }
    let base = middle + 5.0;
    canvas.words(&row.own_words, (OWN, base), Anchor::End, TEXT);
    canvas.words(&row.others_words, (OTHERS, base), Anchor::End, TEXT);
    let ink = row.reading.ink();
    canvas.words(&row.reading_words, (READING, base), Anchor::Start, ink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    const PLACES: Places = Places {
        worst: 0.0,
        lower: 0.3,
        upper: 0.7,
        best: 0.9,
        own: 0.8,
    };

    fn row(places: Option<Places>, reading: Reading) -> Row {
        Row {
            label: "Medicines and allergies".to_owned(),
            places,
            reading,
            own_words: "39 of 60".to_owned(),
            others_words: "55".to_owned(),
            reading_words: "higher".to_owned(),
        }
    }

    fn plate() -> Plate {
        Plate {
            id: "spine".to_owned(),
            title: "Better in one".to_owned(),
            description: String::new(),
            stamp: Stamp::Synthetic,
        }
    }

    #[test]
    fn too_little_evidence_draws_no_mark() {
        let made = draw(&[row(None, Reading::Unsure)], &plate());
        assert!(!made.contains("<circle") && !made.contains("<rect"));
        let made = draw(&[row(Some(PLACES), Reading::Better)], &plate());
        assert_eq!(made.matches("<circle").count(), 1);
        let worse = draw(&[row(Some(PLACES), Reading::Worse)], &plate());
        assert!(!worse.contains("<circle"), "a diamond");
    }
}
