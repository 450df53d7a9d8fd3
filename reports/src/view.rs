//! The view model of the page: every number and every text that a template shows, ready-made.
//! Not for judging or counting beyond what the scorecard holds, and not for mark-up.

mod cards;
mod chart;
mod figures;
mod heat;
pub(crate) mod marks;
mod summary;
mod tables;
mod validity;
pub(crate) mod words;

use crate::format::{ReportError, ReportInput};
use crate::html::Lists;
use crate::validity::{IssueGroup, Validity};
use marks::{Mark, status_mark};
use plumbline_model::scorecard::{FindingGroup, Scorecard};
use plumbline_model::{SubjectKind, Verdict};
use serde::Serialize;
use std::ops::Range;
use std::sync::Arc;
use words::{count, css_string, day, time};

/// Whose judgement a report is, for every format.
pub(crate) const JUDGEMENT: &str = "An automated pre-check with Plumbline; the record does not say who ran it. It is evidence, not a certificate.";

/// How the scores come about. `harness/score` computes them; a test computes them again as this says.
const SCORES: &str = "A domain's score is the severity of its required rules that pass, divided by the severity of all its required rules that were decided: a rule of severity 5 counts five times as much as one of severity 1. The overall score is the geometric mean of the domains, each with its weight in scoring.toml of the pack (1 if none is given): 0.01 is added to each share, the mean is taken, and 0.01 is taken off again, so that one weak domain shows and one at zero does not erase the rest. Unknowns are never guessed: the bounds count them once as failed and once as passed. Domains are rounded down; only a run in which every domain has 100 has 100. Good practice is counted apart. Plumbline computes the numbers in harness/score of its source, from the record of the run and the pack alone.";

/// How many failures are shown in full from the start.
const OPEN_FAILURES: usize = 5;

/// How many warnings, and how many obstacles, are shown in full from the start.
const OPEN_OTHERS: usize = 3;

/// Everything on the page but the items of long lists: of those it only knows how many there are.
#[derive(Serialize)]
pub(crate) struct PageView {
    title: String,
    print_left: String,
    print_right: String,
    mock: bool,
    rejudged: bool,
    header: HeaderView,
    status: Mark,
    about: String,
    headline: String,
    patients_title: &'static str,
    patients: Vec<String>,
    sure: Vec<String>,
    validity: Option<validity::ValidityView>,
    first: Option<summary::FirstView>,
    figures: Vec<summary::FigureView>,
    contents: Vec<LinkView>,
    heat: Option<heat::HeatView>,
    charts: Vec<figures::ChartView>,
    failures_title: String,
    warnings_title: String,
    undecided_title: String,
    undecided: usize,
    not_tested_title: String,
    not_tested_summary: String,
    not_tested_open: bool,
    not_tested: usize,
    not_checked: Vec<String>,
    requirements_title: String,
    requirements: usize,
    choices: Vec<tables::ChoiceView>,
    scenarios_title: String,
    scenarios_summary: &'static str,
    scenarios: usize,
    exchanges_title: String,
    exchanges_summary: &'static str,
    exchanges: usize,
    method: MethodView,
}

#[derive(Serialize)]
struct HeaderView {
    product: String,
    supplier: String,
    pack: String,
    details: String,
    date: String,
}

/// A link within the page.
#[derive(Serialize)]
pub(crate) struct LinkView {
    pub(crate) href: String,
    pub(crate) text: String,
}

#[derive(Serialize)]
struct MethodView {
    judgement: &'static str,
    scores: &'static str,
    severities: &'static str,
    facts: Vec<(String, String)>,
}

