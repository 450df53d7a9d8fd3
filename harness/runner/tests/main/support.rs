//! A mock in this process, a target file for it, and one call that runs the pack.

use plumbline_http::{Auth, Client, ClientConfig};
use plumbline_mocks::{MockOptions, MockSystem};
use plumbline_model::{ActorRole, PackId, Person, RunRecord};
use plumbline_pack::{Files, Pack, TargetFile};
use plumbline_prsb::Standard;
use plumbline_runner::{Plan, RunOptions, RunOutput, Selection, Table};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

pub struct Bench {
    pub pack: Pack,
    pub people: BTreeMap<ActorRole, Person>,
    pub content: Option<Arc<Standard>>,
}

impl Bench {
    pub fn new() -> Self {
        Self::of("uk-core-access")
    }

    /// With the pack of that id and its content rules.
    pub fn of(id: &str) -> Self {
        let files = Files::embedded();
        let pack = plumbline_pack::load(&files, &PackId::from(id), &Table::standard())
            .unwrap_or_else(|report| panic!("{}", report.render(&|path| files.text(path), false)));
        let people = plumbline_pack::people(&files).unwrap();
        let folder = format!("profiles/{id}/prsb/");
        let rows: Vec<(&str, &str)> = files
            .under(&folder)
            .map(|(path, bytes)| (path, std::str::from_utf8(bytes).unwrap()))
            .collect();
        let content =
            (!rows.is_empty()).then(|| Arc::new(Standard::read("edischarge", &rows).unwrap()));
        Self {
            pack,
            people,
            content,
        }
    }

    pub fn target(&self, address: SocketAddr, concurrency: usize) -> TargetFile {
        let actors = self
            .people
            .iter()
            .filter(|(role, _)| self.pack.actors.contains(role))
            .map(|(role, person)| {
                format!(
                    "{role} = {{ nhs_number = \"{}\" }}\n",
                    person.identity.nhs_number
                )
            })
            .collect::<Vec<_>>()
            .concat();
        let scope: Vec<String> = self
            .pack
            .capabilities()
            .iter()
            .map(|capability| format!("\"{capability}\""))
            .collect();
        let scope = scope.join(", ");
        let text = format!(
            "fhir_version = \"4.0.1\"\nenvironment = \"mock\"\n\
             scope = [{scope}]\n\
             [subject]\nkind = \"product\"\nsupplier = \"s\"\nproduct = \"p\"\nversion = \"1\"\nbuild = \"\"\n\
             [base_urls]\ndefault = \"http://{address}/fhir\"\n[auth]\nmethod = \"none\"\n\
             [limits]\nrequests_per_second = 1000\ntotal = 100000\nread_only = true\n\
             timeout_seconds = 1\nmax_body_mb = 5\nconcurrency = {concurrency}\n[actors]\n{actors}"
        );
        plumbline_pack::target(
            "target.toml",
            text.as_bytes(),
            Some(&self.pack.target_hints()),
        )
        .unwrap_or_else(|report| panic!("{}", report.render(&|_| None, false)))
    }

    /// Runs the selected scenarios, with a journal at that path.
    pub async fn run_to(
        &self,
        address: SocketAddr,
        concurrency: usize,
        selection: &Selection,
        journal: Option<PathBuf>,
    ) -> RunOutput {
        let ten = Duration::from_secs(10);
        let mut options = self.options(address, concurrency, selection, ten);
        options.journal = journal;
        plumbline_runner::run(options, std::future::pending())
            .await
            .unwrap()
    }

    /// Runs the selected scenarios; an answer may take `patience`.
    pub async fn run(
        &self,
        address: SocketAddr,
        concurrency: usize,
        selection: &Selection,
        patience: Duration,
        cancel: impl Future<Output = ()>,
    ) -> RunRecord {
        let options = self.options(address, concurrency, selection, patience);
        plumbline_runner::run(options, cancel).await.unwrap().record
    }

    /// What [`Bench::run`] runs with.
    pub fn options(
        &self,
        address: SocketAddr,
        concurrency: usize,
        selection: &Selection,
        patience: Duration,
    ) -> RunOptions<'_> {
        let target = self.target(address, concurrency);
        let client = Client::new(ClientConfig {
            base_urls: target.base_urls.clone(),
            auth: Auth::None,
            connection: plumbline_http::Connection::default(),
            timeout: patience,
            connect_timeout: patience,
            max_body_bytes: 5 << 20,
            requests_per_second: 1_000_000,
            total_requests: 1_000_000,
            user_agent: "plumbline-test".to_owned(),
        })
        .unwrap();
        let plan = Plan::new(&self.pack, &target, selection).unwrap();
        RunOptions {
            pack: &self.pack,
            content: self.content.clone(),
            validators: Arc::default(),
            people: self.people.clone(),
            directory: BTreeMap::new(),
            target,
            client,
            secrets: Vec::new(),
            plan,
            journal: None,
            run_id: "test".to_owned(),
            now: &|| "2026-01-01T00:00:00Z".to_owned(),
            progress: Rc::new(|_| {}),
        }
    }
}

/// Serves a mock on a free port for as long as the runtime lives.
pub async fn serve(faults: &[&str]) -> SocketAddr {
    serve_with(&MockOptions {
        faults: faults.iter().map(|f| (*f).to_owned()).collect(),
        ..MockOptions::vendor("riverside-epr")
    })
    .await
}

/// As [`serve`], with any options.
pub async fn serve_with(options: &MockOptions) -> SocketAddr {
    let system = MockSystem::load(options).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { plumbline_mocks::serve(system, listener).await.unwrap() });
    address
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
