//! Checks each body against the base specification of FHIR, and makes of what is found something that may be
//! stored. Not for verdicts: only a step that asks for valid FHIR judges it, with a check of its own.

use plumbline_checks::{other_version, saying};
use plumbline_fhir::definitions::Shape;
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{Assurance, Definitions, FhirVersion, Issue, Options, Outcome};
use plumbline_model::validity::element;
use plumbline_model::{
    BodyCheck, BodyIssue, CheckedBody, CodeChecks, Environment, FindingCode, IssueSeverity, Part,
    Shown, Unchecked, ValueKind,
};
use plumbline_redact::Policy;
use plumbline_tree::Tree;
use plumbline_validator::{Judged, ProfileCheck, Validator, Validators};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

/// Bodies above this size are checked away from the scheduler's thread.
const CHECK_ELSEWHERE: usize = 64 * 1024;
/// How many findings of each severity are looked at in one body; more are counted.
const MOST_FINDINGS: usize = 1_000;
/// How many issues of one body are kept.
const MOST_ISSUES: usize = 50;
/// How many profiles of one body are named.
const MOST_PROFILES: usize = 50;
/// How many results are kept to be shared, and how many texts.
const MOST_KEPT: usize = 1_000;

/// Checks the bodies of one run.
#[derive(Debug)]
pub(crate) struct Validity {
    /// None if there are no definitions of what the target file names.
    version: Option<FhirVersion>,
    environment: Environment,
    validators: Arc<Validators>,
    names: OnceCell<HashSet<&'static str>>,
    /// Results so far: most bodies are like others.
    results: RefCell<HashSet<Arc<CheckedBody>>>,
    /// Texts after the second net, by what they were.
    texts: RefCell<HashMap<String, String>>,
}

impl Validity {
    /// For targets that speak this version of FHIR.
    pub fn new(fhir_version: &str, environment: Environment, validators: Arc<Validators>) -> Self {
        Self {
            version: FhirVersion::from_text(fhir_version),
            environment,
            validators,
            names: OnceCell::new(),
            results: RefCell::default(),
            texts: RefCell::default(),
        }
    }

    /// The version that is checked against; none if there are no definitions.
    pub fn version(&self) -> Option<FhirVersion> {
        self.version
    }

    /// Checks a body, as it was received: against the version that its media type names, where it
    /// names one.
    pub async fn check(
        &self,
        tree: &Arc<Tree>,
        policy: &Policy,
        named: Option<FhirVersion>,
    ) -> BodyCheck {
        let Some(version) = named.or(self.version) else {
            return BodyCheck::not(Unchecked::NoDefinitions);
        };
        if other_version(tree.root(), version).is_some() {
            return BodyCheck::not(Unchecked::OtherVersion);
        }
        let outcome = if tree.source().len() > CHECK_ELSEWHERE {
            let tree = Arc::clone(tree);
            let validators = Arc::clone(&self.validators);
            let work = tokio::task::spawn_blocking(move || outcome(&tree, validators.of(version)));
            work.await.ok().flatten()
        } else {
            outcome(tree, self.validators.of(version))
        };
        match outcome {
            Some(outcome) => {
                BodyCheck::Checked(self.shared(self.checked(&outcome, policy, version)))
            }
            None => BodyCheck::not(Unchecked::Fault),
        }
    }

    fn shared(&self, body: CheckedBody) -> Arc<CheckedBody> {
        let mut results = self.results.borrow_mut();
        if let Some(known) = results.get(&body) {
            return Arc::clone(known);
        }
        if results.len() == MOST_KEPT {
            results.clear();
        }
        let body = Arc::new(body);
        results.insert(Arc::clone(&body));
        body
    }

    fn checked(&self, judged: &Judged, policy: &Policy, version: FhirVersion) -> CheckedBody {
        let (checked, not_checked): (Vec<_>, Vec<_>) =
            judged.profiles.iter().partition(|it| it.reason().is_none());
        let (profiles_checked, more_checked) = self.addresses(&checked, policy);
        let (profiles_not_checked, more) = self.addresses(&not_checked, policy);
        let outcome = &judged.outcome;
        CheckedBody {
            version: version.number().to_owned(),
            errors: outcome.counts.errors,
            warnings: outcome.counts.warnings,
            information: outcome.counts.information,
            issues: self.issues(&outcome.issues, policy),
            codes: codes(outcome),
            profiles_checked,
            profiles_not_checked,
            unlisted_profiles: (more_checked + more) as u64,
        }
    }

