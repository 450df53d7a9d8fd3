//! Makes a pack that asks a target whether it holds the people of the data sheet.
//! It is run like any other, so limits, the stop at real patients and redaction hold.
//! Not for reading the result: `check_report` does that.

use crate::area::{Area, Asked};
use plumbline_model::{ActorRole, Capability, Person, ScenarioId};
use plumbline_pack::{Files, Pack, TargetFile};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The id of the made pack. Its rules are of no standard and its scenarios are advisory, so nothing
/// in it can ever be scored.
pub const PACK_ID: &str = "actor-check";

const PEOPLE: &str = "scenarios/_people/";

/// The deviations and the scoring of a pack that is never scored.
const DEVIATIONS: &str = "None: the data sheet is the only source.\n";
const SCORING: &str = "[bands]\n\"all\" = 100\n\n[minimum_evidence]\ncoverage_percent = 100\n\n[severity]\nsigned_off = false\n";

/// The header of requirements.csv, in the order in which the rows are made here.
const HEADER: &str = "id,level,title,domain,interop_level,severity,harm,capability,source_document,source_section,source_url,read_first,read_second,not_tested_reason,legal_basis,applies_to\n";
/// A rule needs an address; the data sheet is inside the binary and has none.
const ADDRESS: &str = "https://plumbline.invalid/data-sheet";
const HARM: &str = "Scenarios would judge the test data and not the system.";
const REASON: &str = "It looks at test data and is a rule of no standard.";

/// One thing that is asked about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The scenario that asks it.
    pub scenario: ScenarioId,
    /// About whom.
    pub role: ActorRole,
    /// About what.
    pub area: Area,
}

/// Why something is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// target.toml says that the patient was not loaded from the data sheet.
    OwnPatient,
    /// target.toml maps nobody to the role, and scenarios of the scope need it.
    NotMapped,
    /// target.toml maps nobody to the role, and no scenario of the scope needs it.
    NotNeeded,
    /// No scenario of the scope reads records of this type.
    NotInScope,
}

impl WhyNot {
    /// In words.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::OwnPatient => "a patient of your own (data_sheet = false)",
            Self::NotMapped => "target.toml maps nobody to it, and your scope needs it",
            Self::NotNeeded => "target.toml maps nobody to it, and your scope does not need it",
            Self::NotInScope => "no scenario of your scope reads them",
        }
    }

    /// Whether the target was meant to hold it, so that nothing asked is nothing known.
    pub const fn is_gap(&self) -> bool {
        match self {
            Self::NotMapped => true,
            Self::OwnPatient | Self::NotNeeded | Self::NotInScope => false,
        }
    }
}

/// Something that is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAsked {
    /// About whom.
    pub role: ActorRole,
    /// About what; `None` is everything.
    pub area: Option<Area>,
    /// Why not.
    pub why: WhyNot,
}

/// The made pack and what its scenarios stand for.
#[derive(Debug, Clone)]
pub struct CheckPlan {
    /// The pack and the people, to be loaded as [`PACK_ID`]; without a question there is no
    /// feature in it, and it cannot be loaded.
    pub files: Files,
    /// The roles of the original pack, in its order.
    pub roles: Vec<ActorRole>,
    /// What is asked, in the order of the roles.
    pub questions: Vec<Question>,
    /// What is not.
    pub not_asked: Vec<NotAsked>,
}

/// Makes the pack for the roles of `pack` that `target` maps, from the people in `files`.
pub fn plan_check(
    files: &Files,
    pack: &Pack,
    people: &BTreeMap<ActorRole, Person>,
    target: &TargetFile,
) -> CheckPlan {
    let asked = Asked::of(pack, &target.scope);
    let mut made = Made {
        files: files
            .under(PEOPLE)
            .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
            .collect(),
        rules: HEADER.to_owned(),
        questions: Vec::new(),
        not_asked: Vec::new(),
    };
    for (role, number) in pack.actors.iter().zip(1..) {
        let person = people.get(role);
        let why = match (target.actors.get(role), person) {
            (Some(entry), Some(_)) if entry.data_sheet => None,
            (Some(_), _) => Some(WhyNot::OwnPatient),
            (None, _) if asked.by_role.contains_key(role) => Some(WhyNot::NotMapped),
            (None, _) => Some(WhyNot::NotNeeded),
        };
        match (why, person) {
            (None, Some(person)) => made.person(number, person, &asked),
            (why, _) => made.not_asked.push(NotAsked {
                role: role.clone(),
                area: None,
                why: why.unwrap_or(WhyNot::OwnPatient),
            }),
        }
    }
    made.finish(pack)
}

