//! What GP Connect asks for on every request: four headers of the Spine Secure Proxy, and a token
//! of JSON claims that is not signed (`alg` is `none`; the dot before the empty signature stays).
//! Not a proof of who asks: that is the client certificate. Nothing in the token is secret.
//!
//! Scenarios need wrong ones. [`GpConnectCall`] changes any claim, any header, or the form of the
//! token, for one request. A change that cannot be made, such as the removal of a claim that is not
//! there, keeps the request from being sent: otherwise a right token would be tested as a wrong one.
//!
//! Source: GP Connect specification 1.6.2, "Cross organisation audit and provenance" and "Spine
//! Secure Proxy".

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use plumbline_model::GpConnect;
use reqwest::header::HeaderName;
use serde_json::{Value, json};

/// How long a token is good for, in seconds.
const LIFETIME: i64 = 300;
/// What every interaction id begins with.
const INTERACTION: &str = "urn:nhs:names:services:gpconnect:";
/// The naming systems of the claims.
const ODS_CODE: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
const SDS_USER: &str = "https://fhir.nhs.uk/Id/sds-user-id";
const SDS_ROLE: &str = "https://fhir.nhs.uk/Id/sds-role-profile-id";
/// In the place of a signature where a scenario wants one: 32 bytes that sign nothing.
const NO_SIGNATURE: [u8; 32] = [0x5a; 32];

/// What one request asks for in the manner of GP Connect, and what is to be wrong with it. The
/// default asks in the right way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GpConnectCall {
    /// The interaction id (`Ssp-InteractionID`), whole or without `urn:nhs:names:services:gpconnect:`.
    /// Without one, a GET of `metadata` or `Patient` has that of GP Connect Foundations, and any
    /// other request has none.
    pub interaction: Option<String>,
    /// The claim `requested_scope`; without one, that which the interaction needs.
    pub scope: Option<String>,
    /// Changes to the headers, in order.
    pub headers: Vec<(SspHeader, HeaderChange)>,
    /// Changes to the claims, in order. A claim is named by its path, with dots and with numbers
    /// from 0 for items of a list: `requesting_device.identifier.0.system`.
    pub claims: Vec<(String, ClaimChange)>,
    /// Changes to the header of the token (`alg`, `typ`), in the same way.
    pub token_header: Vec<(String, ClaimChange)>,
    /// The form in which the token is sent.
    pub form: TokenForm,
}

/// A header of the Spine Secure Proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SspHeader {
    /// `Ssp-TraceID`: a fresh UUID for each request.
    TraceId,
    /// `Ssp-From`: the ASID of the system that asks.
    From,
    /// `Ssp-To`: the ASID of the target.
    To,
    /// `Ssp-InteractionID`: what is asked for.
    InteractionId,
}

/// What becomes of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderChange {
    /// It is not sent.
    Remove,
    /// It is sent with this value.
    Set(String),
    /// It is sent a second time, with this value.
    Repeat(String),
}

/// What becomes of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimChange {
    /// It is not sent.
    Remove,
    /// It has this value; a claim that was not there is added.
    Set(Value),
    /// It is this many seconds after the present, or before it if negative (`iat`, `exp`).
    SecondsFromNow(i64),
}

/// The form in which a token is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TokenForm {
    /// As the specification says.
    #[default]
    Unsigned,
    /// Without the dot at its end.
    NoLastDot,
    /// As bare JSON, the claims alone.
    NotEncoded,
    /// With letters in it that base64url does not have.
    NotBase64Url,
    /// With something in the place of a signature, which signs nothing. What the token says of its
    /// algorithm is changed with [`GpConnectCall::token_header`].
    Signed,
    /// This in place of the whole token, after the word Bearer.
    Raw(String),
    /// This in place of the whole value of the header, the word Bearer included.
    Header(String),
    /// No header at all; as a request that does not sign in.
    Absent,
}

impl SspHeader {
    /// Every header.
    pub const ALL: &[Self] = &[Self::TraceId, Self::From, Self::To, Self::InteractionId];

