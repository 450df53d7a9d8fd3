//! What the synthetic runs see: samples drawn around the truths, verdicts that follow them, and a few results
//! that must not be compared. Not for the truths themselves.

use super::Plan;
use super::country::{SUPPLIERS, Trust, newest};
use super::rules::{self, FRAILTY};
use super::truths::{Hidden, Part};
use crate::chance::Chance;
use crate::day::{Day, Month};
use crate::number::Proportion;
use crate::result::{
    Completed, DomainResult, Origin, RESULT_FORMAT, RequirementVerdict, ResultKind, Rule,
    SampledMessages, StoredPack, StoredRun,
};
use plumbline_model::{
    Capability, Domain, Environment, Level, NotApplicableReason, RunStatus, RunStatusInputs,
    SkipReason, Subject, SubjectKind, Verdict, run_status,
};
use std::sync::Arc;

/// Days over which each sample is drawn.
const SAMPLE_DAYS: u16 = 28;
/// Out of so many results one is missing.
const MISSING_ONE_IN: u32 = 60;
/// Out of so many results one came to no end.
const PARTLY_ONE_IN: u32 = 250;
/// Out of so many results one is of a mock, beside the real one.
const MOCK_ONE_IN: u32 = 800;
/// Out of so many rules one is undecided.
const UNDECIDED_ONE_IN: u32 = 250;
/// The same for a trust with many unknown.
const MANY_UNDECIDED_ONE_IN: u32 = 8;
/// Share of good messages in a product that is tested by itself.
const PRODUCT_SHARE: f64 = 0.955;

/// The pack and what is declared before each run.
struct Frame {
    rules: Vec<Arc<Rule>>,
    pack: StoredPack,
    scope: Vec<Capability>,
}

/// All results: deployments by trust and month, then products.
pub(super) fn runs(
    chance: &mut Chance,
    plan: &Plan,
    trusts: &[Trust],
    truths: &Hidden,
) -> Vec<StoredRun> {
    let frame = Frame {
        rules: rules::rules(),
        pack: rules::pack(),
        scope: ["documents", "medicines", "patient-index"]
            .map(Capability::from)
            .to_vec(),
    };
    let mut runs = Vec::new();
    for (place, trust) in trusts.iter().enumerate() {
        // How hard each rule is to keep at this trust; it stays the same, so verdicts change only with a cause.
        let luck: Vec<f64> = frame.rules.iter().map(|_| chance.unit()).collect();
        let last = match truths.part(place) {
            Part::Silent => plan.months.saturating_sub(13),
            Part::Ordinary
            | Part::Better
            | Part::Worse
            | Part::Step
            | Part::Trend
            | Part::FewMessages
            | Part::VeryFewMessages
            | Part::ManyUnknown => plan.months,
        };
        for month in 1..=last {
            if month != last && chance.below(MISSING_ONE_IN) == 0 {
                continue;
            }
            let mut run = deployment(chance, &frame, plan, truths, (place, trust), month, &luck);
            if chance.below(PARTLY_ONE_IN) == 0 {
                let mut partly = run.clone();
                partly.run_id.push_str("-partly");
                partly.completed = Completed::Partly;
                runs.push(partly);
            }
            if chance.below(MOCK_ONE_IN) == 0 {
                let mut mock = run.clone();
                mock.run_id.push_str("-mock");
                mock.environment = Environment::Mock;
                mock.mock = Some("Synthetic mock".to_owned());
                runs.push(mock);
            }
            run.requirements.shrink_to_fit();
            runs.push(run);
        }
    }
    runs.extend(products(chance, &frame, plan));
    runs
}

fn deployment(
    chance: &mut Chance,
    frame: &Frame,
    plan: &Plan,
    truths: &Hidden,
    (place, trust): (usize, &Trust),
    month: u32,
    luck: &[f64],
) -> StoredRun {
    let when = plan.first.plus(month - 1);
    let supplier = &SUPPLIERS[trust.supplier];
    let code = trust.organisation.code.as_str();
    let shares: Vec<f64> = (0..Domain::ALL.len())
        .map(|domain| truths.share(place, trust.supplier, domain, month))
        .collect();
    let usual = truths.messages(place, trust.messages);
    let samples = Domain::ALL
        .iter()
        .zip(&shares)
        .map(|(domain, share)| {
            let of = usual + chance.below(usual / 10 + 1);
            SampledMessages {
                domain: *domain,
                messages: Proportion::new(chance.binomial(of, *share), of).unwrap_or_default(),
                days: SAMPLE_DAYS,
            }
        })
        .collect();
    let one_in = match truths.part(place) {
        Part::ManyUnknown => MANY_UNDECIDED_ONE_IN,
        Part::Ordinary
        | Part::Better
        | Part::Worse
        | Part::Step
        | Part::Trend
        | Part::FewMessages
        | Part::VeryFewMessages
        | Part::Silent => UNDECIDED_ONE_IN,
    };
    let day = day(when, 1 + chance.below(28));
    let mut run = blank(frame, format!("synthetic-{code}-{when}"), day);
    run.kind = ResultKind::Deployment;
    run.environment = Environment::Live;
    run.subject.kind = SubjectKind::Deployment;
    supplier.name.clone_into(&mut run.subject.supplier);
    supplier.product.clone_into(&mut run.subject.product);
    newest(trust.supplier, month).clone_into(&mut run.subject.version);
    run.subject.ods_code = Some(code.to_owned());
    run.subject.site = Some("Main site".to_owned());
    run.samples = samples;
    judge(&mut run, frame, &shares, luck, || chance.below(one_in) == 0);
    run
}

