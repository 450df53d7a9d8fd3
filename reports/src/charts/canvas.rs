//! A drawing as SVG text: lines, marks, words, and what every chart must carry: role, title, description, stamp.
//! Not for what a chart shows: each chart has its own file. Not for the table behind it.

use std::fmt::Write as _;

/// Words and own figures.
pub(crate) const TEXT: &str = "#212b32";
/// Other figures and notes.
pub(crate) const GREY: &str = "#4c6272";
/// Grid.
pub(crate) const RULE: &str = "#d8dde0";
/// The darker of two bars behind a mark.
pub(crate) const BAND: &str = "#aeb7bd";
/// The lighter of two bars behind a mark.
pub(crate) const WASH: &str = "#e8edee";
const GOOD: &str = "#005eb8";
const CONCERN: &str = "#c14f00";
const NEUTRAL: &str = "#330072";

/// Letters of charts, in pixels of the drawing.
pub(crate) const FONT: f64 = 14.0;
/// Room kept free at the top of every chart, for the stamp.
pub(crate) const HEAD: f64 = 22.0;

/// Whether the figures are about real systems; if not, every chart and page says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// Results of real systems.
    Real,
    /// Made by a generator: no organisation exists.
    Synthetic,
}

impl Stamp {
    /// The words inside a chart; none where the figures are real.
    pub(crate) const fn words(self) -> Option<&'static str> {
        match self {
            Self::Real => None,
            Self::Synthetic => Some("SYNTHETIC DATA"),
        }
    }
}

/// What identifies a chart and says in words what it shows.
#[derive(Debug, Clone)]
pub(crate) struct Plate {
    /// Unique on the page.
    pub(crate) id: String,
    /// The finding.
    pub(crate) title: String,
    /// What is drawn, and the figures where they are few.
    pub(crate) description: String,
    pub(crate) stamp: Stamp,
}

/// How a figure compares, or what a point of a series is: a shape and a colour, and never the colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Better beyond chance: filled circle.
    Better,
    /// Worse beyond chance: filled diamond.
    Worse,
    /// A real change that is neither: triangle.
    Neutral,
    /// Not distinguishable: open circle.
    Same,
    /// Too little evidence: dash.
    Unsure,
}

impl Reading {
    pub(crate) const fn ink(self) -> &'static str {
        match self {
            Self::Better => GOOD,
            Self::Worse => CONCERN,
            Self::Neutral => NEUTRAL,
            Self::Same | Self::Unsure => GREY,
        }
    }
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) ink: &'static str,
    pub(crate) width: f64,
    pub(crate) dash: Dash,
}

/// Whether a line is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dash {
    Whole,
    Dashed,
}

/// A whole line.
pub(crate) const fn stroke(ink: &'static str, width: f64) -> Stroke {
    Stroke {
        ink,
        width,
        dash: Dash::Whole,
    }
}

/// A dashed line.
pub(crate) const fn dashed(ink: &'static str, width: f64) -> Stroke {
    Stroke {
        ink,
        width,
        dash: Dash::Dashed,
    }
}

/// A place on the drawing, from its top left.
pub(crate) type At = (f64, f64);

/// The drawing under way.
pub(crate) struct Canvas {
    width: f64,
    height: f64,
    body: String,
}

/// One decimal at most, and no minus before a zero.
pub(crate) fn place(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" {
        return "0".to_owned();
    }
    text.to_owned()
}

