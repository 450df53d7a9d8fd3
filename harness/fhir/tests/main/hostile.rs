//! Whatever a tree holds, validation answers: no panic, no overflow of the stack, no text of the body in the answer.

use crate::defects::random::Random;
use plumbline_fhir::{Definitions, FhirVersion, Options, Outcome, json_to_xml, rule, validate};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use std::path::Path;

fn judge(syntax: Syntax, text: &[u8]) -> Vec<Outcome> {
    let limits = Limits {
        max_depth: 100_000,
        ..Limits::default()
    };
    let Ok(tree) = Tree::parse_as(syntax, text.to_vec(), &limits) else {
        return Vec::new();
    };
    let options = Options {
        most_issues: 10_000,
        ..Options::default()
    };
    let versions = FhirVersion::ALL.into_iter();
    versions
        .map(|version| validate(&tree, Definitions::of(version), &options))
        .collect()
}

/// Our valid resources, as JSON and as XML.
fn bodies() -> Vec<(Syntax, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/valid");
    let mut bodies = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let version = FhirVersion::from_text(name.split('-').next().unwrap()).unwrap();
        let text = std::fs::read(&path).unwrap();
        let tree = Tree::parse(text.clone(), &Limits::default()).unwrap();
        let xml = json_to_xml(&tree, Definitions::of(version), Layout::Compact).unwrap();
        bodies.push((Syntax::Json, text));
        bodies.push((Syntax::Xml, xml.into_bytes()));
    }
    bodies
}

/// Puts the text of one node in the place of another, again and again.
fn mixed(tree: &Tree, random: &mut Random) -> String {
    let nodes: Vec<_> = tree.nodes().collect();
    let mut text = tree.source().to_owned();
    let one = nodes[random.below(nodes.len())];
    let other = nodes[random.below(nodes.len())];
    text.replace_range(one.span(), other.raw());
    text
}

#[test]
fn mixed_up_resources_are_judged() {
    let mut random = Random::new(7);
    let mut judged = 0;
    for (syntax, body) in bodies() {
        let tree = Tree::parse_as(syntax, body, &Limits::default()).unwrap();
        for _ in 0..300 {
            let mut text = mixed(&tree, &mut random);
            for _ in 0..random.below(3) {
                let Ok(next) =
                    Tree::parse_as(syntax, text.clone().into_bytes(), &Limits::default())
                else {
                    break;
                };
                text = mixed(&next, &mut random);
            }
            for outcome in judge(syntax, text.as_bytes()) {
                judged += 1;
                for issue in &outcome.issues {
                    assert!(rule(&issue.code).is_some());
                    assert!(!issue.path.is_empty() && !issue.message.contains('{'));
                    let end = u64::try_from(text.len()).unwrap();
                    assert!(issue.offset.unwrap() < end);
                    assert!(issue.line.unwrap() > 0 && issue.column.unwrap() > 0);
                }
            }
        }
    }
    assert!(judged > 3000, "{judged}");
}

#[test]
fn damaged_bytes_are_judged() {
    let mut random = Random::new(11);
    let bits: [&[u8]; 12] = [
        b"null", b"[]", b"{}", b"\"\"", b"_", b"true", b"1e9", b"<a/>", b"&#1;", b"\\u0000", b"[[",
        b"x",
    ];
    let mut judged = 0;
    for (syntax, body) in bodies() {
        for _ in 0..400 {
            let mut text = body.clone();
            for _ in 0..=random.below(2) {
                let at = random.below(text.len());
                let end = (at + random.below(12)).min(text.len());
                text.splice(at..end, random.pick(&bits).unwrap().iter().copied());
            }
            judged += judge(syntax, &text).len();
        }
    }
    assert!(judged > 300, "{judged}");
}

#[test]
fn values_of_every_kind_are_judged_as_resources() {
    for text in [
        "null",
        "true",
        "1",
        "\"a\"",
        "[]",
        "{}",
        "[{}]",
        r#"{"resourceType":{}}"#,
        r#"{"":{}}"#,
        r#"{"_":{}}"#,
        r#"{"resourceType":"Patient","":1,"_":2,"__":3,"_name":4}"#,
        r#"{"resourceType":"Bundle","entry":[null,[],{"resource":null},{"resource":[]}]}"#,
        r#"{"resourceType":"Patient","contained":[null,1,[],{},{"id":"a"}],"_contained":[{}]}"#,
    ] {
        for outcome in judge(Syntax::Json, text.as_bytes()) {
            assert!(!outcome.is_valid(), "{text}");
        }
    }
    for text in [
        "<a/>",
        "<Patient/>",
        "<Patient xmlns='http://hl7.org/fhir'>a</Patient>",
        "<a:b xmlns:a='x'/>",
        "<Bundle xmlns='http://hl7.org/fhir'><entry><resource/><resource>a</resource></entry></Bundle>",
        "<Patient xmlns='http://hl7.org/fhir'><contained/><contained><x/></contained><id/></Patient>",
    ] {
        for outcome in judge(Syntax::Xml, text.as_bytes()) {
            assert!(!outcome.is_valid(), "{text}");
        }
    }
}

