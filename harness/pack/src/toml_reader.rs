//! Reads TOML with our own messages: unknown, missing and mistyped keys, each with its place.
//! Never quotes a value; in a file that may hold a secret it does not even quote a key
//! unless the key is one we know or nearly so. Not for what the values mean.

use crate::source::Source;
use crate::suggest::{closest, instead};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) range: Range<usize>,
}

/// Words of which the keys of pasted secrets are made; only such keys are named.
const SECRET_WORDS: [&str; 20] = [
    "access",
    "api",
    "apikey",
    "auth",
    "authorization",
    "bearer",
    "client",
    "credential",
    "credentials",
    "jwt",
    "key",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "private",
    "pwd",
    "refresh",
    "secret",
    "token",
];

/// Whether a key says that its value is a secret.
pub(crate) fn names_a_secret(key: &str) -> bool {
    let lower = key.to_lowercase();
    lower
        .split(['_', '-'])
        .all(|part| SECRET_WORDS.contains(&part))
        && !matches!(
            lower.as_str(),
            "auth" | "client" | "access" | "api" | "private" | "refresh"
        )
}

/// Parses a text; a syntax error is reported and gives `None`.
pub(crate) fn parse<'s>(source: &Source<'s>) -> Option<Spanned<DeTable<'s>>> {
    match DeTable::parse(source.text) {
        Ok(table) => Some(table),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let duplicate = error.message().contains("duplicate key");
            let cause = if duplicate {
                "the same key is given twice".to_owned()
            } else if source.may_echo() {
                format!("this is not valid TOML: {}", error.message())
            } else {
                "this is not valid TOML".to_owned()
            };
            let fix = if duplicate {
                "remove one of the two"
            } else {
                "look for a missing quotation mark, bracket or equals sign"
            };
            source.error(range, cause, fix);
            None
        }
    }
}

/// A table under reading. Each key that is asked for is a known key; [`Reader::finish`] reports the rest.
pub(crate) struct Reader<'r, 's> {
    pub(crate) source: &'r Source<'s>,
    table: &'r DeTable<'s>,
    pub(crate) range: Range<usize>,
    place: String,
    known: BTreeSet<String>,
    /// Whether keys are data of the file's author, and so may be anything.
    data_keys: bool,
}

impl<'r, 's> Reader<'r, 's> {
    /// A reader of the whole file.
    pub(crate) fn root(source: &'r Source<'s>, table: &'r Spanned<DeTable<'s>>) -> Self {
        Self {
            source,
            table: table.get_ref(),
            range: 0..0,
            place: "the top of the file".to_owned(),
            known: BTreeSet::new(),
            data_keys: false,
        }
    }

    fn value(&mut self, key: &str) -> Option<&'r Spanned<DeValue<'s>>> {
        self.known.insert(key.to_owned());
        self.table.get(key)
    }

    /// Whether the key is there; does not count as asking for it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The place of a key that is there.
    pub(crate) fn key_range(&self, key: &str) -> Range<usize> {
        self.table
            .get_key_value(key)
            .map_or(self.range.clone(), |(key, _)| key.span())
    }

    /// Says that the keys of this table are data, so that they are not named where that could tell a secret.
    #[must_use]
    pub(crate) fn with_data_keys(mut self) -> Self {
        self.data_keys = true;
        self
    }

    fn named(&self, key: &str) -> String {
        if self.data_keys && !self.source.may_echo() {
            "an entry".to_owned()
        } else {
            format!("`{key}`")
        }
    }

    fn missing(&self, key: &str, example: &str) {
        let (cause, fix) = (
            format!("`{key}` is missing from {}", self.place),
            format!("add `{example}`"),
        );
        self.source.error(self.range.clone(), cause, fix);
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        self.source.error(
            value.span(),
            format!(
                "{} in {} has the wrong type: {}",
                self.named(key),
                self.place,
                value.get_ref().type_str()
            ),
            format!("write {wanted}"),
        );
    }