    /// The addresses of profiles, as many as are listed, and how many more there are.
    fn addresses(&self, all: &[&ProfileCheck], policy: &Policy) -> (Vec<String>, usize) {
        let urls: BTreeSet<&str> = all.iter().map(|it| it.url.as_str()).collect();
        let shown = urls.iter().take(MOST_PROFILES);
        let shown: BTreeSet<String> = shown
            .map(|url| self.value(ValueKind::Uri, url, policy))
            .collect();
        let more = urls.len().saturating_sub(MOST_PROFILES);
        (shown.into_iter().collect(), more)
    }

    /// Findings of one rule about one element become one issue; the gravest come first.
    fn issues(&self, all: &[Issue], policy: &Policy) -> Vec<BodyIssue> {
        let mut places: HashMap<(&str, String), usize> = HashMap::new();
        let mut found: Vec<(&Issue, u64)> = Vec::new();
        for issue in all {
            let at = *places
                .entry((&*issue.code, element(&issue.path)))
                .or_insert(found.len());
            match found.get_mut(at) {
                Some((_, times)) => *times += 1,
                None => found.push((issue, 1)),
            }
        }
        found.sort_by_key(|(issue, _)| issue.severity);
        found
            .into_iter()
            .take(MOST_ISSUES)
            .map(|(issue, times)| BodyIssue {
                code: FindingCode::from(&*issue.code),
                severity: match issue.severity {
                    Severity::Error => IssueSeverity::Error,
                    Severity::Warning => IssueSeverity::Warning,
                    Severity::Information => IssueSeverity::Information,
                },
                times,
                fhirpath: self.place(&issue.path, policy),
                line: issue.line,
                column: issue.column,
                message: self.message(issue, policy),
            })
            .collect()
    }

    fn message(&self, issue: &Issue, policy: &Policy) -> String {
        let parts = saying(issue).0.into_iter();
        let text: String = parts
            .map(|part| match part {
                Part::Ours(text) => text,
                Part::Theirs {
                    kind: ValueKind::Protocol,
                    value,
                } => self.name(&value, policy),
                Part::Theirs { kind, value } => self.value(kind, &value, policy),
            })
            .collect();
        self.netted(text, policy)
    }

    /// A place, with names that are not FHIR's replaced.
    fn place(&self, path: &str, policy: &Policy) -> String {
        let steps: Vec<String> = path
            .split('.')
            .map(|step| {
                let (name, index) = step.split_at(step.find('[').unwrap_or(step.len()));
                let chosen = name
                    .strip_prefix("ofType(")
                    .and_then(|rest| rest.strip_suffix(')'));
                match chosen {
                    Some(chosen) => format!("ofType({}){index}", self.name(chosen, policy)),
                    None => format!("{}{index}", self.name(name, policy)),
                }
            })
            .collect();
        steps.join(".")
    }

    /// A name of an element or type: FHIR's own may always be seen, others where all people are synthetic.
    fn name(&self, name: &str, policy: &Policy) -> String {
        let is_fhir = name == "$" || self.names().contains(name);
        if is_fhir || (self.environment.shows_synthetic_people() && self.is_clean(name, policy)) {
            return name.to_owned();
        }
        "{element}".to_owned()
    }

    fn is_clean(&self, text: &str, policy: &Policy) -> bool {
        self.netted(text.to_owned(), policy) == text
    }

    fn value(&self, kind: ValueKind, value: &str, policy: &Policy) -> String {
        let shown = policy.shown(&Shown::default().value(kind, value));
        self.netted(shown, policy)
    }

