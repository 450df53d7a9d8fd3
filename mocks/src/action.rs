//! What a faulty system does, as data: the words of `[action]` in a fault's file.
//! Not for when it does so (`fault`), nor for doing it (`apply`, `server` and `tls`).

use crate::gp::CHECKS;
use crate::suggest::closest;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The codes of an issue (FHIR R4, issue-type).
const ISSUE_CODES: [&str; 31] = [
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "security",
    "login",
    "unknown",
    "expired",
    "forbidden",
    "suppressed",
    "processing",
    "not-supported",
    "duplicate",
    "multiple-matches",
    "not-found",
    "deleted",
    "too-long",
    "code-invalid",
    "extension",
    "too-costly",
    "business-rule",
    "conflict",
    "transient",
    "lock-error",
    "no-store",
    "exception",
    "timeout",
    "incomplete",
    "throttled",
    "informational",
];

/// What a faulty system does, in the order of these fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    /// Query keys that have no effect, although they were sent.
    pub(crate) ignore_params: Option<Vec<String>>,
    /// Checks that the system does not make, by name.
    pub(crate) skip_checks: Option<Vec<String>>,
    /// A registration that was refused is carried out all the same.
    pub(crate) register_anyway: Option<bool>,
    /// A search that asks for everybody is answered.
    pub(crate) answer_wide: Option<bool>,
    /// The role of a person whose records come as well.
    pub(crate) add_others: Option<String>,
    pub(crate) drop_entries: Option<DropEntries>,
    /// Entries whose JSON holds this text are dropped.
    pub(crate) drop_text: Option<String>,
    pub(crate) duplicate_entry: Option<bool>,
    pub(crate) drop_link: Option<String>,
    pub(crate) patch: Option<Vec<Patch>>,
    /// From 300 on, an `OperationOutcome` comes with it.
    pub(crate) status: Option<u16>,
    /// An `OperationOutcome` in place of the answer.
    pub(crate) refuse: Option<Refuse>,
    /// The answer is JSON, whatever was asked for.
    pub(crate) answer_json_always: Option<bool>,
    /// The answer is not packed, whatever was asked for.
    pub(crate) no_gzip: Option<bool>,
    /// The answer does not forbid storing.
    pub(crate) not_no_store: Option<bool>,
    /// An empty value takes the header away.
    pub(crate) headers: Option<BTreeMap<String, String>>,
    pub(crate) body: Option<String>,
    /// Half of the body, as if it were all.
    pub(crate) truncate: Option<bool>,
    /// The connection ends without an answer.
    pub(crate) reset: Option<bool>,
    pub(crate) delay_ms: Option<u64>,
    /// What is wrong below HTTP: `tls` carries it out.
    pub(crate) tls: Option<TlsFault>,
    pub(crate) plain_http: Option<PlainHttp>,
}

/// How the encrypted connection is too lenient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TlsFault {
    /// A client without a certificate is answered.
    NoClientCertificate,
    ExpiredAccepted,
    UnknownAuthorityAccepted,
    OtherNameAccepted,
    /// A client that offers an old version only is answered.
    OldVersionAnswered,
    /// A client that offers broken ciphers only (NULL, RC4, 3DES, export) is answered.
    BrokenCipherAnswered,
    /// A client that offers only sound ciphers outside the list is answered.
    OutsideCipherAnswered,
    /// A client that offers TLS 1.2 only is refused.
    #[serde(rename = "version12-refused")]
    Version12Refused,
    /// A client that offers the preferred ciphers only is refused.
    PreferredCipherRefused,
}

/// What a system that should not talk without encryption does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PlainHttp {
    Answered,
}

/// A refusal: its HTTP status and its FHIR issue type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refuse {
    pub(crate) status: u16,
    pub(crate) code: String,
    /// The code in `issue.details`, of a system that sends one.
    pub(crate) details: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DropEntries {
    All,
    First,
    Last,
}

/// One change to the JSON of the answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patch {
    pub(crate) op: PatchOp,
    /// A JSON pointer in which `*` stands for every index, and `[name=value]` for the items that
    /// have that text.
    pub(crate) path: String,
    pub(crate) value: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PatchOp {
    Remove,
    Set,
    Append,
}

