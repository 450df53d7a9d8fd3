//! The caterpillar: one estimate with its interval for each organisation, sorted, the own one marked.
//! Not for ranks: there are none on the axis, because neighbours are rarely distinguishable.

use super::canvas::{Anchor, BAND, Canvas, FONT, GREY, HEAD, Plate, RULE, TEXT, stroke};
use super::funnel::Own;
use super::labels::{Taken, shortened, width_of};
use super::scale::{AXIS_WORDS, Scale, axis_share, ends, share_ticks};

/// One organisation with a share from 0 to 1 and its interval.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) share: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) own: Own,
}

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 132.0;
const TOP: f64 = HEAD + 20.0;
const BOTTOM: f64 = HEIGHT - 40.0;

/// Draws the bars by rising share; `average` is the line across, with its words.
pub(crate) fn draw(bars: &[Bar], average: (f64, &str), plate: &Plate) -> String {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let shares = share_ticks(bars.iter().flat_map(|b| [b.low, b.high]).chain([average.0]));
    let y = Scale::new(ends(&shares), (BOTTOM, TOP));
    canvas.words(AXIS_WORDS, (0.0, 13.0), Anchor::Start, GREY);
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
    let across = y.at(average.0);
    canvas.line((LEFT, across), (RIGHT, across), stroke(TEXT, 1.5));
    canvas.words(average.1, (RIGHT + 8.0, across + 5.0), Anchor::Start, TEXT);
    let mut order: Vec<&Bar> = bars.iter().collect();
    order.sort_by(|a, b| {
        a.share
            .total_cmp(&b.share)
            .then_with(|| a.name.cmp(&b.name))
    });
    let step = (RIGHT - LEFT) / f64::from(u32::try_from(order.len()).unwrap_or(u32::MAX).max(1));
    let size = (step * 0.36).clamp(1.8, 4.5);
    let mut x = LEFT + step / 2.0;
    let mut own = None;
    let mut taken = Vec::new();
    for bar in order {
        taken.push(Taken(x - size, y.at(bar.high), x + size, y.at(bar.low)));
        match bar.own {
            Own::Own => own = Some((x, bar)),
            Own::Other => {
                canvas.line((x, y.at(bar.low)), (x, y.at(bar.high)), stroke(BAND, 2.0));
                canvas.dot((x, y.at(bar.share)), size, GREY);
            }
        }
        x += step;
    }
    if let Some((x, bar)) = own {
        highlight(&mut canvas, bar, x, y, &taken);
    }
    let below = BOTTOM + 24.0;
    canvas.words("lower", (LEFT, below), Anchor::Start, GREY);
    canvas.words("higher, better", (RIGHT, below), Anchor::End, GREY);
    canvas.finish(plate)
}

/// How far the name may be from its bar, in steps of lines.
const STEPS: u32 = 16;

fn highlight(canvas: &mut Canvas, bar: &Bar, x: f64, y: Scale, taken: &[Taken]) {
    let (low, high) = (y.at(bar.low), y.at(bar.high));
    let name = shortened(&bar.name, 320.0);
    let wide = width_of(&name);
    let right = (RIGHT - wide / 2.0).max(LEFT + wide / 2.0);
    let centre = x.clamp(LEFT + wide / 2.0, right);
    let room = |base: f64| {
        Taken(
            centre - wide / 2.0,
            base - 12.0,
            centre + wide / 2.0,
            base + 4.0,
        )
    };
    let free = |base: &f64| {
        let inside = *base - 12.0 > TOP && *base + 4.0 < BOTTOM;
        inside && !taken.iter().any(|bar| bar.touches(room(*base)))
    };
    // Below first, because neighbours to the left are lower and those to the right are few.
    let below = (0..STEPS).map(|step| low + 18.0 + f64::from(step) * FONT);
    let above = (0..STEPS).map(|step| high - 8.0 - f64::from(step) * FONT);
    let base = below.chain(above).find(free);
    let base = base.unwrap_or_else(|| (low + 18.0).min(BOTTOM - 5.0));
    if base > low + 20.0 {
        canvas.line((x, low), (x, base - 13.0), stroke(TEXT, 1.0));
    } else if base < high - 10.0 {
        canvas.line((x, high), (x, base + 5.0), stroke(TEXT, 1.0));
    }
    canvas.line((x, low), (x, high), stroke(TEXT, 4.0));
    canvas.dot((x, y.at(bar.share)), 6.5, TEXT);
    let Taken(left, top, right, bottom) = room(base);
    canvas.halo((left, top), (right, bottom));
    canvas.bold(&name, (centre, base), Anchor::Middle, TEXT);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Stamp;

    fn bar(name: &str, share: f64, own: Own) -> Bar {
        Bar {
            name: name.to_owned(),
            share,
            low: share - 0.1,
            high: share + 0.05,
            own,
        }
    }

    fn plate() -> Plate {
        Plate {
            id: "peers".to_owned(),
            title: "Not distinguishable".to_owned(),
            description: String::new(),
            stamp: Stamp::Synthetic,
        }
    }

    #[test]
    fn the_own_one_alone_is_named_and_nobody_is_numbered() {
        let bars = [
            bar("North", 0.8, Own::Other),
            bar("Own", 0.7, Own::Own),
            bar("South", 0.6, Own::Other),
        ];
        let made = draw(&bars, (0.7, "average 70%"), &plate());
        assert!(made.contains(">Own</text>") && !made.contains("North"));
        for rank in [">1<", ">2<", ">3<"] {
            assert!(!made.contains(rank));
        }
        assert_eq!(made, draw(&bars, (0.7, "average 70%"), &plate()));
    }

    #[test]
    fn a_long_name_stands_clear_of_every_bar() {
        let many = (0_u32..60).map(|index| bar("Peer", 0.5 + f64::from(index) / 150.0, Own::Other));
        let mut bars: Vec<Bar> = many.collect();
        bars[3].own = Own::Own;
        bars[3].name = "Pewterstow and Upper Vale University Hospitals Partnership".to_owned();
        let made = draw(&bars, (0.7, "median"), &plate());
        let before = made.split(">Pewterstow").next().expect("the name");
        let tag = before.rsplit("<text ").next().expect("its tag");
        let number = |name: &str| -> f64 {
            let rest = tag.split(name).nth(1).expect("a place");
            let value = rest.split('"').next().expect("a number");
            value.parse().expect("a number")
        };
        let (x, base) = (number("x=\""), number("y=\""));
        let name = Taken(x - 150.0, base - 12.0, x + 150.0, base + 4.0);
        for mark in made.split("<circle cx=\"").skip(1) {
            let parts: Vec<f64> = mark
                .split('"')
                .step_by(2)
                .take(3)
                .filter_map(|part| part.parse().ok())
                .collect();
            let mark = Taken::around((parts[0], parts[1]), parts[2]);
            assert!(!mark.touches(name), "{parts:?}");
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter() {
        let one = [bar("A", 0.8, Own::Other), bar("B", 0.6, Own::Own)];
        let other = [bar("B", 0.6, Own::Own), bar("A", 0.8, Own::Other)];
        let average = (0.7, "average");
        assert_eq!(
            draw(&one, average, &plate()),
            draw(&other, average, &plate())
        );
        assert!(!draw(&[], average, &plate()).contains("NaN"));
    }
}
