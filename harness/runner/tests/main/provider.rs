//! Runs of the pack of GP Connect: a right system passes, one that refuses everything passes nothing,
//! and what was sent is stored without tokens.

use crate::support::{runtime, serve_with};
use axum::Router;
use axum::http::{StatusCode, header};
use plumbline_http::{Auth, Client, ClientConfig, Surroundings};
use plumbline_mocks::{MockOptions, vendor_facts};
use plumbline_model::{
    ActorRole, DirectoryFact, DirectoryKind, PackId, Person, RunRecord, ScenarioRecord, SkipReason,
    StepKind, StoredBody, Verdict,
};
use plumbline_pack::{Files, Pack, TargetFile};
use plumbline_runner::{Plan, PlanError, RunOptions, Selection, Table};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub const VENDOR: &str = "beacon-gp";
const OUTCOME: &str = r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","details":{"coding":[{"system":"https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1","code":"BAD_REQUEST"}]}}]}"#;

#[derive(Debug, Default)]
struct Machine(AtomicUsize);

impl Surroundings for Machine {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        i64::try_from(since.as_secs()).unwrap()
    }

    fn fresh_id(&self) -> String {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        format!("00000000-0000-4000-8000-{number:012}")
    }
}

pub struct Practice {
    pub pack: Pack,
    pub people: BTreeMap<ActorRole, Person>,
    pub directory: BTreeMap<ActorRole, DirectoryFact>,
}

impl Practice {
    pub fn new() -> Self {
        let files = Files::embedded();
        let id = PackId::from("gp-connect-foundations");
        let pack = plumbline_pack::load(&files, &id, &Table::standard())
            .unwrap_or_else(|report| panic!("{}", report.render(&|path| files.text(path), false)));
        Self {
            pack,
            people: plumbline_pack::people(&files).unwrap(),
            directory: plumbline_pack::directory(&files).unwrap(),
        }
    }

    fn target(&self, address: SocketAddr, read_only: bool) -> TargetFile {
        let facts = vendor_facts(VENDOR).unwrap();
        let mut actors = String::new();
        for role in &self.pack.actors {
            let number = &self.people[role].identity.nhs_number;
            writeln!(actors, "{role} = {{ nhs_number = \"{number}\" }}").unwrap();
        }
        for (role, kind) in &self.pack.directory {
            let fact = &self.directory[role];
            let (key, value) = match kind {
                DirectoryKind::Location => ("id", fact.id.as_str()),
                _ => ("identifier", fact.identifier.as_deref().unwrap()),
            };
            writeln!(actors, "{role} = {{ {key} = \"{value}\" }}").unwrap();
        }
        let scope: Vec<String> = self
            .pack
            .capabilities()
            .iter()
            .map(|one| format!("\"{one}\""))
            .collect();
        let text = format!(
            "fhir_version = \"3.0.1\"\nenvironment = \"mock\"\nscope = [{}]\n\
             [subject]\nkind = \"product\"\nsupplier = \"s\"\nproduct = \"p\"\nversion = \"1\"\nbuild = \"\"\n\
             [base_urls]\ndefault = \"http://{address}{}\"\n\
             [auth]\nmethod = \"gp-connect\"\nfrom_asid = \"200000000359\"\nto_asid = \"{}\"\n\
             [limits]\nrequests_per_second = 1000\ntotal = 100000\nread_only = {read_only}\n\
             timeout_seconds = 20\nmax_body_mb = 5\nconcurrency = 4\n[actors]\n{actors}",
            scope.join(", "),
            facts.base_path,
            facts.asid.unwrap(),
        );
        let hints = self.pack.target_hints();
        plumbline_pack::target("target.toml", text.as_bytes(), Some(&hints))
            .unwrap_or_else(|report| panic!("{}", report.render(&|_| None, false)))
    }

    pub async fn run(&self, address: SocketAddr, selection: &Selection) -> RunRecord {
        self.run_in(address, selection, 4, None).await
    }

