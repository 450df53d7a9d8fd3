//! Runs that are killed and go on: the record says what an undisturbed run would have said, scenarios
//! that change data are not run twice, and a journal that does not fit is refused.

use crate::support::{self, Mock, PACK, Ran, command, plumbline, ran, record, temp};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// How often a run is killed.
const MOMENTS: u64 = 20;
/// Some of the pack, with requests of several kinds.
const SOME: &str = "@capability:patient-index or @capability:immunization";

/// The pack with every third scenario tagged as changing data, and a target file.
fn prepared(folder: &Path, mock: &Mock) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for part in ["profiles", "scenarios"] {
        for (name, bytes) in support::files(&root.join(part).join(PACK)) {
            let path = folder.join("packs").join(part).join(PACK).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let mut text = String::from_utf8(bytes).unwrap();
            if path
                .extension()
                .is_some_and(|extension| extension == "feature")
            {
                let mut parts = text.split("@id:").enumerate();
                let mut tagged = parts.next().unwrap().1.to_owned();
                for (number, part) in parts {
                    tagged.push_str(if number % 3 == 0 {
                        "@mutates @id:"
                    } else {
                        "@id:"
                    });
                    tagged.push_str(part);
                }
                text = tagged;
            }
            fs::write(path, text).unwrap();
        }
    }
    let target = support::target(&mock.base_url, "mock");
    let writable = target.replacen("read_only = true", "read_only = false", 1);
    assert_ne!(target, writable);
    support::write_target(folder, &writable);
}

fn arguments<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["run", "--target", "target.toml", "--packs", "packs"];
    all.extend(["--pack", PACK, "--tags", SOME, "--out", out]);
    all.extend(more);
    all
}

fn resume(folder: &Path, out: &str) -> Ran {
    plumbline(folder, &arguments(out, &["--resume"]))
}

/// Starts the run and kills it once its journal has this many bytes, if it is not done before.
fn kill_at(folder: &Path, out: &str, more: &[&str], bytes: u64) {
    let journal = folder.join(out).join("journal.ndjson");
    let mut command = command(folder);
    let child = command.args(arguments(out, more));
    let mut child = child
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let length = || fs::metadata(&journal).map_or(0, |data| data.len());
    while length() < bytes && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    // SIGKILL, which nothing can catch; the run may have ended by now.
    let _ = child.kill();
    child.wait().unwrap();
}

/// The next number of `SplitMix64`.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The scenarios of a journal that had begun and not ended, read without our own code.
fn broken_off(folder: &Path, out: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join(out).join("journal.ndjson")).unwrap();
    let mut open = Vec::new();
    for line in text
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
    {
        let event: Value = serde_json::from_str(line).unwrap();
        let id = || event["scenario"].as_str().unwrap().to_owned();
        match event["event"].as_str().unwrap() {
            "scenario-started" => open.push(id()),
            "scenario-ended" => open.retain(|one| *one != id()),
            _ => {}
        }
    }
    open
}

/// The scenarios by id, with the exchanges themselves in the place of their numbers, without clock.
fn scenarios(record: &Value) -> BTreeMap<String, Value> {
    let mut exchanges = BTreeMap::new();
    for (exchange, number) in record["exchanges"].as_array().unwrap().iter().zip(1..) {
        assert_eq!(
            exchange["id"], number,
            "numbers are unique and without gaps"
        );
        let mut content = exchange.clone();
        let content_map = content.as_object_mut().unwrap();
        content_map.remove("id");
        content_map.remove("elapsed_ms");
        exchanges.insert(number, content);
    }
    let content = |number: &Value| exchanges[&number.as_u64().unwrap()].clone();
    let mut all = BTreeMap::new();
    for scenario in record["scenarios"].as_array().unwrap() {
        let mut scenario = scenario.clone();
        for step in scenario["steps"].as_array_mut().unwrap() {
            for exchange in step["exchanges"].as_array_mut().unwrap() {
                *exchange = content(exchange);
            }
            for finding in step["findings"].as_array_mut().unwrap() {
                let exchange = &mut finding["location"]["exchange"];
                if !exchange.is_null() {
                    *exchange = content(exchange);
                }
            }
        }
        all.insert(scenario["id"].as_str().unwrap().to_owned(), scenario);
    }
    all
}

