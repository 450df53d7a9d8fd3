//! Judges the stored evidence of a run again, with the pack and the checks as they are now. The steps are
//! run by the code that runs them against a target; the answers are those of the evidence.
//! Not for the network: nothing here has a client. Not for scores, and not for files.

use crate::assemble::{Ending, assemble};
use crate::context::Context;
use crate::doubtful::changed;
use crate::journal::{Event, Journal};
use crate::origin::sha256;
use crate::plan::{Plan, PlanError, Selection};
use crate::presence::Presence;
use crate::replay::{Judge, Replay};
use crate::run::{RestoreHook, RunOutput, policy, schedule};
use crate::valid::Validity;
use crate::wire::Wire;
use plumbline_model::facts::LocalIdentifier;
use plumbline_model::record::RECORD_FORMAT;
use plumbline_model::{
    ActorRole, Completion, DirectoryFact, ExchangeId, GpConnect, GpConnectDevice,
    GpConnectOrganisation, GpConnectPractitioner, Person, Rejudged, RunRecord, ScenarioId, SignIn,
    TargetFacts,
};
use plumbline_pack::{ActorEntry, Auth, Connection, DirectoryEntry, Limits, Pack, TargetFile};
use plumbline_prsb::Standard;
use plumbline_redact::Policy;
use plumbline_validator::Validators;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::OnceCell;
use url::Url;

/// The first format of a record whose evidence can be judged again.
const FIRST_FORMAT: u32 = 3;

/// Why evidence cannot be judged again.
#[derive(Debug, Error)]
pub enum RejudgeError {
    /// The record does not keep what is needed.
    #[error(
        "the record has format {format}, which does not keep what judging its evidence again needs; formats from {FIRST_FORMAT} on do: run the pack against the system again with this version of Plumbline"
    )]
    Older {
        /// Its format.
        format: u32,
    },
    /// The record collected no evidence of its own.
    #[error(
        "the record judges the evidence of the run {run_id} again: give the folder of that run, whose evidence it is"
    )]
    NotFirst {
        /// The run that collected the evidence.
        run_id: String,
    },
    /// The pack is another.
    #[error("the evidence was collected by the pack {collected}, and this is {given}")]
    OtherPack {
        /// By which it was collected.
        collected: String,
        /// Which was given.
        given: String,
    },
    /// The pack is for another version of FHIR now.
    #[error(
        "the evidence is in FHIR {collected}, and the pack is for FHIR {given} now: run it against the system again"
    )]
    OtherFhir {
        /// That of the evidence.
        collected: String,
        /// That of the pack.
        given: String,
    },
    /// A part of the evidence is missing.
    #[error(
        "the record is not whole: the scenario {scenario} names the exchange {exchange}, and the record does not hold it"
    )]
    Missing {
        /// The scenario.
        scenario: ScenarioId,
        /// The exchange.
        exchange: ExchangeId,
    },
    /// An exchange does not say what it was made for.
    #[error(
        "the record is not whole: of the exchange {exchange} it does not say what it was made for"
    )]
    NoCapture {
        /// The exchange.
        exchange: ExchangeId,
    },
    /// Two exchanges have one number.
    #[error("the record is not whole: two exchanges have the number {exchange}")]
    Twice {
        /// The number.
        exchange: ExchangeId,
    },
    /// The address of the system cannot be read.
    #[error("the record is not whole: the base address `{key}` of the system is not a URL")]
    BaseUrl {
        /// Its key.
        key: String,
    },
    /// Nothing of the pack is to be judged.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// What judges, and what is judged.
pub struct RejudgeOptions<'a> {
    /// The pack as it is now.
    pub pack: &'a Pack,
    /// The content rules of the pack, if it has any.
    pub content: Option<Arc<Standard>>,
    /// Judge bodies, as in a run.
    pub validators: Arc<Validators>,
    /// The synthetic people as they are now.
    pub people: BTreeMap<ActorRole, Person>,
    /// The synthetic practitioners, organisations and locations.
    pub directory: BTreeMap<ActorRole, DirectoryFact>,
    /// The record of the run.
    pub record: RunRecord,
}

