//! The index page of a demonstration: what was run, what each page is, how to test one's own system.
//! Not for results: an entry links to the page that holds them.

use crate::format::ReportError;
use crate::html::pour;
use crate::view::marks::{Mark, status_mark};
use crate::view::words::{inside, safe_href};
use plumbline_model::RunStatus;
use serde::Serialize;

/// What ends the sentence of a scorecard of a mock.
const MOCK: &str = "This was a mock system: the result says nothing about a real product.";

/// One page that the index leads to.
#[derive(Debug, Clone)]
pub struct IndexEntry {
    /// What the page is called.
    pub title: String,
    /// Where it is: a relative file name, or a web address.
    pub href: String,
    /// Status of the run it shows.
    pub status: RunStatus,
    /// The sentence of its scorecard.
    pub sentence: String,
    /// What it is and what to look for, each one sentence.
    pub details: Vec<String>,
    /// Other forms of the same result: label and address, such as the JSON report.
    pub more: Vec<(String, String)>,
}

#[derive(Serialize)]
struct View<'a> {
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    title: &'a str,
    href: Option<&'a str>,
    status: Mark,
    sentence: &'a str,
    details: &'a [String],
    more: Vec<Link<'a>>,
}

#[derive(Serialize)]
struct Link<'a> {
    text: String,
    href: &'a str,
}

/// Renders the index page.
pub fn index(pages: &[IndexEntry]) -> Result<String, ReportError> {
    let entries = pages
        .iter()
        .map(|page| Entry {
            title: &page.title,
            href: beside(&page.href),
            status: status_mark(page.status),
            // The banner of the page says once that these are mocks.
            sentence: page
                .sentence
                .strip_suffix(MOCK)
                .unwrap_or(&page.sentence)
                .trim(),
            details: &page.details,
            more: page
                .more
                .iter()
                .filter_map(|(text, href)| {
                    let href = beside(href)?;
                    Some(Link {
                        text: inside(text),
                        href,
                    })
                })
                .collect(),
        })
        .collect();
    pour("index", &View { entries })
}

/// A web address, or a path below the index itself.
fn beside(href: &str) -> Option<&str> {
    let below = !href.is_empty() && !href.contains(':') && !href.starts_with(['/', '\\']);
    safe_href(href).or_else(|| below.then_some(href))
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn links_stay_below_the_index_or_go_to_the_web() {
        assert_eq!(beside("good/report.html"), Some("good/report.html"));
        assert_eq!(beside("https://a.example/"), Some("https://a.example/"));
        for bad in [
            "",
            "javascript:alert(1)",
            "//evil.example",
            "/etc/passwd",
            "data:text/html,x",
        ] {
            assert_eq!(beside(bad), None, "{bad}");
        }
    }
}
