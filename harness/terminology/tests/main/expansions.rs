//! HL7's expansions of R4 against ours: the same codes, wherever we say that ours are all. Each difference is listed
//! with its reason.

use crate::places::package;
use plumbline_conformance::Library;
use plumbline_fhir::{Definitions, FhirVersion};
use plumbline_terminology::{Coding, Expanded, Membership, Terminology};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Sets that are decided, with the same codes.
const SAME: usize = 453;
/// Sets of which codes are not here, nearly all of SNOMED CT and LOINC.
const OPEN: usize = 53;

type Codes = BTreeSet<(String, String)>;

/// The codes of an expansion; `None` where there are none, or HL7 cut the list.
fn expanded(set: &Value) -> Option<Codes> {
    let expansion = set.get("expansion")?;
    let marks = expansion["extension"].as_array();
    let is_cut = |it: &Value| {
        let url = it["url"].as_str().unwrap_or_default();
        url.ends_with("/valueset-toocostly") || url.ends_with("/valueset-unclosed")
    };
    if marks.is_some_and(|all| all.iter().any(is_cut)) {
        return None;
    }
    let mut codes = Codes::new();
    collect(&expansion["contains"], &mut codes);
    (!codes.is_empty()).then_some(codes)
}

fn collect(contains: &Value, codes: &mut Codes) {
    for entry in contains.as_array().into_iter().flatten() {
        let text = |name: &str| entry[name].as_str().map(str::to_owned);
        if let (Some(system), Some(code)) = (text("system"), text("code"))
            && entry["abstract"] != true
        {
            codes.insert((system, code));
        }
        collect(&entry["contains"], codes);
    }
}

fn official(folder: &Path) -> Vec<(String, Codes)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("ValueSet-") {
            let set: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            if let Some(codes) = expanded(&set) {
                all.push((set["url"].as_str().unwrap().to_owned(), codes));
            }
        }
    }
    all.sort();
    // The package has some of them twice.
    all.dedup();
    all
}

/// The sets where ours has more codes, and why.
const MORE: &[(&str, &str)] = &[
    (
        "http://hl7.org/fhir/ValueSet/detectedissue-category",
        "HL7 leaves out what is below the codes that are below another by a property",
    ),
    (
        "http://hl7.org/fhir/ValueSet/diagnostic-service-sections",
        DEPRECATED,
    ),
    (
        "http://hl7.org/fhir/ValueSet/observation-interpretation",
        DEPRECATED,
    ),
    (
        "http://hl7.org/fhir/ValueSet/patient-contactrelationship",
        DEPRECATED,
    ),
    (
        "http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype",
        DEPRECATED,
    ),
    (
        "http://hl7.org/fhir/ValueSet/security-labels",
        "HL7 leaves out codes of one of the code systems",
    ),
    ("http://terminology.hl7.org/ValueSet/v2-0487", DEPRECATED),
    ("http://terminology.hl7.org/ValueSet/v2-0916", DEPRECATED),
    ("http://terminology.hl7.org/ValueSet/v3-ActCode", DEPRECATED),
    (
        "http://terminology.hl7.org/ValueSet/v3-ActPharmacySupplyType",
        "HL7 leaves out what is below the codes that are below another by a property",
    ),
];

/// A record may still hold them.
const DEPRECATED: &str = "HL7 leaves out codes that are deprecated in their code system";

#[test]
fn our_codes_are_those_that_hl7_lists() {
    let Some(folder) = package("hl7.fhir.r4.expansions-4.0.1") else {
        return;
    };
    let library = Library::empty(FhirVersion::R4);
    let terminology = Terminology::new(Arc::new(library), Definitions::r4());
    let (mut same, mut open, mut more, mut fewer) = (0, 0, Vec::new(), Vec::new());
    for (url, theirs) in official(&folder) {
        let (ours, all) = terminology.codes(&url);
        if all == Expanded::Partly {
            open += 1;
        } else if ours == theirs {
            same += 1;
        } else if ours.is_superset(&theirs) {
            more.push(url.clone());
        }
        // Also where not every code can be listed, none of theirs is out.
        for (system, code) in &theirs {
            let coding = Coding {
                system: Some(system),
                version: None,
                code,
                display: None,
            };
            if terminology.member_of(&url, coding) == Membership::Outside {
                fewer.push(format!("{url} {system} {code}"));
            }
        }
    }
    assert_eq!(fewer, Vec::<String>::new());
    let listed: Vec<&str> = MORE.iter().map(|(url, _)| *url).collect();
    assert_eq!(more, listed);
    assert_eq!((same, open), (SAME, OPEN));
}
