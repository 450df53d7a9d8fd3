//! Connections that are tried for their own sake: versions, cipher suites, client certificates, and
//! no encryption at all. Each has its control: the right way in must be open before and after.
//! Not for judging what comes of them: the checks TLS-REFUSED and TLS-ACCEPTED do.

use crate::capture::{capture, tried};
use crate::changes::Certificate;
use crate::context::Context;
use crate::journal::Event;
use crate::replay;
use crate::world::{Answered, Followed, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_checks::{Reached, Transport};
use plumbline_http::probe::{
    Asked, Offered, PlainHttp, Presented, Probe, Protocol, Reception, Refusal, Unclear, suite_name,
};
use plumbline_http::{HeaderChange, Request, SspHeader};
use plumbline_model::{
    BodyCheck, Capture, ExchangeRecord, Purpose, SkipReason, StoredBody, Unchecked,
};
use std::time::Instant;
use url::Url;

/// Statuses that turn a client certificate away: those of HTTP, and the two that nginx made for it
/// (GP Connect 1.6.2-beta names none).
const TURNED_AWAY: [u16; 5] = [400, 401, 403, 495, 496];

/// Cipher suites by the name of their family, with their numbers at IANA.
const FAMILIES: &[(&str, &[u16])] = &[
    ("ECDHE with AES-GCM", &[0xc02b, 0xc02c, 0xc02f, 0xc030]),
    ("DHE with AES-GCM", &[0x009e, 0x009f]),
    ("ECDHE with AES-256-CBC", &[0xc00a, 0xc014, 0xc024, 0xc028]),
    ("DHE with AES-256-CBC", &[0x0039, 0x006b]),
    ("RSA with AES-128-CBC", &[0x002f, 0x003c]),
    ("NULL", &[0x0001, 0x0002, 0x003b, 0xc006, 0xc010]),
    ("RC4", &[0x0004, 0x0005, 0xc007, 0xc011]),
    ("3DES", &[0x000a, 0x0016, 0xc008, 0xc012]),
    ("export", &[0x0003, 0x0006, 0x0008, 0x0014]),
];

/// The names of the families.
pub(crate) fn families() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|(name, _)| *name)
}

/// The names of the versions.
pub(crate) fn versions() -> impl Iterator<Item = &'static str> {
    Protocol::ALL.iter().map(|protocol| protocol.name())
}

/// Offers one version.
pub(crate) fn version(world: &mut World, name: String) -> LocalBoxFuture<'_, ()> {
    async move {
        let found = Protocol::ALL.iter().find(|one| one.name() == name);
        if let Some(protocol) = found.copied() {
            let tried = format!("{} alone", protocol.name());
            offer(world, protocol, protocol.suites(), tried).await;
        }
    }
    .boxed_local()
}

/// Offers the cipher suites of one family.
pub(crate) fn suites(world: &mut World, name: String) -> LocalBoxFuture<'_, ()> {
    async move {
        let found = FAMILIES.iter().find(|(family, _)| *family == name);
        if let Some((family, suites)) = found {
            let tried = format!("TLS 1.2 with the cipher suites {family} alone");
            offer(world, Protocol::Tls12, suites, tried).await;
        }
    }
    .boxed_local()
}

async fn offer(world: &mut World, protocol: Protocol, suites: &[u16], tried: String) {
    let Some((run, probe)) = start(world) else {
        return;
    };
    let begun = Instant::now();
    let is_usual = protocol == Protocol::Tls12 && suites.len() == protocol.suites().len();
    let before = open(&probe, is_usual).await;
    let offered = probe.offer(protocol, suites).await;
    let after = open(&probe, is_usual).await;
    let outcome = match offered {
        Offered::Accepted { suite } => Reached::Accepted {
            how: format!("{} with {}", protocol.name(), suite_name(suite)),
        },
        Offered::Refused(refusal) => Reached::Refused {
            how: refusal.to_string(),
        },
        Offered::Unclear(why) => Reached::Unclear {
            why: why.to_string(),
        },
    };
    let transport = Transport {
        tried,
        outcome,
        control: before.and(after),
    };
    keep(world, &run, transport, begun);
}

