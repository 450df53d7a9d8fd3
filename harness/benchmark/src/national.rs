//! The national view model: everything that the dashboard shows, and nothing that a page must compute.
//! Each page has its own file with its types and how they are made. Not for drawing.

mod failed;
mod league;
mod method;
mod own;
mod peers;
mod products;
mod trends;

pub use failed::{FailedRow, MostFailed};
pub use league::{League, LeagueBand, LeagueRow, LeagueState, NotRanked, Standing};
pub use method::{Excluded, ExclusionReason, Formula, Method};
pub use own::{Cell, Change, Heat, HeatRow, OwnTrust, SpinePlaces, SpineRow};
pub use peers::{
    CaterpillarRow, Funnel, FunnelPoint, PeerBy, PeerCharts, PeerGroup, Peers, Quartiles,
};
pub use products::{InUseDomain, InUseRow, ProductRow, Products, Upgrade};
pub use trends::{TrendNote, TrendSeries, Trends};

use crate::bounds::Bounds;
use crate::compare::Prepared;
use crate::day::{Day, Month};
use crate::number::{Interval, Proportion, Share};
use crate::organisation::{MaturityScore, Organisation, OrganisationCode};
use crate::result::{PackKey, RequirementVerdict, StoredRun};
use plumbline_model::{
    Domain, EditionStatus, Environment, Level, RequirementId, Severity, Verdict,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The whole view: a pure function of its input.
pub fn national(input: &Input<'_>) -> National {
    Prepared::new(input).national()
}

impl Prepared<'_> {
    /// The whole view. For pages of many organisations, [`Prepared::own`], [`Prepared::peers`] and
    /// [`Prepared::own_trends`] give the parts that differ.
    pub fn national(&self) -> National {
        let own = self.input.options.own.as_ref();
        National {
            world: self.world,
            as_of: self.input.options.as_of,
            core: self.core.clone(),
            own: own.and_then(|code| self.own(code)),
            peers: own.and_then(|code| self.peers(code)),
            league: self.league(),
            trend: self.trends(own),
            products: self.products(),
            most_failed: self.most_failed(),
            method: self.method(),
        }
    }
}

/// What the view is made from.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// Organisations, each code once.
    pub organisations: &'a [Organisation],
    /// Every stored result that may be looked at.
    pub runs: &'a [StoredRun],
    /// Published maturity scores; may be empty.
    pub maturity: &'a [MaturityScore],
    /// Choices.
    pub options: Options,
}

/// Choices of whoever builds the view. All of them are printed on the method page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The day for which the view is made; results after it are left out.
    pub as_of: Day,
    /// The organisation whose own page is made.
    pub own: Option<OrganisationCode>,
    /// The pack that is compared; without it, the one with most usable deployment results.
    pub core: Option<PackKey>,
    /// Where the deployments run; without it, the environment with most usable deployment results.
    pub environment: Option<Environment>,
    /// Seed of the simulation behind rank intervals.
    pub seed: u64,
    /// Draws of that simulation.
    pub draws: u32,
    /// Weight of each domain in the overall value; a domain that is not listed weighs 1.
    pub weights: BTreeMap<Domain, u32>,
    /// Lowest share of sampled messages that is aimed at; the target line of trend charts.
    pub target: Option<Share>,
    /// Months from which an organisation's limits are computed anew.
    pub rebases: Vec<(OrganisationCode, Month)>,
}

impl Options {
    /// The defaults for a day: no own organisation, everything else chosen from the results.
    pub fn new(as_of: Day) -> Self {
        Self {
            as_of,
            own: None,
            core: None,
            environment: None,
            seed: 20_270_401,
            draws: 2_000,
            weights: BTreeMap::new(),
            target: Share::new(0.95),
            rebases: Vec::new(),
        }
    }
}

/// The whole view.
#[derive(Debug, Clone, Serialize)]
pub struct National {
    /// Real, invented, or both mixed up, which pages must say.
    pub world: World,
    /// The day for which it was made.
    pub as_of: Day,
    /// What was compared; `None` if no result could be used.
    pub core: Option<Core>,
    /// Own trust; `None` without an own organisation in the options.
    pub own: Option<OwnTrust>,
    /// Peers of the own trust; `None` likewise.
    pub peers: Option<Peers>,
    /// All organisations, in the form that the edition allows.
    pub league: League,
    /// Control charts of the own trust and of the country.
    pub trend: Trends,
    /// Products on the common core, and products in use.
    pub products: Products,
    /// What fails most often in the country.
    pub most_failed: MostFailed,
    /// How all of it was made.
    pub method: Method,
}

