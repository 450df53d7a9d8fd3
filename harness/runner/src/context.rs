//! What all scenarios of one run share: the target, the facts, the journal.
//! Reaches the scenarios through cucumber's before hook, never through a global.

use crate::bodies::Bodies;
use crate::journal::Journal;
use crate::step::{StepDef, Table};
use plumbline_http::{Client, Request};
use plumbline_model::{ActorRole, ExchangeId, Level, Person, RequirementId, StepKind};
use plumbline_pack::{Scenario, TargetFile};
use plumbline_redact::Policy;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};
use tokio::sync::OnceCell;

/// The media type that every request asks for.
pub(crate) const FHIR_JSON: &str = "application/fhir+json";
/// The naming system of the NHS number (UK Core Access, patient index).
pub(crate) const NHS_NUMBER_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The NHS number used for "belongs to no patient" where target.toml names none.
pub(crate) const NOBODY: &str = "9990009996";

/// How many redacted addresses are kept.
const MOST_ADDRESSES: usize = 1000;

/// The step table, compiled once for all runs of the process.
static STEPS: LazyLock<Table> = LazyLock::new(Table::standard);

/// What the text of a step means: the line of the step table, and the quoted arguments.
pub(crate) struct Resolved {
    pub def: &'static StepDef,
    pub captures: Vec<String>,
}

/// What texts mean; `None` for one that is not in the step table.
type Meanings = BTreeMap<String, Option<Rc<Resolved>>>;

pub(crate) struct Context {
    pub client: Client,
    pub policy: Rc<Policy>,
    pub people: BTreeMap<ActorRole, Arc<Person>>,
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
    /// Redacted URL and command by live command: a run asks the same things again and again.
    pub addresses: RefCell<BTreeMap<String, (String, String)>>,
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

    /// What a step means; `None` if it is not in the step table.
    pub fn resolve(&self, kind: StepKind, text: &str) -> Option<Rc<Resolved>> {
        let mut resolved = self.resolved.borrow_mut();
        let texts = resolved.entry(kind).or_default();
        if let Some(known) = texts.get(text) {
            return known.clone();
        }
        let found = STEPS
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

    /// Requests that any working target answers: control requests around a failed one.
    pub fn probes(&self) -> Vec<Request> {
        let mut probes = vec![self.request("metadata", Vec::new(), None)];
        if let Some(actor) = self.target.actors.values().next() {
            let identifier = format!("{NHS_NUMBER_SYSTEM}|{}", actor.nhs_number);
            probes.push(self.request("Patient", vec![("identifier".to_owned(), identifier)], None));
        }
        probes
    }

    /// A request for FHIR JSON with the target's credentials.
    pub fn request(
        &self,
        path: &str,
        query: Vec<(String, String)>,
        capability: Option<String>,
    ) -> Request {
        Request {
            capability: capability.filter(|c| self.target.base_urls.contains_key(c)),
            path: path.to_owned(),
            query,
            absolute: None,
            accept: FHIR_JSON.to_owned(),
            headers: Vec::new(),
            sign_in: true,
        }
    }
}
