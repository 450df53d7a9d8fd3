//! Runs the scripts of ci/browser over the demo pages. Not for the checks: they are in ci/browser/checks.mjs.

use crate::gates::Gates;
use crate::setup::{self, Ready, Tools};
use crate::workspace::Workspace;
use crate::{ci, process};
use anyhow::{Result, bail};
use std::ffi::OsString;
use std::path::Path;

/// Tests the page `index` and the pages that can be reached from it; fails when one has a grave problem.
pub(crate) fn test(workspace: &Workspace, tools: &Tools, index: &Path, least: usize) -> Result<()> {
    let arguments: [OsString; 5] = [
        workspace.root.join("ci/browser/test.mjs").into(),
        tools.chromium.clone().into(),
        tools.axe.clone().into(),
        index.into(),
        least.to_string().into(),
    ];
    process::run(&mut process::command("node", arguments, &workspace.root))
}

/// Tests the page that verifies bundles, with bundles of `run`, against what the command says of them.
pub(crate) fn verifier(workspace: &Workspace, tools: &Tools, run: &Path) -> Result<()> {
    let arguments: [OsString; 5] = [
        workspace.root.join("ci/browser/verifier.mjs").into(),
        tools.chromium.clone().into(),
        tools.axe.clone().into(),
        workspace.plumbline().into(),
        run.into(),
    ];
    process::run(&mut process::command("node", arguments, &workspace.root))
}

/// Takes pictures of the pages of `folder`, or of the demo, into target/shots.
pub(crate) fn shots(workspace: &Workspace, folder: Option<&Path>) -> Result<()> {
    let gates = Gates::read(&workspace.root)?;
    let tools = match setup::browser(workspace, &gates.browser)? {
        Ready::Yes(tools) => tools,
        Ready::No(missing) => bail!("{missing}"),
    };
    let index = if let Some(folder) = folder {
        std::path::absolute(folder)?.join("index.html")
    } else {
        workspace.build_plumbline()?;
        ci::demo(workspace)?.join("index.html")
    };
    let out = workspace.target.join("shots");
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    let arguments: [OsString; 4] = [
        workspace.root.join("ci/browser/shots.mjs").into(),
        tools.chromium.into(),
        index.into(),
        out.clone().into(),
    ];
    process::run(&mut process::command("node", arguments, &workspace.root))?;
    pictures_of_print(&out)
}

fn pictures_of_print(out: &Path) -> Result<()> {
    if !process::is_installed("pdftoppm") {
        println!(
            "no pictures of the printed pages: pdftoppm is missing (apt-get install poppler-utils)"
        );
        return Ok(());
    }
    for entry in std::fs::read_dir(out)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pdf") {
            let stem: OsString = path.with_extension("").into();
            let arguments: [OsString; 5] =
                ["-png".into(), "-r".into(), "70".into(), path.into(), stem];
            process::run(&mut process::command("pdftoppm", arguments, out))?;
        }
    }
    Ok(())
}
