//! What the page of content rules shows, ready-made: every sentence and count. Not for markup: templates/content.hbs.

use super::letter::rule_name;
use super::tally::{Tally, gaps, tallies};
use super::{ATTRIBUTION, ContentInput, ContentOutcome, NOT_ASSURED, Origin};
use crate::view::marks::Mark;
use crate::view::words::{count, day, sentence};
use plumbline_prsb::{CodedCounts, Severity, Standing, Subject};
use serde::Serialize;

/// How many files, and places of one rule, are shown.
const MOST_FILES: usize = 500;
const MOST_PLACES: usize = 8;

#[derive(Serialize)]
pub(super) struct Page {
    title: String,
    mock: bool,
    standard: String,
    date: String,
    status: Mark,
    headline: String,
    meaning: Vec<String>,
    first: Vec<First>,
    figures: Vec<Figure>,
    sure: Vec<String>,
    grid: Vec<Section>,
    grid_caption: String,
    cards_title: String,
    cards: Vec<Card>,
    files_title: String,
    files: Vec<FileRow>,
    more_files: Option<String>,
    refused: Vec<Refused>,
    untested: Vec<Untested>,
    notes: Vec<String>,
    letter: Option<String>,
    method: Vec<String>,
}

#[derive(Serialize)]
struct First {
    text: String,
    href: String,
    note: String,
}

#[derive(Serialize)]
struct Figure {
    label: &'static str,
    value: String,
    note: &'static str,
}

#[derive(Serialize)]
struct Section {
    title: String,
    own: Option<Cell>,
    items: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    name: String,
    id: String,
    shape: &'static str,
    tone: &'static str,
    word: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Card {
    anchor: String,
    mark: Mark,
    heading: String,
    id: String,
    facts: Vec<String>,
    rule: String,
    harm: String,
    expected: String,
    seen: String,
    next_step: String,
    places: Vec<String>,
    more: Option<String>,
    source: String,
    certainty: String,
}

#[derive(Serialize)]
struct FileRow {
    name: String,
    valid: String,
    musts: usize,
    shoulds: usize,
    met: usize,
    not_exercised: usize,
    cannot: usize,
}

#[derive(Serialize)]
struct Refused {
    name: String,
    what: String,
    fix: String,
    codes: Vec<String>,
}

#[derive(Serialize)]
struct Untested {
    id: String,
    name: String,
    why: String,
}

pub(super) fn page(input: &ContentInput<'_>) -> Page {
    let tallies = tallies(input);
    let judged = input.judged().count();
    let musts = input
        .judged()
        .filter(|(_, content, _)| content.broken(Severity::Must).next().is_some())
        .count();
    let broken: Vec<&Tally<'_>> = {
        let mut broken: Vec<&Tally<'_>> = tallies.iter().filter(|it| it.broken > 0).collect();
        broken.sort_by_key(|it| (it.severity, std::cmp::Reverse(it.broken)));
        broken
    };
    Page {
        title: format!("Content of documents: {}", input.standard_name()),
        mock: input.origin == Origin::Mock,
        standard: input.standard_name(),
        date: if input.date.is_empty() {
            String::new()
        } else {
            day(input.date)
        },
        status: status(judged, musts),
        headline: headline(input, &tallies, musts),
        meaning: meaning(&broken),
        first: gaps(&tallies, 5)
            .into_iter()
            .map(|gap| first(gap, judged))
            .collect(),
        figures: figures(&tallies),
        sure: sure(input, &tallies),
        grid: grid(&tallies, judged),
        grid_caption: grid_caption(judged),
        cards_title: if broken.is_empty() {
            "No rule was found broken".to_owned()
        } else {
            count(broken.len(), "rule is broken", "rules are broken")
        },
        cards: broken.iter().map(|tally| card(tally, input)).collect(),
        files_title: format!(
            "{} judged, {} not",
            count(judged, "document was", "documents were"),
            input.refused().count()
        ),
        files: input
            .judged()
            .take(MOST_FILES)
            .map(|file| file_row(input, file))
            .collect(),
        more_files: judged
            .checked_sub(MOST_FILES)
            .filter(|more| *more > 0)
            .map(|more| format!("{more} more are in the JSON form of the result.")),
        refused: input
            .files
            .iter()
            .filter_map(|file| refused(input, file))
            .take(MOST_FILES)
            .collect(),
        untested: tallies
            .iter()
            .filter(|it| it.key() == "cannot-test")
            .map(untested)
            .collect(),
        notes: notes(input),
        letter: (judged > 1).then(|| super::letter::write(input)),
        method: method(),
    }
}

