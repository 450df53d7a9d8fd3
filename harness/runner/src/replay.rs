//! Answers requests from the stored evidence of an earlier run: the same words of the same scenario that
//! ask for the same get what they got then, in order. What the evidence does not hold is not tested.
//! Not for deciding whether a result can be believed: `doubtful` does.

use crate::capture::{self, transport};
use crate::context::Context;
use crate::exchange::sent;
use crate::world::{Answered, Body, Followed, PageData, World};
use plumbline_checks::Written;
use plumbline_http::{Request, address};
use plumbline_model::{
    ActorRole, BodyCheck, BodyForm, Capture, ExchangeId, ExchangeRecord, Finding, FindingKind,
    Purpose, ScenarioId, SkipReason, StepKind, StepRecord, StoredBody, Unchecked,
};
use plumbline_pack::PlannedStep;
use plumbline_redact::{keeps_element, keeps_header};
use plumbline_tree::{Limits, Tree, Veil};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

/// What the wire alone could tell, as the run found it: nobody can ask again.
const OF_THE_WIRE: [&str; 17] = [
    "HTTP-CERTIFICATE-CHANGED",
    "HTTP-DNS",
    "HTTP-ENCODING",
    "HTTP-NO-ANSWER",
    "HTTP-NOT-FHIR",
    "HTTP-NOT-HTTP",
    "HTTP-NOT-SENT",
    "HTTP-PROXY",
    "HTTP-RATE-LIMITED",
    "HTTP-REFUSED-LOGIN",
    "HTTP-SCOPE",
    "HTTP-SIGN-IN",
    "HTTP-TLS",
    "HTTP-TOO-LARGE",
    "HTTP-TOTAL-REACHED",
    "HTTP-UNREACHABLE",
    "RUN-STOPPED",
];

/// The evidence of one run.
pub(crate) struct Replay {
    pub exchanges: BTreeMap<ExchangeId, ExchangeRecord>,
    /// The steps of each scenario, as they went then.
    pub scenarios: BTreeMap<ScenarioId, Vec<StepRecord>>,
    pub base_urls: BTreeMap<String, Url>,
    pub certificates: BTreeMap<String, String>,
    /// The roles whose facts are not those that the target was loaded with.
    pub changed: BTreeSet<ActorRole>,
    /// How much of the judge is that of then.
    pub judge: Judge,
    /// The answers that have been given out.
    pub given: RefCell<BTreeSet<(ScenarioId, ExchangeId)>>,
}

/// How much of what judges is the same as in the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    /// The version of Plumbline and every file of the pack.
    Same,
    /// The version of Plumbline alone.
    OtherPack,
    /// Not even that.
    OtherVersion,
}

/// What the evidence has for a request.
enum Found<'r> {
    Exchange(&'r ExchangeRecord, &'r Capture),
    Nothing,
}

impl Replay {
    pub fn base_urls(&self) -> &BTreeMap<String, Url> {
        &self.base_urls
    }

    pub fn certificates(&self) -> &BTreeMap<String, String> {
        &self.certificates
    }

    /// The exchanges of a scenario in the order in which they were made, controls that it shares
    /// with others among them.
    fn of(&self, scenario: &ScenarioId) -> impl Iterator<Item = &ExchangeRecord> {
        let steps = self.scenarios.get(scenario).into_iter().flatten();
        steps
            .flat_map(|step| &step.exchanges)
            .filter_map(|id| self.exchanges.get(id))
    }

