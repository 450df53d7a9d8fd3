//! `plumbline selftest`: the good mock passes, and every assertion of every scored scenario is
//! killed by a fault. Proves "able to fail", not "right": rightness comes from reading the source.

use crate::arguments::{Form, Selftest};
use crate::commands::demo::mock_target;
use crate::failure::Failure;
use crate::mock_child::{MockChild, MockChoice};
use crate::session::{Session, Trail, runtime};
use crate::{Outcome, load};
use plumbline_mocks::FaultInfo;
use plumbline_model::{
    ActorRole, ExchangeId, ExitCode, FindingKind, Level, Person, RequirementId, RunRecord,
    ScenarioId, StepKind, Verdict, roll_up,
};
use plumbline_pack::{Files, Pack};
use plumbline_runner::Selection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

/// The mock that must pass.
const GOOD: &str = "riverside-epr";

/// An assertion: a scenario and the position of a step in it.
pub(crate) type Assertion = (ScenarioId, usize);

/// What the self-test found for one pack.
pub(crate) struct Proof {
    /// Scored assertions with the faults that kill them.
    pub kills: BTreeMap<Assertion, Vec<String>>,
    /// The text of each assertion.
    pub texts: BTreeMap<Assertion, String>,
    /// What is wrong, each one line.
    pub problems: Vec<String>,
    /// How many faults were tried.
    pub faults: usize,
    /// How many scored scenarios the good mock passes.
    pub scenarios: usize,
}

pub(crate) fn perform(arguments: &Selftest) -> Outcome {
    let files = load::files(&arguments.source)?;
    let faults = catalogue(arguments.faults.as_deref())?;
    let mut code = ExitCode::Success;
    let ids = match &arguments.pack {
        Some(id) => vec![id.clone()],
        None => plumbline_pack::list(&files)
            .iter()
            .map(ToString::to_string)
            .collect(),
    };
    for id in ids {
        let pack = load::pack(&files, &id)?;
        let proof =
            runtime()?.block_on(prove(&files, &pack, &faults, arguments.faults.as_deref()))?;
        print(&pack, &proof, arguments.format)?;
        if !proof.problems.is_empty() {
            code = ExitCode::NotConformant;
        }
    }
    Ok(code)
}

/// The faults of the built-in or given families.
pub(crate) fn catalogue(dir: Option<&Path>) -> Result<Vec<FaultInfo>, Failure> {
    plumbline_mocks::fault_catalogue(dir).map_err(|e| Failure::usage(format!("error: {e}")))
}

fn print(pack: &Pack, proof: &Proof, form: Form) -> anyhow::Result<()> {
    let killed = proof.kills.values().filter(|k| !k.is_empty()).count();
    match form {
        Form::Text => {
            for problem in &proof.problems {
                println!("{problem}");
            }
            println!(
                "{}: the good mock passes {} scored scenarios; {killed} of {} assertions killed by {} faults; {} problems.",
                pack.id,
                proof.scenarios,
                proof.kills.len(),
                proof.faults,
                proof.problems.len()
            );
        }
        Form::Json => {
            let assertions: Vec<_> = proof
                .kills
                .iter()
                .map(|((scenario, step), faults)| {
                    let text = &proof.texts[&(scenario.clone(), *step)];
                    serde_json::json!({ "scenario": scenario, "step": step, "text": text, "faults": faults })
                })
                .collect();
            let value = serde_json::json!({
                "pack": pack.id, "scored_scenarios": proof.scenarios, "faults": proof.faults,
                "assertions": assertions, "killed": killed, "problems": proof.problems,
            });
            println!("{}", serde_json::to_string_pretty(&value)?);
        }
    }
    Ok(())
}

