//! `plumbline lint`: mistakes in packs, checklists, people and target files, before anything runs.

use crate::arguments::Lint;
use crate::commands::inspect;
use crate::failure::Failure;
use crate::{Outcome, load};
use plumbline_model::{ExitCode, PackId};
use plumbline_pack::{DiagnosticKind, Files, Pack};
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
        if checklists(&files, Some(id.as_str()), &mut code)? {
            continue;
        }
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
        crate::commands::content::lint(&files, Some(id.as_str()), &mut code);
        packs.push(pack);
    }
    // A checklist may name the rules of any pack, so it can be read only where all packs can.
    if arguments.ids.is_empty() && code == ExitCode::Success {
        checklists(&files, None, &mut code)?;
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

/// Lints the checklists of a folder of `profiles/` that is no pack, or all; whether there are any.
fn checklists(files: &Files, folder: Option<&str>, code: &mut ExitCode) -> Result<bool, Failure> {
    let is_pack = folder.is_some_and(|id| files.get(&format!("profiles/{id}/pack.toml")).is_some());
    if is_pack {
        return Ok(false);
    }
    let Some(found) = inspect::lint(files, folder)? else {
        return Ok(false);
    };
    for told in found {
        match told {
            Ok(told) => println!("{told}"),
            Err(mistakes) => {
                eprintln!("{mistakes}");
                *code = ExitCode::Usage;
            }
        }
    }
    Ok(true)
}

/// The pack whose words a target file uses: the one with which it has the fewest mistakes.
fn nearest<'a>(path: &Path, packs: &'a [Pack]) -> Option<&'a Pack> {
    let text = fs::read(path).unwrap_or_default();
    packs.iter().min_by_key(|pack| {
        let hints = pack.target_hints();
        plumbline_pack::lint_target("", &text, Some(&hints)).count(DiagnosticKind::Error)
    })
}
