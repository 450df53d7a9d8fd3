//! What all scenarios of one run share: the target, the facts, the journal.
//! Reaches the scenarios through cucumber's before hook, never through a global.

use crate::bodies::Bodies;
use crate::control::Held;
use crate::journal::Journal;
use crate::presence::Presence;
use crate::step::{StepDef, Table};
use crate::valid::Validity;
use crate::wire::Wire;
use plumbline_http::{Answer, GpConnectCall, HeaderChange, Method, Request, SspHeader, TokenForm};
use plumbline_model::{ActorRole, ExchangeId, Header, Level, Person, RequirementId, StepKind};
use plumbline_pack::{Auth, Interaction, Scenario, TargetFile};
use plumbline_prsb::Standard;
use plumbline_redact::Policy;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The media type that every request asks for.
pub(crate) const FHIR_JSON: &str = "application/fhir+json";
/// The naming system of the NHS number (UK Core Access, patient index).
pub(crate) const NHS_NUMBER_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The NHS number used for "belongs to no patient" where target.toml names none.
pub(crate) const NOBODY: &str = "9990009996";

/// How many redacted addresses are kept.
const MOST_ADDRESSES: usize = 1000;

/// How many sets of redacted headers are kept; a target that numbers its answers never repeats one.
const MOST_HEADERS: usize = 64;

/// What the text of a step means: the line of the step table, and the quoted arguments.
pub(crate) struct Resolved {
    pub def: &'static StepDef,
    pub captures: Vec<String>,
}

/// Names and values as they were sent or came.
type LiveHeaders = Vec<(String, String)>;

/// What texts mean; `None` for one that is not in the step table.
type Meanings = BTreeMap<String, Option<Rc<Resolved>>>;

pub(crate) struct Context {
    pub wire: Wire,
    pub policy: Rc<Policy>,
    pub people: BTreeMap<ActorRole, Arc<Person>>,
    /// What the standard calls its requests, if it gives them names.
    pub interactions: Vec<Interaction>,
    /// What came of the controls so far, by what they ask for.
    pub controls: RefCell<BTreeMap<String, Rc<OnceCell<Held>>>>,
    pub target: TargetFile,
    pub levels: BTreeMap<RequirementId, Level>,
    /// The scenarios that have been handed to cucumber and have not begun.
    pub waiting: RefCell<BTreeMap<String, Arc<Scenario>>>,
    pub journal: Journal,
    /// Search parameters whose lone use the target may refuse.
    pub unbounded: Vec<String>,
    /// The steps met so far, by kind and text: most texts stand in many scenarios.
    pub resolved: RefCell<BTreeMap<StepKind, Meanings>>,
    pub mock: RefCell<Option<String>>,
    /// Why the run must end at once, if it must.
    pub halted: RefCell<Option<String>>,
    pub signed_in: OnceCell<bool>,
    pub presence: Presence,
    /// Redacted URL and command by live command: a run asks the same things again and again.
    pub addresses: RefCell<BTreeMap<String, (String, String)>>,
    /// Redacted headers by live headers, for the same reason.
    pub headers: RefCell<BTreeMap<LiveHeaders, Vec<Header>>>,
    /// The content rules of the pack, if it has any.
    pub content: Option<Arc<Standard>>,
    /// Whether bodies are valid FHIR.
    pub valid: Validity,
    /// Bodies so far.
    pub bodies: RefCell<Bodies>,
    /// Exchanges so far.
    pub exchanges: Cell<u32>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Context")
    }
}

impl Context {
    /// A number for the next exchange.
    pub fn exchange_id(&self) -> ExchangeId {
        let id = self.exchanges.get() + 1;
        self.exchanges.set(id);
        ExchangeId(id)
    }

    /// Sends a request once everything before it is in the journal; `None` where nobody is asked.
    pub async fn send(&self, request: Request) -> Option<Answer> {
        let client = self.wire.live()?;
        self.journal.hand_over();
        // On the heap, once: the futures of steps hold this one in many places, and would each be
        // too large to be moved cheaply.
        Some(Box::pin(client.get(request)).await)
    }