/// What a record says beside scenarios and clock.
fn rest(record: &Value) -> Map<String, Value> {
    let mut rest = record.as_object().unwrap().clone();
    for key in [
        "scenarios",
        "exchanges",
        "started",
        "finished",
        "run_id",
        "resumed",
    ] {
        rest.remove(key);
    }
    rest
}

#[test]
fn a_run_killed_at_any_moment_ends_as_an_undisturbed_one() {
    let mock = Mock::with_faults("riverside-epr", &["not-a-searchset/UKA-PAT-004"]);
    let folder = temp();
    let folder = folder.path();
    prepared(folder, &mock);
    plumbline(folder, &arguments("whole", &[])).code(1);
    let whole_record = record(&folder.join("whole"));
    let undisturbed = scenarios(&whole_record);
    let is_fail = |one: &&Value| one["verdict"] == json!({ "verdict": "fail" });
    assert!(
        undisturbed.values().filter(is_fail).count() > 0,
        "there are failures to lose"
    );
    let length = fs::metadata(folder.join("whole/journal.ndjson"))
        .unwrap()
        .len();
    let mut state = 1948;
    let (mut killed, mut skipped, mut again) = (0, 0, 0);
    for moment in 0..MOMENTS {
        let out = format!("run-{moment}");
        kill_at(folder, &out, &[], random(&mut state) % length);
        if folder.join(&out).join("record.json").exists() {
            continue;
        }
        killed += 1;
        let mut resumed = 0;
        let mut interrupted = Vec::new();
        let mut note = || {
            let open = broken_off(folder, &out);
            again += open.len();
            interrupted.extend(open);
        };
        note();
        if moment % 4 == 0 {
            kill_at(folder, &out, &["--resume"], random(&mut state) % length);
            resumed += 1;
            note();
        }
        if !folder.join(&out).join("record.json").exists() {
            let ended = resume(folder, &out);
            resumed += 1;
            assert!(matches!(ended.code, Some(1 | 4)), "{ended:?}");
        }
        let found = record(&folder.join(&out));
        // A run killed for the second time before it had gone on has gone on once less.
        let times = found["resumed"].as_u64().unwrap();
        assert!(
            times == resumed || times + 1 == resumed,
            "{times} of {resumed}"
        );
        assert_eq!(found["completion"], json!({ "state": "completed" }));
        assert_eq!(rest(&found), rest(&whole_record), "{out}");
        for (id, scenario) in scenarios(&found) {
            let wanted = &undisturbed[&id];
            let file = wanted["feature"].as_str().unwrap();
            if interrupted.contains(&id) && is_tagged(folder, file, &id) {
                skipped += 1;
                let skip = json!({ "verdict": "skip", "reason": "interrupted" });
                let verdict = &scenario["verdict"];
                assert!(
                    *verdict == skip || verdict["verdict"] == "fail",
                    "{id}: {verdict}"
                );
            } else {
                assert_eq!(scenario, *wanted, "{out}: {id}");
            }
        }
    }
    assert!(
        killed >= 15,
        "{killed} of {MOMENTS} runs were killed before they ended"
    );
    assert!(skipped > 0, "no scenario that changes data was broken off");
    assert!(again > skipped, "no scenario was run again");
}

/// Whether a scenario is tagged as changing data.
fn is_tagged(folder: &Path, file: &str, id: &str) -> bool {
    let path = folder.join("packs/scenarios").join(PACK).join(file);
    let text = fs::read_to_string(path).unwrap();
    // A row of an outline adds its number to the id.
    let stem = id.rsplit_once('-').map_or(id, |(stem, _)| stem);
    [id, stem]
        .iter()
        .any(|id| text.contains(&format!("@mutates @id:{id} ")))
}

/// A folder with one journal of a finished run, from which those of killed runs are cut.
struct Journals {
    folder: tempfile::TempDir,
    text: String,
    mock: Mock,
}

impl Journals {
    fn new() -> Self {
        let mock = Mock::start("riverside-epr");
        let folder = temp();
        prepared(folder.path(), &mock);
        plumbline(folder.path(), &arguments("whole", &[])).code(4);
        let text = fs::read_to_string(folder.path().join("whole/journal.ndjson")).unwrap();
        Self { folder, text, mock }
    }

