//! The funnel: shares against sample sizes, with limits within which chance alone explains a share.
//! Not for the limits themselves: they come ready-made.

use super::canvas::{Anchor, Canvas, FONT, GREY, HEAD, Plate, RULE, Reading, TEXT, dashed, stroke};
use super::labels::{Labels, Taken, spread, width_of};
use super::scale::{AXIS_WORDS, Scale, axis_share, ends, share_ticks, ticks};
use crate::view::words::thousands;

/// What the funnel shows.
pub(crate) struct Funnel {
    pub(crate) points: Vec<Point>,
    /// By rising sample size.
    pub(crate) limits: Vec<Limit>,
    /// The line in the middle, 0 to 1.
    pub(crate) centre: f64,
    /// What the line is called.
    pub(crate) centre_words: String,
    /// What is counted along the bottom.
    pub(crate) unit: &'static str,
}

/// One organisation.
pub(crate) struct Point {
    pub(crate) name: String,
    /// What stands beside it where the name has no room.
    pub(crate) code: String,
    pub(crate) n: u32,
    /// 0 to 1.
    pub(crate) share: f64,
    pub(crate) zone: Zone,
    pub(crate) own: Own,
}

/// Whether it is the organisation of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    Own,
    Other,
}

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Inside the 95 % limits.
    Inside,
    /// Between the 95 % and the 99.8 % limits: one in twenty is, by chance alone.
    Edge,
    /// Above the 99.8 % limit.
    Above,
    /// Below the 99.8 % limit.
    Below,
}

/// The limits at one sample size, 0 to 1.
pub(crate) struct Limit {
    pub(crate) n: f64,
    pub(crate) low_998: f64,
    pub(crate) low_95: f64,
    pub(crate) high_95: f64,
    pub(crate) high_998: f64,
}

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 132.0;
const TOP: f64 = HEAD + 20.0;
const BOTTOM: f64 = HEIGHT - 52.0;

/// The SVG, and how many outliers found no room for a label.
pub(crate) fn draw(funnel: &Funnel, plate: &Plate) -> (String, usize) {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let (x, y) = axes(&mut canvas, funnel);
    limits(&mut canvas, funnel, x, y);
    let mut order: Vec<&Point> = funnel.points.iter().collect();
    // Marks that matter are drawn last, on top; the order of the input decides between equals.
    order.sort_by_key(|point| (point.own == Own::Own, outlier(point)));
    for point in &order {
        let at = (x.at(f64::from(point.n)), y.at(point.share));
        canvas.mark(reading(point), at, size(point));
        if point.own == Own::Own {
            canvas.ring(at, 10.0);
        }
    }
    let unlabelled = label(&mut canvas, &order, x, y);
    (canvas.finish(plate), unlabelled)
}

fn outlier(point: &Point) -> bool {
    matches!(point.zone, Zone::Above | Zone::Below)
}

fn reading(point: &Point) -> Reading {
    match point.zone {
        Zone::Above => Reading::Better,
        Zone::Below => Reading::Worse,
        Zone::Inside | Zone::Edge => Reading::Same,
    }
}

fn size(point: &Point) -> f64 {
    if outlier(point) || point.own == Own::Own {
        5.5
    } else {
        4.0
    }
}

fn axes(canvas: &mut Canvas, funnel: &Funnel) -> (Scale, Scale) {
    let counts = || funnel.points.iter().map(|point| point.n);
    let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(1));
    let along = ticks(f64::from(least), f64::from(most.max(least + 1)), 6);
    let shares = share_ticks(funnel.points.iter().map(|p| p.share).chain([funnel.centre]));
    let x = Scale::new(ends(&along), (LEFT, RIGHT));
    let y = Scale::new(ends(&shares), (BOTTOM, TOP));
    for tick in &shares {
        let at = y.at(*tick);
        canvas.line((LEFT, at), (RIGHT, at), stroke(RULE, 1.0));
        canvas.words(
            &axis_share(*tick),
            (LEFT - 8.0, at + 5.0),
            Anchor::End,
            GREY,
        );
    }
    canvas.words(AXIS_WORDS, (0.0, 13.0), Anchor::Start, GREY);
    canvas.line((LEFT, BOTTOM), (RIGHT, BOTTOM), stroke(GREY, 1.0));
    for tick in &along {
        let words = thousands(whole(*tick));
        canvas.words(&words, (x.at(*tick), BOTTOM + 20.0), Anchor::Middle, GREY);
    }
    let middle = f64::midpoint(LEFT, RIGHT);
    canvas.words(funnel.unit, (middle, BOTTOM + 42.0), Anchor::Middle, GREY);
    (x, y)
}

/// A tick of counts as a count.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a tick between two counts of messages"
)]
fn whole(tick: f64) -> usize {
    tick.max(0.0).round() as usize
}

