//! The page of products: tested by themselves, in use, and what a new version changed.
//! A product's result is never copied to an organisation, nor the other way round.

use super::{BrokenRule, Difference, DomainFigures, Overall, RunLine};
use crate::compare::Prepared;
use crate::evidence::{self, Evidence, FEWEST_MESSAGES};
use crate::figures;
use crate::normal::{mean_and_error, two_sided_t};
use crate::number::Finite;
use crate::ranks::Estimate;
use crate::result::StoredRun;
use plumbline_model::{Domain, Subject};
use serde::Serialize;
use std::collections::BTreeMap;

/// Fewer organisations than this give no mean and no comparison of versions.
const FEWEST_ORGANISATIONS: usize = 8;
/// As many results before and after a new version are averaged, at most.
const RESULTS_EACH_SIDE: usize = 6;

/// Products: tested by themselves, and in use. The two are never added.
#[derive(Debug, Clone, Serialize)]
pub struct Products {
    /// Product runs on the common core, by supplier, product and version.
    pub tested: Vec<ProductRow>,
    /// Deployments by product and version, by supplier, product and version.
    pub in_use: Vec<InUseRow>,
    /// What a new version changed at organisations that moved to it.
    pub upgrades: Vec<Upgrade>,
}

/// A version of a product on the common core.
#[derive(Debug, Clone, Serialize)]
pub struct ProductRow {
    /// Supplier.
    pub supplier: String,
    /// Product.
    pub product: String,
    /// Version.
    pub version: String,
    /// Build of the latest run.
    pub build: String,
    /// The latest run.
    pub run: RunLine,
    /// How many independent runs of that build count.
    pub runs: usize,
    /// Evidence.
    pub evidence: Evidence,
    /// Domains: rules with bounds, no sample.
    pub domains: Vec<DomainFigures>,
    /// Required rules that fail, gravest first.
    pub broken: Vec<BrokenRule>,
}

/// A version of a product at the organisations that use it.
#[derive(Debug, Clone, Serialize)]
pub struct InUseRow {
    /// Supplier.
    pub supplier: String,
    /// Product.
    pub product: String,
    /// Version.
    pub version: String,
    /// How many organisations.
    pub organisations: usize,
    /// By domain: the mean of the organisations with a 95 % interval over organisations; `None` under 3.
    pub domains: Vec<InUseDomain>,
}

/// One domain of a version in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct InUseDomain {
    /// The domain.
    pub domain: Domain,
    /// Mean of the organisations' shares and its interval.
    pub mean: Option<Overall>,
}

/// The change at organisations that moved from one version to the next, each compared with itself.
#[derive(Debug, Clone, Serialize)]
pub struct Upgrade {
    /// Supplier.
    pub supplier: String,
    /// Product.
    pub product: String,
    /// Version before.
    pub from: String,
    /// Version after.
    pub to: String,
    /// Organisations that have both.
    pub organisations: usize,
    /// Domain.
    pub domain: Domain,
    /// Mean change in shares (-1 to 1).
    pub change: Finite,
    /// Its interval, corrected for the number of comparisons on the page.
    pub interval: (Finite, Finite),
    /// The judgement.
    pub verdict: Difference,
}

/// Supplier, product, version.
type Software<'s> = (&'s str, &'s str, &'s str);

fn software(subject: &Subject) -> Software<'_> {
    (&subject.supplier, &subject.product, &subject.version)
}

