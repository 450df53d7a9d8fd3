//! An exchange as it may be stored: already redacted.
//! Not for live requests and responses: `http` holds those in memory only.

use crate::ids::{ExchangeId, ScenarioId};
use crate::rejudge::Capture;
use crate::validity::BodyCheck;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One header, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Name in lower case.
    pub name: String,
    /// Value, or a token in its place.
    pub value: String,
}

/// What is kept of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "kebab-case")]
pub enum StoredBody {
    /// There was none.
    Empty,
    /// JSON, with everything outside the allow-list replaced by typed tokens; pretty-printed.
    Json {
        /// The redacted text: a run meets the same body many times.
        text: Arc<str>,
        /// Length of the body as received, in bytes.
        received_bytes: u64,
    },
    /// Anything else: only its length and fingerprint.
    Opaque {
        /// Length in bytes.
        bytes: u64,
        /// SHA-256, lower-case hexadecimal.
        sha256: String,
        /// Why it was not kept.
        why: String,
    },
}

/// One request and what came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRecord {
    /// Number within the run.
    pub id: ExchangeId,
    /// HTTP method.
    pub method: String,
    /// Redacted URL.
    pub url: String,
    /// Headers as requested, redacted; the client library adds a few of its own.
    pub request_headers: Vec<Header>,
    /// What is kept of the body of the request, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_body: Option<StoredBody>,
    /// HTTP status; `None` if no answer came.
    pub status: Option<u16>,
    /// Response headers, redacted.
    pub response_headers: Vec<Header>,
    /// What is kept of the response body.
    pub body: StoredBody,
    /// Whether the body was checked against the base specification of FHIR, and what was found.
    #[serde(default)]
    pub fhir: BodyCheck,
    /// What went wrong on the way, in our words; empty if nothing did.
    pub transport_error: String,
    /// Milliseconds from sending to the end of the body.
    pub elapsed_ms: u64,
    /// A command that repeats the request, with secrets replaced.
    pub curl: String,
    /// What judging it again needs; none in records of formats before 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Capture>,
}

/// Something that a scenario created in the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The type of the resource, such as `Patient`.
    pub resource_type: String,
    /// What finds it in the target, redacted.
    pub reference: String,
    /// Whether it is still there, as far as we know.
    pub left: bool,
}
