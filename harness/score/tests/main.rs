//! What a scorecard says of small runs. Not for verdicts: the truth table is in `model`.

use plumbline_model::record::RECORD_FORMAT;
use plumbline_model::scorecard::{Count, Scorecard, Tally};
use plumbline_model::*;
use plumbline_score::{CODE_FORM_STEPS, scorecard};

fn requirement(id: &str, level: Level, domain: Domain, severity: u8) -> Requirement {
    Requirement {
        id: RequirementId::from(id),
        level,
        title: format!("Rule {id}"),
        domain,
        interop_level: InteropLevel::Structural,
        severity: Severity::new(severity).expect("1 to 5"),
        harm: "A clinician could be misled.".to_owned(),
        capability: Capability::from("patient-index"),
        source: Source {
            document: "uk-core-access".to_owned(),
            section: "Patient".to_owned(),
            url: "https://example.org/rule".to_owned(),
            read_first: "2026-11-01".to_owned(),
            read_second: "2026-11-02".to_owned(),
        },
        not_tested_reason: String::new(),
        legal_basis: String::new(),
        applies_to: String::new(),
    }
}

fn shall(id: &str) -> Requirement {
    requirement(id, Level::Shall, Domain::Identity, 3)
}

fn finding(kind: FindingKind, path: &str) -> Finding {
    Finding {
        code: FindingCode::from("PATIENT-SHAPE"),
        kind,
        message: "A Patient has no gender".to_owned(),
        expected: "exactly one gender".to_owned(),
        actual: "none".to_owned(),
        next_step: "Send it.".to_owned(),
        location: Location {
            fhirpath: path.to_owned(),
            ..Location::default()
        },
    }
}

fn scenario(requirement: &str, verdict: Verdict) -> ScenarioRecord {
    ScenarioRecord {
        id: ScenarioId::new(requirement.to_lowercase()),
        name: format!("Scenario of {requirement}"),
        requirement: RequirementId::from(requirement),
        scored: true,
        capability: Capability::from("patient-index"),
        feature: "patient.feature".to_owned(),
        line: 3,
        verdict,
        steps: vec![StepRecord {
            index: 0,
            kind: StepKind::Assertion,
            text: "Then every Patient has exactly one \"gender\"".to_owned(),
            line: 7,
            verdict: Some(verdict),
            observations: 1,
            findings: vec![],
            exchanges: vec![],
        }],
    }
}

fn with_finding(mut scenario: ScenarioRecord, finding: Finding) -> ScenarioRecord {
    scenario.steps[0].findings.push(finding);
    scenario
}

fn record(scenarios: Vec<ScenarioRecord>) -> RunRecord {
    RunRecord {
        format: RECORD_FORMAT,
        plumbline: "0.1.0".to_owned(),
        run_id: "run".to_owned(),
        started: "2026-11-22T09:00:00Z".to_owned(),
        finished: "2026-11-22T09:00:10Z".to_owned(),
        rejudged: None,
        completion: Completion::Completed,
        subject: Subject {
            kind: SubjectKind::Product,
            supplier: "Riverside Systems".to_owned(),
            product: "Riverside EPR".to_owned(),
            version: "4.2".to_owned(),
            build: String::new(),
            ods_code: None,
            site: None,
        },
        environment: Environment::Sandbox,
        mock: None,
        software: record::Software::Unknown,
        certificates: std::collections::BTreeMap::new(),
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
                url: "https://example.org".to_owned(),
            }],
            fingerprint: String::new(),
        },
        scope: vec![Capability::from("patient-index")],
        selection: String::new(),
        deselected: vec![],
        resumed: 0,
        ledger: Vec::new(),
        scenarios,
        exchanges: vec![],
    }
}

fn score(record: &RunRecord, requirements: &[Requirement]) -> Scorecard {
    scorecard(record, requirements, &ScoringPolicy::default())
}

const NO_ACTOR: Verdict = Verdict::Skip(SkipReason::NoActor);
const OUTSIDE: Verdict = Verdict::NotApplicable(NotApplicableReason::OutOfScope);

#[test]
fn conformance_names_counts_and_edition() {
    let rules = [shall("A-1"), shall("A-2")];
    let run = record(vec![
        scenario("A-1", Verdict::Pass),
        scenario("A-2", Verdict::Pass),
    ]);
    let card = score(&run, &rules);
    assert_eq!(card.status, RunStatus::Conformant);
    assert_eq!(
        card.sentence,
        "Riverside EPR 4.2 conforms to draft 0.1.0 of UK Core Access: \
         2 of 2 tested required rules pass."
    );
    assert_eq!(card.overall.decided_tenths, Some(1000));
    assert_eq!(card.band, "fully met");
}

