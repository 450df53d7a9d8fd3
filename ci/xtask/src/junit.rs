//! Holds the `JUnit` files of a demo against the schema that build servers go by.
//! Not for getting the schema: setup does that; not for what the files say: reports tests that.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The runs of the demo.
const RUNS: &[&str] = &["good", "faulty"];

/// What xmllint ends with when a file is read well but breaks the schema.
const BREAKS_SCHEMA: &[i32] = &[3, 4];

/// Tests the file of each run; first proves that the schema refuses one mistake and nothing else.
pub(crate) fn test(workspace: &Workspace, schema: &Path, demo: &Path) -> Result<()> {
    let fixtures = workspace.root.join("ci/xtask/fixtures");
    let accepted = fixtures.join("junit-accepted.xml");
    process::run(&mut xmllint(workspace, schema, &accepted))?;
    refused(workspace, schema, &fixtures.join("junit-refused.xml"))?;
    for run in RUNS {
        let file = demo.join(run).join("reports/report.junit.xml");
        if !file.exists() {
            bail!("the demo wrote no {}", file.display());
        }
        process::run(&mut xmllint(workspace, schema, &file))?;
    }
    println!("{} JUnit files keep to the schema", RUNS.len());
    Ok(())
}

fn xmllint(workspace: &Workspace, schema: &Path, file: &Path) -> Command {
    let arguments: [OsString; 5] = [
        "--nonet".into(),
        "--noout".into(),
        "--schema".into(),
        schema.into(),
        file.into(),
    ];
    process::command("xmllint", arguments, &workspace.root)
}

fn refused(workspace: &Workspace, schema: &Path, file: &Path) -> Result<()> {
    let output = xmllint(workspace, schema, file)
        .output()
        .context("xmllint does not start")?;
    match output.status.code() {
        Some(code) if BREAKS_SCHEMA.contains(&code) => Ok(()),
        Some(0) => bail!("the schema accepts {}, which is wrong", file.display()),
        _ => bail!(
            "xmllint ended with {} over {}:\n{}",
            output.status,
            file.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        ),
    }
}
