//! The token that says who asks and why: an unsigned JSON Web Token.
//! Not for signatures: GP Connect has none in it.
//!
//! Source: GP Connect 1.6.2-beta, cross-organisation audit and provenance; error handling guidance.
//! How long a token lives and when it was made is not checked (release note 1.2.3), its end is.

use super::checks::{self, Check, Checks, Refusal};
use super::definitions::stu3;
use super::profiles::{ODS_CODE, SDS_USER_ID};
use super::routes::Route;
use crate::request::Request;
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value, json};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

const SCOPES: [&str; 4] = [
    "patient/*.read",
    "patient/*.write",
    "organization/*.read",
    "organization/*.write",
];

/// The claims that must be there, but for `exp`.
const CLAIMS: [(&str, Check); 8] = [
    ("iss", checks::TOKEN_CLAIM_ISS),
    ("sub", checks::TOKEN_CLAIM_SUB),
    ("aud", checks::TOKEN_CLAIM_AUD),
    ("reason_for_request", checks::TOKEN_CLAIM_REASON),
    ("requested_scope", checks::TOKEN_CLAIM_SCOPE),
    ("requesting_device", checks::TOKEN_CLAIM_DEVICE),
    ("requesting_organization", checks::TOKEN_CLAIM_ORGANIZATION),
    ("requesting_practitioner", checks::TOKEN_CLAIM_PRACTITIONER),
];

/// A moment counts as now for so many seconds before and after.
const ABOUT_NOW: i64 = 60;

/// The claims for faults to look at, whatever else is wrong with the token; null without claims.
/// With them come `made`, which is `past`, `now` or `future`, and `lifetime` in seconds.
pub(crate) fn claims_for_faults(request: &Request, now: i64) -> Value {
    let token = bearer(request).unwrap_or_default();
    let Some(Value::Object(mut claims)) = token.split('.').nth(1).and_then(part) else {
        return Value::Null;
    };
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let (made, end) = (time("iat"), time("exp"));
    if let Some(made) = made {
        let word = match made - now {
            ahead if ahead < -ABOUT_NOW => "past",
            ahead if ahead > ABOUT_NOW => "future",
            _ => "now",
        };
        claims.insert("made".to_owned(), json!(word));
    }
    if let Some((made, end)) = made.zip(end) {
        claims.insert("lifetime".to_owned(), json!(end - made));
    }
    Value::Object(claims)
}

fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.trim().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn part(text: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64.decode(text).ok()?).ok()
}

/// Refuses a request whose token is not there or not right. `now` is in seconds since 1970.
pub(crate) fn check(
    request: &Request,
    route: &Route,
    now: i64,
    checks: &Checks<'_>,
) -> Result<(), Refusal> {
    let Some(claims) = claims(request, checks)? else {
        return Ok(());
    };
    let has = |name: &str| is_filled(claims.get(name));
    for (name, check) in CLAIMS {
        let text = format!("the claim {name} is missing or empty");
        checks.hold(check, has(name), text)?;
    }
    check_values(&claims, request, route, now, checks)?;
    check_device(&claims["requesting_device"], checks)?;
    check_organization(&claims["requesting_organization"], checks)?;
    check_practitioner(&claims, checks)
}

/// The claims, or nothing if a fault lets a token through that has none.
fn claims(request: &Request, checks: &Checks<'_>) -> Result<Option<Value>, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let text = "the header Authorization is missing";
    checks.hold(checks::TOKEN, !header.is_empty(), text)?;
    let token = bearer(request);
    let text = "the header Authorization has no bearer token";
    let is_bearer = header.is_empty() || token.is_some();
    checks.hold(checks::TOKEN_SCHEME, is_bearer, text)?;
    let Some(token) = token else {
        return Ok(None);
    };
    let parts: Vec<&str> = token.split('.').collect();
    let text = "a token has three parts, of which the last is empty";
    checks.hold(checks::TOKEN_PARTS, parts.len() == 3, text)?;
    let [head, body, rest @ ..] = parts.as_slice() else {
        return Ok(None);
    };
    let is_base64 = |text: &&str| BASE64.decode(text).is_ok();
    let text = "the token is not base64url";
    let both = [head, body].into_iter().all(is_base64);
    checks.hold(checks::TOKEN_BASE64, both, text)?;
    let (head, body) = (part(head), part(body));
    let are_objects = [&head, &body]
        .into_iter()
        .all(|part| part.as_ref().is_some_and(Value::is_object));
    let text = "the parts of the token are not JSON objects";
    checks.hold(checks::TOKEN_JSON, are_objects || !both, text)?;
    let unsigned = head.is_none_or(|head| head["alg"] == "none");
    let text = "the token must have the algorithm `none`";
    checks.hold(checks::TOKEN_ALG, unsigned, text)?;
    let no_signature = !are_objects || rest.iter().all(|part| part.is_empty());
    let text = "the token must have no signature";
    checks.hold(checks::TOKEN_SIGNATURE, no_signature, text)?;
    Ok(body.filter(Value::is_object))
}

