//! Invented code systems and value sets, as text, and how to ask about them.

use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::FactsFile;
use plumbline_fhir::{Assurance, Definitions, FhirVersion};
use plumbline_terminology::{Coding, Membership, Terminology};
use std::sync::Arc;

/// Animals in a hierarchy, a part of the colours, stones that are not here, letters in any case.
pub const SYSTEMS: &str = "\
system urn:animals 1 complete case
  codes mammal dog cat wolf pet group poodle
  groups group
  below mammal
    codes dog cat
  below dog
    codes wolf poodle
  below pet
    codes cat
  property sound
    has bark
      codes dog poodle
    has howl
      codes wolf
system urn:colours - fragment case
  codes red dark-red blue
  below red
    codes dark-red
system urn:examples - example case
  codes one
system urn:letters 2 complete nocase
  codes a B
system urn:quiet - complete
  codes Loud
system urn:stones - not-present case
system urn:kept - complete case withheld
system urn:more - supplement case
  codes extra
";

/// What these facts say, with the systems above.
pub fn terminology(sets: &str) -> Terminology {
    of_version(FhirVersion::R4, sets)
}

/// The same in a version of FHIR.
pub fn of_version(version: FhirVersion, sets: &str) -> Terminology {
    let text = format!("fhir {}\n{SYSTEMS}{sets}", version.number());
    let mut library = Library::empty(version);
    library.add_file(FactsFile::read(&text).unwrap());
    Terminology::new(Arc::new(library), Definitions::of(version))
}

/// A code of a system.
pub fn coding<'a>(system: &'a str, code: &'a str) -> Coding<'a> {
    Coding {
        system: Some(system),
        version: None,
        code,
        display: None,
    }
}

/// One letter for each code: I for inside, O for outside, U for unknown, S for a form that is right, X for one that is
/// wrong.
pub fn letters(it: &Terminology, set: &str, system: &str, codes: &[&str]) -> String {
    let all = codes.iter().map(|code| {
        let answer = it.contains(set, coding(system, code));
        assert_eq!(answer.membership, it.member_of(set, coding(system, code)));
        match (answer.membership, answer.assurance) {
            (Membership::Inside, Assurance::Checked { .. }) => 'I',
            (Membership::Outside, Assurance::Checked { .. }) => 'O',
            (Membership::Outside, Assurance::SyntaxOnly) => 'X',
            (Membership::Unknown, Assurance::SyntaxOnly) => 'S',
            (Membership::Unknown, Assurance::NotChecked(reason)) => {
                assert!(reason.len() > 10, "{reason}");
                'U'
            }
            (membership, assurance) => panic!("{code}: {membership:?}, {assurance:?}"),
        }
    });
    all.collect()
}

/// Why a code is not known.
pub fn reason(it: &Terminology, set: &str, coding: Coding<'_>) -> String {
    match it.contains(set, coding).assurance {
        Assurance::NotChecked(reason) => reason,
        assurance => panic!("{assurance:?}"),
    }
}
