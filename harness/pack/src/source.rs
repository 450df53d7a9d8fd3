//! A text under lint: finds line and column, and collects what is wrong.
//! Not for showing mistakes: see [`crate::diagnostic`].

use crate::diagnostic::{Diagnostic, DiagnosticKind, Echo};
use std::cell::RefCell;
use std::ops::Range;

/// Where mistakes are collected.
#[derive(Debug, Default)]
pub(crate) struct Sink(RefCell<Vec<Diagnostic>>);

impl Sink {
    pub(crate) fn push(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.0.into_inner()
    }

    /// A mistake about a file that is not there.
    pub(crate) fn missing_file(&self, path: &str, cause: &str, fix: &str) {
        self.push(Diagnostic {
            file: path.to_owned(),
            line: 1,
            column: 1,
            severity: DiagnosticKind::Error,
            cause: cause.to_owned(),
            fix: fix.to_owned(),
            span: (0, 0),
            echo: Echo::Line,
        });
    }
}

/// One text, without its byte-order mark, with the sink for its mistakes.
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    echo: Echo,
    line_starts: Vec<usize>,
    sink: &'a Sink,
}

impl<'a> Source<'a> {
    /// Takes a file's bytes; what is not UTF-8 is reported and gives `None`.
    pub(crate) fn new(path: &'a str, bytes: &'a [u8], echo: Echo, sink: &'a Sink) -> Option<Self> {
        let (good, fault) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, false),
            Err(error) => (
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
                true,
            ),
        };
        let text = good.strip_prefix('\u{feff}').unwrap_or(good);
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let source = Self {
            path,
            text,
            echo,
            line_starts,
            sink,
        };
        if fault {
            source.error(
                text.len()..text.len(),
                "the file is not UTF-8 from here on",
                "save it as UTF-8",
            );
            return None;
        }
        Some(source)
    }

    /// Whether an error in this text was found already.
    pub(crate) fn has_errors(&self) -> bool {
        let found = self.sink.0.borrow();
        found
            .iter()
            .any(|d| d.severity == DiagnosticKind::Error && d.file == self.path)
    }

    /// Whether lines of this text may be shown.
    pub(crate) fn may_echo(&self) -> bool {
        matches!(self.echo, Echo::Line)
    }

    pub(crate) fn error(
        &self,
        range: Range<usize>,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.put(DiagnosticKind::Error, range, cause.into(), fix.into());
    }

    pub(crate) fn warning(
        &self,
        range: Range<usize>,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.put(DiagnosticKind::Warning, range, cause.into(), fix.into());
    }

    fn put(&self, severity: DiagnosticKind, range: Range<usize>, cause: String, fix: String) {
        let start = range.start.min(self.text.len());
        // A span that ends on its own line reads better than one that covers a whole table.
        let line_end = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |length| start + length);
        let end = range.end.clamp(start, line_end);
        let (line, column) = self.place(start);
        self.sink.push(Diagnostic {
            file: self.path.to_owned(),
            line,
            column,
            severity,
            cause,
            fix,
            span: (start, end),
            echo: self.echo,
        });
    }

    /// Line and column (in characters) of a byte, both from 1.
    pub(crate) fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        let before = self.text.get(self.line_starts[line]..offset).unwrap_or("");
        let number = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        (number(line), number(before.chars().count()))
    }

    /// Line of a byte, from 1.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.place(offset).0
    }

    /// The byte range of a line (from 1) without its surrounding white space.
    pub(crate) fn line_range(&self, line: u32) -> Range<usize> {
        let index = (line.max(1) as usize - 1).min(self.line_starts.len() - 1);
        let start = self.line_starts[index];
        let end = self
            .line_starts
            .get(index + 1)
            .map_or(self.text.len(), |next| next - 1);
        let whole = &self.text[start..end];
        let left = whole.len() - whole.trim_start().len();
        let trimmed = whole.trim();
        start + left..start + left + trimmed.len()
    }
}
