//! What the run of the made pack says of each person: as in the data sheet, different, or not known.
//! Everything in it comes from findings after redaction. Not for the making of the pack.

use crate::area::Area;
use crate::check_pack::{CheckPlan, WhyNot};
use plumbline_model::{
    ActorRole, Completion, Finding, FindingKind, RunRecord, ScenarioRecord, Verdict,
};

/// What became of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AreaOutcome {
    /// As in the data sheet.
    Same,
    /// Not as in the data sheet; at least one difference.
    Different(Vec<Difference>),
    /// It could not be decided.
    Undecided(String),
    /// It was not asked.
    NotAsked(WhyNot),
}

/// One difference between target and data sheet, after redaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The element, such as `Bundle.entry[0].resource.name[0].family`; empty for the whole answer.
    pub element: String,
    /// What is different.
    pub message: String,
    /// What the data sheet says.
    pub expected: String,
    /// What came.
    pub found: String,
}

/// What is known of one area of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaReport {
    /// The area; `None` stands for everything about the person.
    pub area: Option<Area>,
    /// What became of it.
    pub outcome: AreaOutcome,
}

/// What is known of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonReport {
    /// The role.
    pub role: ActorRole,
    /// Area by area.
    pub areas: Vec<AreaReport>,
}

/// How the whole comparison, or that of one person, came out: the worst of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckState {
    /// There was nothing to compare.
    NotAsked,
    /// Everything that was compared is as in the data sheet.
    Same,
    /// Something could not be decided.
    Undecided,
    /// Something is different.
    Different,
}

/// The whole comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Every role of the pack, in its order.
    pub people: Vec<PersonReport>,
    /// Why the run ended early, if it did.
    pub stopped: Option<String>,
    /// The name of the mock, if the target is one.
    pub mock: Option<String>,
}

impl AreaOutcome {
    fn state(&self) -> CheckState {
        match self {
            Self::Same => CheckState::Same,
            Self::Different(_) => CheckState::Different,
            Self::Undecided(_) => CheckState::Undecided,
            Self::NotAsked(why) if why.is_gap() => CheckState::Undecided,
            Self::NotAsked(_) => CheckState::NotAsked,
        }
    }
}

impl PersonReport {
    /// The worst of its areas.
    pub fn state(&self) -> CheckState {
        let states = self.areas.iter().map(|area| area.outcome.state());
        states.max().unwrap_or(CheckState::NotAsked)
    }
}

impl CheckReport {
    /// Reads the record of a run of the made pack; `None` where there was nothing to run.
    pub fn new(plan: &CheckPlan, record: Option<&RunRecord>) -> Self {
        let people = plan
            .roles
            .iter()
            .map(|role| PersonReport {
                role: role.clone(),
                areas: areas(plan, record, role),
            })
            .collect();
        let stopped = record.and_then(|record| match &record.completion {
            Completion::Completed => None,
            Completion::Incomplete { why } => Some(why.clone()),
        });
        let mock = record.and_then(RunRecord::mock_name).map(str::to_owned);
        Self {
            people,
            stopped,
            mock,
        }
    }

    /// The worst of its people. A comparison that was ended early, or that compared nothing, is
    /// never the same; ended early, it is not known to be different either.
    pub fn state(&self) -> CheckState {
        if self.stopped.is_some() {
            return CheckState::Undecided;
        }
        let states = self.people.iter().map(PersonReport::state);
        states.max().unwrap_or(CheckState::NotAsked)
    }

    /// How many people came out so.
    pub fn count(&self, state: CheckState) -> usize {
        let people = self.people.iter();
        people.filter(|person| person.state() == state).count()
    }
}

fn areas(plan: &CheckPlan, record: Option<&RunRecord>, role: &ActorRole) -> Vec<AreaReport> {
    let asked = plan.questions.iter().filter(|q| q.role == *role).map(|q| {
        let scenario = record.and_then(|r| r.scenarios.iter().find(|s| s.id == q.scenario));
        AreaReport {
            area: Some(q.area),
            outcome: scenario.map_or_else(
                || AreaOutcome::Undecided("it was not run".to_owned()),
                outcome,
            ),
        }
    });
    let not_asked = plan.not_asked.iter().filter(|n| n.role == *role);
    let not_asked = not_asked.map(|n| AreaReport {
        area: n.area,
        outcome: AreaOutcome::NotAsked(n.why.clone()),
    });
    asked.chain(not_asked).collect()
}

