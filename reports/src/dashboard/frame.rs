//! What every page of the dashboard has around it: title, banner, links, contents, print lines.
//! Not for what a page says.

use crate::charts::Stamp;
use crate::view::words::{css_string, day};
use serde::Serialize;

/// A link.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) current: bool,
}

impl Link {
    pub(crate) fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            text: text.into(),
            current: false,
        }
    }
}

/// What stands around a page.
#[derive(Serialize)]
pub(crate) struct Frame {
    /// The finding, in the title bar.
    title: String,
    /// Pages of one kind are made alike.
    kind: String,
    /// "SYNTHETIC DATA"; nothing for real data.
    stamp: Option<&'static str>,
    /// Name of the site, then what the page is about.
    header: Vec<String>,
    as_of: String,
    /// Pages of one organisation; empty on pages of the country.
    own: Vec<Link>,
    /// Pages of the country.
    country: Vec<Link>,
    contents: Vec<Link>,
    csv: String,
    /// The page that says how the figures were made.
    method: String,
    print_left: String,
    print_right: String,
    /// What this page does not show, each one sentence.
    not_shown: Vec<String>,
}

/// What all pages of a site share.
#[derive(Debug, Clone)]
pub(crate) struct Common {
    pub(crate) site: String,
    pub(crate) stamp: Stamp,
    /// `YYYY-MM-DD`.
    pub(crate) as_of: String,
}

/// The pages of the country: file and name.
pub(crate) const COUNTRY: [(&str, &str); 6] = [
    ("index.html", "Overview"),
    ("league.html", "All organisations"),
    ("trend.html", "National trend"),
    ("products.html", "Products"),
    ("most-failed.html", "Most failed"),
    ("method.html", "Method"),
];

/// A page under way.
pub(crate) struct Page<'a> {
    /// Such as `index.html` or `organisations/ZZ001.html`.
    pub(crate) path: &'a str,
    pub(crate) headline: &'a str,
    /// What the page is about, such as the name of the organisation.
    pub(crate) about: &'a str,
    pub(crate) own: Vec<Link>,
    /// Anchors and their words.
    pub(crate) contents: Vec<(String, String)>,
    pub(crate) not_shown: Vec<String>,
}

impl Common {
    pub(crate) fn frame(&self, page: Page<'_>) -> Frame {
        let up = "../".repeat(page.path.matches('/').count());
        let country = COUNTRY
            .iter()
            .map(|(file, text)| Link {
                href: format!("{up}{file}"),
                text: (*text).to_owned(),
                current: page.path == *file,
            })
            .collect();
        let stamp = self.stamp.words();
        let marked = |text: &str| match stamp {
            Some(words) => format!("{words}. {text}"),
            None => text.to_owned(),
        };
        let file = page.path.rsplit('/').next().unwrap_or(page.path);
        let as_of = day(&self.as_of);
        Frame {
            kind: kind(page.path),
            title: marked(page.headline),
            stamp,
            header: vec![self.site.clone(), page.about.to_owned()],
            own: page.own,
            country,
            contents: page
                .contents
                .into_iter()
                .map(|(id, text)| Link::new(format!("#{id}"), text))
                .collect(),
            method: format!("{up}method.html"),
            csv: format!("{}.csv", file.trim_end_matches(".html")),
            print_left: css_string(&marked(page.about)),
            print_right: css_string(&format!("As of {as_of}")),
            as_of,
            not_shown: page.not_shown,
        }
    }
}

/// "dashboard-peers" of `organisations/ZZ001-peers.html`.
fn kind(path: &str) -> String {
    let stem = path.trim_end_matches(".html");
    let of = match stem.split_once('/') {
        Some((_, own)) => own.split_once('-').map_or("own", |(_, end)| end),
        None if stem.starts_with("league") => "league",
        None => stem,
    };
    format!("dashboard-{of}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_back_to_the_top_and_synthetic_data_is_said_in_every_line() {
        let common = Common {
            site: "Plumbline".to_owned(),
            stamp: Stamp::Synthetic,
            as_of: "2026-11-22".to_owned(),
        };
        let frame = common.frame(Page {
            path: "organisations/ZZ001.html",
            headline: "One",
            about: "Eastmarch",
            own: Vec::new(),
            contents: Vec::new(),
            not_shown: Vec::new(),
        });
        assert_eq!(frame.country[0].href, "../index.html");
        assert_eq!(frame.csv, "ZZ001.csv");
        assert_eq!(kind("organisations/ZZ001-trend.html"), "dashboard-trend");
        assert_eq!(kind("trend.html"), "dashboard-trend");
        assert_eq!(kind("league-by-type.html"), "dashboard-league");
        assert!(frame.title.starts_with("SYNTHETIC DATA. "));
        assert!(frame.print_left.starts_with("SYNTHETIC DATA"));
        assert_eq!(frame.as_of, "22 November 2026");
    }
}
