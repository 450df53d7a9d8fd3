//! Whatever is changed in a bundle is found, and the place is named.

use crate::said::relist;
use crate::support::{
    archive, broken, files, key, packed, real_record, record, signed, unpacked, unsigned, verify,
};
use plumbline_bundle::{NotABundle, Part, Standing};

/// Numbers from a seed, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// One edit anywhere: a flip, an insertion, a deletion or a swap. What it was, and the result.
fn edited(bytes: &[u8], random: &mut Random) -> (String, Vec<u8>) {
    let mut out = bytes.to_vec();
    let at = random.below(bytes.len());
    match random.below(4) {
        0 => {
            let bit = random.below(8);
            out[at] ^= 1 << bit;
            (format!("bit {bit} of byte {at}"), out)
        }
        1 => {
            let byte = u8::try_from(random.below(256)).unwrap();
            out.insert(at, byte);
            (format!("{byte} inserted at {at}"), out)
        }
        2 => {
            out.remove(at);
            (format!("byte {at} deleted"), out)
        }
        _ => {
            let other = random.below(bytes.len());
            out.swap(at, other);
            (format!("bytes {at} and {other} swapped"), out)
        }
    }
}

#[test]
fn five_hundred_random_edits_are_all_found_and_their_place_is_named() {
    for bytes in [signed(&files(&record())), unsigned(&files(&real_record()))] {
        let names: Vec<String> = unpacked(&bytes).into_iter().map(|(name, _)| name).collect();
        let mut random = Random(20_261_122);
        let mut done = 0;
        let mut by_file = 0;
        while done < 500 {
            let (what, edited) = edited(&bytes, &mut random);
            if edited == bytes {
                continue;
            }
            done += 1;
            let found = plumbline_bundle::verify(&edited, &[key().public()]);
            let (found, opened) = found.unwrap_or_else(|e| panic!("{what}: {e}"));
            assert_eq!(found.standing, Standing::Altered, "{what}");
            assert!(opened.is_none(), "{what}");
            // A name may itself be what was changed; then the container is named as well.
            let files = found.problems.iter().filter(|problem| match &problem.part {
                Part::Container => false,
                Part::File(name) => names.contains(name),
            });
            let known = files.count();
            by_file += known;
            let container = found.problems.iter().any(|p| p.part == Part::Container);
            assert!(known > 0 || container, "{what}: {:?}", found.problems);
        }
        assert!(by_file > 200, "most edits are within files: {by_file}");
    }
}

#[test]
fn a_bundle_cut_off_at_every_fiftieth_is_found() {
    let bytes = signed(&files(&record()));
    for n in 1..50 {
        let problems = broken(&bytes[..bytes.len() * n / 50], Standing::Altered);
        assert!(
            problems.iter().any(|p| p.contains("cut off")),
            "{n}: {problems:?}"
        );
    }
}

#[test]
fn somebody_who_mends_the_archive_is_still_found() {
    let bytes = signed(&files(&record()));
    let whole = unpacked(&bytes);
    assert_eq!(packed(&whole), bytes, "the test packs as Plumbline does");
    for at in 0..whole.len() {
        let name = whole[at].0.clone();
        let mut altered = whole.clone();
        altered[at].1.push(b' ');
        let problems = broken(&packed(&altered), Standing::Altered);
        assert!(
            problems.iter().any(|p| p.starts_with(&name)),
            "{name}: {problems:?}"
        );
        let mut missing = whole.clone();
        missing.remove(at);
        let problems = broken(&packed(&missing), Standing::Altered);
        assert!(
            problems.iter().any(|p| p.starts_with(&name)),
            "{name}: {problems:?}"
        );
    }
    let mut added = whole.clone();
    added.insert(3, ("reports/extra.html".to_owned(), b"x".to_vec()));
    let problems = broken(&packed(&added), Standing::Altered);
    assert!(
        problems[0].starts_with("reports/extra.html: added"),
        "{problems:?}"
    );
    let mut swapped = whole;
    swapped.swap(2, 3);
    let problems = broken(&packed(&swapped), Standing::Altered);
    assert!(problems[0].starts_with("the container: altered; its files are not in the order"));
}

