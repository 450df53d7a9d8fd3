//! Sample runs, scored for real: good, faulty, empty, hostile, large, and one of the size that a pack grows to.
//! Not for the harness: nothing here was ever sent anywhere. All people and systems are invented.

use plumbline_model::record::{RECORD_FORMAT, Software};
use plumbline_model::scorecard::Scorecard;
use plumbline_model::*;
use plumbline_score::scorecard;

use std::collections::BTreeMap;

#[path = "grown.rs"]
mod grown;
#[path = "rules.rs"]
mod rules;
#[path = "validity.rs"]
pub(crate) mod validity;
pub(crate) use grown::grown;
use rules::{RULES, Rule};

/// A run with its scorecard.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) record: RunRecord,
    pub(crate) scorecard: Scorecard,
    pub(crate) titles: BTreeMap<Capability, String>,
}

pub(crate) fn all() -> Vec<Sample> {
    vec![
        good(),
        faulty(),
        real(),
        open(),
        empty(),
        hostile(),
        large(),
        grown(),
    ]
}

pub(crate) fn good() -> Sample {
    let (rules, mut run) = base("good");
    run.mock = Some("riverside-epr".to_owned());
    run.environment = Environment::Mock;
    validity::sound(&mut run);
    scored("good", run, &rules)
}

pub(crate) fn faulty() -> Sample {
    let (rules, mut run) = base("faulty");
    run.mock = Some("riverside-epr-faulty".to_owned());
    run.environment = Environment::Mock;
    plant(&mut run);
    scored("faulty", run, &rules)
}

/// The same faults on a sandbox of a supplier.
pub(crate) fn real() -> Sample {
    let (rules, mut run) = base("real");
    plant(&mut run);
    scored("real", run, &rules)
}

/// Nothing fails, but test patients are missing.
pub(crate) fn open() -> Sample {
    let (rules, mut run) = base("open");
    set(
        &mut run,
        "UKA-ALG-005",
        Verdict::Skip(SkipReason::NoActor),
        &[Finding {
            kind: FindingKind::Undecided(SkipReason::NoActor),
            ..finding(
                "SETUP-ACTOR",
                "no test patient plays \"patient-with-many-allergies\"",
                "a patient with at least 10 allergies",
                "target.toml names nobody for this role",
                "Load the patient from the data sheet and name it in target.toml.",
                "",
            )
        }],
    );
    set(&mut run, "UKA-PAT-004", Verdict::Review, &[]);
    scored("open", run, &rules)
}

pub(crate) fn empty() -> Sample {
    let (_, mut run) = base("empty");
    run.scenarios.clear();
    run.exchanges.clear();
    run.scope.clear();
    run.completion = Completion::Incomplete {
        why: "the target could not be reached".to_owned(),
    };
    run.pack.standards.clear();
    scored("empty", run, &[])
}

/// A target and a pack that try to break the page.
pub(crate) fn hostile() -> Sample {
    let evil = "</style><script>alert(1)</script><b>\"onload=\"x";
    let (mut rules, mut run) = base("hostile");
    plant(&mut run);
    run.subject.product = String::from(evil);
    run.pack.title = String::from(evil);
    for rule in &mut rules {
        rule.title = String::from(evil);
        rule.source.url = String::from("javascript:alert(1)");
    }
    for exchange in &mut run.exchanges {
        exchange.url = format!("https://a.example/{evil}");
        exchange.curl = String::from(evil);
        exchange.body = StoredBody::Json {
            text: evil.into(),
            received_bytes: 7,
        };
    }
    validity::hostile(&mut run, evil);
    for finding in run
        .scenarios
        .iter_mut()
        .flat_map(|s| &mut s.steps)
        .flat_map(|s| &mut s.findings)
    {
        finding.actual = String::from(evil);
        finding.message = String::from(evil);
    }
    scored("hostile", run, &rules)
}

/// The longest realistic names and 2,000 rules.
pub(crate) fn large() -> Sample {
    let (_, mut run) = base("large");
    run.subject.product = String::from(
        "Riverside Integrated Electronic Patient Record and Community Care Coordination Platform",
    );
    run.subject.supplier =
        String::from("Riverside and Eastmarch Health Informatics Systems (United Kingdom) Limited");
    run.subject.version = String::from("2026.11.4-lts");
    let template = run.scenarios[0].clone();
    run.scenarios.clear();
    let mut rules = Vec::new();
    for number in 1..=2000_usize {
        let base = &RULES[number % RULES.len()];
        let mut rule = requirement(base);
        rule.id = RequirementId::new(format!("UKA-LARGE-SECTION-{number:04}"));
        rule.title = format!(
            "{}, whether the search names the patient by logical id, by NHS number with its system, or by both",
            rule.title
        );
        let verdict = match number % 40 {
            0 => Verdict::Fail,
            1 | 2 => Verdict::Skip(SkipReason::NoActor),
            _ => Verdict::Pass,
        };
        let verdict = if rule.level == Level::Shall || verdict != Verdict::Fail {
            verdict
        } else {
            Verdict::Warning
        };
        let mut scenario = template.clone();
        scenario.id = ScenarioId::new(format!("uka-large-{number:04}"));
        scenario.requirement = rule.id.clone();
        scenario.verdict = verdict;
        if matches!(verdict, Verdict::Fail | Verdict::Warning) {
            scenario.steps[2].findings = vec![finding(
                "RESULT-HELD",
                &format!(
                    "the record that was asked for is not in the result of question {}",
                    number % 7
                ),
                "one match",
                "searchset, total 0",
                "Return the record.",
                "Bundle.entry",
            )];
        }
        if number % 29 != 0 {
            run.scenarios.push(scenario);
        }
        rules.push(rule);
    }
    scored("large", run, &rules)
}

