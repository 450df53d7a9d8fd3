//! A small pack, its people and what belongs to them, for the tests of this crate.

use crate::check_pack::CheckPlan;
use plumbline_model::record::RECORD_FORMAT;
use plumbline_model::{
    ActorRole, Capability, Completion, Environment, Finding, FindingKind, Location, PackId, Person,
    RunRecord, ScenarioRecord, Software, StepKind, StepRecord, Subject, SubjectKind, Verdict,
};
use plumbline_pack::{Files, Pack, StepMatch, StepTable, TargetFile};
use std::collections::BTreeMap;

/// Takes every step for a known one.
pub(crate) struct AnyStep;

impl StepTable for AnyStep {
    fn resolve(&self, _kind: StepKind, _text: &str) -> StepMatch {
        StepMatch::One
    }
}

const PACK: &str = r#"id = "small"
title = "Small"
version = "1"
fhir_version = "4.0.1"
owner = "Somebody"
licence = "None"
last_checked = "2026-11-22"
actors = [ROLES]

[[standards]]
id = "small"
title = "Small"
edition = "1"
edition_status = "draft"
url = "https://example.org/small"

[[scope_profiles]]
id = "all"
title = "All"
capabilities = ["patient-index", "clinical-allergy-intolerance", "clinical-immunization"]
"#;

const RULES: &str = "id,level,title,domain,interop_level,severity,harm,capability,source_document,source_section,source_url,read_first,read_second,not_tested_reason,legal_basis,applies_to
S-1,SHALL,A,access,foundational,1,H,patient-index,small,S,https://example.org/s,,,R,,
S-2,SHALL,A,access,foundational,1,H,clinical-allergy-intolerance,small,S,https://example.org/s,,,R,,
S-3,SHALL,A,access,foundational,1,H,clinical-immunization,small,S,https://example.org/s,,,R,,
";

const FEATURE: &str = r#"Feature: Small

  @id:s-nobody @req:S-1 @capability:patient-index @advisory
  Scenario: Nobody
    When patients are searched by NHS number
    Then the result holds nobody

  @id:s-basic @req:S-1 @capability:patient-index @advisory
  Scenario: Basic
    Given the patient "patient-basic"
    When patients are searched by NHS number
    Then the result holds the patient

  @id:s-twins @req:S-1 @capability:patient-index @advisory
  Scenario: Twins
    Given the patient "patient-twin-a"
    When patients are searched by NHS number
    Then no result belongs to patient-twin-b

  @id:s-allergies @req:S-2 @capability:clinical-allergy-intolerance @advisory
  Scenario: Allergies
    Given the patient "patient-with-allergies" holds at least 2 allergies
    When "AllergyIntolerance" records are searched for the patient
    Then every allergy the patient holds is in the result

  @id:s-no-allergies @req:S-2 @capability:clinical-allergy-intolerance @advisory
  Scenario: No allergies
    Given the patient "patient-basic"
    When "AllergyIntolerance" records are searched for the patient
    Then the result holds nobody

  @id:s-records @req:S-3 @capability:clinical-immunization @advisory
  Scenario: Records
    Given the patient "patient-with-records" holds at least 2 "Immunization" records
    When "Immunization" records are searched for the patient
    Then every "Immunization" record the patient holds is in the result
"#;

