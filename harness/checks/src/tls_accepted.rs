//! Whether a connection that must come about does. Not for what is asked on it.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed, Reached};
use crate::sheet::{At, Sheet};
use crate::transport::tried;
use plumbline_model::{Shown, SkipReason};

pub(crate) const CHECK: Check = Check {
    code: "TLS-ACCEPTED",
    name: "Connection is accepted",
    doc: CheckDoc {
        what: "The connection that the step tries is let in. A refusal counts only if another way in is open, so that a system that is down is not taken for one that refuses.",
        why: "Software that keeps to the agreed way of connecting must be able to reach the record.",
        conformant: "TLS 1.2 with TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, where that was offered",
        not_conformant: "the alert handshake failure",
        source: "RFC 5246 and RFC 8446; the requirement names the section of the standard",
    },
    next_step: "Let the server accept such connections, in its TLS settings or in those of the gateway before it",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some(transport) = tried(&mut sheet, observed) else {
        return sheet.finish();
    };
    match (&transport.outcome, &transport.control) {
        (Reached::Accepted { .. }, _) => sheet.saw(1),
        (Reached::Refused { how }, Ok(())) => {
            sheet.saw(1);
            sheet.broken(
                At::page(0),
                format!("the connection was refused: {}", transport.tried),
                Shown::ours("a connection"),
                Shown::ours(how.clone()),
            );
        }
        (Reached::Refused { how }, Err(why)) => sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            format!("no connection was let in at all: {why}"),
            Shown::ours(how.clone()),
            "Check the address and the client certificate in target.toml; plumbline doctor looks at both",
        ),
        (Reached::Unclear { why }, _) => sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            "the connection was neither let in nor refused",
            Shown::ours(why.clone()),
            "See what stands between Plumbline and the system, and run again",
        ),
    }
    sheet.finish()
}
