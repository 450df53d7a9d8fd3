//! Gets what the browser tests need: node, Chromium, fonts and axe-core.
//! Not for running them, and never for changing a machine that is not Debian or where we are not root.

use crate::gates::Browser;
use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Where the tools are.
#[derive(Debug)]
pub(crate) struct Tools {
    /// The browser.
    pub(crate) chromium: String,
    /// The script that looks for accessibility problems.
    pub(crate) axe: PathBuf,
}

/// Whether browser tests can run here.
#[derive(Debug)]
pub(crate) enum Ready {
    /// They can.
    Yes(Tools),
    /// They cannot; says what to do.
    No(String),
}

/// Whether this is a run where a missing tool is a failure.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// Installs what is missing where that is possible, and says what is missing where it is not.
pub(crate) fn browser(workspace: &Workspace, wanted: &Browser) -> Result<Ready> {
    let missing = missing_packages(wanted);
    if !missing.is_empty() {
        if !(is_debian() && is_root()) {
            return Ok(Ready::No(format!(
                "missing: {0}; run: sudo apt-get install {0}",
                missing.join(" ")
            )));
        }
        install(workspace, &missing)?;
        let still = missing_packages(wanted);
        if !still.is_empty() {
            bail!("still missing after apt-get install: {}", still.join(" "));
        }
    }
    Ok(Ready::Yes(Tools {
        chromium: wanted.chromium.clone(),
        axe: axe(workspace, &wanted.axe_core)?,
    }))
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
    fn tells_debian_from_its_relatives() {
        assert!(names_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(!names_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