/// Whether the view is of real or of invented organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum World {
    /// Every result used is invented. SYNTHETIC stands inside every chart.
    Synthetic,
    /// Every result used is from a run.
    Real,
}

/// What was compared: one pack in one version and edition, in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Core {
    /// The pack.
    pub pack: PackKey,
    /// Its title.
    pub title: String,
    /// Status of its edition.
    pub edition_status: EditionStatus,
    /// Where the deployments run.
    pub environment: Environment,
    /// Results on or after this day count for comparisons between organisations (12 months).
    pub from: Day,
    /// Organisations with a result that counts.
    pub organisations: usize,
    /// Deployment results within the window.
    pub runs: usize,
}

/// The figures of one domain, or of all domains together, in one result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Sampled messages that kept every rule; 0 of 0 if nothing was sampled.
    pub sampled: Proportion,
    /// 95 % Wilson interval of the sample; `None` of nothing.
    pub interval: Option<Interval>,
    /// Required rules met, of those decided.
    pub rules: Proportion,
    /// Required rules that nobody could decide.
    pub undecided: u32,
    /// Best and worst case of the rules; `None` if there are none.
    pub bounds: Option<Bounds>,
}

/// One domain and its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DomainFigures {
    /// The domain.
    pub domain: Domain,
    /// Its figures.
    pub figures: Figures,
}

/// The geometric mean of the domains, with the interval that the samples give it.
/// Never shown without the domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Overall {
    /// The value.
    pub share: Share,
    /// 95 % interval.
    pub interval: Interval,
}

/// Which run a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunLine {
    /// Id.
    pub run_id: String,
    /// Day.
    pub started: Day,
    /// How old it is on the day of the view.
    pub age: Age,
    /// "Riverside EPR 4.2".
    pub software: String,
    /// Site of the deployment, if given.
    pub site: Option<String>,
}

/// Evidence fades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Age {
    /// At most 6 months.
    Fresh,
    /// At most 12 months.
    Ageing,
    /// Older.
    Old,
}

/// Whether two shares differ by more than noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Better by more than noise.
    Better,
    /// Worse by more than noise.
    Worse,
    /// Within noise; shown in grey.
    WithinNoise,
    /// Too little is known to say.
    Unknown,
}

/// What a change or a chart is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Sampled messages of one domain that kept every required rule.
    Domain(Domain),
    /// Geometric mean of the domains.
    Overall,
}

impl Measure {
    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Domain(domain) => domain.label(),
            Self::Overall => "All domains (geometric mean)",
        }
    }
}

/// A rule that is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenRule {
    /// Id.
    pub id: RequirementId,
    /// In our words.
    pub title: String,
    /// Level.
    pub level: Level,
    /// Severity, a planning default.
    pub severity: Severity,
    /// Domain.
    pub domain: Domain,
    /// Verdict.
    pub verdict: Verdict,
}

/// Own trust or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The own trust, highlighted.
    Own,
    /// Another.
    Peer,
}

impl BrokenRule {
    /// Rules that are broken, gravest first: failures before broken good practice, then by severity and id.
    pub(crate) fn of(rules: &[RequirementVerdict]) -> Vec<Self> {
        let mut broken: Vec<Self> = rules
            .iter()
            .filter(|rule| is_broken(rule.verdict))
            .map(|rule| Self {
                id: rule.rule.id.clone(),
                title: rule.rule.title.clone(),
                level: rule.rule.level,
                severity: rule.rule.severity,
                domain: rule.rule.domain,
                verdict: rule.verdict,
            })
            .collect();
        broken.sort_by(|a, b| (a.verdict, b.severity, &a.id).cmp(&(b.verdict, a.severity, &b.id)));
        broken
    }
}

/// Whether a rule, required or good practice, is broken.
pub(crate) const fn is_broken(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Fail | Verdict::Warning => true,
        Verdict::Error(_)
        | Verdict::Skip(_)
        | Verdict::Review
        | Verdict::Pass
        | Verdict::NotApplicable(_) => false,
    }
}

#[cfg(test)]
mod tests;
