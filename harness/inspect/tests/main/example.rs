//! The repository's own checklist and example, for tests to change. Holds no test of its own but that both are good.

use plumbline_inspect::{
    Assessment, Checklist, Folder, KnownPacks, Link, Mistakes, Nature, overview, read_checklist,
};
use plumbline_model::{PackId, Requirement};
use std::fs;
use std::path::{Path, PathBuf};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles")
}

/// Every row of a pack's requirements.csv, as far as a checklist needs it.
fn requirements(pack: &str) -> Vec<Requirement> {
    let path = top().join(pack).join("requirements.csv");
    let text = fs::read_to_string(path).expect("requirements.csv");
    let ids = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next());
    ids.map(requirement).collect()
}

pub fn requirement(id: &str) -> Requirement {
    serde_json::from_value(serde_json::json!({
        "id": id, "level": "SHALL", "title": "title", "domain": "identity", "interop_level": "structural",
        "severity": 3, "harm": "harm", "capability": "c",
        "source": {
            "document": "d", "section": "s", "url": "https://a.example", "read_first": "", "read_second": "",
        },
        "not_tested_reason": "", "legal_basis": "", "applies_to": "",
    }))
    .expect("a requirement")
}

pub fn checklist() -> Checklist {
    let packs: KnownPacks = [
        "uk-core-access",
        "gp-connect-foundations",
        "transfer-of-care",
    ]
    .map(|pack| (PackId::from(pack), requirements(pack)))
    .into();
    let path = top().join("digital-inspection/checklists/interop-core.toml");
    let bytes = fs::read(path).expect("the checklist");
    read_checklist("checklists/interop-core.toml", &bytes, &packs).expect("a good checklist")
}

pub fn folder() -> Folder {
    let root = top().join("digital-inspection/example/assessment");
    let mut folder = Folder::new();
    for part in ["", "answers", "evidence"] {
        for entry in fs::read_dir(root.join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path.strip_prefix(&root).expect("a name").to_string_lossy();
                let bytes = fs::read(&path).expect("a file");
                folder.insert(name.replace('\\', "/"), bytes);
            }
        }
    }
    folder
}

pub fn load(folder: &Folder) -> Result<Assessment, Mistakes> {
    plumbline_inspect::load(folder, &checklist(), &|name| format!("dir/{name}"))
}

/// The example with a part of a file replaced.
pub fn changed(name: &str, from: &str, to: &str) -> Folder {
    let mut folder = folder();
    let text = String::from_utf8(folder[name].clone()).expect("UTF-8");
    assert!(text.contains(from), "{name} holds no {from:?}:\n{text}");
    folder.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    folder
}

#[test]
fn the_checklist_has_the_core_and_three_more() {
    let checklist = checklist();
    let ids: Vec<&str> = checklist.items.iter().map(|i| i.id.as_str()).collect();
    let core =
        "A1 A4 B1 B6 C1 C2 C6 D1 D2 D3 D4 E1 E3 E4 E5 F1 F3 F5 I2 J1 J5 J8 K4 K8 L1 L3 L6 M2";
    assert_eq!(ids, core.split(' ').collect::<Vec<_>>());
    let filled = checklist.items.iter().filter(|item| {
        let mut links = item.automated.iter().map(|a| &a.link);
        links.any(|link| matches!(link, Link::Pack { .. }))
    });
    assert!(filled.count() >= 7, "runs fill at least seven items");
    // Words of a duty would say more than is known; the levels are ours.
    let text = fs::read_to_string(top().join("digital-inspection/checklists/interop-core.toml"));
    let text = text.expect("the checklist").to_lowercase();
    for word in [
        "must comply",
        "legal duty",
        "shall ",
        "certified",
        "outstanding",
    ] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn the_example_is_good_and_shows_every_case() {
    let folder = folder();
    let assessment = match load(&folder) {
        Ok(assessment) => assessment,
        Err(mistakes) => panic!(
            "{mistakes}\nthe checklist has the fingerprint {}",
            checklist().fingerprint
        ),
    };
    assert_eq!(assessment.frame.nature, Nature::Example);
    assert!(assessment.frame.organisation.code.starts_with("ZZ"));
    let overview = overview(&assessment, &checklist());
    let tally = overview.tally;
    assert!(
        tally.met > 0 && tally.partly_met > 0 && tally.not_met > 0,
        "{tally:?}"
    );
    assert!(tally.not_enough > 0 && tally.not_assessed > 0, "{tally:?}");
    let dissent: usize = overview.items.iter().map(|it| it.dissent).sum();
    assert_eq!(dissent, 1);
    assert_eq!(overview.items.len(), 28);
}
