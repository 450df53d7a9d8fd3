//! `plumbline rejudge` as a whole: from a run folder and from a bundle, with another pack, and with input
//! that is wrong. What it decides is tested beside the runner.

use crate::support::{Mock, PACK, files, plumbline, record, target, temp, write_target};
use std::fs;
use std::path::Path;

/// A run of a few scenarios, in `run`.
fn collected(root: &Path, environment: &str) {
    let mock = Mock::start("riverside-epr-faulty");
    write_target(root, &target(&mock.base_url, environment));
    let tags = "@req:UKA-PAT-001 or @req:UKA-PAT-007 or @req:UKA-ALG-003";
    plumbline(
        root,
        &[
            "run",
            "--target",
            "target.toml",
            "--pack",
            PACK,
            "--tags",
            tags,
            "--out",
            "run",
        ],
    )
    .code(1);
}

#[test]
fn a_folder_is_judged_again_without_its_system() {
    let folder = temp();
    let root = folder.path();
    collected(root, "mock");
    let before = files(&root.join("run"));
    let ran = plumbline(root, &["rejudge", "run", "--out", "again"])
        .code(1)
        .prints("which nobody signed")
        .prints("Judged again: the evidence of the run")
        .prints("Nothing was asked of the system.")
        .prints("Mock system");
    assert!(
        ran.stdout
            .contains("scenarios of the run have the same verdict.")
    );
    assert_eq!(files(&root.join("run")), before, "nothing is written over");
    let (then, now) = (record(&root.join("run")), record(&root.join("again")));
    assert_eq!(now["rejudged"]["run_id"], then["run_id"]);
    assert_eq!(
        now["rejudged"]["pack_fingerprint"],
        then["pack"]["fingerprint"]
    );
    assert_eq!(
        (&now["started"], &now["finished"]),
        (&then["started"], &then["finished"])
    );
    assert_eq!(
        (&now["mock"], &now["environment"]),
        (&then["mock"], &then["environment"])
    );
    let exchanges = |name: &str| fs::read(root.join(name).join("exchanges.ndjson")).unwrap();
    assert_eq!(
        exchanges("again"),
        exchanges("run"),
        "the evidence is the same, byte for byte"
    );

    // Every report says what it is.
    for name in [
        "report.html",
        "report.json",
        "report.junit.xml",
        "verdicts.ndjson",
    ] {
        let text = fs::read_to_string(root.join("again/reports").join(name)).unwrap();
        assert!(text.contains("Judged again from stored evidence"), "{name}");
        let of_run = fs::read_to_string(root.join("run/reports").join(name)).unwrap();
        assert!(!of_run.contains("Judged again"), "{name}");
    }
    // The same once more gives the same bytes, and is not written over.
    plumbline(root, &["rejudge", "run", "--out", "third"]).code(1);
    assert_eq!(files(&root.join("third")), files(&root.join("again")));
    plumbline(root, &["rejudge", "run", "--out", "again"])
        .code(2)
        .says("exists already");
    assert_eq!(files(&root.join("third")), files(&root.join("again")));
    plumbline(root, &["rejudge", "again", "--out", "fourth"])
        .code(2)
        .says("give the folder of that run");
    assert!(!root.join("fourth").exists());
}

#[test]
fn a_stricter_rule_changes_its_requirement_alone() {
    let folder = temp();
    let root = folder.path();
    collected(root, "mock");
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../scenarios")
        .join(PACK);
    let own = root.join("own/scenarios").join(PACK);
    fs::create_dir_all(&own).unwrap();
    let text = fs::read_to_string(scenarios.join("patient-index.feature")).unwrap();
    let (before, after) = text.split_once("@id:uka-pat-identifier ").unwrap();
    let asked = "    When patients are searched by NHS number\n";
    let after = after.replacen(
        asked,
        &format!("{asked}    Then the response status is 404\n"),
        1,
    );
    let after = after.replacen("status is 404\n    Then ", "status is 404\n    And ", 1);
    let changed = format!("{before}@id:uka-pat-identifier {after}");
    assert_ne!(changed, text);
    fs::write(own.join("patient-index.feature"), changed).unwrap();
    plumbline(root, &["rejudge", "run", "--out", "again"]).code(1);
    plumbline(
        root,
        &["rejudge", "run", "--packs", "own", "--out", "stricter"],
    )
    .code(1)
    .prints("uka-pat-identifier: Pass in the run, now Fail");
    let verdicts = |name: &str| -> Vec<(String, serde_json::Value)> {
        let record = record(&root.join(name));
        let all = record["scenarios"].as_array().unwrap().iter();
        all.map(|one| (one["id"].to_string(), one["verdict"].clone()))
            .collect()
    };
    let moved: Vec<String> = verdicts("again")
        .into_iter()
        .zip(verdicts("stricter"))
        .filter(|(one, other)| one != other)
        .map(|((id, _), _)| id)
        .collect();
    assert_eq!(moved, ["\"uka-pat-identifier\""]);
    let record = record(&root.join("stricter"));
    assert_ne!(
        record["rejudged"]["pack_fingerprint"],
        record["pack"]["fingerprint"]
    );
}

