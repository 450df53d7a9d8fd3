//! The page of one's own trust: heat maps, spine, change since the last run, what is broken.
//! Not for peers' charts.

use super::peers::FEWEST_PEERS;
use super::{BrokenRule, Difference, DomainFigures, Measure, Overall, RunLine};
use crate::compare::{Member, Prepared};
use crate::day::{Day, Month};
use crate::evidence::{Evidence, FEWEST_MESSAGES, Shortfall};
use crate::figures;
use crate::funnel::{FunnelCurve, FunnelZone};
use crate::normal::two_sided_z;
use crate::number::{Finite, Proportion, Share};
use crate::organisation::{MaturityScore, Organisation, OrganisationCode};
use crate::result::StoredRun;
use crate::spread::Five;
use crate::wilson::difference_at;
use plumbline_model::Domain;
use serde::Serialize;
use std::collections::BTreeMap;

/// Months shown in the heat map over time.
const HEAT_MONTHS: u32 = 12;

/// Own trust.
#[derive(Debug, Clone, Serialize)]
pub struct OwnTrust {
    /// The organisation.
    pub organisation: Organisation,
    /// The latest result that counts; `None` if there is none, and then everything else is empty.
    pub latest: Option<RunLine>,
    /// Whether there is enough evidence for a comparison, and if not, why.
    pub evidence: Evidence,
    /// Overall value of the latest result.
    pub overall: Option<Overall>,
    /// Domains of the latest result.
    pub domains: Vec<DomainFigures>,
    /// Domain by month.
    pub heat_over_time: Heat,
    /// Domain by own trust, peers and country.
    pub heat_against_peers: Heat,
    /// One row for each domain; empty below the minimum evidence, and with fewer than eight organisations.
    pub spine: Vec<SpineRow>,
    /// Change since the run before, one row for each domain, and overall last.
    pub changes: Vec<Change>,
    /// Rules that fail or are broken good practice in the latest result, gravest first.
    pub broken: Vec<BrokenRule>,
    /// Published maturity scores of this organisation, by year and pillar.
    pub baseline: Vec<MaturityScore>,
}

/// A heat map: one row for each domain, the number in every cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heat {
    /// Column heads.
    pub columns: Vec<String>,
    /// Rows, in the order of [`Domain`].
    pub rows: Vec<HeatRow>,
}

/// One row of a heat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeatRow {
    /// The domain.
    pub domain: Domain,
    /// One for each column; `None` where nothing is known.
    pub cells: Vec<Option<Cell>>,
}

/// One cell of a heat map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The share to print.
    pub share: Share,
    /// Counts behind it; `None` for a median of organisations.
    pub counts: Option<Proportion>,
    /// How many organisations a median is of; 1 for a single one.
    pub organisations: usize,
}

/// One row of the spine: right is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SpineRow {
    /// The domain.
    pub domain: Domain,
    /// Own counts.
    pub own: Proportion,
    /// Lowest of all organisations.
    pub lowest: Share,
    /// Lower end of the middle half.
    pub lower_quartile: Share,
    /// The centre line.
    pub median: Share,
    /// Upper end of the middle half.
    pub upper_quartile: Share,
    /// Highest of all organisations.
    pub highest: Share,
    /// Where the parts lie on a line from 0 (worst) to 1 (best) with the centre at 0.5.
    pub places: SpinePlaces,
    /// Whether the own value differs from the country; the marker is filled only then.
    pub difference: Difference,
    /// How many organisations are behind the row.
    pub organisations: usize,
}

/// Places on a spine, 0 (worst) to 1 (best); the centre line is at 0.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SpinePlaces {
    /// The worst.
    pub worst: Share,
    /// Lower end of the middle half.
    pub lower_quartile: Share,
    /// Upper end of the middle half.
    pub upper_quartile: Share,
    /// The best.
    pub best: Share,
    /// Own trust.
    pub own: Share,
}

/// Change since the run before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What changed.
    pub measure: Measure,
    /// Day of the run before.
    pub before_day: Day,
    /// Day of the latest run.
    pub after_day: Day,
    /// The run before.
    pub before: Option<Share>,
    /// The latest run.
    pub after: Option<Share>,
    /// Counts, for a domain.
    pub counts: Option<(Proportion, Proportion)>,
    /// 95 % interval of the difference, in shares (-1 to 1).
    pub difference: Option<(Finite, Finite)>,
    /// The judgement.
    pub verdict: Difference,
}

