//! What the files of an assessment must agree on: ids that are there, reasons that are given, evidence that may be
//! cited. Not for whether a judgement is right.

use crate::assessment::Frame;
use crate::checklist::{Checklist, ItemId};
use crate::evidence::{Evidence, SetAside};
use crate::load::{FRAME, Parts, RawAnswer, line_of};
use crate::mistake::Mistake;
use crate::reading::{Text, instead};
use crate::words::{Confidence, EvidenceType, GroupRating, RunStanding, Status, SuppliedBy};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

pub(crate) fn check(frame: &Frame, parts: &Parts<'_>, checklist: &Checklist) -> Vec<Mistake> {
    let mut checker = Checker {
        frame,
        parts,
        checklist,
        items: checklist.items.iter().map(|i| i.id.as_str()).collect(),
        mistakes: Vec::new(),
    };
    checker.frame();
    checker.runs();
    checker.evidence();
    checker.answers();
    checker.groups();
    checker.lists();
    checker.mistakes
}

struct Checker<'a> {
    frame: &'a Frame,
    parts: &'a Parts<'a>,
    checklist: &'a Checklist,
    items: Vec<&'a str>,
    mistakes: Vec<Mistake>,
}

impl<'a> Checker<'a> {
    fn wrong(
        &mut self,
        name: &str,
        offset: usize,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let shown = (self.parts.shown)(name);
        let bytes = self.parts.folder.get(name).map_or(&[][..], Vec::as_slice);
        let line = Text::new(&shown, bytes).map_or(1, |text| text.line(offset));
        self.mistakes.push(Mistake::new(&shown, line, cause, fix));
    }

    fn frame(&mut self) {
        let frame = self.frame;
        for (key, value) in [
            ("code", &frame.organisation.code),
            ("name", &frame.organisation.name),
            ("scope", &frame.scope),
        ] {
            if value.trim().is_empty() {
                let bytes = self.parts.folder.get(FRAME).map_or(&[][..], Vec::as_slice);
                self.mistakes.push(Mistake::new(
                    &(self.parts.shown)(FRAME),
                    line_of(bytes, key),
                    format!("`{key}` is empty"),
                    "fill it in",
                ));
            }
        }
    }

    fn runs(&mut self) {
        let parts = self.parts;
        let mut seen = BTreeSet::new();
        for run in &parts.runs {
            let (offset, run) = (run.span().start, run.get_ref());
            if !seen.insert(run.id.as_str()) {
                self.wrong(
                    "runs.toml",
                    offset,
                    "this run is there twice",
                    "remove one of the two",
                );
            }
            let own = run.ods_code == self.frame.organisation.code
                && run.mock.is_empty()
                && run.environment != plumbline_model::Environment::Mock
                && run.subject == plumbline_model::SubjectKind::Deployment;
            if run.standing == RunStanding::Evidence && !own {
                self.wrong(
                    "runs.toml",
                    offset,
                    "this run is called evidence, and is no run on this organisation's own system",
                    "remove it with the records that name it, and let `plumbline inspect fill` write it",
                );
            }
        }
    }

    fn evidence(&mut self) {
        let parts = self.parts;
        let mut seen: BTreeMap<&str, &ItemId> = BTreeMap::new();
        for (item, records) in &parts.evidence {
            let name = format!("evidence/{item}.toml");
            let aside = parts.set_aside.get(item).map_or(&[][..], Vec::as_slice);
            let ids = records
                .iter()
                .map(|r| (r.span().start, r.get_ref().id.as_str()))
                .chain(
                    aside
                        .iter()
                        .map(|r| (r.span().start, r.get_ref().id.as_str())),
                );
            for (offset, id) in ids {
                let own = id
                    .strip_prefix(item.as_str())
                    .is_some_and(|rest| rest.len() > 1 && rest.starts_with('-'));
                if !own {
                    self.wrong(
                        &name,
                        offset,
                        "the id of this record does not begin with the id of its item",
                        format!("write an id such as \"{item}-01\""),
                    );
                } else if seen.insert(id, item).is_some() {
                    self.wrong(
                        &name,
                        offset,
                        format!("there is a record `{id}` already"),
                        "give each record an id of its own; records are added and never changed",
                    );
                }
            }
            for (at, record) in records.iter().enumerate() {
                self.record(&name, record, &records[..at]);
            }
            for record in aside {
                self.aside(&name, record);
            }
        }
    }

