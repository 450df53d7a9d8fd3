//! Runs made by hand, and bundles of them.

use plumbline_bundle::{
    Compared, PrivateKey, PublicKey, RunFiles, SignerName, Signing, Standing, Verification,
    assemble,
};
use plumbline_model::RunRecord;
use serde_json::{Value, json};

/// A run of the first pack against a mock, as a record of today.
const RECORD: &str = include_str!("../../../model/tests/fixtures/record-2.json");

/// The sentence of the report of that run.
pub const SENTENCE: &str = "Your record system 1.0 was tested. This was a mock system.";

/// The record.
pub fn record() -> RunRecord {
    serde_json::from_str(RECORD).unwrap()
}

/// The same run, against no mock: neither the record nor an answer speaks of one.
pub fn real_record() -> RunRecord {
    let text = RECORD
        .replace("\"environment\": \"mock\"", "\"environment\": \"sandbox\"")
        .replace("\"mock\": \"riverside-epr\"", "\"mock\": null")
        .replace("x-plumbline-mock", "x-answered-by");
    let record: RunRecord = serde_json::from_str(&text).unwrap();
    assert_eq!(record.mock_name(), None);
    record
}

/// What a report says of a record.
pub fn report(record: &RunRecord) -> Value {
    json!({
        "kind": "plumbline-report",
        "mock": record.mock_name().map(|name| json!({"name": name, "statement": "x"})),
        "run": {"id": record.run_id},
        "scorecard": {
            "status": "conformant",
            "sentence": SENTENCE,
            "required": {"pass": 2, "fail": 0, "undecided": 1},
            "required_not_tested": 10,
            "required_out_of_scope": 3,
            "not_checked": ["Profiles were not checked."],
        }
    })
}

/// The files of the folder of a run.
pub fn files(record: &RunRecord) -> RunFiles {
    let mut lines = String::new();
    for exchange in &record.exchanges {
        lines.push_str(&serde_json::to_string(exchange).unwrap());
        lines.push('\n');
    }
    RunFiles::from([
        ("record.json", serde_json::to_vec_pretty(record).unwrap()),
        ("exchanges.ndjson", lines.into_bytes()),
        (
            "reports/report.html",
            b"<!DOCTYPE html><p>A report".to_vec(),
        ),
        (
            "reports/report.json",
            serde_json::to_vec(&report(record)).unwrap(),
        ),
        ("reports/report.junit.xml", b"<testsuites/>".to_vec()),
        ("reports/verdicts.ndjson", b"{}\n".to_vec()),
    ])
}

/// The key that signs in these tests.
pub fn key() -> PrivateKey {
    PrivateKey::from_seed([7; 32])
}

/// A signed bundle of files.
pub fn signed(files: &RunFiles) -> Vec<u8> {
    let name = SignerName::new("Riverside Systems (invented)").unwrap();
    let key = key();
    let signing = Signing::By {
        key: &key,
        name: &name,
    };
    assemble(files, Compared::Same, signing).unwrap()
}

/// A bundle that nobody signed.
pub fn unsigned(files: &RunFiles) -> Vec<u8> {
    assemble(files, Compared::Same, Signing::Nobody).unwrap()
}

/// What verification says, with these keys.
pub fn verify(bytes: &[u8], keys: &[PublicKey]) -> Verification {
    plumbline_bundle::verify(bytes, keys).unwrap().0
}

/// Asserts that a bundle is broken in a way, and gives what is wrong, as text.
pub fn broken(bytes: &[u8], standing: Standing) -> Vec<String> {
    let found = verify(bytes, &[]);
    assert_eq!(found.standing, standing, "{:?}", found.problems);
    assert!(!found.problems.is_empty());
    assert_eq!(found.facts, None, "nothing is told of a broken bundle");
    assert!(plumbline_bundle::open(bytes).is_err());
    found.problems.iter().map(ToString::to_string).collect()
}

/// A ZIP as Plumbline writes one, of any files: what somebody who knows the format could make.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, data) in files {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let size = u32::try_from(data.len()).unwrap().to_le_bytes();
        let mut head = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        head.extend(crc.sum().to_le_bytes());
        head.extend(size);
        head.extend(size);
        head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x1e\x03");
        directory.extend(&head);
        directory.extend([0, 0, 0, 0, 0, 0, 0, 0, 0xa4, 0x81]);
        directory.extend(u32::try_from(out.len()).unwrap().to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(*data);
    }
    let start = u32::try_from(out.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size);
    out.extend(start);
    out.extend([25, 0]);
    out.extend(b"Plumbline evidence bundle");
    out
}

/// The files of a bundle, to be changed and packed again.
pub fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let opened = plumbline_bundle::open(bytes).unwrap();
    // Not the order of the names: that of the archive.
    let mut files: Vec<(usize, String, Vec<u8>)> = opened
        .files
        .iter()
        .map(|(name, data)| {
            let place = data.as_ptr() as usize;
            (place, (*name).to_owned(), data.to_vec())
        })
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|(_, name, data)| (name, data))
        .collect()
}

/// The same, packed.
pub fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, d)| (n.as_str(), d.as_slice()))
        .collect();
    archive(&files)
}
