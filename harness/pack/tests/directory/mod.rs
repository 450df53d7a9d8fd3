//! The directory, facts about practices, and interactions: read as written, and each mistake told.
//! Not for running anything.

use crate::{FakeSteps, TARGET, good, mini};
use plumbline_model::{ActorRole, DirectoryKind};
use plumbline_pack::{Files, directory, lint, lint_target, load, people, target};
use std::collections::BTreeMap;

const PRACTICE: &str = "scenarios/_directory/mini-practice.toml";
const LOCATION: &str = "scenarios/_directory/mini-surgery.toml";
const DOCTOR: &str = "scenarios/_directory/mini-doctor.toml";
const PACK: &str = "profiles/mini/pack.toml";
const PERSON: &str = "scenarios/_people/patient-basic.toml";
const FEATURE: &str = "scenarios/mini/patient.feature";

type Texts = BTreeMap<String, Vec<u8>>;

/// The good pack with a directory, a practice's facts about a person, and interactions.
fn whole() -> Texts {
    let mut files = good();
    let mut put = |path: &str, text: &str| files.insert(path.to_owned(), text.into());
    put(
        PRACTICE,
        "summary = \"A practice\"\nkind = \"Organization\"\nid = \"o-1\"\nidentifier = \"Z9X09\"\nname = \"Mill Practice\"\n",
    );
    put(
        LOCATION,
        "summary = \"A surgery\"\nkind = \"Location\"\nid = \"l-1\"\nname = \"Mill Surgery\"\nmanaging = \"mini-practice\"\n",
    );
    put(
        DOCTOR,
        "summary = \"A doctor\"\nkind = \"Practitioner\"\nid = \"pr-1\"\nidentifier = \"555000000077\"\nfamily = \"Fenwick\"\ngiven = [\"Ada\"]\nprefix = \"Dr\"\n",
    );
    edit(
        &mut files,
        PACK,
        "\"patient-with-allergies\"]",
        "\"patient-with-allergies\", \"mini-practice\", \"mini-surgery\", \"mini-doctor\"]",
    );
    append(
        &mut files,
        PACK,
        "\n[[interactions]]\nmethod = \"GET\"\npath = \"Patient/*\"\nid = \"urn:read\"\nscope = \"patient/*.read\"\n",
    );
    append(
        &mut files,
        PERSON,
        "\n[gp]\nregistration = \"active\"\npds = \"verified\"\nbranch = \"mini-surgery\"\n\
         contact = { family = \"Hale\", given = [\"Jo\"], relationship = \"Wife\", phone = \"01632 960001\" }\n\
         telecom = [{ system = \"phone\", use = \"home\", value = \"01632 960002\" }]\n",
    );
    append(
        &mut files,
        TARGET,
        "mini-practice = { identifier = \"A1B\" }\nmini-surgery = { id = \"loc-7\" }\nmini-doctor = { identifier = \"123\", id = \"x\" }\n",
    );
    files
}

fn edit(files: &mut Texts, path: &str, find: &str, replace: &str) {
    let text = String::from_utf8(files[path].clone()).unwrap();
    assert!(text.contains(find), "`{find}` is not in {path}");
    files.insert(path.to_owned(), text.replacen(find, replace, 1).into());
}

fn append(files: &mut Texts, path: &str, more: &str) {
    files
        .get_mut(path)
        .unwrap()
        .extend_from_slice(more.as_bytes());
}

#[test]
fn everything_is_read_as_written() {
    let files = whole();
    let texts = Files::from_map(files.clone());
    let report = lint(&texts, &mini(), &FakeSteps);
    assert!(report.is_empty(), "{report}");
    let pack = load(&texts, &mini(), &FakeSteps).unwrap();
    assert_eq!(pack.actors.len(), 2, "only people");
    let kinds: Vec<_> = pack.directory.values().copied().collect();
    assert_eq!(
        kinds,
        [
            DirectoryKind::Practitioner,
            DirectoryKind::Organization,
            DirectoryKind::Location
        ]
    );
    assert_eq!(pack.interaction("GET", "Patient/7").unwrap().id, "urn:read");
    assert_eq!(
        pack.interaction("DELETE", "Patient/7").unwrap().id,
        "urn:read"
    );
    assert_eq!(pack.interaction("GET", "Patient"), None);
    let facts = directory(&texts).unwrap();
    let doctor = &facts[&ActorRole::from("mini-doctor")];
    assert_eq!(doctor.shown_name(), "Dr Ada Fenwick");
    let person = &people(&texts).unwrap()[&ActorRole::from("patient-basic")];
    let gp = person.gp.as_ref().unwrap();
    assert_eq!((gp.number.as_str(), gp.telecom.len()), ("verified", 1));
    let target = target(TARGET, &files[TARGET], Some(&pack.target_hints())).unwrap();
    let surgery = &target.directory[&ActorRole::from("mini-surgery")];
    assert_eq!(surgery.id.as_deref(), Some("loc-7"));
    let practice = &target.directory[&ActorRole::from("mini-practice")];
    assert_eq!(practice.identifier.as_deref(), Some("A1B"));
    assert_eq!(target.actors.len(), 1);
}