    /// The next exchange of the scenario in play that this may be the answer of.
    fn next<'r>(
        &'r self,
        world: &World,
        wanted: &Capture,
        is_same: impl Fn(&ExchangeRecord) -> bool,
    ) -> Found<'r> {
        let Some(scenario) = &world.scenario else {
            return Found::Nothing;
        };
        let mut given = self.given.borrow_mut();
        for exchange in self.of(&scenario.id) {
            let Some(capture) = &exchange.capture else {
                continue;
            };
            let key = (scenario.id.clone(), exchange.id);
            if capture.purpose == wanted.purpose
                && capture.asked == wanted.asked
                && !given.contains(&key)
                && is_same(exchange)
            {
                given.insert(key);
                return Found::Exchange(exchange, capture);
            }
        }
        Found::Nothing
    }

    /// What the run found of an exchange that only the wire could tell.
    fn told(&self, scenario: &ScenarioId, exchange: &ExchangeRecord) -> Vec<&Finding> {
        let steps = self.scenarios.get(scenario).into_iter().flatten();
        let of_wire = |finding: &&Finding| {
            let code = finding.code.as_str();
            OF_THE_WIRE.contains(&code) || (code == "SETUP-REQUEST" && exchange.status.is_none())
        };
        steps
            .filter(|step| step.kind != StepKind::Assertion)
            .flat_map(|step| &step.findings)
            .filter(|finding| finding.location.exchange == Some(exchange.id))
            .filter(of_wire)
            .collect()
    }

    /// The step of the run that has the place and the words of this one, and had the same before it.
    /// Tables are not compared.
    pub fn step_then(&self, world: &World, step: &PlannedStep) -> Option<&StepRecord> {
        let scenario = world.scenario.as_ref()?;
        let then = self.scenarios.get(&scenario.id)?;
        let now = scenario.steps.iter().take(world.next_step);
        let mut doing = now.filter(|one| one.kind != StepKind::Assertion);
        if step.kind == StepKind::Assertion {
            for one in then {
                if one.kind != StepKind::Assertion {
                    if doing.next().is_none_or(|own| !is_called(one, own)) {
                        return None;
                    }
                } else if is_called(one, step) && doing.clone().next().is_none() {
                    return Some(one);
                }
            }
            return None;
        }
        let mut found = None;
        let mut past = then.iter().filter(|one| one.kind != StepKind::Assertion);
        for own in doing {
            found = past.next().filter(|one| is_called(one, own));
            found?;
        }
        found
    }
}

/// Whether a step of the record has the words of one of the pack.
fn is_called(then: &StepRecord, now: &PlannedStep) -> bool {
    let words = then.text.split_once(' ').map(|(_, words)| words);
    then.kind == now.kind && words == Some(now.text.as_str())
}

/// The answer to a request from the evidence; `None` means that the world has been told why there is none.
pub(crate) fn answer(
    world: &mut World,
    run: &Context,
    replay: &Replay,
    request: &Request,
    purpose: Purpose,
) -> Option<PageData> {
    let wanted = capture::capture(world, purpose);
    let asked = Asked::of(run, replay, request);
    let found = replay.next(world, &wanted, |exchange| asked.is_that_of(exchange));
    let (Found::Exchange(exchange, kept), Some(scenario)) = (found, world.scenario.clone()) else {
        missing(world, purpose);
        return None;
    };
    world.exchanges.push(exchange.id);
    let told = replay.told(&scenario.id, exchange);
    if purpose != Purpose::Control && !told.is_empty() {
        for finding in told {
            again(world, finding);
        }
        world.stop = Some(SkipReason::EarlierStep);
        return None;
    }
    let body = body(exchange, kept, world);
    let (Some(status), Some(body)) = (exchange.status, body) else {
        missing(world, purpose);
        return None;
    };
    let headers = exchange.response_headers.iter();
    let headers: Vec<_> = headers
        .filter(|header| keeps_header(&header.name))
        .map(|header| (header.name.clone(), header.value.clone()))
        .collect();
    let fhir_version = crate::exchange::named_version(&headers);
    let page = PageData {
        exchange: exchange.id,
        status,
        headers,
        body,
        written: match kept.written {
            BodyForm::Json => Written::Json,
            BodyForm::Xml => Written::Xml,
        },
        fhir_version,
        clock_ahead: kept.clock_ahead,
    };
    if purpose == Purpose::Setup && !(200..300).contains(&status) {
        crate::exchange::unprepared(world, status);
        return None;
    }
    Some(page)
}

/// Says that the evidence holds no answer to what is asked.
fn missing(world: &mut World, purpose: Purpose) {
    world.absent = true;
    if purpose == Purpose::Control {
        // Whatever follows from its absence, `doubtful` takes back.
        return;
    }
    let then = world.run.clone().and_then(|run| {
        let scenario = world.scenario.clone()?;
        let step = scenario.steps.get(world.next_step.checked_sub(1)?)?;
        let then = run.wire.stored()?.step_then(world, step)?;
        let is_open = then
            .findings
            .iter()
            .all(|finding| !matches!(finding.kind, FindingKind::Broken));
        is_open.then(|| then.clone())
    });
    // What kept the run from asking is what keeps it from being asked of the evidence.
    if let Some(then) = then.filter(|then| then.exchanges.is_empty() && !then.findings.is_empty()) {
        for finding in &then.findings {
            again(world, finding);
        }
        world.stop = Some(SkipReason::EarlierStep);
        return;
    }
    world.stop(
        SkipReason::NotInEvidence,
        ABSENT,
        "the stored evidence holds no answer to what this step asks",
        "Run the pack against the system again.",
    );
    world.stop = Some(SkipReason::NotInEvidence);
}

/// The code of what is not in the evidence.
pub(crate) const ABSENT: &str = "EVIDENCE-ABSENT";