fn check_values(
    claims: &Value,
    request: &Request,
    route: &Route,
    now: i64,
    checks: &Checks<'_>,
) -> Result<(), Refusal> {
    let end = claims["exp"].as_i64();
    let text = "the claim exp is missing or is no whole number";
    checks.hold(checks::TOKEN_CLAIM_EXP, end.is_some(), text)?;
    let is_over = end.is_some_and(|end| end <= now);
    checks.hold(checks::TOKEN_EXP, !is_over, "the token has expired")?;
    if let Some(address) = claims["aud"].as_str() {
        let text = format!("the claim aud is not {}", request.base);
        checks.hold(checks::TOKEN_AUD, is_same(address, &request.base), text)?;
    }
    if let Some(reason) = claims["reason_for_request"].as_str() {
        let is_right = ["directcare", "migration"].contains(&reason);
        let text = format!("the reason `{reason}` is none of GP Connect");
        checks.hold(checks::TOKEN_REASON, is_right, text)?;
    }
    if let Some(scope) = claims["requested_scope"].as_str() {
        let is_word = is_scope(scope);
        let text = format!("the scope `{scope}` is none of GP Connect");
        checks.hold(checks::TOKEN_SCOPE_WORD, is_word, text)?;
        let first = scope.split(' ').next().unwrap_or_default();
        let text = format!("this request needs the scope {}", route.scope());
        let goes = !is_word || first == route.scope();
        checks.hold(checks::TOKEN_SCOPE, goes, text)?;
    }
    Ok(())
}

/// Whether two addresses are the same but for the scheme, which a proxy may change.
fn is_same(address: &str, base: &str) -> bool {
    let without_scheme = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.trim_end_matches('/').to_owned()
    };
    without_scheme(address) == without_scheme(base)
}

fn is_scope(text: &str) -> bool {
    let (scope, more) = text.split_once(' ').unwrap_or((text, ""));
    SCOPES.contains(&scope) && ["", "conf/N", "conf/R"].contains(&more.trim())
}

fn check_device(device: &Value, checks: &Checks<'_>) -> Result<(), Refusal> {
    let text = "requesting_device is no Device";
    checks.hold(checks::TOKEN_DEVICE_TYPE, is_a(device, "Device"), text)?;
    let identifier = &device["identifier"][0];
    let is_whole = [
        &identifier["system"],
        &identifier["value"],
        &device["model"],
        &device["version"],
    ]
    .into_iter()
    .all(|value| is_filled(Some(value)));
    let is_valid = device["resourceType"] != "Device" || is_whole && is_known(device, "Device");
    let text = "requesting_device is no valid Device with identifier, model and version";
    checks.hold(checks::TOKEN_DEVICE, is_valid, text)
}

fn check_organization(organization: &Value, checks: &Checks<'_>) -> Result<(), Refusal> {
    let is_missing = organization.is_null();
    let text = "requesting_organization is no Organization";
    let is_right = is_a(organization, "Organization");
    checks.hold(checks::TOKEN_ORGANIZATION_TYPE, is_right, text)?;
    let text = "requesting_organization is no valid Organization";
    checks.hold(
        checks::TOKEN_ORGANIZATION,
        is_known(organization, "Organization"),
        text,
    )?;
    let text = "requesting_organization has no ODS code";
    let has_code = is_missing || has_identifier(organization, ODS_CODE);
    checks.hold(checks::TOKEN_ORGANIZATION_ODS, has_code, text)?;
    let text = "requesting_organization has no name";
    let has_name = is_missing || is_filled(organization.get("name"));
    checks.hold(checks::TOKEN_ORGANIZATION_NAME, has_name, text)
}

fn check_practitioner(claims: &Value, checks: &Checks<'_>) -> Result<(), Refusal> {
    let practitioner = &claims["requesting_practitioner"];
    let is_missing = practitioner.is_null();
    let text = "requesting_practitioner is no Practitioner";
    let is_right = is_a(practitioner, "Practitioner");
    checks.hold(checks::TOKEN_PRACTITIONER_TYPE, is_right, text)?;
    let text = "requesting_practitioner is no valid Practitioner";
    let is_valid = is_known(practitioner, "Practitioner");
    checks.hold(checks::TOKEN_PRACTITIONER, is_valid, text)?;
    // The role profile and the local id may be missing: providers are told to put up with it.
    let text = "requesting_practitioner has no SDS user id";
    let has_id = is_missing || has_identifier(practitioner, SDS_USER_ID);
    checks.hold(checks::TOKEN_PRACTITIONER_SDS, has_id, text)?;
    let name = &practitioner["name"][0];
    let has_name = is_filled(name.get("family")) && is_filled(name["given"].get(0));
    let text = "requesting_practitioner has no family or given name";
    checks.hold(
        checks::TOKEN_PRACTITIONER_NAME,
        is_missing || has_name,
        text,
    )?;
    let is_user = is_missing || claims["sub"].is_null() || claims["sub"] == practitioner["id"];
    let text = "the claim sub is not the id of requesting_practitioner";
    checks.hold(checks::TOKEN_SUB, is_user, text)
}

/// Whether a claim is a resource of that type; a claim that is missing is another check's.
fn is_a(resource: &Value, name: &str) -> bool {
    resource.is_null() || resource["resourceType"] == name
}

/// Whether FHIR knows every element directly below a resource of this type; others pass.
fn is_known(resource: &Value, name: &str) -> bool {
    let empty = Map::new();
    let fields = resource.as_object().unwrap_or(&empty);
    resource["resourceType"] != name
        || fields.keys().all(|key| {
            let bare = key.strip_prefix('_').unwrap_or(key);
            bare == "resourceType" || stu3().element(name, bare).is_some()
        })
}

fn has_identifier(resource: &Value, system: &str) -> bool {
    let identifiers = resource["identifier"].as_array();
    identifiers
        .into_iter()
        .flatten()
        .any(|identifier| identifier["system"] == system && is_filled(identifier.get("value")))
}

/// Whether something is said: no null, and no blank text.
fn is_filled(value: Option<&Value>) -> bool {
    value.is_some_and(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    })
}
