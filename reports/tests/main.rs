//! Every format, rendered from samples: the same bytes, nothing from the network, a mock always marked.
//! Forms for machines have their own files in formats/.
//! Not for how a page looks: `cargo test -p plumbline-reports -- --ignored` writes pages to look at.

#[path = "formats/dashboard.rs"]
mod dashboard;
#[path = "formats/inspection.rs"]
mod inspection;
#[path = "formats/junit.rs"]
mod junit;
#[path = "formats/page_words.rs"]
mod page_words;
#[path = "../samples/sample.rs"]
mod sample;
#[path = "formats/validity.rs"]
mod validity;
#[path = "formats/verdicts.rs"]
mod verdicts;

use plumbline_model::RunStatus;
use plumbline_reports::{
    Format, IndexEntry, IndexPart, ReportError, ReportInput, index, render, write,
};
use sample::Sample;
use std::time::{Duration, Instant};

fn html(sample: &Sample) -> String {
    made(Format::Html, sample)
}

fn made(format: Format, sample: &Sample) -> String {
    let input = ReportInput {
        record: &sample.record,
        scorecard: &sample.scorecard,
        titles: &sample.titles,
    };
    render(format, &input).expect("the sample renders")
}

fn demo_index() -> String {
    let entry = |sample: &Sample, title: &str, href: &str| IndexEntry {
        title: title.to_owned(),
        href: href.to_owned(),
        status: Some(sample.scorecard.status),
        sentence: sample.scorecard.sentence.clone(),
        details: vec!["What to look for: <the first> section.".to_owned()],
        more: vec![("as JSON".to_owned(), "good/report.json".to_owned())],
    };
    index(&[IndexPart {
        title: "Is this system sound?".to_owned(),
        about: "Two systems were tested.".to_owned(),
        entries: vec![
            entry(&sample::good(), "The sound system", "good/report.html"),
            entry(&sample::faulty(), "The faulty system", "faulty/report.html"),
        ],
    }])
    .expect("the index renders")
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for sample in sample::all() {
        for format in Format::ALL {
            assert_eq!(
                made(*format, &sample),
                made(*format, &sample),
                "{}",
                sample.name
            );
        }
    }
    assert_eq!(demo_index(), demo_index());
}

#[test]
fn a_mock_is_marked_in_every_format_and_a_real_target_in_none() {
    let words = "says nothing about a real product";
    for format in Format::ALL {
        assert!(
            made(*format, &sample::faulty()).contains(words),
            "{format:?}"
        );
        assert!(
            !made(*format, &sample::real()).contains(words),
            "{format:?}"
        );
    }
    assert!(demo_index().contains("say nothing about a real product"));
    let page = html(&sample::faulty());
    assert!(page.contains("<title>Mock system. "));
    assert!(
        page.contains("content:\"Mock system\\00002e "),
        "the printed page is marked too"
    );
}

#[test]
fn pages_load_nothing_and_run_nothing() {
    let mut pages: Vec<String> = sample::all().iter().map(html).collect();
    pages.push(demo_index());
    for page in pages {
        for bad in [
            "<script", " src=", "<link", "@import", "url(http", "<iframe", "<img", "<object",
        ] {
            assert!(!page.contains(bad), "{bad}");
        }
        for href in page.split("href=\"").skip(1) {
            let href = href.split('"').next().unwrap_or_default();
            let good = ["https://", "http://", "#", "good/", "faulty/"];
            assert!(good.iter().any(|g| href.starts_with(g)), "{href}");
        }
    }
}

#[test]
fn what_a_target_sends_is_escaped() {
    let page = html(&sample::hostile());
    for bad in ["<script", "javascript:", "<b>", "</style><", "onload=\""] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert!(page.contains("&lt;script&gt;"));
    let style_blocks = page.matches("</style>").count();
    assert_eq!(
        style_blocks, 2,
        "the name of a product cannot end the style"
    );
}

/// Levels of headings in order.
fn headings(page: &str) -> Vec<u32> {
    page.match_indices("<h")
        .filter_map(|(at, _)| {
            let level = *page.as_bytes().get(at + 2)?;
            let after = *page.as_bytes().get(at + 3)?;
            (level.is_ascii_digit() && matches!(after, b'>' | b' '))
                .then(|| u32::from(level - b'0'))
        })
        .collect()
}

#[test]
fn headings_are_in_order_and_ids_are_unique() {
    let mut pages: Vec<String> = sample::all().iter().map(html).collect();
    pages.push(demo_index());
    for page in pages {
        let levels = headings(&page);
        assert_eq!(levels.iter().filter(|l| **l == 1).count(), 1);
        assert_eq!(levels.first(), Some(&1));
        assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1), "{levels:?}");
        let mut ids: Vec<&str> = page
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id is used twice");
        for href in page.split("href=\"#").skip(1) {
            let id = href.split('"').next().unwrap_or_default();
            assert!(ids.binary_search(&id).is_ok(), "#{id} leads nowhere");
        }
    }
}

