//! Which names may be shown in the place of a finding: those of FHIR. Not for whether an element may be where it is.
//! A document can carry anything as a name, a person's among it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The names of all elements and types of STU3 and R4, without the type of a choice; a test holds them to the
/// definitions.
static NAMES: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("element_names.txt").lines().collect());

/// What stands for another name.
const OTHER: &str = "{name}";

/// A place as it may be shown: names that are none of FHIR are left out.
pub(crate) fn shown(path: &str) -> String {
    let steps: Vec<String> = path
        .split('.')
        .map(|step| {
            let (name, index) = step.split_at(step.find('[').unwrap_or(step.len()));
            let name = if is_known(name) { name } else { OTHER };
            format!("{name}{index}")
        })
        .collect();
    steps.join(".")
}

/// The name of an element or type, or a choice with its type, such as `onsetDateTime`.
fn is_known(name: &str) -> bool {
    let is_choice = |at: usize| {
        let (stem, kind) = name.split_at(at);
        let mut small = kind.to_owned();
        small[..1].make_ascii_lowercase();
        NAMES.contains(stem) && (NAMES.contains(kind) || PRIMITIVES.contains(&small.as_str()))
    };
    let capitals = name.match_indices(|c: char| c.is_ascii_uppercase());
    NAMES.contains(name) || capitals.map(|(at, _)| at).any(|at| at > 0 && is_choice(at))
}

/// The types whose names begin with a small letter.
const PRIMITIVES: &[&str] = &[
    "base64Binary",
    "boolean",
    "canonical",
    "code",
    "date",
    "dateTime",
    "decimal",
    "id",
    "instant",
    "integer",
    "markdown",
    "oid",
    "positiveInt",
    "string",
    "time",
    "unsignedInt",
    "uri",
    "url",
    "uuid",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_fhir_are_shown() {
        for path in [
            "Bundle.entry[3].resource.period.end",
            "Bundle.entry[0].resource.onsetDateTime",
            "Bundle.entry[0].resource.extension[1].valueCodeableConcept.coding[0]",
        ] {
            assert_eq!(shown(path), path);
        }
        assert_eq!(
            shown("Bundle.entry[1].resource.MaryExample[2].system"),
            "Bundle.entry[1].resource.{name}[2].system"
        );
        assert_eq!(shown("zebedee"), "{name}");
        assert_eq!(shown("valueZebedee.nameOfMary"), "{name}.{name}");
    }
}
