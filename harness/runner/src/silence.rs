//! What it means that a request brought no answer to look at: the target's failure, a mistake in
//! target.toml, or neither.
//! Not for answers, however wrong they are.

use crate::context::Context;
use crate::exchange::Purpose;
use crate::world::World;
use plumbline_http::{NoAnswer, ProxyFault, TlsFault};
use plumbline_model::{ErrorKind, FindingKind, SkipReason};
use std::rc::Rc;

/// What is reported: kind, code, message, next step.
type Told = (FindingKind, &'static str, String, &'static str);

/// Ends the scenario, and says why; `base` is the key of the base address that was asked.
pub(crate) async fn no_answer(
    world: &mut World,
    run: &Rc<Context>,
    base: &str,
    why: NoAnswer,
    purpose: Purpose,
) {
    let told = match why {
        NoAnswer::TooLarge { .. } | NoAnswer::RateLimited | NoAnswer::TotalReached => limited(why),
        NoAnswer::SignIn(fault) => (
            FindingKind::Error(ErrorKind::Configuration),
            "HTTP-SIGN-IN",
            format!("the request was not sent: {why}"),
            fault.next_step(),
        ),
        NoAnswer::NotSent => (
            FindingKind::Error(ErrorKind::Internal),
            "HTTP-NOT-SENT",
            format!("the request was not sent: {why}"),
            "Choose another header in the step; credentials are set by target.toml alone.",
        ),
        NoAnswer::CertificateChanged => {
            run.halt(&format!(
                "{why}, so the rest of its answers may be those of another system"
            ));
            changed(why)
        }
        NoAnswer::Proxy(fault) => proxy(why, fault),
        // Nothing has reached the target, so it has broken nothing.
        NoAnswer::Dns => wrong_address(
            "HTTP-DNS",
            why,
            "Correct the host name in base_urls of target.toml, or give its address in \
             [connection.hosts].",
        ),
        NoAnswer::Tls(
            fault @ (TlsFault::UnknownIssuer
            | TlsFault::WrongName
            | TlsFault::Dates
            | TlsFault::ClientCertificate),
        ) => wrong_address("HTTP-TLS", why, trust_advice(fault)),
        NoAnswer::Encoding => unpacked(why, purpose),
        NoAnswer::Timeout
        | NoAnswer::Refused
        | NoAnswer::Reset
        | NoAnswer::Tls(TlsFault::NotTls | TlsFault::Other)
        | NoAnswer::Other => {
            if run.is_alive(base).await {
                silent(why, purpose)
            } else {
                if why == NoAnswer::Timeout {
                    run.stayed_silent();
                }
                unreached(why)
            }
        }
    };
    let (kind, code, message, next) = told;
    world.report(kind, code, &message, next);
    world.stop = Some(SkipReason::EarlierStep);
}

/// One of our own limits, or one that the target named.
fn limited(why: NoAnswer) -> Told {
    match why {
        NoAnswer::RateLimited => (
            FindingKind::Error(ErrorKind::RateLimited),
            "HTTP-RATE-LIMITED",
            format!("the request could not be judged: {why}"),
            "Lower requests_per_second in target.toml to what the system allows.",
        ),
        NoAnswer::TotalReached => (
            FindingKind::Error(ErrorKind::Configuration),
            "HTTP-TOTAL-REACHED",
            format!("the request was not sent: {why}"),
            "Raise total in the limits of target.toml.",
        ),
        _ => (
            FindingKind::Error(ErrorKind::TooLarge),
            "HTTP-TOO-LARGE",
            format!("the answer could not be judged: {why}"),
            "Raise max_body_mb in target.toml, or ask for fewer results at a time.",
        ),
    }
}

fn changed(why: NoAnswer) -> Told {
    (
        FindingKind::Error(ErrorKind::Configuration),
        "HTTP-CERTIFICATE-CHANGED",
        format!("the answer was not taken: {why}"),
        "Find out who renewed or replaced the certificate, and run again when that is done. If several \
         machines with a certificate each answer at this address, name one of them under \
         [connection.hosts] in target.toml.",
    )
}

