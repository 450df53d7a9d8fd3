//! The league page: rank intervals and bands, or why nobody is ranked. Never a bare rank.
//! Not for choosing what is comparable.

use super::{DomainFigures, Overall, RunLine, Whose};
use crate::compare::{Member, Prepared};
use crate::evidence::{Evidence, Shortfall};
use crate::figures;
use crate::funnel::{FunnelCurve, FunnelZone};
use crate::number::{Proportion, Share};
use crate::organisation::{MaturityScore, Organisation, OrganisationCode};
use crate::ranks::{Estimate, RankInterval, bands, rank_intervals};
use plumbline_model::EditionStatus;
use serde::Serialize;
use std::collections::BTreeMap;

/// The league page.
#[derive(Debug, Clone, Serialize)]
pub struct League {
    /// Every organisation of the file, by name.
    pub rows: Vec<LeagueRow>,
    /// Whether anybody is ranked, and if not, why.
    pub state: LeagueState,
    /// Bands of organisations that cannot be told apart; they overlap. Best first; empty if nobody is ranked.
    pub bands: Vec<LeagueBand>,
}

/// Whether anybody is ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum LeagueState {
    /// Organisations with enough evidence have a rank interval.
    Ranked {
        /// How many are ranked.
        ranked: usize,
        /// Median width of the rank intervals, in places.
        median_width: usize,
    },
    /// Nobody is ranked.
    NotRanked {
        /// Why.
        reason: NotRanked,
    },
}

/// Why an organisation, or everybody, has no rank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum NotRanked {
    /// The edition is not in force.
    EditionNotInForce {
        /// What it is instead.
        status: EditionStatus,
    },
    /// No result can be compared.
    NothingToCompare,
    /// No result that counts.
    NoResult,
    /// Too little evidence; the reasons are in the row's evidence.
    TooLittleEvidence,
}

impl NotRanked {
    /// One sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::EditionNotInForce { status } => format!(
                "Nobody is ranked: the edition that the pack tests is {status}, not in force."
            ),
            Self::NothingToCompare => {
                "Nobody is ranked: there is no result that can be compared.".to_owned()
            }
            Self::NoResult => "No result that counts.".to_owned(),
            Self::TooLittleEvidence => "Not enough evidence for a rank.".to_owned(),
        }
    }
}

/// One organisation of the league.
#[derive(Debug, Clone, Serialize)]
pub struct LeagueRow {
    /// The organisation.
    pub organisation: Organisation,
    /// Whose row it is.
    pub whose: Whose,
    /// The result behind it.
    pub run: Option<RunLine>,
    /// Messages of all domains.
    pub sampled: Proportion,
    /// Overall value; `None` below the minimum evidence.
    pub overall: Option<Overall>,
    /// Domains; never shown without them.
    pub domains: Vec<DomainFigures>,
    /// Evidence.
    pub evidence: Evidence,
    /// Rank interval and bands, or why there are none.
    pub standing: Standing,
    /// Against the country.
    pub zone: Option<FunnelZone>,
    /// Latest published overall maturity score, as a baseline column.
    pub baseline: Option<MaturityScore>,
}

/// Where an organisation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Standing {
    /// With a rank interval.
    Ranked {
        /// 95 % interval of the rank; 1 is best.
        rank: RankInterval,
        /// Places of the bands it belongs to, in [`League::bands`].
        bands: Vec<usize>,
    },
    /// Without.
    NotRanked {
        /// Why.
        reason: NotRanked,
    },
}

/// Organisations that cannot be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeagueBand {
    /// Letter: A is best.
    pub letter: String,
    /// Members, by name.
    pub members: Vec<OrganisationCode>,
    /// Lowest overall value among them.
    pub low: Share,
    /// Highest overall value among them.
    pub high: Share,
}

/// Ranked organisations, best first, with what is known of their rank.
struct Ranking<'p> {
    codes: Vec<&'p OrganisationCode>,
    intervals: Vec<RankInterval>,
    bands: Vec<LeagueBand>,
}