#[test]
fn the_fingerprint_follows_the_directory() {
    let print = |files: Texts| {
        let texts = Files::from_map(files);
        load(&texts, &mini(), &FakeSteps).unwrap().fingerprint
    };
    let mut other = whole();
    append(&mut other, LOCATION, "\n");
    assert_ne!(print(whole()), print(other));
}

/// File, what is replaced in it, by what, and parts of cause and cure.
const MISTAKES: &[(&str, &str, &str, &str, &str)] = &[
    (
        PRACTICE,
        "Organization",
        "Organisation",
        "`kind` cannot be",
        "Organization",
    ),
    (
        PRACTICE,
        "identifier = \"Z9X09\"",
        "",
        "`identifier` is missing",
        "add `identifier",
    ),
    (
        PRACTICE,
        "name =",
        "nam =",
        "`name` is missing",
        "add `name",
    ),
    (
        LOCATION,
        "mini-practice",
        "mini-practise",
        "there is no scenarios/_directory/",
        "did you mean",
    ),
    (
        LOCATION,
        "managing",
        "identifier = \"x\"\nmanaging",
        "`identifier`",
        "",
    ),
    (
        DOCTOR,
        "555000000077",
        "123456789012",
        "not an SDS user id",
        "begin with 555",
    ),
    (
        DOCTOR,
        "given = [\"Ada\"]",
        "",
        "`given` is missing",
        "add `given",
    ),
    (
        PACK,
        "\"mini-doctor\"",
        "\"mini-docter\"",
        "no person file for the role",
        "did you mean `mini-doctor`?",
    ),
    (
        PACK,
        "method = \"GET\"",
        "method = \"Get\"",
        "`method` cannot be",
        "GET",
    ),
    (
        PACK,
        "\"Patient/*\"",
        "\"/Patient/*\"",
        "not a path below the base",
        "without a slash",
    ),
    (
        PACK,
        "scope = \"patient/*.read\"\n",
        "",
        "`scope` is missing",
        "add `scope",
    ),
    (
        PERSON,
        "\"active\"",
        "\"activ\"",
        "`registration` cannot be",
        "active",
    ),
    (
        PERSON,
        "pds = \"verified\"",
        "pds = \"dead\"",
        "`pds` cannot be",
        "deceased",
    ),
    (
        PERSON,
        "01632 960001",
        "01633 960001",
        "could be somebody's",
        "01632 960",
    ),
    (
        PERSON,
        "system = \"phone\"",
        "system = \"telephone\"",
        "`system` cannot be",
        "phone",
    ),
    (
        PERSON,
        "relationship = \"Wife\", ",
        "",
        "`relationship` is missing",
        "add `relationship",
    ),
    (
        TARGET,
        "{ identifier = \"A1B\" }",
        "{ id = \"A1B\" }",
        "`identifier` is missing",
        "add `identifier",
    ),
    (
        TARGET,
        "{ id = \"loc-7\" }",
        "{ identifier = \"loc-7\" }",
        "`id` is missing",
        "add `id",
    ),
    (
        TARGET,
        "\"loc-7\"",
        "\"Location/7\"",
        "not an id of FHIR",
        "last part of the address",
    ),
    (
        TARGET,
        "\"A1B\"",
        "\"https://x|A1B\"",
        "has characters that neither",
        "without its system",
    ),
    (
        TARGET,
        "mini-doctor =",
        "mini-doctr =",
        "is not a role of the pack",
        "mini-doctor",
    ),
    (
        FEATURE,
        "Given the patient \"patient-basic\"",
        "Given the patient \"mini-doctor\"",
        "is that of a practitioner, not of a patient",
        "the practitioner \"mini-doctor\"",
    ),
];

#[test]
fn each_mistake_is_told_in_its_file() {
    let hints = load(&Files::from_map(whole()), &mini(), &FakeSteps).unwrap();
    let hints = hints.target_hints();
    for (file, find, replace, cause, fix) in MISTAKES {
        let mut files = whole();
        edit(&mut files, file, find, replace);
        let report = lint(&Files::from_map(files.clone()), &mini(), &FakeSteps);
        let of_target = lint_target(TARGET, &files[TARGET], Some(&hints));
        let all = report.diagnostics().iter().chain(of_target.diagnostics());
        let told: Vec<String> = all
            .map(|d| format!("{}:{}: {} | {}", d.file, d.line, d.cause, d.fix))
            .collect();
        let hit = told
            .iter()
            .any(|one| one.starts_with(*file) && one.contains(cause) && one.contains(fix));
        assert!(hit, "{file}: {find} -> {replace}: {told:#?}");
    }
}

#[test]
fn a_role_cannot_be_a_person_and_a_place() {
    let mut files = whole();
    let place = files[LOCATION].clone();
    files.insert("scenarios/_directory/patient-basic.toml".to_owned(), place);
    let report = lint(&Files::from_map(files), &mini(), &FakeSteps);
    assert!(
        report
            .to_string()
            .contains("is that of a person and of the directory"),
        "{report}"
    );
}

#[test]
fn a_step_that_changes_data_needs_the_tag() {
    let mut files = whole();
    edit(
        &mut files,
        FEATURE,
        "When patients are searched\n",
        "When data is changed\n",
    );
    let report = lint(&Files::from_map(files), &mini(), &FakeSteps).to_string();
    assert!(report.contains("is not tagged @mutates"), "{report}");
}
