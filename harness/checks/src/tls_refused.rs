//! Whether a connection that must not come about is refused. Not for answers: a request that a system
//! lets in and then refuses is for REFUSED.

use crate::check::{Check, CheckDoc, CheckResult};
use crate::observed::{Expectation, Observed};
use crate::sheet::{At, Sheet};
use crate::transport::{Ended, tried};
use plumbline_model::{Shown, SkipReason};

pub(crate) const CHECK: Check = Check {
    code: "TLS-REFUSED",
    name: "Connection is refused",
    doc: CheckDoc {
        what: "The connection that the step tries is not let in: it ends with an alert, a close or a reset, or with a refusal that holds no record. It counts only if the right connection is let in before and after.",
        why: "A system that lets anybody in, or in an old way, gives records to whoever listens or asks.",
        conformant: "the alert handshake failure, where no client certificate was shown",
        not_conformant: "HTTP/1.1 200 OK, although no client certificate was shown",
        source: "RFC 5246 and RFC 8446; the requirement names the section of the standard",
    },
    next_step: "Let the server refuse such connections, in its TLS settings or in those of the gateway before it",
    run,
};

fn run(observed: &Observed<'_>, _expectation: &Expectation<'_>) -> CheckResult {
    let mut sheet = Sheet::new(&CHECK);
    let Some((transport, ended)) = tried(&mut sheet, observed) else {
        return sheet.finish();
    };
    match (ended, &transport.control) {
        (Ended::LetIn { how }, _) => {
            sheet.saw(1);
            sheet.broken(
                At::page(0),
                format!("the connection was let in: {}", transport.tried),
                Shown::ours("a refusal"),
                Shown::ours(how),
            );
        }
        (Ended::TurnedAway { .. }, Ok(())) => sheet.saw(1),
        (Ended::TurnedAway { how }, Err(why)) => sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            format!("the right connection was not let in either: {why}"),
            Shown::ours(how),
            "Let the right connection in first; until then a refusal proves nothing",
        ),
    }
    sheet.finish()
}
