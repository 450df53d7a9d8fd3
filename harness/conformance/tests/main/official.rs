//! Official snapshots: ours say the same, constraint by constraint, but for what is listed with its reason.
//! A reason that no longer explains anything fails. Not what a snapshot does in single cases: snapshots.rs.
//!
//! Not compared: prose, mappings and examples; bindings of strength preferred and example, of which the base
//! specification is kept here without them; invariants that follow from the type of an element; and `sliceName` and
//! ids of the choices of STU3 with one type, which keep their `[x]` here.

use crate::compare::{self, Difference};
use crate::places;
use plumbline_conformance::Library;
use plumbline_fhir::profile_facts::{Facts, ProfileFacts};
use plumbline_fhir::{Definitions, FhirVersion};
use std::path::{Path, PathBuf};

/// Why differences are right.
struct Reason {
    says: &'static str,
    fits: fn(&Difference) -> bool,
}

const CONTENT: Reason = Reason {
    says: "an element with the content of another has the invariants of that one",
    fits: |it| {
        let mut theirs = it.theirs.lines();
        let is_more = theirs.all(|line| it.ours.lines().any(|own| own == line));
        it.what == "invariants" && it.is_content && is_more
    },
};

const FORBIDDEN: Reason = Reason {
    says: "what a type of the base forbids altogether is not among its elements here",
    fits: |it| it.what == "missing" && it.theirs.starts_with("Some(0) Some(Times(0))"),
};

const LOST: Reason = Reason {
    says: "HL7's snapshots leave out elements of the base that stand beside sliced choices",
    fits: |it| {
        let profile = it.profile == "familymemberhistory-genetic" || it.profile == "catalog";
        it.what == "extra" && profile
    },
};

const NHS: &[Reason] = &[
    CONTENT,
    FORBIDDEN,
    Reason {
        says: "an invariant of Quantity on a choice that cannot be one any more",
        fits: |it| it.what == "invariants" && it.element.ends_with("[x]") && it.ours.is_empty(),
    },
    Reason {
        says: "obs-7 is as in 3.0.2, which corrected 3.0.1",
        fits: |it| it.what == "invariants" && it.theirs.contains("code!=component.code"),
    },
    Reason {
        says: "the profile makes a preferred binding of the base required without naming the set; see above",
        fits: |it| it.what == "binding" && it.ours.trim() == "Required",
    },
    Reason {
        says: "the extension that says how often it may stand is not published with the profiles",
        fits: |it| it.what == "max" && it.element.contains(".extension:"),
    },
];

const R4: &[Reason] = &[
    CONTENT,
    FORBIDDEN,
    LOST,
    Reason {
        says: "an extension that may stand once in a place may do so in a profile too; HL7's snapshot forgets it",
        fits: |it| it.profile == "clinicaldocument" && it.what == "max",
    },
    Reason {
        says: "the content of an element is that of the base, not that of a slice of the profile",
        fits: |it| it.what == "content" && it.theirs.ends_with(":Author"),
    },
    Reason {
        says: "within the slices of bp HL7 puts the only type of a choice into the choice, elsewhere into a slice of it",
        fits: |it| it.profile == "bp" && it.element.contains("BP.value[x]"),
    },
    Reason {
        says: "the id of an abstract resource is an id, as that of the others",
        fits: |it| it.what == "types" && it.element.ends_with("Resource.id"),
    },
];

const STU3: &[Reason] = &[
    CONTENT,
    FORBIDDEN,
    LOST,
    Reason {
        says: "the snapshot of a profile on an older Contract",
        fits: |it| it.profile == "consentdirective",
    },
    Reason {
        says: "the differential forbids extensions in an extension, and HL7's snapshot forgets it",
        fits: |it| it.what == "max" && it.element.ends_with("xtension") && it.ours == "Some(\"0\")",
    },
    Reason {
        says: "some resources are 1..1 instead of 0..*, which means nothing",
        fits: |it| matches!(it.what, "min" | "max") && !it.element.contains('.'),
    },
    Reason {
        says: "SimpleQuantity is no slice of anything",
        fits: |it| it.profile == "SimpleQuantity",
    },
    Reason {
        says: "HL7's snapshot has the slice of a choice as a choice of its own",
        fits: |it| {
            let is_slice = it.element.contains("[x]:");
            it.profile == "familymemberhistory-genetic" && is_slice
        },
    },
    Reason {
        says: "HL7's snapshot leaves out the children of Observation.component beside its slices",
        fits: |it| it.profile == "bp" && it.what == "extra",
    },
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut all: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    all.sort();
    all
}

/// Compares all, and holds what differs against the reasons.
fn hold(version: FhirVersion, pairs: &[(ProfileFacts, ProfileFacts)], reasons: &[Reason]) {
    let definitions = Definitions::of(version);
    let mut library = Library::empty(version);
    for (one, _) in pairs {
        library.add(Facts::Profile(one.clone()));
    }
    let mut unexplained = Vec::new();
    let mut explained = vec![0; reasons.len()];
    for (ours, theirs) in pairs {
        for it in compare::compare(ours, theirs, &library, definitions) {
            match reasons.iter().position(|reason| (reason.fits)(&it)) {
                Some(at) => explained[at] += 1,
                None => unexplained.push(it),
            }
        }
    }
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    for (reason, count) in reasons.iter().zip(explained) {
        assert!(count > 0, "nothing to explain by: {}", reason.says);
    }
}

#[test]
fn the_snapshots_of_the_nhs_say_the_same() {
    let Some(folder) = places::shared("nhs-stu3") else {
        return;
    };
    let definitions = Definitions::stu3();
    let files = files(&folder.join("snapshot-oracle"));
    let pairs: Vec<_> = files
        .iter()
        .filter_map(|it| compare::read(it, definitions))
        .collect();
    assert_eq!(pairs.len(), 21);
    hold(FhirVersion::Stu3, &pairs, NHS);
}

fn package(version: FhirVersion, name: &str, least: usize, reasons: &[Reason]) {
    let Some(folder) = places::package(name) else {
        return;
    };
    let mut pairs = Vec::new();
    for path in files(&folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_json = path.extension().is_some_and(|it| it == "json");
        if name.starts_with("StructureDefinition-") && is_json {
            pairs.extend(compare::read(&path, Definitions::of(version)));
        }
    }
    assert!(pairs.len() >= least, "{}", pairs.len());
    hold(version, &pairs, reasons);
}

#[test]
fn the_snapshots_of_r4_say_the_same() {
    package(FhirVersion::R4, "hl7.fhir.r4.examples-4.0.1", 600, R4);
}

#[test]
fn the_snapshots_of_stu3_say_the_same() {
    package(FhirVersion::Stu3, "hl7.fhir.r3.examples-3.0.2", 550, STU3);
}
