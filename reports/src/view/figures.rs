//! The bars of domains and of levels: title that states the finding, drawing, table.
//! Not for drawing: `view::chart` does that.

use super::chart::{Bar, bars};
use super::words::{count, day, inside, points, thousands};
use crate::format::{ReportError, ReportInput};
use plumbline_model::scorecard::{DomainScore, LevelScore, Tally};
use serde::Serialize;

/// A chart with the table behind it.
#[derive(Serialize)]
pub(crate) struct ChartView {
    id: &'static str,
    title: String,
    caption: String,
    svg: String,
    table_title: &'static str,
    first_column: &'static str,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    name: &'static str,
    pass: usize,
    fail: usize,
    undecided: usize,
    tested: usize,
    score: String,
    bounds: String,
}

pub(crate) fn charts(input: &ReportInput<'_>) -> Result<Vec<ChartView>, ReportError> {
    if input.scorecard.required.tested() == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![domains(input)?, levels(input)?])
}

fn source(input: &ReportInput<'_>) -> String {
    format!(
        "Higher is better. n = {}; run of {}.",
        count(
            input.scorecard.required.tested(),
            "tested required rule",
            "tested required rules"
        ),
        day(&input.record.started)
    )
}

/// What the thin line means, where one is drawn.
fn line_words(drawn: bool) -> &'static str {
    if drawn {
        " Line: from the score if every unknown fails to the score if every unknown passes."
    } else {
        ""
    }
}

fn domains(input: &ReportInput<'_>) -> Result<ChartView, ReportError> {
    let all = &input.scorecard.domains;
    let title = domains_title(all);
    let scored = |d: &DomainScore, tenths| {
        let decided = d.tally.pass + d.tally.fail;
        format!("{} ({} of {decided} pass)", points(tenths), d.tally.pass)
    };
    let caption = format!(
        "Share of the decided required rules that pass, weighted by severity, from 0 to 100.{} {}",
        line_words(all.iter().any(|d| d.score.low_tenths < d.score.high_tenths)),
        source(input)
    );
    let drawn: Vec<Bar> = all
        .iter()
        .map(|d| Bar {
            label: d.domain.label().to_owned(),
            tenths: d.score.decided_tenths,
            low: d.score.low_tenths,
            high: d.score.high_tenths,
            value: d
                .score
                .decided_tenths
                .map_or_else(|| "undecided".to_owned(), |tenths| scored(d, tenths)),
            concern: d.tally.fail > 0,
        })
        .collect();
    Ok(ChartView {
        id: "domains",
        svg: bars("domains-chart", &title, &described(&drawn), &drawn)?,
        title,
        caption,
        table_title: "Domains in figures",
        first_column: "Domain",
        rows: all
            .iter()
            .map(|d| RowView {
                name: d.domain.label(),
                score: d
                    .score
                    .decided_tenths
                    .map_or_else(|| "none".to_owned(), points),
                bounds: bounds(d.score.low_tenths, d.score.high_tenths),
                ..row(d.tally)
            })
            .collect(),
    })
}

fn levels(input: &ReportInput<'_>) -> Result<ChartView, ReportError> {
    let all = &input.scorecard.levels;
    let title = levels_title(all);
    let caption = format!(
        "Share of the decided required rules that pass; each rule counts once.{} {}",
        line_words(all.iter().any(|l| l.tally.undecided > 0)),
        source(input)
    );
    let drawn: Vec<Bar> = all
        .iter()
        .map(|l| {
            let tally = l.tally;
            let nothing = tally.tested() == 0;
            Bar {
                label: l.level.label().to_owned(),
                tenths: share(tally.pass, tally.pass + tally.fail),
                low: share(tally.pass, tally.tested()).unwrap_or(0),
                high: share(tally.pass + tally.undecided, tally.tested()).unwrap_or(0),
                value: if nothing {
                    "no rule tested".to_owned()
                } else {
                    format!("{} of {}", tally.pass, tally.tested())
                },
                concern: tally.fail > 0,
            }
        })
        .collect();
    Ok(ChartView {
        id: "levels",
        svg: bars("levels-chart", &title, &described(&drawn), &drawn)?,
        title,
        caption,
        table_title: "Levels in figures",
        first_column: "Level",
        rows: all
            .iter()
            .map(|l| {
                let tally = l.tally;
                RowView {
                    name: l.level.label(),
                    score: share(tally.pass, tally.pass + tally.fail)
                        .map_or_else(|| "none".to_owned(), points),
                    bounds: match (
                        share(tally.pass, tally.tested()),
                        share(tally.pass + tally.undecided, tally.tested()),
                    ) {
                        (Some(low), Some(high)) => bounds(low, high),
                        _ => "none".to_owned(),
                    },
                    ..row(tally)
                }
            })
            .collect(),
    })
}