/// Two runs of each version in use, half a year and a month before the end; of the first product only one.
fn products(chance: &mut Chance, frame: &Frame, plan: &Plan) -> Vec<StoredRun> {
    let mut runs = Vec::new();
    for (place, supplier) in SUPPLIERS.iter().enumerate() {
        let latest = newest(place, plan.months);
        let mut versions = vec![supplier.before];
        if latest != supplier.before {
            versions.push(latest);
        }
        for version in versions {
            let luck: Vec<f64> = frame.rules.iter().map(|_| chance.unit()).collect();
            for (round, back) in [6_u32, 1]
                .into_iter()
                .enumerate()
                .skip(usize::from(place == 0))
            {
                let when = plan.first.plus(plan.months.saturating_sub(back + 1));
                let name = supplier.product.to_lowercase().replace(' ', "-");
                let id = format!("synthetic-{name}-{version}-{}", round + 1);
                let mut run = blank(frame, id, day(when, 10));
                run.kind = ResultKind::Product;
                run.environment = Environment::Sandbox;
                supplier.name.clone_into(&mut run.subject.supplier);
                supplier.product.clone_into(&mut run.subject.product);
                version.clone_into(&mut run.subject.version);
                run.subject.build = format!("{version}.100");
                judge(&mut run, frame, &[PRODUCT_SHARE; 9], &luck, || false);
                runs.push(run);
            }
        }
    }
    runs
}

fn day(month: Month, day: u32) -> Day {
    month
        .day(i8::try_from(day).unwrap_or(1))
        .unwrap_or_else(|| unreachable!("each month has a first day"))
}

/// A result of nothing yet.
fn blank(frame: &Frame, run_id: String, started: Day) -> StoredRun {
    StoredRun {
        format: RESULT_FORMAT,
        run_id,
        plumbline: env!("CARGO_PKG_VERSION").to_owned(),
        started,
        kind: ResultKind::Product,
        origin: Origin::Synthetic,
        completed: Completed::Whole,
        subject: Subject {
            kind: SubjectKind::Product,
            supplier: String::new(),
            product: String::new(),
            version: String::new(),
            build: String::new(),
            ods_code: None,
            site: None,
        },
        environment: Environment::Sandbox,
        mock: None,
        pack: frame.pack.clone(),
        scope: frame.scope.clone(),
        selection: String::new(),
        status: RunStatus::InsufficientEvidence,
        domains: Vec::new(),
        requirements: Vec::new(),
        samples: Vec::new(),
    }
}

/// Verdicts, tallies and status: a rule breaks where the share of good messages is too low for it.
fn judge(
    run: &mut StoredRun,
    frame: &Frame,
    shares: &[f64],
    luck: &[f64],
    mut undecided: impl FnMut() -> bool,
) {
    let mut number = 0;
    let mut domain = None;
    run.requirements = frame
        .rules
        .iter()
        .zip(luck)
        .map(|(rule, luck)| {
            number = if domain == Some(rule.domain) {
                number + 1
            } else {
                0
            };
            domain = Some(rule.domain);
            let place = Domain::ALL.iter().position(|of| *of == rule.domain);
            let bad = 1.0 - place.map_or(1.0, |place| shares[place]);
            let breaks = *luck < bad * FRAILTY[number % FRAILTY.len()];
            let verdict = match (undecided(), breaks, rule.level) {
                (true, _, _) => Verdict::Skip(SkipReason::NoActor),
                (false, true, Level::Shall) => Verdict::Fail,
                (false, true, Level::Should | Level::May) => Verdict::Warning,
                (false, false, _) => Verdict::Pass,
            };
            RequirementVerdict {
                rule: Arc::clone(rule),
                verdict,
            }
        })
        .collect();
    run.domains = tallies(&run.requirements);
    run.status = run_status(&RunStatusInputs {
        required: required(&run.requirements).map(|one| one.verdict).collect(),
        completed: true,
    });
}

fn required(all: &[RequirementVerdict]) -> impl Iterator<Item = &RequirementVerdict> {
    all.iter().filter(|one| one.rule.level == Level::Shall)
}

/// Required rules by domain.
fn tallies(all: &[RequirementVerdict]) -> Vec<DomainResult> {
    Domain::ALL
        .iter()
        .map(|domain| {
            let mut result = DomainResult {
                domain: *domain,
                met: 0,
                broken: 0,
                undecided: 0,
            };
            for one in required(all).filter(|one| one.rule.domain == *domain) {
                match one.verdict {
                    Verdict::Pass | Verdict::Warning => result.met += 1,
                    Verdict::Fail => result.broken += 1,
                    Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review => {
                        result.undecided += 1;
                    }
                    Verdict::NotApplicable(
                        NotApplicableReason::OutOfScope | NotApplicableReason::NotOffered,
                    ) => {}
                }
            }
            result
        })
        .collect()
}
