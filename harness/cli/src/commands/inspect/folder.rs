//! The folder of an assessment on disk, and the folder of its reports. Not for what the files say.

use anyhow::{Context, bail};
use plumbline_inspect::{Additions, FRAME, Folder, appended};
use std::fs;
use std::path::Path;

/// Folders within an assessment that hold one file for each item.
const PARTS: [&str; 2] = ["answers", "evidence"];
/// Marks a folder of reports as ours, so that a later report may replace its own files.
const MARKER: &str = ".plumbline-inspection";

/// Reads every text file of an assessment. Other files, such as notes, are passed over.
pub(super) fn read(dir: &Path) -> anyhow::Result<Folder> {
    if !dir.is_dir() {
        bail!(
            "there is no folder `{}`; `plumbline inspect new` makes one",
            dir.display()
        );
    }
    if !dir.join(FRAME).is_file() {
        bail!(
            "`{}` is no assessment: it holds no {FRAME}; name the folder that `plumbline inspect new` made",
            dir.display()
        );
    }
    let mut folder = Folder::new();
    read_part(dir, "", &mut folder)?;
    for part in PARTS {
        if dir.join(part).is_dir() {
            read_part(dir, part, &mut folder)?;
        }
    }
    Ok(folder)
}

fn read_part(dir: &Path, part: &str, folder: &mut Folder) -> anyhow::Result<()> {
    let place = dir.join(part);
    let listed = fs::read_dir(&place)
        .with_context(|| format!("failed to read the folder `{}`", place.display()))?;
    for entry in listed {
        let path = entry
            .with_context(|| format!("failed to read the folder `{}`", place.display()))?
            .path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        // One that ends with .TOML is read too, and its name refused, rather than passed over in silence.
        let toml = path.extension();
        let toml = toml.is_some_and(|end| end.eq_ignore_ascii_case("toml"));
        if !toml || name.starts_with('.') || !path.is_file() {
            continue;
        }
        let bytes =
            fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
        let name = if part.is_empty() {
            name.to_owned()
        } else {
            format!("{part}/{name}")
        };
        folder.insert(name, bytes);
    }
    Ok(())
}

/// Writes a new assessment; a folder that holds anything is left alone.
pub(super) fn write_new(dir: &Path, files: &Folder) -> anyhow::Result<()> {
    if dir.exists() && !is_empty(dir)? {
        bail!(
            "`{}` is there already and not an empty folder; choose another with --out",
            dir.display()
        );
    }
    for part in PARTS {
        let path = dir.join(part);
        fs::create_dir_all(&path)
            .with_context(|| format!("failed to make the folder `{}`", path.display()))?;
    }
    for (name, bytes) in files {
        let path = dir.join(name);
        fs::write(&path, bytes).with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(())
}

fn is_empty(dir: &Path) -> anyhow::Result<bool> {
    if !dir.is_dir() {
        return Ok(false);
    }
    let mut listed =
        fs::read_dir(dir).with_context(|| format!("failed to read `{}`", dir.display()))?;
    Ok(listed.next().is_none())
}

/// Adds to files in memory.
pub(super) fn add(folder: &mut Folder, additions: &Additions) {
    for (name, block) in &additions.blocks {
        let old = folder.get(name).map(|bytes| String::from_utf8_lossy(bytes));
        let new = appended(old.as_deref().unwrap_or_default(), block);
        folder.insert(name.clone(), new.into_bytes());
    }
}

/// Writes the files that changed. Each is written whole beside the old one and then takes its place, so that a full
/// disk leaves the old one as it was.
pub(super) fn write_changed(dir: &Path, old: &Folder, new: &Folder) -> anyhow::Result<()> {
    for (name, bytes) in new
        .iter()
        .filter(|(name, bytes)| old.get(*name) != Some(*bytes))
    {
        let path = dir.join(name);
        let beside = path.with_extension("toml.new");
        let failed = || format!("failed to write `{}`", path.display());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(failed)?;
        }
        fs::write(&beside, bytes).with_context(failed)?;
        fs::rename(&beside, &path).with_context(failed)?;
    }
    Ok(())
}

/// Writes one report into a folder that is new, empty or of earlier reports.
pub(super) fn write_report(out: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let marker = out.join(MARKER);
    if out.exists() && !marker.is_file() && !is_empty(out)? {
        bail!(
            "`{}` holds something that no report of an inspection wrote; choose another folder with --out",
            out.display()
        );
    }
    fs::create_dir_all(out)
        .with_context(|| format!("failed to make the folder `{}`", out.display()))?;
    let note = "Written by plumbline inspect report; the next report replaces its files here.\n";
    for (path, text) in [(marker, note), (out.join(name), text)] {
        fs::write(&path, text).with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(())
}
