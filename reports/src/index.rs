//! The index page of a demonstration: what was made, what each page is, how to test one's own system.
//! Not for results: an entry links to the page that holds them.

use crate::format::ReportError;
use crate::html::pour;
use crate::view::marks::{Mark, status_mark};
use crate::view::words::{inside, safe_href};
use plumbline_model::RunStatus;
use serde::Serialize;

/// What ends the sentence of a scorecard of a mock.
const MOCK: &str = "This was a mock system: the result says nothing about a real product.";

/// One part of the demonstration: a job that Plumbline does for somebody.
#[derive(Debug, Clone)]
pub struct IndexPart {
    /// What the part answers, as a heading.
    pub title: String,
    /// Whom it is for and what was done, in a sentence or two.
    pub about: String,
    /// The pages of the part.
    pub entries: Vec<IndexEntry>,
}

/// One page that the index leads to.
#[derive(Debug, Clone)]
pub struct IndexEntry {
    /// What the page is called.
    pub title: String,
    /// Where it is: a relative file name, or a web address.
    pub href: String,
    /// Status of the run it shows; none where the page shows no run.
    pub status: Option<RunStatus>,
    /// What it found, in one sentence, such as that of its scorecard.
    pub sentence: String,
    /// What it is and what to look for, each one sentence.
    pub details: Vec<String>,
    /// Other forms of the same result: label and address, such as the JSON report.
    pub more: Vec<(String, String)>,
}

#[derive(Serialize)]
struct View<'a> {
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    number: usize,
    title: &'a str,
    about: &'a str,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    title: &'a str,
    href: Option<&'a str>,
    status: Option<Mark>,
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
pub fn index(parts: &[IndexPart]) -> Result<String, ReportError> {
    let parts = parts
        .iter()
        .enumerate()
        .map(|(at, part)| Part {
            number: at + 1,
            title: &part.title,
            about: &part.about,
            entries: part.entries.iter().map(entry).collect(),
        })
        .collect();
    pour("index", &View { parts })
}

fn entry(page: &IndexEntry) -> Entry<'_> {
    Entry {
        title: &page.title,
        href: beside(&page.href),
        status: page.status.map(status_mark),
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
    }
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
