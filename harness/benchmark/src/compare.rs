//! Chooses what is compared with what: like only with like, and everything left out is counted.
//! Not for figures or charts.

use crate::evidence::{self, Evidence};
use crate::figures;
use crate::national::{
    Age, Core, DomainFigures, Excluded, ExclusionReason, Input, RunLine, Whose, World,
};
use crate::number::Proportion;
use crate::organisation::{Organisation, OrganisationCode};
use crate::ranks::Estimate;
use crate::result::{Completed, Origin, PackKey, ResultKind, StoredRun};
use plumbline_model::{Capability, Environment};
use std::collections::{BTreeMap, BTreeSet};

/// Results may be compared across this many months.
pub(crate) const WINDOW_MONTHS: u32 = 12;
/// Up to this age a result is fresh.
const FRESH_MONTHS: u32 = 6;

/// One organisation and the result that counts for it.
#[derive(Debug, Clone)]
pub(crate) struct Member<'a> {
    pub(crate) organisation: &'a Organisation,
    pub(crate) run: &'a StoredRun,
    pub(crate) evidence: Evidence,
    pub(crate) domains: Vec<DomainFigures>,
    pub(crate) overall: Option<Estimate>,
    /// Messages of all domains.
    pub(crate) sampled: Proportion,
}

/// Everything that the pages draw upon, chosen once.
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    pub(crate) input: &'a Input<'a>,
    pub(crate) world: World,
    pub(crate) core: Option<Core>,
    pub(crate) organisations: BTreeMap<&'a OrganisationCode, &'a Organisation>,
    /// Comparable deployment results of each organisation, oldest first, whatever their age.
    pub(crate) series: BTreeMap<&'a OrganisationCode, Vec<&'a StoredRun>>,
    /// The latest of those within the window.
    pub(crate) members: BTreeMap<&'a OrganisationCode, Member<'a>>,
    /// Comparable product results within the window, oldest first.
    pub(crate) products: Vec<&'a StoredRun>,
    pub(crate) excluded: Vec<Excluded>,
}

/// Counts what is left out.
#[derive(Debug, Default)]
struct Left(BTreeMap<(ResultKind, ExclusionReason), usize>);

impl Left {
    fn add(&mut self, run: &StoredRun, reason: ExclusionReason) {
        *self.0.entry((run.kind, reason)).or_default() += 1;
    }

    /// Keeps what passes and counts the rest.
    fn sift(
        &mut self,
        runs: &mut Vec<&StoredRun>,
        reason: ExclusionReason,
        keep: impl Fn(&StoredRun) -> bool,
    ) {
        runs.retain(|run| {
            let kept = keep(run);
            if !kept {
                self.add(run, reason);
            }
            kept
        });
    }
}

/// What most results have; of equally frequent ones the first in order.
fn most_frequent<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts
        .into_iter()
        .find(|(_, count)| *count == most)
        .map(|(value, _)| value)
}

impl<'a> Prepared<'a> {
    /// Chooses what is compared.
    pub fn new(input: &'a Input<'a>) -> Self {
        let mut left = Left::default();
        let (world, runs) = usable(input, &mut left);
        let is_kind = |kind: ResultKind| move |run: &&&StoredRun| run.kind == kind;
        let mut deployments: Vec<&StoredRun> = runs
            .iter()
            .filter(is_kind(ResultKind::Deployment))
            .copied()
            .collect();
        let mut products: Vec<&StoredRun> = runs
            .iter()
            .filter(is_kind(ResultKind::Product))
            .copied()
            .collect();
        let pack = input.options.core.clone().or_else(|| {
            let of = |runs: &[&StoredRun]| most_frequent(runs.iter().map(|run| run.pack.key()));
            of(&deployments).or_else(|| of(&products))
        });
        let environment = like_with_like(
            &mut deployments,
            pack.as_ref(),
            input.options.environment,
            &mut left,
        );
        let product_environment = like_with_like(&mut products, pack.as_ref(), None, &mut left);
        let organisations: BTreeMap<_, _> = input
            .organisations
            .iter()
            .map(|organisation| (&organisation.code, organisation))
            .collect();
        let series = by_organisation(&deployments, &organisations, &mut left);
        let from = input.options.as_of.months_earlier(WINDOW_MONTHS);
        left.sift(&mut products, ExclusionReason::TooOld, |run| {
            run.started >= from
        });
        products.sort_by(|a, b| (a.started, &a.run_id).cmp(&(b.started, &b.run_id)));
        let mut prepared = Self {
            input,
            world,
            core: None,
            organisations,
            series,
            members: BTreeMap::new(),
            products,
            excluded: Vec::new(),
        };
        prepared.choose_members(&mut left);
        prepared.core = prepared.core(pack, environment.or(product_environment));
        prepared.excluded = left
            .0
            .into_iter()
            .map(|((kind, reason), runs)| Excluded { kind, reason, runs })
            .collect();
        prepared
    }

    fn choose_members(&mut self, left: &mut Left) {
        let from = self.input.options.as_of.months_earlier(WINDOW_MONTHS);
        for (code, runs) in &self.series {
            let latest = runs.last().filter(|run| run.started >= from);
            for run in runs {
                if run.started < from {
                    left.add(run, ExclusionReason::TooOld);
                } else if latest.is_some_and(|latest| latest.run_id != run.run_id) {
                    left.add(run, ExclusionReason::Superseded);
                }
            }
            if let (Some(run), Some(organisation)) = (latest, self.organisations.get(code)) {
                let domains = figures::domains(run);
                self.members.insert(
                    code,
                    Member {
                        organisation,
                        run,
                        evidence: evidence::of_deployment(run),
                        overall: figures::overall(&domains, &self.input.options.weights),
                        sampled: domains.iter().map(|one| one.figures.sampled).sum(),
                        domains,
                    },
                );
            }
        }
    }

