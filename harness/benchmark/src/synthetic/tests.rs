//! Whether the statistics find the truths of synthetic countries, and no more than those.

use super::*;
use crate::compare::Prepared;
use crate::funnel::FunnelZone;
use crate::national::{Difference, Input, LeagueState, Measure, Standing, TrendSeries, national};
use crate::number::Share;
use crate::organisation::OrganisationCode;
use crate::result::Origin;
use crate::spc::{Meaning, SpecialRule, Variation, exact_rate};
use crate::wilson::wilson;
use plumbline_model::Domain;
use std::collections::{BTreeMap, BTreeSet};

fn country(seed: u64, organisations: u32, months: u32) -> World {
    world(Plan::new(seed, organisations, months).expect("a plan"))
}

fn input(world: &World) -> Input<'_> {
    Input {
        organisations: &world.organisations,
        runs: &world.runs,
        maturity: &world.maturity,
        options: world.options(),
    }
}

fn codes(levels: &[Level]) -> BTreeSet<OrganisationCode> {
    levels.iter().map(|level| level.code.clone()).collect()
}

fn of(trends: &[TrendSeries], domain: Domain) -> &TrendSeries {
    trends
        .iter()
        .find(|series| series.measure == Measure::Domain(domain))
        .expect("a series")
}

/// Fixed for ever: if these numbers change, every synthetic dashboard changes.
#[test]
fn a_seed_gives_the_same_country_everywhere() {
    let first = country(11, 30, 14);
    assert_eq!(format!("{first:?}"), format!("{:?}", country(11, 30, 14)));
    let messages = |world: &World| -> u32 {
        let samples = world.runs.iter().flat_map(|run| &run.samples);
        samples.map(|sample| sample.messages.met()).sum()
    };
    assert_eq!(messages(&first), 933_030);
    assert_ne!(messages(&first), messages(&country(12, 30, 14)));
}

#[test]
fn everything_says_that_it_is_invented() {
    let world = country(3, 320, 2);
    let names: BTreeSet<&str> = world
        .organisations
        .iter()
        .map(|o| o.name.as_str())
        .collect();
    assert_eq!(names.len(), 320, "names are given once");
    assert!(world.organisations.iter().all(|o| o.code.is_synthetic()));
    assert!(world.runs.iter().all(|run| run.origin == Origin::Synthetic));
    let ids: BTreeSet<&str> = world.runs.iter().map(|run| run.run_id.as_str()).collect();
    assert_eq!(ids.len(), world.runs.len(), "ids are given once");
    for run in &world.runs {
        assert!(run.pack.title.starts_with("Synthetic"));
        assert!(
            run.requirements
                .iter()
                .all(|one| one.rule.title.starts_with("Synthetic"))
        );
    }
    let rules = &world.runs[0].requirements;
    assert!((55..=65).contains(&rules.len()), "{}", rules.len());
    assert_eq!(world.runs[0].domains.len(), Domain::ALL.len());
}

#[test]
fn small_countries_are_possible_and_impossible_ones_are_refused() {
    for (organisations, months) in [(1, 1), (2, 1), (5, 3), (20, 1)] {
        let world = country(1, organisations, months);
        let view = national(&input(&world));
        assert_eq!(view.league.rows.len(), organisations as usize);
    }
    assert_eq!(Plan::new(1, 0, 1), Err(PlanError::Organisations(0)));
    assert_eq!(Plan::new(1, 1000, 1), Err(PlanError::Organisations(1000)));
    assert_eq!(Plan::new(1, 1, 0), Err(PlanError::Months(0)));
    assert_eq!(Plan::new(1, 1, 121), Err(PlanError::Months(121)));
}

