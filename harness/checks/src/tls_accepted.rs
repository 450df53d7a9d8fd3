//! Whether a connection that must come about does. Not for what is asked on it.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::sheet::{At, Sheet};
use crate::transport::{Ended, tried};
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
    let Some((transport, ended)) = tried(&mut sheet, observed) else {
        return sheet.finish();
    };
    match (ended, &transport.control) {
        (Ended::LetIn { .. }, _) => sheet.saw(1),
        (Ended::TurnedAway { how }, Ok(())) => {
            sheet.saw(1);
            sheet.broken(
                At::page(0),
                format!("the connection was refused: {}", transport.tried),
                Shown::ours("a connection"),
                Shown::ours(how),
            );
        }
        (Ended::TurnedAway { how }, Err(why)) => sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            format!("no connection was let in at all: {why}"),
            Shown::ours(how),
            "Check the address and the client certificate in target.toml; plumbline doctor looks at both",
        ),
    }
    sheet.finish()
}
