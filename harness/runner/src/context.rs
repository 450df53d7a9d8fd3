//! What all scenarios of one run share: the target, the facts, the journal.
//! Reaches the scenarios through cucumber's before hook, never through a global.

use crate::journal::Journal;
use crate::step::Table;
use plumbline_http::{Client, Request};
use plumbline_model::{ActorRole, ExchangeId, Level, Person, RequirementId};
use plumbline_pack::{Scenario, TargetFile};
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

pub(crate) struct Context {
    pub client: Client,
    pub policy: Rc<Policy>,
    pub people: BTreeMap<ActorRole, Person>,
    pub target: TargetFile,
    pub levels: BTreeMap<RequirementId, Level>,
    pub scenarios: BTreeMap<String, Arc<Scenario>>,
    pub journal: Journal,
    /// Search parameters whose lone use the target may refuse.
    pub unbounded: Vec<String>,
    pub steps: Table,
    pub mock: RefCell<Option<String>>,
    /// Why the run must end at once, if it must.
    pub halted: RefCell<Option<String>>,
    pub signed_in: OnceCell<bool>,
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