    fn record(&mut self, name: &str, record: &Spanned<Evidence>, earlier: &[Spanned<Evidence>]) {
        let (offset, record) = (record.span().start, record.get_ref());
        for (key, text) in [
            ("source_role", &record.source_role),
            ("captured_by", &record.captured_by),
            ("method", &record.method),
            ("finding", &record.finding),
        ] {
            if text.trim().is_empty() {
                self.wrong(
                    name,
                    offset,
                    format!("`{key}` of the record `{}` is empty", record.id),
                    "fill it in",
                );
            }
        }
        for old in &record.replaces {
            if !earlier.iter().any(|e| e.get_ref().id == *old) {
                self.wrong(
                    name,
                    offset,
                    format!(
                        "the record `{}` replaces `{old}`, which does not stand before it",
                        record.id
                    ),
                    "name an earlier record of the same item",
                );
            }
        }
        let test = record.kind == EvidenceType::Automated;
        let by_test = record.supplied_by == SuppliedBy::Test;
        let standing = record.run.as_deref().and_then(|id| {
            let mut runs = self.parts.runs.iter();
            runs.find(|run| run.get_ref().id == id)
                .map(|run| run.get_ref().standing)
        });
        let whole = standing == Some(RunStanding::Evidence) && record.rules.is_some();
        if (test || by_test || record.run.is_some() || record.rules.is_some())
            && !(test && by_test && whole)
        {
            self.wrong(
                name,
                offset,
                format!("the record `{}` speaks of a test that runs.toml does not hold as evidence", record.id),
                "let `plumbline inspect fill` write records of tests; write others as a document, an \
                 interview or an observation",
            );
        }
        let told = [EvidenceType::Interview, EvidenceType::Survey].contains(&record.kind);
        if told && record.supplied_by == SuppliedBy::Inspector {
            self.wrong(
                name,
                offset,
                format!("the record `{}` is what somebody said, and says that the inspector supplied it", record.id),
                "name who said it: organisation, supplier, partner or patient",
            );
        }
    }

    fn aside(&mut self, name: &str, record: &Spanned<SetAside>) {
        let (offset, record) = (record.span().start, record.get_ref());
        let mut runs = self.parts.runs.iter();
        let run = runs.find(|run| run.get_ref().id == record.run);
        let agrees = run.is_some_and(|run| run.get_ref().standing == record.standing);
        if record.standing == RunStanding::Evidence || !agrees {
            self.wrong(
                name,
                offset,
                format!(
                    "the record `{}` and runs.toml do not agree on what its run is worth",
                    record.id
                ),
                "remove the record, and let `plumbline inspect fill` write it",
            );
        }
    }

    fn answers(&mut self) {
        let parts = self.parts;
        for (item, answer) in &parts.answers {
            let name = format!("answers/{item}.toml");
            if answer.item.get_ref() != item.as_str() {
                self.wrong(
                    &name,
                    answer.item.span().start,
                    format!("the file is named after `{item}` and speaks of another item"),
                    format!("write item = \"{item}\""),
                );
            }
            self.own(&name, answer);
            self.judgement(&name, answer);
            for dissent in &answer.dissent {
                let (offset, dissent) = (dissent.span().start, dissent.get_ref());
                if dissent.role.trim().is_empty() || dissent.reason.trim().is_empty() {
                    self.wrong(
                        &name,
                        offset,
                        "a view that differs has no role or no reason",
                        "say whose view it is, and why it differs",
                    );
                }
            }
        }
    }

    fn own(&mut self, name: &str, answer: &'a RawAnswer) {
        let (offset, own) = (answer.own.span().start, answer.own.get_ref());
        if own.status == Status::NotApplicable && own.reason.trim().is_empty() {
            self.wrong(
                name,
                offset,
                "the organisation says \"not applicable\" and gives no reason",
                "write the reason",
            );
        }
        self.cited(name, &own.evidence);
    }

    fn judgement(&mut self, name: &str, answer: &'a RawAnswer) {
        let judged = answer.inspector.get_ref();
        let offset = judged.status.span().start;
        let status = *judged.status.get_ref();
        self.cited(name, &judged.evidence);
        if status == Status::NotAssessed {
            if !judged.evidence.is_empty() {
                self.wrong(
                    name,
                    offset,
                    "the judgement cites evidence and says \"not assessed\"",
                    "write the judgement, or remove the evidence from it",
                );
            }
            return;
        }
        for (missing, what) in [
            (judged.reason.trim().is_empty(), "reason"),
            (judged.judged_by.trim().is_empty(), "judged_by"),
            (judged.judged_on.is_none(), "judged_on"),
        ] {
            if missing {
                self.wrong(
                    name,
                    offset,
                    format!("the judgement has no `{what}`"),
                    "say why, who judged (the role) and when",
                );
            }
        }
        if status.is_rating() && judged.evidence.is_empty() {
            self.wrong(
                name,
                offset,
                "the judgement cites no evidence",
                "name in `evidence` the records that it rests on, or write \"not-assessed\"",
            );
        }
        if status.is_rating() && judged.confidence == Confidence::NotStated {
            self.wrong(
                name,
                offset,
                "the judgement does not say how sure it is",
                "write confidence = \"high\", \"medium\" or \"low\"",
            );
        }
    }

