//! The icons of a control chart: letters in shapes, for how a measure varies and whether it meets its target.
//! They stand beside words that say the same, so they are hidden from readers of the screen. Not for those words.

use plumbline_benchmark::spc::{Assurance, Variation};

/// How a measure varies.
pub(crate) fn variation(of: Variation) -> String {
    let letter = of.letter();
    match of {
        Variation::CommonCause => icon("~", Shape::Ring, "quiet"),
        Variation::ImprovementHigh | Variation::ImprovementLow => icon(letter, Shape::Disc, "good"),
        Variation::ConcernHigh | Variation::ConcernLow => icon(letter, Shape::Diamond, "concern"),
        Variation::NeutralHigh | Variation::NeutralLow => icon(letter, Shape::Triangle, "neutral"),
    }
}

/// Whether a measure meets its target.
pub(crate) fn assurance(of: Assurance) -> String {
    let (shape, tone) = match of {
        Assurance::ConsistentlyPasses => (Shape::Disc, "good"),
        Assurance::ConsistentlyFails => (Shape::Diamond, "concern"),
        Assurance::HitOrMiss => (Shape::Ring, "quiet"),
    };
    icon(of.letter(), shape, tone)
}

#[derive(Clone, Copy)]
enum Shape {
    Disc,
    Diamond,
    Triangle,
    Ring,
}

fn icon(letter: &str, shape: Shape, tone: &str) -> String {
    let (shape, ink, base) = match shape {
        Shape::Disc => (
            "<circle cx=\"16\" cy=\"16\" r=\"14\" fill=\"currentColor\"/>",
            "#fff",
            21,
        ),
        Shape::Diamond => (
            "<path d=\"M16 0l16 16-16 16L0 16z\" fill=\"currentColor\"/>",
            "#fff",
            21,
        ),
        Shape::Triangle => (
            "<path d=\"M16 1l16 29H0z\" fill=\"currentColor\"/>",
            "#fff",
            26,
        ),
        Shape::Ring => (
            "<circle cx=\"16\" cy=\"16\" r=\"13\" fill=\"#fff\" stroke=\"currentColor\" stroke-width=\"2\"/>",
            "currentColor",
            21,
        ),
    };
    format!(
        "<svg class=\"icon {tone}\" viewBox=\"0 0 32 32\" width=\"32\" height=\"32\" aria-hidden=\"true\" \
         focusable=\"false\">{shape}<text x=\"16\" y=\"{base}\" text-anchor=\"middle\" font-size=\"15\" \
         font-weight=\"700\" fill=\"{ink}\">{letter}</text></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_icons_of_a_kind_look_the_same_without_their_colour() {
        let plain = |icon: String| {
            ["good", "concern", "neutral", "quiet"]
                .iter()
                .fold(icon, |icon, tone| icon.replace(tone, ""))
        };
        let all = Variation::ALL.iter().map(|one| plain(variation(*one)));
        assert_eq!(
            all.collect::<BTreeSet<String>>().len(),
            Variation::ALL.len()
        );
        let all = Assurance::ALL.iter().map(|one| plain(assurance(*one)));
        assert_eq!(
            all.collect::<BTreeSet<String>>().len(),
            Assurance::ALL.len()
        );
    }
}