    /// Its name as the specification writes it; it is sent in lower case, which means the same.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TraceId => "Ssp-TraceID",
            Self::From => "Ssp-From",
            Self::To => "Ssp-To",
            Self::InteractionId => "Ssp-InteractionID",
        }
    }

    /// The header with this name, in capitals or not.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|header| header.name().eq_ignore_ascii_case(name))
    }

    pub(crate) const fn lower_case(self) -> HeaderName {
        match self {
            Self::TraceId => HeaderName::from_static("ssp-traceid"),
            Self::From => HeaderName::from_static("ssp-from"),
            Self::To => HeaderName::from_static("ssp-to"),
            Self::InteractionId => HeaderName::from_static("ssp-interactionid"),
        }
    }
}

impl GpConnectCall {
    /// A request for this interaction; see [`GpConnectCall::interaction`].
    pub fn of(interaction: impl Into<String>) -> Self {
        Self {
            interaction: Some(interaction.into()),
            ..Self::default()
        }
    }

    /// Whether it asks for nothing, so that a client of another kind can send the request.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the token is sent, and differs from the right one.
    fn changes_token(&self) -> bool {
        let keeps = self.claims.is_empty() && self.token_header.is_empty();
        !keeps || !matches!(self.form, TokenForm::Unsigned | TokenForm::Absent)
    }
}

/// The interaction of a request that does not name one: the client's own control requests.
fn usual_interaction(is_get: bool, path: &str) -> Option<&'static str> {
    match path.trim_matches('/') {
        "metadata" if is_get => Some("fhir:rest:read:metadata-1"),
        "Patient" if is_get => Some("fhir:rest:search:patient-1"),
        _ => None,
    }
}

/// The scope that an interaction needs.
fn usual_scope(interaction: &str) -> &'static str {
    let id = interaction.strip_prefix(INTERACTION).unwrap_or(interaction);
    let ends = |endings: &[&str]| endings.iter().any(|ending| id.ends_with(ending));
    if ends(&[
        ":metadata-1",
        ":practitioner-1",
        ":organization-1",
        ":location-1",
        ":slot-1",
    ]) {
        "organization/*.read"
    } else if ends(&[
        ":create:appointment-1",
        ":update:appointment-1",
        ":cancel:appointment-1",
        ":gpc.registerpatient-1",
    ]) {
        "patient/*.write"
    } else {
        "patient/*.read"
    }
}

/// What is asked for, as far as headers and token depend on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) is_get: bool,
    pub(crate) path: &'a str,
    /// The base URL below which it is asked for.
    pub(crate) base: &'a str,
    pub(crate) signs_in: bool,
    pub(crate) call: &'a GpConnectCall,
}

