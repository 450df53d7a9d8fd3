//! What the page of one organisation says in sentences: the finding, what it means, what changed.
//! Not for the figures beside them.

use super::words::{consequence, counts, domains};
use crate::view::words::{count, day, inside};
use plumbline_benchmark::Evidence;
use plumbline_benchmark::national::{Change, Difference, Measure, OwnTrust, SpineRow};
use plumbline_model::{Domain, Level};

/// Domains are named up to this many; more are counted.
const NAMED: usize = 3;

fn spine_domains(own: &OwnTrust, wanted: Difference) -> Vec<Domain> {
    let rows = own.spine.iter().filter(|row| row.difference == wanted);
    rows.map(|row| row.domain).collect()
}

fn named(all: &[Domain], of: usize) -> String {
    if all.len() == of && of > 1 {
        format!("all {of} domains")
    } else if all.len() <= NAMED {
        domains(all)
    } else {
        format!("{} of {of} domains", all.len())
    }
}

/// The sentence at the top.
pub(crate) fn headline(own: &OwnTrust) -> String {
    let name = &own.organisation.name;
    if own.latest.is_none() {
        return format!("{name} has no result that can be shown");
    }
    let broken = required_broken(own);
    match &own.evidence {
        Evidence::Insufficient { .. } => {
            let fail = if broken == 0 {
                "no required rule fails".to_owned()
            } else {
                format!("{} fail", count(broken, "required rule", "required rules")).replacen(
                    "1 required rule fail",
                    "1 required rule fails",
                    usize::from(broken == 1),
                )
            };
            return format!("Too little evidence to compare {name}; {fail}");
        }
        Evidence::Ranked | Evidence::Compared { .. } => {}
    }
    if own.spine.is_empty() {
        return format!("Too few organisations to compare {name} with");
    }
    let of = own.spine.len();
    let better = spine_domains(own, Difference::Better);
    let worse = spine_domains(own, Difference::Worse);
    match (worse.as_slice(), better.as_slice()) {
        ([], []) => format!("{name} cannot be told apart from the country in any of {of} domains"),
        ([], better) => format!(
            "{name} does better than the country in {}",
            named(better, of)
        ),
        (worse, []) => format!("{name} does worse than the country in {}", named(worse, of)),
        (worse, better) => format!(
            "{name} does worse than the country in {}, and better in {}",
            named(worse, of),
            named(better, of)
        ),
    }
}

pub(crate) fn required_broken(own: &OwnTrust) -> usize {
    let rules = own.broken.iter().filter(|rule| rule.level == Level::Shall);
    rules.count()
}

/// What the findings mean, in plain English, each one sentence or two.
pub(crate) fn so_what(own: &OwnTrust) -> Vec<String> {
    let mut said = Vec::new();
    let mut worse: Vec<&SpineRow> = own
        .spine
        .iter()
        .filter(|row| row.difference == Difference::Worse)
        .collect();
    // The lowest first: where patients meet it most often.
    worse.sort_by(|a, b| {
        a.own
            .share()
            .cmp(&b.own.share())
            .then(a.domain.cmp(&b.domain))
    });
    for row in worse.into_iter().take(2) {
        let missed = row.own.of().saturating_sub(row.own.met());
        said.push(format!(
            "{}: {missed} of {} sampled messages broke a rule. {}",
            row.domain.label(),
            row.own.of(),
            consequence(row.domain)
        ));
    }
    if said.is_empty()
        && let Some(rule) = own.broken.iter().find(|rule| rule.level == Level::Shall)
    {
        said.push(format!(
            "The gravest rule that fails is about {}. {}",
            inside(rule.domain.label()),
            consequence(rule.domain)
        ));
    }
    if said.is_empty() && own.latest.is_some() {
        said.push("No required rule fails in the latest result.".to_owned());
    }
    said.extend(change_sentence(&own.changes));
    said
}

/// What changed beyond noise since the run before.
fn change_sentence(changes: &[Change]) -> Option<String> {
    let of = |wanted: Difference| -> Vec<Domain> {
        changes
            .iter()
            .filter(|change| change.verdict == wanted)
            .filter_map(|change| match change.measure {
                Measure::Domain(domain) => Some(domain),
                Measure::Overall => None,
            })
            .collect()
    };
    let since = day(&changes.first()?.before_day.to_string());
    let (better, worse) = (of(Difference::Better), of(Difference::Worse));
    Some(match (better.as_slice(), worse.as_slice()) {
        ([], []) => format!("Nothing has changed beyond noise since {since}."),
        (better, []) => format!("Since {since}, {} improved.", domains(better)),
        ([], worse) => format!("Since {since}, {} fell.", domains(worse)),
        (better, worse) => format!(
            "Since {since}, {} improved and {} fell.",
            domains(better),
            domains(worse)
        ),
    })
}

/// The title of the changes.
pub(crate) fn change_title(changes: &[Change]) -> String {
    let real = changes
        .iter()
        .filter(|change| matches!(change.verdict, Difference::Better | Difference::Worse))
        .count();
    let known = changes
        .iter()
        .filter(|change| change.verdict != Difference::Unknown)
        .count();
    match (real, known) {
        (_, 0) => "Too little is known to say what changed since the run before".to_owned(),
        (0, known) => format!("None of {known} measures changed beyond noise since the run before"),
        (real, known) => format!(
            "{real} of {known} measures {} beyond noise since the run before",
            if known == 1 { "has changed" } else { "changed" }
        ),
    }
}

/// The title of the spine.
pub(crate) fn spine_title(own: &OwnTrust) -> String {
    let of = own.spine.len();
    let better = spine_domains(own, Difference::Better).len();
    let worse = spine_domains(own, Difference::Worse).len();
    let lie = |some: usize| if some == 1 { "lies" } else { "lie" };
    match (better, worse) {
        (0, 0) => format!("No domain of {of} differs from the country beyond chance"),
        (better, 0) => {
            format!(
                "{better} of {of} domains {} above the country beyond chance, none below",
                lie(better)
            )
        }
        (0, worse) => {
            format!(
                "{worse} of {of} domains {} below the country beyond chance, none above",
                lie(worse)
            )
        }
        (better, worse) => {
            format!(
                "{worse} of {of} domains {} below the country beyond chance, {better} above",
                lie(worse)
            )
        }
    }
}

/// "Required rules: 118 of 120 decided" as the title of the coverage.
pub(crate) fn coverage_title(own: &OwnTrust) -> String {
    let undecided: u32 = own.domains.iter().map(|d| d.figures.undecided).sum();
    let decided: plumbline_benchmark::Proportion =
        own.domains.iter().map(|d| d.figures.rules).sum();
    let tested = decided.of().saturating_add(undecided);
    let met = counts(decided);
    if tested == 1 {
        format!("One required rule was tested: {met} is met, {undecided} undecided")
    } else if undecided == 0 {
        format!("All {tested} required rules that were tested are decided: {met} are met")
    } else {
        format!(
            "{} of {tested} required rules that were tested are decided: {met} of those are met",
            decided.of()
        )
    }
}
