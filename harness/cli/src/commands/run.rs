//! `plumbline run`: a pack against the system of a target.toml.

use crate::arguments::Run;
use crate::failure::Failure;
use crate::session::{Session, Trail, exit_code, now, run_id, runtime};
use crate::{Outcome, folder, load};
use indicatif::{ProgressBar, ProgressStyle};
use plumbline_bundle::words::seen;
use plumbline_model::{Completion, ExitCode, RunRecord, Scorecard};
use plumbline_runner::Selection;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::rc::Rc;

pub(crate) fn perform(arguments: &Run) -> Outcome {
    let files = load::files(&arguments.source)?;
    let pack = load::pack(&files, &arguments.pack)?;
    let facts = load::facts(&files)?;
    let target = load::target(&arguments.target, Some(&pack))?;
    let selection = match &arguments.tags {
        None => Selection::all(),
        Some(tags) => Selection::tags(tags).map_err(|e| Failure::usage(format!("error: {e}")))?,
    };
    let base = target.base_urls.get("default").map(ToString::to_string);
    let session = Session::new(&pack, &facts, target, &selection)?;
    let run_id = run_id(&pack, &now());
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("plumbline-runs").join(&run_id));
    if arguments.resume {
        folder::reopen(&out)?;
    } else {
        folder::create(&out)?;
    }
    let bar = progress(session.to_run());
    let shown = bar.clone();
    let trail = Trail {
        run_id,
        journal: Some(folder::journal(&out)),
        progress: Rc::new(move |_| shown.inc(1)),
    };
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let (mut output, scorecard) = if arguments.resume {
        runtime()?.block_on(session.resume(trail, interrupted))?
    } else {
        runtime()?.block_on(session.perform(trail, interrupted))?
    };
    bar.finish_and_clear();
    folder::write(
        &out,
        &mut output.record,
        &scorecard,
        &pack.capability_titles,
        &output.policy,
    )?;
    summary(&output.record, &scorecard);
    if let Some(base) = base.filter(|_| metadata_is_missing(&output.record)) {
        println!(
            "Look first:  metadata is not at {}/metadata (404). If base_urls in the target file is \
             wrong, nothing is tested for that reason alone.",
            base.trim_end_matches('/')
        );
        println!(
            "             plumbline doctor --target {} looks into it.",
            arguments.target.display()
        );
    }
    left_behind(&output.record);
    println!(
        "Report: {}",
        out.join("reports").join("report.html").display()
    );
    println!("Record: {}", out.join("record.json").display());
    Ok(match output.record.completion {
        Completion::Completed => exit_code(scorecard.status),
        Completion::Incomplete { .. } => ExitCode::Insufficient,
    })
}

/// What a person at the terminal needs to know.
pub(crate) fn summary(record: &RunRecord, scorecard: &Scorecard) {
    println!("{}", seen(&scorecard.sentence));
    if let Some(mock) = record.mock_name() {
        let mock = seen(mock);
        println!("Mock system ({mock}): this says nothing about a real product.");
    }
    if let Completion::Incomplete { why } = &record.completion {
        println!("Not completed: {}.", seen(why));
    }
    let validity = plumbline_reports::Validity::of(record).line();
    if !validity.is_empty() {
        println!("{}", seen(&validity));
    }
    for group in scorecard.groups.iter().take(3) {
        println!(
            "  {}: {} ({})",
            group.verdict.label(),
            seen(&group.example.message),
            group.requirement
        );
    }
    for group in scorecard.undecided.iter().take(3) {
        println!(
            "  Not decided: {} ({})",
            seen(&group.example.message),
            group.requirement
        );
    }
}

/// What the run created in the system and could not remove.
fn left_behind(record: &RunRecord) {
    let left = record.ledger.iter().filter(|created| created.left).count();
    if left > 0 {
        println!(
            "Left in the system: {left} of {} resources that the run created; `ledger` in record.json \
             names them.",
            record.ledger.len()
        );
    }
}

/// Whether the control request with which a run begins found no capability statement.
fn metadata_is_missing(record: &RunRecord) -> bool {
    record.exchanges.first().is_some_and(|first| {
        first.status == Some(404) && first.url.trim_end_matches('/').ends_with("/metadata")
    })
}

fn progress(scenarios: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(scenarios as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} scenarios, {elapsed}")
    {
        bar.set_style(style);
    }
    bar
}
