//! The examination: which requests are made, in which order, and what follows from each.
//! Not for the words of the findings, which stand beside their checks.

use crate::finding::Finding;
use crate::reach::Place;
use crate::{reach, sign_in, statement, unchecked};
use plumbline_http::{Answer, Client, DEFAULT_BASE_URL, NoAnswer, Outcome, Request, SignedIn};
use plumbline_pack::TargetFile;

/// The media type that is asked for.
const FHIR_JSON: &str = "application/fhir+json";
/// The naming system of the NHS number.
const NHS_NUMBER_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The NHS number that is searched for where target.toml names none: it belongs to nobody.
const NOBODY: &str = "9990009996";

/// Looks the target over with the client for it. `now` is the clock, in seconds since
/// 1970-01-01T00:00:00Z. About three requests for each base address, and one for a token.
pub async fn examine(target: &TargetFile, client: &Client, now: &dyn Fn() -> i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut reached = Vec::new();
    for place in places(target, client) {
        let answer = client.get(metadata(&place, Signing::Without)).await;
        findings.extend(place.reach(&answer));
        reached.push((place, answer));
    }
    let signed_in = client.sign_in().await;
    findings.push(sign_in::token(&signed_in, now()));
    for (place, answer) in reached {
        findings.extend(look(&place, answer, client, &signed_in, now).await);
    }
    findings.extend(unchecked::unchecked());
    findings
}

/// What to say of everything that [`examine`] looks at where it could not begin.
pub fn not_examined(why: &str) -> Vec<Finding> {
    reach::CHECKS
        .into_iter()
        .chain([sign_in::TOKEN])
        .chain(statement::CHECKS)
        .chain([sign_in::METADATA, sign_in::SEARCH])
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
async fn look(
    place: &Place<'_>,
    unsigned: Answer,
    client: &Client,
    signed_in: &Result<SignedIn, NoAnswer>,
    now: &dyn Fn() -> i64,
) -> Vec<Finding> {
    let is_default = place.capability == DEFAULT_BASE_URL;
    let Outcome::Response(unsigned) = unsigned.outcome else {
        let mut findings = if is_default {
            statement::nothing(NOT_REACHED)
        } else {
            Vec::new()
        };
        findings.extend(skipped(place, NOT_REACHED));
        return findings;
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
        // Some systems show even the capability statement to those only who have signed in.
        let shown = match signed.response() {
            Some(signed) if matches!(unsigned.status, 401 | 403) => signed,
            Some(_) | None => &unsigned,
        };
        findings.extend(statement::statement(place, shown, time));
    }
    findings.push(sign_in::let_in(place, sign_in::METADATA, &signed));
    let answer = client.get(search(place)).await;
    findings.push(sign_in::let_in(place, sign_in::SEARCH, &answer));
    findings
}

const NOT_REACHED: &str = "the system was not reached";

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
        query: Vec::new(),
        absolute: None,
        accept: FHIR_JSON.to_owned(),
        headers: Vec::new(),
        sign_in: signing == Signing::With,
    }
}

/// A search that finds nobody, so that no record of a person is asked for.
fn search(place: &Place<'_>) -> Request {
    let number = place.target.nobody_nhs_number.as_deref().unwrap_or(NOBODY);
    Request {
        path: "Patient".to_owned(),
        query: vec![(
            "identifier".to_owned(),
            format!("{NHS_NUMBER_SYSTEM}|{number}"),
        )],
        ..metadata(place, Signing::With)
    }
}
