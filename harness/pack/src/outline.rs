//! Turns a scenario outline into one scenario per example row.

use crate::source::Source;
use gherkin::{Examples, Scenario};

/// One scenario of an outline, or a plain scenario as it is.
pub(crate) struct Expanded {
    pub(crate) scenario: Scenario,
    /// Row of the examples, from 1; `None` for a plain scenario.
    pub(crate) row: Option<usize>,
    /// Line of the row, or of the scenario.
    pub(crate) line: u32,
}

/// The scenarios that an outline stands for. `line` is that of its keyword.
pub(crate) fn expand(source: &Source<'_>, scenario: &Scenario, line: u32) -> Vec<Expanded> {
    if scenario.examples.is_empty() {
        if scenario.keyword != "Scenario" && scenario.keyword != "Example" {
            source.error(
                source.line_range(line),
                "the outline has no examples",
                "add `Examples:` with a table, or write `Scenario:`",
            );
        }
        return vec![Expanded {
            scenario: scenario.clone(),
            row: None,
            line,
        }];
    }
    let mut expanded = Vec::new();
    for examples in &scenario.examples {
        expand_block(source, scenario, examples, &mut expanded);
    }
    if expanded.is_empty() {
        source.error(
            source.line_range(line),
            "the outline has no example rows, so nothing would run",
            "add at least one row under the heading of `Examples:`",
        );
    }
    expanded
}

fn expand_block(
    source: &Source<'_>,
    scenario: &Scenario,
    examples: &Examples,
    expanded: &mut Vec<Expanded>,
) {
    let Some(table) = &examples.table else { return };
    let Some((columns, rows)) = table.rows.split_first() else {
        return;
    };
    let row_lines: Vec<u32> = row_lines(source, table.span.start);
    for (index, row) in rows.iter().enumerate() {
        let fill = |text: &str| {
            columns
                .iter()
                .zip(row)
                .fold(text.to_owned(), |text, (column, value)| {
                    text.replace(&format!("<{column}>"), value)
                })
        };
        let mut filled = scenario.clone();
        filled.examples = Vec::new();
        filled.tags.extend(examples.tags.iter().cloned());
        filled.name = fill(&filled.name);
        for step in &mut filled.steps {
            step.value = fill(&step.value);
            step.docstring = step.docstring.as_deref().map(fill);
            for cell in step
                .table
                .iter_mut()
                .flat_map(|t| t.rows.iter_mut().flatten())
            {
                *cell = fill(cell);
            }
        }
        expanded.push(Expanded {
            scenario: filled,
            row: Some(expanded.len() + 1),
            line: row_lines.get(index + 1).copied().unwrap_or(1),
        });
    }
}

/// Lines of the rows of the table that begins at a byte.
fn row_lines(source: &Source<'_>, start: usize) -> Vec<u32> {
    let mut lines = Vec::new();
    // The span may begin in the line before the table.
    for (line, text) in (source.line(start)..).zip(source.text[start..].lines()) {
        let text = text.trim();
        if text.starts_with('|') {
            lines.push(line);
        } else if !text.is_empty() && !text.starts_with('#') {
            break;
        }
    }
    lines
}

/// A placeholder that no column filled.
pub(crate) fn unfilled(text: &str) -> Option<&str> {
    let start = text.find('<')?;
    let end = start + text[start..].find('>')?;
    let inside = &text[start + 1..end];
    (!inside.is_empty() && !inside.contains(char::is_whitespace)).then_some(&text[start..=end])
}
