//! A run against a mock says so in every output that can be made of it, even if its target file claims a live-like
//! deployment of a real product. Not for real targets: `reports` holds that none of them is called a mock.

use crate::support::{Mock, Ran, files, plumbline, target, temp, write_target};
use std::fs;
use std::path::Path;

/// A mock system in the clothes of a deployment at a trust.
fn disguised(base_url: &str) -> String {
    let text = target(base_url, "sandbox");
    let kind =
        "kind = \"product\"                 # product, or deployment (then add ods_code and site)";
    assert!(text.contains(kind));
    text.replace(
        kind,
        "kind = \"deployment\"\nods_code = \"ZZ001\"\nsite = \"Main hospital\"",
    )
    .replace("Your record system", "Alder Record")
}

/// What a person or a program reads must name the mock.
fn says_mock(what: &str, text: &str) {
    assert!(
        text.to_lowercase().contains("mock"),
        "{what} does not say that a mock was tested:\n{text}"
    );
}

fn printed(what: &str, ran: &Ran) {
    says_mock(what, &ran.stdout);
}

/// Files that hold no result, each with its reason.
fn holds_no_result(name: &str) -> bool {
    [
        // The evidence behind the record, line by line; the record beside it is stamped.
        "exchanges.ndjson",
        // A key.
        ".pem",
        // Our marker.
        ".plumbline-inspection",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own == ending)
}

fn every_file(folder: &Path) -> usize {
    let mut count = 0;
    for (name, bytes) in files(folder) {
        if !holds_no_result(&name) {
            says_mock(&name, &String::from_utf8_lossy(&bytes));
            count += 1;
        }
    }
    count
}

#[test]
fn a_run_against_a_mock_cannot_be_presented_as_a_product_result() {
    let mock = Mock::start("riverside-epr");
    let folder = temp();
    let root = folder.path();
    write_target(root, &disguised(&mock.base_url));
    let doctor = plumbline(root, &["doctor", "--target", "target.toml"]);
    printed("doctor", &doctor);
    let selection = ["--tags", "@capability:metadata"];
    for out in ["run", "later"] {
        let mut arguments = vec!["run", "--target", "target.toml", "--pack", "uk-core-access"];
        arguments.extend(selection);
        arguments.extend(["--out", out]);
        printed("run", &plumbline(root, &arguments));
    }
    // Journal, record and each report.
    assert!(every_file(&root.join("run")) >= 6);
    for format in ["html", "json", "junit", "verdicts"] {
        let report = plumbline(root, &["report", "run", "--format", format]).code(0);
        printed(&format!("report --format {format}"), &report);
    }

    evidence(root);
    inspection(root);
    comparison(root);
}

/// A signed bundle, a comparison of two runs, and the evidence judged again.
fn evidence(root: &Path) {
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    let bundle = [
        "bundle",
        "run",
        "--key",
        "key.pem",
        "--signer",
        "A supplier",
        "--out",
        "run.zip",
    ];
    printed("bundle", &plumbline(root, &bundle).code(0));
    for format in ["text", "json"] {
        let verify = plumbline(root, &["verify", "run.zip", "--format", format]).code(0);
        printed(&format!("verify --format {format}"), &verify);
        let diff = plumbline(root, &["diff", "run", "later", "--format", format]).code(0);
        printed(&format!("diff --format {format}"), &diff);
    }
    for evidence in ["run", "run.zip"] {
        let out = format!("again-{evidence}");
        printed(
            "rejudge",
            &plumbline(root, &["rejudge", evidence, "--out", &out]),
        );
        assert!(every_file(&root.join(&out)) >= 5);
    }
}

/// An inspector is shown the mock, and it counts for nothing.
fn inspection(root: &Path) {
    let new = [
        "inspect",
        "new",
        "--organisation",
        "ZZ001",
        "--name",
        "Nether Halden Hospitals",
        "--date",
        "2026-10-05",
        "--out",
        "assessment",
    ];
    plumbline(root, &new).code(0);
    printed(
        "inspect fill",
        &plumbline(root, &["inspect", "fill", "assessment", "--run", "run"]).code(0),
    );
    for format in ["html", "json"] {
        let out = format!("inspection-{format}");
        plumbline(
            root,
            &[
                "inspect",
                "report",
                "assessment",
                "--format",
                format,
                "--out",
                &out,
            ],
        )
        .code(0);
        assert_eq!(every_file(&root.join(&out)), 1);
    }
}

/// Nothing of it enters a comparison, and the site says why.
fn comparison(root: &Path) {
    fs::write(
        root.join("organisations.csv"),
        "ODS code,name,type,region,ICB,size,EPR supplier,EPR version\n\
         ZZ001,Nether Halden Hospitals,Acute,North,Northern board,Medium,Alder,1.0\n",
    )
    .unwrap();
    let import = [
        "import",
        "--store",
        "store.sqlite",
        "--organisations",
        "organisations.csv",
        "--run",
        "run",
    ];
    printed("import", &plumbline(root, &import).code(0));
    plumbline(
        root,
        &[
            "dashboard",
            "build",
            "--store",
            "store.sqlite",
            "--out",
            "site",
        ],
    )
    .code(0);
    let pages = files(&root.join("site"));
    let method = pages
        .iter()
        .find(|(name, _)| name == "method.html")
        .unwrap();
    says_mock("method.html", &String::from_utf8_lossy(&method.1));
    for (name, bytes) in &pages {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("Alder Record"),
            "{name} shows the mock as a product"
        );
    }
}

#[test]
fn every_file_of_the_demonstration_says_what_it_is() {
    let folder = temp();
    let root = folder.path();
    plumbline(root, &["demo", "--out", "demo"]).code(0);
    let mut pages = 0;
    for (name, bytes) in files(&root.join("demo")) {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let stamps: &[&str] = if name.starts_with("dashboard") {
            &["synthetic"]
        } else if name.starts_with("inspection/assessment") || name.ends_with("measures.csv") {
            // Text files of the invented trust; the report made of them is stamped.
            continue;
        } else if name.starts_with("documents") || name.ends_with("exchanges.ndjson") {
            // What the mock sent, as it sent it.
            continue;
        } else if has_ending(&name, "pem")
            || name.contains(".plumbline-")
            || name.ends_with("verifier.html")
        {
            // Keys, our marker, and a page that holds no result.
            continue;
        } else {
            &["mock"]
        };
        assert!(stamps.iter().any(|stamp| text.contains(stamp)), "{name}");
        pages += usize::from(has_ending(&name, "html"));
    }
    assert!(pages > 100, "{pages} pages");
}
