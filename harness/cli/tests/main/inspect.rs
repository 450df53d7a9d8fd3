//! `plumbline inspect` from outside: what it writes, what it refuses, and that a refusal leaves every file as it was.
//! Not for each mistake a file can have: the library's own tests hold those.

use crate::support::{Mock, Ran, command, files, plumbline, ran, target, temp, write_target};
use std::fs;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "../../profiles/digital-inspection/example";

/// A copy of the example, in a folder of its own.
fn example(root: &Path) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    let to = root.join("example");
    for (name, bytes) in files(&from.join("assessment")) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::copy(from.join("measures.csv"), root.join("measures.csv")).unwrap();
    to
}

fn new(root: &Path, out: &str) -> Ran {
    let arguments = [
        "inspect",
        "new",
        "--organisation",
        "ZZ001",
        "--name",
        "Nether Halden Hospitals",
        "--date",
        "2026-10-05",
        "--out",
        out,
    ];
    plumbline(root, &arguments)
}

/// Refused with exit code 2; the folder is byte for byte what it was.
fn refused(root: &Path, arguments: &[&str], says: &[&str]) {
    let before = files(root);
    let mut told = plumbline(root, arguments).code(2);
    for wanted in says {
        told = told.says(wanted);
    }
    assert_eq!(before, files(root), "{arguments:?} changed a file");
}

#[test]
fn a_new_assessment_is_reported_and_nothing_is_written_over() {
    let folder = temp();
    let root = folder.path();
    new(root, "it").code(0).prints("Wrote 28 questions");
    new(root, "again").code(0);
    assert_eq!(files(&root.join("it")), files(&root.join("again")));
    refused(
        root,
        &[
            "inspect",
            "new",
            "--organisation",
            "ZZ001",
            "--name",
            "x",
            "--out",
            "it",
        ],
        &["not an empty folder"],
    );
    refused(
        root,
        &[
            "inspect",
            "new",
            "--organisation",
            "ZZ001",
            "--name",
            "x",
            "--out",
            "o",
            "--checklist",
            "y",
        ],
        &["no checklist `y`", "interop-core"],
    );
    refused(
        root,
        &[
            "inspect",
            "new",
            "--organisation",
            "ZZ001",
            "--name",
            "x",
            "--out",
            "o",
            "--date",
            "soon",
        ],
        &["--date"],
    );
    refused(
        root,
        &[
            "inspect",
            "new",
            "--organisation",
            "ZZ001",
            "--name",
            "of 9990000018",
            "--out",
            "o",
        ],
        &["an NHS number"],
    );
}

#[test]
fn reports_replace_reports_and_nothing_else() {
    let folder = temp();
    let root = folder.path();
    new(root, "it").code(0);
    plumbline(root, &["inspect", "report", "it", "--out", "pages"]).code(0);
    plumbline(
        root,
        &[
            "inspect", "report", "it", "--out", "pages", "--format", "json",
        ],
    )
    .code(0);
    let names: Vec<String> = files(&root.join("pages"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            ".plumbline-inspection",
            "inspection.html",
            "inspection.json"
        ]
    );
    let page = fs::read_to_string(root.join("pages/inspection.html")).unwrap();
    assert!(page.contains("finds 0 met, 0 partly met and 0 not met"));
    refused(
        root,
        &["inspect", "report", "it", "--out", "it"],
        &["no report of an inspection wrote"],
    );
    refused(
        root,
        &["inspect", "report", "pages", "--out", "o"],
        &["is no assessment", "plumbline inspect new"],
    );
    refused(
        root,
        &["inspect", "report", "nowhere", "--out", "o"],
        &["no folder `nowhere`"],
    );
    refused(root, &["inspect", "fill", "it"], &["--run"]);
}

#[test]
fn the_same_assessment_gives_the_same_bytes_wherever_it_is_read() {
    let folder = temp();
    let root = folder.path();
    example(root);
    for (out, zone, language) in [
        ("a", "Pacific/Auckland", "tr_TR.UTF-8"),
        ("b", "America/Los_Angeles", "C"),
    ] {
        for format in ["html", "json"] {
            let mut command = command(root);
            command.args([
                "inspect", "report", "example", "--out", out, "--format", format,
            ]);
            command
                .env("TZ", zone)
                .env("LC_ALL", language)
                .env("LANG", language);
            ran(command).code(0);
        }
    }
    assert_eq!(files(&root.join("a")), files(&root.join("b")));
}

