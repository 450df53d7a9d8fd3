//! The report of an inspection, from the repository's own example: the JSON form to the letter, and what the page must
//! and must not say. Not for its looks.

use plumbline_inspect::{
    Assessment, Checklist, Folder, KnownPacks, Link, load, overview, read_checklist,
};
use plumbline_model::{PackId, Requirement};
use plumbline_reports::{InspectionInput, inspection_html, inspection_json};
use std::fs;
use std::path::{Path, PathBuf};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../profiles")
}

/// The checklist without the links to packs, which the pages name by their tags only.
fn checklist() -> (Checklist, String) {
    let path = top().join("digital-inspection/checklists/interop-core.toml");
    let bytes = fs::read(path).expect("the checklist");
    let text = String::from_utf8_lossy(&bytes);
    let mut packs = KnownPacks::new();
    for pack in [
        "uk-core-access",
        "gp-connect-foundations",
        "transfer-of-care",
    ] {
        let rules = text
            .split('"')
            .filter(|word| word.contains('-') && word.to_uppercase() == **word);
        let rules: Vec<Requirement> = rules.map(requirement).collect();
        packs.insert(PackId::from(pack), rules);
    }
    let mut checklist = read_checklist("interop-core.toml", &bytes, &packs).expect("a checklist");
    let print = std::mem::replace(&mut checklist.fingerprint, "f".repeat(64));
    (checklist, print)
}

fn requirement(id: &str) -> Requirement {
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

fn folder(print: &str) -> Folder {
    let root = top().join("digital-inspection/example/assessment");
    let mut folder = Folder::new();
    for part in ["", "answers", "evidence"] {
        for entry in fs::read_dir(root.join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path.strip_prefix(&root).expect("a name").to_string_lossy();
                let text = fs::read_to_string(&path).expect("a file");
                // The fingerprint of the checklist is no matter here.
                let text = text.replace(print, &"f".repeat(64));
                folder.insert(name.into_owned(), text.into_bytes());
            }
        }
    }
    folder
}

fn with_mock(folder: &mut Folder) {
    let run = "\n[[run]]\nid = \"one\"\nstanding = \"mock\"\nstarted = \"2026-10-12T08:00:00Z\"\nend = \"completed\"\n\
               subject = \"product\"\nsupplier = \"Riverside\"\nproduct = \"Riverside EPR\"\nversion = \"4.2\"\n\
               environment = \"mock\"\nmock = \"riverside-epr\"\npack = \"uk-core-access\"\n\
               pack_title = \"UK Core Access\"\npack_version = \"1\"\nedition = \"draft 0.1.0 of UK Core Access\"\n\
               record_sha256 = \"0\"\n";
    let record = "\n[[not_evidence]]\nid = \"A1-run-0\"\nstanding = \"mock\"\nrun = \"one\"\n\
                  captured_at = \"2026-10-12\"\nfinding = \"5 met\"\n\
                  rules = { met = 5, broken = 0, advised = 0, undecided = 0, not_tested = 0 }\n";
    for (name, block) in [("runs.toml", run), ("evidence/A1.toml", record)] {
        folder
            .get_mut(name)
            .expect("the file")
            .extend(block.bytes());
    }
}

fn rendered(change: impl Fn(&mut Folder)) -> (String, String) {
    let (checklist, print) = checklist();
    let mut folder = folder(&print);
    change(&mut folder);
    let assessment: Assessment = load(&folder, &checklist, &str::to_owned).expect("a good example");
    let overview = overview(&assessment, &checklist);
    let input = InspectionInput {
        assessment: &assessment,
        checklist: &checklist,
        overview: &overview,
        plumbline: "0.0.0",
    };
    (
        inspection_html(&input).expect("a page"),
        inspection_json(&input).expect("JSON"),
    )
}

#[test]
fn the_json_form_is_what_it_was() {
    let (_, json) = rendered(with_mock);
    insta::assert_snapshot!("inspection_json", json);
}

#[test]
fn the_page_says_whose_judgement_it_is_and_nothing_of_a_regulator() {
    let (page, json) = rendered(|_| {});
    for wanted in [
        "the inspector finds 8 met, 11 partly met and 4 not met",
        "Judgements are the inspector",
        "Nothing computes either",
        "Example: the organisation, the people and every finding are invented.",
        "A view that differs.",
        "Not enough evidence",
        "2018-22 framework: Safe, S3.4",
        "fewer than 5 of 1,240 new records checked",
        "none: minutes are no sample",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    for (text, form) in [(&page, "page"), (&json, "JSON")] {
        let lower = text.to_lowercase();
        for word in [
            "outstanding",
            "inadequate",
            "requires improvement",
            "nhs approved",
            "certified by",
            "cqc compliant",
            "legal duty",
            "3 of 1,240",
        ] {
            assert!(!lower.contains(word), "{word} in the {form}");
        }
    }
    assert!(page.len() < 500_000, "{} bytes", page.len());
    assert!(
        !page.contains("<script") && !page.contains("src="),
        "nothing from elsewhere"
    );
    assert!(!page.contains("Mock system"), "no mock was filled in");
}

#[test]
fn a_judgement_on_too_little_evidence_is_in_neither_form() {
    let (page, json) = rendered(|_| {});
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let items = json["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["id"] == "K4").expect("K4");
    assert_eq!(item["standing"], "not-enough");
    assert!(item["inspector"].is_null());
    let card = page.split("id=\"item-K4\"").nth(1).expect("the card");
    let card = card.split("</article>").next().expect("its end");
    assert!(card.contains("Why no judgement is shown."));
    // The own answer says "met"; the inspector's, which does too, does not.
    assert_eq!(card.matches("</svg>Met</span>").count(), 1);
}

#[test]
fn a_mock_is_named_at_the_top_in_the_grid_in_the_finding_and_in_the_method() {
    let (page, json) = rendered(with_mock);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let notice = json["notices"][1].as_str().expect("a notice");
    assert!(notice.contains("against a mock system"), "{notice}");
    assert!(page.contains("1 test shown here was against a mock system"));
    assert!(page.contains("1 test shown that is not evidence"));
    assert_eq!(page.matches("Mock system, not evidence").count(), 2);
    // And it counts for nothing.
    assert!(
        page.contains("No test of the organisation's own running system")
            || page.contains("No test of the organisation&#x27;s own running system")
    );
    assert!(page.contains("of 65 not supplied"));
}

#[test]
fn hostile_words_stay_words() {
    let (page, _) = rendered(|folder| {
        let name = "assessment.toml";
        let text = String::from_utf8(folder[name].clone()).expect("UTF-8");
        let text = text.replace(
            "Nether Halden Hospitals",
            "<script>alert(1)</script>\\\"}{{x}}",
        );
        folder.insert(name.to_owned(), text.into_bytes());
    });
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
}

#[test]
fn every_link_to_a_pack_is_in_the_checklist_as_written() {
    let (checklist, _) = checklist();
    let links = checklist.items.iter().flat_map(|item| &item.automated);
    let packs = links
        .filter(|a| matches!(a.link, Link::Pack { .. }))
        .count();
    assert!(packs >= 10, "{packs}");
}
