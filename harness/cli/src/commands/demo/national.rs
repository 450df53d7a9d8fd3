//! `plumbline demo --national`: a dashboard the size of a country, of synthetic trusts.
//! Not for how a site is made: that is the command `dashboard`.

use crate::Outcome;
use crate::commands::dashboard;
use plumbline_model::ExitCode;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::{Command, Stdio};

/// Where it goes, below the folder of the demo.
pub(super) const FOLDER: &str = "national";

/// The size that the speed of the site is measured with.
const ORGANISATIONS: u32 = 215;
const MONTHS: u32 = 24;

pub(super) fn perform(out: &Path) -> Outcome {
    println!("Comparing {ORGANISATIONS} synthetic trusts over {MONTHS} months ...");
    let made = dashboard::demo(&out.join(FOLDER), ORGANISATIONS, MONTHS)?;
    println!("{}", made.sentence);
    println!("Start here:      {}", made.index.display());
    if io::stdout().is_terminal() && open(&made.index) {
        println!("It opens in your browser.");
    }
    Ok(ExitCode::Success)
}

/// Asks the desktop to show a page; whether it could be asked. A machine without a desktop is no mistake.
fn open(page: &Path) -> bool {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ if std::env::var_os("DISPLAY").is_none()
            && std::env::var_os("WAYLAND_DISPLAY").is_none() =>
        {
            return false;
        }
        _ => "xdg-open",
    };
    Command::new(program)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .is_ok()
}
