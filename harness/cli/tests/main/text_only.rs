//! A rule, its scenario and its fault are added as text: the built command takes them up.

use crate::support::{PACK, plumbline, temp};
use std::fs;
use std::path::{Path, PathBuf};

const DIFF: &str = include_str!("../../../docs/adding-a-scenario.diff");
const GUIDE: &str = include_str!("../../../docs/write-a-scenario.md");

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Applies a unified diff. Context must be there once, wherever it has moved to.
fn apply(diff: &str, root: &Path) -> Vec<PathBuf> {
    let mut changed = Vec::new();
    for part in diff.split("--- ").skip(1) {
        let (names, hunks) = part.split_once("\n@@").unwrap();
        let (old, new) = names.split_once("\n+++ b/").unwrap();
        let path = root.join(new);
        let mut text = match old {
            "/dev/null" => String::new(),
            _ => fs::read_to_string(&path).unwrap(),
        };
        for hunk in hunks.split("\n@@") {
            let (mut before, mut after) = (String::new(), String::new());
            for line in hunk.lines().skip(1) {
                let (sign, rest) = line.split_at(1);
                if sign != "+" {
                    before.extend([rest, "\n"]);
                }
                if sign != "-" {
                    after.extend([rest, "\n"]);
                }
            }
            if before.is_empty() {
                text += &after;
            } else {
                assert_eq!(text.matches(&before).count(), 1, "context of {new}");
                text = text.replacen(&before, &after, 1);
            }
        }
        fs::write(&path, text).unwrap();
        changed.push(PathBuf::from(new));
    }
    changed
}

#[test]
fn one_scenario_with_its_rule_and_its_fault() {
    let folder = temp();
    let root = folder.path();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for part in ["profiles", "scenarios", "mocks/faults"] {
        copy(&repository.join(part), &root.join(part));
    }
    let scenarios = || {
        let ran = plumbline(root, &["lint", "--packs", ".", PACK]).code(0);
        let (_, rest) = ran.stdout.split_once("requirements, ").unwrap();
        let (count, _) = rest.split_once(" scenarios, no errors").unwrap();
        count.parse::<usize>().unwrap()
    };
    let before = scenarios();
    let changed = apply(DIFF, root);
    assert_eq!(changed.len(), 3);
    for path in &changed {
        let text = ["csv", "feature", "toml"];
        assert!(
            text.iter()
                .any(|t| path.extension().is_some_and(|e| e == *t)),
            "{}",
            path.display()
        );
    }

    assert_eq!(scenarios(), before + 1);
    let faults = root.join("mocks/faults");
    let arguments = [
        "selftest",
        "--packs",
        ".",
        "--pack",
        PACK,
        "--scenario",
        "uka-psh-nhs-number",
        "--format",
        "json",
        "--faults",
        faults.to_str().unwrap(),
    ];
    let ran = plumbline(root, &arguments).code(0);
    let after = serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap();
    assert_eq!(after["problems"], serde_json::json!([]));
    let assertions = after["assertions"].as_array().unwrap();
    let new: Vec<_> = assertions
        .iter()
        .filter(|a| a["scenario"] == "uka-psh-nhs-number")
        .collect();
    assert_eq!(new.len(), 1);
    assert_eq!(
        new[0]["text"],
        "Then every NHS number in the result is valid"
    );
    assert_eq!(
        new[0]["faults"],
        serde_json::json!(["wrong-check-digit/UKA-PSH-009"])
    );

    // Without its fault the new assertion is named as one that nothing proves.
    fs::remove_file(root.join(&changed[2])).unwrap();
    plumbline(
        root,
        &[
            "selftest",
            "--scenario",
            "uka-psh-nhs-number",
            "--packs",
            ".",
            "--pack",
            PACK,
            "--faults",
            "mocks/faults",
        ],
    )
    .code(1)
    .prints("survivor: no fault kills `Then every NHS number in the result is valid`");
}

#[test]
fn the_guide_shows_it() {
    assert!(GUIDE.contains("(adding-a-scenario.diff)"));
    assert!(
        !DIFF
            .lines()
            .any(|line| line.starts_with("+++") && line.contains("/src/")),
        "a scenario needs no Rust"
    );
}
