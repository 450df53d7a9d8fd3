//! [`Terminology`]: finds value sets and code systems, compiles each once, and answers. Not for their parts: `set.rs`.

use crate::coding::{Answer, Coding, Membership};
use crate::compile;
use crate::form::SystemForm;
use crate::published::Published;
use crate::server::{Says, ServerAnswer, Subject, TerminologyServer};
use crate::set::{Asked, Found};
use crate::system::{CompiledSystem, Content, Origin};
use crate::truth::{Ground, Truth, Why};
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::Part;
use plumbline_fhir::{Assurance, Definitions};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Everything that is known of codes: what a library holds, what HL7 publishes with the specification, and the forms of
/// codes whose systems are not here. Made once, used by many threads.
///
/// Displays are never judged: the facts hold none.
#[derive(Debug)]
pub struct Terminology {
    pub(crate) library: Arc<Library>,
    pub(crate) definitions: &'static Definitions,
    server: Option<Arc<dyn TerminologyServer>>,
    sets: RwLock<HashMap<Box<str>, Found>>,
    systems: RwLock<HashMap<Box<str>, Arc<CompiledSystem>>>,
    /// Of the systems whose form is known, those that are not here: most codes are of them.
    absent: OnceLock<Vec<&'static str>>,
    /// Addresses of systems of which nothing at all is known, and that are no value sets either.
    foreign: RwLock<HashSet<Box<str>>>,
}

/// So many addresses are kept of which nothing is known, none longer than so many bytes: bodies make them up.
const MOST_FOREIGN: usize = 1024;
const LONGEST_FOREIGN: usize = 256;

/// What is known of a code in its code system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// The system has it.
    Known,
    /// The system is here as a whole, and has it not.
    Missing,
    /// Only a part of the system is here, and that part has it not.
    MissingInPart,
    /// Another version of the system is here, and has it not.
    OtherVersion,
    /// The system is not here, and no code of it has such a form.
    BadForm,
    /// The system is not here, and the form of the code is right.
    GoodForm,
    /// The system is not here.
    NotHere,
}

impl Look {
    /// Whether the system has the code.
    pub const fn membership(self) -> Membership {
        match self {
            Self::Known => Membership::Inside,
            Self::Missing | Self::BadForm => Membership::Outside,
            Self::MissingInPart | Self::OtherVersion | Self::GoodForm | Self::NotHere => {
                Membership::Unknown
            }
        }
    }

    /// Why it was not checked: a fragment of a sentence.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Known | Self::Missing | Self::BadForm | Self::GoodForm => None,
            Self::MissingInPart => Some("only a part of the code system is here"),
            Self::OtherVersion => Some("another version of the code system is here"),
            Self::NotHere => Some("the code system is not here"),
        }
    }
}

impl Terminology {
    /// What a library and the base specification of its version hold.
    pub fn new(library: Arc<Library>, definitions: &'static Definitions) -> Self {
        Self {
            library,
            definitions,
            server: None,
            sets: RwLock::default(),
            systems: RwLock::default(),
            absent: OnceLock::new(),
            foreign: RwLock::default(),
        }
    }

    /// The same, with a server that is asked where nothing here can decide.
    #[must_use]
    pub fn with_server(mut self, server: Arc<dyn TerminologyServer>) -> Self {
        self.server = Some(server);
        self
    }

    /// Whether a code with its system is in a value set. `value_set` is a canonical address, with or without version.
    pub fn contains(&self, value_set: &str, coding: Coding<'_>) -> Answer {
        let found = self.set(value_set);
        let truth = found.truth(Asked::Coding(coding));
        if matches!(truth, Truth::Unknown(_))
            && coding.system.is_some()
            && let Some(answer) = self.ask(Subject::ValueSet(value_set), coding)
        {
            return or_local(answer, truth);
        }
        self.answer(truth, &found)
    }

    /// Whether a code by itself is in a value set, whatever its system. No server is asked: it would need the system.
    pub fn contains_code(&self, value_set: &str, code: &str) -> Answer {
        let found = self.set(value_set);
        let truth = found.truth(Asked::Bare(code));
        self.answer(truth, &found)
    }

