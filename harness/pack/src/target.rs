//! target.toml: what is tested, where, within which limits.
//! Not for secrets themselves: only for where they are found.

use crate::diagnostic::{Echo, Report};
use crate::pack_file::FHIR_VERSIONS;
use crate::source::{Sink, Source};
use crate::suggest::instead;
use crate::toml_reader::{At, Reader, parse};
use auth::read_auth;
use connection::{check_hosts, read_connection};
use directory::read_entry;
use plumbline_model::facts::LocalIdentifier;
use plumbline_model::{ActorRole, Capability, DirectoryKind, Environment, Subject, SubjectKind};
use plumbline_model::{NumberFault, nhs_number_fault};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

mod auth;
mod client_certificate;
mod connection;
mod directory;
mod draft;
mod gp_connect;
mod secret_source;

pub use auth::{Auth, ClientCredentials, SigningAlgorithm};
pub use client_certificate::{ClientCertificate, WRONG_CERTIFICATES};
pub use connection::{Connection, HostAddress};
pub use directory::DirectoryEntry;
pub use secret_source::SecretSource;

/// A target file, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetFile {
    /// What is tested.
    pub subject: Subject,
    /// Where it runs.
    pub environment: Environment,
    /// The FHIR version it speaks.
    pub fhir_version: String,
    /// Base addresses by capability; `default` is always there.
    pub base_urls: BTreeMap<String, Url>,
    /// How to sign in.
    pub auth: Auth,
    /// What lies between this machine and it.
    pub connection: Connection,
    /// How much may be asked of it.
    pub limits: Limits,
    /// The declared scope, at least one capability.
    pub scope: Vec<Capability>,
    /// The vendor's own test patients by role.
    pub actors: BTreeMap<ActorRole, ActorEntry>,
    /// The vendor's own practitioners, organisations and locations by role.
    pub directory: BTreeMap<ActorRole, DirectoryEntry>,
    /// A valid NHS number that the target holds nobody under.
    pub nobody_nhs_number: Option<String>,
    /// Reference of the letter that permits tests of a live system.
    pub written_authority: Option<String>,
}

/// How much may be asked of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests a second, at least 1.
    pub requests_per_second: u32,
    /// Requests in one run.
    pub total: u32,
    /// Whether scenarios that change data are left out.
    pub read_only: bool,
    /// Seconds until an answer counts as missing.
    pub timeout_seconds: u64,
    /// Largest body, in megabytes.
    pub max_body_mb: u64,
    /// Scenarios at one time.
    pub concurrency: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: 10,
            total: 2000,
            read_only: true,
            timeout_seconds: 30,
            max_body_mb: 20,
            concurrency: 4,
        }
    }
}

/// The vendor's own test patient for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorEntry {
    /// NHS number, ten digits with a valid check digit.
    pub nhs_number: String,
    /// A hospital number or the like; the system is empty if none was given.
    pub local_identifier: Option<LocalIdentifier>,
    /// Whether the patient was loaded from the data sheet; false for the vendor's own patient, whose
    /// facts are not known.
    pub data_sheet: bool,
}

/// What a pack knows, so that roles and capabilities can be checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetHints {
    /// The id of the pack, for messages.
    pub pack: String,
    /// The roles of test patients of the pack.
    pub actors: BTreeSet<ActorRole>,
    /// Its roles of practitioners, organisations and locations.
    pub directory: BTreeMap<ActorRole, DirectoryKind>,
    /// Every capability of its scope profiles.
    pub capabilities: BTreeSet<Capability>,
}

const SUBJECT_KINDS: &[&str] = &["product", "deployment"];
const ENVIRONMENTS: &[&str] = &["mock", "sandbox", "integration", "live"];

/// Reads a target file. No message ever holds a value from the file.
pub fn target(
    path: &str,
    text: &[u8],
    pack_hints: Option<&TargetHints>,
) -> Result<TargetFile, Report> {
    let (target, report) = read_with_report(path, text, pack_hints);
    match target {
        Some(target) if !report.has_errors() => Ok(target),
        _ => Err(report),
    }
}

