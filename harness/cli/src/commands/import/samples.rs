//! Counts of sampled messages from CSV, given to the runs that are imported with them. Not for drawing samples.

use super::table::{Row, Table};
use crate::failure::Failure;
use plumbline_benchmark::{Proportion, ResultKind, SampledMessages, StoredRun};
use plumbline_model::Domain;
use std::path::Path;

const COLUMNS: [&str; 5] = ["run", "domain", "sampled", "kept", "days"];

/// Gives each run its samples. A stored run is never changed, so samples come with it or never.
pub(super) fn add(path: &Path, runs: &mut [StoredRun]) -> Result<(), Failure> {
    give(Table::read(path)?, runs)
}

fn give(mut table: Table, runs: &mut [StoredRun]) -> Result<(), Failure> {
    let places: Vec<usize> = COLUMNS.iter().map(|name| table.wanted(&[name])).collect();
    table.refuse_others(&places, "run, domain, sampled, kept and days");
    table.checked()?;
    for row in std::mem::take(&mut table.rows) {
        if let Err((what, help)) = take(&row, &places, runs) {
            table.mistake(row.line, &what, &help);
        }
    }
    table.checked()?;
    for run in runs {
        run.samples.sort_by_key(|sample| sample.domain);
    }
    Ok(())
}

/// Takes one row; otherwise what is wrong and what helps.
fn take(row: &Row, places: &[usize], runs: &mut [StoredRun]) -> Result<(), (String, String)> {
    let cell = |number: usize| row.cell(places[number]);
    let number = |place: usize| {
        cell(place).parse::<u32>().map_err(|_| {
            (
                format!(
                    "`{}` under `{}` is not a whole number",
                    cell(place),
                    COLUMNS[place]
                ),
                "write digits only".to_owned(),
            )
        })
    };
    let ids: Vec<&str> = runs.iter().map(|run| run.run_id.as_str()).collect();
    let known = ids.join(", ");
    let place = ids.iter().position(|id| *id == cell(0)).ok_or_else(|| {
        (
            format!("the run `{}` is not among those of --run", cell(0)),
            format!("the runs are {known}"),
        )
    })?;
    let run = &mut runs[place];
    let domain = Domain::from_key(cell(1)).ok_or_else(|| {
        let keys: Vec<&str> = Domain::ALL.iter().map(|domain| domain.key()).collect();
        (
            format!("`{}` is not a domain", cell(1)),
            format!("the domains are {}", keys.join(", ")),
        )
    })?;
    let (sampled, kept) = (number(2)?, number(3)?);
    let messages = Proportion::new(kept, sampled).ok_or_else(|| {
        (
            format!("{kept} of {sampled} messages kept the rules"),
            "no more can be kept than were sampled".to_owned(),
        )
    })?;
    let days = u16::try_from(number(4)?)
        .ok()
        .filter(|days| *days > 0)
        .ok_or_else(|| {
            (
                format!("`{}` is not a number of days", cell(4)),
                "write over how many days the messages were drawn, at least 1".to_owned(),
            )
        })?;
    if run.kind != ResultKind::Deployment {
        return Err((
            format!("the run {} is of a product", run.run_id),
            "only the messages of a deployment are sampled".to_owned(),
        ));
    }
    if run.samples.iter().any(|sample| sample.domain == domain) {
        return Err((
            format!(
                "the domain {} of the run {} is there twice",
                domain.key(),
                run.run_id
            ),
            "give one line for each run and domain".to_owned(),
        ));
    }
    run.samples.push(SampledMessages {
        domain,
        messages,
        days,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_benchmark::synthetic::{Plan, world};

    const HEAD: &str = "run,domain,sampled,kept,days\n";

    fn give_text(text: &str) -> Result<Vec<StoredRun>, String> {
        let mut runs = world(Plan::new(1, 1, 1).unwrap()).runs;
        runs.truncate(2);
        for (run, (id, kind)) in runs.iter_mut().zip([
            ("one", ResultKind::Deployment),
            ("two", ResultKind::Product),
        ]) {
            run.run_id = id.to_owned();
            run.kind = kind;
            run.samples.clear();
        }
        Table::parse("s.csv".to_owned(), text.as_bytes())
            .and_then(|table| give(table, &mut runs))
            .map(|()| runs)
            .map_err(|failure| failure.message)
    }

    #[test]
    fn samples_reach_their_run() {
        let runs = give_text(&format!(
            "{HEAD}one,transfer,120,118,28\none,identity,200,200,14\n"
        ))
        .unwrap();
        let shown: Vec<String> = runs[0]
            .samples
            .iter()
            .map(|s| {
                format!(
                    "{} {}/{} {}",
                    s.domain.key(),
                    s.messages.met(),
                    s.messages.of(),
                    s.days
                )
            })
            .collect();
        assert_eq!(shown, ["identity 200/200 14", "transfer 118/120 28"]);
    }

    #[test]
    fn mistakes_are_told_with_their_lines() {
        for (rows, expected) in [
            (
                "three,identity,1,1,1\n",
                "s.csv:2: the run `three` is not among",
            ),
            ("two,identity,1,1,1\n", "is of a product"),
            ("one,identities,1,1,1\n", "`identities` is not a domain"),
            ("one,identity,1,2,1\n", "2 of 1 messages"),
            ("one,identity,-1,2,1\n", "`-1` under `sampled`"),
            ("one,identity,1,1,0\n", "`0` is not a number of days"),
            (
                "one,identity,1,1,1\none,identity,1,1,1\n",
                "s.csv:3: the domain identity",
            ),
        ] {
            let message = give_text(&format!("{HEAD}{rows}")).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
        assert!(
            give_text("run,domain\n")
                .unwrap_err()
                .contains("`sampled` is missing")
        );
    }
}
