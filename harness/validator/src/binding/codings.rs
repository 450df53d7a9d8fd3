//! Every coding of a body by itself: whether its code system knows the code. Not for value sets.

use super::code::shown;
use super::coded::Coded;
use super::rules;
use crate::knowledge::Knowledge;
use crate::place::Place;
use crate::reference::reading::value;
use crate::report::Report;
use plumbline_fhir::validate::{CodeHolder, Survey, SurveyedCode};
use plumbline_fhir::{Assurance, Rule};
use plumbline_fhirpath::Element;
use plumbline_terminology::{Look, Membership, Terminology};
use plumbline_tree::Node;
use std::collections::BTreeMap;

/// So many answers of the last codes are kept.
const MOST_KEPT: usize = 16;

/// What a body with a code says.
#[derive(Debug, Clone, Copy, Default)]
struct Written<'a> {
    system: Option<&'a str>,
    version: Option<&'a str>,
    code: Option<&'a str>,
}

/// A code that was looked up, and what was found.
struct Kept<'a> {
    system: &'a str,
    version: Option<&'a str>,
    code: &'a str,
    look: Look,
    found: Option<Finding>,
}

/// What is counted together of one element: how codes were found, and the system if it is one that is listed.
type Counted<'a> = (Look, &'a str);

/// Judges every coding of a body.
pub(crate) fn check(
    knowledge: &Knowledge,
    survey: &Survey<'_>,
    report: &mut Report,
    coded: &mut Coded,
) {
    let mut it = Check {
        knowledge,
        report,
        kept: Vec::new(),
        next: 0,
        counts: BTreeMap::new(),
        served: BTreeMap::new(),
    };
    for code in &survey.codes {
        it.body(code);
    }
    it.finish(&survey.coded_elements, coded);
}

struct Check<'c, 'a> {
    knowledge: &'c Knowledge,
    report: &'c mut Report,
    /// The codes that were looked up last: a body says the same often.
    kept: Vec<Kept<'a>>,
    /// Which of them is replaced next.
    next: usize,
    /// How many codes of each element were found so.
    counts: BTreeMap<(u32, Counted<'a>), u64>,
    /// The same of codes that a server was asked about.
    served: BTreeMap<(u32, Assurance), u64>,
}

impl<'a> Written<'a> {
    fn of(body: Node<'a>) -> Self {
        let mut all = Self::default();
        for (name, node) in body.members() {
            let place = match name {
                "system" => &mut all.system,
                "version" => &mut all.version,
                "code" => &mut all.code,
                _ => continue,
            };
            *place = place.or_else(|| value(node).filter(|it| !it.is_empty()));
        }
        all
    }
}

impl<'a> Check<'_, 'a> {
    fn body(&mut self, at: &SurveyedCode<'a>) {
        let written = Written::of(at.body);
        let found = match (written.code, written.system) {
            (Some(code), Some(system)) => self.coding(at.element, system, written.version, code),
            (None, Some(system)) => of_system(&self.knowledge.terminology, system),
            (Some(_), None) if at.holder == CodeHolder::Coding => Some(Finding::NoSystem),
            (Some(_) | None, None) => None,
        };
        if let Some(found) = found {
            self.found(found, at.body, &written);
        }
    }

    fn coding(
        &mut self,
        element: u32,
        system: &'a str,
        version: Option<&'a str>,
        code: &'a str,
    ) -> Option<Finding> {
        let terminology = &self.knowledge.terminology;
        let (look, found) = self.look(system, version, code);
        if look.membership() == Membership::Unknown && terminology.has_server() {
            let answer = terminology.code_in_system(system, version, code);
            let key = (element, answer.assurance);
            *self.served.entry(key).or_default() += 1;
            return match answer.membership {
                Membership::Outside => Some(Finding::Unknown),
                Membership::Unknown => found,
                Membership::Inside => None,
            };
        }
        let listed = matches!(look, Look::Known | Look::Missing);
        let key = (element, (look, if listed { system } else { "" }));
        *self.counts.entry(key).or_default() += 1;
        found
    }