impl Asking<'_> {
    fn interaction(&self) -> Option<String> {
        let given = self.call.interaction.as_deref();
        let id = given.or_else(|| usual_interaction(self.is_get, self.path))?;
        if id.starts_with("urn:") {
            return Some(id.to_owned());
        }
        Some(format!("{INTERACTION}{id}"))
    }

    /// Whether the request has a token.
    pub(crate) fn has_token(&self) -> bool {
        self.signs_in && self.call.form != TokenForm::Absent
    }

    /// Whether changes are asked for to a token that is not sent.
    pub(crate) fn contradicts_itself(&self) -> bool {
        !self.has_token() && self.call.changes_token()
    }

    /// The headers of the Spine Secure Proxy.
    pub(crate) fn headers(&self, by: &GpConnect, trace: &str) -> Vec<(HeaderName, String)> {
        let mut all: Vec<(SspHeader, String)> = vec![
            (SspHeader::TraceId, trace.to_owned()),
            (SspHeader::From, by.from_asid.clone()),
            (SspHeader::To, by.to_asid.clone()),
        ];
        all.extend(self.interaction().map(|id| (SspHeader::InteractionId, id)));
        for (header, change) in &self.call.headers {
            match change {
                HeaderChange::Remove => all.retain(|(name, _)| name != header),
                HeaderChange::Set(value) => {
                    all.retain(|(name, _)| name != header);
                    all.push((*header, value.clone()));
                }
                HeaderChange::Repeat(value) => all.push((*header, value.clone())),
            }
        }
        all.into_iter()
            .map(|(header, value)| (header.lower_case(), value))
            .collect()
    }

    /// The value of the header `authorization`, and the claims in it; `None` if a change cannot be
    /// made. `now` is in seconds since 1970-01-01T00:00:00Z.
    pub(crate) fn token(&self, by: &GpConnect, now: i64) -> Option<Token> {
        let call = self.call;
        let mut head = json!({ "alg": "none", "typ": "JWT" });
        let mut claims = self.claims(by, now);
        for (all, changes) in [(&mut head, &call.token_header), (&mut claims, &call.claims)] {
            for (path, change) in changes {
                make(all, path, change, now)?;
            }
        }
        let bare = claims.to_string();
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let (head, body) = (part(&head), part(&claims));
        let value = match &call.form {
            TokenForm::Unsigned => format!("Bearer {head}.{body}."),
            TokenForm::NotEncoded => format!("Bearer {bare}"),
            TokenForm::NoLastDot => format!("Bearer {head}.{body}"),
            // Not at the end, where a reader may take it for padding.
            TokenForm::NotBase64Url => format!("Bearer {head}.!*{body}."),
            TokenForm::Signed => {
                let signature = URL_SAFE_NO_PAD.encode(NO_SIGNATURE);
                format!("Bearer {head}.{body}.{signature}")
            }
            TokenForm::Raw(token) => format!("Bearer {token}"),
            TokenForm::Header(value) => value.clone(),
            TokenForm::Absent => return None,
        };
        let claims = match call.form {
            TokenForm::Raw(_) | TokenForm::Header(_) | TokenForm::Absent => None,
            TokenForm::Unsigned
            | TokenForm::NoLastDot
            | TokenForm::NotEncoded
            | TokenForm::NotBase64Url
            | TokenForm::Signed => Some(bare),
        };
        Some(Token { value, claims })
    }

    fn claims(&self, by: &GpConnect, now: i64) -> Value {
        let scope = match &self.call.scope {
            Some(scope) => scope.clone(),
            None => usual_scope(&self.interaction().unwrap_or_default()).to_owned(),
        };
        let base = self.base.trim_end_matches('/');
        let (device, person) = (&by.device, &by.practitioner);
        json!({
            "iss": by.issuer,
            "sub": person.id,
            "aud": by.audience.as_deref().unwrap_or(base),
            "iat": now,
            "exp": now + LIFETIME,
            "reason_for_request": by.reason,
            "requested_scope": scope,
            "requesting_device": {
                "resourceType": "Device",
                "identifier": [{ "system": device.system, "value": device.identifier }],
                "model": device.model,
                "version": device.version,
            },
            "requesting_organization": {
                "resourceType": "Organization",
                "identifier": [{ "system": ODS_CODE, "value": by.organisation.ods_code }],
                "name": by.organisation.name,
            },
            "requesting_practitioner": {
                "resourceType": "Practitioner",
                "id": person.id,
                "identifier": [
                    { "system": SDS_USER, "value": person.sds_user_id },
                    { "system": SDS_ROLE, "value": person.sds_role_profile_id },
                    { "system": person.local_system, "value": person.local_id },
                ],
                "name": [{
                    "family": person.family,
                    "given": [person.given],
                    "prefix": [person.prefix],
                }],
            },
        })
    }
}

/// A token that is ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// The value of the header `authorization`.
    pub(crate) value: String,
    /// The claims as JSON, if the token has any.
    pub(crate) claims: Option<String>,
}

/// Makes one change; `None` if there is no such place. A list may grow by one item at its end.
fn make(all: &mut Value, path: &str, change: &ClaimChange, now: i64) -> Option<()> {
    let (above, last) = match path.rsplit_once('.') {
        Some((above, last)) => (at(all, above)?, last),
        None => (all, path),
    };
    let new = match change {
        ClaimChange::Remove => None,
        ClaimChange::Set(value) => Some(value.clone()),
        ClaimChange::SecondsFromNow(seconds) => Some(json!(now.checked_add(*seconds)?)),
    };
    match (above, new) {
        (Value::Object(all), None) => all.remove(last).map(drop),
        (Value::Object(all), Some(new)) => {
            all.insert(last.to_owned(), new);
            Some(())
        }
        (Value::Array(all), new) => {
            let index: usize = last.parse().ok()?;
            match new {
                None if index < all.len() => drop(all.remove(index)),
                Some(new) if index == all.len() => all.push(new),
                Some(new) => *all.get_mut(index)? = new,
                None => return None,
            }
            Some(())
        }
        _ => None,
    }
}

fn at<'v>(all: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').try_fold(all, |value, name| match value {
        Value::Object(all) => all.get_mut(name),
        Value::Array(all) => all.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    })
}
