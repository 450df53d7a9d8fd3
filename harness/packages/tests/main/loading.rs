//! What a loader makes of packages, folders and files, good and bad.

use flate2::Compression;
use flate2::write::GzEncoder;
use plumbline_fhir::FhirVersion;
use plumbline_packages::{Bounds, Cache, Loaded, Loader, Lock, Wanted};
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// A definition, with its version of FHIR.
fn profile(name: &str, min: u32) -> String {
    format!(
        r#"{{"resourceType":"StructureDefinition","url":"https://example.org/{name}","version":"1","name":"X",
        "status":"active","fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
        "differential":{{"element":[{{"id":"Patient.name","path":"Patient.name","min":{min}}}]}}}}"#
    )
}

fn manifest(name: &str, version: &str, dependencies: &str) -> String {
    format!(
        r#"{{"name":"{name}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{{dependencies}}}}}"#
    )
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A `.tgz` of everything in a folder.
fn pack(folder: &Path, target: &Path) {
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_dir_all(".", folder).unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&builder.into_inner().unwrap()).unwrap();
    fs::write(target, encoder.finish().unwrap()).unwrap();
}

fn load(paths: &[&Path]) -> Loaded {
    let mut reading = Loader::new(FhirVersion::R4);
    for path in paths {
        reading.add(path);
    }
    reading.finish()
}

fn texts(loaded: &Loaded) -> String {
    let notes = loaded
        .notes
        .iter()
        .map(|it| format!("{} {}\n", it.place, it.text));
    notes.collect()
}

#[test]
fn a_package_is_the_same_packed_and_unpacked() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("own");
    write(
        &folder,
        "package/package.json",
        &manifest("own.package", "1.0.0", ""),
    );
    write(&folder, "package/a.json", &profile("A", 1));
    write(&folder, "package/.index.json", "left behind by a tool");
    write(&folder, "package/notes.md", "x");
    write(
        &folder,
        "package/SearchParameter-x.json",
        r#"{"resourceType":"SearchParameter"}"#,
    );
    write(
        &folder,
        "package/example/p.json",
        r#"{"resourceType":"Patient"}"#,
    );
    write(
        &folder,
        "package/q.json",
        r#"{"resourceType":"Questionnaire","status":"draft"}"#,
    );
    let archive = top.path().join("own.tgz");
    pack(&folder, &archive);
    let flat = folder.join("package");
    let mut hashes = Vec::new();
    for path in [&archive, &folder, &flat] {
        let loaded = load(&[path]);
        assert_eq!(loaded.errors, []);
        assert!(loaded.notes.is_empty(), "{}", texts(&loaded));
        assert!(loaded.library.profile("https://example.org/A|1").is_some());
        let [used] = loaded.packages.as_slice() else {
            panic!("{:?}", loaded.packages);
        };
        assert_eq!(used.title(), "own.package 1.0.0");
        assert_eq!(
            (used.definitions, used.resources, used.other_files),
            (1, 1, 3)
        );
        assert_eq!(used.profiles, ["https://example.org/A"]);
        hashes.push(used.sha256.clone());
    }
    assert!(
        hashes.windows(2).all(|pair| pair[0] == pair[1]),
        "{hashes:?}"
    );
    // Asked for twice, it is read once and told.
    let twice = load(&[&archive, &folder]);
    assert_eq!(twice.packages.len(), 1);
    assert!(texts(&twice).contains("read from"), "{}", texts(&twice));
}

