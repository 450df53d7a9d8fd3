//! What a run of a pack, or figures of live operation, add to an assessment: evidence, or a note of why it is none.
//! Adds blocks of text to files and changes nothing that stands there. Never touches an answer or a judgement.

use crate::assessment::Assessment;
use crate::checklist::{Checklist, Item, ItemId, Link};
use crate::day::Day;
use crate::evidence::RuleCounts;
use crate::measures;
use crate::mistake::{Mistake, Mistakes};
use crate::reading::{quoted, quoted_list};
use crate::scan::refuse_identifiers_in;
use crate::words::{RunEnd, RunStanding};
use plumbline_model::scorecard::{RequirementResult, Scorecard};
use plumbline_model::{RequirementId, RunRecord, SubjectKind, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A run, with what names it.
#[derive(Debug, Clone, Copy)]
pub struct RunInput<'a> {
    /// Where it was read, for messages.
    pub place: &'a str,
    /// The record.
    pub record: &'a RunRecord,
    /// Its scorecard, made with the pack that ran.
    pub scorecard: &'a Scorecard,
    /// SHA-256 of the record as it was read.
    pub sha256: &'a str,
}

/// What is to be added to an assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Additions {
    /// Text to add at the end of a file, by name of the file.
    pub blocks: BTreeMap<String, String>,
    /// What was done, one sentence each.
    pub told: Vec<String>,
}

impl Additions {
    pub(crate) fn block(&mut self, name: &str, text: &str) {
        let block = self.blocks.entry(name.to_owned()).or_default();
        block.push('\n');
        block.push_str(text);
    }
}

/// A file with a block added at its end; what stands there stays byte for byte.
pub fn appended(old: &str, block: &str) -> String {
    let end = if old.is_empty() || old.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{old}{end}{block}")
}

/// What a run adds. A run on another organisation's system is refused.
pub fn fill_run(
    assessment: &Assessment,
    checklist: &Checklist,
    run: &RunInput<'_>,
) -> Result<Additions, Mistakes> {
    let record = run.record;
    let standing = standing(assessment, run)?;
    let day = record.started.get(..10).and_then(Day::parse);
    let day = day.ok_or_else(|| {
        refusal(
            run,
            "the run does not say on which day it started",
            "give the folder of a run that Plumbline made",
        )
    })?;
    clean(run)?;
    let mut added = Additions::default();
    match assessment.run(&record.run_id) {
        Some(known) if known.record_sha256 != run.sha256 || known.standing != standing => {
            return Err(refusal(
                run,
                &format!(
                    "a run with the id {} was filled in before, from another record",
                    record.run_id
                ),
                "evidence is only added, never changed; if the record was altered, find out why",
            ));
        }
        Some(_) => {}
        None => added.block("runs.toml", &run_block(run, standing)),
    }
    let facts = Facts {
        run,
        standing,
        day: &day,
    };
    let filled = facts.items(assessment, checklist, &mut added);
    added.told.push(told(record, standing, &filled));
    Ok(added)
}

/// What figures of live operation add; `bytes` is a CSV file.
pub fn fill_measures(
    assessment: &Assessment,
    checklist: &Checklist,
    place: &str,
    bytes: &[u8],
) -> Result<Additions, Mistakes> {
    measures::fill(assessment, checklist, place, bytes)
}

fn refusal(run: &RunInput<'_>, cause: &str, fix: &str) -> Mistakes {
    Mistake::new(run.place, 1, cause, fix).into()
}

fn standing(assessment: &Assessment, run: &RunInput<'_>) -> Result<RunStanding, Mistakes> {
    let record = run.record;
    let code = assessment.frame.organisation.code.as_str();
    if record.subject.kind == SubjectKind::Deployment {
        match record.subject.ods_code.as_deref() {
            Some(theirs) if theirs == code => {}
            Some(theirs) => {
                return Err(refusal(
                    run,
                    &format!(
                        "this run is about the organisation {theirs}, and the assessment is about {code}"
                    ),
                    "give a run on this organisation's own system; what another organisation's system \
                     does says nothing about it",
                ));
            }
            None => {
                return Err(refusal(
                    run,
                    "this run is about a deployment and does not say at which organisation",
                    "write ods_code under [subject] of the target file, and run again",
                ));
            }
        }
    }
    Ok(if record.mock_name().is_some() {
        RunStanding::Mock
    } else {
        match record.subject.kind {
            SubjectKind::Product => RunStanding::SupplierClaim,
            SubjectKind::Deployment => RunStanding::Evidence,
        }
    })
}

