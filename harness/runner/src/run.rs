//! Runs a plan: builds cucumber's input from the plan, lets it schedule, and assembles the record.
//! One run at a time in a process; the panic hook that cucumber replaces is put back.

use crate::assemble::{Ending, assemble};
use crate::context::Context;
use crate::dispatch::walk;
use crate::exchange::{self, Purpose};
use crate::journal::{Event, JOURNAL_FORMAT, Journal};
use crate::known::{known_values, scenario_values};
use crate::origin::{Origin, sha256};
use crate::plan::Plan;
use crate::presence::Presence;
use crate::resume::{Earlier, ResumeError, reopen};
use crate::valid::Validity;
use crate::wire::Wire;
use crate::world::{Body, World};
use cucumber::{Cucumber, Writer, cli, event, parser, runner, writer};
use futures::{FutureExt, StreamExt, future, stream};
use gherkin::StepType;
use plumbline_http::Client;
use plumbline_model::{
    ActorRole, DirectoryFact, Environment, Person, RunRecord, ScenarioId, Software,
};
use plumbline_pack::{Pack, Scenario, TargetFile};
use plumbline_prsb::Standard;
use plumbline_redact::Policy;
use plumbline_validator::Validators;
use regex::Regex;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::panic;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};
use thiserror::Error;
use tokio::sync::{OnceCell, Semaphore};

/// Why a run could not be made. What the target does is never an error.
#[derive(Debug, Error)]
pub enum RunError {
    /// The journal could not be written.
    #[error("failed to write the journal `{path}`: {source}")]
    Journal {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The plan was made from something else than the pack of the run.
    #[error(
        "the plan holds the scenario {scenario}, which the pack of the run does not: make the plan from that pack"
    )]
    OtherPack {
        /// The first such scenario.
        scenario: ScenarioId,
    },
    /// A run cannot go on from its journal.
    #[error(transparent)]
    Resume(#[from] ResumeError),
    /// The target was changed while the run was dead.
    #[error(
        "the target says that it is another product or version than when the run began, so its record would be about two: put the earlier one back, or start a new run in another folder"
    )]
    OtherSoftware,
}

/// Everything that a run needs.
pub struct RunOptions<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The content rules of the pack, if it has any.
    pub content: Option<Arc<Standard>>,
    /// Judge bodies by the base specification, what HL7 publishes with it and what the pack brings.
    pub validators: Arc<Validators>,
    /// The synthetic people.
    pub people: BTreeMap<ActorRole, Person>,
    /// The synthetic practitioners, organisations and locations.
    pub directory: BTreeMap<ActorRole, DirectoryFact>,
    /// The target file.
    pub target: TargetFile,
    /// The client for that target, with its credentials.
    pub client: Client,
    /// Secrets that must never be written.
    pub secrets: Vec<String>,
    /// What to run.
    pub plan: Plan,
    /// Where the journal goes; `None` keeps it in memory.
    pub journal: Option<PathBuf>,
    /// Id of the run.
    pub run_id: String,
    /// The clock: RFC 3339, UTC.
    pub now: &'a dyn Fn() -> String,
    /// Called after every scenario.
    pub progress: Rc<dyn Fn(&ScenarioId)>,
}

/// What a run leaves.
#[derive(Debug)]
pub struct RunOutput {
    /// The record.
    pub record: RunRecord,
    /// The policy under which everything was written, for what is still to be written.
    pub policy: Rc<Policy>,
}

/// Runs the plan until it is done or `cancel` resolves, whichever is first.
/// Must be polled on one thread; the future is not `Send`.
pub async fn run(
    options: RunOptions<'_>,
    cancel: impl Future<Output = ()>,
) -> Result<RunOutput, RunError> {
    perform(options, cancel, Start::Anew).await
}

/// The same from the journal of a run that was killed: what ended there is taken over, and the run
/// keeps its id and the time at which it began. A scenario that was broken off runs again unless it
/// changes data; then it is skipped as interrupted.
pub async fn resume(
    options: RunOptions<'_>,
    cancel: impl Future<Output = ()>,
) -> Result<RunOutput, RunError> {
    perform(options, cancel, Start::FromJournal).await
}

/// Where a run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Anew,
    FromJournal,
}

