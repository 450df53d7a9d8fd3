//! `plumbline datasheet`: whom a system under test must hold, as text, tables or FHIR.

use crate::arguments::{Datasheet, SheetForm};
use crate::failure::Failure;
use crate::{Outcome, load};
use anyhow::{Context, bail};
use plumbline_actors::{DataSheet, people_csv, records_csv, sheet_text, tiers_text};
use plumbline_model::ExitCode;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

pub(crate) fn perform(arguments: &Datasheet) -> Outcome {
    let files = load::files(&arguments.source)?;
    let pack = load::pack(&files, &arguments.pack)?;
    let facts = load::facts(&files)?;
    let sheet = DataSheet::new(&pack, &facts.people).with_directory(&facts.directory);
    if arguments.tiers {
        show(&tiers_text(&sheet));
        return Ok(ExitCode::Success);
    }
    if arguments.format != SheetForm::Text && sheet.speaks_of_practices() {
        return Err(Failure::usage(format!(
            "error: the data sheet of the pack {id} has no such form: some of its people must not be \
             loaded, and tables and Bundles cannot say so\n  help: plumbline datasheet --pack {id} \
             prints it as text",
            id = pack.id
        )));
    }
    match (arguments.format, &arguments.out) {
        (SheetForm::Text, None) => show(&sheet_text(&sheet)),
        (SheetForm::Text, Some(_)) => {
            return Err(Failure::usage(
                "error: --out is for --format csv and fhir\n  help: leave it out, and write the text \
                 to a file with >",
            ));
        }
        (SheetForm::Csv | SheetForm::Fhir, None) => {
            return Err(Failure::usage(
                "error: this format writes files, and --out names no folder for them\n  help: add \
                 --out data-sheet",
            ));
        }
        (SheetForm::Csv, Some(out)) => tables(&sheet, out)?,
        (SheetForm::Fhir, Some(out)) => {
            let own_people = arguments
                .source
                .dir
                .as_ref()
                .map(|dir| dir.join("scenarios").join("_people"))
                .filter(|folder| folder.is_dir());
            bundles(&sheet, own_people.as_deref(), out)?;
        }
    }
    Ok(ExitCode::Success)
}

/// Prints in one write; a reader that closes the pipe early, such as `head`, is no failure.
fn show(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Makes the folder; one that holds anything is left as it is.
fn fresh(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    match fs::read_dir(folder) {
        Ok(mut inside) => {
            if inside.next().is_some() {
                bail!("the folder `{shown}` is not empty; choose another with --out");
            }
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir_all(folder)
            .with_context(|| format!("failed to make the folder `{shown}`")),
        Err(error) => Err(error).with_context(|| format!("failed to read the folder `{shown}`")),
    }
}

fn put(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    fs::write(&path, text).with_context(|| format!("failed to write `{}`", path.display()))
}

fn tables(sheet: &DataSheet<'_>, out: &Path) -> anyhow::Result<()> {
    fresh(out)?;
    put(out, "people.csv", &people_csv(sheet))?;
    put(out, "records.csv", &records_csv(sheet))?;
    println!("Wrote people.csv and records.csv to {}.", out.display());
    println!("In a spreadsheet, import every column as text: otherwise long codes are rounded.");
    Ok(())
}

fn bundles(sheet: &DataSheet<'_>, people_dir: Option<&Path>, out: &Path) -> Result<(), Failure> {
    let mut made = Vec::new();
    for one in sheet.sheets() {
        let role = one.person.role.as_str();
        let bundle = plumbline_mocks::data_sheet_bundle(people_dir, role)
            .map_err(|e| Failure::usage(format!("error: {e}")))?;
        let text = serde_json::to_string_pretty(&bundle).map_err(anyhow::Error::from)? + "\n";
        made.push((format!("{:02}-{role}.json", one.number), text));
    }
    fresh(out)?;
    for (name, text) in &made {
        put(out, name, text)?;
    }
    put(out, "README.txt", &readme(sheet))?;
    println!(
        "Wrote {} Bundles and README.txt to {}.",
        made.len(),
        out.display()
    );
    Ok(())
}

fn readme(sheet: &DataSheet<'_>) -> String {
    let tiers: Vec<String> = sheet
        .tiers
        .iter()
        .skip(1)
        .map(|tier| format!("  {:02} and before: {}", tier.people, tier.sentence()))
        .collect();
    format!(
        "Test patients for {title} (pack {id}, version {version})

Everybody here is synthetic: none of these people exists. Load them into a test system only.

Each file is one person as a FHIR R4 Bundle of type transaction. Every entry is a PUT, so the
records keep the ids that they refer to each other by, and loading a file twice changes nothing.
With a bearer token, add -H \"Authorization: Bearer $TOKEN\" to the command:

  BASE_URL=https://your-test-system.example/fhir
  for file in [0-9][0-9]-*.json; do
    curl --fail-with-body --silent --show-error -X POST \\
      -H 'Content-Type: application/fhir+json' --data-binary \"@$file\" \"$BASE_URL\" || break
  done

A system that does not take transactions, or that gives its own ids, needs the data sheet as
text or tables instead: plumbline datasheet --pack {id}

The numbers give the order of loading. With the files up to

{tiers}

Then write the NHS numbers into [actors] of target.toml, and compare:

  plumbline actors check --target target.toml --pack {id}
",
        title = sheet.pack.title,
        id = sheet.pack.id,
        version = sheet.pack.version,
        tiers = tiers.join("\n"),
    )
}