    /// Refuses ids of evidence that are not there, are no evidence, or were replaced.
    fn cited(&mut self, name: &str, cited: &'a [Spanned<String>]) {
        let parts = self.parts;
        let mut seen = BTreeSet::new();
        for id in cited {
            let (offset, id) = (id.span().start, id.get_ref().as_str());
            if !seen.insert(id) {
                self.wrong(
                    name,
                    offset,
                    format!("`{id}` is cited twice"),
                    "remove one of the two",
                );
                continue;
            }
            let mut aside = parts.set_aside.values().flatten();
            if let Some(record) = aside.find(|r| r.get_ref().id == id) {
                let why = record.get_ref().standing.label();
                self.wrong(
                    name,
                    offset,
                    format!("`{id}` cannot be cited: {why}"),
                    "cite evidence about this organisation's own system",
                );
                continue;
            }
            let all: Vec<&Evidence> = parts
                .evidence
                .values()
                .flatten()
                .map(Spanned::get_ref)
                .collect();
            if !all.iter().any(|e| e.id == id) {
                let known: Vec<&str> = all.iter().map(|e| e.id.as_str()).collect();
                let near = crate::reading::closest(id, &known);
                self.wrong(
                    name,
                    offset,
                    format!("there is no evidence `{id}`"),
                    match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "write the record into the evidence folder first".to_owned(),
                    },
                );
            } else if let Some(newer) = all.iter().find(|e| e.replaces.iter().any(|old| old == id))
            {
                self.wrong(
                    name,
                    offset,
                    format!("`{id}` was replaced by `{}`", newer.id),
                    format!("look at the judgement again, and cite `{}`", newer.id),
                );
            }
        }
    }

    fn groups(&mut self) {
        let parts = self.parts;
        let known: Vec<&str> = self
            .checklist
            .groups
            .iter()
            .map(|g| g.id.as_str())
            .collect();
        let mut seen = BTreeSet::new();
        for group in &parts.groups {
            let raw = group.get_ref();
            let (offset, id) = (raw.id.span().start, raw.id.get_ref().as_str());
            if !known.contains(&id) {
                self.wrong(
                    "groups.toml",
                    offset,
                    format!("the checklist has no group `{id}`"),
                    instead(id, &known),
                );
            } else if !seen.insert(id) {
                self.wrong(
                    "groups.toml",
                    offset,
                    format!("the group `{id}` is there twice"),
                    "remove one of the two",
                );
            }
            if raw.rating != GroupRating::NotRated && raw.reason.trim().is_empty() {
                self.wrong(
                    "groups.toml",
                    offset,
                    format!("the rating of the group `{id}` has no reason"),
                    "say which characteristic it matches, and why",
                );
            }
        }
    }

    fn lists(&mut self) {
        let parts = self.parts;
        let mut ids = BTreeSet::new();
        for action in &parts.actions {
            let (offset, action) = (action.span().start, action.get_ref());
            if action.text.trim().is_empty() || action.owner.trim().is_empty() {
                self.wrong(
                    "actions.toml",
                    offset,
                    "an action has no text or no owner",
                    "say what is to be done and which role owns it",
                );
            }
            if !ids.insert(action.id.as_str()) {
                self.wrong(
                    "actions.toml",
                    offset,
                    format!("there is an action `{}` already", action.id),
                    "give each action an id of its own",
                );
            }
            self.named_items("actions.toml", offset, &action.items);
        }
        for practice in &parts.practice {
            self.named_items(
                "practice.toml",
                practice.span().start,
                &practice.get_ref().items,
            );
        }
        for finding in &parts.supplier {
            let (offset, finding) = (finding.span().start, finding.get_ref());
            for id in &finding.evidence {
                let mut all = parts.evidence.values().flatten();
                if !all.any(|e| e.get_ref().id == *id) {
                    self.wrong(
                        "supplier.toml",
                        offset,
                        format!("there is no evidence `{id}`"),
                        "name a record of the evidence folder",
                    );
                }
            }
        }
        for point in &parts.points {
            let (offset, point) = (point.span().start, point.get_ref());
            if !point.item.is_empty() {
                self.named_items("response.toml", offset, std::slice::from_ref(&point.item));
            }
        }
        self.measures();
    }

    fn measures(&mut self) {
        let parts = self.parts;
        for measure in &parts.measures {
            let (offset, measure) = (measure.span().start, measure.get_ref());
            let records = parts
                .evidence
                .get(&measure.item)
                .map_or(&[][..], Vec::as_slice);
            if !records.iter().any(|r| r.get_ref().id == measure.evidence) {
                self.wrong(
                    "measures.toml",
                    offset,
                    "the record of evidence that states this measure is not there",
                    "bring the record back, or remove the measure and fill it in again",
                );
            }
            let small = |n: Option<u64>| n.is_some_and(|n| (1..5).contains(&n));
            if measure.kind.counts_events()
                && (small(measure.numerator) || small(measure.denominator))
            {
                self.wrong(
                    "measures.toml",
                    offset,
                    "this measure states a number from 1 to 4, which could point to somebody",
                    "remove the number, and write what is withheld",
                );
            }
        }
    }

    fn named_items(&mut self, name: &str, offset: usize, items: &[String]) {
        for item in items {
            if !self.items.contains(&item.as_str()) {
                let fix = instead(item, &self.items);
                self.wrong(
                    name,
                    offset,
                    format!("the checklist has no item `{item}`"),
                    fix,
                );
            }
        }
    }
}