/// Rounded down, so that 100 always means all.
fn share(part: usize, whole: usize) -> Option<u16> {
    u16::try_from((part * 1000).checked_div(whole)?).ok()
}

fn row(tally: Tally) -> RowView {
    RowView {
        name: "",
        pass: tally.pass,
        fail: tally.fail,
        undecided: tally.undecided,
        tested: tally.tested(),
        score: String::new(),
        bounds: String::new(),
    }
}

fn bounds(low: u16, high: u16) -> String {
    if low == high {
        "exact".to_owned()
    } else {
        format!("{} to {}", points(low), points(high))
    }
}

fn described(bars: &[Bar]) -> String {
    let parts: Vec<String> = bars
        .iter()
        .map(|b| format!("{}: {}", b.label, b.value))
        .collect();
    format!("Horizontal bars from 0 to 100. {}.", parts.join("; "))
}

/// The lowest score, if one domain alone has it.
fn domains_title(all: &[DomainScore]) -> String {
    let decided: Vec<(&DomainScore, u16)> = all
        .iter()
        .filter_map(|d| Some((d, d.score.decided_tenths?)))
        .collect();
    let Some(lowest) = decided.iter().map(|(_, tenths)| *tenths).min() else {
        return "No domain was decided".to_owned();
    };
    let at_lowest: Vec<&DomainScore> = decided
        .iter()
        .filter(|(_, tenths)| *tenths == lowest)
        .map(|(domain, _)| *domain)
        .collect();
    let score = points(lowest);
    let passed: usize = at_lowest.iter().map(|d| d.tally.pass).sum();
    let rules: usize = at_lowest.iter().map(|d| d.tally.pass + d.tally.fail).sum();
    let stands = format!(
        "{} of {} {}",
        thousands(passed),
        count(rules, "required rule", "required rules"),
        if rules == 1 { "passes" } else { "pass" }
    );
    let undecided = all.len() - decided.len();
    if lowest == 1000 && undecided > 0 {
        return format!(
            "Every decided domain scores 100 of 100: {stands}; {undecided} of {} {} undecided",
            count(all.len(), "domain", "domains"),
            if undecided == 1 { "is" } else { "are" }
        );
    }
    if at_lowest.len() == all.len() {
        return match all {
            [only] => format!("{} scores {score} of 100: {stands}", only.domain),
            _ => format!("All {} domains score {score} of 100: {stands}", all.len()),
        };
    }
    match at_lowest.as_slice() {
        [only] => format!("{} scores lowest, {score} of 100: {stands}", only.domain),
        [one, other] => format!(
            "{} and {} score lowest, {score} of 100: {stands}",
            one.domain,
            inside(other.domain.label())
        ),
        many => format!(
            "{} of {} domains score lowest, {score} of 100: {stands}",
            many.len(),
            all.len()
        ),
    }
}

/// The first level at which a required rule fails.
fn levels_title(all: &[LevelScore]) -> String {
    let breaks = all.iter().find(|l| l.tally.fail > 0);
    let open = all.iter().find(|l| l.tally.undecided > 0);
    match (breaks, open) {
        (Some(level), _) => format!(
            "The {} level is the first that fails: {} of {} required rules pass",
            level.level.label().to_lowercase(),
            thousands(level.tally.pass),
            thousands(level.tally.tested())
        ),
        (None, Some(level)) => format!(
            "No level fails; the {} level is not fully decided",
            level.level.label().to_lowercase()
        ),
        (None, None) => "Every level that was tested is met".to_owned(),
    }
}
