//! Looks at a feature file line by line before the parser does, because the parser swallows
//! mistyped first steps as description, turns media types into content, and points at wrong lines.
//! Not a parser: what is in order here may still be refused there.

use crate::source::Source;
use crate::steps::{StepMatch, StepTable};
use crate::suggest::closest;
use plumbline_model::StepKind;
use std::ops::Range;

/// More scenarios than this and the parser becomes slow.
const MOST_SCENARIOS: usize = 300;

const STEP_WORDS: [&str; 5] = ["Given", "When", "Then", "And", "But"];
const SECTIONS: [&str; 8] = [
    "Feature:",
    "Background:",
    "Rule:",
    "Scenario:",
    "Scenario Outline:",
    "Example:",
    "Examples:",
    "Scenarios:",
];
/// Plain words that are one letter away from a step word and may begin a description.
const PLAIN_WORDS: [&str; 12] = [
    "the", "they", "them", "there", "an", "any", "a", "even", "give", "gives", "bit", "by",
];

/// Where in the file a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    FeatureHead,
    ScenarioHead,
    Steps,
    Examples,
}

/// Whether the parser may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scan {
    Parsable,
    Hopeless,
}

struct Scanner<'a, 's> {
    source: &'a Source<'s>,
    steps: &'a dyn StepTable,
    at: At,
    fence: Option<&'static str>,
    cells: Option<usize>,
    scenarios: usize,
    outcome: Scan,
}

/// Reports what the parser would hide.
pub(crate) fn scan(source: &Source<'_>, steps: &dyn StepTable) -> Scan {
    let mut scanner = Scanner {
        source,
        steps,
        at: At::Start,
        fence: None,
        cells: None,
        scenarios: 0,
        outcome: Scan::Parsable,
    };
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let text = line.trim();
        let left = line.len() - line.trim_start().len();
        scanner.line(text, start + left..start + left + text.len());
        start += line.len();
    }
    if scanner.at == At::Start && scanner.outcome == Scan::Parsable {
        scanner.hopeless(
            0..0,
            "the feature file is empty",
            "begin it with `Feature: ` and a name, or remove it",
        );
    }
    if scanner.scenarios > MOST_SCENARIOS {
        scanner.hopeless(
            0..0,
            format!(
                "the file holds {} scenarios, more than {MOST_SCENARIOS}",
                scanner.scenarios
            ),
            "split it by subject into several files",
        );
    }
    scanner.outcome
}

impl Scanner<'_, '_> {
    fn hopeless(&mut self, range: Range<usize>, cause: impl Into<String>, fix: impl Into<String>) {
        self.source.error(range, cause, fix);
        self.outcome = Scan::Hopeless;
    }

    fn line(&mut self, text: &str, range: Range<usize>) {
        if let Some(fence) = self.fence {
            if text.starts_with(fence) {
                self.fence = None;
            }
            return;
        }
        if text.starts_with('|') && self.at != At::Start {
            self.table_row(text, range);
            return;
        }
        self.cells = None;
        if text.is_empty() {
            return;
        }
        if let Some(comment) = text.strip_prefix('#') {
            let language = comment.trim().strip_prefix("language:").map(str::trim);
            if self.at == At::Start && language.is_some_and(|l| l != "en") {
                self.hopeless(
                    range,
                    "only English keywords are understood",
                    "remove this line and write Given, When, Then",
                );
            }
            return;
        }
        if self.at == At::Start && !text.starts_with("Feature:") {
            if !text.starts_with('@') && self.outcome == Scan::Parsable {
                self.hopeless(
                    range,
                    "the file does not begin with a feature",
                    "begin it with `Feature: ` and a name",
                );
            }
            return;
        }
        if text.starts_with('@') {
            return;
        }
        if SECTIONS.iter().any(|s| text.starts_with(s)) {
            self.section(text);
        } else if let Some(fence) = ["\"\"\"", "```"].into_iter().find(|f| text.starts_with(f)) {
            self.fence = Some(fence);
            if text.len() > fence.len() {
                self.source.error(
                    range,
                    "text after the opening quotation marks becomes part of the content",
                    format!("leave {fence} alone on its line; no media type is needed"),
                );
                if text.len() >= 2 * fence.len() && text.ends_with(fence) {
                    self.fence = None;
                }
            }
        } else if text.starts_with("* ") {
            self.hopeless(
                range,
                "a step begins with `*`",
                "begin it with Given, When, Then, And or But",
            );
        } else if is_step(text) && self.at != At::FeatureHead {
            self.at = At::Steps;
        } else {
            self.prose(text, range);
        }
    }

