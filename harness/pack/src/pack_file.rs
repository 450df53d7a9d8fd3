//! pack.toml: what a pack says of itself.

use crate::interactions;
use crate::pack::{FhirPackage, Interaction, ScopeProfile};
use crate::source::Source;
use crate::toml_reader::{At, Reader, parse};
use plumbline_model::{ActorRole, Capability, EditionStatus, PackId, StandardRef};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// FHIR versions that Plumbline knows by name.
pub(crate) const FHIR_VERSIONS: &[&str] = &["3.0.1", "3.0.2", "4.0.1", "4.3.0", "5.0.0"];

/// What pack.toml holds; `None` or empty where it was wrong, which is reported.
#[derive(Debug, Default)]
pub(crate) struct PackFile {
    pub(crate) title: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) fhir_version: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) licence: Option<String>,
    pub(crate) last_checked: Option<String>,
    pub(crate) standards: Vec<StandardRef>,
    pub(crate) actors: Vec<(ActorRole, Range<usize>)>,
    /// Every standard that is named, also where the rest of its table is wrong.
    pub(crate) standard_ids: BTreeSet<String>,
    pub(crate) scope_profiles: Vec<ScopeProfile>,
    /// Every capability that is named, also where the rest of its table is wrong.
    pub(crate) capability_names: BTreeSet<String>,
    /// What people call the capabilities that have a title of their own.
    pub(crate) capability_titles: BTreeMap<Capability, String>,
    /// Search parameters that a system may refuse when they are sent alone.
    pub(crate) unbounded_parameters: Vec<String>,
    pub(crate) interactions: Vec<Interaction>,
    pub(crate) fhir_packages: Vec<FhirPackage>,
}

impl PackFile {
    /// Every capability that is named in a scope profile.
    pub(crate) fn capabilities(&self) -> Vec<&str> {
        self.capability_names.iter().map(String::as_str).collect()
    }
}

/// Reads pack.toml.
pub(crate) fn read(source: &Source<'_>, id: &PackId) -> Option<PackFile> {
    let table = parse(source)?;
    let mut root = Reader::root(source, &table);
    if let Some(given) = root.text("id")
        && given.value != id.as_str()
    {
        source.error(
            given.range,
            format!(
                "the id `{}` differs from the name of the folder",
                given.value
            ),
            format!("write `{id}`"),
        );
    }
    let value = |text: Option<At<String>>| text.map(|t| t.value);
    let mut file = PackFile {
        title: value(root.text("title")),
        version: value(root.text("version")),
        fhir_version: value(root.word("fhir_version", FHIR_VERSIONS)),
        owner: value(root.text("owner")),
        licence: value(root.text("licence")),
        ..PackFile::default()
    };
    let last_checked = root.text("last_checked");
    file.last_checked = root.checked_date("last_checked", last_checked);
    let actors = root.texts("actors").unwrap_or_default();
    let mut seen = BTreeSet::new();
    for actor in actors {
        if seen.insert(actor.value.clone()) {
            file.actors.push((ActorRole::new(actor.value), actor.range));
        } else {
            source.error(
                actor.range,
                format!("the role `{}` is listed twice", actor.value),
                "remove one of the two",
            );
        }
    }
    read_standards(&mut root, &mut file);
    read_profiles(&mut root, &mut file);
    read_capabilities(&mut root, &mut file);
    read_unbounded(&mut root, &mut file);
    file.interactions = interactions::read(&mut root);
    for mut table in root.tables("fhir_packages") {
        let name = table.text("name");
        let version = table.text("version");
        table.finish();
        if let (Some(name), Some(version)) = (name, version) {
            file.fhir_packages.push(FhirPackage {
                name: name.value,
                version: version.value,
            });
        }
    }
    root.finish();
    Some(file)
}

fn read_standards(root: &mut Reader<'_, '_>, file: &mut PackFile) {
    let words: Vec<&str> = EditionStatus::ALL.iter().map(|s| s.key()).collect();
    for mut table in root.some_tables("standards") {
        let id = table.text("id");
        let title = table.text("title");
        let edition = table.text("edition");
        let status = table.word("edition_status", &words);
        let url = table.text("url");
        table.finish();
        if let Some(url) = &url {
            check_url(root.source, url);
        }
        if let Some(id) = &id
            && !file.standard_ids.insert(id.value.clone())
        {
            root.source.error(
                id.range.clone(),
                format!("the standard `{}` is listed twice", id.value),
                "give each standard its own id",
            );
        }
        let status = status.and_then(|s| EditionStatus::from_key(&s.value));
        if let (Some(id), Some(title), Some(edition), Some(edition_status), Some(url)) =
            (id, title, edition, status, url)
        {
            file.standards.push(StandardRef {
                id: id.value,
                title: title.value,
                edition: edition.value,
                edition_status,
                url: url.value,
            });
        }
    }
}

