//! Answers of a terminology server, kept so that a run can be repeated without asking anybody: as text, one answer a
//! line, sorted. Not for asking.
//!
//! ```text
//! plumbline-terminology-answers 1
//! server https://tx.example.org/r4
//! software Example 1.0
//! 2026-11-22 <tab> inside <tab> SET <tab> SYSTEM <tab> VERSION <tab> CODE <tab> REASON
//! ```
//!
//! `SET` is empty for a code that was looked up in its code system.

use crate::coding::Coding;
use crate::server::{Says, ServerAnswer, Subject, TerminologyServer};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

const HEAD: &str = "plumbline-terminology-answers 1";

/// A question, as a line has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    set: String,
    system: String,
    version: String,
    code: String,
}

impl Question {
    /// `None` if it cannot stand in a line.
    fn new(subject: Subject<'_>, coding: Coding<'_>) -> Option<Self> {
        let set = match subject {
            Subject::ValueSet(set) => set,
            Subject::CodeSystem => "",
        };
        let question = Self {
            set: set.to_owned(),
            system: coding.system.unwrap_or_default().to_owned(),
            version: coding.version.unwrap_or_default().to_owned(),
            code: coding.code.to_owned(),
        };
        let is_odd = |text: &String| text.contains(char::is_control) || text.len() > 2000;
        let Self {
            set,
            system,
            version,
            code,
        } = &question;
        let has_odd = [set, system, version, code].into_iter().any(is_odd);
        (!has_odd).then_some(question)
    }
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    day: String,
    answer: Result<Says, String>,
}

/// The answers of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    server: String,
    software: String,
    kept: BTreeMap<Question, Kept>,
}

/// A text of answers does not keep to its format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct AnswersError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl Answers {
    /// No answers yet, of the server at an address, which runs this software.
    pub fn new(server: &str, software: &str) -> Self {
        Self {
            server: one_line(server),
            software: one_line(software),
            kept: BTreeMap::new(),
        }
    }

    /// The address of the server.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Its software, with version.
    pub fn software(&self) -> &str {
        &self.software
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The same answers are always the same text.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{HEAD}\nserver {}\nsoftware {}\n",
            self.server, self.software
        );
        for (question, kept) in &self.kept {
            let (word, reason) = match &kept.answer {
                Ok(Says::Inside) => ("inside", ""),
                Ok(Says::Outside) => ("outside", ""),
                Ok(Says::Unknown(reason)) => ("unknown", reason.as_str()),
                Err(reason) => ("failed", reason.as_str()),
            };
            let Question {
                set,
                system,
                version,
                code,
            } = question;
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{}\t{word}\t{set}\t{system}\t{version}\t{code}\t{reason}",
                kept.day
            );
        }
        text
    }

    /// Reads a text. The first thing that does not keep to the format is the error.
    pub fn read(text: &str) -> Result<Self, AnswersError> {
        let error = |line: usize, problem: &str| AnswersError {
            line,
            problem: problem.to_owned(),
        };
        let mut lines = text.lines().enumerate();
        let mut head = |start: &str| {
            let line = lines.next().and_then(|(_, line)| line.strip_prefix(start));
            line.map(str::to_owned)
        };
        head(HEAD).filter(String::is_empty).ok_or_else(|| {
            error(
                1,
                "this is no file of terminology answers in a format that is known here",
            )
        })?;
        let server = head("server ").ok_or_else(|| error(2, "not `server ADDRESS`"))?;
        let software = head("software ").ok_or_else(|| error(3, "not `software NAME`"))?;
        let mut answers = Self::new(&server, &software);
        for (index, line) in lines {
            let number = index + 1;
            let parts: Vec<&str> = line.split('\t').collect();
            let [day, word, set, system, version, code, reason] = parts.as_slice() else {
                return Err(error(number, "not seven columns with tabs between them"));
            };
            let reason = (*reason).to_owned();
            let answer = match *word {
                "inside" => Ok(Says::Inside),
                "outside" => Ok(Says::Outside),
                "unknown" => Ok(Says::Unknown(reason)),
                "failed" => Err(reason),
                _ => return Err(error(number, "not inside, outside, unknown or failed")),
            };
            let question = Question {
                set: (*set).to_owned(),
                system: (*system).to_owned(),
                version: (*version).to_owned(),
                code: (*code).to_owned(),
            };
            let day = (*day).to_owned();
            if answers
                .kept
                .insert(question, Kept { day, answer })
                .is_some()
            {
                return Err(error(number, "the same question has an answer above"));
            }
        }
        Ok(answers)
    }
}

/// What of a text can stand in a line.
fn one_line(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().take(300).map(clean).collect();
    text.trim().to_owned()
}

/// A server whose answers are kept, or the kept answers alone.
#[derive(Debug)]
pub struct KeptServer {
    source: String,
    asked: Option<Box<dyn TerminologyServer>>,
    answers: Mutex<Answers>,
}

impl KeptServer {
    /// Kept answers; nobody is asked.
    pub fn frozen(answers: Answers) -> Self {
        Self::new(answers, None)
    }

    /// A server that is asked what is not kept yet. What it failed to answer before, it is asked again.
    pub fn live(mut answers: Answers, server: Box<dyn TerminologyServer>) -> Self {
        answers.kept.retain(|_, kept| kept.answer.is_ok());
        Self::new(answers, Some(server))
    }

    fn new(answers: Answers, asked: Option<Box<dyn TerminologyServer>>) -> Self {
        let (server, software) = (&answers.server, &answers.software);
        Self {
            source: format!("the terminology server {server} ({software})"),
            asked,
            answers: Mutex::new(answers),
        }
    }

    /// All answers so far.
    pub fn answers(&self) -> Answers {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TerminologyServer for KeptServer {
    fn source(&self) -> &str {
        &self.source
    }

    fn validate_code(
        &self,
        subject: Subject<'_>,
        coding: Coding<'_>,
    ) -> Result<ServerAnswer, String> {
        let question = Question::new(subject, coding)
            .ok_or("the code is too long for a terminology server, or has control characters")?;
        let given = |kept: &Kept| {
            let day = kept.day.clone();
            kept.answer.clone().map(|says| ServerAnswer { says, day })
        };
        if let Some(kept) = self.lock().kept.get(&question) {
            return given(kept);
        }
        let Some(server) = &self.asked else {
            return Err("it is not among the kept answers of the terminology server".to_owned());
        };
        let kept = match server.validate_code(subject, coding) {
            Ok(ServerAnswer { says, day }) => Kept {
                day: one_line(&day),
                answer: Ok(match says {
                    Says::Unknown(reason) => Says::Unknown(one_line(&reason)),
                    says => says,
                }),
            },
            Err(reason) => Kept {
                day: String::new(),
                answer: Err(one_line(&reason)),
            },
        };
        // Another thread may have asked the same; the first answer stays.
        let mut answers = self.lock();
        given(answers.kept.entry(question).or_insert(kept))
    }
}
