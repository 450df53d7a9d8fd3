//! The dashboard: every page with full and with minimal data, the same bytes, sizes, stamps, counts, links.
//! Not for statistics: `plumbline-benchmark` tests those.

use super::{bare_percentages, headings};
use plumbline_benchmark::national::{LeagueState, Options, national};
use plumbline_benchmark::synthetic::{Plan, World, world};
use plumbline_benchmark::{Day, Input, Organisation, Origin, Prepared, StoredRun};
use plumbline_model::{EditionStatus, RequirementId};
use plumbline_reports::{Dashboard, DashboardPage, RuleLink};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

fn invented(organisations: u32, months: u32) -> World {
    world(Plan::new(7, organisations, months).expect("a plan"))
}

/// The whole site, with pages of the first `own` organisations.
fn site(
    organisations: &[Organisation],
    runs: &[StoredRun],
    as_of: Day,
    own: usize,
) -> Vec<DashboardPage> {
    let input = Input {
        organisations,
        runs,
        maturity: &[],
        options: Options::new(as_of),
    };
    made(&input, own)
}

fn made(input: &Input<'_>, own: usize) -> Vec<DashboardPage> {
    let view = national(input);
    let codes = input.organisations.iter().map(|one| one.code.clone());
    let pages: BTreeSet<_> = codes.take(own).collect();
    // The rule that fails most has a source; no other has.
    let first = view
        .most_failed
        .rows
        .iter()
        .find(|row| row.broken.met() > 0);
    let source = RuleLink {
        text: "Invented document, section 1".to_owned(),
        url: "https://example.org/rule".to_owned(),
    };
    let links: BTreeMap<RequirementId, RuleLink> = first
        .map(|row| (row.id.clone(), source))
        .into_iter()
        .collect();
    let dashboard =
        Dashboard::new("Site under test", &view, links, pages.clone()).expect("the templates");
    let mut all = dashboard.country(&view).expect("the pages of the country");
    let prepared = Prepared::new(input);
    for code in &pages {
        let own = prepared.own(code).expect("an organisation of the file");
        let peers = prepared.peers(code);
        let trend = prepared.own_trends(code);
        let pages = dashboard.organisation(&own, peers.as_ref(), &trend);
        all.extend(pages.expect("the pages of an organisation"));
    }
    all
}

fn full_input(world: &World) -> Input<'_> {
    Input {
        organisations: &world.organisations,
        runs: &world.runs,
        maturity: &world.maturity,
        options: Options::new(world.as_of),
    }
}

/// 24 organisations over 24 months, all with pages: everything that a page can show is on some page.
fn full() -> &'static [DashboardPage] {
    static FULL: OnceLock<Vec<DashboardPage>> = OnceLock::new();
    FULL.get_or_init(|| {
        let world = invented(24, 24);
        made(&full_input(&world), 24)
    })
}

fn html(site: &[DashboardPage]) -> impl Iterator<Item = &DashboardPage> {
    site.iter().filter(|page| page.is_page())
}

fn page<'a>(site: &'a [DashboardPage], path: &str) -> &'a str {
    let found = site.iter().find(|page| page.path == path);
    &found.unwrap_or_else(|| panic!("there is no {path}")).text
}

/// The charts of a page.
fn charts(page: &str) -> Vec<&str> {
    page.split("<svg role=\"img\"")
        .skip(1)
        .filter_map(|rest| rest.split("</svg>").next())
        .collect()
}

#[test]
fn the_same_results_give_the_same_site() {
    let world = invented(24, 24);
    assert_eq!(made(&full_input(&world), 24), full());
}

#[test]
fn what_is_invented_says_so_in_every_chart_page_and_file() {
    let mut seen = 0;
    for page in full() {
        assert!(page.text.contains("SYNTHETIC DATA"), "{}", page.path);
        for chart in charts(&page.text) {
            assert!(chart.contains(">SYNTHETIC DATA</text>"), "{}", page.path);
            assert!(chart.contains("<desc id=") && chart.contains("SYNTHETIC DATA. "));
            seen += 1;
        }
    }
    assert!(seen > 24 * 15, "{seen} charts");
    for page in html(full()) {
        assert!(
            page.text.contains("<title>SYNTHETIC DATA. "),
            "{}",
            page.path
        );
        assert!(
            page.text.contains("content:\"SYNTHETIC DATA"),
            "the printed page too"
        );
        assert!(page.text.contains("<aside class=\"mock\""), "{}", page.path);
    }
}