#[test]
fn a_manifest_that_was_made_again_does_not_fit_the_signature() {
    let (run, other) = (files(&record()), files(&real_record()));
    let mut forged = unpacked(&signed(&run));
    let another = unpacked(&unsigned(&other));
    let of = |files: &[(String, Vec<u8>)], name: &str| {
        files.iter().find(|(n, _)| n == name).unwrap().1.clone()
    };
    let attestation = of(&forged, "attestation.dsse.json");
    // Everything of another run, with its manifest, under the signature of this one.
    let listed = String::from_utf8(of(&another, "manifest.json")).unwrap();
    let listed = listed.replace(
        "\"attestation\":null",
        "\"attestation\":\"attestation.dsse.json\"",
    );
    forged = another;
    forged.last_mut().unwrap().1 = listed.into_bytes();
    forged.push(("attestation.dsse.json".to_owned(), attestation));
    let problems = broken(&packed(&forged), Standing::Altered);
    assert!(
        problems[0].starts_with("public-key.pem: missing"),
        "{problems:?}"
    );
}

#[test]
fn a_signature_that_was_taken_away_is_missed() {
    let mut files = unpacked(&signed(&files(&record())));
    files.pop();
    let problems = broken(&packed(&files), Standing::Altered);
    assert!(
        problems[0].starts_with("attestation.dsse.json: missing"),
        "{problems:?}"
    );
}

#[test]
fn what_is_no_bundle_is_told_apart_from_an_altered_one() {
    for bytes in [
        b"".as_slice(),
        b"PK\x03\x04",
        b"{}",
        &archive(&[("word/document.xml", b"x")])[..40],
    ] {
        assert_eq!(
            plumbline_bundle::verify(bytes, &[]).unwrap_err(),
            NotABundle::Stranger
        );
    }
    let later = archive(&[
        ("README.txt", b"Plumbline evidence bundle"),
        ("manifest.json", b"{\"format\":2,\"new\":[]}"),
    ]);
    assert_eq!(
        plumbline_bundle::verify(&later, &[]).unwrap_err(),
        NotABundle::Newer(2)
    );
}

#[test]
fn a_bundle_that_was_packed_again_by_another_program_is_said_to_be() {
    // The same files, compressed: the flag for that is in the head of the first file.
    let mut bytes = signed(&files(&record()));
    bytes[8] = 8;
    let problems = broken(&bytes, Standing::Altered);
    assert!(
        problems[0].contains("the head of README.txt"),
        "{problems:?}"
    );
}

#[test]
fn sizes_that_cannot_be_are_refused_without_reading_them() {
    let bytes = signed(&files(&record()));
    for at in [18, 22, 26, 28] {
        let mut huge = bytes.clone();
        huge[at] = 0xff;
        huge[at + 1] = 0xff;
        assert_eq!(verify(&huge, &[]).standing, Standing::Altered, "{at}");
    }
}

#[test]
fn nothing_that_a_file_may_hold_ends_in_a_panic() {
    let whole = unpacked(&unsigned(&files(&record())));
    let mut random = Random(7);
    let mut broken = 0;
    for round in 0..400 {
        let mut hostile = whole.clone();
        let at = round % (hostile.len() - 1);
        let data = &mut hostile[at].1;
        for _ in 0..=random.below(3) {
            let (_, changed) = edited(data, &mut random);
            *data = changed;
        }
        match round % 40 {
            0 => data.clear(),
            1 => *data = b"[".repeat(100_000),
            2 => *data = br#"{"format":2}"#.to_vec(),
            3 => data.truncate(data.len() / 2),
            _ => {}
        }
        relist(&mut hostile);
        let bytes = packed(&hostile);
        let Ok((found, opened)) = plumbline_bundle::verify(&bytes, &[]) else {
            broken += 1;
            continue;
        };
        let sound = found.standing == Standing::Unsigned;
        assert_eq!(sound, opened.is_some());
        broken += usize::from(!sound);
    }
    assert!(broken > 100, "{broken} of 400");
}
