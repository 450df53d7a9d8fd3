//! Makes value sets ready for look-ups from their facts. Not for answering.

use crate::filter::Condition;
use crate::form::{LOINC, SNOMED, SystemForm};
use crate::set::{CompiledPart, CompiledSet, Found, OfSystem, Pick};
use crate::system::{CompiledSystem, Content, Origin};
use crate::table::{Case, Table};
use crate::terminology::{Expanded, Terminology};
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::{CodeSystemFacts, Part, Picked, ValueSetFacts};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// No value set is looked at that stands deeper in others.
const DEEPEST: usize = 64;

/// What is known of a value set: the packages of the user first, then the base specification, then what HL7 publishes.
pub(crate) fn find(it: &Terminology, canonical: &str, depth: usize) -> Found {
    let unknown = |reason: String| Found::Unknown(reason.into());
    if depth > DEEPEST {
        return unknown(format!(
            "value sets stand more than {DEEPEST} deep in each other"
        ));
    }
    let (url, version) = split(canonical);
    let mut found = Vec::new();
    if let Some(facts) = it.library.value_set(canonical) {
        found.push(Found::Compiled(Arc::new(set(
            it,
            facts,
            Origin::Given,
            depth,
        ))));
    }
    let base = it.definitions.value_set(canonical);
    found.extend(base.map(Found::Base));
    let is_decided = base.is_some_and(|it| it.open().is_none());
    if !is_decided
        && let Some(facts) = it.published().set(url)
        && version.is_none_or(|version| facts.version.as_deref() == Some(version))
    {
        let compiled = set(it, &facts, Origin::Published, depth);
        found.push(Found::Compiled(Arc::new(compiled)));
    }
    if found.is_empty() {
        found.extend(implicit(url).map(|it| Found::Compiled(Arc::new(it))));
    }
    match (found.len(), found.pop()) {
        (_, None) => unknown(missing(it, url, version)),
        (1, Some(only)) => only,
        (_, Some(last)) => {
            found.push(last);
            Found::Several(found.into())
        }
    }
}

/// Why nothing is known.
fn missing(it: &Terminology, url: &str, version: Option<&str>) -> String {
    let other = it.library.value_set(url).and_then(|it| it.version.clone());
    let other = other.or_else(|| {
        let base = it.definitions.value_set(url)?;
        base.version().map(str::to_owned)
    });
    let other = other.or_else(|| it.published().set(url)?.version);
    match (version, other) {
        (Some(version), Some(other)) => {
            format!("version {version} of the value set is asked for, and version {other} is here")
        }
        (Some(_) | None, _) => "the value set is not here".to_owned(),
    }
}

/// The value sets that SNOMED CT and LOINC define by their address alone.
fn implicit(url: &str) -> Option<CompiledSet> {
    let rest = |system: &str, mark: &str| {
        let rest = url.strip_prefix(system)?;
        // SNOMED CT puts edition and version between.
        rest.contains(mark).then_some(())
    };
    let system = if rest(SNOMED, "?fhir_vs").is_some() {
        SNOMED
    } else if url == "http://loinc.org/vs" || url.starts_with("http://loinc.org/vs/") {
        LOINC
    } else {
        return None;
    };
    let reason = format!("the codes of the code system {system} are not here");
    Some(CompiledSet {
        url: url.into(),
        version: None,
        origin: Origin::Published,
        include: vec![CompiledPart {
            of_system: Some(OfSystem {
                url: system.into(),
                version: None,
                form: SystemForm::of(system),
                pick: Pick::Elsewhere(reason.into()),
                is_here: false,
            }),
            sets: Vec::new(),
        }],
        exclude: Vec::new(),
        expansion: None,
        source: OnceLock::new(),
    })
}

fn set(it: &Terminology, facts: &ValueSetFacts, origin: Origin, depth: usize) -> CompiledSet {
    let parts = |all: &[Part]| {
        let all = all
            .iter()
            .map(|part_facts| part(it, facts, part_facts, depth));
        all.collect::<Vec<CompiledPart>>()
    };
    CompiledSet {
        url: facts.url.as_str().into(),
        version: facts.version.as_deref().map(Into::into),
        origin,
        include: parts(&facts.include),
        exclude: parts(&facts.exclude),
        expansion: (!facts.expansion.is_empty()).then(|| parts(&facts.expansion)),
        source: OnceLock::new(),
    }
}

fn part(it: &Terminology, set: &ValueSetFacts, part: &Part, depth: usize) -> CompiledPart {
    let nested = |canonical: &String| {
        if reaches(it, canonical, &set.url) {
            return Found::Unknown(format!("the value set {canonical} includes itself").into());
        }
        match it.set_below(canonical, depth + 1) {
            Found::Unknown(reason) => {
                Found::Unknown(format!("it includes {canonical}: {reason}").into())
            }
            found => found,
        }
    };
    let nothing =
        Found::Unknown("a part of the value set names neither code system nor value set".into());
    let mut sets: Vec<Found> = part.value_sets.iter().map(nested).collect();
    if part.system.is_none() && sets.is_empty() {
        sets.push(nothing);
    }
    CompiledPart {
        of_system: part.system.as_deref().map(|url| of_system(it, url, part)),
        sets,
    }
}