#[test]
fn depth_does_not_overflow_the_stack() {
    let nest = |begin: &str, inner: &str, end: &str, times: usize| {
        format!("{}{inner}{}", begin.repeat(times), end.repeat(times))
    };
    let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":"#;
    let extension = r#"{"url":"https://example.org","extension":["#;
    let contained = r#"{"resourceType":"Patient","id":"a","contained":["#;
    let xml = "<Bundle xmlns='http://hl7.org/fhir'><type value='collection'/><entry><resource>";
    let jsons = [
        nest(bundle, r#"{"resourceType":"Patient"}"#, "}]}", 5000),
        nest(contained, r#"{"resourceType":"Patient"}"#, "]}", 5000),
        format!(
            r#"{{"resourceType":"Patient","_gender":{{"extension":[{}]}}}}"#,
            nest(extension, r#"{"url":"a","valueCode":"x"}"#, "]}", 5000)
        ),
    ];
    for text in jsons {
        let outcomes = judge(Syntax::Json, text.as_bytes());
        assert!(
            outcomes[1]
                .issues
                .iter()
                .any(|it| it.code == "FHIR-TOO-DEEP")
        );
    }
    let text = nest(xml, "<Patient/>", "</resource></entry></Bundle>", 5000);
    let outcomes = judge(Syntax::Xml, text.as_bytes());
    assert!(
        outcomes[1]
            .issues
            .iter()
            .any(|it| it.code == "FHIR-TOO-DEEP")
    );
}

#[test]
fn answers_hold_no_content() {
    // Each stands where a value, a name or a code should, and none may come back.
    let secret = "Zaphod9990000018";
    let texts = [
        r#"{"resourceType":"SECRET"}"#,
        r#"{"resourceType":"Patient","SECRET":1}"#,
        r#"{"resourceType":"Patient","id":"SECRET é","gender":"SECRET","birthDate":"SECRET","active":"SECRET"}"#,
        r#"{"resourceType":"Patient","name":"SECRET","name":"SECRET","managingOrganization":{"reference":"SECRET","type":"SECRET"}}"#,
        r##"{"resourceType":"Patient","managingOrganization":{"reference":"#SECRET"},"generalPractitioner":[{"reference":"Patient/SECRET"}]}"##,
        r#"{"resourceType":"Patient","text":{"status":"SECRET","div":"<SECRET>"},"extension":[{"url":"SECRET"}]}"#,
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><SECRET SECRET=\"SECRET\">SECRET</SECRET></div>"}}"#,
        r#"{"resourceType":"Patient","identifier":[{"system":"SECRET","value":"SECRET","type":{"coding":[{"system":"http://x","code":"SECRET"}]}}],"deceasedSECRET":1}"#,
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"SECRET"}],"meta":{"profile":["SECRET"]},"language":"SECRET SECRET"}"#,
        "<SECRET/>",
        r#"<Patient xmlns="SECRET" SECRET="SECRET"><SECRET/><gender value="SECRET">SECRET</gender></Patient>"#,
    ];
    for text in texts {
        let text = text.replace("SECRET", secret);
        let syntax = Syntax::guess(text.as_bytes()).unwrap();
        let outcomes = judge(syntax, text.as_bytes());
        assert_eq!(outcomes.len(), 2, "{text}");
        for outcome in outcomes {
            assert!(!outcome.is_valid(), "{text}");
            let said = format!("{outcome:?}");
            assert!(!said.contains(secret), "{text}: {said}");
        }
    }
}

#[test]
fn the_limit_leaves_out_no_count_and_no_error() {
    let names = vec!["{\"family\":\" \"}"; 50].join(",");
    let body = format!(r#"{{"resourceType":"Patient","name":[{names}],"gender":"x"}}"#);
    let tree = Tree::parse(body.into_bytes(), &Limits::default()).unwrap();
    let options = Options {
        most_issues: 3,
        ..Options::default()
    };
    let outcome = validate(&tree, Definitions::r4(), &options);
    assert_eq!(outcome.counts.warnings, 50);
    assert_eq!(outcome.counts.errors, 1);
    assert_eq!(outcome.issues.len(), 4);
    assert!(!outcome.is_valid());
}

/// Also one that is no address is a claim that nobody checked.
#[test]
fn every_claim_of_a_profile_is_named() {
    let claims = [
        (
            "https://example.org/P|1.0.20240101",
            "https://example.org/P|1.0.20240101",
        ),
        ("UKCore-Patient", "UKCore-Patient"),
        ("StructureDefinition/P", "StructureDefinition/P"),
        ("Anna Example", "`…`"),
        ("9990000018", "`…`"),
    ];
    let json: Vec<String> = claims
        .iter()
        .map(|(claim, _)| format!("\"{claim}\""))
        .collect();
    let json = format!(
        r#"{{"resourceType":"Patient","meta":{{"profile":[{},"",null]}}}}"#,
        json.join(",")
    );
    let xml: Vec<String> = claims
        .iter()
        .map(|(claim, _)| format!("<profile value=\"{claim}\"/>"))
        .collect();
    let xml = format!(
        "<Patient xmlns=\"http://hl7.org/fhir\"><meta>{}<profile id=\"a\"/></meta></Patient>",
        xml.concat()
    );
    let mut wanted: Vec<&str> = claims.iter().map(|(_, shown)| *shown).collect();
    wanted.sort_unstable();
    wanted.dedup();
    for (syntax, text) in [(Syntax::Json, json), (Syntax::Xml, xml)] {
        for outcome in judge(syntax, text.as_bytes()) {
            assert_eq!(outcome.profiles_not_checked, wanted, "{text}");
        }
    }
}