fn status(judged: usize, musts: usize) -> Mark {
    let (shape, tone, word) = match (judged, musts) {
        (0, _) => ("open-circle", "quiet", "Nothing judged"),
        (_, 0) => ("circle", "good", "No demanded rule is broken"),
        _ => ("diamond", "concern", "Demanded rules are broken"),
    };
    Mark {
        shape,
        tone,
        word: word.to_owned(),
        reason: "",
    }
}

fn headline(input: &ContentInput<'_>, tallies: &[Tally<'_>], with_musts: usize) -> String {
    let name = input.standard_name();
    let mut judged = input.judged();
    match (judged.next(), judged.next()) {
        (None, _) => format!("No file could be judged by the {name}"),
        (Some((_, content, fhir)), None) => {
            let musts = content.broken(Severity::Must).count();
            let valid = if fhir.errors == 0 {
                format!("valid FHIR {}", fhir.version)
            } else {
                format!(
                    "not valid FHIR {} ({})",
                    fhir.version,
                    count(fhir.errors, "error", "errors")
                )
            };
            match (musts, fhir.errors) {
                (0, 0) => format!(
                    "The document is {valid} and breaks no rule demanded by the standard {name} that could be tested"
                ),
                (0, _) => format!(
                    "The document is {valid}, but breaks no rule demanded by the standard {name} that could be tested"
                ),
                (_, 0) => format!(
                    "The document is {valid}, yet breaks {} demanded by the standard {name}",
                    count(musts, "rule", "rules")
                ),
                _ => format!(
                    "The document is {valid}, and breaks {} demanded by the standard {name}",
                    count(musts, "rule", "rules")
                ),
            }
        }
        _ => {
            let documents = tallies.first().map_or(0, Tally::documents);
            let invalid = input.judged().filter(|(_, _, fhir)| fhir.errors > 0);
            let invalid = match invalid.count() {
                0 => String::new(),
                1 => "; 1 is not valid FHIR".to_owned(),
                many => format!("; {many} are not valid FHIR"),
            };
            format!(
                "{with_musts} of {documents} documents break rules demanded by the standard {name}{invalid}"
            )
        }
    }
}

