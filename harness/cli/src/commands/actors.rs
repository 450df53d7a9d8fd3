//! `plumbline actors`: whether a system holds the people of the data sheet, and whom it has instead.
//! Writes nothing to disk. What is different is shown as the findings show it, after redaction.

use crate::arguments::{Actors, ActorsCheck, ActorsCommand, ActorsSuggest, Form};
use crate::failure::Failure;
use crate::load::Facts;
use crate::patients::Patients;
use crate::session::{Session, Trail, now, run_id, runtime};
use crate::{Outcome, load};
use anyhow::Context;
use plumbline_actors::{
    Area, AreaOutcome, AreaReport, Asked, Candidate, CheckPlan, CheckReport, CheckState, Fit,
    MOST_CANDIDATES, Need, PersonReport, Suggestion, wrapped,
};
use plumbline_model::{ActorRole, Environment, ExitCode, Person, RunRecord};
use plumbline_pack::{Files, Pack, TargetFile};
use plumbline_runner::Selection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::rc::Rc;

pub(crate) fn perform(arguments: &Actors) -> Outcome {
    match &arguments.command {
        ActorsCommand::Check(a) => check(a),
        ActorsCommand::Suggest(a) => suggest(a),
    }
}

/// The pack, its files and people, and the target file.
type Loaded = (Files, Pack, Facts, TargetFile);

fn read(
    source: &crate::arguments::PackSource,
    pack: &str,
    target: &Path,
) -> Result<Loaded, Failure> {
    let files = load::files(source)?;
    let pack = load::pack(&files, pack)?;
    if !pack.interactions.is_empty() {
        return Err(Failure::usage(format!(
            "error: plumbline actors does not know the requests of the pack {id} yet\n  help: compare by \
             hand with plumbline datasheet --pack {id}; a run says which test patient is not as it \
             should be",
            id = pack.id
        )));
    }
    let facts = load::facts(&files)?;
    let target = load::target(target, Some(&pack))?;
    Ok((files, pack, facts, target))
}

fn check(arguments: &ActorsCheck) -> Outcome {
    let (files, pack, facts, target) = read(&arguments.source, &arguments.pack, &arguments.target)?;
    let plan = plumbline_actors::plan_check(&files, &pack, &facts.people, &target);
    let record = if plan.questions.is_empty() {
        None
    } else {
        if std::io::stderr().is_terminal() {
            eprintln!(
                "Asking {} questions; this can take a minute.",
                plan.questions.len()
            );
        }
        Some(ask(&plan, &facts, target)?)
    };
    let report = CheckReport::new(&plan, record.as_ref());
    match arguments.format {
        Form::Text => print_check(&pack, &report),
        Form::Json => {
            let text = serde_json::to_string_pretty(&json(&pack, &report));
            println!("{}", text.map_err(anyhow::Error::from)?);
        }
    }
    Ok(match report.state() {
        CheckState::Same => ExitCode::Success,
        CheckState::Different => ExitCode::NotConformant,
        CheckState::Undecided | CheckState::NotAsked => ExitCode::Insufficient,
    })
}

/// Runs the made pack as any other, but keeps no folder.
fn ask(plan: &CheckPlan, facts: &Facts, target: TargetFile) -> Result<RunRecord, Failure> {
    // A made pack that does not load is our own fault, whatever the message says.
    let made = load::pack(&plan.files, plumbline_actors::PACK_ID)
        .map_err(|failure| Failure::internal(failure.message))?;
    let session = Session::new(&made, facts, target, &Selection::all())?;
    let trail = Trail {
        run_id: run_id(&made, &now()),
        journal: None,
        progress: Rc::new(|_| {}),
    };
    let (output, _) = runtime()?.block_on(session.perform(trail, async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }))?;
    Ok(output.record)
}

/// `1 person is`, `2 people are`.
fn people_words(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 person {one}"),
        count => format!("{count} people {many}"),
    }
}

fn print_check(pack: &Pack, report: &CheckReport) {
    println!("The data sheet of {}, person by person", pack.title);
    let asked = report.people.iter().flat_map(|person| &person.areas);
    let asked = asked.filter(|a| !matches!(a.outcome, AreaOutcome::NotAsked(_)));
    let asked: BTreeSet<Area> = asked.filter_map(|a| a.area).collect();
    if !asked.is_empty() {
        let words: Vec<String> = asked.into_iter().map(Area::words).collect();
        print!(
            "{}",
            wrapped(0, 0, &format!("Compared: {}.", words.join(", ")))
        );
    }
    println!();
    for person in &report.people {
        print_person(person);
    }
    println!();
    if let Some(mock) = &report.mock {
        println!("Mock system ({mock}): this says nothing about a real product.");
    }
    let count = |state| report.count(state);
    println!(
        "Of {}, {} as in the data sheet, {} different, {} not decided, {} not checked.",
        people_words(report.people.len(), "in all", "in all"),
        count(CheckState::Same),
        count(CheckState::Different),
        count(CheckState::Undecided),
        count(CheckState::NotAsked),
    );
    if let Some(why) = &report.stopped {
        println!("Not completed: {why}.");
    }
}

