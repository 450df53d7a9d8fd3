//! The truth table of verdicts, as a golden file that people can read.
//! Not for scoring: `score` has its own tests. Set `PLUMBLINE_BLESS=1` to write the file anew.

use plumbline_model::{
    ErrorKind, Finding, FindingCode, FindingKind, Level, Location, NotApplicableReason,
    RunStatusInputs, SkipReason, Verdict, roll_up, run_status,
};
use std::fmt::Write as _;

const GOLDEN: &str = include_str!("golden/roll_up.txt");

/// Every verdict with every reason, in an order that is not the one of roll-up.
fn every_verdict() -> Vec<Verdict> {
    let mut all = vec![Verdict::Pass, Verdict::Warning, Verdict::Review];
    all.extend(SkipReason::ALL.iter().map(|r| Verdict::Skip(*r)));
    all.extend(ErrorKind::ALL.iter().map(|k| Verdict::Error(*k)));
    all.push(Verdict::Fail);
    all.extend(
        NotApplicableReason::ALL
            .iter()
            .map(|r| Verdict::NotApplicable(*r)),
    );
    all
}

fn word(verdict: Verdict) -> String {
    let reason = match verdict {
        Verdict::Error(kind) => Some(kind.key()),
        Verdict::Skip(reason) => Some(reason.key()),
        Verdict::NotApplicable(reason) => Some(reason.key()),
        Verdict::Fail | Verdict::Review | Verdict::Warning | Verdict::Pass => None,
    };
    reason.map_or_else(
        || verdict.key().to_owned(),
        |r| format!("{}({r})", verdict.key()),
    )
}

fn status(required: &[Verdict], completed: bool) -> &'static str {
    run_status(&RunStatusInputs {
        required: required.to_vec(),
        completed,
    })
    .key()
}

fn finding(kind: FindingKind) -> Finding {
    Finding {
        code: FindingCode::from("TEST"),
        kind,
        message: "a message".to_owned(),
        expected: String::new(),
        actual: String::new(),
        next_step: String::new(),
        location: Location::default(),
    }
}

fn table() -> String {
    let all = every_verdict();
    let mut text = String::from(
        "# Roll-up of two verdicts, and the status of a run whose required rules have these two.\n\
         # one + other = rolled up | status of a completed run | status of an incomplete run\n",
    );
    for (i, one) in all.iter().enumerate() {
        for other in &all[i..] {
            let joined = roll_up([*one, *other]).expect("two verdicts roll up to one");
            let pair = [*one, *other];
            writeln!(
                text,
                "{} + {} = {} | {} | {}",
                word(*one),
                word(*other),
                word(joined),
                status(&pair, true),
                status(&pair, false)
            )
            .expect("writing to a string");
        }
    }
    writeln!(
        text,
        "nothing = {} | {} | {}",
        roll_up([]).map_or_else(|| "nothing".to_owned(), word),
        status(&[], true),
        status(&[], false)
    )
    .expect("writing to a string");
    text.push_str(
        "\n# The verdict of a step from one finding (or none), by level and by observations.\n\
         # level, finding = with none observed | with one observed\n",
    );
    let mut kinds: Vec<(String, Vec<Finding>)> = vec![("none".to_owned(), vec![])];
    let mut add = |name: String, kind| kinds.push((name, vec![finding(kind)]));
    add("broken".to_owned(), FindingKind::Broken);
    add("review".to_owned(), FindingKind::Review);
    add("note".to_owned(), FindingKind::Note);
    for reason in SkipReason::ALL {
        add(
            format!("undecided({})", reason.key()),
            FindingKind::Undecided(*reason),
        );
    }
    for kind in ErrorKind::ALL {
        add(format!("error({})", kind.key()), FindingKind::Error(*kind));
    }
    for level in Level::ALL {
        for (name, findings) in &kinds {
            writeln!(
                text,
                "{}, {name} = {} | {}",
                level.key(),
                word(Verdict::from_findings(*level, findings, 0)),
                word(Verdict::from_findings(*level, findings, 1))
            )
            .expect("writing to a string");
        }
    }
    text
}

#[test]
fn truth_table_is_the_golden_one() {
    let made = table();
    if std::env::var_os("PLUMBLINE_BLESS").is_some_and(|v| v == "1") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/roll_up.txt");
        std::fs::write(path, &made).expect("the golden file can be written");
        return;
    }
    for (number, (golden, made)) in GOLDEN.lines().zip(made.lines()).enumerate() {
        assert_eq!(golden, made, "line {} of golden/roll_up.txt", number + 1);
    }
    assert_eq!(GOLDEN.lines().count(), made.lines().count());
}

#[test]
fn roll_up_does_not_depend_on_order_or_repetition() {
    let all = every_verdict();
    for a in &all {
        for b in &all {
            assert_eq!(roll_up([*a, *b]), roll_up([*b, *a]));
            assert_eq!(roll_up([*a, *b]), roll_up([*a, *b, *a, *b]));
            for c in &all {
                let left = roll_up([*a, *b]).and_then(|v| roll_up([v, *c]));
                assert_eq!(left, roll_up([*a, *b, *c]));
            }
        }
    }
}

#[test]
fn nine_passes_and_one_skip_are_undecided() {
    let mut verdicts = vec![Verdict::Pass; 9];
    verdicts.push(Verdict::Skip(SkipReason::NoActor));
    assert_eq!(roll_up(verdicts), Some(Verdict::Skip(SkipReason::NoActor)));
}

#[test]
fn nothing_observed_is_never_a_pass() {
    for level in Level::ALL {
        assert_eq!(
            Verdict::from_findings(*level, &[], 0),
            Verdict::Skip(SkipReason::NothingObserved)
        );
        assert_eq!(
            Verdict::from_findings(*level, &[finding(FindingKind::Note)], 0),
            Verdict::Skip(SkipReason::NothingObserved)
        );
    }
}

#[test]
fn a_run_without_a_pass_never_conforms() {
    for verdict in every_verdict() {
        let conforms = status(&[verdict], true) == "conformant";
        let met = matches!(verdict, Verdict::Pass | Verdict::Warning);
        assert_eq!(conforms, met, "{}", word(verdict));
        assert_ne!(status(&[verdict], false), "conformant", "{}", word(verdict));
    }
}

/// One stored record for every format there ever was; they stay, and they load.
#[test]
fn old_records_still_load() {
    let stored = [
        (1, include_str!("fixtures/record-1.json")),
        (2, include_str!("fixtures/record-2.json")),
        (3, include_str!("fixtures/record-3.json")),
    ];
    for (format, text) in stored {
        let record: plumbline_model::RunRecord = serde_json::from_str(text).unwrap();
        assert_eq!(record.format, format);
        assert!(!record.scenarios.is_empty() && !record.exchanges.is_empty());
        if format == plumbline_model::record::RECORD_FORMAT {
            let again: serde_json::Value = serde_json::to_value(&record).unwrap();
            let stored: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(again, stored, "what is written is what is read");
        }
    }
}