    fn core(&self, pack: Option<PackKey>, environment: Option<Environment>) -> Option<Core> {
        let from = self.input.options.as_of.months_earlier(WINDOW_MONTHS);
        let any = self
            .members
            .values()
            .map(|member| member.run)
            .chain(self.products.iter().copied())
            .chain(self.series.values().filter_map(|runs| runs.last().copied()))
            .next()?;
        Some(Core {
            pack: pack?,
            title: any.pack.title.clone(),
            edition_status: any.pack.edition_status,
            environment: environment?,
            from,
            organisations: self.members.len(),
            runs: self
                .series
                .values()
                .flatten()
                .filter(|run| run.started >= from)
                .count(),
        })
    }

    /// Members that may stand among others, by code.
    pub(crate) fn comparable(&self) -> impl Iterator<Item = &Member<'a>> {
        self.members
            .values()
            .filter(|member| member.evidence.may_be_compared())
    }

    /// Whose row it is, seen from an organisation.
    pub(crate) fn whose(own: Option<&OrganisationCode>, code: &OrganisationCode) -> Whose {
        if own == Some(code) {
            Whose::Own
        } else {
            Whose::Peer
        }
    }

    /// Which run a figure comes from.
    pub(crate) fn line(&self, run: &StoredRun) -> RunLine {
        let as_of = self.input.options.as_of;
        RunLine {
            run_id: run.run_id.clone(),
            started: run.started,
            age: if run.started >= as_of.months_earlier(FRESH_MONTHS) {
                Age::Fresh
            } else if run.started >= as_of.months_earlier(WINDOW_MONTHS) {
                Age::Ageing
            } else {
                Age::Old
            },
            software: format!("{} {}", run.subject.product, run.subject.version),
            site: run.subject.site.clone(),
        }
    }
}

/// Leaves out what can be compared with nothing, and decides between the real and the invented world:
/// one real result is enough to leave every invented one out.
fn usable<'a>(input: &'a Input<'a>, left: &mut Left) -> (World, Vec<&'a StoredRun>) {
    let mut runs: Vec<&StoredRun> = input.runs.iter().collect();
    left.sift(&mut runs, ExclusionReason::Mock, |run| !run.is_mock());
    let any = |origin: Origin| runs.iter().any(|run| run.origin == origin);
    let world = if any(Origin::Synthetic) && !any(Origin::Run) {
        World::Synthetic
    } else {
        World::Real
    };
    let origin = match world {
        World::Synthetic => Origin::Synthetic,
        World::Real => Origin::Run,
    };
    left.sift(&mut runs, ExclusionReason::OtherWorld, |run| {
        run.origin == origin
    });
    left.sift(&mut runs, ExclusionReason::OtherKind, |run| {
        match run.kind {
            ResultKind::Product | ResultKind::Deployment => true,
            ResultKind::Inspection | ResultKind::Performance => false,
        }
    });
    left.sift(&mut runs, ExclusionReason::Later, |run| {
        run.started <= input.options.as_of
    });
    left.sift(&mut runs, ExclusionReason::Incomplete, |run| {
        run.completed == Completed::Whole
    });
    left.sift(&mut runs, ExclusionReason::Selection, |run| {
        run.selection.is_empty()
    });
    (world, runs)
}

/// Keeps one pack in one version and edition, one environment and one declared scope.
fn like_with_like(
    runs: &mut Vec<&StoredRun>,
    pack: Option<&PackKey>,
    environment: Option<Environment>,
    left: &mut Left,
) -> Option<Environment> {
    left.sift(runs, ExclusionReason::OtherPack, |run| {
        pack.is_some_and(|pack| run.pack.key() == *pack)
    });
    let environment = environment.or_else(|| {
        most_frequent(runs.iter().map(|r| r.environment.key())).and_then(Environment::from_key)
    });
    left.sift(runs, ExclusionReason::OtherEnvironment, |run| {
        Some(run.environment) == environment
    });
    let scope: Option<BTreeSet<Capability>> = most_frequent(
        runs.iter()
            .map(|run| run.scope.iter().cloned().collect::<BTreeSet<_>>()),
    );
    left.sift(runs, ExclusionReason::OtherScope, |run| {
        scope.as_ref().is_some_and(|scope| {
            run.scope.iter().collect::<BTreeSet<_>>() == scope.iter().collect()
        })
    });
    environment
}

fn by_organisation<'a>(
    deployments: &[&'a StoredRun],
    organisations: &BTreeMap<&'a OrganisationCode, &'a Organisation>,
    left: &mut Left,
) -> BTreeMap<&'a OrganisationCode, Vec<&'a StoredRun>> {
    let mut series: BTreeMap<&'a OrganisationCode, Vec<&'a StoredRun>> = BTreeMap::new();
    for run in deployments {
        let code = run
            .subject
            .ods_code
            .as_deref()
            .and_then(OrganisationCode::new);
        match code.and_then(|code| organisations.get(&code)) {
            Some(organisation) => series.entry(&organisation.code).or_default().push(run),
            None => left.add(run, ExclusionReason::UnknownOrganisation),
        }
    }
    for runs in series.values_mut() {
        runs.sort_by(|a, b| (a.started, &a.run_id).cmp(&(b.started, &b.run_id)));
    }
    series
}