fn outcome(scenario: &ScenarioRecord) -> AreaOutcome {
    let findings = || scenario.steps.iter().flat_map(|step| &step.findings);
    match scenario.verdict {
        Verdict::Pass => AreaOutcome::Same,
        Verdict::Fail | Verdict::Warning => {
            let broken = findings().filter(|f| f.kind == FindingKind::Broken);
            AreaOutcome::Different(broken.map(difference).collect())
        }
        Verdict::Error(_) | Verdict::Skip(_) | Verdict::Review | Verdict::NotApplicable(_) => {
            let told = findings().find(|f| f.kind != FindingKind::Note);
            AreaOutcome::Undecided(told.map_or_else(
                || "an earlier step could not be done".to_owned(),
                |finding| finding.message.clone(),
            ))
        }
    }
}

fn difference(finding: &Finding) -> Difference {
    Difference {
        element: finding.location.fhirpath.clone(),
        message: finding.message.clone(),
        expected: finding.expected.clone(),
        found: finding.actual.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand_made::{files, pack, people, record, target};
    use crate::plan_check;
    use plumbline_model::{ErrorKind, SkipReason};

    fn plan() -> CheckPlan {
        let people = people();
        plan_check(&files(), &pack(), &people, &target(&people))
    }

    fn person<'a>(report: &'a CheckReport, role: &str) -> &'a PersonReport {
        let of = |person: &&PersonReport| person.role.as_str() == role;
        report.people.iter().find(of).unwrap()
    }

    #[test]
    fn all_passes_are_as_in_the_data_sheet() {
        let plan = plan();
        let report = CheckReport::new(&plan, Some(&record(&plan, &[])));
        assert_eq!(report.state(), CheckState::Same);
        assert_eq!(report.count(CheckState::Same), 5);
    }

    #[test]
    fn a_failure_names_the_person_and_the_element() {
        let plan = plan();
        let spoilt = ("ac-001-patient", Verdict::Fail);
        let report = CheckReport::new(&plan, Some(&record(&plan, &[spoilt])));
        assert_eq!(report.state(), CheckState::Different);
        assert_eq!(report.count(CheckState::Different), 1);
        let basic = person(&report, "patient-basic");
        let AreaOutcome::Different(differences) = &basic.areas[0].outcome else {
            panic!("{basic:?}");
        };
        assert_eq!(differences[0].element, "Patient.name[0].family");
        assert_eq!(basic.areas[1].outcome, AreaOutcome::Same);
    }

    #[test]
    fn what_is_not_known_is_never_the_same() {
        let plan = plan();
        for verdict in [
            Verdict::Skip(SkipReason::EarlierStep),
            Verdict::Error(ErrorKind::Unreachable),
            Verdict::Review,
        ] {
            let report =
                CheckReport::new(&plan, Some(&record(&plan, &[("ac-002-patient", verdict)])));
            assert_eq!(report.state(), CheckState::Undecided, "{verdict:?}");
            assert_eq!(report.count(CheckState::Same), 4);
        }
        let mut stopped = record(&plan, &[("ac-001-patient", Verdict::Fail)]);
        stopped.completion = Completion::Incomplete {
            why: "stopped".to_owned(),
        };
        let report = CheckReport::new(&plan, Some(&stopped));
        assert_eq!(report.state(), CheckState::Undecided);
        let mut short = record(&plan, &[]);
        short.scenarios.pop();
        let report = CheckReport::new(&plan, Some(&short));
        assert_eq!(report.state(), CheckState::Undecided);
    }

    #[test]
    fn nothing_asked_is_nothing_known() {
        let people = people();
        let mut own = target(&people);
        for entry in own.actors.values_mut() {
            entry.data_sheet = false;
        }
        let plan = plan_check(&files(), &pack(), &people, &own);
        assert!(plan.questions.is_empty());
        let report = CheckReport::new(&plan, None);
        assert_eq!(report.state(), CheckState::NotAsked);
        own.actors.clear();
        let plan = plan_check(&files(), &pack(), &people, &own);
        assert_eq!(CheckReport::new(&plan, None).state(), CheckState::Undecided);
    }
}