#[test]
fn a_bundle_is_verified_first() {
    let folder = temp();
    let root = folder.path();
    collected(root, "mock");
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    plumbline(
        root,
        &[
            "bundle",
            "run",
            "--key",
            "key.pem",
            "--signer",
            "Riverside Systems",
            "--out",
            "run.zip",
        ],
    )
    .code(0);
    plumbline(root, &["rejudge", "run.zip", "--out", "again"])
        .code(1)
        .prints("unaltered since it was signed by Riverside Systems");
    plumbline(root, &["rejudge", "run", "--out", "of-folder"]).code(1);
    assert_eq!(files(&root.join("again")), files(&root.join("of-folder")));
    let mut bytes = fs::read(root.join("run.zip")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(root.join("altered.zip"), &bytes).unwrap();
    plumbline(root, &["rejudge", "altered.zip", "--out", "none"])
        .code(1)
        .says("altered");
    fs::write(root.join("text.zip"), "no bundle").unwrap();
    plumbline(root, &["rejudge", "text.zip", "--out", "none"])
        .code(2)
        .says("neither the folder of a run nor a bundle");
    assert!(!root.join("none").exists());
}

#[test]
fn evidence_that_is_not_whole_is_refused() {
    let folder = temp();
    let root = folder.path();
    collected(root, "mock");
    let refused = |what: &str, says: &str| {
        plumbline(root, &["rejudge", what, "--out", "none"])
            .code(2)
            .says(says);
        assert!(!root.join("none").exists(), "{what}");
    };
    refused("nowhere", "failed to read");
    let copy = |name: &str| {
        fs::create_dir(root.join(name)).unwrap();
        for file in ["record.json", "exchanges.ndjson", "journal.ndjson"] {
            fs::copy(root.join("run").join(file), root.join(name).join(file)).unwrap();
        }
        root.join(name)
    };
    fs::remove_file(copy("killed").join("record.json")).unwrap();
    refused("killed", "has not come to its end");
    fs::remove_file(copy("without").join("exchanges.ndjson")).unwrap();
    refused("without", "exchanges.ndjson` cannot be read");
    let path = copy("shorter").join("exchanges.ndjson");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.lines().skip(1).collect::<Vec<_>>().join("\n")).unwrap();
    refused(
        "shorter",
        "does not hold the exchange 1 as record.json does",
    );
    let path = copy("older").join("record.json");
    let text = fs::read_to_string(&path).unwrap();
    let older = text.replacen("\"format\": 3", "\"format\": 2", 1);
    assert_ne!(older, text);
    fs::write(&path, older).unwrap();
    refused("older", "formats from 3 on");
    let path = copy("newer").join("record.json");
    fs::write(&path, text.replacen("\"format\": 3", "\"format\": 99", 1)).unwrap();
    refused("newer", "record format 99");
    let path = copy("cut").join("record.json");
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    refused("cut", "is not JSON");
}

/// What a run may not keep is in no file of what is judged again.
#[test]
fn nothing_new_reaches_the_disk() {
    let folder = temp();
    let root = folder.path();
    collected(root, "integration");
    plumbline(root, &["rejudge", "run", "--out", "again"]);
    let again = files(&root.join("again"));
    assert!(again.len() >= 6);
    for (name, bytes) in again {
        let text = String::from_utf8_lossy(&bytes);
        for word in ["Larkspur", "9990000018", "9990000026", "1951-03-14"] {
            assert!(!text.contains(word), "{name} holds {word}");
        }
    }
}
