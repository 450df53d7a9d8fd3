//! Reads facts from text. What a line means is in `read_profile.rs` and `read_terms.rs`. Not for writing it: write.rs.

use super::file::FactsFile;
use super::words::Words;
use super::{read_profile, read_terms};
use crate::definitions::FhirVersion;

/// A text of facts does not keep to its format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct FactsError {
    /// From 1.
    pub line: usize,
    /// What is wrong, and with what.
    pub problem: String,
}

/// One line with the lines below it.
#[derive(Debug)]
pub(super) struct Block<'t> {
    number: usize,
    word: &'t str,
    words: Words<'t>,
    below: Vec<Block<'t>>,
}

impl<'t> Block<'t> {
    /// What the line begins with.
    pub(super) fn word(&self) -> &'t str {
        self.word
    }

    /// The other words of the line.
    pub(super) fn words(&self) -> Words<'t> {
        self.words
    }

    /// The lines below.
    pub(super) fn below(&self) -> &[Block<'t>] {
        &self.below
    }

    /// This line is wrong.
    pub(super) fn error(&self, problem: impl Into<String>) -> FactsError {
        FactsError {
            line: self.number,
            problem: problem.into(),
        }
    }

    /// The word stands where it means nothing.
    pub(super) fn unknown(&self) -> FactsError {
        self.error(format!("`{}` means nothing here", self.word))
    }

    /// No lines stand below.
    pub(super) fn is_alone(&self) -> Result<(), FactsError> {
        match self.below.first() {
            Some(below) => Err(below.unknown()),
            None => Ok(()),
        }
    }

    /// The one word of a line that has one.
    pub(super) fn only(&self) -> Result<String, FactsError> {
        let mut words = self.words;
        let only = words.next().filter(|_| words.is_empty());
        only.ok_or_else(|| self.error(format!("`{}` has one word behind it", self.word)))
    }

    /// The word of one of these that the line has behind it.
    pub(super) fn one_of<T: Copy>(
        &self,
        word: Option<&str>,
        all: &[T],
        word_of: impl Fn(T) -> &'static str,
    ) -> Result<T, FactsError> {
        let found = all.iter().find(|it| word == Some(word_of(**it))).copied();
        found.ok_or_else(|| {
            let all: Vec<&str> = all.iter().map(|it| word_of(*it)).collect();
            self.error(format!(
                "`{}` has one of these behind it: {}",
                self.word,
                all.join(", ")
            ))
        })
    }
}

impl FactsFile {
    /// Reads a text. The first thing that does not keep to the format is the error.
    pub fn read(text: &str) -> Result<Self, FactsError> {
        let blocks = blocks(text)?;
        let Some((first, rest)) = blocks.split_first() else {
            return Err(FactsError {
                line: 1,
                problem: "there are no facts".to_owned(),
            });
        };
        let version = (first.word() == "fhir")
            .then(|| first.only())
            .transpose()?
            .and_then(|number| FhirVersion::from_text(&number))
            .ok_or_else(|| first.error("the text does not begin with `fhir` and a version"))?;
        first.is_alone()?;
        let mut file = Self::new(version);
        for block in rest {
            match block.word() {
                "profile" => file.profiles.push(read_profile::profile(block)?),
                "system" => file.code_systems.push(read_terms::system(block)?),
                "set" => file.value_sets.push(read_terms::set(block)?),
                _ => return Err(block.unknown()),
            }
        }
        Ok(file)
    }
}

/// The lines of a text but comments, each with those below it.
fn blocks(text: &str) -> Result<Vec<Block<'_>>, FactsError> {
    // Those that are open, the outermost first.
    let mut open: Vec<Block<'_>> = Vec::new();
    let mut done = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let number = index + 1;
        let error = |problem: &str| FactsError {
            line: number,
            problem: problem.to_owned(),
        };
        let rest = line.trim_start_matches(' ');
        let indent = line.len() - rest.len();
        if rest.is_empty() || rest.ends_with([' ', '\t', '\r']) {
            return Err(error("empty, or white space at the end"));
        }
        let depth = indent / 2;
        if indent % 2 != 0 || depth > open.len() {
            return Err(error("it stands too deep, or between two depths"));
        }
        close(&mut open, depth, &mut done);
        let (word, words) = rest.split_once(' ').unwrap_or((rest, ""));
        open.push(Block {
            number,
            word,
            words: Words::of(words),
            below: Vec::new(),
        });
    }
    close(&mut open, 0, &mut done);
    Ok(done)
}

/// Ends what stands at this depth or deeper.
fn close<'t>(open: &mut Vec<Block<'t>>, depth: usize, done: &mut Vec<Block<'t>>) {
    while open.len() > depth {
        let Some(block) = open.pop() else {
            return;
        };
        match open.last_mut() {
            Some(above) => above.below.push(block),
            None => done.push(block),
        }
    }
}
