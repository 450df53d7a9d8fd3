//! Bundles from outside: made of real runs, checked, compared, and refused where they must be.
//! Not for single bytes and verdicts: the tests of plumbline-bundle have those.

use crate::detector::Detector;
use crate::hostile::Hostile;
use crate::support::{self, Mock, PACK, Ran, command, plumbline, ran, record, temp};
use plumbline_bundle::{Compared, FROM_THE_RUN, PrivateKey, REPORT, RunFiles, SignerName, Signing};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const SIGNER: &str = "Riverside Systems (invented)";
const MOCK: &str = "MOCK SYSTEM (riverside-epr): this result says nothing about a real product.\n";

/// Runs part of the pack against a mock into `name`.
fn run(folder: &Path, name: &str, faults: &[&str]) {
    let mock = Mock::with_faults("riverside-epr", faults);
    let target = support::write_target(folder, &support::target(&mock.base_url, "mock"));
    let mut command = command(folder);
    let tags = "@capability:metadata or @capability:clinical-allergy-intolerance";
    command.args([
        "run", "--pack", PACK, "--tags", tags, "--out", name, "--target",
    ]);
    command.arg(target);
    let code = ran(command).code;
    assert!(
        matches!(code, Some(1 | 4)),
        "a part of a pack never ends with 0: {code:?}"
    );
}

fn bundle(folder: &Path, run: &str, out: &str) -> Ran {
    let arguments = [
        "bundle", run, "--key", "key.pem", "--signer", SIGNER, "--out", out,
    ];
    plumbline(folder, &arguments)
}

/// Changes a JSON file of a run.
fn edit(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, serde_json::to_vec_pretty(&value).unwrap()).unwrap();
}