fn plant(run: &mut RunRecord) {
    validity::broken(run);
    let held = |at: usize| {
        finding(
            "ALLERGY-HELD",
            "an allergy that the patient holds is missing from the result",
            "2 active allergies held by \"patient-with-allergies\": 91936005, 300916003",
            "searchset with 0 entries, HTTP 200",
            "Return every allergy of the patient when patient and clinical-status are combined.",
            &format!("Bundle.entry[{at}]"),
        )
    };
    set(run, "UKA-ALG-001", Verdict::Fail, &[held(0), held(1)]);
    set(
        run,
        "UKA-ALG-002",
        Verdict::Fail,
        &[held(0), held(1), held(2)],
    );
    set(
        run,
        "UKA-PAT-003",
        Verdict::Fail,
        &[finding(
            "PATIENT-SHAPE",
            "a Patient has no gender",
            "exactly one gender in every Patient",
            "none in 1 of 1",
            "Send the administrative gender; use \"unknown\" where it is not known.",
            "Bundle.entry[0].resource.gender",
        )],
    );
    set(
        run,
        "UKA-ALG-004",
        Verdict::Warning,
        &[finding(
            "BUNDLE-SELF-LINK",
            "the result has no self link",
            "a link with relation \"self\"",
            "links: next",
            "Repeat the search as understood in a self link.",
            "Bundle.link",
        )],
    );
    set(
        run,
        "UKA-PAT-004",
        Verdict::Skip(SkipReason::NoActor),
        &[Finding {
            kind: FindingKind::Undecided(SkipReason::NoActor),
            ..finding(
                "SETUP-ACTOR",
                "no test patient plays \"patient-twin-a\"",
                "a patient for the role",
                "target.toml names nobody",
                "Load the patient from the data sheet and name it in target.toml.",
                "",
            )
        }],
    );
}

fn finding(
    code: &str,
    message: &str,
    expected: &str,
    actual: &str,
    next: &str,
    path: &str,
) -> Finding {
    Finding {
        code: FindingCode::from(code),
        kind: FindingKind::Broken,
        message: message.to_owned(),
        expected: expected.to_owned(),
        actual: actual.to_owned(),
        next_step: next.to_owned(),
        location: Location {
            exchange: None,
            fhirpath: path.to_owned(),
            offset: Some(38),
            line: (!path.is_empty()).then_some(3),
            column: (!path.is_empty()).then_some(3),
        },
    }
}

fn set(run: &mut RunRecord, requirement: &str, verdict: Verdict, findings: &[Finding]) {
    for scenario in run
        .scenarios
        .iter_mut()
        .filter(|s| s.requirement.as_str() == requirement)
    {
        scenario.verdict = verdict;
        scenario.steps[2].verdict = Some(verdict);
        scenario.steps[2].findings = findings.to_vec();
    }
}

fn scored(name: &'static str, record: RunRecord, rules: &[Requirement]) -> Sample {
    let scorecard = scorecard(&record, rules, &ScoringPolicy::default());
    Sample {
        name,
        record,
        scorecard,
        titles: [
            ("metadata", "Capability statement"),
            ("clinical-allergy-intolerance", "Allergies"),
        ]
        .map(|(id, title)| (Capability::from(id), title.to_owned()))
        .into(),
    }
}

fn requirement(rule: &Rule) -> Requirement {
    Requirement {
        id: RequirementId::from(rule.0),
        level: rule.1,
        title: rule.6.to_owned(),
        domain: rule.2,
        interop_level: rule.3,
        severity: Severity::new(rule.4).expect("1 to 5"),
        harm: rule.7.to_owned(),
        capability: Capability::from(rule.5),
        source: Source {
            document: "uk-core-access".to_owned(),
            section: "Search".to_owned(),
            url: "https://fhir.hl7.org.uk/uk-core-access".to_owned(),
            read_first: "2026-11-01".to_owned(),
            read_second: "2026-11-08".to_owned(),
        },
        not_tested_reason: if rule.0 == "UKA-ALG-006" {
            "needs a system whose records do not change between two requests".to_owned()
        } else {
            String::new()
        },
        legal_basis: String::new(),
        applies_to: String::new(),
    }
}

