//! `matches`, `matchesFull` and `replaceMatches`. Not for plain strings: text.rs.
//!
//! Expressions are written for engines of Perl's kind; ours takes linear time, and so has neither look-around nor
//! references back. One that it cannot compile is an error, never a match.

use crate::collection::Collection;
use crate::error::{Eval, EvalError};
use crate::evaluate::{Computed, Evaluator, Invocation};
use crate::syntax::Expr;
use crate::text::{argument, input};
use crate::value::Value;
use regex::{Regex, RegexBuilder};
use std::borrow::Cow;

type Result<'a> = Eval<Collection<'a>>;

/// How much memory an expression in a literal may take when it is compiled, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// The same for one that is computed, and may differ for each item.
const MOST_COMPUTED_BYTES: usize = 512 * 1024;
/// What it costs in steps to compile one that is computed.
const COMPUTED_STEPS: usize = 20_000;

/// In Perl a bracket, `&&` or `--` inside a class stands for itself; in our engine it does not.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut is_class = false;
    let mut is_start = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                out.extend(chars.next());
                is_start = false;
                continue;
            }
            '[' if !is_class => {
                is_class = true;
                out.push(c);
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                is_start = true;
                continue;
            }
            // A bracket that comes first stands for itself.
            ']' if is_class && is_start => out.push_str("\\]"),
            ']' if is_class => {
                is_class = false;
                out.push(c);
            }
            '[' => out.push_str("\\["),
            '&' | '~' if is_class => {
                out.push('\\');
                out.push(c);
            }
            '-' if is_class && chars.peek() == Some(&'-') => out.push_str("\\-"),
            _ => out.push(c),
        }
        is_start = false;
    }
    out
}

fn compiled(pattern: &str, most_bytes: usize) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&translated(pattern));
    // A point stands for a line break too.
    builder.dot_matches_new_line(true).size_limit(most_bytes);
    builder.build().ok()
}

/// The expression in the first argument. A literal is compiled once.
fn pattern<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>) -> Eval<Option<Cow<'a, Regex>>> {
    let whole = |text: &str, most_bytes| match call.name() {
        "matchesFull" => compiled(&format!("^(?:{text})$"), most_bytes),
        _ => compiled(text, most_bytes),
    };
    let wrong = || EvalError::WrongValue {
        what: call.name(),
        problem: "the regular expression is none that can be used here".to_owned(),
    };
    if let Some(Expr::Literal(Value::String(text))) = call.argument(0) {
        let regex = call.call.pattern.get_or_init(|| whole(text, MOST_BYTES));
        let regex = regex.as_ref().ok_or_else(wrong)?;
        return Ok(Some(Cow::Borrowed(regex)));
    }
    let Some(text) = argument(it, call, 0)? else {
        return Ok(None);
    };
    let function = call.name();
    let mut last = it.last_pattern.borrow_mut();
    if let Some(known) = &*last
        && (known.function, &known.text) == (function, &text)
    {
        return Ok(Some(Cow::Owned(known.regex.clone())));
    }
    it.spend(COMPUTED_STEPS)?;
    let regex = whole(&text, MOST_COMPUTED_BYTES).ok_or_else(wrong)?;
    *last = Some(Computed {
        function,
        text,
        regex: regex.clone(),
    });
    Ok(Some(Cow::Owned(regex)))
}

/// What it costs in steps to search a text: longer expressions cost more for each character.
fn searching(text: &str, pattern: &Regex) -> usize {
    text.len().saturating_mul(1 + pattern.as_str().len() / 64)
}

pub(crate) fn matches<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    // Compiling takes longer than all else, and is of no use without a text.
    let Some(text) = input(it, &call)? else {
        return Ok(Collection::empty());
    };
    let Some(pattern) = pattern(it, &call)? else {
        return Ok(Collection::empty());
    };
    it.spend(searching(&text, &pattern))?;
    Ok(Collection::truth(Some(pattern.is_match(&text))))
}

pub(crate) fn matches_full<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    matches(it, call)
}

pub(crate) fn replace_matches<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let (text, pattern) = (input(it, &call)?, pattern(it, &call)?);
    let (Some(text), Some(pattern), Some(by)) = (text, pattern, argument(it, &call, 1)?) else {
        return Ok(Collection::empty());
    };
    if pattern.as_str().is_empty() {
        return Ok(Collection::one(Value::String(text)));
    }
    it.spend(searching(&text, &pattern))?;
    let places = pattern.find_iter(&text).count();
    // A replacement may name groups, each of which may be the whole string.
    let names = by.matches('$').count();
    let each = by.len().saturating_add(names.saturating_mul(text.len()));
    it.length(text.len().saturating_add(places.saturating_mul(each)))?;
    let replaced = pattern.replace_all(&text, &*by).into_owned();
    Ok(Collection::one(Value::owned(replaced)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_as_perl_reads_them() {
        for (pattern, yes, no) in [
            (r"^[^[\]]+$", "ab", "a["),
            (r"^[a&&b]+$", "a&b", "c"),
            (r"^[]a]+$", "]a", "b"),
            (r"^[+--]+$", "+-", "a"),
            (
                r"^[A-Za-z][A-Za-z0-9]*(\.[a-z]+(\[x])?)*$",
                "A.value[x]",
                "A.[x]",
            ),
            (r"^\/x$", "/x", "x"),
        ] {
            let regex = compiled(pattern, MOST_BYTES).unwrap_or_else(|| panic!("{pattern}"));
            assert!(regex.is_match(yes), "{pattern} {yes}");
            assert!(!regex.is_match(no), "{pattern} {no}");
        }
        assert!(compiled("(", MOST_BYTES).is_none());
        assert!(compiled("(?=a)", MOST_BYTES).is_none());
        assert!(compiled(r"\w{500}", MOST_COMPUTED_BYTES).is_none());
    }
}
