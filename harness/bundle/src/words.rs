//! What is said about a bundle, in one place: the command, the page and the README say the same.
//! Not for findings of a run: their words are in the record.

use crate::facts::Facts;
use crate::layout::{Compared, Tier};
use crate::manifest::Listed;
use crate::verify::SignerSeen;
use plumbline_model::{Capability, Completion, EditionStatus, Software, Subject, SubjectKind};
use std::collections::BTreeMap;

macro_rules! templates {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*

        /// Every template by its name, for the page that says the same.
        pub(crate) fn all() -> BTreeMap<&'static str, &'static str> {
            BTreeMap::from([$((stringify!($name), $text),)*])
        }
    };
}

templates! {
    /// The first line wherever the run was against a mock.
    MOCK = "MOCK SYSTEM ({name}): this result says nothing about a real product.";
    /// Signed with a key that the reader gave.
    KNOWN = "Unaltered since signed by {signer} with the key in {key}.";
    /// Signed with a key that the reader did not give.
    UNKNOWN = "Unaltered since signed by the key with fingerprint {fingerprint}, which you must compare with what the supplier told you. Only then do you know that the signer is {signer}, as the bundle says.";
    /// Nobody signed.
    UNSIGNED = "Not signed: the files fit together, but nobody vouches for them, and anybody could have written them.";
    /// Nobody signed, and a key was given.
    UNSIGNED_ASKED = "Not signed, although you gave the key of a signer: nobody vouches for it.";
    /// Signed, and not with a key that was given.
    WRONG_KEY = "Not signed by the key that you gave: it was signed by the key with fingerprint {fingerprint}. Do not take it for the work of the owner of your key, whatever name it gives.";
    /// Something is not as it was.
    ALTERED = "Altered: do not rely on anything in this bundle.";
    /// Everything is as it was signed, and cannot be true.
    CONTRADICTS = "Its files contradict one another: do not rely on anything in this bundle, whoever signed it.";
    /// What to do about it.
    ASK = "Ask whoever gave you the bundle for the original file.";
    /// Only on the page: the browser cannot verify.
    NOT_CHECKED = "The signature was not checked: this browser cannot verify Ed25519. The files fit together, but that shows nothing about who wrote them. Use a newer browser, plumbline verify, or openssl.";
    /// Only on the page: the browser cannot even hash.
    NO_HASHES = "Nothing was checked: this browser gives pages no way to compute SHA-256. Use another browser, plumbline verify, or openssl.";
    /// In the README, which cannot know whether it is unaltered.
    README_SIGNED = "Signed by {signer}, with the key whose fingerprint is {fingerprint}. Check that before you rely on it; how is below.";
    /// What no signature shows.
    LIMITS = "What a signature does not show: that the system tested is the one named, that the run was not one of many, or that the holder of the key wrote the record honestly. It shows that nothing was changed since.";
    /// Not a bundle at all.
    NOT_A_BUNDLE = "This is not an evidence bundle of Plumbline.";
    /// Made by a later version.
    NEWER = "This bundle has format {format}, and this version reads format 1. Use a newer Plumbline.";
    /// The record in it is of another format.
    OTHER_RECORD = "The record in this bundle has format {format}, which this version does not read.";
    /// Labels of the lines, in order.
    RESULT = "Result";
    /// What was tested.
    TESTED = "Tested";
    /// Its environment.
    WHERE = "Where";
    /// What the system says of itself.
    OF_ITSELF = "Says of itself";
    /// Certificates of the endpoints.
    CERTIFICATE = "Certificate";
    /// Start and end.
    WHEN = "When";
    /// The pack.
    PACK = "Pack";
    /// Its edition and status.
    EDITION = "Edition";
    /// Whether the run ended.
    COMPLETED = "Completed";
    /// Declared capabilities.
    SCOPE = "Scope";
    /// Which scenarios.
    SELECTION = "Selection";
    /// What was not tested.
    NOT_TESTED = "Not tested";
    /// Tier of evidence.
    TIER = "Evidence";
    /// Other runs.
    ATTEMPTS = "Other runs";
    /// What is known of them.
    ATTEMPTS_UNKNOWN = "not known: a bundle holds one run and cannot say how many others there were";
    /// Whether the reports are those of the record.
    REPORTS = "Reports";
    /// What the run folder lacked.
    LEFT_OUT = "Left out";
    /// The signer.
    SIGNER = "Signer";
    /// The key.
    KEY = "Key";
    /// The files.
    FILES = "Files";
    /// A product.
    A_PRODUCT = "{name}: a product, as its tester declares it";
    /// A deployment.
    A_DEPLOYMENT = "{name}: as it runs at {site} ({ods}), as its tester declares it";
    /// Environment.
    ENVIRONMENT = "{environment}, as its tester declares it";
    /// No software statement.
    SOFTWARE_UNKNOWN = "nothing that could be read";
    /// Another software statement.
    SOFTWARE_DIFFERS = "something other than declared, of which only the SHA-256 is kept: {sha256}";
    /// A certificate.
    A_CERTIFICATE = "{name}: SHA-256 {sha256}";
    /// Start and end.
    FROM_TO = "{started} to {finished}, run {run}, Plumbline {plumbline}";
    /// Killed and gone on.
    RESUMED = "killed and gone on: {times} times";
    /// Judged again.
    REJUDGED = "judged again: the evidence is that of run {run}, made by Plumbline {plumbline} with {pack} {version}, fingerprint {fingerprint}";
    /// Pack and fingerprint.
    A_PACK = "{title} {version}, fingerprint {fingerprint}";
    /// Added to an edition that does not bind.
    NOT_IN_FORCE = "This is not an edition in force.";
    /// It ended.
    YES = "yes";
    /// It did not.
    NO = "no: {why}";
    /// Nothing was left out.
    ALL = "all scenarios of the scope";
    /// Some were.
    SOME = "only {selection}; {count} scenarios were left out";
    /// The counts.
    COUNTS = "{pass} of {tested} tested required rules pass, {fail} fail, {undecided} are undecided; {not_tested} required rules in scope are not tested, {out} are out of scope";
    /// Tier of a mock.
    TIER_DEMONSTRATION = "none about a product: a mock system was tested";
    /// Tier of everything else.
    TIER_AUTOMATED = "automated (tier 2 of 5: declared, automated, witnessed, deployed, inspected): a program ran the tests; nobody else watched";
    /// Compared.
    REPORTS_SAME = "the same, byte for byte, as record and pack gave when the bundle was made";
    /// Not compared.
    REPORTS_NOT = "not compared with the record when the bundle was made: {why}";
    /// Left out.
    LEFT_OUT_FILE = "{name} was not in the folder of the run";
    /// How many files.
    FILE_COUNT = "{count} files, {bytes} bytes, each as the manifest lists it";
    /// Signer as it says.
    CALLS_ITSELF = "{signer}, as the signer wrote it; only the key proves it";
    /// Fingerprint.
    FINGERPRINT = "Ed25519, SHA-256 fingerprint {fingerprint}";
}

