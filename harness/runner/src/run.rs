//! Runs a plan: builds cucumber's input from the plan, lets it schedule, and assembles the record.
//! One run at a time in a process; the panic hook that cucumber replaces is put back.

use crate::assemble::{Ending, assemble};
use crate::context::Context;
use crate::dispatch::dispatch;
use crate::exchange::{self, Purpose};
use crate::journal::{Event, Journal};
use crate::known::{known_values, scenario_values};
use crate::plan::Plan;
use crate::step::Table;
use crate::world::{Body, World};
use cucumber::{Cucumber, Writer, cli, event, parser, runner, writer};
use futures::{FutureExt, StreamExt, future, stream};
use gherkin::StepType;
use plumbline_http::Client;
use plumbline_model::{ActorRole, Environment, Person, RunRecord, ScenarioId, Software, StepKind};
use plumbline_pack::{Pack, Scenario, TargetFile};
use plumbline_redact::Policy;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::panic;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::OnceCell;

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
}

/// Everything that a run needs.
pub struct RunOptions<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The synthetic people.
    pub people: BTreeMap<ActorRole, Person>,
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
    /// The journal's events.
    pub events: Vec<Event>,
    /// The policy under which everything was written, for what is still to be written.
    pub policy: Rc<Policy>,
}

/// Runs the plan until it is done or `cancel` resolves, whichever is first.
/// Must be polled on one thread; the future is not `Send`.
pub async fn run(
    options: RunOptions<'_>,
    cancel: impl Future<Output = ()>,
) -> Result<RunOutput, RunError> {
    let RunOptions {
        pack,
        people,
        target,
        client,
        secrets,
        plan,
        journal,
        run_id,
        now,
        progress,
    } = options;
    let started = now();
    let journal = match journal {
        None => Journal::in_memory(),
        Some(path) => {
            Journal::create(&path).map_err(|source| RunError::Journal { path, source })?
        }
    };
    let mut known = known_values(&target, &people);
    known.extend(scenario_values(&target, &plan));
    let policy = Policy::new(target.environment, known)
        .with_base_urls(target.base_urls.values().map(ToString::to_string).collect())
        .with_secrets(secrets);
    let levels = pack
        .requirements
        .iter()
        .map(|r| (r.id.clone(), r.level))
        .collect();
    let scenarios: BTreeMap<_, _> = plan
        .planned
        .iter()
        .filter(|p| p.in_scope)
        .map(|p| (p.scenario.id.to_string(), Arc::clone(&p.scenario)))
        .collect();
    let context = Rc::new(Context {
        client,
        policy: Rc::new(policy),
        people,
        target,
        levels,
        scenarios,
        journal,
        unbounded: pack.unbounded_parameters.clone(),
        steps: Table::standard(),
        mock: RefCell::default(),
        halted: RefCell::default(),
        signed_in: OnceCell::new(),
        exchanges: Cell::new(0),
    });
    let hook = RestoreHook::new();
    let work = async {
        let software = introduce(&context).await;
        schedule(&context, &plan, progress).await;
        software
    };
    let (software, cancelled) = match future::select(Box::pin(work), Box::pin(cancel)).await {
        future::Either::Left((software, _)) => (software, false),
        future::Either::Right(((), _)) => (Software::Unknown, true),
    };
    drop(hook);
    if cancelled {
        let why = "the run was stopped by the user".to_owned();
        context.journal.push(Event::Halted { why });
    }
    if let Some(source) = context.journal.failure() {
        return Err(RunError::Journal {
            path: PathBuf::from("journal.ndjson"),
            source,
        });
    }
    let events = context.journal.events();
    let record = assemble(
        &context,
        pack,
        &plan,
        &events,
        Ending {
            run_id,
            started,
            finished: now(),
            software,
        },
    );
    Ok(RunOutput {
        record,
        events,
        policy: Rc::clone(&context.policy),
    })
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
            sha256: fingerprint(&name, &version),
        }
    }
}

