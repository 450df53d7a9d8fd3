//! `plumbline doctor`: looks a system over before a run.
//! Not for verdicts, and not for the looking itself, which is the library's.

mod field;

use crate::Outcome as CommandOutcome;
use crate::arguments::{Doctor, Form};
use crate::failure::Failure;
use crate::load::{self, Mistake};
use crate::session::runtime;
use crate::surroundings::Machine;
use field::key_at;
use plumbline_doctor::{Blame, Diagnosis, Examined, Finding, Outcome, examine, not_examined};
use plumbline_http::{Client, Surroundings};
use plumbline_model::{ActorRole, Person};
use plumbline_pack::{Auth, DiagnosticKind, Files, SecretSource, TargetFile};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub(crate) fn perform(arguments: &Doctor) -> CommandOutcome {
    let diagnosis = Diagnosis {
        findings: findings(&arguments.target)?,
    };
    match arguments.format {
        Form::Text => text(&arguments.target, &diagnosis),
        Form::Json => println!(
            "{}",
            serde_json::to_string_pretty(&json(&arguments.target, &diagnosis))
                .map_err(anyhow::Error::from)?
        ),
    }
    Ok(diagnosis.exit_code())
}

/// Everything that was looked at, as far as the first two let it come.
fn findings(path: &Path) -> Result<Vec<Finding>, Failure> {
    let people = load::people(&Files::embedded())?;
    let target = match read(path, &people) {
        Ok(target) => target,
        Err(mut problems) => {
            problems.push(Finding::not_checked(SECRET, NOT_READ));
            problems.extend(not_examined(NOT_READ));
            return Ok(problems);
        }
    };
    let mut findings = vec![Finding::ok(FILE, describe(&target))];
    let client = match load::prepared(&target) {
        Ok((client, _)) => client,
        Err(mistake) => {
            findings.push(refused(mistake));
            findings.extend(not_examined(
                "nothing was sent because of the problem above",
            ));
            return Ok(findings);
        }
    };
    findings.push(secret(&target.auth));
    findings.extend(runtime()?.block_on(look(&target, &people, &client)));
    Ok(findings)
}

async fn look(
    target: &TargetFile,
    people: &BTreeMap<ActorRole, Person>,
    client: &Client,
) -> Vec<Finding> {
    let now = &|| Machine.now();
    examine(&Examined {
        target,
        people,
        client,
        now,
    })
    .await
}

const FILE: &str = "target file";
const SECRET: &str = "secret";
const NOT_READ: &str = "the target file could not be used";

/// The target file; each mistake in it is a finding, which never quotes the file.
fn read(path: &Path, people: &BTreeMap<ActorRole, Person>) -> Result<TargetFile, Vec<Finding>> {
    let text = fs::read(path).map_err(|error| {
        vec![Finding::problem(
            FILE,
            Blame::Configuration,
            format!("cannot be read: {error}"),
            "Name the file with --target; plumbline init writes one.",
        )]
    })?;
    plumbline_pack::target(&path.display().to_string(), &text, None).map_err(|report| {
        report
            .diagnostics()
            .iter()
            // Warnings keep nothing from working; plumbline lint shows them.
            .filter(|mistake| mistake.severity == DiagnosticKind::Error)
            .map(|mistake| {
                let seen = format!("line {}: {}", mistake.line, mistake.cause);
                let next = sentence(&mistake.fix);
                let problem = Finding::problem(FILE, Blame::Configuration, seen, next);
                let whole = String::from_utf8_lossy(&text);
                match key_at(&whole, mistake.line, people) {
                    Some(key) => problem.in_field(key),
                    None => problem,
                }
            })
            .collect()
    })
}

fn describe(target: &TargetFile) -> String {
    format!(
        "read; environment {}, {} in the declared scope; roles and scope are checked against a pack \
         by plumbline lint",
        target.environment.label(),
        match target.scope.len() {
            1 => "1 capability".to_owned(),
            count => format!("{count} capabilities"),
        }
    )
}

fn secret(auth: &Auth) -> Finding {
    let source = match auth {
        Auth::None => return Finding::not_checked(SECRET, "target.toml names none"),
        Auth::GpConnect(_) => {
            return Finding::not_checked(SECRET, "the token of GP Connect is not signed");
        }
        Auth::ApiKey { secret, .. } | Auth::Bearer { secret, .. } => secret,
        Auth::ClientCredentials(given) => &given.key,
    };
    Finding::ok(
        SECRET,
        match source {
            SecretSource::Env(_) => "found in the environment variable",
            SecretSource::File(_) => "found in the file",
        },
    )
}

/// What kept the client from being made.
fn refused(mistake: Mistake) -> Finding {
    let check = match mistake.field.split_once('.') {
        Some(("auth", "expires")) => "token",
        Some(("auth", _)) => SECRET,
        _ => "connection",
    };
    Finding::problem(
        check,
        Blame::Configuration,
        mistake.cause,
        sentence(&mistake.fix),
    )
    .in_field(mistake.field)
}

/// A fragment of help as a sentence.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let end = if fragment.ends_with(['.', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{end}", letters.as_str())
}

fn text(path: &Path, diagnosis: &Diagnosis) {
    println!("{}\n", path.display());
    for finding in &diagnosis.findings {
        let word = match finding.outcome {
            Outcome::Ok => "ok",
            Outcome::Problem(_) => "PROBLEM",
            Outcome::NotChecked => "not checked",
        };
        println!("  {word:<11}  {}: {}", finding.check, finding.seen);
        if let Some(field) = &finding.field {
            println!("{:15}change: {field}", "");
        }
        if !finding.next.is_empty() {
            println!("{:15}next:   {}", "", finding.next);
        }
    }
    println!(
        "\n{} ok, {} to change, {} not checked. A problem is no verdict on the system.",
        diagnosis.count("ok"),
        diagnosis.count("problem"),
        diagnosis.count("not-checked"),
    );
}

fn json(path: &Path, diagnosis: &Diagnosis) -> serde_json::Value {
    let findings: Vec<_> = diagnosis
        .findings
        .iter()
        .map(|finding| {
            serde_json::json!({
                "check": finding.check,
                "outcome": finding.outcome.key(),
                "blame": match finding.outcome {
                    Outcome::Problem(Blame::Configuration) => Some("configuration"),
                    Outcome::Problem(Blame::Unreachable) => Some("unreachable"),
                    Outcome::Ok | Outcome::NotChecked => None,
                },
                "seen": finding.seen,
                "field": finding.field,
                "next": (!finding.next.is_empty()).then_some(&finding.next),
            })
        })
        .collect();
    serde_json::json!({
        "target": path.display().to_string(),
        "findings": findings,
        "exit_code": diagnosis.exit_code().code(),
    })
}
