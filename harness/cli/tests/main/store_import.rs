//! `plumbline import` from outside: what reaches the store, what is refused, what a mock's result becomes.

use crate::support::{self, Mock, PACK, command, plumbline, ran, temp};
use plumbline_benchmark::{Input, National, Options, ResultKind, national};
use plumbline_model::{EditionStatus, Level};
use plumbline_store::{Query, RunStore, SqliteStore};
use std::fs;
use std::path::Path;

const HEAD: &str = "ODS code,Name,Type,Region,ICB,Size,EPR supplier,EPR version\n";

/// The view of everything in a store, on a day after every run.
fn view(store: &Path) -> National {
    let store = SqliteStore::open(store).unwrap();
    let organisations = store.organisations().unwrap();
    let maturity = store.maturity().unwrap();
    let mut runs = store.runs(&Query::all(ResultKind::Deployment)).unwrap();
    runs.extend(store.runs(&Query::all(ResultKind::Product)).unwrap());
    let last = runs.iter().map(|run| run.started).max().unwrap();
    national(&Input {
        organisations: &organisations,
        runs: &runs,
        maturity: &maturity,
        options: Options::new(last),
    })
}

#[test]
fn an_invented_country_is_the_same_file_in_any_place() {
    let folder = temp();
    let folder = folder.path();
    for (name, zone, locale) in [("a", "UTC", "C"), ("b", "Asia/Kathmandu", "tr_TR.UTF-8")] {
        let mut import = command(folder);
        import.env("TZ", zone).env("LC_ALL", locale).args([
            "import",
            "--store",
            name,
            "--synthetic",
            "7",
            "--trusts",
            "30",
            "--months",
            "3",
        ]);
        ran(import).code(0).prints("SYNTHETIC");
    }
    assert!(fs::read(folder.join("a")).unwrap() == fs::read(folder.join("b")).unwrap());
    let again = [
        "import",
        "--store",
        "a",
        "--synthetic",
        "7",
        "--trusts",
        "30",
        "--months",
        "3",
    ];
    plumbline(folder, &again)
        .code(0)
        .prints("Organisations: 0 added, 0 replaced, 30 known already.");
    assert!(fs::read(folder.join("a")).unwrap() == fs::read(folder.join("b")).unwrap());
    fs::write(folder.join("o.csv"), format!("{HEAD}ZZ001,a,b,c,d,e,f,g\n")).unwrap();
    plumbline(
        folder,
        &["import", "--store", "a", "--organisations", "o.csv"],
    )
    .code(2)
    .says("never kept in one store");
}

#[test]
fn a_run_against_a_mock_keeps_its_stamp_and_is_compared_with_nothing() {
    let folder = temp();
    let folder = folder.path();
    {
        let mock = Mock::start("riverside-epr");
        support::write_target(folder, &support::target(&mock.base_url, "mock"));
        let arguments = [
            "run",
            "--target",
            "target.toml",
            "--pack",
            PACK,
            "--tags",
            "@capability:metadata",
            "--out",
            "run",
        ];
        plumbline(folder, &arguments);
    }
    let import = ["import", "--store", "store.sqlite", "--run", "run"];
    plumbline(folder, &import)
        .code(0)
        .prints("Results: 1 added")
        .prints("is against the mock system riverside-epr: it keeps that stamp and is compared with nothing");
    plumbline(folder, &import)
        .code(0)
        .prints("Results: 0 added, 0 replaced, 1 known already.");
    the_tallies_are_those_of_the_report(folder);
    let view = view(&folder.join("store.sqlite"));
    assert!(view.core.is_none() && view.products.tested.is_empty());
    assert_eq!(view.method.excluded.len(), 1, "{:?}", view.method.excluded);
    assert_eq!(
        view.method.excluded[0].reason.label(),
        "a run against a mock"
    );

    // The same id with another content, and a record of a form that nobody knows yet.
    let path = folder.join("run/record.json");
    let record = fs::read_to_string(&path).unwrap();
    let start = record.find("\"supplier\"").unwrap();
    let changed = format!(
        "{}{}",
        &record[..start],
        record[start..].replacen(": \"", ": \"X", 1)
    );
    assert_ne!(changed, record);
    fs::write(&path, changed).unwrap();
    plumbline(folder, &import)
        .code(2)
        .says("is stored already with other content");
    let format = record.find("\"format\"").unwrap();
    let newer = format!(
        "{}\"format\": 99, \"formerly\"{}",
        &record[..format],
        &record[format + 8..]
    );
    fs::write(&path, newer).unwrap();
    plumbline(folder, &import).code(2).says("record format 99");
    plumbline(
        folder,
        &["import", "--store", "store.sqlite", "--run", "nowhere"],
    )
    .code(2)
    .says("nowhere");
}

