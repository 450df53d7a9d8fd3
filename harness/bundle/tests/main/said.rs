//! What is said of a bundle is true, and says everywhere what must be said.

use crate::support::{
    SENTENCE, broken, files, key, packed, real_record, record, report, signed, unpacked, unsigned,
    verify,
};
use plumbline_bundle::{
    AssembleError, Compared, NotABundle, OpenError, PrivateKey, RunFiles, SignerName, Signing,
    Standing, assemble,
};
use plumbline_model::record::RECORD_FORMAT;
use plumbline_model::rejudge::Rejudged;
use plumbline_model::{Completion, RunRecord, SubjectKind};
use std::fmt::Write;

const MOCK: &str = "MOCK SYSTEM (riverside-epr): this result says nothing about a real product.";

fn readme(bytes: &[u8]) -> String {
    let opened = plumbline_bundle::open(bytes).unwrap();
    String::from_utf8(opened.files["README.txt"].to_vec()).unwrap()
}

/// Everything that verification says, as one text.
fn said(bytes: &[u8]) -> String {
    let found = verify(bytes, &[key().public()]);
    let mut text = found.headline("signer.public.pem").join("\n");
    for line in found.lines() {
        let _ = write!(text, "\n{}: {}", line.label, line.values.join(" | "));
    }
    text
}

#[test]
fn who_signed_depends_on_the_keys_that_the_reader_has() {
    let bytes = signed(&files(&real_record()));
    let (own, other) = (key().public(), PrivateKey::from_seed([9; 32]).public());
    let found = verify(&bytes, std::slice::from_ref(&own));
    assert_eq!(
        (found.standing, found.key),
        (Standing::KnownSigner, Some(0))
    );
    let headline = found.headline("signer.public.pem");
    assert_eq!(
        headline,
        [
            "Unaltered since signed by Riverside Systems (invented) with the key in signer.public.pem."
        ]
    );
    let found = verify(&bytes, &[other.clone(), own.clone()]);
    assert_eq!(
        (found.standing, found.key),
        (Standing::KnownSigner, Some(1))
    );
    let found = verify(&bytes, &[]);
    assert_eq!(found.standing, Standing::UnknownSigner);
    assert!(found.headline("")[0].contains(&own.fingerprint()));
    assert!(
        found.headline("")[0].contains("which you must compare with what the supplier told you")
    );
    let found = verify(&bytes, &[other]);
    assert_eq!((found.standing, found.key), (Standing::WrongKey, None));
    assert!(found.headline("")[0].starts_with("Not signed by the key that you gave"));
}

#[test]
fn somebody_else_can_sign_under_the_name_and_is_not_taken_for_the_signer() {
    let (thief, name) = (
        PrivateKey::from_seed([8; 32]),
        SignerName::new("Riverside Systems (invented)").unwrap(),
    );
    let signing = Signing::By {
        key: &thief,
        name: &name,
    };
    let forged = assemble(&files(&real_record()), Compared::Same, signing).unwrap();
    assert_eq!(
        verify(&forged, &[key().public()]).standing,
        Standing::WrongKey
    );
}

#[test]
fn a_mock_is_said_first_and_everywhere() {
    for bytes in [signed(&files(&record())), unsigned(&files(&record()))] {
        assert!(said(&bytes).starts_with(MOCK));
        assert!(readme(&bytes).contains(MOCK));
        let opened = plumbline_bundle::open(&bytes).unwrap();
        let subject: serde_json::Value =
            serde_json::from_slice(opened.files["subject.json"]).unwrap();
        assert_eq!(subject["mock"]["name"], "riverside-epr");
        assert_eq!(subject["evidence"]["tier"], "demonstration");
        assert!(said(&bytes).contains("Evidence: none about a product"));
    }
    let real = signed(&files(&real_record()));
    assert!(!said(&real).contains("MOCK"));
    assert!(!readme(&real).contains("MOCK"));
    assert!(said(&real).contains("Evidence: automated"));
}

#[test]
fn a_declared_mock_counts_even_where_it_did_not_announce_itself() {
    let mut quiet = record();
    quiet.mock = None;
    assert!(said(&signed(&files(&quiet))).starts_with("MOCK SYSTEM (a mock system)"));
}