impl Action {
    /// The family's action with the case's own keys in place of the family's.
    pub(crate) fn overridden_by(&self, case: &Action) -> Action {
        let (family, case) = (self.clone(), case.clone());
        Action {
            ignore_params: case.ignore_params.or(family.ignore_params),
            skip_checks: case.skip_checks.or(family.skip_checks),
            register_anyway: case.register_anyway.or(family.register_anyway),
            answer_wide: case.answer_wide.or(family.answer_wide),
            add_others: case.add_others.or(family.add_others),
            drop_entries: case.drop_entries.or(family.drop_entries),
            drop_text: case.drop_text.or(family.drop_text),
            duplicate_entry: case.duplicate_entry.or(family.duplicate_entry),
            drop_link: case.drop_link.or(family.drop_link),
            patch: case.patch.or(family.patch),
            status: case.status.or(family.status),
            refuse: case.refuse.or(family.refuse),
            answer_json_always: case.answer_json_always.or(family.answer_json_always),
            no_gzip: case.no_gzip.or(family.no_gzip),
            not_no_store: case.not_no_store.or(family.not_no_store),
            headers: case.headers.or(family.headers),
            body: case.body.or(family.body),
            truncate: case.truncate.or(family.truncate),
            reset: case.reset.or(family.reset),
            delay_ms: case.delay_ms.or(family.delay_ms),
            tls: case.tls.or(family.tls),
            plain_http: case.plain_http.or(family.plain_http),
        }
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status.filter(|status| !(200..=599).contains(status)) {
            return Err(format!("status {status} is not between 200 and 599"));
        }
        if let Some(refuse) = &self.refuse {
            self.check_refuse(refuse)?;
        }
        if let Some(link) = self
            .drop_link
            .as_ref()
            .filter(|link| *link != "next" && *link != "self")
        {
            return Err(format!("drop_link is `next` or `self`, not `{link}`"));
        }
        for (name, value) in self.headers.iter().flatten() {
            let right = axum::http::HeaderName::try_from(name.as_str()).is_ok()
                && axum::http::HeaderValue::try_from(value.as_str()).is_ok();
            if !right {
                return Err(format!("`{name}: {value}` cannot be sent as a header"));
            }
        }
        self.patch.iter().flatten().try_for_each(Patch::check)
    }

    fn check_refuse(&self, refuse: &Refuse) -> Result<(), String> {
        let Refuse { status, code, .. } = refuse;
        if self.status.is_some() {
            return Err("`status` and `refuse` are both given: keep one".to_owned());
        }
        if !(400..=599).contains(status) {
            return Err(format!(
                "refuse: status {status} is not between 400 and 599"
            ));
        }
        if !ISSUE_CODES.contains(&code.as_str()) {
            return Err(format!(
                "refuse: `{code}` is no FHIR issue type; they are {}",
                ISSUE_CODES.join(", ")
            ));
        }
        Ok(())
    }

    pub(crate) fn does_something(&self) -> bool {
        let lists = [
            self.ignore_params
                .as_ref()
                .is_some_and(|keys| !keys.is_empty()),
            self.skip_checks
                .as_ref()
                .is_some_and(|names| !names.is_empty()),
            self.patch
                .as_ref()
                .is_some_and(|patches| !patches.is_empty()),
            self.headers
                .as_ref()
                .is_some_and(|headers| !headers.is_empty()),
        ];
        let flags = [
            self.answer_wide,
            self.duplicate_entry,
            self.truncate,
            self.reset,
            self.register_anyway,
            self.answer_json_always,
            self.no_gzip,
            self.not_no_store,
        ];
        let texts = [
            &self.add_others,
            &self.drop_text,
            &self.drop_link,
            &self.body,
        ];
        lists.contains(&true)
            || flags.contains(&Some(true))
            || texts.iter().any(|text| text.is_some())
            || self.drop_entries.is_some()
            || self.status.is_some()
            || self.refuse.is_some()
            || self.delay_ms.is_some()
            || self.tls.is_some()
            || self.plain_http.is_some()
    }
}

impl Action {
    /// Refuses words that only a GP system can carry out.
    pub(crate) fn check_without_gp(&self) -> Result<(), String> {
        let words = [
            ("skip_checks", self.skip_checks.is_some()),
            ("register_anyway", self.register_anyway.is_some()),
            ("answer_json_always", self.answer_json_always.is_some()),
            ("no_gzip", self.no_gzip.is_some()),
            ("not_no_store", self.not_no_store.is_some()),
            ("tls", self.tls.is_some()),
            ("plain_http", self.plain_http.is_some()),
        ];
        match words.iter().find(|(_, is_there)| *is_there) {
            Some((word, _)) => Err(only_gp(word)),
            None => Ok(()),
        }
    }

    /// Refuses checks that a GP system does not have, and words that it cannot carry out.
    pub(crate) fn check_for_gp(&self) -> Result<(), String> {
        if self.answer_wide.is_some() {
            return Err(
                "`answer_wide` is not for a GP system, which has no such search".to_owned(),
            );
        }
        let mut names = self.skip_checks.iter().flatten();
        names.try_for_each(|name| check_name(name))
    }
}

/// Refuses a name that no check of the GP system has.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let known: Vec<String> = CHECKS.iter().map(|check| check.name.to_owned()).collect();
    if known.iter().any(|known| known == name) {
        return Ok(());
    }
    let closest = closest(name, known.iter()).join(", ");
    Err(format!(
        "there is no check `{name}`: the closest are {closest}"
    ))
}

/// The message about a word that needs a GP system.
pub(crate) fn only_gp(word: &str) -> String {
    format!("`{word}` is for GP systems: such a family says kind = \"gp-connect\"")
}

impl Patch {
    fn check(&self) -> Result<(), String> {
        let path = &self.path;
        if !path.starts_with('/') {
            return Err(format!("patch path `{path}` does not start with `/`"));
        }
        match (self.op, &self.value) {
            (PatchOp::Remove, None) | (PatchOp::Set | PatchOp::Append, Some(_)) => Ok(()),
            (PatchOp::Remove, Some(_)) => {
                Err(format!("patch of `{path}` removes: it has no value"))
            }
            (PatchOp::Set | PatchOp::Append, None) => {
                Err(format!("patch of `{path}` needs a value"))
            }
        }
    }
}
