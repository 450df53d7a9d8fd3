//! The GP system: what it answers to a request, before any fault changes the answer.
//! Not for HTTP as such, and not for choosing faults; a fault may only name checks that it skips.

use super::checks::{self, Check, Checks, Refusal};
use super::directory::{self, Listed, ListedKind};
use super::negotiation::{self, Format};
use super::register::{self, Registered};
use super::resources::{self, Directory, Held, LOADED_VERSION, Version};
use super::routes::{Route, Served};
use super::{capability, clock, find, headers, pds, spine, token};
use crate::apply::Reply;
use crate::error::MockError;
use crate::people::{GpFacts, Person, Registration};
use crate::request::Request;
use crate::vendor::Vendor;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// The section `[gp_connect]` of a vendor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The path that every request begins with.
    pub(crate) base_path: String,
    /// Paths of practices of the same system that have GP Connect switched off.
    #[serde(default)]
    pub(crate) switched_off: Vec<String>,
    /// The system's own ASID.
    pub(crate) asid: String,
    /// The edition of GP Connect that it says it keeps to.
    pub(crate) specification: String,
    /// The role of the practice that the base path names, in the directory.
    pub(crate) practice: String,
}

/// A GP system with its data. What is registered is forgotten with the process.
pub(crate) struct Gp {
    vendor: Vendor,
    settings: Settings,
    people: Vec<Person>,
    listed: Vec<Listed>,
    registered: Mutex<Registrations>,
    suffix: &'static str,
    now: fn() -> i64,
}

/// Registrations by NHS number.
type Registrations = BTreeMap<String, Registered>;

/// What a request leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// A registration is kept.
    Lasting,
    /// Nothing is kept: only the answer is wanted.
    None,
}

/// An answer, and the check that stood in the way, if one did.
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) refused_by: Option<&'static str>,
}

/// What is to be sent, and the version in its headers.
struct Found {
    resource: Value,
    version: Option<Version>,
    /// The check that kept somebody out of the result.
    left_out_by: Option<Check>,
}

impl From<Value> for Found {
    fn from(resource: Value) -> Found {
        Found {
            resource,
            version: None,
            left_out_by: None,
        }
    }
}

impl Gp {
    /// Puts the system together; `suffix` goes behind its name, `now` gives seconds since 1970.
    pub(crate) fn load(
        vendor: Vendor,
        settings: Settings,
        people: Vec<Person>,
        suffix: &'static str,
        now: fn() -> i64,
    ) -> Result<Gp, MockError> {
        Ok(Gp {
            vendor,
            settings,
            people,
            listed: directory::load()?,
            registered: Mutex::default(),
            suffix,
            now,
        })
    }

    /// The claims of the token for faults to look at.
    pub(crate) fn claims(&self, request: &Request) -> Value {
        token::claims_for_faults(request, (self.now)())
    }

    /// The answer, with the checks of these names left out.
    pub(crate) fn answer(
        &self,
        request: &Request,
        query: &[(String, String)],
        skipped: &BTreeSet<&str>,
        effect: Effect,
    ) -> Answer {
        let checks = Checks { skipped };
        let format = negotiation::of_answer(request, query, &checks);
        // An error about the format comes in the format that everybody must have.
        let written = *format.as_ref().unwrap_or(&Format::Json);
        let answered = self.found(request, query, &checks, format, effect);
        let (mut reply, refused_by) = match answered {
            Ok(found) => {
                let mut reply = Reply::resource(200, found.resource, written);
                if let Some(version) = found.version {
                    reply.header("etag", format!("W/\"{}\"", version.number));
                    reply.header("last-modified", clock::http(version.changed));
                }
                (reply, found.left_out_by)
            }
            Err(Refusal { check, diagnostics }) => {
                let outcome = spine::outcome(check.error, &diagnostics);
                let reply = Reply::resource(check.error.status(), outcome, written);
                (reply, Some(check))
            }
        };
        reply.header("cache-control", "no-store");
        if request.base.starts_with("https:") {
            reply.header("strict-transport-security", "max-age=31536000");
        }
        let codings = request.header("accept-encoding").unwrap_or_default();
        reply.may_gzip = takes_gzip(codings);
        let refused_by = refused_by.map(|check| check.name);
        Answer { reply, refused_by }
    }

