//! The quartile bar: where one organisation stands in the four quarters of its peers.
//! Not for the cut points: they come ready-made.

use super::canvas::{Anchor, Canvas, FONT, GREY, HEAD, Plate, TEXT, stroke};
use super::labels::{shortened, width_of};
use super::scale::{Scale, axis_share};

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 148.0;
const LEFT: f64 = 24.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = HEAD + 44.0;
const BAR: f64 = 26.0;
/// From the lowest quarter to the highest.
const QUARTERS: [&str; 4] = ["#e8edee", "#d5dfe6", "#bccfdd", "#a3bfd5"];

/// The five figures that cut the peers into quarters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cuts {
    pub(crate) lowest: f64,
    pub(crate) lower: f64,
    pub(crate) median: f64,
    pub(crate) upper: f64,
    pub(crate) highest: f64,
}

/// What stands on the bar, each a share from 0 to 1.
pub(crate) struct Quartile {
    pub(crate) peers: Cuts,
    /// Name and share of the organisation.
    pub(crate) own: Option<(String, f64)>,
    /// The median of the country, where it is known.
    pub(crate) nation: Option<f64>,
}

/// Draws the bar.
pub(crate) fn draw(quartile: &Quartile, plate: &Plate) -> String {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let peers = quartile.peers;
    let others = [quartile.own.as_ref().map(|own| own.1), quartile.nation];
    let all = || others.into_iter().flatten();
    let low = all().fold(peers.lowest, f64::min);
    let high = all().fold(peers.highest, f64::max);
    let x = Scale::new((low, high), (LEFT, RIGHT));
    let cuts = [
        peers.lowest,
        peers.lower,
        peers.median,
        peers.upper,
        peers.highest,
    ];
    let bottom = TOP + BAR;
    for (pair, ink) in cuts.windows(2).zip(QUARTERS) {
        canvas.bar((x.at(pair[0]), TOP), (x.at(pair[1]), bottom), ink);
        canvas.line(
            (x.at(pair[0]), TOP),
            (x.at(pair[0]), bottom),
            stroke("#fff", 2.0),
        );
    }
    below(&mut canvas, &cuts, x, bottom);
    let median = x.at(peers.median);
    canvas.line(
        (median, TOP - 4.0),
        (median, bottom + 4.0),
        stroke(TEXT, 2.0),
    );
    let mut above = vec![(median, "peer median".to_owned(), Weight::Plain)];
    if let Some(nation) = quartile.nation {
        let at = x.at(nation);
        canvas.line(
            (at, TOP - 4.0),
            (at, bottom + 4.0),
            super::canvas::dashed(TEXT, 2.0),
        );
        above.push((at, "all organisations, median".to_owned(), Weight::Plain));
    }
    if let Some((name, share)) = &quartile.own {
        let at = (x.at(*share), f64::midpoint(TOP, bottom));
        canvas.dot(at, 8.0, TEXT);
        above.push((at.0, shortened(name, 420.0), Weight::Bold));
    }
    captions(&mut canvas, &above);
    canvas.finish(plate)
}

#[derive(Clone, Copy)]
enum Weight {
    Plain,
    Bold,
}

/// The figures of the cuts, left out where they would touch; the table has all of them.
fn below(canvas: &mut Canvas, cuts: &[f64], x: Scale, bottom: f64) {
    let mut free_from = 0.0;
    for cut in cuts {
        let words = axis_share((cut * 1000.0).round() / 1000.0);
        let wide = width_of(&words);
        let at = x.at(*cut).clamp(wide / 2.0, WIDTH - wide / 2.0);
        if at - wide / 2.0 >= free_from {
            canvas.words(&words, (at, bottom + 20.0), Anchor::Middle, GREY);
            free_from = at + wide / 2.0 + 8.0;
        }
    }
}

/// Names above the bar in as many lines as they need.
fn captions(canvas: &mut Canvas, above: &[(f64, String, Weight)]) {
    let mut lines: Vec<f64> = Vec::new();
    let mut order: Vec<&(f64, String, Weight)> = above.iter().collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    for (at, words, weight) in order {
        let wide = width_of(words);
        let centre = at.clamp(wide / 2.0, WIDTH - wide / 2.0);
        let left = centre - wide / 2.0;
        let line = lines.iter().position(|end| *end <= left);
        let line = line.unwrap_or_else(|| {
            lines.push(0.0);
            lines.len() - 1
        });
        lines[line] = centre + wide / 2.0 + 12.0;
        let up = f64::from(u32::try_from(line).unwrap_or(0)) * (FONT + 4.0);
        let spot = (centre, TOP - 10.0 - up);
        match weight {
            Weight::Plain => canvas.words(words, spot, Anchor::Middle, GREY),
            Weight::Bold => canvas.bold(words, spot, Anchor::Middle, TEXT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    #[test]
    fn four_bands_and_three_names_that_do_not_touch() {
        let plate = Plate {
            id: "q".to_owned(),
            title: "In the second quarter".to_owned(),
            description: String::new(),
            stamp: Stamp::Synthetic,
        };
        let quartile = Quartile {
            peers: Cuts {
                lowest: 0.6,
                lower: 0.7,
                median: 0.75,
                upper: 0.8,
                highest: 0.9,
            },
            own: Some(("Eastmarch".to_owned(), 0.74)),
            nation: Some(0.755),
        };
        let made = draw(&quartile, &plate);
        assert_eq!(made.matches("<rect").count(), 4);
        let heights: std::collections::BTreeSet<&str> =
            ["peer median", "all organisations", "Eastmarch"]
                .iter()
                .filter_map(|name| {
                    let before = made.split(&format!(">{name}")).next()?;
                    before.rsplit("y=\"").next()?.split('"').next()
                })
                .collect();
        assert_eq!(
            heights.len(),
            3,
            "three names close together stand on three lines"
        );
    }
}
