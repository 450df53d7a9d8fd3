//! The good documents, and what of them can be taken away. Not for single rules.

use crate::change;
use crate::inputs::{both, good, judged, standard};
use plumbline_fhir::{Definitions, Options, validate};
use plumbline_prsb::{Held, Severity, State, Version};

#[test]
fn the_good_documents_break_nothing_in_either_syntax() {
    let standard = standard();
    for version in [Version::Stu3, Version::R4] {
        for tree in both(&good(version), version) {
            let content = judged(&tree, &standard, &Held::nothing_known());
            assert_eq!(content.document.version, version);
            assert_eq!(content.findings().count(), 0);
            let met = content.results.iter().filter(|it| it.state == State::Met);
            assert!(met.clone().all(|it| it.observed > 0));
            assert!(met.count() > 150);
            assert!(content.coded.syntax_only > 20 && content.coded.wrong == 0);
        }
    }
}

/// The point of it all: valid FHIR, and yet four things that a clinician needs are missing.
#[test]
fn a_valid_document_can_lack_what_the_standard_demands() {
    let standard = standard();
    for (version, definitions) in [
        (Version::Stu3, Definitions::stu3()),
        (Version::R4, Definitions::r4()),
    ] {
        let mut document = good(version);
        change::apply(
            &mut document,
            "remove-section GP practice ;; remove-section Diagnoses ;; remove-section Clinical summary ;; remove-section Person completing record",
        );
        for tree in both(&document, version) {
            let outcome = validate(&tree, definitions, &Options::default());
            assert_eq!(outcome.counts.errors, 0, "{:#?}", outcome.issues);
            let content = judged(&tree, &standard, &Held::nothing_known());
            let musts: Vec<&str> = content
                .broken(Severity::Must)
                .map(|it| it.rule.id.as_str())
                .collect();
            assert_eq!(
                musts,
                ["EDIS-SEC-04", "EDIS-SEC-05", "EDIS-SEC-08", "EDIS-SEC-17"]
            );
            assert_eq!(content.findings().count(), 4);
        }
    }
}
