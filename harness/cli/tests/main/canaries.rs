//! Nothing that a target says of a person, and no secret, reaches the disk or the terminal.

use crate::canary::{self, Canary, base64, percent};
use crate::detector::Detector;
use crate::hostile::{Answer, Asked, Hostile};
use crate::planting::{self, HARMLESS, MISUSED, PAGES};
use crate::support::{self, KEY_VARIABLE, PACK, Ran, files, record, temp};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Values planted in one answer.
const AT_ONCE: usize = 8;
/// Runs, each with the values in other places.
const ROUNDS: usize = 4;
/// Values of our own people that a mock run shows and no other run may.
const PEOPLE: [&str; 9] = [
    "9990000018",
    "9990000026",
    "9990000115",
    "Larkspur",
    "Thistlewood",
    "Quillfeather",
    "Hazelgrove",
    "1968-11-23",
    "1951-03-14",
];

/// Plants the canaries in turn, in one place after another, and counts what really went out.
struct Planter {
    canaries: Arc<Vec<Canary>>,
    served: Arc<Mutex<Served>>,
    next: usize,
    round: usize,
    /// The next place for a misused value, and the next error page.
    misused: usize,
    page: usize,
}

/// What went out.
#[derive(Clone, Default)]
struct Served {
    /// How often, by canary.
    times: Vec<usize>,
    harmless: BTreeSet<usize>,
    misused: BTreeSet<usize>,
    pages: BTreeSet<usize>,
}

impl Planter {
    fn spoil(&mut self, asked: &Asked, answer: &mut Answer) {
        let count = self.canaries.len();
        // Steps of 7 visit every canary, since 300 is no multiple of 7.
        let chosen: Vec<usize> = (0..AT_ONCE).map(|n| (self.next + 7 * n) % count).collect();
        self.next = (self.next + 7 * AT_ONCE) % count;
        let served = Arc::clone(&self.served);
        let mut served = served.lock().unwrap();
        let place = self.round * 5 + asked.at * AT_ONCE;
        let finds_patient = asked.path.contains("/Patient?identifier=");
        let mode = (asked.at + self.round) % 8;
        let values: Vec<&str> = chosen
            .iter()
            .map(|at| self.canaries[*at].value.as_str())
            .collect();
        if mode == 7 || (mode == 3 && !finds_patient) {
            self.page += 1;
            served.pages.insert(self.page % PAGES);
            planting::page(self.page, &values, asked, answer);
        } else if let Some(mut document) = answer.json() {
            let base = &asked.base_url;
            for (n, value) in values.iter().enumerate() {
                let misused =
                    n == 0 && matches!(mode, 1 | 2 | 5 | 6) && (!finds_patient || mode == 5);
                if misused {
                    let kind = self.canaries[chosen[n]].kind;
                    self.misused += 1;
                    served.misused.insert(self.misused % MISUSED);
                    planting::misused(
                        self.misused,
                        asked.at,
                        kind,
                        value,
                        base,
                        &mut document,
                        answer,
                    );
                } else if document.is_object() {
                    served.harmless.insert((place + n) % HARMLESS);
                    planting::harmless(place + n, asked.at + n, value, base, &mut document, answer);
                }
            }
            answer.set_json(&document);
        }
        // A careless server echoes the key that it was given.
        answer
            .headers
            .push(("X-Echo".to_owned(), self.canaries[0].value.clone()));
        let text = answer.text();
        for at in chosen.into_iter().chain([0]) {
            let value = &self.canaries[at].value;
            let json = serde_json::Value::from(value.as_str()).to_string();
            let forms = [
                value.clone(),
                json[1..json.len() - 1].to_owned(),
                percent(value),
                base64(value),
            ];
            served.times[at] += usize::from(forms.iter().any(|form| text.contains(form)));
        }
    }
}

struct Spoilt {
    ran: Ran,
    served: Served,
    asked: usize,
}

fn run(folder: &Path, canaries: &Arc<Vec<Canary>>, environment: &str, round: usize) -> Spoilt {
    let served = Arc::new(Mutex::new(Served {
        times: vec![0; canaries.len()],
        ..Served::default()
    }));
    let mut planter = Planter {
        canaries: Arc::clone(canaries),
        served: Arc::clone(&served),
        next: round * 3,
        round,
        misused: round * MISUSED / ROUNDS,
        page: round * PAGES / ROUNDS,
    };
    let system = Hostile::start(move |asked, answer| planter.spoil(asked, answer));
    let target = support::with_key(&support::target(&system.base_url, environment))
        .replace("concurrency = 4 ", "concurrency = 1 ");
    let target = support::write_target(folder, &target);
    let mut command = support::command(folder);
    command.env(KEY_VARIABLE, &canaries[0].value);
    command
        .args(["run", "--pack", PACK, "--out", "run", "--target"])
        .arg(target);
    let ran = support::ran(command);
    let served = served.lock().unwrap().clone();
    Spoilt {
        ran,
        served,
        asked: system.asked().len(),
    }
}

/// Every canary that any file or the terminal shows, with the place.
fn leaks(folder: &Path, ran: &Ran, detector: &Detector, values: &[&str]) -> Vec<String> {
    let mut texts = files(&folder.join("run"));
    texts.push((
        "standard output".to_owned(),
        ran.stdout.clone().into_bytes(),
    ));
    texts.push(("standard error".to_owned(), ran.stderr.clone().into_bytes()));
    let mut leaks = Vec::new();
    for (name, text) in texts {
        leaks.extend(
            detector
                .found(&text)
                .into_iter()
                .map(|at| format!("{} in {name}", values[at])),
        );
    }
    leaks
}

