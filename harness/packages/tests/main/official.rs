//! A package of HL7 as it is published, where a checkout has it. Not for what its definitions say.

use plumbline_fhir::FhirVersion;
use plumbline_packages::Loader;
use std::path::Path;

#[test]
fn a_published_package_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus");
    let path = corpus.join("hl7.fhir.r3.examples-3.0.2.tgz");
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return;
    }
    let mut reading = Loader::new(FhirVersion::Stu3);
    reading.add(&path);
    let loaded = reading.finish();
    assert_eq!(loaded.errors, [], "{}", path.display());
    let used = &loaded.packages[0];
    assert!(used.definitions > 500, "{used:?} {:?}", loaded.notes);
}
