//! What holds for any bytes as a definition: no panic, no hang, facts that can be written and read again, and a
//! snapshot that is the same twice, not too large, and without an element that stands nowhere. The fuzz target uses it.

use plumbline_conformance::{Library, Snapshot, SnapshotError, snapshot};
use plumbline_fhir::profile_facts::{Facts, FactsFile, ProfileFacts, reduce};
use plumbline_fhir::{Definitions, FhirVersion};
use plumbline_tree::{Limits, Syntax, Tree};
use std::collections::HashSet;

/// No snapshot has more elements.
const MOST_ELEMENTS: usize = 20_000;

/// Takes the facts from a definition in JSON or XML, and works out its snapshot. The error says what does not hold;
/// otherwise whether there was a snapshot.
pub fn check(bytes: &[u8], libraries: &[Library]) -> Result<bool, String> {
    let begins = bytes.iter().find(|it| !it.is_ascii_whitespace());
    let syntax = match begins {
        Some(b'<') => Syntax::Xml,
        Some(_) | None => Syntax::Json,
    };
    let limits = Limits {
        max_depth: 64,
        ..Limits::default()
    };
    let Ok(tree) = Tree::parse_as(syntax, bytes.to_vec(), &limits) else {
        return Ok(false);
    };
    let mut is_whole = false;
    for library in libraries {
        let definitions = Definitions::of(library.version());
        if let Ok(facts) = reduce(&tree, definitions) {
            comes_back(&facts, library.version())?;
            if let Facts::Profile(profile) = facts {
                is_whole |= profile_holds(&profile, library, definitions)?;
            }
        }
    }
    Ok(is_whole)
}

/// Facts can be written as text and read again.
fn comes_back(facts: &Facts, version: FhirVersion) -> Result<(), String> {
    let mut file = FactsFile::new(version);
    file.add(facts.clone());
    let text = file.to_text();
    match FactsFile::read(&text) {
        Ok(again) if again == file => Ok(()),
        Ok(_) => Err(format!("read otherwise than written:\n{text}")),
        Err(error) => Err(format!("cannot be read again: {error}\n{text}")),
    }
}

/// A profile alone, and as its own base and the profile of its types, which it then may be.
pub fn profile_holds(
    profile: &ProfileFacts,
    library: &Library,
    definitions: &'static Definitions,
) -> Result<bool, String> {
    let mut with = library.clone();
    with.add(Facts::Profile(profile.clone()));
    let once = snapshot(profile, &with, definitions);
    if once != snapshot(profile, &with, definitions) {
        return Err("two snapshots of one profile".to_owned());
    }
    match once {
        Ok(snapshot) => snapshot_holds(&snapshot).map(|()| true),
        Err(
            SnapshotError::NoBase { .. }
            | SnapshotError::UnknownBase { .. }
            | SnapshotError::Cycle { .. }
            | SnapshotError::OtherType { .. }
            | SnapshotError::TooLarge { .. },
        ) => Ok(false),
    }
}

fn snapshot_holds(snapshot: &Snapshot) -> Result<(), String> {
    let count = snapshot.elements.len();
    if count == 0 || count > MOST_ELEMENTS || count != snapshot.sources.len() {
        return Err(format!("{count} elements"));
    }
    let mut known: HashSet<&str> = HashSet::new();
    for (at, element) in snapshot.elements.iter().enumerate() {
        let outer = if let Some(slice) = &element.slice {
            element.id.strip_suffix(&format!(":{slice}"))
        } else {
            let name = element.path.rsplit('.').next().unwrap_or_default();
            let outer = element.id.strip_suffix(name);
            outer.map(|it| it.strip_suffix('.').unwrap_or(it))
        };
        let Some(outer) = outer else {
            return Err(format!("the id {} is not that of its path", element.id));
        };
        if at > 0 && !known.contains(outer) {
            return Err(format!("{} stands before {outer}", element.id));
        }
        if element.min.is_none() || element.max.is_none() {
            return Err(format!("{} has no range", element.id));
        }
        known.insert(&element.id);
    }
    Ok(())
}