    /// Runs so many scenarios at a time, in the order of the seed if there is one.
    async fn run_in(
        &self,
        address: SocketAddr,
        selection: &Selection,
        concurrency: usize,
        seed: Option<u64>,
    ) -> RunRecord {
        let mut target = self.target(address, false);
        target.limits.concurrency = concurrency;
        let plumbline_pack::Auth::GpConnect(given) = target.auth.clone() else {
            panic!("the target signs in to GP Connect")
        };
        let client = Client::new(ClientConfig {
            base_urls: target.base_urls.clone(),
            auth: Auth::GpConnect {
                settings: given,
                surroundings: Arc::new(Machine::default()),
            },
            connection: plumbline_http::Connection::default(),
            timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(20),
            max_body_bytes: 5 << 20,
            requests_per_second: 1_000_000,
            total_requests: 1_000_000,
            user_agent: "plumbline-test".to_owned(),
        })
        .unwrap();
        let mut plan = Plan::new(&self.pack, &target, selection).unwrap();
        if let Some(seed) = seed {
            plan = plan.shuffled(seed);
        }
        let options = RunOptions {
            pack: &self.pack,
            content: None,
            validators: Arc::default(),
            people: self.people.clone(),
            directory: self.directory.clone(),
            target,
            client,
            secrets: Vec::new(),
            plan,
            journal: None,
            run_id: "test".to_owned(),
            now: &|| "2026-01-01T00:00:00Z".to_owned(),
            progress: Rc::new(|_| {}),
        };
        let output = plumbline_runner::run(options, std::future::pending());
        output.await.unwrap().record
    }
}

async fn beacon() -> SocketAddr {
    beacon_with(&[]).await
}

async fn beacon_with(faults: &[&str]) -> SocketAddr {
    let now = || Machine::default().now();
    serve_with(&MockOptions {
        now,
        faults: faults.iter().map(ToString::to_string).collect(),
        ..MockOptions::vendor(VENDOR)
    })
    .await
}

/// Why a scenario ended as it did.
fn told(scenario: &ScenarioRecord) -> String {
    let findings = scenario.steps.iter().flat_map(|step| &step.findings);
    let all: Vec<String> = findings
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect();
    format!("{} {}: {}", scenario.id, scenario.verdict, all.join("; "))
}

fn is_about_connections(scenario: &ScenarioRecord) -> bool {
    let mut texts = scenario.steps.iter().map(|step| &step.text);
    texts.any(|text| text.contains("a connection is") || text.contains("without encryption"))
}

#[test]
fn a_right_system_passes_and_what_was_sent_is_kept_without_tokens() {
    let practice = Practice::new();
    let record = runtime().block_on(async {
        let address = beacon().await;
        practice.run(address, &Selection::all()).await
    });
    for scenario in record.scenarios.iter().filter(|one| one.scored) {
        if is_about_connections(scenario) || scenario.requirement.as_str() == "GPC-SEC-011" {
            // Nothing is encrypted here.
            assert_ne!(scenario.verdict, Verdict::Pass, "{}", told(scenario));
        } else {
            assert_eq!(scenario.verdict, Verdict::Pass, "{}", told(scenario));
        }
    }
    let text = serde_json::to_string(&record).unwrap();
    assert!(!text.contains("eyJ"), "a token is in the record");
    let xml = record.exchanges.iter().find(|exchange| {
        let kind = exchange
            .response_headers
            .iter()
            .find(|h| h.name == "content-type");
        kind.is_some_and(|header| header.value.contains("xml"))
    });
    let xml = xml.expect("an answer in XML");
    assert!(
        matches!(xml.body, StoredBody::Json { .. }),
        "{:?}",
        xml.body
    );
    let mut posted = record.exchanges.iter().filter(|one| one.method == "POST");
    assert!(posted.any(|one| {
        let words = ["\"birthDate\"", "\"parameter\""];
        matches!(&one.request_body, Some(StoredBody::Json { text, .. })
            if words.iter().all(|word| text.contains(word)))
    }));
    assert!(!record.ledger.is_empty(), "registrations are noted");
}

