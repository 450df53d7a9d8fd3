//! HL7's own definitions and questionnaires, judged by themselves: no error that is not explained.
//! Not for what other resources make of them. The packages lie outside the repository; what is missing is skipped,
//! visibly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use plumbline_fhir::{Definitions, FhirVersion, profile_facts};
use plumbline_tree::{Limits, Syntax, Tree};
use plumbline_validator::{Library, Options, Severity, Validator};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is wrong with HL7's own resources: package, file, code, reason.
const EXPLAINED: &[(&str, &str, &str, &str)] = &[
    (
        R3,
        "StructureDefinition-consentdirective",
        UNKNOWN,
        "it was written for a draft of Contract; the elements are gone",
    ),
    (
        R3,
        "StructureDefinition-consentdirective",
        TYPE,
        "it was written for a draft of Contract; the types are others",
    ),
    (
        R3,
        "StructureDefinition-example",
        UNKNOWN,
        "it has elements that DiagnosticReport had in a draft",
    ),
    (
        R3,
        "StructureDefinition-example",
        TYPE,
        "it has types that DiagnosticReport had in a draft",
    ),
    (
        R3,
        "StructureDefinition-lipidprofile",
        "FHIR-DEFINITION-DISCRIMINATOR",
        "the path steps from a reference into its target without resolve()",
    ),
    (
        R3,
        "StructureDefinition-Bundle",
        "FHIR-DEFINITION-EXPRESSION-TYPE",
        "bdl-7 has an address as criterion; R4 asks fullUrl.exists()",
    ),
    (
        R3,
        "StructureDefinition-StructureDefinition",
        NAME,
        "sdf-15 stands on the snapshot and asks it for what the structure has",
    ),
    (
        R3,
        "StructureDefinition-allergyintolerance-substanceExposureRisk",
        NAME,
        "inv-1 is meant for the allergy that the extension stands in",
    ),
    (
        R4,
        "StructureDefinition-allergyintolerance-substanceExposureRisk",
        NAME,
        "inv-1 is meant for the allergy that the extension stands in",
    ),
    (
        R4,
        "StructureDefinition-ChargeItemDefinition",
        NAME,
        "cid-0 asks for a name, which the resource does not have",
    ),
    (
        R3,
        "StructureDefinition-iso21090-nullFlavor",
        CONTEXT,
        "there is no type Any",
    ),
    (
        R3,
        "StructureDefinition-iso21090-preferred",
        CONTEXT,
        "there is no type Any",
    ),
    (
        R3,
        "StructureDefinition-iso21090-verification",
        CONTEXT,
        "there is no type Any",
    ),
    (
        R3,
        "ValueSet-ucum-common",
        CODE,
        "UCUM has no annotation before a bracket, and none with a space",
    ),
    (
        R4,
        "ValueSet-ucum-common",
        CODE,
        "UCUM has no annotation before a bracket, and none with a space",
    ),
    (
        R4,
        "ValueSet-example-hierarchical",
        "FHIR-DEFINITION-SYSTEM",
        "the system is #hacked",
    ),
    (
        R4,
        "StructureDefinition-example-composition",
        KIND,
        "it says complex-type of a resource",
    ),
    (
        R4,
        "StructureDefinition-example-section-library",
        KIND,
        "it says complex-type of a resource",
    ),
    (
        R4,
        "SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject",
        "FHIR-DEFINITION-EXPRESSION",
        "FHIRPath has no function hasExtension",
    ),
    (
        R4,
        "CodeSystem-v2-2.1-0006",
        URL,
        "the url holds a version behind a bar",
    ),
    (
        R4,
        "CodeSystem-v2-2.3.1-0360",
        URL,
        "the url holds a version behind a bar",
    ),
    (
        R4,
        "CodeSystem-v2-2.4-0006",
        URL,
        "the url holds a version behind a bar",
    ),
    (
        R4,
        "CodeSystem-v2-2.4-0391",
        URL,
        "the url holds a version behind a bar",
    ),
    (
        R4,
        "CodeSystem-v2-2.6-0391",
        URL,
        "the url holds a version behind a bar",
    ),
    (
        R4,
        "CodeSystem-v2-2.7-0360",
        URL,
        "the url holds a version behind a bar",
    ),
];

/// Whether an error of a file of a package is explained here.
pub fn is_explained(package: &str, file: &str, code: &str) -> bool {
    let mut all = EXPLAINED.iter();
    all.any(|it| (it.0, it.1, it.2) == (package, file, code))
}

const R4: &str = "hl7.fhir.r4.examples-4.0.1";
const R3: &str = "hl7.fhir.r3.examples-3.0.2";
const UNKNOWN: &str = "FHIR-DEFINITION-ELEMENT-UNKNOWN";
const TYPE: &str = "FHIR-DEFINITION-TYPE";
const CONTEXT: &str = "FHIR-DEFINITION-CONTEXT";
const CODE: &str = "FHIR-DEFINITION-CODE";
const NAME: &str = "FHIR-DEFINITION-EXPRESSION-NAME";
const KIND: &str = "FHIR-DEFINITION-KIND";
const URL: &str = "FHIR-DEFINITION-URL";

const KINDS: [&str; 8] = [
    "CapabilityStatement-",
    "CodeSystem-",
    "OperationDefinition-",
    "Questionnaire-",
    "QuestionnaireResponse-",
    "SearchParameter-",
    "StructureDefinition-",
    "ValueSet-",
];