/// A pack under making.
struct Made {
    files: BTreeMap<String, Vec<u8>>,
    rules: String,
    questions: Vec<Question>,
    not_asked: Vec<NotAsked>,
}

impl Made {
    fn person(&mut self, number: usize, person: &Person, asked: &Asked) {
        let role = &person.role;
        let mut feature = format!("Feature: The data sheet of {role}\n");
        let before = self.questions.len();
        for area in Area::all() {
            let Some(capability) = asked.capabilities.get(&area) else {
                // A type that neither the facts nor the scope know is not worth a word.
                if area == Area::Identity || area.held(person) > 0 {
                    self.not_asked.push(NotAsked {
                        role: role.clone(),
                        area: Some(area),
                        why: WhyNot::NotInScope,
                    });
                }
                continue;
            };
            let id = format!("ac-{number:03}-{}", area.resource_type().to_lowercase());
            let requirement = id.to_uppercase();
            self.rule(&requirement, area, capability);
            // Writing to a String cannot fail.
            let _ = write!(
                feature,
                "\n  @id:{id} @req:{requirement} @capability:{capability} @advisory\n  Scenario: {}\n",
                title(area)
            );
            for step in steps(area, person) {
                let _ = writeln!(feature, "    {step}");
            }
            self.questions.push(Question {
                scenario: ScenarioId::new(id),
                role: role.clone(),
                area,
            });
        }
        if self.questions.len() > before {
            let path = format!("scenarios/{PACK_ID}/person-{number:03}.feature");
            self.files.insert(path, feature.into_bytes());
        }
    }

    /// A rule that is honest about being none: no readings, and a reason why it is not tested.
    fn rule(&mut self, id: &str, area: Area, capability: &Capability) {
        let (title, section) = (title(area), area.words());
        let _ = writeln!(
            self.rules,
            "{id},SHALL,{title},access,foundational,1,{HARM},{capability},data-sheet,{section},{ADDRESS},,,{REASON},,"
        );
    }

    fn finish(mut self, pack: &Pack) -> CheckPlan {
        let Self { questions, .. } = &self;
        let list = |items: Vec<&str>| {
            let quoted: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
            quoted.join(", ")
        };
        let mut roles: Vec<&str> = questions.iter().map(|q| q.role.as_str()).collect();
        roles.dedup();
        let capabilities = pack.capabilities();
        let capabilities: Vec<&str> = capabilities.iter().map(Capability::as_str).collect();
        let pack_file = format!(
            "id = \"{PACK_ID}\"\ntitle = \"Data sheet\"\nversion = \"1\"\nfhir_version = \"{fhir}\"\n\
             owner = \"Plumbline\"\nlicence = \"As Plumbline\"\nlast_checked = \"{checked}\"\n\
             actors = [{roles}]\n\n\
             [[standards]]\nid = \"data-sheet\"\ntitle = \"Data sheet\"\nedition = \"1\"\n\
             edition_status = \"unconfirmed\"\nurl = \"{ADDRESS}\"\n\n\
             [[scope_profiles]]\nid = \"all\"\ntitle = \"Everything\"\ncapabilities = [{capabilities}]\n",
            fhir = pack.fhir_version,
            checked = pack.last_checked,
            roles = list(roles),
            capabilities = list(capabilities),
        );
        for (name, text) in [
            ("pack.toml", pack_file.as_str()),
            ("requirements.csv", &self.rules),
            ("deviations.md", DEVIATIONS),
            ("scoring.toml", SCORING),
        ] {
            let path = format!("profiles/{PACK_ID}/{name}");
            self.files.insert(path, text.as_bytes().to_vec());
        }
        CheckPlan {
            files: Files::from_map(self.files),
            roles: pack.actors.clone(),
            questions: self.questions,
            not_asked: self.not_asked,
        }
    }
}

fn title(area: Area) -> String {
    format!("The {} are as in the data sheet", area.words()).replace("identity are", "identity is")
}