/// Refuses a run whose names hold what could identify a person.
fn clean(run: &RunInput<'_>) -> Result<(), Mistakes> {
    let subject = &run.record.subject;
    for text in [
        &subject.supplier,
        &subject.product,
        &subject.version,
        &run.record.run_id,
        &run.record.pack.title,
        &run.record.pack.version,
        &run.record.pack.edition_words(),
    ] {
        refuse_identifiers_in(run.place, text)?;
    }
    Ok(())
}

fn ids(assessment: &Assessment) -> BTreeSet<&str> {
    let evidence = assessment.evidence.values().flatten();
    let aside = assessment.set_aside.values().flatten();
    evidence
        .map(|e| e.id.as_str())
        .chain(aside.map(|e| e.id.as_str()))
        .collect()
}

/// The requirements of the run's pack that speak of an item, and what they do not show.
fn concerned(item: &Item, record: &RunRecord) -> Option<(BTreeSet<RequirementId>, String)> {
    let mut all = BTreeSet::new();
    let mut told = Vec::new();
    for automated in &item.automated {
        match &automated.link {
            Link::Pack {
                pack,
                requirements,
                limits,
            } if *pack == record.pack.id => {
                all.extend(requirements.iter().cloned());
                told.push(limits.as_str());
            }
            Link::Pack { .. } | Link::NotYet { .. } => {}
        }
    }
    (!all.is_empty()).then(|| (all, told.join(" ")))
}

fn count(
    scorecard: &Scorecard,
    rules: &BTreeSet<RequirementId>,
) -> (RuleCounts, Vec<RequirementId>) {
    let mut counts = RuleCounts::default();
    let mut broken = Vec::new();
    for rule in rules {
        let mut results = scorecard.requirements.iter();
        let result = results.find(|r| r.requirement.id == *rule);
        let in_scope = |r: &&RequirementResult| r.in_scope;
        match result.filter(in_scope).and_then(|r| r.verdict) {
            Some(Verdict::Pass) => counts.met += 1,
            Some(Verdict::Fail) => {
                counts.broken += 1;
                broken.push(rule.clone());
            }
            Some(Verdict::Warning) => {
                counts.advised += 1;
                broken.push(rule.clone());
            }
            Some(Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review) => counts.undecided += 1,
            Some(Verdict::NotApplicable(_)) | None => counts.not_tested += 1,
        }
    }
    (counts, broken)
}

fn told(record: &RunRecord, standing: RunStanding, filled: &[&str]) -> String {
    let system = format!("{} {}", record.subject.product, record.subject.version);
    let items = if filled.is_empty() {
        "nothing new for any item".to_owned()
    } else {
        filled.join(", ")
    };
    match standing {
        RunStanding::Evidence => {
            format!("Evidence from the run on {system} at this organisation: {items}.")
        }
        RunStanding::SupplierClaim => format!(
            "The run on the product {system} is noted as the supplier's claim, not as evidence: {items}."
        ),
        RunStanding::Mock => format!(
            "The run on {system} was against a mock system; it is noted as such, not as evidence: {items}."
        ),
    }
}

fn run_block(run: &RunInput<'_>, standing: RunStanding) -> String {
    let record = run.record;
    let subject = &record.subject;
    let end = if record.completion.is_complete() {
        RunEnd::Completed
    } else {
        RunEnd::Incomplete
    };
    let mut text = String::from("[[run]]\n");
    for (key, value) in [
        ("id", record.run_id.as_str()),
        ("standing", standing.key()),
        ("started", &record.started),
        ("end", end.key()),
        ("subject", subject.kind.key()),
        ("ods_code", subject.ods_code.as_deref().unwrap_or_default()),
        ("supplier", &subject.supplier),
        ("product", &subject.product),
        ("version", &subject.version),
        ("environment", record.environment.key()),
        ("mock", record.mock_name().unwrap_or_default()),
        ("pack", record.pack.id.as_str()),
        ("pack_title", &record.pack.title),
        ("pack_version", &record.pack.version),
        ("edition", &record.pack.edition_words()),
        ("record_sha256", run.sha256),
    ] {
        line(&mut text, key, &quoted(value));
    }
    text
}

pub(crate) fn line(text: &mut String, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{key} = {value}");
}

struct Facts<'a> {
    run: &'a RunInput<'a>,
    standing: RunStanding,
    day: &'a Day,
}

struct Found<'a> {
    id: &'a str,
    counts: RuleCounts,
    broken: &'a [RequirementId],
    limits: String,
}

