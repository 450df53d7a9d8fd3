//! The control chart of one measure over time: points, mean, natural limits, target, notes.
//! Not for the limits or the rules: what a point means comes ready-made.

use super::canvas::{Anchor, Canvas, FONT, GREY, HEAD, Plate, Reading, TEXT};
use super::labels::{spread, width_of};
use super::scale::{AXIS_WORDS, Scale, axis_share, ends, share_ticks};
use crate::format::ReportError;
use plotters::prelude::*;

/// A series of shares from 0 to 1.
pub(crate) struct Series {
    pub(crate) points: Vec<Month>,
    /// Limits; more than one where they were worked out anew after a change.
    pub(crate) spans: Vec<Span>,
    pub(crate) target: Option<f64>,
    /// What is known to have changed, by the index of the first point after it.
    pub(crate) notes: Vec<(usize, String)>,
}

/// One point.
pub(crate) struct Month {
    /// "Nov 2024".
    pub(crate) label: String,
    pub(crate) value: f64,
    pub(crate) reading: Reading,
}

/// Limits from one point to another, both included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) low: f64,
    pub(crate) mean: f64,
    pub(crate) high: f64,
}

/// How large the chart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// Over the whole column.
    Wide,
    /// Two in a row.
    Half,
}

struct Frame {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Size {
    const fn frame(self) -> Frame {
        let (width, height) = match self {
            Self::Wide => (880.0, 320.0),
            Self::Half => (500.0, 270.0),
        };
        Frame {
            width,
            height,
            left: 48.0,
            right: width - 96.0,
            top: HEAD + 34.0,
            bottom: height - 34.0,
        }
    }
}

const GRID: RGBColor = RGBColor(0xd8, 0xdd, 0xe0);
const INK: RGBColor = RGBColor(0x21, 0x2b, 0x32);
const QUIET: RGBColor = RGBColor(0x4c, 0x62, 0x72);
/// Two colours next to those of the house: the drawing library knows no dashes, so lines in them are dashed after.
const DASHED: RGBColor = RGBColor(0x4c, 0x62, 0x73);
const TARGET: RGBColor = RGBColor(0x21, 0x2b, 0x33);

/// Draws the series.
pub(crate) fn draw(series: &Series, size: Size, plate: &Plate) -> Result<String, ReportError> {
    let frame = size.frame();
    let limits = series.spans.iter().flat_map(|s| [s.low, s.high]);
    let values = series.points.iter().map(|p| p.value);
    let shares = share_ticks(
        values
            .chain(limits.map(|limit| limit.clamp(0.0, 1.0)))
            .chain(series.target),
    );
    let y = Scale::new(ends(&shares), (frame.bottom, frame.top));
    let last = f64::from(u32::try_from(series.points.len().saturating_sub(1)).unwrap_or(u32::MAX));
    let x = Scale::new((0.0, last), (frame.left + 10.0, frame.right - 10.0));
    let lines = lines(series, &frame, x, y, &shares).map_err(|cause| ReportError::Chart {
        chart: plate.id.clone(),
        cause,
    })?;
    let mut canvas = Canvas::new(frame.width, frame.height);
    canvas.adopt(&lines);
    for (index, point) in series.points.iter().enumerate() {
        let at = (x.at(step(index)), y.at(point.value));
        canvas.mark(point.reading, at, 5.0);
    }
    words(&mut canvas, series, &frame, x, y, &shares);
    Ok(canvas.finish(plate))
}

fn step(index: usize) -> f64 {
    f64::from(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Whole pixels, as the drawing library takes them.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a place on a drawing of at most a thousand pixels"
)]
fn pixel(at: f64) -> i32 {
    at.clamp(0.0, 10_000.0).round() as i32
}

/// Grid, limits, mean, target and the line through the points.
fn lines(
    series: &Series,
    frame: &Frame,
    x: Scale,
    y: Scale,
    shares: &[f64],
) -> Result<String, String> {
    let mut svg = String::new();
    {
        let size = (
            pixel(frame.width).unsigned_abs(),
            pixel(frame.height).unsigned_abs(),
        );
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let line = |places: Vec<(f64, f64)>, style: ShapeStyle| {
            let places: Vec<(i32, i32)> = places
                .into_iter()
                .map(|(x, y)| (pixel(x), pixel(y)))
                .collect();
            area.draw(&PathElement::new(places, style))
                .map_err(|error| error.to_string())
        };
        let across = |from: f64, to: f64, at: f64| vec![(from, at), (to, at)];
        for share in shares {
            line(
                across(frame.left, frame.right, y.at(*share)),
                GRID.stroke_width(1),
            )?;
        }
        for (index, _) in &series.notes {
            let at = x.at((step(*index) - 0.5).max(0.0));
            line(
                vec![(at, frame.top), (at, frame.bottom)],
                TARGET.stroke_width(1),
            )?;
        }
        for span in &series.spans {
            let (from, to) = (reach(span.first, -0.5, x), reach(span.last, 0.5, x));
            line(across(from, to, y.at(span.mean)), INK.stroke_width(1))?;
            for limit in [span.low, span.high] {
                if inside(limit, shares) {
                    line(across(from, to, y.at(limit)), DASHED.stroke_width(1))?;
                }
            }
        }
        if let Some(target) = series.target {
            line(
                across(frame.left, frame.right, y.at(target)),
                TARGET.stroke_width(2),
            )?;
        }
        let points = series.points.iter().enumerate();
        let places = points
            .map(|(i, p)| (x.at(step(i)), y.at(p.value)))
            .collect();
        line(places, QUIET.stroke_width(1))?;
        area.present().map_err(|error| error.to_string())?;
    }
    Ok(svg
        .replace(
            "stroke=\"#4C6273\"",
            "stroke=\"#4C6272\" stroke-dasharray=\"6 4\"",
        )
        .replace(
            "stroke=\"#212B33\"",
            "stroke=\"#212B32\" stroke-dasharray=\"2 3\"",
        ))
}

/// Half a step beyond a point, so that the limits of one point have a length.
fn reach(index: usize, beyond: f64, x: Scale) -> f64 {
    let at = x.at(step(index));
    if beyond < 0.0 { at - 8.0 } else { at + 8.0 }
}

fn inside(limit: f64, shares: &[f64]) -> bool {
    let (low, high) = ends(shares);
    (low..=high).contains(&limit)
}

fn words(canvas: &mut Canvas, series: &Series, frame: &Frame, x: Scale, y: Scale, shares: &[f64]) {
    canvas.words(AXIS_WORDS, (0.0, 13.0), Anchor::Start, GREY);
    for share in shares {
        let at = (frame.left - 8.0, y.at(*share) + 5.0);
        canvas.words(&axis_share(*share), at, Anchor::End, GREY);
    }
    let mut named: Vec<(f64, &str, &str)> = Vec::new();
    if let Some(span) = series.spans.last() {
        named.push((y.at(span.mean), "mean", TEXT));
        for (limit, words) in [(span.high, "upper limit"), (span.low, "lower limit")] {
            if inside(limit, shares) {
                named.push((y.at(limit), words, GREY));
            }
        }
    }
    if let Some(target) = series.target {
        named.push((y.at(target), "target", TEXT));
    }
    let wanted: Vec<f64> = named.iter().map(|(at, _, _)| *at).collect();
    let spots = spread(&wanted, FONT + 2.0, frame.top, frame.bottom);
    for ((_, words, ink), spot) in named.iter().zip(spots) {
        canvas.words(words, (frame.right + 8.0, spot + 5.0), Anchor::Start, ink);
    }
    months(canvas, series, frame, x);
    notes(canvas, series, frame, x);
}

/// The first, the last, and as many between as have room.
fn months(canvas: &mut Canvas, series: &Series, frame: &Frame, x: Scale) {
    let Some(last) = series.points.len().checked_sub(1) else {
        return;
    };
    let wide = width_of("Nov 2026") + 10.0;
    let mut free_from = 0.0;
    for (index, point) in series.points.iter().enumerate() {
        let at = x.at(step(index));
        let before_last = index == last || at + wide * 1.05 <= x.at(step(last));
        if at - wide / 2.0 >= free_from && before_last && (index % 3 == 0 || index == last) {
            canvas.words(
                &point.label,
                (at, frame.bottom + 22.0),
                Anchor::Middle,
                GREY,
            );
            free_from = at + wide / 2.0;
        }
    }
}

/// Notes of changes stand above the chart, each beside its line, where they do not touch the one before.
fn notes(canvas: &mut Canvas, series: &Series, frame: &Frame, x: Scale) {
    let mut free_from = frame.left;
    let mut order: Vec<&(usize, String)> = series.notes.iter().collect();
    order.sort();
    for (index, words) in order {
        let wide = width_of(words);
        let at = x.at((step(*index) - 0.5).max(0.0));
        let left = at.min(frame.width - wide - 2.0).max(free_from);
        if left + wide <= frame.width {
            canvas.words(words, (left, frame.top - 15.0), Anchor::Start, TEXT);
            free_from = left + wide + 12.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    fn plate() -> Plate {
        Plate {
            id: "trend".to_owned(),
            title: "A real improvement".to_owned(),
            description: String::new(),
            stamp: Stamp::Synthetic,
        }
    }

    fn series(months: u32) -> Series {
        let reading = |index| {
            if index > 12 {
                Reading::Better
            } else {
                Reading::Same
            }
        };
        let points: Vec<Month> = (0..months)
            .map(|index| Month {
                label: format!("M {index}"),
                value: 0.7 + f64::from(index % 3) / 50.0,
                reading: reading(index),
            })
            .collect();
        let span = |last| Span {
            first: 0,
            last,
            low: 0.65,
            mean: 0.71,
            high: 1.2,
        };
        Series {
            spans: points.len().checked_sub(1).map(span).into_iter().collect(),
            points,
            target: Some(0.8),
            notes: vec![(12, "EPR upgraded".to_owned())],
        }
    }

    #[test]
    fn a_limit_that_no_share_can_reach_is_not_drawn() {
        let made = draw(&series(24), Size::Wide, &plate()).expect("a chart");
        assert!(made.contains(">lower limit<") && !made.contains(">upper limit<"));
        assert!(made.contains(">target<") && made.contains(">EPR upgraded<"));
        assert!(made.contains(">SYNTHETIC DATA</text>"));
        assert!(made.contains("stroke-dasharray=\"6 4\""));
        assert_eq!(made.matches("fill=\"#005eb8\"").count(), 11);
    }

    #[test]
    fn one_point_or_none_divide_nothing() {
        for months in [0, 1, 2] {
            let mut few = series(months);
            few.notes.clear();
            let made = draw(&few, Size::Half, &plate()).expect("a chart");
            assert!(!made.contains("NaN"), "{months}");
        }
    }
}