async fn perform(
    options: RunOptions<'_>,
    cancel: impl Future<Output = ()>,
    start: Start,
) -> Result<RunOutput, RunError> {
    let RunOptions {
        pack,
        content,
        validators,
        people,
        directory,
        target,
        client,
        secrets,
        plan,
        journal,
        run_id,
        now,
        progress,
    } = options;
    if let Some(scenario) = plan.not_of(pack) {
        return Err(RunError::OtherPack { scenario });
    }
    let origin = Origin::new(pack, &target, &plan);
    let (journal, earlier) = match start {
        Start::Anew => anew(journal, run_id, now(), origin)?,
        Start::FromJournal => reopen(&journal.unwrap_or_default(), &origin, &plan, now())?,
    };
    let Earlier {
        run_id,
        started,
        resumed,
        software,
        mock,
        certificates,
        done,
        last_exchange,
    } = earlier;
    client.expect_certificates(&certificates);
    let policy = policy(&target, &people, &directory, &plan, secrets);
    let levels = pack.requirements.iter();
    let levels = levels.map(|r| (r.id.clone(), r.level)).collect();
    let people = people.into_iter();
    let (outline, mut order) = plan.into_parts();
    order.retain(|scenario| !done.contains(&scenario.id));
    for id in &done {
        progress(id);
    }
    let context = Rc::new(Context {
        valid: Validity::new(&target.fhir_version, target.environment, validators),
        wire: Wire::Live(client),
        policy: Rc::new(policy),
        people: people
            .map(|(role, person)| (role, Arc::new(person)))
            .collect(),
        interactions: pack.interactions.clone(),
        content,
        controls: RefCell::default(),
        target,
        levels,
        waiting: RefCell::default(),
        journal,
        unbounded: pack.unbounded_parameters.clone(),
        resolved: RefCell::default(),
        mock: RefCell::new(mock),
        halted: RefCell::default(),
        signed_in: OnceCell::new(),
        presence: Presence::default(),
        addresses: RefCell::default(),
        headers: RefCell::default(),
        bodies: RefCell::default(),
        exchanges: Cell::new(last_exchange),
    });
    let hook = RestoreHook::new();
    let work = async {
        let software = introduced(&context, software).await?;
        schedule(&context, order, progress).await;
        Ok::<Software, RunError>(software)
    };
    let (software, cancelled) = match future::select(Box::pin(work), Box::pin(cancel)).await {
        future::Either::Left((software, _)) => (software?, false),
        future::Either::Right(((), _)) => (Software::Unknown, true),
    };
    drop(hook);
    close(&context.journal, cancelled)?;
    let record = assemble(
        &context,
        pack,
        outline,
        context.journal.tally(),
        Ending {
            run_id,
            started,
            finished: now(),
            resumed,
            software,
        },
    );
    Ok(RunOutput {
        record,
        policy: Rc::clone(&context.policy),
    })
}

/// Hands over the rest, and tells whether all of it could be written.
fn close(journal: &Journal, cancelled: bool) -> Result<(), RunError> {
    if cancelled {
        let why = "the run was stopped by the user".to_owned();
        journal.push(Event::Halted { why });
    }
    journal.hand_over();
    match journal.failure() {
        None => Ok(()),
        Some(source) => Err(RunError::Journal {
            path: PathBuf::from("journal.ndjson"),
            source,
        }),
    }
}

/// What may be stored of this run.
pub(crate) fn policy(
    target: &TargetFile,
    people: &BTreeMap<ActorRole, Person>,
    directory: &BTreeMap<ActorRole, DirectoryFact>,
    plan: &Plan,
    secrets: Vec<String>,
) -> Policy {
    let mut known = known_values(target, people, directory);
    known.extend(scenario_values(target, plan));
    Policy::new(target.environment, known)
        .with_base_urls(target.base_urls.values().map(ToString::to_string).collect())
        .with_secrets(secrets)
}

/// The journal of a new run.
fn anew(
    path: Option<PathBuf>,
    run_id: String,
    started: String,
    origin: Origin,
) -> Result<(Journal, Earlier), RunError> {
    let journal = match path {
        None => Journal::in_memory(),
        Some(path) => {
            Journal::create(&path).map_err(|source| RunError::Journal { path, source })?
        }
    };
    journal.push(Event::RunStarted {
        format: JOURNAL_FORMAT,
        run_id: run_id.clone(),
        started: started.clone(),
        origin: Box::new(origin),
    });
    let earlier = Earlier {
        run_id,
        started,
        ..Earlier::default()
    };
    Ok((journal, earlier))
}

