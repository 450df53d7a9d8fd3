//! `plumbline diff`: what changed between two runs of one pack.
//! Not for the rules of that: they are in plumbline-bundle.

use crate::Outcome;
use crate::arguments::{Diff, Form};
use crate::commands::bundle::record_of;
use crate::failure::Failure;
use plumbline_bundle::words::seen;
use plumbline_bundle::{Allow, Change, Incomparable, Row, Side};
use plumbline_model::ExitCode;

/// How many scenarios of a kind are listed at most; the JSON has all.
const MOST_LISTED: usize = 40;

pub(crate) fn perform(arguments: &Diff) -> Outcome {
    let first = record_of(&arguments.first)?;
    let second = record_of(&arguments.second)?;
    let mut allowed = Vec::new();
    if arguments.across_packs {
        allowed.push(Allow::OtherPack);
    }
    if arguments.across_kinds {
        allowed.push(Allow::OtherKind);
    }
    let diff =
        plumbline_bundle::diff(&first, &second, &allowed).map_err(|error| refused(&error))?;
    match arguments.format {
        Form::Text => print(&diff),
        Form::Json => {
            let json = serde_json::to_string_pretty(&diff)
                .map_err(|e| Failure::internal(format!("error: {e}")))?;
            println!("{json}");
        }
    }
    Ok(if diff.regressions > 0 {
        ExitCode::Regression
    } else {
        ExitCode::Success
    })
}

fn refused(error: &Incomparable) -> Failure {
    let option = match error {
        Incomparable::Packs(..) | Incomparable::Editions(..) => "--across-packs",
        Incomparable::Kinds(..) | Incomparable::Mock => "--across-kinds",
    };
    Failure::usage(format!(
        "error: {}\n  help: compare like with like, or say with {option} that you mean it",
        seen(&error.to_string())
    ))
}

fn print(diff: &plumbline_bundle::Diff) {
    if let Some(mock) = diff.mock {
        println!("MOCK SYSTEM: {}", seen(mock));
    }
    let count = |change| diff.counts.get(&change).copied().unwrap_or_default();
    println!(
        "{}",
        match diff.regressions {
            0 => "Nothing that counts is worse in the second run.".to_owned(),
            1 => "One scenario that counts is worse in the second run.".to_owned(),
            n => format!("{n} scenarios that count are worse in the second run."),
        }
    );
    println!("  first:  {}", side(&diff.first));
    println!("  second: {}", side(&diff.second));
    for caveat in &diff.caveats {
        println!("Note: {}", seen(caveat));
    }
    for change in Change::ALL {
        if *change == Change::Unchanged || count(*change) == 0 {
            continue;
        }
        println!();
        println!("{}: {}", change.label(), count(*change));
        let rows = diff.rows.iter().filter(|row| row.change == *change);
        for row in rows.take(MOST_LISTED) {
            println!("  {}", self::row(row));
        }
        if count(*change) > MOST_LISTED {
            println!(
                "  and {} more; --format json lists all",
                count(*change) - MOST_LISTED
            );
        }
    }
    println!();
    println!(
        "{}: {}",
        Change::Unchanged.label(),
        count(Change::Unchanged)
    );
}

fn side(side: &Side) -> String {
    let subject = &side.subject;
    let place = match &side.mock {
        Some(name) => format!("mock system {name}"),
        None => side.environment.label().to_owned(),
    };
    seen(&format!(
        "{} {} of {} ({}, {place}), {}, run {}, {}",
        subject.product,
        subject.version,
        subject.supplier,
        subject.kind.label(),
        side.started,
        side.run,
        side.pack,
    ))
}

fn row(row: &Row) -> String {
    let verdict = |verdict: &Option<plumbline_model::Verdict>| {
        verdict.map_or_else(|| "not there".to_owned(), |v| v.to_string())
    };
    let advisory = if row.scored {
        ""
    } else {
        " (advisory, never counted)"
    };
    let why = if row.why.is_empty() {
        String::new()
    } else {
        format!(": {}", row.why)
    };
    seen(&format!(
        "{} {}, {} -> {}{advisory}{why}",
        row.requirement,
        row.scenario,
        verdict(&row.before),
        verdict(&row.after),
    ))
}
