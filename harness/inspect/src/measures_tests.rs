//! Tests of the reader of figures: what is withheld, what is refused, and how figures read.

use super::*;
use crate::words::Weighs;

fn measure(kind: MeasureKind, numerator: u64, denominator: u64) -> Measure {
    let held = withheld(kind, numerator, denominator);
    Measure {
        item: ItemId::parse("E1").expect("an id"),
        name: "name".into(),
        kind,
        numerator: (held == Withheld::Nothing).then_some(numerator),
        denominator: (held != Withheld::Both).then_some(denominator),
        withheld: held,
        unit: "letters".into(),
        from: Day::parse("2026-09-01").expect("a day"),
        to: Day::parse("2026-09-30").expect("a day"),
        source: "source".into(),
        supplied_by: SuppliedBy::Organisation,
        evidence: "E1-measure-0".into(),
    }
}

#[test]
fn figures_read_well() {
    let said = measure(MeasureKind::Latency, 930, 1000).words();
    assert_eq!(
        said,
        "930 of 1,000 letters (93.0 %, 95 % interval 91.2 to 94.4)"
    );
    let mut minutes = measure(MeasureKind::Availability, 524_871, 525_600);
    minutes.unit = "minutes".into();
    assert_eq!(minutes.words(), "524,871 of 525,600 minutes (99.86 %)");
    // Not quite always is not always.
    let minutes = measure(MeasureKind::Availability, 525_599, 525_600);
    assert_eq!(minutes.percent().as_deref(), Some("99.99"));
}

#[test]
fn small_numbers_are_in_no_word_and_in_no_text() {
    for (numerator, denominator, said) in [
        (3, 1000, "fewer than 5 of 1,000 letters"),
        (4, 9, "fewer than 5 of 9 letters"),
        (997, 1000, "all but fewer than 5 of 1,000 letters"),
        (3, 4, "fewer than 5 letters in all; no figure is stated"),
    ] {
        let measure = measure(MeasureKind::DuplicateRate, numerator, denominator);
        assert_eq!(measure.words(), said);
        assert_eq!(measure.interval(), None);
        let text = measure_block(&measure) + &evidence_block(&measure);
        assert!(
            !text.contains(&format!("numerator = {numerator}")),
            "{text}"
        );
        assert!(!text.contains(" 3 ") && !text.contains("997"), "{text}");
    }
    // None is no small number, and minutes are nobody.
    assert_eq!(
        measure(MeasureKind::Latency, 0, 100).withheld,
        Withheld::Nothing
    );
    assert_eq!(
        measure(MeasureKind::Latency, 100, 100).withheld,
        Withheld::Nothing
    );
    assert_eq!(
        measure(MeasureKind::Availability, 3, 100).withheld,
        Withheld::Nothing
    );
}

#[test]
fn a_figure_weighs_neither_way() {
    let text = evidence_block(&measure(MeasureKind::Latency, 930, 1000));
    let weighs = format!("weighs = \"{}\"", Weighs::Neutral.key());
    assert!(text.contains(&weighs), "{text}");
}