#[test]
fn a_record_that_hides_the_mock_of_its_answers_is_refused() {
    let mut hidden = real_record();
    let header = &mut hidden.exchanges[0].response_headers[0];
    (header.name, header.value) = ("X-Plumbline-Mock".to_owned(), "riverside-epr".to_owned());
    let refused = assemble(&files(&hidden), Compared::Same, Signing::Nobody).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("from the mock system riverside-epr"),
        "{refused}"
    );
}

#[test]
fn a_mock_cannot_be_passed_off_by_whoever_holds_the_key() {
    // A report that does not know of the mock, and facts and README that do not either.
    let mut run = files(&record());
    let real = serde_json::to_vec(&report(&real_record())).unwrap();
    run.insert("reports/report.json", real);
    let refused = assemble(&run, Compared::Same, Signing::Nobody).unwrap_err();
    assert!(
        refused.to_string().contains("does not say of the mock"),
        "{refused}"
    );

    let honest = unpacked(&unsigned(&files(&record())));
    let clean = unpacked(&unsigned(&files(&real_record())));
    for name in ["README.txt", "subject.json"] {
        let mut forged = honest.clone();
        let of = |files: &[(String, Vec<u8>)]| files.iter().position(|(n, _)| n == name).unwrap();
        let at = of(&forged);
        forged[at].1 = clean[of(&clean)].1.clone();
        relist(&mut forged);
        let problems = broken(&packed(&forged), Standing::Contradicts);
        assert!(
            problems[0].starts_with(&format!("{name}: contradicts")),
            "{problems:?}"
        );
    }
}

/// Makes the manifest of an unsigned bundle again.
pub fn relist(files: &mut [(String, Vec<u8>)]) {
    use sha2::{Digest, Sha256};
    let mut lines = Vec::new();
    let (manifest, listed) = files.split_last_mut().unwrap();
    for (name, data) in listed {
        let hash: String = Sha256::digest(&data)
            .iter()
            .fold(String::new(), |mut out, byte| {
                let _ = write!(out, "{byte:02x}");
                out
            });
        lines.push(format!(
            "{{\"bytes\":{},\"name\":\"{name}\",\"sha256\":\"{hash}\"}}",
            data.len()
        ));
    }
    manifest.1 = format!(
        "{{\"attestation\":null,\"files\":[{}],\"format\":1,\"kind\":\"plumbline-bundle-manifest\"}}",
        lines.join(",")
    )
    .into_bytes();
}

#[test]
fn nobody_vouches_for_an_unsigned_bundle_and_it_says_so() {
    let bytes = unsigned(&files(&real_record()));
    let found = verify(&bytes, &[]);
    assert_eq!(found.standing, Standing::Unsigned);
    assert!(found.headline("")[0].starts_with("Not signed:"));
    assert!(readme(&bytes).contains("Not signed: the files fit together"));
    assert!(!readme(&bytes).contains("openssl pkeyutl"));
}

#[test]
fn what_was_tested_and_what_was_not_is_said() {
    let mut run = real_record();
    run.subject.kind = SubjectKind::Deployment;
    run.subject.ods_code = Some("ZZ001".to_owned());
    run.subject.site = Some("Northbank Hospital".to_owned());
    run.subject.build = "b7".to_owned();
    run.resumed = 2;
    run.rejudged = Some(Rejudged {
        run_id: "the-first".to_owned(),
        plumbline: "0.0.9".to_owned(),
        pack: "uk-core-access".into(),
        pack_version: "0.0.8".to_owned(),
        pack_fingerprint: "ff".repeat(32),
    });
    run.completion = Completion::Incomplete {
        why: "it was stopped\u{1b}[2J by hand".to_owned(),
    };
    run.certificates
        .insert("default".to_owned(), "ab".repeat(32));
    let said = said(&signed(&files(&run)));
    for wanted in [
        SENTENCE,
        "Your record system 1.0, build b7, of Your company: as it runs at Northbank Hospital (ZZ001)",
        "Where: sandbox",
        "Edition: draft 0.1.0 of UK Core Access | This is not an edition in force.",
        "Completed: no: it was stopped\u{fffd}[2J by hand",
        "killed and gone on: 2 times | judged again: the evidence is that of run the-first",
        "Selection: only @id:uka-pat-name or @id:uka-alg-patient;",
        "2 of 3 tested required rules pass, 0 fail, 1 are undecided; 10 required rules in scope are not tested, 3 are out of scope | Profiles were not checked.",
        "Certificate: default: SHA-256 abab",
        "Signer: Riverside Systems (invented), as the signer wrote it",
    ] {
        assert!(said.contains(wanted), "no `{wanted}` in:\n{said}");
    }
}