/// Judges the evidence again. Its record has the times of the run that collected the evidence, and the
/// same exchanges under the same numbers.
pub async fn rejudge(options: RejudgeOptions<'_>) -> Result<RunOutput, RejudgeError> {
    let RejudgeOptions {
        pack,
        content,
        validators,
        people,
        directory,
        record: then,
    } = options;
    let facts = examined(&then, pack)?;
    let target = target(&facts, &then)?;
    let plan = Plan::new(pack, &target, &selection(&then))?;
    let policy = Rc::new(policy(&target, &people, &directory, &plan, Vec::new()));
    let replay = Replay {
        exchanges: numbered(&then)?,
        scenarios: then
            .scenarios
            .iter()
            .map(|one| (one.id.clone(), one.steps.clone()))
            .collect(),
        base_urls: target.base_urls.clone(),
        certificates: then.certificates.clone(),
        changed: changed(&facts, &people),
        judge: judge(&then, pack),
        given: RefCell::default(),
    };
    let judges = Judges {
        pack,
        content,
        validators,
        people,
    };
    let (outline, order) = plan.into_parts();
    let context = context(judges, &then, target, policy, replay);
    let hook = RestoreHook::new();
    schedule(&context, order, Rc::new(|_| {})).await;
    drop(hook);
    let ending = Ending {
        run_id: run_id(&then, pack),
        started: then.started.clone(),
        finished: then.finished.clone(),
        resumed: then.resumed,
        software: then.software.clone(),
    };
    let now = assemble(&context, pack, outline, context.journal.tally(), ending);
    Ok(RunOutput {
        record: of_earlier(now, then),
        policy: Rc::clone(&context.policy),
    })
}

/// By what the evidence is judged.
struct Judges<'a> {
    pack: &'a Pack,
    content: Option<Arc<Standard>>,
    validators: Arc<Validators>,
    people: BTreeMap<ActorRole, Person>,
}

/// What the scenarios share: the evidence in the place of a target, and all of its exchanges.
fn context(
    judges: Judges<'_>,
    then: &RunRecord,
    target: TargetFile,
    policy: Rc<Policy>,
    replay: Replay,
) -> Rc<Context> {
    let journal = Journal::in_memory();
    for exchange in &then.exchanges {
        let exchange = Box::new(exchange.clone());
        journal.push(Event::Exchange { exchange });
    }
    let pack = judges.pack;
    let levels = pack.requirements.iter();
    let people = judges.people.into_iter();
    Rc::new(Context {
        content: judges.content,
        valid: Validity::new(&target.fhir_version, target.environment, judges.validators),
        wire: Wire::Stored(Box::new(replay)),
        policy,
        people: people
            .map(|(role, person)| (role, Arc::new(person)))
            .collect(),
        interactions: pack.interactions.clone(),
        controls: RefCell::default(),
        target,
        levels: levels.map(|r| (r.id.clone(), r.level)).collect(),
        waiting: RefCell::default(),
        journal,
        unbounded: pack.unbounded_parameters.clone(),
        resolved: RefCell::default(),
        mock: RefCell::new(then.mock.clone()),
        halted: RefCell::default(),
        signed_in: OnceCell::new(),
        presence: Presence::default(),
        addresses: RefCell::default(),
        headers: RefCell::default(),
        bodies: RefCell::default(),
        exchanges: Cell::default(),
    })
}

/// What the record says of the target, if its evidence can be judged with this pack.
fn examined(then: &RunRecord, pack: &Pack) -> Result<TargetFacts, RejudgeError> {
    if let Some(earlier) = &then.rejudged {
        return Err(RejudgeError::NotFirst {
            run_id: earlier.run_id.clone(),
        });
    }
    let older = || RejudgeError::Older {
        format: then.format,
    };
    if then.format < FIRST_FORMAT {
        return Err(older());
    }
    let facts = then.target.as_deref().ok_or_else(older)?;
    if then.pack.id != pack.id {
        return Err(RejudgeError::OtherPack {
            collected: then.pack.id.to_string(),
            given: pack.id.to_string(),
        });
    }
    // The last number of a version only corrects.
    let release = |version: &str| version.rsplit_once('.').map(|(start, _)| start.to_owned());
    if release(&facts.fhir_version) != release(&pack.fhir_version) {
        return Err(RejudgeError::OtherFhir {
            collected: facts.fhir_version.clone(),
            given: pack.fhir_version.clone(),
        });
    }
    Ok(facts.clone())
}

/// The exchanges by number, all of them whole.
fn numbered(
    then: &RunRecord,
) -> Result<BTreeMap<ExchangeId, plumbline_model::ExchangeRecord>, RejudgeError> {
    let mut all = BTreeMap::new();
    for exchange in &then.exchanges {
        let id = exchange.id;
        if exchange.capture.is_none() {
            return Err(RejudgeError::NoCapture { exchange: id });
        }
        if all.insert(id, exchange.clone()).is_some() {
            return Err(RejudgeError::Twice { exchange: id });
        }
    }
    for scenario in &then.scenarios {
        let made = scenario.steps.iter().flat_map(|step| &step.exchanges);
        if let Some(id) = made.into_iter().find(|id| !all.contains_key(id)) {
            return Err(RejudgeError::Missing {
                scenario: scenario.id.clone(),
                exchange: *id,
            });
        }
    }
    Ok(all)
}

