//! What one scenario knows while it runs. A new one for every scenario; nothing is global.
//! Live responses stay here, in memory; only redacted ones leave.

use crate::context::Context;
use plumbline_model::{
    Draft, ExchangeId, FindingCode, FindingKind, Level, Location, NotApplicableReason, Person,
    Shown, SkipReason,
};
use plumbline_pack::Scenario;
use plumbline_tree::Tree;
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
}

/// The state of one scenario.
#[derive(Debug, Default)]
pub struct World {
    pub(crate) run: Option<Rc<Context>>,
    pub(crate) scenario: Option<Arc<Scenario>>,
    pub(crate) level: Option<Level>,
    pub(crate) next_step: usize,
    pub(crate) actor: Option<Actor>,
    pub(crate) target_id: Option<String>,
    pub(crate) count: Option<u32>,
    /// Headers that every judged request carries.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) answer: Option<Answered>,
    pub(crate) stop: Option<SkipReason>,
    /// Why the scenario does not apply to this target, if it does not.
    pub(crate) not_applicable: Option<NotApplicableReason>,
    /// What the current step has found and done so far.
    pub(crate) drafts: Vec<Draft>,
    pub(crate) exchanges: Vec<ExchangeId>,
}

impl cucumber::World for World {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

impl World {
    /// A precondition is missing: says so, and later steps are not run.
    pub(crate) fn stop(&mut self, reason: SkipReason, code: &str, message: &str, next: &str) {
        self.report(FindingKind::Undecided(reason), code, message, next);
        self.stop = Some(SkipReason::EarlierStep);
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