/// Whether a connection with a version of today comes about; the error says what came of it.
async fn open(probe: &Probe, tls12_is_tried: bool) -> Result<(), String> {
    for protocol in [Protocol::Tls12, Protocol::Tls13] {
        if tls12_is_tried && protocol == Protocol::Tls12 {
            continue;
        }
        if let Offered::Accepted { .. } = probe.offer(protocol, protocol.suites()).await {
            return Ok(());
        }
    }
    let_in(&probe.connect_rightly().await)
}

/// Whether the right connection was let in and answered; the error says what came of it.
fn let_in(presented: &Presented) -> Result<(), String> {
    match presented.reception {
        Reception::LetIn { status, .. } if (200..300).contains(&status) => Ok(()),
        Reception::LetIn { status, .. } => Err(format!("status {status}")),
        Reception::Refused(refusal) => Err(refusal.to_string()),
        Reception::Unclear(why) => Err(why.to_string()),
    }
}

/// Connects with the certificate in play.
pub(crate) fn certificate(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some((run, probe)) = start(world) else {
            return;
        };
        let begun = Instant::now();
        let shown = world.changes.certificate;
        let before = beside(&probe, shown).await;
        let (tried, presented) = match shown {
            Certificate::Own => (
                "the client certificate of target.toml",
                Some(probe.connect_rightly().await),
            ),
            Certificate::None => ("no client certificate", Some(probe.connect(None).await)),
            Certificate::Wrong(wrong) => (
                match wrong.key() {
                    "expired" => "a client certificate that is over",
                    "other_name" => "a client certificate of another name",
                    "revoked" => "a revoked client certificate",
                    _ => "a client certificate of an unknown authority",
                },
                probe.connect_wrongly(wrong).await,
            ),
        };
        let Some(presented) = presented else {
            world.stop(
                SkipReason::NoActor,
                "SETUP-CERTIFICATE",
                &format!("target.toml names no file for {tried}"),
                "Name one under [connection.wrong_certificates] in target.toml.",
            );
            return;
        };
        let after = beside(&probe, shown).await;
        let transport = Transport {
            tried: tried.to_owned(),
            outcome: reached(&presented, shown),
            control: before.and(after),
        };
        keep(world, &run, transport, begun);
    }
    .boxed_local()
}

/// The control of a certificate: that the right one is let in, or for that one, that somebody is there.
async fn beside(probe: &Probe, shown: Certificate) -> Result<(), String> {
    if shown == Certificate::Own {
        open(probe, false).await
    } else {
        let_in(&probe.connect_rightly().await)
    }
}

fn reached(presented: &Presented, shown: Certificate) -> Reached {
    match presented.reception {
        Reception::LetIn { status, .. }
            if shown != Certificate::Own && TURNED_AWAY.contains(&status) =>
        {
            Reached::Refused {
                how: format!("status {status}"),
            }
        }
        Reception::LetIn { status, .. } => Reached::Accepted {
            how: format!("status {status}"),
        },
        Reception::Refused(Refusal::Status(status)) if !TURNED_AWAY.contains(&status) => {
            Reached::Unclear {
                why: format!("status {status}, which says nothing of the certificate"),
            }
        }
        Reception::Refused(_) if presented.asked == Asked::No && shown != Certificate::Own => {
            Reached::Unclear {
                why:
                    "the connection was refused, but not for its certificate: nobody asked for one"
                        .to_owned(),
            }
        }
        Reception::Refused(refusal) => Reached::Refused {
            how: refusal.to_string(),
        },
        Reception::Unclear(why) => Reached::Unclear {
            why: why.to_string(),
        },
    }
}

/// Asks without encryption.
pub(crate) fn plain(world: &mut World, port: Option<u16>) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some((run, right)) = start(world) else {
            return;
        };
        let request = without_headers(&run);
        let Some(bare) = run.wire.live().and_then(|client| client.probe(&request)) else {
            return;
        };
        let begun = Instant::now();
        let before = let_in(&right.connect_rightly().await);
        let seen = bare.plain_http(port).await;
        let after = let_in(&right.connect_rightly().await);
        let tried = match port {
            None => "no encryption, at the port of the address".to_owned(),
            Some(port) => format!("no encryption, at port {port}"),
        };
        let transport = Transport {
            tried,
            outcome: in_clear(seen),
            control: before.and(after),
        };
        keep(world, &run, transport, begun);
    }
    .boxed_local()
}

