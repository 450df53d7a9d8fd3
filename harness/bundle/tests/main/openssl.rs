//! openssl and sha256sum come to the same result, by the recipes that README and guide show.

use crate::support::{files, key, record, signed, unpacked};
use plumbline_bundle::{HASH_RECIPE, SIGNATURE_RECIPE};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const GUIDE: &str = include_str!("../../../docs/hand-over-evidence.md");

/// Runs a recipe; `None` where a program that it needs is missing.
fn sh(folder: &Path, script: &str) -> Option<Output> {
    for program in [
        "openssl version",
        "sha256sum --version",
        "sed --version",
        "base64 --version",
    ] {
        let found = Command::new("sh").args(["-c", program]).output();
        if !found.is_ok_and(|output| output.status.success()) {
            return None;
        }
    }
    let run = Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(folder)
        .output();
    Some(run.unwrap())
}

fn unpack(folder: &Path, bytes: &[u8]) {
    for (name, data) in unpacked(bytes) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, data).unwrap();
    }
}

#[test]
fn the_recipes_verify_a_bundle_and_notice_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    unpack(folder, &signed(&files(&record())));
    let Some(hashes) = sh(folder, HASH_RECIPE) else {
        eprintln!("SKIPPED: openssl, sha256sum, sed or base64 is missing, so no recipe was tried");
        return;
    };
    let text = String::from_utf8(hashes.stdout).unwrap();
    assert!(hashes.status.success(), "{text}");
    assert_eq!(text.matches(": OK").count(), 9, "{text}");
    let signature = sh(folder, SIGNATURE_RECIPE).unwrap();
    let text = String::from_utf8(signature.stdout).unwrap();
    assert!(signature.status.success(), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Signature Verified Successfully");
    assert_eq!(lines[1], "1");
    assert!(
        lines[2].starts_with(&key().public().fingerprint()),
        "{text}"
    );

    let record = folder.join("record.json");
    let changed = fs::read_to_string(&record)
        .unwrap()
        .replace("riverside-epr", "riverside-EPR");
    fs::write(&record, changed).unwrap();
    let hashes = sh(folder, HASH_RECIPE).unwrap();
    assert!(!hashes.status.success());
    let attestation = folder.join("attestation.dsse.json");
    let changed = fs::read_to_string(&attestation).unwrap().replacen(
        "\"payload\":\"ey",
        "\"payload\":\"fy",
        1,
    );
    fs::write(&attestation, changed).unwrap();
    let signature = sh(folder, SIGNATURE_RECIPE).unwrap();
    assert!(!signature.status.success());
}

#[test]
fn openssl_reads_our_key_and_we_read_that_of_openssl() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("ours.pem"), key().to_pem().unwrap()).unwrap();
    let script = "openssl pkey -in ours.pem -pubout -out public.pem; \
                  openssl genpkey -algorithm ed25519 -out theirs.pem; \
                  openssl genpkey -algorithm ed448 -out other.pem";
    let Some(output) = sh(folder, script) else {
        return;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let public = fs::read_to_string(folder.join("public.pem")).unwrap();
    assert_eq!(public, key().public().to_pem().unwrap());
    let theirs = fs::read_to_string(folder.join("theirs.pem")).unwrap();
    assert!(plumbline_bundle::PrivateKey::from_pem(&theirs).is_ok());
    let other = fs::read_to_string(folder.join("other.pem")).unwrap();
    assert!(plumbline_bundle::PrivateKey::from_pem(&other).is_err());
}

#[test]
fn the_guide_shows_the_recipes_that_are_tested() {
    for recipe in [HASH_RECIPE, SIGNATURE_RECIPE] {
        assert!(GUIDE.contains(recipe), "{recipe}");
    }
}
