//! The value sets that elements are bound to, as lines of text; profiles/_fhir/README.md has the format.
//! Not for finding their codes: expand.rs.

use super::expand::{Codes, Terminology, ValueSet};
use anyhow::{Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A set with more codes than this is left open.
const MOST_CODES: usize = 1000;
/// No line of codes is longer, unless by one code alone.
const WIDTH: usize = 100;

/// Code systems that are not in the packages but whose codes have a known form.
const FORMS: &[(&str, &str)] = &[
    ("urn:ietf:bcp:13", "mime"),
    ("http://www.rfc-editor.org/bcp/bcp13.txt", "mime"),
    ("urn:ietf:bcp:47", "language"),
    ("http://unitsofmeasure.org", "ucum"),
];

/// The value sets as text.
#[derive(Debug, Default)]
pub(super) struct Sets {
    /// The lines.
    pub(super) text: String,
    /// How many sets have their codes listed.
    pub(super) closed: usize,
    /// How many codes.
    pub(super) codes: usize,
    /// The sets whose codes are listed, by address.
    pub(super) listed: BTreeSet<String>,
    /// The sets that are open, with the reason.
    pub(super) open: Vec<(String, String)>,
    /// The sets where ours has codes that HL7's expansion has not, with those codes.
    pub(super) more: Vec<(String, String)>,
}

/// The text of every set that something is bound to; `official` are HL7's expansions, by address.
pub(super) fn sets(
    bindings: &BTreeMap<String, BTreeSet<Option<String>>>,
    terminology: &Terminology,
    official: &BTreeMap<String, ValueSet>,
) -> Result<Sets> {
    let mut sets = Sets::default();
    for (url, versions) in bindings {
        let version = version(url, versions, terminology)?;
        let theirs = official.get(url).and_then(ValueSet::expanded);
        if let (Ok(ours), Some(theirs)) = (terminology.expand(url), &theirs) {
            let more = surplus(&ours, theirs);
            let fewer = surplus(theirs, &ours);
            ensure!(
                fewer.is_empty(),
                "{url}: only HL7's expansion holds {fewer}"
            );
            if !more.is_empty() {
                sets.more.push((url.clone(), more));
            }
        }
        match codes(url, terminology, theirs) {
            Ok(codes) => {
                sets.closed += 1;
                sets.listed.insert(url.clone());
                sets.codes += codes.values().map(BTreeSet::len).sum::<usize>();
                sets.text
                    .push_str(&closed(url, &version, &codes, terminology)?);
            }
            Err(reason) => {
                let form = form(url, terminology);
                writeln!(sets.text, "open {url} {version} {form} {reason}")?;
                sets.open.push((url.clone(), reason));
            }
        }
    }
    Ok(sets)
}

/// The version of a set: that of the package, which those of the bindings must be; `-` where there is none.
fn version(
    url: &str,
    versions: &BTreeSet<Option<String>>,
    terminology: &Terminology,
) -> Result<String> {
    let known = terminology.set(url).and_then(|set| set.version.clone());
    let mut bound = versions.iter().flatten();
    let version = known.or_else(|| bound.next().cloned());
    for other in versions.iter().flatten() {
        if Some(other) != version.as_ref() {
            bail!("{url} is bound as version {other} and is version {version:?}");
        }
    }
    Ok(version.unwrap_or_else(|| "-".to_owned()))
}

fn codes(url: &str, terminology: &Terminology, theirs: Option<Codes>) -> Result<Codes, String> {
    let codes = match (terminology.expand(url), theirs) {
        (Ok(codes), _) | (Err(_), Some(codes)) => codes,
        (Err(reason), None) => return Err(reason),
    };
    let count: usize = codes.values().map(BTreeSet::len).sum();
    if count > MOST_CODES {
        return Err(format!("it has {count} codes, more than {MOST_CODES}"));
    }
    Ok(codes)
}

/// The codes that are only in the first, for people.
fn surplus(codes: &Codes, other: &Codes) -> String {
    let only = codes.iter().flat_map(|(system, codes)| {
        let others = other.get(system);
        codes
            .iter()
            .filter(move |code| !others.is_some_and(|others| others.contains(*code)))
            .map(String::as_str)
    });
    only.collect::<Vec<_>>().join(" ")
}

fn closed(url: &str, version: &str, codes: &Codes, terminology: &Terminology) -> Result<String> {
    let mut text = format!("set {url} {version}\n");
    for (system, codes) in codes {
        let known = terminology.system(system);
        let version = known.and_then(|it| it.version.as_deref()).unwrap_or("-");
        let case = match known.and_then(|it| it.case_sensitive) {
            Some(false) => " nocase",
            Some(true) | None => "",
        };
        ensure!(!system.contains(char::is_whitespace), "{url}: {system:?}");
        ensure!(!version.contains(char::is_whitespace), "{url}: {version:?}");
        writeln!(text, "  {system} {version}{case}")?;
        let mut line = "   ".to_owned();
        for code in codes {
            let code = quoted(code)?;
            if line.len() > 3 && line.len() + 1 + code.len() > WIDTH {
                writeln!(text, "{line}")?;
                line.truncate(3);
            }
            write!(line, " {code}")?;
        }
        writeln!(text, "{line}")?;
    }
    Ok(text)
}

fn quoted(code: &str) -> Result<String> {
    ensure!(
        !code.is_empty() && code.trim() == code && !code.contains(['"', '\n', '\r', '\t']),
        "the code {code:?} cannot be written"
    );
    Ok(if code.contains(' ') {
        format!("\"{code}\"")
    } else {
        code.to_owned()
    })
}

/// The form that the codes of an open set have, if all are of one system whose form is known.
fn form(url: &str, terminology: &Terminology) -> &'static str {
    let of = |system: &str| {
        let known = FORMS.iter().find(|(it, _)| *it == system);
        known.map_or("any", |(_, form)| *form)
    };
    let systems = terminology.systems_of(url);
    let mut forms: BTreeSet<&str> = systems.into_iter().map(of).collect();
    if terminology.set(url).is_none() {
        forms.insert(of(url));
    }
    match forms.pop_first() {
        Some(form) if forms.is_empty() => form,
        _ => "any",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_spaces_are_quoted_and_others_are_not() {
        assert_eq!(quoted("final").unwrap(), "final");
        assert_eq!(quoted("not done").unwrap(), "\"not done\"");
        assert!(quoted(" final").is_err());
        assert!(quoted("a\"b").is_err());
    }

    #[test]
    fn names_the_codes_that_only_one_has() {
        let codes = |code: &str| Codes::from([("s".to_owned(), BTreeSet::from([code.to_owned()]))]);
        assert_eq!(surplus(&codes("a"), &codes("a")), "");
        assert_eq!(surplus(&codes("a"), &codes("b")), "a");
        assert_eq!(surplus(&codes("a"), &Codes::new()), "a");
    }
}
