//! What follows from evidence by rule: a judgement is shown or withheld, and never made.

use crate::example::{changed, checklist, load};
use plumbline_inspect::{Folder, Gap, ItemOverview, Lack, Standing, overview};

fn item(folder: &Folder, id: &str) -> ItemOverview {
    let assessment = load(folder).expect("a good assessment");
    let overview = overview(&assessment, &checklist());
    let mut items = overview.items.into_iter();
    items.find(|it| it.id.as_str() == id).expect("the item")
}

#[test]
fn one_kind_of_evidence_is_not_enough() {
    let folder = changed("answers/B1.toml", "\"B1-01\", ", "");
    let it = item(&folder, "B1");
    assert_eq!(
        (it.standing, it.gap),
        (Standing::NotEnough, Gap::NotComparable)
    );
    assert_eq!(it.lacking, [Lack::SecondCategory]);
    assert_eq!(it.confidence, None);
}

#[test]
fn the_word_of_the_organisation_alone_is_not_enough() {
    // What staff say and what is written down are two kinds, and both are the organisation's.
    let it = item(&crate::example::folder(), "F3");
    assert_eq!(it.standing, Standing::NotEnough);
    assert_eq!(it.lacking, [Lack::IndependentEvidence]);
}

#[test]
fn an_observation_counts_only_if_the_inspector_made_it() {
    let folder = changed(
        "evidence/B1.toml",
        "supplied_by = \"inspector\"",
        "supplied_by = \"organisation\"",
    );
    assert_eq!(item(&folder, "B1").lacking, [Lack::IndependentEvidence]);
    let folder = changed(
        "evidence/B1.toml",
        "supplied_by = \"inspector\"",
        "supplied_by = \"supplier\"",
    );
    assert_eq!(item(&folder, "B1").lacking, [Lack::IndependentEvidence]);
    let folder = changed(
        "evidence/B1.toml",
        "supplied_by = \"inspector\"",
        "supplied_by = \"partner\"",
    );
    assert_eq!(item(&folder, "B1").standing, Standing::Met);
}

#[test]
fn evidence_that_was_replaced_cannot_be_cited() {
    let record = |id: &str| {
        format!(
            "\n[[evidence]]\nid = \"{id}\"\ncategory = \"processes\"\ntype = \"document\"\n\
             supplied_by = \"organisation\"\nsource_role = \"role\"\ncaptured_at = \"2026-10-20\"\n\
             captured_by = \"role\"\nmethod = \"read\"\nfinding = \"found\"\nstrength = \"asserted\"\n\
             weighs = \"neutral\"\nreplaces = [\"B1-01\"]\n"
        )
    };
    let mut folder = crate::example::folder();
    let mut bytes = folder["evidence/B1.toml"].clone();
    bytes.extend(record("B1-03").bytes());
    folder.insert("evidence/B1.toml".into(), bytes);
    let said = load(&folder).expect_err("a mistake").to_string();
    assert!(said.contains("`B1-01` was replaced by `B1-03`"), "{said}");
    let text = String::from_utf8(folder["answers/B1.toml"].clone()).expect("UTF-8");
    folder.insert(
        "answers/B1.toml".into(),
        text.replace("B1-01", "B1-03").into_bytes(),
    );
    let it = item(&folder, "B1");
    assert_eq!((it.standing, it.records), (Standing::Met, 2));
}

#[test]
fn no_evidence_changes_a_judgement() {
    // Every record of an item turned against it: what is shown stays what the inspector wrote.
    let folder = crate::example::folder();
    let before: Vec<_> = checklist()
        .items
        .iter()
        .map(|i| item(&folder, i.id.as_str()).standing)
        .collect();
    let mut turned = folder.clone();
    for (name, bytes) in &folder {
        if name.starts_with("evidence/") {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            let text = text.replace("weighs = \"supports\"", "weighs = \"contradicts\"");
            let text = text.replace("strength = \"direct\"", "strength = \"asserted\"");
            turned.insert(name.clone(), text.into_bytes());
        }
    }
    let after: Vec<_> = checklist()
        .items
        .iter()
        .map(|i| item(&turned, i.id.as_str()).standing)
        .collect();
    assert_eq!(before, after);
}
