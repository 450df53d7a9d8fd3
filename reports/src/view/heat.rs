//! The heat map of capabilities by domains, as a table with the number in every cell.
//! Not for colours: a cell has a tone, the style sheet has the colours.

use super::tables::{Practice, practice};
use super::words::{count, day, inside, thousands};
use crate::format::ReportInput;
use plumbline_model::scorecard::{HeatCell, Tally};
use plumbline_model::{Capability, Domain, Level};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The map and the table behind it.
#[derive(Serialize)]
pub(crate) struct HeatView {
    title: String,
    caption: String,
    /// Width of each column but the first, in percent of the table.
    width: usize,
    columns: Vec<&'static str>,
    left_out: String,
    rows: Vec<RowView>,
    data: Vec<DataView>,
    /// Whether a capability without a required rule is shown.
    practice: bool,
}

#[derive(Serialize)]
struct RowView {
    capability: String,
    cells: Vec<CellView>,
}

#[derive(Serialize)]
struct CellView {
    tone: &'static str,
    shape: Option<&'static str>,
    text: String,
}

#[derive(Serialize)]
struct DataView {
    domain: &'static str,
    capability: String,
    pass: usize,
    fail: usize,
    undecided: usize,
    tested: usize,
}

pub(crate) fn heat(input: &ReportInput<'_>) -> Option<HeatView> {
    let cells = &input.scorecard.heat;
    let good = practice_cells(input);
    if input.scorecard.required.tested() == 0 && good.is_empty() {
        return None;
    }
    let claimed = |c: &&HeatCell| input.record.scope.contains(&c.capability);
    let mut rows: BTreeMap<&Capability, BTreeMap<Domain, &HeatCell>> = BTreeMap::new();
    for cell in cells.iter().filter(claimed) {
        rows.entry(&cell.capability)
            .or_default()
            .insert(cell.domain, cell);
    }
    let all_rows: BTreeSet<&Capability> = rows.keys().chain(good.keys()).copied().collect();
    let columns: BTreeSet<Domain> = rows
        .values()
        .flat_map(BTreeMap::keys)
        .chain(good.values().flat_map(BTreeMap::keys))
        .copied()
        .collect();
    let left_out: BTreeSet<&Capability> = cells
        .iter()
        .filter(|c| !claimed(c))
        .map(|c| &c.capability)
        .collect();
    let left_out: Vec<String> = left_out
        .into_iter()
        .map(|c| inside(&input.title_of(c)))
        .collect();
    Some(HeatView {
        title: title(&|capability| input.title_of(capability), cells),
        caption: format!(
            "Required rules passed, of those tested; higher is better. n = {}; run of {}.",
            count(
                input.scorecard.required.tested(),
                "tested required rule",
                "tested required rules"
            ),
            day(&input.record.started)
        ),
        left_out: if left_out.is_empty() {
            String::new()
        } else {
            format!(
                "Not in the declared scope, so not shown: {}.",
                left_out.join(", ")
            )
        },
        width: 76 / columns.len().max(1),
        columns: columns.iter().map(|domain| domain.label()).collect(),
        rows: all_rows
            .iter()
            .map(|capability| RowView {
                capability: input.title_of(capability),
                cells: columns
                    .iter()
                    .map(|domain| {
                        let required = rows.get(capability).and_then(|row| row.get(domain));
                        let advised = good.get(capability).and_then(|row| row.get(domain));
                        match (required, advised) {
                            (None, Some(advised)) => CellView {
                                tone: "advised",
                                shape: None,
                                text: advised.words(),
                            },
                            (required, _) => view(required.copied()),
                        }
                    })
                    .collect(),
            })
            .collect(),
        practice: !good.is_empty(),
        data: rows
            .values()
            .flat_map(BTreeMap::values)
            .filter(|cell| cell.tally.tested() > 0)
            .map(|cell| DataView {
                domain: cell.domain.label(),
                capability: input.title_of(&cell.capability),
                pass: cell.tally.pass,
                fail: cell.tally.fail,
                undecided: cell.tally.undecided,
                tested: cell.tally.tested(),
            })
            .collect(),
    })
}

/// Good practice by domain, of the claimed capabilities that have no required rule.
fn practice_cells<'a>(
    input: &ReportInput<'a>,
) -> BTreeMap<&'a Capability, BTreeMap<Domain, Practice>> {
    let card = input.scorecard;
    let mut cells: BTreeMap<&Capability, BTreeMap<Domain, Practice>> = BTreeMap::new();
    for capability in &input.record.scope {
        let mine = || {
            let all = card.requirements.iter();
            all.filter(move |r| &r.requirement.capability == capability && r.in_scope)
        };
        if mine().any(|r| r.requirement.level == Level::Shall) {
            continue;
        }
        for domain in mine()
            .filter(|r| r.requirement.level == Level::Should)
            .map(|r| r.requirement.domain)
        {
            let here = mine().filter(|r| r.requirement.domain == domain);
            cells
                .entry(capability)
                .or_default()
                .insert(domain, practice(here));
        }
    }
    cells
}

