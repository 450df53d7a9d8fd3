//! A figure: the title that states the finding, the drawing, its key, the table behind it, and the table as CSV.
//! Not for what is drawn: `charts` draws.

use crate::charts::Stamp;
use crate::view::marks::Mark;
use handlebars::html_escape;
use serde::{Serialize, Serializer};
use std::fmt::Write as _;

/// A chart, or a map in the form of a table, with everything around it.
#[derive(Serialize)]
pub(crate) struct Figure {
    pub(crate) id: String,
    /// Whether the heading is of the third level: one of several under a heading.
    pub(crate) inner: bool,
    /// The finding.
    pub(crate) title: String,
    /// What is shown, n, date, source, which way is better.
    pub(crate) caption: String,
    /// Empty where the table is the figure.
    pub(crate) svg: String,
    /// What replaces the drawing on a narrow screen: "" for the drawing itself, "as-table" for the table.
    pub(crate) narrow: &'static str,
    pub(crate) key: Vec<Mark>,
    /// Icons with their words, beside the title.
    pub(crate) icons: Vec<Icon>,
    pub(crate) notes: Vec<String>,
    pub(crate) table: Table,
}

/// An icon and what it says.
#[derive(Serialize)]
pub(crate) struct Icon {
    pub(crate) svg: String,
    pub(crate) words: &'static str,
}

/// A table: the first cell of a row names it.
#[derive(Serialize, Default)]
pub(crate) struct Table {
    /// What it is called where it is folded.
    pub(crate) name: String,
    pub(crate) heads: Vec<Head>,
    /// Written as HTML for the template: a site has more than a million cells.
    #[serde(serialize_with = "html")]
    pub(crate) rows: Vec<Row>,
    /// A long table is not printed; the CSV has it.
    pub(crate) long: bool,
}

/// The head of a column.
#[derive(Serialize)]
pub(crate) struct Head {
    pub(crate) text: String,
    /// "number" or nothing.
    pub(crate) class: &'static str,
}

/// One row.
pub(crate) struct Row {
    pub(crate) name: Cell,
    pub(crate) cells: Vec<Cell>,
    /// "own" for the organisation of the page.
    pub(crate) class: &'static str,
}

/// One cell.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) href: Option<String>,
    pub(crate) mark: Option<Mark>,
    pub(crate) class: &'static str,
}

/// Tables longer than this are not printed.
const PRINTED_ROWS: usize = 16;

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A figure, to the right.
    pub(crate) fn number(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            class: "number",
            ..Self::default()
        }
    }

    pub(crate) fn link(text: impl Into<String>, href: Option<String>) -> Self {
        Self {
            text: text.into(),
            href,
            ..Self::default()
        }
    }

    pub(crate) fn marked(mark: Mark) -> Self {
        Self {
            mark: Some(mark),
            ..Self::default()
        }
    }

    fn write(&self, out: &mut String) {
        match (&self.mark, &self.href) {
            (Some(mark), _) => {
                let _ = write!(
                    out,
                    "<span class=\"mark {}\"><svg aria-hidden=\"true\" focusable=\"false\">\
                     <use href=\"#{}\"/></svg>{}</span>",
                    mark.tone,
                    mark.shape,
                    html_escape(&mark.word)
                );
            }
            (None, Some(href)) => {
                let (href, text) = (html_escape(href), html_escape(&self.text));
                let _ = write!(out, "<a href=\"{href}\">{text}</a>");
            }
            (None, None) => out.push_str(&html_escape(&self.text)),
        }
    }

    /// What a machine reads.
    fn plain(&self) -> String {
        match &self.mark {
            Some(mark) => mark.word.clone(),
            None => self.text.clone(),
        }
    }
}

