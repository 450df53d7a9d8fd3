//! What a record keeps so that its evidence can be judged again later, and what the record of such a
//! judgement says of itself. Not for values of patients and not for secrets: what stands here has been
//! through redaction, or is a fingerprint of public text of a pack.

use crate::domain::words;
use crate::facts::DirectoryKind;
use crate::ids::{ActorRole, PackId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What an exchange was made for.
    Purpose {
        /// What is asked in a When step: assertions judge the answer.
        Judged = "judged", "judged";
        /// It prepares a scenario.
        Setup = "setup", "preparation";
        /// It stands beside another as its control.
        Control = "control", "control";
    }
}

words! {
    /// How a body was written. Evidence keeps FHIR XML as the JSON that says the same.
    BodyForm {
        /// JSON, or nothing that could be read.
        Json = "json", "JSON";
        /// XML.
        Xml = "xml", "XML";
    }
}

/// What judging an exchange again must know, and nothing else in its record tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// What it was made for.
    pub purpose: Purpose,
    /// SHA-256 over the id of the scenario and its Given and When steps up to the request, as the pack
    /// has them; empty for what no scenario asked. It binds an answer to the words that asked for it:
    /// redaction leaves a request that cannot be told from others.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked: String,
    /// How the body of the answer was written.
    #[serde(default = "json", skip_serializing_if = "is_json")]
    pub written: BodyForm,
    /// Whether an object of the body had two members of one name. Redaction gives one name to many.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeated_names: bool,
    /// By how many seconds the clock of the target was ahead of ours, where both said their time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead: Option<i64>,
    /// What came of a connection that was tried for its own sake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<TriedConnection>,
}

const fn json() -> BodyForm {
    BodyForm::Json
}

/// Whether nothing need be written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_json(form: &BodyForm) -> bool {
    match form {
        BodyForm::Json => true,
        BodyForm::Xml => false,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_false(it: &bool) -> bool {
    !*it
}

words! {
    /// What came of a connection.
    ConnectionOutcome {
        /// It was let in.
        Accepted = "accepted", "let in";
        /// It was turned away.
        Refused = "refused", "refused";
        /// Neither can be said.
        Unclear = "unclear", "unclear";
    }
}

/// A connection that was tried, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedConnection {
    /// What was offered or shown.
    pub tried: String,
    /// What came of it.
    pub outcome: ConnectionOutcome,
    /// By what that was seen.
    pub how: String,
    /// What came of the right connection before and after; empty if it was let in.
    pub control: String,
}

words! {
    /// How requests were signed in. The words are those of target files.
    SignIn {
        /// Not at all.
        Nothing = "none", "no sign-in";
        /// With a key in a header.
        ApiKey = "api-key", "API key";
        /// With a token that somebody obtained.
        Bearer = "bearer", "access token";
        /// With tokens that a signed JWT asks for.
        ClientCredentials = "oauth2-client-credentials", "OAuth 2 client credentials";
        /// With the headers and tokens of GP Connect.
        GpConnect = "gp-connect", "GP Connect";
    }
}

/// What of target.toml judging again needs. Every value is as redaction shows it: a token where it may
/// not be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetFacts {
    /// The version of FHIR.
    pub fhir_version: String,
    /// How requests were signed in.
    pub sign_in: SignIn,
    /// Base addresses by capability.
    pub base_urls: BTreeMap<String, String>,
    /// The test patients by role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub patients: BTreeMap<ActorRole, PatientInPlay>,
    /// Practitioners, organisations and locations by role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub directory: BTreeMap<ActorRole, EntryInPlay>,
    /// The NHS number of nobody, where the target file names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nobody: Option<String>,
}

/// Who plays the role of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientInPlay {
    /// The NHS number.
    pub nhs_number: String,
    /// System and value of an identifier of the target's own, where the target file names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_identifier: Option<(String, String)>,
    /// SHA-256 of the facts about the person with whom the target was loaded; none for a patient of
    /// the vendor's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

/// Who or what plays another role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryInPlay {
    /// What it is.
    pub kind: DirectoryKind,
    /// SDS user id or ODS code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The target's own id, where the target file names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Where the evidence of a record comes from that was judged again: its times are those of the run that
/// collected it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejudged {
    /// The run that collected the evidence.
    pub run_id: String,
    /// The version of Plumbline that collected it.
    pub plumbline: String,
    /// The pack by which it was collected.
    pub pack: PackId,
    /// The version of that pack.
    pub pack_version: String,
    /// The fingerprint of that pack.
    pub pack_fingerprint: String,
}
