//! Inspections by checklist: items, evidence, judgements. Not for pages, and not for IO: the caller reads and
//! writes the files. A judgement is made by a person; nothing here computes one.

mod assessment;
mod checklist;
mod consistency;
mod create;
mod day;
mod evidence;
mod fill;
mod load;
mod measures;
mod mistake;
mod overview;
mod reading;
mod scan;
mod wilson;
mod words;

pub use assessment::{
    ASSESSMENT_FORMAT, Action, Answer, Assessment, ChecklistRef, Dissent, Folder, Frame,
    GroupJudgement, Judgement, Member, Organisation, OwnAnswer, Point, Practice, Response, Summary,
    SupplierFinding,
};
pub use checklist::{
    Automated, Characteristic, Checklist, Citation, Document, Group, Item, ItemId, KnownPacks,
    Link, read as read_checklist, sha256,
};
pub use create::{NewAssessment, create};
pub use day::Day;
pub use evidence::{Evidence, Measure, RuleCounts, RunFacts, SetAside};
pub use fill::{Additions, RunInput, appended, fill_measures, fill_run};
pub use load::{FRAME, frame, load};
pub use mistake::{Mistake, Mistakes};
pub use overview::{
    Gap, GapTally, GroupOverview, ItemOverview, Lack, Overview, Standing, Tally, overview,
};
pub use scan::{Kind, refuse_identifiers, refuse_identifiers_in};
pub use wilson::wilson;
pub use words::{
    Category, Confidence, Demand, EnquiryLine, EvidenceType, GroupRating, ItemLevel, KeyQuestion,
    MeasureKind, Nature, PointKind, PointOutcome, Reach, RunEnd, RunStanding, Status, Strength,
    SuppliedBy, Urgency, Weighs, Withheld,
};
