//! `cargo xtask definitions`: the facts of the base specification of FHIR as text, from the packages of HL7; and with
//! `--from` those of the profiles of others, for a pack. Not for using them: harness/fhir.

mod expand;
mod extensions;
mod official;
mod packages;
mod sets;
mod structure;
mod terms;
mod types;

pub(crate) use official::{Request, run as official};

use crate::ci::Outcome;
use crate::workspace::Workspace;
use crate::{generated, process};
use anyhow::{Context, Result, bail};
use expand::{Terminology, ValueSet};
use packages::Package;
use plumbline_fhir::FhirVersion;
use sets::Sets;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use types::Facts;

const FOLDER: &str = "profiles/_fhir";
const README: &str = "profiles/_fhir/README.md";

/// One version of FHIR, and where its facts come from.
struct Release {
    version: FhirVersion,
    folder: &'static str,
    name: &'static str,
    package: &'static Package,
    expansions: Option<&'static Package>,
}

const RELEASES: &[Release] = &[
    Release {
        version: FhirVersion::R4,
        folder: "r4",
        name: "R4",
        package: &packages::R4,
        expansions: Some(&packages::R4_EXPANSIONS),
    },
    Release {
        version: FhirVersion::Stu3,
        folder: "stu3",
        name: "STU3",
        package: &packages::STU3,
        expansions: None,
    },
];

/// Path from the top folder -> text.
type Files = BTreeMap<String, String>;

/// Compares the text as a stage of `ci`; the tests over the packages are a part of the stage of all tests, which
/// finds the packages. Where they are not and cannot be fetched, the stage is skipped.
pub(crate) fn stage(workspace: &Workspace) -> Result<Outcome> {
    if let Some(missing) = packages::missing(workspace)? {
        return Ok(Outcome::Skipped(missing));
    }
    let wanted = wanted(workspace)?;
    let differ = differing(workspace, &wanted);
    same(&wanted, &differ)?;
    Ok(Outcome::Passed)
}

/// The names of files that differ from their text.
fn differing<'f>(workspace: &Workspace, wanted: &'f Files) -> Vec<&'f str> {
    let is_same = |name: &str, text: &String| {
        let present = std::fs::read_to_string(workspace.root.join(name));
        present.is_ok_and(|present| present == *text)
    };
    let differ = wanted.iter().filter(|(name, text)| !is_same(name, text));
    differ.map(|(name, _)| name.as_str()).collect()
}

fn same(wanted: &Files, differ: &[&str]) -> Result<()> {
    if !differ.is_empty() {
        bail!(
            "files differ from what the packages say:\n  {}\nto mend: cargo xtask definitions",
            differ.join("\n  ")
        );
    }
    println!("{} files in {FOLDER} are up to date", wanted.len());
    Ok(())
}

/// Writes the text, or only compares it and runs the tests of harness/fhir over the packages.
pub(crate) fn run(workspace: &Workspace, check: bool) -> Result<()> {
    let wanted = wanted(workspace)?;
    let differ = differing(workspace, &wanted);
    if !check {
        for name in &differ {
            let (path, text) = (workspace.root.join(name), &wanted[*name]);
            let folder = path.parent().unwrap_or(&workspace.root);
            std::fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
            std::fs::write(&path, text)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            println!("changed {name}");
        }
        return Ok(());
    }
    same(&wanted, &differ)?;
    let corpus: OsString = workspace.target.join("corpus").into();
    let arguments = ["test", "--package", "plumbline-fhir", "--test", "main"];
    let mut tests = process::command("cargo", arguments, &workspace.root);
    process::run(tests.env("PLUMBLINE_CORPUS", corpus))
}

fn wanted(workspace: &Workspace) -> Result<Files> {
    let mut files = Files::new();
    let mut rows = String::from(
        "| Version | Package | Resources | Datatypes | Primitives | Elements | Invariants | Value sets | Codes | Open sets | Extensions | Profiles | More code systems | More value sets | Bytes |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    let mut open = String::from("| Version | Open set | Reason |\n|---|---|---|\n");
    let mut more =
        String::from("| Version | Set | In ours and not in HL7's expansion |\n|---|---|---|\n");
    for release in RELEASES {
        let (facts, sets) =
            read(workspace, release).with_context(|| format!("FHIR {}", release.name))?;
        let version = release.package.version;
        let narrowing = extensions::texts(workspace, release)?;
        let terms = terms::text(workspace, release, &sets.listed)?;
        let texts = [
            ("datatypes", &facts.datatypes),
            ("resources", &facts.resources),
            ("valuesets", &sets.text),
            ("extensions", &narrowing.extensions.text),
            ("profiles", &narrowing.profiles.text),
            ("terms", &terms.text),
        ];
        let mut bytes = 0;
        for (name, text) in texts {
            let text = format!(
                "# FHIR {version}, {name}. Made by `cargo xtask definitions`; README.md above has the format.\n{text}"
            );
            bytes += text.len();
            files.insert(format!("{FOLDER}/{}/{name}.txt", release.folder), text);
        }
        let c = facts.counts;
        writeln!(
            rows,
            "| {} ({version}) | `{}` {version} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {bytes} |",
            release.name,
            release.package.name,
            c.resources,
            c.datatypes,
            c.primitives,
            c.elements,
            c.invariants,
            sets.closed,
            sets.codes,
            sets.open.len(),
            narrowing.extensions.count,
            narrowing.profiles.count,
            terms.systems,
            terms.sets
        )?;
        for (url, reason) in &sets.open {
            writeln!(open, "| {} | `{url}` | {reason} |", release.name)?;
        }
        for (url, codes) in &sets.more {
            writeln!(more, "| {} | `{url}` | {codes} |", release.name)?;
        }
    }
    let readme = std::fs::read_to_string(workspace.root.join(README))
        .with_context(|| format!("{README} cannot be read"))?;
    let block = format!("{rows}\n{open}\n{more}");
    files.insert(README.to_owned(), generated::with_block(&readme, &block)?);
    Ok(files)
}

fn read(workspace: &Workspace, release: &Release) -> Result<(Facts, Sets)> {
    let folder = packages::folder(workspace, release.package)?;
    let facts = types::facts(&structure::read_all(&folder, "StructureDefinition")?)?;
    let terminology = Terminology::new(
        structure::read_all(&folder, "ValueSet")?,
        structure::read_all(&folder, "CodeSystem")?,
    );
    let mut official = BTreeMap::new();
    if let Some(package) = release.expansions {
        let folder = packages::folder(workspace, package)?;
        for set in structure::read_all::<ValueSet>(&folder, "ValueSet")? {
            official.insert(set.url.clone(), set);
        }
    }
    let sets = sets::sets(&facts.bindings, &terminology, &official)?;
    Ok((facts, sets))
}