#[test]
fn real_results_carry_no_stamp() {
    let world = invented(12, 6);
    let mut runs = world.runs.clone();
    for run in &mut runs {
        run.origin = Origin::Run;
    }
    for page in site(&world.organisations, &runs, world.as_of, 2) {
        assert!(!page.text.contains("SYNTHETIC DATA"), "{}", page.path);
    }
}

#[test]
fn every_chart_has_title_description_and_a_table_behind_it() {
    for page in html(full()) {
        let charts = charts(&page.text);
        for chart in &charts {
            assert!(
                chart.contains("<title id=") && chart.contains("<desc id="),
                "{}",
                page.path
            );
            for bad in ["NaN", "inf\"", "\"-inf"] {
                assert!(!chart.contains(bad), "{} has {bad}", page.path);
            }
        }
        let figures = page.text.split("<figure ").skip(1);
        let with_table = figures.filter(|rest| {
            let figure = rest.split("</figure>").next().unwrap_or_default();
            figure.contains("<figcaption>") && figure.contains("<tbody><tr")
        });
        assert_eq!(with_table.count(), charts.len(), "{}", page.path);
        for caption in page.text.split("<figcaption>").skip(1) {
            let caption = caption.split('<').next().unwrap_or_default();
            let direction = ["is better", "is worse"]
                .iter()
                .any(|way| caption.contains(way));
            assert!(direction, "{}: {caption}", page.path);
            assert!(caption.contains("as of "), "{}: {caption}", page.path);
            assert!(
                caption.chars().any(|c| c.is_ascii_digit()),
                "{}: {caption}",
                page.path
            );
        }
    }
}

/// Names of intervals and limits are no results.
fn without_limits(page: &str) -> String {
    [
        "95% interval",
        "95% limit",
        "99.8% limit",
        "95% and 99.8% limits",
        "95 % needed",
        "95 % of",
        "95 % Wilson",
        "2 % ended",
        "2 % allowed",
    ]
    .iter()
    .fold(page.to_owned(), |page, name| page.replace(name, "interval"))
}

#[test]
fn every_percentage_of_the_dashboard_shows_its_counts() {
    let mut shares = 0;
    for page in html(full()) {
        // Formulas and minimums have percentages of their own; they are no results.
        if page.path == "method.html" {
            continue;
        }
        let text = without_limits(&page.text);
        shares += text.matches("%)").count();
        assert_eq!(bare_percentages(&text), [""; 0], "{}", page.path);
    }
    assert!(shares > 20, "{shares}");
}

#[test]
fn no_page_is_larger_than_500_kb() {
    let world = invented(215, 24);
    let all = made(&full_input(&world), 3);
    for page in html(&all) {
        assert!(
            page.text.len() < 500_000,
            "{}: {}",
            page.path,
            page.text.len()
        );
    }
    assert!(page(&all, "league.html").contains("215 organisations, by name"));
}

#[test]
fn headings_ids_and_links_of_the_dashboard_are_sound() {
    let files: BTreeSet<&str> = full().iter().map(|page| page.path.as_str()).collect();
    for page in html(full()) {
        let levels = headings(&page.text);
        assert_eq!(
            levels.iter().filter(|l| **l == 1).count(),
            1,
            "{}",
            page.path
        );
        assert!(
            levels.windows(2).all(|w| w[1] <= w[0] + 1),
            "{}: {levels:?}",
            page.path
        );
        let ids: Vec<&str> = page
            .text
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{} uses an id twice", page.path);
        for href in page.text.split("href=\"").skip(1) {
            let href = href.split('"').next().unwrap_or_default();
            if let Some(id) = href.strip_prefix('#') {
                assert!(unique.contains(id), "{}: #{id} leads nowhere", page.path);
            } else if !href.starts_with("https://") {
                let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let whole = match href.strip_prefix("../") {
                    Some(up) => up.to_owned(),
                    None if folder.is_empty() => href.to_owned(),
                    None => format!("{folder}/{href}"),
                };
                assert!(files.contains(whole.as_str()), "{}: {href}", page.path);
            }
        }
        for bad in [
            "<script", " src=", "<link", "@import", "url(http", "<iframe", "<img", "<object",
        ] {
            assert!(!page.text.contains(bad), "{} has {bad}", page.path);
        }
        assert!(
            page.text
                .contains("<meta name=\"page-kind\" content=\"dashboard-")
        );
    }
}