/// Makes the view of a run, and the lists from which the template takes items in turn.
pub(crate) fn page<'a>(input: &'a ReportInput<'a>) -> Result<(PageView, Lists<'a>), ReportError> {
    let (record, card) = (input.record, input.scorecard);
    let product = product(input);
    let edition = match record.pack.edition_words() {
        words if words.is_empty() => "no named standard".to_owned(),
        words => words,
    };
    let date = day(&record.started);
    let mock = record.mock_name().is_some();
    let stamp = if mock { "Mock system. " } else { "" };
    let failures = failures(card).count();
    let warnings = card.groups.len() - failures;
    let not_tested = tables::untested(card).count();
    let found = Arc::new(Validity::of(record));
    let validity = validity::view(&found);
    let rules = card.requirements.len();
    let heat = heat::heat(input);
    let charts = figures::charts(input)?;
    let mut parts = vec![("summary", "Summary", 0)];
    if heat.is_some() {
        parts.push(("heat", "Where it stands", 0));
    }
    if !charts.is_empty() {
        parts.push(("charts", "Domains and levels", 0));
    }
    parts.extend([
        ("failures", "Failures", failures),
        ("warnings", "Good practice", warnings),
        ("undecided", "Undecided", card.undecided.len()),
        ("not-tested", "Not tested", not_tested),
    ]);
    if validity.is_some() {
        parts.push(("validity", "Validity of answers", found.issues.len()));
    }
    parts.extend([
        ("rules", "All rules", rules),
        ("scenarios", "Scenarios", 0),
        ("evidence", "Evidence", 0),
        ("method", "Method", 0),
    ]);
    let page = PageView {
        title: format!("{stamp}{product}: {} to {edition}", status_verb(input)),
        print_left: css_string(&format!(
            "{stamp}{product}, {} {}",
            record.pack.title, record.pack.version
        )),
        print_right: css_string(&format!("Plumbline {}, {date}", record.plumbline)),
        mock,
        rejudged: record.rejudged.is_some(),
        header: HeaderView {
            product: product.clone(),
            supplier: record.subject.supplier.clone(),
            pack: format!("{} {}", record.pack.title, record.pack.version),
            details: format!("{}, {}", record.environment.label(), kind_of_test(input)),
            date: date.clone(),
        },
        status: status_mark(card.status),
        about: about(input, &edition),
        headline: summary::headline(input, &product),
        patients_title: summary::patients_title(input),
        patients: summary::patients(input),
        sure: summary::sure(input),
        validity,
        first: summary::first(input),
        figures: summary::figures(input),
        contents: parts.into_iter().map(part).collect(),
        heat,
        charts,
        failures_title: summary::failures_title(input, failures),
        warnings_title: summary::warnings_title(input),
        undecided_title: summary::undecided_title(input),
        undecided: card.undecided.len(),
        not_tested_title: summary::not_tested_title(input),
        not_tested_summary: count(
            not_tested,
            "rule, and why it was not tested",
            "rules, and why each was not tested",
        ),
        not_tested_open: not_tested <= tables::OPEN_UNTESTED,
        not_tested,
        not_checked: card.not_checked.iter().map(|t| titled(input, t)).collect(),
        requirements_title: count(rules, "rule, by capability", "rules, by capability"),
        choices: tables::choices(card),
        requirements: rules,
        scenarios_title: count(
            record.scenarios.len(),
            "scenario, step by step",
            "scenarios, step by step",
        ),
        scenarios_summary: "Show every scenario with its steps",
        scenarios: record.scenarios.len(),
        exchanges_title: count(
            record.exchanges.len(),
            "exchange was kept",
            "exchanges were kept",
        ),
        exchanges_summary: "Show every request and response",
        exchanges: record.exchanges.len(),
        method: method(input),
    };
    Ok((page, lists(input, found)))
}

fn failures(card: &Scorecard) -> impl Iterator<Item = &FindingGroup> {
    let groups = card.groups.iter();
    groups.filter(|group| matches!(group.verdict, Verdict::Fail))
}

fn warnings(card: &Scorecard) -> impl Iterator<Item = &FindingGroup> {
    let groups = card.groups.iter();
    groups.filter(|group| !matches!(group.verdict, Verdict::Fail))
}

/// Some of the findings about validity; they are few.
fn groups(found: &Validity, wanted: Range<usize>) -> Vec<IssueGroup> {
    let groups = found.issues.iter().skip(wanted.start);
    groups.take(wanted.len()).cloned().collect()
}

/// The long lists of the page.
fn lists<'a>(input: &'a ReportInput<'a>, found: Arc<Validity>) -> Lists<'a> {
    let (record, card) = (input.record, input.scorecard);
    let places = Arc::new(cards::Places::new(input));
    let card_view = |open: usize| {
        let places = Arc::clone(&places);
        move |(at, group): (usize, &FindingGroup)| cards::card(group, &places, at >= open)
    };
    let mut lists = Lists::new();
    lists.add(
        "failures",
        || failures(card).enumerate(),
        card_view(OPEN_FAILURES),
    );
    lists.add(
        "warnings",
        || warnings(card).enumerate(),
        card_view(OPEN_OTHERS),
    );
    lists.add(
        "undecided",
        || card.undecided.iter().enumerate(),
        card_view(OPEN_OTHERS),
    );
    lists.add(
        "not_tested",
        || tables::untested(card),
        tables::untested_view,
    );
    let rest = Arc::clone(&found);
    lists.add(
        "validity",
        move || groups(&found, 0..validity::OPEN).into_iter(),
        |group| validity::group(&group),
    );
    lists.add(
        "validity_rest",
        move || groups(&rest, validity::OPEN..validity::MOST).into_iter(),
        |group| validity::group(&group),
    );
    lists.add(
        "requirements",
        || tables::groups(card).into_iter(),
        |group| tables::group(input, group),
    );
    lists.add("scenarios", || record.scenarios.iter(), tables::scenario);
    lists.add("exchanges", || record.exchanges.iter(), tables::exchange);
    lists
}