/// What is wrong with a target file, with what only looks unfinished as warnings.
pub fn lint_target(path: &str, text: &[u8], pack_hints: Option<&TargetHints>) -> Report {
    read_with_report(path, text, pack_hints).1
}

fn read_with_report(
    path: &str,
    text: &[u8],
    hints: Option<&TargetHints>,
) -> (Option<TargetFile>, Report) {
    let sink = Sink::default();
    let target =
        Source::new(path, text, Echo::Never, &sink).and_then(|source| read(&source, hints));
    (target, Report::new(sink.into_diagnostics()))
}

fn read(source: &Source<'_>, hints: Option<&TargetHints>) -> Option<TargetFile> {
    draft::check_secrets(source);
    let table = parse(source)?;
    let mut root = Reader::root(source, &table);
    let fhir_version = root.word("fhir_version", FHIR_VERSIONS);
    let environment = root
        .word("environment", ENVIRONMENTS)
        .and_then(|w| Environment::from_key(&w.value));
    let scope = read_scope(&mut root, hints);
    let subject = root.table("subject").and_then(read_subject);
    let base_urls = root
        .table("base_urls")
        .map(|t| read_base_urls(t.with_data_keys(), hints));
    let auth = root.table("auth").and_then(read_auth);
    let connection = root.opt_table("connection").map(read_connection);
    if let (Some(connection), Some(base_urls)) = (&connection, &base_urls) {
        check_hosts(source, connection, base_urls.values(), auth.as_ref());
    }
    let limits = root
        .opt_table("limits")
        .map(read_limits)
        .unwrap_or_default();
    let read = root.table("actors").map(|t| read_actors(t, hints));
    let (actors, directory) = read.unzip();
    let nobody = root.opt_text("nobody_nhs_number");
    if let Some(number) = &nobody {
        check_nhs_number(source, number);
        if actors
            .iter()
            .flat_map(BTreeMap::values)
            .any(|a| a.nhs_number == number.value)
        {
            source.error(
                number.range.clone(),
                "`nobody_nhs_number` belongs to one of the actors",
                "give a valid number that the target holds nobody under",
            );
        }
    }
    let written_authority = read_authority(&mut root, environment);
    root.finish();
    Some(TargetFile {
        subject: subject?,
        environment: environment?,
        fhir_version: fhir_version?.value,
        base_urls: base_urls?,
        auth: auth?,
        connection: connection.map(|read| read.connection).unwrap_or_default(),
        limits,
        scope: scope?,
        actors: actors?,
        directory: directory?,
        nobody_nhs_number: nobody.map(|n| n.value),
        written_authority,
    })
}

fn read_scope(root: &mut Reader<'_, '_>, hints: Option<&TargetHints>) -> Option<Vec<Capability>> {
    let mut scope: Vec<Capability> = Vec::new();
    for text in root.texts("scope")? {
        let capability = Capability::new(text.value.as_str());
        if let Some(hints) = hints
            && !hints.capabilities.contains(&capability)
        {
            let known: Vec<&str> = hints.capabilities.iter().map(Capability::as_str).collect();
            root.source.error(
                text.range.clone(),
                format!(
                    "`scope` names a capability that the pack {} does not know",
                    hints.pack
                ),
                instead(&text.value, &known),
            );
        }
        if scope.contains(&capability) {
            root.source.error(
                text.range,
                "`scope` names a capability twice",
                "remove one of the two",
            );
        } else {
            scope.push(capability);
        }
    }
    Some(scope)
}

