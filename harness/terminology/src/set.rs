//! A value set, ready for look-ups: its parts, each of which says yes, no, or that it cannot know.
//! Not for finding what it is made of: `terminology.rs`.

use crate::coding::Coding;
use crate::filter::Condition;
use crate::form::SystemForm;
use crate::system::{CompiledSystem, Origin};
use crate::table::{Case, Table};
use crate::truth::{Ground, Truth, Why};
use plumbline_fhir::Assurance;
use plumbline_fhir::definitions::{Form, Membership as BaseMembership, ValueSet};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// A code that is looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asked<'a> {
    /// A code by itself, whatever its system.
    Bare(&'a str),
    /// A code with what stands beside it.
    Coding(Coding<'a>),
}

impl<'a> Asked<'a> {
    pub(crate) fn code(self) -> &'a str {
        match self {
            Self::Bare(code) => code,
            Self::Coding(coding) => coding.code,
        }
    }

    fn version(self) -> Option<&'a str> {
        match self {
            Self::Bare(_) => None,
            Self::Coding(coding) => coding.version,
        }
    }

    fn is_of(self, system: &str) -> bool {
        match self {
            Self::Bare(_) => true,
            Self::Coding(coding) => coding.system == Some(system),
        }
    }
}

/// What a part picks.
#[derive(Debug)]
pub(crate) enum Pick {
    /// Everything of a code system that is here.
    Whole(Arc<CompiledSystem>),
    /// These codes, whether or not the code system is here.
    Listed(Table),
    /// What keeps to all conditions.
    Where(Arc<CompiledSystem>, Vec<Condition>),
    /// Codes that are not here, and why.
    Elsewhere(Box<str>),
}

/// What a part says of a code system.
#[derive(Debug)]
pub(crate) struct OfSystem {
    pub(crate) url: Box<str>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) form: Option<SystemForm>,
    pub(crate) pick: Pick,
    /// Where the code system says nothing of capitals because it is not here.
    pub(crate) is_here: bool,
}

/// One include or exclude.
#[derive(Debug)]
pub(crate) struct CompiledPart {
    pub(crate) of_system: Option<OfSystem>,
    pub(crate) sets: Vec<Found>,
}

/// A value set.
#[derive(Debug)]
pub(crate) struct CompiledSet {
    pub(crate) url: Box<str>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) origin: Origin,
    pub(crate) include: Vec<CompiledPart>,
    pub(crate) exclude: Vec<CompiledPart>,
    /// Its codes as its publisher listed them: all of them.
    pub(crate) expansion: Option<Vec<CompiledPart>>,
    /// Where its codes come from, once somebody asked.
    pub(crate) source: OnceLock<Assurance>,
}

/// What is known of a value set.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// What it is made of.
    Compiled(Arc<CompiledSet>),
    /// One of the base specification.
    Base(ValueSet<'static>),
    /// The first of them that can decide does.
    Several(Arc<[Found]>),
    /// Nothing, and why.
    Unknown(Arc<str>),
}

impl Found {
    /// Whether a code is in it.
    pub(crate) fn truth(&self, asked: Asked<'_>) -> Truth<'_> {
        match self {
            Self::Compiled(set) => set.truth(asked),
            Self::Base(set) => of_base(*set, asked),
            Self::Several(all) => {
                let mut truths = all.iter().map(|it| it.truth(asked));
                let first = truths.next();
                let first = first.unwrap_or(Truth::Unknown(Why::Reason("nothing is known of it")));
                truths.fold(first, |known, next| match (known, next) {
                    (Truth::Unknown(Why::Reason(_)), _)
                    | (Truth::Unknown(Why::FormOnly), Truth::Yes | Truth::No(_)) => next,
                    (Truth::Unknown(_) | Truth::Yes | Truth::No(_), _) => known,
                })
            }
            Self::Unknown(reason) => Truth::Unknown(Why::Reason(reason)),
        }
    }

    /// Every code that can be listed, with its system, into `codes`; those that are in the set are among them.
    pub(crate) fn candidates(&self, codes: &mut BTreeSet<(String, String)>) {
        match self {
            Self::Compiled(set) => {
                let expansion = set.expansion.iter().flatten();
                for part in set.include.iter().chain(expansion) {
                    part.candidates(codes);
                }
            }
            Self::Base(set) => {
                for system in set.systems() {
                    let own = system.codes().iter();
                    codes.extend(own.map(|code| (system.url().to_owned(), (*code).to_owned())));
                }
            }
            Self::Several(all) => all.iter().for_each(|it| it.candidates(codes)),
            Self::Unknown(_) => {}
        }
    }
}

/// What the base specification says.
fn of_base(set: ValueSet<'static>, asked: Asked<'_>) -> Truth<'static> {
    let membership = match asked {
        Asked::Bare(code) => set.contains_code(code),
        Asked::Coding(Coding {
            system: Some(system),
            code,
            ..
        }) => set.contains(system, code),
        // A code without its system is in no list.
        Asked::Coding(_) => match set.open() {
            None => BaseMembership::Outside,
            Some((form, reason)) => BaseMembership::Unknown { form, reason },
        },
    };
    let (form, reason) = match membership {
        BaseMembership::Inside => return Truth::Yes,
        BaseMembership::Outside => return Truth::listed(false),
        BaseMembership::Unknown { form, reason } => (form, reason),
    };
    let form = match form {
        Form::Any => return Truth::Unknown(Why::Reason(reason)),
        Form::Mime => SystemForm::MediaType,
        Form::Language => SystemForm::Language,
        Form::Ucum => SystemForm::Ucum,
    };
    let is_of_another = |coding: Coding<'_>| {
        let of = coding.system.and_then(SystemForm::of);
        coding.system.is_some() && of != Some(form)
    };
    match asked {
        Asked::Coding(coding) if is_of_another(coding) => Truth::listed(false),
        Asked::Coding(_) | Asked::Bare(_) if form.fits(asked.code()) => {
            Truth::Unknown(Why::FormOnly)
        }
        Asked::Coding(_) | Asked::Bare(_) => Truth::No(Ground::Form),
    }
}

