//! `plumbline rejudge`: the evidence of an earlier run, judged again with the pack as it is now.
//! Needs no network and reads no clock. Not for the rules of that: they are in plumbline-runner.

use crate::arguments::{PackSource, Rejudge};
use crate::commands::bundle::{read_bounded, run_of};
use crate::commands::run::summary;
use crate::failure::Failure;
use crate::session::exit_code;
use crate::{Outcome, folder, load};
use plumbline_bundle::OpenError;
use plumbline_bundle::words::seen;
use plumbline_model::{
    Completion, ExchangeRecord, ExitCode, RunRecord, ScenarioId, Scorecard, SkipReason, Verdict,
};
use plumbline_runner::{RejudgeOptions, RunOutput};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How many scenarios of a kind are listed at most; the record has all.
const MOST_LISTED: usize = 10;

pub(crate) fn perform(arguments: &Rejudge) -> Outcome {
    let done = rejudge(&arguments.evidence, &arguments.source, &arguments.out)?;
    for line in &done.lines {
        println!("{}", seen(line));
    }
    summary(&done.record, &done.scorecard);
    let out = &arguments.out;
    println!(
        "Report: {}",
        out.join("reports").join("report.html").display()
    );
    println!("Record: {}", out.join("record.json").display());
    Ok(match done.record.completion {
        Completion::Completed => exit_code(done.scorecard.status),
        Completion::Incomplete { .. } => ExitCode::Insufficient,
    })
}

/// What came of it.
pub(crate) struct Done {
    pub record: RunRecord,
    pub scorecard: Scorecard,
    /// What it is, and how it compares with the run.
    pub lines: Vec<String>,
}

/// Judges the evidence of a run folder or a bundle again, into a folder that must not exist yet.
pub(crate) fn rejudge(evidence: &Path, source: &PackSource, out: &Path) -> Result<Done, Failure> {
    if out.exists() {
        return Err(Failure::usage(format!(
            "error: the folder `{}` exists already; choose another with --out",
            out.display()
        )));
    }
    let Evidence { record: then, said } = read(evidence)?;
    let files = load::files(source)?;
    let pack = load::pack(&files, &seen(then.pack.id.as_str()))?;
    let facts = load::facts(&files)?;
    let options = RejudgeOptions {
        pack: &pack,
        content: facts.content.get(&pack.id).cloned(),
        validators: facts.validators(&pack.id)?,
        people: facts.people,
        directory: facts.directory,
        record: then.clone(),
    };
    // Without a driver for sockets and without one for time: neither is needed.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|e| Failure::internal(format!("error: failed to start the runtime: {e}")))?;
    let RunOutput { mut record, policy } = runtime
        .block_on(plumbline_runner::rejudge(options))
        .map_err(|error| {
            Failure::usage(format!(
                "error: `{}`: {}",
                evidence.display(),
                seen(&error.to_string())
            ))
        })?;
    let scorecard = plumbline_score::scorecard(&record, &pack.requirements, &pack.scoring);
    folder::create(out)?;
    folder::write(
        out,
        &mut record,
        &scorecard,
        &pack.capability_titles,
        &policy,
    )?;
    let mut lines = said;
    lines.extend(stated(&then, &record));
    lines.extend(compared(&then, &record));
    Ok(Done {
        record,
        scorecard,
        lines,
    })
}

/// The record of a run, and what is to be said of where it was read.
struct Evidence {
    record: RunRecord,
    said: Vec<String>,
}

fn read(path: &Path) -> Result<Evidence, Failure> {
    if path.is_dir() {
        return of_folder(path);
    }
    let shown = path.display();
    let bytes = read_bounded(path)?;
    if !plumbline_bundle::is_bundle(&bytes) {
        return Err(Failure::usage(format!(
            "error: `{shown}` is neither the folder of a run nor a bundle\n  help: give what plumbline run \
             or plumbline bundle wrote"
        )));
    }
    let opened = plumbline_bundle::open(&bytes).map_err(|error| {
        let message = format!("error: `{shown}`: {error}");
        match error {
            OpenError::NotABundle(_) => Failure::usage(message),
            OpenError::Broken(_) => Failure {
                code: ExitCode::NotConformant,
                message: format!(
                    "{message}\n  help: evidence that was altered is not judged; ask for the bundle again"
                ),
            },
        }
    })?;
    let said = match &opened.signer {
        Some(signer) => format!(
            "The bundle is unaltered since it was signed by {}; plumbline verify says more.",
            signer.name
        ),
        None => "The bundle holds together, and nobody signed it.".to_owned(),
    };
    Ok(Evidence {
        record: opened.record,
        said: vec![said],
    })
}

