//! The page of one organisation among its peers: funnel, quartile bar, caterpillar, and how the peers were chosen.
//! Not for ranks: peers are compared by intervals, never by places.

use super::figure::{Cell, Csv, Figure, Row, Table};
use super::frame::{Frame, Page};
use super::map::{Map, map};
use super::site::{Dashboard, DashboardPage, FOLDER, own_file};
use super::words::{counts, many, points};
use crate::charts::Plate;
use crate::charts::caterpillar::{self, Bar};
use crate::charts::funnel::{self, Limit, Own, Point, Zone};
use crate::charts::quartile::{self, Cuts, Quartile};
use crate::format::ReportError;
use crate::view::words::{count, thousands};
use plumbline_benchmark::national::{
    CaterpillarRow, Funnel, FunnelPoint, Heat, OwnTrust, PeerBy, PeerCharts, PeerGroup, Peers,
    Quartiles, Whose,
};
use plumbline_benchmark::{FunnelZone, Share};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    frame: Frame,
    about: String,
    headline: String,
    lead: Vec<String>,
    figures: Vec<Figure>,
    map: Option<Map>,
    groups: Table,
    others: Vec<Figure>,
}

/// The groups of which the first with charts is shown in full: the closest likeness that leaves enough peers.
const PREFERRED: [PeerBy; 3] = [PeerBy::Size, PeerBy::Type, PeerBy::Country];

/// The charts of a group, where it has any.
struct Shown<'a> {
    group: &'a PeerGroup,
    funnel: &'a Funnel,
    quartiles: &'a Quartiles,
    caterpillar: &'a [CaterpillarRow],
}

fn shown(group: &PeerGroup) -> Option<Shown<'_>> {
    match &group.charts {
        PeerCharts::Shown {
            funnel,
            quartiles,
            caterpillar,
        } => Some(Shown {
            group,
            funnel,
            quartiles,
            caterpillar,
        }),
        PeerCharts::TooFew { .. } | PeerCharts::OwnNotPlaced => None,
    }
}

pub(crate) fn page(
    dashboard: &Dashboard,
    own: &OwnTrust,
    peers: Option<&Peers>,
) -> Result<Vec<DashboardPage>, ReportError> {
    let path = format!("{FOLDER}{}", own_file(&own.organisation.code, "-peers"));
    let groups: &[PeerGroup] = peers.map_or(&[], |peers| &peers.groups);
    let main = PREFERRED.iter().find_map(|by| {
        groups
            .iter()
            .filter(|group| group.by == *by)
            .find_map(shown)
    });
    let headline = headline(own, main.as_ref());
    let figures = main.as_ref().map_or_else(Vec::new, |main| {
        vec![
            quartile_figure(dashboard, own, main, ""),
            funnel_figure(dashboard, main),
            caterpillar_figure(dashboard, main),
        ]
    });
    let others: Vec<Figure> = groups
        .iter()
        .filter(|group| main.as_ref().is_none_or(|main| main.group.by != group.by))
        .filter_map(shown)
        .map(|other| Figure {
            inner: true,
            ..quartile_figure(dashboard, own, &other, group_key(other.group.by))
        })
        .collect();
    let against = &own.heat_against_peers;
    let known = against
        .rows
        .iter()
        .any(|row| row.cells.iter().any(Option::is_some));
    let map = (known && main.is_some())
        .then(|| map(dashboard, "domains", against_title(against), against));
    let groups = groups_table(groups);
    let mut csv = Csv::default();
    csv.add("groups", &groups);
    for figure in figures.iter().chain(&others) {
        csv.add(&figure.id, &figure.table);
    }
    if let Some(map) = &map {
        csv.add(map.id, &map.table);
    }
    let frame = dashboard.common.frame(Page {
        path: &path,
        headline: &headline,
        about: &own.organisation.name,
        own: Dashboard::own_links(&own.organisation, "-peers"),
        contents: contents(!figures.is_empty(), map.is_some(), !others.is_empty()),
        not_shown: not_shown(),
    });
    let view = View {
        frame,
        about: own.organisation.code.to_string(),
        lead: lead(own, main.as_ref()),
        headline,
        figures,
        map,
        groups,
        others,
    };
    let text = dashboard.engine.pour("peers", &view)?;
    Ok(Dashboard::with_csv(
        &path,
        text,
        csv.finish(dashboard.common.stamp),
    ))
}

