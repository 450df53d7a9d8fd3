//! What an issue of the FHIR validator says, in parts that redaction can judge: our own words, codes, names.
//! Not for finding issues, and not for what of them may be stored.

use plumbline_fhir::Issue;
use plumbline_model::{Shown, ValueKind};
use plumbline_validator::rule;

/// Rules whose messages hold only our words and those of the specification, in order. A rule that is not here
/// is told in general words, so that a new one gives nothing away.
const OURS: &[&str] = &[
    "FHIR-BASE64",
    "FHIR-BINDING-NO-CODE",
    "FHIR-BOOLEAN",
    "FHIR-CANONICAL-RELATIVE",
    "FHIR-CHOICE-MANY",
    "FHIR-CODE",
    "FHIR-CONTAINED-DUPLICATE",
    "FHIR-CONTAINED-ID",
    "FHIR-CONTAINED-MISSING",
    "FHIR-CONTAINED-NESTED",
    "FHIR-CONTAINED-UNUSED",
    "FHIR-DATE",
    "FHIR-DATETIME",
    "FHIR-DECIMAL",
    "FHIR-ELEMENT-ID",
    "FHIR-EMPTY",
    "FHIR-EXTENSION-CONTENT",
    "FHIR-EXTENSION-URL",
    "FHIR-ID",
    "FHIR-INSTANT",
    "FHIR-INTEGER",
    "FHIR-JSON-ALIGN",
    "FHIR-JSON-ARRAY",
    "FHIR-JSON-DUPLICATE",
    "FHIR-JSON-EMPTY-ARRAY",
    "FHIR-JSON-KIND",
    "FHIR-JSON-NOT-ARRAY",
    "FHIR-JSON-NULL",
    "FHIR-JSON-UNDERSCORE",
    "FHIR-MAX",
    "FHIR-MIN",
    "FHIR-MODIFIER-EXTENSION",
    "FHIR-NO-RESOURCE-TYPE",
    "FHIR-OID",
    "FHIR-REFERENCE-FORM",
    "FHIR-REFERENCE-TARGET",
    "FHIR-REFERENCE-TYPE",
    "FHIR-RESOURCE",
    "FHIR-STRING-BLANK",
    "FHIR-STRING-CONTROL",
    "FHIR-STRING-EMPTY",
    "FHIR-STRING-LENGTH",
    "FHIR-SYSTEM",
    "FHIR-TIME",
    "FHIR-TOO-DEEP",
    "FHIR-URI",
    "FHIR-URI-CASE",
    "FHIR-UUID",
    "FHIR-XHTML-EMPTY",
    "FHIR-XHTML-ROOT",
];

/// Rules of profiles whose messages hold only our words and those of the profile, in order. Profiles are those of the
/// pack and of HL7: a run loads no others.
const OF_PROFILES: &[&str] = &[
    "FHIR-PROFILE-AGGREGATION",
    "FHIR-PROFILE-GREATEST",
    "FHIR-PROFILE-LEAST",
    "FHIR-PROFILE-LENGTH",
    "FHIR-PROFILE-MAX",
    "FHIR-PROFILE-MIN",
    "FHIR-PROFILE-NOT-ALLOWED",
    "FHIR-PROFILE-VALUE-MISSING",
    "FHIR-SLICE-AT-END",
    "FHIR-SLICE-CLOSED",
    "FHIR-SLICE-MAX",
    "FHIR-SLICE-MIN",
    "FHIR-SLICE-NOT-ALLOWED",
    "FHIR-SLICE-ORDER",
];

/// A rule whose message holds one value of the body, after the text `before`.
struct Holds {
    code: &'static str,
    kind: ValueKind,
    before: &'static str,
    /// What is wrong, without the value.
    general: &'static str,
}

const fn holds(
    code: &'static str,
    kind: ValueKind,
    before: &'static str,
    general: &'static str,
) -> Holds {
    Holds {
        code,
        kind,
        before,
        general,
    }
}

const NOT_IN_SET: &str = "a code is not in the value set of its element";

const HOLDING: &[Holds] = &[
    holds("FHIR-BINDING", ValueKind::Code, "the code ", NOT_IN_SET),
    holds(
        "FHIR-BINDING-EXTENSIBLE",
        ValueKind::Code,
        "the code ",
        NOT_IN_SET,
    ),
    holds(
        "FHIR-BINDING-FORM",
        ValueKind::Code,
        "the code ",
        "a code does not have the form that its element asks for",
    ),
    holds(
        "FHIR-CHOICE-TYPE",
        ValueKind::Protocol,
        "",
        "an element has a type that it may not have",
    ),
    holds(
        "FHIR-UNKNOWN-ELEMENT",
        ValueKind::Protocol,
        " has no element ",
        "there is an element that FHIR does not define",
    ),
    holds(
        "FHIR-UNKNOWN-RESOURCE",
        ValueKind::Protocol,
        "",
        "the type of a resource is none of this version of FHIR",
    ),
    holds(
        "FHIR-XHTML-ATTRIBUTE",
        ValueKind::Protocol,
        "narrative must not have the attribute ",
        "the narrative has an attribute that is not allowed",
    ),
    holds(
        "FHIR-XHTML-ELEMENT",
        ValueKind::Protocol,
        "narrative must not have the element ",
        "the narrative has an element that is not allowed",
    ),
];