    /// The text after the second net.
    fn netted(&self, text: String, policy: &Policy) -> String {
        let mut texts = self.texts.borrow_mut();
        if let Some(known) = texts.get(&text) {
            return known.clone();
        }
        if texts.len() == MOST_KEPT {
            texts.clear();
        }
        let netted = policy.second_net(&text);
        texts.insert(text, netted.clone());
        netted
    }

    /// The names of all types and elements of the version.
    fn names(&self) -> &HashSet<&'static str> {
        self.names
            .get_or_init(|| self.version.map(names).unwrap_or_default())
    }
}

/// None if the validator failed.
fn outcome(tree: &Tree, validator: &Validator) -> Option<Judged> {
    let options = Options {
        most_issues: MOST_FINDINGS,
        ..Options::default()
    };
    let work = || validator.judge(tree, &[], &options);
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn codes(outcome: &Outcome) -> CodeChecks {
    let mut codes = CodeChecks::default();
    for check in &outcome.coded {
        match &check.assurance {
            Assurance::Checked { .. } => codes.checked += check.count,
            Assurance::SyntaxOnly => codes.form_only += check.count,
            Assurance::NotChecked(reason) => {
                *codes.not_checked.entry(reason.clone()).or_default() += check.count;
            }
        }
    }
    codes
}

fn names(version: FhirVersion) -> HashSet<&'static str> {
    let mut names = HashSet::new();
    for it in Definitions::of(version).types() {
        names.insert(it.name());
        add(it.shape(), &mut HashSet::new(), &mut names);
    }
    names
}