/// The first column is the own one, the second the median of the peers.
fn against_title(heat: &Heat) -> String {
    let pairs: Vec<(Share, Share)> = heat
        .rows
        .iter()
        .filter_map(|row| Some(((*row.cells.first()?)?.share, (*row.cells.get(1)?)?.share)))
        .collect();
    let at_least = pairs.iter().filter(|(own, peers)| own >= peers).count();
    format!(
        "At or above the median of its peers in {at_least} of {}",
        count(pairs.len(), "domain", "domains")
    )
}

fn contents(charts: bool, map: bool, others: bool) -> Vec<(String, String)> {
    let all = [
        (true, "summary", "Summary"),
        (charts, "quartiles", "Quarters"),
        (charts, "funnel", "Funnel"),
        (charts, "caterpillar", "Intervals"),
        (map, "domains", "Domain by domain"),
        (true, "groups", "How peers were chosen"),
        (others, "others", "Other peers"),
        (true, "not-shown", "What is not shown"),
    ];
    all.into_iter()
        .filter(|(there, _, _)| *there)
        .map(|(_, id, text)| (id.to_owned(), text.to_owned()))
        .collect()
}

fn not_shown() -> Vec<String> {
    [
        "Peers are alike in what is named, and may differ in much else: patients, buildings, money.",
        "Two intervals that overlap are no test of a difference, and two that do not overlap are no \
         proof of its cause.",
        "Nobody has a place in an order here: most neighbours cannot be told apart.",
    ]
    .map(str::to_owned)
    .into()
}

const fn group_key(by: PeerBy) -> &'static str {
    match by {
        PeerBy::Type => "-type",
        PeerBy::Size => "-size",
        PeerBy::Epr => "-epr",
        PeerBy::Region => "-region",
        PeerBy::Icb => "-icb",
        PeerBy::Country => "-country",
    }
}

const fn quarter(number: u8) -> &'static str {
    match number {
        1 => "the lowest quarter",
        2 => "the second lowest quarter",
        3 => "the second highest quarter",
        _ => "the highest quarter",
    }
}

/// "31 organisations of the same type and size (Acute, Large)".
fn group_words(group: &PeerGroup) -> String {
    let members = count(group.members, "organisation", "organisations");
    match group.by {
        PeerBy::Country => format!("all {members}"),
        PeerBy::Type | PeerBy::Size | PeerBy::Epr | PeerBy::Region | PeerBy::Icb => format!(
            "{members} of the {} ({})",
            crate::view::words::inside(group.by.label()),
            group.value
        ),
    }
}

fn headline(own: &OwnTrust, main: Option<&Shown<'_>>) -> String {
    let name = &own.organisation.name;
    match main {
        None if own.evidence.may_be_compared() => format!("Too few peers to compare {name} with"),
        None => format!("{name} has too little evidence to be placed among its peers"),
        Some(main) => format!(
            "{name} is in {} of {}",
            quarter(main.quartiles.own_quarter),
            group_words(main.group)
        ),
    }
}

fn lead(own: &OwnTrust, main: Option<&Shown<'_>>) -> Vec<String> {
    let Some(main) = main else {
        let mut said: Vec<String> = own
            .evidence
            .shortfalls()
            .iter()
            .map(|shortfall| shortfall.sentence())
            .collect();
        said.push(
            "A comparison with too few, or on too little evidence, would mislead; so there is none."
                .to_owned(),
        );
        return said;
    };
    let mut said = Vec::new();
    if let Some(point) = main
        .funnel
        .points
        .iter()
        .find(|point| point.whose == Whose::Own)
    {
        said.push(format!(
            "{} sampled messages kept every required rule. Given that many messages, this lies {}.",
            counts(point.counts),
            super::words::zone(point.zone)
        ));
    }
    let mine = main.caterpillar.iter().find(|row| row.whose == Whose::Own);
    if let Some(mine) = mine {
        let interval = mine.overall.interval;
        let overlap = main
            .caterpillar
            .iter()
            .filter(|row| row.whose == Whose::Peer)
            .filter(|row| {
                row.overall.interval.low <= interval.high
                    && row.overall.interval.high >= interval.low
            })
            .count();
        said.push(format!(
            "The intervals of {overlap} of {} peers overlap with this trust's own.",
            main.caterpillar.len().saturating_sub(1)
        ));
    }
    said
}

fn groups_table(groups: &[PeerGroup]) -> Table {
    let rows = groups
        .iter()
        .map(|group| {
            let (median, quarter) = match shown(group) {
                Some(shown) => (
                    points(shown.quartiles.median),
                    quarter(shown.quartiles.own_quarter).to_owned(),
                ),
                None => ("–".to_owned(), not_charted(group)),
            };
            Row::new(
                group.by.label(),
                vec![
                    Cell::text(group.value.clone()),
                    Cell::number(group.members.to_string()),
                    Cell::number(group.without_evidence.to_string()),
                    Cell::number(median),
                    Cell::text(quarter),
                ],
            )
        })
        .collect();
    let heads = [
        "Group",
        "What they share",
        "#With enough evidence",
        "#Without",
        "#Median, out of 100",
        "This trust is in",
    ];
    Table::new("Groups of peers", &heads, rows)
}