/// What the target says of itself; an error if it said something else before a kill.
async fn introduced(
    context: &Rc<Context>,
    earlier: Option<Software>,
) -> Result<Software, RunError> {
    let now = introduce(context).await;
    let software = match (earlier, now) {
        (Some(before), Software::Unknown) => before,
        (Some(before), now) if before != Software::Unknown && before != now => {
            return Err(RunError::OtherSoftware);
        }
        (_, now) => now,
    };
    context.journal.push(Event::Introduced {
        software: software.clone(),
        certificates: context.wire.certificates(),
    });
    Ok(software)
}

/// A first control request: who is there, and what does it say of itself.
async fn introduce(context: &Rc<Context>) -> Software {
    let mut world = World {
        run: Some(Rc::clone(context)),
        ..World::default()
    };
    let request = context.request("metadata", Vec::new(), None);
    let page = exchange::get(&mut world, request, Purpose::Setup).await;
    let Some(Body::Tree(tree)) = page.map(|p| p.body) else {
        return Software::Unknown;
    };
    let Some(software) = tree.root().get("software") else {
        return Software::Unknown;
    };
    let text = |name: &str| {
        software
            .get(name)
            .and_then(plumbline_tree::Node::as_str)
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let (name, version) = (text("name"), text("version"));
    if name.is_empty() && version.is_empty() {
        return Software::Unknown;
    }
    let subject = &context.target.subject;
    let kept = match context.target.environment {
        Environment::Mock | Environment::Sandbox => true,
        Environment::Integration | Environment::Live => {
            name == subject.product && (version.is_empty() || version == subject.version)
        }
    };
    if kept {
        let policy = &context.policy;
        Software::Stated {
            name: policy.second_net(&name),
            version: policy.second_net(&version),
        }
    } else {
        Software::Differs {
            sha256: sha256(&format!("{name}\n{version}")),
        }
    }
}

/// Lets cucumber run the scenarios of the plan.
pub(crate) async fn schedule(
    context: &Rc<Context>,
    order: Vec<Arc<Scenario>>,
    progress: Rc<dyn Fn(&ScenarioId)>,
) {
    let collection = cucumber::step::Collection::new().given(None, any_step(), walk);
    let concurrency = context.target.limits.concurrency.max(1);
    let (feed, room) = Feed::new(Rc::clone(context), order, concurrency);
    let before = Rc::clone(context);
    let after = Rc::clone(context);
    let runner = runner::Basic::<Box<World>>::default()
        .steps(collection)
        .max_concurrent_scenarios(concurrency)
        .before(move |_, _, scenario, world: &mut Box<World>| {
            begin(&before, &scenario.name, world);
            async {}.boxed_local()
        })
        .after(move |_, _, scenario, _, world| {
            let id = ScenarioId::new(scenario.name.clone());
            progress(&id);
            after.journal.push(Event::ScenarioEnded { scenario: id });
            if changes_data(world) {
                after.journal.hand_over();
            }
            room.add_permits(1);
            async {}.boxed_local()
        });
    let options = cli::Opts::<cli::Empty, runner::basic::Cli, cli::Empty>::default();
    Cucumber::<_, _, (), _, _, cli::Empty>::custom(feed, runner, Silent)
        .with_cli(options)
        .run(())
        .await;
}

/// Gives a new world its scenario. Cucumber's scenarios carry the id as their name.
fn begin(context: &Rc<Context>, id: &str, world: &mut World) {
    let Some(scenario) = context.waiting.borrow_mut().remove(id) else {
        return;
    };
    context.journal.push(Event::ScenarioStarted {
        scenario: scenario.id.clone(),
    });
    world.run = Some(Rc::clone(context));
    world.level = context.levels.get(&scenario.requirement).copied();
    world.scenario = Some(scenario);
}

/// Whether a scenario that has run cannot be run a second time.
fn changes_data(world: Option<&mut Box<World>>) -> bool {
    world
        .and_then(|world| world.scenario.as_ref())
        .is_some_and(|scenario| scenario.mutates)
}

/// Matches the one step that [`as_gherkin`] makes.
fn any_step() -> Regex {
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "the empty pattern compiles")]
        Regex::new("").expect("the empty pattern compiles")
    });
    ANY.clone()
}