    /// The first lines.
    fn head(&self, lines: usize) -> String {
        self.text.split_inclusive('\n').take(lines).collect()
    }

    /// Puts a journal into a run folder of its own.
    fn put(&self, out: &str, journal: &str) {
        let path = self.folder.path().join(out);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("journal.ndjson"), journal).unwrap();
    }

    /// Asserts that a journal is refused with a text, and left as it was.
    fn refused(&self, out: &str, journal: &str, wanted: &str) {
        self.put(out, journal);
        resume(self.folder.path(), out)
            .code(2)
            .says(wanted)
            .says("journal.ndjson");
        let path = self.folder.path().join(out).join("journal.ndjson");
        assert_eq!(fs::read_to_string(path).unwrap(), journal, "{out}");
    }

    /// The same after a change to a file of the folder, which is taken back.
    fn refused_after(&self, file: &str, find: &str, new: &str, wanted: &str) {
        let path = self.folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(find), "{text}");
        fs::write(&path, text.replacen(find, new, 1)).unwrap();
        self.refused(
            &new.replace(|c: char| !c.is_alphanumeric(), "-"),
            &self.head(60),
            wanted,
        );
        fs::write(&path, text).unwrap();
    }
}

#[test]
fn a_journal_that_is_no_journal_of_this_run_is_refused() {
    let all = Journals::new();
    let head = all.head(60);
    let lines: Vec<&str> = head.split_inclusive('\n').collect();
    let with = |line: usize, text: &str| {
        let mut lines = lines.clone();
        lines[line - 1] = text;
        lines.concat()
    };
    all.refused("empty", "", "is empty: the run was killed before it began");
    all.refused("torn-at-once", "{\"event\":\"run-st", "is empty");
    all.refused(
        "damaged",
        &with(5, "{\"event\":\n"),
        "damaged in line 5: it is not a line of JSON",
    );
    all.refused(
        "strange",
        &with(7, "{\"event\":\"x\"}\n"),
        "in line 7: it is not an event",
    );
    all.refused(
        "binary",
        &with(9, "\u{0}\u{1}\n"),
        "in line 9: it is not a line of JSON",
    );
    all.refused(
        "beheaded",
        &lines[1..].concat(),
        "in line 1: a journal begins with run-started",
    );
    all.refused(
        "two",
        &with(3, lines[0]),
        "in line 3: the run begins a second time",
    );
    let first = |find: &str, new: &str| {
        assert!(lines[0].contains(find), "{}", lines[0]);
        with(1, &lines[0].replacen(find, new, 1))
    };
    all.refused(
        "newer",
        &first("\"format\":1", "\"format\":2"),
        "has format 2",
    );
    let version = concat!("\"plumbline\":\"", env!("CARGO_PKG_VERSION"));
    all.refused(
        "older",
        &first(version, "\"plumbline\":\"0.0.1"),
        "belongs to Plumbline 0.0.1",
    );
    let pack = first("\"pack\":\"uk-core-access\"", "\"pack\":\"other\"");
    all.refused("pack", &pack, "belongs to the pack other");
    let pack = first("\"pack_version\":\"", "\"pack_version\":\"9");
    all.refused("version", &pack, "belongs to version 9");
    let stopped = head.clone() + "{\"event\":\"halted\",\"why\":\"the user said so\"}\n";
    all.refused("stopped", &stopped, "was stopped: the user said so");
    let exchange = lines
        .iter()
        .find(|line| line.contains("\"event\":\"exchange\""))
        .unwrap();
    all.refused(
        "twice",
        &(head.clone() + exchange),
        "an exchange has the number of another",
    );
}

