//! What one scenario knows while it runs. A new one for every scenario; nothing is global.
//! Live responses stay here, in memory; only redacted ones leave.

use crate::changes::Changes;
use crate::context::Context;
use crate::journal::Event;
use plumbline_checks::{Transport, Written};
use plumbline_fhir::FhirVersion;
use plumbline_model::{
    Created, DirectoryKind, Draft, ExchangeId, FindingCode, FindingKind, Level, Location,
    NotApplicableReason, Person, Shown, SkipReason,
};
use plumbline_pack::Scenario;
use plumbline_tree::{Lookout, Tree};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A test patient in play.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The NHS number that the target uses for the role.
    pub nhs_number: String,
    /// An identifier of the target's own, as `system|value` or bare value.
    pub local_identifier: Option<String>,
    /// The facts about the person, if the role has any.
    pub person: Option<Arc<Person>>,
}

/// A practitioner, organisation or location in play.
#[derive(Debug, Clone)]
pub struct Entity {
    /// What it is.
    pub kind: DirectoryKind,
    /// SDS user id or ODS code, as the target has it.
    pub identifier: Option<String>,
    /// The target's own id, if target.toml says it.
    pub id: Option<String>,
}

/// The body of a response.
#[derive(Debug)]
pub(crate) enum Body {
    Tree(Arc<Tree>),
    Empty,
    NotJson { bytes: usize, why: String },
}

/// One page of an answer.
#[derive(Debug)]
pub(crate) struct PageData {
    pub exchange: ExchangeId,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Body,
    /// How the body was written: one in XML is kept as the JSON that says the same.
    pub written: Written,
    /// The version of FHIR that its media type names, if it names one.
    pub fhir_version: Option<FhirVersion>,
    /// By how many seconds the clock of the target is ahead of ours, if both said their time.
    pub clock_ahead: Option<i64>,
}

/// How far a result was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Followed {
    No,
    ToTheEnd,
    /// The target gave no further page that could be read.
    Stopped(String),
    /// Our own limits: there may be more.
    LeftOff(String),
}

/// The answer that assertions look at.
#[derive(Debug)]
pub(crate) struct Answered {
    pub pages: Vec<PageData>,
    pub followed: Followed,
    pub resource_type: String,
    pub params: Vec<(String, String)>,
    /// Whether the target is free to refuse such a search, by the pack.
    pub may_be_refused: bool,
    /// What came of a connection that was tried, where that is what the step did.
    pub transport: Option<Transport>,
    /// The exchange of that connection.
    pub tried: Option<ExchangeId>,
}

/// The state of one scenario.
#[derive(Debug, Default)]
pub struct World {
    pub(crate) run: Option<Rc<Context>>,
    pub(crate) scenario: Option<Arc<Scenario>>,
    pub(crate) level: Option<Level>,
    pub(crate) next_step: usize,
    pub(crate) actor: Option<Actor>,
    /// Who else is in play, at most one of each kind.
    pub(crate) directory: BTreeMap<DirectoryKind, Entity>,
    /// What was put in play last; `None` for a patient.
    pub(crate) in_play: Option<DirectoryKind>,
    /// The target's own id of what was put in play last.
    pub(crate) target_id: Option<String>,
    pub(crate) count: Option<u32>,
    /// Headers that every judged request carries.
    pub(crate) headers: Vec<(String, String)>,
    /// How the requests of this scenario differ from the right ones.
    pub(crate) changes: Changes,
    pub(crate) answer: Option<Answered>,
    pub(crate) stop: Option<SkipReason>,
    /// Why the scenario does not apply to this target, if it does not.
    pub(crate) not_applicable: Option<NotApplicableReason>,
    /// What the current step has found and done so far.
    pub(crate) drafts: Vec<Draft>,
    pub(crate) exchanges: Vec<ExchangeId>,
    /// Where stored evidence is judged: whether something was read that redaction replaced.
    pub(crate) lookout: Lookout,
    /// The same: whether an answer was asked for that is not there.
    pub(crate) absent: bool,
}

/// On the heap: cucumber moves it from hand to hand many times in each scenario.
impl cucumber::World for Box<World> {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

impl World {
    /// The first page of the answer that is looked at.
    pub(crate) fn first_page(&self) -> Option<&PageData> {
        self.answer.as_ref()?.pages.first()
    }

    /// A precondition is missing: says so, and later steps are not run.
    pub(crate) fn stop(&mut self, reason: SkipReason, code: &str, message: &str, next: &str) {
        self.report(FindingKind::Undecided(reason), code, message, next);
        self.stop = Some(SkipReason::EarlierStep);
    }

    /// Notes at once that this scenario has created a resource in the target. `reference` finds it, as
    /// in `Patient/7` or `Patient?identifier=system|value`, and is redacted here.
    pub(crate) fn created(&self, resource_type: &str, reference: &str) {
        let (Some(run), Some(scenario)) = (&self.run, &self.scenario) else {
            return;
        };
        if run.wire.stored().is_some() {
            return;
        }
        run.journal.push(Event::Created {
            created: Created {
                scenario: scenario.id.clone(),
                resource_type: run.policy.place(resource_type),
                reference: run.policy.url(reference),
                left: true,
            },
        });
    }

    /// Adds a finding of the runner itself.
    pub(crate) fn report(&mut self, kind: FindingKind, code: &str, message: &str, next: &str) {
        self.drafts.push(Draft {
            code: FindingCode::from(code),
            kind,
            message: message.to_owned(),
            expected: Shown::default(),
            actual: Shown::default(),
            next_step: next.to_owned(),
            page: 0,
            location: Location {
                exchange: self.exchanges.last().copied(),
                ..Location::default()
            },
        });
    }
}