    fn section(&mut self, text: &str) {
        self.at = if text.starts_with("Feature:") || text.starts_with("Rule:") {
            At::FeatureHead
        } else if text.starts_with("Examples:") || text.starts_with("Scenarios:") {
            At::Examples
        } else {
            At::ScenarioHead
        };
        if text.starts_with("Scenario") && !text.starts_with("Scenarios:")
            || text.starts_with("Example:")
        {
            self.scenarios += 1;
        }
    }

    fn table_row(&mut self, text: &str, range: Range<usize>) {
        let cells = text
            .replace("\\\\", "")
            .replace("\\|", "")
            .matches('|')
            .count()
            - 1;
        if !text.ends_with('|') || text.len() < 2 {
            self.hopeless(
                range,
                "the row of the table does not end with `|`",
                "close the row with `|`",
            );
        } else if let Some(first) = self.cells.filter(|first| *first != cells) {
            self.hopeless(
                range,
                format!("this row has {cells} cells where the first has {first}"),
                "give every row the same number of cells; write `\\|` for a bar inside a cell",
            );
        }
        self.cells.get_or_insert(cells);
    }

    /// A line that is no step: description, or a mistake.
    fn prose(&mut self, text: &str, range: Range<usize>) {
        let word = text.split_whitespace().next().unwrap_or_default();
        if word.ends_with(':') || text.to_lowercase().starts_with("scenario outline") {
            let head = text.split_inclusive(':').next().unwrap_or(text);
            if let Some(near) = closest(head, SECTIONS) {
                self.hopeless(
                    range,
                    format!("`{head}` is not a keyword"),
                    format!("did you mean `{near}`?"),
                );
                self.at = At::ScenarioHead;
                return;
            }
        }
        let meant = self.meant_step(word, text);
        match self.at {
            At::Steps => {
                let fix = match meant {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "begin it with Given, When, Then, And or But".to_owned(),
                };
                self.hopeless(range, "this line is not a step", fix);
            }
            At::ScenarioHead | At::FeatureHead => {
                if let Some(near) = meant {
                    let cause = if self.at == At::ScenarioHead {
                        "this line would be taken for description, not for a step"
                    } else {
                        "this step stands before any scenario and would be taken for description"
                    };
                    let fix = if self.at == At::ScenarioHead {
                        format!(
                            "did you mean `{near}`? If it is description, begin it with another word"
                        )
                    } else {
                        "put `Scenario: ` and a name before it".to_owned()
                    };
                    self.source.error(range, cause, fix);
                }
            }
            At::Start | At::Examples => {}
        }
    }

    /// The step word that a line was meant to begin with.
    fn meant_step(&self, word: &str, text: &str) -> Option<&'static str> {
        let rest = text[word.len()..].trim();
        let known = |kind| match self.steps.resolve(kind, rest) {
            StepMatch::One | StepMatch::BadArgument { .. } => true,
            StepMatch::None { .. } | StepMatch::WrongKeyword(_) | StepMatch::Ambiguous(_) => false,
        };
        let kinds = [
            (StepKind::Setup, "Given"),
            (StepKind::Action, "When"),
            (StepKind::Assertion, "Then"),
        ];
        if !rest.is_empty()
            && let Some((_, keyword)) = kinds.into_iter().find(|(kind, _)| known(*kind))
        {
            return Some(keyword);
        }
        let lower = word.trim_end_matches(':').to_lowercase();
        if self.at == At::FeatureHead || PLAIN_WORDS.contains(&lower.as_str()) {
            return None;
        }
        let near = closest(&lower, STEP_WORDS)?;
        // Two-letter words are one letter away from too much.
        STEP_WORDS
            .into_iter()
            .find(|w| *w == near && lower.len() > 2)
    }
}

fn is_step(text: &str) -> bool {
    STEP_WORDS.iter().any(|word| {
        text.strip_prefix(word)
            .is_some_and(|rest| rest.starts_with(' '))
    })
}