/// The steps of a question about a person.
fn steps(area: Area, person: &Person) -> Vec<String> {
    let given = format!("Given the patient \"{}\"", person.role);
    let line = str::to_owned;
    if area == Area::Identity {
        return vec![
            given,
            line("When patients are searched by NHS number"),
            line("And every page of the result is followed"),
            line("Then the result holds the patient"),
            line("And the patient's details are those of the data sheet"),
        ];
    }
    let name = area.resource_type();
    let then = match (area, area.held(person)) {
        (_, 0) => line("Then the result holds nobody"),
        (Area::Allergies, _) => line("Then every allergy the patient holds is in the result"),
        (Area::Identity | Area::Records(_), _) => {
            format!("Then every \"{name}\" record the patient holds is in the result")
        }
    };
    vec![
        given,
        line("And the target's own id for the patient is known"),
        format!("When \"{name}\" records are searched for the patient"),
        line("And every page of the result is followed"),
        then,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand_made::{AnyStep, files, pack, people, scope, target};
    use plumbline_model::PackId;

    fn plan(capabilities: &[&str], change: impl Fn(&mut TargetFile)) -> CheckPlan {
        let (pack, people) = (pack(), people());
        let mut target = target(&people);
        target.scope = scope(capabilities);
        change(&mut target);
        plan_check(&files(), &pack, &people, &target)
    }

    const ALL: &[&str] = &[
        "patient-index",
        "clinical-allergy-intolerance",
        "clinical-immunization",
    ];

    fn feature(plan: &CheckPlan, number: usize) -> String {
        let path = format!("scenarios/{PACK_ID}/person-{number:03}.feature");
        plan.files.text(&path).unwrap()
    }

    #[test]
    fn the_made_pack_passes_the_loader_and_is_never_scored() {
        let plan = plan(ALL, |_| {});
        let id = PackId::from(PACK_ID);
        let report = plumbline_pack::lint(&plan.files, &id, &AnyStep);
        assert!(report.is_empty(), "{}", report.render(&|_| None, false));
        let made = plumbline_pack::load(&plan.files, &id, &AnyStep).unwrap();
        let scenarios: Vec<_> = made.features.iter().flat_map(|f| &f.scenarios).collect();
        assert_eq!(scenarios.len(), plan.questions.len());
        assert_eq!(scenarios.len(), 15);
        for (scenario, question) in scenarios.iter().zip(&plan.questions) {
            assert!(!scenario.scored, "{}", scenario.id);
            assert_eq!(scenario.id, question.scenario);
            let named = crate::roles_in(scenario, &made.actors);
            assert_eq!(named.first(), Some(&question.role));
        }
        assert!(plan.not_asked.is_empty(), "{:?}", plan.not_asked);
    }

    #[test]
    fn the_assertion_follows_the_facts() {
        let plan = plan(ALL, |_| {});
        let basic = feature(&plan, 1);
        assert!(basic.contains("the patient's details are those of the data sheet"));
        assert_eq!(basic.matches("Then the result holds nobody").count(), 2);
        let records = feature(&plan, 5);
        assert!(records.contains("Then every \"Immunization\" record the patient holds is in the"));
        assert!(records.contains("@capability:clinical-immunization @advisory"));
        let allergies = feature(&plan, 4);
        assert!(allergies.contains("Then every allergy the patient holds is in the result"));
        let pages = allergies.matches("every page of the result is followed");
        assert_eq!(pages.count(), 3);
    }

    #[test]
    fn what_is_not_asked_says_why() {
        let role = |name: &str| ActorRole::from(name);
        let plan = plan(&["patient-index"], |target| {
            target.actors.remove(&role("patient-twin-a"));
            target.actors.remove(&role("patient-with-records"));
            if let Some(entry) = target.actors.get_mut(&role("patient-basic")) {
                entry.data_sheet = false;
            }
        });
        let why = |name: &str, area: Option<Area>| {
            let of = |n: &&NotAsked| n.role.as_str() == name && n.area == area;
            plan.not_asked.iter().find(of).map(|n| n.why.clone())
        };
        assert_eq!(why("patient-basic", None), Some(WhyNot::OwnPatient));
        assert_eq!(why("patient-twin-a", None), Some(WhyNot::NotMapped));
        assert_eq!(why("patient-with-records", None), Some(WhyNot::NotNeeded));
        let allergies = why("patient-with-allergies", Some(Area::Allergies));
        assert_eq!(allergies, Some(WhyNot::NotInScope));
        let asked: Vec<_> = plan.questions.iter().map(|q| q.role.as_str()).collect();
        assert_eq!(asked, ["patient-twin-b", "patient-with-allergies"]);
    }
}