fn not_charted(group: &PeerGroup) -> String {
    match &group.charts {
        PeerCharts::TooFew { minimum } => {
            format!("fewer than {minimum}: not compared")
        }
        PeerCharts::OwnNotPlaced => "too little evidence of its own".to_owned(),
        PeerCharts::Shown { .. } => String::new(),
    }
}

fn plate(dashboard: &Dashboard, id: &str, title: &str, description: String) -> Plate {
    Plate {
        id: id.to_owned(),
        title: title.to_owned(),
        description,
        stamp: dashboard.common.stamp,
    }
}

fn quartile_figure(dashboard: &Dashboard, own: &OwnTrust, shown: &Shown<'_>, end: &str) -> Figure {
    let of = shown.quartiles;
    let title = format!(
        "In {} of {}",
        quarter(of.own_quarter),
        group_words(shown.group)
    );
    let drawn = Quartile {
        peers: Cuts {
            lowest: of.lowest.get(),
            lower: of.lower.get(),
            median: of.median.get(),
            upper: of.upper.get(),
            highest: of.highest.get(),
        },
        own: Some((own.organisation.name.clone(), of.own.get())),
        nation: match shown.group.by {
            PeerBy::Country => None,
            PeerBy::Type | PeerBy::Size | PeerBy::Epr | PeerBy::Region | PeerBy::Icb => {
                Some(of.national_median.get())
            }
        },
    };
    let named: [(&str, Share); 7] = [
        ("Lowest", of.lowest),
        ("End of the lowest quarter", of.lower),
        ("Median of the peers", of.median),
        ("Start of the highest quarter", of.upper),
        ("Highest", of.highest),
        ("This trust", of.own),
        ("Median of the country", of.national_median),
    ];
    let described = super::own_figures::described(
        named
            .iter()
            .map(|(name, share)| format!("{name} {}", points(*share))),
    );
    let rows = named.map(|(name, share)| Row::new(name, vec![Cell::number(points(share))]));
    let svg = quartile::draw(
        &drawn,
        &plate(
            dashboard,
            &format!("quartiles{end}-chart"),
            &title,
            described,
        ),
    );
    Figure {
        narrow: "as-table",
        ..Figure::new(
            &format!("quartiles{end}"),
            title,
            format!(
                "Value over the domains (geometric mean), out of 100; n = {}. Right is better. {}",
                count(shown.group.members, "organisation", "organisations"),
                dashboard.source()
            ),
            svg,
            Table::new(
                "The figures as a table",
                &["What", "#Out of 100"],
                rows.into(),
            ),
        )
    }
}

fn zone(of: FunnelZone) -> Zone {
    match of {
        FunnelZone::FarAbove => Zone::Above,
        FunnelZone::FarBelow => Zone::Below,
        FunnelZone::Above | FunnelZone::Below => Zone::Edge,
        FunnelZone::Within => Zone::Inside,
    }
}

const fn owner(whose: Whose) -> Own {
    match whose {
        Whose::Own => Own::Own,
        Whose::Peer => Own::Other,
    }
}

