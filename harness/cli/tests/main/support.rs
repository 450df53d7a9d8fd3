//! Starts the command and the mock systems, and fills in target files.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The template that `plumbline init` writes.
pub const TEMPLATE: &str = include_str!("../../templates/target.toml");
/// The pack under test.
pub const PACK: &str = "uk-core-access";
/// The variable that the target files of these tests take the key from.
pub const KEY_VARIABLE: &str = "PLUMBLINE_TEST_KEY";

/// What a command left.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Asserts the exit code, and shows the output if it is another.
    pub fn code(self, wanted: i32) -> Self {
        assert_eq!(
            self.code,
            Some(wanted),
            "stdout: {}\nstderr: {}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Asserts that standard error holds a text.
    pub fn says(self, wanted: &str) -> Self {
        assert!(
            self.stderr.contains(wanted),
            "no `{wanted}` in: {}",
            self.stderr
        );
        self
    }

    /// Asserts that standard output holds a text.
    pub fn prints(self, wanted: &str) -> Self {
        assert!(
            self.stdout.contains(wanted),
            "no `{wanted}` in: {}",
            self.stdout
        );
        self
    }
}

/// The command under a name of our own: a build beside the tests may replace the file, and the
/// command starts itself again for every mock.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(folder).unwrap();
        let own = folder.join("plumbline-under-test");
        // Left by an earlier run of the tests.
        let _ = fs::remove_file(&own);
        let built = env!("CARGO_BIN_EXE_plumbline");
        if fs::hard_link(built, &own).is_err() {
            fs::copy(built, &own).unwrap();
        }
        own
    })
}

/// The command, in a folder of its own.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .current_dir(folder)
        .env_remove(KEY_VARIABLE)
        .stdin(Stdio::null());
    command
}

/// Runs a prepared command to its end.
pub fn ran(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the command with arguments.
pub fn plumbline<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Ran {
    let mut command = command(folder);
    command.args(arguments);
    ran(command)
}

/// A folder that goes away with the test.
pub fn temp() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The template, pointing to a base address.
pub fn target(base_url: &str, environment: &str) -> String {
    let text = TEMPLATE
        .replace("http://127.0.0.1:8080/fhir", base_url)
        .replace(
            "environment = \"sandbox\"",
            &format!("environment = \"{environment}\""),
        )
        .replace("requests_per_second = 20\n", "requests_per_second = 1000\n");
    assert!(text.contains(base_url) && text.contains("requests_per_second = 1000"));
    text
}

/// The same, signing in with a key from [`KEY_VARIABLE`].
pub fn with_key(target: &str) -> String {
    let key = format!("method = \"api-key\"\nheader = \"apikey\"\nenv = \"{KEY_VARIABLE}\"\n#");
    let text = target.replacen("method = \"none\" ", &key, 1);
    assert!(text.contains("\nheader = \"apikey\"\n"));
    text
}

/// Writes `target.toml` and gives its path.
pub fn write_target(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("target.toml");
    fs::write(&path, text).unwrap();
    path
}

/// Every file below a folder, by relative path.
pub fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The record of a run folder.
pub fn record(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("record.json")).unwrap()).unwrap()
}

/// A mock system as a child process.
pub struct Mock {
    /// Its base address.
    pub base_url: String,
    child: Child,
    _stdin: Option<ChildStdin>,
    /// Open as long as the mock lives: it has more to say than the first line.
    _stdout: BufReader<ChildStdout>,
}

impl Mock {
    /// Starts one and waits until it listens.
    pub fn start(vendor: &str) -> Self {
        Self::with_faults(vendor, &[])
    }

    /// The same, with faults switched on.
    pub fn with_faults(vendor: &str, faults: &[&str]) -> Self {
        let faults = faults.iter().flat_map(|fault| ["--fault", fault]);
        let mut child = Command::new(program())
            .args([
                "mock",
                "--port",
                "0",
                "--until-stdin-closes",
                "--vendor",
                vendor,
            ])
            .args(faults)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let base_url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        let base_url = base_url
            .unwrap_or_else(|| panic!("no address in `{line}`"))
            .to_owned();
        let stdin = child.stdin.take();
        Self {
            base_url,
            child,
            _stdin: stdin,
            _stdout: stdout,
        }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