/// Runs the pack against the good mock and once for every fault of its requirements.
pub(crate) async fn prove(
    files: &Files,
    pack: &Pack,
    faults: &[FaultInfo],
    faults_dir: Option<&Path>,
) -> Result<Proof, Failure> {
    let people = load::people(files)?;
    let people = &people;
    let baseline = one_run(pack, people, &[], faults_dir, None).await?;
    let mut proof = Proof {
        kills: BTreeMap::new(),
        texts: BTreeMap::new(),
        problems: Vec::new(),
        faults: 0,
        scenarios: 0,
    };
    judge_baseline(pack, &baseline, &mut proof)?;
    let before = verdicts(&baseline);
    let own: BTreeSet<_> = pack.requirements.iter().map(|r| r.id.as_str()).collect();
    for fault in faults
        .iter()
        .filter(|f| own.contains(f.requirement.as_str()))
    {
        proof.faults += 1;
        // The mock answers each request by itself, so a scenario that sends none which the fault
        // acts on ends as it did: it is not run again.
        let reached = reached(&baseline, fault);
        if reached.is_empty() {
            let why = "no scenario sends a request that it acts on";
            proof.problems.push(format!("fault {}: {why}", fault.id));
            continue;
        }
        let faults = std::slice::from_ref(&fault.id);
        let run = one_run(pack, people, faults, faults_dir, Some(reached)).await?;
        let run = completed(run, &baseline);
        match kills(pack, fault, &baseline, &before, &run) {
            Ok(killed) => {
                for assertion in killed {
                    proof
                        .kills
                        .entry(assertion)
                        .or_default()
                        .push(fault.id.clone());
                }
            }
            Err(why) => proof.problems.push(format!("fault {}: {why}", fault.id)),
        }
    }
    for (assertion, faults) in &proof.kills {
        if faults.is_empty() {
            proof.problems.push(format!(
                "survivor: no fault kills `{}` of {}",
                proof.texts[assertion], assertion.0
            ));
        }
    }
    Ok(proof)
}

fn judge_baseline(pack: &Pack, baseline: &RunRecord, proof: &mut Proof) -> Result<(), Failure> {
    let expected: BTreeMap<String, String> = plumbline_mocks::expected(GOOD)
        .map_err(|e| Failure::internal(format!("error: {e}")))?
        .into_iter()
        .map(|e| (e.requirement, e.verdict))
        .collect();
    for (requirement, verdict) in verdicts(baseline) {
        let wanted = expected
            .get(requirement.as_str())
            .map_or("pass", String::as_str);
        if verdict.key() != wanted {
            proof.problems.push(format!(
                "good mock: {requirement} is {verdict}, expected {wanted}"
            ));
        }
    }
    if pack.features.iter().flat_map(|f| &f.scenarios).count() != baseline.scenarios.len() {
        proof
            .problems
            .push("good mock: not every scenario of the pack was run".to_owned());
    }
    for scenario in baseline.scenarios.iter().filter(|s| s.scored) {
        proof.scenarios += usize::from(scenario.verdict == Verdict::Pass);
        for step in scenario
            .steps
            .iter()
            .filter(|s| s.kind == StepKind::Assertion)
        {
            let assertion = (scenario.id.clone(), step.index);
            proof.kills.insert(assertion.clone(), Vec::new());
            proof.texts.insert(assertion, step.text.clone());
        }
    }
    Ok(())
}

/// The assertions that this fault kills, or why it does not count.
fn kills(
    pack: &Pack,
    fault: &FaultInfo,
    baseline: &RunRecord,
    before: &BTreeMap<RequirementId, Verdict>,
    run: &RunRecord,
) -> Result<Vec<Assertion>, String> {
    let after = verdicts(run);
    let changed: Vec<_> = after
        .iter()
        .filter(|(id, verdict)| before.get(*id) != Some(*verdict))
        .collect();
    let wanted = RequirementId::new(fault.requirement.clone());
    let red = match pack.requirement(&wanted).map(|r| r.level) {
        Some(Level::Shall) => Verdict::Fail,
        Some(Level::Should | Level::May) => Verdict::Warning,
        None => return Err(format!("requirement {wanted} does not exist")),
    };
    match changed.as_slice() {
        [(id, verdict)] if **id == wanted && **verdict == red => {}
        [] => return Err("changes no verdict".to_owned()),
        others => {
            let list: Vec<_> = others
                .iter()
                .map(|(id, v)| format!("{id} to {v}"))
                .collect();
            return Err(format!(
                "must change only {wanted} to {red}, but changes {}",
                list.join(", ")
            ));
        }
    }
    let flipped = run
        .scenarios
        .iter()
        .zip(&baseline.scenarios)
        .filter(|(a, b)| a.verdict != b.verdict)
        .count();
    if flipped > (run.scenarios.len() / 10).max(1) {
        return Err(format!(
            "flips {flipped} of {} scenarios",
            run.scenarios.len()
        ));
    }
    let mut killed = Vec::new();
    for scenario in run
        .scenarios
        .iter()
        .filter(|s| s.scored && s.requirement == wanted)
    {
        for step in scenario
            .steps
            .iter()
            .filter(|s| s.kind == StepKind::Assertion)
        {
            let broken = |f: &&plumbline_model::Finding| {
                f.kind == FindingKind::Broken && f.code.as_str() == fault.code
            };
            if step.findings.iter().any(|f| broken(&f)) {
                killed.push((scenario.id.clone(), step.index));
            }
        }
    }
    if killed.is_empty() {
        return Err(format!("no assertion fails through {}", fault.code));
    }
    Ok(killed)
}

