//! Dots with intervals in groups of rows: products compared, domain by domain.
//! Not for one figure over all groups: there is none here.

use super::canvas::{Anchor, BAND, Canvas, GREY, HEAD, Plate, RULE, Reading, TEXT, stroke};
use super::labels::shortened;
use super::scale::{Scale, axis_share, ends, share_ticks};

/// The rows under one heading.
pub(crate) struct Group {
    pub(crate) heading: String,
    pub(crate) rows: Vec<Row>,
}

/// One row; shares from 0 to 1.
pub(crate) struct Row {
    pub(crate) name: String,
    /// Share with the ends of its interval; none where there is too little evidence.
    pub(crate) share: Option<(f64, f64, f64)>,
    pub(crate) reading: Reading,
    /// "118 of 120".
    pub(crate) words: String,
}

const WIDTH: f64 = 880.0;
const LEFT: f64 = 236.0;
const RIGHT: f64 = 700.0;
const ROW: f64 = 24.0;
const HEADING: f64 = 34.0;

/// Draws the groups in their order, all on one scale, which has room for the figures in `also` as well: charts
/// that belong together have one scale.
pub(crate) fn draw(groups: &[Group], also: &[f64], plate: &Plate) -> String {
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    let many = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let top = HEAD + 4.0;
    let headed = groups.iter().filter(|group| !group.heading.is_empty());
    let bottom = top + many(rows) * ROW + many(headed.count()) * HEADING;
    let mut canvas = Canvas::new(WIDTH, bottom + 48.0);
    let figures = groups
        .iter()
        .flat_map(|group| &group.rows)
        .filter_map(|row| row.share)
        .flat_map(|(_, low, high)| [low, high])
        .chain(also.iter().copied());
    let shares = share_ticks(figures);
    let x = Scale::new(ends(&shares), (LEFT, RIGHT));
    for share in &shares {
        let at = x.at(*share);
        canvas.line((at, top), (at, bottom), stroke(RULE, 1.0));
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
    let mut y = top;
    for group in groups {
        if !group.heading.is_empty() {
            canvas.halo((LEFT - 8.0, y), (RIGHT + 8.0, y + HEADING - 4.0));
            canvas.bold(
                &group.heading,
                (0.0, y + HEADING - 12.0),
                Anchor::Start,
                TEXT,
            );
            y += HEADING;
        }
        for row in &group.rows {
            one(&mut canvas, row, y + ROW / 2.0, x);
            y += ROW;
        }
    }
    canvas.finish(plate)
}

fn one(canvas: &mut Canvas, row: &Row, middle: f64, x: Scale) {
    let base = middle + 5.0;
    let name = shortened(&row.name, LEFT - 24.0);
    canvas.words(&name, (12.0, base), Anchor::Start, TEXT);
    if let Some((share, low, high)) = row.share {
        canvas.line((x.at(low), middle), (x.at(high), middle), stroke(BAND, 4.0));
        canvas.mark(row.reading, (x.at(share), middle), 5.0);
    }
    canvas.words(&row.words, (RIGHT + 16.0, base), Anchor::Start, GREY);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    #[test]
    fn each_row_has_its_words_and_only_what_is_known_is_drawn() {
        let row = |share| Row {
            name: "Riverside EPR 4.2".to_owned(),
            share,
            reading: Reading::Same,
            words: "118 of 120".to_owned(),
        };
        let groups = [Group {
            heading: "Identity".to_owned(),
            rows: vec![row(Some((0.9, 0.8, 0.95))), row(None)],
        }];
        let plate = Plate {
            id: "products".to_owned(),
            title: "No product is best".to_owned(),
            description: String::new(),
            stamp: Stamp::Synthetic,
        };
        let made = draw(&groups, &[], &plate);
        assert_eq!(made.matches("<circle").count(), 1);
        assert_eq!(made.matches(">118 of 120<").count(), 2);
        assert!(!draw(&[], &[], &plate).contains("NaN"));
    }
}
