//! Tests of the whole view: what is compared, what is left out, what is never said.

use super::*;
use crate::chance::{Chance, Purpose};
use crate::evidence::{Evidence, Shortfall};
use crate::result::{Completed, Origin, ResultKind};
use crate::spc::LimitStanding;
use crate::synthetic::{self, Plan};
use plumbline_model::{Capability, SkipReason};
use std::time::Instant;

fn country(organisations: u32, months: u32) -> synthetic::World {
    synthetic::world(Plan::new(4, organisations, months).expect("a plan"))
}

fn view(world: &synthetic::World) -> National {
    national(&Input {
        organisations: &world.organisations,
        runs: &world.runs,
        maturity: &world.maturity,
        options: world.options(),
    })
}

/// A place of a deployment that counts: the latest of an ordinary trust.
fn a_latest(world: &synthetic::World) -> usize {
    let code = world.truths.steady[0].as_str();
    let of_it = |run: &StoredRun| run.subject.ods_code.as_deref() == Some(code);
    world
        .runs
        .iter()
        .rposition(|run| of_it(run) && run.completed == Completed::Whole && !run.is_mock())
        .expect("a run")
}

fn excluded(view: &National, reason: ExclusionReason) -> usize {
    let of = |one: &&Excluded| one.reason == reason;
    view.method
        .excluded
        .iter()
        .filter(of)
        .map(|one| one.runs)
        .sum()
}

#[test]
fn nothing_gives_an_empty_view_and_no_panic() {
    let as_of = Day::new(2026, 11, 22).expect("a day");
    let empty = national(&Input {
        organisations: &[],
        runs: &[],
        maturity: &[],
        options: Options::new(as_of),
    });
    assert_eq!(empty.world, World::Real);
    assert_eq!(empty.core, None);
    assert!(empty.own.is_none() && empty.peers.is_none());
    let nothing = LeagueState::NotRanked {
        reason: NotRanked::NothingToCompare,
    };
    assert_eq!(empty.league.state, nothing);
    let mut world = country(12, 3);
    world.runs.clear();
    let options = world.options();
    let without = view(&world);
    assert_eq!(without.league.rows.len(), 12);
    let own = without.own.expect("the organisation is in the file");
    assert_eq!(own.evidence.shortfalls(), [Shortfall::NoResult]);
    assert!(own.spine.is_empty() && own.changes.is_empty());
    assert!(options.own.is_some());
}

#[test]
fn nobody_is_ranked_on_an_edition_that_is_not_in_force() {
    for status in [
        EditionStatus::Draft,
        EditionStatus::Superseded,
        EditionStatus::Unconfirmed,
    ] {
        let mut world = country(30, 2);
        for run in &mut world.runs {
            run.pack.edition_status = status;
        }
        let found = view(&world);
        let reason = NotRanked::EditionNotInForce { status };
        assert!(reason.sentence().contains(status.label()));
        assert_eq!(
            found.league.state,
            LeagueState::NotRanked {
                reason: reason.clone()
            }
        );
        assert!(found.league.bands.is_empty());
        let unranked = Standing::NotRanked { reason };
        assert!(found.league.rows.iter().all(|row| row.standing == unranked));
        assert!(
            found.league.rows.iter().any(|row| row.overall.is_some()),
            "values are still shown"
        );
    }
}

#[test]
fn like_is_compared_only_with_like_and_the_rest_is_counted() {
    type Spoil = fn(&mut StoredRun);
    let cases: [(ExclusionReason, Spoil); 9] = [
        (ExclusionReason::Mock, |run| run.mock = Some("x".to_owned())),
        (ExclusionReason::Mock, |run| {
            run.environment = Environment::Mock;
        }),
        (ExclusionReason::OtherKind, |run| {
            run.kind = ResultKind::Inspection;
        }),
        (ExclusionReason::Later, |run| {
            run.started = Day::new(2031, 1, 1).expect("a day");
        }),
        (ExclusionReason::Incomplete, |run| {
            run.completed = Completed::Partly;
        }),
        (ExclusionReason::Selection, |run| {
            run.selection = "@x".to_owned();
        }),
        (ExclusionReason::OtherPack, |run| run.pack.edition.push('x')),
        (ExclusionReason::OtherEnvironment, |run| {
            run.environment = Environment::Integration;
        }),
        (ExclusionReason::OtherScope, |run| {
            run.scope.push(Capability::from("more"));
        }),
    ];
    let before = view(&country(30, 2));
    for (reason, spoil) in cases {
        let mut world = country(30, 2);
        let place = a_latest(&world);
        spoil(&mut world.runs[place]);
        let after = view(&world);
        assert_eq!(
            excluded(&after, reason),
            excluded(&before, reason) + 1,
            "{reason:?}"
        );
        let code = world.truths.steady[0].clone();
        let row = |view: &National| {
            let found = view
                .league
                .rows
                .iter()
                .find(|row| row.organisation.code == code);
            found.and_then(|row| row.run.clone())
        };
        assert_ne!(
            row(&before),
            row(&after),
            "{reason:?}: another run counts, or none"
        );
    }
}

