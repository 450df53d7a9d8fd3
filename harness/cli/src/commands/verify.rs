//! `plumbline verify`: whether a bundle is unaltered, who signed it, and what it is about.
//! Needs no network and reads no clock. Not for the rules of that: they are in plumbline-bundle.

use crate::arguments::{Form, PackSource, Verify};
use crate::commands::bundle::{new_file, read_bounded};
use crate::failure::Failure;
use crate::{Outcome, load};
use plumbline_bundle::words::{self, Line};
use plumbline_bundle::{Opened, PublicKey, REPORT, Standing, Verification};
use plumbline_model::ExitCode;
use serde::Serialize;
use std::path::Path;

pub(crate) fn perform(arguments: &Verify) -> Outcome {
    if let Some(page) = &arguments.page {
        new_file(page, plumbline_bundle::verifier_page().as_bytes())?;
        println!(
            "Wrote {}: open it in a browser and choose a bundle.",
            page.display()
        );
        return Ok(ExitCode::Success);
    }
    let Some(path) = &arguments.bundle else {
        return Err(Failure::usage("error: name the bundle"));
    };
    let keys: Result<Vec<_>, Failure> = arguments.keys.iter().map(|path| key(path)).collect();
    let bytes = read_bounded(path)?;
    let said = examine(
        &path.display().to_string(),
        &bytes,
        &keys?,
        &arguments.source,
    )?;
    match arguments.format {
        Form::Text => {
            for line in &said.lines {
                println!("{line}");
            }
        }
        Form::Json => println!("{}", said.json),
    }
    Ok(said.code)
}

fn key(path: &Path) -> Result<(String, PublicKey), Failure> {
    let bytes = read_bounded(path)?;
    let key = PublicKey::from_pem(&String::from_utf8_lossy(&bytes))
        .map_err(|e| Failure::usage(format!("error: `{}` cannot verify: {e}", path.display())))?;
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    Ok((name, key))
}

/// What is said of a bundle.
#[derive(Debug)]
pub(crate) struct Said {
    /// How the command ends.
    pub code: ExitCode,
    /// What stands first: of a mock that it was one, then how the bundle stands.
    pub headline: Vec<String>,
    /// The lines below it.
    pub facts: Vec<Line>,
    /// All of it, as it is printed.
    pub lines: Vec<String>,
    /// The same for programs.
    pub json: String,
}

/// Whether the result follows from the record, as far as this Plumbline can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
enum Recomputed {
    /// It does.
    Same,
    /// It does not.
    Differs,
    /// It could not be said.
    Not { why: String },
}

impl Recomputed {
    fn words(&self) -> String {
        match self {
            Self::Same => {
                "the scorecard was computed again from record and pack: it is the same".to_owned()
            }
            Self::Differs => {
                "the scorecard, with its edition, was computed again from record and pack: it is \
                 another than the one in the bundle"
                    .to_owned()
            }
            Self::Not { why } => format!("the scorecard was not computed again: {why}"),
        }
    }
}

/// The result for programs.
#[derive(Serialize)]
struct Json<'a> {
    kind: &'static str,
    format: u32,
    standing: Standing,
    mock: Option<&'a str>,
    said: &'a [String],
    problems: &'a [plumbline_bundle::Problem],
    signer: Option<&'a plumbline_bundle::SignerSeen>,
    facts: Option<&'a plumbline_bundle::Facts>,
    recomputed: Option<&'a Recomputed>,
    files: &'a [plumbline_bundle::Listed],
}