#[test]
fn three_hundred_canaries_leave_no_trace() {
    let canaries = Arc::new(canary::all());
    let values: Vec<&str> = canaries
        .iter()
        .map(|c| c.value.as_str())
        .chain(PEOPLE)
        .collect();
    let detector = Detector::new(values.iter().copied());
    let mut served = vec![0; canaries.len()];
    let (mut harmless, mut misused, mut pages) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut seen = BTreeSet::new();
    for round in 0..ROUNDS {
        let folder = temp();
        let spoilt = run(folder.path(), &canaries, "integration", round);
        assert!(matches!(spoilt.ran.code, Some(1 | 4)), "{:?}", spoilt.ran);
        let leaks = leaks(folder.path(), &spoilt.ran, &detector, &values);
        assert!(
            leaks.is_empty(),
            "round {round}: {} leaks:\n{}",
            leaks.len(),
            leaks.join("\n")
        );
        for (total, count) in served.iter_mut().zip(&spoilt.served.times) {
            *total += count;
        }
        harmless.extend(spoilt.served.harmless);
        misused.extend(spoilt.served.misused);
        pages.extend(spoilt.served.pages);
        assert!(spoilt.asked > 60, "only {} requests", spoilt.asked);
        far_enough(&record(&folder.path().join("run")), &mut seen);
        assert_eq!(files(&folder.path().join("run/reports")).len(), 4);
        let exchanges = fs::read_to_string(folder.path().join("run/exchanges.ndjson")).unwrap();
        assert!(exchanges.lines().count() > 60);
    }
    let unserved: Vec<_> = (0..300)
        .filter(|at| served[*at] == 0)
        .map(|at| values[at])
        .collect();
    assert!(unserved.is_empty(), "never served: {unserved:?}");
    assert_eq!(
        (harmless.len(), misused.len(), pages.len()),
        (HARMLESS, MISUSED, PAGES)
    );
    assert!(seen.len() > 12, "findings of {seen:?} only");
}

/// The run was not over before it began: some rules pass, and findings have something to say.
fn far_enough(record: &serde_json::Value, codes: &mut BTreeSet<String>) {
    assert_eq!(
        record["completion"]["state"], "completed",
        "{}",
        record["completion"]
    );
    assert!(record["mock"].is_null(), "it did not say that it is a mock");
    let scenarios = record["scenarios"].as_array().unwrap();
    let steps = scenarios
        .iter()
        .flat_map(|s| s["steps"].as_array().unwrap());
    let findings: Vec<_> = steps
        .flat_map(|s| s["findings"].as_array().unwrap())
        .collect();
    let telling = findings.iter().filter(|f| f["actual"] != "").count();
    assert!(
        telling >= 8,
        "only {telling} of {} findings say what came",
        findings.len()
    );
    let passed = record["scenarios"].to_string().matches("\"pass\"").count();
    assert!(passed >= 10, "only {passed} passes");
    codes.extend(
        findings
            .iter()
            .map(|f| f["code"].as_str().unwrap().to_owned()),
    );
}

#[test]
fn what_a_sandbox_may_show_is_found() {
    let canaries = Arc::new(canary::all());
    let folder = temp();
    let spoilt = run(folder.path(), &canaries, "sandbox", 0);
    let shown = leaks(folder.path(), &spoilt.ran, &Detector::new(PEOPLE), &PEOPLE);
    for wanted in [
        "Larkspur in record.json",
        "9990000026 in record.json",
        "Larkspur in journal.ndjson",
    ] {
        assert!(shown.iter().any(|place| place == wanted), "{shown:?}");
    }
    // Our own key is nobody's test data, wherever the target runs.
    let key = [canaries[0].value.as_str()];
    let leaks = leaks(folder.path(), &spoilt.ran, &Detector::new(key), &key);
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn the_name_of_a_mock_is_not_taken_on_trust() {
    for (environment, announced, kept) in [
        ("integration", "Margery Thistlewood", "unnamed"),
        ("integration", "thistlewood", "unnamed"),
        ("sandbox", "Margery Zorvax 1951-03-14", "unnamed"),
        ("sandbox", "riverside-epr", "riverside-epr"),
    ] {
        let folder = temp();
        let server = Hostile::start(move |_, answer| {
            answer
                .headers
                .push(("x-plumbline-mock".to_owned(), announced.to_owned()));
        });
        let target = support::target(&server.base_url, environment);
        let target = support::write_target(folder.path(), &target);
        let mut command = support::command(folder.path());
        command.args([
            "run",
            "--pack",
            PACK,
            "--tags",
            "@id:uka-met-read",
            "--out",
            "run",
            "--target",
        ]);
        command.arg(target);
        let ran = support::ran(command);
        assert_eq!(
            record(&folder.path().join("run"))["mock"],
            kept,
            "{environment} {announced}"
        );
        if kept != announced {
            let detector = Detector::new([announced]);
            let leaks = leaks(folder.path(), &ran, &detector, &[announced]);
            assert!(leaks.is_empty(), "{}", leaks.join("\n"));
        }
    }
}
