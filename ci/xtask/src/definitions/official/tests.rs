//! Tests of reducing a folder of profiles, all of them made here.

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder for one test, gone after it.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("xtask-official-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name).join("example-profiles");
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

const URL: &str = "https://example.org/StructureDefinition";

fn structure(name: &str, more: &str, elements: &str) -> String {
    format!(
        r#"{{"resourceType":"StructureDefinition","url":"{URL}/{name}","publisher":"Example","copyright":"Copyright © 2026 Example Licensed under the Apache License, Version 2.0","kind":"resource","type":"Patient","fhirVersion":"4.0.1"{more},"differential":{{"element":[{elements}]}}}}"#
    )
}

/// A profile with an extension, which has a value set, which has a code system; and profiles that it does not need.
fn full() -> Temporary {
    let folder = Temporary::new();
    folder.file(
        "a/Example.json",
        &structure(
            "Example",
            r#","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient""#,
            r#"{"path":"Patient.extension","sliceName":"kind","type":[{"code":"Extension","profile":["https://example.org/StructureDefinition/Kind"]}]},
               {"path":"Patient.generalPractitioner","type":[{"code":"Reference","targetProfile":["https://example.org/StructureDefinition/Other"]}]},
               {"path":"Patient.photo","type":[{"code":"Attachment","profile":["https://example.org/StructureDefinition/Nowhere"]}]}"#,
        ),
    );
    folder.file(
        "Kind.xml",
        r#"<StructureDefinition xmlns="http://hl7.org/fhir"><url value="https://example.org/StructureDefinition/Kind"/><status value="active"/><fhirVersion value="4.0.1"/><kind value="complex-type"/><type value="Extension"/>
           <differential><element id="Extension.value[x]"><path value="Extension.value[x]"/><binding><strength value="required"/><valueSet value="https://example.org/ValueSet/kinds|1"/></binding></element></differential></StructureDefinition>"#,
    );
    folder.file(
        "Other.json",
        &structure("Other", "", r#"{"path":"Patient.name","min":1}"#),
    );
    folder.file(
        "kinds.json",
        r#"{"resourceType":"ValueSet","url":"https://example.org/ValueSet/kinds","compose":{"include":[
            {"system":"https://fhir.nhs.uk/CodeSystem/kinds"},
            {"system":"https://fhir.nhs.uk/CodeSystem/listed","concept":[{"code":"a"}]},
            {"system":"http://snomed.info/sct","filter":[{"property":"constraint","op":"=","value":"REFSET"}]},
            {"system":"http://hl7.org/fhir/sid/icd-10","concept":[{"code":"CONTENT"}]},
            {"system":"http://snomed.info/sct"}]}}"#,
    );
    folder.file(
        "system.json",
        r#"{"resourceType":"CodeSystem","url":"https://fhir.nhs.uk/CodeSystem/kinds","content":"complete","concept":[{"code":"k1"},{"code":"k2"}]}"#,
    );
    folder.file(
        "theirs.json",
        r#"{"resourceType":"CodeSystem","url":"http://snomed.info/sct","content":"fragment","concept":[{"code":"CONTENT"}]}"#,
    );
    folder.file("package.txt", "not looked at");
    folder.file("notes.json", r#"{"name":"no resource"}"#);
    folder.file("patient.json", r#"{"resourceType":"Patient"}"#);
    folder
}

fn request(folder: &Temporary, only: &[&str]) -> Request {
    Request {
        from: folder.0.clone(),
        pack: "example".to_owned(),
        fhir: None,
        only: only.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn error(folder: &Temporary, only: &[&str]) -> String {
    let error = files(&request(folder, only), FhirVersion::R4).unwrap_err();
    format!("{error:#}")
}

#[test]
fn takes_what_a_profile_needs_and_nothing_else() {
    let folder = full();
    let found = files(&request(&folder, &["Example"]), FhirVersion::R4).unwrap();
    let structures = &found["structures.txt"];
    let heads: Vec<&str> = structures
        .lines()
        .filter(|it| it.starts_with("profile"))
        .collect();
    assert_eq!(
        heads,
        [
            "profile https://example.org/StructureDefinition/Example - -",
            "profile https://example.org/StructureDefinition/Kind - active"
        ]
    );
    assert_eq!(
        found["terms.txt"].lines().skip(1).collect::<Vec<_>>(),
        [
            "fhir 4.0.1",
            "system http://snomed.info/sct - fragment withheld",
            "system https://fhir.nhs.uk/CodeSystem/kinds - complete",
            "  codes k1 k2",
            "set https://example.org/ValueSet/kinds -",
            "  include https://fhir.nhs.uk/CodeSystem/kinds -",
            "  include https://fhir.nhs.uk/CodeSystem/listed -",
            "    codes a",
            "  include http://snomed.info/sct - withheld",
            "  include http://hl7.org/fhir/sid/icd-10 - withheld",
            "  include http://snomed.info/sct -",
        ]
    );
    let all: String = found.values().cloned().collect();
    assert!(!all.contains("CONTENT") && !all.contains("REFSET"), "{all}");
}

#[test]
fn without_a_choice_everything_is_taken() {
    let folder = full();
    let found = files(&request(&folder, &[]), FhirVersion::R4).unwrap();
    assert!(found["structures.txt"].contains("/Other - -"));
    let again = files(&request(&folder, &[]), FhirVersion::R4).unwrap();
    assert!(found == again, "the same folder gives another text");
}

#[test]
fn says_where_the_facts_are_from_and_names_no_path_of_this_machine() {
    let folder = full();
    let found = files(&request(&folder, &["Example"]), FhirVersion::R4).unwrap();
    let readme = &found["README.md"];
    for wanted in [
        "From the folder example-profiles, for FHIR 4.0.1",
        "| Example | © 2026 Example | Apache-2.0 | 1 | 0 | 0 |",
        "| not stated | not stated | not stated | 1 | 1 | 2 |",
        "--pack example --fhir r4 \\\n  --only Example",
        "- `https://example.org/StructureDefinition/Nowhere`",
        "1 further profiles that are named here are HL7's own",
    ] {
        assert!(readme.contains(wanted), "{wanted}\n{readme}");
    }
    let temporary = std::env::temp_dir().to_string_lossy().into_owned();
    assert!(found.values().all(|text| !text.contains(&temporary)));
    folder.file(
        "package.json",
        r#"{"name":"example.package","version":"1.2.3"}"#,
    );
    let found = files(&request(&folder, &["Example"]), FhirVersion::R4).unwrap();
    assert!(found["README.md"].contains("From the package example.package 1.2.3,"));
}

#[test]
fn says_what_is_wrong_with_which_file() {
    let empty = Temporary::new();
    empty.file("patient.json", r#"{"resourceType":"Patient"}"#);
    assert!(error(&empty, &[]).contains("no StructureDefinition, in JSON or XML, is in"));

    let folder = full();
    assert!(error(&folder, &["Absent"]).contains("no StructureDefinition has the url `Absent`"));
    folder.file("x/broken.json", "{\"a\":\n  1,}");
    let found = error(&folder, &[]);
    assert!(found.contains("broken.json:2:5:"), "{found}");

    let folder = full();
    folder.file("broken.xml", "<a><b></a>");
    assert!(error(&folder, &[]).contains("broken.xml:1:"));

    let folder = full();
    folder.file("x.json", r#"{"resourceType":"ValueSet"}"#);
    assert!(error(&folder, &[]).contains("x.json: this ValueSet has no url"));

    let folder = full();
    folder.file(
        "old.json",
        &structure("Old", "", "").replace("4.0.1", "3.0.1"),
    );
    let found = error(&folder, &[]);
    assert!(
        found.contains("old.json: this is a profile of FHIR 3.0.1 (STU3)"),
        "{found}"
    );
    assert!(found.contains("--fhir stu3"), "{found}");
    // What is not needed may be of any version.
    assert!(files(&request(&folder, &["Example"]), FhirVersion::R4).is_ok());

    let folder = full();
    folder.file(
        "old.json",
        &structure("Old", "", "").replace("4.0.1", "1.0.2"),
    );
    assert!(error(&folder, &["Old"]).contains("old.json: this is a profile of FHIR 1.0.2, and"));

    let folder = full();
    folder.file(
        "odd.json",
        &structure("Odd", "", r#"{"path":"Patient.name","strict":1}"#),
    );
    let found = error(&folder, &["Odd"]);
    assert!(
        found.contains("odd.json: this part of an element is not known"),
        "{found}"
    );
    assert!(found.contains("element[0].strict"), "{found}");

    let folder = full();
    folder.file(
        "again.json",
        &structure("Other", "", r#"{"path":"Patient.name","min":1}"#),
    );
    assert!(files(&request(&folder, &["Other"]), FhirVersion::R4).is_ok());
    folder.file(
        "again.json",
        &structure("Other", "", r#"{"path":"Patient.name","min":2}"#),
    );
    let found = error(&folder, &["Other"]);
    assert!(
        found.contains("Other.json and again.json differ"),
        "{found}"
    );
}

#[test]
fn a_pack_has_a_version_of_fhir() {
    let root = Temporary::new();
    root.file("profiles/example/pack.toml", "fhir_version = \"3.0.2\"");
    root.file("profiles/odd/pack.toml", "fhir_version = \"5.0.0\"");
    root.file("profiles/none/pack.toml", "");
    root.file("profiles/_fhir/README.md", "");
    let of = |pack: &str, fhir: Option<&str>| {
        let request = Request {
            from: root.0.clone(),
            pack: pack.to_owned(),
            fhir: fhir.map(str::to_owned),
            only: Vec::new(),
        };
        version(&root.0, &request).map_err(|error| format!("{error:#}"))
    };
    assert_eq!(of("example", None), Ok(FhirVersion::Stu3));
    assert_eq!(of("example", Some("stu3")), Ok(FhirVersion::Stu3));
    assert_eq!(of("none", Some("r4")), Ok(FhirVersion::R4));
    let other = of("example", Some("r4")).unwrap_err();
    assert_eq!(
        other,
        "the pack `example` is for FHIR 3.0.2, and R4 is asked for"
    );
    assert!(
        of("odd", None)
            .unwrap_err()
            .contains("no facts for FHIR `5.0.0`")
    );
    assert!(
        of("example", Some("r9"))
            .unwrap_err()
            .contains("no facts for FHIR `r9`")
    );
    assert!(of("none", None).unwrap_err().contains("no fhir_version"));
    let unknown = of("absent", None).unwrap_err();
    assert_eq!(
        unknown,
        "there is no pack `absent`; there are: example, none, odd"
    );
}