    fn found(
        &self,
        request: &Request,
        query: &[(String, String)],
        checks: &Checks<'_>,
        format: Result<Format, Refusal>,
        effect: Effect,
    ) -> Result<Found, Refusal> {
        let is_off = self.settings.switched_off.iter().any(|off| {
            let below = request.whole_path.strip_prefix(off.as_str());
            below.is_some_and(|rest| rest.starts_with('/'))
        });
        let text = "GP Connect is switched off for this organisation";
        checks.hold(checks::ENABLED, !is_off, text)?;
        let route = Route::of(&request.method, &request.path, checks)?;
        format?;
        headers::check(request, &route, &self.settings.asid, checks)?;
        token::check(request, &route, (self.now)(), checks)?;
        match &route {
            Route::Metadata => {
                Ok(capability::statement(&self.vendor, &self.settings, self.suffix).into())
            }
            Route::Search(served) => self.search(*served, query, checks),
            Route::Read(served, id) => self.read(*served, id, checks),
            Route::Register => self.register(request, checks, effect),
        }
    }

    fn directory(&self) -> Directory<'_> {
        Directory {
            all: &self.listed,
            practice: &self.settings.practice,
        }
    }

    fn search(
        &self,
        served: Served,
        query: &[(String, String)],
        checks: &Checks<'_>,
    ) -> Result<Found, Refusal> {
        let wanted = find::wanted(served, query, checks)?;
        let mut found = Found::from(Value::Null);
        let mut resources = Vec::new();
        if let Some(kind) = listed_kind(served) {
            let all = self.listed.iter().filter(|it| it.kind == kind);
            let matching = all.filter(|it| it.identifier.as_deref() == wanted && wanted.is_some());
            resources.extend(matching.map(|it| resources::listed(it, &self.directory())));
        } else if let Some(number) = wanted {
            let registrations = self.registrations();
            if let Some(held) = self.held(&registrations, number) {
                match shown(&held, checks) {
                    Ok(()) => resources.push(resources::patient(&held, &self.directory())),
                    Err(refusal) => found.left_out_by = Some(refusal.check),
                }
            }
        }
        found.resource = resources::searchset(&resources);
        Ok(found)
    }

    fn read(&self, served: Served, id: &str, checks: &Checks<'_>) -> Result<Found, Refusal> {
        let unknown = |check: Check| Refusal {
            check,
            diagnostics: format!("there is no {} with the id `{id}` here", served.name()),
        };
        let Some(kind) = listed_kind(served) else {
            return self.read_patient(id, checks);
        };
        let mut all = self.listed.iter().filter(|it| it.kind == kind);
        let Some(listed) = all.find(|it| it.id == id) else {
            return Err(unknown(match kind {
                ListedKind::Practitioner => checks::PRACTITIONER_UNKNOWN,
                ListedKind::Organization => checks::ORGANIZATION_UNKNOWN,
                ListedKind::Location => checks::LOCATION_UNKNOWN,
            }));
        };
        let mut found = Found::from(resources::listed(listed, &self.directory()));
        found.version = Some(LOADED_VERSION);
        Ok(found)
    }

    fn read_patient(&self, id: &str, checks: &Checks<'_>) -> Result<Found, Refusal> {
        let registrations = self.registrations();
        let loaded = self.people.iter().map(|it| it.identity.nhs_number.as_str());
        let numbers: BTreeSet<&str> = loaded
            .chain(registrations.keys().map(String::as_str))
            .collect();
        let mut held = numbers
            .into_iter()
            .filter_map(|number| self.held(&registrations, number));
        // To the client somebody who may not be shown is somebody who is not there.
        let Some(held) = held.find(|held| held.id == id) else {
            return Err(Refusal {
                check: checks::PATIENT_UNKNOWN,
                diagnostics: pds::NOBODY.to_owned(),
            });
        };
        shown(&held, checks)?;
        let mut found = Found::from(resources::patient(&held, &self.directory()));
        found.version = Some(held.version());
        Ok(found)
    }

    fn register(
        &self,
        request: &Request,
        checks: &Checks<'_>,
        effect: Effect,
    ) -> Result<Found, Refusal> {
        let format = negotiation::of_body(request, checks)?;
        let (sent, number) = register::read(&request.body, format, checks)?;
        pds::check_register(self.person(&number), &sent, checks)?;
        let mut kept = self
            .registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_active = kept.contains_key(&number)
            || self
                .person(&number)
                .is_some_and(|(_, facts)| facts.registration == Registration::Active);
        let text = "a patient with this NHS number is registered already";
        checks.hold(checks::DUPLICATE, !is_active, text)?;
        let mut after = kept.clone();
        let at = (self.now)();
        after.insert(number.clone(), Registered { sent, at });
        let held = self.held(&after, &number);
        let patient = held.map(|held| resources::patient(&held, &self.directory()));
        let bundle = resources::searchset(patient.as_slice());
        if effect == Effect::Lasting {
            *kept = after;
        }
        Ok(bundle.into())
    }

    /// Registers whoever the body seems to mean, as a fault wants it. Who has no right number is
    /// found by family name and date of birth, if that is possible.
    pub(crate) fn register_anyway(&self, request: &Request) {
        let Some(sent) = register::read_anyway(&request.body) else {
            return;
        };
        let text = |pointer: &str| sent.pointer(pointer).and_then(Value::as_str);
        let number = text("/identifier/0/value").unwrap_or_default();
        let (family, born) = (text("/name/0/family"), text("/birthDate"));
        let is_meant = |person: &&Person| {
            let identity = &person.identity;
            Some(identity.family.as_str()) == family && identity.birth_date.as_deref() == born
        };
        let known = match self.person(number) {
            Some((person, _)) => Some(person),
            None => self.people.iter().find(is_meant),
        };
        let number = known.map_or(number, |person| &person.identity.nhs_number);
        let number = number.to_owned();
        let at = (self.now)();
        let mut kept = self
            .registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kept.insert(number, Registered { sent, at });
    }

    fn registrations(&self) -> Registrations {
        let kept = self
            .registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    fn person(&self, number: &str) -> Option<(&Person, &GpFacts)> {
        let mut people = self.people.iter();
        let person = people.find(|person| person.identity.nhs_number == number)?;
        Some((person, person.gp.as_ref()?))
    }

    /// What the practice holds under a number, may it be shown or not.
    fn held<'a>(&'a self, registrations: &'a Registrations, number: &str) -> Option<Held<'a>> {
        let person = self.person(number);
        let registered = registrations.get(number);
        let is_loaded = person.is_some_and(|(_, facts)| facts.registration != Registration::None);
        (is_loaded || registered.is_some()).then(|| Held {
            id: person.map_or("registered-1", |(person, _)| person.id.as_str()),
            person,
            registered,
        })
    }

    /// The resource of a role that a fault brings in, if it is of the type that was asked for.
    pub(crate) fn others(&self, role: &str, path: &str) -> Vec<Value> {
        let directory = self.directory();
        let Some(served) = path.split('/').next().and_then(Served::of) else {
            return Vec::new();
        };
        if let Some(kind) = listed_kind(served) {
            let all = self.listed.iter();
            let meant = all.filter(|listed| listed.role == role && listed.kind == kind);
            return meant.map(|it| resources::listed(it, &directory)).collect();
        }
        let people = self.people.iter().filter(|person| person.role == role);
        people
            .filter_map(|person| {
                let held = Held {
                    id: &person.id,
                    person: Some((person, person.gp.as_ref()?)),
                    registered: None,
                };
                Some(resources::patient(&held, &directory))
            })
            .collect()
    }

    /// Whether there is a person or an entry of the directory with this role.
    pub(crate) fn knows_role(&self, role: &str) -> bool {
        self.people.iter().any(|person| person.role == role)
            || self.listed.iter().any(|listed| listed.role == role)
    }
}

/// Refuses to show a patient; somebody whom a registration brought in is active and borne out.
fn shown(held: &Held<'_>, checks: &Checks<'_>) -> Result<(), Refusal> {
    match held.person {
        Some((_, facts)) if held.registered.is_none() => pds::check_shown(facts, checks),
        Some(_) | None => Ok(()),
    }
}

const fn listed_kind(served: Served) -> Option<ListedKind> {
    match served {
        Served::Patient => None,
        Served::Practitioner => Some(ListedKind::Practitioner),
        Served::Organization => Some(ListedKind::Organization),
        Served::Location => Some(ListedKind::Location),
    }
}

/// Whether an `Accept-Encoding` allows gzip (RFC 9110).
fn takes_gzip(codings: &str) -> bool {
    codings.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let is_none = matches!(
            weight.trim().strip_prefix("q="),
            Some("0" | "0.0" | "0.00" | "0.000")
        );
        ["gzip", "x-gzip"].contains(&name.trim()) && !is_none
    })
}
