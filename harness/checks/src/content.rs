//! What the checks of content share: the answer as a document, the rule that a step names, and what the
//! facts about the person say the hospital holds. Not for judging content, which `plumbline_prsb` does.

use crate::observed::{BodyState, Expectation, Observed};
use crate::sheet::{At, Sheet};
use plumbline_model::{DischargeFacts, Person, Shown, SkipReason};
use plumbline_prsb::{
    Content, Finding, Held, Rule, RuleResult, Severity, Standard, Standing, State, Subject, judge,
};
use plumbline_tree::{Node, Tree};
use std::sync::Arc;

const EXPORT: &str =
    "Give the document as FHIR, or export it and use plumbline content on the file";

/// The document and the rules, where both are there; otherwise the sheet says what is missing.
pub(crate) fn document<'a>(
    sheet: &mut Sheet,
    observed: &Observed<'a>,
    expectation: &Expectation<'a>,
) -> Option<(&'a Tree, &'a Standard)> {
    let Some(standard) = expectation.content else {
        sheet.misused("the pack has no content rules, so no document can be judged");
        return None;
    };
    let undecided = |sheet: &mut Sheet, message: &str, actual: String| {
        let actual = Shown::ours(actual);
        sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            message,
            actual,
            EXPORT,
        );
        None
    };
    let Some(page) = observed.pages.first() else {
        return undecided(
            sheet,
            "there is no document to judge",
            "no response".to_owned(),
        );
    };
    if page.status != 200 {
        let actual = format!("status {}", page.status);
        return undecided(sheet, "the document was not given", actual);
    }
    match &page.body {
        BodyState::Tree(tree) if page.has_duplicate_names() => {
            let _ = tree;
            let message = "an object of the document has two members of one name, which readers take differently";
            undecided(sheet, message, "a repeated member name".to_owned())
        }
        BodyState::Tree(tree) => Some((tree, standard)),
        BodyState::Empty => undecided(
            sheet,
            "there is no document to judge",
            "an empty body".to_owned(),
        ),
        BodyState::NotJson { bytes, .. } => {
            let actual = format!("{bytes} bytes that are no FHIR");
            undecided(sheet, "the document cannot be read", actual)
        }
    }
}

/// A rule as a step names it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'a> {
    /// The rule of a section, by its title.
    Section(&'a str),
    /// The rule of an item, by the titles of its section and its own.
    Item(&'a str, &'a str),
    /// Any rule, by its id.
    Id(&'a str),
}

impl Wanted<'_> {
    pub(crate) fn is(self, rule: &Rule) -> bool {
        let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
        match self {
            Wanted::Section(title) => {
                matches!(rule.subject, Subject::Section) && same(&rule.section_title, title)
            }
            Wanted::Item(section, title) => {
                matches!(rule.subject, Subject::Item(_))
                    && same(&rule.section_title, section)
                    && same(&rule.title, title)
            }
            Wanted::Id(id) => rule.id.as_str() == id,
        }
    }
}

/// Judges the document and tells what became of the rule that the step names.
pub(crate) fn tell(
    sheet: &mut Sheet,
    observed: &Observed<'_>,
    expectation: &Expectation<'_>,
    wanted: Wanted<'_>,
    held: &Held,
) {
    let Some((tree, standard)) = document(sheet, observed, expectation) else {
        return;
    };
    if !standard.rules().iter().any(|rule| wanted.is(rule)) {
        sheet.misused("the content rules know no such section, item or rule");
        return;
    }
    match judge(tree, standard, held) {
        Err(refusal) => sheet.undecided(
            SkipReason::NotObservable,
            At::page(0),
            "what came is not a document that these content rules are for",
            Shown::ours(refusal.what),
            &refusal.fix,
        ),
        Ok(content) => {
            for result in results(&content, wanted) {
                one(sheet, tree, result);
            }
        }
    }
}

fn results<'c>(content: &'c Content, wanted: Wanted<'_>) -> Vec<&'c RuleResult> {
    let all = content.results.iter();
    all.filter(|result| wanted.is(&result.rule)).collect()
}

fn one(sheet: &mut Sheet, tree: &Tree, result: &RuleResult) {
    let rule = &result.rule;
    match &result.state {
        State::Met => {
            sheet.saw(result.observed);
            if result.coded.syntax_only + result.coded.not_checked > 0 {
                sheet.note(
                    "the codes were checked by their form alone, or not at all",
                    Shown::ours("codes that mean what they should"),
                    Shown::ours(format!(
                        "{} of {} codes were not looked up in a list",
                        result.coded.syntax_only + result.coded.not_checked,
                        result.coded.total()
                    )),
                );
            }
        }
        State::Broken => {
            sheet.saw(result.observed.max(1));
            for finding in &result.findings {
                broken(sheet, tree, rule, finding);
            }
            if result.standing == Standing::Advisory {
                sheet.note(
                    "this rule is advisory in documents of this kind",
                    Shown::ours("guidance of the NHS on where it stands"),
                    Shown::ours("none that we know"),
                );
            }
        }
        State::NotExercised(why) => sheet.nothing(why.words(), &rule.message),
        State::CannotTest(reason) => sheet.undecided(
            SkipReason::NotChecked,
            At::page(0),
            format!("{} cannot be seen in a document", rule.title),
            Shown::ours(reason.clone()),
            "Show it in another way",
        ),
    }
}