    fn look(
        &mut self,
        system: &'a str,
        version: Option<&'a str>,
        code: &'a str,
    ) -> (Look, Option<Finding>) {
        let is_it =
            |it: &&Kept<'_>| it.code == code && it.system == system && it.version == version;
        if let Some(kept) = self.kept.iter().find(is_it) {
            return (kept.look, kept.found);
        }
        let terminology = &self.knowledge.terminology;
        let look = terminology.look(system, version, code);
        let found = of_look(terminology, look, system);
        let kept = Kept {
            system,
            version,
            code,
            look,
            found,
        };
        match self.kept.get_mut(self.next) {
            Some(old) => *old = kept,
            None => self.kept.push(kept),
        }
        self.next = (self.next + 1) % MOST_KEPT;
        (look, found)
    }

    fn found(&mut self, found: Finding, body: Node<'_>, written: &Written<'_>) {
        let types = self.knowledge.types;
        let system = written.system.unwrap_or_default();
        let at = Place::of(types, Element::new(None, Some(body), None));
        let code = written.code.map_or_else(|| "this coding".to_owned(), shown);
        let form = self.knowledge.terminology.form_of(system);
        let form = form.unwrap_or("a code of its system");
        let of_system = format!("a code of the code system {system}");
        let (rule, gaps, expected): (&'static Rule, Vec<&str>, &str) = match found {
            Finding::Unknown => (&rules::CODE_UNKNOWN, vec![&code, system], &of_system),
            Finding::UnknownInPart => (
                &rules::CODE_UNKNOWN_IN_PART,
                vec![&code, system],
                &of_system,
            ),
            Finding::Form => (&rules::CODE_FORM, vec![&code, form], form),
            Finding::NoSystem => (&rules::CODE_NO_SYSTEM, vec![&code], "a system"),
            Finding::Relative => (
                &rules::CODE_SYSTEM_RELATIVE,
                vec![&code],
                "an absolute address",
            ),
            Finding::ValueSet => (
                &rules::CODE_SYSTEM_VALUE_SET,
                vec![&code, system],
                "the address of a code system",
            ),
        };
        self.report.add(rule, &at, &gaps, expected, &code);
    }

    fn finish(self, elements: &[String], coded: &mut Coded) {
        let terminology = &self.knowledge.terminology;
        let path = |element: u32| elements.get(element as usize).map_or("", String::as_str);
        for ((element, (look, system)), count) in self.counts {
            let assurance = terminology.assurance(look, system, None);
            coded.add(path(element), "", assurance, count);
        }
        for ((element, assurance), count) in self.served {
            coded.add(path(element), "", assurance, count);
        }
    }
}

/// What is wrong with a coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finding {
    Unknown,
    UnknownInPart,
    Form,
    NoSystem,
    Relative,
    ValueSet,
}

fn of_look(terminology: &Terminology, look: Look, system: &str) -> Option<Finding> {
    match look {
        Look::Known | Look::GoodForm | Look::OtherVersion => None,
        Look::Missing => Some(Finding::Unknown),
        Look::MissingInPart => Some(Finding::UnknownInPart),
        Look::BadForm => Some(Finding::Form),
        Look::NotHere => of_system(terminology, system),
    }
}

/// What is wrong with a system of which nothing is known.
fn of_system(terminology: &Terminology, system: &str) -> Option<Finding> {
    if !is_absolute(system) {
        return Some(Finding::Relative);
    }
    terminology
        .is_value_set(system)
        .then_some(Finding::ValueSet)
}

/// Whether an address begins with a scheme, or points into the resource.
fn is_absolute(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |text: &str| {
        let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        starts && text.bytes().all(is_good)
    };
    address.starts_with('#') || scheme.is_some_and(is_scheme)
}