fn package(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLUMBLINE_CORPUS").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../corpus");
    let folder = named.unwrap_or_else(beside).join(name).join("package");
    if folder.is_dir() {
        return Some(folder);
    }
    // Straight to the terminal: the test harness keeps back what `println!` writes.
    let mut terminal = std::io::stderr();
    let _ = writeln!(
        terminal,
        "SKIPPED: no {name}; to run: cargo xtask definitions --check"
    );
    None
}

fn tree(file: &Path) -> Tree {
    let bytes = std::fs::read(file).unwrap();
    Tree::parse(bytes, &Limits::default()).unwrap()
}

/// The files of one package, sorted.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let all = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path());
    let named = all.filter_map(|path| {
        let stem = path.file_stem()?.to_str()?.to_owned();
        let is_json = path.extension().is_some_and(|it| it == "json");
        let is_wanted = is_json && KINDS.iter().any(|kind| stem.starts_with(kind));
        is_wanted.then_some((stem, path))
    });
    let mut named: Vec<(String, PathBuf)> = named.collect();
    named.sort();
    named
}

/// The errors of the two families in a package: file and code, each once.
fn errors(name: &str, version: FhirVersion, folder: &Path) -> BTreeSet<(String, String)> {
    let all = files(folder);
    assert!(all.len() > 3_000, "{name} has {} files", all.len());
    let mut library = Library::empty(version);
    for (_, path) in all
        .iter()
        .filter(|(stem, _)| stem.starts_with("StructureDefinition-"))
    {
        if let Ok(facts) = profile_facts::reduce(&tree(path), Definitions::of(version)) {
            library.add(facts);
        }
    }
    let mut validator = Validator::new(library);
    for (_, path) in all
        .iter()
        .filter(|(stem, _)| stem.starts_with("Questionnaire-"))
    {
        validator.supply(tree(path));
    }
    let mut found = BTreeSet::new();
    for (stem, path) in all {
        let outcome = validator.validate(&tree(&path), &[], &Options::default());
        let own = outcome.issues.into_iter().filter(|it| {
            let is_own = it.code.starts_with("FHIR-DEFINITION-")
                || it.code.starts_with("FHIR-QUESTIONNAIRE-");
            it.severity == Severity::Error && is_own
        });
        found.extend(own.map(|it| (stem.clone(), it.code.into_owned())));
    }
    found
}

fn no_error_that_is_not_explained(name: &str, version: FhirVersion) {
    let Some(folder) = package(name) else {
        return;
    };
    let found = errors(name, version, &folder);
    let own = EXPLAINED.iter().filter(|it| it.0 == name);
    let explained: BTreeSet<(String, String)> =
        own.map(|it| (it.1.to_owned(), it.2.to_owned())).collect();
    let new: Vec<_> = found.difference(&explained).collect();
    assert!(new.is_empty(), "{name}: not explained: {new:#?}");
    let gone: Vec<_> = explained.difference(&found).collect();
    assert!(
        gone.is_empty(),
        "{name}: explained and not found: {gone:#?}"
    );
}

#[test]
fn official_definitions_of_r4_have_no_error_that_is_not_explained() {
    no_error_that_is_not_explained(R4, FhirVersion::R4);
}

#[test]
fn official_definitions_of_stu3_have_no_error_that_is_not_explained() {
    no_error_that_is_not_explained(R3, FhirVersion::Stu3);
}

/// Profiles of the NHS with an invariant that asks for what there is not, and why.
const NHS_EXPRESSIONS: &[(&str, &str)] = &[
    (
        "CareConnect-DCH-NCMPWithdrawal-Observation-1.xml",
        "qty-3 is of quantities, and stands on a CodeableConcept",
    ),
    (
        "CareConnect-EMS-PDS-SuspectedCongenitalAbnormalityIndicator-Observation-1.xml",
        "qty-3 is of quantities, and stands on a CodeableConcept",
    ),
];

/// The files beneath a folder, sorted.
fn beneath(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            beneath(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

/// How many structures are beneath a folder, and the files with an expression that asks for what there is not.
fn expressions(version: FhirVersion, folder: &Path) -> (usize, BTreeSet<String>) {
    let validator = Validator::new(Library::empty(version));
    let (mut paths, mut count, mut found) = (Vec::new(), 0, BTreeSet::new());
    beneath(folder, &mut paths);
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let Some(syntax) = Syntax::guess(&bytes) else {
            continue;
        };
        let Ok(tree) = Tree::parse_as(syntax, bytes, &Limits::default()) else {
            continue;
        };
        let root = tree.root();
        let named = root
            .get("resourceType")
            .and_then(plumbline_tree::Node::as_str);
        if named.or(root.name()) != Some("StructureDefinition") {
            continue;
        }
        count += 1;
        let outcome = validator.validate(&tree, &[], &Options::default());
        let mut issues = outcome.issues.iter();
        if issues.any(|it| it.code.starts_with("FHIR-DEFINITION-EXPRESSION")) {
            found.insert(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    (count, found)
}

#[test]
fn invariants_of_the_nhs_ask_for_what_there_is() {
    let named = std::env::var_os("PLUMBLINE_SHARED").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = named.unwrap_or_else(beside).join("testdata");
    for (name, version, explained) in [
        ("uk-core", FhirVersion::R4, &[][..]),
        ("nhs-stu3", FhirVersion::Stu3, NHS_EXPRESSIONS),
    ] {
        let folder = shared.join(name);
        if !folder.is_dir() {
            let _ = writeln!(std::io::stderr(), "SKIPPED: no {}", folder.display());
            continue;
        }
        let (count, found) = expressions(version, &folder);
        assert!(count > 30, "{name} has {count} structures");
        let explained: BTreeSet<String> = explained.iter().map(|it| it.0.to_owned()).collect();
        assert_eq!(found, explained, "{name}");
    }
}
