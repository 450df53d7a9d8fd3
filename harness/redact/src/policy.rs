//! The policy of one run: what may be stored, given where the target runs and whom it holds.

use crate::allow_list;
use crate::detect;
use crate::known::{KnownValue, KnownValues, Treatment};
use crate::tripwire::{self, Tripped};
use crate::{body, wire};
use plumbline_model::{Environment, Header, Part, Shown, StoredBody, ValueKind};
use plumbline_tree::Tree;
use std::borrow::Cow;
use std::fmt;

/// Decides what may be stored.
pub struct Policy {
    environment: Environment,
    known: KnownValues,
    base_urls: Vec<String>,
    secrets: Vec<String>,
}

/// Holds secrets and test data, so it shows neither.
impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

impl Policy {
    /// A policy for targets in an environment, with the values of the test data.
    pub fn new(environment: Environment, known: Vec<KnownValue>) -> Self {
        Self {
            environment,
            known: KnownValues::new(environment, known),
            base_urls: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// Adds the base URLs of the target, whose hosts and paths may be stored.
    #[must_use]
    pub fn with_base_urls(mut self, base_urls: Vec<String>) -> Self {
        self.base_urls = base_urls
            .into_iter()
            .map(|url| url.trim_end_matches('/').to_owned())
            .filter(|url| !url.is_empty())
            .collect();
        self.base_urls
            .sort_by_key(|url| std::cmp::Reverse(url.len()));
        self
    }

    /// Adds secrets that may appear nowhere.
    #[must_use]
    pub fn with_secrets(mut self, secrets: Vec<String>) -> Self {
        for secret in secrets {
            let secret = secret.trim();
            if secret.is_empty() {
                continue;
            }
            let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            self.secrets.push(secret.to_owned());
            self.secrets.push(encoded);
        }
        self.secrets
            .sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        self.secrets.dedup();
        self
    }

    /// A sentence about what was expected or seen, as it may be stored.
    pub fn shown(&self, shown: &Shown) -> String {
        shown
            .0
            .iter()
            .map(|part| match part {
                Part::Ours(text) => text.clone(),
                Part::Theirs { kind, value } => self.value(*kind, value),
            })
            .collect()
    }

    /// A response body as it may be stored.
    pub fn body(&self, bytes: &[u8]) -> StoredBody {
        body::stored(self, bytes)
    }

    /// The same for a body that has been read already; `received_bytes` is its length.
    pub fn json(&self, tree: &Tree, received_bytes: u64) -> StoredBody {
        body::json(self, tree, received_bytes)
    }

    /// The URL of a request as it may be stored.
    pub fn url(&self, url: &str) -> String {
        wire::url(self, url, wire::Host::Ours)
    }

    /// Headers as they may be stored: those of the allow-list, then how many others there were.
    pub fn headers<'a>(
        &self,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Vec<Header> {
        wire::headers(self, headers)
    }

    /// A path of [`plumbline_tree::Node::path`] with names that are not FHIR's replaced.
    pub fn place(&self, path: &str) -> String {
        wire::place(path)
    }

    /// The name under which a mock announced itself. Anybody can send that header, so the name is
    /// kept only where all people are synthetic and only if it has the form of a code.
    pub fn mock_name(&self, announced: &str) -> String {
        let announced = announced.trim();
        let kept = self.environment.shows_synthetic_people()
            && allow_list::has_code_form(announced)
            && self.clean(announced);
        if kept { announced } else { "unnamed" }.to_owned()
    }

    /// Whether a body holds one of our secrets: its fingerprint would then be one of the secret.
    pub(crate) fn holds_secret(&self, body: &[u8]) -> bool {
        let holds = |secret: &String| {
            let secret = secret.as_bytes();
            !secret.is_empty() && body.windows(secret.len()).any(|part| part == secret)
        };
        self.secrets.iter().any(holds)
    }

    /// Runs the detectors over any text that is about to be written.
    pub fn second_net(&self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = Cow::Owned(text.replace(secret.as_str(), "{secret}"));
            }
        }
        let text = self.known.hide(&text);
        detect::replace(
            &text,
            |value| self.known.is_visible(value),
            |value| match self.known.get(value) {
                Some(Treatment::Token(token)) => Some(token.clone()),
                Some(Treatment::Visible) | None => None,
            },
        )
    }

    /// Looks for an NHS number of somebody who is not a test person; the run must stop.
    pub fn tripwire(&self, tree: &Tree) -> Option<Tripped> {
        tripwire::tripwire(self, tree)
    }