/// Better and worse trusts are found by funnel and rank interval in every country; of the others no more are
/// flagged than the two-sided 99.8 % limits allow, and 1 % at most beyond that.
#[test]
fn better_and_worse_trusts_are_found_and_others_are_not() {
    let (mut flagged, mut others) = (0_u32, 0_u32);
    for seed in 0..12 {
        let world = country(seed, 215, 1);
        let view = national(&input(&world));
        let (better, worse) = (codes(&world.truths.better), codes(&world.truths.worse));
        assert_eq!((better.len(), worse.len()), (3, 3));
        let LeagueState::Ranked { ranked, .. } = view.league.state else {
            panic!("the synthetic edition is in force");
        };
        for row in &view.league.rows {
            let code = &row.organisation.code;
            match &row.standing {
                Standing::Ranked { rank, .. } if better.contains(code) => {
                    assert!(rank.worst <= 12, "{seed} {code} {rank:?}");
                    assert_eq!(row.zone, Some(FunnelZone::FarAbove), "{seed} {code}");
                }
                Standing::Ranked { rank, .. } if worse.contains(code) => {
                    assert!(rank.best + 12 > ranked, "{seed} {code} {rank:?}");
                    assert_eq!(row.zone, Some(FunnelZone::FarBelow), "{seed} {code}");
                }
                Standing::Ranked { .. } | Standing::NotRanked { .. } => {
                    assert!(!better.contains(code) && !worse.contains(code), "{code}");
                    others += u32::from(row.zone.is_some());
                    flagged += u32::from(matches!(
                        row.zone,
                        Some(FunnelZone::FarAbove | FunnelZone::FarBelow)
                    ));
                }
            }
        }
    }
    let rate = f64::from(flagged) / f64::from(others);
    println!(
        "funnel: {flagged} of {others} ordinary trusts beyond 99.8 %; in theory 0.20 %, measured {:.2} %",
        rate * 100.0
    );
    assert!(rate <= 0.002 + 0.01, "{rate}");
}

#[test]
fn step_and_trend_are_found_and_dated() {
    for seed in 0..4 {
        let world = country(seed, 60, 24);
        let input = input(&world);
        let prepared = Prepared::new(&input);
        let step = world.truths.step.clone().expect("a step");
        let trends = prepared.own_trends(&step.code);
        let series = of(&trends, step.domain);
        assert_eq!(series.chart.variation, Some(Variation::ImprovementHigh));
        // Without new limits, what lies before the step is low and what follows is high.
        let first = prepared
            .input
            .runs
            .iter()
            .map(|run| run.started.month())
            .min();
        let date = first.expect("a month").plus(step.from_month - 1);
        for (month, point) in series.months.iter().zip(&series.chart.points) {
            let expected = if *month < date {
                Meaning::Concern
            } else {
                Meaning::Improvement
            };
            assert_eq!(point.meaning, expected, "{seed} {month}");
        }
        let trend = world.truths.trend.clone().expect("a trend");
        let trends = prepared.own_trends(&trend.code);
        assert_eq!(
            of(&trends, trend.domain).chart.variation,
            Some(Variation::ImprovementHigh),
            "{seed}"
        );
    }
}

#[test]
fn new_limits_from_the_month_of_the_step_leave_nothing_special() {
    let world = country(2, 60, 24);
    let step = world.truths.step.clone().expect("a step");
    let mut input = input(&world);
    let first = world.runs[0].started.month();
    let from = first.plus(step.from_month - 1);
    input.options.rebases = vec![(step.code.clone(), from)];
    let prepared = Prepared::new(&input);
    let trends = prepared.own_trends(&step.code);
    let chart = &of(&trends, step.domain).chart;
    assert_eq!(chart.groups.len(), 2);
    let gain = chart.groups[1].limits.mean.get() - chart.groups[0].limits.mean.get();
    assert!((gain - step.by.get()).abs() < 0.02, "{gain}");
    assert!(chart.points.iter().filter(|p| p.special.is_some()).count() <= 1);
}

