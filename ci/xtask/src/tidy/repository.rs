//! The files of the repository, read once; tests build small ones by hand. Not for judging them.

#[cfg(test)]
use crate::gates::Gates;
use crate::workspace::{Package, Workspace};
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// All files below the top folder but builds, runs and dot-folders.
#[derive(Debug, Default)]
pub(super) struct Repository {
    /// Names in the top folder.
    pub(super) top_level: Vec<String>,
    /// Path of every file from the top folder, with `/`.
    pub(super) paths: BTreeSet<String>,
    /// Text of those that are text.
    pub(super) texts: BTreeMap<String, String>,
    /// Our packages, their paths from the top folder.
    pub(super) packages: Vec<Package>,
}

impl Repository {
    /// Reads the disk.
    pub(super) fn read(workspace: &Workspace, ignored: &[String]) -> Result<Self> {
        let mut repository = Self::default();
        for package in &workspace.packages {
            let mut package = package.clone();
            if let Ok(path) = package.manifest_path.strip_prefix(&workspace.root) {
                package.manifest_path = path.to_path_buf();
            }
            repository.packages.push(package);
        }
        for name in names_in(&workspace.root)? {
            if name.starts_with('.') || ignored.contains(&name) {
                continue;
            }
            repository.add(&workspace.root, &name)?;
            repository.top_level.push(name);
        }
        Ok(repository)
    }

    fn add(&mut self, root: &Path, path: &str) -> Result<()> {
        let full = root.join(path);
        if full.is_dir() {
            for name in names_in(&full)? {
                // A workspace of its own has its builds beside its manifest.
                let builds = name == "target" && full.join("Cargo.toml").is_file();
                if !builds && !name.starts_with('.') {
                    self.add(root, &format!("{path}/{name}"))?;
                }
            }
            return Ok(());
        }
        let bytes =
            std::fs::read(&full).with_context(|| format!("{} cannot be read", full.display()))?;
        self.paths.insert(path.to_owned());
        if let Ok(text) = String::from_utf8(bytes) {
            self.texts.insert(path.to_owned(), text);
        }
        Ok(())
    }

    /// The text files with this extension.
    pub(super) fn with_extension<'a>(
        &'a self,
        wanted: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.texts
            .iter()
            .filter(move |(path, _)| extension(path) == wanted)
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The folder of a package and its short name.
    pub(super) fn package_folders(&self) -> impl Iterator<Item = (&str, String)> {
        self.packages.iter().map(|package| {
            let folder = package.folder().to_string_lossy().replace('\\', "/");
            (package.short(), folder)
        })
    }
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// What follows the last dot of the file name; empty without one.
pub(super) fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether a Rust file holds nothing but tests.
pub(super) fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// The part of a Rust file before its test module.
pub(super) fn without_tests(text: &str) -> &str {
    let mark = "\n#[cfg(test)]\n";
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(mark)) {
        let start = from + at + 1;
        let end = from + at + mark.len();
        let after = text.get(end..).unwrap_or_default();
        let item = after.lines().find(|line| !line.starts_with("#["));
        if item.is_some_and(|line| line.starts_with("mod ")) {
            return text.get(..start).unwrap_or(text);
        }
        from = end - 1;
    }
    text
}

#[cfg(test)]
impl Repository {
    /// A repository of these files only.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let mut repository = Self::default();
        for (path, text) in files {
            repository.paths.insert((*path).to_owned());
            repository
                .texts
                .insert((*path).to_owned(), (*text).to_owned());
        }
        repository
    }

    /// With one package, given its short name, folder and `(kind, dependency)` pairs.
    pub(super) fn with_package(
        mut self,
        name: &str,
        folder: &str,
        dependencies: &[(Option<&str>, &str)],
    ) -> Self {
        let dependencies = dependencies
            .iter()
            .map(|(kind, name)| crate::workspace::Dependency {
                name: (*name).to_owned(),
                kind: kind.map(str::to_owned),
            })
            .collect();
        self.packages.push(Package {
            name: format!("plumbline-{name}"),
            manifest_path: format!("{folder}/Cargo.toml").into(),
            dependencies,
        });
        self
    }
}

/// The gates of this repository, for tests of rules.
#[cfg(test)]
pub(super) fn gates() -> Gates {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Gates::read(&root).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_the_test_module_and_nothing_else() {
        let text = "a\n#[cfg(test)]\nfn only_in_tests() {}\nb\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(
            without_tests(text),
            "a\n#[cfg(test)]\nfn only_in_tests() {}\nb\n"
        );
        assert_eq!(without_tests("no tests\n"), "no tests\n");
    }

    #[test]
    fn finds_the_extension() {
        assert_eq!(extension("a.b/c.rs"), "rs");
        assert_eq!(extension("a.b/LICENSE"), "");
    }
}
