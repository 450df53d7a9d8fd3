//! The command over folders: what is judged, what is refused, and that no form of the result holds a value of a document.
//! Not for single rules: `plumbline-prsb` has those.

use super::{Count, write};
use plumbline_model::ExitCode;
use plumbline_reports::Origin;
use std::fs;
use std::path::{Path, PathBuf};

/// The good document of the rules' own tests.
fn good() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../prsb/fixtures/good-stu3.json");
    fs::read_to_string(path).unwrap()
}

/// A folder with documents, and where to write.
fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let top = tempfile::tempdir().unwrap();
    let inner = top.path().join("documents/inner");
    fs::create_dir_all(&inner).unwrap();
    for (name, text) in files {
        fs::write(inner.join(name), text).unwrap();
    }
    let out = top.path().join("out");
    (top, out)
}

fn all(out: &Path) -> String {
    ["content.html", "content.json", "letter.txt"]
        .map(|name| fs::read_to_string(out.join(name)).unwrap())
        .join("\n")
}

#[test]
fn a_folder_is_judged_and_what_is_no_document_is_listed() {
    let cut = good().chars().take(5_000).collect::<String>();
    let (top, out) = folder(&[
        ("good.json", &good()),
        ("patient.json", r#"{"resourceType":"Patient"}"#),
        ("cut.json", &cut),
        ("deep.json", &"[".repeat(5_000)),
        ("empty.xml", ""),
        ("notes.txt", "not looked at"),
    ]);
    let documents = [top.path().join("documents")];
    let count = write(&documents, Origin::Exported, "2026-11-22", &out).unwrap();
    let expected = Count {
        judged: 1,
        with_musts: 0,
        invalid: 0,
        refused: 4,
        unreadable: 3,
    };
    assert_eq!(count, expected);
    // A file that cannot be read is no clean pass.
    assert_eq!(count.exit(), ExitCode::NotConformant);
    let page = fs::read_to_string(out.join("content.html")).unwrap();
    for word in [
        "valid FHIR STU3",
        "22 November 2026",
        "patient.json",
        "cut.json",
        "deep.json",
        "empty.xml",
    ] {
        assert!(page.contains(word), "{word}");
    }
    assert!(!page.contains("notes.txt") && page.len() < 500_000);
    // Nothing is written over, and the same input gives the same bytes.
    assert!(write(&documents, Origin::Exported, "2026-11-22", &out).is_err());
    let again = top.path().join("again");
    write(&documents, Origin::Exported, "2026-11-22", &again).unwrap();
    assert!(all(&out) == all(&again));
}

#[test]
fn no_form_of_the_result_holds_a_value_of_a_document() {
    let mut text = good();
    for (from, to) in [
        ("Rowan", "CanaryGiven"),
        ("\"Example\"", "\"CanaryFamily\""),
        ("9990000026", "7777777777"),
        ("1957-01-01", "1911-11-31"),
        ("Invented Lane", "Canary Lane"),
        ("ZZ99 3VZ", "CA99 XXXX"),
        ("01632", "09999"),
        ("22298006", "22298CANARY"),
    ] {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text = text.replace("886711000000101", "canary-heading");
    let (top, out) = folder(&[("7777777777.json", &text), ("good.json", &good())]);
    let documents = [top.path().join("documents")];
    let count = write(&documents, Origin::Exported, "", &out).unwrap();
    assert_eq!((count.judged, count.with_musts), (2, 1));
    let shown = all(&out).to_lowercase();
    assert!(shown.contains("check digit wrong") || shown.contains("all the same"));
    for word in ["canary", "7777777777", "1911-11", "ca99", "09999"] {
        assert!(!shown.contains(word), "{word} is shown");
    }
}

#[test]
fn documents_of_a_mock_say_so_in_every_form() {
    let (top, out) = folder(&[("good.json", &good())]);
    let documents = [top.path().join("documents")];
    write(&documents, Origin::Mock, "", &out).unwrap();
    for name in ["content.html", "content.json", "letter.txt"] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        assert!(text.contains("says nothing about a real product"), "{name}");
    }
}

#[test]
fn a_document_that_is_not_valid_fhir_is_no_clean_pass() {
    let text = good().replacen("\"gender\":", "\"notAnElement\":1,\"gender\":", 1);
    assert_ne!(text, good());
    let (top, out) = folder(&[("a.json", &text), ("b.json", &good())]);
    let documents = [top.path().join("documents")];
    let count = write(&documents, Origin::Exported, "", &out).unwrap();
    assert_eq!((count.judged, count.with_musts, count.invalid), (2, 0, 1));
    assert_eq!(count.exit(), ExitCode::NotConformant);
    let page = fs::read_to_string(out.join("content.html")).unwrap();
    assert!(page.contains("1 is not valid FHIR"), "the headline says so");
    assert!(
        page.contains("not valid FHIR STU3: 1 error"),
        "the table says so"
    );
    let json = fs::read_to_string(out.join("content.json")).unwrap();
    assert!(json.contains("\"fhir_valid\": false") && json.contains("\"fhir_valid\": true"));
    // Neither names a place on this machine.
    assert!(!all(&out).contains(&top.path().display().to_string()));

    let alone = [top.path().join("documents/inner/b.json")];
    let out = top.path().join("alone");
    let count = write(&alone, Origin::Exported, "", &out).unwrap();
    assert_eq!(count.exit(), ExitCode::Success);
}