/// What is stored of the run in `run` is what its own report says.
fn the_tallies_are_those_of_the_report(folder: &Path) {
    let text = fs::read_to_string(folder.join("run/reports/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let store = SqliteStore::open(&folder.join("store.sqlite")).unwrap();
    let runs = store.runs(&Query::all(ResultKind::Product)).unwrap();
    let run = &runs[0];
    assert_eq!(run.mock.as_deref(), Some("riverside-epr"));
    assert_eq!(run.pack.edition_status, EditionStatus::Draft);
    let scorecard = &report["scorecard"];
    assert_eq!(scorecard["status"], run.status.key());
    let domains = scorecard["domains"].as_array().unwrap();
    assert!(!domains.is_empty());
    assert_eq!(domains.len(), run.domains.len());
    for (told, stored) in domains.iter().zip(&run.domains) {
        let tally = &told["tally"];
        assert_eq!(told["domain"], stored.domain.key());
        assert_eq!(tally["pass"], stored.met);
        assert_eq!(tally["fail"], stored.broken);
        assert_eq!(tally["undecided"], stored.undecided);
    }
    let required = run
        .requirements
        .iter()
        .filter(|one| one.rule.level == Level::Shall);
    let told: u64 = ["pass", "fail", "undecided"]
        .iter()
        .map(|word| scorecard["required"][word].as_u64().unwrap())
        .sum();
    assert_eq!(required.count() as u64, told);
}

#[test]
fn nothing_is_imported_partly() {
    let folder = temp();
    let folder = folder.path();
    fs::write(
        folder.join("good.csv"),
        format!("\u{feff}{HEAD}ZZ001,a,b,c,d,e,f,g\n"),
    )
    .unwrap();
    fs::write(
        folder.join("bad.csv"),
        format!("{HEAD}ZZ002,a,b,c,d,e,f,g\nzz3,a,b,c,d,e,f,g\n"),
    )
    .unwrap();
    fs::write(
        folder.join("scores.csv"),
        "code,year,score\nZZ001,2027,best\n",
    )
    .unwrap();
    plumbline(
        folder,
        &["import", "--store", "s", "--organisations", "bad.csv"],
    )
    .code(2)
    .says("bad.csv:3: `zz3` does not have the shape of an ODS code")
    .says("nothing was imported");
    let both = [
        "import",
        "--store",
        "s",
        "--organisations",
        "good.csv",
        "--maturity",
        "scores.csv",
    ];
    plumbline(folder, &both)
        .code(2)
        .says("scores.csv:2: `best` is not a score");
    assert!(!folder.join("s").exists());
    plumbline(
        folder,
        &["import", "--store", "s", "--organisations", "good.csv"],
    )
    .code(0)
    .prints("Organisations: 1 added");
    plumbline(
        folder,
        &[
            "import",
            "--store",
            "good.csv",
            "--organisations",
            "good.csv",
        ],
    )
    .code(2)
    .says("is not a store of Plumbline");
    plumbline(folder, &["import", "--store", "s"])
        .code(2)
        .says("there is nothing to import");
    let store = SqliteStore::open(&folder.join("s")).unwrap();
    assert_eq!(store.organisations().unwrap().len(), 1);
}
