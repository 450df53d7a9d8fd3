//! What the guides tell somebody to type works: their small pack, their words, their columns.
//! Not for the change in docs/adding-a-scenario.diff: `text_only` applies that.

use crate::support::{Mock, plumbline, temp};
use plumbline_model::{Domain, InteropLevel, Level, StepKind};
use plumbline_pack::{StepMatch, StepTable};
use std::fs;
use std::path::Path;

const ADD_A_PACK: &str = include_str!("../../../docs/add-a-pack.md");
const WRITE_A_SCENARIO: &str = include_str!("../../../docs/write-a-scenario.md");
const WRITE_A_FAULT: &str = include_str!("../../../../mocks/faults/README.md");
const INSPECT_A_TRUST: &str = include_str!("../../../docs/inspect-a-trust.md");
const HAND_OVER_EVIDENCE: &str = include_str!("../../../docs/hand-over-evidence.md");
/// Guides whose commands are looked at, and how many each has at least.
const COMMANDS: [(&str, usize); 5] = [
    (include_str!("../../../docs/check-a-document.md"), 2),
    (include_str!("../../../docs/compare-trusts.md"), 6),
    (INSPECT_A_TRUST, 5),
    (HAND_OVER_EVIDENCE, 6),
    (include_str!("../../../docs/judge-again.md"), 2),
];

/// The files that a guide shows: a line with a path and a colon, then the text in a fence.
fn shown_files(guide: &str) -> Vec<(&str, &str)> {
    let mut files = Vec::new();
    for (at, _) in guide.match_indices("`:\n\n```") {
        let path = guide[..at].rsplit('`').next().unwrap();
        let fence = &guide[at..].split_once("\n\n```").unwrap().1;
        let text = fence.split_once('\n').unwrap().1;
        files.push((path, text.split_once("```").unwrap().0));
    }
    files
}

