//! `plumbline lint`: mistakes in packs, people and target files, before anything runs.

use crate::arguments::Lint;
use crate::{Outcome, load};
use plumbline_model::{ExitCode, PackId};
use plumbline_pack::{DiagnosticKind, Pack};
use plumbline_runner::Table;
use std::fs;
use std::path::Path;

pub(crate) fn perform(arguments: &Lint) -> Outcome {
    let files = load::files(&arguments.source)?;
    let ids: Vec<PackId> = if arguments.ids.is_empty() {
        plumbline_pack::list(&files)
    } else {
        arguments
            .ids
            .iter()
            .map(|id| PackId::from(id.as_str()))
            .collect()
    };
    let steps = Table::standard();
    let mut code = ExitCode::Success;
    let mut packs = Vec::new();
    for id in &ids {
        let report = plumbline_pack::lint(&files, id, &steps);
        if !report.is_empty() {
            eprintln!("{}", load::mistakes(&report, &files).message.trim_end());
        }
        if report.has_errors() {
            code = ExitCode::Usage;
            continue;
        }
        let pack = load::pack(&files, id.as_str())?;
        let scenarios: usize = pack.features.iter().map(|f| f.scenarios.len()).sum();
        println!(
            "{id}: {} requirements, {scenarios} scenarios, no errors.",
            pack.requirements.len()
        );
        packs.push(pack);
    }
    if let Some(path) = &arguments.target {
        let pack = nearest(path, &packs);
        load::lint_target(path, pack)?;
        match pack.filter(|_| packs.len() > 1) {
            Some(pack) => println!("{}: no errors for the pack {}.", path.display(), pack.id),
            None => println!("{}: no errors.", path.display()),
        }
    }
    Ok(code)
}

/// The pack whose words a target file uses: the one with which it has the fewest mistakes.
fn nearest<'a>(path: &Path, packs: &'a [Pack]) -> Option<&'a Pack> {
    let text = fs::read(path).unwrap_or_default();
    packs.iter().min_by_key(|pack| {
        let hints = pack.target_hints();
        plumbline_pack::lint_target("", &text, Some(&hints)).count(DiagnosticKind::Error)
    })
}
