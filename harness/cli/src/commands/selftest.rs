//! `plumbline selftest`: the good mock passes, and every assertion of every scored scenario is
//! killed by a fault. Proves "able to fail", not "right": rightness comes from reading the source.

use crate::arguments::{Form, Selftest};
use crate::failure::Failure;
use crate::load::Facts;
use crate::mock_child::MockChoice;
use crate::mock_target::{MockTarget, Product};
use crate::session::{Session, Trail, runtime};
use crate::{Outcome, load};
use indicatif::{ProgressBar, ProgressStyle};
use judgement::{judge_baseline, kills, sent, verdicts};
use plumbline_mocks::{FaultInfo, MockError, VendorFacts};
use plumbline_model::{ExchangeId, ExitCode, RunRecord, ScenarioId};
use plumbline_pack::{Pack, closest};
use plumbline_runner::Selection;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::Path;
use std::rc::Rc;

mod judgement;

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

/// What is to be proved, and with what.
#[derive(Clone, Copy)]
pub(crate) struct Trial<'a> {
    pub pack: &'a Pack,
    pub facts: &'a Facts,
    pub faults: &'a [FaultInfo],
    /// A folder of fault families beside the built-in ones.
    pub faults_dir: Option<&'a Path>,
    /// A folder of people whom the mock system serves beside the built-in ones.
    pub people_dir: Option<&'a Path>,
    /// Only this scenario and the faults that name it.
    pub scenario: Option<&'a str>,
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
    let facts = load::facts(&files)?;
    let people_dir = load::people_dir(&arguments.source);
    for id in ids {
        let pack = load::pack(&files, &id)?;
        if let Some(scenario) = &arguments.scenario {
            check_scenario(&pack, scenario)?;
        }
        let proof = runtime()?.block_on(prove(Trial {
            pack: &pack,
            facts: &facts,
            faults: &faults,
            faults_dir: arguments.faults.as_deref(),
            people_dir: people_dir.as_deref(),
            scenario: arguments.scenario.as_deref(),
        }))?;
        print(&pack, &proof, arguments.format)?;
        if !proof.problems.is_empty() {
            code = ExitCode::NotConformant;
        }
    }
    Ok(code)
}

