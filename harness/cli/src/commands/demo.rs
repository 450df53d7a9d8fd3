//! `plumbline demo`: everything that Plumbline does, on mock systems and invented trusts, and one page that leads to it.
//! Needs no network, no browser and nothing beside the binary. Each part has its own file in demo/.

mod comparison;
mod documents;
mod evidence;
mod inspection;
mod national;
mod systems;

use crate::arguments::{Demo, PackSource};
use crate::failure::Failure;
use crate::load::Facts;
use crate::{Outcome, load};
use anyhow::{Context, bail};
use plumbline_model::ExitCode;
use plumbline_pack::{Files, Pack};
use plumbline_reports::IndexPart;
use std::fs;
use std::path::{Path, PathBuf};

/// A file that marks a folder as written by the demo, so that the next demo may replace it.
const MARKER: &str = ".plumbline-demo";
const PACK: &str = "uk-core-access";

/// What the parts work with.
struct Stage<'a> {
    files: &'a Files,
    pack: &'a Pack,
    facts: &'a Facts,
    out: &'a Path,
}

/// One part: the folders in `out` that it writes, and how it makes them.
struct Part {
    folders: &'static [&'static str],
    perform: fn(&Stage<'_>) -> Result<IndexPart, Failure>,
}

/// In the order of the index page. A later part may use what an earlier one wrote.
const PARTS: &[Part] = &[
    systems::PART,
    documents::PART,
    evidence::PART,
    inspection::PART,
    comparison::PART,
];

pub(crate) fn perform(arguments: &Demo) -> Outcome {
    if arguments.national {
        prepare(&arguments.out)?;
        return national::perform(&arguments.out);
    }
    let files = load::files(&PackSource::default())?;
    let pack = load::pack(&files, PACK)?;
    let facts = load::facts(&files)?;
    let out = &arguments.out;
    prepare(out)?;
    let stage = Stage {
        files: &files,
        pack: &pack,
        facts: &facts,
        out,
    };
    let mut parts = Vec::new();
    for part in PARTS {
        parts.push((part.perform)(&stage)?);
        println!();
    }
    let path = index(out, &parts)?;
    println!("Start here:      {}", path.display());
    for entry in parts.iter().flat_map(|part| &part.entries) {
        println!("  {}: {}", entry.title, out.join(&entry.href).display());
    }
    println!();
    println!("To test your own system:");
    println!("  plumbline init target.toml");
    println!("  plumbline run --target target.toml --pack {PACK}");
    Ok(ExitCode::Success)
}

fn index(out: &Path, parts: &[IndexPart]) -> anyhow::Result<PathBuf> {
    let page = plumbline_reports::index(parts).context("failed to render the index")?;
    let path = out.join("index.html");
    fs::write(&path, page).with_context(|| format!("failed to write `{}`", path.display()))?;
    Ok(path)
}

/// Makes the folder, replacing that of an earlier demo and nothing else.
fn prepare(out: &Path) -> anyhow::Result<()> {
    let marker = out.join(MARKER);
    if out.exists() {
        let empty = fs::read_dir(out)
            .with_context(|| format!("failed to read `{}`", out.display()))?
            .next()
            .is_none();
        if !marker.exists() && !empty {
            bail!(
                "the folder `{}` holds something that no demo wrote; choose another with --out",
                out.display()
            );
        }
        let folders = PARTS.iter().flat_map(|part| part.folders.iter().copied());
        for folder in folders.chain([national::FOLDER]) {
            let old = out.join(folder);
            if old.exists() {
                fs::remove_dir_all(&old)
                    .with_context(|| format!("failed to replace `{}`", old.display()))?;
            }
        }
    }
    fs::create_dir_all(out).with_context(|| format!("failed to make `{}`", out.display()))?;
    fs::write(
        &marker,
        "Written by plumbline demo; the next demo replaces this folder.\n",
    )
    .with_context(|| format!("failed to write `{}`", marker.display()))
}