    /// Whether a code with its system is in a value set, and nothing of why.
    pub fn member_of(&self, value_set: &str, coding: Coding<'_>) -> Membership {
        let truth = membership(self.set(value_set).truth(Asked::Coding(coding)));
        if truth == Membership::Unknown && self.server.is_some() {
            return self.contains(value_set, coding).membership;
        }
        truth
    }

    /// Whether a code by itself is in a value set, and nothing of why.
    pub fn member_of_code(&self, value_set: &str, code: &str) -> Membership {
        membership(self.set(value_set).truth(Asked::Bare(code)))
    }

    /// Whether a code system has a code, as far as can be known without a server. Allocates nothing for a system that
    /// was asked for before, unless a version is asked for.
    pub fn look(&self, system: &str, version: Option<&str>, code: &str) -> Look {
        let form = SystemForm::of(system);
        if let Some(form) = form.filter(|_| self.is_absent(system)) {
            return if form.fits(code) {
                Look::GoodForm
            } else {
                Look::BadForm
            };
        }
        let known = self.system(system, version);
        let local = match known.as_ref().map(|it| (it.has(code), it)) {
            Some((Truth::Yes, _)) => return Look::Known,
            Some((Truth::No(_), known)) => {
                let is_other = version.is_some_and(|it| known.version.as_deref() != Some(it));
                return if is_other {
                    Look::OtherVersion
                } else {
                    Look::Missing
                };
            }
            Some((Truth::Unknown(_), known)) if known.content == Content::Partial => {
                Look::MissingInPart
            }
            Some((Truth::Unknown(_), _)) | None => Look::NotHere,
        };
        match form {
            Some(form) if form.fits(code) => Look::GoodForm,
            Some(_) => Look::BadForm,
            None => local,
        }
    }

    /// Whether a system whose form is known is not here in any version.
    fn is_absent(&self, system: &str) -> bool {
        let absent = self.absent.get_or_init(|| {
            let all = SystemForm::systems();
            all.filter(|it| self.system(it, None).is_none()).collect()
        });
        absent.contains(&system)
    }

    /// Whether a code system has a code, and how far that is known. A server is asked where nothing here can decide.
    pub fn code_in_system(&self, system: &str, version: Option<&str>, code: &str) -> Answer {
        let look = self.look(system, version, code);
        let membership = look.membership();
        if membership == Membership::Unknown {
            let coding = Coding {
                system: Some(system),
                version,
                code,
                display: None,
            };
            let answer = self.ask(Subject::CodeSystem, coding);
            let is_better =
                |it: &Answer| it.membership != Membership::Unknown || look.reason().is_some();
            if let Some(answer) = answer.filter(is_better) {
                return answer;
            }
        }
        Answer {
            membership,
            assurance: self.assurance(look, system, version),
        }
    }

    /// How far a code was checked that a look at its system found so.
    pub fn assurance(&self, look: Look, system: &str, version: Option<&str>) -> Assurance {
        match (look.reason(), look) {
            (Some(reason), _) => Assurance::NotChecked(reason.to_owned()),
            (None, Look::Known | Look::Missing) => match self.system(system, version) {
                Some(known) => known
                    .source
                    .get_or_init(|| self.origin(known.origin, &known.url, known.version.as_deref()))
                    .clone(),
                None => Assurance::SyntaxOnly,
            },
            (None, _) => Assurance::SyntaxOnly,
        }
    }

    /// Whether there is a server to ask.
    pub fn has_server(&self) -> bool {
        self.server.is_some()
    }