fn base(run_id: &str) -> (Vec<Requirement>, RunRecord) {
    let rules: Vec<Requirement> = RULES.iter().map(requirement).collect();
    let mut scenarios = Vec::new();
    let mut exchanges = Vec::new();
    for (number, rule) in (1..).zip(rules.iter().filter(|r| r.not_tested_reason.is_empty())) {
        exchanges.push(exchange(number, rule));
        scenarios.push(scenario(number, rule));
    }
    let mut advisory = scenarios[2].clone();
    advisory.id = ScenarioId::from("uka-pat-001-advisory");
    advisory.scored = false;
    advisory.verdict = Verdict::Review;
    scenarios.push(advisory);
    let record = RunRecord {
        format: RECORD_FORMAT,
        plumbline: "0.1.0".to_owned(),
        run_id: format!("2026-11-22-{run_id}"),
        started: "2026-11-22T09:14:03Z".to_owned(),
        finished: "2026-11-22T09:14:09Z".to_owned(),
        rejudged: None,
        completion: Completion::Completed,
        subject: Subject {
            kind: SubjectKind::Product,
            supplier: "Riverside Systems".to_owned(),
            product: "Riverside EPR".to_owned(),
            version: "4.2".to_owned(),
            build: "1187".to_owned(),
            ods_code: None,
            site: None,
        },
        environment: Environment::Sandbox,
        mock: None,
        software: Software::Stated {
            name: "Riverside EPR".to_owned(),
            version: "4.2".to_owned(),
        },
        certificates: BTreeMap::new(),
        target: None,
        pack: PackRef {
            id: PackId::from("uk-core-access"),
            title: "UK Core Access".to_owned(),
            version: "0.1.0".to_owned(),
            standards: vec![StandardRef {
                id: "uk-core-access".to_owned(),
                title: "UK Core Access".to_owned(),
                edition: "0.1.0".to_owned(),
                edition_status: EditionStatus::Draft,
                url: "https://fhir.hl7.org.uk/uk-core-access".to_owned(),
            }],
            fingerprint: "5f1c".repeat(16),
        },
        scope: ["clinical-allergy-intolerance", "metadata", "patient-index"]
            .map(Capability::from)
            .to_vec(),
        selection: String::new(),
        deselected: vec![],
        resumed: 0,
        ledger: Vec::new(),
        scenarios,
        exchanges,
    };
    (rules, record)
}

fn scenario(number: u32, rule: &Requirement) -> ScenarioRecord {
    let step = |index, kind, text: &str, line, verdict, exchanges: &[u32]| StepRecord {
        index,
        kind,
        text: text.to_owned(),
        line,
        verdict,
        observations: usize::from(verdict.is_some()) * 2,
        findings: vec![],
        exchanges: exchanges.iter().map(|e| ExchangeId(*e)).collect(),
    };
    let (capability, area) = (rule.capability.clone(), rule.capability.as_str());
    let outside = area == "clinical-immunization";
    let verdict = if outside {
        Verdict::NotApplicable(NotApplicableReason::OutOfScope)
    } else {
        Verdict::Pass
    };
    ScenarioRecord {
        id: ScenarioId::new(rule.id.as_str().to_lowercase()),
        name: format!("{}, for one patient", rule.title),
        requirement: rule.id.clone(),
        scored: true,
        capability,
        feature: format!("{area}.feature"),
        line: 10 + number * 8,
        verdict,
        steps: vec![
            step(
                0,
                StepKind::Setup,
                "Given the patient \"patient-with-allergies\" holds at least 2 allergies",
                11 + number * 8,
                None,
                &[],
            ),
            step(
                1,
                StepKind::Action,
                "When the records are searched for the patient",
                12 + number * 8,
                None,
                &[number],
            ),
            step(
                2,
                StepKind::Assertion,
                "Then every record the patient holds is in the result",
                13 + number * 8,
                Some(verdict),
                &[],
            ),
        ],
    }
}

fn exchange(number: u32, rule: &Requirement) -> ExchangeRecord {
    let path = match rule.capability.as_str() {
        "metadata" => "metadata",
        "patient-index" => {
            "Patient?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9990000026"
        }
        _ => "AllergyIntolerance?patient=p-1001&clinical-status=active",
    };
    let url = format!("https://sandbox.riverside.example/fhir/{path}");
    let mut text =
        "{\n  \"resourceType\": \"Bundle\",\n  \"type\": \"searchset\",\n  \"total\": 0\n}"
            .to_owned();
    if number == 5 {
        text = format!(
            "{{\n  \"note\": \"{}\"\n}}",
            "an entry that goes on ".repeat(400)
        );
    }
    let header = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    ExchangeRecord {
        id: ExchangeId(number),
        method: "GET".to_owned(),
        curl: format!("curl -sS -H 'accept: application/fhir+json' '{url}'"),
        capture: None,
        url,
        request_headers: vec![header("accept", "application/fhir+json")],
        request_body: None,
        status: Some(200),
        response_headers: vec![
            header("content-type", "application/fhir+json"),
            header("etag", "<redacted>"),
        ],
        body: StoredBody::Json {
            received_bytes: text.len() as u64,
            text: text.into(),
        },
        fhir: BodyCheck::default(),
        transport_error: String::new(),
        elapsed_ms: 42,
    }
}