#[test]
fn the_json_report_keeps_to_its_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../schema/report-1.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for sample in sample::all() {
        let report: serde_json::Value =
            serde_json::from_str(&made(Format::Json, &sample)).expect("JSON");
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .take(5)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", sample.name);
    }
}

/// How long this thread has been at work, as Linux counts it.
fn busy() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

#[test]
fn two_thousand_rules_render_in_two_seconds() {
    let sample = sample::large();
    let (start, busy_before) = (Instant::now(), busy());
    let page = html(&sample);
    // Other work on the machine says nothing about ours, so its share is left out where it is known.
    let took = match (busy_before, busy()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => start.elapsed(),
    };
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(page.contains("2,000"));
}

/// Notes how long the longest piece was; fails when there is no more room.
struct Pieces {
    longest: usize,
    room: usize,
}

impl std::io::Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.longest = self.longest.max(piece.len());
        let left = self.room.checked_sub(piece.len());
        self.room = left.ok_or_else(|| std::io::Error::other("the disk is full"))?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_long_report_is_written_in_short_pieces() {
    let sample = sample::large();
    let input = ReportInput {
        record: &sample.record,
        scorecard: &sample.scorecard,
        titles: &sample.titles,
    };
    for format in [Format::Html, Format::Json, Format::Verdicts] {
        let (longest, room) = (0, usize::MAX);
        let mut pieces = Pieces { longest, room };
        write(format, &input, &mut pieces).expect("there is room");
        let written = usize::MAX - pieces.room;
        assert!(written > 500_000 && pieces.longest < 40_000, "{format:?}");
    }
    for format in Format::ALL {
        let (longest, room) = (0, 30_000);
        let full = write(*format, &input, &mut Pieces { longest, room });
        let error = full.expect_err("there is no room");
        assert!(
            matches!(error, ReportError::Write(_)),
            "{format:?}: {error}"
        );
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
}

/// The opening tag of each group of rules.
fn groups(page: &str) -> Vec<&str> {
    page.split("<details class=\"data capability\"")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect()
}

#[test]
fn a_long_list_of_rules_is_folded_by_capability_and_a_short_one_is_open() {
    let (grown, good) = (sample::grown(), sample::good());
    let (long, short) = (html(&grown), html(&good));
    assert_eq!(groups(&long).len(), grown.titles.len());
    assert!(groups(&long).iter().all(|tag| tag.is_empty()));
    assert!(groups(&short).iter().all(|tag| *tag == " open"));
    // Of many failures the first are shown in full; each keeps its heading.
    let folded = long
        .matches("<article class=\"card concern folded\"")
        .count();
    let cards = long.matches("<article class=\"card concern").count();
    assert_eq!(cards - folded, 5 + 3, "failures and warnings");
    assert!(folded > 5);
    assert!(!short.contains(" folded\""));
    // What is folded on screen is printed.
    assert!(long.contains("@media print") && long.contains(".data::details-content"));
}

#[test]
fn capabilities_have_the_titles_of_the_pack_or_else_a_readable_id() {
    let page = html(&sample::grown());
    for title in sample::grown().titles.values() {
        assert!(page.contains(&format!(">{title}</h3>")), "{title}");
    }
    assert!(page.contains("The declared scope leaves out: medicines the patient says they take."));
    let page = html(&sample::good());
    assert!(page.contains(">Allergies</h3>") && page.contains(">Patient index</h3>"));
    assert!(!page.contains("Clinical allergy intolerance"));
}

#[test]
fn large_bodies_are_cut_on_the_page() {
    let page = html(&sample::faulty());
    assert!(page.contains("Shortened to 4,000 characters"));
}

#[test]
fn json_of_a_faulty_run() {
    insta::assert_snapshot!("faulty_json", made(Format::Json, &sample::faulty()));
}

/// The visible text of every block of a page, without its style; cells of a row stay together.
fn blocks(page: &str) -> Vec<String> {
    let body = page
        .split_once("<body>")
        .map_or(page, |(_, body)| body)
        .replace("</style>", "");
    let ends = [
        "h1",
        "h2",
        "h3",
        "p",
        "li",
        "tr",
        "dl",
        "div",
        "figcaption",
        "summary",
        "title",
        "desc",
        "text",
        "pre",
    ];
    let mut blocks = Vec::new();
    let mut block = String::new();
    for part in body.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap_or_default();
        if ends.contains(&name) {
            blocks.push(std::mem::take(&mut block));
        }
        block.push(' ');
        block.push_str(text);
    }
    blocks.push(block);
    blocks
}

