//! What runs and figures add: evidence about this organisation's own system and about nothing else, once, and never
//! a word of an answer.

use crate::example::{checklist, folder, load, requirement};
use plumbline_inspect::{
    Additions, Assessment, Folder, Mistakes, RunInput, RunStanding, Standing, appended,
    fill_measures, fill_run, overview,
};
use plumbline_model::scorecard::{RequirementResult, Scorecard};
use plumbline_model::{RunRecord, Verdict};

const PRINT: &str = "3f2a9c0d4e5b6a7f8091a2b3c4d5e6f70819293a4b5c6d7e8f90a1b2c3d4e5f6";

fn record(kind: &str, code: Option<&str>, environment: &str) -> RunRecord {
    serde_json::from_value(serde_json::json!({
        "format": 2, "plumbline": "0.1.0", "run_id": "run-one", "started": "2026-10-12T08:00:00Z",
        "finished": "2026-10-12T08:05:00Z", "completion": { "state": "completed" },
        "subject": {
            "kind": kind, "supplier": "Riverside", "product": "Riverside EPR", "version": "4.2", "build": "",
            "ods_code": code, "site": null,
        },
        "environment": environment, "mock": null, "software": { "form": "unknown" },
        "pack": {
            "id": "uk-core-access", "title": "UK Core Access", "version": "1", "fingerprint": "f",
            "standards": [{
                "id": "s", "title": "UK Core Access", "edition": "0.1.0", "edition_status": "draft",
                "url": "https://a.example",
            }],
        },
        "scope": [], "selection": "", "deselected": [], "scenarios": [], "exchanges": [],
    }))
    .expect("a record")
}

/// UKA-PAT-001 passes, UKA-PSH-001 fails, UKA-PSH-002 is undecided, UKA-PSH-003 is out of scope.
fn scorecard() -> Scorecard {
    let result = |id: &str, verdict: Option<Verdict>, in_scope: bool| RequirementResult {
        requirement: requirement(id),
        verdict,
        in_scope,
        scenarios: Vec::new(),
        advisory: Vec::new(),
    };
    let score = serde_json::json!({ "decided_tenths": null, "low_tenths": 0, "high_tenths": 0 });
    let tally = serde_json::json!({ "pass": 0, "fail": 0, "undecided": 0 });
    let mut scorecard: Scorecard = serde_json::from_value(serde_json::json!({
        "status": "not-conformant", "sentence": "", "required": tally, "required_not_tested": 0,
        "required_out_of_scope": 0, "coverage": { "met": 0, "of": 0 }, "good_practice": { "met": 0, "of": 0 },
        "good_practice_undecided": 0, "overall": score, "band": "", "domains": [], "levels": [], "heat": [],
        "requirements": [], "groups": [], "undecided": [], "severities_signed_off": false, "not_checked": [],
    }))
    .expect("a scorecard");
    scorecard.requirements = vec![
        result("UKA-PAT-001", Some(Verdict::Pass), true),
        result("UKA-PSH-001", Some(Verdict::Fail), true),
        result("UKA-PSH-002", Some(Verdict::Review), true),
        result("UKA-PSH-003", Some(Verdict::Pass), false),
        result("UKA-ALG-004", Some(Verdict::Pass), true),
    ];
    scorecard
}

fn run(assessment: &Assessment, record: &RunRecord, sha256: &str) -> Result<Additions, Mistakes> {
    fill_run(
        assessment,
        &checklist(),
        &RunInput {
            place: "run/record.json",
            record,
            scorecard: &scorecard(),
            sha256,
        },
    )
}

fn with(mut folder: Folder, added: &Additions) -> Folder {
    for (name, block) in &added.blocks {
        let old = folder.get(name).cloned().unwrap_or_default();
        let old = String::from_utf8(old).expect("UTF-8");
        folder.insert(name.clone(), appended(&old, block).into_bytes());
    }
    folder
}

fn filled(record: &RunRecord) -> Folder {
    let folder = folder();
    let added = run(&load(&folder).expect("good"), record, PRINT).expect("additions");
    with(folder, &added)
}