/// What may be sent over a line that anybody can read.
fn without_headers(run: &Context) -> Request {
    let mut request = run.request("metadata", Vec::new(), None);
    request.sign_in = false;
    request.gp_connect.scope = None;
    let all = SspHeader::ALL.iter();
    if !run.interactions.is_empty() && request.gp_connect.interaction.is_some() {
        request.gp_connect.headers = all.map(|one| (*one, HeaderChange::Remove)).collect();
    }
    request
}

fn in_clear(seen: PlainHttp) -> Reached {
    let refused = |how: &str| Reached::Refused {
        how: how.to_owned(),
    };
    match seen {
        PlainHttp::NothingListens => refused("nothing listens there"),
        PlainHttp::Dropped => refused("the connection was ended without an answer"),
        // No record came back, and that is the rule.
        PlainHttp::Unclear(Unclear::Timeout) => refused("no answer came within the time limit"),
        PlainHttp::Unclear(why) => Reached::Unclear {
            why: why.to_string(),
        },
        PlainHttp::Answered {
            status, to_https, ..
        } if to_https && (300..400).contains(&status) => {
            refused("a redirect to an encrypted address")
        }
        PlainHttp::Answered { status, fhir, .. }
            if (400..500).contains(&status) || (status >= 500 && !fhir) =>
        {
            Reached::Refused {
                how: format!("status {status}"),
            }
        }
        PlainHttp::Answered { status, .. } => Reached::Accepted {
            how: format!("status {status}"),
        },
    }
}

/// A look at the place of the capability statement, with everything else about the request right.
fn start(world: &mut World) -> Option<(std::rc::Rc<Context>, Probe)> {
    let run = world.run.clone()?;
    world.answer = None;
    run.journal.hand_over();
    let request = run.request("metadata", Vec::new(), None);
    let is_encrypted = |base: &Url| base.scheme() == "https";
    if let Some(replay) = run.wire.stored()
        && run
            .target
            .base_urls
            .get("default")
            .is_some_and(is_encrypted)
    {
        replay::connection(world, replay);
        return None;
    }
    let probe = run.wire.live().and_then(|client| client.probe(&request));
    let Some(probe) = probe else {
        world.stop(
            SkipReason::NotObservable,
            "SETUP-ENCRYPTION",
            "the target is addressed without encryption, so nothing can be said of how it is encrypted",
            "Write an address that begins with https:// under [base_urls] in target.toml.",
        );
        return None;
    };
    Some((run, probe))
}

/// Keeps what came of it for the assertions, and as evidence.
fn keep(world: &mut World, run: &Context, transport: Transport, begun: Instant) {
    let id = run.exchange_id();
    world.exchanges.push(id);
    let said = match &transport.outcome {
        Reached::Accepted { how } => format!("let in, {how}"),
        Reached::Refused { how } => how.clone(),
        Reached::Unclear { why } => format!("neither let in nor refused: {why}"),
    };
    let control = match &transport.control {
        Ok(()) => "the right connection was let in before and after".to_owned(),
        Err(why) => format!("the right connection was not let in: {why}"),
    };
    let capture = Capture {
        connection: Some(tried(run, &transport)),
        ..capture(world, Purpose::Judged)
    };
    let base = run.target.base_urls.get("default");
    let url = base.map_or_else(String::new, |base| {
        format!("{}/metadata", base.as_str().trim_end_matches('/'))
    });
    run.journal.push(Event::Exchange {
        exchange: Box::new(ExchangeRecord {
            id,
            method: "GET".to_owned(),
            url: run.policy.url(&url),
            request_headers: Vec::new(),
            request_body: None,
            status: None,
            response_headers: Vec::new(),
            body: StoredBody::Empty,
            fhir: BodyCheck::not(Unchecked::NoAnswer),
            transport_error: run
                .policy
                .second_net(&format!("{}: {said}; {control}", transport.tried)),
            elapsed_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            curl: String::new(),
            capture: Some(capture),
        }),
    });
    world.answer = Some(Answered {
        pages: Vec::new(),
        followed: Followed::No,
        resource_type: "CapabilityStatement".to_owned(),
        params: Vec::new(),
        may_be_refused: false,
        transport: Some(transport),
        tried: Some(id),
    });
}