/// Copies the folder of a run.
fn copy(from: &Path, to: &Path) {
    for (name, bytes) in support::files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn a_run_is_bundled_verified_and_says_everywhere_that_it_was_a_mock() {
    let folder = temp();
    let root = folder.path();
    run(root, "run", &[]);
    let made = plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    let fingerprint = made.stdout.split("Fingerprint: ").nth(1).unwrap();
    let fingerprint = fingerprint.lines().next().unwrap();
    let bundled = bundle(root, "run", "a.zip").code(0);
    assert!(bundled.stdout.starts_with(MOCK), "{}", bundled.stdout);
    let known = plumbline(root, &["verify", "a.zip", "--key", "key.public.pem"]).code(0);
    assert!(known.stdout.starts_with(MOCK), "{}", known.stdout);
    let known = known
        .prints("Unaltered since signed by Riverside Systems (invented) with the key in key.public.pem.")
        .prints("This is not an edition in force.")
        .prints("the scorecard was computed again from record and pack: it is the same")
        .prints("Evidence       none about a product: a mock system was tested");
    assert!(!known.stdout.contains(folder.path().to_str().unwrap()));
    plumbline(root, &["verify", "a.zip"])
        .code(0)
        .prints(&format!(
            "the key with fingerprint {fingerprint}, which you must compare"
        ));
    plumbline(root, &["keygen", "--out", "other.pem"]).code(0);
    plumbline(root, &["verify", "a.zip", "--key", "other.public.pem"])
        .code(1)
        .prints("Not signed by the key that you gave");
    let json = plumbline(
        root,
        &[
            "verify",
            "a.zip",
            "--key",
            "key.public.pem",
            "--format",
            "json",
        ],
    );
    let json: Value = serde_json::from_str(&json.code(0).stdout).unwrap();
    assert_eq!(json["standing"], "known-signer");
    assert_eq!(
        json["mock"],
        "This result says nothing about a real product."
    );
    assert_eq!(json["facts"]["mock"]["name"], "riverside-epr");
    assert_eq!(json["recomputed"]["state"], "same");
    // Nothing but the run is in it: the target file and the journal are not.
    let bytes = fs::read(root.join("a.zip")).unwrap();
    for left_out in ["target.toml", "journal.ndjson"] {
        let found = bytes
            .windows(left_out.len())
            .any(|w| w == left_out.as_bytes());
        assert!(!found, "{left_out}");
    }
}

#[test]
fn a_bundle_that_nobody_signed_says_so_and_is_not_enough() {
    let folder = temp();
    let root = folder.path();
    run(root, "run", &[]);
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    plumbline(root, &["bundle", "run", "--unsigned", "--out", "b.zip"])
        .code(0)
        .prints("It is not signed: nobody vouches for it.");
    plumbline(root, &["verify", "b.zip"])
        .code(4)
        .prints("Not signed: the files fit together");
    plumbline(root, &["verify", "b.zip", "--key", "key.public.pem"]).code(1);
}

#[test]
fn altered_bundles_end_with_1_and_other_files_with_2() {
    let folder = temp();
    let root = folder.path();
    run(root, "run", &[]);
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    bundle(root, "run", "a.zip").code(0);
    let whole = fs::read(root.join("a.zip")).unwrap();
    let mut altered = whole.clone();
    let at = altered.windows(8).position(|w| w == b"\"run_id\"").unwrap();
    altered[at + 1] = b'R';
    fs::write(root.join("altered.zip"), altered).unwrap();
    plumbline(root, &["verify", "altered.zip"])
        .code(1)
        .prints("Altered: do not rely on anything in this bundle.\n  record.json: altered;");
    fs::write(root.join("cut.zip"), &whole[..whole.len() / 3]).unwrap();
    plumbline(root, &["verify", "cut.zip", "--format", "json"])
        .code(1)
        .prints("\"standing\": \"altered\"")
        .prints("\"wrong\": \"truncated\"");
    fs::write(root.join("other.zip"), "PK\u{3}\u{4}").unwrap();
    plumbline(root, &["verify", "other.zip"])
        .code(2)
        .says("not an evidence bundle");
    plumbline(root, &["verify", "run"])
        .code(2)
        .says("is a folder");
    plumbline(root, &["verify", "none.zip"])
        .code(2)
        .says("none.zip");
    plumbline(root, &["verify", "a.zip", "--key", "key.pem"])
        .code(2)
        .says("it is a private key");
    plumbline(root, &["diff", "altered.zip", "run"])
        .code(1)
        .says("record.json: altered");
    plumbline(root, &["diff", "other.zip", "run"]).code(2);
    for unfinished in [
        "verify",
        "verify --key key.public.pem",
        "bundle run --out x.zip --key key.pem",
        "bundle run --out x.zip --signer a --unsigned",
        "verify a.zip --page p.html",
        "bundle run --out x.zip",
    ] {
        let words: Vec<&str> = unfinished.split(' ').collect();
        plumbline(root, &words).code(2);
        assert!(!root.join("x.zip").exists() && !root.join("p.html").exists());
    }
}

#[test]
fn the_same_run_gives_the_same_bytes_in_any_time_zone_and_locale() {
    let folder = temp();
    let root = folder.path();
    run(root, "run", &[]);
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    let mut made = Vec::new();
    let mut said = Vec::new();
    for (name, zone, locale) in [
        ("a.zip", "Europe/London", "en_GB.UTF-8"),
        ("b.zip", "Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("c.zip", "America/St_Johns", "C"),
    ] {
        let mut bundle = command(root);
        bundle.args([
            "bundle", "run", "--key", "key.pem", "--signer", SIGNER, "--out", name,
        ]);
        bundle
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .env("LANG", locale);
        ran(bundle).code(0);
        made.push(fs::read(root.join(name)).unwrap());
        let mut verify = command(root);
        verify.args(["verify", name, "--format", "json"]);
        verify
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .env("LANG", locale);
        said.push(ran(verify).code(0).stdout);
    }
    assert!(made.iter().all(|bytes| *bytes == made[0]));
    assert!(said.iter().all(|text| *text == said[0]));
}

#[test]
fn nothing_is_written_over_and_keys_are_kept_safe() {
    let folder = temp();
    let root = folder.path();
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    let key = fs::read(root.join("key.pem")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(root.join("key.pem"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    plumbline(root, &["keygen", "--out", "key.pem"])
        .code(2)
        .says("never written over");
    fs::write(root.join("new.public.pem"), "mine").unwrap();
    plumbline(root, &["keygen", "--out", "new.pem"])
        .code(2)
        .says("new.public.pem");
    assert!(!root.join("new.pem").exists());
    fs::write(root.join("there.zip"), "mine").unwrap();
    plumbline(root, &["bundle", "run", "--unsigned", "--out", "there.zip"])
        .code(2)
        .says("exists already");
    plumbline(root, &["verify", "--page", "there.zip"])
        .code(2)
        .says("exists already");
    assert_eq!(fs::read(root.join("there.zip")).unwrap(), b"mine");
    assert_eq!(fs::read(root.join("key.pem")).unwrap(), key);
    plumbline(root, &["verify", "--page", "page.html"]).code(0);
    let page = fs::read_to_string(root.join("page.html")).unwrap();
    assert!(page.contains("script-src 'sha256-"));
}

/// Bundles a copy of the run with a change in it.
fn changed(root: &Path, name: &str, change: impl FnOnce(&Path)) -> Ran {
    let path = root.join(name);
    copy(&root.join("run"), &path);
    change(&path);
    bundle(root, name, &format!("{name}.zip"))
}

#[test]
fn a_folder_that_was_changed_is_refused() {
    let folder = temp();
    let root = folder.path();
    run(root, "run", &[]);
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    let report = |path: &Path| path.join("reports/report.json");
    changed(root, "nicer", |path| {
        edit(&report(path), |report| {
            report["scorecard"]["sentence"] = json!("All is well.");
        });
    })
    .code(1)
    .says("report.json` is not what record.json and the pack give");
    changed(root, "better", |path| {
        edit(&path.join("record.json"), |record| {
            record["scenarios"][0]["verdict"] = json!({"verdict": "warning"});
        });
    })
    .code(1)
    .says("is not what record.json and the pack give");
    changed(root, "other-exchanges", |path| {
        let text = fs::read_to_string(path.join("exchanges.ndjson")).unwrap();
        let text: Vec<&str> = text.lines().skip(1).collect();
        fs::write(path.join("exchanges.ndjson"), text.join("\n")).unwrap();
    })
    .code(1)
    .says("differ at exchange 1");
    for name in ["nicer", "better", "other-exchanges"] {
        assert!(!root.join(format!("{name}.zip")).exists(), "{name}");
    }
}

#[test]
fn an_incomplete_folder_is_refused_or_what_it_lacks_is_said() {
    let folder = temp();
    let root = folder.path();
    run(root, "run", &[]);
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    let report = |path: &Path| path.join("reports/report.json");
    changed(root, "unfinished", |path| {
        fs::remove_file(path.join("record.json")).unwrap();
    })
    .code(2)
    .says("has not come to its end");
    changed(root, "no-report", |path| {
        fs::remove_file(report(path)).unwrap();
    })
    .code(2)
    .says("plumbline report no-report --format json --out no-report/reports/report.json");
    changed(root, "later", |path| {
        edit(&path.join("record.json"), |record| {
            record["format"] = json!(99);
        });
    })
    .code(2)
    .says("record format 99");
    changed(root, "fewer", |path| {
        fs::remove_file(path.join("reports/report.html")).unwrap();
    })
    .code(0)
    .prints("Left out: reports/report.html");
    plumbline(root, &["verify", "fewer.zip"])
        .code(0)
        .prints("Left out       reports/report.html was not in the folder of the run");
    changed(root, "older", |path| {
        edit(&path.join("record.json"), |record| {
            record["plumbline"] = json!("0.0.9");
        });
    })
    .code(0)
    .prints("The reports were not compared with the record: the run was made by Plumbline 0.0.9");
    plumbline(root, &["verify", "older.zip"])
        .code(0)
        .prints("Reports        not compared with the record when the bundle was made")
        .prints("Recomputed     the scorecard was not computed again: the run was made by Plumbline 0.0.9");
    plumbline(root, &["bundle", "nowhere", "--unsigned", "--out", "x.zip"])
        .code(2)
        .says("no folder");
    plumbline(root, &["bundle", ".", "--unsigned", "--out", "x.zip"])
        .code(2)
        .says("no record.json");
    for name in ["unfinished", "no-report", "later"] {
        assert!(!root.join(format!("{name}.zip")).exists(), "{name}");
    }
}

#[test]
fn a_signed_result_that_does_not_follow_from_its_record_is_found() {
    let folder = temp();
    let root = folder.path();
    run(root, "run", &[]);
    // The command would refuse to make such a bundle; somebody with another program would not.
    let mut files = RunFiles::new();
    for name in FROM_THE_RUN {
        files.insert(name, fs::read(root.join("run").join(name)).unwrap());
    }
    let key = PrivateKey::from_seed([1; 32]);
    let name = SignerName::new(SIGNER).unwrap();
    let signing = Signing::By {
        key: &key,
        name: &name,
    };
    let make = |files: &RunFiles, out: &str| {
        let bytes = plumbline_bundle::assemble(files, Compared::Same, signing).unwrap();
        fs::write(root.join(out), bytes).unwrap();
    };
    make(&files, "honest.zip");
    plumbline(root, &["verify", "honest.zip"]).code(0);
    let mut report: Value = serde_json::from_slice(&files[REPORT]).unwrap();
    report["scorecard"]["sentence"] = json!("Everything passes.");
    files.insert(REPORT, serde_json::to_vec(&report).unwrap());
    make(&files, "forged.zip");
    plumbline(root, &["verify", "forged.zip"])
        .code(1)
        .prints("Its files contradict one another: do not rely on anything in this bundle")
        .prints("it is another than the one in the bundle");
}

#[test]
fn what_changed_between_two_runs_is_said() {
    let folder = temp();
    let root = folder.path();
    run(root, "good", &[]);
    run(root, "bad", &["hides-allergies/UKA-ALG-001"]);
    plumbline(root, &["bundle", "bad", "--unsigned", "--out", "bad.zip"]).code(0);
    let worse = plumbline(root, &["diff", "good", "bad"]).code(3);
    assert!(
        worse
            .stdout
            .starts_with("MOCK SYSTEM: This result says nothing"),
        "{}",
        worse.stdout
    );
    let worse = worse
        .prints("Newly failing: ")
        .prints("UKA-ALG-001 uka-alg-patient, Pass -> Fail");
    let same = plumbline(root, &["diff", "good", "bad.zip"]).code(3);
    assert_eq!(
        same.stdout, worse.stdout,
        "a bundle is as good as its folder"
    );
    plumbline(root, &["diff", "bad.zip", "good"])
        .code(0)
        .prints("Fixed: ")
        .prints("Fail -> Pass");
    plumbline(root, &["diff", "good", "good"])
        .code(0)
        .prints("Nothing that counts is worse");
    let json = plumbline(root, &["diff", "good", "bad", "--format", "json"]).code(3);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        json["mock"],
        "This result says nothing about a real product."
    );
    assert_eq!(json["rows"][0]["change"], "newly-failing");
    assert!(json["regressions"].as_u64().unwrap() >= 1);
    let deployment = |record: &mut Value| record["subject"]["kind"] = json!("deployment");
    edit(&root.join("bad/record.json"), deployment);
    plumbline(root, &["diff", "good", "bad"])
        .code(2)
        .says("--across-kinds");
    plumbline(root, &["diff", "good", "bad", "--across-kinds"])
        .code(3)
        .prints("Note: One is a product, the other a deployment of one");
    edit(&root.join("good/record.json"), |record| {
        record["pack"]["fingerprint"] = json!("00");
    });
    plumbline(root, &["diff", "good", "bad", "--across-kinds"])
        .code(2)
        .says("--across-packs");
    plumbline(
        root,
        &["diff", "good", "bad", "--across-kinds", "--across-packs"],
    )
    .code(3)
    .prints("The rules are not the same");
}

#[test]
fn no_canary_of_a_run_is_in_its_bundle() {
    const CANARIES: [&str; 5] = [
        "Zorvaxine Quibbleworth",
        "Canary Lane 77",
        "zq.canary@nowhere.invalid",
        "CANARY77123",
        "1934-05-06",
    ];
    let folder = temp();
    let root = folder.path();
    let system = Hostile::start(|_, answer| {
        if let Some(mut document) = answer.json()
            && document.is_object()
        {
            document["text"] = json!({"div": CANARIES.join(" "), "status": "generated"});
            document["canary"] = json!(CANARIES);
            document["implicitRules"] = json!(format!("http://x.invalid/{}", CANARIES[3]));
            answer.set_json(&document);
        }
        answer
            .headers
            .push(("X-Canary".to_owned(), CANARIES[0].to_owned()));
    });
    let target = support::target(&system.base_url, "integration");
    let target = support::write_target(root, &target);
    let mut command = command(root);
    command
        .args(["run", "--pack", PACK, "--out", "run", "--target"])
        .arg(target);
    ran(command);
    assert!(
        record(&root.join("run"))["exchanges"]
            .as_array()
            .unwrap()
            .len()
            > 20
    );
    plumbline(root, &["keygen", "--out", "key.pem"]).code(0);
    bundle(root, "run", "a.zip").code(0);
    let said = plumbline(root, &["verify", "a.zip", "--format", "json"])
        .code(0)
        .stdout;
    // Nothing in a bundle is compressed, so its bytes can be searched; the signed statement, which is in
    // base64, says nothing that subject.json does not say.
    let bytes = fs::read(root.join("a.zip")).unwrap();
    let detector = Detector::new(CANARIES);
    for (name, text) in [("bundle", bytes.as_slice()), ("verify", said.as_bytes())] {
        let found = detector.found(text);
        let found: Vec<&str> = found.into_iter().map(|at| CANARIES[at]).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
    assert!(
        !Detector::new(["uka-met-read"]).found(&bytes).is_empty(),
        "the search can find something"
    );
}