fn check_scenario(pack: &Pack, wanted: &str) -> Result<(), Failure> {
    let all = || pack.features.iter().flat_map(|f| &f.scenarios);
    if all().any(|s| s.scored && is_of(&s.id, wanted)) {
        return Ok(());
    }
    let help = if all().any(|s| is_of(&s.id, wanted)) {
        "it is advisory; the self-test is about scored scenarios".to_owned()
    } else {
        match closest(wanted, all().map(|s| s.id.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("plumbline packs --scenarios {} lists them", pack.id),
        }
    };
    Err(Failure::usage(format!(
        "error: the pack {} has no scored scenario `{wanted}`\n  help: {help}",
        pack.id
    )))
}

/// Whether a scenario has this id in its tag; the rows of an outline have a number after it.
fn is_of(id: &ScenarioId, tag: &str) -> bool {
    let row = id
        .as_str()
        .strip_prefix(tag)
        .map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    row.is_some_and(|row| row.chars().all(|c| c.is_ascii_digit()))
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
pub(crate) async fn prove(trial: Trial<'_>) -> Result<Proof, Failure> {
    let pack = trial.pack;
    let own: BTreeSet<_> = pack.requirements.iter().map(|r| r.id.as_str()).collect();
    let faults: Vec<&FaultInfo> = trial
        .faults
        .iter()
        .filter(|f| own.contains(f.requirement.as_str()))
        .filter(|f| trial.scenario.is_none_or(|wanted| f.scenario == wanted))
        .collect();
    let good = good_vendor(pack)?;
    let bar = progress(faults.len());
    let baseline = one_run(trial, &good, &[], None).await?;
    let mut proof = Proof {
        kills: BTreeMap::new(),
        texts: BTreeMap::new(),
        problems: Vec::new(),
        faults: faults.len(),
        scenarios: 0,
    };
    judge_baseline(pack, &good.name, &baseline, &mut proof)?;
    let before = verdicts(&baseline);
    for fault in faults {
        bar.inc(1);
        // The mock answers each request by itself, so a scenario that sends none which the fault
        // acts on ends as it did: it is not run again.
        let reached = reached(&baseline, fault, &good.base_path);
        if reached.is_empty() {
            let why = format!(
                "no scenario sends a request that it acts on ({}); {}",
                requests_of(fault),
                sent(&baseline, fault, &good.base_path)
            );
            proof.problems.push(format!("fault {}: {why}", fault.id));
            continue;
        }
        let run = one_run(trial, &good, std::slice::from_ref(&fault.id), Some(reached)).await?;
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
    bar.finish_and_clear();
    if let Some(wanted) = trial.scenario {
        proof.kills.retain(|(id, _), _| is_of(id, wanted));
    }
    for (assertion, faults) in &proof.kills {
        if faults.is_empty() {
            proof.problems.push(format!(
                "survivor: no fault kills `{}` of {}; add a fault with scenario = \"{}\" whose \
                 code is that of this step (plumbline steps shows it)",
                proof.texts[assertion], assertion.0, assertion.0
            ));
        }
    }
    Ok(proof)
}

/// A bar on standard error, where that is a terminal.
fn progress(faults: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(faults as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} faults, {elapsed}") {
        bar.set_style(style);
    }
    bar
}

/// The mock system without faults that keeps the rules of the pack.
fn good_vendor(pack: &Pack) -> Result<VendorFacts, Failure> {
    let wrong = |error: MockError| Failure::internal(format!("error: {error}"));
    if let Some(name) = plumbline_mocks::good_vendor(pack.id.as_str()).map_err(wrong)? {
        return plumbline_mocks::vendor_facts(&name).map_err(wrong);
    }
    // A pack of somebody's own: the first system that is asked in the same way.
    let kind = if pack.interactions.is_empty() {
        "uk-core"
    } else {
        "gp-connect"
    };
    for name in plumbline_mocks::vendor_names() {
        let facts = plumbline_mocks::vendor_facts(&name).map_err(wrong)?;
        if facts.is_faultless && facts.kind == kind {
            return Ok(facts);
        }
    }
    Err(Failure::internal(format!(
        "error: no mock system without faults is of the kind {kind}"
    )))
}

/// The requests that a fault acts on, in words.
fn requests_of(fault: &FaultInfo) -> String {
    let method = fault
        .method
        .as_deref()
        .map_or_else(String::new, |method| format!("{method} "));
    format!(
        "{method}{} with the keys [{}]",
        fault.path,
        fault.keys.join(", ")
    )
}

/// The scenarios of the good run that send a request which the fault acts on.
fn reached(baseline: &RunRecord, fault: &FaultInfo, base_path: &str) -> BTreeSet<ScenarioId> {
    let hit: BTreeSet<ExchangeId> = baseline
        .exchanges
        .iter()
        .filter(|exchange| acts_on(fault, &exchange.method, &exchange.url, base_path))
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

/// Whether method, path and query keys of the request are those of the fault. What redaction took
/// away may be anything: a fault that is tried in vain does no harm.
fn acts_on(fault: &FaultInfo, method: &str, url: &str, base_path: &str) -> bool {
    if fault.method.as_deref().is_some_and(|own| own != method) {
        return false;
    }
    let Some((path, keys)) = path_and_keys(url, base_path) else {
        return true;
    };
    same_path(&fault.path, path) && same_keys(&fault.keys, &keys)
}

fn same_path(own: &str, path: &str) -> bool {
    let (own, whole) = match own.strip_suffix('*').unwrap_or(own) {
        folder if folder.ends_with('/') => (folder, false),
        whole => (whole, true),
    };
    let mut asked = path.split('/');
    let mut wanted = own.trim_end_matches('/').split('/');
    let begins = wanted.all(|part| {
        asked
            .next()
            .is_some_and(|asked| asked == part || asked == "{id}")
    });
    begins && whole == asked.next().is_none()
}

fn same_keys(own: &[String], keys: &BTreeSet<&str>) -> bool {
    let own: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    let hidden = keys.contains("{parameter}");
    let known: BTreeSet<&str> = keys
        .iter()
        .copied()
        .filter(|key| *key != "{parameter}")
        .collect();
    if hidden {
        known.is_subset(&own)
    } else {
        known == own
    }
}

/// The path below the base address of the mock, and the keys of the query; nothing for the URL of
/// another place.
fn path_and_keys<'u>(url: &'u str, base_path: &str) -> Option<(&'u str, BTreeSet<&'u str>)> {
    let (_, below) = url.split_once(base_path)?;
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let keys = pairs.map(|pair| pair.split('=').next().unwrap_or(pair));
    Some((path.trim_matches('/'), keys.collect()))
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
    trial: Trial<'_>,
    good: &VendorFacts,
    faults: &[String],
    only: Option<BTreeSet<ScenarioId>>,
) -> Result<RunRecord, Failure> {
    let Trial { pack, facts, .. } = trial;
    let choice = MockChoice {
        vendor: &good.name,
        faults,
        faults_dir: trial.faults_dir,
        people_dir: trial.people_dir,
        ..MockChoice::default()
    };
    let product = Product {
        name: &good.name,
        version: "1",
    };
    let mock = MockTarget::start(choice, product, pack, facts).await?;
    let target = load::target_text("target.toml", mock.text.as_bytes(), Some(pack))?;
    let session = Session::new(
        pack,
        facts,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_redacted_may_be_what_the_fault_acts_on() {
        for (own, path, same) in [
            ("Patient", "Patient", true),
            ("Patient", "Patient/{id}", false),
            ("Patient/", "Patient/{id}", true),
            ("Patient/*", "Patient/p-1", true),
            ("Patient/*", "Patient", false),
            ("Patient/p-1", "Patient/{id}", true),
            ("Patient/p-1", "Patient/p-2", false),
            ("metadata", "metadata", true),
        ] {
            assert_eq!(same_path(own, path), same, "{own} {path}");
        }
        let own = vec!["identifier".to_owned(), "odd".to_owned()];
        assert!(same_keys(&own, &["identifier", "{parameter}"].into()));
        assert!(same_keys(&own, &["identifier", "odd"].into()));
        assert!(!same_keys(&own, &["identifier"].into()));
        assert!(!same_keys(&own, &["name", "{parameter}"].into()));
    }
}
