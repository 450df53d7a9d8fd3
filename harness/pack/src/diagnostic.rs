//! A mistake in a text: where it is, what is wrong, and what to do.
//! Not for what a target did wrong: that is a finding.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// Whether the text can be used in spite of the mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiagnosticKind {
    /// It cannot.
    Error,
    /// It can.
    Warning,
}

/// Whether the line of the file may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Echo {
    /// It may.
    Line,
    /// It may hold a secret and is never shown.
    Never,
}

/// One mistake. Ordered by file and place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Error or warning.
    pub severity: DiagnosticKind,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// Byte range in the file's text without its byte-order mark.
    pub span: (usize, usize),
    /// Whether the line may be shown.
    pub echo: Echo,
}

impl Diagnostic {
    /// The byte range as a range.
    pub fn range(&self) -> Range<usize> {
        self.span.0..self.span.1
    }
}

/// Every mistake that was found, sorted and each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub(crate) fn new(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort();
        diagnostics.dedup();
        Self { diagnostics }
    }

    /// The mistakes by file and place.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether there is an error, and not only warnings.
    pub fn has_errors(&self) -> bool {
        self.count(DiagnosticKind::Error) > 0
    }

    /// How many there are of a kind.
    pub fn count(&self, kind: DiagnosticKind) -> usize {
        self.diagnostics
            .iter()
            .filter(|d| d.severity == kind)
            .count()
    }

    /// The mistakes as rustc shows them. `source` gives a file's text without its byte-order mark;
    /// a file that may hold a secret is named by place only, whatever `source` gives.
    pub fn render(&self, source: &dyn Fn(&str) -> Option<String>, colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut out = String::new();
        for diagnostic in &self.diagnostics {
            let text = match diagnostic.echo {
                Echo::Line => source(&diagnostic.file),
                Echo::Never => None,
            };
            out.push_str(&render_one(&renderer, diagnostic, text.as_deref()));
            out.push_str("\n\n");
        }
        out
    }
}

fn render_one(renderer: &Renderer, diagnostic: &Diagnostic, text: Option<&str>) -> String {
    let level = match diagnostic.severity {
        DiagnosticKind::Error => Level::ERROR,
        DiagnosticKind::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.cause.as_str());
    let group = match text.filter(|t| t.get(diagnostic.range()).is_some()) {
        Some(text) => title.element(
            Snippet::source(text)
                .path(diagnostic.file.as_str())
                .annotation(AnnotationKind::Primary.span(diagnostic.range())),
        ),
        None => title.element(
            annotate_snippets::Origin::path(diagnostic.file.as_str())
                .line(diagnostic.line as usize)
                .char_column(diagnostic.column as usize),
        ),
    };
    renderer.render(&[group.element(Level::HELP.message(diagnostic.fix.as_str()))])
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for d in &self.diagnostics {
            let word = match d.severity {
                DiagnosticKind::Error => "error",
                DiagnosticKind::Warning => "warning",
            };
            writeln!(
                f,
                "{}:{}:{}: {word}: {}; {}",
                d.file, d.line, d.column, d.cause, d.fix
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}