impl Facts<'_> {
    /// Adds a record to each item that the run speaks of; gives the items.
    fn items<'c>(
        &self,
        assessment: &Assessment,
        checklist: &'c Checklist,
        added: &mut Additions,
    ) -> Vec<&'c str> {
        let run = self.run;
        let known: BTreeSet<&str> = ids(assessment);
        let mut filled = Vec::new();
        for item in &checklist.items {
            let Some((rules, limits)) = concerned(item, run.record) else {
                continue;
            };
            let (counts, broken) = count(run.scorecard, &rules);
            let id = format!(
                "{}-run-{}",
                item.id,
                run.sha256.get(..8).unwrap_or_default()
            );
            if counts.tested() == 0 || known.contains(id.as_str()) {
                continue;
            }
            let found = Found {
                id: &id,
                counts,
                broken: &broken,
                limits,
            };
            added.block(&format!("evidence/{}.toml", item.id), &self.block(&found));
            filled.push(item.id.as_str());
        }
        filled
    }

    fn block(&self, found: &Found<'_>) -> String {
        let finding = self.finding(found);
        let rules: Vec<&str> = found.broken.iter().map(RequirementId::as_str).collect();
        let counts = found.counts;
        let inline = format!(
            "{{ met = {}, broken = {}, advised = {}, undecided = {}, not_tested = {} }}",
            counts.met, counts.broken, counts.advised, counts.undecided, counts.not_tested
        );
        let mut text = match self.standing {
            RunStanding::Evidence => self.evidence(found, &finding),
            RunStanding::SupplierClaim | RunStanding::Mock => self.aside(found, &finding),
        };
        line(&mut text, "rules", &inline);
        line(&mut text, "broken_rules", &quoted_list(&rules));
        text
    }

    fn evidence(&self, found: &Found<'_>, finding: &str) -> String {
        let record = self.run.record;
        let weighs = match found.counts {
            RuleCounts { broken: 1.., .. } => "contradicts",
            RuleCounts {
                met: 1..,
                undecided: 0,
                advised: 0,
                ..
            } => "supports",
            RuleCounts { .. } => "neutral",
        };
        let method = format!(
            "plumbline run, pack {} {}",
            record.pack.id, record.pack.version
        );
        let mut text = String::from("[[evidence]]\n");
        for (key, value) in [
            ("id", found.id),
            ("category", "observation"),
            ("type", "automated"),
            ("supplied_by", "test"),
            ("source_role", "test of the running system"),
            ("captured_at", self.day.as_str()),
            ("captured_by", &format!("Plumbline {}", record.plumbline)),
            ("method", &method),
            ("environment", record.environment.label()),
            ("finding", finding),
            ("strength", "direct"),
            ("weighs", weighs),
            ("reference", &format!("run {}", record.run_id)),
            ("hash", self.run.sha256),
            ("run", &record.run_id),
        ] {
            line(&mut text, key, &quoted(value));
        }
        text
    }

    fn aside(&self, found: &Found<'_>, finding: &str) -> String {
        let mut text = String::from("[[not_evidence]]\n");
        for (key, value) in [
            ("id", found.id),
            ("standing", self.standing.key()),
            ("run", &self.run.record.run_id),
            ("captured_at", self.day.as_str()),
            ("finding", finding),
        ] {
            line(&mut text, key, &quoted(value));
        }
        text
    }

    fn finding(&self, found: &Found<'_>) -> String {
        let record = self.run.record;
        let subject = &record.subject;
        let counts = found.counts;
        let whose = match self.standing {
            RunStanding::Evidence => "as it runs here",
            RunStanding::SupplierClaim => "as the supplier offers it, not as it runs here",
            RunStanding::Mock => "a mock system, so this says nothing about any real system",
        };
        let mut text = format!(
            "{} {} ({whose}), tested against {}: of {} that speak of this question, {} met, {} broken, \
             {} short of good practice, {} undecided.",
            subject.product,
            subject.version,
            record.pack.edition_words(),
            rules(counts.tested()),
            counts.met,
            counts.broken,
            counts.advised,
            counts.undecided,
        );
        if counts.not_tested > 0 {
            let _ = write!(text, " {} more not tested in this run.", counts.not_tested);
        }
        if !record.completion.is_complete() {
            text.push_str(" The run did not come to its end.");
        }
        text.push(' ');
        text.push_str(&found.limits);
        text
    }
}

/// "1 rule", "3 rules".
fn rules(number: usize) -> String {
    format!("{number} {}", if number == 1 { "rule" } else { "rules" })
}

/// The id of a record of a measure: the same measure of the same time always has the same. No figure is in it,
/// so that a withheld number cannot be found by trying.
pub(crate) fn measure_id(item: &ItemId, key: &str) -> String {
    let print = crate::checklist::sha256(key.as_bytes());
    format!("{item}-measure-{}", print.get(..8).unwrap_or_default())
}
