//! Reads the value sets from their text. Not for looking codes up.

use super::error::DefinitionsError;
use super::facts::Text;
use super::line::{TextLine, lines};
use super::rows::{SetCodes, SetRow, Span, SystemRow, Tables, next_id};
use super::value_set::Form;

/// Adds the sets of the text to the tables.
pub(super) fn read(tables: &mut Tables, text: Text, file: usize) -> Result<(), DefinitionsError> {
    let mut last = None;
    for line in lines(text, file) {
        let line = line?;
        if let Some(last) = last
            && line.depth < 2
        {
            complete(tables, last, line.depth)?;
        }
        last = Some(line);
        match line.depth {
            0 => set(tables, line)?,
            1 => system(tables, line)?,
            2 => codes(tables, line)?,
            _ => return Err(line.error("too many spaces at the start")),
        }
    }
    last.map_or(Ok(()), |last| complete(tables, last, 0))
}

/// Whatever this line ends, before one of that depth, has codes.
fn complete(tables: &Tables, line: TextLine, depth: usize) -> Result<(), DefinitionsError> {
    if tables
        .systems
        .last()
        .is_some_and(|it| it.codes.range().is_empty())
    {
        return Err(line.error("the code system has no codes"));
    }
    let is_empty = |set: &SetRow| match set.codes {
        SetCodes::Closed(span) => span.range().is_empty(),
        SetCodes::Open { .. } => false,
    };
    if depth == 0 && tables.sets.last().is_some_and(is_empty) {
        return Err(line.error("the set has no codes"));
    }
    Ok(())
}

fn set(tables: &mut Tables, line: TextLine) -> Result<(), DefinitionsError> {
    let (word, rest) = line.first_word()?;
    let mut parts = rest.splitn(4, ' ');
    let url = parts.next().unwrap_or_default();
    let version = parts
        .next()
        .ok_or_else(|| line.error("a set without version"))?;
    let codes = match (word, parts.next(), parts.next()) {
        ("set", None, None) => {
            SetCodes::Closed(Span::since(next_id(&tables.systems), &tables.systems))
        }
        ("open", Some(form), Some(reason)) => {
            let form = Form::from_word(form)
                .ok_or_else(|| line.error(format!("no form is called `{form}`")))?;
            SetCodes::Open { form, reason }
        }
        _ => return Err(line.error("not `set URL VERSION` and not `open URL VERSION FORM REASON`")),
    };
    if tables.sets.last().is_some_and(|last| last.url >= url) {
        return Err(line.error("the sets are not in order of address"));
    }
    tables.sets.push(SetRow {
        url,
        version: version_of(version),
        codes,
    });
    Ok(())
}

fn system(tables: &mut Tables, line: TextLine) -> Result<(), DefinitionsError> {
    let mut words = line.words();
    let (url, version) = (words.next(), words.next());
    let ignores_case = match (words.next(), words.next()) {
        (None, _) => false,
        (Some("nocase"), None) => true,
        _ => return Err(line.error("not `SYSTEM VERSION` or `SYSTEM VERSION nocase`")),
    };
    let (Some(url), Some(version)) = (url, version) else {
        return Err(line.error("a code system without version"));
    };
    let codes = Span::since(next_id(&tables.codes), &tables.codes);
    tables.systems.push(SystemRow {
        url,
        version: version_of(version),
        ignores_case,
        codes,
    });
    match tables.sets.last_mut() {
        Some(SetRow {
            codes: SetCodes::Closed(span),
            ..
        }) => {
            *span = Span::since(span.first(), &tables.systems);
            Ok(())
        }
        _ => Err(line.error("a code system outside a set")),
    }
}

fn codes(tables: &mut Tables, line: TextLine) -> Result<(), DefinitionsError> {
    let is_inside = tables.sets.last().is_some_and(|set| match set.codes {
        SetCodes::Closed(span) => !span.range().is_empty(),
        SetCodes::Open { .. } => false,
    });
    let Some(system) = tables.systems.last_mut().filter(|_| is_inside) else {
        return Err(line.error("codes outside a code system"));
    };
    let first = system.codes.first();
    let mut rest = line.text;
    while !rest.is_empty() {
        let (code, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted
                .split_once('"')
                .ok_or_else(|| line.error("a quotation mark is not closed"))?,
            None => match rest.find(' ') {
                Some(at) => rest.split_at(at),
                None => (rest, ""),
            },
        };
        let is_first = tables.codes.len() == system.codes.range().start;
        if code.is_empty() || (!is_first && tables.codes.last().is_some_and(|last| *last >= code)) {
            return Err(line.error(format!("the code `{code}` is not in order")));
        }
        tables.codes.push(code);
        rest = match after.strip_prefix(' ') {
            Some(next) => next,
            None if after.is_empty() => after,
            None => return Err(line.error("no space between codes")),
        };
    }
    system.codes = Span::since(first, &tables.codes);
    Ok(())
}

fn version_of(word: &'static str) -> Option<&'static str> {
    (word != "-").then_some(word)
}
