//! Runs every check over its fixtures, and over answers that no honest server sends.
//! Not for single functions: a fixture is a response and what the check makes of it.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its own fixtures has failed"
)]

use plumbline_checks::{
    BodyState, Check, CheckResult, Expectation, Observed, Page, Paging, Reached, RequestFacts,
    Transport, Written, find, registry,
};
use plumbline_fhir::FhirVersion;
use plumbline_model::{FindingKind, Person};
use plumbline_prsb::Standard;
use plumbline_tree::{Limits, Tree};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    args: Vec<String>,
    request: Request,
    actor: Option<Person>,
    pages: Vec<StoredPage>,
    paging: StoredPaging,
    local_identifier: Option<String>,
    #[serde(default)]
    resource_id_known: Known,
    /// The version of FHIR that the target file names; 4.0.1 where the fixture says nothing.
    fhir_version: Option<String>,
    /// System and value of the practitioner or organisation in play.
    identifier: Option<(String, String)>,
    /// The id of what is in play, where it is no person.
    resource_id: Option<String>,
    /// A connection that was tried.
    transport: Option<StoredTransport>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTransport {
    tried: String,
    outcome: StoredReached,
    /// What came of the control, if it was not let in.
    control: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredReached {
    Accepted(String),
    Refused(String),
    Unclear(String),
}

fn transport(stored: &StoredTransport) -> Transport {
    Transport {
        tried: stored.tried.clone(),
        outcome: match &stored.outcome {
            StoredReached::Accepted(how) => Reached::Accepted { how: how.clone() },
            StoredReached::Refused(how) => Reached::Refused { how: how.clone() },
            StoredReached::Unclear(why) => Reached::Unclear { why: why.clone() },
        },
        control: stored.control.clone().map_or(Ok(()), Err),
    }
}

/// Whether the target's own id for the patient is known.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Known {
    #[default]
    Yes,
    No,
}

#[derive(Deserialize)]
struct Request {
    #[serde(rename = "type")]
    resource_type: String,
    params: Vec<(String, String)>,
    #[serde(default)]
    may_be_refused: bool,
}