#[test]
fn what_the_folder_lacks_is_left_out_and_said() {
    let mut run = files(&real_record());
    run.remove("exchanges.ndjson");
    run.remove("reports/report.html");
    let name = SignerName::new("x").unwrap();
    let key = key();
    let why = "the pack was not at hand".to_owned();
    let signing = Signing::By {
        key: &key,
        name: &name,
    };
    let bytes = assemble(&run, Compared::Not { why }, signing).unwrap();
    let said = said(&bytes);
    assert!(said.contains(
        "Left out: exchanges.ndjson was not in the folder of the run | reports/report.html was not"
    ));
    assert!(
        said.contains(
            "Reports: not compared with the record when the bundle was made: the pack was"
        )
    );
    for needed in ["record.json", "reports/report.json"] {
        let mut run = run.clone();
        run.remove(needed);
        let refused = assemble(&run, Compared::Same, Signing::Nobody).unwrap_err();
        assert_eq!(refused.to_string(), format!("{needed} is not there"));
    }
}

#[test]
fn a_record_of_the_oldest_format_is_taken_and_one_of_a_later_format_is_not() {
    let old: RunRecord =
        serde_json::from_str(include_str!("../../../model/tests/fixtures/record-1.json")).unwrap();
    assert_eq!(old.format, 1);
    let bytes = signed(&files(&old));
    assert_eq!(plumbline_bundle::open(&bytes).unwrap().record, old);
    let mut later = record();
    later.format = 99;
    let refused = assemble(&files(&later), Compared::Same, Signing::Nobody).unwrap_err();
    let reads = format!("record format 99; this version reads 1 to {RECORD_FORMAT}");
    assert!(refused.to_string().contains(&reads), "{refused}");
    // One that a later Plumbline made is not said to be altered.
    let mut forged = unpacked(&unsigned(&files(&record())));
    let at = forged
        .iter()
        .position(|(name, _)| name == "record.json")
        .unwrap();
    forged[at].1 = files(&later)["record.json"].clone();
    relist(&mut forged);
    let refused = plumbline_bundle::verify(&packed(&forged), &[]).unwrap_err();
    assert_eq!(refused, NotABundle::Record(99));
    assert!(matches!(
        plumbline_bundle::open(&packed(&forged)),
        Err(OpenError::NotABundle(_))
    ));
}

#[test]
fn exchanges_that_are_not_those_of_the_record_are_refused() {
    let mut run: RunFiles = files(&record());
    let lines = String::from_utf8(run["exchanges.ndjson"].clone()).unwrap();
    let mut second = lines.lines().map(str::to_owned).collect::<Vec<_>>();
    second[1] = second[1].replacen("200", "201", 1);
    for (changed, at) in [
        (second.join("\n"), 2),
        (lines.lines().skip(1).collect::<Vec<_>>().join("\n"), 1),
        (format!("{lines}{{}}\n"), second.len() + 1),
    ] {
        run.insert("exchanges.ndjson", changed.into_bytes());
        let refused = assemble(&run, Compared::Same, Signing::Nobody).unwrap_err();
        assert!(
            matches!(refused, AssembleError::Exchanges(found) if found == at),
            "{refused}"
        );
    }
}

#[test]
fn the_same_run_gives_the_same_bytes_and_opens_to_what_went_in() {
    let run = files(&record());
    let bytes = signed(&run);
    assert_eq!(bytes, signed(&run));
    let opened = plumbline_bundle::open(&bytes).unwrap();
    for (name, data) in &run {
        assert_eq!(opened.files[name], data.as_slice(), "{name}");
    }
    assert_eq!(opened.record, record());
    let ends = opened.files.keys().copied().collect::<Vec<_>>();
    assert_eq!(ends.len(), 11, "{ends:?}");
}

/// A bundle of the first format, of one scenario and two exchanges, signed with the key of these tests.
/// Where this fails, what is in it must be read as it was then, and new bundles need a new format.
#[test]
fn the_first_bundle_still_verifies() {
    let bytes = include_bytes!("../fixtures/bundle-1.zip");
    let found = verify(bytes, &[key().public()]);
    assert_eq!(
        found.standing,
        Standing::KnownSigner,
        "{:?}",
        found.problems
    );
    assert!(said(bytes).starts_with(MOCK));
}