#[test]
fn verdicts_are_the_same_at_any_concurrency_and_in_any_order() {
    let faults = [
        "foundations-profile/GPC-FND-201",
        "foundations-tells-too-much/GPC-FND-218",
        "foundations-error-code/GPC-FND-040",
        "header-unchecked/GPC-HDR-001",
    ];
    let practice = Practice::new();
    runtime().block_on(async {
        let mut first = None;
        let seeds = (1..=20).map(|seed| ([1, 4, 16][seed % 3], Some(seed as u64)));
        for (concurrency, seed) in [(1, None), (4, None), (16, None)].into_iter().chain(seeds) {
            // A new system each time: who was registered in one run is a duplicate in the next.
            let address = beacon_with(&faults).await;
            let all = Selection::all();
            let record = practice.run_in(address, &all, concurrency, seed).await;
            let verdicts: Vec<String> = record.scenarios.iter().map(told).collect();
            let first = first.get_or_insert_with(|| verdicts.clone());
            let differs = first.iter().zip(&verdicts).find(|(a, b)| a != b);
            assert_eq!(differs, None, "concurrency {concurrency}, seed {seed:?}");
            assert_eq!(first.len(), verdicts.len());
        }
        let of = |word: &str| first.iter().flatten().any(|told| told.contains(word));
        assert!(of(" Fail") && of(" Warning") && of(" Pass"), "{first:?}");
    });
}

#[test]
fn a_system_that_refuses_everything_passes_no_refusal() {
    let practice = Practice::new();
    let record = runtime().block_on(async {
        let refuse = || async {
            let kind = [(header::CONTENT_TYPE, "application/fhir+json;charset=utf-8")];
            (StatusCode::BAD_REQUEST, kind, OUTCOME)
        };
        let app = Router::new().fallback(refuse);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        practice.run(address, &Selection::all()).await
    });
    let mut controlled = 0;
    for scenario in &record.scenarios {
        let codes = scenario.steps.iter().flat_map(|step| &step.findings);
        let stopped = codes.filter(|f| f.code.as_str() == "SETUP-CONTROL").count();
        if stopped > 0 {
            controlled += 1;
            let early = Verdict::Skip(SkipReason::EarlierStep);
            assert_eq!(scenario.verdict, early, "{}", told(scenario));
        }
        let refused = scenario
            .steps
            .iter()
            .any(|step| step.kind == StepKind::Assertion && step.text.contains("is refused"));
        assert!(
            !(refused && scenario.verdict == Verdict::Pass),
            "{}",
            told(scenario)
        );
    }
    assert!(controlled > 50, "only {controlled} had a control");
    // Each control is sent once, however many scenarios rest on it.
    let sent = record.exchanges.len();
    assert!(sent < record.scenarios.len() * 2, "{sent} requests");
}

#[test]
fn a_target_that_may_only_be_read_is_never_written_to() {
    let practice = Practice::new();
    let address = "127.0.0.1:1".parse().unwrap();
    let target = practice.target(address, true);
    let all = Plan::new(&practice.pack, &target, &Selection::all());
    assert!(matches!(all, Err(PlanError::ReadOnly { .. })));
    let reading = Selection::tags("not @mutates").unwrap();
    let record = runtime().block_on(async {
        let address = beacon().await;
        practice.run(address, &reading).await
    });
    let written = record.exchanges.iter().find(|exchange| {
        !["GET", "HEAD", "OPTIONS"].contains(&exchange.method.as_str())
            // The control of a registration is one, and belongs to such scenarios only.
            || exchange.request_body.is_some()
    });
    assert_eq!(written.map(|exchange| &exchange.url), None);
}