#[derive(Deserialize)]
struct StoredPage {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Option<serde_json::Value>,
    raw: Option<String>,
    /// Whether the body, given here as JSON, came as XML.
    #[serde(default)]
    xml: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredPaging {
    NotFollowed,
    ReachedEnd,
    Stopped(String),
    LeftOff(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    verdict: String,
    observations: usize,
    path: Option<String>,
    message: Option<String>,
}

enum Body {
    Tree(Box<Tree>),
    Empty,
    NotJson(usize, String),
}

impl Body {
    fn read(text: &str) -> Self {
        if text.is_empty() {
            return Self::Empty;
        }
        match Tree::parse(text.as_bytes().to_vec(), &Limits::default()) {
            Ok(tree) => Self::Tree(Box::new(tree)),
            Err(error) => Self::NotJson(text.len(), error.to_string()),
        }
    }

    fn state(&self) -> BodyState<'_> {
        match self {
            Self::Tree(tree) => BodyState::Tree(tree),
            Self::Empty => BodyState::Empty,
            Self::NotJson(bytes, why) => BodyState::NotJson {
                bytes: *bytes,
                why: why.clone(),
            },
        }
    }
}

type Headers = Vec<(String, String)>;

/// A page as it is kept while checks look at it.
type Kept = (u16, Headers, Body, Written);

fn run(check: &Check, fixture: &Fixture, pages: &[Kept]) -> CheckResult {
    let observed = Observed {
        pages: pages
            .iter()
            .map(|(status, headers, body, written)| Page {
                status: *status,
                headers,
                body: body.state(),
                written: *written,
                veil: None,
            })
            .collect(),
        paging: match &fixture.paging {
            StoredPaging::NotFollowed => Paging::NotFollowed,
            StoredPaging::ReachedEnd => Paging::ReachedEnd,
            StoredPaging::Stopped(why) => Paging::Stopped { why: why.clone() },
            StoredPaging::LeftOff(why) => Paging::LeftOff { why: why.clone() },
        },
        request: RequestFacts {
            resource_type: &fixture.request.resource_type,
            params: &fixture.request.params,
            may_be_refused: fixture.request.may_be_refused,
        },
        transport: fixture.transport.as_ref().map(transport),
    };
    let person = fixture.actor.as_ref();
    let resource_id = person
        .map(|person| person.id.as_str())
        .filter(|_| fixture.resource_id_known == Known::Yes)
        .or(fixture.resource_id.as_deref());
    let expectation = Expectation {
        person,
        nhs_number: person.map(|person| person.identity.nhs_number.as_str()),
        local_identifier: fixture.local_identifier.as_deref(),
        resource_id,
        identifier: fixture
            .identifier
            .as_ref()
            .map(|(system, value)| (system.as_str(), value.as_str())),
        fhir_version: FhirVersion::from_text(fixture.fhir_version.as_deref().unwrap_or("4.0.1")),
        content: Some(standard()),
        args: fixture.args.clone(),
    };
    (check.run)(&observed, &expectation)
}

/// The content rules of the pack that has some.
fn standard() -> &'static Standard {
    static STANDARD: OnceLock<Standard> = OnceLock::new();
    STANDARD.get_or_init(|| {
        let folder = "../../profiles/transfer-of-care/prsb";
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            files.push((
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        Standard::read("edischarge", &files).unwrap()
    })
}

fn stored(fixture: &Fixture) -> Vec<Kept> {
    fixture
        .pages
        .iter()
        .map(|page| {
            let text = match (&page.body, &page.raw) {
                (_, Some(raw)) => raw.clone(),
                (Some(body), None) => serde_json::to_string_pretty(body).unwrap(),
                (None, None) => String::new(),
            };
            let headers = page.headers.clone().into_iter().collect();
            let written = if page.xml {
                Written::Xml
            } else {
                Written::Json
            };
            (page.status, headers, Body::read(&text), written)
        })
        .collect()
}

fn verdict(result: &CheckResult) -> &'static str {
    let any = |wanted: fn(FindingKind) -> bool| result.drafts.iter().any(|d| wanted(d.kind));
    if any(|kind| matches!(kind, FindingKind::Broken)) {
        "broken"
    } else if any(|kind| matches!(kind, FindingKind::Error(_))) {
        "error"
    } else if any(|kind| matches!(kind, FindingKind::Undecided(_))) || result.observations == 0 {
        "undecided"
    } else if any(|kind| matches!(kind, FindingKind::Review)) {
        "review"
    } else {
        "pass"
    }
}

fn folder(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(code)
}

fn fixtures(code: &str) -> BTreeMap<String, Fixture> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder(code)).unwrap_or_else(|_| panic!("no fixtures for {code}")) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "expected.toml" {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let fixture = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{code}/{name}: {e}"));
        found.insert(name, fixture);
    }
    found
}