impl Prepared<'_> {
    /// The page of products.
    pub fn products(&self) -> Products {
        Products {
            tested: self.tested(),
            in_use: self.in_use(),
            upgrades: self.upgrades(),
        }
    }

    fn tested(&self) -> Vec<ProductRow> {
        let mut groups: BTreeMap<Software<'_>, Vec<&StoredRun>> = BTreeMap::new();
        for run in &self.products {
            groups.entry(software(&run.subject)).or_default().push(run);
        }
        groups
            .into_iter()
            .filter_map(|((supplier, product, version), runs)| {
                let latest = *runs.last()?;
                let of_build = runs
                    .iter()
                    .filter(|run| run.subject.build == latest.subject.build)
                    .count();
                Some(ProductRow {
                    supplier: supplier.to_owned(),
                    product: product.to_owned(),
                    version: version.to_owned(),
                    build: latest.subject.build.clone(),
                    run: self.line(latest),
                    runs: of_build,
                    evidence: evidence::of_product(latest, of_build),
                    domains: figures::domains(latest),
                    broken: BrokenRule::of(&latest.requirements),
                })
            })
            .collect()
    }

    fn in_use(&self) -> Vec<InUseRow> {
        let mut groups: BTreeMap<Software<'_>, Vec<&StoredRun>> = BTreeMap::new();
        for member in self.comparable() {
            let run = member.run;
            groups.entry(software(&run.subject)).or_default().push(run);
        }
        groups
            .into_iter()
            .map(|((supplier, product, version), runs)| InUseRow {
                supplier: supplier.to_owned(),
                product: product.to_owned(),
                version: version.to_owned(),
                organisations: runs.len(),
                domains: Domain::ALL
                    .iter()
                    .map(|domain| InUseDomain {
                        domain: *domain,
                        mean: mean_of(&runs, *domain),
                    })
                    .collect(),
            })
            .collect()
    }

    /// Each organisation is compared with itself; the level is divided by the number of comparisons.
    fn upgrades(&self) -> Vec<Upgrade> {
        let mut changes: BTreeMap<(Software<'_>, &str, Domain), Vec<f64>> = BTreeMap::new();
        for runs in self.series.values() {
            for (before, after) in moves(runs) {
                let (Some(from), Some(to)) = (before.last(), after.first()) else {
                    continue;
                };
                for domain in Domain::ALL {
                    if let (Some(old), Some(new)) = (mean(before, *domain), mean(after, *domain)) {
                        let key = (
                            software(&from.subject),
                            to.subject.version.as_str(),
                            *domain,
                        );
                        changes.entry(key).or_default().push(new - old);
                    }
                }
            }
        }
        changes.retain(|_, values| values.len() >= FEWEST_ORGANISATIONS);
        let comparisons = f64::from(u32::try_from(changes.len().max(1)).unwrap_or(u32::MAX));
        changes
            .into_iter()
            .filter_map(|(((supplier, product, from), to, domain), values)| {
                let (change, error) = mean_and_error(&values)?;
                let freedom = u32::try_from(values.len() - 1).unwrap_or(u32::MAX);
                let reach = two_sided_t(0.05 / comparisons, freedom) * error.get();
                let interval = (
                    Finite::held(change.get() - reach),
                    Finite::held(change.get() + reach),
                );
                Some(Upgrade {
                    supplier: supplier.to_owned(),
                    product: product.to_owned(),
                    from: from.to_owned(),
                    to: to.to_owned(),
                    organisations: values.len(),
                    domain,
                    change,
                    interval,
                    verdict: Difference::of(Some(interval)),
                })
            })
            .collect()
    }
}

/// The mean share of organisations and its 95 % interval; `None` of too few.
fn mean_of(runs: &[&StoredRun], domain: Domain) -> Option<Overall> {
    let shares: Vec<f64> = runs.iter().filter_map(|run| share(run, domain)).collect();
    if shares.len() < FEWEST_ORGANISATIONS {
        return None;
    }
    let (value, error) = mean_and_error(&shares)?;
    let freedom = u32::try_from(shares.len() - 1).unwrap_or(u32::MAX);
    Some(figures::spread_around(
        Estimate { value, error },
        two_sided_t(0.05, freedom),
    ))
}

fn share(run: &StoredRun, domain: Domain) -> Option<f64> {
    let counts = figures::sampled(run, domain);
    let share = counts.share()?;
    (counts.of() >= FEWEST_MESSAGES).then_some(share.get())
}

fn mean(runs: &[&StoredRun], domain: Domain) -> Option<f64> {
    let shares: Vec<f64> = runs.iter().filter_map(|run| share(run, domain)).collect();
    let count = u32::try_from(shares.len())
        .ok()
        .filter(|count| *count > 0)?;
    Some(shares.iter().sum::<f64>() / f64::from(count))
}

/// The results before and after each move to another version of the same product, at most a few each side
/// and never beyond the neighbouring moves.
fn moves<'r, 'a>(runs: &'r [&'a StoredRun]) -> Vec<(&'r [&'a StoredRun], &'r [&'a StoredRun])> {
    let spans: Vec<&[&StoredRun]> = runs
        .chunk_by(|a, b| software(&a.subject) == software(&b.subject))
        .collect();
    spans
        .windows(2)
        .filter(|pair| {
            let (old, new) = (&pair[0][0].subject, &pair[1][0].subject);
            old.supplier == new.supplier && old.product == new.product
        })
        .map(|pair| {
            let before = &pair[0][pair[0].len().saturating_sub(RESULTS_EACH_SIDE)..];
            let after = &pair[1][..pair[1].len().min(RESULTS_EACH_SIDE)];
            (before, after)
        })
        .collect()
}
