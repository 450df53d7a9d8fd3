//! `plumbline bundle`: the folder of a run as one signed file.
//! Not for judging the run again; but reports that do not follow from the record are refused.

mod folder;
mod page;

use crate::arguments::{Bundle, PackSource};
use crate::commands::{keygen, verify};
use crate::failure::Failure;
use crate::{Outcome, load};
use anyhow::Context;
use plumbline_bundle::{
    AssembleError, Compared, PrivateKey, RECORD, RecordError, RunFiles, SignerName, Signing,
};
use plumbline_model::{ExitCode, RunRecord};
use plumbline_reports::{Format, ReportInput};
use std::fs;
use std::path::Path;

pub(crate) use folder::{new_file, read_bounded, record_of, run_of, speaks_of};

pub(crate) fn perform(arguments: &Bundle) -> Outcome {
    if arguments.out.exists() {
        return Err(Failure::usage(format!(
            "error: the file `{}` exists already; choose another with --out",
            arguments.out.display()
        )));
    }
    let signer = arguments.signer.as_deref().map(name).transpose()?;
    let key = arguments.key.as_deref().map(private_key).transpose()?;
    if let Some(path) = arguments.key.as_deref().filter(|path| others_read(path)) {
        let path = path.display();
        eprintln!("warning: other people of this machine can read the private key `{path}`");
        eprintln!("  help: chmod 600 {path}; if somebody may have read it, make a new one");
    }
    let signing = match (&key, &signer) {
        (Some(key), Some(name)) => Signing::By { key, name },
        _ => Signing::Nobody,
    };
    let bytes = make(&arguments.folder, &arguments.source, signing)?;
    new_file(&arguments.out, &bytes)?;
    let (verification, _) = plumbline_bundle::verify(&bytes, &[])
        .map_err(|e| Failure::internal(format!("error: the new bundle cannot be read: {e}")))?;
    let mock = verification
        .facts
        .as_ref()
        .and_then(plumbline_bundle::words::mock);
    if let Some(mock) = mock {
        println!("{mock}");
    }
    let out = arguments.out.display();
    match &verification.signer {
        Some(signer) => {
            println!("Wrote {out}, signed by {}.", signer.name);
            println!("Fingerprint of the key: {}", signer.fingerprint);
            println!("Whoever gets it checks it with: plumbline verify {out} --key PUBLIC.pem");
        }
        None => println!("Wrote {out}. It is not signed: nobody vouches for it."),
    }
    if let Some(facts) = &verification.facts {
        if let Compared::Not { why } = &facts.evidence.reports {
            println!("The reports were not compared with the record: {why}.");
        }
        for name in &facts.evidence.left_out {
            println!("Left out: {name} is not in the folder of the run.");
        }
    }
    Ok(ExitCode::Success)
}

fn name(text: &str) -> Result<SignerName, Failure> {
    SignerName::new(text).map_err(|e| {
        Failure::usage(format!(
            "error: {e}\n  help: give another name with --signer"
        ))
    })
}

fn private_key(path: &Path) -> Result<PrivateKey, Failure> {
    let bytes = read_bounded(path)?;
    PrivateKey::from_pem(&String::from_utf8_lossy(&bytes))
        .map_err(|e| Failure::usage(format!("error: `{}` cannot sign: {e}", path.display())))
}

/// Whether a file may be read by others than its owner, where the system can say so.
fn others_read(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o044 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// The bundle of a run folder.
fn make(run: &Path, source: &PackSource, signing: Signing<'_>) -> Result<Vec<u8>, Failure> {
    let files = folder::run_files(run)?;
    let record = files.get(RECORD).map(Vec::as_slice).unwrap_or_default();
    let record = plumbline_bundle::record(record).map_err(|e| Failure {
        code: match e {
            RecordError::MockHidden(_) => ExitCode::NotConformant,
            RecordError::Form(_) | RecordError::NoFormat | RecordError::Format(_) => {
                ExitCode::Usage
            }
        },
        message: format!(
            "error: `{}`: {e}\n  help: take the folder as the run left it, with a Plumbline that reads its format",
            run.join(RECORD).display()
        ),
    })?;
    let compared = compare(run, &files, &record, source)?;
    plumbline_bundle::assemble(&files, compared, signing).map_err(|error| refused(run, &error))
}

fn refused(run: &Path, error: &AssembleError) -> Failure {
    let shown = run.display();
    let usage =
        |help: String| Failure::usage(format!("error: in `{shown}`: {error}\n  help: {help}"));
    match error {
        AssembleError::Missing(name) if *name == RECORD => usage(format!(
            "the run has not come to its end; go on with it: plumbline run --out {shown} --resume"
        )),
        AssembleError::Missing(name) => usage(format!(
            "write it again: plumbline report {shown} --format json --out {shown}/{name}"
        )),
        AssembleError::Report(_) => usage(format!(
            "write it again: plumbline report {shown} --format json --out {shown}/reports/report.json"
        )),
        AssembleError::Exchanges(_) => Failure {
            code: ExitCode::NotConformant,
            message: format!(
                "error: in `{shown}`: {error}\n  help: take the folder as the run left it, or run again"
            ),
        },
        AssembleError::Record(_) | AssembleError::Container(_) => {
            usage("give the folder of a run".to_owned())
        }
        AssembleError::Key(_) | AssembleError::Canonical(_) => {
            Failure::internal(format!("error: {error}"))
        }
    }
}

/// Compares the reports with what record and pack give, where this Plumbline can say.
fn compare(
    run: &Path,
    files: &RunFiles,
    record: &RunRecord,
    source: &PackSource,
) -> Result<Compared, Failure> {
    let not = |why: String| Ok(Compared::Not { why });
    let ours = env!("CARGO_PKG_VERSION");
    if record.plumbline != ours {
        return not(format!(
            "the run was made by Plumbline {}, the bundle by {ours}",
            record.plumbline
        ));
    }
    let all = load::files(source)?;
    let id = record.pack.id.as_str();
    if !plumbline_pack::list(&all)
        .iter()
        .any(|known| known.as_str() == id)
    {
        return not(format!("the pack {id} was not at hand"));
    }
    let pack = load::pack(&all, id)?;
    if pack.fingerprint != record.pack.fingerprint {
        return not(format!(
            "the files of the pack {id} were others than those of the run"
        ));
    }
    speaks_of(&pack, run, record)?;
    let scorecard = plumbline_score::scorecard(record, &pack.requirements, &pack.scoring);
    let input = ReportInput {
        record,
        scorecard: &scorecard,
        titles: &pack.capability_titles,
    };
    for format in Format::ALL {
        let name = format!("reports/{}", format.file_name());
        let Some(found) = files.get(name.as_str()) else {
            continue;
        };
        let given = plumbline_reports::render(*format, &input)
            .with_context(|| format!("failed to render `{name}`"))?;
        if given.as_bytes() != found.as_slice() {
            return Err(Failure {
                code: ExitCode::NotConformant,
                message: format!(
                    "error: `{}` is not what {RECORD} and the pack give: one of them was changed after the \
                     run\n  help: take the folder as the run left it, or write the report again: plumbline \
                     report {} --format {} --out FILE",
                    run.join(&name).display(),
                    run.display(),
                    form(*format),
                ),
            });
        }
    }
    Ok(Compared::Same)
}

/// How `plumbline report` calls a format.
const fn form(format: Format) -> &'static str {
    match format {
        Format::Html => "html",
        Format::Json => "json",
        Format::Junit => "junit",
        Format::Verdicts => "verdicts",
    }
}

