//! Facts of profiles, code systems and value sets: from resources that were made for these tests, in JSON and in
//! XML, to text and back; and what is refused. Not facts of real profiles, but that those in the repository can be
//! read.

use plumbline_fhir::profile_facts::{CodeSystemFacts, Facts, FactsFile, Part, Picked};
use plumbline_fhir::profile_facts::{ReduceError, ValueSetFacts, claim, reduce};
use plumbline_fhir::{Definitions, FhirVersion};
use plumbline_tree::{Limits, Syntax, Tree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/profile-facts")
}

fn facts(syntax: Syntax, body: &str, version: FhirVersion) -> Result<Facts, ReduceError> {
    let tree = Tree::parse_as(syntax, body.as_bytes().to_vec(), &Limits::default()).unwrap();
    reduce(&tree, Definitions::of(version))
}

fn text(facts: Facts, version: FhirVersion) -> String {
    let mut file = FactsFile::new(version);
    file.add(facts);
    file.to_text()
}

#[test]
fn resources_give_the_facts_beside_them() {
    let mut cases = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let syntax = match path.extension().unwrap().to_str() {
            Some("json") => Syntax::Json,
            Some("xml") => Syntax::Xml,
            _ => continue,
        };
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let version = FhirVersion::from_text(name.split('-').next().unwrap()).unwrap();
        let body = std::fs::read_to_string(&path).unwrap();
        let wanted = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        let found = text(facts(syntax, &body, version).unwrap(), version);
        assert_eq!(found, wanted, "{}", path.display());
        assert!(body.contains("PROSE") && !found.contains("PROSE"));
        assert!(!found.contains("EXPANDED"), "{found}");
        cases.insert((name, syntax == Syntax::Xml));
    }
    assert_eq!(cases.len(), 11, "{cases:?}");
}

#[test]
fn what_was_written_is_read_again() {
    let mut file = FactsFile::new(FhirVersion::R4);
    for name in [
        "r4-profile",
        "r4-extension",
        "r4-codesystem",
        "r4-valueset",
        "r4-expansion",
    ] {
        let body = std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
        file.add(facts(Syntax::Json, &body, FhirVersion::R4).unwrap());
    }
    file.code_systems.push(CodeSystemFacts {
        url: "https://example.org/CodeSystem/withheld".to_owned(),
        content: "complete".to_owned(),
        is_withheld: true,
        ..CodeSystemFacts::default()
    });
    let part = Part {
        system: Some("https://example.org/CodeSystem/withheld".to_owned()),
        version: None,
        picked: Picked::Withheld,
        value_sets: Vec::new(),
    };
    file.value_sets.push(ValueSetFacts {
        url: "https://example.org/ValueSet/withheld".to_owned(),
        include: vec![part],
        ..ValueSetFacts::default()
    });
    let text = file.to_text();
    let again = FactsFile::read(&text).unwrap();
    assert_eq!(again.to_text(), text);
    // Written in order of address, whatever the order of coming.
    file.profiles.reverse();
    assert_eq!(file.to_text(), text);
    file.profiles.sort_by(|one, other| one.url.cmp(&other.url));
    assert_eq!(again, file);
    let many: Vec<String> = (0..200).map(|number| format!("code-{number}")).collect();
    file.code_systems[0].codes.clone_from(&many);
    let text = file.to_text();
    assert!(text.lines().all(|line| line.len() < 110), "{text}");
    let again = FactsFile::read(&text).unwrap();
    assert_eq!(again.code_systems[0].codes, many);
}