/// A should beside a must is told and breaks nothing: the level of the requirement is that of the rule.
fn broken(sheet: &mut Sheet, tree: &Tree, rule: &Rule, finding: &Finding) {
    let message = format!("{} ({})", finding.message, finding.rule);
    let expected = Shown::ours(finding.expected.clone());
    let actual = Shown::ours(finding.actual.clone());
    let node = tree.nodes().find(|node| node.offset() == finding.offset);
    let at = At::node(0, node.unwrap_or_else(|| tree.root()));
    if rule.severity == Severity::Must && finding.severity == Severity::Should {
        sheet.note(message, expected, actual);
    } else {
        sheet.broken_with(at, message, expected, actual, &finding.next_step);
    }
}

/// What the facts about the person say that the hospital holds, by the rules that speak of it.
pub(crate) fn held(person: &Person, facts: &DischargeFacts, standard: &Standard) -> Held {
    let mut known = Known {
        standard,
        held: Held::nothing_known(),
    };
    known.identity(person);
    known.stay(facts);
    for allergy in &person.allergies {
        known.value(
            "Allergies and adverse reactions",
            "Causative agent",
            &allergy.code,
        );
        known.value(
            "Allergies and adverse reactions",
            "Date recorded",
            &allergy.recorded,
        );
    }
    for diagnosis in &facts.diagnoses {
        known.value("Diagnoses", "Diagnosis name", &diagnosis.code);
    }
    for procedure in &facts.procedures {
        known.value("Procedures", "Procedure name", &procedure.code);
    }
    for medicine in &facts.medicines {
        let item = if medicine.is_stopped() {
            "Name of discontinued medication"
        } else {
            "Medication name"
        };
        known.value("Medications and medical devices", item, &medicine.code);
    }
    known.value(
        "GP practice",
        "GP practice identifier",
        &facts.gp_practice.ods,
    );
    known.value("GP practice", "GP name", &facts.gp_name);
    for told in &facts.narrative {
        known.value(&told.section, &told.item, &told.text);
    }
    known.held
}

struct Known<'a> {
    standard: &'a Standard,
    held: Held,
}

impl Known<'_> {
    fn identity(&mut self, person: &Person) {
        let section = "Patient demographics";
        self.value(section, "NHS number", &person.identity.nhs_number);
        if let Some(born) = &person.identity.birth_date {
            self.value(section, "Date of birth", born);
        }
        self.value(section, "Gender", &person.identity.gender);
    }

    fn stay(&mut self, facts: &DischargeFacts) {
        let stay = &facts.stay;
        let section = "Admission details";
        self.value(section, "Reason for admission", &stay.reason);
        self.value(section, "Admission method", &stay.method.code);
        self.value(section, "Source of admission", &stay.source.code);
        self.value(section, "Date/time of admission", &stay.admitted);
        let section = "Discharge details";
        self.value(section, "Date/time of discharge", &stay.discharged);
        self.value(section, "Discharge type", &stay.destination.code);
        self.value(section, "Discharge method", &stay.discharge_method);
        self.value(section, "Discharge location", &stay.ward);
        self.value(section, "Discharging consultant", &facts.author.family);
        self.value(
            section,
            "Discharging specialty/department",
            &facts.author.specialty.code,
        );
        if let Some(address) = &stay.address {
            self.value(section, "Discharge address", &address.postcode);
        }
    }

    /// The value of an item, named as the standard names it.
    fn value(&mut self, section: &str, item: &str, value: &str) {
        self.add(|rule| Wanted::Item(section, item).is(rule), Some(value));
        self.add(|rule| Wanted::Section(section).is(rule), None);
    }

    fn add(&mut self, wanted: impl Fn(&Rule) -> bool, value: Option<&str>) {
        let rules: Vec<Arc<Rule>> = self
            .standard
            .rules()
            .iter()
            .filter(|rule| wanted(rule))
            .cloned()
            .collect();
        for rule in rules {
            let held = std::mem::take(&mut self.held);
            self.held = match value {
                Some(value) => held.value(rule.id.clone(), value),
                None => held.something(rule.id.clone()),
            };
        }
    }
}

/// The Composition of a document, and the resource that a reference in it leads to.
pub(crate) struct Parts<'a> {
    entries: Vec<Node<'a>>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(tree: &'a Tree) -> Self {
        let entries = tree.root().get("entry");
        Self {
            entries: entries.into_iter().flat_map(Node::items).collect(),
        }
    }

    /// The first resource.
    pub(crate) fn first(&self) -> Option<Node<'a>> {
        self.entries.first()?.get("resource")
    }

    /// What a reference leads to: by the address of its entry, or by type and id.
    pub(crate) fn referred(&self, reference: &str) -> Option<Node<'a>> {
        let text = |node: Node<'a>, name: &str| node.get(name).and_then(Node::as_str);
        self.entries.iter().find_map(|entry| {
            let resource = entry.get("resource")?;
            let by_address = text(*entry, "fullUrl") == Some(reference);
            let by_id = || {
                let own = format!(
                    "{}/{}",
                    text(resource, "resourceType")?,
                    text(resource, "id")?
                );
                (reference == own || reference.ends_with(&format!("/{own}"))).then_some(())
            };
            (by_address || by_id().is_some()).then_some(resource)
        })
    }
}