fn print_person(person: &PersonReport) {
    let role = &person.role;
    if let [only] = person.areas.as_slice()
        && let AreaOutcome::NotAsked(why) = &only.outcome
    {
        println!("{role}: not checked: {}", why.words());
        return;
    }
    match person.state() {
        CheckState::Same => println!("{role}: as in the data sheet"),
        CheckState::Different => println!("{role}: DIFFERENT"),
        CheckState::Undecided => println!("{role}: not decided"),
        CheckState::NotAsked => println!("{role}: not checked"),
    }
    let mut untold: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for area in &person.areas {
        let words = area_words(area);
        match &area.outcome {
            AreaOutcome::Same => {}
            AreaOutcome::Different(differences) => {
                for difference in differences {
                    print!(
                        "{}",
                        wrapped(2, 4, &format!("{words}: {}", difference.message))
                    );
                    for (name, value) in [
                        ("element", &difference.element),
                        ("expected", &difference.expected),
                        ("found", &difference.found),
                    ] {
                        if !value.is_empty() {
                            print!("{}", wrapped(4, 14, &format!("{name}: {value}")));
                        }
                    }
                }
            }
            AreaOutcome::Undecided(why) => {
                let key = format!("not decided: {why}");
                untold.entry(key).or_default().push(words);
            }
            AreaOutcome::NotAsked(why) => {
                let key = format!("not checked: {}", why.words());
                untold.entry(key).or_default().push(words);
            }
        }
    }
    for (why, areas) in untold {
        print!("{}", wrapped(2, 4, &format!("{}, {why}", areas.join(", "))));
    }
}

fn area_words(area: &AreaReport) -> String {
    area.area
        .map_or_else(|| "everything".to_owned(), Area::words)
}

fn json(pack: &Pack, report: &CheckReport) -> serde_json::Value {
    let state = |state: CheckState| match state {
        CheckState::Same => "same",
        CheckState::Different => "different",
        CheckState::Undecided => "undecided",
        CheckState::NotAsked => "not-checked",
    };
    let area = |area: &AreaReport| {
        let (word, why, differences) = match &area.outcome {
            AreaOutcome::Same => ("same", None, Vec::new()),
            AreaOutcome::Different(all) => {
                let all = all.iter().map(|d| {
                    serde_json::json!({"element": d.element, "message": d.message,
                        "expected": d.expected, "found": d.found})
                });
                ("different", None, all.collect())
            }
            AreaOutcome::Undecided(why) => ("undecided", Some(why.as_str()), Vec::new()),
            AreaOutcome::NotAsked(why) => ("not-checked", Some(why.words()), Vec::new()),
        };
        serde_json::json!({"type": area.area.map(Area::resource_type),
            "state": word, "why": why, "differences": differences})
    };
    let people = report.people.iter().map(|person| {
        let areas: Vec<_> = person.areas.iter().map(area).collect();
        serde_json::json!({"role": person.role, "state": state(person.state()), "areas": areas})
    });
    serde_json::json!({"pack": pack.id, "state": state(report.state()), "mock": report.mock,
        "stopped": report.stopped, "people": people.collect::<Vec<_>>()})
}

fn suggest(arguments: &ActorsSuggest) -> Outcome {
    let (_, pack, facts, target) = read(&arguments.source, &arguments.pack, &arguments.target)?;
    let people = facts.people;
    let asked = Asked::of(&pack, &target.scope);
    if asked.by_role.is_empty() {
        return Err(Failure::usage(
            "error: no scenario of the scope in the target file needs a person\n  help: claim more \
             under `scope`, or go on without test patients",
        ));
    }
    let given = arguments.candidates.as_deref().map(numbers).transpose()?;
    if given.is_none() && target.environment == Environment::Live {
        return Err(Failure::usage(
            "error: a live system is not asked for a list of its patients\n  help: write the NHS \
             numbers of its test patients into a file, one a line, and name it with --candidates",
        ));
    }
    let from_list = given.is_none();
    let mut patients = Patients::new(target, &people, given.as_deref().unwrap_or_default())?;
    let (candidates, unread, ignored) = runtime()?.block_on(async {
        let (numbers, ignored) = match given {
            Some(numbers) => (numbers, 0),
            None => patients.listed(&asked).await?,
        };
        let (mut candidates, mut unread) = (Vec::new(), Vec::new());
        for number in numbers.iter().take(MOST_CANDIDATES) {
            match patients.candidate(number, &asked).await? {
                Ok(candidate) => candidates.push(candidate),
                Err(why) => unread.push((number.clone(), why)),
            }
        }
        Ok::<_, Failure>((candidates, unread, (ignored, numbers.len())))
    })?;
    let (ignored, found) = ignored;
    println!(
        "{} candidates were read{}.",
        candidates.len(),
        if from_list {
            " from the system's own list of patients"
        } else {
            ""
        }
    );
    if ignored > 0 {
        println!(
            "{ignored} patients of the list have no NHS number in the 999 range and were ignored."
        );
    }
    if found > MOST_CANDIDATES {
        println!("The list has {found}; only the first {MOST_CANDIDATES} were looked at.");
    }
    for (number, why) in &unread {
        println!("{number} could not be used: {why}");
    }
    if let Some(mock) = patients.mock() {
        println!("Mock system ({mock}): this says nothing about a real product.");
    }
    if candidates.is_empty() {
        println!(
            "Nobody can be suggested. Load the people of plumbline datasheet --pack {}.",
            pack.id
        );
        return Ok(ExitCode::Insufficient);
    }
    let suggestions = plumbline_actors::suggest(&pack, &people, &asked, &candidates);
    println!("The arrow marks who is proposed.");
    for suggestion in &suggestions {
        print_suggestion(suggestion, &people, &candidates);
    }
    print_lines(&suggestions, &people, &candidates);
    Ok(ExitCode::Success)
}