/// "4 of 7", but not "59.3 of 100", which is a score.
fn has_counts(words: &[&str]) -> bool {
    let number = |w: &str| w.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    words.windows(3).any(|w| {
        let (part, whole) = (number(w[0]), number(w[2]));
        let counts = |n: &str| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit() || c == ',');
        w[1] == "of" && counts(&part) && counts(&whole) && whole != "100"
    })
}

/// Blocks that show a percentage or a score without the counts it is made from.
fn bare_percentages(page: &str) -> Vec<String> {
    let digit = |w: &str| w.chars().next().is_some_and(|c| c.is_ascii_digit());
    blocks(page)
        .into_iter()
        .filter(|block| {
            let words: Vec<&str> = block.split_whitespace().collect();
            let percentage = words
                .iter()
                .any(|w| digit(w) && (w.contains('%') || w.contains("per cent")));
            let score = words.windows(3).any(|w| {
                digit(w[0]) && w[1] == "of" && w[2].trim_end_matches([':', ',', '.', ';']) == "100"
            });
            (percentage || score) && !has_counts(&words)
        })
        .collect()
}

#[test]
fn every_percentage_shows_its_counts() {
    for bad in [
        "<body><p>59.3 of 100</p><p>4 of 7</p>",
        "<body><p>about 80% pass</p>",
    ] {
        assert_eq!(bare_percentages(bad).len(), 1, "the search finds: {bad}");
    }
    for good in [
        "<body><p>59.3 of 100, 4 of 7 rules</p>",
        "<body><p>4 of 7</p>",
    ] {
        assert!(bare_percentages(good).is_empty(), "{good}");
    }
    let mut scores = 0;
    for sample in sample::all() {
        let page = html(&sample);
        scores += page.matches(" of 100").count();
        assert_eq!(bare_percentages(&page), [""; 0], "{}", sample.name);
        // Tables of shares hold their counts in the same row.
        for head in page.split("<thead>").skip(1) {
            let head = head.split("</thead>").next().unwrap_or_default();
            if head.contains("Share") {
                assert!(
                    head.contains(">Pass<") && head.contains(">Tested<"),
                    "{head}"
                );
            }
        }
        // A bar of the domains is drawn with its counts.
        let bars = page.split("id=\"domains-chart-desc\">").nth(1);
        let described = bars.and_then(|rest| rest.split("</desc>").next());
        for bar in described.into_iter().filter_map(|d| d.split(". ").nth(1)) {
            for part in bar.split(';').filter(|part| !part.contains("undecided")) {
                assert!(part.contains(" of "), "{part}");
            }
        }
    }
    assert!(scores > 10, "the samples show scores: {scores}");
}

#[test]
fn the_notice_about_a_mock_is_said_once_before_the_method() {
    let page = html(&sample::faulty());
    let read = page.split("id=\"method\"").next().unwrap_or_default();
    let read = read.split("<body>").nth(1).unwrap_or_default();
    assert_eq!(read.matches("says nothing about a real product").count(), 1);
}

/// Headings, table captions and figures of a page, one a line.
fn digest(page: &str) -> String {
    let mut lines = Vec::new();
    for tag in ["title", "h1", "h2", "h3"] {
        for part in page.split(&format!("<{tag}")).skip(1) {
            let Some((_, rest)) = part.split_once('>') else {
                continue;
            };
            let text = rest.split("</").next().unwrap_or_default();
            lines.push(format!("{tag}: {text}"));
        }
    }
    for part in page.split("<dd class=\"value\">").skip(1) {
        lines.push(format!(
            "figure: {}",
            part.split("</").next().unwrap_or_default()
        ));
    }
    lines.join("\n")
}

#[test]
fn what_the_pages_say_at_a_glance() {
    let text: Vec<String> = sample::all()
        .iter()
        .filter(|s| !["large", "grown"].contains(&s.name))
        .map(|s| format!("== {}\n{}", s.name, digest(&html(s))))
        .collect();
    insta::assert_snapshot!("digest", text.join("\n\n"));
}

#[test]
fn samples_cover_every_status() {
    let mut seen: Vec<RunStatus> = sample::all().iter().map(|s| s.scorecard.status).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), RunStatus::ALL.len());
}

#[test]
#[ignore = "writes pages to look at; set PLUMBLINE_SHOTS to a folder"]
fn writes_pages_to_look_at() {
    let folder = std::env::var("PLUMBLINE_SHOTS").expect("PLUMBLINE_SHOTS names a folder");
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    for sample in sample::all() {
        for format in Format::ALL {
            let ending = format
                .file_name()
                .split_once('.')
                .map_or("", |(_, end)| end);
            let path = folder.join(format!("{}.{ending}", sample.name));
            std::fs::write(path, made(*format, &sample)).expect("the page can be written");
        }
    }
    std::fs::write(folder.join("index.html"), demo_index()).expect("the index can be written");
}
