//! A reader that goes away, and a disk that is full. Not for what is printed.

use crate::support::{self, temp};
use std::process::Stdio;

/// Commands that print more than the buffer of a pipe, or several times.
const COMMANDS: [&[&str]; 8] = [
    &["steps"],
    &["steps", "--format", "json"],
    &["packs"],
    &["packs", "--scenarios", support::PACK],
    &["lint"],
    &["mock", "--list-faults"],
    &["datasheet", "--pack", support::PACK],
    &["man"],
];

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = temp();
    for arguments in COMMANDS {
        let mut command = support::command(folder.path());
        let mut child = command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), &*said),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_closed_pipe_does_not_change_the_exit_code() {
    let folder = temp();
    let mut command = support::command(folder.path());
    command.args(["lint", "no-such-pack"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let folder = temp();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = support::command(folder.path());
    command.arg("steps").stdout(full);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(70), "{said}");
    assert!(
        said.contains("failed to write to standard output"),
        "{said}"
    );
}
