//! The page of peers: who they are, funnel, quarters and intervals. Not for ranks.

use super::{Overall, Whose};
use crate::compare::{Member, Prepared};
use crate::figures;
use crate::funnel::{FunnelCurve, FunnelZone};
use crate::number::{Proportion, Share};
use crate::organisation::{Organisation, OrganisationCode};
use crate::spread::Five;
use serde::Serialize;

/// Fewer peers than this are not compared: the country is shown instead.
pub(crate) const FEWEST_PEERS: usize = 8;
/// Limits of a funnel that are computed for drawing.
const FUNNEL_STEPS: u32 = 60;

/// Peers of the own trust.
#[derive(Debug, Clone, Serialize)]
pub struct Peers {
    /// The own organisation.
    pub own: OrganisationCode,
    /// One group for each way of choosing peers, in the order of [`PeerBy`].
    pub groups: Vec<PeerGroup>,
}

/// How peers are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeerBy {
    /// Same type.
    Type,
    /// Same type and size.
    Size,
    /// Same type and supplier of the record system.
    Epr,
    /// Same region.
    Region,
    /// Same ICB.
    Icb,
    /// Every organisation.
    Country,
}

impl PeerBy {
    /// Every way, in the order of pages.
    pub const ALL: &[Self] = &[
        Self::Type,
        Self::Size,
        Self::Epr,
        Self::Region,
        Self::Icb,
        Self::Country,
    ];

    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Type => "Same type",
            Self::Size => "Same type and size",
            Self::Epr => "Same type and supplier",
            Self::Region => "Same region",
            Self::Icb => "Same ICB",
            Self::Country => "All organisations",
        }
    }
}

/// One group of peers, own trust included.
#[derive(Debug, Clone, Serialize)]
pub struct PeerGroup {
    /// How they were chosen.
    pub by: PeerBy,
    /// The value they share, such as "Acute, Large".
    pub value: String,
    /// Members with enough evidence, own trust included.
    pub members: usize,
    /// Members without enough evidence; listed nowhere in the charts.
    pub without_evidence: usize,
    /// The charts, or why there are none.
    pub charts: PeerCharts,
}

/// The charts of a peer group.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum PeerCharts {
    /// Fewer than the minimum: a comparison would single somebody out.
    TooFew {
        /// The minimum (8).
        minimum: usize,
    },
    /// The own trust has not enough evidence to be placed among others.
    OwnNotPlaced,
    /// The charts.
    Shown {
        /// Share against number of messages.
        funnel: Funnel,
        /// Four bands.
        quartiles: Quartiles,
        /// Estimates with intervals, lowest first.
        caterpillar: Vec<CaterpillarRow>,
    },
}

/// A funnel over sampled messages of all domains.
#[derive(Debug, Clone, Serialize)]
pub struct Funnel {
    /// The centre and the limits; drawn over the whole range of counts.
    pub curve: FunnelCurve,
    /// Points, by code.
    pub points: Vec<FunnelPoint>,
}

/// One organisation in a funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunnelPoint {
    /// Code.
    pub code: OrganisationCode,
    /// Name.
    pub name: String,
    /// Whose point it is.
    pub whose: Whose,
    /// Counts.
    pub counts: Proportion,
    /// Share.
    pub share: Share,
    /// Inside which limits.
    pub zone: FunnelZone,
}

/// A quartile bar; right and last is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Quartiles {
    /// Lowest.
    pub lowest: Share,
    /// End of the lowest quarter.
    pub lower: Share,
    /// Median of the peers.
    pub median: Share,
    /// Start of the highest quarter.
    pub upper: Share,
    /// Highest.
    pub highest: Share,
    /// Own trust.
    pub own: Share,
    /// In which quarter the own trust lies, 1 (lowest) to 4 (highest).
    pub own_quarter: u8,
    /// Median of the country.
    pub national_median: Share,
}

/// One row of a caterpillar chart. No rank number belongs on its axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaterpillarRow {
    /// Code.
    pub code: OrganisationCode,
    /// Name.
    pub name: String,
    /// Whose row it is.
    pub whose: Whose,
    /// Value and interval.
    pub overall: Overall,
}

/// What stands where the organisation file has nothing.
const NOT_GIVEN: &str = "not given";

