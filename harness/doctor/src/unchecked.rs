//! What the doctor does not look at, said every time, so that silence is not taken for health.

use crate::finding::Finding;

/// What was not looked at and why.
const UNCHECKED: &[(&str, &str)] = &[
    (
        "certificates in detail",
        "only whether the handshake succeeds is seen; dates, names and chain are not listed",
    ),
    (
        "mutual TLS",
        "Plumbline cannot send a certificate of its own yet",
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
        "test patients",
        "whether the patients under [actors] are there: plumbline actors check",
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
