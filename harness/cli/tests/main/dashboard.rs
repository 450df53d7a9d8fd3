//! `plumbline dashboard build` from outside: the same site in any place, what is refused, what a real run becomes.
//! Not for what the pages say: the tests of `plumbline-reports` read them.

use crate::support::{command, plumbline, ran, temp};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn import(folder: &Path, trusts: &str) {
    let arguments = [
        "import",
        "--store",
        "store.sqlite",
        "--synthetic",
        "7",
        "--trusts",
        trusts,
        "--months",
        "4",
    ];
    plumbline(folder, &arguments).code(0);
}

/// Every file below a folder, by its path.
fn files(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(root, &path, found);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_same_store_gives_the_same_site_in_any_place() {
    let folder = temp();
    let folder = folder.path();
    import(folder, "20");
    let mut sites = Vec::new();
    for (name, zone, locale) in [("a", "UTC", "C"), ("b", "Asia/Kathmandu", "tr_TR.UTF-8")] {
        let mut build = command(folder);
        build.env("TZ", zone).env("LC_ALL", locale).args([
            "dashboard",
            "build",
            "--store",
            "store.sqlite",
            "--out",
            name,
        ]);
        ran(build)
            .code(0)
            .prints("SYNTHETIC DATA")
            .prints("about 20 organisations");
        let mut found = BTreeMap::new();
        files(&folder.join(name), &folder.join(name), &mut found);
        sites.push(found);
    }
    assert_eq!(sites[0].len(), sites[1].len());
    assert!(sites[0] == sites[1], "two places, two sites");
    assert_eq!(
        sites[0]
            .keys()
            .filter(|name| name.starts_with("organisations/"))
            .count(),
        20 * 6
    );
    for (name, bytes) in &sites[0] {
        let text = String::from_utf8_lossy(bytes);
        assert!(text.contains("SYNTHETIC DATA"), "{name}");
        assert!(bytes.len() < 500_000, "{name}");
        let here = folder.to_string_lossy();
        assert!(
            !text.contains(here.as_ref()),
            "{name} names a folder of this machine"
        );
    }
}

#[test]
fn only_those_that_were_asked_for_get_pages() {
    let folder = temp();
    let folder = folder.path();
    import(folder, "12");
    let build = [
        "dashboard",
        "build",
        "--store",
        "store.sqlite",
        "--out",
        "site",
        "--organisation",
        "ZZ003",
        "--title",
        "Our <region>",
    ];
    plumbline(folder, &build).code(0);
    let mut found = BTreeMap::new();
    files(&folder.join("site"), &folder.join("site"), &mut found);
    let own: Vec<&String> = found
        .keys()
        .filter(|name| name.starts_with("organisations/"))
        .collect();
    assert_eq!(own.len(), 6, "{own:?}");
    let index = String::from_utf8_lossy(&found["index.html"]).into_owned();
    assert!(index.contains("Our &lt;region&gt;") && index.contains("organisations/ZZ003.html"));
    assert!(
        !index.contains("organisations/ZZ001.html"),
        "a link that leads nowhere"
    );
}

#[test]
fn bad_input_is_refused_with_the_cure() {
    let folder = temp();
    let folder = folder.path();
    import(folder, "12");
    fs::write(folder.join("text"), "no store\n").unwrap();
    fs::create_dir(folder.join("full")).unwrap();
    fs::write(folder.join("full/keep"), "mine").unwrap();
    let build = |more: &[&str]| {
        let mut arguments = vec!["dashboard", "build"];
        arguments.extend_from_slice(more);
        plumbline(folder, &arguments).code(2)
    };
    build(&["--store", "none", "--out", "site"]).says("there is no store `none`");
    build(&["--store", "text", "--out", "site"]).says("is not a store of Plumbline");
    build(&["--store", "store.sqlite", "--out", "full"]).says("is not empty");
    assert_eq!(
        fs::read_to_string(folder.join("full/keep")).unwrap(),
        "mine"
    );
    let store = ["--store", "store.sqlite", "--out", "site"];
    let with = |more: [&'static str; 2]| [store[0], store[1], store[2], store[3], more[0], more[1]];
    build(&with(["--organisation", "RX1"])).says("is not one of the 12 organisations");
    build(&with(["--as-of", "2026-02-30"])).says("write it as 2026-11-22");
    build(&with(["--as-of", "2026-11-22T00:00:00Z"])).says("is not a day");
    build(&with(["--title", " "])).says("--title is empty");
    assert!(!folder.join("site").exists(), "nothing is left behind");
}

#[test]
fn organisations_without_results_are_told_how_to_get_them() {
    let folder = temp();
    let folder = folder.path();
    let head = "ODS code,Name,Type,Region,ICB,Size,EPR supplier,EPR version\n";
    fs::write(
        folder.join("o.csv"),
        format!("{head}ZZ001,Eastmarch,Acute,North,Board,Large,Riverside,4.2\n"),
    )
    .unwrap();
    plumbline(
        folder,
        &["import", "--store", "s", "--organisations", "o.csv"],
    )
    .code(0);
    let build = ["dashboard", "build", "--store", "s", "--out", "site"];
    plumbline(folder, &build)
        .code(2)
        .says("holds no result")
        .says("plumbline import");
    let dated = [
        "dashboard",
        "build",
        "--store",
        "s",
        "--out",
        "site",
        "--as-of",
        "2026-11-22",
    ];
    plumbline(folder, &dated).code(0);
    let own = fs::read_to_string(folder.join("site/organisations/ZZ001.html")).unwrap();
    assert!(
        own.contains("has no result that can be shown") && !own.contains("SYNTHETIC DATA"),
        "{own}"
    );
}