#[test]
fn the_harm_of_a_new_version_is_found_with_its_size_and_nothing_else_is() {
    let mut wrong = 0;
    for seed in 0..3 {
        let world = country(seed, 215, 24);
        let truth = &world.truths.upgrade;
        let view = national(&input(&world));
        assert_eq!(
            view.products.upgrades.len(),
            18,
            "two versions, nine domains"
        );
        for found in &view.products.upgrades {
            if found.to == truth.to && found.domain == truth.domain {
                assert_eq!(found.verdict, Difference::Worse, "{seed}");
                assert_eq!(found.from, truth.from);
                let (low, high) = found.interval;
                assert!(low <= truth.by && truth.by <= high, "{seed} {found:?}");
            } else {
                wrong += u32::from(found.verdict != Difference::WithinNoise);
            }
        }
    }
    assert!(wrong <= 1, "{wrong} of 51 comparisons without a cause");
}

/// The rates of all rules over all steady series, printed beside the exact ones.
#[test]
fn steady_series_are_flagged_no_more_than_the_rules_say() {
    let mut flagged: BTreeMap<SpecialRule, u32> = BTreeMap::new();
    let mut all = 0_u32;
    for seed in 0..3 {
        let world = country(seed, 215, 24);
        let input = input(&world);
        let prepared = Prepared::new(&input);
        for code in &world.truths.steady {
            for series in prepared.own_trends(code) {
                let steady = match series.measure {
                    Measure::Overall => false,
                    Measure::Domain(domain) => domain != world.truths.upgrade.domain,
                };
                if steady && series.chart.points.len() >= 22 {
                    all += 1;
                    let special = series.chart.points.iter().filter_map(|point| point.special);
                    let rules: BTreeSet<SpecialRule> =
                        special.map(|special| special.rule).collect();
                    for rule in rules {
                        *flagged.entry(rule).or_default() += 1;
                    }
                }
            }
        }
    }
    assert!(all > 4500);
    for rule in SpecialRule::ALL {
        let (exact, measured) = (
            exact_rate(*rule),
            f64::from(flagged.get(rule).copied().unwrap_or(0)) / f64::from(all),
        );
        println!(
            "{}: in theory {:.2} %, measured {:.2} % of {all} steady synthetic series",
            rule.label(),
            exact * 100.0,
            measured * 100.0
        );
        assert!(measured <= exact + 0.01, "{}", rule.label());
    }
}

#[test]
fn wilson_intervals_hold_the_truth_as_often_as_they_say() {
    let (mut held, mut all) = (0_u32, 0_u32);
    for seed in 0..3 {
        let world = country(seed, 215, 1);
        let truths: BTreeMap<_, _> = world
            .truths
            .last_month
            .iter()
            .map(|truth| ((truth.code.as_str(), truth.domain), truth.share))
            .collect();
        for run in &world.runs {
            let code = run.subject.ods_code.as_deref().unwrap_or_default();
            for sample in &run.samples {
                let truth = truths[&(code, sample.domain)];
                let interval = wilson(sample.messages).expect("an interval");
                held += u32::from(interval.contains(truth));
                all += 1;
            }
        }
    }
    let rate = f64::from(held) / f64::from(all);
    println!(
        "Wilson 95 %: the truth lies in {:.2} % of {all} intervals",
        rate * 100.0
    );
    assert!((0.94..=0.96).contains(&rate), "{rate}");
}

/// The same for the geometric mean of the domains, whose interval is computed by another method.
#[test]
fn overall_intervals_hold_the_truth_as_often_as_they_say() {
    let (mut held, mut all) = (0_u32, 0_u32);
    for seed in 0..8 {
        let world = country(seed, 215, 1);
        let view = national(&input(&world));
        let mut logarithms: BTreeMap<&OrganisationCode, f64> = BTreeMap::new();
        for truth in &world.truths.last_month {
            *logarithms.entry(&truth.code).or_default() += (truth.share.get() + 0.01).ln() / 9.0;
        }
        for row in &view.league.rows {
            if let Some(overall) = row.overall {
                let truth = logarithms[&row.organisation.code].exp() - 0.01;
                let truth = Share::new(truth).expect("a share");
                held += u32::from(overall.interval.contains(truth));
                all += 1;
            }
        }
    }
    let rate = f64::from(held) / f64::from(all);
    println!(
        "overall 95 %: the truth lies in {:.2} % of {all} intervals",
        rate * 100.0
    );
    assert!((0.935..=0.965).contains(&rate), "{rate}");
}