impl Prepared<'_> {
    /// The league page.
    pub fn league(&self) -> League {
        let ranking = self.not_ranked().map_or_else(|| Ok(self.ranking()), Err);
        let counts: Vec<Proportion> = self.comparable().map(|member| member.sampled).collect();
        let curve = FunnelCurve::of(&counts, 0);
        let mut standings = match &ranking {
            Ok(ranking) => ranking.standings(),
            Err(_) => BTreeMap::new(),
        };
        let mut rows: Vec<LeagueRow> = self
            .organisations
            .iter()
            .map(|(code, organisation)| {
                let standing = standings.remove(code);
                self.row(
                    organisation,
                    curve.as_ref(),
                    ranking.as_ref().err(),
                    standing,
                )
            })
            .collect();
        rows.sort_by(|a, b| {
            let key =
                |row: &LeagueRow| (row.organisation.name.clone(), row.organisation.code.clone());
            key(a).cmp(&key(b))
        });
        match ranking {
            Ok(ranking) => League {
                rows,
                state: LeagueState::Ranked {
                    ranked: ranking.codes.len(),
                    median_width: ranking.median_width(),
                },
                bands: ranking.bands,
            },
            Err(reason) => League {
                rows,
                state: LeagueState::NotRanked { reason },
                bands: Vec::new(),
            },
        }
    }

    /// Why nobody is ranked; `None` if somebody is.
    fn not_ranked(&self) -> Option<NotRanked> {
        let Some(core) = &self.core else {
            return Some(NotRanked::NothingToCompare);
        };
        match core.edition_status {
            EditionStatus::InForce => {}
            status @ (EditionStatus::Draft
            | EditionStatus::Superseded
            | EditionStatus::Unconfirmed) => {
                return Some(NotRanked::EditionNotInForce { status });
            }
        }
        let any = self
            .members
            .values()
            .any(|member| member.estimate().is_some());
        (!any).then_some(NotRanked::TooLittleEvidence)
    }

    fn ranking(&self) -> Ranking<'_> {
        let mut ranked: Vec<(&OrganisationCode, Estimate)> = self
            .members
            .iter()
            .filter_map(|(code, member)| Some((*code, member.estimate()?)))
            .collect();
        ranked.sort_by(|a, b| (b.1.value, a.0).cmp(&(a.1.value, b.0)));
        let estimates: Vec<Estimate> = ranked.iter().map(|(_, estimate)| *estimate).collect();
        let options = &self.input.options;
        let names = |code: &OrganisationCode| {
            self.organisations
                .get(code)
                .map(|organisation| &organisation.name)
        };
        let bands = bands(&estimates)
            .into_iter()
            .enumerate()
            .map(|(place, band)| {
                let share = |place: usize| figures::shown(estimates[place]).share;
                let (low, high) = (share(*band.end()), share(*band.start()));
                let mut members: Vec<OrganisationCode> = ranked[band]
                    .iter()
                    .map(|(code, _)| (*code).clone())
                    .collect();
                members.sort_by(|a, b| (names(a), a).cmp(&(names(b), b)));
                LeagueBand {
                    letter: letter(place),
                    members,
                    low,
                    high,
                }
            })
            .collect();
        Ranking {
            codes: ranked.iter().map(|(code, _)| *code).collect(),
            intervals: rank_intervals(&estimates, options.seed, options.draws),
            bands,
        }
    }

    fn row(
        &self,
        organisation: &Organisation,
        curve: Option<&FunnelCurve>,
        nobody: Option<&NotRanked>,
        standing: Option<Standing>,
    ) -> LeagueRow {
        let code = &organisation.code;
        let member = self.members.get(code);
        let compared = member.filter(|member| member.evidence.may_be_compared());
        let reason = || match (nobody, member) {
            (Some(reason), _) => reason.clone(),
            (None, None) => NotRanked::NoResult,
            (None, Some(_)) => NotRanked::TooLittleEvidence,
        };
        LeagueRow {
            organisation: organisation.clone(),
            whose: Self::whose(self.input.options.own.as_ref(), code),
            run: member.map(|member| self.line(member.run)),
            sampled: member.map(|member| member.sampled).unwrap_or_default(),
            overall: compared
                .and_then(|member| member.overall)
                .map(figures::shown),
            domains: member.map_or_else(Vec::new, |member| member.domains.clone()),
            evidence: member.map_or_else(
                || Evidence::Insufficient {
                    shortfalls: vec![Shortfall::NoResult],
                },
                |member| member.evidence.clone(),
            ),
            standing: standing.unwrap_or_else(|| Standing::NotRanked { reason: reason() }),
            zone: compared.and_then(|member| curve?.zone(member.sampled)),
            baseline: self.baseline(code),
        }
    }

    /// The latest published score over all pillars.
    fn baseline(&self, code: &OrganisationCode) -> Option<MaturityScore> {
        self.input
            .maturity
            .iter()
            .filter(|score| score.code == *code && score.pillar == MaturityScore::OVERALL)
            .max_by_key(|score| score.year)
            .cloned()
    }
}

impl Member<'_> {
    /// What is ranked; `None` below the evidence for a rank.
    fn estimate(&self) -> Option<Estimate> {
        self.overall.filter(|_| self.evidence.may_be_ranked())
    }
}

impl<'p> Ranking<'p> {
    fn standings(&self) -> BTreeMap<&'p OrganisationCode, Standing> {
        self.codes
            .iter()
            .zip(&self.intervals)
            .map(|(code, rank)| {
                let bands = self
                    .bands
                    .iter()
                    .enumerate()
                    .filter(|(_, band)| band.members.contains(code))
                    .map(|(place, _)| place)
                    .collect();
                (*code, Standing::Ranked { rank: *rank, bands })
            })
            .collect()
    }

    fn median_width(&self) -> usize {
        let mut widths: Vec<usize> = self.intervals.iter().map(|rank| rank.width()).collect();
        widths.sort_unstable();
        widths.get(widths.len() / 2).copied().unwrap_or(0)
    }
}

/// A to Z, then AA, AB and so on.
fn letter(place: usize) -> String {
    let last = char::from(b'A' + u8::try_from(place % 26).unwrap_or(0));
    match (place / 26).checked_sub(1) {
        None => last.to_string(),
        Some(before) => format!("{}{last}", letter(before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        let found: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letter).to_vec();
        assert_eq!(found, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