#[test]
fn folders_of_files_are_read_through() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "a/b/one.json", &profile("A", 1));
    let set = r#"<ValueSet xmlns="http://hl7.org/fhir"><url value="https://example.org/V"/><status value="active"/></ValueSet>"#;
    write(top.path(), "two.xml", set);
    write(
        top.path(),
        "patient.json",
        r#"{"resourceType":"Patient","id":"p"}"#,
    );
    write(top.path(), "readme.txt", "x");
    write(top.path(), "package.json", r#"{"private":true}"#);
    write(top.path(), "other.json", r#"{"a":1}"#);
    let loaded = load(&[top.path()]);
    assert_eq!(loaded.errors, []);
    let used = &loaded.packages[0];
    assert_eq!(
        (used.definitions, used.resources, used.other_files),
        (2, 1, 2)
    );
    assert_eq!(used.version, None);
    assert!(loaded.library.value_set("https://example.org/V").is_some());
    assert!(loaded.resources[0].origin.ends_with("patient.json"));
    let empty = tempfile::tempdir().unwrap();
    write(empty.path(), "readme.txt", "x");
    let loaded = load(&[empty.path()]);
    assert!(
        texts(&loaded).contains("no definition"),
        "{}",
        texts(&loaded)
    );
}

#[test]
fn duplicates_are_told_if_they_differ() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "a.json", &profile("A", 1));
    write(
        top.path(),
        "b.json",
        &profile("A", 1).replace("\"active\"", "\"active\" "),
    );
    let loaded = load(&[top.path()]);
    assert!(loaded.notes.is_empty(), "{}", texts(&loaded));
    write(top.path(), "c.json", &profile("A", 0));
    let loaded = load(&[top.path()]);
    let notes = texts(&loaded);
    assert!(
        notes.contains("https://example.org/A|1") && notes.contains("a.json"),
        "{notes}"
    );
    let facts = loaded.library.profile("https://example.org/A").unwrap();
    assert_eq!(facts.elements[0].min, Some(1));
    // Of two versions the one that was read first is meant without a version.
    write(
        top.path(),
        "0.json",
        &profile("A", 7).replace("\"version\":\"1\"", "\"version\":\"0\""),
    );
    let loaded = load(&[top.path()]);
    let facts = loaded.library.profile("https://example.org/A").unwrap();
    assert_eq!(facts.elements[0].min, Some(7));
}

#[test]
fn broken_files_are_errors_with_their_place() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "a.json", "{\n \"resourceType\": }");
    write(top.path(), "b.xml", "<a>");
    write(top.path(), "c.json", &profile("A", 1));
    let loaded = load(&[top.path()]);
    let places: Vec<&str> = loaded.errors.iter().map(|it| it.place.as_str()).collect();
    assert_eq!(places.len(), 2, "{places:?}");
    assert!(places[0].ends_with("a.json:2:18"), "{places:?}");
    for (name, text, problem) in [
        ("zip.tgz", "PK\u{3}\u{4}", "zip file"),
        ("half.json", "{", ""),
        ("none.json", "{}", "no resource of FHIR R4"),
        ("text.md", "hello", ""),
        (
            "stu3.json",
            &profile("A", 1).replace("4.0.1", "3.0.2"),
            "for FHIR 3.0.2",
        ),
        (
            "kind.json",
            &profile("A", 1).replace("\"resource\"", "\"x\""),
            "cannot be used",
        ),
    ] {
        write(top.path(), name, text);
        let loaded = load(&[&top.path().join(name)]);
        let [error] = loaded.errors.as_slice() else {
            panic!("{name}: {:?}", loaded.errors);
        };
        assert!(error.problem.contains(problem), "{name}: {error}");
        assert!(
            error.place.contains(name) && error.fix.ends_with('.'),
            "{name}: {error:?}"
        );
    }
    let missing = load(&[&top.path().join("missing.tgz")]);
    assert!(missing.errors[0].fix.starts_with("Check the name"));
}

#[test]
fn an_archive_that_is_no_package_or_is_cut_is_refused() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("own");
    write(&folder, "a.json", &profile("A", 1));
    let archive = top.path().join("own.tgz");
    pack(&folder, &archive);
    let loaded = load(&[&archive]);
    assert!(loaded.errors[0].problem.contains("no package/package.json"));
    write(&folder, "package/package.json", "{");
    pack(&folder, &archive);
    let loaded = load(&[&archive]);
    assert!(
        loaded.errors[0].place.contains("package.json:1:"),
        "{:?}",
        loaded.errors
    );
    let bytes = fs::read(&archive).unwrap();
    fs::write(&archive, &bytes[..bytes.len() / 2]).unwrap();
    let loaded = load(&[&archive]);
    assert_eq!(loaded.errors.len(), 1);
    assert!(loaded.packages.is_empty());
}