/// The same choice of scenarios; those that are new to the pack are chosen as they would have been.
fn selection(then: &RunRecord) -> Selection {
    if then.selection.is_empty() {
        return Selection::all();
    }
    Selection::tags(&then.selection).unwrap_or_else(|_| {
        let ids: BTreeSet<_> = then.scenarios.iter().map(|one| one.id.clone()).collect();
        Selection::scenarios(ids)
    })
}

fn judge(then: &RunRecord, pack: &Pack) -> Judge {
    if then.plumbline != env!("CARGO_PKG_VERSION") {
        Judge::OtherVersion
    } else if then.pack.fingerprint == pack.fingerprint {
        Judge::Same
    } else {
        Judge::OtherPack
    }
}

/// An id of its own, which says whose evidence it is, and is the same for the same judge.
fn run_id(then: &RunRecord, pack: &Pack) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut judge = sha256(&format!("{version}\n{}", pack.fingerprint));
    judge.truncate(8);
    format!("{}-again-{judge}", then.run_id)
}

/// The record with what stays as it was when the evidence was collected.
fn of_earlier(mut now: RunRecord, then: RunRecord) -> RunRecord {
    now.format = RECORD_FORMAT;
    now.target = then.target;
    now.ledger = then.ledger;
    if let Completion::Incomplete { .. } = &then.completion {
        now.completion = then.completion;
    }
    now.rejudged = Some(Rejudged {
        run_id: then.run_id,
        plumbline: then.plumbline,
        pack: then.pack.id,
        pack_version: then.pack.version,
        pack_fingerprint: then.pack.fingerprint,
    });
    now
}

/// The target file as far as the record tells it.
fn target(facts: &TargetFacts, then: &RunRecord) -> Result<TargetFile, RejudgeError> {
    let mut base_urls = BTreeMap::new();
    for (key, text) in &facts.base_urls {
        let url = Url::parse(text).map_err(|_| RejudgeError::BaseUrl { key: key.clone() })?;
        base_urls.insert(key.clone(), url);
    }
    let actors = facts.patients.iter().map(|(role, patient)| {
        let local = patient.local_identifier.clone();
        let entry = ActorEntry {
            nhs_number: patient.nhs_number.clone(),
            local_identifier: local.map(|(system, value)| LocalIdentifier { system, value }),
            data_sheet: patient.sheet.is_some(),
        };
        (role.clone(), entry)
    });
    let directory = facts.directory.iter().map(|(role, one)| {
        let entry = DirectoryEntry {
            kind: one.kind,
            identifier: one.identifier.clone(),
            id: one.id.clone(),
        };
        (role.clone(), entry)
    });
    Ok(TargetFile {
        subject: then.subject.clone(),
        environment: then.environment,
        fhir_version: facts.fhir_version.clone(),
        base_urls,
        auth: match facts.sign_in {
            // Nothing is signed in, so it does not matter how.
            SignIn::Nothing | SignIn::ApiKey | SignIn::Bearer | SignIn::ClientCredentials => {
                Auth::None
            }
            SignIn::GpConnect => Auth::GpConnect(Box::new(nobody_asks())),
        },
        connection: Connection::default(),
        limits: Limits {
            // Nothing can be changed, whatever a scenario does.
            read_only: false,
            concurrency: 1,
            ..Limits::default()
        },
        scope: then.scope.clone(),
        actors: actors.collect(),
        directory: directory.collect(),
        nobody_nhs_number: facts.nobody.clone(),
        written_authority: None,
    })
}

/// Who asks in the manner of GP Connect where nothing is asked.
fn nobody_asks() -> GpConnect {
    let none = String::new;
    GpConnect {
        from_asid: none(),
        to_asid: none(),
        issuer: none(),
        audience: None,
        reason: none(),
        device: GpConnectDevice {
            system: none(),
            identifier: none(),
            model: none(),
            version: none(),
        },
        organisation: GpConnectOrganisation {
            ods_code: none(),
            name: none(),
        },
        practitioner: GpConnectPractitioner {
            id: none(),
            sds_user_id: none(),
            sds_role_profile_id: none(),
            local_system: none(),
            local_id: none(),
            family: none(),
            given: none(),
            prefix: none(),
        },
    }
}
