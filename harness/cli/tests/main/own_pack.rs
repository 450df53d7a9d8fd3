//! A pack of somebody's own, with names of its own, from the target file to the self-test.
//! The pack is in tests/own-pack. Not for the built-in pack.

use crate::support::{self, Mock, Ran, files, plumbline, temp};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const ID: &str = "clinic-basics";
const FEATURE: &str = "scenarios/clinic-basics/clinic.feature";

/// A copy of the pack that may be spoilt.
fn own_pack() -> TempDir {
    let folder = temp();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/own-pack");
    for (name, bytes) in files(&from) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn replace(folder: &Path, file: &str, find: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(find), "{text}");
    fs::write(path, text.replacen(find, new, 1)).unwrap();
}

fn selftest(folder: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec![
        "selftest", "--packs", ".", "--faults", "faults", "--pack", ID,
    ];
    arguments.extend(more);
    plumbline(folder, &arguments)
}

#[test]
fn it_passes_the_self_test() {
    let folder = own_pack();
    selftest(folder.path(), &[])
        .code(0)
        .prints("passes 4 scored scenarios; 7 of 7 assertions killed by 7 faults; 0 problems");
    selftest(folder.path(), &["--scenario", "clb-imm-status"])
        .code(0)
        .prints("2 of 2 assertions killed by 2 faults; 0 problems");
    selftest(folder.path(), &["--scenario", "clb-imm-statuses"])
        .code(2)
        .says("did you mean `clb-imm-status`?");
    fs::remove_file(
        folder
            .path()
            .join("faults/clinic-basics/hides-vaccine.toml"),
    )
    .unwrap();
    selftest(folder.path(), &["--scenario", "clb-imm-status"])
        .code(1)
        .prints("survivor: no fault kills")
        .prints("scenario = \"clb-imm-status\"")
        .prints("1 problems");
}

#[test]
fn the_self_test_says_how_to_mend() {
    let folder = own_pack();
    let folder = folder.path();
    let family = "faults/clinic-basics/hides-patient.toml";
    replace(
        folder,
        family,
        "where = { identifier = \"9990000018\" }\n",
        "",
    );
    // The id of every patient is found by the same search.
    selftest(folder, &["--scenario", "clb-pat-number"])
        .code(1)
        .prints("also changes CLB-ALG-001 to Not tested")
        .prints("(scenarios clb-alg-all)")
        .prints("narrow the fault with `where`");
    let family = "faults/clinic-basics/hides-one-allergy.toml";
    replace(
        folder,
        family,
        "keys = [\"patient\"]",
        "keys = [\"patient\", \"code\"]",
    );
    selftest(folder, &["--scenario", "clb-alg-all"])
        .code(1)
        .prints("AllergyIntolerance with the keys [code, patient]")
        .prints("clb-alg-all sends AllergyIntolerance with the keys [patient]");
    let family = "faults/clinic-basics/hides-vaccine.toml";
    replace(folder, family, "RECORD-HELD", "RECORD-STATUS");
    selftest(folder, &["--scenario", "clb-imm-status"])
        .code(1)
        .prints("did so through RECORD-HELD: correct `code`");
    replace(
        folder,
        FEATURE,
        "holds at least 2 allergies",
        "holds at least 9 allergies",
    );
    selftest(folder, &["--scenario", "clb-alg-all"])
        .code(1)
        .prints("good mock: CLB-ALG-001 is")
        .prints("clb-alg-all: SETUP-ACTOR the facts about this person");
}