fn proxy(why: NoAnswer, fault: ProxyFault) -> Told {
    let kind = match fault {
        ProxyFault::Unreachable | ProxyFault::Login => ErrorKind::Configuration,
        // The system itself may be down.
        ProxyFault::NoTunnel => ErrorKind::Unreachable,
    };
    (
        FindingKind::Error(kind),
        "HTTP-PROXY",
        format!("the system was not reached: {why}"),
        "Check proxy in the connection part of target.toml, and that the proxy is running.",
    )
}

fn wrong_address(code: &'static str, why: NoAnswer, next: &'static str) -> Told {
    (
        FindingKind::Error(ErrorKind::Configuration),
        code,
        format!("the system was not reached: {why}"),
        next,
    )
}

const fn trust_advice(fault: TlsFault) -> &'static str {
    match fault {
        TlsFault::UnknownIssuer => {
            "Name the issuer's certificate in trust_roots under [connection] of target.toml, or have \
             the system send its whole chain of certificates."
        }
        TlsFault::WrongName => {
            "Write the host name that the certificate is for in base_urls of target.toml, and give its \
             address in [connection.hosts] if it cannot be looked up."
        }
        TlsFault::Dates => "Have the certificate renewed, and check the clock of this machine.",
        TlsFault::ClientCertificate => {
            "Name a certificate that the system accepts in [connection.client_certificate] of \
             target.toml."
        }
        TlsFault::NotTls | TlsFault::Other => "Check base_urls in target.toml.",
    }
}

/// The answer came, in a form that nobody can read, so there is no need to ask for another.
fn unpacked(why: NoAnswer, purpose: Purpose) -> Told {
    let next = "Send the body as Content-Encoding says, or without that header.";
    match purpose {
        Purpose::Judged => (
            FindingKind::Broken,
            "HTTP-ENCODING",
            format!("the answer cannot be read: {why}"),
            next,
        ),
        Purpose::Setup | Purpose::Control => (
            FindingKind::Undecided(SkipReason::EarlierStep),
            "SETUP-REQUEST",
            format!("the answer to a request that prepares the test cannot be read: {why}"),
            next,
        ),
    }
}

/// No answer, from a target that answers control requests.
fn silent(why: NoAnswer, purpose: Purpose) -> Told {
    match purpose {
        Purpose::Judged => (
            FindingKind::Broken,
            "HTTP-NO-ANSWER",
            format!(
                "the request got no answer ({why}), although the system answered control requests"
            ),
            "Find this request in the system's log and let it answer, with an OperationOutcome if it \
             cannot serve it.",
        ),
        Purpose::Setup | Purpose::Control => (
            FindingKind::Undecided(SkipReason::EarlierStep),
            "SETUP-REQUEST",
            format!("a request that prepares the test got no answer ({why})"),
            "Find this request in the system's log; the rule was not tested.",
        ),
    }
}

/// No answer, from a target that does not answer control requests either.
fn unreached(why: NoAnswer) -> Told {
    match why {
        NoAnswer::Tls(_) | NoAnswer::Other => wrong_address(
            "HTTP-NOT-HTTP",
            why,
            "Check host, port and the choice of http:// or https:// in base_urls of target.toml: \
             something else listens there. plumbline doctor looks into it.",
        ),
        _ => (
            FindingKind::Error(ErrorKind::Unreachable),
            "HTTP-UNREACHABLE",
            format!("the system could not be reached: {why}"),
            "Check base_urls in target.toml and that the system is running.",
        ),
    }
}

/// Ends the scenario after an answer of more values than are read.
pub(crate) fn too_much(world: &mut World) {
    world.report(
        FindingKind::Error(ErrorKind::TooLarge),
        "HTTP-TOO-LARGE",
        "the answer could not be judged: it holds more values than Plumbline reads",
        "Ask for fewer results at a time, or have the system send smaller pages.",
    );
    world.stop = Some(SkipReason::EarlierStep);
}

/// Ends the scenario where the target is not asked any more.
pub(crate) fn gone(world: &mut World) {
    world.report(
        FindingKind::Error(ErrorKind::Unreachable),
        "HTTP-UNREACHABLE",
        "nothing was sent: too many control requests in a row had no answer within the time limit",
        "Check that the system is running, or raise timeout_seconds in target.toml, and run again.",
    );
    world.stop = Some(SkipReason::EarlierStep);
}