/// Verifies the bytes of a bundle and puts it into words.
pub(crate) fn examine(
    name: &str,
    bytes: &[u8],
    keys: &[(String, PublicKey)],
    source: &PackSource,
) -> Result<Said, Failure> {
    let only_keys: Vec<PublicKey> = keys.iter().map(|(_, key)| key.clone()).collect();
    let (verification, opened) = plumbline_bundle::verify(bytes, &only_keys)
        .map_err(|error| Failure::usage(format!("error: `{name}`: {error}")))?;
    let recomputed = opened
        .map(|opened| recompute(&opened, source))
        .transpose()?;
    let label = verification.key.and_then(|at| keys.get(at));
    let label = label.map_or("", |(name, _)| name.as_str());
    let mut headline = verification.headline(label);
    if verification.standing == Standing::Unsigned && !keys.is_empty() {
        headline.push(words::UNSIGNED_ASKED.to_owned());
    }
    if recomputed == Some(Recomputed::Differs) {
        headline.push(words::CONTRADICTS.to_owned());
    }
    let mut facts = verification.lines();
    facts.extend(recomputed.as_ref().map(|recomputed| Line {
        label: "Recomputed",
        values: vec![recomputed.words()],
    }));
    let lines = lines(&headline, &facts, &verification);
    let json = serde_json::to_string_pretty(&Json {
        kind: "plumbline-verification",
        format: 1,
        standing: verification.standing,
        mock: verification
            .facts
            .as_ref()
            .and_then(|f| f.mock.as_ref())
            .map(|m| m.statement.as_str()),
        said: &headline,
        problems: &verification.problems,
        signer: verification.signer.as_ref(),
        facts: verification.facts.as_ref(),
        recomputed: recomputed.as_ref(),
        files: &verification.files,
    });
    Ok(Said {
        code: code(verification.standing, keys.is_empty(), recomputed.as_ref()),
        headline,
        facts,
        lines,
        json: json.map_err(|e| Failure::internal(format!("error: {e}")))?,
    })
}

/// The text, line by line.
fn lines(headline: &[String], facts: &[Line], verification: &Verification) -> Vec<String> {
    let mut lines = headline.to_vec();
    for problem in &verification.problems {
        lines.push(format!("  {problem}"));
    }
    match verification.standing {
        Standing::Altered | Standing::Contradicts => lines.push(words::ASK.to_owned()),
        Standing::KnownSigner
        | Standing::UnknownSigner
        | Standing::WrongKey
        | Standing::Unsigned => {
            lines.push(String::new());
            for line in facts {
                for (n, value) in line.values.iter().enumerate() {
                    let label = if n == 0 { line.label } else { "" };
                    lines.push(format!("{label:<15}{value}"));
                }
            }
            lines.push(String::new());
            lines.push(words::LIMITS.to_owned());
        }
    }
    lines
}

/// A bundle that nobody signed is not enough evidence, and not altered either.
fn code(standing: Standing, no_keys: bool, recomputed: Option<&Recomputed>) -> ExitCode {
    if recomputed == Some(&Recomputed::Differs) {
        return ExitCode::NotConformant;
    }
    match standing {
        Standing::KnownSigner | Standing::UnknownSigner => ExitCode::Success,
        Standing::Unsigned if no_keys => ExitCode::Insufficient,
        Standing::Unsigned | Standing::WrongKey | Standing::Altered | Standing::Contradicts => {
            ExitCode::NotConformant
        }
    }
}

/// Computes the scorecard again, where this Plumbline has the same files of the pack.
fn recompute(opened: &Opened<'_>, source: &PackSource) -> Result<Recomputed, Failure> {
    let record = &opened.record;
    let not = |why: String| Ok(Recomputed::Not { why });
    let ours = env!("CARGO_PKG_VERSION");
    if record.plumbline != ours {
        let theirs = words::seen(&record.plumbline);
        return not(format!(
            "the run was made by Plumbline {theirs}, and this is {ours}"
        ));
    }
    let files = load::files(source)?;
    let id = record.pack.id.as_str();
    if !plumbline_pack::list(&files)
        .iter()
        .any(|known| known.as_str() == id)
    {
        return not("this Plumbline does not have the pack".to_owned());
    }
    let pack = load::pack(&files, id)?;
    if pack.fingerprint != record.pack.fingerprint {
        return not("this Plumbline has other files of the pack".to_owned());
    }
    let scorecard = plumbline_score::scorecard(record, &pack.requirements, &pack.scoring);
    let report = opened.files.get(REPORT).copied().unwrap_or_default();
    let report: serde_json::Value = serde_json::from_slice(report).unwrap_or_default();
    let again = serde_json::to_value(&scorecard).unwrap_or_default();
    let same = record.pack == pack.reference() && report.get("scorecard") == Some(&again);
    Ok(if same {
        Recomputed::Same
    } else {
        Recomputed::Differs
    })
}