/// The verdict on every requirement that a scored scenario carries.
fn verdicts(record: &RunRecord) -> BTreeMap<RequirementId, Verdict> {
    let mut by: BTreeMap<RequirementId, Vec<Verdict>> = BTreeMap::new();
    for scenario in record.scenarios.iter().filter(|s| s.scored) {
        by.entry(scenario.requirement.clone())
            .or_default()
            .push(scenario.verdict);
    }
    by.into_iter()
        .filter_map(|(id, all)| Some((id, roll_up(all)?)))
        .collect()
}

/// The scenarios of the good run that send a request which the fault acts on.
fn reached(baseline: &RunRecord, fault: &FaultInfo) -> BTreeSet<ScenarioId> {
    let hit: BTreeSet<ExchangeId> = baseline
        .exchanges
        .iter()
        .filter(|exchange| acts_on(fault, &exchange.url))
        .map(|exchange| exchange.id)
        .collect();
    baseline
        .scenarios
        .iter()
        .filter(|s| {
            s.steps
                .iter()
                .flat_map(|s| &s.exchanges)
                .any(|id| hit.contains(id))
        })
        .map(|s| s.id.clone())
        .collect()
}

/// Whether the path and the query keys of the request are those of the fault.
fn acts_on(fault: &FaultInfo, url: &str) -> bool {
    let Some((_, below)) = url.split_once(plumbline_mocks::BASE_PATH) else {
        return true;
    };
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    let path = path.trim_matches('/');
    let same_path = match fault.path.strip_suffix('*').unwrap_or(&fault.path) {
        folder if folder.ends_with('/') => path.starts_with(folder),
        whole => path == whole,
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let keys: BTreeSet<&str> = pairs
        .map(|pair| pair.split('=').next().unwrap_or(pair))
        .collect();
    same_path && keys == fault.keys.iter().map(String::as_str).collect()
}

/// The run with the scenarios that were not run again as they ended in the good run.
fn completed(mut run: RunRecord, baseline: &RunRecord) -> RunRecord {
    let mut again: BTreeMap<ScenarioId, _> =
        run.scenarios.drain(..).map(|s| (s.id.clone(), s)).collect();
    let all = baseline.scenarios.iter();
    run.scenarios = all
        .map(|s| again.remove(&s.id).unwrap_or_else(|| s.clone()))
        .collect();
    run
}

async fn one_run(
    pack: &Pack,
    people: &BTreeMap<ActorRole, Person>,
    faults: &[String],
    faults_dir: Option<&Path>,
    only: Option<BTreeSet<ScenarioId>>,
) -> Result<RunRecord, Failure> {
    let mock = MockChild::start(MockChoice {
        vendor: GOOD,
        faults,
        faults_dir,
    })
    .await?;
    let text = mock_target(&mock.base_url, "Riverside EPR", "4.2");
    let target = load::target_text("target.toml", text.as_bytes(), Some(pack))?;
    let session = Session::new(
        pack,
        people,
        target,
        &only.map_or_else(Selection::all, Selection::scenarios),
    )?;
    let trail = Trail {
        run_id: "selftest".to_owned(),
        journal: None,
        progress: Rc::new(|_| {}),
    };
    Ok(session
        .perform(trail, std::future::pending())
        .await?
        .0
        .record)
}