fn limits(canvas: &mut Canvas, funnel: &Funnel, x: Scale, y: Scale) {
    let middle = y.at(funnel.centre);
    canvas.line((LEFT, middle), (RIGHT, middle), stroke(TEXT, 1.5));
    let part = |pick: fn(&Limit) -> f64| -> Vec<(f64, f64)> {
        let all = funnel.limits.iter();
        all.map(|l| (x.at(l.n), y.at(pick(l)))).collect()
    };
    let drawn = [
        (part(|l| l.high_998), stroke(GREY, 1.0), "99.8% limit"),
        (part(|l| l.high_95), dashed(GREY, 1.0), "95% limit"),
        (part(|l| l.low_95), dashed(GREY, 1.0), "95% limit"),
        (part(|l| l.low_998), stroke(GREY, 1.0), "99.8% limit"),
    ];
    let mut named: Vec<(f64, &str, &str)> = vec![(middle, funnel.centre_words.as_str(), TEXT)];
    for (places, look, words) in &drawn {
        canvas.path(places, *look);
        if let Some((_, end)) = places.last() {
            named.push((*end, words, GREY));
        }
    }
    let wanted: Vec<f64> = named.iter().map(|(at, _, _)| *at).collect();
    let spots = spread(&wanted, FONT + 3.0, TOP, BOTTOM);
    for ((_, words, ink), spot) in named.iter().zip(spots) {
        canvas.words(words, (RIGHT + 8.0, spot + 5.0), Anchor::Start, ink);
    }
}

/// Labels the own organisation, then the outliers, the farthest from the middle first.
fn label(canvas: &mut Canvas, drawn: &[&Point], x: Scale, y: Scale) -> usize {
    let at = |point: &Point| (x.at(f64::from(point.n)), y.at(point.share));
    let taken = drawn
        .iter()
        .map(|point| Taken::around(at(point), size(point) + 1.0))
        .collect();
    let mut labels = Labels::new(Taken(LEFT + 2.0, TOP - 4.0, RIGHT, BOTTOM - 2.0), taken);
    let mut missing = 0;
    for point in drawn.iter().rev() {
        let own = point.own == Own::Own;
        if !own && !outlier(point) {
            continue;
        }
        let gap = if own { 10.0 } else { size(point) };
        let short = super::labels::shortened(&point.name, 210.0);
        let found = [short, point.code.clone()]
            .into_iter()
            .find_map(|words| Some((labels.place(&words, at(point), gap)?, words)));
        match found {
            Some(((spot, anchor), words)) => {
                let ink = if own { TEXT } else { reading(point).ink() };
                // The grid stops short of the words.
                let wide = width_of(&words);
                let left = match anchor {
                    Anchor::Start => spot.0,
                    Anchor::Middle => spot.0 - wide / 2.0,
                    Anchor::End => spot.0 - wide,
                };
                canvas.halo((left - 1.0, spot.1 - 11.0), (left + wide, spot.1 + 3.0));
                if own {
                    canvas.bold(&words, spot, anchor, ink);
                } else {
                    canvas.words(&words, spot, anchor, ink);
                }
            }
            None => missing += 1,
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    fn plate() -> Plate {
        Plate {
            id: "funnel".to_owned(),
            title: "One of three lies outside".to_owned(),
            description: "Three points.".to_owned(),
            stamp: Stamp::Synthetic,
        }
    }

    fn point(n: u32, share: f64, zone: Zone, own: Own) -> Point {
        Point {
            name: "Eastmarch and Upper Vale".to_owned(),
            code: "ZZ001".to_owned(),
            n,
            share,
            zone,
            own,
        }
    }

    fn funnel(points: Vec<Point>) -> Funnel {
        Funnel {
            points,
            limits: [10.0, 100.0, 500.0]
                .map(|n: f64| Limit {
                    n,
                    low_998: 0.9 - 3.0 / n.sqrt() * 0.3,
                    low_95: 0.9 - 2.0 / n.sqrt() * 0.3,
                    high_95: (0.9 + 2.0 / n.sqrt() * 0.3).min(1.0),
                    high_998: (0.9 + 3.0 / n.sqrt() * 0.3).min(1.0),
                })
                .into(),
            centre: 0.9,
            centre_words: "average 90%".to_owned(),
            unit: "messages sampled",
        }
    }

    #[test]
    fn only_outliers_and_the_own_organisation_are_labelled() {
        let (made, missing) = draw(
            &funnel(vec![
                point(100, 0.9, Zone::Inside, Own::Other),
                point(200, 0.85, Zone::Edge, Own::Other),
                point(400, 0.6, Zone::Below, Own::Other),
                point(50, 0.92, Zone::Inside, Own::Own),
            ]),
            &plate(),
        );
        assert_eq!(made.matches("Eastmarch").count(), 2);
        assert_eq!(missing, 0);
        assert!(made.contains("SYNTHETIC DATA</text>"));
        assert_eq!(made.matches("<circle").count(), 4, "three marks and a ring");
    }

    #[test]
    fn labels_without_room_are_counted_not_drawn_over_others() {
        let crowd = (0..60)
            .map(|_| point(300, 0.6, Zone::Below, Own::Other))
            .collect();
        let (made, missing) = draw(&funnel(crowd), &plate());
        assert!(missing > 40, "{missing}");
        let labelled = made.matches("Eastmarch").count() + made.matches("ZZ001").count();
        assert_eq!(labelled + missing, 60);
    }

    #[test]
    fn nothing_to_show_divides_nothing() {
        let (made, _) = draw(&funnel(Vec::new()), &plate());
        assert!(!made.contains("NaN") && !made.contains("inf"));
    }
}