    /// A text, if given.
    pub(crate) fn opt_text(&mut self, key: &str) -> Option<At<String>> {
        let value = self.value(key)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(At {
                value: text.to_owned(),
                range: value.span(),
            });
        }
        self.wrong_type(key, value, "a text in quotation marks");
        None
    }

    /// A text that must be there and not be empty.
    pub(crate) fn text(&mut self, key: &str) -> Option<At<String>> {
        if !self.has(key) {
            self.value(key);
            self.missing(key, &format!("{key} = \"…\""));
            return None;
        }
        let text = self.opt_text(key)?;
        if text.value.trim().is_empty() {
            self.source.error(
                text.range,
                format!("{} in {} is empty", self.named(key), self.place),
                "fill it in",
            );
            return None;
        }
        Some(text)
    }

    /// A text that must be one of a few words. The wrong word is not quoted in files with secrets.
    pub(crate) fn word(&mut self, key: &str, words: &[&str]) -> Option<At<String>> {
        let text = self.text(key)?;
        self.check_word(key, text, words)
    }

    /// As [`Reader::word`], if given.
    pub(crate) fn opt_word(&mut self, key: &str, words: &[&str]) -> Option<At<String>> {
        let text = self.opt_text(key)?;
        self.check_word(key, text, words)
    }

    fn check_word(&self, key: &str, text: At<String>, words: &[&str]) -> Option<At<String>> {
        if words.contains(&text.value.as_str()) {
            return Some(text);
        }
        let cause = if self.source.may_echo() {
            format!("`{key}` cannot be `{}`", text.value)
        } else {
            format!("`{key}` is none of the known words")
        };
        self.source
            .error(text.range, cause, instead(&text.value, words));
        None
    }

    /// A date, checked; `None` also if it is not one, which is reported.
    pub(crate) fn checked_date(&self, key: &str, date: Option<At<String>>) -> Option<String> {
        let date = date?;
        if crate::dates::is_date(&date.value) {
            return Some(date.value);
        }
        self.source.error(
            date.range,
            format!("`{key}` is not a date"),
            "write a real day as \"YYYY-MM-DD\"",
        );
        None
    }

    /// A whole number within bounds, if given.
    pub(crate) fn opt_number(
        &mut self,
        key: &str,
        bounds: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        let value = self.value(key)?;
        let wanted = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong_type(key, value, &wanted);
            return None;
        };
        let number = u64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok();
        let within = number.filter(|n| bounds.contains(n));
        if within.is_none() {
            self.source.error(
                value.span(),
                format!("{} in {} is out of range", self.named(key), self.place),
                format!("write {wanted}"),
            );
        }
        within
    }

    /// As [`Reader::opt_number`], but it must be there.
    pub(crate) fn number(
        &mut self,
        key: &str,
        bounds: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        if !self.has(key) {
            self.value(key);
            self.missing(key, &format!("{key} = {}", bounds.end()));
            return None;
        }
        self.opt_number(key, bounds)
    }

    /// true or false, if given.
    pub(crate) fn opt_flag(&mut self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(key, value, "true or false, without quotation marks");
        }
        flag
    }

    /// A list of texts that must be there and hold at least one.
    pub(crate) fn texts(&mut self, key: &str) -> Option<Vec<At<String>>> {
        let Some(value) = self.value(key) else {
            self.missing(key, &format!("{key} = [\"…\"]"));
            return None;
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list such as [\"…\"]");
            return None;
        };
        let mut texts = Vec::new();
        for item in array {
            match item.get_ref().as_str() {
                Some(text) if !text.trim().is_empty() => texts.push(At {
                    value: text.to_owned(),
                    range: item.span(),
                }),
                Some(_) => self.source.error(
                    item.span(),
                    format!("an item of `{key}` is empty"),
                    "fill it in or remove it",
                ),
                None => self.wrong_type(key, item, "texts in quotation marks"),
            }
        }
        if array.is_empty() {
            self.source.error(
                value.span(),
                format!("{} in {} is empty", self.named(key), self.place),
                "list at least one",
            );
            return None;
        }
        Some(texts)
    }

    /// A table, if given.
    pub(crate) fn opt_table(&mut self, key: &str) -> Option<Reader<'r, 's>> {
        let value = self.value(key)?;
        let reader = self.inner(key, value);
        if reader.is_none() {
            self.wrong_type(key, value, &format!("a table: [{key}]"));
        }
        reader
    }

    /// A table whose key is data; messages name it by what it is.
    pub(crate) fn opt_entry(&mut self, key: &str, what: &str) -> Option<Reader<'r, 's>> {
        let value = self.value(key)?;
        let reader = self.inner(key, value).map(|reader| Reader {
            place: what.to_owned(),
            ..reader
        });
        if reader.is_none() {
            self.source.error(
                value.span(),
                format!("{what} is written as a {}", value.get_ref().type_str()),
                "write { nhs_number = \"…\" }",
            );
        }
        reader
    }

    /// Counts a key as known, because the caller has reported it.
    pub(crate) fn mark(&mut self, key: &str) {
        self.known.insert(key.to_owned());
    }

    /// Whether the key is there and holds a table.
    pub(crate) fn is_table(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|v| v.get_ref().is_table())
    }

    /// A table that must be there.
    pub(crate) fn table(&mut self, key: &str) -> Option<Reader<'r, 's>> {
        if !self.has(key) {
            self.value(key);
            let (cause, fix) = (
                format!("[{key}] is missing from {}", self.place),
                format!("add a table [{key}]"),
            );
            self.source.error(self.range.clone(), cause, fix);
            return None;
        }
        self.opt_table(key)
    }

    /// The tables of a list, `[[key]]`; none if there is no such key.
    pub(crate) fn tables(&mut self, key: &str) -> Vec<Reader<'r, 's>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, &format!("tables: [[{key}]]"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array {
            match item.get_ref().as_table() {
                Some(table) => tables.push(Reader {
                    source: self.source,
                    table,
                    range: item.span(),
                    place: format!("[[{key}]]"),
                    known: BTreeSet::new(),
                    data_keys: false,
                }),
                None => self.wrong_type(key, item, &format!("tables: [[{key}]]")),
            }
        }
        tables
    }

    /// As [`Reader::tables`], but at least one must be there.
    pub(crate) fn some_tables(&mut self, key: &str) -> Vec<Reader<'r, 's>> {
        if !self.has(key) {
            self.value(key);
            let (cause, fix) = (
                format!("[[{key}]] is missing from {}", self.place),
                format!("add a table [[{key}]]"),
            );
            self.source.error(self.range.clone(), cause, fix);
        }
        self.tables(key)
    }

    fn inner(&self, key: &str, value: &'r Spanned<DeValue<'s>>) -> Option<Reader<'r, 's>> {
        Some(Reader {
            source: self.source,
            table: value.get_ref().as_table()?,
            range: value.span(),
            place: format!("[{key}]"),
            known: BTreeSet::new(),
            data_keys: false,
        })
    }

    /// The keys of a table whose keys are data, with their places.
    pub(crate) fn keys(&self) -> Vec<At<String>> {
        self.table
            .keys()
            .map(|key| At {
                value: key.get_ref().to_string(),
                range: key.span(),
            })
            .collect()
    }

    /// A key as it may be shown: in a file with secrets only if it is nearly one that we know.
    pub(crate) fn shown(&self, key: &str, known: &[&str]) -> String {
        let safe = self.source.may_echo()
            || names_a_secret(key)
            || closest(key, known.iter().copied()).is_some();
        if safe {
            format!("`{key}`")
        } else {
            "this key".to_owned()
        }
    }

    /// Reports every key that was not asked for.
    pub(crate) fn finish(self) {
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.known.contains(name) {
                continue;
            }
            if !self.source.may_echo() && names_a_secret(name) {
                self.source.error(
                    key.span(),
                    format!(
                        "`{name}` in {}: a secret may not be written into this file",
                        self.place
                    ),
                    "name an environment variable with `env`, or a file with `file`, under [auth]; \
                     and replace the secret, which may have been seen",
                );
                continue;
            }
            let fix = match closest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("remove it; the keys here are {}", known.join(", ")),
            };
            self.source.error(
                key.span(),
                format!(
                    "{} is not a key of {}",
                    self.shown(name, &known),
                    self.place
                ),
                fix,
            );
        }
    }
}
