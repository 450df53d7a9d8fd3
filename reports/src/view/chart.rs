//! Bar charts as SVG text: direct labels, a zero line, bounds as a thin line, the same bytes always.
//! Not for the titles and tables around a chart: `view::figures` makes them.

use crate::format::ReportError;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write as _;

/// One bar, from 0 to 1000 tenths.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    pub(crate) label: String,
    /// `None` where nothing is decided.
    pub(crate) tenths: Option<u16>,
    pub(crate) low: u16,
    pub(crate) high: u16,
    /// What stands at the end of the bar.
    pub(crate) value: String,
    /// Whether the bar is drawn in the colour of concern.
    pub(crate) concern: bool,
}

const WIDTH: u32 = 780;
const ROW: i32 = 36;
const LEFT: i32 = 196;
const SPAN: i32 = 400;
const FOOT: i32 = 28;
/// The drawing library writes four fifths of this into the SVG: 14 px.
const FONT: i32 = 17;

const TEXT: RGBColor = RGBColor(0x21, 0x2b, 0x32);
const GREY: RGBColor = RGBColor(0x4c, 0x62, 0x72);
const RULE: RGBColor = RGBColor(0xd8, 0xdd, 0xe0);
const GOOD: RGBColor = RGBColor(0x00, 0x5e, 0xb8);
const CONCERN: RGBColor = RGBColor(0xc1, 0x4f, 0x00);

/// Draws the bars; `id` must be unique on the page.
pub(crate) fn bars(
    id: &str,
    title: &str,
    description: &str,
    bars: &[Bar],
) -> Result<String, ReportError> {
    let rows = i32::try_from(bars.len()).unwrap_or(i32::MAX / ROW - 1);
    let height = rows * ROW + FOOT + 4;
    let mut svg = String::new();
    {
        let size = (WIDTH, u32::try_from(height).unwrap_or(FOOT.unsigned_abs()));
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&area, bars, rows * ROW).map_err(|cause| ReportError::Chart {
            chart: id.to_owned(),
            cause,
        })?;
    }
    Ok(accessible(&svg, id, title, description))
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn draw(area: &Area<'_>, bars: &[Bar], bottom: i32) -> Result<(), String> {
    let at = |tenths: u16| LEFT + SPAN * i32::from(tenths) / 1000;
    let text = |words: &str, x: i32, y: i32, colour: RGBColor, h: HPos| {
        let style = TextStyle::from(("sans-serif", FONT).into_font())
            .color(&colour)
            .pos(Pos::new(h, VPos::Center));
        area.draw_text(words, &style, (x, y))
            .map_err(|e| e.to_string())
    };
    let line = |points: Vec<(i32, i32)>, style: ShapeStyle| {
        area.draw(&PathElement::new(points, style))
            .map_err(|e| e.to_string())
    };
    for tick in [0_u16, 250, 500, 750, 1000] {
        let colour = if tick == 0 { TEXT } else { RULE };
        line(
            vec![(at(tick), 0), (at(tick), bottom)],
            colour.stroke_width(1),
        )?;
        let words = (tick / 10).to_string();
        text(&words, at(tick), bottom + 14, GREY, HPos::Center)?;
    }
    for (row, bar) in (0..).zip(bars) {
        let middle = row * ROW + ROW / 2;
        text(&bar.label, 0, middle, TEXT, HPos::Left)?;
        let colour = if bar.concern { CONCERN } else { GOOD };
        if let Some(tenths) = bar.tenths {
            let corners = [(LEFT, middle - 8), (at(tenths), middle + 8)];
            area.draw(&Rectangle::new(corners, colour.filled()))
                .map_err(|e| e.to_string())?;
        }
        if bar.low < bar.high {
            // White below dark, so that the line shows on the bar as well as beside it.
            for stroke in [WHITE.stroke_width(5), TEXT.stroke_width(2)] {
                line(vec![(at(bar.low), middle), (at(bar.high), middle)], stroke)?;
                for end in [bar.low, bar.high] {
                    line(vec![(at(end), middle - 5), (at(end), middle + 5)], stroke)?;
                }
            }
        }
        let reach = at(bar.tenths.unwrap_or(0));
        let reach = if bar.low < bar.high {
            reach.max(at(bar.high))
        } else {
            reach
        };
        // The grid stops short of the words.
        let words = i32::try_from(bar.value.chars().count()).unwrap_or(0) * 8;
        let corners = [(reach + 5, middle - 10), (reach + 12 + words, middle + 10)];
        area.draw(&Rectangle::new(corners, WHITE.filled()))
            .map_err(|e| e.to_string())?;
        text(&bar.value, reach + 10, middle, TEXT, HPos::Left)?;
    }
    area.present().map_err(|e| e.to_string())
}

/// Adds role, title and description, and classes by which print replaces fills by patterns.
fn accessible(svg: &str, id: &str, title: &str, description: &str) -> String {
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    let body = body
        .strip_suffix("</svg>\n")
        .or_else(|| body.strip_suffix("</svg>"))
        .unwrap_or(body);
    let height = svg
        .split_once("height=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("100", |(height, _)| height);
    let body = body
        .replace("fill=\"#005EB8\"", "fill=\"#005EB8\" class=\"bar-good\"")
        .replace("fill=\"#C14F00\"", "fill=\"#C14F00\" class=\"bar-concern\"");
    let mut text = String::with_capacity(body.len() + 600);
    let written = write!(
        text,
        "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" xmlns=\"http://www.w3.org/2000/svg\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{body}</svg>",
        handlebars::html_escape(title),
        handlebars::html_escape(description),
    );
    if written.is_ok() { text } else { String::new() }
}