#[test]
fn failure_names_counts_edition_and_what_the_pack_does_not_test() {
    let mut untested = shall("A-4");
    untested.not_tested_reason = "needs a second system".to_owned();
    let rules = [shall("A-1"), shall("A-2"), shall("A-3"), untested];
    let run = record(vec![
        scenario("A-1", Verdict::Fail),
        scenario("A-2", Verdict::Pass),
        scenario("A-3", NO_ACTOR),
    ]);
    let card = score(&run, &rules);
    assert_eq!(card.status, RunStatus::NotConformant);
    assert_eq!(
        card.sentence,
        "Riverside EPR 4.2 does not conform to draft 0.1.0 of UK Core Access: \
         1 of 3 required rules fails. 1 of 3 could not be decided. \
         1 required rule is not tested by this pack."
    );
    assert_eq!(card.required_not_tested, 1);
    assert_eq!(card.coverage, Count { met: 2, of: 3 });
}

#[test]
fn unknowns_bound_the_score_and_widen_the_band() {
    let rules = [
        requirement("A-1", Level::Shall, Domain::Identity, 5),
        requirement("A-2", Level::Shall, Domain::Identity, 1),
        requirement("A-3", Level::Shall, Domain::Identity, 4),
    ];
    let run = record(vec![
        scenario("A-1", Verdict::Pass),
        scenario("A-2", Verdict::Fail),
        scenario("A-3", Verdict::Review),
    ]);
    let card = score(&run, &rules);
    let score = card.domains[0].score;
    assert_eq!(score.decided_tenths, Some(833), "5 of 6, rounded down");
    assert_eq!((score.low_tenths, score.high_tenths), (500, 900));
    assert_eq!(card.band, "between partly met and mostly met");
}

#[test]
fn nine_passes_and_one_skip_are_undecided() {
    let mut scenarios: Vec<ScenarioRecord> =
        (0..9).map(|_| scenario("A-1", Verdict::Pass)).collect();
    scenarios.push(scenario("A-1", NO_ACTOR));
    let card = score(&record(scenarios), &[shall("A-1")]);
    assert_eq!(card.status, RunStatus::InsufficientEvidence);
    assert_eq!(card.requirements[0].verdict, Some(NO_ACTOR));
    assert_eq!(
        card.sentence,
        "There is not enough evidence to say whether Riverside EPR 4.2 conforms to \
         draft 0.1.0 of UK Core Access: 1 of 1 required rule could not be decided \
         (no test patient for this role: 1)."
    );
    assert_eq!(
        card.undecided.len(),
        1,
        "a skip without a finding is shown too"
    );
}

#[test]
fn a_run_of_skips_never_conforms_and_has_no_numbers() {
    let rules = [shall("A-1"), shall("A-2")];
    let run = record(vec![scenario("A-1", NO_ACTOR), scenario("A-2", NO_ACTOR)]);
    let card = score(&run, &rules);
    assert_eq!(card.status, RunStatus::InsufficientEvidence);
    assert_eq!(card.overall.decided_tenths, None);
    assert_eq!(
        (card.overall.low_tenths, card.overall.high_tenths),
        (0, 1000)
    );
    assert_eq!(card.band, "no band: nothing required was decided");
}

#[test]
fn an_empty_run_has_no_numbers() {
    let card = score(&record(vec![]), &[shall("A-1")]);
    assert_eq!(card.status, RunStatus::InsufficientEvidence);
    assert_eq!(card.required, Tally::default());
    assert_eq!(card.overall.decided_tenths, None);
    assert!(card.domains.is_empty());
    assert!(
        card.sentence.contains("no required rule was tested"),
        "{}",
        card.sentence
    );
}

#[test]
fn an_incomplete_run_fails_but_never_conforms() {
    let mut run = record(vec![scenario("A-1", Verdict::Pass)]);
    run.completion = Completion::Incomplete {
        why: "the target went away".to_owned(),
    };
    let card = score(&run, &[shall("A-1")]);
    assert_eq!(card.status, RunStatus::InsufficientEvidence);
    assert!(
        card.sentence
            .contains("did not come to its end: the target went away.")
    );
    run.scenarios = vec![scenario("A-1", Verdict::Fail)];
    assert_eq!(
        score(&run, &[shall("A-1")]).status,
        RunStatus::NotConformant
    );
}

