//! Opens resources and definitions. Not for where they are.

use super::body::{Body, Pointer};
use super::mutant::{Claim, Instance};
use super::places;
use super::sites::{Site, sites};
use plumbline_conformance::{Library, Snapshot, snapshot};
use plumbline_fhir::profile_facts::reduce;
use plumbline_fhir::{Definitions, xml_to_json};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A resource, also one in XML, as JSON.
pub fn instance(
    path: &Path,
    name: &str,
    library: &Arc<Library>,
    profiles: Vec<String>,
    known: &mut Snapshots,
) -> Instance {
    let version = library.version();
    let definitions = Definitions::of(version);
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let tree = parse(&bytes, path);
    let json = match tree.syntax() {
        Syntax::Json => tree,
        Syntax::Xml => {
            let json = xml_to_json(&tree, definitions, Layout::Compact);
            let json = json.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            parse(json.as_bytes(), path)
        }
    };
    let body = Body::of(json.root());
    let sites = sites(&body, definitions);
    let claims = claims(&body, &sites, &profiles, library, known);
    Instance {
        claims,
        library: Arc::clone(library),
        name: name.to_owned(),
        is_invented: path.starts_with(places::own()),
        version,
        definitions,
        sites,
        body,
        profiles,
    }
}

/// Profiles that are worked out already, by address.
pub type Snapshots = BTreeMap<String, Option<Arc<Snapshot>>>;

/// Every profile that an element of a resource must keep to: those that are named, that resources claim, and the
/// definitions of extensions.
fn claims(
    body: &Body,
    sites: &[Site],
    profiles: &[String],
    library: &Library,
    known: &mut Snapshots,
) -> Vec<Claim> {
    let mut urls: Vec<(Pointer, String)> = Vec::new();
    urls.extend(profiles.iter().map(|it| (Vec::new(), it.clone())));
    for site in sites {
        let Some(own) = body.at(&site.at) else {
            continue;
        };
        let claimed = if site.is_resource() {
            let profiles = own.get("meta").and_then(|it| it.get("profile"));
            profiles.map_or(&[][..], Body::items).iter().collect()
        } else if site.of == "Extension" {
            own.get("url").into_iter().collect()
        } else {
            Vec::new()
        };
        let claimed = claimed.into_iter().filter_map(Body::as_text);
        urls.extend(claimed.map(|it| (site.at.clone(), it.to_owned())));
    }
    let found = urls.into_iter().filter_map(|(at, url)| {
        let snapshot = known.entry(url).or_insert_with_key(|url| {
            let definitions = Definitions::of(library.version());
            let found = snapshot(library.profile(url)?, library, definitions);
            found.ok().map(Arc::new)
        });
        Some(Claim {
            at,
            snapshot: Arc::clone(snapshot.as_ref()?),
        })
    });
    found.collect()
}

fn parse(bytes: &[u8], path: &Path) -> Tree {
    let tree = Tree::parse_as(syntax(bytes), bytes.to_vec(), &Limits::default());
    tree.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn syntax(bytes: &[u8]) -> Syntax {
    Syntax::guess(bytes).unwrap_or(Syntax::Json)
}

/// Adds every structure, value set and code system of a folder.
pub fn definitions(folder: &Path, library: &mut Library) {
    let definitions = Definitions::of(library.version());
    for path in files(folder) {
        let bytes = fs::read(&path).unwrap_or_default();
        let tree = Tree::parse_as(syntax(&bytes), bytes, &Limits::default());
        let facts = tree.ok().and_then(|tree| reduce(&tree, definitions).ok());
        if let Some(facts) = facts {
            library.add(facts);
        }
    }
}

/// Adds the facts of a pack.
pub fn facts(folder: &Path, library: &mut Library) {
    for name in ["structures.txt", "terms.txt"] {
        let path = folder.join(name);
        let text = fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let added = library.add_text(name, &text);
        added.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// The files of a folder and its folders, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path
            .extension()
            .is_some_and(|it| it == "json" || it == "xml")
        {
            found.push(path);
        }
    }
    found.sort();
    found
}
