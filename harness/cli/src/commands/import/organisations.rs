//! Organisations from CSV. Not for storing them.

use super::table::Table;
use crate::failure::Failure;
use plumbline_benchmark::{Organisation, OrganisationCode};
use std::collections::BTreeMap;
use std::path::Path;

/// Columns and the other names that they may have.
const COLUMNS: [&[&str]; 8] = [
    &["ods code", "organisation code", "code"],
    &["name", "organisation name"],
    &["type", "organisation type"],
    &["region"],
    &["icb", "integrated care board"],
    &["size", "size band"],
    &["epr supplier"],
    &["epr version"],
];
/// The first of these may not be empty.
const NEEDED: usize = 3;

pub(super) fn read(path: &Path) -> Result<Vec<Organisation>, Failure> {
    organisations(Table::read(path)?)
}

fn organisations(mut table: Table) -> Result<Vec<Organisation>, Failure> {
    let places: Vec<usize> = COLUMNS.iter().map(|names| table.wanted(names)).collect();
    table.refuse_others(
        &places,
        "ODS code, name, type, region, ICB, size, EPR supplier and EPR version",
    );
    if table.rows.is_empty() {
        table.mistake(
            1,
            "there is no organisation below the heads",
            "give one line for each",
        );
    }
    table.checked()?;
    let mut lines: BTreeMap<OrganisationCode, u64> = BTreeMap::new();
    let mut found = Vec::new();
    for row in std::mem::take(&mut table.rows) {
        let cell = |number: usize| row.cell(places[number]);
        for (number, names) in COLUMNS.iter().enumerate().take(NEEDED) {
            if cell(number).is_empty() {
                let what = format!("`{}` is empty", names[0]);
                table.mistake(
                    row.line,
                    &what,
                    "every organisation has a code, a name and a type",
                );
            }
        }
        no_person(&mut table, row.line, cell(1));
        let Some(code) = OrganisationCode::new(cell(0)) else {
            if !cell(0).is_empty() {
                table.mistake(
                    row.line,
                    &format!("`{}` does not have the shape of an ODS code", cell(0)),
                    "an ODS code is two to ten capital letters and digits",
                );
            }
            continue;
        };
        if let Some(first) = lines.get(&code) {
            let what = format!("the ODS code {code} is there twice, first on line {first}");
            table.mistake(row.line, &what, "keep one line for each organisation");
        }
        lines.entry(code.clone()).or_insert(row.line);
        found.push(Organisation {
            code,
            name: cell(1).to_owned(),
            organisation_type: cell(2).to_owned(),
            region: cell(3).to_owned(),
            icb: cell(4).to_owned(),
            size: cell(5).to_owned(),
            epr_supplier: cell(6).to_owned(),
            epr_version: cell(7).to_owned(),
        });
    }
    table.checked()?;
    Ok(found)
}

/// Refuses a name that holds what could identify a person: it would stand on every page.
fn no_person(table: &mut Table, line: u64, name: &str) {
    if plumbline_inspect::refuse_identifiers_in("name", name).is_err() {
        let what = "`name` holds what looks like a number or an address of a person";
        table.mistake(line, what, "give the name of the organisation only");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "ODS code,Name,Type,Region,ICB,Size,EPR supplier,EPR version\n";

    fn read_text(text: &str) -> Result<Vec<Organisation>, String> {
        Table::parse("o.csv".to_owned(), text.as_bytes())
            .and_then(organisations)
            .map_err(|failure| failure.message)
    }

    #[test]
    fn a_spreadsheet_with_a_mark_other_names_and_blank_lines_is_read() {
        let text = "\u{feff}organisation_name,CODE,organisation type,region,Integrated Care Board,\
                    size-band,EPR  Supplier,epr version,\r\n\
                    \"Quillmere, Trust\",ZZ001, Acute ,Fern,Fern 1,Large,Riverside,4.2,\r\n\r\n,,,,,,,,\r\n\
                    Tansyfold Trust,ZZ002,Community,,,,,,\r\n";
        let found = read_text(text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].name, "Quillmere, Trust");
        assert_eq!(found[0].organisation_type, "Acute");
        assert_eq!(found[0].icb, "Fern 1");
        assert_eq!(found[1].region, "");
    }

    #[test]
    fn mistakes_are_told_with_their_lines() {
        for (text, expected) in [
            ("", "o.csv: the file is empty"),
            (HEAD, "o.csv:1: there is no organisation"),
            (
                "ODS code,Name,Type,Region,ICB,Size,EPR supplier\nZZ1,a,b,c,d,e,f\n",
                "o.csv:1: the column `epr version` is missing",
            ),
            (
                &HEAD.replace("Size", "Sise"),
                "o.csv:1: the column `size` is missing",
            ),
            (
                &HEAD.replace("Size", "Size,Colour"),
                "o.csv:1: the column `colour` is not known",
            ),
            (
                &HEAD.replace("Size", "Size,size"),
                "o.csv:1: the column `size` is there twice",
            ),
            (
                &format!("{HEAD}zz001,a,b,c,d,e,f,g\n"),
                "o.csv:2: `zz001` does not have the shape",
            ),
            (
                &format!("{HEAD}ZZ001,a,b,c,d,e,f,g\nZZ-2,a,b,c,d,e,f,g\n"),
                "o.csv:3: `ZZ-2`",
            ),
            (
                &format!("{HEAD}ZZ001,a,b,c,d,e,f,g\n\nZZ001,x,b,c,d,e,f,g\n"),
                "o.csv:4: the ODS code ZZ001 is there twice, first on line 2",
            ),
            (
                &format!("{HEAD}ZZ001,,b,c,d,e,f,g\n"),
                "o.csv:2: `name` is empty",
            ),
            (
                &format!("{HEAD}ZZ001,a,b,c,d,e,f,g,h\n"),
                "o.csv:2: there are 9 cells and 8 columns",
            ),
        ] {
            let message = read_text(text).unwrap_err();
            assert!(message.contains(expected), "{message}");
            assert!(
                text.is_empty() || message.ends_with("nothing was imported"),
                "{message}"
            );
        }
        let latin = Table::parse("o.csv".to_owned(), b"ODS code,N\xE9\n").unwrap_err();
        assert!(latin.message.contains("not UTF-8"), "{}", latin.message);
        let many = "z1,a,b,c,d,e,f,g\n".repeat(30);
        let message = read_text(&format!("{HEAD}{many}")).unwrap_err();
        assert!(message.contains("and 10 more"), "{message}");
    }
}
