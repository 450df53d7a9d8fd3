//! The stages of `cargo xtask ci`, in order, and how they are reported.
//! Not for what a stage does: each has its own module.

use crate::workspace::Workspace;
use crate::{browser, definitions, gates::Gates, generated, junit, process, setup, tidy};
use anyhow::{Result, bail};
use std::path::Path;
use std::time::{Duration, Instant};

/// How a stage ended when it did not fail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did its work.
    Passed,
    /// This machine cannot run it; the reason is shown.
    Skipped(String),
}

type Work = fn(&Workspace) -> Result<Outcome>;

const STAGES: &[(&str, Work)] = &[
    ("fmt", |w| passed(w.cargo(&["fmt", "--all", "--check"]))),
    ("tidy", |w| passed(tidy::run(w))),
    ("clippy", |w| passed(clippy(w))),
    // Before the tests, so that those over the packages of HL7 find them.
    ("definitions --check", definitions::stage),
    ("test", |w| passed(w.cargo(&["test", "--workspace"]))),
    ("build", |w| passed(build(w))),
    // Proves every assertion, as `plumbline selftest` does, for the kill matrix; a problem fails it.
    ("selftest and gen --check", |w| {
        passed(generated::check(w, &w.plumbline()))
    }),
    ("lint", |w| passed(plumbline(w, &["lint"]))),
    ("demo", |w| passed(demo(w).map(|_| ()))),
    ("junit schema", junit_files),
    ("browser", browser_tests),
];

/// Runs every stage and stops at the first that fails.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    run_stages(STAGES, workspace)
}

fn run_stages(stages: &[(&str, Work)], workspace: &Workspace) -> Result<()> {
    let begun = Instant::now();
    let mut report = Vec::new();
    let mut passed = 0;
    for (name, work) in stages {
        println!("\n=== {name}");
        let started = Instant::now();
        let result = work(workspace);
        let took = seconds(started.elapsed());
        match result {
            Ok(Outcome::Passed) => {
                passed += 1;
                println!("=== {name}: passed in {took}");
                report.push(format!("  passed   {took:>8}  {name}"));
            }
            Ok(Outcome::Skipped(reason)) => {
                println!("=== {name}: SKIPPED: {reason}");
                report.push(format!("  SKIPPED  {took:>8}  {name}: {reason}"));
            }
            Err(error) => {
                println!("=== {name}: FAILED in {took}\n{error:#}");
                report.push(format!("  FAILED   {took:>8}  {name}"));
                summary(&report, begun.elapsed());
                println!("{passed} passed, 1 failed");
                bail!("stage `{name}` failed; the stages after it did not run");
            }
        }
    }
    summary(&report, begun.elapsed());
    println!("{passed} passed, 0 failed");
    Ok(())
}

fn summary(report: &[String], took: Duration) {
    println!("\n=== ci, {} in all", seconds(took));
    for line in report {
        println!("{line}");
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn passed(result: Result<()>) -> Result<Outcome> {
    result.map(|()| Outcome::Passed)
}

fn clippy(workspace: &Workspace) -> Result<()> {
    workspace.cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ])
}

/// The same selection and features as the test stage, so that nothing compiles twice.
fn build(workspace: &Workspace) -> Result<()> {
    workspace.cargo(&["build", "--workspace", "--all-targets"])
}

fn plumbline(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let program = workspace.plumbline();
    process::run(&mut process::command(
        &program.to_string_lossy(),
        arguments,
        &workspace.root,
    ))
}

/// Runs the demo into target/demo and returns that folder.
pub(crate) fn demo(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let out = workspace.target.join("demo");
    remove(&out)?;
    plumbline(workspace, &["demo", "--out", &out.to_string_lossy()])?;
    Ok(out)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn browser_tests(workspace: &Workspace) -> Result<Outcome> {
    let gates = Gates::read(&workspace.root)?;
    with(setup::browser(workspace, &gates.browser)?, |tools| {
        let index = workspace.target.join("demo/index.html");
        browser::test(workspace, &tools, &index, gates.browser.least_pages)?;
        browser::verifier(workspace, &tools, &workspace.target.join("demo/good"))
    })
}

/// The `JUnit` files of the demo against the schema.
fn junit_files(workspace: &Workspace) -> Result<Outcome> {
    let gates = Gates::read(&workspace.root)?;
    with(setup::junit(workspace, &gates.junit)?, |schema| {
        junit::test(workspace, &schema, &workspace.target.join("demo"))
    })
}

/// Does the work where its tools are; without them the stage is skipped, and in CI it fails.
fn with<T>(ready: setup::Ready<T>, work: impl FnOnce(T) -> Result<()>) -> Result<Outcome> {
    without_or_with(ready, setup::is_ci(), work)
}

fn without_or_with<T>(
    ready: setup::Ready<T>,
    is_ci: bool,
    work: impl FnOnce(T) -> Result<()>,
) -> Result<Outcome> {
    match ready {
        setup::Ready::Yes(tools) => passed(work(tools)),
        setup::Ready::No(missing) if is_ci => bail!("{missing}"),
        setup::Ready::No(missing) => Ok(Outcome::Skipped(missing)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nowhere() -> Workspace {
        Workspace {
            root: ".".into(),
            target: "target".into(),
            packages: Vec::new(),
        }
    }

    #[test]
    fn stops_at_the_first_stage_that_fails() {
        let stages: &[(&str, Work)] = &[
            ("good", |_| Ok(Outcome::Passed)),
            ("bad", |_| bail!("broken")),
            ("after", |_| panic!("runs after a failure")),
        ];
        let error = run_stages(stages, &nowhere()).unwrap_err();
        assert!(error.to_string().contains("`bad`"), "{error}");
    }

    #[test]
    fn a_missing_tool_fails_in_ci_and_is_shown_elsewhere() {
        let missing = || setup::Ready::<()>::No("no tool".into());
        let never = |()| -> Result<()> { panic!("runs without its tool") };
        let error = without_or_with(missing(), true, never).unwrap_err();
        assert!(error.to_string().contains("no tool"));
        let skipped = without_or_with(missing(), false, never).unwrap();
        assert_eq!(skipped, Outcome::Skipped("no tool".into()));
        let ready = setup::Ready::Yes(());
        assert!(without_or_with(ready, true, |()| bail!("broken")).is_err());
    }

    #[test]
    fn a_skipped_stage_does_not_fail_the_run() {
        let stages: &[(&str, Work)] = &[("odd", |_| Ok(Outcome::Skipped("no browser".into())))];
        assert!(run_stages(stages, &nowhere()).is_ok());
    }
}
