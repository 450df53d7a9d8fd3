//! What follows from an assessment by rule and without judgement: which judgements have enough evidence to be shown,
//! how far the two answers are apart, and how many there are of each. Never makes or changes a judgement.

use crate::assessment::{Answer, Assessment};
use crate::checklist::{Checklist, ItemId};
use crate::evidence::Evidence;
use crate::words::{Category, Confidence, GroupRating, ItemLevel, Status};
use serde::Serialize;
use std::collections::BTreeSet;

/// How many categories of evidence a judgement needs before it is shown.
pub(crate) const LEAST_CATEGORIES: usize = 2;

/// What is shown for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The inspector judged it met, on enough evidence.
    Met,
    /// Likewise partly met.
    PartlyMet,
    /// Likewise not met.
    NotMet,
    /// The inspector judged it, on less evidence than the rule asks for; the judgement is not shown.
    NotEnough,
    /// The inspector says that it does not apply.
    NotApplicable,
    /// The inspector has not judged it.
    NotAssessed,
}

impl Standing {
    /// Every standing, in the order in which pages show them.
    pub const ALL: &[Self] = &[
        Self::Met,
        Self::PartlyMet,
        Self::NotMet,
        Self::NotEnough,
        Self::NotApplicable,
        Self::NotAssessed,
    ];

    /// The words shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::PartlyMet => "Partly met",
            Self::NotMet => "Not met",
            Self::NotEnough => "Not enough evidence",
            Self::NotApplicable => "Not applicable",
            Self::NotAssessed => "Not assessed",
        }
    }

    /// The judgement, where one is shown.
    pub const fn rating(self) -> Option<Status> {
        match self {
            Self::Met => Some(Status::Met),
            Self::PartlyMet => Some(Status::PartlyMet),
            Self::NotMet => Some(Status::NotMet),
            Self::NotEnough | Self::NotApplicable | Self::NotAssessed => None,
        }
    }
}

/// What a judgement lacks to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lack {
    /// It rests on one category of evidence only.
    SecondCategory,
    /// Everything it rests on comes from the organisation or its supplier.
    IndependentEvidence,
}

/// The organisation's own answer compared with the inspector's judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// The same.
    Same,
    /// The organisation's own answer is higher, by one step or two.
    OwnHigher(u8),
    /// It is lower.
    OwnLower(u8),
    /// One of the two is no rating.
    NotComparable,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemOverview {
    /// The item.
    pub id: ItemId,
    /// What is shown.
    pub standing: Standing,
    /// What is lacking, where that is not enough evidence.
    pub lacking: Vec<Lack>,
    /// The organisation's own answer.
    pub own: Status,
    /// How far the two are apart.
    pub gap: Gap,
    /// How sure the inspector is; only where a judgement is shown.
    pub confidence: Option<Confidence>,
    /// Categories of the evidence that the judgement cites.
    pub categories: Vec<Category>,
    /// How many records it cites.
    pub cited: usize,
    /// How many of them the organisation did not supply.
    pub independent: usize,
    /// How many records of evidence there are, without those that were replaced.
    pub records: usize,
    /// How many records are no evidence: claims and mocks.
    pub set_aside: usize,
    /// Views that differ.
    pub dissent: usize,
}

/// How many items stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Met.
    pub met: usize,
    /// Partly met.
    pub partly_met: usize,
    /// Not met.
    pub not_met: usize,
    /// Not enough evidence.
    pub not_enough: usize,
    /// Not applicable.
    pub not_applicable: usize,
    /// Not assessed.
    pub not_assessed: usize,
}

impl Tally {
    /// Items with a judgement that is shown.
    pub const fn judged(self) -> usize {
        self.met + self.partly_met + self.not_met
    }

    /// Items that apply.
    pub const fn applicable(self) -> usize {
        self.judged() + self.not_enough + self.not_assessed
    }

    /// How many stand so.
    pub const fn of(self, standing: Standing) -> usize {
        match standing {
            Standing::Met => self.met,
            Standing::PartlyMet => self.partly_met,
            Standing::NotMet => self.not_met,
            Standing::NotEnough => self.not_enough,
            Standing::NotApplicable => self.not_applicable,
            Standing::NotAssessed => self.not_assessed,
        }
    }

    fn add(&mut self, standing: Standing) {
        *match standing {
            Standing::Met => &mut self.met,
            Standing::PartlyMet => &mut self.partly_met,
            Standing::NotMet => &mut self.not_met,
            Standing::NotEnough => &mut self.not_enough,
            Standing::NotApplicable => &mut self.not_applicable,
            Standing::NotAssessed => &mut self.not_assessed,
        } += 1;
    }
}

/// How far the organisation's answers are from the inspector's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct GapTally {
    /// The same.
    pub same: usize,
    /// The organisation's is higher.
    pub own_higher: usize,
    /// The organisation's is lower.
    pub own_lower: usize,
    /// Not comparable.
    pub not_comparable: usize,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupOverview {
    /// The group.
    pub id: String,
    /// The inspector's rating; `None` where there is one and no item of the group has enough evidence.
    pub rating: Option<GroupRating>,
    /// Its items.
    pub tally: Tally,
}