#[test]
fn a_run_against_a_mock_is_shown_as_one_and_counts_for_nothing() {
    let folder = temp();
    let root = folder.path();
    example(root);
    let mock = Mock::start("riverside-epr");
    write_target(root, &target(&mock.base_url, "mock"));
    let run = [
        "run",
        "--target",
        "target.toml",
        "--pack",
        "uk-core-access",
        "--tags",
        "@req:UKA-PAT-001 or @req:UKA-PSH-001",
        "--out",
        "run",
    ];
    plumbline(root, &run);
    let report = |out: &str| {
        plumbline(
            root,
            &[
                "inspect", "report", "example", "--out", out, "--format", "json",
            ],
        )
        .code(0);
        let text = fs::read_to_string(root.join(out).join("inspection.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let before = report("before");
    let fill = [
        "inspect",
        "fill",
        "example",
        "--run",
        "run",
        "--measures",
        "measures.csv",
    ];
    plumbline(root, &fill)
        .code(0)
        .prints("against a mock system")
        .prints("All 5 measures");
    let filled = files(&root.join("example"));
    plumbline(root, &fill).code(0);
    assert_eq!(
        filled,
        files(&root.join("example")),
        "filling twice added something"
    );
    let after = report("after");
    assert_eq!(before["tally"], after["tally"]);
    assert_eq!(
        before["items"][0]["evidence"],
        after["items"][0]["evidence"]
    );
    assert_eq!(after["items"][0]["not_evidence"][0]["standing"], "mock");
    assert_eq!(after["runs"][0]["standing"], "mock");
    plumbline(root, &["inspect", "report", "example", "--out", "page"]).code(0);
    let page = fs::read_to_string(root.join("page/inspection.html")).unwrap();
    for wanted in [
        "against a mock system. It says nothing about this organisation",
        "Mock system, not evidence",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    refused(
        root,
        &["inspect", "fill", "example", "--run", "nowhere"],
        &["is this the folder of a run?"],
    );
    // The record of another form of Plumbline, and a record that was changed afterwards.
    let record = fs::read_to_string(root.join("run/record.json")).unwrap();
    fs::write(
        root.join("run/record.json"),
        record.replacen("Riverside EPR", "Riverside EPT", 1),
    )
    .unwrap();
    if record.contains("Riverside EPR") {
        refused(
            root,
            &["inspect", "fill", "example", "--run", "run"],
            &["from another record"],
        );
    }
    fs::write(root.join("run/record.json"), "{ \"format\": 0 }").unwrap();
    refused(
        root,
        &["inspect", "fill", "example", "--run", "run"],
        &["record format 0"],
    );
}

#[test]
fn an_identifier_stops_everything_before_anything_is_saved() {
    let folder = temp();
    let root = folder.path();
    let assessment = example(root);
    let answer = assessment.join("answers/D3.toml");
    let good = fs::read_to_string(&answer).unwrap();
    fs::write(
        &answer,
        good.replacen("[self]\n", "[self]\n# seen: 999 000 0018\n", 1),
    )
    .unwrap();
    let says = [
        "D3.toml:4: this holds what looks like an NHS number",
        "nothing was saved",
    ];
    for arguments in [
        ["inspect", "report", "example", "--out", "o"].as_slice(),
        &["inspect", "fill", "example", "--measures", "measures.csv"],
    ] {
        refused(root, arguments, &says);
        let told = plumbline(root, arguments);
        assert!(!told.stderr.contains("0018") && !told.stdout.contains("0018"));
    }
    fs::write(&answer, good).unwrap();
    let csv = fs::read_to_string(root.join("measures.csv")).unwrap();
    fs::write(
        root.join("bad.csv"),
        csv.replacen("results,", "results of someone@trust.example,", 1),
    )
    .unwrap();
    refused(
        root,
        &["inspect", "fill", "example", "--measures", "bad.csv"],
        &["bad.csv:4", "an e-mail address"],
    );
    fs::write(root.join("bad.csv"), csv.replacen("item,", "items,", 1)).unwrap();
    refused(
        root,
        &["inspect", "fill", "example", "--measures", "bad.csv"],
        &["bad.csv:1", "did you mean `item`?"],
    );
}

#[test]
fn lint_reads_checklists_and_takes_none_for_a_broken_pack() {
    let folder = temp();
    let root = folder.path();
    plumbline(root, &["lint", "digital-inspection"])
        .code(0)
        .prints("interop-core: checklist of 28 questions");
    let listed = plumbline(root, &["packs"]).code(0);
    assert!(
        !listed.stdout.contains("digital-inspection"),
        "{}",
        listed.stdout
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../profiles/digital-inspection/checklists/interop-core.toml");
    let good = fs::read_to_string(path).unwrap();
    let own = root.join("own/profiles/digital-inspection/checklists");
    fs::create_dir_all(&own).unwrap();
    fs::write(
        own.join("interop-core.toml"),
        good.replacen("UKA-PAT-001", "UKA-PAT-999", 1),
    )
    .unwrap();
    refused(
        root,
        &["lint", "--packs", "own", "digital-inspection"],
        &[
            "interop-core.toml:",
            "no requirement `UKA-PAT-999`",
            "help:",
        ],
    );
    fs::write(
        own.join("interop-core.toml"),
        good.replacen("version = \"1.0.0\"", "version = \"1.1.0\"", 1),
    )
    .unwrap();
    example(root);
    refused(
        root,
        &[
            "inspect", "report", "example", "--out", "o", "--packs", "own",
        ],
        &["made with the checklist interop-core 1.0.0", "--packs"],
    );
}