const BASIC: &str = r#"summary = "A plain record"
id = "x-1"
[identity]
nhs_number = "9990000018"
family = "Larkspur"
given = ["Edwin", "Hugh"]
gender = "male"
address = { line = ["17 Marl Pit Road"], city = "Upper Wexley", postcode = "ZZ99 3WZ" }
"#;
const TWIN: &str = r#"summary = "A twin"
id = "x-ID"
[identity]
nhs_number = "NUMBER"
family = "Quillfeather"
given = ["Tobias"]
prefix = "Mr"
gender = "male"
birth_date = "2001-08-19"
"#;
const ALLERGIES: &str = r#"summary = "One active and one resolved allergy"
id = "x-4"
[identity]
nhs_number = "9990000026"
family = "Thistlewood"
given = ["Margery"]
gender = "female"
birth_date = "1951-03-14"
local_identifier = { system = "https://example.org/id", value = "RV-1" }
[[allergies]]
id = "xa-1"
code = "91936005"
display = "Allergy to penicillin"
clinical_status = "active"
verification_status = "confirmed"
category = "medication"
criticality = "high"
recorded = "2019-05-02"
reaction = "Urticaria"
[[allergies]]
id = "xa-2"
code = "425525006"
display = "Allergy to dairy product"
clinical_status = "resolved"
verification_status = "confirmed"
category = "food"
recorded = "1998-02-09"
last_occurrence = "1997-12-20"
"#;
const RECORDS: &str = r#"summary = "Two vaccinations"
id = "x-5"
[identity]
nhs_number = "9990000050"
family = "Ash-Vale"
given = ["Annis"]
gender = "female"
birth_date = "1977-01-09"
[[records]]
type = "Immunization"
id = "xi-1"
code = "1324681000000101"
display = "Administration of a first dose"
status = "completed"
date = "2021-02-03"
text = "Left arm"
[[records]]
type = "Immunization"
id = "xi-2"
code = "1324681000000101"
display = "Administration of a first dose"
status = "not-done"
date = "2022-01-31"
"#;

pub(crate) fn files() -> Files {
    let roles = [
        "patient-basic",
        "patient-twin-a",
        "patient-twin-b",
        "patient-with-allergies",
        "patient-with-records",
    ];
    let twin = |id: &str, number: &str| TWIN.replace("ID", id).replace("NUMBER", number);
    let people = [
        BASIC.to_owned(),
        twin("2", "9990000069"),
        twin("3", "9990000077"),
        ALLERGIES.to_owned(),
        RECORDS.to_owned(),
    ];
    made(&roles, &people, FEATURE)
}

fn made(roles: &[&str], people: &[String], feature: &str) -> Files {
    let quoted: Vec<String> = roles.iter().map(|role| format!("{role:?}")).collect();
    let mut files = BTreeMap::new();
    let mut add = |path: String, text: &str| {
        files.insert(path, text.as_bytes().to_vec());
    };
    let pack = PACK.replace("ROLES", &quoted.join(", "));
    add("profiles/small/pack.toml".to_owned(), &pack);
    add("profiles/small/requirements.csv".to_owned(), RULES);
    add("profiles/small/deviations.md".to_owned(), "None.\n");
    let scoring = "[bands]\n\"all\" = 100\n[minimum_evidence]\ncoverage_percent = 95\n[severity]\nsigned_off = false\n";
    add("profiles/small/scoring.toml".to_owned(), scoring);
    add("scenarios/small/small.feature".to_owned(), feature);
    for (role, person) in roles.iter().zip(people) {
        add(format!("scenarios/_people/{role}.toml"), person);
    }
    Files::from_map(files)
}

fn load(files: &Files) -> Pack {
    plumbline_pack::load(files, &PackId::from("small"), &AnyStep)
        .unwrap_or_else(|report| panic!("{}", report.render(&|path| files.text(path), false)))
}

/// Five roles, six scenarios.
pub(crate) fn pack() -> Pack {
    load(&files())
}

/// The people of [`pack`].
pub(crate) fn people() -> BTreeMap<ActorRole, Person> {
    let files = files();
    plumbline_pack::people(&files)
        .unwrap_or_else(|report| panic!("{}", report.render(&|path| files.text(path), false)))
}

/// A pack with these roles, and a scenario for each set of roles that one needs.
pub(crate) fn pack_of(roles: &[&str], needs: &[&[&str]]) -> Pack {
    let scenarios = needs.iter().enumerate().map(|(number, need)| {
        let given = need.iter().map(|role| format!("    Given the patient \"{role}\"\n"));
        let given: String = given.collect();
        format!(
            "\n  @id:f-{number} @req:S-1 @capability:patient-index @advisory\n  Scenario: S\n{given}    \
             When patients are searched by NHS number\n    Then it is so\n"
        )
    });
    let feature = format!("Feature: F\n{}", scenarios.collect::<String>());
    let people: Vec<String> = (0..roles.len())
        .map(|at| {
            let number = numbers().nth(at).unwrap();
            TWIN.replace("ID", &at.to_string())
                .replace("NUMBER", &number)
        })
        .collect();
    load(&made(roles, &people, &feature))
}