/// What a demonstration of bundles leaves, by file name within its folder.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The bundle.
    pub bundle: &'static str,
    /// The page that verifies bundles in a browser.
    pub verifier: &'static str,
    /// What `plumbline verify` says of the bundle, as a page.
    pub said: &'static str,
    /// The same, as it was printed: line by line.
    pub lines: Vec<String>,
}

/// Signs the run in `run` with a new key, and writes into the folder `out`, which it makes: the keys, the
/// bundle, the verifier page, and a page with what `verify` says of the bundle. The key is new each time.
pub(crate) fn demonstrate(run: &Path, out: &Path, signer: &str) -> Result<Shown, Failure> {
    fs::create_dir_all(out).with_context(|| format!("failed to make `{}`", out.display()))?;
    let (_, public) = keygen::generate(&out.join("demo-key.pem"))?;
    let key = private_key(&out.join("demo-key.pem"))?;
    let name = name(signer)?;
    let signing = Signing::By {
        key: &key,
        name: &name,
    };
    let bytes = make(run, &PackSource::default(), signing)?;
    new_file(&out.join("bundle.zip"), &bytes)?;
    new_file(
        &out.join("verifier.html"),
        plumbline_bundle::verifier_page().as_bytes(),
    )?;
    let source = PackSource::default();
    let keys = [("demo-key.public.pem".to_owned(), public)];
    let said = verify::examine("bundle.zip", &bytes, &keys, &source)?;
    if said.code != ExitCode::Success {
        return Err(Failure::internal(format!(
            "error: the bundle of the demonstration does not verify: {}",
            said.lines.join(" ")
        )));
    }
    new_file(&out.join("verification.html"), page::html(&said).as_bytes())?;
    Ok(Shown {
        bundle: "bundle.zip",
        verifier: "verifier.html",
        said: "verification.html",
        lines: said.lines,
    })
}

#[cfg(test)]
mod tests {
    use super::demonstrate;
    use std::fs;

    const RECORD: &str = include_str!("../../../model/tests/fixtures/record-2.json");

    #[test]
    fn the_demonstration_leaves_a_bundle_that_verifies_and_says_that_it_was_a_mock() {
        let folder = tempfile::tempdir().unwrap();
        let (run, out) = (folder.path().join("run"), folder.path().join("evidence"));
        fs::create_dir_all(run.join("reports")).unwrap();
        fs::write(run.join("record.json"), RECORD).unwrap();
        let record = plumbline_bundle::record(RECORD.as_bytes()).unwrap();
        let report = serde_json::json!({
            "kind": "plumbline-report",
            "mock": {"name": record.mock_name()},
            "run": {"id": record.run_id},
            "scorecard": {
                "status": "conformant",
                "sentence": "It was tested.",
                "required": {"pass": 1, "fail": 0, "undecided": 0},
                "required_not_tested": 0,
                "required_out_of_scope": 0,
                "not_checked": [],
            },
        });
        fs::write(run.join("reports/report.json"), report.to_string()).unwrap();
        let shown = demonstrate(&run, &out, "Riverside Systems (invented)").unwrap();
        assert!(shown.lines[0].starts_with("MOCK SYSTEM (riverside-epr)"));
        assert!(
            shown.lines[1].starts_with("Unaltered since signed by Riverside Systems (invented)")
        );
        let said = fs::read_to_string(out.join(shown.said)).unwrap();
        assert!(said.contains("MOCK SYSTEM (riverside-epr)") && said.contains("It was tested."));
        assert!(fs::read(out.join(shown.bundle)).unwrap().starts_with(b"PK"));
        assert!(out.join(shown.verifier).exists());
        assert!(
            demonstrate(&run, &out, "x").is_err(),
            "nothing is written over"
        );
    }
}