fn check_url(source: &Source<'_>, url: &At<String>) {
    if !is_web_address(&url.value) {
        source.error(
            url.range.clone(),
            "this is not a web address",
            "write an address that begins with https:// and names a host",
        );
    }
}

/// Whether the text is an http or https address with a host.
pub(crate) fn is_web_address(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        && !text.contains(char::is_whitespace)
}

fn read_profiles(root: &mut Reader<'_, '_>, file: &mut PackFile) {
    for mut table in root.some_tables("scope_profiles") {
        let id = table.text("id");
        let title = table.text("title");
        let capabilities = table.texts("capabilities");
        table.finish();
        if let Some(id) = &id
            && file.scope_profiles.iter().any(|p| p.id == id.value)
        {
            root.source.error(
                id.range.clone(),
                format!("the scope profile `{}` is listed twice", id.value),
                "give each profile its own id",
            );
        }
        file.capability_names
            .extend(capabilities.iter().flatten().map(|c| c.value.clone()));
        if let (Some(id), Some(title), Some(capabilities)) = (id, title, capabilities) {
            file.scope_profiles.push(ScopeProfile {
                id: id.value,
                title: title.value,
                capabilities: capabilities
                    .into_iter()
                    .map(|c| Capability::new(c.value))
                    .collect(),
            });
        }
    }
}

/// The titles of capabilities; one that no profile names is a mistake.
fn read_capabilities(root: &mut Reader<'_, '_>, file: &mut PackFile) {
    let known: Vec<String> = file.capability_names.iter().cloned().collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    for mut table in root.tables("capabilities") {
        let id = table.text("id");
        let title = table.text("title");
        table.finish();
        let Some(id) = id else { continue };
        if !known.contains(&id.value.as_str()) {
            root.source.error(
                id.range,
                format!("no scope profile names the capability `{}`", id.value),
                crate::suggest::instead(&id.value, &known),
            );
        } else if !seen.insert(id.value.clone()) {
            root.source.error(
                id.range,
                format!("the capability `{}` has two titles", id.value),
                "remove one of the two tables",
            );
        } else if let Some(title) = title {
            file.capability_titles
                .insert(Capability::new(id.value), title.value);
        }
    }
}

/// The search parameters that a system may refuse when they are sent alone, if there are any.
fn read_unbounded(root: &mut Reader<'_, '_>, file: &mut PackFile) {
    const KEY: &str = "unbounded_parameters";
    if !root.has(KEY) {
        return;
    }
    for name in root.texts(KEY).unwrap_or_default() {
        if !is_parameter(&name.value) {
            root.source.error(
                name.range,
                format!("`{}` is not the name of a search parameter", name.value),
                "write it as in a search, such as \"clinical-status\", without modifier and value",
            );
        } else if file.unbounded_parameters.contains(&name.value) {
            root.source.error(
                name.range,
                format!("the parameter `{}` is listed twice", name.value),
                "remove one of the two",
            );
        } else {
            file.unbounded_parameters.push(name.value);
        }
    }
}

/// Letters, digits, hyphens and underscores, as FHIR writes the names of search parameters.
fn is_parameter(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Echo;
    use crate::source::Sink;

    const TEXT: &str = r#"
id = "mini"
title = "Mini"
version = "0.1.0"
fhir_version = "4.0.1"
owner = "Plumbline"
licence = "Apache-2.0"
last_checked = "2026-01-05"
actors = ["patient-basic"]
#unbounded_parameters = ["gender", "_lastUpdated"]

[[standards]]
id = "mini-standard"
title = "Mini Standard"
edition = "1.0"
edition_status = "draft"
url = "https://standards.example/mini"

[[scope_profiles]]
id = "mini-provider"
title = "Mini provider"
capabilities = ["metadata", "patient-index"]
"#;

    fn pack_of(text: &str) -> PackFile {
        let sink = Sink::default();
        let source = Source::new("pack.toml", text.as_bytes(), Echo::Line, &sink).unwrap();
        let file = read(&source, &PackId::from("mini")).unwrap();
        assert_eq!(sink.into_diagnostics(), []);
        file
    }

    #[test]
    fn titles_and_unbounded_parameters_are_optional() {
        let plain = pack_of(TEXT);
        assert!(plain.capability_titles.is_empty() && plain.unbounded_parameters.is_empty());
        let title = "\n[[capabilities]]\nid = \"patient-index\"\ntitle = \"Finding patients\"\n";
        let full = pack_of(&format!("{}{title}", TEXT.replace('#', "")));
        assert_eq!(full.unbounded_parameters, ["gender", "_lastUpdated"]);
        assert_eq!(full.capability_titles.len(), 1);
        let id = Capability::from("patient-index");
        assert_eq!(full.capability_titles[&id], "Finding patients");
    }
}