#[test]
fn a_journal_of_other_settings_is_refused() {
    let all = Journals::new();
    let target = "another target file; put it back as it was";
    all.refused_after(
        "target.toml",
        "timeout_seconds = 30",
        "timeout_seconds = 31",
        target,
    );
    let patients = "other test patients or staff in the target file";
    all.refused_after("target.toml", "9990000018", "9990009996", patients);
    let feature = format!("packs/scenarios/{PACK}/immunization.feature");
    all.refused_after(
        &feature,
        "Scenario: ",
        "Scenario: Other ",
        "other files of the pack",
    );
    let folder = all.folder.path();
    all.put("choice", &all.head(60));
    let mut other = arguments("choice", &["--resume"]);
    other[8] = "@capability:patient-index";
    plumbline(folder, &other)
        .code(2)
        .says("belongs to another choice of scenarios; give the same --tags");
    resume(folder, "nowhere")
        .code(2)
        .says("there is no folder `nowhere`");
    resume(folder, "whole")
        .code(2)
        .says("the run in `whole` has come to its end");
    fs::create_dir(folder.join("bare")).unwrap();
    resume(folder, "bare")
        .code(2)
        .says("failed to read the journal")
        .says("bare");
    let busy = File::open(folder.join("choice/journal.ndjson")).unwrap();
    busy.lock().unwrap();
    resume(folder, "choice").code(2).says("is in use");
    drop(busy);
    resume(folder, "choice").code(4);
}

#[test]
fn a_last_line_cut_short_and_another_pace_are_no_obstacle() {
    let all = Journals::new();
    let folder = all.folder.path();
    let undisturbed = scenarios(&record(&folder.join("whole")));
    let head = all.head(200);
    let cut = head.len() - 9;
    all.put("torn", &head[..cut]);
    let target = fs::read_to_string(folder.join("target.toml")).unwrap();
    support::write_target(
        folder,
        &target.replace("concurrency = 4", "concurrency = 2"),
    );
    resume(folder, "torn").code(4);
    let found = record(&folder.join("torn"));
    assert_eq!(found["resumed"], 1);
    let open = broken_off(folder, "whole");
    assert!(open.is_empty(), "{open:?}");
    let mut same = 0;
    for (id, scenario) in scenarios(&found) {
        if scenario["verdict"] == json!({ "verdict": "skip", "reason": "interrupted" }) {
            continue;
        }
        assert_eq!(scenario, undisturbed[&id], "{id}");
        same += 1;
    }
    assert!(
        same + 4 >= undisturbed.len(),
        "no more than four scenarios ran at a time"
    );
    drop(all.mock);
}

#[test]
fn resuming_needs_a_folder() {
    let folder = temp();
    let mut command = command(folder.path());
    command.args(["run", "--target", "t.toml", "--pack", PACK, "--resume"]);
    ran(command).code(2).says("--out <DIR>");
}

#[test]
fn the_ledger_lists_what_a_run_created() {
    let folder = temp();
    let folder = folder.path();
    let pack = "gp-connect-foundations";
    plumbline(folder, &["init", "--pack", pack, "target.toml"]).code(0);
    let target = fs::read_to_string(folder.join("target.toml")).unwrap();
    let target = target.replacen("918999198993", "200000099901", 1).replacen(
        "read_only = true",
        "read_only = false",
        1,
    );
    for (out, environment, reference) in [
        (
            "seen",
            "sandbox",
            "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|999",
        ),
        (
            "hidden",
            "integration",
            "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{nhs-number of ",
        ),
    ] {
        let mock = Mock::start("beacon-gp");
        let target = target
            .replacen(
                "environment = \"sandbox\"",
                &format!("environment = \"{environment}\""),
                1,
            )
            .lines()
            .map(|line| match line.split_once("default = \"") {
                Some(("", _)) => format!("default = \"{}\"\n", mock.base_url),
                _ => format!("{line}\n"),
            })
            .collect::<String>();
        support::write_target(folder, &target);
        let mut run = vec![
            "run",
            "--target",
            "target.toml",
            "--pack",
            pack,
            "--out",
            out,
        ];
        run.extend(["--tags", "@id:gpc-fnd-register"]);
        plumbline(folder, &run)
            .code(4)
            .prints("Left in the system: 1 of 1 resources that the run created");
        let record = record(&folder.join(out));
        let [created] = record["ledger"].as_array().unwrap().as_slice() else {
            panic!("{}", record["ledger"]);
        };
        assert_eq!(created["scenario"], "gpc-fnd-register");
        assert_eq!(created["resource_type"], "Patient");
        assert_eq!(created["left"], true);
        let found = created["reference"].as_str().unwrap();
        assert!(found.starts_with(reference), "{found}");
    }
}
