//! The lines of a text of facts: numbers, depth and words. Not for what the words mean.

use super::error::DefinitionsError;
use super::facts::Text;
use super::rows::Line;

/// One line that holds facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextLine {
    /// The file.
    name: &'static str,
    /// Where it is.
    pub(super) place: Line,
    /// How deep it stands: two spaces each.
    pub(super) depth: usize,
    /// The rest.
    pub(super) text: &'static str,
}

/// The lines of a text but comments. `file` is the number of the text.
pub(super) fn lines(
    text: Text,
    file: usize,
) -> impl Iterator<Item = Result<TextLine, DefinitionsError>> {
    text.text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#'))
        .map(move |(index, line)| {
            let rest = line.trim_start_matches(' ');
            let indent = line.len() - rest.len();
            let line = TextLine {
                name: text.name,
                place: Line {
                    file,
                    number: index + 1,
                },
                depth: indent / 2,
                text: rest,
            };
            if rest.is_empty() || rest.ends_with([' ', '\t', '\r']) {
                return Err(line.error("empty, or white space at the end"));
            }
            if indent % 2 != 0 {
                return Err(line.error("an odd number of spaces at the start"));
            }
            Ok(line)
        })
}

impl TextLine {
    /// This line is wrong.
    pub(super) fn error(&self, problem: impl Into<String>) -> DefinitionsError {
        DefinitionsError {
            file: self.name,
            line: self.place.number,
            problem: problem.into(),
        }
    }

    /// The words, which one space each divides.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> {
        self.text.split(' ')
    }

    /// Before and after the first space.
    pub(super) fn first_word(&self) -> Result<(&'static str, &'static str), DefinitionsError> {
        self.text
            .split_once(' ')
            .ok_or_else(|| self.error(format!("`{}` stands alone", self.text)))
    }
}