impl Prepared<'_> {
    /// The page of one organisation; `None` if it is not in the organisation file.
    pub fn own(&self, code: &OrganisationCode) -> Option<OwnTrust> {
        let organisation = *self.organisations.get(code)?;
        let member = self.members.get(code);
        let mut baseline: Vec<MaturityScore> = self
            .input
            .maturity
            .iter()
            .filter(|score| score.code == *code)
            .cloned()
            .collect();
        baseline.sort_by(|a, b| (a.year, &a.pillar).cmp(&(b.year, &b.pillar)));
        let missing = Evidence::Insufficient {
            shortfalls: vec![Shortfall::NoResult],
        };
        Some(OwnTrust {
            organisation: organisation.clone(),
            latest: member.map(|member| self.line(member.run)),
            evidence: member.map_or(missing, |member| member.evidence.clone()),
            overall: member
                .filter(|member| member.evidence.may_be_compared())
                .and_then(|member| member.overall)
                .map(figures::shown),
            domains: member.map_or_else(Vec::new, |member| member.domains.clone()),
            heat_over_time: self.heat_over_time(code),
            heat_against_peers: self.heat_against_peers(organisation, member),
            spine: member.map_or_else(Vec::new, |member| self.spine(member)),
            changes: self.changes(code),
            broken: member.map_or_else(Vec::new, |member| BrokenRule::of(&member.run.requirements)),
            baseline,
        })
    }

    /// The last result of each month of an organisation.
    pub(crate) fn by_month(&self, code: &OrganisationCode) -> BTreeMap<Month, &StoredRun> {
        self.series
            .get(code)
            .into_iter()
            .flatten()
            .map(|run| (run.started.month(), *run))
            .collect()
    }

    fn heat_over_time(&self, code: &OrganisationCode) -> Heat {
        let runs = self.by_month(code);
        let first = self
            .input
            .options
            .as_of
            .months_earlier(HEAT_MONTHS - 1)
            .month();
        let months: Vec<Month> = (0..HEAT_MONTHS).map(|step| first.plus(step)).collect();
        Heat {
            columns: months.iter().map(Month::to_string).collect(),
            rows: Domain::ALL
                .iter()
                .map(|domain| HeatRow {
                    domain: *domain,
                    cells: months
                        .iter()
                        .map(|month| Cell::single(figures::sampled(runs.get(month)?, *domain)))
                        .collect(),
                })
                .collect(),
        }
    }

    fn heat_against_peers(&self, own: &Organisation, member: Option<&Member<'_>>) -> Heat {
        let rows = Domain::ALL
            .iter()
            .map(|domain| {
                let mine = member.and_then(|m| Cell::single(figures::sampled(m.run, *domain)));
                let of_type =
                    |one: &&Member<'_>| one.organisation.organisation_type == own.organisation_type;
                HeatRow {
                    domain: *domain,
                    cells: vec![
                        mine,
                        Cell::median(self.comparable().filter(of_type), *domain),
                        Cell::median(self.comparable(), *domain),
                    ],
                }
            })
            .collect();
        Heat {
            columns: vec![
                own.name.clone(),
                format!("Median of the type {}", own.organisation_type),
                "Median of all organisations".to_owned(),
            ],
            rows,
        }
    }

    fn spine(&self, member: &Member<'_>) -> Vec<SpineRow> {
        if !member.evidence.may_be_compared() {
            return Vec::new();
        }
        Domain::ALL
            .iter()
            .filter_map(|domain| {
                let all: Vec<Proportion> = self
                    .comparable()
                    .map(|one| figures::sampled(one.run, *domain))
                    .filter(|counts| counts.of() > 0)
                    .collect();
                let shares: Vec<Share> = all.iter().filter_map(|counts| counts.share()).collect();
                let five = Five::of(&shares).filter(|_| shares.len() >= FEWEST_PEERS)?;
                let own = figures::sampled(member.run, *domain);
                let share = own.share()?;
                Some(SpineRow {
                    domain: *domain,
                    own,
                    lowest: five.lowest,
                    lower_quartile: five.lower,
                    median: five.median,
                    upper_quartile: five.upper,
                    highest: five.highest,
                    places: SpinePlaces {
                        worst: five.spine_place(five.lowest),
                        lower_quartile: five.spine_place(five.lower),
                        upper_quartile: five.spine_place(five.upper),
                        best: five.spine_place(five.highest),
                        own: five.spine_place(share),
                    },
                    difference: against_country(&all, own),
                    organisations: all.len(),
                })
            })
            .collect()
    }

    /// Change between the last two results. Each row is tested at a level divided by the number of rows,
    /// so that a page without any change shows one in at most one of twenty cases.
    fn changes(&self, code: &OrganisationCode) -> Vec<Change> {
        let (Some(latest), Some([before, after])) = (
            self.members.get(code),
            self.series
                .get(code)
                .and_then(|runs| runs.last_chunk::<2>()),
        ) else {
            return Vec::new();
        };
        if latest.run.run_id != after.run_id {
            return Vec::new();
        }
        let domains: Vec<Domain> = latest.domains.iter().map(|one| one.domain).collect();
        let rows = f64::from(u32::try_from(domains.len() + 1).unwrap_or(u32::MAX));
        let quantile = two_sided_z(0.05 / rows);
        let mut changes: Vec<Change> = domains
            .into_iter()
            .map(|domain| {
                let counts = (
                    figures::sampled(before, domain),
                    figures::sampled(after, domain),
                );
                let enough = counts.0.of() >= FEWEST_MESSAGES && counts.1.of() >= FEWEST_MESSAGES;
                let apart = difference_at(counts.0, counts.1, quantile).filter(|_| enough);
                let mut change = Change::between(Measure::Domain(domain), before, after);
                change.before = counts.0.share();
                change.after = counts.1.share();
                change.counts = Some(counts);
                change.judge(apart.map(|apart| (apart.low, apart.high)));
                change
            })
            .collect();
        changes.push(self.overall_change(before, after, quantile));
        changes
    }

    fn overall_change(&self, before: &StoredRun, after: &StoredRun, quantile: f64) -> Change {
        let overall = |run: &StoredRun| {
            figures::overall(&figures::domains(run), &self.input.options.weights)
                .filter(|_| crate::evidence::of_deployment(run).may_be_compared())
        };
        let mut change = Change::between(Measure::Overall, before, after);
        if let (Some(first), Some(second)) = (overall(before), overall(after)) {
            let gap = second.value.get() - first.value.get();
            let error = (first.error.get().powi(2) + second.error.get().powi(2)).sqrt();
            let reach = quantile * error;
            change.before = Some(figures::shown(first).share);
            change.after = Some(figures::shown(second).share);
            change.judge(Some((
                Finite::held((gap - reach).max(-1.0)),
                Finite::held((gap + reach).min(1.0)),
            )));
        }
        change
    }
}