fn holding(issue: &Issue) -> Option<&'static Holds> {
    HOLDING.iter().find(|it| it.code == issue.code)
}

/// What the code of an invariant begins with. Its message names an element, its key and what it asks for, and what is
/// expected is its expression: all of the specification.
const INVARIANT: &str = "FHIR-INVARIANT-";

fn is_ours(issue: &Issue) -> bool {
    // Those of profiles have no rule of their own; their messages are made of the profile alone.
    let is_known = rule(&issue.code).is_some() || issue.message.starts_with("the condition ");
    let is_invariant = issue.code.starts_with(INVARIANT) && is_known;
    let lists = [OURS, OF_PROFILES];
    is_invariant
        || lists
            .iter()
            .any(|it| it.binary_search(&&*issue.code).is_ok())
}

/// The value of the body that the issue names: a code, or the name of an element or type.
fn value(issue: &Issue, kind: ValueKind) -> &str {
    match kind {
        ValueKind::Code => {
            let rest = issue.actual.strip_prefix("the code ").unwrap_or_default();
            rest.split(' ').next().unwrap_or_default()
        }
        _ => &issue.actual,
    }
}

/// What the issue says. A code is marked as one, and a name that FHIR may not know as [`ValueKind::Protocol`].
pub fn saying(issue: &Issue) -> Shown {
    if is_ours(issue) {
        return Shown::ours(issue.message.clone());
    }
    let Some(of) = holding(issue) else {
        return Shown::ours(general(issue));
    };
    let value = value(issue, of.kind);
    // The text before the value is ours, and nothing of the body stands before it.
    let parts = issue
        .message
        .find(of.before)
        .map(|at| issue.message.split_at(at + of.before.len()))
        .and_then(|(before, rest)| Some((before, rest.strip_prefix(value)?)));
    match parts {
        Some((before, after)) if !value.is_empty() => {
            Shown::ours(before).value(of.kind, value).and(after)
        }
        _ if issue.message.starts_with("this code ")
            || issue.message.starts_with("each of the codes ") =>
        {
            Shown::ours(issue.message.clone())
        }
        _ => Shown::ours(general(issue)),
    }
}

/// The same without a value of the body, for a sentence of our own.
pub(crate) fn general(issue: &Issue) -> String {
    match holding(issue) {
        Some(of) => of.general.to_owned(),
        None if is_ours(issue) => issue.message.clone(),
        None => rule(&issue.code).map_or_else(
            || "a rule of FHIR or of a profile is broken".to_owned(),
            |rule| {
                format!(
                    "this rule is broken: {}",
                    rule.meaning.trim_end_matches('.')
                )
            },
        ),
    }
}

/// What the specification asks for there.
pub(crate) fn expected(issue: &Issue) -> Shown {
    if is_ours(issue) || holding(issue).is_some() {
        return Shown::ours(issue.expected.clone());
    }
    Shown::ours(rule(&issue.code).map_or("what the specification defines", |rule| rule.meaning))
}

