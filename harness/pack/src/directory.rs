//! The synthetic practitioners, organisations and locations in `scenarios/_directory`.
//! Not for patients, who are in `people`, and not for a vendor's own directory: that is in target.toml.

use crate::diagnostic::{Echo, Report};
use crate::files::Files;
use crate::source::{Sink, Source};
use crate::toml_reader::{At, Reader, parse};
use plumbline_model::{ActorRole, DirectoryFact, DirectoryKind};
use std::collections::BTreeMap;

/// The folder of the directory.
pub(crate) const FOLDER: &str = "scenarios/_directory/";

/// Every entry of the directory by role.
pub fn directory(files: &Files) -> Result<BTreeMap<ActorRole, DirectoryFact>, Report> {
    let sink = Sink::default();
    let directory = read_all(files, &sink);
    let report = Report::new(sink.into_diagnostics());
    if report.has_errors() {
        return Err(report);
    }
    Ok(directory)
}

/// The roles that have a file, with or without mistakes in it.
pub(crate) fn roles(files: &Files) -> Vec<&str> {
    files
        .under(FOLDER)
        .filter_map(|(path, _)| path.strip_prefix(FOLDER)?.strip_suffix(".toml"))
        .collect()
}

pub(crate) fn read_all(files: &Files, sink: &Sink) -> BTreeMap<ActorRole, DirectoryFact> {
    let mut used = BTreeMap::new();
    let mut directory = BTreeMap::new();
    for (path, bytes) in files.under(FOLDER) {
        let Some(role) = path
            .strip_prefix(FOLDER)
            .and_then(|name| name.strip_suffix(".toml"))
        else {
            continue;
        };
        let Some(source) = Source::new(path, bytes, Echo::Line, sink) else {
            continue;
        };
        if let Some(fact) = read(&source, role, &roles(files), &mut used) {
            directory.insert(ActorRole::new(role), fact);
        }
    }
    directory
}

fn read(
    source: &Source<'_>,
    role: &str,
    roles: &[&str],
    used: &mut BTreeMap<(DirectoryKind, String), String>,
) -> Option<DirectoryFact> {
    let table = parse(source)?;
    let mut root = Reader::root(source, &table);
    let names: Vec<&str> = DirectoryKind::ALL.iter().map(|kind| kind.name()).collect();
    let summary = root.text("summary");
    let kind = root
        .word("kind", &names)
        .and_then(|word| DirectoryKind::from_name(&word.value));
    let id = root.text("id");
    let managing = root.opt_text("managing");
    if let Some(managing) = &managing
        && !roles.contains(&managing.value.as_str())
    {
        source.error(
            managing.range.clone(),
            format!("there is no {FOLDER}{}.toml", managing.value),
            crate::suggest::instead(&managing.value, roles),
        );
    }
    let read = kind.and_then(|kind| {
        let of_kind = read_kind(&mut root, kind);
        let identifier = of_kind
            .as_ref()
            .and_then(|of_kind| of_kind.identifier.as_ref());
        unique(source, used, kind, identifier);
        of_kind
    });
    if kind.is_some() {
        // Without a kind nobody can say which keys belong here.
        root.finish();
    }
    let read = read?;
    Some(DirectoryFact {
        role: ActorRole::new(role),
        summary: summary?.value,
        kind: kind?,
        id: id?.value,
        identifier: read.identifier.map(|text| text.value),
        name: read.name,
        family: read.family,
        given: read.given,
        prefix: read.prefix,
        managing: managing.map(|text| ActorRole::new(text.value)),
    })
}

/// What depends on the kind.
#[derive(Default)]
struct OfKind {
    identifier: Option<At<String>>,
    name: Option<String>,
    family: Option<String>,
    given: Vec<String>,
    prefix: Option<String>,
}

fn read_kind(root: &mut Reader<'_, '_>, kind: DirectoryKind) -> Option<OfKind> {
    let value = |text: Option<At<String>>| text.map(|text| text.value);
    match kind {
        DirectoryKind::Practitioner => {
            let identifier = root.text("identifier");
            check_digits(root.source, identifier.as_ref());
            let family = root.text("family");
            let given = root.texts("given");
            let prefix = value(root.opt_text("prefix"));
            Some(OfKind {
                identifier: Some(identifier?),
                family: Some(family?.value),
                given: given?.into_iter().map(|text| text.value).collect(),
                prefix,
                ..OfKind::default()
            })
        }
        DirectoryKind::Organization => {
            let identifier = root.text("identifier");
            let name = root.text("name");
            Some(OfKind {
                identifier: Some(identifier?),
                name: Some(name?.value),
                ..OfKind::default()
            })
        }
        DirectoryKind::Location => Some(OfKind {
            name: Some(root.text("name")?.value),
            ..OfKind::default()
        }),
    }
}

/// An SDS user id is twelve digits; that of a person who does not exist begins with 555.
fn check_digits(source: &Source<'_>, identifier: Option<&At<String>>) {
    let Some(identifier) = identifier else { return };
    let good = identifier.value.len() == 12
        && identifier.value.starts_with("555")
        && identifier.value.bytes().all(|byte| byte.is_ascii_digit());
    if !good {
        source.error(
            identifier.range.clone(),
            "this is not an SDS user id that is kept for tests",
            "write twelve digits that begin with 555",
        );
    }
}

fn unique(
    source: &Source<'_>,
    used: &mut BTreeMap<(DirectoryKind, String), String>,
    kind: DirectoryKind,
    identifier: Option<&At<String>>,
) {
    let Some(identifier) = identifier else { return };
    let key = (kind, identifier.value.clone());
    if let Some(first) = used.get(&key) {
        source.error(
            identifier.range.clone(),
            format!("the identifier is already used in {first}"),
            "give each its own",
        );
    } else {
        used.insert(key, source.path.to_owned());
    }
}