/// The small pack of the guide, in a folder of its own.
fn write_pack(root: &Path) {
    let files = shown_files(ADD_A_PACK);
    assert_eq!(files.len(), 7, "the guide says how many files there are");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn the_pack_of_the_guide_passes_lint_run_and_selftest() {
    let folder = temp();
    let root = folder.path();
    write_pack(root);
    plumbline(root, &["lint", "--packs", ".", "example"])
        .code(0)
        .prints("example: 2 requirements, 1 scenarios, no errors.");
    plumbline(root, &["packs", "--packs", ".", "--scenarios", "example"])
        .code(0)
        .prints("exa-search-number");
    plumbline(
        root,
        &["init", "--packs", ".", "--pack", "example", "example.toml"],
    )
    .code(0);
    plumbline(
        root,
        &[
            "lint",
            "--packs",
            ".",
            "--target",
            "example.toml",
            "example",
        ],
    )
    .code(0)
    .says("still the text of the template");
    let mock = Mock::start("riverside-epr");
    let written = fs::read_to_string(root.join("example.toml")).unwrap();
    let target = written.replace("http://127.0.0.1:8080/fhir", &mock.base_url);
    assert_ne!(written, target, "the file points to the mock's usual place");
    fs::write(root.join("example.toml"), target).unwrap();
    for command in [
        "run --packs . --target example.toml --pack example",
        "actors check --packs . --target example.toml --pack example",
        "datasheet --packs . --pack example",
        "selftest --packs . --pack example --faults mocks/faults",
        "selftest --packs . --pack example --faults mocks/faults --scenario exa-search-number",
    ] {
        let words: Vec<&str> = command.split_whitespace().collect();
        plumbline(root, &words).code(0);
    }
}

/// The words that a message lists in backticks after "one of".
fn listed(message: &str) -> Vec<&str> {
    let list = message.split_once("expected one of ").unwrap().1;
    list.lines()
        .next()
        .unwrap()
        .split('`')
        .skip(1)
        .step_by(2)
        .collect()
}

#[test]
fn the_guide_to_faults_has_every_word() {
    let folder = temp();
    let root = folder.path();
    let family = "id = \"a\"\ntitle = \"is wrong\"\ncode = \"HTTP-STATUS\"\n";
    let case =
        "[[case]]\nrequirement = \"A-1\"\nscenario = \"a\"\npath = \"metadata\"\nkeys = []\n";
    for (text, least) in [
        (format!("{family}[action]\nnonsense = 1\n{case}"), 15),
        (format!("{family}{case}nonsense = 1\n"), 8),
    ] {
        fs::write(root.join("a.toml"), text).unwrap();
        let ran = plumbline(root, &["mock", "--faults-dir", ".", "--list-faults"]).code(2);
        let words = listed(&ran.stderr);
        assert!(words.len() >= least, "{words:?}");
        for word in words {
            assert!(
                WRITE_A_FAULT.contains(&format!("| `{word}` |")),
                "the guide does not explain `{word}`"
            );
        }
    }
}

#[test]
fn the_guide_to_faults_has_every_patient_with_the_right_id() {
    let people = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/_people");
    let mut seen = 0;
    for entry in fs::read_dir(people).unwrap() {
        let path = entry.unwrap().path();
        let role = path.file_stem().unwrap().to_str().unwrap();
        let text: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        let row = format!("| {role} | {} |", text["id"].as_str().unwrap());
        assert!(WRITE_A_FAULT.contains(&row), "{row}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn the_guide_to_scenarios_has_every_column_and_every_word_of_it() {
    let folder = temp();
    let root = folder.path();
    write_pack(root);
    let rules = root.join("profiles/example/requirements.csv");
    let header = fs::read_to_string(&rules).unwrap();
    let header = header.lines().next().unwrap();
    assert_eq!(header.split(',').count(), 16);
    for column in header.split(',') {
        assert!(
            WRITE_A_SCENARIO.contains(&format!("| `{column}` |")),
            "{column}"
        );
    }
    let domains = Domain::ALL.iter().map(|d| d.key());
    let levels = Level::ALL.iter().map(|l| l.key());
    let interop = InteropLevel::ALL.iter().map(|l| l.key());
    for word in domains.chain(levels).chain(interop) {
        assert!(WRITE_A_SCENARIO.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn the_steps_that_a_report_speaks_of_are_steps() {
    let table = plumbline_runner::Table::standard();
    for (kind, step) in plumbline_score::CODE_FORM_STEPS {
        let found = table.resolve(StepKind::Assertion, step);
        assert!(matches!(found, StepMatch::One), "{kind}: {step}");
    }
}

/// The commands that a guide shows, each as the words after `plumbline`.
fn shown_commands(guide: &str) -> Vec<Vec<String>> {
    let joined = guide.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    lines
        .filter_map(|line| line.strip_prefix("plumbline "))
        .map(words_of)
        .collect()
}

/// The words of a command as a shell takes them: quotes hold words together.
fn words_of(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('"').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn the_commands_of_the_guides_exist_with_their_options() {
    let folder = temp();
    for (guide, least) in COMMANDS {
        let commands = shown_commands(guide);
        assert!(commands.len() >= least, "{commands:?}");
        for command in commands {
            let depth = if ["inspect", "dashboard"].contains(&command[0].as_str()) {
                2
            } else {
                1
            };
            let mut help: Vec<&str> = command[..depth].iter().map(String::as_str).collect();
            help.push("--help");
            let said = plumbline(folder.path(), &help).code(0).stdout;
            for option in command.iter().filter(|word| word.starts_with("--")) {
                let is_known = said
                    .split_whitespace()
                    .any(|word| word.trim_end_matches(',') == option);
                assert!(is_known, "{command:?}: no {option}");
            }
        }
    }
}

#[test]
fn the_inspection_of_the_guide_can_be_made_and_reported() {
    let folder = temp();
    let root = folder.path();
    let commands = shown_commands(INSPECT_A_TRUST);
    let is_fill = |command: &&Vec<String>| command[1] == "fill";
    for command in commands.iter().filter(|command| !is_fill(command)) {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        plumbline(root, &words).code(0);
    }
    for file in [
        "halden/assessment.toml",
        "report/inspection.html",
        "report/inspection.json",
    ] {
        assert!(root.join(file).is_file(), "{file}");
    }
}

#[test]
fn the_key_of_the_guide_can_be_made() {
    let folder = temp();
    let commands = shown_commands(HAND_OVER_EVIDENCE);
    let key = commands.iter().find(|it| it[0] == "keygen").unwrap();
    let words: Vec<&str> = key.iter().map(String::as_str).collect();
    plumbline(folder.path(), &words).code(0);
    assert!(folder.path().join("supplier.public.pem").is_file());
}
