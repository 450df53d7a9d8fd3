//! A run of text between two tags: plain text, references and CDATA sections become one node.
//! Not for text in attributes: tag.rs.

use crate::arena::small;

/// The run that is being read. Comments and processing instructions do not end it.
#[derive(Debug, Default)]
pub(super) struct Run {
    begun: bool,
    start: usize,
    end: usize,
    /// Whether there is more to it than white space written as such.
    solid: bool,
    /// Where its text starts in `Arena::unescaped`, if what is written differs from it.
    unescaped_from: Option<usize>,
}

/// A run that is worth a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finished {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Start and length in `Arena::unescaped`.
    pub(super) unescaped: Option<(u32, u32)>,
}

impl Run {
    /// Plain text as written, `blank` if that is white space only.
    pub(super) fn plain(
        &mut self,
        source: &str,
        written: (usize, usize),
        blank: bool,
        unescaped: &mut String,
    ) {
        let is_first = self.extend(source, written.0, written.1, unescaped);
        self.solid |= !blank;
        if !is_first {
            let text = source.get(written.0..written.1).unwrap_or_default();
            push_lines(text, unescaped);
        }
    }

    /// What is written from `from` to `to` stands for `text`, line breaks of which count as
    /// written plainly.
    pub(super) fn section(
        &mut self,
        source: &str,
        written: (usize, usize),
        text: &str,
        unescaped: &mut String,
    ) {
        if self.extend(source, written.0, written.1, unescaped) {
            self.unescaped_from = Some(unescaped.len());
        }
        self.solid |= !text.is_empty();
        push_lines(text, unescaped);
    }

    /// What is written from `from` to `to` stands for `c`, whatever it is.
    pub(super) fn character(
        &mut self,
        source: &str,
        written: (usize, usize),
        c: char,
        unescaped: &mut String,
    ) {
        if self.extend(source, written.0, written.1, unescaped) {
            self.unescaped_from = Some(unescaped.len());
        }
        self.solid = true;
        unescaped.push(c);
    }

    /// Takes in a further piece. True if it is the first; otherwise the text of the run is in
    /// `unescaped` from now on.
    fn extend(&mut self, source: &str, from: usize, to: usize, unescaped: &mut String) -> bool {
        if !self.begun {
            *self = Self {
                begun: true,
                start: from,
                end: to,
                ..Self::default()
            };
            return true;
        }
        if self.unescaped_from.is_none() {
            self.unescaped_from = Some(unescaped.len());
            push_lines(
                source.get(self.start..self.end).unwrap_or_default(),
                unescaped,
            );
        }
        self.end = to;
        false
    }

    /// Ends the run at a tag. `None` if there was nothing but white space.
    pub(super) fn finish(&mut self, source: &str, unescaped: &mut String) -> Option<Finished> {
        if !self.begun {
            return None;
        }
        let run = std::mem::take(self);
        if !run.solid {
            if let Some(from) = run.unescaped_from {
                unescaped.truncate(from);
            }
            return None;
        }
        let written = source.get(run.start..run.end).unwrap_or_default();
        let from = match run.unescaped_from {
            None if written.contains('\r') => {
                let from = unescaped.len();
                push_lines(written, unescaped);
                Some(from)
            }
            other => other,
        };
        Some(Finished {
            start: small(run.start),
            end: small(run.end),
            unescaped: from.map(|from| (small(from), small(unescaped.len() - from))),
        })
    }
}

/// Every line break becomes a line feed, as XML demands.
fn push_lines(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\r') {
        out.push_str(line);
        out.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    out.push_str(rest);
}
