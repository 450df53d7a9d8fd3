//! Every code and identifier of a document with its system, and what can be said of one without a licensed list.
//! Not for membership of a list: [`crate::value_list`].

use crate::heading::SNOMED;
use crate::result::CodedCounts;
use crate::view::{Coding, El};
use plumbline_model::snomed_code_fault;
use plumbline_tree::{Form, Node, Tree};

/// The system of dm+d, the dictionary of medicines and devices.
pub(crate) const DMD: &str = "https://dmd.nhs.uk";

/// Something with a system: a coding has a code, an identifier has a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'t> {
    pub(crate) system: &'t str,
    pub(crate) code: Option<El<'t>>,
    pub(crate) value: Option<El<'t>>,
    /// What holds both.
    pub(crate) holder: El<'t>,
}

/// What one walk over a document finds.
#[derive(Debug, Default)]
pub(crate) struct Walked<'t> {
    /// Everything that has a system.
    pub(crate) named: Vec<Named<'t>>,
    /// The texts of references, in order of place.
    pub(crate) references: Vec<El<'t>>,
}

/// How long a name is that may be `system` or `reference`, in bytes, where it is written as it is.
const LENGTHS: [usize; 2] = ["system".len(), "reference".len()];

/// A name of JSON with an escape in it is longer than this, in bytes, if it means one of them.
const LONGEST_PLAIN: usize = 10;

/// Walks over a document once.
pub(crate) fn walk(tree: &Tree) -> Walked<'_> {
    let mut walked = Walked::default();
    for node in tree.nodes() {
        if !is_candidate(node) {
            continue;
        }
        match node.name() {
            Some("system") => walked.named.extend(named(node)),
            Some("reference") if is_primitive(node) => {
                walked.references.push(El::new(node));
            }
            _ => {}
        }
    }
    walked
}

/// Whether a node can be a system or a reference: most are not, and their names need not be looked at.
fn is_candidate(node: Node<'_>) -> bool {
    match node.form() {
        Form::Element => true,
        Form::String => {
            let name = node.name_span().map_or(0, |span| span.len());
            LENGTHS.contains(&name) || name > LONGEST_PLAIN
        }
        _ => false,
    }
}

/// A text, blank or not; the element of that name in another resource has children instead.
fn is_primitive(node: Node<'_>) -> bool {
    match node.form() {
        Form::Element => node.attribute("value").is_some(),
        _ => true,
    }
}

/// Whether a system is meant that is written in another way: `http` for `https` or the other way round, other letters,
/// white space or a slash at the end, the version of SNOMED CT behind it. `None` if it is another system, or right.
pub(crate) fn misspelling(written: &str, known: &str) -> Option<&'static str> {
    if written == known {
        return None;
    }
    let trimmed = written.trim();
    let plain = trimmed.trim_end_matches('/');
    let known_plain = known.trim_end_matches('/');
    if known == SNOMED
        && plain
            .strip_prefix(SNOMED)
            .is_some_and(|rest| rest.starts_with('/'))
    {
        return Some("the system with a version behind it");
    }
    if plain.len().abs_diff(known_plain.len()) > 1
        || !without_scheme(plain).eq_ignore_ascii_case(without_scheme(known_plain))
    {
        return None;
    }
    Some(if trimmed != written {
        "the system with white space beside it"
    } else if plain != trimmed {
        "the system with a slash at its end"
    } else if plain.starts_with("https:") != known.starts_with("https:") {
        "the system with http and https confused"
    } else {
        "the system in other letters"
    })
}

fn without_scheme(system: &str) -> &str {
    system.split_once("://").map_or(system, |(_, rest)| rest)
}

fn named(node: Node<'_>) -> Option<Named<'_>> {
    let system = El::new(node).text()?;
    let holder = El::new(node.parent()?);
    Some(Named {
        system,
        code: holder.child("code"),
        value: holder.child("value"),
        holder,
    })
}

/// Counts a code for which there is no list by what its form shows.
pub(crate) fn count(coding: Coding<'_>, counts: &mut CodedCounts) {
    let Some(code) = coding.code else { return };
    let meant = coding.system.map(|written| {
        let known = [SNOMED, DMD];
        let mut near = known
            .into_iter()
            .filter(|it| misspelling(written, it).is_some());
        near.next().unwrap_or(written)
    });
    match meant {
        Some(SNOMED | DMD) if is_expression(code) => counts.not_checked += 1,
        Some(SNOMED | DMD) if snomed_code_fault(code).is_none() => counts.syntax_only += 1,
        Some(SNOMED | DMD) => counts.wrong += 1,
        _ => counts.not_checked += 1,
    }
}

/// Whether a code is written in the compositional grammar of SNOMED CT.
pub(crate) fn is_expression(code: &str) -> bool {
    code.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '=' | '<' | '('))
        && code.contains(['|', ':', '+', '=', '<', '{', '('])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_is_nearly_right_is_seen() {
        let nhs = "https://fhir.nhs.uk/Id/nhs-number";
        for written in [
            "http://fhir.nhs.uk/Id/nhs-number",
            "https://fhir.nhs.uk/Id/nhs-number/",
            " https://fhir.nhs.uk/Id/nhs-number",
            "https://fhir.nhs.uk/id/NHS-number",
        ] {
            assert!(misspelling(written, nhs).is_some(), "{written}");
        }
        assert_eq!(misspelling(nhs, nhs), None);
        assert_eq!(misspelling("https://fhir.nhs.uk/Id/nhs-numbers", nhs), None);
        assert!(misspelling("http://snomed.info/sct/", SNOMED).is_some());
        assert!(misspelling("http://snomed.info/sct/83821000000107", SNOMED).is_some());
        assert_eq!(misspelling("http://snomed.info/scts", SNOMED), None);
    }
}