    /// Whether the target answers control requests below a base address.
    pub async fn is_alive(&self, base: &str) -> bool {
        let Some(client) = self.wire.live() else {
            return false;
        };
        self.journal.hand_over();
        Box::pin(client.is_alive(&self.probes(base))).await
    }

    /// The NHS number for "belongs to no patient".
    pub fn nobody(&self) -> &str {
        self.target.nobody_nhs_number.as_deref().unwrap_or(NOBODY)
    }

    /// What a step means; `None` if it is not in the step table.
    pub fn resolve(&self, kind: StepKind, text: &str) -> Option<Rc<Resolved>> {
        let mut resolved = self.resolved.borrow_mut();
        let texts = resolved.entry(kind).or_default();
        if let Some(known) = texts.get(text) {
            return known.clone();
        }
        let found = Table::standard()
            .find(kind, text)
            .map(|(def, captures)| Rc::new(Resolved { def, captures }));
        texts.insert(text.to_owned(), found.clone());
        found
    }

    /// The redacted URL of a request, and the command that repeats it with that URL.
    pub fn addresses(&self, live_url: &str, live_command: String) -> (String, String) {
        let mut known = self.addresses.borrow_mut();
        if let Some((url, command)) = known.get(&live_command) {
            return (url.clone(), command.clone());
        }
        let url = self.policy.url(live_url);
        let command = if live_command.contains(live_url) {
            self.policy
                .second_net(&live_command.replace(live_url, &url))
        } else {
            self.policy.second_net(&format!("curl '{url}'"))
        };
        if known.len() == MOST_ADDRESSES {
            known.clear();
        }
        known.insert(live_command, (url.clone(), command.clone()));
        (url, command)
    }

    /// Redacted headers.
    pub fn headers(&self, live: &[(String, String)]) -> Vec<Header> {
        let mut known = self.headers.borrow_mut();
        if let Some(redacted) = known.get(live) {
            return redacted.clone();
        }
        let pairs = live
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let redacted = self.policy.headers(pairs);
        if known.len() == MOST_HEADERS {
            known.clear();
        }
        known.insert(live.to_owned(), redacted.clone());
        redacted
    }

    /// A read of FHIR JSON with the target's credentials.
    pub fn request(
        &self,
        path: &str,
        query: Vec<(String, String)>,
        capability: Option<String>,
    ) -> Request {
        self.asking(Method::Get, path, query, capability)
    }

    /// As [`Context::request`], with any method.
    pub fn asking(
        &self,
        method: Method,
        path: &str,
        query: Vec<(String, String)>,
        capability: Option<String>,
    ) -> Request {
        Request {
            method,
            gp_connect: self.call(method, path),
            capability: capability.filter(|c| self.target.base_urls.contains_key(c)),
            path: path.to_owned(),
            query,
            absolute: None,
            accept: FHIR_JSON.to_owned(),
            headers: Vec::new(),
            sign_in: true,
            ..Request::default()
        }
    }

    /// Lets a request that has no name of its own ask for what its header names.
    pub fn take_scope_of_header(&self, request: &mut Request) {
        let call = &mut request.gp_connect;
        if call.interaction.is_some() || call.form == TokenForm::Absent || !request.sign_in {
            return;
        }
        let named = call
            .headers
            .iter()
            .rev()
            .find_map(|(header, change)| match change {
                HeaderChange::Set(id) if *header == SspHeader::InteractionId => Some(id),
                _ => None,
            });
        let mut all = self.interactions.iter();
        let found = named.and_then(|id| all.find(|one| one.id == *id));
        call.scope = found.map(|one| one.scope.clone());
    }

    /// What the standard calls a request, for a target that wants to be told.
    pub fn call(&self, method: Method, path: &str) -> GpConnectCall {
        let wants = matches!(self.target.auth, Auth::GpConnect(_));
        let found = plumbline_pack::interaction(&self.interactions, method.name(), path);
        match found.filter(|_| wants) {
            None => GpConnectCall::default(),
            Some(interaction) => GpConnectCall {
                scope: Some(interaction.scope.clone()),
                ..GpConnectCall::of(interaction.id.clone())
            },
        }
    }
}