#[test]
fn results_of_unknown_organisations_and_old_results_do_not_count() {
    let mut world = country(30, 24);
    let before = view(&world);
    let place = a_latest(&world);
    world.runs[place].subject.ods_code = Some("ZZ999".to_owned());
    let after = view(&world);
    assert_eq!(excluded(&after, ExclusionReason::UnknownOrganisation), 1);
    assert!(excluded(&before, ExclusionReason::TooOld) > 0);
    let silent = |row: &&LeagueRow| row.run.is_none();
    let rows = before.league.rows.iter().filter(silent);
    assert!(rows.clone().count() >= 1, "one trust is silent");
    for row in rows {
        let reason = NotRanked::NoResult;
        assert_eq!(row.standing, Standing::NotRanked { reason });
    }
}

#[test]
fn one_real_result_leaves_every_invented_one_out() {
    let mut world = country(30, 2);
    assert_eq!(view(&world).world, World::Synthetic);
    let place = a_latest(&world);
    world.runs[place].origin = Origin::Run;
    let found = view(&world);
    assert_eq!(found.world, World::Real);
    let mocks = excluded(&found, ExclusionReason::Mock);
    let left = world.runs.len() - 1 - mocks;
    assert_eq!(excluded(&found, ExclusionReason::OtherWorld), left);
    assert_eq!(found.core.map(|core| core.organisations), Some(1));
}

#[test]
fn a_mock_alone_is_compared_with_nothing() {
    let mut world = country(12, 2);
    for run in &mut world.runs {
        run.environment = Environment::Mock;
        run.origin = Origin::Run;
    }
    let found = view(&world);
    assert_eq!(found.core, None);
    assert_eq!(excluded(&found, ExclusionReason::Mock), world.runs.len());
    assert!(found.products.tested.is_empty() && found.products.in_use.is_empty());
    assert!(found.most_failed.rows.is_empty());
    assert!(found.trend.country.is_empty());
}

#[test]
fn below_the_minimum_there_is_no_rank_and_findings_stay() {
    type Spoil = fn(&mut StoredRun);
    let cases: [(Spoil, bool); 5] = [
        (
            |run| run.samples[2].messages = Proportion::new(90, 99).expect("counts"),
            true,
        ),
        (
            |run| run.samples[2].messages = Proportion::new(29, 29).expect("counts"),
            false,
        ),
        (|run| run.samples.truncate(4), false),
        (|run| run.samples[0].days = 13, false),
        (
            |run| {
                for one in run.requirements.iter_mut().take(4) {
                    one.verdict = Verdict::Skip(SkipReason::NoActor);
                }
            },
            false,
        ),
    ];
    for (number, (spoil, is_compared)) in cases.into_iter().enumerate() {
        let mut world = country(30, 1);
        let place = a_latest(&world);
        let run = &mut world.runs[place];
        if let Some(last) = run.requirements.last_mut() {
            last.verdict = Verdict::Fail;
        }
        spoil(run);
        let code = world.truths.steady[0].clone();
        let mut options = world.options();
        options.own = Some(code.clone());
        let found = national(&Input {
            organisations: &world.organisations,
            runs: &world.runs,
            maturity: &world.maturity,
            options,
        });
        let rows = &found.league.rows;
        let row = rows
            .iter()
            .find(|row| row.organisation.code == code)
            .expect("a row");
        let reason = NotRanked::TooLittleEvidence;
        assert_eq!(row.standing, Standing::NotRanked { reason }, "{number}");
        assert_eq!(row.evidence.may_be_compared(), is_compared, "{number}");
        assert!(!row.evidence.shortfalls().is_empty(), "{number}");
        assert_eq!(row.overall.is_some(), is_compared, "{number}");
        let own = found.own.expect("own");
        assert!(!own.broken.is_empty(), "{number}: findings are listed");
        assert_eq!(own.spine.is_empty(), !is_compared, "{number}");
        for group in found.peers.expect("peers").groups {
            let shown = matches!(group.charts, PeerCharts::Shown { .. });
            assert!(is_compared || !shown, "{number} {:?}", group.by);
        }
    }
}

