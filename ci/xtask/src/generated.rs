//! Keeps docs/generated and the generated block of the README the same as what the binary says.
//! Not for the text itself: `plumbline gen-docs` writes that.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const FOLDER: &str = "harness/docs/generated";
const BEGIN: &str = "<!-- generated:counts -->";
const END: &str = "<!-- /generated -->";

/// Fails when a generated file differs, and names the files and the command that mends them.
pub(crate) fn check(workspace: &Workspace, plumbline: &Path) -> Result<()> {
    let wanted = wanted(workspace, plumbline)?;
    let drifted = drifted(&wanted, &present(&workspace.root)?);
    if drifted.is_empty() {
        println!("{} generated files are up to date", wanted.len());
        return Ok(());
    }
    bail!(
        "generated files differ from what the code says:\n  {}\nto mend: cargo xtask gen",
        drifted.join("\n  ")
    );
}

/// Writes what differs and removes what is no longer generated.
pub(crate) fn write(workspace: &Workspace, plumbline: &Path) -> Result<()> {
    let wanted = wanted(workspace, plumbline)?;
    std::fs::create_dir_all(workspace.root.join(FOLDER))?;
    for name in drifted(&wanted, &present(&workspace.root)?) {
        let path = workspace.root.join(&name);
        match wanted.get(&name) {
            Some(text) => std::fs::write(&path, text),
            None => std::fs::remove_file(&path),
        }
        .with_context(|| format!("{} cannot be changed", path.display()))?;
        println!("changed {name}");
    }
    Ok(())
}

/// Path from the top folder -> text.
type Files = BTreeMap<String, String>;

fn wanted(workspace: &Workspace, plumbline: &Path) -> Result<Files> {
    let out = workspace.target.join("generated");
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    std::fs::create_dir_all(&out)?;
    let arguments: [OsString; 3] = ["gen-docs".into(), "--out".into(), out.clone().into()];
    let program = plumbline.to_string_lossy();
    process::run(&mut process::command(&program, arguments, &workspace.root))?;
    let mut files = read_folder(&out)?;
    let counts = files
        .get(&format!("{FOLDER}/counts.md"))
        .context("`plumbline gen-docs` writes no counts.md")?;
    let readme = std::fs::read_to_string(workspace.root.join("README.md"))
        .context("README.md cannot be read")?;
    let readme = with_block(&readme, counts)?;
    files.insert("README.md".to_owned(), readme);
    Ok(files)
}

fn present(root: &Path) -> Result<Files> {
    let folder = root.join(FOLDER);
    let mut files = if folder.exists() {
        read_folder(&folder)?
    } else {
        Files::new()
    };
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap_or_default();
    files.insert("README.md".to_owned(), readme);
    Ok(files)
}

fn read_folder(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        files.insert(format!("{FOLDER}/{name}"), text);
    }
    Ok(files)
}

fn drifted(wanted: &Files, present: &Files) -> Vec<String> {
    let mut names: Vec<String> = wanted
        .iter()
        .filter(|(name, text)| present.get(*name) != Some(text))
        .map(|(name, _)| name.clone())
        .collect();
    names.extend(
        present
            .keys()
            .filter(|name| !wanted.contains_key(*name))
            .cloned(),
    );
    names
}

/// The text with the lines between the two marks replaced.
pub(crate) fn with_block(text: &str, block: &str) -> Result<String> {
    let missing = || format!("README.md has no line `{BEGIN}` followed by `{END}`");
    let (before, rest) = text.split_once(BEGIN).with_context(missing)?;
    let (_, after) = rest.split_once(END).with_context(missing)?;
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", block.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Files {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn finds_changed_missing_and_surplus_files() {
        let wanted = files(&[("same", "1"), ("changed", "2"), ("missing", "3")]);
        let present = files(&[("same", "1"), ("changed", "x"), ("surplus", "4")]);
        assert_eq!(
            drifted(&wanted, &present),
            ["changed", "missing", "surplus"]
        );
    }

    #[test]
    fn replaces_only_the_marked_block() {
        let text = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let changed = with_block(&text, "new\n").unwrap();
        assert_eq!(changed, format!("before\n{BEGIN}\nnew\n{END}\nafter\n"));
        assert_eq!(with_block(&changed, "new").unwrap(), changed);
    }

    #[test]
    fn refuses_a_readme_without_marks() {
        assert!(with_block("no marks", "new").is_err());
    }
}
