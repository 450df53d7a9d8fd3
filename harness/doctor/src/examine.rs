//! The examination: which requests are made, in which order, and what follows from each.
//! Not for the words of the findings, which stand beside their checks.

use crate::finding::{Finding, Outcome as Told};
use crate::reach::Place;
use crate::{certificate, patients, reach, sign_in, statement, unchecked};
use plumbline_http::probe::Presented;
use plumbline_http::{Answer, Client, DEFAULT_BASE_URL, NoAnswer, Outcome, Request, SignedIn};
use plumbline_model::{ActorRole, Person};
use plumbline_pack::TargetFile;
use std::collections::BTreeMap;

/// The media type that is asked for.
const FHIR_JSON: &str = "application/fhir+json";
/// The naming system of the NHS number.
const NHS_NUMBER_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The NHS number that is searched for where target.toml names none: it belongs to nobody.
const NOBODY: &str = "9990009996";
/// The capability under whose address patients are searched for, if it has one of its own.
const PATIENT_INDEX: &str = "patient-index";

/// What is looked over, and what is known of it before.
pub struct Examined<'a> {
    /// The target file.
    pub target: &'a TargetFile,
    /// The people of the data sheet, by role.
    pub people: &'a BTreeMap<ActorRole, Person>,
    /// The client for the target.
    pub client: &'a Client,
    /// The clock, in seconds since 1970-01-01T00:00:00Z.
    pub now: &'a dyn Fn() -> i64,
}

/// Looks the target over: about four requests for each base address, one for a token, and one for
/// each test patient.
pub async fn examine(examined: &Examined<'_>) -> Vec<Finding> {
    let Examined {
        target,
        client,
        now,
        ..
    } = *examined;
    let mut findings = Vec::new();
    let mut reached = Vec::new();
    for place in places(target, client) {
        let request = metadata(&place, Signing::Without);
        let presented = match client.probe(&request) {
            Some(probe) => Some(probe.connect_as_configured().await),
            None => None,
        };
        let answer = client.get(request).await;
        let shown = presented.as_ref();
        findings.extend(place.reach(&answer, shown, now()));
        let own = client.client_certificate();
        findings.push(certificate::ours(&place, shown, own, now()));
        reached.push((place, answer, presented));
    }
    let signed_in = client.sign_in().await;
    findings.push(sign_in::token(&signed_in, now()));
    let mut searched = BTreeMap::new();
    for (place, answer, presented) in reached {
        let looked = look(&place, answer, presented.as_ref(), client, &signed_in, now).await;
        let is_in = looked.last().is_some_and(|last| last.outcome == Told::Ok);
        searched.insert(place.capability, is_in);
        findings.extend(looked);
    }
    findings.extend(find_patients(examined, &searched).await);
    findings.extend(unchecked::unchecked());
    findings
}

/// What to say of everything that [`examine`] looks at where it could not begin.
pub fn not_examined(why: &str) -> Vec<Finding> {
    reach::CHECKS
        .into_iter()
        .chain([certificate::OURS, sign_in::TOKEN])
        .chain(statement::CHECKS)
        .chain([sign_in::METADATA, sign_in::SEARCH, patients::PATIENTS])
        .map(|check| Finding::not_checked(check, why))
        .chain(unchecked::unchecked())
        .collect()
}

/// The base addresses, the default one first.
fn places<'a>(target: &'a TargetFile, client: &Client) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = target
        .base_urls
        .iter()
        .map(|(capability, url)| Place {
            capability,
            url,
            proxied: client.proxied(url),
            target,
        })
        .collect();
    places.sort_by_key(|place| place.capability != DEFAULT_BASE_URL);
    places
}

/// What one address answers; the capability statement is looked at under the default one only.
/// The last finding is that on the search.
async fn look(
    place: &Place<'_>,
    unsigned: Answer,
    presented: Option<&Presented>,
    client: &Client,
    signed_in: &Result<SignedIn, NoAnswer>,
    now: &dyn Fn() -> i64,
) -> Vec<Finding> {
    let is_default = place.capability == DEFAULT_BASE_URL;
    let nothing = |why: &str| {
        let mut findings = if is_default {
            statement::nothing(why)
        } else {
            Vec::new()
        };
        findings.extend(skipped(place, why));
        findings
    };
    if certificate::is_turned_away(presented) {
        return nothing("the system wants a certificate of ours first");
    }
    let Outcome::Response(unsigned) = unsigned.outcome else {
        return nothing("the system was not reached");
    };
    let time = now();
    if signed_in.is_err() {
        let mut findings = if is_default {
            statement::statement(place, &unsigned, time)
        } else {
            Vec::new()
        };
        findings.extend(skipped(place, "there are no credentials to try"));
        return findings;
    }
    let signed = client.get(metadata(place, Signing::With)).await;
    let mut findings = Vec::new();
    if is_default {
        // Some systems show even the capability statement to those only who have signed in; GP
        // Connect calls a request without a token a bad one.
        let shown = match signed.response() {
            Some(signed) if matches!(unsigned.status, 400 | 401 | 403) => signed,
            Some(_) | None => &unsigned,
        };
        findings.extend(statement::statement(place, shown, time));
    }
    findings.push(sign_in::let_in(place, sign_in::METADATA, &signed));
    let number = place.target.nobody_nhs_number.as_deref().unwrap_or(NOBODY);
    let answer = client.get(search(place.capability, number)).await;
    findings.push(sign_in::let_in(place, sign_in::SEARCH, &answer));
    findings
}

/// Looks the test patients up, if the search for nobody showed that this can be done.
async fn find_patients(examined: &Examined<'_>, searched: &BTreeMap<&str, bool>) -> Vec<Finding> {
    let place = if searched.contains_key(PATIENT_INDEX) {
        PATIENT_INDEX
    } else {
        DEFAULT_BASE_URL
    };
    if searched.get(place) != Some(&true) {
        let why = "patients cannot be searched for because of the problem above";
        return vec![Finding::not_checked(patients::PATIENTS, why)];
    }
    let mut answers = BTreeMap::new();
    for (role, entry) in &examined.target.actors {
        let answer = examined.client.get(search(place, &entry.nhs_number)).await;
        if matches!(answer.outcome, Outcome::NoAnswer(NoAnswer::TotalReached)) {
            break;
        }
        answers.insert(role.clone(), answer);
    }
    patients::findings(examined.target, examined.people, &answers)
}

fn skipped(place: &Place<'_>, why: &str) -> impl Iterator<Item = Finding> {
    [sign_in::METADATA, sign_in::SEARCH]
        .map(|check| Finding::not_checked(place.check(check), why))
        .into_iter()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signing {
    With,
    Without,
}

fn metadata(place: &Place<'_>, signing: Signing) -> Request {
    Request {
        capability: Some(place.capability.to_owned()),
        path: "metadata".to_owned(),
        accept: FHIR_JSON.to_owned(),
        sign_in: signing == Signing::With,
        ..Request::default()
    }
}

/// A search for one patient by NHS number.
fn search(capability: &str, number: &str) -> Request {
    Request {
        capability: Some(capability.to_owned()),
        path: "Patient".to_owned(),
        query: vec![(
            "identifier".to_owned(),
            format!("{NHS_NUMBER_SYSTEM}|{number}"),
        )],
        accept: FHIR_JSON.to_owned(),
        ..Request::default()
    }
}
