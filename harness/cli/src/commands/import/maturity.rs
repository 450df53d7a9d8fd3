//! Published digital maturity scores from CSV, as a baseline beside our results. Not for judging them.
//!
//! Files differ from year to year, so the mapping is liberal. The organisation is in a column named organisation,
//! org, ODS, trust or provider code, or code. The year is in year, assessment year, financial year or period (its first
//! four digits), or given with --maturity-year. Scores are either wide (each column whose head has the word score or
//! level is one pillar, and the other words are its name) or long (a column pillar, domain, dimension or theme beside
//! one column score, level or value). Other columns are passed over. Empty cells, -, *, n/a and "not available" have
//! no score.

use super::table::{Row, Table};
use crate::failure::Failure;
use plumbline_benchmark::{Finite, MaturityScore, OrganisationCode};
use std::collections::BTreeMap;
use std::path::Path;

const CODES: &[&str] = &[
    "organisation code",
    "org code",
    "ods code",
    "trust code",
    "provider code",
    "code",
];
const YEARS: &[&str] = &["year", "assessment year", "financial year", "period"];
const PILLARS: &[&str] = &["pillar", "domain", "dimension", "theme"];
const VALUES: &[&str] = &[
    "score",
    "level",
    "value",
    "maturity score",
    "maturity level",
];
const NO_SCORE: &[&str] = &["", "-", "*", "n/a", "na", "not available", "not applicable"];

pub(super) fn read(path: &Path, year: Option<u16>) -> Result<Vec<MaturityScore>, Failure> {
    scores(Table::read(path)?, year)
}

/// A column of scores, and where its pillar's name is.
struct ScoreColumn {
    place: usize,
    pillar: PillarName,
}

enum PillarName {
    Given(String),
    Column(usize),
}

/// A score and the line that it is on, by organisation, year and pillar.
type Found = BTreeMap<(OrganisationCode, u16, String), (u64, MaturityScore)>;

fn scores(mut table: Table, given: Option<u16>) -> Result<Vec<MaturityScore>, Failure> {
    let code_place = table.wanted(CODES);
    let year_place = table.found(YEARS);
    look_for_year(&mut table, year_place, given);
    let columns = score_columns(&table);
    if columns.is_empty() {
        let heads = table.heads.join("`, `");
        table.mistake(
            1,
            &format!("there is no column of scores among `{heads}`"),
            "the head of such a column has the word score or level in it",
        );
    }
    table.checked()?;
    let mut found = Found::new();
    for row in std::mem::take(&mut table.rows) {
        let Some(code) = OrganisationCode::new(row.cell(code_place)) else {
            let what = format!(
                "`{}` does not have the shape of an ODS code",
                row.cell(code_place)
            );
            table.mistake(
                row.line,
                &what,
                "an ODS code is two to ten capital letters and digits",
            );
            continue;
        };
        let year = year_place.map_or(given, |place| first_year(row.cell(place)));
        let Some(year) = year else {
            let what = "the year is not a number of four digits";
            table.mistake(row.line, what, "write it as 2025");
            continue;
        };
        for column in &columns {
            if let Err((what, help)) = take(&row, column, (&code, year), &mut found) {
                table.mistake(row.line, &what, help);
            }
        }
    }
    table.checked()?;
    Ok(found.into_values().map(|(_, score)| score).collect())
}

/// The year comes from the file or from the command, and never from both.
fn look_for_year(table: &mut Table, place: Option<usize>, given: Option<u16>) {
    match (place, given) {
        (None, None) => table.mistake(
            1,
            "there is no column for the year",
            "add a column `year`, or give it with --maturity-year",
        ),
        (Some(_), Some(_)) => table.mistake(
            1,
            "the file has a column for the year",
            "leave --maturity-year out",
        ),
        (Some(_), None) | (None, Some(_)) => {}
    }
}

/// Takes the score of one cell, if there is one; otherwise what is wrong and what helps.
fn take(
    row: &Row,
    column: &ScoreColumn,
    (code, year): (&OrganisationCode, u16),
    found: &mut Found,
) -> Result<(), (String, &'static str)> {
    let cell = row.cell(column.place);
    if NO_SCORE.contains(&cell.to_lowercase().as_str()) {
        return Ok(());
    }
    let score = cell.parse().ok().and_then(Finite::new).ok_or_else(|| {
        (
            format!("`{cell}` is not a score"),
            "write a number, or leave the cell empty",
        )
    })?;
    let pillar = match &column.pillar {
        PillarName::Given(name) => name.clone(),
        PillarName::Column(place) => pillar_name(row.cell(*place)),
    };
    let key = (code.clone(), year, pillar.clone());
    if let Some((first, _)) = found.get(&key) {
        return Err((
            format!("{pillar} of {code} in {year} is there twice, first on line {first}"),
            "keep one score for each",
        ));
    }
    let score = MaturityScore {
        code: code.clone(),
        year,
        pillar,
        score,
    };
    found.insert(key, (row.line, score));
    Ok(())
}