    pub(crate) fn knows(&self, value: &str) -> bool {
        self.known.get(value).is_some()
    }

    pub(crate) fn base_urls(&self) -> &[String] {
        &self.base_urls
    }

    pub(crate) fn environment(&self) -> Environment {
        self.environment
    }

    /// What to write for a value of the test data; `None` if it is not one.
    pub(crate) fn known(&self, value: &str) -> Option<String> {
        match self.known.get(value)? {
            Treatment::Visible => Some(value.to_owned()),
            Treatment::Token(token) => Some(token.clone()),
        }
    }

    /// Whether the detectors find nothing in a value that is about to be kept.
    pub(crate) fn clean(&self, value: &str) -> bool {
        !detect::looks_personal(value) && self.second_net(value) == value
    }

    /// One value by its kind.
    pub(crate) fn value(&self, kind: ValueKind, value: &str) -> String {
        let kept = match kind {
            ValueKind::Code => self.code(value, None),
            ValueKind::Number => self.number(value),
            ValueKind::Uri => self.uri(value),
            ValueKind::Reference => return wire::reference(self, value),
            ValueKind::Protocol => wire::protocol(value),
            ValueKind::Date
            | ValueKind::Id
            | ValueKind::Identifier
            | ValueKind::Name
            | ValueKind::Text => None,
        };
        kept.or_else(|| self.known(value))
            .unwrap_or_else(|| match kind {
                ValueKind::Text => format!("{{text, {} characters}}", value.chars().count()),
                _ => format!("{{{}}}", kind.label()),
            })
    }

    /// A code that may be kept: one of the codes we know, or a SNOMED CT concept. Other forms
    /// that a code may have are kept only where all people are synthetic, and never if they
    /// begin with a capital as names do.
    pub(crate) fn code(&self, value: &str, system: Option<&str>) -> Option<String> {
        if allow_list::is_code(value) || allow_list::is_resource_type(value) {
            return Some(value.to_owned());
        }
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let is_snomed = system == Some("http://snomed.info/sct");
        let allowed = if digits {
            detect::snomed_concept_is_valid(value)
                && (is_snomed || system.is_none())
                && (is_snomed || value.len() != 10)
                && !detect::nhs_number_is_valid(value)
        } else if system == Some("http://loinc.org") {
            allow_list::has_loinc_form(value)
        } else {
            self.environment.shows_synthetic_people() && allow_list::has_code_form(value)
        };
        (allowed && !self.knows(value) && self.clean(value)).then(|| value.to_owned())
    }

    /// A number short enough to identify nobody.
    pub(crate) fn number(&self, value: &str) -> Option<String> {
        let allowed = !value.is_empty()
            && value.len() <= 6
            && value
                .chars()
                .all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
        (allowed && !self.knows(value)).then(|| value.to_owned())
    }

    /// A version of FHIR; of anything else only where all people are synthetic, since a version
    /// looks like a date.
    pub(crate) fn version(&self, value: &str) -> Option<String> {
        let allowed = allow_list::is_code(value)
            || (self.environment.shows_synthetic_people()
                && allow_list::has_version_form(value)
                && !self.knows(value)
                && self.clean(value));
        allowed.then(|| value.to_owned())
    }

    /// The name of an extension within an extension, where all people are synthetic.
    pub(crate) fn word(&self, value: &str) -> Option<String> {
        let allowed = self.environment.shows_synthetic_people()
            && allow_list::has_word_form(value)
            && !self.knows(value)
            && self.clean(value);
        allowed.then(|| value.to_owned())
    }

    /// A URI of a known authority, or of the target itself.
    pub(crate) fn uri(&self, value: &str) -> Option<String> {
        if allow_list::is_known_uri(value) {
            return Some(value.to_owned());
        }
        if !allow_list::has_uri_form(value) || self.knows(value) || !self.clean(value) {
            return self
                .base_urls
                .iter()
                .any(|base| value.starts_with(base.as_str()))
                .then(|| wire::url(self, value, wire::Host::Theirs));
        }
        if self.environment.shows_synthetic_people() {
            return Some(value.to_owned());
        }
        // A canonical URL may end with a version, which looks like a date.
        let (name, version) = match value.split_once('|') {
            Some((name, version)) => (name, Some(version)),
            None => (value, None),
        };
        allow_list::has_known_words(name).then(|| match version {
            None => name.to_owned(),
            Some(version) if allow_list::is_code(version) => format!("{name}|{version}"),
            Some(_) => format!("{name}|{{version}}"),
        })
    }
}