#[test]
fn peers_need_eight_and_something_to_share() {
    let mut world = country(60, 1);
    let own = world.options().own.expect("own");
    for (place, one) in world.organisations.iter_mut().enumerate() {
        one.region = if one.code == own || place < 6 {
            "Near"
        } else {
            "Far"
        }
        .to_owned();
        one.icb = String::new();
    }
    let peers = view(&world).peers.expect("peers");
    let group = |by: PeerBy| {
        let found = peers.groups.iter().find(|group| group.by == by);
        found.expect("a group")
    };
    assert!(matches!(
        group(PeerBy::Region).charts,
        PeerCharts::TooFew { minimum: 8 }
    ));
    assert_eq!(
        group(PeerBy::Icb).members,
        0,
        "an empty ICB is nobody's peer"
    );
    assert_eq!(group(PeerBy::Icb).value, "not given");
    let PeerCharts::Shown {
        caterpillar,
        funnel,
        quartiles,
    } = &group(PeerBy::Country).charts
    else {
        panic!("enough for the country");
    };
    assert!(caterpillar.is_sorted_by_key(|row| row.overall.share));
    assert_eq!(
        caterpillar
            .iter()
            .filter(|row| row.whose == Whose::Own)
            .count(),
        1
    );
    assert_eq!(funnel.points.len(), caterpillar.len());
    assert_eq!(quartiles.median, quartiles.national_median);
    assert!((1..=4).contains(&quartiles.own_quarter));
}

#[test]
fn a_short_series_has_limits_on_trial() {
    let found = view(&country(30, 5));
    assert!(found.trend.own.iter().all(|series| {
        series.chart.groups.len() == 1
            && series.chart.groups[0].standing == LimitStanding::Trial
            && series.months.len() == series.chart.points.len()
    }));
    assert_eq!(found.trend.own.len(), 10, "overall and nine domains");
    let long = view(&country(30, 14));
    assert!(long.trend.country.iter().all(|series| {
        series.chart.groups[0].standing == LimitStanding::Settled && series.organisation.is_none()
    }));
}

#[test]
fn a_product_needs_two_runs_of_one_build() {
    let found = view(&country(30, 16)).products.tested;
    let runs = |evidence: &Evidence| {
        let of = |one: &Shortfall| matches!(one, Shortfall::Runs { runs: 1, needed: 2 });
        evidence.shortfalls().iter().any(of)
    };
    assert!(found.iter().any(|row| row.runs == 1 && runs(&row.evidence)));
    assert!(
        found
            .iter()
            .any(|row| row.runs == 2 && row.evidence.may_be_compared())
    );
    for row in &found {
        let no_sample = |one: &DomainFigures| one.figures.interval.is_none();
        assert!(
            row.domains.iter().all(no_sample),
            "no interval for a fixed list of rules"
        );
    }
}

#[test]
fn the_same_input_gives_the_same_view_in_any_order() {
    let world = country(40, 6);
    let once = format!("{:?}", view(&world));
    assert_eq!(once, format!("{:?}", view(&world)));
    let mut turned = world.clone();
    turned.runs.reverse();
    turned.organisations.reverse();
    turned.maturity.reverse();
    assert_eq!(once, format!("{:?}", view(&turned)));
}