fn score_columns(table: &Table) -> Vec<ScoreColumn> {
    if let (Some(pillar), Some(place)) = (table.found(PILLARS), table.found(VALUES)) {
        return vec![ScoreColumn {
            place,
            pillar: PillarName::Column(pillar),
        }];
    }
    table
        .heads
        .iter()
        .enumerate()
        .filter(|(_, head)| head.split(' ').any(is_score_word))
        .map(|(place, head)| ScoreColumn {
            place,
            pillar: PillarName::Given(pillar_name(head)),
        })
        .collect()
}

fn is_score_word(word: &str) -> bool {
    ["score", "scores", "level", "levels"].contains(&word)
}

/// The name without the words that every column has; nothing left, or overall, is the score over all pillars.
fn pillar_name(text: &str) -> String {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| {
            !is_score_word(&word.to_lowercase()) && !word.eq_ignore_ascii_case("maturity")
        })
        .collect();
    let name = words.join(" ");
    if name.is_empty() || ["overall", "total"].contains(&name.to_lowercase().as_str()) {
        return MaturityScore::OVERALL.to_owned();
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// 2024 of `2024`, `2024/25` and `2024-25`.
fn first_year(text: &str) -> Option<u16> {
    let year = text.get(..4)?.parse().ok()?;
    let next = text[4..].chars().next();
    ((1990..=2100).contains(&year) && next.is_none_or(|letter| !letter.is_ascii_digit()))
        .then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, year: Option<u16>) -> Result<Vec<String>, String> {
        Table::parse("m.csv".to_owned(), text.as_bytes())
            .and_then(|table| scores(table, year))
            .map(|scores| {
                scores
                    .iter()
                    .map(|s| format!("{} {} {} {}", s.code, s.year, s.pillar, s.score.get()))
                    .collect()
            })
            .map_err(|failure| failure.message)
    }

    #[test]
    fn wide_and_long_files_say_the_same() {
        let wide = "\u{feff}Trust code,Trust name,Year,Overall score,Smart Foundations level\n\
                    ZZ001,Quillmere Trust,2024/25,2.5,3\nZZ002,Tansyfold Trust,2025,n/a,*\n";
        let long = "org_code,assessment year,pillar,value\n\
                    ZZ001,2024,smart foundations,3\nZZ001,2024,Overall,2.5\n";
        let expected = ["ZZ001 2024 Overall 2.5", "ZZ001 2024 Smart foundations 3"];
        assert_eq!(read_text(wide, None).unwrap(), expected);
        assert_eq!(read_text(long, None).unwrap(), expected);
        let without = "code,maturity score\nZZ001,2.5\n";
        assert_eq!(
            read_text(without, Some(2026)).unwrap(),
            ["ZZ001 2026 Overall 2.5"]
        );
    }

    #[test]
    fn mistakes_are_told_with_their_lines() {
        for (text, year, expected) in [
            (
                "name,year,score\nx,2025,1\n",
                None,
                "m.csv:1: the column `organisation code` is missing",
            ),
            ("code,score\nZZ001,1\n", None, "no column for the year"),
            (
                "code,year,score\nZZ001,2025,1\n",
                Some(2025),
                "leave --maturity-year out",
            ),
            (
                "code,year,name\nZZ001,2025,x\n",
                None,
                "no column of scores among `code`, `year`, `name`",
            ),
            ("code,year,score\nzz,2025,1\n", None, "m.csv:2: `zz`"),
            ("code,year,score\nZZ001,25,1\n", None, "m.csv:2: the year"),
            (
                "code,year,score\nZZ001,20255,1\n",
                None,
                "m.csv:2: the year",
            ),
            (
                "code,year,score\nZZ001,2025,good\n",
                None,
                "m.csv:2: `good` is not a score",
            ),
            (
                "code,year,score\nZZ001,2025,NaN\n",
                None,
                "m.csv:2: `NaN` is not a score",
            ),
            (
                "code,year,score\nZZ001,2025,1\nZZ001,2025,2\n",
                None,
                "m.csv:3: Overall of ZZ001 in 2025 is there twice, first on line 2",
            ),
        ] {
            let message = read_text(text, year).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
    }
}
