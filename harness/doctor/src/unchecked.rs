//! What the doctor does not look at, said every time, so that silence is not taken for health.

use crate::finding::Finding;

/// What was not looked at and why.
const UNCHECKED: &[(&str, &str)] = &[
    (
        "versions and ciphers of TLS",
        "only the connection that a run would make is looked at",
    ),
    (
        "rate limits",
        "a few requests do not show how many the system allows",
    ),
    (
        "declared scope",
        "whether the system offers what `scope` declares is tested by a run",
    ),
    (
        "records of the test patients",
        "whether they are as on the data sheet: plumbline actors check",
    ),
    (
        "write access",
        "the doctor only reads, and so do all packs of today",
    ),
    (
        "rules of a standard",
        "nothing here is a verdict: plumbline run",
    ),
];

pub(crate) fn unchecked() -> impl Iterator<Item = Finding> {
    UNCHECKED
        .iter()
        .map(|(check, why)| Finding::not_checked(*check, *why))
}