#[test]
fn a_run_on_the_own_system_is_evidence_and_no_judgement() {
    let before = load(&folder()).expect("good");
    let after = load(&filled(&record("deployment", Some("ZZ001"), "live"))).expect("good");
    assert_eq!(before.answers, after.answers);
    assert_eq!(before.groups, after.groups);
    let evidence = after.evidence("A1-run-3f2a9c0d").expect("a record");
    let rules = evidence.rules.expect("counts");
    assert_eq!(
        (rules.met, rules.broken, rules.undecided, rules.not_tested),
        (1, 1, 1, 2)
    );
    assert_eq!(evidence.broken_rules[0].as_str(), "UKA-PSH-001");
    assert!(evidence.is_independent());
    assert!(
        evidence.finding.contains("draft 0.1.0 of UK Core Access"),
        "{}",
        evidence.finding
    );
    assert_eq!(evidence.captured_at.as_str(), "2026-10-12");
    assert_eq!(evidence.hash, PRINT);
    assert_eq!(after.runs[0].standing, RunStanding::Evidence);
    // Only what the run tested: no rule of A4 was in it.
    assert!(after.evidence("A4-run-3f2a9c0d").is_none());
    assert!(after.evidence("D3-run-3f2a9c0d").is_some());
    let looks = |a: &Assessment| {
        overview(a, &checklist())
            .items
            .iter()
            .map(|it| it.standing)
            .collect::<Vec<_>>()
    };
    assert_eq!(looks(&before), looks(&after));
}

#[test]
fn filling_twice_adds_nothing() {
    let record = record("deployment", Some("ZZ001"), "live");
    let once = filled(&record);
    let added = run(&load(&once).expect("good"), &record, PRINT).expect("additions");
    assert!(added.blocks.is_empty(), "{added:?}");
    assert_eq!(with(once.clone(), &added), once);
}

#[test]
fn a_product_run_is_a_claim_and_a_mock_run_is_a_mock() {
    let mut mock = record("deployment", Some("ZZ001"), "sandbox");
    mock.mock = Some("riverside-epr".into());
    for (record, standing) in [
        (
            record("product", None, "sandbox"),
            RunStanding::SupplierClaim,
        ),
        (record("product", None, "mock"), RunStanding::Mock),
        (
            record("deployment", Some("ZZ001"), "mock"),
            RunStanding::Mock,
        ),
        (mock, RunStanding::Mock),
    ] {
        let folder = filled(&record);
        let assessment = load(&folder).expect("good");
        assert_eq!(assessment.runs[0].standing, standing);
        assert!(assessment.evidence("A1-run-3f2a9c0d").is_none());
        let aside = &assessment
            .set_aside
            .values()
            .flatten()
            .next()
            .expect("a record");
        assert_eq!(
            (aside.id.as_str(), aside.standing),
            ("A1-run-3f2a9c0d", standing)
        );
        let overview = overview(&assessment, &checklist());
        assert_eq!(overview.items[0].standing, Standing::Met);
        // A judgement that cites it is refused.
        let text = String::from_utf8(folder["answers/A1.toml"].clone()).expect("UTF-8");
        let text = text.replace("\"A1-01\"", "\"A1-run-3f2a9c0d\"");
        let mut folder = folder;
        folder.insert("answers/A1.toml".into(), text.into_bytes());
        let said = load(&folder).expect_err("a mistake").to_string();
        assert!(
            said.contains("cannot be cited") && said.contains("not evidence"),
            "{said}"
        );
    }
}

#[test]
fn a_claim_cannot_be_made_evidence_by_hand() {
    let folder = filled(&record("product", None, "mock"));
    let text = String::from_utf8(folder["runs.toml"].clone()).expect("UTF-8");
    let mut folder = folder;
    folder.insert(
        "runs.toml".into(),
        text.replace("standing = \"mock\"", "standing = \"evidence\"")
            .into_bytes(),
    );
    let said = load(&folder).expect_err("a mistake").to_string();
    assert!(
        said.contains("dir/runs.toml:3: this run is called evidence"),
        "{said}"
    );
}

#[test]
fn runs_of_others_and_altered_runs_are_refused() {
    let assessment = load(&folder()).expect("good");
    let said = run(
        &assessment,
        &record("deployment", Some("ZZ009"), "live"),
        PRINT,
    )
    .expect_err("refused");
    assert!(
        said.to_string()
            .contains("about the organisation ZZ009, and the assessment is about ZZ001"),
        "{said}"
    );
    let said = run(&assessment, &record("deployment", None, "live"), PRINT).expect_err("refused");
    assert!(said.to_string().contains("ods_code"), "{said}");
    let mut named = record("deployment", Some("ZZ001"), "live");
    named.subject.product = "EPR of 9990000018".into();
    let said = run(&assessment, &named, PRINT).expect_err("refused");
    assert!(
        said.to_string().contains("an NHS number") && !said.to_string().contains("0018"),
        "{said}"
    );
    let good = record("deployment", Some("ZZ001"), "live");
    let filled = load(&filled(&good)).expect("good");
    let said = run(&filled, &good, &PRINT.replace('3', "4")).expect_err("refused");
    assert!(said.to_string().contains("from another record"), "{said}");
}