/// What there is.
pub(crate) fn actual(issue: &Issue) -> Shown {
    if is_ours(issue) {
        return Shown::ours(issue.actual.clone());
    }
    let found = holding(issue).map(|of| (of.kind, value(issue, of.kind)));
    match found {
        Some((kind, value)) if !value.is_empty() => Shown::default().value(kind, value),
        _ => Shown::ours("something else"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_fhir::{FhirVersion, Options, rules};
    use plumbline_model::Part;
    use plumbline_tree::{Limits, Tree};
    use plumbline_validator::{Library, Validator};
    use std::sync::LazyLock;

    static VALIDATOR: LazyLock<Validator> =
        LazyLock::new(|| Validator::new(Library::new(FhirVersion::R4)));

    fn issues(body: &str) -> Vec<Issue> {
        let tree = Tree::parse(body.as_bytes().to_vec(), &Limits::default()).expect("JSON");
        VALIDATOR.validate(&tree, &[], &Options::default()).issues
    }

    fn parts(body: &str) -> Vec<Part> {
        let found = issues(body);
        assert_eq!(found.len(), 1, "{found:?}");
        saying(&found[0]).0
    }

    fn theirs(kind: ValueKind, value: &str) -> Part {
        let value = value.to_owned();
        Part::Theirs { kind, value }
    }

    #[test]
    fn the_rules_that_are_named_exist_and_stand_in_one_list() {
        for pair in OURS.windows(2).chain(OF_PROFILES.windows(2)) {
            assert!(pair[0] < pair[1], "{} {}", pair[0], pair[1]);
        }
        for code in OURS.iter().chain(OF_PROFILES) {
            assert!(rule(code).is_some(), "{code}");
            assert!(HOLDING.iter().all(|it| it.code != *code), "{code}");
        }
        for it in HOLDING {
            assert!(rule(it.code).is_some(), "{}", it.code);
        }
    }

    #[test]
    fn what_the_body_says_is_marked_as_theirs() {
        // Each name is also a part of our own words, so that a careless search finds the wrong place.
        let found = parts(r#"{"resourceType":"Patient","gender":"code"}"#);
        assert_eq!(found[1], theirs(ValueKind::Code, "code"));
        let found = parts(r#"{"resourceType":"Patient","Pat":"x"}"#);
        assert_eq!(found[0], Part::Ours("Patient has no element ".to_owned()));
        assert_eq!(found[1], theirs(ValueKind::Protocol, "Pat"));
        let found = parts(r#"{"resourceType":"R"}"#);
        assert_eq!(found[1], theirs(ValueKind::Protocol, "R"));
        let found = parts(r#"{"resourceType":"Patient","deceasedString":"x"}"#);
        assert_eq!(found[1], theirs(ValueKind::Protocol, "deceasedString"));
        let div = |inside: &str| {
            format!(
                r#"{{"resourceType":"Patient","text":{{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>{inside}</div>"}}}}"#
            )
        };
        let found = parts(&div("<not>x</not>"));
        assert_eq!(found[1], theirs(ValueKind::Protocol, "not"));
        let found = parts(&div("<p have='1'>x</p>"));
        assert_eq!(found[1], theirs(ValueKind::Protocol, "have"));
    }

    #[test]
    fn an_invariant_is_told_in_the_words_of_the_specification() {
        let found = issues(r#"{"resourceType":"Patient","contact":[{"gender":"female"}]}"#);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "FHIR-INVARIANT-pat-1");
        let Part::Ours(text) = &saying(&found[0]).0[0] else {
            panic!("{found:?}");
        };
        assert!(text.contains("pat-1") && text.contains("Patient.contact"));
        assert_eq!(expected(&found[0]), Shown::ours(found[0].expected.clone()));
        // A code that no invariant has is told in general words.
        let mut other = found[0].clone();
        other.code = "FHIR-INVARIANT-none-1".into();
        other.message = "something of the body".to_owned();
        assert!(!general(&other).contains("pat-1"));
    }

    /// Every text of a body that validation could repeat is the canary.
    #[test]
    fn our_own_words_hold_nothing_of_the_body() {
        let bodies = [
            r#"{"resourceType":"Patient","contact":[{"id":"Canary"}],"telecom":[{"value":"Canary"}],"name":[{"text":"Canary","period":{"start":"2020","end":"2019"}}]}"#,
            r#"{"resourceType":"Canary"}"#,
            r#"{"resourceType":"Observation","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/bp"]},"status":"Canary","code":{"text":"Canary"},"subject":{"reference":"Canary/1","display":"Canary"},"valueString":"Canary","component":[{"code":{"coding":[{"system":"Canary","code":"Canary"}]},"valueString":"Canary"}],"extension":[{"url":"http://canary.example/Canary","valueString":"Canary"}],"modifierExtension":[{"url":"http://canary.example/Canary","valueString":"Canary"}]}"#,
            r#"{"resourceType":"Bundle","type":"document","entry":[{"fullUrl":"Canary","resource":{"resourceType":"Patient","id":"Canary","generalPractitioner":[{"reference":"Organization/Canary"}]}}]}"#,
            r#"{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"Canary","type":"choice","text":"Canary"},{"linkId":"Canary","type":"group"}]}"#,
            r#"{"resourceType":"Patient","Canary":1,"gender":"Canary","birthDate":"Canary","id":"Canary!","language":"Canary Canary"}"#,
            r##"{"resourceType":"Patient","deceasedCanary":true,"link":[{"Canary":2}],"managingOrganization":{"reference":"Canary","type":"Canary"},"generalPractitioner":[{"reference":"#Canary"}]}"##,
            r#"{"resourceType":"Patient","text":{"status":"Canary","div":"<div xmlns='http://www.w3.org/1999/xhtml'><Canary Canary='Canary'/><p Canary='x'>Canary</p></div>"}}"#,
            r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><p>x</Canary></div>"}}"#,
            r#"{"resourceType":"Patient","text":{"status":"generated","div":"<Canary xmlns='Canary'>&Canary;</Canary>"},"maritalStatus":{"coding":[{"system":"Canary","code":"Canary"}]}}"#,
            r#"{"resourceType":"Patient","extension":[{"url":"Canary","valueCanary":1}],"telecom":[{"system":"Canary","value":"Canary"}],"photo":[{"data":"Canary!","url":"Can ary","size":"Canary"}]}"#,
        ];
        let mut seen = 0;
        for body in bodies {
            for issue in issues(body) {
                seen += 1;
                let all = [saying(&issue), expected(&issue), actual(&issue)];
                for part in all.into_iter().flat_map(|shown| shown.0) {
                    if let Part::Ours(text) = part {
                        assert!(!text.contains("Canary"), "{}: {text}", issue.code);
                    }
                }
                assert!(!general(&issue).contains("Canary"), "{}", issue.code);
            }
        }
        assert!(seen > 15, "the bodies are wrong in many ways: {seen}");
        assert!(rules().len() > OURS.len() + HOLDING.len());
    }
}