    /// What the form of the codes of a system is, where the system is not here but its form is known.
    pub fn form_of(&self, system: &str) -> Option<&'static str> {
        SystemForm::of(system).map(SystemForm::words)
    }

    /// Whether anything is known of a code system: its codes, or their form.
    pub fn knows_system(&self, system: &str) -> bool {
        SystemForm::of(system).is_some() || self.system(system, None).is_some()
    }

    /// Whether an address is that of a value set, and of no code system.
    pub fn is_value_set(&self, url: &str) -> bool {
        if self.is_foreign(url) {
            return false;
        }
        let is_set = self.library.value_set(url).is_some()
            || self.definitions.value_set(url).is_some()
            || self.published().has_set(url);
        let is_system = self.system(url, None).is_some() || SystemForm::of(url).is_some();
        if !is_set && !is_system {
            self.keep_foreign(url);
        }
        is_set && !is_system
    }

    fn is_foreign(&self, url: &str) -> bool {
        let known = self.foreign.read().unwrap_or_else(PoisonError::into_inner);
        known.contains(url)
    }

    fn keep_foreign(&self, url: &str) {
        let mut known = self.foreign.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST_FOREIGN && url.len() <= LONGEST_FOREIGN {
            known.insert(url.into());
        }
    }

    /// Whether anything is known of a value set.
    pub fn knows(&self, value_set: &str) -> bool {
        !matches!(self.set(value_set), Found::Unknown(_))
    }

    /// Whether every code of a value set is of this code system, whichever codes they are.
    pub fn draws_only_on(&self, value_set: &str, system: &str) -> bool {
        let url = value_set.split('|').next().unwrap_or(value_set);
        let own = self.library.value_set(value_set).cloned();
        if let Some(set) = own.or_else(|| self.published().set(url)) {
            let is_of = |it: &Part| it.system.as_deref() == Some(system);
            return !set.include.is_empty() && set.include.iter().all(is_of);
        }
        let base = self.definitions.value_set(value_set);
        base.is_some_and(|it| {
            it.systems().next().is_some() && it.systems().all(|of| of.url() == system)
        })
    }

    /// Every code that is certainly in a value set, with its system, sorted; and whether there may be more.
    pub fn codes(&self, value_set: &str) -> (BTreeSet<(String, String)>, Expanded) {
        let found = self.set(value_set);
        let mut codes = BTreeSet::new();
        found.candidates(&mut codes);
        let mut expanded = compile::is_closed(&found);
        codes.retain(|(system, code)| {
            let asked = Asked::Coding(Coding {
                system: Some(system),
                version: None,
                code,
                display: None,
            });
            let truth = found.truth(asked);
            if matches!(truth, Truth::Unknown(_)) {
                expanded = Expanded::Partly;
            }
            truth == Truth::Yes
        });
        (codes, expanded)
    }

    pub(crate) fn published(&self) -> &'static Published {
        Published::of(self.definitions.version())
    }

    /// A value set, compiled if it is new.
    pub(crate) fn set(&self, canonical: &str) -> Found {
        self.set_below(canonical, 0)
    }

    /// The same, so many value sets deep.
    pub(crate) fn set_below(&self, canonical: &str, depth: usize) -> Found {
        {
            let sets = self.sets.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = sets.get(canonical) {
                return found.clone();
            }
        }
        let found = compile::find(self, canonical, depth);
        // What is not known is asked for by resources, too, without end.
        if !matches!(found, Found::Unknown(_)) {
            let mut sets = self.sets.write().unwrap_or_else(PoisonError::into_inner);
            let kept = sets
                .entry(canonical.into())
                .or_insert_with(|| found.clone());
            return kept.clone();
        }
        found
    }

    /// A code system, compiled if it is new: of this version if it is here, else of another.
    pub(crate) fn system(&self, url: &str, version: Option<&str>) -> Option<Arc<CompiledSystem>> {
        if version.is_none()
            && let Some(known) = self.kept_system(url)
        {
            return Some(known);
        }
        if self.is_foreign(url) {
            return None;
        }
        let given = compile::given_system(&self.library, url, version);
        // Without a version it is kept as such, with one by the version that it turned out to be.
        let own = given.and_then(|it| it.version.as_deref());
        let key: Cow<'_, str> = match own.filter(|_| version.is_some()) {
            Some(own) => Cow::Owned(format!("{url}|{own}")),
            None => Cow::Borrowed(url),
        };
        if let Some(known) = self.kept_system(&key) {
            return Some(known);
        }
        let compiled = match given {
            Some(facts) => CompiledSystem::new(facts, Origin::Given),
            None => CompiledSystem::new(&self.published().system(url)?, Origin::Published),
        };
        let mut systems = self.systems.write().unwrap_or_else(PoisonError::into_inner);
        let kept = systems.entry(key.as_ref().into());
        Some(Arc::clone(kept.or_insert_with(|| Arc::new(compiled))))
    }

    fn kept_system(&self, key: &str) -> Option<Arc<CompiledSystem>> {
        let systems = self.systems.read().unwrap_or_else(PoisonError::into_inner);
        systems.get(key).map(Arc::clone)
    }

    fn ask(&self, subject: Subject<'_>, coding: Coding<'_>) -> Option<Answer> {
        let server = self.server.as_ref()?;
        let asked = Coding {
            display: None,
            ..coding
        };
        let checked = |membership, day: String| Answer {
            membership,
            assurance: Assurance::Checked {
                source: Cow::Owned(server.source().to_owned()),
                version: Cow::Owned(format!("asked on {day}")),
            },
        };
        let unknown = |reason| Answer {
            membership: Membership::Unknown,
            assurance: Assurance::NotChecked(reason),
        };
        Some(match server.validate_code(subject, asked) {
            Ok(ServerAnswer { says, day }) => match says {
                Says::Inside => checked(Membership::Inside, day),
                Says::Outside => checked(Membership::Outside, day),
                Says::Unknown(reason) => unknown(reason),
            },
            Err(reason) => unknown(reason),
        })
    }

    /// Where the codes of a value set come from.
    fn checked(&self, found: &Found) -> Assurance {
        match found {
            Found::Compiled(set) => set
                .source
                .get_or_init(|| self.origin(set.origin, &set.url, set.version.as_deref()))
                .clone(),
            Found::Several(all) => match all.first() {
                Some(first) => self.checked(first),
                None => of_fhir("the value sets of FHIR", self.definitions),
            },
            Found::Base(_) | Found::Unknown(_) => {
                of_fhir("the value sets of FHIR", self.definitions)
            }
        }
    }

    fn origin(&self, origin: Origin, url: &str, version: Option<&str>) -> Assurance {
        if origin == Origin::Published {
            return of_fhir(
                "the terminology that HL7 publishes with FHIR",
                self.definitions,
            );
        }
        let from = self.library.value_set_origin(url);
        let from = from.or_else(|| self.library.code_system_origin(url));
        let from = from.filter(|it| !it.is_empty());
        Assurance::Checked {
            source: Cow::Owned(from.unwrap_or("the definitions that were given").to_owned()),
            version: Cow::Owned(version.unwrap_or("no version").to_owned()),
        }
    }

    fn answer(&self, truth: Truth<'_>, found: &Found) -> Answer {
        let assurance = match truth {
            Truth::Yes | Truth::No(Ground::Listed) => self.checked(found),
            Truth::No(Ground::Form) | Truth::Unknown(Why::FormOnly) => Assurance::SyntaxOnly,
            Truth::Unknown(Why::Reason(reason)) => Assurance::NotChecked(reason.to_owned()),
        };
        Answer {
            membership: membership(truth),
            assurance,
        }
    }
}

/// Whether all codes of a value set can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expanded {
    /// They are all there.
    Wholly,
    /// There may be more.
    Partly,
}

/// Where the server cannot say, a form that was found good is still worth saying.
fn or_local(answer: Answer, truth: Truth<'_>) -> Answer {
    match (answer.membership, truth) {
        (Membership::Unknown, Truth::Unknown(Why::FormOnly)) => Answer {
            membership: Membership::Unknown,
            assurance: Assurance::SyntaxOnly,
        },
        _ => answer,
    }
}

fn membership(truth: Truth<'_>) -> Membership {
    match truth {
        Truth::Yes => Membership::Inside,
        Truth::No(_) => Membership::Outside,
        Truth::Unknown(_) => Membership::Unknown,
    }
}

fn of_fhir(source: &'static str, definitions: &'static Definitions) -> Assurance {
    Assurance::Checked {
        source: source.into(),
        version: definitions.version().number().into(),
    }
}