#[test]
fn a_selection_never_conforms_and_says_what_it_left_out() {
    let mut run = record(vec![scenario("A-1", Verdict::Pass)]);
    run.selection = "@smoke".to_owned();
    run.deselected = vec![ScenarioId::from("a-2")];
    let card = score(&run, &[shall("A-1"), shall("A-2")]);
    assert_eq!(card.status, RunStatus::InsufficientEvidence);
    assert_eq!(card.required_not_tested, 1);
    assert!(
        card.sentence
            .contains("1 scenario was left out of this run."),
        "{}",
        card.sentence
    );
    assert!(
        card.sentence
            .contains("1 further required rule was not tested in this run."),
        "{}",
        card.sentence
    );
}

#[test]
fn a_mock_says_so_in_its_sentence() {
    let mut run = record(vec![scenario("A-1", Verdict::Pass)]);
    run.environment = Environment::Mock;
    let end = "the result says nothing about a real product.";
    assert!(score(&run, &[shall("A-1")]).sentence.ends_with(end));
    run.environment = Environment::Sandbox;
    run.mock = Some("plumbline-mock".to_owned());
    assert!(score(&run, &[shall("A-1")]).sentence.ends_with(end));
}

#[test]
fn what_is_out_of_scope_or_advisory_is_never_counted() {
    let mut outside = shall("A-2");
    outside.capability = Capability::from("immunisations");
    let mut advisory = scenario("A-1", Verdict::Fail);
    advisory.scored = false;
    advisory = with_finding(advisory, finding(FindingKind::Broken, "Patient.gender"));
    let mut elsewhere = scenario("A-2", Verdict::Fail);
    elsewhere.capability = Capability::from("immunisations");
    let run = record(vec![
        scenario("A-1", Verdict::Pass),
        advisory,
        elsewhere,
        scenario("A-3", OUTSIDE),
    ]);
    let card = score(&run, &[shall("A-1"), outside, shall("A-3")]);
    assert_eq!(card.status, RunStatus::Conformant);
    assert_eq!(card.required.tested(), 1);
    assert_eq!(card.required_out_of_scope, 2);
    assert!(card.groups.is_empty());
    assert_eq!(card.requirements[0].advisory.len(), 1);
    assert!(
        card.not_checked
            .iter()
            .any(|s| s.starts_with("1 advisory scenario was run"))
    );
}

#[test]
fn good_practice_is_counted_apart() {
    let should = |id: &str| requirement(id, Level::Should, Domain::Structure, 2);
    let rules = [shall("A-1"), should("A-2"), should("A-3"), should("A-4")];
    let run = record(vec![
        scenario("A-1", Verdict::Pass),
        scenario("A-2", Verdict::Pass),
        scenario("A-3", Verdict::Warning),
        scenario("A-4", NO_ACTOR),
    ]);
    let card = score(&run, &rules);
    assert_eq!(card.status, RunStatus::Conformant);
    assert_eq!(card.good_practice, Count { met: 1, of: 2 });
    assert_eq!(card.good_practice_undecided, 1);
    assert_eq!(card.domains.len(), 1, "good practice is in no domain score");
}