#[test]
fn every_fixture_gives_what_is_expected() {
    let mut wrong = Vec::new();
    for check in registry() {
        let text = fs::read_to_string(folder(check.code).join("expected.toml")).unwrap();
        let expected: BTreeMap<String, Expected> = toml::from_str(&text).unwrap();
        let found = fixtures(check.code);
        let names: Vec<&String> = found.keys().collect();
        assert_eq!(names, expected.keys().collect::<Vec<_>>(), "{}", check.code);
        for kind in ["pass", "fail", "undecided"] {
            let any = names.iter().any(|name| name.starts_with(kind));
            assert!(any, "{} has no {kind} fixture", check.code);
        }
        for (name, fixture) in &found {
            let want = &expected[name];
            let prefix = match want.verdict.as_str() {
                "broken" => "fail",
                other => other,
            };
            assert!(name.starts_with(prefix), "{}/{name}", check.code);
            let got = run(check, fixture, &stored(fixture));
            let first = got.drafts.first();
            let at = first
                .map(|d| d.location.fhirpath.as_str())
                .unwrap_or_default();
            let message = first.map(|d| d.message.as_str()).unwrap_or_default();
            let same = verdict(&got) == want.verdict
                && got.observations == want.observations
                && want.path.as_deref().is_none_or(|path| at == path)
                && want
                    .message
                    .as_deref()
                    .is_none_or(|part| message.contains(part))
                && got.drafts.iter().all(|d| d.code.as_str() == check.code);
            if !same {
                wrong.push(format!(
                    "{}/{name}: {} with {} observations, {at}: {message}",
                    check.code,
                    verdict(&got),
                    got.observations
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixtures_exist_only_for_checks() {
    for entry in fs::read_dir(folder("")).unwrap() {
        let code = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(find(&code).is_some(), "fixtures for no check: {code}");
    }
}

#[test]
fn codes_are_unique_and_ordered() {
    let codes: Vec<&str> = registry().iter().map(|check| check.code).collect();
    let sorted: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(codes, sorted.into_iter().collect::<Vec<_>>());
}

#[test]
fn drafts_are_limited_and_a_broken_rule_is_never_dropped() {
    let check = find("RESULT-OTHER-PATIENT").unwrap();
    let fixture = &fixtures(check.code)["fail-other-behind-many.json"];
    let got = run(check, fixture, &stored(fixture));
    assert_eq!(got.drafts.len(), 21);
    assert_eq!(got.drafts.first().unwrap().kind, FindingKind::Broken);
    assert_eq!(got.drafts.last().unwrap().kind, FindingKind::Note);
}

/// Check, part of the hostile answer's name, and why passing is right.
const JUSTIFIED: &[(&str, &str, &str)] = &[
    (
        "HTTP-STATUS",
        "",
        "the status is what was asked for; the body is for other checks",
    ),
    (
        "FHIR-JSON",
        "typed",
        "the body is FHIR JSON by form; its content is for other checks",
    ),
    (
        "FHIR-TYPE",
        "capability",
        "the type is what was asked for; its content is for other checks",
    ),
    (
        "BUNDLE-ENTRY-TYPE",
        "patient-odd",
        "the record has the right type; its content is for other checks",
    ),
    (
        "PAGING-END",
        "typed",
        "a searchset without a next link that the runner says is the last",
    ),
    (
        "BUNDLE-SEARCHSET",
        "patient-odd",
        "the Bundle is sound; the record is for other checks",
    ),
    (
        "BUNDLE-SEARCHSET",
        "allergy-odd",
        "the Bundle is sound; the record is for other checks",
    ),
    (
        "BUNDLE-SEARCHSET",
        "next",
        "a next link does not change the form; paging is for other checks",
    ),
    (
        "BUNDLE-SEARCHSET",
        "no-entry",
        "a searchset without entries is how an empty result looks",
    ),
    (
        "BUNDLE-SEARCHSET",
        "total-zero",
        "a searchset without entries is how an empty result looks",
    ),
    (
        "BUNDLE-TOTAL",
        "total-zero",
        "the total agrees with what came; whether more should have come is for other checks",
    ),
    (
        "FHIR-JSON",
        "redirect",
        "errors are FHIR JSON too; the status is for other checks",
    ),
    (
        "FHIR-JSON",
        "error",
        "errors are FHIR JSON too; the status is for other checks",
    ),
    (
        "FHIR-BASE",
        "no-entry",
        "a searchset without entries is valid FHIR",
    ),
    (
        "FHIR-BASE",
        "total-zero",
        "a searchset without entries is valid FHIR",
    ),
    (
        "FHIR-BASE",
        "redirect",
        "the body is valid FHIR; the status is for other checks",
    ),
    (
        "HTTP-HEADER",
        "typed",
        "the answer has the form of what was asked for, and the header; its content is for other checks",
    ),
    (
        "HTTP-HEADER-CONTAINS",
        "",
        "the rule speaks of every answer, errors too; status and body are for other checks",
    ),
    (
        "NO-TRACE",
        "typed",
        "a searchset that gives nothing away; its form is for other checks",
    ),
    (
        "REFUSED",
        "redirect",
        "the step takes an answer that leads elsewhere; where it leads is not followed",
    ),
    (
        "REFUSED",
        "html",
        "status 500, where the step takes any failure; how a refusal is worded is for other checks",
    ),
    (
        "STRICT-TRANSPORT",
        "",
        "the rule speaks of every answer over TLS, errors too; status and body are for other checks",
    ),
    (
        "HTTP-COMPRESSED",
        "",
        "how the body came is what is looked at; what it says is for other checks",
    ),
    (
        "TLS-ACCEPTED",
        "",
        "the connection is what is looked at; there is no answer",
    ),
    (
        "TLS-REFUSED",
        "",
        "the connection is what is looked at; there is no answer",
    ),
    (
        "ELEMENT-ABSENT",
        "patient-odd",
        "the element is absent; the rest of the record is for other checks",
    ),
    (
        "RESOURCE-SHAPE",
        "patient-odd",
        "there is at most one of the element; the rest of the record is for other checks",
    ),
    (
        "RESULT-EMPTY",
        "no-entry",
        "a searchset without entries is how an empty result looks",
    ),
    (
        "RESULT-EMPTY",
        "total-zero",
        "a searchset without entries is how an empty result looks",
    ),
];

const HOSTILE: &[(&str, u16, &str)] = &[
    ("html", 500, "<html><body>no</body></html>"),
    ("html", 200, "<html>"),
    ("empty", 200, ""),
    ("empty", 204, ""),
    ("null", 200, "null"),
    ("array", 200, "[]"),
    ("string", 200, "\"x\""),
    ("number", 200, "1e999"),
    ("object", 200, "{}"),
    ("odd", 200, r#"{"resourceType":5}"#),
    (
        "odd",
        200,
        r#"{"resourceType":["Bundle"],"type":"searchset"}"#,
    ),
    ("odd", 200, r#"{"resourceType":""}"#),
    (
        "typed entry-object",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","entry":{"resource":{}}}"#,
    ),
    (
        "typed entry-null",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","entry":null}"#,
    ),
    (
        "typed entries-odd",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","entry":[null,1,"x",[],{}]}"#,
    ),
    (
        "typed resources-odd",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":null},{"resource":[]},{"resource":{"resourceType":7}}]}"#,
    ),
    (
        "typed patient-odd",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient","id":1,"identifier":5,"name":"x","gender":{},"birthDate":7,"address":"x"}}]}"#,
    ),
    (
        "typed allergy-odd",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"AllergyIntolerance","clinicalStatus":[],"code":"x","patient":3}}]}"#,
    ),
    (
        "typed record-odd",
        200,
        r##"{"resourceType":"Bundle","type":"searchset","total":[],"entry":[{"fullUrl":5,"resource":{"resourceType":"MedicationRequest","id":[],"status":[],"medicationReference":"#x","contained":{},"subject":3,"authoredOn":{},"meta":{"lastUpdated":7},"period":{"start":[],"end":5},"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":[]},"code":{"coding":[{"system":"http://snomed.info/sct","code":{}}]}}}]}"##,
    ),
    (
        "typed total-zero",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","total":0}"#,
    ),
    ("redirect", 302, ""),
    (
        "redirect",
        302,
        r#"{"resourceType":"Bundle","type":"searchset","total":0}"#,
    ),
    ("error", 500, r#"{"resourceType":"CapabilityStatement"}"#),
    (
        "typed type-odd",
        200,
        r#"{"resourceType":"Bundle","type":["searchset"]}"#,
    ),
    (
        "typed no-entry",
        200,
        r#"{"resourceType":"Bundle","type":"searchset"}"#,
    ),
    (
        "typed total-odd",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","total":{}}"#,
    ),
    (
        "typed link-odd",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","link":"next"}"#,
    ),
    (
        "typed next",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next"}]}"#,
    ),
    (
        "twice",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","total":0,"total":1}"#,
    ),
    (
        "typed capability-odd",
        200,
        r#"{"resourceType":"CapabilityStatement","kind":[],"fhirVersion":4,"instantiates":{},"rest":"x"}"#,
    ),
    (
        "typed outcome",
        200,
        r#"{"resourceType":"OperationOutcome"}"#,
    ),
    (
        "typed outcome-odd",
        200,
        r#"{"resourceType":"OperationOutcome","issue":[1,{"severity":"bad","code":[]}]}"#,
    ),
    (
        "truncated",
        200,
        r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resou"#,
    ),
];

#[test]
fn no_hostile_answer_passes() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for check in registry() {
        for (file, fixture) in fixtures(check.code) {
            if !file.starts_with("pass") {
                continue;
            }
            // The headers are those of the good answer: nothing may pass for its headers alone.
            let mut headers: Headers = stored(&fixture)
                .into_iter()
                .next()
                .map(|page| page.1)
                .unwrap_or_default();
            headers.retain(|(name, _)| name != "content-type");
            headers.push((
                "content-type".to_owned(),
                "application/fhir+json".to_owned(),
            ));
            for (name, status, text) in HOSTILE {
                let pages = [(*status, headers.clone(), Body::read(text), Written::Json)];
                let got = run(check, &fixture, &pages);
                if verdict(&got) != "pass" {
                    continue;
                }
                let reason = JUSTIFIED
                    .iter()
                    .position(|(code, part, _)| *code == check.code && name.contains(part));
                match reason {
                    Some(at) => {
                        used.insert(at);
                    }
                    None => wrong.push(format!("{}/{file}: {name} {text}", check.code)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these pass:\n{}", wrong.join("\n"));
    assert_eq!(
        used.len(),
        JUSTIFIED.len(),
        "a justified pass does not occur any more"
    );
}

#[test]
fn checks_survive_any_arguments() {
    for check in registry() {
        for (_, fixture) in fixtures(check.code) {
            for args in [
                &[][..],
                &["", ""],
                &["\u{e9}", "identifier.", "."],
                &["exactly-one", ".x"],
            ] {
                let odd = Fixture {
                    args: args.iter().map(|arg| (*arg).to_owned()).collect(),
                    actor: None,
                    local_identifier: Some("|".to_owned()),
                    resource_id_known: Known::No,
                    ..Fixture::copy(&fixture)
                };
                let got = run(check, &odd, &stored(&fixture));
                assert!(got.drafts.len() <= 21);
            }
        }
    }
}

impl Fixture {
    /// The request and paging of another fixture, without its pages.
    fn copy(other: &Self) -> Self {
        Self {
            args: Vec::new(),
            request: Request {
                resource_type: other.request.resource_type.clone(),
                params: other.request.params.clone(),
                may_be_refused: other.request.may_be_refused,
            },
            actor: None,
            pages: Vec::new(),
            paging: match &other.paging {
                StoredPaging::NotFollowed => StoredPaging::NotFollowed,
                StoredPaging::ReachedEnd => StoredPaging::ReachedEnd,
                StoredPaging::Stopped(why) => StoredPaging::Stopped(why.clone()),
                StoredPaging::LeftOff(why) => StoredPaging::LeftOff(why.clone()),
            },
            local_identifier: None,
            resource_id_known: Known::Yes,
            fhir_version: None,
            identifier: None,
            resource_id: None,
            transport: None,
        }
    }
}