const HEAD: &str =
    "item,measure,kind,numerator,denominator,unit,period_from,period_to,source,supplied_by\n";
const ROW: &str =
    "E1,Sent in time,latency,930,1000,letters,2026-09-01,2026-09-30,engine,organisation\n";

fn measured(csv: &str) -> Result<Additions, Mistakes> {
    fill_measures(
        &load(&folder()).expect("good"),
        &checklist(),
        "figures.csv",
        csv.as_bytes(),
    )
}

#[test]
fn figures_become_evidence_with_their_interval_once() {
    let csv = format!("\u{feff}{HEAD}{ROW}");
    let added = measured(&csv).expect("additions");
    let folder = with(folder(), &added);
    let assessment = load(&folder).expect("good");
    let measure = assessment
        .measures
        .iter()
        .find(|m| m.name == "Sent in time")
        .expect("it");
    let evidence = assessment.evidence(&measure.evidence).expect("a record");
    assert!(
        evidence
            .finding
            .contains("930 of 1,000 letters (93.0 %, 95 % interval 91.2 to 94.4)")
    );
    assert!(!evidence.is_independent());
    let again =
        fill_measures(&assessment, &checklist(), "figures.csv", csv.as_bytes()).expect("additions");
    assert!(again.blocks.is_empty());
    let other = csv.replace(",930,", ",931,");
    let said = fill_measures(&assessment, &checklist(), "figures.csv", other.as_bytes())
        .expect_err("refused");
    assert!(
        said.to_string().contains("figures.csv:2") && said.to_string().contains("other figures"),
        "{said}"
    );
    // The columns may stand in any order, and Windows line ends are no matter.
    let swapped = "unit,item,measure,kind,numerator,denominator,period_from,period_to,source,supplied_by\r\n\
                   letters,E1,Sent in time,latency,930,1000,2026-09-01,2026-09-30,engine,organisation\r\n";
    assert_eq!(measured(swapped).expect("additions").blocks, added.blocks);
}

#[test]
fn a_small_number_is_in_no_file() {
    let added =
        measured(&format!("{HEAD}{}", ROW.replace("930,1000", "3,1234"))).expect("additions");
    let all: String = added.blocks.values().cloned().collect();
    assert!(
        all.contains("fewer than 5 of 1,234 letters") && !all.contains("numerator ="),
        "{all}"
    );
}

#[test]
fn wrong_figures_are_refused_with_their_line() {
    for (csv, place, what) in [
        (
            format!("{}{ROW}", HEAD.replace("item,", "itme,")),
            1,
            "did you mean `item`?",
        ),
        (
            format!("{}{ROW}", HEAD.replace(",unit", "")),
            1,
            "the column `unit` is missing",
        ),
        (
            format!("{}{ROW}", HEAD.replace("unit", "kind")),
            1,
            "two columns `kind`",
        ),
        (HEAD.replace(',', ";"), 1, "semicolons"),
        (HEAD.to_owned(), 1, "no row"),
        (format!("{HEAD}{ROW}{ROW}"), 3, "stands in line 2 already"),
        (
            format!("{HEAD}{}", ROW.replace("E1", "Z9")),
            2,
            "no such item",
        ),
        (
            format!("{HEAD}{}", ROW.replace("latency", "speed")),
            2,
            "`latency`",
        ),
        (
            format!("{HEAD}{}", ROW.replace(",930,", ",93%,")),
            2,
            "no whole number",
        ),
        (
            format!("{HEAD}{}", ROW.replace(",930,", ",1001,")),
            2,
            "greater than the denominator",
        ),
        (
            format!("{HEAD}{}", ROW.replace("2026-09-01", "01/09/2026")),
            2,
            "no day of the calendar",
        ),
        (
            format!("{HEAD}{}", ROW.replace("2026-09-01", "2026-10-01")),
            2,
            "ends before it begins",
        ),
        (
            format!("{HEAD}{}", ROW.replace("letters", "")),
            2,
            "`unit` is empty",
        ),
        (
            format!("{HEAD}{}", ROW.replace(",engine", ",a,engine")),
            2,
            "more or fewer values",
        ),
        (
            format!("{HEAD}{}", ROW.replace("engine", "list of 9990000018")),
            2,
            "an NHS number",
        ),
        (
            format!("{HEAD}{}", ROW.replace("organisation", "nobody")),
            2,
            "`partner`",
        ),
    ] {
        let said = measured(&csv).expect_err("a mistake").to_string();
        assert!(
            said.contains(&format!("figures.csv:{place}: ")) && said.contains(what),
            "{what}: {said}"
        );
        assert!(!said.contains("0018"), "{said}");
    }
}