impl PeerBy {
    /// What members of the group share; an organisation of which it is not given has no such peers.
    fn traits(self, of: &Organisation) -> Vec<&str> {
        let kind = of.organisation_type.as_str();
        match self {
            Self::Type => vec![kind],
            Self::Size => vec![kind, &of.size],
            Self::Epr => vec![kind, &of.epr_supplier],
            Self::Region => vec![&of.region],
            Self::Icb => vec![&of.icb],
            Self::Country => Vec::new(),
        }
    }

    fn value(self, own: &Organisation) -> String {
        let traits = self.traits(own);
        if traits.is_empty() {
            return self.label().to_owned();
        }
        let shown = traits
            .iter()
            .map(|one| if one.is_empty() { NOT_GIVEN } else { one });
        shown.collect::<Vec<_>>().join(", ")
    }

    fn is_peer(self, own: &Organisation, other: &Organisation) -> bool {
        let traits = self.traits(own);
        traits.iter().all(|one| !one.is_empty()) && traits == self.traits(other)
    }
}

impl Prepared<'_> {
    /// The peers of one organisation; `None` if it is not in the organisation file.
    pub fn peers(&self, code: &OrganisationCode) -> Option<Peers> {
        let own = *self.organisations.get(code)?;
        let country: Vec<Share> = self.comparable().filter_map(Member::share).collect();
        let national_median = Five::of(&country).map(|five| five.median);
        Some(Peers {
            own: code.clone(),
            groups: PeerBy::ALL
                .iter()
                .map(|by| self.group(*by, own, national_median))
                .collect(),
        })
    }

    fn group(&self, by: PeerBy, own: &Organisation, national: Option<Share>) -> PeerGroup {
        let all: Vec<&Member<'_>> = self
            .members
            .values()
            .filter(|member| by.is_peer(own, member.organisation))
            .collect();
        let members: Vec<&Member<'_>> = all
            .iter()
            .copied()
            .filter(|member| member.evidence.may_be_compared())
            .collect();
        let enough = members.len() >= FEWEST_PEERS;
        let charts = if enough {
            charts(&members, own, national).unwrap_or(PeerCharts::OwnNotPlaced)
        } else {
            PeerCharts::TooFew {
                minimum: FEWEST_PEERS,
            }
        };
        PeerGroup {
            by,
            value: by.value(own),
            members: members.len(),
            without_evidence: all.len() - members.len(),
            charts,
        }
    }
}

impl Member<'_> {
    /// The overall value.
    pub(crate) fn share(&self) -> Option<Share> {
        self.overall.map(|overall| figures::shown(overall).share)
    }
}

/// The charts of a group; `None` if the own trust has not the evidence to be placed in them.
fn charts(
    members: &[&Member<'_>],
    own: &Organisation,
    national_median: Option<Share>,
) -> Option<PeerCharts> {
    let mine = members
        .iter()
        .find(|member| member.organisation.code == own.code)?
        .share()?;
    let shares: Vec<Share> = members.iter().filter_map(|member| member.share()).collect();
    let five = Five::of(&shares)?;
    let counts: Vec<Proportion> = members.iter().map(|member| member.sampled).collect();
    let curve = FunnelCurve::of(&counts, FUNNEL_STEPS)?;
    let points = members
        .iter()
        .filter_map(|member| {
            Some(FunnelPoint {
                code: member.organisation.code.clone(),
                name: member.organisation.name.clone(),
                whose: Prepared::whose(Some(&own.code), &member.organisation.code),
                counts: member.sampled,
                share: member.sampled.share()?,
                zone: curve.zone(member.sampled)?,
            })
        })
        .collect();
    Some(PeerCharts::Shown {
        funnel: Funnel { curve, points },
        quartiles: Quartiles {
            lowest: five.lowest,
            lower: five.lower,
            median: five.median,
            upper: five.upper,
            highest: five.highest,
            own: mine,
            own_quarter: five.quarter(mine),
            national_median: national_median?,
        },
        caterpillar: caterpillar(members, own),
    })
}

fn caterpillar(members: &[&Member<'_>], own: &Organisation) -> Vec<CaterpillarRow> {
    let mut rows: Vec<CaterpillarRow> = members
        .iter()
        .filter_map(|member| {
            Some(CaterpillarRow {
                code: member.organisation.code.clone(),
                name: member.organisation.name.clone(),
                whose: Prepared::whose(Some(&own.code), &member.organisation.code),
                overall: figures::shown(member.overall?),
            })
        })
        .collect();
    rows.sort_by(|a, b| (a.overall.share, &a.code).cmp(&(b.overall.share, &b.code)));
    rows
}