#[test]
fn definitions_for_another_version_are_told() {
    let top = tempfile::tempdir().unwrap();
    let of_stu3 = manifest("own.package", "1.0.0", "").replace("4.0.1", "3.0.2");
    write(top.path(), "package/package.json", &of_stu3);
    for at in 0..20 {
        let text = profile(&format!("A{at}"), 1).replace("4.0.1", "3.0.2");
        write(top.path(), &format!("package/{at}.json"), &text);
    }
    let loaded = load(&[top.path()]);
    let notes = texts(&loaded);
    assert!(notes.contains("is for FHIR 3.0.2, not 4.0.1"), "{notes}");
    assert!(
        notes.contains("definitions for FHIR 3.0.2 are not used") && notes.contains("and 10 more"),
        "{notes}"
    );
    assert_eq!(loaded.packages[0].definitions, 0);
}

#[test]
fn dependencies_are_followed_inside_the_cache() {
    let top = tempfile::tempdir().unwrap();
    let cache = top.path().join("packages");
    let one = manifest(
        "one",
        "1.0.0",
        r#""two":"2.x","hl7.fhir.r4.core":"4.0.1","absent.package":"1.0.0""#,
    );
    write(&cache, "one#1.0.0/package/package.json", &one);
    write(&cache, "one#1.0.0/package/a.json", &profile("A", 1));
    // In a circle.
    write(
        &cache,
        "two#2.1.0/package/package.json",
        &manifest("two", "2.1.0", r#""one":"1.0.0""#),
    );
    write(&cache, "two#2.1.0/package/b.json", &profile("B", 1));
    let wanted = Wanted::parse("one@1.0.0").unwrap();
    let mut reading = Loader::new(FhirVersion::R4).with_cache(Cache::new(&cache));
    reading.add_named(&wanted);
    let loaded = reading.finish();
    assert_eq!(loaded.errors, []);
    assert!(loaded.library.profile("https://example.org/B").is_some());
    let titles: Vec<String> = loaded
        .packages
        .iter()
        .map(plumbline_packages::Used::title)
        .collect();
    assert_eq!(titles, ["one 1.0.0", "two 2.1.0"]);
    assert_eq!(loaded.packages[1].wanted_by.as_deref(), Some("one@1.0.0"));
    let notes = texts(&loaded);
    assert!(
        notes.contains("absent.package@1.0.0") && notes.contains("packages add"),
        "{notes}"
    );
    assert!(!notes.contains("hl7.fhir.r4.core"), "{notes}");

    let mut reading = Loader::new(FhirVersion::R4).with_cache(Cache::new(&cache));
    reading.add_named(&Wanted::parse("three@1.0.0").unwrap());
    let error = reading.finish().errors.remove(0);
    assert!(
        error.fix.contains("plumbline packages add three@1.0.0"),
        "{error:?}"
    );
}

#[test]
fn what_is_pinned_must_be_what_is_read() {
    let top = tempfile::tempdir().unwrap();
    write(
        top.path(),
        "package/package.json",
        &manifest("own", "1.0.0", ""),
    );
    write(top.path(), "package/a.json", &profile("A", 1));
    let sha256 = load(&[top.path()]).packages[0].sha256.clone();
    let text = format!("format 1\npackage own 1.0.0\n  sha256 {sha256}\n  source cache\n");
    let lock = Lock::read("x.lock", &text).unwrap();
    let read = || {
        let mut reading = Loader::new(FhirVersion::R4).with_lock(lock.clone());
        reading.add(top.path());
        reading.finish()
    };
    assert!(read().packages[0].is_pinned);
    write(top.path(), "package/a.json", &profile("A", 2));
    let loaded = read();
    assert!(
        loaded.errors[0].problem.contains("something else"),
        "{:?}",
        loaded.errors
    );
    assert!(loaded.library.profile("https://example.org/A").is_none());
}

#[test]
fn bounds_are_errors() {
    let top = tempfile::tempdir().unwrap();
    for at in 0..5 {
        write(top.path(), &format!("{at}.json"), &profile("A", 1));
    }
    let bounds = Bounds {
        max_files: 4,
        ..Bounds::default()
    };
    let mut reading = Loader::new(FhirVersion::R4).with_bounds(bounds);
    reading.add(top.path());
    assert!(reading.finish().errors[0].problem.contains("4 files"));
}