#[test]
fn an_expansion_that_is_not_whole_is_not_taken() {
    let body = |more: &str| {
        format!(
            r#"{{"resourceType":"ValueSet","url":"https://example.org/ValueSet/cut","expansion":{{{more}
                "contains":[{{"system":"https://example.org/CodeSystem/kinds","code":"a"}}]}}}}"#
        )
    };
    let count = |more: &str| match facts(Syntax::Json, &body(more), FhirVersion::R4).unwrap() {
        Facts::ValueSet(set) => set.expansion.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(count(""), 1);
    assert_eq!(count(r#""total":1,"offset":0,"#), 1);
    let all = r#""total":1,"parameter":[{"name":"count","valueInteger":2147483647}],"#;
    assert_eq!(count(all), 1);
    for cut in [
        r#""total":2,"#,
        r#""offset":1,"#,
        r#""parameter":[{"name":"count","valueInteger":1}],"#,
        r#""parameter":[{"name":"filter","valueString":"a"}],"#,
        r#""extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-toocostly","valueBoolean":true}],"#,
    ] {
        assert_eq!(count(cut), 0, "{cut}");
    }
}

#[test]
fn texts_that_break_the_format_are_refused_with_their_line() {
    let head = "fhir 4.0.1\nprofile https://example.org/P 1 active\n  kind resource Patient\n";
    assert!(FactsFile::read(head).is_ok());
    for (text, line, problem) in [
        ("", 1, "there are no facts"),
        ("fhir 9\n", 1, "begin with `fhir`"),
        ("profile a b c\n", 1, "begin with `fhir`"),
        ("fhir 4.0.1\nthing x\n", 2, "`thing` means nothing here"),
        ("fhir 4.0.1\nprofile a\n", 2, "not `profile ADDRESS"),
        ("fhir 4.0.1\nprofile a - -\n", 2, "without `kind`"),
        ("fhir 4.0.1\n   profile a\n", 2, "between two depths"),
        ("fhir 4.0.1\n\n", 2, "empty"),
        (
            "HEAD  kind thing Patient\n",
            4,
            "one of these behind it: primitive-type",
        ),
        ("HEAD  context place Patient\n", 4, "fhirpath, element"),
        ("HEAD  element\n", 4, "without path"),
        ("HEAD  element Patient.name one\n", 4, "`one` is no range"),
        ("HEAD  element Patient.name 1..x\n", 4, "`1..x` is no range"),
        ("HEAD  element Patient.name\n    slice a\n", 4, "has an id"),
        (
            "HEAD  element Patient.name\n    fixed string {\"a\": 1}\n",
            5,
            "JSON without white space",
        ),
        (
            "HEAD  element Patient.name\n    fixed string\n",
            5,
            "not `fixed TYPE VALUE`",
        ),
        (
            "HEAD  element Patient.name\n    binding strong x\n",
            5,
            "required, extensible",
        ),
        (
            "HEAD  element Patient.name\n    slicing loose\n",
            5,
            "closed, open",
        ),
        (
            "HEAD  element Patient.name\n    slicing open\n      by name x\n",
            6,
            "value, exists",
        ),
        (
            "HEAD  element Patient.name\n    max-length x\n",
            5,
            "a number behind it",
        ),
        (
            "HEAD  element Patient.name\n    ^ k grave x\n",
            5,
            "error, warning",
        ),
        (
            "HEAD  element Patient.name\n    min 1\n",
            5,
            "`min` means nothing here",
        ),
        ("HEAD  base a b\n", 4, "one word behind it"),
        ("HEAD  base a\n    more\n", 5, "`more` means nothing here"),
        ("fhir 4.0.1\nsystem a\n", 2, "not `system ADDRESS"),
        (
            "fhir 4.0.1\nsystem a - complete odd\n",
            2,
            "`odd` says nothing",
        ),
        (
            "fhir 4.0.1\nsystem a - complete\n  codes \"a\n",
            3,
            "cannot be read",
        ),
        ("fhir 4.0.1\nset a - b\n", 2, "not `set ADDRESS VERSION`"),
        (
            "fhir 4.0.1\nset a -\n  include a - x\n",
            3,
            "only `withheld`",
        ),
        (
            "fhir 4.0.1\nset a -\n  include a - withheld\n    codes a\n",
            4,
            "`codes` means nothing",
        ),
        (
            "fhir 4.0.1\nset a -\n  include a -\n    filter a b\n",
            4,
            "not `filter PROPERTY",
        ),
    ] {
        let text = text.replace("HEAD", head);
        let error = FactsFile::read(&text).unwrap_err();
        assert_eq!(error.line, line, "{text}: {error}");
        assert!(error.problem.contains(problem), "{text}: {error}");
    }
}

#[test]
fn resources_without_facts_are_refused_with_the_place() {
    let structure = |more: &str| {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"https://example.org/P","kind":"resource","type":"Patient"{more}}}"#
        )
    };
    let element = |more: &str| {
        structure(&format!(
            r#","differential":{{"element":[{{"path":"Patient.name"{more}}}]}}"#
        ))
    };
    assert!(facts(Syntax::Json, &element(""), FhirVersion::R4).is_ok());
    for (body, problem) in [
        (r#"{"resourceType":"Patient"}"#.to_owned(), "this is no StructureDefinition"),
        ("[]".to_owned(), "this is no StructureDefinition"),
        (structure(""), "it has neither differential nor snapshot: StructureDefinition"),
        (structure("").replace("resource\",", "thing\","), "`thing` is not known"),
        (element("").replace("\"url\"", "\"uri\""), "it has no url"),
        (element("").replace("path", "pat"), "it has no path: StructureDefinition.differential.element[0]"),
        (element(r#","max":"many""#), "not a number and not *: StructureDefinition.differential.element[0].max"),
        (element(r#","min":"x""#), "no whole number"),
        (element(r#","fixedNothing":"x""#), "this part of an element is not known: StructureDefinition.differential.element[0].fixedNothing"),
        (element(r#","strict":true"#), "this part of an element is not known"),
        (element(r#","type":[{}]"#), "it has no code"),
        (element(r#","slicing":{"rules":"loose"}"#), "`loose` is not known"),
        (element(r#","binding":{"strength":"strong"}"#), "`strong` is not known"),
        (element(r#","constraint":[{"key":"a"}]"#), "it has no severity"),
        (r#"{"resourceType":"CodeSystem","url":"x","content":"complete","concept":[{}]}"#.to_owned(), "it has no code: CodeSystem.concept[0]"),
        (r#"{"resourceType":"ValueSet","url":"x","compose":{"include":[{"concept":[{"code":"a"}],"filter":[{"property":"a","op":"=","value":"b"}]}]}}"#.to_owned(), "both codes and by a filter"),
    ] {
        let error = facts(Syntax::Json, &body, FhirVersion::R4).unwrap_err().to_string();
        assert!(error.contains(problem), "{body}: {error}");
    }
    let xml = r#"<StructureDefinition xmlns="http://hl7.org/fhir"><url value="x"/><odd value="y"/></StructureDefinition>"#;
    let error = facts(Syntax::Xml, xml, FhirVersion::R4)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("StructureDefinition.odd") && error.contains("line 1"),
        "{error}"
    );
}

#[test]
fn a_resource_says_what_it_claims_to_be_whatever_is_wrong_with_it() {
    let xml = r#"<StructureDefinition xmlns="http://hl7.org/fhir"><url value="a"/><publisher value="b"/><copyright value="c"/><fhirVersion value="9"/><odd/></StructureDefinition>"#;
    let tree = Tree::parse_xml(xml.as_bytes().to_vec(), &Limits::default()).unwrap();
    let found = claim(&tree).unwrap();
    assert_eq!(found.resource_type, "StructureDefinition");
    let texts = [
        found.url,
        found.publisher,
        found.copyright,
        found.fhir_version,
    ];
    assert_eq!(texts.map(Option::unwrap), ["a", "b", "c", "9"]);
    let tree = Tree::parse(b"{\"name\":\"a package\"}".to_vec(), &Limits::default()).unwrap();
    assert_eq!(claim(&tree), None);
}

/// The facts that packs and profiles/_fhir hold are in the one form that the writer gives.
#[test]
fn the_facts_of_the_repository_are_as_they_would_be_written() {
    let profiles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles");
    let mut texts = 0;
    for pack in std::fs::read_dir(profiles).unwrap() {
        let pack = pack.unwrap().path();
        let files = [
            "fhir/structures.txt",
            "fhir/terms.txt",
            "r4/extensions.txt",
            "stu3/extensions.txt",
            "r4/profiles.txt",
            "stu3/profiles.txt",
            "r4/terms.txt",
            "stu3/terms.txt",
        ];
        for path in files.map(|file| pack.join(file)) {
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let file = FactsFile::read(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            let written = file.to_text();
            assert!(
                lines == written.lines().collect::<Vec<_>>(),
                "{}",
                path.display()
            );
            texts += 1;
        }
    }
    assert!(texts > 0);
}