/// Valid numbers of the 999 range.
fn numbers() -> impl Iterator<Item = String> {
    (9_992_000_000_u64..)
        .map(|number| number.to_string())
        .filter(|number| plumbline_model::nhs_number_fault(number).is_none())
}

/// Capabilities by name.
pub(crate) fn scope(names: &[&str]) -> Vec<Capability> {
    names.iter().map(|name| Capability::from(*name)).collect()
}

/// A target that claims everything and maps everybody to the number of the data sheet.
pub(crate) fn target(people: &BTreeMap<ActorRole, Person>) -> TargetFile {
    let head = r#"fhir_version = "4.0.1"
environment = "sandbox"
scope = ["patient-index", "clinical-allergy-intolerance", "clinical-immunization"]
[subject]
kind = "product"
supplier = "S"
product = "P"
version = "1"
[base_urls]
default = "http://127.0.0.1:9/fhir"
[auth]
method = "none"
[actors]
"#;
    let lines = people.iter().map(|(role, person)| {
        let number = &person.identity.nhs_number;
        format!("{role} = {{ nhs_number = \"{number}\" }}\n")
    });
    let text = format!("{head}{}", lines.collect::<String>());
    plumbline_pack::target("target.toml", text.as_bytes(), None).unwrap()
}

/// The record of a run of a made pack in which all passes, save what is named.
pub(crate) fn record(plan: &CheckPlan, spoilt: &[(&str, Verdict)]) -> RunRecord {
    let made = plumbline_pack::load(&plan.files, &PackId::from(crate::PACK_ID), &AnyStep).unwrap();
    let scenarios = made.features.iter().flat_map(|feature| {
        feature.scenarios.iter().map(|scenario| {
            let other = spoilt.iter().find(|(id, _)| *id == scenario.id.as_str());
            let verdict = other.map_or(Verdict::Pass, |(_, verdict)| *verdict);
            let finding = Finding {
                code: "X".into(),
                kind: FindingKind::Broken,
                message: "the family name differs".to_owned(),
                expected: "Larkspur".to_owned(),
                actual: "{name}".to_owned(),
                next_step: String::new(),
                location: Location {
                    fhirpath: "Patient.name[0].family".to_owned(),
                    ..Location::default()
                },
            };
            ScenarioRecord {
                id: scenario.id.clone(),
                name: scenario.name.clone(),
                requirement: scenario.requirement.clone(),
                scored: scenario.scored,
                capability: scenario.capability.clone(),
                feature: feature.file.clone(),
                line: scenario.line,
                verdict,
                steps: vec![StepRecord {
                    index: 0,
                    kind: StepKind::Assertion,
                    text: "Then".to_owned(),
                    line: 1,
                    verdict: Some(verdict),
                    observations: 1,
                    findings: if verdict == Verdict::Fail {
                        vec![finding]
                    } else {
                        Vec::new()
                    },
                    exchanges: Vec::new(),
                }],
            }
        })
    });
    RunRecord {
        format: RECORD_FORMAT,
        plumbline: "0".to_owned(),
        run_id: "r".to_owned(),
        started: String::new(),
        finished: String::new(),
        rejudged: None,
        completion: Completion::Completed,
        subject: Subject {
            kind: SubjectKind::Product,
            supplier: String::new(),
            product: String::new(),
            version: String::new(),
            build: String::new(),
            ods_code: None,
            site: None,
        },
        environment: Environment::Sandbox,
        mock: None,
        software: Software::Unknown,
        certificates: BTreeMap::new(),
        target: None,
        pack: made.reference(),
        scope: Vec::new(),
        selection: String::new(),
        deselected: Vec::new(),
        resumed: 0,
        ledger: Vec::new(),
        scenarios: scenarios.collect(),
        exchanges: Vec::new(),
    }
}