/// The record of a run folder, if the folder is whole.
fn of_folder(path: &Path) -> Result<Evidence, Failure> {
    let shown = path.display();
    if !path.join("record.json").is_file() && folder::journal(path).is_file() {
        return Err(Failure::usage(format!(
            "error: the run in `{shown}` has not come to its end: it has a journal and no record.json\n  \
             help: go on with it: plumbline run --out {shown} --resume"
        )));
    }
    let record = run_of(path)?;
    whole(path, &record)?;
    let said =
        "The evidence is that of a folder, which nobody signed: whoever has it could have changed \
                it."
        .to_owned();
    Ok(Evidence {
        record,
        said: vec![said],
    })
}

/// The exchanges stand in the folder twice: both must say the same.
fn whole(path: &Path, record: &RunRecord) -> Result<(), Failure> {
    let path = path.join("exchanges.ndjson");
    let wrong = |what: String| {
        Failure::usage(format!(
            "error: `{}` {what}\n  help: take the folder as the run left it, or run again",
            path.display()
        ))
    };
    let text = fs::read_to_string(&path).map_err(|_| wrong("cannot be read".to_owned()))?;
    let mut lines = text.lines();
    for exchange in &record.exchanges {
        let line = lines.next();
        let stored = line.and_then(|line| serde_json::from_str::<ExchangeRecord>(line).ok());
        if stored.as_ref() != Some(exchange) {
            return Err(wrong(format!(
                "does not hold the exchange {} as record.json does",
                exchange.id
            )));
        }
    }
    match lines.next() {
        None => Ok(()),
        Some(_) => Err(wrong("holds more exchanges than record.json".to_owned())),
    }
}

/// What the record is.
fn stated(then: &RunRecord, now: &RunRecord) -> Vec<String> {
    let short = |text: &str| text.chars().take(12).collect::<String>();
    vec![
        format!(
            "Judged again: the evidence of the run {}, collected {} with the pack {} (fingerprint {}) by \
             Plumbline {}.",
            then.run_id,
            then.started,
            then.pack.id,
            short(&then.pack.fingerprint),
            then.plumbline
        ),
        format!(
            "Judged with the pack {} (fingerprint {}) by Plumbline {}. Nothing was asked of the system.",
            now.pack.id,
            short(&now.pack.fingerprint),
            now.plumbline
        ),
    ]
}

/// How its scenarios compare with those of the run.
fn compared(then: &RunRecord, now: &RunRecord) -> Vec<String> {
    let mut lines = Vec::new();
    let before: BTreeMap<&ScenarioId, Verdict> = then
        .scenarios
        .iter()
        .map(|one| (&one.id, one.verdict))
        .collect();
    let mut same = 0;
    let mut lost: BTreeMap<SkipReason, Vec<String>> = BTreeMap::new();
    let mut others = Vec::new();
    let mut new = 0;
    for scenario in &now.scenarios {
        let Some(was) = before.get(&scenario.id) else {
            new += 1;
            continue;
        };
        let told = format!(
            "{}: {was} in the run, now {}",
            scenario.id, scenario.verdict
        );
        match scenario.verdict {
            verdict if verdict == *was => same += 1,
            Verdict::Skip(reason @ (SkipReason::Redacted | SkipReason::NotInEvidence)) => {
                lost.entry(reason).or_default().push(told);
            }
            _ => others.push(told),
        }
    }
    let gone = before.len() + new - now.scenarios.len();
    lines.push(format!(
        "{same} of {} scenarios of the run have the same verdict.",
        before.len()
    ));
    if !others.is_empty() {
        lines.push(format!("{} have another verdict:", others.len()));
        list(&others, &mut lines);
        lines.extend(suspicion(then, now));
    }
    for (reason, all) in &lost {
        lines.push(format!("{} cannot be judged again ({reason}):", all.len()));
        // What failed in the run must not go out of sight.
        let (failed, rest): (Vec<String>, Vec<String>) = all
            .iter()
            .cloned()
            .partition(|one| one.contains(": Fail in the run"));
        list(&[failed, rest].concat(), &mut lines);
    }
    if new > 0 {
        lines.push(format!(
            "{new} scenarios are new to the pack, or were not run."
        ));
    }
    if gone > 0 {
        lines.push(format!(
            "{gone} scenarios of the run are no longer in the pack."
        ));
    }
    lines
}

/// What other verdicts mean where nothing that judges has changed.
fn suspicion(then: &RunRecord, now: &RunRecord) -> Option<String> {
    let same = then.pack.fingerprint == now.pack.fingerprint && then.plumbline == now.plumbline;
    same.then(|| {
        "Pack and Plumbline are those of the run, so the verdicts should be too. Unless --packs brought \
                 other people or value sets, the record was changed after the run: do not rely on it."
            .to_owned()
    })
}

fn list(all: &[String], lines: &mut Vec<String>) {
    lines.extend(all.iter().take(MOST_LISTED).map(|one| format!("  {one}")));
    if all.len() > MOST_LISTED {
        lines.push(format!("  and {} more", all.len() - MOST_LISTED));
    }
}
