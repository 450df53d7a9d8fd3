//! Opens resources and definitions. Not for where they are.

use super::body::{Body, Key};
use super::mutant::Instance;
use super::sites::sites;
use plumbline_conformance::{Library, snapshot};
use plumbline_fhir::profile_facts::reduce;
use plumbline_fhir::{Definitions, xml_to_json};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A resource, also one in XML, as JSON.
pub fn instance(
    path: &Path,
    name: &str,
    library: &Arc<Library>,
    profiles: Vec<String>,
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
    let claimed = body.at(&[
        Key::Name("meta".to_owned()),
        Key::Name("profile".to_owned()),
    ]);
    let claimed = claimed
        .map_or(&[][..], Body::items)
        .iter()
        .filter_map(Body::as_text);
    let named = profiles.iter().map(String::as_str).chain(claimed);
    let snapshots =
        named.filter_map(|url| snapshot(library.profile(url)?, library, definitions).ok());
    Instance {
        snapshots: snapshots.collect(),
        library: Arc::clone(library),
        name: name.to_owned(),
        version,
        definitions,
        sites: sites(&body, definitions),
        body,
        profiles,
    }
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