fn view(cell: Option<&HeatCell>) -> CellView {
    let quiet = |text: &str| CellView {
        tone: "none",
        shape: None,
        text: text.to_owned(),
    };
    let Some(cell) = cell else {
        return quiet("");
    };
    let tally = cell.tally;
    if !cell.claimed {
        return quiet("not claimed");
    }
    if tally.tested() == 0 {
        return quiet("not tested");
    }
    let (tone, shape) = match (tally.fail, tally.undecided) {
        (0, 0) => ("met", None),
        (0, _) => ("open", Some("open-circle")),
        (_, _) => ("broken", Some("diamond")),
    };
    CellView {
        tone,
        shape,
        text: format!("{} of {}", thousands(tally.pass), thousands(tally.tested())),
    }
}

/// States the finding: one broken row or column by name, otherwise how far failures spread.
fn title(named: &dyn Fn(&Capability) -> String, cells: &[HeatCell]) -> String {
    let mut domains: BTreeMap<Domain, Tally> = BTreeMap::new();
    let mut capabilities: BTreeMap<&Capability, Tally> = BTreeMap::new();
    let mut total = Tally::default();
    for cell in cells {
        add(domains.entry(cell.domain).or_default(), cell.tally);
        add(
            capabilities.entry(&cell.capability).or_default(),
            cell.tally,
        );
        add(&mut total, cell.tally);
    }
    domains.retain(|_, tally| tally.tested() > 0);
    let stands = |tally: &Tally| {
        format!(
            "{} of {} required rules pass",
            thousands(tally.pass),
            thousands(tally.tested())
        )
    };
    let broken: Vec<(String, &Tally)> = domains
        .iter()
        .filter(|(_, tally)| tally.fail > 0)
        .map(|(domain, tally)| (domain.label().to_owned(), tally))
        .collect();
    let columns: Vec<(String, &Tally)> = capabilities
        .iter()
        .filter(|(_, tally)| tally.fail > 0)
        .map(|(capability, tally)| (named(capability), tally))
        .collect();
    match (broken.as_slice(), columns.as_slice()) {
        ([], _) if total.tested() == 0 => "No required rule was tested".to_owned(),
        ([], _) if total.undecided == 0 => format!(
            "Nothing breaks: {} in {}",
            stands(&total),
            count(domains.len(), "domain", "domains")
        ),
        ([], _) => format!(
            "Nothing breaks, but {} of {} could not be decided",
            thousands(total.undecided),
            count(total.tested(), "required rule", "required rules")
        ),
        ([(name, tally)], _) | (_, [(name, tally)]) => {
            format!("{name} is where it breaks: {}", stands(tally))
        }
        (many, _) => {
            let most = many.iter().map(|(_, tally)| tally.fail).max().unwrap_or(0);
            let worst: Vec<_> = many
                .iter()
                .filter(|(_, tally)| tally.fail == most)
                .collect();
            let spread = format!("Failures in {} of {} domains", many.len(), domains.len());
            match worst.as_slice() {
                [(name, tally)] => {
                    format!("{spread}, most in {}: {}", inside(name), stands(tally))
                }
                _ => spread,
            }
        }
    }
}

fn add(sum: &mut Tally, more: Tally) {
    sum.pass += more.pass;
    sum.fail += more.fail;
    sum.undecided += more.undecided;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::words::humanised;

    fn titled(cells: &[HeatCell]) -> String {
        title(&|capability| humanised(capability.as_str()), cells)
    }

    fn cell(
        domain: Domain,
        capability: &str,
        pass: usize,
        fail: usize,
        undecided: usize,
    ) -> HeatCell {
        HeatCell {
            domain,
            capability: Capability::from(capability),
            claimed: true,
            tally: Tally {
                pass,
                fail,
                undecided,
            },
        }
    }

    #[test]
    fn the_title_names_the_one_row_or_column_that_breaks() {
        let one_row = [
            cell(Domain::Identity, "a", 2, 0, 0),
            cell(Domain::MedicinesAllergies, "b", 2, 1, 0),
        ];
        assert_eq!(
            titled(&one_row),
            "Medicines and allergies is where it breaks: 2 of 3 required rules pass"
        );
        let one_column = [
            cell(Domain::Identity, "clinical-allergy", 2, 1, 0),
            cell(Domain::Structure, "clinical-allergy", 2, 1, 0),
            cell(Domain::Structure, "patient-index", 9, 0, 0),
        ];
        assert_eq!(
            titled(&one_column),
            "Clinical allergy is where it breaks: 4 of 6 required rules pass"
        );
    }

    #[test]
    fn the_title_does_not_pick_a_worst_where_there_is_a_tie() {
        let tie = [
            cell(Domain::Identity, "a", 2, 1, 0),
            cell(Domain::Structure, "b", 2, 1, 0),
            cell(Domain::Access, "b", 2, 0, 0),
        ];
        assert_eq!(titled(&tie), "Failures in 2 of 3 domains");
    }

    #[test]
    fn the_title_claims_nothing_that_is_not_decided() {
        let open = [cell(Domain::Identity, "a", 2, 0, 1)];
        assert_eq!(
            titled(&open),
            "Nothing breaks, but 1 of 3 required rules could not be decided"
        );
        let met = [cell(Domain::Identity, "a", 3, 0, 0)];
        assert_eq!(
            titled(&met),
            "Nothing breaks: 3 of 3 required rules pass in 1 domain"
        );
    }
}