/// Adds the names of a shape and of what is inside its elements.
fn add(shape: Shape<'_>, seen: &mut HashSet<usize>, names: &mut HashSet<&'static str>) {
    for it in shape.children() {
        names.insert(it.stem());
        names.insert(it.name());
        if let Some(inner) = it.inline_shape()
            && seen.insert(it.number())
        {
            add(inner, seen, names);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_redact::KnownValue;
    use plumbline_tree::Limits;

    fn policy(environment: Environment) -> Policy {
        let known = vec![KnownValue {
            value: "Canaryson".to_owned(),
            label: "family of a vendor's own patient".to_owned(),
            synthetic: false,
        }];
        Policy::new(environment, known).with_secrets(vec!["canarysecret".to_owned()])
    }

    fn check(body: &str, version: &str, environment: Environment) -> BodyCheck {
        let tree = Arc::new(Tree::parse(body.as_bytes().to_vec(), &Limits::default()).unwrap());
        let validity = Validity::new(version, environment, Arc::default());
        let policy = policy(environment);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(validity.check(&tree, &policy, None))
    }

    fn body(text: &str, environment: Environment) -> Arc<CheckedBody> {
        match check(text, "4.0.1", environment) {
            BodyCheck::Checked(body) => body,
            BodyCheck::NotChecked { reason } => panic!("{reason}"),
        }
    }

    #[test]
    fn findings_of_one_rule_about_one_element_are_one_issue() {
        let link = "{\"type\":\"seealso\"},".repeat(30);
        let text = format!(
            "{{\"resourceType\":\"Patient\",\"name\":[{{\"text\":\" \"}}],\"link\":[{}],\"gender\":\"x\"}}",
            link.trim_end_matches(',')
        );
        let body = body(&text, Environment::Mock);
        assert_eq!((body.errors, body.warnings), (31, 1));
        assert_eq!(body.unlisted(), 0);
        let issues: Vec<(&str, u64, String)> = body
            .issues
            .iter()
            .map(|it| (it.code.as_str(), it.times, it.element()))
            .collect();
        let issue = |code, times, at: &str| (code, times, at.to_owned());
        assert_eq!(
            issues,
            [
                issue("FHIR-MIN", 30, "Patient.link.other"),
                issue("FHIR-BINDING", 1, "Patient.gender"),
                issue("FHIR-STRING-BLANK", 1, "Patient.name.text"),
            ]
        );
        assert_eq!(body.issues[0].fhirpath, "Patient.link[0].other");
        assert_eq!(body.issues[0].line, Some(1));
    }

    #[test]
    fn issues_are_bounded_and_the_rest_is_counted() {
        use std::fmt::Write as _;
        let mut text = "{\"resourceType\":\"Patient\"".to_owned();
        for number in 0..2_000 {
            write!(text, ",\"odd{number}\":1").unwrap();
        }
        text.push('}');
        let body = body(&text, Environment::Mock);
        assert_eq!(body.errors, 2_000);
        assert_eq!(body.issues.len(), MOST_ISSUES);
        assert_eq!(body.unlisted(), 2_000 - MOST_ISSUES as u64);
    }

    #[test]
    fn names_of_others_and_addresses_show_only_where_people_are_synthetic() {
        let text = r#"{"resourceType":"Patient","mothersName":"x","meta":{"profile":
            ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient","https://vendor.example/p"]}}"#;
        let seen = body(text, Environment::Sandbox);
        assert_eq!(seen.issues[0].fhirpath, "Patient.mothersName");
        assert!(seen.issues[0].message.contains("no element mothersName"));
        let hidden = body(text, Environment::Live);
        assert_eq!(hidden.issues[0].fhirpath, "Patient.{element}");
        assert_eq!(hidden.issues[0].message, "Patient has no element {element}");
        assert_eq!(
            hidden.profiles_not_checked,
            [
                "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient",
                "{uri}"
            ]
        );
    }

    #[test]
    fn nothing_of_the_body_is_stored() {
        let bodies = [
            r#"{"resourceType":"Canaryson"}"#,
            r#"{"resourceType":"Patient","Canaryson":1,"gender":"Canaryson","birthDate":"Canaryson","language":"canarysecret"}"#,
            r#"{"resourceType":"Patient","meta":{"profile":["https://x.example/Canaryson","canarysecret"]},"maritalStatus":{"coding":[{"system":"Canaryson","code":"canarysecret"}]}}"#,
            r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><Canaryson canarysecret='1'/><p>x</Canaryson></div>"}}"#,
            r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><Canaryson canarysecret='1'/><p canarysecret='1'>x</p></div>"}}"#,
        ];
        let environments = [
            Environment::Mock,
            Environment::Sandbox,
            Environment::Integration,
            Environment::Live,
        ];
        for environment in environments {
            for text in bodies {
                let body = body(text, environment);
                assert!(body.errors > 0 || !body.profiles_not_checked.is_empty());
                let stored = serde_json::to_string(&*body).unwrap().to_lowercase();
                assert!(!stored.contains("canary"), "{environment}: {stored}");
            }
        }
        // Where people are synthetic, a longer name may be seen.
        let glued = r#"{"resourceType":"Patient","deceasedCanaryson":1,"nameOfCanaryson":1}"#;
        let stored = serde_json::to_string(&*body(glued, Environment::Live)).unwrap();
        assert!(!stored.contains("Canary"), "{stored}");
    }

    #[test]
    fn what_cannot_be_checked_says_so() {
        let statement = r#"{"resourceType":"CapabilityStatement","fhirVersion":"3.0.2"}"#;
        let other = BodyCheck::not(Unchecked::OtherVersion);
        assert_eq!(check(statement, "4.0.1", Environment::Mock), other);
        assert!(
            check(statement, "3.0.2", Environment::Mock)
                .checked()
                .is_some()
        );
        let none = BodyCheck::not(Unchecked::NoDefinitions);
        assert_eq!(check("{}", "5.0.0", Environment::Mock), none);
    }

    #[test]
    fn codes_are_counted_by_how_far_they_were_checked() {
        let text = r#"{"resourceType":"AllergyIntolerance","language":"en-GB","category":["medication"],
            "code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005"},
            {"system":"https://riverside.example/codes","code":"x"}]},
            "patient":{"reference":"Patient/1"}}"#;
        let codes = body(text, Environment::Mock).codes.clone();
        assert!(codes.checked >= 1 && codes.form_only >= 1, "{codes:?}");
        assert!(codes.unchecked() >= 1, "{codes:?}");
    }

    #[test]
    fn equal_results_are_one() {
        let validity = Validity::new("4.0.1", Environment::Mock, Arc::default());
        let one = validity.shared(CheckedBody::default());
        let other = validity.shared(CheckedBody::default());
        assert!(Arc::ptr_eq(&one, &other));
    }
}