/// Reports what the run reported.
fn again(world: &mut World, finding: &Finding) {
    let code = finding.code.as_str();
    world.report(finding.kind, code, &finding.message, &finding.next_step);
}

/// Stops a scenario whose person is not the one whom the target was loaded with; true if it is not.
pub(crate) fn is_changed(world: &mut World, role: &ActorRole) -> bool {
    let replay = world.run.as_ref().and_then(|run| run.wire.stored());
    let changed = replay.is_some_and(|replay| replay.changed.contains(role));
    if changed {
        world.stop(
            SkipReason::NotInEvidence,
            ABSENT,
            "the facts about this person have changed since the evidence was collected, so it is that \
             of a system that was asked to hold others",
            "Load the person again from the data sheet, and run the pack against the system again.",
        );
        world.stop = Some(SkipReason::NotInEvidence);
    }
    changed
}

/// What came of a connection that the step at hand tries.
pub(crate) fn connection(world: &mut World, replay: &Replay) {
    let wanted = capture::capture(world, Purpose::Judged);
    let found = replay.next(world, &wanted, |exchange| {
        let capture = exchange.capture.as_ref();
        capture.is_some_and(|capture| capture.connection.is_some())
    });
    let (id, kept) = match &found {
        Found::Exchange(exchange, capture) => (exchange.id, capture.connection.as_ref()),
        Found::Nothing => return missing(world, Purpose::Judged),
    };
    let Some(kept) = kept else {
        return missing(world, Purpose::Judged);
    };
    world.exchanges.push(id);
    world.answer = Some(Answered {
        pages: Vec::new(),
        followed: Followed::No,
        resource_type: "CapabilityStatement".to_owned(),
        params: Vec::new(),
        may_be_refused: false,
        transport: Some(transport(kept)),
        tried: Some(id),
    });
}

/// A request in the form in which evidence has one.
struct Asked {
    method: &'static str,
    url: Option<String>,
    headers: Vec<plumbline_model::Header>,
    body: Option<StoredBody>,
}

impl Asked {
    fn of(run: &Context, replay: &Replay, request: &Request) -> Self {
        let mut headers: Vec<(&str, &str)> = Vec::new();
        if !request.accept.is_empty() {
            headers.push(("accept", &request.accept));
        }
        if let Some(body) = &request.body {
            headers.push(("content-type", &body.content_type));
        }
        let call = &request.gp_connect;
        if let Some(interaction) = call
            .interaction
            .as_deref()
            .filter(|_| call.headers.is_empty())
        {
            headers.push(("ssp-interactionid", interaction));
        }
        let url = address(request, replay.base_urls());
        Self {
            method: request.method.name(),
            url: url.map(|url| run.policy.url(url.as_str())),
            headers: run.policy.headers(headers),
            body: sent(run, request),
        }
    }

    fn is_that_of(&self, exchange: &ExchangeRecord) -> bool {
        let says = |name: &str| exchange.request_headers.iter().any(|one| one.name == name);
        self.method == exchange.method
            && self.url.as_deref() == Some(exchange.url.as_str())
            && self.body == exchange.request_body
            && self
                .headers
                .iter()
                .all(|header| exchange.request_headers.contains(header))
            && (says("accept") == self.headers.iter().any(|one| one.name == "accept"))
    }
}

/// The body of an answer; `None` if the evidence contradicts itself about it, so that some is missing.
fn body(exchange: &ExchangeRecord, kept: &Capture, world: &World) -> Option<Body> {
    let reason = match &exchange.fhir {
        BodyCheck::Checked(_) => None,
        BodyCheck::NotChecked { reason } => Some(*reason),
    };
    match (&exchange.body, reason) {
        (StoredBody::Empty, Some(Unchecked::NoBody)) => Some(Body::Empty),
        (StoredBody::Opaque { bytes, why, .. }, Some(Unchecked::Unreadable)) => {
            Some(Body::NotJson {
                bytes: usize::try_from(*bytes).unwrap_or(usize::MAX),
                why: why.clone(),
            })
        }
        (
            StoredBody::Json {
                text,
                received_bytes,
            },
            None | Some(Unchecked::NoDefinitions | Unchecked::OtherVersion | Unchecked::Fault),
        ) => {
            let limits = Limits {
                max_bytes: usize::MAX,
                ..Limits::default()
            };
            let tree = Tree::parse(text.as_bytes().to_vec(), &limits).ok()?;
            Some(Body::Tree(Arc::new(tree.veiled(Veil {
                lookout: world.lookout.clone(),
                keeps_name: keeps_element,
                repeated_names: kept.repeated_names,
                received_bytes: usize::try_from(*received_bytes).unwrap_or(usize::MAX),
            }))))
        }
        _ => None,
    }
}