fn funnel_figure(dashboard: &Dashboard, shown: &Shown<'_>) -> Figure {
    let points_of = &shown.funnel.points;
    let far = |wanted: FunnelZone| points_of.iter().filter(|p| p.zone == wanted).count();
    let (above, below) = (far(FunnelZone::FarAbove), far(FunnelZone::FarBelow));
    let all = count(points_of.len(), "organisation", "organisations");
    let title = if above + below == 0 {
        format!("None of {all} lies outside the 99.8% limits: chance can explain the differences")
    } else {
        format!(
            "{below} of {all} {} below the 99.8% limits, {above} above",
            if below == 1 { "lies" } else { "lie" }
        )
    };
    let curve = &shown.funnel.curve;
    let centre: plumbline_benchmark::Proportion = points_of.iter().map(|p| p.counts).sum();
    let drawn = funnel::Funnel {
        points: points_of.iter().map(point).collect(),
        limits: curve
            .limits
            .iter()
            .map(|limit| Limit {
                n: f64::from(limit.n),
                low_998: limit.outer.low.get(),
                low_95: limit.inner.low.get(),
                high_95: limit.inner.high.get(),
                high_998: limit.outer.high.get(),
            })
            .collect(),
        centre: curve.centre.get(),
        centre_words: format!("all together {}", points(curve.centre)),
        unit: "sampled messages of the organisation",
    };
    let description = format!(
        "Each mark is one organisation: sampled messages along the bottom, how many kept every rule, out \
         of 100, upwards. {} kept it together.",
        counts(centre)
    );
    let (svg, unlabelled) = funnel::draw(
        &drawn,
        &plate(dashboard, "funnel-chart", &title, description),
    );
    let mut notes = vec![
        "One organisation in 20 lies between the dashed and the whole lines by chance alone."
            .to_owned(),
    ];
    if unlabelled > 0 {
        notes.push(format!(
            "{} had no room for a name; the table has all names.",
            count(unlabelled, "outlier", "outliers")
        ));
    }
    Figure {
        key: vec![
            super::words::mark(crate::charts::Reading::Better, "above the 99.8% limit"),
            super::words::mark(crate::charts::Reading::Worse, "below the 99.8% limit"),
            super::words::mark(
                crate::charts::Reading::Same,
                "inside; with a ring: this trust",
            ),
        ],
        notes,
        ..Figure::new(
            "funnel",
            title,
            format!(
                "Sampled messages that kept every required rule, n = {} messages of {all}. Higher is \
                 better. Limits allow for organisations varying more than chance. {}",
                thousands(many(centre.of())),
                dashboard.source()
            ),
            svg,
            funnel_table(dashboard, points_of),
        )
    }
}

fn point(of: &FunnelPoint) -> Point {
    Point {
        name: of.name.clone(),
        code: of.code.to_string(),
        n: of.counts.of(),
        share: of.share.get(),
        zone: zone(of.zone),
        own: owner(of.whose),
    }
}

const fn row_class(whose: Whose) -> &'static str {
    match whose {
        Whose::Own => "own",
        Whose::Peer => "",
    }
}

fn funnel_table(dashboard: &Dashboard, all: &[FunnelPoint]) -> Table {
    let rows = all
        .iter()
        .map(|point| Row {
            name: Cell::link(point.name.clone(), dashboard.page_of(&point.code, "")),
            cells: vec![
                Cell::number(point.counts.met().to_string()),
                Cell::number(point.counts.of().to_string()),
                Cell::number(points(point.share)),
                Cell::text(super::words::zone(point.zone)),
            ],
            class: row_class(point.whose),
        })
        .collect();
    let heads = [
        "Organisation",
        "#Kept every rule",
        "#Sampled",
        "#Out of 100",
        "Where it lies",
    ];
    Table::new("The figures as a table", &heads, rows)
}

fn caterpillar_figure(dashboard: &Dashboard, shown: &Shown<'_>) -> Figure {
    let rows = shown.caterpillar;
    let mine = rows.iter().find(|row| row.whose == Whose::Own);
    let title = mine.map_or_else(
        || "Values of the peers with their intervals".to_owned(),
        |mine| {
            format!(
                "{}: {} out of 100, and between {} and {} on this evidence",
                mine.name,
                points(mine.overall.share),
                points(mine.overall.interval.low),
                points(mine.overall.interval.high)
            )
        },
    );
    let bars: Vec<Bar> = rows
        .iter()
        .map(|row| Bar {
            name: row.name.clone(),
            share: row.overall.share.get(),
            low: row.overall.interval.low.get(),
            high: row.overall.interval.high.get(),
            own: owner(row.whose),
        })
        .collect();
    let median = shown.quartiles.median;
    let words = format!("median {}", points(median));
    let description = format!(
        "{} in the order of their values, each with its 95% interval.",
        count(rows.len(), "organisation", "organisations")
    );
    let table = rows
        .iter()
        .map(|row| Row {
            name: Cell::link(row.name.clone(), dashboard.page_of(&row.code, "")),
            cells: vec![
                Cell::number(points(row.overall.share)),
                Cell::number(points(row.overall.interval.low)),
                Cell::number(points(row.overall.interval.high)),
            ],
            class: row_class(row.whose),
        })
        .collect();
    let heads = [
        "Organisation",
        "#Value, out of 100",
        "#95% interval from",
        "#to",
    ];
    Figure::new(
        "caterpillar",
        title.clone(),
        format!(
            "Geometric mean of the domains with 95% interval, n = {}. Higher is better. {}",
            count(rows.len(), "organisation", "organisations"),
            dashboard.source()
        ),
        caterpillar::draw(
            &bars,
            (median.get(), &words),
            &plate(dashboard, "caterpillar-chart", &title, description),
        ),
        Table::new("The figures as a table", &heads, table),
    )
}
