//! Verdicts as short words, such as `skip:no-actor`, so that a stored run stays small.
//! Not for people.

use plumbline_model::{ErrorKind, NotApplicableReason, SkipReason, Verdict};

/// The word of a verdict.
pub(crate) fn write(verdict: Verdict) -> String {
    let key = verdict.key();
    match verdict {
        Verdict::Error(kind) => format!("{key}:{}", kind.key()),
        Verdict::Skip(reason) => format!("{key}:{}", reason.key()),
        Verdict::NotApplicable(reason) => format!("{key}:{}", reason.key()),
        Verdict::Fail | Verdict::Review | Verdict::Warning | Verdict::Pass => key.to_owned(),
    }
}

/// The verdict of a word; `None` if it is no such word.
pub(crate) fn read(text: &str) -> Option<Verdict> {
    let (key, reason) = match text.split_once(':') {
        Some((key, reason)) => (key, Some(reason)),
        None => (text, None),
    };
    match (key, reason) {
        ("fail", None) => Some(Verdict::Fail),
        ("review", None) => Some(Verdict::Review),
        ("warning", None) => Some(Verdict::Warning),
        ("pass", None) => Some(Verdict::Pass),
        ("error", Some(kind)) => ErrorKind::from_key(kind).map(Verdict::Error),
        ("skip", Some(reason)) => SkipReason::from_key(reason).map(Verdict::Skip),
        ("not-applicable", Some(reason)) => {
            NotApplicableReason::from_key(reason).map(Verdict::NotApplicable)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_comes_back() {
        let mut all = vec![
            Verdict::Fail,
            Verdict::Review,
            Verdict::Warning,
            Verdict::Pass,
        ];
        all.extend(ErrorKind::ALL.iter().copied().map(Verdict::Error));
        all.extend(SkipReason::ALL.iter().copied().map(Verdict::Skip));
        all.extend(
            NotApplicableReason::ALL
                .iter()
                .copied()
                .map(Verdict::NotApplicable),
        );
        for verdict in all {
            assert_eq!(read(&write(verdict)), Some(verdict), "{verdict}");
        }
        for wrong in ["", "passed", "pass:x", "skip", "skip:x", "error:"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