impl Canvas {
    pub(crate) fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            body: String::new(),
        }
    }

    fn put(&mut self, piece: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.body.write_fmt(piece);
    }

    pub(crate) fn line(&mut self, from: At, to: At, look: Stroke) {
        let dash = match look.dash {
            Dash::Whole => "",
            Dash::Dashed => " stroke-dasharray=\"5 4\"",
        };
        self.put(format_args!(
            "<path d=\"M{} {}L{} {}\" stroke=\"{}\" stroke-width=\"{}\"{dash}/>",
            place(from.0),
            place(from.1),
            place(to.0),
            place(to.1),
            look.ink,
            place(look.width),
        ));
    }

    /// A line through many places.
    pub(crate) fn path(&mut self, places: &[At], look: Stroke) {
        let mut d = String::new();
        for (index, at) in places.iter().enumerate() {
            let letter = if index == 0 { 'M' } else { 'L' };
            let _ = write!(d, "{letter}{} {}", place(at.0), place(at.1));
        }
        let dash = match look.dash {
            Dash::Whole => "",
            Dash::Dashed => " stroke-dasharray=\"5 4\"",
        };
        self.put(format_args!(
            "<path d=\"{d}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{dash}/>",
            look.ink,
            place(look.width),
        ));
    }

    /// A filled rectangle from corner to corner.
    pub(crate) fn bar(&mut self, from: At, to: At, ink: &str) {
        let class = match ink {
            GOOD => " class=\"bar-good\"",
            CONCERN => " class=\"bar-concern\"",
            _ => "",
        };
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{ink}\"{class}/>",
            place(from.0),
            place(from.1),
            place((to.0 - from.0).max(0.0)),
            place((to.1 - from.1).max(0.0)),
        ));
    }

    /// The mark of a reading; `size` is its half width.
    pub(crate) fn mark(&mut self, reading: Reading, at: At, size: f64) {
        let (x, y) = at;
        let ink = reading.ink();
        match reading {
            Reading::Better => self.put(format_args!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{ink}\"/>",
                place(x),
                place(y),
                place(size)
            )),
            Reading::Worse => {
                let size = size * 1.25;
                self.put(format_args!(
                    "<path d=\"M{} {}l{s} {s}l-{s} {s}l-{s} -{s}z\" fill=\"{ink}\"/>",
                    place(x),
                    place(y - size),
                    s = place(size),
                ));
            }
            Reading::Neutral => {
                let size = size * 1.1;
                self.put(format_args!(
                    "<path d=\"M{} {}l{s} {d}h-{d}z\" fill=\"{ink}\"/>",
                    place(x),
                    place(y - size),
                    s = place(size),
                    d = place(size * 2.0),
                ));
            }
            Reading::Same => self.put(format_args!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"#fff\" stroke=\"{ink}\" stroke-width=\"1.5\"/>",
                place(x),
                place(y),
                place(size - 0.7)
            )),
            Reading::Unsure => self.line((x - size, y), (x + size, y), stroke(ink, 3.0)),
        }
    }

    /// A plain filled dot, where nothing is compared.
    pub(crate) fn dot(&mut self, at: At, size: f64, ink: &str) {
        self.put(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{ink}\"/>",
            place(at.0),
            place(at.1),
            place(size)
        ));
    }

    /// A ring around a mark: the reader's own organisation.
    pub(crate) fn ring(&mut self, at: At, size: f64) {
        self.put(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"none\" stroke=\"{TEXT}\" stroke-width=\"1.5\"/>",
            place(at.0),
            place(at.1),
            place(size)
        ));
    }

    /// White below words, so that lines stop short of them.
    pub(crate) fn halo(&mut self, from: At, to: At) {
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#fff\" fill-opacity=\"0.85\"/>",
            place(from.0),
            place(from.1),
            place((to.0 - from.0).max(0.0)),
            place((to.1 - from.1).max(0.0)),
        ));
    }

    pub(crate) fn words(&mut self, text: &str, at: At, anchor: Anchor, ink: &str) {
        self.lettering(text, at, anchor, &format!("fill=\"{ink}\""));
    }

    pub(crate) fn bold(&mut self, text: &str, at: At, anchor: Anchor, ink: &str) {
        self.lettering(
            text,
            at,
            anchor,
            &format!("fill=\"{ink}\" font-weight=\"700\""),
        );
    }

    fn lettering(&mut self, text: &str, at: At, anchor: Anchor, look: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.put(format_args!(
            "<text x=\"{}\" y=\"{}\"{anchor} {look}>{}</text>",
            place(at.0),
            place(at.1),
            handlebars::html_escape(text)
        ));
    }

    /// What a drawing library made, without its own frame.
    pub(crate) fn adopt(&mut self, svg: &str) {
        let body = svg.split_once('>').map_or("", |(_, body)| body);
        let body = body.trim_end();
        self.body
            .push_str(body.strip_suffix("</svg>").unwrap_or(body));
    }

    /// The whole SVG.
    pub(crate) fn finish(mut self, plate: &Plate) -> String {
        let stamp = plate.stamp.words();
        if let Some(words) = stamp {
            let at = (self.width - 2.0, 13.0);
            self.lettering(
                words,
                at,
                Anchor::End,
                &format!("fill=\"{NEUTRAL}\" font-weight=\"700\" font-size=\"12\""),
            );
        }
        let said = stamp.map_or(String::new(), |words| format!("{words}. "));
        let (width, height) = (place(self.width), place(self.height));
        format!(
            "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" font-size=\"{font}\" \
             xmlns=\"http://www.w3.org/2000/svg\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{said}{description}</desc>\
             {body}</svg>",
            id = plate.id,
            font = place(FONT),
            title = handlebars::html_escape(&plate.title),
            description = handlebars::html_escape(&plate.description),
            body = self.body,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plate(stamp: Stamp) -> Plate {
        Plate {
            id: "x".to_owned(),
            title: "A < B".to_owned(),
            description: "One & two.".to_owned(),
            stamp,
        }
    }

    #[test]
    fn every_drawing_has_role_title_description_and_stamp() {
        let made = Canvas::new(10.0, 20.0).finish(&plate(Stamp::Synthetic));
        for piece in [
            "role=\"img\"",
            "<title id=\"x-title\">A &lt; B</title>",
            "SYNTHETIC DATA. One &amp; two.",
            ">SYNTHETIC DATA</text>",
        ] {
            assert!(made.contains(piece), "{piece}");
        }
        assert!(
            !Canvas::new(10.0, 20.0)
                .finish(&plate(Stamp::Real))
                .contains("<text")
        );
    }

    #[test]
    fn places_are_short_and_have_no_negative_zero() {
        assert_eq!(place(1.0), "1");
        assert_eq!(place(-0.01), "0");
        assert_eq!(place(2.26), "2.3");
    }

    #[test]
    fn no_two_readings_share_a_shape() {
        let all = [
            Reading::Better,
            Reading::Worse,
            Reading::Neutral,
            Reading::Same,
            Reading::Unsure,
        ];
        let mut shapes: Vec<String> = all
            .into_iter()
            .map(|reading| {
                let mut canvas = Canvas::new(1.0, 1.0);
                canvas.mark(reading, (0.0, 0.0), 4.0);
                canvas.body.replace(reading.ink(), "")
            })
            .collect();
        shapes.sort();
        shapes.dedup();
        assert_eq!(shapes.len(), all.len());
    }
}