impl Cell {
    /// The cell of one result; `None` of no messages.
    fn single(counts: Proportion) -> Option<Self> {
        Some(Self {
            share: counts.share()?,
            counts: Some(counts),
            organisations: 1,
        })
    }

    /// The median of organisations; `None` of fewer than a group of peers needs.
    fn median<'m, 'a: 'm>(
        members: impl Iterator<Item = &'m Member<'a>>,
        domain: Domain,
    ) -> Option<Self> {
        let shares: Vec<Share> = members
            .filter_map(|member| figures::sampled(member.run, domain).share())
            .collect();
        if shares.len() < FEWEST_PEERS {
            return None;
        }
        Some(Self {
            share: Five::of(&shares)?.median,
            counts: None,
            organisations: shares.len(),
        })
    }
}

impl Change {
    fn between(measure: Measure, before: &StoredRun, after: &StoredRun) -> Self {
        Self {
            measure,
            before_day: before.started,
            after_day: after.started,
            before: None,
            after: None,
            counts: None,
            difference: None,
            verdict: Difference::Unknown,
        }
    }

    fn judge(&mut self, interval: Option<(Finite, Finite)>) {
        self.difference = interval;
        self.verdict = Difference::of(interval);
    }
}

impl Difference {
    /// By an interval of the difference; higher is better.
    pub(crate) fn of(interval: Option<(Finite, Finite)>) -> Self {
        match interval {
            None => Self::Unknown,
            Some((low, _)) if low > Finite::ZERO => Self::Better,
            Some((_, high)) if high < Finite::ZERO => Self::Worse,
            Some(_) => Self::WithinNoise,
        }
    }
}

/// Own counts against the 95 % funnel limits of all organisations.
fn against_country(all: &[Proportion], own: Proportion) -> Difference {
    let zone = FunnelCurve::of(all, 0).and_then(|curve| curve.zone(own));
    match zone {
        None => Difference::Unknown,
        Some(FunnelZone::FarAbove | FunnelZone::Above) => Difference::Better,
        Some(FunnelZone::Within) => Difference::WithinNoise,
        Some(FunnelZone::FarBelow | FunnelZone::Below) => Difference::Worse,
    }
}