#[test]
fn nobody_is_ranked_where_the_edition_is_not_in_force() {
    let world = invented(24, 6);
    let mut runs = world.runs.clone();
    for run in &mut runs {
        run.pack.edition_status = EditionStatus::Draft;
    }
    let all = site(&world.organisations, &runs, world.as_of, 1);
    let league = page(&all, "league.html");
    assert!(league.contains("nobody is ranked") && league.contains("not in force"));
    assert!(!league.contains("Between places") && !league.contains("id=\"ranks\""));
    assert!(all.iter().all(|page| page.path != "league-by-value.html"));
    assert!(page(&all, "index.html").contains("nobody is ranked"));
    // Where it is in force, the places are intervals.
    let ranked = page(full(), "league.html");
    let view = national(&full_input(&invented(24, 24)));
    assert!(matches!(view.league.state, LeagueState::Ranked { .. }));
    assert!(ranked.contains("Between places"));
}

#[test]
fn too_few_are_not_compared_and_nothing_pretends() {
    let world = invented(3, 1);
    let mut runs = world.runs.clone();
    for run in &mut runs {
        run.origin = Origin::Run;
        run.samples.clear();
    }
    // One organisation with one real run and no sampled message.
    let one = &world.organisations[..1];
    let mine: Vec<StoredRun> = runs
        .into_iter()
        .filter(|run| run.subject.ods_code.as_deref() == Some(one[0].code.as_str()))
        .collect();
    let all = site(one, &mine, world.as_of, 1);
    let code = &one[0].code;
    let own = page(&all, &format!("organisations/{code}.html"));
    assert!(own.contains("Too little evidence to compare"), "{own}");
    assert!(!own.contains("id=\"spine\"") && !own.contains("id=\"change\""));
    let peers = page(&all, &format!("organisations/{code}-peers.html"));
    assert!(charts(peers).is_empty() && peers.contains("too little evidence"));
    let trend = page(&all, &format!("organisations/{code}-trend.html"));
    assert!(charts(trend).is_empty() && trend.contains("too few months"));
    assert!(page(&all, "league.html").contains("nobody"));
    for page in html(&all) {
        assert!(!page.text.contains("NaN"), "{}", page.path);
    }
}

#[test]
fn a_store_without_results_gives_pages_that_say_so() {
    let world = invented(2, 1);
    let all = site(&world.organisations, &[], world.as_of, 2);
    assert!(page(&all, "index.html").contains("no result that can be compared"));
    for page in html(&all) {
        assert!(
            charts(&page.text).is_empty(),
            "{} has a chart of nothing",
            page.path
        );
    }
    let none = site(&[], &[], world.as_of, 0);
    assert!(page(&none, "index.html").contains("0 organisations"));
}

#[test]
fn names_are_escaped_everywhere() {
    let world = invented(10, 4);
    let mut organisations = world.organisations.clone();
    let hostile = "<script>alert(1)</script> \"x\" & Sons' University Hospitals of the Upper, Middle and Lower Vale";
    organisations[0].name = hostile.to_owned();
    organisations[0].region = "</style><b>".to_owned();
    organisations[1].name = "=cmd|' /C calc'!A0".to_owned();
    let all = site(&organisations, &world.runs, world.as_of, 3);
    for page in html(&all) {
        for bad in ["<script", "</style><b>", "<b>"] {
            assert!(!page.text.contains(bad), "{} has {bad}", page.path);
        }
    }
    let csv = page(&all, "index.csv");
    assert!(!csv.contains(",=cmd") && csv.contains("'=cmd"));
}

#[test]
fn a_rule_that_fails_leads_to_its_source() {
    let failed = page(full(), "most-failed.html");
    assert!(failed.contains("href=\"https://example.org/rule\">Invented document, section 1</a>"));
    assert!(
        failed.contains("<td>none given</td>"),
        "the others say that they have none"
    );
    assert!(failed.contains("marked safety-relevant"));
}
