//! README.txt of a bundle: what it is, and how to check it with and without Plumbline.
//! Not for anything that is said nowhere else: every fact in it comes from subject.json.

use crate::assemble::Signing;
use crate::facts::Facts;
use crate::words;
use std::fmt::Write;

/// How the hashes are compared without Plumbline.
pub const HASH_RECIPE: &str = r#"sed 's/},{/}\n{/g' manifest.json |
  sed -n 's/.*"name":"\([^"]*\)","sha256":"\([0-9a-f]*\)".*/\2  \1/p' | sha256sum -c
"#;

/// How the signature is verified without Plumbline.
pub const SIGNATURE_RECIPE: &str = r#"sed 's/.*"payload":"\([^"]*\)".*/\1/' attestation.dsse.json | base64 -d > statement.json
sed 's/.*"sig":"\([^"]*\)".*/\1/' attestation.dsse.json | base64 -d > signature.bin
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < statement.json)"
  cat statement.json; } > signed.bin
openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in signed.bin -sigfile signature.bin
grep -c "$(sha256sum manifest.json | cut -c 1-64)" statement.json
openssl pkey -pubin -in public-key.pem -outform DER | sha256sum
"#;

/// The text of README.txt.
pub(crate) fn text(facts: &Facts, signing: Signing<'_>) -> String {
    let mut out = String::from("Plumbline evidence bundle\n=========================\n\n");
    if let Some(mock) = words::mock(facts) {
        put(&mut out, &mock);
    }
    put(&mut out, &words::seen(&facts.result.sentence));
    match signing {
        Signing::By { key, name } => {
            let fingerprint = key.public().fingerprint();
            let values = [
                ("signer", name.as_str()),
                ("fingerprint", fingerprint.as_str()),
            ];
            put(&mut out, &words::fill(words::README_SIGNED, &values));
        }
        Signing::Nobody => put(&mut out, words::UNSIGNED),
    }
    for line in words::lines(facts) {
        // The result stands above.
        if line.label == words::RESULT {
            continue;
        }
        for (n, value) in line.values.iter().enumerate() {
            let label = if n == 0 { line.label } else { "" };
            wrapped(&mut out, &format!("{label:<16}"), value, 16);
        }
    }
    out.push('\n');
    put(&mut out, words::LIMITS);
    out.push_str(FILES);
    out.push_str(WITH);
    for (title, recipe) in [
        (
            "Without Plumbline: unpack the bundle, go into its folder, and compare the hashes:",
            HASH_RECIPE,
        ),
        (
            "Then the signature. `openssl pkeyutl` says \"Signature Verified Successfully\", `grep` prints 1,\nand the last line is the fingerprint of the key:",
            SIGNATURE_RECIPE,
        ),
    ] {
        if matches!(signing, Signing::Nobody) && recipe == SIGNATURE_RECIPE {
            continue;
        }
        let _ = writeln!(out, "{title}\n");
        for line in recipe.lines() {
            let _ = writeln!(out, "    {line}");
        }
        out.push('\n');
    }
    out.push_str(NOT_A_CERTIFICATE);
    out
}

fn put(out: &mut String, paragraph: &str) {
    wrapped(out, "", paragraph, 0);
    out.push('\n');
}

/// Breaks a text between words; every line but the first begins with `indent` spaces.
fn wrapped(out: &mut String, label: &str, text: &str, indent: usize) {
    let mut line = label.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = " ".repeat(indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    let _ = writeln!(out, "{line}");
}

/// How long a line is at most, where words allow.
const WIDTH: usize = 80;

const FILES: &str = "\
The files
---------

subject.json           what was tested, when, and with what result, as facts
record.json            the record of the run: every scenario, step, finding and exchange
exchanges.ndjson       the exchanges alone, one a line, as redacted when they were stored
reports/report.html    the report to read
reports/report.json    the scorecard for programs
reports/report.junit.xml, reports/verdicts.ndjson   other forms of the result
public-key.pem         the key of the signature, if the bundle is signed
manifest.json          size and SHA-256 of every file above (canonical JSON, RFC 8785)
attestation.dsse.json  the signature: an in-toto statement about manifest.json, in a DSSE
                       envelope, signed with Ed25519; only if the bundle is signed

";

const WITH: &str = "\
How to check it
---------------

With Plumbline, and without a network (public.pem is the key that the signer gave you some
other way than with this bundle):

    plumbline verify bundle.zip --key public.pem

In a browser, without installing anything: open the page that this writes, and choose the bundle:

    plumbline verify --page verifier.html

";

const NOT_A_CERTIFICATE: &str =
    "Plumbline is an automated pre-check. What it gives is evidence, not a certificate.\n";
