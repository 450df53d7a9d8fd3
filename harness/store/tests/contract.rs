//! What every store must pass, and what a store in a file must pass besides.

use plumbline_benchmark::synthetic::{Plan, World, world};
use plumbline_benchmark::{Finite, Origin, ResultKind, StoredRun};
use plumbline_model::{PackId, Verdict};
use plumbline_store::{
    Batch, MemoryStore, Put, Query, RunStore, SCHEMA_VERSION, SqliteStore, StoreError,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn country() -> World {
    world(Plan::new(5, 9, 4).expect("a plan"))
}

fn file(folder: &Path) -> SqliteStore {
    SqliteStore::open_or_create(&folder.join("store.sqlite")).expect("a store")
}

/// Runs one part of the contract against every store.
fn every_store(part: fn(&mut dyn RunStore)) {
    let folder = tempfile::tempdir().expect("a folder");
    part(&mut file(folder.path()));
    part(&mut MemoryStore::default());
}

fn all(store: &dyn RunStore) -> Vec<StoredRun> {
    let mut found: Vec<StoredRun> = ResultKind::ALL
        .iter()
        .flat_map(|kind| store.runs(&Query::all(*kind)).expect("runs"))
        .collect();
    found.sort_by(|a, b| a.run_id.cmp(&b.run_id));
    found
}

#[test]
fn what_is_put_comes_back() {
    every_store(|store| {
        let world = country();
        let put = store.put_runs(&world.runs).expect("put");
        assert_eq!(put.added, world.runs.len());
        let mut expected = world.runs.clone();
        expected.sort_by(|a, b| a.run_id.cmp(&b.run_id));
        assert_eq!(all(store), expected);
        for run in &world.runs {
            assert_eq!(store.run(&run.run_id).expect("a run").as_ref(), Some(run));
        }
        assert_eq!(store.run("nobody").expect("no run"), None);
        store
            .put_organisations(&world.organisations)
            .expect("organisations");
        assert_eq!(
            store.organisations().expect("organisations"),
            world.organisations
        );
        store.put_maturity(&world.maturity).expect("scores");
        let mut scores = world.maturity.clone();
        scores.sort_by(|a, b| (&a.code, a.year, &a.pillar).cmp(&(&b.code, b.year, &b.pillar)));
        assert_eq!(store.maturity().expect("scores"), scores);
    });
}

#[test]
fn the_same_run_twice_changes_nothing() {
    every_store(|store| {
        let runs = country().runs;
        store.put_runs(&runs).expect("put");
        let before = all(store);
        let again = store.put_runs(&runs).expect("put");
        assert_eq!((again.added, again.known), (0, runs.len()));
        assert_eq!(all(store), before);
        let twice = store.put_runs(&[runs[0].clone(), runs[0].clone()]);
        assert_eq!(twice.expect("put").known, 2);
    });
}

#[test]
fn a_run_with_other_content_is_refused_with_all_that_came_with_it() {
    every_store(|store| {
        let runs = country().runs;
        store.put_runs(&runs[..3]).expect("put");
        let before = all(store);
        let mut other = runs[1].clone();
        other.requirements[7].verdict = match other.requirements[7].verdict {
            Verdict::Pass => Verdict::Fail,
            _ => Verdict::Pass,
        };
        let refused = store.put_runs(&[runs[5].clone(), other.clone()]);
        let Err(StoreError::DifferentRun { run_id }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(run_id, runs[1].run_id);
        assert_eq!(all(store), before, "nothing of the batch is stored");
        // Two of one id in one batch, none of them stored yet.
        other.run_id.push_str("-new");
        let mut third = other.clone();
        third.selection = "@smoke".to_owned();
        let refused = store.put_runs(&[other, third]);
        assert!(matches!(refused, Err(StoreError::DifferentRun { .. })));
        assert_eq!(all(store), before);
    });
}

#[test]
fn a_batch_is_stored_wholly_or_not_at_all() {
    every_store(|store| {
        let world = country();
        store.put_runs(&world.runs[..1]).expect("put");
        let mut changed = world.runs[0].clone();
        changed.subject.version.push('x');
        let batch = Batch {
            organisations: &world.organisations,
            runs: &[world.runs[3].clone(), changed],
            maturity: &world.maturity,
        };
        assert!(store.put(&batch).is_err());
        assert_eq!(all(store).len(), 1);
        assert_eq!(store.organisations().expect("organisations"), []);
        assert_eq!(store.maturity().expect("scores"), []);
        let batch = Batch {
            runs: &world.runs,
            ..batch
        };
        let stored = store.put(&batch).expect("put");
        assert_eq!(stored.runs.added, world.runs.len() - 1);
        assert_eq!(stored.organisations.added, world.organisations.len());
        assert_eq!(stored.maturity.added, world.maturity.len());
    });
}

#[test]
fn rules_of_one_fingerprint_are_the_same_rules() {
    every_store(|store| {
        let runs = country().runs;
        store.put_runs(&runs[..1]).expect("put");
        let before = all(store);
        let mut other = runs[1].clone();
        let mut rule = other.requirements[0].rule.as_ref().clone();
        rule.title.push_str(", changed");
        other.requirements[0].rule = rule.into();
        let refused = store.put_runs(&[runs[2].clone(), other.clone()]);
        assert!(
            matches!(refused, Err(StoreError::DifferentRule { .. })),
            "{refused:?}"
        );
        assert_eq!(all(store), before);
        other.pack.fingerprint.push('2');
        store
            .put_runs(&[other.clone()])
            .expect("another fingerprint");
        assert_eq!(store.run(&other.run_id).expect("a run"), Some(other));
    });
}

#[test]
fn kinds_are_never_mixed() {
    every_store(|store| {
        let runs = country().runs;
        let mut inspection = runs[0].clone();
        inspection.run_id = "inspection".to_owned();
        inspection.kind = ResultKind::Inspection;
        let mut performance = runs[0].clone();
        performance.run_id = "performance".to_owned();
        performance.kind = ResultKind::Performance;
        store.put_runs(&runs).expect("put");
        store.put_runs(&[inspection, performance]).expect("put");
        let mut seen = 0;
        for kind in ResultKind::ALL {
            let found = store.runs(&Query::all(*kind)).expect("runs");
            assert!(!found.is_empty(), "{kind:?}");
            assert!(found.iter().all(|run| run.kind == *kind));
            seen += found.len();
        }
        assert_eq!(seen, runs.len() + 2);
    });
}

#[test]
fn invented_results_and_others_never_share_a_store() {
    every_store(|store| {
        assert_eq!(store.origin().expect("none"), None);
        let runs = country().runs;
        let mut real = runs[0].clone();
        real.run_id = "real".to_owned();
        real.origin = Origin::Run;
        let both = store.put_runs(&[runs[1].clone(), real.clone()]);
        assert!(matches!(both, Err(StoreError::TwoOrigins)));
        assert_eq!(store.origin().expect("none"), None);
        store.put_runs(&runs[..2]).expect("put");
        assert_eq!(store.origin().expect("one"), Some(Origin::Synthetic));
        let second = store.put_runs(&[real]);
        assert!(matches!(second, Err(StoreError::TwoOrigins)));
    });
}

#[test]
fn queries_choose_by_organisation_pack_and_period() {
    every_store(|store| {
        let world = country();
        let mut runs = world.runs.clone();
        runs[0].pack.id = PackId::from("another");
        runs[0].pack.fingerprint = "another".to_owned();
        store.put_runs(&runs).expect("put");
        let all = store
            .runs(&Query::all(ResultKind::Deployment))
            .expect("runs");
        assert!(all.is_sorted_by_key(|run| (run.started, run.run_id.clone())));
        let middle = all[all.len() / 2].started;
        let mut queries = vec![Query::all(ResultKind::Deployment); 4];
        queries[0].organisation = Some(world.organisations[2].code.clone());
        queries[1].pack = Some(PackId::from("another"));
        queries[2].from = Some(middle);
        queries[3].to = Some(middle);
        for query in &queries {
            let found = store.runs(query).expect("runs");
            let expected: Vec<_> = all.iter().filter(|run| query.wants(run)).cloned().collect();
            assert!(!found.is_empty() && found.len() < all.len(), "{query:?}");
            assert_eq!(found, expected, "{query:?}");
        }
        let both: usize = queries[2..]
            .iter()
            .map(|query| store.runs(query).expect("runs").len())
            .sum();
        let on_the_day = all.iter().filter(|run| run.started == middle).count();
        assert_eq!(both, all.len() + on_the_day, "both ends count");
    });
}

#[test]
fn organisations_and_scores_take_the_place_of_former_ones() {
    every_store(|store| {
        let world = country();
        let mut organisations = world.organisations.clone();
        let first = store.put_organisations(&organisations).expect("put");
        assert_eq!(first.added, organisations.len());
        organisations[0].epr_version = "9.9".to_owned();
        let second = store.put_organisations(&organisations).expect("put");
        let expected = Put {
            added: 0,
            known: organisations.len() - 1,
            replaced: 1,
        };
        assert_eq!(second, expected);
        assert_eq!(store.organisations().expect("organisations"), organisations);
        let mut score = world.maturity[0].clone();
        store.put_maturity(&world.maturity).expect("put");
        score.score = Finite::new(1.25).expect("a score");
        assert_eq!(
            store.put_maturity(&[score.clone()]).expect("put").replaced,
            1
        );
        let scores = store.maturity().expect("scores");
        assert_eq!(scores.len(), world.maturity.len());
        assert!(scores.contains(&score));
    });
}

#[test]
fn a_file_keeps_what_it_was_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = country();
    file(folder.path()).put_runs(&world.runs).expect("put");
    let again = SqliteStore::open(&folder.path().join("store.sqlite")).expect("a store");
    assert_eq!(all(&again).len(), world.runs.len());
    assert_eq!(
        again.run(&world.runs[1].run_id).expect("a run").as_ref(),
        Some(&world.runs[1])
    );
}

#[test]
fn other_files_and_newer_stores_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(
        at("text"),
        "This is not a database, and it is longer than a header. ".repeat(20),
    )
    .expect("a file");
    rusqlite::Connection::open(at("foreign"))
        .and_then(|other| other.execute_batch("CREATE TABLE x (y)"))
        .expect("a database");
    drop(SqliteStore::open_or_create(&at("newer")).expect("a store"));
    rusqlite::Connection::open(at("newer"))
        .and_then(|store| store.pragma_update(None, "user_version", SCHEMA_VERSION + 1))
        .expect("a version");
    let expected = BTreeMap::from([
        ("text", "is not a store of Plumbline"),
        ("foreign", "is not a store of Plumbline"),
        (
            "newer",
            "has version 3, and this Plumbline reads versions up to 2",
        ),
    ]);
    for (name, words) in expected {
        let before = fs::read(at(name)).expect("the file");
        for opened in [
            SqliteStore::open(&at(name)),
            SqliteStore::open_or_create(&at(name)),
        ] {
            let error = opened.expect_err(name).to_string();
            assert!(error.contains(words), "{name}: {error}");
        }
        assert_eq!(fs::read(at(name)).expect("the file"), before, "{name}");
    }
    let missing = SqliteStore::open(&at("missing")).expect_err("no file");
    assert!(
        missing.to_string().contains("there is no store"),
        "{missing}"
    );
    assert!(!at("missing").exists());
}

#[test]
fn a_damaged_run_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = country().runs;
    let mut store = file(folder.path());
    store.put_runs(&runs[..2]).expect("put");
    rusqlite::Connection::open(folder.path().join("store.sqlite"))
        .and_then(|other| {
            other.execute(
                "UPDATE run SET verdicts = '[[\"SYN-IDN-001\",\"passed\"]]' WHERE id = ?1",
                [&runs[0].run_id],
            )
        })
        .expect("an edit");
    let error = store.run(&runs[0].run_id).expect_err("damage").to_string();
    assert!(
        error.contains(&runs[0].run_id) && error.contains("`passed`"),
        "{error}"
    );
    assert!(store.run(&runs[1].run_id).is_ok());
}