fn of_system(it: &Terminology, url: &str, part: &Part) -> OfSystem {
    let version = part.version.as_deref();
    let known = it.system(url, version);
    let case = known.as_ref().map_or(Case::Tells, |it| it.case());
    let absent = || format!("the codes of the code system {url} are not here").into();
    // Of another version nobody knows what it holds.
    let right = known
        .clone()
        .filter(|it| version.is_none_or(|version| it.version.as_deref() == Some(version)));
    let other = known.as_ref().filter(|_| right.is_none()).map(|it| {
        let own = it.version.as_deref().unwrap_or("without number");
        let asked = version.unwrap_or_default();
        format!("version {asked} of the code system {url} is asked for, and version {own} is here")
    });
    let pick = match (&part.picked, &right) {
        (Picked::Codes(codes), _) => {
            Pick::Listed(Table::new(codes.iter().map(String::as_str), case))
        }
        (Picked::Withheld, _) => Pick::Elsewhere(absent()),
        (Picked::All, Some(system)) if system.content != Content::Absent => {
            Pick::Whole(Arc::clone(system))
        }
        (Picked::Filters(filters), system) if other.is_none() => {
            let system = system.clone().unwrap_or_else(|| Arc::new(nowhere(url)));
            let conditions = filters.iter().map(|it| Condition::new(it, &system));
            Pick::Where(Arc::clone(&system), conditions.collect())
        }
        (Picked::All | Picked::Filters(_), _) => {
            Pick::Elsewhere(other.map_or_else(absent, Into::into))
        }
    };
    let is_here = known.is_some_and(|it| it.content != Content::Absent);
    OfSystem {
        url: url.into(),
        version: part.version.as_deref().map(Into::into),
        form: (!is_here).then(|| SystemForm::of(url)).flatten(),
        pick,
        is_here,
    }
}

/// A code system of which nothing is here.
fn nowhere(url: &str) -> CompiledSystem {
    let facts = CodeSystemFacts {
        url: url.to_owned(),
        content: "not-present".to_owned(),
        is_case_sensitive: Some(true),
        ..CodeSystemFacts::default()
    };
    CompiledSystem::new(&facts, Origin::Given)
}

/// A code system of the library: of this version, or of whatever version. A supplement has no codes of its own.
pub(crate) fn given_system<'l>(
    library: &'l Library,
    url: &str,
    version: Option<&str>,
) -> Option<&'l CodeSystemFacts> {
    let exact = version.and_then(|version| library.code_system(&format!("{url}|{version}")));
    let found = exact.or_else(|| library.code_system(url))?;
    (found.content != "supplement").then_some(found)
}

/// Whether a value set leads to another, over however many between them.
fn reaches(it: &Terminology, from: &str, wanted: &str) -> bool {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut todo = vec![from.to_owned()];
    while let Some(canonical) = todo.pop() {
        if split(&canonical).0 == wanted {
            return true;
        }
        if seen.contains(&canonical) {
            continue;
        }
        if let Some(facts) = facts(it, &canonical) {
            let nested = facts.parts().flat_map(|part| part.value_sets.iter());
            todo.extend(nested.cloned());
        }
        seen.insert(canonical);
    }
    false
}

fn facts<'t>(it: &'t Terminology, canonical: &str) -> Option<Cow<'t, ValueSetFacts>> {
    if let Some(given) = it.library.value_set(canonical) {
        return Some(Cow::Borrowed(given));
    }
    it.published().set(split(canonical).0).map(Cow::Owned)
}

/// Whether every code of a value set can be listed.
pub(crate) fn is_closed(found: &Found) -> Expanded {
    let closed = match found {
        Found::Compiled(set) => {
            let composed = !set.include.is_empty()
                && set.include.iter().chain(&set.exclude).all(part_is_closed);
            composed || set.expansion.is_some()
        }
        Found::Base(set) => set.open().is_none(),
        Found::Several(all) => all.iter().any(|it| is_closed(it) == Expanded::Wholly),
        Found::Unknown(_) => false,
    };
    if closed {
        Expanded::Wholly
    } else {
        Expanded::Partly
    }
}

/// A part is listed if one of what its codes have in common is.
fn part_is_closed(part: &CompiledPart) -> bool {
    let of_system = part.of_system.as_ref().is_none_or(|of| match &of.pick {
        Pick::Whole(system) => system.content == Content::Complete,
        Pick::Where(system, conditions) => {
            system.content == Content::Complete
                && !conditions
                    .iter()
                    .any(|it| matches!(it, Condition::Undecided(_)))
        }
        Pick::Listed(_) => true,
        Pick::Elsewhere(_) => false,
    });
    let sets = part.sets.iter().all(|it| is_closed(it) == Expanded::Wholly);
    of_system && sets
}

/// Address and version of a canonical.
fn split(canonical: &str) -> (&str, Option<&str>) {
    match canonical.split_once('|') {
        Some((url, version)) => (url, Some(version)),
        None => (canonical, None),
    }
}