fn meaning(broken: &[&Tally<'_>]) -> Vec<String> {
    let mut harms: Vec<String> = Vec::new();
    for tally in broken
        .iter()
        .filter(|it| it.severity == Some(Severity::Must))
    {
        let harm = sentence(&tally.rule.harm);
        if !harms.contains(&harm) {
            harms.push(harm);
        }
    }
    if harms.is_empty() {
        harms.push("Nothing was found that the standard demands and that is missing or wrong. What could not be tested is told below.".to_owned());
    }
    harms.truncate(3);
    harms
}

fn first(gap: &Tally<'_>, judged: usize) -> First {
    let level = if gap.severity == Some(Severity::Must) {
        "demanded"
    } else {
        "advised"
    };
    First {
        text: gap_name(gap),
        href: format!("#{}", gap.rule.id),
        note: if judged > 1 {
            format!(
                "{level}; broken in {} of {} documents",
                gap.broken,
                gap.documents()
            )
        } else {
            level.to_owned()
        },
    }
}

/// What was found, where all findings say the same; else the rule.
fn gap_name(gap: &Tally<'_>) -> String {
    let mut messages = gap.findings.iter().map(|(_, finding)| &finding.message);
    match messages.next() {
        Some(first) if messages.all(|it| it == first) => {
            sentence(first).trim_end_matches('.').to_owned()
        }
        _ => rule_name(gap),
    }
}

/// The name of a file without the folders that all files share.
fn short_name<'a>(input: &ContentInput<'_>, name: &'a str) -> &'a str {
    let folders = |name: &str| name.rfind('/').map_or(0, |at| at + 1);
    let mut shared = &name[..folders(name)];
    for file in input.files {
        while !file.name.starts_with(shared) {
            shared = &shared[..folders(shared.trim_end_matches('/'))];
        }
    }
    &name[shared.len()..]
}

fn figures(tallies: &[Tally<'_>]) -> Vec<Figure> {
    let all = tallies.len();
    let of = |key: &str| {
        format!(
            "{} of {all} rules",
            tallies.iter().filter(|it| it.key() == key).count()
        )
    };
    vec![
        Figure {
            label: "Met",
            value: of("met"),
            note: "in at least one document, broken in none",
        },
        Figure {
            label: "Broken",
            value: of("broken"),
            note: "in at least one document",
        },
        Figure {
            label: "Not exercised",
            value: of("not-exercised"),
            note: "nothing of it is there, and it need not be",
        },
        Figure {
            label: "Cannot be tested this way",
            value: of("cannot-test"),
            note: "a document alone does not show it",
        },
    ]
}

fn sure(input: &ContentInput<'_>, tallies: &[Tally<'_>]) -> Vec<String> {
    let mut coded = CodedCounts::default();
    for (_, content, _) in input.judged() {
        coded.add(content.coded);
    }
    let advisory = tallies
        .iter()
        .filter(|it| it.standing == Standing::Advisory)
        .count();
    vec![
        format!(
            "Codes: {} of {} were found in a complete list, {} have a right form and check digit and were not looked up, {} were not checked, {} are wrong.",
            coded.checked, coded.total(), coded.syntax_only, coded.not_checked, coded.wrong
        ),
        format!(
            "{advisory} of {} rules are advisory here: they were read once in their source, or for R4 no published table says where the item lives.",
            tallies.len()
        ),
        "What a system holds and did not send cannot be seen in documents alone; a run against the system with known patients shows it.".to_owned(),
    ]
}

fn grid(tallies: &[Tally<'_>], judged: usize) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for tally in tallies {
        let title = &tally.rule.section_title;
        let at = sections
            .iter()
            .position(|it| it.title == *title)
            .unwrap_or_else(|| {
                sections.push(Section {
                    title: title.clone(),
                    own: None,
                    items: Vec::new(),
                });
                sections.len() - 1
            });
        let cell = cell(tally, judged);
        if tally.rule.subject == Subject::Section {
            sections[at].own = Some(cell);
        } else {
            sections[at].items.push(cell);
        }
    }
    sections
}

fn cell(tally: &Tally<'_>, judged: usize) -> Cell {
    let (shape, tone, word, number) = match tally.key() {
        "met" => ("circle", "good", "met", tally.met),
        "broken" => ("diamond", "concern", "broken", tally.broken),
        "cannot-test" => (
            "open-square",
            "neutral",
            "cannot be tested this way",
            tally.cannot,
        ),
        _ => ("open-circle", "quiet", "not exercised", tally.not_exercised),
    };
    Cell {
        name: tally.rule.title.clone(),
        id: tally.rule.id.as_str().to_owned(),
        shape,
        tone,
        word: if judged > 1 {
            format!("{word} in {number} of {}", tally.documents())
        } else {
            word.to_owned()
        },
        href: (tally.broken > 0).then(|| format!("#{}", tally.rule.id)),
    }
}

fn grid_caption(judged: usize) -> String {
    match judged {
        0 | 1 => "Each section with its items and rules. A broken one leads to its explanation."
            .to_owned(),
        _ => format!(
            "Each section with its items and rules over {judged} documents; the gravest state is shown. A broken one leads to its explanation."
        ),
    }
}

fn card(tally: &Tally<'_>, input: &ContentInput<'_>) -> Card {
    let is_must = tally.severity == Some(Severity::Must);
    let first = tally.findings.first().map(|(_, finding)| *finding);
    let mut facts = vec![tally.rule.conformance.word().to_owned()];
    if tally.standing == Standing::Advisory {
        facts.push("advisory".to_owned());
    }
    if tally.documents() > 1 {
        facts.push(format!(
            "broken in {} of {} documents",
            tally.broken,
            tally.documents()
        ));
    }
    let places = tally
        .findings
        .iter()
        .take(MOST_PLACES)
        .map(|(number, finding)| {
            let file = input.files.get(*number).map_or("", |it| it.name.as_str());
            let file = short_name(input, file);
            format!(
                "{file}, line {}, column {}: {}",
                finding.line, finding.column, finding.path
            )
        });
    Card {
        anchor: tally.rule.id.as_str().to_owned(),
        mark: Mark {
            shape: if is_must { "diamond" } else { "triangle" },
            tone: "concern",
            word: if is_must {
                "Demanded, broken"
            } else {
                "Advised, broken"
            }
            .to_owned(),
            reason: "",
        },
        heading: first.map_or_else(String::new, |it| sentence(&it.message)),
        id: tally.rule.id.as_str().to_owned(),
        facts,
        rule: sentence(&rule_name(tally)),
        harm: sentence(&tally.rule.harm),
        expected: first.map_or_else(String::new, |it| sentence(&it.expected)),
        seen: first.map_or_else(String::new, |it| sentence(&it.actual)),
        next_step: sentence(&tally.rule.message),
        places: places.collect(),
        more: tally
            .findings
            .len()
            .checked_sub(MOST_PLACES)
            .filter(|more| *more > 0)
            .map(|more| format!("and {more} more places")),
        source: tally.rule.source.url.clone(),
        certainty: sentence(&tally.rule.source.certainty),
    }
}

fn file_row(
    input: &ContentInput<'_>,
    (file, content, fhir): (
        &super::ContentFile,
        &plumbline_prsb::Content,
        &super::FhirCheck,
    ),
) -> FileRow {
    FileRow {
        name: short_name(input, &file.name).to_owned(),
        valid: if fhir.errors == 0 {
            format!("valid {}", fhir.version)
        } else {
            format!(
                "not valid FHIR {}: {}",
                fhir.version,
                count(fhir.errors, "error", "errors")
            )
        },
        musts: content.broken(Severity::Must).count(),
        shoulds: content.broken(Severity::Should).count(),
        met: content.count("met"),
        not_exercised: content.count("not-exercised"),
        cannot: content.count("cannot-test"),
    }
}

fn refused(input: &ContentInput<'_>, file: &super::ContentFile) -> Option<Refused> {
    let ContentOutcome::Refused { what, fix, codes } = &file.outcome else {
        return None;
    };
    let findings = codes.iter().flat_map(|it| &it.findings);
    Some(Refused {
        name: short_name(input, &file.name).to_owned(),
        what: sentence(&format!("this is {what}")),
        fix: sentence(fix),
        codes: findings
            .take(MOST_PLACES)
            .map(|it| format!("{}, line {}: {}", it.rule, it.line, it.actual))
            .collect(),
    })
}

fn untested(tally: &Tally<'_>) -> Untested {
    Untested {
        id: tally.rule.id.as_str().to_owned(),
        name: rule_name(tally),
        why: sentence(tally.reason.unwrap_or_default()),
    }
}

/// What was accepted although it should be better, each once.
fn notes(input: &ContentInput<'_>) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for (_, content, _) in input.judged() {
        for warning in &content.warnings {
            let note = sentence(warning);
            if !notes.contains(&note) && notes.len() < 20 {
                notes.push(note);
            }
        }
    }
    notes
}

fn method() -> Vec<String> {
    [
        "A document was read as it is, on this computer, without a network. References between its resources were followed; the text of each section was searched for the sub-headings of the standard.",
        "Mandatory: has to be there, in every thing that it belongs to. Required: has to be there if the system holds it. Optional: a local decision; if it is sent, it has to say something. Nothing observed is never met.",
        "No value of a document is on this page: findings name elements and lines, and describe values by their form.",
        ATTRIBUTION,
        NOT_ASSURED,
    ]
    .map(str::to_owned)
    .to_vec()
}
