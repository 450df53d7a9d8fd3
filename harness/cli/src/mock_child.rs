//! A mock system as a child process, which ends with its parent.

use crate::failure::Failure;
use anyhow::{Context, anyhow};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running mock.
pub(crate) struct MockChild {
    /// Its base URL.
    pub base_url: String,
    _child: Child,
}

/// Which mock to start.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct MockChoice<'a> {
    pub vendor: &'a str,
    pub faults: &'a [String],
    pub faults_dir: Option<&'a Path>,
    pub people_dir: Option<&'a Path>,
    /// Where it writes its certificates; without one it serves http.
    pub tls_dir: Option<&'a Path>,
}

impl MockChild {
    /// Starts `plumbline mock` on a free port and waits until it listens.
    pub async fn start(choice: MockChoice<'_>) -> Result<Self, Failure> {
        let program = std::env::current_exe().context("failed to find this program")?;
        let mut command = Command::new(program);
        command.args([
            "mock",
            "--port",
            "0",
            "--until-stdin-closes",
            "--vendor",
            choice.vendor,
        ]);
        for fault in choice.faults {
            command.args(["--fault", fault]);
        }
        if let Some(dir) = choice.faults_dir {
            command.arg("--faults-dir").arg(dir);
        }
        if let Some(dir) = choice.people_dir {
            command.arg("--people-dir").arg(dir);
        }
        if let Some(dir) = choice.tls_dir {
            command.arg("--tls-dir").arg(dir);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("failed to start the mock system")?;
        let stdout = child
            .stdout
            .take()
            .ok_or_else(|| anyhow!("the mock has no output"))?;
        let mut lines = BufReader::new(stdout).lines();
        let line = lines
            .next_line()
            .await
            .context("failed to read from the mock system")?;
        let base_url = line
            .as_deref()
            .and_then(|line| {
                line.split_whitespace()
                    .find(|word| word.starts_with("http://") || word.starts_with("https://"))
            })
            .ok_or_else(|| anyhow!("the mock system did not start"))?
            .to_owned();
        Ok(Self {
            base_url,
            _child: child,
        })
    }
}
