//! The checklists among the packs: `profiles/<folder>/checklists/*.toml`. Not for reading them: `inspect` does.

use super::mistakes;
use crate::failure::Failure;
use crate::load;
use plumbline_inspect::{Checklist, KnownPacks, Mistakes, read_checklist};
use plumbline_pack::Files;

/// Path and bytes of every checklist, in order of path.
fn all(files: &Files) -> Vec<(&str, &[u8])> {
    let checklist = |path: &str| {
        let mut parts = path.split('/').skip(2);
        parts.next() == Some("checklists")
            && parts
                .next()
                .is_some_and(|name| name.strip_suffix(".toml").is_some())
            && parts.next().is_none()
    };
    files
        .under("profiles/")
        .filter(|(path, _)| checklist(path))
        .collect()
}

/// The requirements of every pack, which tags of a checklist may name.
fn packs(files: &Files) -> Result<KnownPacks, Failure> {
    let mut known = KnownPacks::new();
    for id in plumbline_pack::list(files) {
        let pack = load::pack(files, id.as_str())?;
        known.insert(id, pack.requirements);
    }
    Ok(known)
}

/// One checklist, without a mistake.
pub(super) fn find(files: &Files, id: &str) -> Result<Checklist, Failure> {
    let all = all(files);
    let name = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.trim_end_matches(".toml").to_owned()
    };
    let mut wanted = all.iter().filter(|(path, _)| name(path) == id);
    let Some((path, bytes)) = wanted.next() else {
        let names: Vec<String> = all.iter().map(|(path, _)| name(path)).collect();
        return Err(Failure::usage(format!(
            "error: there is no checklist `{id}`\n  help: the checklists are {}; --packs DIR adds those of \
             DIR/profiles/<folder>/checklists/",
            names.join(", ")
        )));
    };
    if let Some((other, _)) = wanted.next() {
        return Err(Failure::usage(format!(
            "error: there are two checklists `{id}`: {path} and {other}\n  help: give each an id of its own"
        )));
    }
    read_checklist(path, bytes, &packs(files)?).map_err(mistakes)
}

/// Whether a folder of `profiles/` holds checklists.
fn holds_checklists(files: &Files, folder: &str) -> bool {
    let start = format!("profiles/{folder}/");
    all(files).iter().any(|(path, _)| path.starts_with(&start))
}

/// Lints checklists: those of a folder of `profiles/`, or all. Gives a line for each good one, and the mistakes of
/// the others; `None` if the folder holds none.
pub(crate) fn lint(
    files: &Files,
    folder: Option<&str>,
) -> Result<Option<Vec<Result<String, Mistakes>>>, Failure> {
    if folder.is_some_and(|folder| !holds_checklists(files, folder)) {
        return Ok(None);
    }
    let start = folder.map_or_else(|| "profiles/".to_owned(), |f| format!("profiles/{f}/"));
    let chosen: Vec<_> = all(files)
        .into_iter()
        .filter(|(path, _)| path.starts_with(&start))
        .collect();
    if chosen.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let packs = packs(files)?;
    let told = chosen.into_iter().map(|(path, bytes)| {
        let checklist = read_checklist(path, bytes, &packs)?;
        Ok(format!(
            "{}: checklist of {} questions in {} groups, no errors.",
            checklist.id,
            checklist.items.len(),
            checklist.groups.len()
        ))
    });
    Ok(Some(told.collect()))
}
