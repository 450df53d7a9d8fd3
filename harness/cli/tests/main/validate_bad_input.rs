//! `plumbline validate` on files that are broken, huge or no files: a clear result, within bounds of memory and time.
//! Not for what is wrong in well-formed FHIR.

use crate::support::{Ran, command, ran, temp};
use crate::validate::{GOOD, validate};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Far more than is needed on a busy machine, far less than forever.
const PATIENCE: Duration = Duration::from_mins(4);

#[test]
fn broken_text_is_invalid_and_says_why() {
    let folder = temp();
    let utf16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(GOOD.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16_xml: Vec<u8> =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Patient xmlns=\"http://hl7.org/fhir\"/>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
    let cases: [(&str, &[u8], &str); 16] = [
        ("empty", b"", "there is no value"),
        ("blank", b" \r\n\t ", "there is no value"),
        ("bom-only", b"\xef\xbb\xbf", "there is no value"),
        (
            "truncated",
            &GOOD.as_bytes()[..30],
            "the text ends too early",
        ),
        (
            "truncated-xml",
            b"<Patient xmlns=\"http://hl7.org/fhir\"><active val",
            "never closed",
        ),
        (
            "two-values",
            b"{\"resourceType\":\"Patient\"}{}",
            "something follows the value",
        ),
        (
            "comma",
            b"{\"resourceType\":\"Patient\",}",
            "a character that JSON does not allow here",
        ),
        (
            "latin-1",
            b"{\"resourceType\":\"Patient\",\"id\":\"Zo\xeb\"}",
            "bytes that are not UTF-8",
        ),
        ("utf-16", &utf16, "UTF-16"),
        ("utf-16-xml", &utf16_xml, "UTF-16"),
        ("nul", b"{\"resourceType\":\"Patient\"\0}", "NUL"),
        ("zeros", &[0; 5000], "NUL"),
        ("zip", b"PK\x03\x04\x14\0\0\0\x08\0", "ZIP archive"),
        ("gzip", b"\x1f\x8b\x08\0\0\0", "gzip"),
        (
            "html",
            b"<!DOCTYPE html><html><body>Sign in</body></html>",
            "document type",
        ),
        (
            "bomb",
            b"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Patient>&b;</Patient>",
            "document type",
        ),
    ];
    for (name, bytes, reason) in cases {
        let file = format!("{name}.json");
        fs::write(folder.path().join(&file), bytes).unwrap();
        let result = validate(folder.path(), &[&file]).code(1);
        let result = result
            .prints("FILE-SYNTAX")
            .prints(reason)
            .prints("    fix:      ");
        let place = format!("  {file}:");
        assert!(
            result.stdout.contains(&place) && result.stderr.is_empty(),
            "{name}"
        );
    }
    for (name, text) in [
        ("number", "1"),
        ("list", "[]"),
        ("null", "null"),
        ("text", "\"a\""),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        validate(folder.path(), &[name]).code(1).prints("FHIR-");
    }
}

#[test]
fn what_is_too_deep_is_not_called_invalid() {
    let folder = temp();
    let open = r#"{"url":"u","extension":["#.repeat(5_000);
    let json = format!(
        r#"{{"resourceType":"Patient","extension":[{open}{}]}}"#,
        "]}".repeat(5_000)
    );
    let xml = format!(
        r#"<Patient xmlns="http://hl7.org/fhir">{}{}</Patient>"#,
        "<extension url=\"u\">".repeat(5_000),
        "</extension>".repeat(5_000)
    );
    let brackets = "[".repeat(1_000_000);
    for (name, text) in [("a.json", &json), ("a.xml", &xml), ("b.json", &brackets)] {
        fs::write(folder.path().join(name), text).unwrap();
        validate(folder.path(), &[name])
            .code(2)
            .prints("not checked")
            .prints("FILE-LIMIT")
            .prints("200 levels");
    }
}

#[test]
fn what_is_no_ordinary_file_is_never_opened() {
    let folder = temp();
    let pipe = folder.path().join("pipe.json");
    let made = Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    // Alone, and among the files of a folder.
    let begun = Instant::now();
    for name in ["pipe.json", "."] {
        validate(folder.path(), &[name])
            .code(2)
            .prints("no ordinary file");
    }
    for device in ["/dev/zero", "/dev/stdin"] {
        if Path::new(device).exists() {
            validate(folder.path(), &[device])
                .code(2)
                .prints("no ordinary file");
        }
    }
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn names_cannot_speak_to_the_terminal() {
    let folder = temp();
    let text = "{\"resourceType\":\"Patient\",\"a\\u001b[2J\\u202e\":1,\"meta\":{\"profile\":[\"http://x/\\u001b]0;x\\u0007\"]}}";
    let name = "a\u{1b}[31m.json";
    fs::write(folder.path().join(name), text).unwrap();
    for format in ["text", "html", "json", "operation-outcome"] {
        let shown = validate(folder.path(), &[name, "--format", format])
            .code(1)
            .stdout;
        let is_bad = |c: char| c == '\u{202e}' || c.is_control() && c != '\n';
        assert!(!shown.contains(is_bad), "{shown:?}");
    }
}

/// The command, on Linux with at most so much address space, so that what is not bounded fails.
fn within(megabytes: u32, folder: &Path, file: &str) -> Ran {
    let begun = Instant::now();
    let result = if cfg!(target_os = "linux") {
        let own = command(folder);
        let limit = format!(
            "ulimit -v {}; exec \"$0\" validate \"$1\"",
            megabytes * 1024
        );
        let mut limited = Command::new("sh");
        limited
            .current_dir(folder)
            .args(["-c", &limit])
            .arg(own.get_program())
            .arg(file);
        ran(limited)
    } else {
        validate(folder, &[file])
    };
    assert!(begun.elapsed() < PATIENCE, "{file}: {:?}", begun.elapsed());
    result
}

fn patient(members: &str) -> String {
    format!(r#"{{"resourceType":"Patient",{members}}}"#)
}

#[test]
fn a_bundle_of_50_megabytes_is_checked() {
    let folder = temp();
    let mut bundle = String::from(r#"{"resourceType":"Bundle","type":"collection","entry":["#);
    let mut at = 0;
    while bundle.len() < 50_000_000 {
        if at > 0 {
            bundle.push(',');
        }
        // Writing to a string cannot fail.
        let _ = write!(
            bundle,
            r#"{{"fullUrl":"urn:uuid:0{at:07}-0000-4000-8000-000000000000","resource":{{"resourceType":"Patient","id":"p{at}","active":true,"name":[{{"family":"Example","given":["Anna"]}}],"gender":"female","birthDate":"1970-01-01"}}}}"#
        );
        at += 1;
    }
    bundle.push_str("]}");
    fs::write(folder.path().join("bundle.json"), bundle).unwrap();
    within(600, folder.path(), "bundle.json")
        .code(0)
        .prints("bundle.json: no errors (Bundle)");
}

#[test]
fn a_million_of_anything_is_bounded() {
    let folder = temp();
    let keys: Vec<String> = (0..400_000).map(|at| format!("\"k{at}\":1")).collect();
    let contained = r#"{"resourceType":"Basic","id":"b","code":{"text":"x"}}"#;
    let cases = [
        (
            "names",
            patient(&format!(
                r#""name":[{}]"#,
                vec![r#"{"family":"x"}"#; 1_000_000].join(",")
            )),
            0,
        ),
        (
            "numbers",
            patient(&format!(r#""name":[{}]"#, vec!["1"; 1_000_000].join(","))),
            1,
        ),
        ("keys", patient(&keys.join(",")), 1),
        (
            "same-keys",
            patient(&vec![r#""active":true"#; 400_000].join(",")),
            1,
        ),
        (
            "contained",
            patient(&format!(
                r#""contained":[{}]"#,
                vec![contained; 100_000].join(",")
            )),
            1,
        ),
        (
            "long-name",
            patient(&format!(r#""{}":1"#, "x".repeat(10_000_000))),
            1,
        ),
        (
            "long-type",
            format!(r#"{{"resourceType":"{}"}}"#, "x".repeat(10_000_000)),
            1,
        ),
        (
            "elements",
            format!(
                r#"<Patient xmlns="http://hl7.org/fhir">{}</Patient>"#,
                "<a/><b/>".repeat(250_000)
            ),
            1,
        ),
    ];
    for (name, text, code) in cases {
        fs::write(folder.path().join(name), text).unwrap();
        let shown = within(600, folder.path(), name).code(code).stdout;
        assert!(
            shown.len() < 200_000,
            "{name}: {} bytes of output",
            shown.len()
        );
        if name == "numbers" {
            assert!(shown.contains("numbers: 1000000 errors (Patient)"));
            assert!(shown.contains("more of the same file, which are counted but not listed"));
        }
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    let folder = temp();
    let file = fs::File::create(folder.path().join("huge.json")).unwrap();
    file.set_len((64 << 20) + 1).unwrap();
    within(200, folder.path(), "huge.json")
        .code(2)
        .prints("larger than the 64 MiB")
        .says("could not be checked");
    let values = format!("[{}]", vec!["1"; 4_100_000].join(","));
    fs::write(folder.path().join("values.json"), values).unwrap();
    within(900, folder.path(), "values.json")
        .code(2)
        .prints("FILE-LIMIT")
        .prints("more than the 4000000 values");
}