#[test]
fn init_writes_its_names() {
    let folder = own_pack();
    let folder = folder.path();
    plumbline(folder, &["init", "--pack", ID, "--packs", "."])
        .code(0)
        .prints("--pack clinic-basics --packs .");
    let text = fs::read_to_string(folder.join("target.toml")).unwrap();
    assert!(
        text.contains("\n  \"patients\", \"allergies\", \"vaccinations\",\n]"),
        "{text}"
    );
    assert!(
        !text.contains("patient-twin-a") && !text.contains("clinical-"),
        "{text}"
    );
    let lint = ["lint", ID, "--packs", ".", "--target", "target.toml"];
    plumbline(folder, &lint).code(0).prints("no errors");
    plumbline(folder, &["lint", "--packs", ".", "--target", "target.toml"])
        .code(0)
        .prints("target.toml: no errors");
    plumbline(folder, &["init", "other.toml"])
        .code(0)
        .prints("--pack uk-core-access");
    plumbline(
        folder,
        &["lint", ID, "--packs", ".", "--target", "other.toml"],
    )
    .code(2)
    .says("names a capability that the pack clinic-basics does not know");
    plumbline(
        folder,
        &[
            "init",
            "more.toml",
            "--pack",
            "clinic-basic",
            "--packs",
            ".",
        ],
    )
    .code(2)
    .says(ID);
    assert!(!folder.join("more.toml").exists());
}

#[test]
fn lint_finds_what_would_be_dropped_or_not_tested() {
    let numbers = "patients are searched by NHS number\n    Then the request";
    for (find, new, says) in [
        (
            "    Given the patient \"patient-basic\"\n",
            "",
            "no patient is in play",
        ),
        (
            "    And the target's own id for the patient is known\n",
            "",
            "own id for the patient",
        ),
        (
            "    When patients are searched by NHS number\n",
            "",
            "the scenario asks for nothing",
        ),
        (
            numbers,
            "patients are searched with:\n    Then the request",
            "this step needs a table",
        ),
        (
            numbers,
            "patients are searched with:\n      | gender | {gender} |\n    Then the request",
            "the table must begin with | parameter | value |",
        ),
        (
            "\"AllergyIntolerance\"",
            "\"AllergyIntolerances\"",
            "did you mean `AllergyIntolerance`?",
        ),
        (
            "@id:clb-pat-only",
            "@id:uka-pat-identifier",
            "already used by another pack",
        ),
    ] {
        let folder = own_pack();
        replace(folder.path(), FEATURE, find, new);
        plumbline(folder.path(), &["lint", ID, "--packs", "."])
            .code(2)
            .says(says)
            .says("clinic.feature:");
    }
    let folder = own_pack();
    replace(
        folder.path(),
        FEATURE,
        "\"status\" \"completed\"\n",
        "\"statsu\" \"completed\"\n",
    );
    plumbline(folder.path(), &["lint", ID, "--packs", "."])
        .code(0)
        .says("`statsu` is not a search parameter of Immunization")
        .says("did you mean `status`?");
}

#[test]
fn a_folder_without_packs_is_named() {
    let folder = own_pack();
    for inside in ["profiles", "profiles/clinic-basics", "scenarios"] {
        let ran = plumbline(folder.path(), &["packs", "--packs", inside])
            .code(2)
            .says("neither profiles/ nor scenarios/")
            .says("name the folder above");
        let above = fs::canonicalize(folder.path()).unwrap();
        let said = format!("--packs {}\n", above.display());
        assert!(ran.stderr.ends_with(&said), "{}", ran.stderr);
    }
    plumbline(folder.path(), &["packs", "--packs", "faults"])
        .code(2)
        .says("name the folder that holds profiles");
    plumbline(folder.path(), &["packs", "--packs", "nowhere"]).code(2);
}

#[test]
fn a_wrong_base_address_is_named_first() {
    let mock = Mock::start("riverside-epr");
    let folder = temp();
    let base = mock.base_url.replace("/fhir", "/wrong");
    support::write_target(folder.path(), &support::target(&base, "mock"));
    let run = [
        "run",
        "--target",
        "target.toml",
        "--pack",
        support::PACK,
        "--out",
        "run",
    ];
    plumbline(folder.path(), &run)
        .code(4)
        .prints(&format!("metadata is not at {base}/metadata (404)"))
        .prints("plumbline doctor --target target.toml");
    support::write_target(folder.path(), &support::target(&mock.base_url, "mock"));
    let run = [
        "run",
        "--target",
        "target.toml",
        "--pack",
        support::PACK,
        "--out",
        "again",
    ];
    let ran = plumbline(folder.path(), &run).code(0);
    assert!(!ran.stdout.contains("metadata is not at"), "{}", ran.stdout);
}