/// One line of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub label: &'static str,
    /// What is said; the first beside the label, the others below.
    pub values: Vec<String>,
}

/// Whether a character cannot be seen, or changes how the text around it looks.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A text from a bundle as it may be shown on a terminal.
pub fn seen(text: &str) -> String {
    text.chars()
        .map(|c| if is_unseen(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Fills `{name}` in a template. A value that looks like a template stays as it is.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = values
            .iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, v)| v);
        out.push_str(&seen(value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What stands before everything else where a mock was tested.
pub fn mock(facts: &Facts) -> Option<String> {
    let mock = facts.mock.as_ref()?;
    Some(fill(MOCK, &[("name", &mock.name)]))
}

/// What was tested, when, against what, and what was not: one line each.
pub fn lines(facts: &Facts) -> Vec<Line> {
    let result = &facts.result;
    let mut lines = vec![
        line(RESULT, vec![seen(&result.sentence)]),
        line(TESTED, vec![tested(&facts.subject)]),
        line(
            WHERE,
            vec![fill(
                ENVIRONMENT,
                &[("environment", facts.environment.key())],
            )],
        ),
        line(OF_ITSELF, vec![software(&facts.software)]),
        line(CERTIFICATE, certificates(facts)),
        line(WHEN, when(facts)),
        line(PACK, vec![pack(facts)]),
        line(EDITION, edition(facts)),
        line(COMPLETED, vec![completed(&facts.completion)]),
        line(SCOPE, vec![scope(facts)]),
        line(SELECTION, vec![selection(facts)]),
        line(NOT_TESTED, not_tested(facts)),
        line(TIER, vec![tier(facts.evidence.tier).to_owned()]),
        line(ATTEMPTS, vec![ATTEMPTS_UNKNOWN.to_owned()]),
        line(REPORTS, vec![reports(&facts.evidence.reports)]),
    ];
    let left_out = facts.evidence.left_out.iter();
    let left_out = left_out.map(|name| fill(LEFT_OUT_FILE, &[("name", name)]));
    lines.push(line(LEFT_OUT, left_out.collect()));
    lines.retain(|line| !line.values.is_empty());
    lines
}

/// The same, then who signed and how much there is.
pub(crate) fn all_lines(facts: &Facts, signer: Option<&SignerSeen>, files: &[Listed]) -> Vec<Line> {
    let mut lines = lines(facts);
    if let Some(signer) = signer {
        lines.push(line(
            SIGNER,
            vec![fill(CALLS_ITSELF, &[("signer", &signer.name)])],
        ));
        let values = [("fingerprint", signer.fingerprint.as_str())];
        lines.push(line(KEY, vec![fill(FINGERPRINT, &values)]));
    }
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let values = [
        ("count", files.len().to_string()),
        ("bytes", bytes.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    lines.push(line(FILES, vec![fill(FILE_COUNT, &values)]));
    lines
}

fn line(label: &'static str, values: Vec<String>) -> Line {
    Line { label, values }
}

fn tested(subject: &Subject) -> String {
    let mut name = format!("{} {}", subject.product, subject.version);
    if !subject.build.is_empty() {
        name = format!("{name}, build {}", subject.build);
    }
    let name = format!("{name}, of {}", subject.supplier);
    match subject.kind {
        SubjectKind::Product => fill(A_PRODUCT, &[("name", &name)]),
        SubjectKind::Deployment => {
            let site = subject.site.as_deref().unwrap_or("an unnamed site");
            let ods = subject.ods_code.as_deref().unwrap_or("no ODS code");
            fill(
                A_DEPLOYMENT,
                &[("name", &name), ("site", site), ("ods", ods)],
            )
        }
    }
}

fn software(software: &Software) -> String {
    match software {
        Software::Unknown => SOFTWARE_UNKNOWN.to_owned(),
        Software::Stated { name, version } => seen(&format!("{name} {version}")),
        Software::Differs { sha256 } => fill(SOFTWARE_DIFFERS, &[("sha256", sha256)]),
    }
}

fn certificates(facts: &Facts) -> Vec<String> {
    let all = facts.certificates.iter();
    all.map(|(name, sha256)| fill(A_CERTIFICATE, &[("name", name), ("sha256", sha256)]))
        .collect()
}

fn when(facts: &Facts) -> Vec<String> {
    let run = &facts.run;
    let values = [
        ("started", run.started.as_str()),
        ("finished", run.finished.as_str()),
        ("run", run.id.as_str()),
        ("plumbline", run.plumbline.as_str()),
    ];
    let mut when = vec![fill(FROM_TO, &values)];
    if run.resumed > 0 {
        when.push(fill(RESUMED, &[("times", &run.resumed.to_string())]));
    }
    if let Some(rejudged) = &run.rejudged {
        let values = [
            ("run", rejudged.run_id.as_str()),
            ("plumbline", rejudged.plumbline.as_str()),
            ("pack", rejudged.pack.as_str()),
            ("version", rejudged.pack_version.as_str()),
            ("fingerprint", rejudged.pack_fingerprint.as_str()),
        ];
        when.push(fill(REJUDGED, &values));
    }
    when
}

fn pack(facts: &Facts) -> String {
    let pack = &facts.pack;
    let values = [
        ("title", pack.title.as_str()),
        ("version", pack.version.as_str()),
        ("fingerprint", pack.fingerprint.as_str()),
    ];
    fill(A_PACK, &values)
}

fn edition(facts: &Facts) -> Vec<String> {
    let mut edition = vec![seen(&facts.pack.edition_words())];
    let standards = &facts.pack.standards;
    let in_force = |status: EditionStatus| match status {
        EditionStatus::InForce => true,
        EditionStatus::Draft | EditionStatus::Superseded | EditionStatus::Unconfirmed => false,
    };
    if !standards
        .iter()
        .all(|standard| in_force(standard.edition_status))
    {
        edition.push(NOT_IN_FORCE.to_owned());
    }
    edition
}

fn completed(completion: &Completion) -> String {
    match completion {
        Completion::Completed => YES.to_owned(),
        Completion::Incomplete { why } => fill(NO, &[("why", why)]),
    }
}

fn scope(facts: &Facts) -> String {
    let names: Vec<&str> = facts.scope.iter().map(Capability::as_str).collect();
    seen(&names.join(", "))
}

fn selection(facts: &Facts) -> String {
    if facts.selection.is_empty() && facts.deselected.is_empty() {
        return ALL.to_owned();
    }
    let count = facts.deselected.len().to_string();
    fill(SOME, &[("selection", &facts.selection), ("count", &count)])
}

fn not_tested(facts: &Facts) -> Vec<String> {
    let result = &facts.result;
    let values = [
        ("pass", result.required.pass.to_string()),
        ("tested", result.required.tested().to_string()),
        ("fail", result.required.fail.to_string()),
        ("undecided", result.required.undecided.to_string()),
        ("not_tested", result.required_not_tested.to_string()),
        ("out", result.required_out_of_scope.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let not_checked = result.not_checked.iter().map(|text| seen(text));
    [fill(COUNTS, &values)]
        .into_iter()
        .chain(not_checked)
        .collect()
}

const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Demonstration => TIER_DEMONSTRATION,
        Tier::Automated => TIER_AUTOMATED,
    }
}

fn reports(compared: &Compared) -> String {
    match compared {
        Compared::Same => REPORTS_SAME.to_owned(),
        Compared::Not { why } => fill(REPORTS_NOT, &[("why", why)]),
    }
}

#[cfg(test)]
mod tests {
    use super::{fill, seen};

    #[test]
    fn a_value_is_never_taken_for_a_template() {
        assert_eq!(fill("{a}-{b}", &[("a", "{b}"), ("b", "x")]), "{b}-x");
        assert_eq!(fill("no end {a", &[("a", "1")]), "no end 1");
        assert_eq!(fill("{unknown}!", &[]), "!");
    }

    #[test]
    fn what_would_change_a_terminal_is_not_shown() {
        assert_eq!(seen("a\u{1b}[31mb\u{202e}"), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(seen("Zoë Ünal"), "Zoë Ünal");
    }
}
