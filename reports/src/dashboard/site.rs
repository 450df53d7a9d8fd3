//! The site: what goes in, and which pages come out.
//! Not for writing them anywhere: the caller does.

use super::engine::Engine;
use super::frame::{Common, Link};
use super::{failed, home, league, method, own, peers, products, trend};
use crate::charts::Stamp;
use crate::format::ReportError;
use crate::view::words::day;
use plumbline_benchmark::national::{Core, National, OwnTrust, Peers, TrendSeries, World};
use plumbline_benchmark::{Organisation, OrganisationCode};
use plumbline_model::RequirementId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardPage {
    /// Below the folder of the site, such as `organisations/ZZ001.html`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl DashboardPage {
    /// Whether it is a page, and not the figures beside one.
    pub fn is_page(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|ending| ending == "html")
    }
}

/// Where a rule was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLink {
    /// Document and section.
    pub text: String,
    /// A web address; anything else becomes no link.
    pub url: String,
}

/// Makes the pages of one site. The same input gives the same bytes.
pub struct Dashboard {
    pub(crate) engine: Engine,
    pub(crate) common: Common,
    pub(crate) links: BTreeMap<RequirementId, RuleLink>,
    pub(crate) pages: BTreeSet<OrganisationCode>,
    pub(crate) core: Option<Core>,
}

impl Dashboard {
    /// A site with this name. `links` says where rules were read; `pages` are the organisations that have pages of
    /// their own, the only ones that are linked to.
    pub fn new(
        site: &str,
        national: &National,
        links: BTreeMap<RequirementId, RuleLink>,
        pages: BTreeSet<OrganisationCode>,
    ) -> Result<Self, ReportError> {
        Ok(Self {
            engine: Engine::new()?,
            common: Common {
                site: site.to_owned(),
                stamp: match national.world {
                    World::Synthetic => Stamp::Synthetic,
                    World::Real => Stamp::Real,
                },
                as_of: national.as_of.to_string(),
            },
            links,
            pages,
            core: national.core.clone(),
        })
    }

    /// The pages of the country, each with its CSV.
    pub fn country(&self, national: &National) -> Result<Vec<DashboardPage>, ReportError> {
        let mut made = vec![];
        made.extend(home::page(self, national)?);
        made.extend(league::pages(self, &national.league)?);
        made.extend(trend::country(self, &national.trend.country)?);
        made.extend(products::page(self, &national.products)?);
        made.extend(failed::page(self, &national.most_failed)?);
        made.extend(method::page(self, &national.method)?);
        Ok(made)
    }

    /// The pages of one organisation: its own, its peers, its trend, each with its CSV.
    pub fn organisation(
        &self,
        own: &OwnTrust,
        peers: Option<&Peers>,
        trend: &[TrendSeries],
    ) -> Result<Vec<DashboardPage>, ReportError> {
        let mut made = own::page(self, own, trend)?;
        made.extend(peers::page(self, own, peers)?);
        made.extend(trend::own(self, own, trend)?);
        Ok(made)
    }

    /// A page and the CSV beside it.
    pub(crate) fn with_csv(path: &str, text: String, csv: String) -> Vec<DashboardPage> {
        let beside = format!("{}.csv", path.trim_end_matches(".html"));
        vec![
            DashboardPage {
                path: path.to_owned(),
                text,
            },
            DashboardPage {
                path: beside,
                text: csv,
            },
        ]
    }

    /// Where the figures come from, for the line below a title.
    pub(crate) fn source(&self) -> String {
        let of = match self.common.stamp {
            Stamp::Synthetic => "Synthetic data",
            Stamp::Real => "Results of Plumbline runs",
        };
        let as_of = day(&self.common.as_of);
        match &self.core {
            Some(core) => format!("{of}, {} {}; as of {as_of}.", core.title, core.pack.version),
            None => format!("{of}; as of {as_of}."),
        }
    }

    /// The page of an organisation, from a page in the same folder or one above.
    pub(crate) fn page_of(&self, code: &OrganisationCode, folder: &str) -> Option<String> {
        self.pages
            .contains(code)
            .then(|| format!("{folder}{}", own_file(code, "")))
    }

    /// The three pages of an organisation; `current` is the end of this page's file name.
    pub(crate) fn own_links(organisation: &Organisation, current: &str) -> Vec<Link> {
        [
            ("", "This trust"),
            ("-peers", "Its peers"),
            ("-trend", "Its trend"),
        ]
        .into_iter()
        .map(|(end, text)| Link {
            href: own_file(&organisation.code, end),
            text: text.to_owned(),
            current: end == current,
        })
        .collect()
    }

    /// The web address where a rule was read.
    pub(crate) fn rule_link(&self, id: &RequirementId) -> Option<(String, String)> {
        let link = self.links.get(id)?;
        let url = crate::view::words::safe_href(&link.url)?;
        Some((link.text.clone(), url.to_owned()))
    }
}

/// The folder of the pages of organisations.
pub(crate) const FOLDER: &str = "organisations/";

pub(crate) fn own_file(code: &OrganisationCode, end: &str) -> String {
    format!("{code}{end}.html")
}