/// A part of the page in its table of contents, with how many things it holds, unless none.
fn part((id, text, number): (&str, &str, usize)) -> LinkView {
    match number {
        0 => link(id, text),
        number => link(id, &format!("{text} ({})", words::thousands(number))),
    }
}

pub(crate) fn link(id: &str, text: &str) -> LinkView {
    LinkView {
        href: format!("#{id}"),
        text: text.to_owned(),
    }
}

/// A sentence with the titles of capabilities in place of their ids.
fn titled(input: &ReportInput<'_>, sentence: &str) -> String {
    let known = &input.scorecard.heat;
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', '.']);
        match known.iter().find(|c| c.capability.as_str() == bare) {
            Some(cell) => {
                let title = words::inside(&input.title_of(&cell.capability));
                format!("{title}{}", &word[bare.len()..])
            }
            None => word.to_owned(),
        }
    };
    sentence.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn product(input: &ReportInput<'_>) -> String {
    let subject = &input.record.subject;
    let mut name = format!("{} {}", subject.product, subject.version)
        .trim()
        .to_owned();
    if !subject.build.is_empty() {
        name = format!("{name} (build {})", subject.build);
    }
    match (&subject.kind, &subject.site) {
        (SubjectKind::Deployment, Some(site)) => format!("{name} at {site}"),
        (SubjectKind::Deployment | SubjectKind::Product, _) => name,
    }
}

fn kind_of_test(input: &ReportInput<'_>) -> &'static str {
    match input.record.subject.kind {
        SubjectKind::Product => "product test",
        SubjectKind::Deployment => "test of a deployment",
    }
}

fn status_verb(input: &ReportInput<'_>) -> &'static str {
    use plumbline_model::RunStatus;
    match input.scorecard.status {
        RunStatus::NotConformant => "does not conform",
        RunStatus::InsufficientEvidence => "not enough evidence of conformance",
        RunStatus::Conformant => "conforms",
    }
}

/// What follows the mark of the status, so that both read as one phrase.
fn about(input: &ReportInput<'_>, edition: &str) -> String {
    use plumbline_model::RunStatus;
    match input.scorecard.status {
        RunStatus::NotConformant | RunStatus::Conformant => format!("to {edition}"),
        RunStatus::InsufficientEvidence => format!("of conformance to {edition}"),
    }
}

fn severities_note(signed_off: bool) -> &'static str {
    if signed_off {
        "Severities were signed off; see the scoring policy of the pack."
    } else {
        "The severity of a rule is a planning default: no clinician has signed it off yet."
    }
}

fn method(input: &ReportInput<'_>) -> MethodView {
    let (record, card) = (input.record, input.scorecard);
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push((name.to_owned(), value));
        }
    };
    let subject = &record.subject;
    add(
        "Product",
        format!("{} {}", subject.product, subject.version),
    );
    add("Build", subject.build.clone());
    add("Supplier", subject.supplier.clone());
    add("Kind of result", subject.kind.label().to_owned());
    add("Organisation", subject.ods_code.clone().unwrap_or_default());
    add("Site", subject.site.clone().unwrap_or_default());
    add("Environment", record.environment.label().to_owned());
    add("Mock", record.mock_name().unwrap_or_default().to_owned());
    add(
        "The endpoint calls itself",
        tables::software(&record.software),
    );
    add(
        "Pack",
        format!("{} {}", record.pack.title, record.pack.version),
    );
    for standard in &record.pack.standards {
        add(
            "Standard",
            format!(
                "{}, edition {}, {}",
                standard.title,
                standard.edition,
                standard.edition_status.label()
            ),
        );
    }
    add("Fingerprint of the pack", record.pack.fingerprint.clone());
    let scope: Vec<String> = record.scope.iter().map(ToString::to_string).collect();
    add("Declared scope", scope.join(", "));
    add("Selection", record.selection.clone());
    add("Run", record.run_id.clone());
    add("Judged again", record.rejudged_words().unwrap_or_default());
    let moment = |stamp: &str| {
        let time = time(stamp).map_or_else(String::new, |t| format!(", {t}"));
        format!("{}{time}", day(stamp))
    };
    add("Result", card.sentence.clone());
    add("Started", moment(&record.started));
    add("Finished", moment(&record.finished));
    add("Completion", tables::completion(&record.completion));
    add("Plumbline", record.plumbline.clone());
    MethodView {
        judgement: JUDGEMENT,
        scores: SCORES,
        severities: severities_note(card.severities_signed_off),
        facts,
    }
}
