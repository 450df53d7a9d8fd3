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

/// No system and no reference is longer.
const LONGEST: usize = 1024;

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
            Some("reference") if El::new(node).text().is_some() => {
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
            (LENGTHS.contains(&name) || name > LONGEST_PLAIN) && is_word(node)
        }
        _ => false,
    }
}

/// Neither a system nor a reference holds a space; words for people do.
fn is_word(node: Node<'_>) -> bool {
    node.span().len() <= LONGEST && !node.raw().as_bytes().contains(&b' ')
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
    match coding.system {
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
