//! The page that verifies bundles in a browser, and the page that shows what the command said.
//! One file each, with style and script inside: nothing is fetched. Not for the checks: verifier.js has them.

use crate::canonical;
use crate::words::{self, Line};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plumbline_model::record::{OLDEST_RECORD_FORMAT, RECORD_FORMAT};
use sha2::{Digest, Sha256};

const FRAME: &str = include_str!("../verifier/verifier.html");
const SAID: &str = include_str!("../verifier/said.html");
const SCRIPT: &str = include_str!("../verifier/verifier.js");
const OWN_STYLE: &str = include_str!("../verifier/verifier.css");
/// The one stylesheet of all pages.
const STYLE: &str = include_str!("../../../reports/templates/style.css");

/// The page that verifies bundles in a browser: the same checks and the same words as the command.
pub fn verifier_page() -> String {
    // The words are ours and hold no end of a script; `canonical` writes them as JSON.
    let words = canonical::text(&words::all()).unwrap_or_default();
    let formats = format!("[{OLDEST_RECORD_FORMAT},{RECORD_FORMAT}]");
    let places = [
        ("__WORDS__", words.as_str()),
        ("__RECORD_FORMATS__", formats.as_str()),
    ];
    let script = filled(SCRIPT, &places);
    let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
    let style = style();
    let limits = escaped(words::LIMITS);
    let values = [
        ("__STYLE__", style.as_str()),
        ("__SCRIPT_HASH__", hash.as_str()),
        ("__LIMITS__", limits.as_str()),
        ("__SCRIPT__", script.as_str()),
    ];
    filled(FRAME, &values)
}

/// What the command said of a bundle, as a page.
pub fn said_page(headline: &[String], lines: &[Line]) -> String {
    let mock = words::MOCK.split(' ').next().unwrap_or_default();
    let (mock, said): (Vec<&String>, Vec<&String>) =
        headline.iter().partition(|line| line.starts_with(mock));
    let mut banner = String::new();
    for line in mock {
        let line = escaped(line);
        banner.push_str("<aside class=\"mock\" aria-label=\"Mock system\"><p><strong>");
        banner.push_str(&line);
        banner.push_str("</strong></p></aside>");
    }
    let heading = said.first().map_or_else(String::new, |line| escaped(line));
    let more: Vec<String> = said.iter().skip(1).map(|line| escaped(line)).collect();
    let more = match more.as_slice() {
        [] => String::new(),
        more => format!("<p>{}</p>", more.join("</p><p>")),
    };
    let mut rows = String::new();
    for line in lines {
        let values: Vec<String> = line.values.iter().map(|v| escaped(v)).collect();
        rows.push_str("<div><dt>");
        rows.push_str(&escaped(line.label));
        rows.push_str("</dt><dd>");
        rows.push_str(&values.join("<br>"));
        rows.push_str("</dd></div>");
    }
    let (style, limits) = (style(), escaped(words::LIMITS));
    let values = [
        ("__STYLE__", style.as_str()),
        ("__LIMITS__", limits.as_str()),
        ("__BANNER__", banner.as_str()),
        ("__HEADING__", heading.as_str()),
        ("__MORE__", more.as_str()),
        ("__ROWS__", rows.as_str()),
    ];
    filled(SAID, &values)
}

fn style() -> String {
    format!("{STYLE}{OWN_STYLE}")
}

/// Puts values into a page, in one pass: a value that looks like a place stays as it is.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    let next = |rest: &str| {
        let found = values
            .iter()
            .filter_map(|value| Some((rest.find(value.0)?, *value)));
        found.min_by_key(|(at, _)| *at)
    };
    while let Some((at, (place, value))) = next(rest) {
        out.push_str(&rest[..at]);
        out.push_str(value);
        rest = &rest[at + place.len()..];
    }
    out.push_str(rest);
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{filled, said_page, verifier_page};
    use crate::words::Line;

    #[test]
    fn the_page_is_whole_and_asks_for_nothing() {
        let page = verifier_page();
        for left in [
            "__STYLE__",
            "__WORDS__",
            "__RECORD",
            "__SCRIPT",
            "__LIMITS__",
            "src=",
            "@import",
            "url(http",
        ] {
            assert!(!page.contains(left), "{left}");
        }
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(page.contains("script-src 'sha256-"));
        assert!(page.len() < 60_000, "{}", page.len());
    }

    #[test]
    fn what_was_said_is_escaped_and_never_taken_for_a_place() {
        let line = Line {
            label: "Result",
            values: vec!["<b>__ROWS__</b>".to_owned()],
        };
        let page = said_page(
            &["MOCK SYSTEM (m): x".to_owned(), "Un & so".to_owned()],
            &[line],
        );
        assert!(page.contains("<dd>&lt;b&gt;__ROWS__&lt;/b&gt;</dd>"));
        assert!(page.contains("<h1>Un &amp; so</h1>"));
        assert!(page.contains("<aside class=\"mock\""));
        assert_eq!(filled("a1b2", &[("1", "2"), ("2", "x")]), "a2bx");
    }
}
