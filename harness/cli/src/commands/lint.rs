//! `plumbline lint`: mistakes in packs, people and target files, before anything runs.

use crate::arguments::Lint;
use crate::{Outcome, load};
use plumbline_model::{ExitCode, PackId};
use plumbline_runner::Table;

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
    let mut first = None;
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
        first.get_or_insert(pack);
    }
    if let Some(path) = &arguments.target {
        load::target(path, first.as_ref())?;
        println!("{}: no errors.", path.display());
    }
    Ok(code)
}