impl CompiledSet {
    fn truth(&self, asked: Asked<'_>) -> Truth<'_> {
        let composed = if self.include.is_empty() {
            Truth::Unknown(Why::Reason("the value set does not say what it holds"))
        } else {
            any(&self.include, asked).and(any(&self.exclude, asked).not())
        };
        match (&self.expansion, composed) {
            (Some(listed), Truth::Unknown(_)) => any(listed, asked),
            (Some(_) | None, composed) => composed,
        }
    }
}

/// Whether a code is in one of the parts.
fn any<'s>(parts: &'s [CompiledPart], asked: Asked<'_>) -> Truth<'s> {
    let truths = parts.iter().map(|it| it.truth(asked));
    truths.fold(Truth::listed(false), Truth::or)
}

impl CompiledPart {
    fn truth(&self, asked: Asked<'_>) -> Truth<'_> {
        let of_system = self.of_system.as_ref().map(|it| it.truth(asked));
        let first = of_system.unwrap_or(Truth::Yes);
        if matches!(first, Truth::No(_)) {
            return first;
        }
        self.sets
            .iter()
            .fold(first, |known, set| known.and(set.truth(asked)))
    }

    fn candidates(&self, codes: &mut BTreeSet<(String, String)>) {
        for set in &self.sets {
            set.candidates(codes);
        }
        let Some(of) = &self.of_system else {
            return;
        };
        let mut add = |all: &mut dyn Iterator<Item = &str>| {
            codes.extend(all.map(|code| (of.url.to_string(), code.to_owned())));
        };
        match &of.pick {
            Pick::Whole(system) => add(&mut system.codes()),
            Pick::Listed(table) => add(&mut table.iter()),
            Pick::Where(system, conditions) => {
                add(&mut system.codes());
                add(&mut conditions.iter().flat_map(Condition::codes));
            }
            Pick::Elsewhere(_) => {}
        }
    }
}

impl OfSystem {
    fn truth(&self, asked: Asked<'_>) -> Truth<'_> {
        if !asked.is_of(&self.url) {
            return Truth::listed(false);
        }
        let code = asked.code();
        if self.form.is_some_and(|form| !form.fits(code)) && !self.lists(code) {
            return Truth::No(Ground::Form);
        }
        let truth = self.picked(code);
        match (truth, self.version.as_deref(), asked.version()) {
            // Another version may have it, or have it not.
            (Truth::Yes | Truth::No(Ground::Listed), Some(own), Some(other)) if own != other => {
                Truth::Unknown(Why::Reason(
                    "the code is of another version of its code system than the value set asks for",
                ))
            }
            (truth, ..) => truth,
        }
    }

    fn lists(&self, code: &str) -> bool {
        matches!(&self.pick, Pick::Listed(table) if table.contains(code))
    }

    fn picked(&self, code: &str) -> Truth<'_> {
        match &self.pick {
            Pick::Whole(system) => system.offers(code),
            Pick::Listed(table) if table.contains(code) => Truth::Yes,
            Pick::Listed(table) => {
                // Without the code system nobody knows whether it tells capitals.
                let is_close = |it: &str| Case::Ignores.same(it, code);
                if !self.is_here && table.iter().any(is_close) {
                    Truth::Unknown(Why::Reason(
                        "it differs from a code of the value set in capitals only, and the code system is not here",
                    ))
                } else {
                    Truth::listed(false)
                }
            }
            Pick::Where(system, conditions) => {
                let keeps = conditions.iter().map(|it| it.holds(code));
                keeps.fold(self.or_form(system.offers(code)), Truth::and)
            }
            Pick::Elsewhere(reason) => self.or_form(Truth::Unknown(Why::Reason(reason))),
        }
    }

    /// Where nothing else is known, the form that was found good.
    fn or_form<'s>(&self, truth: Truth<'s>) -> Truth<'s> {
        match truth {
            Truth::Unknown(_) if self.form.is_some() => Truth::Unknown(Why::FormOnly),
            Truth::Unknown(_) | Truth::Yes | Truth::No(_) => truth,
        }
    }
}