#[test]
fn findings_of_one_cause_are_one_group_and_the_worst_comes_first() {
    let rules = [
        requirement("A-1", Level::Should, Domain::Structure, 5),
        requirement("A-2", Level::Shall, Domain::Structure, 2),
        requirement("A-3", Level::Shall, Domain::Structure, 4),
    ];
    let gender = |n: usize| {
        finding(
            FindingKind::Broken,
            &format!("Bundle.entry[{n}].resource.gender"),
        )
    };
    let mut many = with_finding(scenario("A-2", Verdict::Fail), gender(0));
    many.steps[0].findings.push(gender(7));
    let run = record(vec![
        with_finding(
            scenario("A-1", Verdict::Warning),
            finding(FindingKind::Broken, "Bundle.link"),
        ),
        many,
        with_finding(
            scenario("A-3", Verdict::Fail),
            finding(FindingKind::Broken, "Bundle.total"),
        ),
    ]);
    let card = score(&run, &rules);
    let seen: Vec<(&str, &str, usize, &str)> = card
        .groups
        .iter()
        .map(|g| {
            (
                g.anchor.as_str(),
                g.requirement.as_str(),
                g.findings,
                g.verdict.key(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("finding-1", "A-3", 1, "fail"),
            ("finding-2", "A-2", 2, "fail"),
            ("finding-3", "A-1", 1, "warning"),
        ]
    );
    assert_eq!(
        card.groups[1].example.location.fhirpath,
        "Bundle.entry[0].resource.gender"
    );
    assert_eq!(card.groups[1].feature, "patient.feature:7");
}

#[test]
fn what_follows_from_an_earlier_step_is_not_shown_beside_its_cause() {
    let skip = |reason| finding(FindingKind::Undecided(reason), "");
    let mut one = with_finding(scenario("A-1", NO_ACTOR), skip(SkipReason::NoActor));
    one.steps[0].findings.push(skip(SkipReason::EarlierStep));
    let card = score(&record(vec![one]), &[shall("A-1")]);
    assert_eq!(card.undecided.len(), 1);
    assert_eq!(card.undecided[0].findings, 1);
    assert_eq!(card.undecided[0].anchor, "undecided-1");
}

#[test]
fn heat_has_a_cell_for_every_domain_and_capability_of_a_required_rule() {
    let mut outside = requirement("A-2", Level::Shall, Domain::Structure, 2);
    outside.capability = Capability::from("immunisations");
    let card = score(
        &record(vec![scenario("A-1", Verdict::Fail)]),
        &[shall("A-1"), outside],
    );
    let cells: Vec<(&str, &str, bool, usize)> = card
        .heat
        .iter()
        .map(|c| {
            (
                c.domain.key(),
                c.capability.as_str(),
                c.claimed,
                c.tally.fail,
            )
        })
        .collect();
    assert_eq!(
        cells,
        [
            ("identity", "patient-index", true, 1),
            ("structure", "immunisations", false, 0)
        ]
    );
    assert_eq!(card.levels.len(), 3);
}

#[test]
fn the_scorecard_of_one_run_is_always_the_same() {
    let rules = [shall("A-1"), shall("A-2")];
    let run = record(vec![
        scenario("A-2", Verdict::Fail),
        scenario("A-1", Verdict::Pass),
    ]);
    let json = |card: &Scorecard| serde_json::to_string(card).expect("serialises");
    let reversed: Vec<Requirement> = rules.iter().rev().cloned().collect();
    assert_eq!(json(&score(&run, &rules)), json(&score(&run, &reversed)));
}

/// What a run says about codes, if the scenario's only step has this text, verdict and observations.
fn said_of_codes(text: &str, verdict: Verdict, observations: usize) -> String {
    let mut one = scenario("A-1", verdict);
    one.steps[0].text = String::from(text);
    one.steps[0].observations = observations;
    let card = score(&record(vec![one]), &[shall("A-1")]);
    card.not_checked[1].clone()
}

#[test]
fn codes_are_said_to_be_checked_only_where_a_step_judged_their_form() {
    const NOBODY: &str = "The form of codes was not checked, and nobody looked up whether they exist \
                          or fit their value set.";
    for (kind, step) in CODE_FORM_STEPS {
        let step = format!("Then {step}");
        let only = format!(
            "{kind} were checked for form only: nobody looked up whether they exist or fit their \
             value set."
        );
        assert_eq!(said_of_codes(&step, Verdict::Pass, 3), only);
        assert_eq!(said_of_codes(&step, Verdict::Fail, 1), only);
        assert_eq!(said_of_codes(&step, Verdict::Pass, 0), NOBODY);
        assert_eq!(said_of_codes(&step, NO_ACTOR, 0), NOBODY);
    }
    assert_eq!(
        said_of_codes("Then the request succeeds", Verdict::Pass, 1),
        NOBODY
    );
}

/// An exchange whose body was checked, with that many codes looked up.
fn exchange(codes: u64) -> ExchangeRecord {
    let checked = CheckedBody {
        codes: CodeChecks {
            checked: codes,
            ..CodeChecks::default()
        },
        ..CheckedBody::default()
    };
    ExchangeRecord {
        id: ExchangeId(1),
        method: "GET".to_owned(),
        url: "https://a.example/fhir/Patient".to_owned(),
        request_headers: vec![],
        request_body: None,
        status: Some(200),
        response_headers: vec![],
        body: StoredBody::Empty,
        fhir: BodyCheck::Checked(std::sync::Arc::new(checked)),
        transport_error: String::new(),
        elapsed_ms: 0,
        curl: String::new(),
        capture: None,
    }
}

#[test]
fn codes_that_were_looked_up_are_said_to_decide_nothing() {
    let said = |codes, step: &str| {
        let mut one = scenario("A-1", Verdict::Pass);
        one.steps[0].text = format!("Then {step}");
        one.steps[0].observations = 1;
        let mut run = record(vec![one]);
        run.exchanges = vec![exchange(codes)];
        score(&run, &[shall("A-1")]).not_checked[1].clone()
    };
    let apart = "codes of FHIR's own value sets were looked up, apart from the verdicts.";
    assert!(said(3, "the request succeeds").starts_with("No verdict rests on the form of codes"));
    assert!(said(3, "the request succeeds").ends_with(apart));
    assert!(said(3, CODE_FORM_STEPS[0].1).contains("checked for form only: no verdict rests"));
    assert!(said(3, CODE_FORM_STEPS[0].1).ends_with(apart));
    assert!(!said(0, "the request succeeds").contains(apart));
}