/// A scenario as cucumber gets it: its id, and one step that stands for all of its own, which
/// [`walk`] goes through. What they mean was resolved by the step table, the linter has made sure
/// that they mean something, and what becomes of them is in the journal.
fn as_gherkin(scenario: &Scenario) -> gherkin::Scenario {
    let position = gherkin::LineCol {
        line: scenario.line as usize,
        col: 1,
    };
    let span = gherkin::Span { start: 0, end: 0 };
    gherkin::Scenario {
        keyword: String::new(),
        name: scenario.id.to_string(),
        description: None,
        steps: vec![gherkin::Step {
            keyword: String::new(),
            ty: StepType::Given,
            value: String::new(),
            docstring: None,
            table: None,
            span,
            position,
        }],
        examples: Vec::new(),
        tags: Vec::new(),
        span,
        position,
    }
}

/// cucumber's parser interface over the scenarios of the plan, in the order in which they run.
/// It hands over a few at a time: cucumber moves its whole queue whenever it takes from it.
struct Feed {
    context: Rc<Context>,
    scenarios: std::vec::IntoIter<Arc<Scenario>>,
    portion: usize,
    room: Rc<Semaphore>,
}

impl Feed {
    /// The second value gets a permit back for every scenario that has ended.
    fn new(
        context: Rc<Context>,
        order: Vec<Arc<Scenario>>,
        concurrency: usize,
    ) -> (Self, Rc<Semaphore>) {
        let portion = concurrency.max(16);
        // cucumber waits in a busy loop if it has nothing to run, so more than one portion is
        // always there until the last has been handed over.
        let room = Rc::new(Semaphore::new(3 * portion));
        let feed = Self {
            context,
            scenarios: order.into_iter(),
            portion,
            room: Rc::clone(&room),
        };
        (feed, room)
    }

    /// The next scenarios, as a feature; background steps are already part of each.
    async fn next(mut self) -> Option<(parser::Result<gherkin::Feature>, Self)> {
        let scenarios: Vec<_> = self.scenarios.by_ref().take(self.portion).collect();
        let wanted = u32::try_from(scenarios.len()).ok().filter(|n| *n > 0)?;
        self.room.acquire_many(wanted).await.ok()?.forget();
        let feature = gherkin::Feature {
            keyword: String::new(),
            name: String::new(),
            description: None,
            background: None,
            scenarios: scenarios.iter().map(|s| as_gherkin(s)).collect(),
            rules: Vec::new(),
            tags: Vec::new(),
            span: gherkin::Span { start: 0, end: 0 },
            position: gherkin::LineCol { line: 1, col: 1 },
            path: None,
        };
        let waiting = scenarios.into_iter().map(|s| (s.id.to_string(), s));
        self.context.waiting.borrow_mut().extend(waiting);
        Some((Ok(feature), self))
    }
}

impl cucumber::Parser<()> for Feed {
    type Cli = cli::Empty;
    type Output = stream::LocalBoxStream<'static, parser::Result<gherkin::Feature>>;

    fn parse(self, (): (), _cli: Self::Cli) -> Self::Output {
        stream::unfold(self, Self::next).boxed_local()
    }
}

/// cucumber's events decide nothing; the journal does.
struct Silent;

impl Writer<Box<World>> for Silent {
    type Cli = cli::Empty;

    async fn handle_event(
        &mut self,
        _event: parser::Result<cucumber::Event<event::Cucumber<Box<World>>>>,
        _cli: &Self::Cli,
    ) {
    }
}

impl writer::Normalized for Silent {}

/// Puts the panic hook back, also when the run is cancelled.
pub(crate) struct RestoreHook(Option<Hook>);

type Hook = Box<dyn Fn(&panic::PanicHookInfo<'_>) + Sync + Send + 'static>;

impl RestoreHook {
    pub(crate) fn new() -> Self {
        Self(Some(panic::take_hook()))
    }
}

impl Drop for RestoreHook {
    fn drop(&mut self) {
        if let Some(hook) = self.0.take()
            && !std::thread::panicking()
        {
            panic::set_hook(hook);
        }
    }
}
