//! One run as the command makes it, reports left out, and the bare loop beside it.

use crate::server::Server;
use crate::synthetic;
use futures::StreamExt;
use plumbline_http::{Auth, Client, ClientConfig, Connection};
use plumbline_model::{ActorRole, Person, Verdict};
use plumbline_pack::{Files, Pack, TargetFile};
use plumbline_runner::{Plan, RunOptions, Selection};
use plumbline_validator::Validators;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What all rounds share.
pub struct Setup {
    pack: Pack,
    people: BTreeMap<ActorRole, Person>,
    paths: Vec<String>,
    validators: Arc<Validators>,
    /// Deleted at the end only: a file system is slow to make files where it has just deleted many.
    folders: RefCell<Vec<TempDir>>,
}

/// The same kind of runtime as the command's.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// The most memory that this process has held.
pub fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or_else(|| "unknown".to_owned(), |figure| figure.trim().to_owned())
}

/// The time that this process has had on the processors, in steps of 10 ms; zero if unknown.
pub fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program stands in brackets; user and system time are 11 and 12 words after it.
    let words = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = words
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|word| word.parse::<u64>().ok())
        .sum();
    Duration::from_millis(10 * ticks)
}

impl Setup {
    pub fn new(scenarios: usize) -> Self {
        let files = synthetic::files(scenarios);
        Self {
            pack: synthetic::pack(&files),
            people: plumbline_pack::people(&Files::embedded()).expect("people"),
            paths: synthetic::paths(scenarios),
            validators: Arc::default(),
            folders: RefCell::default(),
        }
    }

    /// The same requests with a client of default settings.
    pub fn bare_loop(&self, server: &Server, concurrency: usize) -> Duration {
        let urls: Vec<String> = self.paths.iter().map(|path| server.url(path)).collect();
        let started = Instant::now();
        let bytes: usize = runtime().block_on(async {
            let client = reqwest::Client::new();
            futures::stream::iter(&urls)
                .map(|url| {
                    let request = client.get(url).header("accept", "application/fhir+json");
                    async move {
                        let answer = request.send().await.expect("an answer");
                        assert_eq!(answer.status(), 200);
                        answer.bytes().await.expect("a body").len()
                    }
                })
                .buffer_unordered(concurrency)
                .fold(0, |sum, length| async move { sum + length })
                .await
        });
        let took = started.elapsed();
        assert!(bytes > self.paths.len() * 100, "answers have bodies");
        took
    }

    /// Plan, client, run, journal, record and exchanges on disk.
    pub fn run(&self, server: &Server, concurrency: usize) -> Duration {
        let folder = tempfile::tempdir().expect("a folder");
        let target = self.target(server, concurrency);
        let started = Instant::now();
        let client = Client::new(ClientConfig {
            base_urls: target.base_urls.clone(),
            auth: Auth::None,
            connection: Connection::default(),
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            max_body_bytes: 5 << 20,
            requests_per_second: 1_000_000,
            total_requests: 1_000_000,
            user_agent: "plumbline-bench".to_owned(),
        })
        .expect("a client");
        let plan = Plan::new(&self.pack, &target, &Selection::all()).expect("a plan");
        let options = RunOptions {
            pack: &self.pack,
            content: None,
            validators: Arc::clone(&self.validators),
            people: self.people.clone(),
            directory: BTreeMap::new(),
            target,
            client,
            secrets: Vec::new(),
            plan,
            journal: Some(folder.path().join("journal.ndjson")),
            run_id: "measured".to_owned(),
            now: &|| "2026-01-01T00:00:00Z".to_owned(),
            progress: Rc::new(|_| {}),
        };
        let mut output = runtime()
            .block_on(plumbline_runner::run(options, std::future::pending()))
            .expect("a run");
        plumbline_runner::store(folder.path(), &mut output.record, &output.policy)
            .expect("it is stored");
        let took = started.elapsed();
        let record = &output.record;
        assert_eq!(record.scenarios.len(), self.paths.len());
        assert_eq!(record.exchanges.len(), self.paths.len() + 1);
        assert!(record.scenarios.iter().all(|s| s.verdict == Verdict::Pass));
        self.folders.borrow_mut().push(folder);
        took
    }

    fn target(&self, server: &Server, concurrency: usize) -> TargetFile {
        let actor = |(role, person): (&ActorRole, &Person)| {
            let number = &person.identity.nhs_number;
            format!("{role} = {{ nhs_number = \"{number}\" }}")
        };
        let actors = self.people.iter().map(actor).collect::<Vec<_>>().join("\n");
        let text = format!(
            "fhir_version = \"4.0.1\"\nenvironment = \"mock\"\nscope = [\"synthetic\"]\n\
             [subject]\nkind = \"product\"\nsupplier = \"s\"\nproduct = \"p\"\nversion = \"1\"\nbuild = \"\"\n\
             [base_urls]\ndefault = \"http://{}/fhir\"\n[auth]\nmethod = \"none\"\n\
             [limits]\nconcurrency = {concurrency}\n[actors]\n{actors}",
            server.address
        );
        plumbline_pack::target("target.toml", text.as_bytes(), None)
            .unwrap_or_else(|report| panic!("{}", report.render(&|_| None, false)))
    }
}
