//! Words on charts: how wide they are, how they break into lines, and where they do not touch one another.
//! Not for drawing them: `canvas` does that.

use super::canvas::{Anchor, At, FONT};

/// Width of a text in the letters of charts, in pixels: a little more than in Arial, so that nothing touches.
pub(crate) fn width_of(text: &str) -> f64 {
    text.chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 0.3,
            't' | 'f' | 'r' | ' ' | '(' | ')' | '-' | '/' => 0.38,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.9,
            letter if letter.is_uppercase() => 0.72,
            _ => 0.58,
        })
        .sum::<f64>()
        * FONT
}

/// Breaks a text into at most `lines` lines of this width; what does not fit ends in an ellipsis.
pub(crate) fn wrapped(text: &str, width: f64, lines: usize) -> Vec<String> {
    let mut made: Vec<String> = vec![String::new()];
    let mut cut = false;
    for word in text.split_whitespace() {
        let last = made.len() - 1;
        let longer = if made[last].is_empty() {
            word.to_owned()
        } else {
            format!("{} {word}", made[last])
        };
        if width_of(&longer) <= width || made[last].is_empty() {
            made[last] = longer;
        } else if made.len() < lines {
            made.push(word.to_owned());
        } else {
            cut = true;
            break;
        }
    }
    let last = made.len() - 1;
    for line in &mut made[..last] {
        *line = shortened(line, width);
    }
    made[last] = if cut {
        shortened(&format!("{}…", made[last]), width)
    } else {
        shortened(&made[last], width)
    };
    made
}

/// The text, or its beginning and an ellipsis.
pub(crate) fn shortened(text: &str, width: f64) -> String {
    if width_of(text) <= width {
        return text.to_owned();
    }
    let mut kept = text.trim_end_matches('…').to_owned();
    while !kept.is_empty() && width_of(&kept) + width_of("…") > width {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// Moves heights apart until each keeps `gap` from the next, inside `top` and `bottom`; order is kept.
pub(crate) fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    let mut placed: Vec<f64> = order.iter().map(|index| wanted[*index]).collect();
    let mut floor = top;
    for height in &mut placed {
        *height = height.max(floor);
        floor = *height + gap;
    }
    let mut ceiling = bottom;
    for height in placed.iter_mut().rev() {
        *height = height.min(ceiling);
        ceiling = *height - gap;
    }
    let mut result = vec![0.0; wanted.len()];
    for (index, height) in order.into_iter().zip(placed) {
        result[index] = height;
    }
    result
}

/// A rectangle that is taken: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taken(
    pub(crate) f64,
    pub(crate) f64,
    pub(crate) f64,
    pub(crate) f64,
);

impl Taken {
    /// The room around a mark.
    pub(crate) fn around(at: At, size: f64) -> Self {
        Self(at.0 - size, at.1 - size, at.0 + size, at.1 + size)
    }

    pub(crate) fn touches(self, other: Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    fn inside(self, other: Self) -> bool {
        self.0 >= other.0 && self.1 >= other.1 && self.2 <= other.2 && self.3 <= other.3
    }
}

/// Finds free places for labels beside their marks.
pub(crate) struct Labels {
    room: Taken,
    taken: Vec<Taken>,
}

impl Labels {
    /// `room` is where labels may stand; `taken` is what they may not touch.
    pub(crate) fn new(room: Taken, taken: Vec<Taken>) -> Self {
        Self { room, taken }
    }

    /// The place of a label beside a mark, or none if every place is taken.
    pub(crate) fn place(&mut self, text: &str, at: At, size: f64) -> Option<(At, Anchor)> {
        let (x, y) = at;
        let wide = width_of(text) + 2.0;
        let tries = [
            ((x + size + 4.0, y + 5.0), Anchor::Start),
            ((x - size - 4.0, y + 5.0), Anchor::End),
            ((x, y - size - 5.0), Anchor::Middle),
            ((x, y + size + 14.0), Anchor::Middle),
            ((x + size + 3.0, y - size - 2.0), Anchor::Start),
            ((x + size + 3.0, y + size + 12.0), Anchor::Start),
            ((x - size - 3.0, y - size - 2.0), Anchor::End),
            ((x - size - 3.0, y + size + 12.0), Anchor::End),
        ];
        for (spot, anchor) in tries {
            let left = match anchor {
                Anchor::Start => spot.0,
                Anchor::Middle => spot.0 - wide / 2.0,
                Anchor::End => spot.0 - wide,
            };
            let needs = Taken(left, spot.1 - 12.0, left + wide, spot.1 + 4.0);
            if needs.inside(self.room) && !self.taken.iter().any(|taken| taken.touches(needs)) {
                self.taken.push(needs);
                return Some((spot, anchor));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_break_and_end_in_an_ellipsis() {
        let text = "Allergies and intolerances are returned when the patient holds them";
        let lines = wrapped(text, 200.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(
            lines.iter().all(|line| width_of(line) <= 200.0),
            "{lines:?}"
        );
        assert!(lines[1].ends_with('…'));
        assert_eq!(wrapped("Short", 200.0, 2), ["Short"]);
        assert_eq!(wrapped("", 200.0, 2), [""]);
        assert!(width_of(&shortened(&"W".repeat(80), 100.0)) <= 100.0);
    }

    #[test]
    fn heights_are_moved_apart_and_stay_inside() {
        let placed = spread(&[10.0, 11.0, 99.0, 100.0], 16.0, 0.0, 100.0);
        assert!(placed.windows(2).all(|w| w[1] - w[0] >= 16.0), "{placed:?}");
        assert!(placed.iter().all(|p| (0.0..=100.0).contains(p)));
        assert_eq!(spread(&[], 16.0, 0.0, 100.0), Vec::<f64>::new());
    }

    #[test]
    fn labels_do_not_touch_marks_or_one_another() {
        let marks = [(50.0, 50.0), (60.0, 50.0), (55.0, 58.0)];
        let taken = marks.iter().map(|at| Taken::around(*at, 4.0)).collect();
        let mut labels = Labels::new(Taken(0.0, 0.0, 200.0, 100.0), taken);
        let placed: Vec<_> = marks
            .iter()
            .map(|at| labels.place("North", *at, 4.0))
            .collect();
        assert!(placed.iter().any(Option::is_some));
        for (index, one) in labels.taken.iter().enumerate().skip(3) {
            for other in &labels.taken[..index] {
                assert!(!one.touches(*other));
            }
        }
        assert_eq!(labels.place(&"W".repeat(40), (50.0, 50.0), 4.0), None);
    }
}