fn read_subject(mut table: Reader<'_, '_>) -> Option<Subject> {
    let kind = table
        .word("kind", SUBJECT_KINDS)
        .and_then(|w| SubjectKind::from_key(&w.value));
    let supplier = table.text("supplier");
    let product = table.text("product");
    let version = table.text("version");
    draft::check_placeholders(table.source, [supplier.as_ref(), product.as_ref()]);
    let build = table.opt_text("build").map(|t| t.value).unwrap_or_default();
    let (ods_code, site) = match kind {
        Some(SubjectKind::Deployment) => {
            let code = table.text("ods_code");
            if let Some(code) = &code
                && !(3..=10).contains(&code.value.len())
                    | !code.value.bytes().all(|b| b.is_ascii_alphanumeric())
            {
                table.source.error(
                    code.range.clone(),
                    "`ods_code` does not have the form of an ODS code",
                    "write the letters and digits of the organisation's code",
                );
            }
            (code, table.opt_text("site"))
        }
        Some(SubjectKind::Product) => {
            for key in ["ods_code", "site"] {
                if table.opt_text(key).is_some() {
                    table.source.error(
                        table.key_range(key),
                        format!("`{key}` is for deployments, and this subject is a product"),
                        "remove it, or write kind = \"deployment\"",
                    );
                }
            }
            (None, None)
        }
        None => (table.opt_text("ods_code"), table.opt_text("site")),
    };
    table.finish();
    Some(Subject {
        kind: kind?,
        supplier: supplier?.value,
        product: product?.value,
        version: version?.value,
        build,
        ods_code: ods_code.map(|t| t.value),
        site: site.map(|t| t.value),
    })
}

fn read_base_urls(mut table: Reader<'_, '_>, hints: Option<&TargetHints>) -> BTreeMap<String, Url> {
    let mut urls = BTreeMap::new();
    let default = table.text("default");
    let known: Vec<&str> = hints
        .iter()
        .flat_map(|h| h.capabilities.iter().map(Capability::as_str))
        .collect();
    for key in table.keys() {
        let text = if key.value == "default" {
            default.clone()
        } else if hints.is_some() && !known.contains(&key.value.as_str()) {
            // Left to `finish`, which names it only if that is safe.
            continue;
        } else {
            table.text(&key.value)
        };
        if let Some(text) = text
            && let Some(url) = check_base_url(table.source, &text)
        {
            urls.insert(key.value, url);
        }
    }
    table.finish();
    urls
}

fn check_base_url(source: &Source<'_>, text: &At<String>) -> Option<Url> {
    let url = web_address(source, text, "the base address")?;
    if url.query().is_some() || url.fragment().is_some() {
        source.error(
            text.range.clone(),
            "the base address holds a query or fragment",
            "remove everything from `?` or `#` on; secrets are named under [auth] by `env` or `file`",
        );
        return None;
    }
    Some(url)
}