#[test]
fn a_change_is_more_than_noise_or_grey() {
    let mut world = country(30, 3);
    let code = world.truths.steady[0].clone();
    let place = a_latest(&world);
    let of = world.runs[place].samples[0].messages.of();
    world.runs[place].samples[0].messages = Proportion::new(of / 2, of).expect("counts");
    let input = Input {
        organisations: &world.organisations,
        runs: &world.runs,
        maturity: &world.maturity,
        options: world.options(),
    };
    let own = Prepared::new(&input).own(&code).expect("own");
    let verdict = |measure: Measure| {
        let found = own.changes.iter().find(|change| change.measure == measure);
        found.map(|change| change.verdict)
    };
    assert_eq!(
        verdict(Measure::Domain(Domain::Identity)),
        Some(Difference::Worse)
    );
    assert_eq!(verdict(Measure::Overall), Some(Difference::Worse));
    assert_eq!(own.changes.len(), 10);
    assert_eq!(own.spine[0].difference, Difference::Worse);
    for row in &own.spine {
        assert!(row.places.worst <= row.places.lower_quartile);
        assert!(row.places.upper_quartile <= row.places.best);
    }
}

/// Whatever a store may hold, the view is made: no panic, and no number that is none (types see to that).
#[test]
fn no_input_makes_it_panic() {
    let mut chance = Chance::new(99, Purpose::Tests);
    for round in 0..60 {
        let mut world = country(10, 3);
        for run in &mut world.runs {
            for _ in 0..chance.below(3) {
                spoil(run, chance.below(12), &mut chance);
            }
        }
        for one in &mut world.organisations {
            if chance.below(4) == 0 {
                one.organisation_type.clear();
            }
        }
        let mut options = world.options();
        options.draws = chance.below(3);
        options.weights = BTreeMap::from([(Domain::Identity, chance.below(3) * 2_000_000_000)]);
        options.target = Share::new(chance.unit());
        options.rebases = vec![(world.organisations[0].code.clone(), world.as_of.month())];
        let input = Input {
            organisations: &world.organisations,
            runs: &world.runs,
            maturity: &world.maturity,
            options,
        };
        let prepared = Prepared::new(&input);
        for one in &world.organisations {
            assert!(prepared.own(&one.code).is_some(), "{round}");
            assert!(prepared.peers(&one.code).is_some(), "{round}");
            let _ = prepared.trends(Some(&one.code));
        }
        assert_eq!(prepared.league().rows.len(), 10, "{round}");
        let _ = (
            prepared.products(),
            prepared.most_failed(),
            prepared.method(),
        );
    }
}

fn spoil(run: &mut StoredRun, how: u32, chance: &mut Chance) {
    let counts = |met: u32, of: u32| Proportion::new(met, of).expect("counts");
    let all_of = |run: &mut StoredRun, counts: Proportion| {
        for one in &mut run.samples {
            one.messages = counts;
        }
    };
    match how {
        0 => run.samples.clear(),
        1 => run.domains.clear(),
        2 => run.requirements.clear(),
        3 => all_of(run, counts(0, 0)),
        4 => all_of(run, counts(u32::MAX, u32::MAX)),
        5 => all_of(run, counts(0, 1 + chance.below(500))),
        6 => run.subject.ods_code = Some("not a code".to_owned()),
        7 => run.subject.ods_code = None,
        8 => run.started = Day::new(2027, 1, 1).expect("a day"),
        9 => {
            for one in &mut run.domains {
                (one.met, one.broken, one.undecided) = (u32::MAX, u32::MAX, u32::MAX);
            }
        }
        10 => run.subject.version = chance.below(3).to_string(),
        _ => run.samples.extend(run.samples.clone()),
    }
}

/// The times are printed with `--nocapture`; the bound is far above what it takes even without optimisation.
#[test]
fn a_country_of_two_years_is_quick() {
    let world = country(215, 24);
    let started = Instant::now();
    let found = view(&world);
    let took = started.elapsed();
    println!(
        "view of {} results and {} rows: {took:?}",
        world.runs.len(),
        found.league.rows.len()
    );
    let input = Input {
        organisations: &world.organisations,
        runs: &world.runs,
        maturity: &world.maturity,
        options: world.options(),
    };
    let started = Instant::now();
    let prepared = Prepared::new(&input);
    for one in &world.organisations {
        let _ = (prepared.own(&one.code), prepared.peers(&one.code));
        let _ = prepared.own_trends(&one.code);
    }
    println!("own pages of all organisations: {:?}", started.elapsed());
    assert!(took.as_secs() < 60, "{took:?}");
}