fn fingerprint(name: &str, version: &str) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write;
    Sha256::digest(format!("{name}\n{version}"))
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Lets cucumber run the scenarios of the plan.
async fn schedule(context: &Rc<Context>, plan: &Plan, progress: Rc<dyn Fn(&ScenarioId)>) {
    let mut collection = cucumber::step::Collection::new();
    for (kind, regex) in context.steps.patterns() {
        let regex = regex.clone();
        collection = match kind {
            StepKind::Setup => collection.given(None, regex, dispatch),
            StepKind::Action => collection.when(None, regex, dispatch),
            StepKind::Assertion => collection.then(None, regex, dispatch),
        };
    }
    let before = Rc::clone(context);
    let after = Rc::clone(context);
    let runner = runner::Basic::<World>::default()
        .steps(collection)
        .max_concurrent_scenarios(context.target.limits.concurrency.max(1))
        .before(move |_, _, scenario, world: &mut World| {
            begin(&before, &scenario.name, world);
            async {}.boxed_local()
        })
        .after(move |_, _, scenario, _, _| {
            let id = ScenarioId::new(scenario.name.clone());
            progress(&id);
            after.journal.push(Event::ScenarioEnded { scenario: id });
            async {}.boxed_local()
        });
    let options = cli::Opts::<cli::Empty, runner::basic::Cli, cli::Empty>::default();
    Cucumber::<_, _, (), _, _, cli::Empty>::custom(FromPlan(features(plan)), runner, Silent)
        .with_cli(options)
        .run(())
        .await;
}

/// Gives a new world its scenario. Cucumber's scenarios carry the id as their name.
fn begin(context: &Rc<Context>, id: &str, world: &mut World) {
    let Some(scenario) = context.scenarios.get(id) else {
        return;
    };
    context.journal.push(Event::ScenarioStarted {
        scenario: scenario.id.clone(),
    });
    world.run = Some(Rc::clone(context));
    world.level = context.levels.get(&scenario.requirement).copied();
    world.scenario = Some(Arc::clone(scenario));
}

/// The plan in cucumber's terms: background steps are already part of each scenario.
fn features(plan: &Plan) -> Vec<gherkin::Feature> {
    let mut by_file: BTreeMap<&str, Vec<gherkin::Scenario>> = BTreeMap::new();
    for planned in plan.planned.iter().filter(|p| p.in_scope) {
        by_file
            .entry(&planned.feature)
            .or_default()
            .push(as_gherkin(&planned.scenario));
    }
    by_file
        .into_iter()
        .map(|(file, scenarios)| gherkin::Feature {
            keyword: "Feature".to_owned(),
            name: file.to_owned(),
            description: None,
            background: None,
            scenarios,
            rules: Vec::new(),
            tags: Vec::new(),
            span: gherkin::Span { start: 0, end: 0 },
            position: gherkin::LineCol { line: 1, col: 1 },
            path: None,
        })
        .collect()
}

fn as_gherkin(scenario: &Scenario) -> gherkin::Scenario {
    let place = |line: u32| gherkin::LineCol {
        line: line as usize,
        col: 1,
    };
    let span = gherkin::Span { start: 0, end: 0 };
    gherkin::Scenario {
        keyword: "Scenario".to_owned(),
        name: scenario.id.to_string(),
        description: None,
        steps: scenario
            .steps
            .iter()
            .map(|step| gherkin::Step {
                keyword: step.keyword.clone(),
                ty: match step.kind {
                    StepKind::Setup => StepType::Given,
                    StepKind::Action => StepType::When,
                    StepKind::Assertion => StepType::Then,
                },
                value: step.text.clone(),
                docstring: None,
                table: None,
                span,
                position: place(step.line),
            })
            .collect(),
        examples: Vec::new(),
        tags: Vec::new(),
        span,
        position: place(scenario.line),
    }
}

/// cucumber's parser interface over features that already exist.
struct FromPlan(Vec<gherkin::Feature>);

impl cucumber::Parser<()> for FromPlan {
    type Cli = cli::Empty;
    type Output = stream::LocalBoxStream<'static, parser::Result<gherkin::Feature>>;

    fn parse(self, (): (), _cli: Self::Cli) -> Self::Output {
        stream::iter(self.0.into_iter().map(Ok)).boxed_local()
    }
}

/// cucumber's events decide nothing; the journal does.
struct Silent;

impl Writer<World> for Silent {
    type Cli = cli::Empty;

    async fn handle_event(
        &mut self,
        _event: parser::Result<cucumber::Event<event::Cucumber<World>>>,
        _cli: &Self::Cli,
    ) {
    }
}

impl writer::Normalized for Silent {}

/// Puts the panic hook back, also when the run is cancelled.
struct RestoreHook(Option<Hook>);

type Hook = Box<dyn Fn(&panic::PanicHookInfo<'_>) + Sync + Send + 'static>;

impl RestoreHook {
    fn new() -> Self {
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