/// The rows of a table body, one a line.
fn html<S: Serializer>(rows: &[Row], to: S) -> Result<S::Ok, S::Error> {
    let mut out = String::new();
    let classed = |out: &mut String, tag: &str, class: &str| {
        out.push_str(tag);
        if !class.is_empty() {
            let _ = write!(out, " class=\"{class}\"");
        }
        out.push('>');
    };
    for row in rows {
        classed(&mut out, "<tr", row.class);
        out.push_str("<th scope=\"row\">");
        row.name.write(&mut out);
        out.push_str("</th>");
        for cell in &row.cells {
            classed(&mut out, "<td", cell.class);
            cell.write(&mut out);
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    to.serialize_str(&out)
}

impl Row {
    pub(crate) fn new(name: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self {
            name: Cell::text(name),
            cells,
            class: "",
        }
    }
}

impl Table {
    /// `heads` with "#" before those of figures.
    pub(crate) fn new(name: impl Into<String>, heads: &[&str], rows: Vec<Row>) -> Self {
        Self {
            name: name.into(),
            heads: heads
                .iter()
                .map(|head| match head.strip_prefix('#') {
                    Some(head) => Head {
                        text: head.to_owned(),
                        class: "number",
                    },
                    None => Head {
                        text: (*head).to_owned(),
                        class: "",
                    },
                })
                .collect(),
            long: rows.len() > PRINTED_ROWS,
            rows,
        }
    }
}

impl Figure {
    /// The drawing with its table; the rest is added by the page.
    pub(crate) fn new(id: &str, title: String, caption: String, svg: String, table: Table) -> Self {
        Self {
            id: id.to_owned(),
            inner: false,
            title,
            caption,
            svg,
            narrow: "",
            key: Vec::new(),
            icons: Vec::new(),
            notes: Vec::new(),
            table,
        }
    }
}

/// The head of every CSV.
const CSV_HEAD: &str = "figure,item,measure,value\n";

/// The tables of a page as one CSV: one value a line.
#[derive(Default)]
pub(crate) struct Csv(String);

impl Csv {
    pub(crate) fn add(&mut self, figure: &str, table: &Table) {
        for row in &table.rows {
            let item = row.name.plain();
            for (head, cell) in table.heads.iter().skip(1).zip(&row.cells) {
                let fields = [figure, &item, &head.text, &cell.plain()].map(field);
                self.0.push_str(&fields.join(","));
                self.0.push('\n');
            }
        }
    }

    /// The whole file; what is invented says so in its first line of values.
    pub(crate) fn finish(self, stamp: Stamp) -> String {
        let notice = stamp
            .words()
            .map_or(String::new(), |words| format!("notice,all,,{words}\n"));
        format!("{CSV_HEAD}{notice}{}", self.0)
    }
}

/// Quoted where it must be; never what a spreadsheet takes for a formula.
fn field(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if risky {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_are_no_formulas() {
        assert_eq!(field("1,902 of 2,160"), "\"1,902 of 2,160\"");
        assert_eq!(field("a \"b\""), "\"a \"\"b\"\"\"");
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("-0.5"), "-0.5");
        assert_eq!(field("-cmd"), "'-cmd");
    }

    #[test]
    fn cells_are_escaped() {
        let cell = Cell::link("<b>", Some("\"x".to_owned()));
        let table = Table::new("T", &["A", "B"], vec![Row::new("a & b", vec![cell])]);
        let json = serde_json::to_value(&table).expect("JSON");
        let rows = json["rows"].as_str().expect("HTML");
        assert!(
            rows.contains("a &amp; b") && rows.contains("&lt;b&gt;"),
            "{rows}"
        );
        assert!(rows.contains("href=\"&quot;x\""), "{rows}");
    }

    #[test]
    fn a_table_becomes_one_value_a_line() {
        let table = Table::new(
            "Figures",
            &["Domain", "#Kept"],
            vec![Row::new("Identity", vec![Cell::number("12")])],
        );
        let mut csv = Csv::default();
        csv.add("domains", &table);
        assert_eq!(
            csv.finish(Stamp::Synthetic),
            "figure,item,measure,value\nnotice,all,,SYNTHETIC DATA\ndomains,Identity,Kept,12\n"
        );
    }
}