/// An assessment at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// Every item, in the order of the checklist.
    pub items: Vec<ItemOverview>,
    /// Every group, in the order of the checklist.
    pub groups: Vec<GroupOverview>,
    /// All items.
    pub tally: Tally,
    /// The essential ones.
    pub essential: Tally,
    /// The two answers compared.
    pub gaps: GapTally,
}

/// Looks over an assessment.
pub fn overview(assessment: &Assessment, checklist: &Checklist) -> Overview {
    let mut tally = Tally::default();
    let mut essential = Tally::default();
    let mut gaps = GapTally::default();
    let mut items = Vec::new();
    for (item, answer) in assessment.answered(checklist) {
        let it = item_overview(&item.id, answer, assessment);
        tally.add(it.standing);
        if item.level == ItemLevel::Essential {
            essential.add(it.standing);
        }
        *match it.gap {
            Gap::Same => &mut gaps.same,
            Gap::OwnHigher(_) => &mut gaps.own_higher,
            Gap::OwnLower(_) => &mut gaps.own_lower,
            Gap::NotComparable => &mut gaps.not_comparable,
        } += 1;
        items.push(it);
    }
    let groups = checklist.groups.iter().map(|group| {
        let mut tally = Tally::default();
        for it in items
            .iter()
            .filter(|it| it.id.as_str().starts_with(&group.id))
        {
            tally.add(it.standing);
        }
        let given = assessment.groups.get(&group.id);
        let given = given.map_or(GroupRating::NotRated, |g| g.rating);
        let rating = match given {
            GroupRating::NotRated => Some(given),
            GroupRating::FullyMet
            | GroupRating::MostlyMet
            | GroupRating::PartlyMet
            | GroupRating::NotMet => (tally.judged() > 0).then_some(given),
        };
        GroupOverview {
            id: group.id.clone(),
            rating,
            tally,
        }
    });
    let groups = groups.collect();
    Overview {
        items,
        groups,
        tally,
        essential,
        gaps,
    }
}

fn item_overview(id: &ItemId, answer: &Answer, assessment: &Assessment) -> ItemOverview {
    let judged = &answer.inspector;
    let cited: Vec<&Evidence> = judged
        .evidence
        .iter()
        .filter_map(|id| assessment.evidence(id))
        .collect();
    let categories: BTreeSet<Category> = cited.iter().map(|e| e.category).collect();
    let independent = cited.iter().filter(|e| e.is_independent()).count();
    let mut lacking = Vec::new();
    if judged.status.is_rating() {
        if categories.len() < LEAST_CATEGORIES {
            lacking.push(Lack::SecondCategory);
        }
        if independent == 0 {
            lacking.push(Lack::IndependentEvidence);
        }
    }
    let standing = match judged.status {
        _ if !lacking.is_empty() => Standing::NotEnough,
        Status::Met => Standing::Met,
        Status::PartlyMet => Standing::PartlyMet,
        Status::NotMet => Standing::NotMet,
        Status::NotApplicable => Standing::NotApplicable,
        Status::NotAssessed => Standing::NotAssessed,
    };
    let records = assessment.evidence.get(id).map_or(&[][..], Vec::as_slice);
    ItemOverview {
        id: id.clone(),
        standing,
        lacking,
        own: answer.own.status,
        gap: gap(answer.own.status, standing),
        confidence: standing.rating().map(|_| judged.confidence),
        categories: categories.into_iter().collect(),
        cited: cited.len(),
        independent,
        records: records
            .iter()
            .filter(|e| assessment.replacement(&e.id).is_none())
            .count(),
        set_aside: assessment.set_aside.get(id).map_or(0, Vec::len),
        dissent: answer.dissent.len(),
    }
}

fn gap(own: Status, standing: Standing) -> Gap {
    let judged = standing.rating().and_then(Status::steps);
    match (own.steps(), judged) {
        (Some(own), Some(judged)) => {
            let apart = own.abs_diff(judged);
            match own.cmp(&judged) {
                std::cmp::Ordering::Equal => Gap::Same,
                std::cmp::Ordering::Greater => Gap::OwnHigher(apart),
                std::cmp::Ordering::Less => Gap::OwnLower(apart),
            }
        }
        (None, _) | (_, None) => Gap::NotComparable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_in_steps_and_only_between_ratings() {
        assert_eq!(gap(Status::Met, Standing::Met), Gap::Same);
        assert_eq!(gap(Status::Met, Standing::NotMet), Gap::OwnHigher(2));
        assert_eq!(gap(Status::PartlyMet, Standing::Met), Gap::OwnLower(1));
        assert_eq!(gap(Status::Met, Standing::NotEnough), Gap::NotComparable);
        assert_eq!(gap(Status::NotAssessed, Standing::Met), Gap::NotComparable);
    }
}
