//! Values of the test data, and whether each may be seen.

use crate::allow_list;
use plumbline_model::Environment;
use regex::{Regex, RegexBuilder};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A value of the test data: from the actor map or from the facts about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownValue {
    /// The value.
    pub value: String,
    /// What it is, such as `nhs-number of patient-basic`.
    pub label: String,
    /// Whether it belongs to one of our own synthetic people.
    pub synthetic: bool,
}

/// The value is not shown: it may be a vendor's own test patient.
impl fmt::Debug for KnownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownValue")
            .field("label", &self.label)
            .field("synthetic", &self.synthetic)
            .finish_non_exhaustive()
    }
}

/// What to do with a value that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Treatment {
    Visible,
    Token(String),
}

/// Shorter values would be found in the middle of our own sentences.
const SHORTEST_IN_TEXT: usize = 3;

pub(crate) struct KnownValues {
    treatments: BTreeMap<String, Treatment>,
    /// Finds hidden values in running text; `Err` if they cannot be searched for.
    hidden: Result<Option<Regex>, ()>,
}

impl KnownValues {
    pub(crate) fn new(environment: Environment, known: Vec<KnownValue>) -> Self {
        let mut treatments: BTreeMap<String, Treatment> = BTreeMap::new();
        for KnownValue {
            value,
            label,
            synthetic,
        } in known
        {
            let key = normal(&value);
            if key.is_empty() {
                continue;
            }
            let treatment = if synthetic && environment.shows_synthetic_people() {
                Treatment::Visible
            } else {
                Treatment::Token(token(&label))
            };
            // A value that is hidden for one reason is hidden.
            match treatments.get(&key) {
                Some(Treatment::Token(_)) => {}
                Some(Treatment::Visible) | None => {
                    treatments.insert(key, treatment);
                }
            }
        }
        let hidden = search_for(&treatments);
        Self { treatments, hidden }
    }

    pub(crate) fn get(&self, text: &str) -> Option<&Treatment> {
        self.treatments.get(&normal(text))
    }

    pub(crate) fn is_visible(&self, text: &str) -> bool {
        self.get(text) == Some(&Treatment::Visible)
    }

    /// Replaces hidden values in running text.
    pub(crate) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.hidden {
            Ok(None) => Cow::Borrowed(text),
            Ok(Some(regex)) => regex.replace_all(text, |found: &regex::Captures<'_>| {
                match self.get(&found[0]) {
                    Some(Treatment::Token(token)) => token.clone(),
                    Some(Treatment::Visible) => found[0].to_owned(),
                    None => "{known value}".to_owned(),
                }
            }),
            Err(()) => Cow::Borrowed("{text}"),
        }
    }
}

fn search_for(treatments: &BTreeMap<String, Treatment>) -> Result<Option<Regex>, ()> {
    let mut hidden: Vec<&str> = treatments
        .iter()
        .filter(|(_, treatment)| matches!(treatment, Treatment::Token(_)))
        .map(|(value, _)| value.as_str())
        .filter(|value| value.chars().count() >= SHORTEST_IN_TEXT && !allow_list::is_code(value))
        .collect();
    if hidden.is_empty() {
        return Ok(None);
    }
    hidden.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let alternatives: Vec<String> = hidden.into_iter().map(bounded).collect();
    RegexBuilder::new(&alternatives.join("|"))
        .case_insensitive(true)
        .size_limit(256 * 1024 * 1024)
        .build()
        .map(Some)
        .map_err(|_| ())
}

/// A pattern for a whole word or phrase. Words may be joined by any white space.
fn bounded(value: &str) -> String {
    let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = if edge(value.chars().next()) {
        r"\b"
    } else {
        ""
    };
    let after = if edge(value.chars().next_back()) {
        r"\b"
    } else {
        ""
    };
    let words: Vec<String> = value.split(' ').map(regex::escape).collect();
    format!("{before}{}{after}", words.join(r"(?:\s|%20|\+)+"))
}

/// Lower case, single spaces; without spaces and hyphens if it is then a number.
fn normal(text: &str) -> String {
    // Most values are one word without a number: what follows would change nothing but the case.
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_digit() && !b"%+".contains(&byte);
    if text.bytes().all(plain) {
        return text.to_ascii_lowercase();
    }
    normal_of_any(text)
}

fn normal_of_any(text: &str) -> String {
    let mut digits = 0;
    let is_number = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .all(|c| {
            digits += 1;
            c.is_ascii_digit()
        });
    if is_number && digits == 10 {
        return text.chars().filter(char::is_ascii_digit).collect();
    }
    let text = if text.contains(['%', '+']) {
        Cow::Owned(text.replace("%20", " ").replace('+', " "))
    } else {
        Cow::Borrowed(text)
    };
    let text = text.to_lowercase();
    let mut words = text.split_whitespace();
    let mut normal = words.next().unwrap_or_default().to_owned();
    for word in words {
        normal.push(' ');
        normal.push_str(word);
    }
    normal
}

/// A label as a token; anything that could break the text around it is dropped.
fn token(label: &str) -> String {
    let label: String = label
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_.".contains(*c))
        .collect();
    format!("{{{label}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_are_one_value() {
        for (text, expected) in [
            ("943 476-5919", "9434765919"),
            ("943\u{a0}476\u{2003}5919", "9434765919"),
            ("9434765919-", "9434765919"),
            ("94347659190", "94347659190"),
            ("943 476 591", "943 476 591"),
            ("943 476 591x", "943 476 591x"),
            ("٩434765919", "٩434765919"),
            ("  Ada%20LOVELACE+King ", "ada lovelace king"),
            ("Ada\tÉlodie\u{a0}\n King", "ada élodie king"),
            ("1990-01-01", "1990-01-01"),
            ("%2", "%2"),
            ("", ""),
            (" - ", "-"),
        ] {
            assert_eq!(normal(text), expected, "{text:?}");
        }
    }

    #[test]
    fn one_word_is_treated_as_any_text() {
        for text in [
            "",
            "Larkspur",
            "o'neill-SMITH",
            "https://Example.org/a_b?c=d#e",
            "%20",
            "a+b",
            "a b",
            "943 476-5919",
            "Élodie",
            "a\u{a0}b",
            "4.0.1",
            "a-",
            "--",
            "\u{7f}",
            "\n",
        ] {
            assert_eq!(normal(text), normal_of_any(text), "{text:?}");
        }
    }
}