/// An http or https address without a password. Never shows it: a password may be in it.
fn web_address(source: &Source<'_>, text: &At<String>, what: &str) -> Option<Url> {
    let error = |cause: &str, fix: &str| {
        source.error(text.range.clone(), format!("{what} {cause}"), fix);
        None
    };
    let Ok(url) = Url::parse(&text.value) else {
        return error(
            "is not a web address",
            "write https:// followed by host and path",
        );
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return error(
            "is neither http nor https",
            "write https:// followed by host and path",
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        return error(
            "holds a user name or password",
            "remove what stands before the @, and name the secret under [auth] by `env` or `file`",
        );
    }
    Some(url)
}

fn read_limits(mut table: Reader<'_, '_>) -> Limits {
    let default = Limits::default();
    let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let limits = Limits {
        requests_per_second: table
            .opt_number("requests_per_second", 1..=1000)
            .map_or(default.requests_per_second, narrow),
        total: table
            .opt_number("total", 1..=1_000_000)
            .map_or(default.total, narrow),
        read_only: table.opt_flag("read_only").unwrap_or(default.read_only),
        timeout_seconds: table
            .opt_number("timeout_seconds", 1..=600)
            .unwrap_or(default.timeout_seconds),
        max_body_mb: table
            .opt_number("max_body_mb", 1..=500)
            .unwrap_or(default.max_body_mb),
        concurrency: table
            .opt_number("concurrency", 1..=64)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(default.concurrency),
    };
    table.finish();
    limits
}

/// Patients, then everybody else.
type Actors = (
    BTreeMap<ActorRole, ActorEntry>,
    BTreeMap<ActorRole, DirectoryEntry>,
);

fn read_actors(mut table: Reader<'_, '_>, hints: Option<&TargetHints>) -> Actors {
    let known: Vec<&str> = hints
        .iter()
        .flat_map(|h| h.actors.iter().chain(h.directory.keys()))
        .map(ActorRole::as_str)
        .collect();
    let pack = hints.map_or("", |h| h.pack.as_str());
    let (mut actors, mut directory) = (BTreeMap::new(), BTreeMap::new());
    for key in table.keys() {
        if hints.is_some() && !known.contains(&key.value.as_str()) {
            // Asking for the entry marks the key as dealt with.
            table.mark(&key.value);
            table.source.error(
                key.range,
                format!(
                    "{} is not a role of the pack {pack}",
                    table.shown(&key.value, &known)
                ),
                instead(&key.value, &known),
            );
            continue;
        }
        let Some(mut entry) = table.opt_entry(&key.value, "an actor") else {
            continue;
        };
        let role = ActorRole::new(key.value.as_str());
        let kind = match hints {
            Some(hints) => hints.directory.get(&role).copied(),
            None => kind_of(&entry),
        };
        if let Some(kind) = kind {
            directory.extend(read_entry(entry, kind).map(|entry| (role, entry)));
            continue;
        }
        let number = entry.text("nhs_number");
        if let Some(number) = &number {
            check_nhs_number(entry.source, number);
        }
        let local_identifier = read_local_identifier(&mut entry);
        let data_sheet = entry.opt_flag("data_sheet").unwrap_or(true);
        entry.finish();
        if let Some(number) = number {
            actors.insert(
                role,
                ActorEntry {
                    nhs_number: number.value,
                    local_identifier,
                    data_sheet,
                },
            );
        }
    }
    table.finish();
    (actors, directory)
}

/// What an entry is about where no pack says it.
fn kind_of(entry: &Reader<'_, '_>) -> Option<DirectoryKind> {
    if entry.has("nhs_number") {
        None
    } else if entry.has("identifier") {
        Some(DirectoryKind::Organization)
    } else {
        entry.has("id").then_some(DirectoryKind::Location)
    }
}

/// `"value"`, `"system|value"`, or a table of both.
fn read_local_identifier(entry: &mut Reader<'_, '_>) -> Option<LocalIdentifier> {
    if entry.is_table("local_identifier") {
        let mut table = entry.opt_table("local_identifier")?;
        let system = table
            .opt_text("system")
            .map(|t| t.value)
            .unwrap_or_default();
        let value = table.text("value");
        table.finish();
        return Some(LocalIdentifier {
            system,
            value: value?.value,
        });
    }
    let text = entry.opt_text("local_identifier")?.value;
    let (system, value) = text.split_once('|').unwrap_or(("", &text));
    Some(LocalIdentifier {
        system: system.to_owned(),
        value: value.to_owned(),
    })
}

/// Never shows the number: in live care it could be a real person's.
fn check_nhs_number(source: &Source<'_>, number: &At<String>) {
    let cause = match nhs_number_fault(&number.value) {
        None => return,
        Some(NumberFault::Form | NumberFault::NotAConcept) => "the NHS number is not ten digits",
        Some(NumberFault::Repeated) => "the NHS number is one digit ten times",
        Some(NumberFault::CheckDigit) => "the check digit of the NHS number is wrong",
    };
    source.error(
        number.range.clone(),
        cause,
        "copy the ten digits of the test patient again, without spaces",
    );
}

fn read_authority(root: &mut Reader<'_, '_>, environment: Option<Environment>) -> Option<String> {
    let is_live = match environment {
        Some(Environment::Live) => true,
        Some(Environment::Mock | Environment::Sandbox | Environment::Integration) | None => false,
    };
    if is_live && !root.has("authority") {
        root.source.error(
            root.key_range("environment"),
            "a live system may not be tested without written authority",
            "add [authority] with written_authority = \"reference of the letter\"",
        );
    }
    let mut table = root.opt_table("authority")?;
    let text = if is_live {
        table.text("written_authority")
    } else {
        table.opt_text("written_authority")
    };
    table.finish();
    text.map(|t| t.value).filter(|t| !t.trim().is_empty())
}