/// The NHS numbers in a file of candidates. No message shows what stands there.
fn numbers(path: &Path) -> Result<Vec<String>, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .with_context(|| format!("failed to read the file of candidates `{shown}`"))?;
    let numbers = plumbline_actors::candidate_numbers(&text).map_err(|fault| {
        Failure::usage(format!(
            "error: {}\n --> {shown}:{}\n  help: write ten digits, one NHS number a line",
            fault.cause, fault.line
        ))
    })?;
    match numbers.len() {
        0 => Err(Failure::usage(format!(
            "error: `{shown}` holds no NHS number\n  help: write one a line"
        ))),
        count if count > MOST_CANDIDATES => Err(Failure::usage(format!(
            "error: `{shown}` holds {count} NHS numbers, more than {MOST_CANDIDATES}\n  help: \
             keep those that are most likely to fit"
        ))),
        _ => Ok(numbers),
    }
}

fn list(needs: &[Need]) -> String {
    let words: Vec<String> = needs.iter().map(Need::words).collect();
    words.join("; ")
}

fn print_fit(mark: &str, candidate: &Candidate, fit: &Fit) {
    let number = &candidate.nhs_number;
    if fit.is_whole() {
        println!("  {mark} {number} fits");
        return;
    }
    println!("  {mark} {number}");
    let lacks: Vec<String> = fit
        .lacks
        .iter()
        .map(|(need, instead)| format!("{} ({instead})", need.words()))
        .collect();
    if !fit.has.is_empty() {
        print!("{}", wrapped(7, 9, &format!("has: {}", list(&fit.has))));
    }
    print!("{}", wrapped(7, 9, &format!("lacks: {}", lacks.join("; "))));
}

fn print_suggestion(
    suggestion: &Suggestion,
    people: &BTreeMap<ActorRole, Person>,
    candidates: &[Candidate],
) {
    println!();
    let summary = people.get(&suggestion.role).map(|p| p.summary.as_str());
    println!("{}: {}", suggestion.role, summary.unwrap_or_default());
    let Some(needs) = &suggestion.needs else {
        println!("  no scenario of your scope needs this role");
        return;
    };
    let needs = match list(needs) {
        nothing if nothing.is_empty() => "a patient who can be found by NHS number".to_owned(),
        needs => needs,
    };
    print!("{}", wrapped(2, 4, &format!("needs: {needs}")));
    for fit in &suggestion.best {
        let mark = if suggestion.chosen == Some(fit.candidate) {
            "->"
        } else {
            "  "
        };
        if let Some(candidate) = candidates.get(fit.candidate) {
            print_fit(mark, candidate, fit);
        }
    }
}

fn print_lines(
    suggestions: &[Suggestion],
    people: &BTreeMap<ActorRole, Person>,
    candidates: &[Candidate],
) {
    println!("\nLines for [actors] in target.toml; nobody plays two roles:\n");
    let mut own = Vec::new();
    for suggestion in suggestions {
        let role = &suggestion.role;
        let chosen = suggestion.chosen.and_then(|place| candidates.get(place));
        match (&suggestion.needs, chosen) {
            (None, _) => {}
            (Some(_), None) => println!("# {role}: nobody who is free has everything it needs"),
            (Some(_), Some(candidate)) => {
                let number = &candidate.nhs_number;
                println!("{role} = {{ nhs_number = \"{number}\", data_sheet = false }}");
                let sheet = people.get(role).map(|p| &p.identity.nhs_number);
                if sheet == Some(number) {
                    own.push(role.as_str());
                }
            }
        }
    }
    println!();
    let warning = "Warning: with data_sheet = false Plumbline does not know what the patient's record \
                   holds. Rules that compare an answer with the data sheet are then not tested, and \
                   the run ends as insufficient evidence. Load the people of the data sheet where \
                   you can.";
    print!("{}", wrapped(0, 0, warning));
    if !own.is_empty() {
        let own = format!(
            "These roles are proposed for the NHS number of the data sheet itself: {}. If you loaded \
             the people from the sheet, leave data_sheet = false out and run plumbline actors check.",
            own.join(", ")
        );
        print!("\n{}", wrapped(0, 0, &own));
    }
}
